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
    """One step of gradient descent.

    ``var -= alpha * delta``

    Args:
        var (Parameter): any shape; floats; the weight.
        alpha (number | Tensor): the learning rate.
        delta (Tensor): the shape of ``var``; the gradient.

    Returns:
        ``var`` with its new value.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> _ = gradient_descent(var, 0.1, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.95]
    """
    return assign(var, var - delta * alpha)


def momentum(var, accum, lr, grad, momentum, use_nesterov=False, gradient_scale=1.0):
    """One step of gradient descent with momentum.

    ``accum = momentum * accum + g; var -= lr * accum``

    With Nesterov's momentum ``var -= lr * (g + momentum * accum)``; g is ``gradient_scale * grad``.

    Args:
        var (Parameter): any shape; floats; the weight.
        accum (Parameter): the shape of ``var``; the velocity.
        lr (number | Tensor): the learning rate.
        grad (Tensor): the shape of ``var``; the gradient.
        momentum (number | Tensor): coefficient of the velocity.
        use_nesterov (bool): whether Nesterov's momentum is used. Default: False.
        gradient_scale (number): factor of ``grad``. Default: 1.0.

    Returns:
        ``var`` with its new value.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> accum = ms.Parameter(ms.Tensor([0.0]), name="accum")
    >>> _ = momentum(var, accum, 0.1, ms.Tensor([0.5]), 0.9)
    >>> print(var.asnumpy().round(4))
    [0.95]
    """
    if gradient_scale != 1.0:
        grad = grad * gradient_scale
    formulas.assign_each((var, accum), formulas.momentum(var, grad, lr, accum, momentum, use_nesterov))
    return var


def keras_momentum(var, accum, lr, grad, momentum, use_nesterov=False):
    """One step of gradient descent with momentum, the rate in the velocity.

    ``accum = momentum * accum - lr * grad; var += accum``

    With Nesterov's momentum ``var += momentum * accum - lr * grad``.

    Args:
        var (Parameter): any shape; floats; the weight.
        accum (Parameter): the shape of ``var``; the velocity.
        lr (number | Tensor): the learning rate.
        grad (Tensor): the shape of ``var``; the gradient.
        momentum (number | Tensor): coefficient of the velocity.
        use_nesterov (bool): whether Nesterov's momentum is used. Default: False.

    Returns:
        tuple of the Parameters (var, accum) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> accum = ms.Parameter(ms.Tensor([0.0]), name="accum")
    >>> _ = keras_momentum(var, accum, 0.1, ms.Tensor([0.5]), 0.9)
    >>> print(var.asnumpy().round(4))
    [0.95]
    """
    step = grad * lr
    moved = accum * momentum - step
    assign(accum, moved)
    return assign(var, var + (moved * momentum - step if use_nesterov else moved)), accum


def sgd(var, grad, lr, accum, momentum, stat, dampening=0.0, weight_decay=0.0, nesterov=False):
    """One step of stochastic gradient descent with momentum and dampening.

    ``accum = momentum * accum + (1 - dampening) * g; var -= lr * accum``

    At the first step (``stat`` is 1) ``accum = g``; g is ``grad + weight_decay * var``. With Nesterov's momentum ``var
    -= lr * (g + momentum * accum)``; without momentum ``var -= lr * g``.

    Args:
        var (Parameter): any shape; floats; the weight.
        grad (Tensor): the shape of ``var``; the gradient.
        lr (number | Tensor): the learning rate.
        accum (Parameter): the shape of ``var``; the velocity.
        momentum (number | Tensor): coefficient of the velocity.
        stat (Parameter): the shape of ``var``; 1 before the first step, then 0.
        dampening (number): what the new gradient loses. Default: 0.0.
        weight_decay (number): factor of the weight that is added to the gradient. Default: 0.0.
        nesterov (bool): whether Nesterov's momentum is used. Default: False.

    Returns:
        ``var`` with its new value.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> accum, stat = (ms.Parameter(ms.Tensor([x]), name=str(k)) for k, x in enumerate([0.0, 1.0]))
    >>> _ = sgd(var, ms.Tensor([0.5]), 0.1, accum, 0.9, stat)
    >>> print(var.asnumpy().round(4))
    [0.95]
    """
    if weight_decay:
        grad = grad + var * weight_decay
    is_first = stat > 0
    new = formulas.sgd(var, grad, lr, accum, is_first, momentum, 1.0 - dampening, nesterov)
    new = *new, select(is_first, 0.0, stat)
    with_momentum = as_tensor(momentum) > 0
    plain = (var - grad * lr, accum, stat)
    formulas.assign_each((var, accum, stat), [select(with_momentum, a, b) for a, b in zip(new, plain)])
    return var


