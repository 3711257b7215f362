"""The range test of learning rates: the loss while the rate rises from step to step."""

from collections.abc import Iterable

import numpy as np

from .. import nn
from ..core import checks
from ..core.errors import fail, not_installed
from ..core.random import get_rng_state, set_rng_state
from ..nn.step_copy import copied
from .model import Model


class RateCurve:
    """Loss against learning rate.

    Attributes:
        rates, losses: arrays of one number per step that was made.
        smoothed: the losses, averaged over the steps before.
        suggestion: the rate where the loss falls fastest, for a unit of the logarithm of the rate, by lines through a sixth
            of the losses each (``smoothed`` lags behind, and its first numbers are noise).
        at_minimum: the rate where it is least, by means of a twelfth of them; a tenth of it is another common choice.
    """

    def __init__(self, rates, losses, smoothed):
        self.rates, self.losses, self.smoothed = (np.asarray(x, np.float64) for x in (rates, losses, smoothed))
        width = min(max(3, len(self.rates) // 12), len(self.rates))
        around = np.lib.stride_tricks.sliding_window_view(self.losses, width).mean(1)
        least = int(np.argmin(around)) + width // 2
        falling = self.losses[: max(least, 1) + 1]
        slopes = _slopes(np.log(self.rates[: len(falling)]), falling, max(5, len(self.rates) // 6))
        self.suggestion = float(self.rates[int(np.argmin(slopes))])
        self.at_minimum = float(self.rates[least])

    def save(self, path) -> None:
        """Draws the curve into a file, by its ending PNG, SVG or PDF.

        Raises:
            ImportError: matplotlib is not installed (the extra ``examples``).
        """
        try:
            from matplotlib.figure import Figure
        except ImportError as error:
            raise not_installed("'RateCurve.save'", "matplotlib", "matplotlib") from error
        figure = Figure(figsize=(6, 4), layout="constrained")
        ax = figure.subplots()
        ax.semilogx(self.rates, self.losses, ".", markersize=3, alpha=0.5)
        ax.semilogx(self.rates, self.smoothed)
        ax.axvline(self.suggestion, color="tab:red", linewidth=1, label=f"steepest: {self.suggestion:.2g}")
        ax.axvline(
            self.at_minimum / 10, color="tab:green", linewidth=1, label=f"minimum / 10: {self.at_minimum / 10:.2g}"
        )
        ax.set(
            xlabel="learning rate",
            ylabel="loss",
            ylim=(min(self.smoothed), max(self.smoothed[:2].max(), self.smoothed.min()) * 1.2),
        )
        ax.legend()
        figure.savefig(path, dpi=100)

    def __repr__(self):
        return f"RateCurve({len(self.rates)} rates, suggestion={self.suggestion:.3g}, at_minimum={self.at_minimum:.3g})"


def _slopes(x, y, width):
    """The slope at each point of the line that fits the ``width`` points around it, at the ends those that are nearest."""
    width = min(width, len(x))
    fits = [np.polyfit(x[k : k + width], y[k : k + width], 1)[0] for k in range(len(x) - width + 1)]
    return np.pad(fits, (width // 2, len(x) - len(fits) - width // 2), mode="edge")


def lr_find(model, data, start=1e-6, end=10.0, steps=100, smoothing=0.95, stop=4.0) -> RateCurve:
    """Trains a copy of a model while its learning rate rises, and says where the loss falls fastest (Smith, 2017).

    The copy is trained by one compiled step for all rates; model, data and random state are afterwards as before.

    Args:
        model: a Model, or a Cell (``TrainOneStepCell``), with an optimizer; its rates, schedules too, are replaced in the copy.
        data: a dataset, or batches: tuples of what the step takes; begun anew where there are fewer than ``steps``.
        start: the first and the last rate; each is the one before times the same factor.
        end: the first and the last rate; each is the one before times the same factor.
        steps: how many, an int of at least 2.
        smoothing: of the losses, in [0, 1).
        stop: the test ends where the smoothed loss is more than so many times the least one, or no number.

    Returns:
        A RateCurve.

    Raises:
        TypeError: ``model`` is neither; ``data`` has no batches.
        ValueError: numbers that do not fit; the loss is no number at once.

    >>> import numpy as np, minispore as ms
    >>> ms.set_seed(1)
    >>> net = ms.nn.Dense(4, 1)
    >>> model = ms.train.Model(net, ms.nn.MSELoss(), ms.nn.SGD(net.trainable_params(), 0.1))
    >>> x = np.random.default_rng(0).normal(size=(64, 4)).astype(np.float32)
    >>> batches = [(ms.Tensor(x), ms.Tensor(x.sum(1, keepdims=True)))]
    >>> curve = lr_find(model, batches, 1e-4, 10.0)
    >>> 1e-3 < curve.suggestion < 1.0 < 10 * curve.at_minimum
    True
    """
    step = model.train_network if isinstance(model, Model) else model
    if not isinstance(step, nn.Cell) or not isinstance(getattr(step, "optimizer", None), nn.Optimizer):
        raise fail(
            TypeError,
            f"For 'lr_find', 'model' must be a Model or a step with an optimizer, but got {type(model).__name__}.",
        )
    checks.positive_int("lr_find", steps=steps)
    if not 0.0 < start < end or steps < 2 or not 0.0 <= smoothing < 1.0 or not stop > 1.0:
        raise fail(
            ValueError,
            "For 'lr_find', 0 < start < end, steps > 1, 0 <= smoothing < 1 and stop > 1 are needed, but got "
            f"{start}, {end}, {steps}, {smoothing} and {stop}.",
        )
    state = get_rng_state()
    probe = copied(step).set_train()
    rates = np.geomspace(start, end, steps)
    losses: list[float] = []
    smoothed: list[float] = []
    mean = 0.0
    for k, (rate, batch) in enumerate(zip(rates, _batches(data)), 1):
        probe.optimizer.learning_rate = float(rate)
        loss = probe(*batch)
        loss = float((loss[0] if isinstance(loss, tuple) else loss).asnumpy().mean())
        mean = smoothing * mean + (1.0 - smoothing) * loss
        now = mean / (1.0 - smoothing**k)
        if not np.isfinite(now) or (smoothed and now > stop * min(smoothed) and k > 5):
            break
        losses.append(loss)
        smoothed.append(now)
    set_rng_state(state)
    if len(losses) < 2:
        raise fail(
            ValueError, f"For 'lr_find', the loss is no number from the rate {rates[len(losses)]:.3g} on: begin lower."
        )
    return RateCurve(rates[: len(losses)], losses, smoothed)


def _batches(data):
    """Batches without end."""
    while True:
        rows = data.create_tuple_iterator() if hasattr(data, "create_tuple_iterator") else data
        if not isinstance(rows, Iterable):
            raise fail(
                TypeError,
                f"For 'lr_find', 'data' must be a dataset or a list of batches, but got {type(data).__name__}.",
            )
        empty = True
        for row in rows:
            empty = False
            yield row if isinstance(row, (tuple, list)) else (row,)
        if empty:
            raise fail(
                TypeError, "For 'lr_find', 'data' must have batches, but it is empty or was used up: give a list."
            )


from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
