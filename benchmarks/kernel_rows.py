"""Cases of kernels.py: normalisation, softmax and losses, reductions, sorting, indexing, copies, updates of optimizers."""

from __future__ import annotations

import numpy as np
from kernel_cases import Case, integers, joined, normal


def both(group: str, shape: str, inputs, gradients: int, ours, theirs) -> list[Case]:
    """The operation, and with it its gradients; the last of the inputs is the result's."""
    return [
        Case(group, shape, lambda rng: inputs(rng)[:-1], ours, theirs),
        Case(f"{group} with gradients", shape, inputs, ours, theirs, gradients=gradients),
    ]


# ---------------------------------------------------------------- normalisation
def layer_norm(rows: int, width: int) -> list[Case]:
    return both("layer norm", f"{rows}x{width}", normal((rows, width), (width,), (width,), (rows, width)), 3,
                lambda ms, x, w, b: ms.ops.layer_norm(x, (width,), w, b),
                lambda torch, x, w, b: torch.nn.functional.layer_norm(x, (width,), w, b))  # fmt: skip


def rms_norm(rows: int, width: int) -> list[Case]:
    return both("RMS norm", f"{rows}x{width}", normal((rows, width), (width,), (rows, width)), 2,
                lambda ms, x, w: ms.ops.rms_norm(x, w, 1e-6)[0],
                lambda torch, x, w: torch.nn.functional.rms_norm(x, (width,), w, 1e-6))  # fmt: skip


def batch_norm(*shape: int) -> list[Case]:
    channel = (shape[1],)

    inputs = joined(normal(shape, channel, channel, channel), lambda rng: [np.ones(channel, np.float32)], normal(shape))
    return both("batch norm", "x".join(map(str, shape)), inputs, 3,
                lambda ms, x, w, b, mean, variance: ms.ops.batch_norm(x, mean + 0.0, variance + 0.0, w, b, True),
                lambda torch, x, w, b, mean, variance: torch.nn.functional.batch_norm(x, mean, variance, w, b, True))  # fmt: skip


def group_norm(groups: int, *shape: int) -> list[Case]:
    channel = (shape[1],)
    return both("group norm", f"{'x'.join(map(str, shape))}, {groups} groups", normal(shape, channel, channel, shape), 3,
                lambda ms, x, w, b: ms.ops.group_norm(x, groups, w, b),
                lambda torch, x, w, b: torch.nn.functional.group_norm(x, groups, w, b))  # fmt: skip


def rowwise(name: str, *shape: int, axis: int = -1) -> list[Case]:
    where = "" if axis == -1 else f" along axis {axis}"
    return both(name, "x".join(map(str, shape)) + where, normal(shape, shape), 1,
                lambda ms, x: getattr(ms.ops, name)(x, axis), lambda torch, x: getattr(torch, name)(x, axis))  # fmt: skip


def cross_entropy(rows: int, classes: int) -> list[Case]:
    one = lambda rng: [np.float32(rng.random())[None].reshape(())]
    return both("cross entropy", f"{rows}x{classes}", joined(normal((rows, classes)), integers(classes, rows), one), 1,
                lambda ms, x, y: ms.ops.cross_entropy(x, ms.ops.cast(y, ms.int32)),
                lambda torch, x, y: torch.nn.functional.cross_entropy(x, y))  # fmt: skip


ROWS = [
    *layer_norm(2048, 768), *layer_norm(512, 256), *layer_norm(12608, 192), *layer_norm(256, 4096),
    *rms_norm(2048, 768), *rms_norm(256, 4096),
    *batch_norm(32, 64, 56, 56), *batch_norm(32, 256, 14, 14), *batch_norm(256, 512), *batch_norm(8, 512, 2, 2),
    *group_norm(32, 8, 256, 28, 28), *group_norm(8, 32, 64, 16, 16),
    *rowwise("softmax", 2048, 1024), *rowwise("softmax", 48, 128, 128), *rowwise("softmax", 4096, 10),
    *rowwise("softmax", 64, 1024, axis=0), *rowwise("softmax", 32, 21, 1024, axis=1), *rowwise("log_softmax", 1024, 4096),
    *cross_entropy(1024, 4096), *cross_entropy(256, 50257), *cross_entropy(4096, 10),
]  # fmt: skip


