"""MemberMonitor: the losses of each copy of an ensemble while it trains, for TensorBoard and as CSV."""

import csv
import os

import numpy as np

from ...core import checks
from ...core.errors import fail
from ...core.tensor import Tensor
from ...nn.ensemble import Ensemble
from ..summary import SummaryRecord
from .base import Callback


class MemberMonitor(Callback):
    """Notes the loss of each copy of an ``Ensemble``, as a callback of ``Model.train`` or, with ``write``, in a loop of one's own.

    Args:
        every: note the first step and then every so many, a positive int.
        csv_path: a file to write, a line for each step and copy: step, copy, what it was given, loss; None for none.
        summary_dir: a directory for TensorBoard's files, with one below it for each copy, named by what it was given
            ("copy_3,learning_rate=0.01"), so that TensorBoard shows a curve for each; None for none.

    Copies keep their numbers when ``keep`` leaves some of them out, whose curves end there; a further ``train`` goes on in the
    same files and with the steps where the last one ended.

    Attributes:
        history: a list of dicts: step, copy, what it was given, loss.

    Raises:
        TypeError: the wrong type of an argument; while training: the train network of the Model is no Ensemble.
        ImportError: ``summary_dir`` without tensorboardX (the extra ``tensorboard``).

    >>> import numpy as np, minispore as ms
    >>> def make(learning_rate):
    ...     net = ms.nn.Dense(2, 1)
    ...     return ms.nn.TrainOneStepCell(ms.nn.WithLossCell(net, ms.nn.MSELoss()), ms.nn.SGD(net.trainable_params(), learning_rate))
    >>> data = ms.dataset.NumpySlicesDataset((np.ones((4, 2), np.float32), np.zeros((4, 1), np.float32))).batch(2)
    >>> monitor = ms.train.MemberMonitor()
    >>> ms.train.Model(ms.sweep(make, learning_rate=[0.1, 0.01])).train(1, data, monitor)
    >>> [(row["step"], row["copy"], row["learning_rate"]) for row in monitor.history]
    [(1, 0, 0.1), (1, 1, 0.01), (2, 0, 0.1), (2, 1, 0.01)]
    """

    in_validation = False
    on_rank_zero = True

    def __init__(self, every=1, csv_path=None, summary_dir=None):
        self._every = checks.positive_int("MemberMonitor", every=every)
        paths = str, os.PathLike, type(None)
        self._csv_path, self._summary_dir = checks.instance(
            "MemberMonitor", paths, csv_path=csv_path, summary_dir=summary_dir
        )
        self.history: list[dict] = []
        self._file = self._writer = None
        self._columns: list[str] | None = None  # of the file, once it was begun
        self._before = self._last = 0  # steps of the trainings before, and until now
        self._records: dict[int, SummaryRecord] = {}

    def __enter__(self):
        return self

    def __exit__(self, *err):
        self.close()

    def close(self) -> None:
        """Closes the files; needed after a loop of one's own only, or use ``with``."""
        for record in self._records.values():
            record.close()
        if self._file is not None:
            self._file.close()
        self._records, self._file, self._writer = {}, None, None

    def on_train_begin(self, run_context):
        self._before = self._last

    def on_train_step_end(self, run_context):
        params = run_context.original_args()
        self._last = self._before + params.cur_step_num
        if (params.cur_step_num - 1) % self._every:
            return
        if not isinstance(params.train_network, Ensemble):
            raise fail(
                TypeError,
                "For 'MemberMonitor', the Model must train an Ensemble, as in Model(ms.sweep(...)), but it trains "
                f"{type(params.train_network).__name__}.",
            )
        outputs = params.net_outputs
        loss = outputs if isinstance(outputs, Tensor) else outputs[0]
        self.write(params.train_network, self._last, loss=loss)

    def write(self, runs, step, **metrics) -> None:
        """Notes one step, whatever ``every`` is.

        Args:
            runs: Ensemble.
            step: int from 0.
            **metrics: of each a Tensor or array of shape (runs.size,), as for ``Ensemble.records``.

        Raises:
            TypeError: ``runs`` is no Ensemble, or ``step`` no int.
        """
        checks.instance("MemberMonitor.write", Ensemble, runs=runs)
        checks.non_negative_int("MemberMonitor.write", step=step)
        rows = [{"step": step, **row} for row in runs.records(**metrics)]
        self.history += rows
        for row in rows:
            if self._csv_path is not None:
                self._csv(row).writerow(row)
            if self._summary_dir is not None:
                record = self._record(row, metrics)
                for name in metrics:
                    record.add_value("scalar", name, Tensor(np.float32(row[name])))
                record.record(step)

    def _csv(self, row):
        if self._writer is None:
            fresh, self._columns = self._columns is None, self._columns or list(row)
            self._file = open(self._csv_path, "w" if fresh else "a", newline="", encoding="utf-8")
            self._writer = csv.DictWriter(self._file, self._columns, extrasaction="ignore", restval="")
            if fresh:
                self._writer.writeheader()
        return self._writer

    def _record(self, row, metrics) -> SummaryRecord:
        copy = row["copy"]
        if copy not in self._records:
            given = [f"{name}={value}" for name, value in row.items() if name not in ("step", "copy", *metrics)]
            name = ",".join([f"copy_{copy}", *given]).replace(os.sep, "_")
            directory = os.path.join(self._summary_dir, name)
            # a file for each training: two that begin within a second would have one name
            self._records[copy] = SummaryRecord(directory, file_suffix=f"_MS_{self._before}")
        return self._records[copy]
