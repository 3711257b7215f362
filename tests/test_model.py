"""Model: train, fit, eval, predict, build; what it refuses; resuming."""

import numpy as np
import pytest
from small_training import Rows, model, net, rows, weights

import minispore as ms
from minispore import nn
from minispore.graph import compile_stats


class Losses(ms.Callback):
    def __init__(self):
        self.seen = []

    def on_train_step_end(self, run_context):
        p = run_context.original_args()
        self.seen.append((p.cur_epoch_num, p.cur_step_num, float(p.net_outputs.asnumpy())))


# MindSpore 2.10: Model(net, MSELoss, SGD(0.1)).train(3, rows): the losses that LossMonitor printed
RECORDED = [2.963843822479248, 2.6993305683135986, 1.5364121198654175, 1.7632551193237305, 0.8681294918060303,
            1.2558494806289673]  # fmt: skip


@pytest.mark.quick
def test_training_follows_mindspore(mode):
    losses = Losses()
    model().train(3, rows(), callbacks=losses)
    assert [(e, s) for e, s, _ in losses.seen] == [(1, 1), (1, 2), (2, 3), (2, 4), (3, 5), (3, 6)]
    np.testing.assert_allclose([v for *_, v in losses.seen], RECORDED, rtol=1e-5)


def test_a_step_of_model_is_the_step_written_by_hand(mode):
    trained = model()
    trained.train(2, rows())
    network = net()
    step = nn.TrainOneStepCell(
        nn.WithLossCell(network, nn.MSELoss()), nn.SGD(network.trainable_params(), 0.1)
    ).set_train()
    for _ in range(2):
        for row in rows().create_tuple_iterator():
            step(*row)
    for name, value in weights(network).items():
        np.testing.assert_array_equal(weights(trained.predict_network)[name], value)


def test_further_epochs_trace_and_compile_nothing(graph_mode):
    trained = model(metrics={"loss"})
    trained.fit(1, rows(), rows())
    before = compile_stats()
    trained.train(3, rows())
    assert compile_stats() == before


def test_eval_and_fit(mode, capsys):
    trained = model(metrics={"mae", "loss"})
    trained.fit(3, rows(), rows(seed=2), valid_frequency=2, callbacks=[ms.LossMonitor(3)])
    lines = capsys.readouterr().out.splitlines()
    # MindSpore's printed "Eval result: epoch 2, metrics: {'loss': 3.3597389459609985, 'mae': 2.731535792350769}"
    assert [line.split(",")[0] for line in lines] == ["epoch: 2 step: 1", "Eval result: epoch 2", "epoch: 3 step: 2"]
    metrics = eval(lines[1].split("metrics: ")[1])
    assert metrics == {"loss": pytest.approx(3.3597389459609985), "mae": pytest.approx(2.731535792350769)}
    out = trained.predict(ms.Tensor(rows(seed=2).columns[0])).asnumpy()
    result = trained.eval(rows(seed=2))
    assert result["mae"] == pytest.approx(np.abs(out - rows(seed=2).columns[1]).sum() / 8, rel=1e-5)
    assert result["loss"] == pytest.approx(np.square(out - rows(seed=2).columns[1]).mean(), rel=1e-5)


def test_eval_loss_is_the_mean_over_batches_and_frequency_may_be_a_list():
    class Seen(ms.Callback):
        results = []

        def on_train_epoch_end(self, run_context):
            p = run_context.original_args()
            self.results.append((p.cur_epoch_num, p.get("eval_results"), p.mode, p.cur_step_num))

    trained = model(metrics={"loss"})
    trained.fit(3, rows(), rows(seed=2), valid_frequency=[1, 3], callbacks=[Seen()])
    assert [(n, r is None, m, s) for n, r, m, s in Seen.results] == [
        (1, False, "train", 2), (2, True, "train", 4), (3, False, "train", 6)]  # fmt: skip
    assert Seen.results[2][1]["eval_loss"] == Seen.results[2][1]["loss"] == trained.eval(rows(seed=2))["loss"]


