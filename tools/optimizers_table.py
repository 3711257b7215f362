"""Writes the tables of docs/optimizers.md and of its Chinese form: formula, state, memory and time per weight, and how each optimizer did in the race.

``python tools/optimizers_table.py`` writes them between their marks; with ``--check`` it fails where a page is not what it
would write.  State and memory are those of optimizers that are made here; times and losses stand in
docs/race.json, which ``make race`` writes.
"""

import json
import re
import sys
from pathlib import Path

import numpy as np

import minispore as ms
from minispore import Parameter, Tensor, nn

ROOT = Path(__file__).resolve().parent.parent
# each page with the heads of its tables
PAGES = {
    ROOT / "docs" / "optimizers.md": ("| `nn.` | formula | state | matrix | vector | paper |", "ns per weight"),
    ROOT / "docs" / "zh" / "optimizers.md": ("| `nn.` | 公式 | 状态 | 矩阵 | 向量 | 论文 |", "每个权重的纳秒数"),
}
RACE = ROOT / "docs" / "race.json"
SIDE, WEIGHT = 128, "WEIGHT"  # the weight by which state is counted
MARK = "<!-- tools/optimizers_table.py: {} -->"

ROWS = [  # names, formula, paper
    ("`SGD`", "`v = mu v + (1 - damp) g; w -= lr v`, Nesterov `lr (g + mu v)`",
     "Robbins and Monro 1951; Sutskever et al. 2013"),
    ("`Momentum`", "`v = mu v + g; w -= lr v`",
     "Polyak 1964"),
    ("`Adam`, `LazyAdam`, `AdamOffload`", "`m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; w -= lr sqrt(1-b2^t)/(1-b1^t) m / (sqrt(v) + eps)`",
     "Kingma and Ba 2015; Reddi et al. 2018"),
    ("`AdamW`", "Adam with `m/(1-b1^t)` and `sqrt(v/(1-b2^t)) + eps`; `w *= 1 - lr decay`",
     "Loshchilov and Hutter 2019"),
    ("`AdamWeightDecay`", "`w -= lr (m / (sqrt(v) + eps) + decay w)`, no bias correction",
     "Devlin et al. 2019 (BERT's)"),
    ("`NAdam`", "`w -= lr (mu_{t+1}/(1-M_{t+1}) m + (1-mu_t)/(1-M_t) g) / (sqrt(v/(1-b2^t)) + eps)`",
     "Dozat 2016"),
    ("`RAdam`", "Adam times a rectification `r_t`; momentum alone while `rho_t <= 5`",
     "Liu et al. 2020"),
    ("`AdaMax`", "`u = max(b2 u, abs(g)); w -= lr/(1-b1^t) m / (u + eps)`",
     "Kingma and Ba 2015"),
    ("`Adan`", "Adam with Nesterov's momentum from differences of gradients",
     "Xie et al. 2022"),
    ("`Lion`", "`w -= lr (sign(b1 m + (1-b1) g) + decay w); m = b2 m + (1-b2) g`",
     "Chen et al. 2023"),
    ("`Muon`", "`v = mu v + (1-mu) g; w -= lr scale orthogonal(mu v + (1-mu) g)` for matrices, AdamW for the rest",
     "Jordan et al. 2024; Liu et al. 2025"),
    ("`ScheduleFreeAdamW`", "`z -= lr d; x = (1-c) x + c z; y = (1-b1) z + b1 x`, d AdamW's direction at y",
     "Defazio et al. 2024"),
    ("`AdaBelief`", "Adam with `s = b2 s + (1-b2) (g - m)^2 + eps` in place of v; decay on the weights",
     "Zhuang et al. 2020"),
    ("`AdEMAMix`", "AdamW with `m/(1-b1^t) + alpha s`, s a mean over some 10,000 steps",
     "Pagliardini et al. 2024"),
    ("`ADOPT`", "`m = b1 m + (1-b1) clip(g / max(sqrt(v), eps)); w -= lr m`, v of the steps before",
     "Taniguchi et al. 2024"),
    ("`MARS`", "AdamW or Lion of `g + gamma b1/(1-b1) (g - g_before)`, at most 1 long",
     "Yuan et al. 2024"),
    ("`Prodigy`", "Adam at a rate d that it finds from `sum(g (w_0 - w))`",
     "Mishchenko and Defazio 2023"),
    ("`DAdaptAdam`", "Adam at a rate d that it finds from `sum(g s / sqrt(v))`",
     "Defazio and Mishchenko 2023"),
    ("`Shampoo`", "g times `L_i^(-1/(2k))` along each of k axes, `L_i += G_i G_i'`",
     "Gupta et al. 2018"),
    ("`SOAP`", "Adam in the eigenbasis of Shampoo's matrices",
     "Vyas et al. 2024"),
    ("`SophiaH`", "`w -= lr clip(m / max(gamma h, eps))`, h from `u (H u)` every k steps",
     "Liu et al. 2023"),
    ("`SophiaG`", "`w -= lr sign(m) min(abs(m) / (rho B h), 1)`, h from gradients of labels drawn from the model",
     "Liu et al. 2023"),
    ("`Tiger`", "`m = b m + (1-b) g; w -= lr (sign(m) + decay w)`",
     "Su 2023"),
    ("`RefinedLion`", "Lion with `2/pi arctan(alpha x)` for the sign",
     "Rong et al. 2024"),
    ("`ScheduleFreeSGD`", "`z -= lr (g + decay y)`, x and y as in ScheduleFreeAdamW",
     "Defazio et al. 2024"),
    ("`Adagrad`", "`a += g^2; w -= lr g / sqrt(a)`",
     "Duchi et al. 2011"),
    ("`Adadelta`", "`a = rho a + (1-rho) g^2; d = sqrt(u+eps)/sqrt(a+eps) g; u = rho u + (1-rho) d^2; w -= lr d`",
     "Zeiler 2012"),
    ("`RMSProp`", "`s = d s + (1-d) g^2; mom = mu mom + lr g / sqrt(s + eps); w -= mom`",
     "Tieleman and Hinton 2012"),
    ("`Rprop`", "`step *= 1.2` where g keeps its sign, `0.5` where it turns; `w -= sign(g) step`",
     "Riedmiller and Braun 1993"),
    ("`ASGD`", "`w = w (1 - lambd eta) - eta g; ax += mu (w - ax)`",
     "Polyak and Juditsky 1992"),
    ("`FTRL`", "`z += g - (n1^-p - n^-p)/lr w; w = (sign(z) l1 - z) / (n1^-p/lr + 2 l2)` where `abs(z) > l1`, else 0",
     "McMahan et al. 2013"),
    ("`ProximalAdagrad`", "Adagrad, then `w = sign(w) max(abs(w) - r l1, 0) / (1 + r l2)`, `r = lr/sqrt(a)`",
     "Duchi and Singer 2009"),
    ("`AdaFactor`", "Adam whose v is a row and a column of means; finds its own rate",
     "Shazeer and Stern 2018"),
    ("`Lamb`", "Adam's direction r with the length of the layer: `w -= lr norm(w)/norm(r) r`",
     "You et al. 2020"),
    ("`LARS(optimizer)`", "the optimizer inside gets `coef norm(w) / (norm(g) + decay norm(w)) (g + decay w)`",
     "You et al. 2017"),
    ("`LBFGS`", "`w -= t H g`, H from the last `history_size` steps; with `step(closure)` a strong Wolfe line search",
     "Liu and Nocedal 1989"),
    ("`thor(net, ...)`", "`G^-1 g A^-1` for Dense and Conv2d, A and G renewed every `frequency` steps",
     "Chen et al. 2021; Martens and Grosse 2015"),
]  # fmt: skip
WRAPPERS = {
    "Cautious", "ExponentialMovingAverage", "GradientAccumulation", "GradientClipping", "Grokfast", "LARS", "Lookahead", "SAM",
    "ScheduleFree", "Scheduled", "StochasticWeightAverage", "UpdateStatistics",
}  # fmt: skip
MADE = {  # those that ask for more than Parameters and a rate
    "Momentum": lambda p: nn.Momentum(p, 1e-3, 0.9),
    "AdaFactor": lambda p: nn.AdaFactor(p),
    "SophiaG": lambda p: nn.SophiaG(p, 1e-3, sampled_loss=lambda x: x),
}
OTHERS = {  # what is not made of Parameters alone: state, numbers per weight
    "LARS": ("the optimizer's", "its | its"),
    "thor": ("`moments`, `matrix_a_inv_`, `matrix_g_inv_`", "1, and 2 (in^2 + out^2) for a layer | 1"),
}


