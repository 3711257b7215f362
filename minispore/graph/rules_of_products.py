"""Rewrite rules of products: what they read is not arranged anew, and those of few rows or terms are sums."""

from ..core.ir import make, view_source
from ..core.op import REGISTRY
from ..core.record import Value
from ..core.sizes import decided
from .rules import LAST, SHORTEST_ROW, rule

FEW_TERMS = 4  # of a product that is written out
# elements of one of a batch that is multiplied by vectors: BLAS has smaller ones in the first cache
LARGE_MATRIX = 1 << 13


@rule("transpose")
def transpose_of_product(node, inputs, uses):
    """(x @ y).T -> y.T @ x.T, where the product has no other use: GEMM reads either order, and the result is dense."""
    x, perm = inputs[0], node.attrs["perm"]
    if x.node is None or x.node.op.name != "matmul" or not swaps_matrices(perm) or uses(x) > 1:
        return None
    a, b = (make(node.op, (v,), {"perm": perm}, node) for v in x.node.inputs)
    return make(x.node.op, (b, a), {}, x.node)


@rule("transpose")
def transpose_inside_cast(node, inputs, uses):
    """cast(x.T).T -> cast(x); cast(x @ y).T -> cast((x @ y).T), where nothing else reads the product, for the rules above."""
    cast, attrs = inputs[0].node, node.attrs
    source = cast.inputs[0] if cast is not None and cast.op.name == "cast" else None
    if cast is None or source is None or source.node is None:
        return None
    back = source.node.op.name == "transpose" and attrs == source.node.attrs and swaps_matrices(attrs["perm"])
    alone = source.node.op.name == "matmul" and uses(source) == uses(inputs[0]) == 1 and swaps_matrices(attrs["perm"])
    if not back and not alone:
        return None
    return make(cast.op, (make(node.op, (source,), attrs, node),), cast.attrs, cast)


def swaps_matrices(perm) -> bool:
    """Whether a permutation swaps the last two axes."""
    return perm == (*range(len(perm) - 2), len(perm) - 1, len(perm) - 2)


@rule("reshape")
def reshape_inside_cast(node, inputs, uses):
    """reshape(cast(x)) -> cast(reshape(x)), where x is of a library op: the cast is fused with what reads it."""
    cast = inputs[0].node
    x = cast.inputs[0] if cast is not None and cast.op.name == "cast" and uses(inputs[0]) == 1 else None
    if cast is None or x is None or x.node is None or x.node.op.kind != "library":
        return None
    return make(cast.op, (make(node.op, (x,), node.attrs, node),), cast.attrs, cast)


@rule("matmul")
def cast_before_view(node, inputs, uses):
    """cast(x.T) @ y -> cast(x).T @ y: a product reads either order, while the cast would write the transposed matrix.  So
    with reshape: the cast is fused with what computes x."""
    moved = [_with_cast_inside(v) for v in inputs]
    if all(v is None for v in moved):
        return None
    return make(node.op, [v if m is None else m for v, m in zip(inputs, moved)], node.attrs, node)


def _with_cast_inside(v: Value):
    """view(cast(x)) for cast(view(x)), where the view swaps the last two axes, or is a reshape of what is not of a library
    op; else None."""
    cast = v.node
    view = cast.inputs[0].node if cast is not None and cast.op.name == "cast" else None
    if cast is None or view is None or view.op.name not in ("transpose", "reshape"):
        return None
    x = view.inputs[0]
    if view.op.name == "transpose" and not swaps_matrices(view.attrs["perm"]):
        return None
    if view.op.name == "reshape" and x.node is not None and x.node.op.kind == "library":
        return None
    return make(view.op, (make(cast.op, (x,), cast.attrs, cast),), view.attrs, view)


@rule("matmul")
def product_with_a_vector(node, inputs, uses):
    """A row or a column times a matrix, or times each other, as a sum of products: it reads the matrix once, where BLAS would rearrange it."""
    x, y = inputs
    (*batch, m, k), n = x.shape, y.shape[-1]
    if k < 2 or (m != 1 and n != 1):
        return None
    if x.dtype.itemsize < 4:  # each product would be rounded
        return None
    matrix, vector, axis = (y, x, 0) if m == 1 else (x, y, 1)  # ``axis`` of the matrix is summed
    if batch and (k * max(m, n) < LARGE_MATRIX or (matrix.node is not None and matrix.node.op.name == "broadcast_to")):
        return None  # several products of one matrix are one of several rows
    if matrix.node is not None and matrix.node.op.name == "transpose" and swaps_matrices(matrix.node.attrs["perm"]):
        matrix, axis = matrix.node.inputs[0], 1 - axis
    ends = (k, 1) if axis == 0 else (1, k)
    factor, axis = make(REGISTRY["reshape"], (vector,), {"shape": (*batch, *ends)}, node), len(batch) + axis
    summed = make(REGISTRY["reduce_sum"], (make(REGISTRY["mul"], (matrix, factor), {}, node),), {"axis": (axis,)}, node)
    return make(REGISTRY["reshape"], (summed,), {"shape": node.outs[0].shape}, node)


@decided
def _is_sum_of_few(m: int, n: int, k: int, size: int) -> bool:
    """``size``: bytes of an element, of which smaller ones would be rounded between, 0: only a single term."""
    return m > 1 and n >= SHORTEST_ROW and (k == 1 or (k <= FEW_TERMS and size >= 4))


@rule("matmul", rules=LAST)
def product_of_few_terms(node, inputs, uses):
    """A product of few terms as their sum: it is the result that takes the time, and what comes after it joins its loop."""
    x, y = inputs
    (*batch, m, k), n = x.shape, y.shape[-1]
    # The sizes of a weight are not those of a batch, which may change.
    weight = any(view_source(v).kind == "parameter" for v in inputs)
    if not _is_sum_of_few(m, n, k, x.dtype.itemsize if weight else 0):
        return None
    none, ones, total = (0,) * len(batch), (1,) * len(x.shape), None
    for p in range(int(k)):
        parts = (
            make(REGISTRY["slice"], (v,), {"begin": (*none, *begin), "step": ones, "size": (*batch, *size)}, node)
            for v, begin, size in ((x, (0, p), (m, 1)), (y, (p, 0), (1, n)))
        )
        term = make(REGISTRY["mul"], tuple(parts), {}, node)
        total = term if total is None else make(REGISTRY["add"], (total, term), {}, node)
    return total
