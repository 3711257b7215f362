"""PYNATIVE mode: compiled pieces inside eager gradients, kernels for large arrays, and memory that is let go at once."""

import gc
import signal

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.core.op import REGISTRY, library
from minispore.core.record import STATE
from minispore.flow.control import graph_of
from minispore.flow.subgraph import trace_inside
from minispore.graph import compile_stats, entries
from minispore.graph.passes import optimise
from minispore.graph.piece import Piece


@pytest.fixture(autouse=True)
def pynative():
    ms.set_context(mode=ms.PYNATIVE_MODE)
    yield
    ms.set_context(mode=ms.PYNATIVE_MODE, pynative_compile=True)


def new(name="", before=None):
    """What was compiled since ``before``."""
    return compile_stats()["traces"] - before["traces"]


def array(*shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def energy(x, w):
    return (ops.tanh(x @ w) ** 2).sum()


# ---------------------------------------------------------------- jit inside an eager gradient
def test_a_jit_function_inside_a_gradient_is_compiled_once():
    f = ms.jit(lambda x, w: energy(x, w))
    gradient = ms.value_and_grad(f, (0, 1))
    before = compile_stats()
    for k in range(3):
        x, w = array(4, 3, seed=k), array(3, 5, seed=k + 9)
        value, (gx, gw) = gradient(Tensor(x), Tensor(w))
        y = np.tanh(x @ w)
        outer = 2 * y * (1 - y * y)
        np.testing.assert_allclose(value.asnumpy(), (y * y).sum(), 1e-12)
        np.testing.assert_allclose(gx.asnumpy(), outer @ w.T, 1e-10)
        np.testing.assert_allclose(gw.asnumpy(), x.T @ outer, 1e-10)
    assert new(before=before) == 1
    kernels = compile_stats()["compiled"] + compile_stats()["loaded"]
    gradient(Tensor(array(7, 3)), Tensor(array(3, 5)))  # another batch size: a trace, and no kernel
    assert compile_stats()["compiled"] + compile_stats()["loaded"] == kernels


def test_derivatives_of_any_order_through_a_piece():
    w = Tensor(array(3, 5, seed=1) * 0.3)
    f = ms.jit(lambda x: energy(x, w))

    def next_order(g):
        return lambda x: (g(x) ** 2).sum()

    functions = [f]
    for _ in range(3):
        functions.append(next_order(ms.grad(functions[-1])))
    x, v, step = array(4, 3) * 0.3, array(4, 3, seed=5), 1e-5
    for function in functions:
        slope = (float(function(Tensor(x + step * v))) - float(function(Tensor(x - step * v)))) / (2 * step)
        assert float((ms.grad(function)(Tensor(x)) * Tensor(v)).sum()) == pytest.approx(slope, rel=1e-6)


def test_transforms_of_a_piece():
    w, xs = Tensor(array(3, 5, seed=1)), Tensor(array(6, 4, 3))
    f = ms.jit(energy)
    each = [ms.grad(energy)(x, w).asnumpy() for x in xs]
    np.testing.assert_allclose(ms.vmap(ms.grad(f), (0, None))(xs, w).asnumpy(), each, 1e-10)
    np.testing.assert_allclose(ms.jacrev(ms.grad(f))(xs[0], w).asnumpy(), ms.jacfwd(ms.grad(energy))(xs[0], w).asnumpy(), 1e-9, 1e-12)  # fmt: skip
    value, slope = ms.jvp(f, (xs[0], w), (xs[1], w))
    wanted = ms.jvp(energy, (xs[0], w), (xs[1], w))
    np.testing.assert_allclose([float(value), float(slope)], [float(x) for x in wanted], 1e-10)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first, self.norm, self.last = nn.Dense(3, 6, has_bias=False), nn.BatchNorm1d(6), nn.Dense(6, 1)

    def construct(self, x):
        return self.last(ops.relu(self.norm(self.first(x))))


def train(compiled: bool, steps=6):
    ms.set_context(pynative_compile=compiled)
    ms.set_seed(3)
    net = Net()
    net.set_train()
    optimizer = nn.Adam(net.trainable_params(), nn.ExponentialDecayLR(0.05, 0.9, 2))
    gradient = ms.value_and_grad(lambda x: (net(x) ** 2).mean(), None, optimizer.parameters)
    losses = []
    for k in range(steps):
        loss, grads = gradient(Tensor(array(8, 3, seed=k, dtype=np.float32)))
        optimizer(grads)
        losses.append(float(loss))
    return losses, {name: p.asnumpy() for name, p in net.parameters_dict().items()}


def test_training_with_and_without_pieces_is_the_same():
    with_pieces, without = train(True), train(False)
    np.testing.assert_allclose(with_pieces[0], without[0], 1e-5)
    for name, value in without[1].items():
        np.testing.assert_allclose(with_pieces[1][name], value, 1e-4, 1e-5, err_msg=name)


def test_a_jit_cell_inside_a_gradient_trains_its_statistics_and_weights():
    ms.set_seed(3)
    net = ms.jit(Net())
    net.set_train()
    before, x = compile_stats(), Tensor(array(8, 3, dtype=np.float32))
    gradient = ms.value_and_grad(lambda x: (net(x) ** 2).mean(), None, net.trainable_params())
    first = net.norm.moving_mean.asnumpy()
    _, grads = gradient(x)
    gradient(x)
    assert new(before=before) == 1
    assert all(np.abs(g.asnumpy()).sum() > 0 for g in grads)
    mean = (x.asnumpy() @ net.first.weight.asnumpy().T).mean(0)
    np.testing.assert_allclose(net.norm.moving_mean.asnumpy(), 0.81 * first + 0.19 * mean, 1e-4, 1e-6)


def test_changing_a_rate_or_the_mode_of_training_compiles_nothing_again():
    net = Net()
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    gradient = ms.value_and_grad(lambda x: net(x).sum(), None, optimizer.parameters)
    x = Tensor(array(8, 3, dtype=np.float32))

    def step(training, rate):
        net.set_train(training)
        ops.assign(optimizer.learning_rate, Tensor(rate, ms.float32))
        optimizer(gradient(x)[1])

    step(True, 0.1), step(False, 0.1)
    before = compile_stats()
    for k in range(4):
        step(k % 2 == 0, 0.1 / (k + 1))
    assert new(before=before) == 0


def test_captured_tensors_and_parameters_are_read_anew():
    scale, shift = Parameter(Tensor(2.0, ms.float64), name="scale"), Tensor(np.array(1.0))
    f = ms.jit(lambda x: (x * scale + shift).sum())
    x = Tensor(array(3))
    assert float(ms.value_and_grad(f)(x)[0]) == pytest.approx(2 * x.asnumpy().sum() + 3)
    scale.set_data(Tensor(5.0, ms.float64))
    shift += 1.0
    value, (gx, gs) = ms.value_and_grad(f, 0, scale)(x)
    assert float(value) == pytest.approx(5 * x.asnumpy().sum() + 6)
    assert gx.asnumpy().tolist() == [5.0] * 3 and float(gs) == pytest.approx(x.asnumpy().sum())


def test_a_captured_tensor_may_change_its_shape():
    held = {"y": Tensor(array(2, 3))}
    f = ms.jit(lambda x: (x * held["y"]).sum())
    x = Tensor(np.array(2.0))
    for shape in ((2, 3), (4, 3), (2, 3)):
        held["y"]._rebind(Tensor(array(*shape)))
        assert float(ms.grad(f)(x)) == pytest.approx(array(*shape).sum())


def test_a_tensor_of_the_surrounding_gradient_flows_into_a_piece():
    def outer(x):
        y = x * 3.0
        return ms.jit(lambda z: (z * y).sum())(x)  # y from outside, on the path of the gradient

    assert ms.grad(outer)(Tensor(np.array([1.0, 2.0]))).asnumpy().tolist() == [6.0, 12.0]


def test_what_cannot_be_one_graph_runs_op_by_op():
    f = ms.jit(lambda x: ops.masked_select(x, x > 0.0).sum() * 2.0)
    with pytest.warns(RuntimeWarning, match="op by op"):
        assert ms.grad(f)(Tensor([1.0, -2.0, 3.0])).asnumpy().tolist() == [2.0, 0.0, 2.0]


def test_hooks_and_prints_in_layers_that_a_user_wrote_still_run(capsys):
    seen = []

    class Shown(nn.Cell):
        def construct(self, x):
            print("shape", x.shape)
            seen.append(type(x.asnumpy()))
            return x * 2.0

    class Mine(nn.LayerNorm):
        def construct(self, x):
            seen.append("mine")
            return super().construct(x)

    shown, mine, dense = Shown(), Mine((3,)), nn.Dense(3, 2)
    dense.register_forward_hook(lambda cell, inputs, output: seen.append(inputs[0].asnumpy().shape))
    gradient = ms.grad(lambda x: dense(mine(shown(x))).sum())
    for _ in range(2):
        gradient(Tensor(array(4, 3, dtype=np.float32)))
    assert capsys.readouterr().out.count("shape (4, 3)") == 2
    assert seen == [np.ndarray, "mine", (4, 3)] * 2


def test_bprop_and_assignments_in_it_work_inside_a_piece():
    class Clipped(nn.Cell):
        def __init__(self):
            super().__init__()
            self.count = Parameter(Tensor(0.0, ms.float32), name="count", requires_grad=False)

        def construct(self, x):
            return x * x

        def bprop(self, x, out, dout):
            ops.assign(self.count, self.count + 1.0)
            return (ops.clamp(2.0 * x * dout, -1.0, 1.0),)

    cell = ms.jit(Clipped())
    gradient = ms.grad(lambda x: cell(x).sum())
    for _ in range(2):
        assert gradient(Tensor([0.1, 3.0])).asnumpy().tolist() == pytest.approx([0.2, 1.0])
    assert float(cell.count) == 2.0


def test_stop_gradient_inside_a_piece_holds_for_every_order():
    f = ms.jit(lambda x: (ops.stop_gradient(x * x) * x).sum())
    x = Tensor(np.array([1.0, 2.0]))
    assert ms.grad(f)(x).asnumpy().tolist() == [1.0, 4.0]
    assert ms.grad(lambda x: ms.grad(f)(x).sum())(x).asnumpy().tolist() == [0.0, 0.0]


def test_a_wrong_shape_names_the_users_line():
    net = nn.Dense(3, 2)
    with pytest.raises(ValueError, match=r"test_pynative_pieces\.py:\d+"):
        ms.grad(lambda x: net(x).sum())(Tensor(array(4, 5, dtype=np.float32)))


def test_the_switch():
    ms.set_context(pynative_compile=False)
    before = compile_stats()
    optimizer = nn.Adam([Parameter(Tensor([1.0]), name="w")], 0.1)
    optimizer((Tensor([1.0]),))
    ms.grad(ms.jit(lambda x: (x * x).sum()))(Tensor([3.0]))
    assert new(before=before) == 0


# ---------------------------------------------------------------- kernels for large arrays
BIG = 300


@pytest.mark.parametrize(
    ("function", "by_numpy"),
    [
        (lambda x: ops.exp(x), np.exp),
        (lambda x: x.T + 1.0, lambda a: a.T + 1),
        (lambda x: x @ x.T, lambda a: a @ a.T),
        (lambda x: x.transpose(1, 0)[5:] * x[:, 5:].T, lambda a: a.T[5:] * a[:, 5:].T),
        (lambda x: ops.sum(x, 1), lambda a: a.sum(1)),
        (lambda x: ops.sum(x.T, 1), lambda a: a.T.sum(1)),
        (lambda x: x[::2].astype(ms.float64), lambda a: a[::2].astype(np.float64)),
        (lambda x: ops.maximum(x, 0.5), lambda a: np.maximum(a, 0.5)),
    ],
)
def test_large_arrays(function, by_numpy):
    a = array(BIG, BIG, dtype=np.float32)
    found = function(Tensor(a)).asnumpy()
    assert found.dtype == by_numpy(a).dtype
    np.testing.assert_allclose(found, by_numpy(a), 2e-4, 1e-4)


def test_both_modes_give_the_same_bits_where_the_same_kernel_runs():
    x = Tensor(array(2, 3, 40, 40, dtype=np.float32))
    net = nn.Conv2d(3, 8, 3)
    eager = net(x).asnumpy()
    compiled = ms.jit(lambda x: net(x))(x).asnumpy()
    assert (eager == compiled).all()


def test_an_index_out_of_range_in_a_large_array_names_the_line():
    table, at = Tensor(array(100, 100, dtype=np.float32)), Tensor(np.array([1, 200]))
    with pytest.raises(IndexError, match=r"test_pynative_pieces\.py:\d+"):
        ops.gather(table, at, 0)


@pytest.mark.parametrize("dtype", [ms.int8, ms.int16, ms.int32, ms.int64, ms.uint8, ms.uint32])
def test_floats_beyond_an_integer_type_convert_alike_at_all_sizes_and_in_both_modes(dtype):
    x = np.array([np.nan, np.inf, -np.inf, 3e10, -3e10, 300.0, -1.0, 7e4], np.float32)
    small = Tensor(x).astype(dtype).asnumpy()
    if dtype in (ms.int16, ms.int32):  # MindSpore's
        assert small[:3].tolist() == ([-(2**31)] * 3 if dtype is ms.int32 else [0] * 3)
    large = Tensor(np.tile(x, 5000)).astype(dtype).asnumpy()
    compiled = ms.jit(lambda x: x.astype(dtype))(Tensor(x)).asnumpy()
    assert (small == compiled).all() and (large == np.tile(small, 5000)).all()


def test_unsigned_integers_beyond_the_signed_ones():
    x = Tensor(np.array([1e19, 3.0, -1.0]))
    wanted = [10**19, 3, 2**64 - 1]
    assert x.astype(ms.uint64).tolist() == ms.jit(lambda x: x.astype(ms.uint64))(x).tolist() == wanted


@pytest.mark.parametrize("dtype", [ms.int64, ms.int32, ms.uint8])
def test_powers_of_integers(dtype):
    base, exponent = [2, 3, 1, 7, 0, 0], [3, 0, 5, 2, 2, 0]
    wanted = [8, 1, 1, 49, 0, 1]
    if dtype is not ms.uint8:
        base, exponent, wanted = [*base, -2, 2, -1, -1, 1], [*exponent, 3, -1, -3, -2, -1], [*wanted, -8, 0, -1, 1, 1]
    x, y = Tensor(base, dtype), Tensor(exponent, dtype)
    large = ops.pow(ops.tile(x, (4000,)), ops.tile(y, (4000,)))
    assert ops.pow(x, y).tolist() == ms.jit(ops.pow)(x, y).tolist() == large[-len(wanted) :].tolist() == wanted
    assert ms.jit(lambda y: 2**y)(Tensor([0, 5])).tolist() == [1, 32]


@pytest.mark.parametrize("dtype", [ms.float16, ms.bfloat16])
def test_sums_of_16_bit_floats_are_rounded_once(dtype):
    x = Tensor(array(200, 100) + 1.0).astype(dtype)
    exact = x.asnumpy().astype(np.float64)
    for axis in (None, 0, 1):
        unit = float(np.finfo(np.float16).eps) if dtype is ms.float16 else 2.0**-7
        np.testing.assert_allclose(x.sum(axis).asnumpy().astype(np.float64), exact.sum(axis), unit)


# ---------------------------------------------------------------- memory
def test_nothing_of_a_gradient_waits_for_the_cyclic_collector():
    import weakref

    net = nn.SequentialCell(nn.Dense(4, 4), nn.ReLU(), nn.LayerNorm((4,)), nn.Dense(4, 1))
    seen = []

    def forward(x):
        y = net(ops.sin(x) * 2.0)
        seen.append(weakref.ref(STATE.recorder))
        seen.extend(weakref.ref(v.data) for node in STATE.recorder.nodes for v in node.outs if v.data.base is None)
        return (y**2).mean()

    gradient = ms.value_and_grad(forward, None, net.trainable_params())
    x = Tensor(array(5, 4, dtype=np.float32))
    gradient(x)
    del seen[:]
    gc.collect()
    gc.disable()
    try:
        loss, grads = gradient(x)
        del loss, grads
        left = [r() for r in seen if r() is not None]
        assert len(seen) > 3 and not left
    finally:
        gc.enable()


@pytest.mark.filterwarnings("ignore:.*was compiled 8 times")
def test_changing_batch_sizes_do_not_grow_what_is_kept(monkeypatch):
    monkeypatch.setattr(entries, "KINDS", 4)
    f = ms.jit(lambda x: (x * 2.0).sum())
    gradient = ms.grad(f)
    for n in range(1, 10):
        gradient(Tensor(np.ones(n)))
        f(Tensor(np.ones(n)))
    compiled = f.compilable.compiled
    assert len(compiled.entries) == 4 and len(compiled.pieces) == 4


# ---------------------------------------------------------------- Python called from inside a native call
def test_a_function_of_python_inside_a_step_may_call_compiled_functions():
    inner, dense, large = ms.jit(lambda x: ops.exp(x)), nn.Dense(1, 1), Tensor(array(BIG, BIG))

    def by_python(a):
        slope = ms.grad(lambda x: dense(x).sum())(Tensor(a.reshape(-1, 1)))  # a piece
        assert np.isfinite(float(ops.tanh(large).sum()))  # a kernel of its own
        return inner(Tensor(a)).asnumpy() * slope.asnumpy().ravel()

    op = ops.Custom(by_python)
    found = ms.jit(lambda x: op(x) * 2.0)(Tensor([0.0, 1.0]))
    weight = float(dense.weight)
    np.testing.assert_allclose(found.asnumpy(), [2.0 * weight, 2.0 * np.e * weight], 1e-5)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer that sends signals")
def test_a_signal_handler_may_compute_whatever_it_interrupts():
    x = Tensor(array(BIG, BIG, dtype=np.float32))
    f = ms.jit(lambda x: (ops.tanh(x) * 2.0).sum())
    wanted, large = float(f(x)), float(ops.tanh(x).sum())
    small, found = Tensor(array(20, 20, dtype=np.float32)), []

    def handler(*_):
        found.append((float(f(x)), float(ops.tanh(x).sum()), float(ops.tanh(small).sum())))
        if (
            len(found) < 200
        ):  # only now: a signal every millisecond would interrupt a handler that takes longer, for ever
            signal.setitimer(signal.ITIMER_REAL, 0.001)

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        while len(found) < 200:
            f(x), ops.tanh(x), ops.tanh(small)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    np.testing.assert_allclose(found, [(wanted, large, float(ops.tanh(small).sum()))] * len(found), 1e-3, 1e-2)


# ---------------------------------------------------------------- gradients of other kinds
def test_gradients_through_integers_pass_through_pieces():
    f = ms.jit(lambda x, y: x * y)
    gx, gy = ops.GradOperation(get_all=True)(f)(Tensor([3, 4]), Tensor([5, 6]))
    assert (gx.tolist(), gy.tolist()) == ([5, 6], [3, 4])
    assert ms.grad(f)(Tensor([3.0, 4.0]), Tensor([5, 6])).tolist() == [5.0, 6.0]
    gx, gy = ops.GradOperation(get_all=True)(lambda x, y: f(x, y) * 2)(Tensor([3, 4]), Tensor([1.5, 2.5]))
    assert (gx.tolist(), gy.tolist()) == ([3, 5], [6.0, 8.0])


def test_an_output_that_is_not_used_adds_nothing_to_a_gradient():
    f = ms.jit(lambda x: ((x * x).sum(), ops.sqrt(x)))  # the slope of the square root at 0 is infinite
    x = Tensor([0.0, 2.0])
    assert ms.grad(f, has_aux=True)(x)[0].tolist() == [0.0, 4.0]
    assert ms.grad(lambda x: ms.grad(lambda z: f(z)[0])(x).sum())(x).tolist() == [2.0, 2.0]


def test_the_gradient_of_a_row_lookup_stays_sparse_through_a_piece():
    table = nn.EmbeddingLookup(10, 3)
    weights, rows = table.trainable_params(), Tensor(np.array([[1, 2], [2, 9]]))
    piece = ms.jit(lambda at: (table(at) ** 2).sum())
    (found,) = ms.grad(piece, None, weights)(rows)
    (wanted,) = ms.grad(lambda at: (table(at) ** 2).sum(), None, weights)(rows)
    assert isinstance(found, ms.RowTensor) and isinstance(wanted, ms.RowTensor)
    np.testing.assert_allclose(found.asnumpy(), wanted.asnumpy(), 1e-6)
    (both,) = ms.grad(lambda at: piece(at) + piece(at[:1]), None, weights)(rows)
    counts = np.bincount([1, 2, 2, 9, 1, 2], minlength=10)[:, None]
    np.testing.assert_allclose(both.asnumpy(), 2 * counts * weights[0].asnumpy(), 1e-5)


def test_the_gradient_of_a_piece_with_a_while():
    """The stacks of its loops have no size before they run, so that the backward pass cannot be given them."""

    @ms.jit
    def f(x, stop):
        n = 0
        while x < stop:
            x, n = x * x + 1, n + 1
        if x > 100:
            x = x * x * (n + 1)
        while x < 9:
            x = x * 3
        return x

    for start, wanted, second in ((3.0, 3 * 24240.0, None), (200.0, 400.0, 2.0), (8.0, 3.0, 0.0)):
        x, stop = Tensor(start), Tensor(20.0 if start < 5 else 0.0)
        assert float(ms.grad(f)(x, stop)) == wanted  # 3 -> 10 -> 101 -> 3 * 101 ** 2
        if second is not None:
            assert float(ms.grad(ms.grad(f))(x, stop)) == second
    assert float(ms.grad(lambda x: f(x * 1.5, Tensor(20.0)))(Tensor(2.0))) == 1.5 * 3 * 24240


@pytest.fixture(params=["ordered", "raising"])
def kept(request):
    """An op whose nodes stay though nobody reads them: other processes would wait for it, as for a collective, or it may raise."""

    def gradient(g, out, x):
        op(g)  # its result is not needed
        return g

    raising = request.param == "raising"
    op = library("kept", lambda x: (x,), lambda x: [(x.shape, x.dtype)], None, vjp=(gradient,), may_raise=raising)
    op.ordered = not raising
    yield op
    del REGISTRY["kept"]


def nodes_of(op, nodes):
    return sum(node.op is op for node in nodes)


def test_no_pass_drops_or_merges_what_has_to_stay(kept):
    traced = trace_inside(lambda x: (kept(x), kept(x), ops.sin(kept(x)), x * 2.0)[2:], [Tensor([1.0, 2.0])])
    graph = graph_of(traced.inputs, traced.nodes, traced.outputs)
    assert nodes_of(kept, optimise(graph).nodes) == (3 if kept.ordered else 1)
    only = graph_of(traced.inputs, traced.nodes, traced.outputs[1:])
    assert nodes_of(kept, optimise(only).nodes) == (3 if kept.ordered else 1)
    piece = Piece(traced.inputs, traced.nodes, traced.outputs[1:]).with_saved((True,))
    assert nodes_of(kept, piece.nodes) == 3
    piece = Piece(traced.inputs, traced.nodes, traced.outputs).with_saved((True,))
    assert nodes_of(kept, piece.gradient.piece.nodes) == kept.ordered
    mapped = trace_inside(ms.vmap(lambda x: (kept(x), x * 2.0)[1]), [Tensor([1.0, 2.0])])
    assert nodes_of(kept, mapped.nodes) > 0
