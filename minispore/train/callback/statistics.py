"""UpdateMonitor: what the updates of each weight are like, while a Model trains, for TensorBoard and as CSV."""

import csv
import os
from typing import Any

from ...core import checks
from ...core.errors import fail
from ...core.tensor import Tensor
from ...nn.optim.statistics import NAMES, UpdateStatistics
from ..summary import SummaryRecord
from .base import Callback


class UpdateMonitor(Callback):
    """Notes for each Parameter the norms of gradient, weight and update, their ratio and the optimizer's second moment.

    While training, ``nn.UpdateStatistics`` stands around the optimizer, so that the numbers come from the step's one call.

    Args:
        every: note the first step and then every so many, a positive int.
        csv_path: a file to write: step, parameter, and the numbers; None for none.
        summary_dir: a directory for TensorBoard's files: ``update_ratio/<parameter>`` and so on; None for none.

    Attributes:
        history: a list of (step, {parameter: {number: value}}).

    Raises:
        ImportError: ``summary_dir`` without tensorboardX (the extra ``tensorboard``).
        ValueError: while training: the Model has no optimizer.

    >>> import numpy as np, minispore as ms
    >>> net = ms.nn.Dense(2, 1)
    >>> data = ms.dataset.NumpySlicesDataset((np.ones((4, 2), np.float32), np.zeros((4, 1), np.float32))).batch(2)
    >>> monitor = UpdateMonitor()
    >>> ms.train.Model(net, ms.nn.MSELoss(), ms.nn.Adam(net.trainable_params())).train(1, data, monitor)
    >>> [step for step, _ in monitor.history], sorted(monitor.history[0][1])
    ([1, 2], ['bias', 'weight'])
    """

    in_validation = False

    def __init__(self, every=1, csv_path=None, summary_dir=None):
        self._every = checks.positive_int("UpdateMonitor", every=every)
        paths = str, os.PathLike, type(None)
        self._csv_path, self._summary_dir = checks.instance(
            "UpdateMonitor", paths, csv_path=csv_path, summary_dir=summary_dir
        )
        self.history: list[tuple[int, dict]] = []
        self._record: SummaryRecord | None = None
        self._file = self._writer = None
        self._watched: Any = None  # (the train step, its optimizer) while training

    def __enter__(self):
        if self._summary_dir is not None:
            self._record = SummaryRecord(self._summary_dir).__enter__()
        if self._csv_path is not None:
            self._file = open(self._csv_path, "w", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(["step", "parameter", *NAMES])
        return self

    def __exit__(self, *err):
        if self._watched is not None:  # an error left the training early
            self._release()
        if self._record is not None:
            self._record.close()
        if self._file is not None:
            self._file.close()

    def on_train_begin(self, run_context):
        params = run_context.original_args()
        step = params.train_network
        if getattr(step, "optimizer", None) is None:
            raise fail(ValueError, "For 'UpdateMonitor', the Model must have an optimizer, but it has none.")
        if step.optimizer.needs_loss:
            raise fail(
                ValueError,
                f"For 'UpdateMonitor', {step.optimizer.cls_name} looks at the loss: put UpdateStatistics inside.",
            )
        statistics = UpdateStatistics(step.optimizer, self._every)
        statistics.set_train(step.training)
        self._watched = (step, step.optimizer)
        step.optimizer = statistics

    def on_train_step_end(self, run_context):
        step = run_context.original_args().cur_step_num
        if (step - 1) % self._every:
            return
        found = self._watched[0].optimizer.read()
        self.history.append((step, found))
        for parameter, numbers in found.items():
            if self._writer is not None:
                self._writer.writerow([step, parameter, *numbers.values()])
            if self._record is not None:
                for name, value in numbers.items():
                    self._record.add_value("scalar", f"{name}/{parameter}", Tensor(value))
        if self._record is not None:
            self._record.record(step)

    def on_train_end(self, run_context):
        self._release()

    def _release(self) -> None:
        step, optimizer = self._watched
        step.optimizer, self._watched = optimizer, None
