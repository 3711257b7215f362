"""A functional distributed script as MindSpore's tutorials write it; `minispore launch -n 2 functional_script.py FOLDER`.

The global batch is the same for any number of ranks, so that the weights must be, but for rounding.
"""

import os
import sys

import mindspore as ms
import mindspore.dataset as ds
import numpy as np
from mindspore import nn, ops
from mindspore.communication import get_group_size, get_rank, init

ms.set_context(mode=ms.GRAPH_MODE)
ms.set_auto_parallel_context(parallel_mode=ms.ParallelMode.DATA_PARALLEL, gradients_mean=True)
init()
ms.set_seed(1)
GLOBAL_BATCH = 16
rank_id = int(os.getenv("RANK_ID", "0"))
assert rank_id == get_rank()


class Network(nn.Cell):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.layer1, self.layer2 = nn.Dense(36, 24, "normal"), nn.Dense(24, 5, "normal")
        self.relu = nn.ReLU()

    def construct(self, x):
        return self.layer2(self.relu(self.layer1(self.flatten(x))))


def create_dataset(batch_size):
    random = np.random.RandomState(0)
    rows = random.randn(64, 6, 6).astype(np.float32), random.randint(0, 5, 64).astype(np.int32)
    sampler = ds.DistributedSampler(get_group_size(), get_rank(), shuffle=False)
    return ds.NumpySlicesDataset(rows, ["image", "label"], sampler=sampler).batch(batch_size)


data_set = create_dataset(GLOBAL_BATCH // get_group_size())
net = Network()
optimizer = nn.SGD(net.trainable_params(), 1e-1)
loss_fn = nn.CrossEntropyLoss()


def forward_fn(data, target):
    logits = net(data)
    loss = loss_fn(logits, target)
    return loss, logits


grad_fn = ops.value_and_grad(forward_fn, None, net.trainable_params(), has_aux=True)
grad_reducer = nn.DistributedGradReducer(optimizer.parameters)
all_reduce = ops.AllReduce()
for _ in range(2):
    for image, label in data_set:
        (loss_value, _), grads = grad_fn(image, label)
        grads = grad_reducer(grads)
        optimizer(grads)
    mean = all_reduce(loss_value) / get_group_size()
    if rank_id == 0:
        print(f"loss {mean}")


# the same in one function, with sums written by hand
@ms.jit
def train_step(data, target):
    (loss, _), grads = grad_fn(data, target)
    grads = ops.HyperMap()(all_reduce, grads)
    optimizer(ops.HyperMap()(ops.Partial()(ops.mul, ms.Tensor(1.0 / get_group_size())), grads))
    return loss


for image, label in data_set:
    train_step(image, label)
if rank_id == 0:
    ms.save_checkpoint(net, os.path.join(sys.argv[1], f"net_of_{get_group_size()}.ckpt"))
