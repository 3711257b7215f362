"""Adapters tested against the libraries themselves; a test is left out where its library is not installed (make test-adapters)."""

import json

import numpy as np
import pytest
from small_training import model, rows

import minispore as ms
import minispore.dataset as ds
from minispore import Tensor, nn, ops

# ---------------------------------------------------------------- einops
X = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
EINOPS = [
    ("rearrange", ("b h w -> (b h) w",), {}), ("rearrange", ("b (h k) w -> k b w h",), {"k": 3}),
    ("rearrange", ("b h w -> w 1 b h",), {}), ("reduce", ("b h w -> b w", "mean"), {}), ("reduce", ("b h w -> h", "max"), {}),
    ("reduce", ("b h w -> 1 w", "min"), {}), ("reduce", ("b h (w k) -> b h w", "sum"), {"k": 2}),
    ("reduce", ("b h w -> w", "prod"), {}), ("repeat", ("b h w -> b (h r) w c",), {"r": 2, "c": 3}),
]  # fmt: skip


@pytest.mark.parametrize("name, pattern, sizes", EINOPS)
def test_einops_gives_on_tensors_what_it_gives_on_arrays(name, pattern, sizes, mode):
    einops = pytest.importorskip("einops")
    function = getattr(einops, name)
    expected = function(X, *pattern, **sizes)
    got = ms.jit(lambda x: function(x, *pattern, **sizes))(Tensor(X))
    assert isinstance(got, Tensor) and got.shape == expected.shape
    np.testing.assert_allclose(got.asnumpy(), expected, rtol=1e-5)


def test_einops_has_gradients(mode):
    einops = pytest.importorskip("einops")

    def f(x):
        return (einops.reduce(einops.rearrange(x, "b h w -> h (b w)"), "h d -> h", "mean") ** 2).sum()

    mean = X.transpose(1, 0, 2).reshape(3, 8).mean(1)
    expected = np.broadcast_to((2 * mean / 8)[None, :, None], X.shape)
    np.testing.assert_allclose(ms.grad(f)(Tensor(X)).asnumpy(), expected, rtol=1e-5)


def test_einops_einsum_pack_and_parse():
    einops = pytest.importorskip("einops")
    a, b = np.ones((2, 3), np.float32), np.full((3, 4), 2.0, np.float32)
    assert (einops.einsum(Tensor(a), Tensor(b), "i j, j k -> i k").asnumpy() == 6).all()
    packed, shapes = einops.pack([Tensor(X), Tensor(X[:, 0])], "b * w")
    back = einops.unpack(packed, shapes, "b * w")
    assert packed.shape == (2, 4, 4) and (back[0].asnumpy() == X).all() and back[1].shape == (2, 4)
    assert einops.parse_shape(Tensor(X), "b _ w") == {"b": 2, "w": 4}
    assert (einops.asnumpy(Tensor(X)) == X).all()


