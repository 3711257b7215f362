# The same module as minispore.core.initializer.  Written by minispore/surface/stubs.py.
from minispore.core.initializer import *
