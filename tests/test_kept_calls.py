"""Which call a gradient takes over: lines outside of Cells after ``set_grad``, and what makes an argument or a network another one."""

import copy

import numpy as np
import pytest
from forward_passes import GRAPH, PYNATIVE, Counted, Step, X, mode_after, ran, times  # noqa: F401 (mode_after is a fixture)

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.common.api import _no_grad


def top_level(net, x, again_by=None):
    """(how often the network ran, the gradient) of two lines outside of any Cell, op by op."""
    ms.set_context(mode=PYNATIVE)
    net(x)
    found = ms.grad(net, None, net.w)(x if again_by is None else again_by(x))
    return int(net.count), found.asnumpy()


@pytest.mark.parametrize("flag, count", [(True, 1), (False, 2)])
def test_lines_outside_of_cells_share_a_pass_after_set_grad(flag, count):
    net = Counted()
    net.set_grad(flag)
    found, gradient = top_level(net, Tensor(X))
    assert found == count  # recorded from MindSpore 2.10
    np.testing.assert_array_equal(gradient, 2 * X * X)


def test_a_pass_serves_one_gradient():
    net = Counted().set_grad()
    top_level(net, Tensor(X))
    assert int(net.count) == 1
    x = Tensor(X)
    net(x)
    ms.grad(net, None, net.w)(x)
    ms.grad(net, None, net.w)(x)
    assert int(net.count) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda net, x: x.asnumpy().__setitem__(0, 7.0),
        lambda net, x: x.__setitem__(0, 7.0),
        lambda net, x: net.w.set_data(net.w * 2.0),
        lambda net, x: net.w.asnumpy().__setitem__(0, 7.0),
        lambda net, x: nn.SGD([net.w], 0.5)((net.w * 1.0,)),
        lambda net, x: setattr(net, "factor", 3.0),
        lambda net, x: net.set_train(False),
        lambda net, x: net(x + 1.0),
    ],
)
def test_what_changes_between_two_lines_is_in_the_gradient(change):
    net = Counted(lambda net, x: (x * net.w * net.w).sum() * net.factor)
    net.factor = 1.0
    net.set_grad()
    x = Tensor(X.copy())

    def changed(x):
        change(net, x)
        return x

    _, gradient = top_level(net, x, changed)
    np.testing.assert_array_equal(gradient, 2 * x.asnumpy() * net.w.asnumpy() * net.factor)


def test_random_numbers_and_steps_of_others_in_between_change_nothing():
    net, other = Counted(lambda net, x: net.drop(x * net.w).sum()).set_grad(), Parameter(Tensor(X), name="other")

    def between(x):
        ops.randn(3)
        nn.SGD([other], 0.5)((other * 1.0,))
        return x

    assert top_level(net, Tensor(X), between)[0] == 1


def test_an_argument_that_the_network_writes_to():
    def forward(net, x):
        x[0] = 5.0
        return (x * net.w).sum()

    x = Tensor(X)
    _, gradient = top_level(Counted(forward).set_grad(), x)
    np.testing.assert_array_equal(x.asnumpy(), [5.0, 2.0, 3.0])
    np.testing.assert_array_equal(gradient, [5.0, 2.0, 3.0])


def test_a_kept_result_that_is_the_argument_is_the_argument():
    ms.set_context(mode=PYNATIVE)
    x = Tensor(X)
    assert Counted(lambda net, x: x).set_grad()(x) is x


def test_a_failing_call_keeps_nothing():
    ms.set_context(mode=PYNATIVE)

    def forward(net, x):
        if fails:
            raise KeyError("stop")
        return (x * net.w).sum()

    net, x = Counted(forward).set_grad(), Tensor(X)
    fails = False
    net(x)
    fails = True
    with pytest.raises(KeyError, match="stop"):
        net(x)
    with pytest.raises(KeyError, match="stop"):
        ms.grad(net, None, net.w)(x)


def test_hooks_of_a_cell_run_in_each_pass():
    net, seen = Counted().set_grad(), []
    net.register_forward_hook(lambda cell, inputs, output: seen.append(1))
    assert top_level(net, Tensor(X))[0] == len(seen) == 2


