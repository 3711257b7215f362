"""Discrete Fourier transforms, by NumPy's FFT or, of many signals in compiled code, by kernels (fourier_kernels.py): one op for axes of
complex numbers, two for one axis of real numbers and its half; all others are made of them.

The matrix of a complex transform is symmetric, so its gradient is the same transform. The other two are each other's gradient, but for the
weights of the half: an element that is not its own mirror image counts twice in the signal.
"""

import math

import numpy as np

from ..core import checks
from ..core.dtype import bool_, complex_of, float32, real_of, to_dtype
from ..core.errors import fail
from ..core.op import fixed, to
from ..core.sizes import array_from
from . import fourier_kernels
from .by_numpy import numpy_op
from .complex_parts import conjugated
from .inputs import tensor_input
from .movement import axis_of, swapaxes
from .padding import pad_constant
from .repeating import roll
from .slicing import slice_along


def _by_numpy(x, axes, inverse):
    # without a scale: NumPy's "forward" scales the transform, its "backward" the inverse
    return (np.fft.ifftn(x, axes=axes, norm="forward") if inverse else np.fft.fftn(x, axes=axes),)


_fourier = numpy_op(
    "fourier", _by_numpy, lambda x, axes, inverse: [(x.shape, x.dtype)], fourier_kernels.of_axes,
    vjp=(lambda g, out, x, axes, inverse: _fourier(g, axes=axes, inverse=inverse),),
    batch=lambda op, size, xs, batched, attrs: [op(*xs, **attrs)],  # axes are counted from the end
)  # fmt: skip


