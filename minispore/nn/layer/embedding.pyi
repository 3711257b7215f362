# Written by tools/stubs from minispore.nn.layer.embedding: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import DTypeLike, Number
from minispore.core.initializer import Initializer
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Embedding', 'EmbeddingExt', 'EmbeddingLookup', 'MultiFieldEmbeddingLookup']

class Embedding(Cell):
    def __init__(self, vocab_size: int, embedding_size: int, use_one_hot: bool = False, embedding_table: Initializer | str | Number | Tensor = 'normal', dtype: DTypeLike = ..., padding_idx: int | None = None) -> None: ...
    def construct(self, ids: Tensor) -> Tensor: ...
    def extend_repr(self) -> str: ...
    dtype: Any
    embedding_size: Any
    embedding_table: Parameter
    padding_idx: Any
    use_one_hot: Any
    vocab_size: Any

class EmbeddingExt(Cell):
    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None, max_norm: float | None = None, norm_type: float = ..., scale_grad_by_freq: bool = False, sparse: bool = False, _weight: Tensor | None = None, _freeze: bool = False, dtype: DTypeLike | None = None) -> None: ...
    def construct(self, input: Tensor) -> Tensor: ...
    def extend_repr(self) -> str: ...
    dtype: Any
    embedding_dim: Any
    max_norm: Any
    norm_type: Any
    num_embeddings: Any
    padding_idx: Any
    scale_grad_by_freq: Any
    weight: Parameter

class EmbeddingLookup(Cell):
    def __init__(self, vocab_size: int, embedding_size: int, param_init: Initializer | str | Number | Tensor = 'normal', target: str = 'CPU', slice_mode: Any = 'batch_slice', manual_shapes: Any = None, max_norm: float | None = None, sparse: bool = True, dtype: DTypeLike = ...) -> None: ...
    def construct(self, indices: Tensor) -> Tensor: ...
    BATCH_SLICE: str
    FIELD_SLICE: str
    TABLE_COLUMN_SLICE: str
    TABLE_ROW_SLICE: str
    embedding_size: Any
    embedding_table: Parameter
    max_norm: Any
    sparse: Any
    target: Any
    vocab_size: Any

class MultiFieldEmbeddingLookup(EmbeddingLookup):
    def __init__(self, vocab_size: int, embedding_size: int, field_size: int, param_init: Initializer | str | Number | Tensor = 'normal', target: str = 'CPU', slice_mode: Any = 'batch_slice', feature_num_list: Any = None, max_norm: float | None = None, sparse: bool = True, operator: str = 'SUM', dtype: DTypeLike = ...) -> None: ...
    def construct(self, input_indices: Tensor, input_values: Tensor, field_ids: Tensor) -> Tensor: ...
    OPERATOR_MAX: str
    OPERATOR_MEAN: str
    OPERATOR_SUM: str
    field_size: Any
    operator: Any
