"""What passes between minispore and other libraries: DLPack, iterables of batches, CSV, scikit-learn."""

import csv

import numpy as np
import pytest
from small_training import model, rows

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.core.dtype import bfloat16
from minispore.train import estimators


# ---------------------------------------------------------------- DLPack
def test_memory_is_shared_with_numpy_both_ways():
    array = np.arange(6.0, dtype=np.float32).reshape(2, 3)
    t = ms.from_dlpack(array)
    array[0, 0] = 9
    assert t.dtype == ms.float32 and t.asnumpy()[0, 0] == 9
    seen = np.from_dlpack(t)
    array[1, 2] = 8
    assert seen[1, 2] == 8 and np.shares_memory(seen, array)
    assert (ms.from_dlpack(ms.to_dlpack(t)).asnumpy() == array).all()


def test_strides_and_types_survive():
    array = np.arange(12, dtype=np.int64).reshape(3, 4)[:, ::2].T
    t = ms.from_dlpack(array)
    assert t.shape == (2, 3) and t.dtype == ms.int64 and (ops.add(t, 1).asnumpy() == array + 1).all()
    for dtype in ("bool", "uint8", "int8", "float16", "float64"):
        assert np.from_dlpack(Tensor(np.ones(3, dtype))).dtype == dtype


def test_memory_is_shared_with_torch_both_ways():
    torch = pytest.importorskip("torch")
    theirs = torch.zeros(2, 3)
    ours = ms.from_dlpack(theirs)
    theirs[0, 1] = 5
    assert ours.asnumpy()[0, 1] == 5
    back = torch.from_dlpack(ours)
    back[1, 2] = 7
    assert theirs[1, 2] == 7 and (ours * 2).asnumpy()[1, 2] == 14


def test_jax_arrays_are_read_without_copying():
    jax = pytest.importorskip("jax")
    theirs = jax.numpy.arange(4.0)
    ours = ms.from_dlpack(theirs)
    assert ours.asnumpy().tolist() == [0, 1, 2, 3]
    assert np.asarray(jax.numpy.from_dlpack(Tensor([1.0, 2.0]))).tolist() == [1, 2]


def test_bfloat16_is_shared_with_torch_both_ways():
    torch = pytest.importorskip("torch")
    theirs = torch.tensor([[1.0, 2.5], [-3.0, 0.1]], dtype=torch.bfloat16).T
    ours = ms.from_dlpack(theirs)
    assert ours.dtype == bfloat16 and (ours.astype(ms.float32).asnumpy() == theirs.float().numpy()).all()
    theirs[0, 0] = 7
    back = torch.from_dlpack(ours)
    assert back.dtype is torch.bfloat16 and back[0, 0] == 7
    back[1, 1] = -1
    assert theirs[1, 1] == -1


def test_bfloat16_travels_by_capsules():
    x = ops.cast(Tensor([1.0, 2.5]), bfloat16)
    for given in (x, ms.to_dlpack(x)):
        again = ms.from_dlpack(given)
        assert again.dtype == bfloat16 and again.astype(ms.float32).asnumpy().tolist() == [1.0, 2.5]
    assert np.from_dlpack(Tensor(np.ones(2, np.uint16))).dtype == np.uint16  # of as many bits, and not renamed


def test_read_only_memory_for_a_consumer_that_cannot_say_so():
    array = np.arange(3.0)
    array.flags.writeable = False
    ours = ms.from_dlpack(array)
    assert np.from_dlpack(ours).tolist() == [0, 1, 2]

    class Old:  # asks without a version, as JAX does
        def __dlpack__(self, **options):
            return ours.__dlpack__()

        def __dlpack_device__(self):
            return 1, 0

    copy = np.from_dlpack(Old())
    assert copy.tolist() == [0, 1, 2] and not np.shares_memory(copy, array)


def test_an_array_of_another_library_in_place_of_a_tensor():
    class Array:
        def __dlpack__(self):
            raise AssertionError

    Array.__module__ = "torch"
    for call in (lambda: Tensor(Array()), lambda: nn.Dense(3, 2)(Array())):
        with pytest.raises(TypeError, match=r"of torch: share its memory, ms.from_dlpack\(x\)"):
            call()


def test_what_cannot_be_shared():
    with pytest.raises(TypeError, match="'from_dlpack', an object with '__dlpack__' is needed, but got list"):
        ms.from_dlpack([1.0])
    with pytest.raises(TypeError, match="'to_dlpack', a Tensor is needed"):
        ms.to_dlpack(np.ones(2))

    class OnGpu:
        def __dlpack__(self):
            raise AssertionError

        def __dlpack_device__(self):
            return 2, 0

    with pytest.raises(ValueError, match="must be the CPU's"):
        ms.from_dlpack(OnGpu())
    with pytest.raises((BufferError, RuntimeError)):  # NumPy has no such type
        np.from_dlpack(ops.cast(Tensor([1.0]), bfloat16))


