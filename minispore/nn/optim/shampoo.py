"""Shampoo and SOAP: every axis of a gradient is seen in the directions in which gradients have been alike.

Both keep for each axis of a weight a matrix of how its slices go together.  What is derived from it, a root or a basis,
is computed anew every few steps, in a branch of the compiled step.
"""

import numpy as np

from ... import ops
from ...core import checks
from ...core.dtype import float32, float64
from ...core.op import to
from ...core.parameter import Parameter, ParameterTuple
from ...core.tensor import Tensor
from ...flow.forms import cond
from ...ops import assign, equal, matmul, pow as pow_, sqrt, square
from .optimizer import Optimizer, numbers, with_shared_docs


def along(matrix, x, axis: int):
    """``x`` with its slices along ``axis`` combined by the rows of ``matrix``."""
    moved = ops.moveaxis(x, axis, 0)
    return ops.moveaxis(matmul(matrix, moved.reshape(moved.shape[0], -1)).reshape(moved.shape), 0, axis)


def products(x, axis: int):
    """The scalar products of the slices of ``x`` along ``axis``."""
    flat = ops.moveaxis(x, axis, 0).reshape(x.shape[axis], -1)
    return matmul(flat, flat.T)


class _ByAxis(Optimizer):
    """The axes that have matrices, and those."""

    def _matrices(self, prefix: str, axes, diagonal: float = 0.0) -> ParameterTuple:
        made = [
            Parameter(Tensor(np.eye(p.shape[a]) * diagonal, p.dtype if p.dtype is float64 else float32),
                      name=f"{prefix}.{p.name}.{a}")
            for p, of_p in zip(self.parameters, axes) for a in of_p
        ]  # fmt: skip
        return ParameterTuple(made)

    @staticmethod
    def _split(matrices, axes) -> list:
        """The matrices of each Parameter."""
        left = iter(matrices)
        return [[next(left) for _ in of_p] for of_p in axes]


