# The same module as minispore.dataset.mindrecord.  Written by tools/stubs.
from minispore.dataset.mindrecord import *
