"""``Custom``: an op of the user's own, from an expression, a function compiled by numba, a Python function, or C."""

import ast
import ctypes
import os
from itertools import count

import numpy as np

from ..core.dtype import to_dtype
from ..core.errors import fail
from ..core.numeric import NAMES
from ..core.op import Elementwise, apply, as_tensor, library
from ..core.registry import supplied

_numbers = count()


class _Foreign:
    """A function of arrays, with what is known of its results."""

    def __init__(self, function, name, shape, dtype, bprop):
        self.function, self.name, self.number = function, name, next(_numbers)
        self.shape, self.dtype, self.bprop = shape, dtype, bprop

    def types(self, inputs) -> list:
        """(shape, dtype) of each result."""
        shapes, dtypes = [v.shape for v in inputs], [v.dtype for v in inputs]
        shape = self.shape(*shapes) if callable(self.shape) else self.shape
        dtype = self.dtype(*dtypes) if callable(self.dtype) else self.dtype
        shape = shapes[0] if shape is None else shape
        dtype = dtypes[0] if dtype is None else dtype
        several = isinstance(shape, (tuple, list)) and len(shape) > 0 and isinstance(shape[0], (tuple, list))
        shapes = [tuple(s) for s in shape] if several else [tuple(shape)]
        dtypes = [to_dtype(d) for d in dtype] if isinstance(dtype, (tuple, list)) else [to_dtype(dtype)] * len(shapes)
        return list(zip(shapes, dtypes))

    def fill(self, arrays, outputs) -> None:
        """Calls the function and writes its results."""
        found = self.function(*arrays)
        found = found if isinstance(found, (tuple, list)) else (found,)
        if len(found) != len(outputs):
            raise fail(
                ValueError,
                f"For 'Custom', {self.name} must return {len(outputs)} arrays, but it returned {len(found)}.",
            )
        for value, out in zip(found, outputs):
            out[...] = value

    def compiled(self, types, outputs):
        """(what keeps it alive, address) of a native form, or (None, 0)."""
        if not hasattr(self.function, "py_func"):
            return None, 0
        made = supplied("native function")(self.function, types, outputs)
        return made, made.address


class _InC(_Foreign):
    """A function of a shared library, with the arguments that MindSpore gives to such functions."""

    def fill(self, arrays, outputs) -> None:
        every = [np.ascontiguousarray(a) for a in (*arrays, *outputs)]
        n = len(every)
        shapes = [(ctypes.c_int64 * a.ndim)(*a.shape) for a in every]
        status = self.function(
            ctypes.c_int(n), (ctypes.c_void_p * n)(*[a.ctypes.data for a in every]), (ctypes.c_int * n)(*[a.ndim for a in every]),
            (ctypes.c_void_p * n)(*[ctypes.addressof(s) for s in shapes]), (ctypes.c_char_p * n)(*[a.dtype.name.encode() for a in every]),
            None, None,
        )  # fmt: skip
        if status != 0:
            raise fail(RuntimeError, f"For 'Custom', the function {self.name} failed with the code {status}.")
        for out, made in zip(outputs, every[len(arrays) :]):
            if made is not out:
                out[...] = made


def _evaluate(*arrays, call):
    outputs = [np.empty(shape, dtype.np) for shape, dtype in call.types([as_tensor(a) for a in arrays])]
    call.fill(list(arrays), outputs)
    return tuple(outputs)


def _lower(build, node):
    call = node.attrs["call"]
    outs = [build.output(node, k) for k in range(len(node.outs))]
    types = [(v.shape, v.dtype) for v in node.inputs]
    source = build.foreign_kernel(call, types, [(v.shape, v.dtype) for v in node.outs])
    build.call(source, node, [*[build.dense(v) for v in node.inputs], *outs], extent=1, writes=outs, split=False)


def _vjp(needs, grads, outs, inputs, call):
    return _by_bprop(call.bprop, call.name, needs, grads, outs, inputs)


def _by_bprop(bprop, name, needs, grads, outs, inputs):
    if bprop is None:
        raise fail(
            RuntimeError,
            f"For 'Custom', the gradient of {name} is asked for, but it was made without 'bprop': a function of (inputs..., "
            "out, dout) that gives a gradient for each input.",
        )
    from .creation import zeros_like

    douts = tuple(zeros_like(o) if g is None else g for o, g in zip(outs, grads))
    out, dout = (outs[0], douts[0]) if len(outs) == 1 else (tuple(outs), douts)
    found = bprop(*inputs, out, dout)
    found = list(found) if isinstance(found, (tuple, list)) else [found]
    if len(found) != len(inputs):
        raise fail(
            ValueError, f"For 'Custom', bprop must return {len(inputs)} gradients, but it returned {len(found)}."
        )
    return [g if need else None for g, need in zip(found, needs)]


_foreign = library(
    "custom", _evaluate, lambda *values, call: call.types(values), _lower, vjp=_vjp, samples=[], may_raise=False,
    vjp_is_fixed=False, takes_complex=True, holomorphic=False,
)  # fmt: skip


