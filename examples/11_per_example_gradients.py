"""One gradient for each example, by ``vmap`` of ``grad``: which labels are wrong?

A gradient is usually the mean over a batch.  ``vmap(grad(loss))`` keeps them apart, in one compiled call instead of one
for each example.  Here a tenth of the labels is wrong; after a little training those examples pull the hardest.

    python examples/11_per_example_gradients.py
"""

import argparse
import time

import numpy as np

import minispore as ms
from minispore import Tensor, nn, ops


def blobs(rng, n, wrong):
    """Points (n, 8) around three centres, their labels (n,), and which of these are false."""
    centres = rng.normal(size=(3, 8)) * 2
    true = rng.integers(0, 3, n)
    x = centres[true] + rng.normal(size=(n, 8))
    is_wrong = np.zeros(n, bool)
    is_wrong[rng.permutation(n)[:wrong]] = True
    label = np.where(is_wrong, (true + rng.integers(1, 3, n)) % 3, true)
    return Tensor(x.astype(np.float32)), Tensor(label.astype(np.int32)), is_wrong


def train(net, x, label, steps):
    loss = nn.CrossEntropyLoss()
    step = nn.TrainOneStepCell(nn.WithLossCell(net, loss), nn.Adam(net.trainable_params(), 1e-2))
    step.set_train()
    losses = [float(step(x, label)) for _ in range(steps)]
    net.set_train(False)
    return losses


def gradient_of_one(net):
    """The gradients of all weights for one example (8,) and its label ()."""

    def loss(x, label):
        return ops.cross_entropy(net(ops.reshape(x, (1, 8))), ops.reshape(label, (1,)))

    return ms.grad(loss, None, net.trainable_params())


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--short", action="store_true", help="60 examples")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(1)
    n = 60 if args.short else args.examples
    x, label, is_wrong = blobs(np.random.default_rng(1), n, n // 10)
    net = nn.SequentialCell(nn.Dense(8, 32), nn.ReLU(), nn.Dense(32, 3))
    losses = train(net, x, label, 40)

    one = gradient_of_one(net)
    many = ms.vmap(one)
    gradients = many(x, label)
    norms = np.sqrt(sum((g.asnumpy().reshape(n, -1) ** 2).sum(1) for g in gradients))
    for k in range(3):  # they are what each example gives by itself
        for together, alone in zip(gradients, one(x[k], label[k])):
            np.testing.assert_allclose(together.asnumpy()[k], alone.asnumpy(), rtol=1e-3, atol=1e-5)

    times = []
    for call in (lambda: many(x, label), lambda: [one(x[k], label[k]) for k in range(n)]):
        call()
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    suspects = np.argsort(-norms)[: n // 10]
    print(f"{is_wrong[suspects].sum()} of the {n // 10} largest gradients belong to the {n // 10} wrong labels")
    print(f"{n} gradients: {times[0] * 1e3:.2f} ms at once, {times[1] * 1e3:.2f} ms one by one")
    return losses


if __name__ == "__main__":
    main()
