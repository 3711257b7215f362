"""Calls over one batch that threads run item by item: the results are those of one call after the other, bit for bit."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph.build import set_threads, threads
from minispore.graph.chains import parts_of

ITEMS, ROWS, WIDTH = 8, 32, 48


def data(*shape, seed=2):
    return Tensor(np.random.default_rng(seed).normal(size=shape).astype(np.float32))


def compared(make, *args):
    """How many calls are in chains with two threads.  ``make``: a function of ``args``, with state of its own.

    One thread makes no chains.  With two, the tasks of a chain run in order where there is only one processor: an item that
    needs what another one has not computed yet, or has overwritten, is found there too.
    """
    before, found = threads(), []
    try:
        for n in (1, 2):
            set_threads(n)
            ms.set_seed(1)
            run = make()
            outs = [out.asnumpy() for _ in range(3) for out in run(*args)]
            found.append((outs, run.graph(*args).executable.calls))
    finally:
        set_threads(before)
    for one, two in zip(found[0][0], found[1][0]):
        np.testing.assert_array_equal(one, two)
    assert not any(c.chain for c in found[0][1])
    return sum(c.chain is not None for c in found[1][1]), len(found[1][1])


class Trained(nn.Cell):
    """A step of copies of a classifier; returns the losses and the weights."""

    def __init__(self):
        super().__init__(auto_prefix=False)
        net = nn.SequentialCell(nn.Dense(WIDTH, 64, activation="relu"), nn.LayerNorm((64,)), nn.Dense(64, 10))
        loss = nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
        adam = nn.GradientClipping(nn.Adam(net.trainable_params(), 1e-2), max_norm=0.5)
        self.copies = ms.ensemble(nn.TrainOneStepCell(loss, adam), learning_rate=[0.01 * k for k in range(ITEMS)])

    def construct(self, x, y):
        return self.copies(x, y), self.copies["0.weight"] * 1.0


def test_a_step_of_many_copies_is_one_chain(graph_mode):
    labels = Tensor((np.arange(ROWS) % 10).astype(np.int32))
    chained, calls = compared(Trained, data(ROWS, WIDTH), labels)
    assert chained > 0.7 * calls


def test_an_error_within_a_chain_changes_no_weight(graph_mode):
    before = threads()
    set_threads(2)
    try:
        step = Trained()
        good, bad = (Tensor(np.full(ROWS, k, np.int32)) for k in (9, 10))
        step(data(ROWS, WIDTH), good)
        weight = step.copies["0.weight"].asnumpy().copy()
        with pytest.raises(IndexError):
            step(data(ROWS, WIDTH), bad)
        np.testing.assert_array_equal(step.copies["0.weight"].asnumpy(), weight)
    finally:
        set_threads(before)


# ---------------------------------------------------------------- what ends a chain, and what may not
CHANGES = {
    "elementwise": lambda h, w: ops.tanh(h) * 2.0,
    "product": lambda h, w: ops.matmul(h, w),
    "product of the transpose": lambda h, w: ops.swapaxes(ops.matmul(ops.swapaxes(w, 1, 2), ops.swapaxes(h, 1, 2)), 1, 2),
    "softmax": lambda h, w: ops.softmax(h, -1),
    "centred over the rows": lambda h, w: h - h.mean(1, keep_dims=True),
    "centred over the items": lambda h, w: h - h.mean(0, keep_dims=True),
    "items in another order": lambda h, w: ops.flip(h, (0,)) + 1.0,
    "items as rows": lambda h, w: ops.swapaxes(ops.reshape(ops.swapaxes(h, 0, 1) * 1.5, (ROWS, ITEMS, WIDTH)), 0, 1),
    "half of the items": lambda h, w: ops.concat([h[4:] * 0.5, h[:4]], 0),
    "half of the columns": lambda h, w: ops.concat([h[:, :, 24:] * 0.5, h[:, :, :24]], 2),
    "all items with one": lambda h, w: ops.matmul(h, w[1]) + h[2],
}  # fmt: skip


class Changed(nn.Cell):
    """A random composition of ``CHANGES``, and a Parameter that is changed in place."""

    def __init__(self, names):
        super().__init__()
        self.names = names
        self.w = Parameter(data(ITEMS, WIDTH, WIDTH, seed=5) * 0.1, name="w")

    def construct(self, h):
        made = h
        for name in self.names:
            made = CHANGES[name](made, self.w)
        step = ops.matmul(ops.swapaxes(h, 1, 2), made)
        ops.assign(self.w, self.w * 0.9 - 0.001 * ops.tanh(step))
        return made, step, self.w * 1.0


@pytest.mark.parametrize("seed", range(8))
def test_random_programs(seed, graph_mode):
    names = [str(n) for n in np.random.default_rng(seed).choice(list(CHANGES), 7)]
    compared(lambda: Changed(names), data(ITEMS, ROWS, WIDTH))


def test_turns_of_a_loop(graph_mode):
    """The state lies in other rows of memory at each turn."""

    class Recurrent(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(data(ITEMS, WIDTH, WIDTH, seed=5) * 0.1, name="w")

        def loss(self, h, w):
            for _ in ms.Tensor(np.arange(4, dtype=np.int32)):
                h = ops.tanh(ops.matmul(h, w)) - h.mean(1, keep_dims=True)
            return (h * h).sum()

        def construct(self, h):
            return ms.value_and_grad(self.loss, (0, 1))(h, self.w)[1]

    compared(Recurrent, data(ITEMS, ROWS, WIDTH))


def test_how_items_are_cut():
    """Into tasks of equal size for each thread; few items that are no multiple of the threads: not at all."""
    assert [parts_of(n, 2, 4) for n in (2, 4, 6, 7, 8, 9, 64)] == [2, 4, 2, 0, 4, 4, 4]
    assert [parts_of(n, 3, 6) for n in (2, 3, 8, 9, 12, 13)] == [0, 3, 0, 3, 6, 6]
