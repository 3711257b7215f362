"""Lion: the sign of a running mean of the gradient."""

from ...core import checks
from ...ops import sign
from ...ops.optimizer_formulas import assign_each, running_mean, with_complement
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class Lion(Optimizer):
    """Steps of one size in every coordinate (Chen et al. 2023, arXiv 2302.06675).

        w -= lr (sign(b1 m + (1 - b1) g) + weight_decay w)
        m = b2 m + (1 - b2) g

    Rates are 3 to 10 times smaller than Adam's, weight decays as much larger.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-4.
        beta1: float inside (0, 1), b1.  Default: 0.9.
        beta2: float inside (0, 1), b2.  Default: 0.99.
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.Lion([w], 0.25)((Tensor([3.0, -0.1]),))
    >>> print(w.asnumpy())
    [0.75 2.25]
    """

    def __init__(self, params, learning_rate=1e-4, beta1=0.9, beta2=0.99, weight_decay=0.0, loss_scale=1.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float("Lion", beta1=beta1, beta2=beta2)
        self.beta1, self.beta2 = numbers(beta1, beta2)
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        beta1, beta2 = with_complement(self.beta1, self.beta2)
        for w, g, lr, decay, m in zip(self.parameters, gradients, rates, decays, self.exp_avg):
            step = sign(running_mean(m, g, beta1))
            step = step if decay is None else step + w * decay
            assign_each((w, m), (w - step * lr, running_mean(m, g, beta2)))
        return self.done
