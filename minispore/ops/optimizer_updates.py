"""Updates of Parameters by one optimizer step, as MindSpore's ``Apply...`` primitives take them.

Each function assigns the new values that a formula gives (most of the formulas are in optimizer_formulas.py) and returns
the updated Tensors.  Learning rates and the other coefficients are numbers or 0-d Tensors; in a compiled step they are
read at run time.
"""

from ..core.op import as_tensor
from . import optimizer_formulas as formulas
from .effects import assign
from .elementwise import exp, select, sign, sqrt, square


def _scaled(rate, beta1_power, beta2_power):
    """``rate * sqrt(1 - beta2^t) / (1 - beta1^t)``."""
    return formulas.adam_correction(beta1_power, as_tensor(beta2_power)) * rate


# ---------------------------------------------------------------- momentum
def gradient_descent(var, alpha, delta):
    """``var -= alpha * delta``."""
    return assign(var, var - delta * alpha)


def momentum(var, accum, lr, grad, momentum, use_nesterov=False, gradient_scale=1.0):
    """``accum = momentum * accum + grad; var -= lr * accum``; Nesterov: ``var -= lr * (grad + momentum * accum)``."""
    if gradient_scale != 1.0:
        grad = grad * gradient_scale
    formulas.assign_each((var, accum), formulas.momentum(var, grad, lr, accum, momentum, use_nesterov))
    return var


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
    new = formulas.sgd(var, grad, lr, accum, stat, momentum, 1.0 - dampening, nesterov)
    with_momentum = as_tensor(momentum) > 0
    plain = (var - grad * lr, accum, stat)
    formulas.assign_each((var, accum, stat), [select(with_momentum, a, b) for a, b in zip(new, plain)])
    return var


def add_sign(var, m, lr, alpha, sign_decay, beta, grad):
    """``m = beta * m + (1 - beta) * grad; var -= lr * (alpha + sign_decay * sign(grad) * sign(m)) * grad``."""
    moved = formulas.running_mean(m, grad, (beta, 1.0 - beta))
    assign(m, moved)
    return assign(var, var - (sign(grad) * sign(moved) * sign_decay + alpha) * grad * lr), m


def power_sign(var, m, lr, logbase, sign_decay, beta, grad):
    """``m = beta * m + (1 - beta) * grad; var -= lr * exp(logbase * sign_decay * sign(grad) * sign(m)) * grad``."""
    moved = formulas.running_mean(m, grad, (beta, 1.0 - beta))
    assign(m, moved)
    return assign(var, var - exp(sign(grad) * sign(moved) * (logbase * sign_decay)) * grad * lr), m


# ---------------------------------------------------------------- Adam and its relatives
def adam(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient, use_nesterov=False):
    """``var -= lr_t * m / (sqrt(v) + epsilon)`` with ``lr_t = lr * sqrt(1 - beta2^t) / (1 - beta1^t)``."""
    lr = _scaled(lr, beta1_power, beta2_power)
    beta1, beta2 = formulas.with_complement(beta1, beta2)
    formulas.assign_each((var, m, v), formulas.adam(var, gradient, lr, m, v, beta1, beta2, epsilon, use_nesterov))
    return var, m, v


def adam_with_amsgrad(var, m, v, vhat, beta1_power, beta2_power, lr, grad, beta1=0.9, beta2=0.999, epsilon=1e-08):
    """As ``adam``, with the largest ``v`` so far (``vhat``) under the root."""
    lr = _scaled(lr, beta1_power, beta2_power)
    beta1, beta2 = formulas.with_complement(beta1, beta2)
    new = formulas.adam(var, grad, lr, m, v, beta1, beta2, epsilon, largest=vhat)
    formulas.assign_each((var, m, v, vhat), new)
    return var, m, v, vhat


def adam_weight_decay(var, m, v, lr, beta1, beta2, epsilon, decay, gradient):
    """``var -= lr * (m / (sqrt(v) + epsilon) + decay * var)``, without bias correction."""
    beta1, beta2 = formulas.with_complement(beta1, beta2)
    new = formulas.adam_weight_decay(var, gradient, lr, m, v, beta1, beta2, epsilon, decay)
    formulas.assign_each((var, m, v), new)
    return var, m, v


def ada_max(var, m, v, beta1_power, lr, beta1, beta2, epsilon, grad):
    """``v = max(beta2 * v, |grad|); var -= lr / (1 - beta1^t) * m / (v + epsilon)``."""
    (mean,) = formulas.with_complement(beta1)
    new = formulas.adamax(var, grad, lr / (1.0 - beta1_power), m, v, mean, beta2, epsilon)
    formulas.assign_each((var, m, v), new)
    return var, m, v


