# The same module as minispore.surface.common.  Written by minispore/surface/stubs.py.
from minispore.surface.common import *
