"""Callbacks: the moments they are called at, what they print, save and change."""

import io
import os
import re
import signal
import warnings

import numpy as np
import pytest
from small_training import model, net, rows, weights

import minispore as ms
from minispore import dataset as ds, nn
from minispore.dataset import vision


def test_moments_and_their_short_names():
    log = []

    class Old(ms.Callback):
        def __enter__(self):
            log.append("enter")
            return self

        def __exit__(self, *err):
            log.append("exit")

        def step_end(self, run_context):
            p = run_context.original_args()
            log.append(f"step_end {p.mode} {p.cur_step_num}")

        def end(self, run_context):
            log.append("end")

        def on_train_begin(self, run_context):
            log.append("on_train_begin")

        def begin(self, run_context):
            log.append("begin")

    trained = model(metrics={"mae"})
    trained.train(1, rows(), callbacks=Old())
    trained.eval(rows(4), callbacks=[Old()])
    assert log == [
        "enter", "on_train_begin", "step_end train 1", "step_end train 2", "end", "exit",
        "enter", "begin", "step_end eval 1", "end", "exit",
    ]  # fmt: skip


def test_what_a_callback_can_read():
    class Look(ms.Callback):
        def on_train_begin(self, run_context):
            p = run_context.original_args()
            assert (p.epoch_num, p.batch_num, p.mode, p.cur_step_num) == (1, 2, "train", 0)
            assert p.network is trained.predict_network and p.train_network is trained.train_network
            assert (
                isinstance(p.optimizer, nn.SGD) and isinstance(p.loss_fn, nn.MSELoss) and p["list_callback"] == [self]
            )
            assert not hasattr(p, "cur_epoch_num") and p.get("cur_epoch_num", 7) == 7
            with pytest.raises(KeyError):  # MindSpore's type
                _ = p.nothing

        def on_train_step_begin(self, run_context):
            x, y = run_context.original_args().train_dataset_element
            assert x.shape == (4, 3) and y.shape == (4, 2)

        def on_eval_end(self, run_context):
            p = run_context.original_args()
            assert p.mode == "eval" and set(p.metrics) == {"mae"} and p.eval_network is trained.eval_network
            asked.append(p.cur_step_num)

    asked: list = []
    trained = model(metrics={"mae"})
    trained.train(1, rows(), callbacks=Look())
    trained.eval(rows(), callbacks=Look())
    assert asked == [2]


def test_stopping(capsys):
    class Stop(ms.Callback):
        def on_train_step_end(self, run_context):
            if run_context.original_args().cur_step_num == 3:
                run_context.request_stop()

        def on_train_epoch_end(self, run_context):
            print("epoch end")

        def on_train_end(self, run_context):
            print("end", run_context.original_args().cur_step_num)

    trained = model()
    trained.train(4, rows(), callbacks=[Stop()])
    assert capsys.readouterr().out.split("\n") == ["epoch end", "epoch end", "end 3", ""]
    with pytest.raises(TypeError):
        ms.RunContext(3)


def test_loss_and_time_monitor_lines(capsys):
    model().train(2, rows(), callbacks=[ms.LossMonitor(), ms.TimeMonitor(data_time=True)])
    lines = capsys.readouterr().out.splitlines()
    # MindSpore 2.10 printed "epoch: 1 step: 1, loss is 2.963843822479248" and "epoch: 1 step: 2, loss is 2.69933..."
    assert [re.sub(r"(\d+\.\d{4})\d*", r"\1", line) for line in lines[:2]] == [
        "epoch: 1 step: 1, loss is 2.9638", "epoch: 1 step: 2, loss is 2.6993"]  # fmt: skip
    pattern = r"Train epoch time: \d+\.\d{3} ms, per step time: \d+\.\d{3} ms \(data time: \d+\.\d{3} ms\)"
    assert re.fullmatch(pattern, lines[2]) and lines[3].startswith("epoch: 2 step: 1, loss is 1.536")
    model().train(4, rows(), callbacks=[ms.LossMonitor(3)])
    assert [s.split(",")[0] for s in capsys.readouterr().out.splitlines()] == ["epoch: 2 step: 1", "epoch: 3 step: 2"]
    model().train(1, rows(), callbacks=[ms.LossMonitor(0)])
    assert capsys.readouterr().out == ""
    with pytest.raises(ValueError):
        ms.LossMonitor(-1)


