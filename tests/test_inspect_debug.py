"""Prints and taps in compiled steps, the hunt for NaN, and the comparison of the two modes."""

import re

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.core.op import REGISTRY


@pytest.fixture
def check_nan():
    ms.set_context(mode=ms.GRAPH_MODE, check_nan=True)
    yield
    ms.set_context(check_nan=False)


def line_of(text):
    with open(__file__) as file:
        return next(k for k, line in enumerate(file, 1) if text in line)


# ---------------------------------------------------------------- prints
class Printing(nn.Cell):
    def __init__(self):
        super().__init__()
        self.show = ops.Print()
        self.count = Parameter(Tensor(0, ms.float32), name="count")

    def construct(self, x):
        y = x * 2
        print("y is", y, x.shape, sep=" | ")
        self.show("sum", y.sum())
        ops.assign(self.count, self.count + 1)
        print("count", self.count + 0)
        return y + 1


def test_prints_at_run_time_in_order(mode, capsys):
    net = Printing()
    for k in (1, 2):
        net(Tensor([1.0 * k, 2.0]))
    assert capsys.readouterr().out.splitlines() == [
        "y is | [2. 4.] | (2,)", "sum", "Tensor(shape=[], dtype=Float32, value= 6)", "count 1.0",
        "y is | [4. 4.] | (2,)", "sum", "Tensor(shape=[], dtype=Float32, value= 8)", "count 2.0",
    ]  # fmt: skip
    assert print.__module__ == "builtins"


def test_inspecting_prints_nothing(graph_mode, capsys):
    g = Printing().graph(Tensor([1.0]))
    assert capsys.readouterr().out == ""
    assert [str(n.attrs["call"]) for n in g.find("host_call")] == ["print"] * 3


# ---------------------------------------------------------------- taps
def test_taps_are_collected_in_the_order_of_the_program(mode):
    class Net(nn.Cell):
        def construct(self, x):
            for k in range(4):
                x = ops.tanh(ms.debug.tap(f"layer{k}", x @ x.T))
            ms.debug.tap("total", x.sum())
            return x.astype(ms.float16)

    net, x = Net(), Tensor(np.eye(3, dtype=np.float32))
    with ms.debug.taps() as seen:
        net(x)
        net(x * 2)
    names = ["layer0", "layer1", "layer2", "layer3", "total"]
    assert [name for name, _ in seen.order] == names * 2
    np.testing.assert_allclose(seen["layer0"][1], 4 * np.eye(3), rtol=1e-6)
    expected = np.tanh(seen["layer2"][0])
    np.testing.assert_allclose(seen["layer3"][0], expected @ expected.T, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(seen["total"][0], np.tanh(seen["layer3"][0]).sum(), rtol=1e-5)


def test_taps_leave_gradients_and_kinds_alone(mode):
    def f(x, k):
        return (ms.debug.tap("x", x) * ms.debug.tap("k", k).astype(ms.float32)).sum()

    x, k = Tensor([1.0, 2.0]), Tensor(np.array([True, False]))
    with ms.debug.taps() as seen:
        value, gradient = ms.value_and_grad(f)(x, k)
    assert value.asnumpy() == 1.0 and gradient.asnumpy().tolist() == [1.0, 0.0]
    assert seen["k"][0].dtype == bool and seen["k"][0].tolist() == [True, False]
    half = Tensor(np.array([1.5, -2.0], np.float16))
    with ms.debug.taps() as seen:
        ms.jit(lambda h: ms.debug.tap("half", h * 2.0))(half)
    assert seen["half"][0].dtype == np.float16 and seen["half"][0].tolist() == [3.0, -4.0]


def test_a_tap_without_collector_prints_a_line(mode, capsys):
    ms.jit(lambda x: ms.debug.tap("h", x))(Tensor([[1.0, np.nan]]))
    assert capsys.readouterr().out == "h: float32[1, 2] 1, 1 NaN\n"
    for bad in ((1, Tensor([1.0])), ("h", 1.0)):
        with pytest.raises(TypeError, match="For 'tap'"):
            ms.debug.tap(*bad)


# ---------------------------------------------------------------- NaN
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(3, 4)
        self.steps = Parameter(Tensor(0, ms.float32), name="steps")

    def construct(self, x, low):
        ops.assign(self.steps, self.steps + 1)
        h = self.fc(x)
        return ops.log(h * h + low).mean()


def test_nan_of_the_forward_pass_is_found_and_nothing_changes(check_nan):
    net = Net()
    step = nn.TrainOneStepCell(net, nn.Momentum(net.trainable_params(), 0.1, 0.9))
    x = Tensor(np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32))
    step(x, Tensor(1.0))
    before = {p.name: p.asnumpy() for p in step.get_parameters()}
    with pytest.raises(FloatingPointError) as raised:
        step(x, Tensor(-9.0))
    text = str(raised.value)
    line = line_of("return ops.log(h * h + low)")
    assert "TrainOneStepCell gave NaN or infinity in output 0" in text
    assert "begins in 'log' in the forward pass of the Cell network" in text
    assert f"{__file__}:{line}: return ops.log(h * h + low).mean()" in text
    assert re.search(r"first at \[0, 0\]: log\(-[\d.]+\) = nan", text)
    for p in step.get_parameters():
        np.testing.assert_array_equal(p.asnumpy(), before[p.name], err_msg=p.name)
    step(x, Tensor(1.0))  # and it goes on
    assert net.steps.asnumpy() == before["steps"] + 1


