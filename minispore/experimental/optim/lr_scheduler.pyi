# The same module as minispore.nn.optim_ex.lr_scheduler.  Written by tools/stubs.
from minispore.nn.optim_ex.lr_scheduler import *
