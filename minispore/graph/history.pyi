# Written by tools/stubs from minispore.graph.history: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.number import Varying as Varying
from minispore.core.tensor import Tensor as Tensor
from typing import Any

__all__ = ['Compilation', 'DEBUG', 'KEPT', 'LOG', 'OBSERVERS', 'Tensor', 'Varying', 'WARN_AFTER', 'argument_names', 'describe', 'differences', 'input_names', 'is_observed', 'new_history', 'note', 'snapshot']

DEBUG: int
KEPT: int
LOG: Any
OBSERVERS: Any
WARN_AFTER: int

class Compilation:
    def __init__(self, name: str, arguments: dict[str, str], attributes: dict[str, str], parameters: dict[str, str], captures: dict[str, str], input_names: list[str], number: int = 0, compiled: int = 0, loaded: int = 0, seconds: float = ..., phases: dict[str, float] = ..., nearest: Compilation | None = None, causes: list[str] = ...) -> None: ...
    @property
    def reason(self) -> str: ...
    @property
    def spent(self) -> str: ...
    arguments: Any
    attributes: Any
    captures: Any
    causes: Any
    compiled: Any
    input_names: Any
    loaded: Any
    name: Any
    nearest: Any
    number: Any
    parameters: Any
    phases: Any
    seconds: Any

def argument_names(function: Any, args: Any, kwargs: Any) -> dict[Any, Any]: ...

def describe(x: Any) -> str: ...

def differences(new: Compilation, old: Compilation) -> list[str]: ...

def input_names(given: dict[Any, Any]) -> list[str]: ...

def is_observed() -> bool: ...

def new_history() -> Any: ...

def note(earlier: Any, record: Compilation, graph: Any, executable: Any, warns: bool = True) -> None: ...

def snapshot(name: str, function: Any, args: Any, kwargs: Any, recorder: Any) -> Compilation: ...