def names_of(cell: str) -> list[str]:
    return re.findall(r"`(\w+)", cell)


def optimizers() -> set[str]:
    """The optimizers of ``nn`` that are not wrappers of one."""
    found = {n for n in dir(nn) if isinstance(getattr(nn, n), type) and issubclass(getattr(nn, n), nn.Optimizer)}
    return found - WRAPPERS - {"Optimizer"}


def state(name: str, *shape: int) -> tuple[list[str], float]:
    """What it keeps of a weight of this shape: names, and how many numbers per element."""
    w = Parameter(Tensor(np.zeros(shape, np.float32)), name=WEIGHT)
    optimizer = MADE.get(name, lambda p: getattr(nn, name)(p, learning_rate=1e-3))([w])
    kept = [p for p in optimizer.get_parameters() if p is not w and p.size > 1]
    return [p.name.split(".")[0].removesuffix(WEIGHT) for p in kept], sum(p.size for p in kept) / w.size


def formulas(head: str) -> list[str]:
    found = [head, "|---|---|---|---:|---:|---|"]
    for names, formula, paper in ROWS:
        first = names_of(names)[0]
        if first in OTHERS:
            kept, numbers = OTHERS[first]
        else:
            of_matrix, matrix = state(first, SIDE, SIDE)
            of_vector, vector = state(first, SIDE)
            kept = ", ".join(f"`{n}`" for n in dict.fromkeys(of_matrix + of_vector))
            numbers = f"{matrix:.3g} | {vector:.3g}"
        found.append(f"| {names} | {formula} | {kept} | {numbers} | {paper} |")
    return found


