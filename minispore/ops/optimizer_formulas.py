"""The formulas of optimizers that exist in several forms: as update ops, in ``nn`` and in ``experimental.optim``.

Each function takes the weight, its gradient, the learning rate and the state, and returns the new weight followed by
the new state; nothing is assigned.  A coefficient of a running mean is a pair ``(beta, 1 - beta)`` (see
``with_complement``), because some optimizers round ``1 - beta`` in float64.  The others are
numbers or 0-d Tensors.
"""

import math

from ..core.dtype import float32
from ..core.op import to
from ..core.tensor import Tensor
from .effects import assign
from .elementwise import abs as abs_, equal, maximum, minimum, pow as pow_, rsqrt, select, sign, sqrt, square


# ---------------------------------------------------------------- parts of formulas
def with_complement(*betas) -> tuple:
    """``(beta, 1 - beta)`` of each."""
    return tuple((beta, 1.0 - beta) for beta in betas)


def running_mean(mean, x, beta):
    """``beta mean + (1 - beta) x``."""
    keep, rest = beta
    return mean * keep + x * rest


def running_square(mean, x, beta):
    """``beta mean + (1 - beta) x^2``."""
    keep, rest = beta
    return mean * keep + square(x) * rest


def moments(g, m, v, beta1, beta2) -> tuple:
    """The running means of the gradient and of its square."""
    return running_mean(m, g, beta1), running_square(v, g, beta2)


def soft_threshold(x, threshold):
    """``x`` moved towards 0 by ``threshold``, at most to 0."""
    return sign(x) * maximum(abs_(x) - threshold, 0.0)


def assign_each(parameters, values) -> None:
    """Gives each Parameter its new value; None stands for a state that is not kept."""
    for parameter, value in zip(parameters, values):
        if value is not None:
            assign(parameter, value)


# ---------------------------------------------------------------- momentum
def momentum(w, g, lr, v, coefficient, nesterov=False) -> tuple:
    """``v = coefficient v + g``, ``w -= lr v``; Nesterov: ``w -= lr (g + coefficient v)``.  Returns (w, v)."""
    v = v * coefficient + g
    return w - (g + v * coefficient if nesterov else v) * lr, v


def sgd(w, g, lr, v, is_first, coefficient, undamped, nesterov=False) -> tuple:
    """``v = coefficient v + undamped g``, at the first step ``v = g``; then as ``momentum``.  Returns (w, v).

    ``undamped`` is 1 - dampening; ``is_first``: Tensor of bools, whether the step is the first.
    """
    v = select(is_first, g, v * coefficient + g * undamped)
    return w - (g + v * coefficient if nesterov else v) * lr, v


# ---------------------------------------------------------------- Adam and its relatives
def adam(w, g, lr, m, v, beta1, beta2, eps, nesterov=False, largest=None) -> tuple:
    """``w -= lr m / (sqrt(v) + eps)``, where ``lr`` includes the bias correction.  Returns (w, m, v, largest).

    Nesterov: ``b1 m + (1 - b1) g`` in place of m.  AMSGrad: the largest v so far under the root.
    """
    m, v = moments(g, m, v, beta1, beta2)
    largest = None if largest is None else maximum(largest, v)
    direction = running_mean(m, g, beta1) if nesterov else m
    return w - direction * lr / (sqrt(v if largest is None else largest) + eps), m, v, largest


def adam_correction(beta1_power, beta2_power):
    """``sqrt(1 - b2^t) / (1 - b1^t)``: the factor of Adam's learning rate."""
    return sqrt(1.0 - beta2_power) / (1.0 - beta1_power)


def adam_weight_decay(w, g, lr, m, v, beta1, beta2, eps, decay=None) -> tuple:
    """``w -= lr (m / (sqrt(v) + eps) + decay w)``, without bias correction.  Returns (w, m, v)."""
    m, v = moments(g, m, v, beta1, beta2)
    step = m / (sqrt(v) + eps)
    return w - (step if decay is None else step + w * decay) * lr, m, v


def adamw(w, g, lr, keep, m, v, beta1, beta2, root, eps, largest=None) -> tuple:
    """``w = keep w - lr m / (sqrt(v) / root + eps)``.  Returns (w, m, v, largest).

    ``lr`` is divided by ``1 - b1^t``; ``keep`` is ``1 - lr weight_decay``, or None for 1; ``root`` is
    ``sqrt(1 - b2^t)``.
    """
    m, v = moments(g, m, v, beta1, beta2)
    largest = None if largest is None else maximum(largest, v)
    step = m * lr / (sqrt(v if largest is None else largest) / root + eps)
    return (w if keep is None else w * keep) - step, m, v, largest


