"""``mindspore.scipy.linalg``: systems of equations and factorisations under SciPy's names and arguments.

Integers are computed in float64; ``overwrite_*``, ``check_finite`` and ``turbo`` have no effect.
"""

from typing import Any

import numpy as np

from .. import ops as _ops
from ..core import checks
from ..core.dtype import float32, float64, int32, int64
from ..core.errors import fail
from ..core.op import to
from ..core.tensor import Tensor
from ..ops.by_numpy import numpy_op
from ..ops.decompositions import lu as _lu, triangular_solve_op
from ..ops.eigen import eigh as _eigh, of_triangle
from ..ops.linalg import _in_order

ops: Any = _ops  # its functions are put together when it is imported

_REAL = (int32, int64, float32, float64)


def _floats(name, x, argument="a", square=True, whole=float64):
    """``x`` as floats; raises what MindSpore raises for a wrong one."""
    checks.instance(name, Tensor, **{argument: x})
    if x.dtype not in _REAL:
        raise fail(
            TypeError, f"For '{name}', '{argument}' must be int32, int64, float32 or float64, but got {x.dtype}."
        )
    if square and (x.ndim < 2 or x.shape[-1] != x.shape[-2]):
        raise fail(ValueError, f"For '{name}', '{argument}' must be square matrices, but got the shape {x.shape}.")
    return x if x.dtype.is_float else to(x, whole)


def _flags(name, **given) -> None:
    for flag, value in given.items():
        checks.boolean(name, **{flag: value})


def _of_triangle(name, a, b, lower, transposed, unit):
    """``x`` with ``a @ x = b``, also for a vector ``b``."""
    is_vector = b.ndim == a.ndim - 1
    right = ops.expand_dims(b, -1) if is_vector else b
    if a.dtype is not b.dtype:
        raise fail(TypeError, f"For '{name}', the inputs must be of one type, but got {a.dtype} and {b.dtype}.")
    if a.shape[:-1] != right.shape[:-1]:
        raise fail(ValueError, f"For '{name}', the shapes {a.shape} and {b.shape} do not fit.")
    three = lambda x: ops.reshape(x, (-1, *x.shape[-2:]))
    a, lower = (ops.swapaxes(a, -1, -2), not lower) if transposed else (a, lower)
    return ops.reshape(triangular_solve_op(three(a), three(right), lower=lower, unit=unit), b.shape)


def solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, debug=None, check_finite=True):
    """Solves ``a @ x = b`` for a triangular ``a``; the other triangle is not read.

    Args:
        a (Tensor): shape (*, n, n); numbers.
        b (Tensor): shape (*, n) or (*, n, k); the type of ``a``.
        trans (int | str): 0 or "N": as it is; 1 or "T", and 2 or "C": ``a`` is transposed. Default: 0.
        lower (bool): whether ``a`` is a lower triangle. Default: False.
        unit_diagonal (bool): whether the diagonal is taken as 1. Default: False.
        overwrite_b (bool): no effect. Default: False.
        debug (object): no effect. Default: None.
        check_finite (bool): no effect. Default: True.

    Returns:
        Tensor of the shape of ``b``; its type, float32 for integers.

    Raises:
        TypeError: an input is not a Tensor of numbers, or the types differ.
        ValueError: the shapes do not fit, or ``trans`` is none of these.

    >>> import minispore as ms
    >>> print(solve_triangular(ms.Tensor([[2.0, 0.0], [1.0, 4.0]]), ms.Tensor([2.0, 5.0]), lower=True))
    [1. 1.]
    """
    _flags("solve_triangular", lower=lower, unit_diagonal=unit_diagonal)
    if trans not in (0, 1, 2, "N", "T", "C"):
        raise fail(ValueError, f"For 'solve_triangular', 'trans' must be 0, 1, 2, 'N', 'T' or 'C', but got {trans!r}.")
    if isinstance(a, Tensor) and isinstance(b, Tensor) and a.dtype is not b.dtype:
        raise fail(
            TypeError, f"For 'solve_triangular', the inputs must be of one type, but got {a.dtype} and {b.dtype}."
        )
    a, b = (_floats("solve_triangular", x, n, n == "a", float32) for n, x in (("a", a), ("b", b)))
    return _of_triangle("solve_triangular", a, b, lower, trans not in (0, "N"), unit_diagonal)


