"""The sharpness of a loss: the largest eigenvalue of its Hessian, without ever forming the Hessian.

``jvp`` of ``grad`` gives the Hessian times a vector at a few times the price of a gradient; power iteration needs
nothing more.  The eigenvalue L says how far gradient descent may go: near a minimum it converges for a learning rate
below 2 / L and diverges above.  Both are shown.  The weights are a dict: transforms take and give structures.

    python examples/10_hessian_vector.py --mode pynative
"""

import argparse

import numpy as np

import minispore as ms
from minispore import Tensor, ops


def data(rng):
    x = rng.uniform(-1, 1, (64, 2))
    return Tensor(x), Tensor(np.sin(2 * x[:, :1]) * x[:, 1:])


def initial(rng, width=16):
    return {
        "w1": Tensor(rng.normal(size=(2, width))), "b1": Tensor(np.zeros(width)),
        "w2": Tensor(rng.normal(size=(width, 1)) / np.sqrt(width)), "b2": Tensor(np.zeros(1)),
    }  # fmt: skip


def loss_on(x, y):
    def loss(p):
        prediction = ops.tanh(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
        return ops.square(prediction - y).mean()

    return loss


def hessian_vector(loss):
    gradient = ms.grad(loss)
    return lambda p, v: ms.jvp(gradient, (p,), (v,))[1]


def each(function, *dicts):
    return {k: function(*[d[k] for d in dicts]) for k in dicts[0]}


def norm(v):
    return float(np.sqrt(sum(float((t * t).sum()) for t in v.values())))


def sharpness(product, p, rng, turns):
    """Estimates of the largest eigenvalue by power iteration, and the direction that it belongs to."""
    v = each(lambda t: Tensor(rng.normal(size=t.shape)), p)
    estimates = []
    for _ in range(turns):
        length = norm(v)
        v = each(lambda t, n=length: t * (1.0 / n), v)
        v = product(p, v)
        estimates.append(norm(v))
    return estimates, v


def descend(value_and_gradient, p, rate, steps):
    losses = []
    for _ in range(steps):
        value, g = value_and_gradient(p)
        losses.append(float(value))
        p = each(lambda t, d: t - d * rate, p, g)
    return p, losses


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--steps", type=int, default=3000, help="of gradient descent towards a minimum")
    parser.add_argument("--short", action="store_true", help="a run of seconds")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    rng = np.random.default_rng(1)
    loss = loss_on(*data(rng))
    value_and_gradient, product = ms.value_and_grad(loss), hessian_vector(loss)
    p, losses = descend(value_and_gradient, initial(rng), 0.1, 20 if args.short else args.steps)
    print(f"loss {losses[0]:.4f} -> {losses[-1]:.6f}")
    estimates, top = sharpness(product, p, rng, 10 if args.short else 50)
    largest = estimates[-1]
    print(f"largest eigenvalue of the Hessian of {sum(t.size for t in p.values())} weights: {largest:.4f}")

    # a small push along that direction shrinks or grows by |1 - rate * largest| with every step
    push = 1e-3 / norm(top)
    pushed = each(lambda t, d: t + d * push, p, top)
    for factor in (0.9, 1.1):
        there, _ = descend(value_and_gradient, pushed, factor * 2 / largest, 30)
        here, _ = descend(value_and_gradient, p, factor * 2 / largest, 30)
        grown = norm(each(lambda a, b: a - b, there, here)) / 1e-3
        print(f"learning rate {factor} * 2 / L: after 30 steps the push is {grown:.3f} times as large")
    return estimates


if __name__ == "__main__":
    main()
