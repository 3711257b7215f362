"""Convolution: three ops that are each other's gradients (conv_lowering.py chooses how each is computed).

``conv2d`` (x, w) -> y, ``conv2d_input_grad`` (g, w) -> x and ``conv2d_weight_grad`` (x, g) -> w: the gradient of each is
written with the other two, so every order of derivative exists.
"""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..core import checks, hints
from ..core.dtype import bfloat16
from ..core.errors import fail
from ..core.op import Library, library, to
from ..core.samples import f
from ..core.sizes import greater
from .batch import fold, full, unfold
from .concatenation import concat
from .conv_lowering import _conv_lower, _input_grad_lower, _weight_grad_lower, in_pairs
from .inputs import accumulation_type
from .movement import expand_dims, reshape, squeeze, transpose
from .padding import pad_constant
from .slicing import slice_along

# ---------------------------------------------------------------- sizes


def _out_size(size: int, before: int, after: int, window: int, stride: int, dilation: int) -> int:
    return (size + before + after - dilation * (window - 1) - 1) // stride + 1


def _out_shape(x, w, stride, pad, dilation) -> tuple[int, ...]:
    top, bottom, left, right = pad
    height = _out_size(x[2], top, bottom, w[2], stride[0], dilation[0])
    return x[0], w[0], height, _out_size(x[3], left, right, w[3], stride[1], dilation[1])


# ---------------------------------------------------------------- by NumPy
CHUNK = 1 << 22  # elements of columns made at once


