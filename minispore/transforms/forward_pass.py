"""Forward passes that a gradient takes over: ``loss = net(x)`` and then ``grad(net, ...)(x)`` run ``net`` once, as in MindSpore.

A recorder keeps of each Cell its last call.  A gradient of that Cell with the same arguments goes backward through the nodes of the
call, so that what the call changed (moving statistics, counters) changes once, and dropout masks are those of the loss.
"""

from typing import Any, NamedTuple

from ..core import tree
from ..core.dtype import DType
from ..core.op import tensor_of
from ..core.record import STATE, Epoch, Recorder, Value
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
        args, kwargs: its arguments.
    """

    def __init__(self, recorder: Recorder, args, kwargs):
        self.given = _described(recorder, args, kwargs)
        self.after = recorder.nodes[-1].id if recorder.nodes else -1  # nodes of the call have higher ids
        self.settings = _settings()
        self.parameters = {key: entry[1] for key, entry in recorder.parameters.items()}

    def ended(self, recorder: Recorder, out) -> None:
        """Notes what the call returned."""
        self.out = out
        self.stores = len(recorder.stores)  # of attributes of other objects
        self.outputs = _described_leaves(tree.leaves(out))
        self.epoch = Epoch.now  # attributes that the call has set itself are part of it

    def result(self, recorder: Recorder):
        """What the call returned, in Tensors of its own: one that is changed in place is not that of the call."""
        return tree.map_leaves(lambda x: _again(recorder, x), self.out)

    def value_of_weight(self, recorder: Recorder, weight) -> Value | None:
        """What stood for a Parameter when the call began; None if nothing has read it since."""
        entry = recorder.parameters.get(id(weight))
        return self.parameters.get(id(weight), None if entry is None else entry[2])


def begin(recorder: Recorder, args, kwargs) -> ForwardPass | None:
    """The record of a call that begins; None for one that cannot be taken over.

    Args:
        recorder: Recorder.
        args: tuple of the arguments.
        kwargs: dict of those by name.

    Returns:
        ForwardPass or None.
    """
    made = ForwardPass(recorder, args, kwargs)
    return None if made.given is None else made


def end(recorder: Recorder, cell, begun: ForwardPass | None, out) -> None:
    """Keeps the call of a Cell that has ended, or forgets the one before it.

    Args:
        recorder: Recorder.
        cell: Cell.
        begun: what ``begin`` gave; None for a call that cannot be taken over.
        out: what the call returned.
    """
    if begun is None:
        recorder.passes.pop(id(cell), None)
    else:
        begun.ended(recorder, out)
        recorder.passes[id(cell)] = begun


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
    found: ForwardPass | None = recorder.passes.pop(id(cell), None)
    if (
        found is None
        or found.epoch != Epoch.now
        or found.stores != len(recorder.stores)
        or not _alike(found.settings, _settings())
    ):
        return None
    given = _described(recorder, args, kwargs)
    if (
        given is None
        or not _alike(found.given, given)
        or not _alike(found.outputs, _described_leaves(tree.leaves(found.out)))
    ):
        return None
    return found if _are_apart(recorder, found, tree.tensors([args, kwargs]), differentiated) else None


def _are_apart(recorder: Recorder, found: ForwardPass, tensors, differentiated) -> bool:
    """Whether the nodes that read the arguments which are differentiated by read them as these arguments, and as nothing else."""
    values = [id(t._value) for t in tensors]
    held = {id(v) for v in found.parameters.values()}
    return all(
        not t.is_parameter
        and t._recorder is recorder
        and t._value is not None
        and t._value.kind in ("input", "node")
        and values.count(id(t._value)) == 1
        and id(t._value) not in held
        for t in differentiated
    )


def _again(recorder: Recorder, item):
    if not isinstance(item, Tensor) or item.is_parameter or item._recorder is not recorder or item._value is None:
        return item
    made = tensor_of(recorder, item._value)
    if item.is_number:
        made.is_number = True
    return made


def _settings() -> list:
    """What a call depends on besides its arguments and the state of Cells."""
    return [STATE.no_grad, STATE.through_updates, STATE.widens, SKIPPED.condition, SKIPPED.frozen]


def _described(recorder: Recorder, args, kwargs) -> list | None:
    """The arguments as a list that can be compared later; None where one of them could change unseen."""
    described: list = []
    return described if _describe(recorder, [args, kwargs], described) else None


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
