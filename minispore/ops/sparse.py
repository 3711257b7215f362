"""Gradients and updates of few rows of a large table, at a cost that does not grow with the table.

The gradient of a row lookup is a RowTensor: indices and rows.  It is a Tensor too, whose dense form is made when it is
asked for.  ``used_rows`` gives an update formula the rows that a RowTensor names in place of whole Parameters; what the
formula assigns to them goes into those rows.
"""

import math

import numpy as np

from ..core.dtype import int64
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import as_tensor, library, to
from ..core.record import STATE
from ..core.samples import f, i
from ..core.tensor import Tensor
from .batch import full, reshaped, shifted
from .concatenation import concat
from .effects import set_parameter, unless_skipped
from .elementwise import mul, neg, square, true_div
from .movement import reshape
from .rows import add_rows, blocks, checked_index, gather_rows, gather_rows_kernel, index_of, scatter_rows


# ---------------------------------------------------------------- the gradient of a lookup
class RowTensor(Tensor):
    """A Tensor of zeros but for the rows ``values`` at ``indices``; rows of equal indices add up.

    Args:
        indices: a 1-d integer Tensor (k).
        values: a Tensor (k, ...).
        shape: the shape (n, ...) of the whole.
        row_tensor: another RowTensor, in place of the three.

    Factors of one element and sums with other RowTensors of this shape keep the form; everything else that is done with it
    sees the dense Tensor.

    Raises:
        TypeError: ``indices`` or ``values`` is not a Tensor, ``shape`` not a tuple of ints.
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> x = RowTensor(ms.Tensor([2, 0]), ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), (3, 2))
    >>> print((x * 0.5).values)
    [[0.5 1. ]
     [1.5 2. ]]
    >>> print(x.to_dense())
    [[3. 4.]
     [0. 0.]
     [1. 2.]]
    """

    tensor_fields = ("indices", "values")

    def __init__(self, indices=None, values=None, shape=None, row_tensor=None):
        if row_tensor is not None:
            if not isinstance(row_tensor, RowTensor) or not indices is values is shape is None:
                raise fail(TypeError, "For 'RowTensor', 'row_tensor' must be a RowTensor, and given alone.")
            indices, values, shape = row_tensor.indices, row_tensor.values, row_tensor.shape
        if not isinstance(indices, Tensor) or not isinstance(values, Tensor):
            raise fail(
                TypeError,
                f"For 'RowTensor', 'indices' and 'values' must be Tensors, but got {type(indices).__name__} and "
                f"{type(values).__name__}.",
            )
        if not isinstance(shape, (tuple, list)) or not all(type(d) is int for d in shape):
            raise fail(TypeError, f"For 'RowTensor', 'shape' must be a tuple of ints, but got {shape!r}.")
        shape = tuple(shape)
        if indices.ndim != 1 or not shape or values.shape != (indices.size, *shape[1:]):
            raise fail(
                ValueError,
                f"For 'RowTensor', indices of shape (k,) and values of shape (k, {str(shape[1:])[1:]} are needed for the "
                f"shape {shape}, but got {indices.shape} and {values.shape}.",
            )
        self._fill(indices, values, shape, valid=False)

    def _fill(self, indices, values, shape, valid):
        self.indices, self.values, self.dense_shape = indices, values, shape
        self.valid = valid  # whether the indices are known to be in range
        self._dense: Tensor | None = None
        return self

    def with_tensors(self, indices, values):
        """The same shape with other Tensors.

        Args:
            indices (Tensor): 1-d integers (k).
            values (Tensor): of shape (k, ...).

        Returns:
            RowTensor.
        """
        return RowTensor.__new__(RowTensor)._fill(indices, values, self.dense_shape, self.valid)

    def with_values(self, values):
        """The same rows with other values.

        Args:
            values (Tensor): of the shape of the present ones.

        Returns:
            RowTensor.
        """
        return self.with_tensors(self.indices, values)

    def to_dense(self):
        """All elements; rows of equal indices are added.

        Returns:
            Tensor of the whole shape; the type of the values.
        """
        dense, recorder = self._dense, STATE.recorder
        if dense is None or (dense._data is None and dense._recorder is not recorder):
            flat = reshape(self.values, (1, self.indices.size, math.prod(self.dense_shape[1:])))
            dense = self._dense = reshape(add_rows(flat, self.rows, self.dense_shape[0]), self.dense_shape)
        return dense

    @property
    def rows(self):
        """The indices, verified to be in range."""
        return self.indices if self.valid else checked_index("RowTensor", self.indices, self.dense_shape[0])

    # what a Tensor is to the rest of the package, where rows are nothing special
    _data = property(lambda self: self.to_dense()._data)
    _recorder = property(lambda self: self.to_dense()._recorder)
    shape = property(lambda self: self.dense_shape)
    dtype = property(lambda self: self.values.dtype)

    @property
    def _value(self):
        return self.to_dense()._value

    @_value.setter
    def _value(self, value):
        self.to_dense()._value = value

    def _array(self):
        return self.to_dense()._array()

    def __repr__(self):
        parts = f"indices={self.indices!r}, values={self.values!r}"
        return f"RowTensor(shape={list(self.shape)}, dtype={self.dtype}, {parts})"

    __str__ = __repr__

    def __reduce__(self):
        return RowTensor, (self.indices, self.values, self.dense_shape)

    def _scaled(self, op, other):
        one = isinstance(other, (int, float)) or (isinstance(other, Tensor) and other.size == 1 and other.ndim <= 1)
        return self.with_values(op(self.values, other)) if one else op(self.to_dense(), other)

    def __mul__(self, other):
        return self._scaled(mul, other)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self._scaled(true_div, other)

    def __neg__(self):
        return self.with_values(neg(self.values))

    def __add__(self, other):
        if not isinstance(other, RowTensor) or other.shape != self.shape or other.dtype != self.dtype:
            return self.to_dense() + other
        indices = concat([to(self.rows, int64), to(other.rows, int64)], 0)
        made = self.with_tensors(indices, concat([self.values, other.values], 0))
        made.valid = True
        return made

    __radd__ = __add__


