"""Losses: values against NumPy formulas, gradients against finite differences, errors; both modes."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn

RNG = np.random.default_rng(4)
P, Q = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))
PROB = 1 / (1 + np.exp(-RNG.normal(size=(4, 3))))
BIN = RNG.integers(0, 2, (4, 3)).astype(float)
CLS = np.array([0, 2, 1, 2], np.int32)
SOFT = np.exp(Q) / np.exp(Q).sum(1, keepdims=True)
LOGP = P - np.log(np.exp(P).sum(1, keepdims=True))
W3 = np.array([0.2, 1.0, 2.5])
IMAGE, LABELS = RNG.normal(size=(2, 3, 2, 2)), RNG.integers(0, 3, (2, 2, 2)).astype(np.int32)
ROWS = np.arange(4)
SIGN = np.array([1, -1, 1, -1])
PICKED = -LOGP[ROWS, CLS]


def softplus(x):
    return np.log1p(np.exp(x))


def log_softmax(x):
    return x - np.log(np.exp(x).sum(1, keepdims=True))


def cosine(x, y):
    return (x * y).sum(1) / np.linalg.norm(x, axis=1) / np.linalg.norm(y, axis=1)


def smooth_l1(d, beta):
    return np.where(abs(d) < beta, d**2 / 2 / beta, abs(d) - beta / 2)


def dice(p, y):
    return 1 - 2 * (p * y).sum() / ((p * p).sum() + (y * y).sum() + 1e-5)


# name -> (loss, inputs, the loss of each element or the result)
LOSSES = {
    "mse": (lambda: nn.MSELoss("none"), [P, Q], (P - Q) ** 2),
    "mse mean, broadcast": (lambda: nn.MSELoss(), [P, Q[:1]], ((P - Q[:1]) ** 2).mean()),
    "mse sum": (lambda: nn.MSELoss("sum"), [P, Q], ((P - Q) ** 2).sum()),
    "rmse": (lambda: nn.RMSELoss(), [P, Q], np.sqrt(((P - Q) ** 2).mean())),
    "mae": (lambda: nn.MAELoss(), [P, Q], abs(P - Q).mean()),
    "l1 sum": (lambda: nn.L1Loss("sum"), [P, Q], abs(P - Q).sum()),
    "smooth l1": (lambda: nn.SmoothL1Loss(), [P, Q], smooth_l1(P - Q, 1)),
    "smooth l1 mean": (lambda: nn.SmoothL1Loss(0.5, "mean"), [P, Q], smooth_l1(P - Q, 0.5).mean()),
    "huber": (lambda: nn.HuberLoss("none", 0.5), [P, Q], 0.5 * smooth_l1(P - Q, 0.5)),
    "poisson": (lambda: nn.PoissonNLLLoss(), [P, abs(Q)], (np.exp(P) - abs(Q) * P).mean()),
    "poisson full": (
        lambda: nn.PoissonNLLLoss(False, True, reduction="sum"), [PROB, abs(Q) + 1],
        (lambda t: (PROB - t * np.log(PROB + 1e-8) + t * np.log(t) - t + np.log(2 * np.pi * t) / 2).sum())(abs(Q) + 1),
    ),
    "gaussian": (
        lambda: nn.GaussianNLLLoss(), [P, Q, PROB], ((np.log(PROB) + (P - Q) ** 2 / PROB) / 2).mean(),
    ),
    "softmax cross entropy, sparse": (lambda: nn.SoftmaxCrossEntropyWithLogits(True), [P, CLS], PICKED),
    "softmax cross entropy, sparse mean": (lambda: nn.SoftmaxCrossEntropyWithLogits(True, "mean"), [P, CLS],
    PICKED.mean()), "softmax cross entropy": (lambda: nn.SoftmaxCrossEntropyWithLogits(reduction="sum"), [P, SOFT],
    -(SOFT * LOGP).sum()), "cross entropy": (lambda: nn.CrossEntropyLoss(), [P, CLS], PICKED.mean()),
    "cross entropy, weight": (
        lambda: nn.CrossEntropyLoss(Tensor(W3)), [P, CLS], (PICKED * W3[CLS]).sum() / W3[CLS].sum(),
    ),
    "cross entropy, ignored": (lambda: nn.CrossEntropyLoss(ignore_index=2), [P, CLS], PICKED[[0, 2]].mean()),
    "cross entropy, smooth": (
        lambda: nn.CrossEntropyLoss(label_smoothing=0.3), [P, CLS], (0.7 * PICKED - 0.3 * LOGP.mean(1)).mean(),
    ),
    "cross entropy, probabilities": (lambda: nn.CrossEntropyLoss(reduction="none"), [P, SOFT], -(SOFT * LOGP).sum(1)),
    "cross entropy, image": (
        lambda: nn.CrossEntropyLoss(), [IMAGE, LABELS],
        -np.take_along_axis(log_softmax(IMAGE), LABELS[:, None].astype(np.int64), 1).mean(),
    ),
    "nll": (lambda: nn.NLLLoss(Tensor(W3), reduction="sum"), [LOGP, CLS], (PICKED * W3[CLS]).sum()),
    "bce": (
        lambda: nn.BCELoss(Tensor(abs(Q)), "sum"), [PROB, BIN],
        -(abs(Q) * (BIN * np.log(PROB) + (1 - BIN) * np.log(1 - PROB))).sum(),
    ),
    "bce of logits": (
        lambda: nn.BCEWithLogitsLoss(pos_weight=Tensor(W3)), [P, BIN],
        (W3 * BIN * softplus(-P) + (1 - BIN) * softplus(P)).mean(),
    ),
    "kl": (lambda: nn.KLDivLoss("batchmean"), [LOGP, SOFT], (SOFT * (np.log(SOFT) - LOGP)).sum() / 4),
    "focal": (
        lambda: nn.FocalLoss(Tensor(W3), 2.0, "none"), [P, CLS[:, None]], W3[CLS] * (1 - np.exp(-PICKED)) ** 2 * PICKED,
    ),
    "focal, probabilities": (
        lambda: nn.FocalLoss(gamma=1.0), [IMAGE, np.abs(IMAGE)],
        -(np.abs(IMAGE) * (1 - np.exp(log_softmax(IMAGE))) * log_softmax(IMAGE)).mean(),
    ),
    "dice": (lambda: nn.DiceLoss(), [PROB, BIN], dice(PROB, BIN)),
    "dice of classes": (
        lambda: nn.MultiClassDiceLoss(Tensor(W3[:, None]), 1, "sigmoid"), [P, BIN],
        sum(W3[k] * dice(1 / (1 + np.exp(-P[:, k])), BIN[:, k]) for k in (0, 2)).reshape(1) / 3,
    ),
    "multilabel": (lambda: nn.MultiLabelSoftMarginLoss(), [P, BIN], (softplus(P) - P * BIN).mean()),
    "multi margin": (
        lambda: nn.MultiMarginLoss(2, 0.5), [P, CLS],
        (np.where(np.eye(3)[CLS] == 1, 0, np.maximum(0.5 - P[ROWS, CLS][:, None] + P, 0) ** 2).sum(1) / 3).mean(),
    ),
    "cosine": (
        lambda: nn.CosineEmbeddingLoss(0.1, "none"), [P, Q, SIGN],
        np.where(SIGN == 1, 1 - cosine(P, Q), np.maximum(cosine(P, Q) - 0.1, 0)),
    ),
    "margin ranking": (
        lambda: nn.MarginRankingLoss(0.3), [P[:, 0], Q[:, 0], SIGN], np.maximum(-SIGN * (P - Q)[:, 0] + 0.3, 0).mean(),
    ),
    "hinge": (
        lambda: nn.HingeEmbeddingLoss(), [P, 2 * BIN - 1], np.where(BIN == 1, P, np.maximum(1 - P, 0)).mean(),
    ),
    "soft margin": (lambda: nn.SoftMarginLoss(), [P, 2 * BIN - 1], softplus(-(2 * BIN - 1) * P).mean()),
    "triplet": (
        lambda: nn.TripletMarginWithDistanceLoss(margin=0.5), [P, Q, PROB],
        np.maximum(np.linalg.norm(P - Q, axis=1) - np.linalg.norm(P - PROB, axis=1) + 0.5, 0).mean(),
    ),
    "triplet, swap": (
        lambda: nn.TripletMarginLoss(swap=True, eps=0.0, reduction="none"), [P, Q, PROB],
        np.maximum(np.linalg.norm(P - Q, axis=1) + 1
                   - np.minimum(np.linalg.norm(P - PROB, axis=1), np.linalg.norm(Q - PROB, axis=1)), 0),
    ),
}  # fmt: skip


@pytest.mark.quick
@pytest.mark.parametrize("name", LOSSES)
def test_value_and_gradient(name, mode):
    make, inputs, wanted = LOSSES[name]
    loss, xs = make(), [Tensor(x) for x in inputs]
    np.testing.assert_allclose(loss(*xs).asnumpy(), wanted, rtol=2e-7, atol=1e-9)

    def total(*xs):
        return loss(*xs).sum()

    gradient = ms.grad(total)(*xs).asnumpy()
    way = np.random.default_rng(0).normal(size=inputs[0].shape)
    ends = [total(Tensor(inputs[0] + h * way), *xs[1:]).item() for h in (1e-6, -1e-6)]
    assert (gradient * way).sum() == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-5, abs=1e-7)


def test_get_loss_of_a_loss_of_ones_own(mode):
    class Weighted(nn.LossBase):
        def construct(self, base, target):
            return self.get_loss(ms.ops.abs(base - target), Tensor([1.0, 2.0]))

    x, y = Tensor([1.0, 2.0], ms.float16), Tensor([0.0, 4.0], ms.float16)
    assert [Weighted(r)(x, y).asnumpy().tolist() for r in ("mean", "sum", "none")] == [2.5, 5.0, [1.0, 4.0]]
    assert Weighted()(x, y).dtype == ms.float16 and Weighted().get_axis(Tensor(np.ones((2, 3)))) == (0, 1)


def test_saturated_logits_stay_finite(mode):
    logits = Tensor([[1000.0, -1000.0], [-1000.0, 1000.0]])
    for loss, target, wanted in (
        (nn.CrossEntropyLoss(), Tensor([1, 1]), 1000.0), (nn.SoftmaxCrossEntropyWithLogits(True, "mean"), Tensor([1,
        1]), 1000.0), (nn.BCEWithLogitsLoss(), Tensor([[0.0, 1.0], [0.0, 1.0]]), 500.0),
    ):  # fmt: skip
        value, gradient = ms.value_and_grad(loss)(logits, target)
        assert value.item() == pytest.approx(wanted) and np.isfinite(gradient.asnumpy()).all()


def F(*shape):
    return Tensor(np.ones(shape, np.float32))


def INT(*shape):
    return Tensor(np.ones(shape, np.int32))


REFUSED = {
    TypeError: [
        "nn.MSELoss()(1.0, F(2))", "nn.MSELoss()(F(2))", "nn.SmoothL1Loss(beta='a')",
        "nn.HuberLoss(delta='a')(F(2), F(2))", "nn.SoftmaxCrossEntropyWithLogits(sparse=1)",
        "nn.SoftmaxCrossEntropyWithLogits(sparse=True)(F(2, 3), F(2, 3))",
        "nn.SoftmaxCrossEntropyWithLogits()(F(2, 3), INT(2))", "nn.CrossEntropyLoss(weight=[1.0])",
        "nn.CrossEntropyLoss(weight=INT(3))", "nn.CrossEntropyLoss(ignore_index=1.0)",
        "nn.CrossEntropyLoss(label_smoothing=1)", "nn.CrossEntropyLoss()(F(2, 3), F(2))",
        "nn.CrossEntropyLoss()(F(2, 3), INT(2, 3))", "nn.CrossEntropyLoss()(F(2, 3), 1)", "nn.NLLLoss(weight=[1.0])",
        "nn.BCELoss()(F(2, 3), INT(2, 3))", "nn.BCEWithLogitsLoss(weight=ms.Parameter(F(2)))",
        "nn.CosineEmbeddingLoss(margin=1)", "nn.FocalLoss(gamma=2)", "nn.FocalLoss(weight=[1.0])", "nn.DiceLoss('a')",
        "nn.MultiClassDiceLoss(activation=3)",
    ],
    ValueError: [
        "nn.LossBase('nope')", "nn.MSELoss('nope')", "nn.MSELoss()(F(2, 3), F(2, 4))",
        "nn.SmoothL1Loss()(F(2, 3), F(2, 4))", "nn.HuberLoss(delta=-1.0)(F(2), F(2))",
        "nn.SoftmaxCrossEntropyWithLogits(sparse=True)(F(2, 3), INT(3))",
        "nn.SoftmaxCrossEntropyWithLogits()(F(2, 3), F(2, 4))",
        "nn.SoftmaxCrossEntropyWithLogits()(F(2, 3, 4), F(2, 3, 4))", "nn.CrossEntropyLoss(label_smoothing=1.5)",
        "nn.CrossEntropyLoss()(F(2, 3), INT(3))", "nn.CrossEntropyLoss()(F(2, 3), INT(2, 1, 1))",
        "nn.BCELoss()(F(2, 3), F(2, 4))", "nn.KLDivLoss('nope')(F(2), F(2))", "nn.CosineEmbeddingLoss(margin=2.0)",
        "nn.GaussianNLLLoss(eps=0.0)", "nn.FocalLoss()(F(2, 1), INT(2, 1))", "nn.DiceLoss()(F(2), F(3))",
        "nn.MultiMarginLoss(p=3)", "nn.MultiClassDiceLoss(activation='nope')",
    ],
    NotImplementedError: ["nn.LossBase()(F(2), F(2))"],
    IndexError: [
        "nn.CrossEntropyLoss()(F(2, 3), INT(2) * 7)", "nn.SoftmaxCrossEntropyWithLogits(True)(F(2, 3), INT(2) * 3)",
        "nn.SoftmaxCrossEntropyWithLogits(True, 'mean')(F(2, 3), INT(2) * -1)", "nn.NLLLoss()(F(2, 3), INT(2) * 3)",
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind, text", [(k, t) for k, texts in REFUSED.items() for t in texts])
def test_refused(kind, text, mode):
    with pytest.raises(kind):
        eval(text)
