"""Compiled once: exact counts of traces and kernels for every way in which a later call may differ."""

import io
import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, ParameterTuple, Tensor, nn, ops
from minispore.graph import cache, compile_stats
from minispore.graph.build import build
from minispore.graph.trace import trace


class Layers(nn.Cell):
    """Equal layers with a normalisation each, trained by hand-written Momentum."""

    def __init__(self, count, width=8):
        super().__init__()
        rng = np.random.default_rng(0)
        self.w = ParameterTuple(
            [
                Parameter(Tensor(rng.normal(size=(width, width)).astype(np.float32) / 3), name=f"w{k}")
                for k in range(count)
            ]
        )
        self.b = ParameterTuple([Parameter(Tensor(np.zeros(width, np.float32)), name=f"b{k}") for k in range(count)])

    def construct(self, x):
        for w, b in zip(self.w, self.b):
            h = ops.relu(ops.matmul(x, w.T) + b)
            h = h - h.mean(-1, True)
            x = x + h / ops.sqrt((h * h).mean(-1, True) + 1e-5)
        return (x * x).mean()


def momentum_step(net, rate):
    parameters = ParameterTuple(net.trainable_params())
    moments = parameters.clone("moments", "zeros")
    gradient = ms.value_and_grad(net, None, parameters)

    def step(x):
        loss, grads = gradient(x)
        for p, m, g in zip(parameters, moments, grads):
            ops.assign(m, m * 0.9 + g)
            ops.assign(p, p - rate * m)
        return loss

    return step


def counts(call):
    before = compile_stats()
    call()
    after = compile_stats()
    kernels = after["compiled"] + after["loaded"] - before["compiled"] - before["loaded"]
    return after["traces"] - before["traces"], kernels


@pytest.mark.quick
def test_a_smaller_last_batch_compiles_nothing():
    step = ms.jit(momentum_step(Layers(2), 0.1))
    step(Tensor(np.random.randn(32, 8).astype(np.float32)))
    traces, kernels = counts(lambda: step(Tensor(np.random.randn(29, 8).astype(np.float32))))
    assert (traces, kernels) == (1, 0)
    assert counts(lambda: step(Tensor(np.random.randn(29, 8).astype(np.float32)))) == (0, 0)


@pytest.mark.quick
def test_changing_a_rate_that_is_a_parameter_traces_nothing():
    rate = Parameter(Tensor(0.1), name="rate")
    net = Layers(2)
    step = ms.jit(momentum_step(net, rate))
    x = Tensor(np.random.randn(4, 8).astype(np.float32))
    step(x)
    before = net.w[0].asnumpy()
    step(x)
    moved = np.abs(net.w[0].asnumpy() - before).max()
    for change in (lambda: rate.set_data(Tensor(0.0)), lambda: ops.assign(rate, Tensor(0.0))):
        assert counts(lambda change=change: (change(), step(x))) == (0, 0)
    before = net.w[0].asnumpy()
    assert counts(lambda: step(x)) == (0, 0)
    assert moved > 0 and (net.w[0].asnumpy() == before).all()


def test_another_constant_uses_the_same_kernels():
    x = Tensor(np.random.randn(16).astype(np.float32))
    a = ms.jit(lambda x: ops.tanh(x * 0.25) + 3.0)
    b = ms.jit(lambda x: ops.tanh(x * 0.75) + 5.0)
    a(x)
    assert counts(lambda: b(x)) == (1, 0)
    np.testing.assert_allclose(b(x).asnumpy(), np.tanh(x.asnumpy() * 0.75) + 5, rtol=1e-6)


def test_depth_adds_no_distinct_kernels():
    def kernels(depth):
        net = Layers(depth)
        graph = trace(momentum_step(net, 0.1), [Tensor(np.zeros((4, 8), np.float32))], {})[0]
        return {call.source.digest for call in build(graph).calls}

    assert kernels(50) == kernels(10)


SCRIPT = textwrap.dedent(
    """
    import sys
    import numpy as np
    sys.path.insert(0, {tests!r})
    import minispore as ms
    from minispore import Tensor
    from test_compiled_once import Layers, momentum_step
    from minispore.graph import compile_stats
    step = ms.jit(momentum_step(Layers(3), 0.1))
    step(Tensor(np.ones((4, 8), np.float32)))
    print(compile_stats()["compiled"], compile_stats()["loaded"], "minispore.graph.machine_code" in sys.modules)
    """
)


