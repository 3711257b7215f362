"""What could go wrong without a word: each shows the right value in both modes, or a clear error or warning."""

import dataclasses
import os
import random
import threading
import types
import warnings

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import compile_stats

FACTOR = 2.0
SETTINGS = {"factor": 2.0, "sizes": [1, 2]}
TABLE = np.array([1.0, 2.0], np.float32)
WEIGHT = Tensor([1.0, 2.0])


def x2():
    return Tensor([1.0, 2.0])


def values(tensor):
    return tensor.asnumpy().tolist()


def compiled(function):
    """``function``, compiled in GRAPH mode: a test in both modes shows that they do the same."""
    return ms.jit(function) if ms.get_context("mode") == ms.GRAPH_MODE else function


@dataclasses.dataclass
class Settings:
    factor: float = 2.0


class Slotted:
    __slots__ = ("factor",)

    def __init__(self):
        self.factor = 2.0


class Scaled(nn.Cell):
    kind = 1.0

    def __init__(self, held):
        super().__init__()
        self.held = held

    def construct(self, x):
        held = self.held
        if isinstance(held, (list, np.ndarray)):
            return x * float(held[0])
        if isinstance(held, dict):
            return x * held["factor"]
        return x * (held.factor if hasattr(held, "factor") else held) * self.kind


# ---------------------------------------------------------------- values of Python that change after the trace
@pytest.mark.parametrize(
    "held, change",
    [
        (lambda: 2.0, lambda net: setattr(net, "held", 3.0)),
        (lambda: [2.0], lambda net: net.held.__setitem__(0, 3.0)),
        (lambda: {"factor": 2.0}, lambda net: net.held.update(factor=3.0)),
        (Settings, lambda net: setattr(net.held, "factor", 3.0)),
        (Slotted, lambda net: setattr(net.held, "factor", 3.0)),
        (lambda: types.SimpleNamespace(factor=2.0), lambda net: setattr(net.held, "factor", 3.0)),
        (lambda: np.array([2.0]), lambda net: net.held.fill(3.0)),
    ],
    ids=["number", "list", "dict", "dataclass", "slots", "namespace", "array"],
)
def test_what_a_cell_holds(mode, held, change):
    net = Scaled(held())
    assert values(net(x2())) == [2.0, 4.0]
    change(net)
    assert values(net(x2())) == [3.0, 6.0]
    traces = compile_stats()["traces"]
    net(x2())
    assert compile_stats()["traces"] == traces


def test_an_attribute_of_the_class(mode, monkeypatch):
    net = Scaled(2.0)
    assert values(net(x2())) == [2.0, 4.0]
    monkeypatch.setattr(Scaled, "kind", 3.0)
    assert values(net(x2())) == [6.0, 12.0]


def test_globals(mode, monkeypatch):
    f = compiled(lambda x: x * FACTOR + SETTINGS["factor"] + len(SETTINGS["sizes"]) + Tensor(TABLE) + WEIGHT)
    assert values(f(x2())) == [8.0, 12.0]
    monkeypatch.setitem(globals(), "FACTOR", 3.0)
    assert values(f(x2())) == [9.0, 14.0]
    monkeypatch.setitem(SETTINGS, "factor", 0.0)
    monkeypatch.setitem(SETTINGS, "sizes", [])
    assert values(f(x2())) == [5.0, 10.0]
    monkeypatch.setitem(globals(), "TABLE", TABLE.copy())
    TABLE[0] = 10.0
    assert values(f(x2())) == [14.0, 10.0]
    monkeypatch.setitem(globals(), "WEIGHT", Tensor([0.0, 0.0]))
    assert values(f(x2())) == [13.0, 8.0]


def helper(x):
    return x * FACTOR


def test_a_global_read_by_a_function_that_is_called(mode, monkeypatch):
    f = compiled(lambda x: helper(x) + 1.0)
    assert values(f(x2())) == [3.0, 5.0]
    monkeypatch.setitem(globals(), "FACTOR", -1.0)
    assert values(f(x2())) == [0.0, -1.0]
    monkeypatch.setitem(globals(), "helper", lambda x: x)
    assert values(f(x2())) == [2.0, 3.0]


def test_variables_of_a_closure(mode):
    factor, shifts = 2.0, [1.0]

    def f(x):
        return x * factor + shifts[-1]

    g = compiled(f)
    assert values(g(x2())) == [3.0, 5.0]
    factor = 3.0
    assert values(g(x2())) == [4.0, 7.0]
    shifts.append(0.0)
    assert values(g(x2())) == [3.0, 6.0]
    factor = 2.0
    shifts.pop()
    traces = compile_stats()["traces"]
    assert values(g(x2())) == [3.0, 5.0]
    assert compile_stats()["traces"] == traces  # what was compiled for these values serves again


