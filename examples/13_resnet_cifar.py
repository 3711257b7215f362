"""ResNet-20 on pictures in the format of CIFAR-10, trained by Model with callbacks.

The network and its training are those of He et al. (2015), section 4.2, on a smaller scale: Momentum with weight decay,
shifted pictures, a learning rate that rises for an epoch and then falls along a cosine.  Without ``--data`` the
pictures are made from the digits that come with scikit-learn, in random colours, and written as CIFAR-10 files.

    python examples/13_resnet_cifar.py
    python examples/13_resnet_cifar.py --data cifar-10-batches-bin --epochs 100 --batch 128
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

import minispore as ms
import minispore.dataset as ds
from minispore import nn, ops
from minispore.common.initializer import HeNormal
from minispore.dataset import transforms, vision
from minispore.train import (
    Callback,
    CheckpointConfig,
    LossMonitor,
    Model,
    ModelCheckpoint,
    TimeMonitor,
)


def conv3x3(channels_in, channels_out, stride):
    init = HeNormal(mode="fan_out", nonlinearity="relu")
    return nn.Conv2d(channels_in, channels_out, 3, stride, pad_mode="pad", padding=1, weight_init=init)


class BasicBlock(nn.Cell):
    """Two convolutions, added to their input; where the size changes, every second pixel of it and new channels of 0."""

    def __init__(self, channels_in, channels_out, stride):
        super().__init__()
        self.conv1, self.bn1 = conv3x3(channels_in, channels_out, stride), nn.BatchNorm2d(channels_out)
        self.conv2, self.bn2 = conv3x3(channels_out, channels_out, 1), nn.BatchNorm2d(channels_out)
        self.relu = nn.ReLU()
        self.stride, self.new = stride, channels_out - channels_in

    def construct(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.stride > 1:
            x = ops.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.new))
        return self.relu(out + x)


class ResNet20(nn.Cell):
    def __init__(self, classes=10):
        super().__init__()
        self.conv, self.bn, self.relu = conv3x3(3, 16, 1), nn.BatchNorm2d(16), nn.ReLU()
        blocks, before = [], 16
        for width, stride in ((16, 1), (32, 2), (64, 2)):
            for number in range(3):
                blocks.append(BasicBlock(before, width, stride if number == 0 else 1))
                before = width
        self.blocks = nn.SequentialCell(blocks)
        self.head = nn.Dense(64, classes)

    def construct(self, x):
        x = self.blocks(self.relu(self.bn(self.conv(x))))
        return self.head(ops.mean(x, (2, 3)))


def write_digits(folder, seed):
    """CIFAR-10's binary files: in each record a label and 32 x 32 pixels of red, then of green, then of blue."""
    from sklearn.datasets import load_digits

    random = np.random.RandomState(seed)
    digits = load_digits()
    order = random.permutation(len(digits.target))
    ink = np.kron(digits.images[order] / 16, np.ones((4, 4)))[:, None]
    paper, pen = random.uniform(0, 0.5, (2, len(order), 3, 1, 1))
    pictures = paper + ink * (0.5 + pen - paper) + random.normal(0, 0.05, (len(order), 3, 32, 32))
    pixels = (255 * pictures.clip(0, 1)).astype(np.uint8).reshape(len(order), -1)
    records = np.c_[digits.target[order].astype(np.uint8), pixels]
    files = [*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin"]
    for name, part in zip(files, np.array_split(records, 6)):
        part.tofile(Path(folder) / name)


def pictures(folder, usage, batch, flip, rows=None):
    """Batches of (image (N, 3, 32, 32) float32, label (N,) int32)."""
    data = ds.Cifar10Dataset(folder, usage=usage, num_samples=rows, shuffle=usage == "train")
    change = [vision.RandomCrop((32, 32), (4, 4, 4, 4))] + [vision.RandomHorizontalFlip()] * flip
    mean, deviation = [0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]
    convert = [vision.Rescale(1 / 255, 0.0), vision.Normalize(mean, deviation), vision.HWC2CHW()]
    data = data.map(change + convert if usage == "train" else convert, "image", num_parallel_workers=1)
    data = data.map(transforms.TypeCast(ms.int32), "label", num_parallel_workers=1)
    return data.batch(batch, drop_remainder=usage == "train")


class KeepLosses(Callback):
    """The loss of every step."""

    def __init__(self):
        super().__init__()
        self.losses = []

    def on_train_step_end(self, run_context):
        self.losses.append(float(run_context.original_args().net_outputs.asnumpy()))


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--data", type=Path, help="a folder with CIFAR-10's binary files (default: digits)")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="folder for the checkpoints (default: a temporary one)")
    parser.add_argument("--short", action="store_true", help="two steps of eight pictures, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(args.seed)
    ds.config.set_seed(args.seed)
    epochs, batch, rows, top = (2, 8, 8, 1e-3) if args.short else (args.epochs, args.batch, None, args.rate)

    with tempfile.TemporaryDirectory() as temporary:
        folder, out = args.data or Path(temporary), args.out or Path(temporary)
        if args.data is None:
            write_digits(folder, args.seed)
        train = pictures(str(folder), "train", batch, flip=args.data is not None, rows=rows)
        test = pictures(str(folder), "test", batch, flip=False, rows=rows)

        net = ResNet20()
        steps = train.get_dataset_size()
        rates = np.linspace(top / steps, top, steps).tolist()
        rates += nn.cosine_decay_lr(0.0, top, (epochs - 1) * steps, steps, max(1, epochs - 1))
        optimizer = nn.Momentum(net.trainable_params(), rates, momentum=0.9, weight_decay=1e-4)
        loss_fn = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
        model = Model(net, loss_fn, optimizer, metrics={"accuracy"})

        before = model.eval(test)["accuracy"]
        kept = KeepLosses()
        saving = ModelCheckpoint(
            "resnet20", str(out), CheckpointConfig(save_checkpoint_steps=steps, keep_checkpoint_max=2)
        )
        model.train(epochs, train, callbacks=[LossMonitor(max(1, steps // 4)), TimeMonitor(), saving, kept])
        after = model.eval(test)["accuracy"]

        saved = ResNet20()
        ms.load_param_into_net(saved, ms.load_checkpoint(saving.latest_ckpt_file_name))
        again = Model(saved, loss_fn, metrics={"accuracy"}).eval(test)["accuracy"]
        print(
            f"test accuracy: {before:.1%} before, {after:.1%} after; {again:.1%} from {Path(saving.latest_ckpt_file_name).name}"
        )
    return kept.losses


if __name__ == "__main__":
    main()
