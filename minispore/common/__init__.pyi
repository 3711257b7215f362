# The same module as minispore.surface.common.  Written by tools/stubs.
from minispore.surface.common import *
