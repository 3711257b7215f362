"""Regression with a multi-layer perceptron and Adam, next to the best straight line.

The function is Friedman's: ten inputs, of which five matter, two of them through a product and one through a square.
A linear model cannot see that; a small MLP can.  Shown on the way: parameter groups (weights decay, biases do not), and
a learning rate that is lowered in mid-training, which compiles nothing because it is a Parameter like any other.

    python examples/03_mlp_regression.py --mode pynative
"""

import argparse

import numpy as np

import minispore as ms
from minispore import Tensor, nn, ops


def friedman(random, samples):
    """x (samples, 10), y (samples, 1) with noise of variance 1; Friedman (1991), Multivariate adaptive splines."""
    x = random.uniform(size=(samples, 10))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    y += random.normal(size=samples)
    return x.astype(np.float32), y[:, None].astype(np.float32)


def r_squared(prediction, y):
    """1: perfect; 0: no better than the mean."""
    return float(1 - np.mean((prediction - y) ** 2) / np.var(y))


def best_line(x, y, x_test):
    """Least squares with a constant."""
    weights, *_ = np.linalg.lstsq(np.c_[x, np.ones(len(x))], y, rcond=None)
    return np.c_[x_test, np.ones(len(x_test))] @ weights


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="100 steps, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(args.seed)
    steps = 100 if args.short else args.steps

    random = np.random.RandomState(args.seed)
    x_train, y_train = friedman(random, 2000)
    x_test, y_test = friedman(random, 1000)
    mean, deviation = y_train.mean(), y_train.std()

    net = nn.SequentialCell(nn.Dense(10, 64), nn.Tanh(), nn.Dense(64, 64), nn.Tanh(), nn.Dense(64, 1))
    weights = [p for p in net.trainable_params() if p.name.endswith("weight")]
    biases = [p for p in net.trainable_params() if p.name.endswith("bias")]
    groups = [{"params": weights, "weight_decay": 1e-4}, {"params": biases, "weight_decay": 0.0}]
    optimizer = nn.Adam(groups, learning_rate=3e-3)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)
    step.set_train()

    losses = []
    for number in range(1, steps + 1):
        if number == steps * 3 // 4:
            ops.assign(optimizer.learning_rate, Tensor(3e-4, ms.float32))
        chosen = random.randint(len(x_train), size=args.batch)
        loss = step(Tensor(x_train[chosen]), Tensor((y_train[chosen] - mean) / deviation))
        losses.append(float(loss))
        if number % max(1, steps // 10) == 0:
            print(f"step {number:5}  loss {losses[-1]:.6f}  learning rate {float(optimizer.learning_rate):.4g}")

    step.set_train(False)
    prediction = net(Tensor(x_test)).asnumpy() * deviation + mean
    print(f"\nR squared on unseen samples: MLP {r_squared(prediction, y_test):.3f}, ", end="")
    print(f"best line {r_squared(best_line(x_train, y_train, x_test), y_test):.3f}, ", end="")
    print(f"possible {1 - 1 / np.var(y_test):.3f} (the rest is noise)")
    return losses


if __name__ == "__main__":
    main()
