# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Fourier transforms of many signals by compiled kernels: a vector holds the same element of several signals.

Stockham's algorithm, which needs no reordering: the steps of ``fourier_table`` in turn, from one buffer to the other and back. A signal
of n real numbers is one of n / 2 complex ones, whose transform becomes that of the signal afterwards (or is made from it before).
"""

import math
from dataclasses import replace

import numpy as np

from ..core.dtype import real_of
from ..core.kernel import device, kernel
from ..core.record import Value
from ..core.sizes import array_from, counted, decided
from .tiled_rows import table_of

COMPLEX, HALF, OF_HALF = 0, 1, 2
BLOCK = 16  # signals of a unit: the most lanes that a vector has
SHORT = 512  # up to which fewer signals than that are filled up with others
LONGEST = 8192  # numbers of a signal whose vectors stay in the second cache
RADICES = (2, 3, 4, 5, 6, 7, 8)


@device
def fourier_step(radix, source, far, target, near, im, factors):
    """The transform of ``radix`` numbers."""
    if radix == 8:
        fourier_step8(source, far, target, near, im, factors)
    elif radix == 4:
        fourier_step4(source, far, target, near, im, factors)
    elif radix == 2:
        fourier_step2(source, far, target, near, im, factors)
    elif radix == 3:
        fourier_step3(source, far, target, near, im, factors)
    elif radix == 5:
        fourier_step5(source, far, target, near, im, factors)
    elif radix == 6:
        fourier_step6(source, far, target, near, im, factors)
    else:
        fourier_step7(source, far, target, near, im, factors)


@device
def fourier_turn(radix, source, far, target, near, im, factors):
    """The same, and the results are multiplied with factors."""
    if radix == 8:
        fourier_turn8(source, far, target, near, im, factors)
    elif radix == 4:
        fourier_turn4(source, far, target, near, im, factors)
    elif radix == 2:
        fourier_turn2(source, far, target, near, im, factors)
    elif radix == 3:
        fourier_turn3(source, far, target, near, im, factors)
    elif radix == 5:
        fourier_turn5(source, far, target, near, im, factors)
    elif radix == 6:
        fourier_turn6(source, far, target, near, im, factors)
    else:
        fourier_turn7(source, far, target, near, im, factors)


@device
def fourier_steps(buffers, size, steps, factors, n, lanes, inverse):
    """Transforms the signals of the first buffer; returns the number of the buffer that has the result."""
    pair = 2 * lanes
    im = -lanes if inverse != 0 else lanes
    real = lanes if inverse != 0 else 0
    length, apart, now = n, 1, 0
    for k in range(steps[0]):
        radix = steps[1 + k]
        length = length // radix
        source, target = shift(buffers, now * size + real), shift(buffers, (1 - now) * size + real)
        far, near = length * apart * pair, apart * pair
        for q in range(apart):
            fourier_step(radix, shift(source, q * pair), far, shift(target, q * pair), near, im, factors)
        for p in range(1, length):
            turn = shift(factors, (p - 1) * (radix - 1) * 2)
            for q in range(apart):
                x, y = shift(source, (q + p * apart) * pair), shift(target, (q + p * apart * radix) * pair)
                fourier_turn(radix, x, far, y, near, im, turn)
        factors = shift(factors, (length - 1) * (radix - 1) * 2)
        apart, now = apart * radix, 1 - now
    return now


@kernel
def fourier_rows(x: "T*", out: "T*", scratch: "T*", steps: "int64*", factors: "T*", mirrors: "T*", n: int, rows: int, x_row: int,
                 out_row: int, kind: int, inverse: int, size: int, slots: int, workers: int, lo, hi):  # fmt: skip
    """Signals of ``n`` complex numbers that lie in rows of ``x``; [lo, hi) are workers, units 16 rows: the last ones overlap; there is memory for 16.

    ``kind``: 0, 1 (real numbers to the half of their transform) or 2 (back). A row has ``x_row`` real numbers, of the result ``out_row``.
    """
    lanes = tile_lanes(out)
    pair = 2 * lanes
    buffers = shift(scratch, (lo * slots + workers - 1) // workers * 2 * size)
    units = (rows + BLOCK - 1) // BLOCK
    for unit in range(lo * units // workers, hi * units // workers):
        for part in range(0, min(BLOCK, rows - unit * BLOCK), lanes):
            row = max(min(unit * BLOCK + part, rows - lanes), 0)
            first = shift(buffers, size) if kind == 2 else shift(buffers, 0)
            for i in range(0, x_row, lanes):
                at = min(i, x_row - lanes)
                tile_transpose(shift(x, row * x_row + at), x_row, shift(first, at * lanes), lanes)
            if kind == 2:  # what should be real is taken as real
                for c in range(lanes):
                    first[lanes + c] = T(0)
                    first[n * pair + lanes + c] = T(0)
                for k in range(n // 2 + 1):
                    one, other = k * pair, (n - k) * pair
                    to = buffers
                    fourier_mirror(
                        shift(first, one),
                        shift(first, other),
                        shift(to, one),
                        shift(to, other),
                        lanes,
                        shift(mirrors, 2 * k),
                        T(1),
                    )
            now = fourier_steps(buffers, size, steps, factors, n, lanes, inverse)
            made = shift(buffers, now * size)
            if kind == 1:
                to = shift(buffers, (1 - now) * size)
                for k in range(n // 2 + 1):
                    one, other = k * pair, (n - k) * pair
                    again = (n - k) % n * pair
                    fourier_mirror(
                        shift(made, one),
                        shift(made, again),
                        shift(to, one),
                        shift(to, other),
                        lanes,
                        shift(mirrors, 2 * k),
                        T(0.5),
                    )
                made = to
            for i in range(0, out_row, lanes):
                at = min(i, out_row - lanes)
                tile_transpose(shift(made, at * lanes), lanes, shift(out, row * out_row + at), out_row)


@kernel
def fourier_columns(x: "T*", out: "T*", scratch: "T*", steps: "int64*", factors: "T*", turns: "T*", n: int, outer: int, inner: int,
                    inverse: int, size: int, slots: int, workers: int, turned: int, lo, hi):  # fmt: skip
    """Signals of complex numbers along the middle axis of (outer, n, inner); [lo, hi) are workers, units 16 of the last axis.

    With ``turned`` the results are multiplied with the numbers of ``turns``, of shape (n, inner).
    """
    lanes = tile_lanes(out)
    pair = 2 * lanes
    buffers = shift(scratch, (lo * slots + workers - 1) // workers * 2 * size)
    blocks = (inner + BLOCK - 1) // BLOCK
    units = outer * blocks
    for unit in range(lo * units // workers, hi * units // workers):
        for part in range(0, min(BLOCK, inner - unit % blocks * BLOCK), lanes):
            column = min(unit % blocks * BLOCK + part, inner - lanes)
            begin = (unit // blocks * n * inner + column) * 2
            for k in range(n):
                source, target = shift(x, begin + k * inner * 2), shift(buffers, k * pair)
                for c in range(lanes):
                    target[c] = source[2 * c]
                    target[lanes + c] = source[2 * c + 1]
            now = fourier_steps(buffers, size, steps, factors, n, lanes, inverse)
            for k in range(n):
                made, to = shift(buffers, now * size + k * pair), shift(out, begin + k * inner * 2)
                if turned != 0:
                    turn = shift(turns, (k * inner + column) * 2)
                    for c in range(lanes):
                        to[2 * c] = made[c] * turn[2 * c] - made[lanes + c] * turn[2 * c + 1]
                        to[2 * c + 1] = made[c] * turn[2 * c + 1] + made[lanes + c] * turn[2 * c]
                else:
                    for c in range(lanes):
                        to[2 * c] = made[c]
                        to[2 * c + 1] = made[lanes + c]


@kernel
def fourier_turned_rows(x: "T*", out: "T*", scratch: "T*", steps: "int64*", factors: "T*", n: int, outer: int, rows: int, inverse: int,
                        size: int, slots: int, workers: int, lo, hi):  # fmt: skip
    """Signals of complex numbers along the last axis of (outer, rows, n); the results are columns, of shape (outer, n, rows)."""
    lanes = tile_lanes(out)
    pair = 2 * lanes
    buffers = shift(scratch, (lo * slots + workers - 1) // workers * 2 * size)
    blocks = (rows + BLOCK - 1) // BLOCK
    units = outer * blocks
    for unit in range(lo * units // workers, hi * units // workers):
        first = unit % blocks * BLOCK
        for part in range(0, min(BLOCK, rows - first), lanes):
            row = min(first + part, rows - lanes)
            source = shift(x, (unit // blocks * rows + row) * n * 2)
            for i in range(0, 2 * n, lanes):
                at = min(i, 2 * n - lanes)
                tile_transpose(shift(source, at), 2 * n, shift(buffers, at * lanes), lanes)
            now = fourier_steps(buffers, size, steps, factors, n, lanes, inverse)
            for k in range(n):
                made, to = (
                    shift(buffers, now * size + k * pair),
                    shift(out, ((unit // blocks * n + k) * rows + row) * 2),
                )
                for c in range(lanes):
                    to[2 * c] = made[c]
                    to[2 * c + 1] = made[lanes + c]


# ---------------------------------------------------------------- tables
def radices(n: int) -> list[int]:
    """The lengths of the steps for ``n`` numbers; empty where a prime above 7 is among its factors."""
    twos, found = 0, []
    while n % 2 == 0:
        twos, n = twos + 1, n // 2
    for odd in (7, 5, 3):
        while n % odd == 0:
            n //= odd
            found.append(odd)
    if n > 1:
        return []
    if twos % 3 == 1 and twos > 1:
        found += [4, 4]
        twos -= 4
    elif twos % 3 == 1 and 3 in found:
        found[found.index(3)] = 6
        twos -= 1
    return [8] * (twos // 3) + [2 ** (twos % 3)] * (twos % 3 > 0) + found


def _steps(n: int) -> list[int]:
    found = radices(n)
    return [len(found), *found]


def _factors(n: int, itemsize: int) -> np.ndarray:
    """For each step, place p from 1 on and number j from 1 on: exp(-2 pi i p j / length)."""
    found = [np.zeros(2)]
    length = n
    for radix in radices(n):
        p, j = np.arange(1, length // radix)[:, None], np.arange(1, radix)
        found.insert(-1, _pairs(np.exp(-2j * np.pi * (p * j % length) / length)))
        length //= radix
    return np.concatenate(found).astype(f"f{itemsize}")


def _mirrors(n: int, kind: int, itemsize: int) -> np.ndarray:
    """-i exp(-pi i k / n) for k up to n / 2, for the way back the conjugate."""
    found = -1j * np.exp(-1j * np.pi * np.arange(n // 2 + 1) / n)
    return _pairs(found if kind == HALF else found.conj()).astype(f"f{itemsize}")


def _turns(rows: int, columns: int, inverse: int, itemsize: int) -> np.ndarray:
    """Between the two transforms of a signal of ``rows`` times ``columns`` numbers."""
    n = rows * columns
    found = np.exp(-2j * np.pi * (np.arange(rows)[:, None] * np.arange(columns) % n) / n)
    return _pairs(found.conj() if inverse else found).astype(f"f{itemsize}")


def _pairs(numbers) -> np.ndarray:
    return np.stack([numbers.real, numbers.imag], -1).ravel()


def _constant(dtype, function, *numbers) -> Value:
    data = array_from(function, *numbers, dtype.itemsize, shape=(1,))
    return Value(data.shape, dtype, data=data, kind="constant")


# ---------------------------------------------------------------- lowering
def _has_steps(n: int) -> bool:
    return 4 <= n <= LONGEST and len(radices(n)) > 0


@decided
def _has_halves(n: int, rows: int) -> bool:
    """Whether kernels transform so many signals of ``n`` real numbers."""
    return n % 2 == 0 and n >= BLOCK and _has_steps(n // 2) and (rows >= BLOCK or (0 < rows and n <= 2 * SHORT))


@decided
def _fits(outer: int, n: int, inner: int, is_last: bool) -> bool:
    """Whether kernels transform the middle axis of complex numbers."""
    if not is_last:
        return _has_steps(n) and inner >= BLOCK
    whole = _has_steps(n) and 2 * n >= BLOCK and (outer >= BLOCK or n <= SHORT)
    return outer > 0 and (whole or len(_parts_of(n)) > 0)


def _parts_of(n: int) -> tuple[int, ...]:
    """Two factors of about the same size, of at least as many numbers as a vector has; none where there are none."""
    for first in range(math.isqrt(n), BLOCK - 1, -1):
        if n % first == 0 and _has_steps(first) and _has_steps(n // first):
            return first, n // first
    return ()


@decided
def _split(rows: int, n: int) -> tuple[int, ...]:
    """How signals become tables, where so few leave much of the vectors empty."""
    if n <= SHORT or (rows >= BLOCK and _has_steps(n) and 7 * rows > 5 * _units(rows) * BLOCK):
        return ()
    return _parts_of(n)


@decided
def _few(rows: int) -> bool:
    return rows < BLOCK


@counted
def _units(rows: int) -> int:
    return -(-rows // BLOCK)


@counted
def _at_most(most: int, units: int) -> int:
    return max(1, min(most, units))


def _scratch(build, units: int, n: int, dtype):
    """(workers, elements of a buffer, memory for two of each worker)."""
    workers = _at_most(build.workers, units)
    size = (n + 1) * 2 * BLOCK
    return workers, size, build.temp((workers, 2 * size), dtype)


def _rows(build, node, x, out, n, x_row, out_row, kind: int, inverse: bool) -> None:
    """Emits the transform of the rows of ``x``, an operand."""
    rows = math.prod(x.shape[:-1])
    if _few(rows):  # what is in the others is nobody's
        more, found = build.temp((BLOCK, x.shape[-1]), x.dtype), build.temp((BLOCK, out.shape[-1]), out.dtype)
        build.copy(x.reshaped((rows, x.shape[-1])), _first(more, rows), node)
        _call_rows(build, node, more, found, rows, n, x_row, out_row, kind, inverse)
        build.copy(_first(found, rows), out.reshaped((rows, out.shape[-1])), node)
    else:
        _call_rows(build, node, x, out, rows, n, x_row, out_row, kind, inverse)


def _call_rows(build, node, x, out, rows, n, x_row, out_row, kind: int, inverse: bool) -> None:
    dtype = real_of(node.outs[0].dtype)
    workers, size, scratch = _scratch(build, _units(rows), n, dtype)
    factors = build.operand(_constant(dtype, _factors, n))
    mirrors = build.operand(_constant(dtype, _mirrors, n, kind)) if kind != COMPLEX else factors
    build.call(
        fourier_rows.bind(T=build.storage(dtype), BLOCK=str(BLOCK)), node,
        [x, out, scratch, build.operand(table_of(_steps, n)), factors, mirrors, n, rows, x_row, out_row, kind, int(inverse),
         size, workers, workers],
        extent=workers, writes=[out, scratch], cost=rows * n * 8,
    )  # fmt: skip


def _first(operand, rows):
    """Some rows of a matrix."""
    return replace(operand, shape=(rows, operand.shape[1]))


def _as_tables(build, node, x, out, rows, parts, inverse: bool) -> None:
    """Emits the transform of ``rows`` long signals: along the columns of each as a table, and then along the rows, which become columns."""
    first, second = parts
    shape, dtype = (rows, first, second), node.outs[0].dtype
    turns = build.operand(_constant(real_of(dtype), _turns, first, second, int(inverse)))
    half, kind = build.temp(shape, dtype), real_of(dtype)
    _columns(build, node, x, half, first, rows, second, inverse, turns)
    workers, size, scratch = _scratch(build, rows * _units(first), second, kind)
    build.call(
        fourier_turned_rows.bind(T=build.storage(kind), BLOCK=str(BLOCK)), node,
        [half, out, scratch, build.operand(table_of(_steps, second)), build.operand(_constant(kind, _factors, second)), second, rows,
         first, int(inverse), size, workers, workers],
        extent=workers, writes=[out, scratch], cost=rows * first * second * 8,
    )  # fmt: skip


def _columns(build, node, x, out, n, outer, inner, inverse: bool, turns=None) -> None:
    """Emits the transform along the middle axis of (outer, n, inner)."""
    dtype = real_of(node.outs[0].dtype)
    workers, size, scratch = _scratch(build, outer * _units(inner), n, dtype)
    factors = build.operand(_constant(dtype, _factors, n))
    build.call(
        fourier_columns.bind(T=build.storage(dtype), BLOCK=str(BLOCK)), node,
        [x, out, scratch, build.operand(table_of(_steps, n)), factors, factors if turns is None else turns, n, outer, inner,
         int(inverse), size, workers, workers, int(turns is not None)],
        extent=workers, writes=[out, scratch], cost=outer * inner * n * 8,
    )  # fmt: skip


def to_half(build, node) -> bool:
    """Real numbers to the half of their transform."""
    x = node.inputs[0]
    n = x.shape[-1]
    if not _has_halves(n, math.prod(x.shape[:-1])):
        return False
    _rows(build, node, build.dense(x), build.output(node), n // 2, n, n + 2, HALF, False)
    return True


def from_half(build, node) -> bool:
    """The half of a transform to real numbers."""
    x, n = node.inputs[0], node.attrs["n"]
    if not (_has_halves(n, math.prod(x.shape[:-1])) and x.shape[-1] == n // 2 + 1):
        return False
    _rows(build, node, build.dense(x), build.output(node), n // 2, n + 2, n, OF_HALF, True)
    return True


def of_axes(build, node) -> bool:
    """Complex numbers along one axis after the other."""
    v, inverse = node.inputs[0], node.attrs["inverse"]
    shape = v.shape
    axes = [a + len(shape) for a in node.attrs["axes"]]
    parts = [(math.prod(shape[:a]), shape[a], math.prod(shape[a + 1 :]), a == len(shape) - 1) for a in axes]
    if not axes or not all(_fits(*part) for part in parts):
        return False
    x = build.dense(v)
    for k, (outer, n, inner, is_last) in enumerate(parts):
        out = build.output(node) if k == len(parts) - 1 else build.temp(shape, v.dtype)
        tables = _split(outer, n) if is_last else ()
        if tables:
            _as_tables(build, node, x, out, outer, tables, inverse)
        elif is_last:
            _rows(build, node, x, out, n, 2 * n, 2 * n, COMPLEX, inverse)
        else:
            _columns(build, node, x, out, n, outer, inner, inverse)
        x = out
    return True


__all__: list[str] = []
