"""Applying an op: by NumPy, by its compiled kernel, or as a node of a recording; Tensors from values and data."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..dtype import DType, float32, from_np
from ..errors import fail
from ..record import STATE, Node, Recorder, Value, user_location
from ..registry import supplied
from ..sizes import SizedData, array_from, array_of, depend_on_sizes
from ..tensor import Tensor
from .definition import REGISTRY, Op

ndarray = np.ndarray


FOLD_LIMIT = 64  # elements: an op on constants up to this size is evaluated while the graph is traced


def apply(op: Op, tensors: Sequence[Any], attrs: dict):
    """Evaluates an op with NumPy; under a recorder, records it.

    Args:
        op: Op.
        tensors: sequence of Tensors, its inputs.
        attrs: dict of its attributes.

    Returns:
        tuple of Tensors, its outputs.

    >>> from minispore import Tensor
    >>> from minispore.core.op import apply, op_named
    >>> print(apply(op_named("exp"), [Tensor([0.0])], {})[0])
    [1.]
    """
    recorder = STATE.recorder
    if recorder is None:
        return tuple([wrap(a) for a in evaluate(op, [t._array() for t in tensors], attrs)])
    return record(recorder, op, tensors, attrs)


def evaluate(op: Op, arrays: list, attrs: dict):
    """The outputs as arrays: by the op's compiled kernel where an input is large, else by NumPy.

    Args:
        op: Op.
        arrays: list of arrays, its inputs.
        attrs: dict of its attributes.

    Returns:
        tuple of arrays.

    >>> import numpy as np
    >>> from minispore.core.op import evaluate, op_named
    >>> print(evaluate(op_named("exp"), [np.zeros(2, np.float32)], {})[0])
    [1. 1.]
    """
    bound = op.compiled_from
    for a in arrays:
        if a.size >= bound:
            found = supplied("one-op kernel")(op, arrays, attrs)
            if found is not None:
                return found
            break
    return op.evaluate(*arrays, **attrs)


def record(recorder: Recorder, op: Op, tensors, attrs):
    """Notes an op in a recording: a symbolic one infers its types, another one also computes it.

    Args:
        recorder: Recorder, the recording.
        op: Op.
        tensors: sequence of Tensors, its inputs.
        attrs: dict of its attributes.

    Returns:
        tuple of Tensors, its outputs.  Of small constants alone they are computed at once, and nothing is noted.

    >>> from minispore import Tensor
    >>> from minispore.core.op import op_named, record
    >>> from minispore.core.record import Recorder
    >>> print(record(Recorder(symbolic=True), op_named("exp"), [Tensor([0.0])], {})[0].shape)
    (1,)
    """
    return record_values(recorder, op, tuple([value_of(recorder, t) for t in tensors]), attrs)


def record_values(recorder: Recorder, op: Op, values: tuple[Value, ...], attrs):
    """``record`` for inputs that are Values of the recording.

    Args:
        recorder: Recorder, the recording.
        op: Op.
        values: tuple of Values, its inputs.
        attrs: dict of its attributes.

    Returns:
        tuple of Tensors, its outputs.

    >>> from minispore.core.dtype import float32
    >>> from minispore.core.op import op_named, record_values
    >>> from minispore.core.record import Recorder, Value
    >>> record_values(Recorder(symbolic=True), op_named("exp"), (Value((2, 3), float32),), {})[0].shape
    (2, 3)
    """
    how = _record_symbolic if recorder.symbolic else _record_eager
    outs = how(recorder, op, values, attrs)
    if STATE.no_grad and op.name not in ("stop_gradient", "assigned"):
        return tuple([how(recorder, REGISTRY["stop_gradient"], (value_of(recorder, t),), {})[0] for t in outs])
    return outs


def _record_eager(recorder: Recorder, op: Op, values, attrs):
    """The outputs have data.  There is no node for an op on constants: no gradient passes through it."""
    arrays = evaluate(op, [v.data for v in values], attrs)
    for v in values:
        if v.kind != "constant":
            break
    else:
        return tuple([wrap(a) for a in arrays])
    arrays = [a if type(a) is ndarray else np.asarray(a) for a in arrays]
    types = [(a.shape, from_np(a.dtype)) for a in arrays]
    node = Node(op, values, attrs, types, None, "", recorder.forward, arrays)
    recorder.nodes.append(node)
    return tuple([tensor_of(recorder, v) for v in node.outs])


def _record_symbolic(recorder: Recorder, op: Op, values, attrs):
    """The outputs have types only, except that an op on small constants is folded into constants."""
    if _are_small_constants(values) and op.folds(attrs):
        sized = depend_on_sizes(attrs) or any(type(v.data) is SizedData for v in values)
        arrays = _folded_for_sizes(op, values, attrs) if sized else _folded(recorder, op, values, attrs)
        if arrays is not None and all(a.size <= FOLD_LIMIT for a in map(_as_array, arrays)):
            return tuple([fixed(a) for a in arrays])
    types = op.infer(*values, **attrs)
    forward = recorder.forward  # a node of the backward pass takes the place of its forward node in the user's code
    scope = "/".join(recorder.scopes) if forward is None else forward.scope
    location = user_location() if forward is None else forward.location
    node = Node(op, values, attrs, types, location, scope, forward)
    recorder.nodes.append(node)
    return tuple([tensor_of(recorder, v) for v in node.outs])


def _are_small_constants(values) -> bool:
    for v in values:
        if v.kind != "constant" or v.size > FOLD_LIMIT:
            return False
    return bool(values)


def _folded(recorder: Recorder, op: Op, values, attrs):
    """The outputs of an op on constants; None where it fails in a branch or a loop, which may never run."""
    try:
        return op.evaluate(*[v.data for v in values], **attrs)
    except (ValueError, ArithmeticError, LookupError, RuntimeError):  # what ops raise for values
        if recorder.parent is None or not op.raises(attrs):
            raise
        return None


def _folded_for_sizes(op: Op, values, attrs):
    """The same where inputs or attributes depend on sizes."""
    names, types = tuple(attrs), op.infer(*values, **attrs)
    if any(math.prod(shape) > FOLD_LIMIT for shape, _ in types):
        return None
    given = [*[v.data for v in values], *attrs.values()]
    return [array_from(_output, op, names, k, *given, shape=shape) for k, (shape, _) in enumerate(types)]


def _output(op: Op, names, k: int, *given):
    """Output ``k`` of an op, given its input arrays and its attributes."""
    count = len(given) - len(names)
    return np.asarray(op.evaluate(*given[:count], **dict(zip(names, given[count:])))[k])


def _as_array(a):
    return a if isinstance(a, (ndarray, SizedData)) else np.asarray(a)


def tensor_of(recorder: Recorder, value: Value):
    """A Tensor that stands for a value of a recording.

    Args:
        recorder: Recorder.
        value: Value of it.

    Returns:
        Tensor.

    >>> from minispore.core.dtype import float32
    >>> from minispore.core.op import tensor_of
    >>> from minispore.core.record import Recorder, Value
    >>> tensor_of(Recorder(symbolic=True), Value((2, 3), float32)).shape
    (2, 3)
    """
    tensor = Tensor.__new__(Tensor)
    tensor._data = value.data
    tensor._value = value
    tensor._recorder = recorder
    return tensor


def value_of(recorder: Recorder, tensor) -> Value:
    """The value that ``tensor`` stands for in this recording.

    Args:
        recorder: Recorder.
        tensor: Tensor.

    Returns:
        Value.

    Raises:
        RuntimeError: the Tensor is from an earlier traced call and holds no data.

    >>> from minispore import Tensor
    >>> from minispore.core.op import value_of
    >>> from minispore.core.record import Recorder
    >>> value_of(Recorder(symbolic=True), Tensor([1.0])).kind
    'capture'
    """
    if tensor.is_parameter:
        return _value_of_parameter(recorder, tensor)
    if tensor._value is not None:
        if tensor._recorder is recorder:
            return tensor._value
        if recorder.parent is not None and recorder.is_inside(tensor._recorder):
            return recorder.lift(value_of(recorder.parent, tensor))
        if tensor._data is None:
            if tensor._value.kind == "placeholder":
                tensor._array()  # raises
            raise fail(
                RuntimeError,
                "A Tensor from inside an earlier traced call is used outside it: it stands for a value of that call "
                "and holds no data. Return it from construct, or keep state in a Parameter with ops.assign.",
            )
        if tensor._recorder is not recorder.around:
            tensor._value = None
    data = tensor._array()
    if tensor.is_literal:
        return Value(data.shape, from_np(data.dtype), data=data, kind="constant")
    if recorder.parent is not None:
        return recorder.lift(value_of(recorder.parent, tensor))
    if recorder.symbolic:
        return _value_of_capture(recorder, tensor, data)
    if recorder.copies:
        return _value_of_copy(recorder, tensor, data)
    return Value(data.shape, from_np(data.dtype), data=data, kind="constant")


def _value_of_parameter(recorder: Recorder, parameter) -> Value:
    """The value last assigned to a Parameter in this recording; at first a leaf."""
    entry = recorder.parameters.get(id(parameter))
    if entry is None:
        if recorder.parent is not None:
            value = recorder.lift(value_of(recorder.parent, parameter))
        else:
            data = parameter._array()
            held = None if recorder.symbolic else data.copy() if recorder.copies else data
            value = Value(data.shape, from_np(data.dtype), kind="parameter", source=parameter, data=held)
        recorder.parameters[id(parameter)] = entry = [parameter, value, value]
    return entry[1]


def _value_of_capture(recorder: Recorder, tensor, data) -> Value:
    """A Tensor made outside the traced function: a leaf whose data are read at each call."""
    entry = recorder.captures.get(id(tensor))
    if entry is None:
        value = Value(data.shape, from_np(data.dtype), kind="capture", source=tensor)
        value.name = recorder.attribute_of(tensor) if recorder.symbolic else ""
        recorder.captures[id(tensor)] = entry = (tensor, value)
    return entry[1]


def _value_of_copy(recorder: Recorder, tensor, data) -> Value:
    """A Tensor from outside of a recording that is read later: a copy, made anew where the Tensor has changed since."""
    entry = recorder.captures.get(id(tensor))
    if entry is None or not have_equal_bits(entry[1].data, data):
        value = Value(data.shape, from_np(data.dtype), data=data.copy(), kind="constant")
        recorder.captures[id(tensor)] = entry = (tensor, value)
    return entry[1]


def have_equal_bits(a, b) -> bool:
    """Whether two arrays have one shape, one type and the same bits.

    Args:
        a, b: arrays.

    Returns:
        bool.

    >>> import numpy as np
    >>> from minispore.core.op.dispatch import have_equal_bits
    >>> have_equal_bits(np.zeros(2), -np.zeros(2)), have_equal_bits(np.full(2, np.nan), np.full(2, np.nan))
    (False, True)
    """
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.nbytes < 4096:
        return a.tobytes() == b.tobytes()
    return np.array_equal(a.reshape(-1).view(np.uint8), b.reshape(-1).view(np.uint8))


def wrap(array):
    """A Tensor around an array, without copying.

    Args:
        array: array or NumPy scalar.

    Returns:
        Tensor of its shape and type.

    >>> import numpy as np
    >>> from minispore.core.op import wrap
    >>> a = np.zeros(2, np.float32)
    >>> wrap(a).asnumpy() is a
    True
    """
    tensor = Tensor.__new__(Tensor)
    tensor._data = array if type(array) is ndarray or type(array) is SizedData else np.asarray(array)
    tensor._value = None
    tensor._recorder = None
    return tensor


def fixed(array):
    """A Tensor of data that never change; while a graph is traced it is a constant of it.

    Args:
        array: array or NumPy scalar.

    Returns:
        Tensor of its shape and type.

    >>> import numpy as np
    >>> from minispore.core.op import fixed
    >>> print(fixed(np.float32(2.0)))
    2.0
    """
    tensor = wrap(array)
    if STATE.recorder is not None:
        tensor.is_literal = STATE.recorder.number
    return tensor


def literal(value, dtype: DType):
    """A 0-d Tensor of a Python number; while a graph is traced it is a constant of it.

    Args:
        value: number.
        dtype: DType.

    Returns:
        Tensor of shape ().

    >>> from minispore.core.dtype import int32
    >>> from minispore.core.op import literal
    >>> literal(2.5, int32)
    Tensor(shape=[], dtype=Int32, value= 2)
    """
    return fixed(array_of(value, dtype.np))


def as_tensor(x):
    """A Tensor from a Tensor, a number, an array or a list.

    Args:
        x: one of these; a float becomes float32, an int int64.

    Returns:
        Tensor; ``x`` itself if it is one.

    >>> from minispore.core.op import as_tensor
    >>> as_tensor(1.5)
    Tensor(shape=[], dtype=Float32, value= 1.5)
    """
    if isinstance(x, Tensor):
        return x
    if isinstance(x, (bool, int, float, complex)):
        return literal(x, from_np(np.asarray(x).dtype) if not isinstance(x, float) else float32)
    return Tensor(x)