def test_frozen_weights_have_the_gradient_that_they_have_alone():
    for mode in (GRAPH, PYNATIVE):
        net = Counted()
        net.w.requires_grad = False
        weights = [net.w]

        def run(step, x, weights=weights):
            step.net(x)
            return ms.grad(step.net, None, weights)(x)

        _, (shared,) = ran(run, net=net, mode=mode)
        _, (alone,) = ran(lambda step, x, w=weights: ms.grad(step.net, None, w)(x), net=net, mode=mode)
        np.testing.assert_array_equal(shared.asnumpy(), alone.asnumpy())


def test_a_copy_of_a_network_keeps_no_pass():
    ms.set_context(mode=PYNATIVE)
    net, x = Counted().set_grad(), Tensor(X)
    net(x)
    other = copy.deepcopy(net)
    ms.grad(other, None, other.w)(x)
    assert int(other.count) == 2


def test_a_convolutional_network_has_the_gradients_of_value_and_grad():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.conv, self.norm = nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)
            self.dense, self.loss = nn.Dense(2 * 5 * 5, 3), nn.CrossEntropyLoss()

        def construct(self, x, y):
            h = ops.relu(self.norm(self.conv(x)))
            return self.loss(self.dense(h.reshape(x.shape[0], -1)), y)

    def run(step, x, y):
        return step.net(x, y), *step.with_sens(step.net, step.weights)(x, y, Tensor(1.0))

    def in_one(step, x, y):
        value, found = ms.value_and_grad(step.net, None, step.weights)(x, y)
        return value, *found

    data = np.random.default_rng(0).normal(size=(4, 1, 5, 5)).astype(np.float32), np.array([0, 1, 2, 1], np.int32)
    for mode in (GRAPH, PYNATIVE):
        results, statistics = [], []
        for step in (run, in_one):
            ms.set_seed(1)
            net = Net().set_train()
            net.set_grad()
            ms.set_context(mode=mode)
            results.append(Step(net, step)(*map(Tensor, data)))
            statistics.append(net.norm.moving_variance.asnumpy())
        for a, b in zip(*results):
            np.testing.assert_allclose(a.asnumpy(), b.asnumpy(), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(*statistics, rtol=1e-6)


def test_a_step_with_an_optimizer_that_has_the_flag_is_not_kept_itself():
    class Training(Step):
        def __init__(self, net):
            super().__init__(net, None)
            self.optimizer = nn.SGD(self.weights, 0.1)

        def construct(self, x):
            loss = self.net(x)
            self.optimizer(self.of_weights(self.net, self.weights)(x))
            return loss

    ms.set_context(mode=PYNATIVE)
    net = Counted()
    step = Training(net).set_train()
    step.set_grad()
    step(Tensor(X))
    assert int(net.count) == 1
    np.testing.assert_allclose(net.w.asnumpy(), X - 0.1 * 2 * X * X, rtol=1e-6)


def test_a_step_of_a_hand_written_train_cell_counts_once():
    class Training(nn.TrainOneStepCell):
        def construct(self, x):
            loss = self.network(x)
            sens = ops.fill(loss.dtype, loss.shape, self.sens)
            grads = self.grad(self.network, self.weights)(x, sens)
            return ops.depend(loss, self.optimizer(self.grad_reducer(grads)))

    for mode in (GRAPH, PYNATIVE):
        ms.set_context(mode=mode)
        net = Counted()
        step = Training(net, nn.SGD(net.trainable_params(), 0.1), sens=2.0).set_train()
        for k in (1, 2):
            step(Tensor(X))
            assert int(net.count) == k
            if k == 1:
                np.testing.assert_allclose(net.w.asnumpy(), X - 0.1 * 4 * X * X, rtol=1e-6)


def test_what_lines_outside_of_cells_write_to_a_result_is_not_in_its_gradient():
    ms.set_context(mode=PYNATIVE)
    net, x = Counted(lambda net, x: ops.exp(x * net.w)).set_grad(), Tensor(X)
    result = net(x)
    result[:] = 0.0
    gradient = ms.grad(net, None, net.w)(x)
    assert int(net.count) == 1
    np.testing.assert_allclose(gradient.asnumpy(), X * np.exp(X * X), rtol=1e-5)


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
def test_a_gradient_that_fails_leaves_the_call_before_it_to_the_next_one(mode):
    def refused(h):
        raise ValueError("no loss of this")

    def run(step, x):
        step.net(x)
        try:
            ms.grad(refused)(x)
        except ValueError:
            pass
        return step.of_weights(step.net, step.weights)(x)[0]

    count, found = ran(run, mode=mode)
    assert count == 1
    np.testing.assert_array_equal(found.asnumpy(), 2 * X * X)


def test_a_tensor_of_the_network_that_changes_between_two_lines_is_in_the_gradient():
    table = Tensor(X.copy())
    net = Counted(lambda net, x: (x * net.w * table).sum()).set_grad()

    def changed(x):
        table[0] = 7.0
        return x

    count, gradient = top_level(net, Tensor(X), changed)
    assert count == 2
    np.testing.assert_array_equal(gradient, X * [7.0, 2.0, 3.0])


def test_a_tensor_that_the_network_itself_changes_leaves_its_call_to_the_gradient():
    """A counter or a table of the last inputs: it is changed once, and the gradient is that with the values before."""
    table = Tensor(X.copy())

    def forward(net, x):
        out = (x * net.w * table).sum()
        table[:] = table + 1.0
        return out

    count, gradient = top_level(Counted(forward).set_grad(), Tensor(X))
    assert count == 1
    np.testing.assert_array_equal(gradient, X * X)
    np.testing.assert_array_equal(table.asnumpy(), X + 1.0)


def test_a_result_that_the_network_keeps_may_be_changed():
    def forward(net, x):
        net.last = ops.exp(x * net.w)
        return net.last.sum()

    def changed(x):
        net.last[:] = 0.0
        return x

    net = Counted(forward).set_grad()
    _, gradient = top_level(net, Tensor(X), changed)
    np.testing.assert_allclose(gradient, X * np.exp(X * X), rtol=1e-5)


def test_what_the_network_writes_to_its_argument_has_no_gradient_there():
    def forward(net, x):
        x[0] = 5.0
        return (x * net.w).sum()

    ms.set_context(mode=PYNATIVE)
    net, x = Counted(forward).set_grad(), Tensor([5.0, 2.0, 3.0])
    net(x)
    np.testing.assert_array_equal(ms.grad(net)(x).asnumpy(), [0.0, 2.0, 3.0])


@pytest.mark.parametrize("trainable", [True, False])
def test_a_weight_as_the_argument_has_the_gradient_that_it_has_without_the_call(trainable):
    ms.set_context(mode=PYNATIVE)
    net = Counted(lambda net, x: (x * net.w).sum()).set_grad()
    net.w.requires_grad = trainable
    alone = ms.grad(net)(net.w)
    net(net.w)
    np.testing.assert_array_equal(ms.grad(net)(net.w).asnumpy(), alone.asnumpy())


def test_weights_of_another_shape_make_another_pass():
    net = Counted(lambda net, x: (x * net.w).sum()).set_grad()
    net.w.set_data(Tensor(np.zeros(3, np.float32)))

    def changed(x):
        net.w.set_data(Tensor(np.zeros((1, 3), np.float32)), slice_shape=True)
        return x

    assert top_level(net, Tensor(X), changed)[1].shape == (1, 3)


def test_another_tensor_of_the_same_memory_is_another_argument():
    ms.set_context(mode=PYNATIVE)
    data = X.copy()
    net, first, second = Counted().set_grad(), Tensor.from_numpy(data), Tensor.from_numpy(data)
    net(first)
    np.testing.assert_array_equal(ms.grad(net)(second).asnumpy(), X * X)


class Scale:
    value = 3.0


def with_object(net, x, scale):
    return (x * net.w * net.w * scale.value).sum()


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
def test_an_argument_of_a_class_of_ones_own_may_change_unseen_and_makes_another_pass(mode):
    scale = Scale()

    def run(step, x):
        step.net(x, scale)
        return step.of_weights(step.net, step.weights)(x, scale)[0]

    count, found = ran(run, net=Counted(with_object), mode=mode)
    assert count == 2
    np.testing.assert_array_equal(found.asnumpy(), 6 * X * X)


def test_the_last_call_counts_also_where_it_cannot_be_kept():
    def run(step, x):
        step.net(x)
        step.net(x, Scale())
        return step.of_weights(step.net, step.weights)(x)[0]

    def forward(net, x, scale=None):
        return times(net, x)

    assert ran(run, net=Counted(forward))[0] == 3


def test_a_pass_of_a_graph_serves_one_gradient():
    def run(step, x):
        step.net(x)
        return [step.of_weights(step.net, step.weights)(x)[0] for _ in range(2)]

    assert ran(run)[0] == 2


def weighted(net, first, second):
    """Of the Tensors in one structure and in another."""

    def tensors(item):
        return [item] if isinstance(item, Tensor) else list(item.values() if isinstance(item, dict) else item)

    return sum(k * (x * net.w).sum() for k, part in ((1.0, first), (10.0, second)) for x in tensors(part))


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
@pytest.mark.parametrize(
    "called, differentiated, factor",
    [
        (lambda x, y: ((x, y), ()), lambda x, y: ((x,), (y,)), 1 + 10 * 2),
        (lambda x, y: ({"y": y}, {}), lambda x, y: ({}, {"y": y}), 10 * 2),
    ],
)
def test_the_same_tensors_in_another_structure_are_other_arguments(called, differentiated, factor, mode):
    def run(step, x):
        y = x * 2.0
        step.net(*called(x, y))
        return step.of_weights(step.net, step.weights)(*differentiated(x, y))[0]

    count, found = ran(run, net=Counted(weighted), mode=mode)
    assert count == 2
    np.testing.assert_array_equal(found.asnumpy(), factor * X)


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
@pytest.mark.parametrize("first, second, count", [(1, True, 2), (1, 1.0, 2), ("a", "b", 2), (0.1 + 0.2, 0.1 + 0.2, 1)])
def test_plain_arguments_are_compared_by_type_and_value(first, second, count, mode):
    def run(step, x):
        step.net(x, first)
        return step.of_weights(step.net, step.weights)(x, float(str(second)) if type(second) is float else second)

    assert ran(run, net=Counted(lambda net, x, k: times(net, x)), mode=mode)[0] == count


def test_a_list_of_results_that_a_step_empties_is_not_the_result():
    def run(step, x):
        step.net(x).clear()
        return step.of_weights(step.net, step.weights)(x)[0]

    _, found = ran(run, net=Counted(lambda net, x: [times(net, x), times(net, x)]))
    np.testing.assert_array_equal(found.asnumpy(), 4 * X * X)


def test_what_a_step_writes_to_the_value_of_a_gradient_is_not_in_the_loss():
    def run(step, x):
        loss = step.net(x)
        value, _ = ms.value_and_grad(step.net, None, step.weights)(x)
        value *= 0.0
        return loss, value

    _, (loss, value) = ran(run)
    assert float(loss) == (X**3).sum() and float(value) == 0.0


def test_weights_assigned_before_the_call_are_those_of_the_gradient():
    def run(step, x):
        ops.assign(step.weights[0], step.weights[0] * 3.0)
        step.net(x)
        return step.of_weights(step.net, step.weights)(x)[0]

    count, found = ran(run)
    assert count == 1
    np.testing.assert_array_equal(found.asnumpy(), 2 * X * 3 * X)


def assigned(net, x):
    y = x * 1.0
    ops.assign(net.w, y)
    return y


@pytest.mark.parametrize(
    "argument",
    [
        lambda net, x: net.w,
        lambda net, x: net.w.value(),
        lambda net, x: net.table,
        assigned,
    ],
    ids=["the weight", "its value", "a table", "what was assigned to it"],
)
def test_an_argument_that_the_network_also_reads_elsewhere_is_differentiated_by_as_an_argument(argument):
    def run(step, x):
        y = argument(step.net, x)
        step.net(y)
        return ms.grad(step.net)(y)

    net = Counted(lambda net, x: (x * net.w * net.table).sum())
    net.table = Tensor(X.copy())
    _, found = ran(run, net=net)
    np.testing.assert_array_equal(found.asnumpy(), X * X)


def test_a_call_without_gradients_is_not_that_of_a_gradient():
    def run(step, x):
        with _no_grad():
            step.net(x)
        return step.of_weights(step.net, step.weights)(x)[0]

    count, found = ran(run)
    assert count == 2
    np.testing.assert_array_equal(found.asnumpy(), 2 * X * X)


def test_a_literal_that_a_step_changes_in_between_is_another_argument():
    def run(step, x):
        c = Tensor(X.copy())
        step.net(c)
        c[0] = 5.0
        return step.of_weights(step.net, step.weights)(c)[0]

    count, found = ran(run)
    assert count == 2
    np.testing.assert_array_equal(found.asnumpy(), 2 * X * [5.0, 2.0, 3.0])


class Features(nn.Cell):
    """A gradient of a network at what was computed of another weight."""

    def __init__(self):
        super().__init__()
        self.v = Parameter(Tensor([5.0, 5.0]), name="v")
        self.w = Parameter(Tensor([1.0, 2.0]), name="w")

    def construct(self, x):
        return ms.grad(lambda h: (h * self.w * self.w).sum(), None, [self.v, self.w])(x * self.v)


@pytest.mark.parametrize("mode", [ms.GRAPH_MODE, ms.PYNATIVE_MODE])
def test_nothing_flows_through_an_argument_to_a_weight_it_was_computed_from(mode):
    ms.set_context(mode=mode)
    of_v, of_w = Features()(Tensor([1.0, 2.0]))
    assert of_v.asnumpy().tolist() == [0.0, 0.0] and of_w.asnumpy().tolist() == [10.0, 40.0]  # as MindSpore 2.10


@pytest.mark.parametrize("mode", [ms.GRAPH_MODE, ms.PYNATIVE_MODE])
def test_a_second_gradient_at_other_weights_is_that_of_these(mode):
    """As in sharpness-aware minimization: the call inside the first gradient is not that of the second."""
    ms.set_context(mode=mode)
    net = Counted()

    class Twice(nn.Cell):
        def __init__(self):
            super().__init__()
            self.net = net
            self.weights = [net.w]

        def construct(self, x):
            first = ms.grad(self.net, None, self.weights)(x)[0]
            ops.assign(self.net.w, self.net.w * 2.0)
            return first, ms.grad(self.net, None, self.weights)(x)[0]

    first, second = Twice()(Tensor(X))
    assert np.array_equal(first.asnumpy(), 2 * X * X) and np.array_equal(second.asnumpy(), 4 * X * X)


def test_a_cell_that_changes_a_parameter_runs_once_out_of_training_too():
    class Counts(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor([1.0, 2.0]), name="w")
            self.calls = Parameter(Tensor([0.0]), name="calls", requires_grad=False)

        def construct(self, x):
            self.calls = self.calls + 1
            return (self.w * x * self.w).sum()

    net = Counts().set_grad()
    for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE):
        ms.set_context(mode=mode)
        gradient = ops.GradOperation(get_by_list=True, sens_param=True)

        class Step(nn.Cell):
            def __init__(self):
                super().__init__(auto_prefix=False)
                self.net, self.weights = net, ms.ParameterTuple(net.trainable_params())

            def construct(self, x):
                loss = self.net(x)
                return loss, gradient(self.net, self.weights)(x, ops.ones_like(loss) * 2)

        net.calls.set_data(Tensor([0.0]))
        step = Step()
        for _ in range(2):
            loss, (g,) = step(Tensor([1.0, 1.0]))
        assert (float(loss), g.asnumpy().tolist(), net.calls.asnumpy().tolist()) == (
            5.0,
            [4.0, 8.0],
            [2.0],
        )  # as MindSpore 2.10
