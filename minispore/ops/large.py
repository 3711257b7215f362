"""Functions of several ops that are one compiled piece where their arrays are large (docs/pynative.md)."""

from functools import wraps

from ..core.context import compiles_pieces
from ..core.record import STATE
from ..core.registry import supplied
from ..core.sizes import is_symbolic
from ..core.tensor import Tensor

LARGE = 32768  # elements, as for elementwise ops: on smaller arrays NumPy runs each op
DOZENS_OF_OPS = 64  # elements from which on NumPy is slower for a function of so many ops


def as_piece(function, start: int = LARGE):
    """``function``, which outside of traces is compiled as a whole where an argument has ``start`` elements, with its gradient.

    For functions that neither return an argument or a view of one, nor take numbers that change from call to call.
    """
    compiled: list = []

    @wraps(function)
    def call(*args, **kwargs):
        recorder = STATE.recorder
        is_traced = recorder is not None and recorder.symbolic
        for x in (*args, *kwargs.values()):
            if isinstance(x, Tensor) and (is_symbolic(x.size) or x.size >= start):
                if is_traced:
                    recorder.has_pieces = True
                elif x._data is not None and compiles_pieces():
                    if not compiled:
                        compiled.append(supplied("compiled form")(function, function.__name__))
                    return (compiled[0] if recorder is None else compiled[0].recorded)(args, kwargs)
        return function(*args, **kwargs)

    function.is_piece = True
    return call


__all__: list[str] = []  # for the package
