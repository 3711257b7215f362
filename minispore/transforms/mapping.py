"""``vmap``: a function of one example becomes a function of many."""

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..core import tree
from ..core.cell_base import CellBase
from ..core.errors import fail
from ..core.op import as_tensor
from ..core.tensor import Tensor
from ..flow import runnable
from ..flow.batching import assign_updates, example_of, run_batched
from ..flow.subgraph import trace_inside
from ..ops.batch import full, swapped, to_front
from .jit import transformed
from .members import Listed, Members


def vmap(fn, in_axes=0, out_axes=0):
    """A function that applies ``fn`` to many examples at once: to the slices of its arguments along the mapped axes.

    ``fn`` is traced once on one example; each op then works on all examples by the batch rule of its definition, so
    that for example many products with one matrix become one product.  Conditions on values become part of the trace,
    as in GRAPH mode.  Random numbers are drawn once and are the same for all examples.

    Args:
        fn: function or Cell of Tensors, or a CellList of cells of one structure: an ensemble, whose k-th cell gets the
            k-th example.
        in_axes: which axis of the positional arguments counts the examples: an int for all, or a tuple or list with an
            int, None (the argument is the same for all examples) or, for an argument that is a structure of Tensors, a
            structure of these.  Keyword arguments are the same for all examples.  Default: 0.
        out_axes: where the axis of examples is put in the results, in the same forms.  None: no such axis, for results
            that do not depend on the example.  Default: 0.

    Returns:
        function with the arguments of ``fn``, whose results have the axis of examples more.

    Raises:
        RuntimeError: ``in_axes`` or ``out_axes`` do not fit the arguments or results, the mapped axes have different
            lengths or length 0, a Parameter that is not mapped would get different values from different examples,
            ``fn`` is no function.

    >>> from minispore import Tensor, ops, vmap
    >>> distance = lambda x, y: ops.norm(x - y)
    >>> points = Tensor([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
    >>> print(vmap(distance, in_axes=(0, None))(points, Tensor([0.0, 0.0])))
    [ 0.  5. 10.]
    """
    ensemble = isinstance(fn, CellBase) and fn.is_list_of_cells
    if ensemble and not len(fn):
        raise fail(RuntimeError, "For 'vmap', a CellList must hold at least one cell, but it is empty.")
    if not callable(fn):
        raise fail(RuntimeError, f"For 'vmap', 'fn' must be a function or a Cell, but got {type(fn).__name__}.")
    for name, axes in (("in_axes", in_axes), ("out_axes", out_axes)):
        found = tree.leaves(axes)
        for a in found:
            if a is not None and (isinstance(a, bool) or not isinstance(a, int)):
                raise fail(
                    RuntimeError, f"For 'vmap', '{name}' must hold ints and None, but got {type(a).__name__} {a!r}."
                )
        if not ensemble and all(a is None for a in found):
            raise fail(RuntimeError, f"For 'vmap', '{name}' must name an axis, but got {axes!r}.")

    def run(*args, **kwargs):
        if not ensemble:
            return run_mapped(fn, Members(), in_axes, out_axes, args, kwargs)
        members = Listed(fn)
        return run_mapped(members.cells[0], members, in_axes, out_axes, args, kwargs)

    return transformed(fn, run, "vmap", ("vmap", _hashable(in_axes), _hashable(out_axes)))


def _hashable(axes):
    if isinstance(axes, dict):
        return tuple((k, _hashable(v)) for k, v in axes.items())
    return (type(axes), *map(_hashable, axes)) if isinstance(axes, (tuple, list)) else axes


def run_mapped(fn, members: Members, in_axes, out_axes, args, kwargs):
    """One mapped call: ``fn`` is traced for one example, and one of the ``members``, and run for all."""
    leaves = _leaves_with_axes(args, in_axes)
    size = _size(leaves, members)
    batches = [None if axis is None else to_front(x, axis) for axis, x in leaves]
    parameters = [(k, axis, x) for k, (axis, x) in enumerate(leaves) if axis is not None and _is_kept(x)]

    starts: list = []

    def body(*symbols, **keywords):
        mapped = [tree.leaves(symbols)[k] for k, _, _ in parameters]
        starts[:] = [x._value for x in mapped]
        for x in mapped:
            x.__dict__["of_parameter"] = True
        return runnable(fn)(*symbols, **keywords), mapped  # with what was assigned to them

    examples = iter([x if b is None else example_of(b) for (_, x), b in zip(leaves, batches)])
    symbols = tree.map_leaves(lambda x: next(examples), tuple(args))
    same = {id(x) for axis, x in leaves if axis is None} | {id(t) for t in tree.tensors(kwargs)}
    traced = trace_inside(body, symbols, kwargs, constant=same)
    members.refuse(traced.observed)
    outs = run_batched(traced, [b for b in batches if b is not None], size, members.read_by(traced))
    assign_updates(traced, outs, members.assign)
    result, after = traced.result
    remaining = iter(outs)
    made = _result(result, out_axes, remaining, size)
    for (_, axis, parameter), symbol, start, (value, batched) in zip(parameters, after, starts, remaining):
        if symbol._value is not start:
            ops.assign(parameter, swapped(full(value, size, batched), axis))
    return made


