"""Methods of Tensor that few scripts call: random numbers in place, values put by index, sparse forms, questions of storage."""

from typing import Any

import numpy as np

from .. import ops as _ops
from ..core import checks
from ..core.dtype import DType, float32, int64, to_dtype
from ..core.errors import fail
from ..core.op import to
from ..core.parameter import Parameter, _Kept
from ..core.tensor import Tensor
from ..ops.by_numpy import numpy_op
from ..ops.gathering import gather_nd
from ..ops.index_updates import masked_scatter
from ..ops.methods import in_place, method
from ..ops.movement import axis_of
from ..ops.random import uniform01
from ..ops.sparse_tensor import COOTensor

ops: Any = _ops  # its functions are put together when it is imported


# ---------------------------------------------------------------- random numbers
def _drawn(x):
    """Uniform numbers in (0, 1) of the shape of ``x``."""
    return 1.0 - uniform01(x.shape, x.dtype if x.dtype.name == "float64" else float32)


def _bernoulli(self, p=0.5, *, generator=None):
    """Fills the Tensor with 1 with probability ``p``, else with 0.

    Args:
        p (number | Tensor): the probability, in [0, 1]; a Tensor of a shape that broadcasts. Default: 0.5.
        generator (None): no effect: numbers come from the global generator. Default: None.

    Returns:
        Tensor of the same shape.

    Raises:
        ValueError: the number ``p`` is not in [0, 1].

    >>> import minispore as ms
    >>> print(ms.Tensor([5.0, 6.0]).bernoulli_(1.0))
    [1. 1.]
    """
    if not isinstance(p, Tensor) and not 0 <= p <= 1:
        raise fail(ValueError, f"For 'bernoulli_', 'p' must be in [0, 1], but got {p}.")
    return to(_drawn(self) <= p, self.dtype)


def _exponential(self, lambd=1, *, generator=None):
    """Fills the Tensor with exponential random numbers, of the density ``lambd * exp(-lambd * x)``.

    Args:
        lambd (number): the rate, above 0. Default: 1.
        generator (None): no effect: numbers come from the global generator. Default: None.

    Returns:
        Tensor of the same shape.

    Raises:
        ValueError: ``lambd`` is not above 0.

    >>> import minispore as ms
    >>> print(bool((ms.Tensor([5.0, 6.0]).exponential_() >= 0).all()))
    True
    """
    if lambd <= 0:
        raise fail(ValueError, f"For 'exponential_', 'lambd' must be above 0, but got {lambd}.")
    return ops.log(_drawn(self)) * (-1.0 / lambd)


_WHOLE = {
    "float16": 2**11,
    "bfloat16": 2**8,
    "float32": 2**24,
    "float64": 2**53,
}  # up to here floats hold each whole number


def _random(self, from_=0, to=None, *, generator=None):
    """Fills the Tensor with whole random numbers in ``[from_, to)``; called with one number, in ``[0, from_)``.

    Args:
        from_ (int): the lower bound. Default: 0.
        to (int): the upper bound, not drawn; None: up to the largest number of the type, of floats up to which all whole
            numbers are there. Default: None.
        generator (None): no effect: numbers come from the global generator. Default: None.

    Returns:
        Tensor of the same shape.

    Raises:
        ValueError: there is no number in the interval.

    >>> import minispore as ms
    >>> print(ms.Tensor([5.0, 6.0]).random_(3, 4))
    [3. 3.]
    """
    if to is None:
        name = self.dtype.name
        largest = _WHOLE[name] if name in _WHOLE else 1 if name == "bool" else int(np.iinfo(self.dtype.np).max)
        from_, to = (from_, largest + 1) if from_ == 0 else (0, from_)
    if from_ >= to:
        raise fail(ValueError, f"For 'random_', 'from_' must be below 'to', but got {from_} and {to}.")
    return ops.randint(from_, min(to, 2**63 - 1), self.shape)


@method("log_normal")
def _log_normal(self, mean=1.0, std=2.0):
    """Fills the Tensor with numbers whose logarithm is normal.

    Args:
        mean (float): the mean of the logarithm. Default: 1.0.
        std (float): the standard deviation of the logarithm. Default: 2.0.

    Returns:
        Tensor of the same shape and type.

    >>> import minispore as ms
    >>> print(bool((ms.Tensor([5.0, 6.0]).log_normal() > 0).all()))
    True
    """
    return to(ops.exp(ops.normal(self.shape, mean, std)), self.dtype)