def run_script(directory):
    env = dict(os.environ, MINISPORE_CACHE_DIR=str(directory))
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    env["PYTHONPATH"] = root + os.pathsep + env.get("PYTHONPATH", "")
    script = SCRIPT.format(tests=os.path.join(root, "tests"))
    return subprocess.Popen(
        [sys.executable, "-c", script], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def outcome(process):
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err[-2000:]
    compiled, loaded, compiler = out.split()
    return int(compiled), int(loaded), compiler == "True", err


@pytest.mark.slow
def test_a_second_process_compiles_nothing_and_a_damaged_file_heals(tmp_path):
    racing = [run_script(tmp_path) for _ in range(2)]  # two at once share the directory
    compiled = [outcome(p)[0] for p in racing]
    assert max(compiled) > 0
    again, loaded, compiler, _ = outcome(run_script(tmp_path))
    assert (again, compiler) == (0, False) and loaded >= max(compiled)
    files = sorted(tmp_path.glob("*/*.o"))
    files[0].write_bytes(files[0].read_bytes()[:-7])
    files[1].write_bytes(b"not an object")
    files[2].write_bytes(b"")
    healed, _, _, _ = outcome(run_script(tmp_path))
    assert healed == 3
    assert outcome(run_script(tmp_path))[0] == 0


@pytest.mark.slow
def test_an_unwritable_directory_costs_one_warning(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("a file, where a directory is needed")
    compiled, loaded, _, err = outcome(run_script(blocked / "cache"))
    assert compiled > 0 and loaded == 0
    assert err.count("RuntimeWarning") == 1 and "MINISPORE_CACHE_DIR" in err


def test_the_cache_stays_below_its_bound(tmp_path, monkeypatch):
    monkeypatch.setenv("MINISPORE_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(cache, "SIZE_BOUND", 10_000)
    monkeypatch.setattr(cache, "_since_check", 63)
    for k in range(200):
        cache.store(f"{k:064x}", "symbol", bytes(1000))
    total = sum(p.stat().st_size for p in tmp_path.glob("*/*.o"))
    assert total <= 10_000 + 64 * 1200  # the size is looked at every 64th store
    assert cache.load(f"{199:064x}") == ("symbol", bytes(1000))


@pytest.mark.parametrize("how", ["store", "clear"])
def test_what_a_killed_process_was_writing_goes(tmp_path, monkeypatch, how):
    monkeypatch.setenv("MINISPORE_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(cache, "_since_check", 63)
    cache.store("a" * 64, "symbol", b"code")
    left, in_use = tmp_path / "aa" / "left.tmp", tmp_path / "aa" / "used.tmp"
    for path in (left, in_use):
        path.write_bytes(bytes(10))
    os.utime(left, (0, 0))
    monkeypatch.setattr(cache, "_since_check", 63)
    cache.clear() if how == "clear" else cache.store("b" * 64, "symbol", b"code")
    assert not left.exists() and in_use.exists()


@pytest.mark.quick
@pytest.mark.parametrize("change", ["attribute", "training"])
def test_a_changed_attribute_takes_effect(change, graph_mode):
    class Scaled(nn.Cell):
        def __init__(self):
            super().__init__()
            self.factor = 2.0

        def construct(self, x):
            return x * (10.0 if self.training else self.factor)

    net = Scaled()
    x = Tensor([1.0])
    assert net(x).asnumpy() == [2.0]
    if change == "attribute":
        net.factor = 3.0
        assert net(x).asnumpy() == [3.0]
    else:
        net.set_train()
        assert net(x).asnumpy() == [10.0]
        net.set_train(False)
        assert counts(lambda: net(x)) == (0, 0)  # the earlier executable serves again


def test_a_terminal_is_told_why_it_waits(monkeypatch, tmp_path):
    """Once in a process, with an end; nothing in a pipe, and nothing for a short wait."""
    from minispore.graph import waiting

    class Screen(io.StringIO):
        def isatty(self):
            return True

    def shown(function, screen, patience):
        monkeypatch.setattr(waiting, "PATIENCE", patience)
        monkeypatch.setattr("sys.stderr", screen)
        ms.jit(function)(Tensor([1.0]))
        return screen.getvalue()

    monkeypatch.setenv("MINISPORE_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(waiting, "_has_spoken", False)
    assert shown(lambda x: ops.atan(ops.sin(x)) * ops.cos(x + x), io.StringIO(), 0) == ""
    assert shown(lambda x: ops.atan(ops.sin(x)) - ops.cos(x + x), Screen(), 1e9) == ""
    text = shown(lambda x: ops.atan(ops.sin(x)) + ops.cos(x + x), Screen(), 0)
    first, last = text.splitlines()
    assert first == f"minispore: compiling 1 kernel, once; kept in {tmp_path}" and last.startswith(
        "minispore: compiled in "
    )
    assert shown(lambda x: ops.atan(ops.cos(x)) + ops.cos(x + x), Screen(), 0) == ""
