# Written by tools/stubs from minispore.ops.collective: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from typing import Any

def collective(what: str, tensors: Any, ranks: Any, reduce: str = 'sum', root: int = 0, sizes: Any = None, label: str = '') -> tuple[Tensor, ...]: ...
