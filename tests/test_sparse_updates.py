"""Gradients and updates of few rows of a table: values, what stays untouched, and that nothing is as large as the table."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, RowTensor, Tensor, nn, ops
from minispore.graph import build, compile_stats
from minispore.ops.sparse import sparse_gather

TABLE = np.arange(1, 13, dtype=np.float32).reshape(6, 2) / 10
IDS = [np.array([[1, 3], [1, 4]], np.int32), np.array([[0, 1], [3, 3]], np.int32)]
FACTORS = np.array([[[1, -2], [0.5, 1]], [[2, 1], [-1, 3]]], np.float32)


class Lookup(nn.Cell):
    """The sum of looked up rows times given factors: the gradient of a row is the sum of its factors."""

    def __init__(self, table=TABLE, make=nn.EmbeddingLookup, **more):
        super().__init__()
        given = "embedding_table" if make is nn.Embedding else "param_init"
        self.table = make(*table.shape, **{given: Tensor(table)}, **more)

    def construct(self, ids, factors):
        return (self.table(ids) * factors).sum()


def trained(optimizer, **more):
    """Weights and state by name after two steps of ``optimizer(parameters)``."""
    net = Lookup(**more)
    optimizer = optimizer(net.trainable_params())
    step = nn.TrainOneStepCell(net, optimizer)
    for k in IDS:
        step(Tensor(k), Tensor(FACTORS))
    return {p.name.split(".")[0]: p.asnumpy() for p in optimizer.get_parameters() if p.ndim == 2}


# What MindSpore 2.10 gives in GRAPH mode with nn.EmbeddingLookup and optimizer.target = "CPU": (weights, states).
MINDSPORE = {
    "Adam": (
        lambda ps: nn.Adam(ps, 0.1),
        [[0.025587, 0.274413], [0.121668, 0.494737], [0.5, 0.6], [0.503482, 0.611563], [1.067006, 0.832994], [1.1, 1.2]],
        {"moment1": [[0.1, -0.2], [0.32, 0.01], [0, 0], [0.145, 0.49], [-0.09, 0.27], [0, 0]]},
    ),
    "Adam, lazy": (
        lambda ps: nn.Adam(ps, 0.1, use_lazy=True),
        [[0.025587, 0.274413], [0.121668, 0.494737], [0.5, 0.6], [0.503482, 0.611563], [1, 0.9], [1.1, 1.2]],
        {"moment1": [[0.1, -0.2], [0.32, 0.01], [0, 0], [0.145, 0.49], [-0.1, 0.3], [0, 0]]},
    ),
    "LazyAdam": (
        lambda ps: nn.LazyAdam(ps, 0.1),
        [[0.025587, 0.274413], [0.121668, 0.494737], [0.5, 0.6], [0.503482, 0.611563], [1, 0.9], [1.1, 1.2]],
        {
            "moment1": [[0.1, -0.2], [0.32, 0.01], [0, 0], [0.145, 0.49], [-0.1, 0.3], [0, 0]],
            "moment2": [[0.001, 0.004], [0.009241, 0.001999], [0, 0], [0.00125, 0.016999], [0.001, 0.009], [0, 0]],
        },
    ),
    "LazyAdam, Nesterov": (
        lambda ps: nn.LazyAdam(ps, 0.1, use_nesterov=True),
        [[-0.041385, 0.341386], [0.027261, 0.532632], [0.5, 0.6], [0.35657, 0.458213], [1.09, 0.81], [1.1, 1.2]],
        {},
    ),
    "LazyAdam, weight decay": (  # for each time that a row is looked up
        lambda ps: nn.LazyAdam(ps, 0.1, weight_decay=0.1),
        [[0.025587, 0.274413], [0.12147, 0.488164], [0.5, 0.6], [0.503295, 0.611088], [1, 0.9], [1.1, 1.2]],
        {"moment1": [[0.101, -0.198], [0.3274, 0.0222], [0, 0], [0.1633, 0.5112], [-0.091, 0.31], [0, 0]]},
    ),
    "LazyAdam, loss scale": (
        lambda ps: nn.LazyAdam(ps, 0.1, loss_scale=8.0),
        [[0.025587, 0.274413], [0.121668, 0.494737], [0.5, 0.6], [0.503483, 0.611563], [1, 0.9], [1.1, 1.2]],
        {"moment1": [[0.0125, -0.025], [0.04, 0.00125], [0, 0], [0.018125, 0.06125], [-0.0125, 0.0375], [0, 0]]},
    ),
    "FTRL": (
        lambda ps: nn.FTRL(ps, learning_rate=0.1, l1=0.05, l2=0.1, lr_power=-0.4),
        [[-0.029206, 0.262629], [0.103231, 0.25854], [0.5, 0.6], [0.099376, 0.257277], [0.63434, 0.70351], [1.1, 1.2]],
        {
            "moments": [[1.1, 4.1], [9.35, 2.1], [0.1, 0.1], [1.35, 17.1], [1.1, 9.1], [0.1, 0.1]],
            "linear": [[0.359247, -4.720552], [-2.594921, -3.580401], [0, 0], [-1.190382, -8.110844],
                       [-6.766776, -17.207853], [0, 0]],
        },
    ),
    "ProximalAdagrad": (
        lambda ps: nn.ProximalAdagrad(ps, learning_rate=0.1, l1=0.01, l2=0.02),
        [[0.003693, 0.297985], [0.183288, 0.423171], [0.5, 0.6], [0.523897, 0.605096], [0.9925, 0.899623], [1.1, 1.2]],
        {"accum": [[1.1, 4.1], [9.35, 2.1], [0.1, 0.1], [1.35, 17.1], [1.1, 9.1], [0.1, 0.1]]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MINDSPORE)
def test_as_mindspore(name, mode):
    make, weights, states = MINDSPORE[name]
    got = trained(make)
    np.testing.assert_allclose(got.pop("table"), weights, 2e-5, 2e-6)
    for state, wanted in states.items():
        np.testing.assert_allclose(got[state], wanted, 2e-5, 2e-6, err_msg=state)


def test_a_plain_embedding_has_a_dense_gradient(mode):
    """MindSpore 2.10 with nn.Embedding: LazyAdam is Adam there, and so is EmbeddingLookup with sparse=False."""
    wanted = [[0.025587, 0.274413], [0.121668, 0.494737], [0.5, 0.6], [0.503482, 0.611563], [1.067006, 0.832994],
              [1.1, 1.2]]  # fmt: skip
    lazy = lambda ps: nn.LazyAdam(ps, 0.1)
    np.testing.assert_allclose(trained(lazy, make=nn.Embedding)["table"], wanted, 2e-5, 2e-6)
    dense = trained(lazy, target="DEVICE", sparse=False)
    np.testing.assert_allclose(dense["table"], wanted, 2e-5, 2e-6)


@pytest.mark.parametrize("make", [
    lambda ps: nn.SGD(ps, 0.1), lambda ps: nn.Momentum(ps, 0.1, 0.9), lambda ps: nn.RMSProp(ps, 0.1),
    lambda ps: nn.Adam(ps, 0.1, use_amsgrad=True), lambda ps: nn.AdaMax(ps, 0.1), lambda ps: nn.Lamb(ps, 0.1),
])  # fmt: skip
def test_other_optimizers_see_the_dense_gradient(make, mode):
    rows, dense = trained(make), trained(make, make=nn.Embedding)
    for name, wanted in dense.items():
        np.testing.assert_allclose(rows[name], wanted, 1e-5, 1e-6, err_msg=name)


# ---------------------------------------------------------------- the gradient
def test_the_gradient_names_the_rows(mode):
    net = Lookup()
    g = ms.grad(net, None, net.trainable_params())(Tensor(IDS[0]), Tensor(FACTORS))[0]
    assert isinstance(g, RowTensor) and g.dense_shape == (6, 2)
    np.testing.assert_array_equal(g.indices.asnumpy(), [1, 3, 1, 4])
    np.testing.assert_array_equal(g.values.asnumpy(), FACTORS.reshape(4, 2))
    wanted = np.zeros((6, 2), np.float32)
    np.add.at(wanted, IDS[0].ravel(), FACTORS.reshape(4, 2))
    np.testing.assert_array_equal(g.asnumpy(), wanted)
    np.testing.assert_array_equal((g + Tensor(TABLE)).asnumpy(), wanted + TABLE)
    np.testing.assert_array_equal(ops.exp(g).asnumpy(), np.exp(wanted))


def test_a_table_read_twice(mode):
    table = Parameter(Tensor(TABLE), name="table")
    read = ops.SparseGatherV2()

    def loss():
        a, b = read(table, Tensor(np.array([0, 5])), 0), ops.EmbeddingLookup()(table, Tensor(np.array([5, 2])), 0)
        return (a * b * 3.0).sum()

    g = ms.grad(loss, None, table)()
    assert isinstance(g, RowTensor) and g.values.shape == (4, 2)
    wanted = np.zeros((6, 2))
    for i, j in ((0, 5), (5, 2)):
        wanted[i] += 3 * TABLE[j]
        wanted[j] += 3 * TABLE[i]
    np.testing.assert_allclose(g.asnumpy(), wanted, 1e-6)


def test_second_derivative(mode):
    """Of sum of w[i]^3: 6 w[i], through the rows."""
    ids = np.array([2, 0, 2])
    lookup = lambda w: sparse_gather(w, Tensor(ids), 0)
    first = ms.grad(lambda w: (lookup(w) ** 3).sum())
    second = ms.grad(lambda w: first(w).sum())(Tensor(TABLE)).asnumpy()
    np.testing.assert_allclose(second, 6 * TABLE * np.bincount(ids, minlength=6)[:, None], 1e-5)


def test_gradient_function_and_optimizer_apart(mode):
    """A gradient keeps its rows on the way out of one compiled function and into another."""
    net = Lookup()
    optimizer = nn.FTRL(net.trainable_params(), learning_rate=0.1)
    forward = ms.value_and_grad(net, None, optimizer.parameters)
    for k in IDS:
        _, grads = forward(Tensor(k), Tensor(FACTORS))
        optimizer(ops.clip_by_global_norm(grads, 1e6))
    wanted = trained(lambda ps: nn.FTRL(ps, learning_rate=0.1))["table"]
    np.testing.assert_allclose(net.table.embedding_table.asnumpy(), wanted, 1e-5)
    np.testing.assert_array_equal(wanted[2], TABLE[2])  # the dense formula gives 0 there


def test_clipping_counts_rows_of_equal_indices_once(mode):
    g = RowTensor(Tensor([1, 3, 1]), Tensor(np.array([[1, 2], [2, 2], [0, 2]], np.float32)), (6, 2))
    clipped = ops.clip_by_global_norm((g,), 0.5)[0]  # the rows are [1, 4] and [2, 2]: norm 5
    assert isinstance(clipped, RowTensor)
    np.testing.assert_allclose(clipped.values.asnumpy(), g.values.asnumpy() / 10, 1e-6)


def test_accumulated_gradients(mode):
    net = Lookup()
    forward = ms.grad(net, None, net.trainable_params())
    total = Parameter(Tensor(np.zeros((6, 2), np.float32)), name="total")
    wanted = np.zeros((6, 2))
    for k in IDS:
        ops.assign_add(total, forward(Tensor(k), Tensor(FACTORS))[0] / 2)
        np.add.at(wanted, k.ravel(), FACTORS.reshape(4, 2) / 2)
    np.testing.assert_allclose(total.asnumpy(), wanted, 1e-6)


# ---------------------------------------------------------------- what must not happen
def test_an_index_out_of_range_changes_nothing(mode):
    net = Lookup()
    optimizer = nn.LazyAdam(net.trainable_params(), 0.1)
    step = nn.TrainOneStepCell(net, optimizer)
    step(Tensor(IDS[0]), Tensor(FACTORS))
    before = [p.asnumpy() for p in optimizer.get_parameters()]
    bad = IDS[1].copy()
    bad[1, 1] = 6
    with pytest.raises(IndexError):
        step(Tensor(bad), Tensor(FACTORS))
    for p, value in zip(optimizer.get_parameters(), before):
        np.testing.assert_array_equal(p.asnumpy(), value, err_msg=p.name)
    var, accum = (Parameter(Tensor(TABLE), name=name) for name in "va")
    with pytest.raises(IndexError):
        ops.SparseApplyAdagrad(lr=0.1)(var, accum, Tensor(TABLE[:2]), Tensor([0, 6]))
    np.testing.assert_array_equal(var.asnumpy(), TABLE)
    np.testing.assert_array_equal(accum.asnumpy(), TABLE)


def test_a_step_compiles_once_and_writes_no_table(graph_mode):
    """No kernel of the step is as long as the table, and other indices need no other step."""
    net = Lookup(np.zeros((5000, 3), np.float32))
    step = nn.TrainOneStepCell(net, nn.LazyAdam(net.trainable_params(), 0.1))
    step(Tensor(IDS[0]), Tensor(np.ones((2, 2, 3), np.float32)))
    traces = compile_stats()["traces"]
    step(Tensor(IDS[1]), Tensor(np.ones((2, 2, 3), np.float32)))
    assert compile_stats()["traces"] == traces
    executable = step._compiled.compiled.last.executable
    assert executable.arena_bytes < 5000 * 3 * 4
    assert not [c for c in executable.calls if c.extent >= 5000 * 3]


@pytest.mark.parametrize("make", [
    lambda ps: nn.LazyAdam(ps, 0.1), lambda ps: nn.FTRL(ps, learning_rate=0.1), lambda ps: nn.ProximalAdagrad(ps, learning_rate=0.1),
])  # fmt: skip
def test_a_scaled_step_writes_no_table_and_an_overflow_no_row(make, mode):
    start = np.random.default_rng(0).normal(size=(5000, 3)).astype(np.float32)
    factors = np.random.default_rng(1).normal(size=(2, 2, 3)).astype(np.float32)
    wild = factors.copy()
    wild[1, 1, 1] = np.inf

    def run(scaled):
        net = Lookup(start)
        optimizer = make(net.trainable_params())
        step = nn.TrainOneStepCell(net, optimizer)
        if scaled:
            step = nn.TrainOneStepWithLossScaleCell(net, optimizer, nn.FixedLossScaleUpdateCell(16.0))
        for ids in IDS:
            if scaled:
                before = {p.name: p.asnumpy() for p in optimizer.get_parameters()}
                assert bool(step(Tensor(ids), Tensor(wild))[1])
                for p in optimizer.get_parameters():
                    np.testing.assert_array_equal(p.asnumpy(), before[p.name], err_msg=p.name)
            step(Tensor(ids), Tensor(factors))
        if mode == "graph":
            executable = step._compiled.compiled.last.executable
            assert executable.arena_bytes < 5000 * 3 * 4
            assert not [c for c in executable.calls if c.extent >= 5000 * 3]
        return {p.name: p.asnumpy() for p in optimizer.get_parameters()}

    plain, scaled = run(False), run(True)
    for name, value in plain.items():
        np.testing.assert_allclose(scaled[name], value, 1e-5, 1e-7, err_msg=name)


def test_rows_updated_in_place_leave_earlier_values_as_they_were(mode):
    """What read the Parameter before the update keeps the old rows, also if it is used after it."""
    table = Parameter(Tensor(TABLE), name="table")

    def update(ids, rows):
        old = table * 1.0
        ops.scatter_update(table, ids, rows)
        return old + 0.0, table + 0.0

    rows = np.full((2, 2), 9, np.float32)
    old, new = ms.jit(update)(Tensor([4, 0]), Tensor(rows)) if mode == "graph" else update(Tensor([4, 0]), Tensor(rows))
    np.testing.assert_array_equal(old.asnumpy(), TABLE)
    wanted = TABLE.copy()
    wanted[[4, 0]] = 9
    np.testing.assert_array_equal(new.asnumpy(), wanted)
    np.testing.assert_array_equal(table.asnumpy(), wanted)


@pytest.mark.parametrize("threads", [1, 2])
def test_equal_sums_for_any_number_of_threads(threads, graph_mode):
    """Many equal indices: rows are summed in the order of the batch."""
    rng = np.random.default_rng(3)
    ids, factors = rng.integers(0, 50, 4000), rng.normal(size=(4000, 8)).astype(np.float32)
    before = build.threads()
    build.set_threads(threads)
    try:
        net = Lookup(np.zeros((60, 8), np.float32))
        step = nn.TrainOneStepCell(net, nn.ProximalAdagrad(net.trainable_params(), learning_rate=0.5))
        step(Tensor(ids), Tensor(factors))
    finally:
        build.set_threads(before)
    summed = np.zeros((60, 8), np.float32)
    np.add.at(summed, ids, factors)  # in this order too
    accum = np.float32(0.1) + summed * summed
    got = step.optimizer.accum[0].asnumpy()
    np.testing.assert_allclose(got, accum, 1e-6)
    assert (got[50:] == np.float32(0.1)).all()


# ---------------------------------------------------------------- update ops
W = np.arange(1, 9, dtype=np.float32).reshape(4, 2) / 10
G, I = np.array([[1, -2], [0.5, 1]], np.float32), np.array([2, 0], np.int32)


def number(x):
    return Tensor(x, ms.float32)


ADAM = [number(x) for x in (0.9, 0.999, 0.1, 0.9, 0.999, 1e-8)]
SHRINK = [number(x) for x in (0.1, 0.01, 0.02)]
FTRL = {"lr": 0.1, "l1": 0.01, "l2": 0.02, "lr_power": -0.5}
# (op, coefficients, rows 2 and 0 of each Parameter afterwards in MindSpore 2.10); the states start as 0.2, 0.3
UPDATES = [
    (lambda: ops.SparseApplyAdagrad(lr=0.1), [], [[[0.40871, 0.69759], [0.02546, 0.10871]], [[1.2, 4.2], [0.45, 1.2]]]),
    (lambda: ops.SparseApplyAdagradV2(lr=0.1, epsilon=1e-3), [], [[[0.40875, 0.69758], [0.02555, 0.10875]]]),
    (lambda: ops.FusedSparseProximalAdagrad(), SHRINK, [[[0.40706, 0.69642], [0.0239, 0.1076]]]),
    (lambda: ops.SparseApplyProximalAdagrad(), SHRINK, [[[0.40706, 0.69642], [0.0239, 0.1076]]]),
    (lambda: ops.SparseApplyFtrl(**FTRL), [],
     [[[0.17565, 0.55046], [-0.08393, 0]], [[1.2, 4.2], [0.45, 1.2]], [[-1.94116, -11.31306], [0.57639, 0.00354]]]),
    (lambda: ops.FusedSparseFtrl(**FTRL), [], [[[0.17565, 0.55046], [-0.08393, 0]]]),
    (lambda: ops.FusedSparseLazyAdam(), ADAM,
     [[[0.48385, 0.60115], [0.08672, 0.18385]], [[0.28, -0.02], [0.23, 0.28]], [[0.3007, 0.3037], [0.29995, 0.3007]]]),
    (lambda: ops.FusedSparseLazyAdam(use_nesterov=True), ADAM, [[[0.4797, 0.61251], [0.08516, 0.1797]]]),
]  # fmt: skip


@pytest.mark.parametrize("make, coefficients, wanted", UPDATES, ids=[make().name for make, _, _ in UPDATES])
def test_update_ops_as_mindspore(make, coefficients, wanted, mode):
    op = make()
    count = 2 if "Adagrad" in op.name else 3
    params = [Parameter(Tensor(x), name=f"p{k}") for k, x in enumerate([W, W * 0 + 0.2, W * 0 + 0.3][:count])]
    before = [p.asnumpy() for p in params]
    call = lambda g, i: op(*params, *coefficients, g, i)
    result = (ms.jit(call) if mode == "graph" else call)(Tensor(G), Tensor(I))
    assert [r.shape for r in result] == [(4, 2)] * count
    for p, rows in zip(params, wanted):
        np.testing.assert_allclose(p.asnumpy()[[2, 0]], rows, 1e-4, 6e-6)
    for p, old in zip(params, before):
        np.testing.assert_array_equal(p.asnumpy()[[1, 3]], old[[1, 3]])


def test_sparse_adadelta_is_the_formula_of_the_rows(mode):
    var, accum, steps = (Parameter(Tensor(x), name=n) for n, x in zip("was", (W, W * 0 + 0.2, W * 0 + 0.3)))
    call = lambda g, i: ops.SparseApplyAdadelta(epsilon=1e-6)(var, accum, steps, number(0.1), number(0.9), g, i)
    (ms.jit(call) if mode == "graph" else call)(Tensor(G), Tensor(I))
    mean = 0.9 * 0.2 + 0.1 * G**2
    step = np.sqrt(0.3 + 1e-6) / np.sqrt(mean + 1e-6) * G
    wanted = W.copy()
    wanted[I] -= 0.1 * step
    np.testing.assert_allclose(var.asnumpy(), wanted, 1e-5)
    np.testing.assert_allclose(accum.asnumpy()[I], mean, 1e-5)
    np.testing.assert_allclose(steps.asnumpy()[I], 0.9 * 0.3 + 0.1 * step**2, 1e-5)


def test_fused_sparse_adam_lets_all_moments_decay(mode):
    """MindSpore 2.10; equal indices are summed first."""
    var, m, v = (Parameter(Tensor(x), name=n) for n, x in zip("wmv", (W, W * 0 + 0.2, W * 0 + 0.3)))
    halves = np.concatenate([G / 2, G / 2])
    call = lambda g, i: ops.FusedSparseAdam()(var, m, v, *ADAM, g, i)
    (ms.jit(call) if mode == "graph" else call)(Tensor(halves), Tensor(np.concatenate([I, I])))
    wanted = [[0.08672, 0.18385], [0.2896, 0.3896], [0.48385, 0.60115], [0.6896, 0.7896]]
    np.testing.assert_allclose(var.asnumpy(), wanted, 1e-4)
    np.testing.assert_allclose(m.asnumpy(), [[0.23, 0.28], [0.18, 0.18], [0.28, -0.02], [0.18, 0.18]], 1e-5)


# ---------------------------------------------------------------- RowTensor
def test_row_tensor():
    x = RowTensor(Tensor([2, 0]), Tensor([[1.0, 2.0], [3.0, 4.0]]), (3, 2))
    assert x.dense_shape == x.shape == (3, 2) and x.dtype == ms.float32
    assert RowTensor(row_tensor=x).dense_shape == (3, 2)
    assert repr(x).startswith("RowTensor(shape=[3, 2], dtype=Float32, indices=Tensor(shape=[2], dtype=Int64")
    np.testing.assert_array_equal(x.asnumpy(), [[3, 4], [0, 0], [1, 2]])
    assert isinstance(-x * 2.0 / 4, RowTensor) and isinstance(Tensor(2.0) * x, RowTensor)
    np.testing.assert_array_equal((Tensor(2.0) * x).asnumpy(), [[6, 8], [0, 0], [2, 4]])
    np.testing.assert_array_equal((x * Tensor([1.0, 10.0])).asnumpy(), [[3, 40], [0, 0], [1, 20]])


@pytest.mark.parametrize("error, args", [
    (TypeError, ([1], Tensor([[1.0]]), (2, 1))),
    (TypeError, (Tensor([1]), Tensor([[1.0]]), 2)),
    (TypeError, (Tensor([1]), Tensor([[1.0]]), (2, 1), "row")),
    (ValueError, (Tensor([1, 0]), Tensor([[1.0]]), (2, 1))),
    (ValueError, (Tensor([1]), Tensor([[1.0]]), (2, 2))),
])  # fmt: skip
def test_row_tensor_errors(error, args):
    with pytest.raises(error, match="RowTensor"):
        RowTensor(*args)


# ---------------------------------------------------------------- COOTensor, CSRTensor
DENSE = np.array([[0, 1, 0, 0], [0, 0, 0, 0], [3, 0, 2, 0]], np.float32)


def coo():
    return ms.COOTensor(Tensor(np.argwhere(DENSE).astype(np.int32)), Tensor(DENSE[DENSE != 0]), (3, 4))


def test_sparse_matrices():
    x = coo()
    np.testing.assert_array_equal(x.to_dense().asnumpy(), DENSE)
    csr = x.to_csr()
    np.testing.assert_array_equal(csr.indptr.asnumpy(), [0, 1, 1, 3])
    np.testing.assert_array_equal(csr.to_coo().indices.asnumpy(), np.argwhere(DENSE))
    np.testing.assert_array_equal(csr.to_dense().asnumpy(), DENSE)
    column, square = np.arange(4.0, dtype=np.float32)[:, None], np.arange(8, dtype=np.float32).reshape(4, 2)
    np.testing.assert_array_equal(csr.mv(Tensor(column)).asnumpy(), DENSE @ column)
    np.testing.assert_array_equal(csr.mm(Tensor(square)).asnumpy(), DENSE @ square)
    np.testing.assert_array_equal((csr * Tensor(DENSE * 2)).to_dense().asnumpy(), DENSE * DENSE * 2)
    np.testing.assert_array_equal((-csr * 2.0).abs().to_dense().asnumpy(), DENSE * 2)
    np.testing.assert_array_equal((x + Tensor(DENSE)).asnumpy(), DENSE * 2)
    for axis in (0, 1):
        np.testing.assert_array_equal(csr.sum(axis).asnumpy(), DENSE.sum(axis, keepdims=True))
    assert (x.size, x.ndim, x.itemsize, x.astype(ms.float64).dtype) == (3, 2, 4, ms.float64)


def test_sparse_matrices_go_through_compiled_functions():
    back = ms.jit(lambda x, k: ((x.to_csr() * k), x))(coo(), Tensor(2.0))
    assert isinstance(back[0], ms.CSRTensor) and isinstance(back[1], ms.COOTensor)
    np.testing.assert_array_equal(back[0].to_dense().asnumpy(), DENSE * 2)


@pytest.mark.parametrize("error, make", [  # as in MindSpore 2.10
    (TypeError, lambda: ms.COOTensor([[0, 1]], Tensor([1.0]), (3, 4))),
    (TypeError, lambda: ms.COOTensor(Tensor([[0, 1]]), Tensor([1.0]), [3, 4])),
    (TypeError, lambda: ms.COOTensor(Tensor([[0.0, 1]]), Tensor([1.0]), (3, 4))),
    (ValueError, lambda: ms.COOTensor(Tensor([[0, 1]]), Tensor([1.0, 2.0]), (3, 4))),
    (ValueError, lambda: ms.COOTensor(Tensor([0, 1]), Tensor([1.0, 2.0]), (3, 4))),
    (ValueError, lambda: ms.COOTensor(Tensor([[0, 1, 1]]), Tensor([1.0]), (3, 4))),
    (ValueError, lambda: ms.COOTensor(Tensor([[0, 1]]), Tensor([1.0]), (3, -4))),
    (TypeError, lambda: ms.CSRTensor([0, 1], Tensor([1]), Tensor([1.0]), (1, 4))),
    (TypeError, lambda: ms.CSRTensor(Tensor([0.0, 1]), Tensor([1]), Tensor([1.0]), (1, 4))),
    (ValueError, lambda: ms.CSRTensor(Tensor([0, 1]), Tensor([1, 2]), Tensor([1.0, 2.0]), (3, 4))),
    (ValueError, lambda: ms.CSRTensor(Tensor([0, 1, 2, 2]), Tensor([1]), Tensor([1.0, 2.0]), (3, 4))),
])  # fmt: skip
def test_sparse_matrix_errors(error, make):
    with pytest.raises(error, match="Tensor"):
        make()


@pytest.mark.parametrize("jit", [False, True])
def test_places_in_any_order_become_rows(jit):
    """Recorded from MindSpore: places of one row stay in their order."""
    places = Tensor(np.array([[1, 2], [0, 1], [2, 3], [0, 0]], np.int32))

    def by_rows(values):
        x = ms.COOTensor(places, values, (3, 4)).to_csr()
        return x.indptr, x.indices, x.values, ops.csr_mv(x, Tensor(np.arange(1, 5, dtype=np.float32).reshape(4, 1)))

    values = Tensor(np.array([2, 1, 3, 5], np.float32))
    starts, columns, found, product = (ms.jit(by_rows) if jit else by_rows)(values)
    assert starts.asnumpy().tolist() == [0, 2, 3, 4] and columns.asnumpy().tolist() == [1, 0, 2, 3]
    assert found.asnumpy().tolist() == [1, 5, 2, 3] and product.asnumpy().ravel().tolist() == [7, 6, 12]
    slope = ms.grad(lambda v: by_rows(v)[3].sum())(values)
    assert slope.asnumpy().tolist() == [3, 2, 4, 1]
