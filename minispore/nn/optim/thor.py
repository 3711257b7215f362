"""THOR: natural gradient for dense layers and convolutions, with the Fisher matrix renewed now and then."""

from ... import ops
from ...core import checks
from ...core.dtype import float32, int32
from ...core.op import to
from ...core.parameter import Parameter, ParameterTuple
from ...core.tensor import Tensor
from ...flow.forms import cond
from ...ops import assign, equal, minimum, optimizer_formulas as formulas, sqrt, square
from ...ops.linalg import inverse
from .optimizer import Optimizer, numbers, with_shared_docs
from .thor_layers import convert_to_thor_net, thor_layers


@with_shared_docs
class Thor(Optimizer):
    """What ``nn.thor`` returns.

    Args:
        net: Cell, as all further arguments in ``nn.thor``.
        learning_rate: 0-d or 1-d Tensor.
        damping: 0-d or 1-d Tensor.
        momentum: float.
        weight_decay: float.
        loss_scale: number.
        batch_size: int.
        use_nesterov: bool.
        decay_filter: function of a Parameter.
        enable_clip_grad: bool.
        frequency: int.

    {call}
    """

    divisible = False

    def __init__(
        self, net, learning_rate, damping, momentum, weight_decay, loss_scale, batch_size, use_nesterov, decay_filter,
        enable_clip_grad, frequency,
    ):  # fmt: skip
        super().__init__(learning_rate, net.trainable_params(), weight_decay, loss_scale)
        checks.non_negative_float("thor", momentum=momentum)
        checks.at_least("thor", 2, frequency=checks.integer("thor", frequency=frequency))
        for name, value in (("learning_rate", learning_rate), ("damping", damping)):
            checks.tensor("thor", **{name: value})
        checks.boolean("thor", use_nesterov=use_nesterov, enable_clip_grad=enable_clip_grad)
        self.momentum = Parameter(Tensor(momentum, float32), name="momentum")
        self.moments = self.parameters.clone(prefix="moments", init="zeros")
        self.cov_step = Parameter(Tensor([0], int32), name="cov_step", requires_grad=False)
        self.damping = to(damping, float32).reshape(-1)
        (self.batch_size,) = numbers(float(batch_size))
        self.use_nesterov, self.enable_clip_grad, self.frequency = use_nesterov, enable_clip_grad, frequency
        if not self.is_group:
            self.decay_flags = tuple(bool(decay_filter(p)) for p in self.parameters)
        own = {id(p) for p in self.parameters}
        self.layers = tuple(layer for layer in thor_layers(net) if id(layer.weight) in own)
        for layer in self.layers:
            layer.record_every(self.cov_step, frequency)
        self.layer_of = {id(layer.weight): k for k, layer in enumerate(self.layers)}
        self.matrix_a, self.matrix_g = (
            ParameterTuple(
                Parameter(getattr(layer, f"matrix_{side}") * 1.0, name=f"matrix_{side}_inv_{k}", requires_grad=False)
                for k, layer in enumerate(self.layers)
            )
            for side in "ag"
        )

    def get_frequency(self):
        """How often the matrices are renewed.

        Returns:
            int, every how many steps.
        """
        return self.frequency

    def construct(self, gradients):
        gradients = self.scale_grad(self.checked(gradients))
        self.renew_inverses()
        assign(self.cov_step, self.cov_step + 1)
        decays, rates = self.decays(), self.next_rates()
        for w, g, lr, decay, v in zip(self.parameters, gradients, rates, decays, self.moments):
            k = self.layer_of.get(id(w))
            if k is not None:
                rows = g.reshape(g.shape[0], -1)
                g = ops.matmul(ops.matmul(self.matrix_g[k], rows), self.matrix_a[k]).reshape(g.shape)
            if decay is not None:
                g = g + w * (decay * self.reciprocal_scale)
            if self.enable_clip_grad:
                g = g * minimum(1.0 / sqrt(square(g).sum()), 1.0)
            formulas.assign_each((w, v), formulas.momentum(w, g, lr, v, self.momentum, self.use_nesterov))
        return self.done

    def renew_inverses(self) -> None:
        """Renews ``(A + sqrt(damping) I)^-1`` and ``(G + sqrt(damping) I)^-1`` of each layer, when they are due."""
        due = equal(self.cov_step % self.frequency, 0).reshape(())
        step = minimum(self.cov_step, self.damping.size - 1)
        root = sqrt(ops.gather(self.damping, step, 0)).reshape(())
        scale = square(self.batch_size * self.reciprocal_scale)  # from the scaled mean over the batch to the sum
        for layer, a, g in zip(self.layers, self.matrix_a, self.matrix_g):
            for current, matrix in ((a, layer.matrix_a), (g, layer.matrix_g * scale)):
                damped = matrix + ops.eye(matrix.shape[0], matrix.shape[0], float32) * root
                assign(current, cond(due, inverse, lambda m, old=current: old + 0.0, damped))


