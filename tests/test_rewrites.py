"""The rewrites of a graph keep its values: what is compiled, against the same functions one op at a time, where no rewrite is."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops

RNG = np.random.default_rng(7)


def draw(*shape):
    return Tensor(RNG.standard_normal(shape).astype(np.float32))


def written(base, begin, end, step, value):
    """``base`` with a region replaced."""
    made = base * 1.0
    made[tuple(slice(b, e, s) for b, e, s in zip(begin, end, step))] = value
    return made


def zeros_with(begin, end, value, step=(1, 1), shape=(4, 5), around=0.0):
    return written(ops.zeros(shape) + around, begin, end, step, value)


WEIGHTS = {k: Parameter(draw(40, k), name=f"w{k}") for k in (1, 2, 3, 4)}
V, SQUARE, BOX, CUBE, INTEGERS = draw(4), draw(4, 4), draw(2, 3, 4), draw(3, 3, 3), Tensor([3, -7, 5], ms.int32)
COLUMN, LONG, CLASSES = draw(3, 1), draw(16, 4, 700), Tensor([3, 0, 2, 1], ms.int32)

CASES = {
    "numbers on either side": (
        lambda x: (0.0 - x, x - 0.0, 0.0 + x, x / 1.0, 1.0 / x, 1.0 * x, x * 0.0, 1.0 - x, ops.neg(-x), 0.0 / x), V),
    "a number that broadcasts": (
        lambda x: tuple(f(x, Tensor([[n]])) for f, n in ((ops.add, 0.0), (ops.sub, 0.0), (ops.mul, 1.0), (ops.div, 1.0))), V),
    "one number of two shapes": (lambda x: (x + Tensor(2.0), x + Tensor([2.0]), x + Tensor([[2.0]])), V),
    "numbers of two signs": (lambda x: (ops.copysign(x, Tensor(0.0)), ops.copysign(x, Tensor(-0.0)), 1.0 / (x * 0.0)), V),
    "factors": (lambda x: (x * 3.0 * 0.5, 2.0 * (x * 3.0), x * 2.0 * Tensor([[3.0]]), x * 1e30 * 1e-30), V),
    "factors of integers": (lambda x: (x * 65536 * 65536, x * 46341 * 46341, x * 2 * 3), INTEGERS),
    "axes": (lambda x: (x.sum(0), x.sum(1), ops.cumsum(x, 0), ops.cumsum(x, 1), x.argmax(0), x.argmax(1), ops.amax(x, 0), ops.amin(x, 0)), SQUARE),
    "types": (lambda x: (x.astype(ms.int32), x.astype(ms.int64), x.astype(ms.float64), x.astype(ms.bool_), x.astype(ms.float16)), SQUARE),
    "orders": (lambda x: (x > 0, x < 0, 0 > x, ops.pow(x, 2.0), ops.pow(2.0, x), x - x.T, x.T - x), SQUARE),
    "transposes": (
        lambda x: tuple(x.transpose(p).transpose(q) for p in ((1, 2, 0), (2, 0, 1), (0, 2, 1), (1, 0, 2)) for q in ((1, 2, 0), (1, 0, 2), (2, 0, 1))), CUBE),
    "reshapes": (lambda x: (x.reshape(6, 4).reshape(4, 6), x.reshape(4, 6).reshape(2, 3, 4), x.reshape(24).T.reshape(3, 8)), BOX),
    "sums of what was broadcast": (
        lambda x: (lambda y: (y.sum(), y.sum(0), y.sum(1), y.sum(2), y.sum((0, 1)), y.sum((0, 2)), y.sum((1, 2))))(ops.broadcast_to(x, (2, 3, 4))), COLUMN),
    "what was broadcast": (
        lambda x: (lambda a, b: (a * b, a + a, a + 1.0, ops.where(a > b, a, b)))(ops.broadcast_to(x, (3, 4)), ops.broadcast_to(x.T, (4, 3)).T), COLUMN),
    "products": (
        lambda x: (ops.matmul(x[:1], x), ops.matmul(x, x[:, :1]), ops.matmul(x[:1], x.T), ops.matmul(x.T, x[:, :1]), ops.matmul(x, x).T, ops.matmul(x.T, x).T), SQUARE),
    "products of few terms": (lambda x: tuple(
        f(x.reshape(-1, 4)[:40, :k], WEIGHTS[k])
        for f in (lambda a, b: ops.relu(ops.matmul(a, b.T) - 0.5), lambda a, b: ops.matmul(a, (b + 1.0).T).sum(0), lambda a, b: ops.matmul(a.reshape(5, -1, a.shape[1]), b.T[None]))
        for k in (1, 2, 3, 4)), LONG),
    "long reductions": (lambda x: (x.sum((0, 2)), x.sum(), ops.amax(x, (0, 2)), ops.amin(x, (0, 1)), x.sum((0, 1))), LONG),
    "everything in equal parts": (lambda x: (
        ops.sum(x * x), ops.amax(x - 1.0), ops.huber_loss(x, x * 1.5), (x * 2.0).mean(), ops.sum(x.transpose(2, 0, 1) * 2.0), ops.matmul(x.reshape(1, -1), x.reshape(-1, 1)),
        (lambda d: ops.sum(d * d) + ops.sum(ops.abs(d) * d))(x - 0.5), *(lambda d: (ops.sum(d * d), d))(x + 1.0)), LONG),
    "an element of each row": (lambda x: (
        ops.nll_loss(x, CLASSES), ops.nll_loss(x, CLASSES, reduction="none"), ops.nll_loss(x * 2.0, CLASSES), ops.nll_loss(x, CLASSES, x[0]), ops.nll_loss(x, CLASSES, ignore_index=2),
        ops.nll_loss(x.T, CLASSES), ops.nll_loss(ops.matmul(x, x), CLASSES, reduction="sum"), ops.nll_loss(x.reshape(4, 2, 2), Tensor([[0, 1], [1, 0], [0, 0], [1, 1]], ms.int32))), SQUARE),
    "regions side by side": (
        lambda x: (
            zeros_with((0, 0), (2, 5), x[:2, :1] + 1.0) + zeros_with((2, 0), (4, 5), x[2:, 1:2] + 2.0),
            zeros_with((0, 0), (4, 2), x[:, :2]) + zeros_with((0, 2), (4, 4), x[:, 2:]),
            zeros_with((2, 0), (4, 5), 2.0 * x[2:, :1]) + zeros_with((0, 0), (2, 5), x[:2, :1]),
        ), SQUARE),
    "regions that do not fit": (
        lambda x: (
            zeros_with((0, 0), (2, 3), x[:2, :3]) + zeros_with((2, 0), (4, 2), x[2:, :2]),
            zeros_with((0, 0), (2, 3), x[:2, :3]) + zeros_with((1, 0), (4, 3), x[1:, :3]),
            zeros_with((0, 0), (2, 3), x[:2, :3]) + zeros_with((2, 2), (4, 5), x[2:, :3]),
        ), SQUARE),
    "regions of something": (
        lambda x: (
            zeros_with((0, 0), (2, 5), x[:2, :1], around=1.0) + zeros_with((2, 0), (4, 5), x[2:, :1], around=2.0),
            zeros_with((0, 0), (4, 5), x[:2, :1], step=(2, 1)) + zeros_with((2, 0), (4, 5), x[2:, :1]),
            (lambda a, b: (a + b) * a)(zeros_with((0, 0), (2, 5), x[:2, :1]), zeros_with((2, 0), (4, 5), x[2:, :1])),
        ), SQUARE),
    "regions over regions": (
        lambda x: (
            zeros_with((0, 0), (2, 5), x[:2, :1]) + zeros_with((0, 0), (2, 5), x[2:, :1]),
            zeros_with((0, 0), (4, 2), x[:, :2]) + zeros_with((0, 2), (4, 4), x[:, 2:]) + zeros_with((0, 2), (4, 4), x[:, :2]),
            zeros_with((0, 0), (4, 2), x[:, :2]) + zeros_with((0, 2), (4, 4), x[:, 2:]) + zeros_with((0, 1), (4, 3), x[:, :2]),
            zeros_with((2, 0), (4, 5), x[:2, :1]) + (zeros_with((0, 0), (4, 5), x[:, :1]) + zeros_with((1, 0), (2, 5), x[:1, :1])),
            zeros_with((0, 0), (1, 5), x[:1, :1]) + (x[:, :1] * Tensor(np.ones((1, 5), np.float32)) + zeros_with((1, 0), (4, 5), x[1:, :1])),
        ), SQUARE),
    "all of it": (
        lambda x: (written(x, (0, 0), (4, 4), (1, 1), x.T), written(x, (3, 0), (None, 4), (-1, 1), x.T), written(x, (0, 0), (4, 3), (1, 1), 2.0)), SQUARE),
    "joined": (
        lambda x: (ops.cat((ops.cat((x, x + 1.0), 1), ops.cat((x * 2.0, x), 1)), 0),
                   ops.cat((ops.cat((x, x + 1.0), 0), x * 2.0), 0), ops.cat((x.reshape(2, 2, 4), (x * 2.0).reshape(2, 2, 4)), 0),
                   ops.cat((x.reshape(2, 8).reshape(2, 2, 4), x.reshape(2, 2, 4)), 1)), SQUARE),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_rewritten_graph_gives_the_values_of_its_ops(name):
    function, x = CASES[name]
    ms.set_context(mode=ms.PYNATIVE_MODE)
    compiled = ms.jit(lambda x: function(x))(x)
    for got, wanted in zip(compiled, function(x), strict=True):
        assert got.dtype is wanted.dtype
        np.testing.assert_allclose(got.asnumpy(), wanted.asnumpy(), rtol=2e-5, atol=1e-5)
        assert (np.signbit(got.asnumpy()) == np.signbit(wanted.asnumpy())).all() or name != "numbers of two signs"


class Updated(nn.Cell):
    """A Parameter whose old value is read after, beside and across the computation of the new one."""

    def __init__(self, formula):
        super().__init__()
        self.formula, self.w, self.other = formula, Parameter(SQUARE.copy()), Parameter(SQUARE.copy() * 2.0)

    def construct(self, x):
        return self.formula(self, x)


def after(cell, x):
    old = cell.w.value()
    ops.assign(cell.w, old * 2.0 + x)
    return ops.cumsum(old, 0), ops.cumsum(cell.w, 0)


def across(cell, x):
    ops.assign(cell.w, cell.w + cell.w.T * x)
    return cell.w * 1.0


def turned(cell, x):
    ops.assign(cell.w, ops.flip(cell.w, (0,)) - cell.w[:1] * x)
    return cell.w.sum(0)


def exchanged(cell, x):
    old = cell.w.value()
    ops.assign(cell.w, cell.other + x)
    ops.assign(cell.other, old - x)
    return ops.matmul(old, cell.w)


def returned(cell, x):
    old = cell.w.value()
    ops.assign_add(cell.w, x)
    return old, old[0], old.T


@pytest.mark.parametrize("formula", [after, across, turned, exchanged, returned], ids=lambda f: f.__name__)
def test_an_update_in_place_comes_after_the_last_reader(formula):
    found = []
    for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE):
        ms.set_context(mode=mode)
        cell = Updated(formula)
        for _ in range(2):
            out = cell(SQUARE * 0.5)
        found.append([t.asnumpy() for t in (*(out if isinstance(out, tuple) else (out,)), cell.w, cell.other)])
    for got, wanted in zip(*found, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("width", [5, 16, 33])
def test_rows_gathered_to_be_added_are_not_written_down(width):
    """Messages along edges and their gradient, beside sums written out; where something else reads them they stay."""
    rng = np.random.default_rng(width)
    nodes, sources, targets = rng.standard_normal((7, width)), rng.integers(0, 7, 40), rng.integers(0, 9, 40)
    weights = rng.standard_normal((9, width))

    def messages(x, weights, sources, targets):
        return ops.index_add(ops.zeros((9, width), ms.float64), targets, ops.gather(x, sources, 0), 0) * weights

    both = ms.jit(ms.value_and_grad(lambda *given: messages(*given).sum()))
    given = [Tensor(x.astype(t)) for x, t in ((nodes, "f8"), (weights, "f8"), (sources, "i4"), (targets, "i4"))]
    wanted, gradient = np.zeros((9, width)), np.zeros((7, width))
    for s, t in zip(sources, targets):
        wanted[t] += nodes[s]
        gradient[s] += weights[t]
    value, found = both(*given)
    np.testing.assert_allclose(float(value), (wanted * weights).sum(), 1e-12)
    np.testing.assert_allclose(found.asnumpy(), gradient, 1e-12, 1e-12)
    text = str(both.graph(*given))
    assert ("= add_moved_rows(" in text) == (width >= 16) and ("= gather_rows(" in text) == (width < 16)

    def used_twice(x, sources, targets):
        rows = ops.gather(x, sources, 0)
        return ops.index_add(ops.zeros((9, width), ms.float64), targets, rows, 0).sum() + (rows * rows).sum()

    twice = ms.jit(used_twice)
    given = [given[0], *given[2:]]
    np.testing.assert_allclose(float(twice(*given)), wanted.sum() + (nodes[sources] ** 2).sum(), 1e-12)
    assert "= add_moved_rows(" not in str(twice.graph(*given))


def test_the_gradient_of_a_tied_table_is_summed_in_place():
    """The table of words gives the scores too: rows are added to the product's gradient in its memory."""
    rng = np.random.default_rng(0)
    table = Tensor(rng.standard_normal((96, 64)).astype(np.float32))
    words, mixed = (
        Tensor(np.array([3, 5, 3, 95] * 16, np.int32)),
        Tensor(rng.standard_normal((64, 64)).astype(np.float32)),
    )

    def loss(table):
        hidden = ops.gather(table, words, 0) @ mixed
        return ((hidden @ table.T) ** 2).sum() * 1e-3

    compute = ms.jit(ms.grad(loss))
    graph = compute.graph(table)
    assert len(graph.find("scatter_rows")) == 1 and not [
        k for k in graph.kernels if k.name.startswith("fused_identity")
    ]
    w, m, at = table.asnumpy().astype(np.float64), mixed.asnumpy().astype(np.float64), words.asnumpy()
    hidden = w[at] @ m
    g = 2e-3 * hidden @ w.T
    wanted = g.T @ hidden
    np.add.at(wanted, at, g @ w @ m.T)
    np.testing.assert_allclose(compute(table).asnumpy(), wanted, rtol=2e-4, atol=1e-3 * np.abs(wanted).max())


