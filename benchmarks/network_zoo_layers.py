"""The layers and functions of which the networks of network_zoo.py are made: one table of names for minispore, one for torch.

Weights are drawn from one generator in the order in which layers are made, so that both frameworks get the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Layers:
    """What is the same in both: the numbers of weights, and what is made of other layers."""

    def __init__(self):
        self.rng = np.random.default_rng(0)
        self.cells: list[Any] = []  # with weights of their own
        self.weights: list[Any] = []  # single ones

    def drawn(self, shape: tuple[int, ...], scale: float, shift: float = 0.0) -> np.ndarray:
        return (self.rng.standard_normal(shape) * scale + shift).astype(np.float32)

    def conv_bn(self, channels, filters, window, stride=1, groups=1, dilation=1) -> Callable:
        conv = self.conv(channels, filters, window, stride, dilation * (window // 2), groups, dilation, bias=False)
        norm = self.bn(filters)
        return lambda x: norm(conv(x))


class MinisporeLayers(Layers):
    """``dtype``: that of weights and of what the functions make."""

    def __init__(self, ms: Any, dtype: Any):
        super().__init__()
        self.ms, self.nn, self.ops, self.dtype = ms, ms.nn, ms.ops, dtype
        o = ms.ops
        self.relu, self.silu, self.elu, self.gelu = o.relu, o.silu, o.elu, o.gelu
        self.tanh, self.sigmoid = o.tanh, o.sigmoid
        self.softplus, self.logsigmoid, self.softmax = o.softplus, o.logsigmoid, lambda x, axis: o.softmax(x, axis)
        self.leaky = lambda x, slope: o.leaky_relu(x, slope)
        self.exp, self.sin, self.cos, self.sqrt, self.rsqrt = o.exp, o.sin, o.cos, o.sqrt, o.rsqrt
        self.where, self.minimum, self.clip = o.where, o.minimum, lambda x, low, high: o.clamp(x, low, high)
        self.mean = lambda x, axes=None, keep=False: o.mean(x, axes, keep)
        self.sum = lambda x, axes, keep=False: o.sum(x, axes, keep)
        self.amax = lambda x, axis, keep=False: o.amax(x, axis, keep)
        self.argmin, self.argmax = (lambda x, axis: o.argmin(x, axis)), (lambda x, axis: o.argmax(x, axis))
        self.cumsum, self.topk = (lambda x, axis: o.cumsum(x, axis)), (lambda x, k: o.topk(x, k))
        self.matmul, self.einsum = o.matmul, lambda equation, *parts: o.einsum(equation, *parts)
        self.cat, self.stack = (lambda parts, axis: o.cat(parts, axis)), (lambda parts, axis: o.stack(parts, axis))
        self.split = lambda x, count, axis: o.chunk(x, count, axis)
        self.permute, self.swap = (lambda x, axes: x.transpose(axes)), (lambda x, a, b: x.swapaxes(a, b))
        self.expand, self.roll = (lambda x, shape: o.broadcast_to(x, shape)), (lambda x, by, axes: o.roll(x, by, axes))
        self.pad = lambda x, sides: o.pad(x, sides)
        self.reflect = lambda x, by: o.pad(x, (by, by, by, by), mode="reflect")
        self.rows = lambda table, index: o.gather(table, index, 0)
        self.pick = lambda x, index: o.gather_elements(x, 1, index.reshape((-1, 1)))[:, 0]
        self.arange, self.full = o.arange, lambda shape, value: o.full(shape, value, dtype=dtype)
        self.number = lambda x: x.astype(dtype)
        self.one_hot = lambda index, count: o.one_hot(index, count, ms.Tensor(1.0, dtype), ms.Tensor(0.0, dtype))
        self.segment_sum = lambda x, to, count: o.index_add(o.zeros((count, *x.shape[1:]), dtype), to, x, 0)
        self.segment_max = lambda x, to, count: o.tensor_scatter_max(
            o.full((count, *x.shape[1:]), -1e30, dtype=dtype), to.reshape((-1, 1)), x
        )
        self.detach, self.constant = o.stop_gradient, lambda array: self.tensor(array)
        self.max_pool = lambda x, window, stride, pad: o.max_pool2d(x, window, stride, pad)
        self.avg_pool = lambda x, window: o.avg_pool2d(x, window, window)
        self.bilinear = lambda x, size: o.interpolate(x, size=tuple(size), mode="bilinear")
        self.twice = lambda x: o.interpolate(x, scale_factor=(2.0, 2.0), mode="nearest", recompute_scale_factor=True)
        self.pixel_shuffle, self.affine_grid, self.grid_sample = o.pixel_shuffle, o.affine_grid, o.grid_sample
        self.rfft, self.irfft = (lambda x: o.rfft(x)), (lambda x, count: o.irfft(x, count))
        self.real, self.imag, self.complex = o.real, o.imag, o.Complex()
        self.huber, self.bce = o.huber_loss, lambda x, y: o.binary_cross_entropy_with_logits(x, y)
        self.logsumexp = lambda x, axis: o.logsumexp(x, axis)
        self.conv_of = lambda x, w, pad: o.conv2d(x, w, padding=pad, pad_mode="pad")

    def cross_entropy(self, x, y, smooth=0.0, ignore=-100):
        return self.ops.cross_entropy(x, y.astype(self.ms.int32), label_smoothing=smooth, ignore_index=ignore)

    def attend(self, q, k, v, mask, causal):
        ops, count = self.ops, q.shape[2]
        scores = ops.matmul(q * q.shape[-1] ** -0.5, k.swapaxes(-1, -2))
        if causal:
            scores = ops.masked_fill(scores, ops.arange(count).reshape((-1, 1)) < ops.arange(count), -1e9)
        if mask is not None:
            scores = ops.masked_fill(scores, ops.logical_not(mask), -1e9)
        return ops.matmul(ops.softmax(scores, -1), v)

    # ---------------------------------------------------------------- weights
    def tensor(self, array):
        array = self.ms.Tensor(array)
        return array.astype(self.dtype) if array.is_floating_point() else array

    def kept(self, cell):
        self.cells.append(cell)
        return cell

    def param(self, shape, scale, shift=0.0):
        made = self.ms.Parameter(self.tensor(self.drawn(shape, scale, shift)), name=f"weight{len(self.weights)}")
        self.weights.append(made)
        return made

    def scaled(self, *shape, fan):
        return self.ms.Tensor(self.drawn(shape, fan**-0.5))

    def linear(self, m, n, bias=True):
        return self.kept(self.nn.Dense(m, n, self.scaled(n, m, fan=m), "zeros", has_bias=bias))

    def conv(self, channels, filters, window, stride=1, pad=0, groups=1, dilation=1, bias=True):
        w = self.scaled(filters, channels // groups, window, window, fan=channels // groups * window**2)
        return self.kept(
            self.nn.Conv2d(channels, filters, window, stride, "pad", pad, dilation, groups, bias, w, "zeros")
        )

    def conv1d(self, channels, filters, window, groups=1, dilation=1, bias=True):
        w = self.scaled(filters, channels // groups, window, fan=channels // groups * window)
        return self.kept(self.nn.Conv1d(channels, filters, window, 1, "valid", 0, dilation, groups, bias, w, "zeros"))

    def conv3d(self, channels, filters, window, stride, pad):
        w = self.scaled(filters, channels, window, window, window, fan=channels * window**3)
        return self.kept(self.nn.Conv3d(channels, filters, window, stride, "pad", pad, has_bias=True, weight_init=w,
                                        bias_init="zeros"))  # fmt: skip

    def turned(self, channels, filters, window, stride, pad):
        w = self.scaled(channels, filters, window, window, fan=channels * window**2)
        return self.kept(self.nn.Conv2dTranspose(channels, filters, window, stride, "pad", pad, has_bias=True, weight_init=w,
                                                 bias_init="zeros"))  # fmt: skip

    def bn(self, channels):
        return self.kept(self.nn.BatchNorm2d(channels, eps=1e-5, momentum=0.9))

    def bn1d(self, channels):
        return self.kept(self.nn.BatchNorm1d(channels, eps=1e-5, momentum=0.9))

    def layer_norm(self, width):
        return self.kept(self.nn.LayerNorm((width,), epsilon=1e-5))

    def group_norm(self, groups, channels):
        return self.kept(self.nn.GroupNorm(groups, channels, eps=1e-5))

    def embed(self, words, width):
        return self.kept(
            self.nn.Embedding(words, width, embedding_table=self.ms.Tensor(self.drawn((words, width), 0.1)))
        )

    def gru(self, width, hidden):
        made = self.kept(self.nn.GRU(width, hidden, batch_first=True))
        for p in sorted(made.trainable_params(), key=lambda p: p.name):  # as torch's, by name
            p.set_data(self.ms.Tensor(self.drawn(p.shape, 0.1)))
        return lambda x: made(x)[0]


class TorchLayers(Layers):
    """``channels_last``: the memory format of the weights of convolutions of images."""

    def __init__(self, torch: Any, dtype: Any, channels_last: bool):
        super().__init__()
        self.torch, self.nn, self.F = torch, torch.nn, torch.nn.functional
        self.dtype, self.channels_last = dtype, channels_last
        o, F = torch, torch.nn.functional
        self.relu, self.silu, self.elu, self.gelu = F.relu, F.silu, F.elu, F.gelu
        self.tanh, self.sigmoid = o.tanh, o.sigmoid
        self.softplus, self.logsigmoid, self.softmax, self.leaky = F.softplus, F.logsigmoid, o.softmax, F.leaky_relu
        self.exp, self.sin, self.cos, self.sqrt, self.rsqrt = o.exp, o.sin, o.cos, o.sqrt, o.rsqrt
        self.where, self.minimum, self.clip = o.where, o.minimum, o.clamp
        self.mean = lambda x, axes=None, keep=False: x.mean(axes, keep)
        self.sum = lambda x, axes, keep=False: x.sum(axes, keep)
        self.amax = lambda x, axis, keep=False: x.amax(axis, keep)
        self.argmin, self.argmax, self.cumsum, self.topk = o.argmin, o.argmax, o.cumsum, o.topk
        self.matmul, self.einsum, self.cat, self.stack = o.matmul, o.einsum, o.cat, o.stack
        self.split = lambda x, count, axis: x.chunk(count, axis)
        self.permute, self.swap = (lambda x, axes: x.permute(axes)), (lambda x, a, b: x.transpose(a, b))
        self.expand, self.roll = (lambda x, shape: x.expand(shape)), o.roll
        self.pad, self.reflect = F.pad, lambda x, by: F.pad(x, (by, by, by, by), mode="reflect")
        self.rows = lambda table, index: (
            F.embedding(index, table)
            if table.ndim == 2
            else table.index_select(0, index.reshape(-1)).reshape(*index.shape, *table.shape[1:])
        )
        self.pick = lambda x, index: x.gather(1, index.long().reshape(-1, 1))[:, 0]
        self.arange, self.full = o.arange, lambda shape, value: o.full(shape, value, dtype=dtype)
        self.number = lambda x: x.to(dtype)
        self.one_hot = lambda index, count: F.one_hot(index.long(), count).to(dtype)
        self.segment_sum = lambda x, to, count: o.zeros(count, *x.shape[1:], dtype=dtype).index_add(0, to, x)
        self.segment_max = lambda x, to, count: o.full((count, *x.shape[1:]), -1e30, dtype=dtype).scatter_reduce(
            0, to.long().reshape(-1, *[1] * (x.ndim - 1)).expand_as(x), x, "amax"
        )
        self.detach, self.constant = (lambda x: x.detach()), lambda array: self.tensor(array)
        self.max_pool, self.avg_pool = F.max_pool2d, F.avg_pool2d
        self.bilinear = lambda x, size: F.interpolate(x, size=tuple(size), mode="bilinear")
        self.twice = lambda x: F.interpolate(x, scale_factor=2.0, mode="nearest")
        self.pixel_shuffle = F.pixel_shuffle
        self.affine_grid = lambda theta, shape: F.affine_grid(theta, shape, align_corners=False)
        self.grid_sample = lambda x, grid: F.grid_sample(x, grid, align_corners=False)
        self.rfft, self.irfft = o.fft.rfft, o.fft.irfft
        self.real, self.imag, self.complex = o.real, o.imag, o.complex
        self.huber, self.bce = F.huber_loss, F.binary_cross_entropy_with_logits
        self.logsumexp, self.conv_of = o.logsumexp, lambda x, w, pad: F.conv2d(x, w, padding=pad)

    def cross_entropy(self, x, y, smooth=0.0, ignore=-100):
        return self.F.cross_entropy(x, y.long(), label_smoothing=smooth, ignore_index=ignore)

    def attend(self, q, k, v, mask, causal):
        return self.F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)

    # ---------------------------------------------------------------- weights
    def tensor(self, array):
        array = self.torch.from_numpy(np.ascontiguousarray(array))
        return array.to(self.dtype) if array.is_floating_point() else array

    def kept(self, module, *shape, fan=1.0):
        """``shape``: of the weight, drawn with the variance 1 / fan; the bias is 0. Without it the module is as torch makes it."""
        if shape:
            last = self.channels_last and len(shape) == 4
            w = self.torch.from_numpy(self.drawn(shape, fan**-0.5))
            module.weight.data = w.to(memory_format=self.torch.channels_last) if last else w
            if getattr(module, "bias", None) is not None:
                module.bias.data.zero_()
        module = module.to(self.dtype)
        self.cells.append(module)
        return module

    def param(self, shape, scale, shift=0.0):
        self.weights.append(self.nn.Parameter(self.tensor(self.drawn(shape, scale, shift))))
        return self.weights[-1]

    def linear(self, m, n, bias=True):
        return self.kept(self.nn.Linear(m, n, bias), n, m, fan=m)

    def conv(self, channels, filters, window, stride=1, pad=0, groups=1, dilation=1, bias=True):
        made = self.nn.Conv2d(channels, filters, window, stride, pad, dilation, groups, bias)
        return self.kept(made, filters, channels // groups, window, window, fan=channels // groups * window**2)

    def conv1d(self, channels, filters, window, groups=1, dilation=1, bias=True):
        made = self.nn.Conv1d(channels, filters, window, 1, 0, dilation, groups, bias)
        return self.kept(made, filters, channels // groups, window, fan=channels // groups * window)

    def conv3d(self, channels, filters, window, stride, pad):
        made = self.nn.Conv3d(channels, filters, window, stride, pad)
        return self.kept(made, filters, channels, window, window, window, fan=channels * window**3)

    def turned(self, channels, filters, window, stride, pad):
        made = self.nn.ConvTranspose2d(channels, filters, window, stride, pad)
        return self.kept(made, channels, filters, window, window, fan=channels * window**2)

    def bn(self, channels):
        return self.kept(self.nn.BatchNorm2d(channels))

    def bn1d(self, channels):
        return self.kept(self.nn.BatchNorm1d(channels))

    def layer_norm(self, width):
        return self.kept(self.nn.LayerNorm(width))

    def group_norm(self, groups, channels):
        return self.kept(self.nn.GroupNorm(groups, channels))

    def embed(self, words, width):
        return self.kept(self.nn.Embedding(words, width), words, width, fan=100.0)

    def gru(self, width, hidden):
        made = self.kept(self.nn.GRU(width, hidden, batch_first=True))
        for _name, p in sorted(made.named_parameters()):
            p.data = self.tensor(self.drawn(tuple(p.shape), 0.1))
        return lambda x: made(x)[0]