@pytest.mark.slow
@pytest.mark.parametrize("first, second", [("einops", "minispore"), ("minispore", "einops")])
def test_einops_in_either_order_of_import(first, second):
    import subprocess
    import sys

    pytest.importorskip("einops")
    program = (
        f"import {first}, {second}, einops, minispore\n"
        "print(einops.rearrange(minispore.ops.ones((2, 3)), 'a b -> (b a)').shape)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "(6,)\n", done.stderr


def test_einops_is_not_imported_by_minispore():
    import subprocess
    import sys

    program = "import sys, minispore\nprint(sorted({'einops', 'jaxtyping', 'pandas', 'pyarrow', 'wandb', 'mlflow'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "[]\n"


# ---------------------------------------------------------------- jaxtyping
def test_jaxtyping_reads_shapes_and_types_of_tensors():
    jaxtyping = pytest.importorskip("jaxtyping")
    x = ops.ones((2, 3))
    assert isinstance(x, jaxtyping.Float[Tensor, "b c"]) and isinstance(x, jaxtyping.Float32[Tensor, "2 3"])
    assert not isinstance(x, jaxtyping.Float[Tensor, "b c d"]) and not isinstance(x, jaxtyping.Int[Tensor, "b c"])
    assert not isinstance(x, jaxtyping.Float64[Tensor, "..."])
    assert isinstance(Tensor([1, 2]), jaxtyping.Int64[Tensor, "n"])
    assert isinstance(Tensor([True]), jaxtyping.Bool[Tensor, "n"])
    assert isinstance(ops.cast(x, ms.bfloat16), jaxtyping.BFloat16[Tensor, "b c"])


def test_a_type_has_the_scalar_type_of_numpy():
    assert ms.float32.type is np.float32 and ms.int64.type is np.int64 and ms.bool_.type is np.bool_


# ---------------------------------------------------------------- the buffer protocol, by way of NumPy
def test_arrays_of_tensors_are_buffers():
    view = memoryview(Tensor(X).asnumpy())
    assert view.shape == (2, 3, 4) and view.format == "f" and view[1, 2, 3] == 23
    assert np.frombuffer(bytes(view), np.float32).sum() == X.sum()
    assert (Tensor(np.asarray(memoryview(X))).asnumpy() == X).all()


# ---------------------------------------------------------------- tables
def table():
    return {"x": np.arange(5, dtype=np.float32), "label": np.arange(5) % 2, "name": np.array(["a", "b", "c", "d", "e"])}


def read(data):
    rows = list(data.create_dict_iterator(num_epochs=1, output_numpy=True))
    return {name: [row[name].tolist() for row in rows] for name in rows[0]}


EXPECTED = {name: values.tolist() for name, values in table().items()}


def test_data_frames():
    pandas = pytest.importorskip("pandas")
    assert read(ds.NumpySlicesDataset(pandas.DataFrame(table()), shuffle=False)) == EXPECTED


def test_arrow_tables():
    pyarrow = pytest.importorskip("pyarrow")
    assert read(ds.NumpySlicesDataset(pyarrow.table(table()), shuffle=False)) == EXPECTED
    nested = pyarrow.table({"ids": [[1, 2], [3, 4]]})
    assert read(ds.NumpySlicesDataset(nested, shuffle=False)) == {"ids": [[1, 2], [3, 4]]}


def test_parquet_files(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pyarrow.table(table()), tmp_path / "a.parquet")
    parquet.write_table(pyarrow.table(table()), tmp_path / "b.parquet")
    assert read(ds.ParquetDataset(tmp_path / "a.parquet", shuffle=False)) == EXPECTED
    both = ds.ParquetDataset([str(tmp_path / "a.parquet"), tmp_path / "b.parquet"], ["x"], shuffle=False)
    assert read(both) == {"x": EXPECTED["x"] * 2} and both.get_dataset_size() == 10
    assert len(list(ds.ParquetDataset(tmp_path / "a.parquet", "x").batch(2).create_tuple_iterator())) == 3
    with pytest.raises(ValueError, match="has no column 'y'"):
        ds.ParquetDataset(tmp_path / "a.parquet", "y")


def test_parquet_without_a_file_or_pyarrow(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="there is no file"):
        ds.ParquetDataset("nowhere.parquet")
    (tmp_path / "a.parquet").touch()
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ImportError, match="pip install pyarrow"):
        ds.ParquetDataset(tmp_path / "a.parquet")


# ---------------------------------------------------------------- Hugging Face
def test_datasets_of_hugging_face_train():
    datasets = pytest.importorskip("datasets")
    data, label = (c.asnumpy() for c in next(iter(rows().create_tuple_iterator())))
    given = datasets.Dataset.from_dict({"data": data, "label": label}).with_format("numpy").batch(len(data))
    losses = [float(x) for x in _losses(given)]
    np.testing.assert_allclose(losses, [float(x) for x in _losses([(data, label)])], rtol=1e-5)


def _losses(data):
    seen = []
    keep = ms.train.LambdaCallback(on_train_step_end=lambda c: seen.append(c.original_args().net_outputs))
    model().train(2, data, callbacks=keep)
    return seen


def test_tokenizers_in_a_text_pipeline():
    tokenizers = pytest.importorskip("tokenizers")
    words = {"[UNK]": 0, "good": 1, "day": 2}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    data = ds.NumpySlicesDataset({"text": ["good day", "bad day"]}, shuffle=False)
    data = data.map(lambda text: np.array(tokenizer.encode(str(text)).ids, np.int32), "text", "ids")
    assert read(data) == {"ids": [[1, 2], [0, 2]]}


