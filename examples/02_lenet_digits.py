"""LeNet-5 learns handwritten digits: the 1797 real ones that come with scikit-learn.

The images have 8x8 pixels; each pixel is drawn as 4x4 so that they fit LeNet's 32x32.  Every batch is moved by up to
two of the small pixels, so that the network does not learn positions by heart.  The last batch of an epoch is smaller
than the others, which compiles nothing: a compiled step takes its sizes as arguments.

    python examples/02_lenet_digits.py            # or: make demo
"""

import argparse
from pathlib import Path

import matplotlib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tqdm import tqdm

import minispore as ms
from minispore import Tensor, nn
from minispore.common.initializer import HeNormal

matplotlib.use("Agg")  # pictures go to files: no screen is needed
from matplotlib import pyplot as plt


class LeNet5(nn.Cell):
    def __init__(self):
        super().__init__()
        init = HeNormal()  # where a ReLU follows: it keeps the size of the signal
        self.conv1 = nn.Conv2d(1, 6, 5, pad_mode="valid", weight_init=init)
        self.conv2 = nn.Conv2d(6, 16, 5, pad_mode="valid", weight_init=init)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Dense(16 * 5 * 5, 120, weight_init=init)
        self.fc2 = nn.Dense(120, 84, weight_init=init)
        self.fc3 = nn.Dense(84, 10)

    def construct(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        x = self.flatten(x)
        x = self.relu(self.fc1(x))
        x = self.relu(self.fc2(x))
        return self.fc3(x)


def digits(seed):
    """Train images, test images (N, 1, 32, 32) of mean 0 and deviation 1, train labels, test labels."""
    data = load_digits()
    images = np.kron((data.images - data.images.mean()) / data.images.std(), np.ones((4, 4)))[:, None]
    images = images.astype(np.float32)
    return train_test_split(
        images, data.target.astype(np.int32), test_size=0.2, random_state=seed, stratify=data.target
    )


def draw_curve(path, losses, accuracies):
    """The loss of every step, and the accuracy on the test images after every epoch."""
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(7, 6), layout="constrained")
    upper.plot(np.arange(1, len(losses) + 1), losses, linewidth=1, alpha=0.5, label="every step")
    epochs = np.array_split(losses, len(accuracies))
    upper.plot(np.cumsum([len(e) for e in epochs]), [np.mean(e) for e in epochs], color="C0", label="mean of an epoch")
    upper.set(xlabel="step", ylabel="training loss", yscale="log")
    upper.legend()
    lower.plot(np.arange(1, len(accuracies) + 1), np.multiply(accuracies, 100), marker="o")
    lower.set(xlabel="epoch", ylabel="test accuracy, %")
    lower.xaxis.get_major_locator().set_params(integer=True)
    for axes in (upper, lower):
        axes.grid(alpha=0.3)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def draw_predictions(path, images, labels, predictions):
    """Forty test images under what the network says; the wrong ones first, in red."""
    order = np.argsort(predictions == labels, kind="stable")[:40]
    figure, axes = plt.subplots(5, 8, figsize=(8, 6), layout="constrained")
    for at, axis in zip(order, axes.flat):
        right = predictions[at] == labels[at]
        axis.imshow(images[at, 0], cmap="gray_r")
        axis.set_title(
            f"{predictions[at]}" if right else f"{predictions[at]}, is {labels[at]}",
            color="black" if right else "red",
            fontsize=9,
        )
        axis.axis("off")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "output", help="folder for the pictures")
    parser.add_argument("--short", action="store_true", help="two epochs, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(args.seed)
    epochs = 2 if args.short else args.epochs

    x_train, x_test, y_train, y_test = digits(args.seed)
    batches = -(-len(x_train) // args.batch)

    net = LeNet5()
    loss_fn = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    rate = nn.CosineDecayLR(min_lr=0.0, max_lr=0.02, decay_steps=epochs * batches)
    optimizer = nn.Momentum(net.trainable_params(), learning_rate=rate, momentum=0.9)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, loss_fn), optimizer)

    random = np.random.RandomState(args.seed)
    losses, accuracies = [], []
    with tqdm(total=epochs * batches, unit="step", disable=None) as bar:  # None: on a terminal only
        for epoch in range(1, epochs + 1):
            step.set_train()
            for chosen in np.array_split(random.permutation(len(x_train)), range(args.batch, len(x_train), args.batch)):
                moved = np.roll(x_train[chosen], tuple(random.randint(-2, 3, size=2)), axis=(2, 3))
                loss = step(Tensor(moved), Tensor(y_train[chosen]))
                losses.append(float(loss))
                bar.set_postfix(loss=f"{losses[-1]:.4f}", refresh=False)
                bar.update()
            net.set_train(False)
            predictions = net(Tensor(x_test)).asnumpy().argmax(axis=1)
            accuracies.append(float(np.mean(predictions == y_test)))
            mean_loss = np.mean(losses[-batches:])
            tqdm.write(f"epoch {epoch:2}  loss {mean_loss:.6f}  test accuracy {accuracies[-1]:.2%}")

    args.out.mkdir(parents=True, exist_ok=True)
    draw_curve(args.out / "lenet_curve.png", losses, accuracies)
    draw_predictions(args.out / "lenet_predictions.png", x_test, y_test, predictions)
    print(f"{accuracies[-1]:.2%} of {len(y_test)} test digits are right. Pictures: {args.out}")
    return losses


if __name__ == "__main__":
    main()
