# The same module as minispore.surface.dataset.vision_py_transforms.  Written by tools/stubs.
from minispore.surface.dataset.vision_py_transforms import *