@with_shared_docs
class Shampoo(_ByAxis):
    """Gradients divided by the roots of what they were along each axis (Gupta et al., 2018, arXiv:1802.09568).

        L_i += G_i G_i'                     G_i: the gradient as a matrix of its slices along axis i; L_i starts at eps I
        p = g times L_i^(-1 / (2 k)) along each of its k axes
        m = momentum m + p
        w -= lr m

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        momentum: a float in [0, 1).
        eps: a positive float.
        weight_decay: {decay}  Default: 0.0.
        frequency: the roots are computed anew at the first step and then every so many steps.
        max_size: longer axes have no matrix.
        loss_scale: {scale}

    State:
        ``statistic.*.i`` (L_i) and ``root.*.i``: for an axis of n, n^2 numbers each; ``momentum_buffer.*`` (m): 1 number
        per weight.

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([[1.0, 1.0], [1.0, 1.0]]), name="w")
    >>> _ = Shampoo([w], 0.5)((ms.Tensor([[2.0, 0.0], [0.0, 3.0]]),))
    >>> print(w.asnumpy().round(4))
    [[0.5 1. ]
     [1.  0.5]]
    """

    def __init__(
        self, params, learning_rate=1e-3, momentum=0.0, eps=1e-6, weight_decay=0.0, frequency=1, max_size=1024,
        loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.non_negative_float("Shampoo", momentum=momentum)
        checks.positive_float("Shampoo", eps=eps)
        checks.positive_int("Shampoo", frequency=frequency, max_size=max_size)
        (self.momentum,) = numbers(momentum)
        self.frequency = frequency
        self.axes = tuple(tuple(a for a, n in enumerate(p.shape) if n <= max_size) for p in self.parameters)
        self.statistic = self._matrices("statistic", self.axes, eps)
        self.root = self._matrices("root", self.axes)
        self.momentum_buffer = self.parameters.clone(prefix="momentum_buffer", init="zeros")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        due = equal((self.global_step.reshape(()) - 1) % self.frequency, 0)
        states = zip(self._split(self.statistic, self.axes), self._split(self.root, self.axes), self.momentum_buffer)
        for w, g, lr, axes, (statistics, roots, m) in zip(self.parameters, gradients, rates, self.axes, states):
            step = g
            for axis, statistic, root in zip(axes, statistics, roots):
                total = statistic + products(g, axis)
                assign(statistic, total)
                power = -0.5 / len(g.shape)
                new = cond(due, lambda x, old, power=power: power_of(x, power), lambda x, old: old + 0.0, total, root)
                assign(root, new)
                step = along(new, step, axis)
            m_new = m * self.momentum + step
            assign(m, m_new)
            assign(w, w - m_new * lr)
        return self.done


def power_of(x, power: float):
    """The power of a symmetric matrix without negative eigenvalues."""
    values, _, vectors = ops.svd(x)
    return matmul(vectors * pow_(values, power), vectors.T)


@with_shared_docs
class SOAP(_ByAxis):
    """Adam in the eigenbasis of Shampoo's matrices (Vyas et al., 2024, arXiv:2409.11321).

        G_i = b G_i + (1 - b) g_i g_i'      along each axis i; Q_i: the eigenvectors of G_i
        h = g turned by Q_i' along each axis
        m = b1 m + (1 - b1) g
        v = b2 v + (1 - b2) h^2
        w -= lr sqrt(1 - b2^t) / (1 - b1^t) (m turned by Q_i', over sqrt(v) + eps, turned back by Q_i)
        w *= 1 - lr weight_decay

    The first step only begins G_i and Q_i, and t counts the others.  Every ``frequency`` steps, Q_i moves towards the
    eigenvectors of the new G_i by one step of the power iteration, ``Q R = G Q``; ``v`` follows the order of its columns.
    Parameters of one axis get Adam.  Along an axis that is longer than the others together, the first gradient leaves
    eigenvectors undetermined: implementations choose them differently, and their steps differ there.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 3e-3.
        beta1: a float inside (0, 1).
        beta2: a float inside (0, 1).
        shampoo_beta: b, by default ``beta2``.
        eps: a positive float.
        weight_decay: {decay}  Default: 0.01.
        frequency: as above, a positive int.
        max_size: longer axes stay as they are.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v): 2 numbers per weight; ``statistic.*.i`` (G_i), ``basis.*.i`` (Q_i): for
        an axis of n, n^2 numbers each.

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([[1.0, 1.0], [1.0, 1.0]]), name="w")
    >>> opt = SOAP([w], 0.5, weight_decay=0.0)
    >>> for _ in range(2):
    ...     _ = opt((ms.Tensor([[2.0, 0.0], [0.0, 3.0]]),))
    >>> print(w.asnumpy().round(4))
    [[0.5 1. ]
     [1.  0.5]]
    """

    def __init__(
        self, params, learning_rate=3e-3, beta1=0.95, beta2=0.95, shampoo_beta=None, eps=1e-8, weight_decay=0.01,
        frequency=10, max_size=10000, loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        shampoo_beta = beta2 if shampoo_beta is None else shampoo_beta
        checks.unit_float("SOAP", beta1=beta1, beta2=beta2, shampoo_beta=shampoo_beta)
        checks.positive_float("SOAP", eps=eps)
        checks.positive_int("SOAP", frequency=frequency, max_size=max_size)
        self.beta1, self.beta2, self.shampoo_beta, self.eps = numbers(beta1, beta2, shampoo_beta, eps)
        self.frequency = frequency
        self.axes = tuple(
            tuple(a for a, n in enumerate(p.shape) if n <= max_size) if p.ndim > 1 else () for p in self.parameters
        )
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")
        self.statistic = self._matrices("statistic", self.axes)
        self.basis = self._matrices("basis", self.axes, 1.0)

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        count = self.global_step.reshape(()) - 1
        first, due = equal(count, 0), equal(count % self.frequency, 0)
        t = to(ops.maximum(count, 1), float32)
        b1, b2, b = self.beta1, self.beta2, self.shampoo_beta
        factor = ops.select(first, 0.0, sqrt(1.0 - pow_(b2, t)) / (1.0 - pow_(b1, t)))
        k1, k2 = ops.select(first, 0.0, 1.0 - b1), ops.select(first, 0.0, 1.0 - b2)
        states = zip(self.exp_avg, self.exp_avg_sq, self._split(self.statistic, self.axes),
                     self._split(self.basis, self.axes))  # fmt: skip
        for w, g, lr, decay, axes, (m, v, statistics, bases) in zip(
            self.parameters, gradients, rates, decays, self.axes, states
        ):
            m_new = m + (g - m) * k1
            v_new = v + (square(self._turned(g, bases, axes)) - v) * k2
            step = self._turned(m_new, bases, axes) / (sqrt(v_new) + self.eps)
            new = w - self._turned(step, bases, axes, back=True) * (lr * factor)
            assign(m, m_new)
            assign(w, new if decay is None else new * (1.0 - ops.select(first, 0.0, lr * decay)))
            totals = [s * b + products(g, axis) * (1.0 - b) for s, axis in zip(statistics, axes)]
            found = self._renewed(first, due, totals, [q * 1.0 for q in bases], v_new, axes) if axes else [v_new]
            for state, value in zip((*statistics, *bases, v), (*totals, *found)):
                assign(state, value)
        return self.done

    @staticmethod
    def _turned(x, bases, axes, back=False):
        for q, axis in zip(bases, axes):
            x = along(q if back else q.T, x, axis)
        return x

    @staticmethod
    def _renewed(first, due, totals, bases, v, axes) -> list:
        """The bases, and v in the order of their columns."""

        def begun(totals, bases, v):
            return [*(ops.svd(x)[2] for x in totals), v + 0.0]

        def moved(totals, bases, v):
            made = []
            for x, q, axis in zip(totals, bases, axes):
                product = matmul(x, q)
                order = ops.argsort(-(q * product).sum(0))
                v = ops.gather(v, order, axis)
                made.append(ops.qr(ops.gather(product, order, 1))[0])
            return [*made, v]

        def kept(totals, bases, v):
            return [*(q + 0.0 for q in bases), v + 0.0]

        return cond(
            due, lambda *given: cond(first, begun, moved, *given), kept, totals, bases, v
        )  # fmt: skip
