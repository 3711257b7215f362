"""Compiled functions that change lists, dicts and Tensors which were there before the call: each call changes them, as op by op.

The results of MindSpore 2.10 in GRAPH mode are recorded where it does so too; its lists there keep no item that is set or appended.
"""

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
