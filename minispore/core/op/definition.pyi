# Written by tools/stubs from minispore.core.op.definition: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore._types import Items
from minispore.core.record import Node
from typing import Any

__all__ = ['Op', 'op_named']

class Op:
    def __init__(self, name: str, vjp: Items | Callable[..., Any] | None = None, samples: Sequence[Any] = ..., smooth: bool = True, doc: str = '', batch: Any = None, vjp_is_fixed: bool = True, holomorphic: bool = True, takes_complex: bool = False) -> None: ...
    def evaluate(self, *arrays: Any, **attrs: Any) -> tuple[Any, ...]: ...
    def failure(self, node: Node) -> None: ...
    def folds(self, attrs: dict[Any, Any]) -> bool: ...
    def infer(self, *inputs: Any, **attrs: Any) -> list[Any]: ...
    def is_ordered(self, attrs: dict[Any, Any]) -> bool: ...
    @property
    def joins_a_tape(self) -> bool: ...
    def overlaps(self, attrs: dict[Any, Any]) -> bool: ...
    def raises(self, attrs: dict[Any, Any]) -> bool: ...
    batch: Any
    compiled_from: Any
    holomorphic: Any
    in_place: bool
    kind: str
    may_be_dropped: Any
    may_raise: Any
    name: Any
    ordered: Any
    partly_defined: bool
    random: Any
    samples: Any
    smooth: Any
    takes_complex: Any
    takes_mask: bool
    vjp: Any
    vjp_is_fixed: Any
    vjp_traces: Any

def op_named(name: str) -> Op: ...
