# The same module as minispore.dataset.vision.transforms.  Written by tools/stubs.
from minispore.dataset.vision.transforms import *
