"""Compiled functions that change lists, dicts and Tensors which were there before the call: each call changes them, as op by op.

The results of MindSpore 2.10 in GRAPH mode are recorded where it does so too; its lists there keep no item that is set or appended.
"""

import collections
import operator

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.graph import compile_stats

pytestmark = pytest.mark.filterwarnings("ignore:.*compiled in pieces:RuntimeWarning")


def tensor(*values):
    return Tensor(np.array(values, np.float32))


class Holder(nn.Cell):
    """Runs ``change(self, x)`` as its construct."""

    def __init__(self):
        super().__init__()
        self.items = [tensor(1, 2), tensor(3, 4), tensor(5, 6)]
        self.named = {"k": tensor(1, 1), "n": 2, "inner": [tensor(7, 7)]}
        self.numbers = [1, 2, 3]
        self.state = tensor(1, 2)


class StoresAnItem(Holder):
    def construct(self, x):
        self.items[0] = self.items[0] + x
        return x + self.items[0]


class StoresInALoop(Holder):
    def construct(self, x):
        for i in range(3):
            self.items[i] = self.items[i] + x * i
        return x + self.items[2]


class StoresInABranch(Holder):
    def construct(self, x):
        if x.sum() > 3:
            self.items[0] = x * 2
        return x + self.items[0]


class StoresUnderAName(Holder):
    def construct(self, x):
        self.named["new"] = x * 2
        return x + self.named["new"]


class StoresInside(Holder):
    def construct(self, x):
        self.named["inner"][0] = self.named["inner"][0] * x
        return x + self.named["inner"][0]


class Counts(Holder):
    def construct(self, x):
        self.numbers[0] += 1
        return x * self.numbers[0]


class Appends(Holder):
    def construct(self, x):
        self.items.append(x * 2)
        return x + self.items[-1] * len(self.items)


class Extends(Holder):
    def construct(self, x):
        self.items += [x]
        return x + self.items[-1]


class Inserts(Holder):
    def construct(self, x):
        self.items.insert(0, x * 2)
        return x + self.items[0]


class Pops(Holder):
    def construct(self, x):
        return x + self.items.pop()


class Reverses(Holder):
    def construct(self, x):
        self.items.reverse()
        return x + self.items[0]


class AddsInPlace(Holder):
    def construct(self, x):
        t = self.state
        t.add_(x)
        return t + x


class MultipliesInPlace(Holder):
    def construct(self, x):
        self.state.mul_(x)
        return self.state + x


class SetsAnElement(Holder):
    def construct(self, x):
        self.state[0] = x[0] + self.state[1]
        return self.state * x


KINDS = [
    StoresAnItem, StoresInALoop, StoresInABranch, StoresUnderAName, StoresInside, Counts, Appends, Extends, Inserts, Pops, Reverses,
    AddsInPlace, MultipliesInPlace, SetsAnElement,
]  # fmt: skip
CALLS = [tensor(1, 2), tensor(2, 2), tensor(3, 2)]
RECORDED = {  # three calls in MindSpore 2.10's GRAPH mode, and what is held after them
    Inserts: ([[3, 6], [6, 6], [9, 6]], "items", [[6, 4], [4, 4], [2, 4], [1, 2], [3, 4], [5, 6]]),
    Pops: ([[6, 8], [5, 6], [4, 4]], "items", []),
    Reverses: ([[6, 8], [3, 4], [8, 8]], "items", [[5, 6], [3, 4], [1, 2]]),
    Extends: ([[2, 4], [4, 4], [6, 4]], "items", [[1, 2], [3, 4], [5, 6], [1, 2], [2, 2], [3, 2]]),
    AddsInPlace: ([[3, 6], [6, 8], [10, 10]], "state", [7, 8]),
    MultipliesInPlace: ([[2, 6], [4, 10], [9, 18]], "state", [6, 16]),
}


def plain(x):
    if isinstance(x, Tensor):
        return x.asnumpy().tolist()
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    return [plain(v) for v in x] if isinstance(x, list) else x


def run(kind, mode, call=lambda net: net):
    ms.set_context(mode=mode)
    net = kind()
    f = call(net)
    out = [f(x.copy()) for x in CALLS]
    ms.set_context(mode=ms.PYNATIVE_MODE)
    return [plain(list(y) if isinstance(y, tuple) else y) for y in out], [plain(getattr(net, n)) for n in ("items", "named", "numbers", "state")]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", [lambda net: net, lambda net: ms.value_and_grad(net, 0)], ids=["value", "gradient"])
def test_each_call_changes_what_was_there_in_both_modes(kind, call):
    assert run(kind, ms.GRAPH_MODE, call) == run(kind, ms.PYNATIVE_MODE, call)


@pytest.mark.parametrize("kind", RECORDED)
def test_three_calls_give_what_mindspore_gives(kind):
    out, held = run(kind, ms.GRAPH_MODE)
    results, name, after = RECORDED[kind]
    assert out == results
    assert held[("items", "named", "numbers", "state").index(name)] == after


def test_lists_of_the_function_itself_stay_in_the_graph():
    class Stack:
        def __init__(self):
            self.rows = []

        def add(self, x):
            self.rows.append(x)

    @ms.jit(fullgraph=True)
    def f(x):
        stack, rows, named = Stack(), [], {"a": x}
        stack.add(x)
        stack.rows[0] = x * 5
        for i in range(3):
            rows.append(x * i)
        named["b"] = x * 3
        named.update(c=x)
        return stack.rows[0] + rows[2] + named["b"] + named["c"]

    assert f(tensor(1)).asnumpy() == [11]


