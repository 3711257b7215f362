"""``mint.nn.functional``: PyTorch's names and signatures over the functions of ``ops``."""

from typing import Any as _Any

from ... import ops as _package
from ...core.dtype import int64 as _int64
from ...core.errors import fail as _fail
from ...core.forwarding import forwards as _forwards
from ...core.op import to as _to
from ...ops.image import _SCALES
from .._arrays import flatten as flatten

_ops: _Any = _package  # its functions are put together when it is imported
_SAME = """
adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d conv_transpose2d cosine_embedding_loss
embedding fold grid_sample group_norm hardshrink hardsigmoid hardswish l1_loss layer_norm mse_loss pixel_shuffle
prelu sigmoid soft_margin_loss softplus softshrink tanh unfold
"""
globals().update({name: getattr(_ops, name) for name in _SAME.split()})


_COMMON = {
    "inplace": "(bool): whether the result becomes the value of ``input``, which is returned. Default: False.",
    "training": "(bool): False: ``input`` is returned as it is.",
}


def _like(function, args=None, **more):
    """A decorator: the docstring is completed from that of ``function``."""
    return _forwards(function, args={**_COMMON, **(args or {})}, **more)


# ---------------------------------------------------------------- activations
def _put(input, out, inplace):
    """``out``; with ``inplace`` as the new value of ``input``."""
    return input.copy_(out) if inplace else out


@_like(_ops.relu)
def relu(input, inplace=False):
    """``max(input, 0)``.

    >>> import minispore as ms
    >>> print(relu(ms.Tensor([-1.0, 2.0])))
    [0. 2.]
    """
    return _put(input, _ops.relu(input), inplace)


@_like(_ops.logsigmoid)
def logsigmoid(input):
    """``log(sigmoid(input))``, safe from overflow."""
    return _ops.logsigmoid(input)


@_like(_ops.mish)
def mish(input):
    """``input * tanh(softplus(input))``."""
    return _ops.mish(input)


@_like(_ops.selu)
def selu(input):
    """The scaled exponential linear unit."""
    return _ops.selu(input)


@_like(_ops.pad)
def pad(input, pad, mode="constant", value=None):
    """``input`` with more elements around it."""
    return _ops.pad(input, pad, mode, value)


@_like(_ops.relu6)
def relu6(input, inplace=False):
    """``min(max(input, 0), 6)``."""
    return _put(input, _ops.relu6(input), inplace)


@_like(_ops.silu)
def silu(input, inplace=False):
    """``input * sigmoid(input)``."""
    return _put(input, _ops.silu(input), inplace)


@_like(_ops.elu, args={"alpha": "(float): the factor below 0."})
def elu(input, alpha=1.0, inplace=False):
    """``alpha * (exp(input) - 1)`` below 0."""
    return _put(
        input,
        _ops.elu(input, alpha) if alpha == 1.0 else _ops.where(input > 0, input, _ops.expm1(input) * alpha),
        inplace,
    )


@_like(_ops.gelu)
def gelu(input, *, approximate="none"):
    """``input * Phi(input)``; ``approximate`` "none" or "tanh"."""
    return _ops.gelu(input, approximate)


@_like(_ops.leaky_relu)
def leaky_relu(input, negative_slope=0.01):
    """``negative_slope * input`` below 0."""
    return _ops.leaky_relu(input, negative_slope)


@_like(_ops.hardtanh)
def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False):
    """``input`` kept inside [min_val, max_val]."""
    return _put(input, _ops.hardtanh(input, min_val, max_val), inplace)


@_like(_ops.threshold)
def threshold(input, threshold, value, inplace=False):
    """``value`` where ``input`` is not above ``threshold``."""
    return _put(input, _ops.threshold(input, threshold, value), inplace)


@_like(_ops.glu)
def glu(input, dim=-1):
    """The first half along ``dim`` times the sigmoid of the second."""
    return _ops.glu(input, dim)


_LAST = "(int): the axis along which softmax sums to 1; None: 0 for 0, 1 and 3 axes, else 1."


