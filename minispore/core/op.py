"""What an op is: one definition holds its value, its type rule, its gradient, and sample inputs for the tests.

There are four kinds.  An ``elementwise`` op is one scalar expression: NumPy evaluates it in PYNATIVE mode, and the compiler
inlines it into a fused loop in GRAPH mode.  A ``reduction`` folds axes.  A ``view`` addresses the memory of its input by other
strides.  A ``library`` op has a kernel of its own.  All other functions of ``ops`` are compositions of these.
"""

import ast
import math
import sys
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from . import numeric
from .boundary import BOUNDARIES, translated
from .docstrings import describe
from .dtype import DType, bool_, float32, from_np, promote, scalar_result, uint32
from .errors import fail
from .record import STATE, Node, Recorder, Value, current_recorder, user_location
from .registry import supplied
from .tensor import Tensor

REGISTRY: dict[str, "Op"] = {}
ndarray = np.ndarray
NUMBERS = (bool, int, float, np.generic)
FOLD_LIMIT = 64  # elements: an op on constants up to this size is evaluated while the graph is traced


class Op:
    """The definition of an operation.  Functions of ``ops`` apply it; nodes of a graph refer to it.

    Subclasses write ``infer`` and ``evaluate``.

    Args:
        name: str, unique.
        vjp: the gradient, written with ops: a tuple with a function ``(g, out, *inputs, **attrs)`` (or None) for each
            input, or one function ``(needs, grads, outs, inputs, **attrs)`` that returns the gradients of all inputs.
            Default: None, no gradient.
        samples: sequence of tuples of ``Sample`` (and a dict of attributes), inputs on which the generated tests check
            the op.  Default: ().
        smooth: bool, whether finite differences agree with the gradient at the samples.  Default: True.
        doc: str, its docstring.  Default: "".
        batch: the rule of ``vmap``, see ``ops/batch.py``.  Default: None.

    Raises:
        ValueError: an op has this name already.

    >>> from minispore.core.op import Op, op_named
    >>> isinstance(op_named("exp"), Op)
    True
    """

    kind = "library"
    may_raise = False  # its kernel checks indices at run time
    random = False
    in_place = False  # its output may use the memory of its first input
    ordered = False  # other processes take part: no pass drops, merges or duplicates it, or moves it past another
    vjp_traces = False  # its gradient traces functions, which needs a recording around them
    compiled_from: float = math.inf  # elements of an input from which on PYNATIVE mode runs its compiled kernel

    def __init__(self, name: str, vjp=None, samples=(), smooth=True, doc: str = "", batch=None):
        if name in REGISTRY:
            raise ValueError(f"an op named {name!r} is defined already")
        self.name, self.vjp, self.samples, self.smooth = name, vjp, samples, smooth
        self.batch = batch
        self.__doc__ = doc
        self.__name__ = name
        REGISTRY[name] = self

    def __repr__(self):
        return f"<op {self.name}>"

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return op_named, (self.name,)

    def overlaps(self, attrs: dict) -> bool:
        """Whether a node with these attributes is begun as early as it can be, and finished before its first reader."""
        return False

    def is_ordered(self, attrs: dict) -> bool:
        """Whether a node with these attributes has to stay as it is, and in its order among its like."""
        return self.ordered

    def raises(self, attrs: dict) -> bool:
        """Whether a node with these attributes may fail when the step runs.

        Args:
            attrs: dict, the node's attributes.

        Returns:
            bool.
        """
        return self.may_raise

    def failure(self, node: Node) -> Exception | None:
        """The exception of a node that has failed while the step ran; None: an index was out of bounds."""
        return None

    def infer(self, *inputs: Any, **attrs: Any) -> Any:
        """Shapes and types of the outputs.

        Args:
            *inputs: objects with ``shape`` and ``dtype``.
            **attrs: the attributes.

        Returns:
            list of pairs (shape, dtype).

        Raises:
            TypeError: types that do not fit.
            ValueError: shapes that do not fit.
        """
        raise NotImplementedError

    def evaluate(self, *arrays: Any, **attrs: Any) -> Any:
        """The outputs by NumPy.

        Args:
            *arrays: the inputs.
            **attrs: the attributes.

        Returns:
            tuple of arrays.
        """
        raise NotImplementedError


