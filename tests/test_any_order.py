"""The order in which threads run the tasks of a phase changes no bit (any_order.py): one step of many trainings."""

import numpy as np
import pytest
from any_order import OtherBits, in_any_order

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph.executable import Changing
from minispore.graph.table import Table, _OpenPhase
from minispore.graph.unit_order import LARGE_UPDATE


def mlp():
    return nn.SequentialCell(
        nn.Dense(12, 40), nn.ReLU(), nn.Dense(40, 24), nn.Tanh(), nn.Dropout(p=0.3), nn.Dense(24, 5)
    )


def images():
    return nn.SequentialCell(
        nn.Conv2d(3, 8, 3, pad_mode="pad", padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2, 2),
        nn.Conv2d(8, 8, 3, group=8), nn.AvgPool2d(2), nn.Flatten(), nn.Dense(128, 5),
    )  # fmt: skip


class Words(nn.Cell):
    """A table of words that also gives the scores; attention between them."""

    def __init__(self):
        super().__init__()
        self.table = Parameter(Tensor(np.random.randn(20, 16).astype(np.float32)), name="table")
        self.attention, self.norm = nn.MultiheadAttention(16, 4, batch_first=True), nn.LayerNorm((16,))

    def construct(self, x):
        h = ops.gather(self.table, x, 0)
        h = self.norm(h + self.attention(h, h, h, need_weights=False)[0])
        return ops.matmul(h.mean(1), self.table.T)


class Recurrent(nn.Cell):
    def __init__(self):
        super().__init__()
        self.cell, self.scores = nn.LSTM(6, 10, bidirectional=True, batch_first=True), nn.Dense(20, 5)

    def construct(self, x):
        return self.scores(self.cell(x)[0][:, -1])


class Loops(nn.Cell):
    """A loop and a branch over values."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Dense(8, 8), nn.Dense(8, 5)

    def construct(self, x):
        turns = ops.zeros((), ms.int32)
        while turns < 3:
            x = ops.tanh(self.a(x)) if x.sum() > 0 else x - self.a(x * 0.5)
            turns = turns + 1
        return self.b(x)


class Clipped(nn.TrainOneStepCell):
    def construct(self, *inputs):
        loss, grads = self.loss_and_grads(inputs)
        self.optimizer(ops.clip_by_global_norm(grads, 0.05))
        return loss


FLOATS, LABELS = np.random.RandomState(0).randn, np.random.RandomState(1).randint
TRAININGS = {
    "mlp": (mlp, nn.Adam, (12,)),
    "clipped": (mlp, nn.AdamWeightDecay, (12,)),
    "by layers": (mlp, nn.Lamb, (12,)),
    "images": (images, nn.ASGD, (3, 10, 10)),
    "words": (Words, nn.RMSProp, None),
    "recurrent": (Recurrent, nn.Adagrad, (4, 6)),
    "loops": (Loops, nn.SGD, (8,)),
}


def train(name, steps=2):
    make, optimizer, shape = TRAININGS[name]
    net = make()
    cell = Clipped if name == "clipped" else nn.TrainOneStepCell
    step = cell(nn.WithLossCell(net, nn.CrossEntropyLoss()), optimizer(net.trainable_params(), 0.01)).set_train()
    for _ in range(steps):
        x = LABELS(0, 20, (6, 9)).astype(np.int32) if shape is None else FLOATS(6, *shape).astype(np.float32)
        step(Tensor(x), Tensor(LABELS(0, 5, 6).astype(np.int32)))


@pytest.mark.parametrize("name", TRAININGS)
def test_a_training(name, graph_mode):
    with in_any_order() as seen:
        train(name)
    assert seen.phases and seen.mixed


def test_an_ensemble(graph_mode):
    """Chains: each item of a batch goes through several calls."""

    def loss(w, x):
        return (ops.tanh(ops.matmul(x, w)) ** 2).sum()

    w, x = (Tensor(FLOATS(*s).astype(np.float32)) for s in ((12, 10, 10), (12, 6, 10)))
    with in_any_order() as seen:
        ms.jit(ms.vmap(ms.grad(loss)))(w, x)
    assert seen.phases


class ThroughMemory(nn.Cell):
    """Reads a Tensor that shares the memory of a Parameter which the step changes."""

    def __init__(self, n):
        super().__init__()
        self.w = Parameter(Tensor(np.arange(n, dtype=np.float32)), name="w")
        self.same = self.w[1:]

    def construct(self, x):
        scale = (x * 2.0).sum()
        ops.assign(self.w, self.w + 1.0)
        return self.same * scale


def test_a_tensor_that_shares_the_memory_of_a_parameter(graph_mode):
    n = LARGE_UPDATE // 4  # its update does not wait for the end of the step
    net = ThroughMemory(n)
    with in_any_order():
        out = net(Tensor(np.ones(64, np.float32)))
    assert (out.asnumpy() == 128.0 * np.arange(1, n)).all()


class Moved(nn.Cell):
    """Changes its weight, and gives what its argument was."""

    def __init__(self, n):
        super().__init__()
        self.w = Parameter(Tensor(np.arange(n, dtype=np.float32)), name="w")

    def construct(self, x, y):
        ops.assign(self.w, self.w + 1.0)
        return x * ops.minimum(y.sum(), 1.0)


@pytest.mark.parametrize("n", [1000, LARGE_UPDATE])
@pytest.mark.parametrize("view", [lambda w: w[1:], lambda w: w.value(), lambda w: Tensor.from_numpy(w.asnumpy()[:9])])
def test_an_argument_that_is_a_view_of_a_parameter(graph_mode, n, view):
    net, y = Moved(n), Tensor(np.ones(100000, np.float32))
    for _ in range(2):
        x = view(net.w)
        expected = x.asnumpy().copy()
        with in_any_order():
            found = net(x, y)
        assert (found.asnumpy() == expected).all()
    assert net.w.asnumpy()[0] == 2.0


def test_memory_that_numpy_does_not_know_is_compared_by_its_address():
    owned, other = np.arange(8.0), np.zeros(8)
    foreign = np.from_dlpack(owned)
    for changing, given in ((owned, foreign[2:]), (foreign, owned), (foreign[:4], owned[3:]), (owned[:4], owned[3:])):
        (found,) = Changing([changing]).apart([given])
        assert found is not given and (found == given).all()
    for changing, given in ((owned[:4], foreign[4:]), (foreign, other[1:]), (owned[:4], owned[4:]), (owned, other)):
        assert Changing([changing]).apart([given])[0] is given


def test_a_missing_barrier_is_found(graph_mode, monkeypatch):
    monkeypatch.setattr(_OpenPhase, "conflicts", lambda self, touched: False)
    with pytest.raises(OtherBits), in_any_order(("reversed",)):
        train("mlp", 1)


def test_tasks_that_write_the_same_elements_are_found(graph_mode, monkeypatch):
    """In any order they give the same, but not at the same time where one of them reads as well."""
    task = Table._task

    def wider(self, rows):
        task(self, [(call, lo, min(hi + 1, call.extent)) for call, lo, hi in rows])

    monkeypatch.setattr(Table, "_task", wider)
    twice = ms.jit(lambda x: x * 2.0)
    x = Tensor(FLOATS(500).astype(np.float32))
    with in_any_order(("reversed",)):
        twice(x)
    with pytest.raises(OtherBits, match="change one byte"), in_any_order(("alone",)):
        twice(x)
