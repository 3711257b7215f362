"""The parts of complex numbers: the ops that are not holomorphic, whose gradients are given for real and imaginary part."""

from typing import Any

from ..core.op import elementwise, to
from ..core.tensor import Tensor

_I: Any = 1j
real_part = elementwise("real_part", "real(x)", types="real", vjp=lambda g, out, x: to(g, x.dtype), holomorphic=False)
imaginary_part = elementwise(
    "imaginary_part", "imag(x)", types="real", vjp=lambda g, out, x: to(g, x.dtype) * _I, holomorphic=False
)
conjugate = elementwise("conjugate", "conj(x)", vjp=lambda g, out, x: conjugate(g), holomorphic=False)
from_parts = elementwise(
    "complex_from_parts", "complex(x, y)", "x y", types="complex", holomorphic=False,
    vjp=(lambda g, out, x, y: real_part(g), lambda g, out, x, y: imaginary_part(g)),
)  # fmt: skip


def conjugated(x):
    """The complex conjugate of a Tensor; a real one, or what is no Tensor, is returned as it is."""
    return conjugate(x) if isinstance(x, Tensor) and x.dtype.is_complex else x


def real_of(x):
    """The real part of a Tensor, which is itself if it is real."""
    return real_part(x) if x.dtype.is_complex else x


__all__: list[str] = []
