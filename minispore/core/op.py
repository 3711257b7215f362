"""The idea of an op: ONE definition holds its value, its type rule, its gradient, and samples for the tests.

``elementwise`` ops are one scalar expression: NumPy evaluates it in PYNATIVE mode, the compiler pastes it into a
fused loop in GRAPH mode.  ``reduction`` ops fold an axis.  ``view`` ops only re-read memory.  ``library`` ops bring
a kernel of their own.  Everything else is a plain function composed of these and needs no definition at all.
"""

import ast
import math
import sys
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from . import numeric
from .docstrings import describe
from .dtype import BY_NAME, DType, bool_, float32, from_np, promote, scalar_result
from .errors import fail
from .record import STATE, Node, Recorder, Value, user_location
from .registry import supplied

REGISTRY: dict[str, "Op"] = {}
ndarray = np.ndarray


class Op:
    """A defined operation.  ``ops.<name>`` functions call it; nodes of a graph refer to it."""

    kind = "library"
    may_raise = False  # its kernel checks indices at run time
    random = False
    in_place = False  # its output may lie where its first input does
    vjp_traces = False  # its gradient traces functions, which needs a recording around them
    compiled_from: float = math.inf  # elements of an input from which on PYNATIVE mode runs its compiled kernel

    def __init__(self, name: str, vjp=None, samples=(), smooth=True, doc: str = "", batch=None):
        if name in REGISTRY:
            raise ValueError(f"an op named {name!r} is defined already")
        self.name, self.vjp, self.samples, self.smooth = name, vjp, samples, smooth
        self.batch = batch  # how it is applied to many examples at once: ops/batch.py
        self.__doc__ = doc
        self.__name__ = name
        REGISTRY[name] = self

    def __repr__(self):
        return f"<op {self.name}>"

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return op_named, (self.name,)

    def raises(self, attrs: dict) -> bool:
        """Whether a node with these attributes may fail when the step runs."""
        return self.may_raise

    def infer(self, *inputs: Any, **attrs: Any) -> Any:
        """[(shape, dtype)] of the outputs; raises for inputs that do not fit."""
        raise NotImplementedError

    def evaluate(self, *arrays: Any, **attrs: Any) -> Any:
        """The outputs by NumPy: a tuple of arrays."""
        raise NotImplementedError


def op_named(name: str) -> Op:
    return REGISTRY[name]


# ---------------------------------------------------------------- applying an op
def apply(op: Op, tensors: Sequence[Any], attrs: dict):
    """Runs ``op``, or records it, or both.  Returns a tuple of Tensors."""
    recorder = STATE.recorder
    if recorder is None:
        return tuple([wrap(a) for a in evaluate(op, [t._array() for t in tensors], attrs)])
    return record(recorder, op, tensors, attrs)


def evaluate(op: Op, arrays: list, attrs: dict):
    """The outputs as arrays: by the op's compiled kernel where an input is large, else by NumPy."""
    bound = op.compiled_from
    for a in arrays:
        if a.size >= bound:
            found = supplied("one-op kernel")(op, arrays, attrs)
            if found is not None:
                return found
            break
    return op.evaluate(*arrays, **attrs)


def record(recorder: Recorder, op: Op, tensors, attrs):
    values = tuple([value_of(recorder, t) for t in tensors])
    if not recorder.symbolic:
        datas = evaluate(op, [v.data for v in values], attrs)
        datas = [d if type(d) is ndarray else np.asarray(d) for d in datas]
        if all(v.kind == "constant" for v in values):
            return tuple([wrap(d) for d in datas])
        types = [(d.shape, from_np(d.dtype)) for d in datas]
        node = Node(op, values, attrs, types, None, "", recorder.forward, datas)
        recorder.nodes.append(node)
        return tuple([tensor_of(recorder, v) for v in node.outs])
    if values and all(v.kind == "constant" and v.size <= 64 for v in values) and not op.random:
        folded = op.evaluate(*[v.data for v in values], **attrs)
        if all(np.size(a) <= 64 for a in folded):
            return tuple([fixed(a) for a in folded])
    types = op.infer(*values, **attrs)
    scope = "/".join(recorder.scopes) if recorder.forward is None else recorder.forward.scope
    location = user_location() if recorder.forward is None else recorder.forward.location
    node = Node(op, values, attrs, types, location, scope, recorder.forward)
    recorder.nodes.append(node)
    return tuple([tensor_of(recorder, v) for v in node.outs])


