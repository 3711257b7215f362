"""LazyAdam: Adam for tables of which a step uses few rows."""

from ...core import checks
from .adam import Adam, _AdamBase


class LazyAdam(_AdamBase):
    """Adam of the rows that a step looks up: the others, and their moments, stand still.

    That is for gradients that come as rows: those of nn.EmbeddingLookup, ops.EmbeddingLookup and ops.SparseGatherV2.  Rows
    looked up more than once get the sum of their gradients, and weight decay once for each time.  With any other
    gradient it is Adam.

    State:
        ``beta1_power``, ``beta2_power`` (b^t), ``moment1.*`` (m), ``moment2.*`` (v).

    Arguments and errors as in Adam; but ``weight_decay`` is a float, groups aside.
    """

    use_amsgrad, use_lazy = False, True
    takes_rows = True

    def __init__(
        self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, use_locking=False, use_nesterov=False,
        weight_decay=0.0, loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, beta1, beta2, eps, weight_decay, loss_scale)
        checks.floating("LazyAdam", weight_decay=weight_decay)
        checks.boolean("LazyAdam", use_locking=use_locking, use_nesterov=use_nesterov)
        self.use_nesterov = use_nesterov
        self._make_powers((1,))
        self.moment1 = self.parameters.clone(prefix="moment1", init="zeros")
        self.moment2 = self.parameters.clone(prefix="moment2", init="zeros")

    construct = Adam.construct
