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

from __future__ import annotations

import functools
import math
import operator
import re
from collections.abc import Callable
from types import CodeType
from typing import Any, NoReturn

import numpy as np

LEAST = 2  # a length that may change is at least this: of 0 or 1, programs do something else
MOST_CONDITIONS = 2000
MOST_LINES = 4000

_DEFINED = re.compile(r"\b[at]\d+\b")  # names of atoms and arrays

Terms = dict[tuple[str, ...], int]  # product of atoms -> its factor


_open: set[int] = set()  # of the Sizes that note what is asked: ids


class TooManyConditions(Exception):
    """The trace asked too much about its sizes."""


class Part:
    """The lines that one stage of the work on a trace has noted: definitions of atoms, and conditions in their order."""

    def __init__(self):
        self.lines: list[str] = []
        self.conditions: dict[str, bool] = {}
        self.defined: set[str] = set()  # atoms and arrays


class Sizes:
    """The expressions and conditions of one trace.

    What is noted belongs to the ``current`` part: the first one, of the trace and all that is made of it as a whole, or a later
    one, which holds beside the first, has its own conditions, and may be made again for other lengths.
    """

    def __init__(self):
        self.symbols: list[Size] = []
        self.first = self.current = Part()
        self.definitions: dict[str, str] = {}  # atom or array -> its line
        self.atoms: dict[str, Size] = {}  # expression -> its atom
        self.low: dict[str, int | None] = {}  # atom -> what it is at least
        self.made: dict[str, Size] = {}  # expression -> the polynomial
        self.known: dict[tuple, Any] = {}  # (operand, operation, operand) -> the polynomial, None where it is none
        self.asked: dict[tuple, str | None] = {}  # (operand, comparison, operand) -> the condition, if one is needed
        self.names: dict[int, tuple[str, Any]] = {}  # what lines refer to beside sizes: id -> (name, object)
        self.arrays: dict[str, SizedData] = {}  # expression -> its array
        self.is_full = False  # a trace asked too much, even if it has caught the error
        self.is_open = True  # afterwards a Size is the number that it has
        _open.add(id(self))
        self._values: dict[str, Any] = {}  # see ``take``
        self._old: list[
            tuple[Any, str | None]
        ] = []  # what still has its number of other lengths, and an atom that it needs

    @property
    def conditions(self) -> dict[str, bool]:
        return self.first.conditions

    def symbol(self, name: str, value: int) -> Size:
        """A length that may change."""
        self.low[name] = LEAST
        made = self.made[name] = Size(self, value, {(name,): 1}, name)
        self.symbols.append(made)
        return made

    def unfixed(self) -> list[Size]:
        """The lengths that no condition fixes."""
        fixed = {f"{s.text} == {s.value}" for s in self.symbols} | {f"{-s.value} + {s.text} == 0" for s in self.symbols}
        found = {text for text in fixed if self.conditions.get(text)}
        return [s for s in self.symbols if found.isdisjoint((f"{s.text} == {s.value}", f"{-s.value} + {s.text} == 0"))]

    def close(self) -> None:
        self.is_open = False
        _open.discard(id(self))

    __del__ = close

    def part(self) -> Part:
        """A new part, to which belongs what is noted from now on."""
        self.current = Part()
        return self.current

    def take(self, values: dict[str, Any]) -> None:
        """Opens, for other lengths.  ``values``: of the symbols, and of the atoms and arrays that are known so far."""
        if values is not self._values:
            self._values = values
            self._old = [
                (x, x.take(values)) for x in (*self.made.values(), *self.atoms.values(), *self.arrays.values())
            ]
        else:
            self._old = [(x, x.take(values) if missing in values else missing) for x, missing in self._old]
        self._old = [(x, missing) for x, missing in self._old if missing is not None]
        self.is_open = True
        _open.add(id(self))

    def fix_all(self) -> None:
        """The current part is for the lengths of now alone: from here on sizes are the numbers that they have."""
        for s in self.symbols:
            s.fix()
        self.close()

    # ------------------------------------------------------------ what is noted
    def atom(self, text: str, value, low: int | None = None):
        """The size with this expression, computed once."""
        found = self.atoms.get(text)
        if found is None:
            name = f"t{len(self.atoms)}"
            self.low[name] = low
            found = self.atoms[text] = Size(self, value, {(name,): 1} if type(value) is int else None, name)
            self.definitions[name] = f"{name} = {text}"
        found.value = value
        self._define(found.text)
        return found

    def condition(self, text: str, answer: bool) -> bool:
        """Notes what a condition gives."""
        part = self.current
        if text not in self.first.conditions and text not in part.conditions:
            if len(part.conditions) > MOST_CONDITIONS:
                self._refuse()
            part.conditions[text] = answer
            self._line(f"if {'not ' if answer else ''}({text}): return None")
        return answer

    def answer(self, text: str, value):
        """Notes what a function gives."""
        self.condition(f"{text} == {value!r}", True)
        return value

    def name(self, thing) -> str:
        """How lines refer to an object."""
        return self.names.setdefault(id(thing), (f"k{len(self.names)}", thing))[0]

    def _refuse(self) -> NoReturn:
        self.is_full = True
        raise TooManyConditions

    def _line(self, text: str) -> None:
        if len(self.current.lines) > MOST_LINES:
            self._refuse()
        self.define_all(text)
        self.current.lines.append(text)

    def define_all(self, text: str) -> None:
        """Defines, in the current part, what ``text`` refers to."""
        for name in _DEFINED.findall(text):
            if name in self.definitions:
                self._define(name)

    def _define(self, name: str) -> None:
        if name not in self.first.defined and name not in self.current.defined:
            self.current.defined.add(name)
            self._line(self.definitions[name])

    # ------------------------------------------------------------ polynomials
    def of_terms(self, terms: Terms, value: int):
        terms = {atoms: factor for atoms, factor in terms.items() if factor}
        if not terms or (len(terms) == 1 and () in terms):
            return value
        text = _text(terms)
        found = self.made.get(text)
        if found is None:
            found = self.made[text] = Size(self, value, terms, text)
        found.value = value
        return found

    def least(self, terms: Terms) -> int | None:
        """A bound that all values have, if one is known."""
        found = terms.get((), 0)
        for atoms, factor in terms.items():
            if atoms == ():
                continue
            product = factor
            for a in atoms:
                low = self.low[a]
                if low is None or low < 0 or factor < 0:
                    return None
                product *= low
            found += product
        return found

    def function(self, results: list[str]) -> Callable[..., list | None]:
        """A function of the lengths: None where a condition of the first part gives another answer, else the results."""
        self.current = Part()
        for text in results:
            self.define_all(text)
        arguments = ", ".join(s.text for s in self.symbols)
        body = [f"if {s.text} < {LEAST}: return None" for s in self.symbols] + self.first.lines + self.current.lines
        text = f"def evaluate({arguments}):\n    " + "\n    ".join([*body, f"return [{', '.join(results)}]"])
        space = self.space()
        exec(compile(text, "<sizes>", "exec"), space)
        return space["evaluate"]

    def space(self) -> dict[str, Any]:
        """What lines refer to beside sizes."""
        return dict(self.names.values())


