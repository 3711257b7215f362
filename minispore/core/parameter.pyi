# Written by tools/stubs from minispore.core.parameter: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable
from minispore._types import DTypeLike, Items, Number
from minispore.core.dtype import DType
from minispore.core.heap import room as room
from minispore.core.initializer import Initializer
from minispore.core.op.dispatch import wrap as wrap
from minispore.core.tensor import Tensor as Tensor
from numpy.typing import NDArray
from typing import Any
from typing_extensions import Self

__all__ = ['DEFAULT_NAME', 'LONGEST_NAME', 'Parameter', 'ParameterTuple', 'TENSORS', 'Tensor', 'room', 'to_dtype', 'wrap']

DEFAULT_NAME: str
LONGEST_NAME: int
TENSORS: Any

class Parameter(Tensor):
    def __init__(self, default_input: Tensor | Initializer | str | Number | NDArray[Any] | Items, name: str | None = None, requires_grad: bool = True, layerwise_parallel: bool = False, parallel_optimizer: bool = True, storage_format: str = '', device: str | None = None) -> None: ...
    def asnumpy(self) -> NDArray[Any]: ...
    def clone(self, init: Number | Tensor | Initializer | str = 'same') -> Parameter: ...
    def copy(self) -> Parameter: ...
    @property
    def data(self) -> Tensor: ...
    @data.setter
    def data(self, value: Any) -> None: ...
    def init_data(self, layout: Any = None, set_sliced: Any = False) -> Parameter: ...
    @property
    def inited_param(self) -> None: ...
    @property
    def name(self) -> str: ...
    @name.setter
    def name(self, value: Any) -> None: ...
    @property
    def param_info(self) -> Any: ...
    @property
    def requires_grad(self) -> bool: ...
    @requires_grad.setter
    def requires_grad(self, value: Any) -> None: ...
    def set_data(self, data: Tensor | int | float, slice_shape: Any = False) -> Parameter: ...
    def set_dtype(self, dtype: Any) -> Parameter: ...
    def value(self) -> Tensor: ...
    cache_enable: Any
    cache_shape: Any
    comm_fusion: Any
    init_at_once: Any
    init_mode: Any
    is_in_parallel: bool
    is_init: bool
    is_parameter: bool
    key: Any
    layerwise_parallel: Any
    named: Any
    parallel_optimizer: Any
    requires_aggr: bool
    sliced: bool

class ParameterTuple(tuple[Parameter, ...]):
    def __new__(cls, iterable: Iterable[Parameter]) -> Self: ...
    def clone(self, prefix: str, init: Any = "same") -> ParameterTuple: ...

def to_dtype(given: DTypeLike | Number | str) -> DType: ...