def tensor_of(recorder: Recorder, value: Value):
    """A Tensor that stands for ``value`` in this recording."""
    tensor = Tensor.__new__(Tensor)
    tensor._data = value.data
    tensor._value = value
    tensor._recorder = recorder
    return tensor


def value_of(recorder: Recorder, tensor) -> Value:
    """What ``tensor`` means in this recording."""
    if tensor.is_parameter:
        entry = recorder.parameters.get(id(tensor))
        if entry is None:
            if recorder.parent is not None:
                value = recorder.lift(value_of(recorder.parent, tensor))
            else:
                data = tensor._array()
                value = Value(
                    data.shape, from_np(data.dtype), kind="parameter", source=tensor,
                    data=None if recorder.symbolic else data,
                )  # fmt: skip
            recorder.parameters[id(tensor)] = entry = [tensor, value, value]
        return entry[1]
    if tensor._value is not None:
        if tensor._recorder is recorder:
            return tensor._value
        if recorder.parent is not None and recorder.is_inside(tensor._recorder):
            return recorder.lift(value_of(recorder.parent, tensor))
        if tensor._data is None:
            raise fail(
                RuntimeError,
                "A Tensor from inside an earlier traced call is used outside it: it stands for a value of that call "
                "and holds no data. Return it from construct, or keep state in a Parameter with ops.assign.",
            )
        if tensor._recorder is not recorder.around:
            tensor._value = None
    data = tensor._array()
    if recorder.parent is not None and not tensor.is_literal:
        return recorder.lift(value_of(recorder.parent, tensor))
    if recorder.symbolic and not tensor.is_literal:
        entry = recorder.captures.get(id(tensor))
        if entry is None:
            value = Value(data.shape, from_np(data.dtype), kind="capture", source=tensor)
            recorder.captures[id(tensor)] = entry = (tensor, value)
        return entry[1]
    return Value(data.shape, from_np(data.dtype), data=data, kind="constant")


def wrap(array):
    """A Tensor around ``array`` without copying."""
    tensor = Tensor.__new__(Tensor)
    tensor._data = array if type(array) is ndarray else np.asarray(array)
    tensor._value = None
    tensor._recorder = None
    return tensor


def fixed(array):
    """A Tensor of data that never change; while tracing it is a constant of the graph."""
    tensor = wrap(array)
    if STATE.recorder is not None:
        tensor.is_literal = True
    return tensor


def literal(value, dtype: DType):
    """A 0-d Tensor of a Python number; while tracing it is a constant of the graph."""
    return fixed(np.asarray(value, dtype.np))


def as_tensor(x):
    """A Tensor from a Tensor, a number, an array or a list."""
    if isinstance(x, Tensor):
        return x
    if isinstance(x, (bool, int, float)):
        return literal(x, from_np(np.asarray(x).dtype) if not isinstance(x, float) else float32)
    return Tensor(x)


