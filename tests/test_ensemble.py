"""ms.ensemble and ms.sweep: every copy is what a training of its own would have been."""

import copy
import csv
import importlib.util
import struct

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.graph import compile_stats
from minispore.train.callback import MemberMonitor

SEEDS, STEPS = (3, 4, 7), 3


def batches(n=STEPS, shape=(6, 5), classes=3):
    rng = np.random.default_rng(11)
    return [
        (Tensor(rng.normal(size=shape).astype(np.float32)), Tensor(rng.integers(0, classes, shape[0]).astype(np.int32)))
        for _ in range(n)
    ]


def classifier(net, optimizer, **more):
    step = nn.TrainOneStepCell(
        nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")), optimizer
    )
    return step.set_train()


def mlp(make=lambda p: nn.Adam(p, 0.05), norm=False):
    def step(**given):
        middle = [nn.BatchNorm1d(4, momentum=0.7), nn.Dropout(p=0.4)] if norm else []
        net = nn.SequentialCell(nn.Dense(5, 4, activation="relu"), *middle, nn.Dense(4, 3))
        return classifier(net, make(net.trainable_params(), **given))

    return step


def compared(make, data, given=None, exact=False):
    """``sweep(make, ...)`` against trainings one after the other: losses, and all that a step keeps.

    ``exact``: what a step keeps bit for bit, as in GRAPH mode, where each copy's sums have the order that they have alone; but for
    the loss, the mean of a few numbers, which LLVM may add in another order where there are several such means.  NumPy, which
    PYNATIVE mode asks for small arrays, sums and multiplies differently where there is one more axis.
    """
    graph = ms.get_context("mode") == ms.GRAPH_MODE
    rtol, atol = (0.0, 0.0) if exact else (1e-6, 1e-6) if graph else (2e-5, 2e-6)
    runs = ms.sweep(make, **(given or {}), seed=SEEDS)
    losses = [runs(*d) for d in data]
    for k, settings in enumerate(runs.settings):
        settings = dict(settings)
        ms.set_seed(settings.pop("seed"))
        step = make(**settings)
        for d, loss in zip(data, losses):
            alone = step(*d)
            for a, b in zip(
                alone if isinstance(alone, tuple) else [alone], loss if isinstance(loss, tuple) else [loss]
            ):
                np.testing.assert_allclose(b.asnumpy()[k], a.asnumpy(), 1e-6 if exact else rtol, atol)
        for path, p in step.parameters_and_names():
            np.testing.assert_allclose(runs[path].asnumpy()[k], p.asnumpy(), rtol, atol, err_msg=f"{path} of copy {k}")
    return runs


# ---------------------------------------------------------------- equal to separate trainings
OPTIMIZERS = {
    "rates and decays": (lambda p, learning_rate, weight_decay: nn.AdamW(p, learning_rate, weight_decay=weight_decay),
                         {"learning_rate": [0.05, 0.01], "weight_decay": [0.0, 0.1]}),
    "momentum": (lambda p, momentum: nn.Momentum(p, 0.1, momentum), {"momentum": [0.5, 0.9]}),
    "schedule": (lambda p, max_lr: nn.Momentum(p, nn.CosineDecayLR(0.0, max_lr, 10), 0.9), {"max_lr": [0.1, 0.2]}),
    "list of rates": (lambda p: nn.SGD(p, [0.1, 0.2, 0.3]), {}),
    "groups": (lambda p, first: nn.Adam([{"params": p[:1], "lr": first}, {"params": p[1:]}], 0.02), {"first": [0.1, 0.2]}),
    "wrapped": (lambda p, decay: nn.ExponentialMovingAverage(nn.GradientAccumulation(nn.GradientClipping(nn.SGD(p, 0.5), 0.1), 2), decay),
                {"decay": [0.5, 0.9]}),
    "Muon": (lambda p: nn.Muon(p, 0.05), {}),
    "AdaFactor": (lambda p, weight_decay, beta1: nn.AdaFactor(p, beta1=beta1, weight_decay=weight_decay),
                  {"weight_decay": [0.1, 0.0], "beta1": [0.9, 0.5]}),
    "Prodigy": (lambda p: nn.Prodigy(p, d0=0.01), {}),
    "Shampoo": (lambda p: nn.Shampoo(p, 0.05, eps=0.1, frequency=2), {}),
    "SAM": (lambda p, rho: nn.SAM(nn.SGD(p, 0.1), rho), {"rho": [0.05, 0.5]}),
}  # fmt: skip


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_copies_equal_separate_trainings(name):
    make, given = OPTIMIZERS[name]
    compared(mlp(make), batches(), given)


