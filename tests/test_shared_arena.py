"""All executables use one block of memory for their temporaries."""

import threading

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.graph import executable


@pytest.mark.filterwarnings("ignore:.*was compiled 8 times")
def test_batch_sizes_do_not_add_memory(monkeypatch):
    monkeypatch.setattr(executable, "_arena", np.empty(0, np.uint8))
    blocks = []
    original = executable.shared_arena

    def noted(size):
        blocks.append(original(size))
        return blocks[-1]

    monkeypatch.setattr(executable, "shared_arena", noted)
    net = ms.jit(nn.SequentialCell(nn.Dense(8, 64), nn.ReLU(), nn.LayerNorm((64,)), nn.Dense(64, 1)))
    gradient = ms.jit(ms.grad(lambda x: net(x).sum(), None, net.trainable_params()))
    for n in range(40, 0, -1):
        gradient(Tensor(np.ones((n, 8), np.float32)))
    distinct = {id(b): b.nbytes for b in blocks}
    assert len(blocks) == 40 and len(distinct) == 1


def test_results_of_one_step_outlive_the_next_and_threads_do_not_mix():
    a = ms.jit(lambda x: (ops.tanh(x) @ ops.sigmoid(x).T, ops.softmax(x * 2.0, -1)))
    b = ms.jit(lambda x: ops.exp(x).sum(0) + ops.sin(x @ x.T).sum())
    x = np.random.default_rng(0).normal(size=(40, 40))
    first = [t.asnumpy() for t in a(Tensor(x))]
    second = b(Tensor(x)).asnumpy()
    wrong = []

    def work(function, wanted):
        for _ in range(50):
            found = function(Tensor(x))
            for f, w in zip(found if isinstance(found, tuple) else [found], wanted):
                if not np.array_equal(f.asnumpy(), w):
                    wrong.append(function)

    threads = [threading.Thread(target=work, args=args) for args in ((a, first), (b, [second]), (a, first))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_no_large_array_of_a_step_begins_a_few_lines_from_another_in_their_pages(graph_mode):
    """The processor would take loads of one for what has just been stored to another (core/heap.py)."""
    net = nn.WithLossCell(
        nn.SequentialCell(nn.Dense(100, 130), nn.Tanh(), nn.Dense(130, 170), nn.ReLU(), nn.Dense(170, 90), nn.Tanh()),
        nn.MSELoss(),
    )
    step = nn.TrainOneStepCell(net, nn.Adam(net.trainable_params()))
    x, y = Tensor(np.ones((150, 100), np.float32)), Tensor(np.zeros((150, 90), np.float32))
    step(x, y)
    entry = step.graph(x, y).executable
    places = {}
    for call in entry.calls:
        for operand in (*call.reads, *call.writes):
            b = operand.buffer
            if b is not None and b.nbytes >= 1 << 15 and b.kind in ("temporary", "fixed"):
                begin = entry.base + b.offset if b.kind == "temporary" else b.array.ctypes.data
                places[id(b)] = begin % 4096
    assert len(places) > 12
    assert all(place % 256 == 0 for place in places.values())
