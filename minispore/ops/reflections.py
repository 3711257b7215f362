# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""QR by Householder reflections, of a batch of matrices (b, m, n) in float32 or float64."""

import numpy as np

from ..core.errors import fail
from ..core.kernel import device, kernel
from ..core.op import library
from ..core.samples import f
from . import lapack
from .batch import into_first_axis
from .concatenation import concat
from .decompositions import transposed, triangle, triangular_solve_op
from .products import matmul
from .slicing import slice_along, zeros_of

LEAST = 2 * lapack.LEAST  # reflectors from which LAPACK, for which matrices are turned, is the faster one


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
    if min(m, n) >= LEAST:
        lapack.call(build, node, lapack.qr_by_lapack, [build.dense(x), packed, tau, None, None, m, n, min(m, n)],
                    [(m * n, x.dtype), (n * lapack.BLOCK, x.dtype)], batch, [packed, tau], x.size * min(m, n))  # fmt: skip
        return
    room = build.temp((batch, n), x.dtype)
    build.call(householder_qr_kernel.bind(T=build.storage(x.dtype)), node, [build.dense(x), packed, tau, room, m, n, min(m, n)],
               extent=batch, writes=[packed, tau, room], cost=x.size * min(m, n))  # fmt: skip


def _call_householder_product(build, node, packed, tau, out, k):
    _, m, n = packed.shape
    columns = out.shape[-1]
    if LEAST <= k <= columns <= m:
        lapack.call(build, node, lapack.reflections_by_lapack, [packed, tau, out, None, None, m, n, k, columns],
                    [(m * columns, packed.dtype), (columns * lapack.BLOCK, packed.dtype)], out.shape[0], [out],
                    m * columns * k * out.shape[0])  # fmt: skip
        return
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


__all__ = ["householder_product", "householder_qr", "qr_op"]
