"""The gradient of one op as a program: how the last backward pass of a gradient in PYNATIVE mode goes through a node.

The rule of an op is written with ops (``vjp``).  Run as it stands, each of these pays for Tensors, type promotion and checks.  So the
rule is traced once for each kind of node, to a piece (piece.py), and its nodes are then evaluated on arrays: where these are small by
one Python function of NumPy calls, where they are large by the kernel of each op, or as one compiled call where there are several.
"""

import math
from collections import OrderedDict

from ..core import tree
from ..core.context import compiles_pieces
from ..core.numeric import quietly
from ..core.op import wrap
from ..core.record import STATE, Node, Value
from ..core.tensor import Tensor
from ..flow.watch import exactly
from .numpy_program import Writer
from .piece import Gradient, Piece, differentiated

KEPT = 2048  # programs; the least recently used go first
_programs: OrderedDict[tuple, "Program | None"] = OrderedDict()


class Program:
    """A gradient, ready to run on arrays."""

    def __init__(self, gradient: Gradient):
        self.gradient, self.function = gradient, _as_python(gradient.piece)
        computed = [node.op for node in gradient.piece.nodes if node.op.kind != "view"]
        self.compiled_from = (
            min((op.compiled_from for op in computed), default=math.inf) if len(computed) > 1 else math.inf
        )
        wanted = gradient.wanted
        self.forms = None if all(type(form) is Tensor for form in wanted.values()) else wanted  # sparse gradients
        order = list(wanted)
        self.places = [order.index(k) if k in wanted else None for k in range(len(gradient.needs))]

    def __call__(self, node: Node, given) -> list:
        """The gradient of each input of ``node``, or None, from those of its outputs."""
        seeds = [g if g is None else g._array() for g in given]
        arrays = self.gradient.read([v.data for v in node.inputs], [v.data for v in node.outs], seeds)
        found = [wrap(a) for a in self.run(arrays)]
        if self.forms is None:
            return [None if k is None else found[k] for k in self.places]
        remaining = iter(found)
        made = {k: tree.map_leaves(lambda _: next(remaining), form) for k, form in self.forms.items()}
        return [made.get(k) for k in range(len(node.inputs))]

    def run(self, arrays: list):
        for a in arrays:
            if a.size >= self.compiled_from:
                if compiles_pieces() and all([a.flags.c_contiguous for a in arrays]):
                    return self.gradient.piece.executable.run(arrays)
                break
        return quietly(self.function, *arrays)


def program_of(node: Node, needs: tuple[bool, ...], given: tuple[bool, ...], integers: int) -> Program | None:
    """The program for the gradient of ``node``; None where the rule has to be run as it stands.

    Args:
        node: Node.
        needs: which of its inputs have a gradient.
        given: which of its outputs have one.
        integers: whether gradients pass through integers.
    """
    if not node.op.vjp_is_fixed or node.op.vjp_traces:
        return None
    types = tuple([(v.shape, v.dtype) for v in node.inputs])
    key = node.op, exactly(tuple(node.attrs.items())), types, needs, given, integers, STATE.through_updates
    try:
        found = _programs.get(key, _programs)
    except TypeError:  # an attribute that cannot be a key
        return None
    if found is not _programs:
        _programs.move_to_end(key)
        return found  # type: ignore[return-value]
    _programs[key] = made = _traced(node, needs, given, integers)
    if len(_programs) > KEPT:
        _programs.popitem(last=False)
    return made


def _traced(node: Node, needs, given, integers: int) -> Program | None:
    inputs = [Value(v.shape, v.dtype, kind="input") for v in node.inputs]
    alone = Node(node.op, tuple(inputs), node.attrs, [(v.shape, v.dtype) for v in node.outs])
    try:
        made = differentiated(Piece(inputs, [alone], alone.outs), needs, given, may_save=False, integers=integers)
    except (RuntimeError, TypeError, ValueError):  # the rule reads values, which a trace does not have
        return None
    gradient = made.gradient
    assert gradient is not None
    if gradient.outside or gradient.updated:  # Tensors of this node, or a state that goes on
        return None
    return Program(gradient)


def _as_python(piece: Piece):
    """A function from the inputs of ``piece`` to a tuple of its outputs, all arrays, with a line for each node."""
    writer = Writer()
    writer.names = {id(v): f"_in{k}" for k, v in enumerate(piece.inputs)}
    parameters = list(writer.names.values())
    writer.write(piece.nodes)
    return writer.function("program", parameters, f"({''.join(writer.name_of(v) + ', ' for v in piece.outputs)})")