def op_named(name: str) -> Op:
    """The op of a name.

    Args:
        name: str.

    Returns:
        Op.

    Raises:
        KeyError: there is none.

    >>> from minispore.core.op import op_named
    >>> op_named("exp")
    <op exp>
    """
    return REGISTRY[name]


# ---------------------------------------------------------------- applying an op
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
    values = tuple([value_of(recorder, t) for t in tensors])
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
    if values and all(v.kind == "constant" and v.size <= FOLD_LIMIT for v in values) and not (op.random or op.ordered):
        arrays = op.evaluate(*[v.data for v in values], **attrs)
        if all(np.size(a) <= FOLD_LIMIT for a in arrays):
            return tuple([fixed(a) for a in arrays])
    types = op.infer(*values, **attrs)
    forward = recorder.forward  # a node of the backward pass takes the place of its forward node in the user's code
    scope = "/".join(recorder.scopes) if forward is None else forward.scope
    location = user_location() if forward is None else forward.location
    node = Node(op, values, attrs, types, location, scope, forward)
    recorder.nodes.append(node)
    return tuple([tensor_of(recorder, v) for v in node.outs])


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
    return Value(data.shape, from_np(data.dtype), data=data, kind="constant")


def _value_of_parameter(recorder: Recorder, parameter) -> Value:
    """The value last assigned to a Parameter in this recording; at first a leaf."""
    entry = recorder.parameters.get(id(parameter))
    if entry is None:
        if recorder.parent is not None:
            value = recorder.lift(value_of(recorder.parent, parameter))
        else:
            data = parameter._array()
            held = None if recorder.symbolic else data
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
    tensor._data = array if type(array) is ndarray else np.asarray(array)
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
        tensor.is_literal = True
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
    return fixed(np.asarray(value, dtype.np))


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
    if isinstance(x, (bool, int, float)):
        return literal(x, from_np(np.asarray(x).dtype) if not isinstance(x, float) else float32)
    return Tensor(x)


# ---------------------------------------------------------------- the kinds of ops
FIXED_RESULTS = {"compare": bool_, "logical": bool_, "test": bool_, "bits": uint32}  # of type rules of Elementwise


def broadcast_shapes(name: str, shapes) -> tuple[int, ...]:
    """The shape to which shapes broadcast, by NumPy's rule.

    Args:
        name: str, of the op, for the message.
        shapes: sequence of tuples of ints.

    Returns:
        tuple of ints.

    Raises:
        ValueError: they do not broadcast.

    >>> from minispore.core.op import broadcast_shapes
    >>> broadcast_shapes("add", [(2, 1), (3,)])
    (2, 3)
    """
    first = shapes[0]
    if all(s == first for s in shapes):
        return first
    rank = max(map(len, shapes))
    out = []
    for axis in range(-rank, 0):
        sizes = {s[axis] for s in shapes if len(s) >= -axis} - {1}
        if len(sizes) > 1:
            shown = " and ".join(str(tuple(s)) for s in shapes)
            raise fail(
                ValueError,
                f"For '{name}', the shapes of the inputs must broadcast against each other, but got {shown}.",
            )
        out.append(sizes.pop() if sizes else 1)
    return tuple(out)