# ---------------------------------------------------------------- the classes of ops
class Elementwise(Op):
    """``expression`` over same-shaped scalars; inputs broadcast."""

    kind = "elementwise"
    compiled_from = 32768

    def __init__(self, name, expression, args="x", types="same", vjp=None, weak=False, **more):
        super().__init__(name, vjp if vjp is None or isinstance(vjp, tuple) else (vjp,), **more)
        self.expression, self.args, self.types, self.weak = expression, tuple(args.split()), types, weak
        self.tree = ast.parse(expression, mode="eval").body
        self.function = numeric.function(expression, self.args)
        self.call = _call_of(self)

    def infer(self, *inputs, **attrs):
        shape = inputs[0].shape if len(inputs) == 1 else broadcast_shapes(self.name, [v.shape for v in inputs])
        return [(shape, self.result_dtype(inputs, attrs))]

    def result_dtype(self, inputs, attrs) -> DType:
        if self.types in ("compare", "logical", "test"):
            return bool_
        if self.types == "cast":
            return attrs["dtype"]
        if self.types == "index":
            return BY_NAME["int64"]
        if self.types == "bits":
            return BY_NAME["uint32"]
        return inputs[-1].dtype

    def evaluate(self, *arrays, **attrs):
        if self.types == "cast":
            return (numeric.cast(arrays[0], attrs["dtype"].np),)
        with np.errstate(all="ignore"):
            try:
                out = self.function(*arrays)
            except ValueError:
                broadcast_shapes(self.name, [a.shape for a in arrays])
                raise
        if out is arrays[0]:  # an identity gives memory of its own
            out = out.copy()
        if self.types in ("same", "float", "select", "int"):
            wanted = arrays[-1].dtype
            if out.dtype != wanted:
                out = out.astype(wanted)
        return (out,)

    def __call__(self, *args):
        return self.call(*args)

    def convert(self, args) -> list:
        """Tensors of the types that the expression is computed in."""
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
        """All of one type, by the promotion rules."""
        tensors = [a for a in args if isinstance(a, Tensor)]
        others = [a for a in args if not isinstance(a, Tensor)]
        if others and not all(isinstance(a, (bool, int, float, np.generic)) for a in others):
            lists = [a for a in others if isinstance(a, (list, tuple, ndarray))]
            if len(lists) + sum(isinstance(a, (bool, int, float, np.generic)) for a in others) != len(others):
                bad = next(a for a in others if not isinstance(a, (bool, int, float, np.generic, list, tuple, ndarray)))
                raise fail(
                    TypeError,
                    f"For '{self.name}', an input must be a Tensor or a number, but got {type(bad).__name__}: {bad!r:.60}.",
                )
            return self.common([Tensor(a) if isinstance(a, (list, tuple, ndarray)) else a for a in args])
        if not tensors:
            return [as_tensor(a if isinstance(a, (bool, int, float)) else a.item()) for a in args]
        if self.weak and len(tensors) == 2 and (tensors[0].ndim == 0) != (tensors[1].ndim == 0):
            strong, scalar = sorted(tensors, key=lambda t: t.ndim == 0)
            s, w = strong.dtype, scalar.dtype
            dtype = s if (s.is_float or not w.is_float) and s is not bool_ else promote(s, w)
        else:
            dtype = tensors[0].dtype
            for t in tensors[1:]:
                dtype = promote(dtype, t.dtype)
        for a in others:
            dtype = scalar_result(dtype, a.item() if isinstance(a, np.generic) else a)
        return [to(a, dtype) if isinstance(a, Tensor) else literal(a, dtype) for a in args]


def _call_of(op: Elementwise) -> Any:
    """The function that applies ``op``, with one parameter for each input; it uses no globals."""
    convert, evaluate, run, state, result, no_attrs = op.convert, op.evaluate, apply, STATE, wrap, {}  # type: ignore[var-annotated]
    same, bound = op.types == "same", op.compiled_from

    def unary(x):
        return run(op, convert((x,)), no_attrs)[0]

    def binary(x, y):
        if same and state.recorder is None:
            try:
                a, b = x._data, y._data
                if a.dtype is b.dtype and a.size < bound and b.size < bound:
                    return result(evaluate(a, b)[0])
            except AttributeError:  # a Python number, or a Tensor without data yet
                pass
        return run(op, convert((x, y)), no_attrs)[0]

    def ternary(x, y, z):
        return run(op, convert((x, y, z)), no_attrs)[0]

    def any_number(*inputs):
        if len(inputs) != len(op.args):
            raise TypeError(f"{op.name}() takes {len(op.args)} inputs, but got {len(inputs)}")
        return run(op, convert(inputs), no_attrs)[0]

    return {1: unary, 2: binary, 3: ternary}.get(len(op.args), any_number)