def code_of(part: Part, results: list[str]) -> CodeType:
    """Of a function of a space that has the symbols, which adds the atoms of the part to it.

    It returns None where a condition gives another answer, else the results.
    """
    body = [f"global {', '.join(sorted(part.defined))}"] if part.defined else []
    return _compiled("\n    ".join([*body, *part.lines, f"return ({''.join([r + ', ' for r in results])})"]))


@functools.lru_cache(2048)
def _compiled(body: str) -> CodeType:
    space: dict[str, Any] = {}
    exec(compile(f"def results():\n    {body}", "<sizes>", "exec"), space)
    return space["results"].__code__


def _text(terms: Terms) -> str:
    parts = []
    for atoms in sorted(terms):
        factor = terms[atoms]
        product = "*".join(atoms)
        parts.append(product if factor == 1 and product else f"{factor}*{product}" if product else str(factor))
    return " + ".join(parts)


def _value(terms: Terms, values: dict[str, Any]):
    return sum([factor * math.prod([values[a] for a in atoms]) for atoms, factor in terms.items()])


def _terms(x) -> Terms | None:
    """The polynomial of an int; None of anything else."""
    if type(x) is Size:
        return x.terms
    return {(): x} if type(x) is int else None


def _divided(a: Terms, b: Terms) -> Terms | None:
    """The polynomial a / b, where it is one and b is a single product."""
    if len(b) != 1:
        return None
    ((below, divisor),) = b.items()
    found: Terms = {}
    for atoms, factor in a.items():
        rest = list(atoms)
        for x in below:
            if x not in rest:
                return None
            rest.remove(x)
        if factor % divisor:
            return None
        found[tuple(rest)] = factor // divisor
    return found


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
            if found is None:
                found = of.known[key] = polynomial(of, s, t, value)
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


