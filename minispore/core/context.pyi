# Written by tools/stubs from minispore.core.context: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Path
from typing import Any

__all__ = ['COMPATIBLE', 'GRAPH_MODE', 'LAX', 'PYNATIVE_MODE', 'ParallelMode', 'STRICT', 'get_auto_parallel_context', 'get_context', 'get_ps_context', 'reset_auto_parallel_context', 'set_auto_parallel_context', 'set_context', 'set_ps_context']

COMPATIBLE: int
GRAPH_MODE: int
LAX: int
PYNATIVE_MODE: int
STRICT: int

class ParallelMode:
    AUTO_PARALLEL: str
    DATA_PARALLEL: str
    HYBRID_PARALLEL: str
    MODE_LIST: Any
    SEMI_AUTO_PARALLEL: str
    STAND_ALONE: str

def get_auto_parallel_context(attr_key: str) -> Any: ...

def get_context(attr_key: str) -> Any: ...

def get_offload_context() -> dict[Any, Any]: ...

def get_ps_context(attr_key: str) -> bool: ...

def is_graph_mode() -> bool: ...

def reset_auto_parallel_context() -> None: ...

def reset_ps_context() -> None: ...

def set_auto_parallel_context(**kwargs: Any) -> None: ...

def set_context(
    *,
    mode: int = ...,
    device_target: str = ...,
    device_id: int = ...,
    save_graphs: int | bool = ...,
    save_graphs_path: Path = ...,
    deterministic: str = ...,
    check_nan: bool = ...,
    pynative_compile: bool = ...,
    flush_denormals: bool = ...,
    progress: bool = ...,
    full_tracebacks: bool = ...,
    max_call_depth: int = ...,
    runtime_num_threads: int = ...,
    pynative_synchronize: bool = ...,
    **kwargs: Any,
) -> None: ...

def set_deterministic(deterministic: bool) -> None: ...

def set_device(device_target: str, device_id: int | None = None) -> None: ...

def set_memory(init_size: Any = '2GB', increase_size: Any = '2GB', max_size: Any = '1024GB', optimize_level: Any = 'O0', huge_page_reserve_size: Any = '0GB') -> None: ...

def set_offload_context(offload_config: Any) -> None: ...

def set_ps_context(**kwargs: Any) -> None: ...
