"""One gradient function: the function is recorded, or a call of it taken over, and the backward pass in autodiff.py runs."""

import numpy as np

from .. import ops
from ..autodiff import backward, recording
from ..core import dtype as dtypes, tree
from ..core.cell_base import CellBase
from ..core.errors import fail
from ..core.in_type import as_stored
from ..core.op import as_tensor, to, value_of, wrap
from ..core.parameter import Parameter
from ..core.record import STATE, Value
from ..core.tensor import Tensor
from ..flow import runnable
from . import forward_pass
from .custom_gradient import broadcasts, has_hooks, through_hooks
from .differentiated import leaves_at, split_aux, through_integers
from .jit import transformed


def _named(function) -> str:
    if hasattr(function, "construct"):
        return f"the construct of '{type(function).__name__}'"
    return f"the function '{getattr(function, '__name__', type(function).__name__)}'"


class GradientPlan:
    """What is differentiated with respect to what, and the form of the result.

    Args:
        fn, positions, weights, has_aux, return_ids, sens: see ``value_and_grad``.
        with_value: the result is (value, gradient), else the gradient alone.
        get_all: differentiates all arguments that are Tensors, in place of ``positions``.
        through_updates: see ``value_and_grad``.
    """

    finds_weights = False  # op by op, the weights are the trainable Parameters that ``fn`` was seen to read

    def __init__(
        self, fn, positions, weights, has_aux, return_ids, sens, with_value, get_all=False, through_updates=False
    ):  # fmt: skip
        self.through_updates = through_updates
        self.fn, self.positions, self.has_aux, self.return_ids = fn, positions, has_aux, return_ids
        self.sens, self.with_value, self.get_all = sens, with_value, get_all
        weights = as_stored(weights)
        self.single_weight = isinstance(weights, Parameter)
        self.has_weights = weights is not None
        self.weights = [weights] if self.single_weight else list(weights or ())
        for w in self.weights:
            if not isinstance(w, Parameter):
                raise fail(TypeError, f"For 'grad', 'weights' must hold Parameters, but got {type(w).__name__}.")

    def function(self):
        """The gradient function; in GRAPH mode it compiles at its first call."""
        key = ("grad", self.positions, self.has_aux, self.return_ids, self.sens, self.with_value, self.get_all,
               self.through_updates, self.single_weight, self.has_weights, tuple(map(id, self.weights)))  # fmt: skip
        return transformed(self.fn, self.run, "grad", key, eager=self._has_hooks)

    def _has_hooks(self, args) -> bool:
        return has_hooks([*tree.tensors(args), *self.weights])

    def run(self, *args, **kwargs):
        """Runs ``fn`` under a recorder, then the backward pass."""
        if STATE.no_grad:
            raise fail(
                RuntimeError, "In no_grad context, you can not calculate gradient: take it outside of the block."
            )
        inputs, names, sens = self._inputs(args, kwargs)
        positions = self._positions(inputs)
        kept = self._kept_pass(inputs, names)
        scope, through = recording(None if kept is None else kept.recorder), STATE.through_updates
        try:
            with scope as recorder:
                STATE.through_updates = self.through_updates
                found = kept or self._earlier_pass(recorder, inputs, names, positions)
                if found is not None:
                    result, aux, grads = self._of_earlier_pass(recorder, found, inputs, positions, sens)
                else:
                    passes, recorder.passes = recorder.passes, {}  # the calls in there are for gradients in there
                    try:
                        result, aux, grads = self._differentiated(recorder, inputs, names, sens, positions, scope.own)
                    finally:
                        recorder.passes = passes
        finally:  # assignments first: an interrupt can only come at a call
            STATE.through_updates = through
            if scope.is_open:
                scope.end(failed=True)
        gradient = self._arranged(inputs, positions, grads)
        if self.with_value:
            return result, gradient
        return (gradient, aux) if self.has_aux else gradient

    def _differentiated(self, recorder, inputs, names, sens, positions, own: bool):
        """(result, the part of it that is not differentiated, gradients); ``inputs`` become leaves."""
        sources = self._sources(inputs, positions)
        given, after = list(inputs), recorder.last_id()  # what was computed before is constant, also of the weights
        joined = not recorder.symbolic and _twice(
            given
        )  # one leaf op by op, and so the whole derivative, as in MindSpore
        wrt = self._leaves(recorder, inputs, positions, joined)
        with through_integers(recorder, wrt):
            result = self._result(inputs, names)
            if not joined and _twice(given) and _changed(recorder, given, inputs):
                result, wrt = self._with_joined_leaves(recorder, given, inputs, names, positions, own)
            for before, leaf in zip(sources, self._sources(inputs, positions)):
                if leaf is not before and leaf.is_written:  # changed in place: the caller's Tensor is
                    before._rebind(leaf)
            if self.finds_weights and not recorder.symbolic:
                read = [e for e in reversed(recorder.parameters.values()) if e[0].requires_grad]
                self.weights = [e[0] for e in read]
                wrt = [*wrt, *(e[2] for e in read)]
                sources = self._sources(inputs, positions)
            main, aux = split_aux(result) if self.has_aux else (result, ())
            grads = self._backward(recorder, main, sens, wrt, last=own and not recorder.symbolic, after=after)
        if has_hooks(sources):
            grads = [through_hooks(t, g) for t, g in zip(sources, grads)]
        return result, aux, grads

    def _earlier_pass(self, recorder, inputs, names, positions) -> forward_pass.ForwardPass | None:
        """The call of the Cell or function in this recording that the gradient belongs to, if it was called with these arguments before."""
        if forward_pass.key(self.fn) not in recorder.passes or any(p >= len(inputs) for p in positions):
            return None
        differentiated = self._sources(inputs, positions)[: -len(self.weights) or None]
        return forward_pass.take(recorder, self.fn, *_by_position_and_name(inputs, names), differentiated)

    def _kept_pass(self, inputs, names) -> forward_pass.ForwardPass | None:
        """The same of a call outside of recordings, in PYNATIVE mode."""
        if STATE.recorder is not None or not isinstance(self.fn, CellBase):
            return None
        found = forward_pass.take_kept(self.fn, *_by_position_and_name(inputs, names))
        return None if self.through_updates else found

    def _of_earlier_pass(self, recorder, found, inputs, positions, sens):
        """What ``_differentiated`` gives, of a forward pass that has run; the weights are those with which it ran."""
        sources, eager = self._sources(inputs, positions), not recorder.symbolic
        left_out = {id(w) for w in self.weights if eager and not w.requires_grad}
        values = [None if id(t) in left_out else found.value_of(recorder, t) for t in sources]
        wrt = [Value(t.shape, t.dtype) if v is None else v for t, v in zip(sources, values)]
        with through_integers(recorder, wrt):
            result = found.result(recorder)
            main, aux = split_aux(result) if self.has_aux else (result, ())
            grads = self._backward(recorder, main, sens, wrt, last=eager, after=found.after)
        if has_hooks(sources):
            grads = [through_hooks(t, g) for t, g in zip(sources, grads)]
        return result, aux, grads

    def _with_joined_leaves(self, recorder, given, inputs, names, positions, own: bool):
        """(result, values to differentiate by) of the function run once more, with one leaf for a Tensor that is given twice."""
        if not own:
            raise fail(RuntimeError, "For 'grad', one Tensor is given twice and changed in place: copy it first.")
        recorder.start_again()
        inputs[:] = given
        wrt = self._leaves(recorder, inputs, positions, joined=True)
        return self._result(inputs, names), wrt

    def _sources(self, inputs, positions) -> list[Tensor]:
        """What is differentiated by: the Tensors at the positions, and the weights."""
        return [t for p in positions for t in tree.tensors(inputs[p : p + 1])] + self.weights

    def _arranged(self, inputs, positions, grads):
        """The gradients in the structure of the arguments."""
        for source, gradient in zip(self._sources(inputs, positions), grads):
            if source.is_number:  # so that it comes back as a number
                gradient.is_number = True
        remaining = iter(grads)
        by_position = [tree.unmarked(tree.with_tensors(inputs[p], remaining)) for p in positions]
        return self._form(positions, by_position, by_weight=list(remaining))

    def _leaves(self, recorder, inputs, positions, joined=False) -> list[Value]:
        """Replaces arguments by leaves; the values to differentiate by.  ``joined``: the same Tensor by the same leaf."""
        given = tree.tensors(inputs)
        wrt = leaves_at(recorder, inputs, positions, "grad", integers=True)
        if joined:
            leaves: dict[int, Tensor] = {}
            for before, now in zip(given, tree.tensors(inputs)):
                if now is not before:
                    leaves.setdefault(id(before), now)
            one = {id(now): leaves.get(id(before), now) for before, now in zip(given, tree.tensors(inputs))}
            inputs[:] = tree.map_leaves(lambda x: one.get(id(x), x), inputs)
            wrt = [value_of(recorder, t) for p in positions for t in tree.tensors(inputs[p : p + 1])]
        return wrt + [self._value_of_weight(recorder, w) for w in self.weights]

    def _result(self, inputs, names):
        args, kwargs = _by_position_and_name(inputs, names)
        return runnable(self.fn)(*args, **kwargs)

    @staticmethod
    def _value_of_weight(recorder, weight: Parameter) -> Value:
        """The Value of a weight in the recording; op by op, for a frozen weight, a new Value that no node reads, as in MindSpore."""
        counts = weight.requires_grad or recorder.symbolic
        return value_of(recorder, weight) if counts else Value(weight.shape, weight.dtype)

    def _inputs(self, args, kwargs):
        """(the arguments of ``fn``, those by name last, the names of these, the sensitivity)"""
        sens, args, kwargs = None, list(args), dict(kwargs)
        if self.sens:
            sens = kwargs.pop("sens") if "sens" in kwargs else args.pop()
        return [*args, *kwargs.values()], list(kwargs), sens

    def _positions(self, inputs) -> tuple[int, ...]:
        """The positions of the arguments that are differentiated: of those asked for, the ones that hold Tensors."""
        if self.get_all:
            marked = tree.MARKED if STATE.recorder is not None and STATE.recorder.symbolic else ()  # as in MindSpore
            return tuple(
                i for i, x in enumerate(inputs)
                if isinstance(x, Tensor) or tree.sparse_fields(x) or (isinstance(x, marked) and tree.tensors(x))
            )  # fmt: skip
        if self.positions is None or not inputs:
            return ()
        positions = self.positions if isinstance(self.positions, tuple) else (self.positions,)
        return tuple(p for p in positions if p >= len(inputs) or tree.tensors(inputs[p : p + 1]))

    def _backward(self, recorder, main, sens, wrt: list[Value], last: bool, after: int = -1) -> list[Tensor]:
        """The gradients of the outputs in ``main``; zeros where an output does not depend on the input."""
        outputs = [as_tensor(t) for t in tree.leaves(main) if isinstance(t, (Tensor, int, float))]
        if not outputs and self.has_weights and not isinstance(main, dtypes.DType):
            raise fail(
                TypeError,
                f"For 'grad', {_named(self.fn)} must return a Tensor or a number, but it returned {type(main).__name__}: is a "
                "return missing?",
            )
        if not outputs:  # as in MindSpore: nothing depends on the inputs
            outputs = [as_tensor(0.0)]
        seeds = self._seeds(outputs, sens)
        found = backward(recorder, [value_of(recorder, t) for t in outputs], seeds, wrt, last=last, after=after)
        found = [ops.zeros(v.shape, v.dtype) if g is None else g for g, v in zip(found, wrt)]
        held = [*seeds, *outputs] if self.sens else outputs  # ones are made here, for nobody else
        return _in_memory_of_their_own(found, held, wrt) if last else found

    def _seeds(self, outputs, sens):
        """The gradients with which the backward pass begins: ones, or the sensitivities."""
        if not self.sens:
            return [ops.ones_like(t) for t in outputs]
        given = tree.tensors(sens) if isinstance(sens, (tuple, list, dict)) else [as_tensor(sens)]
        if len(given) != len(outputs):
            raise fail(
                ValueError, f"The function has {len(outputs)} outputs, but {len(given)} sensitivities were given."
            )
        for s, t in zip(given, outputs):
            if s.dtype is not t.dtype and isinstance(sens, (Tensor, tuple, list)):
                raise fail(
                    TypeError,
                    f"For 'grad', the sensitivity must have the type {t.dtype} of the function's output, but got {s.dtype}.",
                )
            if not broadcasts(s.shape, t.shape):
                raise fail(
                    ValueError,
                    f"For 'grad', the sensitivity must have the shape {t.shape} of the function's output, but got {s.shape}.",
                )
        return [to(ops.broadcast_to(s, t.shape) if s.shape != t.shape else s, t.dtype) for s, t in zip(given, outputs)]

    def _form(self, positions, by_position, by_weight):
        """The gradients in the form that MindSpore gives them; a tuple of one position counts as that position."""
        if self.return_ids:
            by_position = list(zip(positions, by_position))
            by_weight = list(zip([w.name for w in self.weights], by_weight))
        of_inputs = by_position[0] if len(by_position) == 1 and not self.get_all else tuple(by_position)
        of_weights = by_weight[0] if self.single_weight else tuple(by_weight)
        if not self.has_weights:
            return of_inputs
        return of_weights if self.positions is None and not self.get_all else (of_inputs, of_weights)


