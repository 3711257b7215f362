"""The reductions as methods of Tensor, whose signatures differ from those of the functions."""

from ..core import checks
from .arg_reduction import argmax, argmin, max, min
from .methods import bound, method
from .reduction import all, amax, amin, any, logsumexp, mean, prod, std, sum, var


@method("sum")
def _tensor_sum(self, axis=None, dtype=None, keepdims=False, initial=None, *, dim=None, keepdim=None):
    """Sum of the elements over ``axis``; as ``ops.sum``, plus ``initial``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        dtype (dtype): the type to convert to first; None makes integers and bool int64; a bool is ``keepdim``.
            Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.
        initial (number | Tensor): added to the sum. Default: None.
        dim (None | int | tuple[int]): another name of ``axis``, which it overrides. Default: None.
        keepdim (bool): another name of ``keepdims``, which it overrides. Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the Tensor's type or int64.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]).sum(0, initial=10))
    [14. 16.]
    """
    if isinstance(dtype, bool):  # sum(dim, keepdim)
        dtype, keepdim = None, dtype
    out = sum(self, axis if dim is None else dim, keepdims if keepdim is None else keepdim, dtype=dtype)
    return out if initial is None else out + initial


@method("mean")
def _tensor_mean(self, axis=None, keep_dims=False, *, dim=None, keepdim=None, dtype=None):
    """Arithmetic mean over ``axis``; as ``ops.mean``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.
        dim (None | int | tuple[int]): another name of ``axis``, which it overrides. Default: None.
        keepdim (bool): another name of ``keep_dims``, which it overrides. Default: None.
        dtype (dtype): the type to convert to first; None makes bool float32. Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the Tensor's type, float32 for bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]).mean(1))
    [1.5 3.5]
    """
    return mean(self, axis if dim is None else dim, keep_dims if keepdim is None else keepdim, dtype=dtype)


@method("prod")
def _tensor_prod(self, axis=None, keep_dims=False, dtype=None):
    """Product of the elements over ``axis``; as ``ops.prod``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert to first; None makes integers and bool int64. Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the Tensor's type or int64.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]).prod(1))
    [ 2. 12.]
    """
    return prod(self, axis, keep_dims, dtype)


def _by_signature(name, value_and_index, value, x, args, given):
    """``max`` and ``min`` of Tensors have two signatures: (dim, keepdim) gives the positions, too; the other is NumPy's."""
    by_dim = "dim" in given or "keepdim" in given
    plain = {"axis", "keepdims", "initial", "where", "return_indices"} & given.keys()
    if by_dim or (args and not plain and not isinstance(args[0], (tuple, list, type(None)))):
        dim, keepdim = bound(f"Tensor.{name}", args, given, {"dim": ..., "keepdim": False})
        checks.integer(f"Tensor.{name}", dim=dim)
        checks.boolean(f"Tensor.{name}", keepdim=keepdim)
        return value_and_index(x, dim, keepdim)
    names = {"axis": None, "keepdims": False, "initial": None, "where": True, "return_indices": False}
    axis, keepdims, initial, where, return_indices = bound(f"Tensor.{name}", args, given, names)
    if return_indices:
        return value_and_index(x, axis, keepdims, initial=initial, where=where)
    return value(x, axis, keepdims and axis is not None, initial=initial, where=where)


@method("max")
def _tensor_max(self, *args, **given):
    """Maximum over an axis and its index, called as ``(dim, keepdim=False)``; or the maximum alone.

    Args:
        *args (int | tuple[int] | bool): ``dim`` and ``keepdim``; or ``axis``, if it is None or a tuple or if one of the
            other names is given.
        **given (object): ``dim`` (int) and ``keepdim`` (bool, False); or ``axis`` (None, an int or a tuple of ints;
            None for all), ``keepdims`` (bool, False), ``initial`` (number, takes part too), ``where`` (bool Tensor, the
            elements that take part) and ``return_indices`` (bool, False: whether the index is returned too).

    Returns:
        tuple that ``ops.max`` returns; or a Tensor of the maxima in the Tensor's type.

    Raises:
        TypeError: the arguments fit neither signature.
        ValueError: an axis is out of range, or there is no element.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 4.0], [3.0, 2.0]])
    >>> print(x.max(), x.max(axis=1))
    4.0 [4. 3.]
    >>> values, indices = x.max(1)
    >>> print(values, indices, x.max((0, 1)))
    [4. 3.] [1 0] 4.0
    """
    return _by_signature("max", max, amax, self, args, given)


