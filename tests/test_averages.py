"""Optimizers that average: what Model evaluates, predicts, saves and resumes."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn
from minispore.train import CheckpointConfig, Model, ModelCheckpoint

MAKERS = {
    "EMA": lambda p: nn.ExponentialMovingAverage(nn.AdamW(p, nn.WarmUp(0.1, 2), weight_decay=0.1), 0.5),
    "EMA inside": lambda p: nn.GradientClipping(nn.ExponentialMovingAverage(nn.Momentum(p, 0.1, 0.9), 0.5), 1.0),
    "SWA": lambda p: nn.StochasticWeightAverage(nn.SGD(p, 0.1), 2),
    "Schedule-Free": lambda p: nn.ScheduleFreeAdamW(p, 0.1, warmup_steps=2),
    "Schedule-Free of any": lambda p: nn.ScheduleFree(nn.SGD(p, nn.WarmUp(0.1, 2))),
    "Lookahead": lambda p: nn.Lookahead(nn.Adam(p, 0.1), 4),
    "scheduled": lambda p: nn.ExponentialMovingAverage(
        nn.Scheduled(nn.SGD(p, nn.CosineSchedule(0.1, 0.0, 9), 0.9), momentum=nn.LinearSchedule(0.5, 0.9, 6)), 0.5
    ),
}


def rows(n=6):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(2 * n, 3)).astype(np.float32)
    return ms.dataset.NumpySlicesDataset((x, x @ np.ones((3, 1), np.float32)), shuffle=False).batch(2)


def model(name):
    ms.set_seed(4)
    net = nn.Dense(3, 1)
    return net, Model(net, nn.MSELoss(), MAKERS[name](net.trainable_params()), metrics={"mse"})


def weights(net):
    return np.concatenate([p.asnumpy().ravel() for p in net.get_parameters()])


@pytest.mark.parametrize("name", MAKERS)
def test_averages_are_evaluated_and_predicted_with(name, mode):
    net, trained = model(name)
    trained.train(1, rows())
    at = weights(net)
    optimizer = trained.train_network.optimizer
    with nn.averaged_weights(optimizer):
        average = weights(net)
        x = rows().create_tuple_iterator()
        wanted = np.mean([((net(a) - b) ** 2).asnumpy().mean() for a, b in x])
        predicted = net(Tensor(np.ones((2, 3), np.float32))).asnumpy()
    assert np.abs(average - at).max() > 1e-4
    np.testing.assert_allclose(trained.eval(rows())["mse"], wanted, 1e-4)
    np.testing.assert_allclose(trained.predict(Tensor(np.ones((2, 3), np.float32))).asnumpy(), predicted, 1e-5)
    np.testing.assert_array_equal(weights(net), at)


@pytest.mark.parametrize("name", MAKERS)
def test_resumed_as_if_it_had_not_stopped(name, tmp_path, graph_mode):
    net, whole = model(name)
    whole.train(2, rows())
    _, first = model(name)
    saved = ModelCheckpoint("m", tmp_path, CheckpointConfig(6))
    first.train(1, rows(), saved)
    other, again = model(name)
    for p in other.get_parameters():
        p.set_data(Tensor(np.zeros(p.shape, np.float32)))
    ms.load_checkpoint(saved.latest_ckpt_file_name, again.train_network)
    again.train(2, rows(), initial_epoch=1)
    np.testing.assert_array_equal(weights(other), weights(net))
    with nn.averaged_weights(whole.train_network.optimizer), nn.averaged_weights(again.train_network.optimizer):
        np.testing.assert_array_equal(weights(other), weights(net))


@pytest.mark.parametrize("name", ["EMA", "Schedule-Free"])
def test_validation_between_epochs_changes_nothing_and_compiles_nothing_again(name, graph_mode):
    net, trained = model(name)
    plain, other = model(name)
    trained.fit(1, rows(), rows())
    before = ms.graph.compile_stats()["traces"]
    trained.fit(3, rows(), rows(), initial_epoch=1)
    assert ms.graph.compile_stats()["traces"] == before
    other.train(3, rows())
    np.testing.assert_array_equal(weights(net), weights(plain))


def test_a_saved_network_has_the_averages(tmp_path):
    net, trained = model("EMA")
    saved = ModelCheckpoint("net", tmp_path, CheckpointConfig(6, saved_network=net))
    trained.train(1, rows(), saved)
    values = ms.load_checkpoint(saved.latest_ckpt_file_name)
    with nn.averaged_weights(trained.train_network.optimizer):
        for p in net.get_parameters():
            np.testing.assert_array_equal(values[p.name].asnumpy(), p.asnumpy())
    assert np.abs(values["weight"].asnumpy() - net.weight.asnumpy()).max() > 1e-5


def test_a_checkpoint_knows_which_weights_it_has(tmp_path):
    net, trained = model("EMA")
    trained.train(1, rows())
    step, at = trained.train_network, weights(net)
    step.optimizer.eval()
    ms.save_checkpoint(step, str(tmp_path / "averaged.ckpt"))
    other, again = model("EMA")
    ms.load_checkpoint(str(tmp_path / "averaged.ckpt"), again.train_network)
    with pytest.raises(RuntimeError, match=r"call train\(\) first"):
        again.train(1, rows())
    again.train_network.optimizer.train()
    np.testing.assert_array_equal(weights(other), at)


def test_mean_of_the_weights_of_some_steps(mode):
    w = Parameter(Tensor([0.0]), name="w")
    optimizer = nn.StochasticWeightAverage(nn.SGD([w], 1.0), start=3, every=2)
    passed = []
    for g in (-1.0, -2.0, 3.0, -4.0, 5.0, -6.0, 7.0):
        optimizer((Tensor([g]),))
        passed.append(float(w.asnumpy()[0]))
        chosen = passed[2::2] or passed[-1:]
        with nn.averaged_weights(optimizer):
            np.testing.assert_allclose(w.asnumpy(), [np.mean(chosen)], 1e-6)
    assert float(w.asnumpy()[0]) == passed[-1]
    with pytest.raises(TypeError, match="outermost"):
        nn.StochasticWeightAverage(nn.SAM(nn.SGD([w], 0.1)), 1)


def test_nested_averages_are_saved_apart(tmp_path, recwarn):
    """Saved while the outer one has its average in the network: the inner one trains."""
    ms.set_context(mode=ms.PYNATIVE_MODE)

    def make():
        w = Parameter(Tensor([1.0]), name="w")
        return w, nn.ExponentialMovingAverage(nn.Lookahead(nn.SGD([w], 0.5), 2), 0.5)

    w, optimizer = make()
    for _ in range(3):
        optimizer((Tensor([1.0]),))
    trained, average = w.asnumpy(), optimizer.eval().parameters[0].asnumpy()
    ms.save_checkpoint(optimizer, str(tmp_path / "o.ckpt"))
    assert not [warning for warning in recwarn if "two Parameters" in str(warning.message)]
    w, resumed = make()
    ms.load_param_into_net(resumed, ms.load_checkpoint(str(tmp_path / "o.ckpt")))
    np.testing.assert_array_equal(w.asnumpy(), average)
    resumed.train()
    np.testing.assert_array_equal(w.asnumpy(), trained)
    for made in (optimizer.train(), resumed):
        made((Tensor([1.0]),))
    np.testing.assert_array_equal(w.asnumpy(), optimizer.parameters[0].asnumpy())
