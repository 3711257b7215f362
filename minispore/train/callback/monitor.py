"""Callbacks that report on training: printed lines, a progress bar, a history."""

import csv
import math
import os
import sys
import time

from ...core import checks, notebook
from ...core.context import get_context
from ...core.errors import fail
from .base import MOMENTS, Callback, epoch_values, loss_of, number


def step_in_epoch(params) -> int:
    """The step within its epoch.

    Args:
        params: CallbackParams.

    Returns:
        int from 1.
    """
    return (params.cur_step_num - 1) % params.batch_num + 1


class LossMonitor(Callback):
    """Prints ``epoch: 1 step: 2, loss is 0.5``, and after an epoch with validation its metrics.

    A loss that is infinite or NaN ends training.

    Args:
        per_print_times: int, print after so many steps; 0: never.  Default: 1.

    Raises:
        TypeError: ``per_print_times`` is not an int.
        ValueError: it is negative; while training: the loss is infinite or NaN.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> model.train(1, rows, callbacks=ms.train.LossMonitor())
    epoch: 1 step: 1, loss is 2.5
    """

    in_validation = False
    on_rank_zero = True

    def __init__(self, per_print_times=1):
        self._every = checks.non_negative_int("LossMonitor", per_print_times=per_print_times)
        self._last = 0

    def step_end(self, run_context):
        params = run_context.original_args()
        loss = loss_of(params.net_outputs)
        epoch, step = params.get("cur_epoch_num", 1), step_in_epoch(params)
        if isinstance(loss, float) and not math.isfinite(loss):
            raise fail(
                ValueError,
                f"In epoch: {epoch} step: {step}, loss is NAN or INF, training process cannot continue, terminating training.",
            )
        if params.cur_step_num <= self._last:  # a new training has begun
            self._last = 0
        if self._every and params.cur_step_num - self._last >= self._every:
            self._last = params.cur_step_num
            print(f"epoch: {epoch} step: {step}, loss is {loss}", flush=True)

    def on_train_epoch_end(self, run_context):
        params = run_context.original_args()
        if params.get("metrics"):
            print(f"Eval result: epoch {params.cur_epoch_num}, metrics: {params.metrics}")


class TimeMonitor(Callback):
    """Prints ``Train epoch time: 12.345 ms, per step time: 1.234 ms`` after each epoch.

    Args:
        data_size: int, steps of an epoch; taken from the dataset where that knows.  Default: None.
        data_time: bool, whether to print too how long the dataset was waited for, for each step.  Default: False.

    Raises:
        TypeError: ``data_time`` is not a bool.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> model.train(1, rows, callbacks=ms.train.TimeMonitor())
    Train epoch time: ... ms, per step time: ... ms
    """

    on_rank_zero = True

    def __init__(self, data_size=None, data_time=False):
        self.data_size, self.data_time = data_size, checks.boolean("TimeMonitor", data_time=data_time)
        self._start = self._waited = self._since = 0.0

    def epoch_begin(self, run_context):
        self._start = self._since = time.perf_counter()
        self._waited = 0.0

    def on_train_step_begin(self, run_context):
        self._waited += time.perf_counter() - self._since

    def on_train_step_end(self, run_context):
        self._since = time.perf_counter()

    def epoch_end(self, run_context):
        params = run_context.original_args()
        total = (time.perf_counter() - self._start) * 1000
        steps = params.get("batch_num") or checks.positive_int("TimeMonitor", data_size=self.data_size)
        mode = params.get("mode", "").title()
        waited = f" (data time: {self._waited * 1000 / steps:5.3f} ms)" if self.data_time else ""
        print(f"{mode} epoch time: {total:5.3f} ms, per step time: {total / steps:5.3f} ms{waited}", flush=True)


