"""What a compilation costs before machine code is made: steps of the algorithms, which grow with the number of nodes alone."""

import itertools
import random
import sys
from dataclasses import dataclass

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.graph import arena, passes, trace as tracing
from minispore.graph.arena import lifetimes, place
from minispore.graph.executable import Executable, plan
from minispore.graph.fuse import fuse
from minispore.graph.lower import Builder
from minispore.graph.memory import ALIGN, Buffer
from minispore.graph.touched import Touched


def steps_of(function, *args):
    """(result, number of calls of functions, Python's and C's)"""
    count = 0

    def note(frame, event, arg):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        result = function(*args)
    finally:
        sys.setprofile(before)
    return result, count


def unrolled(turns):
    def loss(x, w):
        for _ in range(turns):
            h = ops.tanh(x @ w)
            x = h * 0.5 + x * ops.sigmoid(h)
        return (x * x).sum()

    return ms.value_and_grad(loss, (0, 1))


def layers(count):
    """A step of Adam on a network of so many layers, whose updates are computed as their gradients are made."""
    net = nn.SequentialCell([layer for _ in range(count) for layer in (nn.Dense(96, 96), nn.ReLU())])
    optimizer = nn.Adam(net.trainable_params(), 1e-3)
    compute = ms.value_and_grad(lambda x: (net(x) ** 2).mean(), None, optimizer.parameters)

    def step(x):
        loss, grads = compute(x)
        optimizer(grads)
        return loss

    return step


def compile_without_kernels(function, *inputs):
    """{phase: steps}"""
    steps = {}
    (graph, _, _), steps["trace"] = steps_of(tracing.trace, function, inputs, {})
    graph, steps["passes"] = steps_of(passes.optimise, graph)
    units, steps["fuse"] = steps_of(fuse, graph)
    builder = Builder(graph, units, 2)
    items, steps["lower"] = steps_of(builder.run)
    _, steps["plan"] = steps_of(plan, builder, items)
    return steps


@pytest.mark.parametrize("make, count, shapes", [(unrolled, 60, [(4, 8), (8, 8)]), (layers, 30, [(96, 96)])])
def test_twice_the_nodes_cost_twice_the_steps(make, count, shapes, monkeypatch):
    monkeypatch.setattr(arena, "LARGE", 100)
    inputs = [Tensor(np.ones(shape, np.float32)) for shape in shapes]
    small, large = (compile_without_kernels(make(n), *inputs) for n in (count, 2 * count))
    for phase, steps in small.items():
        assert large[phase] < 2.3 * steps, (phase, steps, large[phase])


def lines_of(function, *args):
    """(result, number of lines that ran, each turn of a comprehension being one)"""
    count = 0

    def note(frame, event, arg):
        nonlocal count
        count += event == "line"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        result = function(*args)
    finally:
        sys.settrace(before)
    return result, count


class Shifts(nn.Cell):
    """A layer that moves its statistics, as batch normalisation does."""

    def __init__(self):
        super().__init__()
        self.mean = ms.Parameter(Tensor(np.zeros(4, np.float32)), requires_grad=False)
        self.scale = ms.Parameter(Tensor(np.ones(4, np.float32)))

    def construct(self, x):
        ops.assign(self.mean, 0.9 * self.mean + x.mean(0))
        return ops.tanh(x * self.scale - self.mean)


@pytest.mark.parametrize(
    "around", [lambda cell: cell, lambda cell: cell.recompute() or cell], ids=["plain", "recomputed"]
)
def test_a_call_of_a_cell_does_not_go_through_the_parameters_of_all_others(around):
    """Twice the layers, each with Parameters that it assigns, take twice the lines to trace."""

    def lines(count):
        net = nn.SequentialCell([around(Shifts()) for _ in range(count)])
        step = ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params())
        return lines_of(tracing.trace, step, (Tensor(np.ones((2, 4), np.float32)),), {})[1]

    lines(2)
    first, second, third = map(lines, (40, 80, 160))
    assert third - second < 2.1 * (second - first)


