"""A learning rate for every step of a training, learned by gradient descent on the loss after it.

    python examples/21_learned_schedule.py

The inner training is 40 steps of momentum on a small classifier; the outer one changes the logarithms of its 40 rates and
its momentum by their gradients, which flow through all 40 steps, in one compiled call.
"""

import argparse

import numpy as np

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


class Learned(nn.Schedule):
    """The exponential of a Parameter with one number per step."""

    def __init__(self, steps, start):
        super().__init__()
        self.logs = Parameter(Tensor(np.full(steps, np.log(start), np.float32)), name="log_rates")

    def at(self, step):
        return ops.exp(ops.gather(self.logs, ops.cast(step, ms.int32), 0))


def quadrants(n, rng):
    """Points, and whether their coordinates have one sign."""
    x = rng.normal(size=(n, 2)).astype(np.float32)
    return Tensor(x), Tensor((x[:, :1] * x[:, 1:] > 0).astype(np.float32))


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--short", action="store_true")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    steps, rounds = (6, 3) if args.short else (40, 60)
    ms.set_seed(0)
    rng = np.random.default_rng(0)
    train, valid = quadrants(256, rng), quadrants(256, rng)
    net = nn.SequentialCell(nn.Dense(2, 24, activation="tanh"), nn.Dense(24, 1))
    loss = nn.BCEWithLogitsLoss()
    schedule = Learned(steps, 0.1)
    logit = Parameter(Tensor(0.0), name="logit")  # of the momentum, which so stays below 1
    momentum = nn.LambdaSchedule(lambda step: ops.sigmoid(logit) + step * 0.0)
    inner = nn.Scheduled(nn.Momentum(net.trainable_params(), schedule, 0.5), momentum=momentum)
    gradient = ms.value_and_grad(lambda: loss(net(train[0]), train[1]), None, inner.parameters)

    def training():
        for _ in range(steps):
            inner(gradient()[1])
        return loss(net(valid[0]), valid[1])

    learned = ms.ParameterTuple([schedule.logs, logit])
    outer = nn.GradientClipping(nn.Adam(learned, 0.03), max_norm=0.1)
    hypergradient = ms.value_and_grad(training, None, learned, through_updates=True)
    start = {p.name: p.asnumpy() for p in [*net.get_parameters(), *inner.moments, inner.global_step]}
    losses = []
    for k in range(rounds):
        for p in [*net.get_parameters(), *inner.moments, inner.global_step]:
            p.set_data(Tensor(start[p.name]))
        value, found = hypergradient()
        outer(found)
        losses.append(float(value))
        if k % 10 == 0 or k == rounds - 1:
            print(
                f"round {k:3}: loss after {steps} steps {losses[-1]:.4f}, momentum {1 / (1 + np.exp(-float(logit))):.2f}"
            )
    rates = np.exp(schedule.logs.asnumpy())
    print("rates:", "  ".join(f"{r:.2f}" for r in rates[:: max(1, steps // 10)]))
    return losses


if __name__ == "__main__":
    main()
