"""``loss = net(x)`` and then ``grad(net, ...)(x)`` are one forward pass, as in MindSpore 2.10, whose counts are recorded here."""

import numpy as np
import pytest
from forward_passes import (  # noqa: F401 (mode_after is a fixture)
    GRAPH,
    PYNATIVE,
    Counted,
    Step,
    X,
    again,
    another_between,
    by_name,
    called_twice,
    changed_argument,
    evaluated,
    gradient_first,
    mode_after,
    numbers,
    other_numbers,
    other_object,
    ran,
    same_by_name,
    times,
    value_too,
)

import minispore as ms
from minispore import Tensor, nn, ops

CASES = [  # step, how often MindSpore 2.10 ran the network in GRAPH mode where that is said, else what follows from the rule
    (again, 1), (other_object, 2), (gradient_first, 2), (another_between, 3), (called_twice, 2), (value_too, 1),
    (changed_argument, 2), (numbers, 1), (other_numbers, 2), (by_name, 2), (same_by_name, 1),
]  # fmt: skip


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
@pytest.mark.parametrize("step, count", CASES, ids=lambda x: getattr(x, "__name__", None))
def test_how_often_the_network_runs(step, count, mode):
    found, _ = ran(step, net=Counted(times), mode=mode)
    assert found == count


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
@pytest.mark.parametrize("step", [s for s, _ in CASES], ids=lambda x: x.__name__)
def test_the_gradient_is_that_of_the_arguments(step, mode):
    _, found = ran(step, net=Counted(times), mode=mode)
    found = found[0] if step is not value_too else found[0][0]
    inputs = np.array([5.0, 4.0, 6.0], np.float32) if step is changed_argument else X
    factor = {numbers: 2, other_numbers: 3}.get(step, 1) * (3 * X if step in (by_name, same_by_name) else 1)
    np.testing.assert_allclose(found.asnumpy(), 2 * inputs * X * factor, rtol=1e-6)


@pytest.mark.parametrize("mode, count", [(GRAPH, 1), (PYNATIVE, 2)])
def test_a_change_of_the_weights_in_between(mode, count):
    def run(step, x):
        step.net(x)
        ops.assign(step.weights[0], step.weights[0] * 10.0)
        return step.of_weights(step.net, step.weights)(x)

    found, (gradient, *_) = ran(run, mode=mode)
    assert found == count
    # in a graph that of the loss, recorded from MindSpore 2.10; op by op of the new weights, where MindSpore mixes the two
    np.testing.assert_array_equal(gradient.asnumpy(), np.array([2.0, 8.0, 18.0]) * (1 if mode == GRAPH else 10))


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
def test_moving_statistics_and_dropout_are_those_of_the_loss(mode):
    def forward(net, x):
        return net.drop(net.norm(x) * 0.0 + net.w).sum()

    def run(step, x):
        loss = step.net(x)
        return loss, step.with_sens(step.net, step.weights)(x, ops.fill(ms.float32, (), 2.0))[0]

    net = Counted(forward)
    data = np.arange(12, dtype=np.float32).reshape(4, 3)
    count, (loss, found) = ran(run, data, net=net, mode=mode)
    assert count == 1
    np.testing.assert_allclose(net.norm.moving_mean.asnumpy(), 0.1 * data.mean(0), rtol=1e-6)
    assert float(loss) == pytest.approx(float((found.asnumpy() / 2 * X).sum()), rel=1e-5)


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
def test_nothing_flows_from_one_argument_to_another(mode):
    def run(step, x):
        z = x * 2.0
        step.net(x, z)
        return step.of_all(step.net)(x, z)

    count, (gx, gz) = ran(run, net=Counted(lambda net, x, k: (x * x * k * net.w).sum()), mode=mode)
    assert count == 1
    np.testing.assert_array_equal(gx.asnumpy(), [4.0, 32.0, 108.0])  # recorded from MindSpore 2.10
    np.testing.assert_array_equal(gz.asnumpy(), [1.0, 8.0, 27.0])


def test_one_tensor_given_twice_has_a_gradient_for_each_place():
    def run(step, x):
        step.net(x, x)
        return step.of_all(step.net)(x, x)

    _, (first, second) = ran(run, X, net=Counted(lambda net, x, k: (x * x * k).sum()))
    np.testing.assert_array_equal(first.asnumpy(), 2 * X * X)
    np.testing.assert_array_equal(second.asnumpy(), X * X)


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
def test_integers_among_the_arguments(mode):
    def run(step, x, labels):
        step.net(x, labels)
        return step.of_all(step.net)(x, labels)

    count, (gx, gk) = ran(run, X, np.array([1, 2, 3], np.int32), net=Counted(times), mode=mode)
    assert count == 1
    np.testing.assert_array_equal(gx.asnumpy(), X * X * [1, 2, 3])
    assert gk.dtype is ms.int32


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
def test_other_results_are_passed_on(mode):
    def run(step, x):
        step.net(x)
        return ms.grad(step.net, 0, step.weights, has_aux=True)(x)

    count, ((gx, (gw, *_)), (other,)) = ran(
        run, net=Counted(lambda net, x: ((x * net.w * net.w).sum(), x * net.w)), mode=mode
    )
    assert count == 1
    np.testing.assert_array_equal(gx.asnumpy(), X * X)
    np.testing.assert_array_equal(gw.asnumpy(), 2 * X * X)
    np.testing.assert_array_equal(other.asnumpy(), X * X)


