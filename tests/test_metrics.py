"""Metrics against MindSpore 2.10's values (recorded), scikit-learn, and their definitions in NumPy."""

import numpy as np
import pytest

import minispore as ms
from minispore import nn, train

f32 = np.float32
SCORES = np.array([[0.2, 0.5, 0.1], [0.3, 0.1, 0.6], [0.9, 0.6, 0.2], [0.1, 0.8, 0.4]], f32)
LABELS = np.array([1, 0, 2, 1], np.int32)
ONE_HOT = np.eye(3, dtype=np.int32)[LABELS]
MANY, MANY_LABELS = np.array([[0, 1], [1, 1], [1, 0]], f32), np.array([[0, 1], [1, 0], [1, 1]], f32)
IMAGE, IMAGE_LABELS = (
    np.random.RandomState(0).rand(2, 3, 2, 2).astype(f32),
    np.random.RandomState(1).randint(0, 3, (2, 2, 2)),
)
ROWS = np.array([[1.0, 3, 4, 7], [2, 4, 2, 5], [3, 1, 5, 8]])
X, Y = np.array([[3, 0, 1], [1, 3, 0], [1, 0, 2]]), np.array([[0, 2, 1], [1, 2, 1], [0, 0, 1]])
WORDS = "i have a pen on my desk".split()
REFERENCES = ["i have a pen in my desk".split(), "there is a pen on the desk".split()]
SEGMENTS = np.random.RandomState(5)
S1, S2 = ((SEGMENTS.rand(2, 3, 4, 4) > 0.5).astype(np.int64) for _ in range(2))
C1, C2 = np.eye(3, dtype=np.int64)[[0, 1, 2, 1, 0]], np.eye(3, dtype=np.int64)[[0, 2, 2, 1, 1]]


def measured(metric, *updates):
    metric.clear()
    for inputs in updates:
        metric.update(*(ms.Tensor(a) if isinstance(a, np.ndarray) else a for a in inputs))
    return metric.eval()


@pytest.mark.parametrize(
    ("metric", "updates", "expected"),
    [  # what MindSpore 2.10 gave
        (train.Accuracy(), [(SCORES, LABELS), (SCORES, ONE_HOT)], 0.5),
        (train.Accuracy("multilabel"), [(MANY, MANY_LABELS)], 1 / 3),
        (train.Accuracy(), [(IMAGE, IMAGE_LABELS)], 0.5),
        (train.Precision(), [(SCORES, LABELS), (SCORES, ONE_HOT)], [0, 1, 0]),
        (train.Precision("multilabel"), [(MANY, MANY_LABELS)], [1, 0.5, 1]),
        (train.Precision(), [(IMAGE, IMAGE_LABELS)], [1, 2 / 3, 0]),
        (train.Recall(), [(SCORES, LABELS)], [0, 1, 0]),
        (train.Recall("multilabel"), [(MANY, MANY_LABELS)] * 2, [1, 1, 0.5, 1, 1, 0.5]),
        (train.F1(), [(SCORES, LABELS)], [0, 1, 0]),
        (train.Top1CategoricalAccuracy(), [(SCORES, LABELS)], 0.5),
        (train.TopKCategoricalAccuracy(2), [(SCORES, ONE_HOT)], 0.75),
        (train.Top5CategoricalAccuracy(), [(np.random.RandomState(0).rand(4, 8).astype(f32), LABELS)], 0.75),
        (train.MAE(), [(IMAGE, IMAGE + 1)], 12.0),
        (train.MSE(), [(IMAGE, IMAGE * 2)], 5.352621078491211),
        (train.Loss(), [(np.array(1.0, f32),), (np.array([2.0], f32),)], 1.5),
        (train.Perplexity(), [(SCORES, LABELS)], 2.540663785474947),
        (train.Perplexity(1), [(SCORES, LABELS)], 4.082482990803784),
        (train.BleuScore(), [([WORDS], [REFERENCES])], 0.5946035575013605),
        (train.BleuScore(2, True), [([WORDS[:6]], [REFERENCES])], 0.7727285587307859),
        (train.BleuScore(), [([["a", "b"]], [[["c", "d"]]])], 0.0),
        (train.ConfusionMatrix(3), [(SCORES, LABELS)], [[0, 0, 1], [0, 2, 0], [1, 0, 0]]),
        (train.ConfusionMatrix(3, "prediction"), [(SCORES, LABELS)], [[0, 0, 1], [0, 1, 0], [1, 0, 0]]),
        (train.ConfusionMatrix(3, "all"), [(SCORES, LABELS)], [[0, 0, 0.25], [0, 0.5, 0], [0.25, 0, 0]]),
        (train.ConfusionMatrix(2, threshold=0.4), [(np.array([0.5, 0.3, 0.8], f32), np.array([1, 0, 0]))],
         [[1, 1], [0, 1]]),
        (train.CosineSimilarity("dot", "mean", False), [(ROWS,)], [71.33333333, 55.33333333, 80.33333333]),
        (train.CosineSimilarity("cosine", "sum"), [(ROWS,)], [1.89188067, 1.80171714, 1.8130855]),
        (train.Dice(1.0), [(MANY, MANY_LABELS), (MANY_LABELS, MANY)], 0.2222222222222222),
        (train.HausdorffDistance(), [(X, Y, 0)], 1.4142135623730951),
        (train.HausdorffDistance("taxicab"), [(X, Y, 0)], 2),
        (train.HausdorffDistance(percentile=50.0), [(X, Y, 0)], 1.0),
        (train.HausdorffDistance(), [(X, Y, 3)], np.inf),
        (train.MeanSurfaceDistance(), [(X, Y, 0)], 0.8047378541243649),
        (train.MeanSurfaceDistance(True, "chessboard"), [(X, Y, 0)], 0.6666666666666666),
        (train.MeanSurfaceDistance(True), [(X, Y, 0)], 0.7357022603955158),
        (train.RootMeanSquareDistance(True), [(X, Y, 0)], 0.9128709291752769),
    ],
)  # fmt: skip
def test_values_of_mindspore(metric, updates, expected):
    np.testing.assert_allclose(measured(metric, *updates), expected, rtol=1e-6, atol=1e-12)