def test_dropout_acts_in_training_only(mode):
    network = nn.SequentialCell(nn.Dense(3, 64), nn.Dropout(p=0.5), nn.Dense(64, 2))
    trained = ms.Model(network, nn.MSELoss(), nn.SGD(network.trainable_params(), 0.0), metrics={"loss"})
    x = ms.Tensor(rows().columns[0])
    still = trained.predict(x).asnumpy()
    losses = Losses()
    trained.train(2, rows(), callbacks=losses)
    assert losses.seen[0][2] != losses.seen[2][2]
    assert trained.eval(rows()) == trained.eval(rows())
    np.testing.assert_array_equal(trained.predict(x).asnumpy(), still)
    losses.seen.clear()
    trained.train(2, rows(), callbacks=losses)
    assert losses.seen[0][2] != losses.seen[2][2]


@pytest.mark.quick
def test_resuming_from_a_checkpoint_equals_going_on(tmp_path, mode):
    def fresh():
        network = net()
        rate = nn.ExponentialDecayLR(0.05, 0.9, 2)
        return ms.Model(network, nn.MSELoss(), nn.Adam(network.trainable_params(), rate))

    whole = fresh()
    whole.train(4, rows())
    first = fresh()
    config = ms.CheckpointConfig(save_checkpoint_steps=2, append_info=["epoch_num"])
    saver = ms.ModelCheckpoint("run", str(tmp_path), config)
    first.train(2, rows(), callbacks=saver)
    saved = ms.load_checkpoint(saver.latest_ckpt_file_name)
    assert int(saved["epoch_num"].asnumpy()) == 2 and "moment1.0.weight" in saved
    second, losses = fresh(), Losses()
    ms.load_param_into_net(second.train_network, saved)
    second.train(4, rows(), callbacks=losses, initial_epoch=int(saved["epoch_num"].asnumpy()))
    assert [epoch for epoch, *_ in losses.seen] == [3, 3, 4, 4]
    for name, value in weights(whole.train_network).items():
        np.testing.assert_array_equal(weights(second.train_network)[name], value)


def test_one_iterator_serves_all_epochs_and_generators_work_too():
    class Shuffled(Rows):
        asked = []

        def create_tuple_iterator(self, num_epochs=-1):
            self.asked.append(num_epochs)
            return super().create_tuple_iterator()

    class Generated(Rows):
        def create_tuple_iterator(self, num_epochs=-1):
            yield from super().create_tuple_iterator()

    model().train(3, Shuffled(*rows().columns))
    assert Shuffled.asked == [3]
    losses = Losses()
    model().train(3, Generated(*rows().columns), callbacks=losses)
    np.testing.assert_allclose([v for *_, v in losses.seen], RECORDED, rtol=1e-5)


def test_networks_with_their_own_loss_or_step():
    class WithLoss(nn.Cell):
        def __init__(self):
            super().__init__()
            self.net = net()

        def construct(self, x, y, weight):
            return (weight * (self.net(x) - y) ** 2).mean()

    data = Rows(*rows().columns, np.ones((8, 1), np.float32))
    network, losses = WithLoss(), Losses()
    ms.Model(network, optimizer=nn.SGD(network.trainable_params(), 0.1)).train(3, data, callbacks=losses)
    np.testing.assert_allclose([v for *_, v in losses.seen], RECORDED, rtol=1e-5)
    network, again = WithLoss(), Losses()
    step = nn.TrainOneStepCell(network, nn.SGD(network.trainable_params(), 0.1))
    ms.Model(step).train(3, data, callbacks=again)
    assert again.seen == losses.seen


def test_eval_network_and_indexes():
    class Outputs(nn.Cell):
        def construct(self, label, value):
            return label, value, value.sum()

    data = Rows(np.array([[1.0], [2.0]], np.float32), np.array([[2.0], [4.0]], np.float32))
    metrics = {"mae": nn.MAE(), "loss": nn.Loss()}
    result = ms.Model(net(), metrics=metrics, eval_network=Outputs(), eval_indexes=[2, 1, 0]).eval(data)
    assert result == {"mae": 1.5, "loss": 6.0}

    class Pair(nn.Cell):
        def construct(self, label, value):
            return value, label

    assert ms.Model(net(), metrics={"mae"}, eval_network=Pair()).eval(data) == {"mae": 1.5}
    with pytest.raises(ValueError, match="eval_indexes"):
        ms.Model(net(), metrics={"mae"}, eval_network=Pair(), eval_indexes=[0, 1, 2]).eval(data)


