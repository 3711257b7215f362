# The same module as minispore.core.checks.  Written by minispore/surface/stubs.py.
from minispore.core.checks import *
