"""The calls that MindSpore's guides make around optimizers and learning rates, in scripts of our own, in both modes."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.nn.optim_ex import Optimizer as ExperimentalOptimizer
from minispore.nn.optim_ex.lr_scheduler import LRScheduler


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, pad_mode="valid")
        self.bn = nn.BatchNorm2d(2)
        self.param = Parameter(Tensor(np.array([1.0], np.float32)), "param")
        self.fc = nn.Dense(32, 3)

    def construct(self, x):
        x = ops.relu(self.bn(self.conv(x))) * self.param
        return self.fc(x.view((-1, 32)))


X = Tensor(np.random.default_rng(0).normal(size=(4, 1, 6, 6)).astype(np.float32))
Y = Tensor(np.array([0, 2, 1, 2], np.int32))


def split(net):
    conv = [p for p in net.trainable_params() if "conv" in p.name]
    return conv, [p for p in net.trainable_params() if "conv" not in p.name]


def train(net, optimizer, steps=6):
    """By value_and_grad, as the guides' loops do; the losses."""
    loss_fn = nn.CrossEntropyLoss()

    def forward(data, label):
        logits = net(data)
        return loss_fn(logits, label), logits

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters, has_aux=True)
    net.set_train()
    losses = []
    for _ in range(steps):
        (loss, _), grads = grad_fn(X, Y)
        optimizer(grads)
        losses.append(float(loss.asnumpy()))
    assert losses[-1] < losses[0]
    return losses


# ---------------------------------------------------------------- configuring
def test_which_parameters(mode):
    net = Net()
    assert str(net.trainable_params()[0]) == "Parameter (name=param, shape=(1,), dtype=Float32, requires_grad=True)"
    train(net, nn.Adam(params=net.trainable_params()))
    _, others = split(net)
    for p in others:
        p.requires_grad = False
    assert str(net.trainable_params()) == (
        "[Parameter (name=conv.weight, shape=(2, 1, 3, 3), dtype=Float32, requires_grad=True)]"
    )
    before = net.fc.weight.asnumpy()
    train(net, nn.SGD(net.trainable_params(), 0.1))
    np.testing.assert_array_equal(net.fc.weight.asnumpy(), before)


def test_rates_of_every_kind(mode):
    milestone, rates = [1, 3, 10], [0.1, 0.05, 0.01]
    listed = nn.dynamic_lr.piecewise_constant_lr(milestone, rates)
    assert listed == [0.1, 0.05, 0.05] + [0.01] * 7
    exponential = nn.ExponentialDecayLR(0.1, 0.9, 4)
    shown = [str(exponential(Tensor(i, ms.int32))) for i in range(4)]
    assert shown == ["0.1", "0.097400375", "0.094868325", "0.09240211"]
    for rate in (0.01, Tensor(0.01), Tensor([0.1] * 8), listed, exponential, nn.cosine_decay_lr(0.01, 0.1, 8, 2, 4)):
        net = Net()
        train(net, nn.Momentum(net.trainable_params(), learning_rate=rate, momentum=0.9))
    assert float(nn.Momentum(net.trainable_params(), 1, 0.9).learning_rate) == 1.0


class ExponentialWeightDecay(nn.Cell):
    def __init__(self, weight_decay, decay_rate, decay_steps):
        super().__init__()
        self.weight_decay, self.decay_rate, self.decay_steps = weight_decay, decay_rate, decay_steps
        self.pow, self.cast = ops.Pow(), ops.Cast()

    def construct(self, global_step):
        p = self.cast(global_step, ms.float32) / self.decay_steps
        return self.weight_decay * self.pow(self.decay_rate, p)


def test_weight_decay_that_changes(mode):
    net = Net()
    decay = ExponentialWeightDecay(weight_decay=0.0001, decay_rate=0.1, decay_steps=10000)
    train(net, nn.Adam(net.trainable_params(), weight_decay=decay))
    conv, others = split(net)
    groups = [
        {"params": conv, "weight_decay": ExponentialWeightDecay(0.001, 0.1, 10)},
        {"params": others, "weight_decay": 0.0},
    ]
    optimizer = nn.Momentum(groups, learning_rate=0.05, momentum=0.9, weight_decay=0.01)
    # without gradients only the decay moves the weights: by what it is at each step, and only where it is not 0
    w, other, m = conv[0].asnumpy().astype(np.float64), net.fc.weight.asnumpy().copy(), 0.0
    for step in range(3):
        optimizer(tuple(ops.zeros_like(p) for p in optimizer.parameters))
        m = 0.9 * m + 0.001 * 0.1 ** (step / 10) * w
        w = w - 0.05 * m
        np.testing.assert_allclose(conv[0].asnumpy(), w, rtol=1e-6)
    np.testing.assert_array_equal(net.fc.weight.asnumpy(), other)
    train(net, optimizer)


