"""``mindspore.mint``: the ops under PyTorch's names and signatures (``dim``, ``keepdim``).

A name whose ``ops`` function takes the same arguments is that function; the others are the thin functions below.

>>> import minispore as ms
>>> from minispore import mint
>>> print(mint.sum(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), dim=1, keepdim=True))
[[3.]
 [7.]]
"""

from typing import Any as _Any

from .. import ops as _package
from ..core.dtype import float32 as _float32, int64 as _int64, to_dtype as _to_dtype
from ..core.errors import fail as _fail
from ..core.forwarding import forwards as _forwards
from ..core.op import as_tensor as _as_tensor, to as _to
from ..core.tensor import Tensor as _Tensor
from ..ops.comparison import allclose
from ..ops.elementwise import invert as bitwise_not
from ..ops.linalg import triangular_solve as _triangular_solve
from . import distributed, linalg, nn, optim, special

_ops: _Any = _package  # its functions are put together when it is imported
_SAME = """
abs acos acosh addbmm addmm addmv arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax asin asinh atan
atan2 atanh baddbmm bincount bitwise_and bitwise_or bitwise_xor bmm broadcast_to ceil clamp cos cosh cross cumprod div
divide dstack einsum eq erf erfc erfinv exp exp2 expm1 eye flip float_power floor floor_divide fmod frac full
full_like gcd ge greater greater_equal gt histc hstack inverse isclose isfinite isinf isnan isneginf le lerp less
less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor lt masked_select
matmul maximum minimum mm mul mv nan_to_num ne neg negative nonzero not_equal ones ones_like outer pow rand rand_like
randn randn_like ravel reciprocal remainder reshape roll round rsqrt searchsorted sigmoid sign sin sinc sinh sqrt
square swapaxes t take tan tanh tile tril triu trunc unbind unique_consecutive unsqueeze where xlogy zeros zeros_like
"""
globals().update({name: getattr(_ops, name) for name in _SAME.split()})


_ADDED = "Tensor of the broadcast shape of the inputs; their common type."
_COMMON = {
    "stable": "(bool): no effect: the order of equal elements is kept always.",
    "device": "(str): no effect: there is one device.",
    "generator": "(None): numbers come from the global generator.",
    "pin_memory": "(bool): no effect.",
    "compute_mode": "(str): no effect.",
    "output_size": "(int): the length that must come out; None for any.",
}


def _like(function, args=None, **more):
    """A decorator: the docstring is completed from that of ``function``."""
    return _forwards(function, args={**_COMMON, **(args or {})}, **more)


# ---------------------------------------------------------------- arithmetic
@_like(_ops.add, args={"alpha": "(number): what ``other`` is multiplied by."}, returns=_ADDED)
def add(input, other, *, alpha=1):
    """``input + alpha * other``."""
    return _ops.add(input, other if alpha == 1 else other * alpha)


@_like(_ops.sub, args={"alpha": "(number): what ``other`` is multiplied by."}, returns=_ADDED)
def sub(input, other, *, alpha=1):
    """``input - alpha * other``."""
    return _ops.sub(input, other if alpha == 1 else other * alpha)


def equal(input, other):
    """Whether both Tensors have the same shape and the same elements: one bool; ``eq`` compares element by element.

    Args:
        input (Tensor): any shape and type.
        other (Tensor): any shape and type.

    Returns:
        Tensor of shape (); bool.

    >>> import minispore as ms
    >>> print(equal(ms.Tensor([1, 2, 3]), ms.Tensor([1, 2, 4])))
    False
    """
    if tuple(input.shape) != tuple(other.shape):
        return _as_tensor(False)
    return _ops.all(_ops.equal(input, other))


@_like(_ops.addcdiv)
def addcdiv(input, tensor1, tensor2, *, value=1):
    """``input + value * tensor1 / tensor2``."""
    return _ops.addcdiv(input, tensor1, tensor2, value)


