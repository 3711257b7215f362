# The same module as minispore.surface.common.api.  Written by minispore/surface/stubs.py.
from minispore.surface.common.api import *
