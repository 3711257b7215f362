"""PYNATIVE mode: the last backward pass of a recording as one call (graph/tape_gradient.py)."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import tape_gradient


@pytest.fixture(autouse=True)
def anew(monkeypatch):
    """What a process has at its start."""
    monkeypatch.setattr(tape_gradient, "_gradients", type(tape_gradient._gradients)())
    monkeypatch.setattr(tape_gradient, "_functions", type(tape_gradient._functions)())
    monkeypatch.setattr(tape_gradient, "_credit", 2 * tape_gradient.TRACED_AT_ONCE)


def normal(*shape, seed=3):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def by_walking(call):
    ms.set_context(pynative_compile=False)
    try:
        return call()
    finally:
        ms.set_context(pynative_compile=True)


class Net(nn.Cell):
    """Pieces of the library between ops of the user, a weight that is used twice, views, a sum that stops a gradient."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Dense(6, 8), nn.Dense(8, 8)
        self.scale = Parameter(Tensor(normal(8)), name="scale")

    def construct(self, x):
        y = ops.relu(self.first(x)) * self.scale
        z = self.second(self.second(y)).reshape(2, -1, 8).swapaxes(0, 1)[-1] + self.scale
        return (z * ops.stop_gradient(y.sum())).mean() + ops.tanh(z).sum()


def test_the_compiled_pass_gives_the_gradients_of_the_walk_and_the_same_bits_at_each_call():
    net = Net()
    function = ms.value_and_grad(net, 0, net.trainable_params())

    def gradients():
        value, (dx, weights) = function(Tensor(normal(4, 6)))
        return [t.asnumpy() for t in (value, dx, *weights)]

    runs = [gradients() for _ in range(3)]
    assert len(tape_gradient._gradients) == 1 and None not in tape_gradient._gradients.values()
    for other in runs[1:]:
        for a, b in zip(runs[0], other):
            assert a.tobytes() == b.tobytes()
    for a, b in zip(runs[0], by_walking(gradients)):
        np.testing.assert_allclose(a, b, 1e-5, 1e-5)


def test_other_data_and_other_sizes():
    net = Net()
    function = ms.grad(net)
    for batch in (4, 2, 4):
        for seed in (1, 2):
            x = Tensor(normal(batch, 6, seed=seed))
            np.testing.assert_allclose(function(x).asnumpy(), by_walking(lambda x=x: function(x)).asnumpy(), 1e-5, 1e-5)
    assert len(tape_gradient._gradients) == 2


def small(x, y, n):
    """Results read twice, broadcasting, views, reductions, constants; ``n`` is another recording."""
    for _ in range(n):
        x = ops.sin(x * y) + x[0] * 1.5
    z = ops.amax(x @ y.T, 1)
    return (z * z).sum() + ops.where(x > 0, x, y).sum() - (x.reshape(-1)[:3] / 2).sum()


def test_the_function_of_a_small_recording_gives_the_bits_of_the_walk():
    x, y = Tensor(normal(3, 4)), Tensor(normal(3, 4, seed=4))
    for n in (2, 3):
        runs = [ms.grad(small, (0, 1))(x, y, n) for _ in range(4)]
        for dx, dy in runs[1:]:
            assert dx.asnumpy().tobytes() == runs[0][0].asnumpy().tobytes()
            assert dy.asnumpy().tobytes() == runs[0][1].asnumpy().tobytes()
    written = [f for f in tape_gradient._functions.values() if isinstance(f, tape_gradient.TapeFunction)]
    assert len(written) == 2
    other = Tensor(normal(3, 4, seed=9))
    step, d = 1e-3, Tensor(normal(3, 4, seed=10))
    slope = (small(other + d * step, y, 2) - small(other - d * step, y, 2)) / (2 * step)
    np.testing.assert_allclose((ms.grad(small)(other, y, 2) * d).sum().asnumpy(), slope.asnumpy(), 2e-2)


def test_results_have_memory_of_their_own_at_each_call():
    x, y = Tensor(normal(3)), Tensor(normal(3, seed=4))
    for _ in range(4):
        dx, dy = ms.grad(lambda x, y: (x + y).sum(), (0, 1))(x, y)
        dx.asnumpy()[:] = 7.0
        np.testing.assert_array_equal(dy.asnumpy(), np.ones(3))


def test_hooks_and_gradients_in_python_run_at_every_call():
    seen = []

    class Doubled(nn.Cell):
        def construct(self, x):
            return x * 2.0

        def bprop(self, x, out, g):
            seen.append(float(g.sum().asnumpy()))
            return (g * 3.0,)

    net, dense = Doubled(), nn.Dense(3, 2)
    for k in range(4):
        found = ms.grad(lambda x: dense(net(x)).sum())(Tensor(normal(2, 3)))
        np.testing.assert_allclose(found.asnumpy(), 3.0 * dense.weight.asnumpy().sum(0)[None].repeat(2, 0), 1e-5)
        assert len(seen) == k + 1