def adamax(w, g, lr, m, u, beta1, beta2, eps, eps_in_norm=False) -> tuple:
    """``u = max(b2 u, |g|)``, ``w -= lr m / (u + eps)``, or with ``eps_in_norm`` ``u = max(b2 u, |g| + eps)``.

    ``lr`` is divided by ``1 - b1^t``; ``beta2`` is a number, not a pair.  Returns (w, m, u).
    """
    m = running_mean(m, g, beta1)
    u = maximum(u * beta2, abs_(g) + eps if eps_in_norm else abs_(g))
    return w - m * lr / (u if eps_in_norm else u + eps), m, u


def nadam(w, g, lr, m, v, beta1, beta2, of_m, of_g, correction, eps) -> tuple:
    """``w -= lr (of_m m + of_g g) / (sqrt(v / correction) + eps)``.  Returns (w, m, v).

    ``of_m`` and ``of_g`` are the weights of ``nadam_schedule``, ``correction`` is ``1 - b2^t``.
    """
    m, v = moments(g, m, v, beta1, beta2)
    return w - (m * of_m + g * of_g) * lr / (sqrt(v / correction) + eps), m, v


def nadam_schedule(product, beta1, t, momentum_decay) -> tuple:
    """``(mu_t, mu_{t+1}, mu_1 ... mu_t)`` with ``mu_t = b1 (1 - 0.96^(t momentum_decay) / 2)``.

    ``product`` is ``mu_1 ... mu_{t-1}``.
    """
    mu = beta1 * (1.0 - pow_(0.96, t * momentum_decay) * 0.5)
    mu_next = beta1 * (1.0 - pow_(0.96, (t + 1.0) * momentum_decay) * 0.5)
    return mu, mu_next, product * mu


def radam(w, g, lr, m, v, beta1, beta2, rectified, factor, eps) -> tuple:
    """``w -= lr m factor / (sqrt(v) + eps)`` where ``rectified``, else ``w -= lr m``.  Returns (w, m, v).

    ``lr`` is divided by ``1 - b1^t``; ``rectified`` and ``factor`` come from ``radam_rectification``.
    """
    m, v = moments(g, m, v, beta1, beta2)
    return w - m * lr * select(rectified, factor / (sqrt(v) + eps), 1.0), m, v


def radam_rectification(beta1, beta2, t) -> tuple:
    """``(1 - b1^t, whether rho_t > 5, r sqrt(1 - b2^t))``; all arguments in float64.

    float64, because these are small differences of large numbers.
    """
    power = pow_(beta2, t)
    rho = 2.0 / (1.0 - beta2) - 1.0
    rho_t = rho - t * power * 2.0 / (1.0 - power)
    rectified = rho_t > 5.0
    rho_t = select(rectified, rho_t, 6.0)  # the root of what is negative has no gradient, also where nothing reads it
    r = sqrt((rho_t - 4.0) * (rho_t - 2.0) * rho / ((rho - 4.0) * (rho - 2.0) * rho_t))
    correction = 1.0 - pow_(beta1, t)
    return to(correction, float32), rectified, to(r * sqrt(1.0 - power), float32)


# ---------------------------------------------------------------- scaled by past gradients
def rmsprop(w, g, lr, s, mom, decay, coefficient, eps, mg=None) -> tuple:
    """``s = d s + (1 - d) g^2``, ``mom = coefficient mom + lr g / sqrt(s + eps)``, ``w -= mom``.

    Centered, with a running mean ``mg`` of the gradient: ``sqrt(s - mg^2 + eps)``.  Returns (w, s, mom, mg).
    """
    s = running_square(s, g, decay)
    variance = s
    if mg is not None:
        mg = running_mean(mg, g, decay)
        variance = s - square(mg)
    mom = mom * coefficient + g * rsqrt(variance + eps) * lr
    return w - mom, s, mom, mg


def adagrad(w, g, lr, a, eps=None, update=True) -> tuple:
    """``a += g^2``, ``w -= lr g / sqrt(a)``; with ``eps`` ``w -= lr g / (sqrt(a) + eps)``.  Returns (w, a).

    Without ``update``, a stays.
    """
    a = a + square(g) if update else a
    return w - (g * _rate_of(a, lr) if eps is None else g * lr / (sqrt(a) + eps)), a