def test_the_gradient_of_a_table_read_at_several_places_is_summed_in_place():
    """Rows of all of them are added to one array of zeros."""
    rng = np.random.default_rng(1)
    table = Tensor(rng.standard_normal((300, 16)).astype(np.float32))
    places = [rng.integers(0, 300, n).astype(np.int32) for n in (40, 70, 5)]

    def loss(table):
        first, second, third = (ops.gather(table, Tensor(at), 0) for at in places)
        return (
            (first**2).sum()
            + (second**3).sum()
            + (third * third).sum()
            + (ops.gather(table, Tensor(places[0]), 0) * first).sum()
        )

    compute = ms.jit(ms.grad(loss))
    graph = compute.graph(table)
    assert len(graph.find("scatter_rows")) == 3
    assert len([k for k in graph.kernels if k.name.startswith("fused_identity")]) == 1  # the zeros
    w = table.asnumpy().astype(np.float64)
    wanted = np.zeros_like(w)
    for at, rows in zip(places, (4 * w[places[0]], 3 * w[places[1]] ** 2, 2 * w[places[2]])):
        np.add.at(wanted, at, rows)
    np.testing.assert_allclose(compute(table).asnumpy(), wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("also_all", [False, True])
def test_the_gradient_of_steps_is_as_long_as_the_series(also_all):
    """Each step of a series is read several times, in a loop in Python: no term of the gradient has the size of the series."""

    def loss(x):
        total, other = x[:, 0], 0.0
        for t in range(1, x.shape[1]):
            total = ops.tanh(total) * x[:, t] + x[:, t]
            other = other + ops.exp(x[:, t - 1]).sum()
        return total.sum() + other + ((x * x).sum() if also_all else 0.0)

    def moved(x):
        return sum(k.bytes for k in ms.jit(ms.grad(loss)).graph(x).kernels)

    x = draw(3, 12, 40)
    assert moved(draw(3, 48, 40)) < 5 * moved(
        x
    )  # four times as many steps; with terms of all steps it would be 10 times
    ms.set_context(mode=ms.PYNATIVE_MODE)
    found, wanted = ms.jit(ms.grad(loss))(x).asnumpy(), ms.grad(loss)(x).asnumpy()
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)


