# The same module as minispore.nn.optim_ex.  Written by minispore/surface/stubs.py.
from minispore.nn.optim_ex import *
