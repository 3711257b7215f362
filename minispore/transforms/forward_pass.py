"""Forward passes that a gradient takes over: ``loss = net(x)`` and then ``grad(net, ...)(x)`` run ``net`` once, as in MindSpore.

A recorder keeps of each Cell, and in a trace of each function, its last call.  A gradient of it with the same arguments goes backward
through the nodes of the call, so that what the call changed (moving statistics, counters) changes once, and dropout masks are those of the
loss.  Op by op a function runs again, as in MindSpore.
"""

from functools import cached_property, wraps
from types import FunctionType, MethodType
from typing import Any, NamedTuple

from ..autodiff import leaf, recording
from ..core import tree
from ..core.dtype import DType
from ..core.op import tensor_of, value_of, wrap
from ..core.op.dispatch import have_equal_bits
from ..core.record import STATE, Epoch, Recorder, Value
from ..core.registry import supplies
from ..core.tensor import Tensor
from ..ops.effects import SKIPPED

_PLAIN = bool, int, float, complex, str, bytes, type(None), DType  # values of these types are compared as such


class _Given(NamedTuple):
    """A Tensor as it was given: the same object after a change in place is another argument."""

    tensor: Tensor
    value: Value | None
    data: Any


class ForwardPass:
    """A call of a Cell in a recording.

    Args:
        recorder: Recorder, where the call begins.
        fn: the Cell or function.
        args, kwargs: its arguments.
    """

    given: list | None
    # of a call outside of recordings:
    recorder: Any = None  # its own Recorder, which is resumed
    leaves: dict[int, Tensor]  # id(argument) -> the Tensor that stands for it
    read: list  # (Tensor, a copy of its array) of all that it read but Parameters
    states: list  # (Cell, its version, whether it was in training) of all that ran

    def __init__(self, recorder: Recorder, fn, args, kwargs):
        self.fn = fn  # held, as calls are found by its id
        self.given = _described(recorder, fn, args, kwargs)
        self.after = recorder.last_id()  # nodes of the call have higher ids
        self.settings = _settings()
        self.assignments = recorder.assignments, len(recorder.assignments)  # those before the call are its first

    def ended(self, recorder: Recorder, out) -> None:
        """Notes what the call returned."""
        self.out = out
        self.values = {id(t): t._value for t in tree.tensors(out) if _is_of(recorder, t)}
        self.stores = len(recorder.stores)  # of attributes of other objects
        self.outputs = _described_leaves(tree.leaves(out))
        self.epoch = Epoch.now  # attributes that the call has set itself are part of it

    def result(self, recorder: Recorder):
        """What the call returned, in Tensors of its own: one that is changed in place is not that of the call."""
        return tree.map_leaves(lambda x: _again(recorder, x, self.values.get(id(x))), self.out)

    @cached_property
    def assigned(self) -> dict[int, Value]:
        """id(Parameter) -> what it had been given before the call."""
        made, count = self.assignments
        return dict(made[:count])

    def value_of(self, recorder: Recorder, source: Tensor) -> Value | None:
        """What stood for an argument or a Parameter when the call began; None for a Parameter that nothing has read since."""
        stands = source if self.recorder is None else self.leaves.get(id(source), source)
        if not stands.is_parameter:
            return value_of(recorder, stands)
        entry = recorder.parameters.get(id(source))
        return self.assigned.get(id(source), None if entry is None else entry[2])


def key(fn):
    """What a recorder keeps the calls of a Cell or a function by; a bound method is another object each time.

    Args:
        fn: Cell or function.

    Returns:
        a number or a pair of numbers.
    """
    return (id(fn.__func__), id(fn.__self__)) if type(fn) is MethodType else id(fn)


def begin(recorder: Recorder, fn, args, kwargs) -> ForwardPass | None:
    """The record of a call that begins; None for one that cannot be taken over.

    Args:
        recorder: Recorder.
        fn: the Cell or function.
        args: tuple of the arguments.
        kwargs: dict of those by name.

    Returns:
        ForwardPass or None.
    """
    made = ForwardPass(recorder, fn, args, kwargs)
    return None if made.given is None else made


