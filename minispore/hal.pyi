# The same module as minispore.surface.hal.  Written by minispore/surface/stubs.py.
from minispore.surface.hal import *
