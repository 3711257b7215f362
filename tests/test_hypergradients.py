"""Gradients through training steps with respect to the numbers of the training: exact ones, and finite differences of the
same training written out in float64."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, autodiff, nn, ops

CURVES, START = np.array([0.5, 1.5]), np.array([1.0, -2.0])


class Training:
    """Steps on ``sum(c w^2) / 2``; ``run`` returns the loss after them."""

    def __init__(self, make, steps):
        self.w = Parameter(Tensor(START.astype(np.float32)), name="w")
        self.optimizer, self.steps = make([self.w]), steps
        self.gradient = ms.value_and_grad(self.loss, None, self.optimizer.parameters)

    def loss(self):
        return (Tensor(CURVES.astype(np.float32)) * self.w * self.w).sum() / 2

    def run(self):
        for _ in range(self.steps):
            self.optimizer(self.gradient()[1])
        return self.loss()


# the training in float64, by numbers; what they are in minispore
def sgd(lr):
    w = START.copy()
    for _ in range(4):
        w = w - lr * CURVES * w
    return (CURVES * w * w).sum() / 2


def momentum(lr, mu, decay):
    w, v = START.copy(), 0.0
    for _ in range(4):
        v = mu * v + CURVES * w + decay * w
        w = w - lr * v
    return (CURVES * w * w).sum() / 2


def adamw(lr, b1, b2, decay):
    w, m, v = START.copy(), 0.0, 0.0
    for t in range(1, 5):
        g = CURVES * w
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        w = w * (1 - lr * decay) - lr * m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + 1e-8)
    return (CURVES * w * w).sum() / 2


def trapezoid(peak, end):
    w = START.copy()
    for rate in (0.0, peak, peak, peak + (end - peak) / 2):
        w = w - rate * CURVES * w
    return (CURVES * w * w).sum() / 2


def two_rates(first, second):
    w = START.copy()
    for _ in range(4):
        w = w - np.array([first, second]) * CURVES * w
    return (CURVES * w * w).sum() / 2


def as_parameters(optimizer, **numbers):
    for name, value in numbers.items():
        setattr(optimizer, name, Parameter(Tensor(value), name=name))
    return [getattr(optimizer, name) for name in numbers]


PEAK, END = (Parameter(Tensor(x), name=n) for x, n in ((0.3, "peak"), (0.1, "end")))
CASES = {
    "SGD": (lambda p: nn.SGD(p, 0.2), lambda o: [o.learning_rate], sgd, (0.2,)),
    "Momentum": (
        lambda p: nn.Momentum(p, 0.2, 0.6, weight_decay=0.1),
        lambda o: [o.learning_rate, o.momentum, *as_parameters(o, weight_decay=0.1)], momentum, (0.2, 0.6, 0.1)),
    "AdamW": (
        lambda p: nn.AdamW(p, 0.1, 0.8, 0.9, weight_decay=0.2),
        lambda o: [o.learning_rate, *as_parameters(o, beta1=0.8, beta2=0.9, weight_decay=0.2)], adamw, (0.1, 0.8, 0.9, 0.2)),
    "a schedule's numbers": (
        lambda p: nn.SGD(p, nn.TrapezoidSchedule(PEAK, 4, 1, 2, END)), lambda o: [PEAK, END], trapezoid, (0.3, 0.1)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_against_finite_differences(name, mode):
    make, numbers_of, formula, numbers = CASES[name]
    training = Training(make, 4)
    wanted = []
    for k in range(len(numbers)):
        ends = [formula(*(x + sign * 1e-6 * (i == k) for i, x in enumerate(numbers))) for sign in (1, -1)]
        wanted.append((ends[0] - ends[1]) / 2e-6)
    value, found = ms.value_and_grad(training.run, None, numbers_of(training.optimizer), through_updates=True)()
    np.testing.assert_allclose(float(value), formula(*numbers), 1e-5)
    np.testing.assert_allclose([float(g) for g in found], wanted, 1e-4)


# ---------------------------------------------------------------- of every optimizer, against its own finite differences
OTHERS = {  # how it is made; the numbers, each with where its gradient is taken
    "SGD": (lambda p: nn.SGD(p, 0.1), {"learning_rate": 0.1, "momentum": 0.0, "weight_decay": 0.0}),
    "Adam": (lambda p: nn.Adam(p, 0.1, 0.8, 0.9), {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.9, "weight_decay": 0.05}),
    "NAdam": (lambda p: nn.NAdam(p, 0.1, 0.8, 0.9), {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.9}),
    "RAdam": (lambda p: nn.RAdam(p, 0.1, 0.8, 0.999), {"learning_rate": 0.1, "beta1": 0.8}),
    "AdaMax": (lambda p: nn.AdaMax(p, 0.1, 0.8, 0.9), {"learning_rate": 0.1, "beta1": 0.8}),
    "Adan": (lambda p: nn.Adan(p, 0.05, 0.8, 0.8, 0.9), {"learning_rate": 0.05, "beta2": 0.8, "weight_decay": 0.3}),
    "AdEMAMix": (lambda p: nn.AdEMAMix(p, 0.1, 0.8, 0.9), {"learning_rate": 0.1, "alpha": 5.0}),
    "ScheduleFreeAdamW": (lambda p: nn.ScheduleFreeAdamW(p, 0.1, 0.8, 0.9), {"learning_rate": 0.1, "beta1": 0.8}),
    "Prodigy": (lambda p: nn.Prodigy(p, 1.0, 0.8, 0.9, d0=0.05), {"learning_rate": 1.0, "beta2": 0.9}),
    "Muon": (lambda p: nn.Muon(p, 0.05), {"learning_rate": 0.05, "momentum": 0.95, "weight_decay": 0.3}),
    "Shampoo": (lambda p: nn.Shampoo(p, 0.05, eps=0.1), {"learning_rate": 0.05}),
    "RMSProp": (lambda p: nn.RMSProp(p, 0.05, momentum=0.5), {"learning_rate": 0.05, "momentum": 0.5}),
    "FTRL": (lambda p: nn.FTRL(p, learning_rate=0.1), {"learning_rate": 0.1}),
    "Lamb": (lambda p: nn.Lamb(p, 0.05, 0.8, 0.9), {"learning_rate": 0.05, "beta1": 0.8, "weight_decay": 0.1}),
    "AdaFactor": (lambda p: nn.AdaFactor(p, 0.05, beta1=0.8, weight_decay=0.1, relative_step=False),
                  {"learning_rate": 0.05, "beta1": 0.8, "weight_decay": 0.1}),
    "Cautious": (lambda p: nn.Cautious(nn.AdamW(p, 0.1, 0.8, 0.9)), {"learning_rate": 0.1}),
    "ExponentialMovingAverage": (lambda p: nn.ExponentialMovingAverage(nn.Momentum(p, 0.1, 0.9)), {"momentum": 0.9}),
}  # fmt: skip


@pytest.fixture
def op_by_op():
    ms.set_context(mode=ms.PYNATIVE_MODE, pynative_compile=False)
    yield
    ms.set_context(pynative_compile=True)


@pytest.mark.parametrize("name", OTHERS)
def test_numbers_of_every_optimizer(name, op_by_op):
    """Weights in float64; numbers are float32, so the steps of the differences are not small."""
    make, numbers = OTHERS[name]

    def trained(**changed):
        training = Training(make, 3)
        curves = Tensor(np.stack([CURVES, CURVES[::-1]]))
        training.w = w = Parameter(Tensor(np.stack([START, [0.7, 1.1]])), name="w")
        training.optimizer = make([w])
        training.loss = lambda: (curves * w**4).sum() / 4 + (curves * w * w).sum() / 2
        training.gradient = ms.value_and_grad(training.loss, None, training.optimizer.parameters)
        made = []
        for number, value in {**numbers, **changed}.items():
            setattr(training.optimizer, number, Parameter(Tensor(value, ms.float32), name=number))
            made.append(getattr(training.optimizer, number))
        return training, made

    training, made = trained()
    _, found = ms.value_and_grad(training.run, None, [*made, training.w], through_updates=True)()
    for gradient, (number, value) in zip(found, numbers.items()):
        ends = [np.float32(value + sign * 1e-3 * max(value, 0.1)) for sign in (1, -1)]
        losses = [float(trained(**{number: float(end)})[0].run()) for end in ends]
        assert losses[0] != losses[1]
        np.testing.assert_allclose(
            float(gradient), (losses[0] - losses[1]) / float(ends[0] - ends[1]), 5e-3, err_msg=f"by {number}"
        )
    losses = []
    for sign in (1, -1):
        training, _ = trained()
        training.w.set_data(training.w + Tensor([[sign * 1e-5, 0.0], [0.0, 0.0]], ms.float64))
        losses.append(float(training.run()))
    np.testing.assert_allclose(found[-1].asnumpy()[0, 0], (losses[0] - losses[1]) / 2e-5, 1e-3, 1e-6)


def test_rates_of_each_group(mode):
    a, b = Parameter(Tensor([1.0]), name="a"), Parameter(Tensor([-2.0]), name="b")
    optimizer = nn.SGD([{"params": [a], "lr": 0.2}, {"params": [b], "lr": 0.3}], 0.1)

    def loss():
        return (0.5 * a * a + 1.5 * b * b).sum() / 2

    gradient = ms.value_and_grad(loss, None, optimizer.parameters)

    def run():
        for _ in range(4):
            optimizer(gradient()[1])
        return loss()

    _, found = ms.value_and_grad(run, None, optimizer.learning_rate, through_updates=True)()
    wanted = [(two_rates(0.2 + d, 0.3 + e) - two_rates(0.2 - d, 0.3 - e)) / 2e-6 for d, e in ((1e-6, 0.0), (0.0, 1e-6))]
    np.testing.assert_allclose([float(g) for g in found], wanted, 1e-4)


@pytest.mark.parametrize("scale", [1.0, 4.0])
def test_a_decay_of_groups(scale):
    """One step without a gradient: w is w (1 - lr decay)."""
    ms.set_context(mode=ms.PYNATIVE_MODE)
    a, b, c = (Parameter(Tensor([x]), name=n) for x, n in ((1.0, "a"), (2.0, "b"), (4.0, "c")))
    groups = [{"params": [a]}, {"params": [b]}, {"params": [c]}]
    optimizer = nn.SGD(groups, 0.5, weight_decay=0.1, loss_scale=scale)
    optimizer.weight_decay = common = Parameter(Tensor(0.2), name="common")
    optimizer.param_groups[2]["weight_decay"] = own = Parameter(Tensor(0.4), name="own")

    def run():
        optimizer((Tensor([0.0]),) * 3)
        return (a + b + c).sum()

    value, found = ms.value_and_grad(run, None, [common, own], through_updates=True)()
    np.testing.assert_allclose([float(value), *map(float, found)], [3 * 0.9 + 4 * 0.8, -1.5, -2.0], 1e-5)
    optimizer.weight_decay = 0.0
    np.testing.assert_allclose(float(run()), float(value), 1e-6)
    with pytest.raises(ValueError, match="no axes"):
        optimizer.param_groups[0]["weight_decay"] = Parameter(Tensor([0.1]), name="d")


def test_initial_weights_and_weights_of_losses(mode):
    """After n steps w is (1 - lr s c)^n of what it was, with s the weight of the loss."""
    w, s = Parameter(Tensor(START.astype(np.float32)), name="w"), Parameter(Tensor(0.7), name="s")
    optimizer, c = nn.SGD([w], 0.2), Tensor(CURVES.astype(np.float32))
    gradient = ms.value_and_grad(lambda: s * (c * w * w).sum() / 2, None, optimizer.parameters)

    def run():
        for _ in range(3):
            optimizer(gradient()[1])
        return (w * w).sum() / 2

    _, (by_start, by_weight) = ms.value_and_grad(run, None, [w, s], through_updates=True)()
    shrunk = 1 - 0.2 * 0.7 * CURVES
    np.testing.assert_allclose(by_start.asnumpy(), shrunk**6 * START, 1e-5)
    np.testing.assert_allclose(float(by_weight), (3 * shrunk**5 * -0.2 * CURVES * START**2).sum(), 1e-5)


@pytest.mark.parametrize("way", ["loop", "pieces"])
def test_a_thousand_steps(way, mode):
    training = Training(lambda p: nn.SGD(p, 0.002), 25)

    def turn(k, carry):
        if way == "pieces":
            return ms.recompute(piece, carry)
        training.optimizer(training.gradient()[1])
        return carry

    def piece(carry):
        training.run()
        return carry + 0.0

    def run():
        ops.fori_loop(0, 1000 if way == "loop" else 40, turn, Tensor(0.0))
        return training.loss()

    if mode == "pynative" and way == "loop":
        pytest.skip("the same walk as in pieces, for longer")
    _, (found,) = ms.value_and_grad(run, None, [training.optimizer.learning_rate], through_updates=True)()
    shrunk = 1 - 0.002 * CURVES
    np.testing.assert_allclose(float(found), -(1000 * shrunk**1999 * CURVES**2 * START**2).sum(), 1e-3)


def test_pieces_keep_the_state_at_their_begin_alone(graph_mode):
    """What the loop of the gradient reads of the loop of the training: rows of stacks."""
    training = Training(lambda p: nn.Momentum(p, 0.01, 0.9), 8)

    def step(carry):
        training.optimizer(training.gradient()[1])
        return carry + 0.0

    def piece(carry):
        training.run()
        return carry + 0.0

    def stacked(turn, turns):
        def run():
            ops.fori_loop(0, turns, lambda k, carry: turn(carry), Tensor(0.0))
            return training.loss()

        f = ms.value_and_grad(run, None, [training.optimizer.learning_rate], through_updates=True)
        loops = [n.node for n in ms.inspect.graph(f).nodes if n.op == "loop"]
        return sum(v.size for node in loops for v in node.inputs if v.shape[:1] == (turns,))

    whole, pieces = stacked(step, 64), stacked(lambda carry: ms.recompute(piece, carry), 8)
    assert 64 * 2 <= whole and pieces < whole / 2


def test_a_step_inside_a_recording_looks_at_its_own_nodes_alone(monkeypatch):
    """Of a long unrolled training each gradient visits the nodes of its step; only the outer one visits those of all."""
    ms.set_context(mode=ms.PYNATIVE_MODE)
    seen, needed = [], autodiff.needed_nodes

    def counted(outputs, **given):
        found = needed(outputs, **given)
        seen.append(len(found))
        return found

    monkeypatch.setattr(autodiff, "needed_nodes", counted)
    training = Training(lambda p: nn.Momentum(p, 0.1, 0.9), 9)
    ms.value_and_grad(training.run, None, [training.optimizer.learning_rate], through_updates=True)()
    assert len(seen) >= 9 and max(seen[:9]) < 20
