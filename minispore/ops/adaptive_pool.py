"""Pooling to a given size: windows that differ in length, and may overlap by an element.

Equal windows are those of pool.py.  Averages of others are products with two matrices; the maxima are an op, ``window_max``, which
gives values and positions, as ``max_pool`` does, and has its gradient.
"""

import numpy as np

from ..core import checks
from ..core.dtype import int32
from ..core.errors import fail
from ..core.op import as_tensor, fixed, library, to
from ..core.samples import f
from ..core.sizes import array_from, settled, whole
from .batch import into_first_axis
from .movement import expand_dims, reshape
from .pool import avg_pool_with, max_pool_gradient, max_pool_with, wide
from .pool_kernels import window_max_kernel
from .tiled_rows import table_of


def _window_max_numpy(x, hw):
    n, c, height, width = x.shape
    out, index = np.empty((n, c, *hw), x.dtype), np.empty((n, c, *hw), np.int32)
    flat = np.arange(height * width, dtype=np.int32).reshape(height, width)
    for r, (a, b) in enumerate(edges(height, hw[0])):
        for q, (left, right) in enumerate(edges(width, hw[1])):
            at = flat[a:b, left:right].ravel()
            window = x[:, :, a:b, left:right].reshape(n, c, at.size)
            nan = np.isnan(window)
            last = window.shape[-1] - 1 - nan[..., ::-1].argmax(-1)
            k = np.where(nan.any(-1), last, np.where(nan, -np.inf, window).argmax(-1))
            index[:, :, r, q] = at[k]
            out[:, :, r, q] = np.take_along_axis(window, k[..., None], -1)[..., 0]
    return out, index


def _window_max_infer(x, hw):
    shape = (*x.shape[:2], *hw)
    return [(shape, x.dtype), (shape, int32)]


def _window_max_lower(build, node):
    x, out = node.inputs[0], build.output(node)
    (n, c, height, width), (rows, columns) = settled((x.shape, node.attrs["hw"]))
    placed = id(node.outs[1]) in build.read
    planes, cost = n * c, 2 * n * c * height * width
    workers = max(1, min(build.workers, planes)) if cost >= 16384 else 1
    best, place = build.temp((workers, width), x.dtype), build.temp((workers, width), int32)
    index = build.output(node, 1) if placed else place
    build.call(
        window_max_kernel.bind(T=build.storage(x.dtype)), node,
        [build.dense(x), out, index, best, place, build.operand(table_of(_bounds, height, width, rows, columns)), int(placed), planes,
         height, width, rows, columns, workers],
        extent=workers, writes=[out, best, place, *([index] if placed else [])], cost=cost,
    )  # fmt: skip


def _bounds(height, width, rows, columns) -> list[int]:
    return [end for size, out in ((height, rows), (width, columns)) for pair in edges(size, out) for end in pair]


window_max = library(
    "window_max", _window_max_numpy, _window_max_infer, _window_max_lower, smooth=False, batch=into_first_axis,
    vjp=(lambda g, out, x, hw: max_pool_gradient(g[0], out[1], hw=x.shape[2:]) if g[0] is not None else None,),
    samples=[(f(2, 3, 5, 4), {"hw": (2, 3)}), (f(1, 2, 3, 7), {"hw": (4, 2)})],
)  # fmt: skip


def _adaptive_sizes(name, x, output_size):
    given = output_size if isinstance(output_size, (tuple, list)) else (output_size, output_size)
    if len(given) != 2:
        raise fail(ValueError, f"For '{name}', 'output_size' must be an int or 2 ints, but got {output_size!r}.")
    for o in given:
        if o is not None:
            checks.instance(name, (int, np.integer), output_size=o)
            checks.at_least(name, 1, output_size=o)
    return tuple(d if o is None else whole(o) for o, d in zip(given, x.shape[-2:]))


