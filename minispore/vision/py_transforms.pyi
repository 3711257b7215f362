# The same module as minispore.dataset.vision.py_transforms.  Written by tools/stubs.
from minispore.dataset.vision.py_transforms import *