@method("min")
def _tensor_min(self, *args, **given):
    """Minimum over an axis and its index, called as ``(dim, keepdim=False)``; or the minimum alone.

    Args:
        *args (int | tuple[int] | bool): ``dim`` and ``keepdim``; or ``axis``, if it is None or a tuple or if one of the
            other names is given.
        **given (object): ``dim`` (int) and ``keepdim`` (bool, False); or ``axis`` (None, an int or a tuple of ints;
            None for all), ``keepdims`` (bool, False), ``initial`` (number, takes part too), ``where`` (bool Tensor, the
            elements that take part) and ``return_indices`` (bool, False: whether the index is returned too).

    Returns:
        tuple that ``ops.min`` returns; or a Tensor of the minima in the Tensor's type.

    Raises:
        TypeError: the arguments fit neither signature.
        ValueError: an axis is out of range, or there is no element.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 4.0], [3.0, 2.0]])
    >>> print(x.min(), x.min(axis=1))
    1.0 [1. 2.]
    >>> values, indices = x.min(1)
    >>> print(values, indices, x.min((0, 1)))
    [1. 2.] [0 1] 1.0
    """
    return _by_signature("min", min, amin, self, args, given)


@method("argmax")
def _tensor_argmax(self, axis=None, keepdims=False):
    """Index of the first maximum along ``axis``; as ``ops.argmax``.

    Args:
        axis (None | int): the axis; None for an index into the flattened Tensor. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axis ``axis`` (or with length 1 there); int64.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]).argmax(1))
    [1 0]
    """
    return argmax(self, axis, keepdims)


@method("argmin")
def _tensor_argmin(self, axis=None, keepdims=False):
    """Index of the first minimum along ``axis``; as ``ops.argmin``.

    Args:
        axis (None | int): the axis; None for an index into the flattened Tensor. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axis ``axis`` (or with length 1 there); int32.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]).argmin(1))
    [0 1]
    """
    return argmin(self, axis, keepdims)


@method("all")
def _tensor_all(self, axis=None, keep_dims=False):
    """Whether every element over ``axis`` is true (not 0); as ``ops.all``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice, or there is no element.

    >>> import minispore as ms
    >>> print(ms.Tensor([[True, False], [True, True]]).all(1))
    [False  True]
    """
    return all(self, axis, keep_dims)


@method("any")
def _tensor_any(self, axis=None, keep_dims=False):
    """Whether some element over ``axis`` is true (not 0); as ``ops.any``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice, or there is no element.

    >>> import minispore as ms
    >>> print(ms.Tensor([[True, False], [False, False]]).any(1))
    [ True False]
    """
    return any(self, axis, keep_dims)


@method("var")
def _tensor_var(self, axis=None, ddof=0, keepdims=False):
    """Variance over ``axis``; as ``ops.var``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        ddof (int | bool): what is subtracted from the number of elements; True is 1. Default: 0.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); the Tensor's type, float32 for integers and bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 3.0], [2.0, 6.0]]).var(1))
    [1. 4.]
    """
    return var(self, axis, ddof, keepdims)


@method("std")
def _tensor_std(self, axis=None, ddof=0, keepdims=False):
    """Standard deviation over ``axis``; as ``ops.std``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        ddof (int | bool): what is subtracted from the number of elements; True is 1. Default: 0.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); the Tensor's type, float32 for integers and bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 3.0], [2.0, 6.0]]).std(1))
    [1. 2.]
    """
    return std(self, axis, ddof, keepdims)


method("logsumexp")(logsumexp)


method("amax")(amax)


method("amin")(amin)


__all__: list[str] = []  # methods only
