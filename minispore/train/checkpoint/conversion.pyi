# Written by tools/stubs from minispore.train.checkpoint.conversion: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping
from minispore._types import Path
from typing import Any

__all__ = ['ckpt_to_safetensors', 'safetensors_to_ckpt']

def ckpt_to_safetensors(file_path: Path, save_path: Any = None, name_map: Mapping[Any, Any] | None = None, file_name_regex: str | None = None, processes_num: Any = 1) -> None: ...

def safetensors_to_ckpt(file_path: Path, save_path: Any = None, name_map: Mapping[Any, Any] | None = None, file_name_regex: str | None = None, processes_num: Any = 1) -> None: ...
