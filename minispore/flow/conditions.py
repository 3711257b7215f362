"""``and``, ``or``, ``not`` and comparisons of values that may be Tensors of the graph that is traced."""

import functools
import operator

from ..core.dtype import bool_
from ..core.errors import fail, graph_break
from ..core.op import as_tensor, to
from ..core.record import STATE, user_location
from ..core.tensor import Tensor
from ..ops.elementwise import logical_and, logical_not, logical_or, where
from .variables import defined


def is_symbolic(x) -> bool:
    """Whether ``x`` is a Tensor whose value is not known while the graph is traced."""
    if not isinstance(x, Tensor) or STATE.recorder is None or not STATE.recorder.symbolic:
        return False
    return x._data is None or not x.is_literal


def truth(x) -> Tensor:
    """A condition as a 0-d bool Tensor."""
    x = as_tensor(x)
    if x.size != 1:
        raise fail(
            ValueError,
            f"Only tensor which shape is () or (1,) can be a condition, but got the shape {x.shape}; use .all() or .any().",
        )
    return to(x.reshape(()), bool_)


def and_(first, *others):
    """``first and other() and ...``"""
    result = first
    for other in others:
        if is_symbolic(result):
            result = _both(result, other())
        elif not result:
            return result
        else:
            result = other()
    return result


def or_(first, *others):
    """``first or other() or ...``"""
    result = first
    for other in others:
        if is_symbolic(result):
            result = _either(result, other())
        elif result:
            return result
        else:
            result = other()
    return result


def _both(tensor, other):
    if not isinstance(other, Tensor):
        return truth(tensor) if other else False
    return _one_of(tensor, other, tensor) if _alike(tensor, other) else logical_and(truth(tensor), truth(other))


def _either(tensor, other):
    if not isinstance(other, Tensor):
        return True if other else truth(tensor)
    return _one_of(tensor, tensor, other) if _alike(tensor, other) else logical_or(truth(tensor), truth(other))


def _alike(tensor, other) -> bool:
    """Whether the result can be one operand or the other, as in Python; else it is a condition."""
    return tensor.shape == other.shape and tensor.dtype is other.dtype and not (tensor.is_number or other.is_number)


def _one_of(test, then, other):
    """``then if test else other``; of conditions a connective, which is cheaper."""
    condition = truth(test)
    if test.dtype is bool_:
        return logical_or(test, other) if then is test else logical_and(test, then)
    return where(condition, then, other)


def not_(x):
    """``not x``, in the shape of the Tensor."""
    return logical_not(truth(x)).reshape(x.shape) if is_symbolic(x) else not x


_CATEGORIES = {bool: 0, int: 1, float: 2}  # of Python's numbers, as types have it


def is_(left, right):
    """``left is right``; a number that the graph decides on is one of the same value, as small numbers are in Python."""
    left, right = defined(left), defined(right)
    if left is not right and (_is_a_number(left) or _is_a_number(right)):
        for x, y in ((left, right), (right, left)):
            if isinstance(x, Tensor) and type(y) in _CATEGORIES:
                return x == y if x.dtype.category == _CATEGORIES[type(y)] else False
        return (
            left == right
            if isinstance(left, Tensor) and isinstance(right, Tensor) and left.dtype == right.dtype
            else False
        )
    return left is right


def _is_a_number(x) -> bool:
    return isinstance(x, Tensor) and x.is_number and is_symbolic(x)


def in_(element, container):
    """``element in container``: Tensors in a list or a tuple are compared as a whole, as in MindSpore."""
    if type(container) not in (list, tuple) or not any(map(is_symbolic, (element, *container))):
        return element in container
    found = False
    for x in container:
        if x is element:
            return True
        found = or_(found, functools.partial(_is_equal, element, x))
    return found


def _is_equal(element, x):
    """Whether an element of a list or a tuple is the one that is sought."""
    if isinstance(element, Tensor) and isinstance(x, Tensor):
        if element.size == x.size == 1:
            return truth(element == x)
        return element.dtype == x.dtype and element.shape == x.shape and element.eq(x).all()
    for tensor, other in ((element, x), (x, element)):
        if isinstance(tensor, Tensor) and (type(other) not in _CATEGORIES or (tensor is element and tensor.size != 1)):
            return False
    same = element == x
    return truth(same) if isinstance(same, Tensor) else same


def compare(first, *pairs):
    """A chain of comparisons, ``a < b < c``: ``pairs`` are (name in ``operator``, how to read the right operand)."""
    result, left = True, first
    for name, read in pairs:
        right = read()
        holds = getattr(operator, name)(left, right)
        if is_symbolic(result):
            result = _both(result, holds)
        elif not result:
            return result
        else:
            result = holds
        left = right
    return result


def python_condition(test):
    """The condition of an ``if`` that leaves a block of ``try``, ``with`` or ``match``: Python has to decide it."""
    if is_symbolic(test):
        raise graph_break(
            TypeError,
            "An 'if' that depends on the value of a Tensor cannot leave (return, break, continue) a block of 'try', 'with' or "
            "'match' in a compiled function: set a variable there, and leave after the block.",
        )
    return test


def with_place(error):
    """The operand of ``raise`` with its line, for a statement in a branch on a Tensor: the compiled step raises it, not the
    trace."""
    if isinstance(error, type) and issubclass(error, BaseException):
        error = error()
    if isinstance(error, BaseException):
        error.raised_at = user_location()  # type: ignore[attr-defined]
    return error
