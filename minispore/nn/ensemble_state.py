"""What a training step reads that may differ between its copies: Parameters, Tensors and numbers among its attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..core import random
from ..core.errors import fail
from ..core.tensor import Tensor
from .cell import Cell
from .ensemble_function import referred
from .optim.groups import Group
from .optim.optimizer import Optimizer
from .step_copy import is_function

ABOVE_ZERO = {  # flags that say whether a number is above 0: where it is in one copy, it may be 0 in others
    ".exec_weight_decay": "weight decay", ".decay_flags": "weight decay", ".has_momentum": "momentum",
}  # fmt: skip
RANDOM = ("random_seed", "random_counter")
PLAIN = (bool, str, type(None))
CONTAINERS = (tuple, list, dict)
PACKAGE = __name__.partition(".")[0] + "."


class Place(NamedTuple):
    """Where a number is: an attribute of a Cell, or inside of one that is a tuple, list or dict."""

    cell: Cell
    name: str
    inside: tuple  # of what leads to it: indices and keys

    def value(self):
        found = self.cell.__dict__[self.name]
        for part in self.inside:
            found = found[part]
        return found

    def put(self, value) -> None:
        """Writes it, as an assignment does."""
        setattr(self.cell, self.name, self.attribute_with(value))

    def attribute_with(self, value):
        """The attribute with ``value`` in this place; containers are copied."""
        return _with(self.cell.__dict__[self.name], self.inside, value)


def _with(held, inside: tuple, value):
    if not inside:
        return value
    first, *rest = inside
    if isinstance(held, dict):
        return {k: _with(v, tuple(rest), value) if k == first else v for k, v in held.items()}
    return type(held)(_with(v, tuple(rest), value) if k == first else v for k, v in enumerate(held))


class Held:
    """By path: where the step's Tensors and numbers are, and with ``noted`` what they hold."""

    def __init__(self, step):
        self.sources: dict[str, Tensor] = dict(zip(RANDOM, (random.SEED, random.COUNTER)))
        self.number_places: dict[str, Place] = {}
        self.plain: dict[str, object] = {}  # what must be equal in all copies
        seen = {id(t) for t in self.sources.values()}
        functions: list[tuple[str, object]] = []
        for path, cell in _cells(step, functions, seen, self):
            self.plain[path] = (
                f"{type(cell).__module__}.{type(cell).__qualname__}"  # a function may make its class anew
            )
            for name, p in cell._own_parameters():
                if id(p) not in seen:
                    seen.add(id(p))
                    key = _joined(path, name)
                    self.sources[f"{key}.inside" if key in RANDOM else key] = p  # of an ensemble in it
            for name, value in vars(cell).items():
                key = _joined(path, name)
                if is_function(value):
                    functions.append((key, value))
                if name.startswith("_") and type(cell).__module__.startswith(PACKAGE):
                    continue
                if not name.startswith("_") and (
                    isinstance(value, PLAIN) or (type(value) is tuple and all(isinstance(v, PLAIN) for v in value))
                ):
                    self.plain[key] = value
                for inside, leaf in _leaves(value):
                    place = ".".join(map(str, (key, *inside)))
                    if type(leaf) in (int, float):
                        self.number_places[place] = Place(cell, name, inside)
                    elif isinstance(leaf, Tensor) and id(leaf) not in seen:
                        seen.add(id(leaf))
                        self.sources[place] = leaf
        self.plain["training"] = [c.training for _, c in step.cells_and_names()] if isinstance(step, Cell) else None
        self.tensors: dict[str, np.ndarray] = {}
        self.numbers: dict[str, int | float] = {}

    def noted(self, random_state: tuple[int, int]) -> Held:
        """With copies of the values; ``random_state``: (seed, counter)."""
        self.tensors = {key: np.array(t._array()) for key, t in self.sources.items()}
        for key, number in zip(RANDOM, random_state):
            self.tensors[key] = np.array(number, np.int64)
        self.numbers = {key: place.value() for key, place in self.number_places.items()}
        self.is_parameter = {key: t.is_parameter for key, t in self.sources.items()}
        self.trainable = {key: t.is_parameter and t.requires_grad for key, t in self.sources.items()}
        self.names = {key: t.name if t.is_parameter else key for key, t in self.sources.items()}
        return self

    @property
    def above_zero(self) -> int:
        """How many of the numbers in ``ABOVE_ZERO`` are."""
        flags = (value if isinstance(value, tuple) else (value,) for key, value in self.plain.items() if _flag(key))
        return sum(value is True for of_one in flags for value in of_one)

    def key_of(self, step: Cell, name: str) -> str | None:
        """The path under which the number ``name`` (see ``owner_of``) is known here."""
        try:
            owner, attribute = owner_of(step, name)
        except AttributeError:
            return None
        value = number_of(owner, attribute)
        places = {(id(p.cell), p.name): key for key, p in self.number_places.items() if not p.inside}
        return next((k for k, t in self.sources.items() if t is value), places.get((id(owner), attribute)))


