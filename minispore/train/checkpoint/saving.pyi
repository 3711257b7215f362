# Written by tools/stubs from minispore.train.checkpoint.saving: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping, Sequence
from minispore._types import Path
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from numpy.typing import NDArray
from typing import Any

__all__ = ['async_ckpt_thread_status', 'save_checkpoint']

def async_ckpt_thread_status() -> bool: ...

def save_checkpoint(save_obj: Sequence[Parameter] | Sequence[Mapping[Any, Any]] | Cell | Mapping[Any, Any] | str | Parameter | Tensor | NDArray[Any], ckpt_file_name: Path, integrated_save: bool = True, async_save: bool | str = False, append_dict: Mapping[Any, Any] | str | int | float | bool | Tensor | Parameter | None = None, enc_key: bytes | None = None, enc_mode: str = 'AES-GCM', choice_func: Any = None, crc_check: Any = False, format: str | None = None, **kwargs: Any) -> None: ...
