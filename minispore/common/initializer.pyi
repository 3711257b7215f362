# The same module as minispore.core.initializer.  Written by tools/stubs.
from minispore.core.initializer import *
