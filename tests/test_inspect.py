"""The inspectable graph: what it says must be what the call does."""

import ast
import os
import re
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import compile_stats


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Dense(6, 8)
        self.relu = nn.ReLU()
        self.drop = nn.Dropout(p=0.5)
        self.fc2 = nn.Dense(8, 3)
        self.scale = 1.0

    def construct(self, x):
        return self.fc2(self.drop(self.relu(self.fc1(x)))) * self.scale


def train_step():
    net = Net()
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    step = nn.TrainOneStepCell(nn.WithLossCell(net, loss), nn.Momentum(net.trainable_params(), 0.1, 0.9))
    return step.set_train()


def batch(n=4):
    rng = np.random.default_rng(0)
    return Tensor(rng.normal(size=(n, 6)).astype(np.float32)), Tensor(rng.integers(0, 3, n).astype(np.int32))


def line_of(text):
    with open(__file__) as file:
        return next(k for k, line in enumerate(file, 1) if text in line)


def test_nothing_runs(graph_mode):
    step, (x, y) = train_step(), batch()
    before = {p.name: p.asnumpy() for p in step.get_parameters()}
    counter = ms.core.random.COUNTER.asnumpy()
    stats = compile_stats()
    g = step.graph(x, y)
    _ = str(g), g.kernels, g.memory, g.passes
    assert compile_stats() == stats
    assert ms.core.random.COUNTER.asnumpy() == counter
    for p in step.get_parameters():
        np.testing.assert_array_equal(p.asnumpy(), before[p.name])
    step(x, y)
    assert [str(n) for n in step.graph(x, y).nodes] == [str(n) for n in g.nodes]  # the same after a run


@pytest.mark.quick
def test_sections_scopes_and_lines(graph_mode):
    step, (x, y) = train_step(), batch()
    g = step.graph(x, y)
    line = line_of("return self.fc2(self.drop")
    products = g.find("matmul")
    assert [(n.section, n.scope) for n in products] == [
        ("forward", "network/_backbone/fc1"),
        ("forward", "network/_backbone/fc2"),
        ("backward", "network/_backbone/fc2"),
        ("backward", "network/_backbone/fc2"),
        ("backward", "network/_backbone/fc1"),
    ]
    assert {(os.path.basename(n.file), n.line) for n in products} == {("test_inspect.py", line)}
    assert products[0].source.startswith("return self.fc2(self.drop")
    names = {n.name: n for n in g.nodes}
    for n in g.backward:
        assert n.origin in names and names[n.origin].section == "forward"
        assert names[n.origin].scope == n.scope
    assert all(n.scope.startswith("optimizer") or n.op in ("add",) for n in g.update)
    assert set(g.updates) >= {"fc1.weight", "moments.fc1.weight", "fc2.bias"}
    assert g.find(f"test_inspect.py:{line}")
    assert {n.scope for n in g.find("fc1")} == {"network/_backbone/fc1"}


def test_operands_come_before_their_use(graph_mode):
    g = train_step().graph(*batch())
    known = set(g.view.leaves)
    for n in g.nodes:
        for operand, v in zip(n.operands, n.node.inputs):
            assert v.kind == "constant" or operand in known
        known |= {n.name} | {f"{n.name}.{k}" for k in range(len(n.types))}
    for value in g.updates.values():
        assert value in known


def test_text_has_a_line_for_each_node_and_stays_short(graph_mode):
    step, (x, y) = train_step(), batch()
    g = step.graph(x, y)
    text = g.text()
    for n in g.nodes:
        assert sum(bool(re.match(rf"    {n.name} ", line)) for line in text.splitlines()) == 1
    for word in ("inputs", "parameters", "forward (", "backward (", "update (", "returns %", "updates"):
        assert re.search(rf"^{re.escape(word)}", text, re.M)
    many = ms.jit(lambda x: sum((ops.sin(x * float(k)) for k in range(200)), x)).graph(x)
    assert len(str(many).splitlines()) < 60 < 400 < len(many.text().splitlines())


