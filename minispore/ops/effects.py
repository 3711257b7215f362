"""Side effects: assigning to Parameters, stopping gradients, checking indices at run time."""

import threading

import numpy as np

from ..core import hints
from ..core.dtype import int64
from ..core.errors import IndexOutOfRange, fail
from ..core.kernel import device, kernel
from ..core.op import (
    REGISTRY,
    ViewOf,
    apply,
    as_tensor,
    elementwise,
    library,
    record_values,
    tensor_of,
    to,
    value_of,
    wrap,
)
from ..core.record import STATE
from ..core.samples import i
from ..core.sizes import index as index_of
from ..core.tensor import Tensor
from .batch import batch_elementwise, full
from .elementwise import select
from .methods import method

stop_gradient_op = elementwise("stop_gradient", "x", samples=[])


def stop_gradient(value):
    """The value as a constant of the gradient: nothing flows back through it.

    Args:
        value (Tensor | object): any shape and type; what is no Tensor is returned as it is.

    Returns:
        Tensor of the shape, type and values of ``value``.

    >>> import minispore as ms
    >>> print(ms.grad(lambda x: x * stop_gradient(x))(ms.Tensor([3.0])))
    [3.]
    """
    return stop_gradient_op(value) if isinstance(value, Tensor) else value


@method("_without_gradient")
def _without_gradient(x):
    """``x.data``: its values as a constant of the gradient; what is written to them is written to ``x``."""
    recorder = STATE.recorder
    if recorder is None:
        return wrap(x._array())
    result = stop_gradient_op(x)
    result._view = ViewOf(REGISTRY["reshape"], x, {"shape": x.shape}, recorder)
    return result


# ``new`` as the value of a Parameter whose value was ``old``: the gradient is that of the Parameter, so it passes to ``old``,
# and nothing flows into ``new`` unless the gradient was asked for through updates
assigned = elementwise(
    "assigned", "new", "new old", samples=[],
    vjp=(
        lambda g, out, new, old: g if STATE.through_updates else None,
        lambda g, out, new, old: None if STATE.through_updates else g,
    ),
)  # fmt: skip


# ``new``, which a view from outside shows of its Parameter, where the view was ``old``.  The view is a constant of the gradient, as
# in MindSpore, with what was written to it: so the gradient passes to ``old`` where nothing changed, whatever branches were traced
shown_outside = elementwise(
    "shown_outside", "new", "new old", samples=[],
    vjp=(
        lambda g, out, new, old: select(new == old, 0.0, g) if STATE.through_updates else None,
        lambda g, out, new, old: select(new == old, g, 0.0),
    ),
)  # fmt: skip


# ``x``, where a branch or a turn of a loop runs for all examples: no gradient passes to those that ``mask`` leaves out, for which
# it may be a product of 0 with an infinity
for_examples = elementwise(
    "for_examples", "x", "x mask", samples=[], vjp=(lambda g, out, x, mask: select(mask, g, 0.0), None)
)


class _Skipped(threading.local):
    """Which assignments change nothing.  Who sets one of these sets it back in a ``finally`` without calls: an interrupt can come
    where a function of Python begins, ``__exit__`` of a context manager too, and what it left behind would last."""

    condition: Tensor | None = None  # of shape (), bool: where it holds no Parameter changes (overflow steps)
    frozen: frozenset[int] = frozenset()  # ids of Parameters that do not change


SKIPPED = _Skipped()


def frozen_of(parameters) -> frozenset[int]:
    """``SKIPPED.frozen`` with those of the ``parameters`` that have ``requires_grad=False``."""
    return SKIPPED.frozen | {id(p) for p in parameters if not p.requires_grad}


def unless_skipped(old, new):
    """The value that an assignment of ``new`` to ``old`` stores: ``old`` where assignments are skipped."""
    return new if SKIPPED.condition is None else select(SKIPPED.condition, old, new)


@method("_assign")
def assign(variable, value):
    """Gives a Parameter a new value, which whatever reads it afterwards sees.

    In a compiled step the storage changes at the end, and not at all if the step raises.

    Args:
        variable (Parameter | Tensor): what changes.
        value (Tensor | number): the shape of ``variable``, or one element for one element; converted to its type.

    Returns:
        ``variable`` with its new value.

    Raises:
        TypeError: ``variable`` is not a Tensor, or is of integers and ``value`` holds floats, or of bools and it holds numbers.
        ValueError: the shapes differ.

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([1.0, 2.0]), name="p")
    >>> _ = assign(p, ms.Tensor([3.0, 4.0]))
    >>> print(p.asnumpy())
    [3. 4.]
    """
    new = _fitting(variable, value)
    if not variable.is_parameter:
        variable._rebind(new)
        return variable
    return set_parameter(variable, unless_skipped(variable, new))