@pytest.mark.parametrize("spelling", ["grad_centralization", "grad_centralizaiton"])
def test_groups(spelling, mode):
    net = Net()
    conv, others = split(net)
    groups = [
        {"params": conv, "weight_decay": 0.01, spelling: True, "lr": nn.PolynomialDecayLR(0.1, 0.01, 4, 0.5)},
        {"params": others, "lr": [0.05] * 9},
        {"order_params": net.trainable_params()},
    ]
    optimizer = nn.Momentum(groups, learning_rate=0.1, momentum=0.9, weight_decay=0.0)
    assert [p.name for p in optimizer.parameters] == [p.name for p in net.trainable_params()]
    train(net, optimizer)
    assert optimizer.get_lr_parameter(others)[0].name == "learning_rate_group_1"
    assert [g["weight_decay"] for g in optimizer.param_groups] == [0.01, 0.0]


def test_gradient_centralization_of_a_layer_is_spelt_both_ways(mode):
    p = Parameter(Tensor(np.zeros((2, 16), np.float32)), name="w")
    g = np.random.default_rng(0).normal(size=(2, 16)).astype(np.float32)
    for spelling in ("grad_centralization", "grad_centralizaiton"):
        p.set_data(Tensor(np.zeros((2, 16), np.float32)))
        nn.SGD([{"params": [p], spelling: True}], 1.0)((Tensor(g),))
        np.testing.assert_allclose(p.asnumpy(), g.mean(1, keepdims=True) - g, 1e-5, 1e-6)


# ---------------------------------------------------------------- of one's own
class SmallOps(nn.Optimizer):
    def __init__(self, params, learning_rate, momentum=0.9):
        super().__init__(learning_rate, params)
        self.momentum = Parameter(Tensor(momentum, ms.float32), name="momentum")
        self.moments = self.parameters.clone(prefix="moments", init="zeros")
        self.assign = ops.Assign()

    def construct(self, gradients):
        lr = self.get_lr()
        params = self.parameters
        for i in range(len(params)):
            self.assign(self.moments[i], self.moments[i] * self.momentum + gradients[i])
            self.assign(params[i], params[i] - self.moments[i] * lr)
        return params


class UpdateOp(nn.Optimizer):
    def __init__(self, params, learning_rate, momentum=0.9):
        super().__init__(learning_rate, params)
        self.momentum = momentum
        self.moments = self.parameters.clone(prefix="moments", init="zeros")
        self.opt = ops.ApplyMomentum()

    def construct(self, gradients):
        success = None
        for param, mom, grad in zip(self.parameters, self.moments, gradients):
            success = self.opt(param, mom, self.learning_rate, grad, self.momentum)
        return success


class Mapped(nn.Optimizer):
    def __init__(self, params, learning_rate, momentum=0.9):
        super().__init__(learning_rate, params)
        self.moments = self.parameters.clone(prefix="moments", init="zeros")
        self.momentum = momentum

    def construct(self, gradients):
        lr = self.get_lr()

        def one(w, m, g):
            ops.assign(m, m * self.momentum + g)
            return ops.assign(w, w - m * lr)

        return self.map_(one, self.parameters, self.moments, gradients)


class Grouped(ExperimentalOptimizer):
    def __init__(self, params, lr, momentum=0.9):
        super().__init__(params, dict(lr=lr, momentum=momentum))
        self.moments = self.parameters.clone(prefix="moments", init="zeros")

    def construct(self, gradients):
        for group_id, group in enumerate(self.param_groups):
            start = self.group_start_id[group_id]
            for i, param in enumerate(group["params"]):
                m = self.moments[start + i]
                ops.assign(m, m * group["momentum"] + gradients[start + i])
                ops.assign(param, param - m * group["lr"])
        return True


def test_written_by_oneself_all_are_momentum(mode):
    def losses(kind):
        ms.set_seed(5)
        net = Net()
        return train(net, kind(net.trainable_params(), 0.05))

    wanted = losses(lambda p, lr: nn.Momentum(p, lr, 0.9))
    for kind in (SmallOps, UpdateOp, Mapped, Grouped):
        np.testing.assert_allclose(losses(kind), wanted, 1e-4)