def test_the_same_output_twice_and_weights_that_nothing_reads():
    x = Tensor(normal(2, 3))
    dense, unused = nn.Dense(3, 3), Parameter(Tensor(normal(2)), name="unused")

    def f(x):
        y = dense(x)
        return y, y

    for _ in range(3):
        dx, (dw, nothing) = ms.grad(f, 0, ms.ParameterTuple([dense.weight, unused]))(x)
        np.testing.assert_allclose(dx.asnumpy(), 2 * dense.weight.asnumpy().sum(0)[None].repeat(2, 0), 1e-5)
        np.testing.assert_allclose(dw.asnumpy(), 2 * x.asnumpy().sum(0)[None].repeat(3, 0), 1e-5)
        np.testing.assert_array_equal(nothing.asnumpy(), np.zeros(2))


def test_a_program_whose_recordings_never_repeat_is_not_traced_again_and_again(monkeypatch):
    monkeypatch.setattr(tape_gradient, "_credit", 4)
    dense = nn.Dense(2, 2)

    def f(x, n):
        for _ in range(n):
            x = dense(x)
        return x.sum()

    x, w = Tensor(normal(1, 2)), dense.weight.asnumpy().astype(np.float64)
    for n in range(1, 7):
        found = ms.grad(f)(x, n).asnumpy()
        np.testing.assert_allclose(found[0], np.ones(2) @ np.linalg.matrix_power(w, n), 1e-4, 1e-6)
    assert len(tape_gradient._gradients) == 2
    for _ in range(2):  # the ones that are there are still used, and earn the next one
        ms.grad(f)(x, 1)
    ms.grad(f)(x, 7)
    assert len(tape_gradient._gradients) == 3


def test_sparse_gradients_beside_pieces():
    table = Parameter(Tensor(normal(5, 3)), name="table")
    dense = nn.Dense(3, 2)
    lookup = ops.SparseGatherV2()

    def f(rows):
        return dense(lookup(table, rows, 0)).sum()

    for _ in range(3):
        found = ms.grad(f, None, ms.ParameterTuple([table]))(Tensor([1, 1, 4]))[0]
        expected = np.zeros((5, 3), np.float32)
        np.add.at(expected, [1, 1, 4], dense.weight.asnumpy().sum(0))
        dense_form = found.to_dense() if hasattr(found, "to_dense") else found
        np.testing.assert_allclose(dense_form.asnumpy(), expected, 1e-5)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "layer_norm", "mse_loss", "var"])
def test_functions_of_several_ops_are_one_piece_on_large_arrays(name):
    call = {
        "layer_norm": lambda x: ops.layer_norm(x, (256,)),
        "mse_loss": lambda x: ops.mse_loss(x, x * 0.5, reduction="sum"),
        "var": lambda x: ops.var(x, 1),
    }.get(name, lambda x: getattr(ops, name)(x, axis=-1))

    def f(x):
        out = call(x)
        return (out * out).sum()

    x = Tensor(normal(160, 256))
    value, found = ms.value_and_grad(f)(x)
    np.testing.assert_allclose(call(x).asnumpy(), by_walking(lambda: call(x)).asnumpy(), 1e-4, 1e-6)
    expected_value, expected = by_walking(lambda: ms.value_and_grad(f)(x))
    np.testing.assert_allclose(value.asnumpy(), expected_value.asnumpy(), 1e-4)
    np.testing.assert_allclose(found.asnumpy(), expected.asnumpy(), 1e-3, 1e-5)


def test_complex_values_have_gradients_at_every_call():
    z = Tensor(np.array([1 + 2j, 3 - 1j], np.complex64))
    for _ in range(3):
        found = ms.grad(lambda z: (z * z.conj()).real().sum())(z)
        np.testing.assert_allclose(found.asnumpy(), 2 * z.asnumpy(), 1e-6)


class _Doubled(nn.Cell):
    """Its gradient is what the user says."""

    def construct(self, x):
        return x * 2.0

    def bprop(self, x, out, g):
        return (g * 3.0,)


@pytest.mark.parametrize("size", [4, 20000])
def test_only_the_node_that_has_to_be_walked_is_walked(size):
    first, doubled, second = nn.Dense(size, 3), _Doubled(), nn.Dense(3, 2)
    kept = Parameter(Tensor(normal(3)), name="kept")

    def loss(x):
        y = ops.tanh(first(x)) * kept
        z = ops.sigmoid(second(doubled(y) + y)) + kept[:2]
        return (z * z).sum() + kept.sum()

    weights = [*first.trainable_params(), *second.trainable_params(), kept]
    function = ms.value_and_grad(loss, 0, weights)

    def gradients():
        value, (dx, found) = function(Tensor(normal(4, size) / size))
        return [t.asnumpy() for t in (value, dx, *found)]

    runs = [gradients() for _ in range(2)]
    assert len(tape_gradient._gradients) == 2  # of what comes after the Cell and of what comes before it
    assert None not in tape_gradient._gradients.values()
    expected = by_walking(gradients)
    for found in runs:
        for a, b in zip(found, expected):
            np.testing.assert_allclose(a, b, 1e-5, 1e-6)