def test_jit_methods_and_gradients(graph_mode):
    @ms.jit
    def f(a, b):
        return ops.relu(a @ b)

    class Holder:
        @ms.jit
        def method(self, a):
            return ops.exp(a)

    a, b = Tensor(np.ones((2, 3), np.float32)), Tensor(np.ones((3, 2), np.float32))
    assert [n.op for n in f.graph(a, b).nodes] == ["matmul", "relu"]
    assert list(f.graph(a, b).arguments) == ["a", "b"]
    assert [n.op for n in Holder().method.graph(a).nodes] == ["exp"]
    g = ms.value_and_grad(lambda v: ops.sin(v).sum()).graph(a)
    assert [n.op for n in g.backward][-1] == "mul" and "cos" in [n.op for n in g.backward]
    assert [n.op for n in ms.inspect.graph(lambda d: d["x"] * 2.0, {"x": a}).nodes] == ["mul"]
    assert ms.inspect.graph(lambda d: d["x"] * 2.0, {"x": a}).nodes[0].operands[0] == "d['x']"
    with pytest.raises(TypeError, match="a Cell or function is needed"):
        ms.inspect.graph(3)


@pytest.mark.quick
def test_passes_name_what_fired(graph_mode):
    def f(x):
        y = ops.neg(ops.neg(x))
        return (y * 2.0) * 3.0 + ops.exp(x) + ops.exp(x)

    g = ms.inspect.graph(f, Tensor([1.0, 2.0]))
    first = g.passes[0]
    assert first.counts["negate_twice"] == 1 and first.counts["join_factors"] == 1 and first.counts["merge_equal"] == 1
    assert len(first.before.nodes) == len(g.traced.nodes) and len(g.passes[-1].after.nodes) == len(g.final.nodes)
    rewrite = next(r for r in first.rewrites if r.rule == "join_factors")
    assert rewrite.after == "mul(x, 6)" and "test_inspect.py" in rewrite.where


def test_kernels(graph_mode):
    step, (x, y) = train_step(), batch(64)
    g = step.graph(x, y)
    g.compile()
    computed = [n.name for k in g.kernels for n in k.nodes]
    needed = {n.name for n in g.nodes if n.node.op.kind not in ("view", "index")}
    assert set(computed) == needed
    product = next(k for k in g.kernels if k.nodes and k.nodes[0].op == "matmul")
    assert product.flops == 2 * 64 * 6 * 8
    assert product.bytes == 4 * (64 * 6 + 6 * 8 + 64 * 8)
    for kernel in g.kernels:
        ast.parse(kernel.source)
        code = [line.split("#")[0].rstrip() for line in kernel.source.splitlines()]
        raw = [line.split("#")[0].rstrip() for line in kernel.raw_source.splitlines()]
        assert [c for c in code if c] == [r for r in raw if r]  # comments are all that was added
        assert kernel.origin in ("compiled", "loaded") and kernel.seconds > 0
    update = next(k for k in g.kernels if "fc1.weight" in " ".join(k.writes))
    for n in update.nodes:
        assert f"# {n.name} {n.expression}" in update.source
    assert update.commits and update.sections == ["update"]
    assert {k for n in g.nodes for k in n.kernels} <= set(range(len(g.kernels)))


@pytest.mark.slow
def test_machine_code_and_vectors(graph_mode):
    g = ms.inspect.graph(lambda x: ops.exp(x) * 2.0, Tensor(np.ones(64, np.float32)))
    (kernel,) = g.kernels
    assert "define" in kernel.llvm() and "ret" in kernel.asm()
    assert kernel.vectors and "float" in str(kernel.vectors)
    (scalar,) = ms.inspect.graph(lambda x: ops.exp(x) * 2.0, Tensor(np.float32(1))).kernels
    assert not scalar.vectors and str(scalar.vectors) == "not vectorised"
    product = ms.inspect.graph(ops.matmul, Tensor(np.ones((4, 4), np.float32)), Tensor(np.ones((4, 4), np.float32)))
    assert "OpenBLAS" in str(product.kernels[0].vectors)


