"""Ops that are one scalar expression, and the conversion between types."""

import ast
import sys
from types import FunctionType
from typing import Any

import numpy as np

from .. import numeric
from ..boundary import BOUNDARIES
from ..docstrings import describe
from ..dtype import DType, bool_, complex_of, float32, promote, real_of, scalar_result, uint32
from ..errors import fail
from ..number import Number
from ..record import STATE
from ..registry import supplied
from ..tensor import Tensor
from .definition import Op
from .dispatch import apply, as_tensor, literal, ndarray
from .elementwise_call import function_of

NUMBERS = (bool, int, float, complex, np.generic)


FIXED_RESULTS = {"compare": bool_, "logical": bool_, "test": bool_, "bits": uint32}  # of type rules of Elementwise
OTHER_RESULTS = {*FIXED_RESULTS, "real", "complex"}  # whose results are of another type than the inputs
# What complex numbers, which have no order, are not given to.
_REAL_ONLY = {"maximum", "minimum", "floor", "ceil", "trunc", "rint", "floordiv", "floormod", "fmod", "erf", "erfc", "atan2", "philox",
              "shift_left", "shift_right", "invert", "isnan", "isinf"}  # fmt: skip


def _needs_order(tree: ast.expr) -> bool:
    """Whether an expression orders its inputs, or calls what is defined for real numbers only."""
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    compared = [s for node in ast.walk(tree) if isinstance(node, ast.Compare) for s in node.ops]
    return bool(called & _REAL_ONLY) or any(not isinstance(s, (ast.Eq, ast.NotEq)) for s in compared)


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
    for s in shapes:
        if s is not first and (len(s) != len(first) or s != first):
            break
    else:
        return first
    shapes = [s for s in shapes if s]  # those of numbers broadcast to any
    if len(shapes) == 1:
        return shapes[0]
    rank = max(map(len, shapes))
    out = []
    for axis in range(-rank, 0):
        sizes = [d for s in shapes if len(s) >= -axis and (d := s[axis]) != 1]
        if sizes and any(d != sizes[0] for d in sizes):
            shown = " and ".join(str(tuple(s)) for s in shapes)
            raise fail(
                ValueError,
                f"For '{name}', the shapes of the inputs must broadcast against each other, but got {shown}.",
            )
        out.append(sizes[0] if sizes else 1)
    return tuple(out)


