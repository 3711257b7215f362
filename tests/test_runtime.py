"""The native runtime: threads, forks, interrupts, failures.  Nothing may hang, crash, or half-write a Parameter."""

import os
import platform
import signal
import subprocess
import sys
import textwrap
import threading
import types

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import python_kernels, runtime
from minispore.graph.table import Table


class Accumulate(nn.Cell):
    """Large enough that its kernels are split between threads."""

    def __init__(self, n=200_000):
        super().__init__()
        self.total = Parameter(Tensor(np.zeros(n, np.float32)), name="total")

    def construct(self, x):
        ops.assign(self.total, self.total + x)
        return (x * 2.0).sum()


@pytest.mark.quick
def test_large_kernels_are_split_and_right(graph_mode):
    cell = Accumulate()
    x = np.random.randn(200_000).astype(np.float32)
    for _ in range(50):
        out = cell(Tensor(x))
    assert float(out) == pytest.approx(2 * x.astype(np.float64).sum(), abs=0.5)
    np.testing.assert_allclose(cell.total.asnumpy(), 50 * x, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("threads", [2, 3, 12])
def test_a_caller_without_workers_runs_each_task_once_neighbours_together(threads):
    """Two calls in parts that share a phase, and one that is not cut: the parts of both at the same place follow each other."""
    calls = [types.SimpleNamespace(split=k < 2, extent=n, chain=None) for k, n in enumerate((64, 5, 1))]
    kept = Table(types.SimpleNamespace(parts=2 * threads, base=0, one_call_per_phase=False, can_end_early=False), 0)
    kept.open.calls, numbers = calls, {id(c): k for k, c in enumerate(calls)}
    kept._task = lambda rows: kept.tasks.append([(numbers[id(c)], lo, hi) for c, lo, hi in rows])
    kept._close_phase()
    rows, tasks = [row for task in kept.tasks for row in task], [len(task) for task in kept.tasks]
    ran = []
    walk = python_kernels.entry(runtime.SOURCE, call_kernel=lambda number, args, lo, hi: ran.append((number, lo, hi)))
    pool, job = np.zeros(runtime.POOL_SLOTS, np.int64), np.zeros(runtime.JOB_SLOTS, np.int64)
    ends = np.cumsum([0, *tasks])
    table = (
        np.array([(k, 0, lo, hi) for k, lo, hi in rows]),
        np.stack([ends[:-1], ends[1:]], 1).copy(),
        np.array([[*kept.phases[0], 0, 0, 0]]),
    )
    job[[runtime.JOB_CALLS, runtime.JOB_TASKS, runtime.JOB_PHASES]] = [a.ctypes.data for a in table]
    job[runtime.JOB_PHASE_COUNT] = 1
    job[[runtime.JOB_ARGUMENTS, runtime.JOB_POOL]] = job.ctypes.data, pool.ctypes.data
    for _ in range(2):
        walk(0, 0, job.ctypes.data, id(()), threads)
    once = ran[: len(ran) // 2]
    assert ran == 2 * once
    for call in calls:
        parts = [(lo, hi) for number, lo, hi in once if number == numbers[id(call)]]
        assert parts[0][0] == 0 and parts[-1][1] == call.extent
        assert all(a[1] == b[0] for a, b in zip(parts, parts[1:]))
    for place, (number, lo, hi) in enumerate(once[:-1]):  # what a thread takes is the same part of each range
        assert abs((place + 0.5) / len(once[:-1]) - (lo + hi) / 2 / calls[number].extent) < 0.2


def test_two_python_threads_run_steps_at_once(graph_mode):
    cell, other = Accumulate(), Accumulate(70_000)
    x = Tensor(np.ones(200_000, np.float32))
    small = Tensor(np.ones(70_000, np.float32))
    cell(x), other(small)
    errors = []

    def work(run, arg):
        try:
            ms.set_context(mode=ms.GRAPH_MODE)
            for _ in range(100):
                run(arg)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=a) for a in ((cell, x), (cell, x), (other, small))]
    for t in threads:
        t.start()
    for t in threads:
        t.join(600)
    assert not errors and not any(t.is_alive() for t in threads)
    assert (cell.total.asnumpy() == 201).all()
    assert (other.total.asnumpy() == 101).all()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_forked_child_runs_steps(graph_mode):
    cell = Accumulate()
    x = Tensor(np.ones(200_000, np.float32))
    cell(x)
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(600)
        cell(x)
        os.write(write, str(float(cell.total.asnumpy().sum())).encode())
        os._exit(0)
    os.close(write)
    _, status = os.waitpid(pid, 0)
    assert os.WEXITSTATUS(status) == 0
    assert float(os.read(read, 100)) == 400_000
    cell(x)
    assert (cell.total.asnumpy() == 2).all()


