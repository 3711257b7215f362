# The same module as minispore.surface.dataset.vision_c_transforms.  Written by tools/stubs.
from minispore.surface.dataset.vision_c_transforms import *
