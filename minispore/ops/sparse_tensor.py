"""Matrices of which only the numbers that are not 0 are kept: by coordinates (COO) and by rows (CSR)."""

import numpy as np

from ..core.dtype import to_dtype
from ..core.errors import fail
from ..core.op import to
from ..core.record import STATE
from ..core.tensor import Tensor
from .concatenation import concat, stack
from .creation import arange
from .effects import check_bounds, stop_gradient
from .elementwise import abs as abs_
from .gathering import gather_nd
from .movement import axis_of, broadcast_to, expand_dims, reshape
from .rows import concrete_array, lookup
from .scattering import scatter_nd, tensor_scatter_add
from .slicing import slice_along
from .sorting import argsort, searchsorted

_INDEX = ("int16", "int32", "int64")


def _printed(tensor) -> str:
    """A part in the text of a sparse Tensor, whose values MindSpore writes without commas."""
    head, _, values = repr(tensor).partition("value=")
    return f"{head}value={values.removeprefix(' ').replace(',', '')}"


class _Sparse:
    """What both forms share.  ``tensor_fields`` names the Tensors that one consists of, the values last."""

    tensor_fields: tuple[str, ...] = ()
    indices: Tensor
    values: Tensor

    def __init__(self, *given, copied=None):
        name, fields = type(self).__name__, self.tensor_fields
        if copied is not None:
            if not isinstance(copied, type(self)) or any(x is not None for x in given):
                raise fail(TypeError, f"For '{name}', the {name} to copy must be a {name}, and given alone.")
            given = copied.to_tuple()
        *tensors, shape = given
        for field, x in zip(fields, tensors):
            if not isinstance(x, Tensor):
                raise fail(TypeError, f"For '{name}', '{field}' must be a Tensor, but got {type(x).__name__}.")
            if field != "values" and x.dtype.name not in _INDEX:
                raise fail(TypeError, f"For '{name}', '{field}' must be of {', '.join(_INDEX)}, but got {x.dtype}.")
        if not isinstance(shape, tuple) or not all(type(d) is int for d in shape):
            raise fail(TypeError, f"For '{name}', 'shape' must be a tuple of ints, but got {shape!r}.")
        if any(d <= 0 for d in shape):
            raise fail(ValueError, f"For '{name}', the numbers of 'shape' must be positive, but got {shape}.")
        self.shape = shape
        if STATE.recorder is not None:  # nothing flows into places
            tensors[:-1] = [stop_gradient(x) for x in tensors[:-1]]
        self.__dict__.update(zip(fields, tensors))

    def with_tensors(self, *tensors):
        """The same shape with other Tensors.

        Args:
            *tensors (Tensor): in the order of the constructor's arguments, the values last.

        Returns:
            a Tensor of the same class.
        """
        made = type(self).__new__(type(self))
        made.shape = self.shape
        made.__dict__.update(zip(self.tensor_fields, tensors))
        return made

    def to_tuple(self):
        """The arguments that make it.

        Returns:
            tuple of Tensors, the values last, and the shape.
        """
        return (*(getattr(self, field) for field in self.tensor_fields), self.shape)

    def with_values(self, values):
        """The same places with other values.

        Args:
            values (Tensor): of the shape of the present ones.

        Returns:
            a Tensor of the same class.
        """
        return self.with_tensors(*self.to_tuple()[:-2], values)

    def __repr__(self):
        parts = ", ".join(f"{field}={_printed(getattr(self, field))}" for field in self.tensor_fields)
        return f"{type(self).__name__}(shape={list(self.shape)}, dtype={self.dtype}, {parts})"

    @property
    def dtype(self):
        return self.values.dtype

    @property
    def itemsize(self) -> int:
        return self.values.itemsize

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        """How many numbers are kept."""
        return self.values.size

    def astype(self, dtype):
        """The same with its values in another type.

        Args:
            dtype (dtype): the type.

        Returns:
            a Tensor of the same class.
        """
        return self.with_values(to(self.values, to_dtype(dtype)))

    def abs(self):
        """The same with the absolute values.

        Returns:
            a Tensor of the same class.
        """
        return self.with_values(abs_(self.values))

    def __neg__(self):
        return self.with_values(-self.values)

    def __mul__(self, other):
        """The values times a number, or times the elements that a dense Tensor of this shape has in their places."""
        return self.with_values(self.values * self._beside(other))

    __rmul__ = __mul__

    def __truediv__(self, other):
        """The values over a number, or over the elements that a dense Tensor of this shape has in their places."""
        return self.with_values(self.values / self._beside(other))

    def _places(self):
        """(k, axes): where each value stands."""
        return self.indices

    def _beside(self, other):
        """What stands in the places of the values; a number is the same in all."""
        if isinstance(other, _Sparse):
            raise fail(TypeError, f"For a product with {type(self).__name__}, a dense Tensor or a number is needed.")
        if not isinstance(other, Tensor) or other.ndim != self.ndim:
            return other
        return gather_nd(broadcast_to(other, self.shape), self._places())


