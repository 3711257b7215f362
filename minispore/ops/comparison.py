"""Comparisons within a tolerance, and questions about a Tensor."""

from ..core.op import as_tensor
from ..core.sizes import whole
from .creation import positions
from .elementwise import (
    abs as abs_,
    equal,
    isfinite,
    isinf,
    isnan,
    logical_and,
    logical_or,
)
from .inputs import any_float, tensor_input
from .methods import method
from .movement import expand_dims
from .reduction import amax


@method("isclose")
def isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Where two Tensors are equal within a tolerance: ``|input - other| <= atol + rtol * |other|``.

    Equal infinities are close, a number and an infinity are not.

    Args:
        input (Tensor | number): any shape; numbers.
        other (Tensor | number): a shape that broadcasts; numbers.
        rtol (float): relative tolerance. Default: 1e-05.
        atol (float): absolute tolerance. Default: 1e-08.
        equal_nan (bool): whether NaN is close to NaN. Default: False.

    Returns:
        Tensor of the broadcast shape; bool.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(isclose(ms.Tensor([1.0, 2.0]), ms.Tensor([1.0, 2.1])))
    [ True False]
    """
    x, y = as_tensor(input), as_tensor(other)
    near = abs_(x - y) <= abs_(y) * rtol + atol
    if not any_float(x, y):
        return near
    close = logical_or(equal(x, y), logical_and(isfinite(y), near))
    return logical_or(close, logical_and(isnan(x), isnan(y))) if equal_nan else close


@method("allclose")
def allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether ``isclose`` holds for all elements.

    Args:
        input (Tensor | number): any shape; numbers.
        other (Tensor | number): a shape that broadcasts; numbers.
        rtol (float): relative tolerance. Default: 1e-05.
        atol (float): absolute tolerance. Default: 1e-08.
        equal_nan (bool): whether NaN is close to NaN. Default: False.

    Returns:
        Tensor of shape (); bool.

    Raises:
        ValueError: the shapes do not broadcast, or there is no element.

    >>> import minispore as ms
    >>> print(allclose(ms.Tensor([1.0, 2.0]), ms.Tensor([1.0, 2.1]), rtol=0.1))
    True
    """
    from .reduction import all as all_

    return all_(isclose(input, other, rtol, atol, equal_nan))


@method("isneginf")
def isneginf(input):
    """Where ``input`` is -inf.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``input``; bool.

    >>> import minispore as ms
    >>> print(isneginf(ms.Tensor([float("-inf"), float("inf"), 1.0])))
    [ True False False]
    """
    return logical_and(isinf(input), input < 0)


@method("isposinf")
def isposinf(input):
    """Where ``input`` is +inf.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``input``; bool.

    >>> import minispore as ms
    >>> print(isposinf(ms.Tensor([float("-inf"), float("inf"), 1.0])))
    [False  True False]
    """
    return logical_and(isinf(input), input > 0)


@method("signbit")
def signbit(input):
    """Where ``input`` is below 0; False for zeros of either sign and for NaN.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``input``; bool.

    >>> import minispore as ms
    >>> print(signbit(ms.Tensor([-1.0, 0.0, 2.0])))
    [ True False False]
    """
    return input < 0


@method("is_floating_point")
def is_floating_point(input):
    """Whether a Tensor holds floats.

    Args:
        input (Tensor): any shape and type.

    Returns:
        bool: True for float16, bfloat16, float32 and float64.

    Raises:
        TypeError: ``input`` is not a Tensor.

    >>> import minispore as ms
    >>> is_floating_point(ms.Tensor([1.0])), is_floating_point(ms.Tensor([1]))
    (True, False)
    """
    return tensor_input("is_floating_point", "input", input).dtype.is_float


@method("is_complex")
def is_complex(input):
    """Whether a Tensor holds complex numbers.

    Args:
        input (Tensor): any shape and type; nothing is read of it.

    Returns:
        bool.

    >>> import minispore as ms
    >>> is_complex(ms.Tensor([1.0])), is_complex(ms.Tensor([1j]))
    (False, True)
    """
    return tensor_input("is_complex", "input", input).dtype.is_complex


def numel(input):
    """Number of elements of a Tensor.

    Args:
        input (Tensor): any shape and type.

    Returns:
        int: the product of the lengths of the axes, 1 without axes.

    Raises:
        TypeError: ``input`` is not a Tensor.

    >>> import minispore as ms
    >>> numel(ms.Tensor([[1, 2, 3], [4, 5, 6]]))
    6
    """
    return tensor_input("numel", "input", input).size


def sequence_mask(lengths, maxlen=None):
    """Mask of the valid positions of sequences: ``out[..., i] = i < lengths[...]``.

    Args:
        lengths (Tensor): any shape; integers.
        maxlen (int): length of the new last axis; None for the largest of ``lengths``, which takes its value. Default:
            None.

    Returns:
        Tensor of shape (*lengths.shape, maxlen); bool.

    >>> import minispore as ms
    >>> print(sequence_mask(ms.Tensor([1, 3]), 3))
    [[ True False False]
     [ True  True  True]]
    """
    if maxlen is None:
        maxlen = int(amax(lengths))
    return positions(whole(maxlen), lengths.ndim, lengths.ndim + 1) < expand_dims(lengths, -1)


__all__ = [
    "is_complex", "is_floating_point", "isclose", "isneginf", "isposinf", "numel", "sequence_mask", "signbit",
]  # fmt: skip
