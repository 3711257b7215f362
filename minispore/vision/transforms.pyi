# The same module as minispore.dataset.vision.transforms.  Written by minispore/surface/stubs.py.
from minispore.dataset.vision.transforms import *
