# The same module as minispore.surface.dataset.engine.  Written by minispore/surface/stubs.py.
from minispore.surface.dataset.engine import *