@pytest.mark.quick
def test_memory_plan_is_that_of_the_executable(graph_mode):
    step, (x, y) = train_step(), batch(64)
    g = step.graph(x, y)
    plan = g.memory
    assert plan.arena_bytes == g.executable.arena_bytes
    for a in plan.buffers:
        for b in plan.buffers:
            if a is not b and a.first <= b.last and b.first <= a.last:
                assert a.offset + a.nbytes <= b.offset or b.offset + b.nbytes <= a.offset
    assert plan.peak == max(plan.live) <= plan.arena_bytes <= plan.unshared_bytes
    assert any(b.reuses for b in plan.buffers)
    assert "fc1.weight" in plan.in_place
    stats = g.stats()
    assert stats["nodes"] == sum(stats[f"nodes_{s}"] for s in ("forward", "backward", "update"))
    assert stats["kernel_calls"] == len(g.kernels) and stats["parameters"] == sum(p.size for p in g.parameters)


def test_memory_plan_of_a_loop_counts_what_lives_in_all_its_turns(graph_mode):
    net = nn.GRU(16, 16, batch_first=True)
    x = Tensor(np.ones((8, 64, 16), np.float32))
    plan = ms.inspect.graph(ms.value_and_grad(lambda x: net(x)[0].sum(), None, net.trainable_params()), x).memory
    assert plan.peak == plan.live[plan.peak_call] == sum(b.nbytes for b in plan.at(plan.peak_call))
    assert plan.peak <= plan.arena_bytes <= 1.05 * plan.peak


def test_other_tools(graph_mode, tmp_path, monkeypatch):
    networkx = pytest.importorskip("networkx")
    g = train_step().graph(*batch())
    graph = g.to_networkx()
    assert networkx.is_directed_acyclic_graph(graph)
    for n in g.nodes:
        assert graph.nodes[n.name]["op"] == n.op and graph.nodes[n.name]["line"] == (n.line or 0)
        sources = {a for a, _ in graph.in_edges(n.name)}
        assert sources == {
            o.split(".")[0] if o.startswith("%") else o
            for o, v in zip(n.operands, n.node.inputs)
            if v.kind != "constant"
        }
    dot = g.to_dot()
    assert dot.count("{") == dot.count("}") and 'label="fc1"' in dot
    monkeypatch.setenv("PATH", "")
    import xml.etree.ElementTree as xml

    svg = xml.fromstring(g.to_svg(tmp_path / "graph.svg"))
    assert len(svg.findall(".//{http://www.w3.org/2000/svg}rect")) == graph.number_of_nodes()
    assert (tmp_path / "graph.svg").stat().st_size > 1000
    with pytest.raises(RuntimeError, match="dot"):
        g.to_png(tmp_path / "graph.png")


def test_reasons(graph_mode):
    net = Net()
    x, _ = batch()
    assert "has not been called" in net.graph(x).explain()
    net(x)
    net(batch(3)[0])
    net.scale = 2.0
    net(x)
    net.set_train(True)
    net(x)
    net.fc1.weight.set_data(Tensor(np.zeros((8, 6), np.float32)))
    net(x)  # nothing to compile
    reasons = [c.reason for c in ms.inspect.compilations(net)]
    assert reasons == [
        "the first call",
        "the argument 'x' is Float32[3, 6], was Float32[4, 6]",
        "the attribute 'scale' is float 2.0, was float 1.0",
        "the attribute 'training' is True (and of 4 more cells), was False",
    ]
    assert "Float32[5, 6], was Float32" in net.graph(batch(5)[0]).explain()
    assert "compiled 3 times" in net.graph(x).explain()


