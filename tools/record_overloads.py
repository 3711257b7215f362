"""Records what MindSpore's Tensor methods with several signatures return: tests/records/tensor_overloads.json.

    python tools/record_overloads.py        in an environment with MindSpore

A call is a Python expression in ``x`` (float32), ``i`` (int32), ``b`` (bool) and ``v`` (a vector).
"""

import json
import pathlib

import numpy as np

CALLS = """
x.max() | x.max(1) | x.max(1, True) | x.max(1, keepdim=True) | x.max(dim=1) | x.max(dim=1, keepdim=True) | x.max(-1)
x.max(axis=1) | x.max(1, keepdims=True) | x.max(axis=1, keepdims=True) | x.max((1, 2)) | x.max(axis=(0, 2))
x.max(axis=1, return_indices=True) | x.max(axis=1, keepdims=True, return_indices=True) | x.max(axis=1, initial=9.0)
x.max(axis=None, keepdims=True) | x.max(axis=1, initial=0.0, where=x > 1) | x.max(None) | x.max(axis=None)
x.min() | x.min(1) | x.min(1, True) | x.min(1, keepdim=True) | x.min(dim=1) | x.min(dim=1, keepdim=True) | x.min(-1)
x.min(axis=1) | x.min(1, keepdims=True) | x.min(axis=1, keepdims=True) | x.min((1, 2)) | x.min(axis=(0, 2))
x.min(axis=1, return_indices=True) | x.min(axis=1, initial=-9.0) | x.min(axis=1, initial=9.0, where=x > 1)
x.argmax() | x.argmax(1) | x.argmax(1, True) | x.argmax(axis=1) | x.argmax(axis=1, keepdims=True) | x.argmax(dim=1)
x.argmax(dim=1, keepdim=True) | x.argmax(1, keepdim=True) | x.argmax(1, keepdims=True) | x.argmax(None)
x.argmin() | x.argmin(1) | x.argmin(1, True) | x.argmin(axis=1) | x.argmin(axis=1, keepdims=True) | x.argmin(dim=1)
x.argmin(dim=1, keepdim=True) | x.argmin(1, keepdim=True) | x.argmin(1, keepdims=True)
x.sum() | x.sum(1) | x.sum((0, 2)) | x.sum(1, True) | x.sum(1, keepdim=True) | x.sum(1, keepdims=True) | x.sum(dim=1)
x.sum(dim=(0, 1), keepdim=True) | x.sum(axis=1, keepdims=True) | x.sum(axis=1, initial=5.0) | x.sum(axis=(0, 2))
i.sum(1) | b.sum() | i.sum(axis=1) | x.sum(axis=1, dtype=f16) | x.sum(dim=1, dtype=f16) | x.sum(1, dtype=f16) | x.sum(-1)
x.mean() | x.mean(1) | x.mean((0, 2)) | x.mean(1, True) | x.mean(1, keepdim=True) | x.mean(1, keep_dims=True)
x.mean(dim=1) | x.mean(dim=1, keepdim=True) | x.mean(axis=1) | x.mean(axis=1, keep_dims=True) | x.mean(axis=())
x.prod() | x.prod(1) | x.prod(1, True) | x.prod(1, keepdim=True) | x.prod(1, keep_dims=True) | x.prod(dim=1)
x.prod(dim=1, keepdim=True) | x.prod(axis=1) | x.prod(axis=1, keep_dims=True) | i.prod(1)
x.std() | x.std(1) | x.std(axis=1) | x.std(axis=1, ddof=1) | x.std(1, 1) | x.std(axis=1, keepdims=True) | x.std(1, 1, True)
x.var() | x.var(1) | x.var(axis=1) | x.var(axis=1, ddof=1) | x.var(1, 1) | x.var(axis=1, keepdims=True) | x.var(1, 1, True)
x.std(dim=1) | x.std(dim=1, correction=0) | x.std(dim=1, keepdim=True) | x.std(1, keepdim=True) | x.std(1, correction=0)
x.var(dim=1) | x.var(dim=1, correction=0) | x.var(dim=1, keepdim=True) | x.var(1, keepdim=True) | x.var(1, correction=0)
b.all() | b.all(1) | b.all(1, True) | b.all(1, keepdim=True) | b.all(1, keep_dims=True) | b.all(dim=1) | b.all(axis=1)
b.all(dim=1, keepdim=True) | b.all(axis=1, keep_dims=True) | b.all((0, 1)) | x.all()
b.any() | b.any(1) | b.any(1, True) | b.any(1, keepdim=True) | b.any(1, keep_dims=True) | b.any(dim=1) | b.any(axis=1)
b.any(dim=1, keepdim=True) | b.any(axis=1, keep_dims=True) | b.any((0, 1)) | x.any()
x.sort() | x.sort(1) | x.sort(1, True) | x.sort(dim=1) | x.sort(dim=1, descending=True) | x.sort(axis=1, descending=True)
x.sort(axis=0) | x.sort(dim=0, descending=True, stable=True) | x.sort(1, True, True) | x.sort(descending=True)
x.argsort() | x.argsort(1) | x.argsort(1, True) | x.argsort(dim=1) | x.argsort(axis=1, descending=True)
x.argsort(dim=1, descending=True, stable=True)
x.topk(2) | x.topk(2, 1) | x.topk(2, dim=1) | x.topk(2, 1, False) | x.topk(2, dim=1, largest=False, sorted=False)
x.median() | x.median(1) | x.median(axis=1) | x.median(axis=1, keepdims=True) | x.median(dim=1) | x.median(dim=1, keepdim=True)
x.count_nonzero() | x.count_nonzero(1) | x.count_nonzero(axis=1) | x.count_nonzero(dim=1) | x.count_nonzero(axis=1, keep_dims=True)
x.nansum() | x.nansum(1) | x.nansum(axis=1, keepdims=True) | x.nansum(dim=1, keepdim=True)
x.cumsum(1) | x.cumsum(axis=1) | x.cumsum(dim=1) | i.cumsum(1) | i.cumsum(axis=1) | i.cumsum(dim=1) | x.cumsum()
x.split(1) | x.split(2, 1) | x.split((1, 2), 1) | x.split(2, axis=1) | x.split(split_size=2, dim=1) | x.split(2, dim=1)
x.chunk(2) | x.chunk(2, 1) | x.chunk(2, axis=1) | x.chunk(2, dim=1)
x.flatten() | x.flatten('C') | x.flatten(start_dim=1) | x.flatten(1) | x.flatten(0, 1) | x.flatten('F')
x.tile((2, 1, 1)) | x.tile(reps=(1, 2, 1)) | x.tile(dims=(1, 2, 1)) | x.tile(2)
x.transpose(0, 1) | x.transpose(2, 0, 1) | x.transpose((2, 0, 1)) | x.transpose() | x.transpose(-1, 0)
x.permute(2, 0, 1) | x.permute((2, 0, 1)) | x.permute(axis=(2, 0, 1))
x.gather(i, 1) | x.gather(1, i64) | x.gather(input_indices=i[0, 0], axis=1) | x.gather(dim=1, index=i64)
x.index_select(1, i[0, 0]) | x.index_select(dim=1, index=i[0, 0]) | x.index_select(axis=1, index=i[0, 0])
x.take(i[0, 0]) | x.take(i[0, 0], 1) | x.take(i[0, 0], axis=1, mode='wrap') | x.take(index=i[0, 0])
x.repeat_interleave(2) | x.repeat_interleave(2, 1) | x.repeat_interleave(2, dim=1) | x.repeat_interleave(repeats=2, dim=0)
x.add(1) | x.add(x, alpha=2) | x.sub(1) | x.sub(x, alpha=2) | x.isclose(x) | x.isclose(other=x) | x.isclose(x2=x)
x.expand_as(x) | x.expand_as(other=x) | x.expand_as(x=x) | x.remainder(2) | x.remainder(other=2.0) | x.remainder(divisor=2.0)
x.select(1, 0) | x.select(x > 1, x * 2) | x.select(dim=1, index=0) | x.select(condition=x > 1, y=x * 2) | x.select(x > 1, 3.0)
v.diag() | v.diag(1) | v.diag(diagonal=0) | x.view(6, 2) | x.view((6, 2)) | x.view(-1) | x.where(x > 1, 0.0) | x.where(x > 1, x * 2)
x.round() | x.round(decimals=1) | x.clamp(1.0, 3.0) | x.clamp(min=1.0) | x.clip(1.0, 3.0) | x.squeeze(0) | x.unsqueeze(0)
x.norm() | x.norm(2, 1) | x.norm(ord=2, dim=1, keepdim=True) | x.logsumexp(1) | x.logsumexp(dim=1, keepdim=True) | x.amax(1) | x.amin(1)
x.swapaxes(0, 1) | x.swapaxes(axis0=0, axis1=1) | x.reshape(6, 2) | x.reshape((6, 2)) | x.div(2) | x.div(2, rounding_mode='floor')
x.roll(1) | x.roll(1, 0) | x.roll(shifts=1, dims=0) | x.unique() | x.tril() | x.tril(1) | x.tril(diagonal=-1) | x.triu(1)
"""


