# The same module as minispore.surface.log.  Written by tools/stubs.
from minispore.surface.log import *
