# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Singular values by Jacobi rotations, of a batch of matrices (b, m, n) in float32 or float64."""

import numpy as np

from ..core.kernel import device, kernel
from ..core.op import library
from ..core.samples import f
from . import lapack
from .batch import into_first_axis
from .decompositions import transposed
from .elementwise import equal, select
from .matrix import diag_embed
from .movement import expand_dims
from .products import matmul


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
    if x.shape[2] >= lapack.LEAST:
        lapack.lower_svd(build, node, outs, True)
        return
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


# ---------------------------------------------------------------- singular values without vectors
def _values_numpy(x):
    strange = ~np.isfinite(x).all((1, 2))
    found = np.linalg.svd(np.where(strange[:, None, None], 0, x), compute_uv=False)
    return (np.where(strange[:, None], np.nan, found).astype(x.dtype),)


def _values_lower(build, node):
    s = build.output(node)
    lapack.lower_svd(build, node, [s, s, s], False)


def _values_vjp(g, out, x):
    u, _, v = svd_op(x)
    return matmul(u * expand_dims(g, -2), transposed(v))


singular_values_op = library(
    "singular_values", _values_numpy, lambda x: [((x.shape[0], x.shape[2]), x.dtype)], _values_lower, vjp=(_values_vjp,),
    batch=into_first_axis, samples=[(f(2, 4, 3),), (f(1, 3, 3),)],
)  # fmt: skip


__all__ = ["singular_values_op", "svd_op"]
