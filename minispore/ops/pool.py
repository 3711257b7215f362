# ruff: noqa: F722, F821  (kernel source: the names are bound when it is compiled)
"""Pooling: the largest or the sum of each window of an image plane, and the ways back.

``max_pool`` gives values and where they were; ``unpool`` puts numbers back there and ``pick`` reads there.  ``sum_pool``
and ``sum_spread`` are each other's transposes; a mean is a sum divided by the sizes of the windows.
All work on the last two axes, plane by plane; a plane's positions are ``row * width + column``.
"""

import math
from functools import cache

import numpy as np

from ..dtype import BY_NAME, float32, int32, int64
from ..errors import fail
from ..kernel import device, kernel
from ..op import fixed, library, to
from ..record import Value
from ..samples import f, i
from ..tensor import Tensor
from .conv import _four, _two, same_pads
from .effects import check_bounds
from .elementwise import abs, sign
from .movement import expand_dims, reshape, squeeze


# ---------------------------------------------------------------- kernels
@kernel
def max_pool_planes(x: "T*", values: "T*", places: "int32*", plan: "int64*", height: int, width: int, out_height: int,
                    out_width: int, window_y: int, window_x: int, stride_y: int, stride_x: int, dilation_y: int,
                    top: int, lo, hi):  # fmt: skip
    """[lo, hi) are planes.  ``plan`` says for each column of the window where it begins, and from and up to which
    output it lies inside the image.  Places are -1 until an element was seen; the first of equals stays, NaN wins."""
    for plane in range(lo, hi):
        for y in range(out_height):
            value = shift(values, (plane * out_height + y) * out_width)
            place = shift(places, (plane * out_height + y) * out_width)
            for j in range(out_width):
                place[j] = -1
            for k in range(window_y):
                v = y * stride_y - top + k * dilation_y
                if 0 <= v < height:
                    for c in range(0, 3 * window_x, 3):
                        at = v * width + plan[c]
                        source = shift(x, plane * height * width + at)
                        if stride_x == 2:
                            for j in range(plan[c + 1], plan[c + 2]):
                                new, old = source[j * 2], value[j]
                                if (place[j] < 0) | (new > old) | ((new != new) & (old == old)):
                                    value[j] = new
                                    place[j] = int32(at + j * 2)
                        else:
                            for j in range(plan[c + 1], plan[c + 2]):
                                new, old = source[j * stride_x], value[j]
                                if (place[j] < 0) | (new > old) | ((new != new) & (old == old)):
                                    value[j] = new
                                    place[j] = int32(at + j * stride_x)


@kernel
def unpool_planes(g: "T*", places: "int32*", out: "T*", count: int, size: int, lo, hi):
    for plane in range(lo, hi):
        source, place, target = shift(g, plane * count), shift(places, plane * count), shift(out, plane * size)
        for j in range(size):
            target[j] = 0
        for j in range(count):
            if 0 <= place[j] < size:
                target[place[j]] += source[j]


@kernel
def pick_planes(x: "T*", places: "int32*", out: "T*", count: int, size: int, lo, hi):
    for plane in range(lo, hi):
        source, place, target = shift(x, plane * size), shift(places, plane * count), shift(out, plane * count)
        for j in range(count):
            target[j] = source[place[j]] if 0 <= place[j] < size else T(0)


@kernel
def sum_planes(x: "T*", out: "T*", plan: "int64*", spread: int, height: int, width: int, out_height: int,
               out_width: int, window_y: int, window_x: int, stride_y: int, stride_x: int, top: int, lo, hi):  # fmt: skip
    """out = the sums over windows of x; or (spread) x = each element of out added to its window.  [lo, hi) are planes."""
    for plane in range(lo, hi):
        image, sums = shift(x, plane * height * width), shift(out, plane * out_height * out_width)
        if spread != 0:
            for j in range(height * width):
                image[j] = 0
        else:
            for j in range(out_height * out_width):
                sums[j] = 0
        for y in range(out_height):
            total = shift(sums, y * out_width)
            for k in range(window_y):
                v = y * stride_y - top + k
                if 0 <= v < height:
                    for c in range(0, 3 * window_x, 3):
                        part = shift(image, v * width + plan[c])
                        if spread != 0:
                            for j in range(plan[c + 1], plan[c + 2]):
                                part[j * stride_x] += total[j]
                        else:
                            for j in range(plan[c + 1], plan[c + 2]):
                                total[j] += part[j * stride_x]


