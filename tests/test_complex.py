"""Complex numbers: gradients against finite differences, training, transforms, control flow, large arrays, files, printed form."""

import os
import subprocess
import sys

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops

RNG = np.random.default_rng(0)


def c(*shape, dtype=np.complex64):
    return (RNG.standard_normal(shape) + 1j * RNG.standard_normal(shape)).astype(dtype)


def numerical(loss, z, step=1e-5):
    """dL/dx + i dL/dy by central differences, in complex128."""
    out = np.zeros_like(z)
    for k in np.ndindex(z.shape):
        for unit in (1, 1j):
            there = [loss(Tensor(z + sign * step * unit * (np.arange(z.size).reshape(z.shape) == np.ravel_multi_index(k, z.shape))))
                     for sign in (1, -1)]  # fmt: skip
            out[k] += unit * (float(there[0]) - float(there[1])) / (2 * step)
    return out


W = c(3, 3, dtype=np.complex128)
LOSSES = {
    "products": lambda z: ops.real(z * z * Tensor(W[0])).sum(),
    "matmul": lambda z: ops.real(ops.matmul(Tensor(W), z * z)).sum() + ops.imag(ops.matmul(z, Tensor(W))).sum(),
    "magnitude": lambda z: ops.real(ops.abs(z)).sum() + P.ComplexAbs()(z * Tensor(W[1])).sum(),
    "angle": lambda z: ops.angle(z).sum() + ops.imag(ops.conj(z) * ops.exp(z)).sum(),
    "quotients": lambda z: ops.real(1.0 / z + z / Tensor(W[2]) + z**3 - ops.sqrt(z)).sum(),
    "pow": lambda z: ops.imag(ops.pow(z, Tensor(W[0])) + ops.pow(Tensor(W[0]), z)).sum(),
    "functions": lambda z: ops.real(ops.tanh(z) * ops.sin(z) + ops.acosh(z) + ops.atan(z) * ops.log(z)).sum(),
    "reductions": lambda z: ops.real(ops.prod(z) + ops.cumprod(z, 0).sum() + ops.mean(z) * z.sum()),
    "parts": lambda z: (ops.view_as_real(z) ** 2).sum() + ops.real(ops.polar(ops.real(z), ops.imag(z))).sum(),
    "gathered": lambda z: ops.real(ops.gather(z * z, Tensor([2, 0, 2]), 0) * ops.cat((z[1:], z[:1]))).sum(),
    "fft": lambda z: ops.real(ops.fft(z, 4) * ops.ifft(z * z, 4)).sum() + (ops.irfft(z) ** 2).sum() + ops.hfft(z, 5).sum(),
    "rfft": lambda z: ops.real(ops.rfft(ops.real(z)) ** 2).sum() + P.ComplexAbs()(ops.fftshift(ops.ihfft(ops.imag(z)))).sum(),
}  # fmt: skip
P = ops.operations


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_equal_finite_differences(name):
    ms.set_context(mode=ms.PYNATIVE_MODE)
    z = c(3, dtype=np.complex128)
    wanted = numerical(LOSSES[name], z)
    for _ in range(3):  # the second call is the first to run what was written down of the one before
        np.testing.assert_allclose(ms.grad(LOSSES[name])(Tensor(z)).asnumpy(), wanted, 1e-6, 1e-6)


def test_compiled_gradients_equal_those_of_pynative_mode():
    z = Tensor(c(3, dtype=np.complex128))

    def gradients(z):
        return [ms.grad(loss)(z) for loss in LOSSES.values()]

    ms.set_context(mode=ms.PYNATIVE_MODE)
    wanted = gradients(z)
    ms.set_context(mode=ms.GRAPH_MODE)
    for name, found, want in zip(LOSSES, ms.jit(gradients)(z), wanted):
        np.testing.assert_allclose(found.asnumpy(), want.asnumpy(), 1e-9, 1e-9, err_msg=name)


def test_a_gradient_of_a_gradient():
    """|z|^4 by its formula: dL = 4 |z|^2 z, and the derivative of its real part along x and y."""
    ms.set_context(mode=ms.PYNATIVE_MODE)
    z = c(4, dtype=np.complex128)

    def first(z):
        return ms.grad(lambda z: (ops.real(z * ops.conj(z)) ** 2).sum())(z)

    np.testing.assert_allclose(first(Tensor(z)).asnumpy(), 4 * abs(z) ** 2 * z, 1e-12)
    x, y = z.real, z.imag
    second = ms.grad(lambda z: ops.real(first(z)).sum())(Tensor(z)).asnumpy()
    np.testing.assert_allclose(second, 12 * x * x + 4 * y * y + 8j * x * y, 1e-12)


