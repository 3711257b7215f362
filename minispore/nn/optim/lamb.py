"""Lamb: Adam with a step whose length follows the length of each layer's weights."""

from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...core.tensor import Tensor
from ...ops import pow as pow_, select, sqrt, square
from ...ops.optimizer_formulas import assign_each, moments, with_complement
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class Lamb(Optimizer):
    """Adam's direction, with the length of the layer's weights (You et al. 2019, arXiv 1904.00962).

        m' = m / (1 - b1^t),  v' = v / (1 - b2^t)           (m and v as in Adam)
        r = m' / (sqrt(v') + eps) + weight_decay w
        w -= lr |w| / |r| r

    ``|x|`` is the root of the sum of squares over the whole Parameter; the ratio is 1 where one of the two is 0.

    Args:
        params: {params}
        learning_rate: {rate}
        beta1: float inside (0, 1), b1.  Default: 0.9.
        beta2: float inside (0, 1), b2.  Default: 0.999.
        eps: float above 0.  Default: 1e-6.
        weight_decay: {decay}  Default: 0.0.

    State:
        ``lamb_m.*`` (m), ``lamb_v.*`` (v).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.Lamb([w], 0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.8419 2.1581]
    """

    def __init__(self, params, learning_rate, beta1=0.9, beta2=0.999, eps=1e-6, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay)
        checks.unit_float("Lamb", beta1=beta1, beta2=beta2)
        checks.positive_float("Lamb", eps=eps)
        self.beta1, self.beta2, self.eps = (Tensor(x, float32) for x in (beta1, beta2, eps))
        self.moments1 = self.parameters.clone(prefix="lamb_m", init="zeros")
        self.moments2 = self.parameters.clone(prefix="lamb_v", init="zeros")

    def construct(self, gradients):
        gradients = self.gradients_centralization(self.checked(gradients))
        decays, rates = self.decays(), self.next_rates()
        t = to(self.global_step, float32).reshape(())
        c1, c2 = 1.0 - pow_(self.beta1, t), 1.0 - pow_(self.beta2, t)
        beta1, beta2 = with_complement(self.beta1, self.beta2)
        for w, g, lr, decay, m, v in zip(self.parameters, gradients, rates, decays, self.moments1, self.moments2):
            m_new, v_new = moments(g, m, v, beta1, beta2)
            r = m_new / c1 / (sqrt(v_new / c2) + self.eps)
            r = r if decay is None else r + w * decay
            assign_each((w, m, v), (w - r * (trust_ratio(w, r) * lr), m_new, v_new))
        return self.done


def trust_ratio(w, r):
    """``|w| / |r|`` with Euclidean norms over all elements, 1 where one of them is 0.

    Args:
        w: Tensor of floats, a weight.
        r: Tensor of floats, its step.

    Returns:
        Tensor of shape ().

    >>> from minispore import Tensor
    >>> print(trust_ratio(Tensor([3.0, 4.0]), Tensor([0.0, 2.0])))
    2.5
    """
    a, b = sqrt(square(w).sum()), sqrt(square(r).sum())
    positive_both = (a > 0).logical_and(b > 0)
    return select(positive_both, a / select(positive_both, b, 1.0), 1.0)
