"""What MindSpore's checkpoints of several devices need besides ``load_checkpoint``: slices of one Parameter, the list of files."""

import os
import time
from contextlib import suppress

import numpy as np

from ..core.errors import fail
from ..core.parameter import Parameter
from ..core.tensor import Tensor
from ..train.callback.checkpoint import CheckpointConfig, ModelCheckpoint, _free_prefix


def merge_sliced_parameter(sliced_parameters, strategy=None):
    """One Parameter of slices along the first axis.

    Args:
        sliced_parameters: list of Parameters of one name, whose shapes differ in the first axis only.
        strategy: dict from names to how they were cut; slices along the first axis only.  Default: None.

    Returns:
        Parameter with the name of the slices and the flags of the first one.

    Raises:
        TypeError: ``sliced_parameters`` is not a list of Parameters, ``strategy`` not a dict.
        ValueError: there are none, their names or shapes differ, or one was cut along other axes.

    >>> from minispore import Parameter, Tensor, merge_sliced_parameter
    >>> parts = [Parameter(Tensor([1.0, 2.0]), name="w"), Parameter(Tensor([3.0]), name="w")]
    >>> print(merge_sliced_parameter(parts).asnumpy())
    [1. 2. 3.]
    """
    if not isinstance(sliced_parameters, list):
        kind = type(sliced_parameters).__name__
        raise fail(TypeError, f"For 'merge_sliced_parameter', 'sliced_parameters' must be a list, but got {kind}.")
    if not sliced_parameters:
        raise fail(ValueError, "For 'merge_sliced_parameter', 'sliced_parameters' is empty.")
    if strategy is not None and not isinstance(strategy, dict):
        raise fail(
            TypeError, f"For 'merge_sliced_parameter', 'strategy' must be a dict, but got {type(strategy).__name__}."
        )
    for p in sliced_parameters:
        if not isinstance(p, Parameter):
            raise fail(
                TypeError, f"For 'merge_sliced_parameter', a list of Parameters is needed, but got {type(p).__name__}."
            )
    first = sliced_parameters[0]
    if strategy and first.name in strategy:
        raise fail(
            ValueError,
            f"For 'merge_sliced_parameter', the strategy of '{first.name}' is not known here: without one, slices along the first axis are merged.",
        )
    for p in sliced_parameters:
        if p.name != first.name or p.shape[1:] != first.shape[1:] or p.ndim != first.ndim:
            raise fail(
                ValueError,
                "For 'merge_sliced_parameter', the slices need one name and shapes that differ in the first axis only, but got "
                f"'{first.name}' {first.shape} and '{p.name}' {p.shape}.",
            )
    joined = np.concatenate([p.asnumpy().reshape(p.shape or (1,)) for p in sliced_parameters])
    return Parameter(Tensor(joined), first.name, first.requires_grad, first.layerwise_parallel)


def _chg_ckpt_file_name_if_same_exist(directory, prefix, exception=False):
    """``prefix``, with a number where files in ``directory`` have it already."""
    return _free_prefix(directory, prefix, ".ckpt")


class CheckpointManager:
    """The checkpoint files of one prefix in a directory, as MindSpore's callback keeps them."""

    def __init__(self):
        self._files: list[str] = []

    @property
    def ckpoint_filelist(self) -> list[str]:
        """The paths."""
        return self._files

    @property
    def ckpoint_num(self) -> int:
        """How many there are."""
        return len(self._files)

    def update_ckpoint_filelist(self, directory, prefix) -> None:
        """Looks for ``prefix-....ckpt`` in ``directory``."""
        self._files = [
            os.path.join(directory, name)
            for name in os.listdir(directory)
            if name.startswith(f"{prefix}-") and name.endswith((".ckpt", ".safetensors"))
        ]

    def remove_ckpoint_file(self, file_name) -> None:
        """Removes one file, which may be gone already."""
        if file_name in self._files:
            self._files.remove(file_name)
        with suppress(OSError):
            os.remove(file_name)

    def remove_oldest_ckpoint_file(self) -> None:
        """Removes the file that was written first."""
        self.remove_ckpoint_file(sorted(self._files, key=os.path.getctime)[0])

    def keep_one_ckpoint_per_minutes(self, minutes, cur_time=None) -> None:
        """Removes all files of the last ``minutes`` but the oldest of them."""
        now = time.time() if cur_time is None else cur_time
        recent = sorted((f for f in self._files if now - os.path.getmtime(f) <= 60 * minutes), key=os.path.getmtime)
        for path in recent[1:]:
            self.remove_ckpoint_file(path)


__all__ = ["CheckpointConfig", "CheckpointManager", "ModelCheckpoint", "merge_sliced_parameter"]
