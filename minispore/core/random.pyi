# Written by tools/stubs from minispore.core.random: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.parameter import Parameter as Parameter
from minispore.core.tensor import Tensor as Tensor
from typing import Any

__all__ = ['COUNTER', 'GIVEN', 'Parameter', 'SEED', 'Tensor', 'get_rng_state', 'get_seed', 'host_generator', 'set_rng_state', 'set_seed', 'share_seed']

COUNTER: Parameter
GIVEN: Parameter
SEED: Parameter

def get_rng_state() -> Tensor: ...

def get_seed() -> int | None: ...

def host_generator() -> Any: ...

def set_rng_state(state: Tensor) -> None: ...

def set_seed(seed: int) -> None: ...

def share_seed(agreed: Any) -> None: ...