def _is_kept(x: Tensor) -> bool:
    """Whether what is assigned to it remains: a Parameter, or one example of a Parameter that a ``vmap`` around this one maps."""
    return x.is_parameter or "of_parameter" in x.__dict__


def _leaves_with_axes(args, in_axes) -> list[tuple[int | None, Any]]:
    """(batch axis or None, leaf) for each leaf of the arguments; axes count from the front."""
    axes = _spread(in_axes, list(args), "in_axes") if isinstance(in_axes, (tuple, list)) else [in_axes] * len(args)
    leaves: list[tuple[int | None, Any]] = []
    for a, argument in zip(axes, args):
        for axis, x in _with_axes(a, argument, "in_axes"):
            if axis is not None and not isinstance(x, Tensor):
                raise fail(
                    RuntimeError,
                    f"For 'vmap', the axis {axis} of 'in_axes' needs a Tensor, but got {type(x).__name__} {x!r:.40}; "
                    "its axis must be None.",
                )
            leaves.append((None if axis is None else _axis(axis, x.ndim, "in_axes"), x))
    return leaves


def _size(leaves, members: Members) -> int:
    """The number of examples."""
    sizes = [] if members.size is None else [members.size]
    sizes += [x.shape[axis] for axis, x in leaves if axis is not None]
    if not sizes:
        raise fail(RuntimeError, "For 'vmap', no argument has a mapped axis, so the number of examples is not known.")
    if any(n != sizes[0] for n in sizes):
        raise fail(RuntimeError, f"For 'vmap', the mapped axes must have one length, but got {sizes}.")
    if sizes[0] == 0:
        raise fail(RuntimeError, "For 'vmap', at least one example is needed, but the mapped axes have length 0.")
    return sizes[0]


def _axis(axis: int, ndim: int, name: str) -> int:
    if not -ndim <= axis < ndim:
        raise fail(RuntimeError, f"For 'vmap', the axis {axis} of '{name}' is out of bounds for {ndim} axes.")
    return axis % ndim


# ---------------------------------------------------------------- structures of axes
def _spread(axes, items: Sequence, name: str) -> list:
    if len(axes) != len(items):
        raise fail(RuntimeError, f"For 'vmap', '{name}' has {len(axes)} items, but there are {len(items)} to map.")
    return list(axes)


def _with_axes(axes, structure, name: str) -> list[tuple]:
    """[(axis, leaf)]; an int or None in ``axes`` applies to all leaves below it."""
    if axes is None or isinstance(axes, int):
        return [(axes, x) for x in tree.leaves(structure)]
    if isinstance(axes, dict) and isinstance(structure, dict) and set(axes) == set(structure):
        return [pair for k, x in structure.items() for pair in _with_axes(axes[k], x, name)]
    if isinstance(axes, (tuple, list)) and isinstance(structure, (tuple, list)):
        return [pair for a, x in zip(_spread(axes, structure, name), structure) for pair in _with_axes(a, x, name)]
    raise fail(
        RuntimeError,
        f"For 'vmap', '{name}' has {axes!r} in the place of a {type(structure).__name__}, which does not fit.",
    )


def _result(result, out_axes, outs, size):
    if isinstance(out_axes, (tuple, list)) and len(out_axes) == 1 and tree.is_leaf(result):
        out_axes = out_axes[0]
    axes = iter([a for a, _ in _with_axes(out_axes, result, "out_axes")])

    def placed(x):
        axis = next(axes)
        if isinstance(x, Tensor):
            tensor, batched = next(outs)
        elif isinstance(x, (bool, int, float)) and axis is not None:
            tensor, batched = as_tensor(x), False
        else:
            return x
        if axis is None:
            if batched:
                raise fail(
                    RuntimeError, "For 'vmap', 'out_axes' is None for a result that differs between the examples."
                )
            return tensor
        tensor = full(tensor, size, batched)
        place = _axis(axis, tensor.ndim, "out_axes")
        return swapped(tensor, place)

    return tree.map_leaves(placed, result)
