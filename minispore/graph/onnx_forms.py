"""What ops that are no scalar expression are in ONNX.  ``to`` is the Exporter (graph/onnx.py)."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..core.dtype import BY_NAME, bfloat16, bool_, float32, int64
from ..core.record import Value
from ..flow.control import split
from ..flow.loop_op import LoopSignature
from ..ops.adaptive_pool import edges

if TYPE_CHECKING:
    from .onnx import Exporter

FORMS: dict[str, Callable] = {}


def form(*names: str):
    """Registers the ONNX form of ops: a function (exporter, node, names of the inputs) -> name or names of the outputs."""

    def tie(function):
        FORMS.update(dict.fromkeys(names, function))
        return function

    return tie


@form("assigned")
def _assigned(to: "Exporter", node, new, old):
    return [new]


@form("identity", "stop_gradient", "custom_gradient")
def _same(to: "Exporter", node, *xs):
    return list(xs)


@form("cast")
def _cast(to: "Exporter", node, x):
    return to.cast(x, node.attrs["dtype"])


@form("relu")
def _relu(to: "Exporter", node, x):
    return to.emit("Relu", x)


@form("reduce_sum", "reduce_max", "reduce_min", "reduce_prod")
def _reduction(to: "Exporter", node, x):
    op = "Reduce" + node.op.name.removeprefix("reduce_").capitalize()
    return to.emit(op, x, to.constant(node.attrs["axis"]), keepdims=1)


@form("reshape")
def _reshape(to: "Exporter", node, x):
    return to.emit("Reshape", x, to.constant(node.attrs["shape"]), allowzero=1)


@form("transpose")
def _transpose(to: "Exporter", node, x):
    return to.emit("Transpose", x, perm=node.attrs["perm"])


@form("broadcast_to")
def _broadcast(to: "Exporter", node, x):
    return to.emit("Expand", x, to.constant(node.attrs["shape"]))


@form("slice")
def _slice(to: "Exporter", node, x):
    begin, step, size = (node.attrs[k] for k in ("begin", "step", "size"))
    ends = [b + s * n if b + s * n >= 0 else -(1 << 62) for b, s, n in zip(begin, step, size)]
    axes = tuple(range(len(begin)))
    return to.emit("Slice", x, *[to.constant(c) for c in (begin, ends, axes, step)]) if axes else x


@form("concat")
def _concat(to: "Exporter", node, *xs):
    return to.emit("Concat", *xs, axis=node.attrs["axis"])


@form("slice_update")
def _slice_update(to: "Exporter", node, x, v):
    base, region = node.inputs
    begin, step = node.attrs["begin"], node.attrs["step"]
    filler = base.node.inputs[0] if base.node is not None and base.node.op.name == "broadcast_to" else base
    if filler.size == 1 and all(s == 1 for s in step):
        after = [d - b - n for d, b, n in zip(base.shape, begin, region.shape)]
        return to.emit("Pad", v, to.constant([*begin, *after]), to.emit("Reshape", to.name(filler), to.constant([1])))
    at = np.meshgrid(*[b + s * np.arange(n) for b, s, n in zip(begin, step, region.shape)], indexing="ij")
    return to.emit("ScatterND", x, to.constant(np.stack(at, -1).astype(np.int64)), v)


@form("shown_columns")
def _shown_columns(to: "Exporter", node, mask):
    """Says what need not be computed: ONNX's products have no such input, and the node is dropped."""
    return to.emit("Identity", mask)


@form("matmul_shown")
def _matmul_shown(to: "Exporter", node, x, y, table):
    return to.emit("MatMul", x, y)


@form("matmul")
def _matmul(to: "Exporter", node, x, y):
    if node.inputs[0].dtype is bfloat16:  # one form for all processors, which runtimes have too
        return to.cast(to.emit("MatMul", to.cast(x, float32), to.cast(y, float32)), bfloat16)
    return to.emit("MatMul", x, y)


def _pads(top: int, bottom: int, left: int, right: int) -> list[int]:
    return [top, left, bottom, right]


@form("conv2d")
def _conv(to: "Exporter", node, x, w):
    a = node.attrs
    return to.emit("Conv", x, w, strides=a["stride"], pads=_pads(*a["pad"]), dilations=a["dilation"], group=a["group"])