def add_sign(var, m, lr, alpha, sign_decay, beta, grad):
    """One step of AddSign (Bello et al., 2017, arXiv:1709.07417).

    ``m = beta * m + (1 - beta) * grad; var -= lr * (alpha + sign_decay * sign(grad) * sign(m)) * grad``

    Args:
        var (Parameter): any shape; floats; the weight.
        m (Parameter): the shape of ``var``; the running mean of the gradient.
        lr (number | Tensor): the learning rate.
        alpha (number | Tensor): weight of the gradient without the signs.
        sign_decay (number | Tensor): weight of the signs.
        beta (number | Tensor): coefficient of the running mean.
        grad (Tensor): the shape of ``var``; the gradient.

    Returns:
        tuple of the Parameters (var, m) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> m = ms.Parameter(ms.Tensor([0.0]), name="m")
    >>> _ = add_sign(var, m, 0.1, 0.1, 1.0, 0.9, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.945]
    """
    moved = formulas.running_mean(m, grad, (beta, 1.0 - beta))
    assign(m, moved)
    return assign(var, var - (sign(grad) * sign(moved) * sign_decay + alpha) * grad * lr), m


def power_sign(var, m, lr, logbase, sign_decay, beta, grad):
    """One step of PowerSign (Bello et al., 2017, arXiv:1709.07417).

    ``m = beta * m + (1 - beta) * grad; var -= lr * exp(logbase * sign_decay * sign(grad) * sign(m)) * grad``

    Args:
        var (Parameter): any shape; floats; the weight.
        m (Parameter): the shape of ``var``; the running mean of the gradient.
        lr (number | Tensor): the learning rate.
        logbase (number | Tensor): logarithm of the base.
        sign_decay (number | Tensor): weight of the signs.
        beta (number | Tensor): coefficient of the running mean.
        grad (Tensor): the shape of ``var``; the gradient.

    Returns:
        tuple of the Parameters (var, m) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> m = ms.Parameter(ms.Tensor([0.0]), name="m")
    >>> _ = power_sign(var, m, 0.1, 1.0, 1.0, 0.9, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.8641]
    """
    moved = formulas.running_mean(m, grad, (beta, 1.0 - beta))
    assign(m, moved)
    return assign(var, var - exp(sign(grad) * sign(moved) * (logbase * sign_decay)) * grad * lr), m


