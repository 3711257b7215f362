"""A physics-informed network: the heat equation solved by training, with second derivatives of the network.

    u_t = a u_xx   for 0 < x < 1, 0 < t < 1,   u(x, 0) = sin(pi x) + 0.5 sin(3 pi x),   u(0, t) = u(1, t) = 0

No solution is shown to the network: the loss is how far the equation is from holding at random points.  u is written
for ONE point; ``grad`` gives u_t, ``jvp`` of ``grad`` gives u_xx, ``vmap`` does it for all points at once, and training
differentiates all that once more.  The beginning and the borders hold by construction.

    python examples/09_pinn.py            # also writes examples/output/pinn.png if matplotlib is there
"""

import argparse
from pathlib import Path

import numpy as np

import minispore as ms
from minispore import Tensor, nn, ops

DIFFUSIVITY = 0.05


def beginning(x, lib=ops):
    return lib.sin(np.pi * x) + 0.5 * lib.sin(3 * np.pi * x)


def exact(x, t):
    """Each wave decays at its own rate."""
    decay = DIFFUSIVITY * np.pi**2 * t
    return np.sin(np.pi * x) * np.exp(-decay) + 0.5 * np.sin(3 * np.pi * x) * np.exp(-9 * decay)


class Heat(nn.Cell):
    """How far the equation is from holding: the mean square of u_t - a u_xx at the points (n, 2) of (x, t)."""

    def __init__(self):
        super().__init__()
        self.net = nn.SequentialCell(nn.Dense(2, 32), nn.Tanh(), nn.Dense(32, 32), nn.Tanh(), nn.Dense(32, 1))

    def u(self, point):
        x, t = point[0], point[1]
        return beginning(x) + t * x * (1.0 - x) * self.net(ops.reshape(point, (1, 2)))[0, 0]

    def residual(self, point):
        gradient = ms.grad(self.u)
        along_x = Tensor(np.array([1.0, 0.0], np.float32))
        (_, u_t), (u_xx, _) = ms.jvp(gradient, point, along_x)
        return u_t - DIFFUSIVITY * u_xx

    def construct(self, points):
        return ops.square(ms.vmap(self.residual)(points)).mean()


def solve(steps, seed):
    ms.set_seed(seed)
    model = Heat()
    step = nn.TrainOneStepCell(
        model, nn.Adam(model.trainable_params(), nn.cosine_decay_lr(1e-4, 5e-3, steps, 1, steps))
    )
    step.set_train()
    rng = np.random.RandomState(seed)
    losses = [float(step(Tensor(rng.uniform(size=(128, 2)).astype(np.float32)))) for _ in range(steps)]
    return model, losses


def on_grid(model):
    """(x, t, u of the network, u exactly), each (41, 21)."""
    x, t = np.meshgrid(np.linspace(0, 1, 41), np.linspace(0, 1, 21), indexing="ij")
    points = Tensor(np.stack([x.ravel(), t.ravel()], 1).astype(np.float32))
    return x, t, ms.vmap(model.u)(points).asnumpy().reshape(x.shape), exact(x, t)


def draw(x, t, found, true, path):
    try:
        import matplotlib
    except ImportError:
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.5))
    for k in (0, 5, 10, 20):
        left.plot(x[:, k], true[:, k], color="0.7", linewidth=4)
        left.plot(x[:, k], found[:, k], label=f"t = {t[0, k]:.2f}")
    left.set(xlabel="x", title="u: network over exact (grey)")
    left.legend()
    image = right.pcolormesh(t, x, found - true, cmap="coolwarm")
    right.set(xlabel="t", ylabel="x", title="network - exact")
    figure.colorbar(image)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    print(f"wrote {path}")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "output")
    parser.add_argument("--short", action="store_true", help="10 steps, no picture")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    model, losses = solve(10 if args.short else args.steps, args.seed)
    x, t, found, true = on_grid(model)
    print(f"residual {losses[0]:.5f} -> {losses[-1]:.7f}; largest error of u: {np.abs(found - true).max():.5f}")
    if not args.short:
        draw(x, t, found, true, args.out / "pinn.png")
    return losses


if __name__ == "__main__":
    main()
