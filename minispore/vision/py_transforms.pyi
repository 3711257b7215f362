# The same module as minispore.dataset.vision.py_transforms.  Written by minispore/surface/stubs.py.
from minispore.dataset.vision.py_transforms import *
