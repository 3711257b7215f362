"""Clipping: to bounds, and to a norm."""

import functools
import math

from ..core.errors import fail
from ..core.op import literal, to
from ..core.tensor import Tensor
from .elementwise import (
    abs as abs_,
    add,
    isfinite,
    less,
    maximum,
    minimum,
    norm_of,
    pow as pow_,
    select,
    sqrt,
    square,
)
from .inputs import accumulation_type, tensor_input
from .methods import method
from .reduction import amax, sum as sum_
from .sparse import squares


@method("clamp")
def clamp(input, min=None, max=None):
    """Keeps ``input`` inside [min, max]; where the bounds cross, ``max`` wins.

    Args:
        input (Tensor): any shape; numbers.
        min (Tensor | number): the lower bound, of a shape that broadcasts; None for no bound. Default: None.
        max (Tensor | number): the upper bound, of a shape that broadcasts; None for no bound. Default: None.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs.

    Raises:
        ValueError: neither bound is given, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(clamp(ms.Tensor([-2.0, 0.5, 3.0]), 0, 1))
    [0.  0.5 1. ]
    """
    if min is None and max is None:
        raise fail(ValueError, "For 'clamp', at least one of 'min' and 'max' must be given.")
    x = input
    if min is not None:
        x = select(less(x, min), min, x)
    if max is not None:
        x = select(less(max, x), max, x)
    return x


@method("clip")
def clip(input, min=None, max=None):
    """Keeps ``input`` inside [min, max]: another name of ``clamp``.

    Args:
        input (Tensor): any shape; numbers.
        min (Tensor | number): the lower bound, of a shape that broadcasts; None for no bound. Default: None.
        max (Tensor | number): the upper bound, of a shape that broadcasts; None for no bound. Default: None.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs.

    Raises:
        ValueError: neither bound is given, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(clip(ms.Tensor([-2.0, 0.5, 3.0]), 0, 1))
    [0.  0.5 1. ]
    """
    return clamp(input, min, max)


def clip_by_value(x, clip_value_min=None, clip_value_max=None):
    """Keeps Tensors inside bounds, in their own type; where the bounds cross, the upper one wins.

    Args:
        x (Tensor | list[Tensor] | tuple[Tensor]): any shapes; numbers.
        clip_value_min (Tensor | number): the lower bound, of a shape that broadcasts; None for no bound. Default: None.
        clip_value_max (Tensor | number): the upper bound, of a shape that broadcasts; None for no bound. Default: None.

    Returns:
        Tensor of the broadcast shape and the type of ``x``; a tuple of them for a list or tuple.

    Raises:
        TypeError: ``x`` holds something other than Tensors, or a bound is neither a number nor a Tensor.
        ValueError: neither bound is given, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(clip_by_value(ms.Tensor([-2.0, 0.5, 3.0]), 0, 1))
    [0.  0.5 1. ]
    """
    low, high = clip_value_min, clip_value_max
    if low is None and high is None:
        raise fail(ValueError, "For 'clip_by_value', at least one of the two bounds must be given.")
    if isinstance(x, (list, tuple)):
        return tuple(clip_by_value(t, low, high) for t in x)
    for what, bound in (("clip_value_min", low), ("clip_value_max", high)):
        if not isinstance(bound, (type(None), Tensor, int, float)):
            got = type(bound).__name__
            raise fail(TypeError, f"For 'clip_by_value', '{what}' must be a Tensor or a number, but got {got}.")
    tensor_input("clip_by_value", "x", x)
    if low is not None:
        x = maximum(x, _of_type(low, x))
    return x if high is None else minimum(x, _of_type(high, x))


def clip_by_norm(x, max_norm, norm_type=2.0, error_if_nonfinite=False):
    """Scales Tensors down so that their norm is at most ``max_norm``; all Tensors of a list count as one vector.

    The scale is ``min(max_norm / (norm + 1e-6), 1)``.

    Args:
        x (Tensor | list[Tensor] | tuple[Tensor]): any shapes; numbers.
        max_norm (number): the largest norm.
        norm_type (number): the order p of the norm, ``sum(|x| ** p) ** (1 / p)``; inf for the largest magnitude.
            Default: 2.0.
        error_if_nonfinite (bool): whether a norm that is NaN or infinite is an error. Default: False.

    Returns:
        Tensor, or list or tuple of them, as ``x``; each of its shape and type, float32 for integers.

    Raises:
        RuntimeError: the norm is not finite and ``error_if_nonfinite`` is True.

    >>> import minispore as ms
    >>> print(clip_by_norm([ms.Tensor([3.0]), ms.Tensor([4.0])], 1.0)[1].asnumpy().round(4))
    [0.8]
    """
    tensors = [x] if isinstance(x, Tensor) else list(x)
    p = float(norm_type)
    if p == math.inf:
        parts = [amax(abs_(t)) for t in tensors]
        total = parts[0]
        for part in parts[1:]:
            total = maximum(total, part)
    else:
        total = norm_of(functools.reduce(add, [sum_(square(t) if p == 2 else pow_(abs_(t), p)) for t in tensors]), p)
    if error_if_nonfinite and not bool(isfinite(total)):
        raise fail(RuntimeError, f"For 'clip_by_norm', the total norm of order {norm_type} is not finite.")
    scale = minimum(max_norm / (total + 1e-6), 1.0)
    clipped = [t * scale for t in tensors]
    return clipped[0] if isinstance(x, Tensor) else type(x)(clipped)


def clip_by_global_norm(x, clip_norm=1.0, use_norm=None):
    """Scales Tensors down so that the 2-norm of all their elements is at most ``clip_norm``.

    The scale is ``clip_norm / max(norm, clip_norm)``. (Pascanu et al., 2013, arXiv:1211.5063.)

    Args:
        x (Tensor | list[Tensor] | tuple[Tensor]): any shapes; floats.
        clip_norm (number): the largest norm, above 0. Default: 1.0.
        use_norm (None): MindSpore's place for a norm that is known; must be None. Default: None.

    Returns:
        Tensor, or a list or tuple of them for a list or tuple; each of its shape and type.

    Raises:
        TypeError: ``clip_norm`` is not a number.
        ValueError: ``clip_norm`` is not above 0, or ``use_norm`` is given.

    >>> import minispore as ms
    >>> print(clip_by_global_norm((ms.Tensor([3.0]), ms.Tensor([4.0])), 1.0)[1])
    [0.8]
    """
    if use_norm is not None:
        raise fail(ValueError, f"For 'clip_by_global_norm', 'use_norm' must be None, but got {use_norm!r}.")
    if isinstance(clip_norm, bool) or not isinstance(clip_norm, (int, float)):
        got = type(clip_norm).__name__
        raise fail(TypeError, f"For 'clip_by_global_norm', 'clip_norm' must be a number, but got {got}.")
    if clip_norm <= 0:
        raise fail(ValueError, f"For 'clip_by_global_norm', 'clip_norm' must be above 0.0, but got {clip_norm}.")
    tensors = [x] if isinstance(x, Tensor) else list(x)
    total = sqrt(functools.reduce(add, [sum_(squares(accumulation_type(t))) for t in tensors]))
    scale = clip_norm / maximum(total, float(clip_norm))
    clipped = [to(t * scale, t.dtype) for t in tensors]
    return clipped[0] if isinstance(x, Tensor) else clipped if isinstance(x, list) else tuple(clipped)


def _of_type(bound, x):
    return to(bound, x.dtype) if isinstance(bound, Tensor) else literal(bound, x.dtype)


__all__ = ["clamp", "clip", "clip_by_global_norm", "clip_by_norm", "clip_by_value"]
