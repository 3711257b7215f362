"""Functions of MindSpore's ``ops`` that few scripts use: compositions of those in ``ops`` and of layers.

``minispore.ops`` finds them here when they are first asked for (``LATE`` in ``surface/__init__.py``).
"""

import itertools
import operator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from .. import nn, ops
from ..core import checks, tree
from ..core.dtype import float32, float64, int64, to_dtype, uint8
from ..core.errors import fail
from ..core.op import as_tensor
from ..core.record import STATE
from ..core.tensor import Tensor
from ..ops.host import HostCall, call_host, printed
from ..ops.padding import pad_constant
from ..transforms.forward import jvp
from ..transforms.reverse import vjp

o: Any = ops  # functions that modules of ops put there by name


# ---------------------------------------------------------------- reductions, elementwise
def reduce_mean(x, axis=()):
    """The mean along axes; of all elements without."""
    return o.mean(x, None if axis == () else axis)


def reduce_max(x, axis=()):
    """The greatest element along axes; of all elements without."""
    return o.amax(x, None if axis == () else axis)


def reduce_min(x, axis=()):
    """The least element along axes; of all elements without."""
    return o.amin(x, None if axis == () else axis)


def soft_shrink(input, lambd=0.5):
    """``ops.softshrink``."""
    return o.softshrink(input, lambd)


def accumulate_n(x):
    """The sum of Tensors of one shape."""
    return o.addn(x)


def deepcopy(input_x):
    """A copy of a Tensor."""
    return input_x.copy()


def expand(input_x, size):
    """``ops.broadcast_to``; -1 keeps a size."""
    return o.broadcast_to(input_x, tuple(int(s) for s in size))


def eps(x):
    """The distance from 1 to the next number of the type, in the shape of ``x``."""
    return o.full_like(x, float(np.finfo(x.dtype.np).eps))


def population_count(input_x):
    """How many bits of each integer are 1, uint8."""
    if input_x.dtype.np.kind not in "iu":
        raise fail(TypeError, f"For 'population_count', 'input_x' must hold integers, but got {input_x.dtype}.")
    x, bits = input_x.astype(int64), 8 * input_x.dtype.np.itemsize
    return sum((o.bitwise_and(o.bitwise_right_shift(x, k), 1) for k in range(1, bits)), o.bitwise_and(x, 1)).astype(
        uint8
    )


def logspace(start, end, steps, base=10, *, dtype=float32):
    """``base`` to the power of evenly spaced exponents."""
    exponents = o.linspace(start, end, steps)
    return o.pow(Tensor(float(base), exponents.dtype), exponents).astype(dtype)


def bidense(input1, input2, weight, bias=None):
    """``x1^T W x2 + b`` for each of the matrices in ``weight`` (out, in1, in2)."""
    first = o.matmul(o.expand_dims(o.expand_dims(input1, -2), -2), weight)  # (..., out, 1, in2)
    made = o.sum(o.squeeze(first, -2) * o.expand_dims(input2, -2), -1)
    return made if bias is None else made + bias


def pdist(input, p=2.0):
    """The distances of all pairs of rows, in the p-norm: (..., n (n - 1) / 2)."""
    n = input.shape[-2]
    first, second = np.triu_indices(n, 1)
    distances = o.cdist(input, input, float(p))
    flat = o.reshape(distances, (*distances.shape[:-2], n * n))
    return o.gather(flat, Tensor(first * n + second), -1)


def multilabel_margin_loss(input, target, reduction="mean"):
    """Hinge loss of several classes per row; ``target`` lists them, -1 ends the list."""
    return _multilabel_margin(input, target, reduction)[0]


