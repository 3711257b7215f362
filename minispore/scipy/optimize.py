"""``mindspore.scipy.optimize``: minimisation by quasi-Newton methods, and assignments.

The function and its gradient are one compiled call; the few numbers that choose the next step are Python's.  In a compiled call all is
one graph (minimize_in_graph.py).
"""

import math
from typing import Any, NamedTuple

import numpy as np

from .. import ops as _ops
from ..core import checks
from ..core.dtype import int64
from ..core.errors import fail
from ..core.tensor import Tensor
from ..ops.by_numpy import numpy_op
from ..transforms.grad import value_and_grad
from ..transforms.jit import jit
from .minimize_in_graph import BFGS, LBFGS, minimized

ops: Any = _ops  # its functions are put together when it is imported


class OptimizeResults(NamedTuple):
    """What ``minimize`` returns.

    Attributes:
        x: Tensor, the solution.
        success: bool.
        status: int; 0: converged, 1: ``maxiter`` iterations, 2 and more: the line search failed, -1: none of these.
        fun: float, the value at ``x``.
        jac: Tensor, the gradient at ``x``.
        hess_inv: Tensor, an estimate of the inverse Hessian; None for "lbfgs".
        nfev: int, evaluations of the function.
        njev: int, of its gradient.
        nit: int, iterations.
    """

    x: Any
    success: bool
    status: int
    fun: float
    jac: Any
    hess_inv: Any
    nfev: int
    njev: int
    nit: int


class LineSearchResults(NamedTuple):
    """What ``line_search`` returns.

    Attributes:
        failed: bool, whether no step satisfies the strong Wolfe conditions.
        nit: int, iterations.
        nfev: int, evaluations of the function.
        ngev: int, of its gradient.
        k: int, iterations.
        a_k: float, the step.
        f_k: float, the value there.
        g_k: Tensor, the gradient there.
        status: int; 0: the conditions hold, 1: the interval became too small, 3: ``maxiter`` iterations.
    """

    failed: bool
    nit: int
    nfev: int
    ngev: int
    k: int
    a_k: float
    f_k: float
    g_k: Any
    status: int


class _Objective:
    """A function of a vector and its gradient, counted."""

    def __init__(self, function, jac):
        self.count = 0
        self._both = jit(value_and_grad(function)) if jac is None else lambda x: (function(x), jac(x))

    def __call__(self, x: np.ndarray):
        self.count += 1
        value, gradient = self._both(Tensor(x))
        return float(value), gradient.asnumpy().astype(np.float64)


def _cubic(a, fa, da, b, fb, c, fc):
    """The minimum of the cubic through three points with the slope ``da`` in the first."""
    db, dc = b - a, c - a
    below = (db * dc) ** 2 * (db - dc)
    if below == 0:
        return math.nan
    one, two = fb - fa - da * db, fc - fa - da * dc
    p, q = (dc**2 * one - db**2 * two) / below, (-(dc**3) * one + db**3 * two) / below
    inside = q * q - 3 * p * da
    return a + (-q + math.sqrt(inside)) / (3 * p) if p != 0 and inside >= 0 else math.nan


def _quadratic(a, fa, da, b, fb):
    """The minimum of the parabola through two points with the slope ``da`` in the first."""
    bend = (fb - fa - da * (b - a)) / (b - a) ** 2 if b != a else 0.0
    return a - da / (2 * bend) if bend != 0 else math.nan


