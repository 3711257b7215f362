"""Elementary functions of complex numbers for kernels, from the real ones of vector_math; ``exp_complex64`` and its kind."""

import numpy as np

FORMATS = (("float32", np.float32, np.complex64), ("float64", np.float64, np.complex128))


def functions(names: dict, device) -> dict:
    """The functions by the names that kernels call them by.

    Args:
        names: the real functions, by theirs.
        device: decorator of functions that kernels may call; each is compiled where a kernel does.
    """
    return {name: device(function) for form in FORMATS for name, function in _of_format(names, device, *form).items()}


def _of_format(names: dict, device, part: str, R, C) -> dict:
    (exp, expm1, log, log1p, sin, cos, tan, sinh, cosh, asinh, atan2) = (  # of far angles, too
        names[f"{name}_{part}"] for name in "exp expm1 log log1p far_sin far_cos far_tan sinh cosh asinh atan2".split()
    )
    root, magnitude = names["sqrt"], names["fabs"]
    half, one, two = R(0.5), R(1), R(2)
    ln2, ln10 = R(np.log(2.0)), R(np.log(10.0))

    @device
    def length(z):
        x, y = magnitude(z.real), magnitude(z.imag)
        high, low = max(x, y), min(x, y)
        if high == 0 or high - high != 0:  # 0, infinite or NaN
            return high + low
        return high * root(one + (low / high) * (low / high))

    @device
    def log_(z):
        size = length(z)
        if half < size and size < two:  # exact near the unit circle
            x, y = magnitude(z.real), magnitude(z.imag)
            high, low = max(x, y), min(x, y)
            return C(complex(half * log1p((high - one) * (high + one) + low * low), atan2(z.imag, z.real)))
        return C(complex(log(size), atan2(z.imag, z.real)))

    @device
    def exp_(z):
        size = exp(z.real)
        return C(complex(size * cos(z.imag), size * sin(z.imag)))

    @device
    def sqrt_(z):
        side = root((magnitude(z.real) + length(z)) * half)
        if side == 0:
            return C(complex(side, z.imag))
        other = z.imag / (two * side)
        if z.real >= 0:
            return C(complex(side, other))
        return C(complex(magnitude(other), -side if z.imag < 0 else side))

    @device
    def tanh_(z):
        if magnitude(z.real) > 20:
            small = R(4) * sin(z.imag) * cos(z.imag) * exp(-two * magnitude(z.real))
            return C(complex(one if z.real > 0 else -one, small))
        slope, s = tan(z.imag), sinh(z.real)
        beta = one + slope * slope
        below = one + beta * s * s
        return C(complex(beta * root(one + s * s) * s / below, slope / below))

    @device
    def asin_(z):  # Kahan, Branch Cuts for Complex Elementary Functions, 1987
        a, b = sqrt_(C(one + z)), sqrt_(C(one - z))
        return C(complex(atan2(z.real, a.real * b.real - a.imag * b.imag), asinh(a.imag * b.real - a.real * b.imag)))

    @device
    def atanh_(z):
        x, y = z.real, z.imag
        near = (one - x) * (one - x) + y * y
        return C(complex(R(0.25) * log1p(R(4) * x / near), half * atan2(two * y, (one - x) * (one + x) - y * y)))

    def acos(z):
        a, b = sqrt_(C(one - z)), sqrt_(C(one + z))
        return C(complex(two * atan2(a.real, b.real), asinh(a.imag * b.real - a.real * b.imag)))

    def acosh(z):
        a, b = sqrt_(C(z - one)), sqrt_(C(z + one))
        return C(complex(asinh(a.real * b.real + a.imag * b.imag), two * atan2(a.imag, b.real)))

    def tan_(z):
        turned = tanh_(C(complex(-z.imag, z.real)))
        return C(complex(turned.imag, -turned.real))

    def asinh_(z):
        turned = asin_(C(complex(-z.imag, z.real)))
        return C(complex(turned.imag, -turned.real))

    def atan(z):
        turned = atanh_(C(complex(-z.imag, z.real)))
        return C(complex(turned.imag, -turned.real))

    def sin_(z):
        return C(complex(sin(z.real) * cosh(z.imag), cos(z.real) * sinh(z.imag)))

    def cos_(z):
        return C(complex(cos(z.real) * cosh(z.imag), -sin(z.real) * sinh(z.imag)))

    def sinh_(z):
        return C(complex(sinh(z.real) * cos(z.imag), cosh(z.real) * sin(z.imag)))

    def cosh_(z):
        return C(complex(cosh(z.real) * cos(z.imag), sinh(z.real) * sin(z.imag)))

    def expm1_(z):
        s = sin(z.imag * half)
        return C(complex(expm1(z.real) * cos(z.imag) - two * s * s, exp(z.real) * sin(z.imag)))

    def log1p_(z):
        x, y = z.real, z.imag
        if length(z) > two:
            return log_(C(one + z))
        return C(complex(half * log1p(x * (two + x) + y * y), atan2(y, one + x)))

    def log2(z):
        w = log_(z)
        return C(complex(w.real / ln2, w.imag / ln2))

    def log10(z):
        w = log_(z)
        return C(complex(w.real / ln10, w.imag / ln10))

    def exp2(z):
        return exp_(C(complex(z.real * ln2, z.imag * ln2)))

    def sigmoid(z):
        return C(C(one) / (C(one) + exp_(C(-z))))

    def power(x, y):
        if y == 0:
            return C(one)
        if x == 0:
            return C(R(0))
        return exp_(C(y * log_(x)))

    def sign(z):
        size = length(z)
        return C(complex(z.real / size, z.imag / size)) if size != 0 else z

    def fabs(z):
        return C(complex(length(z), R(0)))

    def conj(z):
        return C(complex(z.real, -z.imag))

    def real(z):
        return z.real

    def imag(z):
        return z.imag

    def made(x, y):
        return C(complex(x, y))

    of_complex = {
        "acos": acos, "acosh": acosh, "tan": tan_, "asinh": asinh_, "atan": atan, "sin": sin_, "cos": cos_, "sinh": sinh_,
        "cosh": cosh_, "expm1": expm1_, "log1p": log1p_, "log2": log2, "log10": log10, "exp2": exp2, "sigmoid": sigmoid,
        "pow": power, "sign": sign, "fabs": fabs, "conj": conj, "real": real, "imag": imag,
        "log": lambda z: log_(z), "exp": lambda z: exp_(z), "sqrt": lambda z: sqrt_(z), "tanh": lambda z: tanh_(z),
        "asin": lambda z: asin_(z), "atanh": lambda z: atanh_(z),
    }  # fmt: skip
    return {f"complex_{part}": made} | {f"{name}_{np.dtype(C).name}": f for name, f in of_complex.items()}
