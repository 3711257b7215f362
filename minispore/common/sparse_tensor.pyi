# The same module as minispore.surface.common.sparse_tensor.  Written by tools/stubs.
from minispore.surface.common.sparse_tensor import *
