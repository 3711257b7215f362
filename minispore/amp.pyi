# The same module as minispore.train.amp.  Written by minispore/surface/stubs.py.
from minispore.train.amp import *
