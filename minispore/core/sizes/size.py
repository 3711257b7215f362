"""A number of a trace with its expression, and its arithmetic."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..registry import supplied
from . import polynomials
from .polynomials import Terms, text_of, value_of

if TYPE_CHECKING:
    from .conditions import Sizes

OPEN: set[int] = set()  # ids of the Sizes that note what is asked of them


def _terms(x) -> Terms | None:
    """The polynomial of an int; None of anything else."""
    if type(x) is Size:
        return x.terms
    return {(): x} if type(x) is int else None


def _source(x) -> str:
    return f"({x.text})" if type(x) is Size else repr(x)


def _number(x):
    """The plain number of an operand, None if it is none."""
    if type(x) is Size:
        return x.value
    return x if type(x) in (int, float, bool) else None


def _operation(symbol: str, function: Callable, polynomial: Callable | None = None, reflected: bool = False):
    def forward(self, other):
        return _combined(self, other)

    def backward(self, other):
        return _combined(other, self)

    def _combined(a, b):
        of = a.of if type(a) is Size else b.of
        x, y = _number(a), _number(b)
        if x is None or y is None or not of.is_open:
            for each in (a, b):
                if type(each) is Size and of.is_open:
                    each.fix()
            x, y = (each.value if type(each) is Size else each for each in (a, b))
            return function(x, y)
        value = function(x, y)
        s, t = _terms(a), _terms(b)
        if polynomial is not None and s is not None and t is not None:
            key = a.text if type(a) is Size else a, symbol, b.text if type(b) is Size else b
            found = of.known.get(key)
            if found is None and (symbol not in ("//", "%") or _is_positive(of, t)):
                terms = polynomial(s, t)
                found = of.known[key] = None if terms is None else of.of_terms(terms, value)
            if type(found) is Size:
                found.value = value
            if found is not None:
                return found
        low = 0 if symbol in ("//", "%") and s and t and _is_natural(of, s) and _is_natural(of, t) else None
        return of.atom(f"{_source(a)} {symbol} {_source(b)}", value, low)

    return backward if reflected else forward


def _is_natural(of: Sizes, terms: Terms) -> bool:
    low = of.least(terms)
    return low is not None and low >= 0


def _is_positive(of: Sizes, terms: Terms) -> bool:
    low = of.least(terms)
    return low is not None and low > 0


def _comparison(symbol: str, function: Callable):
    def compare(self, other):
        of, y = self.of, _number(other)
        if y is None:
            if not isinstance(other, np.generic):
                return NotImplemented
            return function(self.fix(), other)
        answer = function(self.value, y)
        if not of.is_open:
            return answer
        s, t = _terms(self), _terms(int(other) if type(other) is bool else other)
        if s is None or t is None:
            return of.condition(f"{_source(self)} {symbol} {_source(other)}", answer)
        key = self.text, symbol, other.text if type(other) is Size else int(other)
        if key not in of.asked:
            of.asked[key] = undecided(of, s, t)
        text = of.asked[key]
        return answer if text is None else of.condition(text, answer)

    def undecided(of: Sizes, s: Terms, t: Terms) -> str | None:
        """The condition; None where all sizes give the same answer."""
        difference = {k: v for k, v in polynomials.subtracted(s, t).items() if v}
        low, high = of.least(difference), of.least({k: -v for k, v in difference.items()})
        decided = (
            (not difference or set(difference) == {()})
            or (low is not None and low > 0)
            or (high is not None and high > 0)
            or (symbol in ("<", ">=") and low is not None and low >= 0)
            or (symbol in (">", "<=") and high is not None and high >= 0)
        )
        return None if decided else f"{text_of(difference)} {symbol} 0"

    return compare


class Size:
    """A number of a trace with its expression (see the module); to ``isinstance`` it is an int, or the float that was computed.

    >>> from minispore.core.sizes import Sizes
    >>> n = Sizes().symbol("n", 12)
    >>> isinstance(n, int), (n * 4 - n).text, n > 10, n.of.conditions
    (True, '3*n', True, {'-10 + n > 0': True})
    """

    __slots__ = ("of", "terms", "text", "value")

    def __init__(self, of: Sizes, value, terms: Terms | None, text: str):
        self.of, self.value, self.terms, self.text = of, value, terms, text

    @property  # type: ignore[misc]
    def __class__(self):
        return type(self.value)

    def take(self, values: dict[str, Any]) -> str | None:
        """Takes the number that follows from values of symbols and atoms; where one of them is not known, that."""
        try:
            self.value = values[self.text] if self.terms is None else value_of(self.terms, values)
        except KeyError as error:
            return error.args[0]
        return None

    def fix(self):
        """The plain number; from now on the trace is for this one alone."""
        if self.of.is_open:
            number = self.of.name(self.value) if isinstance(self.value, np.generic) else repr(self.value)
            self.of.condition(f"{self.text} == {number}", True)
        return self.value

    def _item(self):
        """The Python number of one of NumPy."""
        return self.of.atom(f"{self.text}.item()", self.value.item())

    __add__, __radd__ = (_operation("+", operator.add, polynomials.added, r) for r in (False, True))
    __sub__, __rsub__ = (_operation("-", operator.sub, polynomials.subtracted, r) for r in (False, True))
    __mul__, __rmul__ = (_operation("*", operator.mul, polynomials.multiplied, r) for r in (False, True))
    __floordiv__, __rfloordiv__ = (_operation("//", operator.floordiv, polynomials.divided, r) for r in (False, True))
    __mod__, __rmod__ = (_operation("%", operator.mod, polynomials.remainder, r) for r in (False, True))
    __truediv__, __rtruediv__ = (_operation("/", operator.truediv, None, r) for r in (False, True))
    __pow__, __rpow__ = (_operation("**", operator.pow, None, r) for r in (False, True))
    __and__, __rand__ = (_operation("&", operator.and_, None, r) for r in (False, True))
    __or__, __ror__ = (_operation("|", operator.or_, None, r) for r in (False, True))
    __xor__, __rxor__ = (_operation("^", operator.xor, None, r) for r in (False, True))
    __lshift__, __rlshift__ = (_operation("<<", operator.lshift, None, r) for r in (False, True))
    __rshift__, __rrshift__ = (_operation(">>", operator.rshift, None, r) for r in (False, True))
    __lt__, __le__ = _comparison("<", operator.lt), _comparison("<=", operator.le)
    __gt__, __ge__ = _comparison(">", operator.gt), _comparison(">=", operator.ge)
    __eq__, __ne__ = _comparison("==", operator.eq), _comparison("!=", operator.ne)

    def __neg__(self):
        return self * -1

    def __pos__(self):
        return self

    def __abs__(self):
        return self if self >= 0 else -self

    def __divmod__(self, other):
        return self // other, self % other

    def __rdivmod__(self, other):
        return other // self, other % self

    def __bool__(self) -> bool:
        return self != 0

    def __hash__(self) -> int:
        return hash(self.fix())

    def __index__(self) -> int:
        return operator.index(self.fix())

    def __int__(self) -> int:
        return int(self.fix())

    def __float__(self) -> float:
        return float(self.fix())

    def __array_ufunc__(self, ufunc, method: str, *inputs, **options):
        return of_ufunc(ufunc, method, inputs, options)

    def __array__(self, dtype=None, copy=None):  # else NumPy would make an array of objects
        return np.asarray(self.fix(), dtype)

    def __repr__(self) -> str:
        return repr(self.fix())

    def __str__(self) -> str:
        return str(self.fix())

    def __format__(self, spec: str) -> str:
        return format(self.fix(), spec)

    def __round__(self, digits=None):
        return round(self.fix(), digits)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return type(self.value), (self.fix(),)

    def __getattr__(self, name: str):  # bit_length and the like
        if not hasattr(self.value, name):
            raise AttributeError(name)
        return self._item if name == "item" and self.of.is_open else getattr(self.fix(), name)


def of_ufunc(ufunc, method: str, inputs: tuple, options: dict):
    """A function of NumPy, or a method of one, of sizes and their arrays."""
    return supplied("function of sizes")(ufunc if method == "__call__" else getattr(ufunc, method), inputs, options)