def _sum(of: Sizes, a: Terms, b: Terms, value: int):
    return of.of_terms({k: a.get(k, 0) + b.get(k, 0) for k in (*a, *b)}, value)


def _difference(of: Sizes, a: Terms, b: Terms, value: int):
    return of.of_terms({k: a.get(k, 0) - b.get(k, 0) for k in (*a, *b)}, value)


def _product(of: Sizes, a: Terms, b: Terms, value: int):
    found: Terms = {}
    for x, m in a.items():
        for y, n in b.items():
            key = tuple(sorted(x + y))
            found[key] = found.get(key, 0) + m * n
    return of.of_terms(found, value)


def _quotient(of: Sizes, a: Terms, b: Terms, value: int):
    found = _divided(a, b) if _is_positive(of, b) else None
    return None if found is None else of.of_terms(found, value)


def _remainder(of: Sizes, a: Terms, b: Terms, value: int):
    return 0 if _is_positive(of, b) and _divided(a, b) is not None else None


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
        difference = {k: v for k in (*s, *t) if (v := s.get(k, 0) - t.get(k, 0))}
        low, high = of.least(difference), of.least({k: -v for k, v in difference.items()})
        decided = (
            (not difference or set(difference) == {()})
            or (low is not None and low > 0)
            or (high is not None and high > 0)
            or (symbol in ("<", ">=") and low is not None and low >= 0)
            or (symbol in (">", "<=") and high is not None and high >= 0)
        )
        return None if decided else f"{_text(difference)} {symbol} 0"

    return compare