def elementwise(
    name: str, expression: str, args: str = "x", types: str = "same", vjp=None, weak: bool = False, *,
    parameters: str = "", doc: str = "", **more,
) -> Any:  # fmt: skip
    """Defines an elementwise op; returns the function that applies it (``function.op`` is the op).

    Args:
        name: name of the op in graphs and profiles; one op has it.
        expression: a Python expression in the inputs, evaluated for each element.
        args: names of the inputs in ``expression``, separated by spaces.
        parameters: names of the function's parameters; those of ``args`` by default.
        doc: what the function computes, in a few words: the rest of its docstring follows from the definition.
        types: the type rule.
        vjp: the gradient rule of each input, ``(gradient, output, *inputs)`` -> gradient; None for no gradient.
        weak: whether a 0-d Tensor among the inputs takes the type of the others.
        more: ``samples``, ``smooth``, ``batch`` of ``Op``.

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
    return function


class Reduction(Op):
    """Folds ``axis`` (a tuple) and keeps it with length 1.  ``combine`` is an expression in acc and x."""

    kind = "reduction"
    compiled_from = 32768

    def __init__(self, name, start: str, combine: str, numpy: Callable, vjp=None, **more):
        super().__init__(name, vjp if vjp is None or isinstance(vjp, tuple) else (vjp,), **more)
        self.start, self.combine, self.numpy = start, combine, numpy

    def infer(self, x, axis):
        return [(tuple(1 if i in axis else d for i, d in enumerate(x.shape)), x.dtype)]

    def evaluate(self, x, axis):
        with np.errstate(all="ignore"):
            out = self.numpy(x, axis=axis, keepdims=True)
        return (np.asarray(out, x.dtype),)

    def __call__(self, x, axis: tuple[int, ...]):
        return apply(self, [x], {"axis": axis})[0]


class View(Op):
    """Re-reads the memory of its input.  ``strides(strides, shape, **attrs)`` gives (offset, strides) or None."""

    kind = "view"

    def __init__(self, name, numpy: Callable, infer: Callable, strides: Callable, vjp=None, **more):
        super().__init__(name, vjp if vjp is None or isinstance(vjp, tuple) else (vjp,), **more)
        self._numpy, self._infer, self.strides = numpy, infer, strides

    def infer(self, x, **attrs):
        return [(self._infer(x.shape, **attrs), x.dtype)]

    def evaluate(self, x, **attrs):
        return (self._numpy(x, **attrs),)

    def __call__(self, x, **attrs):
        return apply(self, [x], attrs)[0]


class Library(Op):
    """An op with kernels of its own.

    ``infer(*values, **attrs)`` -> [(shape, dtype)]; ``numpy(*arrays, **attrs)`` -> tuple of arrays;
    ``lower(build, node)`` emits kernel calls (graph/lower.py's Builder).  ``in_place``: it can leave most of its first
    input as it is and write the rest, when its output is given the same memory.
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


def broadcast_shapes(name: str, shapes) -> tuple[int, ...]:
    """NumPy's rule; raises ValueError in MindSpore's form."""
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


def to(tensor, dtype: DType):
    """``tensor`` in ``dtype`` (itself when it is)."""
    if tensor.dtype is dtype:
        return tensor
    if tensor.tensor_fields:
        return tensor.with_values(to(tensor.values, dtype))
    return apply(cast, [tensor], {"dtype": dtype})[0]


cast = Elementwise("cast", "x", types="cast", vjp=lambda g, out, x, dtype: to(g, x.dtype))

reduction, view, library = Reduction, View, Library

from .tensor import Tensor  # noqa: E402  (Tensor's operators are ops; the two modules are one idea in two files)
