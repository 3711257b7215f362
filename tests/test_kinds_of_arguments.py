"""Arguments of all kinds have the values of this call, not those of one that looked alike."""

import warnings

import numpy as np

import minispore as ms
from minispore import Tensor, nn


def x2():
    return Tensor([1.0, 2.0])


def values(tensor):
    return tensor.asnumpy().tolist()


def compiled(function):
    """``function``, compiled in GRAPH mode: a test in both modes shows that they do the same."""
    return ms.jit(function) if ms.get_context("mode") == ms.GRAPH_MODE else function


def test_kinds_of_arguments(mode):
    f = compiled(lambda x: x * 2.0 + x.sum())
    base = np.arange(12, dtype=np.float32).reshape(3, 4)
    frozen = base.copy()
    frozen.flags.writeable = False
    for array in (
        base,
        base.T,
        base[:, ::2],
        base[::-1],
        frozen,
        base.astype(np.float64),
        base.astype(np.float16),
        base[:0],
    ):
        found = f(Tensor.from_numpy(array))
        wanted = array * np.array(2, array.dtype) + array.sum()
        assert found.shape == array.shape and found.asnumpy().dtype == array.dtype
        np.testing.assert_allclose(found.asnumpy(), wanted, rtol=1e-2 if array.dtype == np.float16 else 1e-6)
    assert f(Tensor([1, 2])).dtype == ms.float32


def test_an_empty_batch(mode):
    net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU(), nn.LayerNorm((3,)))
    assert net(Tensor(np.zeros((0, 2), np.float32))).shape == (0, 3)
    assert net(Tensor(np.ones((1, 2), np.float32))).shape == (1, 3)
    gradients = ms.grad(lambda x: net(x).sum(), None, net.trainable_params())(Tensor(np.zeros((0, 2), np.float32)))
    assert all((g.asnumpy() == 0).all() for g in gradients)


def test_numbers_of_equal_value_and_other_type(mode):
    f = compiled(lambda x, k: x * k)
    x = Tensor([1, 2])
    assert [str(f(x, k).dtype) for k in (2, 2.0, True, 2)] == ["Int64", "Float32", "Int64", "Int64"]


def test_sets_given_as_arguments(mode):
    f, gradient = compiled(lambda x, held: x * sum(held)), ms.grad(ms.jit(lambda x, held: (x * sum(held)).sum()))
    wanted = [float(k + 10) for k in range(1, 4)]
    assert [values(f(Tensor([1.0]), {k, 10}))[0] for k in range(1, 4)] == wanted
    assert [values(gradient(Tensor([1.0]), {k, 10}))[0] for k in range(1, 4)] == wanted
    held, found = {1}, []
    for k in (0, 5, 7):
        held.add(k)
        found.append(values(f(Tensor([1.0]), held))[0])
    assert found == [1.0, 6.0, 13.0]


def test_zeros_of_both_signs_and_nan(mode):
    held = 0.0

    def quotients(x, k):
        return x / k, x / held

    f, inside = compiled(quotients), ms.jit(quotients)
    gradient = ms.grad(lambda x, k: inside(x, k)[0])
    x, infinity = Tensor(1.0), float("inf")
    for k, wanted in ((0.0, infinity), (-0.0, -infinity), (0.0, infinity)):
        held = k
        assert [float(y) for y in f(x, k)] == [wanted] * 2
        assert float(gradient(x, k)) == wanted
    nothing = compiled(lambda x, k: x * k)
    before = None
    for _ in range(3):
        assert np.isnan(float(nothing(x, float("nan"))))
        before = before or ms.graph.compile_stats()["traces"]
    assert ms.graph.compile_stats()["traces"] == before


def test_a_generator_is_used_up_as_in_python(mode):
    def f(x, items):
        return x * sum(items)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [values(compiled(f)(x2(), (k for k in range(n)))) for n in (3, 4)] == [[3.0, 6.0], [6.0, 12.0]]