def thor(
    net, learning_rate, damping, momentum, weight_decay=0.0, loss_scale=1.0, batch_size=32, use_nesterov=False,
    decay_filter=lambda x: True, split_indices=None, enable_clip_grad=False, frequency=100,
):  # fmt: skip
    """Natural gradient by Kronecker factors that are renewed every ``frequency`` steps (Chen et al. 2021, THOR).

        A = E[a a'],  G = E[d d']           a: inputs of a layer; d: the loss's gradient by its outputs
        g = (G + sqrt(damping) I)^-1 g (A + sqrt(damping) I)^-1         for weights of Dense and Conv2d; others keep g
        v = momentum v + g + weight_decay w
        w -= lr v

    A convolution's a are its patches, summed over positions, and its d are averaged over them (Grosse & Martens 2016,
    arXiv 1602.01407).  The layers of ``net`` are exchanged for ones that note A and G while a gradient is computed;
    their Parameters and names stay.

    Args:
        net: Cell to train; its trainable Parameters are updated.
        learning_rate: Tensor, 0-d, or 1-d with a rate for each step.
        damping: Tensor, 0-d, or 1-d with a damping for each step, the last for all steps beyond.
        momentum: float from 0.
        weight_decay: float from 0, for the Parameters of which ``decay_filter`` is True.  Default: 0.0.
        loss_scale: number above 0 by which the loss was multiplied.  Default: 1.0.
        batch_size: int, how many samples the loss is the mean of.  Default: 32.
        use_nesterov: bool, whether to look one step of the momentum ahead.  Default: False.
        decay_filter: function of a Parameter.  Default: True for all.
        split_indices: accepted; there is one device.
        enable_clip_grad: bool, whether the norm of each Parameter's natural gradient is bounded by 1.  Default: False.
        frequency: int, at least 2.  Default: 100.

    State:
        ``momentum``, ``moments.*`` (v), ``cov_step``, ``matrix_a_inv_<k>``, ``matrix_g_inv_<k>``; in the layers
        ``matrix_a``, ``matrix_g``.

    Returns:
        Optimizer, called with the gradients of the trainable Parameters.

    Raises:
        TypeError: ``learning_rate`` or ``damping`` is not a Tensor, ``momentum`` not a float, ``frequency`` not an int.
        ValueError: ``frequency`` is below 2; a negative number.

    >>> from minispore import Tensor, nn, ops, value_and_grad
    >>> net = nn.Dense(2, 1, weight_init="ones")
    >>> opt = nn.thor(net, Tensor(0.1), Tensor(0.03), 0.9, batch_size=2)
    >>> _, gradients = value_and_grad(lambda x: net(x).mean(), None, opt.parameters)(ops.ones((2, 2)))
    >>> len(opt(gradients))
    2
    """
    convert_to_thor_net(net)
    return Thor(net, learning_rate, damping, momentum, weight_decay, loss_scale, batch_size, use_nesterov, decay_filter,
                enable_clip_grad, frequency)  # fmt: skip