@pytest.mark.parametrize("name", ["momentum", "schedule", "groups", "wrapped", "list of rates"])
def test_copies_equal_separate_trainings_bit_for_bit(name, graph_mode):
    make, given = OPTIMIZERS[name]
    compared(mlp(make), batches(), given, exact=True)


def test_momentum_of_some_copies(mode):
    """The others keep a moment that they do not use."""
    make = mlp(lambda p, momentum: nn.SGD(p, 0.1, momentum, 0.3))
    runs = ms.sweep(make, momentum=[0.0, 0.9], seed=[5])
    losses = [runs(*d).asnumpy() for d in batches()]
    for k, momentum in enumerate((0.0, 0.9)):
        ms.set_seed(5)
        step = make(momentum=momentum)
        np.testing.assert_allclose([x[k] for x in losses], [float(step(*d)) for d in batches()], 1e-6)
    with pytest.raises(ValueError, match="the step needs a momentum above 0"):
        ms.sweep(make(momentum=0.0), momentum=[0.5, 0.9])


def test_in_one_compiled_call(graph_mode):
    compared(
        mlp(lambda p, learning_rate: nn.Adam(p, learning_rate)), batches(), {"learning_rate": [0.05, 0.01]}, exact=True
    )


@pytest.mark.parametrize("kind", ["pynative", "graph"])
def test_statistics_and_random_masks_are_those_of_each_copy(kind):
    ms.set_context(mode=ms.GRAPH_MODE if kind == "graph" else ms.PYNATIVE_MODE)
    runs = compared(mlp(lambda p: nn.Momentum(p, 0.1, 0.9), norm=True), batches())
    masks = runs["random_counter"].asnumpy()
    assert (masks == masks[0]).all() and runs["random_seed"].asnumpy().tolist() == list(SEEDS)


def test_convolutions(mode):
    def make():
        net = nn.SequentialCell(
            nn.Conv2d(1, 2, 3, has_bias=True),
            nn.BatchNorm2d(2),
            nn.ReLU(),
            nn.MaxPool2d(2, 2),
            nn.Flatten(),
            nn.Dense(8, 3),
        )
        return classifier(net, nn.Momentum(net.trainable_params(), 0.1, 0.9))

    compared(make, batches(2, (4, 1, 4, 4)))


def test_loss_scale_and_overflow():
    """One copy overflows, and alone leaves its step out."""

    def make(scale):
        net = nn.Dense(5, 3)
        loss = nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
        manager = nn.DynamicLossScaleUpdateCell(scale, 2, 2)
        return nn.TrainOneStepWithLossScaleCell(loss, nn.Adam(net.trainable_params(), 0.1), manager)

    runs = ms.sweep(make, scale=[8.0, 3e38])
    x, y = batches(1)[0]
    _, overflow, _ = runs(x * 100.0, y)
    assert overflow.asnumpy().tolist() == [False, True]
    assert runs["optimizer.global_step"].asnumpy().ravel().tolist() == [1, 0]