def inv(a, overwrite_a=False, check_finite=True):
    """Inverses of square matrices.

    Args:
        a (Tensor): shape (*, n, n); int32, int64, float32 or float64.
        overwrite_a (bool): no effect. Default: False.
        check_finite (bool): no effect. Default: True.

    Returns:
        Tensor of the shape of ``a``; its type, float64 for integers.

    Raises:
        TypeError: ``a`` is not a Tensor of these types.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(inv(ms.Tensor([[2.0, 0.0], [0.0, 4.0]])))
    [[0.5  0.  ]
     [0.   0.25]]
    """
    _flags("inv", overwrite_a=overwrite_a, check_finite=check_finite)
    return ops.inverse(_floats("inv", a))


def det(a, overwrite_a=False, check_finite=True):
    """Determinants of square matrices.

    Args:
        a (Tensor): shape (*, n, n); int32, int64, float32 or float64.
        overwrite_a (bool): no effect. Default: False.
        check_finite (bool): no effect. Default: True.

    Returns:
        Tensor of shape (*); the type of ``a``, float64 for integers.

    Raises:
        TypeError: ``a`` is not a Tensor of these types.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(det(ms.Tensor([[2.0, 0.0], [0.0, 4.0]])))
    8.0
    """
    _flags("det", overwrite_a=overwrite_a, check_finite=check_finite)
    return ops.det(_floats("det", a))


def cholesky(a, lower=False, overwrite_a=False, check_finite=True):
    """Cholesky factor of symmetric positive definite matrices: ``a = U' U``, or ``L L'``.

    Args:
        a (Tensor): shape (*, n, n); int32, int64, float32 or float64.
        lower (bool): whether the lower factor is returned. Default: False.
        overwrite_a (bool): no effect. Default: False.
        check_finite (bool): no effect. Default: True.

    Returns:
        Tensor of the shape of ``a``; its type, float64 for integers.

    Raises:
        TypeError: ``a`` is not a Tensor of these types, or a flag is not a bool.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(cholesky(ms.Tensor([[4.0, 2.0], [2.0, 10.0]]), lower=True))
    [[2. 0.]
     [1. 3.]]
    """
    _flags("cholesky", lower=lower, overwrite_a=overwrite_a, check_finite=check_finite)
    factor = ops.cholesky(_floats("cholesky", a))
    return factor if lower else ops.swapaxes(factor, -1, -2)


def cho_factor(a, lower=False, overwrite_a=False, check_finite=True):
    """The Cholesky factor and whether it is the lower one: what ``cho_solve`` takes.

    Args:
        a (Tensor): shape (*, n, n); int32, int64, float32 or float64.
        lower (bool): whether the factor is the lower one. Default: False.
        overwrite_a (bool): no effect. Default: False.
        check_finite (bool): no effect. Default: True.

    Returns:
        tuple of a Tensor as of ``cholesky`` and ``lower``.

    Raises:
        TypeError: ``a`` is not a Tensor of these types, or a flag is not a bool.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> cho_factor(ms.Tensor([[4.0]]))
    (Tensor(shape=[1, 1], dtype=Float32, value=
    [[ 2.00000000e+00]]), False)
    """
    return cholesky(a, lower, overwrite_a, check_finite), lower


def cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True):
    """Solves ``a @ x = b`` with the Cholesky factor of ``a``.

    Args:
        c_and_lower (tuple): what ``cho_factor`` gave.
        b (Tensor): shape (n,) or (n, k); the type of the factor.
        overwrite_b (bool): no effect. Default: False.
        check_finite (bool): no effect. Default: True.

    Returns:
        Tensor of the shape and type of ``b``.

    Raises:
        TypeError: an input is not a Tensor of numbers, or a flag is not a bool.
        ValueError: the shapes or types do not fit.

    >>> import minispore as ms
    >>> print(cho_solve(cho_factor(ms.Tensor([[4.0, 0.0], [0.0, 9.0]])), ms.Tensor([4.0, 9.0])))
    [1. 1.]
    """
    c, lower = c_and_lower
    _flags("cho_solve", overwrite_b=overwrite_b, check_finite=check_finite, lower=lower)
    c, b = _floats("cho_solve", c, "c"), _floats("cho_solve", b, "b", False)
    x = _of_triangle("cho_solve", c, b, lower, not lower, False)
    return _of_triangle("cho_solve", c, x, lower, lower, False)


def eigh(a, b=None, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, turbo=True, eigvals=None,
         type=1, check_finite=True):  # fmt: skip
    """Eigenvalues and eigenvectors of symmetric or Hermitian matrices.

    Args:
        a (Tensor): shape (n, n); int32, int64, float32, float64, complex64 or complex128.
        b (None): no general problem is solved. Default: None.
        lower (bool): whether the lower triangle is read. Default: True.
        eigvals_only (bool): whether the eigenvalues alone are returned. Default: False.
        overwrite_a (bool): no effect. Default: False.
        overwrite_b (bool): no effect. Default: False.
        turbo (bool): no effect. Default: True.
        eigvals (None): all eigenvalues are returned. Default: None.
        type (int): no effect. Default: 1.
        check_finite (bool): no effect. Default: True.

    Returns:
        tuple of two Tensors, the eigenvalues in ascending order and the eigenvectors as columns; with
        ``eigvals_only`` the first.

    Raises:
        TypeError: ``a`` is not a Tensor of these types, or a flag is not a bool.
        ValueError: the matrices are not square, or ``b`` or ``eigvals`` is given.

    >>> import minispore as ms
    >>> print(eigh(ms.Tensor([[2.0, 0.0], [0.0, 3.0]]), eigvals_only=True))
    [2. 3.]
    """
    _flags("eigh", lower=lower, eigvals_only=eigvals_only, overwrite_a=overwrite_a, overwrite_b=overwrite_b,
           turbo=turbo, check_finite=check_finite)  # fmt: skip
    checks.integer("eigh", type=type)
    if b is not None or eigvals is not None:
        raise fail(ValueError, "For 'eigh', 'b' and 'eigvals' must be None.")
    is_complex = isinstance(a, Tensor) and a.dtype.is_complex
    if isinstance(a, Tensor) and a.ndim != 2:
        raise fail(ValueError, f"For 'eigh', one matrix is needed, but the shape of 'a' is {a.shape}.")
    values, vectors = _eigh(of_triangle(a if is_complex else _floats("eigh", a), lower), lower)
    return values if eigvals_only else (values, vectors)


# ---------------------------------------------------------------- LU
def _exchanges(order):
    """LAPACK's form of a permutation: the row with which each row was exchanged, one after the other."""
    found = np.empty(order.shape, np.int32)
    for row, out in zip(order.reshape(-1, order.shape[-1]), found.reshape(-1, order.shape[-1])):
        now = list(range(len(row)))
        for k, wanted in enumerate(row):
            out[k] = there = now.index(wanted)
            now[k], now[there] = now[there], now[k]
    return (found,)


_pivots = numpy_op(
    "lu_pivots", _exchanges, lambda order: [(order.shape, int32)],
    batch=lambda op, size, xs, batched, attrs: [op(*xs)],
)  # fmt: skip


