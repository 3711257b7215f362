"""The functions that elementwise expressions may call, for NumPy.  graph/vector_math/ has the same for compiled loops."""

import contextvars
import math
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
    return np.exp(np.minimum(x, zero)) / (one + np.exp(np.copysign(x, minus)))  # the numerator of positive numbers is 1


def _floordiv(x, y):
    """The quotient rounded down, exactly; of infinities ``floor(x / y)`` as in MindSpore, where NumPy has NaN or -1."""
    out = np.floor_divide(x, y)
    if out.dtype.kind != "f":
        return out
    return np.where(np.isinf(x) | np.isinf(y), np.floor(x / y), out)


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


def function(expression: str, args):
    """``lambda args: expression`` over arrays."""
    return eval(compile(f"lambda {', '.join(args)}: {expression}", "<expression>", "eval"), dict(NAMES))


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
