"""Steps that raise, run in several threads or go on in a forked process leave Parameters whole."""

import os
import threading

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


def x2():
    return Tensor([1.0, 2.0])


def values(tensor):
    return tensor.asnumpy().tolist()


def compiled(function):
    """``function``, compiled in GRAPH mode: a test in both modes shows that they do the same."""
    return ms.jit(function) if ms.get_context("mode") == ms.GRAPH_MODE else function


def test_an_error_in_a_step_leaves_parameters_whole(mode):
    p = Parameter(Tensor([1.0, 2.0]), name="p")

    def f(x, index, fails):
        new = ops.gather(p, index, 0) * x
        if fails:
            raise KeyboardInterrupt
        ops.assign(p, new)
        return p + 0.0

    g = compiled(f)
    for index, fails, error in (([0, 5], False, IndexError), ([0, 1], True, KeyboardInterrupt)):
        with pytest.raises(error):
            g(x2(), Tensor(index), fails)
        assert values(p) == [1.0, 2.0]
    assert values(g(x2(), Tensor([0, 1]), False)) == [1.0, 4.0]


def test_threads_that_call_one_net_at_once(mode):
    net = nn.Dense(3, 3)
    inputs = [Tensor(np.full((k % 3 + 1, 3), k, np.float32)) for k in range(8)]
    wanted = [inputs[k].asnumpy() @ net.weight.asnumpy().T + net.bias.asnumpy() for k in range(8)]
    wrong = []

    def work(k):
        for _ in range(20):
            if not np.allclose(net(inputs[k]).asnumpy(), wanted[k], atol=1e-5):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_goes_on(graph_mode):
    f = ms.jit(lambda x: ops.tanh(x).sum())
    x = Tensor(np.ones(100_000, np.float32))
    before = float(f(x))
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if float(f(x)) == before else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert float(f(x)) == before
