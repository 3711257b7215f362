"""Looking at a training: rates before it, the range test, statistics of updates."""

import csv

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn
from minispore.graph import compile_stats
from minispore.train import Model, lr_find
from minispore.train.callback import UpdateMonitor


def data(n=8):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, 3)).astype(np.float32)
    return x, (x @ np.array([[1.0], [-2.0], [0.5]], np.float32)).astype(np.float32)


def model(optimizer=lambda p: nn.Adam(p, 0.1)):
    ms.set_seed(4)
    net = nn.Dense(3, 1)
    return net, Model(net, nn.MSELoss(), optimizer(net.trainable_params()))


# ---------------------------------------------------------------- rates before training
RATES = {
    "number": (lambda p: nn.SGD(p, 0.5), [0.5] * 5),
    "list": (lambda p: nn.SGD(p, [0.1, 0.2, 0.3]), [0.1, 0.2, 0.3, 0.3, 0.3]),
    "MindSpore's schedule": (lambda p: nn.SGD(p, nn.WarmUpLR(0.4, 4)), [0.0, 0.1, 0.2, 0.3, 0.4]),
    "in a wrapper": (lambda p: nn.GradientClipping(nn.SGD(p, nn.TrapezoidSchedule(1.0, 4, 1, 2)), 1.0), [0, 1, 1, 0.5, 0]),
    "groups": (
        lambda p: nn.SGD([{"params": p[:1], "lr": nn.LinearSchedule(1.0, 0.0, 4)}, {"params": p[1:]}], 0.5),
        [[1.0, 0.75, 0.5, 0.25, 0.0], [0.5] * 5],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RATES)
def test_rates_are_those_of_the_steps(name, mode):
    make, wanted = RATES[name]
    params = [Parameter(Tensor([1.0]), name=n) for n in "ab"]
    optimizer = make(params)
    found = nn.learning_rates(optimizer, 5)
    np.testing.assert_allclose(found, wanted, 1e-6)
    assert optimizer.global_step.asnumpy().tolist() == [0]
    if name in ("number", "MindSpore's schedule", "groups"):
        for k in range(5):
            now = optimizer.get_lr()
            np.testing.assert_allclose(
                [float(r) for r in now] if isinstance(now, tuple) else float(now), found[..., k], 1e-6
            )
            optimizer((Tensor([0.0]), Tensor([0.0])))


def test_rates_of_other_things():
    with pytest.raises(TypeError, match="an Optimizer or a schedule"):
        nn.learning_rates([0.1], 3)


# ---------------------------------------------------------------- the range test
@pytest.mark.parametrize("seed", range(4))
def test_range_test_is_not_led_by_the_noise_of_the_first_batches(seed, graph_mode):
    """Rates of 0.002 to 0.01 train best: a hundred times less moves nothing, and ten times more diverges."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(256, 5)).astype(np.float32)
    y = (x @ rng.normal(size=(5, 1))).astype(np.float32)
    ms.set_seed(seed)
    net = nn.Dense(5, 1)
    trained = Model(net, nn.MSELoss(), nn.Momentum(net.trainable_params(), 0.1, 0.9))
    batches = [(Tensor(a), Tensor(b)) for a, b in zip(np.split(x, 8), np.split(y, 8))]
    curve = lr_find(trained, batches, 1e-6, 10.0, 60)
    assert 5e-4 < curve.suggestion < 0.03 and curve.suggestion < curve.at_minimum < 0.1


@pytest.mark.parametrize("rate", [0.1, nn.CosineDecayLR(0.0, 0.1, 10)])
def test_range_test_finds_where_descent_ends(rate, graph_mode):
    """SGD on a quadratic diverges beyond 2 / (the largest curvature); everything is afterwards as before."""
    x, y = data()
    net, trained = model(lambda p: nn.SGD(p, rate))
    limit = 2.0 / np.linalg.eigvalsh(2.0 / len(x) * np.c_[x, np.ones(len(x))].T @ np.c_[x, np.ones(len(x))]).max()
    before, rng = [p.asnumpy() for p in net.get_parameters()], ms.get_rng_state().asnumpy()
    curve = lr_find(trained, [(Tensor(x), Tensor(y))], 1e-4, 100.0, 80, smoothing=0.5)
    assert len(curve.rates) < 80 and limit < curve.rates[-1]  # it ended because the loss grew
    assert 1e-3 < curve.suggestion < limit and curve.suggestion < curve.at_minimum
    for p, old in zip(net.get_parameters(), before):
        np.testing.assert_array_equal(p.asnumpy(), old)
    np.testing.assert_array_equal(ms.get_rng_state().asnumpy(), rng)
    assert trained.train_network.optimizer.global_step.asnumpy().tolist() == [0]


def test_range_test_compiles_once_and_draws(graph_mode, tmp_path):
    x, y = data()
    _, trained = model()
    before = compile_stats()["executables"]
    curve = lr_find(trained, ms.dataset.NumpySlicesDataset((x, y), shuffle=False).batch(4), 1e-5, 1e-2, 10)
    assert compile_stats()["executables"] - before == 1 and len(curve.rates) == 10
    pytest.importorskip("matplotlib")
    curve.save(tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes()[:4] == b"\x89PNG"


def test_range_test_errors():
    x, y = data()
    net, trained = model()
    with pytest.raises(TypeError, match="with an optimizer"):
        lr_find(net, [(Tensor(x), Tensor(y))])
    with pytest.raises(ValueError, match="0 < start < end"):
        lr_find(trained, [(Tensor(x), Tensor(y))], 1.0, 0.1)
    with pytest.raises(TypeError, match="used up"):
        lr_find(trained, iter([(Tensor(x), Tensor(y))]), steps=3)
    with pytest.raises(ValueError, match="begin lower"):
        lr_find(trained, [(Tensor(x), Tensor(y * np.float32("nan")))])


# ---------------------------------------------------------------- statistics
def test_statistics_are_those_of_the_update(mode):
    rng = np.random.default_rng(0)
    start = rng.normal(size=(2, 3)).astype(np.float32)
    w, b = Parameter(Tensor(start), name="w"), Parameter(Tensor([1.0, 2.0]), name="b")
    optimizer = nn.UpdateStatistics(nn.AdamW([w, b], 0.1, 0.8, 0.9, 1e-8, 0.0), every=2)
    assert np.isnan(optimizer.read()["w"]["gradient_norm"])
    seen, second = [], 0.0
    for t in range(4):
        g = rng.normal(size=(2, 3)).astype(np.float32)
        before = w.asnumpy()
        optimizer((Tensor(g), Tensor([0.5, 0.5])))
        second = 0.9 * second + 0.1 * g * g
        seen.append([np.linalg.norm(g), np.linalg.norm(before), np.linalg.norm(w.asnumpy() - before),
                     np.linalg.norm(w.asnumpy() - before) / np.linalg.norm(before), second.mean()])  # fmt: skip
        np.testing.assert_allclose(list(optimizer.read()["w"].values()), seen[t - t % 2], 1e-4)
    assert set(optimizer.read()) == {"w", "b"}


def test_monitor_writes_what_the_steps_computed(graph_mode, tmp_path):
    x, y = data()
    plain, without = model()
    net, trained = model()
    rows = ms.dataset.NumpySlicesDataset((x, y), shuffle=False).batch(2)
    monitor = UpdateMonitor(2, tmp_path / "updates.csv")
    trained.train(2, rows, monitor)
    without.train(2, rows)
    np.testing.assert_allclose(net.weight.asnumpy(), plain.weight.asnumpy(), 1e-6)
    assert [step for step, _ in monitor.history] == [1, 3, 5, 7]
    assert not isinstance(trained.train_network.optimizer, nn.UpdateStatistics)
    table = list(csv.DictReader(open(tmp_path / "updates.csv")))
    assert len(table) == 8 and table[0]["parameter"] == "weight" and table[0]["step"] == "1"
    assert float(table[0]["update_ratio"]) == pytest.approx(monitor.history[0][1]["weight"]["update_ratio"])


def test_monitor_writes_for_tensorboard(tmp_path):
    pytest.importorskip("tensorboardX")
    x, y = data()
    _, trained = model()
    trained.train(1, ms.dataset.NumpySlicesDataset((x, y)).batch(4), UpdateMonitor(summary_dir=tmp_path))
    assert any(b"update_ratio/weight" in path.read_bytes() for path in tmp_path.glob("events*"))


def test_monitor_lets_go_after_an_error(graph_mode):
    x, y = data()
    _, trained = model()

    class Broken(ms.train.Callback):
        def on_train_step_end(self, run_context):
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        trained.train(1, ms.dataset.NumpySlicesDataset((x, y)).batch(4), [UpdateMonitor(), Broken()])
    assert isinstance(trained.train_network.optimizer, nn.Adam)