def _weights(n: int, dtype):
    """How often the elements of the half count in a signal of length ``n``."""
    return fixed(array_from(_counts, n, real_of(dtype).np, shape=(n // 2 + 1,)))


def _counts(n: int, dtype) -> np.ndarray:
    counts = np.full(n // 2 + 1, 2.0, dtype)
    counts[0] = 1.0
    counts[n // 2] = 1.0 if n % 2 == 0 else counts[n // 2]
    return counts


def _last(shape, n: int) -> tuple[int, ...]:
    return (*shape[:-1], n)


_half_of = numpy_op(
    "fourier_half", lambda x: (np.fft.rfft(x),), lambda x: [(_last(x.shape, x.shape[-1] // 2 + 1), complex_of(x.dtype))],
    fourier_kernels.to_half,
    vjp=(lambda g, out, x: _of_half(g / _weights(x.shape[-1], x.dtype), n=x.shape[-1]),), holomorphic=False,
    batch=lambda op, size, xs, batched, attrs: [op(*xs, **attrs)],
)  # fmt: skip
_of_half = numpy_op(
    "fourier_of_half", lambda x, n: (np.fft.irfft(x, n, norm="forward"),), lambda x, n: [(_last(x.shape, n), real_of(x.dtype))],
    fourier_kernels.from_half,
    vjp=(lambda g, out, x, n: _half_of(g) * _weights(n, x.dtype),), holomorphic=False,
    batch=lambda op, size, xs, batched, attrs: [op(*xs, **attrs)],
)  # fmt: skip


def _on_last(x, axis: int, function):
    """``function`` of the last axis, where axis ``axis`` is."""
    return swapaxes(function(swapaxes(x, axis, -1)), axis, -1) if axis != -1 else function(x)


# ---------------------------------------------------------------- sizes, axes and scales
def _plan(name, input, s, dim, norm, every: bool):
    """(the input, its axes from the end, their sizes)."""
    x = tensor_input(name, "input", input)
    if x.dtype is bool_:
        raise fail(TypeError, f"For '{name}', the input must be numbers, but got Bool.")
    if norm not in (None, "backward", "forward", "ortho"):
        raise fail(
            ValueError, f"For '{name}', 'norm' must be None, 'backward', 'forward' or 'ortho', but got {norm!r}."
        )
    s = (s,) if isinstance(s, int) else None if s is None else tuple(s)
    if dim is None:
        dim = range(-(x.ndim if s is None or not every else len(s)), 0)
    dim = (dim,) if isinstance(dim, int) else tuple(dim)
    axes = tuple([axis_of(name, x.ndim, d) - x.ndim for d in dim])
    if len(set(axes)) < len(axes):
        raise fail(ValueError, f"For '{name}', the axes must differ, but got {dim}.")
    if s is not None and len(s) != len(axes):
        raise fail(ValueError, f"For '{name}', there must be a size for each axis, but got {s} and {dim}.")
    sizes = [x.shape[a] if s is None or s[k] == -1 else s[k] for k, a in enumerate(axes)]
    if any(n < 1 for n in sizes):
        raise fail(ValueError, f"For '{name}', the sizes must be above 0, but got {tuple(sizes)}.")
    return x, axes, sizes


def _of_size(x, axis: int, size: int):
    """``x`` with an axis cut, or filled up with zeros."""
    there = x.shape[axis]
    if size < there:
        return slice_along(x, axis + x.ndim, 0, size)
    more = [size - there if a - x.ndim == axis else 0 for a in range(x.ndim)]
    return pad_constant(x, [0] * x.ndim, more) if size > there else x


def _scale(sizes, norm, inverse: bool) -> float:
    n = math.prod(sizes)
    if norm == "ortho":
        return n**-0.5
    return 1.0 / n if inverse is (norm in (None, "backward")) else 1.0


def _transformed(x, axes, sizes, norm, inverse: bool):
    x = to(x, complex_of(x.dtype))
    for a, n in zip(axes, sizes):
        x = _of_size(x, a, n)
    scale = _scale(sizes, norm, inverse)
    out = _fourier(x, axes=axes, inverse=inverse) if axes else x
    return out if scale == 1.0 else out * scale


def _halved(x, axes, sizes, norm, inverse: bool):
    """The transform of real numbers: the half of the last axis that holds all of it."""
    last = axes[-1]
    if not x.dtype.is_complex:
        for a, size in zip(axes, sizes):
            x = _of_size(x, a, size)
        half = _on_last(to(x, real_of(complex_of(x.dtype))), last, _half_of)
        half = conjugated(half) if inverse else half
        if len(axes) > 1:
            half = _fourier(half, axes=axes[:-1], inverse=inverse)
        scale = _scale(sizes, norm, inverse)
        return half if scale == 1.0 else half * scale
    return slice_along(_transformed(x, axes, sizes, norm, inverse), axes[-1] + x.ndim, 0, sizes[-1] // 2 + 1)


def _real(x, axes, sizes, norm, inverse: bool):
    """The real numbers whose transform has ``x`` as one half; ``sizes`` are those of the result."""
    last, n = axes[-1], sizes[-1]
    x = _of_size(to(x, complex_of(x.dtype)), last, n // 2 + 1)
    for a, size in zip(axes[:-1], sizes[:-1]):
        x = _of_size(x, a, size)
    if len(axes) > 1:
        x = _fourier(x, axes=axes[:-1], inverse=inverse)
    out = _on_last(x if inverse else conjugated(x), last, lambda half: _of_half(half, n=n))
    scale = _scale(sizes, norm, inverse)
    return out if scale == 1.0 else out * scale


# ---------------------------------------------------------------- the functions
_COMPLEX, _REAL = ("complex128", "complex64"), ("float64", "float32")
_HALF = ", where the last axis keeps the first half, ``n // 2 + 1`` elements"
_FORWARD, _INVERSE = "Discrete Fourier transform", "Inverse discrete Fourier transform"
# name: (what it is, computation, inverse, its result)
_KINDS = {
    "fft": (_FORWARD, _transformed, False, _COMPLEX),
    "ifft": (_INVERSE, _transformed, True, _COMPLEX),
    "rfft": (f"{_FORWARD} of real numbers", _halved, False, _COMPLEX),
    "irfft": (f"{_INVERSE}, to real numbers, of the half that ``rfft`` gives", _real, True, _REAL),
    "hfft": (f"{_FORWARD}, to real numbers, of one half of a signal whose other half is its conjugate", _real, False, _REAL),
    "ihfft": (f"{_INVERSE} of real numbers: what ``hfft`` takes", _halved, True, _COMPLEX),
}  # fmt: skip
_DOC = """{kind}{along}.

    Args:
        input (Tensor): any shape with at least {ndim}; numbers.
        {size}
        {dim}
        norm (str): None or "backward": the inverse transforms are divided by the number of elements; "forward": the
            others are; "ortho": both by its square root. Default: None.

    Returns:
        Tensor of the new sizes{half}; {wide} for float64 and complex128, else {narrow}.

    Raises:
        TypeError: ``input`` is not a Tensor of numbers, or an axis is not an int.
        ValueError: a size below 1, an axis that is not there or named twice, or an unknown ``norm``.

    >>> import minispore as ms
    >>> {name}(ms.ops.ones((4, 4))).shape
    {shape}
    """


def _computed(name, kind, input, s, dim, norm, every=False):
    _, compute, inverse, _ = _KINDS[kind]
    x, axes, sizes = _plan(name, input, s, dim, norm, every)
    if compute is _real and s is None and sizes:
        sizes[-1] = 2 * (sizes[-1] - 1)
    if not axes or sizes[-1] < 1:
        raise fail(ValueError, f"For '{name}', there must be an axis, of at least 1 element, but got {x.shape}.")
    return compute(x, axes, sizes, norm, inverse)


def _functions(kind: str) -> list:
    """The functions of one kind: along one axis, two and any number of them."""

    def along_one(input, n=None, dim=-1, norm=None):
        checks.integer(kind, dim=dim)
        return _computed(kind, kind, input, n, dim, norm)

    def along_two(input, s=None, dim=(-2, -1), norm=None):
        return _computed(f"{kind}2", kind, input, s, dim, norm)

    def along_all(input, s=None, dim=None, norm=None):
        return _computed(f"{kind}n", kind, input, s, dim, norm, every=True)

    summary, compute, _, (wide, narrow) = _KINDS[kind]
    size = (
        "the size to which {} cut, or filled up with zeros; of the result where that is real. Default: None, as {}{}."
    )
    more = "; for ``n`` elements then ``2 * (n - 1)``" if compute is _real else ""
    last = {_transformed: 4, _halved: 3, _real: 6}[compute]
    made = [
        (along_one, "", " along an axis", "one axis", "n (int): " + size.format("the axis is", "it is", more), "dim (int): the axis. Default: -1."),
        (along_two, "2", " along two axes", "two axes", "s (tuple[int]): " + size.format("each axis is", "they are", "")[:-1] + more + ".",
         "dim (tuple[int]): the axes. Default: (-2, -1)."),
        (along_all, "n", " along several axes", "one axis", "s (tuple[int]): " + size.format("each axis is", "they are", "")[:-1] + more + ".",
         "dim (tuple[int]): the axes; None for the last ones, as many as ``s`` has, or all. Default: None."),
    ]  # fmt: skip
    for function, suffix, along, ndim, size_doc, dim_doc in made:
        function.__name__ = function.__qualname__ = kind + suffix
        function.__doc__ = _DOC.format(
            kind=summary, along=along, ndim=ndim, size=size_doc, dim=dim_doc, half=_HALF if compute is _halved else "",
            wide=wide, narrow=narrow, name=kind + suffix, shape=(4, last),
        )  # fmt: skip
    return [function for function, *_ in made]


fft, fft2, fftn = _functions("fft")
ifft, ifft2, ifftn = _functions("ifft")
rfft, rfft2, rfftn = _functions("rfft")
irfft, irfft2, irfftn = _functions("irfft")
hfft, hfft2, hfftn = _functions("hfft")
ihfft, ihfft2, ihfftn = _functions("ihfft")


def fftfreq(n, d=1.0, dtype=None):
    """Frequencies of the elements of ``fft``, in cycles for a unit of ``d``: ``[0, 1, ..., -2, -1] / (n * d)``.

    Args:
        n (int): number of elements.
        d (float): distance of the samples. Default: 1.0.
        dtype (dtype): type of the result; None for float32. Default: None.

    Returns:
        Tensor of shape (n,).

    Raises:
        ValueError: ``n`` is below 1.

    >>> print(fftfreq(4))
    [ 0.    0.25 -0.5  -0.25]
    """
    return _frequencies("fftfreq", np.fft.fftfreq, n, d, dtype)


def rfftfreq(n, d=1.0, dtype=None):
    """Frequencies of the elements of ``rfft``, in cycles for a unit of ``d``: ``[0, 1, ..., n // 2] / (n * d)``.

    Args:
        n (int): number of elements.
        d (float): distance of the samples. Default: 1.0.
        dtype (dtype): type of the result; None for float32. Default: None.

    Returns:
        Tensor of shape (n // 2 + 1,).

    Raises:
        ValueError: ``n`` is below 1.

    >>> print(rfftfreq(4))
    [0.   0.25 0.5 ]
    """
    return _frequencies("rfftfreq", np.fft.rfftfreq, n, d, dtype)


def _frequencies(name, function, n, d, dtype):
    if n < 1:
        raise fail(ValueError, f"For '{name}', 'n' must be above 0, but got {n}.")
    return fixed(function(n, d).astype((float32 if dtype is None else to_dtype(dtype)).np))


def fftshift(input, dim=None):
    """Moves the element of frequency 0 to the middle of each axis.

    Args:
        input (Tensor): any shape; any type.
        dim (int | tuple[int]): the axes; None for all. Default: None.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(fftshift(ms.Tensor([0, 1, 2, -2, -1])))
    [-2 -1  0  1  2]
    """
    return _shifted("fftshift", input, dim, lambda n: n // 2)


def ifftshift(input, dim=None):
    """Undoes ``fftshift``.

    Args:
        input (Tensor): any shape; any type.
        dim (int | tuple[int]): the axes; None for all. Default: None.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(ifftshift(ms.Tensor([-2, -1, 0, 1, 2])))
    [ 0  1  2 -2 -1]
    """
    return _shifted("ifftshift", input, dim, lambda n: -(n // 2))


def _shifted(name, input, dim, distance):
    x = tensor_input(name, "input", input)
    dims = range(x.ndim) if dim is None else (dim,) if isinstance(dim, int) else dim
    axes = tuple([axis_of(name, x.ndim, d) for d in dims])
    return roll(x, tuple([distance(x.shape[a]) for a in axes]), axes) if axes else x


__all__ = [
    "fft", "fft2", "fftfreq", "fftn", "fftshift", "hfft", "hfft2", "hfftn", "ifft", "ifft2", "ifftn", "ifftshift",
    "ihfft", "ihfft2", "ihfftn", "irfft", "irfft2", "irfftn", "rfft", "rfft2", "rfftfreq", "rfftn",
]  # fmt: skip
