"""Edges of functions of arrays as pairs of expressions, ours and PyTorch's, for tools/record_edges.py.

A row is (our expression, PyTorch's or a formula in it, inputs by edge).  ``x``, ``y`` and ``z`` are the inputs, of which derivatives are taken;
``index([...])`` makes integers, ``mask([...])`` bools, ``number([...])`` floats without a derivative.
"""

import numpy as np

INF, NAN = np.inf, np.nan


def spread(*shape, scale=1.0, shift=0.0):
    """Distinct numbers between -2 and 2 without a pattern."""
    n = int(np.prod(shape))
    return (scale * (np.arange(1, n + 1) * 0.7548776662466927 % 1 * 4 - 2) + shift).reshape(shape)


def but(array, changes):
    out = array.copy()
    for at, value in changes.items():
        out[at] = value
    return out


# ---------------------------------------------------------------- planes
def planes(*shape, bad=True):
    """Images: equal, with infinities and NaN, of one pixel, and an empty batch."""
    x, plane = spread(*shape), (0, 1)
    middle = (..., *[s // 2 for s in shape[2:]])
    found = {"distinct": x, "zeros": x * 0, "ties": x * 0 + 2.0, "empty batch": x[:0]}
    if bad:
        found |= {
            "NaN": but(x, {(0, 0, *middle[1:]): NAN}), "+inf": but(x, {(0, 0, *middle[1:]): INF}),
            "a plane of -inf": but(x, {plane: -INF}), "a plane of NaN": but(x, {plane: NAN}), "largest": but(x, {(0, 0): 1e300}),
        }  # fmt: skip
    return found


def one_pixel(*shape):
    return {"one pixel": spread(*shape[:2], *(1 for _ in shape[2:]))}


def with_weight(images, *shape):
    w = spread(*shape, scale=0.5, shift=0.1)
    found = {label: [x, w] for label, x in images.items()}
    return found | {"weight of zeros": [images["distinct"], w * 0]}


def alone(arrays):
    return {label: [x] for label, x in arrays.items()}


IMAGES, PIXEL = planes(2, 2, 4, 5), one_pixel(2, 2, 4, 5)
PLANES = [
    ("ops.conv2d(x, y, pad_mode='pad', padding=1)", "F.conv2d(x, y, padding=1)", with_weight(IMAGES | PIXEL, 3, 2, 3, 3)),
    ("ops.conv2d(x, y, stride=3)", "F.conv2d(x, y, stride=3)", with_weight(IMAGES, 3, 2, 2, 2)),
    ("ops.conv2d(x, y, stride=2)", "F.conv2d(x, y, stride=2)", with_weight(IMAGES | PIXEL, 3, 2, 1, 1)),
    ("ops.conv2d(x, y, pad_mode='pad', padding=4, dilation=2)", "F.conv2d(x, y, padding=4, dilation=2)", with_weight(planes(2, 2, 4, 5, bad=False) | PIXEL, 3, 2, 3, 3)),
    ("ops.conv2d(x, y, groups=2)", "F.conv2d(x, y, groups=2)", with_weight(IMAGES, 4, 1, 2, 2)),
    ("ops.conv1d(x, y, pad_mode='pad', padding=3, stride=2)", "F.conv1d(x, y, padding=3, stride=2)", with_weight(planes(2, 2, 5) | one_pixel(2, 2, 5), 3, 2, 2)),
    ("ops.conv3d(x, y, stride=2)", "F.conv3d(x, y, stride=2)", with_weight(planes(2, 2, 2, 3, 3), 2, 2, 2, 2, 2)),
    ("ops.conv_transpose2d(x, y, stride=2, padding=1, output_padding=1)", "F.conv_transpose2d(x, y, stride=2, padding=1, output_padding=1)", with_weight(IMAGES | PIXEL, 2, 3, 3, 3)),
    ("ops.conv_transpose2d(x, y, stride=3, groups=2)", "F.conv_transpose2d(x, y, stride=3, groups=2)", with_weight(IMAGES | PIXEL, 2, 2, 2, 2)),
    ("ops.max_pool2d(x, 2)", "F.max_pool2d(x, 2)", alone(IMAGES)),
    ("ops.square(ops.max_pool2d(x, 2))", "F.max_pool2d(x, 2).square()", alone(IMAGES)),
    ("ops.max_pool2d(x, 3, 1, 1)", "F.max_pool2d(x, 3, 1, 1)", alone(IMAGES | PIXEL)),
    ("ops.max_pool2d(x, 2, 3, ceil_mode=True)", "F.max_pool2d(x, 2, 3, ceil_mode=True)", alone(IMAGES)),
    ("ops.max_pool2d(x, 2, 1, dilation=2)", "F.max_pool2d(x, 2, 1, dilation=2)", alone(IMAGES)),
    ("ops.avg_pool2d(x, 2)", "F.avg_pool2d(x, 2, 1)", alone(IMAGES)),
    ("ops.avg_pool2d(x, 3, 2, 1, ceil_mode=True)", "F.avg_pool2d(x, 3, 2, 1, ceil_mode=True)", alone(IMAGES | PIXEL)),
    ("ops.avg_pool2d(x, 3, 2, 1, count_include_pad=False)", "F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)", alone(IMAGES | PIXEL)),
    ("ops.avg_pool1d(x, 2, 3)", "F.avg_pool1d(x, 2, 3)", alone(planes(2, 2, 5))),
    ("ops.adaptive_avg_pool2d(x, (3, 2))", "F.adaptive_avg_pool2d(x, (3, 2))", alone(planes(2, 2, 4, 5, bad=False) | PIXEL)),
    ("ops.adaptive_max_pool2d(x, (3, 2))", "F.adaptive_max_pool2d(x, (3, 2))", alone(IMAGES | PIXEL)),
    ("ops.lp_pool2d(x, 2.0, 2)", "F.lp_pool2d(x, 2.0, 2)", alone(planes(2, 2, 4, 5, bad=False))),
    ("ops.unfold(x, 2, padding=1)", "F.unfold(x, 2, padding=1)", alone(IMAGES | PIXEL)),
    ("ops.interpolate(x, size=(1, 1), mode='bilinear')", "F.interpolate(x, size=(1, 1), mode='bilinear')", alone(planes(2, 2, 4, 5, bad=False) | PIXEL)),
    ("ops.interpolate(x, size=(3, 1), mode='bilinear', align_corners=True)", "F.interpolate(x, size=(3, 1), mode='bilinear', align_corners=True)", alone(planes(2, 2, 4, 5, bad=False) | PIXEL)),
    ("ops.interpolate(x, size=(3, 1))", "F.interpolate(x, size=(3, 1))", alone(IMAGES | PIXEL)),
    ("ops.pixel_shuffle(x, 1)", "F.pixel_shuffle(x, 1)", alone(IMAGES | PIXEL)),
    ("ops.pad(x, (2, 1), 'replicate')", "F.pad(x, (2, 1), 'replicate')", alone(planes(2, 2, 5) | one_pixel(2, 2, 5))),
    ("ops.pad(x, (-1, -2, 0, -1))", "F.pad(x, (-1, -2, 0, -1))", alone(IMAGES)),
    ("ops.pad(x, (-1, 2, 1, -1), 'reflect')", "F.pad(x, (-1, 2, 1, -1), 'reflect')", alone(IMAGES)),
    ("ops.pad(x, (-1, 2, 1, -1), 'replicate')", "F.pad(x, (-1, 2, 1, -1), 'replicate')", alone(IMAGES)),
    ("ops.pad(x, (-1, 2, 1, -1), 'circular')", "F.pad(x, (-1, 2, 1, -1), 'circular')", alone(IMAGES)),
]  # fmt: skip

# ---------------------------------------------------------------- matrices
A = np.array([[2.0, -0.5, 0.3], [0.4, 1.5, -0.7], [-0.2, 0.6, 1.8]])
SYMMETRIC = A @ A.T
SQUARE = {
    "regular": A, "identity": np.eye(3), "a pair": np.stack([A, A.T + np.eye(3)]), "one element": A[:1, :1], "empty batch": np.zeros((0, 3, 3)),
    "without elements": np.zeros((0, 0)), "smallest": A * 1e-80, "largest": A * 1e100,
}  # fmt: skip
SINGULAR = {
    "zeros": A * 0,
    "a zero column": A * [1, 0, 1],
    "equal rows": A[[0, 0, 2]],
    "rank one": np.outer(A[0], A[1]),
}
BROKEN = {"NaN": but(A, {(1, 1): NAN}), "+inf": but(A, {(0, 1): INF})}
DEFINITE = {"regular": SYMMETRIC, "identity": np.eye(3), "one element": A[:1, :1], "empty batch": np.zeros((0, 3, 3)),
            "without elements": np.zeros((0, 0)), "smallest": SYMMETRIC * 1e-80}  # fmt: skip
WIDE = {
    "tall": spread(4, 2),
    "wide": spread(2, 4),
    "no rows": np.zeros((0, 3)),
    "no columns": np.zeros((3, 0)),
    "one column": spread(3, 1),
}
SAME = "x + 0"
WELL = {k: a for k, a in SQUARE.items() if k not in ("smallest", "largest")}


def beside(arrays, columns=2):
    return {k: [a, spread(*a.shape[:-1], columns)] for k, a in arrays.items()}


def lower(arrays):
    return {k: np.tril(a) for k, a in arrays.items()}


MATRICES = [
    ("ops.inverse(x)", "torch.linalg.inv(x)", alone(SQUARE | BROKEN)),
    ("ops.det(x)", "torch.linalg.det(x)", alone(SQUARE)),
    ("ops.slogdet(x)[1]", "torch.linalg.slogdet(x)[1]", alone(SQUARE)),
    ("ops.slogdet(x)[1] + ops.slogdet(x)[0]", "torch.linalg.slogdet(x)[1]", alone({k: SINGULAR[k] for k in ("zeros", "a zero column")})),
    ("ops.matrix_solve(x, y)", "torch.linalg.solve(x, y)", beside(SQUARE | BROKEN) | {"no columns": [A, np.zeros((3, 0))]}),
    ("ops.cholesky(x)", "torch.linalg.cholesky(x)", alone(DEFINITE)),
    ("ops.cholesky_inverse(x)", "torch.cholesky_inverse(x.tril())", alone(lower({k: DEFINITE[k] for k in ("regular", "identity", "one element")}))),
    ("ops.cholesky_solve(y, x)", "torch.cholesky_solve(y, x.tril())", beside(lower({k: DEFINITE[k] for k in ("regular", "one element", "empty batch")}))),
    ("ops.matmul(*ops.qr(x))", SAME, alone(WELL | WIDE)),
    ("ops.square(ops.qr(x)[1])", "torch.square(torch.linalg.qr(x)[1])", alone(SQUARE | {k: WIDE[k] for k in ("tall", "no rows", "no columns", "one column")})),
    ("ops.svd(x)[0]", "torch.linalg.svdvals(x)", alone(SQUARE | SINGULAR | WIDE)),
    ("ops.matmul(ops.svd(ops.stop_gradient(x))[1].T, ops.svd(ops.stop_gradient(x))[1])", "torch.eye(x.shape[1], dtype=x.dtype)", alone(SINGULAR | {k: WIDE[k] for k in ("tall", "one column")} | {k: SQUARE[k] for k in ("regular", "identity", "largest", "smallest")})),
    ("ops.svd(x, compute_uv=False)", "torch.linalg.svdvals(x)", alone(SQUARE | WIDE)),
    ("ops.pinv(x)", "torch.linalg.pinv(x)", alone(SQUARE | WIDE | SINGULAR)),
    ("ops.matrix_norm(x, 'nuc')", "torch.linalg.matrix_norm(x, 'nuc')", alone(SQUARE | WIDE)),
    ("ops.matrix_norm(x)", "torch.linalg.matrix_norm(x)", alone(SQUARE | SINGULAR | BROKEN | WIDE)),
    ("ops.matrix_norm(x, 1)", "torch.linalg.matrix_norm(x, 1)", alone({k: a for k, a in (SQUARE | BROKEN).items() if k != "without elements"})),
    ("ops.matrix_power(x, 0)", "torch.linalg.matrix_power(x, 0)", alone(SQUARE | SINGULAR)),
    ("ops.matrix_power(x, 3)", "torch.linalg.matrix_power(x, 3)", alone(SQUARE | SINGULAR | BROKEN)),
    ("ops.matrix_exp(x)", "torch.linalg.matrix_exp(x)", alone({k: a for k, a in (SQUARE | SINGULAR).items() if k not in ("largest", "smallest")})),
    ("ops.matmul(x, y)", "x @ y", beside(SQUARE | BROKEN) | {"no rows": [np.zeros((0, 3)), A], "no inner axis": [np.zeros((2, 0)), np.zeros((0, 3))], "vectors": [A[0], A[1]], "an empty batch that broadcasts": [np.zeros((0, 1, 2, 3)), spread(2, 3, 2)]}),
    ("ops.outer(x, y)", "torch.outer(x, y)", {"vectors": [A[0], A[1]], "without elements": [A[0, :0], A[1]], "+inf": [but(A[0], {0: INF}), but(A[1], {0: 0.0})]}),
    ("ops.tril(x)", "torch.tril(x)", alone(SQUARE | BROKEN)),
    ("ops.diagonal(x)", "torch.diagonal(x)", alone({k: a for k, a in (SQUARE | WIDE | BROKEN).items() if a.ndim == 2})),
    ("ops.trace(x)", "torch.trace(x)", alone({k: a for k, a in (SQUARE | WIDE | BROKEN).items() if a.ndim == 2})),
    ("ops.cdist(x, y)", "torch.cdist(x, y)", {"equal rows": [A, A[[0, 0]]], "distinct": [A, A[:2] + 1.0], "no rows": [A[:0], A], "no columns": [A[:, :0], A[:, :0]]}),
    ("ops.cdist(x, y, p=1.0)", "torch.cdist(x, y, p=1.0)", {"equal rows": [A, A[[0, 0]]], "no rows": [A[:0], A]}),
]  # fmt: skip

# ---------------------------------------------------------------- order and positions
ROWS = {
    "ties": np.array([[2.0, 1.0, 2.0, 1.0], [3.0, 3.0, 3.0, 3.0], [0.0, -1.0, 1.0, 0.0]]), "distinct": spread(3, 4), "NaN": but(spread(3, 4), {(0, 1): NAN, (2, 3): NAN}),
    "infinities": but(spread(3, 4), {(0, 0): INF, (0, 3): INF, (1, 2): -INF}), "no rows": np.zeros((0, 4)), "one row": spread(1, 4),
}  # fmt: skip
FEW = {k: ROWS[k] for k in ("ties", "NaN", "infinities")}
UPDATES = {k: [a, spread(5, 4, shift=0.3)] for k, a in FEW.items()} | {
    "zeros": [ROWS["distinct"] * 0, spread(5, 4) * 0],
    "bad updates": [ROWS["distinct"], but(spread(5, 4), {(0, 0): NAN, (1, 1): INF})],
}
AGAIN, AT = "[0, 2, 0, -1, 0]", "[[0], [2], [0], [1], [0]]"  # repeated, negative, not in order
SEGMENT, PLACES = "[0, 3, 0, 1, 3]", "[[0, -1, 0], [1, 1, 1], [3, 2, -4]]"
POSITIONS = [
    ("ops.sort(x, 1, True)[0]", "x.sort(dim=1, descending=True, stable=True).values", alone(ROWS)),
    ("ops.topk(x, 2)[0]", "x.sort(dim=1, descending=True, stable=True).values[:, :2]", alone(ROWS)),
    ("ops.topk(x, 2, largest=False)[0]", "x.sort(dim=1, stable=True).values[:, :2]", alone(ROWS)),
    ("ops.argmax(x, 1)", "x.argmax(1)", alone(ROWS)),
    ("ops.argmin(x, 1)", "x.argmin(1)", alone(ROWS)),
    ("ops.argsort(x, 1)", "x.argsort(dim=1, stable=True)", alone(ROWS)),
    ("ops.quantile(x, 0.3, 1)", "x.quantile(0.3, 1)", alone({k: ROWS[k] for k in ("ties", "distinct", "NaN", "one row")})),
    ("ops.nanquantile(x, 0.3, 1)", "x.nanquantile(0.3, 1)", alone({k: ROWS[k] for k in ("ties", "distinct", "NaN", "one row")})),
    ("ops.cumsum(x, 0)", "x.cumsum(0)", alone(ROWS)),
    ("ops.cumprod(x, 0)", "torch.stack([x[0], x[0] * x[1], x[0] * x[1] * x[2]])", alone(FEW)),
    ("ops.cummax(x, 1)[1]", "torch.tensor([[max((k for k in range(j + 1) if row[k] == max(row[: j + 1])), default=0) for j in range(len(row))] for row in x.tolist()])", alone({k: ROWS[k] for k in ("ties", "distinct", "infinities")})),
    ("ops.searchsorted(number([0.0, 1.0, 1.0, 2.0]), x)", "torch.searchsorted(number([0.0, 1.0, 1.0, 2.0]), x)", alone({k: ROWS[k] for k in ("ties", "infinities", "no rows")})),
    (f"x[index({AGAIN})]", f"x[index({AGAIN})]", alone({k: a for k, a in ROWS.items() if len(a) > 1})),
    (f"x[index({AGAIN}), index([0, -1, 0, 1, 0])]", f"x[index({AGAIN}), index([0, -1, 0, 1, 0])]", alone(FEW)),
    ("x[:, ::-2]", "x[:, [3, 1]]", alone(ROWS)), ("x[5:]", "x[5:]", alone(ROWS)),
    (f"ops.gather(x, index({AGAIN}), 1)", f"x[:, index({AGAIN})]", alone(FEW)),
    ("ops.gather(x, index([]), 0)", "x[index([])]", alone(FEW)),
    (f"ops.gather_elements(x, 1, index({PLACES}))", f"x.take_along_dim(index({PLACES}) % 4, 1)", alone(FEW)),
    ("ops.gather_nd(x, index([[0, 1], [0, 1], [2, 3]]))", "x[index([0, 0, 2]), index([1, 1, 3])]", alone(FEW)),
    ("ops.embedding(index([0, 0, 2]), x, padding_idx=0)", "F.embedding(index([0, 0, 2]), x, padding_idx=0)", alone(FEW)),
    (f"ops.tensor_scatter_update(x, index({AT}), y)", "torch.stack([y[4], y[3], y[1]])", UPDATES),
    (f"ops.tensor_scatter_sub(x, index({AT}), y)", f"x.index_add(0, index({AT})[:, 0], -y)", UPDATES),
    (f"ops.tensor_scatter_div(x, index({AT}), y)", "torch.stack([x[0] / y[0] / y[2] / y[4], x[1] / y[3], x[2] / y[1]])", UPDATES),
    ("ops.tensor_scatter_elements(x, index([[0, 0], [1, -1]]), y, 1, 'add')", "x.scatter_add(1, index([[0, 0], [1, 3]]), y)", {k: [v[0], v[1][:2, :2]] for k, v in UPDATES.items()}),
    (f"ops.index_add(x, index({AT})[:, 0], y, 0)", f"x.index_add(0, index({AT})[:, 0], y)", UPDATES),
    ("ops.index_fill(x, 0, index([0, 0]), 7.0)", "x.index_fill(0, index([0, 0]), 7.0)", alone(FEW)),
    ("ops.masked_fill(x, mask([True, False, True, False]), 7.0)", "x.masked_fill(mask([True, False, True, False]), 7.0)", alone(ROWS)),
    (f"ops.unsorted_segment_sum(x, index({SEGMENT}), 5)", f"torch.zeros(5, 4, dtype=x.dtype).index_add(0, index({SEGMENT}), x)", {k: [v[1]] for k, v in UPDATES.items() if k != "NaN"}),
    (f"ops.unsorted_segment_max(x, index({SEGMENT}), 5)[:2]", f"torch.full((5, 4), -float('inf'), dtype=x.dtype).scatter_reduce(0, index({SEGMENT})[:, None].expand(5, 4), x, 'amax')[:2]", {k: [v[1]] for k, v in UPDATES.items() if k != "NaN"}),
    (f"ops.unsorted_segment_min(x, index({SEGMENT}), 5)[2]", "torch.full((4,), 1.7976931348623157e308, dtype=x.dtype)", {"ties": [UPDATES["ties"][1]]}),
    (f"ops.unsorted_segment_prod(x, index({SEGMENT}), 5)", "torch.stack([x[0] * x[2], x[3], torch.ones(4, dtype=x.dtype), x[1] * x[4], torch.ones(4, dtype=x.dtype)])", {k: [v[1]] for k, v in UPDATES.items() if k != "NaN"}),
    ("ops.SparseGatherV2()(x, index([0, 2, 0]), 0)", "x[index([0, 2, 0])]", alone(FEW)),
    ("ops.concat([x, y], 0)", "torch.cat([x, y], 0)", {k: [a, a * 2] for k, a in ROWS.items()}),
    ("ops.where(mask([True, False, True, False]), x, y)", "torch.where(mask([True, False, True, False]), x, y)", {k: [a, np.where(a == a, INF, -INF)] for k, a in ROWS.items()}),
    ("ops.roll(x, 5, 1)", "x.roll(5, 1)", alone(ROWS)), ("ops.flip(x, (0,))", "x.flip(0)", alone(ROWS)),
    ("ops.tile(x, (2, 0))", "x.tile((2, 0))", alone(ROWS)), ("ops.repeat_interleave(x, 2, 0)", "x.repeat_interleave(2, 0)", alone(ROWS)),
    ("ops.broadcast_to(x[:1], (3, 4)) + x.reshape(4, 3).T", "x[:1].broadcast_to(3, 4) + x.reshape(4, 3).T", alone(FEW)),
    ("ops.trapz(x, dx=2.0)", "torch.trapz(x, dx=2.0)", alone(ROWS)),
    ("ops.einsum('ij,kj->ik', x, y)", "torch.einsum('ij,kj->ik', x, y)", {k: [a, a] for k, a in ROWS.items()}),
]  # fmt: skip

# ---------------------------------------------------------------- losses
LOGITS = {
    "distinct": spread(3, 4), "equal": spread(3, 4) * 0 + 5.0, "certain and right": but(np.full((3, 4), -1e3), {(0, 1): 1e3, (1, 0): 1e3, (2, 3): 1e3}),
    "certain and wrong": but(np.full((3, 4), -1e3), {(0, 0): 1e3, (1, 1): 1e3, (2, 0): 1e3}), "-inf": but(spread(3, 4), {(0, 0): -INF, (1, 1): -INF}), "NaN": but(spread(3, 4), {(1, 2): NAN}),
}  # fmt: skip
PAIRS = {
    "distinct": [spread(3, 4), spread(3, 4)[::-1].copy()], "equal": [spread(3, 4), spread(3, 4)], "zeros": [np.zeros((3, 4)), np.zeros((3, 4))],
    "+inf": [but(spread(3, 4), {(0, 0): INF}), spread(3, 4)[::-1].copy()], "NaN": [but(spread(3, 4), {(0, 0): NAN}), spread(3, 4)[::-1].copy()], "no rows": [np.zeros((0, 4)), np.zeros((0, 4))],
}  # fmt: skip
UNIT = np.array([[0.0, 1.0, 0.5, 0.25], [1.0, 0.0, 0.9, 0.1]])
CERTAIN = {"0 and 1": [UNIT, UNIT.round()], "wrong": [UNIT[:, 2:], UNIT[:, :2]], "no rows": [UNIT[:0], UNIT[:0]]}
REDUCED = [(f"ops.{ours}(x, y, reduction='{r}')", f"F.{theirs}(x, y, reduction='{r}')", PAIRS) for ours, theirs in
           (("mse_loss", "mse_loss"), ("l1_loss", "l1_loss"), ("smooth_l1_loss", "smooth_l1_loss"), ("huber_loss", "huber_loss"))
           for r in ("mean", "sum")]  # fmt: skip
LOG_P = {
    "distinct": np.log(np.full((4, 2, 3), 1 / 3)) + spread(4, 2, 3) * 0.1,
    "impossible": but(np.log(np.full((4, 2, 3), 1 / 3)), {(0, 0): -INF}),
}
LOSSES = [
    ("ops.cross_entropy(x, index([1, 0, 3]))", "F.cross_entropy(x, index([1, 0, 3]))", alone(LOGITS)),
    ("ops.cross_entropy(x, index([1, -100, 3]), label_smoothing=0.1)", "F.cross_entropy(x, index([1, -100, 3]), label_smoothing=0.1)", alone({k: LOGITS[k] for k in ("distinct", "equal", "certain and right", "certain and wrong")})),
    ("ops.cross_entropy(x, index([-100, -100, -100]))", "F.cross_entropy(x, index([-100, -100, -100]))", alone({"everything ignored": LOGITS["distinct"]})),
    ("ops.cross_entropy(x, index([-100, -100, -100]), reduction='sum')", "F.cross_entropy(x, index([-100, -100, -100]), reduction='sum')", alone({"everything ignored": LOGITS["distinct"]})),
    ("ops.cross_entropy(x, index([1, 0, 3]), number([0.0, 0.0, 1.0, 0.0]), reduction='sum')", "F.cross_entropy(x, index([1, 0, 3]), number([0.0, 0.0, 1.0, 0.0]), reduction='sum')", alone({"distinct": LOGITS["distinct"]})),
    ("ops.cross_entropy(x[:0], index([]), reduction='sum')", "F.cross_entropy(x[:0], index([]), reduction='sum')", alone({"no rows": LOGITS["distinct"]})),
    ("ops.cross_entropy(x, y)", "F.cross_entropy(x, y)", {k: [v, np.eye(4)[[1, 0, 3]]] for k, v in LOGITS.items() if k != "-inf"}),
    ("ops.nll_loss(x, index([1, 0, 3]), reduction='none')", "F.nll_loss(x, index([1, 0, 3]), reduction='none')", alone(LOGITS)),
    ("ops.binary_cross_entropy(x, y, reduction='sum')", "F.binary_cross_entropy(x, y, reduction='sum')", CERTAIN),
    ("ops.binary_cross_entropy_with_logits(x, y)", "F.binary_cross_entropy_with_logits(x, y)", {k: [v, np.eye(4)[[1, 0, 3]]] for k, v in LOGITS.items() if k != "-inf"}),
    ("ops.kl_div(x, y, reduction='sum')", "F.kl_div(x, y, reduction='sum')", {"0 and 1": [np.log(UNIT + 0.1), UNIT], "no rows": [UNIT[:0], UNIT[:0]]}),
    *REDUCED,
    # with second derivatives, which PyTorch's functions have not
    ("ops.l1_loss(x, y, reduction='none')", "(x - y) * torch.sign(x - y)", {k: PAIRS[k] for k in ("distinct", "equal", "zeros")}),
    ("ops.abs(x)", "x * torch.sign(x)", alone({k: PAIRS[k][0] for k in ("distinct", "zeros", "no rows")})),
    ("ops.gaussian_nll_loss(x, y, ops.ones_like(x) * 1e-9)", "F.gaussian_nll_loss(x, y, torch.ones_like(x) * 1e-9)", {k: PAIRS[k] for k in ("distinct", "equal")}),
    ("ops.cosine_embedding_loss(x, y, index([1, -1, 1]))", "F.cosine_embedding_loss(x, y, index([1, -1, 1]))", {k: PAIRS[k] for k in ("distinct", "equal", "zeros")}),
    ("ops.margin_ranking_loss(x, y, number([[1.0]]), margin=0.0)", "F.margin_ranking_loss(x, y, number([[1.0]]), margin=0.0)", {k: PAIRS[k] for k in ("distinct", "equal")}),
    ("ops.hinge_embedding_loss(x, number([[1.0, -1.0, 1.0, -1.0]] * 3), 1.0)", "F.hinge_embedding_loss(x, number([[1.0, -1.0, 1.0, -1.0]] * 3))", alone({"kinks": np.ones((3, 4)), "distinct": spread(3, 4)})),
    ("ops.soft_margin_loss(x, y)", "F.softplus(-x * y).mean()", {"certain": [np.array([[1e3, -1e3]]), np.array([[1.0, 1.0]])], "zeros": [np.zeros((1, 2)), np.ones((1, 2))]}),
    ("ops.multi_margin_loss(x, index([1, 0, 3]))", "F.multi_margin_loss(x, index([1, 0, 3]))", alone({"distinct": LOGITS["distinct"]})),
    ("ops.triplet_margin_loss(x, y, y)", "F.triplet_margin_loss(x, y, y)", {k: PAIRS[k] for k in ("distinct",)}),
    ("ops.ctc_loss(ops.log_softmax(x, 2), index([[1, 2], [1, 1]]), index([4, 4]), index([2, 2]))[0]", "F.ctc_loss(F.log_softmax(x, 2), index([[1, 2], [1, 1]]), index([4, 4]), index([2, 2]))", alone(LOG_P)),
    ("ops.ctc_loss(ops.log_softmax(x, 2), index([[1, 2], [1, 1]]), index([4, 4]), index([0, 0]), reduction='none')[0]", "F.ctc_loss(F.log_softmax(x, 2), index([[1, 2], [1, 1]]), index([4, 4]), index([0, 0]), reduction='none')", alone({"empty targets": LOG_P["distinct"]})),
    ("ops.ctc_loss(ops.log_softmax(x, 2), index([[1, 1], [1, 1]]), index([2, 4]), index([2, 2]), reduction='none', zero_infinity=True)[0]", "F.ctc_loss(F.log_softmax(x, 2), index([[1, 1], [1, 1]]), index([2, 4]), index([2, 2]), reduction='none', zero_infinity=True)", alone({"too short": LOG_P["distinct"]})),
]  # fmt: skip

# ---------------------------------------------------------------- normalisations, attention
CHANNELS = {
    "distinct": spread(2, 2, 3),
    "equal": np.full((2, 2, 3), 4.0),
    "one element": spread(2, 2, 1),
    "batch of one": spread(1, 2, 3),
    "NaN": but(spread(2, 2, 3), {(0, 0, 0): NAN}),
    "empty batch": np.zeros((0, 2, 3)),
}
ZERO_ROWS = {
    "distinct": [spread(3, 4), spread(3, 4, shift=0.4)],
    "zeros": [np.zeros((3, 4)), spread(3, 4)],
    "equal": [spread(3, 4), spread(3, 4)],
    "no rows": [np.zeros((0, 4)), np.zeros((0, 4))],
}
NORMALISED = [
    ("ops.layer_norm(x, (3,))", "F.layer_norm(x, (3,))", alone({k: v for k, v in CHANNELS.items() if v.shape[-1] == 3})),
    ("ops.group_norm(x, 2)", "F.group_norm(x, 2)", alone({k: v for k, v in CHANNELS.items() if k != "one element"})),
    ("ops.batch_norm(x, number([0.0, 0.0]), number([1.0, 1.0]), number([1.0, 2.0]), number([0.0, 1.0]), True)", "F.batch_norm(x, number([0.0, 0.0]), number([1.0, 1.0]), number([1.0, 2.0]), number([0.0, 1.0]), True)", alone({k: v for k, v in CHANNELS.items() if k != "empty batch"})),
    ("ops.batch_norm(x, number([0.0, 0.0]), number([0.0, 1.0]), number([1.0, 2.0]), number([0.0, 1.0]), False)", "F.batch_norm(x, number([0.0, 0.0]), number([0.0, 1.0]), number([1.0, 2.0]), number([0.0, 1.0]), False)", alone(CHANNELS)),
    ("ops.rms_norm(x, number([1.0, 2.0, 3.0]), 1e-6)[0]", "F.rms_norm(x, (3,), number([1.0, 2.0, 3.0]), 1e-6)", alone({k: v for k, v in CHANNELS.items() if v.shape[-1] == 3})),
    ("mint.nn.functional.normalize(x, 2.0, 1)", "F.normalize(x, 2.0, 1)", alone({k: v[0] for k, v in ZERO_ROWS.items()})),
    ("ops.cosine_similarity(x, y)", "F.cosine_similarity(x, y)", ZERO_ROWS),
    ("ops.renorm(x, 2, 0, 1.0)", "torch.renorm(x, 2, 0, 1.0)", alone({k: v[0] for k, v in ZERO_ROWS.items()})),
    ("ops.matmul(ops.softmax(ops.matmul(x, y.T) + number([[0.0, 0.0, 0.0], [-1e30, 0.0, -1e30], [-1e30, -1e30, -1e30]]), -1), y)", "F.scaled_dot_product_attention(x, y, y, number([[0.0, 0.0, 0.0], [-1e30, 0.0, -1e30], [-1e30, -1e30, -1e30]]), scale=1.0)", {k: v for k, v in ZERO_ROWS.items() if k != "no rows"}),
    ("ops.softmax(x + number([[0.0, 0.0, 0.0, 0.0], [0.0, -float('inf'), 0.0, 0.0], [-float('inf')] * 4]), -1)", "torch.softmax(x + number([[0.0, 0.0, 0.0, 0.0], [0.0, -float('inf'), 0.0, 0.0], [-float('inf')] * 4]), -1)", alone({"a masked row": spread(3, 4)})),
    ("ops.glu(x, 1)", "F.glu(x, 1)", alone(ROWS)), ("ops.prelu(x, number([0.2]))", "F.prelu(x, number([0.2]))", alone({"zeros": np.zeros((2, 3))} | FEW)),
    ("ops.clamp(x, -1.0, 1.0)", "torch.clamp(x, -1.0, 1.0)", alone({"kinks": np.array([-1.0, 1.0, 0.0, INF, -INF])})),
    ("ops.lerp(x, y, 0.3)", "torch.lerp(x, y, 0.3)", PAIRS), ("ops.dist(x, y)", "torch.dist(x, y)", {k: v for k, v in ZERO_ROWS.items()}),
    ("ops.cov(x)", "torch.cov(x)", alone({"distinct": spread(3, 4), "equal": np.full((3, 4), 2.0), "NaN": but(spread(3, 4), {(0, 0): NAN})})),
    ("ops.igamma(number([0.5, 1.0, 3.0, 0.5, 2.0]), x)", "torch.special.gammainc(number([0.5, 1.0, 3.0, 0.5, 2.0]), x)", alone({"ends": np.array([1.0, 0.5, 30.0, INF, 1e-300]), "inside": np.array([1.0, 0.5, 30.0, 0.7, 1e-3])})),
    ("ops.igammac(number([0.5, 1.0, 3.0, 0.5, 2.0]), x)", "torch.special.gammaincc(number([0.5, 1.0, 3.0, 0.5, 2.0]), x)", alone({"ends": np.array([1.0, 0.5, 30.0, INF, 1e-300]), "inside": np.array([1.0, 0.5, 30.0, 0.7, 1e-3])})),
    ("ops.grid_sample(x, y, align_corners=True)", "F.grid_sample(x, y, align_corners=True)", {"outside": [spread(1, 1, 3, 3), np.array([[[[5.0, -5.0], [0.13, 0.2], [-0.7, 0.6]]]])], "one pixel": [spread(1, 1, 1, 1), np.array([[[[0.3, 0.2], [0.1, -0.4]]]])]}),
]  # fmt: skip
EXPRESSIONS = [*PLANES, *MATRICES, *POSITIONS, *LOSSES, *NORMALISED]