def _multilabel_margin(input, target, reduction):
    x, y = (o.expand_dims(v, 0) if v.ndim == 1 else v for v in (input, target))
    classes = x.shape[-1]
    valid = o.cumprod((y >= 0).astype(x.dtype), -1)
    index = o.clamp(y, 0).astype("int32")
    marked = o.amax(
        o.one_hot(index, classes, Tensor(1.0, x.dtype), Tensor(0.0, x.dtype)) * o.expand_dims(valid, -1), -2
    )
    chosen = o.gather_elements(x, 1, index)
    margins = o.relu(1 - o.expand_dims(chosen, -1) + o.expand_dims(x, -2))
    weighted = margins * o.expand_dims(valid, -1) * o.expand_dims(1 - marked, -2)
    loss = o.sum(weighted, (-2, -1)) / classes
    loss = o.mean(loss) if reduction == "mean" else o.sum(loss) if reduction == "sum" else loss
    if reduction == "none" and input.ndim == 1:
        loss = loss[0]
    return loss, o.reshape(marked, target.shape).astype(target.dtype)


# ---------------------------------------------------------------- diagonals of matrices
def _band(k) -> tuple[int, int]:
    given = np.asarray(k.asnumpy() if isinstance(k, Tensor) else k).reshape(-1)
    return int(given[0]), int(given[-1])


def _places(rows: int, columns: int, band: tuple[int, int], align: str):
    """For each element of a matrix: whether it is in the band, its diagonal, and its place in the row of that diagonal."""
    if align not in ("RIGHT_LEFT", "LEFT_RIGHT", "LEFT_LEFT", "RIGHT_RIGHT"):
        raise fail(ValueError, f"For 'align', 'RIGHT_LEFT', 'LEFT_RIGHT', 'LEFT_LEFT' or 'RIGHT_RIGHT' is taken, but got {align!r}.")  # fmt: skip
    low, high = band
    i, j = np.indices((rows, columns))
    d = j - i
    length = np.minimum(rows + np.minimum(d, 0), columns - np.maximum(d, 0))
    longest = min(rows + min(high, 0), columns - max(low, 0))
    above, below = align.split("_")
    left = ((d >= 0) & (above == "LEFT")) | ((d <= 0) & (below == "LEFT"))
    place = np.minimum(i, j) + np.where(left, 0, longest - length)
    return (d >= low) & (d <= high), high - d, place, longest


def _from_diagonals(x, rows, columns, band, align):
    """(the mask of the band, a matrix whose elements in the band are those of the diagonals ``x``)."""
    inside, diagonal, place, longest = _places(rows, columns, band, align)
    count = band[1] - band[0] + 1
    lead = x.shape[: -1 if count == 1 else -2]  # one diagonal has no axis of its own
    flat = o.reshape(x, (*lead, count * longest))
    index = np.where(inside, diagonal * longest + place, 0).reshape(-1)
    return inside, o.reshape(o.gather(flat, Tensor(index), -1), (*lead, rows, columns))


def matrix_diag(x, k=0, num_rows=-1, num_cols=-1, padding_value=0, align="RIGHT_LEFT"):
    """Matrices with given diagonals ``k`` (one, or from the first to the last), ``padding_value`` elsewhere."""
    band, longest = _band(k), x.shape[-1]
    rows, columns = (int(n) for n in (num_rows, num_cols))
    least_rows, least_columns = longest - min(band[1], 0), longest + max(band[0], 0)
    if rows == -1 and columns == -1:
        rows = columns = max(least_rows, least_columns)
    rows, columns = least_rows if rows == -1 else rows, least_columns if columns == -1 else columns
    inside, made = _from_diagonals(x, rows, columns, band, align)
    return o.where(Tensor(inside), made, as_tensor(padding_value).astype(x.dtype))


def matrix_diag_part(x, k, padding_value, align="RIGHT_LEFT"):
    """The diagonals ``k`` of matrices, each in a row, shorter ones filled with ``padding_value``."""
    (low, high), (rows, columns) = _band(k), x.shape[-2:]
    inside, diagonal, place, longest = _places(rows, columns, (low, high), align)
    index = np.full((high - low + 1, longest), -1)
    index[diagonal[inside], place[inside]] = np.arange(rows * columns).reshape(rows, columns)[inside]
    flat = o.reshape(x, (*x.shape[:-2], rows * columns))
    shape = (longest,) if low == high else index.shape
    found = o.gather(flat, Tensor(np.maximum(index, 0).reshape(-1)), -1)
    made = o.where(Tensor((index >= 0).reshape(-1)), found, as_tensor(padding_value).astype(x.dtype))
    return o.reshape(made, (*x.shape[:-2], *shape))


