"""What MindSpore's scripts find here: checkpoints (``checkpoint/``) and exported nets (exported.py)."""

from ..core.boundary import publish as _publish
from ..core.registry import module_getattr as _module_getattr
from .checkpoint.conversion import ckpt_to_safetensors, safetensors_to_ckpt
from .checkpoint.into_net import load_param_into_net
from .checkpoint.loading import load_checkpoint, load_checkpoint_async, load_distributed_checkpoint
from .checkpoint.saving import async_ckpt_thread_status, save_checkpoint
from .exported import export, load

__all__ = [
    "async_ckpt_thread_status", "ckpt_to_safetensors", "export", "load", "load_checkpoint", "load_checkpoint_async",
    "load_distributed_checkpoint", "load_param_into_net", "safetensors_to_ckpt", "save_checkpoint",
]  # fmt: skip

_publish(globals())

__getattr__ = _module_getattr(__name__)  # names of the surface
