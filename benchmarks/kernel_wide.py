"""Further cases of ``kernels.py --sweep``: functions that the other lists lack, many types, views, broadcast operands.

Each row has the operands, and the expression in minispore (``o``: ops, ``ms``) and torch (``t``, ``F``); one text if it is the same.  Operands are
written as a type and a shape: f, d (float64), h (float16), b (bfloat16), i (int32), l (int64), c (int8), q (bool), u (positive floats), n12 (int64 below 12).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from kernel_cases import Case

TYPES = {
    "f": "float32",
    "d": "float64",
    "h": "float16",
    "b": "bfloat16",
    "i": "int32",
    "l": "int64",
    "c": "int8",
    "q": "bool",
    "u": "float32",
}

SHOWN = 32  # characters: expressions that are shorter are part of the name


def shape_of(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split("x"))) if text else ()


def drawn(rng: np.random.Generator, word: str) -> np.ndarray:
    kind, _, shape = word.partition(":")
    sizes = shape_of(shape)
    if kind[0] == "n":
        return rng.integers(0, int(kind[1:]), sizes)
    if kind == "q":
        return rng.integers(0, 2, sizes).astype(bool)
    if kind in "ilc":
        return rng.integers(1, 100, sizes).astype(TYPES[kind])
    numbers = rng.standard_normal(sizes).astype(np.float64 if kind == "d" else np.float32)
    return np.abs(numbers) + np.float32(1e-3) if kind == "u" else numbers


def function(text: str, names: list[str], library: str) -> Callable[..., Any]:
    """``text`` as a function of the library and the operands."""
    alias = {"ms": "o = ms.ops", "torch": "t, F = torch, torch.nn.functional"}[library]
    space: dict[str, Any] = {}
    exec(f"def made({library}, {', '.join(names)}):\n    {alias}\n    return {text}\n", space)
    return space["made"]


def row(group: str, operands: str, ours: str, theirs: str = "", gradients: int = 0, about: str = "") -> Case:
    """``gradients``: of so many operands; the result's gradient is the last operand."""
    words = operands.split()
    given = words[:-1] if gradients else words
    names = [f"{'xyzw'[k]}" for k in range(len(given))]
    first = function(ours, names, "ms")
    second = function(theirs or ours.replace("o.", "t."), names, "torch")
    inputs = lambda rng: [drawn(rng, word) for word in words]
    name = " ".join(filter(None, [operands, about or (ours if len(ours) < SHOWN else "")]))
    half = [TYPES[word[0]] if word[0] in "hb" else "" for word in given]
    if not any(half):
        return Case(group, name, inputs, first, second, gradients=gradients)

    def in_half(ms, *arrays):
        arrays = [x.astype(getattr(ms, kind)) if kind else x for x, kind in zip(arrays, half)]
        call = ms.jit(lambda *x: first(ms, *x))
        return lambda: call(*arrays)

    def in_half_there(torch, *arrays):
        arrays = [x.to(getattr(torch, kind)) if kind else x for x, kind in zip(arrays, half)]

        def call():
            with torch.no_grad():
                return second(torch, *arrays)

        return call

    return Case(group, name, inputs, in_half, in_half_there, made=True)


def each(group: str, shapes: str, ours: str, theirs: str = "", gradients: int = 0, about: str = "") -> list[Case]:
    """A row for each of the operands that commas separate."""
    return [row(group, operands.strip(), ours, theirs, gradients, about) for operands in shapes.split(",")]


# ---------------------------------------------------------------- reductions over types, places and lengths
REDUCED = [
    case
    for name, ours, theirs in (
        ("mean", "o.mean(x, {a})", "t.mean(x, {a})"), ("sum", "o.sum(x, {a})", "t.sum(x, {a})"), ("amin", "o.amin(x, {a})", "t.amin(x, {a})"),
        ("std", "o.std(x, {a})", "t.std(x, {a}, correction=0)"), ("l1 norm", "o.norm(x, 1, {a})", "t.linalg.vector_norm(x, 1, {a})"),
        ("argmin", "o.argmin(x, {a})", "t.argmin(x, {a})"), ("count_nonzero", "o.count_nonzero(x, {a})", "t.count_nonzero(x, {a})"),
    )
    for operands, axis in (
        ("f:2x131072", -1), ("f:23831x11", -1), ("f:20164x13", -1), ("f:16384x16", -1), ("f:131072x2", -1), ("f:4x65536", 0), ("f:16384x16", 0),
        ("f:13x20164", 0), ("f:64x64x64", 1), ("f:300x13x67", 1), ("f:262144", -1), ("f:17", -1), ("f:1x1000", -1), ("d:2621x100", -1), ("d:100x2621", 0),
        ("h:2621x100", -1), ("b:2621x100", -1), ("b:100x2621", 0), ("h:37449x7", -1), ("l:2621x100", -1), ("i:100x2621", 0), ("c:2621x100", -1),
    )
    if not (operands[0] in "lic" and name in ("mean", "std", "l1 norm"))
    for case in [row(f"{name} {axis}", operands, ours.format(a=axis), theirs.format(a=axis))]
]  # fmt: skip