def test_attributes_of_an_object_with_a_compiled_method():
    class Solver:
        def __init__(self):
            self.rate, self.steps = 0.5, 0

        @ms.jit
        def step(self, x):
            return x * self.rate

        def __call__(self, x):
            self.steps += 1
            return self.step(x)

    class WithSlots:
        __slots__ = ("rate",)

        @ms.jit
        def step(self, x):
            return x * self.rate

    slotted = WithSlots()
    for rate in (1.0, 3.0):
        slotted.rate = rate
        assert values(slotted.step(x2())) == [rate, 2 * rate]
    solver = Solver()
    assert values(solver(x2())) == [0.5, 1.0]
    solver.rate = 2.0
    assert values(solver(x2())) == [2.0, 4.0]
    traces = compile_stats()["traces"]
    solver(x2())
    assert compile_stats()["traces"] == traces  # ``steps`` changes, but is not read inside


def test_an_object_given_as_argument(mode):
    f = compiled(lambda x, settings: x * settings.factor)
    for make in (Settings, Slotted, lambda: types.SimpleNamespace(factor=2.0)):
        settings = make()
        assert values(f(x2(), settings)) == [2.0, 4.0]
        settings.factor = 3.0
        assert values(f(x2(), settings)) == [3.0, 6.0]


def test_objects_of_equal_value_and_all_attributes_at_once(mode):
    """Another object of the same value needs no other trace; attributes may be replaced together, and come and go."""

    class Plain:
        pass

    settings = Plain()
    settings.factor, settings.inner = 2.0, types.SimpleNamespace(shift=1000.5, text="a")

    def f(x):
        return x * settings.factor + settings.inner.shift * hasattr(settings, "more")

    g = compiled(f)
    assert values(g(x2())) == [2.0, 4.0]
    traces = compile_stats()["traces"]
    settings.factor, settings.inner.text = float("2.0"), "".join(["a", ""])
    assert values(g(x2())) == values(g(x2())) == [2.0, 4.0]
    assert compile_stats()["traces"] == traces
    settings.__dict__ = {"factor": 3.0, "inner": settings.inner}
    assert values(g(x2())) == [3.0, 6.0]
    settings.factor = 4.0
    assert values(g(x2())) == [4.0, 8.0]


def test_a_mutable_default_argument(mode):
    def f(x, factors=[2.0]):  # noqa: B006
        return x * factors[0]

    g = compiled(f)
    assert values(g(x2())) == [2.0, 4.0]
    f.__defaults__[0][0] = 3.0
    assert values(g(x2())) == [3.0, 6.0]


# ---------------------------------------------------------------- Tensors and Parameters that change
def test_a_captured_tensor_changed_in_place(mode):
    weight = Tensor([1.0, 1.0])
    f = compiled(lambda x: x * weight)
    assert values(f(x2())) == [1.0, 2.0]
    weight[0] = 5.0
    assert values(f(x2())) == [5.0, 2.0]
    weight.asnumpy()[1] = 0.0
    assert values(f(x2())) == [5.0, 0.0]


def test_the_number_in_a_captured_tensor(mode):
    """``int(n)`` is asked while the function is traced: the trace depends on it."""
    n, rate = Tensor(2), Parameter(Tensor(2.0), name="rate")

    def f(x):
        for _ in range(int(n)):
            x = x * float(rate)
        return x

    g = compiled(f)
    assert values(g(x2())) == [4.0, 8.0]
    n.asnumpy()[...] = 3
    assert values(g(x2())) == [8.0, 16.0]
    rate.set_data(Tensor(1.0))
    assert values(g(x2())) == [1.0, 2.0]


def test_a_number_that_the_step_itself_has_changed():
    p = Parameter(Tensor(1.0), name="p")

    @ms.jit
    def f(x):
        ops.assign(p, p + 1.0)
        return x * float(p)

    with pytest.warns(RuntimeWarning, match="'p' is not known while"):
        assert f(x2()).asnumpy().tolist() == (2 * x2()).asnumpy().tolist()
    assert float(p) == 2.0


class Weighted(nn.Cell):
    def __init__(self, n=2):
        super().__init__()
        self.w = Parameter(Tensor(np.ones(n, np.float32)), name="w")

    def construct(self, x):
        return x * self.w


