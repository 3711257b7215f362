"""Learning rate and momentum found by Optuna: each trial trains the same network, poor ones are stopped early.

Both numbers are Parameters of the optimizer: a trial sets them, so that the step is compiled once for the whole search.

    pip install optuna
    python examples/23_optuna_search.py
"""

import argparse

import numpy as np
import optuna

import minispore as ms
from minispore import Tensor, nn


def spirals(number: int):
    """Points of two spirals, and which of them each belongs to."""
    random = np.random.default_rng(0)
    label = np.arange(number) % 2
    turn = np.sqrt(random.uniform(size=number)) * 2 * np.pi
    angle = turn + np.pi * label
    points = np.stack([turn * np.cos(angle), turn * np.sin(angle)], 1) / np.pi + random.normal(size=(number, 2)) * 0.05
    return points.astype(np.float32), label.astype(np.int32)


class Search:
    """The network and its step, made once; ``self(trial)`` is a training with the numbers that the trial suggests."""

    def __init__(self, epochs: int):
        self.epochs = epochs
        points, label = spirals(512)
        self.seen, self.unseen = (points[:384], label[:384]), (Tensor(points[384:]), Tensor(label[384:]))
        self.net = nn.SequentialCell(nn.Dense(2, 32), nn.Tanh(), nn.Dense(32, 32), nn.Tanh(), nn.Dense(32, 2))
        loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
        self.loss = nn.WithLossCell(self.net, loss)
        self.optimizer = nn.Momentum(self.net.trainable_params(), learning_rate=0.1, momentum=0.9, weight_decay=1e-4)
        self.step = nn.TrainOneStepCell(self.loss, self.optimizer)
        self.start = [p.asnumpy().copy() for p in self.step.get_parameters()]

    def __call__(self, trial) -> float:
        for parameter, value in zip(self.step.get_parameters(), self.start):
            parameter.set_data(Tensor(value))
        self.optimizer.learning_rate = trial.suggest_float("rate", 1e-3, 1.0, log=True)
        self.optimizer.momentum.set_data(Tensor(trial.suggest_float("momentum", 0.0, 0.98), ms.float32))
        batches = ms.dataset.NumpySlicesDataset(self.seen, shuffle=False).batch(64)
        for epoch in range(self.epochs):
            for points, label in batches.create_tuple_iterator(num_epochs=1):
                self.step(points, label)
            unseen = float(self.loss(*self.unseen))
            trial.report(unseen, epoch)
            if trial.should_prune():
                raise optuna.TrialPruned
        return unseen


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mode", choices=("graph", "pynative"), default="graph")
    parser.add_argument("--short", action="store_true", help="a few trials")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(0)

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler, pruner = (
        optuna.samplers.TPESampler(seed=0),
        optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=2),
    )
    study = optuna.create_study(sampler=sampler, pruner=pruner)
    study.optimize(Search(epochs=5 if args.short else 40), n_trials=5 if args.short else 30)
    for trial in study.trials:
        numbers = "  ".join(f"{name} {value:.3g}" for name, value in trial.params.items())
        print(f"trial {trial.number:2d}  {numbers}  loss {trial.value:.4f}  {trial.state.name.lower()}")
    print(f"best: trial {study.best_trial.number}, loss {study.best_value:.4f}")
    return [trial.value for trial in study.trials]


if __name__ == "__main__":
    main()
