"""AdamW, NAdam, RAdam, Lion, Adan, Muon, Schedule-Free and L-BFGS, and the optimizers around others: formulas written
out in float64, torch and optax where they are installed."""

import math

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops

SHAPES = {"a.weight": (4, 6), "b.weight": (6, 4), "bias": (5,)}
STEPS = 8


def parameters(shapes=SHAPES):
    rng = np.random.default_rng(0)
    return [Parameter(Tensor(rng.normal(size=s).astype(np.float32)), name=name) for name, s in shapes.items()]


def gradients(like, steps=STEPS):
    rng = np.random.default_rng(1)
    return [[rng.normal(size=p.shape).astype(np.float32) for p in like] for _ in range(steps)]


def run(make, shapes=SHAPES, then=lambda optimizer: None):
    params = parameters(shapes)
    optimizer = make(params)
    for step in gradients(params):
        optimizer(tuple(map(Tensor, step)))
    then(optimizer)
    return [p.asnumpy() for p in params]


def expected(formula, shapes=SHAPES):
    weights = [p.asnumpy().astype(np.float64) for p in parameters(shapes)]
    states: list[dict] = [{} for _ in weights]
    for t, step in enumerate(gradients(parameters(shapes)), 1):
        weights = [formula(w, g.astype(np.float64), s, t) for w, g, s in zip(weights, step, states)]
    return weights, states


def same(got, wanted, rtol=2e-4, atol=2e-5):
    for a, b in zip(got, wanted):
        np.testing.assert_allclose(a, b, rtol, atol)


def keep(s, name, start, value):
    s[name] = value(s.get(name, start))
    return s[name]


# ---------------------------------------------------------------- formulas
def moments(s, g, b1, b2):
    return keep(s, "m", 0.0, lambda m: b1 * m + (1 - b1) * g), keep(s, "v", 0.0, lambda v: b2 * v + (1 - b2) * g * g)


def adamw(lr=0.05, b1=0.8, b2=0.9, eps=1e-3, wd=0.1):
    def formula(w, g, s, t):
        m, v = moments(s, g, b1, b2)
        return w * (1 - lr * wd) - lr * m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps)

    return formula


def nadam(lr=0.05, b1=0.8, b2=0.9, eps=1e-3, fading=0.1):
    def formula(w, g, s, t):
        m, v = moments(s, g, b1, b2)
        mu, after = (b1 * (1 - 0.5 * 0.96 ** (k * fading)) for k in (t, t + 1))
        product = keep(s, "M", 1.0, lambda x: x * mu)
        step = (1 - mu) / (1 - product) * g + after / (1 - product * after) * m
        return w - lr * step / (np.sqrt(v / (1 - b2**t)) + eps)

    return formula


def radam(lr=0.05, b1=0.8, b2=0.9, eps=1e-3):
    def formula(w, g, s, t):
        m, v = moments(s, g, b1, b2)
        rho = 2 / (1 - b2) - 1
        now = rho - 2 * t * b2**t / (1 - b2**t)
        m = m / (1 - b1**t)
        if now <= 5:
            return w - lr * m
        r = math.sqrt((now - 4) * (now - 2) * rho / ((rho - 4) * (rho - 2) * now))
        return w - lr * m * r * math.sqrt(1 - b2**t) / (np.sqrt(v) + eps)

    return formula


def lion(lr=0.05, b1=0.8, b2=0.9, wd=0.1):
    def formula(w, g, s, t):
        m = s.get("m", 0.0)
        s["m"] = b2 * m + (1 - b2) * g
        return w - lr * (np.sign(b1 * m + (1 - b1) * g) + wd * w)

    return formula


def adan(lr=0.05, b1=0.9, b2=0.8, b3=0.95, eps=1e-3, wd=0.1):
    def formula(w, g, s, t):
        e = g - s.get("before", g)
        s["before"] = g
        m = keep(s, "m", 0.0, lambda m: b1 * m + (1 - b1) * g) / (1 - b1**t)
        d = keep(s, "d", 0.0, lambda d: b2 * d + (1 - b2) * e) / (1 - b2**t)
        n = keep(s, "n", 0.0, lambda n: b3 * n + (1 - b3) * (g + b2 * e) ** 2) / (1 - b3**t)
        return (w - lr * (m + b2 * d) / (np.sqrt(n) + eps)) / (1 + lr * wd)

    return formula


