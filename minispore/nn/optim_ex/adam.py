"""Adam and AdamW."""

import numpy as np

from ...core import checks
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import optimizer_formulas as formulas, pow as pow_, sqrt
from .optimizer import Optimizer, check_betas, with_shared_docs


class _AdamBase(Optimizer):
    def __init__(self, params, lr, betas, eps, weight_decay, amsgrad, maximize):
        checks.at_least(self.cls_name, 0.0, lr=lr, eps=eps, weight_decay=weight_decay)
        check_betas(self.cls_name, betas)
        super().__init__(params, {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad,
            "maximize": maximize,
        })  # fmt: skip
        self.keep(exp_avg="zeros", exp_avg_sq="zeros", max_exp_avg_sq="zeros")
        self.state_step = Parameter(Tensor(0, np.int32), name="state_step")


@with_shared_docs
class Adam(_AdamBase):
    """Running means of the gradient and of its square (Kingma & Ba 2014, arXiv 1412.6980).

        m = b1 m + (1 - b1) g
        v = b2 v + (1 - b2) g^2
        w -= lr sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + eps)

    Args:
        params: {params}
        lr: {lr}  Default: 1e-3.
        betas: pair (b1, b2) of floats in [0, 1).  Default: (0.9, 0.999).
        eps: number from 0.  Default: 1e-8.
        weight_decay: {decay}  Default: 0.0.
        amsgrad: bool, accepted and without influence (MindSpore's behaviour; AdamW has it).  Default: False.
        {maximize}

    State:
        ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v), ``max_exp_avg_sq.*``, ``state_step`` (t).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.Adam([w], lr=0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.9 2.1]
    """

    def __init__(
        self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, amsgrad=False, *, maximize=False
    ):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize)

    def construct(self, gradients):
        t = self.count(self.state_step)
        for group, members in self.groups(gradients, self.exp_avg, self.exp_avg_sq):
            b1, b2, eps = group.number("betas", 0), group.number("betas", 1), group.number("eps")
            beta1, beta2 = formulas.with_complement(b1, b2)
            lr = group.number("lr") * formulas.adam_correction(pow_(b1, t), pow_(b2, t))
            for w, g, m, v in members:
                formulas.assign_each((w, m, v), formulas.adam(w, g, lr, m, v, beta1, beta2, eps))
        return True


@with_shared_docs
class AdamW(_AdamBase):
    """Adam with the weight decay apart from the gradient (Loshchilov & Hutter 2019, arXiv 1711.05101), and ``eps``
    added to the corrected root.

        m and v as in Adam
        w = w (1 - lr weight_decay) - lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps)

    Args:
        params: {params}
        lr: {lr}  Default: 1e-3.
        betas: pair (b1, b2) of floats in [0, 1).  Default: (0.9, 0.999).
        eps: number from 0.  Default: 1e-8.
        weight_decay: number from 0.  Default: 1e-2.
        amsgrad: bool, whether the largest v so far is under the root.  Default: False.
        {maximize}

    State:
        ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v), ``max_exp_avg_sq.*``, ``state_step`` (t).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.AdamW([w], lr=0.1, weight_decay=0.5)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.85 2.  ]
    """

    def __init__(
        self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False, *, maximize=False
    ):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize)

    def construct(self, gradients):
        t = self.count(self.state_step)
        for group, members in self.groups(gradients, self.exp_avg, self.exp_avg_sq, self.max_exp_avg_sq, decay=False):
            beta1, beta2 = group.with_complement("betas", 0), group.with_complement("betas", 1)
            lr, eps = group.number("lr"), group.number("eps")
            keep = 1.0 - lr * group.number("weight_decay")
            lr, root = lr / (1.0 - pow_(beta1[0], t)), sqrt(1.0 - pow_(beta2[0], t))
            for w, g, m, v, largest in members:
                if not group["amsgrad"]:
                    largest = None
                new = formulas.adamw(w, g, lr, keep, m, v, beta1, beta2, root, eps, largest)
                formulas.assign_each((w, m, v, largest), new)
        return True
