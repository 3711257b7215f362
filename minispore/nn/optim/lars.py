"""LARS: another optimizer, with each layer's gradient scaled to the length of its weights."""

from ...errors import fail
from ...ops import assign_add, minimum, sqrt, square
from ..checks import flags, floats
from .optimizer import Optimizer


class LARS(Optimizer):
    """``k = coefficient |w| / (|g| + weight_decay |w| + epsilon)``; the optimizer inside gets ``k (g + weight_decay w)``.

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
        if not isinstance(optimizer, Optimizer):
            raise fail(TypeError, f"For 'LARS', 'optimizer' must be an Optimizer, but got {type(optimizer).__name__}.")
        floats("LARS", epsilon=epsilon, coefficient=coefficient)
        flags("LARS", use_clip=use_clip)
        if use_clip and optimizer.dynamic_lr and optimizer.is_group_lr:
            raise fail(ValueError, "For 'LARS', 'use_clip' cannot go with learning rates that both change and differ between groups.")
        super().__init__(0.0, optimizer.parameters)
        self.opt = optimizer
        self.epsilon, self.coefficient, self.use_clip = epsilon, coefficient, use_clip
        self.lars_flags = tuple(bool(lars_filter(p)) for p in self.parameters)
        for name in ("is_group", "is_group_lr", "dynamic_lr", "dynamic_weight_decay", "exec_weight_decay", "decay_flags",
                     "weight_decay", "loss_scale", "reciprocal_scale", "need_scale"):  # fmt: skip
            setattr(self, name, getattr(optimizer, name))
        optimizer.exec_weight_decay = optimizer.need_scale = False

    def construct(self, gradients):
        gradients = self.scale_grad(self.checked(gradients))
        rates = self.opt.get_lr()
        rates = rates if self.is_group_lr else (rates,) * len(self.parameters)
        decays = self.decays()
        assign_add(self.global_step, self.global_step_increase_tensor)
        scaled = []
        for w, g, lr, decay, chosen in zip(self.parameters, gradients, rates, decays, self.lars_flags):
            if chosen:
                long, steep = sqrt(square(w).sum()), sqrt(square(g).sum())
                decay = None if decay is None else decay * self.reciprocal_scale
                k = long * self.coefficient / ((steep if decay is None else steep + long * decay) + self.epsilon)
                if self.use_clip:
                    k = minimum(k / lr, 1.0)
                g = (g if decay is None else g + w * decay) * k
            scaled.append(g)
        return self.opt(tuple(scaled))