def _search(objective, x, p, f0, g0, before, c1, c2, maxiter):
    """A step along ``p`` with the strong Wolfe conditions (Nocedal and Wright, 2006, algorithms 3.5 and 3.6).

    (status, iterations, step, value, gradient).  ``before``: the value before the last step, or None.
    """
    d0, noise = float(g0 @ p), float(np.finfo(x.dtype).eps) * abs(f0)  # of the values
    seen: dict[float, tuple] = {0.0: (f0, g0, d0)}

    def at(a):
        if a not in seen:
            f, g = objective((x + a * p).astype(x.dtype))
            seen[a] = f, g, float(g @ p)
        return seen[a]

    def zoom(low, high):
        third = None
        for _ in range(maxiter):
            (f_low, _, d_low), (f_high, _, _) = at(low), at(high)
            width = abs(high - low)
            if width <= 1e-10 * max(1.0, abs(low)):
                return 1, low
            first, last = min(low, high), max(low, high)
            a = math.nan if third is None else _cubic(low, f_low, d_low, high, f_high, third, at(third)[0])
            if not first + 0.2 * width <= a <= last - 0.2 * width:
                a = _quadratic(low, f_low, d_low, high, f_high)
            if not first + 0.1 * width <= a <= last - 0.1 * width:
                a = (low + high) / 2
            f, _, d = at(a)
            if not f <= f0 + c1 * a * d0 + noise or f > f_low + noise:
                third, high = high, a
                continue
            if abs(d) <= -c2 * d0:
                return 0, a
            third = high if d * (high - low) >= 0 else low
            high = low if d * (high - low) >= 0 else high
            low = a
        return 3, low

    last, step = 0.0, 1.0
    if before is not None and d0 != 0:
        guess = 1.01 * 2 * (f0 - before) / d0
        step = min(1.0, guess) if guess > 0 else 1.0
    status, found, turns = 3, 0.0, 0
    for turns in range(1, maxiter + 1):
        f, _, d = at(step)
        if not f <= f0 + c1 * step * d0 + noise or (turns > 1 and f > at(last)[0] + noise):
            status, found = zoom(last, step)
            break
        if abs(d) <= -c2 * d0:
            status, found = 0, step
            break
        if d >= 0:
            status, found = zoom(step, last)
            break
        last, step = step, 2 * step
        found = last
    f, g, _ = at(found)
    return status, turns, found, f, g


def line_search(f, xk, pk, jac=None, gfk=None, old_fval=None, old_old_fval=None, c1=1e-4, c2=0.9, maxiter=20):
    """A step along a direction that satisfies the strong Wolfe conditions.

    Nocedal and Wright, Numerical Optimization, 2006, algorithms 3.5 and 3.6.

    Args:
        f (Callable): function of a Tensor (n,) to a scalar Tensor.
        xk (Tensor): shape (n,); floats; the point.
        pk (Tensor): shape (n,); floats; the direction.
        jac (Callable): the gradient; None: that of ``f``. Default: None.
        gfk (Tensor): the gradient at ``xk``, where it is known. Default: None.
        old_fval (Tensor): the value at ``xk``, where it is known. Default: None.
        old_old_fval (Tensor): the value before. Default: None.
        c1 (float): of the condition on the value. Default: 1e-4.
        c2 (float): of the condition on the slope. Default: 0.9.
        maxiter (int): the most iterations. Default: 20.

    Returns:
        LineSearchResults.

    Raises:
        TypeError: ``f`` is no function, or ``xk`` or ``pk`` no Tensor of floats.

    >>> import minispore as ms
    >>> found = line_search(lambda x: (x * x).sum(), ms.Tensor([1.0]), ms.Tensor([-1.0]))
    >>> found.a_k, found.failed
    (1.0, False)
    """
    if not callable(f):
        raise fail(TypeError, f"For 'line_search', 'f' must be a function, but got {type(f).__name__}.")
    objective, x, p = _Objective(f, jac), _vector("line_search", xk), _vector("line_search", pk)
    if gfk is None or old_fval is None:
        f0, g0 = objective(x)
    else:
        f0, g0 = float(old_fval), _vector("line_search", gfk)
    before = None if old_old_fval is None else float(old_old_fval)
    status, turns, step, value, gradient = _search(objective, x, p, f0, g0.astype(np.float64), before, c1, c2, maxiter)
    count = objective.count
    return LineSearchResults(
        status != 0, turns, count, count, turns, step, value, Tensor(gradient.astype(x.dtype)), status
    )


def _vector(name, x) -> np.ndarray:
    _check_vector(name, x)
    return x.asnumpy()


def _check_vector(name, x) -> None:
    checks.instance(name, Tensor, x=x)
    if x.ndim != 1 or not x.dtype.is_float:
        kind = ValueError if x.dtype.is_float else TypeError
        raise fail(kind, f"For '{name}', a vector of floats is needed, but got {x.dtype} of shape {x.shape}.")


class _Inverse:
    """BFGS: an estimate of the inverse Hessian."""

    def __init__(self, n: int):
        self.matrix = np.eye(n)

    def direction(self, g):
        return -self.matrix @ g

    def update(self, s, y):
        rho = 1.0 / (y @ s)
        left = np.eye(len(s)) - rho * np.outer(s, y)
        self.matrix = left @ self.matrix @ left.T + rho * np.outer(s, s)


