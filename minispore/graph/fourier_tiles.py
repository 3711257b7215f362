"""Steps of a Fourier transform on vectors: ``fourier_step8``, ``fourier_turn8``, ``fourier_mirror`` of kernel source.

A vector has the same element of as many signals as it has lanes, so that every size is computed in whole vectors. A complex number is two
vectors, its imaginary part ``im`` elements after the real one (before it, to transform back). Only compilation imports this module.
"""

import cmath
import math

from llvmlite import ir

from .tiles import I64, _as_passed, _elements, _Tile

CONTRACT = ("contract",)  # products are added with one rounding


class _Numbers(_Tile):
    """Complex numbers: pairs of vectors."""

    def __init__(self, builder, element, im):
        super().__init__(builder, element, _elements(element), 1)
        self.im = im

    def read(self, pointer):
        return self.load(pointer, 0), self.load(self.builder.gep(pointer, [self.im]), 0)

    def write(self, value, pointer) -> None:
        self.store(value[0], pointer, 0)
        self.store(value[1], self.builder.gep(pointer, [self.im]), 0)

    def number(self, value: float):
        return ir.Constant(self.vector, [ir.Constant(self.element, value)] * self.lanes)

    def add(self, x, y):
        return tuple(self.builder.fadd(a, b, flags=CONTRACT) for a, b in zip(x, y))

    def sub(self, x, y):
        return tuple(self.builder.fsub(a, b, flags=CONTRACT) for a, b in zip(x, y))

    def scaled(self, x, factor):
        return tuple(self.builder.fmul(a, factor, flags=CONTRACT) for a in x)

    def product(self, x, y):
        b, flags = self.builder, CONTRACT
        real = b.fsub(b.fmul(x[0], y[0], flags=flags), b.fmul(x[1], y[1], flags=flags), flags=flags)
        return real, b.fadd(b.fmul(x[0], y[1], flags=flags), b.fmul(x[1], y[0], flags=flags), flags=flags)

    def back(self, x):
        """``x`` times -i."""
        return x[1], self.builder.fneg(x[0])

    def conjugate(self, x):
        return x[0], self.builder.fneg(x[1])

    def turned_by(self, x, k: int, n: int):
        """``x`` times the root exp(-2 pi i k / n)."""
        if k == 0:
            return x
        if 4 * k == n:
            return self.back(x)
        root = cmath.exp(-2j * math.pi * k / n)
        return self.product(x, (self.number(root.real), self.number(root.imag)))

    def transform(self, values: list) -> list:
        """The Fourier transform of a few numbers."""
        n = len(values)
        if n == 1:
            return values
        if n % 2 == 0:
            evens, odds = self.transform(values[::2]), self.transform(values[1::2])
            odds = [self.turned_by(x, k, n) for k, x in enumerate(odds)]
            pairs = list(zip(evens, odds))
            return [self.add(x, y) for x, y in pairs] + [self.sub(x, y) for x, y in pairs]
        sums = [self.add(values[k], values[n - k]) for k in range(1, n // 2 + 1)]
        apart = [self.sub(values[k], values[n - k]) for k in range(1, n // 2 + 1)]
        made = [values[0]] * n
        for s in sums:
            made[0] = self.add(made[0], s)
        for j in range(1, n // 2 + 1):
            even, odd = values[0], None
            for k, (s, d) in enumerate(zip(sums, apart), 1):
                angle = 2 * math.pi * (j * k % n) / n
                even = self.add(even, self.scaled(s, self.number(math.cos(angle))))
                part = self.scaled(d, self.number(math.sin(angle)))
                odd = part if odd is None else self.add(odd, part)
            odd = self.back(odd)
            made[j], made[n - j] = self.add(even, odd), self.sub(even, odd)
        return made


def _step(count: int, turns: bool):
    def step(w, source, source_step, target, target_step, im, factors):
        """So many numbers of ``source``, ``source_step`` elements apart, are transformed; those of the result go to ``target``.

        The step that turns multiplies number j with complex factor j - 1.
        """
        element, b = source.type.element.ir, w.b
        source, source_step, target, target_step, im, factors = [
            _as_passed(w, term) for term in (source, source_step, target, target_step, im, factors)
        ]
        numbers = _Numbers(b, element, im)
        values = [numbers.read(b.gep(source, [b.mul(source_step, I64(k))])) for k in range(count)]
        for j, x in enumerate(numbers.transform(values)):
            if j and turns:
                at = [b.gep(factors, [I64(2 * (j - 1) + part)]) for part in (0, 1)]
                x = numbers.product(x, tuple(map(numbers.factor, at)))
            numbers.write(x, b.gep(target, [b.mul(target_step, I64(j))]))

    return step


def fourier_mirror(w, x, y, to_x, to_y, im, factor, scale):
    """Of a signal of real numbers the transform of its pairs -> its own, or back: ``to_x = (x + y*) + factor (x - y*)`` times ``scale``,
    ``to_y`` the conjugate of the difference of the two terms."""
    element, b = x.type.element.ir, w.b
    scale = scale.ir
    x, y, to_x, to_y, im, factor = [_as_passed(w, term) for term in (x, y, to_x, to_y, im, factor)]
    numbers = _Numbers(b, element, im)
    scale = numbers.everywhere(scale)
    one, other = numbers.read(x), numbers.conjugate(numbers.read(y))
    root = tuple(numbers.factor(b.gep(factor, [I64(part)])) for part in (0, 1))
    even = numbers.scaled(numbers.add(one, other), scale)
    odd = numbers.scaled(numbers.product(numbers.sub(one, other), root), scale)
    numbers.write(numbers.add(even, odd), to_x)
    numbers.write(numbers.conjugate(numbers.sub(even, odd)), to_y)


NAMES = {
    "fourier_mirror": fourier_mirror,
    **{f"fourier_step{n}": _step(n, False) for n in range(2, 9)},
    **{f"fourier_turn{n}": _step(n, True) for n in range(2, 9)},
}
