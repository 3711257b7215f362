# The same module as minispore.dataset.vision.  Written by minispore/surface/stubs.py.
from minispore.dataset.vision import *
