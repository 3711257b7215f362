"""Every learning rate schedule, as the optimizer gets it step by step.

    python examples/08_learning_rates.py

draws them into examples/output/learning_rates.png; the picture in docs/ is made by ``--out docs/images``.
"""

import argparse
from pathlib import Path

import numpy as np

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.nn import optim_ex as optim
from minispore.nn.optim_ex import lr_scheduler

STEPS = 60


CELLS = {
    "ExponentialDecayLR": nn.ExponentialDecayLR(0.1, 0.5, 15),
    "ExponentialDecayLR, is_stair": nn.ExponentialDecayLR(0.1, 0.5, 15, True),
    "NaturalExpDecayLR": nn.NaturalExpDecayLR(0.1, 0.05, 15),
    "InverseDecayLR": nn.InverseDecayLR(0.1, 0.5, 5),
    "CosineDecayLR": nn.CosineDecayLR(0.01, 0.1, 50),
    "PolynomialDecayLR": nn.PolynomialDecayLR(0.1, 0.01, 20, 0.5),
    "PolynomialDecayLR, again and again": nn.PolynomialDecayLR(0.1, 0.01, 20, 0.5, True),
    "WarmUpLR": nn.WarmUpLR(0.1, 20),
    "LambdaDecayLR": nn.LambdaDecayLR(
        0.1, lambda step: ops.minimum(1.0, step / 10) / ops.sqrt(ops.maximum(step / 10, 1.0))
    ),
    "WarmUp of a CosineSchedule": nn.WarmUp(nn.CosineSchedule(0.1, 0.0, STEPS - 10), 10),
    "WarmUp of 0.1": nn.WarmUp(0.1, 10),
    "LinearSchedule": nn.LinearSchedule(0.1, 0.0, STEPS),
    "CosineSchedule": nn.CosineSchedule(0.1, 0.0, STEPS),
    "PolynomialSchedule": nn.PolynomialSchedule(0.1, 0.0, STEPS, 2.0),
    "ExponentialSchedule": nn.ExponentialSchedule(0.1, 0.5, 15),
    "ConstantSchedule": nn.ConstantSchedule(0.1),
    "LambdaSchedule": nn.LambdaSchedule(lambda step: 0.1 / ops.sqrt(step + 1.0)),
    "InverseSqrtSchedule": nn.InverseSqrtSchedule(0.1, 10),
    "TrapezoidSchedule": nn.TrapezoidSchedule(0.1, STEPS, 10, 20),
    "OneCycleSchedule": nn.OneCycleSchedule(0.1, STEPS),
    "CyclicSchedule, each half as high": nn.CyclicSchedule(0.01, 0.1, 8, factor=0.5),
    "CosineRestartsSchedule": nn.CosineRestartsSchedule(0.1, 0.0, 8, 2),
    "SequentialSchedule": nn.SequentialSchedule(
        [nn.ConstantSchedule(0.1), nn.ConstantSchedule(0.05), nn.CosineSchedule(0.05, 0.0, 20)], [20, 40]
    ),
    "LinearSchedule * CyclicSchedule": nn.LinearSchedule(1.0, 0.0, STEPS) * nn.CyclicSchedule(0.05, 0.1, 5),
}
LISTS = {
    "piecewise_constant_lr": nn.piecewise_constant_lr([15, 40, STEPS], [0.1, 0.05, 0.01]),
    "warmup_lr, by epochs of 5": nn.warmup_lr(0.1, STEPS, 5, 6),
}
SCHEDULERS = {
    "StepLR": lambda o: lr_scheduler.StepLR(o, 15, 0.5),
    "MultiStepLR": lambda o: lr_scheduler.MultiStepLR(o, [10, 40], 0.5),
    "ConstantLR": lambda o: lr_scheduler.ConstantLR(o, 0.3, 15),
    "LinearLR": lambda o: lr_scheduler.LinearLR(o, 0.1, 1.0, 20),
    "ExponentialLR": lambda o: lr_scheduler.ExponentialLR(o, 0.95),
    "PolynomialLR": lambda o: lr_scheduler.PolynomialLR(o, 40, 2.0),
    "LambdaLR": lambda o: lr_scheduler.LambdaLR(o, lambda epoch: 0.9**epoch),
    "MultiplicativeLR": lambda o: lr_scheduler.MultiplicativeLR(o, lambda epoch: 0.9 + epoch / 600),
    "SequentialLR": lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o, 0.1, 1.0, 10), lr_scheduler.ExponentialLR(o, 0.95)], [10]
    ),
    "OneCycleLR": lambda o: lr_scheduler.OneCycleLR(o, 0.1, STEPS + 1),
    "CosineAnnealingLR": lambda o: lr_scheduler.CosineAnnealingLR(o, 20),
    "CosineAnnealingWarmRestarts": lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 10, 2),
    "CyclicLR": lambda o: lr_scheduler.CyclicLR(o, 0.01, 0.1, 10, mode="triangular2"),
}


def by_steps(rate):
    """What an optimizer with this learning rate says before each step."""
    optimizer = nn.SGD([ms.Parameter(Tensor([0.0]), name="w")], rate)
    read = []
    for _ in range(STEPS):
        read.append(float(optimizer.get_lr()))
        optimizer((Tensor([0.0]),))
    return read


def by_epochs(make):
    """The rates that a scheduler gives its optimizer, one step of the scheduler per epoch."""
    optimizer = optim.SGD([ms.Parameter(Tensor([0.0]), name="w")], 0.1)
    scheduler = make(optimizer)
    read = []
    for _ in range(STEPS):
        read.append(float(scheduler.get_last_lr()[0]))
        scheduler.step()
    return read


def draw(path, rates):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    columns = 4
    rows = -(-len(rates) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(14, 2.2 * rows), sharex=True, sharey=True, layout="constrained")
    for ax, (name, values) in zip(axes.flat, rates.items()):
        ax.plot(values, ".-", markersize=3, linewidth=1)
        ax.set_title(name, fontsize=9)
    for ax in axes.flat[len(rates) :]:
        ax.axis("off")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=64)
    plt.close(figure)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--short", action="store_true", help="without the picture")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "output")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    rates = {name: by_steps(rate) for name, rate in (CELLS | LISTS).items()}
    rates |= {name: by_epochs(make) for name, make in SCHEDULERS.items()}
    for name, values in rates.items():
        print(f"{name:36}", "  ".join(f"{values[k]:.4f}" for k in range(0, STEPS, 10)))
    if not args.short:
        draw(args.out / "learning_rates.png", rates)
        print(f"saved: {args.out / 'learning_rates.png'}")
    return np.sum(list(rates.values()), axis=1).tolist()


if __name__ == "__main__":
    main()
