"""LazyAdam: Adam for tables of which a step uses few rows."""

from ...core import checks
from .adam import Adam, _AdamBase
from .optimizer import with_shared_docs


@with_shared_docs
class LazyAdam(_AdamBase):
    """Adam of the rows that a step looks up: the others, and their moments, stand still.

    That is for gradients that come as rows: those of nn.EmbeddingLookup, ops.EmbeddingLookup and ops.SparseGatherV2.
    Rows looked up more than once get the sum of their gradients, and weight decay once for each time.  With any other
    gradient it is Adam.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: float inside (0, 1).  Default: 0.9.
        beta2: float inside (0, 1).  Default: 0.999.
        eps: float above 0.  Default: 1e-8.
        use_locking: bool, accepted as MindSpore accepts it.  Default: False.
        use_nesterov: bool, as in Adam.  Default: False.
        weight_decay: float from 0; a group's may be a Cell.  Default: 0.0.
        loss_scale: {scale}

    State:
        ``beta1_power``, ``beta2_power`` (b^t), ``moment1.*`` (m), ``moment2.*`` (v).

    {call}

    Raises:
        {raises}

    >>> from minispore import Tensor, nn, ops, value_and_grad
    >>> net = nn.EmbeddingLookup(3, 1, param_init="ones")
    >>> opt = nn.LazyAdam(net.trainable_params(), 0.1)
    >>> _, gradients = value_and_grad(net, None, opt.parameters)(Tensor([1]))
    >>> _ = opt(gradients)
    >>> print(net.embedding_table.asnumpy().ravel())
    [1.         0.90000004 1.        ]
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
