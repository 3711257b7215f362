"""Records what PyTorch computes at edges, in float64: tests/records/edges.json, which tests/test_op_edges.py reads.

    PYTHONPATH=. python tools/record_edges.py        in an environment with PyTorch

Each line of a table below names a function of minispore and the same function of PyTorch.  Values, gradients and second
derivatives are recorded for the points and arrays of ``minispore/core/samples.py``.  A derivative that PyTorch has as
NaN says nothing and is not compared, but for the choices in ``tests/records/edges_choices.json``, which go first.
"""

import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from edge_expressions import EXPRESSIONS

from minispore.core.samples import edge_arrays, edge_points

HERE = pathlib.Path(__file__).parent.parent / "tests" / "records"

# ---------------------------------------------------------------- functions of elements
UNARY = {
    "ops.abs": torch.abs, "ops.acos": torch.acos, "ops.acosh": torch.acosh, "ops.asin": torch.asin,
    "ops.asinh": torch.asinh, "ops.atan": torch.atan, "ops.atanh": torch.atanh, "ops.ceil": torch.ceil,
    "ops.cos": torch.cos, "ops.cosh": torch.cosh, "ops.erf": torch.erf, "ops.erfc": torch.erfc,
    "ops.erfinv": torch.erfinv, "ops.exp": torch.exp, "ops.exp2": torch.exp2, "ops.expm1": torch.expm1,
    "ops.floor": torch.floor, "ops.frac": torch.frac, "ops.log": torch.log, "ops.log10": torch.log10,
    "ops.log1p": torch.log1p, "ops.log2": torch.log2, "ops.neg": torch.neg, "ops.reciprocal": torch.reciprocal,
    "ops.relu": torch.relu, "ops.round": torch.round, "ops.rsqrt": torch.rsqrt, "ops.sigmoid": torch.sigmoid,
    "ops.sign": torch.sign, "ops.sin": torch.sin, "ops.sinc": torch.sinc, "ops.sinh": torch.sinh,
    "ops.sqrt": torch.sqrt, "ops.square": torch.square, "ops.tan": torch.tan, "ops.tanh": torch.tanh,
    "ops.trunc": torch.trunc, "ops.deg2rad": torch.deg2rad, "ops.nan_to_num": torch.nan_to_num,
    "ops.silu": F.silu, "ops.gelu": F.gelu, "ops.elu": F.elu, "ops.selu": F.selu, "ops.celu": F.celu,
    "ops.mish": F.mish, "ops.softsign": F.softsign, "ops.logsigmoid": F.logsigmoid, "ops.relu6": F.relu6,
    "ops.hardswish": F.hardswish, "ops.hardsigmoid": F.hardsigmoid, "ops.hardshrink": F.hardshrink,
    "ops.softshrink": F.softshrink, "ops.leaky_relu": lambda x: F.leaky_relu(x, 0.2), "ops.softplus": F.softplus,
    "ops.tanhshrink": F.tanhshrink, "ops.lgamma": torch.lgamma, "ops.digamma": torch.digamma, "ops.i0": torch.i0,
}  # fmt: skip
BINARY = {
    "ops.add": torch.add, "ops.sub": torch.sub, "ops.mul": torch.mul, "ops.div": torch.div, "ops.pow": torch.pow,
    "ops.atan2": torch.atan2, "ops.maximum": torch.maximum, "ops.minimum": torch.minimum, "ops.fmax": torch.fmax,
    "ops.fmin": torch.fmin, "ops.fmod": torch.fmod, "ops.remainder": torch.remainder, "ops.xlogy": torch.xlogy,
    "ops.hypot": torch.hypot, "ops.logaddexp": torch.logaddexp, "ops.logaddexp2": torch.logaddexp2,
    "ops.copysign": torch.copysign, "ops.heaviside": torch.heaviside, "ops.float_power": torch.float_power,
    "ops.xdivy": lambda x, y: torch.where((x == 0) & ~(y.abs() > 0), torch.zeros_like(x), x / y),
}  # fmt: skip
# Without a tie of a loss: its gradient there is that of |x - y|.
LOSSES = {
    "ops.l1_loss": F.l1_loss, "ops.mse_loss": F.mse_loss, "ops.smooth_l1_loss": F.smooth_l1_loss,
    "ops.huber_loss": F.huber_loss,
}  # fmt: skip


# ---------------------------------------------------------------- functions of arrays: (minispore, arguments, PyTorch)
def _product(x, axis):
    """Factor by factor: the derivatives are then exact, where those of torch.prod divide by the factors."""
    out = torch.ones(x.shape[:axis] + x.shape[axis + 1 :], dtype=x.dtype)
    for k in range(x.shape[axis]):
        out = out * x.select(axis, k)
    return out


