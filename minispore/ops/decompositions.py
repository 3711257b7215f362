# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Matrix decompositions: LU, Cholesky, QR by Householder reflections, singular values; and triangular systems.

Each takes a batch of matrices (b, m, n) in float32 or float64.  NumPy evaluates them by LAPACK; the kernels below are
the textbook methods, for the small matrices that appear in models.  A batch is split between threads.
"""

import math

import numpy as np

from ..core.dtype import float32, float64, int64
from ..core.errors import fail
from ..core.kernel import device, kernel
from ..core.op import LOOPS_IN_PYTHON, library
from ..core.samples import f, spd
from ..core.tensor import Tensor
from .batch import into_first_axis
from .concatenation import concat
from .creation import positions
from .elements import take_elements
from .elementwise import equal, neg, select
from .matrix import diag_embed, diagonal
from .movement import broadcast_to, expand_dims, reshape, swapaxes
from .products import matmul
from .slicing import slice_along, zeros_of


def transposed(x):
    """The transposes of a batch of matrices."""
    return swapaxes(x, -1, -2)


def triangle(x, lower: bool, offset=0):
    """The lower or upper triangle of the last two axes, up to (from) the diagonal ``offset``."""
    rows, columns = positions(x.shape[-2], 0, 2), positions(x.shape[-1], 1, 2)
    return select(columns <= rows + offset if lower else columns >= rows + offset, x, 0)


def batch_of_matrices(name, x, square=False):
    """A batch (b, m, n) of the matrices in ``x``, which must be float32 or float64."""
    if not isinstance(x, Tensor):
        raise fail(TypeError, f"For '{name}', the input must be a Tensor, but got {type(x).__name__}.")
    if x.dtype not in (float32, float64):
        raise fail(TypeError, f"For '{name}', the input must be float32 or float64, but got {x.dtype}.")
    if x.ndim < 2 or (square and x.shape[-1] != x.shape[-2]):
        what = "square matrices" if square else "matrices"
        raise fail(ValueError, f"For '{name}', {what} in the last two axes are needed, but got the shape {x.shape}.")
    return reshape(x, (math.prod(x.shape[:-2]), *x.shape[-2:]))


def eye_like(x):
    return diag_embed(zeros_of(x, x.shape[:-1]) + 1.0)


# ---------------------------------------------------------------- LU with partial pivoting
@kernel
def lu_kernel(x: "T*", out: "T*", order: "int64*", parity: "T*", n: int, lo, hi):
    """Doolittle's elimination in place; row i of the result was row order[i]."""
    for b in range(lo, hi):
        a, source, p = shift(out, b * n * n), shift(x, b * n * n), shift(order, b * n)
        for k in range(n * n):
            a[k] = source[k]
        for k in range(n):
            p[k] = k
        sign = T(1)
        for k in range(n):
            best = k
            for i in range(k + 1, n):
                if fabs(a[i * n + k]) > fabs(a[best * n + k]):
                    best = i
            if best != k:
                sign = -sign
                p[k], p[best] = p[best], p[k]
                for j in range(n):
                    a[k * n + j], a[best * n + j] = a[best * n + j], a[k * n + j]
            pivot = a[k * n + k]
            if pivot != T(0):
                for i in range(k + 1, n):
                    factor = a[i * n + k] / pivot
                    a[i * n + k] = factor
                    for j in range(k + 1, n):
                        a[i * n + j] -= factor * a[k * n + j]
        parity[b] = sign


def _lu_numpy(x):
    out, (batch, n) = np.array(x), x.shape[:2]
    order, parity = np.tile(np.arange(n), (batch, 1)), np.ones(batch, x.dtype)
    each = np.arange(batch)
    for k in range(n):
        best = k + np.argmax(np.abs(out[:, k:, k]), 1)
        parity[best != k] *= -1
        for a in (out, order):
            a[each, k], a[each, best] = a[each, best].copy(), a[each, k].copy()
        pivot = out[:, k, k, None]
        out[:, k + 1 :, k] /= np.where(pivot == 0, 1, pivot)
        out[:, k + 1 :, k + 1 :] -= out[:, k + 1 :, k, None] * out[:, k, None, k + 1 :]
    return out, order, parity


