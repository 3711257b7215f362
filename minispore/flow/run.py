"""What rewritten functions call.  A condition that is plain Python is decided here and now and costs nothing later."""

import copy
import operator

import numpy as np

from ..core import tree
from ..core.dtype import bool_, from_np, int64
from ..core.errors import fail, located
from ..core.op import as_tensor, fixed, literal, to
from ..core.record import STATE, Value, user_location
from ..core.tensor import Tensor
from ..ops.raise_if import raise_if
from .branch import choose_traced
from .convert import converted as call
from .loop import repeat
from .subgraph import Traced, trace_inside

NEXT, BREAK, RETURN = 0, 1, 2  # how a turn of a loop ended
FEW_TURNS = 64  # a loop over things that cannot be numbered is written out up to this length


class _Nothing:
    def __repr__(self):
        return "nothing"


NOTHING = _Nothing()  # the value of a turn that does not return


class Undefined:
    """Stands for a variable that has no value, or none that all branches agree on; any use of it is an error."""

    name: str
    why: str

    def __init__(self, name: str, why: str = "has no value here"):
        self.__dict__.update(name=name, why=why)

    def __repr__(self):
        return f"<variable '{self.name}' {self.why}>"

    def _fail(self, *args, **kwargs):
        raise fail(NameError, f"The variable '{self.name}' {self.why}.")

    __getattr__ = __call__ = __bool__ = __iter__ = __len__ = __getitem__ = __setitem__ = __float__ = __int__ = _fail
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __neg__ = _fail
    __matmul__ = __rmatmul__ = __pow__ = __rpow__ = __lt__ = __le__ = __gt__ = __ge__ = __setattr__ = _fail


def value(read, name: str):
    """The value of a variable, if it has one."""
    try:
        return read()
    except NameError:
        return Undefined(name)


# ---------------------------------------------------------------- conditions
def is_symbolic(x) -> bool:
    """Whether ``x`` is a Tensor whose value is not known while the graph is traced."""
    if not isinstance(x, Tensor) or STATE.recorder is None or not STATE.recorder.symbolic:
        return False
    return x._data is None or not x.is_literal


def truth(x) -> Tensor:
    """A condition as a bool Tensor of no axes."""
    x = as_tensor(x)
    if x.size != 1:
        raise fail(
            ValueError,
            f"A condition must be a Tensor with one element, but got the shape {x.shape}; use .all() or .any().",
        )
    return to(x.reshape(()), bool_)


def and_(first, *others):
    result = first
    for other in others:
        if is_symbolic(result):
            result = _both(result, other(), and_=True)
        elif not result:
            return result
        else:
            result = other()
    return result


def or_(first, *others):
    result = first
    for other in others:
        if is_symbolic(result):
            result = _both(result, other(), and_=False)
        elif result:
            return result
        else:
            result = other()
    return result


def _both(a, b, and_: bool):
    from ..ops.elementwise import logical_and, logical_or

    if isinstance(b, Tensor):
        return (logical_and if and_ else logical_or)(truth(a), truth(b))
    if and_:
        return truth(a) if b else False
    return True if b else truth(a)


def not_(x):
    from ..ops.elementwise import logical_not

    return logical_not(truth(x)) if is_symbolic(x) else not x


def compare(first, *pairs):
    result, left = True, first
    for name, read in pairs:
        right = read()
        now = getattr(operator, name)(left, right)
        if is_symbolic(result):
            result = _both(result, now, and_=True)
        elif not result:
            return result
        else:
            result = now
        left = right
    return result


def known(test):
    """The condition of an ``if`` that leaves a block of ``try``, ``with`` or ``match``."""
    if is_symbolic(test):
        raise fail(
            TypeError,
            "An 'if' that hangs on the value of a Tensor cannot leave (return, break, continue) a block of 'try', 'with' or "
            "'match' in a compiled function: set a variable there, and leave after the block.",
        )
    return test


def raised(error):
    """The operand of ``raise``, marked: where the statement hangs on a Tensor it belongs to the step, not to the trace."""
    if isinstance(error, type) and issubclass(error, BaseException):
        error = error()
    if isinstance(error, BaseException):
        error.raised_at = user_location()  # type: ignore[attr-defined]
    return error


# ---------------------------------------------------------------- if
def if_expression(test, then, other):
    if is_symbolic(test):
        return _select(test, then, other, strict=True)
    return then() if test else other()


def if_(test, then, other, names, values):
    """An ``if`` statement: the variables ``names`` after it."""
    if is_symbolic(test):
        return _select(test, lambda: then(*_copies(values)), lambda: other(*_copies(values)), names)
    return then(*values) if test else other(*values)


