"""Cells with a gradient of their own, and hooks on the backward pass."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


class Bent(nn.Cell):
    """x * y, with other gradients."""

    def construct(self, x, y):
        return x * y

    def bprop(self, x, y, out, dout):
        return x * 10.0 * dout, y * 0.0 + out


def test_bprop_takes_the_place_of_the_gradient(mode):
    net, x, y = Bent(), Tensor([1.0, 2.0]), Tensor([3.0, 5.0])
    assert net(x, y).asnumpy().tolist() == [3.0, 10.0]
    gx, gy = ms.grad(lambda x, y: (net(x, y) * 2.0).sum(), (0, 1))(x, y)
    assert gx.asnumpy().tolist() == [20.0, 40.0] and gy.asnumpy().tolist() == [3.0, 10.0]


def test_bprop_inside_a_network_that_trains(mode):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(2, 2, weight_init="ones", bias_init="zeros")
            self.bent = Bent()

        def construct(self, x):
            return self.bent(self.dense(x), x).sum()

    net = Net()
    (grad,) = ms.grad(net, None, [net.dense.weight])(Tensor([[1.0, 2.0]]))
    np.testing.assert_allclose(grad.asnumpy(), [[30.0, 60.0], [30.0, 60.0]])  # 10 * (x + y) times the input


def test_bprop_is_differentiated_again(mode):
    class Cube(nn.Cell):
        def construct(self, x):
            return x * x * x

        def bprop(self, x, out, dout):
            return (x * x * 5.0 * dout,)

    net = Cube()
    second = ms.grad(lambda x: ms.grad(lambda x: net(x).sum())(x).sum())
    assert second(Tensor([2.0])).asnumpy().tolist() == [20.0]


def test_bprop_of_several_outputs_and_other_arguments(mode):
    class Two(nn.Cell):
        def construct(self, xs, k):
            return xs[0] * k, (xs[1] + 1.0,)

        def bprop(self, xs, k, out, dout):
            return (dout[0] * 100.0, dout[1][0] * k), 0

    net, x, y = Two(), Tensor([1.0, 4.0]), Tensor([2.0])

    def f(x, y):
        first, (second,) = net((x, y), 3)
        return first.sum() + second.sum() * 2.0

    gx, gy = ms.grad(f, (0, 1))(x, y)
    assert gx.asnumpy().tolist() == [100.0, 100.0] and gy.asnumpy().tolist() == [6.0]
    only_first = ms.grad(lambda x, y: net((x, y), 3)[0].sum(), (0, 1))(x, y)
    assert [g.asnumpy().tolist() for g in only_first] == [[100.0, 100.0], [0.0]]


def test_a_parameter_used_inside_gets_no_gradient(mode):
    class Scaled(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor([2.0]), name="w")

        def construct(self, x):
            return x * self.w

        def bprop(self, x, out, dout):
            return (dout * self.w,)

    net = Scaled()
    gx, (gw,) = ms.grad(net, 0, [net.w])(Tensor([3.0]))
    assert gx.item() == 2.0 and gw.asnumpy().tolist() == [0.0]


@pytest.mark.parametrize(
    "wrong", [lambda dout: (), lambda dout: (dout.reshape(2, 1),), lambda dout: ((dout, dout),), lambda dout: (2.0,)]
)
def test_wrong_results_of_bprop_are_refused(wrong, mode):
    class Wrong(nn.Cell):
        def construct(self, x):
            return x

        def bprop(self, x, out, dout):
            return wrong(dout)

    with pytest.raises((RuntimeError, ValueError), match="For 'Wrong', bprop must return"):
        ms.grad(Wrong())(Tensor([1.0, 2.0]))


def hooked(hook):
    layer = nn.Dense(2, 1, weight_init=Tensor([[1.0, 3.0]]), bias_init="zeros")
    return layer, layer.register_backward_hook(hook)


def test_backward_hook_sees_and_changes_gradients():
    seen = []

    def hook(cell, grad_input, grad_output):
        seen.append((cell.cls_name, grad_input[0].asnumpy().tolist(), grad_output[0].asnumpy().tolist()))
        return (grad_input[0] * 10.0,)

    layer, handle = hooked(hook)
    x = Tensor([[1.0, 2.0]])
    grad = ms.grad(lambda x: (layer(x) * 2.0).sum())
    assert grad(x).asnumpy().tolist() == [[20.0, 60.0]]
    assert seen == [("Dense", [[2.0, 6.0]], [[2.0]])]
    handle.remove()
    assert grad(x).asnumpy().tolist() == [[2.0, 6.0]]


def test_backward_hook_where_the_input_needs_no_gradient():
    seen = []
    layer, _ = hooked(lambda cell, grad_input, grad_output: seen.append((grad_input, grad_output[0].item())))
    (grad,) = ms.grad(lambda x: ops.sum(layer(x)), None, [layer.weight])(Tensor([[1.0, 2.0]]))
    assert grad.asnumpy().tolist() == [[1.0, 2.0]] and seen == [((None,), 1.0)]


def test_hooks_of_one_kind_keep_their_order():
    net, order = nn.ReLU(), []
    for k in range(20):
        net.register_forward_hook(lambda cell, inputs, out, k=k: order.append(k))
    first = net.register_forward_hook(lambda cell, inputs, out: order.append("first"), prepend=True)
    net(Tensor([1.0]))
    first.remove()
    net(Tensor([1.0]))
    assert order == ["first", *range(20), *range(20)]


def test_forward_hooks_with_keywords_and_after_errors(mode):
    class Scale(nn.Cell):
        def construct(self, x, k=1.0):
            if k < 0:
                raise ValueError("negative")
            return x * k

    net, seen = Scale(), []
    net.register_forward_pre_hook(lambda cell, args, kwargs: (args, {"k": kwargs["k"] * 2}), with_kwargs=True)
    net.register_forward_hook(
        lambda cell, args, kwargs, out: seen.append((kwargs["k"], out is None)), with_kwargs=True, always_call=True
    )
    assert net(Tensor([3.0]), k=2.0).asnumpy().tolist() == [12.0]
    with pytest.raises(ValueError, match="negative"):
        net(Tensor([3.0]), k=-1.0)
    assert seen == [(4.0, False), (-2.0, True)]


def test_hooks_on_the_gradients_of_parameters_and_inputs(mode):
    net = nn.Dense(2, 1, weight_init="ones", bias_init="zeros")
    handle = net.weight.register_hook(lambda g: ops.clamp(g, -0.5, 0.5))
    x = Tensor([[3.0, 0.25]])
    gradient = ms.grad(net, 0, net.trainable_params())
    assert gradient(x)[1][0].asnumpy().tolist() == [[0.5, 0.25]]
    x.register_hook(lambda g: g * 10.0)
    assert gradient(x)[0].asnumpy().tolist() == [[10.0, 10.0]]
    handle.remove()
    assert gradient(x)[1][0].asnumpy().tolist() == [[3.0, 0.25]]


def test_a_gradient_that_is_no_tuple(mode):
    class Scaled(nn.Cell):
        def construct(self, x):
            return x

        def bprop(self, x, out, dout):
            return 3 * dout

    if ms.get_context("mode") == ms.PYNATIVE_MODE:
        assert ms.grad(Scaled())(Tensor([3.0])).asnumpy().tolist() == [3.0]
    else:
        with pytest.raises(TypeError, match="For bprop function, output should be a tuple"):
            ms.grad(Scaled())(Tensor([3.0]))


def test_hooks_of_a_cell_with_its_own_gradient(mode):
    """The hooks see the gradient that ``bprop`` gives."""

    class Scaled(nn.Cell):
        def construct(self, x):
            return x

        def bprop(self, x, out, dout):
            return (5 * dout,)

    net = Scaled()
    net.register_backward_hook(lambda cell, grad_input, grad_output: (grad_input[0] * 2,))
    assert ms.grad(net)(Tensor([3.0])).asnumpy().tolist() == [10.0]
    other = Scaled()
    other.register_forward_hook(lambda cell, inputs, output: output + 1)
    assert ms.grad(other)(Tensor([3.0])).asnumpy().tolist() == [5.0]