# ---------------------------------------------------------------- windows
def _taps(shape, window, stride, pad, dilation, out):
    """For each element of the window: (slices of the outputs, slices of the inputs) that meet through it."""
    for ky in range(window[0]):
        for kx in range(window[1]):
            slices = []
            for n, s, p, at, count in zip(shape, stride, pad, (ky * dilation[0], kx * dilation[1]), out):
                first, last = _inside(n, s, p, at, count)
                begin = first * s - p + at
                slices.append((slice(first, last), slice(begin, max(begin + (last - first - 1) * s + 1, 0), s)))
            (rows, image_rows), (columns, image_columns) = slices
            if rows.start < rows.stop and columns.start < columns.stop:
                yield (..., rows, columns), (..., image_rows, image_columns)


def _inside(n, stride, pad, at, count) -> tuple[int, int]:
    """The outputs [first, last) whose window's element ``at`` lies in [0, n)."""
    first = min(max(0, -(-(pad - at) // stride)), count)
    return first, max(first, min((n - 1 + pad - at) // stride + 1, count))


@cache
def _plan(width, window, stride, pad, dilation, count) -> Value:
    """For each column of the window: where it begins; the outputs, from and up to, for which it lies in the image."""
    numbers: list[int] = []
    for k in range(window):
        numbers += [k * dilation - pad, *_inside(width, stride, pad, k * dilation, count)]
    return Value((len(numbers),), int64, data=np.array(numbers, np.int64), kind="constant")


# ---------------------------------------------------------------- the ops
def _max_numpy(x, window, stride, pad, dilation, out):
    values = np.zeros(x.shape[:-2] + out, x.dtype)
    places = np.full(values.shape, -1, np.int32)
    position = np.arange(x.shape[-2] * x.shape[-1], dtype=np.int32).reshape(x.shape[-2:])
    for to_, from_ in _taps(x.shape[-2:], window, stride, pad, dilation, out):
        new, old = x[from_], values[to_]
        better = (places[to_] < 0) | (new > old) | ((new != new) & (old == old))
        values[to_] = np.where(better, new, old)
        places[to_] = np.where(better, position[from_[1:]], places[to_])
    return values, places


def _max_infer(x, window, stride, pad, dilation, out):
    shape = x.shape[:-2] + out
    return [(shape, x.dtype), (shape, int32)]


def _max_lower(build, node):
    (x,), a = node.inputs, node.attrs
    (height, width), (out_height, out_width) = x.shape[-2:], a["out"]
    plan = _plan(width, a["window"][1], a["stride"][1], a["pad"][1], a["dilation"][1], out_width)
    values, places = build.output(node), build.output(node, 1)
    build.call(
        max_pool_planes.bind(T=build.storage(x.dtype)), node,
        [build.dense(x), values, places, build.operand(plan), height, width, out_height, out_width, *a["window"],
         *a["stride"], a["dilation"][0], a["pad"][0]],
        extent=math.prod(x.shape[:-2]), writes=[values, places], cost=x.size,
    )  # fmt: skip


def _unpool_numpy(g, places, shape):
    out = np.zeros((math.prod(g.shape[:-2]), math.prod(shape)), g.dtype)
    flat = places.reshape(len(out), -1)
    valid = (flat >= 0) & (flat < out.shape[1])
    plane = np.broadcast_to(np.arange(len(out))[:, None], flat.shape)
    np.add.at(out, (plane[valid], flat[valid]), g.reshape(flat.shape)[valid])
    return (out.reshape(g.shape[:-2] + shape),)


def _pick_numpy(x, places):
    flat = x.reshape(*x.shape[:-2], -1)
    where = places.reshape(*places.shape[:-2], -1)
    valid = (where >= 0) & (where < flat.shape[-1])
    picked = np.take_along_axis(flat, np.where(valid, where, 0).astype(np.int64), -1) if flat.size else 0
    return (np.where(valid, picked, 0).astype(x.dtype).reshape(places.shape),)


def _places_lower(template):
    def lower(build, node):
        x, places = node.inputs
        out = build.output(node)
        small, large = sorted((x.shape[-2:], node.outs[0].shape[-2:]), key=lambda s: s != places.shape[-2:])
        build.call(
            template.bind(T=build.storage(x.dtype)), node,
            [build.dense(x), build.dense(places), out, math.prod(small), math.prod(large)],
            extent=math.prod(x.shape[:-2]), writes=[out], cost=max(x.size, out.size),
        )  # fmt: skip

    return lower


_POOL = {"window": (2, 3), "stride": (2, 1), "pad": (1, 1), "dilation": (1, 2), "out": (3, 4)}
_PLAIN = {"window": (2, 2), "stride": (2, 2), "pad": (0, 0), "dilation": (1, 1), "out": (2, 3)}

max_pool = library(
    "max_pool", _max_numpy, _max_infer, _max_lower,
    vjp=lambda needs, grads, outs, inputs, **a: [
        None if grads[0] is None else unpool(grads[0], outs[1], shape=inputs[0].shape[-2:])],
    samples=[(f(2, 3, 5, 6), _POOL), (f(4, 7), _PLAIN)],
)  # fmt: skip
unpool = library(
    "unpool", _unpool_numpy, lambda g, places, shape: [(g.shape[:-2] + shape, g.dtype)], _places_lower(unpool_planes),
    vjp=(lambda h, out, g, places, shape: pick(h, places), None),
    samples=[(f(2, 3, 2, 3), i(2, 3, 2, 3, lo=0, hi=20), {"shape": (4, 5)})],
)  # fmt: skip
pick = library(
    "pick", _pick_numpy, lambda x, places: [(places.shape, x.dtype)], _places_lower(pick_planes),
    vjp=(lambda h, out, x, places: unpool(h, places, shape=x.shape[-2:]), None),
    samples=[(f(2, 3, 4, 5), i(2, 3, 2, 3, lo=0, hi=20))],
)  # fmt: skip


def _sum_numpy(x, window, stride, pad, out):
    sums = np.zeros(x.shape[:-2] + out, x.dtype)
    for to_, from_ in _taps(x.shape[-2:], window, stride, pad, (1, 1), out):
        sums[to_] += x[from_]
    return (sums,)


def _spread_numpy(g, window, stride, pad, shape):
    x = np.zeros(g.shape[:-2] + shape, g.dtype)
    for from_, to_ in _taps(shape, window, stride, pad, (1, 1), g.shape[-2:]):
        x[to_] += g[from_]
    return (x,)


def _sum_lower(spread):
    def lower(build, node):
        (given,), a = node.inputs, node.attrs
        image, sums = build.dense(given), build.output(node)
        if spread:
            image, sums = sums, image
        (height, width), (out_height, out_width) = image.shape[-2:], sums.shape[-2:]
        plan = _plan(width, a["window"][1], a["stride"][1], a["pad"][1], 1, out_width)
        build.call(
            sum_planes.bind(T=build.storage(given.dtype)), node,
            [image, sums, build.operand(plan), spread, height, width, out_height, out_width, *a["window"], *a["stride"],
             a["pad"][0]],
            extent=math.prod(given.shape[:-2]), writes=[image if spread else sums],
            cost=math.prod(sums.shape) * math.prod(a["window"]),
        )  # fmt: skip

    return lower


sum_pool = library(
    "sum_pool", _sum_numpy, lambda x, out, **a: [(x.shape[:-2] + out, x.dtype)], _sum_lower(0),
    vjp=lambda g, s, x, out, **a: sum_spread(g, shape=x.shape[-2:], **a),
    samples=[(f(2, 3, 5, 6), {"window": (2, 3), "stride": (2, 1), "pad": (1, 1), "out": (3, 6)})],
)  # fmt: skip
sum_spread = library(
    "sum_spread", _spread_numpy, lambda g, shape, **a: [(g.shape[:-2] + shape, g.dtype)], _sum_lower(1),
    vjp=lambda h, x, g, shape, **a: sum_pool(h, out=g.shape[-2:], **a),
    samples=[(f(2, 3, 3, 6), {"window": (2, 3), "stride": (2, 1), "pad": (1, 1), "shape": (5, 6)})],
)  # fmt: skip
