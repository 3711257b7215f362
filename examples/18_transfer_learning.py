"""Transfer learning: what a network learned from the digits 0 to 6 helps it with 7 to 9, of which it sees few.

A convolutional network is trained on the first seven digits and saved.  For the other three there are five images each: a
new network takes the convolutions from the checkpoint (``filter_prefix`` leaves the old head out), freezes them and
trains a head of its own; then all of it learns a little more.  Beside it one of the same kind learns from the few images
alone.  Every image is moved to a random place, which is what the five images cannot teach.

    python examples/18_transfer_learning.py
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

import minispore as ms
import minispore.dataset as ds
from minispore import nn
from minispore.train import Callback, Model


class Features(nn.Cell):
    """Images (N, 1, 12, 12) -> features (N, 4 * width)."""

    def __init__(self, width):
        super().__init__()
        self.layers = nn.SequentialCell(
            nn.Conv2d(1, width, 3, has_bias=True), nn.ReLU(), nn.MaxPool2d(2, 2),
            nn.Conv2d(width, 2 * width, 3, has_bias=True), nn.ReLU(), nn.MaxPool2d(2, 2),
            nn.Conv2d(2 * width, 4 * width, 3, pad_mode="valid", has_bias=True), nn.ReLU(), nn.Flatten(),
        )  # fmt: skip

    def construct(self, x):
        return self.layers(x)


class Net(nn.Cell):
    def __init__(self, width, classes):
        super().__init__()
        self.features = Features(width)
        self.head = nn.Dense(4 * width, classes)

    def construct(self, x):
        return self.head(self.features(x))


def batches(images, labels, batch, shuffle):
    return ds.NumpySlicesDataset({"image": images, "label": labels}, shuffle=shuffle).batch(batch)


def split(digits, wanted, per_class, random):
    """Train and test images (N, 1, 12, 12) of some digits, each moved somewhere, and their labels from 0 on."""
    of_class = [random.permutation(np.flatnonzero(digits.target == digit)) for digit in wanted]
    train, test = np.concatenate([c[:per_class] for c in of_class]), np.concatenate([c[per_class:] for c in of_class])
    images = np.full((len(digits.target), 1, 12, 12), -1, np.float32)
    for image, digit, (row, column) in zip(images, digits.images, random.randint(0, 5, (len(images), 2))):
        image[0, row : row + 8, column : column + 8] = (digit - 8) / 8
    labels = (digits.target - wanted[0]).astype(np.int32)
    return (images[train], labels[train]), (images[test], labels[test])


class KeepLosses(Callback):
    """The loss of every step."""

    def __init__(self, losses):
        super().__init__()
        self.losses = losses

    def on_train_step_end(self, run_context):
        self.losses.append(float(run_context.original_args().net_outputs.asnumpy()))


def train(net, train_rows, test_rows, batch, epochs, rate, losses):
    """The test accuracy after it, also printed; only Parameters that are not frozen change."""
    params = net.trainable_params()
    loss_fn = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    model = Model(net, loss_fn, nn.Adam(params, rate), metrics={"accuracy"})
    test = batches(*test_rows, 100, shuffle=False)
    before = model.eval(test)["accuracy"]
    model.train(epochs, batches(*train_rows, batch, shuffle=True), callbacks=[KeepLosses(losses)])
    after = model.eval(test)["accuracy"]
    numbers = sum(int(np.prod(p.shape)) for p in params)
    print(f"{before:6.1%} -> {after:6.1%}  ({len(train_rows[0])} images, {numbers} numbers trained)")
    return after


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--per-class", type=int, default=5, help="images of each new digit")
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="two epochs of a narrow network, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(args.seed)
    ds.config.set_seed(args.seed)
    epochs, width, per_class = (2, 4, 40) if args.short else (args.epochs, args.width, 140)

    digits, random, losses = load_digits(), np.random.RandomState(args.seed), []
    old_train, old_test = split(digits, range(0, 7), per_class, random)
    new_train, new_test = split(digits, range(7, 10), args.per_class, random)

    print("digits 0 to 6:                 ", end="", flush=True)
    old = Net(width, 7)
    train(old, old_train, old_test, 32, epochs, 3e-3, losses)

    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "old.ckpt")
        ms.save_checkpoint(old, path)
        learned = ms.load_checkpoint(path, filter_prefix="head")

    new = Net(width, 3)
    ms.load_param_into_net(new.features, learned, strict_load=True)
    for parameter in new.features.get_parameters():
        parameter.requires_grad = False
    print("digits 7 to 9: only a new head ", end="", flush=True)
    train(new, new_train, new_test, 10, 2 * epochs, 1e-2, losses)

    for parameter in new.get_parameters():
        parameter.requires_grad = True
    print("               then everything ", end="", flush=True)
    transferred = train(new, new_train, new_test, 10, epochs, 1e-3, losses)

    print("               from nothing    ", end="", flush=True)
    from_nothing = train(Net(width, 3), new_train, new_test, 10, 3 * epochs, 3e-3, losses)
    print(f"What was learned before is worth {100 * (transferred - from_nothing):+.1f} points; chance is 33 %.")
    return losses


if __name__ == "__main__":
    main()