def test_one_graph_refuses_to_change_a_list_from_outside_and_leaves_it():
    held = [tensor(1)]

    @ms.jit(fullgraph=True)
    def f(x):
        held[0] = x
        held.append(x)
        return x

    with pytest.raises(RuntimeError, match="list from outside"):
        f(tensor(2))
    assert plain(held) == [[1]]


def test_a_list_that_changes_at_each_call_does_not_make_it_traced_again():
    class Cache(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(2, 2)
            self.cache = [ops.zeros((1, 2))]

        def construct(self, x):
            self.cache[0] = self.dense(x) + self.cache[0]
            y = self.cache[0] * 2
            z = ops.relu(y) + self.dense(y)
            return z * z

    ms.set_context(mode=ms.GRAPH_MODE)
    net = Cache()
    net(ops.ones((1, 2)))
    traced = compile_stats()["traces"]
    for _ in range(3):
        net(ops.ones((1, 2)))
    ms.set_context(mode=ms.PYNATIVE_MODE)
    assert compile_stats()["traces"] == traced


class Row:
    """An object that keeps a list, and counts."""

    made = 0

    def __init__(self):
        self.rows, self.count, self.last = [], 0, None

    def push(self, x):
        self.count += 1
        self.rows.append(x)
        self.last = x * 2
        return self.count


def held(x):
    """What a user sees of a container or an object."""
    if isinstance(x, Row):
        return x.count, held(x.rows), held(x.last)
    if isinstance(x, np.ndarray):
        return x.tolist()
    if isinstance(x, dict):
        return [(k, held(v)) for k, v in x.items()]
    if isinstance(x, (list, collections.deque)):
        return [held(v) for v in x]
    return plain(x)


class Kinds(nn.Cell):
    """Runs ``self.change(x)``, one of the methods of the class, as its construct."""

    def __init__(self, change):
        super().__init__()
        self.change = change
        self.row, self.table = Row(), np.array([1.0, 2.0], np.float32)
        self.ordered = collections.OrderedDict(a=tensor(1, 1), b=tensor(2, 2))
        self.lists, self.queue = collections.defaultdict(list), collections.deque([tensor(1, 1)], maxlen=3)
        self.counts, self.inner, self.state = collections.Counter(), [[tensor(1, 1)], [1, 2]], tensor(1, 2)

    def construct(self, x):
        return getattr(self, self.change)(x)

    def of_an_object(self, x):
        return x * self.row.push(x) + self.row.last

    def by_setattr(self, x):
        self.row.last = x * 3
        return self.row.last + x

    def of_an_ordered_dict(self, x):
        self.ordered.move_to_end("a")
        for k in self.ordered:
            self.ordered[k] = self.ordered[k] + x
        return self.ordered["a"]

    def of_a_default(self, x):
        self.lists["new"].append(x)
        return x * len(self.lists["new"])

    def of_a_deque(self, x):
        self.queue.append(x * 2)
        self.queue.rotate(1)
        return self.queue[0] + x

    def of_a_counter(self, x):
        self.counts.update({"a": -2})
        self.counts["b"] += 1
        return x * self.counts["a"]

    def of_an_array(self, x):
        self.table[0] += 1
        np.add(self.table, 1, out=self.table)
        return x * float(self.table[0])

    def by_functions_of_others(self, x):
        list.append(self.inner[0], x)
        operator.setitem(self.inner[0], 0, x * 2)
        list(map(self.inner[0].append, [x, x * 3]))
        return self.inner[0][-1]

    def under_a_name(self, x):
        rows = self.inner[0]
        y = ops.relu(x * 2)
        k = int(y.sum())
        rows.append(y * k)
        rows += [y]
        rows *= 2
        return rows[-1] * len(rows)

    def by_augmented_items(self, x):
        self.inner[0] += [x]
        self.inner[1] *= 2
        return self.inner[0][-1] * len(self.inner[1])

    def through_a_view(self, x):
        view = self.state.view(1, 2)
        view.add_(1)
        return self.state + x

    def under_a_name_between_other_lines(self, x):
        y = x * 3
        row = self.inner[0][0]
        z = y * 2
        row.add_(z)
        return row + y

    def and_fails(self, x):
        self.row.push(x)
        self.inner[0].append(x * 2)
        return x + tensor(1, 2, 3)

    def and_fails_inside(self, x):
        try:
            self.inner[0].append(x * 2)
            y = x + tensor(1, 2, 3)
        except ValueError:
            self.row.push(x)
            y = x * 5
        return y


@pytest.mark.parametrize("change", [n for n in vars(Kinds) if n[0] != "_" and n != "construct"])
@pytest.mark.parametrize("call", [lambda net: net, lambda net: ms.value_and_grad(net, 0)], ids=["value", "gradient"])
def test_containers_and_objects_of_all_kinds_change_in_both_modes(change, call):
    def all_of(mode):
        ms.set_context(mode=mode)
        net, outs = Kinds(change), []
        f = call(net)
        for x in CALLS:
            try:
                y = f(x.copy())
                outs.append(held(list(y) if isinstance(y, tuple) else y))
            except ValueError as error:
                outs.append(str(error)[:40])
        ms.set_context(mode=ms.PYNATIVE_MODE)
        names = ("row", "table", "ordered", "lists", "queue", "counts", "inner", "state")
        return outs, [(n, held(getattr(net, n))) for n in names]

    assert all_of(ms.GRAPH_MODE) == all_of(ms.PYNATIVE_MODE)


def test_an_attribute_of_a_class_that_is_set_back_is_not_one_of_the_instance():
    class Counted(Row):
        def step(self, x):
            Counted.made += 1
            return x * self.made

    row = Counted()
    row.made_before = row.made
    f = ms.jit(row.step)
    assert [f(tensor(1)).asnumpy().tolist() for _ in range(3)] == [[1], [2], [3]]
    assert "made" not in vars(row) and Counted.made == 3 and Row.made == 0
