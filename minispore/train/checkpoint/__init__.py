"""Checkpoint files: two formats, one way to write them safely, and names from PyTorch."""

from .torch_names import load_torch_state, torch_name_map

__all__ = ["load_torch_state", "torch_name_map"]
