"""One training step, three ways of writing it and once by hand.

A training step is a function: (x, y, weights, moments) -> (loss, new weights, new moments).  The framework derives the
gradient and, in GRAPH mode, compiles the whole of it into one call.  Here the network is so small (one layer, two
outputs) that NumPy can do the same in eight lines, and the numbers must agree.

    python examples/01_one_training_step.py --mode pynative
"""

import argparse

import numpy as np

import minispore as ms
from minispore import Tensor, nn

LEARNING_RATE, MOMENTUM = 0.1, 0.9


class Net(nn.Cell):
    """A layer assigned to an attribute becomes a child; its Parameters are named dense.weight and dense.bias."""

    def __init__(self, weight, bias):
        super().__init__()
        out_channels, in_channels = weight.shape
        self.dense = nn.Dense(in_channels, out_channels, weight_init=Tensor(weight), bias_init=Tensor(bias))

    def construct(self, x):
        return self.dense(x)


def with_cells(net, loss_fn, optimizer):
    """The classic way: Cells around Cells.  Calling the outermost one is the step."""
    step = nn.TrainOneStepCell(nn.WithLossCell(net, loss_fn), optimizer)
    step.set_train()
    return step


def with_functions(net, loss_fn, optimizer):
    """The functional way: a function for the loss, one for its gradient; the optimizer is called with the gradients."""

    def forward(x, y):
        prediction = net(x)
        return loss_fn(prediction, y), prediction  # what comes after the loss is passed through (has_aux)

    gradient = ms.value_and_grad(forward, None, optimizer.parameters, has_aux=True)

    def step(x, y):
        (loss, _), grads = gradient(x, y)
        optimizer(grads)
        return loss

    return step


def with_jit(net, loss_fn, optimizer):
    """The same function under ms.jit: gradient and update in one graph, whatever the mode."""
    return ms.jit(with_functions(net, loss_fn, optimizer))


def by_hand(weight, bias):
    """The same without a framework: mean squared error of a linear layer, and Momentum."""
    weight, bias = weight.copy(), bias.copy()
    moments = [np.zeros_like(weight), np.zeros_like(bias)]

    def step(x, y):
        error = x @ weight.T + bias - y
        d_prediction = 2 * error / error.size  # the loss is the mean over all elements
        grads = [d_prediction.T @ x, d_prediction.sum(axis=0)]
        for parameter, moment, grad in zip([weight, bias], moments, grads):
            moment[...] = MOMENTUM * moment + grad
            parameter[...] -= LEARNING_RATE * moment
        return np.mean(error**2)

    return step, {"dense.weight": weight, "dense.bias": bias}


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--short", action="store_true", help="two steps, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    steps = 2 if args.short else args.steps

    random = np.random.RandomState(args.seed)
    weight, bias = random.randn(2, 3).astype(np.float32), random.randn(2).astype(np.float32)
    batches = [(random.randn(4, 3).astype(np.float32), random.randn(4, 2).astype(np.float32)) for _ in range(steps)]

    hand_step, expected = by_hand(weight, bias)
    losses = [float(hand_step(x, y)) for x, y in batches]
    print("by hand        ", *(f"{loss:.6f}" for loss in losses))

    for make_step in (with_cells, with_functions, with_jit):
        net = Net(weight, bias)
        optimizer = nn.Momentum(net.trainable_params(), learning_rate=LEARNING_RATE, momentum=MOMENTUM)
        step = make_step(net, nn.MSELoss(), optimizer)
        losses = [float(step(Tensor(x), Tensor(y))) for x, y in batches]
        print(f"{make_step.__name__:15}", *(f"{loss:.6f}" for loss in losses))
        for parameter in net.trainable_params():
            np.testing.assert_allclose(parameter.asnumpy(), expected[parameter.name], rtol=1e-5, atol=1e-6)

    print(f"\nAfter {steps} steps each way has these weights, equal to 1e-5:")
    for parameter in net.trainable_params():
        print(f"{parameter.name}\n{parameter.asnumpy()}")
    print("\nWhat the optimizer keeps between the steps:", *(p.name for p in optimizer.get_parameters()))
    return losses


if __name__ == "__main__":
    main()