class Elementwise(Op):
    """A scalar ``expression`` of the inputs ``args``, which broadcast.

    Args:
        name: str, unique.
        expression: str, a Python expression in the inputs.
        args: str, names of the inputs, separated by spaces.  Default: "x".
        types: str, the type rule.  "same" (the default): the promoted type of the inputs; "float": that, integers as
            float32; "int": that, floats are an error; "compare", "logical", "test": bool ("logical" converts the inputs
            to bool); "select": the first input is a bool, the others are promoted; "bits": uint32.
        vjp: tuple with the gradient rule of each input, or the rule of the only one.  Default: None.
        weak: bool, whether between a 0-d Tensor and one with axes the type of the 0-d one counts as that of a Python
            number.  Default: False.
        **more: ``samples``, ``smooth``, ``doc``, ``batch`` of ``Op``.

    >>> from minispore import Tensor
    >>> from minispore.core.op import Elementwise
    >>> half = Elementwise("half_of_docs", "x * 0.5", types="float")
    >>> print(half(Tensor([1, 3])))
    [0.5 1.5]
    """

    kind = "elementwise"
    compiled_from = 32768

    def __init__(self, name, expression, args="x", types="same", vjp=None, weak=False, **more):
        super().__init__(name, vjp if vjp is None or isinstance(vjp, tuple) else (vjp,), **more)
        self.expression, self.args, self.types, self.weak = expression, tuple(args.split()), types, weak
        self.tree = ast.parse(expression, mode="eval").body
        self.function = numeric.function(expression, self.args)
        read = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        self.reads_all = all(name in read for name in self.args)
        self.call = _call_of(self)

    def infer(self, *inputs, **attrs):
        shape = inputs[0].shape if len(inputs) == 1 else broadcast_shapes(self.name, [v.shape for v in inputs])
        return [(shape, self.result_dtype(inputs, attrs))]

    def result_dtype(self, inputs, attrs) -> DType:
        """The type of the result, by the type rule.

        Args:
            inputs: sequence of objects with ``dtype``.
            attrs: dict of attributes.

        Returns:
            DType.
        """
        return FIXED_RESULTS.get(self.types, inputs[-1].dtype)

    def evaluate(self, *arrays, **attrs):
        try:
            out = numeric.quietly(self.function, *arrays)
        except ValueError:
            broadcast_shapes(self.name, [a.shape for a in arrays])
            raise
        if out is arrays[0]:  # an identity must not share the memory of its input
            out = out.copy()
        if not self.reads_all:  # an input that the expression does not read broadcasts all the same
            shape = broadcast_shapes(self.name, [a.shape for a in arrays])
            out = out if np.shape(out) == shape else np.array(np.broadcast_to(out, shape))
        if self.types not in FIXED_RESULTS and out.dtype != arrays[-1].dtype:
            out = out.astype(arrays[-1].dtype)
        return (out,)

    def __call__(self, *args):
        return self.call(*args)

    def convert(self, args) -> list:
        """Tensors of the types that the expression is computed in.

        Args:
            args: sequence of Tensors and numbers.

        Returns:
            list of Tensors.

        Raises:
            TypeError: an input is no Tensor or number, or holds floats where the op takes integers.
        """
        types = self.types
        if types == "logical":
            return [to(as_tensor(a), bool_) for a in args]
        if types == "select":
            return [to(as_tensor(args[0]), bool_), *self.common(args[1:])]
        tensors = self.common(args)
        if types == "float":
            tensors = [t if t.dtype.is_float else to(t, float32) for t in tensors]
        elif types == "int" and any(t.dtype.is_float for t in tensors):
            raise fail(TypeError, f"For '{self.name}', the inputs must be integers or bool, but got floats.")
        return tensors

    def common(self, args) -> list:
        """The inputs as Tensors of one type, which the promotion rules give.

        Args:
            args: sequence of Tensors and numbers.

        Returns:
            list of Tensors.

        Raises:
            TypeError: an input is no Tensor or number.
        """
        args = [a if isinstance(a, Tensor) else self._operand(a) for a in args]
        tensors = [a for a in args if isinstance(a, Tensor)]
        if not tensors:
            return [as_tensor(a) for a in args]
        dtype = self._promoted(tensors)
        for a in args:
            if not isinstance(a, Tensor):
                dtype = scalar_result(dtype, a)
        return [to(a, dtype) if isinstance(a, Tensor) else literal(a, dtype) for a in args]

    def _operand(self, x):
        """An input that is not a Tensor: a Python number, or a Tensor of what has elements."""
        if isinstance(x, np.generic):
            return x.item()
        if isinstance(x, NUMBERS):
            return x
        if isinstance(x, (list, tuple)) and any(isinstance(item, Tensor) for item in x):
            raise fail(
                TypeError,
                f"For '{self.name}', an input must be a Tensor or a number, but got a "
                f"{'tuple' if isinstance(x, tuple) else 'list'} of {len(x)} Tensors. Take one of them, or make one Tensor "
                "of all with ops.stack.",
            )
        if isinstance(x, (list, tuple, ndarray)):
            return Tensor(x)
        raise fail(
            TypeError,
            f"For '{self.name}', an input must be a Tensor or a number, but got {type(x).__name__}: {x!r:.60}.",
        )

    def _promoted(self, tensors) -> DType:
        if self.weak and len(tensors) == 2 and (tensors[0].ndim == 0) != (tensors[1].ndim == 0):
            array, scalar = sorted(tensors, key=lambda t: t.ndim == 0)
            same_category = array.dtype.is_float or not scalar.dtype.is_float
            if same_category and array.dtype is not bool_:
                return array.dtype
        dtype = tensors[0].dtype
        for t in tensors[1:]:
            dtype = promote(dtype, t.dtype)
        return dtype