def dense(gradient):
    """``gradient`` as an ordinary Tensor."""
    return gradient.to_dense() if isinstance(gradient, RowTensor) else gradient


def _lookup_vjp(g, out, table, index):
    rows = reshape(g, (index.size, *table.shape[1:]))
    return RowTensor.__new__(RowTensor)._fill(reshape(index, (-1,)), rows, table.shape, valid=True)


def _lookup_lower(build, node):
    table, index = node.inputs
    n = table.shape[0]
    build.call(
        gather_rows_kernel.bind(T=f"uint{8 * table.dtype.itemsize}", I=build.storage(index.dtype)), node,
        [build.dense(table), build.dense(index), out := build.output(node), n, index.size, math.prod(table.shape[1:]), 0],
        extent=index.size, writes=[out],
    )  # fmt: skip


def _lookup_batch(op, size, xs, batched, attrs):
    table, index = xs
    if batched[0]:  # the tables one after the other
        n = table.shape[1]
        table = reshaped(table, size * n, *table.shape[2:])
        index = full(index, size, batched[1])
        index = reshaped(shifted(reshaped(index, size, index.size // size), size, n), *index.shape)
    return [op(table, index)]


_lookup = library(
    "row_lookup", lambda table, index: (np.take(table, index, 0),),
    lambda table, index: [(index.shape + table.shape[1:], table.dtype)], _lookup_lower, vjp=(_lookup_vjp, None),
    batch=_lookup_batch,
    samples=[(f(4, 3), i(2, 3, lo=0, hi=4)), (f(4, 2, 2), i(5, lo=0, hi=4))],
)  # fmt: skip


def row_lookup(name, table, index):
    """Rows of ``table`` at ``index``, whose gradient is a RowTensor; negative indices count from the end."""
    return _lookup(as_tensor(table), checked_index(name, index_of(name, index), table.shape[0], negative=True))


def sparse_gather(input_params, input_indices, axis):
    """``ops.gather`` whose gradient, along axis 0, is a RowTensor: for tables of which a step uses few rows."""
    axis = int(axis)
    if axis not in (0, -as_tensor(input_params).ndim):
        from .gathering import gather

        return gather(input_params, input_indices, axis)
    return row_lookup("SparseGatherV2", input_params, input_indices)


# ---------------------------------------------------------------- equal indices
@kernel
def first_occurrence_kernel(index: "I*", slots: "int64*", out: "int64*", m: int, size: int, lo, hi):
    """out[k] is the first position that holds the same index as k; a hash table of ``size``, a power of two."""
    for s in range(size):
        slots[s] = -1
    for k in range(m):
        at = ((int64(index[k]) * int64(0x9E3779B97F4A7C1)) >> 20) & (size - 1)
        while slots[at] >= 0 and index[slots[at]] != index[k]:
            at = (at + 1) & (size - 1)
        if slots[at] < 0:
            slots[at] = k
        out[k] = slots[at]


def _first_lower(build, node):
    index = node.inputs[0]
    size = 1 << (2 * index.size).bit_length()
    slots = build.temp((size,), int64)
    out = build.output(node)
    build.call(
        first_occurrence_kernel.bind(I=build.storage(index.dtype)), node,
        [build.dense(index), slots, out, index.size, size], extent=1, writes=[slots, out], split=False,
    )  # fmt: skip


def _first_numpy(index):
    _, first, inverse = np.unique(index, return_index=True, return_inverse=True)
    return (first[inverse].astype(np.int64),)


_first_occurrence = library(
    "first_occurrence", _first_numpy, lambda index: [(index.shape, int64)], _first_lower,
    samples=[(i(9, lo=0, hi=4),), (i(1, lo=0, hi=4),)],
)  # fmt: skip


def summed(index, values):
    """(k, ...): for each position the sum of ``values`` over all positions of the same index."""
    k = index.size
    if k < 2:
        return values
    first = _first_occurrence(index)
    flat = reshape(values, (1, k, math.prod(values.shape[1:])))
    return reshape(gather_rows(add_rows(flat, first, k), first), values.shape)


def squares(x):
    """Numbers whose sum is that of the squares of ``x``; for a RowTensor no more than it has values."""
    return x.values * summed(x.rows, x.values) if isinstance(x, RowTensor) else square(x)


# ---------------------------------------------------------------- updates
class ParameterRows(Tensor):
    """Some rows of a Parameter: reads as a Tensor, and ``ops.assign`` to it changes these rows of the Parameter.

    Equal indices must get equal rows.
    """

    def __init__(self, parameter, index):
        self.parameter, self.index = parameter, index
        self._take(reshape(gather_rows(blocks(parameter, 0), index), (index.size, *parameter.shape[1:])))

    def _take(self, new):
        self._data, self._value, self._recorder = new._data, new._value, new._recorder

    def _rebind(self, new):
        new = unless_skipped(self, new)
        assign_rows(self.parameter, self.index, new)
        self._take(new)


def assign_rows(parameter, index, rows):
    """``parameter[index] = rows`` for a valid ``index`` (k), without a copy of the rest."""
    if STATE.recorder is None:
        parameter._array()[index._array()] = rows._array()
        return parameter
    flat = reshape(rows, (1, index.size, math.prod(parameter.shape[1:])))
    return set_parameter(parameter, reshape(scatter_rows(blocks(parameter, 0), index, flat, "set"), parameter.shape))


def used_rows(gradient, *parameters):
    """``(gradient, *parameters)`` for an update formula; for a RowTensor of the rows it names alone, equal ones summed."""
    if not isinstance(gradient, RowTensor):
        return gradient, *parameters
    index = gradient.rows
    return summed(index, gradient.values), *[ParameterRows(p, index) for p in parameters]


def on_rows(function, gradient, *parameters):
    """``function(gradient, *parameters)``, for a RowTensor of its values and the same rows of the Parameters."""
    if not isinstance(gradient, RowTensor):
        return function(gradient, *parameters)
    shape = gradient.values.shape
    rows = [reshape(gather_rows(blocks(p, 0), gradient.rows), shape) for p in parameters]
    return gradient.with_values(function(gradient.values, *rows))


def rows_of(values, indices, like):
    """The RowTensor in the shape and type of ``like``; raises a TypeError where one of both is a sequence."""
    for what, x in (("gradient", values), ("indices", indices)):
        if not isinstance(x, Tensor):
            raise fail(TypeError, f"For an update of rows, the {what} must be a Tensor, but got {type(x).__name__}.")
    return RowTensor(as_tensor(indices), to(as_tensor(values), like.dtype), like.shape)


def update_rows(formula, inputs, grad, indices):
    """``formula(*inputs, grad)`` of the rows ``indices`` of those inputs that are as large as the first, their first axis.

    Returns these inputs.
    """
    tables = [x for x in inputs if isinstance(x, Tensor) and x.shape == inputs[0].shape]
    gradient, *rows = used_rows(rows_of(grad, indices, tables[0]), *tables)
    formula(*rows, *inputs[len(tables) :], gradient)
    return tuple(tables)


__all__ = ["RowTensor"]