@method("cauchy")
def _cauchy(self, median=0.0, sigma=1.0):
    """Random numbers of the Cauchy distribution.

    Args:
        median (float): its median. Default: 0.0.
        sigma (float): half its width at half its height. Default: 1.0.

    Returns:
        Tensor of the same shape; float32.

    >>> import minispore as ms
    >>> ms.Tensor([5.0, 6.0]).cauchy().shape
    (2,)
    """
    return ops.tan((uniform01(self.shape, float32) - 0.5) * np.pi) * sigma + median


@method("uniform")
def _uniform(self, from_=0.0, to=1.0, generator=None):
    """Uniform random numbers in ``[from_, to)``.

    Args:
        from_ (number): the lower bound. Default: 0.0.
        to (number): the upper bound. Default: 1.0.
        generator (None): no effect: numbers come from the global generator. Default: None.

    Returns:
        Tensor of the same shape and type.

    >>> import minispore as ms
    >>> print(bool((ms.Tensor([5.0, 6.0]).uniform(2.0, 3.0) >= 2).all()))
    True
    """
    return uniform01(self.shape, self.dtype) * (to - from_) + from_


@method("random_categorical")
def _random_categorical(self, num_sample, seed=0, dtype=int64):
    """Draws categories with probabilities given by their logits.

    Args:
        num_sample (int): number of draws for each row.
        seed (int): 0 for the global generator. Default: 0.
        dtype (dtype): type of the result. Default: int64.

    Returns:
        Tensor of shape (rows, ``num_sample``); ``dtype``.

    >>> import minispore as ms
    >>> print(ms.Tensor([[0.0, -1e9]]).random_categorical(2))
    [[0 0]]
    """
    from .functions import random_categorical

    return random_categorical(self, num_sample, seed, dtype)


# ---------------------------------------------------------------- values by index
def _index_copy(self, dim, index, tensor):
    """Copies the slices of ``tensor`` along an axis to the given positions.

    Args:
        dim (int): the axis.
        index (Tensor): shape (k,); integers; the positions along ``dim``.
        tensor (Tensor): the Tensor's shape with k along ``dim``; its type.

    Returns:
        Tensor of the same shape.

    Raises:
        IndexError: a position is out of range.
        ValueError: the shapes do not fit, or ``dim`` is out of range.

    >>> import minispore as ms
    >>> print(ms.ops.zeros((2, 3)).index_copy_(1, ms.Tensor([0, 2]), ms.ops.ones((2, 2))))
    [[1. 0. 1.]
     [1. 0. 1.]]
    """
    a = axis_of("index_copy_", self.ndim, dim)
    wanted = (*self.shape[:a], *index.shape, *self.shape[a + 1 :])
    if index.ndim != 1 or tensor.shape != wanted:
        raise fail(
            ValueError, f"For 'index_copy_', the index {index.shape} and {tensor.shape} do not fit {self.shape}."
        )
    out = self.copy()
    out[(slice(None),) * a + (index,)] = tensor
    return out


@method("choose")
def _choose(self, choices, mode="clip"):
    """``choices[self[i]][i]`` for each position i; the Tensor holds integers: which choice.

    Args:
        choices (Tensor | list | tuple): Tensors of shapes that broadcast.
        mode (str): for numbers that are too small or large: "clip", "wrap" or "raise". Default: "clip".

    Returns:
        Tensor of the broadcast shape; the common type of the choices.

    Raises:
        ValueError: ``mode`` is unknown.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 0]).choose([[1, 2], [3, 4]]))
    [3 2]
    """
    from ..numpy.picking import choose  # which is not imported with the package

    return choose(self, choices, mode)


@method("index_put")
def _index_put(self, indices, values, accumulate=False):
    """The Tensor with values at the given positions: ``self[indices] = values``.

    Args:
        indices (tuple[Tensor] | list[Tensor]): integers, which broadcast, or bool; for each of the first axes.
        values (Tensor): of a shape that broadcasts to that of the indices; the type of the Tensor.
        accumulate (bool): whether values are added, those for one position together. Default: False.

    Returns:
        Tensor of the same shape and type.

    Raises:
        TypeError: ``indices`` is not a tuple or list of Tensors.
        IndexError: a position is out of range.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).index_put((ms.Tensor([1, 1]),), ms.Tensor([5.0]), True))
    [ 1. 12.]
    """
    checks.instance("index_put", (tuple, list), indices=indices)
    if not all(isinstance(k, Tensor) for k in indices):
        raise fail(TypeError, "For 'index_put', 'indices' must hold Tensors.")
    if not accumulate:
        out = self.copy()
        out[tuple(indices)] = values
        return out
    flat = ops.reshape(ops.arange(self.size), self.shape)[tuple(indices)]
    values = to(ops.broadcast_to(values, flat.shape), self.dtype)
    return ops.reshape(ops.index_add(ops.reshape(self, (-1,)), flat.reshape(-1), values.reshape(-1), 0), self.shape)


