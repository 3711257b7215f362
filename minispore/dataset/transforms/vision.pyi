# The same module as minispore.dataset.vision.  Written by tools/stubs.
from minispore.dataset.vision import *
