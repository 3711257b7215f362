# The same module as minispore.inspect.debug.  Written by tools/stubs.
from minispore.inspect.debug import *