# ---------------------------------------------------------------- Adam and its relatives
def adam(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient, use_nesterov=False):
    """One step of Adam (Kingma and Ba, 2014, arXiv:1412.6980).

    ``var -= lr * sqrt(1 - beta2_power) / (1 - beta1_power) * m / (sqrt(v) + epsilon)``

    m and v are the running means of the gradient and its square. With Nesterov's momentum ``beta1 * m + (1 - beta1) *
    gradient`` stands for m.

    Args:
        var (Parameter): any shape; floats; the weight.
        m (Parameter): the shape of ``var``; the running mean of the gradient.
        v (Parameter): the shape of ``var``; the running mean of its square.
        beta1_power (number | Tensor): ``beta1 ** t`` at step t.
        beta2_power (number | Tensor): ``beta2 ** t`` at step t.
        lr (number | Tensor): the learning rate.
        beta1 (number | Tensor): coefficient of the mean.
        beta2 (number | Tensor): coefficient of the mean of the square.
        epsilon (number | Tensor): added against division by 0.
        gradient (Tensor): the shape of ``var``; the gradient.
        use_nesterov (bool): whether Nesterov's momentum is used. Default: False.

    Returns:
        tuple of the Parameters (var, m, v) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> m, v = (ms.Parameter(ms.Tensor([x]), name=str(k)) for k, x in enumerate([0.0, 0.0]))
    >>> _ = adam(var, m, v, 0.9, 0.999, 0.1, 0.9, 0.999, 1e-8, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.9]
    """
    lr = _scaled(lr, beta1_power, beta2_power)
    beta1, beta2 = formulas.with_complement(beta1, beta2)
    formulas.assign_each((var, m, v), formulas.adam(var, gradient, lr, m, v, beta1, beta2, epsilon, use_nesterov))
    return var, m, v


def adam_with_amsgrad(var, m, v, vhat, beta1_power, beta2_power, lr, grad, beta1=0.9, beta2=0.999, epsilon=1e-08):
    """One step of AMSGrad (Reddi et al., 2018, arXiv:1904.09237).

    ``vhat = max(vhat, v); var -= lr * sqrt(1 - beta2_power) / (1 - beta1_power) * m / (sqrt(vhat) + epsilon)``

    Args:
        var (Parameter): any shape; floats; the weight.
        m (Parameter): the shape of ``var``; the running mean of the gradient.
        v (Parameter): the shape of ``var``; the running mean of its square.
        vhat (Parameter): the shape of ``var``; the largest ``v`` so far.
        beta1_power (number | Tensor): ``beta1 ** t`` at step t.
        beta2_power (number | Tensor): ``beta2 ** t`` at step t.
        lr (number | Tensor): the learning rate.
        grad (Tensor): the shape of ``var``; the gradient.
        beta1 (number | Tensor): coefficient of the mean. Default: 0.9.
        beta2 (number | Tensor): coefficient of the mean of the square. Default: 0.999.
        epsilon (number | Tensor): added against division by 0. Default: 1e-08.

    Returns:
        tuple of the Parameters (var, m, v, vhat) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> m, v, vhat = (ms.Parameter(ms.Tensor([x]), name=str(k)) for k, x in enumerate([0.0, 0.0, 0.0]))
    >>> _ = adam_with_amsgrad(var, m, v, vhat, 0.9, 0.999, 0.1, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.9]
    """
    lr = _scaled(lr, beta1_power, beta2_power)
    beta1, beta2 = formulas.with_complement(beta1, beta2)
    new = formulas.adam(var, grad, lr, m, v, beta1, beta2, epsilon, largest=vhat)
    formulas.assign_each((var, m, v, vhat), new)
    return var, m, v, vhat


def adam_weight_decay(var, m, v, lr, beta1, beta2, epsilon, decay, gradient):
    """One step of Adam with decoupled weight decay (Loshchilov and Hutter, 2017, arXiv:1711.05101).

    ``var -= lr * (m / (sqrt(v) + epsilon) + decay * var)``

    There is no bias correction.

    Args:
        var (Parameter): any shape; floats; the weight.
        m (Parameter): the shape of ``var``; the running mean of the gradient.
        v (Parameter): the shape of ``var``; the running mean of its square.
        lr (number | Tensor): the learning rate.
        beta1 (number | Tensor): coefficient of the mean.
        beta2 (number | Tensor): coefficient of the mean of the square.
        epsilon (number | Tensor): added against division by 0.
        decay (number | Tensor): the weight decay.
        gradient (Tensor): the shape of ``var``; the gradient.

    Returns:
        tuple of the Parameters (var, m, v) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> m, v = (ms.Parameter(ms.Tensor([x]), name=str(k)) for k, x in enumerate([0.0, 0.0]))
    >>> _ = adam_weight_decay(var, m, v, 0.1, 0.9, 0.999, 1e-8, 0.01, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.6828]
    """
    beta1, beta2 = formulas.with_complement(beta1, beta2)
    new = formulas.adam_weight_decay(var, gradient, lr, m, v, beta1, beta2, epsilon, decay)
    formulas.assign_each((var, m, v), new)
    return var, m, v


