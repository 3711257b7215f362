# The same module as minispore.surface.dataset.py_transforms.  Written by tools/stubs.
from minispore.surface.dataset.py_transforms import *