CONFUSION = {  # name: (of C1, C2 together; the mean of the rates of S1, S2 and S1, S1 without the first channel)
    "sensitivity": (0.6, 0.7060019841269841), "specificity": (0.8, 0.7658730158730158), "precision": (0.6, 0.7625),
    "negative predictive value": (0.8, 0.7095959595959596), "miss rate": (0.4, 0.2939980158730159),
    "fall out": (0.2, 0.23412698412698413), "false discovery rate": (0.4, 0.2375),
    "false omission rate": (0.2, 0.2904040404040404), "prevalence threshold": (0.3660254, 0.24969812656532708),
    "threat score": (0.42857143, 0.6451569264069263), "accuracy": (0.73333333, 0.7265625),
    "balanced accuracy": (0.7, 0.7359375), "f1 score": (0.6, 0.7232843137254902),
    "matthews correlation coefficient": (0.4, 0.47197044372418184), "fowlkes mallows index": (0.6, 0.7286373126621453),
    "informedness": (0.4, 0.471875), "markedness": (0.4, 0.4720959595959596),
}  # fmt: skip


@pytest.mark.parametrize("name", CONFUSION)
def test_rates_of_a_confusion_matrix(name):
    together, each = CONFUSION[name]
    np.testing.assert_allclose(measured(train.ConfusionMatrixMetric(True, name), (C1, C2)), [together], rtol=1e-6)
    by_sample = train.ConfusionMatrixMetric(False, name, True)
    assert measured(by_sample, (S1, S2), (S1, S1)) == pytest.approx(each)


def test_rate_names():
    assert measured(train.ConfusionMatrixMetric(metric_name="TPR"), (C1, C2)) == measured(
        train.ConfusionMatrixMetric(metric_name="hit rate"), (C1, C2)
    )
    with pytest.raises(NotImplementedError):
        measured(train.ConfusionMatrixMetric(metric_name="zz"), (C1, C2))


