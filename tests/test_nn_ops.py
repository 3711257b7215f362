"""Activations, losses, norms, mathematics, images: against NumPy formulas, finite differences, in both modes."""

import math

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, ops
from minispore.core.errors import IndexOutOfRange
from minispore.ops.comparison import allclose
from minispore.ops.normalization import instance_norm, l2_normalize, pairwise_distance

RNG = np.random.default_rng(7)
X = RNG.uniform(-3, 3, (3, 4))
Y = RNG.uniform(-3, 3, (3, 4))
POSITIVE = RNG.uniform(0.3, 3, (3, 4))
UNIT = RNG.uniform(0.05, 0.95, (3, 4))
SIGNS = np.where(RNG.random((3, 4)) < 0.5, -1, 1)
BINARY = (SIGNS + 1) / 2
IMAGE = RNG.uniform(-1, 1, (2, 4, 3, 5))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def softplus(x):
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)


def normal_cdf(x):
    return 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def normed(x, axes, eps):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def rows(x):
    return np.linalg.norm(x, axis=1)


# name -> (function, arrays, NumPy formula)
ACTIVATIONS = {
    "relu6": (lambda x: ops.relu6(x * 3), [X], lambda x: np.clip(3 * x, 0, 6)),
    "leaky_relu": (lambda x: ops.leaky_relu(x, 0.1), [X], lambda x: np.where(x > 0, x, 0.1 * x)),
    "leaky_relu steep": (lambda x: ops.leaky_relu(x, 1.5), [X], lambda x: np.where(x > 0, x, 1.5 * x)),
    "prelu": (ops.prelu, [X, POSITIVE[0]], lambda x, w: np.where(x > 0, x, x * w)),
    "prelu one": (ops.prelu, [X, POSITIVE[0, :1]], lambda x, w: np.where(x > 0, x, x * w)),
    "elu": (lambda x: ops.elu(x, 0.7), [X], lambda x: np.where(x > 0, x, 0.7 * (np.exp(x) - 1))),
    "celu": (lambda x: ops.celu(x, 0.7), [X], lambda x: np.where(x > 0, x, 0.7 * (np.exp(x / 0.7) - 1))),
    "selu": (ops.selu, [X], lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1))),
    "threshold": (lambda x: ops.threshold(x, 0.5, 9.0), [X], lambda x: np.where(x > 0.5, x, 9.0)),
    "softplus": (ops.softplus, [X], softplus),
    "softplus beta": (lambda x: ops.softplus(x, 2, 1), [X], lambda x: np.where(2 * x > 1, x, softplus(2 * x) / 2)),
    "logsigmoid": (ops.logsigmoid, [X], lambda x: np.log(sigmoid(x))),
    "gelu": (ops.gelu, [X], lambda x: x * normal_cdf(x)),
    "gelu tanh": (lambda x: ops.gelu(x, "tanh"), [X],
                  lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))),
    "fast_gelu": (ops.fast_gelu, [X], lambda x: x * sigmoid(1.702 * x)),
    "silu": (ops.silu, [X], lambda x: x * sigmoid(x)),
    "mish": (ops.mish, [X], lambda x: x * np.tanh(softplus(x))),
    "softsign": (ops.softsign, [X], lambda x: x / (1 + np.abs(x))),
    "tanhshrink": (ops.tanhshrink, [X], lambda x: x - np.tanh(x)),
    "logit": (lambda x: ops.logit(x, 0.1), [UNIT], lambda x: np.log((c := np.clip(x, 0.1, 0.9)) / (1 - c))),
    "hardsigmoid": (ops.hardsigmoid, [2 * X], lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    "hardswish": (ops.hardswish, [2 * X], lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    "hardtanh": (lambda x: ops.hardtanh(x, -0.5, 2.0), [X], lambda x: np.clip(x, -0.5, 2)),
    "hardshrink": (lambda x: ops.hardshrink(x, 0.7), [X], lambda x: np.where(np.abs(x) > 0.7, x, 0)),
    "softshrink": (lambda x: ops.softshrink(x, 0.7), [X], lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.7, 0)),
    "glu": (ops.glu, [X], lambda x: x[:, :2] * sigmoid(x[:, 2:])),
    "swiglu": (ops.swiglu, [X], lambda x: x[:, :2] * sigmoid(x[:, :2]) * x[:, 2:]),
    "softmax": (ops.softmax, [X], softmax),
    "softmax axis": (lambda x: ops.softmax(x, 0), [X], lambda x: softmax(x, 0)),
    "softmin": (ops.softmin, [X], lambda x: softmax(-x)),
    "log_softmax": (lambda x: ops.log_softmax(x, 0), [X], lambda x: np.log(softmax(x, 0))),
}  # fmt: skip
CLASSES = np.array([3, 0, 2])
WEIGHT = np.array([0.2, 1.0, 2.5, 0.7])


def nll_of(logp, y, weight=None, ignore=-100, smoothing=0.0):
    """Losses and weights of (N, C) by loops."""
    w = np.ones(logp.shape[1]) if weight is None else weight
    loss, share = np.zeros(len(y)), np.zeros(len(y))
    for n, c in enumerate(y):
        if c != ignore:
            share[n] = w[c]
            loss[n] = -(1 - smoothing) * w[c] * logp[n, c] - smoothing / logp.shape[1] * (w * logp[n]).sum()
    return loss, share


def mean_nll(x, y, **options):
    loss, share = nll_of(np.log(softmax(x, 1)), y, **options)
    return loss.sum() / share.sum()


def distance(x, y, p=2, eps=1e-6):
    return (np.abs(x - y + eps) ** p).sum(-1) ** (1 / p)


