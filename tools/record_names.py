"""Records what names of MindSpore 2.10 return: tests/records/names.json.

    python tools/record_names.py            in an environment with MindSpore

A call is a Python expression in the names of its group's inputs, ``ops``, ``ms``, ``np`` and ``P`` (``ops.operations``).
"""

import importlib.util
import json
import pathlib
import sys
import tempfile

import numpy as np

TARGET = pathlib.Path(__file__).parent.parent / "tests" / "records" / "names.json"

_Z = np.array([1 + 2j, -0.5 + 0.3j, 2 - 1j], np.complex64)
_W = np.array([0.3 - 1j, 1 + 1j, -2 + 0.5j], np.complex64)
_X = np.array([1.0, 2.0, 3.0], np.float32)
_R = np.random.RandomState(0).randn(4, 6).astype(np.float32)
_N = np.random.RandomState(1).randn(4000).astype(np.float32)
_A = np.array([[2.0, 1.0, 0.5], [4.0, 3.0, 1.0], [-1.0, 0.5, 2.0]], np.float32)
_C = (_R + 1j * _R[::-1]).astype(np.complex64)

_SIMPLE = "exp log sqrt sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh neg square reciprocal rsqrt sign sgn log1p expm1 " \
    "sigmoid log2 log10 abs angle real imag conj sum mean prod isreal view_as_real zeros_like ones_like norm any logical_not diag"  # fmt: skip
# those whose gradient MindSpore has; of cumprod, xdivy and polar it is not the gradient of the formula
_GRADIENTS = "real imag conj angle abs exp log sqrt sin cos sinh cosh tanh asin acos atan asinh acosh neg reciprocal rsqrt log1p expm1 " \
    "sigmoid log2 log10 sum view_as_real"  # fmt: skip

