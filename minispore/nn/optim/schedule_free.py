"""Schedule-Free AdamW: averaging in place of a falling learning rate."""

from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, maximum, pow as pow_, sqrt, square
from ...ops.optimizer_formulas import running_square, with_complement
from .averaging import Averaging
from .optimizer import numbers, with_shared_docs
from .rates import warmed_up


@with_shared_docs
class ScheduleFreeAdamW(Averaging):
    """AdamW at points between the iterate z and the average x of all iterates (Defazio et al. 2024, arXiv 2405.15682).

        v = b2 v + (1 - b2) g^2                             g: the gradient at y, the network's weights
        d = g / (sqrt(v / (1 - b2^t)) + eps) + weight_decay y
        z -= lr_t d                                         lr_t = lr min(t / warmup_steps, 1)
        x = (1 - c) x + c z                                 c = r_t^2 / (r_1^2 + ... + r_t^2), r_t the largest lr so far
        y = (1 - b1) z + b1 x

    Training needs no schedule and no number of steps.  For evaluation and checkpoints the network must hold x, not y:
    ``optimizer.eval()`` puts it there and ``optimizer.train()`` takes it away again.  Only y and z are kept.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 2.5e-3; c follows the rate of the first Parameter.
        beta1: float inside (0, 1), b1.  Default: 0.9.
        beta2: float inside (0, 1), b2.  Default: 0.999.
        eps: float above 0.  Default: 1e-8.
        weight_decay: {decay}  Default: 0.0.
        warmup_steps: int from 0.  Default: 0.
        loss_scale: {scale}

    State:
        ``z.*``, ``exp_avg_sq.*`` (v), ``lr_max`` (r), ``weight_sum``.

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0]), name="w")
    >>> opt = nn.ScheduleFreeAdamW([w], 0.1)
    >>> for _ in range(2):
    ...     _ = opt((Tensor([1.0]),))
    >>> y = w.asnumpy()
    >>> _ = opt.eval()
    >>> bool(w.asnumpy() > y), opt.train() is opt, bool(abs(w.asnumpy() - y) < 1e-6)
    (True, True, True)
    """

    def __init__(
        self, params, learning_rate=2.5e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0, warmup_steps=0,
        loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float("ScheduleFreeAdamW", beta1=beta1, beta2=beta2)
        checks.positive_float("ScheduleFreeAdamW", eps=eps)
        checks.non_negative_int("ScheduleFreeAdamW", warmup_steps=warmup_steps)
        self.beta1, self.beta2, self.eps = numbers(beta1, beta2, eps)
        self.warmup_steps = warmup_steps
        self.z = self.parameters.clone(prefix="z", init="same")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")
        self.lr_max = Parameter(Tensor(0.0, float32), name="lr_max")
        self.weight_sum = Parameter(Tensor(0.0, float32), name="weight_sum")
        self.begin_averaging()

    def construct(self, gradients):
        self.expect_training()
        gradients, rates, decays = self.prepared_decoupled(gradients)
        t, b1, b2 = to(self.global_step, float32).reshape(()), self.beta1, self.beta2
        (beta2,), root = with_complement(b2), sqrt(1.0 - pow_(b2, t))
        warm = warmed_up(t, self.warmup_steps)
        largest = maximum(self.lr_max, rates[0] * warm)
        weight = square(largest)
        total = self.weight_sum + weight
        assign(self.lr_max, largest)
        assign(self.weight_sum, total)
        c = weight / maximum(total, 1e-30)
        for y, g, lr, decay, z, v in zip(self.parameters, gradients, rates, decays, self.z, self.exp_avg_sq):
            v_new = running_square(v, g, beta2)
            step = g / (sqrt(v_new) / root + self.eps)
            step = (step if decay is None else step + y * decay) * (lr * warm)
            assign(v, v_new)
            assign(y, y + (z - y) * c + step * (b1 * (1.0 - c) - 1.0))  # x is not stored: it follows from y and z
            assign(z, z - step)
        return self.done

    def to_average(self):
        """Puts the average x of the iterates into the Parameters; ``eval()`` calls it."""
        for y, z in zip(self.parameters, self.z):
            assign(y, z + (y - z) / self.beta1)

    def to_training(self):
        """Puts the point y to train at into the Parameters; ``train()`` calls it."""
        for x, z in zip(self.parameters, self.z):
            assign(x, z + (x - z) * self.beta1)
