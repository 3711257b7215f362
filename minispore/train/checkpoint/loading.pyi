# Written by tools/stubs from minispore.train.checkpoint.loading: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Mapping, Sequence
from minispore._types import Path
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['load_checkpoint', 'load_checkpoint_async', 'load_distributed_checkpoint']

def load_checkpoint(ckpt_file_name: Path, net: Cell | None = None, strict_load: bool = False, filter_prefix: Sequence[str] | str | None = None, dec_key: bytes | None = None, dec_mode: str = 'AES-GCM', specify_prefix: Sequence[str] | str | None = None, choice_func: Any = None, crc_check: bool = False, remove_redundancy: bool = False, format: Any = 'ckpt') -> dict[str, Any] | Any: ...

def load_checkpoint_async(ckpt_file_name: Path, net: Cell | None = None, strict_load: bool = False, filter_prefix: Sequence[str] | str | None = None, dec_key: bytes | None = None, dec_mode: str = 'AES-GCM', specify_prefix: Sequence[str] | str | None = None, choice_func: Callable[..., Any] | None = None) -> Any: ...

def load_distributed_checkpoint(network: Cell, checkpoint_filenames: Sequence[Path] | None = None, predict_strategy: Any = None, train_strategy_filename: Any = None, strict_load: bool = False, dec_key: bytes | None = None, dec_mode: str = 'AES-GCM', format: Any = 'ckpt', unified_safetensors_dir: Path | None = None, dst_safetensors_dir: None = None, rank_id: Any = None, output_format: Any = 'safetensors', name_map: Mapping[Any, Any] | None = None, max_process_num: Any = 64, return_param_dict: bool = False) -> dict[str, Any] | Any: ...
