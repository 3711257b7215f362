"""Methods of Tensor that are one line, or whose signature differs from that of the function."""

import math

import numpy as np

from ..core.layout import dense_strides
from ..core.tensor import Tensor
from . import (
    aliases,
    arg_reduction,
    contraction,
    elementwise as e,
    factorisations,
    matrix,
    movement,
    products,
    random,
    reduction,
    repeating,
    slicing,
)
from .complex import conj
from .methods import method, second_signature
from .movement import reshape
from .padding import pad_constant

for _name, _function in {
    "approximate_equal": aliases.approximate_equal, "fills": aliases.fills,
    "dot": contraction.dot, "mm": products.mm, "addmm": products.addmm, "outer": products.outer, "inv": e.reciprocal,
    "floor_divide": e.floor_div, "count_nonzero": reduction.count_nonzero, "swapdims": movement.swapaxes,
    "bernoulli": random.bernoulli, "multinomial": random.multinomial, "diag_embed": matrix.diag_embed,
    "bitwise_left_shift": random.bitwise_left_shift, "bitwise_right_shift": random.bitwise_right_shift,
}.items():  # fmt: skip
    method(_name)(_function)


@method("qr")
def _qr(self, some=True, *, mode=None):
    """QR factorisation: see ``ops.qr``.

    Args:
        some (bool | str): whether Q has min(m, n) columns, else it has m; or ``mode``. Default: True.
        mode (str | None): "reduced" or "complete", in place of ``some``. Default: None.

    Returns:
        tuple of two Tensors: Q and R.

    Raises:
        TypeError: the Tensor does not hold floats.
        ValueError: the Tensor has fewer than two axes, or ``mode`` is unknown.

    >>> import minispore as ms
    >>> ms.ops.ones((3, 2)).qr(some=False)[0].shape
    (3, 3)
    """
    mode = some if isinstance(some, str) else mode
    return factorisations.qr(self, mode or ("reduced" if some else "complete"))


@method("repeat_interleave")
def _repeat_interleave(self, repeats, axis=None, *, output_size=None):
    """Every element of an axis several times in a row.

    Args:
        repeats (int | tuple[int] | list[int] | Tensor): how often, for all or for each element of the axis.
        axis (int | None): the axis, or ``dim``. Default: None, the flattened Tensor.
        output_size (int): the length that comes out; not read. Default: None.

    Returns:
        Tensor of the shape of the Tensor with ``axis`` longer; its type.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: there is no such axis, or ``repeats`` is negative.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2]).repeat_interleave(2, dim=0))
    [1 1 2 2]
    """
    return repeating.repeat_interleave(self, repeats, axis)


for _name, _names in {
    "argmax": {"dim": "axis", "keepdim": "keepdims"}, "argmin": {"dim": "axis", "keepdim": "keepdims"},
    "all": {"dim": "axis", "keepdim": "keep_dims"}, "any": {"dim": "axis", "keepdim": "keep_dims"},
    "prod": {"dim": "axis", "keepdim": "keep_dims"}, "logsumexp": {"axis": "dim", "keep_dims": "keepdim"},
    "std": {"dim": "axis", "keepdim": "keepdims", "correction": "ddof"},
    "var": {"dim": "axis", "keepdim": "keepdims", "correction": "ddof"},
    "median": {"dim": "axis", "keepdim": "keepdims"}, "split": {"split_size": "split_size_or_sections", "dim": "axis"},
    "chunk": {"dim": "axis"}, "tile": {"reps": "dims"}, "index_select": {"dim": "axis"}, "take": {"index": "indices"},
    "repeat_interleave": {"dim": "axis"}, "isclose": {"x2": "other"}, "expand_as": {"x": "other"},
    "remainder": {"other": "y", "divisor": "y"}, "sub": {"y": "other"}, "floor_divide": {"other": "y"},
    "count_nonzero": {"dim": "axis"}, "narrow": {"dim": "axis"}, "unsqueeze": {"dim": "axis"},
    "nansum": {"dim": "axis", "keepdim": "keepdims"}, "matmul": {"tensor2": "other"},
    "float_power": {"other": "exponent"}, "multiply": {"value": "other"}, "swapdims": {"dim0": "axis0", "dim1": "axis1"},
    "logical_and": {"y": "other"}, "logical_or": {"y": "other"},
}.items():  # fmt: skip
    second_signature(_name, **_names)


