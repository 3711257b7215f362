# The same module as minispore.surface.profiler.  Written by tools/stubs.
from minispore.surface.profiler import *
