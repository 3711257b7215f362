"""Forward-mode differentiation by double reverse: ``u -> vjp(f, x)(u)`` is linear in ``u``, and its own vjp is the jvp.

So every op whose gradient can be differentiated has a forward derivative, without a second set of rules.  The result does not
depend on the value of ``u``; a compiled call eliminates what is computed from it.
"""

from collections.abc import Sequence

from .. import ops
from ..autodiff import backward, leaf
from ..core import context, tree
from ..core.cache import cached
from ..core.errors import fail
from ..core.op import tensor_of, value_of
from ..core.record import STATE, Recorder, Value
from ..core.tensor import Tensor
from ..flow import runnable
from .differentiated import alone, check_flags, check_function, leaves_of, split_aux, through_integers
from .held import Held, Repeated
from .jit import Compilable


class Transposed:
    """The jvp as a linear map from tangents of the leaves ``wrt`` to tangents of ``outputs``.

    Args:
        recorder: the record of the computation.
        outputs: list of Tensors.
        wrt: list of Values, the leaves.
    """

    def __init__(self, recorder: Recorder, outputs: list[Tensor], wrt: list[Value]):
        self.recorder, self.outputs = recorder, outputs
        self.integers = any(not v.dtype.is_inexact for v in wrt)
        floats = [t for t in outputs if self._depends(t)]
        self.seeds = [value_of(recorder, leaf(recorder, ops.zeros_like(t))) for t in floats]
        values = [value_of(recorder, t) for t in floats]
        self.wrt = wrt
        with through_integers(recorder, wrt):
            self.pulled = backward(recorder, values, [tensor_of(recorder, u) for u in self.seeds], wrt)

    def _depends(self, output) -> bool:
        return output.dtype.is_inexact or self.integers

    def __call__(self, tangents: Sequence[Tensor | None]) -> list[Tensor]:
        """The tangent of each output.  ``tangents``: one for each leaf, or None for zero."""
        pairs = [
            (value_of(self.recorder, g), v) for g, v in zip(self.pulled, tangents) if g is not None and v is not None
        ]
        with through_integers(self.recorder, self.wrt):
            pushed = iter(backward(self.recorder, [g for g, _ in pairs], [v for _, v in pairs], self.seeds))
        found = [next(pushed) if self._depends(t) else None for t in self.outputs]
        return [ops.zeros_like(t) if d is None else d for t, d in zip(self.outputs, found)]


def jvp(fn, inputs, v, has_aux=False):
    """The value of a function and its directional derivative along ``v``: the Jacobian times ``v``.

    Args:
        fn: function or Cell of Tensors; it returns Tensors in any structure of tuples, lists and dicts.
        inputs: Tensor, or a tuple or list with one item (a Tensor or a structure of them) for each argument.  What depends on
            integers has a derivative too, computed in the types of the results.
        v: the direction, in the form and with the shapes and dtypes of ``inputs``.
        has_aux: bool, whether ``fn`` returns (value, other results...), of which the others are passed on.  Default:
            False.

    Returns:
        ``(value, derivative)``, both in the form of the value; with ``has_aux`` ``(value, derivative, others)``.  An
        output that does not depend on the inputs, or holds integers while no input does, has the derivative 0.

    Raises:
        TypeError: an input or direction is not a Tensor, ``has_aux`` is not a bool.
        ValueError: ``v`` has another form or shape than ``inputs``; ``has_aux`` with one output.

    >>> from minispore import Tensor, ops
    >>> value, change = ops.jvp(lambda x: x**3, Tensor([1.0, 2.0]), Tensor([1.0, 10.0]))
    >>> print(value, change)
    [1. 8.] [  3. 120.]
    """
    check_function("jvp", fn)
    check_flags("jvp", has_aux=has_aux)
    args, tangents = _pairs("jvp", inputs, v)

    def run(args, tangents):
        held = Held()

        def recorded():
            push, value, aux = _linearized("jvp", held.recorder, fn, args, has_aux)
            return value, push(tangents), aux

        value, change, aux = held.run(recorded)
        return (value, change, alone(aux)) if has_aux else (value, change)

    if STATE.recorder is None and context.is_graph_mode():
        return cached(fn, ("jvp", has_aux), lambda: Compilable(run, "jvp"))((args, tangents), {})
    return run(args, tangents)