def _lu_lower(build, node):
    x = node.inputs[0]
    outs = [build.output(node, k) for k in range(3)]
    build.call(lu_kernel.bind(T=build.storage(x.dtype)), node, [build.dense(x), *outs, x.shape[1]], extent=x.shape[0],
               writes=outs, cost=x.size * x.shape[1])  # fmt: skip


def _lu_vjp(needs, grads, outs, inputs):
    """With P A = L U:  dA = P' L'^-1 [tril(L' dL, -1) + triu(dU U')] U'^-1  (de Hoog et al., 2011)."""
    g, (packed, order, _) = grads[0], outs
    if g is None:
        return [None]
    below, above = triangle(packed, True, -1), triangle(packed, False)
    unit = below + diag_embed(zeros_of(packed, packed.shape[:-1]) + 1.0)
    inner = triangle(matmul(transposed(unit), triangle(g, True, -1)), True, -1)
    inner = inner + triangle(matmul(triangle(g, False), transposed(above)), False)
    left = triangular_solve_op(transposed(unit), inner, lower=False, unit=True)
    both = transposed(triangular_solve_op(above, transposed(left), lower=False, unit=False))
    return [_rows(both, _inverse(order))]


def _inverse(order):
    """The inverse permutations of a batch of them: where(order[j] == i) summed over j."""
    n = order.shape[-1]
    hit = equal(expand_dims(order, -2), positions(n, 1, 3))
    return select(hit, positions(n, 2, 3), 0).sum(-1)


def _rows(x, order):
    """The rows of each matrix in another order."""
    return take_elements(x, 1, broadcast_to(expand_dims(order, -1), x.shape), "rows")


lu = library(
    "lu", _lu_numpy, lambda x: [(x.shape, x.dtype), (x.shape[:2], int64), (x.shape[:1], x.dtype)], _lu_lower,
    vjp=_lu_vjp, batch=into_first_axis, compiled_from=LOOPS_IN_PYTHON, samples=[(f(2, 3, 3),), (f(1, 1, 1),), (f(1, 5, 5),)],
)  # fmt: skip


# ---------------------------------------------------------------- triangular systems
@kernel
def triangular_solve_kernel(a: "T*", b: "T*", out: "T*", n: int, m: int, lower: int, unit: int, lo, hi):
    """Substitution, row by row: forward for a lower triangle, backward for an upper one."""
    for k in range(lo, hi):
        matrix, x = shift(a, k * n * n), shift(out, k * n * m)
        right = shift(b, k * n * m)
        for step in range(n):
            i = step if lower != 0 else n - 1 - step
            row = shift(x, i * m)
            for c in range(m):
                row[c] = right[i * m + c]
            first = 0 if lower != 0 else i + 1
            last = i if lower != 0 else n
            for j in range(first, last):
                factor = matrix[i * n + j]
                for c in range(m):
                    row[c] -= factor * x[j * m + c]
            if unit == 0:
                pivot = matrix[i * n + i]
                for c in range(m):
                    row[c] = row[c] / pivot


def _triangular_solve_numpy(a, b, lower, unit):
    out, n = np.array(b), a.shape[1]
    with np.errstate(all="ignore"):
        for i in range(n) if lower else range(n - 1, -1, -1):
            done = slice(0, i) if lower else slice(i + 1, n)
            out[:, i] -= (a[:, i, None, done] @ out[:, done])[:, 0]
            if not unit:
                out[:, i] /= a[:, i, i, None]
    return (out,)


def _triangular_solve_lower(build, node):
    a, b = node.inputs
    out, lower, unit = build.output(node), int(node.attrs["lower"]), int(node.attrs["unit"])
    build.call(triangular_solve_kernel.bind(T=build.storage(a.dtype)), node,
               [build.dense(a), build.dense(b), out, *b.shape[1:], lower, unit], extent=b.shape[0], writes=[out],
               cost=a.shape[1] * b.size)  # fmt: skip


