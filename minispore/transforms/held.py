"""For functions that are returned and pull or push derivatives later: what they need of the first call is kept."""

from typing import Any

from ..core.op import tensor_of
from ..core.record import STATE, Recorder
from ..ops.effects import assign
from .jit import Compilable


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


class Repeated:
    """Two compiled functions: ``first``, and ``again``, which repeats the call of ``first`` with more to compute.

    A repetition finds the Parameters that ``first`` changed (the state of the random numbers is one of them) as they were
    before, and leaves all as they are.
    """

    def __init__(self, name: str, first, again):
        self._known: dict[int, Any] = {}
        self._functions = first, again
        self._first, self._again = Compilable(self._trace_first, name), Compilable(self._trace_again, name)

    def first(self, *args):
        """(result, state for ``again``)"""
        return self._first(args, {})

    def again(self, state, *args):
        return self._again((state, *args), {})

    def _trace_first(self, *args):
        result = self._functions[0](*args)
        recorder: Any = STATE.recorder
        state = {}
        for parameter, now, start in recorder.parameters.values():
            if now is not start:
                self._known[id(parameter)] = parameter
                state[id(parameter)] = tensor_of(recorder, start)
        return result, state

    def _trace_again(self, state, *args):
        for key, before in state.items():
            assign(self._known[key], before)
        result = self._functions[1](*args)
        for entry in STATE.recorder.parameters.values():
            entry[1] = entry[2]  # what it meant at the start
        return result
