"""``while`` and ``for`` statements: run by Python until a condition turns out to be a Tensor, from there on one ``loop`` node.

A loop body is a function ``body(*values)`` (of a ``for``: ``body(item, *values)``) of the variables it assigns to.  It returns
(exit code, return value, variables after the iteration); so do the functions that run a loop.
"""

import operator
from typing import NoReturn

import numpy as np

from ..core import tree
from ..core.dtype import int64
from ..core.errors import fail, located
from ..core.op import as_tensor, fixed, literal, tensor_of, to, value_of, wrap
from ..core.record import STATE, current_recorder, note_break, user_location
from ..core.sizes import decided, is_symbolic as is_of_size
from ..core.tensor import Tensor
from .branches import BranchResult, TracedLeaf, is_number, leaf_description, origin, select
from .conditions import and_, is_symbolic, truth
from .loop_op import repeat
from .subgraph import trace_inside
from .variables import NOT_RETURNED, NUMBERS, Undefined, copies, description, equal, has_no_value

NEXT, BREAK, RETURN = 0, 1, 2  # exit codes: how an iteration ended
UNROLL_LIMIT = 64  # iterations: a loop over items that the graph cannot index is unrolled up to this length
SHORT_LOOP = 4  # iterations: so few are unrolled in any case


def is_return(code):
    return truth(as_tensor(code) == RETURN) if is_symbolic(code) else code == RETURN


def is_complete(code):
    """Whether a loop ran to its end, so that its ``else`` follows."""
    return truth(as_tensor(code) == NEXT) if is_symbolic(code) else code == NEXT


def while_(test, body, names, values):
    """A ``while`` loop: (exit code, return value, variables)."""
    while True:
        recorder = STATE.recorder
        count = 0 if recorder is None else len(recorder.assignments)
        condition = test(*values)
        if is_symbolic(condition):
            # the loop node evaluates the condition itself: undo what this evaluation assigned or drew
            if recorder is not None:
                recorder.take_back(count)
            return Loop(names, body, test).run(NEXT, NOT_RETURNED, values)
        if not condition:
            return NEXT, NOT_RETURNED, values
        code, result, values = body(*values)
        if is_symbolic(code):
            return Loop(names, body, test).run(code, result, values)
        if code != NEXT:
            return code, result, values


def range_(*args):
    """``range``; with a Tensor among its arguments, one that only a ``for`` statement can iterate over."""
    if any(is_symbolic(a) for a in args):
        return TensorRange(*args)
    if any(map(is_of_size, args)):
        return _range_of_sizes(*args)
    return range(*(operator.index(a) if isinstance(a, Tensor) else a for a in args))


def _range_of_sizes(*args):
    """A range that ends at a length of the trace: the trace is for all lengths with as many turns, if turns are further apart than 1."""
    start, stop, step = (0, *args, 1) if len(args) == 1 else (*args, 1)[:3]
    if type(start) is not int or type(step) is not int or -1 <= step <= 1:
        return range(*args)
    return range(start, start + _turns(start, stop, step) * step, step)


@decided
def _turns(start, stop, step) -> int:
    return len(range(start, stop, step))


class TensorRange:
    """A range whose start or stop is a Tensor."""

    def __init__(self, *args):
        start, stop, step = (0, *args, 1) if len(args) == 1 else (*args, 1)[:3]
        if is_symbolic(step):
            raise fail(TypeError, "For 'range', the step must be a number, but got a Tensor.")
        for bound in (start, stop):
            if isinstance(bound, Tensor) and bound.dtype.is_inexact:
                raise fail(ValueError, f"For 'range', a Tensor must hold an integer, but got {bound.dtype}.")
        self.start, self.stop, self.step = start, stop, step

    def __iter__(self):
        raise fail(TypeError, "Only a 'for' statement can iterate over a range whose bounds are Tensors.")


def for_(items, body, names, values):
    """A ``for`` loop: (exit code, return value, variables)."""
    if isinstance(items, TensorRange):
        return for_range(items, body, names, NEXT, NOT_RETURNED, values)
    iterator = iter(items)
    done = 0
    for item in iterator:
        code, result, values = body(item, *values)
        done += 1
        if is_symbolic(code):
            return _rest_of_for(items, iterator, done, body, names, code, result, values)
        if code != NEXT:
            return code, result, values
    return NEXT, NOT_RETURNED, values


def _rest_of_for(items, iterator, done, body, names, code, result, values):
    """The iterations that follow one whose exit code is a Tensor: a loop node where the items can be indexed, else unrolled."""
    rest: range | tuple = ()
    if isinstance(items, Tensor):
        rest = range(len(items))[done:]
    elif isinstance(items, range):
        rest = items[done:]
    if len(rest) > SHORT_LOOP:
        body_at = (lambda i, *values: body(items[i], *values)) if isinstance(items, Tensor) else body
        try:
            return for_range(rest, body_at, names, code, result, values)
        except (TypeError, RuntimeError, AttributeError, NameError):  # the body needs the index as a Python number
            if len(rest) > UNROLL_LIMIT:
                raise
    left = list(iterator)
    if len(left) > UNROLL_LIMIT:
        raise fail(
            RuntimeError,
            f"A loop over {len(left)} items that the value of a Tensor may end early cannot be compiled: use range(), or "
            "ops.while_loop.",
        )
    return _unrolled(left, body, code, result, values)