SCANNED = [
    *each("cumprod", "u:2621x100, u:37449x7, u:262x1000", "o.cumprod(x, -1)"), *each("cumprod", "u:100x2621", "o.cumprod(x, 0)"),
    *each("cumsum", "d:2621x100, i:2621x100, l:262x1000, h:2621x100, b:2621x100, f:1x200000", "o.cumsum(x, -1)"),
    *each("cumsum", "f:131072x2, f:64x64x64", "o.cumsum(x, 0)"), *each("logcumsumexp", "f:2621x100, f:262x1000", "o.logcumsumexp(x, -1)"),
    *each("logcumsumexp", "f:100x2621", "o.logcumsumexp(x, 0)"), *each("cummin", "f:2621x100", "o.cummin(x, -1)"),
    *each("cumsum with gradients", "f:2621x100 f:2621x100", "o.cumsum(x, -1)", gradients=1),
    *each("cumprod with gradients", "u:2621x100 f:2621x100", "o.cumprod(x, -1)", gradients=1),
    *each("diff", "f:2621x100, f:37449x7, i:2621x100", "o.diff(x)"),
]  # fmt: skip

ORDERED = [
    *each("median", "f:2621x100, f:37449x7, f:262x1000, f:20164x13", "o.median(x, -1)", "t.median(x, -1)"),
    *each("kthvalue", "f:2621x100, f:262x1000", "o.topk(x, 10, -1, False)", "t.topk(x, 10, -1, False)"),
    *each("quantile", "f:262x1000, f:2621x100", "o.quantile(x, 0.3, -1)", "t.quantile(x, 0.3, -1)"),
    *each("sort", "d:262x1000, i:262x1000, l:2621x100, h:262x1000, f:1x100000, f:23831x11", "o.sort(x)"),
    *each("sort", "f:100x2621", "o.sort(x, 0)"), *each("argsort", "i:262x1000, f:1x100000, f:20164x13", "o.argsort(x)"),
    *each("topk", "f:262x1000, f:1x100000, f:23831x11, d:262x1000, i:262x1000", "o.topk(x, 10)"),
    *each("searchsorted", "f:1000 f:100000", "o.searchsorted(o.sort(x)[0], y)", "t.searchsorted(t.sort(x)[0], y)"),
    *each("searchsorted", "f:100000 f:1000", "o.searchsorted(o.sort(x)[0], y)", "t.searchsorted(t.sort(x)[0], y)"),
    *each("bucketize", "f:100000", "o.bucketize(x, [-1.0, -0.5, 0.0, 0.5, 1.0])", "t.bucketize(x, t.tensor([-1.0, -0.5, 0.0, 0.5, 1.0]))"),
    *each("bincount", "n100:100000, n10000:100000", "o.bincount(x, minlength=10000)", "t.bincount(x, minlength=10000)"),
    *each("histc", "f:100000, f:1000", "o.histc(x, 100, -3.0, 3.0)", "t.histc(x, 100, -3.0, 3.0)"),
    *each("unique", "n100:10000, n10000:100000", "o.unique(x)", "t.unique(x, return_inverse=True)"),
    *each("nonzero", "q:262144, f:512x512", "o.nonzero(x)"),
    *each("masked_select", "f:512x512 q:512x512", "o.masked_select(x, y)"),
    *each("isin", "n1000:100000 n1000:50", "o.isin(x, y) if hasattr(o, 'isin') else (o.expand_dims(x, 1) == y).any(1)", "t.isin(x, y)"),
]  # fmt: skip