LOSSES = {
    "mse": (ops.mse_loss, [X, Y], lambda x, y: ((x - y) ** 2).mean()),
    "mse sum": (lambda x, y: ops.mse_loss(x, y, "sum"), [X, Y[:1]], lambda x, y: ((x - y) ** 2).sum()),
    "l1 none": (lambda x, y: ops.l1_loss(x, y, "none"), [X, Y], lambda x, y: np.abs(x - y)),
    "smooth_l1": (lambda x, y: ops.smooth_l1_loss(x, y, 2.0), [X, Y],
                  lambda x, y: np.where((d := np.abs(x - y)) < 2, d * d / 4, d - 1)),
    "smooth_l1 zero": (lambda x, y: ops.smooth_l1_loss(x, y, 0.0, "mean"), [X, Y], lambda x, y: np.abs(x - y).mean()),
    "huber": (lambda x, y: ops.huber_loss(x, y, "none", 1.5), [X, Y],
              lambda x, y: np.where((d := np.abs(x - y)) < 1.5, d * d / 2, 1.5 * (d - 0.75))),
    "gaussian_nll": (lambda x, y, v: ops.gaussian_nll_loss(x, y, v, True), [X, Y, POSITIVE],
                     lambda x, y, v: (0.5 * (np.log(v) + (x - y) ** 2 / v) + 0.5 * np.log(2 * np.pi)).mean()),
    "cross_entropy": (ops.cross_entropy, [X, CLASSES], mean_nll),
    "cross_entropy weight": (lambda x, y, w: ops.cross_entropy(x, y, w), [X, CLASSES, WEIGHT],
                             lambda x, y, w: mean_nll(x, y, weight=w)),
    "cross_entropy ignore": (lambda x, y: ops.cross_entropy(x, y, ignore_index=0), [X, CLASSES],
                             lambda x, y: mean_nll(x, y, ignore=0)),
    "cross_entropy smooth": (lambda x, y: ops.cross_entropy(x, y, label_smoothing=0.2), [X, CLASSES],
                             lambda x, y: mean_nll(x, y, smoothing=0.2)),
    "cross_entropy smooth probabilities": (  # the targets become 0.8 t + 0.2 / classes
        lambda x, y: ops.cross_entropy(x, y, label_smoothing=0.2), [X, POSITIVE],
        lambda x, y: -((0.8 * y + 0.05) * np.log(softmax(x))).sum(1).mean()),
    "cross_entropy all": (lambda x, y, w: ops.cross_entropy(x, y, w, 0, label_smoothing=0.3), [X, CLASSES, WEIGHT],
                          lambda x, y, w: mean_nll(x, y, weight=w, ignore=0, smoothing=0.3)),
    "cross_entropy none": (lambda x, y: ops.cross_entropy(x, y, reduction="none"), [X, CLASSES],
                           lambda x, y: nll_of(np.log(softmax(x)), y)[0]),
    "cross_entropy one": (lambda x, y: ops.cross_entropy(x, y), [X[0], np.array(2)],
        lambda x, y: -np.log(softmax(x))[y]),
    "cross_entropy probabilities": (lambda x, y, w: ops.cross_entropy(x, y, w), [X, softmax(Y), WEIGHT],
                                    lambda x, y, w: -(np.log(softmax(x)) * y * w).sum() / len(x)),
    "cross_entropy image": (
        lambda x, y: ops.cross_entropy(x, y, reduction="sum"), [IMAGE, RNG.integers(0, 4, (2, 3, 5))],
        lambda x, y: nll_of(np.log(softmax(x, 1)).transpose(0, 2, 3, 1).reshape(-1, 4), y.ravel())[0].sum()),
    "nll sum": (lambda x, y: ops.nll_loss(x, y, reduction="sum"), [X, CLASSES], lambda x, y: nll_of(x, y)[0].sum()),
    "bce": (ops.binary_cross_entropy, [UNIT, BINARY],
            lambda p, y: -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()),
    "bce weight": (lambda p, y, w: ops.binary_cross_entropy(p, y, w, "sum"), [UNIT, BINARY, POSITIVE],
                   lambda p, y, w: -(w * (y * np.log(p) + (1 - y) * np.log(1 - p))).sum()),
    "bce_logits": (ops.binary_cross_entropy_with_logits, [X, UNIT],
                   lambda x, y: -(y * np.log(sigmoid(x)) + (1 - y) * np.log(sigmoid(-x))).mean()),
    "bce_logits weights": (
        lambda x, y, w, p: ops.binary_cross_entropy_with_logits(x, y, w, p, "none"), [X, UNIT, POSITIVE, WEIGHT],
        lambda x, y, w, p: -w * (p * y * np.log(sigmoid(x)) + (1 - y) * np.log(sigmoid(-x)))),
    "kl_div": (lambda x, y: ops.kl_div(x, y, "batchmean"), [X, softmax(Y)],
               lambda x, y: (y * (np.log(y) - x)).sum() / 3),
    "cosine_embedding": (
        lambda x, y: ops.cosine_embedding_loss(x, y, Tensor([1, -1, 1]), 0.1), [X, Y],
        lambda x, y: np.where(np.array([1, 0, 1]), 1 - (c := (x * y).sum(1) / rows(x) / rows(y)), np.maximum(c - 0.1,
        0)).mean()),
    "margin_ranking": (lambda x, y: ops.margin_ranking_loss(x, y, Tensor(SIGNS), 0.3), [X, Y],
                       lambda x, y: np.maximum(-SIGNS * (x - y) + 0.3, 0).mean()),
    "hinge_embedding": (lambda x: ops.hinge_embedding_loss(x, Tensor(SIGNS), 1.5), [X],
                        lambda x: np.where(SIGNS > 0, x, np.maximum(1.5 - x, 0)).mean()),
    "soft_margin": (lambda x: ops.soft_margin_loss(x, Tensor(SIGNS)), [X], lambda x: softplus(-SIGNS * x).mean()),
    "multilabel_soft_margin": (lambda x: ops.multilabel_soft_margin_loss(x, Tensor(BINARY.astype(int))), [X],
                               lambda x: (softplus(x) - x * BINARY).mean()),
    "multi_margin": (
        lambda x, y, w: ops.multi_margin_loss(x, y, 2, 1, w), [X, CLASSES, WEIGHT],
        lambda x, y, w: np.mean([w[c] * sum(max(0, 1 - r[c] + r[k]) ** 2 for k in range(4) if k != c) / 4 for r,
        c in zip(x, y)])),
    "triplet_margin": (lambda a, p, n: ops.triplet_margin_loss(a, p, n, 1.5, swap=True), [X, Y, 2 * POSITIVE],
                       lambda a, p, n: np.maximum(distance(a, p) - np.minimum(distance(a, n), distance(p, n)) + 1.5,
                       0).mean()),
}  # fmt: skip
GAMMA, BETA = RNG.uniform(0.5, 1.5, 4), RNG.uniform(-1, 1, 4)


