"""Activations over an axis: softmax and its kin, gated linear units."""

from ..core.dtype import to_dtype
from ..core.errors import fail
from ..core.op import elementwise, to
from .activation import silu
from .arg_reduction import argmax
from .effects import stop_gradient
from .elementwise import (
    exp,
    log,
    maximum,
    neg,
    sigmoid,
)
from .inputs import accumulation_type, float_input
from .large import as_piece
from .methods import method
from .movement import axis_of
from .random import uniform01
from .reduction import reduce_max_keep, reduce_sum_keep
from .slicing import slice_along


def glu(x, axis=-1):
    """``a * sigmoid(b)`` for the two halves ``a, b`` of an axis: the gated linear unit.

    Dauphin et al., "Language Modeling with Gated Convolutional Networks" (2016).

    Args:
        x (Tensor): any shape with at least one axis; floats.
        axis (int): the axis that is halved, of even length. Default: -1.

    Returns:
        Tensor of the shape of ``x``, ``axis`` half as long; the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor of floats, or ``axis`` not an int.
        ValueError: there is no such axis, or its length is odd.

    >>> import minispore as ms
    >>> print(glu(ms.Tensor([2.0, 4.0, 0.0, 100.0])))
    [1. 4.]
    """
    a, b = _halves("glu", float_input("glu", x, "x"), axis)
    return a * sigmoid(b)


def swiglu(input, dim=-1):
    """``silu(a) * b`` for the two halves ``a, b`` of an axis.

    Shazeer, "GLU Variants Improve Transformer" (2020).

    Args:
        input (Tensor): any shape with at least one axis; floats.
        dim (int): the axis that is halved, of even length. Default: -1.

    Returns:
        Tensor of the shape of ``input``, ``dim`` half as long; the type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of floats, or ``dim`` not an int.
        ValueError: there is no such axis, or its length is odd.

    >>> import minispore as ms
    >>> print(swiglu(ms.Tensor([0.0, 100.0, 3.0, 2.0])))
    [  0. 200.]
    """
    a, b = _halves("swiglu", float_input("swiglu", input), dim)
    return silu(a) * b


def _halves(name, x, axis):
    a = axis_of(name, x.ndim, axis)
    n = x.shape[a]
    if n % 2:
        raise fail(ValueError, f"For '{name}', the axis {axis} must be of even length, but the shape is {x.shape}.")
    return slice_along(x, a, 0, n // 2), slice_along(x, a, n // 2, n // 2)


def _softmax_vjp(g, out, x, e, s):
    axes = tuple(a for a in range(x.ndim) if s.shape[a] != x.shape[a])
    return out * (g - reduce_sum_keep(g * out, axes)) if axes else None


# e = exp(x - max) and its sum s come from the forward pass; the gradient with respect to x needs the result alone.
_softmax = elementwise("softmax", "e / s", "x e s", types="float", vjp=(_softmax_vjp, None, None))


@method("softmax")
@as_piece
def softmax(input, axis=-1, *, dtype=None):
    """``exp(x) / sum(exp(x))`` along an axis, safe from overflow.

    Args:
        input (Tensor): any shape with at least one axis; floats.
        axis (int): the axis along which the result sums to 1. Default: -1.
        dtype (dtype | None): what ``input`` is cast to first. Default: None, its own type.

    Returns:
        Tensor of the shape of ``input``; of the type ``dtype``, or that of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of floats, or ``axis`` not an int.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(softmax(ms.Tensor([[0.0, 0.0], [0.0, 1000.0]])))
    [[0.5 0.5]
     [0.  1. ]]
    """
    x = float_input("softmax", input if dtype is None else to(input, to_dtype(dtype)))
    axes = (axis_of("softmax", x.ndim, axis),)
    given, x = x.dtype, accumulation_type(x)
    e = exp(x - reduce_max_keep(x, axes))
    return to(_softmax(x, e, reduce_sum_keep(e, axes)), given)


@as_piece
def softmin(x, axis=-1, *, dtype=None):
    """``softmax(-x)``: the larger an element, the smaller its share.

    Args:
        x (Tensor): any shape with at least one axis; floats.
        axis (int): the axis along which the result sums to 1. Default: -1.
        dtype (dtype | None): what ``-x`` is cast to first. Default: None, its own type.

    Returns:
        Tensor of the shape of ``x``; of the type ``dtype``, or that of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor of floats, or ``axis`` not an int.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(softmin(ms.Tensor([[0.0, 0.0], [0.0, 1000.0]])))
    [[0.5 0.5]
     [1.  0. ]]
    """
    return softmax(neg(x), axis, dtype=dtype)


@as_piece
def log_softmax(logits, axis=-1):
    """``x - log(sum(exp(x)))`` along an axis: the logarithm of ``softmax``, safe from overflow.

    Args:
        logits (Tensor): any shape with at least one axis; floats.
        axis (int): the axis of the sum. Default: -1.

    Returns:
        Tensor of the shape and type of ``logits``.

    Raises:
        TypeError: ``logits`` is not a Tensor of floats, or ``axis`` not an int.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(log_softmax(ms.Tensor([0.0, 0.0])))
    [-0.6931472 -0.6931472]
    """
    x = float_input("log_softmax", logits, "logits")
    axes = (axis_of("log_softmax", x.ndim, axis),)
    given, x = x.dtype, accumulation_type(x)
    z = x - stop_gradient(reduce_max_keep(x, axes))
    return to(z - log(reduce_sum_keep(exp(z), axes)), given)


def gumbel_softmax(logits, tau=1.0, hard=False, dim=-1):
    """``softmax((logits + noise) / tau)`` with noise from the Gumbel distribution: a class drawn, with a gradient.

    Jang et al., "Categorical Reparameterization with Gumbel-Softmax" (2016).

    Args:
        logits (Tensor): any shape with at least one axis; floats; log-probabilities up to a constant.
        tau (int | float): the temperature, above 0; the smaller, the closer to one-hot. Default: 1.0.
        hard (bool): whether the result is one-hot, with the gradient of the soft sample. Default: False.
        dim (int): the axis of the classes. Default: -1.

    Returns:
        Tensor of the shape and type of ``logits``.

    Raises:
        TypeError: ``logits`` is not a Tensor of floats, or ``dim`` not an int.
        ValueError: ``tau`` is not a positive number, or there is no such axis.

    >>> import minispore as ms
    >>> print(gumbel_softmax(ms.Tensor([[0.0, 1000.0]]), hard=True))
    [[0. 1.]]
    """
    from .creation import positions

    x = float_input("gumbel_softmax", logits, "logits")
    if not isinstance(tau, (int, float)) or tau <= 0:
        raise fail(ValueError, f"For 'gumbel_softmax', 'tau' must be a positive float, but got {tau!r}.")
    noise = neg(log(neg(log(maximum(uniform01(x.shape), 2.0**-25)))))
    soft = softmax((x + to(noise, x.dtype)) / tau, dim)
    if not hard:
        return soft
    a = axis_of("gumbel_softmax", x.ndim, dim)
    chosen = to(positions(x.shape[a], a, x.ndim) == argmax(soft, a, True), x.dtype)
    return stop_gradient(chosen - soft) + soft


__all__ = ["glu", "gumbel_softmax", "log_softmax", "softmax", "softmin", "swiglu"]
