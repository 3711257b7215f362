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
from ..core.op import as_tensor as _as_tensor, to as _to
from ..core.tensor import Tensor as _Tensor
from ..ops.comparison import allclose
from ..ops.elementwise import invert as bitwise_not
from ..ops.linalg import triangular_solve as _triangular_solve
from . import linalg, nn, optim, special

_ops: _Any = _package  # its functions are put together when it is imported
_SAME = """
abs acos acosh addbmm addmm addmv arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax asin asinh atan
atan2 atanh baddbmm bincount bitwise_and bitwise_or bitwise_xor bmm broadcast_to ceil clamp cos cosh cross cumprod div
divide dstack einsum eq equal erf erfc erfinv exp exp2 expm1 eye flip float_power floor floor_divide fmod frac full
full_like gcd ge greater greater_equal gt histc hstack inverse isclose isfinite isinf isnan isneginf le lerp less
less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor lt masked_select
matmul maximum minimum mm mul mv nan_to_num ne neg negative nonzero not_equal ones ones_like outer pow rand rand_like
randn randn_like ravel reciprocal remainder reshape roll round rsqrt searchsorted sigmoid sign sin sinc sinh sqrt
square swapaxes t take tan tanh tile tril triu trunc unbind unique_consecutive unsqueeze where xlogy zeros zeros_like
"""
globals().update({name: getattr(_ops, name) for name in _SAME.split()})


# ---------------------------------------------------------------- arithmetic
def add(input, other, *, alpha=1):
    """``input + alpha * other``."""
    return _ops.add(input, other if alpha == 1 else other * alpha)


def sub(input, other, *, alpha=1):
    """``input - alpha * other``."""
    return _ops.sub(input, other if alpha == 1 else other * alpha)


def addcdiv(input, tensor1, tensor2, *, value=1):
    """``input + value * tensor1 / tensor2``."""
    return _ops.addcdiv(input, tensor1, tensor2, value)


def dot(input, other):
    """The sum of the products of two vectors."""
    return _ops.sum(input * other)


vdot = dot


def trace(input):
    """The sum of the diagonal of a matrix."""
    return _ops.sum(_ops.diagonal(input))


# ---------------------------------------------------------------- reductions
def sum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum over ``dim`` (one axis, several, or all)."""
    return _ops.sum(input, dim, keepdim, dtype=dtype)


def mean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean over ``dim``."""
    return _ops.mean(input, dim, keepdim, dtype=dtype)


def prod(input, dim=None, keepdim=False, *, dtype=None):
    """The product over ``dim``."""
    return _ops.prod(input, dim, keepdim, dtype)


