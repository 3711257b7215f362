"""Mathematics composed of elementwise ops and matrix products: clipping, mixing, remainders, einsum."""

import builtins
import math
import string

from ..core.dtype import bool_, float32, float64, promote, scalar_result
from ..core.errors import fail
from ..core.op import as_tensor, broadcast_shapes, literal, to
from ..core.tensor import Tensor
from .activation import float_input, softplus_op, wide
from .creation import positions
from .elementwise import (
    abs as abs_,
    equal,
    exp,
    floor_div,
    isfinite,
    isinf,
    isnan,
    less,
    log,
    logical_and,
    logical_not,
    logical_or,
    maximum,
    minimum,
    mul,
    neg,
    pow as pow_,
    select,
    sign,
    sin,
    sqrt,
    square,
    true_div,
    trunc,
)
from .linalg import matmul
from .methods import method
from .movement import axis_of, broadcast_to, concat, expand_dims, reshape, slice_along, squeeze, transpose
from .reduction import amax, amin, mean, reduce_sum_keep, sum as sum_, var
from .sparse import squares


# ---------------------------------------------------------------- clipping
@method("clamp")
def clamp(input, min=None, max=None):
    """``input`` kept inside [min, max]; bounds are numbers or Tensors that broadcast; where they cross, ``max`` wins.

    >>> import minispore as ms
    >>> print(clamp(ms.Tensor([-2.0, 0.5, 3.0]), 0, 1))
    [0.  0.5 1. ]
    """
    if min is None and max is None:
        raise fail(ValueError, "For 'clamp', at least one of 'min' and 'max' must be given.")
    x = input
    if min is not None:
        x = select(less(x, min), min, x)
    if max is not None:
        x = select(less(max, x), max, x)
    return x


@method("clip")
def clip(input, min=None, max=None):
    """The same as ``clamp``."""
    return clamp(input, min, max)


def clip_by_value(x, clip_value_min=None, clip_value_max=None):
    """``x`` (a Tensor, or a list or tuple of them) kept inside the bounds, in its own type.

    >>> import minispore as ms
    >>> print(clip_by_value(ms.Tensor([-2.0, 0.5, 3.0]), 0, 1))
    [0.  0.5 1. ]
    """
    low, high = clip_value_min, clip_value_max
    if low is None and high is None:
        raise fail(ValueError, "For 'clip_by_value', at least one of the two bounds must be given.")
    if isinstance(x, (list, tuple)):
        return tuple(clip_by_value(t, low, high) for t in x)
    for what, bound in (("clip_value_min", low), ("clip_value_max", high)):
        if not isinstance(bound, (type(None), Tensor, int, float)):
            got = type(bound).__name__
            raise fail(TypeError, f"For 'clip_by_value', '{what}' must be a Tensor or a number, but got {got}.")
    _tensor("clip_by_value", "x", x)
    if low is not None:
        x = maximum(x, _of_type(low, x))
    return x if high is None else minimum(x, _of_type(high, x))


def clip_by_norm(x, max_norm, norm_type=2.0, error_if_nonfinite=False):
    """``x`` scaled down so that its norm (of all its Tensors together) is at most ``max_norm``."""
    tensors = [x] if isinstance(x, Tensor) else list(x)
    p = float(norm_type)
    if p == math.inf:
        parts = [amax(abs_(t)) for t in tensors]
        total = parts[0]
        for part in parts[1:]:
            total = maximum(total, part)
    else:
        total = norm_of(addn([sum_(square(t) if p == 2 else pow_(abs_(t), p)) for t in tensors]), p)
    if error_if_nonfinite and not bool(isfinite(total)):
        raise fail(RuntimeError, f"For 'clip_by_norm', the total norm of order {norm_type} is not finite.")
    scale = minimum(max_norm / (total + 1e-6), 1.0)
    clipped = [t * scale for t in tensors]
    return clipped[0] if isinstance(x, Tensor) else type(x)(clipped)


def norm_of(total, p: float):
    """The norm from the sum of the p-th powers, with gradient 0 where that sum is 0."""
    some = total > 0
    root = select(some, total, 1.0)
    return select(some, sqrt(root) if p == 2 else pow_(root, 1.0 / p), 0.0)