def _last(dim, ndim):
    """PyTorch's old choice where no axis is given: 0 for 0, 1 and 3 axes, else 1."""
    return dim if dim is not None else 0 if ndim in (0, 1, 3) else 1


@_like(_ops.softmax, args={"dim": _LAST})
def softmax(input, dim=None, dtype=None):
    """``exp(x) / sum(exp(x))`` along ``dim``."""
    return _ops.softmax(input, _last(dim, input.ndim), dtype=dtype)


@_like(_ops.log_softmax, args={"dim": _LAST, "dtype": "(dtype): what ``input`` is cast to first; None: its own type."})
def log_softmax(input, dim=None, *, dtype=None):
    """``log(softmax(input))`` along ``dim``."""
    x = input if dtype is None else _to(input, dtype)
    return _ops.log_softmax(x, _last(dim, x.ndim))


def normalize(input, p=2.0, dim=1, eps=1e-12):
    """``input`` divided by its ``p``-norm over ``dim``, which counts as at least ``eps``.

    Args:
        input (Tensor): any shape with the axis; floats.
        p (int | float): the order of the norm. Default: 2.0.
        dim (int | tuple[int]): the axes of the norm. Default: 1.
        eps (float): the smallest divisor. Default: 1e-12.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(normalize(ms.Tensor([[3.0, 4.0]])))
    [[0.6 0.8]]
    """
    return input / _ops.maximum(_ops.vector_norm(input, p, dim, True), eps)


# ---------------------------------------------------------------- linear maps and convolutions
@_like(_ops.dense)
def linear(input, weight, bias=None):
    """``input @ weight.T + bias``."""
    return _ops.dense(input, weight, bias)


def _convolution(function, n):
    def convolution(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
        pads: _Any
        single = input.ndim == n + 1
        x = _ops.expand_dims(input, 0) if single else input
        if isinstance(padding, str):
            mode, pads = padding, 0
        else:
            pads = (padding,) * n if isinstance(padding, int) else tuple(padding)
            if len(pads) not in (1, n):
                raise _fail(ValueError, f"For 'conv{n}d', 'padding' must be an int or {n} ints, but got {padding}.")
            mode, pads = "pad", tuple(p for p in (pads * n if len(pads) == 1 else pads) for _ in range(2))
            pads = pads[0] if n == 1 else pads
        strides, dilations = (
            v if isinstance(v, int) else v[0] if len(v) == 1 else tuple(v) for v in (stride, dilation)
        )
        out = function(x, weight, bias, strides, mode, pads, dilations, groups)
        return _ops.squeeze(out, 0) if single else out

    convolution.__name__ = convolution.__qualname__ = f"conv{n}d"
    convolution.__doc__ = f"The convolution over the {'last axis' if n == 1 else f'last {n} axes'}."
    shape = "DHW"[3 - n :] if n > 1 else "L"
    padding = f'(int | tuple[int] | str): how many zeros surround each side: one number or {n}; or "same" or "valid".'
    args = {
        "input": f"(Tensor): shape (N, C, {', '.join(shape)}) or (C, {', '.join(shape)}); floats.",
        "padding": padding,
    }
    example = f"""
    >>> import minispore as ms
    >>> {convolution.__name__}(ms.ops.ones((1, 2{", 4" * n})), ms.ops.ones((3, 2{", 3" * n})), padding=1).shape
    (1, 3{", 4" * n})
    """
    return _like(function, args, example=example)(convolution)


conv1d, conv2d, conv3d = (_convolution(f, n) for n, f in ((1, _ops.conv1d), (2, _ops.conv2d), (3, _ops.conv3d)))


# ---------------------------------------------------------------- pooling
@_like(_ops.max_pool2d)
def max_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    """The maximum of each window."""
    return _ops.max_pool2d(input, kernel_size, stride, padding, dilation, return_indices, ceil_mode)


@_like(_ops.avg_pool1d, args={"stride": "(int): how far apart windows begin; None: ``kernel_size``."})
def avg_pool1d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """The average of each window along the last axis."""
    return _ops.avg_pool1d(input, kernel_size, stride or kernel_size, padding, ceil_mode, count_include_pad)


@_like(
    _ops.avg_pool2d,
    args={
        "stride": "(int | tuple[int]): how far apart windows begin; None: ``kernel_size``.",
        "divisor_override": "(int): what the sums are divided by; None: the number of elements.",
    },
)
def avg_pool2d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,
               divisor_override=None):  # fmt: skip
    """The average of each window."""
    return _ops.avg_pool2d(
        input, kernel_size, stride or kernel_size, padding, ceil_mode, count_include_pad, divisor_override or 0
    )


