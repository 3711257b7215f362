# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Products of a matrix with its own transpose: one half is computed, by BLAS or in bfloat16, and the other is copied.

So are products of such a product with itself, which is symmetric too: the iterations of Muon consist of them.
"""

from ..core.dtype import bfloat16
from ..core.ir import view_source
from ..core.kernel import kernel
from ..core.sizes import decided
from .bfloat_products import lower_bfloat, stored
from .product_operands import matrix_operand

LEAST_ROWS, LEAST_TERMS = 192, 64  # below them the copy costs what the half saves
PANEL, TILE = 64, 32


@kernel
def gram(x: "T*", out: "T*", m: int, k: int, x_row: int, x_col: int, lo, hi):
    """``out = x @ x.T`` from the diagonal to the right, for the rows of panels [lo, hi).  One of x's strides is 1."""
    first, end = lo * 64, min(hi * 64, m)
    rows, order = int32(end - first), int32(111) if x_col == 1 else int32(112)
    lead = int32(max(x_row, x_col))
    px, po = shift(x, first * x_row), shift(out, first * m + first)
    cblas_TYPEsyrk(int32(101), int32(121), order, rows, int32(k), T(1), px, lead, T(0), po, int32(m))
    if end < m:
        cblas_TYPEgemm(
            int32(101), order, int32(223) - order, rows, int32(m - end), int32(k), T(1), px, lead, shift(x, end * x_row), lead,
            T(0), shift(po, end - first), int32(m),
        )  # fmt: skip


@kernel
def mirror(out: "T*", m: int, lo, hi):
    """What is left of the diagonal from what is right of it, for the rows of tiles [lo, hi)."""
    for t in range(lo, hi):
        for u in range(t + 1):
            for i in range(t * 32, min(t * 32 + 32, m)):
                for j in range(u * 32, min(u * 32 + 32, i)):
                    out[i * m + j] = out[j * m + i]


@decided
def _may_be_gram(left: tuple, right: tuple) -> bool:
    return len(left) == 2 and left[0] == right[1] and left[0] >= LEAST_ROWS and left[1] >= LEAST_TERMS


def lower_gram(build, node) -> bool:
    """Emits the product, where it is of this kind."""
    x, y = node.inputs
    if view_source(x) is not view_source(y) or not _may_be_gram(x.shape, y.shape):
        return False
    left, right = build.operand(x), build.operand(y)
    same = not left.is_index and not right.is_index and left.buffer is right.buffer and left.offset == right.offset
    if not same or not (left.strides == right.strides[::-1] or (x is y and _is_symmetric(x))):
        return False
    left = matrix_operand(build, x)
    out, (m, k), types = build.output(node), x.shape, {"T": stored(left)}
    if x.dtype is bfloat16:
        one = (1, 0, 0, 0, 0)
        lower_bfloat(build, node, left, left, out, (m, m, k), left.strides, left.strides[::-1], one, 1, upper=True)
    else:
        build.call(gram.bind(**types), node, [left, out, m, k, *left.strides],
                   extent=-(-m // PANEL), writes=[out], cost=m * m * k // 8)  # fmt: skip
    build.call(mirror.bind(**types), node, [out, m], extent=-(-m // TILE), writes=[out], cost=m * m)
    return True


def _is_symmetric(v) -> bool:
    """Whether ``v`` is ``x @ x.T``, or the square of such a product."""
    if v.node is None or v.node.op.name != "matmul":
        return False
    x, y = v.node.inputs
    return _is_transposed(x, y) or _is_transposed(y, x) or (x is y and _is_symmetric(x))


def _is_transposed(x, y) -> bool:
    return y.node is not None and y.node.op.name == "transpose" and y.node.inputs[0] is x


__all__ = ["lower_gram"]