# ---------------------------------------------------------------- experimental ones and their schedulers
def test_optim_ex_and_schedulers_as_the_guides_write_them(mode, capsys):
    net = Net()
    conv, others = split(net)
    optimizer = nn.optim_ex.Adam([{"params": conv, "lr": 0.1}, {"params": others}], lr=0.01)
    scheduler = nn.StepLR(optimizer, step_size=2, gamma=0.1, verbose=True)
    for _ in range(2):
        train(net, optimizer, steps=3)
        scheduler.step()
    np.testing.assert_allclose([float(lr) for lr in scheduler.get_last_lr()], [0.01, 0.001], 1e-5)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "Adjusting learning rate of group 0 to 0.1." and len(printed) == 6
    assert "Parameter Group 1\n    amsgrad: False\n    betas: (0.9, 0.999)\n    eps: 1e-08" in str(optimizer)
    assert "    lr: 0.1\n" in str(nn.optim_ex.SGD(conv, 0.1))
    ops.assign(optimizer.param_groups[0]["lr"], Tensor(0.5))
    optimizer.param_groups[1]["lr"] = 0.25
    assert [float(x) for x in optimizer.get_lr()] == [0.5, 0.25]


def test_a_scheduler_of_ones_own(mode):
    class Halving(LRScheduler):
        def get_lr(self):
            return [lr * 0.5 for lr in self._last_lr] if self.last_epoch > 0 else [lr * 1.0 for lr in self._last_lr]

    p = [Parameter(Tensor([1.0]), name="w")]
    optimizer = nn.optim_ex.SGD(p, lr=1.0)
    scheduler = Halving(optimizer)
    for _ in range(2):
        optimizer((Tensor([0.0]),))
        scheduler.step()
    assert float(optimizer.param_groups[0]["lr"]) == 0.25


# ---------------------------------------------------------------- between steps
def test_reading_and_changing_a_rate(mode):
    net = Net()
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    train(net, optimizer)
    assert optimizer.learning_rate.data.asnumpy() == np.float32(0.1)
    for change in (
        lambda: ops.assign(optimizer.learning_rate, Tensor(0.01)),
        lambda: optimizer.learning_rate.set_data(Tensor(0.01)),
        lambda: setattr(optimizer, "learning_rate", 0.01),
        lambda: ops.assign(optimizer.get_lr_parameter(net.fc.weight), 0.01),
    ):
        optimizer.learning_rate.set_data(Tensor(0.5))
        change()
        assert float(optimizer.get_lr()) == pytest.approx(0.01)
    assert optimizer.global_step.asnumpy().tolist() == [6]
    assert [p.name for p in optimizer.parameters] == [p.name for p in net.trainable_params()]


class Clipping(nn.TrainOneStepCell):
    """As many scripts write it."""

    def __init__(self, network, optimizer, sens=1.0, bound=0.05):
        super().__init__(network, optimizer, sens)
        self.bound = bound

    def construct(self, *inputs):
        loss = self.network(*inputs)
        sens = ops.fill(loss.dtype, loss.shape, self.sens)
        grads = self.grad(self.network, self.weights)(*inputs, sens)
        grads = self.grad_reducer(grads)
        grads = ops.clip_by_global_norm(grads, self.bound)
        loss = ops.depend(loss, self.optimizer(grads))
        return loss


class Accumulating(nn.Cell):
    """Gradients of several calls added up in Parameters, then one update."""

    def __init__(self, network, optimizer):
        super().__init__()
        self.network, self.optimizer = network, optimizer
        self.weights = optimizer.parameters
        self.sums = self.weights.clone(prefix="sum", init="zeros")
        self.grad_fn = ms.value_and_grad(network, None, self.weights)

    def construct(self, *inputs):
        loss, grads = self.grad_fn(*inputs)
        for total, g in zip(self.sums, grads):
            ops.assign_add(total, g)
        return loss

    def update(self):
        self.optimizer(tuple(s + 0.0 for s in self.sums))
        for total in self.sums:
            ops.assign(total, ops.zeros_like(total))


