"""Written docstrings of primitive classes: elementwise functions, reductions, products."""

DOCSTRINGS = {
    "ReduceMean": """Args:
    keep_dims (bool): whether the axes stay, with length 1.
    axis (int | tuple[int] | Tensor): the axes; () for all. Default: ().

Returns:
    Tensor without the axes (or with length 1 there); the type of ``x``.

>>> import minispore as ms
>>> print(ReduceMean(keep_dims=True)(ms.Tensor([[1.0, 3.0]]), 1))
[[2.]]
""",
    "ReduceSum": """Args:
    keep_dims (bool): whether the axes stay, with length 1.
    skip_mode (bool): whether an empty tuple of axes means none, not all.
    axis (int | tuple[int] | Tensor): the axes; () for all. Default: ().

Returns:
    Tensor without the axes (or with length 1 there); the type of ``x``.

>>> import minispore as ms
>>> print(ReduceSum(keep_dims=True)(ms.Tensor([[1.0, 3.0]]), 1))
[[4.]]
""",
    "ReduceMax": """Args:
    axis (int | tuple[int] | Tensor): the axes; () for all. Default: ().

>>> import minispore as ms
>>> print(ReduceMax()(ms.Tensor([[1.0, 3.0], [4.0, 2.0]]), 1))
[3. 4.]
""",
    "ReduceMin": """Args:
    axis (int | tuple[int] | Tensor): the axes; () for all. Default: ().

>>> import minispore as ms
>>> print(ReduceMin()(ms.Tensor([[1.0, 3.0], [4.0, 2.0]]), 1))
[1. 2.]
""",
    "ReduceProd": """Args:
    axis (int | tuple[int] | Tensor): the axes; () for all. Default: ().

Returns:
    Tensor without the axes (or with length 1 there); the type of ``x``.

>>> import minispore as ms
>>> print(ReduceProd()(ms.Tensor([[1.0, 3.0], [4.0, 2.0]]), 1))
[3. 8.]
""",
    "ReduceAll": """Args:
    axis (int | tuple[int] | Tensor): the axes; () for all. Default: ().

>>> import minispore as ms
>>> print(ReduceAll()(ms.Tensor([[True, False], [True, True]]), 1))
[False  True]
""",
    "ReduceAny": """Args:
    axis (int | tuple[int] | Tensor): the axes; () for all. Default: ().

>>> import minispore as ms
>>> print(ReduceAny()(ms.Tensor([[True, False], [False, False]]), 1))
[ True False]
""",
    "ReduceStd": """Args:
    axis (int | tuple[int]): the axes; () for all.
    unbiased (bool): whether the divisor is the number of elements less 1.
    keep_dims (bool): whether the axes stay, with length 1.

>>> import minispore as ms
>>> print(*ReduceStd(unbiased=False)(ms.Tensor([1.0, 3.0])))
1.0 2.0
""",
    "ApproximateEqual": """Where ``|x - y| < tolerance``.

Args:
    tolerance (float): the smallest difference that counts.
    x (Tensor): any shape; numbers.
    y (Tensor): a shape that broadcasts against ``x``; numbers.

Returns:
    Tensor of the broadcast shape; bool.

>>> import minispore as ms
>>> print(ApproximateEqual(tolerance=0.5)(ms.Tensor([1.0, 2.0]), ms.Tensor([1.25, 3.0])))
[ True False]
""",
    "Argmax": """Args:
    output_type (dtype): the type of the result, int32 or int64.

Returns:
    Tensor without the axis ``axis``; ``output_type``.  It has no gradient.

>>> import minispore as ms
>>> print(Argmax()(ms.Tensor([[1.0, 3.0], [4.0, 2.0]])))
[1 0]
""",
    "Argmin": """Args:
    output_type (dtype): the type of the result, int32 or int64.

Returns:
    Tensor without the axis ``axis``; ``output_type``.  It has no gradient.

>>> import minispore as ms
>>> print(Argmin()(ms.Tensor([[1.0, 3.0], [4.0, 2.0]])))
[0 1]
""",
    "ArgMaxWithValue": """The first maximum along an axis and its position.

Args:
    axis (int): the axis.
    keep_dims (bool): whether the axis stays, with length 1.
    x (Tensor): any shape; numbers.

Returns:
    tuple of the position, int64, and the maximum, in the type of ``x``.

>>> import minispore as ms
>>> print(*ArgMaxWithValue(axis=1)(ms.Tensor([[1.0, 3.0], [4.0, 2.0]])))
[1 0] [3. 4.]
""",
    "ArgMinWithValue": """The first minimum along an axis and its position.

Args:
    axis (int): the axis.
    keep_dims (bool): whether the axis stays, with length 1.
    x (Tensor): any shape; numbers.

Returns:
    tuple of the position, int64, and the minimum, in the type of ``x``.

>>> import minispore as ms
>>> print(*ArgMinWithValue(axis=1)(ms.Tensor([[1.0, 3.0], [4.0, 2.0]])))
[0 1] [1. 2.]
""",
    "MatMul": """The product of two matrices.

Args:
    transpose_a (bool): whether ``x`` is transposed first.
    transpose_b (bool): whether ``y`` is transposed first.
    x (Tensor): shape (n, k), (k, n) if it is transposed; numbers.
    y (Tensor): shape (k, m), (m, k) if it is transposed; numbers.

Returns:
    Tensor of shape (n, m); the common type of the inputs.

Raises:
    ValueError: an input has not two axes, or the shapes do not fit.

>>> import minispore as ms
>>> print(MatMul(transpose_b=True)(ms.Tensor([[1.0, 2.0]]), ms.Tensor([[3.0, 4.0]])))
[[11.]]
""",
    "BatchMatMul": """Args:
    transpose_a (bool): whether the last two axes of ``x`` are exchanged first.
    transpose_b (bool): whether the last two axes of ``y`` are exchanged first.

>>> import minispore as ms
>>> BatchMatMul(transpose_b=True)(ms.ops.ones((2, 3, 4)), ms.ops.ones((2, 5, 4))).shape
(2, 3, 5)
""",
    "CumSum": """Args:
    exclusive (bool): whether an element itself is not in its sum.
    reverse (bool): whether the sums run from the end.

Returns:
    Tensor of the shape and type of ``x``.

Raises:
    ValueError: ``x`` has no axis, or ``axis`` is out of range.

>>> import minispore as ms
>>> print(CumSum(exclusive=True)(ms.Tensor([1.0, 2.0, 3.0]), 0), CumSum(reverse=True)(ms.Tensor([1.0, 2.0, 3.0]), 0))
[0. 1. 3.] [6. 5. 3.]
""",
    "CumProd": """Args:
    exclusive (bool): whether an element itself is not in its product.
    reverse (bool): whether the products run from the end.

Returns:
    Tensor of the shape and type of ``x``.

Raises:
    ValueError: ``x`` has no axis, or ``axis`` is out of range.

>>> import minispore as ms
>>> print(CumProd(exclusive=True)(ms.Tensor([1.0, 2.0, 3.0]), 0), CumProd(reverse=True)(ms.Tensor([1.0, 2.0, 3.0]), 0))
[1. 1. 2.] [6. 6. 3.]
""",
    "CumulativeLogsumexp": """Args:
    exclusive (bool): whether an element itself is not in its sum.
    reverse (bool): whether the sums run from the end.

>>> import minispore as ms
>>> print(CumulativeLogsumexp(exclusive=True)(ms.Tensor([1.0, 2.0]), 0))
[-3.4028235e+38  1.0000000e+00]
""",
    "DivNoNan": """``x / y``, and 0 where ``y`` is 0.

Args:
    x (Tensor | number): any shape; numbers.
    y (Tensor | number): a shape that broadcasts against ``x``; numbers.

Returns:
    Tensor of the broadcast shape; the common type of the inputs.

>>> import minispore as ms
>>> print(DivNoNan()(ms.Tensor([1.0, 2.0]), ms.Tensor([0.0, 4.0])))
[0.  0.5]
""",
    "MulNoNan": """``x * y``, and 0 where ``y`` is 0, also for an infinite ``x`` or NaN.

Args:
    x (Tensor | number): any shape; numbers.
    y (Tensor | number): a shape that broadcasts against ``x``; numbers.

Returns:
    Tensor of the broadcast shape; the common type of the inputs.

>>> import minispore as ms
>>> print(MulNoNan()(ms.Tensor([float("inf"), 2.0]), ms.Tensor([0.0, 4.0])))
[0. 8.]
""",
    "RealDiv": """``x / y``; of integers the quotient without its fraction.

Args:
    x (Tensor | number): any shape; numbers.
    y (Tensor | number): a shape that broadcasts against ``x``; numbers.

Returns:
    Tensor of the broadcast shape; the common type of the inputs.

>>> import minispore as ms
>>> print(RealDiv()(ms.Tensor([1.0, 2.0]), ms.Tensor([4.0, 4.0])), RealDiv()(ms.Tensor([-7]), ms.Tensor([2])))
[0.25 0.5 ] [-3]
""",
    "TruncateDiv": """The quotient of two integers without its fraction.

Args:
    x (Tensor | number): any shape; numbers.
    y (Tensor | number): a shape that broadcasts against ``x``; numbers.

Returns:
    Tensor of the broadcast shape; the common type of the inputs.

>>> import minispore as ms
>>> print(TruncateDiv()(ms.Tensor([-7, 7]), ms.Tensor([2, 2])))
[-3  3]
""",
    "SquaredDifference": """``(x - y) ** 2``.

Args:
    x (Tensor | number): any shape; numbers.
    y (Tensor): a shape that broadcasts against ``x``; numbers.

Returns:
    Tensor of the broadcast shape; the common type of the inputs.

>>> import minispore as ms
>>> print(SquaredDifference()(ms.Tensor([1.0, 4.0]), ms.Tensor([3.0, 3.0])))
[4. 1.]
""",
    "FillDiagonal": """A copy with one value on the main diagonal.

Args:
    fill_value (number): the value.
    wrap (bool): whether the diagonal begins anew below a square in a tall matrix.
    x (Tensor): at least two axes, more than two of equal length; numbers.

Returns:
    Tensor of the shape and type of ``x``.

>>> import minispore as ms
>>> print(FillDiagonal(9.0)(ms.ops.zeros((2, 3))))
[[9. 0. 0.]
 [0. 9. 0.]]
""",
    "L2Loss": """Half the sum of squares.

Args:
    x (Tensor): any shape; floats.

Returns:
    Tensor of shape (); the type of ``x``.

>>> import minispore as ms
>>> print(L2Loss()(ms.Tensor([1.0, 3.0])))
5.0
""",
    "LpNorm": """``sum(|x| ** p) ** (1 / p)`` over axes, at least ``epsilon``.

Args:
    axis (int | tuple[int] | list[int]): the axes.
    p (int): the order.
    keep_dims (bool): whether the axes stay, with length 1.
    epsilon (float): the smallest result.
    x (Tensor): any shape; floats.

Returns:
    Tensor without the axes (or with length 1 there); the type of ``x``.

>>> import minispore as ms
>>> print(LpNorm(1)(ms.Tensor([[3.0, 4.0]])))
[5.]
""",
    "MatrixInverse": """The inverse of each matrix.

Args:
    adjoint (bool): no effect, as in MindSpore. Default: False.
    x (Tensor): (..., M, M); floats or complex.

Returns:
    Tensor of the shape and type of ``x``.

>>> import minispore as ms
>>> print(MatrixInverse()(ms.Tensor([[2.0, 0.0], [0.0, 4.0]])))
[[0.5  0.  ]
 [0.   0.25]]
""",
    "MatrixDeterminant": """The determinant of each matrix.

Args:
    x (Tensor): (..., M, M); floats or complex.

Returns:
    Tensor (...); the type of ``x``.

>>> import minispore as ms
>>> print(MatrixDeterminant()(ms.Tensor([[2.0, 1.0], [0.0, 4.0]])))
8.0
""",
    "LogMatrixDeterminant": """The sign of each matrix's determinant and the logarithm of its size.

Args:
    x (Tensor): (..., M, M); floats or complex.

Returns:
    tuple of two Tensors (...): sign and logarithm; the type of ``x``.

>>> import minispore as ms
>>> sign, logarithm = LogMatrixDeterminant()(ms.Tensor([[2.0, 1.0], [0.0, -4.0]]))
>>> print(sign, logarithm.exp().round())
-1.0 8.0
""",
    "MatrixSolve": """The solution X of A X = B for each matrix.

Args:
    adjoint (bool): whether the conjugated transpose of A takes its place. Default: False.
    a (Tensor): A, (..., M, M); floats or complex.
    b (Tensor): B, (..., M, K); the type of ``a``.

Returns:
    Tensor (..., M, K).

>>> import minispore as ms
>>> print(MatrixSolve()(ms.Tensor([[2.0, 0.0], [0.0, 4.0]]), ms.Tensor([[1.0], [2.0]])))
[[0.5]
 [0.5]]
""",
    "Bincount": """The sum of the weights that come with each of the numbers 0 to ``size`` - 1; greater numbers are left out.

Args:
    array (Tensor): any shape; int32, not negative.
    size (Tensor): one int32, the length of the result.
    weights (Tensor): the shape of ``array``.

Returns:
    Tensor (size,); the type of ``weights``.

>>> import minispore as ms
>>> print(Bincount()(ms.Tensor([0, 2, 2], ms.int32), ms.Tensor(4, ms.int32), ms.Tensor([1.0, 2.0, 3.0])))
[1. 0. 5. 0.]
""",
    "LinSpace": """Numbers at equal distances.

Args:
    start (Tensor): shape (); a float, the first.
    stop (Tensor): shape (); the last, of the same type.
    num (int): how many, at least 1.

Returns:
    Tensor (num,); the type of ``start``.

>>> import minispore as ms
>>> print(LinSpace()(ms.Tensor(1.0), ms.Tensor(2.0), 5))
[1.   1.25 1.5  1.75 2.  ]
""",
    "Orgqr": """>>> import minispore as ms
>>> print(Orgqr()(ms.Tensor([[-5.0, 2.0], [0.5, 1.0]]), ms.Tensor([1.6, 0.0])))
[[-0.6 -0.8]
 [-0.8  0.6]]
""",
    "Qr": """Args:
    full_matrices (bool): whether Q is square ("complete"), otherwise "reduced".

>>> import minispore as ms
>>> q, r = Qr()(ms.Tensor([[3.0, 1.0], [4.0, 2.0]]))
>>> print((q @ r).asnumpy().round(3))
[[3. 1.]
 [4. 2.]]
""",
    "SquareSumAll": """The sums of squares of two Tensors.

Args:
    x (Tensor): any shape; floats.
    y (Tensor): the shape and type of ``x``.

Returns:
    tuple of two Tensors of shape ().

>>> import minispore as ms
>>> print(*SquareSumAll()(ms.Tensor([1.0, 2.0]), ms.Tensor([3.0, 0.0])))
5.0 9.0
""",
    "UnravelIndex": """Flat positions in a shape as positions along its axes, one row for each axis.

Args:
    indices (Tensor): shape (n,); integers.
    dims (Tensor): shape (ndim,); integers; the shape.

Returns:
    Tensor of shape (ndim, n); the type of ``indices``.

>>> import minispore as ms
>>> print(UnravelIndex()(ms.Tensor([1, 3, 5]), ms.Tensor([2, 3])))
[[0 1 1]
 [1 0 2]]
""",
    "Einsum": """Args:
    operands (tuple[Tensor]): the inputs.

>>> import minispore as ms
>>> print(Einsum("ij->i")((ms.Tensor([[1.0, 2.0], [3.0, 4.0]]),)))
[3. 7.]
""",
    "Svd": """Returns:
    tuple of Tensors (s, U, V), s of shape (*, k); U and V are one zero each without ``compute_uv``; the type of ``x``.

>>> import minispore as ms
>>> print(Svd(compute_uv=False)(ms.Tensor([[3.0, 0.0], [0.0, 4.0]]))[0])
[4. 3.]
""",
    "CountNonZero": """Returns:
    Tensor without the axes ``dims``; int32.  It has no gradient.
""",
}