def ada_max(var, m, v, beta1_power, lr, beta1, beta2, epsilon, grad):
    """One step of AdaMax (Kingma and Ba, 2014, arXiv:1412.6980).

    ``v = max(beta2 * v, |grad|); var -= lr / (1 - beta1_power) * m / (v + epsilon)``

    Args:
        var (Parameter): any shape; floats; the weight.
        m (Parameter): the shape of ``var``; the running mean of the gradient.
        v (Parameter): the shape of ``var``; the largest magnitude so far, decayed.
        beta1_power (number | Tensor): ``beta1 ** t`` at step t.
        lr (number | Tensor): the learning rate.
        beta1 (number | Tensor): coefficient of the mean.
        beta2 (number | Tensor): coefficient of the mean of the square.
        epsilon (number | Tensor): added against division by 0.
        grad (Tensor): the shape of ``var``; the gradient.

    Returns:
        tuple of the Parameters (var, m, v) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> m, v = (ms.Parameter(ms.Tensor([x]), name=str(k)) for k, x in enumerate([0.0, 0.0]))
    >>> _ = ada_max(var, m, v, 0.9, 0.1, 0.9, 0.999, 1e-8, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.9]
    """
    (mean,) = formulas.with_complement(beta1)
    new = formulas.adamax(var, grad, lr / (1.0 - beta1_power), m, v, mean, beta2, epsilon)
    formulas.assign_each((var, m, v), new)
    return var, m, v


# ---------------------------------------------------------------- scaled by past gradients
def rms_prop(var, mean_square, moment, lr, grad, decay, momentum, epsilon):
    """One step of RMSProp (Hinton, 2012).

    ``mean_square = decay * mean_square + (1 - decay) * grad ** 2; moment = momentum * moment + lr * grad /
    sqrt(mean_square + epsilon); var -= moment``

    Args:
        var (Parameter): any shape; floats; the weight.
        mean_square (Parameter): the shape of ``var``; the running mean of the squared gradient.
        moment (Parameter): the shape of ``var``; the velocity.
        lr (number | Tensor): the learning rate.
        grad (Tensor): the shape of ``var``; the gradient.
        decay (number | Tensor): coefficient of the running means.
        momentum (number | Tensor): coefficient of the velocity.
        epsilon (number | Tensor): added against division by 0.

    Returns:
        ``var`` with its new value.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> mean_square, moment = (ms.Parameter(ms.Tensor([x]), name=str(k)) for k, x in enumerate([1.0, 0.0]))
    >>> _ = rms_prop(var, mean_square, moment, 0.1, ms.Tensor([0.5]), 0.9, 0.9, 1e-8)
    >>> print(var.asnumpy().round(4))
    [0.948]
    """
    (rho,) = formulas.with_complement(decay)
    new = formulas.rmsprop(var, grad, lr, mean_square, moment, rho, momentum, epsilon)
    formulas.assign_each((var, mean_square, moment), new)
    return var