@method("reshape_as")
def _reshape_as(self, other):
    """The elements in the shape of another Tensor.

    Args:
        other (Tensor): as many elements; only its shape is read.

    Returns:
        Tensor of the shape of ``other``; the Tensor's type.

    Raises:
        ValueError: the numbers of elements differ.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2]).reshape_as(ms.Tensor([[0], [0]])))
    [[1]
     [2]]
    """
    return reshape(self, other.shape)


@method("ptp")
def _ptp(self, axis=None, keepdims=False):
    """Range of the values: maximum minus minimum over axes.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None for all. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); the same type.

    Raises:
        ValueError: ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]).ptp(1))
    [3. 1.]
    """
    return reduction.amax(self, axis, keepdims) - reduction.amin(self, axis, keepdims)


@method("argmax_with_value")
def _argmax_with_value(self, axis=0, keep_dims=False):
    """Maximum along an axis and its index.

    Args:
        axis (None | int): the axis; None for the maximum of all elements, with index 0. Default: 0.
        keep_dims (bool): whether the axis stays with length 1. Default: False.

    Returns:
        tuple of two Tensors: the maxima in the Tensor's type, and their indices, int64.

    Raises:
        ValueError: ``axis`` is out of range.

    >>> import minispore as ms
    >>> values, indices = ms.Tensor([[1.0, 4.0], [3.0, 2.0]]).argmax_with_value(1)
    >>> print(values, indices)
    [4. 3.] [1 0]
    """
    return arg_reduction.max(self, axis, keep_dims)


@method("argmin_with_value")
def _argmin_with_value(self, axis=0, keep_dims=False):
    """Minimum along an axis and its index.

    Args:
        axis (None | int): the axis; None for the minimum of all elements, with index 0. Default: 0.
        keep_dims (bool): whether the axis stays with length 1. Default: False.

    Returns:
        tuple of two Tensors: the minima in the Tensor's type, and their indices, int64.

    Raises:
        ValueError: ``axis`` is out of range.

    >>> import minispore as ms
    >>> values, indices = ms.Tensor([[1.0, 4.0], [3.0, 2.0]]).argmin_with_value(1)
    >>> print(values, indices)
    [1. 2.] [0 1]
    """
    return arg_reduction.min(self, axis, keep_dims)


@method("resize")
def _resize(self, *new_shape):
    """The elements in another shape: cut off, or filled up with zeros.

    Args:
        *new_shape (int | tuple[int]): lengths of the axes, or one tuple of them.

    Returns:
        Tensor of shape ``new_shape``; the same type. The Tensor itself stays as it is.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2, 3]).resize(2, 2))
    [[1 2]
     [3 0]]
    """
    shape = movement.shape_of(new_shape[0] if len(new_shape) == 1 else new_shape)
    count = math.prod(shape)
    flat = reshape(self, (-1,))
    if count > flat.shape[0]:
        flat = pad_constant(flat, (0,), (count - flat.shape[0],))
    return reshape(slicing.slice_along(flat, 0, 0, count), shape)


@method("type")
def _type(self, dtype=None):
    """Name of the number type, or the Tensor in another type.

    Args:
        dtype (dtype): the type to convert to; None for the name of the Tensor's. Default: None.

    Returns:
        str, or Tensor of the same shape; ``dtype``.

    >>> import minispore as ms
    >>> ms.Tensor([1.0]).type()
    'Float32'
    """
    return str(self.dtype) if dtype is None else self.astype(dtype)


@method("set_dtype")
def _set_dtype(self, dtype):
    """Changes the number type of the Tensor itself.

    Args:
        dtype (dtype): the new type, which the values are converted to.

    Returns:
        dtype: the new type.

    >>> import minispore as ms
    >>> x = ms.Tensor([1, 2])
    >>> _ = x.set_dtype(ms.float32)
    >>> print(x)
    [1. 2.]
    """
    self._rebind(self.astype(dtype))
    return self.dtype


# ---------------------------------------------------------------- what describes the storage
@method("stride")
def _stride(self, dim=None):
    """Distances between neighbours along the axes, in elements.

    Args:
        dim (int): one axis; None for all. Default: None.

    Returns:
        list[int], or int with ``dim``; as of contiguous storage.

    >>> import minispore as ms
    >>> ms.Tensor([[1, 2, 3], [4, 5, 6]]).stride()
    [3, 1]
    """
    steps = list(dense_strides(self.shape))
    return steps if dim is None else steps[dim]


