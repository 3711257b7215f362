"""AdamW: Adam whose weight decay acts on the weights."""

from ...core.dtype import float32
from ...core.op import to
from ...ops import optimizer_formulas as formulas, pow as pow_, sqrt
from .adam import _AdamBase
from .optimizer import with_shared_docs


@with_shared_docs
class AdamW(_AdamBase):
    """Adam with the weight decay apart from the gradient (Loshchilov & Hutter 2019, arXiv 1711.05101).

        m = b1 m + (1 - b1) g
        v = b2 v + (1 - b2) g^2
        w = w (1 - lr weight_decay) - lr m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps)

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: float inside (0, 1), b1.  Default: 0.9.
        beta2: float inside (0, 1), b2.  Default: 0.999.
        eps: float above 0.  Default: 1e-8.
        weight_decay: {decay}  Default: 0.01.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.AdamW([w], 0.1, weight_decay=0.5)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.85 2.  ]
    """

    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01, loss_scale=1.0):
        super().__init__(learning_rate, params, beta1, beta2, eps, weight_decay, loss_scale)
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        t, b1, b2 = to(self.global_step, float32).reshape(()), self.beta1, self.beta2
        beta1, beta2 = formulas.with_complement(b1, b2)
        c1, root = 1.0 - pow_(b1, t), sqrt(1.0 - pow_(b2, t))
        for w, g, lr, decay, m, v in zip(self.parameters, gradients, rates, decays, self.exp_avg, self.exp_avg_sq):
            keep = None if decay is None else 1.0 - lr * decay
            new = formulas.adamw(w, g, lr / c1, keep, m, v, beta1, beta2, root, self.eps)
            formulas.assign_each((w, m, v), new)
        return self.done