def test_a_loss_that_is_not_finite_ends_training():
    trained = model(1e30)
    with pytest.raises(ValueError, match="NAN or INF"), np.errstate(all="ignore"):
        trained.train(9, rows(), callbacks=ms.LossMonitor(0))


def test_progress_as_lines_and_as_a_bar():
    log = io.StringIO()
    model().train(2, rows(), callbacks=ms.train.ProgressBar(log))
    assert [re.sub(r"[\d.]+ s$", "T s", s) for s in log.getvalue().splitlines()] == [
        "epoch 1/2: 2 steps, loss 2.699, T s", "epoch 2/2: 2 steps, loss 1.763, T s"]  # fmt: skip
    screen = Terminal()
    model().train(1, rows(), callbacks=ms.train.ProgressBar(screen))
    assert "epoch 1/1: 100%" in screen.getvalue() and "2/2" in screen.getvalue() and "loss=2.699" in screen.getvalue()


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_shown_by_default(monkeypatch, capsys):
    """As a bar on a terminal and as lines in a log, on stderr; not beside callbacks that print, and not after a no."""
    model(metrics={"mae"}).fit(2, rows(), rows())
    shown = capsys.readouterr()
    assert shown.out == "" and [line.split(",")[0] for line in shown.err.splitlines()] == [
        "epoch 1/2: 2 steps",
        "epoch 2/2: 2 steps",
    ]
    assert ", mae " in shown.err
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    model().train(1, rows())
    assert "epoch 1/1: 100%" in screen.getvalue() and "step/s" in screen.getvalue()
    quiet = Terminal()
    monkeypatch.setattr("sys.stderr", quiet)
    model().train(1, rows(), callbacks=ms.LossMonitor())
    ms.set_context(progress=False)
    try:
        model().train(1, rows())
    finally:
        ms.set_context(progress=True)
    assert quiet.getvalue() == ""
    with pytest.raises(TypeError, match="progress"):
        ms.set_context(progress="yes")


def test_history_and_lambda():
    history, steps = ms.train.History(), []
    remember = ms.train.LambdaCallback(on_train_step_end=lambda c: steps.append(c.original_args().cur_step_num))
    model(metrics={"mae"}).fit(2, rows(), rows(), callbacks=[history, remember])
    # MindSpore 2.10: History of net_output after the epochs 2.6993306, 1.7632551
    assert steps == [1, 2, 3, 4] and history.epoch == {"epoch": [1, 2]}
    np.testing.assert_allclose(history.history["net_output"], [2.6993306, 1.7632551], rtol=1e-5)
    assert len(history.history["mae"]) == 2


def test_learning_rate_scheduler(mode):
    seen = []

    def rule(rate, step):
        seen.append((rate, step))
        return rate * 0.5

    trained = model()
    trained.train(2, rows(), callbacks=[ms.LearningRateScheduler(rule)])
    assert seen == [(0.1, 1), (0.05, 2), (0.025, 3), (0.0125, 4)]
    assert float(trained.train_network.optimizer.learning_rate.asnumpy()) == pytest.approx(0.00625)
    # MindSpore 2.10: the loss of the third step with this rule is 1.6973161697387695
    losses = []
    remember = ms.train.LambdaCallback(on_train_step_end=lambda c: losses.append(c.original_args().net_outputs))
    model().train(2, rows(), callbacks=[ms.LearningRateScheduler(rule), remember])
    assert float(losses[2].asnumpy()) == pytest.approx(1.6973161697387695, rel=1e-5)


def test_rates_that_cannot_be_set_are_refused():
    network = net()
    opt = nn.SGD(network.trainable_params(), nn.ExponentialDecayLR(0.1, 0.5, 2))
    for callback in (ms.LearningRateScheduler(lambda rate, step: rate), ms.ReduceLROnPlateau("loss")):
        with pytest.raises(ValueError, match="fixed learning rate"):
            ms.Model(network, nn.MSELoss(), opt).train(1, rows(), callbacks=callback)


def fitted(capsys, *callbacks, epochs=6):
    trained = model(metrics={"mae", "loss"})
    trained.fit(epochs, rows(), rows(), callbacks=list(callbacks))
    rate = float(trained.train_network.optimizer.learning_rate.asnumpy())
    return capsys.readouterr().out.splitlines(), rate