ARRAYS = [
    ("ops.sum", {}, torch.sum), ("ops.sum", {"dim": 1}, lambda x: x.sum(1)), ("ops.mean", {}, torch.mean),
    ("ops.mean", {"axis": 0}, lambda x: x.mean(0)), ("ops.prod", {}, lambda x: _product(x.ravel(), 0)),
    ("ops.prod", {"axis": 1}, lambda x: _product(x, 1)), ("ops.prod", {"axis": 0, "keep_dims": True}, lambda x: _product(x, 0)[None]),
    ("mint.prod", {"dim": 1}, lambda x: _product(x, 1)), ("ops.ReduceProd()", {"axis": (0,)}, lambda x: _product(x, 0)),
    ("ops.amax", {}, torch.amax), ("ops.amax", {"axis": 1}, lambda x: x.amax(1)), ("ops.amin", {"axis": 0}, lambda x: x.amin(0)),
    ("ops.max", {"axis": 1}, lambda x: x.max(1).values), ("ops.min", {"axis": 0}, lambda x: x.min(0).values),
    ("ops.var", {"axis": 1, "ddof": 1}, lambda x: x.var(1)), ("ops.std", {"axis": 1, "ddof": 0}, lambda x: x.std(1, unbiased=False)),
    ("ops.logsumexp", {"dim": 1}, lambda x: x.logsumexp(1)), ("ops.softmax", {"axis": 1}, lambda x: x.softmax(1)),
    ("ops.log_softmax", {"axis": 0}, lambda x: x.log_softmax(0)), ("ops.cumsum", {"axis": 1}, lambda x: x.cumsum(1)),
    ("ops.cumprod", {"dim": 1}, lambda x: torch.stack([_product(x[:, : k + 1], 1) for k in range(x.shape[1])], 1) if x.shape[1] else x.cumprod(1)), ("ops.cummax", {"axis": 0}, lambda x: x.cummax(0).values),
    ("ops.cummin", {"axis": 1}, lambda x: x.cummin(1).values), ("ops.logcumsumexp", {"axis": 1}, lambda x: x.logcumsumexp(1)),
    ("ops.norm", {}, torch.linalg.norm), ("ops.vector_norm", {"ord": 3, "axis": 1}, lambda x: torch.linalg.vector_norm(x, 3, 1)),
    ("ops.vector_norm", {"ord": 1, "axis": 1}, lambda x: torch.linalg.vector_norm(x, 1, 1)),
    ("ops.vector_norm", {"ord": math.inf, "axis": 1}, lambda x: torch.linalg.vector_norm(x, math.inf, 1)),
    ("ops.median", {"axis": 1}, lambda x: x.median(1).values), ("ops.sort", {"axis": 1}, lambda x: x.sort(dim=1, stable=True).values),
    ("ops.nansum", {"axis": 1}, lambda x: x.nansum(1)), ("ops.nanmean", {"axis": 1}, lambda x: x.nanmean(1)),
    ("ops.nanmedian", {"axis": 1}, lambda x: x.nanmedian(1).values), ("ops.diff", {"axis": 1}, lambda x: x.diff(dim=1)),
    ("ops.layer_norm", {"normalized_shape": (3,)}, lambda x: F.layer_norm(x, (3,))),
    ("ops.det", {}, lambda x: _determinant(x)),
]  # fmt: skip


def _determinant(x):
    """By its definition: PyTorch divides by a determinant that is 0 but for rounding."""
    (a, b, c), (d, e, f), (g, h, i) = ([y for y in row] for row in x)
    return a * e * i + b * f * g + c * d * h - c * e * g - b * d * i - a * f * h


INDEX = [0, 2, 0, 1]  # repeated, not in order
SCATTERED = {  # (x, updates) of 3 and 4 rows
    "ops.tensor_scatter_add": lambda x, u: x.index_add(0, torch.tensor(INDEX), u),
    "ops.tensor_scatter_mul": lambda x, u: _rows(x, u, torch.multiply),
    "ops.tensor_scatter_max": lambda x, u: x.scatter_reduce(0, _at(u), u, "amax"),
    "ops.tensor_scatter_min": lambda x, u: x.scatter_reduce(0, _at(u), u, "amin"),
}
SEGMENTS = {
    "ops.unsorted_segment_sum": lambda u: torch.zeros(3, u.shape[1], dtype=u.dtype).index_add(
        0, torch.tensor(INDEX), u
    ),
    "ops.unsorted_segment_prod": lambda u: _rows(torch.ones(3, u.shape[1], dtype=u.dtype), u, torch.multiply),
}


