"""``mindspore.numpy.fft``: the transforms of ``ops`` under NumPy's names of arguments."""

from typing import Any

from .. import ops as _ops
from ..core.forwarding import forwards
from .tensors_only import checked

ops: Any = _ops  # its functions are put together when it is imported


def _named(name: str, along):
    """``ops.<name>`` with NumPy's arguments."""
    function = getattr(ops, name)
    if along is int:

        def renamed(a, n=None, axis=-1, norm=None):
            return function(a, n, axis, norm)

    elif along == 2:

        def renamed(a, s=None, axes=(-2, -1), norm=None):
            return function(a, s, axes, norm)

    else:

        def renamed(a, s=None, axes=None, norm=None):
            return function(a, s, axes, norm)

    renamed.__name__ = renamed.__qualname__ = name
    return checked(forwards(function, named={"input": "a", "dim": "axis" if along is int else "axes"})(renamed))


fft, ifft, rfft, irfft, hfft, ihfft = (_named(name, int) for name in "fft ifft rfft irfft hfft ihfft".split())
fft2, ifft2, rfft2, irfft2, hfft2, ihfft2 = (_named(f"{name}2", 2) for name in "fft ifft rfft irfft hfft ihfft".split())
fftn, ifftn, rfftn, irfftn, hfftn, ihfftn = (
    _named(f"{name}n", None) for name in "fft ifft rfft irfft hfft ihfft".split()
)


@checked
@forwards(ops.fftshift, named={"input": "x", "dim": "axes"})
def fftshift(x, axes=None):
    """Moves the element of frequency 0 to the middle of each axis."""
    return ops.fftshift(x, axes)


@checked
@forwards(ops.ifftshift, named={"input": "x", "dim": "axes"})
def ifftshift(x, axes=None):
    """Undoes ``fftshift``."""
    return ops.ifftshift(x, axes)


fftfreq, rfftfreq = ops.fftfreq, ops.rfftfreq

__all__ = [
    "fft", "fft2", "fftfreq", "fftn", "fftshift", "hfft", "hfft2", "hfftn", "ifft", "ifft2", "ifftn", "ifftshift",
    "ihfft", "ihfft2", "ihfftn", "irfft", "irfft2", "irfftn", "rfft", "rfft2", "rfftfreq", "rfftn",
]  # fmt: skip
