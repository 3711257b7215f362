"""Every function that reads or writes where data say, called with indices far out of range: run as a child process, which may die.

``python -m tests.hostile_indices`` prints for each name, index and mode what happened: the class of the error, or the values.
"""

import json
import sys
import warnings

import numpy as np

import minispore as ms
from minispore import COOTensor, CSRTensor, Parameter, RowTensor, Tensor, mint, nn, numpy as mnp, ops

HOSTILE = (100_000_000, 7, -5, -(2**31))
F, I = np.float32, np.int32


def x(*shape):
    return Tensor(np.arange(1, 1 + int(np.prod(shape)), dtype=F).reshape(shape))


def at(*values):
    return lambda index: Tensor(np.array([*values, index], I))


def pair(index):
    return Tensor(np.array([[0, 1], [index, 0]], I))


def like(index, *shape):
    """Zeros but for one hostile index."""
    made = np.zeros(shape, I)
    made.reshape(-1)[-1] = index
    return Tensor(made)


def setting(t, index, value):
    t = t * 1.0
    t[index] = value
    return t


def parameter(function):
    """A function of a new Parameter and an index, which gives the Parameter's values."""

    def run(index):
        p = WEIGHT
        ops.assign(p, x(3, 2))
        function(p, index)
        return p + 0.0

    return run


WEIGHT = Parameter(x(3, 2), name="weight")
ONE = at(0)
LOGITS, ROWS = x(2, 3), x(2, 2)
BOXES = Tensor(np.array([[0.0, 0.0, 1.0, 1.0]], F))
SCATTERS = ("update", "add", "sub", "min", "max", "mul", "div")

