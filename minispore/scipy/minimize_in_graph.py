"""``minimize`` inside a compiled call: the iterations of the quasi-Newton method and of its line search are loops of the graph.

The formulas, their order and their types are those of optimize.py, where the numbers that choose the next step are Python's.
"""

import math
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import float64
from ..core.tensor import Tensor
from ..flow.forms import while_loop
from ..transforms.grad import value_and_grad

ops: Any = _ops  # its functions are put together when it is imported


class BFGS:
    """An estimate of the inverse Hessian, as the state of a loop."""

    def __init__(self, n: int):
        self.state = (Tensor(np.eye(n)),)

    @staticmethod
    def direction(state, g):
        return -ops.matmul(state[0], g)

    @staticmethod
    def updated(state, s, y):
        rho, one = 1.0 / (y * s).sum(), Tensor(np.eye(s.shape[0]))
        left = one - rho * ops.outer(s, y)
        return (ops.matmul(ops.matmul(left, state[0]), left.T) + rho * ops.outer(s, s),)

    @staticmethod
    def inverse(state):
        return state[0]


class LBFGS:
    """The last steps, the newest at the end, as the state of a loop; rows that are not filled yet are zero."""

    def __init__(self, n: int, size: int):
        self.state = (Tensor(np.zeros((size, n))), Tensor(np.zeros((size, n))), Tensor(np.zeros(size)))

    @staticmethod
    def direction(state, g):
        steps, changes, rho = state
        size, q, kept = rho.shape[0], g, {}
        for k in reversed(range(size)):
            kept[k] = rho[k] * (steps[k] * q).sum()
            q = q - kept[k] * changes[k]
        scale = rho[size - 1] * (changes[size - 1] * changes[size - 1]).sum()
        q = q / ops.where(scale > 0, scale, 1.0)
        for k in range(size):
            q = q + steps[k] * (kept[k] - rho[k] * (changes[k] * q).sum())
        return -q

    @staticmethod
    def updated(state, s, y):
        product = (y * s).sum()
        rows = s.reshape(1, -1), y.reshape(1, -1), (1.0 / ops.where(product > 1e-10, product, 1.0)).reshape(1)
        return choose(product > 1e-10, tuple(ops.cat([old[1:], new]) for old, new in zip(state, rows)), state)

    @staticmethod
    def inverse(state):
        return None


def choose(condition, yes, no):
    """``yes`` where the condition, of no axes, holds, else ``no``: tuples of the same form."""
    return tuple(
        choose(condition, a, b) if isinstance(a, tuple) else ops.where(condition, a, b) for a, b in zip(yes, no)
    )


def _number(x):
    return Tensor(np.float64(x))


def _trial(low, high, third, has_third):
    """Where to look in the interval from ``low`` (place, value, slope) to ``high``; ``third``: a further place with its value."""
    (a, fa, da), (b, fb), (c, fc) = low[:3], high, third
    width, first, last = (b - a).abs(), ops.minimum(a, b), ops.maximum(a, b)
    db, dc = b - a, c - a
    below = (db * dc) ** 2 * (db - dc)
    one, two = fb - fa - da * db, fc - fa - da * dc
    below = ops.where(below == 0, math.nan, below)
    p, q = (dc**2 * one - db**2 * two) / below, (-(dc**3) * one + db**3 * two) / below
    inside = q * q - 3 * p * da
    cubic = a + (-q + ops.sqrt(inside)) / (3 * ops.where(p == 0, math.nan, p))
    bend = one / db**2
    quadratic = a - da / (2 * ops.where(bend == 0, math.nan, bend))
    fits = has_third & (cubic >= first + 0.2 * width) & (cubic <= last - 0.2 * width)
    found = ops.where(fits, cubic, quadratic)
    return ops.where((found >= first + 0.1 * width) & (found <= last - 0.1 * width), found, (a + b) / 2)


