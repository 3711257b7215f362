"""AdaFactor: Adam whose second moments are kept as row and column means, and which finds its own learning rate."""

import numpy as np

from ...core import checks
from ...core.errors import fail
from ...core.parameter import Parameter, ParameterTuple
from ...core.tensor import Tensor
from ...ops import assign, expand_dims, maximum, minimum, pow as pow_, rsqrt, sqrt, square
from ...ops.optimizer_formulas import assign_each, running_mean
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class AdaFactor(Optimizer):
    """Second moments as rows and columns, with steps in proportion to the weights (Shazeer & Stern 2018, arXiv
    1804.04235).

        b = 1 - t^-decay_rate
        R = b R + (1 - b) mean(g^2 + eps1, -1)          and C likewise over axis -2
        u = g / sqrt(R / mean(R)) / sqrt(C)             with fewer than two axes: u = g / sqrt(v)
        u *= lr / max(1, rms(u) / clip_threshold)       and with beta1 a running mean of u
        w -= u + weight_decay lr w

    The rate with ``relative_step``: ``min(0.01, 1 / sqrt(t))``, or ``min(1e-6 t, 1 / sqrt(t))`` with ``warmup_init``;
    with ``scale_parameter`` times ``max(eps2, rms(w))``.  ``rms`` is the root of the mean of squares.

    Args:
        params: {params}
        learning_rate: None (the default) with ``relative_step``, else {rate}
        eps: pair (eps1, eps2) of floats from 0.  Default: (1e-30, 1e-3).
        clip_threshold: float from 0, the largest rms of an update.  Default: 1.0.
        decay_rate: float inside (0, 1).  Default: 0.8.
        beta1: float from 0; 0.0 for no running mean.  Default: 0.9.
        weight_decay: float in [0, 1), for all Parameters whose group has no other.  Default: 0.0.
        scale_parameter: bool.  Default: True.
        relative_step: bool.  Default: True.
        warmup_init: bool.  Default: False.
        compression: bool, whether the means are kept in float16.  Default: False.
        loss_scale: {scale}

    State:
        ``exp_avg.*``, ``exp_avg_sq_row_*`` (R), ``exp_avg_sq_col_*`` (C), ``exp_avg_sq_*`` (v), ``afactor_step`` (t).

    {call}

    Raises:
        {raises}
            ValueError also of a learning rate with ``relative_step``, none without, and of ``warmup_init`` without it.

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> opt = nn.AdaFactor([w], 0.1, beta1=0.0, scale_parameter=False, relative_step=False)
    >>> _ = opt((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.9 2.1]
    """

    decays_by_name = False

    def __init__(
        self, params, learning_rate=None, eps=(1e-30, 1e-3), clip_threshold=1.0, decay_rate=0.8, beta1=0.9,
        weight_decay=0.0, scale_parameter=True, relative_step=True, warmup_init=False, compression=False,
        loss_scale=1.0,
    ):  # fmt: skip
        if learning_rate is not None and relative_step:
            raise fail(ValueError, "For 'AdaFactor', a 'learning_rate' needs relative_step=False.")
        if learning_rate is None and not relative_step:
            raise fail(ValueError, "For 'AdaFactor', relative_step=False needs a 'learning_rate'.")
        if warmup_init and not relative_step:
            raise fail(ValueError, "For 'AdaFactor', 'warmup_init' needs relative_step=True.")
        checks.within("AdaFactor", "[0.0, 1.0)", weight_decay=checks.floating("AdaFactor", weight_decay=weight_decay))
        super().__init__(0.0 if learning_rate is None else learning_rate, params, float(weight_decay), loss_scale)
        if not isinstance(eps, (list, tuple)):
            raise fail(TypeError, f"For 'AdaFactor', 'eps' must be a pair of floats, but got {type(eps).__name__}.")
        if len(eps) != 2:
            raise fail(ValueError, f"For 'AdaFactor', 'eps' must be a pair of floats, but got {eps}.")
        if isinstance(beta1, bool) or not isinstance(beta1 or 0.0, (int, float)):
            raise fail(TypeError, f"For 'AdaFactor', 'beta1' must be a float, but got {type(beta1).__name__}.")
        beta1 = float(beta1 or 0.0)
        checks.non_negative_float("AdaFactor", eps1=eps[0], eps2=eps[1], clip_threshold=clip_threshold, beta1=beta1)
        checks.unit_float("AdaFactor", decay_rate=decay_rate)
        checks.boolean(
            "AdaFactor", scale_parameter=scale_parameter, relative_step=relative_step, compression=compression
        )
        self.eps, self.clip_threshold, self.decay_rate, self.beta1 = tuple(eps), clip_threshold, decay_rate, beta1
        self.has_momentum = beta1 > 0
        self.relative_step, self.warmup_init = relative_step, warmup_init
        self.scale_parameter = scale_parameter and not self.dynamic_lr
        self.exp_avg = ParameterTuple(
            [Parameter(Tensor(0.0), name="Parameter$1")]
        )  # MindSpore's checkpoints contain it
        if beta1 > 0:
            self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        shapes = [_shapes(p.shape) for p in self.parameters]
        for k, part in enumerate(("exp_avg_sq_row", "exp_avg_sq_col", "exp_avg_sq")):
            setattr(self, part, ParameterTuple([
                Parameter(Tensor(np.zeros(s[k], np.float16 if compression else p.dtype.np)), name=f"{part}_{p.name}")
                for p, s in zip(self.parameters, shapes)
            ]))  # fmt: skip
        self.step = Parameter(Tensor(np.zeros(1, np.float32)), name="afactor_step")

    def __setattr__(self, name, value):
        if name == "beta1" and not self.__dict__.get("has_momentum", True):
            raise fail(ValueError, f"For 'AdaFactor', beta1 = {value} needs moments: make it with a beta1 above 0.")
        super().__setattr__(name, value)

    def construct(self, gradients):
        # a loss scale cancels out of the update but, as in MindSpore, not out of the running means
        gradients = self.checked(gradients)
        decays, rates = self.unscaled_decays(), self.next_rates()
        assign(self.step, self.step + 1.0)
        t = self.step.reshape(())
        b = 1.0 - pow_(t, -self.decay_rate)
        if self.relative_step:
            rate = minimum(rsqrt(t), t * 1e-6 if self.warmup_init else 1e-2)
            rates = (rate,) * len(self.parameters)
        for k, (w, g, lr, decay) in enumerate(zip(self.parameters, gradients, rates, decays)):
            lr = lr * maximum(_rms(w), self.eps[1]) if self.scale_parameter else lr
            u = g * self._scale(k, square(g) + self.eps[0], b)
            u = u * (lr / maximum(_rms(u) / self.clip_threshold, 1.0))
            if self.has_momentum:
                u = self.exp_avg[k] * self.beta1 + u * (1.0 - self.beta1)
                assign(self.exp_avg[k], u)
            if decay is not None:
                u = u + w * (lr * decay)
            assign(w, w - u)
        return self.done

    def _scale(self, k, squares, b):
        """``1 / sqrt(v)`` of the k-th Parameter, from its stored means and the new squares."""
        if squares.ndim < 2:
            v = self.exp_avg_sq[k]
            v_new = running_mean(v, squares, (b, 1.0 - b))
            assign(v, v_new)
            return rsqrt(v_new)
        row, column = self.exp_avg_sq_row[k], self.exp_avg_sq_col[k]
        row_new = row * b + squares.mean(-1) * (1.0 - b)
        column_new = column * b + squares.mean(-2) * (1.0 - b)
        assign_each((row, column), (row_new, column_new))
        return expand_dims(rsqrt(row_new / row_new.mean(-1, True)), -1) * expand_dims(rsqrt(column_new), -2)


def _rms(x):
    return sqrt(square(x).mean())


def _shapes(shape):
    """Shapes of the row means, column means and full means; (1,) for those not stored."""
    if len(shape) >= 2:
        return shape[:-1], shape[:-2] + shape[-1:], (1,)
    return (1,), (1,), shape
