"""LARS: another optimizer, with each layer's gradient scaled to the length of its weights."""

from ...errors import fail
from ...ops import minimum, sqrt, square
from ...parameter import Parameter
from ...tensor import Tensor
from ..checks import flags, floats
from .optimizer import Optimizer

_TAKEN_OVER = (
    "is_group", "is_group_lr", "dynamic_lr", "dynamic_weight_decay", "exec_weight_decay", "decay_flags", "weight_decay",
    "loss_scale", "reciprocal_scale", "need_scale",
)  # fmt: skip


class LARS(Optimizer):
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
        if not isinstance(optimizer, Optimizer):
            raise fail(TypeError, f"For 'LARS', 'optimizer' must be an Optimizer, but got {type(optimizer).__name__}.")
        floats("LARS", epsilon=epsilon, coefficient=coefficient)
        flags("LARS", use_clip=use_clip)
        if use_clip and optimizer.dynamic_lr and optimizer.is_group_lr:
            raise fail(
                ValueError,
                "For 'LARS', 'use_clip' cannot go with learning rates that both change and differ between groups.",
            )
        super().__init__(0.0, optimizer.parameters)
        self.learning_rate = Parameter(
            Tensor(0.0), name="fake_lr"
        )  # the rate is that of the optimizer inside, as the step
        self.global_step = optimizer.global_step
        self.opt = optimizer
        self.epsilon, self.coefficient, self.use_clip = epsilon, coefficient, use_clip
        self.lars_flags = tuple(bool(lars_filter(p)) for p in self.parameters)
        for name in _TAKEN_OVER:
            setattr(self, name, getattr(optimizer, name))
        optimizer.exec_weight_decay = optimizer.need_scale = False

    def get_lr(self):
        return self.opt.get_lr()

    def get_lr_parameter(self, param):
        return self.opt.get_lr_parameter(param)

    def construct(self, gradients):
        gradients = self.scale_grad(self.checked(gradients))
        lr = self.get_lr()
        rates = lr if self.is_group_lr else (lr,) * len(self.parameters)
        scaled = []
        for w, g, lr, decay, chosen in zip(self.parameters, gradients, rates, self.decays(), self.lars_flags):
            if chosen:
                w_norm, g_norm = sqrt(square(w).sum()), sqrt(square(g).sum())
                if decay is not None:
                    decay = decay * self.reciprocal_scale
                    g, g_norm = g + w * decay, g_norm + w_norm * decay
                k = w_norm * self.coefficient / (g_norm + self.epsilon)
                g = g * (minimum(k / lr, 1.0) if self.use_clip else k)
            scaled.append(g)
        return self.opt(tuple(scaled))