def test_reduce_on_plateau(capsys):
    # the lines of MindSpore 2.10 for the same arguments
    callback = ms.ReduceLROnPlateau(
        "mae", patience=1, verbose=True, min_delta=10.0, factor=0.5, cooldown=2, min_lr=0.03
    )
    assert fitted(capsys, callback) == (
        [f"Epoch {e:05d}: ReduceLROnPlateau reducing learning rate to {r}." for e, r in ((2, "0.05"), (4, "0.03"))],
        pytest.approx(0.03),
    )
    callback = ms.ReduceLROnPlateau(patience=1, verbose=True, min_delta=10.0, factor=0.5)
    lines, rate = fitted(capsys, callback)
    assert [line[:11] for line in lines] == [f"Epoch {e:05d}" for e in (2, 3, 4, 5, 6)] and rate == pytest.approx(
        0.003125
    )
    assert fitted(capsys, ms.ReduceLROnPlateau("mae", patience=2)) == ([], pytest.approx(0.1))  # it improves
    with pytest.warns(UserWarning, match="acc_x.*available are: eval_loss, loss, mae"):
        fitted(capsys, ms.ReduceLROnPlateau("acc_x", patience=1), epochs=1)


def test_early_stopping(capsys):
    # MindSpore 2.10: patience 2 and a min_delta nothing reaches: epochs 1, 2, 3, then this line
    count = ms.train.LambdaCallback(on_train_epoch_end=lambda c: print("epoch", c.original_args().cur_epoch_num))
    lines, _ = fitted(capsys, ms.EarlyStopping(patience=2, verbose=True, min_delta=10.0), count)
    assert lines == ["epoch 1", "epoch 2", "epoch 3", "Epoch 00003: early stopping"]
    lines, _ = fitted(capsys, ms.EarlyStopping(patience=3, verbose=True, baseline=0.001), count)
    assert lines[-2:] == ["epoch 3", "Epoch 00003: early stopping"]
    lines, _ = fitted(capsys, ms.EarlyStopping(patience=3, baseline=100.0), count)
    assert lines[-1] == "epoch 6"


def test_early_stopping_restores_the_best_weights():
    class Spoil(ms.Callback):
        best = None

        def on_train_epoch_begin(self, run_context):
            p = run_context.original_args()
            if p.cur_epoch_num == 2:
                self.best = weights(p.train_network)
                for w in p.network.get_parameters():
                    w.set_data(w * 10)

    spoil = Spoil()
    trained = model(metrics={"loss"})
    stop = ms.EarlyStopping(patience=2, restore_best_weights=True)
    trained.fit(5, rows(), rows(), callbacks=[spoil, stop])
    assert stop.stopped_epoch == 3
    for name, value in weights(trained.train_network).items():
        np.testing.assert_array_equal(value, spoil.best[name])


@pytest.mark.parametrize("kind", [ms.ReduceLROnPlateau, ms.EarlyStopping])
def test_watching_refuses(kind):
    for error, wrong in ((ValueError, {"mode": "x"}), (ValueError, {"patience": -1}), (TypeError, {"monitor": 3}),
                         (TypeError, {"verbose": 3}), (TypeError, {"patience": 1.5})):  # fmt: skip
        with pytest.raises(error):
            kind(**wrong)
    with pytest.raises(ValueError):
        ms.ReduceLROnPlateau(factor=1.0)


# ---------------------------------------------------------------- checkpoints
def files(path):
    return sorted(os.listdir(path)) if os.path.isdir(path) else []


def saver(path, prefix="p", **config):
    return ms.ModelCheckpoint(prefix, str(path), ms.CheckpointConfig(**config))


def test_checkpoint_names_and_counts(tmp_path):
    # the names that MindSpore 2.10 made
    model().train(3, rows(), callbacks=[ms.ModelCheckpoint(directory=str(tmp_path / "a"))])
    assert files(tmp_path / "a") == ["CKP-1_2.ckpt", "CKP-2_1.ckpt", "CKP-2_2.ckpt", "CKP-3_1.ckpt", "CKP-3_2.ckpt"]
    for expected in (["p-2_1", "p-3_2", "p-4_2"], ["p_1-2_1", "p_1-3_2", "p_1-4_2"], ["p_2-2_1", "p_2-3_2", "p_2-4_2"]):
        model().train(4, rows(), callbacks=saver(tmp_path / "b", save_checkpoint_steps=3))
        assert set(f"{name}.ckpt" for name in expected) <= set(files(tmp_path / "b"))
    assert len(files(tmp_path / "b")) == 9
    callback = saver(tmp_path / "c", save_checkpoint_steps=2, keep_checkpoint_max=0)
    model().train(7, rows(), callbacks=callback)
    assert files(tmp_path / "c") == ["p-7_2.ckpt"]
    assert callback.latest_ckpt_file_name == str(tmp_path / "c" / "p-7_2.ckpt")
    named = ms.ModelCheckpoint(lambda p: f"x{p.cur_step_num}", str(tmp_path / "d"))
    model().train(1, rows(), callbacks=named)
    assert files(tmp_path / "d") == ["x1.ckpt", "x2.ckpt"]


