"""Optimizers of recent papers against trajectories that independent implementations gave (tests/records/optimizers), and
what they have in common with all others: groups, schedules, rows, state, both modes."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.core.processor import multiplies_bfloat16

HERE = Path(__file__).parent / "records" / "optimizers"
spec = importlib.util.spec_from_file_location("optimizer_problem", HERE / "problem.py")
problem = importlib.util.module_from_spec(spec)
spec.loader.exec_module(problem)
RECORDED = json.loads((HERE / "trajectories.json").read_text())


def parameters():
    return [Parameter(Tensor(w), name=name) for name, w in problem.start().items()]


class Bowl(nn.Cell):
    """Its loss at the t-th call has the gradient that was recorded."""

    def __init__(self, weights):
        super().__init__(auto_prefix=False)
        self.weights = ms.ParameterTuple(weights)
        self.at = [(Tensor(problem.curvature[n]), Tensor(problem.target[n])) for n in problem.SHAPES]

    def construct(self, *noise):
        parts = [
            (c * (w - t) * (w - t)).sum() / 2 + (e * w).sum() for w, (c, t), e in zip(self.weights, self.at, noise)
        ]
        return sum(parts)


def noises(t):
    return [Tensor(problem.NOISE * problem.noise(t)[n]) for n in problem.SHAPES]


def cosine(max_lr, steps):
    return nn.CosineDecayLR(0.0, max_lr, steps)


CASES = {
    "AdaBelief": lambda p: nn.AdaBelief(p, 0.05, 0.8, 0.9, 1e-6),
    "AdEMAMix": lambda p: nn.AdEMAMix(p, 0.02, 0.8, 0.9, 0.99, 2.0, 1e-4, 0.1),
    "AdEMAMix warmup": lambda p: nn.AdEMAMix(p, 0.02, 0.8, 0.9, 0.99, 2.0, 1e-4, 0.1, 8),
    "ADOPT": lambda p: nn.ADOPT(p, 0.05, 0.8, 0.9, 1e-4),
    "MARS": lambda p: nn.MARS(p, 0.05, 0.8, 0.9, 0.1, 1e-4, 0.1, lr_1d_factor=0.4, beta1_1d=0.7, beta2_1d=0.85),
    "MARS lion": lambda p: nn.MARS(p, 0.05, 0.8, 0.9, 0.1, 1e-4, 0.1, "lion", True),
    "Prodigy": lambda p: nn.Prodigy(p, 0.9, 0.8, 0.9, eps=1e-6, weight_decay=0.1, d0=0.01, bias_correction=True),
    "Prodigy safeguard": lambda p: nn.Prodigy(
        p, 0.9, 0.8, 0.9, 0.97, 1e-6, d0=0.01, d_coef=1.5, bias_correction=True, safeguard_warmup=True
    ),
    "Prodigy plain": lambda p: nn.Prodigy(p, 0.9, 0.8, 0.9, eps=1e-6, d0=0.01),
    "DAdaptAdam": lambda p: nn.DAdaptAdam(p, 0.9, 0.8, 0.9, 1e-6, 0.1, 0.01, True),
    "DAdaptAdam plain": lambda p: nn.DAdaptAdam(p, 0.9, 0.8, 0.9, 1e-6, d0=0.01),
    "Tiger": lambda p: nn.Tiger(p, 0.05, 0.8, 0.1),
    "Shampoo": lambda p: nn.Shampoo(p, 0.3, eps=0.1, weight_decay=0.1),
    "SOAP": lambda p: nn.SOAP(p, 0.05, 0.8, 0.9, 0.7, 1e-4, 0.1, 3),
    "SophiaH": lambda p: nn.SophiaH(p, 0.3, 0.8, 0.9, gamma=1.0, clip=0.5, weight_decay=0.1, frequency=3),
    "SAM": lambda p: nn.SAM(nn.Momentum(p, 0.05, 0.8), 0.5),
    "ASAM": lambda p: nn.SAM(nn.Momentum(p, 0.05, 0.8), 0.5, adaptive=True),
    "Cautious AdamW": lambda p: nn.Cautious(nn.AdamW(p, 0.05, 0.8, 0.9, 1e-4, 0.1)),
    "Grokfast": lambda p: nn.Grokfast(nn.SGD(p, 0.05), 0.8, 1.5),
    "Lookahead": lambda p: nn.Lookahead(nn.Momentum(p, 0.05, 0.8), 3, 0.4),
    "ScheduleFreeSGD": lambda p: nn.ScheduleFreeSGD(p, 0.2, 0.7, 0.1),
    "ScheduleFreeSGD warmup": lambda p: nn.ScheduleFreeSGD(p, 0.2, 0.7, 0.1, 5),
    "ScheduleFree RMSProp": lambda p: nn.ScheduleFree(nn.AdamW(p, 0.05, 1e-12, 0.9, 1e-4, 0.0), 0.8),
    "AdaBelief scheduled": lambda p: nn.AdaBelief(p, cosine(0.1, 10), 0.8, 0.9, 1e-6),
}


def test_every_record_is_compared():
    assert set(CASES) == set(RECORDED["cases"])


@pytest.mark.parametrize("name", CASES)
def test_trajectory(name, mode):
    weights = parameters()
    step = nn.TrainOneStepCell(Bowl(weights), CASES[name](weights))
    seen = []
    for t in range(max(problem.SNAPSHOTS)):
        step(*noises(t))
        if t + 1 in problem.SNAPSHOTS:
            seen.append({w.name: w.asnumpy() for w in weights})
    for got, wanted, t in zip(seen, RECORDED["cases"][name]["weights"], problem.SNAPSHOTS):
        for n, w in wanted.items():
            np.testing.assert_allclose(got[n].ravel(), w, 2e-4, 2e-5, err_msg=f"{n} after {t} steps")


# ---------------------------------------------------------------- without a recorded implementation: written out
def test_refined_lion_is_lion_with_an_arc_tangent():
    w = Parameter(Tensor([0.5, -1.0, 2.0]), name="w")
    optimizer = nn.RefinedLion([w], 0.1, 3.0, 0.8, 0.9, 0.1)
    at, m = w.asnumpy().astype(np.float64), np.zeros(3)
    for t in range(4):
        g = np.random.default_rng(t).normal(size=3)
        optimizer((Tensor(g.astype(np.float32)),))
        at = at - 0.1 * (2 / np.pi * np.arctan(3.0 * (0.8 * m + 0.2 * g)) + 0.1 * at)
        m = 0.9 * m + 0.1 * g
    np.testing.assert_allclose(w.asnumpy(), at, 1e-5)


def test_adopt_decays_the_weights_from_the_second_step_on():
    w = Parameter(Tensor([2.0]), name="w")
    optimizer = nn.ADOPT([w], 0.1, 0.5, 0.9, weight_decay=0.5)
    at, m, v = 2.0, 0.0, 0.0
    for t, g in enumerate([1.0, -3.0, 0.5]):
        optimizer((Tensor([g]),))
        if t:
            m = 0.5 * m + 0.5 * np.clip(g / np.sqrt(v), -(t**0.25), t**0.25)
            at = at - 0.1 * (m + 0.5 * at)
        v = 0.9 * v + 0.1 * g * g if t else g * g
    np.testing.assert_allclose(w.asnumpy(), [at], 1e-5)


def test_sophia_g_renews_its_estimate_every_so_many_steps(mode):
    w = Parameter(Tensor([1.0, -2.0]), name="w")
    optimizer = nn.SophiaG([w], 0.1, lambda x: (w * w * x).sum(), 8, 0.5, 0.6, 0.05, weight_decay=0.1, frequency=2)

    class Loss(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = w

        def construct(self, x):
            return (self.w * x).sum()

    step = nn.TrainOneStepCell(Loss(), optimizer)
    at, m, h = np.array([1.0, -2.0]), 0.0, 0.0
    for t in range(4):
        x = np.array([0.5 + t, 1.0])
        step(Tensor(x.astype(np.float32)))
        if t % 2 == 0:
            h = 0.6 * h + 0.4 * (2 * at * x) ** 2
        m = 0.5 * m + 0.5 * x
        at = at * (1 - 0.1 * 0.1) - 0.1 * np.sign(m) * np.minimum(abs(m) / (0.05 * 8 * h + 1e-15), 1)
        np.testing.assert_allclose(w.asnumpy(), at, 1e-5, err_msg=f"step {t}")


def test_shampoo_keeps_its_roots_between_renewals():
    w = Parameter(Tensor(np.zeros((2, 3), np.float32)), name="w")
    optimizer = nn.Shampoo([w], 1.0, 0.5, 0.1, frequency=2, max_size=2)  # the axis of 3 is too long
    total, moved, at = 0.1 * np.eye(2), 0.0, np.zeros((2, 3))
    for t in range(4):
        g = np.random.default_rng(t).normal(size=(2, 3))
        optimizer((Tensor(g.astype(np.float32)),))
        total = total + g @ g.T
        if t % 2 == 0:
            values, vectors = np.linalg.eigh(total)
            root = vectors * values**-0.25 @ vectors.T
        moved = 0.5 * moved + root @ g
        at = at - moved
    np.testing.assert_allclose(w.asnumpy(), at, 1e-4, 1e-5)


# ---------------------------------------------------------------- what all have in common
NEW = {  # name: (parameters, rate) -> optimizer
    "AdaBelief": nn.AdaBelief, "AdEMAMix": nn.AdEMAMix, "ADOPT": nn.ADOPT, "MARS": nn.MARS, "Prodigy": nn.Prodigy,
    "DAdaptAdam": nn.DAdaptAdam, "Tiger": nn.Tiger, "RefinedLion": nn.RefinedLion, "Shampoo": nn.Shampoo, "SOAP": nn.SOAP,
    "ScheduleFreeSGD": nn.ScheduleFreeSGD, "SophiaH": nn.SophiaH,
    "SAM": lambda p, lr: nn.SAM(nn.SGD(p, lr)), "Cautious": lambda p, lr: nn.Cautious(nn.Lion(p, lr, weight_decay=0.1)),
    "Grokfast": lambda p, lr: nn.Grokfast(nn.SGD(p, lr)), "Lookahead": lambda p, lr: nn.Lookahead(nn.SGD(p, lr), 2),
    "ScheduleFree": lambda p, lr: nn.ScheduleFree(nn.SGD(p, lr)),
}  # fmt: skip


def trained(make, steps=4, between=lambda t, optimizer: optimizer):
    weights = parameters()
    optimizer = make(weights)
    for t in range(steps):
        optimizer = between(t, optimizer)
        nn.TrainOneStepCell(Bowl(weights), optimizer)(*noises(t))
    return [w.asnumpy() for w in weights]


@pytest.mark.parametrize("name", NEW)
def test_groups_and_schedules(name):
    """A group with a rate of 0 stays; a list of rates is one rate a step, the same as setting it."""
    make, rates = NEW[name], [0.1, 0.05, 0.2, 0.0]

    def grouped(p):
        return make([{"params": p[:1], "lr": 0.1}, {"params": p[1:], "lr": 0.0}, {"order_params": p}], 0.3)

    first, *others = trained(grouped)
    assert np.abs(first - problem.start()["a.weight"]).max() > 1e-6
    for got, (n, w) in zip(others, list(problem.start().items())[1:]):
        np.testing.assert_array_equal(got, w, err_msg=n)

    def changed(t, optimizer):
        optimizer.learning_rate = rates[t]
        return optimizer

    for got, wanted in zip(trained(lambda p: make(p, rates)), trained(lambda p: make(p, 1.0), between=changed)):
        np.testing.assert_allclose(got, wanted, 1e-6)


@pytest.mark.parametrize("name", NEW)
def test_state_goes_on_in_another_optimizer(name):
    make = NEW[name]

    def between(t, optimizer):
        if t != 2:
            return optimizer
        fresh = make(list(optimizer.parameters), 0.5)
        fresh.load_state_dict(optimizer.state_dict())
        return fresh

    ms.set_seed(1)
    whole = trained(lambda p: make(p, 0.1))
    ms.set_seed(1)
    for got, wanted in zip(trained(lambda p: make(p, 0.1), between=between), whole):
        np.testing.assert_allclose(got, wanted, 1e-6)


@pytest.mark.parametrize("name", ["AdaBelief", "Prodigy", "SOAP", "Cautious", "Lookahead"])
def test_gradients_of_lookups_are_taken_whole(name, graph_mode):
    """Rows of an embedding's gradient give what the dense gradient gives."""

    class Lookup(nn.Cell):
        def __init__(self, dense):
            super().__init__()
            self.table = Parameter(Tensor(np.arange(8, dtype=np.float32).reshape(4, 2)), name="table")
            self.dense = dense

        def construct(self, index):
            if self.dense:
                rows = ops.matmul(ops.one_hot(index, 4, Tensor(1.0), Tensor(0.0)), self.table)
            else:
                rows = ops.gather(self.table, index, 0)
            return (rows * rows).sum()

    found = []
    for dense in (False, True):
        net = Lookup(dense)
        step = nn.TrainOneStepCell(net, NEW[name](net.trainable_params(), 0.1))
        for _ in range(2):
            step(Tensor([1, 3, 1], ms.int32))
        found.append(net.table.asnumpy())
    np.testing.assert_allclose(*found, 1e-5)


