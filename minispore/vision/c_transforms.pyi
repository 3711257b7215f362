# The same module as minispore.dataset.vision.c_transforms.  Written by minispore/surface/stubs.py.
from minispore.dataset.vision.c_transforms import *
