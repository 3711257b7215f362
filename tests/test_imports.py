"""The imports that MindSpore scripts begin with, and what importing costs."""

import os
import subprocess
import sys

import numpy as np


def test_a_script_written_for_mindspore():
    import minispore as mindspore
    import minispore.common.dtype as mstype
    import minispore.nn as nn
    from minispore import Parameter, ParameterTuple, Tensor, ops
    from minispore.common import dtype, set_seed
    from minispore.common.initializer import Normal, initializer
    from minispore.core import context
    from minispore.nn.learning_rate_schedule import LearningRateSchedule
    from minispore.nn.loss.loss import LossBase
    from minispore.ops import composite as C, functional as F, operations as P

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 6, 5, pad_mode="valid", weight_init=Normal(0.02))
            self.scale = Parameter(initializer("ones", (1,), mstype.float32), name="scale")
            self.mean, self.relu, self.fc = P.ReduceMean(keep_dims=False), P.ReLU(), nn.Dense(6, 3)

        def construct(self, x):
            return self.fc(F.mul(self.mean(self.relu(self.conv(x)), (2, 3)), self.scale))

    set_seed(1)
    context.set_context(mode=context.GRAPH_MODE, device_target="CPU")
    net = Net()
    weights = ParameterTuple(net.trainable_params())
    x = Tensor(np.random.randn(2, 1, 8, 8), dtype.float32)
    grads = C.GradOperation(get_by_list=True)(net, weights)(x)
    assert [g.shape for g in grads] == [w.shape for w in weights] and mindspore.get_context("mode") == 0
    assert (
        issubclass(LossBase, nn.Cell)
        and issubclass(LearningRateSchedule, nn.Cell)
        and ops.GradOperation is C.GradOperation
    )


def test_importing_and_pynative_do_not_import_the_compiler():
    script = (
        "import sys, minispore as ms; x = ms.ops.relu(ms.Tensor([1.0])) * 2; print(float(x), "
        "[m for m in ('numba', 'llvmlite', 'ml_dtypes', 'networkx', 'scipy', 'minispore.graph.compile', 'minispore.mint', 'minispore.numpy')"
        " if m in sys.modules])"
    )
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    env = dict(os.environ, PYTHONPATH=root)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, timeout=600)
    assert done.stdout.strip() == "2.0 []", done.stdout + done.stderr


SIGNATURES = """
import inspect, numpy
calls, signature = [], inspect.signature
inspect.signature = lambda *args, **options: calls.append(args) or signature(*args, **options)
import minispore
print(len(calls))
"""


def test_importing_looks_at_few_signatures():
    """Those of what a call may be refused of are looked at when the first one comes: there are thousands of them."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    env = dict(os.environ, PYTHONPATH=root)
    done = subprocess.run([sys.executable, "-c", SIGNATURES], capture_output=True, text=True, env=env, timeout=600)
    assert int(done.stdout) < 300, done.stdout + done.stderr


WARM = """
import sys, numpy as np, minispore as ms
from minispore.graph import compile as compiling, compile_stats

def sums(a, b, c, m):
    if m.shape[0] > 2:
        a = a * 2
    return a + a, b + b, c + c, m @ m

arrays = [np.arange(3, dtype=kind) for kind in ("float32", "float64", "int32")] + [np.ones((64, 64), np.float32)]
found = ms.jit(sums)(*map(ms.Tensor, arrays))
assert all((x.asnumpy() == y).all() for x, y in zip(found, (4 * arrays[0], *sums(*arrays)[1:]))), found
absent = ("numba", "ml_dtypes", "importlib.metadata", "email", "minispore.graph.machine_code")
print(compile_stats()["compiled"], compile_stats()["loaded"] - len(compiling._engines), [m for m in absent if m in sys.modules])
"""


def test_a_step_with_a_warm_cache_loads_its_kernels_together_and_imports_little(tmp_path):
    script = tmp_path / "warm.py"
    script.write_text(WARM)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    env = dict(os.environ, PYTHONPATH=root, MINISPORE_CACHE_DIR=str(tmp_path / "cache"))
    runs = [
        subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=env, timeout=600)
        for _ in range(2)
    ]
    assert runs[1].stdout.startswith("0 "), runs[1].stdout + runs[1].stderr
    compiled, shared, imported = runs[1].stdout.split(maxsplit=2)
    assert int(compiled) == 0
    assert int(shared) >= 2  # two kernels have one name, and so engines of their own; the others share one
    assert imported.strip() == "[]"


SEARCHED = """
import gc
found = []
def note(phase, info):
    if phase == "start":
        found.append(sum(len(gc.get_objects(k)) for k in range(min(info["generation"], 1) + 1)))
gc.callbacks.append(note)
import numpy as np, minispore as ms
def many(x):
    for _ in range(400):
        x = x * 2 + ms.ops.tanh(x)
    return x
ms.jit(many)(ms.Tensor(np.ones(3, np.float32)))
kept = [[] for _ in range(2000)]  # more than after which Python looks for cycles among the newest objects
print(max(found))
"""


def test_python_does_not_search_through_what_an_import_and_the_first_trace_have_made():
    """That are hundreds of thousands of objects, which stay."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    env = dict(os.environ, PYTHONPATH=root)
    done = subprocess.run([sys.executable, "-c", SEARCHED], capture_output=True, text=True, env=env, timeout=600)
    assert int(done.stdout) < 15_000, done.stdout + done.stderr