def _call_of(op: Elementwise) -> Any:
    """The function that applies ``op``, with one parameter for each input; it uses no globals."""
    convert, evaluate, run, state, result, no_attrs = op.convert, op.evaluate, apply, STATE, wrap, {}  # type: ignore[var-annotated]
    same, bound, number = op.types == "same", op.compiled_from, numeric.quietly
    takes_any, takes_floats = same, op.types in ("same", "float")
    name, error_of = op.name, translated

    # On small arrays of the right type, outside recordings, the way to NumPy is short.
    def unary(x):
        if takes_floats:
            try:
                a = x._data
                if takes_any or a.dtype.kind == "f":
                    if state.recorder is None and a.size < bound:
                        return result(evaluate(a)[0])
                    return run(op, (x,), no_attrs)[0]
            except AttributeError:  # a Python number, or a Tensor without data
                pass
            except (TypeError, ValueError) as error:
                raise error_of(error, name, op.call, (x,), no_attrs)  # noqa: B904  (it has its cause)
        try:
            return run(op, convert((x,)), no_attrs)[0]
        except Exception as error:
            raise error_of(error, name, op.call, (x,), no_attrs)  # noqa: B904  (it has its cause)

    def binary(x, y):
        if same and state.recorder is None:
            try:
                if type(y) is float or type(y) is int:
                    a = x._data
                    if a.dtype.kind == "f" and a.size < bound:
                        return result(evaluate(a, number(a.dtype.type, y))[0])
                elif type(x) is float or type(x) is int:
                    b = y._data
                    if b.dtype.kind == "f" and b.size < bound:
                        return result(evaluate(number(b.dtype.type, x), b)[0])
                a, b = x._data, y._data
                if a.dtype is b.dtype and a.size < bound and b.size < bound:
                    return result(evaluate(a, b)[0])
            except AttributeError:  # a Python number, or a Tensor without data yet
                pass
            except (TypeError, ValueError, OverflowError) as error:
                raise error_of(error, name, op.call, (x, y), no_attrs)  # noqa: B904
        try:
            return run(op, convert((x, y)), no_attrs)[0]
        except Exception as error:
            raise error_of(error, name, op.call, (x, y), no_attrs)  # noqa: B904

    def ternary(x, y, z):
        try:
            return run(op, convert((x, y, z)), no_attrs)[0]
        except Exception as error:
            raise error_of(error, name, op.call, (x, y, z), no_attrs)  # noqa: B904

    def any_number(*inputs):
        if len(inputs) != len(op.args):
            raise TypeError(f"{op.name}() takes {len(op.args)} inputs, but got {len(inputs)}")
        try:
            return run(op, convert(inputs), no_attrs)[0]
        except Exception as error:
            raise error_of(error, name, op.call, inputs, no_attrs)  # noqa: B904

    return {1: unary, 2: binary, 3: ternary}.get(len(op.args), any_number)