# ---------------------------------------------------------------- moved, repeated, padded
MOVED = [
    *each("roll", "f:512x512, f:37449x7, f:20164x13, d:512x512, c:512x512, b:512x512", "o.roll(x, 3, 1)"), *each("roll", "f:512x512, f:7x37449", "o.roll(x, 3, 0)"),
    *each("flip", "f:512x512, f:37449x7, f:20164x13, d:512x512, c:512x512, h:512x512", "o.flip(x, (1,))"), *each("flip", "f:512x512", "o.flip(x, (0,))"),
    *each("flip", "f:8x3x64x64", "o.flip(x, (2, 3))"), *each("rot90", "f:512x512", "o.rot90(x, 1, (0, 1))"),
    *each("tile", "f:512x64, f:37449x1, f:1x512, f:3000x7, c:512x64", "o.tile(x, (3, 5))"), *each("tile", "f:64x64", "o.tile(x, (1, 64))"),
    *each("repeat", "f:512x64, f:3000x7", "o.repeat_interleave(x, 4, 1)"), *each("repeat", "f:512x64", "o.repeat_interleave(x, 4, 0)"),
    *each("repeat with gradients", "f:512x64 f:512x256", "o.repeat_interleave(x, 4, 1)", gradients=1),
    *each("pad constant", "f:8x16x32x32, f:512x512, d:512x512, b:512x512", "o.pad(x, (1, 2))", "F.pad(x, (1, 2))"),
    *each("pad constant", "f:8x16x32x32, f:8x3x64x64", "o.pad(x, (1, 1, 1, 1))", "F.pad(x, (1, 1, 1, 1))"),
    *[case for mode in ("reflect", "replicate", "circular") for case in
      [*each(f"pad {mode}", "f:8x16x32x32, f:8x3x65x63, f:4x64x7x7", f"o.pad(x, (1, 2, 2, 1), mode='{mode}')", f"F.pad(x, (1, 2, 2, 1), mode='{mode}')"),
       *each(f"pad {mode} with gradients", "f:8x16x32x32 f:8x16x35x35", f"o.pad(x, (1, 2, 2, 1), mode='{mode}')", f"F.pad(x, (1, 2, 2, 1), mode='{mode}')",
             gradients=1)]],
    *each("triu", "f:512x512, f:100x50x50, f:2000x11x11, i:512x512, b:512x512", "o.triu(x, 1)"), *each("tril", "f:512x512, f:100x50x50, f:13x100x200", "o.tril(x)"),
    *each("diag", "f:1000", "o.diag(x)"), *each("eye times", "f:300x300", "x + o.eye(300, 300, ms.float32)", "x + t.eye(300)"),
    *each("stack", "f:512x100 f:512x100", "o.stack((x, y), -1)", "t.stack((x, y), -1)"), *each("stack", "f:512x100 f:512x100", "o.stack((x, y), 1)", "t.stack((x, y), 1)"),
    *each("concat odd", "f:5000x5 f:5000x7, f:5000x13 f:5000x1, c:5000x13 c:5000x20, b:5000x13 b:5000x20, d:5000x13 d:5000x2", "o.cat((x, y), 1)", "t.cat((x, y), 1)"),
    *each("split joined", "f:5000x12", "o.cat(o.split(x, 4, 1)[::-1], 1)", "t.cat(t.split(x, 4, 1)[::-1], 1)"),
    *each("meshgrid", "f:300 f:500", "o.meshgrid(x, y)[0] * 2.0", "t.meshgrid(x, y, indexing='xy')[0] * 2.0"),
    *each("every second", "f:512x1024, d:512x1024, b:512x1024, c:512x1024", "x[:, ::2] + 1", "x[:, ::2] + 1"), *each("reversed rows", "f:512x512", "o.flip(x, (0,)) + 1.0"),
    *each("transposed sum", "f:512x512 f:512x512, d:512x512 d:512x512, b:512x512 b:512x512, f:1000x17 f:17x1000", "x.T + y"),
    *each("transposed", "d:512x512, h:512x512, c:512x512, i:1000x17, l:17x1000, b:128x64x48", "x.swapaxes(-1, -2) + 0" , "x.transpose(-1, -2).contiguous() + 0"),
    *each("pixel_shuffle", "f:8x64x16x16", "o.pixel_shuffle(x, 2)", "F.pixel_shuffle(x, 2)"), *each("pixel_unshuffle", "f:8x16x32x32", "o.pixel_unshuffle(x, 2)", "F.pixel_unshuffle(x, 2)"),
    *each("unfold", "f:4x8x32x32, f:2x3x63x65", "o.unfold(x, (3, 3), padding=1)", "F.unfold(x, (3, 3), padding=1)"),
    *each("fold", "f:4x72x1024", "o.fold(x, ms.Tensor([32, 32], ms.int32), (3, 3), padding=1)", "F.fold(x, (32, 32), (3, 3), padding=1)"),
    *each("unfold with gradients", "f:4x8x32x32 f:4x72x1024", "o.unfold(x, (3, 3), padding=1)", "F.unfold(x, (3, 3), padding=1)", gradients=1),
]  # fmt: skip