# group: (inputs, calls)
GROUPS: dict = {
    "complex": (
        {"z": _Z, "w": _W, "x": _X, "i": np.array([1, 2, 3], np.int32), "d": _W.astype(np.complex128), "f": _X.astype(np.float64)},
        " | ".join(f"ops.{name}(z)" for name in _SIMPLE.split()) + """
| ops.cumsum(z, 0) | ops.cumprod(z, 0) | z.astype(ms.float32) | z.astype(ms.int32) | z.astype(ms.bool_) | z.astype(ms.complex128)
| ops.flip(z, (0,)) | z[1] | ops.stack((z, w)) | ops.cat((z, w)) | ops.nonzero(z) | ops.count_nonzero(z) | z ** 2 | z ** 0.5
| 1 / z | 2 * z | z + 1 | z.real() | z.imag() | z.abs() | z.conj() | ops.pad(z, (1, 1)) | ops.tile(z, (2,)) | ops.broadcast_to(z, (2, 3))
| ops.gather(z, i - 1, 0) | ops.unbind(z) | ops.split(z, 1) | ops.polar(x, x) | P.Complex()(x, x) | P.ComplexAbs()(z) | P.Abs()(z)
| ops.real(x) | ops.imag(x) | ops.conj(i) | ops.angle(x) | ops.abs(i) | z + w | z - w | z * w | z / w | z ** w | z == w | z != w | z < w
| ops.outer(z, w) | ops.matmul(z, w) | ops.xlogy(z, w) | ops.xdivy(z, w) | P.DivNoNan()(z, w) | P.MulNoNan()(z, w) | P.RealDiv()(z, w)
| P.SquaredDifference()(z, w) | ops.addn((z, w)) | z + x | x + z | z + i | z + d | z + f | z - x | x - z | z ** i | z ** d | z ** f
| z == x | z == i | z == d | ops.stack((z, w)) @ ops.stack((z, w)).T | ops.bmm(ops.stack((z, w))[None], ops.stack((z, w)).T[None])
| ops.zeros((2,), ms.complex64) | ops.ones((2,), ms.complex64) | ops.full((2,), 1 + 1j, dtype=ms.complex64) | ops.eye(2, dtype=ms.complex64)
| ops.isnan(z) | ops.floor(z) | ops.relu(z) | ops.maximum(z, w) | ops.sort(z) | ops.erf(z)
| ms.Tensor(1 + 2j) | ms.Tensor([1 + 2j, 2.0]) | ms.Tensor([1 + 2j], ms.complex128) | ms.Tensor(x, ms.complex64)"""),
    "complex_gradients": (
        {"z": _Z, "w": _W, "x": _X},
        " | ".join(f"ms.grad(ops.{name})(z)" for name in _GRADIENTS.split()) + """
| ms.grad(ops.cumsum)(z, 0) | ms.grad(ops.add, (0, 1))(z, w) | ms.grad(ops.sub, (0, 1))(z, w) | ms.grad(ops.div, (0, 1))(z, w)
| ms.grad(lambda z: 1 / z)(z) | ms.grad(lambda z: 2 * z)(z) | ms.grad(lambda z: z[1])(z) | ms.grad(lambda z: z.astype(ms.float32))(z)
| ms.grad(lambda z: ops.real(ops.abs(z)))(z) | ms.grad(lambda z: ops.real(ops.exp(z)))(z) | ms.grad(ops.add, (0, 1))(z, x)
| ms.grad(lambda z, w: ops.real(ops.matmul(z.reshape(1, 3), w.reshape(3, 1))), (0, 1))(z, w)
| ms.grad(lambda x, y: P.ComplexAbs()(P.Complex()(x, y)), (0, 1))(x, 2 * x)"""),
    "fft": (
        {"r": _R, "c": _C, "d": _C.astype(np.complex128)},
        " | ".join(
            [f"ops.{name}{n}({x})" for name in ("fft", "ifft", "irfft") for n in ("", "2", "n") for x in "rcd"]
            + [f"ops.{name}{n}({x})" for name, x in (("rfft", "r"), ("ihfft", "r"), ("hfft", "c")) for n in ("", "2", "n")]
            + [f"ops.{name}(r, {a})" for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft") for a in (
                "5", "3", "None, 0", "norm='ortho'", "norm='forward'", "norm='x'", "0", "None, 5")]
            + [f"ops.{name}(r, {a})" for name in ("fft2", "ifftn", "rfftn", "irfft2", "hfftn", "ihfftn") for a in (
                "(3, 5)", "(5, 8)", "None, (1, 0)", "None, (0, 1), 'ortho'", "norm='forward'")]
            + [f"ms.grad(ops.{name})({x})" for name, x in (
                ("fft", "r"), ("fft", "c"), ("ifft2", "c"), ("rfft", "r"), ("irfft", "c"), ("irfftn", "r"), ("hfft", "c"), ("ihfft", "r"))]
        ) + """
| ops.fftn(r, (5,)) | ops.fft(r > 0) | ops.fftshift(c) | ops.fftshift(c, 0) | ops.fftshift(r, (1,)) | ops.ifftshift(r) | ops.ifftshift(c, -1)
| ops.fftfreq(5) | ops.fftfreq(4, 0.5) | ops.rfftfreq(6, 2.0, ms.float64) | ms.numpy.fft.fft(r, 5, 0) | ms.numpy.fft.rfft2(r, axes=(1, 0))
| ms.numpy.fft.irfftn(c, (3, 4)) | ms.numpy.fft.fftshift(r, axes=1)"""),
    "scipy": (
        {"a": _A, "s": _A @ _A.T + np.eye(3, dtype=np.float32), "b": _X, "m": _R[:3, :2], "i": np.array([[4, 1, 0], [1, 3, 1], [0, 1, 2]], np.int32),
         "d": _A.astype(np.float64), "w": _R[:3], "k": np.stack([_A, 2 * _A])},
        " | ".join(
            [f"la.solve_triangular({x})" for x in (
                "a, b", "a, b, lower=True", "a, m, trans=1", "a, b, 'T', True", "a, m, 'C', unit_diagonal=True", "a, b, 'X'", "d, ms.Tensor(d[0])",
                "a, w[:2]", "i, i", "k, k", "i, b")]
            + [f"la.cholesky({x})" for x in ("s", "s, lower=True", "i", "i, lower=1", "w", "s > 0")]
            + [f"la.{x}" for x in (
                "cho_factor(s)", "cho_factor(s, True)", "cho_solve(la.cho_factor(s), b)", "cho_solve(la.cho_factor(s, True), m)", "inv(a)", "inv(i)", "inv(w)",
                "inv(d)", "det(a)", "det(i)", "det(ops.tile(a, (2, 2)) + ops.eye(6))", "lu(a)", "lu(i)", "lu(w)", "lu(m)",
                "lu_factor(a)", "lu_factor(d)", "lu_factor(w)", "block_diag(a, m)", "block_diag(b, i)", "block_diag()", "block_diag(ms.Tensor(2.0), a)",
                "eigh(s, eigvals_only=True)", "eigh(i, eigvals_only=True)", "eigh(w)", "eigh(s, b=s)", "lstsq(w.T, ops.ones((6, 2)))")]
            + ["ops.abs(la.eigh(s)[1])", "ms.grad(la.inv)(a)", "ms.grad(la.det)(a)", "ms.grad(la.solve_triangular, (0, 1))(a, b)",
               "ms.grad(la.eigh)(s, None, True, True)"]
            + [f"fft.{n}({x})" for n in ("dct", "idct") for x in ("w", "w, norm='ortho'", "w, n=4", "w, axis=0", "w, norm='forward'", "i", "w, 1")]
            + [f"fft.{n}({x})" for n in ("dctn", "idctn") for x in ("w", "w, norm='ortho'", "w, s=(2, 4)", "w, axes=(0,)")]
            + [f"opt.linear_sum_assignment({x})" for x in (
                "i, ms.Tensor(False)", "i, False", "w, False", "w, True", "w.T, True", "d, False, ms.Tensor(2)", "d, False", "b, False", "d, 1")]
        )),
    "methods": (
        {"x": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.array([[1, 0, 1], [0, 1, 1]], bool), "i": np.array([0, 1]), "v": np.array([9.0, 8.0], np.float32),
         "c": np.arange(64, dtype=np.float32).reshape(1, 1, 4, 16)},
        """
x.index_put((i, i + 1), v) | x.index_put((0 * i, 0 * i + 1), v, True) | x.index_put(i, v)
| c.col2im(ms.Tensor([5, 5], ms.int32), [2, 2], [1, 1], [0, 0], [1, 1]) | x.to_coo().indices | x.to_coo().values | x.to_csr().indptr
| x.to_csr().indices | x.get_bytes().hex() | x.const_arg | x.log_normal().shape | x.cauchy().shape | x.cauchy(1.0, 2.0) * 0 | x.random_categorical(4).shape
| x.is_meta | x.is_pinned() | x.is_shared() | ms.Tensor.delta_seed
| ops.eigvals(x[:, :2] + 0 * x[:, :2]).shape"""),
    "sampled": (
        {"x": _N[:288].reshape(2, 4, 6, 6), "w": _N[300:408].reshape(6, 2, 3, 3), "o": _N[500:1364].reshape(2, 27, 4, 4), "p": _N[:3888].reshape(2, 54, 6, 6),
         "b": _X, "s": np.sin(np.arange(32)).astype(np.float32), "h": np.hanning(6).astype(np.float32), "c": _C, "r": _R},
        """
ops.deformable_conv2d(x, w, o, (3, 3), (1, 1, 1, 1), (0, 0, 0, 0), groups=2) | ops.deformable_conv2d(x, w, o, (3, 3), (1, 1, 1, 1), (0, 0, 0, 0), groups=2, modulated=False)
| ops.deformable_conv2d(x, w, p, (3, 3), (1, 1, 1, 1), (1, 1, 1, 1), groups=2, deformable_groups=2) | ops.deformable_conv2d(x, w, p, (3, 3), (1, 1, 1, 1), (0, 0, 0, 0), groups=2)
| ms.grad(ops.deformable_conv2d, (0, 1, 2))(x, w, o, (3, 3), (1, 1, 1, 1), (0, 0, 0, 0), None, (1, 1, 1, 1), 2)
| ops.stft(s, 8) | ops.stft(s, 8, 4, 6, h, False, "REFLECT", True, True, True) | ops.stft(s.reshape(2, 16), 4, onesided=False)
| P.FFTWithSize(1, False, False)(c) | P.FFTWithSize(2, True, False, norm="ortho")(c) | P.FFTWithSize(2, False, True)(r) | P.FFTWithSize(1, False, True, onesided=False)(r)
| P.FFTWithSize(1, True, True, signal_sizes=(7,))(c) | P.FFTWithSize(1, True, True, signal_sizes=(11,))(c) | P.FFTWithSize(1, True, True, "forward")(c) | P.ConjugateTranspose()(c, (1, 0)) | P.IndexPut(1)(r, b[:2], (ms.Tensor([0, 0]), ms.Tensor([1, 1])))
| P.MatrixTriangularSolve()(r[:4, :4] + 3 * ops.eye(4), r) | P.Eig(True)(r[:2, :2] * 0 + ms.Tensor([[0.0, 1.0], [-1.0, 0.0]]))[0] | ops.mirror_pad(r, ms.Tensor([[1, 1], [1, 1]], ms.int32), "REFLECT")
| ops.pows(r, 2)"""),
    "sparse": (
        {"m": np.array([[0, 1.0, 0], [2, 0, 3]], np.float32), "v": np.array([[1.0], [2.0], [3.0]], np.float32)},
        " | ".join(f"ops.{form}_{name}(m.to_{form}()).values" for form in ("coo", "csr") for name in ("abs", "exp", "neg", "square", "relu", "isnan", "inv", "tanh")) + """
| ops.csr_to_dense(m.to_csr()) | ops.csr_to_coo(m.to_csr()).indices | ops.csr_add(m.to_csr(), m.to_csr(), ms.Tensor(2.0), ms.Tensor(3.0)).values | ops.csr_mv(m.to_csr(), v)
| ops.csr_mul(m.to_csr(), m + 1).values | ops.csr_div(m.to_csr(), m + 1).values | ops.csr_reduce_sum(m.to_csr(), 1) | ops.csr_softmax(m.to_csr(), ms.float32).values
| ops.csr_gather(m.to_csr().indptr, m.to_csr().indices, m, (2, 3)) | ops.csr2coo(m.to_csr().indptr, 3) | ops.coo2csr(m.to_coo().indices[:, 0], 2) | ops.dense_to_sparse_csr(m).indptr
| ops.dense_to_sparse_coo(m).values | ops.coo_tensor_get_values(m.to_coo()) | ops.csr_tensor_get_dense_shape(m.to_csr()) | P.ListDiff()(ms.Tensor([1, 2, 3, 4]), ms.Tensor([2, 4]))"""),
    "minimize": (
        {"x": np.zeros(2, np.float32), "y": np.array([0.5, -1.0, 2.0], np.float32)},
        " | ".join([f"list(opt.minimize({f}, {x}, method='{m}', options=dict(maxiter=None, gtol=1e-4)))[{k}]" for m in ("BFGS", "LBFGS") for f, x in (
            ("rosenbrock", "x"), ("himmelblau", "x"), ("bowl", "y")) for k in (":3",)]) + """
| opt.minimize(bowl, y, method='none') | opt.minimize(bowl, y) | opt.minimize(bowl, y, (2.0), 'BFGS')
| list(opt.minimize(scaled, y, (2.0,), 'BFGS'))[0] | list(opt.line_search(bowl, y, -y))[:1] | opt.line_search(bowl, y, -y).a_k | opt.line_search(bowl, y, -y).f_k"""),
}  # fmt: skip


