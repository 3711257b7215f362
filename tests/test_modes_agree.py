"""Random Cells, as source text: PYNATIVE, GRAPH and finite differences must agree, control flow and gradients included.

MINISPORE_PROGRAMS=5000 tries that many new programs instead of the few fixed ones.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, given, settings, strategies as st  # noqa: E402

import minispore as ms  # noqa: E402
from minispore import Tensor  # noqa: E402

MANY = int(os.environ.get("MINISPORE_PROGRAMS", "0"))
ROWS, WIDTH = 3, 4
HEADER = """\
import minispore as ms
from minispore import Parameter, Tensor, nn, ops


def helper(m, s):
    if s > 0.2:
        return ops.tanh(m) * s
    elif m[0, 0] > m[1, 1]:
        return m - s
    return m * 0.5


def pair(v, s):
    for k in range(3):
        if v[k] > s:
            return v * 0.5, s + k
    return v, s - 1.0


class Net(nn.Cell):
    def __init__(self, w, b, dtype):
        super().__init__()
        self.w, self.b = Parameter(Tensor(w, dtype), name="w"), Parameter(Tensor(b, dtype), name="b")
        self.state = Parameter(Tensor(0.5, dtype), name="state", requires_grad=False)
        self.index = Tensor([2, 0, 1], ms.int32)
        self.flag, self.count = True, 3

    def construct(self, m0, v0):