@pytest.mark.slow
def test_against_scikit_learn():
    sk = pytest.importorskip("sklearn.metrics")
    draw = np.random.RandomState(3)
    scores, label = draw.rand(40, 4).astype(f32), draw.randint(0, 4, 40)
    batches = [(scores[i : i + 15], label[i : i + 15]) for i in range(0, 40, 15)]
    best = scores.argmax(axis=1)
    for metric, reference in (
        (train.Precision(), sk.precision_score(label, best, average=None, zero_division=0)),
        (train.Recall(), sk.recall_score(label, best, average=None, zero_division=0)),
        (train.Fbeta(2), sk.fbeta_score(label, best, beta=2, average=None)),
        (train.Accuracy(), sk.accuracy_score(label, best)),
        (train.TopKCategoricalAccuracy(3), sk.top_k_accuracy_score(label, scores, k=3)),
        (train.ConfusionMatrix(4), sk.confusion_matrix(label, best)),
        (train.ConfusionMatrix(4, "target"), sk.confusion_matrix(label, best, normalize="true")),
    ):
        np.testing.assert_allclose(measured(metric, *batches), reference, rtol=1e-6)
    positive = (label == 2).astype(int)
    fpr, tpr, thresholds = measured(train.ROC(), *[(s[:, 2], (y == 2).astype(int)) for s, y in batches])
    expected = sk.roc_curve(positive, scores[:, 2], drop_intermediate=False)
    np.testing.assert_allclose(fpr, expected[0])
    np.testing.assert_allclose(tpr, expected[1])
    np.testing.assert_allclose(thresholds[1:], expected[2][1:])
    assert train.auc(fpr, tpr) == pytest.approx(sk.roc_auc_score(positive, scores[:, 2]))
    of_class = measured(train.ROC(class_num=4), *batches)
    np.testing.assert_allclose(of_class[1][2], tpr)


def test_surface_distances_against_scipy():
    ndimage = pytest.importorskip("scipy.ndimage")
    draw = np.random.RandomState(4)
    a, b = draw.rand(9, 10) > 0.4, draw.rand(9, 10) > 0.5
    edges = [r ^ ndimage.binary_erosion(r) for r in (a, b)]
    for name, distance in (
        ("euclidean", ndimage.distance_transform_edt),
        ("taxicab", lambda r: ndimage.distance_transform_cdt(r, "taxicab")),
        ("chessboard", lambda r: ndimage.distance_transform_cdt(r, "chessboard")),
    ):
        there, back = distance(~edges[1])[edges[0]], distance(~edges[0])[edges[1]]
        inputs = (a.astype(int), b.astype(int), 1)
        assert measured(train.HausdorffDistance(name), inputs) == max(there.max(), back.max())
        assert measured(train.HausdorffDistance(name, directed=True), inputs) == there.max()
        assert measured(train.MeanSurfaceDistance(False, name), inputs) == pytest.approx(there.mean())
        root = np.sqrt(np.mean(there.astype(float) ** 2))
        assert measured(train.RootMeanSquareDistance(False, name), inputs) == pytest.approx(root)


def test_occlusion_sensitivity():
    class Weighted(nn.Cell):
        def construct(self, x):
            return ms.ops.stack((x.sum((1, 2, 3)), (x * x).sum((1, 2, 3))), 1)

    image = np.arange(1.0, 13).reshape(1, 1, 3, 4).astype(f32)
    fall = measured(train.OcclusionSensitivity(margin=1, n_batch=5), (Weighted(), ms.Tensor(image), ms.Tensor([0])))
    covered = np.array(
        [[image[0, 0, max(i - 1, 0) : i + 1, max(j - 1, 0) : j + 1].sum() for j in range(4)] for i in range(3)]
    )
    np.testing.assert_allclose(
        fall, covered
    )  # a cover reaches from the position - margin up to the position + margin - 1
    box = train.OcclusionSensitivity(margin=1, b_box=[-1, -1, 1, 2, 0, 1])
    np.testing.assert_allclose(measured(box, (Weighted(), ms.Tensor(image), ms.Tensor([0]))), covered[1:3, :2])


