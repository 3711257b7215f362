"""Layers for sparse matrices in coordinate form."""

from ... import ops
from ...core import checks
from ...core.errors import fail
from ..cell import Cell


class SparseToDense(Cell):
    """The dense form of a sparse Tensor.

    Inputs:
        sparse_tensor: COOTensor of shape (m, n).

    Returns:
        Tensor of that shape and the dtype of the values.

    >>> from minispore import COOTensor, Tensor, nn
    >>> x = COOTensor(Tensor([[0, 1], [1, 0]]), Tensor([1.0, 2.0]), (2, 2))
    >>> print(nn.SparseToDense()(x))
    [[0. 1.]
     [2. 0.]]
    """

    def construct(self, sparse_tensor):
        return sparse_tensor.to_dense()


class SparseTensorDenseMatmul(Cell):
    """The product of a sparse matrix, given by its parts, and a dense one.

    Args:
        adjoint_st: bool, whether to transpose the sparse matrix first.  Default: False.
        adjoint_dt: bool, whether to transpose the dense matrix first.  Default: False.

    Inputs:
        indices: Tensor of ints, shape (n, 2): row and column of each value.
        values: Tensor of shape (n,).
        sparse_shape: (rows, columns) of the sparse matrix.
        dense: Tensor of shape (columns, p).

    Returns:
        Tensor of shape (rows, p) and the dtype of the values.

    Raises:
        TypeError: a flag is not a bool.
        ValueError: the shapes do not fit.

    >>> from minispore import Tensor, nn
    >>> at, values = Tensor([[0, 1], [1, 0]]), Tensor([1.0, 2.0])
    >>> print(nn.SparseTensorDenseMatmul()(at, values, (2, 2), Tensor([[1.0], [3.0]])))
    [[3.]
     [2.]]
    """

    def __init__(self, adjoint_st=False, adjoint_dt=False):
        super().__init__()
        self.adjoint_st = checks.boolean("SparseTensorDenseMatmul", adjoint_st=adjoint_st)
        self.adjoint_dt = checks.boolean("SparseTensorDenseMatmul", adjoint_dt=adjoint_dt)

    def construct(self, indices, values, sparse_shape, dense):
        rows, columns = (1, 0) if self.adjoint_st else (0, 1)
        dense = ops.swapaxes(dense, 0, 1) if self.adjoint_dt else dense
        if len(sparse_shape) != 2 or dense.ndim != 2 or sparse_shape[columns] != dense.shape[0]:
            raise fail(
                ValueError,
                f"For 'SparseTensorDenseMatmul', the shapes do not fit: {tuple(sparse_shape)} and {dense.shape}.",
            )
        parts = ops.expand_dims(values, 1) * ops.gather(dense, indices[:, columns], 0)
        return ops.unsorted_segment_sum(parts, indices[:, rows], sparse_shape[rows])


__all__ = ["SparseTensorDenseMatmul", "SparseToDense"]