# ---------------------------------------------------------------- loggers
@pytest.mark.parametrize("name", ["WandbLogger", "MLflowLogger", "AimLogger"])
def test_a_logger_without_its_library(name, monkeypatch):
    logger = getattr(ms.train, name)()
    monkeypatch.setitem(__import__("sys").modules, logger.library, None)
    with pytest.raises(ImportError, match=f"'{name}' needs {logger.library}, which is not installed"):
        model().train(1, rows(), callbacks=logger)


def test_loggers_gather_what_an_epoch_came_to():
    """Without any library: what would be logged."""
    from minispore.train.callback.loggers import _Logger

    class Keep(_Logger):
        def __init__(self):
            super().__init__(every=2)
            self.logged = []

        def _log(self, values, step):
            self.logged.append((step, values))

    keep, history = Keep(), ms.train.History()
    model().train(2, rows(), callbacks=[keep, history])
    steps = rows().get_dataset_size()
    epochs = [(step, values) for step, values in keep.logged if "epoch" in values]
    assert [step for step, _ in epochs] == [steps, 2 * steps]
    assert all({"epoch", "loss", "learning_rate"} <= values.keys() for _, values in epochs)
    assert [step for step, values in keep.logged if "step_loss" in values] == list(range(2, 2 * steps + 1, 2))


def test_mlflow(tmp_path, monkeypatch):
    mlflow = pytest.importorskip("mlflow")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # a data base would need more than mlflow-skinny
    uri = f"file:{tmp_path / 'runs'}"
    model().train(2, rows(), callbacks=ms.train.MLflowLogger("small", uri, run_name="first"))
    assert mlflow.active_run() is None
    client = mlflow.MlflowClient(uri)
    (run,) = client.search_runs([client.get_experiment_by_name("small").experiment_id])
    losses = [m.value for m in client.get_metric_history(run.info.run_id, "loss")]
    assert len(losses) == 2 and losses[1] < losses[0] and run.info.run_name == "first"


def test_wandb_offline(tmp_path, monkeypatch):
    wandb = pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    model().train(2, rows(), callbacks=ms.train.WandbLogger(project="small", dir=str(tmp_path)))
    assert wandb.run is None
    assert list(tmp_path.rglob("*.wandb"))


def test_aim(tmp_path, monkeypatch):
    aim = pytest.importorskip("aim")
    track, tracked = aim.Run.track, []

    def noted(self, value, name, step):
        tracked.append((name, step))
        track(self, value, name=name, step=step)

    monkeypatch.setattr(aim.Run, "track", noted)
    model().train(2, rows(), callbacks=ms.train.AimLogger(str(tmp_path), experiment="small"))
    (run,) = aim.Repo(str(tmp_path)).list_all_runs()
    assert aim.Run(run, repo=str(tmp_path), read_only=True).experiment == "small"
    assert [step for name, step in tracked if name == "loss"] == [2, 4]


# ---------------------------------------------------------------- Optuna, and the Profiler
def test_optuna_finds_a_rate():
    optuna = pytest.importorskip("optuna")
    x = np.random.default_rng(0).normal(size=(32, 3)).astype(np.float32)
    y = x @ np.array([[1.0], [-2.0], [0.5]], np.float32)

    def loss_of(rate):
        ms.set_seed(0)
        net = nn.Dense(3, 1)
        step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), rate))
        return min(float(step(Tensor(x), Tensor(y))) for _ in range(20))

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(lambda trial: loss_of(trial.suggest_float("rate", 1e-4, 0.3, log=True)), n_trials=8)
    assert study.best_value == min(t.value for t in study.trials) and study.best_params["rate"] > 1e-3


def test_the_profiler_writes_its_traces(tmp_path, capsys):
    with ms.Profiler(start_profile=False, output_path=tmp_path / "traces"):
        model().train(1, rows())
    (file, *_) = sorted((tmp_path / "traces").iterdir())
    events = json.loads(file.read_text())["traceEvents"]
    assert any(e["ph"] == "X" and e["dur"] > 0 for e in events)
    assert "trace" in capsys.readouterr().out