class ProgressBar(Callback):
    """A progress bar for each epoch on a terminal: loss, steps per second, time left; elsewhere a line for each epoch.

    ``Model.train`` and ``Model.fit`` show it by themselves, unless a callback of yours prints the loss already or
    ``set_context(progress=False)`` was said.

    The line reads ``epoch 1/3: 100 steps, loss 0.5, 1.2 s``, with metrics after the loss where an epoch has some.

    Args:
        file: where to write.  Default: None, for stderr, and in a notebook stdout.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> import sys
    >>> model.train(1, rows, callbacks=ms.train.ProgressBar(sys.stdout))
    epoch 1/1: 1 steps, loss 2.5, ... s
    """

    EVERY = 0.1  # seconds between two looks at the loss: reading it may take longer than a small step

    in_validation = False
    on_rank_zero = True

    def __init__(self, file=None):
        self._file, self._bar = file, None
        self._start, self._first = 0.0, 0
        self._shown, self._steps = 0.0, 0  # when the bar was last moved, and steps since then

    def on_train_epoch_begin(self, run_context):
        params = run_context.original_args()
        self._start, self._first = time.perf_counter(), params.cur_step_num
        file = self._where()
        if file.isatty():
            from tqdm import tqdm

            self._shown, self._steps = 0.0, 0
            self._bar = tqdm(
                total=params.batch_num, desc=self._title(params), file=file, leave=True, dynamic_ncols=True,
                unit="step", mininterval=0,
            )  # fmt: skip

    def _where(self):
        return self._file or (sys.stdout if hasattr(notebook.shell(), "kernel") else sys.stderr)

    @staticmethod
    def _title(params) -> str:
        last = params.get("last_epoch", params.epoch_num)
        return f"epoch {params.cur_epoch_num}/{last}"

    def on_train_step_end(self, run_context):
        if self._bar is not None:
            self._steps += 1
            if time.perf_counter() - self._shown > self.EVERY:
                self._move(run_context)

    def _move(self, run_context) -> None:
        metrics = run_context.original_args().get("metrics") or {}
        self._bar.set_postfix(loss=self._loss(run_context), **_shortened(metrics), refresh=False)
        self._bar.update(self._steps)
        self._shown, self._steps = time.perf_counter(), 0

    @staticmethod
    def _loss(run_context) -> str:
        loss = loss_of(run_context.original_args().net_outputs)
        return f"{float(loss):.4g}" if isinstance(loss, (float, int)) or getattr(loss, "size", 0) == 1 else str(loss)

    def on_train_epoch_end(self, run_context):
        if self._bar is not None:
            self._move(run_context)
            self._close()
            return
        params = run_context.original_args()
        steps, seconds = params.cur_step_num - self._first, time.perf_counter() - self._start
        metrics = "".join(f", {name} {value}" for name, value in _shortened(params.get("metrics") or {}).items())
        text = f"{self._title(params)}: {steps} steps, loss {self._loss(run_context)}{metrics}, {seconds:.1f} s"
        print(text, file=self._where(), flush=True)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __exit__(self, *err):
        self._close()


def _shortened(metrics: dict) -> dict:
    return {name: f"{value:.4g}" if isinstance(value, float) else str(value) for name, value in metrics.items()}


class History(Callback):
    """Records the output and metrics at the end of each epoch: ``history["net_output"]`` and others are lists over epochs.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> kept = ms.train.History()
    >>> model.train(2, rows, callbacks=kept)
    >>> [round(x, 3) for x in kept.history["net_output"]]
    [2.5, 0.265]
    """

    in_validation = False

    def __init__(self):
        self.history: dict = {}
        self.epoch: dict = {}

    def begin(self, run_context):
        self.epoch = {"epoch": []}

    def epoch_end(self, run_context):
        params = run_context.original_args()
        self.epoch["epoch"].append(params.get("cur_epoch_num", 1))
        outputs = params.net_outputs
        first = outputs[0] if isinstance(outputs, (tuple, list)) else outputs
        value = float(first.asnumpy().mean()) if hasattr(first, "asnumpy") else first
        for name, item in {"net_output": value, **(params.get("metrics") or {})}.items():
            self.history.setdefault(name, []).append(item)