# ---------------------------------------------------------------- reductions
def reductions(*shape: int) -> list[Case]:
    cases = []
    for axis in (*range(len(shape)), tuple(range(len(shape)))):
        for name, ours, theirs in REDUCTIONS:
            if axis == tuple(range(len(shape))) and name == "argmax":
                continue
            text = "all axes" if isinstance(axis, tuple) else f"axis {axis}"
            cases.append(
                Case(name, f"{'x'.join(map(str, shape))}, {text}", normal(shape),
                     lambda ms, x, ours=ours, axis=axis: ours(ms, x, axis),
                     lambda torch, x, theirs=theirs, axis=axis: theirs(torch, x, axis))
            )  # fmt: skip
    return cases


REDUCTIONS = [
    ("sum", lambda ms, x, axis: ms.ops.sum(x, axis), lambda torch, x, axis: torch.sum(x, axis)),
    ("max", lambda ms, x, axis: ms.ops.amax(x, axis), lambda torch, x, axis: torch.amax(x, axis)),
    ("variance", lambda ms, x, axis: ms.ops.var(x, axis), lambda torch, x, axis: torch.var(x, axis, correction=0)),
    ("argmax", lambda ms, x, axis: ms.ops.argmax(x, axis), lambda torch, x, axis: torch.argmax(x, axis)),
    ("norm", lambda ms, x, axis: ms.ops.sqrt(ms.ops.sum(x * x, axis)),
     lambda torch, x, axis: torch.linalg.vector_norm(x, dim=axis)),
    ("logsumexp", lambda ms, x, axis: ms.ops.logsumexp(x, axis), lambda torch, x, axis: torch.logsumexp(x, axis)),
]  # fmt: skip

REDUCED = [*reductions(2048, 1024), *reductions(32, 256, 196)]


# ---------------------------------------------------------------- order, indices, copies
def scattered(rows: int, columns: int, updates: int):
    return joined(normal((rows, columns)), integers(rows, updates, columns), normal((updates, columns)))


def table_of(rows: int, width: int, picked: int):
    return joined(normal((rows, width)), integers(rows, picked))


def simple(group: str, shape: str, inputs, call) -> Case:
    """One that both libraries write alike."""
    return Case(group, shape, inputs, lambda ms, *x: call(ms.ops, *x), lambda torch, *x: call(torch, *x))