# ---------------------------------------------------------------- optimizers that look at the loss
def normalised(optimizer_of):
    ms.set_seed(2)
    net = nn.SequentialCell(nn.Dense(3, 4), nn.BatchNorm1d(4, momentum=0.5), nn.Dense(4, 2))
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer_of(net.trainable_params()))
    step.set_train()
    rng = np.random.default_rng(5)
    step(Tensor(rng.normal(size=(6, 3)).astype(np.float32)), Tensor(rng.normal(size=(6, 2)).astype(np.float32)))
    return net


def test_statistics_follow_the_first_pass_of_sam(mode):
    plain, twice = normalised(lambda p: nn.SGD(p, 0.1)), normalised(lambda p: nn.SAM(nn.SGD(p, 0.1), 0.5))
    np.testing.assert_allclose(twice[1].moving_mean.asnumpy(), plain[1].moving_mean.asnumpy(), 1e-6)
    assert np.abs(twice[0].weight.asnumpy() - plain[0].weight.asnumpy()).max() > 1e-4


def test_sam_is_one_compiled_call(graph_mode):
    weights = parameters()
    step = nn.TrainOneStepCell(Bowl(weights), nn.SAM(nn.SGD(weights, 0.1)))
    before = ms.graph.compile_stats()
    for t in range(3):
        step(*noises(t))
    assert ms.graph.compile_stats()["executables"] - before["executables"] == 1