class _Pairs:
    """L-BFGS: the last steps, by the two-loop recursion (Nocedal, 1980)."""

    matrix = None

    def __init__(self, size: int):
        self.size = size
        self.pairs: list[tuple] = []

    def direction(self, g):
        q, kept = g.copy(), []
        for s, y, rho in reversed(self.pairs):
            kept.append(rho * (s @ q))
            q = q - kept[-1] * y
        if self.pairs:
            s, y, rho = self.pairs[-1]
            q = q / (rho * (y @ y))
        for (s, y, rho), alpha in zip(self.pairs, reversed(kept)):
            q = q + s * (alpha - rho * (y @ q))
        return -q

    def update(self, s, y):
        if y @ s > 1e-10:
            self.pairs = [*self.pairs, (s, y, 1.0 / (y @ s))][-self.size :]


def _minimized(function, x0, jac, model, maxiter, norm, gtol, line_search_maxiter):
    x = _vector("minimize", x0)
    objective = _Objective(function, jac)
    maxiter = x.size * 200 if maxiter is None else maxiter
    f, g = objective(x)
    before, k, search = f + np.linalg.norm(g) / 2, 0, 0
    converged, failed = bool(np.linalg.norm(g, norm) < gtol), False
    while k < maxiter and not converged:
        p = model.direction(g)
        search, _, step, value, gradient = _search(objective, x, p, f, g, before, 1e-4, 0.9, line_search_maxiter)
        failed = search != 0
        if failed:
            break
        s, y = step * p, gradient - g
        before, x, f, g = f, (x + s).astype(x.dtype), value, gradient
        converged = bool(np.linalg.norm(g, norm) < gtol)
        if not converged:
            model.update(s, y)
        k += 1
    status = 0 if converged else 2 + search if failed else 1 if k == maxiter else -1
    hess = None if model.matrix is None else Tensor(model.matrix.astype(x.dtype))
    count = objective.count
    return OptimizeResults(
        Tensor(x), converged and not failed, status, f, Tensor(g.astype(x.dtype)), hess, count, count, k
    )


def minimize(func, x0, args=(), method=None, jac=None, hess=None, hessp=None, bounds=None, constraints=(), tol=None,
             callback=None, options=None):  # fmt: skip
    """Minimises a function of a vector.

    In a compiled call its iterations are loops of the graph, and what it returns are Tensors.

    Args:
        func (Callable): ``func(x, *args)`` of a Tensor (n,) gives a scalar Tensor.
        x0 (Tensor): shape (n,); floats; where it begins.
        args (tuple): further arguments of ``func``. Default: ().
        method (str): "BFGS" or "LBFGS". Default: None, which is an error.
        jac (Callable): the gradient ``jac(x)``; None: that of ``func``. Default: None.
        hess (object): no effect. Default: None.
        hessp (object): no effect. Default: None.
        bounds (object): no effect. Default: None.
        constraints (object): no effect. Default: ().
        tol (object): no effect. Default: None.
        callback (object): no effect. Default: None.
        options (dict): ``maxiter`` (200 n), ``norm`` (inf) and ``gtol`` (1e-5) of the gradient at which it ends,
            ``line_search_maxiter`` (10), and of "LBFGS" ``history_size`` (20). Default: None.

    Returns:
        OptimizeResults.

    Raises:
        ValueError: no method, or an unknown one.
        TypeError: ``args`` is not a tuple, or ``x0`` no Tensor of floats.

    >>> import minispore as ms
    >>> found = minimize(lambda x: ((x - 2.0) ** 2).sum(), ms.Tensor([0.0, 5.0]), method="BFGS")
    >>> print(found.x.round(decimals=4), found.success)
    [2. 2.] True
    """
    if method is None:
        raise fail(ValueError, "For 'minimize', a 'method' is needed: 'BFGS' or 'LBFGS'.")
    if not isinstance(args, tuple):
        raise fail(TypeError, f"For 'minimize', 'args' must be a tuple, but got {type(args).__name__}.")
    checks.instance("minimize", Tensor, x0=x0)
    given = {"maxiter": None, "norm": np.inf, "gtol": 1e-5, "line_search_maxiter": 10, **(options or {})}
    size, in_graph = given.pop("history_size", 20), x0._data is None
    model: Any
    if method.lower() == "bfgs":
        model = BFGS(x0.size) if in_graph else _Inverse(x0.size)
    elif method.lower() == "lbfgs":
        model = LBFGS(x0.size, size) if in_graph else _Pairs(size)
    else:
        raise fail(ValueError, f"For 'minimize', 'method' must be 'BFGS' or 'LBFGS', but got {method!r}.")
    if in_graph:
        _check_vector("minimize", x0)
        return OptimizeResults(*minimized(lambda x: func(x, *args), x0, jac, model, **given))
    return _minimized(lambda x: func(x, *args), x0, jac, model, **given)