@form("conv2d_input_grad")
def _conv_transposed(to: "Exporter", node, g, w):
    """A transposed convolution; input rows that no window of the convolution reached are output padding."""
    a, (grad, weight) = node.attrs, node.inputs
    more = [
        a["x_shape"][2 + k] + sum(a["pad"][2 * k : 2 * k + 2])
        - ((grad.shape[2 + k] - 1) * a["stride"][k] + a["dilation"][k] * (weight.shape[2 + k] - 1) + 1)
        for k in (0, 1)
    ]  # fmt: skip
    return to.emit(
        "ConvTranspose", g, w, strides=a["stride"], pads=_pads(*a["pad"]), dilations=a["dilation"], group=a["group"],
        output_padding=more,
    )  # fmt: skip


def _window_pads(x: Value, out_hw, kernel, stride, pad, dilation=(1, 1)) -> list[int]:
    """Padding that makes as many windows fit as there are outputs."""
    before = pad[0], pad[2]
    after = [
        max(0, (out_hw[k] - 1) * stride[k] + dilation[k] * (kernel[k] - 1) + 1 - x.shape[2 + k] - before[k])
        for k in (0, 1)
    ]
    return [*before, *after]


@form("max_pool")
def _max_pool(to: "Exporter", node, x):
    a, image = node.attrs, node.inputs[0]
    pads = _window_pads(image, a["out_hw"], a["kernel"], a["stride"], a["pad"], a["dilation"])
    out, index = to.emit(
        "MaxPool", x, outputs=2, kernel_shape=a["kernel"], strides=a["stride"], dilations=a["dilation"], pads=pads
    )
    plane = to.emit("Mod", index, to.constant(math.prod(image.shape[2:])))  # ONNX counts through the whole batch
    return [out, to.cast(plane, node.outs[1].dtype)]


@form("window_max")
def _window_max(to: "Exporter", node, x):
    """A pooling for each window, as their sizes differ."""
    height, width = node.inputs[0].shape[2:]
    rows = []
    for top, bottom in edges(height, node.attrs["hw"][0]):
        pairs = []
        for left, right in edges(width, node.attrs["hw"][1]):
            n = right - left
            part = to.emit("Slice", x, *[to.constant(c) for c in ([top, left], [bottom, right], [2, 3])])
            out, index = to.emit("MaxPool", part, outputs=2, kernel_shape=(bottom - top, n))
            index = to.emit("Mod", index, to.constant((bottom - top) * n))
            line, column = (to.emit(op, index, to.constant(n)) for op in ("Div", "Mod"))
            at = to.emit("Add", to.emit("Mul", line, to.constant(width)), column)
            pairs.append((out, to.emit("Add", at, to.constant(top * width + left))))
        rows.append([to.emit("Concat", *parts, axis=3) for parts in zip(*pairs)])
    values, index = (to.emit("Concat", *parts, axis=2) for parts in zip(*rows))
    return [values, to.cast(index, node.outs[1].dtype)]


@form("sum_pool")
def _window_sum(to: "Exporter", node, x):
    a = node.attrs
    pads = _window_pads(node.inputs[0], a["hw"], a["kernel"], a["stride"], a["pad"])
    mean = to.emit("AveragePool", x, kernel_shape=a["kernel"], strides=a["stride"], pads=pads, count_include_pad=1)
    return to.emit("Mul", mean, to.constant(math.prod(a["kernel"]), node.outs[0].dtype))


@form("check_index")
def _check_index(to: "Exporter", node, index):
    """Indices as int64; the ops that use them report those out of range."""
    index = to.cast(index, int64)
    if not node.attrs["negative"]:
        return index
    zero, size = to.constant(0), to.constant(node.attrs["size"])
    return to.emit("Where", to.emit("Less", index, zero), to.emit("Add", index, size), index)


@form("take_at")
def _take_at(to: "Exporter", node, x, index):
    rows = to.constant([node.inputs[0].shape[0], -1])
    found = to.emit("GatherElements", x, to.emit("Reshape", to.cast(index, int64), rows), axis=1)
    return to.emit("Reshape", found, to.constant(list(node.outs[0].shape)))


@form("put_at")
def _put_at(to: "Exporter", node, x, index, update):
    rows = to.constant([node.inputs[0].shape[0], -1])
    at, new = (to.emit("Reshape", v, rows) for v in (to.cast(index, int64), update))
    reduction = "none" if node.attrs["mode"] == "set" else "add"
    return to.emit("ScatterElements", x, at, new, axis=1, reduction=reduction)


