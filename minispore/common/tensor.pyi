# The same module as minispore.core.tensor.  Written by tools/stubs.
from minispore.core.tensor import *
