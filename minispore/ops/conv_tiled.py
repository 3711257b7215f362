# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Convolution by register tiles for any window, stride, dilation and group: the kernels (lowering: conv_tiled_lowering.py).

A convolution is described by taps: output (row, column) sums over channels and taps a weight times the input at
(row * step_y + tap's row, column * step_x + tap's column). So is the input's gradient: with stride 2, its even and its
odd rows and columns are four such convolutions of the output's gradient, its *phases*, with some of the taps each.

The input goes to ``planes``. Of small images there is a copy for each column (and each remainder of the rows by the step) that
taps read, so that the pixels of a plane are those of the output: no border is computed, and images lie side by side. Of others
all taps read the same copy of a row (one for each remainder of the columns by the step), with what is left and right of it, and
the pixels that it has more are computed with the others, unless tiles write whole vectors of results where they belong. Where a
tap reads is in a table, and a tile reads planes and weights where they are.
"""

from ..core.kernel import device, kernel
from .row_copies import copy_every, copy_row
from .tiled_rows import tiled_rows, tiled_rows_within


@device
def fill_planes(planes, image, at, copies, plane, lines, wide, r0, height, width, step_y, step_x):
    """One image to its copies, ``plane`` elements apart; ``at``: (row, column, first inside, end inside) of each."""
    lanes = tile_lanes(planes)
    for k in range(copies):
        here = shift(at, 4 * k)
        row0, column, first, end = here[0], here[1], here[2], here[3]
        for q in range(lines):
            row = (r0 + q) * step_y + row0
            source, target = shift(image, row * width + column), shift(planes, k * plane + q * wide)
            begin, stop = first, end
            if row < 0 or row >= height or step_x > 2:
                begin, stop = 0, 0
            if step_x == 2:
                for i in range(0, wide, lanes):  # what goes beyond the row is written again, or unused
                    tile_inside_evens(source, target, i, begin, stop)
            else:
                for i in range(0, wide, lanes):
                    tile_inside(source, target, i, begin, stop)
            if step_x > 2 and 0 <= row < height and first < end:
                copy_every(shift(source, first * step_x), shift(target, first), end - first, step_x)


@kernel
def tiled_convolution(x: "T*", w: "T*", y: "T*", scratch: "T*", table: "int64*", images: int, bunch: int, groups: int, parts: int,
                      part: int, strips: int, strip: int, channels: int, span: int, height: int, width: int, step_y: int,
                      step_x: int, copies: int, plane: int, more: int, wide: int, run: int, phases: int, taps: int, filters: int,
                      out_height: int, out_width: int, out_y: int, out_x: int, w_group: int, w_filter: int,
                      w_channel: int, pitch: int, size: int, workers: int, lo, hi):  # fmt: skip
    """``y`` = convolution of ``x``; [lo, hi) are workers, units are strips of rows of bunches of images, for a part of the filters.

    The table: four numbers for each copy (see ``fill_planes``), six for each phase (first row and column of y, rows, columns,
    first tap, number of taps), where the rows of ``w`` begin, where in ``w`` each tap of each channel is, and where in the planes.
    ``run`` rows of results at a time are written where they belong, if it is not 0: they lie side by side in the planes too.
    """
    phases_at = shift(table, 4 * copies)
    rows_at = shift(phases_at, 6 * phases)
    a_at = shift(rows_at, filters)
    b_at = shift(a_at, span * taps)
    bunches = (images + bunch - 1) // bunch
    units = bunches * strips * groups * parts
    for worker in range(lo, hi):
        planes = shift(scratch, worker * size)
        sums = shift(planes, span * copies * plane + 64)
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            f0, group = unit % parts * part, unit // parts % groups
            r0, n0 = unit // parts // groups % strips * strip, unit // parts // groups // strips * bunch
            n1, some = min(n0 + bunch, images), min(part, filters - f0)
            lines = strip + more
            columns = (n1 - n0) * strip * wide
            for c0 in range(0, channels, span):
                deep = min(span, channels - c0)
                for c in range(deep):
                    for n in range(n0, n1):
                        fill_planes(
                            shift(planes, c * copies * plane + (n - n0) * lines * wide),
                            shift(x, ((n * groups + group) * channels + c0 + c) * height * width), table, copies, plane, lines,
                            wide, r0, height, width, step_y, step_x,
                        )  # fmt: skip
                weights = shift(w, group * w_group + c0 * w_channel)
                if run != 0:
                    area = out_height * out_width
                    out = shift(y, ((n0 * groups + group) * filters + f0) * area + r0 * out_width)
                    for r in range(0, min(strip, out_height - r0), run):
                        tiled_rows_within(
                            weights, shift(rows_at, f0), a_at, shift(planes, r * wide), b_at, deep * taps,
                            shift(out, r * out_width), area, some, min(run, out_height - r0 - r) * out_width,
                        )  # fmt: skip
                for number in range(phases if run == 0 else 0):
                    phase, to = shift(phases_at, 6 * number), shift(sums, number * part * pitch)
                    first, count = phase[4], phase[5]
                    if count > 0:
                        tiled_rows(
                            weights, shift(rows_at, f0), shift(a_at, first * span), planes, shift(b_at, first * span), deep * count,
                            to, pitch, some, columns, c0,
                        )  # fmt: skip
                    elif c0 == 0:
                        for i in range(some * pitch):
                            to[i] = 0
            for number in range(phases if run == 0 else 0):
                phase = shift(phases_at, 6 * number)
                row, column, tall, broad = phase[0], phase[1], phase[2], phase[3]
                for f in range(some):
                    for n in range(n0, n1):
                        out = shift(y, ((n * groups + group) * filters + f0 + f) * out_height * out_width + column)
                        for r in range(min(strip, tall - r0)):
                            source = shift(sums, (number * part + f) * pitch + ((n - n0) * strip + r) * wide)
                            target = shift(out, (row + (r0 + r) * out_y) * out_width)
                            if out_x == 1:
                                copy_row(source, target, broad)
                            else:
                                for i in range(broad):
                                    target[i * out_x] = source[i]


__all__ = ["fill_planes", "tiled_convolution"]
