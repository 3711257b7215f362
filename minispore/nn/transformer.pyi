# Written by tools/stubs from minispore.nn.transformer: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import DTypeLike
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['TransformerDecoder', 'TransformerEncoder']

class _Stack(Cell):
    def __init__(self, num_layers: Any, hidden_size: Any, ffn_hidden_size: Any, num_heads: Any, dropout: Any, hidden_act: Any, post_layernorm_residual: Any, param_init_type: Any) -> None: ...
    blocks: Any
    hidden_size: Any
    layer: Any
    num_heads: Any
    num_layers: Any

class TransformerDecoder(_Stack):
    def __init__(self, num_layers: int, batch_size: Any, hidden_size: int, ffn_hidden_size: int, src_seq_length: Any, tgt_seq_length: Any, num_heads: int, attention_dropout_rate: Any = ..., hidden_dropout_rate: float = ..., post_layernorm_residual: bool = False, layernorm_compute_type: Any = ..., softmax_compute_type: Any = ..., param_init_type: DTypeLike = ..., hidden_act: str = 'gelu', lambda_func: Any = None, use_past: bool = False, offset: Any = 0, moe_config: Any = None, parallel_config: Any = None) -> None: ...
    def construct(self, hidden_states: Tensor, attention_mask: Tensor, encoder_output: Tensor | None = None, memory_mask: Tensor | None = None, init_reset: Any = True, batch_valid_length: Any = None) -> tuple[Any, ...]: ...

class TransformerEncoder(_Stack):
    def __init__(self, batch_size: Any, num_layers: int, hidden_size: int, ffn_hidden_size: int, seq_length: Any, num_heads: int, attention_dropout_rate: Any = ..., hidden_dropout_rate: float = ..., hidden_act: str = 'gelu', post_layernorm_residual: bool = False, layernorm_compute_type: Any = ..., softmax_compute_type: Any = ..., param_init_type: DTypeLike = ..., lambda_func: Any = None, offset: Any = 0, use_past: bool = False, moe_config: Any = None, parallel_config: Any = None) -> None: ...
    def construct(self, hidden_states: Tensor, attention_mask: Tensor | None = None, init_reset: Any = True, batch_valid_length: Any = None) -> tuple[Any, ...]: ...