def test_parameters_replaced(mode):
    net = Weighted()
    assert values(net(x2())) == [1.0, 2.0]
    net.w.set_data(Tensor([2.0, 2.0]))
    assert values(net(x2())) == [2.0, 4.0]
    net.w.set_data(Tensor([3.0]))  # another shape
    assert values(net(x2())) == [3.0, 6.0]
    net.w = Parameter(Tensor([4.0, 0.0]), name="w")
    assert values(net(x2())) == [4.0, 0.0]
    net.w.set_dtype(ms.float16)
    assert net(Tensor(np.ones(2, np.float16))).dtype == ms.float16
    net.w = Tensor([1.0, 1.0])
    assert values(net(x2())) == [1.0, 2.0]


def test_cells_replaced(mode):
    class Chain(nn.Cell):
        def __init__(self):
            super().__init__()
            self.cells_of = nn.CellList([nn.ReLU(), nn.ReLU()])
            self.last = nn.ReLU()

        def construct(self, x):
            for cell in self.cells_of:
                x = cell(x)
            return self.last(x)

    net, x = Chain(), Tensor([-1.0, 4.0])
    assert values(net(x)) == [0.0, 4.0]
    net.cells_of[0] = Weighted()
    assert values(net(x)) == [0.0, 4.0]
    net.cells_of[0].w.set_data(Tensor([-1.0, 1.0]))
    assert values(net(x)) == [1.0, 4.0]
    net.last = nn.Tanh()
    np.testing.assert_allclose(net(x).asnumpy(), np.tanh([1.0, 4.0]), rtol=1e-6)
    net.cells_of.append(Weighted())
    del net.cells_of[0]
    np.testing.assert_allclose(net(x).asnumpy(), np.tanh([0.0, 4.0]), rtol=1e-6)


def test_requires_grad_and_training_flags(mode):
    net = nn.SequentialCell(nn.Dense(2, 2, weight_init="ones", bias_init="zeros"), nn.Dropout(p=0.5))
    x = Tensor(np.ones((64, 2), np.float32))
    net.set_train(False)
    assert (net(x).asnumpy() == 2.0).all()
    net.set_train(True)
    assert set(net(x).asnumpy().ravel()) == {0.0, 4.0}
    net.set_train(False).set_grad(True)
    assert (net(x).asnumpy() == 2.0).all()
    assert len(net.trainable_params()) == 2
    net[0].bias.requires_grad = False
    gradients = ms.grad(lambda x: net(x).sum(), None, net.trainable_params())(x)
    assert len(gradients) == 1 and (gradients[0].asnumpy() == 64.0).all()


def test_a_list_of_cells_in_a_closure(mode):
    layers, x = nn.CellList([Weighted(), nn.ReLU()]), x2()

    def f(x):
        for layer in layers:
            x = layer(x)
        return x

    g = compiled(f)
    assert values(g(x)) == [1.0, 2.0]
    layers[1] = nn.Tanh()
    np.testing.assert_allclose(g(x).asnumpy(), np.tanh([1.0, 2.0]), rtol=1e-6)