@pytest.mark.parametrize("kind", ["pynative", "graph"])
def test_rows_of_embeddings(kind):
    ms.set_context(mode=ms.GRAPH_MODE if kind == "graph" else ms.PYNATIVE_MODE)

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.table, self.out = nn.Embedding(7, 4), nn.Dense(4, 3)

        def construct(self, index):
            return self.out(self.table(index).mean(1))

    def make(learning_rate):
        net = Net()
        return classifier(net, nn.LazyAdam(net.trainable_params(), learning_rate))

    rng = np.random.default_rng(2)
    data = [(Tensor(rng.integers(0, 7, (6, 2)).astype(np.int32)), y) for _, y in batches()]
    compared(make, data, {"learning_rate": [0.1, 0.01]})


def test_copies_of_copies(mode):
    """Masks included: the copies of an ensemble are those that it has, also in their random state."""
    ms.set_seed(2)
    step = mlp(lambda p: nn.Momentum(p, 0.05, 0.9), norm=True)()
    inner = ms.ensemble(step, learning_rate=[0.05, 0.01], seed=SEEDS[:2])
    outer = ms.ensemble(inner, 3)
    for d in batches():
        several, alone = outer(*d).asnumpy(), inner(*d).asnumpy()
        np.testing.assert_allclose(several, np.stack([alone] * 3), 1e-6)
    assert outer["learning_rate"].shape == (3, 2)


def test_gradients_by_the_rate_of_each_copy(mode):
    make = mlp(lambda p, learning_rate: nn.Momentum(p, learning_rate, 0.9))
    data, rates = batches()[:2], [0.1, 0.3]

    def by_rate(step, rate):
        return ms.value_and_grad(lambda: sum(step(*d) for d in data).sum(), None, [rate], through_updates=True)()[1][0]

    runs = ms.sweep(make, learning_rate=rates, seed=[5])
    found = by_rate(runs, runs["learning_rate"]).asnumpy()
    for k, rate in enumerate(rates):
        ms.set_seed(5)
        step = make(learning_rate=rate)
        np.testing.assert_allclose(found[k], float(by_rate(step, step.optimizer.learning_rate)), 1e-4)


def test_a_batch_for_each_copy():
    runs = ms.ensemble(mlp()(), 2, in_axes=0)
    (x, y), (x2, y2) = batches(2)
    both = runs(ops.stack([x, x2]), ops.stack([y, y2]))
    for k, (a, b) in enumerate([(x, y), (x2, y2)]):
        alone = ms.ensemble(runs.step, 1)
        np.testing.assert_allclose(both.asnumpy()[k], alone(a, b).asnumpy()[0], 1e-5)


