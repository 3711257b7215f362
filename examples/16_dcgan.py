"""A DCGAN invents handwritten digits (Radford et al., 2015): two networks, two optimizers, steps in turn.

The discriminator learns to tell the digits of scikit-learn (doubled to 16x16) from those of the generator; the
generator learns to be mistaken.  As the losses of such a pair say little, a classifier judges at the end: it knows real
digits, and says of how many inventions it is sure, and which digits it sees.

    python examples/16_dcgan.py
"""

import argparse
from pathlib import Path

import matplotlib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

import minispore as ms
import minispore.dataset as ds
from minispore import Tensor, nn, ops
from minispore.common.initializer import Normal

matplotlib.use("Agg")  # pictures go to files: no screen is needed
from matplotlib import pyplot as plt

CODE = 32  # random numbers from which a picture is made


class Generator(nn.Cell):
    """(N, CODE, 1, 1) -> pictures (N, 1, 16, 16) from -1 to 1."""

    def __init__(self, width):
        super().__init__()

        def up(channels_in, channels_out, stride, pad):
            return nn.Conv2dTranspose(
                channels_in, channels_out, 4, stride, pad_mode="pad", padding=pad, weight_init=Normal(0.02)
            )

        self.net = nn.SequentialCell(
            up(CODE, 2 * width, 1, 0), nn.BatchNorm2d(2 * width), nn.ReLU(),
            up(2 * width, width, 2, 1), nn.BatchNorm2d(width), nn.ReLU(),
            up(width, 1, 2, 1), nn.Tanh(),
        )  # fmt: skip

    def construct(self, code):
        return self.net(code)


class Discriminator(nn.Cell):
    """Pictures (N, 1, 16, 16) -> log odds (N,) that they are real."""

    def __init__(self, width):
        super().__init__()

        def down(channels_in, channels_out, stride, pad):
            return nn.Conv2d(
                channels_in, channels_out, 4, stride, pad_mode="pad", padding=pad, weight_init=Normal(0.02)
            )

        self.net = nn.SequentialCell(
            down(1, width, 2, 1), nn.LeakyReLU(0.2),
            down(width, 2 * width, 2, 1), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2),
            down(2 * width, 1, 1, 0), nn.Flatten(),
        )  # fmt: skip

    def construct(self, pictures):
        return self.net(pictures).squeeze(1)


class DiscriminatorLoss(nn.Cell):
    def __init__(self, generator, discriminator):
        super().__init__(auto_prefix=False)  # the Parameters keep the names of their own networks
        self.generator, self.discriminator, self.loss = generator, discriminator, nn.BCEWithLogitsLoss()

    def construct(self, real, code):
        invented = ops.stop_gradient(self.generator(code))
        found, taken_in = self.discriminator(real), self.discriminator(invented)
        return self.loss(found, 0.9 * ops.ones_like(found)) + self.loss(taken_in, ops.zeros_like(taken_in))


class GeneratorLoss(nn.Cell):
    def __init__(self, generator, discriminator):
        super().__init__(auto_prefix=False)
        self.generator, self.discriminator, self.loss = generator, discriminator, nn.BCEWithLogitsLoss()

    def construct(self, code):
        taken_in = self.discriminator(self.generator(code))
        return self.loss(taken_in, ops.ones_like(taken_in))


class Trainer:
    """A step of each network in turn; each train cell changes the weights of its own optimizer only."""

    def __init__(self, generator, discriminator, rate):
        def adam(net):
            return nn.Adam(net.trainable_params(), rate, beta1=0.5)

        self.of_discriminator = nn.TrainOneStepCell(DiscriminatorLoss(generator, discriminator), adam(discriminator))
        self.of_generator = nn.TrainOneStepCell(GeneratorLoss(generator, discriminator), adam(generator))
        for cell in (self.of_discriminator, self.of_generator):
            cell.set_train()

    def step(self, real, code):
        return float(self.of_discriminator(real, code)), float(self.of_generator(code))


def codes(random, count):
    return Tensor(random.standard_normal((count, CODE, 1, 1)).astype(np.float32))


class Judge:
    """Logistic regression on the real pictures."""

    def __init__(self, pictures, labels):
        self.model = LogisticRegression(max_iter=200).fit(pictures.reshape(len(pictures), -1), labels)

    def __call__(self, pictures):
        """The share of pictures of which it is 90 % sure, and the number of different digits among them."""
        odds = self.model.predict_proba(pictures.reshape(len(pictures), -1))
        sure = odds.max(1) > 0.9
        return float(sure.mean()), len(set(odds[sure].argmax(1)))


def draw(path, pictures):
    figure, axes = plt.subplots(8, 12, figsize=(9, 6), layout="constrained")
    for axis, picture in zip(axes.flat, pictures):
        axis.imshow(picture[0], cmap="gray_r", vmin=-1, vmax=1)
        axis.axis("off")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--width", type=int, default=32, help="channels of the widest layer / 2")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "output", help="folder for the picture")
    parser.add_argument("--short", action="store_true", help="three steps of narrow networks, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(args.seed)
    ds.config.set_seed(args.seed)
    epochs, batch, width, rows = (1, 16, 8, 48) if args.short else (args.epochs, args.batch, args.width, None)

    digits = load_digits()
    pictures = np.kron(digits.images / 8 - 1, np.ones((2, 2)))[:, None].astype(np.float32)
    data = ds.NumpySlicesDataset({"picture": pictures[:rows]}, shuffle=True).batch(batch, drop_remainder=True)
    judge = Judge(pictures, digits.target)

    generator, discriminator = Generator(width), Discriminator(width)
    trainer = Trainer(generator, discriminator, rate=1e-3)
    random = np.random.RandomState(args.seed)
    shown = codes(random, 500)

    losses = []
    for epoch in range(1, epochs + 1):
        for (real,) in data.create_tuple_iterator(num_epochs=1):
            losses.append(trainer.step(real, codes(random, batch)))
        if epoch == 1 or epoch % 5 == 0:
            of_both = np.mean(losses[-data.get_dataset_size() :], axis=0)
            sure, kinds = judge(generator(shown).asnumpy())
            print(f"epoch {epoch:3}  losses {of_both[0]:.4f} (discriminator) {of_both[1]:.4f} (generator)  ", end="")
            print(f"sure of {sure:.0%}, {kinds} kinds")

    invented = generator(shown).asnumpy()
    args.out.mkdir(parents=True, exist_ok=True)
    draw(args.out / "dcgan.png", invented)
    sure, kinds = judge(invented)
    noise = judge(random.uniform(-1, 1, invented.shape))
    print(f"The judge is sure of {sure:.0%} of the inventions and sees {kinds} of 10 digits", end=" ")
    print(f"({judge(pictures)[0]:.0%} of real ones, {noise[0]:.0%} of noise). Picture: {args.out}")
    return losses


if __name__ == "__main__":
    main()
