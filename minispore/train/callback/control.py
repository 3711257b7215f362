"""Callbacks that control training: learning rate and early stopping."""

import copy
import math
import operator
import warnings

import numpy as np

from ... import ops
from ...core import checks
from ...core.errors import fail
from ...core.parameter import Parameter
from ...core.record import user_level
from ...core.tensor import Tensor
from .base import Callback, loss_of, number

SMALLER_IS_BETTER = {
    "hausdorff_distance", "mae", "mse", "loss", "perplexity", "mean_surface_distance", "root_mean_square_distance",
    "eval_loss",
}  # fmt: skip


def _rate(owner: str, params) -> Parameter:
    rate = params.optimizer.learning_rate
    if not isinstance(rate, Parameter):
        raise fail(
            ValueError,
            f"For '{owner}', the optimizer must have one fixed learning rate, not a schedule, list or groups of them.",
        )
    return rate


class LearningRateScheduler(Callback):
    """Sets the learning rate after each step to ``learning_rate_function(rate, cur_step_num)``.

    Args:
        learning_rate_function: takes the current rate (a float) and the number of steps done; returns the new rate.

    Raises:
        ValueError: while training: the optimizer's rate is a schedule, a list or differs between groups.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> model.train(2, rows, callbacks=ms.train.LearningRateScheduler(lambda rate, step: rate / 2))
    >>> print(opt.get_lr())
    0.025
    """

    in_validation = False

    def __init__(self, learning_rate_function):
        self.learning_rate_function = learning_rate_function

    def step_end(self, run_context):
        params = run_context.original_args()
        rate = _rate("LearningRateScheduler", params)
        now = float(str(rate.asnumpy()))  # the shortest decimal: 0.1 rather than 0.10000000149
        new = self.learning_rate_function(now, params.cur_step_num)
        if not math.isclose(now, new, rel_tol=1e-10):
            ops.assign(rate, Tensor(new, rate.dtype))


class _Watch(Callback):
    """Monitors a number: the loss, or a metric of the validation in ``Model.fit``."""

    in_validation = False
    monitor: str
    min_delta: float

    def _set_watch(self, monitor, min_delta, patience, verbose, mode) -> None:
        owner = type(self).__name__
        self.monitor = checks.string(owner, monitor=monitor)
        self.min_delta = abs(checks.number(owner, min_delta=min_delta))
        self.patience = checks.non_negative_int(owner, patience=patience)
        self.verbose = checks.boolean(owner, verbose=verbose)
        checks.one_of(owner, ("auto", "min", "max"), mode=mode)
        self.mode = mode
        smaller = mode == "min" or (mode == "auto" and monitor in SMALLER_IS_BETTER)
        self._sign = 1.0 if smaller else -1.0
        self._forget()

    def _forget(self) -> None:
        self.wait, self.best = 0, self._sign * math.inf

    def _improves(self, value, over) -> bool:
        return operator.lt(self._sign * value, self._sign * over - self.min_delta)

    def _value(self, params):
        """The current value; None, with a warning, if there is no metric of that name."""
        results = params.get("eval_results", {})
        value = loss_of(params.get("net_outputs")) if self.monitor == "loss" else results.get(self.monitor)
        if value is None:
            available = ", ".join(sorted({"loss", *results}))
            warnings.warn(
                f"{type(self).__name__} watches '{self.monitor}', which is not available; available are: {available}.",
                stacklevel=user_level(),
            )
            return None
        return number(value)