def results(time: str) -> list[str]:
    race = json.loads(RACE.read_text())
    problems = list(race["found"])
    found = [f"| | {time} | {' | '.join(problems)} |", f"|---|{'---:|' * (len(problems) + 1)}"]
    best = {p: min(r["loss"] for r in race["found"][p].values()) for p in problems}
    for name, cost in race["costs"].items():
        cells = ["" if cost["ns"] is None else f"{cost['ns']:.3g}"]
        for p in problems:
            r = race["found"][p].get(name)
            text = "" if r is None else f"{r['loss']:.3g} ({r['rate']:.2g})"
            cells.append(f"**{text}**" if r is not None and r["loss"] == best[p] else text)
        found.append(f"| `{name}` | {' | '.join(cells)} |")
    return found


def page(text: str, head: str, time: str) -> str:
    """A page with its tables as they are to be."""
    for name, lines in (("formulas", formulas(head)), ("results", results(time))):
        mark, end = MARK.format(name), MARK.format("end")
        before, rest = text.split(mark + "\n", 1)
        text = before + "\n".join([mark, "", *lines, "", end]) + rest[rest.index(end) + len(end) :]
    return text


def main() -> int:
    ms.set_context(mode=ms.PYNATIVE_MODE)
    missing = optimizers() - {n for names, _, _ in ROWS for n in names_of(names)}
    if missing:
        print(f"tools/optimizers_table.py has no formula of {', '.join(sorted(missing))}")
        return 1
    stale = 0
    for path, heads in PAGES.items():
        text = path.read_text()
        new = page(text, *heads)
        if "--check" not in sys.argv[1:]:
            path.write_text(new)
        elif new != text:
            print(f"{path.relative_to(ROOT)} is not current: run python tools/optimizers_table.py")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
