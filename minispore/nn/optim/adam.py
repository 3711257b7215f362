"""Adam: steps scaled by running means of the gradient and of its square."""

import inspect

import numpy as np

from ...core import checks, hints
from ...core.dtype import bfloat16, float32
from ...core.errors import fail
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, optimizer_formulas as formulas
from ...ops.sparse import dense, used_rows
from .optimizer import Optimizer, map_distinct, numbers, with_shared_docs


class _AdamBase(Optimizer):
    """The coefficients that Adam and its variants share."""

    def __init__(self, learning_rate, params, beta1, beta2, eps, weight_decay, loss_scale=1.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float(self.cls_name, beta1=beta1, beta2=beta2)
        checks.positive_float(self.cls_name, eps=eps)
        self.beta1, self.beta2, self.eps = numbers(beta1, beta2, eps)

    def _make_powers(self, shape) -> None:
        for name in ("beta1_power", "beta2_power"):
            setattr(self, name, Parameter(Tensor(np.ones(shape, np.float32)), name=name))

    def _bias_corrected(self, rates):
        """``lr sqrt(1 - beta2^t) / (1 - beta1^t)`` for each rate; multiplies the powers by the betas."""
        assign(self.beta1_power, self.beta1_power * self.beta1)
        assign(self.beta2_power, self.beta2_power * self.beta2)
        correction = formulas.adam_correction(self.beta1_power, self.beta2_power).reshape(())
        return map_distinct(lambda lr: lr * correction, rates)


@with_shared_docs
class Adam(_AdamBase):
    """``m = b1 m + (1 - b1) g``, ``v = b2 v + (1 - b2) g^2``, ``w -= lr_t m / (sqrt(v) + eps)`` (Kingma & Ba 2014,
    arXiv 1412.6980).

    ``lr_t = lr sqrt(1 - b2^t) / (1 - b1^t)`` at step t = 1, 2, ... so that ``eps`` is added to the root before its
    correction.  Nesterov: ``b1 m + (1 - b1) g`` in place of m.  AMSGrad: the largest v so far under the root, and then
    no Nesterov.  Weight decay is added to the gradient; see AdamWeightDecay for the other kind.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: float inside (0, 1), b1.  Default: 0.9.
        beta2: float inside (0, 1), b2.  Default: 0.999.
        eps: float above 0.  Default: 1e-8.
        use_locking: bool, accepted as MindSpore accepts it.  Default: False.
        use_nesterov: bool.  Default: False.
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}
        use_amsgrad: bool.  Default: False.
        **kwargs: ``use_lazy``: bool, whether rows without gradient stand still where the gradient is one of few rows
            (see LazyAdam); ``use_offload``: bool, accepted as MindSpore accepts it.  Default: False.

    State:
        ``beta1_power``, ``beta2_power`` (b^t), ``moment1.*`` (m), ``moment2.*`` (v), with AMSGrad ``vhat.*``.

    {call}

    Raises:
        {raises}
            KeyError also of an unknown keyword, ValueError also of options that exclude each other.

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.Adam([w], 0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy())
    [0.9 2.1]
    """

    takes_rows = True

    def __init__(
        self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, use_locking=False, use_nesterov=False,
        weight_decay=0.0, loss_scale=1.0, use_amsgrad=False, **kwargs,
    ):  # fmt: skip
        super().__init__(learning_rate, params, beta1, beta2, eps, weight_decay, loss_scale)
        unknown = [k for k in kwargs if k not in ("use_lazy", "use_offload")]
        if unknown:
            known = [*inspect.signature(Adam.__init__).parameters, "use_lazy", "use_offload"][2:]
            raise fail(KeyError, f"For 'Adam', there is no argument '{unknown[0]}'.{hints.keyword(unknown[0], known)}")
        use_lazy, use_offload = kwargs.get("use_lazy", False), kwargs.get("use_offload", False)
        checks.boolean("Adam", use_locking=use_locking, use_nesterov=use_nesterov, use_amsgrad=use_amsgrad)
        checks.boolean("Adam", use_lazy=use_lazy, use_offload=use_offload)
        if use_lazy and use_offload:
            raise fail(ValueError, "For 'Adam', 'use_lazy' and 'use_offload' cannot both be True.")
        if use_amsgrad and (use_lazy or use_offload):
            raise fail(ValueError, "For 'Adam', 'use_amsgrad' goes with neither 'use_lazy' nor 'use_offload'.")
        self.use_nesterov, self.use_amsgrad = use_nesterov, use_amsgrad
        self.use_lazy, self.use_offload = use_lazy, use_offload
        self._make_powers(())
        self.moment1 = self.parameters.clone(prefix="moment1", init="zeros")
        self.moment2 = self.parameters.clone(prefix="moment2", init="zeros")
        if use_amsgrad:
            self.vhat = self.parameters.clone(prefix="vhat", init="zeros")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        rates = self._bias_corrected(rates)
        beta1, beta2 = formulas.with_complement(self.beta1, self.beta2)
        nesterov = self.use_nesterov and not self.use_amsgrad  # as in MindSpore: AMSGrad excludes Nesterov
        for k, (w, g, lr, m, v) in enumerate(zip(self.parameters, gradients, rates, self.moment1, self.moment2)):
            g, w, m, v = used_rows(g, w, m, v) if self.use_lazy else (dense(g), w, m, v)
            largest = self.vhat[k] if self.use_amsgrad else None
            new = formulas.adam(w, g, lr, m, v, beta1, beta2, self.eps, nesterov, largest)
            formulas.assign_each((w, m, v, largest), new)
        return self.done


@with_shared_docs
class AdamOffload(_AdamBase):
    """Adam, kept from MindSpore for machines whose host updates the weights; gradients are not centralised.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: float inside (0, 1).  Default: 0.9.
        beta2: float inside (0, 1).  Default: 0.999.
        eps: float above 0.  Default: 1e-8.
        use_locking: bool, accepted as MindSpore accepts it.  Default: False.
        use_nesterov: bool, as in Adam.  Default: False.
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}

    State:
        ``beta1_power``, ``beta2_power``, ``moment1.*``, ``moment2.*``.

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.AdamOffload([w], 0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy())
    [0.9 2.1]
    """

    def __init__(
        self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, use_locking=False, use_nesterov=False,
        weight_decay=0.0, loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, beta1, beta2, eps, weight_decay, loss_scale)
        checks.boolean("AdamOffload", use_locking=use_locking, use_nesterov=use_nesterov)
        self.use_nesterov = use_nesterov
        self._make_powers((1,))
        self.moment1 = self.parameters.clone(prefix="moment1", init="zeros")
        self.moment2 = self.parameters.clone(prefix="moment2", init="zeros")

    def gradients_centralization(self, gradients):
        return gradients

    use_amsgrad = use_lazy = False
    construct = Adam.construct


@with_shared_docs
class AdamWeightDecay(_AdamBase):
    """``m = b1 m + (1 - b1) g``, ``v = b2 v + (1 - b2) g^2``, ``w -= lr (m / (sqrt(v) + eps) + weight_decay w)``.

    The weight decay acts on the weights, not through the gradient; the means are not corrected for their start at 0.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: float inside (0, 1), b1.  Default: 0.9.
        beta2: float inside (0, 1), b2.  Default: 0.999.
        eps: float above 0.  Default: 1e-6.
        weight_decay: {decay}  Default: 0.0.

    State:
        ``adam_m.*`` (m), ``adam_v.*`` (v).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.AdamWeightDecay([w], 0.1, weight_decay=0.5)((Tensor([0.0, 0.0]),))
    >>> print(w.asnumpy())
    [0.95 1.9 ]
    """

    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-6, weight_decay=0.0):
        super().__init__(learning_rate, params, beta1, beta2, eps, weight_decay)
        self.moments1 = self.parameters.clone(prefix="adam_m", init="zeros")
        self.moments2 = self.parameters.clone(prefix="adam_v", init="zeros")

    def construct(self, gradients):
        gradients, decays, rates = self.checked(gradients), self.decays(), self.next_rates()
        numbers = self.beta1, self.beta2, self.eps
        for w, g, lr, decay, m, v in zip(self.parameters, gradients, rates, decays, self.moments1, self.moments2):
            # As in MindSpore, computed in the weight's type; but in bfloat16, which MindSpore does not take here, 0.999 is 1.
            computed = float32 if w.dtype is bfloat16 else w.dtype
            g, lr, b1, b2, eps = (to(x, computed) for x in (g, lr, *numbers))
            beta1, beta2 = formulas.with_complement(b1, b2)
            formulas.assign_each((w, m, v), formulas.adam_weight_decay(w, g, lr, m, v, beta1, beta2, eps, decay))
        return self.done