def test_assert_max_compiles(graph_mode):
    f = ms.jit(lambda x, k: x * k)
    with ms.inspect.assert_max_compiles(1):
        for _ in range(3):
            f(Tensor([1.0]), 2)
    with pytest.raises(AssertionError, match="'k' is int 4, was int 3"):
        with ms.inspect.assert_max_compiles(1):
            f(Tensor([1.0]), 3)
            f(Tensor([1.0]), 4)
    with pytest.raises(ValueError, match="'n'"):
        with ms.inspect.assert_max_compiles(-1):
            pass
    with pytest.raises(KeyError):  # an error inside is not hidden
        with ms.inspect.assert_max_compiles(0):
            f(Tensor([1.0]), 5)
            raise KeyError


def test_many_compilations_warn(graph_mode):
    f = ms.jit(lambda x, rate: x * rate)
    with pytest.warns(RuntimeWarning, match=r"compiled 8 times, 7 of them because the argument 'rate'.*pass a Tensor"):
        for k in range(8):
            f(Tensor([1.0]), k / 8)


def test_saved_graphs(graph_mode, tmp_path):
    step, (x, y) = train_step(), batch()
    ms.set_context(save_graphs=3, save_graphs_path=str(tmp_path))
    try:
        step(x, y)
    finally:
        ms.set_context(save_graphs=0, save_graphs_path=".")
    (folder,) = tmp_path.iterdir()
    assert folder.name.endswith("_TrainOneStepCell")
    names = sorted(p.name for p in folder.iterdir())
    assert names[0] == "00_traced.txt" and {"01_simplify.txt", "90_final.txt", "91_kernels.py", "93_graph.svg"} <= set(
        names
    )
    nodes = re.findall(r"^    (%\d+) ", (folder / "90_final.txt").read_text(), re.M)
    assert sorted(nodes) == sorted(n.name for n in step.graph(x, y).nodes)
    ast.parse((folder / "91_kernels.py").read_text())
    step(*batch(2))
    assert len(list(tmp_path.iterdir())) == 1
    for bad, error in ((4, ValueError), ("yes", TypeError)):
        with pytest.raises(error, match="save_graphs"):
            ms.set_context(save_graphs=bad)


SCRIPT = """
import numpy as np
import minispore as ms
from minispore import nn, ops, Tensor

ms.set_context(mode=ms.GRAPH_MODE)
ms.set_seed(3)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.pool = nn.MaxPool2d(2, 2)
        self.drop = nn.Dropout(p=0.25)
        self.fc = nn.Dense(4 * 3 * 3, 5)
        self.table = nn.Embedding(7, 5)

    def construct(self, x, ids):
        h = self.pool(ops.relu(self.norm(self.conv(x))))
        return self.fc(self.drop(h.reshape(x.shape[0], -1))) + self.table(ids)


net = Net()
loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
step = nn.TrainOneStepCell(nn.WithLossCell(net, lambda out, y: loss(out, y)), nn.Adam(net.trainable_params(), 0.01))
rng = np.random.default_rng(0)


class Wrap(nn.Cell):
    def __init__(self):
        super().__init__()
        self.net = net
        self.grad = ms.value_and_grad(self.forward, None, net.trainable_params())
        self.opt = nn.Adam(net.trainable_params(), 0.01)

    def forward(self, x, ids, y):
        return loss(self.net(x, ids), y)

    def construct(self, x, ids, y):
        value, grads = self.grad(x, ids, y)
        self.opt(grads)
        return value


wrap = Wrap().set_train()
x, ids, y = rng.normal(size=(2, 2, 6, 6)).astype(np.float32), rng.integers(0, 7, 2), rng.integers(0, 5, 2)
for _ in range(2):
    print("loss", wrap(Tensor(x), Tensor(ids.astype(np.int32)), Tensor(y.astype(np.int32))).asnumpy())
for p in net.get_parameters():
    print(p.name, *p.asnumpy().ravel()[:4])
a = Tensor(rng.normal(size=(3, 5)).astype(np.float32))
several = ms.jit(lambda a: (ops.softmax(a).astype(ms.float16).sum(0), ops.argmax(a, 1), ops.cumsum(a, 1), ops.amax(a, 1),
                            ops.erf(a).astype(ms.bfloat16).astype(ms.float32), ops.tanh(a) ** 2.0, (a > 0).any(1),
                            ops.sort(a)[0], a.astype(ms.int32) // 2))
for t in several(a):
    print("op", *t.asnumpy().ravel())
"""


