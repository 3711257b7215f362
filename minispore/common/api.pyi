# The same module as minispore.surface.common.api.  Written by tools/stubs.
from minispore.surface.common.api import *
