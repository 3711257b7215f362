# Written by tools/stubs from minispore.nn.layer.attention: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import DTypeLike, Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['MultiheadAttention', 'Transformer', 'TransformerDecoder', 'TransformerDecoderLayer', 'TransformerEncoder', 'TransformerEncoderLayer']

class MultiheadAttention(Cell):
    def __init__(self, embed_dim: int, num_heads: int, dropout: float = ..., has_bias: bool = True, add_bias_kv: bool = False, add_zero_attn: bool = False, kdim: int | None = None, vdim: int | None = None, batch_first: bool = False, dtype: DTypeLike = ...) -> None: ...
    def construct(self, query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Tensor | Number | None = None, need_weights: bool = True, attn_mask: Tensor | None = None, average_attn_weights: bool = True) -> tuple[Any, ...]: ...
    add_zero_attn: Any
    batch_first: Any
    bias_k: Any
    bias_v: Any
    dropout: Any
    dtype: Any
    embed_dim: Any
    head_dim: Any
    in_proj_bias: Any
    in_proj_weight: Any
    is_piece: bool
    k_proj_weight: Any
    kdim: Any
    num_heads: Any
    out_proj: Any
    q_proj_weight: Any
    v_proj_weight: Any
    vdim: Any

class Transformer(Cell):
    def __init__(self, d_model: int = 512, nhead: int = 8, num_encoder_layers: int = 6, num_decoder_layers: int = 6, dim_feedforward: int = 2048, dropout: float = ..., activation: Any = 'relu', custom_encoder: Cell | None = None, custom_decoder: Cell | None = None, layer_norm_eps: float = ..., batch_first: bool = False, norm_first: bool = False, dtype: DTypeLike = ...) -> None: ...
    def construct(self, src: Tensor, tgt: Tensor, src_mask: Any = None, tgt_mask: Any = None, memory_mask: Any = None, src_key_padding_mask: Any = None, tgt_key_padding_mask: Any = None, memory_key_padding_mask: Any = None) -> Tensor: ...
    batch_first: Any
    d_model: Any
    decoder: Any
    encoder: Any
    nhead: Any

class _Stack(Cell):
    def __init__(self, layer: Any, num_layers: Any, norm: Any) -> None: ...
    layers: Any
    norm: Any
    num_layers: Any

class TransformerDecoder(_Stack):
    def __init__(self, decoder_layer: TransformerDecoderLayer, num_layers: int, norm: Cell | None = None) -> None: ...
    def construct(self, tgt: Tensor, memory: Tensor, tgt_mask: Any = None, memory_mask: Any = None, tgt_key_padding_mask: Any = None, memory_key_padding_mask: Any = None) -> Tensor: ...

class _Layer(Cell):
    def __init__(self, d_model: Any, nhead: Any, dim_feedforward: Any, dropout: Any, activation: Any, layer_norm_eps: Any, batch_first: Any, norm_first: Any, dtype: Any) -> None: ...
    activation: Any
    blocks: Any
    dense1: Any
    dense2: Any
    dropout: Any
    made_with: Any
    multihead_attn: Any
    norm_first: Any
    self_attn: Any

class TransformerDecoderLayer(_Layer):
    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: float = ..., activation: Any = 'relu', layer_norm_eps: float = ..., batch_first: bool = False, norm_first: bool = False, dtype: DTypeLike = ...) -> None: ...
    def construct(self, tgt: Tensor, memory: Tensor, tgt_mask: Any = None, memory_mask: Any = None, tgt_key_padding_mask: Any = None, memory_key_padding_mask: Any = None) -> Tensor: ...
    blocks: int

class TransformerEncoder(_Stack):
    def __init__(self, encoder_layer: TransformerEncoderLayer, num_layers: int, norm: Cell | None = None) -> None: ...
    def construct(self, src: Tensor, src_mask: Any = None, src_key_padding_mask: Any = None) -> Tensor: ...

class TransformerEncoderLayer(_Layer):
    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: float = ..., activation: Any = 'relu', layer_norm_eps: float = ..., batch_first: bool = False, norm_first: bool = False, dtype: DTypeLike = ...) -> None: ...
    def construct(self, src: Tensor, src_mask: Any = None, src_key_padding_mask: Any = None) -> Tensor: ...
