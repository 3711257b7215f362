"""Fourier transforms of many signals by compiled kernels, against NumPy's in double precision."""

import os
import subprocess
import sys

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

TYPES = {"float32": (np.float32, np.complex64, 1e-6), "float64": (np.float64, np.complex128, 1e-14)}
RNG = np.random.default_rng(3)


def transforms(x, z, half):
    """All kinds: real numbers, back, both ways, along the first axis, two axes at once."""
    planes = z.reshape(1, *z.shape)
    return (
        ops.rfft(x), ops.irfft(half, x.shape[1]), ops.fft(z), ops.ifft(z), ops.fft(z, dim=0), ops.ifft2(ops.cat((planes, planes * 2.0), 0)),
    )  # fmt: skip


def wanted(x, z, half):
    x, z, half = x.astype(np.float64), z.astype(np.complex128), half.astype(np.complex128)
    pair = np.stack([z, 2 * z])
    fft = np.fft
    return fft.rfft(x), fft.irfft(half, x.shape[1]), fft.fft(z), fft.ifft(z), fft.fft(z, axis=0), fft.ifft2(pair)


def drawn(rows, n, kind):
    real, complex_, _ = TYPES[kind]
    x, y = RNG.standard_normal((2, rows, n))
    # the first and the last number of the half of a real signal are real: what else they hold does not count
    half = (x + 1j * y)[:, : n // 2 + 1]
    return x.astype(real), (x + 1j * y).astype(complex_), half.astype(complex_)


def close(found, expected, tolerance):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a.asnumpy(), b, rtol=0, atol=tolerance * np.abs(b).max())


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("rows, n", [(16, 16), (40, 20), (18, 28), (21, 210), (32, 96), (17, 512), (20, 22), (6, 64)])
def test_signals_of_any_number_and_length(rows, n, kind, graph_mode):
    """Lengths of the factors 2 to 7, others (22), few signals (6), numbers of signals that fill no vector."""
    given = drawn(rows, n, kind)
    close(ms.jit(lambda *given: transforms(*given))(*map(Tensor, given)), wanted(*given), TYPES[kind][2])


def test_kernels_transform_them(graph_mode):
    x, z, half = map(Tensor, drawn(32, 96, "float32"))
    names = [k.name for k in ms.jit(lambda *given: transforms(*given)).graph(x, z, half).kernels]
    assert names.count("fourier_rows") == 5 and names.count("fourier_columns") == 2


def test_a_signal_does_not_touch_others(graph_mode):
    """Neither what is not a number, nor the rounding of large ones."""
    x = drawn(33, 64, "float32")[0]
    x[5], x[20] = np.nan, 1e30
    found, there = ms.jit(lambda x: ops.rfft(x))(Tensor(x)).asnumpy(), np.arange(33)
    expected = np.fft.rfft(x.astype(np.float64))
    assert np.isnan(found[5]).all()
    for row in there[there != 5]:
        np.testing.assert_allclose(found[row], expected[row], rtol=0, atol=1e-6 * np.abs(expected[row]).max())


def test_new_sizes_of_a_known_call(graph_mode):
    """Other numbers of signals, and other lengths."""
    compiled = ms.jit(lambda x: ops.irfft(ops.rfft(x) * 2.0, x.shape[1]))
    for rows, n in ((32, 64), (48, 64), (17, 64), (32, 80), (40, 80), (64, 22), (8, 64), (50, 64)):
        x = drawn(rows, n, "float32")[0]
        np.testing.assert_allclose(compiled(Tensor(x)).asnumpy(), 2 * x, rtol=0, atol=2e-6 * np.abs(x).max())


def test_gradients(graph_mode):
    """Of the power of some frequencies: those of the matrix of the transform."""
    x = drawn(16, 48, "float64")[0]
    weights = np.cos(np.arange(25.0))
    spectrum = lambda x: ops.sum(ops.abs(ops.rfft(x)) ** 2 * Tensor(weights))
    found = ms.jit(ms.grad(spectrum))(Tensor(x)).asnumpy()
    matrix = np.fft.rfft(np.eye(48))
    np.testing.assert_allclose(found, 2 * np.real((x @ matrix * weights) @ matrix.conj().T), rtol=1e-10, atol=1e-10)


def test_kernels_run_as_python():
    program = (
        "import numpy as np, minispore as ms; from minispore import Tensor, ops; ms.set_context(mode=ms.GRAPH_MODE)\n"
        "x = np.random.default_rng(0).standard_normal((16, 24)).astype(np.float32)\n"
        "f = ms.jit(lambda x: (ops.rfft(x), ops.irfft(ops.rfft(x), 24), ops.fft(ops.rfft(x), dim=0)))\n"
        "h = np.fft.rfft(x); found = [a.asnumpy() for a in f(Tensor(x))]\n"
        "assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(found, (h, x, np.fft.fft(h, axis=0))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "MINISPORE_JIT": "0"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind, tolerance", [(np.complex64, 2e-6), (np.complex128, 1e-14)])
@pytest.mark.parametrize(
    "shape", [(64,), (1000,), (4, 4096), (1, 10000), (20, 1024), (3, 2, 768), (15, 512), (33, 1024)]
)
def test_few_and_long_signals(shape, kind, tolerance, graph_mode):
    rng = np.random.default_rng(0)
    x = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(kind)
    for ours, theirs in ((ops.fft, np.fft.fft), (ops.ifft, np.fft.ifft)):
        wanted = theirs(x.astype(np.complex128))
        assert np.abs(ms.jit(ours)(Tensor(x)).asnumpy() - wanted).max() <= tolerance * np.abs(wanted).max()
    wanted = np.fft.rfft(x.real.astype(np.float64))
    half = ms.jit(ops.rfft)(Tensor(x.real.copy()))
    assert np.abs(half.asnumpy() - wanted).max() <= tolerance * np.abs(wanted).max()
    assert np.abs(ms.jit(ops.irfft)(half).asnumpy() - x.real).max() <= tolerance * np.abs(x).max()
