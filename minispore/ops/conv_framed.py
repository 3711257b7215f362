# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Convolution by register tiles whose lanes are filters, for any window, stride, dilation and group (lowering: conv_framed_lowering.py).

The images of a unit go to a *frame* with a border of zeros. A tile multiplies elements of it, those that a tap sees from
each of its pixels, with vectors of weights: nothing is copied for a tap, and pixels lie anywhere, so that strides and small
images cost nothing. Where the pixels are, and where the taps see from them, is in a table. The gradient by the weights
exchanges the two: for each tap the sum over pixels of what it sees times vectors of the result's gradient.
"""

from ..core.kernel import device, kernel
from .row_copies import copy_every, copy_row
from .tiled_rows import placed_rows


@device
def turn_rows(source, step, some, count, target, pitch, stage, readable):
    """``target[p, i] = source[i, p]`` for ``some`` rows i (of a vector's at most), ``step`` apart, and p < count.

    ``readable``: so many elements may be read from the source on, if they are more than the rows have.
    """
    lanes = tile_lanes(source)
    whole = some == lanes and count >= lanes
    there = whole or (some == lanes and (lanes - 1) * step + lanes <= readable)
    for p in range(0, count, lanes):
        q = min(p, count - lanes) if whole else p
        read, read_row, to, to_row = shift(source, q), step, shift(target, q * pitch), pitch
        if not there:
            for i in range(some):
                copy_row(shift(read, i * step), shift(stage, i * lanes), min(lanes, count - q))
            read, read_row = stage, lanes
        if not whole:
            to, to_row = shift(stage, lanes * lanes), lanes
        tile_transpose(read, read_row, to, to_row)
        if not whole:
            for j in range(min(lanes, count - q)):
                copy_row(shift(to, j * lanes), shift(target, (q + j) * pitch), some)


@device
def fill_panel(w, blocks, block_step, rows, row_step, terms, out, broad, stage, readable):
    """``out[block * terms + t, r] = w[block, r, t]`` for ``rows`` rows, of ``broad`` at most; ``readable``: elements of w from here on."""
    lanes = tile_lanes(w)
    for block in range(blocks):
        to = shift(out, block * terms * broad)
        if row_step == 1:  # a term each: they lie side by side
            copy_row(shift(w, block * block_step), to, rows)
        elif terms < 10:  # so few that turning whole vectors is slower
            for t in range(terms):
                copy_every(shift(w, block * block_step + t), shift(to, t * broad), rows, row_step)
        else:
            for r in range(0, rows, lanes):
                at = block * block_step + r * row_step
                turn_rows(
                    shift(w, at), row_step, min(lanes, rows - r), terms, shift(to, r), broad, stage, readable - at
                )


@kernel
def weight_panels(w: "T*", out: "T*", scratch: "T*", groups: int, outer: int, outer_step: int, rows: int, row_step: int, terms: int,
                  broad: int, w_group: int, workers: int, lo, hi):  # fmt: skip
    """``out[group, r // broad, o * terms + t, r % broad] = w[group, o, r, t]``; [lo, hi) are workers, units are panels of rows."""
    panels = (rows + broad - 1) // broad
    units = groups * panels * outer
    for worker in range(lo, hi):
        stage = shift(scratch, worker * 512)
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            o, panel, group = unit % outer, unit // outer % panels, unit // outer // panels
            at = group * w_group + o * outer_step + panel * broad * row_step
            fill_panel(
                shift(w, at), 1, 0, min(broad, rows - panel * broad), row_step, terms, shift(out, unit * terms * broad), broad,
                stage, groups * w_group - at,
            )  # fmt: skip


@device
def fill_rows(frame, image, first, lines, wide, height, width, skip, begin, count, clear):
    """Rows ``first`` to ``first + lines`` of an image; ``clear``: those outside of it are written, too."""
    for q in range(lines):
        row = first + q
        if 0 <= row < height:
            copy_row(shift(image, row * width + skip), shift(frame, q * wide + begin), count)
        elif clear != 0:
            for i in range(count):
                frame[q * wide + begin + i] = 0


@kernel
def framed_convolution(x: "T*", w: "T*", y: "T*", scratch: "T*", table: "int64*", task: int, images: int, bunch: int, groups: int,
                       parts: int, part: int, strips: int, strip: int, channels: int, span: int, height: int, width: int,
                       step_y: int, low: int, lines: int, wide: int, frame: int, skip: int, begin: int, count: int, phases: int,
                       rows: int, filters: int, out_height: int, out_width: int, out_y: int, pitch: int, window: int, broad: int,
                       loose: int, outer_step: int, row_step: int, w_worker: int, size: int, workers: int, lo, hi):  # fmt: skip
    """Task 0: ``y`` = convolution of ``x`` with the panels ``w``; task 1: each worker's share of ``w[group, channel and tap, filter]``.

    ``loose``: ``w`` are the weights themselves, a channel's ``outer_step`` apart (0: side by side), a filter's ``row_step``.
    [lo, hi) are workers, units are strips of rows of bunches of images, for a part of the filters. The table has seven numbers
    for each phase of y: rows, pixels in a row, number of taps, and where in the table are the places of the pixels, of what
    taps see from them, of the factors, and of the results.
    """
    lanes = tile_lanes(x)
    bunches = (images + bunch - 1) // bunch
    units = bunches * strips * groups * parts
    panels = (filters + broad - 1) // broad
    area = out_height * out_width
    for worker in range(lo, hi):
        frames = shift(scratch, worker * size)
        stage = shift(frames, span * frame)
        packed = shift(stage, 512)
        results = shift(packed, loose * span * window * broad)
        for i in range(span * frame):
            frames[i] = 0
        first, end = worker * units // workers, (worker + 1) * units // workers
        total = shift(w, worker * w_worker)
        visited = end - first >= groups  # every group: its first unit writes the sums, the others add to them
        if task != 0 and not visited:
            for i in range(w_worker):
                total[i] = 0
        for unit in range(first, end):
            f0, group = unit % parts * part, unit // parts % groups
            r0, n0 = unit // parts // groups % strips * strip, unit // parts // groups // strips * bunch
            n1, some = min(n0 + bunch, images), min(part, filters - f0)
            begun = r0 * out_y * out_width
            pixels = min(strip * out_y, out_height - r0 * out_y) * out_width
            if task != 0:
                for n in range(n0, n1):
                    for f in range(0, filters, lanes):
                        source = shift(y, ((n * groups + group) * filters + f) * area + begun)
                        to = shift(results, (n - n0) * pixels * pitch + f)
                        turn_rows(source, area, min(lanes, filters - f), pixels, to, pitch, stage, 0)
            for c0 in range(0, channels, span):
                deep = min(span, channels - c0)
                for c in range(deep):
                    for n in range(n0, n1):
                        image = shift(x, ((n * groups + group) * channels + c0 + c) * height * width)
                        to = shift(frames, c * frame + (n - n0) * lines * wide)
                        fill_rows(
                            to, image, r0 * step_y + low, lines, wide, height, width, skip, begin, count, strips - 1
                        )
                for p in range(0, some, broad):
                    columns = min(broad, some - p)
                    factors = shift(results, p)
                    if task == 0:
                        panel = (group * panels + (f0 + p) // broad) * channels + c0
                        factors = shift(w, (1 - loose) * panel * window * broad)
                    if loose != 0:
                        at = (
                            group * channels * filters * window
                            + c0 * (outer_step if outer_step != 0 else window)
                            + (f0 + p) * row_step
                        )
                        blocks = deep if outer_step != 0 else 1
                        many = deep * window // blocks
                        readable = groups * channels * filters * window - at
                        fill_panel(
                            shift(w, at), blocks, outer_step, columns, row_step, many, packed, broad, stage, readable
                        )
                        factors = packed
                    for number in range(phases):
                        phase = shift(table, 7 * number)
                        seen = (n1 - n0) * min(strip, phase[0] - r0) * phase[1]
                        terms = deep * phase[2]
                        of_pixels, of_taps = shift(table, phase[3]), shift(table, phase[4])
                        of_factors, of_results = shift(table, phase[5]), shift(table, phase[6])
                        to = shift(results, p)
                        if task == 0 and terms == 0 and c0 == 0:
                            for i in range(seen):
                                for f in range(columns):
                                    to[of_results[i] + f] = 0
                        if seen > 0 and terms > 0:
                            rows_at, a_at, tall, many, add = of_pixels, of_taps, seen, terms, c0
                            if task != 0:
                                to = shift(total, (group * channels + c0) * window * pitch + p)
                                rows_at, a_at, tall, many = of_taps, of_pixels, terms, seen
                                add = 0 if visited and unit < first + groups else 1
                            placed_rows(
                                frames, rows_at, a_at, factors, of_factors, many, to, of_results, tall, columns, add
                            )
            if task == 0:
                for n in range(n0, n1):
                    image = shift(y, ((n * groups + group) * filters + f0) * area + begun)
                    for f in range(0, some, lanes):
                        for p in range(0, pixels, lanes):
                            q = max(0, min(p, pixels - lanes))
                            source, to = shift(results, ((n - n0) * pixels + q) * pitch + f), shift(image, f * area + q)
                            turn_rows(source, pitch, min(lanes, pixels), min(lanes, some - f), to, area, stage, 0)


@kernel
def turned_sums(sums: "T*", out: "T*", scratch: "T*", groups: int, rows: int, columns: int, pitch: int, parts: int, part: int,
                size: int, workers: int, lo, hi):  # fmt: skip
    """``out[group, column, row]`` = sum of the parts of ``sums[group, row, column]``; [lo, hi) are workers with blocks of rows."""
    vector = tile_lanes(out)
    blocks = (rows + vector - 1) // vector
    for worker in range(lo, hi):
        block = shift(scratch, worker * size)
        turned = shift(block, vector * pitch)
        for unit in range(worker * groups * blocks // workers, (worker + 1) * groups * blocks // workers):
            group, r0 = unit // blocks, unit % blocks * vector
            some = min(vector, rows - r0)
            source = shift(sums, (group * rows + r0) * pitch)
            for i in range(some * pitch):
                block[i] = source[i]
            for k in range(1, parts):
                more = shift(source, k * part)
                for i in range(some * pitch):
                    block[i] += more[i]
            for f0 in range(0, columns, vector):
                tile_transpose(shift(block, f0), pitch, turned, vector)
                for f in range(min(vector, columns - f0)):
                    copy_row(shift(turned, f * vector), shift(out, (group * columns + f0 + f) * rows + r0), some)


__all__ = ["fill_panel", "fill_rows", "framed_convolution", "turn_rows", "turned_sums", "weight_panels"]
