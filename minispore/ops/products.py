# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Matrix products."""

import builtins
import math

import numpy as np

from ..core import numeric
from ..core.dtype import bfloat16, float32, float64, promote
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import as_tensor, broadcast_shapes, library, to
from ..core.samples import f, i
from ..core.sizes import counted
from .batch import all_full, fold, unfold
from .bfloat_products import in_bfloat16, lower_bfloat
from .complex_parts import from_parts, imaginary_part, real_part
from .concatenation import concat
from .few_rows import TALL, has_few_rows, is_read_often, is_turned, lower_few_rows, lower_turned, stays_near
from .few_terms import FEW, lower_few_terms
from .gram import lower_gram
from .inputs import same_floats
from .methods import method
from .movement import axis_of, broadcast_to, expand_dims, reshape, squeeze, swapaxes
from .panel_products import has_panels, lower_panels
from .product_borders import NOTHING, border_of, pays, reads_once, shown_of
from .product_operands import items_of_products, product_operands
from .reduction import sum as sum_
from .slicing import slice_along
from .thin_products import MOST, lower_thin, lower_tiny


@kernel(fastmath=("contract", "reassoc", "nsz"))
def gemm(x: "T*", y: "T*", out: "T*", m: int, n: int, k: int, x_row: int, x_col: int, y_row: int, y_col: int,
         inner: int, x_outer: int, x_inner: int, y_outer: int, y_inner: int, terms: int, x_term: int, y_term: int,
         by_column: int, lo, hi):  # fmt: skip
    """out[b] = sum over ``terms`` of x[b, t] @ y[b, t], rows of out contiguous.

    One of each operand's two strides is 1; b = outer * inner + i.  [lo, hi) are matrices, or when there is one,
    its rows, or (by_column) its columns.  For small products of rows with rows (x @ y.T) BLAS takes twice the time that it
    takes with x transposed, which is transposed here therefore.
    """
    turned = local_TYPE(4096)
    order_x = int32(111) if x_col == 1 else int32(112)
    order_y = int32(111) if y_col == 1 else int32(112)
    # of a single row or column both strides may be 1: BLAS wants a distance as long as the other axis all the same
    lead_x = int32(max(x_row, k, 1) if x_col == 1 else max(x_col, m, 1))
    lead_y = int32(max(y_row, n, 1) if y_col == 1 else max(y_col, k, 1))
    first, last, r0, r1, c0, c1 = lo, hi, 0, m, 0, n
    if by_column == 0:
        first, last, r0, r1 = 0, 1, lo, hi
    elif by_column == 1:
        first, last, c0, c1 = 0, 1, lo, hi
    for b in range(first, last):
        px = shift(x, (b // inner) * x_outer + (b % inner) * x_inner + r0 * x_row)
        py = shift(y, (b // inner) * y_outer + (b % inner) * y_inner + c0 * y_col)
        po = shift(out, b * m * n + r0 * n + c0)
        rows, columns = r1 - r0, c1 - c0
        if rows * k <= 32 and rows * columns * k <= 4096 and y_col == 1 and terms == 1:  # done before BLAS has begun
            for i in range(rows):
                for j in range(columns):
                    po[i * n + j] = T(0)
                for p in range(k):
                    a = px[i * x_row + p * x_col]
                    for j in range(columns):
                        po[i * n + j] += a * py[p * y_row + j]
        elif (
            x_col == 1
            and y_col != 1
            and terms == 1
            and 16 <= rows <= columns
            and 32 <= columns
            and rows * k <= 4096
            and (rows * columns * k <= 1000000)
        ):
            if b == first or x_outer != 0 or x_inner != 0:
                for i in range(rows):
                    for p in range(k):
                        turned[p * rows + i] = px[i * x_row + p]
            cblas_TYPEgemm(
                int32(101), int32(112), order_y, int32(rows), int32(columns), int32(k), T(1), turned, int32(rows),
                py, lead_y, T(0), po, int32(n),
            )  # fmt: skip
        else:
            for t in range(terms):
                cblas_TYPEgemm(
                    int32(101), order_x, order_y, int32(rows), int32(columns), int32(k), T(1), shift(px, t * x_term),
                    lead_x, shift(py, t * y_term), lead_y, T(min(t, 1)), po, int32(n),
                )  # fmt: skip


@counted
def _cut(m: int, n: int) -> tuple[int, int]:
    """(whether a product is cut by columns of the result, how many there are of what it is cut by)"""
    return (1, n) if n > 2 * m else (0, m)


def emit_product(
    build, node, x, y, out, sizes, x_strides, y_strides, batch, count: int, tiles: bool, border=NOTHING
) -> None:
    """The call for ``count`` products of m x k by k x n (``sizes``: m, n, k), by BLAS or register tiles.

    ``batch``: the inner count, then the outer and inner strides of x and y; one of each operand's two strides is 1.
    """
    m, n, k = sizes
    if border.leaves:
        tiles = tiles or reads_once(border.leaves, n, x_strides[1])
        lower = lower_panels if has_panels(x.dtype, sizes, 32) and not tiles else lower_few_rows
        return lower(build, node, x, y, out, sizes, x_strides, y_strides, batch, count, border)
    if x.dtype is bfloat16:
        return lower_bfloat(build, node, x, y, out, sizes, x_strides, y_strides, batch, count)
    arguments = build, node, x, y, out, sizes, x_strides, y_strides, batch, count
    if lower_tiny(*arguments) or lower_thin(*arguments):
        return
    if is_turned(build.workers, node.outs[0].dtype, sizes, x_strides, y_strides, batch, count):
        return lower_turned(build, node, x, y, out, sizes, x_strides, y_strides, batch, count)
    panels = has_panels(node.outs[0].dtype, sizes)
    if count == 1 and stays_near(node.outs[0].dtype, sizes, y_strides):
        tiles = tiles or not ((panels or k <= FEW) and build.has_epilogue(node))  # other kernels hand over more often
    if tiles and not (panels and m >= TALL and y_strides[1] != 1):
        return lower_few_rows(build, node, x, y, out, sizes, x_strides, y_strides, batch, count, NOTHING)
    if panels:
        return lower_panels(build, node, x, y, out, sizes, x_strides, y_strides, batch, count, NOTHING)
    if count == 1 and lower_few_terms(build, node, x, y, sizes, x_strides, y_strides):
        return
    by_column, extent = _cut(m, n) if count == 1 else (-1, count)
    build.call(
        gemm.bind(T=build.storage(node.outs[0].dtype)), node,
        [x, y, out, m, n, k, *x_strides, *y_strides, *batch, 1, 0, 0, by_column],
        extent=extent, writes=[out], cost=count * m * n * k // 4, items=items_of_products(x, y, out, batch, count),
    )  # fmt: skip


def _lower(build, node):
    x, y = node.inputs
    *batch, m, k = x.shape
    n = y.shape[-1]
    if lower_gram(build, node):
        return
    often = not batch and m > MOST and is_read_often(build, node, m, n, k)
    tiles = often or (bool(batch) and has_few_rows(x.dtype, m, n, k))
    if k == 0:
        return build.fill(build.output(node), 0)
    left, right, steps, right_steps, loops = product_operands(build, node, batch, columns=often)
    out, count = build.output(node), math.prod(batch)
    border = border_of(node) if batch else NOTHING
    emit_product(build, node, left, right, out, (m, n, k), steps, right_steps, loops, count, tiles, border)


def _infer(x, y):
    return [(x.shape[:-1] + y.shape[-1:], x.dtype)]


def _numpy(x, y):
    if x.dtype == bfloat16.np:  # NumPy has no fast product of them, and would round each sum on the way
        return (numeric.quietly(np.matmul, x.astype(np.float32), y.astype(np.float32)).astype(x.dtype),)
    return (numeric.quietly(np.matmul, x, y),)


def _batch(op, size, xs, batched, attrs):
    """One large product where one factor is a matrix for all examples and the other gives rows, or one column, each."""
    x, y = xs
    if batched == [True, False] and y.ndim == 2:
        return [unfold(op(fold(x, 0), y), 0, size)]
    if batched == [False, True] and x.ndim == 2 and y.shape[2] == 1:
        return [unfold(op(x, fold(y, 1)), 1, size)]
    return [op(*all_full(size, xs, batched))]


_matmul = library(
    "matmul", _numpy, _infer, _lower, batch=_batch,
    vjp=(lambda g, out, x, y: _product(g, swapaxes(y, -1, -2)), lambda g, out, x, y: _product(swapaxes(x, -1, -2), g)),
    samples=[(f(3, 4), f(4, 2)), (f(2, 3, 4), f(2, 4, 2)), (f(1, 5), f(5, 1))],
)  # fmt: skip


def _lower_shown(build, node):
    x, y, table = node.inputs
    *batch, m, k = x.shape
    n = y.shape[-1]
    left, right, steps, right_steps, loops = product_operands(build, node, batch, columns=False)
    tiles, count = bool(batch) and has_few_rows(x.dtype, m, n, k), math.prod(batch)
    border = shown_of(build.dense(table), batch, loops[0], count) if pays(x.dtype, m, n, k) else NOTHING
    emit_product(
        build, node, left, right, build.output(node), (m, n, k), steps, right_steps, loops, count, tiles, border
    )


def _shown_batch(op, size, xs, batched, attrs):
    x, y, table = all_full(size, xs, batched)
    missing = x.ndim - table.ndim  # axes of the batch that the table does not have
    return [op(x, y, reshape(table, (size, *(1,) * missing, *table.shape[1:])) if missing > 0 else table)]


# The product where ``table`` says that it is read (``shown_columns``); what is elsewhere is not defined.
matmul_shown = library(
    "matmul_shown", lambda x, y, table: _numpy(x, y), lambda x, y, table: _infer(x, y), _lower_shown,
    vjp=(lambda g, out, x, y, table: _product(g, swapaxes(y, -1, -2)), lambda g, out, x, y, table: _product(swapaxes(x, -1, -2), g), None),
    batch=_shown_batch, samples=[(f(1, 3, 4), f(1, 4, 2), i(1, 1, 2, lo=0, hi=1)), (f(2, 1, 3, 4), f(2, 1, 4, 2), i(1, 2, lo=0, hi=1))],
)  # fmt: skip
matmul_shown.partly_defined = True


def _product(x, y):
    """The product of two batches of matrices of one type, float32, float64 or bfloat16, which is computed in float32 where that
    is faster."""
    (*batch, m, k), n = x.shape, y.shape[-1]
    if x.dtype is not bfloat16 or in_bfloat16(bfloat16, m, n, k, math.prod(batch)):
        return _matmul(x, y)
    return to(_matmul(to(x, float32), to(y, float32)), bfloat16)


@method("matmul", operator="matmul")
def matmul(input, other):
    """Matrix product over the last two axes: ``out[..., i, j] = sum_k input[..., i, k] * other[..., k, j]``.

    The axes before them broadcast. A 1-d ``input`` is taken as a row, a 1-d ``other`` as a column, and that axis is
    left out of the result. Integers are computed in float64 (exact up to 2**53), 16-bit floats in float32.

    Args:
        input (Tensor): shape (*A, m, k) or (k,); numbers.
        other (Tensor): shape (*B, k, n) or (k,); numbers.

    Returns:
        Tensor of shape (*broadcast of A and B, m, n); the common type of the inputs.

    Raises:
        ValueError: an input has no axis, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(matmul(ms.Tensor([[1.0, 2.0]]), ms.Tensor([[3.0], [4.0]])))
    [[11.]]
    """
    x, y = as_tensor(input), as_tensor(other)
    if x.ndim == 0 or y.ndim == 0:
        raise fail(
            ValueError, f"For 'matmul', the inputs must have at least one axis, but got {x.shape} and {y.shape}."
        )
    same_floats("matmul", input=x, other=y)
    dtype = promote(x.dtype, y.dtype)
    if dtype.is_complex:
        return _of_parts(to(x, dtype), to(y, dtype))
    # BLAS multiplies float32 and float64; whole numbers are exact in float64 up to 2**53
    inner = dtype if dtype in (float32, float64, bfloat16) else float32 if dtype.is_float else float64
    x, y = to(x, inner), to(y, inner)
    row, column = x.ndim == 1, y.ndim == 1
    if row:
        x = expand_dims(x, 0)
    if column:
        y = expand_dims(y, 1)
    if x.shape[-1] != y.shape[-2]:
        raise fail(
            ValueError,
            f"For 'matmul', the last axis of the first input must equal the last but one of the second, but got shapes "
            f"{tuple(as_tensor(input).shape)} and {tuple(as_tensor(other).shape)}.",
        )
    if y.ndim == 2 and x.ndim > 2:  # one large product instead of many small ones
        out = (
            reshape(_product(reshape(x, (-1, x.shape[-1])), y), x.shape[:-1] + y.shape[-1:])
            if x.size
            else _product(x, broadcast_to(y, x.shape[:-2] + y.shape))
        )
    else:
        batch = broadcast_shapes("matmul", [x.shape[:-2], y.shape[:-2]])
        out = _product(broadcast_to(x, batch + x.shape[-2:]), broadcast_to(y, batch + y.shape[-2:]))
    if row:
        out = squeeze(out, -2)
    return to(squeeze(out, -1) if column else out, dtype)


def _of_parts(x, y):
    """The product of complex matrices, by four of real ones."""
    (a, b), (c, d) = ((real_part(t), imaginary_part(t)) for t in (x, y))
    return from_parts(matmul(a, c) - matmul(b, d), matmul(a, d) + matmul(b, c))


def check_batches(owner: str, x, y) -> None:
    """Refuses what are not two batches of matrices of one shape.

    Args:
        owner: str, for the message.
        x: Tensor.
        y: Tensor.

    Raises:
        ValueError: fewer than two axes, other numbers of axes, or other batches.
    """
    if x.ndim < 2 or x.ndim != y.ndim or x.shape[:-2] != y.shape[:-2]:
        raise fail(
            ValueError,
            f"For '{owner}', two batches of matrices are needed, but got shapes {x.shape} and {y.shape}.",
        )


def _check_matrices(owner: str, x, y) -> None:
    if x.ndim != 2 or y.ndim != 2:
        raise fail(ValueError, f"For '{owner}', two matrices are needed, but got shapes {x.shape} and {y.shape}.")


@method("bmm")
def bmm(input_x, mat2):
    """Products of two batches of matrices: ``out[b] = input_x[b] @ mat2[b]``.

    Args:
        input_x (Tensor): shape (*B, m, k); numbers.
        mat2 (Tensor): shape (*B, k, n); numbers.

    Returns:
        Tensor of shape (*B, m, n); the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(bmm(ms.Tensor([[[1.0, 2.0]]]), ms.Tensor([[[3.0], [4.0]]])))
    [[[11.]]]
    """
    check_batches("bmm", input_x, mat2)
    return matmul(input_x, mat2)


def mm(input, mat2):
    """Product of two matrices: ``input @ mat2``.

    Args:
        input (Tensor): shape (m, k); numbers.
        mat2 (Tensor): shape (k, n); numbers.

    Returns:
        Tensor of shape (m, n); the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(mm(ms.Tensor([[1.0, 2.0]]), ms.Tensor([[3.0], [4.0]])))
    [[11.]]
    """
    _check_matrices("mm", input, mat2)
    return matmul(input, mat2)


def outer(input, vec2):
    """Outer product of two vectors: ``out[i, j] = input[i] * vec2[j]``.

    Args:
        input (Tensor): m elements of any shape; numbers.
        vec2 (Tensor): shape (n,); numbers.  As in MindSpore one with more axes counts as it is: its last axis but one must
            be 1 or m.

    Returns:
        Tensor of shape (m, n), that of ``input.reshape(-1, 1) * vec2``; the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(outer(ms.Tensor([1, 2]), ms.Tensor([3, 4])))
    [[3 4]
     [6 8]]
    """
    return reshape(input, (-1, 1)) * vec2


def dense(input, weight, bias=None):
    """Affine map of nn.Dense: ``input @ weight.T + bias``.

    Args:
        input (Tensor): shape (*, in_channels); numbers.
        weight (Tensor): shape (out_channels, in_channels) or (in_channels,); numbers.
        bias (Tensor): shape (out_channels,) or (); None for no bias. Default: None.

    Returns:
        Tensor of shape (*, out_channels), (*) for a 1-d ``weight``; the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(dense(ms.Tensor([[1.0, 2.0]]), ms.Tensor([[3.0, 4.0], [5.0, 6.0]]), ms.Tensor([1.0, 1.0])))
    [[12. 18.]]
    """
    out = matmul(input, swapaxes(weight, -1, -2) if weight.ndim > 1 else weight)
    return out if bias is None else out + bias


def addmm(input, mat1, mat2, *, beta=1, alpha=1):
    """Sum with a matrix product: ``beta * input + alpha * mat1 @ mat2``.

    Args:
        input (Tensor): a shape that broadcasts to (m, n); numbers.
        mat1 (Tensor): shape (m, k); numbers.
        mat2 (Tensor): shape (k, n); numbers.
        beta (number): factor of ``input``. Default: 1.
        alpha (number): factor of the product. Default: 1.

    Returns:
        Tensor of shape (m, n); the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(addmm(ms.Tensor([[1.0]]), ms.Tensor([[1.0, 2.0]]), ms.Tensor([[3.0], [4.0]]), alpha=2))
    [[23.]]
    """
    _check_matrices("addmm", mat1, mat2)
    return input * beta + matmul(mat1, mat2) * alpha


# ---------------------------------------------------------------- products of vectors, and sums with products
@method("cross")
def cross(input, other, dim=None):
    """Vector product of vectors of length 3 along an axis: ``out[0] = x[1] * y[2] - x[2] * y[1]``, and so on.

    Args:
        input (Tensor): any shape with an axis of length 3; numbers.
        other (Tensor): a shape that broadcasts; numbers.
        dim (int): the axis; None for the first axis of length 3. Default: None.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs.

    Raises:
        ValueError: the axis does not have length 3, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(cross(ms.Tensor([1.0, 0.0, 0.0]), ms.Tensor([0.0, 1.0, 0.0])))
    [0. 0. 1.]
    """
    shape = broadcast_shapes("cross", [input.shape, other.shape])
    if dim is None:
        if 3 not in shape:
            raise fail(ValueError, f"For 'cross', an axis of length 3 is needed, but the shape is {shape}.")
        a = shape.index(3)
    else:
        a = axis_of("cross", len(shape), dim)
    if shape[a] != 3:
        raise fail(ValueError, f"For 'cross', the axis {a} must have length 3, but got {shape[a]}.")
    x, y = ([slice_along(broadcast_to(t, shape), a, k, 1) for k in builtins.range(3)] for t in (input, other))
    return concat([x[i] * y[j] - x[j] * y[i] for i, j in ((1, 2), (2, 0), (0, 1))], a)


def mv(mat, vec):
    """Product of a matrix and a vector: ``mat @ vec``.

    Args:
        mat (Tensor): shape (m, n); numbers.
        vec (Tensor): shape (n,); numbers.

    Returns:
        Tensor of shape (m,); the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(mv(ms.Tensor([[1.0, 2.0]]), ms.Tensor([3.0, 4.0])))
    [11.]
    """
    if mat.ndim != 2 or vec.ndim != 1:
        raise fail(ValueError, f"For 'mv', a matrix and a vector are needed, but got {mat.shape} and {vec.shape}.")
    return matmul(mat, vec)


@method("ger")
def ger(input, vec2):
    """Outer product of two vectors: ``out[i, j] = input[i] * vec2[j]``.

    Args:
        input (Tensor): shape (m,); numbers.
        vec2 (Tensor): shape (n,); numbers.

    Returns:
        Tensor of shape (m, n); the common type of the inputs.

    >>> import minispore as ms
    >>> print(ger(ms.Tensor([1.0, 2.0]), ms.Tensor([3.0, 4.0])))
    [[3. 4.]
     [6. 8.]]
    """
    return expand_dims(input, 1) * expand_dims(vec2, 0)


@method("addmv")
def addmv(input, mat, vec, *, beta=1, alpha=1):
    """Sum with a product of a matrix and a vector: ``beta * input + alpha * mat @ vec``.

    Args:
        input (Tensor): a shape that broadcasts to (m,); numbers.
        mat (Tensor): shape (m, n); numbers.
        vec (Tensor): shape (n,); numbers.
        beta (number): factor of ``input``. Default: 1.
        alpha (number): factor of the product. Default: 1.

    Returns:
        Tensor of shape (m,); the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(addmv(ms.Tensor([1.0]), ms.Tensor([[1.0, 2.0]]), ms.Tensor([3.0, 4.0])))
    [12.]
    """
    return input * beta + mv(mat, vec) * alpha


@method("addr")
def addr(x, vec1, vec2, *, beta=1, alpha=1):
    """Sum with an outer product: ``beta * x + alpha * outer(vec1, vec2)``.

    Args:
        x (Tensor): a shape that broadcasts to (m, n); numbers.
        vec1 (Tensor): shape (m,); numbers.
        vec2 (Tensor): shape (n,); numbers.
        beta (number): factor of ``x``. Default: 1.
        alpha (number): factor of the product. Default: 1.

    Returns:
        Tensor of shape (m, n); the common type of the inputs.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(addr(ms.Tensor([[1.0, 2.0]]), ms.Tensor([2.0]), ms.Tensor([3.0, 4.0])))
    [[ 7. 10.]]
    """
    return x * beta + ger(vec1, vec2) * alpha


@method("baddbmm")
def baddbmm(input, batch1, batch2, beta=1, alpha=1):
    """Sum with products of batches of matrices: ``beta * input + alpha * batch1 @ batch2``.

    Args:
        input (Tensor): a shape that broadcasts to (b, m, n); numbers.
        batch1 (Tensor): shape (b, m, k); numbers.
        batch2 (Tensor): shape (b, k, n); numbers.
        beta (number): factor of ``input``. Default: 1.
        alpha (number): factor of the products. Default: 1.

    Returns:
        Tensor of shape (b, m, n); the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(baddbmm(ms.Tensor([[[1.0]]]), ms.Tensor([[[2.0]]]), ms.Tensor([[[3.0]]]), alpha=2))
    [[[13.]]]
    """
    check_batches("baddbmm", batch1, batch2)
    return input * beta + matmul(batch1, batch2) * alpha


@method("addbmm")
def addbmm(input, batch1, batch2, *, beta=1, alpha=1):
    """Sum with the sum of products of matrices: ``beta * input + alpha * sum_b batch1[b] @ batch2[b]``.

    Args:
        input (Tensor): a shape that broadcasts to (m, n); numbers.
        batch1 (Tensor): shape (b, m, k); numbers.
        batch2 (Tensor): shape (b, k, n); numbers.
        beta (number): factor of ``input``. Default: 1.
        alpha (number): factor of the sum. Default: 1.

    Returns:
        Tensor of shape (m, n); the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(addbmm(ms.Tensor([[1.0]]), ms.Tensor([[[2.0]], [[4.0]]]), ms.Tensor([[[3.0]], [[5.0]]])))
    [[27.]]
    """
    check_batches("addbmm", batch1, batch2)
    if batch1.ndim != 3:
        raise fail(
            ValueError, f"For 'addbmm', the batches must have 3 axes, but got shapes {batch1.shape} and {batch2.shape}."
        )
    return input * beta + sum_(matmul(batch1, batch2), 0) * alpha


__all__ = [
    "addbmm", "addmm", "addmv", "addr", "baddbmm", "bmm", "cross", "dense", "ger", "matmul", "mm", "mv", "outer",
]  # fmt: skip
