# The same module as minispore.surface.runtime.  Written by tools/stubs.
from minispore.surface.runtime import *
