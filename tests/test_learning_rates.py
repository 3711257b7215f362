"""Learning rates as lists and as cells: formulas, what MindSpore 2.10 gave, errors."""

import math

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.graph import compile_stats

LISTS = {  # recorded
    "piecewise": (
        lambda: nn.piecewise_constant_lr([2, 5, 7], [0.1, 0.05, 0.01]),
        [0.1, 0.1, 0.05, 0.05, 0.05, 0.01, 0.01],
    ),
    "exponential": (
        lambda: nn.exponential_decay_lr(0.1, 0.5, 8, 2, 2),
        [0.1, 0.1, 0.0707107, 0.0707107, 0.05, 0.05, 0.0353553, 0.0353553],
    ),
    "exponential stair": (lambda: nn.exponential_decay_lr(0.1, 0.5, 8, 2, 2, is_stair=True), [0.1] * 4 + [0.05] * 4),
    "natural exp": (lambda: nn.natural_exp_decay_lr(0.1, 0.9, 5, 2, 1), [0.1, 0.1, 0.040657, 0.040657, 0.0165299]),
    "natural exp stair": (
        lambda: nn.natural_exp_decay_lr(0.1, 0.9, 9, 2, 2, True),
        [0.1] * 4 + [0.0165299] * 4 + [0.00273237],
    ),
    "inverse": (lambda: nn.inverse_decay_lr(0.1, 0.5, 5, 2, 1), [0.1, 0.1, 0.0666667, 0.0666667, 0.05]),
    "inverse stair": (lambda: nn.inverse_decay_lr(0.1, 0.5, 9, 2, 2, True), [0.1] * 4 + [0.0666667] * 4 + [0.05]),
    "cosine": (lambda: nn.cosine_decay_lr(0.01, 0.1, 8, 2, 3), [0.1, 0.1, 0.0775, 0.0775, 0.0325, 0.0325, 0.01, 0.01]),
    "polynomial": (
        lambda: nn.polynomial_decay_lr(0.1, 0.01, 7, 2, 2, 0.5),
        [0.1, 0.1, 0.0736396, 0.0736396, 0.01, 0.01, 0.01],
    ),
    "polynomial update": (
        lambda: nn.polynomial_decay_lr(0.1, 0.01, 12, 2, 2, 0.5, update_decay_epoch=True),
        [0.1, 0.1, 0.0736396, 0.0736396, 0.01, 0.01, 0.055, 0.055, 0.01, 0.01, 0.0467423, 0.0467423],
    ),
    "warmup": (lambda: nn.warmup_lr(0.1, 8, 2, 2), [0.0, 0.0, 0.05, 0.05, 0.1, 0.1, 0.1, 0.1]),
}


@pytest.mark.parametrize("name", LISTS)
def test_list(name):
    make, wanted = LISTS[name]
    rates = make()
    assert isinstance(rates, list) and all(isinstance(r, float) for r in rates)
    np.testing.assert_allclose(rates, wanted, 1e-5)


