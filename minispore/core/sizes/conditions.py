"""What a trace notes of its sizes: their expressions, and the conditions under which it holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from .part import LEAST, Part
from .polynomials import Terms, least, text_of
from .size import OPEN, Size

if TYPE_CHECKING:
    from .arrays import SizedData

MOST_CONDITIONS = 2000
MOST_LINES = 4000

_DEFINED = re.compile(r"\b[at]\d+\b")  # names of atoms and arrays


class TooManyConditions(Exception):
    """The trace asked too much about its sizes."""


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
        OPEN.add(id(self))
        self._values: dict[str, Any] = {}  # see ``take``
        self._old: list[
            tuple[Any, str | None]
        ] = []  # what has the number of other lengths, and an atom that it waits for

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
        OPEN.discard(id(self))

    __del__ = close

    def part(self) -> Part:
        """A new part, to which belongs what is noted from now on."""
        self.current = Part()
        return self.current

    def take(self, values: dict[str, Any]) -> None:
        """Opens, for other lengths.  ``values``: of the symbols, and of the atoms and arrays that are known so far."""
        if values is not self._values:
            self._values = values
            everything: list[Any] = [*self.made.values(), *self.atoms.values(), *self.arrays.values()]
            self._old = [(x, x.take(values)) for x in everything]
        else:
            self._old = [(x, x.take(values) if missing in values else missing) for x, missing in self._old]
        self._old = [(x, missing) for x, missing in self._old if missing is not None]
        self.is_open = True
        OPEN.add(id(self))

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
        self.define(found.text)
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
                self.define(name)

    def define(self, name: str) -> None:
        if name not in self.first.defined and name not in self.current.defined:
            self.current.defined.add(name)
            self._line(self.definitions[name])

    # ------------------------------------------------------------ polynomials
    def of_terms(self, terms: Terms, value: int):
        terms = {atoms: factor for atoms, factor in terms.items() if factor}
        if not terms or (len(terms) == 1 and () in terms):
            return value
        text = text_of(terms)
        found = self.made.get(text)
        if found is None:
            found = self.made[text] = Size(self, value, terms, text)
        found.value = value
        return found

    def least(self, terms: Terms) -> int | None:
        """A bound that all values have, if one is known."""
        return least(terms, self.low)

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
