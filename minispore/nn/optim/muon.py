"""Muon: momentum whose matrices are made orthogonal."""

from collections.abc import Iterable

import numpy as np

from ... import ops
from ...core import checks
from ...core.dtype import bfloat16, float32
from ...core.errors import fail
from ...core.op import to
from ...core.parameter import Parameter, ParameterTuple
from ...core.processor import multiplies_bfloat16
from ...core.tensor import Tensor
from ...ops import assign, matmul, pow as pow_, sqrt, square
from ...ops.optimizer_formulas import assign_each, moments, running_mean, with_complement
from ..cell import Cell
from ..layer.dense import Dense
from ..layer.embedding import Embedding, EmbeddingExt, EmbeddingLookup
from .optimizer import Optimizer, numbers, with_shared_docs

LARGE = 256  # rows and columns from which on products in bfloat16 save time
EMBEDDINGS = (Embedding, EmbeddingExt, EmbeddingLookup)


@with_shared_docs
class Muon(Optimizer):
    """Orthogonalised momentum for matrices, AdamW for the rest (Jordan et al. 2024, kellerjordan.github.io/posts/muon).

        v = momentum v + (1 - momentum) g
        u = v                                           Nesterov: momentum v + (1 - momentum) g
        w = w (1 - lr weight_decay) - lr scale orthogonal(u)

    ``orthogonal(u)`` brings the singular values of u, a matrix, near to 1 by ``ns_steps`` steps of the Newton-Schulz
    iteration ``x = a x + (b x x' + c (x x')^2) x`` from ``u / |u|``.  Convolutions are matrices (out, the rest).
    ``scale`` is ``sqrt(max(1, rows / columns))``, or with ``match_adam`` ``0.2 sqrt(max(rows, columns))``, which makes
    steps as long as Adam's (Liu et al. 2025, arXiv 2502.16982).  Embeddings and the last layer are better with
    AdamW, at a rate of its own: ``nn.Muon(nn.muon_groups(net))``.

    Args:
        params: {params}
            A group may have the key "adamw": True, which gives AdamW its matrices too.
        learning_rate: {rate}  Default: 0.02.
        momentum: float in [0, 1).  Default: 0.95.
        weight_decay: {decay}  Default: 0.0.
        nesterov: bool.  Default: True.
        ns_coefficients: three floats (a, b, c).  Default: (3.4445, -4.775, 2.0315).
        ns_steps: int above 0, steps of the iteration.  Default: 5.
        eps: float above 0, added to ``|u|``.  Default: 1e-7.
        match_adam: bool.  Default: False.
        adam_beta1: float inside (0, 1), of AdamW, for Parameters with fewer than two axes and groups with
            "adamw".  Default: 0.9.
        adam_beta2: float inside (0, 1), the same.  Default: 0.999.
        adam_eps: float above 0, the same.  Default: 1e-8.
        loss_scale: {scale}
        ns_dtype: the type of the iteration's products: float32, bfloat16 (as in the author's and PyTorch's Muon: orthogonal
            to two digits), or None: bfloat16 for float32 matrices of at least 256 rows and columns on a processor that
            multiplies it, else the matrix's own.  Default: None.

    State:
        ``momentum_buffer.*`` (v, or AdamW's m), ``adam_v.*`` (AdamW's v; of shape (1,) where Muon works).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([[0.0, 0.0], [0.0, 0.0]]), name="w")
    >>> _ = nn.Muon([w], 1.0)((Tensor([[3.0, 0.0], [0.0, 2.0]]),))
    >>> print(w.asnumpy().round(1))
    [[-1.1  0. ]
     [ 0.  -0.7]]
    """

    def __init__(
        self, params, learning_rate=0.02, momentum=0.95, weight_decay=0.0, nesterov=True,
        ns_coefficients=(3.4445, -4.775, 2.0315), ns_steps=5, eps=1e-7, match_adam=False, adam_beta1=0.9,
        adam_beta2=0.999, adam_eps=1e-8, loss_scale=1.0, ns_dtype=None,
    ):  # fmt: skip
        params, adamw = without_key(params)
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        self.by_adamw = tuple(p.ndim < 2 or p.name in adamw for p in self.parameters)
        checks.within("Muon", "[0.0, 1.0)", momentum=checks.floating("Muon", momentum=momentum))
        if not isinstance(ns_coefficients, (tuple, list)) or len(ns_coefficients) != 3:
            raise fail(ValueError, f"For 'Muon', 'ns_coefficients' must be three floats, but got {ns_coefficients}.")
        if ns_dtype not in (None, float32, bfloat16):
            raise fail(ValueError, f"For 'Muon', 'ns_dtype' must be float32, bfloat16 or None, but got {ns_dtype}.")
        checks.positive_int("Muon", ns_steps=ns_steps)
        checks.positive_float("Muon", eps=eps, adam_eps=adam_eps)
        checks.unit_float("Muon", adam_beta1=adam_beta1, adam_beta2=adam_beta2)
        checks.boolean("Muon", nesterov=nesterov, match_adam=match_adam)
        self.momentum, self.eps = numbers(momentum, eps)
        self.adam_beta1, self.adam_beta2, self.adam_eps = numbers(adam_beta1, adam_beta2, adam_eps)
        self.ns_coefficients, self.ns_steps = tuple(float(x) for x in ns_coefficients), ns_steps
        self.nesterov, self.match_adam, self.ns_dtype = nesterov, match_adam, ns_dtype
        self.momentum_buffer = self.parameters.clone(prefix="momentum_buffer", init="zeros")
        self.adam_v = ParameterTuple(
            Parameter(Tensor(np.zeros(p.shape if by_adamw else 1, p.dtype.np)), name=f"adam_v.{p.name}")
            for p, by_adamw in zip(self.parameters, self.by_adamw)
        )

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        states = zip(self.momentum_buffer, self.adam_v)
        for w, g, lr, decay, by_adamw, (m, v) in zip(self.parameters, gradients, rates, decays, self.by_adamw, states):
            step = self.adam_step(g, m, v) if by_adamw else self.orthogonal_step(g, m)
            assign(w, (w if decay is None else w * (1.0 - lr * decay)) - step * lr)
        return self.done

    def add_param_group(self, param_group) -> None:
        plain, adamw = without_key([param_group])
        super().add_param_group(*plain)
        added = self.parameters[len(self.by_adamw) :]
        self.by_adamw += tuple(p.ndim < 2 or p.name in adamw for p in added)
        if adamw:  # made by _like_this, which does not know of the key
            for k, p in enumerate(self.parameters):
                if p.name in adamw and self.adam_v[k].shape != p.shape:
                    self.adam_v[k].set_data(Tensor(np.zeros(p.shape, p.dtype.np)))

    def orthogonal_step(self, g, m):
        """The step of a matrix, without the learning rate; the momentum goes on.

        Args:
            g: Tensor, the gradient.
            m: Parameter of its shape, the momentum.

        Returns:
            Tensor of the shape of g.
        """
        (coefficient,) = with_complement(self.momentum)
        m_new = running_mean(m, g, coefficient)
        assign(m, m_new)
        u = (running_mean(m_new, g, coefficient) if self.nesterov else m_new).reshape(g.shape[0], -1)
        rows, columns = u.shape
        scale = 0.2 * max(rows, columns) ** 0.5 if self.match_adam else max(1.0, rows / columns) ** 0.5
        return (self.orthogonal(u) * scale).reshape(g.shape)

    def orthogonal(self, u):
        """The matrix with the singular vectors of ``u`` and singular values near to 1.

        Args:
            u: Tensor of shape (m, n).

        Returns:
            Tensor of the shape of u.

        >>> from minispore import Parameter, Tensor, nn
        >>> opt = nn.Muon([Parameter(Tensor([[1.0]]), name="w")], ns_steps=20)
        >>> print(opt.orthogonal(Tensor([[3.0, 0.0], [0.0, 2.0]])).asnumpy().round(0))
        [[1. 0.]
         [0. 1.]]
        """
        a, b, c = self.ns_coefficients
        tall, kind, wide = u.shape[0] > u.shape[1], self.product_type(u), u.dtype
        x = u.T if tall else u
        x = to(x / (sqrt(square(x).sum()) + self.eps), kind)
        if (
            x.shape[1] >= 2 * x.shape[0] and kind is not bfloat16
        ):  # the factor's large elements need all of float32's digits
            x = matmul(self._polynomial(matmul(x, x.T)), x)
        else:
            for _ in range(self.ns_steps):
                square_of_x = matmul(x, x.T)
                factor = to(square_of_x, wide) * b + to(matmul(square_of_x, square_of_x), wide) * c
                x = to(to(x, wide) * a + to(matmul(to(factor, kind), x), wide), kind)
        return to(x.T if tall else x, wide)

    def product_type(self, u):
        """The type in which products of the iteration for ``u`` are computed.

        Args:
            u: Tensor of shape (m, n).

        Returns:
            DType.
        """
        if self.ns_dtype is not None:
            return self.ns_dtype
        large = u.dtype is float32 and min(u.shape) >= LARGE
        return bfloat16 if large and multiplies_bfloat16() else u.dtype

    def _polynomial(self, square_of_x):
        """The factor that the whole iteration multiplies x by: for wide matrices, it works on small square ones alone."""
        a, b, c = self.ns_coefficients
        one = ops.eye(square_of_x.shape[0])
        product = None
        for k in range(self.ns_steps):
            step = one * a + square_of_x * b + matmul(square_of_x, square_of_x) * c
            product = step if product is None else matmul(step, product)
            if k < self.ns_steps - 1:
                square_of_x = matmul(matmul(step, square_of_x), step)
        return product

    def adam_step(self, g, m, v):
        """AdamW's step, without learning rate and weight decay; the means go on.

        Args:
            g: Tensor, the gradient.
            m: Parameter of its shape, the running mean of gradients.
            v: Parameter of its shape, the running mean of their squares.

        Returns:
            Tensor of the shape of g.
        """
        t, b1, b2 = to(self.global_step, float32).reshape(()), self.adam_beta1, self.adam_beta2
        m_new, v_new = moments(g, m, v, *with_complement(b1, b2))
        assign_each((m, v), (m_new, v_new))
        return m_new / (1.0 - pow_(b1, t)) / (sqrt(v_new / (1.0 - pow_(b2, t))) + self.adam_eps)


