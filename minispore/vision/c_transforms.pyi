# The same module as minispore.dataset.vision.c_transforms.  Written by tools/stubs.
from minispore.dataset.vision.c_transforms import *
