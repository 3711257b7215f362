"""FTRL: follow the regularised leader."""

from ...core import checks
from ...core.errors import fail
from ...ops import optimizer_formulas as formulas
from ...ops.sparse import used_rows
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class FTRL(Optimizer):
    """The weights that would have been best for the linearised losses so far (McMahan et al. 2013).

        n1 = n + g^2
        z += g - (n1^-p - n^-p) / lr w                      (p is lr_power)
        w = (sign(z) l1 - z) / (n1^-p / lr + 2 l2)          where |z| > l1, else 0

    A gradient that comes as rows (see LazyAdam) changes those rows only.

    Args:
        params: {params}
        initial_accum: float from 0, where n starts.  Default: 0.1.
        learning_rate: float above 0; neither one that changes nor one of a group.  Default: 0.001.
        lr_power: float, at most 0.  Default: -0.5.
        l1: float from 0.  Default: 0.0.
        l2: float from 0.  Default: 0.0.
        use_locking: bool, accepted as MindSpore accepts it.  Default: False.
        loss_scale: {scale}
        weight_decay: {decay}  Without groups all Parameters decay.  Default: 0.0.

    State:
        ``moments.*`` (n), ``linear.*`` (z).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.FTRL([w], learning_rate=0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.7957 1.0155]
    """

    takes_rows = True
    decays_by_name = False

    def __init__(
        self, params, initial_accum=0.1, learning_rate=0.001, lr_power=-0.5, l1=0.0, l2=0.0, use_locking=False,
        loss_scale=1.0, weight_decay=0.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        if self.dynamic_lr or self.is_group_lr:
            raise fail(
                ValueError,
                "For 'FTRL', the learning rate must be one number: neither a list or schedule nor one per group.",
            )
        checks.positive_float("FTRL", learning_rate=learning_rate)
        checks.within("FTRL", "(-inf, 0]", lr_power=checks.floating("FTRL", lr_power=lr_power))
        checks.non_negative_float("FTRL", initial_accum=initial_accum, l1=l1, l2=l2)
        checks.boolean("FTRL", use_locking=use_locking)
        self.lr_power = float(lr_power)  # known when the step is traced: -0.5 makes square roots of powers
        self.l1, self.l2 = numbers(l1, l2)
        self.moments = self.parameters.clone(prefix="moments", init=initial_accum)
        self.linear = self.parameters.clone(prefix="linear", init="zeros")

    def construct(self, grads):
        gradients, rates = self.prepared(grads)
        for w, g, lr, n, z in zip(self.parameters, gradients, rates, self.moments, self.linear):
            g, w, n, z = used_rows(g, w, n, z)
            new = formulas.ftrl(w, g, lr, n, z, self.l1, self.l2, self.lr_power)
            formulas.assign_each((w, n, z), new)
        return self.done