def rosenbrock(x):
    return (100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0).sum()


def himmelblau(p):
    x, y = p
    return (x**2 + y - 11.0) ** 2 + (x + y**2 - 7.0) ** 2


def bowl(x):
    return ((x - 1.0) ** 2).sum() + (x**4).sum()


def scaled(x, by):
    return bowl(x * by)


def calls(group: str) -> list[str]:
    return [c.strip() for c in GROUPS[group][1].replace("\n", " ").split(" | ") if c.strip()]


def inputs(framework, group: str) -> list:
    """The inputs of a group as Tensors."""
    return [framework.Tensor(a) for a in GROUPS[group][0].values()]


def described(result):
    """The result as JSON: a list for several values, (type, shape, numbers) of a Tensor; complex numbers as their parts."""
    if isinstance(result, (tuple, list)):
        return [described(r) for r in result]
    if not hasattr(result, "asnumpy"):
        return result
    a = result.asnumpy()
    flat = a.ravel().view(a.real.dtype) if a.dtype.kind == "c" else a.ravel()
    values = [float(f"{v:.7g}") for v in flat] if flat.dtype.kind == "f" else flat.tolist()
    return {"type": a.dtype.name, "shape": list(a.shape), "values": values}


def outcome(function, inputs):
    try:
        return described(function(*inputs))
    except Exception as error:  # which one it is, is what is recorded
        return {"error": type(error).__name__}


