"""Products of bfloat16 matrices by the processor's instruction: exact sums rounded once, in both modes, for all sizes."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.core.kernel import ENTRY
from minispore.core.processor import multiplies_bfloat16
from minispore.graph import python_kernels
from minispore.graph.build import set_threads, threads
from minispore.graph.compile import address_of
from minispore.ops import bfloat_products

B = ms.bfloat16.np
able = pytest.mark.skipif(not multiplies_bfloat16(), reason="the processor multiplies no bfloat16 numbers")
LAYOUTS = ("plain", "left transposed", "right transposed", "both transposed")


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(B)


def product(x, y, layout):
    """``x @ y`` of operands that lie in memory as the layout says."""
    turned = [name in layout or "both" in layout for name in ("left", "right")]
    given = [np.ascontiguousarray(a.swapaxes(-1, -2)) if t else a for a, t in zip((x, y), turned)]

    def f(x, y):
        return ops.matmul(*[a.swapaxes(-1, -2) if t else a for a, t in zip((x, y), turned)])

    return (ms.jit(f) if ms.get_context("mode") == ms.GRAPH_MODE else f)(*map(Tensor, given))


def check(found, x, y):
    """Within the rounding of the exact product to bfloat16 and, for each term, the rounding of a sum in float32."""
    wide = x.astype(np.float64), y.astype(np.float64)
    exact, size = wide[0] @ wide[1], np.abs(wide[0]) @ np.abs(wide[1])
    assert found.dtype is ms.bfloat16
    allowed = 2.0**-8 * np.abs(exact) + x.shape[-1] * 2.0**-24 * size
    assert (np.abs(found.asnumpy().astype(np.float64) - exact) <= allowed).all()


SHAPES = {
    "one tile": (14, 32, 128), "no row fills a tile": (9, 33, 77), "odd terms": (30, 50, 131), "one term more": (64, 64, 65),
    "blocks of rows and columns": (345, 1100, 40), "blocks of terms": (31, 45, 2051), "exact blocks of terms": (28, 32, 2048),
    "the shortest": (8, 8, 513), "one pair": (60, 70, 2), "few columns": (515, 10, 300), "few columns, blocks of terms": (140, 9, 2051),
    "few rows": (8, 1100, 1030), "rows that fill tiles of 8": (24, 600, 65), "rows of one block": (64, 2000, 1000),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", SHAPES)
def test_products(name, layout, graph_mode):
    m, n, k = SHAPES[name]
    x, y = normal(m, k), normal(k, n, seed=1)
    check(product(x, y, layout), x, y)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "batch, sizes",
    [((7,), (9, 33, 77)), ((2, 3), (20, 40, 64)), ((2,), (300, 70, 900)), ((3,), (600, 9, 257)), ((5,), (8, 700, 130))],
)
def test_batches(batch, sizes, layout, mode):
    """Of one block each, whose matrices are rearranged together, and of several."""
    m, n, k = sizes
    x, y = normal(*batch, m, k), normal(*batch, k, n, seed=1)
    check(product(x, y, layout), x, y)


@able
@pytest.mark.parametrize("n", [1, 2])
def test_products_with_the_own_transpose(n, graph_mode):
    """Half of them is computed; so is half of the square of such a product."""
    x = normal(213, 331)
    before = threads()
    set_threads(n)
    try:
        f = ms.jit(lambda x, y: (square := ops.matmul(x, x.T), ops.matmul(square, square), ops.matmul(y.T, y)))
        given = Tensor(x), Tensor(np.ascontiguousarray(x.T))
        square, fourth, other = f(*given)
        check(square, x, x.T)
        check(fourth, square.asnumpy(), square.asnumpy())
        np.testing.assert_array_equal(other.asnumpy(), square.asnumpy())
        np.testing.assert_array_equal(fourth.asnumpy(), fourth.asnumpy().T)
        assert [k.name for k in f.graph(*given).kernels].count("mirror") == 3
    finally:
        set_threads(before)


@able
def test_both_modes_and_any_number_of_threads_give_the_same_bits():
    x, y = normal(200, 1500), normal(1500, 300, seed=1)
    found = [product(x, y, "plain").asnumpy()]
    ms.set_context(mode=ms.GRAPH_MODE)
    before = threads()
    try:
        for n in (1, 2, 3):
            set_threads(n)
            found.append(product(x, y, "plain").asnumpy())
    finally:
        set_threads(before)
    for other in found[1:]:
        np.testing.assert_array_equal(other.view(np.uint16), found[0].view(np.uint16))


@able
@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_numbers_from_outside_are_read(layout, graph_mode):
    """Operands that are parts of arrays of NaN, with odd sizes."""
    whole = np.full((2, 90, 90), np.nan, B)
    x, y = normal(65, 67), normal(67, 51, seed=1)
    parts = [a.T if "both" in layout or side in layout else a for a, side in ((x, "left"), (y, "right"))]
    for k, part in enumerate(parts):
        whole[k, 3 : 3 + part.shape[0], 5 : 5 + part.shape[1]] = part
    sizes = [p.shape for p in parts]

    @ms.jit
    def f(whole):
        shown = [whole[k, 3 : 3 + a, 5 : 5 + b] for k, (a, b) in enumerate(sizes)]
        return ops.matmul(*[s.T if p is not a else s for s, p, a in zip(shown, parts, (x, y))])

    check(f(Tensor(whole)), x, y)
    assert "bfloat_product" in [k.name for k in f.graph(Tensor(whole)).kernels]


def test_infinities_and_nan(mode):
    """They reach the elements that they reach in float32, and no others."""
    x, y = normal(70, 64), normal(64, 80, seed=1)
    x[3, 5], x[60, 63], y[10, 79], y[63, 0] = np.inf, np.nan, -np.inf, 0
    with np.errstate(all="ignore"):
        exact = x.astype(np.float32) @ y.astype(np.float32)
    found = product(x, y, "plain").asnumpy().astype(np.float32)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(exact))
    np.testing.assert_array_equal(np.isinf(found), np.isinf(exact))
    np.testing.assert_array_equal(np.sign(found[np.isinf(exact)]), np.sign(exact[np.isinf(exact)]))


@able
def test_denormals_count_as_zero(mode):
    """As docs/mixed_precision.md says: the instruction takes and gives none."""
    x, y = np.full((64, 64), 1e-39, B), np.full((64, 64), 1.0, B)
    assert (x.astype(np.float32) != 0).all()
    assert not product(x, y, "plain").asnumpy().astype(np.float32).any()


def test_without_elements(mode):
    assert product(normal(0, 64), normal(64, 80), "plain").shape == (0, 80)
    assert not product(normal(80, 0), normal(0, 80), "plain").asnumpy().astype(np.float32).any()


def test_gradients_are_products_too(mode):
    x, w = normal(48, 100), normal(70, 100, seed=1)
    g = normal(48, 70, seed=2)
    by_x, by_w = ms.grad(lambda x, w: (ops.matmul(x, w.T) * Tensor(g)).astype(ms.float32).sum(), (0, 1))(
        Tensor(x), Tensor(w)
    )
    check(by_x, g, w)
    check(by_w, g.T, x)


@able
def test_a_layer_calls_the_kernel_in_each_direction(graph_mode):
    """Forward and both gradients; with the instruction switched off none of them, and the same numbers but for roundings."""
    net = nn.Dense(96, 64, weight_init=Tensor(normal(64, 96).astype(np.float32))).to_float(ms.bfloat16)
    x = Tensor(normal(80, 96).astype(np.float32))
    step = ms.value_and_grad(lambda x: net(x).astype(ms.float32).square().sum(), 0, net.trainable_params())
    jitted = ms.jit(step)
    names = [k.name for k in jitted.graph(x).kernels]
    assert names.count("bfloat_product") == 3 and "gemm" not in names
    found = jitted(x)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bfloat_products, "multiplies_bfloat16", lambda: False)
        plain = ms.jit(lambda x: step(x))
        assert "gemm" in (names := [k.name for k in plain.graph(x).kernels]) and "bfloat_product" not in names
        others = plain(x)
    for a, b in zip((found[0], found[1][0], *found[1][1]), (others[0], others[1][0], *others[1][1])):
        a, b = a.asnumpy(), b.asnumpy()
        np.testing.assert_allclose(a, b, rtol=0.02, atol=0.02 * np.abs(b).max())


def test_a_transposed_weight_is_cast_before(graph_mode):
    """Where products are computed in float32: once for forward and backward, and its gradient comes out in the weight's order."""
    x, w = Tensor(normal(40, 50)), ms.Parameter(Tensor(np.ones((60, 50), np.float32)), name="w")

    def loss(x):
        return (ops.matmul(x, w.astype(ms.bfloat16).T).astype(ms.float32) ** 2).sum()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bfloat_products, "multiplies_bfloat16", lambda: False)
        nodes = [str(n) for n in ms.jit(ms.grad(loss, 0, [w])).graph(x).nodes]
    assert sum("cast(w" in n for n in nodes) == 1
    assert not [n for n in nodes if "[50, 60]" in n and "cast(" in n]


