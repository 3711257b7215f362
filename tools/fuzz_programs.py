"""Runs random programs in both modes, and compares results, gradients and what is changed in place with NumPy.

    python tools/fuzz_programs.py --number 2000         prints the first faults, each as a small program that runs by itself
    python tools/fuzz_programs.py --seed 3 --only 1234  program 1234 of this seed

A program (tools/random_programs.py) is run plainly and in a gradient, in PYNATIVE and in GRAPH mode.  Values, arguments,
Parameters and Tensors from outside must be those of the reference on NumPy arrays; gradients of float64 programs those of
finite differences of the reference; gradients of both modes must agree.  Kernels are not compiled but interpreted, so that a program
takes milliseconds; --kernels compiles them.  Every eighth case is a training (tools/random_trainings.py).
"""

import argparse
import ast
import linecache
import os
import random
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
if __name__ == "__main__" and "--kernels" not in sys.argv:
    os.environ.setdefault("MINISPORE_JIT", "0")

import random_programs as programs  # noqa: E402  (the setting above comes first)

FAMILIES = {"float64": "f", "float32": "f", "float16": "f", "int32": "i", "int64": "i", "bool": "b"}
CLOSE = {"float64": 1e-8, "float32": 1e-3, "float16": 2e-2, "int32": 0.0, "int64": 0.0, "bool": 0.0}
EDGES = [0.0, -0.0, 1.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 0.5, 0.5]


class Case(NamedTuple):
    """A program with its inputs.  ``modes``: in which it is run plainly, and in a gradient; one that changes Tensors from
    outside, which are no arguments, runs in PYNATIVE mode alone."""

    source: str
    dtype: str
    data: dict
    modes: tuple[tuple[str, ...], tuple[str, ...]]
    edges: bool


def case_of(seed: int, number: int) -> Case:
    rng = random.Random(f"{seed} {number}")
    dtype = rng.choice(["float64"] * 5 + ["float32", "float16", "int32", "int64", "bool"])
    rows = rng.choice([2, 2, 2, 2, 1, 0])
    outside, edges = rng.random() < 0.25, rng.random() < 0.2
    writer = programs.Writer(rng, FAMILIES[dtype], rows, outside, assigns=rng.random() < 0.6)
    source = writer.source()
    numbers = np.random.default_rng([seed, number])

    def array(*shape):
        if dtype == "bool":
            return numbers.integers(0, 2, shape).astype(bool)
        if "int" in dtype:
            return numbers.integers(-4, 5, shape).astype(dtype)
        if edges:
            return numbers.choice(EDGES, shape).astype(dtype)
        return (
            (numbers.integers(-16, 17, shape) / 8).astype(dtype)
            if dtype == "float16"
            else numbers.normal(size=shape).astype(dtype)
        )

    m, v = (rows, programs.COLUMNS), (programs.COLUMNS,)
    data = {name: array(*shape) for name, shape in zip("xywbo", (m, v, m, v, m))}
    eager, both = ("PYNATIVE",), ("PYNATIVE", "GRAPH")
    modes = (eager, eager) if outside else [(both, eager), (eager, both), (eager, eager)][number % 3]
    return Case(source, dtype, data, modes, edges)


# ---------------------------------------------------------------- running
def loaded(source: str, names: dict) -> Any:
    """The program; its text can be found, which control flow on Tensors needs."""
    path = f"<random program {abs(hash(source))}>"
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    exec(compile(source, path, "exec"), names)
    return names["program"]


def by_minispore(case: Case, mode: str, gradient: bool) -> dict[str, np.ndarray]:
    """The results, what is left in the inputs, and the gradients, by name."""
    import minispore as ms
    from minispore import Parameter, Tensor, ops

    ms.set_context(mode=ms.GRAPH_MODE if mode == "GRAPH" else ms.PYNATIVE_MODE)
    try:
        made: dict[str, Any] = {
            n: Parameter(Tensor(a), name=n) if n in "wb" else Tensor(a) for n, a in case.data.items()
        }
        kind = getattr(ms, case.dtype if case.dtype != "bool" else "bool_")
        names = {"ops": ops, "rows": len(case.data["x"]), "kind": kind, "flag": True, **made, "ov": made["o"][:, ::-1]}
        if len(case.data["w"]):
            names["wv"] = made["w"][0]
        names |= {name: Tensor(a) for name, a in programs.INDICES.items()}
        function = loaded(case.source, names)
        if gradient:
            weights = [made["w"], made["b"]]
            call = ms.value_and_grad(function, (0, 1), weights, through_updates=True)
            (m, s), (inputs, by_weight) = call(made["x"], made["y"])
            grads = dict(zip(("d x", "d y", "d w", "d b"), (*inputs, *by_weight)))
        else:
            m, s = (ms.jit(function) if mode == "GRAPH" else function)(made["x"], made["y"])
            grads = {}
        found = {"m": m, "s": s} | {n: made[n] for n in case.data} | grads
        return {n: np.array(t.asnumpy()) for n, t in found.items()}
    finally:
        ms.set_context(mode=ms.PYNATIVE_MODE)


