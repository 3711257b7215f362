# Written by tools/stubs from minispore.surface.profiler: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from enum import Enum
from minispore._types import Path
from typing import Any
from typing_extensions import Self

__all__ = ['AicoreMetrics', 'ExportType', 'Profiler', 'ProfilerActivity', 'ProfilerLevel', 'schedule', 'tensorboard_trace_handler']

class AicoreMetrics(Enum):
    PipeUtilization = 'PipeUtilization'
    ArithmeticUtilization = 'ArithmeticUtilization'
    Memory = 'Memory'
    MemoryL0 = 'MemoryL0'
    MemoryUB = 'MemoryUB'
    ResourceConflictRatio = 'ResourceConflictRatio'
    L2Cache = 'L2Cache'
    MemoryAccess = 'MemoryAccess'
    AiCoreNone = 'None'

class ExportType(Enum):
    Db = 'db'
    Text = 'text'

class Profiler:
    def __enter__(self) -> Self: ...
    def __exit__(self, *exception: Any) -> None: ...
    def __init__(self, start_profile: bool = True, output_path: Path = 'data', **kwargs: Any) -> None: ...
    def add_metadata(self, key: str, value: str) -> None: ...
    def add_metadata_json(self, key: str, value: str) -> None: ...
    def analyse(self) -> None: ...
    @staticmethod
    def offline_analyse(path: Any, pretty: Any = False, step_list: Any = None, data_simplification: Any = True) -> None: ...
    def start(self) -> None: ...
    def step(self) -> None: ...
    def stop(self) -> None: ...

class ProfilerActivity(Enum):
    NPU = 'NPU'
    GPU = 'GPU'
    CPU = 'CPU'

class ProfilerLevel(Enum):
    LevelNone = 'LevelNone'
    Level0 = 'Level0'
    Level1 = 'Level1'
    Level2 = 'Level2'

def schedule(*, wait: int, active: int, warmup: int = 0, repeat: int = 0, skip_first: int = 0) -> dict[Any, Any]: ...

def tensorboard_trace_handler(dir_name: Any = None, worker_name: Any = None, analyse_flag: Any = True, async_mode: Any = False) -> None: ...