def end(recorder: Recorder, fn, begun: ForwardPass | None, out) -> None:
    """Keeps the call of a Cell or a function that has ended, or forgets the one before it.

    Args:
        recorder: Recorder.
        fn: the Cell or function.
        begun: what ``begin`` gave; None for a call that cannot be taken over.
        out: what the call returned.
    """
    if begun is None:
        recorder.passes.pop(key(fn), None)
    else:
        begun.ended(recorder, out)
        recorder.passes[key(fn)] = begun


@supplies("kept calls")
def keeping(function, form):
    """The form of a function that a trace calls, whose calls are kept for a gradient.

    Args:
        function: function or bound method, as the user holds it.
        form: what runs in its place.

    Returns:
        a function.
    """

    @wraps(form)
    def run(*args, **kwargs):
        recorder = STATE.recorder
        if recorder is None or not recorder.symbolic:
            return form(*args, **kwargs)
        begun = begin(recorder, function, args, kwargs)
        out = form(*args, **kwargs)
        end(recorder, function, begun, out)
        return out

    return run


def take(recorder: Recorder, cell, args, kwargs, differentiated) -> ForwardPass | None:
    """The last call of a Cell in this recording, for one gradient, if nothing it depends on is different now.

    Args:
        recorder: Recorder.
        cell: the Cell, or any function.
        args: tuple of the arguments of the gradient.
        kwargs: dict of those by name.
        differentiated: list of the Tensors among them that are differentiated by.

    Returns:
        ForwardPass or None.
    """
    found: ForwardPass | None = recorder.passes.pop(key(cell), None)
    if (
        found is None
        or found.epoch != Epoch.now
        or found.stores != len(recorder.stores)
        or not _alike(found.settings, _settings())
    ):
        return None
    given = _described(recorder, cell, args, kwargs)
    if (
        given is None
        or not _alike(found.given, given)
        or not _alike(found.outputs, _described_leaves(tree.leaves(found.out)))
    ):
        return None
    return found if _are_apart(recorder, found, tree.tensors([args, kwargs]), differentiated) else None


def kept_call(cell, args, kwargs):
    """A call of a Cell outside of recordings, op by op, that is kept for the first gradient with the same arguments.

    What it reads of Parameters and Tensors are copies, to tell whether they have changed since; what it returns are copies, which may
    be changed.

    Args:
        cell: Cell for which ``set_grad`` was called.
        args: tuple of the arguments.
        kwargs: dict of those by name.

    Returns:
        what the Cell returns.
    """
    forget(cell)
    recorder = Recorder(symbolic=False)
    recorder.copies = True
    made = begin(recorder, cell, args, kwargs)
    if made is None:
        return cell._run(*args, **kwargs)
    given = tree.tensors([args, kwargs])
    made.recorder = recorder
    scope, epoch = recording(recorder, keeps=True), Epoch.now
    try:
        with scope:
            made.leaves = {id(t): t if t.is_parameter and t.requires_grad else leaf(recorder, t) for t in given}
            args, kwargs = tree.map_leaves(lambda x: made.leaves.get(id(x), x), [args, kwargs])
            out = cell._run(*args, **kwargs)
            made.ended(recorder, out)
            recorder.keep_outside()
            changed = set(recorder.outside)
    finally:
        if scope.is_open:
            scope.end(failed=True)
    changes = any(now is not start for _, now, start in recorder.parameters.values())
    cell.__dict__["_changes_when_run"] = changes
    cells = recorder.cells.values()
    shown = Epoch.now != epoch and any(
        _is_of(recorder, x) for c in cells for v in vars(c).values() for x in tree.leaves(v)
    )
    written = [t for t in given if made.leaves[id(t)].is_written]
    for t in written:
        if not t.is_parameter:
            t._rebind(made.leaves[id(t)])
    if not shown and not written and (cell._training or changes):
        made.read = [(t, t._array().copy() if id(t) in changed else v.data) for t, v in recorder.captures.values()]
        made.states = [(c, *c._state()) for c in cells]
        cell.__dict__["_kept"] = made
    else:
        recorder.close()
    before = {id(now): t for t, now in zip(given, made.leaves.values())}
    return tree.map_leaves(lambda x: before[id(x)] if id(x) in before else _alone(x, made.values), out)


def _alone(item, values):
    """A result in memory of its own, without the recording."""
    if id(item) not in values:
        return item
    made = wrap(item._array().copy())
    if item.is_number:
        made.is_number = True
    return made


