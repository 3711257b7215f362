# The same module as minispore.core.parameter.  Written by tools/stubs.
from minispore.core.parameter import *
