# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Elements of image planes at positions that all planes of an image share: read, added to, and mixed from four neighbours.

A block of positions is worked out once, by vectors, into the first cache, and serves all planes.
"""

import numpy as np

from ..core import samples
from ..core.dtype import float32, int64
from ..core.kernel import device, kernel
from ..core.op import library, to
from .batch import into_first_axis
from .elementwise import floor, logical_and, select
from .inputs import accumulation_type
from .movement import expand_dims
from .reduction import sum as sum_
from .row_copies import copy_row
from .rows import bits_of
from .slicing import zeros_of

PLANES = 8  # that are framed at once, for which positions are worked out once
PARALLEL = 8192  # results from which on threads share them


@kernel
def pick_kernel(image: "T*", at: "I*", out: "T*", size: int, planes: int, count: int, lo, hi):
    """``out[p, i] = image[p, at[p // planes, i]]``, 0 where that is negative; [lo, hi) are planes, of ``size`` elements."""
    for p in range(lo, hi):
        plane, places, target = shift(image, p * size), shift(at, p // planes * count), shift(out, p * count)
        for i in range(count):
            place = places[i]
            found = plane[max(place, 0)]
            target[i] = found if place >= 0 else T(0)


@kernel
def add_kernel(at: "I*", values: "T*", out: "T*", size: int, planes: int, count: int, lo, hi):
    """``out[p, at[p // planes, i]] += values[p, i]`` in images of zeros, where it is not negative."""
    for p in range(lo, hi):
        plane, places, source = shift(out, p * size), shift(at, p // planes * count), shift(values, p * count)
        for i in range(size):
            plane[i] = T(0)
        for i in range(count):
            if places[i] >= 0:
                plane[places[i]] += source[i]


@device
def whole(x, size):
    """The whole number below x, or one from outside of [-1, size)."""
    low = x if x > -2 else -2.0
    near = low if low < size + 1 else size + 1.0
    at = int64(near)
    return at - (1 if at > near else 0)


@kernel
def mix_kernel(image: "T*", x: "T*", y: "T*", out: "T*", planes: int, h: int, w: int, count: int, blocks: int, lo, hi):
    """Bilinear samples, by blocks of 256 positions; [lo, hi) are blocks of all images."""
    places, factors = local_int64(1024), local_TYPE(512)
    for unit in range(lo, hi):
        b, first = unit // blocks, unit % blocks * 256
        some = min(256, count - first)
        xs, ys = shift(x, b * count + first), shift(y, b * count + first)
        for i in range(some):
            left, top = whole(xs[i], w), whole(ys[i], h)
            factors[i], factors[256 + i] = xs[i] - T(left), ys[i] - T(top)
            in_left, in_right = left >= 0 and left < w, left >= -1 and left < w - 1
            in_top, in_bottom = top >= 0 and top < h, top >= -1 and top < h - 1
            at = top * w + left
            places[i] = at if in_top and in_left else -1
            places[256 + i] = at + 1 if in_top and in_right else -1
            places[512 + i] = at + w if in_bottom and in_left else -1
            places[768 + i] = at + w + 1 if in_bottom and in_right else -1
        for p in range(b * planes, (b + 1) * planes):
            plane, target = shift(image, p * h * w), shift(out, p * count + first)
            for i in range(some):
                p00, p01, p10, p11 = places[i], places[256 + i], places[512 + i], places[768 + i]
                v00, v01 = plane[max(p00, 0)], plane[max(p01, 0)]
                v10, v11 = plane[max(p10, 0)], plane[max(p11, 0)]
                v00, v01 = v00 if p00 >= 0 else T(0), v01 if p01 >= 0 else T(0)
                v10, v11 = v10 if p10 >= 0 else T(0), v11 if p11 >= 0 else T(0)
                right, below = factors[i], factors[256 + i]
                upper, lower = v00 * (T(1) - right) + v01 * right, v10 * (T(1) - right) + v11 * right
                target[i] = upper * (T(1) - below) + lower * below


@device
def within(at, size):
    """Where an element of a row is in a frame of one more before it and two after it, in which both it and the next one are."""
    return at + 1 if at >= -1 and at < size else size + 1


@kernel
def mix_framed_kernel(image: "T*", x: "T*", y: "T*", out: "T*", frames: "T*", images: int, planes: int, h: int, w: int, count: int,
                      bunch: int, workers: int, lo, hi):  # fmt: skip
    """The same from planes with zeros around them, so that no neighbour is outside; [lo, hi) are workers, units bunches of planes."""
    places, factors = local_int64(256), local_TYPE(512)
    wide = w + 3
    size = (h + 3) * wide
    bunches = (planes + bunch - 1) // bunch
    units = images * bunches
    for worker in range(lo, hi):
        frame = shift(frames, worker * bunch * size)
        for i in range(bunch * size):
            frame[i] = T(0)
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            b, begin = unit // bunches, unit % bunches * bunch
            some_planes = min(bunch, planes - begin)
            for p in range(some_planes):
                plane, inner = shift(image, (b * planes + begin + p) * h * w), shift(frame, p * size + wide + 1)
                for r in range(h):
                    copy_row(shift(plane, r * w), shift(inner, r * wide), w)
            for first in range(0, count, 256):
                some = min(256, count - first)
                xs, ys = shift(x, b * count + first), shift(y, b * count + first)
                for i in range(some):
                    left, top = whole(xs[i], w), whole(ys[i], h)
                    factors[i], factors[256 + i] = xs[i] - T(left), ys[i] - T(top)
                    places[i] = within(top, h) * wide + within(left, w)
                for p in range(some_planes):
                    upper_row, target = shift(frame, p * size), shift(out, (b * planes + begin + p) * count + first)
                    lower_row = shift(upper_row, wide)
                    for i in range(some):
                        at, right, below = places[i], factors[i], factors[256 + i]
                        upper = upper_row[at] * (T(1) - right) + upper_row[at + 1] * right
                        lower = lower_row[at] * (T(1) - right) + lower_row[at + 1] * right
                        target[i] = upper * (T(1) - below) + lower * below


def _pick_lower(build, node):
    image, at = node.inputs
    (n, planes, size), count, out = image.shape, at.shape[1], build.output(node)
    build.call(pick_kernel.bind(T=bits_of(image.dtype), I=build.storage(at.dtype)), node, [build.dense(image), build.dense(at), out, size, planes, count],
               extent=n * planes, writes=[out], cost=out.size)  # fmt: skip


def _add_lower(build, node):
    at, values = node.inputs
    (n, planes, count), out = values.shape, build.output(node)
    build.call(add_kernel.bind(T=build.storage(values.dtype), I=build.storage(at.dtype)), node,
               [build.dense(at), build.dense(values), out, node.attrs["size"], planes, count],
               extent=n * planes, writes=[out], cost=out.size + 4 * values.size)  # fmt: skip


def _mix_lower(build, node):
    image, x, y = node.inputs
    (n, planes, h, w), count, out = image.shape, x.shape[1], build.output(node)
    if 4 * count >= h * w:
        bunch = max(min(planes, PLANES), 1)
        workers = min(build.workers, n * -(-planes // bunch)) if out.size >= PARALLEL else 1
        frames = build.temp((workers, bunch, h + 3, w + 3), image.dtype)
        build.call(mix_framed_kernel.bind(T=build.storage(image.dtype)), node,
                   [build.dense(image), build.dense(x), build.dense(y), out, frames, n, planes, h, w, count, bunch, workers],
                   extent=workers, writes=[out, frames], cost=4 * out.size)  # fmt: skip
        return
    blocks = -(-count // 256)
    build.call(mix_kernel.bind(T=build.storage(image.dtype)), node,
               [build.dense(image), build.dense(x), build.dense(y), out, planes, h, w, count, blocks],
               extent=n * blocks, writes=[out], cost=4 * out.size)  # fmt: skip


def _pick_numpy(image, at):
    found = np.take_along_axis(image, np.broadcast_to(np.maximum(at, 0)[:, None], (*image.shape[:2], at.shape[1])), 2)
    return (np.where(at[:, None] >= 0, found, image.dtype.type(0)),)


def _add_numpy(at, values, size):
    out = np.zeros((*values.shape[:2], size), values.dtype)
    for plane, places, parts in zip(out, at, values):
        np.add.at(plane, (slice(None), places[places >= 0]), parts[:, places >= 0])
    return (out,)


def _mix_numpy(image, x, y):
    n, c, h, w = image.shape
    flat = image.reshape(n, c, h * w)
    left, top = np.floor(x), np.floor(y)
    right, below = (x - left)[:, None], (y - top)[:, None]

    def tap(dx, dy):
        a, b = left + dx, top + dy
        inside = (a >= 0) & (a < w) & (b >= 0) & (b < h)
        at = np.where(inside, b, 0).astype(np.int64) * w + np.where(inside, a, 0).astype(np.int64)
        return _pick_numpy(flat, np.where(inside, at, -1))[0]

    with np.errstate(all="ignore"):
        upper, lower = (tap(0, k) * (1 - right) + tap(1, k) * right for k in (0, 1))
        return ((upper * (1 - below) + lower * below).astype(image.dtype),)


pick_places = library(
    "pick_places", _pick_numpy, lambda image, at: [((*image.shape[:2], at.shape[1]), image.dtype)], _pick_lower,
    vjp=(lambda g, out, image, at: to(add_places(at, accumulation_type(g), size=image.shape[2]), g.dtype), None), batch=into_first_axis,
    samples=[(samples.f(2, 3, 7), samples.i(2, 5, lo=-1, hi=7)), (samples.f(1, 2, 20), samples.i(1, 33, lo=-1, hi=20))],
)  # fmt: skip
add_places = library(
    "add_places", _add_numpy, lambda at, values, size: [((*values.shape[:2], size), values.dtype)], _add_lower,
    vjp=(None, lambda g, out, at, values, size: pick_places(g, at)), batch=into_first_axis,
    samples=[(samples.i(2, 5, lo=-1, hi=7), samples.f(2, 3, 5), {"size": 7})],
)  # fmt: skip


def _place(x, y, h: int, w: int):
    """Where the element in row y and column x of a plane is, for whole numbers as floats; -1 outside."""
    inside = logical_and(logical_and(x >= 0.0, x <= w - 1.0), logical_and(y >= 0.0, y <= h - 1.0))
    x, y = (to(select(inside, t, 0.0), int64) for t in (x, y))
    return select(inside, y * w + x, -1)


def _corners(x, y, h: int, w: int):
    """(columns and rows between the neighbours, for each plane; places of the four: above, left and right, and below)."""
    x0, y0 = floor(x), floor(y)
    places = [_place(a, b, h, w) for b in (y0, y0 + 1.0) for a in (x0, x0 + 1.0)]
    return expand_dims(x - x0, 1), expand_dims(y - y0, 1), places


def _values(image, places):
    flat = image.reshape((*image.shape[:2], image.shape[2] * image.shape[3]))
    return [pick_places(flat, at) for at in places]


def _image_vjp(g, out, image, x, y):
    h, w = image.shape[2:]
    right, below, places = _corners(x, y, h, w)
    total = zeros_of(g, (*image.shape[:2], h * w))
    for at, a, b in zip(places, (1.0 - right, right) * 2, (1.0 - below, 1.0 - below, below, below)):
        total = total + add_places(at, g * a * b, size=h * w)
    return total.reshape(image.shape)


def _x_vjp(g, out, image, x, y):
    _, below, places = _corners(x, y, *image.shape[2:])
    v00, v01, v10, v11 = _values(image, places)
    return sum_(g * ((v01 - v00) * (1.0 - below) + (v11 - v10) * below), 1)


def _y_vjp(g, out, image, x, y):
    right, _, places = _corners(x, y, *image.shape[2:])
    v00, v01, v10, v11 = _values(image, places)
    return sum_(g * ((v10 - v00) * (1.0 - right) + (v11 - v01) * right), 1)


_mixed = library(
    "mix_places", _mix_numpy, lambda image, x, y: [((*image.shape[:2], x.shape[1]), image.dtype)], _mix_lower,
    vjp=(_image_vjp, _x_vjp, _y_vjp), batch=into_first_axis,
    samples=[(samples.f(2, 3, 4, 5), samples.f(2, 7), samples.f(2, 7)), (samples.f(1, 2, 3, 3), samples.f(1, 300), samples.f(1, 300))],
)  # fmt: skip


def between(image, x, y):
    """Bilinear samples of (N, C, H, W) at positions (N, K); what is outside is 0 -> (N, C, K)."""
    if image.dtype.itemsize >= 4 and image.dtype == x.dtype:
        return _mixed(image, x, y)
    wide = image.dtype if image.dtype.itemsize > 4 else float32
    return to(_mixed(*(to(t, wide) for t in (image, x, y))), image.dtype)


def picked(image, x, y):
    """The elements of (N, C, H, W) at whole positions (N, K), 0 outside -> (N, C, K)."""
    return _values(image, [_place(x, y, *image.shape[2:])])[0]


__all__ = ["between", "picked"]