def matrix_set_diag(x, diagonal, k=0, align="RIGHT_LEFT"):
    """Matrices with other diagonals ``k``."""
    inside, made = _from_diagonals(diagonal, x.shape[-2], x.shape[-1], _band(k), align)
    return o.where(Tensor(inside), made, x)


# ---------------------------------------------------------------- windows (of signals)
def _window(formula, default=float32):
    def window(window_length, periodic=True, *, dtype=None):
        n = int(window_length)
        if n < 0:
            raise fail(ValueError, f"For '{formula.__name__}', 'window_length' must not be negative, but got {n}.")
        size = n + 1 if periodic and n > 1 else n
        t = np.arange(size) / max(size - 1, 1)
        values = formula(t) if n > 1 else np.ones(n)
        return Tensor(values[:n], to_dtype(default if dtype is None else dtype))

    window.__name__ = window.__qualname__ = formula.__name__
    window.__doc__ = formula.__doc__
    return window


@_window
def bartlett_window(t):
    """The triangular window, ``1 - |2 t - 1|`` for t in [0, 1]."""
    return 1 - np.abs(2 * t - 1)


@_window
def blackman_window(t):
    """The window ``0.42 - 0.5 cos(2 pi t) + 0.08 cos(4 pi t)``."""
    return 0.42 - 0.5 * np.cos(2 * np.pi * t) + 0.08 * np.cos(4 * np.pi * t)