# transforms between real numbers and a half: (function, its arguments, whether it takes complex numbers)
HALVES = {
    "even": ("rfft", (6,), False),
    "odd, filled up": ("rfft", (7, 0), False),
    "first axis": ("irfft", (5, 0, "ortho"), True),
    "even, cut": ("irfft", (4, -1), True),
    "conjugate": ("hfft", (6, -1, "forward"), True),
    "inverse": ("ihfft", (5, 0), False),
    "planes": ("rfft2", (None, (1, 0)), False),
    "planes of half": ("irfft2", ((3, 5), (0, 1)), True),
}


@pytest.mark.parametrize("name", HALVES)
def test_transforms_of_halves_equal_numpy_and_finite_differences(name, mode):
    function, arguments, takes_complex = HALVES[name]
    z = c(4, 6, dtype=np.complex128)
    wanted = getattr(np.fft, function)(z if takes_complex else z.real, *arguments)
    weights = RNG.standard_normal(wanted.shape)

    def loss(z):
        found = getattr(ops, function)(z if takes_complex else ops.real(z), *arguments)
        return (ops.real(found * found) * Tensor(weights) + ops.imag(found) ** 3).sum()

    for narrow, close in ((z, 1e-12), (z.astype(np.complex64), 1e-5)):
        found = ms.jit(getattr(ops, function))(Tensor(narrow if takes_complex else narrow.real.copy()), *arguments)
        assert (
            found.asnumpy().dtype
            == {"d": wanted, "f": wanted.astype("c8" if np.iscomplexobj(wanted) else "f4")}[
                narrow.real.dtype.char
            ].dtype
        )
        np.testing.assert_allclose(found.asnumpy(), wanted, close, close * abs(wanted).max())
    np.testing.assert_allclose(ms.grad(loss)(Tensor(z)).asnumpy(), numerical(loss, z), 1e-6, 1e-5)


class Fit(nn.Cell):
    def __init__(self, weight):
        super().__init__()
        self.weight = ms.Parameter(Tensor(weight), name="weight")

    def construct(self, x, y):
        error = ops.matmul(x, self.weight) - y
        return ops.real(error * ops.conj(error)).mean()


def test_training_finds_a_complex_weight(mode):
    """Least squares by gradient descent, the steps written out in NumPy."""
    rng = np.random.default_rng(1)
    x, weight, start = (
        (rng.standard_normal(s) + 1j * rng.standard_normal(s)).astype(np.complex64) for s in ((6, 3), (3, 2), (3, 2))
    )
    y = x @ weight
    net = Fit(start.copy())
    step = nn.TrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.1))
    w = start
    for _ in range(3):
        loss = step(Tensor(x), Tensor(y))
        error = x @ w - y
        np.testing.assert_allclose(float(loss), np.mean(abs(error) ** 2), 1e-4)
        w = w - 0.1 * 2 * np.conj(x).T @ error / error.size
        np.testing.assert_allclose(net.weight.asnumpy(), w, 1e-4, 1e-5)


def test_control_flow_and_transforms(mode):
    z = c(3)

    @ms.jit
    def power(z, n):
        out = ops.ones_like(z)
        for _ in range(3):
            out = out * z
        if n > 5:
            out = out * z
        if ops.real(out).sum() > 1e6:
            out = out * 0
        return out

    np.testing.assert_allclose(power(Tensor(z), Tensor(3)).asnumpy(), z**3, 1e-5)
    found = ms.grad(lambda z: ops.real(power(z, Tensor(3))).sum())(Tensor(z)).asnumpy()
    np.testing.assert_allclose(found, np.conj(3 * z**2), 1e-4)
    np.testing.assert_allclose(ms.vmap(lambda z: ops.fft(z * z))(Tensor(np.stack([z, 2 * z]))).asnumpy(),
                               np.fft.fft(np.stack([z, 2 * z]) ** 2), 1e-4, 1e-4)  # fmt: skip
    v = c(3)
    np.testing.assert_allclose(ms.jvp(lambda z: z * z, Tensor(z), Tensor(v))[1].asnumpy(), 2 * z * v, 1e-4, 1e-5)


