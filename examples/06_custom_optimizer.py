"""Optimizers of one's own: a subclass of nn.Optimizer whose construct is written with small operators.

Nothing sets the built-in optimizers apart from these: a construct is traced like that of any Cell, and ops.assign gives
a Parameter its next value.  The first one is Momentum and must follow nn.Momentum exactly; the second one is Lion (Chen et
al. 2023, Symbolic discovery of optimization algorithms), which nn.Lion has with groups and decay by ``self.prepared_decoupled``.

    python examples/06_custom_optimizer.py --mode pynative
"""

import argparse

import numpy as np

import minispore as ms
from minispore import Tensor, nn, ops


class MyMomentum(nn.Optimizer):
    """m = momentum m + g;  w = w - lr m."""

    def __init__(self, params, learning_rate, momentum):
        super().__init__(learning_rate, params)
        self.momentum = ms.Parameter(Tensor(momentum, ms.float32), name="momentum")  # may change without compiling
        self.moments = self.parameters.clone(prefix="moments", init="zeros")

    def construct(self, gradients):
        lr = self.get_lr()  # of this step, also if the rate is a list or a schedule
        self.assignadd(self.global_step, self.global_step_increase_tensor)
        for weight, moment, gradient in zip(self.parameters, self.moments, gradients):
            ops.assign(moment, self.momentum * moment + gradient)
            ops.assign(weight, weight - lr * moment)  # reads the new moment
        return True


class Lion(nn.Optimizer):
    """w = w - lr (sign(b1 m + (1 - b1) g) + decay w);  m = b2 m + (1 - b2) g."""

    def __init__(self, params, learning_rate, beta1=0.9, beta2=0.99, decay=0.0):
        super().__init__(learning_rate, params)
        self.beta1, self.beta2, self.decay = beta1, beta2, decay
        self.moments = self.parameters.clone(prefix="lion", init="zeros")

    def construct(self, gradients):
        lr = self.get_lr()
        self.assignadd(self.global_step, self.global_step_increase_tensor)
        for weight, moment, gradient in zip(self.parameters, self.moments, gradients):
            direction = ops.sign(self.beta1 * moment + (1 - self.beta1) * gradient)
            ops.assign(weight, weight - lr * (direction + self.decay * weight))
            ops.assign(moment, self.beta2 * moment + (1 - self.beta2) * gradient)
        return True


def spirals(random, samples):
    """Points (samples, 2) on three noisy spiral arms, and the arm's number."""
    arm = random.randint(3, size=samples)
    radius = random.uniform(0.05, 1, size=samples)
    angle = 4 * radius + arm * 2 * np.pi / 3 + 0.15 * random.normal(size=samples)
    return np.c_[radius * np.sin(angle), radius * np.cos(angle)].astype(np.float32), arm.astype(np.int32)


def train(make_optimizer, args, steps):
    """The same weights and batches for each optimizer: losses, and accuracy on new points."""
    ms.set_seed(args.seed)
    random = np.random.RandomState(args.seed)
    x_train, y_train = spirals(random, 600)
    x_test, y_test = spirals(random, 600)
    net = nn.SequentialCell(nn.Dense(2, 64), nn.ReLU(), nn.Dense(64, 64), nn.ReLU(), nn.Dense(64, 3))
    step = nn.TrainOneStepCell(
        nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")),
        make_optimizer(net.trainable_params()),
    )
    step.set_train()
    losses = []
    for _ in range(steps):
        chosen = random.randint(len(x_train), size=64)
        losses.append(float(step(Tensor(x_train[chosen]), Tensor(y_train[chosen]))))
    accuracy = np.mean(net(Tensor(x_test)).asnumpy().argmax(axis=1) == y_test)
    return losses, accuracy


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="50 steps, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    steps = 50 if args.short else args.steps

    results = {}
    for name, make_optimizer in {
        "nn.Momentum": lambda params: nn.Momentum(params, learning_rate=0.1, momentum=0.9),
        "MyMomentum": lambda params: MyMomentum(params, learning_rate=0.1, momentum=0.9),
        "Lion": lambda params: Lion(params, nn.CosineDecayLR(1e-4, 3e-3, steps), decay=0.01),
    }.items():
        losses, accuracy = train(make_optimizer, args, steps)
        results[name] = losses
        shown = "  ".join(f"{losses[at]:.6f}" for at in np.linspace(0, steps - 1, 5).astype(int))
        print(f"{name:12} losses {shown}  accuracy {accuracy:.1%}")

    np.testing.assert_allclose(results["MyMomentum"][:50], results["nn.Momentum"][:50], rtol=1e-5)
    print("MyMomentum and nn.Momentum agree.")
    return results["MyMomentum"] + results["Lion"]


if __name__ == "__main__":
    main()
