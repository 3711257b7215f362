"""Schedule-Free for SGD, and around any optimizer."""

from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, maximum, pow as pow_
from .averaging import Averaging
from .optimizer import numbers, with_shared_docs
from .rates import warmed_up
from .wrapping import Wrapping


class _Interpolating(Averaging):
    """The weights are y, between the iterate z and the average x; x is not kept."""

    def _begin(self, beta, lr_power) -> None:
        checks.unit_float(self.cls_name, beta=beta)
        checks.non_negative_float(self.cls_name, lr_power=lr_power)
        self.beta, self.lr_power = numbers(beta, lr_power)
        self.z = self.parameters.clone(prefix="z", init="same")
        self.lr_max = Parameter(Tensor(0.0, float32), name="lr_max")
        self.weight_sum = Parameter(Tensor(0.0, float32), name="weight_sum")
        self.begin_averaging()

    def share(self, rate):
        """The part of the new z in the average."""
        largest = maximum(self.lr_max, rate)
        weight = pow_(largest, self.lr_power)
        total = self.weight_sum + weight
        assign(self.lr_max, largest)
        assign(self.weight_sum, total)
        return weight / maximum(total, 1e-30)

    def move(self, y, z, step, c) -> None:
        """``z += step``, and y from the new z and x, by the old y and z alone."""
        assign(y, y + (z - y) * c + step * (1.0 - self.beta * (1.0 - c)))
        assign(z, z + step)

    def to_average(self):
        for y, z in zip(self.parameters, self.z):
            assign(y, z + (y - z) / self.beta)

    def to_training(self):
        for x, z in zip(self.parameters, self.z):
            assign(x, z + (x - z) * self.beta)


@with_shared_docs
class ScheduleFreeSGD(_Interpolating):
    """SGD at points between the iterate z and the average x of all iterates (Defazio et al., 2024, arXiv:2405.15682).

        z -= lr_t (g + weight_decay y)              g: the gradient at y, the network's weights
        x = (1 - c) x + c z                         c = r_t^p / (r_1^p + ... + r_t^p), r_t the largest lr so far
        y = (1 - beta) z + beta x                   lr_t = lr min(t / warmup_steps, 1)

    Training needs no schedule and no number of steps.  ``optimizer.eval()`` puts x into the network, ``optimizer.train()``
    y: see ScheduleFreeAdamW.  c follows the rate of the first Parameter.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1.0.
        beta: a float inside (0, 1), in the place of momentum.
        weight_decay: {decay}  Default: 0.0.
        warmup_steps: an int, at least 0.
        lr_power: p, a float of at least 0.
        loss_scale: {scale}

    State:
        ``z.*``: 1 number per weight; ``lr_max`` (r), ``weight_sum``.

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> opt = ScheduleFreeSGD([w], 0.25, beta=0.5)
    >>> for _ in range(2):
    ...     _ = opt((ms.Tensor([1.0]),))
    >>> print(w.asnumpy(), opt.z[0].asnumpy(), opt.eval().parameters[0].asnumpy())
    [0.5625] [0.5] [0.625]
    """

    def __init__(
        self, params, learning_rate=1.0, beta=0.9, weight_decay=0.0, warmup_steps=0, lr_power=2.0, loss_scale=1.0
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.non_negative_float("ScheduleFreeSGD", warmup_steps=float(warmup_steps))
        self.warmup_steps = int(warmup_steps)
        self._begin(beta, lr_power)

    def construct(self, gradients):
        self.expect_training()
        gradients, rates = self.prepared(gradients)
        warm = warmed_up(to(self.global_step, float32).reshape(()), self.warmup_steps)
        c = self.share(rates[0] * warm)
        for y, g, lr, z in zip(self.parameters, gradients, rates, self.z):
            self.move(y, z, g * (lr * warm * -1.0), c)
        return self.done


class ScheduleFree(Wrapping, _Interpolating):
    """Any optimizer in the place of SGD in ScheduleFreeSGD: its step at y moves z (Defazio et al., 2024).

    Give it one without momentum, which the average replaces: SGD, RMSProp, ``Adam(beta1=...)`` with a small beta1.  Its
    rate may warm up and should not fall.

    Args:
        optimizer: Optimizer, the one inside.
        beta: a float inside (0, 1).
        lr_power: as in ScheduleFreeSGD.

    State:
        ``z.*``: 1 number per weight; ``lr_max``, ``weight_sum``.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> opt = ScheduleFree(ms.nn.SGD([w], 0.25), beta=0.5)
    >>> for _ in range(2):
    ...     _ = opt((ms.Tensor([1.0]),))
    >>> print(w.asnumpy(), opt.z[0].asnumpy())
    [0.5625] [0.5]
    """

    def __init__(self, optimizer, beta=0.9, lr_power=2.0):
        super().__init__(optimizer)
        self._begin(beta, lr_power)

    def construct(self, gradients):
        self.expect_training()
        rate = self.innermost.rates()[0] * 1.0
        before = [y + 0.0 for y in self.parameters]
        done = self.opt(gradients)
        c = self.share(rate)
        for y, start, z in zip(self.parameters, before, self.z):
            step = y - start
            assign(y, start)
            self.move(y, z, step, c)
        return done
