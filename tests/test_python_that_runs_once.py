"""Python code that runs only while a function is traced: it warns, or does at each call what it did."""

import random
import warnings

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops


def x2():
    return Tensor([1.0, 2.0])


def test_frozen_randomness():
    @ms.jit
    def by_numpy(x):
        return x + float(np.random.rand())

    @ms.jit
    def by_python(x):
        return x + random.random()

    for f in (by_numpy, by_python):
        with pytest.warns(RuntimeWarning, match="random was drawn from.*ops.rand"):
            f(x2())
    drawn = ms.jit(lambda x: (ops.rand(2), ops.dropout(x, 0.5)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len({tuple(drawn(x2())[0].asnumpy()) for _ in range(4)}) == 4


def test_lists_dicts_and_objects_from_outside_are_changed_at_each_call():
    seen, counts = [], {"calls": 0}

    class Counter:
        calls = 0

    counter = Counter()

    def appends(x):
        seen.append(1)
        return x * 2.0

    def counts_up(x):
        counts["calls"] += 1
        return x * 2.0

    def sets_an_attribute(x):
        counter.calls = counter.calls + 1
        return x * 2.0

    for f, what in ((appends, "A list"), (counts_up, "A dict"), (sets_an_attribute, "the attribute 'calls'")):
        compiled = ms.jit(f)
        with pytest.warns(RuntimeWarning, match=f"{f.__name__} is compiled in pieces.*{what}"):
            compiled(x2())
        for _ in range(2):
            np.testing.assert_array_equal(compiled(x2()).asnumpy(), [2.0, 4.0])
        with pytest.raises(RuntimeError, match=what):
            ms.jit(f, fullgraph=True)(x2())
    assert (len(seen), counts["calls"], counter.calls) == (3, 3, 3)


def test_a_cell_that_counts_its_calls(graph_mode):
    class Counts(nn.Cell):
        def __init__(self):
            super().__init__()
            self.calls = 0

        def construct(self, x):
            self.calls += 1
            return x * self.calls

    net = Counts()
    with pytest.warns(RuntimeWarning, match="'calls'.*Use a Parameter"):
        found = [net(x2()).asnumpy() for _ in range(3)]
    np.testing.assert_array_equal(found, [x2().asnumpy() * k for k in (1, 2, 3)])
    assert net.calls == 3


def test_a_tensor_that_leaves_by_a_list():
    kept = []

    @ms.jit
    def f(x):
        kept.append(x * 2.0)
        return x

    with pytest.warns(RuntimeWarning, match="A list from outside is changed"):
        f(x2())
    f(x2() + 1.0)
    np.testing.assert_array_equal([t.asnumpy() for t in kept], [[2.0, 4.0], [4.0, 6.0]])


def test_print_prints_at_every_call(capsys):
    @ms.jit
    def f(x):
        print("sum", x.sum())
        return x

    f(x2())
    f(Tensor([2.0, 2.0]))
    assert capsys.readouterr().out.split() == ["sum", "3.0", "sum", "4.0"]
