# The same module as minispore.dataset.transforms.  Written by tools/stubs.
from minispore.dataset.transforms import *