def _fitting(variable, value):
    """``value`` with the type and shape of ``variable``."""
    if not isinstance(variable, Tensor):
        raise fail(TypeError, f"For 'assign', the first input must be a Parameter, but got {type(variable).__name__}.")
    given = as_tensor(value)
    if given.dtype.category > variable.dtype.category and not given.dtype.is_complex:
        raise fail(
            TypeError,
            f"For 'assign', {given.dtype} cannot be put into '{name_of(variable)}' of {variable.dtype}: convert it with "
            ".astype first.",
        )
    new = to(given, variable.dtype)
    if new.shape != variable.shape:
        if new.size == variable.size == 1:
            new = new.reshape(variable.shape)
        else:
            raise fail(
                ValueError,
                f"For 'assign', the value must have the shape {variable.shape} of '{name_of(variable)}', but got {new.shape}.",
            )
    return new


def updated(variable, value):
    """Assigns ``value``, which was computed from ``variable``.

    In a recording the result stands for the new value and passes its gradient on, as in MindSpore, while the Parameter is a leaf
    again; what is written to the result is written to the Parameter.
    """
    recorder = STATE.recorder
    if recorder is None or not variable.is_parameter or id(variable) in SKIPPED.frozen:
        return assign(variable, value)
    new = unless_skipped(variable, _fitting(variable, value))
    set_parameter(variable, new)
    result = tensor_of(recorder, value_of(recorder, new))
    result._view = ViewOf(REGISTRY["reshape"], variable, {"shape": variable.shape}, recorder)
    return result


def result_of(parameter):
    """What an update returns: the Parameter as a Tensor, which shares its memory; itself while a computation is recorded."""
    return parameter if STATE.recorder is not None or not parameter.is_parameter else wrap(parameter._array())


def set_parameter(parameter, new):
    """Gives a Parameter the value ``new``, of its shape and type; returns ``result_of`` it."""
    if id(parameter) in SKIPPED.frozen:
        return parameter
    recorder, undo = STATE.recorder, STATE.undo
    if undo is not None and (recorder is None or not recorder.symbolic) and id(parameter) not in undo:
        undo[id(parameter)] = parameter, parameter._array().copy()
    if recorder is None:
        parameter._store(new._array())
        return result_of(parameter)
    old = value_of(recorder, parameter)
    value = value_of(recorder, new)
    if value is not old and recorder.has_gradient(parameter.dtype):
        value = value_of(recorder, record_values(recorder, REGISTRY["assigned"], (value, old), {})[0])
    if not recorder.symbolic:  # what was recorded reads the memory of the Parameter: it changes when the recording ends
        recorder.outside.setdefault(id(parameter), (parameter, (parameter._array(), None, None)))
        parameter._data = new._array()
    parameter.is_written = True
    recorder.assign(id(parameter), value)
    return parameter


def name_of(tensor) -> str:
    return tensor.name if tensor.is_parameter else "Tensor"


def assign_add(variable, value):
    """Adds to a Parameter: ``variable += value``.

    Args:
        variable (Parameter | Tensor): what changes; numbers.
        value (Tensor | number): a shape that broadcasts to that of ``variable``; the sum is converted to its type.

    Returns:
        ``variable`` with its new value; in a gradient or a compiled function a Tensor of that value, through which gradients flow
        to ``variable`` and ``value``.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([1.0, 2.0]), name="p")
    >>> print(assign_add(p, ms.Tensor([3.0, 4.0])).asnumpy())
    [4. 6.]
    """
    return updated(variable, variable + value)


def assign_sub(variable, value):
    """Subtracts from a Parameter: ``variable -= value``.

    Args:
        variable (Parameter | Tensor): what changes; numbers.
        value (Tensor | number): a shape that broadcasts to that of ``variable``; the difference is converted to its
            type.

    Returns:
        ``variable`` with its new value; in a gradient or a compiled function a Tensor of that value, through which gradients flow
        to ``variable`` and ``value``.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([1.0, 2.0]), name="p")
    >>> print(assign_sub(p, ms.Tensor([3.0, 4.0])).asnumpy())
    [-2. -2.]
    """
    return updated(variable, variable - value)


