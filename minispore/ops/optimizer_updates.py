"""Updates of Parameters by one optimizer step, as MindSpore's ``Apply...`` primitives take them.

Each function computes the new state with small ops, assigns it, and returns the updated Tensors.  Learning rates and
the other coefficients are numbers or 0-d Tensors; in a compiled step they are read at run time.
"""

from ..core.op import as_tensor
from .effects import assign
from .elementwise import abs as abs_, exp, maximum, pow as pow_, rsqrt, select, sign, sqrt, square


def _scaled(rate, beta1_power, beta2_power):
    """``rate * sqrt(1 - beta2^t) / (1 - beta1^t)``."""
    return rate * sqrt(as_tensor(1.0 - beta2_power)) / (1.0 - beta1_power)


def _shrunk(x, l1):
    """``x`` moved towards 0 by ``l1``."""
    return sign(x) * maximum(abs_(x) - l1, 0.0)


# ---------------------------------------------------------------- momentum
def gradient_descent(var, alpha, delta):
    """``var -= alpha * delta``."""
    return assign(var, var - delta * alpha)


def momentum(var, accum, lr, grad, momentum, use_nesterov=False, gradient_scale=1.0):
    """``accum = momentum * accum + grad; var -= lr * accum``; Nesterov: ``var -= lr * (grad + momentum * accum)``."""
    if gradient_scale != 1.0:
        grad = grad * gradient_scale
    moved = accum * momentum + grad
    assign(accum, moved)
    return assign(var, var - ((moved * momentum + grad) if use_nesterov else moved) * lr)


def keras_momentum(var, accum, lr, grad, momentum, use_nesterov=False):
    """``accum = momentum * accum - lr * grad; var += accum``; Nesterov: ``var += momentum * accum - lr * grad``."""
    step = grad * lr
    moved = accum * momentum - step
    assign(accum, moved)
    return assign(var, var + (moved * momentum - step if use_nesterov else moved)), accum


def sgd(var, grad, lr, accum, momentum, stat, dampening=0.0, weight_decay=0.0, nesterov=False):
    """``accum = momentum * accum + (1 - dampening) * grad`` (``grad`` while ``stat`` is 1); ``var -= lr * accum``."""
    if weight_decay:
        grad = grad + var * weight_decay
    moved = select(stat > 0, grad, accum * momentum + grad * (1.0 - dampening))
    with_momentum = as_tensor(momentum) > 0
    assign(accum, select(with_momentum, moved, accum))
    assign(stat, select(with_momentum, stat * 0.0, stat))
    step = grad + moved * momentum if nesterov else moved
    return assign(var, var - select(with_momentum, step, grad) * lr)


def add_sign(var, m, lr, alpha, sign_decay, beta, grad):
    """``m = beta * m + (1 - beta) * grad; var -= lr * (alpha + sign_decay * sign(grad) * sign(m)) * grad``."""
    moved = m * beta + grad * (1.0 - beta)
    assign(m, moved)
    return assign(var, var - (sign(grad) * sign(moved) * sign_decay + alpha) * grad * lr), m


def power_sign(var, m, lr, logbase, sign_decay, beta, grad):
    """``m = beta * m + (1 - beta) * grad; var -= lr * exp(logbase * sign_decay * sign(grad) * sign(m)) * grad``."""
    moved = m * beta + grad * (1.0 - beta)
    assign(m, moved)
    return assign(var, var - exp(sign(grad) * sign(moved) * (logbase * sign_decay)) * grad * lr), m


# ---------------------------------------------------------------- Adam and its relatives
def _moments(m, v, beta1, beta2, grad):
    first = m * beta1 + grad * (1.0 - beta1)
    second = v * beta2 + square(grad) * (1.0 - beta2)
    assign(m, first)
    assign(v, second)
    return first, second


def adam(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient, use_nesterov=False):
    """``var -= lr_t * m / (sqrt(v) + epsilon)`` with ``lr_t = lr * sqrt(1 - beta2^t) / (1 - beta1^t)``."""
    first, second = _moments(m, v, beta1, beta2, gradient)
    if use_nesterov:
        first = first * beta1 + gradient * (1.0 - beta1)
    assign(var, var - first / (sqrt(second) + epsilon) * _scaled(lr, beta1_power, beta2_power))
    return var, m, v


def adam_with_amsgrad(var, m, v, vhat, beta1_power, beta2_power, lr, grad, beta1=0.9, beta2=0.999, epsilon=1e-08):
    """As ``adam``, with the largest ``v`` so far (``vhat``) under the root."""
    first, second = _moments(m, v, beta1, beta2, grad)
    largest = maximum(vhat, second)
    assign(vhat, largest)
    assign(var, var - first / (sqrt(largest) + epsilon) * _scaled(lr, beta1_power, beta2_power))
    return var, m, v, vhat


def adam_weight_decay(var, m, v, lr, beta1, beta2, epsilon, decay, gradient):
    """``var -= lr * (m / (sqrt(v) + epsilon) + decay * var)``, without bias correction."""
    first, second = _moments(m, v, beta1, beta2, gradient)
    assign(var, var - (first / (sqrt(second) + epsilon) + var * decay) * lr)
    return var, m, v


def ada_max(var, m, v, beta1_power, lr, beta1, beta2, epsilon, grad):
    """``v = max(beta2 * v, |grad|); var -= lr / (1 - beta1^t) * m / (v + epsilon)``."""
    first = m * beta1 + grad * (1.0 - beta1)
    largest = maximum(v * beta2, abs_(grad))
    assign(m, first)
    assign(v, largest)
    assign(var, var - first / (largest + epsilon) * (lr / (1.0 - beta1_power)))
    return var, m, v


