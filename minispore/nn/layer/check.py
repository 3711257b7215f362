"""Checks of the arguments that layers and losses are made with, and the making of their Parameters."""

from ...core.dtype import DType
from ...core.errors import fail
from ...core.initializer import initializer
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor


def instance(owner: str, name: str, value, *types: type):
    """``value`` if it is of one of the types; a bool counts as one only where bool is among them."""
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        wanted = " or ".join(t.__name__ for t in types)
        raise fail(
            TypeError,
            f"For '{owner}', the argument '{name}' must be {wanted}, but got {type(value).__name__}: {value!r:.60}.",
        )
    return value


def positive_int(owner: str, name: str, value) -> int:
    if instance(owner, name, value, int) <= 0:
        raise fail(ValueError, f"For '{owner}', the argument '{name}' must be a positive int, but got {value}.")
    return value


def non_negative_int(owner: str, name: str, value) -> int:
    if instance(owner, name, value, int) < 0:
        raise fail(ValueError, f"For '{owner}', the argument '{name}' must not be negative, but got {value}.")
    return value


def boolean(owner: str, name: str, value) -> bool:
    return instance(owner, name, value, bool)


def one_of(owner: str, name: str, value, allowed) -> str:
    """``value`` if it is among the allowed strings."""
    if instance(owner, name, value, str) not in allowed:
        raise fail(
            ValueError, f"For '{owner}', the argument '{name}' must be one of {list(allowed)}, but got {value!r}."
        )
    return value


def within(owner: str, name: str, value, low, high, text: str):
    """``value`` if ``low <= value <= high``; ``text`` is the interval in words."""
    if not low <= value <= high:
        raise fail(ValueError, f"For '{owner}', the argument '{name}' must be in {text}, but got {value}.")
    return value


def ints(owner: str, name: str, value, n: int, least: int = 1) -> tuple[int, ...]:
    """``n`` ints, none below ``least``, from an int or a tuple of ``n``."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = (value,) * n
    if not isinstance(value, tuple) or len(value) != n or not all(type(v) is int for v in value):
        raise fail(
            TypeError,
            f"For '{owner}', the argument '{name}' must be an int or a tuple of {n} ints, but got {value!r:.60}.",
        )
    for v in value:
        if v < least:
            raise fail(ValueError, f"For '{owner}', '{name}' must hold ints of at least {least}, but got {value}.")
    return value


def rank(owner: str, x, *allowed: int) -> None:
    """Raises unless ``x`` is a Tensor with one of these numbers of axes."""
    tensor(owner, "input", x)
    if x.ndim not in allowed:
        wanted = " or ".join(map(str, allowed))
        raise fail(
            ValueError, f"For '{owner}', the input must have {wanted} axes, but got {x.ndim}: its shape is {x.shape}."
        )


def tensor(owner: str, name: str, value):
    if not isinstance(value, Tensor):
        raise fail(
            TypeError, f"For '{owner}', the '{name}' must be a Tensor, but got {type(value).__name__}: {value!r:.60}."
        )
    return value


def parameter(
    owner: str, name: str, init, shape, dtype: DType, requires_grad=True, argument: str | None = None
) -> Parameter:
    """A Parameter of this shape with the values of ``init`` (an initializer, a name, a number or a Tensor)."""
    if isinstance(init, Tensor) and init.shape != tuple(shape):
        raise fail(
            ValueError,
            f"For '{owner}', '{argument or name + '_init'}' must have the shape {tuple(shape)}, but the given "
            f"Tensor has {init.shape}.",
        )
    return Parameter(initializer(init, shape, dtype), name=name, requires_grad=requires_grad)


def like(parameter, x):
    """``parameter`` in the type of ``x``, if that is a type of floats (as under ``to_float``)."""
    return to(parameter, x.dtype) if parameter is not None and x.dtype.is_float else parameter