def _rate_of(a, lr):
    """``lr / sqrt(a)``; 0 where all gradients were 0, so that a weight without gradients stays."""
    none = equal(a, 0.0)
    return select(none, 0.0, rsqrt(select(none, 1.0, a)) * lr)


def adadelta(w, g, lr, a, u, rho, eps) -> tuple:
    """``d = sqrt(u + eps) / sqrt(a + eps) g``, ``w -= lr d``, a and u running means of g^2 and d^2.

    Returns (w, a, u).
    """
    a = running_square(a, g, rho)
    step = sqrt(u + eps) / sqrt(a + eps) * g
    u = running_square(u, step, rho)
    return w - step * lr, a, u


def rprop(w, g, lr, before, step, first, shrink, grow, smallest, largest) -> tuple:
    """Step sizes that grow while the gradient keeps its sign, and shrink where it changes.

    ``before`` is the last gradient; ``first`` is True at the first step.  Returns (w, before, step).
    """
    same = g * before
    factor = select(same > 0, grow, select(same < 0, shrink, 1.0))
    step = minimum(maximum(select(first, lr, step) * factor, smallest), largest)
    g = select(same < 0, 0.0, g)
    return w - sign(g) * step, g, step


# ---------------------------------------------------------------- averaging, regularisation
def asgd(w, g, eta, average, mu, lambd) -> tuple:
    """``w = (1 - lambd eta) w - eta g``, ``average += mu (w - average)``.  Returns (w, average)."""
    w = w * (1.0 - eta * lambd) - g * eta
    return w, average + (w - average) * mu


def asgd_schedule(lr, t, lambd, alpha, t0) -> tuple:
    """``(lr / (1 + lambd lr t)^alpha, 1 / max(1, t - t0))``: eta and mu of the next step."""
    return lr / pow_(lr * t * lambd + 1.0, alpha), 1.0 / maximum(t - t0, 1.0)


def proximal_adagrad(w, g, lr, a, l1, l2) -> tuple:
    """``a += g^2``, ``r = lr / sqrt(a)``, ``w = soft_threshold(w - r g, r l1) / (1 + r l2)``.  Returns (w, a)."""
    a = a + square(g)
    rate = _rate_of(a, lr)
    return soft_threshold(w - g * rate, rate * l1) / (rate * l2 + 1.0), a


def ftrl(w, g, lr, n, z, l1, l2, lr_power) -> tuple:
    """Follow the regularised leader: ``w = (sign(z) l1 - z) / (n^-p / lr + 2 l2)`` where ``|z| > l1``, else 0.

    Returns (w, n, z).
    """
    values = (w, g, lr, n, z)  # 1 / lr may be more than float16 holds
    w, g, lr, n, z = (to(t, float32) if isinstance(t, Tensor) and t.dtype.itemsize == 2 else t for t in values)
    # One number for all weights: of each weight, a quotient takes as long as a square root.
    inverse = 1.0 / lr if isinstance(lr, Tensor) or lr else math.inf
    power = -lr_power
    n_new = n + square(g)
    root = pow_(n_new, power)
    z = z + g - (root - pow_(n, power)) * inverse * w
    return select(abs_(z) > l1, (sign(z) * l1 - z) / (root * inverse + 2.0 * l2), 0.0), n_new, z


def lars(w, g, lr, w_norm, g_norm, decay, eps, coefficient, clip=False):
    """The gradient ``k (g + decay w)`` with ``k = coefficient |w| / (|g| + decay |w| + eps)``.

    With ``clip``, ``min(k / lr, 1)`` in place of k.
    """
    if decay is not None:
        g, g_norm = g + w * decay, g_norm + w_norm * decay
    k = w_norm * coefficient / (g_norm + eps)
    return g * (minimum(k / lr, 1.0) if clip else k)


__all__ = [
    "adadelta", "adagrad", "adam", "adam_correction", "adam_weight_decay", "adamax", "adamw", "asgd", "asgd_schedule",
    "assign_each", "ftrl", "lars", "moments", "momentum", "nadam", "nadam_schedule", "proximal_adagrad", "radam",
    "radam_rectification", "rmsprop", "rprop", "running_mean", "running_square", "sgd", "soft_threshold",
    "with_complement",
]  # fmt: skip