def elementwise(
    name: str, expression: str, args: str = "x", types: str = "same", vjp=None, weak: bool = False, *,
    parameters: str = "", doc: str = "", **more,
) -> Any:  # fmt: skip
    """Defines an elementwise op and the function that applies it.

    Args:
        name: str, name of the op in graphs and profiles; one op has it.
        expression: str, a Python expression in the inputs, evaluated for each element.
        args: str, names of the inputs in ``expression``, separated by spaces.  Default: "x".
        types: str, the type rule, see ``Elementwise``.  Default: "same".
        vjp: the gradient rule of each input, ``(gradient, output, *inputs)`` -> gradient.  Default: None, no gradient.
        weak: bool, whether a 0-d Tensor counts as a Python number, see ``Elementwise``.  Default: False.
        parameters: str, names of the function's parameters.  Default: "", those of ``args``.
        doc: str, what the function computes, in a few words: the rest of its docstring follows from the definition.
            Default: "".
        **more: ``samples``, ``smooth``, ``batch`` of ``Op``.

    Returns:
        function of the inputs; ``function.op`` is the op.

    Raises:
        ValueError: an op has this name already.

    >>> import minispore as ms
    >>> cube = elementwise("cube_of_docs", "x * x * x", vjp=lambda g, out, x: g * x * x * 3.0)
    >>> print(cube(ms.Tensor([2.0])), ms.grad(cube)(ms.Tensor([2.0])))
    [8.] [12.]
    """
    op = Elementwise(name, expression, args, types, vjp, weak, **more)
    names = tuple((parameters or args).split())
    caller = sys._getframe(1).f_globals
    code = op.call.__code__
    if code.co_argcount == len(names):
        code = code.replace(co_varnames=names + code.co_varnames[len(names) :], co_name=name)
    function: Any = FunctionType(code, caller, name, None, op.call.__closure__)
    function.__module__, function.__qualname__, function.op = caller["__name__"], name, op
    function.__doc__ = op.__doc__ = describe(op, names, doc, example=bool(parameters))
    op.call = function
    BOUNDARIES.add(function.__code__)
    return function


class Reduction(Op):
    """Folds ``axis`` (a tuple) and keeps it with length 1.

    Args:
        name: str, unique.
        start: str, an expression of the value to begin with.
        combine: str, an expression in ``acc`` and ``x``.
        numpy: function such as ``numpy.sum``, of an array, ``axis`` and ``keepdims``.
        vjp: the gradient rule.  Default: None.
        **more: ``samples``, ``smooth``, ``doc``, ``batch`` of ``Op``.

    >>> from minispore import ops
    >>> from minispore.core.op import op_named
    >>> print(op_named("reduce_sum")(ops.ones((2, 3)), axis=(0,)))
    [[2. 2. 2.]]
    """

    kind = "reduction"
    compiled_from = 32768

    def __init__(self, name, start: str, combine: str, numpy: Callable, vjp=None, **more):
        super().__init__(name, vjp if vjp is None or isinstance(vjp, tuple) else (vjp,), **more)
        self.start, self.combine, self.numpy = start, combine, numpy

    def infer(self, x, axis):
        return [(tuple(1 if i in axis else d for i, d in enumerate(x.shape)), x.dtype)]

    def evaluate(self, x, axis):
        out = numeric.quietly(self._fold, x, axis)
        return (np.asarray(out, x.dtype),)

    def _fold(self, x, axis):
        if self.start in ("lowest", "highest"):
            if x.size == 0:  # what the kernel begins with
                return self.numpy(x, axis=axis, keepdims=True, initial=extreme_of(x.dtype, self.start == "lowest"))
        elif x.dtype.itemsize == 2 and x.dtype.kind not in "iu":  # as the kernel: sums on the way may leave the range
            return np.asarray(self.numpy(x, axis=axis, keepdims=True, dtype=np.float32)).astype(x.dtype)
        return self.numpy(x, axis=axis, keepdims=True)

    def __call__(self, x, axis: tuple[int, ...]):
        return apply(self, [x], {"axis": axis})[0]