class Elementwise(Op):
    """A scalar ``expression`` of the inputs ``args``, which broadcast.

    Args:
        name: str, unique.
        expression: str, a Python expression in the inputs.
        args: str, names of the inputs, separated by spaces.  Default: "x".
        types: str, the type rule.  "same" (the default): the promoted type of the inputs; "float": that, integers as
            float32; "int": that, floats are an error, for "shift" bool too; "compare", "logical", "test": bool ("logical" converts the inputs
            to bool); "select": the first input is a bool, the others are promoted; "bits": uint32; "real": the type of the parts of
            complex inputs; "complex": the complex type of real ones.
        vjp: tuple with the gradient rule of each input, or the rule of the only one.  Default: None.
        weak: bool, whether between a 0-d Tensor and one with axes the type of the 0-d one counts as that of a Python
            number.  Default: False.
        compiled_from: int, elements of an input from which on PYNATIVE mode runs its compiled kernel.  Default: 32768.
        **more: ``samples``, ``smooth``, ``doc``, ``batch``, ``holomorphic`` of ``Op``.

    >>> from minispore import Tensor
    >>> from minispore.core.op import Elementwise
    >>> half = Elementwise("half_of_docs", "x * 0.5", types="float")
    >>> print(half(Tensor([1, 3])))
    [0.5 1.5]
    """

    kind = "elementwise"

    def __init__(self, name, expression, args="x", types="same", vjp=None, weak=False, compiled_from=32768, **more):
        super().__init__(name, vjp if vjp is None or isinstance(vjp, tuple) else (vjp,), **more)
        self.compiled_from = compiled_from
        self.expression, self.args, self.types, self.weak = expression, tuple(args.split()), types, weak
        self.tree = ast.parse(expression, mode="eval").body
        self.function = numeric.function(expression, self.args)
        read = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        self.reads_all = all(name in read for name in self.args)
        self.real_only = types in ("int", "shift") or _needs_order(self.tree)
        self.call = function_of(self)

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
        given = inputs[-1].dtype
        if given.is_complex:
            self._check_order()
        if self.types == "real":
            return real_of(given)
        return complex_of(given) if self.types == "complex" else FIXED_RESULTS.get(self.types, given)

    def _check_order(self) -> None:
        """Raises a TypeError: the inputs are complex numbers, and the op takes real ones only."""
        if self.real_only:
            raise fail(TypeError, f"For '{self.name}', the inputs must be real numbers, but got complex ones.")

    def evaluate(self, *arrays, **attrs):
        if self.real_only and arrays[-1].dtype.kind == "c":
            self._check_order()
        try:
            out = numeric.quietly(self.function, *arrays)
        except ValueError:
            broadcast_shapes(self.name, [a.shape for a in arrays])
            raise
        except TypeError:  # NumPy neither subtracts nor negates bools; as numbers they give what kernels give
            if any(a.dtype.kind != "b" for a in arrays):
                raise
            return (self.evaluate(*[a.astype(np.int8) for a in arrays])[0] != 0,)
        if out is arrays[0]:  # an identity must not share the memory of its input
            out = out.copy()
        if not self.reads_all:  # an input that the expression does not read broadcasts all the same
            shape = broadcast_shapes(self.name, [a.shape for a in arrays])
            out = out if np.shape(out) == shape else np.array(np.broadcast_to(out, shape))
        if out.dtype != arrays[-1].dtype and self.types not in OTHER_RESULTS:
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
            tensors = [t if t.dtype.is_inexact else to(t, float32) for t in tensors]
        elif types == "complex":
            tensors = [to(t, real_of(complex_of(t.dtype))) for t in tensors]
        elif types == "shift" and any(t.dtype.is_inexact or t.dtype is bool_ for t in tensors):
            raise fail(TypeError, f"For '{self.name}', the inputs must be integers, but got {tensors[0].dtype}.")
        elif types == "int" and any(t.dtype.is_inexact for t in tensors):
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
        dtype = None
        for a in args:
            if not isinstance(a, Tensor) or a.is_number or (dtype is not None and a.dtype is not dtype):
                break
            dtype = a.dtype
        else:
            return list(args)  # all of one type
        args = [a if isinstance(a, Tensor) else self._operand(a) for a in args]
        tensors = [a for a in args if isinstance(a, Tensor)]
        if not tensors:
            tensors = [as_tensor(a) for a in args]
            return [to(t, self._promoted(tensors)) for t in tensors]
        typed = [t for t in tensors if not t.is_number] or tensors
        dtype = self._promoted(typed)
        for a in args:
            if not isinstance(a, Tensor):
                dtype = scalar_result(dtype, a)
            elif a.is_number and typed is not tensors:
                dtype = scalar_result(dtype, a.dtype.np.type(0).item())
        return [to(a, dtype) if isinstance(a, Tensor) else literal(a, dtype) for a in args]

    def _operand(self, x):
        """Of an input that is not a Tensor: a Python number, or a Tensor."""
        if isinstance(x, np.generic):
            return x.item()
        if isinstance(x, NUMBERS):
            return x
        if type(x) is Number:
            return x.tensor
        if isinstance(x, (list, tuple)) and any(isinstance(item, Tensor) for item in x):
            alike = len({getattr(i, "shape", ()) for i in x}) == len({i.dtype for i in x if isinstance(i, Tensor)}) == 1
            if self.name in ("add", "sub") and alike:
                return supplied("stacked sequence")(x)
            raise fail(
                TypeError,
                f"For '{self.name}', an input must be a Tensor or a number, but got a "
                f"{'tuple' if isinstance(x, tuple) else 'list'} of {len(x)} Tensors. Take one of them, or make one Tensor "
                "of all with ops.stack.",
            )
        if isinstance(x, (list, tuple, ndarray)):
            made = Tensor(x)
            made.is_number = not isinstance(x, ndarray)  # numbers take the type of a Tensor beside them
            return made
        raise fail(
            TypeError,
            f"For '{self.name}', an input must be a Tensor or a number, but got {type(x).__name__}: {x!r:.60}.",
        )

    def _promoted(self, tensors) -> DType:
        if self.weak and len(tensors) == 2 and (tensors[0].ndim == 0) != (tensors[1].ndim == 0):
            array, scalar = sorted(tensors, key=lambda t: t.ndim == 0)
            wide = STATE.widens and array.dtype.itemsize == 2 and scalar.dtype is float32
            if array.dtype.category >= scalar.dtype.category and array.dtype is not bool_ and not wide:
                return array.dtype
        dtype = tensors[0].dtype
        for t in tensors[1:]:
            dtype = promote(dtype, t.dtype)
        return dtype


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
        doc: str, what the function computes, in a few words without a full stop: the rest of its docstring, with an
            example, follows from the definition.  Default: "".
        **more: ``compiled_from`` of ``Elementwise``, ``samples``, ``smooth``, ``batch``, ``holomorphic`` of ``Op``.

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
    function.__doc__ = op.__doc__ = describe(op, names, doc, example=bool(doc and op.samples))
    op.call = function
    BOUNDARIES.add(function.__code__)
    return function


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
        compiled_from: int, elements of the input from which on PYNATIVE mode runs its compiled kernel.  Default: 32768.
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
