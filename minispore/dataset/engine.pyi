# The same module as minispore.surface.dataset.engine.  Written by tools/stubs.
from minispore.surface.dataset.engine import *