@form("gather_rows")
def _gather(to: "Exporter", node, x, index):
    if len(node.inputs[1].shape) == 1:
        return to.emit("Gather", x, index, axis=1)
    at = to.emit("Reshape", index, to.constant([*node.inputs[1].shape, 1]))
    return to.emit("GatherElements", x, to.emit("Expand", at, to.constant(node.outs[0].shape)), axis=1)


@form("scatter_rows")
def _scatter(to: "Exporter", node, x, index, update):
    mode = node.attrs["mode"]
    if mode == "div":
        raise to.unknown(node, "scatter_rows (div)")
    column = to.emit("Reshape", index, to.constant([1, -1, 1]))
    at = to.emit("Expand", column, to.constant(node.inputs[2].shape))
    return to.emit("ScatterElements", x, at, update, axis=1, reduction="none" if mode == "set" else mode)


@form("arg_max", "arg_min")
def _arg_extreme(to: "Exporter", node, x):
    op = "ArgMax" if node.op.name == "arg_max" else "ArgMin"
    return to.cast(to.emit(op, x, axis=node.attrs["axis"], keepdims=1), node.attrs["dtype"])


@form("argsort")
def _argsort(to: "Exporter", node, x):
    _, index = to.emit(
        "TopK", x, to.constant([node.attrs["k"]]), outputs=2, axis=-1, largest=int(node.attrs["descending"])
    )
    return to.cast(index, BY_NAME["int32"])


@form("cumulative_sum")
def _cumulative_sum(to: "Exporter", node, x):
    return to.emit("CumSum", x, to.constant(1), reverse=int(node.attrs["reverse"]))


# ---------------------------------------------------------------- branches and loops
@form("cond")
def _cond(to: "Exporter", node, index, *operands):
    branches = node.attrs["branches"]

    def choose(k: int) -> list[str]:
        """The outputs of branch ``k``, or of a later one if the index says so."""
        if k == len(branches) - 1:
            return to.run(branches[k], operands)
        sides = {}
        with to.nested() as nodes:
            sides["else_branch"] = to.subgraph(
                nodes, [], _typed(to, to.run(branches[k], operands), branches[k].outputs)
            )
        with to.nested() as nodes:
            sides["then_branch"] = to.subgraph(nodes, [], _typed(to, choose(k + 1), branches[k].outputs))
        later = to.emit("Greater", index, to.constant(k))
        return _listed(to.emit("If", later, outputs=len(branches[k].outputs), **sides))

    return choose(0)


@form("loop")
def _loop(to: "Exporter", node, *names):
    """Rows of stacked inputs are read by their number; results are stacked by ``Loop`` itself."""
    loop = LoopSignature(**node.attrs)
    body, condition = loop.body, loop.condition
    state, xs, count, constants = loop.inputs(names)
    total = count if loop.counted else "" if condition is not None else to.constant(loop.length)

    def asked(values) -> str:
        assert condition is not None
        return to.cast(to.run(condition, [*values, *constants])[0], bool_)

    start = to.constant(np.array(True)) if condition is None else asked(state)
    turn, going = Value((), int64), Value((), bool_)
    inner = [to.free("state") for _ in state]
    turn_name, going_name = to.free("turn"), to.free("going")
    with to.nested() as nodes:
        row = to.emit("Sub", to.emit("Sub", total, to.constant(1)), turn_name) if loop.reverse else turn_name
        pieces = [to.emit("Gather", x, row, axis=0) for x in xs]
        made = to.run(body, [*inner, *pieces, *constants])
        more = to.emit("Identity", going_name) if condition is None else asked(made[: loop.carried])
    graph = to.subgraph(
        nodes, _typed(to, [turn_name, going_name, *inner], [turn, going, *loop.body_inputs.state]),
        _typed(to, [more, *made], [going, *body.outputs]),
    )  # fmt: skip
    found = _listed(to.emit("Loop", total, start, *state, outputs=len(made), body=graph))
    if not loop.reverse:
        return found
    last, end, axis = to.constant([-1]), to.constant([-(1 << 62)]), to.constant([0])
    final, ys = split(found, loop.carried)
    return [*final, *(to.emit("Slice", x, last, end, axis, last) for x in ys)]


def _typed(to: "Exporter", names, values) -> list:
    return [to.typed(name, value) for name, value in zip(names, values)]


def _listed(names) -> list[str]:
    return [names] if isinstance(names, str) else names
