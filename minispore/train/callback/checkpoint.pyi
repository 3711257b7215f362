# Written by tools/stubs from minispore.train.callback.checkpoint: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import Items, Path
from minispore.nn.cell import Cell
from minispore.train.callback.base import Callback
from typing import Any
from typing_extensions import Self

__all__ = ['BackupAndRestore', 'CheckpointConfig', 'ModelCheckpoint', 'OnRequestExit']

class BackupAndRestore(Callback):
    def __init__(self, backup_dir: Path, save_freq: Any = 'epoch', delete_checkpoint: bool = True) -> None: ...
    def on_train_begin(self, run_context: Any) -> None: ...
    def on_train_end(self, run_context: Any) -> None: ...
    def on_train_epoch_end(self, run_context: Any) -> None: ...
    backup_file: Any
    delete_checkpoint: Any
    in_validation: bool
    save_freq: Any

class CheckpointConfig:
    def __init__(self, save_checkpoint_steps: int = 1, save_checkpoint_seconds: int = 0, keep_checkpoint_max: int = 5, keep_checkpoint_per_n_minutes: int = 0, integrated_save: bool = True, async_save: bool = False, saved_network: Cell | None = None, append_info: Items | None = None, enc_key: Any = None, enc_mode: Any = 'AES-GCM', exception_save: bool = False, crc_check: bool = False, remove_redundancy: Any = False, format: str = 'ckpt', **kwargs: Any) -> None: ...
    def get_checkpoint_policy(self) -> dict[Any, Any]: ...
    append_dict: Any
    async_save: Any
    crc_check: Any
    enc_key: Any
    enc_mode: Any
    exception_save: Any
    format: Any
    integrated_save: Any
    keep_checkpoint_max: Any
    keep_checkpoint_per_n_minutes: Any
    save_checkpoint_seconds: Any
    save_checkpoint_steps: Any
    saved_network: Any

class ModelCheckpoint(Callback):
    def __init__(self, prefix: str | Callable[..., Any] = 'CKP', directory: Path | None = None, config: CheckpointConfig | None = None) -> None: ...
    def begin(self, run_context: Any) -> None: ...
    def end(self, run_context: Any) -> None: ...
    @property
    def latest_ckpt_file_name(self) -> str: ...
    def save_after_error(self, params: Any) -> None: ...
    def step_end(self, run_context: Any) -> None: ...
    in_validation: bool

class OnRequestExit(Callback):
    def __enter__(self) -> Self: ...
    def __exit__(self, *exception: Any) -> None: ...
    def __init__(self, save_ckpt: bool = True, save_mindir: bool = True, file_name: str = 'Net', directory: Path = './', config_file: Path | None = None, sig: int = ...) -> None: ...
    def begin(self, run_context: Any) -> None: ...
    def end(self, run_context: Any) -> None: ...
    def step_end(self, run_context: Any) -> None: ...
    config_file: Any
    exit: Any
    in_validation: bool
    save_ckpt: Any
    save_mindir: Any
    sig: Any