def run(script, **environment):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
def test_kernels_run_as_python():
    code, compiled, errors = run(SCRIPT)
    assert code == 0, errors
    code, python, errors = run(SCRIPT, MINISPORE_JIT="0")
    assert code == 0, errors
    pairs = list(zip(compiled.split(), python.split(), strict=True))
    assert len(pairs) > 100
    for a, b in pairs:
        try:
            numbers = float(a.strip("[]")), float(b.strip("[]"))
        except ValueError:
            assert a == b
        else:
            np.testing.assert_allclose(*numbers, rtol=2e-3 if "e-" in a else 1e-4, atol=1e-5)


@pytest.mark.slow
def test_python_kernels_can_be_stopped_in(tmp_path):
    script = """
        import minispore as ms
        f = ms.jit(lambda x: ms.ops.relu(x * 2.0))
        print(f(ms.Tensor([1.0, -1.0])))
    """
    environment = {"MINISPORE_JIT": "0", "MINISPORE_CACHE_DIR": str(tmp_path)}
    assert run(script, **environment)[:2] == (0, "[2. 0.]\n")
    (path,) = (tmp_path / "python").glob("fused_mul_relu-*.py")
    path.write_text(path.read_text().replace("    for i0", "    raise KeyError('stopped here')\n    for i0"))
    code, _, errors = run(script, **environment)
    assert code == 1 and "KeyError: 'stopped here'" in errors
    assert re.search(rf'File "{re.escape(str(path))}", line \d+, in fused_mul_relu', errors)


@pytest.mark.slow
def test_debug_levels():
    script = """
        import minispore as ms
        f = ms.jit(lambda x: ms.ops.relu(ms.ops.neg(ms.ops.neg(x))))
        f(ms.Tensor([1.0, -1.0]))
        f(ms.Tensor([1.0]))
    """
    _, _, text = run(script, MINISPORE_DEBUG="1")
    first, second = text.splitlines()
    assert "<lambda>(x: Float32[2]) compiled in" in first and first.endswith("the first call")
    assert second.endswith("the argument 'x' is Float32[1], was Float32[2]")
    seen = [text]
    for level, sign in (
        (2, "%0  Float32[2] = relu(x)"),
        (3, "negate_twice: %1"),
        (4, "def fused_relu("),
        (5, "us in 1 kernel calls"),
    ):
        _, _, text = run(script, MINISPORE_DEBUG=str(level))
        assert sign in text and not any(sign in earlier for earlier in seen)
        seen.append(text)


def test_parameters_only_read_are_told_apart(graph_mode):
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    g = ms.inspect.graph(lambda x: (x * w).sum(), Tensor([1.0, 1.0]))
    assert re.search(r"w +Float32\[2\] +read$", str(g), re.M) and g.updates == {}


def test_scopes_are_attribute_paths(graph_mode):
    class Inner(nn.Cell):
        def __init__(self):
            super().__init__()
            self.steps = nn.SequentialCell(nn.ReLU(), nn.Tanh())

        def construct(self, x):
            return self.steps(x)

    class Outer(nn.Cell):
        def __init__(self):
            super().__init__()
            self.layers = nn.CellList([Inner(), Inner()])
            self.last = nn.Sigmoid()

        def construct(self, x):
            for layer in self.layers:
                x = layer(x)
            return self.last(x)

    scopes = [n.scope for n in Outer().graph(Tensor([1.0])).nodes]
    assert scopes == ["layers/0/steps/0", "layers/0/steps/1", "layers/1/steps/0", "layers/1/steps/1", "last"]


class Scored(nn.Cell):
    def __init__(self, net):
        super().__init__()
        self.net, self.goal = net, Tensor([0.5])

    def construct(self, x):
        return (self.net(x) - self.goal).sum()


