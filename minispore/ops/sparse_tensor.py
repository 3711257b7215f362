"""Matrices of which only the numbers that are not 0 are kept: by coordinates (COO) and by rows (CSR)."""

from ..core.dtype import to_dtype
from ..core.errors import fail
from ..core.op import to
from ..core.tensor import Tensor
from .concatenation import stack
from .creation import arange
from .effects import check_bounds
from .elementwise import abs as abs_
from .movement import axis_of, expand_dims, reshape, slice_along
from .rows import lookup
from .scattering import scatter_nd, tensor_scatter_add
from .sorting import searchsorted

_INDEX = ("int16", "int32", "int64")


class _Sparse:
    """What both forms share.  ``tensor_fields`` names the Tensors that one consists of, the values last."""

    tensor_fields: tuple[str, ...] = ()
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
        parts = ", ".join(f"{field}={getattr(self, field)!r}" for field in self.tensor_fields)
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
        if self.indices.ndim != 2 or self.values.ndim != 1 or self.indices.shape != (self.size, self.ndim):
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
        """The same by rows, for a matrix whose indices are in the order of its rows.

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
        rows, columns = (reshape(slice_along(self.indices, 1, k, 1), (-1,)) for k in (0, 1))
        starts = searchsorted(rows, arange(self.shape[0] + 1).astype(rows.dtype))
        return CSRTensor(to(starts, rows.dtype), columns, self.values, self.shape)

    def __add__(self, other):
        """A dense Tensor; ``other`` is one too."""
        return tensor_scatter_add(other, self.indices, self.values)


class CSRTensor(_Sparse):
    """A matrix by rows: those of row i are ``values[indptr[i]:indptr[i + 1]]``, in the columns ``indices``.

    Args:
        indptr: an integer Tensor (rows + 1), from 0 to k.
        indices: an integer Tensor (k).
        values: a Tensor (k).
        shape: (rows, columns).
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
        if self.indptr.shape != (self.shape[0] + 1,) or self.indices.shape != self.values.shape or self.ndim != 2:
            raise fail(
                ValueError,
                f"For 'CSRTensor', 'indptr' of shape ({self.shape[0] + 1},), and indices and values of one shape (k,) are "
                f"needed for the shape {self.shape}, but got {self.indptr.shape}, {self.indices.shape} and "
                f"{self.values.shape}.",
            )

    def _rows(self):
        """The row of each value."""
        places = arange(self.size).astype(self.indptr.dtype)
        starts = to(check_bounds(self.indptr, self.size + 1, "CSRTensor"), self.indptr.dtype)
        return to(searchsorted(starts, places, right=True) - 1, self.indices.dtype)

    def to_coo(self):
        """The same by coordinates.

        Returns:
            COOTensor of the same shape.

        >>> import minispore as ms
        >>> print(CSRTensor(ms.Tensor([0, 1, 2]), ms.Tensor([1, 2]), ms.Tensor([1.0, 2.0]), (2, 3)).to_coo().indices)
        [[0 1]
         [1 2]]
        """
        return COOTensor(stack([self._rows(), self.indices], 1), self.values, self.shape)

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

    def __mul__(self, other):
        """The values times a number, or times the elements that a dense Tensor of this shape has in their places."""
        if isinstance(other, Tensor) and other.shape == self.shape:
            columns = to(check_bounds(self.indices, self.shape[1], "CSRTensor"), self.indptr.dtype)
            flat = to(self._rows(), self.indptr.dtype) * self.shape[1] + columns
            other = lookup(reshape(other, (-1,)), flat)
        return self.with_values(self.values * other)

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
        if x.ndim != 2 or x.shape[0] != self.shape[1]:
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
        a = axis_of("sum", 2, axis)
        keys, shape = (self._rows(), (self.shape[0], 1)) if a == 1 else (self.indices, (1, self.shape[1]))
        return reshape(scatter_nd(reshape(keys, (-1, 1)), self.values, (self.shape[1 - a],)), shape)


__all__ = ["COOTensor", "CSRTensor"]
