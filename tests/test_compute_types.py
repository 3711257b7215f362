"""Parameters inside a Cell with a compute type: read in that type, stored in their own, whatever way they are reached."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, ParameterTuple, Tensor, nn, ops

X = Tensor(np.full((2, 2), 2.0, np.float32))


def ones(name):
    return Parameter(Tensor(np.ones((2, 2), np.float32)), name=name)


class Several(nn.Cell):
    """``how`` changes its Parameters and gives a result."""

    def __init__(self, how):
        super().__init__()
        self.one, self.several = ones("one"), ParameterTuple([ones("a"), ones("b")])
        self.matmul, self.how = ops.MatMul(), how

    def construct(self, x):
        return self.how(self, x)


def by_number(net, x):
    for i in range(2):
        x = net.matmul(x, net.several[i])
    return x


def in_turn(net, x):
    for weight in net.several:
        x = net.matmul(x, weight)
    return x


def part(net, x):
    return net.matmul(x, net.several[:1][0]) + net.matmul(x, net.several[-1] - 0.5) * 2


@pytest.mark.parametrize("how", [by_number, in_turn, part])
def test_members_of_a_tuple_of_parameters_are_used_in_the_compute_type(mode, how):
    net = Several(how).to_float(ms.float16)
    result = net(X)
    assert result.dtype == ms.float16 and result.asnumpy().tolist() == [[8.0, 8.0], [8.0, 8.0]]
    assert [p.dtype for p in net.several] == [ms.float32] * 2


def gives(net, x):
    ops.assign(net.one, x * 3)
    return x + net.one


def adds(net, x):
    ops.assign_add(net.one, x)
    ops.assign_sub(net.one, x * -2)
    return x + net.one - 1


def sets_rows(net, x):
    net.one[0] = x[0] * 3
    net.one[1:] = 6.0
    return x + net.one


def adds_in_place(net, x):
    net.one += x * 2.5
    return x + net.one


def after_a_read(net, x):
    weight = net.one
    ops.assign(weight, x * 3)
    return x + weight


def gives_a_member(net, x):
    ops.assign(net.several[0], x * 3)
    return x + net.several[0]


@pytest.mark.parametrize("how, kept", [
    (gives, 6.0), (adds, 7.0), (sets_rows, 6.0), (adds_in_place, 6.0), (after_a_read, 6.0), (gives_a_member, 6.0)
])  # fmt: skip
def test_what_construct_writes_to_a_parameter_is_stored_in_its_own_type(mode, how, kept):
    net = Several(how).to_float(ms.float16)
    result = net(X)
    stored = net.several[0] if how is gives_a_member else net.one
    assert stored.dtype == ms.float32 and stored.asnumpy().tolist() == [[kept] * 2] * 2
    assert result.dtype == ms.float16 and result.asnumpy().tolist() == [[8.0] * 2] * 2


def test_gradients_of_a_tuple_of_parameters_inside_a_cell_with_a_compute_type(mode):
    inner = Several(in_turn)

    class Gradients(nn.Cell):
        def __init__(self):
            super().__init__()
            self.net, self.weights = inner, ParameterTuple(inner.several)
            self.grad = ops.GradOperation(get_by_list=True)

        def construct(self, x):
            return self.grad(self.net, self.weights)(x), ms.grad(self.net, None, self.weights)(x)

    net = Gradients().to_float(ms.float16)
    for found in net(X):
        # d/da and d/db of the sum of x a b, written out
        assert [g.asnumpy().tolist() for g in found] == [[[8.0, 8.0]] * 2, [[8.0, 8.0]] * 2]
        assert [g.dtype for g in found] == [ms.float32] * 2