def test_the_gradient_of_a_gradient():
    def run(step, x):
        def f(t):
            loss = step.net(t)
            g = ms.grad(step.net)(t)
            return (g * g).sum() + loss

        return ms.grad(f)(x)

    count, found = ran(run, net=Counted(lambda net, x: (x * x * x).sum()))
    assert count == 1
    np.testing.assert_allclose(found.asnumpy(), 36 * X**3 + 3 * X**2, rtol=1e-6)  # of (3x^2)^2 + x^3


def test_a_call_in_a_branch_is_not_that_of_a_gradient_outside():
    def run(step, x):
        loss = x.sum()
        if x.sum() > 0:
            loss = step.net(x)
        return loss, step.of_weights(step.net, step.weights)(x)[0]

    count, (_, found) = ran(run)
    assert count == 2
    np.testing.assert_array_equal(found.asnumpy(), 2 * X * X)


def test_both_inside_of_a_loop_are_one_pass_each_turn():
    def run(step, x):
        total, k = x * 0.0, x.sum() * 0.0
        while k < 3.0:
            step.net(x)
            total = total + step.of_weights(step.net, step.weights)(x)[0]
            k = k + 1.0
        return total

    count, found = ran(run)
    assert count == 3
    np.testing.assert_array_equal(found.asnumpy(), 6 * X * X)


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
def test_what_a_step_writes_to_the_loss_is_not_in_its_gradient(mode):
    def run(step, x):
        loss = step.net(x)
        loss *= 0.0
        return loss, step.of_weights(step.net, step.weights)(x)[0]

    _, (loss, found) = ran(run, mode=mode)
    assert float(loss) == 0.0
    np.testing.assert_array_equal(found.asnumpy(), 2 * X * X)


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
def test_the_network_in_evaluation_is_another_pass(mode):
    count, (found, *_) = ran(evaluated, net=Counted(lambda net, x: net.drop(x * net.w).sum()), mode=mode)
    assert count == 2
    np.testing.assert_array_equal(found.asnumpy(), X)


def test_an_object_changed_in_between_makes_another_pass():
    class Settings:
        scale = 1.0

    settings = Settings()

    def run(step, x):
        settings.scale = 3.0
        step.net(x)
        settings.scale = 1.0
        return step.of_weights(step.net, step.weights)(x)

    with pytest.warns(RuntimeWarning, match="the attribute 'scale' of a Settings"):
        count, (found, *_) = ran(run, net=Counted(lambda net, x: (x * net.w * settings.scale).sum()))
    assert count == 2
    np.testing.assert_array_equal(found.asnumpy(), X)


@pytest.mark.parametrize("mode", [GRAPH, PYNATIVE])
def test_half_precision_recomputation_and_own_gradients(mode):
    class Doubled(nn.Cell):
        def construct(self, x):
            return x * 2.0

        def bprop(self, x, out, g):
            return (g * 7.0,)

    own = Doubled()
    net = Counted(lambda net, x: own(x * net.w).sum())
    count, (found, *_) = ran(again, net=net, mode=mode)
    assert count == 1
    np.testing.assert_array_equal(found.asnumpy(), 7 * X)
    for change in (lambda net: net.to_float(ms.float16), lambda net: net.recompute()):
        net = Counted()
        change(net)
        count, (found, *_) = ran(again, net=net, mode=mode)
        assert count == 1
        np.testing.assert_allclose(found.asnumpy(), 2 * X * X, rtol=1e-3)


def test_a_gradient_through_updates_runs_the_network_again():
    def run(step, x):
        step.net(x)
        return ms.grad(step.net, None, step.weights, through_updates=True)(x)

    count, (found, *_) = ran(run)
    assert count == 2
    np.testing.assert_array_equal(found.asnumpy(), 2 * X * X)


def test_for_each_example():
    net = Counted()
    step = Step(net, lambda step, x: (step.net(x), step.of_all(step.net)(x)[0]))
    loss, found = ms.jit(ms.vmap(lambda x: step.run(step, x)))(Tensor(np.stack([X, 2 * X])))
    np.testing.assert_array_equal(loss.asnumpy(), [(X**3).sum(), 2 * (X**3).sum()])
    np.testing.assert_array_equal(found.asnumpy(), [X * X, X * X])