def _cells(step, functions, seen: set, held: Held) -> Iterator[tuple[str, Cell]]:
    """(path, Cell) of the Cells of a step; then of those that only ``functions``, which Cells hold, refer to.

    The Tensors that only functions refer to, and what these know as constants, are noted in ``held``.
    """
    waiting = list(step.cells_and_names()) if isinstance(step, Cell) else []
    known = {id(cell) for _, cell in waiting}
    yield from waiting
    for key, function in functions:  # which grows
        for variable, found in referred(function):
            place = f"{key}.{variable}"
            if isinstance(found, Cell):
                new = [(_joined(place, p), c) for p, c in found.cells_and_names() if id(c) not in known]
                known.update(id(c) for _, c in new)
                yield from new
            elif not isinstance(found, Tensor):
                held.plain[place] = found
            elif id(found) not in seen:
                seen.add(id(found))
                held.sources[place] = found


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _leaves(value, inside: tuple = ()) -> Iterator[tuple[tuple, object]]:
    """(where it is, what is there) of what tuples, lists and dicts hold."""
    if type(value) not in CONTAINERS:
        yield inside, value
        return
    for k, item in value.items() if type(value) is dict else enumerate(value):
        yield from _leaves(item, (*inside, k))


def same_structure(first: Held, other: Held, k: int, of: str) -> None:
    """Raises if two copies differ in more than the values of Tensors and numbers."""
    different = [*(first.tensors.keys() ^ other.tensors.keys()), *(first.numbers.keys() ^ other.numbers.keys())]
    if different:
        raise fail(
            ValueError,
            f"For 'ensemble', copies must have one structure, but copy {k} and {of} differ in {sorted(different)[:3]}.",
        )
    for key, array in first.tensors.items():
        found = other.tensors[key]
        if array.shape != found.shape or array.dtype != found.dtype:
            raise fail(
                ValueError,
                f"For 'ensemble', '{key}' of copy {k} must have the shape {array.shape} and type {array.dtype} of {of}, but got "
                f"{found.shape} and {found.dtype}.",
            )
    for key in first.plain.keys() | other.plain.keys():
        a, b = first.plain.get(key), other.plain.get(key)
        flag = _flag(key)
        if a != b and not (flag and _less(b, a)):
            hint = (
                f" To give some copies {ABOVE_ZERO[flag]}, the step needs a {ABOVE_ZERO[flag]} above 0."
                if flag
                else " Copies may differ in Parameters, Tensors and numbers; other values are part of the compiled step."
            )
            raise fail(ValueError, f"For 'ensemble', '{key}' is {a!r:.60} in {of} and {b!r:.60} in copy {k}.{hint}")


def _flag(key: str) -> str | None:
    return next((ending for ending in ABOVE_ZERO if key.endswith(ending)), None)


def _less(b, a) -> bool:
    """Whether flags ``b`` are set only where ``a`` are."""
    b, a = (x if isinstance(x, tuple) else (x,) for x in (b, a))
    return len(a) == len(b) and all(q or not p for p, q in zip(b, a))


def owner_of(step: Cell, name: str) -> tuple[Any, str]:
    """(what has the number, its name there) that ``name`` means: a path, or a number of the step, its optimizer or network.

    A part of a path is an attribute, or the place of one of a list's items: "optimizer.param_groups.0.lr".
    """
    *path, attribute = name.split(".")
    owners = [
        step,
        *(getattr(step, n) for n in ("optimizer", "network") if hasattr(step, n)),
        *getattr(step, "parts", ()),
    ]
    known: list[str] = []
    for owner in owners:
        try:
            for part in path:
                owner = _part(owner, part)
        except (AttributeError, LookupError):
            continue
        try:
            value = number_of(owner, attribute)
        except (AttributeError, LookupError):
            names = [*vars(owner), *owner._params] if isinstance(owner, Cell) else owner
            known += [n for n in names if isinstance(n, str) and _is_number(owner, n)]
            continue
        if _is_number(owner, attribute):
            return owner, attribute
        hint = "."
        if isinstance(value, Cell):
            hint = f"; its own numbers are found by paths, such as '{name}.…'."
        elif attribute in ("learning_rate", "weight_decay"):
            key = "lr" if attribute == "learning_rate" else attribute
            hint = f"; each group has its own: '{'.'.join([*path, 'param_groups', '0', key])}'."
        raise fail(
            AttributeError,
            f"For 'ensemble', '{name}' is {type(value).__name__}, not a number that copies may differ in{hint}",
        )
    there = sorted({n for n in known if not n.startswith("_")})
    raise fail(
        AttributeError,
        f"For 'ensemble', neither the step nor its optimizer or network has a number '{name}'"
        + (f"; there are {', '.join(map(repr, there[:12]))}." if there else "."),
    )


def _part(owner, part: str):
    if isinstance(owner, dict):
        return owner[part]
    return owner[int(part)] if part.isdigit() else getattr(owner, part)


def number_of(owner, attribute: str):
    """The number as a step reads it: a Tensor, a float or an int."""
    if isinstance(owner, Group) and attribute == "weight_decay":
        return owner.decay
    return _part(owner, attribute)


def _is_number(owner, attribute: str) -> bool:
    try:
        value = number_of(owner, attribute)
    except (AttributeError, LookupError):
        return False
    return type(value) in (int, float) or (isinstance(value, Tensor) and value.ndim == 0)


def written(owner, attribute: str):
    """The number as it was given, to be written back."""
    if isinstance(owner, Group) or (attribute == "weight_decay" and hasattr(owner, "param_groups")):
        value = (owner if isinstance(owner, Group) else owner.param_groups[0])[attribute]  # without the loss scale
    else:
        value = number_of(owner, attribute)
    return value + 0.0 if isinstance(value, Tensor) else value


def write(owner, attribute: str, value) -> None:
    """Gives the number of one copy, or the one that was there before, to the step."""
    known = number_of(owner, attribute)
    if isinstance(known, Tensor) and known.is_parameter and not isinstance(owner, Optimizer):
        known.set_data(Tensor(value, known.dtype))
    elif isinstance(owner, dict):
        owner[attribute] = value
    else:
        setattr(owner, attribute, value)