def _put(self, index, source, accumulate=False):
    """Puts values at positions of the flattened Tensor.

    Args:
        index (Tensor): any shape; integers.
        source (Tensor): the shape of ``index``; the type of the Tensor.
        accumulate (bool): whether values are added, those for one position together. Default: False.

    Returns:
        Tensor of the same shape.

    Raises:
        IndexError: a position is out of range.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]).put_(ms.Tensor([0, 3]), ms.Tensor([8.0, 9.0])))
    [[8. 2.]
     [3. 9.]]
    """
    found = _index_put(ops.reshape(self, (-1,)), (index.reshape(-1),), source.reshape(-1), accumulate)
    return ops.reshape(found, self.shape)


@method("kthvalue")
def _kthvalue(self, k, dim=-1, keepdim=False):
    """The k-th smallest value along an axis, and its position.

    Args:
        k (int): from 1 on.
        dim (int): the axis. Default: -1.
        keepdim (bool): whether the axis stays with length 1. Default: False.

    Returns:
        tuple of two Tensors: the values, and their positions as int64.

    Raises:
        ValueError: ``k`` or ``dim`` is out of range.

    >>> import minispore as ms
    >>> print(*ms.Tensor([4.0, 1.0, 3.0]).kthvalue(2))
    3.0 2
    """
    a = axis_of("kthvalue", self.ndim, dim)
    if not 1 <= k <= self.shape[a]:
        raise fail(ValueError, f"For 'kthvalue', 'k' must be in [1, {self.shape[a]}], but got {k}.")
    values, places = ops.sort(self, a)
    at = (slice(None),) * a + (slice(k - 1, k) if keepdim else k - 1,)
    return values[at], to(places[at], int64)


@method("col2im")
def _col2im(self, output_size, kernel_size, dilation, padding_value, stride):
    """Adds up windows to the images that they were cut from: ``ops.col2im``.

    Args:
        output_size (Tensor): int32 of shape (2,); height and width of the images.
        kernel_size (int | tuple[int]): of the windows.
        dilation (int | tuple[int]): distance of the elements of a window.
        padding_value (int | tuple[int]): what the images were surrounded by.
        stride (int | tuple[int]): from window to window.

    Returns:
        Tensor of shape (N, C, height, width).

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> x = ms.ops.ones((1, 1, 4, 1))
    >>> print(x.col2im(ms.Tensor([2, 2], ms.int32), (2, 2), (1, 1), (0, 0), (1, 1)).shape)
    (1, 1, 2, 2)
    """
    from .functions import col2im

    return col2im(self, output_size, kernel_size, dilation, padding_value, stride)


# ---------------------------------------------------------------- forms and storage
@method("to_coo")
def _to_coo(self):
    """The elements that are not 0, with their positions.

    Returns:
        COOTensor of the same shape, with int32 indices.

    Raises:
        RuntimeError: inside a compiled function, where the number of elements is not known.

    >>> import minispore as ms
    >>> print(ms.Tensor([[0.0, 2.0], [0.0, 3.0]]).to_coo().values)
    [2. 3.]
    """
    places = Tensor(np.argwhere(self.asnumpy()).astype(np.int32))
    return COOTensor(places, gather_nd(self, places), self.shape)


@method("to_csr")
def _to_csr(self):
    """The elements of a matrix that are not 0, row by row.

    Returns:
        CSRTensor of the same shape.

    Raises:
        ValueError: the Tensor has not two axes.
        RuntimeError: inside a compiled function, where the number of elements is not known.

    >>> import minispore as ms
    >>> print(ms.Tensor([[0.0, 2.0], [0.0, 3.0]]).to_csr().indptr)
    [0 1 2]
    """
    return _to_coo(self).to_csr()


@method("get_bytes")
def _get_bytes(self):
    """The bytes of the data.

    Returns:
        bytes.

    >>> import minispore as ms
    >>> ms.Tensor([1, 2], ms.int8).get_bytes()
    b'\\x01\\x02'
    """
    return self.asnumpy().tobytes()


