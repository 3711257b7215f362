"""Experimental optimizers and schedulers: formulas in float64, what MindSpore 2.10 gave, changes between steps."""

import math

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import compile_stats
from minispore.nn import optim_ex as optim
from minispore.nn.optim_ex import lr_scheduler

SHAPES = {"conv.weight": (2, 3), "bn.gamma": (3,), "fc.bias": (2,)}


def parameters(seed=0):
    rng = np.random.default_rng(seed)
    return [Parameter(Tensor(rng.normal(size=s).astype(np.float32)), name=name) for name, s in SHAPES.items()]


def check(make, formula, steps=8, decay=0.0, sign=1.0):
    """``formula(w, g, state, t)`` in float64, for every Parameter; ``g`` with sign and decay."""
    params = parameters()
    weights = [p.asnumpy().astype(np.float64) for p in params]
    states = [{} for _ in params]
    optimizer = make(params)
    rng = np.random.default_rng(1)
    for t in range(1, steps + 1):
        grads = [rng.normal(size=p.shape).astype(np.float32) for p in params]
        assert optimizer(tuple(map(Tensor, grads))) is True
        weights = [formula(w, sign * g.astype(np.float64) + decay * w, s, t) for w, g, s in zip(weights, grads, states)]
    for p, w in zip(params, weights):
        np.testing.assert_allclose(p.asnumpy(), w, 2e-4, 2e-5, err_msg=p.name)


def keep(state, name, start, value):
    state[name] = value(state.get(name, start))
    return state[name]


def moments(b1, b2, g, s):
    m = keep(s, "m", 0.0, lambda m: b1 * m + (1 - b1) * g)
    return m, keep(s, "v", 0.0, lambda v: b2 * v + (1 - b2) * g * g)


def sgd(lr, mu, damp=0.0, nesterov=False):
    def formula(w, g, s, t):
        v = s["v"] = g if t == 1 else mu * s["v"] + (1 - damp) * g
        return w - lr * (g + mu * v if nesterov else v)

    return formula


def adam(lr, b1, b2, eps):
    def formula(w, g, s, t):
        m, v = moments(b1, b2, g, s)
        return w - lr * math.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps)

    return formula


def adamw(lr, b1, b2, eps, wd, amsgrad=False):
    def formula(w, g, s, t):
        m, v = moments(b1, b2, g, s)
        v = keep(s, "h", 0.0, lambda h: np.maximum(h, v)) if amsgrad else v
        return w * (1 - lr * wd) - lr / (1 - b1**t) * m / (np.sqrt(v) / math.sqrt(1 - b2**t) + eps)

    return formula


def nadam(lr, b1, b2, eps, fading):
    def formula(w, g, s, t):
        m, v = moments(b1, b2, g, s)
        mu, after = (b1 * (1 - 0.5 * 0.96 ** (k * fading)) for k in (t, t + 1))
        product = keep(s, "M", 1.0, lambda x: x * mu)
        return w - lr * ((1 - mu) / (1 - product) * g + after / (1 - product * after) * m) / (
            np.sqrt(v / (1 - b2**t)) + eps
        )

    return formula


def radam(lr, b1, b2, eps):
    def formula(w, g, s, t):
        m, v = moments(b1, b2, g, s)
        rho = 2 / (1 - b2) - 1
        rho_t = rho - 2 * t * b2**t / (1 - b2**t)
        if rho_t <= 5:
            return w - lr * m / (1 - b1**t)
        r = math.sqrt((rho_t - 4) * (rho_t - 2) * rho / ((rho - 4) * (rho - 2) * rho_t))
        return w - lr * m / (1 - b1**t) * r * math.sqrt(1 - b2**t) / (np.sqrt(v) + eps)

    return formula


def adamax(lr, b1, b2, eps):
    def formula(w, g, s, t):
        m = keep(s, "m", 0.0, lambda m: b1 * m + (1 - b1) * g)
        return w - lr / (1 - b1**t) * m / keep(s, "u", 0.0, lambda u: np.maximum(b2 * u, abs(g) + eps))

    return formula


def adagrad(lr, lr_decay, start, eps):
    def formula(w, g, s, t):
        return w - lr / (1 + (t - 1) * lr_decay) * g / (np.sqrt(keep(s, "a", start, lambda a: a + g * g)) + eps)

    return formula


