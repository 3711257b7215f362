# Written by tools/stubs from minispore.parallel: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore.core.context import ParallelMode as ParallelMode
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Layout', 'ParallelMode', 'get_algo_parameters', 'parameter_broadcast', 'reset_algo_parameters', 'set_algo_parameters', 'shard', 'sync_pipeline_shared_parameters']

class Layout:
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __init__(self, device_matrix: Sequence[int], alias_name: Sequence[str], rank_list: Sequence[int] | None = None) -> None: ...
    alias_name: Any
    device_matrix: Any
    rank_list: Any
    tensor_map: Any

def get_algo_parameters(attr_key: str) -> None: ...

def parameter_broadcast(net: Any, layout: Any, cur_rank: Any = 0, initial_rank: Any = 0) -> None: ...

def reset_algo_parameters() -> None: ...

def set_algo_parameters(**kwargs: Any) -> None: ...

def shard(fn: Callable[..., Any] | Cell, in_strategy: Any, out_strategy: Any = None, parameter_plan: Any = None, device: Any = 'CPU', level: Any = 0) -> Any: ...

def sync_pipeline_shared_parameters(net: Any) -> None: ...