def slope(case: Case, direction: dict, step: float) -> float:
    """The derivative of the sum of the results along a direction, by central differences of the reference."""
    ends = []
    for sign in (1, -1):
        moved = {n: a + sign * step * direction[n] if n in direction else a for n, a in case.data.items()}
        out = programs.by_numpy(case.source, moved)
        ends.append(float(out["m"].sum() + out["s"].sum()))
    return (ends[0] - ends[1]) / (2 * step)


def close(a, b, tolerance: float) -> bool:
    if a.shape != b.shape:
        return False
    if not tolerance:
        return bool((a == b).all())
    return np.allclose(a.astype(np.float64), b.astype(np.float64), tolerance, tolerance, equal_nan=True)


def fault_of(case: Case) -> str | None:
    """What is wrong with a program, in a few words; None; or "skipped" where nothing can be said of it."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            wanted = programs.by_numpy(case.source, case.data)
        except (ValueError, IndexError, TypeError, ZeroDivisionError, OverflowError, programs.Stale):
            return "skipped"
        sizes = [float(np.abs(a.astype(np.float64)).max()) for a in wanted.values() if a.size]
        if not case.edges and not max(sizes) < (200 if case.dtype == "float16" else 1e4):
            return "skipped"
        return _compared(case, wanted)


def _compared(case: Case, wanted: dict) -> str | None:
    tolerance = CLOSE[case.dtype]
    gradients = {}
    for gradient in [False, True] if FAMILIES[case.dtype] == "f" else [False]:
        for mode in case.modes[gradient]:
            how = f"{mode}{', in a gradient' if gradient else ''}"
            try:
                found = by_minispore(case, mode, gradient)
            except Exception as error:
                return f"{how}: {type(error).__name__}: {str(error).splitlines()[0]:.200}"
            for name, value in wanted.items():
                if not close(found[name], value, tolerance):
                    return f"{how}: {name} is {found[name].tolist()}, not {value.tolist()}"
                if name in "ms" and found[name].dtype != value.dtype:
                    return f"{how}: {name} is of type {found[name].dtype}, not {value.dtype}"
            gradients[mode] = {n: g for n, g in found.items() if n.startswith("d ")}
    if FAMILIES[case.dtype] != "f":
        return None
    for name, g in gradients["PYNATIVE"].items():
        other = gradients[case.modes[1][-1]][name]
        if not close(other, g, tolerance * 10 * (1 + np.abs(g[np.isfinite(g)]).max(initial=0))):
            return f"{name} is {g.tolist()} in PYNATIVE mode, {other.tolist()} in GRAPH mode"
    return _against_differences(case, gradients["PYNATIVE"])


def _against_differences(case: Case, gradients: dict) -> str | None:
    if case.dtype != "float64" or case.edges:
        return None
    numbers = np.random.default_rng(5)
    for _ in range(2):
        moved = (
            "xyb" if "wv" in case.source else "xywb"
        )  # in a gradient a view from outside is a constant, as in MindSpore
        direction = {n: numbers.normal(size=case.data[n].shape) for n in moved}
        slopes = [slope(case, direction, step) for step in (1e-6, 4e-7, 1.7e-7)]
        size = max(1.0, *map(abs, slopes))
        if not max(abs(a - slopes[0]) for a in slopes) < 1e-5 * size:
            return None  # a kink is near
        found = sum(float((gradients[f"d {n}"] * d).sum()) for n, d in direction.items())
        if not abs(found - slopes[0]) < 1e-4 * size:
            return f"the derivative along a direction is {found}, by finite differences {slopes[0]}"
    return None


# ---------------------------------------------------------------- making a failing program small
def kind_of(fault: str | None) -> str:
    """What has to stay the same while a program gets smaller."""
    return ":".join((fault or "").split(" is ")[0].split(":")[:2])


def shrunk(case: Case, fault: str, most: int = 150) -> Case:
    """A smaller program with a fault of the same kind: statements and parts of expressions are left out while it stays."""
    tried = 0
    again = True
    while again and tried < most:
        again = False
        for source in smaller(case.source):
            tried += 1
            candidate = case._replace(source=source)
            try:
                stays = kind_of(fault_of(candidate)) == kind_of(fault)
            except Exception:
                stays = False
            if stays:
                case, again = candidate, True
                break
            if tried >= most:
                break
    return case


def smaller(source: str) -> Iterator[str]:
    """The program with one statement or one part of an expression left out."""
    tree = ast.parse(source)
    places = [
        (node, field)
        for node in ast.walk(tree)
        for field in ("body", "orelse")
        if isinstance(getattr(node, field, None), list)
    ]
    for node, field in places:
        held = getattr(node, field)
        for k in reversed(range(len(held))):
            if isinstance(held[k], (ast.Return, ast.FunctionDef)):
                continue
            inside = getattr(held[k], "body", [])
            for put in ([], inside) if isinstance(inside, list) and inside else ([],):
                changed = held[:k] + put + held[k + 1 :]
                if changed or field == "orelse":
                    setattr(node, field, changed)
                    yield ast.unparse(tree) + "\n"
                    setattr(node, field, held)
    for node in list(ast.walk(tree)):
        for field, child in list(ast.iter_fields(node)):
            if isinstance(
                child, (ast.Call, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Subscript, ast.Compare)
            ) and field in ("value", "left", "right", "operand", "test", "body"):
                for part in ast.iter_child_nodes(child):
                    if isinstance(part, ast.expr):
                        setattr(node, field, part)
                        yield ast.unparse(tree) + "\n"
                setattr(node, field, child)
            elif field in ("args", "elts") and isinstance(child, list):
                for k, item in enumerate(child):
                    for part in ast.iter_child_nodes(item):
                        if isinstance(part, ast.expr):
                            child[k] = part
                            yield ast.unparse(tree) + "\n"
                    child[k] = item


def reproduction(case: Case, fault: str) -> str:
    """A program that runs by itself."""
    return f'''# {fault}
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tools")!r}]
from numpy import array, bool_, float16, float32, float64, inf, int32, int64, nan  # noqa
from fuzz_programs import Case, show

SOURCE = """
{case.source}"""
DATA = {case.data!r}
show(Case(SOURCE, {case.dtype!r}, DATA, {case.modes}, {case.edges}))
'''


def show(case: Case) -> None:
    """Prints what NumPy and minispore make of a program."""
    print("NumPy:", programs.by_numpy(case.source, case.data))
    for gradient in (False, True):
        for mode in case.modes[gradient]:
            try:
                print(f"{mode}{', in a gradient' if gradient else ''}:", by_minispore(case, mode, gradient))
            except Exception:
                traceback.print_exc()
    print(fault_of(case))


# ---------------------------------------------------------------- many of them
def check(seed: int, number: int, shrink: bool = True) -> tuple[str | None, str]:
    """(the fault of a program, None or "skipped"; how to repeat it)."""
    if number % 8 == 7:
        import random_trainings as trainings

        return trainings.check(seed, number)
    case = case_of(seed, number)
    fault = fault_of(case)
    if fault is None or fault == "skipped":
        return fault, ""
    small = shrunk(case, fault) if shrink else case
    return fault, reproduction(small, fault_of(small) or fault)


def fuzz(
    number: int, seed: int = 0, first: int = 0, most: int = 10, shrink: bool = True
) -> tuple[int, int, list[tuple[int, str, str]]]:
    """(how many were tried, how many of them said something, [(number, fault, reproduction)]); it ends after ``most`` faults."""
    faults: list[tuple[int, str, str]] = []
    told = 0
    for k in range(first, first + number):
        fault, text = check(seed, k, shrink)
        told += fault != "skipped"
        if fault is not None and fault != "skipped":
            faults.append((k, fault, text))
            if len(faults) >= most:
                return k + 1 - first, told, faults
    return number, told, faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="this program alone")
    parser.add_argument("--most", type=int, default=10, help="ends after so many faults")
    parser.add_argument("--whole", action="store_true", help="prints failing programs as they are, not made small")
    parser.add_argument("--kernels", action="store_true", help="compiles the kernels")
    given = parser.parse_args()
    first, number = (0, given.number) if given.only is None else (given.only, 1)
    tried, told, faults = fuzz(number, given.seed, first, given.most, not given.whole)
    for k, fault, text in faults:
        print(f"# ---------------- program {k} of seed {given.seed}: {fault}\n{text}")
    print(f"{tried} programs of seed {given.seed}, {told} of them compared, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