CELLS = {  # the cell, and its formula of the step
    "exponential": (lambda: nn.ExponentialDecayLR(0.1, 0.9, 4), lambda i: 0.1 * 0.9 ** (i / 4)),
    "exponential stair": (lambda: nn.ExponentialDecayLR(0.1, 0.9, 3, True), lambda i: 0.1 * 0.9 ** (i // 3)),
    "natural exp": (lambda: nn.NaturalExpDecayLR(0.1, 0.3, 4), lambda i: 0.1 * math.exp(-0.3 * i)),
    "natural exp stair": (
        lambda: nn.NaturalExpDecayLR(0.1, 0.3, 3, True),
        lambda i: 0.1 * math.exp(-0.3 * (i // 3 * 3)),
    ),
    "inverse": (lambda: nn.InverseDecayLR(0.1, 0.5, 4), lambda i: 0.1 / (1 + 0.5 * i / 4)),
    "inverse stair": (lambda: nn.InverseDecayLR(0.1, 0.5, 3, True), lambda i: 0.1 / (1 + 0.5 * (i // 3))),
    "cosine": (
        lambda: nn.CosineDecayLR(0.01, 0.1, 6),
        lambda i: 0.01 + 0.045 * (1 + math.cos(math.pi * min(i, 6) / 6)),
    ),
    "polynomial": (lambda: nn.PolynomialDecayLR(0.1, 0.01, 4, 0.5), lambda i: 0.09 * (1 - min(i, 4) / 4) ** 0.5 + 0.01),
    "polynomial update": (
        lambda: nn.PolynomialDecayLR(0.1, 0.01, 3, 2.0, True),
        lambda i: 0.09 * (1 - i / (3 * max(math.ceil(i / 3), 1))) ** 2 + 0.01,
    ),
    "warmup": (lambda: nn.WarmUpLR(0.1, 4), lambda i: 0.1 * min(i, 4) / 4),
    "warmup zero": (lambda: nn.WarmUpLR(0.0, 4), lambda i: 0.0),
}


@pytest.mark.parametrize("name", CELLS)
def test_cell(name, mode):
    make, formula = CELLS[name]
    cell = make()
    assert isinstance(cell, nn.learning_rate_schedule.LearningRateSchedule) and not list(cell.get_parameters())
    for i in range(10):
        rate = cell(Tensor(i, ms.int32))
        assert (rate.dtype, rate.shape) == (ms.float32, ())
        np.testing.assert_allclose(float(rate), formula(i), 1e-5, 1e-8)
    assert cell(Tensor([3], ms.int32)).shape == (1,)


def test_printed_as_in_the_guides():
    cell = nn.ExponentialDecayLR(0.1, 0.9, 4)
    assert [f"{cell(Tensor(i, ms.int32))}" for i in range(3)] == ["0.1", "0.097400375", "0.094868325"]


def rates_used(rate, steps, **more):
    w = ms.Parameter(Tensor(np.zeros(2, np.float32)), name="w")
    optimizer = nn.SGD([w], rate, **more)
    used = []
    for _ in range(steps):
        before = w.asnumpy()
        optimizer((ops.ones((2,)),))
        used.append(float((before - w.asnumpy())[0]))
    return used


@pytest.mark.quick
def test_schedules_compose(mode):
    class WarmUpThenCosine(nn.learning_rate_schedule.LearningRateSchedule):
        def __init__(self):
            super().__init__()
            self.warm, self.cosine = nn.WarmUpLR(0.2, 3), nn.CosineDecayLR(0.0, 0.2, 4)

        def construct(self, global_step):
            return ops.select(global_step < 3, self.warm(global_step), self.cosine(global_step - 3))

    wanted = [0.2 * i / 3 if i < 3 else 0.1 * (1 + math.cos(math.pi * (i - 3) / 4)) for i in range(6)]
    before = compile_stats()
    np.testing.assert_allclose(rates_used(WarmUpThenCosine(), 6), wanted, 1e-4, 1e-6)
    if mode == "graph":
        assert compile_stats()["traces"] == before["traces"] + 1  # the schedule is part of the one step


@pytest.mark.parametrize("rate", [0.25, 1, np.float64(0.5), Tensor(0.125), Tensor(2), True])
def test_fixed_rates(rate, mode):
    assert rates_used(rate, 2) == [float(rate)] * 2


@pytest.mark.quick
@pytest.mark.parametrize(
    "make",
    [
        lambda: [0.5, 0.25, 0.125],
        lambda: (0.5, 0.25, 0.125),
        lambda: (0.5 / 2**i for i in range(3)),
        lambda: np.array([0.5, 0.25, 0.125]),
        lambda: Tensor([0.5, 0.25, 0.125]),
    ],
)
def test_rates_by_step(make, mode):
    assert rates_used(make(), 3) == [0.5, 0.25, 0.125]


def test_rates_in_a_construct(mode):
    class Show(nn.Optimizer):
        def construct(self, gradients):
            lr = self.get_lr()
            self.assignadd(self.global_step, self.global_step_increase_tensor)
            return lr

    w = [ms.Parameter(Tensor([0.0]), name="w")]
    g = (Tensor([1.0]),)
    fixed, listed = Show(0.5, w), Show([0.5, 0.25], w)
    assert [float(fixed(g)) for _ in range(2)] == [0.5, 0.5]
    assert [float(listed(g)) for _ in range(2)] == [0.5, 0.25]
    assert float(fixed.get_lr()) == 0.5


ERRORS = {
    "lengths": (ValueError, lambda: nn.piecewise_constant_lr([1, 2], [0.1])),
    "not increasing": (ValueError, lambda: nn.piecewise_constant_lr([3, 2], [0.1, 0.2])),
    "int rate": (TypeError, lambda: nn.piecewise_constant_lr([1, 2], [1, 0.2])),
    "not a list": (TypeError, lambda: nn.piecewise_constant_lr(3, [0.1])),
    "min above max": (ValueError, lambda: nn.cosine_decay_lr(0.2, 0.1, 6, 2, 2)),
    "float steps": (TypeError, lambda: nn.cosine_decay_lr(0.0, 0.1, 6.0, 2, 2)),
    "int for float": (TypeError, lambda: nn.exponential_decay_lr(1, 0.9, 6, 2, 1)),
    "more steps than memory": (ValueError, lambda: nn.cosine_decay_lr(0.0, 0.1, 2**60, 2, 1)),
    "a longer warm-up than memory": (ValueError, lambda: nn.warmup_lr(0.1, 2**60, 2, 1)),
    "a later milestone than memory": (ValueError, lambda: nn.piecewise_constant_lr([2, 2**60], [0.1, 0.2])),
    "zero epochs": (ValueError, lambda: nn.warmup_lr(0.1, 6, 2, 0)),
    "negative power": (ValueError, lambda: nn.polynomial_decay_lr(0.1, 0.01, 6, 2, 2, -1.0)),
    "negative decay": (ValueError, lambda: nn.ExponentialDecayLR(0.1, -0.5, 3)),
    "int min": (TypeError, lambda: nn.CosineDecayLR(0, 0.1, 3)),
    "zero rate": (ValueError, lambda: nn.InverseDecayLR(0.0, 0.1, 3)),
    "stair": (TypeError, lambda: nn.NaturalExpDecayLR(0.1, 0.1, 3, 1)),
    "update": (TypeError, lambda: nn.PolynomialDecayLR(0.1, 0.1, 3, 1.0, 1)),
    "warm": (TypeError, lambda: nn.WarmUpLR(1, 3)),
    "no construct": (
        NotImplementedError,
        lambda: nn.learning_rate_schedule.LearningRateSchedule()(Tensor(1, ms.int32)),
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_error(name):
    kind, call = ERRORS[name]
    with pytest.raises(kind):
        call()


def test_module_paths():
    from minispore.nn.dynamic_lr import cosine_decay_lr
    from minispore.nn.learning_rate_schedule import LearningRateSchedule
    from minispore.nn.optim import Momentum

    assert cosine_decay_lr is nn.cosine_decay_lr is nn.dynamic_lr.cosine_decay_lr
    assert issubclass(nn.WarmUpLR, LearningRateSchedule) and Momentum is nn.Momentum
    assert ops.composite.HyperMap is ops.HyperMap and ops.composite.clip_by_global_norm is ops.clip_by_global_norm