# ---------------------------------------------------------------- aliasing and writes in place
def test_an_output_that_is_a_parameter_or_an_input_keeps_its_value(graph_mode):
    net = Weighted()

    class Step(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = net.w

        def construct(self, x):
            before = self.w * 1.0
            ops.assign(self.w, self.w + x)
            return before, self.w.value(), x

    step, x = Step(), x2()
    before, after, same = step(x)
    step(x)
    assert (values(before), values(after), values(same)) == ([1.0, 1.0], [2.0, 3.0], [1.0, 2.0])
    same[0] = 9.0
    assert values(x) == [1.0, 2.0]
    assert values(net.w) == [3.0, 5.0]


def test_earlier_values_do_not_see_later_writes(mode):
    p = Parameter(Tensor([1.0, 2.0]), name="p")

    def f(x):
        y = x * 1.0
        before, first = y + 0.0, y[0] + 0.0
        y[0] = 10.0
        y += 1.0
        old = p + 0.0
        ops.assign(p, y)
        ops.assign_add(p, Tensor([1.0, 1.0]))
        return before, first, y, old, p + 0.0

    found = [values(t) for t in compiled(f)(x2())]
    assert found == [[1.0, 2.0], 1.0, [11.0, 3.0], [1.0, 2.0], [12.0, 4.0]]
    assert values(p) == [12.0, 4.0]


def test_augmented_assignment(mode):
    """Compiled, it changes the Tensor itself and keeps its type, as in MindSpore; op by op it makes a new one."""

    def f(x, k):
        other, row = x, x[0]
        row += 7.0
        x += 1.0
        x *= 2.0
        k /= 2
        part = x.sum()
        x -= x
        while part > 0:
            x += 10.0
            part -= 20.0
        return x, other, k, part

    x, k = x2(), Tensor([3, 5], ms.int32)
    found = [values(t) for t in compiled(f)(x, k)]
    graph = ms.get_context("mode") == ms.GRAPH_MODE
    assert found == [[10.0, 10.0], [0.0, 0.0] if graph else [1.0, 2.0], [1, 2] if graph else [1.5, 2.5], -10.0]
    assert values(x) == ([0.0, 0.0] if graph else [1.0, 2.0]) and values(k) == ([1, 2] if graph else [3, 5])


def test_augmented_assignment_of_a_parameter(mode):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(x2(), name="w")

        def construct(self, x):
            self.w += x
            return self.w * x

    net = Net()
    gradient = ms.grad(net, 0, net.trainable_params())(Tensor([3.0, 3.0]))
    assert values(net.w) == [4.0, 5.0] and values(gradient[1][0]) == [3.0, 3.0]


def test_writing_into_a_captured_tensor_is_an_error():
    kept = x2()

    @ms.jit
    def f(x):
        kept[0] = 5.0
        return x + kept

    with pytest.raises(RuntimeError, match="A Tensor from outside cannot be changed"):
        f(x2())
    assert values(kept) == [1.0, 2.0]


def test_the_gradient_of_what_was_assigned(mode):
    """Reading a Parameter after ``self.p = value`` reads ``value``; gradients flow into it where that is asked for."""

    class Keeps(nn.Cell):
        def __init__(self):
            super().__init__()
            self.p = Parameter(Tensor([1.0, 1.0]), name="p")

        def construct(self, x):
            first = self.p * x
            self.p = x * x
            self.p += x
            return (first + self.p).sum()

    for through, expected in ((True, [4.0, 6.0]), (False, [1.0, 1.0])):
        net = Keeps()
        value, gradient = ms.value_and_grad(net, through_updates=through)(x2())
        assert float(value) == 11.0 and values(gradient) == expected and values(net.p) == [2.0, 6.0]


# ---------------------------------------------------------------- Python that runs once
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


def test_side_effects():
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

    for f, name in ((appends, "seen"), (counts_up, "counts"), (sets_an_attribute, "counter")):
        with pytest.warns(RuntimeWarning, match=f"changed {name}.*only when a function is compiled"):
            ms.jit(f)(x2())


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

    with pytest.warns(RuntimeWarning, match="changed kept"):
        f(x2())
    with pytest.raises(RuntimeError, match="Return it from construct"):
        kept[0].asnumpy()


def test_print_prints_at_every_call(capsys):
    @ms.jit
    def f(x):
        print("sum", x.sum())
        return x

    f(x2())
    f(Tensor([2.0, 2.0]))
    assert capsys.readouterr().out.split() == ["sum", "3.0", "sum", "4.0"]


# ---------------------------------------------------------------- arguments
def test_kinds_of_arguments(mode):
    f = compiled(lambda x: x * 2.0 + x.sum())
    base = np.arange(12, dtype=np.float32).reshape(3, 4)
    frozen = base.copy()
    frozen.flags.writeable = False
    for array in (
        base,
        base.T,
        base[:, ::2],
        base[::-1],
        frozen,
        base.astype(np.float64),
        base.astype(np.float16),
        base[:0],
    ):
        found = f(Tensor.from_numpy(array))
        wanted = array * np.array(2, array.dtype) + array.sum()
        assert found.shape == array.shape and found.asnumpy().dtype == array.dtype
        np.testing.assert_allclose(found.asnumpy(), wanted, rtol=1e-2 if array.dtype == np.float16 else 1e-6)
    assert f(Tensor([1, 2])).dtype == ms.float32


def test_an_empty_batch(mode):
    net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU(), nn.LayerNorm((3,)))
    assert net(Tensor(np.zeros((0, 2), np.float32))).shape == (0, 3)
    assert net(Tensor(np.ones((1, 2), np.float32))).shape == (1, 3)
    gradients = ms.grad(lambda x: net(x).sum(), None, net.trainable_params())(Tensor(np.zeros((0, 2), np.float32)))
    assert all((g.asnumpy() == 0).all() for g in gradients)


