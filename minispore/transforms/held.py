"""For functions that are returned and pull or push derivatives later: what they need of the first call is kept."""

import functools

from .. import random
from ..ops.effects import assign
from ..record import STATE, Recorder
from ..tensor import Tensor


class Held:
    """A recording that stays open.  ``with held:`` records; what was recorded before can be differentiated again.

    Inside another recording it is that one.
    """

    def __init__(self):
        self.recorder: Recorder = STATE.recorder or Recorder(symbolic=False)

    def __enter__(self) -> "Held":
        self.own = STATE.recorder is None
        if self.own:
            STATE.recorder = self.recorder
        return self

    def __exit__(self, *exc):
        if self.own:
            STATE.recorder = None
            self.recorder.nodes = []  # the values still needed hold on to their nodes


def draws() -> Tensor:
    """Where the random numbers stand: the first argument of what ``once_more`` makes."""
    if random.get_seed() is None and int(random.COUNTER) == 0:
        random.host_generator()  # chooses a seed
    return Tensor(random.COUNTER.asnumpy())


def once_more(function):
    """``function``, to be compiled, for a repeated call: the same random numbers, and Parameters stay as they are."""

    @functools.wraps(function)
    def again(counter, *args):
        assign(random.COUNTER, counter)
        result = function(*args)
        for entry in STATE.recorder.parameters.values():
            entry[1] = entry[2]  # what it meant at the start
        return result

    return again
