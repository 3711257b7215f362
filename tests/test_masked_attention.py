"""Attention behind masks, of which kernels leave out what is hidden: the numbers are those of the whole products."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.core.op import op_named
from minispore.graph.build import set_threads, threads
from minispore.inspect import compare as comparison

# (heads, queries, keys, width): register tiles of few rows, panels, fewer columns than a tile, parts of tiles at the ends
SHAPES = [(2, 129, 129, 80), (2, 400, 700, 64), (2, 512, 512, 16), (2, 128, 77, 64)]


def hidden(kind, queries, keys):
    i, j = np.arange(queries)[:, None], np.arange(keys)[None]
    return {
        "causal": j > i,
        "padded": np.broadcast_to(j >= keys // 3, (queries, keys)),
        "padded before": np.broadcast_to(j < keys // 3, (queries, keys)),
        "window": (j > i) | (j < i - 40),
        "a row that sees nothing": (j > i) | (i == 7),
        "scattered": np.random.default_rng(5).random((queries, keys)) < 0.5,
    }[kind].copy()


MASKS = ["causal", "padded", "padded before", "window", "a row that sees nothing", "scattered"]


def attention(q, k, v, mask, fill=-1e9):
    scores = ops.matmul(q * q.shape[-1] ** -0.5, k.swapaxes(-1, -2))
    return ops.matmul(ops.softmax(ops.masked_fill(scores, mask, fill), -1), v)


def with_gradients(q, k, v, g, mask, fill=-1e9):
    out, backward = ms.vjp(lambda q, k, v: attention(q, k, v, mask, fill), q, k, v)
    return (out, *backward(g))


def written_out(q, k, v, g, mask, fill=-1e9):
    q, k, v, g = (a.astype(np.float64) for a in (q, k, v, g))
    turn, factor = (lambda a: a.swapaxes(-1, -2)), q.shape[-1] ** -0.5
    with np.errstate(all="ignore"):
        scores = np.where(mask, fill, (q * factor) @ turn(k))
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        back = g @ turn(v)
        back = np.where(mask, 0, weights * (back - (back * weights).sum(-1, keepdims=True)))
        return weights @ v, back @ k * factor, turn(back) @ q * factor, turn(weights) @ g


def operands(heads, queries, keys, width, kind=np.float32, batch=1):
    rng = np.random.default_rng(1)
    return [rng.standard_normal((batch, heads, n, width)).astype(kind) for n in (queries, keys, keys, queries)]


def compare(found, exact, tolerance=2e-4):
    for a, e in zip(found, exact):
        size = np.abs(e[np.isfinite(e)]).max(initial=1)
        np.testing.assert_allclose(a.asnumpy(), e, rtol=tolerance, atol=tolerance * size)


@pytest.mark.parametrize(
    "kind, fill", [*((kind, -1e9) for kind in MASKS), ("causal", -np.inf), ("a row that sees nothing", -np.inf)]
)
def test_values_and_gradients(kind, fill, graph_mode):
    f = ms.jit(lambda *given: with_gradients(*given, fill))
    for shape in SHAPES:
        arrays, mask = operands(*shape), hidden(kind, *shape[1:3])
        compare(f(*map(Tensor, (*arrays, mask))), written_out(*arrays, mask, fill))


def test_float64(graph_mode):
    arrays, mask = operands(2, 300, 300, 64, np.float64), hidden("causal", 300, 300)
    compare(ms.jit(with_gradients)(*map(Tensor, (*arrays, mask))), written_out(*arrays, mask), 1e-11)


@pytest.mark.parametrize("place", [1, 2])
@pytest.mark.parametrize("number", [np.inf, np.nan])
@pytest.mark.parametrize("shape", [(2, 200, 200, 64), (2, 512, 512, 64)])
def test_a_hidden_number_that_is_not_finite_counts_as_in_the_whole_products(shape, number, place, graph_mode):
    """Zero times infinity is NaN: the result has a NaN wherever NumPy's has one, hidden or not."""
    arrays, mask = operands(*shape), hidden("causal", *shape[1:3])
    arrays[place][0, 0, -1, 0] = number
    exact = written_out(*arrays, mask)
    assert any(np.isnan(e).any() for e in exact)
    compare(ms.jit(with_gradients)(*map(Tensor, (*arrays, mask))), exact)


