# The same module as minispore.dataset.transforms.  Written by minispore/surface/stubs.py.
from minispore.dataset.transforms import *
