"""Python code that runs only while a function is traced: it warns, or does at each call what it did."""

import random
import warnings

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops

COUNT = 0


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


@pytest.mark.filterwarnings("ignore:.*compiled in pieces:RuntimeWarning")
def test_changes_of_what_is_outside_happen_at_every_call():
    seen, counts = [], {"calls": 0}

    class Counter:
        calls = 0
        of_all = 0

    counter = Counter()

    def appends(x):
        seen.append(1)
        return x * 2.0

    def counts_up(x):
        counts["calls"] += 1
        return x * 2.0

    def sets_an_attribute(x):
        counter.calls = counter.calls + 1
        Counter.of_all += 1
        return x * 2.0

    for f in (appends, counts_up, sets_an_attribute):
        compiled = ms.jit(f)
        for _ in range(3):
            assert compiled(x2()).asnumpy().tolist() == [2, 4]
    assert (len(seen), counts["calls"], counter.calls, Counter.of_all) == (3, 3, 3, 3)
    assert vars(counter) == {"calls": 3} and Counter.calls == 0


def test_a_global_name_that_is_set_when_a_function_is_compiled():
    def sets(x):
        global COUNT
        COUNT += 1
        return x * 2.0

    with pytest.warns(RuntimeWarning, match="changed COUNT.*only when a function is compiled"):
        ms.jit(sets)(x2())


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


@pytest.mark.filterwarnings("ignore:.*compiled in pieces:RuntimeWarning")
def test_a_tensor_that_leaves_by_a_list_has_its_value():
    kept = []

    @ms.jit
    def f(x):
        kept.append(x * 2.0)
        return x

    f(x2())
    f(x2() + 1)
    assert [t.asnumpy().tolist() for t in kept] == [[2, 4], [4, 6]]


def test_print_prints_at_every_call(capsys):
    @ms.jit
    def f(x):
        print("sum", x.sum())
        return x

    f(x2())
    f(Tensor([2.0, 2.0]))
    assert capsys.readouterr().out.split() == ["sum", "3.0", "sum", "4.0"]
