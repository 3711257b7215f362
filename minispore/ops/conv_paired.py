# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Convolutions of bfloat16 by the processor's instruction for pairs of them, sums in float32 (lowering: conv_paired_lowering.py).

Images of a unit go to a *frame*: rows with a border of zeros, those of several images side by side, of a step one frame for each
remainder.  What a tap sees from all pixels lies at one distance from them there, so that tiles read it where it is: nothing is copied
for a tap.  Pixels between the rows are computed with the others, and left out of the result.

Forward, and for the input's gradient, a pair is two channels of a pixel; for the weights' gradient, two pixels of a channel.
"""

from ..core.kernel import device, kernel
from .row_copies import copy_every, copy_row


# ---------------------------------------------------------------- two channels of a pixel
@device
def fill_pairs(x, term, terms, count, step, to, begin, broad):
    """A row of a frame: ``to[begin + i] = (x[i * step], x[i * step + term])`` for ``count`` i, else 0 up to ``broad``.

    A vector may reach beyond it: what follows is written later.
    """
    for i in range(begin):
        to[i] = 0
    target = shift(to, begin)
    if step == 1:
        for i in range(0, count, 16):
            pairs_down(shift(x, i), term, count - i, terms, shift(target, i))
    elif step == 2:
        for i in range(0, count, 16):
            pairs_down_evens(shift(x, 2 * i), term, count - i, terms, shift(target, i))
    elif terms == 1:
        for i in range(count):
            target[i] = x[i * step]
    else:
        for i in range(count):
            target[i] = uint32(x[i * step]) + uint32(x[i * step + term]) * 65536
    for i in range(begin + count, broad):
        to[i] = 0


@kernel
def paired_weights(w: "uint16*", panels: "uint32*", table: "int64*", phases: int, rows: int, terms: int, group: int, row: int, term: int,
                   blocks: int, size: int, first: int, window: int, lo, hi):  # fmt: skip
    """Panels of HIGH rows of weights, for each pair of terms and tap of a phase; [lo, hi) are panels of all groups.

    The table has seven numbers for each phase from ``first`` on; the fifth to the seventh are how many taps, where their weights are
    in the table, and where the phase's pairs begin in a panel.
    """
    high, pairs, stage = HIGH, (terms + 1) // 2, local_uint32(1040)
    for unit in range(lo, hi):
        r = unit % blocks * high
        tall, source = min(high, rows - r), shift(w, unit // blocks * group + r * row)
        for p in range(phases):
            head = shift(table, first + 7 * p)
            taps, places = head[4], shift(table, head[5])
            to = shift(panels, unit * size * high + head[6] * high)
            for q in range(pairs):
                some, read = min(2, terms - 2 * q), shift(source, 2 * q * term)
                if window > 1 and window * high <= 1024:  # pairs of all taps by vectors, then their order
                    if row == window:
                        for k in range(0, tall * window, 16):
                            pairs_down(shift(read, k), term, tall * window - k, some, shift(stage, k))
                    else:
                        for i in range(tall):
                            for k in range(0, window, 16):
                                pairs_down(
                                    shift(read, i * row + k), term, window - k, some, shift(stage, i * window + k)
                                )
                    for t in range(taps):
                        write, seen = shift(to, (q * taps + t) * high), shift(stage, places[t])
                        for i in range(tall):
                            write[i] = seen[i * window]
                else:
                    for t in range(taps):
                        write, seen = shift(to, (q * taps + t) * high), shift(read, places[t])
                        if some == 2:
                            for i in range(tall):
                                write[i] = uint32(seen[i * row]) + uint32(seen[i * row + term]) * 65536
                        else:
                            for i in range(tall):
                                write[i] = seen[i * row]
                for t in range(taps):
                    for i in range(tall, high):
                        to[(q * taps + t) * high + i] = 0


@kernel
def paired_convolution(x: "uint16*", panels: "uint32*", y: "uint16*", scratch: "uint32*", staged: "uint16*", table: "int64*", images: int,
                       channels: int, groups: int, height: int, width: int, step_y: int, step_x: int, low: int, bunch: int, strip: int,
                       strips: int, lines: int, broad: int, shared: int, frames: int, apart: int, phases: int, filters: int,
                       out_height: int, out_width: int, out_step: int, out_across: int, straight: int, blocks: int, size: int, parts: int, length: int,
                       stage_row: int, workers: int, lo, hi):  # fmt: skip
    """``y`` = convolution of ``x`` with the panels of weights; [lo, hi) are workers, units some filters on a strip of rows of some images.

    ``frames`` of ``apart`` pixels for each pair of channels, with ``lines`` rows from ``low`` on, ``broad`` pixels of an image in each; zeros right of a row, ``shared`` of them, are those left of the next one.
    The table: for each frame its first row and column, and (begin, count) of its columns that are in the image; for each phase the first
    row and column of its pixels, how many of both, how many taps, and the places of their weights, of its pairs in a panel; last where
    pairs of all phases are in the frames.  ``straight``: the results of a strip lie side by side as in a frame.
    """
    high, pairs, wide = HIGH, (channels + 1) // 2, bunch * broad
    bunches, plane, out_plane = (images + bunch - 1) // bunch, height * width, out_height * out_width
    heads = shift(table, 4 * frames)
    places = shift(heads, 7 * phases)
    none = local_float32(448)
    units = groups * bunches * strips * parts
    for worker in range(lo, hi):
        frame, stage = shift(scratch, worker * length), shift(staged, worker * high * stage_row)
        there = -1
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            where, part = unit // parts, unit % parts
            top, n0 = where % strips * strip, where // strips % bunches * bunch
            group, n1 = where // strips // bunches, min(n0 + bunch, images)
            if where != there:
                there = where
                for q in range(pairs):
                    terms = min(2, channels - 2 * q)
                    for k in range(frames):
                        about, to = shift(table, 4 * k), shift(frame, (q * frames + k) * apart)
                        for r in range(lines):
                            at = about[0] + (top + r) * step_y
                            some = about[3] if at >= 0 and at < height else 0
                            for n in range(n0, n1):
                                source = shift(
                                    x, ((n * groups + group) * channels + 2 * q) * plane + at * width + about[1]
                                )
                                fill_pairs(
                                    source,
                                    plane,
                                    terms,
                                    some,
                                    step_x,
                                    shift(to, r * wide + (n - n0) * broad),
                                    about[2],
                                    broad,
                                )
                            for i in range(shared):  # right of the last image; the next row writes its own there
                                to[r * wide + (n1 - n0) * broad + i] = 0
            begin, end = part * blocks // parts, (part + 1) * blocks // parts
            for p in range(phases):
                head = shift(heads, 7 * p)
                rows, columns, count = min(strip, head[2] - top), head[3], head[4] * pairs
                positions = (rows - 1) * wide + (n1 - n0 - 1) * broad + columns
                seen = shift(places, head[6])
                for block in range(begin, end):
                    r, left = block * high, shift(panels, ((group * blocks + block) * size + head[6]) * high)
                    tall = min(high, filters - r)
                    first = shift(
                        y,
                        ((n0 * groups + group) * filters + r) * out_plane
                        + (head[0] + top * out_step) * out_width
                        + head[1],
                    )
                    if count == 0:
                        for i in range(0 if rows < 1 else tall * stage_row):
                            stage[i] = 0
                    elif straight:
                        for c in range(0, positions, 32):
                            pair_tile_at(left, shift(frame, c), seen, count, none, 0, 1, shift(first, c), out_plane, tall,
                                         min(32, positions - c), HIGH)  # fmt: skip
                    else:
                        for c in range(0, positions, 32):
                            pair_tile_at(
                                left,
                                shift(frame, c),
                                seen,
                                count,
                                none,
                                0,
                                1,
                                shift(stage, c),
                                stage_row,
                                tall,
                                32,
                                HIGH,
                            )
                    if straight == 0:
                        for n in range(n0, n1):
                            for i in range(tall):
                                source = shift(stage, i * stage_row + (n - n0) * broad)
                                to = shift(first, (n - n0) * groups * filters * out_plane + i * out_plane)
                                for row in range(rows):
                                    if out_across == 1:
                                        copy_row(
                                            shift(source, row * wide), shift(to, row * out_step * out_width), columns
                                        )
                                    else:
                                        read, write = shift(source, row * wide), shift(to, row * out_step * out_width)
                                        for j in range(columns):
                                            write[j * out_across] = read[j]


# ---------------------------------------------------------------- two pixels of a channel
@device
def fill_numbers(x, count, step, to, begin, broad):
    """A row of a frame: ``to[begin + i] = x[i * step]`` for ``count`` i, else 0 up to ``broad``."""
    for i in range(begin):
        to[i] = 0
    copy_every(x, shift(to, begin), count, step)
    for i in range(begin + count, broad):
        to[i] = 0


@device
def pixel_pairs(source, row, rows, pixels, target, high, apart):
    """``rows`` rows of pixels as panels of ``high`` rows, ``apart`` pairs from each other: for each pair of pixels those of all rows."""
    for r in range(0, rows, high):
        for h in range(0, min(high, rows - r), 16):
            panel, some = shift(target, r // high * apart + h), min(high - h, rows - r - h)
            for k in range(0, pixels, 32):
                pairs_across(shift(source, (r + h) * row + k), row, some, pixels - k, shift(panel, k // 2 * high), high)


@kernel
def paired_sums(x: "uint16*", g: "uint16*", sums: "float32*", scratch: "uint32*", plain: "uint16*", table: "int64*", images: int,
                channels: int, filters: int, groups: int, height: int, width: int, step_y: int, step_x: int, bunch: int, strip: int,
                strips: int, lines: int, broad: int, frames: int, apart: int, window: int, out_height: int, out_width: int, odd: int,
                direct: int, reach: int, size: int, length: int, plain_length: int, workers: int, lo, hi):  # fmt: skip
    """``sums`` of a worker: tiles of HIGH filters x 32 channels for each tap, of the pixels of its units; [lo, hi) are workers.

    A unit is a strip of rows of some images, of which frames are made as for ``paired_convolution``: of numbers, then panels of pairs of
    pixels from the first and, if ``odd``, from the second one on.  ``reach``: pixels of a strip.  The table: of each frame as there, then
    for each tap the place of its pairs in the panels.  ``direct``: strips lie in the images as they would in a frame.
    """
    high, wide, plane, out_plane = HIGH, bunch * broad, height * width, out_height * out_width
    bunches, pairs = (images + bunch - 1) // bunch, (reach + 31) // 32 * 16
    left_blocks, blocks = (filters + high - 1) // high, (channels + 31) // 32
    left_apart, right_apart = pairs * high + 16, (frames * (1 + odd) * (apart // 2)) * 32
    places = shift(table, 4 * frames)
    units = bunches * strips
    unused = local_float32(1)
    for worker in range(lo, hi):
        left = shift(scratch, worker * length)
        right, numbers = shift(left, left_blocks * left_apart), shift(plain, worker * plain_length)
        for group in range(groups):
            begun = 0
            for unit in range(worker * units // workers, (worker + 1) * units // workers):
                top, n0 = unit % strips * strip, unit // strips * bunch
                n1, rows = min(n0 + bunch, images), min(strip, out_height - top)
                some = rows * wide if n1 - n0 == bunch else (rows - 1) * wide + (n1 - n0) * broad
                if direct:
                    pixel_pairs(
                        shift(g, (n0 * groups + group) * filters * out_plane + top * out_width),
                        out_plane,
                        filters,
                        some,
                        left,
                        high,
                        left_apart,
                    )
                    pixel_pairs(
                        shift(x, (n0 * groups + group) * channels * plane + top * width),
                        plane,
                        channels,
                        some,
                        right,
                        32,
                        right_apart,
                    )
                else:
                    for f in range(filters):
                        to = shift(numbers, f * reach)
                        for r in range(rows):
                            for n in range(n0, n1):
                                source = shift(
                                    g, ((n * groups + group) * filters + f) * out_plane + (top + r) * out_width
                                )
                                fill_numbers(source, out_width, 1, shift(to, r * wide + (n - n0) * broad), 0, broad)
                            for i in range((n1 - n0) * broad, wide):
                                to[r * wide + i] = 0
                    pixel_pairs(numbers, reach, filters, some, left, high, left_apart)
                    for c in range(0, channels, 32):
                        for i in range(min(32, channels - c)):
                            for k in range(frames):
                                about, to = shift(table, 4 * k), shift(numbers, (k * 32 + i) * (apart + 32))
                                for r in range(lines):
                                    at = about[0] + (top + r) * step_y
                                    inside = about[3] if at >= 0 and at < height else 0
                                    for n in range(n0, n1):
                                        source = shift(
                                            x, ((n * groups + group) * channels + c + i) * plane + at * width + about[1]
                                        )
                                        fill_numbers(
                                            source,
                                            inside,
                                            step_x,
                                            shift(to, r * wide + (n - n0) * broad),
                                            about[2],
                                            broad,
                                        )
                                    for j in range((n1 - n0) * broad, wide):
                                        to[r * wide + j] = 0
                                for j in range(lines * wide, apart + 32):
                                    to[j] = 0
                        for k in range(frames):
                            for o in range(1 + odd):
                                pixel_pairs(shift(numbers, k * 32 * (apart + 32) + o), apart + 32, min(32, channels - c), apart,
                                            shift(right, c // 32 * right_apart + (k * (1 + odd) + o) * (apart // 2) * 32), 32, 0)  # fmt: skip
                for c in range(blocks):
                    for t in range(window):
                        seen = shift(right, c * right_apart + places[t] * 32)
                        for f in range(left_blocks):
                            tile = shift(
                                sums,
                                worker * size + (((group * blocks + c) * window + t) * left_blocks + f) * (high * 32),
                            )
                            pair_tile(
                                shift(left, f * left_apart),
                                seen,
                                (some + 1) // 2,
                                tile,
                                begun,
                                0,
                                unused,
                                0,
                                0,
                                32,
                                HIGH,
                            )
                begun = 1


@kernel
def paired_sums_turned(sums: "float32*", out: "uint16*", channels: int, filters: int, window: int, high: int, parts: int, size: int,
                       lo, hi):  # fmt: skip
    """``out[filter, channel, tap]`` = sum of the parts of the tiles; [lo, hi) are filters of all groups."""
    blocks, left_blocks = (channels + 31) // 32, (filters + high - 1) // high
    row = local_float32(32)
    for unit in range(lo, hi):
        group, f = unit // filters, unit % filters
        for c in range(blocks):
            some = min(32, channels - c * 32)
            for t in range(window):
                tile = shift(
                    sums, (((group * blocks + c) * window + t) * left_blocks + f // high) * (high * 32) + f % high * 32
                )
                to = shift(out, (unit * channels + c * 32) * window + t)
                for i in range(32):
                    row[i] = tile[i]
                for k in range(1, parts):
                    more = shift(tile, k * size)
                    for i in range(32):
                        row[i] += more[i]
                for i in range(some):
                    store_bfloat16(to, i * window, row[i])


__all__ = [
    "fill_numbers",
    "fill_pairs",
    "paired_convolution",
    "paired_sums",
    "paired_sums_turned",
    "paired_weights",
    "pixel_pairs",
]
