"""``jit`` on everything that can be called, with every form of argument and result."""

import functools
import os
import subprocess
import sys
from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import compile_stats

Pair = namedtuple("Pair", "a b")


@dataclass
class State:
    x: Tensor
    k: float = 2.0


def x2():
    return Tensor([1.0, 2.0])


def values(tensor):
    return tensor.asnumpy().tolist()


def traces(call):
    before = compile_stats()["traces"]
    call()
    return compile_stats()["traces"] - before


def add(x, y=1.0, *more, scale=1.0, **named):
    if x.sum() > 0:
        return (x + y + sum(more)) * scale + sum(named.values())
    return x


class Methods:
    shift = 1.0

    @ms.jit
    def method(self, x):
        return x + self.shift

    @staticmethod
    @ms.jit
    def static(x):
        return x + 2.0

    @classmethod
    @ms.jit
    def of_class(cls, x):
        return x + cls.shift + 2.0

    def plain(self, x):
        return x + self.shift if x[0] > 0 else x

    def __call__(self, x):
        return x + self.shift * 4 if x[0] > 0 else x


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 2.0]), name="w")

    @ms.jit
    def construct(self, x):
        return self.helper(x) * self.w

    @ms.jit
    def helper(self, x):
        return x + 1.0


@pytest.mark.quick
@pytest.mark.parametrize(
    "function, wanted",
    [
        (ms.jit(add), [2.0, 3.0]),
        (ms.jit(jit_level="O1")(add), [2.0, 3.0]),
        (ms.jit(lambda x: x + 1.0), [2.0, 3.0]),
        (ms.jit(functools.partial(add, y=3.0)), [4.0, 5.0]),
        (ms.jit(functools.partial(functools.partial(add, scale=2.0), y=3.0)), [8.0, 10.0]),
        (Methods().method, [2.0, 3.0]),
        (Methods.static, [3.0, 4.0]),
        (Methods().static, [3.0, 4.0]),
        (Methods.of_class, [4.0, 5.0]),
        (ms.jit(Methods().plain), [2.0, 3.0]),
        (ms.jit(Methods()), [5.0, 6.0]),
        (ms.jit(nn.ReLU()), [1.0, 2.0]),
        (ms.jit(ops.square), [1.0, 4.0]),
        (Net(), [4.0, 6.0]),
        (ms.jit(ms.jit(add)), [2.0, 3.0]),
    ],
)
def test_what_can_be_compiled(function, wanted):
    assert values(function(x2())) == wanted
    assert traces(lambda: function(x2())) == 0


def test_forms_of_arguments():
    f = ms.jit(add)
    assert values(f(x2(), 2.0)) == [3.0, 4.0]
    assert values(f(x2(), y=2.0)) == [3.0, 4.0]
    assert values(f(x2(), 2.0, 3.0, 4.0)) == [10.0, 11.0]
    assert values(f(x2(), 2.0, scale=2.0)) == [6.0, 8.0]
    assert values(f(x=x2(), z=x2(), u=1.0)) == [4.0, 6.0]
    assert traces(lambda: f(u=1.0, z=x2(), x=x2())) == 0  # the order of keywords does not matter
    assert values(f(y=x2(), x=x2())) == [2.0, 4.0]
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        f()
    with pytest.raises(TypeError, match=r"wrap it: Tensor\(array\)"):
        f(np.ones(2))


def test_a_static_argument_is_compiled_for_each_value():
    @ms.jit
    def f(x, n, name, flag=None):
        for _ in range(n):
            x = ops.square(x) if name == "square" else x * 2.0
        return x if flag is None else -x

    assert values(f(x2(), 2, "square")) == [1.0, 16.0]
    assert values(f(x2(), 3, "double")) == [8.0, 16.0]
    assert values(f(x2(), 1, "double", flag=True)) == [-2.0, -4.0]
    assert traces(lambda: f(x2(), 2, "square")) == 0


