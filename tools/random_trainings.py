"""Random trainings: a random program as the loss, an optimizer with groups and frozen weights, three steps in either mode.

The reference takes gradients by finite differences of the program on NumPy arrays and updates by the formulas below, in float64.
"""

import random
import warnings
from typing import Any

import fuzz_programs
import numpy as np
import random_programs as programs

STEPS = 3


def momentum(w, g, state, lr, t):
    state["m"] = 0.9 * state.get("m", 0.0) + g
    return w - lr * state["m"]


def adam(w, g, state, lr, t):
    m = state["m"] = 0.9 * state.get("m", 0.0) + 0.1 * g
    v = state["v"] = 0.999 * state.get("v", 0.0) + 0.001 * g * g
    return w - lr * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-8)


def rmsprop(w, g, state, lr, t):
    s = state["s"] = 0.9 * state.get("s", 1.0) + 0.1 * g * g
    return w - lr * g / np.sqrt(s + 1e-10)


def adagrad(w, g, state, lr, t):
    a = state["a"] = state.get("a", 0.1) + g * g
    return w - lr * g / np.sqrt(a)


def adadelta(w, g, state, lr, t):
    a = state["a"] = 0.9 * state.get("a", 0.0) + 0.1 * g * g
    u = state.get("u", 0.0)
    d = np.sqrt(u + 1e-6) / np.sqrt(a + 1e-6) * g
    state["u"] = 0.9 * u + 0.1 * d * d
    return w - lr * d


def adamax(w, g, state, lr, t):
    m = state["m"] = 0.9 * state.get("m", 0.0) + 0.1 * g
    u = state["u"] = np.maximum(0.999 * state.get("u", 0.0), np.abs(g))
    return w - lr / (1 - 0.9**t) * m / (u + 1e-8)


OPTIMIZERS: dict[str, tuple] = {  # the class, its arguments, the formula of a step
    "SGD": ({}, lambda w, g, state, lr, t: w - lr * g),
    "Momentum": ({"momentum": 0.9}, momentum),
    "Adam": ({}, adam),
    "RMSProp": ({}, rmsprop),
    "Adagrad": ({}, adagrad),
    "Adadelta": ({}, adadelta),
    "AdaMax": ({}, adamax),
}  # fmt: skip


def check(seed: int, number: int) -> tuple[str | None, str]:
    """(what is wrong, None or "skipped"; the training as text)"""
    rng = random.Random(f"training {seed} {number}")
    rows = rng.choice([1, 2])
    source = programs.Writer(rng, "f", rows, outside=False, assigns=False, size=4, views=False).source()
    numbers = np.random.default_rng([seed, number, 1])
    data = {
        n: numbers.normal(size=s).astype(np.float32)
        for n, s in zip("xywbo", ((rows, 3), (3,), (rows, 3), (3,), (rows, 3)))
    }
    name = rng.choice(list(OPTIMIZERS))
    plan: dict[str, Any] = {"lr": rng.choice([0.1, 0.01]), "decay": rng.choice([0.0, 0.1]), "frozen": rng.choice(["", "", "w", "b"]),
                            "group": rng.choice([None, 0.05]), "mode": rng.choice(["PYNATIVE", "GRAPH"])}  # fmt: skip
    text = f"# {name}, {plan}\n{source}\nDATA = {data!r}\n"
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            wanted = by_formula(source, data, name, plan)
        except (ValueError, IndexError, TypeError, ZeroDivisionError, programs.Stale):
            return "skipped", text
        if wanted is None:
            return "skipped", text
        try:
            found = by_minispore(source, data, name, plan)
        except Exception as error:
            return f"{name}, {plan}: {type(error).__name__}: {str(error).splitlines()[0]:.200}", text
    for key, value in wanted.items():
        if not np.allclose(found[key], value, 2e-3, 2e-3):
            return f"{name}, {plan}: {key} is {found[key].tolist()}, not {value.tolist()}", text
    return None, text


def by_formula(source: str, data: dict, name: str, plan: dict) -> dict | None:
    """The weights after the steps; None near a kink, where differences say nothing."""
    now = {n: a.astype(np.float64) for n, a in data.items()}
    states: dict[str, dict] = {"w": {}, "b": {}}
    for t in range(1, STEPS + 1):
        grads = {}
        for n in "wb":
            grads[n] = np.zeros_like(now[n])
            for at in np.ndindex(now[n].shape):
                slopes = [_slope(source, now, n, at, step) for step in (1e-6, 3e-7)]
                if not abs(slopes[0] - slopes[1]) < 1e-5 * max(1.0, abs(slopes[0])):
                    return None
                if 0 < abs(slopes[0]) < 1e-5:  # nothing but rounding, which some formulas divide by itself
                    return None
                grads[n][at] = slopes[0]
        for n in "wb":
            if n != plan["frozen"]:
                lr = plan["group"] if n == "w" and plan["group"] is not None else plan["lr"]
                g = grads[n] + plan["decay"] * now[n]
                now[n] = OPTIMIZERS[name][1](now[n], g, states[n], lr, t)
    return {n: now[n] for n in "wb"} if all(np.abs(now[n]).max() < 1e3 for n in "wb") else None


def _slope(source, data, name, at, step) -> float:
    ends = []
    for sign in (1, -1):
        moved = dict(data)
        moved[name] = data[name].copy()
        moved[name][at] += sign * step
        out = programs.by_numpy(source, moved)
        ends.append(float(out["m"].sum() + out["s"].sum()))
    return (ends[0] - ends[1]) / (2 * step)


def by_minispore(source: str, data: dict, name: str, plan: dict) -> dict:
    import minispore as ms
    from minispore import Parameter, Tensor, nn, ops

    ms.set_context(mode=ms.GRAPH_MODE if plan["mode"] == "GRAPH" else ms.PYNATIVE_MODE)
    try:
        made: dict[str, Any] = {n: Parameter(Tensor(a), name=n) if n in "wb" else Tensor(a) for n, a in data.items()}
        names = {
            "ops": ops,
            "rows": len(data["x"]),
            "kind": ms.float32,
            "flag": True,
            **made,
            "ov": made["o"][:, ::-1],
            "wv": made["w"][0],
        }
        names |= {n: Tensor(a) for n, a in programs.INDICES.items()}
        function = fuzz_programs.loaded(source, names)
        if plan["frozen"]:
            made[plan["frozen"]].requires_grad = False
        weights = [made[n] for n in "wb" if n != plan["frozen"]]
        groups = [
            {"params": [p], **({"lr": plan["group"]} if p.name == "w" and plan["group"] is not None else {})}
            for p in weights
        ]
        settings, _ = OPTIMIZERS[name]
        given = groups if plan["group"] is not None else weights
        decay = {} if name == "Adadelta" and not plan["decay"] else {"weight_decay": plan["decay"]}
        optimizer = getattr(nn, name)(given, learning_rate=plan["lr"], **settings, **decay)
        step = ms.value_and_grad(function, None, weights)
        for _ in range(STEPS):
            _, grads = step(Tensor(data["x"]), Tensor(data["y"]))
            optimizer(grads)
        return {n: made[n].asnumpy() for n in "wb"}
    finally:
        ms.set_context(mode=ms.PYNATIVE_MODE)