def _triangular_gradient(g, out, a, lower, unit):
    back = neg(matmul(triangular_solve_op(transposed(a), g, lower=not lower, unit=unit), transposed(out)))
    return triangle(back, lower, int(unit) * (-1 if lower else 1))


triangular_solve_op = library(
    "triangular_solve", _triangular_solve_numpy, lambda a, b, lower, unit: [(b.shape, b.dtype)], _triangular_solve_lower,
    vjp=(lambda g, out, a, b, lower, unit: _triangular_gradient(g, out, a, lower, unit),
         lambda g, out, a, b, lower, unit: triangular_solve_op(transposed(a), g, lower=not lower, unit=unit)),
    batch=into_first_axis, compiled_from=LOOPS_IN_PYTHON,
    samples=[(spd(2, 3, 3), f(2, 3, 2), {"lower": True, "unit": False}),
             (spd(1, 3, 3), f(1, 3, 1), {"lower": False, "unit": False}),
             (f(1, 3, 3), f(1, 3, 2), {"lower": True, "unit": True})],
)  # fmt: skip


# ---------------------------------------------------------------- Cholesky
@kernel(fastmath=("contract", "reassoc", "nsz"))
def cholesky_kernel(x: "T*", out: "T*", n: int, lo, hi):
    """Row by row, from the lower triangle; NaN where the matrix is not positive definite."""
    for b in range(lo, hi):
        a, l = shift(x, b * n * n), shift(out, b * n * n)
        for i in range(n):
            for j in range(n):
                if j > i:
                    l[i * n + j] = T(0)
                else:
                    rest = a[i * n + j]
                    for k in range(j):
                        rest -= l[i * n + k] * l[j * n + k]
                    l[i * n + j] = sqrt(rest) if i == j else rest / l[j * n + j]


def _cholesky_numpy(x):
    try:
        return (np.linalg.cholesky(x),)
    except np.linalg.LinAlgError:
        raise fail(RuntimeError, "For 'Cholesky', the matrices must be symmetric and positive definite.") from None


def _cholesky_lower(build, node):
    x, out = node.inputs[0], build.output(node)
    build.call(cholesky_kernel.bind(T=build.storage(x.dtype)), node, [build.dense(x), out, x.shape[1]],
               extent=x.shape[0], writes=[out], cost=x.size * x.shape[1])  # fmt: skip


def _cholesky_vjp(g, out, x):
    """dA = L'^-1 phi(L' dL) L^-1 with phi the lower triangle and half the diagonal (Murray, 2016), on the triangle read."""
    inner = triangle(matmul(transposed(out), triangle(g, True)), True)
    inner = inner - diag_embed(diagonal(inner, 0, -2, -1)) * 0.5
    left = triangular_solve_op(transposed(out), inner + transposed(inner), lower=False, unit=False)
    both = triangular_solve_op(transposed(out), transposed(left), lower=False, unit=False)
    return triangle(both, True) - diag_embed(diagonal(both, 0, -2, -1)) * 0.5


cholesky_op = library(
    "cholesky", _cholesky_numpy, lambda x: [(x.shape, x.dtype)], _cholesky_lower, vjp=(_cholesky_vjp,),
    batch=into_first_axis,
    samples=[(spd(2, 3, 3),), (spd(1, 1, 1),)],
)  # fmt: skip


# ---------------------------------------------------------------- Householder's QR
@device
def reflect(v, row, tau, a, columns, first, end, rows, along):
    """Columns [first, end) of rows 0 to ``rows`` of a become (1 - tau v v') a, where v[0] is 1 and v[i] lies at i * ``row``.

    ``along``: room for what a row of v' a has.  Rows are walked, as their elements lie side by side.
    """
    for j in range(first, end):
        along[j] = a[j]
    for i in range(1, rows):
        factor = v[i * row]
        for j in range(first, end):
            along[j] += factor * a[i * columns + j]
    for j in range(first, end):
        along[j] *= tau
        a[j] -= along[j]
    for i in range(1, rows):
        factor = v[i * row]
        for j in range(first, end):
            a[i * columns + j] -= factor * along[j]


