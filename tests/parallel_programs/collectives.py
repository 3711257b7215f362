"""Each collective in both modes against what NumPy says of the ranks' inputs; run with any number of ranks above 1."""

import numpy as np

import minispore as ms
from minispore import Tensor, mint, nn, ops
from minispore.communication import (
    comm_func,
    create_group,
    get_group_size,
    get_local_rank,
    get_process_group_ranks,
    get_rank,
    get_world_rank_from_group_rank,
    init,
)
from minispore.distributed import world

init()
rank, size = get_rank(), get_group_size()
inputs = [np.random.RandomState(r).randn(2 * size, 3).astype(np.float32) for r in range(size)]
x = Tensor(inputs[rank])
weights = np.random.RandomState(99).randn(2 * size * size, 3).astype(np.float32)


def tree(parts):
    """((0 + 1) + (2 + 3)) in float32."""
    while len(parts) > 1:
        parts = [parts[k] + parts[k + 1] if k + 1 < len(parts) else parts[k] for k in range(0, len(parts), 2)]
    return parts[0]


def both_modes(function, *given):
    eager, compiled = function(*given), ms.jit(function)(*given)
    np.testing.assert_array_equal(eager.asnumpy(), compiled.asnumpy())
    return eager.asnumpy()


def gradient(function, wanted_shape):
    """The gradient of sum(w * function(x)), with other weights w on each rank."""
    w = Tensor((rank + 1) * weights[: wanted_shape[0], : wanted_shape[1]])
    return both_modes(lambda t: ms.grad(lambda t: (function(t) * w).sum())(t), x)


def weighted(shape):
    return [(r + 1) * weights[: shape[0], : shape[1]] for r in range(size)]


total = tree(list(inputs))
part = slice(2 * rank, 2 * rank + 2)
print(f"on rank {rank} of {size}")

