# Written by tools/stubs from minispore.nn.layer.rnn: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import DTypeLike
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['GRU', 'GRUCell', 'LSTM', 'LSTMCell', 'RNN', 'RNNCell']

class _Recurrent(Cell):
    def __init__(self, input_size: Any, hidden_size: Any, num_layers: Any = 1, has_bias: bool = True, batch_first: bool = False, dropout: Any = ..., bidirectional: bool = False, dtype: Any = ...) -> None: ...
    def construct(self, x: Any, hx: Any = None, seq_length: Any = None) -> Tensor | Any: ...
    b_hh_list: Any
    b_ih_list: Any
    batch_first: Any
    bidirectional: Any
    directions: Any
    dropout: Any
    has_bias: Any
    hidden_size: Any
    input_size: Any
    is_piece: bool
    kind: Any
    num_layers: Any
    w_hh_list: Any
    w_ih_list: Any

class GRU(_Recurrent):
    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, has_bias: bool = True, batch_first: bool = False, dropout: float = ..., bidirectional: bool = False, dtype: DTypeLike = ...) -> None: ...
    kind: str

class RNNCellBase(Cell):
    def __init__(self, input_size: Any, hidden_size: Any, has_bias: Any, num_chunks: Any, dtype: Any = ...) -> None: ...
    def construct(self, x: Any, hx: Any) -> Tensor | Any: ...
    bias_hh: Any
    bias_ih: Any
    has_bias: Any
    hidden_size: Any
    input_size: Any
    is_piece: bool
    kind: Any
    weight_hh: Any
    weight_ih: Any

class GRUCell(RNNCellBase):
    def __init__(self, input_size: int, hidden_size: int, has_bias: bool = True, dtype: DTypeLike = ...) -> None: ...
    kind: str

class LSTM(_Recurrent):
    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, has_bias: bool = True, batch_first: bool = False, dropout: float = ..., bidirectional: bool = False, dtype: DTypeLike = ...) -> None: ...
    kind: str

class LSTMCell(RNNCellBase):
    def __init__(self, input_size: int, hidden_size: int, has_bias: bool = True, dtype: DTypeLike = ...) -> None: ...
    kind: str

class RNN(_Recurrent):
    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1, has_bias: bool = True, batch_first: bool = False, dropout: float = ..., bidirectional: bool = False, dtype: DTypeLike = ..., *, nonlinearity: str = 'tanh') -> None: ...
    nonlinearity: Any

class RNNCell(RNNCellBase):
    def __init__(self, input_size: int, hidden_size: int, has_bias: bool = True, nonlinearity: str = 'tanh', dtype: DTypeLike = ...) -> None: ...
    nonlinearity: Any
