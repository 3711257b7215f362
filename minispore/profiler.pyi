# The same module as minispore.surface.profiler.  Written by minispore/surface/stubs.py.
from minispore.surface.profiler import *
