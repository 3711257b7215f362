"""A recurrent network by ops.scan: the turn is written, traced and compiled once, whatever the length of the sequence.

The task: sequences of numbers of which two are marked; the network must add up the marked ones, which it sees far apart.
The loop over time, its gradient and Adam's update are one native call.

    python examples/19_rnn_by_scan.py --length 64
"""

import argparse

import numpy as np

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


class GatedNetwork(nn.Cell):
    """A GRU written out: gates r and z, candidate n, h = (1 - z) n + z h; the answer is read from the last h."""

    def __init__(self, inputs, width):
        super().__init__()
        rng = np.random.RandomState(0)

        def weight(name, *shape):
            return Parameter(Tensor((rng.randn(*shape) / np.sqrt(shape[0])).astype(np.float32)), name=name)

        self.width = width
        self.of_input, self.of_state = weight("of_input", inputs, 3 * width), weight("of_state", width, 3 * width)
        self.bias = Parameter(Tensor(np.zeros(3 * width, np.float32)), name="bias")
        self.answer = nn.Dense(width, 1)

    def turn(self, h, x):
        n = self.width
        a, b = x @ self.of_input + self.bias, h @ self.of_state
        r, z = ops.sigmoid(a[:, :n] + b[:, :n]), ops.sigmoid(a[:, n : 2 * n] + b[:, n : 2 * n])
        candidate = ops.tanh(a[:, 2 * n :] + r * b[:, 2 * n :])
        h = (1.0 - z) * candidate + z * h
        return h, None

    def construct(self, x):
        """``x``: (time, batch, inputs)."""
        h, _ = ops.scan(self.turn, ops.zeros((x.shape[1], self.width)), x)
        return self.answer(h)


def batch(rng, length, size):
    numbers = rng.rand(length, size).astype(np.float32)
    marks = np.zeros((length, size), np.float32)
    for k in range(size):
        marks[rng.choice(length, 2, replace=False), k] = 1.0
    return np.stack([numbers, marks], -1), (numbers * marks).sum(0)[:, None]


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--length", type=int, default=48)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--short", action="store_true", help="a run of seconds")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(1)
    length, steps = (12, 60) if args.short else (args.length, args.steps)
    rng = np.random.RandomState(1)
    net = GatedNetwork(inputs=2, width=64)
    optimizer = nn.Adam(net.trainable_params(), nn.CosineDecayLR(1e-4, 5e-3, steps))
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer).set_train()
    losses = []
    for k in range(steps):
        losses.append(float(step(*map(Tensor, batch(rng, length, 64)))))
        if k % max(steps // 10, 1) == 0 or k == steps - 1:
            print(f"step {k:5d}  mean square error {np.mean(losses[-20:]):.4f}  (guessing the mean: 0.167)", flush=True)
    for more in (0, length // 4):
        x, y = batch(rng, length + more, 200)
        error = float(((net(Tensor(x)).asnumpy() - y) ** 2).mean())
        print(f"on new sequences of length {length + more}: {error:.4f}")
    return losses


if __name__ == "__main__":
    main()