class ReduceLROnPlateau(_Watch):
    """Multiplies the learning rate by ``factor`` when a number has not improved for ``patience`` epochs.

    Args:
        monitor: "loss" (of the last step), "eval_loss" (the default) or the name of a metric; all but "loss" need
            ``Model.fit``.
        factor: float in (0, 1).  Default: 0.1.
        patience: int, epochs without improvement.  Default: 10.
        verbose: bool, whether to print a line when the rate changes.  Default: False.
        mode: "min", "max", or "auto" (the default): by the name.
        min_delta: number, what counts as an improvement.  Default: 1e-4.
        cooldown: int, epochs after a change in which nothing is counted.  Default: 0.
        min_lr: number; the rate does not fall below it.  Default: 0.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a number out of range; while training: the optimizer's rate is a schedule, a list or differs between
            groups.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> watch = ms.train.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=100.0)
    >>> model.train(3, rows, callbacks=watch)
    >>> print(opt.get_lr())
    0.025
    """

    def __init__(self, monitor="eval_loss", factor=0.1, patience=10, verbose=False, mode="auto", min_delta=1e-4,
                 cooldown=0, min_lr=0):  # fmt: skip
        self._set_watch(monitor, min_delta, patience, verbose, mode)
        self.factor = checks.unit_float("ReduceLROnPlateau", factor=factor)
        self.cooldown = checks.non_negative_int("ReduceLROnPlateau", cooldown=cooldown)
        self.min_lr = checks.number("ReduceLROnPlateau", min_lr=min_lr)
        self.cooldown_counter = 0

    def on_train_begin(self, run_context):
        self._forget()
        self.cooldown_counter = 0

    def on_train_epoch_end(self, run_context):
        params = run_context.original_args()
        rate = _rate("ReduceLROnPlateau", params)
        value = self._value(params)
        if value is None:
            return
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        if self._improves(value, self.best):
            self.best, self.wait = value, 0
        elif self.cooldown_counter <= 0:
            self.wait += 1
            if self.wait >= self.patience:
                self._reduce(rate, params.cur_epoch_num)

    def _reduce(self, rate, epoch) -> None:
        if float(rate.asnumpy()) > self.min_lr:
            new = np.maximum(rate.asnumpy() * np.float32(self.factor), np.float32(self.min_lr))
            ops.assign(rate, Tensor(new, rate.dtype))
            if self.verbose:
                print(f"Epoch {epoch:05d}: ReduceLROnPlateau reducing learning rate to {new!s}.")
        self.cooldown_counter, self.wait = self.cooldown, 0


class EarlyStopping(_Watch):
    """Ends training when a number has not improved for ``patience`` epochs.

    Args:
        monitor: "loss" (of the last step), "eval_loss" (the default) or the name of a metric.
        min_delta: number, what counts as an improvement.  Default: 0.
        patience: int, epochs without improvement; 0 and 1 stop at the first.  Default: 0.
        verbose: bool, whether to print lines about it.  Default: False.
        mode: "min", "max", or "auto" (the default): by the name.
        baseline: number; only what is better than this, too, counts as an improvement.  Default: None.
        restore_best_weights: bool, whether to give the Parameters, at the end, the values of the best epoch.  Default:
            False.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a number out of range.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> stop = ms.train.EarlyStopping("loss", min_delta=100.0, patience=2)
    >>> model.train(10, rows, callbacks=stop)
    >>> stop.stopped_epoch
    3
    """

    def __init__(self, monitor="eval_loss", min_delta=0, patience=0, verbose=False, mode="auto", baseline=None,
                 restore_best_weights=False):  # fmt: skip
        self._set_watch(monitor, min_delta, patience, verbose, mode)
        if baseline is not None:
            checks.number("EarlyStopping", baseline=baseline)
        self.baseline = baseline
        self.restore_best_weights = checks.boolean("EarlyStopping", restore_best_weights=restore_best_weights)
        self.stopped_epoch = 0
        self.best_weights_param_dict: dict | None = None

    def on_train_begin(self, run_context):
        self._forget()
        self.stopped_epoch, self.best_weights_param_dict = 0, None

    def on_train_epoch_end(self, run_context):
        params = run_context.original_args()
        value = self._value(params)
        if value is None:
            return
        better = self._improves(value, self.best)
        if self.restore_best_weights and (better or self.best_weights_param_dict is None):
            weights = params.train_network.parameters_dict()
            self.best_weights_param_dict = {name: copy.deepcopy(p) for name, p in weights.items()}
        self.wait += 1
        if better:
            self.best = value
            if self.baseline is None or self._improves(value, self.baseline):
                self.wait = 0
        if self.wait >= self.patience:
            self.stopped_epoch = params.cur_epoch_num
            run_context.request_stop()
            if self.best_weights_param_dict is not None:
                self._restore(params.train_network, self.best_weights_param_dict)

    def _restore(self, network, best) -> None:
        if self.verbose:
            print("Restoring model weights from the end of the best epoch.")
        for name, p in network.parameters_dict().items():
            p.set_data(best[name])

    def on_train_end(self, run_context):
        if self.stopped_epoch > 0 and self.verbose:
            print(f"Epoch {self.stopped_epoch:05d}: early stopping")