def depend(value, expr):
    """Returns ``value``; kept from MindSpore, where it orders effects.

    Args:
        value (Tensor | object): what is returned.
        expr (object): accepted, without effect: what it stands for has happened, as effects happen in program order.

    Returns:
        ``value``.

    >>> import minispore as ms
    >>> print(depend(ms.Tensor([1.0]), None))
    [1.]
    """
    return value


# ---------------------------------------------------------------- checked indices
@device
def report(status, code, index, bound, position):
    """Notes the first failure of a step; the step then stops before any Parameter changes."""
    if status[0] == 0:
        status[0] = code
        status[1] = index
        status[2] = bound
        status[3] = position


@kernel
def check_index(index: "I*", out: "int64*", status: "int64*", code: int, size: int, negative: int, lo, hi):
    """In blocks, by vectors: a block is read again, for the place of its first fault, only if it has one."""
    added, start = size if negative != 0 else 0, lo
    while start < hi:
        stop, faults = min(start + 1024, hi), 0
        for k in range(start, stop):
            v = int64(index[k])
            v = v + added if v < 0 else v
            outside = v < 0 or v >= size
            faults += 1 if outside else 0
            out[k] = 0 if outside else v
        if faults != 0:
            for k in range(start, stop):
                v = int64(index[k])
                v = v + added if v < 0 else v
                if v < 0 or v >= size:
                    report(status, code, int64(index[k]), size, k)
        start = stop


def check_positions(index, size, name, negative):
    """NumPy's form of the check: the positions as int64."""
    v = index.astype(np.int64)
    if negative:
        v = np.where(v < 0, v + size, v)
    bad = (v < 0) | (v >= size)
    if bad.any():
        position = int(np.argmax(bad))
        raise fail(IndexOutOfRange, index_message(name, int(index.ravel()[position]), size, position, index.shape))
    return v


RATE_LIST = "learning rates"  # as the name of a check: the index is the number of a step


def index_message(name: str, index: int, size: int, position: int, shape: tuple[int, ...]) -> str:
    """What is wrong with the index at a flat position of an array of indices."""
    if name == RATE_LIST:
        return (
            f"For 'Optimizer', the list of learning rates has {size} values, but step {index + 1} asked for the next: "
            "give as many as there are steps, or a schedule such as nn.CosineDecayLR."
        )
    at = [int(k) for k, n in zip(np.unravel_index(position, shape), shape) if n != 1]
    place = f" at position {at[0] if len(at) == 1 else tuple(at)}" if at else ""
    return f"For '{name}', an index must be in [0, {size}), but got {index}{place}."


def _check_lower(build, node):
    emit_check(build, node, node.attrs["size"], build.output(node))


def emit_check(build, node, size: int, out) -> None:
    """Checks the indices, the last input of a node, and writes the positions to ``out``."""
    x = node.inputs[-1]
    build.call(
        check_index.bind(I=build.storage(x.dtype)), node,
        [build.dense(x), out, build.status, build.code(node), size, int(node.attrs["negative"])],
        extent=x.size, writes=[out],
    )  # fmt: skip


def _check_batch(op, size, tensors, batched, attrs, mask):
    """0 in the place of the indices of examples that take no part."""
    if mask is None:
        return batch_elementwise(op, size, tensors, batched, attrs)
    x = full(tensors[0], size, batched[0])
    return apply(op, [select(mask.reshape((-1, *(1,) * (x.ndim - 1))), x, 0)], attrs)


checked = library(
    "check_index", lambda *inputs, **attrs: (check_positions(*inputs, **attrs),), lambda x, size, name, negative: [(x.shape, int64)], _check_lower, may_raise=True, batch=_check_batch,
    samples=[(i(2, 3, lo=0, hi=4), {"size": 4, "name": "sample", "negative": False})],
)  # fmt: skip

checked.takes_mask = True


def check_bounds(index, size: int, name: str, negative=False):
    """``index`` as int64, each verified to be in [0, size) when the step runs; negative ones count from the end."""
    return checked(whole_numbers(index, name), size=index_of(size), name=name, negative=negative)


def whole_numbers(index, name: str):
    """``index``, if its type is one of integers."""
    if index.dtype.is_float or index.dtype.name == "bool":
        raise fail(
            TypeError, f"For '{name}', the indices must be integers, but got {index.dtype}.{hints.integers('indices')}"
        )
    return index


__all__ = ["assign", "assign_add", "assign_sub", "depend", "stop_gradient"]
