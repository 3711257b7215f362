"""Optimizers: formulas written out in float64, groups, state, errors, counts of kernels."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import compile_stats

SHAPES = {"conv.weight": (2, 3, 2), "bn.gamma": (4,), "fc.bias": (3,)}
STEPS = 6


def parameters(seed=0, shapes=SHAPES, dtype=np.float32):
    rng = np.random.default_rng(seed)
    return [Parameter(Tensor(rng.normal(size=s).astype(dtype)), name=name) for name, s in shapes.items()]


def gradients(seed, like, steps=STEPS):
    rng = np.random.default_rng(seed + 1)
    return [[rng.normal(size=p.shape).astype(np.float32) for p in like] for _ in range(steps)]


def run(make, seed=0, steps=STEPS):
    """Weights after ``steps`` steps of the optimizer."""
    params = parameters(seed)
    optimizer = make(params)
    for step in gradients(seed, params, steps):
        optimizer(tuple(Tensor(g) for g in step))
    return {p.name: p.asnumpy() for p in params}


def expected(formula, seed=0, steps=STEPS, decay=0.0):
    """Weights by ``formula(w, g, state, t)`` in float64; ``decay`` is added to the gradients but for gamma and beta."""
    params = parameters(seed)
    weights = {p.name: p.asnumpy().astype(np.float64) for p in params}
    states: dict = {name: {} for name in weights}
    for t, step in enumerate(gradients(seed, params, steps), 1):
        for name, g in zip(weights, step):
            g = g.astype(np.float64)
            if "gamma" not in name:
                g = g + decay * weights[name]
            weights[name] = formula(weights[name], g, states[name], t)
    return weights


def same(got, wanted, rtol=2e-4, atol=2e-5):
    for name, w in wanted.items():
        np.testing.assert_allclose(got[name], w, rtol, atol, err_msg=name)


# ---------------------------------------------------------------- formulas
def keep(state, name, start, value):
    state[name] = value(state.get(name, start))
    return state[name]


def sgd(lr, momentum=0.0, damp=0.0, nesterov=False):
    def formula(w, g, s, t):
        v = s["v"] = g if t == 1 else momentum * s["v"] + (1 - damp) * g
        return w - lr * (g + momentum * v if nesterov else v)

    return formula


def momentum(lr, mu, nesterov=False):
    def formula(w, g, s, t):
        v = keep(s, "v", 0.0, lambda v: mu * v + g)
        return w - lr * (g + mu * v if nesterov else v)

    return formula


def adam(lr, b1=0.9, b2=0.999, eps=1e-8, nesterov=False, amsgrad=False):
    def formula(w, g, s, t):
        m = keep(s, "m", 0.0, lambda m: b1 * m + (1 - b1) * g)
        v = keep(s, "v", 0.0, lambda v: b2 * v + (1 - b2) * g * g)
        if amsgrad:
            v = keep(s, "h", 0.0, lambda h: np.maximum(h, v))
        m = b1 * m + (1 - b1) * g if nesterov else m
        return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps)

    return formula


def adam_weight_decay(lr, b1=0.9, b2=0.999, eps=1e-6, wd=0.0):
    def formula(w, g, s, t):
        m = keep(s, "m", 0.0, lambda m: b1 * m + (1 - b1) * g)
        v = keep(s, "v", 0.0, lambda v: b2 * v + (1 - np.float32(b2)).astype(np.float64) * g * g)
        return w - lr * (m / (np.sqrt(v) + eps) + wd * w)

    return formula


def adamax(lr, b1, b2, eps=1e-8):
    def formula(w, g, s, t):
        m = keep(s, "m", 0.0, lambda m: b1 * m + (1 - b1) * g)
        u = keep(s, "u", 0.0, lambda u: np.maximum(b2 * u, abs(g)))
        return w - lr / (1 - b1**t) * m / (u + eps)

    return formula


def adagrad(lr, accum):
    def formula(w, g, s, t):
        return w - lr * g / np.sqrt(keep(s, "a", accum, lambda a: a + g * g))

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
        w = w * (1 - lambd * eta) - eta * g
        s["ax"] = w if s.get("mu", 1.0) == 1 else s["ax"] + s["mu"] * (w - s["ax"])
        s["eta"], s["mu"] = lr / (1 + lambd * lr * t) ** alpha, 1 / max(1, t - t0)
        return w

    return formula


def rprop(lr, etas, sizes):
    def formula(w, g, s, t):
        turn = g * s.get("prev", 0.0)
        factor = np.where(turn > 0, etas[1], np.where(turn < 0, etas[0], 1.0))
        s["step"] = np.clip(s.get("step", lr) * factor, *sizes)
        s["prev"] = g = np.where(turn < 0, 0.0, g)
        return w - np.sign(g) * s["step"]

    return formula


def rmsprop(lr, d, mu=0.0, eps=1e-10, centered=False):
    def formula(w, g, s, t):
        ms_ = keep(s, "ms", 1.0, lambda x: d * x + (1 - d) * g * g)
        mg = keep(s, "mg", 0.0, lambda x: d * x + (1 - d) * g) if centered else 0.0
        return w - keep(s, "mom", 0.0, lambda x: mu * x + lr * g / np.sqrt(ms_ - mg * mg + eps))

    return formula


def ftrl(lr, accum, p, l1, l2):
    def formula(w, g, s, t):
        n0 = s.get("n", accum)
        n1 = s["n"] = n0 + g * g
        z = keep(s, "z", 0.0, lambda z: z + g - (n1**-p - n0**-p) / lr * w)
        return np.where(abs(z) > l1, (np.sign(z) * l1 - z) / (n1**-p / lr + 2 * l2), 0.0)

    return formula


def proximal_adagrad(lr, accum, l1, l2):
    def formula(w, g, s, t):
        r = lr / np.sqrt(keep(s, "a", accum, lambda a: a + g * g))
        q = w - r * g
        return np.sign(q) * np.maximum(abs(q) - r * l1, 0) / (1 + r * l2)

    return formula


def lamb(lr, b1, b2, eps, wd):
    def formula(w, g, s, t):
        m = keep(s, "m", 0.0, lambda m: b1 * m + (1 - b1) * g)
        v = keep(s, "v", 0.0, lambda v: b2 * v + (1 - b2) * g * g)
        r = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps) + (wd * w if len(w) != 4 else 0)  # not gamma
        return w - lr * np.linalg.norm(w) / np.linalg.norm(r) * r

    return formula


def adafactor(b1=0.9, decay_rate=0.8, clip=1.0, eps=(1e-30, 1e-3), rate=None, warmup=False, wd=0.0):
    def rms(x):
        return np.sqrt(np.mean(x * x))

    def formula(w, g, s, t):
        lr = rate or min(1e-6 * t if warmup else 1e-2, 1 / np.sqrt(t)) * max(eps[1], rms(w))
        b = 1 - t**-decay_rate
        u = g * g + eps[0]
        if g.ndim >= 2:
            r = keep(s, "r", 0.0, lambda r: b * r + (1 - b) * u.mean(-1))
            c = keep(s, "c", 0.0, lambda c: b * c + (1 - b) * u.mean(-2))
            u = g / np.sqrt(r / r.mean(-1, keepdims=True))[..., None] / np.sqrt(c)[..., None, :]
        else:
            u = g / np.sqrt(keep(s, "v", 0.0, lambda v: b * v + (1 - b) * u))
        u = u * lr / max(1.0, rms(u) / clip)
        u = keep(s, "m", 0.0, lambda m: b1 * m + (1 - b1) * u) if b1 else u
        return w - wd * lr * w - u

    return formula


FORMULAS = {
    "sgd": (lambda p: nn.SGD(p, 0.1), sgd(0.1)),
    "sgd momentum": (lambda p: nn.SGD(p, 0.1, 0.9, 0.3), sgd(0.1, 0.9, 0.3)),
    "sgd nesterov": (lambda p: nn.SGD(p, 0.05, 0.8, nesterov=True), sgd(0.05, 0.8, nesterov=True)),
    "momentum": (lambda p: nn.Momentum(p, 0.1, 0.9), momentum(0.1, 0.9)),
    "momentum nesterov": (lambda p: nn.Momentum(p, 0.1, 0.7, use_nesterov=True), momentum(0.1, 0.7, True)),
    "adam": (lambda p: nn.Adam(p, 0.05), adam(0.05)),
    "adam coefficients": (lambda p: nn.Adam(p, 0.05, 0.7, 0.9, 0.1), adam(0.05, 0.7, 0.9, 0.1)),
    "adam nesterov": (lambda p: nn.Adam(p, 0.05, use_nesterov=True), adam(0.05, nesterov=True)),
    "adam amsgrad": (lambda p: nn.Adam(p, 0.05, beta2=0.6, use_amsgrad=True), adam(0.05, b2=0.6, amsgrad=True)),
    "adam amsgrad, and no nesterov": (  # as MindSpore: amsgrad excludes it, without a word
        lambda p: nn.Adam(p, 0.05, beta2=0.6, use_nesterov=True, use_amsgrad=True),
        adam(0.05, b2=0.6, amsgrad=True),
    ),
    "adam lazy": (lambda p: nn.Adam(p, 0.05, use_lazy=True), adam(0.05)),
    "lazyadam": (lambda p: nn.LazyAdam(p, 0.05, use_nesterov=True), adam(0.05, nesterov=True)),
    "adamoffload": (lambda p: nn.AdamOffload(p, 0.05), adam(0.05)),
    "adamweightdecay": (lambda p: nn.AdamWeightDecay(p, 0.05), adam_weight_decay(0.05)),
    "adamax": (lambda p: nn.AdaMax(p, 0.05, 0.8, 0.9), adamax(0.05, 0.8, 0.9)),
    "adagrad": (lambda p: nn.Adagrad(p, 0.5, 0.2), adagrad(0.2, 0.5)),
    "adadelta": (lambda p: nn.Adadelta(p, 0.5, 0.7, 1e-3), adadelta(0.5, 0.7, 1e-3)),
    "asgd": (lambda p: nn.ASGD(p, 0.05, 0.1, 0.5, 3.0), asgd(0.05, 0.1, 0.5, 3.0)),
    "rprop": (lambda p: nn.Rprop(p, 0.05, (0.3, 1.5), (0.02, 0.1)), rprop(0.05, (0.3, 1.5), (0.02, 0.1))),
    "rmsprop": (lambda p: nn.RMSProp(p, 0.05, 0.8, 0.6, 1e-7), rmsprop(0.05, 0.8, 0.6, 1e-7)),
    "rmsprop centered": (
        lambda p: nn.RMSProp(p, 0.02, 0.7, 0.5, 1e-3, centered=True),
        rmsprop(0.02, 0.7, 0.5, 1e-3, True),
    ),
    "ftrl": (lambda p: nn.FTRL(p, 0.2, 0.1, -0.7, 0.3, 0.2), ftrl(0.1, 0.2, -0.7, 0.3, 0.2)),
    "proximaladagrad": (lambda p: nn.ProximalAdagrad(p, 0.2, 0.1, 0.05, 0.1), proximal_adagrad(0.1, 0.2, 0.05, 0.1)),
    "lamb": (lambda p: nn.Lamb(p, 0.05, 0.8, 0.95, 1e-3, 0.1), lamb(0.05, 0.8, 0.95, 1e-3, 0.1)),
    "adafactor": (lambda p: nn.AdaFactor(p), adafactor()),
    "adafactor plain": (lambda p: nn.AdaFactor(p, beta1=0.0, weight_decay=0.1), adafactor(b1=0.0, wd=0.1)),
    "adafactor rate": (
        lambda p: nn.AdaFactor(p, 0.03, scale_parameter=False, relative_step=False, clip_threshold=0.5),
        adafactor(rate=0.03, clip=0.5),
    ),
    "adafactor warmup": (
        lambda p: nn.AdaFactor(p, warmup_init=True, decay_rate=0.6),
        adafactor(warmup=True, decay_rate=0.6),
    ),
}


@pytest.mark.quick
@pytest.mark.parametrize("name", FORMULAS)
def test_formula(name, mode):
    make, formula = FORMULAS[name]
    same(run(make), expected(formula))


@pytest.mark.quick
@pytest.mark.parametrize(
    "make, formula",
    [
        (lambda p, wd: nn.SGD(p, 0.1, 0.5, weight_decay=wd), sgd(0.1, 0.5)),
        (lambda p, wd: nn.Momentum(p, 0.1, 0.9, wd), momentum(0.1, 0.9)),
        (lambda p, wd: nn.Adam(p, 0.05, weight_decay=wd), adam(0.05)),
        (lambda p, wd: nn.RMSProp(p, 0.05, weight_decay=wd), rmsprop(0.05, 0.9)),
    ],
)
def test_weight_decay_is_added_to_gradients_but_for_gamma_and_beta(make, formula, mode):
    same(run(lambda p: make(p, 0.2)), expected(formula, decay=0.2))


def test_adam_weight_decay_acts_on_the_weights():
    got = run(lambda p: nn.AdamWeightDecay(p, 0.05, weight_decay=0.3))
    wanted = expected(adam_weight_decay(0.05, wd=0.3))
    np.testing.assert_allclose(got["fc.bias"], wanted["fc.bias"], 2e-4)
    np.testing.assert_allclose(got["bn.gamma"], expected(adam_weight_decay(0.05))["bn.gamma"], 2e-4)


@pytest.mark.parametrize("dtype, lr", [(np.float64, 0.1), (np.float32, 1e-3), (np.float16, 1.4e-5), (np.float32, 0.0)])
@pytest.mark.parametrize("size", [0, 1, 21])
def test_ftrl_as_an_op(dtype, lr, size, mode):
    """The formula by NumPy in float64, for rates whose inverse float16 does not hold, and for 0."""
    w, g = np.cos(np.arange(2.0 * size)).reshape(2, size).astype(dtype)
    p = [ms.Parameter(Tensor(v), name=str(k)) for k, v in enumerate((w, np.full_like(w, 0.1), np.zeros_like(w)))]
    ops.ApplyFtrl()(*p, Tensor(g), lr, 0.2, 0.3, -0.5)
    start = [t.astype(np.float64) for t in (w, g, np.full_like(w, 0.1))]
    with np.errstate(all="ignore"):
        n, z = (
            start[2] + start[1] ** 2,
            start[1] - (np.sqrt(start[2] + start[1] ** 2) - np.sqrt(start[2])) / lr * start[0],
        )
        new = np.where(np.abs(z) > 0.2, (np.sign(z) * 0.2 - z) / (np.sqrt(n) / lr + 0.6), 0.0)
        wanted = [v.astype(dtype) for v in (new, n, z)]
    for got, v in zip(p, wanted):
        assert got.asnumpy().dtype == dtype
        rounding = 4 * np.finfo(dtype).eps  # of z, beside its largest: the roots cancel
        np.testing.assert_allclose(got.asnumpy(), v, rounding, rounding * np.nanmax(np.abs(v), initial=0.0))


def test_ftrl_decays_all_parameters(mode):
    got = run(lambda p: nn.FTRL(p, learning_rate=0.1, weight_decay=0.2))
    formula = ftrl(0.1, 0.1, -0.5, 0.0, 0.0)
    same(got, expected(lambda w, g, s, t: formula(w, g + 0.2 * w if len(w) == 4 else g, s, t), decay=0.2))


@pytest.mark.parametrize("scale", [1.0, 8.0])
def test_adafactor_decays_each_group_by_its_own(scale, mode):
    """As optimizers of their own would; a decay set later acts, too."""

    def weights():
        return [
            Parameter(Tensor(np.linspace(0.5, 2.0, 6, dtype=np.float32).reshape(2, 3)), name=f"gamma{k}")
            for k in range(2)
        ]

    gradients = [Tensor(np.full((2, 3), g, np.float32)) for g in (0.3, -0.2)]
    together, apart = weights(), weights()
    rest = {"learning_rate": 0.05, "relative_step": False, "loss_scale": scale}
    one = nn.AdaFactor(
        [{"params": together[:1], "weight_decay": 0.2}, {"params": together[1:]}], weight_decay=0.4, **rest
    )
    several = [nn.AdaFactor([w], weight_decay=d, **rest) for w, d in zip(apart, (0.2, 0.4))]
    for k in range(3):
        if k == 2:
            one.param_groups[0]["weight_decay"] = several[0].weight_decay = 0.6
        one(tuple(gradients))
        for optimizer, gradient in zip(several, gradients):
            optimizer((gradient,))
    for w, other in zip(together, apart):
        np.testing.assert_allclose(w.asnumpy(), other.asnumpy(), 1e-6)
    assert np.abs(together[0].asnumpy() - nothing_decayed(gradients[0], rest)).min() > 1e-3


def nothing_decayed(gradient, rest):
    w = Parameter(Tensor(np.linspace(0.5, 2.0, 6, dtype=np.float32).reshape(2, 3)), name="w")
    optimizer = nn.AdaFactor([w], **rest)
    for _ in range(3):
        optimizer((gradient,))
    return w.asnumpy()


def test_loss_scale_divides_gradients_and_not_the_decay(mode):
    got = run(lambda p: nn.Momentum(p, 0.1, 0.9, weight_decay=0.1, loss_scale=4.0))
    base = momentum(0.1, 0.9)
    same(got, expected(lambda w, g, s, t: base(w, g / 4.0 + (0.1 * w if len(w) != 4 else 0), s, t)))


def test_lars_scales_layers(mode):
    got = run(lambda p: nn.LARS(nn.Momentum(p, 0.5, 0.9, weight_decay=0.1), coefficient=0.05))
    base = momentum(0.5, 0.9)

    def formula(w, g, s, t):
        if len(w) != 3:  # all but the bias; gamma without decay
            wd = 0.1 if len(w) == 2 else 0.0
            k = 0.05 * np.linalg.norm(w) / (np.linalg.norm(g) + wd * np.linalg.norm(w) + 1e-5)
            g = k * (g + wd * w)
        return base(w, g, s, t)

    same(got, expected(formula))


# ---------------------------------------------------------------- state and names
STATE = {
    nn.SGD: ["momentum", "accum.w", "stat.w"],
    nn.Adam: ["beta1_power", "beta2_power", "moment1.w", "moment2.w"],
    nn.AdamWeightDecay: ["adam_m.w", "adam_v.w"],
    nn.LazyAdam: ["beta1_power", "beta2_power", "moment1.w", "moment2.w"],
    nn.AdaMax: ["beta1_power", "moment1.w", "moment2.w"],
    nn.Adagrad: ["accum.w"],
    nn.Adadelta: ["accum.w", "accum_update.w"],
    nn.ASGD: ["mu_w", "eta_w", "ax_.w"],
    nn.Rprop: ["prev.w", "step_size.w"],
    nn.RMSProp: ["mean_square.w", "moment.w"],
    nn.FTRL: ["moments.w", "linear.w"],
    nn.ProximalAdagrad: ["accum.w"],
    nn.AdaFactor: ["exp_avg.w", "exp_avg_sq_row_w", "exp_avg_sq_col_w", "exp_avg_sq_w", "afactor_step"],
}


@pytest.mark.parametrize("kind", STATE, ids=lambda k: k.__name__)
def test_names_of_the_state(kind):
    optimizer = kind([Parameter(Tensor(np.ones((2, 3), np.float32)), name="w")])
    assert [p.name for p in optimizer.get_parameters()] == ["global_step", "learning_rate", "w", *STATE[kind]]
    assert all(p.requires_grad for p in optimizer.get_parameters())
    assert repr(optimizer) == f"{kind.__name__}()"


def test_where_learning_rates_stand():
    def names(*args):
        return [p.name for p in nn.Momentum(*args, 0.9).get_parameters() if "rate" in p.name or "." in p.name]

    p = parameters()
    state = [f"moments.{name}" for name in SHAPES]
    assert names(p, [0.1, 0.2]) == [*SHAPES, *state, "learning_rate"]
    assert names(p, nn.CosineDecayLR(0.0, 0.1, 5)) == [*SHAPES, *state]
    assert names([{"params": p[:1], "lr": 0.3}, {"params": p[1:]}], 0.1) == [
        "learning_rate_group_0",
        "learning_rate",
        *SHAPES,
        *state,
    ]
    groups = [{"order_params": p}, {"params": p[:1], "lr": [0.3, 0.2]}, {"params": p[1:]}]
    assert names(groups, 0.1) == [*SHAPES, *state, "learning_rate_group_1", "learning_rate"]


def test_rate_of_a_parameter():
    p = parameters()
    schedule = nn.CosineDecayLR(0.0, 0.1, 5)
    optimizer = nn.SGD(
        [{"params": p[:1], "lr": schedule}, {"params": p[1:2], "lr": [0.2, 0.3]}, {"params": p[2:]}], 0.5
    )
    assert optimizer.get_lr_parameter(p[0]) is schedule
    listed, fixed = optimizer.get_lr_parameter([p[1], p[2]])
    assert (listed.name, listed.shape, fixed.name, fixed.shape) == ("learning_rate_group_1", (2,), "learning_rate", ())
    np.testing.assert_allclose([float(x) for x in optimizer.get_lr()], [0.1, 0.2, 0.5], 1e-6)


def test_order_params_orders_gradients(mode):
    p = parameters()
    optimizer = nn.SGD([{"params": p[1:], "lr": 0.5}, {"params": p[:1]}, {"order_params": p[::-1]}], 0.1)
    assert [q.name for q in optimizer.parameters] == list(SHAPES)[::-1]
    before = [q.asnumpy() for q in p]
    optimizer(tuple(ops.ones(q.shape) for q in optimizer.parameters))
    moved = [float((b - q.asnumpy()).ravel()[0]) for b, q in zip(before, p)]
    np.testing.assert_allclose(moved, [0.1, 0.5, 0.5], 1e-5)


def test_gradient_centralization(mode):
    shapes = {"conv.weight": (2, 16, 3), "small": (2, 15)}
    p = parameters(shapes=shapes)
    optimizer = nn.SGD([{"params": p, "grad_centralization": True}], 0.1)
    g = [np.random.randn(*s).astype(np.float32) for s in shapes.values()]
    before = [q.asnumpy() for q in p]
    optimizer(tuple(map(Tensor, g)))
    np.testing.assert_allclose(p[0].asnumpy(), before[0] - 0.1 * (g[0] - g[0].mean((1, 2), keepdims=True)), 1e-4, 1e-6)
    np.testing.assert_allclose(p[1].asnumpy(), before[1] - 0.1 * g[1], 1e-4, 1e-6)


# ---------------------------------------------------------------- changes between steps
def one(rate, kind=nn.SGD, **more):
    w = Parameter(Tensor(np.zeros(3, np.float32)), name="w")
    optimizer = kind([w], rate, **more)

    def moved():
        before = w.asnumpy()
        optimizer((ops.ones((3,)),))
        return round(float((before - w.asnumpy())[0]), 6)

    return optimizer, moved


def test_a_new_learning_rate_retraces_nothing(mode):
    optimizer, moved = one(0.5)
    assert moved() == 0.5
    before = compile_stats()
    ops.assign(optimizer.learning_rate, Tensor(0.25))
    assert moved() == 0.25
    optimizer.learning_rate.set_data(Tensor(0.125))
    assert moved() == 0.125
    assert compile_stats() == before
    optimizer.learning_rate = Tensor(2.0)
    assert moved() == 2.0
    assert compile_stats()["compiled"] == before["compiled"]


def test_coefficients_may_change_without_compiling(graph_mode):
    optimizer, moved = one(0.5, nn.Momentum, momentum=0.0)
    moved()
    ops.assign(optimizer.momentum, Tensor(1.0))
    before = compile_stats()
    assert moved() == 1.0
    assert compile_stats() == before
    optimizer, moved = one(1.0, nn.Adam)
    moved()
    before = compile_stats()
    ops.assign(optimizer.eps, Tensor(1e9))
    assert moved() < 1e-6
    assert compile_stats() == before
    optimizer.eps = Tensor(1e8)  # another Tensor: traced again, compiled not
    moved()
    assert compile_stats()["compiled"] == before["compiled"]


def test_a_list_of_rates_counts_steps_and_ends_with_an_error(mode):
    optimizer, moved = one([0.5, 0.25])
    assert (moved(), moved()) == (0.5, 0.25)
    with pytest.raises(RuntimeError, match="has 2 values, but step 3 asked for the next"):
        moved()
    assert optimizer.global_step.asnumpy().tolist() == [2]
    assert optimizer.parameters[0].asnumpy().tolist() == [-0.75] * 3  # the failed step changed nothing


def test_one_update_kernel_for_all_parameters(graph_mode):
    shapes = {f"layer{k}.weight": (k + 1, 5) for k in range(30)} | {f"layer{k}.bias": (k + 2,) for k in range(30)}
    for make, kernels in (
        (lambda p: nn.SGD(p, 0.1, 0.9), 2),  # the second one looks at the first number of ``stat``
        (lambda p: nn.Momentum(p, 0.1, 0.9, weight_decay=0.1), 1),
        (lambda p: nn.Adam(p, 0.1), 1),
    ):
        p = parameters(shapes=shapes)
        optimizer = make(p)
        optimizer(tuple(ops.ones(q.shape) for q in p))
        calls = optimizer._compiled.compiled.last.executable.calls
        large = [c for c in calls if any(o.size > 1 for o in c.writes)]
        assert len(large) == kernels * len(p)
        assert len({c.source for c in large}) == kernels


def test_a_gradient_of_the_wrong_shape_changes_nothing(mode):
    p = parameters()
    optimizer = nn.Adam(p, 0.1)
    before = [q.asnumpy() for q in optimizer.get_parameters()]
    with pytest.raises(ValueError, match=r"fc\.bias"):
        optimizer((ops.ones((2, 3, 2)), ops.ones((4,)), ops.ones((2,))))
    for b, q in zip(before, optimizer.get_parameters()):
        np.testing.assert_array_equal(b, q.asnumpy())


def test_parameters_of_any_rank(mode):
    shapes = {"number": (), "empty": (0, 3), "deep": (1, 2, 1, 3)}
    for make in (
        lambda p: nn.Adam(p, 0.1),
        lambda p: nn.LazyAdam(p, nn.CosineDecayLR(0.0, 0.1, 5)),
        lambda p: nn.ASGD(p),
    ):
        p = parameters(shapes=shapes)
        before = [q.asnumpy() for q in p]
        make(p)(tuple(ops.ones(q.shape) for q in p))
        assert [q.shape for q in p] == list(shapes.values())
        assert all((b > q.asnumpy()).all() for b, q in zip(before, p))


# ---------------------------------------------------------------- errors
def pair():
    return [Parameter(Tensor(np.ones((2, 2), np.float32)), name=f"p{k}") for k in range(2)]


ERRORS = {
    "rate str": (ValueError, lambda p: nn.SGD(p, "0.1")),
    "rate None": (TypeError, lambda p: nn.SGD(p, None)),
    "rate negative": (ValueError, lambda p: nn.SGD(p, -0.1)),
    "rate a Cell": (TypeError, lambda p: nn.SGD(p, nn.Cell())),
    "rates 2d": (ValueError, lambda p: nn.SGD(p, Tensor(np.ones((2, 2), np.float32)))),
    "no parameters": (ValueError, lambda p: nn.SGD([], 0.1)),
    "None": (ValueError, lambda p: nn.SGD(None, 0.1)),
    "one parameter": (TypeError, lambda p: nn.SGD(p[0], 0.1)),
    "numbers": (TypeError, lambda p: nn.SGD([1, 2], 0.1)),
    "mixed": (TypeError, lambda p: nn.SGD([{"params": p[:1]}, p[1]], 0.1)),
    "one name": (ValueError, lambda p: nn.SGD([p[0], p[1].clone(), p[1]], 0.1)),
    "loss scale": (ValueError, lambda p: nn.SGD(p, 0.1, loss_scale=0.0)),
    "loss scale type": (TypeError, lambda p: nn.SGD(p, 0.1, loss_scale="1")),
    "decay": (ValueError, lambda p: nn.SGD(p, 0.1, weight_decay=-0.1)),
    "decay type": (TypeError, lambda p: nn.SGD(p, 0.1, weight_decay="0")),
    "decay Cell": (TypeError, lambda p: nn.SGD(p, 0.1, weight_decay=nn.ExponentialDecayLR(0.1, 0.5, 2))),
    "unknown key": (KeyError, lambda p: nn.SGD([{"params": p, "momentum": 0.9}], 0.1)),
    "no params": (KeyError, lambda p: nn.SGD([{"lr": 0.1}], 0.1)),
    "empty": (ValueError, lambda p: nn.SGD([{"params": []}], 0.1)),
    "twice": (RuntimeError, lambda p: nn.SGD([{"params": p}, {"params": p[:1]}], 0.1)),
    "order not alone": (ValueError, lambda p: nn.SGD([{"params": p}, {"order_params": p, "lr": 0.1}], 0.1)),
    "order short": (ValueError, lambda p: nn.SGD([{"params": p}, {"order_params": p[:1]}], 0.1)),
    "order type": (TypeError, lambda p: nn.SGD([{"params": p}, {"order_params": 3}], 0.1)),
    "centralization": (TypeError, lambda p: nn.SGD([{"params": p, "grad_centralization": 1}], 0.1)),
    "two lengths": (
        ValueError,
        lambda p: nn.SGD([{"params": p[:1], "lr": [0.1, 0.2]}, {"params": p[1:], "lr": [0.1]}], 0.1),
    ),
    "nesterov": (ValueError, lambda p: nn.SGD(p, 0.1, nesterov=True)),
    "momentum": (TypeError, lambda p: nn.Momentum(p, 0.1, 1)),
    "beta1": (ValueError, lambda p: nn.Adam(p, beta1=1.0)),
    "beta1 type": (TypeError, lambda p: nn.Adam(p, beta1=1)),
    "keyword": (KeyError, lambda p: nn.Adam(p, use_fast=True)),
    "lazy and offload": (ValueError, lambda p: nn.Adam(p, use_lazy=True, use_offload=True)),
    "ftrl list": (ValueError, lambda p: nn.FTRL(p, learning_rate=[0.1, 0.2])),
    "rho": (ValueError, lambda p: nn.Adadelta(p, rho=2.0)),
    "t0": (TypeError, lambda p: nn.ASGD(p, t0=10)),
    "etas": (TypeError, lambda p: nn.Rprop(p, etas=[0.5, 1.2])),
    "adafactor": (ValueError, lambda p: nn.AdaFactor(p, 0.1)),
    "base": (NotImplementedError, lambda p: nn.Optimizer(0.1, p)((p[0] + 0, p[1] + 0))),
    "not a tuple": (TypeError, lambda p: nn.Adadelta(p)(p[0] + 0)),
    "too few": (RuntimeError, lambda p: nn.Adadelta(p)((p[0] + 0,))),
    "rate of": (TypeError, lambda p: nn.SGD(p, 0.1).get_lr_parameter("p0")),
    "rate of another": (ValueError, lambda p: nn.SGD(p, 0.1).get_lr_parameter(pair()[0])),
    "target": (ValueError, lambda p: setattr(nn.Adam(p), "target", "GPU")),
    "unique": (TypeError, lambda p: setattr(nn.Adam(p), "unique", 1)),
}


@pytest.mark.parametrize("name", ERRORS)
def test_error(name):
    kind, call = ERRORS[name]
    with pytest.raises(kind) as caught:
        call(pair())
    assert type(caught.value) is kind


# ---------------------------------------------------------------- written by users
def test_hyper_map_and_multitype_functions(mode):
    update = ops.MultitypeFuncGraph("update")

    @update.register("Number", "Tensor", "Tensor", "Bool")
    def _update(scale, w, g, flag):
        return ops.assign(w, w - g * scale) if flag else g

    class Some(nn.Optimizer):
        def construct(self, gradients):
            return self.hyper_map(ops.partial(update, 0.5), self.parameters, gradients, (True, False, True))

    p = parameters()
    before = [q.asnumpy() for q in p]
    result = Some(0.1, p)(tuple(ops.ones(q.shape) for q in p))
    assert isinstance(result, tuple)
    moved = [float((b - q.asnumpy()).ravel()[0]) for b, q in zip(before, p)]
    np.testing.assert_allclose(moved, [0.5, 0.0, 0.5], 1e-5)
    with pytest.raises(ValueError, match=r"For 'update', no function is registered for \(str, "):
        update("x", p[0], p[0], True)


def test_helpers_outside_a_step():
    p = parameters()
    optimizer = nn.Optimizer(0.1, p, 0.5, 8.0)
    g = tuple(ops.ones(q.shape) for q in p)
    decayed, scaled = optimizer.decay_weight(g), optimizer.scale_grad(g)
    np.testing.assert_allclose(decayed[0].asnumpy(), 1 + 4.0 * p[0].asnumpy(), 1e-5)
    assert decayed[1] is g[1] and scaled[2].asnumpy().tolist() == [0.125] * 3
    assert float(optimizer.get_weight_decay()) == 4.0 and optimizer.gradients_centralization(g) is g


@pytest.mark.parametrize("dampening", [0.0, 0.5])
def test_sgd_takes_the_first_gradient_as_it_is(mode, dampening):
    """v = g at the first step, also where ``accum`` holds something; ``stat`` is 0 from then on, until it is set to 1 again."""
    w, g = Parameter(Tensor(np.zeros((3, 2), np.float32)), name="w"), np.float32([[1, -2], [0.5, 0], [3, 4]])
    optimizer = nn.SGD([w], 0.1, momentum=0.9, dampening=dampening)
    optimizer.accum[0].set_data(Tensor(np.full((3, 2), 7, np.float32)))
    v = np.full((3, 2), 7.0)
    for step in range(4):
        if step == 2:
            optimizer.stat[0].set_data(ops.ones((3, 2)))
        optimizer((Tensor(g),))
        v = g if step in (0, 2) else 0.9 * v + (1 - dampening) * g
        np.testing.assert_allclose(optimizer.accum[0].asnumpy(), v, rtol=1e-6)
        np.testing.assert_array_equal(optimizer.stat[0].asnumpy(), np.zeros((3, 2)))