def functions(framework, group: str, folder) -> dict:
    """{call: function of the inputs}, from a file: MindSpore reads the source of what it differentiates."""
    path = pathlib.Path(folder) / f"calls_of_{group}.py"
    given = ", ".join(GROUPS[group][0])
    text = [f"def call_{k}({given}):\n    return {call}\n" for k, call in enumerate(calls(group))]
    path.write_text("\n".join(text))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    scipy = {
        short: importlib.import_module(f"{framework.__name__}.scipy.{name}")
        for short, name in (("la", "linalg"), ("fft", "fft"), ("opt", "optimize"))
    }
    functions = {f.__name__: f for f in (rosenbrock, himmelblau, bowl, scaled)}
    vars(module).update(ms=framework, ops=framework.ops, P=framework.ops.operations, np=np, **scipy, **functions)
    spec.loader.exec_module(module)
    return {call: getattr(module, f"call_{k}") for k, call in enumerate(calls(group))}


def main():
    import mindspore

    for module in ("numpy", "numpy.fft", "scipy"):
        importlib.import_module(f"mindspore.{module}")
    mindspore.set_context(mode=mindspore.PYNATIVE_MODE, pynative_synchronize=True)
    parts = []
    for group in GROUPS:
        with tempfile.TemporaryDirectory() as folder:
            found = {
                call: outcome(function, inputs(mindspore, group))
                for call, function in functions(mindspore, group, folder).items()
            }
        lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in found.items())
        parts.append(f"{json.dumps(group)}: {{\n{lines}\n}}")
    TARGET.write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    sys.exit(main())
