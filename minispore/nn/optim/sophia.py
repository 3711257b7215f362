"""Sophia: momentum divided by an estimate of the curvature, which is renewed every few steps.

The estimate needs another gradient, so these optimizers are given the loss and not only its gradient:
``TrainOneStepCell`` does it, and ``step(closure)`` for steps that are written out.
"""

from ... import ops
from ...core import checks
from ...core.dtype import float32
from ...core.errors import fail
from ...core.op import to
from ...flow.forms import cond
from ...ops import assign, equal, maximum, minimum, square
from ...transforms.grad import grad
from .closure import NeedsLoss
from .optimizer import numbers, with_shared_docs


class _Sophia(NeedsLoss):
    """The update that both share."""

    def __init__(self, params, learning_rate, beta1, beta2, eps, weight_decay, frequency, loss_scale, **more):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float(self.cls_name, beta1=beta1, beta2=beta2)
        checks.positive_float(self.cls_name, eps=eps, **more)
        checks.positive_int(self.cls_name, frequency=frequency)
        self.beta1, self.beta2, self.eps = numbers(beta1, beta2, eps)
        self.frequency = frequency
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.hessian = self.parameters.clone(prefix="hessian", init="zeros")

    def step(self, closure):
        """Renews the estimate if it is due, and updates; returns the loss."""
        loss, gradients = closure()
        due = equal(self.global_step.reshape(()) % self.frequency, 0)
        before = [h + 0.0 for h in self.hessian]
        b2 = self.beta2

        def renewed(*olds):
            return [h * b2 + to(new, float32) * (1.0 - b2) for h, new in zip(olds, self._curvature(closure))]

        found = cond(due, renewed, lambda *olds: [h + 0.0 for h in olds], *before)
        for h, new in zip(self.hessian, found):
            assign(h, new)
        self.update(gradients)
        return loss

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        for w, g, lr, decay, m, h in zip(self.parameters, gradients, rates, decays, self.exp_avg, self.hessian):
            m_new = m * self.beta1 + g * (1.0 - self.beta1)
            assign(m, m_new)
            step = self._bounded(m_new, h)
            assign(w, (w if decay is None else w * (1.0 - lr * decay)) - step * lr)
        return self.done

    def _curvature(self, closure):
        raise NotImplementedError

    def _bounded(self, m, h):
        raise NotImplementedError


@with_shared_docs
class SophiaH(_Sophia):
    """Sophia with Hutchinson's estimate (Liu et al., 2023, arXiv:2305.14342).

        h = b2 h + (1 - b2) u (H u)                 every ``frequency`` steps; u: random signs, H u by a second gradient
        m = b1 m + (1 - b1) g
        w = w (1 - lr weight_decay) - lr min(max(m / max(gamma h, eps), -clip), clip)

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: a float inside (0, 1).
        beta2: a float inside (0, 1).
        gamma: a positive float.
        eps: a positive float.
        clip: a positive float.
        weight_decay: {decay}  Default: 0.0.
        frequency: how often h is renewed, a positive int.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``hessian.*`` (h): 2 numbers per weight.

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0, 1.0]), name="w")
    >>> opt = SophiaH([w], 0.5, beta1=0.5, beta2=0.5, gamma=1.0)
    >>> curved = ms.Tensor([1.0, 100.0])
    >>> loss = opt.step(ms.value_and_grad(lambda: (curved * w * w).sum() / 2, None, opt.parameters))
    >>> print(w.asnumpy())
    [0.5 0.5]
    """

    def __init__(
        self, params, learning_rate=1e-3, beta1=0.965, beta2=0.99, gamma=0.01, eps=1e-12, clip=1.0, weight_decay=0.0,
        frequency=10, loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(
            params, learning_rate, beta1, beta2, eps, weight_decay, frequency, loss_scale, gamma=gamma, clip=clip
        )
        self.gamma, self.clip = numbers(gamma, clip)

    def _curvature(self, closure):
        signs = [ops.select(ops.rand(*p.shape) < 0.5, -1.0, 1.0) for p in self.parameters]

        def along_signs():
            return sum((g * u).sum() for g, u in zip(closure()[1], signs))

        products = grad(along_signs, None, self.parameters)()
        return [u * product for u, product in zip(signs, products)]

    def _bounded(self, m, h):
        return maximum(minimum(m / maximum(h * self.gamma, self.eps), self.clip), -self.clip)


@with_shared_docs
class SophiaG(_Sophia):
    """Sophia with the Gauss-Newton-Bartlett estimate (Liu et al., 2023, arXiv:2305.14342).

        h = b2 h + (1 - b2) q^2                     every ``frequency`` steps; q: the gradient of ``sampled_loss``
        m = b1 m + (1 - b1) g
        w = w (1 - lr weight_decay) - lr sign(m) min(abs(m) / (rho batch_size h + eps), 1)

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-4.
        sampled_loss: a Cell or function of the step's inputs: the mean loss for labels drawn from the model's own
            predictions, for example ``lambda x, y: loss(logits := net(x), ops.multinomial(ops.softmax(logits), 1)[:, 0])``.
        batch_size: how many labels that mean is over, a positive int.
        beta1: a float inside (0, 1).
        beta2: a float inside (0, 1).
        rho: a positive float.
        eps: a positive float.
        weight_decay: {decay}  Default: 0.0.
        frequency: how often h is renewed, a positive int.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``hessian.*`` (h): 2 numbers per weight.

    Raises:
        {raises}

    >>> import minispore as ms
    >>> net, loss = ms.nn.Dense(3, 4), ms.nn.CrossEntropyLoss()
    >>> def sampled(x, y):
    ...     logits = net(x)
    ...     return loss(logits, ms.ops.multinomial(ms.ops.softmax(logits), 1)[:, 0])
    >>> opt = SophiaG(net.trainable_params(), 0.01, sampled, batch_size=8)
    >>> step = ms.nn.TrainOneStepCell(ms.nn.WithLossCell(net, loss), opt)
    >>> step(ms.ops.ones((8, 3)), ms.ops.zeros((8,), ms.int32)).shape
    ()
    """

    def __init__(
        self, params, learning_rate=1e-4, sampled_loss=None, batch_size=1, beta1=0.965, beta2=0.99, rho=0.04, eps=1e-15,
        weight_decay=0.0, frequency=10, loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(params, learning_rate, beta1, beta2, eps, weight_decay, frequency, loss_scale, rho=rho)
        checks.positive_int("SophiaG", batch_size=batch_size)
        if not callable(sampled_loss):
            raise fail(
                TypeError,
                f"For 'SophiaG', 'sampled_loss' must be a function of the inputs, but got {type(sampled_loss).__name__}.",
            )
        (self.rho,) = numbers(rho)
        self.batch_size = batch_size
        self.__dict__["sampled_loss"] = sampled_loss  # its cells are those of the network: not registered twice

    def _curvature(self, closure):
        return [square(q) for q in closure(self.sampled_loss)[1]]

    def _bounded(self, m, h):
        return ops.sign(m) * minimum(ops.abs(m) / (h * (self.rho * float(self.batch_size)) + self.eps), 1.0)
