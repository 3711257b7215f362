"""LARS: another optimizer, with each layer's gradient scaled to the length of its weights."""

from ...core import checks
from ...core.errors import fail
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import sqrt, square
from ...ops.optimizer_formulas import lars
from .optimizer import numbers, with_shared_docs
from .wrapping import Wrapping


@with_shared_docs
class LARS(Wrapping):
    """Another optimizer that gets gradients ``k (g + weight_decay w)`` (You et al. 2017, arXiv 1708.03888).

        k = coefficient |w| / (|g| + weight_decay |w| + epsilon)

    ``|x|`` is the root of the sum of squares over the whole Parameter.

    Args:
        optimizer: Optimizer, the one that updates; its weight decay and loss scale are applied here.
        epsilon: float.  Default: 1e-5.
        coefficient: float.  Default: 0.001.
        use_clip: bool, whether ``min(k / lr, 1)`` takes the place of k.  Default: False.
        lars_filter: function of a Parameter that says whether it is scaled.  Default: all without "LayerNorm" and
            "bias" in their names.

    {call}

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``use_clip`` with learning rates that change and differ between groups.

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> opt = nn.LARS(nn.SGD([w], 1.0), epsilon=0.0, coefficient=0.5)
    >>> _ = opt((Tensor([0.0, 4.0]),))
    >>> print(w.asnumpy().round(4))
    [1.    0.882]
    """

    by_parameter = True

    def __init__(
        self, optimizer, epsilon=1e-05, coefficient=0.001, use_clip=False,
        lars_filter=lambda x: "LayerNorm" not in x.name and "bias" not in x.name,
    ):  # fmt: skip
        super().__init__(optimizer)
        checks.floating("LARS", epsilon=epsilon, coefficient=coefficient)
        checks.boolean("LARS", use_clip=use_clip)
        if use_clip and optimizer.dynamic_lr and optimizer.is_group_lr:
            raise fail(
                ValueError,
                "For 'LARS', 'use_clip' cannot go with learning rates that both change and differ between groups.",
            )
        optimizer._decay_elsewhere = True
        self.epsilon, self.coefficient = numbers(epsilon, coefficient)
        self.use_clip = use_clip
        self.lars_flags = tuple(bool(lars_filter(p)) for p in self.parameters)

    def register_first(self, optimizer):
        self.global_step = optimizer.global_step
        for name in ("fake_lr", "fake_param"):  # MindSpore's checkpoints contain them
            setattr(self, name, Parameter(Tensor(0.0), name=name))

    def construct(self, gradients):
        opt, scaled = self.opt, []
        gradients = self.checked(gradients)
        if opt.need_scale:
            gradients = tuple(g * opt.reciprocal_scale for g in gradients)
        for w, g, lr, decay, chosen in zip(self.parameters, gradients, opt.rates(), opt.all_decays(), self.lars_flags):
            if chosen:
                w_norm, g_norm = sqrt(square(w).sum()), sqrt(square(g).sum())
                decay = None if decay is None else decay * opt.reciprocal_scale
                g = lars(w, g, lr, w_norm, g_norm, decay, self.epsilon, self.coefficient, self.use_clip)
            scaled.append(g)
        return opt(tuple(scaled))
