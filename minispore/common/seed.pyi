# The same module as minispore.core.random.  Written by tools/stubs.
from minispore.core.random import *