def _factored(a):
    """(L and U in one matrix, the rows in their new order) of (*, m, n) with m <= n."""
    lead, (m, n) = a.shape[:-2], a.shape[-2:]
    flat = ops.reshape(a, (-1, m, n))
    packed, order, _ = _lu(flat[..., :m])
    if n > m:
        rest = triangular_solve_op(packed, _in_order(flat[..., m:], order), lower=True, unit=True)
        packed = ops.concat((packed, rest), -1)
    return ops.reshape(packed, a.shape), ops.reshape(order, (*lead, m))


def lu_factor(a, overwrite_a=False, check_finite=True):
    """LU factorisation with partial pivoting: what ``lu_solve`` takes.

    Args:
        a (Tensor): shape (*, n, n); int32, int64, float32 or float64.
        overwrite_a (bool): no effect. Default: False.
        check_finite (bool): no effect. Default: True.

    Returns:
        tuple of two Tensors: U with L below its diagonal, of the shape and type of ``a`` (float64 for integers), and
        int32 of shape (*, n): the row with which each row was exchanged.

    Raises:
        TypeError: ``a`` is not a Tensor of these types, or a flag is not a bool.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> packed, pivots = lu_factor(ms.Tensor([[1.0, 2.0], [4.0, 4.0]]))
    >>> print(packed, pivots)
    [[4.   4.  ]
     [0.25 1.  ]] [1 1]
    """
    _flags("lu_factor", overwrite_a=overwrite_a, check_finite=check_finite)
    packed, order = _factored(_floats("lu_factor", a))
    return packed, _pivots(order)


def lu(a, permute_l=False, overwrite_a=False, check_finite=True):
    """LU factorisation with partial pivoting: ``a = P L U``.

    Args:
        a (Tensor): shape (m, n) with m <= n; int32, int64, float32 or float64.
        permute_l (bool): whether ``P L`` is returned in one. Default: False.
        overwrite_a (bool): no effect. Default: False.
        check_finite (bool): no effect. Default: True.

    Returns:
        tuple of Tensors: P of int32, L and U; with ``permute_l`` P L and U.

    Raises:
        TypeError: ``a`` is not a Tensor of these types, or a flag is not a bool.
        ValueError: ``a`` has not two axes, or more rows than columns.

    >>> import minispore as ms
    >>> for part in lu(ms.Tensor([[1.0, 2.0], [4.0, 4.0]])):
    ...     print(part)
    [[0 1]
     [1 0]]
    [[1.   0.  ]
     [0.25 1.  ]]
    [[4. 4.]
     [0. 1.]]
    """
    _flags("lu", permute_l=permute_l, overwrite_a=overwrite_a, check_finite=check_finite)
    a = _floats("lu", a, square=False)
    if a.ndim != 2 or a.shape[0] > a.shape[1]:
        raise fail(ValueError, f"For 'lu', 'a' must be a matrix with no more rows than columns, but got {a.shape}.")
    packed, order = _factored(a)
    m = a.shape[0]
    p = to(ops.expand_dims(ops.arange(m), 1) == ops.expand_dims(order, 0), int32)
    lower, upper = ops.tril(packed[:, :m], -1) + ops.eye(m, dtype=a.dtype), ops.triu(packed)
    return (ops.matmul(to(p, a.dtype), lower), upper) if permute_l else (p, lower, upper)