def test_gradients_alone_are_refused():
    weights = parameters()
    gradients = tuple(ops.zeros(w.shape) for w in weights)
    for optimizer in (nn.SAM(nn.SGD(weights, 0.1)), nn.SophiaH(weights), nn.Lookahead(nn.SAM(nn.SGD(weights, 0.1)))):
        with pytest.raises(RuntimeError, match=r"step\(closure\)"):
            optimizer(gradients)
    with pytest.raises(TypeError, match="TrainOneStepCell"):
        nn.TrainOneStepWithLossScaleCell(Bowl(weights), nn.SAM(nn.SGD(weights, 0.1)), Tensor(2.0))
    with pytest.raises(TypeError, match="sampled_loss"):
        nn.SophiaG(weights)


# ---------------------------------------------------------------- averages
@pytest.mark.parametrize("make", [nn.ScheduleFreeSGD, NEW["ScheduleFree"], NEW["Lookahead"]])
def test_average_goes_into_the_network_and_out_again(make):
    def there_and_back(t, optimizer):
        return optimizer.eval().eval().train().train() if t == 2 else optimizer

    for got, wanted in zip(trained(lambda p: make(p, 0.1), between=there_and_back), trained(lambda p: make(p, 0.1))):
        np.testing.assert_allclose(got, wanted, 1e-5, 1e-6)
    with pytest.raises(RuntimeError, match=r"call train\(\) first"):
        trained(lambda p: make(p, 0.1).eval(), 1)