def test_structures_come_back_as_they_went_in():
    @ms.jit
    def f(pair, items, by_name, state):
        return (
            Pair(pair.a + 1.0, pair.b), [x * 2.0 for x in items], {k: v - 1.0 for k, v in by_name.items()},
            State(state.x * state.k), (None, "text", 3, (pair.a,)),
        )  # fmt: skip

    pair, items, by_name, state, rest = f(Pair(x2(), 7), [x2(), x2()], {"p": x2()}, State(x2(), 3.0))
    assert type(pair) is Pair and values(pair.a) == [2.0, 3.0] and pair.b == 7
    assert [values(x) for x in items] == [[2.0, 4.0], [2.0, 4.0]]
    assert values(by_name["p"]) == [0.0, 1.0]
    assert type(state) is State and values(state.x) == [3.0, 6.0] and state.k == 2.0
    assert rest[:3] == (None, "text", 3) and values(rest[3][0]) == [1.0, 2.0]
    assert ms.jit(lambda x: None)(x2()) is None


@pytest.mark.quick
def test_closures_over_tensors_and_parameters():
    weight, p = Tensor([1.0, 2.0]), Parameter(Tensor([1.0, 1.0]), name="p")

    @ms.jit
    def f(x):
        ops.assign(p, p + x)
        return p * weight

    assert values(f(x2())) == [2.0, 6.0]
    p.set_data(Tensor([0.0, 0.0]))
    assert values(f(x2())) == [1.0, 4.0] and values(p) == [1.0, 2.0]
    assert values(ms.jit(lambda q, x: q + x)(p, x2())) == [2.0, 4.0]  # as an argument


@pytest.mark.quick
def test_nested_and_inside_transforms():
    inner = ms.jit(lambda x: x * x)
    outer = ms.jit(lambda x: inner(x).sum() + inner(x * 2.0).sum())
    assert float(outer(x2())) == 25.0
    for f in (ms.grad(outer), ms.jit(ms.grad(outer)), ms.grad(lambda x: outer(x))):
        assert values(f(x2())) == [10.0, 20.0]
    assert values(ms.vmap(inner)(x2())) == [1.0, 4.0]
    assert values(ms.jit(ms.vmap(ms.grad(inner)))(x2())) == [2.0, 4.0]


def test_recursion():
    @ms.jit
    def power(x, n):
        return x if n == 0 else power(x, n - 1) * x

    assert values(power(x2(), 3)) == [1.0, 16.0]

    def by_value(x):
        if x.sum() > 100.0:
            return x
        return by_value(x * 2.0)

    with pytest.raises(RecursionError, match="while loop"):
        ms.jit(by_value, fullgraph=True)(x2())
    with pytest.warns(RuntimeWarning, match="while loop"):
        assert values(ms.jit(by_value)(x2())) == values(by_value(x2()))


def test_the_mode_switched_in_the_middle():
    net, x = nn.Dense(2, 2, weight_init="ones", bias_init="zeros"), Tensor(np.ones((1, 2), np.float32))
    for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE, ms.PYNATIVE_MODE, ms.GRAPH_MODE):
        ms.set_context(mode=mode)
        assert values(net(x)) == [[2.0, 2.0]]
        value, (gradient,) = ms.value_and_grad(lambda x: net(x).sum(), None, [net.weight])(x)
        assert float(value) == 4.0 and values(gradient) == [[1.0, 1.0], [1.0, 1.0]]


def test_a_compiled_part_of_a_pynative_program():
    part = ms.jit(lambda x: ops.tanh(x) if x.sum() > 0 else x)

    def f(x):
        y = x * 2.0
        return (part(y) * part(-y)).sum()

    x = x2()
    y = np.tanh(x.asnumpy() * 2.0)
    np.testing.assert_allclose(float(f(x)), (y * -2.0 * x.asnumpy()).sum(), rtol=1e-6)
    wanted = -2.0 * (y + 2.0 * x.asnumpy() * (1 - y * y))
    np.testing.assert_allclose(ms.grad(f)(x).asnumpy(), wanted, rtol=1e-5)


def test_mutable_numbers_compile_once():
    f = ms.jit(lambda x, k, more: x * k + more[0] + more[1]["a"])

    def call(k):
        return values(f(x2(), ms.mutable(k), ms.mutable((k, {"a": 0.5}))))

    assert call(1.5) == [3.5, 5.0]
    assert traces(lambda: call(2.5)) == 0 and call(2.5) == [5.5, 8.0]
    assert call(2) == [4.5, 6.5] and traces(lambda: call(3)) == 0


