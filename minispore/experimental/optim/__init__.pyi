# The same module as minispore.nn.optim_ex.  Written by tools/stubs.
from minispore.nn.optim_ex import *