def test_train_cells_of_ones_own(mode):
    net = nn.Dense(3, 2, weight_init="ones", bias_init="zeros")
    cell = nn.WithLossCell(net, nn.MSELoss())
    x, y = Tensor(np.ones((2, 3), np.float32)), Tensor(np.zeros((2, 2), np.float32))
    step = Clipping(cell, nn.SGD(net.trainable_params(), 1.0))
    step(x, y)
    moved = 1 - net.weight.asnumpy()
    # every gradient is 3: eight of them, six in the weight, have the norm 3 sqrt(8)
    np.testing.assert_allclose(moved, 0.05 / np.sqrt(8), 1e-4)

    def fresh():
        return nn.Dense(3, 2, weight_init="ones", bias_init="zeros")

    one, two = fresh(), fresh()
    accumulating = Accumulating(nn.WithLossCell(one, nn.MSELoss()), nn.SGD(one.trainable_params(), 0.1))
    for _ in range(2):
        accumulating(x, y)
    accumulating.update()
    nn.TrainOneStepCell(nn.WithLossCell(two, nn.MSELoss()), nn.SGD(two.trainable_params(), 0.2))(x, y)
    np.testing.assert_allclose(one.weight.asnumpy(), two.weight.asnumpy(), 1e-5)


def test_a_class_for_compiled_functions(graph_mode):
    @ms.jit_class
    class Fading:
        def __init__(self, rate):
            self.rate = rate

        def __call__(self, x, times):
            return x * self.rate**times

    assert ms.jit(lambda x: Fading(0.5)(x, 2))(Tensor([4.0])).asnumpy().tolist() == [1.0]
    for wrong in (3, nn.Dense):
        with pytest.raises(TypeError):
            ms.jit_class(wrong)


# ---------------------------------------------------------------- printed, partitioned, saved, as the guides do
def test_what_the_guides_print(mode, capsys):
    net = Net()
    conv, others = split(net)
    adam = nn.optim_ex.Adam(
        [
            {"params": conv[:1], "weight_decay": 0.01, "lr": 0.9, "amsgrad": True},
            {"params": others[:1], "lr": 0.66, "eps": 1e-6, "betas": (0.8, 0.88)},
        ],
        lr=0.01,
    )
    print(adam.param_groups)
    print(adam.param_groups[1]["lr"].value())
    print(adam)
    print(nn.optim_ex.lr_scheduler.StepLR(nn.optim_ex.Adam(conv, lr=0.1), step_size=30, gamma=0.1).get_last_lr())
    momentum = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
    print(momentum.learning_rate.data.asnumpy())
    ops.assign(momentum.learning_rate, Tensor(0.01, ms.float32))
    print(momentum.learning_rate.data.asnumpy())
    print(momentum)
    assert capsys.readouterr().out == (
        "[{'params': [Parameter (name=conv.weight, shape=(2, 1, 3, 3), dtype=Float32, requires_grad=True)], "
        "'weight_decay': 0.01, 'lr': Parameter (name=learning_rate_group_0, shape=(), dtype=Float32, "
        "requires_grad=True), 'amsgrad': True, 'betas': (0.9, 0.999), 'eps': 1e-08, 'maximize': False}, "
        "{'params': [Parameter (name=param, shape=(1,), dtype=Float32, requires_grad=True)], 'lr': Parameter "
        "(name=learning_rate_group_1, shape=(), dtype=Float32, requires_grad=True), 'eps': 1e-06, 'betas': (0.8, 0.88), "
        "'weight_decay': 0.0, 'amsgrad': False, 'maximize': False}]\n"
        "0.66\n"
        "Adam (\n"
        "Parameter Group 0\n    amsgrad: True\n    betas: (0.9, 0.999)\n    eps: 1e-08\n    lr: 0.9\n"
        "    maximize: False\n    weight_decay: 0.01\n\n"
        "Parameter Group 1\n    amsgrad: False\n    betas: (0.8, 0.88)\n    eps: 1e-06\n    lr: 0.66\n"
        "    maximize: False\n    weight_decay: 0.0\n)\n"
        "[Tensor(shape=[], dtype=Float32, value= 0.1)]\n"
        "0.1\n0.01\nMomentum()\n"
    )


