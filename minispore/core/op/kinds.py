"""The other kinds of ops: reductions, views, and ops with kernels of their own."""

from collections.abc import Callable
from typing import NoReturn

import numpy as np

from .. import numeric
from ..errors import fail
from ..record import STATE, Recorder, current_recorder
from .definition import REGISTRY, Op
from .dispatch import apply, value_of

LOOPS_IN_PYTHON = 64  # ``compiled_from`` of an op whose NumPy form is a loop in Python: NumPy has no function for it


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
        self._check_order(x.dtype.is_complex)
        return [(tuple(1 if i in axis else d for i, d in enumerate(x.shape)), x.dtype)]

    def evaluate(self, x, axis):
        self._check_order(x.dtype.kind == "c")
        out = numeric.quietly(self._fold, x, axis)
        return (np.asarray(out, x.dtype),)

    def _check_order(self, is_complex: bool) -> None:
        if is_complex and self.start in ("lowest", "highest"):
            raise fail(TypeError, f"For '{self.name}', the input must be real numbers, but got complex ones.")

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
    """The smallest or the largest value of a type: the initial value of a reduction to the other extreme.

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
        if self.write_back is not None:
            recorder = STATE.recorder
            if recorder is None or recorder.forward is None:
                out._view = ViewOf(self, x, attrs, recorder)
        return out

    def shown(self, x, **attrs):
        """The view of ``x``."""
        return apply(self, [x], attrs)[0]


class ViewOf:
    """Marks a Tensor as a view of another one (``base``) in a recording: writes to the view also change the base.

    Outside recordings the two share memory.  In a recording values never change: a write gives the view and its base new
    values, also where the view was made before the recording.  A view that is read keeps the value it had when it was taken, whatever is written to the base later, as in
    MindSpore's gradients and compiled functions (``t = x[0]; x[0] = x[1]; x[1] = t`` swaps).

    Args:
        op: View that made it, or what has its ``shown`` and ``write_back``.
        base: Tensor.
        attrs: dict of the op's attributes.
        recorder: Recorder in which the view was made.  Default: None.

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

    __slots__ = ("attrs", "base", "op", "recorder", "seen")

    def __init__(self, op, base, attrs: dict, recorder: Recorder | None = None):
        self.op, self.base, self.attrs, self.recorder = op, base, attrs, recorder
        # the value of the base that the view shows, where it is known
        self.seen = None if recorder is None else value_of(recorder, base)

    def holds(self, tensor, recorder: Recorder) -> bool:
        """Whether ``tensor`` still is a view: it became one in this recording, or shares the memory of its base.

        Args:
            tensor: Tensor.
            recorder: Recorder, the active one.

        Returns:
            bool.
        """
        if self.recorder is not None and (self.recorder is recorder or recorder.is_inside(self.recorder)):
            return True
        own, memory = recorder.memory_of(tensor), recorder.memory_of(self.base)
        return own is not None and memory is not None and np.may_share_memory(own, memory)

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
        recorder = STATE.recorder
        if recorder is not None and self.base._root().is_written:
            self.base._refresh_view()
            now = value_of(recorder, self.base)
            if now is not self.seen:
                self.seen = now
                shown = self.op.shown(self.base, **self.attrs)
                if self.recorder is None and self.base._root().is_parameter and recorder.has_gradient(tensor.dtype):
                    shown = apply(REGISTRY["shown_outside"], [shown, tensor], {})[0]
                tensor._change(recorder, shown)


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
        planned_by: int, the first axis of inputs, outputs and shapes among the attributes by whose lengths ``lower`` decides so
            much that it runs for each length, and not once for all that are treated alike.  Default: None.
        **more: ``samples``, ``smooth``, ``doc``, ``batch``, ``takes_complex`` of ``Op``.

    >>> from minispore.core.op import Library, op_named
    >>> isinstance(op_named("matmul"), Library)
    True
    """

    def __init__(
        self, name, numpy, infer, lower, vjp=None, may_raise=False, random=False, in_place=False,
        compiled_from=4096, planned_by=None, **more,
    ):  # fmt: skip
        super().__init__(name, vjp if vjp is None or isinstance(vjp, tuple) or callable(vjp) else (vjp,), **more)
        self.planned_by = planned_by
        self._numpy, self._infer, self.lower = numpy, infer, lower
        self.may_raise, self.random, self.in_place = may_raise, random, in_place
        self.compiled_from = compiled_from

    def infer(self, *inputs, **attrs):
        if not self.takes_complex and any([v.dtype.is_complex for v in inputs]):
            self._refuse_complex()
        return self._infer(*inputs, **attrs)

    def evaluate(self, *arrays, **attrs):
        if not self.takes_complex:
            for a in arrays:
                if a.dtype.kind == "c":
                    self._refuse_complex()
        return self._numpy(*arrays, **attrs)

    def _refuse_complex(self) -> NoReturn:
        raise fail(TypeError, f"For '{self.name}', the inputs must be real numbers, but got complex ones.")

    def __call__(self, *tensors, **attrs):
        out = apply(self, tensors, attrs)
        return out[0] if len(out) == 1 else out


reduction, view, library = Reduction, View, Library
