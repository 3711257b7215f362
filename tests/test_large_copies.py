"""Kernels of large arrays whose memory is read or written in an order of its own, beside NumPy."""

import numpy as np
import pytest

import minispore as ms


@pytest.mark.parametrize("axis", [1, 2])
@pytest.mark.parametrize("kind", [np.float32, np.int16, np.complex64])
def test_concat_of_large_parts(mode, axis, kind):
    rng = np.random.default_rng(0)
    shapes = (
        [(210, 70, 65), (210, 70, 3), (210, 70, 40)] if axis == 2 else [(210, 33, 101), (210, 1, 101), (210, 70, 101)]
    )
    parts = [rng.integers(0, 99, shape).astype(kind) for shape in shapes]
    f = lambda *x: ms.ops.cat(x, axis)
    got = (ms.jit(f) if mode == "graph" else f)(*map(ms.Tensor, parts)).asnumpy()
    np.testing.assert_array_equal(got, np.concatenate(parts, axis))


def test_concat_of_parts_computed_in_place_strided_and_twice():
    x = np.random.default_rng(1).standard_normal((300, 1000)).astype(np.float32)
    f = ms.jit(lambda t: ms.ops.cat((t, t[:, ::2], t + 1.0, t), 1))
    np.testing.assert_array_equal(f(ms.Tensor(x)).asnumpy(), np.concatenate([x, x[:, ::2], x + 1, x], 1))


@pytest.mark.parametrize(
    "shape,axis", [((40, 700), 0), ((3, 20, 9), 1), ((1, 300), 0), ((5, 1, 256), 1), ((0, 8, 0, 9), 1)]
)
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int32, np.uint8])
def test_argmax_along_columns(mode, shape, axis, kind):
    x = np.random.default_rng(2).integers(0, 6, shape).astype(kind)  # with ties: the first one counts
    f = lambda t: (ms.ops.argmax(t, axis), ms.ops.argmin(t, axis))
    got = (ms.jit(f) if mode == "graph" else f)(ms.Tensor(x))
    for one, function in zip(got, (np.argmax, np.argmin)):
        np.testing.assert_array_equal(one.asnumpy(), function(x, axis))


def test_argmax_along_columns_with_nan():
    x = np.random.default_rng(3).standard_normal((30, 40)).astype(np.float32)
    x[5, ::3] = x[9, ::5] = np.nan
    f = ms.jit(lambda t: (ms.ops.argmax(t, 0), ms.ops.argmin(t, 0)))
    for one, function in zip(f(ms.Tensor(x)), (np.argmax, np.argmin)):
        np.testing.assert_array_equal(one.asnumpy(), function(x, 0))


@pytest.mark.parametrize("kind", [np.int8, np.float16, np.float32, np.complex64])
@pytest.mark.parametrize("parts", [2, 3, 7])
def test_stack_along_a_new_last_axis(mode, parts, kind):
    rng = np.random.default_rng(2)
    arrays = [rng.integers(0, 99, (23, 45)).astype(kind) for _ in range(parts)]
    f = lambda *x: ms.ops.stack((*x[1:], x[0][:, ::-1]), -1)
    got = (ms.jit(f) if mode == "graph" else f)(*map(ms.Tensor, arrays)).asnumpy()
    np.testing.assert_array_equal(got, np.stack([*arrays[1:], arrays[0][:, ::-1]], -1))