def clip_by_global_norm(x, clip_norm=1.0, use_norm=None):
    """``x[i] * clip_norm / max(global_norm, clip_norm)``, ``global_norm`` the 2-norm of all elements of all Tensors.

    Raises:
        ValueError: ``clip_norm`` is not positive, or ``use_norm`` is given.

    >>> import minispore as ms
    >>> print(clip_by_global_norm((ms.Tensor([3.0]), ms.Tensor([4.0])), 1.0)[1])
    [0.8]
    """
    if use_norm is not None:
        raise fail(ValueError, f"For 'clip_by_global_norm', 'use_norm' must be None, but got {use_norm!r}.")
    if isinstance(clip_norm, bool) or not isinstance(clip_norm, (int, float)):
        got = type(clip_norm).__name__
        raise fail(TypeError, f"For 'clip_by_global_norm', 'clip_norm' must be a number, but got {got}.")
    if clip_norm <= 0:
        raise fail(ValueError, f"For 'clip_by_global_norm', 'clip_norm' must be above 0.0, but got {clip_norm}.")
    tensors = [x] if isinstance(x, Tensor) else list(x)
    total = sqrt(addn([sum_(squares(wide(t))) for t in tensors]))
    scale = clip_norm / maximum(total, float(clip_norm))
    clipped = tuple(to(t * scale, t.dtype) for t in tensors)
    return clipped[0] if isinstance(x, Tensor) else clipped


# ---------------------------------------------------------------- mixing
@method("lerp")
def lerp(input, end, weight):
    """``input + weight * (end - input)``."""
    return input + (end - input) * weight


@method("addcmul")
def addcmul(input, tensor1, tensor2, value=1):
    """``input + value * tensor1 * tensor2``."""
    return input + tensor1 * tensor2 * value


@method("addcdiv")
def addcdiv(input, tensor1, tensor2, value=1):
    """``input + value * tensor1 / tensor2``."""
    return input + tensor1 / tensor2 * value


def addn(x):
    """The sum of a list or tuple of Tensors.

    >>> import minispore as ms
    >>> print(addn([ms.Tensor([1.0]), ms.Tensor([2.0])]))
    [3.]
    """
    if isinstance(x, Tensor) or not isinstance(x, (list, tuple)) or not x:
        raise fail(TypeError, f"For 'addn', 'x' must be a list or tuple of Tensors, but got {type(x).__name__}.")
    total = as_tensor(x[0])
    for t in x[1:]:
        total = total + t
    return total


# ---------------------------------------------------------------- tests
@method("isclose")
def isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Where ``|input - other| <= atol + rtol * |other|``; infinities are close to themselves.

    >>> import minispore as ms
    >>> print(isclose(ms.Tensor([1.0, 2.0]), ms.Tensor([1.0, 2.1])))
    [ True False]
    """
    x, y = as_tensor(input), as_tensor(other)
    near = abs_(x - y) <= abs_(y) * rtol + atol
    if not _any_float(x, y):
        return near
    close = logical_or(equal(x, y), logical_and(isfinite(y), near))
    return logical_or(close, logical_and(isnan(x), isnan(y))) if equal_nan else close


@method("allclose")
def allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether ``isclose`` holds everywhere."""
    from .reduction import all as all_

    return all_(isclose(input, other, rtol, atol, equal_nan))


@method("isneginf")
def isneginf(input):
    """Where ``input`` is -inf."""
    return logical_and(isinf(input), input < 0)


@method("isposinf")
def isposinf(input):
    """Where ``input`` is +inf."""
    return logical_and(isinf(input), input > 0)


@method("signbit")
def signbit(input):
    """Where ``input`` is negative."""
    return input < 0


@method("is_floating_point")
def is_floating_point(input):
    """Whether ``input`` holds floats (a Python bool)."""
    return _tensor("is_floating_point", "input", input).dtype.is_float


@method("is_complex")
def is_complex(input):
    """False: there are no complex Tensors."""
    return False