def test_checkpoint_holds_the_step_it_names(tmp_path):
    trained = model()
    config = {"save_checkpoint_steps": 2, "append_info": ["epoch_num", "step_num", {"lr": 0.25}]}
    trained.train(2, rows(), callbacks=saver(tmp_path, **config))
    saved = ms.load_checkpoint(str(tmp_path / "p-2_2.ckpt"))
    assert (int(saved["epoch_num"].asnumpy()), int(saved["step_num"].asnumpy())) == (2, 4)
    assert float(saved["lr"].asnumpy()) == 0.25
    for name, value in weights(trained.train_network).items():
        np.testing.assert_array_equal(saved[name].asnumpy(), value)


def test_checkpoint_in_the_background_is_there_when_training_returns(tmp_path):
    trained = model()
    trained.train(2, rows(), callbacks=saver(tmp_path, save_checkpoint_steps=2, async_save=True))
    assert files(tmp_path) == ["p-1_2.ckpt", "p-2_2.ckpt"]
    saved = ms.load_checkpoint(str(tmp_path / "p-2_2.ckpt"))
    assert all((saved[k].asnumpy() == v).all() for k, v in weights(trained.train_network).items())


def test_checkpoint_after_an_error(tmp_path):
    class Boom(ms.Callback):
        def on_train_step_end(self, run_context):
            if run_context.original_args().cur_step_num == 3:
                raise KeyError("boom")

    callback = saver(tmp_path, save_checkpoint_steps=10, exception_save=True)
    trained = model()
    with pytest.raises(KeyError, match="boom"):
        trained.train(4, rows(12), callbacks=[Boom(), callback])
    assert files(tmp_path) == ["p-1_3_breakpoint.ckpt"]  # MindSpore's name
    saved = ms.load_checkpoint(str(tmp_path / "p-1_3_breakpoint.ckpt"))
    assert int(saved["global_step"].asnumpy()[0]) == 3


def test_checkpoint_of_another_network_and_by_time(tmp_path):
    trained = model()
    trained.train(1, rows(), callbacks=saver(tmp_path / "a", saved_network=trained.predict_network))
    assert list(ms.load_checkpoint(str(tmp_path / "a" / "p-1_2.ckpt"))) == list(weights(trained.predict_network))
    model().train(2, rows(), callbacks=saver(tmp_path / "b", save_checkpoint_steps=0, save_checkpoint_seconds=60))
    assert files(tmp_path / "b") == ["p-2_2.ckpt"]  # nothing was due, but the end is saved
    minutes = {"save_checkpoint_steps": 1, "keep_checkpoint_max": 0, "keep_checkpoint_per_n_minutes": 5}
    model().train(2, rows(), callbacks=saver(tmp_path / "c", **minutes))
    assert files(tmp_path / "c") == ["p-1_1.ckpt", "p-2_2.ckpt"]  # one for the five minutes, and the newest


@pytest.mark.parametrize(
    ("error", "wrong"),
    [
        (ValueError, {"save_checkpoint_steps": -1}), (TypeError, {"save_checkpoint_steps": 1.5}),
        (ValueError, {"keep_checkpoint_max": -1}), (TypeError, {"saved_network": 3}), (TypeError, {"integrated_save": 3}),
        (ValueError, {"async_save": "x"}), (TypeError, {"exception_save": 1}), (TypeError, {"append_info": 3}),
        (ValueError, {"append_info": ["foo"]}),
        (ValueError, {"save_checkpoint_steps": 0, "save_checkpoint_seconds": 0, "keep_checkpoint_max": 0}),
    ],
)  # fmt: skip
def test_checkpoint_config_refuses(error, wrong):
    with pytest.raises(error):
        ms.CheckpointConfig(**wrong)