def channels(v):
    return v.reshape(1, -1, 1, 1)


NORMS = {
    "layer_norm": (lambda x, g, b: ops.layer_norm(x, (4,), g, b, 1e-3), [X, GAMMA, BETA],
                   lambda x, g, b: normed(x, (1,), 1e-3) * g + b),
    "layer_norm two axes": (lambda x: ops.layer_norm(x, (3, 5)), [IMAGE], lambda x: normed(x, (2, 3), 1e-5)),
    "group_norm": (lambda x, g, b: ops.group_norm(x, 2, g, b), [IMAGE, GAMMA, BETA],
                   lambda x, g, b: normed(x.reshape(2, 2, -1), (2,),
                   1e-5).reshape(x.shape) * channels(g) + channels(b)),
    "instance_norm": (instance_norm, [IMAGE], lambda x: normed(x, (2, 3), 1e-5)),
    "batch_norm train": (lambda x, g, b: ops.batch_norm(x, None, None, g, b, True), [IMAGE, GAMMA, BETA],
                         lambda x, g, b: normed(x, (0, 2, 3), 1e-5) * channels(g) + channels(b)),
    "batch_norm eval": (
        lambda x, m, v, g, b: ops.batch_norm(x, m, v, g, b), [IMAGE, BETA, GAMMA, WEIGHT, BETA],
        lambda x, m, v, g, b: (x - channels(m)) / np.sqrt(channels(v) + 1e-5) * channels(g) + channels(b)),
    "rms_norm": (lambda x, g: ops.rms_norm(x, g)[0], [X, GAMMA],
                 lambda x, g: x / np.sqrt((x**2).mean(1, keepdims=True) + 1e-6) * g),
    "l2_normalize": (lambda x: l2_normalize(x, 1, 4.0), [X],
                     lambda x: x / np.sqrt(np.maximum((x**2).sum(1, keepdims=True), 4))),
    "lrn": (lambda x: ops.lrn(x, 1, 2.0, 0.5, 0.75), [IMAGE], lambda x: x / (2 + 0.5 * sum(
        np.pad(x**2, ((0, 0), (1, 1), (0, 0), (0, 0)))[:, k : k + 4] for k in range(3))) ** 0.75),
    "cosine_similarity": (ops.cosine_similarity, [X, Y], lambda x, y: (x * y).sum(1) / rows(x) / rows(y)),
    "pairwise_distance": (pairwise_distance, [X, Y], distance),
    "cdist": (ops.cdist, [X, Y[:2]], lambda x, y: distance(x[:, None], y[None], eps=0)),
    "cdist 3": (lambda x, y: ops.cdist(x, y, 3.0), [X, Y[:2]], lambda x, y: distance(x[:, None], y[None], 3, 0)),
    "cdist 1": (lambda x, y: ops.cdist(x, y, 1.0), [X, Y[:2]], lambda x, y: distance(x[:, None], y[None], 1, 0)),
    "cdist inf": (lambda x, y: ops.cdist(x, y, math.inf), [X, Y[:2]],
        lambda x, y: np.abs(x[:, None] - y[None]).max(-1)),
    "dist": (ops.dist, [X, Y], lambda x, y: np.linalg.norm(x - y)),
}  # fmt: skip
MATHS = {
    "clamp": (lambda x: ops.clamp(x, -0.5, 0.8), [X], lambda x: np.clip(x, -0.5, 0.8)),
    "clamp tensors": (ops.clamp, [X, -POSITIVE, POSITIVE[0]], np.clip),
    "clip one side": (lambda x: ops.clip(x, max=0.5), [X], lambda x: np.minimum(x, 0.5)),
    "clip_by_value": (lambda x: ops.clip_by_value(x, -1, 0.5), [X], lambda x: np.clip(x, -1, 0.5)),
    "clip_by_norm": (lambda x: ops.clip_by_norm(x, 2.0), [X], lambda x: x * 2 / (np.linalg.norm(x) + 1e-6)),
    "clip_by_norm loose": (lambda x: ops.clip_by_norm(x, 200.0, 3), [X], lambda x: x),
    "clip_by_global_norm of less": (lambda x, y: ops.clip_by_global_norm((x, y), 50.0)[1], [X, Y], lambda x, y: y),
    "clip_by_global_norm": (lambda x, y: ops.clip_by_global_norm((x, y), 1.5)[1], [X, Y],
                            lambda x, y: y * 1.5 / np.sqrt((x**2).sum() + (y**2).sum())),
    "lerp": (ops.lerp, [X, Y, UNIT], lambda x, y, w: x + w * (y - x)),
    "addcmul addcdiv": (lambda x, y, z: ops.addcmul(x, y, z, 0.5) + ops.addcdiv(x, y, z, 2), [X, Y, POSITIVE],
                        lambda x, y, z: 2 * x + 0.5 * y * z + 2 * y / z),
    "addn": (lambda x, y: ops.addn([x, y, x]), [X, Y], lambda x, y: 2 * x + y),
    "logaddexp": (ops.logaddexp, [X, Y], np.logaddexp),
    "logaddexp2": (ops.logaddexp2, [X, Y], np.logaddexp2),
    "xlogy": (ops.xlogy, [X, POSITIVE], lambda x, y: x * np.log(y)),
    "xdivy": (ops.xdivy, [X, POSITIVE], lambda x, y: x / y),
    "hypot": (ops.hypot, [X, Y], np.hypot),
    "degrees": (lambda x: ops.deg2rad(x) + ops.rad2deg(x), [X], lambda x: np.deg2rad(x) + np.rad2deg(x)),
    "sinc": (ops.sinc, [X], np.sinc),
    "copysign": (lambda x: ops.copysign(x, Tensor(SIGNS)), [X], lambda x: np.copysign(x, SIGNS)),
    "heaviside": (lambda x: ops.heaviside(x, 0.5), [X], lambda x: np.heaviside(x, 0.5)),
    "fmod": (ops.fmod, [X, SIGNS * POSITIVE], np.fmod),
    "frac": (ops.frac, [X], lambda x: x - np.trunc(x)),
    "fmax fmin": (lambda x, y: ops.fmax(x, y) * 2 + ops.fmin(x, y), [X, Y],
        lambda x, y: 2 * np.fmax(x, y) + np.fmin(x, y)),
    "cross": (lambda x, y: ops.cross(x, y), [X, Y], lambda x, y: np.cross(x, y, axis=0)),
    "dot": (ops.dot, [X, IMAGE[0].transpose(1, 0, 2)], lambda x, y: np.tensordot(x, y, ((1,), (1,)))),
    "tensor_dot": (lambda x, y: ops.tensor_dot(x, y, ((1, 0), (0, 1))), [X, Y.T],
        lambda x, y: np.tensordot(x, y, ((1, 0), (0, 1)))),
    "tensor_dot int": (lambda x, y: ops.tensor_dot(x, y, 1), [X, Y.T], lambda x, y: x @ y),
    "inner": (ops.inner, [X, Y[:2]], np.inner),
    "baddbmm": (lambda i, x, y: ops.baddbmm(i, x, y, beta=2, alpha=0.5), [X[None, :, :3], X[None], Y.T[None]],
                lambda i, x, y: 2 * i + 0.5 * x @ y),
    "addmv addr": (lambda x, v, w: ops.addmv(v, x, w) + ops.addr(x, v, w, alpha=2)[:, 0], [X, Y[:, 0], Y[0]],
                   lambda x, v, w: v + x @ w + (x + 2 * np.outer(v, w))[:, 0]),
    "std_mean": (lambda x: ops.std_mean(x, 1, 1)[0] + ops.var_mean(x, 1)[1], [X],
        lambda x: x.std(1, ddof=1) + x.mean(1)),
    "aminmax": (lambda x: ops.aminmax(x)[0] - ops.aminmax(x)[1], [X], lambda x: x.min(0) - x.max(0)),
    "diff": (lambda x: ops.diff(x, 2), [X], lambda x: np.diff(x, 2)),
    "ldexp": (lambda x: ops.ldexp(x, Tensor([1, -1, 2, 0])), [X], lambda x: np.ldexp(x, [1, -1, 2, 0])),
}  # fmt: skip


