"""A step length that meets the strong Wolfe conditions (Nocedal and Wright, Numerical Optimization, chapter 3.5)."""

import math

import numpy as np

DECREASE, CURVATURE = 1e-4, 0.9


def cubic_minimum(a, b, bounds=None):
    """Where the cubic through two points has its minimum, inside ``bounds``.

    Args:
        a: tuple (t, value, slope) of floats, a point.
        b: the other.
        bounds: pair (low, high) of floats.  None (the default): the two points' t.

    Returns:
        float; the middle of the bounds where the cubic has no minimum.

    >>> cubic_minimum((0.0, 1.0, -2.0), (3.0, 4.0, 4.0))  # of (t - 1)^2
    1.0
    """
    (x1, f1, g1), (x2, f2, g2) = sorted((a, b))
    low, high = bounds or (x1, x2)
    if x1 == x2:
        return low
    d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2)
    square = d1 * d1 - g1 * g2
    if square < 0:
        return (low + high) / 2
    d2 = math.sqrt(square)
    return min(max(x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2)), low), high)


def strong_wolfe(evaluate, t, d, f0, g0, slope0, tolerance, max_steps=25):
    """A step length that meets the strong Wolfe conditions (Nocedal & Wright, Numerical Optimization, 3.5).

    Args:
        evaluate: function of t that gives (loss, gradient) there: a float and an array of shape (n,).
        t: float, the first step length to try.
        d: array of shape (n,), the direction.
        f0: float, the loss at t = 0.
        g0: array of shape (n,), the gradient there.
        slope0: float, ``g0 @ d``.
        tolerance: float; the bracket is not made narrower than this, in the largest component of the step.
        max_steps: int, the most evaluations after the first one.  Default: 25.

    Returns:
        tuple (loss, gradient, t) at the step length found.

    >>> x, d = np.array([2.0]), np.array([-1.0])
    >>> loss, g, t = strong_wolfe(lambda t: (float((x + t * d) @ (x + t * d)), 2 * (x + t * d)), 1.0, d, 4.0, 2 * x, -4.0, 1e-9)
    >>> loss, t
    (1.0, 1.0)
    """

    def point(t):
        f, g = evaluate(t)
        return (t, f, float(g @ d)), g

    def enough(p):
        return p[1] <= f0 + DECREASE * p[0] * slope0

    def flat(p):
        return abs(p[2]) <= -CURVATURE * slope0

    # bracketing: enlarge the step until two points enclose a minimum
    before, g_before = (0.0, f0, slope0), g0
    bracket = None
    now, g = point(t)
    for steps in range(max_steps):
        if not enough(now) or (steps > 1 and now[1] >= before[1]) or not math.isfinite(now[1]):
            bracket = [(before, g_before), (now, g)]
            break
        if flat(now):
            return now[1], g, now[0]
        if now[2] >= 0:
            bracket = [(before, g_before), (now, g)]
            break
        t = cubic_minimum(before, now, (now[0] + 0.01 * (now[0] - before[0]), now[0] * 10))
        before, g_before = now, g
        now, g = point(t)
    else:
        bracket, steps = [((0.0, f0, slope0), g0), (now, g)], max_steps

    # zoom: narrow the bracket; its end with the lower loss stays
    stuck = False
    size = np.abs(d).max()
    while steps < max_steps:
        bracket.sort(key=lambda pair: pair[0][1])
        (low, g_low), (high, _) = bracket
        if abs(high[0] - low[0]) * size < tolerance:
            break
        t = cubic_minimum(low, high)
        left, right = min(low[0], high[0]), max(low[0], high[0])
        margin = 0.1 * (right - left)
        if min(right - t, t - left) < margin:  # too near to an end of the bracket for the second time
            if stuck or t >= right or t <= left:
                t = right - margin if abs(t - right) < abs(t - left) else left + margin
                stuck = False
            else:
                stuck = True
        else:
            stuck = False
        now, g = point(t)
        steps += 1
        if not enough(now) or now[1] >= low[1]:
            bracket = [(low, g_low), (now, g)]
        else:
            if flat(now):
                return now[1], g, now[0]
            if now[2] * (high[0] - low[0]) >= 0:
                bracket = [(now, g), (low, g_low)]
            else:
                bracket = [(now, g), bracket[1]]
    (low, g_low), _ = sorted(bracket, key=lambda pair: pair[0][1])
    return low[1], g_low, low[0]
