"""What the examples of a mapped function have each for itself: Parameters, and numbers that stand in Tensors.

A function is traced once, for one member, and reads that member's Parameters.  ``stacks`` says what holds those of all
members, and ``assign`` takes what the function assigned for all of them.
"""

from collections.abc import Callable, Iterator
from typing import Any

from .. import ops
from ..core.errors import fail
from ..core.record import STATE
from ..core.tensor import Tensor
from ..ops.batch import full


class Members:
    """None: every Parameter is the same for all examples."""

    size: Any = None  # an int, where the members are counted
    equal: Any = frozenset()  # ids of Parameters whose values are now equal for all members

    def stacks(self) -> Iterator[tuple[Tensor, Callable[[], Tensor]]]:
        """(what the traced function reads, what gives those of all members on axis 0)."""
        return iter(())

    def assign(self, parameter, value, batched: bool) -> bool:
        """Takes the new value of ``parameter``, for all members on axis 0 if ``batched``; False if it is not theirs."""
        return False

    def refuse(self, observed) -> None:
        """Raises where Python has read, of one member, what each has for itself; ``observed``: what it has read, by id."""
        for tensor, _ in self.stacks():
            if id(tensor) in observed and id(tensor) not in self.equal:
                raise fail(
                    TypeError,
                    f"The copies differ in {self.name_of(tensor)}, which the function takes as a Python value: one for all of them. "
                    "It may differ only where ops compute with it.",
                )

    def name_of(self, tensor) -> str:
        return f"the Parameter '{tensor.name}'" if tensor.is_parameter else "a number"

    def read_by(self, traced) -> list[tuple]:
        """[(value inside, the stack)] of what ``traced`` reads and what differs between the members."""
        return [(v, stack()) for v, _, stack in self._read_by(traced)]

    def _read_by(self, traced) -> list[tuple]:
        """[(value inside, what it stands for, what gives the stack)]"""
        recorder = STATE.recorder
        inside: dict[int, list] = {}
        for outside, inner in traced.free:
            inside.setdefault(id(outside), []).append(inner)
            if recorder is not None:
                inside.setdefault(id(outside._value), []).append(inner)
        found = []
        for tensor, stack in self.stacks():
            keys = {id(tensor)} if recorder is None else {id(tensor), id(_known(recorder, tensor))}
            inner = [v for key in keys for v in inside.get(key, ())]
            found += [(v, tensor, stack) for v in {id(v): v for v in inner}.values()]
        return found


def _known(recorder, tensor):
    """The Value that stands for ``tensor`` in a recording that has read it."""
    if tensor.is_parameter:
        entry = recorder.parameters.get(id(tensor))
        return entry and entry[1]
    root = recorder
    while root.parent is not None:
        root = root.parent
    entry = root.captures.get(id(tensor))
    value = entry and entry[1]
    while value is not None and root is not recorder:
        inner = recorder
        while inner.parent is not root:
            inner = inner.parent
        lifted = inner.lifted.get(id(value))
        value, root = (lifted and lifted[1]), inner
    return value


class Listed(Members):
    """The cells of a CellList: each has Parameters of its own."""

    def __init__(self, ensemble):
        if STATE.recorder is not None:  # a compiled call notices when one of them changes
            for _, cell in ensemble.cells_and_names():
                STATE.recorder.cells.setdefault(id(cell), cell)
        self.cells = list(ensemble)
        self.size = len(self.cells)
        named = [dict(c.parameters_and_names()) for c in self.cells]
        kinds = [[(path, type(below)) for path, below in c.cells_and_names()] for c in self.cells]
        for k, other in enumerate(named[1:], 1):
            if _types(other) != _types(named[0]) or kinds[k] != kinds[0]:
                raise fail(
                    RuntimeError,
                    f"For 'vmap', the cells of a CellList must be alike, but cell {k} differs from cell 0.",
                )
        numbers = [_numbers(c) for c in self.cells]
        different = next((key for other in numbers for key in other if other[key] != numbers[0].get(key)), None)
        if different is not None:
            raise fail(
                RuntimeError,
                f"For 'vmap', the cells of a CellList may differ in their Parameters alone, but they differ in '{different}'.",
            )
        self.groups = {id(p): [other[n] for other in named] for n, p in named[0].items()}

    def stacks(self):
        for group in self.groups.values():
            yield group[0], lambda group=group: ops.stack(group)

    def assign(self, parameter, value, batched):
        for k, p in enumerate(self.groups.get(id(parameter), ())):
            ops.assign(p, value[k] if batched else value)
        return id(parameter) in self.groups


def _numbers(cell) -> dict[str, Any]:
    """The numbers among the attributes, by path: those of the first cell would be taken for all."""
    return {
        f"{path}.{name}" if path else name: value
        for path, below in cell.cells_and_names() for name, value in vars(below).items()
        if type(value) in (bool, int, float) and not name.startswith("_")
    }  # fmt: skip


def _types(named):
    return {n: (p.shape, p.dtype) for n, p in named.items()}


class Stacked(Members):
    """Parameters that hold those of all members on axis 0.

    Args:
        of: {id(what one member reads): (that, the Parameter of all)}.
        size: how many members.
        equal: ids of Parameters whose values are now equal for all members, such as counters.  Those that the traced
            function keeps equal are not batched, so that a branch on one remains a branch.
    """

    def __init__(self, of: dict, size: int, equal=frozenset()):
        self.of, self.size, self.equal = of, size, equal

    def name_of(self, tensor) -> str:
        return f"'{self.of[id(tensor)][1].name}'"

    def stacks(self):
        for tensor, stack in self.of.values():
            yield tensor, lambda stack=stack: stack

    def read_by(self, traced):
        read = self._read_by(traced)
        equal, starts, ends = set(self.equal), len(traced.outputs) - len(traced.updates), {}
        for parameter, value in zip(traced.updates, traced.outputs[starts:]):
            ends[id(parameter)] = value
        while True:
            differs = traced.reached([*traced.inputs, *(v for v, tensor, _ in read if id(tensor) not in equal)])
            still = {key for key in equal if key not in ends or id(ends[key]) not in differs}
            if still == equal:
                break
            equal = still
        first = {id(v): stack()[0] for v, tensor, stack in read if id(tensor) in equal}
        traced.free = [(first.get(id(inner), outside), inner) for outside, inner in traced.free]
        return [(v, stack()) for v, tensor, stack in read if id(tensor) not in equal]

    def assign(self, parameter, value, batched):
        entry = self.of.get(id(parameter))
        if entry is None:
            return False
        ops.assign(entry[1], full(value, self.size, batched))
        return True
