"""Functions of several ops that are one compiled piece where their arrays are large (docs/pynative.md)."""

from functools import wraps

from ..core.context import compiles_pieces
from ..core.record import STATE
from ..core.registry import supplied
from ..core.tensor import Tensor

LARGE = 32768  # elements, as for elementwise ops: on smaller arrays NumPy runs each op


def as_piece(function):
    """``function``, which outside of traces is compiled as a whole where an argument is large, with its gradient.

    For functions that neither return an argument or a view of one, nor take numbers that change from call to call.
    """
    compiled: list = []

    @wraps(function)
    def call(*args, **kwargs):
        recorder = STATE.recorder
        if recorder is None or not recorder.symbolic:
            for x in (*args, *kwargs.values()):
                if isinstance(x, Tensor) and x._data is not None and x._data.size >= LARGE and compiles_pieces():
                    if not compiled:
                        compiled.append(supplied("compiled form")(function, function.__name__))
                    return (compiled[0] if recorder is None else compiled[0].recorded)(args, kwargs)
        return function(*args, **kwargs)

    function.is_piece = True
    return call


__all__: list[str] = []  # for the package