def _summed(*tensors):
    """The sum of COOTensors whose places are known; places in the order of rows, each once."""
    shape = tensors[0].shape
    if any(x.shape != shape for x in tensors):
        found = [x.shape for x in tensors]
        raise fail(ValueError, f"For the sum of sparse tensors, the shapes must be equal, but got {found}.")
    indices, values = (concat([getattr(x, field) for x in tensors]) for field in ("indices", "values"))
    places = concrete_array(indices, "the sum of sparse tensors", "it outside")
    kept, which = np.unique(places, axis=0, return_inverse=True)
    return COOTensor(Tensor(kept), scatter_nd(Tensor(which.reshape(-1, 1)), values, (len(kept),)), shape)


class COOTensor(_Sparse):
    """Zeros of ``shape`` but for ``values`` at ``indices``; values of equal indices add up.

    Args:
        indices: an integer Tensor (k, axes).
        values: a Tensor (k).
        shape: a tuple of positive ints.
        coo_tensor: another one, in place of the three.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> x = COOTensor(ms.Tensor([[0, 1], [1, 2]]), ms.Tensor([1.0, 2.0]), (2, 3))
    >>> print(x.to_dense())
    [[0. 1. 0.]
     [0. 0. 2.]]
    >>> print(x.to_csr().indptr)
    [0 1 2]
    """

    tensor_fields = ("indices", "values")
    indices: Tensor

    def __init__(self, indices=None, values=None, shape=None, coo_tensor=None):
        super().__init__(indices, values, shape, copied=coo_tensor)
        empty = self.indices.shape == self.values.shape == (0,)
        if not empty and (self.values.ndim != 1 or self.indices.shape != (self.size, self.ndim)):
            raise fail(
                ValueError,
                f"For 'COOTensor', indices of shape (k, {self.ndim}) and values of shape (k,) are needed, but got "
                f"{self.indices.shape} and {self.values.shape}.",
            )

    def to_dense(self):
        """All elements; values of equal indices are added.

        Returns:
            Tensor of the shape ``shape``; the type of the values.

        >>> import minispore as ms
        >>> print(COOTensor(ms.Tensor([[1], [1]]), ms.Tensor([1.0, 2.0]), (3,)).to_dense())
        [0. 3. 0.]
        """
        return scatter_nd(self.indices, self.values, self.shape)

    def to_csr(self):
        """The same by rows: places of one row stay in their order.

        Returns:
            CSRTensor of the same shape.

        Raises:
            ValueError: it is not a matrix.

        >>> import minispore as ms
        >>> print(COOTensor(ms.Tensor([[0, 1], [1, 2]]), ms.Tensor([1.0, 2.0]), (2, 3)).to_csr().indptr)
        [0 1 2]
        """
        if self.ndim != 2:
            raise fail(ValueError, f"For 'to_csr', a matrix is needed, but the shape is {self.shape}.")
        order = argsort(reshape(slice_along(self.indices, 1, 0, 1), (-1,)))
        places = lookup(self.indices, order)
        rows, columns = (reshape(slice_along(places, 1, k, 1), (-1,)) for k in (0, 1))
        starts = searchsorted(rows, arange(self.shape[0] + 1).astype(rows.dtype))
        return CSRTensor(to(starts, rows.dtype), columns, lookup(self.values, order), self.shape)

    def coalesce(self):
        """The same with each place once, in the order of rows.

        Returns:
            COOTensor of the same shape.

        >>> import minispore as ms
        >>> print(COOTensor(ms.Tensor([[1], [1]]), ms.Tensor([1.0, 2.0]), (3,)).coalesce().values)
        [3.]
        """
        return _summed(self)

    def add(self, other, thresh):
        """The sum with another COOTensor, without those sums of several values whose magnitude is below ``thresh``.

        Args:
            other (COOTensor): of the same shape.
            thresh (Tensor): a number.

        Returns:
            COOTensor of the same shape.

        >>> import minispore as ms
        >>> x = COOTensor(ms.Tensor([[0], [1]]), ms.Tensor([1.0, 2.0]), (3,))
        >>> print(x.add(x, ms.Tensor(3.0)).values)
        [4.]
        """
        total = _summed(self, other)
        ones = (x.with_values(x.values * 0 + 1) for x in (self, other))
        values, counts, least = (
            concrete_array(x, "COOTensor.add", "it outside") for x in (total.values, _summed(*ones).values, thresh)
        )
        kept = np.flatnonzero((np.abs(values) >= least) | (counts == 1))
        return COOTensor(lookup(total.indices, Tensor(kept)), lookup(total.values, Tensor(kept)), self.shape)

    def __add__(self, other):
        """The sum with a dense Tensor, dense; or with another COOTensor, of which each place is kept once."""
        if isinstance(other, COOTensor):
            return _summed(self, other)
        return tensor_scatter_add(other, self.indices, self.values)

    __radd__ = __add__

    def __sub__(self, other):
        """``self + -other``."""
        return self + -other

    def __rsub__(self, other):
        return -self + other


