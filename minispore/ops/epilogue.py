# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""How a product's kernel hands over each part of its result, when that is done and still in the near cache.

What is to be done with the result element by element, such as an optimizer's update of the weight whose gradient it is, is a
kernel of its own (graph/epilogue_source.py).  The product's kernel calls it, by its address, for some rows at a time: as whole
rows lie one after the other in memory, it walks them as it would the whole.  The result itself has no memory but those rows:
each worker writes the next ones over them.
"""

from ..core.kernel import device
from ..core.sizes import counted

NEAR = 256 * 1024  # bytes of the rows that are handed over at a time: they stay in the second cache


@device
def take_epilogue(then, args, at, given):
    """Copies the epilogue's address and its ``given`` arguments, from slot ``at`` of ``args`` on: each thread changes the first two."""
    then[0] = 0
    if at != 0:
        for i in range(given + 1):
            then[i] = args[at + i]


@device
def hand_over(then, rows, item, first, end):
    """``rows`` holds rows [first, end) of product ``item``, one after the other."""
    then[1], then[2] = address_of(rows), item
    call_kernel(then[0], shift(then, 1), first, end)


@counted
def rows_of_a_block(rows: int, row: int, places: int) -> int:
    """How many rows are handed over at a time; ``row``: bytes of one.

    They lie in ``places`` places at once, which have at most half of all ``rows``.
    """
    return max(1, min(NEAR // (8 * row), rows // (16 * places))) * 8


__all__ = ["rows_of_a_block"]