def test_the_calls_of_a_phase_are_not_compared_with_each_other():
    """Small calls that run on one thread share a phase of any length."""

    def lines(turns):
        graph, _, _ = tracing.trace(
            unrolled(turns), (Tensor(np.ones((4, 8), np.float32)), Tensor(np.ones((8, 8), np.float32))), {}
        )
        graph = passes.optimise(graph)
        builder = Builder(graph, fuse(graph), 2)
        items = builder.run()
        made, _ = Executable(graph, builder, items), plan(builder, items)
        assert max(map(len, made.members.values())) > turns
        return lines_of(made._tables, 2)[1]

    first, second, third = map(lines, (40, 80, 160))
    assert third - second < 2.1 * (second - first)


def test_ranges_that_calls_touch_are_those_that_were_added():
    """Compared with one question of each range; rows of one memory in different turns are apart."""

    def overlap(a, b):
        (begin, end, row), (its_begin, its_end, its) = a, b
        return begin < its_end and its_begin < end and not (row and its and row[0] == its[0] and row[1] != its[1])

    generator = random.Random(5)

    def drawn():
        if generator.random() < 0.3:
            memory = generator.randrange(4)
            return 40 * memory, 40 * memory + 40, (memory, generator.randrange(2))
        begin = generator.randrange(200)
        return begin, begin + generator.choice([1, 4, 20, 60]), None

    answers = []
    for _ in range(100):
        touched, added = Touched(), []
        for _ in range(20):
            asked, new = drawn(), drawn()
            answers.append(touched.has(*asked))
            assert answers[-1] == any(overlap(asked, its) for its in added)
            touched.add(*new)
            added.append(new)
    assert {True, False} == set(answers)


@pytest.mark.parametrize("layer", ["LSTM", "GRU", "RNN"])
def test_a_long_sequence_is_a_loop(layer):
    """Its graph does not depend on the length, and its results are those of shorter pieces, which are written out."""
    ms.set_seed(2)
    net = getattr(nn, layer)(3, 4, bidirectional=True)
    lengths = Tensor([70, 41, 90])
    loss = ms.value_and_grad(lambda x: (net(x, None, lengths)[0] ** 2).sum(), 0, net.trainable_params())
    nodes = [len(tracing.trace(loss, (Tensor(np.ones((n, 3, 3), np.float32)),), {})[0].nodes) for n in (90, 180)]
    assert nodes[0] == nodes[1]
    x = Tensor(np.random.default_rng(0).normal(size=(90, 3, 3)).astype(np.float32))
    value, (gx, gw) = ms.jit(loss)(x)
    ms.set_context(pynative_compile=False)  # op by op
    wanted, (wx, ww) = loss(x)
    ms.set_context(pynative_compile=True)
    np.testing.assert_allclose(value.asnumpy(), wanted.asnumpy(), 1e-5)
    np.testing.assert_allclose(gx.asnumpy(), wx.asnumpy(), 1e-4, 1e-6)
    for a, b in zip(gw, ww):
        np.testing.assert_allclose(a.asnumpy(), b.asnumpy(), 1e-4, 1e-4)


# ---------------------------------------------------------------- the arena
@dataclass
class Touch:
    buffer: Buffer


@dataclass
class Call:
    reads: list
    writes: list


def program(n, seed):
    """Calls that each write a buffer and read recent ones, some of them old ones."""
    generator, buffers, calls = random.Random(seed), [], []
    for _ in range(n):
        buffer = Buffer("temp", generator.choice([0, 8, 64, 256, 1000, 4096, 100_000]))
        reads = [Touch(generator.choice(buffers[-20:])) for _ in range(2)] if buffers else []
        if buffers and generator.random() < 0.3:
            reads.append(Touch(generator.choice(buffers)))
        buffers.append(buffer)
        calls.append(Call(reads, [Touch(buffer)]))
    return calls, buffers