@kernel(fastmath=("contract", "reassoc", "nsz"))
def householder_qr_kernel(x: "T*", out: "T*", tau: "T*", room: "T*", m: int, n: int, k: int, lo, hi):
    """R above, the reflectors v (v[0] = 1 left out) below the diagonal:  H = 1 - tau v v', as LAPACK's geqrf."""
    for b in range(lo, hi):
        a, source, t = shift(out, b * m * n), shift(x, b * m * n), shift(tau, b * k)
        for i in range(m * n):
            a[i] = source[i]
        for c in range(k):
            largest = T(0)  # of which all are fractions: their squares neither overflow nor vanish
            for i in range(c, m):
                largest = fabs(a[i * n + c]) if fabs(a[i * n + c]) > largest else largest
            rest = T(0)
            for i in range(c + 1, m):
                part = a[i * n + c] / largest if largest > T(0) else a[i * n + c]
                rest += part * part
            t[c] = T(0)
            if rest != T(0):
                alpha = a[c * n + c] / largest
                beta = sqrt(alpha * alpha + rest)
                if alpha > T(0):
                    beta = -beta
                t[c] = (beta - alpha) / beta
                for i in range(c + 1, m):
                    a[i * n + c] = a[i * n + c] / largest / (alpha - beta)
                a[c * n + c] = beta * largest
                reflect(shift(a, c * n + c), n, t[c], shift(a, c * n), n, c + 1, n, m - c, shift(room, b * n))


@kernel(fastmath=("contract", "reassoc", "nsz"))
def householder_product_kernel(a: "T*", tau: "T*", out: "T*", room: "T*", m: int, n: int, k: int, columns: int, lo, hi):
    """The first columns of H(0) H(1) ... H(k - 1), from the reflectors below the diagonal of a."""
    for b in range(lo, hi):
        v, t, q = shift(a, b * m * n), shift(tau, b * k), shift(out, b * m * columns)
        for i in range(m):
            for j in range(columns):
                q[i * columns + j] = T(1) if i == j else T(0)
        for c in range(k - 1, -1, -1):  # what is left of column c is 0 in the rows from c on
            reflect(
                shift(v, c * n + c),
                n,
                t[c],
                shift(q, c * columns),
                columns,
                c,
                columns,
                m - c,
                shift(room, b * columns),
            )


def _householder_qr_numpy(x):
    h, tau = np.linalg.qr(x, "raw")
    return np.ascontiguousarray(np.swapaxes(h, -1, -2)), tau


def _householder_qr_infer(x):
    return [(x.shape, x.dtype), ((x.shape[0], min(x.shape[1:])), x.dtype)]


def _reflect(build, node, x, packed, tau):
    batch, m, n = x.shape
    room = build.temp((batch, n), x.dtype)
    build.call(householder_qr_kernel.bind(T=build.storage(x.dtype)), node, [build.dense(x), packed, tau, room, m, n, min(m, n)],
               extent=batch, writes=[packed, tau, room], cost=x.size * min(m, n))  # fmt: skip


def _call_householder_product(build, node, packed, tau, out, k):
    _, m, n = packed.shape
    columns = out.shape[-1]
    room = build.temp((out.shape[0], columns), packed.dtype)
    build.call(householder_product_kernel.bind(T=build.storage(packed.dtype)), node, [packed, tau, out, room, m, n, k, columns],
               extent=out.shape[0], writes=[out, room], cost=m * columns * k * out.shape[0])  # fmt: skip


householder_qr = library(
    "householder_qr", _householder_qr_numpy, _householder_qr_infer,
    lambda build, node: _reflect(build, node, node.inputs[0], build.output(node), build.output(node, 1)),
    batch=into_first_axis, samples=[(f(2, 4, 3),), (f(1, 2, 3),)],
)  # fmt: skip