def test_nan_of_the_gradient_names_the_forward_line(check_nan):
    def f(x):
        return ops.sqrt(x).sum()  # finite at 0; its slope is not

    with pytest.raises(FloatingPointError) as raised:
        ms.value_and_grad(f)(Tensor([1.0, 0.0]))
    text = str(raised.value)
    assert "in the gradient of 'sqrt'" in text and "output 1" in text
    assert f":{line_of('finite at 0; its slope')}: return ops.sqrt(x).sum()" in text and "(the forward line)" in text


def test_nan_that_comes_in_is_named(check_nan):
    w = Parameter(Tensor([1.0, np.nan]), name="w")
    f = ms.jit(lambda x: x * w)
    with pytest.raises(FloatingPointError, match=r"comes in with 'w': float32\[2\] 1, 1 NaN"):
        f(Tensor([1.0, 1.0]))
    g = ms.jit(lambda data: ops.exp(data))
    with pytest.raises(FloatingPointError, match=r"comes in with 'data': float32\[1\], 1 infinite"):
        g(Tensor([np.inf]))


def test_infinities_that_stay_inside_are_no_error(check_nan):
    f = ms.jit(lambda x: ops.softmax(ops.masked_fill(x, x > 2.0, -np.inf)))
    np.testing.assert_allclose(f(Tensor([1.0, 1.0, 3.0])).asnumpy(), [0.5, 0.5, 0.0])


def test_switching_the_check_takes_effect_at_the_next_call(graph_mode):
    f = ms.jit(lambda x: ops.log(x))
    assert np.isnan(f(Tensor([-1.0])).asnumpy())
    ms.set_context(check_nan=True)
    try:
        with pytest.raises(FloatingPointError):
            f(Tensor([-1.0]))
    finally:
        ms.set_context(check_nan=False)
    assert np.isnan(f(Tensor([-1.0])).asnumpy())
    with pytest.raises(TypeError, match="check_nan"):
        ms.set_context(check_nan="yes")


# ---------------------------------------------------------------- modes
def test_modes_agree_and_nothing_changes(graph_mode):
    net = Net()
    step = nn.TrainOneStepCell(net, nn.Adam(net.trainable_params(), 0.1))
    x = Tensor(np.ones((2, 3), np.float32))
    before = {p.name: p.asnumpy() for p in step.get_parameters()}
    found = ms.debug.compare_modes(step, x, Tensor(1.0))
    assert found.equal and found.node is None and "agree" in str(found)
    assert "Parameter fc.weight" in found.results and max(found.results.values()) < 1e-5
    for p in step.get_parameters():
        np.testing.assert_array_equal(p.asnumpy(), before[p.name])


def test_the_first_differing_node_is_named(graph_mode, monkeypatch):
    exact = REGISTRY["tanh"].function
    monkeypatch.setattr(REGISTRY["tanh"], "function", lambda x: exact(x) * np.float32(1.01))

    def f(x):
        h = ops.exp(x)
        h = ops.tanh(h)  # the one that is off
        return ops.sin(h).sum()

    found = ms.debug.compare_modes(f, Tensor([0.1, 0.2]))
    assert not found.equal and found.node.op == "tanh" and found.node.line == line_of("the one that is off")
    assert found.difference == pytest.approx(0.01, rel=0.05)
    assert "tanh" in str(found)


# ---------------------------------------------------------------- loops and branches
def grown(x):
    while x.sum() < 10.0:
        x = x * 2.0
        ms.debug.tap("turn", x)
        x = x + ops.log(x - 3.0) * 0.0  # negative before the second turn
    return x


def test_taps_in_loops(graph_mode):
    f = ms.jit(grown)
    with ms.debug.taps() as seen:
        f(Tensor([4.0]))
    assert [a.item() for a in seen["turn"]] == [8.0, 16.0]
    g = f.graph(Tensor([4.0]))
    body = [n for n in g.all_nodes if n not in g.nodes]
    assert {"mul", "log", "host_call", "less"} <= {n.op for n in body}
    assert all(n.kernels for n in body if n.op in ("mul", "log", "host_call"))
    text = g.text()
    assert "      body:" in text and all(f" {n.name} " in text for n in body)


def test_nan_inside_a_loop(check_nan):
    with pytest.raises(FloatingPointError) as raised:
        ms.jit(grown)(Tensor([1.0]))
    assert "begins in 'log'" in str(raised.value) and "first at [0]: log(-1) = nan" in str(raised.value)
    assert f":{line_of('negative before the second turn')}: " in str(raised.value)


@ms.jit
def noted(x):
    if x.sum() > 0:
        print("above", x)
    else:
        print("below")
    return x * 2


@ms.jit
def noted_in_a_loop(x):
    for _ in range(2):
        if x.sum() > 3:
            print("large")
        x = x * 2
    return x


def test_a_branch_that_only_prints_prints(capsys):
    assert noted(ms.Tensor([1.0])).asnumpy().tolist() == [2.0]
    assert capsys.readouterr().out.startswith("above")
    noted(ms.Tensor([-1.0]))
    assert capsys.readouterr().out == "below\n"
    assert noted_in_a_loop(ms.Tensor([2.0])).asnumpy().tolist() == [8.0]
    assert capsys.readouterr().out == "large\n"