# name -> (the argument made from an index, the function of that Tensor)
CALLS = {
    "x[i]": (ONE, lambda i: x(3, 2)[i]),
    "x[0-d]": (lambda index: Tensor(index, ms.int32), lambda i: x(3, 2)[i]),
    "x[i, j]": (ONE, lambda i: x(3, 2)[i, i * 0]),
    "x[:, i]": (ONE, lambda i: x(2, 3)[:, i]),
    "x[i] = v": (ONE, lambda i: setting(x(3, 2), i, 5.0)),
    "x[0-d] = v": (lambda index: Tensor(index, ms.int32), lambda i: setting(x(3, 2), i, 5.0)),
    "gather": (ONE, lambda i: ops.gather(x(3, 2), i, 0)),
    "gather of batches": (lambda index: like(index, 2, 2), lambda i: ops.gather(x(2, 3, 2), i, 1, 1)),
    "gather_d": (pair, lambda i: ops.gather_d(x(2, 2), 1, i)),
    "gather_elements": (pair, lambda i: ops.gather_elements(x(2, 2), 0, i)),
    "gather_nd": (pair, lambda i: ops.gather_nd(x(3, 2), i)),
    "index_select": (ONE, lambda i: ops.index_select(x(3, 2), 0, i)),
    "take": (ONE, lambda i: ops.take(x(3, 2), i)),
    "Tensor.take": (ONE, lambda i: x(3, 2).take(i, 1)),
    "sparse_gather": (ONE, lambda i: ops.SparseGatherV2()(x(3, 2), i, 0)),
    "embedding": (ONE, lambda i: ops.embedding(i, WEIGHT)),
    "embedding, max_norm": (ONE, parameter(lambda p, i: ops.embedding(i, p, max_norm=1.0))),
    "embedding, by frequency": (ONE, lambda i: ms.grad(lambda t: ops.embedding(i, t, scale_grad_by_freq=True).sum())(x(3, 2))),
    "nn.Embedding": (ONE, nn.Embedding(3, 2, embedding_table="ones")),
    "nn.EmbeddingLookup": (ONE, nn.EmbeddingLookup(3, 2, param_init="ones")),
    "nn.MultiFieldEmbeddingLookup": (
        lambda index: like(index, 1, 2),
        lambda i: nn.MultiFieldEmbeddingLookup(3, 2, 2, param_init="ones")(i, Tensor(np.ones((1, 2), F)), i * 0)),
    "one_hot": (ONE, lambda i: ops.one_hot(i, 3, Tensor(1.0), Tensor(0.0))),
    "nn.OneHot": (ONE, nn.OneHot(depth=3)),
    **{f"tensor_scatter_{m}": (lambda index: Tensor(np.array([[0], [index]], I)),
                               lambda i, f=getattr(ops, f"tensor_scatter_{m}", None): f(x(3, 2), i, ROWS))
       for m in SCATTERS if hasattr(ops, f"tensor_scatter_{m}")},
    **{f"scatter_{m}": (ONE, parameter(lambda p, i, f=getattr(ops, f"scatter_{m}", None): f(p, i, ROWS))) for m in SCATTERS if hasattr(ops, f"scatter_{m}")},
    **{f"scatter_nd_{m}": (lambda index: Tensor(np.array([[0], [index]], I)),
                           parameter(lambda p, i, f=getattr(ops, f"scatter_nd_{m}", None): f(p, i, ROWS)))
       for m in SCATTERS if hasattr(ops, f"scatter_nd_{m}")},
    "scatter": (pair, lambda i: ops.scatter(x(2, 2), 1, i, x(2, 2))),
    "scatter_nd": (pair, lambda i: ops.scatter_nd(i, x(2), (3, 2))),
    "tensor_scatter_elements": (pair, lambda i: ops.tensor_scatter_elements(x(2, 2), i, x(2, 2), 1)),
    "Tensor.scatter_add": (pair, lambda i: mint.scatter_add(x(2, 2), 1, i, x(2, 2))),
    "index_add": (ONE, parameter(lambda p, i: ops.index_add(p, i, ROWS, 0))),
    "index_fill": (ONE, lambda i: ops.index_fill(x(3, 2), 0, i, 1.0)),
    "mint.index_add": (ONE, lambda i: mint.index_add(x(3, 2), 0, i, ROWS)),
    "unsorted_segment_sum": (ONE, lambda i: ops.unsorted_segment_sum(ROWS, i, 3)),
    "unsorted_segment_max": (ONE, lambda i: ops.unsorted_segment_max(ROWS, i, 3)),
    "unsorted_segment_min": (ONE, lambda i: ops.unsorted_segment_min(ROWS, i, 3)),
    "unsorted_segment_prod": (ONE, lambda i: ops.unsorted_segment_prod(ROWS, i, 3)),
    "cross_entropy": (ONE, lambda i: ops.cross_entropy(LOGITS, i)),
    "cross_entropy, gradient": (ONE, lambda i: ms.grad(lambda t: ops.cross_entropy(t, i))(LOGITS)),
    "nll_loss": (ONE, lambda i: ops.nll_loss(LOGITS, i, Tensor(np.ones(3, F)))),
    "nn.SoftmaxCrossEntropyWithLogits": (ONE, lambda i: nn.SoftmaxCrossEntropyWithLogits(True, "mean")(LOGITS, i)),
    "sparse softmax": (ONE, lambda i: ops.SparseSoftmaxCrossEntropyWithLogits()(LOGITS, i)),
    "multi_margin_loss": (ONE, lambda i: ops.multi_margin_loss(LOGITS, i)),
    "nn.MultiMarginLoss": (ONE, lambda i: nn.MultiMarginLoss()(LOGITS, i)),
    "nn.CTCLoss, labels": (lambda index: like(index, 1, 2), lambda i: nn.CTCLoss()(x(4, 1, 3), i, at(4)(4)[:1], at(2)(2)[:1])),
    "nn.CTCLoss, input lengths": (lambda index: like(index, 1), lambda i: nn.CTCLoss()(x(4, 1, 3), Tensor(np.ones((1, 2), I)), i, at(2)(2)[:1])),
    "nn.CTCLoss, target lengths": (lambda index: like(index, 1), lambda i: nn.CTCLoss()(x(4, 1, 3), Tensor(np.ones((1, 2), I)), at(4)(4)[:1], i)),
    "CTCLoss of sparse labels": (
        at(1), lambda i: ops.CTCLoss()(x(4, 1, 3), Tensor(np.array([[0, 0], [0, 1]], np.int64)), i, Tensor(np.array([4], I)))),
    "CTCLoss, places": (
        lambda index: Tensor(np.array([[0, 0], [0, index]], np.int64)),
        lambda i: ops.CTCLoss()(x(4, 1, 3), i, Tensor(np.array([1, 1], I)), Tensor(np.array([4], I)))),
    "CTCLoss, lengths": (
        lambda index: Tensor(np.array([index], I)),
        lambda i: ops.CTCLoss()(x(4, 1, 3), Tensor(np.array([[0, 0], [0, 1]], np.int64)), Tensor(np.array([1, 1], I)), i)),
    "max_unpool2d": (lambda index: like(index, 1, 1, 2, 2), lambda i: ops.max_unpool2d(x(1, 1, 2, 2), i, 2)),
    "nn.MaxUnpool1d": (lambda index: like(index, 1, 1, 2), lambda i: nn.MaxUnpool1d(2)(x(1, 1, 2), i)),
    "nn.MaxUnpool2d": (lambda index: like(index, 1, 1, 2, 2), lambda i: nn.MaxUnpool2d(2)(x(1, 1, 2, 2), i)),
    "reverse_sequence": (ONE, lambda i: ops.reverse_sequence(x(2, 3), i, 1)),
    "sequence_mask": (ONE, lambda i: ops.sequence_mask(i, 3)),
    "crop_and_resize": (lambda index: Tensor(np.array([index], I)),
                        lambda i: ops.crop_and_resize(x(2, 4, 4, 1), BOXES, i, (2, 2))),
    "crop_and_resize, boxes": (ONE, lambda i: ops.crop_and_resize(x(1, 4, 4, 1), BOXES * i[1].astype(ms.float32), at(0)(0)[:1], (2, 2))),
    "grid_sample": (ONE, lambda i: ops.grid_sample(x(1, 1, 3, 3), ops.ones((1, 2, 2, 2)) * i[1].astype(ms.float32))),
    "grid_sample, nearest": (ONE, lambda i: ops.grid_sample(x(1, 1, 3, 3), ops.ones((1, 2, 2, 2)) * i[1].astype(ms.float32), "nearest", "border")),
    "bincount": (ONE, lambda i: ops.bincount(ops.minimum(i, 9), minlength=3)),
    "searchsorted": (ONE, lambda i: ops.searchsorted(x(3), x(2), sorter=at(0, 1)(0) if i.size == 0 else ops.concat((i, at(1)(1)[:1])))),
    "ROIAlign": (lambda index: x(1, 5) * 0.0 + Tensor(np.array([[index, 0, 0, 2, 2]], F)),
                 lambda i: ops.ROIAlign(2, 2, 1.0, 2)(x(1, 1, 4, 4), i)),
    "ROIAlign, places": (lambda index: Tensor(np.array([[0, 0, 0, index, index]], F)),
                         lambda i: ops.ROIAlign(2, 2, 1.0, 2)(x(1, 1, 4, 4), i)),
    "unravel_index": (ONE, lambda i: mnp.unravel_index(i, (2, 3))[0]),
    "mnp.take": (ONE, lambda i: mnp.take(x(3, 2), i, 0)),
    "mnp.take_along_axis": (pair, lambda i: mnp.take_along_axis(x(2, 2), i, 1)),
    "mnp.choose": (ONE, lambda i: mnp.choose(i, [x(2), x(2)])),
    "mint.gather": (pair, lambda i: mint.gather(x(2, 2), 1, i)),
    "mint.index_select": (ONE, lambda i: mint.index_select(x(3, 2), 0, i)),
    "RowTensor": (ONE, lambda i: RowTensor(i, ROWS, (3, 2)).to_dense()),
    "COOTensor": (lambda index: Tensor(np.array([[0, 0], [1, index]], I)), lambda i: COOTensor(i, x(2), (2, 3)).to_dense()),
    "CSRTensor": (ONE, lambda i: CSRTensor(Tensor(np.array([0, 1, 2], I)), i, x(2), (2, 3)).to_dense()),
    "CSRTensor.mv": (ONE, lambda i: CSRTensor(Tensor(np.array([0, 1, 2], I)), i, x(2), (2, 3)).mv(x(3, 1))),
    "CSRTensor, *": (ONE, lambda i: (CSRTensor(Tensor(np.array([0, 1, 2], I)), i, x(2), (2, 3)) * x(2, 3)).values),
    "CSRTensor.sum": (ONE, lambda i: CSRTensor(Tensor(np.array([0, 1, 2], I)), i, x(2), (2, 3)).sum(0)),
    "CSRTensor, indptr": (lambda index: Tensor(np.array([0, index, 2], I)),
                          lambda i: CSRTensor(i, Tensor(np.array([0, 1], I)), x(2), (2, 3)).mv(x(3, 1))),
    "SparseApplyAdagrad": (ONE, parameter(lambda p, i: ops.SparseApplyAdagrad(lr=0.1)(p, Parameter(x(3, 2), name="a"), ROWS, i))),
    "inplace_update": (ONE, parameter(lambda p, i: ops.scatter_update(p, i, ROWS))),
    "switch_case": (ONE, lambda i: ops.switch_case(i[1], [lambda: x(2), lambda: x(2) * 2.0])),
    "tensor slice": (ONE, lambda i: ops.slice(x(3, 2), (0, 0), (2, 2)) * i.astype(ms.float32)),
}  # fmt: skip


def outcome(function, index) -> str:
    try:
        return np.array2string(np.asarray(function(index).asnumpy()), precision=4)
    except (IndexError, ValueError, RuntimeError, TypeError) as error:
        kind = "IndexError" if isinstance(error, IndexError) else type(error).__name__
        return f"{kind}: {error}".partition("\n")[0]


def main() -> None:
    warnings.simplefilter("ignore")
    for name, (argument, function) in CALLS.items():
        compiled = ms.jit(lambda i, f=function: f(i))
        for index in HOSTILE:
            for mode, run in (("pynative", function), ("graph", compiled)):
                print(json.dumps({"name": name, "index": index, "mode": mode}), flush=True)
                ms.set_context(mode=ms.PYNATIVE_MODE)
                print(json.dumps({"outcome": outcome(run, argument(index))}), flush=True)


if __name__ == "__main__":
    main()
    sys.exit(0)