@partial(_window, default=float64)
def hann_window(t):
    """The window ``0.5 - 0.5 cos(2 pi t)``."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * t)


def hamming_window(window_length, periodic=True, alpha=0.54, beta=0.46, *, dtype=None):
    """The window ``alpha - beta cos(2 pi t)``."""
    return _window(lambda t: alpha - beta * np.cos(2 * np.pi * t))(window_length, periodic, dtype=dtype)


def kaiser_window(window_length, periodic=True, beta=12.0, *, dtype=None):
    """The window ``I0(beta sqrt(1 - (2 t - 1)^2)) / I0(beta)``."""
    return _window(lambda t: np.i0(beta * np.sqrt(1 - (2 * t - 1) ** 2)) / np.i0(beta), float64)(window_length, periodic, dtype=dtype)  # fmt: skip


# ---------------------------------------------------------------- random numbers
def randint_like(input, low, high, seed=None, *, dtype=None):
    """Random integers in [low, high), in the shape of ``input``."""
    return o.randint(low, high, input.shape, seed, dtype=input.dtype if dtype is None else dtype)


def standard_laplace(shape, seed=None):
    """Random numbers with the density ``exp(-|x|) / 2``."""
    u = o.uniform(tuple(shape), Tensor(-1.0), Tensor(1.0), seed)
    return -o.sign(u) * o.log1p(-o.abs(u))


def laplace(shape, mean, lambda_param, seed=None):
    """Random numbers with the density ``exp(-|x - mean| / lambda) / (2 lambda)``."""
    shape = np.broadcast_shapes(tuple(shape), as_tensor(mean).shape, as_tensor(lambda_param).shape)
    return mean + lambda_param * standard_laplace(shape, seed)


def random_categorical(logits, num_sample, seed=0, dtype=int64):
    """Classes drawn with the probabilities ``softmax(logits)``: (rows, num_sample)."""
    return o.multinomial(o.softmax(logits, -1), num_sample, True, seed or None).astype(dtype)


# ---------------------------------------------------------------- blocks of images
def space_to_batch_nd(input_x, block_size, paddings):
    """Blocks of the axes after the first, padded, moved into the batch."""
    blocks = [block_size] * (input_x.ndim - 2) if isinstance(block_size, int) else list(block_size)
    first = input_x.ndim - len(blocks)
    before, after = ([0] * first + [int(pair[side]) for pair in paddings] for side in (0, 1))
    x = pad_constant(input_x, tuple(before), tuple(after))
    sizes, split = x.shape[first:], []
    for size, block in zip(sizes, blocks):
        if size % block:
            raise fail(ValueError, f"For 'space_to_batch_nd', the padded size {size} must be a multiple of {block}.")
        split += [size // block, block]
    x = o.reshape(x, (*x.shape[:first], *split))
    inner, outer = [first + 1 + 2 * k for k in range(len(blocks))], [first + 2 * k for k in range(len(blocks))]
    x = o.transpose(x, (*inner, *range(first), *outer))
    n = len(blocks)
    return o.reshape(x, (int(np.prod(blocks)) * x.shape[n], *x.shape[n + 1 :]))


def batch_to_space_nd(input_x, block_shape, crops):
    """The inverse of ``space_to_batch_nd``: parts of the batch are put between elements, then cropped."""
    blocks = [block_shape] * (input_x.ndim - 2) if isinstance(block_shape, int) else list(block_shape)
    n, first = len(blocks), input_x.ndim - len(blocks)
    batch = input_x.shape[0] // int(np.prod(blocks))
    x = o.reshape(input_x, (*blocks, batch, *input_x.shape[1:]))
    order = list(range(n, n + first))
    for k in range(n):
        order += [n + first + k, k]
    x = o.transpose(x, tuple(order))
    sizes = [size * block for size, block in zip(input_x.shape[first:], blocks)]
    x = o.reshape(x, (batch, *input_x.shape[1:first], *sizes))
    cut = tuple(slice(int(low), size - int(high)) for (low, high), size in zip(crops, sizes))
    return x[(slice(None),) * first + cut]


def col2im(input_x, output_size, kernel_size, dilation, padding_value, stride):
    """``ops.fold`` of columns (N, C, window, positions)."""
    n, c, window, count = input_x.shape
    size = tuple(int(s) for s in (output_size.asnumpy() if isinstance(output_size, Tensor) else output_size))
    return o.fold(o.reshape(input_x, (n, c * window, count)), size, kernel_size, dilation, padding_value, stride)


def _three(value):
    return (int(value),) * 3 if isinstance(value, int) else tuple(int(v) for v in value)[-3:]


def conv3d_transpose(inputs, weight, pad_mode="valid", padding=0, stride=1, dilation=1, group=1, output_padding=0):
    """What ``conv3d`` with these settings sends back to its input: (N, C, D, H, W) and (C, out / group, kd, kh, kw)."""
    steps, apart, more = _three(stride), _three(dilation), _three(output_padding)
    pads = (padding,) * 6 if isinstance(padding, int) else tuple(padding)
    pads = tuple(p for p in pads for _ in (0, 1)) if len(pads) == 3 else pads
    sizes = []
    for k, (size, window) in enumerate(zip(inputs.shape[2:], weight.shape[2:])):
        full = (size - 1) * steps[k] + apart[k] * (window - 1) + 1
        cut = pads[2 * k] + pads[2 * k + 1] - more[k] if pad_mode == "pad" else 0
        sizes.append(size * steps[k] if pad_mode == "same" else full - cut)
    start = o.zeros((inputs.shape[0], weight.shape[1] * group, *sizes), inputs.dtype)
    given = padding if pad_mode == "pad" else 0
    return vjp(lambda x: o.conv3d(x, weight, None, stride, pad_mode, given, dilation, group), start)[1](inputs)[0]


# ---------------------------------------------------------------- pools
def avg_pool3d(
    input_x, kernel_size=1, stride=1, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=0
):
    """The average of each window of a volume; ``nn.AvgPool3d``."""
    mode = "pad" if np.any(padding) else "valid"
    return nn.AvgPool3d(kernel_size, stride, mode, padding, ceil_mode, count_include_pad, divisor_override or None)(
        input_x
    )


def max_pool3d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    """The maximum of each window of a volume; ``nn.MaxPool3d``."""
    step = kernel_size if stride is None else stride
    return nn.MaxPool3d(kernel_size, step, "pad", padding, dilation, return_indices, ceil_mode)(x)


def adaptive_avg_pool3d(input, output_size):
    """``nn.AdaptiveAvgPool3d``."""
    return nn.AdaptiveAvgPool3d(output_size)(input)


def adaptive_max_pool3d(input, output_size, return_indices=False):
    """``nn.AdaptiveMaxPool3d``."""
    return nn.AdaptiveMaxPool3d(output_size, return_indices)(input)


def max_unpool1d(x, indices, kernel_size, stride=None, padding=0, output_size=None):
    """``nn.MaxUnpool1d``."""
    return nn.MaxUnpool1d(kernel_size, stride, padding)(x, indices, output_size)


def max_unpool3d(x, indices, kernel_size, stride=None, padding=0, output_size=None):
    """``nn.MaxUnpool3d``."""
    return nn.MaxUnpool3d(kernel_size, stride, padding)(x, indices, output_size)


def fractional_max_pool2d(input, kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None):  # fmt: skip
    """``nn.FractionalMaxPool2d``."""
    return nn.FractionalMaxPool2d(kernel_size, output_size, output_ratio, return_indices, _random_samples)(input)


def fractional_max_pool3d(input, kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None):  # fmt: skip
    """``nn.FractionalMaxPool3d``."""
    return nn.FractionalMaxPool3d(kernel_size, output_size, output_ratio, return_indices, _random_samples)(input)


# ---------------------------------------------------------------- derivatives of higher order
def _tuple(values) -> tuple:
    return values if isinstance(values, tuple) else (values,)


def _along(path, order: int):
    """The derivatives from 0 to ``order`` of a function of one number, at 0."""
    one, zero = Tensor(1.0, float32), Tensor(0.0, float32)
    made, function = [], path
    for k in range(order + 1):
        made.append(function(zero))
        if k < order:
            function = _derived(function, one)
    return made


def _derived(function, one):
    return lambda t: jvp(function, t, one)[1]


def jet(fn, primals, series):
    """The derivatives of ``fn`` along a path whose own derivatives at the start are ``series``.

    ``series`` holds the first, second, ... derivative of the path along its first axis; what is returned are the value of
    ``fn`` and its derivatives, as many, along theirs.
    """
    values, given = (tuple(x.astype(float32) if x.dtype.is_int else x for x in _tuple(xs)) for xs in (primals, series))
    order = given[0].shape[0]

    def path(t):
        points, power, factorial = list(values), t, 1.0
        for k in range(order):
            factorial *= k + 1
            points = [p + s[k] * (power / factorial).astype(p.dtype) for p, s in zip(points, given)]
            power = power * t
        return fn(*points)

    value, *derivatives = _along(path, order)
    if isinstance(value, tuple):
        return value, tuple(o.stack(list(of_one)) for of_one in zip(*derivatives))
    return value, o.stack(derivatives)


def derivative(fn, primals, order):
    """``fn`` and its derivative of the given order, which is at least 1, with respect to a common shift of its inputs."""
    checks.positive_int("derivative", order=order)
    values = _tuple(primals)
    found = _along(lambda t: fn(*[v + t.astype(v.dtype) for v in values]), order)
    return found[0], found[-1]


# ---------------------------------------------------------------- Python values in a graph
def isconstant(x):
    """Whether the values are known: all are, but those of Tensors while a graph is traced."""
    traces = STATE.recorder is not None and STATE.recorder.symbolic
    return not (traces and any(t._data is None for t in tree.tensors(x)))


_OPERATORS = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "floordiv": operator.floordiv,
    "mod": operator.mod, "pow": operator.pow, "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le,
    "gt": operator.gt, "ge": operator.ge, "uadd": operator.pos, "usub": operator.neg, "max": max, "min": min, "log": np.log,
}  # fmt: skip
SCALARS = {f"scalar_{name}": function for name, function in _OPERATORS.items()}


def _with_item(values, index, value):
    """``values``, a list or tuple, with another item at ``index``."""
    made = list(values)
    made[index] = value
    return type(values)(made)


def _reduced_shape(shape, axis):
    """``shape`` with 1 at the axes of a reduction; () stands for all."""
    axes = range(len(shape)) if axis == () else [a % len(shape) for a in (axis if isinstance(axis, tuple) else (axis,))]
    return tuple(1 if k in axes else n for k, n in enumerate(shape))


def _broadcast_axes(shape, other):
    """For each of two shapes, the axes along which the gradient of what broadcasts them is summed."""
    whole = np.broadcast_shapes(shape, other)
    padded = [(1,) * (len(whole) - len(s)) + tuple(s) for s in (shape, other)]
    return tuple(tuple(k for k, (n, size) in enumerate(zip(s, whole)) if n < size) for s in padded)


BOOLS = {
    "bool_not": operator.not_, "bool_and": lambda a, b: a and b, "bool_or": lambda a, b: a or b, "bool_eq": operator.eq,
    "is_": operator.is_, "is_not": operator.is_not, "in_dict": lambda key, d: key in d, "not_in_dict": lambda key, d: key not in d,
    "tuple_getitem": operator.getitem, "list_getitem": operator.getitem, "dict_getitem": operator.getitem,
    "tuple_reversed": lambda values: values[::-1], "make_tuple": lambda *values: values, "make_list": lambda *v: list(v),
    "list_len": len, "string_concat": operator.add, "string_eq": operator.eq, "tuple_equal": operator.eq, "make_slice": slice,
    "make_dict": lambda keys, values: dict(zip(keys, values)),
    "list_setitem": _with_item, "tuple_setitem": _with_item, "dict_setitem": lambda values, key, value: {**values, key: value},
    "tuple_div": lambda a, b: tuple(x // y for x, y in zip(a, b)), "array_to_scalar": lambda x: x.item(),
    # sizes are known whenever Python runs
    "is_sequence_value_unknown": lambda shape: False, "is_sequence_shape_unknown": lambda shape: False,
    "is_dynamic_sequence_element_unknown": lambda values: False,
    "reduced_shape": _reduced_shape, "broadcast_gradient_args": _broadcast_axes,
    "isconstant": lambda x: not isinstance(x, Tensor) or x._data is not None, "tail": lambda values: values[1:],
    "switch": lambda condition, when_true, when_false: when_true if condition else when_false,
}  # fmt: skip


globals().update(SCALARS | BOOLS)


# ---------------------------------------------------------------- files
_dumps = itertools.count()


def tensordump(file_name, tensor, mode="out"):
    """Writes the value of a Tensor to ``<file_name>_<dtype>_<number>.npy`` each time the place is reached, in compiled steps too.

    Args:
        file_name: str, with folders that are made where they are missing; an ending ".npy" is taken away.
        tensor: Tensor.
        mode: "out" or "in".  Of no meaning here.  Default: "out".

    Raises:
        TypeError: of another type.
        ValueError: an empty name, another mode.
    """
    checks.string("tensordump", file_name=file_name)
    checks.instance("tensordump", Tensor, tensor=tensor)
    checks.one_of("tensordump", ["out", "in"], mode=mode)
    if not file_name:
        raise fail(ValueError, "For 'tensordump', 'file_name' must not be empty.")
    path = Path(file_name.removesuffix(".npy"))

    def write(arrays):
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(f"{path}_{arrays[0].dtype}_{next(_dumps)}.npy", np.array(arrays[0]))

    call_host(HostCall("tensordump", write), [tensor])


def print_(*input_x):
    """Prints each argument on a line, Tensors in full, in compiled steps too."""
    printed(*input_x, each=True)


def item(input):
    """The number in a Tensor of one element."""
    return checks.tensor("item", input=input).item()


__all__ = sorted(
    {
        *SCALARS,
        *BOOLS,
        *(n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and n[0] != "_"),
    }
)
