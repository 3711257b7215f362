"""Train-step cells: loss, gradient and update in one call; loss scales; cells written by users."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import compile_stats


class Linear(nn.Cell):
    """``x w + b``."""

    def __init__(self, seed=0):
        super().__init__()
        rng = np.random.default_rng(seed)
        self.w = Parameter(Tensor(rng.normal(size=(3, 2)).astype(np.float32)), name="w")
        self.b = Parameter(Tensor(np.zeros(2, np.float32)), name="b")

    def construct(self, x):
        return ops.matmul(x, self.w) + self.b


def mse(out, label):
    return ((out - label) * (out - label)).mean()


def data(n=4, seed=1):
    rng = np.random.default_rng(seed)
    return Tensor(rng.normal(size=(n, 3)).astype(np.float32)), Tensor(rng.normal(size=(n, 2)).astype(np.float32))


def by_numpy(steps, lr, momentum=0.0, sens=1.0):
    """(losses, w, b) in float64."""
    net = Linear()
    w, b = net.w.asnumpy().astype(np.float64), net.b.asnumpy().astype(np.float64)
    x, y = (t.asnumpy().astype(np.float64) for t in data())
    losses, vw, vb = [], 0.0, 0.0
    for _ in range(steps):
        difference = x @ w + b - y
        losses.append((difference**2).mean())
        g = sens * 2 * difference / difference.size
        vw, vb = momentum * vw + x.T @ g, momentum * vb + g.sum(0)
        w, b = w - lr * vw, b - lr * vb
    return losses, w, b


def train(cell, steps=5):
    return [float(cell(*data())) for _ in range(steps)]


def check(net, losses, wanted):
    np.testing.assert_allclose(losses, wanted[0], 1e-4)
    np.testing.assert_allclose(net.w.asnumpy(), wanted[1], 1e-4, 1e-6)
    np.testing.assert_allclose(net.b.asnumpy(), wanted[2], 1e-4, 1e-6)


@pytest.mark.quick
def test_one_step_is_one_call(mode):
    net = Linear()
    cell = nn.TrainOneStepCell(nn.WithLossCell(net, mse), nn.Momentum(net.trainable_params(), 0.1, 0.9))
    before = compile_stats()
    losses = train(cell)
    traces = compile_stats()["traces"] - before["traces"]
    check(net, losses, by_numpy(5, 0.1, 0.9))
    assert traces == 1  # of the whole step, or in PYNATIVE mode of the update


def test_the_forward_pass_of_a_step_runs_once(graph_mode, capsys):
    class Counted(Linear):
        def construct(self, x):
            print("forward")  # in the graph: once in each call
            return super().construct(x)

    net = Counted()
    losses = train(nn.TrainOneStepCell(nn.WithLossCell(net, mse), nn.SGD(net.trainable_params(), 0.1)))
    assert capsys.readouterr().out.split() == ["forward"] * len(losses)


def test_sens_scales_gradients_and_not_the_loss(mode):
    net = Linear()
    cell = nn.TrainOneStepCell(nn.WithLossCell(net, mse), nn.SGD(net.trainable_params(), 0.1), sens=3.0)
    check(net, train(cell, 3), by_numpy(3, 0.1, sens=3.0))
    net = Linear()
    optimizer = nn.SGD(net.trainable_params(), 0.1, loss_scale=16.0)
    check(net, train(nn.TrainOneStepCell(nn.WithLossCell(net, mse), optimizer, sens=16.0), 3), by_numpy(3, 0.1))
    with pytest.raises(ValueError):
        nn.TrainOneStepCell(net, optimizer, sens=0)


def test_return_grad(mode):
    net = Linear()
    cell = nn.TrainOneStepCell(nn.WithLossCell(net, mse), nn.SGD(net.trainable_params(), 0.1), return_grad=True)
    before = net.w.asnumpy()
    loss, grads = cell(*data())
    assert isinstance(grads, dict) and list(grads) == ["w", "b"] and loss.shape == ()
    np.testing.assert_allclose(before - 0.1 * grads["w"].asnumpy(), net.w.asnumpy(), 1e-5)


def test_names_and_order():
    net = nn.WithLossCell(Linear(), mse)
    net._backbone.insert_param_to_cell("still", Parameter(Tensor([0.0]), name="still", requires_grad=False))
    cell = nn.TrainOneStepCell(net, nn.Momentum(net.trainable_params(), 0.1, 0.9))
    names = [p.name for p in cell.get_parameters()]
    assert names == ["w", "b", "still", "global_step", "learning_rate", "momentum", "moments.w", "moments.b"]
    assert [k for k, _ in net.cells_and_names()] == ["", "_backbone"]
    assert net.backbone_network is net._backbone


@pytest.mark.quick
def test_learning_rate_changes_between_steps_without_a_trace(graph_mode):
    net = Linear()
    optimizer = nn.SGD(net.trainable_params(), 0.1)
    cell = nn.TrainOneStepCell(nn.WithLossCell(net, mse), optimizer)
    train(cell, 1)
    before = compile_stats()
    ops.assign(optimizer.learning_rate, Tensor(0.0))
    weights = net.w.asnumpy()
    train(cell, 2)
    np.testing.assert_array_equal(weights, net.w.asnumpy())
    assert compile_stats() == before


def test_eval_and_gradient_cells(mode):
    net = Linear()
    x, y = data()
    loss, out, label = nn.WithEvalCell(net, mse)(x, y)
    np.testing.assert_allclose(out.asnumpy(), net(x).asnumpy(), 1e-6)
    np.testing.assert_array_equal(label.asnumpy(), y.asnumpy())
    full = nn.WithLossCell(net, mse)
    grads = ms.grad(full, None, net.trainable_params())(x, y)
    for got in (
        nn.WithGradCell(net, mse)(x, y),
        nn.ForwardValueAndGrad(full, weights=net.trainable_params(), get_by_list=True)(x, y)[1],
    ):
        assert isinstance(got, tuple) and len(got) == 2
        for a, b in zip(got, grads):
            np.testing.assert_allclose(a.asnumpy(), b.asnumpy(), 1e-5)
    np.testing.assert_allclose(nn.WithGradCell(net, mse, sens=2.0)(x, y)[0].asnumpy(), 2 * grads[0].asnumpy(), 1e-5)
    value, gx = nn.ForwardValueAndGrad(full)(x, y)
    np.testing.assert_allclose(value.asnumpy(), loss.asnumpy(), 1e-6)
    assert gx.shape == x.shape
    value, (gx, gy) = nn.ForwardValueAndGrad(full, get_all=True)(x, y)
    assert (gx.shape, gy.shape) == (x.shape, y.shape)
    out, (inputs, weights) = nn.ForwardValueAndGrad(net, net.trainable_params(), True, True, sens_param=True)(x, y)
    assert len(inputs) == 1 and len(weights) == 2
    np.testing.assert_allclose(weights[1].asnumpy(), y.asnumpy().sum(0), 1e-5)


# ---------------------------------------------------------------- loss scales
def scale_walk(manager, overflows):
    class Run(nn.Cell):
        def __init__(self):
            super().__init__()
            self.manager = manager
            self.scale = Parameter(Tensor(float(manager.get_loss_scale())), name="scale")

        def construct(self, overflow):
            return self.manager(self.scale, overflow)

    run = Run()
    seen = []
    for o in overflows:
        assert bool(run(Tensor(o))) is o
        seen.append(float(run.scale.asnumpy()))
    return seen


def test_dynamic_loss_scale(mode):
    overflows = (False, False, False, True, False, False, False, False, True, True)
    assert scale_walk(nn.DynamicLossScaleUpdateCell(16, 2, 3), overflows) == [
        16,
        16,
        32,
        16,
        16,
        16,
        32,
        32,
        16,
        8,
    ]  # recorded
    assert scale_walk(nn.DynamicLossScaleUpdateCell(2, 4, 3), (True, True)) == [1, 1]
    assert scale_walk(nn.FixedLossScaleUpdateCell(8), (True, False)) == [8, 8]


class Steep(Linear):
    """Its loss overflows where the first input is large."""

    def construct(self, x):
        return super().construct(x) * ops.exp(x[:1, :1] * 50.0)


@pytest.mark.quick
def test_an_overflow_skips_the_update_and_only_that(mode):
    net = Steep()
    optimizer = nn.Adam(net.trainable_params(), 0.1)
    cell = nn.TrainOneStepWithLossScaleCell(
        nn.WithLossCell(net, mse), optimizer, nn.DynamicLossScaleUpdateCell(1024, 2, 2)
    )
    x, y = data()
    calm = x * Tensor(np.array([[0.0], [1], [1], [1]], np.float32))
    wild = calm + Tensor(np.array([[10.0], [0], [0], [0]], np.float32))
    before = compile_stats()
    scales, flags, kept = [], [], []
    for batch in (calm, wild, calm, calm, calm):
        state = [p.asnumpy() for p in optimizer.get_parameters()]
        _, overflow, scale = cell(batch, y)
        scales.append(float(scale))
        flags.append(bool(overflow))
        kept.append(all(np.array_equal(a, p.asnumpy()) for a, p in zip(state, optimizer.get_parameters())))
    assert flags == kept == [False, True, False, False, False]
    assert scales == [1024, 1024, 512, 512, 1024]
    assert optimizer.global_step.asnumpy().tolist() == [4]
    assert all(np.isfinite(p.asnumpy()).all() for p in optimizer.get_parameters())
    assert compile_stats()["traces"] - before["traces"] <= 1


def test_an_overflow_skips_updates_inside_branches_and_loops_too(mode):
    class Odd(nn.Optimizer):
        def __init__(self, params):
            super().__init__(0.1, params)
            self.calls = Parameter(Tensor(0, ms.int32), name="calls")
            self.turns = Parameter(Tensor(0, ms.int32), name="turns")

        def construct(self, gradients):
            ops.assign(self.calls, self.calls + 1)
            for w, g in zip(self.parameters, gradients):
                if self.calls % 2 == 1:
                    ops.assign(w, w - g)
                else:
                    ops.assign(w, w + g)
                ops.assign_add(self.calls, 2)
            k = ops.zeros((), ms.int32)
            while k < 3:
                ops.assign_add(self.turns, 1)
                k = k + 1
            return True

    net = Steep()
    optimizer = Odd(net.trainable_params())
    cell = nn.TrainOneStepWithLossScaleCell(nn.WithLossCell(net, mse), optimizer, nn.FixedLossScaleUpdateCell(8.0))
    x, y = data()
    calm = x * Tensor(np.array([[0.0], [1], [1], [1]], np.float32))
    wild = calm + Tensor(np.array([[10.0], [0], [0], [0]], np.float32))
    start = net.w.asnumpy()
    for batch, calls, turns in ((calm, 5, 3), (wild, 5, 3), (calm, 10, 6)):
        before = [p.asnumpy() for p in net.trainable_params()]
        overflow = bool(cell(batch, y)[1])
        assert overflow is (batch is wild)
        assert (int(optimizer.calls), int(optimizer.turns)) == (calls, turns)
        same = all(np.array_equal(a, p.asnumpy()) for a, p in zip(before, net.trainable_params()))
        assert same is overflow
    assert np.isfinite(net.w.asnumpy()).all() and (net.w.asnumpy() != start).any()


def test_a_scaled_step_is_the_unscaled_one(mode):
    net = Linear()
    cell = nn.TrainOneStepWithLossScaleCell(
        nn.WithLossCell(net, mse), nn.Momentum(net.trainable_params(), 0.1, 0.9), nn.FixedLossScaleUpdateCell(64.0)
    )
    losses = [float(cell(*data())[0]) for _ in range(4)]
    check(net, losses, by_numpy(4, 0.1, 0.9))
    assert (cell.scale_sense.name, float(cell.scale_sense.asnumpy())) == ("scale_sense", 64.0)
    cell = nn.TrainOneStepWithLossScaleCell(nn.WithLossCell(net, mse), nn.SGD(net.trainable_params(), 0.1), Tensor(8.0))
    cell.set_sense_scale(Tensor(4.0))
    assert float(cell(*data())[2]) == 4.0
    for scale, kind in ((8.0, TypeError), (Tensor([1.0, 2.0]), ValueError)):
        with pytest.raises(kind):
            nn.TrainOneStepWithLossScaleCell(net, nn.SGD(net.trainable_params(), 0.1), scale)


# ---------------------------------------------------------------- written by users
def test_clipping_and_moving_average_inside_the_step(mode):
    class Step(nn.TrainOneStepCell):
        def __init__(self, network, optimizer):
            super().__init__(network, optimizer)
            self.average = self.weights.clone("ema", "same")

        def construct(self, *inputs):
            loss = self.network(*inputs)
            sens = ops.ones_like(loss) * self.sens
            grads = self.grad(self.network, self.weights)(*inputs, sens)
            grads = ops.clip_by_global_norm(self.grad_reducer(grads), 0.5)
            loss = ops.depend(loss, self.optimizer(grads))
            for mean, w in zip(self.average, self.weights):
                ops.assign(mean, mean * 0.9 + w * 0.1)
            return loss

    net = Linear()
    start = net.w.asnumpy()
    cell = Step(nn.WithLossCell(net, mse), nn.SGD(net.trainable_params(), 1.0))
    before = compile_stats()
    cell(*data())
    if mode == "graph":
        assert compile_stats()["traces"] == before["traces"] + 1
    moved = [start - net.w.asnumpy(), -net.b.asnumpy()]
    np.testing.assert_allclose(np.sqrt(sum((m**2).sum() for m in moved)), 0.5, 1e-4)
    np.testing.assert_allclose(cell.average[0].asnumpy(), 0.9 * start + 0.1 * net.w.asnumpy(), 1e-5)


def test_gradient_accumulation(mode):
    x, y = data(6)
    whole = Linear()
    nn.TrainOneStepCell(nn.WithLossCell(whole, mse), nn.SGD(whole.trainable_params(), 0.3))(x, y)
    net = Linear()
    parts = nn.GradAccumulationCell(nn.WithLossCell(net, mse), 3)
    nn.TrainOneStepCell(parts, nn.SGD(net.trainable_params(), 0.1))(x, y)
    np.testing.assert_allclose(net.w.asnumpy(), whole.w.asnumpy(), 1e-5)
    with pytest.raises(ValueError, match="multiple of 3"):
        parts(*data(4))


def test_parameter_update(mode):
    p = Parameter(Tensor([1.0, 2.0]), name="p")
    assert nn.ParameterUpdate(p)(Tensor([3.0, 4.0])).asnumpy().tolist() == [3.0, 4.0]
    assert p.asnumpy().tolist() == [3.0, 4.0]
    with pytest.raises(TypeError):
        nn.ParameterUpdate(Tensor([1.0]))


def test_recorded_losses(mode):
    net = nn.SequentialCell(nn.Dense(3, 4), nn.Tanh(), nn.Dense(4, 2))
    rs = np.random.RandomState(0)
    for p in net.get_parameters():
        p.set_data(Tensor((0.6 * rs.randn(*p.shape)).astype(np.float32)))
    rs = np.random.RandomState(5)
    x, y = Tensor(rs.randn(4, 3).astype(np.float32)), Tensor(rs.randn(4, 2).astype(np.float32))
    cell = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Momentum(net.trainable_params(), 0.1, 0.9))
    losses = [float(cell(x, y)) for _ in range(4)]
    np.testing.assert_allclose(losses, [6.20564079285, 3.45053625107, 1.29906892776, 1.52962124348], 1e-4)
