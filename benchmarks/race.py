#!/usr/bin/env python3
"""Every optimizer on five small real problems, its rate tuned on the same grid, several seeds: all copies in one call.

    make race                                            all of it: docs/race.md and its pictures
    python benchmarks/race.py --problems digits --optimizers Adam,Lion --steps 50
    python benchmarks/race.py --keep race.jsonl          what has run is kept there, and a second start goes on from it

For each optimizer and problem, ``ms.sweep`` trains one copy for each rate and seed.  The best rate is that with the least
median over the seeds of the loss of the last tenth of the steps.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from race_problems import PROBLEMS

import minispore as ms
from minispore import Parameter, Tensor, nn

DOCS = Path(__file__).resolve().parent.parent / "docs"
RATES = np.geomspace(1e-4, 3.0, 10)
LEFT_OUT = {("equation", "SophiaH")}  # a third derivative of a second derivative: minutes to compile

OPTIMIZERS = {  # (parameters, rate) -> optimizer
    "SGD": lambda p, lr: nn.SGD(p, lr),
    "Momentum": lambda p, lr: nn.Momentum(p, lr, 0.9),
    "Nesterov": lambda p, lr: nn.Momentum(p, lr, 0.9, use_nesterov=True),
    "RMSProp": lambda p, lr: nn.RMSProp(p, lr),
    "Adagrad": lambda p, lr: nn.Adagrad(p, learning_rate=lr),
    "Adadelta": lambda p, lr: nn.Adadelta(p, lr),
    "FTRL": lambda p, lr: nn.FTRL(p, learning_rate=lr),
    "ProximalAdagrad": lambda p, lr: nn.ProximalAdagrad(p, learning_rate=lr),
    "Rprop": lambda p, lr: nn.Rprop(p, lr),
    "ASGD": lambda p, lr: nn.ASGD(p, lr),
    "Adam": lambda p, lr: nn.Adam(p, lr),
    "AdamW": lambda p, lr: nn.AdamW(p, lr),
    "AdaMax": lambda p, lr: nn.AdaMax(p, lr),
    "NAdam": lambda p, lr: nn.NAdam(p, lr),
    "RAdam": lambda p, lr: nn.RAdam(p, lr),
    "Adan": lambda p, lr: nn.Adan(p, lr),
    "AdaBelief": lambda p, lr: nn.AdaBelief(p, lr),
    "AdEMAMix": lambda p, lr: nn.AdEMAMix(p, lr, beta3=0.99, alpha=2.0),
    "ADOPT": lambda p, lr: nn.ADOPT(p, lr),
    "MARS": lambda p, lr: nn.MARS(p, lr),
    "AdaFactor": lambda p, lr: nn.AdaFactor(p, lr, scale_parameter=False, relative_step=False),
    "Lamb": lambda p, lr: nn.Lamb(p, lr),
    "Lion": lambda p, lr: nn.Lion(p, lr),
    "Tiger": lambda p, lr: nn.Tiger(p, lr),
    "RefinedLion": lambda p, lr: nn.RefinedLion(p, lr),
    "Muon": lambda p, lr: nn.Muon(p, lr),
    "Shampoo": lambda p, lr: nn.Shampoo(p, lr, 0.9, frequency=10, max_size=128),
    "SOAP": lambda p, lr: nn.SOAP(p, lr, weight_decay=0.0, max_size=128),
    "SophiaH": lambda p, lr: nn.SophiaH(p, lr),
    "Prodigy": lambda p, lr: nn.Prodigy(p, lr),
    "DAdaptAdam": lambda p, lr: nn.DAdaptAdam(p, lr),
    "ScheduleFreeSGD": lambda p, lr: nn.ScheduleFreeSGD(p, lr),
    "ScheduleFreeAdamW": lambda p, lr: nn.ScheduleFreeAdamW(p, lr),
    "Cautious(AdamW)": lambda p, lr: nn.Cautious(nn.AdamW(p, lr)),
    "Cautious(Lion)": lambda p, lr: nn.Cautious(nn.Lion(p, lr)),
    "Lookahead(Adam)": lambda p, lr: nn.Lookahead(nn.Adam(p, lr)),
    "Grokfast(Adam)": lambda p, lr: nn.Grokfast(nn.Adam(p, lr)),
    "SAM(Adam)": lambda p, lr: nn.SAM(nn.Adam(p, lr)),
}


def run(problem, make, steps: int, seeds: int) -> np.ndarray:
    """Losses (rates, seeds, steps)."""

    def step(learning_rate):
        net = problem.network()
        return nn.TrainOneStepCell(net, make(net.trainable_params(), learning_rate)).set_train()

    runs = ms.sweep(step, learning_rate=RATES, seed=range(seeds))
    losses = np.stack([runs(*batch).asnumpy() for batch in problem.batches(steps)], -1)
    return losses.reshape(len(RATES), seeds, steps)


def judged(losses: np.ndarray) -> dict:
    """The best rate, its loss at the end (median, least and most over the seeds), and its curves."""
    last = losses[..., -max(1, losses.shape[-1] // 10) :].mean(-1)
    last = np.where(np.isfinite(last), last, np.inf)
    k = int(np.argmin(np.median(last, 1)))
    return {
        "rate": float(RATES[k]), "loss": float(np.median(last[k])), "least": float(last[k].min()),
        "most": float(last[k].max()), "curves": losses[k].tolist(),
    }  # fmt: skip


def cost(make) -> dict:
    """Numbers kept and nanoseconds per weight of one update of 16 matrices of 128 x 128."""
    ms.set_context(mode=ms.GRAPH_MODE)
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(128, 128)).astype(np.float32) for _ in range(16)]
    weights = [Parameter(Tensor(a), name=f"w{k}") for k, a in enumerate(arrays)]
    optimizer = make(weights, 1e-3)
    count = sum(a.size for a in arrays)
    kept = sum(p.size for p in optimizer.get_parameters()) - count
    if optimizer.needs_loss:
        return {"numbers": round(kept / count, 2), "ns": None}
    gradients = tuple(Tensor(a * 0.1) for a in arrays)
    seconds = []
    for _ in range(6):  # ten updates: with a renewal of SOAP and Shampoo, whose cost is spread over the steps
        started = time.perf_counter()
        for _ in range(10):
            optimizer(gradients)
        seconds.append((time.perf_counter() - started) / 10)
    return {"numbers": round(kept / count, 2), "ns": round(1e9 * min(seconds[1:]) / count, 2)}


class Kept:
    """Results in a file, one a line, so that a race that is stopped can go on."""

    def __init__(self, path: Path | None, steps: int, seeds: int):
        self.path, self.size, self.found = path, [steps, seeds], {}
        for line in path.read_text().splitlines() if path is not None and path.exists() else ():
            key, result = json.loads(line)
            self.found[tuple(key)] = result

    def result(self, where: str, optimizer: str, make) -> dict:
        key = (where, optimizer, *self.size)
        if key not in self.found:
            self.found[key] = make()
            if self.path is not None:
                with self.path.open("a") as file:
                    file.write(json.dumps([key, self.found[key]]) + "\n")
        return self.found[key]


def draw(name: str, results: dict, path: Path) -> None:
    from matplotlib import colormaps
    from matplotlib.figure import Figure
    from PIL import Image

    figure = Figure(figsize=(11, 6), layout="constrained")
    ax = figure.subplots()
    ranked = sorted(results, key=lambda n: results[n]["loss"])
    colours = colormaps["tab20"].colors
    for k, optimizer in enumerate(ranked):
        curves = np.array(results[optimizer]["curves"])
        width = max(1, curves.shape[1] // 30)
        smooth = np.stack([np.convolve(c, np.ones(width) / width, "valid") for c in curves])
        steps = np.arange(smooth.shape[1]) + width
        style = ("-", "--", ":")[k // 20 % 3]
        label = f"{optimizer} {results[optimizer]['loss']:.3g}"
        ax.plot(steps, np.median(smooth, 0), style, color=colours[k % 20], linewidth=1.2, label=label)
        ax.fill_between(steps, smooth.min(0), smooth.max(0), color=colours[k % 20], alpha=0.12, linewidth=0)
    ends = [results[n]["loss"] for n in ranked]
    ax.set(title=f"{name}: {PROBLEMS[name].__doc__}", xlabel="step", ylabel="loss", yscale="log")
    ax.set_ylim(min(ends) * 0.8, np.median([np.median(results[n]["curves"], 0)[0] for n in ranked]) * 1.3)
    ax.legend(fontsize=7, ncols=2, loc="center left", bbox_to_anchor=(1.0, 0.5))
    picture = io.BytesIO()
    figure.savefig(picture, dpi=80)
    Image.open(picture).convert("RGB").quantize(128).save(path, optimize=True)  # a third of the bytes


def page(found: dict, costs: dict, steps: int, seeds: int) -> str:
    problems = list(found)
    lines = [
        "# The race of the optimizers",
        "",
        "Made by `make race` (`benchmarks/race.py`). Every optimizer of `nn`, with its other numbers as they come, on five small problems: the loss of the last tenth",
        f"of {steps} steps, median of {seeds} seeds, at the best of the rates {', '.join(f'{r:.2g}' for r in RATES)} (in brackets), which all had to choose from. The best in bold;",
        "those with the best mean rank over the problems that they ran on come first; an empty field did not run.",
        "*Numbers* is what the optimizer keeps per weight of a matrix of 128 x 128, *ns* what an update takes per weight on this machine. Small problems and few steps say how fast an",
        "optimizer gets going, not where it would end; a difference within the spread of the pictures is none.",
        "",
        f"| | {' | '.join(problems)} | numbers | ns |",
        f"|---|{'---:|' * (len(problems) + 2)}",
    ]
    best = {p: min(r["loss"] for r in found[p].values()) for p in problems}
    names = list(dict.fromkeys(n for p in problems for n in found[p]))
    score = {n: np.mean([_rank(found[p], n) for p in problems if n in found[p]]) for n in names}
    for n in sorted(names, key=score.get):
        cells = []
        for p in problems:
            r = found[p].get(n)
            text = "" if r is None else f"{r['loss']:.3g} ({r['rate']:.2g})"
            cells.append(f"**{text}**" if r is not None and r["loss"] == best[p] else text)
        kept, ns = costs.get(n, {}).get("numbers", ""), costs.get(n, {}).get("ns")
        lines.append(f"| `{n}` | {' | '.join(cells)} | {kept} | {'' if ns is None else ns} |")
    for p in problems:
        lines += ["", f"## {p}", "", PROBLEMS[p].__doc__, "", f"![{p}](images/race_{p}.png)"]
    return "\n".join(lines) + "\n"


def _rank(results, name):
    return sorted(results, key=lambda n: results[n]["loss"]).index(name)


def main(argv=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--problems", default=",".join(PROBLEMS))
    parser.add_argument("--optimizers", default=",".join(OPTIMIZERS))
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a file to which each run is added; what it holds is not run again")
    parser.add_argument("--out", type=Path, help="where race.md and images/ go; docs for a whole race, else nowhere")
    options = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE)
    problems, names = options.problems.split(","), options.optimizers.split(",")
    unknown = (set(problems) - set(PROBLEMS)) | (set(names) - set(OPTIMIZERS))
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    out = options.out or (DOCS if set(problems) == set(PROBLEMS) and set(names) == set(OPTIMIZERS) else None)
    kept = Kept(options.keep, options.steps, options.seeds)
    costs = {n: kept.result("cost", n, lambda n=n: cost(OPTIMIZERS[n])) for n in names}
    found: dict[str, dict] = {}
    for p in problems:
        problem, found[p] = PROBLEMS[p](), {}
        for n in names:
            if (p, n) in LEFT_OUT:
                continue
            started = time.perf_counter()
            found[p][n] = r = kept.result(
                p, n, lambda n=n, q=problem: judged(run(q, OPTIMIZERS[n], options.steps, options.seeds))
            )
            print(
                f"{p:9} {n:18} {r['loss']:9.4g} at {r['rate']:7.2g}   {time.perf_counter() - started:5.1f} s",
                flush=True,
            )
    if out is not None:
        (out / "images").mkdir(parents=True, exist_ok=True)
        for p in problems:
            draw(p, found[p], out / "images" / f"race_{p}.png")
        (out / "race.md").write_text(page(found, costs, options.steps, options.seeds))
        ends = {p: {n: {k: v for k, v in r.items() if k != "curves"} for n, r in rs.items()} for p, rs in found.items()}
        (out / "race.json").write_text(
            json.dumps({"steps": options.steps, "found": ends, "costs": costs}, indent=1) + "\n"
        )
        print(f"saved: {out / 'race.md'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