def copies() -> list[Case]:
    made = []
    for axes, shape in [((1, 0), (2048, 1024)), ((1, 0), (1000, 1000)), ((0, 2, 1, 3), (8, 128, 12, 64)),
                        ((0, 2, 3, 1), (8, 64, 56, 56)), ((0, 3, 1, 2), (8, 56, 56, 64)), ((0, 2, 1), (32, 197, 192)),
                        ((2, 1, 0), (64, 128, 256)), ((1, 0, 2), (64, 200, 128))]:  # fmt: skip
        made.append(
            Case("transposing copy", f"{'x'.join(map(str, shape))} to axes {axes}", normal(shape),
                 lambda ms, x, axes=axes: ms.ops.transpose(x, axes) + 0.0,
                 lambda torch, x, axes=axes: x.permute(axes).contiguous())
        )  # fmt: skip
    for axis in (0, 1, 2):
        shape = (64, 128, 128)
        made.append(Case("concat", f"2 of 64x128x128, axis {axis}", normal(shape, shape),
                         lambda ms, x, y, axis=axis: ms.ops.cat((x, y), axis),
                         lambda torch, x, y, axis=axis: torch.cat((x, y), axis)))  # fmt: skip
    made.append(Case("stack", "4 of 256x1024, axis 1", normal(*[(256, 1024)] * 4), lambda ms, *x: ms.ops.stack(x, 1),
                     lambda torch, *x: torch.stack(x, 1)))  # fmt: skip
    for pads, shape in [((1, 1, 1, 1), (8, 64, 56, 56)), ((0, 64), (2048, 1000)), ((3, 3), (64, 16, 1000))]:
        made.append(Case("pad", f"{'x'.join(map(str, shape))} by {pads}", normal(shape),
                         lambda ms, x, pads=pads: ms.ops.pad(x, pads),
                         lambda torch, x, pads=pads: torch.nn.functional.pad(x, pads)))  # fmt: skip
    made.append(Case("slice", "2048x1024, every second column", normal((2048, 1024)), lambda ms, x: x[:, ::2] + 0.0,
                     lambda torch, x: x[:, ::2].contiguous()))  # fmt: skip
    made.append(Case("flip", "2048x1024, columns", normal((2048, 1024)), lambda ms, x: ms.ops.flip(x, (1,)),
                     lambda torch, x: torch.flip(x, (1,))))  # fmt: skip
    made.append(Case("where", "2048x1024", normal((2048, 1024), (2048, 1024)), lambda ms, x, y: ms.ops.where(x > 0, x, y),
                     lambda torch, x, y: torch.where(x > 0, x, y)))  # fmt: skip
    made.append(Case("repeat", "256x1024, 4 times", normal((256, 1024)), lambda ms, x: ms.ops.tile(x, (4, 1)),
                     lambda torch, x: torch.tile(x, (4, 1))))  # fmt: skip
    return made


def embedding(words: int, width: int, *index: int) -> list[Case]:
    shape = (*index, width)
    inputs = joined(normal((words, width)), integers(words, *index), normal(shape))
    name = f"{words}x{width}, {'x'.join(map(str, index))} words"
    return [
        Case("embedding", name, lambda rng: inputs(rng)[:2], lambda ms, w, i: ms.ops.embedding(i, w),
             lambda torch, w, i: torch.nn.functional.embedding(i, w)),
        Case("embedding gradient", name, inputs,
             lambda ms, w, i, g: ms.vjp(lambda w: ms.ops.embedding(i, w), w)[1](g)[0],
             lambda torch, w, i, g: torch.ops.aten.embedding_dense_backward(g, i, words, -1, False)),
    ]  # fmt: skip