def shuffled(x):
    return x.reshape(2, 1, 2, 2, 3, 5).transpose(0, 1, 4, 2, 5, 3).reshape(2, 1, 6, 10)


def stretched(x, axis, n):
    return np.apply_along_axis(lambda v: np.interp(np.linspace(0, len(v) - 1, n), np.arange(len(v)), v), axis, x)


IMAGES = {
    "nearest": (lambda x: ops.interpolate(x, (6, 10)), [IMAGE], lambda x: x.repeat(2, 2).repeat(2, 3)),
    "nearest smaller": (lambda x: ops.interpolate(x, (1, 2)), [IMAGE], lambda x: x[:, :, :1, [0, 2]]),
    "nearest any": (lambda x: ops.interpolate(x, (4, 7)), [IMAGE],
        lambda x: x[:, :, [0, 0, 1, 2]][..., [0, 0, 1, 2, 2, 3, 4]]),
    "bilinear corners": (lambda x: ops.interpolate(x, (5, 9), mode="bilinear", align_corners=True), [IMAGE],
                         lambda x: stretched(stretched(x, 2, 5), 3, 9)),
    "area": (lambda x: ops.interpolate(x, (1, 5), mode="area"), [IMAGE], lambda x: x.mean(2, keepdims=True)),
    "pixel_shuffle": (lambda x: ops.pixel_shuffle(x, 2), [IMAGE], shuffled),
    "pixel_unshuffle": (lambda x: ops.pixel_unshuffle(ops.pixel_shuffle(x, 2), 2), [IMAGE], lambda x: x),
    "channel_shuffle": (lambda x: ops.channel_shuffle(x, 2), [IMAGE], lambda x: x[:, [0, 2, 1, 3]]),
}  # fmt: skip
EINSUM = ["ij,jk->ik", "ij->ji", "ij->", "bij,bjk->bik", "i,j->ij", "ii->i", "ii", "...ij,...jk->...ik", "ij,j",
    "bhqd,bhkd->bhqk",
          "i,ij,jk", "iij->j", "ijk,ijk->", "ba", "a,b,c->cab", "i...->...", "nd,nd->n", "iji->j"]  # fmt: skip


def einsum_case(equation):
    sizes = dict(zip("ijkbhqdnac", (2, 3, 4, 2, 3, 2, 3, 4, 2, 3)))
    names = [t.replace("...", "b") for t in equation.split("->")[0].split(",")]
    arrays = [RNG.uniform(-1, 1, [sizes[c] for c in n]) for n in names]
    return lambda *t: ops.einsum(equation, *t), arrays, lambda *a: np.einsum(equation, *a)


FAMILIES = {
    "activations": ACTIVATIONS, "losses": LOSSES, "norms": NORMS, "maths": MATHS, "images": IMAGES,
    "einsum": {equation: einsum_case(equation) for equation in EINSUM},
}  # fmt: skip
CASES = [
    pytest.param(*case, id=f"{family}: {name}") for family, cases in FAMILIES.items() for name, case in cases.items()
]


def tensors(arrays, float_type):
    return [Tensor(a.astype(float_type) if a.dtype.kind == "f" else a) for a in arrays]


def floats(arrays):
    return tuple(k for k, a in enumerate(arrays) if a.dtype.kind == "f")


