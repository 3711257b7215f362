# Written by tools/stubs from minispore.train.callback.control: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Number
from minispore.train.callback.base import Callback
from typing import Any

__all__ = ['EarlyStopping', 'LearningRateScheduler', 'ReduceLROnPlateau']

class _Watch(Callback):
    best: Any
    in_validation: bool
    min_delta: Any
    mode: Any
    monitor: Any
    patience: Any
    verbose: Any
    wait: Any

class EarlyStopping(_Watch):
    def __init__(self, monitor: str = 'eval_loss', min_delta: Number = 0, patience: int = 0, verbose: bool = False, mode: str = 'auto', baseline: Number | None = None, restore_best_weights: bool = False) -> None: ...
    def on_train_begin(self, run_context: Any) -> None: ...
    def on_train_end(self, run_context: Any) -> None: ...
    def on_train_epoch_end(self, run_context: Any) -> None: ...
    baseline: Any
    best_weights_param_dict: Any
    restore_best_weights: Any
    stopped_epoch: Any

class LearningRateScheduler(Callback):
    def __init__(self, learning_rate_function: Any) -> None: ...
    def step_end(self, run_context: Any) -> None: ...
    in_validation: bool
    learning_rate_function: Any

class ReduceLROnPlateau(_Watch):
    def __init__(self, monitor: str = 'eval_loss', factor: float = ..., patience: int = 10, verbose: bool = False, mode: str = 'auto', min_delta: Number = ..., cooldown: int = 0, min_lr: Number = 0) -> None: ...
    def on_train_begin(self, run_context: Any) -> None: ...
    def on_train_epoch_end(self, run_context: Any) -> None: ...
    cooldown: Any
    cooldown_counter: Any
    factor: Any
    min_lr: Any
