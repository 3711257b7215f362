"""MindSpore's ``common.sparse_tensor``."""

from ...ops.sparse import RowTensor
from ...ops.sparse_tensor import COOTensor, CSRTensor

RowTensorInner = RowTensor

__all__ = ["COOTensor", "CSRTensor", "RowTensor"]