def take_kept(cell, args, kwargs) -> ForwardPass | None:
    """The call of a Cell that is kept, if nothing it depends on is different now; in any case it is kept no longer.

    Args:
        cell: Cell.
        args: tuple of the arguments of the gradient.
        kwargs: dict of those by name.

    Returns:
        ForwardPass or None.
    """
    found: ForwardPass | None = cell.__dict__.pop("_kept", None)
    if found is None:
        return None
    given = _described(found.recorder, cell, args, kwargs)
    if (
        given is not None
        and _alike(found.settings, _settings())
        and _alike(found.given, given)
        and all(have_equal_bits(t._array(), data) for t, data in found.read)
        and all(
            have_equal_bits(p._array(), now.data)
            for p, now, start in found.recorder.parameters.values()
            if now is start
        )
        and all((c._version, c._training) == (version, training) for c, version, training in found.states)
    ):
        return found
    found.recorder.close()
    return None


def forget(cell) -> None:
    """Lets go of the call that is kept of a Cell.

    Args:
        cell: Cell.
    """
    found = cell.__dict__.pop("_kept", None)
    if found is not None:
        found.recorder.close()


def _are_apart(recorder: Recorder, found: ForwardPass, tensors, differentiated) -> bool:
    """Whether the nodes that read the arguments which are differentiated by read them as these arguments, and as nothing else."""
    values = [id(t._value) for t in tensors]
    held = {id(v) for v in found.assigned.values()}
    return all(
        t._recorder is recorder
        and t._value is not None
        and t._value.kind in ("input", "node")
        and values.count(id(t._value)) == 1
        and id(t._value) not in held
        for t in differentiated
    )


def _is_of(recorder: Recorder, item) -> bool:
    """Whether a result is a Tensor that was computed in the recording."""
    return isinstance(item, Tensor) and not item.is_parameter and item._recorder is recorder and item._value is not None


def _again(recorder: Recorder, item, value: Value | None):
    if value is None:
        return item
    made = tensor_of(recorder, value)
    if item.is_number:
        made.is_number = True
    return made


def _settings() -> list:
    """What a call depends on besides its arguments and the state of Cells."""
    return [STATE.no_grad, STATE.through_updates, STATE.widens, SKIPPED.condition, SKIPPED.frozen]


def _described(recorder: Recorder, fn, args, kwargs) -> list | None:
    """The arguments, and the variables around a function, as a list that can be compared later; None where an argument could change
    unseen."""
    described: list = []
    if not _describe(recorder, [args, kwargs], described):
        return None
    inner = fn.__func__ if type(fn) is MethodType else fn
    for cell in (inner.__closure__ or ()) if type(inner) is FunctionType else ():
        try:
            around = cell.cell_contents
        except ValueError:  # not assigned yet
            around = None
        if not _describe(recorder, around, described):
            described.append(around)  # compared by identity
    return described


def _describe(recorder: Recorder, item, described: list) -> bool:
    if isinstance(item, Tensor):
        if item.tensor_fields:
            return False
        around = item._recorder is not None and (item._recorder is recorder or recorder.is_inside(item._recorder))
        described.append(_Given(item, item._value if around else None, item._data))
    elif type(item) in (tuple, list):
        described += [type(item), len(item)]
        return all([_describe(recorder, x, described) for x in item])
    elif type(item) is dict:
        described += [dict, len(item)]
        return all([_describe(recorder, x, described) for pair in item.items() for x in pair])
    elif isinstance(item, (*_PLAIN, type)):
        described.append(item)
    else:
        return False
    return True


def _described_leaves(leaves) -> list:
    """Results as they are: what was written to one in place since is not what the call computed."""
    return [_Given(x, x._value, x._data) if isinstance(x, Tensor) else x for x in leaves]


def _alike(first, second) -> bool:
    """Whether two lists hold the same objects, or plain values that are equal."""
    return len(first) == len(second) and all(map(_is_alike, first, second))


def _is_alike(a, b) -> bool:
    if isinstance(a, _Given) and isinstance(b, _Given):
        return a.tensor is b.tensor and a.value is b.value and a.data is b.data
    return a is b or (type(a) is type(b) and type(a) in (*_PLAIN, frozenset) and a == b)
