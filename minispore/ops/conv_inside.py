"""Parts of a convolution's phases whose taps all see the image: products with the zeros of a border are left out.

On small images they are many: of a window of 3x3 on 4x4 pixels a third, of 11x11 on 7x7 two thirds.
"""

from .conv_tiled_lowering import Phase

ROWS = 4  # of half a tile
BEGIN = 4  # terms whose products take as long as a tile takes to begin and to end

Range = tuple[int, int]


def _inside(tap: int, count: int, size: int, step: int) -> Range:
    """Of the pixels 0 to ``count`` of an axis those from which a tap sees an element of the image."""
    first, end = (min(max(0, at), count) for at in (-(tap // step), -((tap - size) // step)))
    return first, max(first, end)


def _part(p: Phase, rows: Range, columns: Range, step, taps) -> Phase:
    """Some pixels of a phase; the places that taps see are those from the first of them."""
    (r, r_end), (c, c_end) = rows, columns
    return Phase(
        p.row, p.column, r_end - r, c_end - c, [(k, y + r * step[0], x + c * step[1]) for k, y, x in taps], (r, c)
    )


def _ranges(taps, count: int, size: int, step: int) -> list[Range]:
    """The pixels of an axis in ranges from which the same taps see the image."""
    ends = {0, count, *(end for tap in taps for end in _inside(tap, count, size, step))}
    cuts = sorted(ends)
    return list(zip(cuts, cuts[1:]))


def _by_pixels(p: Phase, size, step, axes: tuple[bool, bool]) -> list[Phase]:
    """The phase in parts whose taps see the image from all pixels, along the given axes."""
    counts = p.rows, p.columns
    rows, columns = (
        _ranges([tap[k + 1] for tap in p.taps], counts[k], size[k], step[k]) if axes[k] else [(0, counts[k])]
        for k in (0, 1)
    )
    sees = lambda tap, k, at: not axes[k] or 0 <= tap[k + 1] + at * step[k] < size[k]
    return [
        _part(p, r, c, step, [tap for tap in p.taps if sees(tap, 0, r[0]) and sees(tap, 1, c[0])])
        for r in rows
        for c in columns
    ]


def _by_taps(p: Phase, size, step, axes: tuple[bool, bool]) -> list[Phase]:
    """The phase in groups of taps, each with the pixels from which they see the image (one, if there are none)."""
    counts = p.rows, p.columns
    groups: dict[tuple[Range, ...], list] = {}
    for tap in p.taps:
        seen = tuple(_inside(tap[k + 1], counts[k], size[k], step[k]) if axes[k] else (0, counts[k]) for k in (0, 1))
        groups.setdefault(tuple((a, b) if a < b else (0, 1) for a, b in seen), []).append(tap)
    return [_part(p, rows, columns, step, taps) for (rows, columns), taps in groups.items()]


def rounded(count: int) -> int:
    """Rows of tiles, and of half of one."""
    return -(-count // ROWS) * ROWS


def _crosses(phases: list[Phase], size, step, axis: int) -> bool:
    """Whether a tap sees no element of the image from some pixels of an axis: with windows of 1x1 none does."""
    for p in phases:
        count = (p.rows, p.columns)[axis]
        if any(_inside(tap[axis + 1], count, size[axis], step[axis]) != (0, count) for tap in p.taps):
            return True
    return False


def _best(part, cost, phases: list[Phase], size, step) -> list[Phase]:
    """The phases, parted along the axes where that leaves the least work for tiles."""
    crossed = [_crosses(phases, size, step, axis) for axis in (0, 1)]
    ways = [
        [parted for p in phases for parted in part(p, size, step, axes)]
        for axes in ((False, False), (True, False), (False, True), (True, True))
        if axes[0] <= crossed[0] and axes[1] <= crossed[1]
    ]
    return min(ways, key=lambda way: sum(map(cost, way)))


def parted_pixels(phases: list[Phase], size, step, images: int, channels: int) -> list[Phase]:
    """For results: a tile has some pixels, and sums over the taps of ``channels`` channels."""
    cost = lambda p: rounded(images * p.rows * p.columns) * (channels * len(p.taps) + BEGIN)
    return _best(_by_pixels, cost, phases, size, step)


def parted_taps(phases: list[Phase], size, step, images: int, channels: int) -> list[Phase]:
    """For the gradient by the weights: a tile has some taps of ``channels`` channels, and sums over pixels."""
    cost = lambda p: rounded(channels * len(p.taps)) * (images * p.rows * p.columns + BEGIN)
    return _best(_by_taps, cost, phases, size, step)


__all__ = ["parted_pixels", "parted_taps", "rounded"]
