"""Tiles whose lanes are independent sums: ``lane_tile``, ``short_lane_tile``, ``lane_turn`` of kernel source.

Where each group of a convolution has a channel of its own (depthwise), a vector holds the same element of as many groups as it
has lanes, so that no vector is half empty, however small an image is. Positions count such vectors. Only compilation imports
this module.
"""

from . import kernel_types as kt
from .tiles import I64, _as_passed, _elements, _Placed, turned

ROWS = 9  # of a tile: the taps of the most frequent window; their pointers leave the few registers that a loop needs
SHORT = 7  # of a short one: images of 7, 14, 28 and 56 pixels have whole tiles of them


class _LaneTile(_Placed):
    """A tile of one vector in each row, whose factors are vectors too."""

    def __init__(self, builder, element, rows: int = ROWS):
        super().__init__(builder, element, _elements(element), 1, rows)

    def position(self, table, k):
        return self.builder.mul(super().position(table, k), I64(self.lanes))

    def factor(self, pointer):
        return self.load(pointer, 0)


def _maker(high: int):
    def tile(w, a, rows_at, a_at, b, b_at, count, out, outs_at, rows, add):
        """``out[outs_at[m]] (+)= sum over k < count of a[rows_at[m] + a_at[k]] * b[b_at[k]]`` for ``rows`` (1 to ``lane_rows()``) rows.

        All elements are vectors. ``add`` 0: the sum alone. ``count`` is 1 at least. A short tile has ``short_lane_rows()``.
        """
        given = [a, rows_at, a_at, b, b_at, count, out, outs_at, rows, add]
        _LaneTile(w.b, a.type.element.ir, high).by_tables(*[_as_passed(w, term) for term in given])

    return tile


def lane_rows(w):
    """How many rows a ``lane_tile`` has."""
    return kt.literal(ROWS)


def short_lane_rows(w):
    """How many rows a ``short_lane_tile`` has."""
    return kt.literal(SHORT)


def lane_turn(w, source, source_row, target, at, ahead):
    """Vector ``target[at[j]]`` is made of element ``j`` of ``tile_lanes(source)`` rows, for as many j; asks for what is ``ahead`` of them."""
    element, b = source.type.element.ir, w.b
    source, source_row, target, at, ahead = [_as_passed(w, term) for term in (source, source_row, target, at, ahead)]
    tile = _LaneTile(b, element)
    places = [b.gep(source, [b.mul(source_row, I64(i))]) for i in range(tile.lanes)]
    for place in places:
        tile.ask(b.gep(place, [ahead]), 0)
    rows = [tile.load(place, 0) for place in places]
    for j, row in enumerate(turned(tile, rows)):
        tile.store(row, b.gep(target, [tile.position(at, I64(j))]), 0)


NAMES = {
    "lane_tile": _maker(ROWS),
    "short_lane_tile": _maker(SHORT),
    "lane_rows": lane_rows,
    "short_lane_rows": short_lane_rows,
    "lane_turn": lane_turn,
}
