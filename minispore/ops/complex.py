"""Complex numbers: parts, angle, and what makes complex Tensors of real ones."""

from ..core.errors import fail
from .complex_parts import conjugated, from_parts, imaginary_part, real_of
from .concatenation import stack
from .creation import full_like, zeros_like
from .elementwise import abs as abs_, atan2, cos, sin
from .inputs import tensor_input
from .methods import method


@method("real")
def real(input):
    """Real parts; a real Tensor itself.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``input``; float32 for complex64, float64 for complex128, else its type.

    Raises:
        TypeError: ``input`` is not a Tensor.

    >>> import minispore as ms
    >>> print(real(ms.Tensor([1 + 2j, 3 - 1j])))
    [1. 3.]
    """
    return real_of(tensor_input("real", "input", input))


@method("imag")
def imag(input):
    """Imaginary parts; zeros of a real Tensor.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``input``; float32 for complex64, float64 for complex128, else its type.

    Raises:
        TypeError: ``input`` is not a Tensor.

    >>> import minispore as ms
    >>> print(imag(ms.Tensor([1 + 2j, 3 - 1j])))
    [ 2. -1.]
    """
    x = tensor_input("imag", "input", input)
    return imaginary_part(x) if x.dtype.is_complex else zeros_like(x)


@method("conj")
def conj(input):
    """Complex conjugates; a real Tensor itself.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor.

    >>> import minispore as ms
    >>> print(conj(ms.Tensor([1 + 2j, 3 - 1j])))
    [1.-2.j 3.+1.j]
    """
    return conjugated(tensor_input("conj", "input", input))


@method("angle")
def angle(input):
    """Angles of complex numbers, in [-pi, pi].

    Args:
        input (Tensor): any shape; complex64 or complex128.

    Returns:
        Tensor of the shape of ``input``; float32 or float64.

    Raises:
        TypeError: ``input`` is not complex.

    >>> import minispore as ms
    >>> print(angle(ms.Tensor([1j, -2 + 0j])))
    [1.57079633 3.14159265]
    """
    x = _complex("angle", input)
    return atan2(imaginary_part(x), real_of(x))


@method("isreal")
def isreal(input):
    """Whether each element is real: its imaginary part is 0.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``input``; bool.

    Raises:
        TypeError: ``input`` is not a Tensor.

    >>> import minispore as ms
    >>> print(isreal(ms.Tensor([1 + 0j, 2j])))
    [ True False]
    """
    x = tensor_input("isreal", "input", input)
    return imaginary_part(x) == 0 if x.dtype.is_complex else full_like(x, True, dtype=bool)


def complex_abs(x):
    """Absolute values of complex numbers, as real numbers.

    Args:
        x (Tensor): any shape; complex64 or complex128.

    Returns:
        Tensor of the shape of ``x``; float32 or float64.

    Raises:
        TypeError: ``x`` is not complex.

    >>> import minispore as ms
    >>> print(complex_abs(ms.Tensor([3 + 4j])))
    [5.]
    """
    return real_of(abs_(_complex("ComplexAbs", x)))


def polar(abs, angle):
    """Complex numbers of these absolute values and angles: ``abs * (cos(angle) + i sin(angle))``.

    Args:
        abs (Tensor): any shape; float32 or float64.
        angle (Tensor): a shape that broadcasts; the type of ``abs``.

    Returns:
        Tensor of the broadcast shape; complex64 or complex128.

    Raises:
        TypeError: an input is not float32 or float64, or they are of different types.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(polar(ms.Tensor([2.0]), ms.Tensor([0.0])))
    [2.+0.j]
    """
    r, a = _parts("polar", abs, angle, "abs", "angle")
    return from_parts(r * cos(a), r * sin(a))


def complex_of_parts(real, imag):
    """Complex numbers of a real and an imaginary part each.

    Args:
        real (Tensor): any shape; float32 or float64.
        imag (Tensor): a shape that broadcasts; the type of ``real``.

    Returns:
        Tensor of the broadcast shape; complex64 or complex128.

    Raises:
        TypeError: an input is not float32 or float64, or they are of different types.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(complex_of_parts(ms.Tensor([1.0]), ms.Tensor([2.0])))
    [1.+2.j]
    """
    return from_parts(*_parts("Complex", real, imag, "real", "imag"))


@method("view_as_real")
def view_as_real(input):
    """Real and imaginary parts along a new last axis.

    Args:
        input (Tensor): shape (*); complex64 or complex128.

    Returns:
        Tensor of shape (*, 2); float32 or float64.

    Raises:
        TypeError: ``input`` is not complex.

    >>> import minispore as ms
    >>> print(view_as_real(ms.Tensor([1 + 2j, 3 - 1j])))
    [[ 1.  2.]
     [ 3. -1.]]
    """
    x = _complex("view_as_real", input)
    return stack((real_of(x), imaginary_part(x)), -1)


def _complex(name, x):
    if not tensor_input(name, "input", x).dtype.is_complex:
        raise fail(TypeError, f"For '{name}', the input must be complex64 or complex128, but got {x.dtype}.")
    return x


def _parts(name, first, second, *names):
    found = [tensor_input(name, n, x) for n, x in zip(names, (first, second))]
    if found[0].dtype is not found[1].dtype or found[0].dtype.name not in ("float32", "float64"):
        raise fail(
            TypeError,
            f"For '{name}', '{names[0]}' and '{names[1]}' must both be float32, or both float64, but got "
            f"{found[0].dtype} and {found[1].dtype}.",
        )
    return found


__all__ = ["angle", "conj", "imag", "isreal", "polar", "real", "view_as_real"]