# ---------------------------------------------------------------- assignments
def _assigned(cost, maximize):
    """Shortest augmenting paths (Crouse, On implementing 2D rectangular assignment algorithms, 2016)."""
    turned = cost.shape[0] > cost.shape[1]
    c = (-cost if maximize else cost).astype(np.float64)
    c = c.T if turned else c
    rows, columns = c.shape
    u, v = np.zeros(rows), np.zeros(columns)
    column_of, row_of = np.full(rows, -1), np.full(columns, -1)
    for begin in range(rows):
        distance, path, done = np.full(columns, np.inf), np.full(columns, -1), np.zeros(columns, bool)
        i, lowest, reached = begin, 0.0, []
        while True:
            reached.append(i)
            shorter = lowest + c[i] - u[i] - v
            better = ~done & (shorter < distance)
            distance[better], path[better] = shorter[better], i
            open_ = np.where(done, np.inf, distance)
            lowest = open_.min()
            candidates = np.flatnonzero(open_ == lowest)
            free = candidates[row_of[candidates] == -1]
            j = int(free[0] if len(free) else candidates[0])
            done[j] = True
            if row_of[j] == -1:
                break
            i = int(row_of[j])
        u[begin] += lowest
        others = np.array([r for r in reached if r != begin], np.int64)
        u[others] += lowest - distance[column_of[others]]
        v[done] -= lowest - distance[done]
        while True:
            i = int(path[j])
            row_of[j], column_of[i], j = i, j, int(column_of[i])
            if i == begin:
                break
    if turned:
        order = np.argsort(column_of)
        return column_of[order].astype(np.int64), order.astype(np.int64)
    return np.arange(rows), column_of.astype(np.int64)


def _filled(cost, maximize, limit):
    """Rows and columns among the first ``limit`` columns, followed by -1 for each that finds none."""
    none = np.full(min(cost.shape) - min(cost.shape[0], limit), -1)
    return tuple(np.concatenate([found, none]) for found in _assigned(cost[:, :limit], maximize))


_assign = numpy_op(
    "linear_sum_assignment", _filled, lambda cost, maximize, limit: [((min(cost.shape),), int64)] * 2,
)  # fmt: skip


def linear_sum_assignment(cost_matrix, maximize, dimension_limit=None):
    """Assigns each row a column of its own, such that the sum of the costs is smallest.

    Args:
        cost_matrix (Tensor): shape (m, n); numbers.
        maximize (bool): whether the sum is to be largest instead.
        dimension_limit (Tensor): how many columns count; None for all. Default: None.

    Returns:
        tuple of two int64 Tensors of shape (min(m, n),): the rows in ascending order, and the column of each; -1
        at the end where ``dimension_limit`` leaves fewer columns.

    Raises:
        TypeError: ``maximize`` is not a bool.
        ValueError: ``cost_matrix`` has not two axes.

    >>> import minispore as ms
    >>> rows, columns = linear_sum_assignment(ms.Tensor([[4.0, 1.0], [2.0, 3.0]]), False)
    >>> print(rows, columns)
    [0 1] [1 0]
    """
    checks.instance("linear_sum_assignment", Tensor, cost_matrix=cost_matrix)
    if cost_matrix.ndim != 2:
        raise fail(
            ValueError, f"For 'linear_sum_assignment', 'cost_matrix' must have two axes, but got {cost_matrix.shape}."
        )
    checks.boolean("linear_sum_assignment", maximize=maximize)
    columns = cost_matrix.shape[1]
    limit = columns if dimension_limit is None else min(max(int(dimension_limit), 0), columns)
    return _assign(cost_matrix, maximize=maximize, limit=limit)


__all__ = ["line_search", "linear_sum_assignment", "minimize"]