def _householder_product_numpy(packed, tau, columns):
    batch, m, _ = packed.shape
    q = np.zeros((batch, m, columns), packed.dtype)
    q[:, range(min(m, columns)), range(min(m, columns))] = 1
    for c in range(tau.shape[1] - 1, -1, -1):
        v = np.array(packed[:, :, c])
        v[:, :c], v[:, c] = 0, 1
        q -= tau[:, c, None, None] * v[:, :, None] * (v[:, None, :] @ q)
    return (q,)


householder_product = library(
    "householder_product", _householder_product_numpy, lambda packed, tau, columns: [((*packed.shape[:2], columns), packed.dtype)],
    lambda build, node: _call_householder_product(build, node, build.dense(node.inputs[0]), build.dense(node.inputs[1]),
                                    build.output(node), node.inputs[1].shape[1]),
    batch=into_first_axis,
    samples=[(f(2, 4, 3), f(2, 3), {"columns": 3}), (f(1, 3, 2), f(1, 2), {"columns": 3})],
)  # fmt: skip


def _qr_numpy(x, columns):
    packed, tau = _householder_qr_numpy(x)
    k = min(columns, x.shape[1])
    return _householder_product_numpy(packed, tau, columns)[0], np.triu(packed[:, :k])


def _qr_lower(build, node):
    x, columns = node.inputs[0], node.attrs["columns"]
    batch, m, n = x.shape
    packed, tau = build.temp(x.shape, x.dtype), build.temp((batch, min(m, n)), x.dtype)
    q, r = build.output(node), build.output(node, 1)
    _reflect(build, node, x, packed, tau)
    _call_householder_product(build, node, packed, tau, q, min(m, n))
    build.call(
        upper_triangle_kernel.bind(T=build.storage(x.dtype)), node, [packed, r, m, n, columns], extent=batch, writes=[r]
    )


@kernel
def upper_triangle_kernel(a: "T*", out: "T*", m: int, n: int, rows: int, lo, hi):
    for b in range(lo, hi):
        for i in range(rows):
            for j in range(n):
                out[(b * rows + i) * n + j] = a[(b * m + i) * n + j] if j >= i else T(0)


def _qr_vjp(needs, grads, outs, inputs, columns):
    """dA = [dQ + Q sym(R dR' - dQ' Q)] R'^-1, sym copying the lower triangle up (Walter and Lehmann, 2012).

    A wide matrix is [X Y] with X = Q U, Y = Q V: R = [U V], and Y's part goes through Q' Y.
    """
    (q, r), (dq, dr) = outs, grads
    m, n = inputs[0].shape[1:]
    dq = zeros_of(q, q.shape) if dq is None else dq
    dr = zeros_of(r, r.shape) if dr is None else dr
    if columns > min(m, n):
        raise fail(NotImplementedError, "For 'qr', only mode 'reduced' has a gradient for a tall matrix.")
    dy = None
    if m < n:
        y, dv = slice_along(inputs[0], 2, m, n - m), slice_along(dr, 2, m, n - m)
        dq, dy = dq + matmul(y, transposed(dv)), matmul(q, dv)
        r, dr = slice_along(r, 2, 0, m), slice_along(dr, 2, 0, m)
    inner = matmul(r, transposed(dr)) - matmul(transposed(dq), q)
    symmetric = triangle(inner, True) + transposed(triangle(inner, True, -1))
    dx = transposed(triangular_solve_op(r, transposed(dq + matmul(q, symmetric)), lower=False, unit=False))
    return [dx if dy is None else concat([dx, dy], 2)]


qr_op = library(
    "qr", _qr_numpy,
    lambda x, columns: [((*x.shape[:2], columns), x.dtype), ((x.shape[0], columns, x.shape[2]), x.dtype)], _qr_lower,
    vjp=_qr_vjp, batch=into_first_axis,
    samples=[(f(2, 4, 3), {"columns": 3}), (f(1, 3, 3), {"columns": 3}), (f(1, 2, 4), {"columns": 2})],
)  # fmt: skip