def muon(lr=0.05, mu=0.9, wd=0.1, match=False, nesterov=True):
    def spectrum(x):  # five steps of the iteration on one singular value
        for _ in range(5):
            x = 3.4445 * x - 4.775 * x**3 + 2.0315 * x**5
        return x

    def formula(w, g, s, t):
        if w.ndim < 2:
            return adamw(lr, 0.9, 0.999, 1e-8, wd)(w, g, s, t)
        v = keep(s, "v", 0.0, lambda v: mu * v + (1 - mu) * g)
        left, values, right = np.linalg.svd(mu * v + (1 - mu) * g if nesterov else v, full_matrices=False)
        step = left * spectrum(values / np.linalg.norm(values)) @ right
        rows, columns = w.shape
        scale = 0.2 * math.sqrt(max(rows, columns)) if match else math.sqrt(max(1, rows / columns))
        return w * (1 - lr * wd) - lr * scale * step

    return formula


def schedule_free(lr=0.05, b1=0.8, b2=0.9, eps=1e-3, wd=0.1, warmup=3):
    """As in the paper, with x kept; the weights are y."""

    def formula(y, g, s, t):
        z, x = s.get("z", y), s.get("x", y)
        v = keep(s, "v", 0.0, lambda v: b2 * v + (1 - b2) * g * g)
        rate = lr * min(t / warmup, 1)
        total = keep(s, "total", 0.0, lambda total: total + rate**2)
        s["z"] = z - rate * (g / (np.sqrt(v / (1 - b2**t)) + eps) + wd * y)
        s["x"] = x + (s["z"] - x) * rate**2 / total
        return (1 - b1) * s["z"] + b1 * s["x"]

    return formula