def test_scores_below_the_number_of_the_mask(graph_mode):
    """What is hidden then has the weights: nothing may be left out for what the mask says alone."""
    q, k, v, g = operands(2, 200, 200, 64)
    q[...], k[...] = 1e6, -1e6
    mask = hidden("causal", 200, 200)
    compare([ms.jit(attention)(*map(Tensor, (q, k, v, mask)))], written_out(q, k, v, g, mask)[:1])


@pytest.mark.parametrize("form", ["(4, 1, 1, n)", "(4, 1, m, n)", "(4, 3, m, n)", "(3, 1, n)", "(1, 3, m, n)", "(n,)"])
def test_masks_of_each_example_and_of_each_head(form, graph_mode):
    arrays = operands(3, 150, 130, 32, batch=4)
    shape = eval(form, {"m": 150, "n": 130})
    lengths = np.random.default_rng(3).integers(1, 131, shape[:-1])
    mask = np.arange(130) >= lengths[..., None]
    compare(ms.jit(with_gradients)(*map(Tensor, (*arrays, mask))), written_out(*arrays, mask))


def test_scores_that_are_scaled_and_reshaped_before_the_mask(graph_mode):
    q, k, v, g = operands(3, 150, 150, 32, batch=2)
    mask = hidden("causal", 150, 150)

    def f(q, k, v):
        scores = ops.matmul(q.reshape((6, 150, 32)), k.reshape((6, 150, 32)).swapaxes(-1, -2)).reshape((2, 3, 150, 150))
        scores = ops.select(Tensor(~mask), scores / 32**0.5, ops.full((1,), -np.inf, dtype=ms.float32))
        return ops.matmul(ops.softmax(scores, -1), v)

    compare([ms.jit(f)(*map(Tensor, (q, k, v)))], written_out(q, k, v, g, mask)[:1])


def test_results_are_those_of_the_whole_product_to_the_bit(graph_mode):
    """Where the whole one has the same kernel: leaving out zeros changes no sum."""
    for shape in ((3, 200, 200, 64), (2, 512, 512, 128)):
        q, k, v, _ = map(Tensor, operands(*shape))
        mask = Tensor(hidden("causal", *shape[1:3]))
        weights = ms.jit(
            lambda q, k: ops.softmax(
                ops.masked_fill(ops.matmul(q * q.shape[-1] ** -0.5, k.swapaxes(-1, -2)), mask, -1e9), -1
            )
        )
        whole = ms.jit(ops.matmul)(weights(q, k), v)
        np.testing.assert_array_equal(ms.jit(attention)(q, k, v, mask).asnumpy(), whole.asnumpy())


def test_the_number_of_threads_changes_no_bit(graph_mode):
    arrays, before = operands(3, 300, 300, 64), threads()
    given, found = [*map(Tensor, arrays), Tensor(hidden("causal", 300, 300))], []
    try:
        for count in (1, 2):
            set_threads(count)
            found.append([t.asnumpy() for t in ms.jit(with_gradients)(*given)])
    finally:
        set_threads(before)
    for a, b in zip(*found):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("queries", [80, 96, 160])  # halves of them are groups of 16 rows, or are not
