# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Matrix decompositions: LU, Cholesky; and triangular systems.  See reflections.py for QR, singular_values.py for the SVD.

Each takes a batch of matrices (b, m, n) in float32 or float64.  NumPy evaluates them by LAPACK; the kernels below are
the textbook methods, for the small matrices that appear in models, and lapack.py has those of larger ones.  A batch is split between threads.
"""

import math

import numpy as np

from ..core.dtype import float32, float64, int32, int64
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import LOOPS_IN_PYTHON, library
from ..core.samples import f, spd
from ..core.tensor import Tensor
from . import lapack
from .batch import into_first_axis
from .creation import positions
from .elements import take_elements
from .elementwise import equal, neg, select
from .matrix import diag_embed, diagonal
from .movement import broadcast_to, expand_dims, reshape, swapaxes
from .products import matmul
from .slicing import zeros_of


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
    batch, n = x.shape[:2]
    if n >= lapack.LEAST:
        lapack.call(build, node, lapack.lu_by_lapack, [build.dense(x), *outs, None, None, n], [(n * n, x.dtype), (n, int32)],
                    batch, outs, x.size * n)  # fmt: skip
        return
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
    kernel_of_size = lapack.triangle_by_blas if a.shape[1] >= lapack.LEAST and b.shape[2] else triangular_solve_kernel
    build.call(kernel_of_size.bind(T=build.storage(a.dtype)), node,
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


# ---------------------------------------------------------------- inverses of larger matrices
def _inverse_numpy(x):
    try:
        return (np.linalg.inv(x),)
    except np.linalg.LinAlgError:  # of one of them
        if len(x) == 1:
            return (np.full_like(x, np.inf),)
        return (np.concatenate([_inverse_numpy(x[k : k + 1])[0] for k in range(len(x))]),)


def _inverse_lower(build, node):
    x, out = node.inputs[0], build.output(node)
    batch, n = x.shape[:2]
    lapack.call(build, node, lapack.inverse_by_lapack, [build.dense(x), out, None, None, n],
                [(n * lapack.BLOCK, x.dtype), (n, int32)], batch, [out], 2 * x.size * n)  # fmt: skip


inverse_op = library(
    "inverse", _inverse_numpy, lambda x: [(x.shape, x.dtype)], _inverse_lower, batch=into_first_axis,
    vjp=(lambda g, out, x: neg(matmul(matmul(transposed(out), g), transposed(out))),),
    samples=[(spd(2, 3, 3),), (spd(1, 1, 1),)],
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
    kernel_of_size = lapack.cholesky_by_lapack if x.shape[1] >= lapack.LEAST else cholesky_kernel
    build.call(kernel_of_size.bind(T=build.storage(x.dtype)), node, [build.dense(x), out, x.shape[1]],
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


__all__ = [
    "batch_of_matrices", "cholesky_op", "eye_like", "inverse_op", "lu", "transposed", "triangle", "triangular_solve_op",
]  # fmt: skip
