"""L-BFGS: Newton's direction from the last steps and how the gradient changed along them."""

import numpy as np

from ... import ops
from ...core import checks
from ...core.dtype import float32, float64, int32
from ...core.errors import fail
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, select
from ..cell import Cell
from .line_search import strong_wolfe
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class LBFGS(Optimizer):
    """Newton's direction from the last steps: the two-loop recursion of Liu & Nocedal (1989, On the limited memory BFGS
    method), all Parameters as one vector.

        s_k = w_k - w_{k-1},  y_k = g_k - g_{k-1}           kept for the last ``history_size`` k with s'y > 1e-10
        d = -H g        with H from the pairs (s, y) and the diagonal s'y / y'y of the latest
        w += t d        t = lr, at the first step lr min(1, 1 / |g|_1)

    ``optimizer(gradients)`` makes one such step, compiled like that of any optimizer.  ``optimizer.step(closure)``
    iterates: up to ``max_iter`` steps, each with as many evaluations of the loss as its line search needs.

    Args:
        params: {params}
        learning_rate: {rate}  One for all Parameters.  Default: 1.0.
        max_iter: int above 0, steps of one ``step(closure)``.  Default: 20.
        max_eval: int above 0, its evaluations of the loss, one more where a line search begins with the last of them.  None (the
            default): ``max_iter * 5 // 4``.
        tolerance_grad: float from 0; it ends where no gradient is larger.  Default: 1e-7.
        tolerance_change: float from 0; it ends where no step or change of the loss is larger.  Default: 1e-9.
        history_size: int above 0, how many pairs are kept.  Default: 100.
        line_search_fn: "strong_wolfe", or None (the default) for steps of length ``lr``.
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}

    State:
        ``history_s``, ``history_y`` (history_size, n), ``curvature`` (history_size,), ``previous_gradient``,
        ``previous_step`` (n,), ``pairs``: n is the number of all weights.  float64 where a weight is, else float32, in whose
        last digits implementations part from each other step by step.

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn, value_and_grad
    >>> w = Parameter(Tensor([-1.2, 1.0]), name="w")
    >>> def rosenbrock():
    ...     return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2
    >>> opt = nn.LBFGS([w], 1.0, max_iter=60, line_search_fn="strong_wolfe")
    >>> loss = opt.step(value_and_grad(rosenbrock, None, opt.parameters))
    >>> print(w.asnumpy().round(3))
    [1. 1.]
    """

    divisible = False

    def __init__(
        self, params, learning_rate=1.0, max_iter=20, max_eval=None, tolerance_grad=1e-7, tolerance_change=1e-9,
        history_size=100, line_search_fn=None, weight_decay=0.0, loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        max_eval = max_iter * 5 // 4 if max_eval is None else max_eval
        checks.positive_int("LBFGS", max_iter=max_iter, history_size=history_size)
        checks.positive_int("LBFGS", max_eval=max_eval or 1)
        checks.non_negative_float("LBFGS", tolerance_grad=tolerance_grad, tolerance_change=tolerance_change)
        if line_search_fn not in (None, "strong_wolfe"):
            raise fail(
                ValueError, f"For 'LBFGS', 'line_search_fn' must be None or 'strong_wolfe', but got {line_search_fn!r}."
            )
        if self.is_group_lr:
            raise fail(ValueError, "For 'LBFGS', the Parameters are one vector: groups cannot have rates of their own.")
        self.max_iter, self.max_eval, self.line_search_fn = max_iter, max_eval, line_search_fn
        self.tolerance_grad, self.tolerance_change = tolerance_grad, tolerance_change
        wide = any(p.dtype is float64 for p in self.parameters)
        self.direction = _Direction(sum(p.size for p in self.parameters), history_size, float64 if wide else float32)

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        g = ops.concat([to(x.reshape(-1), self.direction.dtype) for x in gradients])
        step = self.direction(g)
        first = ops.equal(self.global_step, 1).reshape(())
        t = select(first, ops.minimum(1.0 / ops.abs(g).sum(), 1.0), 1.0) * rates[0]
        self.add(step * t)
        assign(self.direction.previous_step, step * t)
        return self.done

    def add(self, step) -> None:
        """Adds a vector to all Parameters: ``w += step``.

        Args:
            step: Tensor of shape (n,), n the number of all weights, in the order of the Parameters.

        >>> from minispore import Parameter, Tensor, nn
        >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
        >>> nn.LBFGS([w]).add(Tensor([1.0, 0.0]))
        >>> print(w.asnumpy())
        [2. 2.]
        """
        start = 0
        for w in self.parameters:
            assign(w, w + to(step[start : start + w.size].reshape(w.shape), w.dtype))
            start += w.size

    def step(self, closure):
        """Iterates until the tolerances, ``max_iter`` or ``max_eval`` are reached; see the class for an example.

        Args:
            closure: function without arguments that returns (loss, gradients) at the present weights, such as
                ``value_and_grad`` makes it.

        Returns:
            Tensor of shape (), of the type of the state: the loss before.
        """

        loss, g = self._loss_and_gradient(closure)
        first_loss = loss
        evaluations = 1
        for k in range(self.max_iter):
            if np.abs(g).max() <= self.tolerance_grad:
                break
            d = self.direction(self._vector(g)).asnumpy().astype(np.float64)
            slope, old_loss = float(g @ d), loss
            if slope > -self.tolerance_change:
                break
            t = float(self.get_lr()[0] if self.is_group else self.get_lr())
            if not self.global_step.asnumpy()[0]:
                t *= min(1.0, 1.0 / np.abs(g).sum())
            assign(self.global_step, self.global_step + 1)
            if self.line_search_fn is not None:
                start = [w.asnumpy() for w in self.parameters]

                def at(t, start=start, d=d):
                    nonlocal evaluations
                    evaluations += 1
                    self._restore(start)
                    self.add(self._vector(d * t))
                    return self._loss_and_gradient(closure)

                left = self.max_eval - evaluations
                loss, g, t = strong_wolfe(at, t, d, loss, g, slope, self.tolerance_change, left)
                self._restore(start)
            self.add(self._vector(d * t))
            self.direction.previous_step.set_data(self._vector(d * t))
            if self.line_search_fn is None and k + 1 < self.max_iter:
                loss, g = self._loss_and_gradient(closure)
                evaluations += 1
            small = np.abs(d * t).max() <= self.tolerance_change
            if evaluations >= self.max_eval or small or abs(loss - old_loss) < self.tolerance_change:
                break
        return Tensor(first_loss, self.direction.dtype)

    def _loss_and_gradient(self, closure):
        loss, gradients = closure()
        gradients = self.checked(gradients if isinstance(gradients, (tuple, list)) else (gradients,))
        gradients = self.scale_grad(self.decay_weight(gradients))
        return float(loss), np.concatenate([g.asnumpy().ravel() for g in gradients]).astype(np.float64)

    def _restore(self, values) -> None:
        for w, x in zip(self.parameters, values):
            w.set_data(Tensor(x))

    def _vector(self, x):
        return Tensor(x, self.direction.dtype)


class _Direction(Cell):
    """The direction ``-H g``; first adds the pair (s, y) of the previous step to the history."""

    def __init__(self, n: int, history: int, dtype):
        super().__init__(auto_prefix=False)
        self.history, self.dtype = history, dtype

        def made(name, *shape):
            return Parameter(Tensor(np.zeros(shape), dtype), name=name)

        self.s, self.y = made("history_s", history, n), made("history_y", history, n)
        self.curvature = made("curvature", history)  # 1 / (s . y) of each pair, the latest last; 0 for an unused entry
        self.gradient, self.previous_step = made("previous_gradient", n), made("previous_step", n)
        self.scale = Parameter(Tensor(1.0, dtype), name="initial_scale")
        self.calls = Parameter(Tensor(0, int32), name="pairs")

    def construct(self, g):
        y, s = g - self.gradient, self.previous_step
        sy = (s * y).sum()
        good = ops.logical_and(self.calls > 0, sy > 1e-10)
        self.append(good, s, y, sy)
        assign(self.gradient, g)
        assign(self.calls, self.calls + 1)
        q, factors = -g, []
        for k in reversed(range(self.history)):
            a = (self.s[k] * q).sum() * self.curvature[k]
            q = q - self.y[k] * a
            factors.append(a)
        q = q * self.scale
        for k, a in enumerate(reversed(factors)):
            b = (self.y[k] * q).sum() * self.curvature[k]
            q = q + self.s[k] * (a - b)
        return q

    def append(self, good, s, y, sy) -> None:
        def shifted(rows, new):
            return select(good, ops.concat([rows[1:], ops.expand_dims(new, 0)]), rows)

        assign(self.s, shifted(self.s, s))
        assign(self.y, shifted(self.y, y))
        assign(self.curvature, shifted(self.curvature, 1.0 / sy))
        assign(self.scale, select(good, sy / (y * y).sum(), self.scale))