def test_predict_takes_what_construct_takes(mode):
    class Both(nn.Cell):
        def construct(self, pair, factor=2):
            return (pair[0] + pair[1]) * factor

    a, b = ms.Tensor([1.0]), ms.Tensor([2.0])
    assert ms.Model(Both()).predict((a, b)).asnumpy() == [6.0]
    assert ms.Model(Both()).predict((a, b), 3).asnumpy() == [9.0]
    with pytest.raises(TypeError, match="ndarray"):
        ms.Model(Both()).predict((a, np.ones(1)))
    with pytest.raises(ValueError, match="empty"):
        ms.Model(Both()).predict(ms.Tensor(np.zeros((0, 3), np.float32)))


def test_build_changes_nothing(graph_mode):
    built = model(metrics={"loss"})
    before = weights(built.train_network)
    built.build(rows(), rows())
    assert all((before[k] == v).all() for k, v in weights(built.train_network).items())


@pytest.mark.parametrize(
    ("error", "make"),
    [  # the types that MindSpore 2.10 raises; the last one's there is a ZeroDivisionError
        (TypeError, lambda: ms.Model(3)),
        (TypeError, lambda: ms.Model(net(), nn.MSELoss(), 3)),
        (TypeError, lambda: ms.Model(net(), nn.MSELoss(), metrics="mae")),
        (TypeError, lambda: ms.Model(net(), nn.MSELoss(), metrics=["mae"])),
        (TypeError, lambda: ms.Model(net(), nn.MSELoss(), metrics={"a": 3})),
        (KeyError, lambda: ms.Model(net(), nn.MSELoss(), metrics={"nope"})),
        (ValueError, lambda: ms.Model(net(), metrics={"mae"})),
        (ValueError, lambda: ms.Model(net(), nn.MSELoss(), amp_level="O2")),
        (ValueError, lambda: model(amp_level="O9")),
        (ValueError, lambda: model(foo=3)),
        (ValueError, lambda: ms.Model(net(), nn.MSELoss(), loss_scale_manager=ms.FixedLossScaleManager())),
        (ValueError, lambda: ms.Model(net(), metrics={"mae"}, eval_network=net(), eval_indexes=[1, 2])),
        (ValueError, lambda: model().train(0, rows())),
        (TypeError, lambda: model().train(1.5, rows())),
        (TypeError, lambda: model().train(True, rows())),
        (ValueError, lambda: model().train(2, rows(), initial_epoch=2)),
        (ValueError, lambda: model().train(2, rows(), initial_epoch=-1)),
        (TypeError, lambda: model().train(1, rows(), callbacks=[3])),
        (TypeError, lambda: model().train(1, rows(), dataset_sink_mode=1)),
        (ValueError, lambda: model().train(1, rows(), sink_size=0)),
        (ValueError, lambda: model().train(1, rows(0))),
        (ValueError, lambda: model().train(1, Rows(*rows().columns, rows().columns[0]))),
        (AttributeError, lambda: model().train(1, 3)),
        (ValueError, lambda: model().eval(rows())),
        (ValueError, lambda: model().fit(1, rows(), rows())),
        (TypeError, lambda: model(metrics={"mae"}).fit(1, rows(), rows(), valid_frequency="a")),
        (ValueError, lambda: model(metrics={"mae"}).fit(1, rows(), rows(), valid_frequency=0)),
    ],
)
def test_refusals(error, make):
    with pytest.raises(error):
        make()