def numel(input):
    """The number of elements (a Python int)."""
    return _tensor("numel", "input", input).size


# ---------------------------------------------------------------- exponentials and trigonometry
@method("logaddexp")
def logaddexp(input, other):
    """``log(exp(input) + exp(other))``, safe from overflow."""
    x, y = float_input("logaddexp", input), float_input("logaddexp", other, "other")
    return y + softplus_op(x - y)


@method("logaddexp2")
def logaddexp2(input, other):
    """``log2(2 ** input + 2 ** other)``, safe from overflow."""
    x, y = float_input("logaddexp2", input), float_input("logaddexp2", other, "other")
    return y + softplus_op((x - y) * math.log(2.0)) * (1.0 / math.log(2.0))


@method("xlogy")
def xlogy(input, other):
    """``input * log(other)``; 0 where ``input`` is 0 (and ``other`` not NaN)."""
    x, y = as_tensor(input), as_tensor(other)
    zero = logical_and(equal(x, 0), logical_not(isnan(y))) if y.dtype.is_float else equal(x, 0)
    return select(zero, 0.0, x * log(select(zero, 1, y)))


@method("xdivy")
def xdivy(input, other):
    """``input / other``; 0 where ``input`` is 0."""
    x, y = as_tensor(input), as_tensor(other)
    zero = equal(x, 0)
    return select(zero, 0.0, x / select(zero, 1, y))


def div_no_nan(x, y):
    """``x / y``; 0 where ``y`` is 0."""
    zero = equal(y, 0)
    return select(zero, 0.0, as_tensor(x) / select(zero, 1, y))


def mul_no_nan(x, y):
    """``x * y``; 0 where ``y`` is 0, whatever ``x`` is."""
    zero = equal(y, 0)
    return select(zero, 0, select(zero, 0, x) * y)


@method("hypot")
def hypot(input, other):
    """``sqrt(input ** 2 + other ** 2)``."""
    return norm_of(square(input) + square(other), 2.0)


@method("deg2rad")
def deg2rad(x):
    """Degrees as radians."""
    return float_input("deg2rad", x, "x") * (math.pi / 180.0)


@method("rad2deg")
def rad2deg(x):
    """Radians as degrees."""
    return float_input("rad2deg", x, "x") * (180.0 / math.pi)


@method("sinc")
def sinc(input):
    """``sin(pi x) / (pi x)``, 1 at 0."""
    x = (input if input.dtype.is_float else to(input, float32)) * math.pi
    zero = equal(x, 0)
    return select(zero, 1.0, sin(x) / select(zero, 1.0, x))


@method("heaviside")
def heaviside(input, values):
    """0 where ``input`` is negative, 1 where it is positive, ``values`` where it is 0."""
    return select(equal(input, 0), values, to(input > 0, input.dtype))


@method("float_power")
def float_power(input, exponent):
    """``input ** exponent`` in float64."""
    if not isinstance(input, Tensor) and not isinstance(exponent, Tensor):
        raise fail(TypeError, "For 'float_power', at least one of 'input' and 'exponent' must be a Tensor.")
    return pow_(_double(input), _double(exponent))


def _double(x):
    return to(x, float64) if isinstance(x, Tensor) else float(x)


@method("copysign")
def copysign(x, other):
    """``|x|`` with the sign of ``other``."""
    x = x if x.dtype.is_float else to(x, float32)
    return select(less(other, 0) if isinstance(other, Tensor) else as_tensor(other < 0), neg(abs_(x)), abs_(x))


@method("ldexp")
def ldexp(x, other):
    """``x * 2 ** other``."""
    return mul(x, pow_(as_tensor(2.0), other))


@method("nan_to_num")
def nan_to_num(input, nan=None, posinf=None, neginf=None):
    """NaN, +inf and -inf replaced: by default with 0 and the largest and smallest finite numbers.

    >>> import minispore as ms
    >>> print(nan_to_num(ms.Tensor([float("nan"), 1.0]), nan=2.0))
    [2. 1.]
    """
    import numpy as np

    x = float_input("nan_to_num", input)
    limits = np.finfo(x.dtype.np if x.dtype.np is not None else np.float32)
    high = float(limits.max) if posinf is None else posinf
    low = float(limits.min) if neginf is None else neginf
    finite = select(isinf(x), select(x > 0, literal(high, x.dtype), literal(low, x.dtype)), x)
    return select(isnan(x), literal(0.0 if nan is None else nan, x.dtype), finite)