def extreme_of(dtype, lowest: bool):
    """The smallest or the largest value of a type: what a reduction to the other extreme begins with.

    Args:
        dtype: numpy.dtype of numbers or bool.
        lowest: bool, whether the smallest value is asked for.

    Returns:
        number or bool; minus infinity or infinity for floats.

    >>> import numpy as np
    >>> extreme_of(np.dtype("int8"), True), extreme_of(np.dtype("float32"), False)
    (-128, inf)
    """
    if dtype.kind == "b":
        return not lowest
    if dtype.kind in "iu":
        return np.iinfo(dtype).min if lowest else np.iinfo(dtype).max
    return -np.inf if lowest else np.inf


class View(Op):
    """Addresses the memory of its input in another way.

    Args:
        name: str, unique.
        numpy: function of an array and the attributes, gives a view.
        infer: function of a shape and the attributes, gives the new shape.
        strides: ``strides(strides, shape, **attrs)`` gives (offset, strides), or None where a copy is needed.
        vjp: the gradient rule.  Default: None.
        write_back: ``write_back(base, new, **attrs)`` gives what ``base`` becomes when its view takes the value ``new``.
            Default: None, a view that is never written to.
        **more: ``samples``, ``smooth``, ``doc``, ``batch`` of ``Op``.

    >>> from minispore import ops
    >>> from minispore.core.op import View, op_named
    >>> isinstance(op_named("transpose"), View)
    True
    """

    kind = "view"

    def __init__(self, name, numpy: Callable, infer: Callable, strides: Callable, vjp=None, write_back=None, **more):
        super().__init__(name, vjp if vjp is None or isinstance(vjp, tuple) else (vjp,), **more)
        self._numpy, self._infer, self.strides, self.write_back = numpy, infer, strides, write_back

    def infer(self, x, **attrs):
        return [(self._infer(x.shape, **attrs), x.dtype)]

    def evaluate(self, x, **attrs):
        return (self._numpy(x, **attrs),)

    def __call__(self, x, **attrs):
        out = apply(self, [x], attrs)[0]
        recorder = STATE.recorder
        if recorder is not None and recorder.forward is None and self.write_back is not None:
            out._view = ViewOf(self, x, attrs, value_of(recorder, x))
        return out


class ViewOf:
    """That a Tensor is a view of another (``base``), created in a recording: what is written to it, the base shows.

    Outside recordings the two share memory.  In a recording values never change: a write gives the view and its base new
    values.  A view that is read keeps the value it had when it was taken, whatever is written to the base later, as in
    MindSpore's gradients and compiled functions (``t = x[0]; x[0] = x[1]; x[1] = t`` swaps).

    Args:
        op: View that made it.
        base: Tensor.
        attrs: dict of the op's attributes.
        seen: Value of the base that the view shows.

    >>> from minispore import Tensor, grad
    >>> from minispore.core.op import ViewOf
    >>> def f(x):
    ...     view = x[0]
    ...     print(isinstance(view._view, ViewOf))
    ...     return view.sum()
    >>> print(grad(f)(Tensor([[1.0], [2.0]])).tolist())
    True
    [[1.0], [0.0]]
    """

    __slots__ = ("attrs", "base", "op", "seen")

    def __init__(self, op: View, base, attrs: dict, seen: Value):
        self.op, self.base, self.attrs = op, base, attrs
        self.seen = seen  # the value of the base that the view shows

    def write(self, tensor) -> None:
        """The base takes over what was written to ``tensor``, its view.

        Args:
            tensor: Tensor, the view with its new value.
        """
        self.base._rebind(self.op.write_back(self.base, tensor, **self.attrs))
        self.seen = value_of(current_recorder(), self.base)

    def refresh(self, tensor) -> None:
        """Before a write, which may be to a part of it: ``tensor``, the view, takes the present value of the base.

        Args:
            tensor: Tensor, the view.
        """
        recorder, root = STATE.recorder, self.base
        while root._view is not None:
            root = root._view.base
        if root.is_written and recorder is not None:
            self.base._refresh_view()
            now = value_of(recorder, self.base)
            if now is not self.seen:
                self.seen = now
                tensor._change(recorder, apply(self.op, [self.base], self.attrs)[0])