def choose(test, then, other, values):
    """An ``if`` statement with the rest of its block: what the function, or the turn of a loop, ends with."""
    if is_symbolic(test):
        return _select(test, lambda: then(*_copies(values)), lambda: other(*_copies(values)), strict=True)
    return then(*values) if test else other(*values)


def _copies(values) -> list:
    """Each branch has containers of its own to change in place; of Tensors the trace notes it."""
    return [_copy(v) for v in values]


def _copy(v):
    if type(v) in (list, dict, set) and STATE.recorder is not None and STATE.recorder.symbolic:
        return copy.copy(v)
    return v


def _select(test, then, other, names=None, strict=False):
    """What one of two functions returns, by the value of a Tensor: leaf by leaf what they both return."""
    site = user_location()
    traces: list[Traced] = []
    for side, condition, rest in [(other, not_, then), (then, truth, other)]:
        try:
            traces.append(trace_inside(side))
        except RecursionError as error:
            if hasattr(error, "explained"):
                raise
            explained = located(
                RecursionError,
                "A function that calls itself as long as a Tensor says so cannot be compiled, as nobody knows how often it "
                "will: write it as a while loop.",
                site,
            )
            explained.explained = True  # type: ignore[attr-defined]
            raise explained from None
        except Exception as error:
            place = getattr(error, "raised_at", None)
            if place is None:
                raise
            raise_if(condition(test), error, place)  # what follows is the other side, for where the step goes on
            return rest()
    sides = [_Leaves(t) for t in traces]
    merged = _merge(sides[0].tree(), sides[1].tree(), _Merge(site, names, strict, sides, test))
    for side, traced in zip(sides, traces):
        n = len(traced.outputs) - len(traced.updates)
        traced.outputs = [side.chosen[k] for k in range(len(side.chosen))] + traced.outputs[n:]
    # both sides list the values to choose from in the order in which _merge met them
    found = iter(choose_traced(to(truth(test), int64), traces))
    return _fill(merged, found)


class _Symbol:
    """A leaf of a traced result: a Tensor, as its value inside the trace."""

    def __init__(self, side: "_Leaves", value: Value):
        self.side, self.value = side, value

    def __repr__(self):
        return f"Tensor({self.value.dtype}, shape {self.value.shape})"


class _Slot:
    """A leaf of a merged result that takes the next chosen Tensor."""


class _Leaves:
    """The result of one branch, and which of its values are to be chosen from."""

    def __init__(self, traced: Traced):
        self.traced = traced
        self.chosen: list[Value] = []

    def tree(self):
        outputs = iter(self.traced.outputs)
        return tree.map_leaves(
            lambda x: _Symbol(self, next(outputs)) if isinstance(x, Tensor) else x, self.traced.result
        )


class _Merge:
    """Where two results are brought together, and what becomes of what they do not agree on."""

    def __init__(self, site, names, strict, sides, test):
        self.site, self.names, self.strict, self.sides, self.test = site, names, strict, sides, test

    def disagree(self, what: str, name: str | None, error=TypeError):
        """A result that the branches do not agree on: an error where it is returned, else where it is used."""
        message = f"the branches of the condition at {self.site} do not agree: {what}"
        if self.strict:
            raise located(error, f"For a condition on a Tensor, {message}.", self.site)
        return Undefined(name or "result", f"cannot be used here, as {message}")


def _merge(a, b, merge: _Merge, name: str | None = None):
    """One structure from those of the two branches (a: the condition is false)."""
    if merge.names is not None and name is None:
        return tuple(_merge(x, y, merge, n) for x, y, n in zip(a, b, merge.names))
    if a is NOTHING and b is NOTHING:
        return NOTHING
    if a is NOTHING or b is NOTHING:
        return _zeros_for(b if a is NOTHING else a, merge, first=a is NOTHING)
    if isinstance(a, Undefined) or isinstance(b, Undefined):
        if isinstance(a, Undefined) and isinstance(b, Undefined):
            return a
        known = a if isinstance(b, Undefined) else b
        missing = b if isinstance(b, Undefined) else a
        return Undefined(missing.name, f"has a value in one branch of the condition at {merge.site} only") if (
            not isinstance(known, Undefined)) else known  # fmt: skip
    if isinstance(a, (tuple, list)) and type(a) is type(b) and len(a) == len(b):
        items = [_merge(x, y, merge, name) for x, y in zip(a, b)]
        return type(a)(*items) if hasattr(a, "_fields") else type(a)(items)
    if isinstance(a, dict) and isinstance(b, dict) and list(a) == list(b):
        return {k: _merge(a[k], b[k], merge, name) for k in a}
    if isinstance(a, (_Symbol, bool, int, float, np.generic)) and isinstance(
        b, (_Symbol, bool, int, float, np.generic)
    ):
        return _merge_numbers(a, b, merge, name)
    if a is b or (type(a) is type(b) and _equal(a, b)):
        return a
    if callable(a) and callable(b):
        return _Chosen(merge.test, b, a)
    return merge.disagree(f"{_label(name)}{_kind(b)} if it is true, {_kind(a)} if not", name)


