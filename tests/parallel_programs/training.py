"""Model.train and its kind over ranks: what is equal, what differs, who writes; prints what the test compares."""

import json
import os
import sys

import numpy as np

import minispore as ms
import minispore.dataset as ds
from minispore import Tensor, nn, ops
from minispore.communication import get_group_size, get_rank, init
from minispore.train import Callback, CheckpointConfig, LossMonitor, Model, ModelCheckpoint, TimeMonitor

folder = sys.argv[1]
init()
rank, size = get_rank(), get_group_size()
result = {"rank": rank}

# ---- initial values without a seed are those of rank 0; dropout differs
net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 3))
result["initial"] = net[0].weight.asnumpy().ravel().tolist()
dropped = nn.Dropout(p=0.5).set_train()(ops.ones((64,), ms.float32))
result["dropout"] = dropped.asnumpy().tolist()

# ---- Model: shares of the data, one stream of messages, one file, metrics of all
ms.set_seed(7)
ms.set_context(mode=ms.GRAPH_MODE)
ms.set_auto_parallel_context(parallel_mode=ms.ParallelMode.DATA_PARALLEL, gradients_mean=True)
rng = np.random.RandomState(0)
data = rng.randn(30, 4).astype(np.float32)
label = (data @ rng.randn(4, 3)).argmax(1).astype(np.int32)


def shared(shuffle):
    made = ds.NumpySlicesDataset((data, label), ["data", "label"], shuffle=shuffle, num_shards=size, shard_id=rank)
    return made.batch(3)


seen = [batch[0].asnumpy() for batch in shared(True).create_tuple_iterator(num_epochs=1)]
result["seen"] = np.concatenate(seen)[:, 0].tolist()


class Stop(Callback):
    """Asks for the end on rank 1 only."""

    def on_train_step_end(self, run_context):
        if rank == 1 and run_context.original_args().cur_step_num == 7:
            run_context.request_stop()


net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.Dense(8, 3))
optimizer = nn.Adam(net.trainable_params(), 0.05)
model = Model(net, nn.CrossEntropyLoss(), optimizer, metrics={"accuracy", "loss"})
files = ModelCheckpoint("net", folder, CheckpointConfig(save_checkpoint_steps=5))
model.train(2, shared(True), callbacks=[LossMonitor(), TimeMonitor(), files, Stop()])
result["steps"] = int(optimizer.global_step.asnumpy()[0])
result["weights"] = [float(p.asnumpy().sum()) for p in net.trainable_params()]
result["accuracy"] = model.eval(shared(False))["accuracy"]
logits = model.predict(Tensor(data)).asnumpy()
rows = [
    k for r in range(size) for k in range(r, r + size * -(-30 // size), size)
]  # the shares of all, padded from the start
result["expected accuracy"] = float(np.mean([logits[k % 30].argmax() == label[k % 30] for k in rows]))


# ---- weights are compared where a checkpoint is saved, also if only rank 0 has the callback that saves
class Disturb(Callback):
    def on_train_step_end(self, run_context):
        if rank == 1 and run_context.original_args().cur_step_num == 2:
            net[2].bias.set_data(net[2].bias + 1)


held = [p.asnumpy().copy() for p in net.trainable_params()]
kept = [ModelCheckpoint("net", f"{folder}/parted", CheckpointConfig(save_checkpoint_steps=2))] if rank == 0 else []
try:
    model.train(1, shared(True), callbacks=[Disturb(), *kept])
except RuntimeError as error:
    result["parted at"] = str(error)
for p, value in zip(net.trainable_params(), held):
    p.set_data(Tensor(value))

# ---- functional style
forward = ms.value_and_grad(lambda x, y: nn.CrossEntropyLoss()(net(x), y), None, optimizer.parameters)
reducer = nn.DistributedGradReducer(optimizer.parameters)


@ms.jit
def train_step(x, y):
    loss, grads = forward(x, y)
    optimizer(reducer(grads))
    return loss


x, y = Tensor(data[rank::size][:4]), Tensor(label[rank::size][:4])
train_step(x, y)
result["functional"] = [float(p.asnumpy().sum()) for p in net.trainable_params()]
os.environ["MINISPORE_CHECK_WEIGHTS_EVERY"] = "2"
if rank == 1:
    net[2].weight.set_data(net[2].weight + 1)
try:
    train_step(x, y)
except RuntimeError as error:
    result["parted in a loop of one's own"] = str(error)
del os.environ["MINISPORE_CHECK_WEIGHTS_EVERY"]
for p, value in zip(net.trainable_params(), held):
    p.set_data(Tensor(value))

# ---- loss scaling: an overflow on one rank holds all
step = nn.TrainOneStepWithLossScaleCell(
    nn.WithLossCell(net, nn.CrossEntropyLoss()),
    nn.SGD(net.trainable_params(), 0.1),
    nn.DynamicLossScaleUpdateCell(8.0, 2, 10),
)
before = net[0].weight.asnumpy().copy()
bad = Tensor(np.full((4, 4), np.inf, np.float32)) if rank == size - 1 else x
_, overflow, _ = step(bad, y)
result["overflow"] = bool(overflow.asnumpy())
result["held"] = bool((net[0].weight.asnumpy() == before).all())
result["scale"] = float(step.scale_sense.asnumpy())

# ---- the gradient of a lookup stays rows
ms.set_auto_parallel_context(gradients_mean=False)
table = nn.Embedding(6, 2, embedding_table="ones")
looked_up = nn.TrainOneStepCell(
    nn.WithLossCell(table, lambda out, label: out.sum()), nn.LazyAdam(table.trainable_params(), 0.5)
)
looked_up(Tensor([rank, rank]), Tensor([0]))
result["rows moved"] = (table.embedding_table.asnumpy() != 1).any(1).nonzero()[0].tolist()

# ---- weights that part are named; parameter_broadcast mends them
ms.set_auto_parallel_context(gradients_mean=True)
ms.set_seed(rank)
odd = nn.SequentialCell(nn.Dense(4, 3))


def one_step():
    made = nn.TrainOneStepCell(nn.WithLossCell(odd, nn.CrossEntropyLoss()), nn.SGD(odd.trainable_params(), 0.1))
    made(x, y)


try:
    one_step()
except RuntimeError as error:
    result["parted"] = str(error)
ms.set_auto_parallel_context(parameter_broadcast=True)
one_step()
result["mended"] = odd[0].weight.asnumpy().ravel().tolist()
print("RESULT", json.dumps(result), flush=True)
