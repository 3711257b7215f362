"""Elementwise groups that take a product's result as it is made: values, what stays apart, and the memory that is not there."""

import os
import subprocess
import sys

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import fuse
from minispore.graph.build import set_threads, threads

BATCH = 64


@pytest.fixture(autouse=True)
def as_before(graph_mode):
    n = threads()
    yield
    set_threads(n)


@pytest.fixture
def apart(monkeypatch):
    """Calls a function where products and groups are units of their own."""

    def call(function):
        with monkeypatch.context() as patch:
            patch.setattr(fuse, "with_epilogues", lambda units, graph: units)
            return function()

    return call


def network(*sizes):
    ms.set_seed(1)
    return nn.SequentialCell([nn.Dense(a, b, activation="relu") for a, b in zip(sizes, sizes[1:])])


def data(n, features=128):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(n, features)), rng.integers(0, 32, n)
    return Tensor(x.astype(np.float32)), Tensor(y.astype(np.int32))


def training(make, batch=BATCH, copies=None, layers=(128, 256, 128, 32)):
    """(the step's Inspection, Parameters after three steps)."""
    net = nn.WithLossCell(network(*layers), nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
    step = nn.TrainOneStepCell(net, make(net.trainable_params()))
    if copies:
        step = ms.ensemble(step, learning_rate=np.geomspace(1e-3, 1e-1, copies))
    for _ in range(3):
        step(*data(batch))
    inspection = step.graph(*data(batch))
    assert inspection.executable.calls  # made now
    return inspection, [p.asnumpy().copy() for p in step.get_parameters()]


def calls_with_epilogues(inspection):
    return [c for c in inspection.executable.calls if c.then is not None]


OPTIMIZERS = {
    "SGD": lambda ps: nn.SGD(ps, 0.1),
    "Momentum": lambda ps: nn.Momentum(ps, 0.1, 0.9, use_nesterov=True),
    "Adam": lambda ps: nn.Adam(ps, 0.01),
    "AdamWeightDecay": lambda ps: nn.AdamWeightDecay(ps, 0.01, weight_decay=0.1),
    "Lion": lambda ps: nn.Lion(ps, 0.01),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_is_the_same_as_with_gradients_in_memory(name, apart):
    """Bit by bit; the two larger weights have no gradient in memory."""
    one, old = apart(lambda: training(OPTIMIZERS[name]))
    two, new = training(OPTIMIZERS[name])
    assert not calls_with_epilogues(one) and sum(c.commits for c in calls_with_epilogues(two)) == 2
    groups = [sum(c.source.name.startswith("fused_") for c in i.executable.calls) for i in (one, two)]
    assert groups[0] - groups[1] == len(calls_with_epilogues(two))
    for a, b in zip(old, new, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_number_of_threads_changes_nothing():
    found = []
    for n in (1, 2):
        set_threads(n)
        found.append(training(OPTIMIZERS["Adam"])[1])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(
            a, b, 1e-4, 3e-6
        )  # Adam at 0.01, three steps: the first ones follow the signs of gradients


@pytest.mark.parametrize("copies", [8, 5])
def test_an_ensemble(copies, apart):
    """Each copy's weights are updated from products that nothing else holds, where copies are shared out evenly."""
    set_threads(2)
    one, old = apart(lambda: training(OPTIMIZERS["Adam"], copies=copies))
    two, new = training(OPTIMIZERS["Adam"], copies=copies)
    for a, b in zip(old, new, strict=True):
        np.testing.assert_array_equal(a, b)
    if copies == 8:
        assert calls_with_epilogues(two) and two.executable.arena_bytes < one.executable.arena_bytes


def of_matrices(m, n, k, kind=np.float32):
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape).astype(kind) for shape in ((k, m), (k, n), (m, n))]


@pytest.mark.quick
@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("terms", [8, 20, 72, 900])
def test_momentum_in_numpy(terms, turned, kind):
    """By BLAS, by tiles, by panels in one pass and in several; for both orders of the weight; blocks of rows end within tiles."""
    g, x, w = of_matrices(304, 208, terms, kind)
    w = w.T.copy() if turned else w
    weight, moment = Parameter(Tensor(w), name="w"), Parameter(Tensor(np.zeros_like(w)), name="m")

    @ms.jit
    def step(g, x):
        gradient = ops.matmul(x.T, g) if turned else ops.matmul(g.T, x)
        ops.assign(moment, moment * 0.9 + gradient)
        ops.assign(weight, weight - moment * 0.125)

    m, expected = 0, w.astype(np.float64)
    for _ in range(2):
        step(Tensor(g), Tensor(x))
        m = m * 0.9 + (x.T.astype(np.float64) @ g if turned else g.T.astype(np.float64) @ x)
        expected = expected - m * 0.125
    assert len(calls_with_epilogues(step.graph(Tensor(g), Tensor(x)))) == 1
    tolerance = 1e-4 if kind is np.float32 else 1e-11
    np.testing.assert_allclose(weight.asnumpy(), expected, rtol=tolerance, atol=tolerance * 10)


def test_a_gradient_takes_no_memory():
    """The arena of a step is a few rows, for a weight of a megabyte."""
    g, x, w = of_matrices(512, 512, 16)
    weight = Parameter(Tensor(w), name="w")

    @ms.jit
    def step(g, x):
        ops.assign(weight, weight - ops.matmul(g.T, x) * 0.5)

    set_threads(1)
    step(Tensor(g), Tensor(x))
    assert step.graph(Tensor(g), Tensor(x)).executable.arena_bytes == 128 * 512 * 4
    np.testing.assert_allclose(weight.asnumpy(), w - 0.5 * (g.T @ x), rtol=1e-4, atol=1e-4)


def test_several_results_and_a_bias():
    """A forward product: what is returned are two results of other types, and one operand is a row."""
    x, y, _ = of_matrices(96, 112, 32)
    b = np.linspace(-1, 1, 112, dtype=np.float32)

    @ms.jit
    def f(x, y, b):
        z = (ops.matmul(x.T, y) + b).reshape(4, 24, 112)
        return z, z > 0.5, ops.cast(ops.tanh(z), ms.float16)

    found = [t.asnumpy() for t in f(Tensor(x), Tensor(y), Tensor(b))]
    z = (x.T.astype(np.float64) @ y + b).reshape(4, 24, 112)
    np.testing.assert_allclose(found[0], z, rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(found[1], found[0] > 0.5)
    np.testing.assert_allclose(found[2], np.tanh(z), atol=2e-3)
    assert len(calls_with_epilogues(f.graph(Tensor(x), Tensor(y), Tensor(b)))) == 1


def joined(f, *arguments):
    f(*arguments)
    return len(calls_with_epilogues(f.graph(*arguments)))


@pytest.mark.parametrize("shape", [(8, 32, 48, 48), (4, 64, 128, 256)])
def test_what_is_added_to_each_of_a_batch(shape):
    """Positions beside projected words: they are there for several rows together, but not for all."""
    n, rows, inside, width = shape
    rng = np.random.default_rng(0)
    h, w, p = (rng.standard_normal(s).astype(np.float32) for s in ((n, rows, inside), (inside, width), (rows, width)))
    for count in (1, 2):
        set_threads(count)
        found = ms.jit(lambda h, w, p: ops.matmul(h, w) + p)(Tensor(h), Tensor(w), Tensor(p))
        np.testing.assert_allclose(found.asnumpy(), h.astype(np.float64) @ w + p, rtol=1e-4, atol=1e-4)


def test_what_stays_apart():
    """Products whose results something else reads, and those that read what would be written over."""
    g, x, w = (Tensor(a) for a in of_matrices(128, 128, 128))
    weight = Parameter(w.copy(), name="w")

    @ms.jit
    def clipped(g, x):
        gradient = ops.matmul(g.T, x)
        ops.assign(weight, weight - gradient / ops.sqrt((gradient * gradient).sum()))

    @ms.jit
    def returned(g, x):
        gradient = ops.matmul(g.T, x)
        ops.assign(weight, weight - gradient)
        return gradient

    @ms.jit
    def of_itself(g):
        ops.assign(weight, weight - ops.matmul(weight, g))

    @ms.jit
    def in_part(g, x):
        return ops.matmul(g.T, x)[1:] + 1

    assert joined(clipped, g, x) == joined(returned, g, x) == joined(of_itself, g) == joined(in_part, g, x) == 0
    weight.set_data(w.copy())
    of_itself(g)
    a, b = w.asnumpy().astype(np.float64), g.asnumpy()
    np.testing.assert_allclose(weight.asnumpy(), a - a @ b, rtol=1e-4, atol=1e-3)


def test_the_old_weight_is_read_before(apart):
    """The gradient of a layer's input reads the weight whose update is the epilogue of another product."""

    def gradients():
        weight = Parameter(Tensor(of_matrices(96, 96, 64)[2]), name="w")

        @ms.jit
        def step(x):
            value, (inner, outer) = ms.value_and_grad(lambda x: (ops.matmul(x, weight) ** 2).sum(), 0, [weight])(x)
            ops.assign(weight, weight - outer[0] * 0.01)
            return value, inner

        x = Tensor(of_matrices(96, 96, 64)[0])
        return [t.asnumpy() for _ in range(2) for t in step(x)]

    for a, b in zip(apart(gradients), gradients(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_nothing_is_lost_where_a_step_fails():
    """An index that is out of range is found before the first weight is changed."""
    net = network(128, 256, 128, 32)
    compute = ms.value_and_grad(lambda x, y: net(x).gather(y, 0).sum(), None, net.trainable_params())
    optimizer = nn.SGD(net.trainable_params(), 0.1)

    @ms.jit
    def step(x, y):
        value, grads = compute(x, y)
        optimizer(grads)
        return value

    x, _ = data(BATCH)
    assert joined(step, x, Tensor(np.arange(BATCH, dtype=np.int32))) >= 1
    before = [p.asnumpy().copy() for p in net.trainable_params()]
    with pytest.raises(IndexError):
        step(x, Tensor(np.full(BATCH, BATCH, np.int32)))
    for a, p in zip(before, net.trainable_params(), strict=True):
        np.testing.assert_array_equal(a, p.asnumpy())


def test_new_sizes_of_a_batch(apart):
    """Steps for further sizes, which come from templates, do the same."""

    def run():
        net = nn.WithLossCell(
            network(128, 256, 128, 32), nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
        )
        step = nn.TrainOneStepCell(net, nn.Adam(net.trainable_params(), 0.01))
        before = ms.graph.compile_stats()["resized"]
        losses = [step(*data(n)).asnumpy() for n in (64, 72, 80, 68, 96)]
        assert ms.graph.compile_stats()["resized"] > before
        return losses + [p.asnumpy().copy() for p in step.get_parameters()]

    for a, b in zip(apart(run), run(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_carried_value_that_the_product_reads():
    """In a loop the new value must not be written over rows that the product still reads."""
    w = np.random.default_rng(0).normal(size=(96, 96)).astype(np.float32) * 0.1

    @ms.jit
    def f(h, w, n):
        while n > 0:
            h = ops.tanh(ops.matmul(h, w))
            n = n - 1
        return h

    h = np.random.default_rng(1).normal(size=(96, 96)).astype(np.float32)
    found = f(Tensor(h), Tensor(w), Tensor(3)).asnumpy()
    for _ in range(3):
        h = np.tanh(h @ w)
    np.testing.assert_allclose(found, h, rtol=1e-4, atol=1e-5)


def test_what_an_inspection_shows():
    """The kernel that a product calls belongs to the call: its text, its Parameters, its nodes."""
    inspection, _ = training(OPTIMIZERS["SGD"])
    call = calls_with_epilogues(inspection)[-1]
    kernel = inspection.kernels[inspection.executable.calls.index(call)]
    assert "then_mul_sub" in kernel.source and {n.op.name for n in call.nodes} >= {"matmul", "mul", "sub"}
    assert "weight" in str(kernel) and "then_mul_sub" in str(kernel)


def test_kernels_in_python():
    """``MINISPORE_JIT=0``: the kernel that is called by its address is a function of Python."""
    program = """
import numpy as np, minispore as ms
from minispore import Parameter, Tensor, ops
g, x = np.random.default_rng(0).normal(size=(2, 16, 160)).astype(np.float32)
w = Parameter(Tensor(np.zeros((160, 160), np.float32)), name="w")
@ms.jit
def step(g, x):
    ops.assign(w, w - ops.matmul(g.T, x) * 0.5)
step(Tensor(g), Tensor(x))
(call,) = step.graph(Tensor(g), Tensor(x)).executable.calls
np.testing.assert_allclose(w.asnumpy(), -0.5 * g.T @ x, rtol=1e-5, atol=1e-5)
print(call.then.name)
"""
    done = subprocess.run(
        [sys.executable, "-"], input=program, env={**os.environ, "MINISPORE_JIT": "0"}, capture_output=True, text=True
    )
    assert done.stdout == "then_mul_sub\n", done.stderr
