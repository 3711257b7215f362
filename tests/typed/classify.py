"""A typed program as a MindSpore user writes it: images from a dataset, Model with callbacks, a checkpoint (tests/test_types.py)."""

# pyright: strict

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import minispore as ms
import minispore.dataset as ds
from minispore import Tensor, nn, ops
from minispore.dataset import transforms, vision
from minispore.train import CheckpointConfig, CSVLogger, EarlyStopping, LossMonitor, Model, ModelCheckpoint, TimeMonitor


class ConvBnRelu(nn.SequentialCell):
    def __init__(self, inside: int, outside: int, size: int | tuple[int, int] = 3) -> None:
        super().__init__(
            nn.Conv2d(inside, outside, size, stride=(1, 1), pad_mode="same", weight_init="he_normal"),
            nn.BatchNorm2d(num_features=outside, momentum=0.9),
            nn.ReLU(),
        )


class SmallNet(nn.Cell):
    def __init__(self, classes: int, widths: tuple[int, ...] = (4, 8)) -> None:
        super().__init__()
        self.blocks = nn.CellList([ConvBnRelu(a, b) for a, b in zip((3, *widths), widths)])
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.average = nn.AdaptiveAvgPool2d((1, 1))
        self.drop = nn.Dropout(p=0.1)
        self.head = nn.Dense(widths[-1], classes, activation="relu", bias_init=0.0)

    def construct(self, x: Tensor) -> Tensor:
        for block in self.blocks:
            x = self.pool(block(x))
        x = self.average(x).reshape(x.shape[0], -1)
        return self.head(self.drop(x))


class Pictures:
    """Random pictures, height x width x channels, as an image reader gives them."""

    def __len__(self) -> int:
        return 16

    def __getitem__(self, k: int) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], np.int32]:
        return np.random.default_rng(k).integers(0, 256, (12, 12, 3)).astype(np.uint8), np.int32(k % 3)


def pipeline(train: bool) -> ds.Dataset:
    data = ds.GeneratorDataset(Pictures(), ["image", "label"], shuffle=train, num_parallel_workers=1)
    steps: list[Callable[..., Any]] = [
        vision.Resize((10, 10), vision.Inter.LINEAR),
        vision.CenterCrop(8),
        vision.Rescale(1 / 255, 0.0),
    ]
    steps += [vision.Normalize([0.5, 0.5, 0.5], (0.2, 0.2, 0.2)), vision.HWC2CHW()]
    if train:
        steps.insert(0, vision.RandomHorizontalFlip(0.5))
    data = data.map(operations=transforms.Compose(steps), input_columns=["image"])
    return data.map(transforms.TypeCast(ms.int32), "label").batch(4, drop_remainder=True)


def main(path: Path) -> float:
    ms.set_context(mode=ms.GRAPH_MODE, progress=False)
    ms.set_seed(0)
    net = SmallNet(3)
    rate = nn.piecewise_constant_lr([4, 12], [0.1, 0.01])
    optimizer = nn.Momentum(net.trainable_params(), rate, 0.9, weight_decay=1e-4, loss_scale=1.0)
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    model = Model(net, loss, optimizer, metrics={"accuracy": nn.Accuracy(), "loss": nn.Loss()}, amp_level="O0")
    config = CheckpointConfig(save_checkpoint_steps=2, keep_checkpoint_max=1)
    callbacks = [
        ModelCheckpoint("small", str(path), config), CSVLogger(path / "log.csv"), EarlyStopping("loss", patience=3),
    ]  # fmt: skip
    model.fit(2, pipeline(True), pipeline(False), callbacks=callbacks)
    model.train(1, pipeline(True), [LossMonitor(per_print_times=100), TimeMonitor()][:1])
    one = next(iter(pipeline(False).create_tuple_iterator(num_epochs=1)))
    best = ops.argmax(model.predict(one[0]), dim=1)
    return float(model.eval(pipeline(False), callbacks=[])["accuracy"]) + 0.0 * float(best.sum())
