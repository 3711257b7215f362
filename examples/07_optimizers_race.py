"""Optimizers on classic test functions of two variables: where they go, and how near they come to the minimum.

    python examples/07_optimizers_race.py

draws the trajectories into examples/output/optimizers_race.png.
"""

import argparse
from pathlib import Path

import numpy as np

import minispore as ms
from minispore import Tensor, nn


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def beale(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def himmelblau(x, y):
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


FUNCTIONS = {  # function, start, (left, right, bottom, top), minima
    "Rosenbrock": (rosenbrock, (-1.2, 1.0), (-1.8, 1.8, -0.8, 2.2), [(1, 1)]),
    "Beale": (beale, (1.0, 1.5), (-1.0, 4.0, -1.5, 2.0), [(3, 0.5)]),
    "Himmelblau": (
        himmelblau,
        (0.0, -0.5),
        (-5, 5, -5, 5),
        [(3, 2), (-2.8051, 3.1313), (-3.7793, -3.2832), (3.5844, -1.8481)],
    ),
}

OPTIMIZERS = {
    "SGD": lambda p: nn.GradientClipping(nn.SGD(p, 0.002), max_norm=10.0),
    "Momentum": lambda p: nn.GradientClipping(nn.Momentum(p, 0.001, 0.9), max_norm=10.0),
    "RMSProp": lambda p: nn.RMSProp(p, 0.01),
    "Rprop": lambda p: nn.Rprop(p, 0.01),
    "Adam": lambda p: nn.Adam(p, 0.05),
    "NAdam": lambda p: nn.NAdam(p, 0.05),
    "RAdam": lambda p: nn.GradientClipping(nn.RAdam(p, 0.05), max_norm=2.0),
    "Adan": lambda p: nn.Adan(p, 0.05),
    "Lion": lambda p: nn.Lion(p, nn.CosineDecayLR(1e-4, 0.03, 600)),
    "ScheduleFreeAdamW": lambda p: nn.ScheduleFreeAdamW(p, 0.1),
    "LBFGS": lambda p: nn.LBFGS(p, 1.0, max_iter=1, line_search_fn="strong_wolfe"),
}


class Height(nn.Cell):
    """A function at a point that is a Parameter."""

    def __init__(self, function, start):
        super().__init__()
        self.function = function
        self.point = ms.Parameter(Tensor(start, ms.float32), name="point")

    def construct(self):
        return self.function(self.point[0], self.point[1])


def run(function, start, make_optimizer, steps):
    """The points that the optimizer comes by."""
    height = Height(function, start)
    optimizer = make_optimizer(height.trainable_params())
    points = [height.point.asnumpy()]
    if isinstance(optimizer, nn.LBFGS):
        closure = ms.value_and_grad(height, None, optimizer.parameters)
        step = lambda: optimizer.step(closure)
    else:
        step = nn.TrainOneStepCell(height, optimizer)
    for _ in range(steps):
        step()
        points.append(height.point.asnumpy())
    return np.array(points)


def draw(path, trajectories):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(FUNCTIONS), figsize=(18, 6), layout="constrained")
    for ax, (name, (function, start, box, minima)) in zip(axes, FUNCTIONS.items()):
        x, y = np.meshgrid(np.linspace(*box[:2], 300), np.linspace(*box[2:], 300))
        ax.contour(x, y, np.log1p(function(x, y)), 25, cmap="Greys", linewidths=0.6)
        for k, (label, points) in enumerate(trajectories[name].items()):
            ax.plot(*points.T, ".-", markersize=2, linewidth=1, label=label, color=plt.cm.tab20(k))
        ax.plot(*np.array(minima).T, "k*", markersize=10)
        ax.plot(*start, "ko", markersize=5)
        ax.set(title=name, xlim=box[:2], ylim=box[2:])
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    plt.close(figure)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--short", action="store_true", help="a few steps, without the picture")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "output")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    steps = 3 if args.short else args.steps
    trajectories, heights = {}, []
    for name, (function, start, _, minima) in FUNCTIONS.items():
        trajectories[name] = {label: run(function, start, make, steps) for label, make in OPTIMIZERS.items()}
        print(f"{name}: after {steps} steps")
        for label, points in trajectories[name].items():
            distance = np.linalg.norm(np.array(minima) - points[-1], axis=1).min()
            heights.append(float(function(*points[-1].astype(np.float64))))
            print(f"  {label:18} height {heights[-1]:10.3g}   distance to a minimum {distance:8.3g}")
    if not args.short:
        draw(args.out / "optimizers_race.png", trajectories)
        print(f"saved: {args.out / 'optimizers_race.png'}")
    return heights


if __name__ == "__main__":
    main()