def test_checkpoint_refuses(tmp_path):
    for error, wrong in ((ValueError, {"prefix": "a/b"}), (ValueError, {"prefix": 3}), (TypeError, {"directory": 3}),
                         (TypeError, {"config": 3})):  # fmt: skip
        with pytest.raises(error):
            ms.ModelCheckpoint(**wrong)


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="needs a signal of its own")
def test_on_request_exit(tmp_path):
    def ask(run_context):
        if run_context.original_args().cur_step_num == 3:
            os.kill(os.getpid(), signal.SIGUSR1)

    def make():
        return ms.train.OnRequestExit(save_mindir=False, directory=str(tmp_path), sig=signal.SIGUSR1)

    former = signal.getsignal(signal.SIGUSR1)
    trained = model()
    trained.train(9, rows(), callbacks=[ms.train.LambdaCallback(on_train_step_begin=ask), make()])
    assert int(trained.train_network.optimizer.global_step.asnumpy()[0]) == 3
    assert signal.getsignal(signal.SIGUSR1) == former
    again = model()
    again.train(1, rows(), callbacks=make())  # loads what was saved, and goes on
    assert int(again.train_network.optimizer.global_step.asnumpy()[0]) == 5


def test_backup_and_restore(tmp_path):
    class Cut(ms.Callback):
        def on_train_epoch_begin(self, run_context):
            if run_context.original_args().cur_epoch_num == 3:
                raise KeyboardInterrupt

    first = model()
    with pytest.raises(KeyboardInterrupt):
        first.train(4, rows(), callbacks=[ms.train.BackupAndRestore(str(tmp_path)), Cut()])
    assert files(tmp_path) == ["backup.ckpt"]
    second = model()
    second.train(4, rows(), callbacks=ms.train.BackupAndRestore(str(tmp_path)), initial_epoch=2)
    whole = model()
    whole.train(4, rows())
    for name, value in weights(whole.train_network).items():
        np.testing.assert_array_equal(weights(second.train_network)[name], value)
    assert files(tmp_path) == []


def noisy_training():
    """A shuffled dataset with random flips, and a Model with dropout: 5 steps an epoch, 4 epochs make 20."""
    ms.set_seed(3)
    draw = np.random.RandomState(0)
    pictures, labels = draw.rand(20, 4, 4, 1).astype(np.float32), draw.rand(20, 2).astype(np.float32)
    data = ds.NumpySlicesDataset({"x": pictures, "y": labels}, shuffle=True)
    data = data.map([vision.RandomHorizontalFlip(0.5), vision.HWC2CHW()], "x", num_parallel_workers=2).batch(4)
    network = nn.SequentialCell(nn.Flatten(), nn.Dense(16, 8), nn.Dropout(p=0.5), nn.Dense(8, 2))
    return ms.Model(network, nn.MSELoss(), nn.Adam(network.trainable_params(), 0.01)), data


class Losses(ms.Callback):
    """The losses of a training, which it ends by an exception after the step ``stop``."""

    def __init__(self, stop=None):
        self.seen, self.stop = [], stop

    def on_train_step_end(self, run_context):
        self.seen.append(float(run_context.original_args().net_outputs))
        if len(self.seen) == self.stop:
            raise KeyboardInterrupt


@pytest.mark.parametrize("cut, saved, epoch", [(12, 10, 2), (15, 14, 2)])
def test_a_training_cut_off_goes_on_as_if_it_had_not_been(tmp_path, mode, cut, saved, epoch):
    trained, data = noisy_training()
    whole = Losses()
    trained.train(4, data, callbacks=whole)

    config = ms.CheckpointConfig(saved, append_info=["epoch_num", "step_num", "rng_state"])
    first, data = noisy_training()
    with pytest.raises(KeyboardInterrupt):
        first.train(4, data, callbacks=[ms.ModelCheckpoint("run", str(tmp_path), config), Losses(cut)])
    (file,) = tmp_path.glob("*.ckpt")

    ms.set_seed(77)
    np.random.rand(5)
    second, data = noisy_training()
    state = ms.load_checkpoint(str(file), second.train_network)
    ms.set_rng_state(state["rng_state"])
    assert int(state["step_num"]) == saved
    data.set_init_step(saved)
    rest = Losses()
    second.train(4, data, callbacks=[rest], initial_epoch=epoch)
    assert rest.seen == whole.seen[saved:]
    for name, value in weights(trained.train_network).items():
        np.testing.assert_array_equal(weights(second.train_network)[name], value)
    assert data.get_init_step() == saved  # as it was given