class CSVLogger(Callback):
    """Writes a line for each epoch to a file: epoch, steps so far, mean loss, learning rate, metrics, seconds.

    Args:
        path (str | os.PathLike): the file.
        append (bool): keep what it holds, as a training that goes on does. Default: False.

    The file is complete after each epoch.  A column that an epoch has no value for, as metrics have without validation, is empty.

    >>> import minispore as ms, numpy as np
    >>> net = ms.nn.Dense(2, 1)
    >>> model = ms.Model(net, ms.nn.MSELoss(), ms.nn.SGD(net.trainable_params(), 0.1))
    >>> x, y = np.ones((4, 2), np.float32), np.ones((4, 1), np.float32)
    >>> import tempfile
    >>> path = tempfile.mkdtemp() + "/log.csv"
    >>> model.train(2, [(x, y)], callbacks=CSVLogger(path))
    >>> [line.split(",")[:2] for line in open(path)]
    [['epoch', 'step'], ['1', '1'], ['2', '2']]
    """

    in_validation = False

    def __init__(self, path, append=False):
        self._path, self._append = os.fspath(path), checks.boolean("CSVLogger", append=append)
        self._names: list[str] | None = None
        self._sum = self._start = 0.0
        self._steps = 0

    def on_train_epoch_begin(self, run_context):
        self._sum, self._steps, self._start = 0.0, 0, time.perf_counter()

    def on_train_step_end(self, run_context):
        self._sum += number(loss_of(run_context.original_args().net_outputs))
        self._steps += 1

    def on_train_epoch_end(self, run_context):
        params = run_context.original_args()
        values = epoch_values(params, self._sum / max(self._steps, 1))
        values["seconds"] = round(time.perf_counter() - self._start, 3)
        self._write(values, [*values, *self._validated(params, values)])

    @staticmethod
    def _validated(params, values: dict) -> list[str]:
        """Columns that later epochs may have values for: the metrics of the model."""
        return [name for name in params.get("metric_names", ()) if name not in values]

    def _write(self, values: dict, names: list[str]) -> None:
        fresh = self._names is None and not (self._append and os.path.exists(self._path))
        if self._names is None:
            self._names = names if fresh else self._held()
        with open(self._path, "w" if fresh else "a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self._names, extrasaction="ignore", restval="")
            if fresh:
                writer.writeheader()
            writer.writerow(values)

    def _held(self) -> list[str]:
        with open(self._path, newline="", encoding="utf-8") as file:
            return next(csv.reader(file))


class LambdaCallback(Callback):
    """A callback made of functions, given as arguments with the names of the methods; each takes a RunContext.

    Args:
        on_train_epoch_begin: function, called at that moment like all that follow.  Default: None.
        on_train_epoch_end: function.  Default: None.
        on_train_step_begin: function.  Default: None.
        on_train_step_end: function.  Default: None.
        on_train_begin: function.  Default: None.
        on_train_end: function.  Default: None.
        on_eval_epoch_begin: function.  Default: None.
        on_eval_epoch_end: function.  Default: None.
        on_eval_step_begin: function.  Default: None.
        on_eval_step_end: function.  Default: None.
        on_eval_begin: function.  Default: None.
        on_eval_end: function.  Default: None.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> model.train(1, rows, callbacks=ms.train.LambdaCallback(on_train_end=lambda run_context: print("done")))
    done
    """

    def __init__(
        self, on_train_epoch_begin=None, on_train_epoch_end=None, on_train_step_begin=None, on_train_step_end=None,
        on_train_begin=None, on_train_end=None, on_eval_epoch_begin=None, on_eval_epoch_end=None,
        on_eval_step_begin=None, on_eval_step_end=None, on_eval_begin=None, on_eval_end=None,
    ):  # fmt: skip
        given = dict(locals())
        for phase in ("train", "eval"):
            for name in MOMENTS:
                function = given[f"on_{phase}_{name}"]
                if function is not None:
                    setattr(self, f"on_{phase}_{name}", function)


def progress_beside(callbacks: list[Callback]) -> list[Callback]:
    """A ProgressBar for a training with these callbacks, if none of them shows how far it is and the user did not say no."""
    shown = any(isinstance(c, (LossMonitor, TimeMonitor, ProgressBar)) for c in callbacks)
    return [ProgressBar()] if get_context("progress") and not shown else []