def test_older_paths_and_short_names():
    from minispore.communication.management import get_group_size, get_rank, init
    from minispore.nn.metrics import Accuracy
    from minispore.nn.wrap.grad_reducer import DistributedGradReducer
    from minispore.parallel._utils import _get_device_num, _get_parallel_mode
    from minispore.train.callback import CheckpointConfig, LossMonitor, ModelCheckpoint, TimeMonitor
    from minispore.train.loss_scale_manager import FixedLossScaleManager
    from minispore.train.model import Model, ParallelMode
    from minispore.train.serialization import load_checkpoint

    assert Model is ms.Model is ms.train.Model and Accuracy is nn.Accuracy is ms.train.Accuracy
    assert (LossMonitor, ModelCheckpoint) == (ms.LossMonitor, ms.ModelCheckpoint)
    assert FixedLossScaleManager is ms.FixedLossScaleManager is ms.amp.FixedLossScaleManager
    init("nccl")
    assert (get_rank(), get_group_size(), _get_device_num()) == (0, 1, 1)
    assert _get_parallel_mode() == ParallelMode.STAND_ALONE == ms.get_auto_parallel_context("parallel_mode")
    ms.set_auto_parallel_context(parallel_mode=ParallelMode.DATA_PARALLEL, gradients_mean=True)
    assert _get_parallel_mode() == "data_parallel" and ms.get_auto_parallel_context("gradients_mean")
    ms.reset_auto_parallel_context()
    assert _get_parallel_mode() == "stand_alone"
    with pytest.raises(ValueError, match="parallel_mode"):
        ms.set_auto_parallel_context(parallel_mode="zz")
    with pytest.raises(ValueError, match=r"\[0\]"):
        ms.communication.create_group("pair", [0, 1])
    g = (ms.Tensor([1.0]),)
    assert DistributedGradReducer([])(g)[0] is g[0] or DistributedGradReducer([])(g)[0].asnumpy() == [1.0]
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        _ = ms.nothing_of_that_name
    assert (CheckpointConfig, TimeMonitor, load_checkpoint) == (ms.CheckpointConfig, ms.TimeMonitor, ms.load_checkpoint)


def test_profiler_times_and_says_where_its_traces_are(capsys, tmp_path):
    profiler = ms.Profiler(output_path=str(tmp_path))
    model().train(1, rows())
    profiler.analyse()
    said = capsys.readouterr().out
    assert said.startswith("Profiler: ") and f"in {tmp_path}" in said and list(tmp_path.glob("*.json"))
    ms.set_memory(max_size="2GB")


def test_helpers_for_loops_by_hand():
    network = net()
    step = nn.TrainOneStepCell(nn.WithLossCell(network, nn.MSELoss()), nn.SGD(network.trainable_params(), 0.1))
    helper = ms.train.DatasetHelper(rows(), dataset_sink_mode=False)
    losses = [float(ms.train.connect_network_with_dataset(step, helper)(*row).asnumpy()) for row in helper]
    sunk = ms.train.data_sink(step, rows(), sink_size=2)
    losses += [float(sunk().asnumpy()), float(sunk().asnumpy())]  # each the second loss of an epoch
    np.testing.assert_allclose(losses, [RECORDED[k] for k in (0, 1, 3, 5)], rtol=1e-5)
    with pytest.raises(ValueError):
        ms.train.DatasetHelper(rows(), sink_size=0)


class _Walking:
    """A data set of the user's own that is its own iterator, and starts again only when it is told to."""

    def __init__(self, batches):
        self.batches, self.at, self.resets = batches, 0, 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.at == len(self.batches):
            raise StopIteration
        self.at += 1
        return self.batches[self.at - 1]

    def reset(self):
        self.at, self.resets = 0, self.resets + 1

    def get_dataset_size(self):
        return len(self.batches)

    def get_repeat_count(self):
        return 1

    def create_tuple_iterator(self, num_epochs=-1, do_copy=True):
        return self


def test_a_data_set_that_is_its_own_iterator_is_set_back_after_each_epoch():
    class Steps(ms.Callback):
        def __init__(self):
            super().__init__()
            self.seen = []

        def on_train_step_end(self, run_context):
            self.seen.append(run_context.original_args().cur_step_num)

    data, steps = _Walking(list(rows().create_tuple_iterator())), Steps()
    trained = model(metrics={"mse"})
    trained.train(2, data, callbacks=steps, dataset_sink_mode=False)
    assert (steps.seen, data.resets) == ([1, 2, 3, 4], 2)
    first, again = (trained.eval(data, dataset_sink_mode=False) for _ in range(2))
    assert first == again and data.resets == 4
