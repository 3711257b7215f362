# The same module as minispore.core.dtype.  Written by tools/stubs.
from minispore.core.dtype import *