@method("positive")
def positive(input):
    """``input``; not for bool."""
    if input.dtype is bool_:
        raise fail(TypeError, "For 'positive', the input must not be bool.")
    return input


@method("sgn")
def sgn(input):
    """The sign of each element."""
    return sign(input)


@method("true_divide")
def true_divide(dividend, divisor):
    """``dividend / divisor`` in floats."""
    return true_div(dividend, divisor)


# ---------------------------------------------------------------- quotients and remainders
def _beside(x, y):
    """Both as Tensors; a number takes the type that it has beside a Tensor."""
    if isinstance(x, Tensor) and isinstance(y, (int, float)):
        return x, literal(y, scalar_result(x.dtype, y))
    if isinstance(y, Tensor) and isinstance(x, (int, float)):
        return literal(x, scalar_result(y.dtype, x)), y
    return as_tensor(x), as_tensor(y)


def trunc_quotient(x, y):
    """``x / y`` rounded towards 0, in the type of the inputs."""
    x, y = _beside(x, y)
    if _any_float(x, y):
        return trunc(x / y)
    return floor_div(abs_(x), abs_(y)) * (sign(x) * sign(y))


@method("fmod")
def fmod(input, other):
    """The remainder with the sign of ``input``: ``input - trunc(input / other) * other``.

    >>> import minispore as ms
    >>> print(fmod(ms.Tensor([-5.0, 5.0]), 3))
    [-2.  2.]
    """
    if not isinstance(input, Tensor) and not isinstance(other, Tensor):
        raise fail(TypeError, "For 'fmod', at least one of 'input' and 'other' must be a Tensor.")
    x, y = _beside(input, other)
    return x - trunc_quotient(x, y) * y


@method("frac")
def frac(x):
    """``x - trunc(x)``."""
    return x - trunc(x) if x.dtype.is_float else x - x


@method("fmax")
def fmax(input, other):
    """The larger one; where one is NaN, the other."""
    return _extreme(maximum, input, other)


@method("fmin")
def fmin(input, other):
    """The smaller one; where one is NaN, the other."""
    return _extreme(minimum, input, other)


def _extreme(op, x, y):
    x, y = as_tensor(x), as_tensor(y)
    if not _any_float(x, y):
        return op(x, y)
    return select(isnan(x), y, select(isnan(y), x, op(x, y)))


# ---------------------------------------------------------------- products over axes
@method("cross")
def cross(input, other, dim=None):
    """The vector product along ``dim`` of length 3 (the first such axis by default)."""
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


def dot(input, other):
    """The sum over the last axis of ``input`` and the last but one of ``other``; both have at least two axes."""
    if input.ndim < 2 or other.ndim < 2:
        raise fail(
            ValueError, f"For 'dot', both inputs must have 2 axes or more, but got {input.shape} and {other.shape}."
        )
    return tensor_dot(input, other, ((input.ndim - 1,), (other.ndim - 2,)))


