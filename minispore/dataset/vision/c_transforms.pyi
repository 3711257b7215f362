# The same module as minispore.surface.dataset.vision_c_transforms.  Written by minispore/surface/stubs.py.
from minispore.surface.dataset.vision_c_transforms import *
