"""LARS: another optimizer, with each layer's gradient scaled to the length of its weights."""

from ...core import checks
from ...core.errors import fail
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import sqrt, square
from ...ops.optimizer_formulas import lars
from .optimizer import numbers
from .wrapping import Wrapping


class LARS(Wrapping):
    """The optimizer inside gets gradients ``k (g + weight_decay w)``.

        k = coefficient |w| / (|g| + weight_decay |w| + epsilon)

    ``|x|`` is the root of the sum of squares over the whole Parameter.

    Args:
        optimizer: the one that updates; its weight decay and loss scale are applied here.
        epsilon, coefficient: floats.
        use_clip: ``min(k / lr, 1)`` in place of k.
        lars_filter: which Parameters; by default all without "LayerNorm" and "bias" in their names.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``use_clip`` with learning rates that change and differ between groups.
    """

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
