# The same module as minispore.dataset.mindrecord.  Written by minispore/surface/stubs.py.
from minispore.dataset.mindrecord import *