def centered_rms_prop(var, mean_gradient, mean_square, moment, grad, lr, decay, momentum, epsilon):
    """One step of centered RMSProp (Graves, 2013, arXiv:1308.0850).

    ``moment = momentum * moment + lr * grad / sqrt(mean_square - mean_gradient ** 2 + epsilon); var -= moment``

    Args:
        var (Parameter): any shape; floats; the weight.
        mean_gradient (Parameter): the shape of ``var``; the running mean of the gradient.
        mean_square (Parameter): the shape of ``var``; the running mean of the squared gradient.
        moment (Parameter): the shape of ``var``; the velocity.
        grad (Tensor): the shape of ``var``; the gradient.
        lr (number | Tensor): the learning rate.
        decay (number | Tensor): coefficient of the running means.
        momentum (number | Tensor): coefficient of the velocity.
        epsilon (number | Tensor): added against division by 0.

    Returns:
        ``var`` with its new value.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> mean_gradient, mean_square, moment = (ms.Parameter(ms.Tensor([x]), name=str(k)) for k, x in enumerate([0.0, 1.0, 0.0]))
    >>> _ = centered_rms_prop(var, mean_gradient, mean_square, moment, ms.Tensor([0.5]), 0.1, 0.9, 0.9, 1e-8)
    >>> print(var.asnumpy().round(4))
    [0.9479]
    """
    (rho,) = formulas.with_complement(decay)
    new = formulas.rmsprop(var, grad, lr, mean_square, moment, rho, momentum, epsilon, mean_gradient)
    formulas.assign_each((var, mean_square, moment, mean_gradient), new)
    return var


def adagrad(var, accum, lr, grad, update_slots=True):
    """One step of Adagrad (Duchi et al., 2011).

    ``accum += grad ** 2; var -= lr * grad / sqrt(accum)``

    Args:
        var (Parameter): any shape; floats; the weight.
        accum (Parameter): the shape of ``var``; the sum of the squared gradients.
        lr (number | Tensor): the learning rate.
        grad (Tensor): the shape of ``var``; the gradient.
        update_slots (bool): whether ``accum`` changes; else its old value is used. Default: True.

    Returns:
        tuple of the Parameters (var, accum) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> accum = ms.Parameter(ms.Tensor([1.0]), name="accum")
    >>> _ = adagrad(var, accum, 0.1, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.9553]
    """
    formulas.assign_each((var, accum), formulas.adagrad(var, grad, lr, accum, update=update_slots))
    return var, accum


def adagrad_v2(var, accum, lr, grad, epsilon, update_slots=True):
    """One step of Adagrad (Duchi et al., 2011) with an epsilon.

    ``accum += grad ** 2; var -= lr * grad / (sqrt(accum) + epsilon)``

    Args:
        var (Parameter): any shape; floats; the weight.
        accum (Parameter): the shape of ``var``; the sum of the squared gradients.
        lr (number | Tensor): the learning rate.
        grad (Tensor): the shape of ``var``; the gradient.
        epsilon (number | Tensor): added against division by 0.
        update_slots (bool): whether ``accum`` changes; else its old value is used. Default: True.

    Returns:
        tuple of the Parameters (var, accum) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> accum = ms.Parameter(ms.Tensor([1.0]), name="accum")
    >>> _ = adagrad_v2(var, accum, 0.1, ms.Tensor([0.5]), 1e-8)
    >>> print(var.asnumpy().round(4))
    [0.9553]
    """
    formulas.assign_each((var, accum), formulas.adagrad(var, grad, lr, accum, epsilon, update_slots))
    return var, accum


def adadelta(var, accum, accum_update, lr, rho, epsilon, grad):
    """One step of Adadelta (Zeiler, 2012, arXiv:1212.5701).

    ``d = sqrt(accum_update + epsilon) / sqrt(accum + epsilon) * grad; var -= lr * d``

    accum and accum_update are the running means of ``grad ** 2`` and ``d ** 2``.

    Args:
        var (Parameter): any shape; floats; the weight.
        accum (Parameter): the shape of ``var``; the running mean of the squared gradient.
        accum_update (Parameter): the shape of ``var``; the running mean of the squared steps.
        lr (number | Tensor): the learning rate.
        rho (number | Tensor): coefficient of the running means.
        epsilon (number | Tensor): added against division by 0.
        grad (Tensor): the shape of ``var``; the gradient.

    Returns:
        tuple of the Parameters (var, accum, accum_update) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> accum, accum_update = (ms.Parameter(ms.Tensor([x]), name=str(k)) for k, x in enumerate([1.0, 1.0]))
    >>> _ = adadelta(var, accum, accum_update, 0.1, 0.9, 1e-8, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.948]
    """
    (mean,) = formulas.with_complement(rho)
    new = formulas.adadelta(var, grad, lr, accum, accum_update, mean, epsilon)
    formulas.assign_each((var, accum, accum_update), new)
    return var, accum, accum_update