# ---------------------------------------------------------------- batches
class Loader:
    """A loader as other libraries have it: a length, and an iterator of its own for each epoch."""

    def __init__(self, batches):
        self.batches, self.epochs = batches, 0

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        self.epochs += 1
        return iter(self.batches)


@pytest.mark.parametrize("form", ["list", "generator", "loader", "dicts", "tensors"])
def test_any_iterable_of_batches_trains_alike(form, mode):
    columns = [
        c.asnumpy() if isinstance(c, Tensor) else np.asarray(c) for c in next(iter(rows().create_tuple_iterator()))
    ]
    batches = [tuple(columns), tuple(c * 0.5 for c in columns)]
    given = {
        "list": batches, "generator": (b for b in batches), "loader": Loader(batches),
        "dicts": [dict(zip(("data", "label"), b)) for b in batches], "tensors": [[Tensor(c) for c in b] for b in batches],
    }[form]  # fmt: skip
    losses, seen = (
        [],
        ms.train.LambdaCallback(on_train_step_end=lambda c: losses.append(float(c.original_args().net_outputs))),
    )
    trained = model(metrics={"mae"})
    trained.train(2, given, callbacks=seen)
    if form == "loader":
        assert given.epochs == 2
    expected = []
    other = model()
    for _ in range(2):
        expected += [float(other.train_network.set_train()(*map(Tensor, b))) for b in batches]
    np.testing.assert_allclose(losses, expected, rtol=1e-6)
    assert trained.eval(batches)["mae"] >= 0


def test_torch_loaders():
    torch = pytest.importorskip("torch")
    x, y = torch.ones(8, 2), torch.zeros(8, 1)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=4)
    net = nn.Dense(2, 1)
    history = ms.train.History()
    ms.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params(), 0.1)).train(3, loader, callbacks=history)
    assert history.history["net_output"][-1] < history.history["net_output"][0]


def test_what_is_no_iterable_of_batches():
    for wrong in (3, "data", np.ones((4, 2))):
        with pytest.raises(AttributeError, match="must be a dataset or an iterable of batches"):
            model().train(1, wrong)
    with pytest.raises(ValueError, match="empty"):
        model().train(1, [])


# ---------------------------------------------------------------- CSV
def test_a_training_as_a_csv_file(tmp_path):
    path = tmp_path / "log.csv"
    trained, history = model(metrics={"mae"}), ms.train.History()
    trained.fit(4, rows(), rows(), valid_frequency=2, callbacks=[ms.train.CSVLogger(path), history])
    with open(path, newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["epoch"] for row in found] == ["1", "2", "3", "4"] and [row["step"] for row in found] == [
        "2",
        "4",
        "6",
        "8",
    ]
    assert found[0]["mae"] == "" and float(found[1]["mae"]) == pytest.approx(history.history["mae"][0])
    losses = [float(row["loss"]) for row in found]
    assert losses == sorted(losses, reverse=True) and float(found[0]["learning_rate"]) > 0
    trained.train(1, rows(), callbacks=ms.train.CSVLogger(path, append=True))
    assert len(path.read_text().splitlines()) == 6
    trained.train(1, rows(), callbacks=ms.train.CSVLogger(path))
    assert len(path.read_text().splitlines()) == 2


# ---------------------------------------------------------------- scikit-learn
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["Classifier", "Regressor"])
def test_scikit_learns_own_checks(kind):
    checks = pytest.importorskip("sklearn.utils.estimator_checks")
    checks.check_estimator(getattr(estimators, kind)(epochs=40))


def test_estimators_in_pipelines_and_searches():
    pytest.importorskip("sklearn")
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    Classifier, Regressor = estimators.Classifier, estimators.Regressor
    random = np.random.default_rng(0)
    x = random.normal(size=(120, 3)) * [1, 100, 0.01]
    y = np.where(x[:, 0] > 0, "up", "down")
    state = ms.get_rng_state()
    search = GridSearchCV(
        make_pipeline(StandardScaler(), Classifier(network=lambda n, k: nn.Dense(n, k), epochs=20, random_state=0)),
        {"classifier__learning_rate": [1e-6, 0.1]}, cv=2,
    ).fit(x, y)  # fmt: skip
    assert search.best_params_ == {"classifier__learning_rate": 0.1} and search.score(x, y) > 0.95
    assert (ms.get_rng_state().asnumpy() == state.asnumpy()).all()
    net = nn.Dense(3, 1)
    before = net.weight.asnumpy().copy()
    fitted = Regressor(net, epochs=3).fit(x, x[:, 0])
    assert (net.weight.asnumpy() == before).all() and fitted.network_ is not net and len(fitted.loss_curve_) == 3
    with pytest.raises(TypeError, match="'network' must be a Cell or a function"):
        Classifier(network=lambda n, k: None).fit(x, y)


def test_what_is_missing_without_scikit_learn(monkeypatch):
    monkeypatch.setattr(estimators, "_MISSING", ImportError("no sklearn"))
    with pytest.raises(ImportError, match="'Classifier' needs scikit-learn"):
        estimators.Classifier()
