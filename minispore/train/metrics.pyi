# The same module as minispore.nn.metrics.  Written by minispore/surface/stubs.py.
from minispore.nn.metrics import *