def _columns(x, window, stride, pad, dilation, out_hw):
    """im2col: (C * KH * KW, N * OH * OW), the elements of each window of ``x``, one column for each window."""
    top, bottom, left, right = pad
    if any(pad):
        x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, window)]
    views = sliding_window_view(x, reach, axis=(2, 3))[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
    views = views[:, :, : out_hw[0], : out_hw[1]].transpose(1, 4, 5, 0, 2, 3)
    return views.reshape(math.prod(views.shape[:3]), -1)


def _chunks(x, w, out_hw):
    """Slices of the batch whose columns fit in memory that is used again."""
    step = max(1, CHUNK // max(1, math.prod(w[1:]) * math.prod(out_hw)))
    return [slice(n, min(n + step, x[0])) for n in range(0, x[0], step)]


def _in_float32(function):
    """``function`` of arrays, of which those of bfloat16 are computed in float32: NumPy would round each sum on the way."""

    def call(first, second, **attrs):
        if first.dtype != bfloat16.np:
            return function(first, second, **attrs)
        (made,) = function(first.astype(np.float32), second.astype(np.float32), **attrs)
        return (made.astype(first.dtype),)

    return call


@_in_float32
def _conv_numpy(x, w, stride, pad, dilation, group):
    shape = _out_shape(x.shape, w.shape, stride, pad, dilation)
    out = np.empty(shape, x.dtype)
    depth, width = x.shape[1] // group, w.shape[0] // group
    for part in _chunks(x.shape, w.shape, shape[2:]):
        for g in range(group):
            filters = slice(g * width, (g + 1) * width)
            columns = _columns(x[part, g * depth : (g + 1) * depth], w.shape[2:], stride, pad, dilation, shape[2:])
            made = w[filters].reshape(width, -1) @ columns
            out[part, filters] = made.reshape(width, -1, *shape[2:]).swapaxes(0, 1)
    return (out,)


@_in_float32
def _weight_grad_numpy(x, g, stride, pad, dilation, group, w_shape):
    out = np.zeros(w_shape, x.dtype)
    depth, width = w_shape[1], w_shape[0] // group
    for part in _chunks(x.shape, w_shape, g.shape[2:]):
        for k in range(group):
            filters = slice(k * width, (k + 1) * width)
            columns = _columns(x[part, k * depth : (k + 1) * depth], w_shape[2:], stride, pad, dilation, g.shape[2:])
            out[filters] += (g[part, filters].swapaxes(0, 1).reshape(width, -1) @ columns.T).reshape(out[filters].shape)
    return (out,)


@_in_float32
def _input_grad_numpy(g, w, stride, pad, dilation, group, x_shape):
    (sh, sw), (dh, dw), (top, bottom, left, right) = stride, dilation, pad
    out_height, out_width = g.shape[2:]
    _, depth, kernel_height, kernel_width = w.shape
    width = w.shape[0] // group
    out = np.zeros((x_shape[0], x_shape[1], x_shape[2] + top + bottom, x_shape[3] + left + right), g.dtype)
    for part in _chunks(x_shape, w.shape, g.shape[2:]):
        for k in range(group):
            filters = slice(k * width, (k + 1) * width)
            rows = g[part, filters].swapaxes(0, 1).reshape(width, -1)
            taps = (w[filters].reshape(width, -1).T @ rows).reshape(
                depth, kernel_height, kernel_width, -1, out_height, out_width
            )
            target = out[part, k * depth : (k + 1) * depth].swapaxes(0, 1)
            for i in range(kernel_height):
                for j in range(kernel_width):
                    y, x = i * dh, j * dw
                    target[:, :, y : y + sh * out_height : sh, x : x + sw * out_width : sw] += taps[:, i, j]
    return (out[:, :, top : top + x_shape[2], left : left + x_shape[3]],)


# ---------------------------------------------------------------- many examples at once
def _as_groups(op, size, xs, batched, attrs, axes, **more):
    """Each example becomes groups of channels of its own: ``axes`` are those of the channels in xs and the output."""
    first, second = (fold(full(x, size, b), a) for x, b, a in zip(xs, batched, axes))
    return [unfold(op(first, second, **{**attrs, **more, "group": attrs["group"] * size}), axes[2], size)]


def _conv_batch(op, size, xs, batched, attrs):
    if not batched[1]:
        return [unfold(op(fold(xs[0], 0), xs[1], **attrs), 0, size)]
    if not batched[0] and attrs["group"] == 1:  # more filters on the same image
        return [unfold(op(xs[0], fold(xs[1], 0), **attrs), 1, size)]
    return _as_groups(op, size, xs, batched, attrs, (1, 0, 1))


def _input_grad_batch(op, size, xs, batched, attrs):
    n, c, *hw = attrs["x_shape"]
    if not batched[1]:
        return [unfold(op(fold(xs[0], 0), xs[1], **{**attrs, "x_shape": (size * n, c, *hw)}), 0, size)]
    return _as_groups(op, size, xs, batched, attrs, (1, 0, 1), x_shape=(n, size * c, *hw))


def _weight_grad_batch(op, size, xs, batched, attrs):
    filters, *window = attrs["w_shape"]
    return _as_groups(op, size, xs, batched, attrs, (1, 1, 0), w_shape=(size * filters, *window))


# ---------------------------------------------------------------- the three ops
_conv: Library = library(
    "conv2d", _conv_numpy,
    lambda x, w, group, **a: [(_out_shape(x.shape, w.shape, **a), x.dtype)], _conv_lower,
    batch=_conv_batch, planned_by=2,
    vjp=(lambda g, out, x, w, **a: _input_of(g, w, x_shape=x.shape, **a),
         lambda g, out, x, w, **a: _weight_of(x, g, w_shape=w.shape, **a)),
    samples=[(f(2, 3, 5, 6), f(4, 3, 3, 2), {"stride": (1, 1), "pad": (1, 1, 0, 1), "dilation": (1, 1), "group": 1}),
             (f(2, 4, 7, 6), f(6, 2, 2, 3), {"stride": (2, 3), "pad": (0, 1, 2, 1), "dilation": (2, 1), "group": 2}),
             (f(1, 2, 3, 3), f(3, 2, 1, 1), {"stride": (1, 1), "pad": (0, 0, 0, 0), "dilation": (1, 1), "group": 1}),
             (f(1, 16, 6, 5), f(16, 16, 3, 3),
              {"stride": (1, 1), "pad": (1, 1, 1, 1), "dilation": (1, 1), "group": 1})],
)  # fmt: skip
_input_grad: Library = library(
    "conv2d_input_grad", _input_grad_numpy, lambda g, w, x_shape, **a: [(x_shape, g.dtype)], _input_grad_lower,
    batch=_input_grad_batch, planned_by=2,
    vjp=(lambda h, out, g, w, x_shape, **a: _convolved(h, w, **a),
         lambda h, out, g, w, x_shape, **a: _weight_of(h, g, w_shape=w.shape, **a)),
    samples=[(f(2, 4, 5, 6), f(4, 3, 3, 2),
              {"x_shape": (2, 3, 5, 6), "stride": (1, 1), "pad": (1, 1, 0, 1), "dilation": (1, 1), "group": 1}),
             (f(2, 6, 3, 3), f(6, 2, 2, 3),
              {"x_shape": (2, 4, 7, 6), "stride": (2, 3), "pad": (0, 1, 2, 1), "dilation": (2, 1), "group": 2})],
)  # fmt: skip
_weight_grad: Library = library(
    "conv2d_weight_grad", _weight_grad_numpy, lambda x, g, w_shape, **a: [(w_shape, x.dtype)], _weight_grad_lower,
    batch=_weight_grad_batch, planned_by=2,
    vjp=(lambda h, out, x, g, w_shape, **a: _input_of(g, h, x_shape=x.shape, **a),
         lambda h, out, x, g, w_shape, **a: _convolved(x, h, **a)),
    samples=[(f(2, 3, 5, 6), f(2, 4, 5, 6),
              {"w_shape": (4, 3, 3, 2), "stride": (1, 1), "pad": (1, 1, 0, 1), "dilation": (1, 1), "group": 1}),
             (f(2, 4, 7, 6), f(2, 6, 3, 3),
              {"w_shape": (6, 2, 2, 3), "stride": (2, 3), "pad": (0, 1, 2, 1), "dilation": (2, 1), "group": 2})],
)  # fmt: skip


def _by(op, sizes, first, second, a):
    """An op of inputs of 16 bits: in float32, but for bfloat16 where the processor multiplies that faster; ``sizes``: x's, w's and y's."""
    shape = {k: a[k] for k in ("stride", "pad", "dilation", "group")}
    if first.dtype is bfloat16 is second.dtype and in_pairs(op.name, *sizes, **shape):
        return op(first, second, **a)
    return op(accumulation_type(first), accumulation_type(second), **a)


def _convolved(x, w, **a):
    """``conv2d`` of two Tensors of one type of floats."""
    y = _out_shape(x.shape, w.shape, a["stride"], a["pad"], a["dilation"])
    return to(_by(_conv, (x.shape, w.shape, y), x, w, a), x.dtype)


def _input_of(g, w, **a):
    """The gradient by the input."""
    return to(_by(_input_grad, (a["x_shape"], w.shape, g.shape), g, w, a), g.dtype)


def _weight_of(x, g, **a):
    """The gradient by the weight."""
    return to(_by(_weight_grad, (x.shape, a["w_shape"], g.shape), x, g, a), x.dtype)


# ---------------------------------------------------------------- functions
def _two(name: str, argument: str, value, least: int) -> tuple[int, int]:
    """(vertical, horizontal) from an int or a pair of ints."""
    if type(value) is tuple and len(value) == 2:
        a, b = value
        if type(a) is int and type(b) is int and a >= least and b >= least:
            return value
    if isinstance(value, bool) or not isinstance(value, (int, np.integer, tuple, list)):
        raise fail(
            TypeError,
            f"For '{name}', '{argument}' must be an int or two ints, but got {type(value).__name__} {value!r:.40}.",
        )
    pair = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if any(isinstance(v, bool) or not isinstance(v, (int, np.integer)) for v in pair):
        raise fail(TypeError, f"For '{name}', '{argument}' must hold ints, but got {value!r:.40}.")
    if len(pair) != 2 or min(pair) < least:
        raise fail(
            ValueError,
            f"For '{name}', '{argument}' must be an int or two ints, at least {least}, but got {value!r:.40}.",
        )
    return int(pair[0]), int(pair[1])


def _four(name: str, padding) -> tuple[int, ...]:
    """(top, bottom, left, right) from an int, (vertical, horizontal) or all four."""
    if isinstance(padding, (tuple, list)) and len(padding) == 4:
        return (*_two(name, "padding", padding[:2], 0), *_two(name, "padding", padding[2:], 0))
    vertical, horizontal = _two(name, "padding", padding, 0)
    return vertical, vertical, horizontal, horizontal


def same_pads(sizes, window, stride, dilation) -> tuple[int, ...]:
    """(top, bottom, left, right) for an output of ``ceil(size / stride)``; an odd element goes to the end."""
    pads: list[int] = []
    for n, k, s, d in zip(sizes, window, stride, dilation):
        missing = greater((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0) if k > 1 else 0
        pads += [missing // 2, missing - missing // 2]
    return tuple(pads)


def pads_of(name: str, pad_mode, padding, sizes, window, stride, dilation) -> tuple[int, ...]:
    """(top, bottom, left, right) by MindSpore's pad modes "same", "valid" and "pad"."""
    mode = pad_mode.lower() if isinstance(pad_mode, str) else pad_mode
    if mode not in ("same", "valid", "pad"):
        raise fail(ValueError, f"For '{name}', 'pad_mode' must be 'same', 'valid' or 'pad', but got {pad_mode!r:.40}.")
    pads = _four(name, padding)
    if mode == "pad":
        return pads
    if any(pads):
        raise fail(
            ValueError,
            f"For '{name}', 'padding' must be 0 when 'pad_mode' is not 'pad', but got {padding} and {pad_mode!r}: write pad_mode='pad'.",
        )
    return same_pads(sizes, window, stride, dilation) if mode == "same" else (0, 0, 0, 0)


def _checked(name: str, input, weight, groups, ndim: int):
    """The two Tensors of a convolution."""
    for argument, t in (("input", input), ("weight", weight)):
        checks.tensor(name, **{argument: t})
        if not t.dtype.is_float:
            raise fail(
                TypeError,
                f"For '{name}', '{argument}' must be a Tensor of floats, but got {t.dtype}.{hints.floats(argument)}",
            )
        if t.ndim != ndim:
            raise fail(ValueError, f"For '{name}', '{argument}' must have {ndim} axes, but its shape is {t.shape}.")
    if input.dtype is not weight.dtype:
        raise fail(
            TypeError,
            f"For '{name}', 'input' and 'weight' must be of one type, but got {input.dtype} and {weight.dtype}. "
            "Convert one, as in input.astype(ms.float32).",
        )
    checks.instance(name, (int, np.integer), groups=groups)
    if groups <= 0 or input.shape[1] % groups or weight.shape[0] % groups:
        raise fail(
            ValueError,
            f"For '{name}', the channels of the input ({input.shape[1]}) and the filters ({weight.shape[0]}) must be "
            f"multiples of 'groups', a positive int, but got {groups}.",
        )
    return input, weight


def _with_bias(name: str, out, bias, filters: int):
    if bias is None:
        return out
    checks.tensor(name, bias=bias)
    if bias.shape != (filters,):
        raise fail(
            ValueError,
            f"For '{name}', 'bias' must have the shape ({filters},), one element per filter, but got {bias.shape}.",
        )
    return out + reshape(bias, (1, filters) + (1,) * (out.ndim - 2))


def conv2d(input, weight, bias=None, stride=1, pad_mode="valid", padding=0, dilation=1, groups=1):
    """Two-dimensional convolution (cross-correlation, as everywhere in deep learning).

    ``out[n, o, y, x] = bias[o] + sum over c, u, v of weight[o, c, u, v] * input[n, c, y * s + u * d, x * s + v * d]``
    with stride s and dilation d.

    Args:
        input (Tensor): shape (N, C, H, W); floats.
        weight (Tensor): shape (O, C / groups, KH, KW); the type of ``input``.
        bias (Tensor | None): shape (O,). Default: None, nothing is added.
        stride (int | tuple[int]): how far apart windows begin, or that vertically and horizontally. Default: 1.
        pad_mode (str): "valid" (no padding), "same" (the output is ``ceil(input / stride)`` long; an odd element of
            padding goes to the end), or "pad" (zeros as ``padding`` says). Default: "valid".
        padding (int | tuple[int]): one number, (vertical, horizontal), or (top, bottom, left, right); 0 unless
            ``pad_mode`` is "pad". Default: 0.
        dilation (int | tuple[int]): how far apart the elements of a window are. Default: 1.
        groups (int): how many groups of channels are convolved apart; C for a depthwise convolution. Default: 1.

    Returns:
        Tensor of shape (N, O, H', W') and the type of ``input``.

    Raises:
        TypeError: an input is not a Tensor of floats, the types differ, or an argument is not an int.
        ValueError: an argument out of range, a wrong number of axes or groups, or a window larger than the input.
        RuntimeError: the channels of the weight do not fit those of the input.

    >>> import minispore as ms
    >>> x = ms.Tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> print(conv2d(x, ms.ops.ones((1, 1, 2, 2))))
    [[[[12. 16.]]]]
    """
    x, w = _checked("conv2d", input, weight, groups, 4)
    stride, dilation = _two("conv2d", "stride", stride, 1), _two("conv2d", "dilation", dilation, 1)
    if x.shape[1] != w.shape[1] * groups:
        raise fail(
            RuntimeError,
            f"For 'conv2d', the weight must have {x.shape[1] // groups} channels (the input's over 'groups'), but the "
            f"shapes are {x.shape} and {w.shape}, groups {groups}.",
        )
    pad = pads_of("conv2d", pad_mode, padding, x.shape[2:], w.shape[2:], stride, dilation)
    if any(d < 1 for d in (*w.shape[2:], *_out_shape(x.shape, w.shape, stride, pad, dilation)[2:])):
        raise fail(
            ValueError,
            f"For 'conv2d', the window must not be larger than the input with its padding, but the shapes are "
            f"{x.shape} and {w.shape}, padding {pad}, dilation {dilation}.",
        )
    out = _convolved(x, w, stride=stride, pad=pad, dilation=dilation, group=int(groups))
    return _with_bias("conv2d", out, bias, w.shape[0])


def conv1d(input, weight, bias=None, stride=1, pad_mode="valid", padding=0, dilation=1, groups=1):
    """One-dimensional convolution: ``conv2d`` along one axis.

    Args:
        input (Tensor): shape (N, C, L); floats.
        weight (Tensor): shape (O, C / groups, K); the type of ``input``.
        bias (Tensor | None): shape (O,). Default: None, nothing is added.
        stride (int | tuple[int]): how far apart windows begin; an int or a tuple of one. Default: 1.
        pad_mode (str): "valid", "same" or "pad", as for ``conv2d``. Default: "valid".
        padding (int | tuple[int]): how many zeros are on each side; 0 unless ``pad_mode`` is "pad". Default: 0.
        dilation (int | tuple[int]): how far apart the elements of a window are. Default: 1.
        groups (int): how many groups of channels are convolved apart. Default: 1.

    Returns:
        Tensor of shape (N, O, L') and the type of ``input``.

    Raises:
        TypeError: an input is not a Tensor of floats, the types differ, or an argument is not an int.
        ValueError: an argument out of range, a wrong number of axes or groups, or a window larger than the input.
        RuntimeError: the channels of the weight do not fit those of the input.

    >>> import minispore as ms
    >>> print(conv1d(ms.Tensor([[[1.0, 2.0, 3.0]]]), ms.ops.ones((1, 1, 2))))
    [[[3. 5.]]]
    """
    _checked("conv1d", input, weight, groups, 3)
    one = [v[0] if isinstance(v, (tuple, list)) and len(v) == 1 else v for v in (stride, padding, dilation)]
    for argument, v in zip(("stride", "padding", "dilation"), one):
        if isinstance(v, (tuple, list)):
            raise fail(ValueError, f"For 'conv1d', '{argument}' must be an int or a tuple of one int, but got {v}.")
        _two("conv1d", argument, v, 0 if argument == "padding" else 1)
    step, pad, gap = (1, one[0]), (0, 0, one[1], one[1]), (1, one[2])
    out = conv2d(
        expand_dims(input, 2), expand_dims(weight, 2), bias, step, pad_mode, pad, gap, groups
    )  # fmt: skip
    return squeeze(out, 2)


def conv3d(input, weight, bias=None, stride=1, pad_mode="valid", padding=0, dilation=1, groups=1):
    """Three-dimensional convolution, computed as a sum of ``conv2d`` over the depth of the window.

    Args:
        input (Tensor): shape (N, C, D, H, W); floats.
        weight (Tensor): shape (O, C / groups, KD, KH, KW); the type of ``input``.
        bias (Tensor | None): shape (O,). Default: None, nothing is added.
        stride (int | tuple[int]): how far apart windows begin, or that along D, H and W. Default: 1.
        pad_mode (str): "valid", "same" or "pad", as for ``conv2d``. Default: "valid".
        padding (int | tuple[int]): how many zeros are on each side: one number, three, or six (before and after each
            axis); 0 unless ``pad_mode`` is "pad". Default: 0.
        dilation (int | tuple[int]): how far apart the elements of a window are, or that along D, H and W. Default: 1.
        groups (int): how many groups of channels are convolved apart. Default: 1.

    Returns:
        Tensor of shape (N, O, D', H', W') and the type of ``input``.

    Raises:
        TypeError: an input is not a Tensor of floats, the types differ, or an argument is not an int.
        ValueError: an argument out of range, a wrong number of axes or groups, or a window larger than the input.
        RuntimeError: the channels of the weight do not fit those of the input.

    >>> import minispore as ms
    >>> x = ms.ops.ones((1, 1, 2, 2, 3))
    >>> print(conv3d(x, ms.ops.ones((1, 1, 2, 2, 2))))
    [[[[[8. 8.]]]]]
    """
    x, w = _checked("conv3d", input, weight, groups, 5)
    stride, dilation = _three("conv3d", "stride", stride, 1), _three("conv3d", "dilation", dilation, 1)
    if x.shape[1] != w.shape[1] * groups:
        raise fail(
            RuntimeError,
            f"For 'conv3d', the channels of the weight do not fit: shapes {x.shape} and {w.shape}, groups {groups}.",
        )
    six = isinstance(padding, (tuple, list)) and len(padding) == 6
    front, back = (
        _two("conv3d", "padding", padding[:2], 0) if six else (_three("conv3d", "padding", padding, 0)[0],) * 2
    )
    flat = padding[2:] if six else _three("conv3d", "padding", padding, 0)[1:]
    pads = pads_of("conv3d", pad_mode, flat, x.shape[3:], w.shape[3:], stride[1:], dilation[1:])
    deep = (front, back)
    if not (isinstance(pad_mode, str) and pad_mode.lower() == "pad"):
        if any(deep):
            raise fail(
                ValueError,
                f"For 'conv3d', 'padding' must be 0 when 'pad_mode' is not 'pad', but got {padding} and {pad_mode!r}.",
            )
        if pad_mode.lower() == "same":
            front, back = same_pads(x.shape[2:3], w.shape[2:3], stride[:1], dilation[:1])
            deep = (front, back)
    depth = _out_size(x.shape[2], *deep, w.shape[2], stride[0], dilation[0])
    flat_shape = (x.shape[0] * depth, x.shape[1], *x.shape[3:])
    flat_out = _out_shape(flat_shape, (w.shape[0], 0, *w.shape[3:]), stride[1:], pads, dilation[1:])[2:]
    if any(d < 1 for d in (*w.shape[2:], depth, *flat_out)):
        raise fail(
            ValueError,
            f"For 'conv3d', the window must not exceed the padded input, but the shapes are {x.shape} and {w.shape}.",
        )
    before, after = (0, 0, deep[0], 0, 0), (0, 0, deep[1], 0, 0)
    x = transpose(pad_constant(x, before, after), (0, 2, 1, 3, 4))
    # the layers of a window are channels of one convolution of planes, side by side in their group
    by_group = (x.shape[0], depth, groups, x.shape[2] // groups, *x.shape[3:])
    layers = [reshape(slice_along(x, 1, k * dilation[0], depth, stride[0]), by_group) for k in range(w.shape[2])]
    x = reshape(concat(layers, 3), (flat_shape[0], w.shape[2] * flat_shape[1], *flat_shape[2:]))
    taps = reshape(transpose(w, (0, 2, 1, 3, 4)), (w.shape[0], -1, *w.shape[3:]))
    out = _convolved(x, taps, stride=stride[1:], pad=pads, dilation=dilation[1:], group=int(groups))
    out = reshape(out, (input.shape[0], depth, *out.shape[1:]))
    return _with_bias("conv3d", transpose(out, (0, 2, 1, 3, 4)), bias, w.shape[0])


def _three(name: str, argument: str, value, least: int) -> tuple[int, ...]:
    if not isinstance(value, (tuple, list)):
        return (*_two(name, argument, value, least), int(value))
    if len(value) != 3:
        raise fail(ValueError, f"For '{name}', '{argument}' must be an int or a tuple of three ints, but got {value}.")
    return (*_two(name, argument, value[:2], least), _two(name, argument, value[2], least)[0])


def conv2d_input_grad(g, weight, x_shape, stride=1, padding=0, dilation=1, groups=1):
    """The gradient of ``conv2d`` by its input, for the gradient ``g`` of its output: the transposed convolution.

    ``x_shape`` is the shape of the result; the other arguments are those of the convolution, ``padding`` as for "pad".
    """
    name = "conv2d_input_grad"
    g, weight, a = _gradient_arguments(name, g, weight, x_shape, weight.shape, stride, padding, dilation, groups)
    return accumulation_type(_input_of(g, weight, x_shape=tuple(x_shape), **a))


def conv2d_weight_grad(x, g, w_shape, stride=1, padding=0, dilation=1, groups=1):
    """The gradient of ``conv2d`` by its weight, of the shape ``w_shape``, for the gradient ``g`` of its output."""
    name = "conv2d_weight_grad"
    x, g, a = _gradient_arguments(name, x, g, x.shape, w_shape, stride, padding, dilation, groups, g.shape)
    return accumulation_type(_weight_of(x, g, w_shape=tuple(w_shape), **a))


def _gradient_arguments(name, first, second, x, w, stride, padding, dilation, groups, g=None):
    a = {
        "stride": _two(name, "stride", stride, 1),
        "pad": _four(name, padding),
        "dilation": _two(name, "dilation", dilation, 1),
    }
    g = first.shape if g is None else g
    fits = len(x) == len(w) == len(g) == 4 and groups > 0 and x[1] == w[1] * groups and w[0] % groups == 0
    if not fits or _out_shape(x, w, **a) != tuple(g):
        raise fail(
            ValueError,
            f"For '{name}', no convolution takes {tuple(x)} and {tuple(w)} to {tuple(g)} with {a}, {groups} groups.",
        )
    if first.dtype is not second.dtype or not first.dtype.is_float:
        raise fail(
            TypeError,
            f"For '{name}', the inputs must be of one type of floats, but got {first.dtype} and {second.dtype}.",
        )
    if first.dtype is not bfloat16:
        first, second = accumulation_type(first), accumulation_type(second)
    return first, second, {**a, "group": int(groups)}


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """The transpose of ``conv2d``: every element of ``input`` adds a window of ``weight`` to the output.

    The output has ``(H - 1) * stride - 2 * padding + dilation * (KH - 1) + 1 + output_padding`` rows; likewise columns.

    Args:
        input (Tensor): shape (N, C, H, W); floats.
        weight (Tensor): shape (C, O / groups, KH, KW); the type of ``input``.
        bias (Tensor | None): shape (O,). Default: None, nothing is added.
        stride (int | tuple[int]): how far apart windows begin, or that vertically and horizontally. Default: 1.
        padding (int | tuple[int]): how many rows and columns are cut from each side of the output. Default: 0.
        output_padding (int | tuple[int]): how many rows and columns are added at the end of the output; below the
            stride or the dilation. Default: 0.
        groups (int): how many groups of channels are convolved apart. Default: 1.
        dilation (int | tuple[int]): how far apart the elements of a window are. Default: 1.

    Returns:
        Tensor of shape (N, O, H', W') and the type of ``input``.

    Raises:
        TypeError: an input is not a Tensor of floats, the types differ, or an argument is not an int.
        ValueError: an argument out of range, a wrong number of axes, or channels or groups that do not fit.

    >>> import minispore as ms
    >>> print(conv_transpose2d(ms.Tensor([[[[1.0, 2.0]]]]), ms.ops.ones((1, 1, 1, 2)), stride=2))
    [[[[1. 1. 2. 2.]]]]
    """
    name = "conv_transpose2d"
    x, w = _checked(name, input, weight, groups, 4)
    stride, dilation = _two(name, "stride", stride, 1), _two(name, "dilation", dilation, 1)
    pads, extra = _two(name, "padding", padding, 0), _two(name, "output_padding", output_padding, 0)
    if x.shape[1] != w.shape[0]:
        raise fail(
            ValueError,
            f"For '{name}', the weight must have {x.shape[1]} filters, but the shapes are {x.shape} and {w.shape}.",
        )
    if any(e >= max(s, d) for e, s, d in zip(extra, stride, dilation)):
        raise fail(
            ValueError,
            f"For '{name}', 'output_padding' must be below the stride or the dilation, but got {output_padding}.",
        )
    sizes = [
        (n - 1) * s - 2 * p + d * (k - 1) + 1 + e
        for n, s, p, d, k, e in zip(x.shape[2:], stride, pads, dilation, w.shape[2:], extra)
    ]
    if any(d < 1 for d in sizes):
        raise fail(
            ValueError, f"For '{name}', the padding {pads} leaves nothing of the output ({sizes[0]} x {sizes[1]})."
        )
    filters = w.shape[1] * groups
    # What 'output_padding' adds is padding at the end that the convolution back would not see; where it adds a window (with a
    # dilation it may be as long as the stride), the padding there is less, or zeros are added.
    less = [min(p, e) if e >= s else 0 for p, e, s in zip(pads, extra, stride)]
    zeros = [e - n if e >= s else 0 for e, n, s in zip(extra, less, stride)]
    pad = (pads[0], pads[0] - less[0], pads[1], pads[1] - less[1])
    shape = (x.shape[0], filters, *(n - z for n, z in zip(sizes, zeros)))
    out = _input_of(x, w, x_shape=shape, stride=stride, pad=pad, dilation=dilation, group=int(groups))
    if any(zeros):
        out = pad_constant(out, (0, 0, 0, 0), (0, 0, *zeros))
    return _with_bias(name, out, bias, filters)


__all__ = ["conv1d", "conv2d", "conv3d", "conv_transpose2d"]
