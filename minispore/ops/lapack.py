# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Factorisations of larger matrices by LAPACK, which OpenBLAS brings with it.

Its columns are our rows: where a factorisation does not turn with its matrix, a copy is turned before it and after it. Small matrices
have kernels of their own (decompositions.py, reflections.py, singular_values.py), which begin without a copy and without LAPACK's checks.
"""

from ..core.dtype import int32
from ..core.kernel import device, kernel

LEAST = 24  # rows and columns from which LAPACK is the faster one
BLOCK = 64  # columns that LAPACK works on at a time, at most: what it asks room for


@device
def turned(source, target, rows, columns):
    """``target[c, r] = source[r, c]``, in squares that stay in the first cache."""
    for first in range(0, rows, 16):
        for left in range(0, columns, 16):
            for i in range(first, first + 16 if first + 16 < rows else rows):
                for j in range(left, left + 16 if left + 16 < columns else columns):
                    target[j * rows + i] = source[i * columns + j]


@kernel
def lu_by_lapack(x: "T*", out: "T*", order: "int64*", parity: "T*", room: "T*", swaps: "int32*", n: int, lo, hi):
    """Row i of the result was row order[i]; the parity is that of the exchanges."""
    for b in range(lo, hi):
        a, p, swapped, info = shift(room, b * n * n), shift(order, b * n), shift(swaps, b * n), local_int32(1)
        turned(shift(x, b * n * n), a, n, n)
        lapack_TYPEgetrf(n, n, a, n, swapped, info)
        turned(a, shift(out, b * n * n), n, n)
        sign = T(1)
        for k in range(n):
            p[k] = k
        for k in range(n):
            other = int64(swapped[k]) - 1
            if other != k:
                sign = -sign
                p[k], p[other] = p[other], p[k]
        parity[b] = sign


@kernel
def inverse_by_lapack(x: "T*", out: "T*", room: "T*", swaps: "int32*", n: int, lo, hi):
    """Infinite for a singular matrix.  The inverse of a turned matrix is the turned inverse, so nothing is turned."""
    for b in range(lo, hi):
        a, source, swapped, info = shift(out, b * n * n), shift(x, b * n * n), shift(swaps, b * n), local_int32(1)
        for k in range(n * n):
            a[k] = source[k]
        lapack_TYPEgetrf(n, n, a, n, swapped, info)
        if info[0] == 0:
            lapack_TYPEgetri(n, a, n, swapped, shift(room, b * n * 64), n * 64, info)
        if info[0] != 0:
            for k in range(n * n):
                a[k] = T(inf)


@kernel
def triangle_by_blas(a: "T*", b: "T*", out: "T*", n: int, m: int, lower: int, unit: int, lo, hi):
    for k in range(lo, hi):
        x, right = shift(out, k * n * m), shift(b, k * n * m)
        for i in range(n * m):
            x[i] = right[i]
        cblas_TYPEtrsm(int32(101), int32(141), int32(121 + lower), int32(111), int32(131 + unit), int32(n), int32(m), T(1),
                       shift(a, k * n * n), int32(n), x, int32(m))  # fmt: skip


@kernel
def cholesky_by_lapack(x: "T*", out: "T*", n: int, lo, hi):
    """From the lower triangle, which is the upper one of LAPACK's columns; NaN from where the matrix is not positive definite."""
    for b in range(lo, hi):
        a, l, info = shift(x, b * n * n), shift(out, b * n * n), local_int32(1)
        for k in range(n * n):
            l[k] = a[k]
        lapack_TYPEpotrf(85, n, l, n, info)
        wrong = int64(info[0]) - 1 if info[0] > 0 else n
        none = T(inf) - T(inf)
        for i in range(n):
            for j in range(i + 1, n):
                l[i * n + j] = T(0)
        for i in range(wrong, n):
            for j in range(wrong, i + 1):
                l[i * n + j] = none


@kernel
def qr_by_lapack(x: "T*", out: "T*", tau: "T*", room: "T*", work: "T*", m: int, n: int, k: int, lo, hi):
    for b in range(lo, hi):
        a, info = shift(room, b * m * n), local_int32(1)
        turned(shift(x, b * m * n), a, m, n)
        lapack_TYPEgeqrf(m, n, a, m, shift(tau, b * k), shift(work, b * n * 64), n * 64, info)
        turned(a, shift(out, b * m * n), n, m)


@kernel
def reflections_by_lapack(
    a: "T*", tau: "T*", out: "T*", room: "T*", work: "T*", m: int, n: int, k: int, columns: int, lo, hi
):
    """The first columns of the product of the reflectors below the diagonal of a; k <= columns <= m."""
    for b in range(lo, hi):
        q, v, info = shift(room, b * m * columns), shift(a, b * m * n), local_int32(1)
        for i in range(m):
            for j in range(k):
                q[j * m + i] = v[i * n + j]
        lapack_TYPEorgqr(m, columns, k, q, m, shift(tau, b * k), shift(work, b * columns * 64), columns * 64, info)
        turned(q, shift(out, b * m * columns), columns, m)


