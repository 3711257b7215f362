"""Values, gradients and second derivatives at zeros, ties, infinities, NaN, without elements: both modes against PyTorch.

The answers are tests/records/edges.json (tools/record_edges.py makes it); docs/edges.md says where we choose otherwise.
"""

import functools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor
from minispore.core.op import REGISTRY, apply
from minispore.core.samples import Sample, edge_points

TOOLS = Path(__file__).parent.parent / "tools"
sys.path.insert(0, str(TOOLS))
from edge_cases import CASES, CHOICES, LIBRARY, everything, function_of, inputs_of  # noqa: E402


def expected(case):
    """[(what, array)]: NaN in a derivative is nothing that we follow."""
    found = [("value", case["value"])]
    found += [(f"gradient {k}", g) for k, g in enumerate(case.get("gradient", []))]
    found += [(f"second {k}{j}", s) for k, row in enumerate(case.get("second", [])) for j, s in enumerate(row)]
    return [(what, np.array(answer, np.float64)) for what, answer in found]


def chosen(case, what, inputs):
    """({position: our answer}, whether there is anything to compare) by the choices."""
    rows = [c for c in CHOICES if case["function"] in c["functions"] and c["edge"] == case["edge"] and what in c["of"]]
    points, found = np.array(inputs if case["edge"] == "points" else 0.0), {}
    for at, answer in [pair for c in rows for pair in c["answers"] or ()]:
        at = np.array(at)[:, None]
        same = ((points == at) | (np.isnan(points) & np.isnan(at))).all(0)
        found |= {(int(k),): answer for k in np.flatnonzero(same)}
    return found, all(c["answers"] is not None for c in rows)


def unclear(inputs, case):
    """Where a derivative has no meaning: at NaN, and at -0.0, whose side of a pole or a kink is a convention."""
    if case["edge"] != "points":
        return np.False_
    return functools.reduce(np.logical_or, [np.isnan(x) | ((x == 0) & np.signbit(x)) for x in inputs])


def limits(inputs, case):
    """Where a derivative would be a limit, which may be NaN here although PyTorch knows it; a number must be right."""
    if case["edge"] != "points":
        return not all(np.isfinite(x).all() for x in inputs)
    return functools.reduce(np.logical_or, [~np.isfinite(x) for x in inputs])


def differences(case, got):
    inputs = inputs_of(case)
    for (what, want), have in zip(expected(case), got):
        have = have.asnumpy().astype(np.float64)
        want = want.reshape(have.shape) if want.size == have.size else want
        compared = np.ones(want.shape, bool) if what == "value" else ~np.isnan(want)
        if what != "value":
            compared &= ~unclear(inputs, case) & ~(np.isnan(have) & limits(inputs, case))
        same = np.isclose(have, want, rtol=1e-7, atol=1e-12, equal_nan=True) | ~compared
        ours, comparable = chosen(case, what, inputs)
        if not comparable:
            continue
        for at, answer in ours.items():
            same[at] = answer is None or np.isclose(have[at], answer, rtol=1e-7, equal_nan=True)
        for at in np.argwhere(~same)[:6]:
            at = tuple(map(int, at))
            where = [float(x[at]) for x in inputs] if case["edge"] == "points" else at
            yield f"{case['function']} {case['edge']} {case['arguments']} {what} at {where}: {have[at]}, right is {ours.get(at, want[at])}"


def by_function(cases):
    found = {}
    for c in cases:
        found.setdefault(c["function"], []).append(c)
    return found


FUNCTIONS = by_function(c for c in CASES if "error" not in c)
REFUSED = [c for c in CASES if "error" in c]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_pynative(name):
    wrong = []
    for case in FUNCTIONS[name]:
        wrong += differences(case, everything(case)(*map(Tensor, inputs_of(case))))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_compiled(name):
    """All edges of a function in one call, so that few kernels are compiled."""
    cases = FUNCTIONS[name]
    inputs = [list(map(Tensor, inputs_of(case))) for case in cases]
    got = ms.jit(lambda xs: [everything(case)(*x) for case, x in zip(cases, xs)])(inputs)
    wrong = [line for case, parts in zip(cases, got) for line in differences(case, parts)]
    assert not wrong, "\n".join(wrong)


# ---------------------------------------------------------------- expressions (tools/edge_expressions.py)
EXPRESSIONS = by_function(LIBRARY)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expression(name):
    wrong = []
    for case in EXPRESSIONS[name]:
        wrong += differences(case, everything(case)(*map(Tensor, inputs_of(case))))
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_expressions_as_graphs():
    """Values and both derivatives by the source of the kernels, which Python runs: nothing is compiled."""
    env = dict(os.environ, MINISPORE_JIT="0")
    done = subprocess.run([sys.executable, __file__], env=env, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stdout, done.stdout + done.stderr


def differences_of_graphs():
    for cases in EXPRESSIONS.values():
        inputs = [list(map(Tensor, inputs_of(case))) for case in cases]
        got = ms.jit(lambda xs, cases=cases: [everything(case)(*x) for case, x in zip(cases, xs)])(inputs)
        for case, parts in zip(cases, got):
            yield from differences(case, parts)


@pytest.mark.parametrize("case", REFUSED, ids=lambda c: f"{c['function']} {c['edge']}")
def test_refused(case):
    """What PyTorch refuses (an extreme of no elements) is a ValueError in both modes."""
    function, inputs = function_of(case), list(map(Tensor, inputs_of(case)))
    for run in (function, ms.jit(function)):
        with pytest.raises(ValueError, match=case["function"].split(".")[1]):
            run(*inputs)


# ---------------------------------------------------------------- every elementwise definition, both modes
INTEGERS = (0, 1, -1, 2, -3, 7, np.iinfo(np.int32).max, np.iinfo(np.int32).min)
DEFINED = [op for _, op in sorted(REGISTRY.items()) if op.kind == "elementwise" and op.samples and len(op.args) <= 2]


def given_points(op):
    """Float64 points, and integers where the definition has a sample of them."""
    kinds = {s.kind for sample in op.samples for s in sample if isinstance(s, Sample)}
    if "f" in kinds:
        yield edge_points(len(op.args))
    if "i" in kinds:
        yield [x.ravel() for x in np.meshgrid(*[np.array(INTEGERS, np.int32)] * len(op.args), indexing="ij")]
    if "b" in kinds:
        yield [x.ravel() for x in np.meshgrid(*[np.array([False, True])] * len(op.args), indexing="ij")]


@pytest.mark.parametrize("op", DEFINED, ids=lambda op: op.name)
def test_definition_in_both_modes(op):
    """NumPy's value and the compiled one are one value, of float64, integers and bool."""
    for arrays in given_points(op):
        expected = op.evaluate(*arrays)[0]
        got = ms.jit(lambda *x: apply(op, x, {})[0])(*map(Tensor, arrays)).asnumpy()
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-300 if got.dtype.kind == "f" else 0)
        assert got.dtype == expected.dtype


def test_the_page_is_what_its_tool_writes():
    done = subprocess.run([sys.executable, str(TOOLS / "edges_table.py"), "--check"])
    assert done.returncode == 0


if __name__ == "__main__":
    for line in differences_of_graphs():
        print(line)
