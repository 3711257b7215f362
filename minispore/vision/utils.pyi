# The same module as minispore.dataset.vision.utils.  Written by tools/stubs.
from minispore.dataset.vision.utils import *
