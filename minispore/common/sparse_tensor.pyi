# The same module as minispore.surface.common.sparse_tensor.  Written by minispore/surface/stubs.py.
from minispore.surface.common.sparse_tensor import *