def test_large_arrays_of_pynative_mode_go_through_kernels():
    ms.set_context(mode=ms.PYNATIVE_MODE)
    z = c(40000)
    np.testing.assert_allclose(ops.conj(Tensor(z) * Tensor(z)).asnumpy(), np.conj(z * z), 1e-4, 1e-5)
    with pytest.raises(TypeError, match="real numbers"):
        ops.maximum(Tensor(z), Tensor(z))


def test_interpreted_kernels_compute_complex_numbers():
    """``MINISPORE_JIT=0``: the same kernels, run by Python."""
    program = """
import numpy as np, minispore as ms
from minispore import ops
z = np.array([1 + 2j, -0.5 + 0.3j], np.complex64)
f = ms.jit(lambda z: (ops.tanh(z) * ops.conj(z) / z, ops.real(z).sum(), ops.log(z).sum(), z.astype(ms.complex128) ** 2))
a, b, d, e = f(ms.Tensor(z))
np.testing.assert_allclose(a.asnumpy(), np.tanh(z) * np.conj(z) / z, 1e-5)
np.testing.assert_allclose(float(b), 0.5, 1e-6)
np.testing.assert_allclose(complex(d), np.log(z).sum(), 1e-5)
np.testing.assert_allclose(e.asnumpy(), z.astype(np.complex128) ** 2, 1e-12)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "MINISPORE_JIT": "0"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


EDGES = np.array(
    [0, 1, -1, 1j, -1j, 1e-20 + 1e-20j, 1e20 - 1e20j, -2 + 0j, 3 + 4j, 1 + 1e-5j, -0.7 + 30j, 25 - 1j], np.complex64
)


@pytest.mark.parametrize("name", "log sqrt tanh asin acos atan asinh acosh atanh log1p expm1 sign abs".split())
def test_kernels_compute_what_numpy_computes(name):
    ms.set_context(mode=ms.GRAPH_MODE)
    with np.errstate(all="ignore"):
        z = EDGES if name not in ("atan", "atanh", "log", "log1p", "expm1") else EDGES[7 if name == "expm1" else 5 :]
        wanted = getattr(np, name)(z.astype(np.complex128))
    found = ms.jit(getattr(ops, name))(Tensor(z)).asnumpy()
    np.testing.assert_allclose(found, wanted, 2e-5, 2e-6)


def test_what_is_printed():
    assert repr(Tensor(np.array([[1e-9 + 2j, complex("nan+infj")]], np.complex64))) == (
        "Tensor(shape=[1, 2], dtype=Complex64, value=\n[[1e-09+2j, nan+infj]])"
    )
    assert repr(Tensor(1.23456789 + 2e7j)) == "Tensor(shape=[], dtype=Complex128, value= 1.23457+2e+07j)"
    assert (
        repr(Tensor(np.array([1 + 2j, -0.5 + 0.3j], np.complex64)))
        == "Tensor(shape=[2], dtype=Complex64, value= [1+2j, -0.5+0.3j])"
    )


def test_numbers_and_types():
    z = Tensor([1 + 2j])
    assert complex(z) == 1 + 2j
    assert isinstance(ms.complex64, ms.Number)
    assert (ms.cfloat, ms.cdouble) == (ms.complex64, ms.complex128)
    for convert in (float, int):
        with pytest.raises(TypeError):
            convert(z)
    assert (Tensor([1.0]) * 2j).dtype is ms.complex64
    assert (Tensor([1], ms.float64) * Tensor(1j, ms.complex64)).dtype is ms.complex128
    assert (Tensor([1.0]) * Tensor(1j)).dtype is ms.complex128


@pytest.mark.parametrize("ending", ["ckpt", "safetensors"])
def test_files_keep_complex_numbers(tmp_path, ending):
    path = str(tmp_path / f"w.{ending}")
    w = ms.Parameter(Tensor(c(2, 3)), name="w")
    if ending == "safetensors":
        pytest.importorskip("safetensors")
    ms.save_checkpoint([{"name": "w", "data": w}], path)
    found = ms.load_checkpoint(path)["w"]
    assert found.dtype is ms.complex64
    np.testing.assert_array_equal(found.asnumpy(), w.asnumpy())
