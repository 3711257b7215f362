"""Large arrays in PYNATIVE mode: views are read where they are, and the heap they lie in is asked to consist of huge pages."""

import os

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.core.heap import HEAP, LARGE
from minispore.graph import eager

WHOLE = np.random.default_rng(3).standard_normal((8, 32, 16, 40)).astype(np.float32)
VIEWS = {
    "a part of the last axis": lambda a: a[..., 4:36],
    "a part of an inner axis": lambda a: a[:, 5:, :, :],
    "every second row": lambda a: a[:, :, ::2],
    "every second column": lambda a: a[..., 1::2],
    "every third of a part": lambda a: a[1:, 2:, :, 3:38:3],
    "one of several along an axis": lambda a: a.reshape(8, 32, 4, 4, 40)[:, :, 1],
    "a part, turned": lambda a: a[:, 3:, 1:].transpose((3, 0, 2, 1)),
    "heads of attention": lambda a: a.reshape(8, 32, 2, 8, 40).transpose((2, 0, 3, 1, 4))[1],
    "an axis of one": lambda a: a[:, 2:, None],
    "backwards": lambda a: a[:, :, 3:, ::-1] if isinstance(a, np.ndarray) else ops.flip(a[:, :, 3:], (3,)),
}


@pytest.fixture(autouse=True)
def pynative():
    before = ms.get_context("mode")
    ms.set_context(mode=ms.PYNATIVE_MODE)
    yield
    ms.set_context(mode=before)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_kernels_read_views_where_they_are(view):
    given, expected = view(Tensor(WHOLE)), view(WHOLE)
    assert given.size >= 32768  # so it is a kernel that computes
    np.testing.assert_array_equal(ops.concat([given, given]).asnumpy(), np.concatenate([expected, expected]))
    np.testing.assert_allclose((given * 2 + 1).asnumpy(), expected * 2 + 1, rtol=1e-6)
    np.testing.assert_allclose(ops.reduce_sum(given, 0).asnumpy(), expected.sum(0), rtol=1e-4, atol=1e-5)
    gradient = ms.grad(lambda x: (ops.exp(view(x)) * view(x)).sum())(Tensor(WHOLE)).asnumpy()
    there = view(np.arange(WHOLE.size).reshape(WHOLE.shape)).ravel()
    by_hand = np.zeros(WHOLE.size)
    by_hand[there] = np.exp(expected.ravel()) * (1 + expected.ravel())
    np.testing.assert_allclose(gradient.ravel(), by_hand, rtol=1e-5, atol=1e-6)


def test_views_at_other_places_share_what_is_compiled():
    x = Tensor(np.arange(512 * 1024, dtype=np.float32).reshape(512, 1024))
    assert (x[:, 0:100] + 1).shape == (512, 100)
    kept = len(eager._executables)
    for begin in range(1, 20):
        y = (x[:, begin : begin + 100] + 1).asnumpy()
        assert y[0, 0] == begin + 1 and y[-1, -1] == 511 * 1024 + begin + 100
    assert len(eager._executables) == kept


def test_numbers_at_all_places_are_read_as_one():
    x = ops.broadcast_to(Tensor([[1.0], [2.0]]), (2, 40000))
    np.testing.assert_array_equal((x + 1).asnumpy(), np.broadcast_to([[2.0], [3.0]], (2, 40000)))


@pytest.mark.skipif(not HEAP.end or not os.path.exists("/sys/kernel/mm/transparent_hugepage"), reason="no huge pages")
def test_where_the_heap_grows_huge_pages_are_asked_for():
    before, held = HEAP.end, []
    while HEAP.end == before:
        held.append(Tensor(np.ones(LARGE // 4, np.float32)))
        assert len(held) < 200
    begun = False
    with open("/proc/self/smaps") as mappings:
        for line in mappings:
            first = line.split()[0]
            if "-" in first and first[-1] != ":":
                low, high = (int(part, 16) for part in first.split("-"))
                begun = low <= HEAP.end - 1 < high
            if begun and first == "VmFlags:":
                assert "hg" in line.split()
                break
        else:
            pytest.fail("the heap is no mapping")


@pytest.mark.parametrize("layers", range(1, 13))
def test_a_weight_and_its_moments_begin_at_other_places_of_a_page(layers):
    """Within a line or two of each other the processor would take loads of one for stores to another."""
    net = nn.SequentialCell(*[nn.Dense(128, 96, has_bias=False) for _ in range(layers)])
    optimizer = nn.Adam(net.trainable_params())
    for w, m, v in zip(optimizer.parameters, optimizer.moment1, optimizer.moment2):
        addresses = [p._array().ctypes.data for p in (w, m, v)]
        assert all(a % 64 == 0 for a in addresses)
        apart = [(a - b) % 4096 for a in addresses for b in addresses if a is not b]
        assert min(apart) >= 256
    for p in optimizer.get_parameters():
        array = p._array()
        assert array.flags.c_contiguous and array.flags.writeable
    assert (np.stack([m.asnumpy() for m in optimizer.moment1]) == 0).all()


def test_parameters_keep_their_place_rules_when_their_memory_is_new():
    w = ms.Parameter(Tensor(WHOLE), name="w")
    np.testing.assert_array_equal(w.asnumpy(), WHOLE)
    assert not np.shares_memory(w._array(), WHOLE)
    w.set_dtype(ms.float16)
    np.testing.assert_array_equal(w.asnumpy(), WHOLE.astype(np.float16))
    w.set_data(Tensor(WHOLE.astype(np.float16)[:, :16]))
    np.testing.assert_array_equal(w.asnumpy(), WHOLE.astype(np.float16)[:, :16])
    assert w._array().ctypes.data % 64 == 0 and w._array().flags.c_contiguous
    turned = ms.Parameter(Tensor(WHOLE).swapaxes(0, 3), name="turned")
    np.testing.assert_array_equal(turned.asnumpy(), WHOLE.swapaxes(0, 3))
    assert turned._array().flags.c_contiguous