def test_backup_restores_the_random_state_and_the_dataset_goes_on(tmp_path):
    trained, data = noisy_training()
    whole = Losses()
    trained.train(4, data, callbacks=whole)
    first, data = noisy_training()
    with pytest.raises(KeyboardInterrupt):
        first.train(4, data, callbacks=[ms.train.BackupAndRestore(str(tmp_path)), Losses(13)])
    second, data = noisy_training()
    rest = Losses()
    second.train(4, data, callbacks=[ms.train.BackupAndRestore(str(tmp_path)), rest], initial_epoch=2)
    assert rest.seen == whole.seen[10:]


# ---------------------------------------------------------------- TensorBoard
def scalars(path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    events = accumulator.EventAccumulator(str(path))
    events.Reload()
    return events


def test_summary_collector_writes_what_tensorboard_reads(tmp_path):
    pytest.importorskip("tensorboardX")
    trained = model(metrics={"mae"})
    losses = []
    remember = ms.train.LambdaCallback(on_train_step_end=lambda c: losses.append(c.original_args().net_outputs))
    trained.fit(2, rows(), rows(), callbacks=[remember, ms.SummaryCollector(str(tmp_path), collect_freq=2)])
    events = scalars(tmp_path)
    assert [e.step for e in events.Scalars("loss/auto")] == [1, 2, 4]
    np.testing.assert_allclose(
        [e.value for e in events.Scalars("loss/auto")], [float(losses[k].asnumpy()) for k in (0, 1, 3)]
    )
    assert [e.value for e in events.Scalars("learning_rate/auto")] == pytest.approx([0.1] * 3)
    assert [e.step for e in events.Scalars("eval/mae")] == [2, 4]
    assert set(events.Tags()["histograms"]) == {f"{k}.{name}/auto" for k in (0, 2) for name in ("weight", "bias")}


def test_summary_record_and_primitives(tmp_path):
    pytest.importorskip("tensorboardX")

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.note = ms.ops.ScalarSummary()

        def construct(self, x):
            self.note("mean", x.mean())
            return x * 2

    with ms.SummaryRecord(str(tmp_path)) as record:
        for step in (1, 2):
            Net()(ms.Tensor([step * 1.0, step * 3.0]))
            record.add_value("image", "picture", ms.Tensor(np.random.rand(1, 3, 4, 5).astype(np.float32)))
            record.record(step)
        with pytest.raises(ValueError, match="plugin"):
            record.add_value("sound", "x", ms.Tensor(1.0))
        with pytest.raises(TypeError):
            record.add_value("scalar", "x", 1.0)
    Net()(ms.Tensor([9.0]))  # closed: nothing is written
    events = scalars(tmp_path)
    assert [(e.step, e.value) for e in events.Scalars("mean")] == [(1, 2.0), (2, 4.0)]
    assert [(e.step, e.height, e.width) for e in events.Images("picture")] == [(1, 4, 5), (2, 4, 5)]


def test_names_without_meaning_on_a_cpu_warn_once():
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for _ in range(2):
            model().train(1, rows(), callbacks=ms.train.TrainFaultTolerance())
    assert [str(w.message)[:33] for w in said] == ["TrainFaultTolerance does nothing "]


def test_what_summaries_refuse(tmp_path):
    """As in MindSpore 2.10."""
    from minispore.train import SummaryCollector
    from minispore.train.summary import SummaryRecord

    file = tmp_path / "file"
    file.write_text("")
    for kind, given in (
        (NotADirectoryError, {"summary_dir": str(file)}),
        (ValueError, {"summary_dir": str(tmp_path), "collect_specified_data": {"histogram_regular": "*"}}),
        (ValueError, {"summary_dir": str(tmp_path), "export_options": {"format": "npy"}}),
    ):
        with pytest.raises(kind):
            SummaryCollector(**given)
    for given in ({"file_prefix": "a/b"}, {"export_options": {"tensor_format": "txt"}}):
        with pytest.raises(ValueError):
            SummaryRecord(str(tmp_path), **given)


def test_private_names_of_callbacks():
    from minispore import Tensor
    from minispore.train.callback import _checkpoint_cb_for_save_op, _CheckpointManager, _set_cur_net
    from minispore.train.summary.enums import ModeEnum

    net = nn.Dense(2, 1)
    _set_cur_net(net)
    assert _checkpoint_cb_for_save_op([{"name": "weight", "data": Tensor(np.full((1, 2), 5, np.float32))}])
    assert net.weight.asnumpy().tolist() == [[5.0, 5.0]] and ModeEnum.TRAIN.value == "train"
    assert _CheckpointManager().ckpoint_num == 0


def test_a_dataset_of_another_library_can_begin_later():
    """One with ``get_init_step`` alone, as in stand-ins of MindSpore's tests, is walked from its beginning."""

    class Rows:
        get_dataset_size, get_init_step = (lambda self: 1), (lambda self: 0)

        def create_tuple_iterator(self, num_epochs=-1, do_copy=True):
            return iter([(ms.Tensor([[1.0]]), ms.Tensor([[2.0]]))] * 2)

    epochs: list = []

    class Noted(ms.train.Callback):
        def on_train_epoch_end(self, run_context):
            epochs.append(run_context.original_args().cur_epoch_num)

    net = nn.Dense(1, 1)
    ms.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params())).train(
        3, Rows(), callbacks=Noted(), initial_epoch=1, dataset_sink_mode=False
    )
    assert epochs == [2, 3]