# ---------------------------------------------------------------- elementwise: broadcast operands, types, functions
BROADCAST = [
    case
    for operands in ("f:512x512 f:512", "f:512x512 f:512x1", "f:512x512 f:1", "f:37449x7 f:7", "f:37449x7 f:37449x1", "f:20164x13 f:13", "f:8x64x16x16 f:64x1x1",
                     "f:8x64x7x7 f:64x1x1", "f:8x32x33x33 f:8x32x1x1", "f:100x1 f:1x2621", "f:64x1x64 f:1x64x64", "d:512x512 d:512", "b:512x512 b:512", "h:512x512 h:512x1",
                     "i:512x512 i:512", "l:512x512 l:512x1", "c:512x512 c:512", "f:17 f:17", "f:3x5 f:5")
    for case in [row("broadcast add", operands, "x + y"), row("broadcast multiply", operands, "x * y")]
]  # fmt: skip
SUMMED = [row("broadcast multiply with gradients", f"{a} {b} {a}", "x * y", gradients=2) for a, b in (
    ("f:512x512", "f:512"), ("f:512x512", "f:512x1"), ("f:37449x7", "f:7"), ("f:37449x7", "f:37449x1"), ("f:20164x13", "f:13"), ("f:8x64x16x16", "f:64x1x1"),
    ("f:8x64x7x7", "f:64x1x1"), ("f:8x32x33x33", "f:8x32x1x1"))]  # fmt: skip
POINTWISE = [
    *each("clamp", "f:512x512, d:512x512, i:512x512, b:512x512, h:512x512, l:512x512", "o.clamp(x, -1, 1)"), *each("clamp", "f:512x512 f:512 f:512", "o.clamp(x, y, z)"),
    *each("where", "q:512x512 f:512x512 f:512x512, q:512x1 f:512x512 f:512x512, q:512 f:512x512 f:1, q:512x512 i:512x512 i:512x512, q:512x512 l:512x512 l:512x512, q:512x512 b:512x512 b:512x512, q:512x512 c:512x512 c:512x512", "o.where(x, y, z)"),
    *each("masked_fill", "f:512x512 q:512x512, f:64x100x100 q:100x100, b:512x512 q:512x512", "o.masked_fill(x, y, -1e9)", "x.masked_fill(y, -1e9)"),
    *each("lerp", "f:512x512 f:512x512", "o.lerp(x, y, 0.3)"), *each("addcmul", "f:512x512 f:512x512 f:512x512", "o.addcmul(x, y, z, 0.5)", "t.addcmul(x, y, z, value=0.5)"),
    *each("logical_and", "q:512x512 q:512x512", "o.logical_and(x, y)"), *each("logical_not", "q:512x512", "o.logical_not(x)"), *each("bitwise_xor", "i:512x512 i:512x512, c:512x512 c:512x512", "o.bitwise_xor(x, y)"),
    *each("eq", "i:512x512 i:512x512, l:512x512 l:512x512, b:512x512 b:512x512, d:512x512 d:512x512, c:512x512 c:512x512", "x == y"),
    *each("int8 sums", "c:512x512 c:512x512", "x + y"), *each("int8 products", "c:512x512 c:512x512", "x * y"), *each("floor_mod", "i:512x512 i:512x512, l:512x512 l:512x512, f:512x512 u:512x512", "x % y"),
    *each("int division", "i:512x512 i:512x512, l:512x512 l:512x512", "x // y"), *each("abs", "i:512x512, l:512x512, c:512x512", "o.abs(x)"),
    *each("to float", "i:512x512, l:512x512, c:512x512, q:512x512, h:512x512, b:512x512, d:512x512", "x.astype(ms.float32)", "x.float()"),
    *each("to int64", "f:512x512, i:512x512, c:512x512, d:512x512", "x.astype(ms.int64)", "x.long()"), *each("to bool", "f:512x512, i:512x512", "x.astype(ms.bool_)", "x.bool()"),
    *each("to int8", "f:512x512, i:512x512", "x.astype(ms.int8)", "x.to(torch.int8)"),
    *[case for name in ("lgamma", "digamma", "erfinv", "erfc", "tan", "acosh", "asinh", "log10", "i0", "sinc", "exp2", "frac", "logit", "xlogy", "sigmoid", "tanh", "exp", "log")
      for case in each(f"special {name}", "d:65536" if name in ("sigmoid", "tanh", "exp", "log") else "u:512x512",
                       {"acosh": "o.acosh(x + 1.0)", "erfinv": "o.erfinv(o.tanh(x))", "i0": "o.bessel_i0(x)", "logit": "o.logit(o.sigmoid(x), 1e-6)", "xlogy": "o.xlogy(x, x)",
                        "log": "o.log(o.abs(x))"}.get(name, f"o.{name}(x)"),
                       {"acosh": "t.acosh(x + 1.0)", "erfinv": "t.erfinv(t.tanh(x))", "i0": "t.special.i0(x)", "logit": "t.logit(t.sigmoid(x), 1e-6)", "xlogy": "t.xlogy(x, x)",
                        "log": "t.log(t.abs(x))"}.get(name, f"t.{name}(x)"))],
    *[row("short", f"f:{n}", "o.tanh(x) * 2.0 + 1.0") for n in (1, 2, 3, 5, 8, 11, 16, 17, 31, 100)], *[row("long", "f:4000000", text) for text in ("x + 1.0", "o.exp(x)", "o.sum(x)", "o.relu(x)")],
    *[row("empty", "f:0x100", text, theirs) for text, theirs in (("x + 1.0", ""), ("o.sum(x, -1)", ""), ("o.softmax(x, -1)", ""))],
    *[row(f"{name}", operands, f"o.{name}(x)", f"F.{name}(x)") for name in ("softplus", "mish", "elu", "selu", "hardswish", "hardsigmoid", "softsign", "logsigmoid", "silu", "gelu", "leaky_relu", "relu6", "celu")
      for operands in ("b:512x512", "h:512x512", "d:65536", "f:65536")],
    *[row(f"{name} with gradients", "f:512x512 f:512x512", f"o.{name}(x)", f"F.{name}(x)", gradients=1) for name in ("selu", "hardsigmoid", "softsign", "logsigmoid", "leaky_relu", "relu6", "celu")],
    *each("glu", "f:512x512", "o.glu(x)", "F.glu(x)"), *each("prelu with gradients", "f:8x64x16x16 f:64 f:8x64x16x16", "o.prelu(x, y)", "F.prelu(x, y)", gradients=2),
    *each("softmax middle types", "b:64x64x64, h:64x64x64, d:64x64x64", "o.softmax(x, 1)"), *each("softmax two axes", "f:64x64x64", "o.softmax(x.reshape((64, -1)), -1)"),
    *each("log_softmax types", "b:262x1000, d:262x1000", "o.log_softmax(x, -1)"),
]  # fmt: skip

