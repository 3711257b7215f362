"""Cases of ``kernels.py --sweep`` made from names: each function that minispore and torch both have, in each type that it takes, with its gradients.

Elementwise functions, reductions, scans and such are named once, with where they are defined; types, sizes, turned and broadcast operands come
from the tables below. The few sizes that a call's own microseconds hide are left to ``eager.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from kernel_cases import Case
from kernel_wide import function, shape_of

TYPES = {
    "f": "float32",
    "d": "float64",
    "h": "float16",
    "b": "bfloat16",
    "i": "int32",
    "l": "int64",
    "q": "bool",
    "z": "complex64",
}

# ---------------------------------------------------------------- names: of ours, and torch's where it is another one
ANY = """abs asinh atan ceil cos erf erfc exp exp2 expm1 floor frac neg reciprocal round sigmoid sign sin sinc sinh cosh square tan tanh trunc deg2rad
    rad2deg signbit isfinite isinf isnan logical_not nan_to_num relu selu celu isposinf i0 digamma lgamma"""
LAYERS = """elu gelu hardsigmoid hardswish hardtanh leaky_relu logsigmoid mish relu6 silu softplus softshrink softsign tanhshrink hardshrink"""  # of torch.nn.functional
POSITIVE = """sqrt rsqrt log log1p log2 log10"""
WITHIN = """acos asin atanh erfinv"""  # -1 to 1
BEYOND = """acosh"""  # 1 and more
PAIRS = """add sub mul div maximum minimum atan2 copysign fmax fmin fmod remainder heaviside hypot logaddexp logaddexp2 floor_divide xlogy pow float_power
    eq ne lt ge logical_and logical_xor nextafter isclose"""
WHOLE = """bitwise_and bitwise_or bitwise_xor gcd lcm bitwise_left_shift"""
REDUCED = """sum mean prod amax amin argmax argmin std var median logsumexp all any count_nonzero nansum nanmean norm aminmax"""
SCANNED = """cumsum cumprod cummax cummin logcumsumexp sort argsort diff flip softmax log_softmax"""
ON_WHOLE_NUMBERS = set(
    "abs neg sign square relu logical_not add sub mul div maximum minimum fmod remainder floor_divide eq ne lt ge logical_and pow "
    "bitwise_and bitwise_or bitwise_xor gcd lcm bitwise_left_shift sum prod amax amin argmax argmin all any count_nonzero cumsum cumprod sort argsort diff flip "
    "fmax fmin cummax cummin".split()
)
ON_COMPLEX = set(
    "abs neg reciprocal exp square sin cos tanh sqrt log add sub mul div eq sum mean prod flip sigmoid".split()
)
ON_BOOLEANS = set(
    "logical_not logical_and logical_xor eq ne bitwise_and bitwise_or bitwise_xor sum all any count_nonzero flip".split()
)
FLAT = set(
    "ceil floor round sign trunc signbit isfinite isinf isnan logical_not isposinf eq ne lt ge logical_and logical_xor nextafter isclose heaviside floor_divide "
    "argmax argmin all any count_nonzero sort argsort median flip nansum aminmax i0 float_power gcd lcm norm "
    "bitwise_and bitwise_or bitwise_xor bitwise_left_shift igamma nanmean cummax cummin".split()
)  # of which no gradient is timed: there is none, or it is another row's
NO_HALF = set("gcd lcm nextafter".split())
TORCH = {"norm": "linalg.vector_norm", "i0": "i0", "median": "median"}


# ---------------------------------------------------------------- cases
def drawn(rng: np.random.Generator, kind: str, sizes: tuple[int, ...], domain: str) -> np.ndarray:
    if kind == "q":
        return rng.integers(0, 2, sizes).astype(bool)
    if kind in "il":
        return rng.integers(1, 8 if domain == "small" else 100, sizes).astype(TYPES[kind])
    numbers = np.asarray(rng.standard_normal(sizes))
    if domain in ("positive", "small"):
        numbers = np.abs(numbers) + 1e-2
    elif domain == "within":
        numbers = np.tanh(numbers)
    elif domain == "beyond":
        numbers = np.abs(numbers) + 1.01
    if kind == "z":
        return (numbers + 1j * rng.standard_normal(sizes)).astype(np.complex64)
    return numbers.astype(np.float64 if kind == "d" else np.float32)


def case(
    group: str,
    kinds: str,
    shapes: str,
    ours: str,
    theirs: str,
    domain: str = "any",
    gradients: int = 0,
    about: str = "",
) -> Case:
    """A function of one operand of each of the shapes, all of the same type, or of those that ``kinds`` names."""
    each = shapes.split()
    kinds = kinds * len(each) if len(kinds) == 1 else kinds
    names = list("xyzw"[: len(each)])
    first, second = function(ours, names, "ms"), function(theirs, names, "torch")
    inputs = lambda rng: [drawn(rng, kind, shape_of(shape.strip("-")), domain) for kind, shape in zip(kinds, each)]

    def here(ms: Any, *arrays: Any) -> Callable[[], Any]:
        ms.set_context(mode=ms.GRAPH_MODE)
        arrays = tuple(x.astype(getattr(ms, TYPES[k])) if k in "hb" else x for x, k in zip(arrays, kinds))
        forward = lambda *x: first(ms, *x)
        if not gradients:
            call = ms.jit(forward)
            return lambda: call(*arrays)

        def with_gradients(*tensors: Any) -> Any:
            out, backward = ms.vjp(lambda *inputs: forward(*inputs, *tensors[gradients:]), *tensors[:gradients])
            return backward(ms.ops.ones_like(out))

        call = ms.jit(with_gradients)
        return lambda: call(*arrays)

    def there(torch: Any, *arrays: Any) -> Callable[[], Any]:
        arrays = tuple(x.to(getattr(torch, TYPES[k])) if k in "hb" else x for x, k in zip(arrays, kinds))
        if gradients:
            for x in arrays[:gradients]:
                x.requires_grad_()
            ones = torch.ones_like(second(torch, *arrays))
            return lambda: torch.autograd.grad(second(torch, *arrays), arrays[:gradients], ones)

        def call() -> Any:
            with torch.no_grad():
                return second(torch, *arrays)

        return call

    about = about or ("with gradients" if gradients else "")
    return Case(group, f"{kinds[0]}:{' '.join(each)} {about}".strip(), inputs, here, there, made=True)


def types_of(name: str) -> str:
    found = "fd" + "hb" * (name not in NO_HALF)
    found = "" if name in WHOLE.split() else found
    return found + "il" * (name in ON_WHOLE_NUMBERS) + "z" * (name in ON_COMPLEX) + "q" * (name in ON_BOOLEANS)


def elementwise() -> Iterator[Case]:
    for names, domain, place in (
        (ANY, "any", "t"),
        (LAYERS, "any", "F"),
        (POSITIVE, "positive", "t"),
        (WITHIN, "within", "t"),
        (BEYOND, "beyond", "t"),
    ):
        for name in names.split():
            for kind in types_of(name):
                yield case(name, kind, "300x301", f"o.{name}(x)", f"{place}.{name}(x)", domain)
            yield case(name, "f", "64", f"o.{name}(x)", f"{place}.{name}(x)", domain)
            yield case(
                name, "f", "64x1000", f"o.{name}(x.T)", f"{place}.{name}(x.T).contiguous()", domain, about="turned"
            )
            if name not in FLAT:
                for kind in "fdb":
                    yield case(name, kind, "300x301", f"o.{name}(x)", f"{place}.{name}(x)", domain, gradients=1)
    for name in f"{PAIRS} {WHOLE}".split():
        domain = "small" if name in ("pow", "float_power", "bitwise_left_shift", "xlogy") else "any"
        for kind in types_of(name):
            yield case(name, kind, "300x301 300x301", f"o.{name}(x, y)", f"t.{name}(x, y)", domain)
        kind = types_of(name)[0]
        yield case(name, kind, "64 64", f"o.{name}(x, y)", f"t.{name}(x, y)", domain)
        yield case(name, kind, "300x301 301", f"o.{name}(x, y)", f"t.{name}(x, y)", domain)
        yield case(name, kind, "1000x33 1000x1", f"o.{name}(x, y)", f"t.{name}(x, y)", domain)
        if name not in FLAT and name not in WHOLE.split() and name not in ("float_power", "nextafter"):
            for kind in "fb":
                yield case(
                    name,
                    kind,
                    "300x301 300x301",
                    f"o.{name}(x, y)",
                    f"t.{name}(x, y)",
                    domain,
                    gradients=1 if name in ("fmod", "remainder", "xlogy") else 2,
                )


def of_axes() -> Iterator[Case]:
    for name in REDUCED.split():
        theirs = f"t.{TORCH.get(name, name)}"
        ours, tail, told = f"o.{name}", "", ""
        if name in ("std", "var"):
            told = ", correction=0"
        if name == "median":
            tail = "[0]"
        for kind in types_of(name):
            for shape, axis in (
                ("1000x3", 1),
                ("3x1000", 1),
                ("1000x3", 0),
                ("64x64", 0),
                ("20x50x60", 1),
                ("1x100000", 1),
                ("1001x65", 1),
            ):
                if kind in "hdlqz" and shape not in ("1000x3", "20x50x60", "1001x65"):
                    continue
                here, there = f"{ours}(x, {axis}){tail}", f"{theirs}(x, {axis}{told}){tail}"
                if name == "norm":
                    here, there = f"o.norm(x, 2.0, {axis})", f"t.linalg.vector_norm(x, 2, {axis})"
                elif name == "aminmax":
                    here, there = f"o.aminmax(x, axis={axis})[0]", f"t.aminmax(x, dim={axis})[0]"
                elif name in ("sum", "prod") and kind == "i":
                    there = f"{theirs}(x, {axis}, dtype=t.int32)"
                    here = f"o.{name}(x, {axis}, dtype=ms.int32)"
                yield case(name, kind, shape, here, there, about=f"of {axis}")
                if kind in "fdb" and name not in FLAT and shape in ("1001x65", "1000x3", "20x50x60"):
                    yield case(name, kind, shape, here, there, gradients=1, about=f"of {axis} with gradients")
    for name in SCANNED.split():
        tail = "[0]" if name in ("cummax", "cummin", "sort") else ""
        for kind in types_of(name):
            for shape, axis in (
                ("1000x3", 1),
                ("3x1000", 1),
                ("1000x3", 0),
                ("64x64", 0),
                ("20x50x60", 1),
                ("1x100000", 1),
                ("1001x65", 1),
            ):
                if kind in "hdlqz" and shape not in ("1000x3", "20x50x60", "1001x65"):
                    continue
                here, there = f"o.{name}(x, {axis}){tail}", f"t.{name}(x, {axis}){tail}"
                if name == "flip":
                    here, there = here.replace(str(axis), f"({axis},)"), there.replace(str(axis), f"({axis},)")
                elif name == "diff":
                    here, there = f"o.diff(x, 1, {axis})", f"t.diff(x, 1, {axis})"
                elif name in ("cumsum", "cumprod") and kind == "i":
                    here, there = f"o.{name}(x, {axis}, dtype=ms.int32)", f"t.{name}(x, {axis}, dtype=t.int32)"
                domain = "positive" if name == "cumprod" else "any"
                yield case(name, kind, shape, here, there, domain, about=f"of {axis}")
                if kind in "fdb" and name not in FLAT and shape in ("1001x65", "1000x3", "20x50x60"):
                    yield case(name, kind, shape, here, there, domain, gradients=1, about=f"of {axis} with gradients")


# ---------------------------------------------------------------- the others, each with its operands
OTHERS = [  # (name, types, shapes, ours, torch's, gradients)
    ("addcdiv", "fdb", "300x301 300x301 300x301", "o.addcdiv(x, y, z + 9, 0.5)", "t.addcdiv(x, y, z + 9, value=0.5)", 0), ("addcmul", "fdb", "300x301 300x301 300x301", "o.addcmul(x, y, z, 0.5)", "t.addcmul(x, y, z, value=0.5)", 3),
    ("addmm", "fdb", "64x33 64x100 100x33", "o.addmm(x, y, z)", "t.addmm(x, y, z)", 3), ("addmv", "fd", "64 64x100 100", "o.addmv(x, y, z)", "t.addmv(x, y, z)", 3), ("addr", "f", "64x100 64 100", "o.addr(x, y, z)", "t.addr(x, y, z)", 0), ("baddbmm", "fdb", "8x20x30 8x20x40 8x40x30", "o.baddbmm(x, y, z)", "t.baddbmm(x, y, z)", 3),
    ("bmm", "fdbz", "8x20x40 8x40x30", "o.bmm(x, y)", "t.bmm(x, y)", 0), ("bmm", "fdb", "64x5x7 64x7x3", "o.bmm(x, y)", "t.bmm(x, y)", 2), ("matmul", "fdbz", "64x64 64x64", "o.matmul(x, y)", "t.matmul(x, y)", 0), *[("matmul", "fdb", f"300x{k} {k}x301", "o.matmul(x, y)", "t.matmul(x, y)", 0) for k in (1, 2, 3, 4, 8, 12, 16)],
    *[("matmul", "fdb", f"300x{k} {k}x301", "o.matmul(x, y)", "t.matmul(x, y)", 2) for k in (2, 8)], ("matmul turned", "fdb", "8x300 8x301", "o.matmul(x.T, y)", "t.matmul(x.T, y)", 0), ("dot", "fd", "1000 1000", "o.dot(x, y)", "t.dot(x, y)", 2), ("outer", "fdb", "300 301", "o.outer(x, y)", "t.outer(x, y)", 0), ("mv", "fdb", "300x301 301", "o.mv(x, y)", "t.mv(x, y)", 2), ("inner", "f", "64x100 33x100", "o.inner(x, y)", "t.inner(x, y)", 0), ("kron", "fd", "20x30 10x7", "o.kron(x, y)", "t.kron(x, y)", 0),
    ("einsum", "fd", "8x20x40 8x30x40", "o.einsum('bik,bjk->bij', x, y)", "t.einsum('bik,bjk->bij', x, y)", 2), ("cdist", "fd", "100x7 90x7", "o.cdist(x, y)", "t.cdist(x, y)", 0), ("cosine_similarity", "fd", "1000x33 1000x33", "o.cosine_similarity(x, y)", "F.cosine_similarity(x, y)", 2), ("cross", "fd", "10000x3 10000x3", "o.cross(x, y, 1)", "t.cross(x, y, dim=1)", 2), ("dist", "f", "300x301 300x301", "o.dist(x, y)", "t.dist(x, y)", 0), ("lerp", "fdb", "300x301 300x301", "o.lerp(x, y, 0.3)", "t.lerp(x, y, 0.3)", 2),
    ("lerp by tensor", "fdb", "300x301 300x301 300x301", "o.lerp(x, y, z)", "t.lerp(x, y, z)", 0), ("where", "fdhblz", "300x301 300x301", "o.where(o.abs(x) > 0.5, x, y)", "t.where(t.abs(x) > 0.5, x, y)", 0), ("clamp", "fdhbil", "300x301", "o.clamp(x, -1, 1)", "t.clamp(x, -1, 1)", 0), ("clamp", "fdb", "300x301", "o.clamp(x, -1.0, 1.0)", "t.clamp(x, -1.0, 1.0)", 1), ("threshold", "fdb", "300x301", "o.threshold(x, 0.1, 0.0)", "F.threshold(x, 0.1, 0.0)", 0), ("prelu", "fdb", "100x30x30 1-", "o.prelu(x, y)", "F.prelu(x, y)", 2), ("glu", "fdb", "300x400", "o.glu(x)", "F.glu(x)", 1),
    *[(f"gelu {kind}", "fdhb", "300x301", f"o.gelu(x, '{kind}')", f"F.gelu(x, approximate='{kind}')", g) for kind in ("tanh", "none") for g in (0, 1)], ("softmin", "f", "300x301", "o.softmin(x)", "F.softmin(x, -1)", 0),
    *[(f"loss {name}", "fdb", "300x301 300x301", f"o.{name}(x, y)", f"F.{name}(x, y)", g) for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss") for g in (0, 2)], *[("layer_norm", "fdb", "300x301 301 301", "o.layer_norm(x, (301,), y, z)", "F.layer_norm(x, (301,), y, z)", g) for g in (0, 3)], *[("rms_norm", "fdb", "300x301 301", "o.rms_norm(x, y, 1e-6)[0]", "F.rms_norm(x, (301,), y, 1e-6)", g) for g in (0, 2)], *[("group_norm", "fdb", "4x8x20x20 8 8", "o.group_norm(x, 4, y, z)", "F.group_norm(x, 4, y, z)", g) for g in (0, 3)],
    ("tril", "fdbl", "300x301", "o.tril(x)", "t.tril(x)", 0), ("triu", "fdbl", "20x50x60", "o.triu(x)", "t.triu(x)", 0), ("trace", "fd", "300x301", "o.trace(x)", "t.trace(x)", 0), ("diag", "fd", "300", "o.diag(x)", "t.diag(x)", 0), ("diag", "fd", "300x300", "o.diag(x)", "t.diag(x).contiguous()", 0), ("diagonal", "fd", "20x50x50", "o.diagonal(x, 0, 1, 2)", "t.diagonal(x, 0, 1, 2).contiguous()", 0), ("diag_embed", "fd", "100x30", "o.diag_embed(x)", "t.diag_embed(x)", 0), ("meshgrid", "f", "300 301", "o.meshgrid(x, y)[0]", "t.meshgrid(x, y, indexing='xy')[0].contiguous()", 0),
    *[("copy turned", "fdbhiz", shape, "x.T.copy()", "x.T.contiguous()", 0) for shape in ("300x301", "1000x3", "3x1000", "64x64", "1000x1001")], ("swapaxes", "fdb", "8x50x60", "o.swapaxes(x, 1, 2).copy()", "t.swapaxes(x, 1, 2).contiguous()", 0), ("permute", "fdb", "8x50x4x16", "o.transpose(x, (0, 2, 1, 3)).copy()", "x.permute(0, 2, 1, 3).contiguous()", 0), *[("cat", "fdbhilqz", "300x100 300x33", f"o.cat((x, y), {a})", f"t.cat((x, y), {a})", 0) for a in (1,)], ("cat", "fdb", "300x100 33x100", "o.cat((x, y), 0)", "t.cat((x, y), 0)", 0), *[("stack", "fdb", "300x33 300x33", f"o.stack((x, y), {a})", f"t.stack((x, y), {a})", 0) for a in (0, 1, 2)], ("hstack", "f", "100x33 100x7", "o.hstack((x, y))", "t.hstack((x, y))", 0), ("tile", "fdbl", "64x33", "o.tile(x, (3, 5))", "t.tile(x, (3, 5))", 0),
    ("roll", "fdbl", "300x301", "o.roll(x, 5, 1)", "t.roll(x, 5, 1)", 0), ("rot90", "fdb", "300x301", "o.rot90(x, 1, (0, 1))", "t.rot90(x, 1, (0, 1)).contiguous()", 0), ("broadcast_to", "fdbl", "1x301", "o.broadcast_to(x, (300, 301)).copy()", "t.broadcast_to(x, (300, 301)).contiguous()", 0), ("unfold", "fd", "4x3x33x33", "o.unfold(x, 3)", "F.unfold(x, 3)", 0), ("repeat_interleave", "fdbl", "300x33", "o.repeat_interleave(x, 3, 1)", "t.repeat_interleave(x, 3, 1)", 0), ("nonzero", "fdlq", "1000", "o.nonzero(x)", "t.nonzero(x)", 0), ("nonzero", "fq", "300x301", "o.nonzero(x)", "t.nonzero(x)", 0), ("nonzero", "fq", "64", "o.nonzero(x)", "t.nonzero(x)", 0),
    ("masked_select", "fdlb", "1000", "o.masked_select(x, x > 0)", "t.masked_select(x, x > 0)", 0), ("masked_select", "fdlb", "300x301", "o.masked_select(x, x > 0)", "t.masked_select(x, x > 0)", 0), ("masked_select", "f", "64", "o.masked_select(x, x > 0)", "t.masked_select(x, x > 0)", 0), ("bincount", "il", "64", "o.bincount(x)", "t.bincount(x)", 0), ("bincount", "il", "1000", "o.bincount(x)", "t.bincount(x)", 0), ("bincount", "il", "100000", "o.bincount(x)", "t.bincount(x)", 0), ("unique", "fil", "1000", "o.unique(x)[0]", "t.unique(x)", 0), ("unique_consecutive", "il", "1000", "o.unique_consecutive(x)", "t.unique_consecutive(x)", 0), ("argwhere", "f", "1000", "o.argwhere(x)", "t.argwhere(x)", 0), ("topk", "fdbil", "300x301", "o.topk(x, 5)[0]", "t.topk(x, 5)[0]", 0), ("topk", "fdbil", "300x301", "o.topk(x, 100)[0]", "t.topk(x, 100)[0]", 0), ("kthvalue", "fd", "300x301", "ms.mint.kthvalue(x, 5)[0]", "t.kthvalue(x, 5)[0]", 0),
    ("histc", "fd", "100000", "o.histc(x, 50, -3.0, 3.0)", "t.histc(x, 50, -3.0, 3.0)", 0), ("searchsorted", "fdl", "1000 1001", "o.searchsorted(o.cumsum(o.abs(x), 0), y)", "t.searchsorted(t.cumsum(t.abs(x), 0), y)", 0), ("quantile", "fd", "300x301", "o.quantile(x, 0.3, 1)", "t.quantile(x, 0.3, 1)", 0), ("nanquantile", "f", "300x301", "o.nanquantile(x, 0.3, 1)", "t.nanquantile(x, 0.3, 1)", 0), ("nanmedian", "f", "300x301", "o.nanmedian(x, 1)[0]", "t.nanmedian(x, 1)[0]", 0), ("renorm", "fd", "300x301", "o.renorm(x, 2, 0, 1.0)", "t.renorm(x, 2, 0, 1.0)", 0), ("std_mean", "fd", "300x301", "o.std_mean(x, 1)[0]", "t.std_mean(x, 1)[0]", 0), ("cov", "fd", "33x1001", "o.cov(x)", "t.cov(x)", 0), ("trapz", "fd", "300x301", "o.trapz(x)", "t.trapz(x)", 0), ("vander", "fd", "1000", "o.vander(x, 5)", "t.vander(x, 5)", 0),
    ("polar", "f", "300x301 300x301", "o.polar(o.abs(x), y)", "t.polar(t.abs(x), y)", 0), ("angle", "fz", "300x301", "o.angle(x)", "t.angle(x)", 0), ("conj", "z", "300x301", "o.conj(x) * 2", "t.conj(x) * 2", 0), ("real", "z", "300x301", "o.real(x) + 1", "t.real(x) + 1", 0), ("polygamma", "fd", "300x301", "o.polygamma(1, o.abs(x) + 1)", "t.polygamma(1, t.abs(x) + 1)", 0), ("igamma", "fd", "100x100 100x100", "o.igamma(o.abs(x) + 0.1, o.abs(y))", "t.igamma(t.abs(x) + 0.1, t.abs(y))", 0), ("igammac", "f", "100x100 100x100", "o.igammac(o.abs(x) + 0.1, o.abs(y))", "t.igammac(t.abs(x) + 0.1, t.abs(y))", 0), ("mvlgamma", "f", "300x301", "o.mvlgamma(o.abs(x) + 3, 2)", "t.mvlgamma(t.abs(x) + 3, 2)", 0), ("zeta", "fd", "100x100 100x100", "o.zeta(o.abs(x) + 1.5, o.abs(y) + 1)", "t.special.zeta(t.abs(x) + 1.5, t.abs(y) + 1)", 0), ("logit", "fdb", "300x301", "o.logit(x, 1e-3)", "t.logit(x, 1e-3)", 0),
    *[(f"fft {name}", kind, shape, f"o.{name}(x)", f"t.fft.{name}(x)", 0) for name in ("fft", "ifft") for kind in "z" for shape in ("64", "1000", "16x100", "100x64", "300x301", "20x1024", "4x4096", "1x100000")], *[(f"fft {name}", "fd", shape, f"o.{name}(x)", f"t.fft.{name}(x)", 0) for name in ("rfft",) for shape in ("64", "1000", "100x64", "300x301", "20x1024")], ("fft fft2", "z", "4x32x33", "o.fft2(x)", "t.fft.fft2(x)", 0), ("fft fft2", "z", "256x256", "o.fft2(x)", "t.fft.fft2(x)", 0), ("fft irfft", "z", "20x513", "o.irfft(x)", "t.fft.irfft(x)", 0), ("fft rfft2", "f", "8x64x64", "o.rfft2(x)", "t.fft.rfft2(x)", 0), ("fftshift", "fz", "300x301", "o.fftshift(x)", "t.fft.fftshift(x)", 0),
    *[(f"linalg {name}", "fd", shape, ours, theirs, 0) for shape in ("10x10", "64x8x8", "16x32x32", "100x100", "300x300") for name, ours, theirs in (("svd", "o.abs(o.svd(x)[0])", "t.linalg.svd(x, full_matrices=False)[1]"), ("singular values", "o.svd(x, compute_uv=False)", "t.linalg.svdvals(x)"), ("inverse", "o.inverse(x)", "t.linalg.inv(x)"), ("det", "o.det(x * 0.3)", "t.linalg.det(x * 0.3)"), ("slogdet", "o.slogdet(x)[1]", "t.linalg.slogdet(x)[1]"), ("qr", "o.abs(o.qr(x)[1])", "t.abs(t.linalg.qr(x)[1])"), ("cholesky", "o.cholesky(o.matmul(x, x.mT) + o.eye(x.shape[-1], x.shape[-1], x.dtype))", "t.linalg.cholesky(t.matmul(x, x.mT) + t.eye(x.shape[-1], dtype=x.dtype))"), ("solve", "o.matrix_solve(x, x)", "t.linalg.solve(x, x)"), ("pinv", "o.pinv(x)", "t.linalg.pinv(x)"), ("matrix_power", "o.matrix_power(x * 0.1, 5)", "t.matrix_power(x * 0.1, 5)"), ("matrix_exp", "o.matrix_exp(x * 0.1)", "t.matrix_exp(x * 0.1)"))], *[("linalg lstsq", "fd", shape, "o.lstsq(x, x)", "t.linalg.lstsq(x, x)[0]", 0) for shape in ("10x10", "100x100", "100x30")],
    ("triangular_solve", "fd", "100x100 100x33", "ms.mint.triangular_solve(y, o.tril(x) + 20 * o.eye(100, 100, x.dtype), False)[0]", "t.linalg.solve_triangular(t.tril(x) + 20 * t.eye(100, dtype=x.dtype), y, upper=False)", 0), ("eigvals", "f", "30x30", "o.abs(o.eigvals(x)).max()", "t.abs(t.linalg.eigvals(x)).max()", 0),
    ("max_pool2d", "fb", "4x8x32x32", "o.max_pool2d(x, 2)", "F.max_pool2d(x, 2)", 1), ("avg_pool2d", "fb", "4x8x32x32", "o.avg_pool2d(x, 2, 2)", "F.avg_pool2d(x, 2)", 1), ("adaptive_avg_pool2d", "fb", "4x8x32x32", "o.adaptive_avg_pool2d(x, 5)", "F.adaptive_avg_pool2d(x, 5)", 0), ("conv1d", "fdb", "4x8x200 16x8x5", "o.conv1d(x, y)", "F.conv1d(x, y)", 2), ("conv2d", "fdb", "4x8x32x32 16x8x3x3", "o.conv2d(x, y)", "F.conv2d(x, y)", 2), ("conv3d", "f", "2x4x10x10x10 8x4x3x3x3", "o.conv3d(x, y)", "F.conv3d(x, y)", 0), ("interpolate", "fb", "2x8x32x32", "o.interpolate(x, size=(50, 45), mode='bilinear')", "F.interpolate(x, size=(50, 45), mode='bilinear')", 0), ("pixel_shuffle", "fb", "4x36x14x14", "o.pixel_shuffle(x, 3)", "F.pixel_shuffle(x, 3)", 0), ("pad", "fdb", "8x16x33x33", "o.pad(x, (1, 2, 3, 4))", "F.pad(x, (1, 2, 3, 4))", 0),
]  # fmt: skip

NAMES = list({
    one.name: one
    for one in (
        *elementwise(),
        *of_axes(),
        *(case(name, kind, shapes, ours, theirs, "any", g) for name, kinds, shapes, ours, theirs, g in OTHERS for kind in kinds),
    )
}.values())  # fmt: skip
