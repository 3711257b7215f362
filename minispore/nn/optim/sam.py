"""Sharpness-aware minimisation: the gradient is taken where the loss near by is largest."""

from ...core import checks
from ...core.errors import fail
from ...ops import abs as abs_, assign, sqrt, square
from .closure import NeedsLoss
from .optimizer import numbers
from .wrapping import Wrapping


class SAM(NeedsLoss, Wrapping):
    """The optimizer inside gets the gradient at a worse point near by (Foret et al., 2021, arXiv:2010.01412).

        w' = w + rho g / |g|                        |g|: the root of the sum of squares over all gradients
        w' = w + rho T^2 g / |T g|,  T = |w| + eta  ``adaptive``: ASAM (Kwon et al., 2021, arXiv:2102.11600)
        the optimizer's step at w with the gradient at w'

    A step costs two gradients and is one compiled call: by ``TrainOneStepCell``, or ``step(closure)`` for steps that are
    written out.  Statistics of batches follow the first of the two passes.  SAM stands outermost:
    ``SAM(ExponentialMovingAverage(opt))``.

    Args:
        optimizer: Optimizer, the one inside.
        rho: how far the point is, a positive float; with ``adaptive`` about 10 times larger.
        adaptive: as above.
        eta: a float, at least 0, for ``adaptive``.

    State:
        none of its own.

    Raises:
        RuntimeError: it is called with gradients alone.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([3.0, 4.0]), name="w")
    >>> opt = SAM(ms.nn.SGD([w], 0.5), rho=5.0)
    >>> loss = opt.step(ms.value_and_grad(lambda: (w * w).sum() / 2, None, opt.parameters))
    >>> print(loss, w.asnumpy())
    12.5 [0. 0.]
    """

    def __init__(self, optimizer, rho=0.05, adaptive=False, eta=0.0):
        Wrapping.__init__(self, optimizer)
        if getattr(optimizer, "needs_loss", False):
            raise fail(TypeError, f"For 'SAM', '{optimizer.cls_name}' inside takes no gradients: it looks at the loss.")
        checks.positive_float("SAM", rho=rho)
        checks.non_negative_float("SAM", eta=eta)
        checks.boolean("SAM", adaptive=adaptive)
        self.rho, self.eta = numbers(rho, eta)
        self.adaptive = adaptive

    def step(self, closure):
        loss, gradients = closure()
        before = [w + 0.0 for w in self.parameters]
        gradients = self.checked(gradients)
        if self.adaptive:
            scales = [abs_(w) + self.eta for w in before]
            gradients = tuple(g * t for g, t in zip(gradients, scales))
        factor = self.rho / (sqrt(sum(square(g).sum() for g in gradients)) + 1e-12)
        for k, (w, start, g) in enumerate(zip(self.parameters, before, gradients)):
            assign(w, start + (g * scales[k] if self.adaptive else g) * factor)
        _, gradients = closure()
        for w, start in zip(self.parameters, before):
            assign(w, start)
        self.opt(gradients)
        return loss

    def construct(self, gradients):
        raise self._misused()
