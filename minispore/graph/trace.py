"""Tracing: a function that is run once on symbolic Tensors becomes a Graph."""

import sys
from typing import Any, NoReturn

from ..core import tree
from ..core.errors import GraphBreak
from ..core.ir import Graph
from ..core.number import Number, Varying
from ..core.op import value_of, wrap
from ..core.record import STATE, Recorder, Value
from ..core.tensor import Tensor
from ..flow import runnable
from ..flow.attributes import SetAttributes, symbolic
from ..flow.variables import check_defined
from ..ops.host import prints_at_run_time
from ..transforms.jit import mutable_array
from .stats import STATS


def trace(
    function, args, kwargs, around: Recorder | None = None, checked=True, may_break=False, shapes=None
) -> tuple[Graph, Any, Recorder]:
    """(graph, the result with symbolic Tensors in place, the recorder) of one call.

    The outputs of the graph are the Tensors in the result, then those in attributes that were set (``recorder.set_attributes``),
    then the new values of arguments that were changed in place (``recorder.written``: their positions among the inputs).  ``around``: the eager recording that goes on.  ``checked``:
    whether a variable without a value in the result is an error.  ``may_break``: where a value is asked for, a GraphBreak is
    raised, with what Python had changed until then set back; else the error that names the line.
    ``shapes``: of the inputs, where some lengths are Sizes (core/sizes.py).
    """
    attributes = SetAttributes()
    while True:
        found = _traced(function, args, kwargs, around, checked, may_break, shapes, attributes)
        if not attributes.again:
            return found
        _restore(found[2])
        attributes = SetAttributes(attributes.visible, attributes.known)


def _traced(function, args, kwargs, around, checked, may_break, shapes, attributes: SetAttributes):
    recorder = Recorder(symbolic=True)
    recorder.attributes = attributes
    recorder.entry = id(sys._getframe()) if may_break else 0
    recorder.around = around
    recorder.functions = {}
    inputs: list[Value] = []
    tensors: list[Tensor] = []

    def symbol(x):
        number, is_number = mutable_array(x), type(x) is Varying
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
        return Number(made) if is_number else made

    symbols, keywords = tree.map_leaves(symbol, (tuple(args), dict(kwargs)))
    STATS.traces += 1
    STATE.recorder = recorder
    try:
        with prints_at_run_time():
            result = runnable(function)(*symbols, **keywords)
        if checked:
            check_defined(result)
        recorder.written = [k for k, t in enumerate(tensors) if t.is_written]
        recorder.set_attributes = attributes.outputs() if may_break else []
        returned = [*tree.tensors(result), *symbolic([value for _, _, value in recorder.set_attributes])]
        outputs = [value_of(recorder, t) for t in [*returned, *(tensors[k] for k in recorder.written)]]
        updates = tuple((p, now) for p, now, start in recorder.parameters.values() if now is not start)
    except Exception as error:
        if recorder.breaks:
            _stop(recorder)
        if any(type(x) is Varying for x in args):
            error.of_numbers = True  # type: ignore[attr-defined]  # what takes a number may not take one without a value
            _restore(recorder)
        elif shapes is not None:  # the function will run again, with the shapes as they are
            _restore(recorder)
        raise
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


def _stop(recorder: Recorder) -> NoReturn:
    """Ends a trace that cannot become one graph."""
    _restore(recorder)
    raise GraphBreak(recorder.breaks)


def _restore(recorder: Recorder) -> None:
    """Sets back what Python has changed during a trace: the function will run again."""
    for reads in (recorder.functions or {}).values():
        reads.restore()