# sums, bit for bit: the order of the ranks is fixed
np.testing.assert_array_equal(both_modes(ops.AllReduce(), x), total)
np.testing.assert_array_equal(both_modes(ops.AllReduce(ops.ReduceOp.MAX), x), np.max(inputs, 0))
np.testing.assert_array_equal(both_modes(ops.AllReduce("min"), x), np.min(inputs, 0))
np.testing.assert_allclose(both_modes(ops.AllReduce("prod"), x), np.prod(inputs, 0), rtol=1e-6)
np.testing.assert_array_equal(both_modes(ops.ReduceScatter(), x), total[part])
np.testing.assert_array_equal(both_modes(ops.Reduce(1), x), total if rank == 1 else inputs[rank])
large = [np.random.RandomState(r).randn(50001).astype(np.float32) for r in range(size)]  # no multiple of the ranks
np.testing.assert_array_equal(both_modes(ops.AllReduce(), Tensor(large[rank])), tree(list(large)))
longest, world.LONGEST = world.LONGEST, 4096  # long messages travel in parts, here more than 10 a rank
in_parts = large[rank] + 1
np.testing.assert_array_equal(
    both_modes(lambda t: ops.AllReduce()(t), Tensor(in_parts)), tree([one + 1 for one in large])
)
world.LONGEST = longest
halves = [i.astype(np.float16) for i in inputs]
np.testing.assert_array_equal(both_modes(ops.AllReduce(), Tensor(halves[rank])), tree(list(halves)))
assert both_modes(ops.AllReduce(), Tensor(np.array([rank], np.int32))).tolist() == [size * (size - 1) // 2]

# movements
stacked = np.concatenate(inputs)
np.testing.assert_array_equal(both_modes(ops.AllGather(), x), stacked)
np.testing.assert_array_equal(both_modes(lambda t: ops.Broadcast(1)((t,))[0], x), inputs[1])
np.testing.assert_array_equal(both_modes(ops.AlltoAll(size, 0, 0), x), np.concatenate([i[part] for i in inputs]))
across = np.concatenate([i[part] for i in inputs], 1)
np.testing.assert_array_equal(both_modes(ops.AlltoAll(size, 0, 1), x), across)
gathered = both_modes(lambda t: comm_func.gather_into_tensor(t, 1), x)
np.testing.assert_array_equal(gathered, stacked if rank == 1 else 0 * stacked)
np.testing.assert_array_equal(both_modes(lambda t: comm_func.scatter_tensor(t, 1), x), inputs[1][part])
after, before = (rank + 1) % size, (rank - 1) % size
ring = ops.NeighborExchange([after], [before], ([2 * size, 3],), ([2 * size, 3],), ms.float32)
np.testing.assert_array_equal(both_modes(lambda t: ring((t,))[0], x), inputs[before])
if rank == 0:
    both_modes(lambda t: ops.Send(5, 1)(t) or t, x)
elif rank == 1:
    np.testing.assert_array_equal(both_modes(lambda t: ops.Receive(5, 0, [2 * size, 3], ms.float32)(), x), inputs[0])
if rank < 2:  # both send before they receive, more than MPI buffers

    def swapped(t):
        ops.Send(6, 1 - rank)(t)
        return ops.Receive(6, 1 - rank, t.shape, ms.float32)(t)

    many = [np.random.RandomState(r).randn(300000).astype(np.float32) for r in range(2)]
    np.testing.assert_array_equal(both_modes(swapped, Tensor(many[rank])), many[1 - rank])
counts = [r + 1 for r in range(size)]  # rank r sends r + 1 elements to each
sent = Tensor(np.full(size * counts[rank], rank, np.int32))
found, _ = comm_func.all_to_all_single_with_output_shape((sum(counts),), sent, counts, [counts[rank]] * size)
assert found.asnumpy().tolist() == [r for r in range(size) for _ in range(r + 1)]
comm_func.barrier()

# gradients: the loss is the sum over the ranks of sum(w_r * f(x))
ones = weighted((2 * size, 3))
np.testing.assert_allclose(gradient(ops.AllReduce(), (2 * size, 3)), np.sum(ones, 0), rtol=1e-5, atol=1e-5)
largest = np.argmax(inputs, 0) == rank
expected = np.where(largest, np.sum(ones, 0), 0)
np.testing.assert_allclose(gradient(ops.AllReduce("max"), (2 * size, 3)), expected, rtol=1e-5, atol=1e-5)
many = np.sum(weighted((2 * size * size, 3)), 0)
own = many[2 * size * rank : 2 * size * (rank + 1)]
others = np.prod([one for r, one in enumerate(inputs) if r != rank], 0)
product = gradient(ops.AllReduce("prod"), (2 * size, 3))
np.testing.assert_allclose(product, others * np.sum(ones, 0), rtol=1e-4, atol=1e-5)
np.testing.assert_allclose(gradient(ops.AllGather(), (2 * size * size, 3)), own, rtol=1e-5, atol=1e-5)
few = np.concatenate(weighted((2, 3)))
np.testing.assert_allclose(gradient(ops.ReduceScatter(), (2, 3)), few, rtol=1e-5, atol=1e-5)
to_root = np.sum(ones, 0) if rank == 0 else np.zeros((2 * size, 3))
np.testing.assert_allclose(gradient(lambda t: ops.Broadcast(0)((t,))[0], (2 * size, 3)), to_root, rtol=1e-5, atol=1e-5)
second = both_modes(lambda t: ms.grad(lambda t: ms.grad(lambda t: (ops.AllReduce()(t * t)).sum())(t).sum())(t), x)
np.testing.assert_allclose(second, 2 * size * np.ones_like(second), rtol=1e-6)
batched = both_modes(lambda t: ms.vmap(lambda row: ops.AllGather()(row))(t), x)
np.testing.assert_array_equal(batched, np.concatenate(inputs, 1))
turned = both_modes(lambda t: ms.vmap(ops.AlltoAll(size, 0, 0), in_axes=1, out_axes=1)(t), x)
np.testing.assert_array_equal(turned, np.concatenate([i[part] for i in inputs]))

# gradients in several buckets, which travel while others are computed
shapes = [(500, 600), (10,), (300, 700), (7, 3), (900, 500)]
of_rank = [
    [np.random.RandomState(10 * r + k).randn(*shape).astype(np.float32) for k, shape in enumerate(shapes)]
    for r in range(size)
]
parameters = [ms.Parameter(ms.Tensor(np.zeros(shape, np.float32)), name=f"p{k}") for k, shape in enumerate(shapes)]
reducer = nn.DistributedGradReducer(parameters, mean=False)
step = ms.jit(lambda *grads: reducer(tuple(g * 2.0 for g in grads)))
for found, *parts in zip(step(*map(Tensor, of_rank[rank])), *of_rank):
    np.testing.assert_array_equal(found.asnumpy(), tree([2 * p for p in parts]))
names = [call.source.name for call in step.compilable.compiled.last.executable.calls]
assert names[: names.index("wait")].count("post") > 1, names  # all have begun before one is waited for

# sums that the program writes for each gradient travel like the library's, and give the same bits; that of the loss overlaps too
net = nn.SequentialCell(nn.Dense(300, 700, activation="relu"), nn.Dense(700, 500, activation="relu"), nn.Dense(500, 3))
weights_of = net.trainable_params()
of_batch = ms.value_and_grad(lambda t: (net(t) ** 2).mean(), None, weights_of)
one_by_one = [nn.DistributedGradReducer([p], mean=False) for p in weights_of]
reducer = nn.DistributedGradReducer(weights_of, mean=False)
written = ops.AllReduce()


def of_library(t):
    loss, grads = of_batch(t)
    return written(loss), *reducer(grads)


def of_map(t):
    loss, grads = of_batch(t)
    return written(loss), *ops.HyperMap()(written, grads)


def of_reducers(t):
    loss, grads = of_batch(t)
    return written(loss), *(one((g,))[0] for one, g in zip(one_by_one, grads))


rows = Tensor(np.random.RandomState(rank).randn(4, 300).astype(np.float32))
bits = [[t.asnumpy() for t in ms.jit(of_library)(rows)]]
for function in (of_map, of_reducers):
    step = ms.jit(function)
    bits.append([t.asnumpy() for t in step(rows)])
    made = step.compilable.compiled.last.executable
    sums = [len(n.inputs) for n in made.graph.nodes if n.op.name == "collective"]
    assert sum(sums) == 7 and len(sums) == 3, sums  # one of the loss, two buckets
    names = [call.source.name for call in made.calls]
    assert names[: names.index("wait")].count("post") == 3, names
for found, other, third in zip(*bits):
    np.testing.assert_array_equal(found, other)
    np.testing.assert_array_equal(found, third)

# a Parameter is written only when the messages that read its old value have come
kept = ms.Parameter(Tensor(large[rank]), name="kept")


@ms.jit
def doubled(t):
    total_of_old = ops.AllReduce()(kept)
    ops.assign(kept, kept * 2 + t)
    return total_of_old


for k in range(3):
    np.testing.assert_array_equal(
        doubled(Tensor(0.0)).asnumpy(), tree([2.0**k * one for one in large]).astype(np.float32)
    )

# nothing is merged, dropped or moved: two equal sums are two collectives, and one that nobody reads is one too
step = ms.jit(lambda t: (ops.AllReduce()(t), ops.AllReduce()(t), ops.AllReduce("max")(t * 2))[:2])
first, other = step(x)
np.testing.assert_array_equal(first.asnumpy(), other.asnumpy())
kinds = [n.attrs["reduce"] for n in step.compilable.compiled.last.executable.graph.nodes if n.op.name == "collective"]
assert kinds == ["sum", "sum", "max"], kinds

# a Tensor in several collectives: each has memory of its own, in which all its inputs lie; computed in the step, and given to it
joined = ms.jit(lambda t: [ops.AllReduce(how)(u) for u in (t, t + 1) for how in ("sum", "max", "min")])
for found, (more, fold) in zip(
    joined(Tensor(large[rank])),
    [(more, fold) for more in (0, 1) for fold in (tree, np.maximum.reduce, np.minimum.reduce)],
):
    np.testing.assert_array_equal(found.asnumpy(), fold([one + np.float32(more) for one in large]))

# groups
create_group("first two", [0, 1])
if rank < 2:
    assert get_rank("first two") == rank and get_group_size("first two") == 2
    np.testing.assert_array_equal(both_modes(ops.AllReduce(group="first two"), x), inputs[0] + inputs[1])
else:
    try:
        ops.AllReduce(group="first two")(x)
    except RuntimeError as error:
        assert f"rank {rank} is not in the group" in str(error)
    else:
        raise AssertionError("a rank outside the group took part")
assert get_process_group_ranks() == list(range(size)) and get_world_rank_from_group_rank("first two", 1) == 1
assert get_local_rank() == rank

# mint.distributed writes into the Tensors that it is given
t = Tensor(inputs[rank])
mint.distributed.all_reduce(t)
np.testing.assert_array_equal(t.asnumpy(), total)
out = Tensor(np.zeros((2 * size * size, 3), np.float32))
assert mint.distributed.all_gather_into_tensor(out, x, async_op=True).wait() is None
np.testing.assert_array_equal(out.asnumpy(), stacked)
objects = [None] * size
mint.distributed.all_gather_object(objects, {"rank": rank, "text": "x" * rank})
assert objects == [{"rank": r, "text": "x" * r} for r in range(size)]
uneven = Tensor(np.zeros(sum(counts), np.float32))
mint.distributed.all_gather_into_tensor_uneven(uneven, Tensor(np.full(counts[rank], rank, np.float32)), counts)
assert uneven.asnumpy().tolist() == [r for r in range(size) for _ in range(r + 1)]
if rank == 0:
    mint.distributed.isend(x, 1).wait()
    mint.distributed.send_object_list(["a", 1], 1)
elif rank == 1:
    t = Tensor(np.zeros((2 * size, 3), np.float32))
    mint.distributed.irecv(t, 0).wait()
    np.testing.assert_array_equal(t.asnumpy(), inputs[0])
    objects = []
    mint.distributed.recv_object_list(objects, 0)
    assert objects == ["a", 1]

# layers
images = np.random.RandomState(5).randn(2 * size, 2, 3, 3).astype(np.float32)
together, alone = nn.SyncBatchNorm(2).set_train(), nn.BatchNorm2d(2).set_train()
for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE):
    ms.set_context(mode=mode)
    np.testing.assert_allclose(
        together(Tensor(images[part])).asnumpy(), alone(Tensor(images)).asnumpy()[part], rtol=1e-5, atol=1e-5
    )
