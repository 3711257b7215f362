"""A profile: it measures the step, and changes nothing."""

import json

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.large = nn.Dense(256, 512)
        self.drop = nn.Dropout(p=0.5)
        self.small = nn.Dense(512, 4)

    def construct(self, x):
        return self.small(self.drop(ops.relu(self.large(x))))


def train_step():
    net = Net()
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    step = nn.TrainOneStepCell(nn.WithLossCell(net, loss), nn.Momentum(net.trainable_params(), 0.1, 0.9)).set_train()
    rng = np.random.default_rng(0)
    return (
        step,
        Tensor(rng.normal(size=(128, 256)).astype(np.float32)),
        Tensor(rng.integers(0, 4, 128).astype(np.int32)),
    )


@pytest.mark.quick
def test_it_measures_every_kernel_and_trains_nothing(graph_mode):
    step, x, y = train_step()
    before = {p.name: p.asnumpy() for p in step.get_parameters()}
    counter = ms.core.random.COUNTER.asnumpy()
    g = step.graph(x, y)
    p = g.profile(x, y, steps=4)
    for q in step.get_parameters():
        np.testing.assert_array_equal(q.asnumpy(), before[q.name])
    assert ms.core.random.COUNTER.asnumpy() == counter
    assert [c.kernel for c in p.kernels] == list(g.kernels) and p.steps == 4
    assert sum(c.share for c in p.kernels) == pytest.approx(1.0)
    assert all(c.runs == 1 for c in p.kernels)
    assert sum(c.seconds for c in p.cells) == pytest.approx(p.kernel_seconds)
    assert sum(c.flops for c in p.cells) == pytest.approx(g.stats()["flops"])
    assert p.kernel_seconds > 0 and p.profiled_seconds > 0 and p.step_seconds > 0
    # the product of 2 * 128 * 256 * 512 operations, forward and back, is nearly all there is to do
    assert max(p.cells, key=lambda c: c.flops).name == "network/_backbone/large"
    large = next(c for c in p.cells if c.name == "network/_backbone/large")
    assert large.flops >= 2 * 2 * 128 * 256 * 512
    assert large.flops_per_second == pytest.approx(large.flops / large.seconds)


def test_what_it_prints(graph_mode):
    step, x, y = train_step()
    p = step.graph(x, y).profile(x, y, steps=2)
    text = str(p)
    for piece in (
        "us a step",
        "of peak",
        "GFLOP/s",
        "GB/s",
        "slower",
        "subtracted",
        "network/_backbone/large",
        "gemm" if "gemm" in text else "panel_product",  # by the processor
        "test_profile.py:",
    ):
        assert piece in text
    assert len(text.splitlines()) < 60
    slowest = max(p.kernels, key=lambda c: c.seconds)
    assert text.split("\n\n")[1].splitlines()[1].startswith(f"[{slowest.kernel.index}] {slowest.name}")


def test_runs_in_loops_are_counted(graph_mode):
    def doubled(x):
        while x.sum() < 100.0:
            x = x * 2.0
        return x

    g = ms.inspect.graph(doubled, Tensor([1.0]))
    p = g.profile(Tensor([1.0]), steps=2)
    product = next(c for c in p.kernels if c.name == "fused_mul")
    assert product.runs == 7 and product.flops == 7 * product.kernel.flops  # 1 -> 128
    assert next(c for c in g.profile(Tensor([64.0]), steps=2).kernels if c.name == "fused_mul").runs == 1


def test_jitted_functions_and_keywords(graph_mode):
    f = ms.jit(lambda a, b: ops.matmul(a, b).sum())
    a, b = ops.ones((32, 48)), ops.ones((48, 16))
    p = f.graph(a, b=b).profile(a, b=b, steps=2)
    assert max(c.flops for c in p.kernels) == 2 * 32 * 48 * 16


def test_the_trace_of_a_profile(graph_mode, tmp_path):
    step, x, y = train_step()
    g = step.graph(x, y)
    p = g.profile(x, y, steps=3)
    p.to_trace(tmp_path / "trace.json")
    events = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    slices = [e for e in events if e["ph"] == "X"]
    assert len(slices) == 3 * len(g.kernels)
    assert [e["args"]["call"] for e in slices if e["args"]["step"] == 1] == [k.index for k in g.kernels]
    for one, after in zip(slices, slices[1:]):
        assert one["dur"] >= 0 and one["ts"] + one["dur"] <= after["ts"] + 1e-3  # one after another
    rows = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    for e in slices:
        kernel = g.kernels[e["args"]["call"]]
        assert rows[e["tid"]] == (kernel.sections or ["copy"])[0] and e["name"] == kernel.name


def test_other_arguments_are_refused(graph_mode):
    step, x, y = train_step()
    g = step.graph(x, y)
    with pytest.raises(ValueError, match=r"float32\[128, 256\], int32\[128\], but got float32\[64, 256\]"):
        g.profile(x[:64], y[:64])
    with pytest.raises(ValueError, match="float32"):
        g.profile(y)
    with pytest.raises(ValueError, match="steps"):
        g.profile(x, y, steps=0)
    assert g.measured is None


def test_a_failing_step_changes_nothing(graph_mode):
    """A class that is not there stops the step: the error is the step's own."""
    step, x, y = train_step()
    before = {p.name: p.asnumpy() for p in step.get_parameters()}
    with pytest.raises(Exception, match="9"):
        step.graph(x, y).profile(x, Tensor(np.full(128, 9, np.int32)))
    for q in step.get_parameters():
        np.testing.assert_array_equal(q.asnumpy(), before[q.name])


def test_everything_compiled_inside_is_profiled(graph_mode):
    step, x, y = train_step()
    before = [p.asnumpy() for p in step.get_parameters()]
    with ms.inspect.profiling(steps=1) as profiles:
        assert profiles == []
        step.graph(x, y)  # compiles nothing
    assert profiles == []
    with ms.inspect.profiling(steps=2) as profiles:
        step(x, y)
        after = [p.asnumpy() for p in step.get_parameters()]
    (p,) = profiles
    assert p.steps == 2 and len(p.kernels) == len(step.graph(x, y).kernels) and p.step_seconds > 0
    assert any((a != b).any() for a, b in zip(before, after))
    for a, q in zip(after, step.get_parameters()):  # one step was trained, not those that were measured
        np.testing.assert_array_equal(a, q.asnumpy())
    assert "run" not in vars(step._compiled.compiled.last.executable)


def test_the_arguments_of_the_graph_are_the_default(graph_mode):
    x = Tensor(np.ones((4, 3), np.float32))
    assert ms.inspect.graph(lambda x, k: x * k, x, k=2.0).profile(steps=1).step_seconds > 0