# ---------------------------------------------------------------- Muon's groups
def test_muon_groups_give_tables_vectors_and_the_head_to_adamw():
    ms.set_seed(4)
    net = nn.SequentialCell(nn.Embedding(6, 4), nn.Dense(4, 4), nn.Dense(4, 2))
    optimizer = nn.Muon(nn.muon_groups(net, 0.02, 0.003, 0.1))
    names = [p.name for p in net.trainable_params()]
    assert [p.name for p in optimizer.parameters] == names
    rng = np.random.default_rng(6)
    g = [rng.normal(size=p.shape).astype(np.float32) for p in net.trainable_params()]
    before = {p.name: p.asnumpy().astype(np.float64) for p in net.trainable_params()}
    optimizer(tuple(map(Tensor, g)))
    for p, x in zip(net.trainable_params(), g):
        if p.name == "1.weight":
            left, values, right = np.linalg.svd(0.95 * 0.05 * x + 0.05 * x)
            values = values / np.linalg.norm(values)
            for _ in range(5):
                values = 3.4445 * values - 4.775 * values**3 + 2.0315 * values**5
            wanted = before[p.name] * (1 - 0.02 * 0.1) - 0.02 * left * values @ right
        else:
            wanted = before[p.name] * (1 - 0.003 * 0.1) - 0.003 * x / (np.abs(x) + 1e-8)
        np.testing.assert_allclose(p.asnumpy(), wanted, 1e-4, 1e-5, err_msg=p.name)
    assert [p.shape for p in optimizer.adam_v] == [(6, 4), (1,), (4,), (2, 4), (2,)]
    added = Parameter(Tensor(np.ones((2, 2), np.float32)), name="added")
    optimizer.add_param_group({"params": [added], "adamw": True, "lr": 0.5})
    optimizer((*map(Tensor, g), Tensor([[1.0, 2.0], [3.0, 4.0]])))
    assert optimizer.adam_v[-1].shape == (2, 2) and optimizer.by_adamw[-1]


