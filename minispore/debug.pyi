# The same module as minispore.inspect.debug.  Written by minispore/surface/stubs.py.
from minispore.inspect.debug import *
