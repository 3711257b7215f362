# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Windows of one element: products of the weights with panels of pixels, and the gradient by the weights.

(Lowering: conv_pointwise_lowering.py.) The pixels of all images, those that the step takes, are one row of columns of a product, so that small planes fill vectors.  Panels of
them are copied a few at a time, and the tiles that multiply one ask for the cache lines of a later one: memory is read while
products are made.
"""

from ..core.kernel import device, kernel
from .conv_framed import turn_rows
from .row_copies import copy_every, copy_row


# ---------------------------------------------------------------- kernels
@device
def place_of_pixel(pixel, area, out_width, image, row, step):
    """Where a pixel of the result lies in the images, ``image`` elements apart."""
    at = pixel % area
    return pixel // area * image + at // out_width * row + at % out_width * step


@device
def pixel_pieces(pieces, first, used, length, area, out_width, image, row, step):
    """How pixels from ``first`` on lie in the images: (place, elements from the first, how many) of each piece of a row; their number."""
    filled, count = 0, 0
    while filled < used:
        pixel = first + filled
        some = min(length - pixel % area % length, used - filled)
        pieces[3 * count] = place_of_pixel(pixel, area, out_width, image, row, step)
        pieces[3 * count + 1], pieces[3 * count + 2] = filled, some
        filled, count = filled + some, count + 1
    return count


@device
def fill_pixel_panel(x, plane, terms, pieces, count, step, to, wide):
    """``to[k * wide + i]`` = pixel i of channel k; a vector may be written beyond a piece, before what follows it."""
    lanes = tile_lanes(x)
    for k in range(terms):
        source, target = shift(x, k * plane), shift(to, k * wide)
        for p in range(count):
            read, write, some = shift(source, pieces[3 * p]), shift(target, pieces[3 * p + 1]), pieces[3 * p + 2]
            if step == 1:
                for i in range(0, some, lanes):
                    tile_inside(read, write, i, 0, some)
            elif step == 2:
                for i in range(0, some, lanes):
                    tile_inside_evens(read, write, i, 0, some)
            else:
                for i in range(some):
                    write[i] = read[i * step]


@device
def spread_pixels(source, target, some, length, step):
    """``target[i * step] = source[i]`` for ``some`` i, and 0 between them and up to ``length``."""
    if step == 2:  # written out, as vectors can interleave
        for i in range(length // 2):
            target[2 * i] = source[i]
            target[2 * i + 1] = 0
        if length % 2 != 0:
            target[length - 1] = source[length // 2]
    else:
        for i in range(length):
            target[i] = 0
        for i in range(some):
            target[i * step] = source[i]


@device
def spread_tile(stage, pitch, y, tall, plane, height, width, row, column, some, last, step_y, step_x):
    """Pixels of ``tall`` planes from (row, column) on, ``some`` of them, to where they were taken from: what lies between them is 0."""
    length, lines = width - column * step_x if last else some * step_x, min(step_y, height - row * step_y)
    for m in range(tall):
        target = shift(y, m * plane + row * step_y * width + column * step_x)
        spread_pixels(shift(stage, m * pitch), target, some, length, step_x)
        for v in range(1, lines):
            for i in range(length):
                target[v * width + i] = 0


@kernel
def pointwise_convolution(x: "T*", w: "T*", y: "T*", scratch: "T*", images: int, channels: int, filters: int, plane: int, row: int,
                          step: int, out_width: int, area: int, spread_y: int, spread_x: int, out_plane: int, spread_width: int,
                          block: int, copied: int, lines: int, size: int, workers: int, lo, hi):  # fmt: skip
    """``y`` = product of the panels ``w`` (16 filters each) with all pixels of ``x``; [lo, hi) are workers, units ``block`` pixels.

    ``spread_y`` and ``spread_x``: the steps with which the results lie in planes of ``out_plane`` elements, ``spread_width`` in a row.
    Panels that lie in one image are read there, unless they are ``copied``; ``lines`` of each row of a later unit's are fetched, by as
    many tiles.
    """
    lanes, high = tile_lanes(x), tile_rows()
    pieces, spare = local_int64(192), local_TYPE(48)
    places = local_int64(
        1024
    )  # of each panel: where it is read if not copied, its place in y if it is in one image, lines of a later one
    pixels, image = images * area, channels * plane
    length = area if step == 1 and row == out_width else out_width  # of pixels that lie side by side
    units = (pixels + block - 1) // block
    dense = spread_y * spread_x == 1
    for worker in range(lo, hi):
        panels = shift(scratch, worker * size)
        stage = shift(panels, block * channels + 64)
        end = (worker + 1) * units // workers
        for unit in range(worker * units // workers, end):
            first = unit * block
            columns = min(block, pixels - first)
            ahead = first + block if unit + 1 < end else first
            c, place = 0, places
            while c < columns:
                used, pixel = min(3 * lanes, columns - c), first + c
                wide = (used + lanes - 1) // lanes * lanes
                place[0] = place_of_pixel(pixel, area, out_width, image, row, step)
                place[1] = (
                    pixel // area * filters * area + pixel % area if dense and pixel % area + used <= area else -1
                )
                for line in range(lines):
                    asked = min(ahead + c + line * lanes // step, pixels - 1)
                    place[2 + line] = place_of_pixel(asked, area, out_width, image, row, step)
                if copied != 0 or used != wide or pixel % length + used > length:
                    place[0] = -1
                    count = pixel_pieces(pieces, pixel, used, length, area, out_width, image, row, step)
                    fill_pixel_panel(x, plane, channels, pieces, count, step, shift(panels, c * channels), wide)
                c, place = c + wide, shift(place, 8)
            for r in range(0, filters, high):
                left, tall, line = shift(w, r // 16 * 16 * channels + r % 16), min(high, filters - r), r // high
                c, place = 0, places
                while c < columns:
                    used = min(3 * lanes, columns - c)
                    wide = (used + lanes - 1) // lanes * lanes
                    right, term = shift(panels, c * channels), wide
                    if place[0] >= 0:
                        right, term = shift(x, place[0]), plane
                    to, to_row = shift(y, place[1] + r * area), area
                    if place[1] < 0:
                        to, to_row = stage, 3 * lanes
                    if wide == 3 * lanes:
                        if line < lines:
                            later = shift(x, place[2 + line])
                            panel_tile3_ahead(
                                left, 16, right, term, channels, to, to_row, tall, used, spare, 0, later, plane
                            )
                        else:
                            panel_tile3(left, 16, right, term, channels, to, to_row, tall, used, spare, 0)
                    elif wide == 2 * lanes:
                        panel_tile2(left, 16, right, term, channels, to, to_row, tall, used, spare, 0)
                    else:
                        panel_tile1(left, 16, right, term, channels, to, to_row, tall, used, spare, 0)
                    if place[1] < 0:
                        n, p, filled = (first + c) // area, (first + c) % area, 0
                        while filled < used:
                            source, target = shift(stage, filled), shift(y, (n * filters + r) * out_plane)
                            if dense:
                                some = min(area - p, used - filled)
                                for m in range(tall):
                                    copy_row(shift(source, m * 3 * lanes), shift(target, m * area + p), some)
                            else:
                                q, i = p // out_width, p % out_width
                                some = min(out_width - i, used - filled)
                                spread_tile(
                                    source, 3 * lanes, target, tall, out_plane, out_plane // spread_width, spread_width, q, i, some,
                                    i + some == out_width, spread_y, spread_x,
                                )  # fmt: skip
                            p, filled = p + some, filled + some
                            if p == area:
                                n, p = n + 1, 0
                    c, place = c + wide, shift(place, 8)


@device
def turn_sampled_rows(source, plane, some, row, step, first, broad, tall, target, pitch, stage, rows):
    """``turn_rows`` for ``tall`` rows of ``broad`` pixels from row ``first`` on, of which the image has some ``step`` apart: they are
    brought together in ``rows``."""
    lanes, length = tile_lanes(source), tall * broad
    for c in range(some):
        for q in range(tall):
            read, write = shift(source, c * plane + (first + q) * row), shift(rows, c * length + q * broad)
            if step == 2:
                for i in range(0, broad, lanes):
                    tile_inside_evens(read, write, i, 0, broad)
            else:
                copy_every(read, write, broad, step)
    turn_rows(rows, length, some, length, target, pitch, stage, 0)


@kernel
def pointwise_sums(turned: "T*", direct: "T*", sums: "T*", scratch: "T*", table: "int64*", images: int, bunch: int, strips: int, tall: int,
                   broad: int, area: int, columns: int, rows: int, turned_plane: int, turned_row: int, turned_step: int, plane: int,
                   down: int, pitch: int, across: int, shares: int, part: int, size: int, workers: int, lo, hi):  # fmt: skip
    """``sums[row, column]`` = sum over pixels of ``direct[image, row, pixel] * turned[image, column, pixel]``; [lo, hi) are workers.

    A unit is a bunch of images or a strip of ``tall`` rows of pixels of one, ``down`` elements apart in ``direct``.  ``shares``: into how
    many the units are divided, each with sums of its own, ``part`` elements apart; the rows are divided by the other workers.  Rows
    of sums are ``across`` elements apart.  The table has where rows of ``direct`` are, where the pixels of a unit are there, and in the panel.
    """
    lanes, high, strip = tile_lanes(sums), tile_rows(), tall * broad
    units = (images + bunch - 1) // bunch * strips
    a_at = shift(table, rows)
    b_at = shift(a_at, bunch * strip)
    blocks, per = (rows + high - 1) // high, workers // shares
    together = turned_step == 1 and turned_row == broad
    for worker in range(lo, hi):
        stage = shift(scratch, worker * size)
        gathered = shift(stage, 512)
        panel = shift(gathered, 0 if together else lanes * (strip + 1))
        share, which = worker // per, worker % per
        r0, r1 = which * blocks // per * high, min((which + 1) * blocks // per * high, rows)
        first = share * units // shares
        for unit in range(first, (share + 1) * units // shares):
            n0, begun = unit // strips * bunch, unit % strips * strip
            n1, pixels = min(n0 + bunch, images), min(strip, area - begun)
            for n in range(n0, n1):
                for c in range(0, columns, lanes):
                    some, to = min(lanes, columns - c), shift(panel, (n - n0) * pixels * pitch + c)
                    source = shift(turned, (n * columns + c) * turned_plane)
                    if together:
                        turn_rows(shift(source, begun), turned_plane, some, pixels, to, pitch, stage, 0)
                    else:
                        turn_sampled_rows(source, turned_plane, some, turned_row, turned_step, unit % strips * tall, broad,
                                          pixels // broad, to, pitch, stage, gathered)  # fmt: skip
            left, count = shift(direct, n0 * rows * plane + unit % strips * down), (n1 - n0) * pixels
            add = 0 if unit == first else 1
            for r in range(r0, r1, high):
                at, tall_tile, c, vectors = shift(table, r), min(high, r1 - r), 0, (columns + lanes - 1) // lanes
                out = shift(sums, share * part + r * across)
                while vectors > 0:
                    wide = 3 if vectors == 3 or vectors > 4 else min(vectors, 2)
                    right, to = shift(panel, c), shift(out, c)
                    if wide == 3 and tall_tile <= high // 2:
                        short_tile3(left, at, a_at, right, b_at, count, to, across, tall_tile, add)
                    elif wide == 3:
                        tile3(left, at, a_at, right, b_at, count, to, across, tall_tile, add)
                    elif wide == 2:
                        tile2(left, at, a_at, right, b_at, count, to, across, tall_tile, add)
                    else:
                        tile1(left, at, a_at, right, b_at, count, to, across, tall_tile, add)
                    c, vectors = c + wide * lanes, vectors - wide


@kernel
def straight_sums(sums: "T*", out: "T*", columns: int, pitch: int, parts: int, part: int, lo, hi):
    """``out[row, column]`` = sum of the parts of ``sums[row, column]``; [lo, hi) are rows."""
    for r in range(lo, hi):
        source, to = shift(sums, r * pitch), shift(out, r * columns)
        copy_row(source, to, columns)
        for k in range(1, parts):
            more = shift(source, k * part)
            for i in range(columns):
                to[i] += more[i]


__all__ = [
    "fill_pixel_panel",
    "pixel_pieces",
    "place_of_pixel",
    "pointwise_convolution",
    "pointwise_sums",
    "spread_pixels",
    "spread_tile",
    "straight_sums",
    "turn_sampled_rows",
]
