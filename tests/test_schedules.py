"""Schedules put together: what torch 2.13 and optax 0.2.8 give for the same settings, and formulas; in the step, by group."""

import math

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn
from minispore.graph import compile_stats

RECORDED = {  # ours, theirs at steps 0, 1, 2, ...
    "torch CosineAnnealingWarmRestarts(3, 2)": (
        nn.CosineRestartsSchedule(1.0, 0.1, 3, 2),
        [1.0, 0.775, 0.325, 1.0, 0.939711, 0.775, 0.55, 0.325, 0.160289, 1.0, 0.984667, 0.939711],
    ),
    "torch CosineAnnealingWarmRestarts(4)": (
        nn.CosineRestartsSchedule(1.0, 0.1, 4),
        [1.0, 0.868198, 0.55, 0.231802, 1.0, 0.868198, 0.55, 0.231802, 1.0],
    ),
    "torch CyclicLR": (
        nn.CyclicSchedule(0.1, 1.0, 2, 3),
        [0.1, 0.55, 1.0, 0.7, 0.4, 0.1, 0.55, 1.0, 0.7, 0.4, 0.1, 0.55],
    ),
    "torch CyclicLR triangular2": (
        nn.CyclicSchedule(0.1, 1.0, 2, factor=0.5),
        [0.1, 0.55, 1.0, 0.55, 0.1, 0.325, 0.55, 0.325, 0.1, 0.2125, 0.325, 0.2125],
    ),
    "torch OneCycleLR": (
        nn.OneCycleSchedule(1.0, 11, 0.4),
        [0.04, 0.230735, 0.651358, 0.967587, 0.979747, 0.861868, 0.663535, 0.428845, 0.209975, 0.055586, 4e-6],
    ),
    "optax warmup_cosine_decay_schedule": (
        nn.WarmUp(nn.CosineSchedule(0.5, 0.05, 8), 4),
        [0.0, 0.125, 0.25, 0.375, 0.5, 0.482873, 0.434099, 0.361104, 0.275, 0.188896, 0.115901, 0.067127, 0.05, 0.05],
    ),
    "optax join_schedules": (
        nn.SequentialSchedule(
            [nn.LinearSchedule(0.0, 1.0, 3), nn.ExponentialSchedule(1.0, 0.5, 2), nn.ConstantSchedule(0.25)], [3, 7]
        ),
        [0.0, 0.333333, 0.666667, 1.0, 0.707107, 0.5, 0.353553, 0.25, 0.25, 0.25],
    ),
    "optax polynomial_schedule": (
        nn.PolynomialSchedule(1.0, 0.1, 5, 2.0),
        [1.0, 0.676, 0.424, 0.244, 0.136, 0.1, 0.1, 0.1],
    ),
}
FORMULAS = {
    "inverse square root": (
        nn.InverseSqrtSchedule(0.5, 4), lambda t: 0.5 * min((t + 1) / 4, math.sqrt(4 / (t + 1)))),
    "trapezoid": (
        nn.TrapezoidSchedule(0.4, 10, 3, 4, 0.1), lambda t: 0.4 * t / 3 if t < 3 else 0.4 - 0.3 * max(0, min(t - 6, 4)) / 4),
    "stairs": (nn.ExponentialSchedule(0.4, 0.5, 3, stairs=True), lambda t: 0.4 * 0.5 ** (t // 3)),
    "sum and product": (
        0.5 * nn.LinearSchedule(1.0, 0.0, 4) * nn.CosineDecayLR(0.0, 0.5, 8) + 0.1,
        lambda t: 0.5 * (1 - min(t / 4, 1)) * 0.25 * (1 + math.cos(math.pi * min(t, 8) / 8)) + 0.1),
    "function": (nn.LambdaSchedule(lambda step: 1.0 / (step + 2.0)), lambda t: 1 / (t + 2)),
    "warm-up of a number from half": (nn.WarmUp(0.2, 4, 0.5), lambda t: 0.2 * min(1.0, 0.5 + 0.5 * t / 4)),
    "warm-up of MindSpore's": (
        nn.WarmUp(nn.PolynomialDecayLR(0.4, 0.1, 5, 1.0), 2), lambda t: 0.2 * t if t < 2 else 0.4 - 0.3 * min(t - 2, 5) / 5),
}  # fmt: skip


def values(schedule, steps):
    return [float(schedule(Tensor(t, ms.int32))) for t in range(steps)]


@pytest.mark.parametrize("name", RECORDED)
def test_as_others_have_it(name, mode):
    schedule, wanted = RECORDED[name]
    np.testing.assert_allclose(values(schedule, len(wanted)), wanted, 1e-4, 2e-6)


@pytest.mark.parametrize("name", FORMULAS)
def test_formula(name):
    schedule, formula = FORMULAS[name]
    np.testing.assert_allclose(values(schedule, 12), [formula(t) for t in range(12)], 1e-5, 1e-7)


def test_a_long_series_of_restarts_begins_each_cycle_at_the_top():
    schedule = nn.CosineRestartsSchedule(1.0, 0.0, 10, 2)
    begins = [10 * (2**k - 1) for k in range(10)]
    np.testing.assert_allclose([float(schedule(Tensor(t, ms.int32))) for t in begins], 1.0, atol=1e-4)
    ends = [float(schedule(Tensor(t - 1, ms.int32))) for t in begins[1:]]
    assert max(ends) < 0.05


def descent(make, steps=4):
    """The weights that an optimizer gives ``a`` and ``b`` with gradients of 1."""
    a, b = (Parameter(Tensor([0.0]), name=n) for n in "ab")
    optimizer = make(a, b)
    seen = []
    for _ in range(steps):
        optimizer((Tensor([1.0]), Tensor([1.0])))
        seen.append([float(a.asnumpy()[0]), float(b.asnumpy()[0])])
    return np.array(seen)


def test_each_group_follows_its_schedule(mode):
    def make(a, b):
        groups = [
            {"params": [a], "lr": nn.LinearSchedule(0.0, 1.0, 2)},
            {"params": [b], "lr": nn.TrapezoidSchedule(1.0, 4, 1, 2)},
        ]
        return nn.SGD(groups, 0.5)

    np.testing.assert_allclose(descent(make), -np.cumsum([[0.0, 0.0], [0.5, 1.0], [1.0, 1.0], [1.0, 0.5]], 0), 1e-6)


def test_momentum_and_betas_follow_schedules(mode):
    cycle = nn.CyclicSchedule(0.8, 0.4, 2)
    seen = descent(lambda a, b: nn.Scheduled(nn.Momentum([a, b], 0.1, 0.9), momentum=cycle))
    v, w, wanted = 0.0, 0.0, []
    for momentum in (0.8, 0.6, 0.4, 0.6):
        v = momentum * v + 1.0
        w -= 0.1 * v
        wanted.append([w, w])
    np.testing.assert_allclose(seen, wanted, 1e-5)
    seen = descent(
        lambda a, b: nn.Scheduled(nn.GradientClipping(nn.Adam([a, b], 0.1)), beta1=nn.LinearSchedule(0.5, 0.9, 2))
    )
    m, v, w, p1, p2, wanted = 0.0, 0.0, 0.0, 1.0, 1.0, []
    for b1 in (0.5, 0.7, 0.9, 0.9):
        m, v, p1, p2 = b1 * m + (1 - b1), 0.999 * v + 0.001, p1 * b1, p2 * 0.999
        w -= 0.1 * math.sqrt(1 - p2) / (1 - p1) * m / (math.sqrt(v) + 1e-8)
        wanted.append([w, w])
    np.testing.assert_allclose(seen, wanted, 1e-4)


def test_numbers_change_without_compiling(graph_mode):
    schedule = nn.WarmUp(nn.CosineSchedule(1.0, 0.0, 10), 2)
    w = Parameter(Tensor([0.0]), name="w")
    optimizer = nn.Scheduled(nn.Momentum([w], schedule, 0.0), momentum=nn.ConstantSchedule(0.0))
    for _ in range(2):
        optimizer((Tensor([1.0]),))
    before = compile_stats()
    schedule.part1.start = 3.0
    optimizer.schedule_of_momentum.value = 0.5
    at = float(w.asnumpy()[0])
    optimizer((Tensor([1.0]),))
    assert compile_stats()["traces"] == before["traces"]
    np.testing.assert_allclose(w.asnumpy(), [at - 3.0 * 1.5], 1e-5)  # the moment was 1
    assert float(optimizer.get_numbers()["momentum"]) == 0.5 and float(optimizer.innermost.momentum) == 0.0


def test_state_goes_on_with_the_schedule():
    def make():
        w = Parameter(Tensor([0.0]), name="w")
        return w, nn.Scheduled(
            nn.Momentum([w], nn.LinearSchedule(0.1, 0.4, 3), 0.5), momentum=nn.LinearSchedule(0.0, 0.9, 3)
        )

    w, optimizer = make()
    for _ in range(2):
        optimizer((Tensor([1.0]),))
    other, again = make()
    other.set_data(w)
    again.load_state_dict(optimizer.state_dict())
    for o in (optimizer, again):
        o((Tensor([1.0]),))
    np.testing.assert_array_equal(w.asnumpy(), other.asnumpy())


def test_errors():
    with pytest.raises(TypeError, match="each member must be a schedule"):
        nn.SequentialSchedule([0.1, nn.ConstantSchedule(0.2)], [3])
    with pytest.raises(ValueError, match="must rise"):
        nn.SequentialSchedule([nn.ConstantSchedule(0.1)] * 3, [3, 3])
    with pytest.raises(ValueError, match="need 1 milestones"):
        nn.SequentialSchedule([nn.ConstantSchedule(0.1)] * 2, [])
    with pytest.raises(ValueError, match="fewer than 'steps'"):
        nn.TrapezoidSchedule(0.1, 5, 2, 3)
    with pytest.raises(ValueError, match="both parts"):
        nn.OneCycleSchedule(0.1, 3, 0.1)
    with pytest.raises(TypeError, match="a float or a Parameter"):
        nn.LinearSchedule("0.1", 0.0, 3)
    with pytest.raises(TypeError, match="'steps' must be an int"):
        nn.CosineSchedule(0.1, 0.0, 3.0)
    w = [Parameter(Tensor([0.0]), name="w")]
    with pytest.raises(AttributeError, match="no optimizer inside has a number 'beta1'"):
        nn.Scheduled(nn.SGD(w, 0.1), beta1=nn.ConstantSchedule(0.5))
    with pytest.raises(AttributeError, match="takes a schedule as it is"):
        nn.Scheduled(nn.SGD(w, 0.1), learning_rate=nn.ConstantSchedule(0.5))
    with pytest.raises(TypeError, match="must be a schedule"):
        nn.Scheduled(nn.SGD(w, 0.1, 0.9), momentum=0.5)