def test_casts_move_to_what_they_are_fused_with(graph_mode):
    """Past the lookup, which reads few rows of a table, and past reshapes between a product and what follows or comes before."""
    table, w = Tensor(normal(900, 32).astype(np.float32)), Tensor(normal(32, 40))
    index = np.arange(6, dtype=np.int32).reshape(2, 3)

    @ms.jit
    def f(table, index, w):
        rows = ops.gather(table.astype(ms.bfloat16), index, 0)
        return ops.tanh(ops.matmul(rows, w) + 1.0)

    wanted = np.tanh(
        (table.asnumpy()[index].astype(np.float32) @ w.asnumpy().astype(np.float32)).astype(B).astype(np.float32) + 1
    )
    np.testing.assert_allclose(f(table, Tensor(index), w).asnumpy().astype(np.float32), wanted, rtol=0.02)
    inspection = f.graph(table, Tensor(index), w)
    assert not [n for n in inspection.nodes if "[900, 32]" in str(n) and "cast(" in str(n)]
    names = [k.name for k in inspection.kernels]
    assert len(names) == 6, names  # a check, the lookup, two casts, the product, and all that follows it


def test_few_rows_and_small_products_stay_in_float32(graph_mode):
    f = ms.jit(lambda x, y: ops.matmul(x, y))
    for x, y in (
        (normal(3, 300), normal(300, 300)),
        (normal(20, 20), normal(20, 20)),
        (normal(300, 300), normal(300, 3)),
    ):
        assert "bfloat_product" not in [k.name for k in f.graph(Tensor(x), Tensor(y)).kernels]
        check(f(Tensor(x), Tensor(y)), x, y)