FORMULAS = {
    "AdamW": (lambda p: nn.AdamW(p, 0.05, 0.8, 0.9, 1e-3, 0.1), adamw()),
    "NAdam": (lambda p: nn.NAdam(p, 0.05, 0.8, 0.9, 1e-3, 0.1), nadam()),
    "RAdam": (lambda p: nn.RAdam(p, 0.05, 0.8, 0.9, 1e-3), radam()),
    "Lion": (lambda p: nn.Lion(p, 0.05, 0.8, 0.9, 0.1), lion()),
    "Adan": (lambda p: nn.Adan(p, 0.05, 0.9, 0.8, 0.95, 1e-3, 0.1), adan()),
    "Muon": (lambda p: nn.Muon(p, 0.05, 0.9, 0.1), muon()),
    "Muon as Adam": (lambda p: nn.Muon(p, 0.05, 0.9, 0.1, False, match_adam=True), muon(match=True, nesterov=False)),
    "ScheduleFreeAdamW": (lambda p: nn.ScheduleFreeAdamW(p, 0.05, 0.8, 0.9, 1e-3, 0.1, 3), schedule_free()),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_formula(name, mode):
    make, formula = FORMULAS[name]
    same(run(make), expected(formula)[0])


@pytest.mark.parametrize("name", ["AdamW", "NAdam", "RAdam", "Muon"])
def test_as_torch(name):
    torch = pytest.importorskip("torch")
    shapes = {k: s for k, s in SHAPES.items() if name != "Muon" or len(s) == 2}
    decay = {"weight_decay": 0.1} if name in ("AdamW", "Muon") else {}
    if not hasattr(torch.optim, name):
        pytest.skip("this torch has no such optimizer")
    weights = [torch.nn.Parameter(torch.tensor(p.asnumpy())) for p in parameters(shapes)]
    optimizer = getattr(torch.optim, name)(weights, 0.05, **decay)
    for step in gradients(parameters(shapes)):
        for w, g in zip(weights, step):
            w.grad = torch.tensor(g)
        optimizer.step()
    wanted = [w.detach().numpy() for w in weights]
    same(run(lambda p: getattr(nn, name)(p, 0.05, **decay), shapes), wanted, atol=1e-2 if name == "Muon" else 1e-5)


def test_as_optax():
    optax = pytest.importorskip("optax")
    import jax.numpy as jnp

    for make, transformation in (
        (lambda p: nn.Lion(p, 0.05, weight_decay=0.1), optax.lion(0.05, weight_decay=0.1)),
        (lambda p: nn.ScheduleFreeAdamW(p, 0.05), optax.contrib.schedule_free_adamw(0.05)),
    ):
        weights = [jnp.array(p.asnumpy()) for p in parameters()]
        state = transformation.init(weights)
        for step in gradients(parameters()):
            updates, state = transformation.update([jnp.array(g) for g in step], state, weights)
            weights = optax.apply_updates(weights, updates)
        same(run(make), [np.array(w) for w in weights], atol=1e-5)


def test_weight_decay_is_not_scaled_with_the_loss(mode):
    plain = run(lambda p: nn.AdamW(p, 0.05, weight_decay=0.5))

    def scaled(p):
        optimizer = nn.AdamW(p, 0.05, weight_decay=0.5, loss_scale=8.0)
        return lambda g: optimizer(tuple(x * 8.0 for x in g))

    same(run(scaled), plain, atol=1e-6)


def test_schedule_free_is_evaluated_at_the_average(mode):
    _, states = expected(schedule_free())

    def make(p):
        return nn.ScheduleFreeAdamW(p, 0.05, 0.8, 0.9, 1e-3, 0.1, 3)

    trained = run(make)
    same(run(make, then=lambda o: o.eval().eval()), [s["x"] for s in states])
    same(run(make, then=lambda o: o.eval().train().train()), trained, atol=1e-6)
    with pytest.raises(RuntimeError, match=r"call train\(\) first"):
        run(make, then=lambda o: o.eval()(tuple(ops.ones(p.shape) for p in o.parameters)))


# ---------------------------------------------------------------- L-BFGS
def quadratic():
    rng = np.random.default_rng(3)
    a = rng.normal(size=(6, 6))
    return (a @ a.T + np.eye(6)).astype(np.float32), rng.normal(size=6).astype(np.float32)


def test_lbfgs_steps_are_those_of_the_two_loop_recursion(mode):
    matrix, start = quadratic()
    x = Parameter(Tensor(start), name="x")
    optimizer = nn.LBFGS([x], 0.5, history_size=3)
    w, pairs, before = start.astype(np.float64), [], None
    for t in range(8):
        g = matrix @ w
        optimizer((Tensor(matrix @ x.asnumpy()),))
        if before is not None:
            s, y = w - before[0], g - before[1]
            pairs = [*pairs, (s, y)][-3:]
        h = np.eye(6)  # BFGS from the kept pairs, as matrices
        if pairs:
            s, y = pairs[-1]
            h *= (s @ y) / (y @ y)
        for s, y in pairs:
            v = np.eye(6) - np.outer(y, s) / (s @ y)
            h = v.T @ h @ v + np.outer(s, s) / (s @ y)
        before = (w, g)
        w = w - h @ g * 0.5 * (min(1.0, 1 / np.abs(g).sum()) if t == 0 else 1.0)
        np.testing.assert_allclose(x.asnumpy(), w, 1e-3, 1e-4)


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


@pytest.mark.parametrize("search", [None, "strong_wolfe"])
def test_lbfgs_follows_torch(search, mode):
    """In float64: in float32 rounding parts the two after some ten evaluations."""
    torch = pytest.importorskip("torch")
    lr = 1.0 if search else 0.125
    a, b = (Parameter(Tensor([x], ms.float64), name=n) for x, n in ((-1.2, "a"), (1.0, "b")))
    optimizer = nn.LBFGS([a, b], lr, max_iter=4, history_size=5, line_search_fn=search)
    closure = ms.value_and_grad(lambda: rosenbrock(a, b).sum(), None, optimizer.parameters)
    w = torch.nn.Parameter(torch.tensor([-1.2, 1.0], dtype=torch.float64))
    other = torch.optim.LBFGS([w], lr, max_iter=4, history_size=5, line_search_fn=search)

    def torch_closure():
        other.zero_grad()
        loss = rosenbrock(w[0], w[1])
        loss.backward()
        return loss

    for _ in range(6):
        np.testing.assert_allclose(float(optimizer.step(closure)), other.step(torch_closure).item(), 1e-7)
        np.testing.assert_allclose(
            [a.asnumpy()[0], b.asnumpy()[0]], w.detach().numpy(), 1e-7, err_msg="weights after a step"
        )


def test_lbfgs_finds_the_minimum(mode):
    w = Parameter(Tensor([-1.2, 1.0]), name="w")
    optimizer = nn.LBFGS([w], 1.0, max_iter=100, max_eval=200, line_search_fn="strong_wolfe", tolerance_change=0.0)
    optimizer.step(ms.value_and_grad(lambda: rosenbrock(w[0], w[1]), None, optimizer.parameters))
    np.testing.assert_allclose(w.asnumpy(), [1.0, 1.0], 1e-3)


# ---------------------------------------------------------------- around another optimizer
def net_and_step(wrap, **more):
    ms.set_seed(3)
    net = nn.Dense(3, 2)
    optimizer = wrap(nn.Momentum(net.trainable_params(), 0.1, 0.9, **more))
    cell = nn.WithLossCell(net, nn.MSELoss())
    return net, optimizer, nn.TrainOneStepCell(cell, optimizer)


def batches(n):
    rng = np.random.default_rng(5)
    return [(rng.normal(size=(4, 3)).astype(np.float32), rng.normal(size=(4, 2)).astype(np.float32)) for _ in range(n)]


def test_clipping_is_part_of_the_step(mode):
    net, _, step = net_and_step(lambda o: nn.GradientClipping(o, max_norm=0.01))
    plain, _, _ = net_and_step(lambda o: o)
    (x, y), weight = batches(1)[0], plain.weight.asnumpy().astype(np.float64)
    error = 2 * (x @ weight.T + plain.bias.asnumpy() - y) / y.size
    g_w, g_b = error.T @ x, error.sum(0)
    norm = math.sqrt((g_w**2).sum() + (g_b**2).sum())
    assert norm > 0.01
    step(Tensor(x), Tensor(y))
    np.testing.assert_allclose(net.weight.asnumpy(), weight - 0.1 * g_w * 0.01 / norm, 1e-4, 1e-6)
    small = nn.GradientClipping(nn.SGD([Parameter(Tensor([0.0, 0.0]), name="w")], 1.0), max_value=0.5)
    small((Tensor([3.0, -0.25]),))
    assert small.parameters[0].asnumpy().tolist() == [-0.5, 0.25]


def test_accumulated_gradients_make_the_step_of_the_large_batch(mode):
    net, optimizer, step = net_and_step(lambda o: nn.GradientAccumulation(o, 2))
    whole, _, large = net_and_step(lambda o: o)
    data = batches(4)
    before = net.weight.asnumpy()
    for k, (x, y) in enumerate(data):
        step(Tensor(x), Tensor(y))
        if k == 0:
            np.testing.assert_array_equal(net.weight.asnumpy(), before)
    for k in (0, 2):
        large(*(Tensor(np.concatenate([data[k][i], data[k + 1][i]])) for i in (0, 1)))
    np.testing.assert_allclose(net.weight.asnumpy(), whole.weight.asnumpy(), 1e-5, 1e-6)
    assert optimizer.global_step.asnumpy().tolist() == [2]


def test_average_of_weights(mode):
    net, optimizer, step = net_and_step(lambda o: nn.ExponentialMovingAverage(o, 0.75))
    average = net.weight.asnumpy().astype(np.float64)
    for x, y in batches(3):
        step(Tensor(x), Tensor(y))
        average = 0.75 * average + 0.25 * net.weight.asnumpy()
    trained = net.weight.asnumpy()
    optimizer.eval()
    np.testing.assert_allclose(net.weight.asnumpy(), average, 1e-5)
    optimizer.train()
    np.testing.assert_array_equal(net.weight.asnumpy(), trained)
    assert "ema.weight" in [p.name for p in optimizer.get_parameters()]


def test_all_around_one_optimizer_and_overflow(mode):
    """Nested, with the loss scaled: the step that overflows leaves everything as it was."""
    ms.set_seed(3)
    net = nn.Dense(3, 2)
    inside = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    optimizer = nn.ExponentialMovingAverage(nn.GradientAccumulation(nn.GradientClipping(inside, 1.0), 2), 0.5)
    step = nn.TrainOneStepWithLossScaleCell(
        nn.WithLossCell(net, nn.MSELoss()), optimizer, nn.FixedLossScaleUpdateCell(1024.0)
    )
    x, y = batches(1)[0]
    step(Tensor(x), Tensor(y))
    before = {p.name: p.asnumpy() for p in optimizer.get_parameters()}
    _, overflow, _ = step(Tensor(x * np.float32(1e38)), Tensor(y))
    assert bool(overflow)
    for p in optimizer.get_parameters():
        np.testing.assert_array_equal(p.asnumpy(), before[p.name], err_msg=p.name)
    step(Tensor(x), Tensor(y))
    assert inside.global_step.asnumpy().tolist() == [1]
    optimizer.learning_rate = 0.5
    assert float(inside.learning_rate) == 0.5 and float(optimizer.get_lr()) == 0.5
    with pytest.raises(NotImplementedError):
        optimizer.add_param_group({"params": [Parameter(Tensor([1.0]), name="more")]})
    with pytest.raises(TypeError):
        nn.GradientClipping(net, 1.0)
