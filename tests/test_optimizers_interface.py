"""Reading and changing an optimizer between steps: rates, coefficients, groups, state; exact counts of traces."""

import copy
import pickle
import sys

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import compile_stats
from minispore.nn import optim_ex as optim


def parameters(*names):
    return [
        Parameter(Tensor(np.ones(3, np.float32)), name=name) for name in names or ("a.weight", "b.weight", "c.bias")
    ]


def ones(optimizer):
    return tuple(ops.ones(p.shape) for p in optimizer.parameters)


def moved(optimizer, gradients=None):
    """How far the first element of each Parameter went in one step."""
    before = [p.asnumpy() for p in optimizer.parameters]
    optimizer(gradients or ones(optimizer))
    return [round(float((b - p.asnumpy())[0]), 5) for b, p in zip(before, optimizer.parameters)]


class Counted:
    """``with Counted() as c``: c.traces and c.kernels of what happened inside."""

    def __enter__(self):
        self.before = compile_stats()
        return self

    def __exit__(self, *exc):
        now = compile_stats()
        self.traces = now["traces"] - self.before["traces"]
        self.kernels = now["compiled"] + now["loaded"] - self.before["compiled"] - self.before["loaded"]


# ---------------------------------------------------------------- what changes nothing but numbers
def changed(name, value):
    return lambda o: setattr(o, name, value)


def in_group(key, value, k=0):
    return lambda o: o.param_groups[k].__setitem__(key, value)