# ---------------------------------------------------------------- products
PRODUCTS = [
    *each("einsum", "f:16x50x32 f:16x50x40", "o.einsum('bij,bik->bjk', x, y)", "t.einsum('bij,bik->bjk', x, y)"), *each("einsum", "f:8x50x4x16 f:8x50x4x16", "o.einsum('bqhd,bkhd->bhqk', x, y)", "t.einsum('bqhd,bkhd->bhqk', x, y)"),
    *each("einsum", "f:32x40x50 f:50", "o.einsum('bij,j->bi', x, y)", "t.einsum('bij,j->bi', x, y)"), *each("einsum", "f:64x33x17 f:64x17", "o.einsum('bij,bj->bi', x, y)", "t.einsum('bij,bj->bi', x, y)"),
    *each("einsum", "f:300x300", "o.einsum('ij->ji', x) + 0.0", "t.einsum('ij->ji', x) + 0.0"), *each("einsum", "f:300x300", "o.einsum('ii->i', x) + 0.0", "t.einsum('ii->i', x) + 0.0"),
    *each("bmm", "f:13x11x17 f:13x17x19, f:100x5x5 f:100x5x5, f:64x1x64 f:64x64x50, f:64x50x64 f:64x64x1, f:7x131x127 f:7x127x129, f:500x2x2 f:500x2x2, d:32x33x17 d:32x17x40, b:32x33x17 b:32x17x40, b:48x64x64 b:48x64x64, h:32x33x17 h:32x17x40", "o.bmm(x, y)"),
    *each("bmm with gradients", "f:64x17x33 f:64x33x17 f:64x17x17, f:500x3x3 f:500x3x3 f:500x3x3, f:16x64x64 f:16x64x64 f:16x64x64", "o.bmm(x, y)", gradients=2),
    *each("matmul", "f:13x11 f:11x19, f:1x17 f:17x1, f:3x3 f:3x3, f:211x97 f:97x101, f:1x4096 f:4096x1000, f:4096x1 f:1x300, h:64x64 h:64x64, b:64x64 b:64x64, i:64x64 i:64x64, d:100x100 d:100x100", "o.matmul(x, y)"),
    *each("matmul broadcast", "f:8x12x50x30 f:30x20, f:12x50x30 f:8x1x30x20", "o.matmul(x, y)"), *each("vector products", "f:1000x300 f:300, f:17x13 f:13", "o.mv(x, y)"), *each("outer", "f:1000 f:300", "o.outer(x, y)"), *each("dot", "f:100000 f:100000, f:100 f:100", "o.vecdot(x, y)", "t.dot(x, y)"),
    *each("addmm", "f:100 f:64x200 f:200x100", "o.addmm(x, y, z)"), *each("linear with gradients", "f:32x784 f:100x784 f:100 f:32x100, f:64x13 f:5x13 f:5 f:64x5, f:128x50 f:1x50 f:1 f:128x1, f:1x300 f:200x300 f:200 f:1x200", "o.dense(x, y, z)", "F.linear(x, y, z)", gradients=3),
    *each("cdist", "f:200x16 f:300x16, f:100x3 f:100x3, f:8x50x64 f:8x50x64", "o.cdist(x, y)"), *each("cdist 1", "f:200x16 f:300x16", "o.cdist(x, y, 1.0)", "t.cdist(x, y, 1.0)"),
    *each("pairwise squares", "f:200x1x16 f:1x300x16", "o.sum((x - y) * (x - y), -1)"), *each("cross", "f:10000x3 f:10000x3", "o.cross(x, y, -1)", "t.linalg.cross(x, y)"), *each("cosine_similarity", "f:1000x100 f:1000x100", "o.cosine_similarity(x, y, -1)", "F.cosine_similarity(x, y, -1)"),
    *each("kron", "f:20x20 f:20x20", "o.kron(x, y)"), *each("bilinear", "f:32x20 f:32x30 f:40x20x30", "o.bidense(x, y, z)" , "F.bilinear(x, y, z)"),
    *each("normalize", "f:1000x100", "x / o.sqrt(o.sum(x * x, -1, keepdim=True) + 1e-12)", "F.normalize(x)"),
]  # fmt: skip
ATTEND = "o.matmul(o.softmax(o.matmul(x * 0.125, y.swapaxes(-1, -2)){mask}, -1), z)"
ATTENDED = [
    *each("attention, mask added", "f:4x4x100x64 f:4x4x100x64 f:4x4x100x64 f:100x100, f:8x2x17x16 f:8x2x17x16 f:8x2x17x16 f:17x17", ATTEND.format(mask=" + w"), "F.scaled_dot_product_attention(x, y, z, w, scale=0.125)"),
    *each("attention, mask of bools", "f:4x4x100x64 f:4x4x100x64 f:4x4x100x64 q:4x1x1x100", "o.matmul(o.softmax(o.masked_fill(o.matmul(x * 0.125, y.swapaxes(-1, -2)), o.logical_not(w), -1e9), -1), z)", "F.scaled_dot_product_attention(x, y, z, w, scale=0.125)"),
    *each("attention, causal", "f:4x4x128x64 f:4x4x128x64 f:4x4x128x64", "o.matmul(o.softmax(o.masked_fill(o.matmul(x * 0.125, y.swapaxes(-1, -2)), o.triu(o.ones((128, 128), ms.bool_), 1), -1e9), -1), z)", "F.scaled_dot_product_attention(x, y, z, is_causal=True, scale=0.125)"),
    *each("attention of few queries", "f:4x8x1x64 f:4x8x300x64 f:4x8x300x64, f:1x8x1x64 f:1x8x1000x64 f:1x8x1000x64", ATTEND.format(mask=""), "F.scaled_dot_product_attention(x, y, z, scale=0.125)"),
    *each("attention, gradients and a mask", "f:4x4x100x64 f:4x4x100x64 f:4x4x100x64 q:4x1x1x100 f:4x4x100x64", "o.matmul(o.softmax(o.masked_fill(o.matmul(x * 0.125, y.swapaxes(-1, -2)), o.logical_not(w), -1e9), -1), z)", "F.scaled_dot_product_attention(x, y, z, w, scale=0.125)", gradients=3),
    *each("dropout", "f:512x512", "o.dropout(x, 0.1, True)", "F.dropout(x, 0.1, True)"), *each("dropout with gradients", "f:512x512 f:512x512", "o.dropout(x, 0.1, True)", "F.dropout(x, 0.1, True)", gradients=1),
]  # fmt: skip

