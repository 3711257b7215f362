"""More cases of kernels.py (``--sweep``): short and odd axes, every place of the axis, types, views, batch 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from kernel_cases import Case, integers, joined, normal

TOTAL = 1 << 18  # elements: what most of the arrays have
LENGTHS = (3, 5, 7, 10, 17, 33, 100, 127, 1000)
FEW = (3, 7, 33, 100)


def by_shape(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))


def last(n: int) -> tuple[int, ...]:
    return TOTAL // n, n


def first(n: int) -> tuple[int, ...]:
    return n, TOTAL // n


def middle(n: int) -> tuple[int, ...]:
    return max(TOTAL // (64 * n), 1), n, 64


PLACES = (("last", last, -1), ("first", first, 0), ("middle", middle, 1))


def both(group: str, shape: str, inputs, gradients: int, ours, theirs) -> list[Case]:
    return [
        Case(group, shape, lambda rng: inputs(rng)[:-1], ours, theirs),
        Case(f"{group} with gradients", shape, inputs, ours, theirs, gradients=gradients),
    ]


def of_type(group: str, shape: str, kind: str, inputs, ours: Callable, theirs: Callable) -> Case:
    """The inputs that are floats are converted before anything is timed."""

    def convert(library: Any, arrays: tuple) -> list:
        kinds = [getattr(library, kind) if "float" in str(x.dtype).lower() else x.dtype for x in arrays]
        return [x.astype(k) if hasattr(x, "astype") else x.to(k) for x, k in zip(arrays, kinds)]

    def make_ours(ms, *arrays):
        arrays = convert(ms, arrays)
        call = ms.jit(lambda *x: ours(ms, *x))
        return lambda: call(*arrays)

    def make_theirs(torch, *arrays):
        arrays = convert(torch, arrays)

        def call():
            with torch.no_grad():
                return theirs(torch, *arrays)

        return call

    return Case(f"{group}", f"{shape} {kind}", inputs, make_ours, make_theirs, made=True)


# ---------------------------------------------------------------- reductions
REDUCTIONS: list[tuple[str, Callable, Callable]] = [
    ("sum", lambda ms, x, axis: ms.ops.sum(x, axis), lambda torch, x, axis: torch.sum(x, axis)),
    ("amax", lambda ms, x, axis: ms.ops.amax(x, axis), lambda torch, x, axis: torch.amax(x, axis)),
    ("argmax", lambda ms, x, axis: ms.ops.argmax(x, axis), lambda torch, x, axis: torch.argmax(x, axis)),
    ("max", lambda ms, x, axis: ms.ops.max(x, axis), lambda torch, x, axis: torch.max(x, axis)),
    ("var", lambda ms, x, axis: ms.ops.var(x, axis), lambda torch, x, axis: torch.var(x, axis, correction=0)),
    ("norm", lambda ms, x, axis: ms.ops.sqrt(ms.ops.sum(x * x, axis)),
     lambda torch, x, axis: torch.linalg.vector_norm(x, dim=axis)),
    ("logsumexp", lambda ms, x, axis: ms.ops.logsumexp(x, axis), lambda torch, x, axis: torch.logsumexp(x, axis)),
    ("prod", lambda ms, x, axis: ms.ops.prod(x, axis), lambda torch, x, axis: torch.prod(x, axis)),
    ("any", lambda ms, x, axis: ms.ops.any(x > 2, axis), lambda torch, x, axis: torch.any(x > 2, axis)),
]  # fmt: skip
NAMED = {name: (ours, theirs) for name, ours, theirs in REDUCTIONS}


def reduced(name: str, place: str, shape: tuple[int, ...], axis: int) -> Case:
    ours, theirs = NAMED[name]
    return Case(f"{name} of {place}", by_shape(shape), normal(shape), lambda ms, x: ours(ms, x, axis),
                lambda torch, x: theirs(torch, x, axis))  # fmt: skip


def reduced_as(name: str, kind: str, place: str, shape: tuple[int, ...], axis: int) -> Case:
    ours, theirs = NAMED[name]
    if kind.startswith("int"):
        return Case(f"{name} of {place}", f"{by_shape(shape)} {kind}", integers(100, *shape, kind=getattr(np, kind)),
                    lambda ms, x: ours(ms, x, axis), lambda torch, x: theirs(torch, x, axis))  # fmt: skip
    return of_type(f"{name} of {place}", by_shape(shape), kind, normal(shape), lambda ms, x: ours(ms, x, axis),
                   lambda torch, x: theirs(torch, x, axis))  # fmt: skip


def reductions() -> list[Case]:
    made = [reduced(name, "last", last(n), -1) for name in NAMED for n in LENGTHS]
    made += [reduced(name, place, make(n), axis) for name in NAMED for place, make, axis in PLACES[1:] for n in FEW]
    made += [
        reduced_as(name, kind, "last", last(n), -1)
        for name in ("sum", "amax", "argmax")
        for kind in ("int32", "int64", "float64", "bfloat16", "float16")
        for n in (3, 7, 100, 1000)
    ]
    made += [
        reduced_as(name, kind, "first", first(n), 0)
        for name in ("sum", "amax", "argmax")
        for kind in ("int32", "float64", "bfloat16")
        for n in (7, 1000)
    ]
    return made


# ---------------------------------------------------------------- rows
def rowwise() -> list[Case]:
    made = []
    for name in ("softmax", "log_softmax"):
        for place, make, axis in PLACES:
            for n in LENGTHS if place == "last" else FEW:
                shape = make(n)
                made += both(name, f"{by_shape(shape)} {place}", normal(shape, shape), 1,
                             lambda ms, x, name=name, axis=axis: getattr(ms.ops, name)(x, axis),
                             lambda torch, x, name=name, axis=axis: getattr(torch, name)(x, axis))  # fmt: skip
    for n in LENGTHS:
        rows = TOTAL // n
        made += both("layer norm", f"{rows}x{n}", normal((rows, n), (n,), (n,), (rows, n)), 3,
                     lambda ms, x, w, b, n=n: ms.ops.layer_norm(x, (n,), w, b),
                     lambda torch, x, w, b, n=n: torch.nn.functional.layer_norm(x, (n,), w, b))  # fmt: skip
        one = lambda rng: [np.float32(rng.random())[None].reshape(())]
        made += both("cross entropy", f"{rows}x{n}", joined(normal((rows, n)), integers(n, rows), one), 1,
                     lambda ms, x, y: ms.ops.cross_entropy(x, ms.ops.cast(y, ms.int32)),
                     lambda torch, x, y: torch.nn.functional.cross_entropy(x, y))  # fmt: skip
    for kind in ("float64", "bfloat16", "float16"):
        for n in (7, 100, 1000):
            made.append(of_type("softmax", by_shape(last(n)), kind, normal(last(n)), lambda ms, x: ms.ops.softmax(x, -1),
                                lambda torch, x: torch.softmax(x, -1)))  # fmt: skip
            made.append(of_type("layer norm", by_shape(last(n)), kind, normal(last(n), (n,), (n,)),
                                lambda ms, x, w, b: ms.ops.layer_norm(x, w.shape, w, b),
                                lambda torch, x, w, b: torch.nn.functional.layer_norm(x, w.shape, w, b)))  # fmt: skip
    return made


def norms() -> list[Case]:
    made = []
    for groups, shape in ((1, (4, 32, 32, 32)), (8, (1, 64, 64, 64)), (32, (8, 64, 16, 16)), (4, (16, 20, 7, 7)), (2, (4, 6, 5, 5)),
                          (8, (32, 64, 10)), (64, (8, 64, 33, 33))):  # fmt: skip
        c = (shape[1],)
        made += both("group norm", f"{by_shape(shape)} {groups} groups", normal(shape, c, c, shape), 3,
                     lambda ms, x, w, b, groups=groups: ms.ops.group_norm(x, groups, w, b),
                     lambda torch, x, w, b, groups=groups: torch.nn.functional.group_norm(x, groups, w, b))  # fmt: skip
    for shape in ((4, 32, 32, 32), (1, 64, 64, 64), (64, 20), (16, 20, 7, 7), (8, 6, 100), (4, 3, 5, 33)):
        c = (shape[1],)
        inputs = joined(normal(shape, c, c, c), lambda rng, c=c: [np.ones(c, np.float32)], normal(shape))
        for training in (True, False):
            made += both(f"batch norm {'training' if training else 'inference'}", by_shape(shape), inputs, 3,
                         lambda ms, x, w, b, m, v, t=training: ms.ops.batch_norm(x, m + 0.0, v + 0.0, w, b, t),
                         lambda torch, x, w, b, m, v, t=training: torch.nn.functional.batch_norm(x, m, v, w, b, t))  # fmt: skip
    return made


# ---------------------------------------------------------------- order and indices
def ordered() -> list[Case]:
    made = []
    for n in LENGTHS:
        shape, rows = last(n), TOTAL // n
        made.append(
            Case("sort", by_shape(shape), normal(shape), lambda ms, x: ms.ops.sort(x), lambda torch, x: torch.sort(x))
        )
        made.append(Case("argsort", by_shape(shape), normal(shape), lambda ms, x: ms.ops.argsort(x),
                         lambda torch, x: torch.argsort(x)))  # fmt: skip
        k = min(n, 5)
        made.append(Case("topk", f"{by_shape(shape)} k {k}", normal(shape), lambda ms, x, k=k: ms.ops.topk(x, k),
                         lambda torch, x, k=k: torch.topk(x, k)))  # fmt: skip
        made.append(Case("cumsum", f"{by_shape(shape)} last", normal(shape), lambda ms, x: ms.ops.cumsum(x, -1),
                         lambda torch, x: torch.cumsum(x, -1)))  # fmt: skip
        made.append(Case("cummax", f"{by_shape(shape)} last", normal(shape), lambda ms, x: ms.ops.cummax(x, -1),
                         lambda torch, x: torch.cummax(x, -1)))  # fmt: skip
        made.append(Case("cumsum", f"{by_shape(first(n))} first", normal(first(n)), lambda ms, x: ms.ops.cumsum(x, 0),
                         lambda torch, x: torch.cumsum(x, 0)))  # fmt: skip
        index = joined(normal(shape), integers(n, *shape))
        made.append(Case("gather elements", by_shape(shape), index, lambda ms, x, i: ms.ops.gather_elements(x, 1, i),
                         lambda torch, x, i: torch.gather(x, 1, i)))  # fmt: skip
        made.append(Case("pick one of a row", by_shape(shape), joined(normal(shape), integers(n, rows, 1)),
                         lambda ms, x, i: ms.ops.gather_elements(x, 1, i), lambda torch, x, i: torch.gather(x, 1, i)))  # fmt: skip
        made.append(Case("scatter add", by_shape(shape), joined(index, normal(shape)),
                         lambda ms, x, i, u: ms.ops.tensor_scatter_elements(x, i, u, 1, "add"),
                         lambda torch, x, i, u: torch.scatter_add(x, 1, i, u)))  # fmt: skip
        made.append(Case("scatter", by_shape(shape), joined(index, normal(shape)),
                         lambda ms, x, i, u: ms.ops.tensor_scatter_elements(x, i, u, 1),
                         lambda torch, x, i, u: torch.scatter(x, 1, i, u)))  # fmt: skip
        made.append(Case("gather rows", f"{rows}x{n}", joined(normal(shape), integers(rows, rows)),
                         lambda ms, x, i: ms.ops.gather(x, i, 0), lambda torch, x, i: torch.index_select(x, 0, i)))  # fmt: skip
        made.append(Case("gather columns", f"{rows}x{n}", joined(normal(shape), integers(n, n)),
                         lambda ms, x, i: ms.ops.gather(x, i, 1), lambda torch, x, i: torch.index_select(x, 1, i)))  # fmt: skip
        made.append(Case("index_add", f"{rows}x{n}", joined(normal(shape), integers(rows, rows, kind=np.int32), normal(shape)),
                         lambda ms, x, i, u: ms.ops.index_add(x, i, u, 0), lambda torch, x, i, u: torch.index_add(x, 0, i, u)))  # fmt: skip
        made.append(Case("one hot", f"{rows}x{n}", integers(n, rows), lambda ms, i, n=n: ms.ops.one_hot(i, n),
                         lambda torch, i, n=n: torch.nn.functional.one_hot(i, n)))  # fmt: skip
    for kind in (np.int32, np.int64):
        for n in (7, 100, 1000):  # with ties
            name = f"{by_shape(last(n))} {kind.__name__}"
            made.append(Case("sort", name, integers(10, *last(n), kind=kind), lambda ms, x: ms.ops.sort(x),
                             lambda torch, x: torch.sort(x, stable=True)))  # fmt: skip
            made.append(Case("cumsum", name, integers(10, *last(n), kind=kind), lambda ms, x: ms.ops.cumsum(x, -1),
                             lambda torch, x: torch.cumsum(x, -1)))  # fmt: skip
    for words, width, picked in ((100, 7, 4096), (1000, 33, 4096), (1000, 100, 1), (50000, 17, 10000), (20, 1000, 333)):
        inputs = joined(normal((words, width)), integers(words, picked), normal((picked, width)))
        made.append(Case("embedding", f"{words}x{width} {picked} words", lambda rng, inputs=inputs: inputs(rng)[:2],
                         lambda ms, w, i: ms.ops.embedding(i, w), lambda torch, w, i: torch.nn.functional.embedding(i, w)))  # fmt: skip
        made.append(Case("embedding gradient", f"{words}x{width} {picked} words", inputs,
                         lambda ms, w, i, g: ms.vjp(lambda w: ms.ops.embedding(i, w), w)[1](g)[0],
                         lambda torch, w, i, g, words=words: torch.ops.aten.embedding_dense_backward(g, i, words, -1, False)))  # fmt: skip
    return made


# ---------------------------------------------------------------- copies
def copied() -> list[Case]:
    made = []
    for n in LENGTHS:
        shape = last(n)
        for group, ours, theirs in COPIES:
            made.append(Case(group, by_shape(shape), normal(shape), ours, theirs))
        made.append(Case("concat", f"2 of {by_shape(shape)}", normal(shape, shape), lambda ms, x, y: ms.ops.cat((x, y), 1),
                         lambda torch, x, y: torch.cat((x, y), 1)))  # fmt: skip
        made.append(Case("concat", f"2 of {by_shape(first(n))} first", normal(first(n), first(n)),
                         lambda ms, x, y: ms.ops.cat((x, y), 0), lambda torch, x, y: torch.cat((x, y), 0)))  # fmt: skip
        made.append(Case("bias and ReLU", by_shape(shape), normal(shape, (n,)), lambda ms, x, b: ms.ops.relu(x + b),
                         lambda torch, x, b: torch.relu(x + b)))  # fmt: skip
        made.append(Case("column scaled", by_shape(shape), normal(shape, (shape[0], 1)), lambda ms, x, b: x * b,
                         lambda torch, x, b: x * b))  # fmt: skip
        made.append(
            Case(
                "sum of bias gradient",
                by_shape(shape),
                normal(shape),
                lambda ms, x: x.sum(0),
                lambda torch, x: x.sum(0),
            )
        )
        made.append(
            Case(
                "sum of a transpose",
                by_shape(shape),
                normal(shape),
                lambda ms, x: x.T.sum(0),
                lambda torch, x: x.T.sum(0),
            )
        )
    return made


COPIES: list[tuple[str, Callable, Callable]] = [
    ("transpose", lambda ms, x: x.T + 0.0, lambda torch, x: x.T.contiguous()),
    ("flip", lambda ms, x: ms.ops.flip(x, (1,)), lambda torch, x: torch.flip(x, (1,))),
    ("roll", lambda ms, x: ms.ops.roll(x, 1, 1), lambda torch, x: torch.roll(x, 1, 1)),
    ("pad", lambda ms, x: ms.ops.pad(x, (1, 2)), lambda torch, x: torch.nn.functional.pad(x, (1, 2))),
    ("part of a row", lambda ms, x: x[:, 1:] + 0.0, lambda torch, x: x[:, 1:].contiguous()),
    ("every second row", lambda ms, x: x[::2] + 0.0, lambda torch, x: x[::2].contiguous()),
    ("every second column", lambda ms, x: x[:, ::2] * 2.0, lambda torch, x: x[:, ::2] * 2.0),
    ("repeat", lambda ms, x: ms.ops.tile(x, (1, 2)), lambda torch, x: torch.tile(x, (1, 2))),
    ("repeat_interleave", lambda ms, x: ms.ops.repeat_interleave(x, 2, 1), lambda torch, x: torch.repeat_interleave(x, 2, 1)),
    ("triangle", lambda ms, x: ms.ops.tril(x), lambda torch, x: torch.tril(x)),
    ("difference", lambda ms, x: x[:, 1:] - x[:, :-1], lambda torch, x: x[:, 1:] - x[:, :-1]),
]  # fmt: skip


def moved() -> list[Case]:
    made = []
    for shape, axes in (((64, 64, 64), (2, 1, 0)), ((1, 3, 224, 224), (0, 2, 3, 1)), ((1, 224, 224, 3), (0, 3, 1, 2)),
                        ((100, 33, 77), (0, 2, 1)), ((17, 1000, 5), (1, 0, 2)), ((2, 77, 12, 64), (0, 2, 1, 3)),
                        ((127, 127, 7), (1, 2, 0)), ((8, 7, 8, 7, 96), (0, 2, 1, 3, 4)), ((512, 512), (1, 0))):  # fmt: skip
        for kind in ("float32", "float64", "bfloat16"):
            made.append(of_type("permuted", f"{by_shape(shape)} {axes}", kind, normal(shape),
                                lambda ms, x, axes=axes: ms.ops.transpose(x, axes) + 0.0,
                                lambda torch, x, axes=axes: x.permute(axes).contiguous()))  # fmt: skip
    return made


# ---------------------------------------------------------------- pictures
def pictures() -> list[Case]:
    made = []
    for shape in ((8, 32, 32, 32), (1, 64, 56, 56), (4, 20, 33, 33), (32, 6, 10, 10)):
        n, c, h, w = shape
        for name, window, stride, ours, theirs in (
            ("max pool", 2, 2, lambda ms, x: ms.ops.max_pool2d(x, 2, 2), lambda torch, x: torch.nn.functional.max_pool2d(x, 2, 2)),
            ("max pool", 3, 2, lambda ms, x: ms.ops.max_pool2d(x, 3, 2, 1), lambda torch, x: torch.nn.functional.max_pool2d(x, 3, 2, 1)),
            ("max pool", 3, 1, lambda ms, x: ms.ops.max_pool2d(x, 3, 1, 1), lambda torch, x: torch.nn.functional.max_pool2d(x, 3, 1, 1)),
            ("avg pool", 2, 2, lambda ms, x: ms.ops.avg_pool2d(x, 2, 2), lambda torch, x: torch.nn.functional.avg_pool2d(x, 2, 2)),
            ("avg pool", 3, 1, lambda ms, x: ms.ops.avg_pool2d(x, 3, 1, 1), lambda torch, x: torch.nn.functional.avg_pool2d(x, 3, 1, 1)),
        ):  # fmt: skip
            pad = 1 if window == 3 else 0
            out = (n, c, (h + 2 * pad - window) // stride + 1, (w + 2 * pad - window) // stride + 1)
            made += both(name, f"{by_shape(shape)} {window}/{stride}", normal(shape, out), 1, ours, theirs)
        made += both("adaptive avg pool", f"{by_shape(shape)} 1", normal(shape, (n, c, 1, 1)), 1,
                     lambda ms, x: ms.ops.adaptive_avg_pool2d(x, 1), lambda torch, x: torch.nn.functional.adaptive_avg_pool2d(x, 1))  # fmt: skip
        made += both("adaptive avg pool", f"{by_shape(shape)} 5", normal(shape, (n, c, 5, 5)), 1,
                     lambda ms, x: ms.ops.adaptive_avg_pool2d(x, 5), lambda torch, x: torch.nn.functional.adaptive_avg_pool2d(x, 5))  # fmt: skip
        for mode in ("nearest", "bilinear", "bicubic"):
            for target in ((2 * h, 2 * w), (h - 3, w + 5)):
                if mode == "bicubic" and target[0] < h:
                    continue
                corners = {} if mode == "nearest" else {"align_corners": False}
                made += both(f"interpolate {mode}", f"{by_shape(shape)} to {by_shape(target)}", normal(shape, (n, c, *target)), 1,
                             lambda ms, x, m=mode, t=target, k=corners: ms.ops.interpolate(x, t, mode=m, **k),
                             lambda torch, x, m=mode, t=target, k=corners: torch.nn.functional.interpolate(x, t, mode=m, **k))  # fmt: skip
    for shape in ((8, 32, 1000), (64, 10, 100)):
        half = (*shape[:2], shape[2] // 2)
        made += both("max pool 1d", by_shape(shape), normal(shape, half), 1, lambda ms, x: ms.ops.max_pool1d(x, 2, 2),
                     lambda torch, x: torch.nn.functional.max_pool1d(x, 2, 2)) if False else []  # fmt: skip
        made += both("avg pool 1d", by_shape(shape), normal(shape, half), 1, lambda ms, x: ms.ops.avg_pool1d(x, 2, 2),
                     lambda torch, x: torch.nn.functional.avg_pool1d(x, 2, 2))  # fmt: skip
        made += both("interpolate linear", by_shape(shape), normal(shape, (*shape[:2], 2 * shape[2])), 1,
                     lambda ms, x: ms.ops.interpolate(x, (2 * x.shape[2],), mode="linear", align_corners=False),
                     lambda torch, x: torch.nn.functional.interpolate(x, (2 * x.shape[2],), mode="linear"))  # fmt: skip
    return made


# ---------------------------------------------------------------- elementwise
FUNCTIONS: list[tuple[str, Callable, Callable]] = [
    (name, lambda ms, x, name=name: getattr(ms.ops, name)(x), lambda torch, x, name=name: getattr(torch, name)(x))
    for name in ("exp", "tanh", "sigmoid", "erf", "sin", "cos", "rsqrt", "log1p", "expm1", "floor", "abs", "sign", "square", "atan",
                 "asin", "sinh", "cosh", "exp2", "log2", "log", "sqrt", "reciprocal", "round", "trunc", "isnan", "neg")
] + [
    (name, lambda ms, x, name=name: getattr(ms.ops, name)(x),
     lambda torch, x, name=name: getattr(torch.nn.functional, name)(x))
    for name in ("relu", "gelu", "silu", "elu", "selu", "softplus", "mish", "hardswish", "hardsigmoid", "relu6", "leaky_relu",
                 "softsign", "logsigmoid")
] + [
    ("power 3", lambda ms, x: x**3, lambda torch, x: x**3),
    ("power 2.5", lambda ms, x: ms.ops.abs(x) ** 2.5, lambda torch, x: torch.abs(x) ** 2.5),
    ("clamp", lambda ms, x: ms.ops.clamp(x, -1.0, 1.0), lambda torch, x: torch.clamp(x, -1.0, 1.0)),
    ("remainder", lambda ms, x: x % 1.5, lambda torch, x: x % 1.5),
    ("compare", lambda ms, x: x > 0.5, lambda torch, x: x > 0.5),
    ("to int32", lambda ms, x: x.astype(ms.int32), lambda torch, x: x.int()),
    ("to float64", lambda ms, x: x.astype(ms.float64), lambda torch, x: x.double()),
    ("to bfloat16", lambda ms, x: x.astype(ms.bfloat16), lambda torch, x: x.bfloat16()),
    ("to float16", lambda ms, x: x.astype(ms.float16), lambda torch, x: x.half()),
]  # fmt: skip
DIFFERENTIABLE = (
    "exp",
    "tanh",
    "sigmoid",
    "erf",
    "relu",
    "gelu",
    "silu",
    "softplus",
    "mish",
    "hardswish",
    "power 3",
    "elu",
)
PAIRS: list[tuple[str, Callable, Callable]] = [
    ("add", lambda ms, x, y: x + y, lambda torch, x, y: x + y),
    ("multiply", lambda ms, x, y: x * y, lambda torch, x, y: x * y),
    ("divide", lambda ms, x, y: x / y, lambda torch, x, y: x / y),
    ("maximum", lambda ms, x, y: ms.ops.maximum(x, y), lambda torch, x, y: torch.maximum(x, y)),
    ("floor_divide", lambda ms, x, y: x // y, lambda torch, x, y: x // y),
    ("less", lambda ms, x, y: x < y, lambda torch, x, y: x < y),
    ("atan2", lambda ms, x, y: ms.ops.atan2(x, y), lambda torch, x, y: torch.atan2(x, y)),
    ("power", lambda ms, x, y: ms.ops.abs(x) ** y, lambda torch, x, y: torch.abs(x) ** y),
    ("hypot", lambda ms, x, y: ms.ops.hypot(x, y), lambda torch, x, y: torch.hypot(x, y)),
    ("where", lambda ms, x, y: ms.ops.where(x > 0, x, y), lambda torch, x, y: torch.where(x > 0, x, y)),
]  # fmt: skip


ACTIVATIONS = ("relu", "gelu", "silu", "elu", "selu", "softplus", "mish", "hardswish", "hardsigmoid", "relu6", "leaky_relu",
               "softsign", "logsigmoid", "tanh", "sigmoid", "erf", "clamp", "remainder", "abs", "sign")  # fmt: skip


def between_0_and_1(shape: tuple[int, ...]) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [np.abs(rng.standard_normal(shape, dtype=np.float32)) % 1 + 1e-3]


def elementwise() -> list[Case]:
    shape, size = (512, 512), 1 << 16
    made = []
    for name, ours, theirs in FUNCTIONS:
        made.append(
            Case(
                "one operand",
                name,
                normal(shape) if name in ACTIVATIONS else between_0_and_1(shape),
                ours,
                theirs,
            )
        )
        if name in DIFFERENTIABLE:
            made += both("one operand", f"{name} {size}", normal((size,), (size,)), 1, ours, theirs)[1:]
        if not name.startswith("to "):
            for kind in ("float64", "bfloat16", "float16"):
                made.append(of_type("one operand", f"{name} {size}", kind, normal((size,)), ours, theirs))
    for name, ours, theirs in PAIRS:
        made.append(Case("two operands", name, normal(shape, shape), ours, theirs))
        for kind in ("float64", "bfloat16"):
            made.append(of_type("two operands", f"{name} {size}", kind, normal((size,), (size,)), ours, theirs))
        if name not in ("atan2", "power", "hypot", "divide"):
            for whole in (np.int32, np.int64):
                numbers = lambda rng, whole=whole: [rng.integers(1, 100, shape).astype(whole) for _ in "ab"]
                made.append(Case("two operands", f"{name} {whole.__name__}", numbers, ours, theirs))
    return made


# ---------------------------------------------------------------- products
def products() -> list[Case]:
    made = []
    for m, k, n in ((1, 1000, 1000), (1000, 1000, 1), (7, 100, 100), (17, 127, 33), (33, 33, 33), (100, 100, 100), (127, 127, 127),
                    (1000, 7, 1000), (1000, 10, 3), (3, 1000, 1000), (10, 10000, 10), (1000, 1000, 10), (64, 64, 64), (128, 128, 128),
                    (256, 256, 256), (2, 2048, 512), (4, 768, 768), (8, 768, 3072), (16, 768, 768), (100, 768, 768), (197, 192, 192)):  # fmt: skip
        shape, operations = f"{m}x{k} by {k}x{n}", 2.0 * m * k * n
        made.append(Case("product", shape, normal((m, k), (k, n)), lambda ms, x, y: ms.ops.matmul(x, y), lambda torch, x, y: x @ y,
                         operations))  # fmt: skip
        made.append(Case("product, right one turned", shape, normal((m, k), (n, k)), lambda ms, x, y: ms.ops.matmul(x, y.T),
                         lambda torch, x, y: x @ y.T, operations))  # fmt: skip
        made.append(Case("product, left one turned", shape, normal((k, m), (k, n)), lambda ms, x, y: ms.ops.matmul(x.T, y),
                         lambda torch, x, y: x.T @ y, operations))  # fmt: skip
        made.append(Case("Dense with ReLU", shape, normal((m, k), (n, k), (n,)), lambda ms, x, y, b: ms.ops.relu(ms.ops.matmul(x, y.T) + b),
                         lambda torch, x, y, b: torch.relu(torch.nn.functional.linear(x, y, b)), operations))  # fmt: skip
        for kind in ("float64", "bfloat16"):
            made.append(of_type("product", shape, kind, normal((m, k), (n, k)), lambda ms, x, y: ms.ops.matmul(x, y.T),
                                lambda torch, x, y: x @ y.T))  # fmt: skip
    for batch, m, k, n in ((64, 7, 7, 7), (100, 10, 10, 10), (64, 17, 33, 17), (32, 49, 32, 49), (12, 1, 64, 512), (12, 512, 64, 1),
                           (8, 100, 100, 100), (1000, 3, 3, 3), (1000, 4, 4, 4), (256, 3, 100, 3), (48, 128, 64, 128)):  # fmt: skip
        shape, operations = f"{batch} of {m}x{k} by {k}x{n}", 2.0 * batch * m * k * n
        made.append(Case("products", shape, normal((batch, m, k), (batch, k, n)), lambda ms, x, y: ms.ops.bmm(x, y),
                         lambda torch, x, y: torch.bmm(x, y), operations))  # fmt: skip
        made.append(Case("products, right one turned", shape, normal((batch, m, k), (batch, n, k)),
                         lambda ms, x, y: ms.ops.bmm(x, y.swapaxes(1, 2)), lambda torch, x, y: torch.bmm(x, y.transpose(1, 2)), operations))  # fmt: skip
    return made


def attention(batch: int, heads: int, words: int, width: int) -> list[Case]:
    def ours(ms, q, k, v):
        return ms.ops.matmul(ms.ops.softmax(ms.ops.matmul(q * width**-0.5, k.swapaxes(-1, -2)), -1), v)

    def theirs(torch, q, k, v):
        return torch.nn.functional.scaled_dot_product_attention(q, k, v)

    shape, size = (batch, heads, words, width), f"{batch}x{heads}x{words}x{width}"
    operations = 4.0 * batch * heads * words * words * width
    return [
        Case("attention", size, normal(shape, shape, shape), ours, theirs, operations),
        Case("attention with gradients", size, normal(*[shape] * 4), ours, theirs, 3.5 * operations, gradients=3),
        of_type("attention", size, "bfloat16", normal(shape, shape, shape), ours, theirs),
    ]


ATTENTION = [case for sizes in ((1, 1, 33, 17), (1, 8, 100, 64), (2, 4, 10, 32), (1, 12, 197, 64), (1, 12, 1000, 64), (16, 3, 49, 32),
                                (32, 4, 17, 16), (1, 4, 127, 80)) for case in attention(*sizes)]  # fmt: skip


# ---------------------------------------------------------------- losses
def losses() -> list[Case]:
    made = []
    F = lambda torch: torch.nn.functional
    one = lambda rng: [np.float32(rng.random())[None].reshape(())]
    for name, ours, theirs in (
        ("mse", lambda ms, x, y: ms.ops.mse_loss(x, y), lambda torch, x, y: F(torch).mse_loss(x, y)),
        ("l1", lambda ms, x, y: ms.ops.l1_loss(x, y), lambda torch, x, y: F(torch).l1_loss(x, y)),
        ("smooth l1", lambda ms, x, y: ms.ops.smooth_l1_loss(x, y, reduction="mean"), lambda torch, x, y: F(torch).smooth_l1_loss(x, y)),
        ("huber", lambda ms, x, y: ms.ops.huber_loss(x, y), lambda torch, x, y: F(torch).huber_loss(x, y)),
        ("cosine", lambda ms, x, y: ms.ops.cosine_similarity(x, y, 1).mean(), lambda torch, x, y: F(torch).cosine_similarity(x, y, 1).mean()),
    ):  # fmt: skip
        for shape in ((512, 512), (10000, 10)):
            made += both(f"loss {name}", by_shape(shape), joined(normal(shape, shape), one), 1, ours, theirs)
    for shape in ((512, 512), (10000, 10)):
        inputs = joined(normal(shape), lambda rng, shape=shape: [rng.random(shape, dtype=np.float32)], one)
        made += both("loss binary cross entropy", by_shape(shape), inputs, 1,
                     lambda ms, x, y: ms.ops.binary_cross_entropy_with_logits(x, y, ms.ops.ones_like(x), ms.ops.ones_like(x)),
                     lambda torch, x, y: F(torch).binary_cross_entropy_with_logits(x, y))  # fmt: skip
    return made


# ---------------------------------------------------------------- updates
def update(name: str, ours, theirs, *shape: int) -> Case:
    from kernel_rows import update as made

    return made(name, ours, theirs, *shape)


UPDATES = [
    update(name, lambda nn, w, ours=ours: getattr(nn, ours)(w, learning_rate=1e-3),
           lambda optim, w, theirs=theirs, k=k: getattr(optim, theirs)(w, lr=1e-3, **k), 777, 333)
    for name, ours, theirs, k in (
        ("Adam", "Adam", "Adam", {"fused": True}), ("AdamWeightDecay beside AdamW", "AdamWeightDecay", "AdamW", {"fused": True}),
        ("SGD", "SGD", "SGD", {"fused": True}), ("Adagrad", "Adagrad", "Adagrad", {"fused": True}), ("RMSProp", "RMSProp", "RMSprop", {}),
        ("Adadelta", "Adadelta", "Adadelta", {}), ("AdaMax", "AdaMax", "Adamax", {}), ("ASGD", "ASGD", "ASGD", {}), ("Rprop", "Rprop", "Rprop", {}),
        ("NAdam", "NAdam", "NAdam", {}), ("RAdam", "RAdam", "RAdam", {}),
        ("FTRL beside Adagrad", "FTRL", "Adagrad", {"fused": True}), ("Lamb beside AdamW", "Lamb", "AdamW", {}), ("LARS beside SGD", "SGD", "SGD", {}),

    )
]  # fmt: skip

SWEEP = [*reductions(), *rowwise(), *norms(), *ordered(), *copied(), *moved(), *pictures(), *elementwise(), *products(), *ATTENTION,
         *losses(), *UPDATES]  # fmt: skip
