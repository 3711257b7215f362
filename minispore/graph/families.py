"""Calls of one function that differ in sizes alone, and the templates that serve new sizes of them.

The first kind of call is traced and built as it is.  When a second one comes that differs from it in the lengths of axes only, it is
traced with ``Size`` objects for the lengths that differ: what comes out is a ``Template``, which serves this call and, without a
trace, further ones for which its conditions hold.  Where they do not, a further template is made; there are few of them, and none for
functions whose trace changes what Python holds, or that use their sizes as plain numbers.

A template only serves calls without a trace if it gives, for sizes that were built afresh, the same table (same_table.py).  These are
those of an earlier call where it holds for one; else the next call that it would serve is built afresh, too.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..core import tree
from ..core.context import get_context
from ..core.errors import GraphBreak
from ..core.record import STATE, Recorder, user_location
from ..core.sizes import LEAST, Size, Sizes
from ..core.tensor import Tensor
from ..distributed import WORLD
from ..flow.watch import PLAIN
from . import history
from .build import executable_class, fused, threads
from .calls import parts_of_a_call
from .entries import Entry
from .executable import Executable
from .same_table import Difference, require_same
from .template import Template, executable_for

MOST_TEMPLATES = 12  # of one kind of call
MOST_UNUSED = 6  # templates that nothing was served by: kernels differ by whether sizes divide
MOST_FAILURES = 2  # after which a kind of call is always traced
MOST_FAMILIES = 32  # of one function
RAISES = False  # an error while a template is made is raised, which tests do
MOST_BUILT = 3  # calls built afresh that a family remembers
MOST_MET = 8  # calls of any kind whose shapes it remembers

Shapes = tuple[tuple[int, ...], ...]


def without_sizes(key: tuple) -> tuple[tuple, Shapes]:
    """(the key of a call with ranks in place of the shapes of Tensors, these shapes)."""
    structure, shapes = list(key), []
    for k in range(len(key) - 1):
        if isinstance(key[k + 1], np.dtype) and type(key[k]) is tuple:
            shapes.append(key[k])
            structure[k] = len(key[k])
    return tuple(structure), tuple(shapes)


@dataclass(eq=False)
class _Served:
    """A template, the calls that it is for, and the conditions of its trace."""

    template: Template
    entry: Entry  # of the call that it was made at
    axes: list[list[int | str]]  # of each input: the length of each axis, or the name of a symbol
    recorder: Recorder
    settings: tuple
    is_checked: bool = False  # against a table that was built afresh

    def lengths(self, shapes: Shapes) -> list[int] | None:
        """Of each symbol; None where a fixed length differs, or one symbol would have two."""
        found: dict[str, int] = {}
        for axes, shape in zip(self.axes, shapes):
            for a, d in zip(axes, shape):
                if (found.setdefault(a, d) if type(a) is str else a) != d:
                    return None
        return [found[s.text] for s in self.template.sizes.symbols]

    def executable(self, shapes: Shapes) -> Executable | None:
        """The step for these shapes, if the template serves them."""
        lengths = self.lengths(shapes)
        return None if lengths is None else executable_for(self.template, lengths)

    def agrees(self, shapes: Shapes, entry: Entry) -> bool:
        """Whether the template serves these sizes; raises a Difference if it gives another table than was built for them.

        Where lengths are equal by chance, what is built for them alone may be simpler, as equal parts are merged: that says nothing.
        """
        lengths = self.lengths(shapes) if entry.turns == self.entry.turns else None
        found = None if lengths is None else self.template.made(lengths)
        if lengths is None or found is None:
            return False
        graph, made = found
        try:
            require_same(made, entry.executable, graph, entry.executable.graph)
        except Difference:
            if self._are_distinct(lengths):
                raise
            return False
        return True

    def _are_distinct(self, lengths: list[int]) -> bool:
        """Whether no length is that of another symbol or of an axis that is the same in all calls."""
        fixed = {a for axes in self.axes for a in axes if type(a) is int}
        return len({*lengths}) == len(lengths) and fixed.isdisjoint(lengths)

    def may_serve(self) -> bool:
        """Whether nothing that the trace depended on has changed."""
        return self.settings == _settings() and self.entry.current()


def _settings() -> tuple:
    return threads(), parts_of_a_call(threads()), get_context("deterministic")


@dataclass(eq=False)
class Family:
    """Calls that differ in sizes alone."""

    built: list[tuple[Shapes, Entry]] = field(default_factory=list)  # afresh
    met: dict[Shapes, None] = field(default_factory=dict)  # the shapes of calls, the latest last
    templates: list[_Served] = field(default_factory=list)
    failures: int = 0
    served_count: int = 0  # calls that templates served
    is_pure: bool = False  # whether the last trace left all that Python holds as it was

    def note(self, shapes: Shapes, entry: Entry, is_pure: bool) -> None:
        """A call that was built afresh."""
        self.is_pure = is_pure
        self.failures += not is_pure
        self.meet(shapes)
        self.built = [(s, e) for s, e in self.built if not e.is_stale()][-MOST_BUILT:] + [(shapes, entry)]

    def meet(self, shapes: Shapes) -> None:
        """A call with these shapes was compiled, in whatever way: which axes differ is asked of all of them."""
        self.met.pop(shapes, None)
        self.met[shapes] = None
        if len(self.met) > MOST_MET:
            del self.met[next(iter(self.met))]

    def earlier(self) -> list[tuple[Shapes, Entry]]:
        """Calls that were built under the conditions of now."""
        return [(s, e) for s, e in self.built if e.current()]

    def served(self, shapes: Shapes) -> tuple[_Served, Executable] | None:
        """A template and the step that it gives, None where none serves the call."""
        self.templates = [t for t in self.templates if not t.entry.is_stale()]
        for t in reversed(self.templates):
            if t.may_serve():
                try:
                    executable = t.executable(shapes)
                except Exception:  # of a lowering: the call is built as usual, and fails as usual
                    self.drop(t)
                    continue
                if executable is not None:
                    self.served_count += 1
                    self.meet(shapes)
                    return t, executable
        return None

    def check(self, served: _Served, shapes: Shapes, entry: Entry) -> None:
        """Compares what a template gives with what was built afresh; it goes if they differ."""
        try:
            served.is_checked = served.agrees(shapes, entry)
        except Exception:
            self.drop(served)

    def drop(self, served: _Served) -> None:
        """Forgets a template that failed; to be called where its error is handled."""
        self.failures += 1
        self.templates = [t for t in self.templates if t is not served]
        if RAISES:
            raise

    @property
    def may_grow(self) -> bool:
        """Whether one more template is worth a try."""
        most = min(MOST_UNUSED + self.served_count, MOST_TEMPLATES)
        return self.is_pure and self.failures < MOST_FAILURES and len(self.templates) < most


class Families:
    """Those of one function."""

    def __init__(self):
        self.by_structure: OrderedDict[tuple, Family] = OrderedDict()

    def of(self, structure: tuple) -> Family:
        found = self.by_structure.setdefault(structure, Family())
        self.by_structure.move_to_end(structure)
        if len(self.by_structure) > MOST_FAMILIES:
            self.by_structure.popitem(last=False)
        return found


def may_serve() -> bool:
    """Whether templates are made and used at all: not where each compilation is looked at, or processes have to agree."""
    return (
        STATE.recorder is None and STATE.in_pieces is None and WORLD.size == 1 and executable_class() is Executable
        and not history.is_observed()
    )  # fmt: skip


def template_of(family: Family, shapes: Shapes, traced_with: Callable) -> tuple[_Served, Executable] | None:
    """A template for the sizes that differ between earlier calls and this one, and the step for this one; None where there can be none.

    ``traced_with(shapes)`` traces: (entry, graph, recorder, result of the function, whether what Python holds is as it was).
    """
    earlier = family.earlier()
    sizes = Sizes()
    axes, symbolic = symbolic_axes(shapes, [s for s in family.met if s != shapes], sizes)
    if not earlier or not sizes.symbols:
        return None
    called_at = user_location()
    try:
        entry, graph, recorder, result, is_pure = traced_with(symbolic)
        left = result, [value for _, _, value in recorder.set_attributes], [c.items for c in recorder.filled]
        if is_pure and all(_is_plain(x) for x in tree.leaves(left)):
            served = _Served(Template(sizes, *fused(graph), threads(), called_at), entry, axes, recorder, _settings())
            if sizes.unfixed() and not sizes.is_full:
                served.is_checked = any([served.agrees(s, e) for s, e in earlier])
                executable = served.executable(shapes)
                assert executable is not None, "a template does not hold for the sizes that it was made at"
                served.template.foresee([n for s in (*(s for s, _ in earlier), shapes) if (n := served.lengths(s))])
                family.meet(shapes)
                return served, executable
    except (Exception, GraphBreak):  # whatever it is: the call is built as usual, and fails as usual
        if RAISES:
            raise
    finally:
        sizes.close()
    family.failures += 1
    return None


def _is_plain(x) -> bool:
    """Whether a part of a result is the same for all sizes."""
    return type(x) is Tensor or (type(x) is not Size and isinstance(x, PLAIN))


def symbolic_axes(shapes: Shapes, earlier: list[Shapes], sizes: Sizes) -> tuple[list[list[int | str]], list[tuple]]:
    """(names of symbols in place of the lengths that differ from earlier calls, shapes with these symbols).

    Axes that had the same length in each call have one symbol.
    """
    symbols: dict[tuple, Size] = {}
    axes: list[list[int | str]] = []
    made: list[tuple] = []
    for k, shape in enumerate(shapes):
        names: list[int | str] = []
        own: list = []
        for axis, d in enumerate(shape):
            column = (d, *(other[k][axis] for other in earlier))
            if d < LEAST or min(column) == max(column):
                names.append(d)
                own.append(d)
                continue
            if column not in symbols:
                symbols[column] = sizes.symbol(f"s{len(symbols)}", d)
            names.append(symbols[column].text)
            own.append(symbols[column])
        axes.append(names)
        made.append(tuple(own))
    return axes, made