@pytest.mark.slow
def test_an_interrupt_during_steps_leaves_parameters_whole():
    script = textwrap.dedent(
        """
        import os, signal, sys, threading, time
        import numpy as np
        import minispore as ms
        from minispore import Parameter, Tensor, nn, ops
        ms.set_context(mode=ms.GRAPH_MODE)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a background process may have been told to ignore it
        class Both(nn.Cell):
            def __init__(self):
                super().__init__()
                self.a = Parameter(Tensor(np.zeros(500_000, np.float32)), name="a")
                self.b = Parameter(Tensor(np.zeros(500_000, np.float32)), name="b")
            def construct(self, x):
                ops.assign(self.a, self.a + x)
                ops.assign(self.b, self.b + x)
                return self.a[0]
        cell = Both()
        x = Tensor(np.ones(500_000, np.float32))
        cell(x)
        for _ in range(20):
            try:
                threading.Timer(0.01, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
                while True:
                    cell(x)
            except KeyboardInterrupt:
                pass
            a, b = cell.a.asnumpy(), cell.b.asnumpy()
            assert (a == a[0]).all() and (b == a[0]).all(), (a[:3], b[:3])
        print("whole")
        """
    )
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    env = dict(os.environ, PYTHONPATH=root)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=600, env=env)
    assert done.stdout.strip() == "whole", done.stderr[-2000:]


@pytest.mark.slow
def test_an_interrupt_during_the_first_compilation(tmp_path):
    """While the compiler is imported, in it, in LLVM's part and in our passes: it arrives, and the next call works."""
    script = textwrap.dedent(
        """
        import os, signal, sys
        import numpy as np
        import minispore as ms
        from minispore import Tensor, ops
        signal.signal(signal.SIGINT, signal.default_int_handler)
        points = [("graph/intrinsics.py", "<module>"), ("graph/kernel_compiler.py", "_written"),
                  ("graph/llvm_work.py", "optimised"), ("graph/fuse.py", "fuse"), ("graph/cache.py", "store")]
        def watch(frame, event, argument):
            code = frame.f_code
            if event == "call" and code.co_filename.endswith(waiting[0]) and code.co_name == waiting[1]:
                sys.setprofile(None)
                os.kill(os.getpid(), signal.SIGINT)
        x = np.linspace(0.1, 1.0, 7, dtype=np.float32)
        for waiting, name in zip(points, ("exp", "sin", "cos", "tanh", "sqrt")):
            f = ms.jit(lambda x, op=getattr(ops, name): op(x) * 2.0)
            sys.setprofile(watch)
            try:
                f(Tensor(x))
                print("not interrupted", waiting)
            except KeyboardInterrupt:
                pass
            sys.setprofile(None)
            np.testing.assert_allclose(f(Tensor(x)).asnumpy(), getattr(np, name)(x) * 2, rtol=1e-5)
        print("works")
        """
    )
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    env = dict(os.environ, PYTHONPATH=root, MINISPORE_CACHE_DIR=str(tmp_path), MINISPORE_COMPILE_PROCESSES="0")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=600, env=env)
    assert done.stdout.strip() == "works", done.stdout + done.stderr[-2000:]


@pytest.mark.quick
def test_a_step_that_fails_leaves_parameters_and_recovers(mode):
    class Picks(nn.Cell):
        def __init__(self):
            super().__init__()
            self.table = Parameter(Tensor(np.arange(12, dtype=np.float32).reshape(4, 3)), name="table")
            self.count = Parameter(Tensor(np.zeros((), np.int32)), name="count")

        def construct(self, i):
            row = ops.gather(self.table, i, 0)
            ops.assign(self.count, self.count + 1)
            ops.assign(self.table, self.table * 2.0)
            return row

    cell = Picks()
    good = Tensor(np.array([3], np.int32))
    assert cell(good).asnumpy().tolist() == [[9.0, 10.0, 11.0]]
    before = cell.table.asnumpy()
    with pytest.raises(IndexError, match=r"\[0, 4\), but got 4"):
        cell(Tensor(np.array([4], np.int32)))
    if mode == "graph":  # op by op, what came before the failing op has happened
        assert (cell.table.asnumpy() == before).all() and int(cell.count.asnumpy()) == 1
    assert cell(good).asnumpy().tolist() == [[18.0, 20.0, 22.0]]


