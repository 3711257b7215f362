# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Convolution in groups of so few channels that a product would be a row by a column (depthwise): the kernel.

A vector holds the same pixel of as many groups as it has lanes, so none is half empty, however small an image is, and any
window, step and dilation is the same loop: ``out[pixel] = sum over taps of weight[tap] * frame[pixel + tap]``. Images are
turned into such vectors on their way to a ``frame`` with a border of zeros, and results on their way back. Which pixels
and taps there are is in a table (lowering: conv_lanes_lowering.py). The gradient by the weights exchanges the two:
``sum[tap] = sum over pixels of gradient[pixel] * frame[tap + pixel]``.
"""

from ..core.kernel import device, kernel
from .row_copies import copy_row


@device
def planes_to_lanes(source, plane, some, count, target, at, step, stage, ahead, readable):
    """``target[at[p]]`` is the vector of element p of ``some`` planes, for p < count; ``step`` 0: ``target[p + at[0..]]``.

    ``ahead``: how far from an element one lies that is needed soon.  ``readable``: so many elements may be read from the source on:
    what a vector reads beyond the end of a short plane goes where no element is.
    """
    lanes = tile_lanes(source)
    whole = some == lanes and count >= lanes
    for p in range(0, count, lanes):
        q = min(p, count - lanes) if whole else p
        read, row, later = shift(source, q), plane, ahead
        if not whole and (some < lanes or q + (lanes - 1) * plane + lanes > readable):
            for i in range(some):
                copy_row(shift(read, i * plane), shift(stage, i * lanes), min(lanes, count - q))
            for i in range(some * lanes, lanes * lanes):
                stage[i] = 0
            read, row, later = stage, lanes, 0
        lane_turn(read, row, shift(target, (1 - step) * q * lanes), shift(at, step * q), later)


@device
def lanes_to_planes(source, target, plane, some, count, stage):
    """Element p of ``some`` planes is taken from vector p of the source, for p < count."""
    lanes = tile_lanes(source)
    whole = some == lanes and count >= lanes
    if count < lanes and plane == count:  # short planes, side by side: each row ends where the next one begins
        tile_transpose(source, lanes, stage, plane)
        copy_row(stage, target, some * plane)
    else:
        for p in range(0, count, lanes):
            q = min(p, count - lanes) if whole else p
            to, row = shift(target, q), plane
            if not whole:
                to, row = stage, lanes
            tile_transpose(shift(source, q * lanes), lanes, to, row)
            if not whole:
                for i in range(some):
                    copy_row(shift(stage, i * lanes), shift(target, i * plane + q), min(lanes, count - q))


@device
def lane_sums(a, rows_at, a_at, b, b_at, count, out, outs_at, rows, add):
    """As ``lane_tile``, for any number of rows."""
    high, short = lane_rows(), short_lane_rows()
    m, whole = 0, rows % short == 0
    while m < rows:
        left, to = shift(rows_at, m), shift(outs_at, m)
        if whole or rows - m <= short:
            short_lane_tile(a, left, a_at, b, b_at, count, out, to, min(short, rows - m), add)
            m += short
        else:
            lane_tile(a, left, a_at, b, b_at, count, out, to, min(high, rows - m), add)
            m += high


@kernel
def lane_convolution(x: "T*", w: "T*", y: "T*", scratch: "T*", table: "int64*", task: int, images: int, bunch: int, parts: int, many: int,
                     groups: int, channels: int, height: int, width: int, step_y: int, low: int, reach: int, wide: int, frame: int,
                     flat: int, inner: int, filters: int, out_height: int, out_width: int, out_y: int, result: int, phases: int,
                     rows: int, strip: int, strips: int, window: int, w_group: int, w_filter: int, w_channel: int,
                     part_weights: int, size: int, workers: int, lo, hi):  # fmt: skip
    """Task 0: ``y`` = convolution of ``x`` with ``w``; task 1: each part's share of ``w``, the sums of ``y`` times ``x``.

    [lo, hi) are workers; a unit is ``many`` blocks of the groups of a bunch of images, which lie side by side there, with a strip of
    rows, or (task 1) with a share of the bunches. The table: 0 to 15, where the pixels of a row (``flat``: of the image) go in the frame
    and 16 more, then eight numbers for each phase of the result: rows, pixels of a row (of the image), where in the table it has
    their places in the frame and in the result, the number of taps, where it has their places in the frame and in the weights.
    ``frame`` and ``result`` count vectors.
    """
    lanes = tile_lanes(x)
    phases_at = shift(table, 32 + inner)
    blocks = (bunch * groups + lanes - 1) // lanes
    bunches = (images + bunch - 1) // bunch
    units = (blocks + many - 1) // many * parts
    taps, plane = channels * window, out_height * out_width
    block_weights = filters * taps * lanes
    for worker in range(lo, hi):
        frames = shift(scratch, worker * size)
        results = shift(frames, channels * frame * lanes)
        held = shift(results, (filters * result + 16) * lanes)
        stage = shift(held, many * block_weights)
        for i in range(channels * frame * lanes):
            frames[i] = 0
        loaded = -1
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            first, part = unit // parts * many, unit % parts
            end = min(first + many, blocks)
            n0, n1, s0, s1 = part // strips, part // strips + 1, part % strips, part % strips + 1
            if task != 0:
                n0, n1, s0, s1 = part * bunches // parts, (part + 1) * bunches // parts, 0, strips
                for i in range((end - first) * block_weights):
                    held[i] = 0
            elif first != loaded:
                loaded = first
                for block in range(first, end):
                    g0 = block * lanes
                    for f in range(filters):
                        for c in range(channels):
                            to = shift(held, (block - first) * block_weights + (f * taps + c * window) * lanes)
                            for i in range(min(lanes, bunch * groups - g0)):
                                source = shift(w, (g0 + i) % groups * w_group + f * w_filter + c * w_channel)
                                for t in range(window):
                                    to[t * lanes + i] = source[t]
            for n in range(n0 * bunch, n1 * bunch, bunch):
                for s in range(s0, s1):
                    r0 = s * strip
                    pixels = min(strip * out_y, out_height - r0 * out_y) * out_width
                    for block in range(first, end):
                        g0, weights = block * lanes, shift(held, (block - first) * block_weights)
                        some = min(lanes, min(bunch, images - n) * groups - g0)
                        if some <= 0:
                            continue
                        # groups from these to the next ones that are read
                        ahead = (
                            lanes
                            if block + 1 < end
                            else bunch * groups - (block - first) * lanes
                            if n + bunch < n1 * bunch
                            else 0
                        )
                        image = shift(y, (n * groups + g0) * filters * plane + r0 * out_y * out_width)
                        if task != 0:
                            for f in range(filters):
                                to = shift(results, f * result * lanes)
                                planes_to_lanes(
                                    shift(image, f * plane),
                                    filters * plane,
                                    some,
                                    pixels,
                                    to,
                                    table,
                                    0,
                                    stage,
                                    ahead * filters * plane,
                                    (images * groups - n * groups - g0) * filters * plane
                                    - f * plane
                                    - r0 * out_y * out_width,
                                )
                        filled = 0
                        for r in range(1 if flat != 0 else min(strip, rows - r0)):
                            while filled < (1 if flat != 0 else r * step_y + reach):
                                row = 0 if flat != 0 else r0 * step_y + low + filled
                                for c in range(channels):
                                    to = shift(frames, (c * frame + filled * wide) * lanes)
                                    if 0 <= row < height:
                                        begun = (((n * groups + g0) * channels + c) * height + row) * width
                                        source = shift(x, begun)
                                        planes_to_lanes(
                                            source,
                                            channels * height * width,
                                            some,
                                            inner,
                                            to,
                                            shift(table, 16),
                                            1,
                                            stage,
                                            ahead * channels * height * width,
                                            images * groups * channels * height * width - begun,
                                        )
                                    else:
                                        for i in range(wide * lanes):
                                            to[i] = 0
                                filled += 1
                            for number in range(phases):
                                phase = shift(phases_at, 8 * number)
                                if r0 + r < phase[0]:
                                    count, terms = phase[1], phase[4]
                                    from_frame, to_result = shift(table, phase[2]), shift(table, phase[3])
                                    of_frame, of_weights = shift(table, phase[5]), shift(table, phase[6])
                                    here = shift(frames, r * step_y * wide * lanes)
                                    for f in range(filters):
                                        there = shift(results, (f * result + r * out_y * out_width) * lanes)
                                        to = shift(weights, f * taps * lanes)
                                        if task != 0:
                                            lane_sums(
                                                here,
                                                of_frame,
                                                from_frame,
                                                there,
                                                to_result,
                                                count,
                                                to,
                                                of_weights,
                                                terms,
                                                1,
                                            )
                                        elif terms > 0:
                                            lane_sums(
                                                here,
                                                from_frame,
                                                of_frame,
                                                to,
                                                of_weights,
                                                terms,
                                                there,
                                                to_result,
                                                count,
                                                0,
                                            )
                                        else:
                                            for i in range(count):
                                                for lane in range(lanes):
                                                    there[to_result[i] * lanes + lane] = 0
                        if task == 0:
                            for f in range(filters):
                                source = shift(results, f * result * lanes)
                                lanes_to_planes(source, shift(image, f * plane), filters * plane, some, pixels, stage)
            if task != 0:
                for block in range(first, end):
                    g0 = block * lanes
                    for f in range(filters):
                        for c in range(channels):
                            source = shift(held, (block - first) * block_weights + (f * taps + c * window) * lanes)
                            for i in range(min(lanes, bunch * groups - g0)):
                                to = shift(w, part * part_weights + (g0 + i) * w_group + f * w_filter + c * w_channel)
                                for t in range(window):
                                    to[t] = source[t * lanes + i]


__all__ = ["lane_convolution", "lane_sums", "lanes_to_planes", "planes_to_lanes"]