class _Chosen:
    """One of two functions, by the value of a Tensor."""

    def __init__(self, test, then, other):
        self.test, self.then, self.other = test, then, other

    def __call__(self, *args, **kwargs):
        return if_expression(
            self.test,
            lambda: call(self.then)(*_copies(args), **kwargs),
            lambda: call(self.other)(*_copies(args), **kwargs),
        )


def _equal(a, b) -> bool:
    try:
        return bool(a == b)
    except Exception as error:  # an == of the user's own may do anything
        del error
        return False


def _merge_numbers(a, b, merge: _Merge, name):
    if not isinstance(a, _Symbol) and not isinstance(b, _Symbol):
        if type(a) is type(b) and (a == b or a != a):
            return a
        dtype = np.result_type(type(a), type(b))
        wanted = from_np(np.dtype(np.float32) if dtype.kind == "f" else dtype)
        pair = [Value((), wanted, data=np.asarray(x, wanted.np), kind="constant") for x in (a, b)]
    else:
        pair = [_as_value(a, b), _as_value(b, a)]
    (x, y) = pair
    if x.dtype is not y.dtype or x.shape != y.shape:
        return merge.disagree(
            f"{_label(name)}{y.dtype} of shape {y.shape}{_origin(y)} if it is true, "
            f"{x.dtype} of shape {x.shape}{_origin(x)} if not",
            name, TypeError if x.dtype is not y.dtype else ValueError,
        )  # fmt: skip
    merge.sides[0].chosen.append(x)
    merge.sides[1].chosen.append(y)
    return _Slot()


def _as_value(x, other) -> Value:
    """A branch's result as a value; a number takes the type of the other branch's Tensor where that loses nothing."""
    if isinstance(x, _Symbol):
        return x.value
    dtype = other.value.dtype
    if isinstance(x, (float, np.floating)) and not dtype.is_float:
        dtype = from_np(np.dtype(np.float32))
    elif dtype is bool_ and not isinstance(x, (bool, np.bool_)):
        dtype = int64
    return Value((), dtype, data=np.asarray(x, dtype.np), kind="constant")


def _zeros_for(given, merge: _Merge, first: bool):
    """``given`` on one side, zeros on the other, where the value is never looked at."""

    def leaf(x):
        if isinstance(x, _Symbol):
            blank = Value(x.value.shape, x.value.dtype, data=np.zeros(x.value.shape, x.value.dtype.np), kind="constant")
            pair = (blank, x.value) if first else (x.value, blank)
            merge.sides[0].chosen.append(pair[0])
            merge.sides[1].chosen.append(pair[1])
            return _Slot()
        return x

    return tree.map_leaves(leaf, given)


def _label(name) -> str:
    return f"'{name}' is " if name else "it gives "


def _kind(x) -> str:
    if isinstance(x, _Symbol):
        return f"a Tensor ({x.value.dtype}, shape {x.value.shape}){_origin(x.value)}"
    return _shown(x)


def _origin(v: Value) -> str:
    return f" (from {v.node.location})" if v.node is not None and v.node.location else ""


def _fill(merged, found):
    return tree.map_leaves(lambda x: next(found) if isinstance(x, _Slot) else x, merged)


# ---------------------------------------------------------------- loops
def is_return(code):
    return truth(as_tensor(code) == RETURN) if is_symbolic(code) else code == RETURN


def is_complete(code):
    return truth(as_tensor(code) == NEXT) if is_symbolic(code) else code == NEXT


def while_(test, turn, names, values):
    """(how it ended, value returned, variables) of a ``while`` loop."""
    while True:
        parameters = {} if STATE.recorder is None else STATE.recorder.parameters
        before = {key: entry[1] for key, entry in parameters.items()}
        asked = test(*values)
        if is_symbolic(asked):
            for key, entry in parameters.items():  # the loop asks anew: what this asking drew or assigned is forgotten
                entry[1] = before.get(key, entry[2])
            return _Loop(names, turn, test).run(NEXT, NOTHING, values)
        if not asked:
            return NEXT, NOTHING, values
        code, result, values = turn(*values)
        if is_symbolic(code):
            return _Loop(names, turn, test).run(code, result, values)
        if code != NEXT:
            return code, result, values


