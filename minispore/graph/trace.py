"""Tracing: a function that is run once on symbolic Tensors becomes a Graph."""

import operator
import sys
from types import FunctionType, MethodType
from typing import Any, NoReturn

import numpy as np

from ..core import tree
from ..core.cell_base import CellBase
from ..core.errors import GraphBreak, fail
from ..core.ir import Graph
from ..core.number import Number, Varying
from ..core.op import value_of, wrap
from ..core.record import STATE, Recorder, Turns, Value
from ..core.tensor import Tensor
from ..flow import runnable
from ..flow.attributes import SetAttributes, symbolic
from ..flow.pieces import is_stretch, named_from_outside
from ..flow.stores import lasting_stores, undo_stores
from ..flow.variables import check_defined
from ..ops.host import prints_at_run_time
from ..transforms.jit import mutable_array
from .passed import Passed
from .stats import STATS
from .trace_errors import of_both_classes


def trace(
    function, args, kwargs, around: Recorder | None = None, checked=True, may_break=False, shapes=None, turns=()
) -> tuple[Graph, Any, Recorder]:
    """(graph, the result with symbolic Tensors in place, the recorder) of one call.

    The outputs of the graph are the Tensors in the result, then those in attributes that were set (``recorder.set_attributes``),
    then those in containers among the arguments that were changed (``recorder.filled``), then the new values of arguments that were changed in place (``recorder.written``: their positions among the inputs).  ``around``: the eager recording that goes on.  ``checked``:
    whether a variable without a value in the result is an error.  ``may_break``: where a value is asked for, a GraphBreak is
    raised, with what Python had changed until then set back; else the error that names the line.
    ``shapes``: of the inputs, where some lengths are Sizes (core/sizes).  ``turns``: of another trace, to be followed (``Turns``).
    """
    attributes = SetAttributes()
    while True:
        found = _traced(function, args, kwargs, around, checked, may_break, shapes, turns, attributes)
        if not attributes.again:
            return found
        restore(found[2])
        attributes = SetAttributes(attributes.visible, attributes.known)


def _traced(function, args, kwargs, around, checked, may_break, shapes, turns, attributes: SetAttributes):
    recorder = Recorder(symbolic=True)
    recorder.turns = Turns(turns)
    recorder.attributes = attributes
    recorder.entry = id(sys._getframe()) if may_break else 0
    recorder.around = around
    recorder.functions = {}
    inputs: list[Value] = []
    tensors: list[Tensor] = []

    def symbol(x):
        number, is_varying = mutable_array(x), type(x) is Varying
        if number is not None:
            x = wrap(number)
        if not isinstance(x, Tensor) or x.is_parameter:
            return x
        shape = x.shape if shapes is None else shapes[len(inputs)]
        value = Value(shape, x.dtype, kind="input")
        inputs.append(value)
        made = Tensor.__new__(Tensor)
        made._data, made._value, made._recorder = None, value, recorder
        tensors.append(made)
        made.is_number = number is not None
        return Number(made) if is_varying else made

    symbols, keywords = tree.map_leaves(symbol, (tuple(args), dict(kwargs)))
    recorder.variables = symbols if is_stretch(function) else ()
    passed = Passed((symbols, keywords))
    STATS.traces += 1
    STATE.recorder = recorder
    try:
        with prints_at_run_time():
            result = _with_numbers(_in_full(runnable(function)(*symbols, **keywords)))
        if checked:
            check_defined(result)
            _check_no_function(result)
        recorder.passed, recorder.filled = passed.returned(result), passed.changed()
        _check_names(args, kwargs, recorder)
        recorder.written = [k for k, t in enumerate(tensors) if t.is_written]
        recorder.set_attributes = attributes.outputs() if may_break else []
        recorder.passes = {}  # no gradient comes any more: what only the kept calls held is gone
        recorder.breaks += lasting_stores(recorder) + named_from_outside(function, result, recorder)
        returned = [*tree.tensors(result), *symbolic([value for _, _, value in recorder.set_attributes])]
        returned += tree.tensors([c.items for c in recorder.filled])
        outputs = [value_of(recorder, t) for t in [*returned, *(tensors[k] for k in recorder.written)]]
        updates = tuple((p, now) for p, now, start in recorder.parameters.values() if now is not start)
    except Exception as error:
        recorder.passes = {}
        recorder.breaks = recorder.breaks or lasting_stores(recorder)
        if recorder.breaks:  # Python runs the function then, up to the line that fails
            _stop(recorder)
        if any(type(x) is Varying for x in args):
            error.of_numbers = True  # type: ignore[attr-defined]  # what takes a number may not take one without a value
            restore(recorder)
        elif shapes is not None:  # the function will run again, with the shapes as they are
            restore(recorder)
        other = of_both_classes(error)
        if other is error:
            raise
        raise other from None
    finally:
        STATE.recorder = around
        recorder.restore_outside()
        attributes.restore()
    if recorder.breaks:  # code of the user has caught the exception
        _stop(recorder)
    graph = Graph(
        tuple(inputs), tuple(recorder.captures.values()), tuple((p, start) for p, _, start in recorder.parameters.values()),
        tuple(recorder.nodes), tuple(outputs), updates, tuple(c for c in recorder.calls if c is not None),
    )  # fmt: skip
    return graph, result, recorder