def two_steps():
    nets = [nn.Dense(1, 1), nn.Dense(1, 1)]
    return [nn.TrainOneStepCell(Scored(net), nn.Adam(net.trainable_params())) for net in nets]


def test_two_outermost_cells_have_paths_of_their_own(graph_mode, tmp_path):
    generator_step, other = two_steps()
    holder = type("Holder", (), {})()
    holder.critic = other

    def both(x):
        if x.sum() > 0:
            loss = generator_step(x)
        else:
            loss = x.sum()
        return loss + holder.critic(x)

    g = ms.jit(both).graph(Tensor([[1.0]]))
    scopes = {n.scope for n in g.all_nodes if n.scope}
    assert {s.partition("/")[0] for s in scopes} == {"generator_step", "critic"}
    for name in ("generator_step", "critic"):
        assert {f"{name}/network/net", f"{name}/optimizer"} <= scopes and f"{name}/network.goal" in g.view.leaves
        (tmp_path / "page.html").unlink(missing_ok=True)
        g.to_html(tmp_path / "page.html")
        assert f'"{name}/network/net":"Dense"' in (tmp_path / "page.html").read_text()
    assert {n.scope.partition("/")[0] for n in g.find("optimizer")} == {"generator_step", "critic"}


def test_names_of_outermost_cells(graph_mode):
    nets = [nn.Dense(1, 1), nn.Dense(1, 1)]

    def looped(x):
        for net in nets:
            x = net(x)
        return nn.ReLU()(x) + nn.ReLU()(-x)

    x = Tensor([[1.0]])
    assert {n.scope for n in ms.jit(looped).graph(x).nodes} >= {"net", "net_2", "ReLU", "ReLU_2"}
    step, _ = two_steps()
    scopes = {n.scope for n in ms.jit(lambda x: step(x) + step(x)).graph(x).nodes}
    assert {"network", "network/net", "optimizer"} <= scopes and not any(s.startswith("step") for s in scopes)
    assert {n.scope for n in step.graph(x).nodes} - {""} == scopes - {""}
    assert [p.name for p in step.network.trainable_params()] == ["net.weight", "net.bias"]


def test_kernels_are_timed_without_a_change(graph_mode):
    from minispore.inspect.timing import measure

    step, (x, y) = train_step(), batch(64)
    before = {p.name: p.asnumpy() for p in step.get_parameters()}
    g = step.graph(x, y)
    seconds = measure(g, (x, y), steps=3)
    assert sorted(seconds) == list(range(len(g.kernels)))
    assert all(len(times) == 3 and min(times) > 0 for times in seconds.values())
    for p in step.get_parameters():
        np.testing.assert_array_equal(p.asnumpy(), before[p.name])

    def doubled(x):
        while x.sum() < 100.0:
            x = x * 2.0
        return x

    loop = ms.inspect.graph(doubled, Tensor([1.0]))
    seconds = measure(loop, (Tensor([1.0]),), steps=2)
    product = next(k.index for k in loop.kernels if k.name == "fused_mul")
    assert len(seconds[product]) == 2 * 7


def test_keywords_in_any_order(graph_mode):
    f = ms.jit(lambda a, b: a - b)
    a, b = Tensor([5.0, 5.0]), Tensor([1.0])
    assert f(b=b, a=a).asnumpy().tolist() == [4.0, 4.0]
    assert f.graph(b=b, a=a).nodes[0].operands == f.graph(a, b=b).nodes[0].operands == ["a", "b"]
    assert ms.debug.compare_modes(f, b=b, a=a).equal


def test_found_nodes_know_their_kernels(graph_mode):
    step, (x, y) = train_step(), batch()
    g = step.graph(x, y)
    found = g.find("optimizer")
    assert [k.index for k in found.kernels] == sorted({k for n in found for k in n.kernels})
    assert all(k.commits for k in found.kernels) and str(found[:2]).count("\n") == 2
    assert all(k.where and k.where in str(k) for k in found.kernels)
    lines = found.kernels.vectors()
    assert 1 <= len(lines) <= len(found.kernels) and re.search("vectorised| x float", str(lines))