def adagrad_da(var, gradient_accumulator, gradient_squared_accumulator, grad, lr, l1, l2, global_step):
    """One step of Adagrad with dual averaging (Duchi et al., 2011).

    ``var = -lr * shrunk(sum of grad, l1 * t) / (sqrt(sum of grad ** 2) + l2 * t * lr)``

    t is ``global_step``; shrunk moves towards 0 by its second argument, at most to 0.

    Args:
        var (Parameter): any shape; floats; the weight.
        gradient_accumulator (Parameter): the shape of ``var``; the sum of the gradients.
        gradient_squared_accumulator (Parameter): the shape of ``var``; the sum of their squares.
        grad (Tensor): the shape of ``var``; the gradient.
        lr (number | Tensor): the learning rate.
        l1 (number | Tensor): weight of the L1 penalty.
        l2 (number | Tensor): weight of the L2 penalty.
        global_step (number | Tensor): number of the step, from 1.

    Returns:
        ``var`` with its new value.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> gradient_accumulator, gradient_squared_accumulator = (ms.Parameter(ms.Tensor([x]), name=str(k)) for k, x in enumerate([0.0, 1.0]))
    >>> _ = adagrad_da(var, gradient_accumulator, gradient_squared_accumulator, ms.Tensor([0.5]), 0.1, 0.0, 0.0, 1)
    >>> print(var.asnumpy().round(4))
    [-0.0447]
    """
    total, squares = gradient_accumulator + grad, gradient_squared_accumulator + square(grad)
    assign(gradient_accumulator, total)
    assign(gradient_squared_accumulator, squares)
    return assign(var, formulas.soft_threshold(total, l1 * global_step) * -lr / (sqrt(squares) + l2 * global_step * lr))


# ---------------------------------------------------------------- with regularisation
def proximal_gradient_descent(var, alpha, l1, l2, delta):
    """One step of proximal gradient descent.

    ``p = var - alpha * delta; var = sign(p) * max(|p| - alpha * l1, 0) / (1 + alpha * l2)``

    Args:
        var (Parameter): any shape; floats; the weight.
        alpha (number | Tensor): the learning rate.
        l1 (number | Tensor): weight of the L1 penalty.
        l2 (number | Tensor): weight of the L2 penalty.
        delta (Tensor): the shape of ``var``; the gradient.

    Returns:
        ``var`` with its new value.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> _ = proximal_gradient_descent(var, 0.1, 0.0, 0.0, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.95]
    """
    return assign(var, formulas.soft_threshold(var - delta * alpha, alpha * l1) / (1.0 + alpha * l2))


def proximal_adagrad(var, accum, lr, l1, l2, grad):
    """One step of proximal Adagrad (Duchi and Singer, 2009).

    ``accum += grad ** 2; r = lr / sqrt(accum); p = var - r * grad; var = sign(p) * max(|p| - r * l1, 0) / (1 + r *
    l2)``

    Args:
        var (Parameter): any shape; floats; the weight.
        accum (Parameter): the shape of ``var``; the sum of the squared gradients.
        lr (number | Tensor): the learning rate.
        l1 (number | Tensor): weight of the L1 penalty.
        l2 (number | Tensor): weight of the L2 penalty.
        grad (Tensor): the shape of ``var``; the gradient.

    Returns:
        tuple of the Parameters (var, accum) with their new values.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> accum = ms.Parameter(ms.Tensor([1.0]), name="accum")
    >>> _ = proximal_adagrad(var, accum, 0.1, 0.0, 0.0, ms.Tensor([0.5]))
    >>> print(var.asnumpy().round(4))
    [0.9553]
    """
    formulas.assign_each((var, accum), formulas.proximal_adagrad(var, grad, lr, accum, l1, l2))
    return var, accum