def linearize(fn, inputs):
    """The value of a function and its linear approximation there: ``v -> jvp(fn, inputs, v)[1]``.

    Args:
        fn: function or Cell of Tensors, as for ``jvp``.
        inputs: Tensor, or a tuple or list with one item for each argument, as for ``jvp``.

    Returns:
        ``(value, push)``: ``push(v)`` gives the derivative along ``v``, in the form of the value.

    Raises:
        TypeError: an input is not a Tensor, or ``fn`` cannot be called.
        ValueError: ``v`` has another form or shape than ``inputs``.

    >>> from minispore import Tensor, ops
    >>> value, push = ops.linearize(lambda x: x**3, Tensor([1.0, 2.0]))
    >>> print(value, push(Tensor([1.0, 1.0])), push(Tensor([0.0, 2.0])))
    [1. 8.] [ 3. 12.] [ 0. 24.]
    """
    check_function("linearize", fn)
    args = _arguments(inputs)

    def start(held, args):
        return held.run(_linearized, "linearize", held.recorder, fn, args, False)[:2]

    def again(args, tangents):
        return start(Held(), args)[0](tangents)

    if STATE.recorder is None and context.is_graph_mode():
        compiled = cached(fn, "linearize", lambda: Repeated("linearize", lambda args: runnable(fn)(*args), again))
        value, state = compiled.first(args)

        def push(tangents):
            return compiled.again(state, args, tangents)
    else:
        held = Held()
        push_held, value = start(held, args)

        def push(tangents):
            return held.run(push_held, tangents)

    return value, lambda *v: push(_pairs("linearize", inputs, v[0] if len(v) == 1 else v)[1])


def _linearized(name, recorder, fn, args, has_aux):
    """(function from tangents of ``args`` to that of the value, the value, the other results)"""
    leaves = tuple([leaves_of(recorder, a, name, f"the input {k}", integers=True) for k, a in enumerate(args)])
    wrt = [value_of(recorder, t) for t in tree.tensors(leaves)]
    with through_integers(recorder, wrt):
        result = runnable(fn)(*leaves)
    value, aux = split_aux(result) if has_aux else (result, ())
    transposed = Transposed(recorder, tree.tensors(value), wrt)

    def push(tangents):
        return tree.with_tensors(value, transposed(tree.tensors(tangents)))

    return push, value, aux


def _arguments(inputs) -> tuple:
    return tuple(inputs) if isinstance(inputs, (tuple, list)) else (inputs,)


def _pairs(name, inputs, v):
    """The arguments and their tangents, checked: equal structure, shapes and types."""
    args, tangents = _arguments(inputs), _arguments(v)
    if len(args) != len(tangents):
        raise fail(
            ValueError,
            f"For '{name}', 'v' must have one item for each of the {len(args)} inputs, but got {len(tangents)}.",
        )
    for k, (a, t) in enumerate(zip(args, tangents)):
        xs, ds = tree.leaves(a), tree.leaves(t)
        for what, items in (("inputs", xs), ("v", ds)):
            if not items or not all(isinstance(x, Tensor) for x in items):
                raise fail(
                    TypeError,
                    f"For '{name}', '{what}' must hold Tensors, or tuples, lists and dicts of them, but item {k} is "
                    f"{type(a if what == 'inputs' else t).__name__}.",
                )
        if len(xs) != len(ds) or any(x.shape != d.shape for x, d in zip(xs, ds)):
            raise fail(
                ValueError,
                f"For '{name}', 'v' must have the form and shapes of 'inputs', but item {k} has the shapes "
                f"{[x.shape for x in xs]} and {[d.shape for d in ds]}.",
            )
        if any(x.dtype is not d.dtype for x, d in zip(xs, ds)):
            raise fail(
                TypeError,
                f"For '{name}', 'v' must have the types of 'inputs', but item {k} has {[str(x.dtype) for x in xs]} and "
                f"{[str(d.dtype) for d in ds]}.",
            )
    return args, tangents
