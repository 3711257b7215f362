"""Functions of complex numbers, as kernel source over the real ones of vector_math; a kernel compiles those that it calls."""


def library() -> str:
    """The text of the functions in both formats."""
    return SOURCE + SOURCE.replace("complex64", "complex128").replace("float32", "float64")


SOURCE = """
def complex_float32(x, y):
    return complex(x, y)

def real_complex64(z):
    return z.real

def imag_complex64(z):
    return z.imag

def conj_complex64(z):
    return complex(z.real, -z.imag)

def quotient_complex64(x, y):  # no product of squares, which could overflow
    if fabs(y.real) < fabs(y.imag):
        ratio = y.real / y.imag
        size = y.real * ratio + y.imag
        return complex((x.real * ratio + x.imag) / size, (x.imag * ratio - x.real) / size)
    if y == 0:
        return complex(x.real / fabs(y.real), x.imag / fabs(y.real))
    ratio = y.imag / y.real
    size = y.real + y.imag * ratio
    return complex((x.real + x.imag * ratio) / size, (x.imag - x.real * ratio) / size)

def length_complex64(z):
    x, y = fabs(z.real), fabs(z.imag)
    high, low = max(x, y), min(x, y)
    if high == 0 or high - high != 0:  # 0, infinite or NaN
        return high + low
    return high * sqrt(float32(1) + (low / high) * (low / high))

def fabs_complex64(z):
    return complex(length_complex64(z), float32(0))

def sign_complex64(z):
    size = length_complex64(z)
    return complex(z.real / size, z.imag / size) if size != 0 else z

def exp_complex64(z):
    size = exp_float32(z.real)
    return complex(size * far_cos_float32(z.imag), size * far_sin_float32(z.imag))

def exp2_complex64(z):
    ln2 = float32(0.6931471805599453)
    return exp_complex64(complex(z.real * ln2, z.imag * ln2))

def expm1_complex64(z):
    s, c = far_sin_float32(z.imag * float32(0.5)), far_cos_float32(z.imag)
    return complex(expm1_float32(z.real) * c - float32(2) * s * s, exp_float32(z.real) * far_sin_float32(z.imag))

def log_complex64(z):
    size = length_complex64(z)
    if 0.5 < size and size < 2:  # exact near the unit circle
        x, y = fabs(z.real), fabs(z.imag)
        high, low = max(x, y), min(x, y)
        above = (high - float32(1)) * (high + float32(1)) + low * low
        return complex(float32(0.5) * log1p_float32(above), atan2_float32(z.imag, z.real))
    return complex(log_float32(size), atan2_float32(z.imag, z.real))

def log1p_complex64(z):
    x, y = z.real, z.imag
    if length_complex64(z) > 2:
        return log_complex64(complex(float32(1) + x, y))
    return complex(float32(0.5) * log1p_float32(x * (float32(2) + x) + y * y), atan2_float32(y, float32(1) + x))

def log2_complex64(z):
    w, ln2 = log_complex64(z), float32(0.6931471805599453)
    return complex(w.real / ln2, w.imag / ln2)

def log10_complex64(z):
    w, ln10 = log_complex64(z), float32(2.302585092994046)
    return complex(w.real / ln10, w.imag / ln10)

def pow_complex64(x, y):
    if y == 0:
        return complex64(1)
    if x == 0:
        return complex64(0)
    return exp_complex64(y * log_complex64(x))

def sigmoid_complex64(z):
    return complex64(1) / (complex64(1) + exp_complex64(-z))

def sqrt_complex64(z):
    side = sqrt((fabs(z.real) + length_complex64(z)) * float32(0.5))
    if side == 0:
        return complex(side, z.imag)
    other = z.imag / (float32(2) * side)
    if z.real >= 0:
        return complex(side, other)
    return complex(fabs(other), -side if z.imag < 0 else side)

def sin_complex64(z):
    return complex(far_sin_float32(z.real) * cosh_float32(z.imag), far_cos_float32(z.real) * sinh_float32(z.imag))

def cos_complex64(z):
    return complex(far_cos_float32(z.real) * cosh_float32(z.imag), -far_sin_float32(z.real) * sinh_float32(z.imag))

def tan_complex64(z):
    turned = tanh_complex64(complex(-z.imag, z.real))
    return complex(turned.imag, -turned.real)

def sinh_complex64(z):
    return complex(sinh_float32(z.real) * far_cos_float32(z.imag), cosh_float32(z.real) * far_sin_float32(z.imag))

def cosh_complex64(z):
    return complex(cosh_float32(z.real) * far_cos_float32(z.imag), sinh_float32(z.real) * far_sin_float32(z.imag))

def tanh_complex64(z):
    if fabs(z.real) > 20:
        small = float32(4) * far_sin_float32(z.imag) * far_cos_float32(z.imag) * exp_float32(float32(-2) * fabs(z.real))
        return complex(float32(1) if z.real > 0 else float32(-1), small)
    slope, s = far_tan_float32(z.imag), sinh_float32(z.real)
    beta = float32(1) + slope * slope
    below = float32(1) + beta * s * s
    return complex(beta * sqrt(float32(1) + s * s) * s / below, slope / below)

# The inverse functions: Kahan, Branch Cuts for Complex Elementary Functions, 1987.
def asin_complex64(z):
    a, b = sqrt_complex64(complex64(1) + z), sqrt_complex64(complex64(1) - z)
    return complex(atan2_float32(z.real, a.real * b.real - a.imag * b.imag), asinh_float32(a.imag * b.real - a.real * b.imag))

def acos_complex64(z):
    a, b = sqrt_complex64(complex64(1) - z), sqrt_complex64(complex64(1) + z)
    return complex(float32(2) * atan2_float32(a.real, b.real), asinh_float32(a.imag * b.real - a.real * b.imag))

def acosh_complex64(z):
    a, b = sqrt_complex64(z - complex64(1)), sqrt_complex64(z + complex64(1))
    return complex(asinh_float32(a.real * b.real + a.imag * b.imag), float32(2) * atan2_float32(a.imag, b.real))

def asinh_complex64(z):
    turned = asin_complex64(complex(-z.imag, z.real))
    return complex(turned.imag, -turned.real)

def atan_complex64(z):
    turned = atanh_complex64(complex(-z.imag, z.real))
    return complex(turned.imag, -turned.real)

def atanh_complex64(z):
    x, y = z.real, z.imag
    near = (float32(1) - x) * (float32(1) - x) + y * y
    turn = atan2_float32(float32(2) * y, (float32(1) - x) * (float32(1) + x) - y * y)
    return complex(float32(0.25) * log1p_float32(float32(4) * x / near), float32(0.5) * turn)
"""