# ---------------------------------------------------------------- singular values
@device
def new_column(a, m, c):
    """Row c of a, of m elements, becomes a vector of length 1, orthogonal to the rows before it (Gram and Schmidt)."""
    best, left = 0, -1.0
    for k in range(m):  # the axis of which most is left
        rest = 1.0
        for j in range(c):
            rest -= a[j * m + k] * a[j * m + k]
        if rest > left:
            best, left = k, rest
    for i in range(m):
        a[c * m + i] = 1.0 if i == best else 0.0
    for _ in range(2):  # once more for what rounding left
        for j in range(c):
            along = a[j] * 0.0
            for i in range(m):
                along += a[j * m + i] * a[c * m + i]
            for i in range(m):
                a[c * m + i] -= along * a[j * m + i]
    total = 0.0
    for i in range(m):
        total += a[c * m + i] * a[c * m + i]
    for i in range(m):
        a[c * m + i] /= sqrt(total)


@device
def turn(a, p, q, m, c, d):
    """Rows p and q of a, of m elements, become c p - d q and d p + c q."""
    first, second = shift(a, p * m), shift(a, q * m)
    for i in range(m):
        left, right = first[i], second[i]
        first[i] = c * left - d * right
        second[i] = d * left + c * right


@kernel(fastmath=("contract", "reassoc", "nsz"))
def jacobi_kernel(x: "T*", u: "T*", s: "T*", v: "T*", room: "T*", m: int, n: int, precision: int, lo, hi):
    """One-sided Jacobi (Hestenes): columns of x (m >= n) are turned in pairs until all are orthogonal.

    They are rows of the scratch memory.  For a singular value of 0 the column of u is made up.  A matrix with an infinity or NaN has
    no decomposition: all NaN.
    """
    for b in range(lo, hi):
        a, values, source = shift(room, b * (m + n) * n), shift(s, b * n), shift(x, b * m * n)
        w, left_out, right_out = shift(a, m * n), shift(u, b * m * n), shift(v, b * n * n)
        strange, largest = 0, T(0)
        for i in range(m * n):
            strange += 0 if fabs(source[i]) < T(inf) else 1
            largest = fabs(source[i]) if fabs(source[i]) > largest else largest
        if strange != 0:
            none = T(inf) - T(inf)
            for i in range(m * n):
                left_out[i] = none
            for i in range(n * n):
                right_out[i] = none
            for i in range(n):
                values[i] = none
            continue
        unit = T(1) if T(1e-8) < largest < T(1e8) or largest == T(0) else largest  # squares stay in range
        for c in range(n):
            for i in range(m):
                a[c * m + i] = source[i * n + c] / unit
            for i in range(n):
                w[c * n + i] = T(1) if i == c else T(0)
        turned = 1
        sweep = 0
        while turned != 0 and sweep < 60:
            turned = 0
            sweep += 1
            for p in range(n):
                for q in range(p + 1, n):
                    first, second = shift(a, p * m), shift(a, q * m)
                    pp, qq, pq = T(0), T(0), T(0)
                    for i in range(m):
                        pp += first[i] * first[i]
                        qq += second[i] * second[i]
                        pq += first[i] * second[i]
                    if fabs(pq) > sqrt(pp) * sqrt(qq) / T(precision) and pq != T(0):
                        turned = 1
                        zeta = (qq - pp) / (T(2) * pq)
                        t = T(1) / (fabs(zeta) + sqrt(T(1) + zeta * zeta))
                        if zeta < T(0):
                            t = -t
                        c = T(1) / sqrt(T(1) + t * t)
                        turn(a, p, q, m, c, c * t)
                        turn(w, p, q, n, c, c * t)
        for c in range(n):
            total = T(0)
            for i in range(m):
                total += a[c * m + i] * a[c * m + i]
            values[c] = sqrt(total)
        for c in range(n):  # the largest first
            best = c
            for k in range(c + 1, n):
                if values[k] > values[best]:
                    best = k
            if best != c:
                values[c], values[best] = values[best], values[c]
                for i in range(m):
                    a[c * m + i], a[best * m + i] = a[best * m + i], a[c * m + i]
                for i in range(n):
                    w[c * n + i], w[best * n + i] = w[best * n + i], w[c * n + i]
            top = 0
            for i in range(n):
                if fabs(w[c * n + i]) > fabs(w[c * n + top]) * T(1.001):
                    top = i
            sign = T(-1) if w[c * n + top] < T(0) else T(1)
            for i in range(n):
                w[c * n + i] *= sign
            if values[c] > T(0):
                for i in range(m):
                    a[c * m + i] *= sign / values[c]
            else:
                new_column(a, m, c)
        for c in range(n):
            values[c] *= unit
            for i in range(m):
                left_out[i * n + c] = a[c * m + i]
            for i in range(n):
                right_out[i * n + c] = w[c * n + i]