# ---------------------------------------------------------------- scaled by past gradients
def rms_prop(var, mean_square, moment, lr, grad, decay, momentum, epsilon):
    """``ms = decay * ms + (1 - decay) * grad^2; moment = momentum * moment + lr * grad / sqrt(ms + epsilon)``."""
    (rho,) = formulas.with_complement(decay)
    new = formulas.rmsprop(var, grad, lr, mean_square, moment, rho, momentum, epsilon)
    formulas.assign_each((var, mean_square, moment), new)
    return var


def centered_rms_prop(var, mean_gradient, mean_square, moment, grad, lr, decay, momentum, epsilon):
    """As ``rms_prop``, the square of the mean gradient subtracted under the root."""
    (rho,) = formulas.with_complement(decay)
    new = formulas.rmsprop(var, grad, lr, mean_square, moment, rho, momentum, epsilon, mean_gradient)
    formulas.assign_each((var, mean_square, moment, mean_gradient), new)
    return var


def adagrad(var, accum, lr, grad, update_slots=True):
    """``accum += grad^2; var -= lr * grad / sqrt(accum)``."""
    formulas.assign_each((var, accum), formulas.adagrad(var, grad, lr, accum, update=update_slots))
    return var, accum


def adagrad_v2(var, accum, lr, grad, epsilon, update_slots=True):
    """``accum += grad^2; var -= lr * grad / (sqrt(accum) + epsilon)``."""
    formulas.assign_each((var, accum), formulas.adagrad(var, grad, lr, accum, epsilon, update_slots))
    return var, accum


def adadelta(var, accum, accum_update, lr, rho, epsilon, grad):
    """``d = sqrt(accum_update + epsilon) / sqrt(accum + epsilon) * grad; var -= lr * d``, the means move by ``rho``."""
    (mean,) = formulas.with_complement(rho)
    new = formulas.adadelta(var, grad, lr, accum, accum_update, mean, epsilon)
    formulas.assign_each((var, accum, accum_update), new)
    return var, accum, accum_update


def adagrad_da(var, gradient_accumulator, gradient_squared_accumulator, grad, lr, l1, l2, global_step):
    """Dual averaging: ``var = -lr * shrunk(sum of grad) / (l2 * step * lr + sqrt(sum of grad^2))``."""
    total, squares = gradient_accumulator + grad, gradient_squared_accumulator + square(grad)
    assign(gradient_accumulator, total)
    assign(gradient_squared_accumulator, squares)
    return assign(var, formulas.soft_threshold(total, l1 * global_step) * -lr / (sqrt(squares) + l2 * global_step * lr))


# ---------------------------------------------------------------- with regularisation
def proximal_gradient_descent(var, alpha, l1, l2, delta):
    """``p = var - alpha * delta; var = sign(p) * max(|p| - alpha * l1, 0) / (1 + alpha * l2)``."""
    return assign(var, formulas.soft_threshold(var - delta * alpha, alpha * l1) / (1.0 + alpha * l2))


def proximal_adagrad(var, accum, lr, l1, l2, grad):
    """The same with the rate ``lr / sqrt(accum)``, after ``accum += grad^2``."""
    formulas.assign_each((var, accum), formulas.proximal_adagrad(var, grad, lr, accum, l1, l2))
    return var, accum


def ftrl(var, accum, linear, grad, lr, l1, l2, lr_power):
    """Follow the regularised leader: ``var = (sign(z) l1 - z) / (n^-p / lr + 2 l2)`` where ``|z| > l1``, else 0."""
    formulas.assign_each((var, accum, linear), formulas.ftrl(var, grad, lr, accum, linear, l1, l2, lr_power))
    return var


def lars_update(weight, gradient, norm_weight, norm_gradient, weight_decay, learning_rate,
                epsilon=1e-05, hyperpara=0.001, use_clip=False):  # fmt: skip
    """The gradient of a layer with its own rate: ``k * (gradient + weight_decay * weight)``.

    ``k = hyperpara * |w| / (|g| + weight_decay * |w| + epsilon)`` from the sums of squares ``norm_weight`` and
    ``norm_gradient``; with ``use_clip`` ``min(k / learning_rate, 1)``.
    """
    w_norm, g_norm = sqrt(as_tensor(norm_weight)), sqrt(as_tensor(norm_gradient))
    return formulas.lars(weight, gradient, learning_rate, w_norm, g_norm, weight_decay, epsilon, hyperpara, use_clip)


__all__ = [
    "ada_max", "adadelta", "adagrad", "adagrad_da", "adagrad_v2", "adam", "adam_weight_decay", "adam_with_amsgrad",
    "add_sign", "centered_rms_prop", "ftrl", "gradient_descent", "keras_momentum", "lars_update", "momentum",
    "power_sign", "proximal_adagrad", "proximal_gradient_descent", "rms_prop", "sgd",
]  # fmt: skip
