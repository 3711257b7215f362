"""An early-stopping solver by ``while``: conjugate gradients for A x = b, compiled, stopping when the residual is small.

The number of turns depends on the values, so the loop runs inside the native call; and the solution is differentiated,
through as many turns as there were: here to find the stiffness of a chain of springs from where its masses came to rest.

    python examples/20_solver_by_while.py
"""

import argparse

import numpy as np

import minispore as ms
from minispore import Tensor, nn, ops


def conjugate_gradients(apply, b, tolerance, most=200):
    """(x with apply(x) = b, turns).  ``apply`` is linear, symmetric and positive definite."""
    x = ops.zeros_like(b)
    residual = direction = b
    square = (b * b).sum()
    turns = 0
    while square > tolerance**2:
        image = apply(direction)
        step = square / (direction * image).sum()
        x = x + step * direction
        residual = residual - step * image
        before = square
        square = (residual * residual).sum()
        direction = residual + (square / before) * direction
        turns += 1
        if turns >= most:
            break
    return x, turns


def chain(stiffness):
    """Forces on masses in a row that hang between two walls on springs: a tridiagonal matrix, never written down."""

    def apply(x):
        stretched = ops.concat([x, ops.zeros((1,), x.dtype)]) - ops.concat([ops.zeros((1,), x.dtype), x])
        force = stiffness * stretched
        return force[:-1] - force[1:]

    return apply


class Spring(nn.Cell):
    """How far from the seen positions the masses would rest with these springs."""

    def __init__(self, n, loads, seen):
        super().__init__()
        self.log_stiffness = ms.Parameter(Tensor(np.zeros(n + 1, np.float32)), name="log_stiffness")
        self.loads, self.seen = loads, seen

    def construct(self):
        rest, turns = conjugate_gradients(chain(ops.exp(self.log_stiffness)), self.loads, 1e-5)
        return ((rest - self.seen) ** 2).mean(), turns


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--short", action="store_true", help="a run of seconds")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    n, steps = 12, 25 if args.short else args.steps
    rng = np.random.RandomState(0)
    true = np.exp(rng.uniform(-0.7, 0.7, n + 1)).astype(np.float32)
    matrix = np.diag(true[:-1] + true[1:]) - np.diag(true[1:-1], 1) - np.diag(true[1:-1], -1)
    loads = rng.randn(n).astype(np.float32)
    seen = np.linalg.solve(matrix, loads).astype(np.float32)

    solve = ms.jit(lambda stiffness, loads, tolerance: conjugate_gradients(chain(stiffness), loads, tolerance))
    for tolerance in (1e-1, 1e-3, 1e-5):
        x, turns = solve(Tensor(true), Tensor(loads), Tensor(tolerance, ms.float32))
        error = np.abs(x.asnumpy() - seen).max()
        print(f"residual below {tolerance:g}: {int(turns):2d} turns, off by {error:.1e} from numpy.linalg.solve")

    net = Spring(n, Tensor(loads), Tensor(seen))
    optimizer = nn.Adam(net.trainable_params(), 0.05)
    gradient = ms.value_and_grad(net, None, net.trainable_params(), has_aux=True)

    @ms.jit
    def train_step():
        (loss, turns), grads = gradient()
        optimizer(grads)
        return loss, turns

    losses = []
    for k in range(steps):
        loss, turns = train_step()
        losses.append(float(loss))
        if k % max(steps // 8, 1) == 0 or k == steps - 1:
            print(
                f"step {k:4d}  misses the seen positions by {losses[-1] ** 0.5:.5f}  ({int(turns)} turns)", flush=True
            )
    return losses


if __name__ == "__main__":
    main()