@pytest.mark.parametrize("large", [0, 50, 1024])
@pytest.mark.parametrize(("n", "seed"), [(1, 0), (20, 1), (150, 2), (150, 3), (400, 4)])
def test_buffers_that_are_alive_together_do_not_overlap(n, seed, large, monkeypatch):
    monkeypatch.setattr(arena, "LARGE", large)
    calls, buffers = program(n, seed)
    first, last = lifetimes(calls)
    size = place(buffers, [(first[id(b)], last[id(b)]) if id(b) in first else None for b in buffers])
    for b in buffers:
        assert b.offset % ALIGN == 0 and b.offset + b.nbytes <= size
    for a, b in itertools.combinations(buffers, 2):
        if first[id(a)] <= last[id(b)] and first[id(b)] <= last[id(a)] and a.nbytes and b.nbytes:
            assert a.offset + a.nbytes <= b.offset or b.offset + b.nbytes <= a.offset
    if large > n:
        assert size <= 1.3 * most_alive(buffers, first, last)


def test_buffers_of_the_fullest_moment_are_placed_first_where_other_orders_leave_gaps():
    """The largest ones of a small convolutional network: (KiB, first and last call)."""
    given = [
        (1506, 22, 22), (1436, 24, 24), (1412, 0, 27), (1412, 1, 28), (1412, 27, 30), (1412, 26, 27), (1232, 6, 6), (1212, 28, 28), (1180, 3, 3),
        (734, 3, 23), (734, 4, 24), (734, 23, 28), (734, 22, 23), (633, 26, 26), (581, 30, 30), (530, 6, 20), (530, 20, 24),
    ]  # fmt: skip
    buffers = [Buffer("temporary", size << 10) for size, *_ in given]
    lives = [(first, last) for _, first, last in given]
    alive = max(sum(size << 10 for size, first, last in given if first <= t <= last) for t in range(31))
    assert alive <= place(buffers, lives) <= 1.02 * alive


def residual(channels):
    class Block(nn.Cell):
        def __init__(self):
            super().__init__()
            self.first, self.second = (nn.Conv2d(channels, channels, 3, weight_init="ones") for _ in range(2))
            self.norms = nn.CellList([nn.BatchNorm2d(channels) for _ in range(2)])

        def construct(self, x):
            return ops.relu(self.norms[1](self.second(ops.relu(self.norms[0](self.first(x))))) + x)

    return Block()


NETWORKS = {
    "images": (
        lambda: [
            nn.Conv2d(3, 8, 3),
            residual(8),
            nn.MaxPool2d(2, 2),
            nn.Conv2d(8, 16, 3),
            residual(16),
            nn.Flatten(),
            nn.Dense(1024, 5),
        ],
        (4, 3, 16, 16),
    ),
    "words": (lambda: [nn.TransformerEncoderLayer(16, 2, 32, dropout=0.1) for _ in range(3)], (6, 4, 16)),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_training_step_needs_hardly_more_than_is_alive(name):
    layers, shape = NETWORKS[name]
    net = nn.SequentialCell(layers()).set_train()
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    compute = ms.value_and_grad(lambda x: (net(x) ** 2).sum(), None, optimizer.parameters)

    def step(x):
        value, grads = compute(x)
        optimizer(grads)
        return value

    graph, _, _ = tracing.trace(step, (Tensor(np.ones(shape, np.float32)),), {})
    graph = passes.optimise(graph)
    builder = Builder(graph, fuse(graph), 2)
    size = plan(builder, builder.run())
    first, last = lifetimes(builder.calls)
    assert size <= 1.05 * most_alive([b for b in builder.temporaries if id(b) in first], first, last)


def most_alive(buffers, first, last) -> int:
    """The bytes that are alive at once, at most: no plan can do with less."""
    sizes = [(first[id(b)], last[id(b)], -(-b.nbytes // ALIGN) * ALIGN) for b in buffers]
    return max(sum(n for begin, end, n in sizes if begin <= t <= end) for t in {begin for begin, *_ in sizes})