def test_auc():
    a = np.array
    assert train.auc(a([0, 0.5, 0.5, 1]), a([0, 0.5, 1, 1])) == 0.625
    assert train.auc(a([1, 0.5, 0.5, 0]), a([1, 0.5, 1, 0])) == 0.625  # MindSpore's value
    assert train.auc(a([1, 0.2, 0.5, 0]), a([1, 0.5, 1, 0]), True) == pytest.approx(0.775)
    with pytest.raises(ValueError):
        train.auc(a([1, 0.2, 0.5, 0]), a([1, 0.5, 1, 0]))
    with pytest.raises(ValueError):
        train.auc(a([1.0]), a([1.0]))
    with pytest.raises(TypeError):
        train.auc([0, 1], [0, 1])


def test_indexes_names_and_own_metrics():
    metric = train.Accuracy().set_indexes([1, 0])
    metric.update(ms.Tensor(LABELS), ms.Tensor(SCORES))
    assert metric.eval() == 0.5 and metric.indexes == [1, 0]
    for wrong in (3, [1.5]):
        with pytest.raises(ValueError):
            metric.set_indexes(wrong)
    assert {"acc", "F1", "topk", "top_5_accuracy", "loss"} <= set(train.names())
    assert isinstance(train.get_metric_fn("precision", eval_type="multilabel"), train.Precision)
    with pytest.raises(KeyError):
        train.get_metric_fn("zz")
    with pytest.raises(TypeError):
        type("Half", (train.Metric,), {"clear": lambda self: None})()
    assert train.Precision()(ms.Tensor(SCORES), ms.Tensor(LABELS)).shape == (3,)
    metric = train.Precision()
    metric.update(SCORES, LABELS)
    assert metric.eval(average=True) == pytest.approx(1 / 3)


@pytest.mark.parametrize("name", [n for n in train.names() if n not in ("auc", "topk", "confusion_matrix")])
def test_eval_before_update(name):
    with pytest.raises(RuntimeError, match="update"):
        train.get_metric_fn(name).eval()


@pytest.mark.parametrize(
    ("error", "make"),
    [
        (TypeError, lambda: train.Accuracy("x")),
        (ValueError, lambda: train.Accuracy().update(SCORES)),
        (ValueError, lambda: train.Accuracy().update(SCORES, MANY)),
        (ValueError, lambda: train.Accuracy("multilabel").update(SCORES, SCORES)),
        (TypeError, lambda: train.Accuracy().update(3, 4)),
        (ValueError, lambda: measured(train.Accuracy(), (SCORES, LABELS), (MANY, np.array([0, 1, 1])))),
        (ValueError, lambda: train.Precision().update(SCORES, LABELS + 5)),
        (ValueError, lambda: train.Fbeta(0)),
        (ValueError, lambda: train.TopKCategoricalAccuracy(0)),
        (TypeError, lambda: train.TopKCategoricalAccuracy(1.5)),
        (ValueError, lambda: train.Loss().update(SCORES, LABELS)),
        (RuntimeError, lambda: train.Perplexity().update(SCORES, LABELS[:2])),
        (TypeError, lambda: train.Perplexity("a")),
        (ValueError, lambda: train.BleuScore(5)),
        (ValueError, lambda: train.ConfusionMatrix(2, "x")),
        (TypeError, lambda: train.ConfusionMatrix("a")),
        (ValueError, lambda: train.ConfusionMatrix(2).update(SCORES, LABELS)),
        (ValueError, lambda: train.ConfusionMatrixMetric(decrease="zz")),
        (ValueError, lambda: train.Dice(0.0)),
        (ValueError, lambda: train.Dice().update(SCORES, LABELS)),
        (ValueError, lambda: train.HausdorffDistance("x")),
        (ValueError, lambda: train.HausdorffDistance().update(X, Y)),
        (ValueError, lambda: train.HausdorffDistance().update(X, Y, 7)),
        (ValueError, lambda: train.ROC(class_num=3).update(SCORES[:, 0], LABELS)),
        (ValueError, lambda: train.ROC().update(SCORES, LABELS)),
        (ValueError, lambda: measured(train.ROC(), (SCORES[:, 0], LABELS * 0))),
    ],
)
def test_refusals(error, make):
    with pytest.raises(error):
        make()
