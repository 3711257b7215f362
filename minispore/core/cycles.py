"""When Python need not look for objects that only refer to each other."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycle_search(lasting: bool = False) -> Iterator[None]:
    """Python does not look for unreachable cycles meanwhile.

    Args:
        lasting: bool, whether most of what is made stays to the end of the process.  It is put among Python's old objects then, which
            otherwise takes it two searches.  Not for what happens often: each time the searches are due later.

    A trace and its compilation, and the import of the package, make hundreds of thousands of objects that live until their end. The
    search would go through all of them again and again: it takes a third of the time of a trace, a sixth of that of the import.
    """
    was_on = gc.isenabled()
    try:
        gc.disable()
        yield
    finally:
        if was_on:
            if lasting and not gc.get_freeze_count():  # what someone else has frozen stays so
                gc.freeze()
                gc.unfreeze()
            gc.enable()
