"""Layers for sparse matrices in coordinate form."""

from ... import ops
from ...core import checks
from ...core.errors import fail
from ..cell import Cell


class SparseToDense(Cell):
    """The dense Tensor of a ``COOTensor``.

    >>> import minispore as ms
    >>> x = ms.COOTensor(ms.Tensor([[0, 1], [1, 0]]), ms.Tensor([1.0, 2.0]), (2, 2))
    >>> print(SparseToDense()(x))
    [[0. 1.]
     [2. 0.]]
    """

    def construct(self, sparse_tensor):
        return sparse_tensor.to_dense()


class SparseTensorDenseMatmul(Cell):
    """The product of a sparse matrix, given as (indices (n, 2), values (n,), its shape), and a dense one.

    Args:
        adjoint_st, adjoint_dt: transpose the sparse or the dense matrix first.

    >>> import minispore as ms
    >>> at, values = ms.Tensor([[0, 1], [1, 0]]), ms.Tensor([1.0, 2.0])
    >>> print(SparseTensorDenseMatmul()(at, values, (2, 2), ms.Tensor([[1.0], [3.0]])))
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
