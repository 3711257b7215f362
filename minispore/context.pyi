# The same module as minispore.core.context.  Written by tools/stubs.
from minispore.core.context import *
