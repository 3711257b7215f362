# The same module as minispore.surface.log.  Written by minispore/surface/stubs.py.
from minispore.surface.log import *