def nansum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum over ``dim`` of what is not NaN."""
    return _ops.nansum(input, dim, keepdim, dtype=dtype)


def all(input, dim=None, keepdim=False):
    """Whether every element over ``dim`` is true."""
    return _ops.all(input, dim, keepdim)


def any(input, dim=None, keepdim=False):
    """Whether some element over ``dim`` is true."""
    return _ops.any(input, dim, keepdim)


def amax(input, dim=(), keepdim=False):
    """The maximum over ``dim``."""
    return _ops.amax(input, dim, keepdim)


def amin(input, dim=(), keepdim=False):
    """The minimum over ``dim``."""
    return _ops.amin(input, dim, keepdim)


def max(input, *args, **kwargs):
    """``max(input)``: the maximum; ``max(input, dim, keepdim=False)``: (maximum, index) along ``dim``;

    ``max(input, other)``: the larger one of each pair.
    """
    return _extreme(_ops.amax, _ops.max, _ops.maximum, input, *args, **kwargs)


def min(input, *args, **kwargs):
    """``min(input)``, ``min(input, dim, keepdim=False)``, ``min(input, other)``, as ``max``."""
    return _extreme(_ops.amin, _ops.min, _ops.minimum, input, *args, **kwargs)


def _extreme(whole, along, pair, input, dim=None, keepdim=False, *, other=None):
    if other is None and isinstance(dim, _Tensor):
        other = dim
    if other is not None:
        return pair(input, other)
    return whole(input) if dim is None else along(input, dim, keepdim)


def argmin(input, dim=None, keepdim=False):
    """The index (int64) of the first minimum along ``dim`` or of all elements."""
    return _to(_ops.argmin(input, dim, keepdim), _int64)


def _spread(function):
    def spread(input, dim=None, *, correction=1, keepdim=False):
        return function(input, dim, correction, keepdim)

    spread.__name__ = spread.__qualname__ = function.__name__
    spread.__doc__ = (
        f"``ops.{function.__name__}`` over ``dim``, divided by the number of elements minus ``correction``."
    )
    return spread


var, std, var_mean, std_mean = (_spread(f) for f in (_ops.var, _ops.std, _ops.var_mean, _ops.std_mean))


def logsumexp(input, dim, keepdim=False):
    """``log(sum(exp(input)))`` over ``dim``."""
    return _ops.logsumexp(input, dim, keepdim)


def count_nonzero(input, dim=None):
    """How many elements over ``dim`` are not 0, int64."""
    return _ops.count_nonzero(input, dim, dtype=_int64)


def norm(input, p="fro", dim=None, keepdim=False, *, dtype=None):
    """The ``p``-norm over ``dim``; "fro" is 2; "nuc" the nuclear norm of matrices."""
    if p == "nuc":
        return _ops.matrix_norm(input, "nuc", (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return _ops.vector_norm(input, 2 if p == "fro" else p, dim, keepdim, dtype=dtype)


def median(input, dim=None, keepdim=False):
    """The median, of two middle elements the lower one; along ``dim`` also its index."""
    return _ops.median(_ops.reshape(input, (-1,)), 0)[0] if dim is None else _ops.median(input, dim, keepdim)


def kthvalue(input, k, dim=-1, keepdim=False):
    """(the ``k``-th smallest element along ``dim``, its index)."""
    values, order = sort(input, dim=dim)
    found = tuple(_ops.narrow(t, dim, k - 1, 1) for t in (values, order))
    return found if keepdim else tuple(_ops.squeeze(t, dim) for t in found)


# ---------------------------------------------------------------- order
def sort(input, *, dim=-1, descending=False, stable=False):
    """(values, int64 positions) in order along ``dim``; equal elements keep their order."""
    values, order = _ops.sort(input, dim, descending)
    return values, _to(order, _int64)


def argsort(input, dim=-1, descending=False, stable=False):
    """The positions (int64) that sort along ``dim``."""
    return _to(_ops.argsort(input, dim, descending), _int64)


def topk(input, k, dim=-1, largest=True, sorted=True):
    """(values, int64 positions) of the ``k`` largest or smallest elements along ``dim``."""
    values, order = _ops.topk(input, k, dim, largest, sorted)
    return values, _to(order, _int64)


def cumsum(input, dim, dtype=None):
    """Running sums along ``dim``; whole numbers give int64."""
    wanted = dtype or (None if input.dtype.is_float else _int64)
    return _ops.cumsum(input, dim, wanted)


def cummax(input, dim):
    """(running maximum, its position) along ``dim``."""
    return _ops.cummax(input, dim)


def cummin(input, dim):
    """(running minimum, its position) along ``dim``."""
    return _ops.cummin(input, dim)


def diff(input, n=1, dim=-1, prepend=None, append=None):
    """Differences of neighbours along ``dim``, ``n`` times."""
    return _ops.diff(input, n, dim, prepend, append)


# ---------------------------------------------------------------- shapes
def cat(tensors, dim=0):
    """Tensors one after the other along ``dim``."""
    return _ops.concat(tensors, dim)


concat = cat


def stack(tensors, dim=0):
    """Tensors of one shape along a new axis."""
    return _ops.stack(tensors, dim)


def split(tensor, split_size_or_sections, dim=0):
    """Chunks along ``dim``: of a given size, or of the listed sizes."""
    return _ops.split(tensor, split_size_or_sections, dim)


def chunk(input, chunks, dim=0):
    """At most ``chunks`` parts of equal size along ``dim``."""
    return _ops.chunk(input, chunks, dim)


def flatten(input, start_dim=0, end_dim=-1):
    """The axes from ``start_dim`` to ``end_dim`` as one.

    >>> import minispore as ms
    >>> flatten(ms.ops.zeros((2, 3, 4)), 1).shape
    (2, 12)
    """
    return _ops.flatten(input, start_dim=start_dim, end_dim=end_dim)


def squeeze(input, dim=None):
    """Without the axes of length 1: all of them, or those of ``dim`` that have that length."""
    if dim is None:
        return _ops.squeeze(input)
    given = (dim,) if isinstance(dim, int) else tuple(dim)
    single = tuple(d for d in given if input.shape[d] == 1)
    return _ops.squeeze(input, single) if single else input


def transpose(input, dim0, dim1):
    """Two axes exchanged."""
    return _ops.swapaxes(input, dim0, dim1)


def permute(input, dims):
    """The axes in the order ``dims``."""
    return _ops.permute(input, tuple(dims))


def narrow(input, dim, start, length):
    """``length`` elements along ``dim`` from ``start`` on."""
    return _ops.narrow(input, dim, start, length)


def select(input, dim, index):
    """The slice number ``index`` along ``dim``, without that axis."""
    n = input.shape[dim]
    return _ops.squeeze(_ops.narrow(input, dim, index + n if index < 0 else index, 1), dim)


def repeat_interleave(input, repeats, dim=None, *, output_size=None):
    """Every element of ``dim`` so many times in a row."""
    return _ops.repeat_interleave(input, repeats, dim)


def meshgrid(*tensors, indexing=None):
    """Each vector repeated along the axes of the others; "ij" by default."""
    return _ops.meshgrid(*tensors, indexing=indexing or "ij")


def diag(input, diagonal=0):
    """A matrix with a vector on its diagonal, or the diagonal of a matrix."""
    return _ops.diag_embed(input, diagonal) if input.ndim == 1 else _ops.diagonal(input, diagonal)


def clone(input):
    """A copy, through which gradients flow."""
    return _ops.identity(input)


# ---------------------------------------------------------------- picking
def gather(input, dim, index):
    """The elements at positions along ``dim`` that ``index`` gives, in its shape."""
    return _ops.gather_elements(input, dim, index)


def index_select(input, dim, index):
    """The slices along ``dim`` at ``index``."""
    return _ops.index_select(input, dim, index)


def index_add(input, dim, index, source, *, alpha=1):
    """``input`` with ``alpha * source`` added to its slices along ``dim`` at ``index``."""
    return input.index_add(dim, index, source, alpha=alpha)


def scatter(input, dim, index, src):
    """``input`` with ``src`` at the positions ``index`` along ``dim``."""
    return _ops.tensor_scatter_elements(input, index, _like(src, input, index), dim)


def scatter_add(input, dim, index, src):
    """``input`` with ``src`` added at the positions ``index`` along ``dim``."""
    return _ops.tensor_scatter_elements(input, index, _like(src, input, index), dim, "add")


def _like(src, input, index):
    return src if isinstance(src, _Tensor) else _ops.full(index.shape, src, dtype=input.dtype)


# ---------------------------------------------------------------- from nothing, random
def empty(*size, dtype=None, device=None, pin_memory=False):
    """A Tensor whose values are not to be relied on (zeros)."""
    return _ops.zeros(size[0] if len(size) == 1 else size, dtype)


def empty_like(input, *, dtype=None, device=None, pin_memory=False):
    """The same in the shape and type of ``input``."""
    return _ops.zeros_like(input, dtype=dtype)


def linspace(start, end, steps, *, dtype=None):
    """``steps`` numbers from ``start`` to ``end``."""
    return _ops.linspace(start, end, steps, dtype=dtype)


def normal(mean=0.0, std=1.0, size=None, generator=None):
    """Normal numbers of the shape ``size``, or of that of ``mean`` and ``std``."""
    if size is None:
        size = _ops.add(_as_tensor(mean), std).shape
    return _ops.normal(size, mean, std)


def bernoulli(input, *, generator=None):
    """1 with the probability that ``input`` gives, else 0."""
    return _to(_ops.rand(input.shape, dtype=_float32) < input, input.dtype)


def multinomial(input, num_samples, replacement=False, *, generator=None):
    """Indices drawn with the weights ``input``."""
    return _ops.multinomial(input, num_samples, replacement)


def randint(*args, dtype=None, generator=None, device=None):
    """``randint(high, size)`` or ``randint(low, high, size)``: whole numbers in [low, high)."""
    low, high, size = (0, *args) if len(args) == 2 else args
    return _ops.randint(low, high, size, dtype=dtype)


def randint_like(input, low, high=None, *, dtype=None, device=None):
    """The same in the shape and type of ``input``."""
    low, high = (0, low) if high is None else (low, high)
    return _ops.randint(low, high, input.shape, dtype=dtype or input.dtype)


def randperm(n, *, generator=None, dtype=_int64):
    """A random order of 0..n-1."""
    return _ops.randperm(n, dtype=dtype)


def softmax(input, dim, *, dtype=None):
    """``exp(x) / sum(exp(x))`` along ``dim``."""
    return _ops.softmax(input, dim, dtype=dtype)


def cdist(x1, x2, p=2.0, compute_mode="use_mm_for_euclid_dist_if_necessary"):
    """The distances of the rows of ``x1`` from those of ``x2``."""
    return _ops.cdist(x1, x2, p)


def triangular_solve(b, A, upper=True, transpose=False, unitriangular=False):
    """(``x`` with ``A @ x = b`` for a triangular ``A``, ``A``)."""
    return _triangular_solve(b, A, upper, transpose, unitriangular)


def real(input):
    """``input``: Tensors are real."""
    return input


from ..core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)