def lu_solve(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True):
    """Solves ``a @ x = b`` with the LU factorisation of ``a``.

    Args:
        lu_and_piv (tuple): what ``lu_factor`` gave for a matrix.
        b (Tensor): shape (n,) or (n, k); the type of the factors.
        trans (int): 0: ``a`` as it is; 1 and 2: its transpose. Default: 0.
        overwrite_b (bool): no effect. Default: False.
        check_finite (bool): no effect. Default: True.

    Returns:
        Tensor of the shape and type of ``b``.

    Raises:
        TypeError: an input is not a Tensor of numbers, or a flag is not a bool.
        ValueError: the shapes or types do not fit, or ``trans`` is none of these.

    >>> import minispore as ms
    >>> print(lu_solve(lu_factor(ms.Tensor([[1.0, 2.0], [4.0, 4.0]])), ms.Tensor([3.0, 8.0])))
    [1. 1.]
    """
    packed, pivots = lu_and_piv
    _flags("lu_solve", overwrite_b=overwrite_b, check_finite=check_finite)
    packed, b = _floats("lu_solve", packed, "lu_matrix"), _floats("lu_solve", b, "b", False)
    if trans not in (0, 1, 2) or packed.ndim != 2 or pivots.shape != packed.shape[:1]:
        raise fail(ValueError, f"For 'lu_solve', {packed.shape} and {pivots.shape} with trans {trans!r} do not fit.")
    order = _order(pivots)
    if trans == 0:
        x = _of_triangle("lu_solve", packed, ops.gather(b, order, 0), True, False, True)
        return _of_triangle("lu_solve", packed, x, False, False, False)
    x = _of_triangle("lu_solve", packed, b, False, True, False)
    x = _of_triangle("lu_solve", packed, x, True, True, True)
    return ops.gather(x, ops.argsort(order), 0)


def _order_numpy(pivots):
    order = np.arange(pivots.shape[0])
    for k, other in enumerate(pivots):
        order[k], order[other] = order[other], order[k]
    return (order,)


_order = numpy_op("lu_order", _order_numpy, lambda pivots: [(pivots.shape, int64)])


# ---------------------------------------------------------------- other
def block_diag(*arrs):
    """A matrix with the given ones along its diagonal, and zeros elsewhere.

    Args:
        *arrs (Tensor): shape (), (n,) (a row) or (m, n); numbers.

    Returns:
        Tensor of shape (sum of m, sum of n); the common type, float32 for none.

    Raises:
        ValueError: an input has more than two axes.

    >>> import minispore as ms
    >>> print(block_diag(ms.Tensor([[1.0]]), ms.Tensor([[2.0, 3.0]])))
    [[1. 0. 0.]
     [0. 2. 3.]]
    """
    if not arrs:
        return ops.zeros((1, 0))
    if any(a.ndim > 2 for a in arrs):
        raise fail(ValueError, "For 'block_diag', the inputs must have at most two axes.")
    blocks = [ops.reshape(a, (1, -1)) if a.ndim < 2 else a for a in arrs]
    width, at, rows = sum(b.shape[1] for b in blocks), 0, []
    for b in blocks:
        rows.append(ops.pad(b, (at, width - at - b.shape[1])) if width > b.shape[1] else b)
        at += b.shape[1]
    return ops.concat(rows, 0)


def lstsq(A, B, rcond=None, driver=None):
    """Least squares: ``x`` with the smallest ``|A @ x - B|``.

    Args:
        A (Tensor): shape (m, n); float32 or float64, of full rank.
        B (Tensor): shape (m,) or (m, k); the type of ``A``.
        rcond (None): no effect. Default: None.
        driver (str): no effect. Default: None.

    Returns:
        tuple of four Tensors: ``x``, no residuals, the rank as int64, no singular values.

    Raises:
        TypeError: an input is not a Tensor of floats.
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(lstsq(ms.Tensor([[1.0], [1.0]]), ms.Tensor([[2.0], [4.0]]))[0].round(decimals=4))
    [[3.]]
    """
    A, B = _floats("lstsq", A, "A", False), _floats("lstsq", B, "B", False)
    x = ops.matmul(ops.pinv(A), B)
    nothing = ops.zeros((0,), A.dtype)
    return x, nothing, ops.full((), min(A.shape[-2:]), dtype=int64), nothing


__all__ = [
    "block_diag", "cho_factor", "cho_solve", "cholesky", "eigh", "inv", "lstsq", "lu", "lu_factor", "solve_triangular",
]  # fmt: skip