@kernel
def svd_by_lapack(
    x: "T*",
    u: "T*",
    s: "T*",
    v: "T*",
    room: "T*",
    work: "T*",
    integers: "int32*",
    m: int,
    n: int,
    size: int,
    letter: int,
    lo,
    hi,
):
    """Of x (m >= n), which LAPACK sees turned: its left vectors are the columns of v, one after the other, and its right ones are u as it lies.

    With the letter N there are no vectors.  The sign of a pair is that for which the first of the largest elements in v is positive.
    A matrix with an infinity or NaN has no decomposition: all NaN.
    """
    for b in range(lo, hi):
        a, source, values, info = shift(room, b * m * n), shift(x, b * m * n), shift(s, b * n), local_int32(1)
        left, right = shift(u, b * m * n), shift(v, b * n * n)
        strange = 0
        for i in range(m * n):
            strange += 0 if fabs(source[i]) < T(inf) else 1
            a[i] = source[i]
        info[0] = int32(strange)
        if strange == 0:
            lapack_TYPEgesdd(
                letter,
                n,
                m,
                a,
                n,
                values,
                right,
                n,
                left,
                n,
                shift(work, b * size),
                size,
                shift(integers, b * 8 * n),
                info,
            )
        if info[0] != 0:
            none = T(inf) - T(inf)
            for i in range(n):
                values[i] = none
            if letter != 78:
                for i in range(m * n):
                    left[i] = none
                for i in range(n * n):
                    right[i] = none
        elif letter != 78:
            for c in range(n):
                row, top = shift(right, c * n), T(0)
                sign = T(1)
                for i in range(n):
                    if fabs(row[i]) > top * T(1.001):
                        top = fabs(row[i])
                        sign = T(-1) if row[i] < T(0) else T(1)
                for i in range(n):
                    row[i] *= sign
                signs = shift(a, c)  # what LAPACK has left there is not needed
                signs[0] = sign
            for i in range(m):
                for c in range(n):
                    left[i * n + c] *= a[c]
            for i in range(n):
                for j in range(i):
                    right[i * n + j], right[j * n + i] = right[j * n + i], right[i * n + j]


@kernel
def least_squares_by_lapack(
    x: "T*",
    y: "T*",
    out: "T*",
    room: "T*",
    right: "T*",
    work: "T*",
    integers: "int32*",
    m: int,
    n: int,
    k: int,
    size: int,
    digits: int,
    lo,
    hi,
):
    """The shortest of the solutions with the smallest error, by a complete orthogonal factorisation with pivots.

    What is below max(m, n) times the precision of the type, beside the largest, counts as 0.  NaN where anything is not finite.
    """
    for b in range(lo, hi):
        a, source, target, info = shift(room, b * m * n), shift(x, b * m * n), shift(y, b * m * k), local_int32(1)
        rows = m if m > n else n
        solved, given, free = shift(right, b * rows * k), shift(work, b * (size + 1)), shift(integers, b * (n + 1))
        strange = 0
        for i in range(m * n):
            strange += 0 if fabs(source[i]) < T(inf) else 1
        for i in range(m * k):
            strange += 0 if fabs(target[i]) < T(inf) else 1
        info[0] = int32(strange)
        if strange == 0:
            turned(source, a, m, n)
            for j in range(k):
                for i in range(m):
                    solved[j * rows + i] = target[i * k + j]
            for j in range(n):
                free[j] = int32(0)
            least = T(rows)
            for _ in range(digits):
                least *= T(0.5)
            given[0] = least
            lapack_TYPEgelsy(m, n, k, a, m, solved, rows, free, given, shift(free, n), shift(given, 1), size, info)
        none = T(inf) - T(inf)
        for i in range(n):
            for j in range(k):
                out[(b * n + i) * k + j] = solved[j * rows + i] if info[0] == 0 else none


# ---------------------------------------------------------------- lowering
def call(build, node, source, operands, room, extent: int, writes, cost) -> None:
    """``room``: (elements of each matrix, type) of the scratch memory, at the places of the operands that are None."""
    made = [build.temp((extent, size), dtype) for size, dtype in room]
    scratch = iter(made)
    arguments = [next(scratch) if operand is None else operand for operand in operands]
    kind = build.storage(node.inputs[0].dtype)
    build.call(source.bind(T=kind), node, arguments, extent=extent, writes=[*writes, *made], cost=cost)


def lower_svd(build, node, outs, vectors: bool) -> None:
    x = node.inputs[0]
    batch, m, n = x.shape
    size = 4 * n * n + 7 * n + BLOCK * (m + n)
    call(build, node, svd_by_lapack, [build.dense(x), *outs, None, None, None, m, n, size, 83 if vectors else 78],
         [(m * n, x.dtype), (size, x.dtype), (8 * n, int32)], batch, outs, 30 * x.size * n)  # fmt: skip


def lower_least_squares(build, node) -> None:
    x, y = node.inputs
    (batch, m, n), k, out = x.shape, y.shape[2], build.output(node)
    least, most = min(m, n), max(m, n)
    size = max(least + 2 * n + BLOCK * (n + 1), 2 * least + BLOCK * k)
    digits = 23 if x.dtype.itemsize == 4 else 52
    call(build, node, least_squares_by_lapack, [build.dense(x), build.dense(y), out, None, None, None, None, m, n, k, size, digits],
         [(m * n, x.dtype), (most * k, x.dtype), (size + 1, x.dtype), (n + 1, int32)], batch, [out], 4 * x.size * (least + k))  # fmt: skip


__all__ = [
    "BLOCK", "LEAST", "call", "cholesky_by_lapack", "inverse_by_lapack", "lower_least_squares", "lower_svd", "lu_by_lapack", "qr_by_lapack",
    "reflections_by_lapack", "triangle_by_blas",
]  # fmt: skip