def without_key(groups):
    """(the groups without the key "adamw", the names of the Parameters of those where it is set)."""
    if not isinstance(groups, (list, tuple)):
        groups = list(groups) if isinstance(groups, Iterable) else groups
    if not isinstance(groups, (list, tuple)) or not all(isinstance(g, dict) for g in groups):
        return groups, frozenset()
    names: set[str] = set()
    plain = []
    for group in groups:
        group = dict(group)
        chosen = group.pop("adamw", False)
        checks.boolean("Muon", adamw=chosen)
        if chosen:
            names.update(p.name for p in group.get("params", ()))
        plain.append(group)
    return plain, frozenset(names)


def muon_groups(net, learning_rate=0.02, adam_learning_rate=3e-4, weight_decay=0.0, head=None) -> list[dict]:
    """The trainable Parameters of a network in two groups: for Muon, and for AdamW.

    Muon gets the matrices between the layers: weights of Dense layers, of convolutions and of other cells with at least
    two axes.  AdamW gets vectors, the tables of embeddings, and the head: the weight of the last Dense layer.

    Args:
        net: a Cell.
        learning_rate: the rate of Muon's group: a number, list or schedule.
        adam_learning_rate: that of AdamW's.
        weight_decay: of both.
        head: a list of Parameters that are the head in place of the one found; [] for none.

    Returns:
        A list of groups, for ``nn.Muon``, in the order of ``net.trainable_params()``.

    Raises:
        TypeError: ``net`` is not a Cell.
        ValueError: it has no Parameters to train.

    >>> import minispore as ms
    >>> net = ms.nn.SequentialCell(ms.nn.Embedding(9, 4), ms.nn.Dense(4, 4), ms.nn.Dense(4, 2))
    >>> for group in muon_groups(net)[:2]:
    ...     print(group["adamw"], [p.name for p in group["params"]])
    False ['1.weight']
    True ['0.embedding_table', '1.bias', '2.weight', '2.bias']
    """
    if not isinstance(net, Cell):
        raise fail(TypeError, f"For 'muon_groups', 'net' must be a Cell, but got {type(net).__name__}.")
    params = net.trainable_params()
    if not params:
        raise fail(ValueError, "For 'muon_groups', the network has no Parameters to train.")
    cells = [cell for _, cell in net.cells_and_names()]
    dense = [cell.weight for cell in cells if isinstance(cell, Dense) and cell.weight.requires_grad]
    apart = {id(p) for p in (dense[-1:] if head is None else head)}
    apart |= {id(p) for cell in cells if isinstance(cell, EMBEDDINGS) for p in cell.get_parameters(expand=False)}
    adam = [p for p in params if p.ndim < 2 or id(p) in apart]
    matrices = [p for p in params if p.ndim > 1 and id(p) not in apart]
    groups: list[dict] = []
    for chosen, rate, by_adamw in ((matrices, learning_rate, False), (adam, adam_learning_rate, True)):
        if chosen:
            groups.append({"params": chosen, "lr": rate, "weight_decay": weight_decay, "adamw": by_adamw})
    return [*groups, {"order_params": params}]
