"""Recordings that outlive a call: for the functions returned by ``vjp`` and ``linearize``, which differentiate later."""

from typing import Any

from ..core.op import tensor_of
from ..core.record import STATE, Recorder
from ..ops.effects import assign
from .jit import Compilable


class Held:
    """A recording that ``run`` resumes; nodes recorded before can still be differentiated.

    Under an active recorder it is that recording.
    """

    def __init__(self):
        self.recorder: Recorder = STATE.recorder or Recorder(symbolic=False)

    def run(self, function, *args):
        """``function(*args)``, recorded."""
        if STATE.recorder is not None:
            return function(*args)
        try:
            STATE.recorder = self.recorder
            return function(*args)
        finally:
            STATE.recorder = None  # before any call: an interrupt can come where a function of Python begins
            self.recorder.keep_outside()
            self.recorder.store_outside()
            self.recorder.nodes = []  # values that are still needed refer to their nodes


class Repeated:
    """Two compiled functions: ``first``, and ``again``, which runs the same function once more to differentiate it.

    A repetition finds the Parameters that ``first`` changed (the state of the random numbers is one of them) as they
    were before, and leaves all as they are.

    Args:
        name: str, of the compiled functions.
        first: function of Tensors.
        again: function of the same Tensors and more.
    """

    def __init__(self, name: str, first, again):
        self._parameters: dict[int, Any] = {}
        self._functions = first, again
        self._first, self._again = Compilable(self._trace_first, name), Compilable(self._trace_again, name)

    def first(self, *args):
        """Runs the first function.

        Args:
            *args: its arguments.

        Returns:
            tuple (result, state for ``again``).
        """
        return self._first(args, {})

    def again(self, state, *args):
        """Runs the second function, from the state that the first found.

        Args:
            state: what ``first`` gave.
            *args: its arguments.

        Returns:
            the result.
        """
        return self._again((state, *args), {})

    def _trace_first(self, *args):
        result = self._functions[0](*args)
        recorder: Any = STATE.recorder
        state = {}
        for parameter, now, start in recorder.parameters.values():
            if now is not start:
                self._parameters[id(parameter)] = parameter
                state[id(parameter)] = tensor_of(recorder, start)
        return result, state

    def _trace_again(self, state, *args):
        for key, before in state.items():
            assign(self._parameters[key], before)
        result = self._functions[1](*args)
        STATE.recorder.take_back(0)
        return result
