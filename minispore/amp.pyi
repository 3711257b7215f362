# The same module as minispore.train.amp.  Written by tools/stubs.
from minispore.train.amp import *
