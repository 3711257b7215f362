"""Kernels that are written once for units that are alike (graph/written.py): what comes of it is what writing each would give."""

import numpy as np

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.core.sizes import Sizes, remembered
from minispore.graph import lower
from minispore.graph.codegen import generate
from minispore.graph.fuse import fuse
from minispore.graph.lower import Builder
from minispore.graph.passes import optimise
from minispore.graph.trace import trace
from minispore.graph.written import Written
from minispore.ops import conv_framed_lowering


class Compared(Written):
    """Writes each kernel, too, and compares."""

    def __init__(self):
        super().__init__()
        self.calls = 0

    def call(self, unit, operand_of, outputs, shared):
        got = super().call(unit, operand_of, outputs, shared)
        wanted = generate(unit, operand_of, outputs, shared)
        self.calls += 1
        assert got == wanted  # operands and nodes are compared by their buffers and identities
        return got


def lowered(monkeypatch, function, *inputs) -> Compared:
    """Traces and lowers a call; no kernel is compiled."""
    monkeypatch.setattr(lower, "Written", Compared)
    traced, _, _ = trace(function, inputs, {})
    graph = optimise(traced)
    builder = Builder(graph, fuse(graph), 2)
    builder.run()
    return builder.written


def step(net, loss):
    optimizer = nn.AdamWeightDecay(net.trainable_params(), 1e-3, weight_decay=0.1)
    compute = ms.value_and_grad(lambda *args: loss(net, *args), None, optimizer.parameters)

    def run(*args):
        value, grads = compute(*args)
        optimizer(ops.clip_by_global_norm(grads, 1.0))
        return value

    return run


def test_a_transformer(monkeypatch):
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
    net = nn.TransformerEncoder(layer, 4).set_train()
    found = lowered(monkeypatch, step(net, lambda net, x: net(x).mean()), Tensor(np.ones((2, 5, 16), np.float32)))
    assert len(found.known) < found.calls / 2


def test_convolutions_with_norms(monkeypatch):
    layers = [nn.SequentialCell(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4), nn.ReLU()) for _ in range(4)]
    net = nn.SequentialCell(layers).set_train()
    found = lowered(monkeypatch, step(net, lambda net, x: net(x).std()), Tensor(np.ones((2, 4, 8, 8), np.float32)))
    assert len(found.known) < found.calls / 2


def test_loops_slices_and_places_in_one_buffer(monkeypatch):
    net = nn.LSTM(4, 6, 3, bidirectional=True)

    def loss(net, x, first, last):
        parts = [x[:, k : k + 2] * (k + 1) + x[:, k + 1 : k + 3] for k in range(4)]
        halves = ops.cat([ops.tanh(p) for p in (first, last, first)], 0)
        return net(x)[0].mean() + sum(p.sum() for p in parts) + (halves * halves).sum() + first.T.sum(1).max()

    x = Tensor(np.ones((3, 7, 4), np.float32))
    found = lowered(
        monkeypatch, step(net, loss), x, Tensor(np.ones((4, 5), np.float32)), Tensor(np.ones((4, 5), np.float32))
    )
    assert len(found.known) < found.calls


def test_units_that_look_alike_but_are_not(monkeypatch):
    """The same ops and shapes, but other types, strides, buffers or elements of them."""

    def function(a, b, h):
        x = [a + b, b + a, a + a, a + a.T, a.T + b, a[:2] + a[2:], a[:2] + b[:2], a[:2] + a[:2]]
        x += [
            a.astype(ms.float16) + h,
            h + h,
            (a + b).sum(0),
            (a + b).sum(1),
            (a * 2.0).max(0),
            a[0] * a[0, 0],
            a[0] * b[0, 0],
        ]
        return x

    a, b = Tensor(np.ones((4, 4), np.float32)), Tensor(np.ones((4, 4), np.float32))
    found = lowered(monkeypatch, function, a, b, Tensor(np.ones((4, 4), np.float16)))
    assert found.calls >= len(found.known) > 8


def test_how_a_convolution_runs_is_chosen_once_for_layers_that_are_alike(monkeypatch):
    made = []

    class Counted(conv_framed_lowering._Frames):
        def __init__(self, *args):
            made.append(args)
            super().__init__(*args)

    monkeypatch.setattr(conv_framed_lowering, "_Frames", Counted)
    counts = []
    for layers, width in ((2, 45), (6, 46)):  # of sizes that no other test has
        net = nn.SequentialCell([nn.Conv2d(width, width, 3) for _ in range(layers)])
        lowered(monkeypatch, step(net, lambda net, x: net(x).sum()), Tensor(np.ones((2, width, 13, 7), np.float32)))
        counts.append(len(made))
        made.clear()
    assert counts[0] == counts[1] > 0


def test_answers_that_depend_on_sizes_are_not_remembered():
    asked = []

    @remembered
    def total(numbers, more):
        asked.append(numbers)
        return sum(numbers) + more

    assert [total([1, 2], 3), total([1, 2], 3), total([1, 2], 4), total((1, 2), 3)] == [6, 6, 7, 6]
    assert len(asked) == 3
    n = Sizes().symbol("n", 2)
    assert str(total([1, n], 3) - n) == "4" and total([1, n], 3) == 6
    assert len(asked) == 5
