# The same module as minispore.core.dtype.  Written by minispore/surface/stubs.py.
from minispore.core.dtype import *