def test_one_matrix_whose_rows_threads_share(queries, graph_mode):
    """Of keys that lie by rows: each part looks up its own rows in the table."""
    rng, before = np.random.default_rng(4), threads()
    q, k = rng.standard_normal((1, queries, 96)), rng.standard_normal((1, 96, 48))
    mask = hidden("window", queries, 48)
    mask[:, :16] &= np.arange(queries)[:, None] < queries // 2  # each half of the rows shows other columns
    try:
        set_threads(2)
        found = ms.jit(lambda q, k, mask: ops.masked_fill(ops.matmul(q, k), mask, -1e9))(*map(Tensor, (q, k, mask)))
    finally:
        set_threads(before)
    np.testing.assert_allclose(found.asnumpy(), np.where(mask, -1e9, q @ k), rtol=1e-11, atol=1e-11)


def test_new_lengths(graph_mode):
    f = ms.jit(with_gradients)
    for length in (130, 250, 257, 70, 300, 20):
        arrays, mask = operands(2, length, length, 32), hidden("causal", length, length)
        compare(f(*map(Tensor, (*arrays, mask))), written_out(*arrays, mask))


def ops_of(f, *arguments):
    return [n.op.name for n in ms.jit(f).graph(*arguments).final.nodes]


def test_what_is_read_elsewhere_is_computed(graph_mode):
    q, k, v, _ = map(Tensor, operands(2, 128, 128, 64))
    mask = Tensor(hidden("causal", 128, 128))

    def scores_too(q, k, v):
        scores = ops.matmul(q, k.swapaxes(-1, -2))
        return scores, ops.matmul(ops.softmax(ops.masked_fill(scores, mask, -1e9), -1), v)

    found = ms.jit(scores_too)(q, k, v)[0].asnumpy()
    np.testing.assert_allclose(found, q.asnumpy() @ k.asnumpy().swapaxes(-1, -2), rtol=1e-4, atol=1e-4)
    assert "matmul_shown" in ops_of(attention, q, k, v, mask)
    assert "matmul_shown" not in ops_of(scores_too, q, k, v)
    # a mask that puts zeros is that of ReLU, and its columns change from row to row
    assert "matmul_shown" not in ops_of(
        lambda q, k: ops.masked_fill(ops.matmul(q, k.swapaxes(-1, -2)), mask, 0.0), q, k
    )


def test_the_debugger_takes_no_hidden_place_for_a_difference(graph_mode):
    """What was in memory there is none: only what differs by itself is named where modes differ."""
    arrays = [*operands(2, 512, 512, 64)[:3], hidden("causal", 512, 512)]
    graph = ms.jit(attention).graph(*map(Tensor, arrays))
    assert "matmul_shown" in [n.op.name for n in graph.final.nodes]
    assert comparison._first_node(graph, arrays) == (None, 0.0)


def test_the_table_has_all_columns_that_are_shown(graph_mode):
    table = ms.jit(lambda mask: op_named("shown_columns")(mask, hides=True))
    for kind in MASKS:
        mask = hidden(kind, 133, 100)
        found = table(Tensor(mask)).asnumpy()
        assert found.shape == (9, 2)
        for row in range(133):
            first, end = found[row // 16]
            assert mask[row, :first].all() and mask[row, end:].all()
    assert table(Tensor(hidden("causal", 133, 100))).asnumpy()[0, 1] == 20  # 100 - 5 * 16: nothing is hidden up to 16


def test_onnx_has_the_whole_product(tmp_path, graph_mode):
    onnx = pytest.importorskip("onnx")
    mask = Tensor(hidden("causal", 128, 128))

    class Attention(ms.nn.Cell):
        def construct(self, q, k, v):
            return attention(q, k, v, mask)

    arrays = operands(2, 128, 128, 64)
    ms.export(Attention(), *map(Tensor, arrays[:3]), file_name=str(tmp_path / "net.onnx"), file_format="ONNX")
    run = pytest.importorskip("onnx.reference").ReferenceEvaluator(onnx.load(str(tmp_path / "net.onnx")))
    (found,) = run.run(None, dict(zip(run.input_names, arrays[:3])))
    compare([Tensor(found)], written_out(*arrays, mask.asnumpy())[:1])