def test_chains_of_changes_in_place_keep_what_is_read_elsewhere():
    """A base that something else reads stays as it was."""
    rng = np.random.default_rng(2)
    x, rows = (
        Tensor(rng.standard_normal((6, 4)).astype(np.float32)),
        Tensor(rng.standard_normal((3, 4)).astype(np.float32)),
    )
    at, other = Tensor(np.array([0, 2, 2], np.int32)), Tensor(np.array([5, 0, 1], np.int32))

    def function(x, rows):
        base = ops.tanh(x)
        once = ops.index_add(base, at, rows, 0)
        twice = ops.index_add(once, other, rows * 2, 0)
        again = ops.index_add(once, at, rows, 0)
        return base, twice, again, once.sum()

    b, r = np.tanh(x.asnumpy().astype(np.float64)), rows.asnumpy()
    once = b.copy()
    np.add.at(once, at.asnumpy(), r)
    twice, again = once.copy(), once.copy()
    np.add.at(twice, other.asnumpy(), 2 * r)
    np.add.at(again, at.asnumpy(), r)
    for got, wanted in zip(ms.jit(function)(x, rows), (b, twice, again, once.sum())):
        np.testing.assert_allclose(got.asnumpy(), wanted, rtol=1e-5, atol=1e-5)


def _shape_of(graph):
    """What each node is and reads, without the ids of nodes."""
    number = {id(v): k for k, v in enumerate(v for n in graph.nodes for v in n.outs)}
    return [
        (n.op.name, sorted(n.attrs), [number.get(id(v), v.kind) for v in n.inputs], [v.shape for v in n.outs])
        for n in graph.nodes
    ]