def range_(*args):
    """``range``; with a Tensor among its arguments, one that only a loop can go through."""
    if any(is_symbolic(a) for a in args):
        return _TensorRange(*args)
    return range(*(int(a) if isinstance(a, Tensor) else a for a in args))


class _TensorRange:
    def __init__(self, *args):
        start, stop, step = (0, *args, 1) if len(args) == 1 else (*args, 1)[:3]
        if is_symbolic(step):
            raise fail(TypeError, "For 'range', the step must be a number, but got a Tensor.")
        self.start, self.stop, self.step = start, stop, step

    def __iter__(self):
        raise fail(TypeError, "A range up to the value of a Tensor can be gone through by a 'for' statement only.")


def for_(items, turn, names, values):
    """(how it ended, value returned, variables) of a ``for`` loop."""
    if isinstance(items, _TensorRange):
        return _numbered(items, turn, names, NEXT, NOTHING, values)
    source = iter(items)
    done = 0
    for item in source:
        code, result, values = turn(item, *values)
        done += 1
        if is_symbolic(code):
            return _rest_of_for(items, source, done, turn, names, code, result, values)
        if code != NEXT:
            return code, result, values
    return NEXT, NOTHING, values


def _rest_of_for(items, source, done, turn, names, code, result, values):
    """The turns after one that may have ended the loop, by the value of a Tensor."""
    rest = range(len(items))[done:] if isinstance(items, Tensor) else items[done:] if isinstance(items, range) else ()
    if len(rest) > 4:
        turn_of = (lambda i, *values: turn(items[i], *values)) if isinstance(items, Tensor) else turn
        try:
            return _numbered(_Numbers(rest), turn_of, names, code, result, values)
        except (TypeError, RuntimeError, AttributeError, NameError):
            if len(rest) > FEW_TURNS:
                raise
    left = list(source)
    if len(left) > FEW_TURNS:
        raise fail(
            RuntimeError,
            f"A loop over {len(left)} things that a Tensor may end early cannot be compiled: use range(), or ops.while_loop.",
        )
    return _written_out(left, turn, code, result, values)


def _written_out(left, turn, code, result, values):
    if not left:
        return code, result, values

    def go_on():
        made = turn(left[0], *_copies(values))
        if is_symbolic(made[0]):
            return _written_out(left[1:], turn, *made)
        if made[0] != NEXT:
            return made
        done = made
        for k, item in enumerate(left[1:], 2):
            done = turn(item, *done[2])
            if is_symbolic(done[0]):
                return _written_out(left[k:], turn, *done)
            if done[0] != NEXT:
                return done
        return done

    return _select(truth(as_tensor(code) == NEXT), go_on, lambda: (code, result, tuple(values)), strict=True)


class _Numbers:
    """A range of plain numbers, to be counted by the graph."""

    def __init__(self, numbers: range):
        self.start, self.stop, self.step = numbers.start, numbers.stop, numbers.step


def _numbered(numbers, turn, names, code, result, values):
    """A ``for`` over a range whose number is a Tensor."""
    names = ("the number of the loop", *names)
    stop, up = numbers.stop, numbers.step > 0

    def test(i, *values):
        return i < stop if up else i > stop

    def body(i, *values):
        code, result, values = turn(i, *values)
        return code, result, (i + numbers.step, *values)

    start = to(as_tensor(numbers.start), int64)
    found = _Loop(names, body, test).run(code, result, (start, *values))
    return found[0], found[1], tuple(found[2][1:])


