"""An op of one's own: one expression, one gradient, and it runs op by op, compiled, fused, and differentiated again.

log(cosh(x)) is a loss that is square near zero and linear far out.  Written from existing ops it already works; as a
defined op its value is stable for large x and its gradient is the short one, tanh(x).

    python examples/05_custom_op.py --mode graph
"""

import argparse

import numpy as np

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.extend import elementwise

# The expression is evaluated by NumPy in PYNATIVE mode and pasted into the fused loop in GRAPH mode.
# The gradient is written with ops, so it fuses too and can be differentiated again.
log_cosh = elementwise(
    "log_cosh",
    "fabs(x) + log1p(exp(-2 * fabs(x))) - 0.6931471805599453",
    types="float",
    vjp=lambda g, out, x: g * ops.tanh(x),
)


class LogCoshLoss(nn.Cell):
    """The mean of log(cosh(prediction - target))."""

    def construct(self, prediction, target):
        return log_cosh(prediction - target).mean()


def check_by_hand(x):
    """The value and both derivatives against NumPy's formulas."""
    value = log_cosh(Tensor(x)).asnumpy()
    first = ms.grad(log_cosh)(Tensor(x)).asnumpy()
    second = ms.grad(lambda t: ms.grad(log_cosh)(t))(Tensor(x)).asnumpy()
    np.testing.assert_allclose(value, np.logaddexp(x, -x) - np.log(2), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(first, np.tanh(x), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(second, 1 - np.tanh(x) ** 2, rtol=1e-4, atol=1e-6)


def fit(steps):
    """Fits a line through points of which some lie far off; the squared error would be drawn to those."""
    rng = np.random.RandomState(0)
    x = rng.uniform(-1, 1, (64, 1)).astype(np.float32)
    y = (2.0 * x + 0.5).astype(np.float32)
    y[::8] += 5.0  # every eighth point is wrong
    net = nn.Dense(1, 1, weight_init="zeros", bias_init="zeros")
    optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, LogCoshLoss()), optimizer)
    step.set_train()
    losses = [float(step(Tensor(x), Tensor(y))) for _ in range(steps)]
    return losses, float(net.weight), float(net.bias)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--short", action="store_true", help="a run of seconds")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    check_by_hand(np.array([-30.0, -1.5, 0.0, 0.3, 2.0, 80.0], np.float32))
    print("value, first and second derivative agree with NumPy")
    losses, slope, offset = fit(50 if args.short else args.steps)
    print(f"loss {losses[0]:.4f} -> {losses[-1]:.4f}; the line is y = {slope:.3f} x + {offset:.3f} (true: 2 x + 0.5)")
    return losses


if __name__ == "__main__":
    main()
