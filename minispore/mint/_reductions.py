"""``mint``: reductions, extremes, and cumulative sums."""

from ..core.dtype import int64
from ..core.op import to
from ..core.tensor import Tensor
from ._forms import like, ops


@like(ops.sum)
def sum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum over ``dim`` (one axis, several, or all)."""
    return ops.sum(input, dim, keepdim, dtype=dtype)


@like(ops.mean)
def mean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean over ``dim``."""
    return ops.mean(input, dim, keepdim, dtype=dtype)


@like(ops.prod)
def prod(input, dim=None, keepdim=False, *, dtype=None):
    """The product over ``dim``."""
    return ops.prod(input, dim, keepdim, dtype)


@like(ops.nansum)
def nansum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum over ``dim`` of what is not NaN."""
    return ops.nansum(input, dim, keepdim, dtype=dtype)


@like(ops.all)
def all(input, dim=None, keepdim=False):
    """Whether every element over ``dim`` is true."""
    return ops.all(input, dim, keepdim)


@like(ops.any)
def any(input, dim=None, keepdim=False):
    """Whether some element over ``dim`` is true."""
    return ops.any(input, dim, keepdim)


@like(ops.amax)
def amax(input, dim=(), keepdim=False):
    """The maximum over ``dim``."""
    return ops.amax(input, dim, keepdim)


@like(ops.amin)
def amin(input, dim=(), keepdim=False):
    """The minimum over ``dim``."""
    return ops.amin(input, dim, keepdim)


def max(input, *args, **kwargs):
    """The maximum of all elements, along an axis with its position, or of each pair of two Tensors.

    It is called as ``max(input)``, ``max(input, dim, keepdim=False)`` or ``max(input, other)``.

    Args:
        input (Tensor): any shape; numbers.
        *args (int | bool | Tensor): ``dim`` (int), the axis, and ``keepdim`` (bool), whether it stays with length 1; or
            ``other`` (Tensor), of a shape that broadcasts against ``input``.
        **kwargs (int | bool | Tensor): the same by their names.

    Returns:
        Tensor of shape () and the type of ``input``; with ``dim`` a tuple (maximum, its position, int64); with ``other``
        a Tensor of the broadcast shape.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 3.0], [4.0, 2.0]])
    >>> print(max(x), *max(x, 1))
    4.0 [3. 4.] [1 0]
    >>> print(max(x, ms.Tensor(2.5)))
    [[2.5 3. ]
     [4.  2.5]]
    """
    return _extreme(ops.amax, ops.max, ops.maximum, input, *args, **kwargs)


def min(input, *args, **kwargs):
    """The minimum of all elements, along an axis with its position, or of each pair of two Tensors.

    It is called as ``min(input)``, ``min(input, dim, keepdim=False)`` or ``min(input, other)``.

    Args:
        input (Tensor): any shape; numbers.
        *args (int | bool | Tensor): ``dim`` (int), the axis, and ``keepdim`` (bool), whether it stays with length 1; or
            ``other`` (Tensor), of a shape that broadcasts against ``input``.
        **kwargs (int | bool | Tensor): the same by their names.

    Returns:
        Tensor of shape () and the type of ``input``; with ``dim`` a tuple (minimum, its position, int64); with ``other``
        a Tensor of the broadcast shape.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 3.0], [4.0, 2.0]])
    >>> print(min(x), *min(x, 1))
    1.0 [1. 2.] [0 1]
    """
    return _extreme(ops.amin, ops.min, ops.minimum, input, *args, **kwargs)


def _extreme(whole, along, pair, input, dim=None, keepdim=False, *, other=None):
    if other is None and isinstance(dim, Tensor):
        other = dim
    if other is not None:
        return pair(input, other)
    return whole(input) if dim is None else along(input, dim, keepdim)


@like(ops.argmin, returns="Tensor without the axis ``dim`` (or with length 1 there); int64. It has no gradient.")
def argmin(input, dim=None, keepdim=False):
    """The index (int64) of the first minimum along ``dim`` or of all elements."""
    return to(ops.argmin(input, dim, keepdim), int64)


def _spread(function, shown):
    def spread(input, dim=None, *, correction=1, keepdim=False):
        return function(input, dim, correction, keepdim)

    name = spread.__name__ = spread.__qualname__ = function.__name__
    divisor = "(int): the number of elements less this is divided by."
    call = f"{name}(ms.Tensor([1.0, 5.0]), correction=0)"
    example = f">>> import minispore as ms\n>>> print({'*' * ('_' in name)}{call})\n{shown}"
    return like(function, {"correction": divisor}, named={"correction": "ddof"}, example=example)(spread)


var, std = _spread(ops.var, "4.0"), _spread(ops.std, "2.0")


var_mean, std_mean = _spread(ops.var_mean, "4.0 3.0"), _spread(ops.std_mean, "2.0 3.0")


@like(ops.logsumexp)
def logsumexp(input, dim, keepdim=False):
    """``log(sum(exp(input)))`` over ``dim``."""
    return ops.logsumexp(input, dim, keepdim)


@like(ops.count_nonzero, returns="Tensor without the axes ``dim``; int64. It has no gradient.")
def count_nonzero(input, dim=None):
    """How many elements over ``dim`` are not 0, int64."""
    return ops.count_nonzero(input, dim, dtype=int64)


def norm(input, p="fro", dim=None, keepdim=False, *, dtype=None):
    """The ``p``-norm over ``dim``: ``sum(|input| ** p) ** (1 / p)``.

    Args:
        input (Tensor): any shape; floats.
        p (int | float | str): the order; inf for the largest absolute value, -inf for the smallest, 0 for the number of
            elements that are not 0; "fro" is 2; "nuc" is the sum of the singular values of matrices. Default: "fro".
        dim (int | tuple[int]): the axes; all of them, for "nuc" the last two, by default. Default: None.
        keepdim (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``input`` to first. Default: None.

    Returns:
        Tensor without the axes ``dim`` (or with length 1 there); ``dtype``, else the type of ``input``.

    >>> import minispore as ms
    >>> x = ms.Tensor([[3.0, 4.0], [0.0, 1.0]])
    >>> print(norm(x, dim=1), norm(x, 1))
    [5. 1.] 8.0
    """
    if p == "nuc":
        return ops.matrix_norm(input, "nuc", (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return ops.vector_norm(input, 2 if p == "fro" else p, dim, keepdim, dtype=dtype)


def median(input, dim=None, keepdim=False):
    """The median; of two middle elements the lower one.

    Args:
        input (Tensor): any shape; numbers.
        dim (int): the axis; None for all elements. Default: None.
        keepdim (bool): whether the axis stays with length 1. Default: False.

    Returns:
        Tensor of shape () and the type of ``input``; with ``dim`` a tuple (median, its position, int64), without that axis.

    >>> import minispore as ms
    >>> x = ms.Tensor([[4.0, 1.0, 2.0], [9.0, 8.0, 7.0]])
    >>> print(median(x), *median(x, 1))
    4.0 [2. 8.] [2 1]
    """
    return ops.median(ops.reshape(input, (-1,)), 0)[0] if dim is None else ops.median(input, dim, keepdim)


def kthvalue(input, k, dim=-1, keepdim=False):
    """The ``k``-th smallest element along ``dim`` and its position.

    Args:
        input (Tensor): at least one axis; numbers.
        k (int): which one, from 1.
        dim (int): the axis. Default: -1.
        keepdim (bool): whether the axis stays with length 1. Default: False.

    Returns:
        tuple of the elements, in the type of ``input``, and their positions, int64.

    >>> import minispore as ms
    >>> print(*kthvalue(ms.Tensor([4.0, 1.0, 3.0]), 2))
    3.0 2
    """
    values, order = sort(input, dim=dim)
    found = tuple(ops.narrow(t, dim, k - 1, 1) for t in (values, order))
    return found if keepdim else tuple(ops.squeeze(t, dim) for t in found)


# ---------------------------------------------------------------- order
@like(ops.sort, returns="tuple of two Tensors of the shape of ``input``: values in its type, positions in int64.")
def sort(input, *, dim=-1, descending=False, stable=False):
    """(values, int64 positions) in order along ``dim``; equal elements keep their order."""
    values, order = ops.sort(input, dim, descending)
    return values, to(order, int64)


@like(ops.argsort, returns="Tensor of the shape of ``input``; int64. It has no gradient.")
def argsort(input, dim=-1, descending=False, stable=False):
    """The positions (int64) that sort along ``dim``."""
    return to(ops.argsort(input, dim, descending), int64)


@like(
    ops.topk,
    returns="tuple of two Tensors with length ``k`` along ``dim``: values in the type of ``input``, positions in int64.",
)
def topk(input, k, dim=-1, largest=True, sorted=True):
    """(values, int64 positions) of the ``k`` largest or smallest elements along ``dim``."""
    values, order = ops.topk(input, k, dim, largest, sorted)
    return values, to(order, int64)


@like(
    ops.cumsum,
    args={"dtype": "(dtype): the type to convert ``input`` to first; None for its own, int64 for integers and bool."},
    returns="Tensor of the shape of ``input``; ``dtype``, else the type of ``input`` or int64.",
)
def cumsum(input, dim, dtype=None):
    """Running sums along ``dim``; whole numbers give int64."""
    wanted = dtype or (None if input.dtype.is_float else int64)
    return ops.cumsum(input, dim, wanted)


@like(ops.cummax)
def cummax(input, dim):
    """(running maximum, its position) along ``dim``."""
    return ops.cummax(input, dim)


@like(ops.cummin)
def cummin(input, dim):
    """(running minimum, its position) along ``dim``."""
    return ops.cummin(input, dim)