class _Loop:
    """A loop in the graph: finds which variables change from turn to turn, and carries those."""

    def __init__(self, names, turn, test):
        self.names, self.turn, self.test = names, turn, test
        self.site = user_location()

    def run(self, code, result, values):
        state = [code, result, *values]
        names = [None, None, *self.names]
        for _ in range(2 * len(state) + 8):  # a number that changes becomes a Tensor; that may make others change
            traced = trace_inside(self._turn, (state,))
            after = _Leaves(traced).tree()
            changed = [self._settle(before, now, name) for before, now, name in zip(state, after, names)]
            if all(new is old for new, old in zip(changed, state)):
                break
            state = changed
        carried = [k for k, x in enumerate(state) if tree.tensors(x)]
        flat = [t for k in carried for t in tree.tensors(state[k])]

        def rebuilt(tensors):
            left = iter(tensors)
            full = list(state)
            for k in carried:
                full[k] = tree.map_leaves(lambda x: next(left) if isinstance(x, Tensor) else x, state[k])
            return full

        def body(tensors, rows):
            made = self._turn(rebuilt(tensors))
            out: list[Tensor] = []
            for k in carried:
                out += self._tensors_like(made[k], state[k])
            return out

        def condition(tensors):
            code, _, *values = rebuilt(tensors)
            asked = truth(self.test(*values))
            return and_(truth(as_tensor(code) == NEXT), lambda: asked) if is_symbolic(code) else asked

        found, _ = repeat(flat, body, condition)
        code, result, *values = rebuilt(found)
        return code, result, tuple(values)

    def _turn(self, state):
        _, _, *values = state
        code, result, values = self.turn(*_copies(values))
        return [code, result, *values]

    @staticmethod
    def _tensors_like(made, state) -> list[Tensor]:
        wanted = tree.tensors(state)
        if made is NOTHING or isinstance(made, Undefined):
            return [_zeros(t.shape, t.dtype) for t in wanted]
        leaves = [x for x in tree.leaves(made) if isinstance(x, (Tensor, bool, int, float, np.generic))]
        return [x if isinstance(x, Tensor) else literal(x, t.dtype) for x, t in zip(leaves, wanted)]

    def _settle(self, before, now, name):
        """What a variable must be before the loop, given what it is after a turn; itself if it may stay."""
        if isinstance(now, (tuple, list)) and type(now) is type(before) and len(now) == len(before):
            items = [self._settle(b, n, name) for b, n in zip(before, now)]
            return before if all(x is y for x, y in zip(items, before)) else type(before)(items)
        if now is NOTHING or isinstance(now, Undefined):
            return before
        if before is NOTHING or isinstance(before, Undefined):
            return tree.map_leaves(lambda x: _zeros(x.value.shape, x.value.dtype) if isinstance(x, _Symbol) else x, now)
        number = isinstance(before, (bool, int, float, np.generic))
        if isinstance(now, _Symbol):
            if number:
                return self._number(before, now.value.dtype, now.value.shape, name)
            if isinstance(before, Tensor):
                return self._tensor(before, now.value, name)
        elif number and isinstance(now, (bool, int, float, np.generic)):
            if type(now) is type(before) and now == before:
                return before
            return self._number(before, as_tensor(now).dtype, (), name)
        elif isinstance(before, Tensor) and isinstance(now, (bool, int, float, np.generic)):
            if isinstance(now, (float, np.floating)) and not before.dtype.is_float:
                self._fail(name, f"{before.dtype} before a turn and the number {now} after it", TypeError)
            return before
        elif now is before or (type(now) is type(before) and _equal(now, before)):
            return before
        return self._fail(name, f"{_shown(before)} before a turn and {_kind(now)} after it", TypeError)

    def _number(self, before, dtype, shape, name) -> Tensor:
        if shape != ():
            self._fail(name, f"the number {before} before a turn and a Tensor of shape {shape} after it", ValueError)
        if isinstance(before, (float, np.floating)) and not dtype.is_float:
            dtype = as_tensor(float(before)).dtype
        return literal(before, dtype)

    def _tensor(self, before: Tensor, now: Value, name):
        if before.shape != now.shape:
            self._fail(
                name, f"of shape {before.shape} before a turn and {now.shape}{_origin(now)} after it", ValueError
            )
        if before.dtype is now.dtype:
            return before
        if before.is_literal and before.ndim == 0 and now.dtype.is_float:
            return to(before, now.dtype)
        return self._fail(name, f"{before.dtype} before a turn and {now.dtype}{_origin(now)} after it", TypeError)

    def _fail(self, name, what, error):
        subject = f"the variable '{name}' is" if name else "what is returned is"
        raise located(
            error,
            f"In the loop at {self.site}, {subject} {what}: what a compiled loop carries keeps its form, shape and type. Put "
            "rows into a Tensor of the full size, made before the loop, or use ops.scan.",
            self.site,
        )


def _shown(x) -> str:
    if isinstance(x, Tensor):
        return f"a Tensor ({x.dtype}, shape {x.shape})"
    if isinstance(x, dict):
        return f"a dict with the keys {', '.join(map(repr, x)) or '(none)'}"[:80]
    if isinstance(x, (tuple, list)):
        return f"a {type(x).__name__} of {len(x)} items"
    return "None" if x is None else f"{type(x).__name__} {x!r:.40}"


def _zeros(shape, dtype) -> Tensor:
    return fixed(np.zeros(shape, dtype.np))
