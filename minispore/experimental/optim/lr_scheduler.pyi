# The same module as minispore.nn.optim_ex.lr_scheduler.  Written by minispore/surface/stubs.py.
from minispore.nn.optim_ex.lr_scheduler import *