# ---------------------------------------------------------------- indices
INDEXED = [
    *each("scatter", "f:1000x100 n1000:500x100 f:500x100", "o.tensor_scatter_elements(x, y, z, 0)", "x.scatter(0, y, z)"), *each("scatter add", "f:1000x100 n1000:500x100 f:500x100, f:5000x7 n5000:5000x7 f:5000x7", "o.tensor_scatter_elements(x, y, z, 0, 'add')", "x.scatter_add(0, y, z)"),
    *each("scatter add", "f:1000x100 n100:1000x50 f:1000x50, f:20000x13 n13:20000x3 f:20000x3", "o.tensor_scatter_elements(x, y, z, 1, 'add')", "x.scatter_add(1, y, z)"),
    *each("index_select", "f:1000x100 n1000:3000, f:5000x7 n5000:20000, b:1000x100 n1000:3000, d:1000x100 n1000:3000, c:1000x100 n1000:3000, f:20000x1 n20000:50000", "o.index_select(x, 0, y)"), *each("index_select", "f:3000x100 n100:50", "o.index_select(x, 1, y)"),
    *each("gather", "f:1000x100 n100:1000x50, f:20000x13 n13:20000x3, d:1000x100 n100:1000x50", "o.gather_elements(x, 1, y)", "t.gather(x, 1, y)"), *each("gather", "f:1000x100 n1000:500x100", "o.gather_elements(x, 0, y)", "t.gather(x, 0, y)"),
    *each("index_select with gradients", "f:1000x100 n1000:3000 f:3000x100, f:5000x7 n5000:20000 f:20000x7", "o.index_select(x, 0, y)", gradients=1), *each("gather with gradients", "f:1000x100 n100:1000x50 f:1000x50", "o.gather_elements(x, 1, y)", "t.gather(x, 1, y)", gradients=1),
    *each("rows by index", "f:1000x100 n1000:3000, f:100x20x30 n100:500", "x[y]"), *each("pairs by index", "f:1000x100 n1000:5000 n100:5000", "x[y, z]"), *each("index_add", "f:1000x100 n1000:3000 f:3000x100, f:5000x7 n5000:20000 f:20000x7", "o.index_add(x, y.astype(ms.int32), z, 0)", "x.index_add(0, y, z)"),
    *each("one_hot", "n10:10000, n1000:1000", "o.one_hot(x, 1000, 1.0, 0.0)", "F.one_hot(x, 1000).float()"), *each("embedding types", "n1000:5000 b:1000x64, n1000:5000 f:1000x5, n1000:5000 d:1000x64", "o.gather(y, x, 0)", "F.embedding(x, y)"),
    *each("segment sum", "f:20000x16 n500:20000", "o.unsorted_segment_sum(x, y.astype(ms.int32), 500)", "t.zeros(500, 16).index_add_(0, y, x)"), *each("take", "f:512x512 n262144:50000", "o.take(x, y)"),
    *each("take_along 2", "f:262x1000 n1000:262x1", "o.gather_elements(x, 1, y)", "t.gather(x, 1, y)"),
]  # fmt: skip