def tensor_dot(x1, x2, axes):
    """The sum over ``axes``: ``(axes of x1, axes of x2)``, or n for the last n axes of x1 with the first n of x2.

    >>> import minispore as ms
    >>> print(tensor_dot(ms.Tensor([[1.0, 2.0]]), ms.Tensor([[3.0, 4.0]]), ((1,), (1,))))
    [[11.]]
    """
    if isinstance(axes, int):
        if not 0 <= axes <= builtins.min(x1.ndim, x2.ndim):
            raise fail(ValueError, f"For 'tensor_dot', {axes} axes are too many for shapes {x1.shape} and {x2.shape}.")
        first, second = tuple(builtins.range(x1.ndim - axes, x1.ndim)), tuple(builtins.range(axes))
    else:
        pair = [(a,) if isinstance(a, int) else tuple(a) for a in axes]
        if len(pair) != 2 or len(pair[0]) != len(pair[1]):
            raise fail(ValueError, f"For 'tensor_dot', 'axes' must name as many axes of both inputs, but got {axes}.")
        first = tuple(axis_of("tensor_dot", x1.ndim, a) for a in pair[0])
        second = tuple(axis_of("tensor_dot", x2.ndim, a) for a in pair[1])
    if any(x1.shape[a] != x2.shape[b] for a, b in zip(first, second)):
        shapes = f"{x1.shape} and {x2.shape}"
        raise fail(ValueError, f"For 'tensor_dot', the axes {first} and {second} of {shapes} differ in length.")
    rest1 = tuple(a for a in builtins.range(x1.ndim) if a not in first)
    rest2 = tuple(a for a in builtins.range(x2.ndim) if a not in second)
    n = math.prod(x1.shape[a] for a in first)
    left, right = tuple(x1.shape[a] for a in rest1), tuple(x2.shape[a] for a in rest2)
    x = reshape(transpose(x1, rest1 + first), (math.prod(left), n))
    y = reshape(transpose(x2, second + rest2), (n, math.prod(right)))
    return reshape(matmul(x, y), left + right)


@method("inner")
def inner(input, other):
    """The sum over the last axes of both; the product where one has no axis."""
    if input.ndim == 0 or other.ndim == 0:
        return input * other
    if input.shape[-1] != other.shape[-1]:
        raise fail(ValueError, f"For 'inner', the last axes must be equal, but got {input.shape} and {other.shape}.")
    return tensor_dot(input, other, ((-1,), (-1,)))


def mv(mat, vec):
    """The product of a matrix and a vector."""
    if mat.ndim != 2 or vec.ndim != 1:
        raise fail(ValueError, f"For 'mv', a matrix and a vector are needed, but got {mat.shape} and {vec.shape}.")
    return matmul(mat, vec)


@method("ger")
def ger(input, vec2):
    """``input[i] * vec2[j]``."""
    return expand_dims(input, 1) * expand_dims(vec2, 0)


@method("addmv")
def addmv(input, mat, vec, *, beta=1, alpha=1):
    """``beta * input + alpha * mat @ vec``."""
    return input * beta + mv(mat, vec) * alpha


@method("addr")
def addr(x, vec1, vec2, *, beta=1, alpha=1):
    """``beta * x + alpha * vec1[i] * vec2[j]``."""
    return x * beta + ger(vec1, vec2) * alpha


@method("baddbmm")
def baddbmm(input, batch1, batch2, beta=1, alpha=1):
    """``beta * input + alpha * batch1 @ batch2``."""
    return input * beta + matmul(batch1, batch2) * alpha


@method("addbmm")
def addbmm(input, batch1, batch2, *, beta=1, alpha=1):
    """``beta * input + alpha * sum(batch1[b] @ batch2[b])``."""
    return input * beta + sum_(matmul(batch1, batch2), 0) * alpha


# ---------------------------------------------------------------- along an axis
def std_mean(input, axis=None, ddof=0, keepdims=False):
    """(standard deviation, mean) over ``axis``."""
    return sqrt(var(input, axis, ddof, keepdims)), mean(input, axis, keepdims)


def var_mean(input, axis=None, ddof=0, keepdims=False):
    """(variance, mean) over ``axis``."""
    return var(input, axis, ddof, keepdims), mean(input, axis, keepdims)


@method("aminmax")
def aminmax(input, *, axis=0, keepdims=False):
    """(minimum, maximum) over ``axis``."""
    return amin(input, axis, keepdims), amax(input, axis, keepdims)


@method("diff")
def diff(x, n=1, axis=-1, prepend=None, append=None):
    """Differences of neighbours along ``axis``, ``n`` times."""
    a = axis_of("diff", x.ndim, axis)
    parts = [p for p in (prepend, x, append) if p is not None]
    x = concat(parts, a) if len(parts) > 1 else x
    for _ in builtins.range(n):
        length = x.shape[a]
        x = slice_along(x, a, 1, length - 1) - slice_along(x, a, 0, length - 1)
    return x


