# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Kernels of pooling, which `pool.py` calls.

Some planes of the input are copied into a padded frame, as in `conv_direct.py`, and the windows' results are computed as if all
rows of the frame were one long row: ``out[p]`` is made of ``frame[p + offset]`` for the offset of each place in the window. These
loops are long however small a plane is. With a stride the rows of each phase lie apart, and with stride 2 the columns too;
for a longer horizontal stride every column is computed and some are taken. What lies between the rows is thrown away.
"""

from ..core.kernel import device, kernel
from .conv_direct import fill_frame
from .row_copies import copy_every, copy_row


# ---------------------------------------------------------------- windows
@device
def larger(best, v):
    """The larger of two; NaN if one of them is."""
    return where((v > best) | isnan(v), v, best)


@device
def largest_of(source, offsets, taps, target, count):
    """``target[p]`` = the largest of ``source[p + offset]`` over the offsets."""
    if taps < 3:
        u, v = shift(source, offsets[0]), shift(source, offsets[taps - 1])
        for p in range(count):
            target[p] = larger(u[p], v[p])
        return
    u, v, w = shift(source, offsets[0]), shift(source, offsets[1]), shift(source, offsets[2])
    for p in range(count):
        target[p] = larger(larger(u[p], v[p]), w[p])
    for tap in range(3, taps, 2):
        v, w = shift(source, offsets[tap]), shift(source, offsets[min(tap + 1, taps - 1)])
        for p in range(count):
            target[p] = larger(larger(target[p], v[p]), w[p])


@device
def sum_of(source, offsets, taps, target, count):
    """``target[p]`` = the sum of ``source[p + offset]`` over the offsets."""
    tap = 1
    u = shift(source, offsets[0])
    if taps >= 3:
        v, w = shift(source, offsets[1]), shift(source, offsets[2])
        for p in range(count):
            target[p] = u[p] + v[p] + w[p]
        tap = 3
    else:
        for p in range(count):
            target[p] = u[p]
    while tap + 2 <= taps:
        v, w = shift(source, offsets[tap]), shift(source, offsets[tap + 1])
        for p in range(count):
            target[p] += v[p] + w[p]
        tap += 2
    if tap < taps:
        v = shift(source, offsets[tap])
        for p in range(count):
            target[p] += v[p]


@kernel
def pool_kernel(x: "T*", out: "T*", scratch: "T*", table: "int64*", sums: int, planes: int, bunch: int, height: int, width: int,
                step_y: int, step_x: int, top: int, left: int, lines: int, wide: int, out_height: int, out_width: int, step_out: int,
                rows: int, columns: int, size: int, workers: int, lo, hi):  # fmt: skip
    """The largest element of each window, or with ``sums`` the sum: down the rows of a window first, then along its columns.

    [lo, hi) are workers, units are bunches of planes. The table has the offsets of a window's rows, then of its columns.
    """
    plane = bunch * lines * wide
    room = plane + wide + 64
    for worker in range(lo, hi):
        frame = shift(scratch, worker * size)
        down = shift(frame, step_y * step_x * plane + wide + 64)
        along = shift(down, step_x * room)
        border = T(0) if sums != 0 else T(-inf)
        for i in range(step_y * step_x * plane + wide + 64):
            frame[i] = border
        units = (planes + bunch - 1) // bunch
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            n0 = unit * bunch
            n1 = min(n0 + bunch, planes)
            for n in range(n0, n1):
                fill_frame(shift(frame, (n - n0) * lines * wide), shift(x, n * height * width), height, width, step_y, step_x,
                           top, left, lines, wide, plane)  # fmt: skip
            count = (((n1 - n0 - 1) * lines + out_height) * wide + 15) // 16 * 16
            for phase in range(step_x):
                if sums != 0:
                    sum_of(shift(frame, phase * plane), table, rows, shift(down, phase * room), count)
                else:
                    largest_of(shift(frame, phase * plane), table, rows, shift(down, phase * room), count)
            if sums != 0:
                sum_of(down, shift(table, rows), columns, along, count)
            else:
                largest_of(down, shift(table, rows), columns, along, count)
            taken = along if step_out == 1 else down
            if step_out > 1:
                copy_every(along, down, count // step_out, step_out)
            for n in range(n0, n1):
                for r in range(out_height):
                    copy_row(shift(taken, ((n - n0) * lines + r) * wide // step_out), shift(out, (n * out_height + r) * out_width),
                             out_width)  # fmt: skip


@device
def along_row(line, halves, half, taps, apart, step, sums, target, count):
    """``target[c]``: the largest, or with ``sums`` the sum, of ``line[c * step + tap * apart]`` over the taps.

    With a step of 2 the even and the odd elements are parted first, into ``halves`` that lie ``half`` apart: vectors read them whole.
    """
    if step == 2:
        odd = shift(halves, half)
        for c in range(count + (taps - 1) * apart // 2):
            halves[c] = line[2 * c]
            odd[c] = line[2 * c + 1]
        u = halves
        for c in range(count):
            target[c] = u[c]
        for tap in range(1, taps, 2):
            at, then = tap * apart, min(tap + 1, taps - 1) * apart
            v, w = shift(halves, at // 2 + at % 2 * half), shift(halves, then // 2 + then % 2 * half)
            if sums == 0:
                for c in range(count):
                    target[c] = larger(larger(target[c], v[c]), w[c])
            elif tap + 1 < taps:
                for c in range(count):
                    target[c] += v[c] + w[c]
            else:
                for c in range(count):
                    target[c] += v[c]
        return
    for c in range(count):
        target[c] = line[c * step]
    for tap in range(1, taps, 2):
        v, w = shift(line, tap * apart), shift(line, min(tap + 1, taps - 1) * apart)
        if sums == 0:
            for c in range(count):
                target[c] = larger(larger(target[c], v[c * step]), w[c * step])
        elif tap + 1 < taps:
            for c in range(count):
                target[c] += v[c * step] + w[c * step]
        else:
            for c in range(count):
                target[c] += v[c * step]


@kernel
def wide_pool_kernel(x: "T*", out: "T*", scratch: "T*", sums: int, planes: int, height: int, width: int, step_y: int, step_x: int,
                     top: int, left: int, out_height: int, out_width: int, rows: int, columns: int, apart_y: int, apart_x: int,
                     size: int, workers: int, lo, hi):  # fmt: skip
    """As ``pool_kernel``, for planes whose rows are long: each row of windows is made of the rows of the image as they lie.

    A row without a border on its sides, of windows of one row, is read where it is.
    """
    step = STEP if STEP > 0 else step_x
    end = (out_width - 1) * step + (columns - 1) * apart_x + 1
    for worker in range(lo, hi):
        line = shift(scratch, worker * size)
        border = T(0) if sums != 0 else T(-inf)
        for c in range(size):
            line[c] = border
        half = size // 4
        halves = shift(line, size // 2)
        middle = shift(line, left)
        count = min(width, end - left)
        for unit in range(worker * planes * out_height // workers, (worker + 1) * planes * out_height // workers):
            p, r = unit // out_height, unit % out_height
            image = shift(x, p * height * width)
            y = r * step_y - top
            first, last = (
                max((apart_y - 1 - y) // apart_y, 0) if y < 0 else 0,
                min((height - 1 - y) // apart_y + 1, rows),
            )
            target = shift(out, unit * out_width)
            if last - first == 1 and left == 0 and end < width:
                along_row(
                    shift(image, (y + first * apart_y) * width),
                    halves,
                    half,
                    columns,
                    apart_x,
                    step,
                    sums,
                    target,
                    out_width,
                )
                continue
            if first >= last:
                for c in range(count):
                    middle[c] = border
            elif last - first == 1:
                copy_row(shift(image, (y + first * apart_y) * width), middle, count)
            elif last - first == 2:
                u, v = shift(image, (y + first * apart_y) * width), shift(image, (y + (first + 1) * apart_y) * width)
                if sums != 0:
                    for c in range(count):
                        middle[c] = u[c] + v[c]
                else:
                    for c in range(count):
                        middle[c] = larger(u[c], v[c])
            else:
                u = shift(image, (y + first * apart_y) * width)
                v = shift(u, apart_y * width)
                w = shift(v, apart_y * width)
                if sums != 0:
                    for c in range(count):
                        middle[c] = u[c] + v[c] + w[c]
                else:
                    for c in range(count):
                        middle[c] = larger(larger(u[c], v[c]), w[c])
                for row in range(first + 3, last):
                    u = shift(image, (y + row * apart_y) * width)
                    if sums != 0:
                        for c in range(count):
                            middle[c] += u[c]
                    else:
                        for c in range(count):
                            middle[c] = larger(middle[c], u[c])
            along_row(line, halves, half, columns, apart_x, step, sums, target, out_width)


@device
def first_largest(frame, table, taps, best, place, count):
    """``best[p]``: the largest of ``frame[p + offset]``, ``place[p]``: the number beside the offset of the first that is so large."""
    u, v, w = (
        shift(frame, table[0]),
        shift(frame, table[2 * min(1, taps - 1)]),
        shift(frame, table[2 * min(2, taps - 1)]),
    )
    first, second, third = (
        int32(table[1]),
        int32(table[2 * min(1, taps - 1) + 1]),
        int32(table[2 * min(2, taps - 1) + 1]),
    )
    for p in range(count):
        a, b, c = u[p], v[p], w[p]
        of_two = (b > a) | isnan(b)
        m = where(of_two, b, a)
        at = where(of_two, second, first)
        of_three = (c > m) | isnan(c)
        best[p] = where(of_three, c, m)
        place[p] = where(of_three, third, at)
    for tap in range(3, taps, 2):
        t, s = shift(table, 2 * tap), shift(table, 2 * min(tap + 1, taps - 1))
        v, w, second, third = shift(frame, t[0]), shift(frame, s[0]), int32(t[1]), int32(s[1])
        for p in range(count):
            a, b, c = best[p], v[p], w[p]
            of_two = (b > a) | isnan(b)
            m = where(of_two, b, a)
            at = where(of_two, second, place[p])
            of_three = (c > m) | isnan(c)
            best[p] = where(of_three, c, m)
            place[p] = where(of_three, third, at)


@kernel
def max_pool_kernel(x: "T*", out: "T*", index: "int32*", scratch: "T*", places: "int32*", table: "int64*", planes: int, bunch: int,
                    height: int, width: int, step_y: int, step_x: int, top: int, left: int, lines: int, wide: int, out_height: int,
                    out_width: int, step_out: int, stride: int, taps: int, size: int, workers: int, lo, hi):  # fmt: skip
    """The largest element of each window and its position in the plane; the first of equal ones, the last NaN.

    [lo, hi) are workers, units are bunches of planes. The table has for each place of the window, row by row, its offset in the
    frame and its distance from the window's first element in the plane. A window of -inf alone has its first element within the plane.
    """
    plane = bunch * lines * wide
    room = plane + wide + 64
    for worker in range(lo, hi):
        frame, place = shift(scratch, worker * size), shift(places, worker * room)
        best = shift(frame, step_y * step_x * plane + wide + 64)
        for i in range(step_y * step_x * plane + wide + 64):
            frame[i] = T(-inf)
        units = (planes + bunch - 1) // bunch
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            n0 = unit * bunch
            n1 = min(n0 + bunch, planes)
            for n in range(n0, n1):
                fill_frame(shift(frame, (n - n0) * lines * wide), shift(x, n * height * width), height, width, step_y, step_x,
                           top, left, lines, wide, plane)  # fmt: skip
            count = (((n1 - n0 - 1) * lines + out_height) * wide + 15) // 16 * 16
            for p in range(0, count, 1024):
                first_largest(shift(frame, p), table, taps, shift(best, p), shift(place, p), min(count - p, 1024))
            for n in range(n0, n1):
                for r in range(out_height):
                    at = ((n - n0) * lines + r) * wide
                    values, found = shift(best, at), shift(place, at)
                    target, position = (
                        shift(out, (n * out_height + r) * out_width),
                        shift(index, (n * out_height + r) * out_width),
                    )
                    copy_every(values, target, out_width, step_out)
                    y = r * step_y - top
                    start, corner = int32(y * width - left), int32(min(max(y, 0), height - 1) * width)
                    for c in range(out_width):
                        within = int32(min(max(c * stride - left, 0), width - 1))
                        none = target[c] == T(-inf)
                        position[c] = where(none, corner + within, start + int32(c * stride) + found[c * step_out])


@kernel
def max_pool_2x2_kernel(
    x: "T*", out: "T*", index: "int32*", height: int, width: int, out_height: int, out_width: int, lo, hi
):
    """Windows of 2x2 that do not overlap, in one pass."""
    for p in range(lo, hi):
        for r in range(out_height):
            upper = shift(x, (p * height + 2 * r) * width)
            lower = shift(upper, width)
            best = shift(out, (p * out_height + r) * out_width)
            at = shift(index, (p * out_height + r) * out_width)
            start, down = int32(2 * r * width), int32(width)
            for c in range(out_width):
                a, b, d, e = upper[2 * c], upper[2 * c + 1], lower[2 * c], lower[2 * c + 1]
                right, right_below = (b > a) | isnan(b), (e > d) | isnan(e)
                top, bottom = where(right, b, a), where(right_below, e, d)
                below = (bottom > top) | isnan(bottom)
                best[c] = where(below, bottom, top)
                first = start + int32(2 * c)
                at[c] = where(below, int32(first + down + int32(right_below)), int32(first + int32(right)))


@kernel
def window_max_kernel(x: "T*", out: "T*", index: "int32*", best: "T*", place: "int32*", edges: "int64*", placed: int, planes: int,
                      height: int, width: int, out_height: int, out_width: int, workers: int, lo, hi):  # fmt: skip
    """The largest of each window and, if ``placed``, its position in the plane; the first of equal ones, the last NaN.

    Down the rows of a window for all columns at once, then along them. ``edges``: first row and end of each window, then of its columns.
    """
    for worker in range(lo, hi):
        down, line = shift(best, worker * width), shift(place, worker * width)
        for p in range(worker * planes // workers, (worker + 1) * planes // workers):
            image = shift(x, p * height * width)
            for r in range(out_height):
                top, bottom = edges[2 * r], edges[2 * r + 1]
                first = shift(image, top * width)
                for c in range(width):
                    down[c] = first[c]
                if placed != 0:
                    for c in range(width):
                        line[c] = int32(top)
                for y in range(top + 1, bottom):
                    row = shift(image, y * width)
                    if placed != 0:
                        for c in range(width):
                            v, m = row[c], down[c]
                            take = (v > m) | isnan(v)
                            down[c] = where(take, v, m)
                            line[c] = where(take, int32(y), line[c])
                    else:
                        for c in range(width):
                            down[c] = larger(down[c], row[c])
                target, at = (
                    shift(out, (p * out_height + r) * out_width),
                    shift(index, (p * out_height + r) * out_width),
                )
                for c in range(out_width):
                    left, right = edges[2 * (out_height + c)], edges[2 * (out_height + c) + 1]
                    m = down[left]
                    if placed != 0:
                        found = line[left] * int32(width) + int32(left)
                        for k in range(left + 1, right):
                            v, here = down[k], line[k] * int32(width) + int32(k)
                            take = (v > m) | ((v == m) & (here < found)) | (isnan(v) & ((m == m) | (here > found)))
                            m = where(take, v, m)
                            found = where(take, here, found)
                        at[c] = found
                    else:
                        for k in range(left + 1, right):
                            m = larger(m, down[k])
                    target[c] = m


# ---------------------------------------------------------------- gradients
@kernel
def max_pool_gradient_kernel(g: "T*", index: "int32*", out: "T*", count: int, area: int, lo, hi):
    for p in range(lo, hi):
        image = shift(out, p * area)
        for k in range(area):
            image[k] = T(0)
        for k in range(p * count, (p + 1) * count):
            image[max(min(int64(index[k]), area - 1), 0)] += g[k]


@kernel
def max_pool_gather_kernel(x: "T*", index: "int32*", out: "T*", count: int, area: int, lo, hi):
    for p in range(lo, hi):
        for k in range(p * count, (p + 1) * count):
            out[k] = x[p * area + max(min(int64(index[k]), area - 1), 0)]


@kernel
def sum_pool_gradient_kernel(x: "T*", out: "T*", height: int, width: int, out_height: int, out_width: int, rows: int,
                             columns: int, row_step: int, column_step: int, top: int, left: int, lo, hi):  # fmt: skip
    """Each element of x is the sum of ``out`` over the windows it is in."""
    step = STEP if STEP > 0 else column_step
    for p in range(lo, hi):
        image = shift(x, p * height * width)
        for k in range(height * width):
            image[k] = T(0)
        for r in range(out_height):
            sums = shift(out, (p * out_height + r) * out_width)
            for a in range(rows):
                y = r * row_step - top + a
                if y < 0 or y >= height:
                    continue
                for b in range(columns):
                    shifted = left - b
                    first = max((shifted + step - 1) // step, 0)
                    last = min((width - 1 + shifted) // step + 1, out_width)
                    line = shift(image, y * width - shifted)
                    for c in range(first, last):
                        line[c * step] += sums[c]


__all__ = [
    "max_pool_2x2_kernel",
    "max_pool_gather_kernel",
    "max_pool_gradient_kernel",
    "max_pool_kernel",
    "pool_kernel",
    "sum_pool_gradient_kernel",
    "wide_pool_kernel",
    "window_max_kernel",
]
