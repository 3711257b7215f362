"""Call plans: what a public function does with arguments of one kind, as one function of NumPy calls.

A function of ``ops`` names, checks, promotes and applies a few ops, which on small arrays costs more than the arithmetic does.  All of
it follows from the kind of the arguments: shapes and types of Tensors, values of everything else.  A kind that comes
often is traced, once, and the nodes of the trace are written down as one Python function (graph/call_plan.py): with the
same calls of NumPy, and so the same bits.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

from .dtype import DType
from .registry import supplied
from .tensor import Tensor

OFTEN = 8  # calls of a kind before it is traced, which costs about as much as so many
KEPT = 128  # kinds of one function; when there are more, counting begins again
FAILURES = 8  # kinds without a plan, from which on a function that never had one is left alone

TENSORS: set[type] = {Tensor}  # and Parameter
_NEVER = -1  # in place of a number of calls: this kind has no plan
_WORDS = frozenset((int, bool, str, type(None), DType))


class Plans:
    """The plans of one function; calls for which ``refusal`` gives an error have none.

    >>> from minispore import Tensor, ops
    >>> plans = Plans(ops.square)
    >>> plans.find((Tensor([2.0]),), {}) is None  # seen once
    True
    """

    def __init__(self, function: Callable, refusal: Callable | None = None):
        self.function, self.refusal = function, refusal
        self.found: dict[tuple, Any] = {}  # the kind of the arguments -> its plan, or how often it came
        self.failures = 0
        self.find = _finder(self)

    def count(self, kind: tuple, args: tuple, kwargs: dict) -> Callable | None:
        """Notes a call of a kind without a plan; the plan if it gets one now."""
        found = self.found
        calls = found.get(kind, 0)
        if calls == _NEVER:
            return None
        if len(found) >= KEPT and not calls:
            found.clear()
        found[kind] = calls + 1
        if calls + 1 < OFTEN:
            return None
        found[kind] = _NEVER  # also while it is traced, which may call the function
        if self.refusal is not None and self.refusal(args, kwargs) is not None:
            return None
        plan = supplied("call plan")(self.function, args, kwargs)
        if plan is None:
            self.failures += 1
            if self.failures >= FAILURES and not any([type(p) is FunctionType for p in found.values()]):
                self.find = _nothing
            return None
        found[kind] = plan
        return plan


def _nothing(args: tuple, kwargs: dict) -> None:
    """No plan."""


def _finder(plans: Plans) -> Callable[[tuple, dict], Callable | None]:
    """(args, kwargs) -> the plan for such a call, or None.  Each call of a public function comes here: it is short."""
    get, count, tensor, words, function_type = plans.found.get, plans.count, Tensor, _WORDS, FunctionType

    def find(args, kwargs):
        if len(args) == 1 and not kwargs and type(args[0]) is tensor:
            a = args[0]._data
            if a is None:
                return None
            kind: tuple = (a.shape, a.dtype)
            found = get(kind)
            return found if type(found) is function_type else count(kind, args, kwargs)
        if len(args) == 2 and not kwargs and type(args[0]) is tensor and type(args[1]) is tensor:
            a, b = args[0]._data, args[1]._data
            if a is None or b is None:
                return None
            kind = (a.shape, a.dtype, b.shape, b.dtype)
            found = get(kind)
            return found if type(found) is function_type else count(kind, args, kwargs)
        key: list = []
        for x in args:
            its = type(x)
            if its is tensor:
                a = x._data
                if a is None:
                    return None
                key += (a.shape, a.dtype)
            elif its in words:
                key += (its, x)
            elif not _add(key, x):
                return None
        for name, x in kwargs.items():
            key.append(name)
            if not _add(key, x):
                return None
        kind = tuple(key)
        found = get(kind)
        return found if type(found) is function_type else count(kind, args, kwargs)

    return find


def _add(key: list, x: Any) -> bool:
    """Adds what a plan depends on of an argument; False for one that no plan is made for."""
    kind = type(x)
    if kind in TENSORS:
        a = x._data
        if a is None:
            return False
        key += (a.shape, a.dtype) if kind is Tensor else (kind, a.shape, a.dtype)
    elif kind in _WORDS:
        key += (kind, x)
    elif kind is float:
        key += (kind, x if x and x == x else str(x))  # 0.0 is equal to -0.0, and NaN not to itself
    elif kind is tuple or kind is list:
        for item in x:
            if type(item) is not int:
                break
        else:  # axes and sizes, most of the time
            key += (kind, *x, None)
            return True
        key += (kind, len(x))
        for item in x:
            if not _add(key, item):
                return False
    else:
        return False
    return True