def _adaptive(x, sizes, even, matrix):
    """``even(kernel)`` where the windows are equal, else ``matrix``."""
    h, w = x.shape[-2:]
    return even((h // sizes[0], w // sizes[1])) if h % sizes[0] == 0 and w % sizes[1] == 0 else matrix()


def _averages(size, out, dtype) -> np.ndarray:
    """The matrix of the averages of an axis."""
    m = np.zeros((size, out), dtype)
    for k, (a, b) in enumerate(edges(size, out)):
        m[a:b, k] = 1.0 / (b - a)
    return m


def edges(size, out):
    """(first element, end) of each window along an axis."""
    return [(k * size // out, -(-(k + 1) * size // out)) for k in range(out)]


def adaptive_avg_pool2d(input, output_size):
    """Averages of windows chosen so that the result has a given size.

    Along an axis of length n, window k of m goes from ``floor(k * n / m)`` to ``ceil((k + 1) * n / m)``.

    Args:
        input (Tensor): shape (N, C, H, W) or (C, H, W); floats.
        output_size (int | tuple[int | None]): height and width of the result; None keeps the length.

    Returns:
        Tensor of the shape of ``input`` with the last two axes of ``output_size``; the type of ``input``.

    Raises:
        ValueError: ``output_size`` is a tuple that has not two elements.

    >>> import minispore as ms
    >>> x = ms.ops.arange(12.0).reshape(1, 3, 4)
    >>> print(adaptive_avg_pool2d(x, (None, 2)))
    [[[ 0.5  2.5]
      [ 4.5  6.5]
      [ 8.5 10.5]]]
    """
    x = as_tensor(input)
    lead, x4 = x.shape[:-2], x if x.ndim == 4 else expand_dims(x, 0)
    sizes = _adaptive_sizes("adaptive_avg_pool2d", x, output_size)

    def averages(n, out):
        return fixed(array_from(_averages, n, out, x.dtype.np, shape=(n, out)))

    def by_matrix():
        return averages(x.shape[-2], sizes[0]).T @ x4 @ averages(x.shape[-1], sizes[1])

    out = _adaptive(x4, sizes, lambda k: avg_pool_with(x4, k, k), by_matrix)
    return reshape(out, (*lead, *sizes))


def adaptive_max_pool2d(input, output_size, return_indices=False):
    """Maxima of windows chosen so that the result has a given size.

    Along an axis of length n, window k of m goes from ``floor(k * n / m)`` to ``ceil((k + 1) * n / m)``.

    Args:
        input (Tensor): shape (N, C, H, W) or (C, H, W); numbers.
        output_size (int | tuple[int | None]): height and width of the result; None keeps the length.
        return_indices (bool): whether the positions of the maxima are given too. Default: False.

    Returns:
        Tensor of the shape of ``input`` with the last two axes of ``output_size``, of its type; with ``return_indices``
        a tuple of it and an int64 Tensor of positions in the flattened planes.

    Raises:
        ValueError: ``output_size`` is a tuple that has not two elements.

    >>> import minispore as ms
    >>> x = ms.ops.arange(12.0).reshape(1, 3, 4)
    >>> print(adaptive_max_pool2d(x, (None, 2)))
    [[[ 1.  3.]
      [ 5.  7.]
      [ 9. 11.]]]
    """
    x = as_tensor(input)
    lead, x4 = x.shape[:-2], x if x.ndim == 4 else expand_dims(x, 0)
    sizes = _adaptive_sizes("adaptive_max_pool2d", x, output_size)
    h, w = x.shape[-2:]
    if h % sizes[0] == 0 and w % sizes[1] == 0:
        k = (h // sizes[0], w // sizes[1])
        values, index = max_pool_with(x4, k, k)
    else:
        values, index = window_max(wide(x4), hw=sizes)
        values = to(values, x.dtype)
    values = reshape(values, (*lead, *sizes))
    return (values, reshape(index.long(), (*lead, *sizes))) if return_indices else values


__all__ = ["adaptive_avg_pool2d", "adaptive_max_pool2d"]