def dot(input, other):
    """The sum of the products of two vectors.

    Args:
        input (Tensor): shape (n,); numbers.
        other (Tensor): shape (n,); numbers.

    Returns:
        Tensor of shape (); the common type of the inputs, int64 for integers.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(dot(ms.Tensor([1.0, 2.0]), ms.Tensor([3.0, 4.0])))
    11.0
    """
    return _ops.sum(input * other)


vdot = dot


def trace(input):
    """The sum of the diagonal of a matrix.

    Args:
        input (Tensor): shape (n, m); numbers.

    Returns:
        Tensor of shape (); the type of ``input``, int64 for integers.

    >>> import minispore as ms
    >>> print(trace(ms.Tensor([[1.0, 2.0], [3.0, 4.0]])))
    5.0
    """
    return _ops.sum(_ops.diagonal(input))


# ---------------------------------------------------------------- reductions
@_like(_ops.sum)
def sum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum over ``dim`` (one axis, several, or all)."""
    return _ops.sum(input, dim, keepdim, dtype=dtype)


@_like(_ops.mean)
def mean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean over ``dim``."""
    return _ops.mean(input, dim, keepdim, dtype=dtype)


@_like(_ops.prod)
def prod(input, dim=None, keepdim=False, *, dtype=None):
    """The product over ``dim``."""
    return _ops.prod(input, dim, keepdim, dtype)