"""

# what gives a matrix (ROWS, WIDTH), a vector (WIDTH,), a scalar; {m}, {v}, {s} are such expressions, {c} a number
FORMS = {
    "m": [
        "ops.tanh({m})", "ops.sin({m})", "ops.relu({m})", "ops.sigmoid({m})", "ops.gelu({m})", "ops.abs({m})", "ops.exp(ops.tanh({m}))",
        "ops.sqrt(ops.abs({m}) + 1.0)", "ops.log(ops.abs({m}) + 1.5)", "ops.clamp({m}, -0.8, 0.9)", "ops.softplus({m})", "ops.erf({m})",
        "{m} + {m}", "{m} * {m}", "{m} - {v}", "{m} * {v}", "{m} + {s}", "{c} * {m}", "-{m}", "{m} / (ops.abs({m}) + 1.0)", "{s} - {m}",
        "ops.matmul({m}, self.w)", "{m} @ self.w.T + self.b", "ops.softmax({m}, -1)", "ops.log_softmax({m}, 0)",
        "ops.layer_norm({m}, (4,), {v}, self.b, 1e-3)", "ops.where({m} > {c}, {m}, {m})", "ops.maximum({m}, {m})",
        "ops.concat([{m}[:1], {m}[1:]], 0)", "ops.concat([{m}[:, 2:], {m}[:, :2]], 1)", "ops.flip({m}, (0,))", "{m}[::-1]",
        "ops.gather({m}, self.index, 0)", "{m}[self.index]", "ops.cumsum({m}, 1)", "ops.stack([{v}, {v}, {v}])",
        "{m}.T.reshape(3, 4)", "ops.broadcast_to({v}, (3, 4))", "ops.tile(ops.split({m}, 2, 1)[1], (1, 2))", "ops.roll({m}, 1, 0)",
        "ops.transpose({m}, (1, 0)).reshape((3, 4))", "{m} - {m}.mean(-1, True)", "{m} / (ops.abs({m}).sum(0, keepdims=True) + 1.0)",
        "ops.outer({v}[:3], {v})", "ops.dropout({m}, 0.3)", "ops.minimum({m}, {c})", "{m} ** 2", "helper({m}, {s})",
        "({m} if {t} else {m})", "sum([{m}, {m}])", "ops.gather({m}, ops.argmax({m}, 1) % 3, 0)", "ops.sort({m}, 1)[0]",
        "ops.select({m} > {m}, {m}, {m})", "ops.masked_fill({m}, {m} > 0.4, 0.1)", "ops.tril({m})", "ops.pad({m}[:, 1:], (1, 0))",
        "ops.einsum('ij,jk->ik', {m}, self.w)", "[{m}, {m}][self.count - 2]", "ops.stop_gradient({m})" ,
    ],
    "v": [
        "{m}.sum(0)", "{m}.mean(0)", "ops.amax({m}, 0)", "{m}[0]", "{m}[-1]", "{m}[self.index[1]]", "ops.tanh({v})", "{v} * {s}", "{v} + {v}",
        "{c} - {v}", "self.b", "self.w[1]", "ops.matmul({v}, self.w)", "{v}[::-1]", "ops.softmax({v}, -1)", "ops.cumsum({v}, 0)",
        "{m}.T[:, 1]", "ops.concat([{v}[1:], {v}[:1]])", "pair({v}, {s})[0]", "ops.prod({m}[:2] * 0.5 + 0.5, 0)", "self.w.diagonal()",
        "({v} if {t} else {v})", "ops.where({v} > 0.1, {v}, {s})",
    ],
    "s": [
        "{m}.sum()", "{m}.mean()", "{v}.sum()", "{v}[1]", "{m}[1, 2]", "ops.norm({v} + 2.0)", "{s} * {s}", "{s} + {c}", "ops.tanh({s})",
        "{m}.max()", "({s} if {t} else {s})", "self.state + 0.0", "ops.logsumexp({v}, 0)", "pair({v}, {s})[1]", "self.state * 0.5", "{v}.max()",
        "({v} * {v}).sum()", "{m}.var()", "ops.cond({t}, lambda: {s}, lambda: {s})",
    ],
}  # fmt: skip
TESTS = [
    "{s} > {c}", "{s} < {s}", "{s} > {c} and {s} < 2.0", "{s} < {c} or {m}[0, 0] > 0.0", "not {s} > {c}", "-0.7 < {s} < 0.9",
    "({m} > {c}).any()", "({v} < 1.5).all()", "self.flag", "self.count > 5", "not self.flag or {s} > 0.0", "{s} >= 0.1 if {s} > {c} else {v}[0] > 0.0",
]  # fmt: skip
STATEMENTS = ["assign", "assign", "assign", "if", "if", "while", "for", "item", "leave", "state", "rows", "list", "augmented", "tuple", "forms"]  # fmt: skip


class Writer:
    """Writes the body of a construct; every choice is drawn, so that failures shrink."""

    def __init__(self, draw):
        self.draw, self.lines, self.fresh = draw, [], 0
        self.names = {"m": ["m0"], "v": ["v0"], "s": []}
        self.in_loop, self.left = False, 22

    def pick(self, items):
        return items[self.draw(st.integers(0, len(items) - 1))]

    def number(self):
        return repr(self.pick([0.3, -0.45, 1.3, 0.05, -1.1]))

    def expression(self, kind, depth=2):
        if depth <= 0 or self.draw(st.integers(0, 3)) == 0:
            known = self.names[kind]
            if known:
                return self.pick(known)
            return "v0[0]"
        return self.filled(self.pick(FORMS[kind]), depth - 1)

    def filled(self, form, depth):
        out, rest = "", form
        while "{" in rest:
            before, rest = rest.split("{", 1)
            what, rest = rest[0], rest[2:]
            made = (
                self.number()
                if what == "c"
                else self.condition(depth - 1)
                if what == "t"
                else self.expression(what, depth)
            )
            out += before + ("(" + made + ")" if any(x in made for x in "+-*/ ") and what != "c" else made)
        return out + rest

    def condition(self, depth=1):
        return self.filled(self.pick(TESTS), depth)

    def put(self, indent, text):
        self.lines.append("    " * indent + text)

    def name(self, kind):
        self.fresh += 1
        return f"{kind}{self.fresh}"

    def block(self, indent, depth, least=1):
        before = {k: list(v) for k, v in self.names.items()}
        for _ in range(self.draw(st.integers(least, 4 if depth > 1 else 3))):
            self.statement(indent, depth)
        self.names = before  # what a block makes is not known after it

    def target(self, kind):
        """A variable to assign to: a known one, or a new one."""
        known = self.names[kind]
        return self.pick(known) if known and self.draw(st.booleans()) else self.name(kind)

    def statement(self, indent, depth):
        self.left -= 1
        what = self.pick(STATEMENTS) if self.left > 0 else "assign"
        if depth <= 0 and what in ("if", "while", "for", "rows", "forms"):
            what = "assign"
        getattr(self, "do_" + what)(indent, depth)

    def do_assign(self, indent, depth):
        kind = self.pick(["m", "v", "s"])
        made = self.expression(kind)
        name = self.target(kind)
        self.put(indent, f"{name} = {made}")
        if name not in self.names[kind]:
            self.names[kind].append(name)

    def do_augmented(self, indent, depth):
        self.put(
            indent,
            f"{self.pick(self.names['m'])} {self.pick(['+=', '*=', '-='])} {self.expression(self.pick(['m', 'v', 's']))}",
        )

    def do_tuple(self, indent, depth):
        made = f"pair({self.expression('v')}, {self.expression('s', 1)})"
        v, s = self.target("v"), self.name("s")
        self.put(indent, f"{v}, {s} = {made}")
        self.names["v"] = [*dict.fromkeys([*self.names["v"], v])]
        self.names["s"].append(s)

    def do_if(self, indent, depth):
        self.put(indent, f"if {self.condition()}:")
        self.block(indent + 1, depth - 1)
        if self.draw(st.booleans()):
            self.put(indent, f"elif {self.condition()}:")
            self.block(indent + 1, depth - 1)
        if self.draw(st.booleans()):
            self.put(indent, "else:")
            self.block(indent + 1, depth - 1)

    def do_leave(self, indent, depth):
        self.put(indent, f"if {self.condition()}:")
        if self.in_loop and self.draw(st.booleans()):
            before = {k: list(v) for k, v in self.names.items()}
            if self.draw(st.booleans()):
                self.do_assign(indent + 1, 0)
            self.names = before
            self.put(indent + 1, self.pick(["break", "continue"]))
        else:
            self.put(indent + 1, f"return {self.expression('s')}, {self.expression('m')}")

    def loop(self, indent, depth, head, before=(), first=()):
        for line in before:
            self.put(indent, line)
        self.put(indent, head)
        for line in first:
            self.put(indent + 1, line)
        outer, self.in_loop = self.in_loop, True
        self.block(indent + 1, depth - 1)
        self.in_loop = outer
        if self.draw(st.integers(0, 4)) == 4:
            self.put(indent, "else:")
            self.block(indent + 1, 0)

    def do_while(self, indent, depth):
        n = self.name("n")
        self.loop(
            indent, depth, f"while {n} < {self.pick([2, 3, 4])} and ({self.condition()}):", [f"{n} = 0"], [f"{n} += 1"]
        )

    def do_for(self, indent, depth):
        k = self.name("k")
        self.loop(indent, depth, f"for {k} in {self.pick(['range(3)', 'range(4, 0, -2)', 'range(self.count)', '(0, 1)'])}:",
                  first=[f"m0 = m0 + 0.1 * {k}"] if self.draw(st.booleans()) else ())  # fmt: skip

    def do_rows(self, indent, depth):
        row = self.name("v")
        before = {k: list(v) for k, v in self.names.items()}
        source = self.expression("m")
        self.names["v"].append(row)
        self.loop(indent, depth, f"for {row} in {source}:")
        self.names = before

    def do_item(self, indent, depth):
        m = self.name("m")
        self.put(indent, f"{m} = {self.expression('m')} * 1.0")
        for _ in range(self.draw(st.integers(1, 2))):
            self.put(indent, self.filled(self.pick([
                m + "[1] = {v}", m + "[0, 2] = {s}", m + "[:, 1] = {s}", m + "[1:, ::2] = {c}", m + "[self.index[0]] = {v}", m + "[0] += {v}",
                m + "[" + m + " > 0.5] = 0.25",
            ]), 1))  # fmt: skip
        self.names["m"].append(m)

    def do_state(self, indent, depth):
        self.put(indent, self.filled(self.pick([
            "self.state += {s}", "ops.assign(self.state, {s} * 0.5)", "self.state = ops.tanh(self.state + {c})", "ops.assign_add(self.state, {s})",
        ]), 1))  # fmt: skip

    def do_list(self, indent, depth):
        parts, m = self.name("parts"), self.name("m")
        self.put(indent, f"{parts} = [{self.expression('m')}]")
        self.put(indent, f"if {self.condition()}:")
        self.put(indent + 1, f"{parts}.append({self.expression('m')})")
        self.put(indent, "else:")
        self.put(indent + 1, f"{parts}.append({self.expression('m')})")
        self.put(indent, f"{m} = {parts}[0] - {parts}[-1]")
        self.names["m"].append(m)

    def do_forms(self, indent, depth):
        m = self.name("m")
        v = self.name("v")
        body = self.expression("m", 1)
        self.put(indent, self.filled(self.pick([
            m + " = ops.fori_loop(0, 3, lambda i, a: ops.tanh(a) + {s} * i, {m})",
            m + " = ops.while_loop(lambda a: a.sum() < 4.0, lambda a: ops.abs(a) * 1.5 + 0.3, {m})",
            f"{v}, {m} = ops.scan(lambda c, row: (ops.tanh(c + row), c * {{s}}), {{v}}, {{m}})",
            f"{m} = ops.cond({{t}}, lambda a: a * {{v}}, lambda a: {body} - a, {{m}})",
        ]), 1))  # fmt: skip
        self.names["m"].append(m)
        if v in self.lines[-1].split(" = ")[0]:
            self.names["v"].append(v)

    def program(self):
        for _ in range(self.draw(st.integers(2, 6))):
            self.statement(2, 2)
        self.put(2, f"return {self.expression('s')}, {self.expression('m')}")
        return HEADER + "\n".join(self.lines) + "\n"


programs = st.composite(lambda draw: Writer(draw).program())()


class Case:
    """One program with its inputs, to be run in either mode and type."""

    def __init__(self, source, directory, seed):
        path = directory / f"program_{hashlib.sha256(source.encode()).hexdigest()[:12]}.py"
        path.write_text(source)
        spec = importlib.util.spec_from_file_location(path.stem, path)
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        rng = np.random.default_rng(seed)
        shapes = [(ROWS, WIDTH), (WIDTH,), (WIDTH, WIDTH), (WIDTH,)]
        self.point = [rng.normal(size=s) * 0.7 for s in shapes]
        self.direction = [rng.normal(size=s) for s in shapes]

    def net(self, point, dtype):
        return self.module.Net(point[2], point[3], dtype)

    def inputs(self, dtype):
        """New ones for each call: in GRAPH mode ``x += y`` changes the argument itself."""
        return [Tensor(a, dtype) for a in self.point[:2]]

    def total(self, point):
        """The sum of all results, by plain NumPy evaluation in float64, and the results."""
        ms.set_seed(3)
        out = self.net(point, ms.float64)(*[Tensor(a) for a in point[:2]])
        return sum(float(t.asnumpy().sum()) for t in out), out

    def with_gradient(self, mode, dtype):
        """(results, gradients of inputs and Parameters, state afterwards) as arrays."""
        ms.set_context(mode=mode)
        try:
            net = self.net(self.point, dtype)
            ms.set_seed(3)
            plain = [t.asnumpy() for t in net(*self.inputs(dtype))] + [net.state.asnumpy()]
            net.state.set_data(Tensor(0.5, dtype))
            ms.set_seed(3)
            out, (by_input, by_weight) = ms.value_and_grad(net, (0, 1), net.trainable_params())(*self.inputs(dtype))
        finally:
            ms.set_context(mode=ms.PYNATIVE_MODE)
        return plain, [*[t.asnumpy() for t in out], net.state.asnumpy()], [g.asnumpy() for g in (*by_input, *by_weight)]

    def slope(self, step):
        ends = [self.total([a + sign * step * d for a, d in zip(self.point, self.direction)])[0] for sign in (1, -1)]
        return (ends[0] - ends[1]) / (2 * step)


def close(a, b, tolerance):
    return all(np.allclose(x, y, tolerance, tolerance, equal_nan=True) for x, y in zip(a, b))


def check(source, directory, seed=0):
    """Raises where the modes, or gradients and differences, do not agree; False where nothing can be said."""
    case = Case(source, directory, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        value, out = case.total(case.point)
        if not np.isfinite(value) or max(np.abs(t.asnumpy()).max() for t in out) > 1e4:
            return False
        eager = case.with_gradient(ms.PYNATIVE_MODE, ms.float64)
        compiled = case.with_gradient(ms.GRAPH_MODE, ms.float64)
        names = ["the results of a plain call", "the results of value_and_grad", "the gradients"]
        if not max(np.abs(g).max() for g in eager[2]) < 1e4:  # or not a number
            return False
        assert close(eager[0], eager[1], 1e-9), "PYNATIVE: value_and_grad gives other results than the call"
        for name, a, b in zip(names, eager, compiled):
            for x, y in zip(a, b):
                np.testing.assert_allclose(
                    y, x, 1e-6, 1e-8, err_msg=f"GRAPH (left) and PYNATIVE differ in {name}\n{source}"
                )
        slopes = [case.slope(step) for step in (1e-5, 1e-6, 1e-7)]
        if "stop_gradient" not in source and np.ptp(slopes) < 1e-4 * (
            1 + abs(slopes[1])
        ):  # else a kink or a jump is near
            found = sum(float((g * d).sum()) for g, d in zip(eager[2], case.direction))
            np.testing.assert_allclose(
                found, slopes[1], 1e-3, 1e-4, err_msg=f"gradient (left) and differences\n{source}"
            )
    return True


def check_compiled(source, directory):
    """GRAPH mode against PYNATIVE mode in float32; False where the program stands near the edge of a condition."""
    case = Case(source, directory, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        exact, single = (case.with_gradient(ms.PYNATIVE_MODE, dtype) for dtype in (ms.float64, ms.float32))
        if not all(close(a, b, 1e-4) for a, b in zip(single, exact)):
            return False
        for a, b in zip(single, case.with_gradient(ms.GRAPH_MODE, ms.float32)):
            for x, y in zip(a, b):
                np.testing.assert_allclose(y, x, 2e-3, 2e-3, err_msg=source)
    return True


def programs_agree(count, check_one):
    """Tries ``count`` programs, always the same ones unless MINISPORE_PROGRAMS asks for many; most must say something."""
    compared: list[bool] = []

    @settings(
        max_examples=count, derandomize=not MANY, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=list(hypothesis.Phase) if MANY else [hypothesis.Phase.generate],
    )  # fmt: skip
    @given(source=programs)
    def run(source):
        with tempfile.TemporaryDirectory() as directory:
            compared.append(check_one(source, Path(directory)))

    run()
    assert len(compared) >= count and sum(compared) > len(compared) / 2


@pytest.mark.slow
def test_random_programs_with_kernels_run_as_python():
    """Without compiling kernels a program takes a fraction of a second."""
    here = Path(__file__).parent
    code = f"import test_modes_agree as t; t.programs_agree({MANY or 120}, t.check)"
    env = dict(os.environ, MINISPORE_JIT="0", PYTHONPATH=os.pathsep.join([str(here), str(here.parent)]))
    found = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr[-6000:]


@pytest.mark.slow
def test_random_programs():
    programs_agree(max(MANY // 100, 4), check_compiled)
