# The same module as minispore.surface.checkparam.  Written by tools/stubs.
from minispore.surface.checkparam import *
