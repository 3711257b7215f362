"""Products of large matrices by tiles of panels, against float64."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.graph.build import set_threads, threads

SHAPES = [
    (135, 405, 343),
    (40, 2203, 64),
    (2000, 77, 37),
    (32, 128, 1100),
]  # edges of tiles, of panels, of parts of the sums


def turned(x, wanted):
    return x.swapaxes(-1, -2) if wanted else x


def operands(shape, kind, left, right, batch=()):
    m, n, k = shape
    rng = np.random.default_rng(0)
    x, y = ((k, m) if left else (m, k)), ((n, k) if right else (k, n))
    return rng.standard_normal((*batch, *x)).astype(kind), rng.standard_normal((*batch, *y)).astype(kind)


def product(left, right):
    return ms.jit(lambda x, y: ops.matmul(turned(x, left), turned(y, right)))


def names(f, *arguments):
    return [k.name for k in f.graph(*arguments).kernels]


@pytest.mark.quick
@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_each_order_of_both_matrices(kind, left, right, graph_mode):
    """Results by rows and by columns, with parts of tiles at both ends."""
    f = product(left, right)
    for shape in SHAPES:
        x, y = operands(shape, kind, left, right)
        exact = turned(x, left).astype(np.float64) @ turned(y, right)
        tolerance = 1e-5 if kind is np.float32 else 1e-13
        found = f(Tensor(x), Tensor(y)).asnumpy()
        np.testing.assert_allclose(found, exact, rtol=tolerance, atol=tolerance * np.abs(exact).max())
        assert names(f, Tensor(x), Tensor(y))[-1] in ("panel_product", "few_rows_turned")


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("rows", [17, 24, 31, 50, 63])
def test_rows_that_fill_no_vector_are_turned(rows, kind, graph_mode):
    """A matrix by columns and a left one whose last rows overlap those before or are summed alone, and columns whose last block is narrow or
    overlaps; alone and a batch."""
    before, f = threads(), product(False, True)
    try:
        set_threads(2)
        for batch, (n, k) in (((), (283, 257)), ((), (100, 260)), ((4,), (64, 301))):
            x, y = operands((rows, n, k), kind, False, True, batch)
            x = x[0] if batch else x
            found = f(Tensor(x), Tensor(y)).asnumpy()
            tolerance = 1e-4 if kind is np.float32 else 1e-12
            np.testing.assert_allclose(found, x.astype(np.float64) @ turned(y, True), rtol=tolerance, atol=tolerance)
            assert names(f, Tensor(x), Tensor(y))[-1] == "few_rows_turned"
    finally:
        set_threads(before)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("shape", [(300, 80, 530), (270, 400, 100)])
def test_a_batch(shape, shared, graph_mode):
    """One left matrix for all, and one each; by rows of the results and by columns."""
    x, y = operands(shape, np.float32, False, True, (2, 3))
    x = x[0, 0] if shared else x
    f = product(False, True)
    found = f(Tensor(x), Tensor(y)).asnumpy()
    np.testing.assert_allclose(found, x.astype(np.float64) @ turned(y, True), rtol=1e-4, atol=1e-4)
    assert names(f, Tensor(x), Tensor(y))[-1] == "panel_product"


def test_bits_do_not_depend_on_the_number_of_threads(graph_mode):
    given = [Tensor(x) for x in operands((190, 208, 700), np.float32, True, False)]
    before = threads()
    found = []
    try:
        for n in (1, 2, 3):
            set_threads(n)
            f = product(True, False)
            found.append(f(*given).asnumpy())
            assert "panel_product" in names(f, *given)
    finally:
        set_threads(before)
    for other in found[1:]:
        np.testing.assert_array_equal(found[0], other)


def test_infinities_and_nan_stay_in_their_rows_and_columns(graph_mode):
    """What panels have beyond the ends of a matrix is multiplied too, and must not be seen."""
    x, y = operands((135, 143, 330), np.float32, False, True)
    x[134], x[7, 3], y[142, 2], y[5, 329] = np.inf, np.nan, np.inf, -np.inf
    with np.errstate(invalid="ignore"):
        exact = x.astype(np.float64) @ y.T.astype(np.float64)
    found = product(False, True)(Tensor(x), Tensor(y)).asnumpy()
    np.testing.assert_allclose(found, exact, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize("column", [False, True])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_batch_of_vectors_times_a_batch_of_matrices(kind, column, right, graph_mode):
    """Each reads its matrix once, as a sum; with gradients, and one vector for all matrices."""
    rng = np.random.default_rng(0)
    matrix = rng.standard_normal((2, 3, 130, 70)).astype(kind)
    n = 130 if right == column else 70
    vector = rng.standard_normal((2, 3, n, 1) if column else (2, 3, 1, n)).astype(kind)

    def f(vector, matrix):
        matrix = turned(matrix, right)
        return ops.matmul(matrix, vector) if column else ops.matmul(vector, matrix)

    tolerance = 1e-4 if kind is np.float32 else 1e-12
    wide = turned(matrix, right).astype(np.float64)
    for given in (vector, vector[:1, :1]):
        exact = wide @ given if column else given @ wide
        found = ms.jit(f)(Tensor(given), Tensor(matrix)).asnumpy()
        np.testing.assert_allclose(found, exact, rtol=tolerance, atol=tolerance)
    assert "gemm" not in names(ms.jit(f), Tensor(vector), Tensor(matrix))
    dv, dm = ms.jit(ms.grad(lambda v, m: f(v, m).sum(), (0, 1)))(Tensor(vector), Tensor(matrix))
    ones = np.ones((2, 3, wide.shape[-2] if column else 1, 1 if column else wide.shape[-1]))
    expected = wide.swapaxes(-1, -2) @ ones if column else ones @ wide.swapaxes(-1, -2)
    np.testing.assert_allclose(dv.asnumpy(), expected, rtol=tolerance, atol=tolerance)
    outer = ones @ vector.swapaxes(-1, -2) if column else vector.swapaxes(-1, -2) @ ones
    np.testing.assert_allclose(dm.asnumpy(), turned(outer, right), rtol=tolerance, atol=tolerance)
