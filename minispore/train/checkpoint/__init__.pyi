# Written by tools/stubs from minispore.train.checkpoint: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.train.checkpoint.torch_names import load_torch_state as load_torch_state, torch_name_map as torch_name_map

__all__ = ['load_torch_state', 'torch_name_map']
