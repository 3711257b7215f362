# The same module as minispore.dataset.vision.utils.  Written by minispore/surface/stubs.py.
from minispore.dataset.vision.utils import *