def _unrolled(left, body, code, result, values):
    """Runs ``body`` for the items ``left`` if ``code``, a Tensor, is NEXT: nested branches, one for each exit that a Tensor
    decides."""
    if not left:
        return code, result, values

    def go_on():
        state = (NEXT, NOT_RETURNED, tuple(copies(values)))
        for k, item in enumerate(left):
            state = body(item, *state[2])
            if is_symbolic(state[0]):
                return _unrolled(left[k + 1 :], body, *state)
            if state[0] != NEXT:
                return state
        return state

    return select(truth(as_tensor(code) == NEXT), go_on, lambda: (code, result, tuple(values)))


def for_range(numbers, body, names, code, result, values):
    """A ``for`` over a range as a ``while`` whose first variable, an int64 Tensor, is the item."""
    names = ("the number of the loop", *names)
    stop, up = numbers.stop, numbers.step > 0

    def test(i, *values):
        return i < stop if up else i > stop

    def body_and_step(i, *values):
        code, result, values = body(i, *values)
        return code, result, (i + numbers.step, *values)

    first = numbers.start
    start = to(first, int64) if isinstance(first, Tensor) else _number(first, int64)
    code, result, (_, *values) = Loop(names, body_and_step, test).run(code, result, (start, *values))
    return code, result, tuple(values)


