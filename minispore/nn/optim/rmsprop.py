"""RMSProp: steps divided by the root of a running mean of squared gradients."""

from ...core import checks
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class RMSProp(Optimizer):
    """Steps divided by the root of a running mean of squared gradients (Tieleman & Hinton 2012):
    ``s = d s + (1 - d) g^2``, ``mom = momentum mom + lr g / sqrt(s + eps)``, ``w -= mom``.

    Centered (Graves 2013, arXiv 1308.0850): ``mg = d mg + (1 - d) g`` and ``sqrt(s - mg^2 + eps)``.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 0.1.
        decay: float from 0, d.  Default: 0.9.
        momentum: float from 0.  Default: 0.0.
        epsilon: float above 0, under the root.  Default: 1e-10.
        use_locking: bool, accepted as MindSpore accepts it.  Default: False.
        centered: bool.  Default: False.
        loss_scale: {scale}
        weight_decay: {decay}  Default: 0.0.

    State:
        (``mean_grad.*`` (mg), if centered), ``mean_square.*`` (s, starting at 1), ``moment.*`` (mom).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.RMSProp([w], 0.1, decay=0.0)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy())
    [0.9 2.1]
    """

    def __init__(
        self, params, learning_rate=0.1, decay=0.9, momentum=0.0, epsilon=1e-10, use_locking=False, centered=False,
        loss_scale=1.0, weight_decay=0.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.non_negative_float("RMSProp", decay=decay, momentum=momentum)
        checks.positive_float("RMSProp", epsilon=epsilon)
        checks.boolean("RMSProp", use_locking=use_locking, centered=centered)
        self.decay, self.momentum, self.epsilon = numbers(decay, momentum, epsilon)
        self.centered = centered
        if centered:
            self.mg = self.parameters.clone(prefix="mean_grad", init="zeros")
        self.ms = self.parameters.clone(prefix="mean_square", init="ones")
        self.moment = self.parameters.clone(prefix="moment", init="zeros")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        (decay,) = formulas.with_complement(self.decay)
        for k, (w, g, lr, s, mom) in enumerate(zip(self.parameters, gradients, rates, self.ms, self.moment)):
            mg = self.mg[k] if self.centered else None
            new = formulas.rmsprop(w, g, lr, s, mom, decay, self.momentum, self.epsilon, mg)
            formulas.assign_each((w, s, mom, mg), new)
        return self.done