class Library(Op):
    """An op with kernels of its own.

    Args:
        name: str, unique.
        numpy: ``numpy(*arrays, **attrs)`` gives a tuple of arrays.
        infer: ``infer(*values, **attrs)`` gives [(shape, dtype)].
        lower: ``lower(build, node)`` emits kernel calls: see the Builder of ``graph/lower.py``.
        vjp: tuple with the gradient rule of each input, the rule of the only one, or one function of all.  Default:
            None.
        may_raise: bool, whether its kernel checks indices at run time.  Default: False.
        random: bool, whether it draws random numbers.  Default: False.
        in_place: bool, whether the output may be given the memory of the first input; the kernel then writes only the
            elements that differ.  Default: False.
        compiled_from: int, elements of an input from which on PYNATIVE mode runs its compiled kernel.  Default: 4096.
        **more: ``samples``, ``smooth``, ``doc``, ``batch`` of ``Op``.

    >>> from minispore.core.op import Library, op_named
    >>> isinstance(op_named("matmul"), Library)
    True
    """

    def __init__(
        self, name, numpy, infer, lower, vjp=None, may_raise=False, random=False, in_place=False,
        compiled_from=4096, **more,
    ):  # fmt: skip
        super().__init__(name, vjp if vjp is None or isinstance(vjp, tuple) or callable(vjp) else (vjp,), **more)
        self._numpy, self._infer, self.lower = numpy, infer, lower
        self.may_raise, self.random, self.in_place = may_raise, random, in_place
        self.compiled_from = compiled_from

    def infer(self, *inputs, **attrs):
        return self._infer(*inputs, **attrs)

    def evaluate(self, *arrays, **attrs):
        return self._numpy(*arrays, **attrs)

    def __call__(self, *tensors, **attrs):
        out = apply(self, tensors, attrs)
        return out[0] if len(out) == 1 else out


# ---------------------------------------------------------------- conversion
def to(tensor, dtype: DType):
    """``tensor`` converted to ``dtype``; itself where it has that type.

    Args:
        tensor: Tensor, also a sparse one, whose values are converted.
        dtype: DType.

    Returns:
        Tensor of the same shape; ``tensor`` itself where it has the type.

    >>> from minispore import Tensor
    >>> from minispore.core.dtype import int32
    >>> from minispore.core.op import to
    >>> print(to(Tensor([1.7]), int32))
    [1]
    """
    if tensor.dtype is dtype:
        return tensor
    if tensor.tensor_fields:
        return tensor.with_values(to(tensor.values, dtype))
    return apply(cast, [tensor], {"dtype": dtype})[0]


class Cast(Elementwise):
    """The conversion to the type that is its attribute.

    Args:
        name: str, unique.
        expression: str: "x".
        args: str.  Default: "x".
        types: str, "cast".  Default: "same".
        vjp: the gradient rule.  Default: None.
        weak: bool, without effect on one input.  Default: False.
        **more: ``samples``, ``smooth``, ``doc``, ``batch`` of ``Op``.

    >>> from minispore import Tensor
    >>> from minispore.core.dtype import int32
    >>> from minispore.core.op import apply, cast
    >>> print(apply(cast, [Tensor([1.7])], {"dtype": int32})[0])
    [1]
    """

    def result_dtype(self, inputs, attrs):
        return attrs["dtype"]

    def evaluate(self, x, dtype):
        return (numeric.cast(x, dtype.np),)


cast = Cast("cast", "x", types="cast", vjp=lambda g, out, x, dtype: to(g, x.dtype))
reduction, view, library = Reduction, View, Library