def avg_pool3d(
    input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None
):
    """The average of each window of a volume.

    Args:
        input: Tensor of shape (N, C, D, H, W) or (C, D, H, W).
        kernel_size: int or tuple of 3.
        stride: int or tuple of 3.  Default: None, ``kernel_size``.
        padding: int or tuple of 3, zeros on both sides.  Default: 0.
        ceil_mode: bool, whether a window that lies partly beyond the end counts.  Default: False.
        count_include_pad: bool, whether the zeros count in the average.  Default: True.
        divisor_override: int, what sums are divided by.  Default: None, the size of the window.

    Returns:
        Tensor.

    Raises:
        TypeError: a wrong type.
        ValueError: a window larger than the volume.

    >>> from minispore import mint, ops
    >>> mint.nn.functional.avg_pool3d(ops.ones((1, 1, 4, 4, 4)), 2).shape
    (1, 1, 2, 2, 2)
    """
    return _ops.avg_pool3d(
        input, kernel_size, stride or kernel_size, padding, ceil_mode, count_include_pad, divisor_override or 0
    )


@_like(_ops.max_unpool2d)
def max_unpool2d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """The values of ``max_pool2d`` put back to their places."""
    return _ops.max_unpool2d(input, indices, kernel_size, stride, padding, output_size)


@_like(_ops.interpolate)
def interpolate(input, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None):
    """An image in another size, or by factors, which every mode takes here."""
    if scale_factor is not None and size is None and recompute_scale_factor is None:
        recompute_scale_factor = (mode, input.ndim) not in _SCALES
    return _ops.interpolate(input, size, scale_factor, mode, align_corners, recompute_scale_factor)


@_like(_ops.interpolate)
def upsample(input, size=None, scale_factor=None, mode="nearest", align_corners=None):
    """``interpolate``."""
    return interpolate(input, size, scale_factor, mode, align_corners)


# ---------------------------------------------------------------- normalisation, dropout
@_like(_ops.batch_norm, args={"training": "(bool): whether the statistics are those of the batch."})
def batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05):
    """Each channel (axis 1) normalised over all other axes."""
    return _ops.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


@_like(
    _ops.dropout,
    example="""
    >>> import minispore as ms
    >>> print(dropout(ms.Tensor([1.0, 2.0]), 0.5, training=False), dropout(ms.Tensor([1.0, 2.0]), 1.0))
    [1. 2.] [0. 0.]
    """,
)
def dropout(input, p=0.5, training=True, inplace=False):
    """Elements zeroed with probability ``p``, the others divided by ``1 - p``."""
    return _put(input, _ops.dropout(input, p, training), inplace)


@_like(
    _ops.dropout2d,
    example="""
    >>> import minispore as ms
    >>> set(dropout2d(ms.ops.ones((1, 8, 2, 2))).sum((2, 3))[0].tolist()) <= {0.0, 8.0}
    True
    """,
)
def dropout2d(input, p=0.5, training=True, inplace=False):
    """Whole channels zeroed with probability ``p``, the others divided by ``1 - p``."""
    return _put(input, _ops.dropout2d(input, p, training), inplace)