@pytest.mark.parametrize("dtype", [ms.bfloat16, ms.float16])
@pytest.mark.parametrize("axis", [0, 1, None])
def test_sums_are_rounded_once(axis, dtype, mode):
    """Of rows too, whose sums lie in memory while they grow: 300 terms of 1 would end at 256 in bfloat16."""
    x = np.full((300, 200), 1.0, np.float32)
    f = lambda x: x.sum(axis)
    found = (ms.jit(f) if mode == "graph" else f)(Tensor(x).astype(dtype))
    assert found.dtype is dtype
    np.testing.assert_array_equal(found.asnumpy(), x.sum(axis).astype(dtype.np))


def test_every_nan_stays_one(mode):
    """Whatever its bits: those that bfloat16 lacks alone say that some of them are no infinities."""
    bits = np.array([0x7F800001, 0xFF800001, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FC00000] * 20000, np.uint32)
    f = lambda x: (x.astype(ms.bfloat16), (-x).astype(ms.bfloat16))
    for found in (ms.jit(f) if mode == "graph" else f)(Tensor(bits.view(np.float32))):
        assert np.isnan(found.asnumpy().astype(np.float32)).all()


@able
@pytest.mark.parametrize("source", ["uint16", "float32"])
@pytest.mark.parametrize("across", [True, False])
def test_panels_as_machine_code_and_as_python(source, across):
    """The same pairs, of bfloat16 numbers and of float32 ones that are rounded."""
    n, k = 37, 45
    y = np.random.default_rng(0).standard_normal((n, k) if across else (k, n)).astype(np.float32)
    y = y if source == "float32" else y.astype(B).view(np.uint16)
    size = 2 * 32 * 32
    strides = (1, k) if across else (n, 1)
    kernel = bfloat_products.bfloat_panels.bind(Y=source)
    made = []
    for entry in (ENTRY(address_of(kernel)), python_kernels.entry(kernel)):
        panels = np.zeros(size, np.uint32)
        args = np.array([y.ctypes.data, panels.ctypes.data, n, k, *strides, 1, 0, 0, 1024, 4, size], np.int64)
        entry(0, 0, args.ctypes.data, 0, 1)
        pairs = panels.reshape(2, 32, 32)[:, : (k + 1) // 2]
        made.append(np.concatenate(list(pairs), 1)[:, :n])
    np.testing.assert_array_equal(*made)
    rounded = (y if source == "float32" else y.view(B)).astype(B).astype(np.float32)
    rounded = rounded.T if across else rounded
    np.testing.assert_array_equal((made[0][:22] << np.uint32(16)).view(np.float32), rounded[:44:2])
    np.testing.assert_array_equal((made[0][:22] & np.uint32(0xFFFF0000)).view(np.float32), rounded[1::2])