def weighed(f):
    """The sum of the outputs times fixed weights: a scalar that shows every part of the gradient."""

    def loss(*args):
        out = f(*args)
        return (out * Tensor(np.cos(0.7 * np.arange(out.size) + 0.3).reshape(out.shape).astype(out.dtype.np))).sum()

    return loss


def gradients(loss, arrays, inputs):
    """For each float array one gradient."""
    found = ms.grad(loss, floats(arrays))(*inputs)
    return found if isinstance(found, tuple) else (found,)


def slopes(f, arrays, step=1e-6):
    """Central differences of a scalar NumPy-valued function."""
    out = []
    for k in floats(arrays):
        g = np.zeros_like(arrays[k])
        for at in np.ndindex(*g.shape):
            moved = [[a + step * s * (np.arange(a.size).reshape(a.shape) == np.ravel_multi_index(at,
                a.shape)) if j == k else a
                      for j, a in enumerate(arrays)] for s in (1, -1)]  # fmt: skip
            g[at] = (f(moved[0]) - f(moved[1])) / (2 * step)
        out.append(g)
    return out


@pytest.mark.parametrize("float_type", [np.float64, np.float32])
@pytest.mark.parametrize("f, arrays, formula", CASES)
def test_value(f, arrays, formula, float_type):
    out = f(*tensors(arrays, float_type))
    want = np.asarray(formula(*arrays))
    assert out.shape == want.shape and out.dtype.np == float_type
    tolerance = 1e-5 if float_type == np.float32 else 1e-9
    np.testing.assert_allclose(out.asnumpy(), want, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("f, arrays, formula", CASES)
def test_gradient(f, arrays, formula):
    loss = weighed(f)
    got = gradients(loss, arrays, tensors(arrays, np.float64))
    want = slopes(lambda a: loss(*[Tensor(x) for x in a]).item(), arrays)
    for g, w in zip(got, want):
        np.testing.assert_allclose(g.asnumpy(), w, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("family", FAMILIES)
def test_both_modes(family):
    """The whole family as one compiled function: values and gradients."""
    cases = list(FAMILIES[family].values())
    inputs = [tensors(arrays, np.float32) for _, arrays, _ in cases]

    def everything(inputs):
        return [(f(*t), gradients(weighed(f), arrays, t)) for (f, arrays, _), t in zip(cases, inputs)]

    for (v1, g1), (v2, g2) in zip(everything(inputs), ms.jit(everything)(inputs)):
        for a, b in zip((v1, *g1), (v2, *g2)):
            assert a.shape == b.shape and a.dtype == b.dtype
            np.testing.assert_allclose(b.asnumpy(), a.asnumpy(), rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize(
    "name", ["softmax", "log_softmax", "gelu", "gelu tanh", "silu", "softplus", "mish", "logsigmoid"]
)
def test_second_order(name):
    loss = weighed(ACTIVATIONS[name][0])
    first = weighed(ms.grad(loss))
    want = slopes(lambda a: first(Tensor(a[0])).item(), [X])
    np.testing.assert_allclose(ms.grad(first)(Tensor(X)).asnumpy(), want[0], rtol=1e-4, atol=1e-5)


EXTREMES = ["elu", "celu", "selu", "softplus", "softplus beta", "logsigmoid", "silu", "mish", "gelu", "gelu tanh",
    "hardswish", "softmax",
            "softmin", "log_softmax", "softsign", "fast_gelu"]  # fmt: skip


@pytest.mark.parametrize("name", EXTREMES)
def test_no_overflow(name):
    f = ACTIVATIONS[name][0]
    x = np.array([[-1e4, -300, -90, -20], [0, 20, 90, 1e4]], np.float32)
    value, g = ms.value_and_grad(lambda t: f(t).sum())(Tensor(x))
    assert np.isfinite(value.asnumpy()) and np.isfinite(g.asnumpy()).all()


def test_losses_do_not_overflow():
    x = Tensor(np.array([[-1e4, 0, 1e4]], np.float32))
    loss, g = ms.value_and_grad(lambda t: ops.binary_cross_entropy_with_logits(t, ops.ones_like(t)))(x)
    assert np.isfinite(loss.asnumpy()) and np.isfinite(g.asnumpy()).all()
    loss, g = ms.value_and_grad(lambda t: ops.cross_entropy(t, Tensor([0])))(x)
    assert loss.asnumpy() == 2e4 and g.asnumpy().tolist() == [[-1, 0, 1]]
    p = Tensor(np.array([0.0, 1.0], np.float32))
    loss, g = ms.value_and_grad(lambda t: ops.binary_cross_entropy(t, 1.0 - p, reduction="sum"))(p)
    np.testing.assert_allclose(loss.asnumpy(), 2 * 27.631021, rtol=1e-6)
    np.testing.assert_allclose(g.asnumpy(), [-1e12, 1e12])


@pytest.mark.parametrize(
    "f",
    [ops.softmax, ops.log_softmax, ops.gelu, lambda x: ops.layer_norm(x, (4,)), ops.mse_loss],
    ids=["softmax", "log_softmax", "gelu", "layer_norm", "mse_loss"],
)
def test_float16(f):
    x = Tensor(X.astype(np.float16))
    args = (x, x + 1) if f is ops.mse_loss else (x,)
    out = f(*args)
    wide = f(*[a.astype(ms.float32) for a in args])
    assert out.dtype == ms.float16
    np.testing.assert_allclose(out.asnumpy(), wide.asnumpy(), rtol=4e-3, atol=2e-3)
    assert np.isfinite(f(*[a * 1000 for a in args]).asnumpy()).all() or f is ops.mse_loss


def test_gradients_at_the_kinks():
    """As in MindSpore."""
    z = np.array([-6, -3, -1, -0.5, 0, 0.5, 1, 3, 6, 25], np.float32)
    known = {
        "relu6": [0, 0, 0, 0, 0, 1, 1, 1, 1, 0],
        "hardswish": [0, -0.5, 1 / 6, 1 / 3, 0.5, 2 / 3, 5 / 6, 1.5, 1, 1],
        "hardsigmoid": [0, 0, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 0, 0, 0],
        "softshrink": [1, 1, 1, 0, 0, 0, 1, 1, 1, 1],
        "hardshrink": [1, 1, 1, 0, 0, 0, 1, 1, 1, 1],
    }
    for name, want in known.items():
        g = ms.grad(lambda t: getattr(ops, name)(t).sum())(Tensor(z))
        np.testing.assert_allclose(g.asnumpy(), want, rtol=1e-6, err_msg=name)
    assert ms.grad(lambda t: ops.clamp(t, 1.0, 3.0).sum())(Tensor([1.0, 2.0, 3.0, 4.0])).asnumpy().tolist() == [
        1,
        1,
        1,
        0,
    ]


def test_norms_of_zero_have_no_gradient():
    zero = Tensor(np.zeros((2, 3), np.float32))
    for f in (lambda t: ops.cdist(t, zero), lambda t: ops.hypot(t, zero), lambda t: ops.cosine_similarity(t, zero)):
        assert not ms.grad(lambda t: f(t).sum())(zero).asnumpy().any()


def test_batch_norm_moves_the_running_statistics(mode):
    mean, variance = (Parameter(Tensor(v.astype(np.float32)), name=n) for n, v in (("m", BETA), ("v", GAMMA)))
    x, one, zero = Tensor(IMAGE.astype(np.float32)), ops.ones(4), ops.zeros(4)

    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.mean, self.variance = mean, variance

        def construct(self, x):
            return ops.batch_norm(x, self.mean, self.variance, one, zero, True, 0.25)

    out = Net()(x)
    np.testing.assert_allclose(out.asnumpy(), normed(IMAGE, (0, 2, 3), 1e-5), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(mean.asnumpy(), 0.75 * BETA + 0.25 * IMAGE.mean((0, 2, 3)), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        variance.asnumpy(), 0.75 * GAMMA + 0.25 * IMAGE.var((0, 2, 3), ddof=1), rtol=1e-4, atol=1e-6
    )


def test_rrelu_and_gumbel_softmax():
    x = Tensor(np.linspace(-2, 2, 1000).astype(np.float32))
    slope = (ops.rrelu(x, 0.2, 0.4) / x).asnumpy()
    assert (
        (slope[500:] == 1).all()
        and (slope[:500] >= 0.199).all()
        and (slope[:500] < 0.401).all()
        and slope[:500].std() > 0.02
    )
    logits = Tensor(np.log(np.array([[0.1, 0.2, 0.7]], np.float32)).repeat(4000, 0))
    hard = ops.gumbel_softmax(logits, 0.5, True)
    assert set(np.unique(hard.asnumpy().round(5))) == {0, 1}
    np.testing.assert_allclose(hard.asnumpy().mean(0), [0.1, 0.2, 0.7], atol=0.03)
    np.testing.assert_allclose(ops.gumbel_softmax(logits, dim=1).asnumpy().sum(1), 1, rtol=1e-5)


def test_special_values():
    inf, nan = math.inf, math.nan
    x = Tensor(np.array([1, nan, inf, -inf, 1e10], np.float32))
    y = Tensor(np.array([1 + 1e-6, nan, inf, inf, 1e10], np.float32))
    assert ops.isclose(x, y).asnumpy().tolist() == [True, False, True, False, True]
    assert ops.isclose(x, y, equal_nan=True).asnumpy().tolist() == [True, True, True, False, True]
    assert allclose(x[:1], y[:1])
    assert ops.isclose(Tensor([1, 2]), Tensor([1, 3])).asnumpy().tolist() == [True, False]
    big = np.finfo(np.float32).max
    assert ops.nan_to_num(x).asnumpy().tolist() == [1, 0, big, -big, np.float32(1e10)]
    assert ops.nan_to_num(x, 2.0, 3.0, 4.0).asnumpy().tolist()[1:4] == [2, 3, 4]
    assert ops.isneginf(x).asnumpy().tolist() == [False, False, False, True, False]
    assert ops.isposinf(x).asnumpy().tolist() == [False, False, True, False, False]
    assert ops.fmax(Tensor([1.0, nan]), Tensor([nan, 2.0])).asnumpy().tolist() == [1, 2]
    zero = Tensor([0.0, 0.0])
    assert ops.xlogy(zero, Tensor([0.0, 2.0])).asnumpy().tolist() == [0, 0]
    g = ms.grad(lambda a, b: ops.xlogy(a, b).sum(), (0, 1))(zero, zero)
    assert all(np.isfinite(t.asnumpy()).all() for t in g)
    np.testing.assert_allclose(
        ops.erf(ops.erfinv(Tensor(np.linspace(-0.999, 0.999, 99)))).asnumpy(),
        np.linspace(-0.999, 0.999, 99),
        rtol=1e-12,
        atol=1e-15,
    )
    assert ops.erfinv(Tensor([1.0, -1.0, 2.0])).asnumpy().tolist()[:2] == [inf, -inf]


def test_types():
    i = Tensor([1, 5, -3])
    assert ops.clamp(i, 0.5, 2.5).asnumpy().tolist() == [1, 2.5, 0.5]
    assert ops.clamp(i, 0, 2).dtype == ms.int64
    assert ops.clip_by_value(i, 0.5, 2.5).asnumpy().tolist() == [1, 2, 0]
    assert isinstance(ops.clip_by_value([i, i], 0, 1), tuple)
    assert ops.fmod(Tensor([-5, 5]), 3).asnumpy().tolist() == [-2, 2] and ops.fmod(Tensor([-5, 5]), 3).dtype == ms.int64
    assert ops.float_power(i, 2).dtype == ms.float64
    assert ops.is_floating_point(Tensor(1.0)) is True and ops.numel(i) == 3
    assert ops.sequence_mask(Tensor([1, 3]), 4).asnumpy().tolist() == [
        [True, False, False, False],
        [True, True, True, False],
    ]


def test_interpolate_as_recorded():
    """Values that MindSpore gives."""
    y = Tensor(np.arange(12, dtype=np.float32).reshape(1, 1, 3, 4) ** 1.5)
    line = Tensor(np.arange(5, dtype=np.float32).reshape(1, 1, 5) ** 1.5)
    cube = Tensor(np.arange(8, dtype=np.float32).reshape(1, 1, 2, 2, 2) ** 1.5)
    squares = Tensor(np.arange(27, dtype=np.float32).reshape(1, 1, 3, 3, 3) ** 2)
    known = [
        (ops.interpolate(y, (5, 2), mode="bilinear")[0, 0, 1], [4.1360683, 9.050814]),
        (ops.interpolate(y, scale_factor=1.6, mode="bilinear", recompute_scale_factor=True)[0, 0, 1],
         [5, 6.1813564, 7.8433013, 9.765658, 11.884983, 13.523719]),
        (ops.interpolate(y, (5, 6), mode="bicubic")[0, 0, 0],
            [-0.65924335, -0.31116325, 0.45854652, 1.605692, 3.2274067, 4.338605]),
        (ops.interpolate(y, (5, 6), mode="bicubic", align_corners=True)[0, 0, 1],
         [2.6286798, 3.5612597, 5.1776195, 6.482861, 8.617875, 10.17421]),
        (ops.interpolate(y, (2, 2), mode="area")[0, 0, 0], [5.045085, 10.310444]),
        (ops.interpolate(y, (5, 6), mode="nearest-exact")[0, 0, 1], [0, 1, 1, 2.828427, 5.1961527, 5.1961527]),
        (ops.interpolate(line, 7, mode="linear")[0, 0], [0, 0.5714286, 1.5224078, 2.828427, 4.5196595, 6.3978014, 8]),
        (ops.interpolate(line, 7)[0, 0], [0, 0, 1, 2.828427, 2.828427, 5.1961527, 8]),
        (ops.interpolate(cube, (3, 3, 3), mode="trilinear")[0, 0, 1, 1], [6.3813415, 7.677765, 8.974188]),
        (ops.interpolate(squares, scale_factor=1.7, mode="trilinear")[0, 0, -1, 0], [324, 338.14706, 359.91174, 382.7941, 400]),
        (ops.interpolate(squares, scale_factor=(1.7, 1.0, 0.7), mode="trilinear")[0, 0, -1],
         [[331.92856, 386.07144], [450.21429, 512.92859], [586.5, 657.78577]]),
        (ops.interpolate(cube, scale_factor=1.5)[0, 0, 2, 2], [14.6969385, 14.6969385, 18.520258]),
    ]  # fmt: skip
    for got, want in known:
        np.testing.assert_allclose(got.asnumpy(), want, rtol=1e-5)


@pytest.mark.parametrize("dtype", [ms.int8, ms.int32])
def test_selu_of_integers_as_recorded(dtype, mode):
    assert ops.selu(Tensor([3, 0, -1, -5, 100], dtype)).tolist() == [3, 0, 0, 0, 100]
    with pytest.raises(TypeError):
        ops.selu(Tensor([1], ms.int64))


@pytest.mark.parametrize("name", ["uint8", "uint32", "uint64", "int64"])
def test_integer_powers_in_compiled_code(name):
    """Modulo the type's size, as NumPy computes them; 2.10 gives the same."""
    x = np.array([0, 1, 3, 7, 255], name)
    y = np.array([0, 5, 40, 3, 9], name)
    found = ms.jit(lambda a, b: ops.pow(a, b))(Tensor(x), Tensor(y))
    assert found.asnumpy().dtype == x.dtype and found.tolist() == (x**y).tolist()


def test_boxes_as_recorded():
    decoded = ops.bounding_box_decode(Tensor([[4.0, 1, 2, 1]]), Tensor([[3.0, 1, 2, 2]]), (768, 1280))
    np.testing.assert_allclose(decoded.asnumpy(), [[4.194528, 0, 0, 5.194528]], rtol=1e-5)
    encoded = ops.bounding_box_encode(Tensor([[2.0, 2, 2, 3]]), Tensor([[1.0, 2, 1, 4]]))
    np.testing.assert_allclose(encoded.asnumpy(), [[-1, 0.25, 0, 0.4054651]], rtol=1e-5)
    a, b = Tensor([[1.0, 1, 4, 4], [2, 2, 5, 5]]), Tensor([[1.0, 1, 4, 4], [0, 0, 2, 2], [9, 9, 10, 10]])
    np.testing.assert_allclose(ops.iou(a, b).asnumpy(), [[1, 0.3914], [0.1904, 0.04166], [0, 0]], atol=1e-3)


ERRORS = [
    (TypeError, "'softmax'.*must be a Tensor of floats", lambda: ops.softmax(Tensor([1, 2]))),
    (TypeError, "'gelu'.*must be a Tensor", lambda: ops.gelu(1.0)),
    (ValueError, "'softmax'.*axis.*3", lambda: ops.softmax(Tensor(X), 3)),
    (TypeError, "'softmax'.*axis", lambda: ops.softmax(Tensor(X), (0, 1))),
    (ValueError, "approximate", lambda: ops.gelu(Tensor(X), "sigmoid")),
    (ValueError, "even length", lambda: ops.glu(Tensor(X), 0)),
    (ValueError, "'prelu'.*shape", lambda: ops.prelu(Tensor(X), Tensor([1.0, 2.0]))),
    (ValueError, "'beta' must not be 0", lambda: ops.softplus(Tensor(X), 0)),
    (ValueError, "'mse_loss'.*reduction.*none.*avg", lambda: ops.mse_loss(Tensor(X), Tensor(X), "avg")),
    (TypeError, "'l1_loss'.*'target'", lambda: ops.l1_loss(Tensor(X), 3.0)),
    (ValueError, "broadcast", lambda: ops.mse_loss(Tensor(X), Tensor([1.0, 2.0]))),
    (ValueError, r"'cross_entropy'.*\(3,\)", lambda: ops.cross_entropy(Tensor(X), Tensor([1, 2]))),
    (IndexOutOfRange, r"'cross_entropy'.*\[0, 4\).*got 4", lambda: ops.cross_entropy(Tensor(X), Tensor([1, 4, 0]))),
    (IndexOutOfRange, "got -1", lambda: ops.nll_loss(Tensor(X), Tensor([1, -1, 0]))),
    (ValueError, "label_smoothing", lambda: ops.cross_entropy(Tensor(X), Tensor([1, 2, 0]), label_smoothing=2.0)),
    (ValueError, "'delta'", lambda: ops.huber_loss(Tensor(X), Tensor(X), delta=0)),
    (ValueError, "batchmean", lambda: ops.kl_div(Tensor(X), Tensor(X), "all")),
    (ValueError, r"\(5,\)", lambda: ops.layer_norm(Tensor(X), (5,))),
    (ValueError, "3 groups", lambda: ops.group_norm(Tensor(IMAGE), 3)),
    (
        ValueError,
        r"'batch_norm'.*\(4,\)",
        lambda: ops.batch_norm(Tensor(IMAGE), Tensor(X[0]), Tensor(X[0]), Tensor([1.0]), None),
    ),
    (ValueError, "above 0.0", lambda: ops.clip_by_global_norm((Tensor(X),), -1.0)),
    (ValueError, "at least one", lambda: ops.clamp(Tensor(X))),
    (TypeError, "'addn'", lambda: ops.addn(Tensor(X))),
    (ValueError, "2 axes", lambda: ops.dot(Tensor(X[0]), Tensor(X[0]))),
    (ValueError, "length 3", lambda: ops.cross(Tensor(X[:2]), Tensor(X[:2]))),
    (ValueError, "does not fit 1 operands", lambda: ops.einsum("ij,jk->ik", Tensor(X))),
    (ValueError, "axis 'j'.*lengths 4 and 3", lambda: ops.einsum("ij,jk->ik", Tensor(X), Tensor(X))),
    (ValueError, "each once", lambda: ops.einsum("ij->ii", Tensor(X))),
    (ValueError, "both empty", lambda: ops.interpolate(Tensor(IMAGE))),
    (ValueError, "'mode' must be in", lambda: ops.interpolate(Tensor(IMAGE), 3, mode="sinc")),
    (ValueError, "2 elements", lambda: ops.interpolate(Tensor(IMAGE), (3,), mode="bilinear")),
    (ValueError, "recompute_scale_factor", lambda: ops.interpolate(Tensor(IMAGE), scale_factor=2.0)),
    (ValueError, "multiple of 3", lambda: ops.pixel_shuffle(Tensor(IMAGE), 3)),
]


@pytest.mark.parametrize("kind, words, call", ERRORS)
def test_errors(kind, words, call):
    with pytest.raises(kind, match=words) as caught:
        call()
    assert "test_nn_ops.py" in str(caught.value)


def test_label_out_of_range_in_a_compiled_step():
    f = ms.jit(lambda x, y: ops.cross_entropy(x, y))
    assert f(Tensor(X), Tensor([0, 1, 3])).shape == ()
    with pytest.raises(IndexOutOfRange, match=r"'cross_entropy'.*\[0, 4\).*7"):
        f(Tensor(X), Tensor([0, 7, 3]))


def test_cross_entropy_compiles_to_few_kernels():
    """Loss, softmax and gradient are one loop over the rows."""
    from minispore.graph.fuse import fuse
    from minispore.graph.passes import optimise
    from minispore.graph.trace import trace

    step = ms.value_and_grad(lambda x, y: ops.cross_entropy(x, y))
    units = fuse(optimise(trace(step, [Tensor(X.astype(np.float32)), Tensor([0, 1, 2])], {})[0]))
    assert sum(unit.space == (3, 4) for unit in units) == 1


@pytest.mark.parametrize("function", [ops.gelu, lambda x: ops.gelu(x, "tanh"), ops.silu], ids=["gelu", "tanh", "silu"])
def test_derivatives_of_gated_units_equal_finite_differences(function, mode):
    """Their gradients are given by a factor; here to the third order, and along a direction."""
    x, step = np.linspace(-4, 4, 23), 1e-5
    orders = [function]
    for _ in range(3):
        orders.append(ms.grad(lambda x, f=orders[-1]: f(x).sum()))
    for f, derivative in zip(orders, orders[1:]):
        differences = (f(Tensor(x + step)).asnumpy() - f(Tensor(x - step)).asnumpy()) / (2 * step)
        np.testing.assert_allclose(derivative(Tensor(x)).asnumpy(), differences, 1e-6, 1e-8)
    direction = np.sin(x)
    along = ms.jvp(function, Tensor(x), Tensor(direction))[1].asnumpy()
    np.testing.assert_allclose(along, orders[1](Tensor(x)).asnumpy() * direction, 1e-9)


@pytest.mark.parametrize(
    ("dtype", "unit"), [(ms.float16, 2.0**-11), (ms.bfloat16, 2.0**-8)], ids=["float16", "bfloat16"]
)
@pytest.mark.parametrize("name", ["gelu", "gelu tanh", "silu", "mish", "fast_gelu"])
def test_gated_units_of_16_bits_are_rounded_once(name, dtype, unit, mode):
    """Values and gradients lie as near to those of the formula as the type can be, and there is a second derivative."""
    function, _, formula = ACTIVATIONS[name]
    x = Tensor(np.linspace(-3, 3, 101).astype(np.float32)).astype(dtype)
    exact, step = x.astype(ms.float64).asnumpy(), 1e-5
    slope = lambda x: (formula(x + step) - formula(x - step)) / (2 * step)
    as_numbers = lambda t: t.astype(ms.float64).asnumpy()
    first = ms.grad(lambda x: function(x).sum())
    second = ms.grad(lambda x: first(x).sum())(x)
    assert function(x).dtype is first(x).dtype is second.dtype is dtype
    np.testing.assert_allclose(as_numbers(function(x)), formula(exact), 1.01 * unit, 1e-6)
    np.testing.assert_allclose(as_numbers(first(x)), slope(exact), 1.01 * unit, 1e-6)
    bend = (slope(exact + 1e-3) - slope(exact - 1e-3)) / 2e-3
    np.testing.assert_allclose(as_numbers(second), bend, 8 * unit, 8 * unit)
