# Written by tools/stubs from minispore.nn.cell_hooks: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.nn.cell_buffers import CellBuffers
from typing import Any

__all__ = ['CellHooks', 'HookHandle']

class CellHooks(CellBuffers):
    def register_backward_hook(self, hook_fn: Callable[..., Any]) -> HookHandle: ...
    def register_backward_pre_hook(self, hook_fn: Callable[..., Any]) -> HookHandle: ...
    def register_forward_hook(self, hook_fn: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False) -> HookHandle: ...
    def register_forward_pre_hook(self, hook_fn: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False) -> HookHandle: ...

class HookHandle:
    def __init__(self, cell: CellHooks, kind: str) -> None: ...
    def remove(self) -> None: ...
    cell: Any
    kind: Any
    number: Any