CHANGES = {  # optimizer, change, and an optimizer made with the new value from the start
    "rate a number": (lambda p: nn.Adam(p, 0.1), changed("learning_rate", 0.3), lambda p: nn.Adam(p, 0.3)),
    "rate a Tensor": (lambda p: nn.SGD(p, 0.1), changed("learning_rate", Tensor(0.3)), lambda p: nn.SGD(p, 0.3)),
    "rate in the group": (lambda p: nn.SGD(p, 0.1), in_group("lr", 0.3), lambda p: nn.SGD(p, 0.3)),
    "momentum": (lambda p: nn.Momentum(p, 0.1, 0.9), changed("momentum", 0.5), lambda p: nn.Momentum(p, 0.1, 0.5)),
    "momentum of SGD": (lambda p: nn.SGD(p, 0.1, 0.9), changed("momentum", 0.5), lambda p: nn.SGD(p, 0.1, 0.5)),
    "beta1": (lambda p: nn.Adam(p, 0.1), changed("beta1", 0.5), lambda p: nn.Adam(p, 0.1, 0.5)),
    "eps a Tensor": (lambda p: nn.AdamW(p, 0.1), changed("eps", Tensor(2.0)), lambda p: nn.AdamW(p, 0.1, eps=2.0)),
    "weight decay": (
        lambda p: nn.SGD(p, 0.1, weight_decay=0.1),
        changed("weight_decay", 0.5),
        lambda p: nn.SGD(p, 0.1, weight_decay=0.5),
    ),
    "decay with a loss scale": (
        lambda p: nn.AdamW(p, 0.1, weight_decay=0.1, loss_scale=4.0),
        in_group("weight_decay", 0.5),
        lambda p: nn.AdamW(p, 0.1, weight_decay=0.5, loss_scale=4.0),
    ),
    "l1 of FTRL": (
        lambda p: nn.FTRL(p, learning_rate=0.1),
        changed("l1", 0.5),
        lambda p: nn.FTRL(p, learning_rate=0.1, l1=0.5),
    ),
    "l2 of ProximalAdagrad": (
        lambda p: nn.ProximalAdagrad(p, l1=0.1),
        changed("l2", 0.5),
        lambda p: nn.ProximalAdagrad(p, l1=0.1, l2=0.5),
    ),
    "rho": (lambda p: nn.Adadelta(p), changed("rho", 0.5), lambda p: nn.Adadelta(p, rho=0.5)),
    "decay of RMSProp": (lambda p: nn.RMSProp(p, 0.1), changed("decay", 0.5), lambda p: nn.RMSProp(p, 0.1, 0.5)),
    "beta2 of Lion": (lambda p: nn.Lion(p, 0.1), changed("beta2", 0.1), lambda p: nn.Lion(p, 0.1, beta2=0.1)),
    "experimental rate": (lambda p: optim.SGD(p, 0.1), in_group("weight_decay", 0.0), lambda p: optim.SGD(p, 0.1)),
    "experimental betas": (
        lambda p: optim.Adam(p, 0.1),
        in_group("betas", (0.5, 0.9)),
        lambda p: optim.Adam(p, 0.1, (0.5, 0.9)),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_new_number_takes_effect_and_traces_nothing(name, mode):
    make, change, as_if = CHANGES[name]
    optimizer, wanted = make(parameters()), as_if(parameters())
    moved(optimizer)
    fresh = {p.name: p for p in make(parameters()).get_parameters()}
    for p in optimizer.get_parameters():  # as before the first step
        p.set_data(fresh[p.name])
    change(optimizer)
    gradients = tuple(Tensor(np.array([1.0, -2.0, 0.5], np.float32)) * k for k in (1.0, 0.3, -0.7))
    with Counted() as counted:
        for _ in range(3):
            optimizer(gradients)
    assert (counted.traces, counted.kernels) == (0, 0)
    for _ in range(3):
        wanted(gradients)
    for p, q in zip(optimizer.parameters, wanted.parameters):
        np.testing.assert_allclose(p.asnumpy(), q.asnumpy(), 1e-5)


def test_a_new_power_of_ftrl_takes_effect(mode):
    optimizer, wanted = (
        nn.FTRL(parameters(), learning_rate=0.1),
        nn.FTRL(parameters(), learning_rate=0.1, lr_power=-0.8),
    )
    moved(optimizer)
    fresh = {p.name: p for p in nn.FTRL(parameters()).get_parameters()}
    for p in optimizer.get_parameters():
        p.set_data(fresh[p.name])
    optimizer.learning_rate = 0.1
    optimizer.lr_power = -0.8  # it decides what is computed: -0.5 makes square roots
    assert moved(optimizer) == moved(wanted)


def test_rates_of_groups_may_be_written(mode):
    p = parameters()
    optimizer = nn.SGD([{"params": p[:1], "lr": 0.5}, {"params": p[1:]}], 0.25)
    assert moved(optimizer) == [0.5, 0.25, 0.25]
    with Counted() as counted:
        optimizer.param_groups[0]["lr"] = 0.125
        optimizer.param_groups[1]["lr"] = Tensor(1.0)
        assert moved(optimizer) == [0.125, 1.0, 1.0]
    assert (counted.traces, counted.kernels) == (0, 0)
    optimizer.learning_rate = 0.75
    assert moved(optimizer) == [0.75] * 3


def test_a_group_that_shares_the_rate_gets_its_own(mode):
    p = parameters()
    optimizer = nn.SGD([{"params": p[:1], "weight_decay": 0.0}, {"params": p[1:]}], 0.25)
    moved(optimizer)
    with Counted() as counted:
        optimizer.param_groups[0]["lr"] = 0.5
        assert moved(optimizer) == [0.5, 0.25, 0.25]
    assert counted.kernels == 0
    assert optimizer.get_lr_parameter(p[0]).name == "learning_rate_group_0"
    optimizer.param_groups[1]["lr"] = nn.ExponentialDecayLR(1.0, 0.5, 1)
    assert moved(optimizer)[0] == 0.5 and moved(optimizer)[1] == 0.125


def test_decay_may_come_and_go(mode):
    optimizer = nn.SGD(parameters("w", "bn.gamma"), 1.0)
    assert moved(optimizer) == [1.0, 1.0]
    for p in optimizer.parameters:
        p.set_data(Tensor(np.ones(3, np.float32)))
    optimizer.weight_decay = 0.5
    assert moved(optimizer) == [1.5, 1.0]
    optimizer.weight_decay = 0
    assert moved(optimizer) == [1.0, 1.0]


def test_momentum_may_come_and_go(mode):
    optimizer = nn.SGD(parameters("w"), 1.0)
    assert [moved(optimizer), moved(optimizer)] == [[1.0], [1.0]]
    optimizer.momentum = 0.5
    assert [moved(optimizer), moved(optimizer)] == [[1.0], [1.5]]
    optimizer.momentum = 0.0
    assert moved(optimizer) == [1.0]


def test_a_rejected_value_changes_nothing(mode):
    optimizer = nn.Adam(parameters(), 0.1, weight_decay=0.1)
    for key, value, kind in (
        ("lr", -0.1, ValueError),
        ("lr", None, TypeError),
        ("weight_decay", -1.0, ValueError),
        ("weight_decay", "a", TypeError),
        ("params", [], KeyError),
        ("momentum", 0.5, KeyError),
        ("grad_centralization", 1, TypeError),
    ):
        with pytest.raises(kind):
            optimizer.param_groups[0][key] = value
    assert float(optimizer.get_lr()) == pytest.approx(0.1)
    assert optimizer.param_groups[0]["weight_decay"] == 0.1


# ---------------------------------------------------------------- reading rates
def test_the_rate_can_be_read_at_any_time(mode):
    optimizer = nn.Momentum(parameters(), nn.ExponentialDecayLR(0.5, 0.5, 1), 0.9)
    read = []
    for _ in range(3):
        read.append(float(optimizer.get_lr()))
        optimizer(ones(optimizer))
    assert read == [0.5, 0.25, 0.125]
    listed = nn.SGD(parameters(), [0.5, 0.25])
    for rate in (0.5, 0.25, 0.25):
        assert float(listed.get_lr()) == rate
        if int(listed.global_step.asnumpy()[0]) < 2:
            listed(ones(listed))


def test_one_rate_per_group(mode):
    p = parameters("a", "b", "c", "d")
    groups = [
        {"params": p[:2], "lr": nn.CosineDecayLR(0.0, 0.5, 5)},
        {"params": p[2:3], "lr": [0.3, 0.2]},
        {"params": p[3:]},
    ]
    optimizer = nn.Adam(groups, 0.125)
    np.testing.assert_allclose([float(x) for x in optimizer.get_lr()], [0.5, 0.3, 0.125], 1e-6)
    optimizer(ones(optimizer))
    np.testing.assert_allclose([float(x) for x in optimizer.get_lr()], [0.4522542, 0.2, 0.125], 1e-6)
    same_rate = nn.Adam([{"params": p[:2], "weight_decay": 0.1}, {"params": p[2:]}], 0.125)
    assert [float(x) for x in same_rate.get_lr()] == [0.125, 0.125]
    experimental = optim.SGD([{"params": p[:2], "lr": 0.5}, {"params": p[2:]}], 0.25)
    assert [float(x) for x in experimental.get_lr()] == [0.5, 0.25]


def test_in_construct_the_rate_is_that_of_each_parameter(mode):
    class Descent(nn.Optimizer):
        def construct(self, gradients):
            rates = self.get_lr()
            for w, g, lr in zip(self.parameters, gradients, rates):
                ops.assign(w, w - g * lr)
            return True

    p = parameters()
    optimizer = Descent(0.1, [{"params": p[:2], "lr": 0.5}, {"params": p[2:], "lr": 0.25}])
    assert moved(optimizer) == [0.5, 0.5, 0.25]
    assert len(optimizer.get_lr()) == 2


# ---------------------------------------------------------------- groups that come later
@pytest.mark.parametrize(
    "make",
    [
        lambda p: nn.Momentum(p, 0.1, 0.9),
        lambda p: nn.Adam(p, 0.1, weight_decay=0.1),
        lambda p: nn.AdaFactor(p, 0.1, relative_step=False),
        lambda p: nn.ASGD(p, [0.1] * 9),
        lambda p: nn.Adagrad([{"params": p}], accum=0.3, learning_rate=0.1),
        lambda p: nn.ScheduleFreeAdamW(p, nn.WarmUpLR(0.1, 5)),
    ],
)
def test_a_group_added_before_the_first_step_is_as_if_given(make, mode):
    p, q = parameters("a", "b"), parameters("a", "b")
    optimizer, whole = make(p[:1]), make(q)
    optimizer.add_param_group({"params": p[1:]})
    for _ in range(3):
        optimizer(ones(optimizer))
        whole(ones(whole))
    for x, y in zip(p, q):
        np.testing.assert_allclose(x.asnumpy(), y.asnumpy(), 1e-6)
    assert {x.name for x in optimizer.get_parameters()} == {y.name for y in whole.get_parameters()}


def test_a_group_added_later_starts_afresh(mode):
    p = parameters("a", "b")
    optimizer = nn.Momentum(p[:1], 0.5, 0.5)
    assert moved(optimizer) == [0.5]
    optimizer.add_param_group({"params": p[1:], "lr": 0.25, "weight_decay": 1.0, "grad_centralization": False})
    assert moved(optimizer) == [0.75, 0.5]  # b starts without momentum, at 1, with its decay
    assert [x.name for x in optimizer.moments] == ["moments.a", "moments.b"]
    assert [float(x) for x in optimizer.get_lr()] == [0.5, 0.25]
    before = [x.name for x in optimizer.get_parameters()]
    for group, kind in (
        ({"params": p[:1]}, RuntimeError),
        ({"lr": 0.1}, KeyError),
        ({"params": parameters("c"), "momentum": 0.1}, KeyError),
        ({"params": parameters("c"), "lr": -1.0}, ValueError),
        ([1], TypeError),
    ):
        with pytest.raises(kind):
            optimizer.add_param_group(group)
    assert [x.name for x in optimizer.get_parameters()] == before and len(optimizer.param_groups) == 2


def test_ftrl_decays_all_names_with_groups_added_too(mode):
    def decays(optimizer):
        zeros = tuple(ops.zeros(p.shape) for p in optimizer.parameters)
        return [x != 0 for x in moved(optimizer, zeros)]

    p = parameters("bn.gamma", "fc.weight")
    optimizer = nn.FTRL(p, learning_rate=0.1, weight_decay=0.5)
    assert decays(optimizer) == [True, True]
    optimizer.add_param_group({"params": parameters("bn.beta")})
    assert decays(optimizer) == [True, True, True]
    p = parameters("bn.gamma", "fc.weight")
    optimizer = nn.SGD(p, 0.1, weight_decay=0.5)
    optimizer.add_param_group({"params": parameters("bn.beta")})
    assert decays(optimizer) == [False, True, False]


# ---------------------------------------------------------------- state
MAKERS = {
    "Adam": lambda p: nn.Adam(p, 0.1),
    "groups": lambda p: nn.RMSProp(
        [{"params": p[:1], "lr": 0.3, "weight_decay": 0.2}, {"params": p[1:]}], 0.1, momentum=0.9
    ),
    "list": lambda p: nn.Momentum(p, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 0.9),
    "schedule": lambda p: nn.SGD(p, nn.ExponentialDecayLR(0.5, 0.5, 1), 0.9),
    "average": lambda p: nn.ExponentialMovingAverage(nn.Lion(p, 0.1), 0.5),
    "LBFGS": lambda p: nn.LBFGS(p, 0.1, history_size=2),
    "experimental NAdam": lambda p: optim.NAdam(p, 0.1),
    "experimental ASGD": lambda p: optim.ASGD([{"params": p[:1], "lr": 0.3}, {"params": p[1:]}], 0.1, t0=1.0),
}


def varied(k, like):
    return tuple(Tensor(np.sin(np.arange(3, dtype=np.float32) + k + j)) for j, _ in enumerate(like))


@pytest.mark.parametrize("name", MAKERS)
def test_a_run_goes_on_from_its_state(name, mode):
    p, q = parameters(), parameters()
    first, second = MAKERS[name](p), MAKERS[name](q)
    for k in range(3):
        first(varied(k, p))
    second(varied(7, q))
    state = pickle.loads(pickle.dumps(first.state_dict()))
    for x, y in zip(p, q):
        y.set_data(x)
    with Counted() as counted:
        second.load_state_dict(state)
        for k in range(3, 6):
            first(varied(k, p))
            second(varied(k, q))
    assert counted.traces == 0
    for x, y in zip(p, q):
        np.testing.assert_array_equal(x.asnumpy(), y.asnumpy())


def test_the_state_has_the_numbers_too():
    optimizer = nn.Adam(parameters(), 0.1, weight_decay=0.1)
    optimizer.beta1, optimizer.learning_rate, optimizer.weight_decay = 0.5, 0.25, 0.75
    other = nn.Adam(parameters(), 0.1, weight_decay=0.1)
    other.load_state_dict(optimizer.state_dict())
    assert (float(other.beta1), float(other.get_lr())) == (0.5, 0.25)
    assert float(other.get_weight_decay()) == 0.75 and other.param_groups[0]["weight_decay"] == 0.75


def test_a_state_that_does_not_fit_changes_nothing():
    optimizer = nn.Momentum(parameters(), 0.1, 0.9)
    good = nn.Momentum(parameters(), 0.1, 0.5).state_dict()
    for kind, spoil in (
        (KeyError, lambda s: s["state"].pop("moments.a.weight")),
        (KeyError, lambda s: s["state"].update(more=Tensor(1.0))),
        (ValueError, lambda s: s["state"].update({"moments.a.weight": Tensor([1.0])})),
        (ValueError, lambda s: s["param_groups"].pop()),
        (TypeError, lambda s: s.pop("state")),
    ):
        bad = copy.deepcopy(good)
        spoil(bad)
        with pytest.raises(kind):
            optimizer.load_state_dict(bad)
        assert float(optimizer.momentum) == pytest.approx(0.9)
    with pytest.raises(TypeError):
        optimizer.load_state_dict(3)


def test_copies_are_apart(mode):
    optimizer = nn.Momentum(parameters(), 0.5, 0.5)
    for made in (copy.deepcopy(optimizer), pickle.loads(pickle.dumps(optimizer))):
        made.param_groups[0]["lr"] = 0.25
        assert moved(made) == [0.25] * 3
    assert moved(optimizer) == [0.5] * 3
    experimental = copy.deepcopy(optim.SGD(parameters(), 0.5))
    experimental.param_groups[0]["lr"] = 0.25
    assert moved(experimental) == [0.25] * 3


# ---------------------------------------------------------------- kernels
def counted_calls(cell):
    """Of the last call: how many kernel calls in the one native call, and how many kernels."""
    calls = cell._compiled.compiled.last.executable.calls
    return len(calls), len({c.source.digest for c in calls})


def test_hand_written_optimizers_are_as_few_kernels(graph_mode):
    class Momentum(nn.Optimizer):
        def __init__(self, params, rate, momentum):
            super().__init__(rate, params)
            self.momentum = Parameter(Tensor(momentum, ms.float32), name="momentum")
            self.moments = self.parameters.clone("moments", "zeros")

        def construct(self, gradients):
            lr = self.get_lr()
            self.assignadd(self.global_step, self.global_step_increase_tensor)
            for w, m, g in zip(self.parameters, self.moments, gradients):
                ops.assign(m, m * self.momentum + g)
                ops.assign(w, w - m * lr)
            return True

    class Adam(nn.Optimizer):
        def __init__(self, params, rate):
            super().__init__(rate, params)
            self.beta1, self.beta2, self.eps = (Tensor(x, ms.float32) for x in (0.9, 0.999, 1e-8))
            self.beta1_power, self.beta2_power = (Parameter(Tensor(1.0), name=f"beta{k}_power") for k in (1, 2))
            self.moment1 = self.parameters.clone("moment1", "zeros")
            self.moment2 = self.parameters.clone("moment2", "zeros")

        def construct(self, gradients):
            b1, b2 = self.beta1, self.beta2
            self.assignadd(self.global_step, self.global_step_increase_tensor)
            ops.assign(self.beta1_power, self.beta1_power * b1)
            ops.assign(self.beta2_power, self.beta2_power * b2)
            lr = self.get_lr() * ops.sqrt(1 - self.beta2_power) / (1 - self.beta1_power)
            for w, m, v, g in zip(self.parameters, self.moment1, self.moment2, gradients):
                ops.assign(m, b1 * m + (1 - b1) * g)
                ops.assign(v, b2 * v + (1 - b2) * ops.square(g))
                ops.assign(w, w - lr * m / (ops.sqrt(v) + self.eps))
            return True

    def kernels(make):
        shapes = [(8, k + 1) for k in range(10)]
        p = [Parameter(Tensor(np.ones(s, np.float32)), name=f"w{k}") for k, s in enumerate(shapes)]
        optimizer = make(p)
        optimizer(tuple(ops.ones(q.shape) for q in p))
        return counted_calls(optimizer)

    assert kernels(lambda p: Momentum(p, 0.1, 0.9)) == kernels(lambda p: nn.Momentum(p, 0.1, 0.9)) == (11, 2)
    (calls, kinds), wanted = kernels(lambda p: Adam(p, 0.1)), kernels(lambda p: nn.Adam(p, 0.1))
    assert wanted == (12, 3) and calls == 12 and kinds <= 4


class Powers(nn.Cell):
    """The sum of the fourth powers of n weights."""

    def __init__(self, n):
        super().__init__()
        self.weights = ms.ParameterTuple(
            Parameter(Tensor(np.ones((8, k + 1), np.float32)), name=f"w{k}") for k in range(n)
        )

    def construct(self):
        return sum((w**4).sum() for w in self.weights)


def test_a_scaled_step_walks_the_gradients_once_more_and_the_state_not(graph_mode):
    def calls(make):
        net = Powers(10)
        step = make(net, nn.Adam(net.trainable_params()))
        step()
        return counted_calls(step)

    plain, kinds = calls(nn.TrainOneStepCell)
    scaled, more_kinds = calls(
        lambda *a: nn.TrainOneStepWithLossScaleCell(*a, nn.DynamicLossScaleUpdateCell(8.0, 2, 3))
    )
    assert scaled <= plain + 10 + 3 and more_kinds <= kinds + 4  # per weight: are its gradients finite?


def test_the_norm_of_a_large_gradient_is_taken_where_it_stands(graph_mode):
    """Squares are summed in the loop that makes them, which threads share: nothing as large as the gradient is written."""
    g = np.random.default_rng(0).normal(size=(300, 512)).astype(np.float32)
    w = Parameter(Tensor(np.zeros_like(g)), name="w")
    optimizer = nn.GradientClipping(nn.SGD([w], 1.0), max_norm=2.0)
    optimizer((Tensor(g),))
    executable = optimizer._compiled.compiled.last.executable
    assert executable.arena_bytes < g.nbytes / 10
    assert [c.split for c in executable.calls].count(True) == 2  # the norm and the update
    np.testing.assert_allclose(w.asnumpy(), -2 * g / np.linalg.norm(g.astype(np.float64)), 1e-5)


@pytest.mark.slow
def test_a_step_of_many_tensors_runs_no_python_per_tensor(graph_mode):
    def events_of(step):
        seen = []
        sys.setprofile(lambda frame, event, arg: seen.append(event))
        try:
            step()
        finally:
            sys.setprofile(None)
        return len(seen)

    def python_calls(n):
        net = Powers(n)
        step = nn.TrainOneStepCell(net, nn.Adam(net.trainable_params()))
        step()
        assert counted_calls(step)[1] < 10
        return min(events_of(step) for _ in range(3))  # what other tests left may be freed in one of them

    assert python_calls(200) == python_calls(2)


# ---------------------------------------------------------------- what MindSpore 2.10 raises, or takes
def weights():
    return parameters("w", "v")


RAISED = {
    "AdaFactor(P, 0.1, relative_step=False, weight_decay=1)": TypeError,
    "AdaFactor(P, 0.1, relative_step=False, beta1=True)": TypeError,
    "AdaFactor(P, 0.1, relative_step=False, warmup_init=True)": ValueError,
    "AdaFactor(P, 0.1, relative_step=False, eps=0.1)": TypeError,
    "AdaFactor(P, 0.1, relative_step=False, clip_threshold=-0.1)": ValueError,
    "AdaMax(P, beta2=1.0)": ValueError,
    "AdaMax(P, eps=0.0)": ValueError,
    "Adadelta(P, rho=1.5)": ValueError,
    "Adadelta(P, epsilon=1)": TypeError,
    "Adagrad(P, accum=-0.1)": ValueError,
    "Adagrad(P, update_slots=1)": TypeError,
    "AdamOffload(P, use_locking=1)": TypeError,
    "AdamWeightDecay(P, eps=0.0)": ValueError,
    "AdamWeightDecay(P, weight_decay=None)": TypeError,
    "ASGD(P, lambd=1)": TypeError,
    "Lamb(P, 0.1, beta1=0.0)": ValueError,
    "Momentum(P, 0.1, 'a')": TypeError,
    "Momentum(P, 0.1, -0.1)": ValueError,
    "Momentum(P, 0.1, 0.9, use_nesterov=1)": TypeError,
    "Momentum(P, 0.1, 0.9, loss_scale=-1.0)": ValueError,
    "Momentum(P, [0.1, 'a'], 0.9)": ValueError,
    "ProximalAdagrad(P, l1=-0.1)": ValueError,
    "RMSProp(P, momentum=-0.1)": ValueError,
    "RMSProp(P, centered=1)": TypeError,
    "Rprop(P, etas=(0.5,))": ValueError,
    "Rprop(P, etas=(1.2, 0.5))": ValueError,
    "Rprop(P, step_sizes=[1e-6, 5.0])": TypeError,
    "Rprop(P, step_sizes=(1.0, 0.1))": ValueError,
    "LazyAdam(P, weight_decay=1)": TypeError,
    "LazyAdam(P, weight_decay=True)": TypeError,
    "LazyAdam(P, weight_decay=nn.ReLU())": TypeError,
    "LazyAdam([{'params': P, 'weight_decay': 1}])": None,
    "SGD(P, 0.1, momentum=-0.1)": ValueError,
    "SGD(P, 0.1, dampening='a')": TypeError,
    "optim_ex.Adadelta(P, rho=1)": TypeError,
    "optim_ex.Adagrad(P, eps=-0.1)": ValueError,
    "optim_ex.Adam(P, betas=0.9)": TypeError,
    "optim_ex.AdamW(P, betas=(1.0, 0.9))": ValueError,
    "optim_ex.NAdam(P, momentum_decay='a')": TypeError,
    "optim_ex.SGD(P, True)": TypeError,
    "optim_ex.SGD(P, 0.1, nesterov=True)": ValueError,
    "optim_ex.Adam(P, amsgrad=None, maximize=1)": None,
    "optim_ex.SGD(P, 0.1, dampening=-0.1)": None,
    "CosineDecayLR(0.1, 0.1, 3)": ValueError,
    "ExponentialDecayLR(1, 0.9, 4)": TypeError,
    "PolynomialDecayLR(0.1, 0.01, 0, 0.5)": ValueError,
    "WarmUpLR(0.1, 2.0)": TypeError,
    "StepLR(optim_ex.SGD(P, 0.1), 'a')": TypeError,
    "CyclicLR(optim_ex.SGD(P, 0.1), 'a', 0.1)": TypeError,
    "CosineAnnealingWarmRestarts(optim_ex.SGD(P, 0.1), 0)": ValueError,
    "LinearLR(optim_ex.SGD(P, 0.1), 0.0)": ValueError,
}


@pytest.mark.parametrize("call", RAISED)
def test_raised_as_by_mindspore(call):
    def made():
        return eval("nn." + call.replace("(optim_ex", "(nn.optim_ex"), {"nn": nn, "P": weights()})

    if RAISED[call] is None:
        made()
        return
    with pytest.raises(RAISED[call]) as caught:
        made()
    assert type(caught.value) is RAISED[call]


def test_an_optimizer_without_a_step_of_its_own_says_so():
    class Unfinished(nn.Optimizer):
        def __init__(self, weights):
            super().__init__(0.1, weights)

    with pytest.raises(NotImplementedError):
        Unfinished(parameters()).construct()


@pytest.mark.parametrize("given", [3, [1.0, 2.0], None], ids=["int", "list of floats", "None"])
def test_gradients_of_another_kind_are_errors_of_both_classes_of_mindspore(given):
    for kind in (TypeError, RuntimeError):
        with pytest.raises(kind, match="must be a tuple of Tensors"):
            nn.Momentum(parameters(), 0.1, 0.9)(given)


@pytest.mark.parametrize(
    "given, kind, sentence",
    [
        ([], ValueError, "For 'Optimizer', the argument parameters must not be empty"),
        (None, ValueError, "For 'Optimizer', the argument parameters can not be None"),
        (3, TypeError, "For 'Optimizer', the argument parameters must be Iterable type, but got <class 'int'>"),
        ([{"params": []}], ValueError, "For 'Optimizer', the argument group `params` must not be empty"),
    ],
)
def test_wrong_parameters_are_refused_with_mindspores_sentences(given, kind, sentence):
    with pytest.raises(kind, match=sentence):
        nn.ASGD(given)
