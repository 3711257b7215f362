# Written by tools/stubs from minispore.nn.wrap.grad_reducer: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['DistributedGradReducer', 'PipelineGradReducer']

class DistributedGradReducer(Cell):
    def __init__(self, parameters: Any, mean: bool | None = None, degree: int | None = None, fusion_type: Any = 1, group: str = 'hccl_world_group') -> None: ...
    def construct(self, grads: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Tensor, ...]: ...
    always_sums: Any
    cuts: Any
    degree: Any
    layerwise: Any
    mean: Any
    ranks: Any
    weights: Any

class PipelineGradReducer(DistributedGradReducer):
    def __init__(self, parameters: Any, scale_sense: Any = ..., opt_shard: Any = None) -> None: ...

def reduces() -> bool: ...
