"""A variational autoencoder of handwritten digits (Kingma and Welling, 2013): what it encodes, and what it dreams.

The digits of scikit-learn in black and white, 8x8.  The loss is the negative evidence lower bound in nats for each image:
the cross entropy of the pixels plus the divergence of the code from a standard normal distribution.  It is compared
with a model of independent pixels, which is what one gets if the code says nothing.

    python examples/15_vae.py
"""

import argparse
from pathlib import Path

import matplotlib
import numpy as np
from sklearn.datasets import load_digits

import minispore as ms
import minispore.dataset as ds
from minispore import Tensor, nn, ops

matplotlib.use("Agg")  # pictures go to files: no screen is needed
from matplotlib import pyplot as plt

PIXELS = 64


class VAE(nn.Cell):
    def __init__(self, hidden, code):
        super().__init__()
        self.encoder = nn.SequentialCell(nn.Dense(PIXELS, hidden), nn.ReLU())
        self.mean, self.log_variance = nn.Dense(hidden, code), nn.Dense(hidden, code)
        self.decoder = nn.SequentialCell(nn.Dense(code, hidden), nn.ReLU(), nn.Dense(hidden, PIXELS))

    def encode(self, x):
        h = self.encoder(x)
        return self.mean(h), self.log_variance(h)

    def construct(self, x):
        """Log odds of the pixels (N, 64), and the mean and log variance of the code (N, C)."""
        mean, log_variance = self.encode(x)
        noise = ops.standard_normal(mean.shape)  # of the code: gradients go around it, through mean and variance
        return self.decoder(mean + ops.exp(0.5 * log_variance) * noise), mean, log_variance


class NegativeELBO(nn.Cell):
    """In nats for each image, the mean over the batch."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def construct(self, x):
        logits, mean, log_variance = self.net(x)
        pixels = ops.binary_cross_entropy_with_logits(logits, x, ops.ones_like(x), ops.ones_like(x), reduction="sum")
        divergence = 0.5 * ops.sum(ops.exp(log_variance) + mean * mean - 1 - log_variance)
        return (pixels + divergence) / x.shape[0]


def digits(seed):
    """Train and test images (N, 64) of zeros and ones."""
    images = (load_digits().data > 8).astype(np.float32)
    images = images[np.random.RandomState(seed).permutation(len(images))]
    return images[:1500], images[1500:]


def independent_pixels(train, test):
    """Nats for each test image when every pixel is a coin of its own, with the frequencies of the train images."""
    odds = (train.sum(0) + 1) / (len(train) + 2)
    return float(-np.mean(np.sum(np.log(np.where(test > 0, odds, 1 - odds)), 1)))


def draw(path, net, images, code, random):
    """Eight test images, what becomes of them, and four rows of dreams."""
    net.set_train(False)
    mean, _ = net.encode(Tensor(images[:8]))
    again = ops.sigmoid(net.decoder(mean)).asnumpy()
    dreams = ops.sigmoid(net.decoder(Tensor(random.standard_normal((32, code)).astype(np.float32)))).asnumpy()
    figure, axes = plt.subplots(6, 8, figsize=(8, 6.3), layout="constrained")
    for axis, pixels in zip(axes.flat, np.concatenate([images[:8], again, dreams])):
        axis.imshow(pixels.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[])
    for row, name in enumerate(["test images", "decoded", "dreams"]):
        axes[row, 0].set_ylabel(name)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--code", type=int, default=8, help="numbers in the code of an image")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "output", help="folder for the picture")
    parser.add_argument("--short", action="store_true", help="two epochs, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(args.seed)
    ds.config.set_seed(args.seed)
    epochs = 2 if args.short else args.epochs

    train, test = digits(args.seed)
    data = ds.NumpySlicesDataset({"image": train}, shuffle=True).batch(args.batch, drop_remainder=True)
    net = VAE(hidden=256, code=args.code)
    loss_net = NegativeELBO(net)
    step = nn.TrainOneStepCell(loss_net, nn.Adam(net.trainable_params(), learning_rate=2e-3))

    before = float(loss_net(Tensor(test)))
    losses = []
    for epoch in range(1, epochs + 1):
        step.set_train()
        losses += [float(step(images)) for (images,) in data.create_tuple_iterator(num_epochs=1)]
        if epoch % max(1, epochs // 6) == 0:
            print(f"epoch {epoch:3}  train {np.mean(losses[-data.get_dataset_size() :]):.4f} nats")

    after = float(loss_net(Tensor(test)))
    coins = independent_pixels(train, test)
    args.out.mkdir(parents=True, exist_ok=True)
    draw(args.out / "vae.png", net, test, args.code, np.random.RandomState(args.seed))
    print(
        f"test images: {before:.2f} nats before, {after:.2f} after; independent pixels {coins:.2f}. Picture: {args.out}"
    )
    return losses


if __name__ == "__main__":
    main()
