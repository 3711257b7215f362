# The same module as minispore.core.parameter.  Written by minispore/surface/stubs.py.
from minispore.core.parameter import *