def adadelta(lr, rho, eps):
    def formula(w, g, s, t):
        a = keep(s, "a", 0.0, lambda a: rho * a + (1 - rho) * g * g)
        d = np.sqrt(s.get("u", 0.0) + eps) / np.sqrt(a + eps) * g
        keep(s, "u", 0.0, lambda u: rho * u + (1 - rho) * d * d)
        return w - lr * d

    return formula


def asgd(lr, lambd, alpha, t0):
    def formula(w, g, s, t):
        eta = s.get("eta", lr)
        s["eta"] = lr / (1 + lambd * lr * t) ** alpha
        return w * (1 - lambd * eta) - eta * g

    return formula


def rprop(lr, etas, sizes):
    def formula(w, g, s, t):
        turn = g * s.get("prev", 0.0)
        s["step"] = np.clip(s.get("step", lr) * np.where(turn > 0, etas[1], np.where(turn < 0, etas[0], 1.0)), *sizes)
        s["prev"] = g = np.where(turn < 0, 0.0, g)
        return w - np.sign(g) * s["step"]

    return formula


def rmsprop(lr, alpha, eps, mu=0.0, centered=False):
    def formula(w, g, s, t):
        v = keep(s, "v", 0.0, lambda v: alpha * v + (1 - alpha) * g * g)
        mg = keep(s, "mg", 0.0, lambda x: alpha * x + (1 - alpha) * g) if centered else 0.0
        u = g / (np.sqrt(v - mg * mg) + eps)
        return w - lr * keep(s, "mom", 0.0, lambda x: mu * x + u)

    return formula