MOVED = [
    *(simple("cumsum", f"{name}, axis {axis}", normal(shape), lambda lib, x, axis=axis: lib.cumsum(x, axis))
      for name, shape in [("1024x1024", (1024, 1024)), ("64x128x128", (64, 128, 128))] for axis in range(len(shape))),
    simple("cumprod", "1024x1024, axis 1", normal((1024, 1024)), lambda lib, x: lib.cumprod(x, 1)),
    *(Case("sort", f"{rows}x{columns}", normal((rows, columns)), lambda ms, x: ms.ops.sort(x),
           lambda torch, x: torch.sort(x)) for rows, columns in ((256, 4096), (1, 1 << 20), (16384, 64))),
    Case("sort", "4096x256, axis 0", normal((4096, 256)), lambda ms, x: ms.ops.sort(x, 0),
         lambda torch, x: torch.sort(x, 0)),
    *(simple("topk", f"64x10000, k {k}", normal((64, 10000)), lambda lib, x, k=k: lib.topk(x, k))
      for k in (1, 5, 50, 500, 4000)),
    simple("topk", "1024x64, k 2", normal((1024, 64)), lambda lib, x: lib.topk(x, 2)),
    *(Case("gather", f"10000x{width}, 4096 rows", table_of(10000, width, 4096), lambda ms, x, i: ms.ops.gather(x, i, 0),
           lambda torch, x, i: torch.index_select(x, 0, i)) for width in (1, 128)),
    Case("gather", "256x4096, 1024 columns", joined(normal((256, 4096)), integers(4096, 1024)),
         lambda ms, x, i: ms.ops.gather(x, i, 1), lambda torch, x, i: torch.index_select(x, 1, i)),
    *(Case("gather elements", f"1000x256, axis {axis}", joined(normal((1000, 256)), integers(256, 1000, 256)),
           lambda ms, x, i, axis=axis: ms.ops.gather_elements(x, axis, i),
           lambda torch, x, i, axis=axis: torch.gather(x, axis, i)) for axis in (0, 1)),
    Case("index_add", "10000x128, 4096 rows", joined(normal((10000, 128)), integers(10000, 4096, kind=np.int32),
         normal((4096, 128))),
         lambda ms, x, i, u: ms.ops.index_add(x, i, u, 0), lambda torch, x, i, u: torch.index_add(x, 0, i, u)),
    Case("tensor_scatter_elements add", "1000x256, 1000x256 updates", scattered(1000, 256, 1000),
         lambda ms, x, i, u: ms.ops.tensor_scatter_elements(x, i, u, 0, "add"),
         lambda torch, x, i, u: torch.scatter_add(x, 0, i, u)),
    Case("tensor_scatter_elements", "1000x256, 1000x256 updates", scattered(1000, 256, 1000),
         lambda ms, x, i, u: ms.ops.tensor_scatter_elements(x, i, u, 0),
         lambda torch, x, i, u: torch.scatter(x, 0, i, u)),
    *embedding(50257, 768, 4, 64), *embedding(1000, 128, 32, 32), *embedding(100000, 16, 2048),
    *copies(),
]  # fmt: skip


# ---------------------------------------------------------------- updates
def update(name: str, ours, theirs, *shape: int) -> Case:
    """One step of an optimizer on one weight; both keep their state between the calls."""

    def make_ours(ms, w, g):
        weight = ms.Parameter(w, name="w")
        optimizer = ours(ms.nn, [weight])

        def call():
            optimizer((g,))
            return weight

        return call

    def make_theirs(torch, w, g):
        weight = torch.nn.Parameter(w)
        weight.grad = g
        optimizer = theirs(torch.optim, [weight])

        def call():
            optimizer.step()
            return weight.detach()

        return call

    return Case(
        "update", f"{name}, {'x'.join(map(str, shape))}", normal(shape, shape), make_ours, make_theirs, made=True
    )


UPDATES = [
    update("Adam", lambda nn, w: nn.Adam(w, 1e-3), lambda optim, w: optim.Adam(w, 1e-3, fused=True), 1024, 1024),
    update("Momentum", lambda nn, w: nn.Momentum(w, 1e-3, 0.9), lambda optim, w: optim.SGD(w, 1e-3, 0.9, fused=True),
           1024, 1024),
    update("Adagrad", lambda nn, w: nn.Adagrad(w, 0.1, 1e-3), lambda optim, w: optim.Adagrad(w, 1e-3, fused=True),
           1024, 1024),
    update("RMSProp", lambda nn, w: nn.RMSProp(w, 1e-3), lambda optim, w: optim.RMSprop(w, 1e-3), 1024, 1024),
    update("FTRL beside Adagrad", lambda nn, w: nn.FTRL(w, learning_rate=1e-3),
           lambda optim, w: optim.Adagrad(w, 1e-3, fused=True), 1024, 1024),
    update("Muon", lambda nn, w: nn.Muon(w, 1e-3), lambda optim, w: optim.Muon(w, 1e-3, weight_decay=0.0), 1024, 1024),
    update("Muon", lambda nn, w: nn.Muon(w, 1e-3), lambda optim, w: optim.Muon(w, 1e-3, weight_decay=0.0), 256, 1024),
]  # fmt: skip

ROW_CASES = [*ROWS, *REDUCED, *MOVED, *UPDATES]
