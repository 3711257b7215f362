"""A callback of a pipeline and of a training at once, and the end of waits of another kind."""

from typing import Any

from ...dataset.callback import DSCallback
from ...train.callback import Callback


class WaitedDSCallback(Callback, DSCallback):
    """A callback of ``map`` that knows how far the training is: a subclass has ``sync_epoch_begin`` and
    ``sync_step_begin``, called with the training's context and the pipeline's. It is given to ``map`` and to ``Model.train``;
    a row is not made before the steps of the training ahead of it are done.

    Args:
        step_size: int, after how many rows ``sync_step_begin`` is called again, usually the batch size.  Default: 1.

    Raises:
        TypeError: ``step_size`` is no int.
        ValueError: it is not positive.

    >>> import minispore.dataset as ds
    >>> class Longer(ds.WaitedDSCallback):
    ...     def sync_epoch_begin(self, train_run_context, ds_run_context):
    ...         print("epoch", ds_run_context.cur_epoch_num)
    """

    def __init__(self, step_size: int = 1):
        DSCallback.__init__(self, step_size)
        self._training: Any = None

    def sync_epoch_begin(self, train_run_context: Any, ds_run_context: Any) -> None:
        """Before an epoch of the pipeline but the first, after that of the training."""

    def sync_step_begin(self, train_run_context: Any, ds_run_context: Any) -> None:
        """Before a row but the first of all, after the step of the training before it."""

    def ds_epoch_begin(self, ds_run_context: Any) -> None:
        """Calls ``sync_epoch_begin``."""
        if ds_run_context.cur_epoch_num > 1 and self._training is not None:
            self.sync_epoch_begin(self._training, ds_run_context)

    def ds_step_begin(self, ds_run_context: Any) -> None:
        """Calls ``sync_step_begin``."""
        if ds_run_context.cur_step_num > self.step_size and self._training is not None:
            self.sync_step_begin(self._training, ds_run_context)

    def step_end(self, run_context: Any) -> None:
        """Keeps the training's context."""
        self._training = run_context

    def epoch_end(self, run_context: Any) -> None:
        """Keeps the training's context."""
        self._training = run_context

    def end(self, run_context: Any) -> None:
        """Forgets the training."""
        self._training = None
