# The same module as minispore.surface.hal.  Written by tools/stubs.
from minispore.surface.hal import *
