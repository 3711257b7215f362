# The same module as minispore.surface.checkparam.  Written by minispore/surface/stubs.py.
from minispore.surface.checkparam import *
