# The same module as minispore.surface.runtime.  Written by minispore/surface/stubs.py.
from minispore.surface.runtime import *