def test_numbers_of_equal_value_and_other_type(mode):
    f = compiled(lambda x, k: x * k)
    x = Tensor([1, 2])
    assert [str(f(x, k).dtype) for k in (2, 2.0, True, 2)] == ["Int64", "Float32", "Int64", "Int64"]


def test_sets_given_as_arguments(mode):
    f, gradient = compiled(lambda x, held: x * sum(held)), ms.grad(ms.jit(lambda x, held: (x * sum(held)).sum()))
    wanted = [float(k + 10) for k in range(1, 4)]
    assert [values(f(Tensor([1.0]), {k, 10}))[0] for k in range(1, 4)] == wanted
    assert [values(gradient(Tensor([1.0]), {k, 10}))[0] for k in range(1, 4)] == wanted
    held, found = {1}, []
    for k in (0, 5, 7):
        held.add(k)
        found.append(values(f(Tensor([1.0]), held))[0])
    assert found == [1.0, 6.0, 13.0]


def test_zeros_of_both_signs_and_nan(mode):
    held = 0.0

    def quotients(x, k):
        return x / k, x / held

    f, inside = compiled(quotients), ms.jit(quotients)
    gradient = ms.grad(lambda x, k: inside(x, k)[0])
    x, infinity = Tensor(1.0), float("inf")
    for k, wanted in ((0.0, infinity), (-0.0, -infinity), (0.0, infinity)):
        held = k
        assert [float(y) for y in f(x, k)] == [wanted] * 2
        assert float(gradient(x, k)) == wanted
    nothing = compiled(lambda x, k: x * k)
    before = None
    for _ in range(3):
        assert np.isnan(float(nothing(x, float("nan"))))
        before = before or ms.graph.compile_stats()["traces"]
    assert ms.graph.compile_stats()["traces"] == before


def test_a_generator_is_used_up_as_in_python(mode):
    def f(x, items):
        return x * sum(items)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [values(compiled(f)(x2(), (k for k in range(n)))) for n in (3, 4)] == [[3.0, 6.0], [6.0, 12.0]]


# ---------------------------------------------------------------- steps that do not end
def test_an_error_in_a_step_leaves_parameters_whole(mode):
    p = Parameter(Tensor([1.0, 2.0]), name="p")

    def f(x, index, fails):
        new = ops.gather(p, index, 0) * x
        if fails:
            raise KeyboardInterrupt
        ops.assign(p, new)
        return p + 0.0

    g = compiled(f)
    for index, fails, error in (([0, 5], False, IndexError), ([0, 1], True, KeyboardInterrupt)):
        with pytest.raises(error):
            g(x2(), Tensor(index), fails)
        assert values(p) == [1.0, 2.0]
    assert values(g(x2(), Tensor([0, 1]), False)) == [1.0, 4.0]


def test_threads_that_call_one_net_at_once(mode):
    net = nn.Dense(3, 3)
    inputs = [Tensor(np.full((k % 3 + 1, 3), k, np.float32)) for k in range(8)]
    wanted = [inputs[k].asnumpy() @ net.weight.asnumpy().T + net.bias.asnumpy() for k in range(8)]
    wrong = []

    def work(k):
        for _ in range(20):
            if not np.allclose(net(inputs[k]).asnumpy(), wanted[k], atol=1e-5):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_goes_on(graph_mode):
    f = ms.jit(lambda x: ops.tanh(x).sum())
    x = Tensor(np.ones(100_000, np.float32))
    before = float(f(x))
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if float(f(x)) == before else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert float(f(x)) == before


# ---------------------------------------------------------------- random numbers
def draws(n=2):
    def f(x):
        last, rows = ops.scan(lambda c, _: (c + ops.rand(3).sum(), ops.dropout(x, 0.5)), Tensor(0.0), None, 3)
        tries = 0
        while ops.rand(1)[0] < 0.7:
            tries += 1
        return ops.randn(4), last, rows, tries

    g = compiled(f)
    found = [t for _ in range(n) for t in g(Tensor(np.ones(5, np.float32)))]
    return [t.asnumpy() if isinstance(t, Tensor) else t for t in found]


def test_draws_in_loops_follow_the_seed_in_both_modes():
    found = []
    for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE):
        ms.set_context(mode=mode)
        ms.set_seed(11)
        found.append(draws())
    for a, b in zip(*found):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_draws_go_on_after_resuming(mode):
    ms.set_seed(4)
    draws(1)
    state = ms.get_rng_state()
    wanted = draws()
    ms.set_seed(5)
    draws(1)
    ms.set_rng_state(state)
    for a, b in zip(draws(), wanted):
        np.testing.assert_array_equal(a, b)