# ---------------------------------------------------------------- scaled by past gradients
def rms_prop(var, mean_square, moment, lr, grad, decay, momentum, epsilon):
    """``ms = decay * ms + (1 - decay) * grad^2; moment = momentum * moment + lr * grad / sqrt(ms + epsilon)``."""
    ms = mean_square * decay + square(grad) * (1.0 - decay)
    moved = moment * momentum + grad * rsqrt(ms + epsilon) * lr
    assign(mean_square, ms)
    assign(moment, moved)
    return assign(var, var - moved)


def centered_rms_prop(var, mean_gradient, mean_square, moment, grad, lr, decay, momentum, epsilon):
    """As ``rms_prop``, the square of the mean gradient subtracted under the root."""
    mg = mean_gradient * decay + grad * (1.0 - decay)
    ms = mean_square * decay + square(grad) * (1.0 - decay)
    moved = moment * momentum + grad * rsqrt(ms - square(mg) + epsilon) * lr
    assign(mean_gradient, mg)
    assign(mean_square, ms)
    assign(moment, moved)
    return assign(var, var - moved)


def adagrad(var, accum, lr, grad, update_slots=True):
    """``accum += grad^2; var -= lr * grad / sqrt(accum)``."""
    total = accum + square(grad) if update_slots else accum
    step = grad * rsqrt(total) * lr
    if update_slots:
        assign(accum, total)
    return assign(var, var - step), accum


def adagrad_v2(var, accum, lr, grad, epsilon, update_slots=True):
    """``accum += grad^2; var -= lr * grad / (sqrt(accum) + epsilon)``."""
    total = accum + square(grad) if update_slots else accum
    step = grad / (sqrt(total) + epsilon) * lr
    if update_slots:
        assign(accum, total)
    return assign(var, var - step), accum


def adadelta(var, accum, accum_update, lr, rho, epsilon, grad):
    """``d = sqrt(accum_update + epsilon) / sqrt(accum + epsilon) * grad; var -= lr * d``, the means move by ``rho``."""
    total = accum * rho + square(grad) * (1.0 - rho)
    step = sqrt(accum_update + epsilon) * rsqrt(total + epsilon) * grad
    assign(accum, total)
    assign(accum_update, accum_update * rho + square(step) * (1.0 - rho))
    assign(var, var - step * lr)
    return var, accum, accum_update


def adagrad_da(var, gradient_accumulator, gradient_squared_accumulator, grad, lr, l1, l2, global_step):
    """Dual averaging: ``var = -lr * shrunk(sum of grad) / (l2 * step * lr + sqrt(sum of grad^2))``."""
    total, squares = gradient_accumulator + grad, gradient_squared_accumulator + square(grad)
    assign(gradient_accumulator, total)
    assign(gradient_squared_accumulator, squares)
    return assign(var, _shrunk(total, l1 * global_step) * -lr / (sqrt(squares) + l2 * global_step * lr))


# ---------------------------------------------------------------- with regularisation
def proximal_gradient_descent(var, alpha, l1, l2, delta):
    """``p = var - alpha * delta; var = sign(p) * max(|p| - alpha * l1, 0) / (1 + alpha * l2)``."""
    return assign(var, _shrunk(var - delta * alpha, alpha * l1) / (1.0 + alpha * l2))


def proximal_adagrad(var, accum, lr, l1, l2, grad):
    """The same with the rate ``lr / sqrt(accum)``, after ``accum += grad^2``."""
    total = accum + square(grad)
    rate = rsqrt(total) * lr
    assign(accum, total)
    return assign(var, _shrunk(var - grad * rate, rate * l1) / (rate * l2 + 1.0)), accum


def ftrl(var, accum, linear, grad, lr, l1, l2, lr_power):
    """Follow the regularised leader: ``var = (sign(z) l1 - z) / (n^-p / lr + 2 l2)`` where ``|z| > l1``, else 0."""
    power = -lr_power
    total = accum + square(grad)
    scale = pow_(total, power) / lr
    z = linear + grad - (scale - pow_(accum, power) / lr) * var
    assign(accum, total)
    assign(linear, z)
    return assign(var, _shrunk(z, l1) * -1.0 / (scale + l2 * 2.0))


def lars_update(weight, gradient, norm_weight, norm_gradient, weight_decay, learning_rate,
                epsilon=1e-05, hyperpara=0.001, use_clip=False):  # fmt: skip
    """The gradient of a layer with its own rate: ``k * (gradient + weight_decay * weight)``.

    ``k = hyperpara * |w| / (|g| + weight_decay * |w| + epsilon)`` from the sums of squares ``norm_weight`` and
    ``norm_gradient``; with ``use_clip`` ``min(k / learning_rate, 1)``.
    """
    w, g = sqrt(as_tensor(norm_weight)), sqrt(as_tensor(norm_gradient))
    k = w * hyperpara / (g + w * weight_decay + epsilon)
    if use_clip:
        k = select(k < learning_rate, k / learning_rate, 1.0)
    return (gradient + weight * weight_decay) * k


__all__ = [
    "ada_max", "adadelta", "adagrad", "adagrad_da", "adagrad_v2", "adam", "adam_weight_decay", "adam_with_amsgrad",
    "add_sign", "centered_rms_prop", "ftrl", "gradient_descent", "keras_momentum", "lars_update", "momentum",
    "power_sign", "proximal_adagrad", "proximal_gradient_descent", "rms_prop", "sgd",
]  # fmt: skip