class Custom:
    """An op of one's own; calling it applies it to Tensors.

    Args:
        func (str | Callable): with ``func_type="expression"`` a text over named inputs, in the order in which they
            appear, such as ``"x * exp(-y)"``: it is computed element by element, broadcasts, and is fused with the
            ops around it.  With ``"pyfunc"`` a function of NumPy arrays: one compiled by numba (``@numba.njit``) runs
            inside the native call without Python, any other is called by it.  With ``"aot"`` the text
            ``"library.so:function"``, a C function of ``(int nparam, void **params, int *ndims, int64_t **shapes,
            const char **dtypes, void *stream, void *extra)``.
        out_shape (tuple[int] | Callable): shape of the result, or a function of the inputs' shapes; a tuple of
            shapes for several results; None for the shape of the first input. Default: None.
        out_dtype (dtype | Callable): type of the result, likewise. Default: None.
        func_type (str): "expression", "pyfunc" (or "hybrid", the same) or "aot". Default: "pyfunc".
        bprop (Callable): ``bprop(*inputs, out, dout)`` gives a gradient for each input. Default: None.
        reg_info (object): accepted, without effect: the types are seen at each call. Default: None.

    Raises:
        ValueError: an unknown ``func_type``, or results that do not fit.
        TypeError: ``func`` is not of the kind that ``func_type`` asks for.
        RuntimeError: a gradient is asked for and there is no ``bprop``.

    >>> import minispore as ms
    >>> swish = Custom("x / (1 + exp(-x))", func_type="expression", bprop=lambda x, out, dout: dout * (
    ...     ms.ops.sigmoid(x) + out * (1 - ms.ops.sigmoid(x))))
    >>> print(swish(ms.Tensor([0.0])), ms.grad(swish)(ms.Tensor([0.0])))
    [0.] [0.5]
    >>> cube = Custom(lambda a: a ** 3, bprop=lambda x, out, dout: 3 * x * x * dout)
    >>> print(ms.jit(cube)(ms.Tensor([2.0])))
    [8.]
    """

    def __init__(self, func, out_shape=None, out_dtype=None, func_type="pyfunc", bprop=None, reg_info=None):
        self.func_type, self.bprop = func_type, bprop
        self._op: Elementwise | None = None
        self._call: _Foreign
        if func_type == "expression":
            if not isinstance(func, str):
                raise fail(TypeError, f"For 'Custom', an expression must be a text, but got {type(func).__name__}.")
            self._op = _expression_op(func, bprop)
            return
        name = getattr(func, "__name__", str(func))
        if func_type == "aot":
            function = _c_function(func)
            self._call = _InC(function, str(func).rpartition(":")[2], out_shape, out_dtype, bprop)
        elif func_type in ("pyfunc", "hybrid"):
            if not callable(func):
                raise fail(TypeError, f"For 'Custom', 'func' must be a function, but got {type(func).__name__}.")
            self._call = _Foreign(func, name, out_shape, out_dtype, bprop)
        else:
            raise fail(
                ValueError,
                f"For 'Custom', 'func_type' must be 'expression', 'pyfunc' or 'aot' on a CPU, but got {func_type!r}.",
            )

    def __call__(self, *args):
        if self._op is not None:
            return self._op(*args)
        tensors = [as_tensor(a) for a in args]
        if not tensors:
            raise fail(ValueError, "For 'Custom', at least one input is needed, but got none.")
        outs = apply(_foreign, tensors, {"call": self._call})
        return outs[0] if len(outs) == 1 else outs


def _expression_op(text: str, bprop) -> Elementwise:
    try:
        parsed = ast.parse(text, mode="eval")
    except SyntaxError as error:
        raise fail(ValueError, f"For 'Custom', {text!r} is not an expression: {error.msg}.") from None
    called = {n.func.id for n in ast.walk(parsed) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    unknown = called - set(NAMES)
    if unknown:
        raise fail(
            ValueError,
            f"For 'Custom', the expression {text!r} calls {sorted(unknown)}; it can call {', '.join(sorted(NAMES))}.",
        )
    names = [n for n in ast.walk(parsed) if isinstance(n, ast.Name) and n.id not in called]
    args = list(dict.fromkeys(n.id for n in sorted(names, key=lambda n: n.col_offset)))  # as they appear
    if not args:
        raise fail(ValueError, f"For 'Custom', the expression {text!r} has no input.")
    op = Elementwise(f"custom_{next(_numbers)}", text, " ".join(args), types="float", samples=[], doc=text)
    op.vjp = lambda needs, grads, outs, inputs: _by_bprop(bprop, repr(text), needs, grads, outs, inputs)
    return op


def _c_function(where):
    path, _, name = str(where).rpartition(":")
    if not path or not os.path.exists(path):
        raise fail(
            ValueError,
            f"For 'Custom' with 'aot', 'func' must be 'file.so:function' of a file that exists, but got {where!r}.",
        )
    try:
        function = getattr(ctypes.CDLL(os.path.abspath(path)), name)
    except (OSError, AttributeError) as error:
        raise fail(ValueError, f"For 'Custom', {where!r} cannot be loaded: {error}.") from None
    function.restype = ctypes.c_int
    return function


__all__ = ["Custom"]
