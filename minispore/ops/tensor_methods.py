"""Methods of Tensor that are one line, or whose signature differs from that of the function."""

import math

import numpy as np

from ..core.errors import fail
from ..core.layout import dense_strides
from ..core.op import as_tensor, to
from ..core.record import STATE
from ..core.tensor import Tensor
from . import aliases, clipping, contraction, elementwise as e, matrix, movement, products, random, reduction, special
from .creation import full_like
from .methods import method
from .movement import reshape

for _name, _function in {
    "real": aliases.real, "conj": aliases.conj, "imag": aliases.imag, "isreal": aliases.isreal,
    "approximate_equal": aliases.approximate_equal, "fills": aliases.fills,
    "dot": contraction.dot, "mm": products.mm, "addmm": products.addmm, "outer": products.outer, "inv": e.reciprocal,
    "floor_divide": e.floor_div, "count_nonzero": reduction.count_nonzero, "swapdims": movement.swapaxes,
    "bernoulli": random.bernoulli, "multinomial": random.multinomial, "diag_embed": matrix.diag_embed,
    "bitwise_left_shift": random.bitwise_left_shift, "bitwise_right_shift": random.bitwise_right_shift,
}.items():  # fmt: skip
    method(_name)(_function)


@method("reshape_as")
def _reshape_as(self, other):
    """``self`` in the shape of ``other``."""
    return reshape(self, other.shape)


@method("ptp")
def _ptp(self, axis=None, keepdims=False):
    """Maximum minus minimum over ``axis``."""
    return reduction.amax(self, axis, keepdims) - reduction.amin(self, axis, keepdims)


@method("argmax_with_value")
def _argmax_with_value(self, axis=0, keep_dims=False):
    """(maximum, its index) along ``axis``."""
    return reduction.max(self, axis, keep_dims)


@method("argmin_with_value")
def _argmin_with_value(self, axis=0, keep_dims=False):
    """(minimum, its index) along ``axis``."""
    return reduction.min(self, axis, keep_dims)


@method("resize")
def _resize(self, *new_shape):
    """The elements in another shape: cut, or filled up with zeros."""
    shape = movement.shape_of(new_shape[0] if len(new_shape) == 1 else new_shape)
    count = math.prod(shape)
    flat = reshape(self, (-1,))
    if count > flat.shape[0]:
        flat = movement.pad_constant(flat, (0,), (count - flat.shape[0],))
    return reshape(movement.slice_along(flat, 0, 0, count), shape)


@method("type")
def _type(self, dtype=None):
    """The name of the type, or ``self`` in another type."""
    return str(self.dtype) if dtype is None else self.astype(dtype)


@method("set_dtype")
def _set_dtype(self, dtype):
    """Changes the type of ``self`` itself; returns the type."""
    self._rebind(self.astype(dtype))
    return self.dtype


def _in_place(function):
    """``x.exp_()``: the result takes the place of ``x``."""

    def call(self, *args, **kwargs):
        self._refresh_view()
        new = function(self, *args, **kwargs)
        if self.is_parameter:
            from .effects import assign

            return assign(self, new)
        if new.shape != self.shape:
            raise fail(ValueError, f"A result of shape {new.shape} cannot take the place of a Tensor of {self.shape}.")
        new = to(as_tensor(new), self.dtype)
        if STATE.recorder is None and self._array().flags.writeable:
            np.copyto(self._data, new._array())  # Tensors that share the memory see it
        else:
            self._rebind(new)
        return self

    return call


for _name, _function in {
    "clamp_": clipping.clamp, "exp_": e.exp, "log_": e.log, "floor_": e.floor, "tanh_": e.tanh, "sigmoid_": e.sigmoid,
    "erfinv_": special.erfinv, "sign_": e.sign, "addmm_": products.addmm, "floor_divide_": e.floor_div,
    "remainder_": e.floor_mod, "zero_": lambda x: full_like(x, 0), "fill_diagonal_": lambda x, v: x.fill_diagonal(v),
    "uniform_": lambda x, low=0.0, high=1.0: random.uniform01(x.shape, x.dtype) * (high - low) + low,
    "normal_": lambda x, mean=0.0, std=1.0: random.normal(x.shape, mean, std),
}.items():  # fmt: skip
    if not hasattr(Tensor, _name):
        setattr(Tensor, _name, _in_place(_function))


# ---------------------------------------------------------------- what describes the storage
@method("stride")
def _stride(self, dim=None):
    """The distances of neighbours along each axis, in elements, as a list; or along ``dim``."""
    steps = list(dense_strides(self.shape))
    return steps if dim is None else steps[dim]


for _name, _answer in {
    "nelement": lambda self: self.size, "is_contiguous": lambda self: True, "storage_offset": lambda self: 0,
    "is_signed": lambda self: self.dtype.is_float or self.dtype.name.startswith("int"),
    "data_sync": lambda self, no_use=True: None, "flush_from_cache": lambda self: None,
    "requires_grad_": lambda self, requires_grad=True: setattr(self, "requires_grad", requires_grad),
    "data_ptr": lambda self: self._array().ctypes.data, "pin_memory": lambda self: self,
    "new_empty": lambda self, size, dtype=None, device=None: self.new_zeros(size, dtype),
}.items():  # fmt: skip
    setattr(Tensor, _name, _answer)
for _name, _property in {
    "device": lambda self: "CPU", "init": lambda self: self._init[0] if self._init else None,
    "mH": lambda self: self.swapaxes(-1, -2), "H": lambda self: matrix.t(self),
}.items():  # fmt: skip
    setattr(Tensor, _name, property(_property))


@method("itemset")
def _itemset(self, *args):
    """A copy with one element changed: ``itemset(value)`` or ``itemset(index, value)``, the index a number or a tuple."""
    index, value = args if len(args) == 2 else (0, args[0])
    array = self._array().copy()
    array[index if isinstance(index, tuple) else np.unravel_index(index, array.shape)] = value
    return Tensor(array)


__all__: list[str] = []  # methods only
