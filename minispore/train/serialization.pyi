# Written by tools/stubs from minispore.train.serialization: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.train.checkpoint.conversion import ckpt_to_safetensors as ckpt_to_safetensors, safetensors_to_ckpt as safetensors_to_ckpt
from minispore.train.checkpoint.into_net import load_param_into_net as load_param_into_net
from minispore.train.checkpoint.loading import load_checkpoint as load_checkpoint, load_checkpoint_async as load_checkpoint_async, load_distributed_checkpoint as load_distributed_checkpoint
from minispore.train.checkpoint.saving import async_ckpt_thread_status as async_ckpt_thread_status, save_checkpoint as save_checkpoint
from minispore.train.exported import export as export, load as load

__all__ = ['async_ckpt_thread_status', 'ckpt_to_safetensors', 'export', 'load', 'load_checkpoint', 'load_checkpoint_async', 'load_distributed_checkpoint', 'load_param_into_net', 'safetensors_to_ckpt', 'save_checkpoint']
