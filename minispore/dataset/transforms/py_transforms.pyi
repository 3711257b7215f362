# The same module as minispore.surface.dataset.py_transforms.  Written by minispore/surface/stubs.py.
from minispore.surface.dataset.py_transforms import *
