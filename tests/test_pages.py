"""Pages of memory that a new step will write are provided while it is made: which, how many, and what is left alone."""

import ctypes
import mmap
import os
import sys
import threading

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import executable, pages, runtime
from minispore.graph.build import threads
from minispore.graph.compile import INTERPRETED, address_of

SIZE = 80 << 20

needs_pages = pytest.mark.skipif(
    INTERPRETED or sys.platform != "linux" or tuple(int(x) for x in os.uname().release.split(".")[:2]) < (5, 14),
    reason="the system cannot be asked for pages",
)


@pytest.fixture(autouse=True)
def runtime_at_hand():
    if not INTERPRETED:
        address_of(runtime.SOURCE)


def fresh_bytes(size: int = SIZE) -> np.ndarray:
    """Memory that nothing has written."""
    return np.frombuffer(mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS), np.uint8)


def pages_of(a: np.ndarray) -> tuple[int, int]:
    """(pages that are in memory, all pages)."""
    begin = a.ctypes.data // mmap.PAGESIZE * mmap.PAGESIZE
    count = -(-(a.ctypes.data + a.nbytes - begin) // mmap.PAGESIZE)
    there = (ctypes.c_uint8 * count)()
    mincore = ctypes.CDLL(None, use_errno=True).mincore
    assert mincore(ctypes.c_void_p(begin), ctypes.c_size_t(count * mmap.PAGESIZE), there) == 0
    return sum(x & 1 for x in there), count


@pytest.fixture
def asked(monkeypatch):
    """The arrays that are asked for, in order; small ones, too."""
    monkeypatch.setattr(pages, "LEAST", 1)
    monkeypatch.setattr(pages, "LARGE", 1)
    monkeypatch.setattr(executable, "_arena", np.empty(0, np.uint8))
    found: list = []
    begun = pages._begun

    def noted(arrays):
        found.append(list(arrays))
        return begun(arrays)

    monkeypatch.setattr(pages, "_begun", noted)
    return found


@needs_pages
def test_all_pages_are_provided_and_no_value_changes():
    a, b = fresh_bytes(), fresh_bytes()[5:-7]
    a[123], b[0], b[-1] = 1, 2, 3
    assert pages_of(a)[0] < pages_of(a)[1]
    work = pages._begun([a, b])
    work.thread.join()
    for x in (a, b):
        there, count = pages_of(x)
        assert there == count
    assert a[123] == 1 and a.sum() == 1 and b[0] == 2 and b[-1] == 3 and b.sum() == 5


@needs_pages
def test_a_thread_that_was_told_to_end_asks_for_no_more(monkeypatch):
    begin_later = threading.Event()
    run = pages._Work._run
    monkeypatch.setattr(pages._Work, "_run", lambda self: (begin_later.wait(), run(self)))
    a = fresh_bytes()
    work = pages._begun([a])
    work.table[runtime.PROVIDE_STOP] = 1
    begin_later.set()
    work.end()
    assert pages_of(a)[0] == 0


@needs_pages
def test_memory_that_cannot_be_had_ends_the_work():
    lent = mmap.mmap(
        -1, SIZE, prot=mmap.PROT_READ, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    )  # it may not be written
    work = pages._begun([np.frombuffer(lent, np.uint8)])
    work.thread.join()
    assert pages_of(work.arrays[0])[0] == 0


@pytest.mark.skipif(INTERPRETED, reason="kernels run as Python")
def test_a_block_leaves_no_thread_behind_even_if_it_raises():
    with pytest.raises(KeyError):
        with pages.provided([fresh_bytes()], 2):
            raise KeyError
    assert not any(t.name == "minispore pages" for t in threading.enumerate())


@pytest.mark.parametrize("size, count", [(pages.LEAST - 1, 2), (SIZE, 1)])
def test_little_memory_and_steps_of_one_thread_get_no_thread(monkeypatch, size, count):
    monkeypatch.setattr(pages, "_begun", lambda arrays: pytest.fail("a thread began"))
    with pages.provided([np.empty(size, np.uint8)], count):
        pass


def trained(steps: int = 3):
    ms.set_seed(1)
    net = nn.SequentialCell([nn.Dense(32, 64), nn.ReLU(), nn.Dense(64, 8)])
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Adam(net.trainable_params(), 1e-2)).set_train()
    rng = np.random.default_rng(0)
    x, y = (Tensor(rng.standard_normal((16, n)).astype(np.float32)) for n in (32, 8))
    return step, [float(step(x, y).asnumpy()) for _ in range(steps)]


@pytest.mark.skipif(INTERPRETED or threads() < 2, reason="there is one thread")
def test_a_first_step_asks_for_moments_and_arena_once_and_computes_the_same(asked):
    ms.set_context(mode=ms.PYNATIVE_MODE)
    _, expected = trained()
    asked.clear()
    ms.set_context(mode=ms.GRAPH_MODE)
    step, losses = trained()
    np.testing.assert_allclose(losses, expected, rtol=1e-5)
    moments = [p for p in step.get_parameters() if "moment" in p.name]
    assert len(moments) == 8
    wanted = {id(a) for a in asked[0]}
    assert {id(p._data) for p in moments} <= wanted, [p.name for p in moments if id(p._data) not in wanted]
    assert len(asked) <= 2  # the second: the arena, where the step is split between threads
    for arena in asked[1:]:
        assert len(arena) == 1 and arena[0].nbytes <= executable._arena.nbytes


@pytest.mark.skipif(INTERPRETED or threads() < 2, reason="there is one thread")
@pytest.mark.parametrize("optimizer", ["LazyAdam", "FTRL"])
def test_a_table_of_which_rows_are_updated_is_not_asked_for(asked, optimizer):
    """Nor are its moments."""
    ms.set_context(mode=ms.GRAPH_MODE)

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.table = nn.EmbeddingLookup(1000, 8, param_init="ones")
            self.scale = Parameter(Tensor(np.ones(8, np.float32)), name="scale")

        def construct(self, rows):
            return (self.table(rows) * self.scale).sum()

    net = Net()
    update = getattr(nn, optimizer)(net.trainable_params(), learning_rate=0.5)
    step = nn.TrainOneStepCell(net, update)
    step(Tensor(np.array([1, 5], np.int32)))
    table = net.table.embedding_table.asnumpy()
    assert ((table != 1).all(axis=1).nonzero()[0] == [1, 5]).all()
    wanted = {id(a) for arrays in asked for a in arrays}
    assert {p.name for p in step.get_parameters() if p.size == 8000 and id(p._data) in wanted} == set()
    assert id(net.scale._data) in wanted


@pytest.mark.skipif(INTERPRETED, reason="kernels run as Python")
def test_a_step_with_branches_does_not_ask_for_its_arena(asked):
    ms.set_context(mode=ms.GRAPH_MODE)

    @ms.jit
    def step(x, which):
        if which:
            y = ops.softmax(x @ x) @ x
        else:
            y = x
        return (y * y).sum()

    for which in (True, False):
        step(Tensor(np.ones((64, 64), np.float32)), Tensor(which))
    assert not any(arrays for arrays in asked)