@method("nelement")
def _nelement(self):
    """Number of elements.

    Returns:
        int.

    >>> import minispore as ms
    >>> ms.Tensor([[1, 2], [3, 4]]).nelement()
    4
    """
    return self.size


@method("is_contiguous")
def _is_contiguous(self):
    """Whether the elements lie side by side in memory, in order; while a graph is traced: True.

    Returns:
        bool.

    >>> import minispore as ms
    >>> ms.Tensor([1.0]).is_contiguous()
    True
    """
    return self._data is None or bool(self._data.flags.c_contiguous)


@method("storage_offset")
def _storage_offset(self):
    """Position of the first element in its storage: 0, the layout of a Tensor is not shown.

    Returns:
        int: 0.

    >>> import minispore as ms
    >>> ms.Tensor([1.0]).storage_offset()
    0
    """
    return 0


@method("is_signed")
def _is_signed(self):
    """Whether the number type has negative numbers.

    Returns:
        bool: True for floats and signed integers.

    >>> import minispore as ms
    >>> ms.Tensor([1.0]).is_signed(), ms.Tensor([1], ms.uint8).is_signed()
    (True, False)
    """
    return self.dtype.is_float or self.dtype.name.startswith("int")


@method("data_sync")
def _data_sync(self, no_use=True):
    """Does nothing: there is one memory, and nothing to be copied from a device.

    Args:
        no_use (bool): accepted, without effect, as in MindSpore. Default: True.

    >>> import minispore as ms
    >>> ms.Tensor([1.0]).data_sync()
    """


@method("flush_from_cache")
def _flush_from_cache(self):
    """Does nothing: there is no cache of embeddings.

    >>> import minispore as ms
    >>> ms.Tensor([1.0]).flush_from_cache()
    """


@method("requires_grad_")
def _requires_grad(self, requires_grad=True):
    """Sets ``requires_grad``.

    Args:
        requires_grad (bool): its value. Default: True.

    >>> import minispore as ms
    >>> x = ms.Tensor([1.0])
    >>> x.requires_grad_(False)
    >>> x.requires_grad
    False
    """
    self.requires_grad = requires_grad


@method("data_ptr")
def _data_ptr(self):
    """Address of the first element in memory.

    Returns:
        int: it can change with every operation that changes the Tensor.

    >>> import minispore as ms
    >>> ms.Tensor([1.0]).data_ptr() > 0
    True
    """
    return self._array().ctypes.data


@method("pin_memory")
def _pin_memory(self):
    """Returns the Tensor itself: there is no device that pinned memory would be copied to.

    Returns:
        Tensor: itself.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0]).pin_memory())
    [1.]
    """
    return self


@method("new_empty")
def _new_empty(self, size, dtype=None, device=None):
    """A Tensor of zeros of the same type, for values that are still to come.

    Args:
        size (int | tuple[int]): its shape.
        dtype (dtype): its type; None for that of the Tensor. Default: None.
        device (str): accepted, without effect: there is one device. Default: None.

    Returns:
        Tensor of shape ``size``; ``dtype`` or the Tensor's type.

    >>> import minispore as ms
    >>> ms.Tensor([1.0]).new_empty((2, 3)).shape
    (2, 3)
    """
    return self.new_zeros(size, dtype)


for _name, _property in {
    "device": lambda self: "CPU", "init": lambda self: self._init[0] if self._init else None,
    "mH": lambda self: conj(self.swapaxes(-1, -2)), "H": lambda self: conj(matrix.t(self)),
}.items():  # fmt: skip
    setattr(Tensor, _name, property(_property))


@method("itemset")
def _itemset(self, *args):
    """A copy with one element changed; called as ``(value)`` for one element, or ``(index, value)``.

    Args:
        *args (int | tuple[int] | number): the index, a number into the flattened Tensor or a tuple; and the value.

    Returns:
        Tensor of the same shape and type.

    Raises:
        IndexError: the index is out of range.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1, 2], [3, 4]]).itemset((0, 1), 9))
    [[1 9]
     [3 4]]
    """
    index, value = args if len(args) == 2 else (0, args[0])
    array = self._array().copy()
    array[index if isinstance(index, tuple) else np.unravel_index(index, array.shape)] = value
    return Tensor(array)


__all__: list[str] = []  # methods only