def test_the_first_call_is_told_apart(graph_mode):
    f = ms.jit(lambda x: ops.relu(x * 3.0).sum())
    x = Tensor(np.ones((3, 5), np.float32))
    g = f.graph(x)
    assert g.stats()["first_call"] == {} and "has not been called" in g.explain()
    f(x)
    phases = g.stats()["first_call"]
    record = ms.inspect.compilations(f)[0]
    assert list(phases)[:5] == ["trace", "passes", "fuse", "lower", "plan"] and phases["trace"] > 0
    assert {"import compiler", "compile", "load"} <= set(phases) and all(s >= 0 for s in phases.values())
    assert 0 < sum(phases.values()) <= record.seconds
    assert record.spent and record.spent in g.explain()


def test_warnings_show_the_line_of_the_caller(graph_mode):
    f = ms.jit(lambda x, rate: x * rate)
    with pytest.warns(RuntimeWarning, match="compiled 8 times") as caught:
        for k in range(8):
            f(Tensor([2.0]), k / 16)
    assert caught[0].filename == __file__


def test_graphs_inside_say_what_they_are_given(graph_mode):
    def f(x, w):
        n = x.sum()
        while n < 100.0:
            if n > 10.0:
                x = x * w
            else:
                x = ops.exp(x)  # grows
            n = n + x.sum()
        return x.sum()

    x, w = Tensor(np.ones((2, 2), np.float32)), Tensor(np.full((2, 2), 2.0, np.float32))
    g = ms.inspect.graph(ms.grad(f), x, w)
    loop, back = (next(n for n in nodes if n.op == "loop") for nodes in (g.forward, g.backward))
    body = loop.graphs["body"]
    assert [s.partition(",")[0] for s in body.given] == loop.operands[: len(body.given)]
    assert any(s.startswith("x, later %") for s in body.given) and "w" in body.given
    assert any(s.startswith(f"a row of {loop.name}.") for s in back.graphs["body"].given)
    lines = g.text().splitlines()
    assert all(
        line.startswith("        ") for line in lines[lines.index("      body:") + 1 : lines.index("      condition:")]
    )
    inner = [
        n for n in g.all_nodes if n.section == "backward" and n.name.startswith(f"{back.name}a/") and n.op != "cond"
    ]
    assert {"x = ops.exp(x)  # grows", "x = x * w"} <= {n.source for n in inner}
    known = g.to_networkx()
    exp = next(n for n in g.all_nodes if n.op == "exp")
    assert (
        known.nodes[exp.name]["body"] == "branches[0]"
        and known.nodes[known.nodes[exp.name]["outer"]]["outer"] == loop.name
    )
    assert "x" in known.predecessors(exp.name) and f'"cluster_/{loop.name} body"' in g.to_dot()
    assert any(b.name == exp.name or exp.name in b.name.split() for b in g.memory.buffers) or any(
        exp.name in w for k in g.kernels for w in k.writes
    )


def test_a_graph_as_onnx(graph_mode, tmp_path):
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    net, x = nn.Dense(4, 3), Tensor(np.ones((2, 4), np.float32))
    net.graph(x).to_onnx(tmp_path / "net.onnx")
    (y,) = runtime.InferenceSession(tmp_path / "net.onnx").run(None, {"x": x.asnumpy()})
    np.testing.assert_allclose(y, net(x).asnumpy(), rtol=1e-6)


@pytest.mark.slow
def test_machine_code_needs_nothing_compiled_before():
    script = """
        import minispore as ms
        print(ms.nn.Dense(2, 2).graph(ms.ops.ones((3, 2))).kernels.vectors())
    """
    code, out, text = run(script)
    assert code == 0 and "[0] gemm: " in out and "OpenBLAS" in out, text