def ftrl(var, accum, linear, grad, lr, l1, l2, lr_power):
    """One step of Follow The Regularized Leader (McMahan et al., 2013).

    ``var = (sign(z) * l1 - z) / (n ** -lr_power / lr + 2 * l2) where |z| > l1, else 0``

    ``accum`` becomes n, the sum of ``grad ** 2``; ``linear`` becomes ``z = linear + grad - (n ** -lr_power - accum **
    -lr_power) / lr * var``.

    Args:
        var (Parameter): any shape; floats; the weight.
        accum (Parameter): the shape of ``var``; the sum of the squared gradients.
        linear (Parameter): the shape of ``var``; the linear term z.
        grad (Tensor): the shape of ``var``; the gradient.
        lr (number | Tensor): the learning rate.
        l1 (number | Tensor): weight of the L1 penalty.
        l2 (number | Tensor): weight of the L2 penalty.
        lr_power (number | Tensor): exponent of the rate, not positive.

    Returns:
        ``var`` with its new value.

    >>> import minispore as ms
    >>> var = ms.Parameter(ms.Tensor([1.0]), name="var")
    >>> accum, linear = (ms.Parameter(ms.Tensor([x]), name=str(k)) for k, x in enumerate([1.0, 0.0]))
    >>> _ = ftrl(var, accum, linear, ms.Tensor([0.5]), 0.1, 0.0, 0.0, -0.5)
    >>> print(var.asnumpy().round(4))
    [0.0609]
    """
    formulas.assign_each((var, accum, linear), formulas.ftrl(var, grad, lr, accum, linear, l1, l2, lr_power))
    return var


def lars_update(weight, gradient, norm_weight, norm_gradient, weight_decay, learning_rate,
                epsilon=1e-05, hyperpara=0.001, use_clip=False):  # fmt: skip
    """Gradient of a layer scaled by LARS (You et al., 2017, arXiv:1708.03888).

    ``k * (gradient + weight_decay * weight)``

    ``k = hyperpara * |w| / (|g| + weight_decay * |w| + epsilon)``; with ``use_clip`` ``min(k / learning_rate, 1)``.
    Nothing is assigned.

    Args:
        weight (Tensor): any shape; floats.
        gradient (Tensor): the shape of ``weight``; the gradient.
        norm_weight (Tensor | number): the sum of squares of ``weight``, |w| squared.
        norm_gradient (Tensor | number): the sum of squares of ``gradient``, |g| squared.
        weight_decay (number): factor of the weight that is added to the gradient.
        learning_rate (number | Tensor): the learning rate; read with ``use_clip``.
        epsilon (number | Tensor): added against division by 0. Default: 1e-05.
        hyperpara (number): the trust coefficient. Default: 0.001.
        use_clip (bool): whether the layer's rate is limited to ``learning_rate``. Default: False.

    Returns:
        Tensor of the shape and type of ``gradient``.

    >>> import minispore as ms
    >>> print(lars_update(ms.Tensor([3.0, 4.0]), ms.Tensor([0.6, 0.8]), 25.0, 1.0, 0.0, 0.1))
    [0.00299997 0.00399996]
    """
    w_norm, g_norm = sqrt(as_tensor(norm_weight)), sqrt(as_tensor(norm_gradient))
    return formulas.lars(weight, gradient, learning_rate, w_norm, g_norm, weight_decay, epsilon, hyperpara, use_clip)


__all__ = [
    "ada_max", "adadelta", "adagrad", "adagrad_da", "adagrad_v2", "adam", "adam_weight_decay", "adam_with_amsgrad",
    "add_sign", "centered_rms_prop", "ftrl", "gradient_descent", "keras_momentum", "lars_update", "momentum",
    "power_sign", "proximal_adagrad", "proximal_gradient_descent", "rms_prop", "sgd",
]  # fmt: skip