class CSRTensor(_Sparse):
    """A matrix by rows: those of row i are ``values[indptr[i]:indptr[i + 1]]``, in the columns ``indices``.

    Args:
        indptr: an integer Tensor (rows + 1), from 0 to k.
        indices: an integer Tensor (k).
        values: a Tensor (k, *).
        shape: (rows, columns, *).
        csr_tensor: another one, in place of the four.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> x = CSRTensor(ms.Tensor([0, 1, 2]), ms.Tensor([1, 2]), ms.Tensor([1.0, 2.0]), (2, 3))
    >>> print(x.mv(ms.Tensor([[1.0], [1.0], [3.0]])))
    [[1.]
     [6.]]
    """

    tensor_fields = ("indptr", "indices", "values")
    indptr: Tensor
    indices: Tensor

    def __init__(self, indptr=None, indices=None, values=None, shape=None, csr_tensor=None):
        super().__init__(indptr, indices, values, shape, copied=csr_tensor)
        parts = (self.indptr.shape, (*self.indices.shape, *self.shape[2:]), self.ndim >= 2, self.indices.ndim)
        if parts != ((self.shape[0] + 1,), self.values.shape, True, 1):
            raise fail(
                ValueError,
                f"For 'CSRTensor', 'indptr' of shape ({self.shape[0] + 1},), and indices and values of one shape (k,) are "
                f"needed for the shape {self.shape}, but got {self.indptr.shape}, {self.indices.shape} and "
                f"{self.values.shape}.",
            )

    def _rows(self):
        """The row of each value."""
        count = self.indices.shape[0]
        places = arange(count).astype(self.indptr.dtype)
        starts = to(check_bounds(self.indptr, count + 1, "CSRTensor"), self.indptr.dtype)
        return to(searchsorted(starts, places, right=True) - 1, self.indices.dtype)

    def _places(self):
        return stack([self._rows(), self.indices], 1)

    def to_coo(self):
        """The same by coordinates.

        Returns:
            COOTensor of the same shape.

        >>> import minispore as ms
        >>> print(CSRTensor(ms.Tensor([0, 1, 2]), ms.Tensor([1, 2]), ms.Tensor([1.0, 2.0]), (2, 3)).to_coo().indices)
        [[0 1]
         [1 2]]
        """
        return COOTensor(self._places(), self.values, self.shape)

    def to_dense(self):
        """All elements.

        Returns:
            Tensor of the shape ``shape``; the type of the values.

        >>> import minispore as ms
        >>> print(CSRTensor(ms.Tensor([0, 1, 2]), ms.Tensor([1, 2]), ms.Tensor([1.0, 2.0]), (2, 3)).to_dense())
        [[0. 1. 0.]
         [0. 0. 2.]]
        """
        return self.to_coo().to_dense()

    def add(self, b, alpha, beta):
        """``alpha * self + beta * b``.

        Args:
            b (CSRTensor): of the same shape.
            alpha (Tensor): a number.
            beta (Tensor): a number.

        Returns:
            CSRTensor of the same shape.

        >>> import minispore as ms
        >>> x = CSRTensor(ms.Tensor([0, 1, 2]), ms.Tensor([1, 2]), ms.Tensor([1.0, 2.0]), (2, 3))
        >>> print(x.add(x, ms.Tensor(1.0), ms.Tensor(2.0)).values)
        [3. 6.]
        """
        return self.with_values(self.values * alpha) + b.with_values(b.values * beta)

    def __add__(self, other):
        """The sum with another CSRTensor of the same shape."""
        return _summed(self.to_coo(), other.to_coo()).to_csr() if isinstance(other, CSRTensor) else NotImplemented

    def __sub__(self, other):
        """``self + -other``."""
        return self + -other if isinstance(other, CSRTensor) else NotImplemented

    def mm(self, dense):
        """The product with a dense matrix.

        Args:
            dense (Tensor): of shape (columns, n).

        Returns:
            Tensor of shape (rows, n).

        Raises:
            ValueError: the shape does not fit.

        >>> import minispore as ms
        >>> x = CSRTensor(ms.Tensor([0, 1, 2]), ms.Tensor([1, 2]), ms.Tensor([1.0, 2.0]), (2, 3))
        >>> print(x.mm(ms.Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])))
        [[ 3.  4.]
         [10. 12.]]
        """
        return self._product("mm", dense)

    def mv(self, dense):
        """The product with a dense column.

        Args:
            dense (Tensor): of shape (columns, 1).

        Returns:
            Tensor of shape (rows, 1).

        Raises:
            ValueError: the shape does not fit.

        >>> import minispore as ms
        >>> x = CSRTensor(ms.Tensor([0, 1, 2]), ms.Tensor([1, 2]), ms.Tensor([1.0, 2.0]), (2, 3))
        >>> print(x.mv(ms.Tensor([[1.0], [3.0], [5.0]])).asnumpy().ravel())
        [ 3. 10.]
        """
        return self._product("mv", dense)

    def _product(self, name, x):
        if x.ndim != 2 or self.ndim != 2 or x.shape[0] != self.shape[1]:
            raise fail(
                ValueError, f"For '{name}', a Tensor of shape ({self.shape[1]}, n) is needed, but got {x.shape}."
            )
        rows = reshape(self._rows(), (-1, 1))
        return scatter_nd(rows, lookup(x, self.indices) * expand_dims(self.values, 1), (self.shape[0], x.shape[1]))

    def sum(self, axis):
        """The sums of the rows or of the columns.

        Args:
            axis (int): 1 for the sums of the rows, 0 for those of the columns.

        Returns:
            Tensor of shape (rows, 1) or (1, columns).

        >>> import minispore as ms
        >>> print(CSRTensor(ms.Tensor([0, 1, 2]), ms.Tensor([1, 2]), ms.Tensor([1.0, 2.0]), (2, 3)).sum(0))
        [[0. 1. 2.]]
        """
        a, rest = axis_of("sum", 2, axis), self.shape[2:]
        keys, shape = (self._rows(), (self.shape[0], 1)) if a == 1 else (self.indices, (1, self.shape[1]))
        return reshape(scatter_nd(reshape(keys, (-1, 1)), self.values, (self.shape[1 - a], *rest)), (*shape, *rest))


__all__ = ["COOTensor", "CSRTensor"]