def test_what_a_summary_collector_collects_can_be_overridden_and_asked(tmp_path):
    """Subclasses of others call these names; what they give is MindSpore's."""
    folder = str(tmp_path)
    kept = ms.SummaryCollector(folder, collect_specified_data={"collect_metric": False})
    only = ms.SummaryCollector(folder, collect_specified_data={"collect_metric": False}, keep_default_action=False)
    assert only._collect_specified_data == {"collect_metric": False}
    assert kept._collect_specified_data == {**ms.SummaryCollector._DEFAULT_SPECIFIED_DATA, "collect_metric": False}
    for given in ({"collect_metric": 1}, {"histogram_regular": 3}, {3: True}, [1]):
        with pytest.raises(TypeError):
            ms.SummaryCollector(folder, collect_specified_data=given)

    class Params(dict):
        __getattr__ = dict.get

    with pytest.raises(ValueError, match="more than one SummaryCollector instance in callback list"):
        kept._check_callbacks(Params(list_callback=[kept, only]))

    def loss(outputs):
        got = kept._get_loss(Params(net_outputs=outputs))
        return None if got is None else float(got.asnumpy())

    assert [loss(x) for x in (2.5, ms.Tensor([1.0, 3.0]), (ms.Tensor(4.0), "rest"))] == [2.5, 2.0, 4.0]
    assert (loss("text"), kept._is_parse_loss_success, loss(2.5)) == (None, False, None)

    network = nn.Dense(2, 1)
    optimizer = nn.SGD(network.trainable_params(), 0.1)
    step = nn.TrainOneStepCell(network, optimizer)
    assert kept._get_optimizer(Params(mode="train", train_network=step)) is optimizer
    assert only._get_optimizer(Params(mode="eval", eval_network=network)) is None
    assert only._temp_optimizer == "Failed"


def test_files_are_opened_by_a_file_system():
    from minispore.common.file_system import FileSystem, _register_basic_file_system, _register_mindio_file_system

    system = FileSystem()
    assert _register_basic_file_system(system) and system.create is open and system.open is open
    assert _register_mindio_file_system(system) is False


@pytest.mark.parametrize("kind, shape", [("Image", (2,)), ("Tensor", ()), ("Histogram", ()), ("Scalar", (2, 3))])
def test_a_record_refuses_values_of_another_rank(kind, shape, tmp_path):
    pytest.importorskip("tensorboardX")
    note, value = getattr(ms.ops, f"{kind}Summary")(), ms.Tensor(np.ones(shape, np.float32))
    note("outside of a record", value)
    with ms.SummaryRecord(str(tmp_path)), pytest.raises(ValueError, match="axes"):
        note("value", value)


def test_the_graph_of_a_cell_can_be_written(tmp_path):
    from minispore.train.serialization import _save_graph

    network, file = nn.Dense(2, 1), tmp_path / "graph.meta"
    _save_graph(network, str(file))
    assert not file.exists()
    ms.set_context(mode=ms.GRAPH_MODE)
    network(ms.Tensor(np.ones((3, 2), np.float32)))
    _save_graph(network, str(file))
    assert all(name in file.read_text() for name in ("input0", "weight", "bias", "returns"))