def _svd_numpy(x):
    strange = ~np.isfinite(x).all((1, 2))  # LAPACK may not come to an end with infinities
    if strange.any():
        found = _svd_numpy(np.where(strange[:, None, None], 0, x))
        return tuple(np.where(strange.reshape(-1, *[1] * (a.ndim - 1)), np.nan, a).astype(x.dtype) for a in found)
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    v = np.swapaxes(vt, -1, -2)
    batch, columns = np.arange(len(v))[:, None], np.arange(v.shape[2])
    top = np.zeros((len(v), v.shape[2]), np.int64)
    for i in range(v.shape[1]):  # the sign for which the first of the largest elements of v is positive
        top = np.where(np.abs(v[:, i]) > np.abs(v[batch, top, columns]) * 1.001, i, top)
    sign = np.where(v[batch, top, columns] < 0, -1, 1).astype(x.dtype)[:, None]
    return u * sign, s, np.ascontiguousarray(v * sign)


def _svd_infer(x):
    batch, _, n = x.shape
    return [(x.shape, x.dtype), ((batch, n), x.dtype), ((batch, n, n), x.dtype)]


def _svd_lower(build, node):
    x = node.inputs[0]
    outs = [build.output(node, k) for k in range(3)]
    precision = 2**50 if x.dtype.itemsize == 8 else 2**23
    batch, m, n = x.shape
    room = build.temp((batch, (m + n) * n), x.dtype)
    build.call(jacobi_kernel.bind(T=build.storage(x.dtype)), node, [build.dense(x), *outs, room, m, n, precision],
               extent=batch, writes=[*outs, room], cost=30 * x.size * x.shape[2])  # fmt: skip


def _svd_vjp(needs, grads, outs, inputs):
    """dA = U [(skew(U' dU) / E) S + S (skew(V' dV) / E) + dS] V' + (1 - U U') dU S^-1 V', E[i, j] = s[j]^2 - s[i]^2.

    (Townsend, 2016.)  Where singular values are equal, their vectors are not defined and get no gradient.
    """
    (u, s, v), (du, ds, dv) = outs, grads
    row, column = expand_dims(s, -2), expand_dims(s, -1)
    inner = None if ds is None else diag_embed(ds)
    if du is not None or dv is not None:
        gap = row * row - column * column
        weight = select(equal(gap, 0.0), 0.0, 1.0 / select(equal(gap, 0.0), 1.0, gap))
    if du is not None:
        skew = matmul(transposed(u), du)
        part = (skew - transposed(skew)) * weight * row
        inner = part if inner is None else inner + part
    if dv is not None:
        skew = matmul(transposed(v), dv)
        part = (skew - transposed(skew)) * weight * column
        inner = part if inner is None else inner + part
    out = matmul(u, inner)
    if du is not None and u.shape[1] > u.shape[2]:
        scaled = du / select(equal(row, 0.0), 1.0, row)
        out = out + scaled - matmul(u, matmul(transposed(u), scaled))
    return [matmul(out, transposed(v))]


svd_op = library(
    "svd", _svd_numpy, _svd_infer, _svd_lower, vjp=_svd_vjp, batch=into_first_axis,
    samples=[(f(2, 4, 3),), (f(1, 3, 3),), (f(1, 5, 1),)],
)  # fmt: skip


__all__ = [
    "batch_of_matrices", "cholesky_op", "eye_like", "householder_product", "householder_qr", "lu", "qr_op", "svd_op",
    "transposed", "triangle", "triangular_solve_op",
]  # fmt: skip
