# The same module as minispore.nn.metrics.  Written by tools/stubs.
from minispore.nn.metrics import *