FORMULAS = {
    "sgd": (lambda p: optim.SGD(p, 0.1, 0.9, 0.2, weight_decay=0.1), sgd(0.1, 0.9, 0.2), {"decay": 0.1}),
    "sgd maximize": (
        lambda p: optim.SGD(p, 0.1, maximize=True, weight_decay=0.1),
        sgd(0.1, 0.0),
        {"sign": -1.0, "decay": 0.1},
    ),
    "sgd nesterov": (lambda p: optim.SGD(p, 0.05, 0.8, nesterov=True), sgd(0.05, 0.8, nesterov=True), {}),
    "adam": (
        lambda p: optim.Adam(p, 0.05, (0.8, 0.9), 1e-3, 0.2, amsgrad=True),
        adam(0.05, 0.8, 0.9, 1e-3),
        {"decay": 0.2},
    ),
    "adamw": (lambda p: optim.AdamW(p, 0.05, weight_decay=0.3), adamw(0.05, 0.9, 0.999, 1e-8, 0.3), {}),
    "adamw amsgrad": (
        lambda p: optim.AdamW(p, 0.05, (0.8, 0.6), amsgrad=True),
        adamw(0.05, 0.8, 0.6, 1e-8, 0.01, True),
        {},
    ),
    "nadam": (
        lambda p: optim.NAdam(p, 0.05, (0.7, 0.8), 1e-3, 0.1, 0.1),
        nadam(0.05, 0.7, 0.8, 1e-3, 0.1),
        {"decay": 0.1},
    ),
    "radam": (lambda p: optim.RAdam(p, 0.05), radam(0.05, 0.9, 0.999, 1e-8), {}),
    "radam fast": (lambda p: optim.RAdam(p, 0.05, (0.8, 0.7), 1e-3, 0.1), radam(0.05, 0.8, 0.7, 1e-3), {"decay": 0.1}),
    "adamax": (lambda p: optim.Adamax(p, 0.05, (0.8, 0.7), 1e-2, 0.2), adamax(0.05, 0.8, 0.7, 1e-2), {"decay": 0.2}),
    "adagrad": (lambda p: optim.Adagrad(p, 0.2, 0.5, 0.1, 0.3, 1e-3), adagrad(0.2, 0.5, 0.3, 1e-3), {"decay": 0.1}),
    "adadelta": (lambda p: optim.Adadelta(p, 0.3, 0.5, 1e-2, 0.1), adadelta(0.3, 0.5, 1e-2), {"decay": 0.1}),
    "asgd": (lambda p: optim.ASGD(p, 0.1, 0.05, 0.5, 3.0, 0.1), asgd(0.1, 0.05, 0.5, 3.0), {"decay": 0.1}),
    "rprop": (lambda p: optim.Rprop(p, 0.2, (0.3, 1.5), (1e-2, 0.3)), rprop(0.2, (0.3, 1.5), (1e-2, 0.3)), {}),
    "rmsprop": (lambda p: optim.RMSprop(p, 0.05, 0.7, momentum=0.6), rmsprop(0.05, 0.7, 1e-8, 0.6), {}),
    "rmsprop centered": (
        lambda p: optim.RMSprop(p, 0.05, 0.8, 1e-3, 0.1, 0.5, True),
        rmsprop(0.05, 0.8, 1e-3, 0.5, True),
        {"decay": 0.1},
    ),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_formula(name, mode):
    make, formula, more = FORMULAS[name]
    check(make, formula, **more)


# ---------------------------------------------------------------- groups
def two(p, **first):
    return [{"params": p[:1], **first}, {"params": p[1:]}]


def ones(optimizer):
    return tuple(ops.ones(p.shape) for p in optimizer.parameters)


def moved(optimizer):
    """By how much the first element of each Parameter changes in a step with gradients of 1."""
    before = [p.asnumpy() for p in optimizer.parameters]
    optimizer(ones(optimizer))
    return [round(float((b - p.asnumpy()).ravel()[0]), 5) for b, p in zip(before, optimizer.parameters)]


def test_printed_as_recorded():
    optimizer = optim.SGD(two(parameters(), lr=0.3, momentum=0.5, weight_decay=0.2), 0.02)
    assert (
        str(optimizer)
        == repr(optimizer)
        == (
            "SGD (\nParameter Group 0\n    dampening: 0.0\n    grad_centralization: False\n    lr: 0.3\n"
            "    maximize: False\n"
            "    momentum: 0.5\n    nesterov: False\n    weight_decay: 0.2\n\nParameter Group 1\n    dampening: 0.0\n"
            "    grad_centralization: False\n    lr: 0.02\n    maximize: False\n    momentum: 0.0\n"
            "    nesterov: False\n    weight_decay: 0.0\n)"
        )
    )
    group = optim.Adam(two(parameters(), lr=0.25, amsgrad=True), lr=0.5).param_groups[0]
    assert list(group) == ["params", "lr", "amsgrad", "betas", "eps", "weight_decay", "maximize"]
    assert str(group).startswith(
        "{'params': [Parameter (name=conv.weight, shape=(2, 3), dtype=Float32, requires_grad=True)], 'lr': Param"
    )


def test_state_and_groups():
    p = parameters()
    optimizer = optim.Adam(two(p, lr=0.5), 0.25)
    assert optimizer.group_start_id == [0, 1, 3]
    assert [lr.name for lr in optimizer.lrs] == ["learning_rate_group_0", "learning_rate_group_1"]
    state = [f"{kind}.{name}" for kind in ("exp_avg", "exp_avg_sq", "max_exp_avg_sq") for name in SHAPES]
    assert [q.name for q in optimizer.get_parameters()] == [*SHAPES, *state, "state_step"]


def test_a_group_may_be_added_at_any_time(mode):
    p = parameters()
    optimizer = optim.SGD(p[:1], 0.1, momentum=0.9)
    optimizer((ops.ones((2, 3)),))
    optimizer.add_param_group({"params": p[1:], "lr": 0.5})
    assert optimizer.group_start_id == [0, 1, 3] and optimizer.accum[2].name == "accum.fc.bias"
    assert moved(optimizer) == [0.19, 0.5, 0.5]
    assert moved(optimizer) == [0.271, 0.95, 0.95]


def test_changes_take_effect_at_the_next_step(mode):
    optimizer = optim.SGD(two(parameters(), lr=0.5, momentum=0.5), 0.25)
    assert moved(optimizer) == [0.5, 0.25, 0.25]
    before = compile_stats()
    ops.assign(optimizer.param_groups[1]["lr"], Tensor(0.125))
    optimizer.param_groups[0]["momentum"] = 0.25
    assert moved(optimizer) == [0.625, 0.125, 0.125]
    optimizer.param_groups[1]["lr"] = 1.0  # a float in place of the Parameter
    assert moved(optimizer)[1:] == [1.0, 1.0]
    optimizer.param_groups[1]["lr"] = 2.0
    assert moved(optimizer)[1:] == [2.0, 2.0]
    assert compile_stats()["compiled"] == before["compiled"]
    before = compile_stats()
    optimizer.param_groups[1]["lr"] = 4.0
    optimizer.param_groups[0]["momentum"] = 0.75
    moved(optimizer)
    assert compile_stats() == before  # numbers are read at run time
    optimizer.param_groups[1].update(maximize=True)  # another expression: traced again
    assert moved(optimizer)[1:] == [-4.0, -4.0]


def test_weight_decay_may_begin_between_steps(mode):
    p = parameters()
    optimizer = optim.SGD(p, 0.5)
    moved(optimizer)
    optimizer.param_groups[0]["weight_decay"] = 1.0
    before = p[0].asnumpy()
    optimizer(ones(optimizer))
    np.testing.assert_allclose(p[0].asnumpy(), before - 0.5 * (1 + before), 1e-4, 1e-6)


def test_an_own_optimizer_reads_plain_values(mode):
    class Tiny(optim.Optimizer):
        def __init__(self, params, lr):
            super().__init__(params, {"lr": lr, "factor": 2.0})

        def construct(self, gradients):
            for k, group in enumerate(self.param_groups):
                start = self.group_start_id[k]
                for i, w in enumerate(group["params"]):
                    ops.assign(w, w - group["lr"] * gradients[start + i] * group["factor"])
            return True

    optimizer = Tiny(two(parameters(), factor=1.0), 0.5)
    assert moved(optimizer) == [0.5, 1.0, 1.0]
    optimizer.param_groups[1]["factor"] = 4.0
    assert moved(optimizer) == [0.5, 2.0, 2.0]


# ---------------------------------------------------------------- schedulers
S = lr_scheduler
RATES = {  # recorded, of a group that starts at 0.1 and one at 0.4
    "step": (lambda o: S.StepLR(o, 3, gamma=0.5), [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.0125]),
    "multistep": (
        lambda o: S.MultiStepLR(o, [2, 5, 5, 8], 0.5),
        [0.1, 0.1, 0.05, 0.05, 0.05, 0.0125, 0.0125, 0.0125, 0.00625, 0.00625],
    ),
    "constant": (lambda o: S.ConstantLR(o, 0.25, 4), [0.025, 0.025, 0.025, 0.025, 0.1, 0.1]),
    "linear": (lambda o: S.LinearLR(o, 0.2, 0.9, 5), [0.02, 0.034, 0.048, 0.062, 0.076, 0.09, 0.09]),
    "exponential": (lambda o: S.ExponentialLR(o, 0.8), [0.1, 0.08, 0.064, 0.0512, 0.04096]),
    "polynomial": (
        lambda o: S.PolynomialLR(o, 6, 2.0),
        [0.1, 0.0694444, 0.0444444, 0.025, 0.0111111, 0.00277778, 0.0, 0.0],
    ),
    "lambda": (
        lambda o: S.LambdaLR(o, [lambda e: 1.0 / (e + 1), lambda e: 0.5**e]),
        [0.1, 0.05, 0.0333333, 0.025, 0.02],
    ),
    "multiplicative": (lambda o: S.MultiplicativeLR(o, lambda e: 0.7), [0.1, 0.07, 0.049, 0.0343, 0.02401]),
    "cosine": (
        lambda o: S.CosineAnnealingLR(o, 4, 0.01),
        [0.1, 0.0868198, 0.055, 0.0231802, 0.01, 0.0231802, 0.055, 0.0868198, 0.1],
    ),
    "restarts": (
        lambda o: S.CosineAnnealingWarmRestarts(o, 2, 2, 0.0),
        [0.1, 0.05, 0.1, 0.0853553, 0.05, 0.0146447, 0.1, 0.096194],
    ),
    "cyclic": (lambda o: S.CyclicLR(o, 0.01, 0.1, 3), [0.01, 0.04, 0.07, 0.1, 0.07, 0.04, 0.01, 0.04]),
    "triangular2": (
        lambda o: S.CyclicLR(o, 0.01, [0.1, 0.2], 2, 3, mode="triangular2"),
        [0.01, 0.055, 0.1, 0.07, 0.04, 0.01, 0.0325],
    ),
    "exp_range": (
        lambda o: S.CyclicLR(o, 0.01, 0.1, 2, mode="exp_range", gamma=0.9),
        [0.01, 0.0505, 0.0829, 0.042805, 0.01, 0.036572],
    ),
    "sequential": (
        lambda o: S.SequentialLR(o, [S.ConstantLR(o, 0.1, 2), S.ExponentialLR(o, 0.9)], [4]),
        [0.01, 0.01, 0.1, 0.1, 0.1, 0.09, 0.081, 0.0729],
    ),
    "one cycle": (  # by its formula
        lambda o: S.OneCycleLR(
            o, 0.1, 10, pct_start=0.5, anneal_strategy="linear", div_factor=10.0, final_div_factor=10.0
        ),
        [0.01, 0.0325, 0.055, 0.0775, 0.1, 0.0802, 0.0604, 0.0406, 0.0208, 0.001],
    ),
}


def scheduled(lr=0.1):
    p = parameters()
    return optim.SGD([{"params": p[:1], "lr": lr}, {"params": p[1:], "lr": 0.4}], 0.9)


@pytest.mark.parametrize("name", RATES)
def test_rates(name, mode):
    make, wanted = RATES[name]
    optimizer = scheduled()
    scheduler = make(optimizer)
    for rate in wanted:
        np.testing.assert_allclose(float(scheduler.get_last_lr()[0]), rate, 1e-4, 1e-7)
        np.testing.assert_allclose(moved(optimizer)[0], rate, 1e-3, 2e-5)
        scheduler.step()


def test_a_scheduled_run_is_compiled_once(graph_mode):
    optimizer = scheduled()
    scheduler = S.CosineAnnealingLR(optimizer, 4)
    moved(optimizer)
    before = compile_stats()
    for _ in range(4):
        scheduler.step()
        moved(optimizer)
    assert compile_stats() == before


def test_schedulers_are_part_of_a_compiled_step():
    for make in (
        lambda o: S.StepLR(o, 2, 0.5),
        lambda o: S.LinearLR(o, 0.5),
        lambda o: S.CosineAnnealingWarmRestarts(o, 2),
    ):
        plain, inside = scheduled(), scheduled()
        outside, compiled = make(plain), make(inside)

        @ms.jit
        def step(grads, optimizer=inside, scheduler=compiled):
            optimizer(grads)
            scheduler.step()
            return True

        for _ in range(4):
            plain(ones(plain))
            outside.step()
            step(ones(inside))
        assert [lr.asnumpy() for lr in plain.lrs] == [lr.asnumpy() for lr in inside.lrs]


def test_schedulers_compose():
    optimizer = scheduled()
    both = S.ExponentialLR(optimizer, 0.5), S.ConstantLR(optimizer, 0.25, 2)
    seen = []
    for _ in range(3):
        seen.append(float(optimizer.lrs[0].asnumpy()))
        for scheduler in both:
            scheduler.step()
    np.testing.assert_allclose(seen, [0.025, 0.0125, 0.025], 1e-5)


def test_steps_to_an_epoch():
    optimizer = scheduled()
    scheduler = S.StepLR(optimizer, 2, 0.5)
    for epoch, rate in ((4, 0.025), (1, 0.1), (7, 0.0125)):
        scheduler.step(epoch)
        np.testing.assert_allclose(float(scheduler.get_last_lr()[0]), rate, 1e-5)
    assert float(scheduler.last_epoch.asnumpy()) == 7.0 and scheduler.last_epoch.name == "last_epoch_StepLR"
    assert float(optimizer.param_groups[1]["initial_lr"]) == np.float32(0.4)


def test_plateau(mode):
    optimizer = scheduled()
    scheduler = S.ReduceLROnPlateau(optimizer, "min", 0.5, patience=1, cooldown=1)
    rates = []
    for value in (1.0, 0.9, 0.95, 0.93, 0.92, 0.91, 0.905, 0.902, 0.5, 0.6, 0.7):
        scheduler.step(Tensor(value))
        rates.append(float(scheduler.get_last_lr()[0]))
    np.testing.assert_allclose(rates, [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.025, 0.0125], 1e-5)
    scheduler = S.ReduceLROnPlateau(scheduled(), "max", 0.1, 0, 0.2, "abs", min_lr=0.02)
    for value in (0.1, 0.2):
        scheduler.step(value)
    np.testing.assert_allclose(float(scheduler.get_last_lr()[0]), 0.02, 1e-5)
    assert not bool(scheduler.in_cooldown())


def test_a_schedule_is_saved_and_resumed():
    for make in (
        lambda o: S.StepLR(o, 2, 0.5),
        lambda o: S.SequentialLR(o, [S.ConstantLR(o, 0.1, 2), S.ExponentialLR(o, 0.9)], [2]),
    ):
        optimizer = scheduled()
        scheduler = make(optimizer)
        for _ in range(3):
            scheduler.step()
        other = scheduled()
        resumed = make(other)
        resumed.load_state_dict(scheduler.state_dict())
        for lr, saved in zip(other.lrs, optimizer.lrs):
            lr.set_data(Tensor(saved.asnumpy()))
        for _ in range(3):
            scheduler.step()
            resumed.step()
            assert [lr.asnumpy() for lr in optimizer.lrs] == [lr.asnumpy() for lr in other.lrs]


def test_as_the_guides_write_it(capsys):
    optimizer = nn.optim_ex.Adam(parameters(), lr=0.1)
    scheduler = nn.StepLR(optimizer, step_size=1, gamma=0.5, verbose=True)
    scheduler.step()
    assert capsys.readouterr().out.splitlines() == [
        "Adjusting learning rate of group 0 to 0.1.",
        "Adjusting learning rate of group 0 to 0.05.",
    ]
    assert isinstance(scheduler, S.StepLR) and scheduler.last_epoch.name == "last_epoch_StepLR"


# ---------------------------------------------------------------- errors
ERRORS = {
    "lr": (ValueError, lambda p: optim.Adam(p, lr=-0.1)),
    "lr list": (TypeError, lambda p: optim.Adamax(p, lr=[0.1, 0.2])),
    "decay": (TypeError, lambda p: optim.AdamW(p, weight_decay=nn.Cell())),
    "none": (ValueError, lambda p: optim.SGD(None, 0.1)),
    "empty": (ValueError, lambda p: optim.SGD([], 0.1)),
    "set": (TypeError, lambda p: optim.SGD([{"params": set(p)}], 0.1)),
    "twice": (ValueError, lambda p: optim.SGD([{"params": p}, {"params": p[:1]}], 0.1)),
    "nesterov": (ValueError, lambda p: optim.SGD(p, 0.1, nesterov=True)),
    "betas": (ValueError, lambda p: optim.Adam(p, betas=(1.0, 0.9))),
    "lr 1d": (ValueError, lambda p: optim.Adagrad([{"params": p, "lr": Tensor([0.1, 0.2])}])),
    "t0": (TypeError, lambda p: optim.ASGD(p, t0=10)),
    "etas": (ValueError, lambda p: optim.Rprop(p, etas=(0.5, 0.9))),
    "base": (NotImplementedError, lambda p: optim.Optimizer(p, {"lr": 0.1})((p[0] + 0,))),
    "not one": (TypeError, lambda p: S.StepLR(nn.SGD(p, 0.1), 3)),
    "size": (TypeError, lambda p: S.StepLR(optim.SGD(p, 0.1), 3.0)),
    "verbose": (TypeError, lambda p: S.StepLR(optim.SGD(p, 0.1), 3, verbose=True)),
    "factor": (ValueError, lambda p: S.LinearLR(optim.SGD(p, 0.1), start_factor=2.0)),
    "resume": (KeyError, lambda p: S.ExponentialLR(optim.SGD(p, 0.1), 0.9, last_epoch=3)),
    "count": (ValueError, lambda p: S.LambdaLR(optim.SGD(p, 0.1), [abs, abs])),
    "plateau": (ValueError, lambda p: S.ReduceLROnPlateau(optim.SGD(p, 0.1), factor=1.0)),
    "no get_lr": (NotImplementedError, lambda p: S.LRScheduler(optim.SGD(p, 0.1))),
}


@pytest.mark.parametrize("name", ERRORS)
def test_error(name):
    kind, call = ERRORS[name]
    with pytest.raises(kind):
        call(parameters())
