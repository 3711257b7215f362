# The same module as minispore.core.tensor.  Written by minispore/surface/stubs.py.
from minispore.core.tensor import *