@pytest.mark.parametrize("shape", [(3, 9), (9, 3), (4, 2, 5)])
def test_muon_of_long_matrices_is_that_of_their_singular_values(shape, mode):
    """Their iteration works on small square matrices."""
    w = Parameter(Tensor(np.zeros(shape, np.float32)), name="w")
    optimizer = nn.Muon([w], 1.0, 0.0, nesterov=False)
    g = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    optimizer((Tensor(g),))
    left, values, right = np.linalg.svd(g.reshape(shape[0], -1).astype(np.float64), full_matrices=False)
    values = values / np.linalg.norm(values)
    for _ in range(5):
        values = 3.4445 * values - 4.775 * values**3 + 2.0315 * values**5
    rows, columns = shape[0], int(np.prod(shape[1:]))
    wanted = -(left * values @ right) * max(1.0, rows / columns) ** 0.5
    np.testing.assert_allclose(w.asnumpy().reshape(rows, -1), wanted, 1e-3, 1e-4)


@pytest.mark.parametrize("shape", [(256, 320), (700, 256)])
@pytest.mark.parametrize("ns_dtype", [None, ms.bfloat16, ms.float32])
def test_muon_of_large_matrices_in_bfloat16(shape, ns_dtype):
    """Products of large matrices are rounded to two digits, where the processor gains by it or it is asked for."""
    g = np.random.default_rng(1).normal(size=shape)
    left, values, right = np.linalg.svd(g, full_matrices=False)
    values = values / np.linalg.norm(values)
    for _ in range(5):
        values = 3.4445 * values - 4.775 * values**3 + 2.0315 * values**5
    optimizer = nn.Muon([Parameter(Tensor(np.zeros(shape, np.float32)), name="w")], ns_dtype=ns_dtype)
    found = optimizer.orthogonal(Tensor(g.astype(np.float32)))
    assert found.dtype is ms.float32
    wanted = left * values @ right
    error = np.linalg.norm(found.asnumpy() - wanted) / np.linalg.norm(wanted)
    rounded = ns_dtype is ms.bfloat16 or (ns_dtype is None and multiplies_bfloat16())
    assert 1e-3 < error < 2e-2 if rounded else error < 1e-5


def test_the_race_has_every_optimizer():
    """But those that need a closure of their own, a network, or another optimizer of which they have no say."""
    text = (Path(__file__).parent.parent / "benchmarks" / "race.py").read_text()
    left_out = {
        "AdamOffload", "AdamWeightDecay", "ExponentialMovingAverage", "GradientAccumulation", "GradientClipping", "LARS",
        "LBFGS", "LazyAdam", "Optimizer", "ScheduleFree", "Scheduled", "SophiaG", "StochasticWeightAverage", "UpdateStatistics",
        "thor",
    }  # fmt: skip
    optimizers = {
        name for name in nn.optim.__all__ if isinstance(getattr(nn, name), type) and issubclass(getattr(nn, name), nn.Optimizer)
    }  # fmt: skip
    assert {name for name in optimizers if f"nn.{name}(" not in text} == left_out & optimizers