def test_an_update_before_what_fails_is_not_kept():
    """The new value is ready before the node that fails: it must not be in the Parameter's memory yet."""
    p, table = Parameter(Tensor([1.0, 2.0]), name="p"), Tensor(np.arange(12, dtype=np.float32).reshape(4, 3))

    @ms.jit
    def step(x, i):
        ops.assign(p, p + x)
        return ops.gather(table, i, 0)

    with pytest.raises(IndexError):
        step(Tensor([1.0, 1.0]), Tensor(np.array([4], np.int32)))
    assert p.asnumpy().tolist() == [1.0, 2.0]
    assert step(Tensor([1.0, 1.0]), Tensor(np.array([1], np.int32))).asnumpy().tolist() == [[3.0, 4.0, 5.0]]
    assert p.asnumpy().tolist() == [2.0, 3.0]


def test_an_update_on_which_what_fails_depends_is_not_kept():
    """The new value is the index that may be out of range, so that it is computed before the check."""
    p, table = Parameter(Tensor([1.0, 2.0]), name="p"), Tensor(np.arange(12, dtype=np.float32).reshape(4, 3))

    @ms.jit
    def step(x):
        ops.assign(p, p + x)
        return ops.gather(table, p.astype(ms.int32), 0)

    with pytest.raises(IndexError):
        step(Tensor([1.0, 2.0]))
    assert p.asnumpy().tolist() == [1.0, 2.0]
    assert step(Tensor([1.0, 1.0])).asnumpy().tolist() == [[6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]
    assert p.asnumpy().tolist() == [2.0, 3.0]


def test_outputs_are_not_overwritten_by_later_steps(graph_mode):
    @ms.jit
    def f(x):
        return x * 2.0, x.T, x

    first = f(Tensor([[1.0, 2.0]]))
    kept = [t.asnumpy().copy() for t in first]
    f(Tensor([[7.0, 8.0]]))
    for a, b in zip(first, kept):
        assert (a.asnumpy() == b).all()


def test_memory_does_not_grow_over_many_steps(graph_mode):
    resource = pytest.importorskip("resource")
    cell = Accumulate(1000)
    x = Tensor(np.ones(1000, np.float32))
    for _ in range(500):
        cell(x)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(10_000):
        cell(x)
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4096
    )  # KiB; a leak of one output would be 40 MB


def test_worker_threads_call_kernels_without_end():
    """A worker stays in one native loop for ever: nothing in it may grow with the number of kernels called."""
    script = textwrap.dedent(
        """
        import threading
        import numpy as np
        import minispore as ms
        from minispore import Tensor, ops
        from minispore.graph.build import set_threads
        ms.set_context(mode=ms.GRAPH_MODE)
        threading.stack_size(64 * 1024)
        set_threads(2)
        x, y = (Tensor(np.ones((200, 200), np.float32)) for _ in range(2))
        f = ms.jit(lambda x, y: ops.exp(x - y).T.sum(0).sum())
        for _ in range(4000):
            f(x, y)
        print("done")
        """
    )
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    env = dict(os.environ, PYTHONPATH=root)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=600, env=env)
    assert done.stdout.strip() == "done", (done.returncode, done.stderr[-2000:])


# ---------------------------------------------------------------- denormal numbers
X86 = platform.machine().lower() in ("x86_64", "amd64")
compiles = pytest.mark.skipif(os.environ.get("MINISPORE_JIT") == "0", reason="kernels run as Python")


@compiles
@pytest.mark.skipif(not X86, reason="denormal numbers are flushed on x86 only")
@pytest.mark.parametrize("size", [3, 200_000])  # one thread; several
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_denormals_are_zero_in_compiled_steps_unless_switched_off(size, dtype, graph_mode):
    tiny = np.finfo(dtype).tiny
    x = np.full(size, tiny / 4, dtype)
    halved = ms.jit(lambda x, y: (x * 2.0, y * 0.5, x + 1.0))
    try:
        operand, result, other = halved(Tensor(x), Tensor(np.full(size, tiny, dtype)))
        assert not operand.asnumpy().any() and not result.asnumpy().any() and (other.asnumpy() == 1).all()
        ms.set_context(flush_denormals=False)
        operand, result, _ = halved(Tensor(x), Tensor(np.full(size, tiny, dtype)))
        assert (operand.asnumpy() == tiny / 2).all() and (result.asnumpy() == tiny / 2).all()
    finally:
        ms.set_context(flush_denormals=True)
    assert (x * dtype(2) == tiny / 2).all()  # NumPy after the step


def test_flush_denormals_must_be_a_bool():
    with pytest.raises(TypeError, match="flush_denormals"):
        ms.set_context(flush_denormals=1)