class Loop:
    """A loop that becomes a node.

    Its state is [exit code, return value, *variables].  The Tensors in the state are carried from iteration to iteration;
    everything else must be the same before and after each iteration.
    """

    def __init__(self, names, body, test):
        self.names, self.body, self.test = names, body, test
        self.kept: set[int] = set()  # parts of the state that are one Tensor throughout, changed in place if at all
        self.site = user_location()

    def run(self, code, result, values):
        """Traces the loop that starts in the given state."""
        start = self._stable([code, result, *values])
        carried = [k for k, x in enumerate(start) if k not in self.kept and tree.tensors(x)]

        def with_tensors(tensors) -> list:
            """The state that holds these Tensors."""
            left = iter(tensors)
            state = list(start)
            for k in carried:
                state[k] = tree.with_tensors(start[k], left)
            return state

        def body(tensors, rows):
            after = self._iteration(with_tensors(tensors))
            return [t for k in carried for t in self._tensors_in(after[k], like=start[k])]

        def condition(tensors):
            code, _, *values = with_tensors(tensors)
            holds = truth(self.test(*values))
            return and_(truth(as_tensor(code) == NEXT), lambda: holds) if is_symbolic(code) else holds

        state = [t for k in carried for t in tree.tensors(start[k])]
        final, _ = repeat(state, body, condition)
        for before, after in zip(state, final):
            after.is_number = before.is_number
        code, result, *ended = with_tensors(final)
        return code, result, tuple(self._bound(*variable) for variable in zip(self.names, values, ended))

    def _bound(self, name, before, after):
        """A variable after the loop: without a value if it had none before, as the loop may make no turn."""
        if not isinstance(before, Undefined) or isinstance(after, Undefined):
            return after
        return Undefined(
            name, f"is assigned in the loop at {self.site} only: assign to it before the loop, which may make no turn"
        )

    def _iteration(self, state):
        _, _, *values = state
        code, result, values = self.body(*copies(values))
        return [code, result, *values]

    @staticmethod
    def _tensors_in(after, like) -> list[Tensor]:
        """The Tensors of a part of the state after an iteration, one for each in ``like``, the part before the loop."""
        wanted = tree.tensors(like)
        if has_no_value(after):
            return [_zeros(t.shape, t.dtype) for t in wanted]
        leaves = [x for x in tree.leaves(after) if isinstance(x, (Tensor, *NUMBERS))]
        return [x if isinstance(x, Tensor) else literal(x, t.dtype) for x, t in zip(leaves, wanted)]

    # ------------------------------------------------------------ the types of the state
    def _stable(self, state: list) -> list:
        """The start state in a form (structure, shapes, types) that an iteration keeps.

        A fixed point: an iteration is traced, numbers that it changes become Tensors, and so on until nothing changes.  Each
        part changes at most twice, from no value to a number or Tensor to a Tensor of another type.
        """
        names = [None, None, *self.names]
        whole = [k for k, x in enumerate(state) if isinstance(x, Tensor) and not x.is_literal]
        for turn in range(2 * len(state) + 8):
            same = {id(state[k]) for k in (self.kept if turn else whole)}
            traced = trace_inside(self._iteration, (state,), constant=same)
            if not turn:
                self.kept = {k for k in whole if traced.result[k] is state[k]}
            after = BranchResult(traced).tree()
            for k in self.kept:
                after[k] = state[k]
            adapted = [self._adapted(before, now, name) for before, now, name in zip(state, after, names)]
            if all(new is old for new, old in zip(adapted, state)):
                break
            state = adapted
        return state

    def _adapted(self, before, after, name):
        """``before``, a part of the start state, in the form it has after an iteration; itself where the form is the same."""
        if isinstance(after, (tuple, list)) and type(after) is type(before) and len(after) == len(before):
            items = [self._adapted(b, a, name) for b, a in zip(before, after)]
            return before if all(x is y for x, y in zip(items, before)) else type(before)(items)
        fields = tree.sparse_fields(before)
        if fields and type(after) is type(before) and after.shape == before.shape:
            items = [self._adapted(getattr(before, field), getattr(after, field), name) for field in fields]
            return (
                before if all(x is getattr(before, f) for x, f in zip(items, fields)) else before.with_tensors(*items)
            )
        if has_no_value(after):
            return before
        if has_no_value(before):
            return _placeholder(after)
        if isinstance(after, (TracedLeaf, *NUMBERS)):
            if isinstance(before, NUMBERS):
                return self._adapted_number(before, after, name)
            if isinstance(before, Tensor):
                return self._adapted_tensor(before, after, name)
        if after is before or (type(after) is type(before) and equal(after, before)):
            return before
        self._fail(name, f"{description(before)} before an iteration and {leaf_description(after)} after it")

    def _adapted_number(self, before, after, name):
        """A number stays one if it does not change; else it becomes a 0-d Tensor."""
        if isinstance(after, TracedLeaf):
            dtype, shape = after.value.dtype, after.value.shape
        elif type(after) is type(before) and after == before:
            return before
        else:
            dtype, shape = as_tensor(after).dtype, ()
        if shape != ():
            self._fail(
                name, f"the number {before} before an iteration and a Tensor of shape {shape} after it", ValueError
            )
        if isinstance(before, (float, np.floating)) and not dtype.is_float:
            dtype = as_tensor(float(before)).dtype
        return _number(before, dtype) if is_number(after) else literal(before, dtype)

    def _adapted_tensor(self, before: Tensor, after, name):
        """A Tensor keeps its shape and type, except that one made of a number takes the float type of the result."""
        adapted = self._adapted_type(before, after, name)
        if not before.is_number:
            return adapted
        return adapted if adapted is before and is_number(after) else self._number_like(adapted, after)

    @staticmethod
    def _number_like(tensor: Tensor, after) -> Tensor:
        """The same start value; a Python number if it is one after an iteration too."""
        recorder = current_recorder()
        same = tensor_of(recorder, value_of(recorder, tensor)) if tensor._data is None else wrap(tensor._data)
        same.is_literal, same.is_number = tensor.is_literal, is_number(after)
        return same

    def _adapted_type(self, before: Tensor, after, name):
        if not isinstance(after, TracedLeaf):
            if isinstance(after, (float, np.floating)) and not before.dtype.is_float:
                self._fail(name, f"{before.dtype} before an iteration and the number {after} after it", breaks=False)
            return before
        v = after.value
        if before.shape != v.shape:
            self._fail(
                name, f"of shape {before.shape} before an iteration and {v.shape}{origin(v)} after it", ValueError
            )
        if before.dtype is v.dtype:
            return before
        if before.is_literal and before.ndim == 0 and v.dtype.is_float:
            return to(before, v.dtype)
        self._fail(name, f"{before.dtype} before an iteration and {v.dtype}{origin(v)} after it", breaks=False)

    def _fail(self, name, difference, error=TypeError, breaks=True) -> NoReturn:
        subject = f"the variable '{name}' is" if name else "what is returned is"
        failure = located(
            error,
            f"In the loop at {self.site}, {subject} {difference}: in a compiled loop each variable keeps its structure, shape "
            "and type. Put rows into a Tensor of the full size, made before the loop, or use ops.scan.",
            self.site,
        )
        if breaks:
            note_break(failure, self.site, number=False)
        raise failure


def _number(value, dtype) -> Tensor:
    """A Python number that the iterations of a loop change."""
    tensor = literal(value, dtype)
    tensor.is_number = True
    return tensor


def _placeholder(after):
    """The start of a variable that is assigned in the loop only: zeros, which are never read; numbers where it gets numbers."""

    def zeros(leaf):
        if not isinstance(leaf, TracedLeaf):
            return leaf
        made = _zeros(leaf.value.shape, leaf.value.dtype)
        made.is_number = is_number(leaf)
        return made

    return tree.map_leaves(zeros, after)


def _zeros(shape, dtype) -> Tensor:
    return fixed(np.zeros(shape, dtype.np))