@_like(_ops.nansum)
def nansum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum over ``dim`` of what is not NaN."""
    return _ops.nansum(input, dim, keepdim, dtype=dtype)


@_like(_ops.all)
def all(input, dim=None, keepdim=False):
    """Whether every element over ``dim`` is true."""
    return _ops.all(input, dim, keepdim)


@_like(_ops.any)
def any(input, dim=None, keepdim=False):
    """Whether some element over ``dim`` is true."""
    return _ops.any(input, dim, keepdim)


@_like(_ops.amax)
def amax(input, dim=(), keepdim=False):
    """The maximum over ``dim``."""
    return _ops.amax(input, dim, keepdim)


@_like(_ops.amin)
def amin(input, dim=(), keepdim=False):
    """The minimum over ``dim``."""
    return _ops.amin(input, dim, keepdim)


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
    return _extreme(_ops.amax, _ops.max, _ops.maximum, input, *args, **kwargs)


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
    return _extreme(_ops.amin, _ops.min, _ops.minimum, input, *args, **kwargs)


def _extreme(whole, along, pair, input, dim=None, keepdim=False, *, other=None):
    if other is None and isinstance(dim, _Tensor):
        other = dim
    if other is not None:
        return pair(input, other)
    return whole(input) if dim is None else along(input, dim, keepdim)


@_like(_ops.argmin, returns="Tensor without the axis ``dim`` (or with length 1 there); int64. It has no gradient.")
def argmin(input, dim=None, keepdim=False):
    """The index (int64) of the first minimum along ``dim`` or of all elements."""
    return _to(_ops.argmin(input, dim, keepdim), _int64)


def _spread(function, shown):
    def spread(input, dim=None, *, correction=1, keepdim=False):
        return function(input, dim, correction, keepdim)

    name = spread.__name__ = spread.__qualname__ = function.__name__
    divisor = "(int): the number of elements less this is divided by."
    call = f"{name}(ms.Tensor([1.0, 5.0]), correction=0)"
    example = f">>> import minispore as ms\n>>> print({'*' * ('_' in name)}{call})\n{shown}"
    return _like(function, {"correction": divisor}, named={"correction": "ddof"}, example=example)(spread)


var, std = _spread(_ops.var, "4.0"), _spread(_ops.std, "2.0")
var_mean, std_mean = _spread(_ops.var_mean, "4.0 3.0"), _spread(_ops.std_mean, "2.0 3.0")


@_like(_ops.logsumexp)
def logsumexp(input, dim, keepdim=False):
    """``log(sum(exp(input)))`` over ``dim``."""
    return _ops.logsumexp(input, dim, keepdim)


@_like(_ops.count_nonzero, returns="Tensor without the axes ``dim``; int64. It has no gradient.")
def count_nonzero(input, dim=None):
    """How many elements over ``dim`` are not 0, int64."""
    return _ops.count_nonzero(input, dim, dtype=_int64)


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
        return _ops.matrix_norm(input, "nuc", (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return _ops.vector_norm(input, 2 if p == "fro" else p, dim, keepdim, dtype=dtype)


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
    return _ops.median(_ops.reshape(input, (-1,)), 0)[0] if dim is None else _ops.median(input, dim, keepdim)


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
    found = tuple(_ops.narrow(t, dim, k - 1, 1) for t in (values, order))
    return found if keepdim else tuple(_ops.squeeze(t, dim) for t in found)


# ---------------------------------------------------------------- order
@_like(_ops.sort, returns="tuple of two Tensors of the shape of ``input``: values in its type, positions in int64.")
def sort(input, *, dim=-1, descending=False, stable=False):
    """(values, int64 positions) in order along ``dim``; equal elements keep their order."""
    values, order = _ops.sort(input, dim, descending)
    return values, _to(order, _int64)


@_like(_ops.argsort, returns="Tensor of the shape of ``input``; int64. It has no gradient.")
def argsort(input, dim=-1, descending=False, stable=False):
    """The positions (int64) that sort along ``dim``."""
    return _to(_ops.argsort(input, dim, descending), _int64)


@_like(
    _ops.topk,
    returns="tuple of two Tensors with length ``k`` along ``dim``: values in the type of ``input``, positions in int64.",
)
def topk(input, k, dim=-1, largest=True, sorted=True):
    """(values, int64 positions) of the ``k`` largest or smallest elements along ``dim``."""
    values, order = _ops.topk(input, k, dim, largest, sorted)
    return values, _to(order, _int64)


@_like(
    _ops.cumsum,
    args={"dtype": "(dtype): the type to convert ``input`` to first; None for its own, int64 for integers and bool."},
    returns="Tensor of the shape of ``input``; ``dtype``, else the type of ``input`` or int64.",
)
def cumsum(input, dim, dtype=None):
    """Running sums along ``dim``; whole numbers give int64."""
    wanted = dtype or (None if input.dtype.is_float else _int64)
    return _ops.cumsum(input, dim, wanted)


@_like(_ops.cummax)
def cummax(input, dim):
    """(running maximum, its position) along ``dim``."""
    return _ops.cummax(input, dim)


@_like(_ops.cummin)
def cummin(input, dim):
    """(running minimum, its position) along ``dim``."""
    return _ops.cummin(input, dim)


@_like(_ops.diff)
def diff(input, n=1, dim=-1, prepend=None, append=None):
    """Differences of neighbours along ``dim``, ``n`` times."""
    return _ops.diff(input, n, dim, prepend, append)


# ---------------------------------------------------------------- shapes
@_like(_ops.concat)
def cat(tensors, dim=0):
    """Tensors one after the other along ``dim``."""
    return _ops.concat(tensors, dim)


concat = cat


@_like(_ops.stack)
def stack(tensors, dim=0):
    """Tensors of one shape along a new axis."""
    return _ops.stack(tensors, dim)


@_like(_ops.split)
def split(tensor, split_size_or_sections, dim=0):
    """Chunks along ``dim``: of a given size, or of the listed sizes."""
    return _ops.split(tensor, split_size_or_sections, dim)


@_like(_ops.chunk)
def chunk(input, chunks, dim=0):
    """At most ``chunks`` parts of equal size along ``dim``."""
    return _ops.chunk(input, chunks, dim)


@_like(_ops.flatten)
def flatten(input, start_dim=0, end_dim=-1):
    """The axes from ``start_dim`` to ``end_dim`` as one.

    >>> import minispore as ms
    >>> flatten(ms.ops.zeros((2, 3, 4)), 1).shape
    (2, 12)
    """
    return _ops.flatten(input, start_dim=start_dim, end_dim=end_dim)


@_like(_ops.squeeze)
def squeeze(input, dim=None):
    """Without the axes of length 1: all of them, or those of ``dim`` that have that length."""
    if dim is None:
        return _ops.squeeze(input)
    given = (dim,) if isinstance(dim, int) else tuple(dim)
    single = tuple(d for d in given if input.shape[d] == 1)
    return _ops.squeeze(input, single) if single else input


@_like(_ops.swapaxes)
def transpose(input, dim0, dim1):
    """Two axes exchanged."""
    return _ops.swapaxes(input, dim0, dim1)


@_like(_ops.permute)
def permute(input, dims):
    """The axes in the order ``dims``."""
    return _ops.permute(input, tuple(dims))


@_like(_ops.narrow)
def narrow(input, dim, start, length):
    """``length`` elements along ``dim`` from ``start`` on."""
    return _ops.narrow(input, dim, start, length)


def select(input, dim, index):
    """The slice number ``index`` along ``dim``, without that axis.

    Args:
        input (Tensor): at least one axis; any type.
        dim (int): the axis.
        index (int): the position, negative ones from the end.

    Returns:
        Tensor of the shape of ``input`` without the axis ``dim``; its type.

    >>> import minispore as ms
    >>> print(select(ms.Tensor([[1, 2], [3, 4]]), 1, -1))
    [2 4]
    """
    n = input.shape[dim]
    return _ops.squeeze(_ops.narrow(input, dim, index + n if index < 0 else index, 1), dim)


@_like(_ops.repeat_interleave)
def repeat_interleave(input, repeats, dim=None, *, output_size=None):
    """Every element of ``dim`` so many times in a row."""
    out = _ops.repeat_interleave(input, repeats, dim)
    length = out.shape[0 if dim is None else dim]
    if output_size is not None and output_size != length:
        raise _fail(ValueError, f"For 'repeat_interleave', 'output_size' must be {length}, but got {output_size}.")
    return out


@_like(
    _ops.meshgrid,
    args={
        "tensors": "(Tensor): vectors of one type; numbers.",
        "indexing": '(str): "ij": each vector runs along the axis of its place; "xy": the first two change places.'
        ' None for "ij".',
    },
    returns="tuple of as many Tensors, all of the shape of the grid; the type of ``tensors``.",
    example="""
    >>> import minispore as ms
    >>> print(*meshgrid(ms.Tensor([1, 2]), ms.Tensor([5, 6])))
    [[1 1]
     [2 2]] [[5 6]
     [5 6]]
    """,
)
def meshgrid(*tensors, indexing=None):
    """Each vector repeated along the axes of the others; "ij" by default."""
    return _ops.meshgrid(*tensors, indexing=indexing or "ij")


def diag(input, diagonal=0):
    """A matrix with a vector on its diagonal, or the diagonal of a matrix.

    Args:
        input (Tensor): shape (n,) or (n, m); any type.
        diagonal (int): which diagonal: positive ones above the main one. Default: 0.

    Returns:
        Tensor of two axes of length ``n + |diagonal|``, or of one axis; the type of ``input``.

    >>> import minispore as ms
    >>> print(diag(ms.Tensor([1, 2])), diag(ms.Tensor([[1, 2], [3, 4]]), 1))
    [[1 0]
     [0 2]] [2]
    """
    return _ops.diag_embed(input, diagonal) if input.ndim == 1 else _ops.diagonal(input, diagonal)


def clone(input):
    """A copy, through which gradients flow.

    Args:
        input (Tensor): any shape; any type.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(clone(ms.Tensor([1.0, 2.0])))
    [1. 2.]
    """
    return _ops.identity(input)


# ---------------------------------------------------------------- picking
@_like(_ops.gather_elements)
def gather(input, dim, index):
    """The elements at positions along ``dim`` that ``index`` gives, in its shape."""
    return _ops.gather_elements(input, dim, index)


@_like(_ops.index_select)
def index_select(input, dim, index):
    """The slices along ``dim`` at ``index``."""
    return _ops.index_select(input, dim, index)


def index_add(input, dim, index, source, *, alpha=1):
    """``input`` with ``alpha * source`` added to its slices along ``dim`` at ``index``.

    Args:
        input (Tensor): at least one axis; numbers.
        dim (int): the axis.
        index (Tensor): shape (n,); integers; positions along ``dim``.
        source (Tensor): the shape of ``input`` with ``n`` along ``dim``; the type of ``input``.
        alpha (number): what ``source`` is multiplied by. Default: 1.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(index_add(ms.Tensor([1.0, 2.0]), 0, ms.Tensor([1, 1]), ms.Tensor([3.0, 4.0]), alpha=2))
    [ 1. 16.]
    """
    return input.index_add(dim, index, source, alpha=alpha)


def scatter(input, dim, index, src):
    """``input`` with ``src`` at the positions ``index`` along ``dim``.

    Args:
        input (Tensor): at least one axis; numbers.
        dim (int): the axis.
        index (Tensor): as many axes as ``input``; integers; the position along ``dim`` of each element of ``src``.
        src (Tensor | number): the shape of ``index``; the type of ``input``; or one number for all.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(scatter(ms.Tensor([1.0, 2.0, 3.0]), 0, ms.Tensor([0, 2]), ms.Tensor([9.0, 8.0])))
    [9. 2. 8.]
    """
    return _ops.tensor_scatter_elements(input, index, _filled(src, input, index), dim)


def scatter_add(input, dim, index, src):
    """``input`` with ``src`` added at the positions ``index`` along ``dim``.

    Args:
        input (Tensor): at least one axis; numbers.
        dim (int): the axis.
        index (Tensor): as many axes as ``input``; integers; the position along ``dim`` of each element of ``src``.
        src (Tensor | number): the shape of ``index``; the type of ``input``; or one number for all.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(scatter_add(ms.Tensor([1.0, 2.0, 3.0]), 0, ms.Tensor([0, 2]), ms.Tensor([9.0, 8.0])))
    [10.  2. 11.]
    """
    return _ops.tensor_scatter_elements(input, index, _filled(src, input, index), dim, "add")


def _filled(src, input, index):
    return src if isinstance(src, _Tensor) else _ops.full(index.shape, src, dtype=input.dtype)


# ---------------------------------------------------------------- from nothing, random
@_like(_ops.zeros)
def empty(*size, dtype=None, device=None, pin_memory=False):
    """A Tensor whose values are not to be relied on (zeros)."""
    return _ops.zeros(size[0] if len(size) == 1 else size, dtype)


@_like(_ops.zeros_like)
def empty_like(input, *, dtype=None, device=None, pin_memory=False):
    """The same in the shape and type of ``input``."""
    return _ops.zeros_like(input, dtype=dtype)


@_like(_ops.linspace)
def linspace(start, end, steps, *, dtype=None):
    """``steps`` numbers from ``start`` to ``end``."""
    return _ops.linspace(start, end, steps, dtype=dtype)


def _no_generator(name, generator):
    """Draws follow from ``set_seed`` alone: a generator of its own would be ignored, so it is refused."""
    if generator is not None:
        raise _fail(ValueError, f"For '{name}', 'generator' must be None: seed draws by ms.set_seed.")


def normal(mean=0.0, std=1.0, size=None, generator=None):
    """Normal numbers, of the shape ``size`` or of that in which ``mean`` and ``std`` broadcast.

    Args:
        mean (Tensor | float): the means. Default: 0.0.
        std (Tensor | float): the standard deviations. Default: 1.0.
        size (tuple[int]): the shape; None for the shape of ``mean + std``. Default: None.
        generator (None): numbers come from the global generator. Default: None.

    Returns:
        Tensor of floats.

    >>> import minispore as ms
    >>> normal(ms.Tensor([0.0, 10.0]), 1.0).shape, normal(size=(2, 3)).shape
    ((2,), (2, 3))
    """
    _no_generator("normal", generator)
    if size is None:
        size = _ops.add(_as_tensor(mean), std).shape
    return _ops.normal(size, mean, std)


def bernoulli(input, *, generator=None):
    """1 with the probability that ``input`` gives, else 0.

    Args:
        input (Tensor): any shape; floats in [0, 1].
        generator (None): numbers come from the global generator. Default: None.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(bernoulli(ms.Tensor([0.0, 1.0])))
    [0. 1.]
    """
    _no_generator("bernoulli", generator)
    return _to(_ops.rand(input.shape, dtype=_float32) < input, input.dtype)


@_like(
    _ops.multinomial,
    example=">>> import minispore as ms\n>>> print(multinomial(ms.Tensor([0.0, 1.0, 0.0]), 3, replacement=True))\n[1 1 1]",
)
def multinomial(input, num_samples, replacement=False, *, generator=None):
    """Indices drawn with the weights ``input``."""
    _no_generator("multinomial", generator)
    return _ops.multinomial(input, num_samples, replacement)


def randint(*args, dtype=None, generator=None, device=None):
    """Uniform integers in [low, high): ``randint(high, size)`` or ``randint(low, high, size)``.

    Args:
        *args (int | tuple[int]): ``low`` (0 if it is not given), ``high`` and the shape ``size``.
        dtype (dtype): the type; int64 by default. Default: None.
        generator (None): numbers come from the global generator. Default: None.
        device (str): no effect: there is one device. Default: None.

    Returns:
        Tensor of the shape ``size``; ``dtype`` or int64.

    >>> import minispore as ms
    >>> print(randint(3, 4, (2,)), randint(10, (2, 3)).shape)
    [3 3] (2, 3)
    """
    _no_generator("randint", generator)
    low, high, size = (0, *args) if len(args) == 2 else args
    return _ops.randint(low, high, size, dtype=dtype)


def randint_like(input, low, high=None, *, dtype=None, device=None):
    """Uniform integers in [low, high), or in [0, low), in the shape of ``input``.

    Args:
        input (Tensor): any shape.
        low (int): the smallest number; the bound if ``high`` is not given.
        high (int): the bound, which is never drawn. Default: None.
        dtype (dtype): the type; that of ``input`` by default. Default: None.
        device (str): no effect: there is one device. Default: None.

    Returns:
        Tensor of the shape of ``input``; ``dtype`` or the type of ``input``.

    >>> import minispore as ms
    >>> print(randint_like(ms.Tensor([0, 0]), 3, 4))
    [3 3]
    """
    low, high = (0, low) if high is None else (low, high)
    return _ops.randint(low, high, input.shape, dtype=dtype or input.dtype)


@_like(_ops.randperm)
def randperm(n, *, generator=None, dtype=_int64):
    """A random order of 0..n-1."""
    _no_generator("randperm", generator)
    return _ops.randperm(n, dtype=dtype)


@_like(
    _ops.softmax,
    example="""
    >>> import minispore as ms
    >>> print(softmax(ms.Tensor([[0.0, 0.0], [0.0, 1000.0]]), 1))
    [[0.5 0.5]
     [0.  1. ]]
    """,
)
def softmax(input, dim, *, dtype=None):
    """``exp(x) / sum(exp(x))`` along ``dim``."""
    return _ops.softmax(input, dim, dtype=dtype)


@_like(_ops.cdist)
def cdist(x1, x2, p=2.0, compute_mode="use_mm_for_euclid_dist_if_necessary"):
    """The distances of the rows of ``x1`` from those of ``x2``."""
    return _ops.cdist(x1, x2, p)


@_like(_triangular_solve)
def triangular_solve(b, A, upper=True, transpose=False, unitriangular=False):
    """(``x`` with ``A @ x = b`` for a triangular ``A``, ``A``)."""
    return _triangular_solve(b, A, upper, transpose, unitriangular)


def real(input):
    """The real part: ``input`` itself, as Tensors are real.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor, ``input``.

    >>> import minispore as ms
    >>> print(real(ms.Tensor([1.0])))
    [1.]
    """
    return input


from ..core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)