def sequence_mask(lengths, maxlen=None):
    """True where the position (along a new last axis of length ``maxlen``) is below the length."""
    if maxlen is None:
        maxlen = int(amax(lengths))
    return positions(int(maxlen), lengths.ndim, lengths.ndim + 1) < expand_dims(lengths, -1)


# ---------------------------------------------------------------- special functions, by rational approximations
@method("erfinv")
def erfinv(input):
    """The inverse of ``erf``: Giles' polynomials, and one step of Newton's method."""
    from .elementwise import erf, log1p

    x = float_input("erfinv", input)
    given, x = x.dtype, wide(x)
    w = neg(log1p(neg(square(x))))
    near = _polynomial(w - 2.5, _ERFINV_NEAR)
    far = _polynomial(sqrt(maximum(w, 5.0)) - 3.0, _ERFINV_FAR)
    y = select(w < 5.0, near, far) * x
    inside = abs_(x) < 1.0
    y = select(inside, y, 0.0)
    y = y - (erf(y) - x) * exp(square(y)) * (0.5 * math.sqrt(math.pi))
    return to(select(inside, y, select(equal(abs_(x), 1.0), x * math.inf, math.nan)), given)


_ERFINV_NEAR = (
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164,
    0.246640727, 1.50140941,
)  # fmt: skip
_ERFINV_FAR = (
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
    1.00167406, 2.83297682,
)  # fmt: skip


def _polynomial(x, coefficients):
    """``coefficients[0] x^n + ... + coefficients[n]`` by Horner's rule."""
    out = x * coefficients[0] + coefficients[1]
    for c in coefficients[2:]:
        out = out * x + c
    return out


# ---------------------------------------------------------------- einsum
def einsum(equation, *operands):
    """Sums of products in Einstein's notation: ``einsum("bij,bjk->bik", x, y)``.

    Letters name axes; a letter absent from the result is summed over, a repeated one takes the diagonal, "..." stands
    for axes that broadcast. Operands are contracted from left to right: each step is one matrix product, or an
    elementwise product where nothing is summed.

    Raises:
        ValueError: the equation is malformed or does not fit the shapes.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> print(einsum("ij->ji", x))
    [[1. 3.]
     [2. 4.]]
    """
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    names, result = _einsum_parse(equation, [t.ndim for t in operands])
    dtype = operands[0].dtype
    for t in operands[1:]:
        dtype = promote(dtype, t.dtype)
    sizes: dict[str, int] = {}
    for letters, t in zip(names, operands):
        for c, d in zip(letters, t.shape):
            if sizes.get(c, d) != d and 1 not in (d, sizes[c]):
                raise fail(ValueError, f"For 'einsum', the axis '{c}' of '{equation}' has lengths {sizes[c]} and {d}.")
            sizes[c] = builtins.max(d, sizes.get(c, d)) if 0 not in (d, sizes.get(c, d)) else 0
    terms = [_einsum_single(to(t, dtype), letters) for letters, t in zip(names, operands)]
    letters, x = terms[0]
    for k in builtins.range(len(terms)):
        later = "".join(name for name, _ in terms[k + 1 :]) + result
        if k:
            other, y = terms[k]
            letters, x = _einsum_pair(letters, x, other, y, later, sizes)
        drop = tuple(a for a, c in enumerate(letters) if c not in later)
        if drop:
            x = squeeze(reduce_sum_keep(x, drop), drop)
            letters = "".join(c for c in letters if c in later)
    return transpose(x, tuple(letters.index(c) for c in result))