class Size:
    """A number of a trace with its expression (see the module); to ``isinstance`` it is an int, or the float that was computed.

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
            self.value = values[self.text] if self.terms is None else _value(self.terms, values)
        except KeyError as error:
            return error.args[0]
        return None

    def fix(self):
        """The plain number; from now on the trace is for this one alone."""
        if self.of.is_open:
            self.of.condition(f"{self.text} == {self.value!r}", True)
        return self.value

    __add__, __radd__ = (_operation("+", operator.add, _sum, r) for r in (False, True))
    __sub__, __rsub__ = (_operation("-", operator.sub, _difference, r) for r in (False, True))
    __mul__, __rmul__ = (_operation("*", operator.mul, _product, r) for r in (False, True))
    __floordiv__, __rfloordiv__ = (_operation("//", operator.floordiv, _quotient, r) for r in (False, True))
    __mod__, __rmod__ = (_operation("%", operator.mod, _remainder, r) for r in (False, True))
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
        return _of_numpy(ufunc, method, inputs, options)

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
        return getattr(self.fix(), name)


def _of_numpy(ufunc, method: str, inputs: tuple, options: dict):
    """A function of NumPy of plain numbers and arrays."""
    return getattr(ufunc, method)(*[x.fix() if type(x) in (Size, SizedData) else x for x in inputs], **options)


def is_symbolic(x) -> bool:
    """Whether a number depends on sizes."""
    return type(x) is Size


def settled(x):
    """``x``, a number or tuples of them, as plain numbers once sizes are the numbers that they have."""
    return x if _sizes_in(x) is not None else _plain(x)


def index(x) -> Any:
    """``operator.index(x)`` of a length, which may be a Size."""
    return x if type(x) is Size and type(x.value) is int else operator.index(x)


def window_of(given: slice, length: int) -> tuple[int, int, int]:
    """(first index, step, number of elements) of a slice of an axis; ``slice.indices`` where sizes may be symbolic."""
    if all(type(x) is not Size for x in (given.start, given.stop, given.step, length)):
        start, stop, step = given.indices(length)
        return start, step, len(range(start, stop, step))
    step = 1 if given.step is None else operator.index(given.step)
    if step == 0:
        raise ValueError("slice step cannot be zero")
    low, high = (0, length) if step > 0 else (-1, length - 1)

    def inside(x, otherwise):
        if x is None:
            return otherwise
        x = index(x)
        return max(x + length, low) if x < 0 else min(x, high)

    start, stop = inside(given.start, low if step > 0 else high), inside(given.stop, high if step > 0 else low)
    count = -(-(stop - start) // step) if step > 0 else -(-(start - stop) // -step)
    return start, step, count if count > 0 else 0


class SizedData:
    """The array of a constant that depends on sizes: it has the value of this call and an expression that makes the array."""

    __slots__ = ("array", "of", "shape", "text")

    def __init__(self, of: Sizes, array: np.ndarray, text: str, shape: tuple):
        self.of, self.array, self.text, self.shape = of, array, text, shape

    dtype = property(lambda self: self.array.dtype)
    size = property(lambda self: math.prod(self.shape))
    ndim = property(lambda self: self.array.ndim)
    nbytes = property(lambda self: self.array.nbytes)

    def take(self, values: dict[str, Any]) -> str | None:
        self.array = values.get(self.text, self.array)
        return None if self.text in values else self.text

    def item(self):
        """The number, as a Size, of one element."""
        if not self.of.is_open:
            return self.array.item()
        return self.of.atom(f"{self.text}.item()", self.array.item())

    def any(self) -> bool:
        answer = bool(self.array.any())
        return self.of.condition(f"{self.text}.any()", answer) if self.of.is_open else answer

    def tobytes(self) -> bytes:
        """A key: what has the same one has the same elements."""
        return b"sized:" + self.text.encode() if self.of.is_open else self.array.tobytes()

    def fix(self) -> np.ndarray:
        if self.of.is_open:
            self.of.condition(f"{self.text}.tobytes() == {self.of.name(self.array.tobytes())}", True)
        return self.array

    def __array_ufunc__(self, ufunc, method: str, *inputs, **options):
        return _of_numpy(ufunc, method, inputs, options)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.fix(), dtype)

    def __getattr__(self, name: str):
        return getattr(self.fix(), name)


def array_from(function: Callable, *inputs, shape: tuple | None = None):
    """``function(*inputs)``, a pure function that gives an array, of numbers and arrays some of which may depend on sizes.

    ``shape``: that of the array in terms of these; None if it is the same for all sizes, which becomes a condition.
    """
    of = next((found for x in inputs if (found := _sizes_in(x)) is not None), None)
    plain = [_plain(x) for x in inputs]
    if of is None:
        return function(*plain)
    text = f"{of.name(function)}({', '.join([_literal(of, x) for x in inputs])})"
    found, made = of.arrays.get(text), np.asarray(function(*plain))
    if found is None:
        name = f"a{len(of.arrays)}"
        of.definitions[name] = f"{name} = {text}"
        found = of.arrays[text] = SizedData(of, made, name, made.shape if shape is None else shape)
    found.array = made
    of._define(found.text)
    if shape is None:
        of.answer(f"{found.text}.shape", made.shape)
    return found


def array_of(number, dtype):
    """``np.asarray(number, dtype)`` of a number that may be a Size."""
    return (
        array_from(np.asarray, number, np.dtype(dtype), shape=()) if type(number) is Size else np.asarray(number, dtype)
    )


def decided(function: Callable) -> Callable:
    """Decorates a pure function of numbers, tuples of them, and other objects, that gives an answer: one condition instead of one for
    each comparison in it.  The condition is that the answer stays the same, so it serves all sizes that are treated alike."""
    return _applied(function, lambda of, text, value: of.answer(text, value))


def counted(function: Callable) -> Callable:
    """The same for a function that gives a number or a tuple of numbers: each becomes an expression, and there is no condition."""

    def results(of: Sizes, text: str, value):
        if type(value) is not tuple:
            return of.atom(text, value, 0 if type(value) is int and value >= 0 else None)
        return tuple([of.atom(f"{text}[{k}]", x) for k, x in enumerate(value)])

    return _applied(function, results)


def _applied(function: Callable, results: Callable) -> Callable:
    @functools.wraps(function)
    def apply(*args):
        of = next((found for x in args if (found := _sizes_in(x)) is not None), None)
        if of is None:
            return function(*args)
        value = function(*map(_plain, args))
        return results(of, f"{of.name(function)}({', '.join([_literal(of, x) for x in args])})", value)

    return apply


MOST_ANSWERS = 256


def remembered(function: Callable) -> Callable:
    """Decorates a pure function of numbers, lists of them and functions of modules that takes long: its answers for plain numbers are
    kept, as the layers of a network ask the same again.  (What is made for a call, such as a closure, has a name that another may get.)"""
    answers: dict[str, Any] = {}

    @functools.wraps(function)
    def ask(*args):
        if _sizes_in(args) is not None:
            return function(*args)
        key = repr(args)
        found = answers.get(key)
        if found is None:
            if len(answers) >= MOST_ANSWERS:
                answers.clear()
            found = answers[key] = function(
                *_plain(args)
            )  # a length that is decided has the number of another call later
        return found

    return ask


def _sizes_in(x) -> Any:
    """The open Sizes of a number in ``x``, if there is one."""
    return _found_in(x) if _open else None


def _found_in(x) -> Any:
    if type(x) is Size or type(x) is SizedData:
        return x.of if x.of.is_open else None
    if isinstance(x, (tuple, list)):
        for y in x:
            found = _found_in(y)
            if found is not None:
                return found
    return None


def _plain(x):
    """``x`` with the numbers of this call."""
    if type(x) is Size:
        return x.value
    if type(x) is SizedData:
        return x.array
    if not isinstance(x, (tuple, list)):
        return x
    return type(x)(*map(_plain, x)) if hasattr(x, "_fields") else type(x)(map(_plain, x))


def _literal(of: Sizes, x) -> str:
    if type(x) is Size or type(x) is SizedData:
        return x.text
    if isinstance(x, (tuple, list)):
        parts = "".join(_literal(of, y) + ", " for y in x)
        return f"{of.name(type(x))}({parts})" if hasattr(x, "_fields") else f"({parts})"
    is_written = type(x) in (int, bool, str, type(None)) or (type(x) is float and math.isfinite(x))
    return repr(x) if is_written else of.name(x)


@counted
def greater(a: int, b: int) -> int:
    """``max(a, b)`` without a condition."""
    return max(a, b)


def depend_on_sizes(attrs: dict) -> bool:
    """Whether attributes of an op hold a Size."""
    return any(type(y) is Size for x in attrs.values() for y in (x if type(x) is tuple else (x,)))