@method("is_shared")
def _is_shared(self):
    """Whether the memory is shared between processes.

    Returns:
        bool: False.

    >>> import minispore as ms
    >>> ms.Tensor([1.0]).is_shared()
    False
    """
    return False


@method("is_pinned")
def _is_pinned(self):
    """Whether the memory is pinned for a device.

    Returns:
        bool: False.

    >>> import minispore as ms
    >>> ms.Tensor([1.0]).is_pinned()
    False
    """
    return False


def _bits(x, dtype):
    return (np.ascontiguousarray(x).view(dtype.np),)


def _bits_type(x, dtype):
    old, new = x.dtype.itemsize, dtype.itemsize
    if old == new:
        return [(x.shape, dtype)]
    if not x.shape:
        raise fail(ValueError, f"For 'view', a Tensor without axes cannot be seen as {dtype}, which has another size than {x.dtype}.")  # fmt: skip
    last = x.shape[-1] * old
    if last % new:
        raise fail(
            ValueError,
            f"For 'view', {x.shape[-1]} elements of {x.dtype} in the last axis are no whole number of {dtype}.",
        )
    return [((*x.shape[:-1], last // new), dtype)]


_reinterpreted = numpy_op("bits", _bits, _bits_type, batch=lambda op, size, xs, batched, attrs: [op(*xs, **attrs)])


@method("view")
def _view(self, *lengths, shape=None, dtype=None):
    """The same elements in a new shape, or the same bytes as elements of another type.

    Args:
        *lengths (int | tuple[int] | list[int] | dtype): the new shape, as one argument or a length each, of which one may be -1;
            or the type.
        shape (tuple[int] | list[int]): the new shape by name. Default: None.
        dtype (dtype): the type by name. Default: None.

    Returns:
        Tensor of that shape; or of that type, whose last axis has as many elements as the bytes give.

    Raises:
        ValueError: the shape does not hold the elements, or the last axis no whole number of the new ones.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1, 2]], ms.int64).view(ms.int32))
    [[1 0 2 0]]
    """
    if dtype is None and len(lengths) == 1 and isinstance(lengths[0], DType):
        dtype = lengths[0]
    if dtype is not None:
        _bits_type(self, dtype := to_dtype(dtype))  # raises where it does not fit
        return _reinterpreted(self, dtype=dtype)
    wanted = shape if shape is not None and not lengths else lengths[0] if len(lengths) == 1 else lengths
    return ops.reshape(self, wanted)


def _convert_bytes_to_tensor(bytes_data, shape, dtype):
    """A Tensor of the bytes that ``get_bytes`` gives.

    Args:
        bytes_data (bytes): the elements.
        shape (tuple[int]): its shape.
        dtype (dtype): its type.

    Returns:
        Tensor.

    >>> import minispore as ms
    >>> print(ms.Tensor.convert_bytes_to_tensor(ms.Tensor([1, 2]).get_bytes(), (2,), ms.int64))
    [1 2]
    """
    return Tensor(np.frombuffer(bytes_data, to_dtype(dtype).np).reshape(shape).copy())


@method("set_const_arg")
def _set_const_arg(self, const_arg=True):
    """Accepted, without effect: arguments are never constants of a graph.

    Args:
        const_arg (bool): no effect. Default: True.

    Returns:
        Tensor itself.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0]).set_const_arg())
    [1.]
    """
    return self


placed: Any = Tensor
placed.const_arg = placed.is_meta = False
placed.delta_seed = 0
placed.convert_bytes_to_tensor = staticmethod(_convert_bytes_to_tensor)

_IN_PLACE = {
    "bernoulli_": _bernoulli, "exponential_": _exponential, "random_": _random, "index_copy_": _index_copy, "index_put_": _index_put,
    "masked_scatter_": masked_scatter, "put_": _put,
}  # fmt: skip
for _name, _function in _IN_PLACE.items():
    in_place(_name, _function)
__test__ = {name: getattr(Tensor, name) for name in _IN_PLACE}  # the examples of their docstrings

# what MindSpore keeps of Parameters for several devices, with the values of one
_ALONE = {
    "cache_enable": _Kept(False), "cache_shape": [], "init_mode": None, "is_in_parallel": False, "is_init": False, "key": _Kept(-1),
    "requires_aggr": True, "sliced": False,
}  # fmt: skip
for _name, _value in _ALONE.items():
    setattr(Parameter, _name, _value)
    if isinstance(_value, _Kept):
        _value.__set_name__(Parameter, _name)
