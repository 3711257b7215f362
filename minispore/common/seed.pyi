# The same module as minispore.core.random.  Written by minispore/surface/stubs.py.
from minispore.core.random import *
