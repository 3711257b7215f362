"""The variables of a rewritten function: those that have no value, and copies of the containers they hold."""

import copy

import numpy as np

from ..core import tree
from ..core.errors import fail, graph_break
from ..core.record import STATE
from ..core.tensor import Tensor

NUMBERS = (bool, int, float, np.generic)
_COPIED = (list, dict, set, tree.MutableList, tree.MutableDict)


class _NotReturned:
    def __repr__(self):
        return "nothing"


NOT_RETURNED = _NotReturned()  # the return value of a path, or of an iteration, that goes on without returning


class Undefined:
    """Stands for a variable that has no value, or none that all branches agree on; any use of it raises ``error``."""

    name: str
    why: str
    error: type[Exception]

    site: str | None  # of a condition that Python could decide: there the variable would have a value

    def __init__(
        self, name: str, why: str = "has no value here", error: type[Exception] = UnboundLocalError, site=None
    ):
        self.__dict__.update(name=name, why=why, error=error, site=site)

    def __repr__(self):
        return f"<variable '{self.name}' {self.why}>"

    def _fail(self, *args, **kwargs):
        message = f"The variable '{self.name}' {self.why}."
        raise graph_break(self.error, message, self.site) if self.site else fail(self.error, message)

    __getattr__ = __call__ = __bool__ = __iter__ = __len__ = __getitem__ = __setitem__ = __float__ = __int__ = _fail
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __neg__ = __pos__ = (
        _fail
    )
    __array__ = __index__ = __str__ = __contains__ = __and__ = __or__ = __invert__ = __abs__ = __mod__ = _fail
    __matmul__ = __rmatmul__ = __pow__ = __rpow__ = __lt__ = __le__ = __gt__ = __ge__ = __setattr__ = _fail
    __eq__ = __ne__ = _fail
    __hash__ = object.__hash__


def check_defined(result) -> None:
    """Raises the error of an ``Undefined`` in what a traced function returns: it is not for the user's hands."""
    if type(result) is Tensor or (type(result) is tuple and all([type(x) is Tensor for x in result])):
        return
    for x in tree.leaves(result):
        if isinstance(x, Undefined):
            x._fail()


def defined(x):
    """``x``, which is about to be looked at in a way that would not tell that a variable has no value."""
    if isinstance(x, Undefined):
        x._fail()
    return x


def has_no_value(x) -> bool:
    return x is NOT_RETURNED or isinstance(x, Undefined)


def value(read, name: str):
    """The value of a variable, or ``Undefined`` before its first assignment."""
    try:
        return read()
    except NameError:
        return Undefined(name)


def copies(values) -> list:
    """Shallow copies of containers, so that a branch or loop body that is traced does not change those of the caller.

    Tensors need no copy: the recorder undoes what a traced function assigned to them.
    """
    tracing = STATE.recorder is not None and STATE.recorder.symbolic
    return [copy.copy(v) if tracing and type(v) in _COPIED else v for v in values]


def equal(a, b) -> bool:
    """``a == b``; False where the comparison itself fails."""
    try:
        return bool(a == b)
    except Exception as error:  # the == of a user's class may raise anything
        del error
        return False


def description(x) -> str:
    """What a value is, for messages."""
    if isinstance(x, Tensor):
        return f"a Tensor ({x.dtype}, shape {x.shape})"
    if isinstance(x, dict):
        return f"a dict with the keys {', '.join(map(repr, x)) or '(none)'}"[:80]
    if isinstance(x, (tuple, list)):
        return f"a {type(x).__name__} of {len(x)} items"
    return "None" if x is None else f"{type(x).__name__} {x!r:.40}"