np.testing.assert_allclose(together.moving_variance.asnumpy(), alone.moving_variance.asnumpy(), rtol=1e-6)


# a branch or loop that not all ranks may take must not hold a collective
def branch(t):
    if t.sum() > 0:
        t = ops.AllReduce()(t)  # in a branch
    return t


def agreed(t):
    if ops.AllReduce()(t.sum()) > 0:
        t = ops.AllReduce()(t)
    return t


def loop(t):
    while t.sum() < 100:
        t = ops.AllReduce()(t) + 1  # in a loop
    return t


for function, line in ((branch, "in a branch"), (loop, "in a loop")):
    try:
        ms.jit(function)(x)
    except RuntimeError as error:
        assert "may differ between ranks" in str(error) and f"# {line}" in str(error), error
    else:
        raise AssertionError(f"a collective {line} was accepted")
np.testing.assert_array_equal(ms.jit(agreed)(Tensor(inputs[rank] + 1)).asnumpy(), tree([i + 1 for i in inputs]))
ms.jit(lambda t: loop(ops.AllReduce()(t * 0)))(x)

# wrong use is said at once
for wrong, kind, text in (
    (lambda: ops.AllReduce("mean")(x), ValueError, "'op' must be one of"),
    (lambda: ops.AllReduce()(Tensor([True])), TypeError, "must be numbers"),
    (lambda: ops.AllGather()(Tensor(1.0)), ValueError, "needs a first axis"),
    (lambda: ops.ReduceScatter()(Tensor(np.ones(size + 1, np.float32))), ValueError, "must be a multiple"),
    (lambda: ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel"), RuntimeError, "is not supported"),
    (lambda: ms.set_auto_parallel_context(pipeline_stages=2), RuntimeError, "is not supported"),
):
    try:
        wrong()
    except kind as error:
        assert text in str(error), error
    else:
        raise AssertionError(f"{text}: nothing was raised")
print(f"done on rank {rank}", flush=True)
