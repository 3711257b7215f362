"""The functions that elementwise expressions may call, for NumPy.  graph/vector_math/ has the same for compiled loops."""

import ast
import contextvars
import math
import operator
import threading

import numpy as np

from .philox import philox_uint32_numpy


def _number_by_number(function):
    """A function of Python floats, for arrays: NumPy has no error function."""

    def of_array(x):
        x = np.asarray(x)
        wide = x if x.dtype.char in "fd" else x.astype(np.float64)
        return (
            np.fromiter(map(function, wide.ravel().tolist()), wide.dtype, x.size)
            .reshape(x.shape)
            .astype(x.dtype, copy=False)
        )

    return of_array


# NumPy takes arrays without axes in half the time of numbers.
_SIGNS = {np.dtype(t): tuple([np.asarray(k, t) for k in (0, 1, -1)]) for t in (np.float32, np.float64)}


def _sigmoid(x):
    zero, one, minus = _SIGNS.get(x.dtype, (0, 1, -1))
    if x.dtype.kind == "c":
        return (1 / (1 + np.exp(-x))).astype(x.dtype)
    above, below = np.minimum(x, zero), np.copysign(x, minus)
    if (
        type(above) is not np.ndarray or above.dtype is not below.dtype
    ):  # a scalar, which cannot be written to, or integers
        return np.exp(above) / (one + np.exp(below))
    np.add(one, np.exp(below, below), below)
    return np.divide(np.exp(above, above), below, above)  # the numerator of positive numbers is 1


def _floordiv(x, y):
    """The quotient rounded down, exactly; of infinities ``floor(x / y)`` as in MindSpore, where NumPy has NaN or -1."""
    out = np.floor_divide(x, y)
    if out.dtype.kind != "f":
        return out
    infinite = np.isinf(x) | np.isinf(y)
    return np.where(infinite, np.floor(x / y), out) if b"\1" in infinite.tobytes() else out


def _pow(x, y):
    """``x ** y``; of integers with a negative exponent 1 / x ** -y without its fraction, and 0 where that is infinite."""
    if x.dtype.kind not in "iu" or y.dtype.kind != "i" or not (y < 0).any():
        return np.power(x, y)
    of_one = np.where(y % 2 == 0, 1, x)
    return np.where(y < 0, np.where(np.abs(x) == 1, of_one, 0), np.power(x, np.maximum(y, 0)))


def _complex(real, imag):
    """The complex numbers of these parts."""
    out = np.empty(
        np.broadcast_shapes(np.shape(real), np.shape(imag)), np.complex64 if real.dtype.itemsize <= 4 else np.complex128
    )
    out.real, out.imag = real, imag
    return out


NAMES = {
    "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "log2": np.log2, "log10": np.log10,
    "tanh": np.tanh, "sigmoid": _sigmoid, "erf": _number_by_number(math.erf), "erfc": _number_by_number(math.erfc), "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "sinh": np.sinh, "cosh": np.cosh, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "asinh": np.arcsinh,
    "acosh": np.arccosh, "atanh": np.arctanh, "atan2": np.arctan2, "pow": _pow, "sqrt": np.sqrt, "fabs": np.abs,
    "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc, "rint": np.rint, "maximum": np.maximum, "minimum": np.minimum,
    "where": np.where, "isnan": np.isnan, "isinf": np.isinf, "floordiv": _floordiv, "floormod": np.mod, "fmod": np.fmod,
    "sign": np.sign, "complex": _complex, "conj": np.conj, "real": lambda x: np.array(x.real), "imag": lambda x: np.array(x.imag),
    "philox": philox_uint32_numpy, "logical_not": np.logical_not,
    "shift_left": np.left_shift, "shift_right": np.right_shift, "invert": np.invert,
}  # fmt: skip


_is_quiet = contextvars.ContextVar("is_quiet", default=False)


class _Quiet(threading.local):
    """For each thread a context in which NumPy does not warn of overflow and the like."""

    def __init__(self):
        self.run = contextvars.copy_context().run
        self.run(np.seterr, all="ignore")
        self.run(_is_quiet.set, True)


_QUIET = _Quiet()


def quietly(function, *args):
    """``function(*args)``, a call of NumPy, without floating-point warnings; entering ``np.errstate`` would cost more than
    most calls on small arrays.

    >>> float(quietly(np.exp, np.float32(1000)))
    inf
    """
    if _is_quiet.get():  # called from inside one, by a signal handler for example; a context is entered once at a time
        return function(*args)
    return _QUIET.run(function, *args)


_OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.USub: operator.neg, ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip


def function(expression: str, args):
    """``lambda args: expression`` over arrays; where that is one call of all of them, what it calls."""
    match ast.parse(expression, mode="eval").body:
        case ast.Call(ast.Name(name), given):
            called = NAMES[name]
        case ast.BinOp(left, sign, right) | ast.Compare(left, [sign], [right]):
            called, given = _OPERATORS.get(type(sign)), [left, right]
        case ast.UnaryOp(sign, operand):
            called, given = _OPERATORS.get(type(sign)), [operand]
        case _:
            called, given = None, []
    if called is not None and [g.id if isinstance(g, ast.Name) else None for g in given] == list(args):
        return called
    plain = _compiled(expression, args, NAMES)
    constants = _Constants()
    text = ast.unparse(constants.visit(ast.parse(expression, mode="eval")))
    if not constants.values:
        return plain
    made = {
        t.char: _compiled(text, args, NAMES | {name: np.asarray(v, t) for name, v in constants.values.items()})
        for t in _SIGNS
    }

    def of_arrays(*arrays):
        return made.get(arrays[-1].dtype.char, plain)(*arrays)

    return of_arrays


def _compiled(expression: str, args, names: dict):
    return eval(compile(f"lambda {', '.join(args)}: {expression}", "<expression>", "eval"), dict(names))


class _Constants(ast.NodeTransformer):
    """Puts names in place of the numbers of an expression; but of exponents, for some of which NumPy has functions."""

    def __init__(self):
        self.values: dict[str, float] = {}

    def visit_Constant(self, node):
        if type(node.value) not in (int, float):
            return node
        name = f"_constant{len(self.values)}"
        self.values[name] = node.value
        return ast.Name(name, ast.Load())

    def visit_BinOp(self, node):
        if isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant):
            return ast.BinOp(self.visit(node.left), node.op, node.right)
        return self.generic_visit(node)


def cast(array, dtype):
    """``array`` in another type, without warnings; a float out of the range of an integer type gives what C gives on this processor."""
    if dtype == np.bool_:
        return array != 0
    with np.errstate(all="ignore"):
        if array.dtype.kind == "c" and dtype.kind != "c":
            array = array.real
        if (
            dtype == np.uint32 and array.dtype.kind not in "iub"
        ):  # NumPy's way depends on where in the array an element is
            array = array.astype(np.int64)
        return array.astype(dtype)
