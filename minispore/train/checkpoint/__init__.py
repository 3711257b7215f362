"""Checkpoint files: two formats, atomic writing, and the weights of PyTorch models."""

from .torch_names import load_torch_state, torch_name_map

__all__ = ["load_torch_state", "torch_name_map"]