@_like(
    _ops.one_hot,
    args={"num_classes": "(int): the length of the new axis; -1: one more than the largest index."},
    named={"tensor": "indices", "num_classes": "depth"},
    returns="Tensor with a last axis of length ``num_classes`` more than ``tensor``; int64.",
    example="""
    >>> import minispore as ms
    >>> print(one_hot(ms.Tensor([0, 2])))
    [[1 0 0]
     [0 0 1]]
    """,
)
def one_hot(tensor, num_classes=-1):
    """1 at the index along a new last axis, int64; ``num_classes`` -1: one more than the largest index."""
    depth = int(tensor.max()) + 1 if num_classes == -1 else num_classes
    return _to(_ops.one_hot(tensor, depth, 1, 0, -1), _int64)


# ---------------------------------------------------------------- losses
@_like(_ops.binary_cross_entropy)
def binary_cross_entropy(input, target, weight=None, reduction="mean"):
    """``-(target * log(input) + (1 - target) * log(1 - input))``."""
    return _ops.binary_cross_entropy(input, target, weight, reduction)


@_like(_ops.binary_cross_entropy_with_logits)
def binary_cross_entropy_with_logits(input, target, weight=None, reduction="mean", pos_weight=None):
    """``binary_cross_entropy`` of ``sigmoid(input)``, safe from overflow."""
    return _ops.binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction)


@_like(_ops.cross_entropy)
def cross_entropy(input, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    """``nll_loss`` of ``log_softmax(input)`` along axis 1; ``target`` may hold probabilities."""
    return _ops.cross_entropy(input, target, weight, ignore_index, reduction, label_smoothing)


@_like(_ops.nll_loss)
def nll_loss(input, target, weight=None, ignore_index=-100, reduction="mean"):
    """``-input[target]`` along axis 1."""
    return _ops.nll_loss(input, target, weight, ignore_index, reduction)


@_like(
    _ops.smooth_l1_loss,
    example="""
    >>> import minispore as ms
    >>> print(smooth_l1_loss(ms.Tensor([1.0, 2.0]), ms.Tensor([0.5, 4.0])))
    0.8125
    """,
)
def smooth_l1_loss(input, target, reduction="mean", beta=1.0):
    """Squares of small differences, absolute values of large ones."""
    return _ops.smooth_l1_loss(input, target, beta, reduction)


@_like(
    _ops.kl_div,
    args={
        "log_target": "(bool): whether ``target`` holds logarithms.",
        "reduction": '(str): "mean" or "sum" over all elements, "batchmean" (the sum divided by the length of axis 0), or "none".',
    },
)
def kl_div(input, target, reduction="mean", log_target=False):
    """``target * (log(target) - input)``; ``log_target``: the target holds logarithms."""
    if not log_target:
        part = _ops.xlogy(target, target) - target * input
    else:
        part = _ops.exp(target) * (target - input)
    if reduction == "batchmean":
        return part.sum() / input.shape[0]
    if reduction not in ("none", "mean", "sum"):
        raise _fail(
            ValueError,
            f"For 'kl_div', 'reduction' must be 'none', 'mean', 'batchmean' or 'sum', but got {reduction!r}.",
        )
    return part if reduction == "none" else part.mean() if reduction == "mean" else part.sum()


# ---------------------------------------------------------------- in place
@_like(_ops.relu)
def relu_(input):
    """``max(input, 0)``, which becomes the value of ``input``.

    >>> import minispore as ms
    >>> print(relu_(ms.Tensor([-1.0, 2.0])))
    [0. 2.]
    """
    return relu(input, True)


@_like(_ops.elu, args={"alpha": "(float): the factor below 0. Default: 1.0."})
def elu_(input, alpha=1.0):
    """``ELU``, which becomes the value of ``input``.

    >>> import minispore as ms
    >>> print(elu_(ms.Tensor([0.0, 2.0])))
    [0. 2.]
    """
    return elu(input, alpha, True)


@_like(_ops.sigmoid)
def sigmoid_(input):
    """The logistic function, which becomes the value of ``input``.

    >>> import minispore as ms
    >>> print(sigmoid_(ms.Tensor([0.0])))
    [0.5]
    """
    return input.copy_(_ops.sigmoid(input))


from ...core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)
