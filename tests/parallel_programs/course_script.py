"""A distributed training script as courses write it for MindSpore; `minispore launch -n 2 course_script.py FOLDER`."""

import os
import sys

import mindspore.dataset as ds
import mindspore.nn as nn
import mindspore.ops as ops
import numpy as np
from mindspore import context
from mindspore.communication.management import get_group_size, get_rank, init
from mindspore.context import ParallelMode
from mindspore.parallel._utils import _get_device_num, _get_gradients_mean, _get_parallel_mode
from mindspore.train import CheckpointConfig, LossMonitor, Model, ModelCheckpoint, TimeMonitor
from mindspore.train.loss_scale_manager import FixedLossScaleManager

context.set_context(mode=context.GRAPH_MODE, device_target="CPU")
init()
rank_id, rank_size = get_rank(), get_group_size()
assert (int(os.environ["RANK_ID"]), int(os.environ["RANK_SIZE"])) == (rank_id, rank_size)
context.reset_auto_parallel_context()
context.set_auto_parallel_context(
    device_num=rank_size, global_rank=rank_id, parallel_mode=ParallelMode.DATA_PARALLEL, gradients_mean=True,
    parameter_broadcast=True,
)  # fmt: skip
assert (_get_device_num(), _get_gradients_mean(), _get_parallel_mode()) == (rank_size, True, "data_parallel")


class Pictures:
    def __init__(self):
        random = np.random.RandomState(0)
        self.image = random.randn(48, 3, 8, 8).astype(np.float32)
        self.label = random.randint(0, 4, 48).astype(np.int32)

    def __len__(self):
        return len(self.image)

    def __getitem__(self, k):
        return self.image[k], self.label[k]


def create_dataset(training):
    data = ds.GeneratorDataset(Pictures(), ["image", "label"], shuffle=training, num_shards=rank_size, shard_id=rank_id)
    return data.batch(8, drop_remainder=training)


class ResidualBlock(nn.Cell):
    def __init__(self, channels):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, channels, 3), nn.BatchNorm2d(channels)
        self.conv2, self.bn2 = nn.Conv2d(channels, channels, 3), nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()

    def construct(self, x):
        return self.relu(x + self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))))


class ResNet(nn.Cell):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.blocks = nn.SequentialCell([ResidualBlock(8), ResidualBlock(8)])
        self.mean, self.drop, self.fc = ops.ReduceMean(), nn.Dropout(p=0.1), nn.Dense(8, 4)

    def construct(self, x):
        return self.fc(self.drop(self.mean(self.blocks(self.stem(x)), (2, 3))))


net = ResNet()
rates = nn.cosine_decay_lr(0.0, 0.05, 9, 3, 3)
optimizer = nn.Momentum(net.trainable_params(), rates, 0.9, weight_decay=1e-4, loss_scale=128)
loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
scale = FixedLossScaleManager(128, drop_overflow_update=False)
model = Model(net, loss, optimizer, metrics={"acc", "loss"}, loss_scale_manager=scale)
callbacks = [LossMonitor(3), TimeMonitor()]
if rank_id == 0:
    callbacks.append(ModelCheckpoint("resnet", sys.argv[1], CheckpointConfig(3, keep_checkpoint_max=2)))
model.fit(3, create_dataset(True), create_dataset(False), callbacks=callbacks)
print("result", sorted(model.eval(create_dataset(False)).items()), flush=True)