@pytest.mark.parametrize("terms", [1, 5])  # the last pass has a rule for products of one term
def test_a_last_pass_that_starts_at_the_first_change_gives_what_a_whole_one_gives(terms):
    from minispore.graph.passes import Record, simplify, simplify_last
    from minispore.graph.trace import trace

    def function(x, w):
        y = ops.tanh(x @ w)
        z = x[:, :terms] @ w[:terms]
        return (y * z).sum() + (x[:, :1] * w[:1] * ops.exp(z)).mean()  # equal to what the rule puts in place of z

    x, w = Tensor(np.ones((64, 8), np.float32)), Tensor(np.ones((8, 32), np.float32))
    graph = simplify(trace(ms.value_and_grad(function, (0, 1)), (x, w), {})[0], Record("simplify", None))
    found = []
    for is_simplified in (True, False):
        record = Record("simplify_last", graph)
        record.is_simplified = is_simplified
        made = simplify_last(graph, record)
        found.append((_shape_of(made), [name for name, *_ in record.fired]))
        assert all(record.became[id(v)] is not None for n in graph.nodes for v in n.outs)
        assert (made is graph) == (is_simplified and not record.fired)
    assert found[0] == found[1]
    assert ("product_of_few_terms" in found[0][1]) == (terms == 1)


def test_passes_leave_a_graph_alone_in_which_they_find_nothing():
    from minispore.graph.passes import optimise
    from minispore.graph.trace import trace

    x = Tensor(np.ones((64, 64), np.float32))
    records: list = []
    optimise(trace(lambda x: ops.tanh(x @ x) + x, (x,), {})[0], records)
    assert [r.before is r.after for r in records[1:]] == [True] * len(records[1:])
