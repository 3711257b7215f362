# Written by tools/stubs from minispore.core.op.elementwise_op: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping, Sequence
from minispore.core.dtype import DType
from minispore.core.op.definition import Op
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['Cast', 'Elementwise', 'broadcast_shapes', 'cast', 'elementwise', 'to']

cast: Cast

class Elementwise(Op):
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __init__(self, name: str, expression: str, args: str = 'x', types: str = 'same', vjp: Sequence[Any] | None = None, weak: bool = False, **more: Any) -> None: ...
    def common(self, args: Sequence[Tensor]) -> list[Any]: ...
    def convert(self, args: Sequence[Tensor]) -> list[Any]: ...
    def evaluate(self, *arrays: Any, **attrs: Any) -> tuple[Any, ...]: ...
    def infer(self, *inputs: Any, **attrs: Any) -> list[Any]: ...
    def result_dtype(self, inputs: Sequence[Any], attrs: Mapping[Any, Any]) -> DType: ...
    args: Any
    call: Any
    compiled_from: int
    expression: Any
    function: Any
    kind: str
    reads_all: Any
    real_only: Any
    tree: Any
    types: Any
    weak: Any

class Cast(Elementwise):
    def evaluate(self, x: Any, dtype: Any) -> tuple[Any, ...]: ...
    def result_dtype(self, inputs: Sequence[Any], attrs: Mapping[Any, Any]) -> DType: ...

def broadcast_shapes(name: str, shapes: Sequence[Any]) -> tuple[int, ...]: ...

def elementwise(name: str, expression: str, args: str = 'x', types: str = 'same', vjp: Any = None, weak: bool = False, *, parameters: str = '', doc: str = '', **more: Any) -> Any: ...

def to(tensor: Tensor, dtype: DType) -> Tensor: ...
