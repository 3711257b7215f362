"""Values of Python that a compiled function read and that change later: each call computes with what they are now."""

import dataclasses
import types

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn
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
