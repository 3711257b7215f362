"""Proximal Adagrad: Adagrad, then a pull towards 0."""

from ...core import checks
from ...ops import optimizer_formulas as formulas
from ...ops.sparse import used_rows
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class ProximalAdagrad(Optimizer):
    """Adagrad, then a pull towards 0 (Duchi & Singer 2009): ``a += g^2``, ``r = lr / sqrt(a)``, ``q = w - r g``,
    ``w = sign(q) max(|q| - r l1, 0) / (1 + r l2)``.

    A gradient that comes as rows (see LazyAdam) changes those rows only.

    Args:
        params: {params}
        accum: float from 0, where a starts.  Default: 0.1.
        learning_rate: {rate}  Default: 0.001.
        l1: float from 0.  Default: 0.0.
        l2: float from 0.  Default: 0.0.
        use_locking: bool, accepted as MindSpore accepts it.  Default: False.
        loss_scale: {scale}
        weight_decay: {decay}  Default: 0.0.

    State:
        ``accum.*`` (a).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.ProximalAdagrad([w], 0.0, 0.1, l1=1.0)((Tensor([1.0, -1.0]),))
    >>> print(w.asnumpy().round(4))
    [0.8 2. ]
    """

    takes_rows = True

    def __init__(
        self, params, accum=0.1, learning_rate=0.001, l1=0.0, l2=0.0, use_locking=False, loss_scale=1.0,
        weight_decay=0.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.non_negative_float("ProximalAdagrad", accum=accum, l1=l1, l2=l2)
        checks.boolean("ProximalAdagrad", use_locking=use_locking)
        self.l1, self.l2 = numbers(l1, l2)
        self.accum = self.parameters.clone(prefix="accum", init=accum)

    def construct(self, grads):
        gradients, rates = self.prepared(grads)
        for w, g, lr, a in zip(self.parameters, gradients, rates, self.accum):
            g, w, a = used_rows(g, w, a)
            formulas.assign_each((w, a), formulas.proximal_adagrad(w, g, lr, a, self.l1, self.l2))
        return self.done