@pytest.mark.parametrize("kind", ["pynative", "graph"])
def test_functional_steps(kind):
    ms.set_context(mode=ms.GRAPH_MODE if kind == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(5)
    net = nn.Dense(5, 1)
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    gradient = ms.value_and_grad(lambda x: (net(x) ** 2).mean(), None, optimizer.parameters)

    def step(x):
        loss, grads = gradient(x)
        optimizer(grads)
        return loss

    runs = ms.ensemble(step, 3)
    x = batches(1)[0][0]
    runs(x)
    runs["learning_rate"].set_data(Tensor([0.1, 0.0, 0.2]))
    before = runs["weight"].asnumpy()
    runs(x)
    moved = np.abs(runs["weight"].asnumpy() - before).max((1, 2))
    assert moved[1] == 0.0 and 0.0 < moved[0] < moved[2]
    assert runs.select(2) is step
    np.testing.assert_array_equal(net.weight.asnumpy(), runs["weight"].asnumpy()[2])
    again = step(x)  # goes on as the copy would
    np.testing.assert_allclose(runs(x).asnumpy()[2], again.asnumpy(), 1e-5)
    with pytest.raises(TypeError, match="select"):
        runs.member(0)


def test_as_part_of_a_compiled_function(graph_mode):
    runs = ms.ensemble(mlp()(), 2)
    other = ms.ensemble(runs.step, 2)
    x, y = batches(1)[0]

    @ms.jit
    def twice(x, y):
        runs(x, y)
        return runs(x, y)

    other(x, y)
    np.testing.assert_allclose(twice(x, y).asnumpy(), other(x, y).asnumpy(), 1e-5)


# ---------------------------------------------------------------- the copies while they train
def test_another_number_of_copies_compiles_nothing(graph_mode):
    step, (x, y) = mlp(norm=True)(), batches(1)[0]
    ms.ensemble(step, 20)(x, y)
    before = compile_stats()
    runs = ms.ensemble(step, 9, learning_rate=np.linspace(0.01, 0.1, 9))
    runs(x, y)
    runs.keep([3, 1])(x, y)
    now = compile_stats()
    assert now["compiled"] + now["loaded"] == before["compiled"] + before["loaded"]


def test_keep_goes_on_with_the_chosen_copies(mode):
    data = batches(3)
    runs = ms.sweep(mlp(lambda p, learning_rate: nn.Adam(p, learning_rate)), learning_rate=[0.3, 0.1], seed=SEEDS)
    for d in data[:2]:
        loss = runs(*d)
    whole = runs(*data[2])
    again = ms.sweep(mlp(lambda p, learning_rate: nn.Adam(p, learning_rate)), learning_rate=[0.3, 0.1], seed=SEEDS)
    for d in data[:2]:
        loss = again(*d)
    chosen = again.ranked(loss)[:2]
    again.keep(chosen)
    np.testing.assert_allclose(again(*data[2]).asnumpy(), whole.asnumpy()[chosen], 1e-5)
    assert again.numbers == chosen and len(again) == 2 and again.best(loss.asnumpy()[chosen]) == 0
    assert again.records(loss=whole.asnumpy()[chosen])[0] == {
        "copy": chosen[0], **runs.settings[chosen[0]], "loss": whole.asnumpy()[chosen[0]].item()
    }  # fmt: skip
    assert runs.best([np.nan, 2.0, 1.0, 3.0, np.nan, 5.0]) == 2
    assert runs.best([np.nan, 2.0, 1.0, 3.0, np.nan, 5.0], largest=True) == 5


def test_members_are_steps_of_their_own(tmp_path):
    data = batches(3)
    runs = ms.sweep(mlp(lambda p, learning_rate: nn.Adam(p, learning_rate)), learning_rate=[0.3, 0.1])
    runs(*data[0])
    member = runs.member(1)
    np.testing.assert_allclose(member(*data[1]).asnumpy(), runs(*data[1]).asnumpy()[1], 1e-5)
    assert float(member.optimizer.learning_rate) == pytest.approx(0.1)
    ms.save_checkpoint(runs, str(tmp_path / "all.ckpt"))
    other = ms.sweep(mlp(lambda p, learning_rate: nn.Adam(p, learning_rate)), learning_rate=[0.9, 0.8])
    ms.load_param_into_net(other, ms.load_checkpoint(str(tmp_path / "all.ckpt")))
    np.testing.assert_allclose(other(*data[2]).asnumpy(), runs(*data[2]).asnumpy(), 1e-6)


def test_values_of_a_step_that_is_there():
    step, (x, y) = mlp(lambda p: nn.AdamW(p, nn.CosineDecayLR(0.0, 0.1, 10), weight_decay=0.1))(), batches(1)[0]
    before = {n: p.asnumpy() for n, p in step.parameters_and_names()}
    runs = ms.sweep(step, **{"optimizer.learning_rate.max_lr": [0.1, 0.4], "weight_decay": [0.0, 0.1], "beta1": [0.5]})
    runs(x, y)
    moved = np.abs(runs["optimizer.learning_rate.max_lr"].asnumpy())
    np.testing.assert_allclose(moved, [0.1, 0.1, 0.4, 0.4])
    for n, p in step.parameters_and_names():
        np.testing.assert_array_equal(p.asnumpy(), before[n])  # the step itself stays as it was
    assert step.optimizer.learning_rate.max_lr == 0.1 and float(step.optimizer.weight_decay) == pytest.approx(0.1)


def test_a_branch_on_a_counter_stays_a_branch_until_the_counters_differ(graph_mode):
    w = Parameter(Tensor([1.0]), name="w")
    count = Parameter(Tensor(0, ms.int32), name="count")

    def step(x):
        ops.assign(count, count + 1)
        ops.assign(w, ops.cond(count % 2 == 0, lambda: w * x, lambda: w + 0.0))
        return w + 0.0

    runs = ms.ensemble(step, 2)
    runs(Tensor([3.0]))
    assert [n.op for n in runs.graph(Tensor([3.0])).nodes].count("cond") == 1
    np.testing.assert_array_equal(runs(Tensor([3.0])).asnumpy(), [[3.0], [3.0]])
    runs["count"].set_data(Tensor([2, 3], ms.int32))
    np.testing.assert_array_equal(runs(Tensor([3.0])).asnumpy(), [[3.0], [9.0]])
    np.testing.assert_array_equal(runs(Tensor([3.0])).asnumpy(), [[9.0], [9.0]])
    np.testing.assert_array_equal(runs["count"].asnumpy(), [4, 5])


# ---------------------------------------------------------------- pruning and logs
def test_the_last_copy_compiles_nothing_and_goes_on(graph_mode):
    """Counters that are equal by chance then, a copy of the ensemble, its checkpoint: bits and kernels stay the same."""
    data = batches(5)
    step = mlp(norm=True)()
    whole, runs = (ms.ensemble(step, 6, learning_rate=np.linspace(0.01, 0.1, 6), seed=range(6)) for _ in range(2))
    for d in data[:2]:
        whole(*d), runs(*d)
    before = compile_stats()
    runs.keep([4])
    assert len(runs) == 1 and runs.numbers == [4] and runs["0.weight"].shape == (1, 4, 5)
    for d in data[2:]:
        loss = runs(*d)
        assert loss.shape == (1,) and loss.asnumpy()[0] == whole(*d).asnumpy()[4]
        runs = copy.deepcopy(runs)
    for p in whole.stacked:
        np.testing.assert_array_equal(runs[p.name].asnumpy()[0], p.asnumpy()[4], err_msg=p.name)
    now = compile_stats()
    assert now["compiled"] + now["loaded"] == before["compiled"] + before["loaded"]


def test_the_last_copy_with_a_batch_of_its_own(mode):
    data = [tuple(ops.stack([t, t * 2 if t.dtype == ms.float32 else t]) for t in d) for d in batches(3)]
    step = mlp()()
    whole, runs = ms.ensemble(step, 2, in_axes=0), ms.ensemble(step, 2, in_axes=0)
    whole(*data[0]), runs(*data[0])
    runs.keep([1])
    for d in data[1:]:
        np.testing.assert_array_equal(runs(*[t[1:] for t in d]).asnumpy(), whole(*d).asnumpy()[1:])
    w = runs["0.weight"]
    w.set_data(w * 0.0)  # what is written to it is what the next step reads
    first = runs(*[t[1:] for t in data[0]])
    whole["0.weight"].set_data(whole["0.weight"] * 0.0)
    np.testing.assert_array_equal(first.asnumpy(), whole(*data[0]).asnumpy()[1:])


def test_pruning_by_a_mask_of_rates(graph_mode):
    """Copies at rate 0 stand still, the others do not notice, and nothing is traced again."""
    data = batches(4)
    make = mlp(lambda p, learning_rate: nn.Adam(p, learning_rate))
    whole, runs = (ms.sweep(make, learning_rate=[0.3, 0.1, 0.03], seed=[1]) for _ in range(2))
    for d in data[:2]:
        whole(*d), runs(*d)
    alive = np.array([True, False, True])
    runs["learning_rate"].set_data(Tensor(np.where(alive, runs["learning_rate"].asnumpy(), 0.0), ms.float32))
    stopped = runs["0.weight"].asnumpy()[1]
    before = compile_stats()
    for d in data[2:]:
        np.testing.assert_array_equal(runs(*d).asnumpy()[alive], whole(*d).asnumpy()[alive])
    assert compile_stats()["traces"] == before["traces"]
    np.testing.assert_array_equal(runs["0.weight"].asnumpy()[1], stopped)
    np.testing.assert_array_equal(runs["0.weight"].asnumpy()[alive], whole["0.weight"].asnumpy()[alive])


def test_logs_of_every_copy(tmp_path):
    """CSV and TensorBoard hold what the calls returned, through two trainings with copies left out between them."""
    data = batches(4)
    make = mlp(lambda p, learning_rate: nn.Adam(p, learning_rate))
    runs, by_hand = (ms.sweep(make, learning_rate=[0.3, 0.1, 0.03], seed=[1]) for _ in range(2))
    tensorboard = importlib.util.find_spec("tensorboardX") is not None
    monitor = MemberMonitor(1, tmp_path / "copies.csv", tmp_path / "board" if tensorboard else None)
    model = ms.Model(runs)
    model.train(1, data[:2], monitor)
    runs.keep([2, 0])
    model.train(1, data[2:], monitor)
    wanted = []
    for k, d in enumerate(data):
        if k == 2:
            by_hand.keep([2, 0])
        wanted += [{"step": k + 1, **row} for row in by_hand.records(loss=by_hand(*d))]
    assert monitor.history == wanted
    table = list(csv.DictReader(open(tmp_path / "copies.csv")))
    assert [{name: float(value) for name, value in row.items()} for row in table] == [
        {name: float(value) for name, value in row.items()} for row in wanted
    ]
    if tensorboard:
        found = {path.name for path in (tmp_path / "board").iterdir()}
        assert found == {f"copy_{k},learning_rate={rate},seed=1" for k, rate in enumerate([0.3, 0.1, 0.03])}
        scalars = {path.parent.name[:6]: scalars_of(path.parent) for path in (tmp_path / "board").glob("*/events*")}
        for k in range(3):
            mine = [(row["step"], row["loss"]) for row in wanted if row["copy"] == k]
            assert scalars[f"copy_{k}"] == mine
    with pytest.raises(TypeError, match="must train an Ensemble"):
        ms.Model(make(learning_rate=0.1)).train(1, data[:1], MemberMonitor())


def scalars_of(directory) -> list[tuple[int, float]]:
    """(step, value) of all event files in a directory, read with tensorboardX's own messages."""
    from tensorboardX.proto.event_pb2 import Event

    found = []
    for path in sorted(directory.glob("events*")):
        data, at = path.read_bytes(), 0
        while at < len(data):  # length, its checksum, the message, its checksum
            (size,) = struct.unpack_from("<Q", data, at)
            event = Event.FromString(data[at + 12 : at + 12 + size])
            found += [(event.step, value.simple_value) for value in event.summary.value]
            at += size + 16
    return sorted(found)


def test_paths_to_the_numbers_of_groups_and_schedules():
    """Of a step that is there; its own numbers stay, with a loss scale too."""
    net = nn.SequentialCell(nn.Dense(5, 4), nn.Dense(4, 3))
    first, rest = net[0].trainable_params(), net[1].trainable_params()
    optimizer = nn.Momentum(
        [{"params": first, "lr": 0.1, "weight_decay": 0.1}, {"params": rest}], 0.02, 0.9, loss_scale=8.0
    )
    step, (x, y) = classifier(net, optimizer), batches(1)[0]
    given = {"optimizer.param_groups.0.lr": [0.3, 0.4], "param_groups.0.weight_decay": [0.1, 0.2]}
    runs = ms.sweep(step, **given)
    runs(x, y)
    np.testing.assert_allclose(runs["optimizer.param_groups.0.lr"].asnumpy(), [0.3, 0.3, 0.4, 0.4])
    np.testing.assert_allclose(
        runs["param_groups.0.weight_decay"].asnumpy(), [0.8, 1.6, 0.8, 1.6], 1e-6
    )  # times the scale
    assert float(optimizer.param_groups[0]["lr"]) == pytest.approx(0.1)
    assert float(optimizer.weight_decay[0]) == pytest.approx(0.8) and optimizer.param_groups[0]["weight_decay"] == 0.1
    scaled = nn.AdamW(net.trainable_params(), 0.1, weight_decay=0.1)
    ms.sweep(classifier(net, scaled), weight_decay=[0.2, 0.0])
    assert float(scaled.weight_decay) == pytest.approx(0.1)
    with pytest.raises(AttributeError, match=r"'param_groups\.0\.lr'"):
        ms.sweep(step, learning_rate=[0.1])
    with pytest.raises(AttributeError, match="there are .*'momentum'"):
        ms.sweep(step, momemtum=[0.1])


def test_a_function_with_an_argument_of_that_name_gets_the_seed():
    seen = []

    def make(seed):
        seen.append(seed)
        return mlp()()

    assert [s["seed"] for s in ms.sweep(make, seed=[3, 4]).settings] == seen == [3, 4]


# ---------------------------------------------------------------- errors
def test_errors():
    step = mlp()()
    with pytest.raises(TypeError, match="a Cell or a function"):
        ms.ensemble(3, 2)
    with pytest.raises(ValueError, match="agree on a number"):
        ms.ensemble(step, 3, learning_rate=[0.1])
    with pytest.raises(ValueError, match="none of them"):
        ms.ensemble(step)
    with pytest.raises(AttributeError, match="no number? 'rate'|has a number 'rate'"):
        ms.ensemble(step, rate=[0.1])
    with pytest.raises(TypeError, match="a list of values, but got 0.1"):
        ms.sweep(step, learning_rate=0.1)
    with pytest.raises(ValueError, match="none may be empty"):
        ms.sweep(step, learning_rate=[])
    with pytest.raises(ValueError, match="other values are part of the compiled step"):
        ms.ensemble([mlp(lambda p: nn.Adam(p, use_nesterov=flag))() for flag in (True, False)])
    with pytest.raises(ValueError, match="weight decay above 0"):
        ms.ensemble(mlp(lambda p: nn.AdamW(p, 0.1, weight_decay=0.0))(), weight_decay=[0.1, 0.2])
    with pytest.raises(ValueError, match="must have the shape"):
        ms.ensemble([classifier(n, nn.SGD(n.trainable_params(), 0.1)) for n in (nn.Dense(5, 3), nn.Dense(5, 4))])
    with pytest.raises(AttributeError, match="paths"):
        ms.ensemble(mlp(lambda p: nn.SGD(p, nn.WarmUpLR(0.1, 3)))(), learning_rate=[0.1])
    runs = ms.ensemble(step, 2)
    for wrong in (2, -3, True):
        with pytest.raises(IndexError):
            runs.member(wrong)
    with pytest.raises(KeyError, match="nothing"):
        runs["nothing"]
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        runs.best([1.0])


COUNTS = {  # (Parameters, a count) -> optimizer; counts, of which one has none of it where that is possible
    "WarmUpLR": (lambda p, n: nn.SGD(p, nn.WarmUpLR(0.5, n)), [2, 4, 7]),
    "CosineDecayLR": (lambda p, n: nn.SGD(p, nn.CosineDecayLR(0.0, 0.5, n)), [2, 4, 7]),
    "ExponentialDecayLR": (lambda p, n: nn.SGD(p, nn.ExponentialDecayLR(0.5, 0.5, n, True)), [2, 4, 7]),
    "PolynomialDecayLR": (lambda p, n: nn.SGD(p, nn.PolynomialDecayLR(0.5, 0.1, n, 2.0, True)), [2, 4, 7]),
    "WarmUp": (lambda p, n: nn.SGD(p, nn.WarmUp(nn.CosineSchedule(0.5, 0.1, n + 1), n)), [1, 2, 3]),
    "TrapezoidSchedule": (lambda p, n: nn.SGD(p, nn.TrapezoidSchedule(0.5, 10 + n, n, n + 1)), [1, 2, 3]),
    "CyclicSchedule": (lambda p, n: nn.SGD(p, nn.CyclicSchedule(0.1, 0.5, n)), [1, 2, 3]),
    "ScheduleFreeSGD": (lambda p, n: nn.ScheduleFreeSGD(p, 0.5, warmup_steps=n), [0, 2, 5]),
    "ScheduleFreeAdamW": (lambda p, n: nn.ScheduleFreeAdamW(p, 0.1, warmup_steps=n), [0, 2, 5]),
    "AdEMAMix": (lambda p, n: nn.AdEMAMix(p, 0.1, warmup_steps=n), [1, 2, 5]),
    "Lookahead": (lambda p, n: nn.Lookahead(nn.Adam(p, 0.1), k=n), [1, 2, 5]),
    "GradientAccumulation": (lambda p, n: nn.GradientAccumulation(nn.Adam(p, 0.1), n), [1, 2, 3]),
}


@pytest.mark.parametrize("name", COUNTS)
def test_copies_may_differ_in_counts_of_steps(mode, name):
    make, counts = COUNTS[name]

    def step(n, seed):
        net = nn.Dense(5, 3)
        return classifier(net, make(net.trainable_params(), n))

    data = batches(6)
    runs = ms.sweep(step, n=counts, seed=[5])
    losses = [runs(*d).asnumpy() for d in data]
    for k, n in enumerate(counts):
        ms.set_seed(5)
        alone = step(n, 5)
        np.testing.assert_allclose([float(alone(*d)) for d in data], [loss[k] for loss in losses], 2e-6, 2e-6)
        again = runs.member(k).optimizer  # the count is a Python number there
        assert repr(again) == repr(alone.optimizer)


def test_a_count_is_given_by_its_path(mode):
    net = nn.Dense(5, 3)
    runs = ms.ensemble(
        classifier(net, nn.SGD(net.trainable_params(), nn.WarmUpLR(0.5, 3))),
        **{"optimizer.learning_rate.warmup_steps": [2, 5]},
    )
    assert runs["optimizer.learning_rate.warmup_steps"].asnumpy().tolist() == [2, 5]
    assert runs.select(1).optimizer.learning_rate.warmup_steps == 5


def test_a_count_on_which_python_depends_may_not_differ(mode):
    def step(n):
        net = nn.Dense(5, 3)
        return classifier(net, nn.Muon(net.trainable_params(), ns_steps=n))

    with pytest.raises(TypeError, match="differ in 'ns_steps'"):
        ms.sweep(step, n=[4, 5])(*batches(1)[0])


def _scaled(read):
    class Scaled(nn.Cell):
        def __init__(self, scale):
            super().__init__()
            self.w = Parameter(Tensor([2.0]), name="w")
            self.number, self._hidden, self.several = scale, scale, [1.0, (scale, 2.0)]
            self.tensor = Tensor(scale, ms.float32)

        def construct(self):
            return (self.w * read(self)).sum()

    return Scaled


@pytest.mark.parametrize("read", [lambda c: c.number, lambda c: c._hidden, lambda c: c.several[1][0], lambda c: c.tensor],
                         ids=["attribute", "private", "inside a list", "Tensor"])  # fmt: skip
def test_numbers_that_differ_are_found_wherever_a_cell_keeps_them(mode, read):
    runs = ms.sweep(_scaled(read), scale=[0.5, 1.5])
    np.testing.assert_allclose(runs().asnumpy(), [1.0, 3.0])
    assert read(runs.member(1)) == 1.5


@pytest.mark.parametrize("read", [lambda c: float(c.number), lambda c: float(c.tensor), lambda c: c.tensor.item()])
def test_one_python_value_is_not_taken_for_all_copies(mode, read):
    """It would be that of the first copy."""
    with pytest.raises(TypeError, match="differ in"):
        ms.sweep(_scaled(read), scale=[0.5, 1.5])()
