"""Hooks of ``state_dict``, ``load_state_dict`` and of reading Parameters; names that a Cell has already; gradients of nothing."""

from collections import OrderedDict

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn


def test_hooks_of_state_dicts():
    net = nn.SequentialCell(nn.Dense(1, 1), nn.ReLU())
    seen = []
    after = net[0].register_state_dict_post_hook(lambda cell, state, prefix, _: seen.append((prefix, list(state))))
    assert list(net.state_dict()) == ["0.weight", "0.bias"]
    assert seen == [("0.", ["0.weight", "0.bias"])]
    after.remove()
    net.state_dict()
    assert len(seen) == 1

    def rename(cell, state, prefix, metadata, strict, missing, unexpected, errors):
        state["0.weight"] = state.pop("old")

    net.register_load_state_dict_pre_hook(rename)
    given = {"old": Tensor([[3.0]]), "0.bias": Tensor([1.0]), "spare": Tensor([0.0])}
    with pytest.raises(RuntimeError, match="spare"):
        net.load_state_dict(given)
    assert "old" in given
    net.register_load_state_dict_post_hook(lambda cell, keys: keys.unexpected_keys.clear())
    net.load_state_dict(given)
    assert net[0].weight.asnumpy() == [[3.0]]
    net[0].register_load_state_dict_pre_hook(lambda *arguments: arguments[-1].append("too old"))
    with pytest.raises(RuntimeError, match="too old"):
        net.load_state_dict(given)
    with pytest.raises(TypeError):
        net.register_state_dict_post_hook(3)


def test_what_a_hook_gives_for_a_parameter_is_read_in_its_place():
    class Scaled(nn.Cell):
        def __init__(self):
            super().__init__()
            self.weight = Parameter(Tensor(2.0))
            self.bias = Parameter(Tensor(1.0))

        def construct(self, x):
            return x * self.weight + self.bias

    net = Scaled()
    ms.set_context(mode=ms.GRAPH_MODE)
    assert float(net(Tensor(3.0))) == 7.0
    net.register_parameter_forward_hook([{"params": [net.weight], "hook": lambda w: w * 10}])
    value, (of_weight, of_bias) = ms.value_and_grad(net, None, net.trainable_params())(Tensor(3.0))
    assert (float(value), float(of_weight), float(of_bias)) == (61.0, 30.0, 1.0)
    assert float(net(Tensor(3.0))) == 61.0
    assert float(net.weight) == 2.0
    with pytest.raises(ValueError, match="'params' and 'hook'"):
        net.register_parameter_forward_hook([{"params": [net.weight]}])
    with pytest.raises(TypeError):
        net.register_parameter_forward_hook([{"params": [3], "hook": abs}])


def test_a_parameter_does_not_take_the_name_of_another_attribute():
    net = nn.Dense(1, 1)
    with pytest.raises(KeyError, match="training"):
        net.insert_param_to_cell("training", Parameter(Tensor(1.0)))
    net.insert_param_to_cell("weight", Parameter(Tensor([[5.0]])))
    assert float(net.weight) == 5.0


@pytest.mark.parametrize("mode", [ms.GRAPH_MODE, ms.PYNATIVE_MODE])
@pytest.mark.parametrize("result", [None, [None], "text"])
def test_gradients_of_a_function_without_a_result_are_zero(mode, result):
    ms.set_context(mode=mode)
    np.testing.assert_array_equal(ms.grad(lambda x: result)(Tensor([1.0, 2.0])).asnumpy(), [0.0, 0.0])


@pytest.mark.parametrize("mode, error", [(ms.GRAPH_MODE, ValueError), (ms.PYNATIVE_MODE, TypeError)])
def test_check_bprop_counts_the_gradients(mode, error):
    class Wrong(nn.Cell):
        def construct(self, x):
            return x * 2

        def bprop(self, x, out, dout):
            return dout, dout

    ms.set_context(mode=mode, check_bprop=True)
    try:
        with pytest.raises(error, match="for each of the 1 inputs"):
            ms.grad(Wrong())(Tensor([1.0]))
    finally:
        ms.set_context(check_bprop=False)


def test_names_in_a_sequential_cell():
    for name in ("", "a.b"):
        with pytest.raises(KeyError):
            nn.SequentialCell(OrderedDict([(name, nn.ReLU())]))


@pytest.mark.parametrize("result", [3, "a", (3,)])
def test_a_backward_hook_that_returns_no_tensor(result):
    net = nn.ReLU()
    net.register_backward_hook(lambda cell, grad_input, grad_output: result)
    ms.set_context(mode=ms.PYNATIVE_MODE)
    with pytest.raises(TypeError, match="backward hook"):
        ms.grad(net)(Tensor([1.0]))


def test_functions_are_not_results_of_compiled_code():
    class Net(nn.Cell):
        def __init__(self, result):
            super().__init__()
            self.result = result

        def construct(self, x):
            return x, self.result(self)

    ms.set_context(mode=ms.GRAPH_MODE)
    for result in (lambda net: net.construct, lambda net: nn.ReLU(), lambda net: {"f": abs_of}):
        with pytest.raises(RuntimeError, match="function in the output"):
            Net(result)(Tensor([1.0]))
    ms.set_context(mode=ms.PYNATIVE_MODE)
    assert Net(lambda net: abs_of)(Tensor([1.0]))[1] is abs_of


def abs_of(x):
    return x.abs()


def test_a_cell_that_forgot_the_init_of_its_base_is_told():
    class Forgetful(nn.Cell):
        def __init__(self):
            self.width = 3

        def construct(self, x):
            return x

    class WithLayer(nn.Cell):
        def __init__(self):
            self.layer = nn.ReLU()

    with pytest.raises(AttributeError, match=r"super\(\).__init__\(\)"):
        WithLayer()
    with pytest.raises(AttributeError, match=r"super\(\).__init__\(\)"):
        Forgetful()(Tensor([1.0]))


def test_a_backward_hook_gets_the_gradient_of_an_input_that_nothing_else_needs_in_compiled_code():
    class Two(nn.Cell):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Dense(3, 2, "ones", "ones"), nn.Dense(2, 2, "ones", "ones")

        def construct(self, x):
            return self.second(self.first(x))

    net, seen = Two(), []

    def hook(cell, grad_input, grad_output):
        seen.append(len(grad_input))
        return (grad_input[0] * 0.5,)

    net.first.register_backward_hook(hook)
    gradient = ms.grad(lambda x: net(x).sum(), None, ms.ParameterTuple(net.trainable_params()))
    got = ms.jit(lambda x: gradient(x))(Tensor(np.ones((4, 3), np.float32)))
    assert seen == [1]
    assert [g.asnumpy().ravel()[0] for g in got] == [8.0, 8.0, 16.0, 4.0]  # MindSpore 2.10
