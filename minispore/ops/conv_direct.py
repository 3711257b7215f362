# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Direct convolution, for groups of so few channels that a matrix product would be a row by a column (depthwise).

An image plane is copied into a padded ``frame`` whose rows are ``wide`` elements apart, and the results are computed as
if the plane were one long row: ``out[p] = sum over taps of weight[tap] * frame[p + offset[tap]]`` with p = row * wide +
column, which are long loops however small the plane is.  The columns that lie in the border are computed and thrown away.

Strides become phases.  With stride 2 the even and the odd rows and columns of the frame lie apart, in four planes; each tap
reads one of them.  The gradient by the input is the reverse: its even and odd rows and columns are four convolutions
of the output's gradient, with some of the taps each.  Which taps, and where they read, is in a table.
"""

from functools import cache

import numpy as np

from ..core.dtype import int64
from ..core.kernel import device, kernel
from ..core.record import Value
from .row_copies import copy_row

ROUND = 64  # elements: loops run on to a multiple of this, so that no short rest is left that vectors do not fit
STRIP = 4096  # elements of results that are computed at once, to stay in the first cache


# ---------------------------------------------------------------- kernels
@device
def fill_frame(frame, image, height, width, step_y, step_x, top, left, lines, wide, plane):
    """Copies an image into a frame: row q + top, column i + left, each in the plane of its phase; the border stays."""
    line, phase_y = top // step_y, top % step_y
    for q in range(min(height, lines * step_y - top)):
        row = shift(frame, phase_y * step_x * plane + line * wide)
        source = shift(image, q * width)
        phase_y += 1
        if phase_y == step_y:
            line, phase_y = line + 1, 0
        if step_x == 1:
            copy_row(source, shift(row, left), min(width, wide - left))
        elif step_x == 2:  # written out, as vectors can part the even from the odd
            skip = left % 2
            even, odd = shift(row, (left + skip) // 2), shift(row, plane + left // 2)
            if skip != 0:
                odd[0] = source[0]
                odd = shift(odd, 1)
            pairs = min((width - skip) // 2, wide - (left + skip) // 2)
            for j in range(pairs):
                even[j] = source[skip + 2 * j]
                odd[j] = source[skip + 2 * j + 1]
            if pairs < min((width - skip + 1) // 2, wide - (left + skip) // 2):
                even[pairs] = source[skip + 2 * pairs]
        else:
            for phase in range(step_x):
                first = (phase - left) % step_x
                begin = (first + left) // step_x
                target = shift(row, phase * plane + begin)
                read = shift(source, first)
                for j in range(min((width - first + step_x - 1) // step_x, wide - begin)):
                    target[j] = read[j * step_x]


@kernel(fastmath=("contract", "reassoc", "nsz"))
def direct_convolution(x: "T*", w: "T*", y: "T*", scratch: "T*", table: "int64*", images: int, bunch: int, groups: int,
                       channels: int, height: int, width: int, step_y: int, step_x: int, top: int, left: int, lines: int, wide: int,
                       frame_size: int, filters: int, out_height: int, out_width: int, out_y: int, out_x: int,
                       phases: int, strip: int, w_group: int, w_filter: int, w_channel: int, size: int, workers: int,
                       lo, hi):  # fmt: skip
    """``y`` = convolution of ``x`` with the taps of the table; [lo, hi) are workers, units are groups of bunches of images.

    The table has for each phase of y (first row, first column, rows, columns, first tap, end), then for each tap (its
    place in the weights, its offset in the frame).
    """
    for worker in range(lo, hi):
        frames = shift(scratch, worker * size)
        sums = shift(frames, channels * frame_size)
        for i in range(channels * frame_size):
            frames[i] = 0
        units = (images + bunch - 1) // bunch * groups
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            group, n0 = unit % groups, unit // groups * bunch
            n1 = min(n0 + bunch, images)
            for c in range(channels):
                for n in range(n0, n1):
                    fill_frame(
                        shift(frames, c * frame_size + (n - n0) * lines * wide),
                        shift(x, ((n * groups + group) * channels + c) * height * width), height, width, step_y, step_x,
                        top, left, lines, wide, bunch * lines * wide,
                    )  # fmt: skip
            for f in range(filters):
                for number in range(phases):
                    phase = shift(table, 6 * number)
                    first_row, first_column, rows, columns = phase[0], phase[1], phase[2], phase[3]
                    first_tap, taps_end = phase[4], phase[5]
                    for r0 in range(0, rows, strip):
                        tall = min(strip, rows - r0)
                        count = (((n1 - n0 - 1) * lines + tall) * wide + 63) // 64 * 64
                        if first_tap == taps_end:
                            for p in range(count):
                                sums[p] = 0
                        for c in range(channels):
                            frame = shift(frames, c * frame_size + r0 * wide)
                            weights = shift(w, group * w_group + f * w_filter + c * w_channel)
                            tap = first_tap
                            if c == 0 and tap < taps_end:
                                a, u = weights[table[2 * tap]], shift(frame, table[2 * tap + 1])
                                for p in range(count):
                                    sums[p] = a * u[p]
                                tap += 1
                            while tap + 8 <= taps_end:
                                t = shift(table, 2 * tap)
                                a0, u0 = weights[t[0]], shift(frame, t[1])
                                a1, u1 = weights[t[2]], shift(frame, t[3])
                                a2, u2 = weights[t[4]], shift(frame, t[5])
                                a3, u3 = weights[t[6]], shift(frame, t[7])
                                a4, u4 = weights[t[8]], shift(frame, t[9])
                                a5, u5 = weights[t[10]], shift(frame, t[11])
                                a6, u6 = weights[t[12]], shift(frame, t[13])
                                a7, u7 = weights[t[14]], shift(frame, t[15])
                                for p in range(count):
                                    sums[p] += (
                                        a0 * u0[p] + a1 * u1[p] + a2 * u2[p] + a3 * u3[p]
                                        + a4 * u4[p] + a5 * u5[p] + a6 * u6[p] + a7 * u7[p]
                                    )  # fmt: skip
                                tap += 8
                            while tap < taps_end:
                                a, u = weights[table[2 * tap]], shift(frame, table[2 * tap + 1])
                                for p in range(count):
                                    sums[p] += a * u[p]
                                tap += 1
                        for n in range(n0, n1):
                            out = shift(y, ((n * groups + group) * filters + f) * out_height * out_width + first_column)
                            for r in range(tall):
                                source = shift(sums, ((n - n0) * lines + r) * wide)
                                target = shift(out, (first_row + (r0 + r) * out_y) * out_width)
                                if out_x == 1:
                                    copy_row(source, target, columns)
                                else:
                                    for i in range(columns):
                                        target[i * out_x] = source[i]


@kernel(fastmath=("contract", "reassoc", "nsz"))
def direct_correlation(x: "T*", g: "T*", out: "T*", scratch: "T*", table: "int64*", images: int, bunch: int,
                       groups: int, channels: int, height: int, width: int, step_y: int, step_x: int, top: int, left: int,
                           lines: int, wide: int, frame_size: int, filters: int, out_height: int, out_width: int,
                           window: int, size: int, workers: int, lo, hi):  # fmt: skip
    """``out[tap]`` = sum over images and p of g[p] * frame[p + offset[tap]]; [lo, hi) are workers with some groups each.

    The table has one phase, as in ``direct_convolution``.  The border of g's frame is zero.
    """
    for worker in range(lo, hi):
        frame = shift(scratch, worker * size)
        pixels = shift(frame, frame_size)
        for i in range(size):
            frame[i] = 0
        count = (bunch * lines * wide + 63) // 64 * 64
        for group in range(worker * groups // workers, (worker + 1) * groups // workers):
            weights = shift(out, group * filters * channels * window)
            for i in range(filters * channels * window):
                weights[i] = 0
            for n0 in range(0, images, bunch):
                for c in range(channels):
                    for n in range(n0, min(n0 + bunch, images)):
                        fill_frame(
                            shift(frame, (n - n0) * lines * wide),
                            shift(x, ((n * groups + group) * channels + c) * height * width), height, width, step_y, step_x,
                            top, left, lines, wide, bunch * lines * wide,
                        )  # fmt: skip
                    for f in range(filters):
                        for n in range(n0, n0 + bunch):
                            image = shift(g, ((n * groups + group) * filters + f) * out_height * out_width)
                            target = shift(pixels, (n - n0) * lines * wide)
                            for q in range(out_height):
                                if n < images:
                                    copy_row(shift(image, q * out_width), shift(target, q * wide), out_width)
                                else:
                                    for i in range(out_width):
                                        target[q * wide + i] = 0
                        to = shift(weights, (f * channels + c) * window)
                        tap = 0
                        while tap + 8 <= window:
                            t = shift(table, 6 + 2 * tap)
                            u0, u1, u2, u3 = (
                                shift(frame, t[1]),
                                shift(frame, t[3]),
                                shift(frame, t[5]),
                                shift(frame, t[7]),
                            )
                            u4, u5, u6, u7 = (
                                shift(frame, t[9]),
                                shift(frame, t[11]),
                                shift(frame, t[13]),
                                shift(frame, t[15]),
                            )
                            s0, s1, s2, s3, s4, s5, s6, s7 = T(0), T(0), T(0), T(0), T(0), T(0), T(0), T(0)
                            for p in range(count):
                                v = pixels[p]
                                s0 += v * u0[p]
                                s1 += v * u1[p]
                                s2 += v * u2[p]
                                s3 += v * u3[p]
                                s4 += v * u4[p]
                                s5 += v * u5[p]
                                s6 += v * u6[p]
                                s7 += v * u7[p]
                            to[tap] += s0
                            to[tap + 1] += s1
                            to[tap + 2] += s2
                            to[tap + 3] += s3
                            to[tap + 4] += s4
                            to[tap + 5] += s5
                            to[tap + 6] += s6
                            to[tap + 7] += s7
                            tap += 8
                        while tap < window:
                            u = shift(frame, table[6 + 2 * tap + 1])
                            s = T(0)
                            for p in range(count):
                                s += pixels[p] * u[p]
                            to[tap] += s
                            tap += 1


# ---------------------------------------------------------------- lowering
FEW = 4  # input times output channels of a group


def is_direct(s) -> bool:
    """Whether a convolution of the sizes ``s`` is computed here."""
    return s.groups > 1 and s.channels * s.filters <= FEW


@cache  # the Builder knows a Value by its identity: it must live as long as the process
def _table(phases: tuple, taps: tuple) -> Value:
    """The constant that ``direct_convolution`` reads."""
    base = 3 * len(phases)  # of the taps, in entries of two numbers
    rows = [[*phase[:4], base + phase[4], base + phase[5]] for phase in phases]
    data = np.array([n for row in (*rows, *taps) for n in row], np.int64)
    return Value(data.shape, int64, data=data, kind="constant")


def _bunch(s, lines: int, wide: int) -> int:
    """How many images lie one below the other in a frame, so that loops are long."""
    return max(1, min(STRIP // max(lines * wide, 1), -(-s.images * s.groups // 8), s.images))


def _forward_frame(s):
    """(images in a frame, rows of each, their length, the table)."""
    (sy, sx), (dy, dx) = s.stride, s.dilation
    rows = lines = s.out_height + (s.kernel_height - 1) * dy // sy
    wide = s.out_width + (s.kernel_width - 1) * dx // sx
    bunch = _bunch(s, lines, wide)
    lines *= bunch  # of a phase
    places = [(u * dy, v * dx) for u in range(s.kernel_height) for v in range(s.kernel_width)]
    offsets = [((u % sy * sx + v % sx) * lines + u // sy) * wide + v // sx for u, v in places]
    phase = (0, 0, s.out_height, s.out_width, 0, len(offsets))
    return bunch, rows, wide, _table((phase,), tuple(enumerate(offsets)))


def _reads(size: int, pad: int, window: int, stride: int, dilation: int) -> list[tuple[int, list[tuple[int, int]]]]:
    """Along one axis, for each phase of the input's gradient its length and (tap, position of the output read at 0)."""
    phases = []
    for phase in range(min(stride, size)):
        taps = [(u, phase + pad - u * dilation) for u in range(window)]
        phases.append((-(-(size - phase) // stride), [(u, at // stride) for u, at in taps if at % stride == 0]))
    return phases


def _border(phases) -> tuple[int, int]:
    """(elements before the first of the output that are read, the length of the frame beyond what is computed)."""
    ats = [at for _, taps in phases for _, at in taps] or [0]
    before = max(0, -min(ats))
    return before, before + max(0, max(ats))


def _backward_frame(s):
    """(images in a frame, rows of each, their length, rows and columns before the first, the table)."""
    down = _reads(s.height, s.top, s.kernel_height, s.stride[0], s.dilation[0])
    right = _reads(s.width, s.left, s.kernel_width, s.stride[1], s.dilation[1])
    (top, tall), (left, broad) = _border(down), _border(right)
    lines, wide = max(n for n, _ in down) + tall, max(n for n, _ in right) + broad
    phases: list[tuple[int, ...]] = []
    taps: list[tuple[int, int]] = []
    for py, (rows, of_rows) in enumerate(down):
        for px, (columns, of_columns) in enumerate(right):
            start = len(taps)
            taps += [(u * s.kernel_width + v, (i + top) * wide + j + left) for u, i in of_rows for v, j in of_columns]
            phases.append((py, px, rows, columns, start, len(taps)))
    return _bunch(s, lines, wide), lines, wide, top, left, _table(tuple(phases), tuple(taps))


def direct_forward(build, node, s, x, w, y) -> None:
    """y = w * x."""
    bunch, lines, wide, table = _forward_frame(s)
    read = s.channels, s.height, s.width, *s.stride, s.top, s.left, lines, wide
    _convolve(
        build, node, s, x, w, y, table, bunch, read, (s.filters, s.out_height, s.out_width, 1, 1), 1, (s.channels, 1)
    )


def direct_input_gradient(build, node, s, g, w, x) -> None:
    """The gradient by the input: the convolution of g with the taps of each phase."""
    bunch, lines, wide, top, left, table = _backward_frame(s)
    read = s.filters, s.out_height, s.out_width, 1, 1, top, left, lines, wide
    phases = min(s.stride[0], s.height) * min(s.stride[1], s.width)
    written = s.channels, s.height, s.width, *s.stride
    _convolve(build, node, s, g, w, x, table, bunch, read, written, phases, (1, s.channels))


def _convolve(build, node, s, x, w, y, table, bunch, read, written, phases, w_strides) -> None:
    channels, _, _, step_y, step_x, _, _, lines, wide = read
    window = s.kernel_height * s.kernel_width
    frame_size = step_y * step_x * bunch * lines * wide + ROUND
    strip = lines if bunch > 1 else max(1, min(lines, STRIP // wide))
    size = channels * frame_size + max(strip, bunch * lines if bunch > 1 else 0) * wide + ROUND
    workers = s.workers(build)
    scratch = build.temp((workers, size), x.dtype)
    build.call(
        direct_convolution.bind(T=build.storage(x.dtype)), node,
        [x, w, y, scratch, build.operand(table), s.images, bunch, s.groups, *read, frame_size, *written, phases, strip,
         s.channels * s.filters * window, *(step * window for step in w_strides), size, workers],
        extent=workers, writes=[y, scratch], cost=s.cost,
    )  # fmt: skip


def direct_weight_gradient(build, node, s, x, g, out) -> None:
    """The gradient by the weights."""
    bunch, lines, wide, table = _forward_frame(s)
    frame_size = s.stride[0] * s.stride[1] * bunch * lines * wide + ROUND
    size = frame_size + bunch * lines * wide + ROUND
    workers = min(s.workers(build), s.groups)
    scratch = build.temp((workers, size), x.dtype)
    build.call(
        direct_correlation.bind(T=build.storage(x.dtype)), node,
        [x, g, out, scratch, build.operand(table), s.images, bunch, s.groups, s.channels, s.height, s.width, *s.stride,
         s.top, s.left, lines, wide, frame_size, s.filters, s.out_height, s.out_width, s.kernel_height * s.kernel_width,
         size, workers],
        extent=workers, writes=[out, scratch], cost=s.cost,
    )  # fmt: skip


__all__ = ["ROUND", "STRIP", "direct_forward", "direct_input_gradient", "direct_weight_gradient", "is_direct"]
