# Written by tools/stubs from minispore.graph.history: python tools/stubs.  Not to be edited.
# mypy: ignore-errors

__all__ = ['Compilation']

class Compilation:
    def __init__(self, name: str, arguments: dict[str, str], attributes: dict[str, str], parameters: dict[str, str], captures: dict[str, str], input_names: list[str], number: int = 0, compiled: int = 0, loaded: int = 0, seconds: float = ..., phases: dict[str, float] = ..., nearest: Compilation | None = None, causes: list[str] = ...) -> None: ...
    @property
    def reason(self) -> str: ...
    @property
    def spent(self) -> str: ...
    compiled: int
    loaded: int
    nearest: Compilation | None
    number: int
    seconds: float