def _by_position_and_name(inputs, names) -> tuple[tuple, dict]:
    """The arguments by position, and those by name."""
    first_name = len(inputs) - len(names)
    return tuple(inputs[:first_name]), dict(zip(names, inputs[first_name:]))


def _in_memory_of_their_own(gradients: list, held: list, wrt: list[Value]) -> list[Tensor]:
    """The gradients, copied where one is the array of another, of what was differentiated or of a Tensor in ``held``, or one number
    seen at all places: a sum passes the gradient on as it is, and what a user writes to one in place must not reach the others."""
    taken = {id(_owner(t._array())) for t in held}
    taken.update([id(_owner(v.data)) for v in wrt if v.data is not None])
    made = []
    for g in gradients:
        if g.tensor_fields:
            made.append(g)
            continue
        array = g._array()
        owner = id(array) if array.base is None else id(_owner(array))
        made.append(wrap(array.copy()) if owner in taken or not array.flags.writeable else g)
        taken.add(owner)
    return made


def _owner(array):
    """The array that the memory of ``array`` belongs to."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _twice(args) -> bool:
    """Whether one Tensor is there twice among the arguments."""
    tensors = tree.tensors(args)
    return len({id(t) for t in tensors}) < len(tensors)


def _changed(recorder, given, leaves) -> bool:
    """Whether an argument was changed in place, under its own name or as the leaf that stands for it."""
    return any(t.is_written for t in tree.tensors(leaves)) or any(
        id(t) in recorder.outside for t in tree.tensors(given)
    )