def test_mutable_is_what_it_was_given():
    assert ms.mutable(3) == 3 and isinstance(ms.mutable(3), int) and isinstance(ms.mutable([1, 2]), list)
    assert ms.mutable((1, 2), True) == (1, 2) and ms.mutable({"a": 1.5}) == {"a": 1.5} and ms.mutable(True) is True
    x = x2()
    assert ms.mutable(x) is x
    for bad in ("a", None, np.ones(2), ("a", 1)):
        with pytest.raises(TypeError, match="'input_data' must be"):
            ms.mutable(bad)
    for bad, flag in ((1, True), ({"a": 1}, True), ((1, 2), 1)):
        with pytest.raises(TypeError):
            ms.mutable(bad, flag)
    gradient = ms.grad(lambda t: (t[0] * t[1]).sum())(ms.mutable((x2(), Tensor([3.0, 4.0]))))
    assert [values(g) for g in gradient] == [[3.0, 4.0], [1.0, 2.0]]


def test_decorators_kept_from_mindspore():
    @ms.jit_class
    class Box:
        def __init__(self, k):
            self.k = k

        def scaled(self, x):
            return x * self.k

    @ops.constexpr
    def twice(n):
        return 2 * n

    class Net(nn.Cell):
        @ms.lazy_inline
        def __init__(self):
            super().__init__()
            self.box = Box(3.0)

        def construct(self, x):
            return self.box.scaled(x) + twice(x.shape[0])

    ms.set_context(mode=ms.GRAPH_MODE)
    assert values(Net()(x2())) == [7.0, 10.0]
    with pytest.raises(TypeError, match="jit_class"):
        ms.jit_class(3)
    with pytest.raises(TypeError, match="not a Cell"):
        ms.jit_class(nn.ReLU)
    with pytest.raises(TypeError, match="For 'jit', a function or a Cell is needed"):
        ms.jit(3)


def test_an_object_with_a_compiled_method_goes_away():
    import gc
    import weakref

    thing = Methods()
    thing.method(x2())
    gone = weakref.ref(thing)
    del thing
    gc.collect()
    assert gone() is None


RANDOM = """
import numpy as np, minispore as ms
from minispore import Tensor, ops
ms.set_seed(2)
f = ms.jit(lambda x: (ops.dropout(x, 0.3).sum(), ops.randn(50000).sum(), ops.rand(3)))
out = f(Tensor(np.ones(60000, np.float32)))
print(float(out[0]), out[2].asnumpy().tolist())
"""


@pytest.mark.slow
def test_the_number_of_threads_does_not_change_the_draws():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = set()
    for n in ("1", "2", "4"):
        env = dict(os.environ, MINISPORE_NUM_THREADS=n, PYTHONPATH=root)
        found.add(
            subprocess.run([sys.executable, "-c", RANDOM], env=env, capture_output=True, text=True, check=True).stdout
        )
    assert len(found) == 1


@pytest.mark.parametrize("mode", [ms.GRAPH_MODE, ms.PYNATIVE_MODE])
def test_what_a_function_puts_into_its_arguments_is_in_dicts_after_each_call(mode):
    """A list that it changes is another one, as in MindSpore."""

    @ms.jit
    def fill(found, names, x):
        found["sum"] = x.sum()
        found["names"] = names
        found["inner"][1:] = [x * 2, 5]
        names.append("b")
        return found, names[-1]

    ms.set_context(mode=mode)
    for start in (1.0, 3.0):  # traced, then run
        inner, names = [0, 1, 2], ["a"]
        found = {"inner": inner, "old": 4}
        result, last = fill(found, names, Tensor([start, 1.0]))
        assert result is found and last == "b"
        assert list(found) == ["inner", "old", "sum", "names"]
        assert names == ["a"] and inner == [0, 1, 2]
        assert float(found["sum"]) == start + 1 and found["names"] == ["a", "b"]
        first, changed, last = found["inner"]
        assert (first, last) == (0, 5)
        np.testing.assert_array_equal(values(changed), [start * 2, 2])


def test_what_a_function_puts_into_its_arguments_has_gradients():
    @ms.jit
    def double(scores):
        scores["x"] = scores["x"] * 2

    def loss(x):
        scores = {"x": x}
        double(scores)
        return (scores["x"] * x).sum()

    for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE):
        ms.set_context(mode=mode)
        np.testing.assert_array_equal(values(ms.grad(loss)(x2())), [4.0, 8.0])
