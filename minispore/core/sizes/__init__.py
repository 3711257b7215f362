"""Sizes that stand for several: integers that note what is computed of them and asked about them.

While a function is traced for sizes that may change, the lengths of some axes are ``Size`` objects.  Each has the number of this
call and an expression of the lengths it came from.  Arithmetic makes further expressions.  A comparison answers for this call and
is noted as a *condition*; so is each use as a plain number (an index, a hash, text), which fixes the size.  What was made of the trace
then holds for all lengths under which the conditions give the same answers, and its numbers follow from the expressions::

    n = Sizes().symbol("n", 12)
    n * 4 - n       expression 3*n, in this call 36
    n > 10          True, and the condition n - 10 > 0
    range(n)        the condition n - 12 == 0

Expressions of ints are polynomials of *atoms*: the lengths, and quotients, remainders and the like, each computed once.
"""

from .arrays import SizedData
from .conditions import Sizes
from .functions import array_from, array_of, counted, decided, fixed_at, greater, remembered, settled, sizes_in
from .lengths import depend_on_sizes, index, is_symbolic, whole, window_of
from .part import LEAST, code_of
from .pure import computed, of_sizes
from .size import OPEN, Size

__all__ = [
    "LEAST", "OPEN", "Size", "SizedData", "Sizes", "array_from", "array_of", "code_of", "computed", "counted", "decided", "depend_on_sizes",
    "fixed_at", "greater", "index", "is_symbolic", "of_sizes", "remembered", "settled", "sizes_in", "whole", "window_of",
]  # fmt: skip
