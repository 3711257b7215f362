"""Calls with arguments that MindSpore does not take are refused, most with a TypeError: of functions, methods and primitives, by one table.

A row of ``call_forms.py`` is a form and the names that it is for.  A form has a word for each argument by place, and ``name=word`` for
arguments by name, which of a primitive are those of its constructor.  A word has a letter for each kind that is taken
(``argument_kinds.py``), "*" for any; after a colon come the types of Tensors that are taken::

    "T TI axis=i"      a Tensor; a Tensor or ints; an int
    "* *:i4,i8"        anything; if it is a Tensor, of int32 or int64

What a primitive asks of its inputs together is in ``pair_forms.py``.
Only users' calls are looked at, where they come in (core/boundary.py): the package itself passes numbers and lists where that is shorter.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from .. import ops
from ..core.boundary import REFUSALS
from ..core.dtype import promote
from ..core.errors import fail
from ..core.registry import supplies
from ..core.tensor import Tensor
from ..ops.primitive_base import Primitive
from .argument_kinds import described, fits, plain
from .call_forms import FORMS, TYPES
from .pair_forms import of_inputs

_TYPES = {
    "b": "Bool", "bf": "BFloat16", "f2": "Float16", "f4": "Float32", "f8": "Float64", "i1": "Int8", "i2": "Int16", "i4": "Int32",
    "i8": "Int64", "u1": "UInt8", "u2": "UInt16", "u4": "UInt32", "u8": "UInt64", "c8": "Complex64", "c16": "Complex128",
}  # fmt: skip


class Form:
    """What a callable takes."""

    def __init__(self) -> None:
        self.places: dict[int, str] = {}  # place -> kinds
        self.named: dict[str, str] = {}  # name -> kinds
        self.types: dict[int, frozenset[str]] = {}  # place -> names of the types of a Tensor

    def add(self, text: str) -> None:
        for place, word in enumerate(text.split()):
            name, _, kinds = word.rpartition("=")
            kinds, _, types = kinds.partition(":")
            if name:
                self.named[name] = kinds
            elif kinds != "*":
                self.places[place] = kinds
            if types:
                self.types[place] = frozenset(_TYPES[t] for t in types.split(",")) | _computed_alike(types)


def _computed_alike(types: str) -> set[str]:
    """bfloat16 is taken where float16 is: both are computed in float32."""
    return {"BFloat16"} if "f2" in types.split(",") else set()


def _by_name(*tables: Mapping[str, str]) -> dict[str, Form]:
    found: dict[str, Form] = {}
    for table in tables:
        for text, names in table.items():
            for name in names.split():
                found.setdefault(name, Form()).add(text)
    return found


OF_NAME = _by_name(FORMS, TYPES)
_UPDATES = frozenset(("Assign", "AssignAdd", "AssignSub", "assign", "assign_add", "assign_sub"))


@supplies("refusals")
def refuse_in(home: str, names: Mapping[str, Any]) -> None:
    """Notes in ``REFUSALS`` what the functions and primitives refuse that a module has by their names: "ops", "mint", "F" for its
    functional, or "T" for methods of Tensors."""
    for name, item in names.items():
        if isinstance(item, type) and issubclass(item, Primitive):
            called, name = vars(item).get("__call__"), item.__name__
        else:
            called, name = item, name if home == "ops" else f"{home}.{name}"
        form = OF_NAME.get(name)
        is_primitive = called is not item
        if form is None and is_primitive and of_inputs(name) is not None:
            form = Form()
        if form is not None and callable(called) and called not in REFUSALS:
            REFUSALS[called] = _of_primitive(name, form) if is_primitive else _of_function(name, item, form)


def refuse_in_all() -> None:
    """That, for what is imported with the package; mint asks for its own."""
    refuse_in("ops", vars(ops))
    refuse_in("T", vars(Tensor))


def _of_function(name: str, function: Callable, form: Form) -> Callable:
    parameters = cache(lambda: dict(enumerate(_parameters(function))))
    home, _, last = name.rpartition(".")
    shown = f"Tensor.{last}" if home == "T" else last

    def named() -> Mapping[str, str]:
        names = parameters()
        return {names[place]: kinds for place, kinds in form.places.items() if place in names} | form.named

    def called(place: int) -> str:
        return f"'{parameters()[place]}'" if place in parameters() else f"argument {place}"

    return _refusal(shown, form, named, called)


def _of_primitive(name: str, form: Form) -> Callable:
    """The first argument is the object."""
    return _refusal(name, form, lambda: form.named, lambda place: f"input {place}", first=1)


def _parameters(function: Callable) -> Iterator[str]:
    try:
        for p in inspect.signature(function).parameters.values():
            if p.kind == p.POSITIONAL_OR_KEYWORD:
                yield p.name
    except ValueError:  # it tells no signature
        pass


def _refusal(
    name: str, form: Form, named: Callable[[], Mapping[str, str]], called: Callable[[int], str], first: int = 0
) -> Callable:
    """(args, kwargs) -> the error of such a call, or None.

    ``named``: what the arguments by name are, asked for when the first one comes: to look at the signatures of all functions takes
    a twentieth of the import.  ``called``: how an error names a place.  ``first``: where the places begin; those before have the arguments by name as attributes.
    """
    by_place = [(place + first, kinds, plain(kinds)) for place, kinds in sorted(form.places.items())]
    by_name = cache(lambda: [(argument, kinds, plain(kinds)) for argument, kinds in named().items()])
    types = [(place + first, taken) for place, taken in sorted(form.types.items())]
    is_update = name in _UPDATES
    together = of_inputs(name) if first else None

    def refusal(args, kwargs):
        for place, kinds, known in by_place:
            if place < len(args):
                value = args[place]
                if type(value) not in known and not fits(kinds, value):
                    return _of_kind(name, called(place - first), kinds, value)
        for place, taken in types:
            if place < len(args) and isinstance(args[place], Tensor) and str(args[place].dtype) not in taken:
                return _of_type(name, called(place - first), taken, args[place])
        given = args[0].__dict__ if first else kwargs
        if given:
            for argument, kinds, known in by_name():
                if argument in given:
                    value = given[argument]
                    if type(value) not in known and not fits(kinds, value):
                        return _of_kind(name, f"'{argument}'", kinds, value)
        if together is not None:
            wrong = together(args[first:])
            if wrong is not None:
                return wrong
        return _of_update(name, args[first:]) if is_update else None

    return refusal


def _of_update(name: str, args) -> Exception | None:
    """The error of an update with a Tensor whose common type with the variable is not the variable's."""
    if len(args) < 2 or not (isinstance(args[0], Tensor) and isinstance(args[1], Tensor)):
        return None
    mine, given = args[0].dtype, args[1].dtype
    if given is mine or promote(given, mine) is mine:
        return None
    return fail(
        TypeError,
        f"For '{name}', {given} cannot be put into a Parameter or Tensor of {mine}: convert it with .astype first.",
    )


def _of_kind(name: str, argument: str, kinds: str, value: Any) -> Exception:
    return fail(
        TypeError,
        f"For '{name}', {argument} must be {described(kinds)}, but got {type(value).__name__}: {value!r:.60}.",
    )


def _of_type(name: str, argument: str, taken: frozenset[str], value: Tensor) -> Exception:
    wanted = ", ".join(sorted(taken))
    return fail(TypeError, f"For '{name}', {argument} must be a Tensor of {wanted}, but got {value.dtype}.")


__all__ = ["OF_NAME", "refuse_in", "refuse_in_all"]