def calls():
    return [c.strip() for line in CALLS.strip().splitlines() for c in line.split("|") if c.strip()]


def names(framework):
    """What the expressions are evaluated in."""
    x = np.array([[[1.5, 0.25, 3.0], [2.0, -1.0, 0.0]], [[4.0, 0.5, -2.0], [1.0, 6.0, 2.5]]], np.float32)
    i = np.array([[[0, 1, 1], [1, 0, 0]], [[1, 1, 0], [0, 0, 1]]], np.int32)
    made = {"x": x, "i": i, "i64": i.astype(np.int64), "b": x > 0.75, "v": x[0, 0]}
    return {name: framework.Tensor(a) for name, a in made.items()} | {"f16": framework.float16}


def described(result):
    """The result as JSON: a list for several Tensors, (type, shape, numbers) of each."""
    if isinstance(result, (tuple, list)):
        return [described(r) for r in result]
    a = result.asnumpy()
    return {"type": a.dtype.name, "shape": list(a.shape), "values": a.ravel().tolist()}


def record(framework):
    found = {}
    for call in calls():
        try:
            found[call] = described(eval(call, names(framework)))
        except Exception as error:  # which one it is, is what is recorded
            found[call] = {"error": type(error).__name__, "text": str(error).split("\n")[0][:100]}
    return found


def main():
    import mindspore

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in record(mindspore).items())
    target = pathlib.Path(__file__).parent.parent / "tests" / "records" / "tensor_overloads.json"
    target.write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
