# Written by tools/stubs from minispore.train.serialization: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Mapping, Sequence
from minispore._types import Path
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.optim.optimizer import Optimizer
from minispore.train.checkpoint.conversion import ckpt_to_safetensors as ckpt_to_safetensors, safetensors_to_ckpt as safetensors_to_ckpt
from numpy.typing import NDArray
from typing import Any

__all__ = ['async_ckpt_thread_status', 'ckpt_to_safetensors', 'export', 'load', 'load_checkpoint', 'load_checkpoint_async', 'load_distributed_checkpoint', 'load_param_into_net', 'safetensors_to_ckpt', 'save_checkpoint']

def async_ckpt_thread_status() -> bool: ...

def export(net: Cell | Callable[..., Any], *inputs: Any, file_name: Path, file_format: str, **kwargs: Any) -> None: ...

def load(file_name: Path | str, **kwargs: Any) -> Any: ...

def load_checkpoint(ckpt_file_name: Path, net: Cell | None = None, strict_load: bool = False, filter_prefix: Sequence[str] | str | None = None, dec_key: bytes | None = None, dec_mode: str = 'AES-GCM', specify_prefix: Sequence[str] | str | None = None, choice_func: Any = None, crc_check: bool = False, remove_redundancy: bool = False, format: Any = 'ckpt') -> dict[str, Any] | Any: ...

def load_checkpoint_async(ckpt_file_name: Path, net: Cell | None = None, strict_load: bool = False, filter_prefix: Sequence[str] | str | None = None, dec_key: bytes | None = None, dec_mode: str = 'AES-GCM', specify_prefix: Sequence[str] | str | None = None, choice_func: Callable[..., Any] | None = None) -> Any: ...

def load_distributed_checkpoint(network: Cell, checkpoint_filenames: Sequence[Path] | None = None, predict_strategy: Any = None, train_strategy_filename: Any = None, strict_load: bool = False, dec_key: bytes | None = None, dec_mode: str = 'AES-GCM', format: Any = 'ckpt', unified_safetensors_dir: Path | None = None, dst_safetensors_dir: None = None, rank_id: Any = None, output_format: Any = 'safetensors', name_map: Mapping[Any, Any] | None = None, max_process_num: Any = 64, return_param_dict: bool = False) -> dict[str, Any] | Any: ...

def load_param_into_net(net: Cell | Optimizer, parameter_dict: Mapping[Any, Any], strict_load: bool = False, remove_redundancy: bool = False) -> tuple[Any, ...]: ...

def save_checkpoint(save_obj: Sequence[Parameter] | Sequence[Mapping[Any, Any]] | Cell | Mapping[Any, Any] | str | Parameter | Tensor | NDArray[Any], ckpt_file_name: Path, integrated_save: bool = True, async_save: bool | str = False, append_dict: Mapping[Any, Any] | str | int | float | bool | Tensor | Parameter | None = None, enc_key: bytes | None = None, enc_mode: str = 'AES-GCM', choice_func: Any = None, crc_check: Any = False, format: str | None = None, **kwargs: Any) -> None: ...