def _with_numbers(result):
    """``result`` with the Tensor of the graph in place of a ``Number``, so that the caller gets its value; other parts are themselves."""
    if type(result) is Number:
        return result.tensor
    if isinstance(result, (tuple, list)):
        items = [_with_numbers(x) for x in result]
        if all(x is y for x, y in zip(items, result)):
            return result
        return type(result)(*items) if hasattr(result, "_fields") else type(result)(items)
    if isinstance(result, dict):
        made = {k: _with_numbers(v) for k, v in result.items()}
        return result if all(made[k] is v for k, v in result.items()) else type(result)(made)
    return result


def _check_no_function(result) -> None:
    """Raises where a function or a Cell is in what a compiled function returns, as in MindSpore."""
    for x in tree.leaves(result):
        if isinstance(x, (FunctionType, MethodType, CellBase)):
            raise fail(
                RuntimeError,
                f"A function in the output of compiled code is not supported, but '{getattr(x, '__name__', type(x).__name__)}' is returned: "
                "call it there, or return its arguments.",
            )


def _check_names(args, kwargs, recorder: Recorder) -> None:
    """Raises where a Parameter among the arguments has the name of another one."""
    given = [x for x in tree.leaves((args, kwargs)) if isinstance(x, Tensor) and x.is_parameter and x.named]
    if not given:
        return
    known = {id(p): p for p in [*given, *(p for p, _, _ in recorder.parameters.values())]}
    by_name = {p.name: p for p in known.values()}
    for p in given:
        if by_name[p.name] is not p:
            raise fail(
                ValueError,
                f"A Parameter among the arguments has the name of another one, '{p.name}': give it one of its own.",
            )


_SEQUENCES: dict[type, type] = {
    **{marked: kind for kind, marked in tree.MUTABLE.items()},
    range: tuple, map: tuple, zip: tuple, filter: list, enumerate: tuple,
    type({}.keys()): tuple, type({}.values()): tuple, type({}.items()): list,
}  # fmt: skip


def _in_full(result):
    """What a compiled function returns: of an iterator or a view of a dict, as in MindSpore, the items."""
    if type(result) in (list, tuple):
        items = [_in_full(x) for x in result]
        return result if all(map(operator.is_, items, result)) else type(result)(items)
    if isinstance(result, np.generic):
        return result.item()
    return _SEQUENCES[type(result)](result) if type(result) in _SEQUENCES else result


def _stop(recorder: Recorder) -> NoReturn:
    """Ends a trace that cannot become one graph."""
    restore(recorder)
    raise GraphBreak(recorder.breaks)


def restore(recorder: Recorder) -> None:
    """Sets back what Python has changed during a trace: the function will run again."""
    for reads in reversed(
        (recorder.functions or {}).values()
    ):  # a function that began later may have read what others had changed
        reads.restore()
    undo_stores(recorder)
