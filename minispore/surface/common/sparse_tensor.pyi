# Written by tools/stubs from minispore.surface.common.sparse_tensor: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.ops.sparse import RowTensor as RowTensor
from minispore.ops.sparse_tensor import COOTensor as COOTensor, CSRTensor as CSRTensor

__all__ = ['COOTensor', 'CSRTensor', 'RowTensor']