def test_a_backward_pass_that_is_compiled_is_listed():
    layer = nn.Dense(6, 5)
    function = ms.grad(lambda x: ops.exp(layer(x)).sum(), None, layer.trainable_params())
    with ms.inspect.profiling(steps=1) as profiles:
        function(Tensor(normal(4, 6)))
    names = [profile.inspection.name for profile in profiles]
    assert names == ["backward pass"]


class _Noted(nn.Cell):
    """Its gradient is the user's, and it notes what it was given."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def construct(self, x):
        return ops.sin(x) * 2.0

    def bprop(self, x, out, g):
        self.seen.append(("bprop", g.asnumpy().copy()))
        return (g * x + out,)


@pytest.mark.parametrize(
    "size", [4, 20000]
)  # small recordings are a function of NumPy calls, large ones a compiled call
def test_hooks_between_stretches_see_what_they_see_in_the_walk(size):
    seen = []

    def note(name, scale=None):
        def hook(g):
            seen.append((name, g.asnumpy().copy()))
            return None if scale is None else g * scale

        return hook

    class Block(nn.Cell):
        def construct(self, x):
            return ops.tanh(x) * x

    first, block, noted, second = nn.Dense(size, 3), Block(), _Noted(seen), nn.Dense(3, 3)
    shared = Parameter(Tensor(normal(3)), name="shared")
    block.register_backward_hook(
        lambda cell, to_inputs, to_outputs: seen.append(("after", to_inputs[0].asnumpy().copy()))
    )
    block.register_backward_pre_hook(lambda cell, to_outputs: (to_outputs[0] * 0.5,))
    second.register_backward_hook(lambda cell, to_inputs, to_outputs: (to_inputs[0] + 1.0,))
    shared.register_hook(note("shared", 2.0))

    def loss(x):
        y = ops.tanh(first(x)) * shared
        y.register_hook(note("y", 3.0))
        part = y[:, :2]
        part.register_hook(note("part"))
        z = second(noted(block(y)) + y) * shared
        z.register_hook(note("z"))
        dead = ops.exp(y)
        dead.register_hook(note("nothing reads it"))
        return (z * z).sum() + (part * part).sum()

    weights = [*first.trainable_params(), *second.trainable_params(), shared]
    function = ms.value_and_grad(loss, 0, weights)

    def run():
        seen.clear()
        value, (dx, found) = function(Tensor(normal(4, size) / size))
        return [t.asnumpy() for t in (value, dx, *found)], list(seen)

    runs = [run() for _ in range(3)]
    wanted, order = by_walking(run)
    assert [name for name, _ in order] == ["z", "bprop", "after", "part", "y", "shared"]
    for found, noticed in runs:
        assert [name for name, _ in noticed] == [name for name, _ in order]
        for a, b in [*zip(found, wanted), *((a, b) for (_, a), (_, b) in zip(noticed, order))]:
            np.testing.assert_allclose(a, b, 1e-4, 1e-6)


def test_a_hook_that_is_removed_fails_or_differentiates():
    dense, calls = nn.Dense(3, 3), []
    x = Tensor(normal(2, 3))

    def loss(x, scale=1.0):
        y = ops.tanh(dense(x))
        hook = y.register_hook(rule)
        if scale == 0.0:
            hook.remove()
        return (ops.exp(y) * y).sum()

    def inner(g):
        calls.append(1)
        return g * ms.grad(lambda v: (v * v).sum())(g)  # a gradient inside the backward pass

    rule = inner
    plain = by_walking(lambda: ms.grad(lambda x: loss(x, 0.0))(x).asnumpy())
    for _ in range(3):
        np.testing.assert_allclose(ms.grad(lambda x: loss(x, 0.0))(x).asnumpy(), plain, 1e-5, 1e-7)
    assert not calls
    wanted = by_walking(lambda: ms.grad(loss)(x).asnumpy())
    for _ in range(3):
        np.testing.assert_allclose(ms.grad(loss)(x).asnumpy(), wanted, 1e-5, 1e-7)
    assert len(calls) == 4

    def fails(g):
        raise KeyError("in a hook")

    rule = fails
    for _ in range(3):
        with pytest.raises(KeyError, match="in a hook"):
            ms.grad(loss)(x)
    rule = inner
    np.testing.assert_allclose(ms.grad(loss)(x).asnumpy(), wanted, 1e-5, 1e-7)
