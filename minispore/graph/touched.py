"""Ranges of one memory that calls touch, kept so that a question costs the logarithm of their number: a phase may have thousands."""

from bisect import bisect_left, bisect_right


class Touched:
    """Ranges of one memory; each may be a row that moves with the turns of a loop."""

    __slots__ = "begins", "ends", "rows", "rows_at"

    def __init__(self) -> None:
        # Of what does not move: ranges that neither overlap nor adjoin, in their order.
        self.begins: list[int] = []
        self.ends: list[int] = []
        # (begin, end, row): all places that a row may have, and (its memory, its lag)
        self.rows: dict[tuple, None] = {}
        self.rows_at: Touched | None = None  # these places

    def add(self, begin: int, end: int, row: tuple | None = None) -> None:
        if row is not None:
            if self.rows_at is None:
                self.rows_at = Touched()
            self.rows[begin, end, row] = None
            self.rows_at.add(begin, end)
            return
        if not self.ends or begin > self.ends[-1]:
            self.begins.append(begin)
            self.ends.append(end)
            return
        first, behind = bisect_left(self.ends, begin), bisect_right(self.begins, end)
        if first < behind:  # these and the new one are one
            begin, end = min(begin, self.begins[first]), max(end, self.ends[behind - 1])
        self.begins[first:behind] = [begin]
        self.ends[first:behind] = [end]

    def has(self, begin: int, end: int, row: tuple | None = None) -> bool:
        """Whether a range has a part of this one, other than as another turn's row of the same memory."""
        at = bisect_right(self.ends, begin)  # the first that ends behind the begin
        if at < len(self.begins) and self.begins[at] < end:
            return True
        if self.rows_at is None or not self.rows_at.has(begin, end):
            return False
        return row is None or any(
            begin < its_end and its_begin < end and (row[0] != its[0] or row[1] == its[1])
            for its_begin, its_end, its in self.rows
        )