def test_groups_by_kind_of_layer(mode):
    """One list of rates among numbers, and an order over all of it."""
    net = Net()
    kinds = {nn.Conv2d: [], nn.BatchNorm2d: [], nn.Dense: []}
    for _, cell in net.cells_and_names():
        if isinstance(cell, nn.BatchNorm2d):
            kinds[nn.BatchNorm2d] += [cell.gamma, cell.beta]
        elif type(cell) in kinds:
            kinds[type(cell)].append(cell.weight)
    known = {id(p) for ps in kinds.values() for p in ps}
    rates = nn.cosine_decay_lr(0.0, 0.05, total_step=1000, step_per_epoch=100, decay_epoch=10)
    optimizer = nn.Momentum(
        [
            {"order_params": net.trainable_params()},
            {"params": kinds[nn.Conv2d], "weight_decay": 1e-4, "lr": rates},
            {"params": kinds[nn.BatchNorm2d], "weight_decay": 0.0, "lr": 1e-3},
            {"params": kinds[nn.Dense], "weight_decay": 1e-5, "lr": 0.05},
            {"params": [p for p in net.trainable_params() if id(p) not in known]},
        ],
        learning_rate=1e-3, weight_decay=0.0, momentum=0.9,
    )  # fmt: skip
    assert [p.name for p in optimizer.parameters] == [p.name for p in net.trainable_params()]
    train(net, optimizer)
    np.testing.assert_allclose([float(x) for x in optimizer.get_lr()], [rates[6], 1e-3, 0.05, 1e-3], 1e-5)


def test_rates_from_a_rule_of_ones_own(mode):
    def listed(lr, total_step, step_per_epoch):
        return [lr * (i // step_per_epoch // 5) for i in range(total_step)]

    class Staircase(nn.learning_rate_schedule.LearningRateSchedule):
        def __init__(self, lr, step_per_epoch):
            super().__init__()
            self.lr, self.step_per_epoch, self.cast = lr, step_per_epoch, ops.Cast()

        def construct(self, global_step):
            epoch = self.cast(global_step, ms.float32) // self.step_per_epoch
            return self.lr * (epoch // 5)

    for rate in (listed(0.01, 200, 2), Staircase(0.01, 2)):
        w = Parameter(Tensor([1.0]), name="w")
        optimizer = nn.SGD([w], learning_rate=rate)
        for _ in range(23):
            optimizer((Tensor([1.0]),))
        np.testing.assert_allclose(w.asnumpy(), 1 - 0.01 * 10 - 0.02 * 3, 1e-5)


def test_values_change_when_the_loss_stands_still(mode):
    """A step that looks at its loss and changes its optimizer, in Python and inside one compiled function."""
    net = nn.Dense(3, 2, weight_init="ones", bias_init="zeros")
    optimizer = nn.optim_ex.Adam([{"params": [net.weight]}, {"params": [net.bias]}], lr=0.1)
    loss_fn = nn.MAELoss()

    def forward(data, label):
        logits = net(data)
        return loss_fn(logits, label), logits

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters, has_aux=True)

    def step(data, label, last):
        (loss, _), grads = grad_fn(data, label)
        optimizer(grads)
        if ops.abs(loss - last) < 0.1:
            ops.assign(optimizer.param_groups[1]["lr"], Tensor(0.01))
        return loss

    x, y = Tensor(np.ones((2, 3), np.float32)), Tensor(np.zeros((2, 2), np.float32))
    for call in (step, ms.jit(step)):
        ops.assign(optimizer.param_groups[1]["lr"], Tensor(0.1))
        loss = call(x, y, Tensor(100.0))
        assert float(optimizer.param_groups[1]["lr"]) == pytest.approx(0.1)
        call(x, y, loss - 0.4)
        assert float(optimizer.param_groups[1]["lr"]) == pytest.approx(0.01)
    optimizer.param_groups[1]["weight_decay"] = 0.02
    before = net.bias.asnumpy()
    step(x, y, Tensor(100.0))
    assert (net.bias.asnumpy() != before).all() and optimizer.param_groups[1]["weight_decay"] == 0.02


def test_an_optimizer_is_saved_like_a_network(tmp_path, mode):
    net = Net()
    optimizer = nn.Momentum(net.trainable_params(), 0.05, 0.9)
    train(net, optimizer)
    path = str(tmp_path / "optimizer.ckpt")
    ms.save_checkpoint(optimizer, path)
    again = nn.Momentum(net.trainable_params(), 0.5, 0.9)
    assert ms.load_param_into_net(again, ms.load_checkpoint(path)) == ([], [])
    for p, q in zip(optimizer.get_parameters(), again.get_parameters()):
        assert p.name == q.name
        np.testing.assert_array_equal(p.asnumpy(), q.asnumpy())
