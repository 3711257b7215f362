"""``check_grads``: compares derivatives with finite differences."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from ..core import tree
from ..core.errors import fail
from ..core.tensor import Tensor
from .forward import jvp
from .reverse import vjp

_Point = tuple[np.ndarray, ...]


def check_grads(fn, args, order=2, modes=("fwd", "rev"), atol=1e-5, rtol=1e-4, eps=1e-5):
    """Compares the derivatives of a function with central differences, in float64.

    The forward derivative is compared along one random direction, the reverse one for every element, with the outputs
    weighed by random numbers.  ``fn`` must be smooth within ``eps`` of the point and draw no random numbers.

    Args:
        fn: function or Cell of Tensors; it returns Tensors in any structure of tuples, lists and dicts.
        args: tuple or list of its arguments (or one Tensor); Tensors of floats, alone or in structures, are varied,
            all else stays as it is.
        order: int from 1, up to which order; 2 (the default) also checks the derivatives of the derivatives.
        modes: "fwd" checks ``jvp``, "rev" checks ``vjp``; one of the names or several.  Default: both.
        atol: float; a derivative ``d`` passes within ``atol + rtol * abs(d)`` of the difference.  Default: 1e-5.
        rtol: float.  Default: 1e-4.
        eps: float, how far a number is varied to both sides.  Default: 1e-5.

    Raises:
        AssertionError: a derivative is off; the text names the order and mode, the argument and the element.
        ValueError: an argument of ``check_grads`` is out of range, or there is no Tensor of floats among ``args``.

    >>> from minispore import Tensor, ops
    >>> from minispore.transforms import check_grads
    >>> check_grads(lambda x, y: ops.sin(x) * y, (Tensor([0.3, 1.0]), Tensor([2.0, -1.0])))
    """
    modes = (modes,) if isinstance(modes, str) else tuple(modes)
    if not modes or set(modes) - {"fwd", "rev"}:
        raise fail(ValueError, f"For 'check_grads', 'modes' must hold 'fwd', 'rev' or both, but got {modes}.")
    if isinstance(order, bool) or not isinstance(order, int) or order < 1:
        raise fail(ValueError, f"For 'check_grads', 'order' must be an int from 1 on, but got {order!r}.")
    args = tuple(args) if isinstance(args, (tuple, list)) else (args,)
    names = []
    for k, a in enumerate(args):
        n = len(_floats(a))
        names += [f"argument {k}" + (f", Tensor {j}" if n > 1 else "") for j in range(n)]
    if not names:
        raise fail(ValueError, "For 'check_grads', 'args' must hold a Tensor of floats.")
    point = tuple([np.array(t.asnumpy(), np.float64) for a in args for t in _floats(a)])

    def flat(*tensors):
        given = iter(tensors)
        made = tree.map_leaves(lambda x: next(given) if _is_float(x) else x, args)
        return tuple([t for t in tree.tensors(fn(*made)) if t.dtype.is_inexact])

    _Check(names, modes, atol, rtol, eps).run(flat, point, 1, order)


def _is_float(x) -> bool:
    return isinstance(x, Tensor) and x.dtype.is_inexact


def _floats(structure) -> list[Tensor]:
    return [t for t in tree.leaves(structure) if _is_float(t)]


class _Check:
    """The comparison for one call of ``check_grads``."""

    def __init__(self, names: Sequence[str], modes, atol, rtol, eps):
        self.names, self.modes, self.atol, self.rtol, self.eps = names, modes, atol, rtol, eps
        self.random = np.random.default_rng(0)

    def run(self, function: Callable, point: _Point, level: int, order: int) -> None:
        values = self.values(function, point)
        if not values:
            raise fail(ValueError, "For 'check_grads', the function must return a Tensor of floats.")
        weights = [Tensor(self.random.uniform(0.5, 1.5, v.shape)) for v in values]
        direction = [Tensor(self.random.uniform(-1.0, 1.0, x.shape)) for x in point]

        def forward(*tensors):
            return jvp(function, tensors, tuple(direction))[1]

        def reverse(*tensors):
            outs, pull = vjp(function, *tensors)
            return pull(tuple([w.astype(o.dtype) for w, o in zip(weights, outs)]))

        if "fwd" in self.modes:
            self.check_forward(function, forward, direction, point, level)
        if "rev" in self.modes:
            self.check_reverse(function, reverse, weights, point, level)
        if level < order:
            self.run(reverse if "rev" in self.modes else forward, point, level + 1, order)

    @staticmethod
    def values(function, point) -> list[np.ndarray]:
        return [np.array(t.asnumpy(), np.float64) for t in function(*[Tensor(x) for x in point])]

    def check_forward(self, function, forward, direction, point, level) -> None:
        up = self.values(function, tuple([x + self.eps * d.asnumpy() for x, d in zip(point, direction)]))
        down = self.values(function, tuple([x - self.eps * d.asnumpy() for x, d in zip(point, direction)]))
        for k, (found, a, b) in enumerate(zip(self.values(forward, point), up, down)):
            self.compare(found, (a - b) / (2 * self.eps), f"order {level}, forward (jvp): output {k}")

    def check_reverse(self, function, reverse, weights, point, level) -> None:
        def total(changed):
            return math.fsum(float((w.asnumpy() * v).sum()) for w, v in zip(weights, self.values(function, changed)))

        for k, found in enumerate(self.values(reverse, point)):
            difference = np.zeros_like(found)
            for at in np.ndindex(*found.shape):
                sides = []
                for step in (self.eps, -self.eps):
                    x = point[k].copy()
                    x[at] += step
                    sides.append(total((*point[:k], x, *point[k + 1 :])))
                difference[at] = (sides[0] - sides[1]) / (2 * self.eps)
            self.compare(found, difference, f"order {level}, reverse (vjp): {self.names[k]}")

    def compare(self, found, difference, what: str) -> None:
        off = np.abs(found - difference)
        bad = ~(off <= self.atol + self.rtol * np.abs(found))
        if bad.any():
            at = tuple(
                int(i)
                for i in np.unravel_index(int(np.argmax(np.where(bad, np.nan_to_num(off, nan=np.inf), -1))), off.shape)
            )
            raise fail(
                AssertionError,
                f"For 'check_grads', a derivative is off: {what}, element {list(at)}: it is {found[at]:.9g}, but finite "
                f"differences give {difference[at]:.9g} ({int(bad.sum())} of {off.size} elements are off).",
            )