def _einsum_parse(equation, ranks):
    """The letters of each operand and of the result; an ellipsis becomes capital letters not used elsewhere."""
    text = equation.replace(" ", "")
    left, arrow, result = text.partition("->")
    names = left.split(",")
    plain = [n.replace("...", "") for n in names]
    used = "".join(plain) + result.replace("...", "")
    if len(names) != len(ranks) or any(c not in string.ascii_letters for c in used):
        raise fail(ValueError, f"For 'einsum', the equation '{equation}' does not fit {len(ranks)} operands.")
    free = [c for c in reversed(string.ascii_letters) if c not in text]
    extra = [rank - len(n) for n, rank in zip(plain, ranks)]
    if any(e < 0 or (e and "..." not in n) for e, n in zip(extra, names)):
        raise fail(ValueError, f"For 'einsum', the equation '{equation}' does not fit operands of {ranks} axes.")
    dots = "".join(free[: builtins.max(extra, default=0)])
    names = [n.replace("...", dots[len(dots) - e :]) for n, e in zip(names, extra)]
    if not arrow:
        once = sorted(c for c in set("".join(plain)) if "".join(plain).count(c) == 1)
        return names, dots + "".join(once)
    result = result.replace("...", dots)
    if any(c not in "".join(names) for c in result) or len(set(result)) != len(result):
        raise fail(ValueError, f"For 'einsum', the result of '{equation}' must name axes of the operands, each once.")
    return names, result


def _einsum_single(x, letters):
    """(letters, x) without repeated letters: of a repeated one the diagonal remains."""
    for c in dict.fromkeys(letters):
        while letters.count(c) > 1:
            a, b = letters.index(c), letters.rindex(c)
            n = x.shape[a]
            x = select(equal(positions(n, a, x.ndim), positions(n, b, x.ndim)), x, literal(0, x.dtype))
            x = squeeze(reduce_sum_keep(x, (b,)), b)
            letters = letters[:b] + letters[b + 1 :]
    return letters, x


def _einsum_pair(a, x, b, y, later, sizes):
    """(letters, product) of two terms, summed over the letters that both have and nothing later needs."""
    summed = [c for c in a if c in b and c not in later and sizes[c] == x.shape[a.index(c)] == y.shape[b.index(c)]]
    if not summed:
        letters = a + "".join(c for c in b if c not in a)

        def spread(t, s):
            moved = transpose(t, tuple(s.index(c) for c in letters if c in s))
            return reshape(moved, tuple(t.shape[s.index(c)] if c in s else 1 for c in letters))

        return letters, spread(x, a) * spread(y, b)
    batch = [c for c in a if c in b and c not in summed]
    rows, columns = [c for c in a if c not in b], [c for c in b if c not in a]
    shared = tuple(sizes[c] for c in batch)
    n = math.prod(sizes[c] for c in summed)

    def matrix(t, s, order, shape):
        lengths = [sizes[c] for c in order]
        moved = broadcast_to(transpose(t, tuple(s.index(c) for c in order)), lengths)
        return reshape(moved, shared + shape)

    x = matrix(x, a, batch + rows + summed, (math.prod(sizes[c] for c in rows), n))
    y = matrix(y, b, batch + summed + columns, (n, math.prod(sizes[c] for c in columns)))
    out = matmul(x, y)
    return "".join(batch + rows + columns), reshape(out, tuple(sizes[c] for c in batch + rows + columns))


def _any_float(*tensors) -> bool:
    return any(t.dtype.is_float for t in tensors)


def _of_type(bound, x):
    return to(bound, x.dtype) if isinstance(bound, Tensor) else literal(bound, x.dtype)


def _tensor(name, argument, x):
    if not isinstance(x, Tensor):
        raise fail(TypeError, f"For '{name}', '{argument}' must be a Tensor, but got {type(x).__name__}: {x!r:.60}.")
    return x


__all__ = [
    "addbmm", "addcdiv", "addcmul", "addmv", "addn", "addr", "allclose", "aminmax", "baddbmm", "clamp",
    "clip", "clip_by_global_norm", "clip_by_norm", "clip_by_value", "copysign", "cross", "deg2rad", "diff",
    "dot", "einsum", "erfinv", "float_power", "fmax", "fmin", "fmod", "frac", "ger", "heaviside", "hypot",
    "inner", "is_complex", "is_floating_point", "isclose", "isneginf", "isposinf", "ldexp", "lerp",
    "logaddexp", "logaddexp2", "mv", "nan_to_num", "numel", "positive", "rad2deg",
    "sequence_mask", "sgn", "signbit", "sinc", "std_mean", "tensor_dot", "true_divide",
    "var_mean", "xdivy", "xlogy",
]  # fmt: skip
