# The same module as minispore.core.context.  Written by minispore/surface/stubs.py.
from minispore.core.context import *