def _search(evaluate, x, p, f0, g0, before, maxiter):
    """(status, evaluations, step, value, gradient) of a step with the strong Wolfe conditions (Nocedal and Wright, 2006, 3.5 and 3.6).

    One iteration of the loop evaluates the function once: first at growing steps, then inside an interval that shrinks.
    """
    c1, c2, d0 = 1e-4, 0.9, (g0 * p).sum()
    noise = float(np.finfo(str(x.dtype).lower()).eps) * f0.abs()
    guess = 1.01 * 2 * (f0 - before) / ops.where(d0 == 0, math.nan, d0)
    begin, zero = ops.where(guess > 0, ops.minimum(guess, _number(1.0)), _number(1.0)), _number(0.0)
    at_zero = zero, f0, d0, g0

    def step(state):
        turn, zooms, zooming, a, last, low, high, third, has_third, _, _, _ = state
        f, g = evaluate((x.astype(float64) + a * p).astype(x.dtype))
        now = a, f, (g * p).sum(), g
        slope, is_first = now[2], turn == 0
        high_up = ops.logical_not(f <= f0 + c1 * a * d0 + noise)
        beyond = high_up | ops.where(zooming, f > low[1] + noise, (f > last[1] + noise) & ops.logical_not(is_first))
        good = ops.logical_not(beyond) & (slope.abs() <= -c2 * d0)
        enters = ops.logical_not(zooming) & ops.logical_not(good) & (beyond | (slope >= 0))
        grows = ops.logical_not(zooming | good | enters)
        turned = slope * (high[0] - low[0]) >= 0
        inside = (  # the next interval of one that shrinks
            choose(beyond, low, now),
            choose(beyond, now[:2], choose(turned, low[:2], high)),
            choose(beyond | turned, high, low[:2]),
        )
        entered = choose(beyond, last, now), choose(beyond, now[:2], last[:2]), third
        low, high, third = choose(zooming, inside, choose(enters, entered, (low, high, third)))
        has_third, zooms = zooming, ops.where(zooming, zooms + 1, zooms)
        zooming, last, turn = zooming | enters, choose(grows, now, last), turn + 1
        tired = ops.where(zooming, zooms >= maxiter, turn >= maxiter)
        narrow = zooming & ((high[0] - low[0]).abs() <= 1e-10 * ops.maximum(_number(1.0), low[0].abs()))
        status = ops.where(good, 0, ops.where(tired, 3, ops.where(narrow, 1, -1)))
        found = choose(good | ops.logical_not(zooming), now, low)
        a = ops.where(zooming, _trial(low, high, third, has_third), 2 * a)
        return turn, zooms, zooming, a, last, low, high, third, has_third, status, found, has_third

    no, none = Tensor(False), Tensor(np.int64(0))
    state = none, none, no, begin, at_zero, at_zero, at_zero[:2], at_zero[:2], no, Tensor(np.int64(-1)), at_zero, no
    state = while_loop(lambda s: s[9] < 0, step, state)
    a, f, _, g = state[10]
    return state[9], state[0], a, f, g


def _norm(g, kind):
    if kind in (np.inf, -np.inf):
        return g.abs().max() if kind > 0 else g.abs().min()
    return (g.abs() ** kind).sum() ** (1.0 / kind)


def minimized(function, x0, jac, model, maxiter, norm, gtol, line_search_maxiter) -> tuple:
    """The fields of ``OptimizeResults``, as Tensors.

    Args:
        function (Callable): of a Tensor (n,) to a scalar Tensor.
        x0 (Tensor): where it begins.
        jac (Callable): the gradient, or None.
        model (BFGS | LBFGS): what is known of the curvature.
        maxiter (int): the most iterations; None: 200 n.
        norm (float): which norm of the gradient is compared.
        gtol (float): with this.
        line_search_maxiter (int): the most turns of each part of a line search.
    """
    both = value_and_grad(function) if jac is None else lambda x: (function(x), jac(x))
    maxiter = x0.size * 200 if maxiter is None else maxiter

    def evaluate(x):
        value, gradient = both(x)
        return value.astype(float64).reshape(()), gradient.astype(float64)

    def iterate(state):
        k, x, f, g, before, kept, _, _, count = state
        p = model.direction(kept, g)
        search, turns, a, value, gradient = _search(evaluate, x, p, f, g, before, line_search_maxiter)
        failed, s = search != 0, a * p
        converged = ops.logical_not(failed) & (_norm(gradient, norm) < gtol)
        now = (k + 1, (x.astype(float64) + s).astype(x.dtype), value, gradient, f)
        kept = choose(failed | converged, kept, model.updated(kept, s, gradient - g))
        return *choose(failed, (k, x, f, g, before), now), kept, converged, search, count + turns

    f, g = evaluate(x0)
    none = Tensor(np.int64(0))
    state = none, x0, f, g, f + _norm(g, 2) / 2, model.state, _norm(g, norm) < gtol, none, none + 1
    state = while_loop(lambda s: (s[0] < maxiter) & ops.logical_not(s[6]) & (s[7] == 0), iterate, state)
    k, x, f, g, _, kept, converged, search, count = state
    status = ops.where(converged, 0, ops.where(search != 0, 2 + search, ops.where(k == maxiter, 1, -1)))
    inverse = model.inverse(kept)
    hess = None if inverse is None else inverse.astype(x.dtype)
    return x, converged, status, f, g.astype(x.dtype), hess, count, count, k
