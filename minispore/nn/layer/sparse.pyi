# Written by tools/stubs from minispore.nn.layer.sparse: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Items
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['SparseTensorDenseMatmul', 'SparseToDense']

class SparseTensorDenseMatmul(Cell):
    def __init__(self, adjoint_st: bool = False, adjoint_dt: bool = False) -> None: ...
    def construct(self, indices: Tensor, values: Tensor, sparse_shape: Items, dense: Tensor) -> Tensor: ...
    adjoint_dt: Any
    adjoint_st: Any

class SparseToDense(Cell):
    def construct(self, sparse_tensor: Any) -> Tensor: ...