def _at(u):
    return torch.tensor(INDEX)[:, None].expand(*u.shape)


def _rows(x, u, combine):
    rows = list(x)
    for k, row in enumerate(INDEX):
        rows[row] = combine(rows[row], u[k])
    return torch.stack(rows)


# ---------------------------------------------------------------- recording
def weights(shape):
    """As in tests/test_op_edges.py: the scalar that is differentiated is a sum with these weights."""
    return torch.cos(0.7 * torch.arange(math.prod(shape), dtype=torch.float64) + 0.3).reshape(shape)


def derivatives(scalar, inputs):
    """The gradient of ``scalar`` at each input, zeros where there is none, and whether it can be differentiated."""
    if not scalar.requires_grad:
        return [torch.zeros_like(x) for x in inputs]
    found = torch.autograd.grad(scalar, inputs, create_graph=True, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for g, x in zip(found, inputs)]


def answers(function, arrays, elementwise):
    inputs = [torch.tensor(a, requires_grad=True) for a in arrays]
    try:
        out = function(*inputs)
    except (IndexError, RuntimeError) as error:
        return {"error": str(error).split("\n")[0][:80]}
    record = {"value": out.tolist(), "inputs": len(inputs)}
    try:
        first = derivatives((out if elementwise else out * weights(out.shape)).sum(), inputs)
        record["gradient"] = [g.tolist() for g in first]
        record["second"] = [[s.tolist() for s in derivatives((g if elementwise else g * weights(g.shape)).sum(), inputs)]
                            for g in first]  # fmt: skip
    except (NotImplementedError, RuntimeError):  # a derivative that PyTorch does not have
        pass
    return record


def recorded():
    for table, inputs in ((UNARY, 1), (BINARY, 2), (LOSSES, 2)):
        for name, function in table.items():
            more = {"reduction": "none"} if table is LOSSES else {}
            yield (
                name,
                "points",
                edge_points(inputs),
                more,
                answers(lambda *a: function(*a, **more), edge_points(inputs), True),
            )
    for name, more, function in ARRAYS:
        for label, array in edge_arrays().items():
            if name == "ops.det" and array.shape != (3, 3):
                continue
            if name == "ops.layer_norm" and array.shape[1] != 3:
                continue
            yield name, label, [array], more, answers(function, [array], False)
    for label, array in edge_arrays(4, 3).items():
        if array.shape != (4, 3):
            continue
        x = 1.0 + np.arange(9.0).reshape(3, 3)
        for name, function in SCATTERED.items():
            yield name, label, [x, array], {"indices": [[k] for k in INDEX]}, answers(function, [x, array], False)
        for name, function in SEGMENTS.items():
            more = {"segment_ids": INDEX, "num_segments": 3}
            yield name, label, [array], more, answers(function, [array], False)


def recorded_expressions():
    """The pairs of expressions, PyTorch's evaluated."""
    known = {
        "torch": torch, "F": F, "index": lambda v: torch.tensor(v, dtype=torch.int64), "mask": lambda v: torch.tensor(v),
        "number": lambda v: torch.tensor(v, dtype=torch.float64),
    }  # fmt: skip
    for ours, theirs, inputs in EXPRESSIONS:
        function = eval("lambda x, y=None, z=None: " + theirs, known)
        for label, arrays in inputs.items():
            try:
                yield ours, label, arrays, {}, answers(function, arrays, False)
            except Exception as error:
                raise RuntimeError(f"{ours} {label}") from error


def rounded(item):
    """Twelve digits, which the tests compare fewer of."""
    if isinstance(item, float):
        return float(f"{item:.12g}")
    if isinstance(item, (list, tuple)):
        return [rounded(v) for v in item]
    return (
        {k: v if k in ("arrays", "inputs") else rounded(v) for k, v in item.items()} if isinstance(item, dict) else item
    )


def write(file, rows):
    """The cases as lines of a file of records."""
    cases = []
    for name, label, arrays, more, found in rows:
        given = (
            {} if label == "points" else {"arrays": [a.tolist() for a in arrays], "shapes": [a.shape for a in arrays]}
        )
        cases.append({"function": name, "edge": label, **given, "arguments": more, **found})
    origin = f"PyTorch {torch.__version__.split('+')[0]}, float64, by tools/record_edges.py"
    lines = ",\n".join(json.dumps(rounded(c)) for c in cases)
    (HERE / file).write_text(f'{{"origin": {json.dumps(origin)}, "cases": [\n{lines}\n]}}\n')
    print(len(cases), "cases")


def main():
    write("edges.json", recorded())
    write("edges_library.json", recorded_expressions())


if __name__ == "__main__":
    main()