# ---------------------------------------------------------------- losses, norms, images
NORMED = [
    *each("RMS norm", "f:262x1000 f:1000, f:2621x100 f:100, f:37449x7 f:7, f:512x512 f:512, b:512x512 b:512", "o.rms_norm(x, y)[0]", "F.rms_norm(x, y.shape, y)"), *each("RMS norm with gradients", "f:512x512 f:512 f:512x512, f:2621x100 f:100 f:2621x100", "o.rms_norm(x, y)[0]", "F.rms_norm(x, y.shape, y)", gradients=2),
    *each("instance norm", "f:8x32x16x16, f:4x3x64x64, f:16x64x7x7", "ms.ops.group_norm(x, x.shape[1])", "F.instance_norm(x)"), *each("lrn", "f:8x32x16x16, f:2x64x7x7", "o.lrn(x, 2, 1.0, 1e-4, 0.75)", "F.local_response_norm(x, 5, 5e-4, 0.75, 1.0)"),
    *each("layer norm of images", "f:8x16x16x16 f:16x16x16 f:16x16x16", "o.layer_norm(x, (16, 16, 16), y, z)", "F.layer_norm(x, (16, 16, 16), y, z)"), *each("layer norm, long rows", "f:16x16384 f:16384 f:16384, f:64x4096 f:4096 f:4096", "o.layer_norm(x, y.shape, y, z)", "F.layer_norm(x, y.shape, y, z)"),
    *each("layer norm, long rows, with gradients", "f:16x16384 f:16384 f:16384 f:16x16384, f:64x4096 f:4096 f:4096 f:64x4096", "o.layer_norm(x, y.shape, y, z)", "F.layer_norm(x, y.shape, y, z)", gradients=3),
    *each("batch norm 2d", "f:256x512 f:512 f:512 f:256x512, f:64x13 f:13 f:13 f:64x13", "o.batch_norm(x, o.zeros_like(y), o.ones_like(y), y, z, True)", "F.batch_norm(x, t.zeros_like(y), t.ones_like(y), y, z, True)", gradients=3),
    *each("nll", "f:10000x10 n10:10000, f:1000x1000 n1000:1000", "o.nll_loss(x, y.astype(ms.int32))", "F.nll_loss(x, y)"), *each("cross entropy smoothed", "f:1000x100 n100:1000", "o.cross_entropy(x, y.astype(ms.int32), label_smoothing=0.1)", "F.cross_entropy(x, y, label_smoothing=0.1)"),
    *each("cross entropy of pixels", "f:4x10x64x64 n10:4x64x64", "o.cross_entropy(x, y.astype(ms.int32))", "F.cross_entropy(x, y)"), *each("kl", "f:512x512 u:512x512", "o.kl_div(x, y, 'mean')", "F.kl_div(x, y, reduction='mean')"),
    *each("ctc", "f:50x16x30 n29:16x20", "o.ctc_loss(o.log_softmax(x, -1), y + 1, ms.Tensor([50] * 16, ms.int64), ms.Tensor([20] * 16, ms.int64), reduction='none')[0]", "F.ctc_loss(F.log_softmax(x, -1), y + 1, t.tensor([50] * 16), t.tensor([20] * 16), reduction='none')"),
    *each("triplet", "f:1000x64 f:1000x64 f:1000x64", "o.triplet_margin_loss(x, y, z)", "F.triplet_margin_loss(x, y, z)"), *each("hinge", "f:1000x64", "o.hinge_embedding_loss(x, o.sign(x))", "F.hinge_embedding_loss(x, t.sign(x))"),
    *each("soft margin", "f:1000x64", "o.soft_margin_loss(x, o.sign(x))", "F.soft_margin_loss(x, t.sign(x))"), *each("gaussian nll", "f:1000x64 f:1000x64 u:1000x64", "o.gaussian_nll_loss(x, y, z)", "F.gaussian_nll_loss(x, y, z)"),
    *[row(f"interpolate {mode} {corners}", operands, f"o.interpolate(x, {size}, mode='{mode}'{corners})", f"F.interpolate(x, {size}, mode='{mode}'{corners})")
      for mode, corners in (("nearest", ""), ("bilinear", ", align_corners=True"), ("bilinear", ", align_corners=False"), ("bicubic", ", align_corners=False"), ("area", "")) for operands, size in (("f:4x8x17x23", "(34, 46)"), ("f:2x16x32x32", "(48, 48)"), ("f:2x3x64x64", "(31, 33)"))
      if not (mode == "bicubic" and size == "(31, 33)")],
    *each("interpolate trilinear", "f:1x4x8x16x16", "o.interpolate(x, (16, 32, 32), mode='trilinear', align_corners=False)", "F.interpolate(x, (16, 32, 32), mode='trilinear')"),
    *[row(f"grid_sample {mode} {pad}", operands, f"o.grid_sample(x, o.tanh(y), '{mode}', '{pad}')", f"F.grid_sample(x, t.tanh(y), '{mode}', '{pad}', False)") for mode in ("bilinear", "nearest") for pad in ("zeros", "border")
      for operands in ("f:4x8x32x32 f:4x32x32x2", "f:1x3x64x64 f:1x100x100x2")],
    row("grid_sample with gradients", "f:4x8x32x32 f:4x32x32x2 f:4x8x32x32", "o.grid_sample(x, o.tanh(y))", "F.grid_sample(x, t.tanh(y), align_corners=False)", gradients=2), row("affine_grid", "f:8x2x3", "o.affine_grid(x, (8, 3, 64, 64))", "F.affine_grid(x, (8, 3, 64, 64), align_corners=False)"),
]  # fmt: skip

WIDE = [*REDUCED, *SCANNED, *ORDERED, *MOVED, *BROADCAST, *SUMMED, *POINTWISE, *PRODUCTS, *ATTENDED, *INDEXED, *NORMED]
