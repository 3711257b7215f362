"""Layers: values against NumPy formulas, gradients against finite differences, Parameters, printing, errors; both
modes."""

import gc
import weakref

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops

RNG = np.random.default_rng(3)


def filled(cell, seed=0):
    """The cell with float64 Parameters of known values."""
    rng = np.random.default_rng(seed)
    for p in cell.get_parameters():
        v = rng.normal(size=p.shape) * 0.5
        p.set_dtype(ms.float64)
        p.set_data(Tensor(np.abs(v) + 0.5 if "variance" in p.name else v))
    return cell


def tensors(result):
    return [t for r in result for t in tensors(r)] if isinstance(result, (tuple, list)) else [result]


# ---------------------------------------------------------------- formulas
def windows(x, kernel, stride, pads, dilation=(1, 1), value=0.0):
    """(N, C, H', W', kh, kw) views of the padded image."""
    top, bottom, left, right = pads
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=value)
    span = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
    views = np.lib.stride_tricks.sliding_window_view(x, span, (2, 3))
    return views[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def same(n, k, s, d=1):
    missing = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
    return missing // 2, missing - missing // 2


def conv(x, w, b=None, stride=(1, 1), pads=(0, 0, 0, 0), dilation=(1, 1), group=1):
    parts = []
    for xs, ws in zip(np.split(x, group, 1), np.split(w, group, 0)):
        parts.append(np.einsum("nchwij,ocij->nohw", windows(xs, w.shape[2:], stride, pads, dilation), ws))
    out = np.concatenate(parts, 1)
    return out if b is None else out + b[:, None, None]


def conv_transposed(x, w, b, stride, pads, shape):
    """By definition: every element of x adds its multiple of the kernel to the output."""
    full = np.zeros((len(x), w.shape[1], *((n - 1) * s + k for n, s, k in zip(x.shape[2:], stride, w.shape[2:]))))
    for i in range(x.shape[2]):
        for j in range(x.shape[3]):
            full[:, :, i * stride[0] : i * stride[0] + w.shape[2], j * stride[1] : j * stride[1] + w.shape[3]] += (
                np.einsum("nc,cokl->nokl", x[:, :, i, j], w)
            )
    cut = full[:, :, pads[0] :, pads[1] :]
    out = np.zeros((len(x), w.shape[1], *shape))
    h, v = (min(a, c) for a, c in zip(shape, cut.shape[2:]))
    out[:, :, :h, :v] = cut[:, :, :h, :v]
    return out + b[:, None, None]


def normed(x, axes, eps=1e-5):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def channel(t):
    return t[:, None, None]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def attention(q, k, v, w, b, wo, bo, heads=2, mask=None):
    """Batch first."""
    wq, wk, wv = np.split(w, 3)
    bq, bk, bv = np.split(b, 3)
    q, k, v = q @ wq.T + bq, k @ wk.T + bk, v @ wv.T + bv
    parts = []
    for qh, kh, vh in zip(*(np.split(t, heads, -1) for t in (q, k, v))):
        scores = qh @ kh.transpose(0, 2, 1) / np.sqrt(qh.shape[-1])
        parts.append(softmax(scores if mask is None else scores + mask) @ vh)
    return np.concatenate(parts, -1) @ wo.T + bo


def gru(x, h, w_ih, w_hh, b_ih, b_hh):
    outs = []
    for step in x:
        ir, iz, inew = np.split(step @ w_ih.T + b_ih, 3, -1)
        hr, hz, hnew = np.split(h @ w_hh.T + b_hh, 3, -1)
        new = np.tanh(inew + sigmoid(ir + hr) * hnew)
        h = new + sigmoid(iz + hz) * (h - new)
        outs.append(h)
    return np.stack(outs), h


def lstm(x, h, c, w_ih, w_hh, b_ih, b_hh):
    outs = []
    for step in x:
        i, f, g, o = np.split(step @ w_ih.T + b_ih + h @ w_hh.T + b_hh, 4, -1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outs.append(h)
    return np.stack(outs), h, c


def X(*shape):
    return RNG.uniform(-2, 2, shape)


def encoder(x, aw, ab, ow, ob, w1, b1, w2, b2, g1, e1, g2, e2):
    x = normed(x + attention(x, x, x, aw, ab, ow, ob), (2,)) * g1 + e1
    return normed(x + np.maximum(x @ w1.T + b1, 0) @ w2.T + b2, (2,)) * g2 + e2


class LSTMOfThree(nn.Cell):
    def __init__(self):
        super().__init__()
        self.inner = nn.LSTM(3, 2)

    def construct(self, x, h, c):
        y, (h, c) = self.inner(x, (h, c))
        return y, h[0], c[0]


# name -> (layer, inputs, formula of the inputs and the trained Parameters in order)
LAYERS = {
    "dense": (lambda: nn.Dense(3, 4), [X(2, 3)], lambda x, w, b: x @ w.T + b),
    "dense of 3 axes": (lambda: nn.Dense(3, 2, has_bias=False), [X(2, 4, 3)], lambda x, w: x @ w.T),
    "dense of 1 axis": (lambda: nn.Dense(3, 2), [X(3)], lambda x, w, b: x @ w.T + b),
    "dense with activation": (lambda: nn.Dense(3, 2, activation="tanh"), [X(2, 3)], lambda x, w,
    b: np.tanh(x @ w.T + b)), "linear": (lambda: nn.Linear(3, 2), [X(2, 3)], lambda x, w, b: x @ w.T + b),
    "bidense": (
        lambda: nn.BiDense(2, 3, 4), [X(5, 2), X(5, 3)],
        lambda x, y, w, b: np.einsum("ni,kij,nj->nk", x, w, y) + b,
    ),
    "conv same": (lambda: nn.Conv2d(2, 3, 3), [X(2, 2, 5, 4)], lambda x, w: conv(x, w, pads=(1, 1, 1, 1))),
    "conv same, stride, even kernel": (
        lambda: nn.Conv2d(2, 4, (4, 2), stride=(2, 3), has_bias=True), [X(1, 2, 6, 5)],
        lambda x, w, b: conv(x, w, b, (2, 3), (*same(6, 4, 2), *same(5, 2, 3))),
    ),
    "conv valid, dilation": (
        lambda: nn.Conv2d(1, 2, 3, pad_mode="valid", dilation=2), [X(1, 1, 7, 6)], lambda x, w: conv(x, w, dilation=(2,
    2)), ),
    "conv pad of four, group": (
        lambda: nn.Conv2d(4, 6, 3, 2, "pad", (1, 0, 2, 1), group=2, has_bias=True), [X(2, 4, 5, 6)],
        lambda x, w, b: conv(x, w, b, (2, 2), (1, 0, 2, 1), group=2),
    ),
    "conv depthwise": (
        lambda: nn.Conv2d(3, 3, 3, pad_mode="pad", padding=1, group=3), [X(1, 3, 4, 4)],
        lambda x, w: conv(x, w, pads=(1, 1, 1, 1), group=3),
    ),
    "conv1d": (
        lambda: nn.Conv1d(2, 3, 4, stride=2, pad_mode="pad", padding=1, has_bias=True), [X(2, 2, 9)],
        lambda x, w, b: conv(x[:, :, None], w, b, (1, 2), (0, 0, 1, 1))[:, :, 0],
    ),
    "transposed conv valid": (
        lambda: nn.Conv2dTranspose(2, 3, 3, stride=2, pad_mode="valid", has_bias=True), [X(1, 2, 3, 4)],
        lambda x, w, b: conv_transposed(x, w, b, (2, 2), (0, 0), (7, 9)),
    ),
    "transposed conv same": (
        lambda: nn.Conv2dTranspose(2, 2, 4, stride=2, has_bias=True), [X(1, 2, 3, 4)],
        lambda x, w, b: conv_transposed(x, w, b, (2, 2), (1, 1), (6, 8)),
    ),
    "transposed conv pad": (
        lambda: nn.Conv2dTranspose(2, 2, 3, 2, "pad", 1, output_padding=1, has_bias=True), [X(1, 2, 3, 3)],
        lambda x, w, b: np.pad(
            conv_transposed(x, w, b, (2, 2), (1, 1), (5, 5)), ((0, 0), (0, 0), (0, 1), (0, 1))
        ),
    ),
    "transposed conv1d": (
        lambda: nn.Conv1dTranspose(2, 2, 3, stride=2, pad_mode="valid", has_bias=True), [X(1, 2, 4)],
        lambda x, w, b: conv_transposed(x[:, :, None], w, b, (1, 2), (0, 0), (1, 9))[:, :, 0],
    ),
    "layer norm": (lambda: nn.LayerNorm((4,)), [X(2, 3, 4)], lambda x, g, b: normed(x, (2,), 1e-7) * g + b),
    "layer norm of two axes": (
        lambda: nn.LayerNorm((3, 4), 1, 1, epsilon=1e-3), [X(2, 3, 4)], lambda x, g, b: normed(x, (1, 2), 1e-3) * g + b,
    ),
    "group norm": (
        lambda: nn.GroupNorm(2, 4), [X(2, 4, 3, 2)],
        lambda x, g, b: normed(x.reshape(2, 2, -1), (2,)).reshape(x.shape) * channel(g) + channel(b),
    ),
    "instance norm": (
        lambda: nn.InstanceNorm2d(3), [X(2, 3, 3, 2)], lambda x, g, b: normed(x, (2, 3)) * channel(g) + channel(b),
    ),
    "batch norm, own statistics": (
        lambda: nn.BatchNorm2d(3, use_batch_statistics=True), [X(3, 3, 2, 2)],
        lambda x, g, b: normed(x, (0, 2, 3)) * channel(g) + channel(b),
    ),
    "prelu": (lambda: nn.PReLU(3), [X(2, 3, 4)], lambda x, a: np.where(x > 0, x, x * a[:, None])),
    "gru": (
        lambda: nn.GRU(3, 2), [X(4, 2, 3), X(1, 2, 2)],
        lambda x, h, *p: (lambda y, last: (y, last[None]))(*gru(x, h[0], *p)),
    ),
    "gru, both directions, batch first": (
        lambda: nn.GRU(3, 2, bidirectional=True, batch_first=True), [X(2, 4, 3), X(2, 2, 2)],
        lambda x, h, wi, wi_, wh, wh_, bi, bi_, bh, bh_: (lambda a, b: (
            np.concatenate([a[0], b[0][::-1]], -1).swapaxes(0, 1), np.stack([a[1], b[1]])
        ))(gru(x.swapaxes(0, 1), h[0], wi, wh, bi, bh), gru(x.swapaxes(0, 1)[::-1], h[1], wi_, wh_, bi_, bh_)),
    ),
    "lstm": (LSTMOfThree, [X(4, 2, 3), X(1, 2, 2), X(1, 2, 2)], lambda x, h, c, *p: lstm(x, h[0], c[0], *p)),
    "rnn cell": (
        lambda: nn.RNNCell(3, 2, nonlinearity="relu"), [X(4, 3), X(4, 2)],
        lambda x, h, wi, wh, bi, bh: np.maximum(x @ wi.T + bi + h @ wh.T + bh, 0),
    ),
    "attention": (lambda: nn.MultiheadAttention(4, 2, batch_first=True), [X(2, 3, 4), X(2, 5, 4), X(2, 5, 4)], None),
    "encoder layer": (lambda: nn.TransformerEncoderLayer(4, 2, 6, dropout=0.0, batch_first=True), [X(2, 3, 4)],
    encoder), "max pool same": (
        lambda: nn.MaxPool2d(3, 2, "same"), [X(1, 2, 5, 4)],
        lambda x: windows(x, (3, 3), (2, 2), (*same(5, 3, 2), *same(4, 3, 2)), value=-np.inf).max((4, 5)),
    ),
    "max pool pad, one image": (
        lambda: nn.MaxPool2d((3, 2), 1, "pad", (1, 0)), [X(2, 5, 4)],
        lambda x: windows(x[None], (3, 2), (1, 1), (1, 1, 0, 0), value=-np.inf).max((4, 5))[0],
    ),
    "average pool": (
        lambda: nn.AvgPool2d((2, 3), (1, 2)), [X(1, 2, 4, 7)], lambda x: windows(x, (2, 3), (1, 2), (0,) * 4).mean((4,
    5)), ),
    "average pool same": (
        lambda: nn.AvgPool2d(3, 2, "same"), [X(1, 1, 5, 4)],
        lambda x: np.nanmean(windows(x, (3, 3), (2, 2), (*same(5, 3, 2), *same(4, 3, 2)), value=np.nan), (4, 5)),
    ),
    "average pool of padding": (
        lambda: nn.AvgPool2d(2, 2, "pad", 1, divisor_override=3), [X(1, 1, 4, 4)],
        lambda x: windows(x, (2, 2), (2, 2), (1,) * 4).sum((4, 5)) / 3,
    ),
    "max pool 1d": (lambda: nn.MaxPool1d(2, 2), [X(1, 2, 7)], lambda x: x[:, :, :6].reshape(1, 2, 3, 2).max(3)),
    "average pool 1d": (lambda: nn.AvgPool1d(2, 2), [X(1, 2, 7)], lambda x: x[:, :, :6].reshape(1, 2, 3, 2).mean(3)),
    "adaptive average": (
        lambda: nn.AdaptiveAvgPool2d((2, None)), [X(1, 2, 3, 4)],
        lambda x: np.stack([x[:, :, :2].mean(2), x[:, :, 1:].mean(2)], 2),
    ),
    "adaptive maximum": (
        lambda: nn.AdaptiveMaxPool2d((2, 2)), [X(1, 2, 3, 4)],
        lambda x: np.stack([x[:, :, :2].max(2), x[:, :, 1:].max(2)], 2).reshape(1, 2, 2, 2, 2).max(4),
    ),
    "pad symmetric": (
        lambda: nn.Pad(((2, 1), (0, 2)), "SYMMETRIC"), [X(3, 4)], lambda x: np.pad(x, ((2, 1), (0, 2)), "symmetric"),
    ),
    "pad reflect": (lambda: nn.ReflectionPad2d((1, 2, 0, 1)), [X(1, 3, 4)], lambda x: np.pad(x, ((0, 0), (0, 1), (1,
    2)), "reflect")), "replication pad": (lambda: nn.ReplicationPad1d((1, 2)), [X(1, 3, 4)], lambda x: np.pad(x, ((0,
    0), (0, 0), (1, 2)), "edge")), "constant pad": (
        lambda: nn.ConstantPad2d((1, 0, 0, 2), 1.5), [X(1, 1, 2, 3)],
        lambda x: np.pad(x, ((0, 0), (0, 0), (0, 2), (1, 0)), constant_values=1.5),
    ),
    "unfold": (
        lambda: nn.Unfold([1, 2, 3, 1], [1, 1, 2, 1], [1, 1, 1, 1]), [X(1, 2, 3, 5)],
        lambda x: windows(x, (2, 3), (1, 2), (0,) * 4).transpose(0, 4, 5, 1, 2, 3).reshape(1, 12, 2, 2),
    ),
    "clip by norm": (
        lambda: nn.ClipByNorm(), [X(3, 4), np.array(1.5)], lambda x, c: x * min(1, c / np.linalg.norm(x)),
    ),
    "time distributed": (lambda: nn.TimeDistributed(nn.Dense(3, 2), 1), [X(2, 4, 3)], lambda x, w, b: x @ w.T + b),
    "central crop": (lambda: nn.CentralCrop(0.5), [X(1, 4, 8)], lambda x: x[:, 1:3, 2:6]),
    "channel shuffle": (lambda: nn.ChannelShuffle(2), [X(1, 4, 1, 2)], lambda x: x[:, [0, 2, 1, 3]]),
}  # fmt: skip


@pytest.mark.quick
@pytest.mark.parametrize("name", LAYERS)
def test_value_and_gradient(name, mode):
    make, inputs, formula = LAYERS[name]
    cell = filled(make())
    xs = [Tensor(x) for x in inputs]
    trained = cell.trainable_params()
    outs = tensors(cell(*xs))
    if formula is not None:
        wanted = formula(*inputs, *(p.asnumpy().copy() for p in trained))
        for out, w in zip(outs, wanted if isinstance(wanted, tuple) else (wanted,), strict=True):
            np.testing.assert_allclose(out.asnumpy(), w, rtol=1e-9, atol=1e-11)
    factors = [Tensor(np.cos(np.arange(t.size) + 0.5).reshape(t.shape)) for t in outs]

    def total(*xs):
        return sum((t * f).sum() for t, f in zip(tensors(cell(*xs)), factors))

    grads = tensors(ms.grad(total, tuple(range(len(xs))), trained or None)(*xs))
    rng = np.random.default_rng(5)
    ways = [rng.normal(size=t.shape) for t in (*xs, *trained)]
    slope = sum(float((g.asnumpy() * v).sum()) for g, v in zip(grads, ways, strict=True))
    starts = [p.asnumpy().copy() for p in trained]

    def moved(h):
        for p, start, v in zip(trained, starts, ways[len(xs) :]):
            p.set_data(Tensor(start + h * v))
        return total(*(Tensor(x + h * v) for x, v in zip(inputs, ways))).item()

    assert slope == pytest.approx((moved(1e-6) - moved(-1e-6)) / 2e-6, rel=1e-5, abs=1e-7)


def test_attention_masks_and_weights(mode):
    cell = filled(nn.MultiheadAttention(4, 2))
    rng = np.random.default_rng(1)
    q, k, v = (rng.normal(size=(n, 2, 4)) for n in (3, 5, 5))
    hidden = np.array([[False, False, True, False, False], [True, False, False, False, True]])
    added = rng.normal(size=(3, 5))
    parameters = [p.asnumpy() for p in cell.get_parameters()]
    out, weights = cell(Tensor(q), Tensor(k), Tensor(v), Tensor(hidden), True, Tensor(added))
    mask = np.where(hidden, -np.inf, 0)[:, None] + added
    wanted = attention(*(t.swapaxes(0, 1) for t in (q, k, v)), *parameters, mask=mask).swapaxes(0, 1)
    np.testing.assert_allclose(out.asnumpy(), wanted, rtol=1e-9)
    assert weights.shape == (2, 3, 5)
    np.testing.assert_allclose(weights.asnumpy().sum(-1), 1)
    assert (weights.asnumpy()[np.broadcast_to(hidden[:, None], (2, 3, 5))] == 0).all()
    assert len(cell(Tensor(q), Tensor(k), Tensor(v), need_weights=False)) == 1
    one = cell(Tensor(q[:, 0]), Tensor(k[:, 0]), Tensor(v[:, 0]), average_attn_weights=False)
    assert one[0].shape == (3, 4) and one[1].shape == (2, 3, 5)


def test_attention_with_other_channels_and_additions(mode):
    cell = nn.MultiheadAttention(4, 2, kdim=3, vdim=5, add_bias_kv=True, add_zero_attn=True)
    assert [p.name for p in cell.get_parameters()] == [
        "q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias", "bias_k", "bias_v", "out_proj.weight",
    "out_proj.bias", ]  # fmt: skip
    out, weights = cell(ops.ones((3, 2, 4)), ops.ones((6, 2, 3)), ops.ones((6, 2, 5)))
    assert out.shape == (3, 2, 4) and weights.shape == (2, 3, 8)


def test_decoder_and_transformer(mode):
    net = nn.Transformer(4, 2, 1, 2, 6, dropout=0.0, batch_first=True, norm_first=True)
    out = net(Tensor(np.ones((2, 5, 4), np.float32)), Tensor(np.ones((2, 3, 4), np.float32)))
    assert out.shape == (2, 3, 4)
    names = [p.name for p in net.get_parameters()]
    assert (
        names[0] == "encoder.layers.0.self_attn.in_proj_weight"
        and "decoder.layers.1.multihead_attn.out_proj.bias" in names
    )
    first, second = net.decoder.layers
    assert first.self_attn.in_proj_weight is not second.self_attn.in_proj_weight


def test_recurrent_layers_with_lengths(mode):
    """Outputs recorded from MindSpore: beyond its length a sequence gives zeros, its state stays."""
    layer = nn.GRU(3, 2, bidirectional=True)
    rs = np.random.RandomState(3)
    for p in layer.get_parameters():
        p.set_data(Tensor(rs.randn(*p.shape).astype(np.float32)))
    x = np.random.RandomState(1).randn(4, 2, 3).astype(np.float32)
    out, last = layer(Tensor(x), None, Tensor([2, 4], ms.int32))
    wanted = [
        [[0.10882705, 0.07796502, -0.29971752, 0.13783205], [-0.03410686, 0.55191004, 0.98426008, -0.03404498]],
        [[0.10337453, 0.04226434, -0.72832954, -0.04218775], [0.47666997, 0.94703889, 0.96220034, -0.05931818]],
        [[0, 0, 0, 0], [-0.11436909, 0.95053923, 0.10326433, -0.20925069]],
        [[0, 0, 0, 0], [0.31831032, -0.16659248, 0.72879308, -0.23068208]],
    ]
    np.testing.assert_allclose(out.asnumpy(), wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(last.asnumpy()[0], [wanted[1][0][:2], wanted[3][1][:2]], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(last.asnumpy()[1], [wanted[0][0][2:], wanted[0][1][2:]], rtol=1e-4, atol=1e-5)


def test_recurrent_layers_on_top_of_each_other(mode):
    layer = nn.LSTM(3, 2, num_layers=2, dropout=0.5).set_train()
    out, (h, c) = layer(ops.ones((4, 2, 3)))
    assert out.shape == (4, 2, 2) and h.shape == c.shape == (2, 2, 2)
    h, c = nn.LSTMCell(3, 2)(ops.ones((4, 3)), (ops.zeros((4, 2)), ops.zeros((4, 2))))
    assert h.shape == c.shape == (4, 2)


# ---------------------------------------------------------------- state and training
def test_batch_norm_moves_its_averages_in_training_only(mode):
    net = nn.BatchNorm2d(3, momentum=0.8)
    x = RNG.normal(2.0, 3.0, (4, 3, 2, 2)).astype(np.float32)
    mean, variance = np.zeros(3), np.ones(3)
    net.set_train()
    for _ in range(3):
        out = net(Tensor(x))
        mean = 0.8 * mean + 0.2 * x.mean((0, 2, 3))
        variance = 0.8 * variance + 0.2 * x.var((0, 2, 3), ddof=1)
    np.testing.assert_allclose(out.asnumpy(), normed(x, (0, 2, 3)), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(net.moving_mean.asnumpy(), mean, rtol=1e-4)
    np.testing.assert_allclose(net.moving_variance.asnumpy(), variance, rtol=1e-4)
    net.set_train(False)
    wanted = (x - channel(mean)) / np.sqrt(channel(variance) + 1e-5)
    np.testing.assert_allclose(net(Tensor(x)).asnumpy(), wanted, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(net.moving_mean.asnumpy(), mean, rtol=1e-4)


def test_batch_norm_in_a_gradient(mode):
    net = nn.SequentialCell(nn.Dense(3, 2), nn.BatchNorm1d(2)).set_train()
    grads = ms.grad(lambda x: (net(x) ** 3).sum(), None, net.trainable_params())(
        Tensor(RNG.normal(size=(8, 3)).astype(np.float32))
    )
    assert [g.shape for g in grads] == [(2, 3), (2,), (2,), (2,)]
    assert (net[1].moving_mean.asnumpy() != 0).all()


@pytest.mark.parametrize("make", [lambda: nn.BatchNorm3d(2), lambda: nn.SyncBatchNorm(2), lambda: nn.InstanceNorm1d(2)])
def test_other_norms_move_their_averages(make, mode):
    net = make().set_train()
    shape = {"BatchNorm3d": (2, 2, 2, 2, 2), "SyncBatchNorm": (4, 2), "InstanceNorm1d": (2, 2, 4)}[net.cls_name]
    assert net(Tensor(RNG.normal(1.0, 1.0, shape).astype(np.float32))).shape == shape
    moving = net.bn2d.moving_mean if hasattr(net, "bn2d") else net.moving_mean
    assert (moving.asnumpy() != 0).all()


def test_dropout(mode):
    x = ops.ones((100, 100))
    layer = nn.Dropout(p=0.3)
    assert (layer(x).asnumpy() == 1).all()
    layer.set_train()
    first, second = layer(x).asnumpy(), layer(x).asnumpy()
    assert abs((first == 0).mean() - 0.3) < 0.03 and (first != second).any()
    np.testing.assert_allclose(first[first != 0], 1 / 0.7, rtol=1e-6)
    assert (nn.Dropout(1.0).set_train()(x).asnumpy() == 1).all()


def test_dropout_of_channels(mode):
    out = nn.Dropout2d(0.5).set_train()(ops.ones((20, 30, 2, 3))).asnumpy()
    whole = out.reshape(600, 6)
    assert ((whole == 0).all(1) | (whole == 2).all(1)).all() and 0.3 < (whole[:, 0] == 0).mean() < 0.7
    assert (nn.Dropout3d(1.0).set_train()(ops.ones((1, 2, 1, 1, 1))).asnumpy() == 0).all()


def test_embedding(mode):
    table = RNG.normal(size=(4, 3)).astype(np.float32)
    layer = nn.Embedding(4, 3, embedding_table=Tensor(table))
    ids = np.array([[1, 3], [1, -1]], np.int32)
    np.testing.assert_array_equal(layer(Tensor(ids)).asnumpy(), table[ids])
    one_hot = nn.Embedding(4, 3, use_one_hot=True, embedding_table=Tensor(table))
    np.testing.assert_allclose(one_hot(Tensor(ids[:1])).asnumpy(), table[ids[:1]], rtol=1e-6)
    (grad,) = ms.grad(lambda i: layer(i).sum(), None, [layer.embedding_table])(Tensor(ids))
    np.testing.assert_array_equal(grad.asnumpy(), np.array([0, 2, 0, 2], np.float32)[:, None].repeat(3, 1))
    assert (nn.Embedding(4, 3, padding_idx=2).embedding_table.asnumpy()[2] == 0).all()
    with pytest.raises(IndexError, match="4"):
        layer(Tensor([4]))


def test_embedding_lookup_cuts_long_rows(mode):
    layer = nn.EmbeddingLookup(2, 2, param_init=Tensor([[3.0, 4.0], [0.1, 0.0]]), max_norm=1.0)
    np.testing.assert_allclose(layer(Tensor([0, 1])).asnumpy(), [[0.6, 0.8], [0.1, 0.0]], rtol=1e-6)


def test_float16(mode):
    x = Tensor(RNG.normal(size=(2, 4)), ms.float16)
    for layer in (nn.Dense(4, 3), nn.LayerNorm((4,)), nn.BatchNorm1d(4), nn.GELU(), nn.Softmax()):
        assert layer.to_float(ms.float16)(x).dtype in (ms.float16, ms.float32)


def test_small_calculations(mode):
    assert nn.Range(1, 8, 3)().asnumpy().tolist() == [1, 4, 7]
    assert nn.Range(3)().dtype == ms.int32
    assert nn.OneHot(depth=3)(Tensor([0, 2])).asnumpy().tolist() == [[1, 0, 0], [0, 0, 1]]
    assert nn.Norm(0)(Tensor([3.0, 4.0])).item() == pytest.approx(5.0)
    assert nn.L1Regularizer(0.5)(Tensor([-1.0, 2.0])).item() == 1.5
    assert nn.MatMul(True)(Tensor([[1.0], [2.0]]), Tensor([[3.0], [4.0]])).item() == 11.0
    mean, variance = nn.Moments(1)(Tensor([[1.0, 3.0]]))
    assert (mean.item(), variance.item()) == (2.0, 1.0)
    assert nn.Tril()(ops.ones((2, 2))).asnumpy().tolist() == [[1, 0], [1, 1]]
    assert nn.Unflatten(1, (2, 3))(ops.ones((4, 6))).shape == (4, 2, 3)
    assert nn.Flatten(0, 1)(ops.ones((4, 6, 2))).shape == (24, 2)
    assert nn.Upsample(scale_factor=2.0, recompute_scale_factor=True)(ops.ones((1, 1, 2, 2))).shape == (1, 1, 4, 4)
    assert nn.Identity(3, a=4)(Tensor([1])).item() == 1
    assert nn.Roll(1, 0)(Tensor([1, 2, 3])).asnumpy().tolist() == [3, 1, 2]


# ---------------------------------------------------------------- activations
X1 = np.linspace(-4, 4, 12).reshape(3, 4)
ACTIVATIONS = {
    "relu": lambda x: np.maximum(x, 0), "relu6": lambda x: np.clip(x, 0, 6), "sigmoid": sigmoid, "tanh": np.tanh,
    "silu": lambda x: x * sigmoid(x), "softmax": softmax, "logsoftmax": lambda x: np.log(softmax(x)),
    "softmin": lambda x: softmax(-x), "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "gelu": lambda x: x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2,
    "fast_gelu": lambda x: x * sigmoid(1.702 * x), "softsign": lambda x: x / (1 + abs(x)),
    "prelu": lambda x: np.where(x > 0, x, 0.25 * x), "leakyrelu": lambda x: np.where(x > 0, x, 0.2 * x),
    "hswish": lambda x: x * np.clip(x / 6 + 0.5, 0, 1), "hsigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "logsigmoid": lambda x: np.log(sigmoid(x)), "softshrink": lambda x: np.sign(x) * np.maximum(abs(x) - 0.5, 0),
    "hshrink": lambda x: np.where(abs(x) > 0.5, x, 0), "tanhshrink": lambda x: x - np.tanh(x),
    "hardtanh": lambda x: np.clip(x, -1, 1), "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_by_name(name, mode):
    out = nn.get_activation(name)(Tensor(X1.astype(np.float32)))
    np.testing.assert_allclose(out.asnumpy(), ACTIVATIONS[name](X1), rtol=1e-5, atol=1e-6)


def test_activations_with_arguments(mode):
    x = Tensor(X1)
    for layer, wanted in (
        (nn.LeakyReLU(0.3), np.where(X1 > 0, X1, 0.3 * X1)), (nn.CELU(2.0), np.where(X1 > 0, X1, 2 * np.expm1(X1 / 2))),
        (nn.Hardtanh(-0.5, 1.5), np.clip(X1, -0.5, 1.5)), (nn.Threshold(0.1, 20.0), np.where(X1 > 0.1, X1, 20)),
        (nn.Softmax(0), softmax(X1.T).T), (nn.GLU(), X1[:, :2] * sigmoid(X1[:, 2:])), (nn.LogSoftmax(0),
    np.log(softmax(X1.T).T)), ):  # fmt: skip
        np.testing.assert_allclose(layer(x).asnumpy(), wanted, rtol=1e-6, atol=1e-9)
    image = RNG.normal(size=(1, 3, 2, 2))
    np.testing.assert_allclose(nn.Softmax2d()(Tensor(image)).asnumpy().sum(1), 1)


# ---------------------------------------------------------------- Parameters, printing, errors: recorded from MindSpore
PARAMETERS = {
    "nn.Dense(3, 4)": "weight(4, 3) bias(4,)",
    "nn.Dense(3, 4, has_bias=False)": "weight(4, 3)",
    "nn.Conv2d(4, 6, (3, 2), group=2, has_bias=True)": "weight(6, 2, 3, 2) bias(6,)",
    "nn.Conv1d(2, 3, 3)": "weight(3, 2, 1, 3)",
    "nn.Conv2dTranspose(2, 3, 3, has_bias=True)": "weight(2, 3, 3, 3) bias(3,)",
    "nn.Conv1dTranspose(2, 3, 3)": "weight(2, 3, 1, 3)",
    "nn.Conv3d(2, 3, 3)": "weight(3, 2, 3, 3, 3)",
    "nn.BatchNorm2d(3)": "-mean(3,) -variance(3,) gamma(3,) beta(3,)",
    "nn.BatchNorm1d(3, affine=False)": "-mean(3,) -variance(3,) -gamma(3,) -beta(3,)",
    "nn.BatchNorm3d(3)": "-bn2d.moving_mean(3,) -bn2d.moving_variance(3,) bn2d.gamma(3,) bn2d.beta(3,)",
    "nn.InstanceNorm2d(3)": "-mean(3,) -variance(3,) gamma(3,) beta(3,)",
    "nn.LayerNorm((3, 4))": "gamma(3, 4) beta(3, 4)",
    "nn.GroupNorm(2, 4)": "gamma(4,) beta(4,)",
    "nn.Embedding(4, 3)": "embedding_table(4, 3)",
    "nn.EmbeddingLookup(4, 3)": "embedding_table(4, 3)",
    "nn.PReLU(3)": "a(3,)",
    "nn.BiDense(2, 3, 4)": "weight(4, 2, 3) bias(4,)",
    "nn.RNNCell(2, 3)": "weight_ih(3, 2) weight_hh(3, 3) bias_ih(3,) bias_hh(3,)",
    "nn.LSTMCell(2, 3, False)": "weight_ih(12, 2) weight_hh(12, 3)",
    "nn.GRU(2, 3)": "weight_ih_l0(9, 2) weight_hh_l0(9, 3) bias_ih_l0(9,) bias_hh_l0(9,)",
    "nn.LSTM(2, 3, 2, False, bidirectional=True)": (
        "weight_ih_l0(12, 2) weight_ih_l0_reverse(12, 2) weight_ih_l1(12, 6) weight_ih_l1_reverse(12, 6) "
        "weight_hh_l0(12, 3) weight_hh_l0_reverse(12, 3) weight_hh_l1(12, 3) weight_hh_l1_reverse(12, 3)"
    ),
    "nn.MultiheadAttention(4, 2)": "in_proj_weight(12, 4) in_proj_bias(12,) out_proj.weight(4, 4) out_proj.bias(4,)",
    "nn.TransformerEncoderLayer(4, 2, 6)": (
        "self_attn.in_proj_weight(12, 4) self_attn.in_proj_bias(12,) self_attn.out_proj.weight(4, 4) "
        "self_attn.out_proj.bias(4,) dense1.weight(6, 4) dense1.bias(6,) dense2.weight(4, 6) dense2.bias(4,) "
        "norm1.gamma(4,) norm1.beta(4,) norm2.gamma(4,) norm2.beta(4,)"
    ),
    "nn.DenseBnAct(2, 3, has_bn=True)": (
        "dense.weight(3, 2) dense.bias(3,) -batchnorm.moving_mean(3,) -batchnorm.moving_variance(3,) "
        "batchnorm.gamma(3,) batchnorm.beta(3,)"
    ),
}


@pytest.mark.parametrize("text", PARAMETERS)
def test_parameters(text):
    """In order: name and shape, with a minus where there is no gradient."""
    found = [f"{'' if p.requires_grad else '-'}{p.name}{p.shape}" for p in eval(text).get_parameters()]
    assert " ".join(found) == PARAMETERS[text]


PRINTED = {
    "nn.Dense(3, 4)": "Dense(input_channels=3, output_channels=4, has_bias=True)",
    "nn.Dense(3, 4, has_bias=False, activation='relu')": (
        "Dense(\n  input_channels=3, output_channels=4, activation=ReLU()\n  (activation): ReLU()\n)"
    ),
    "nn.Conv2d(2, 4, (3, 2), 2, 'pad', (1, 1, 0, 0), 2, 2, True, 'normal', 'zeros')": (
        "Conv2d(input_channels=2, output_channels=4, kernel_size=(3, 2), stride=(2, 2), pad_mode=pad, padding=(1, 1, "
        "0, 0), dilation=(2, 2), group=2, has_bias=True, weight_init=normal, bias_init=zeros, format=NCHW)"
    ),
    "nn.Conv1d(2, 3, 3, weight_init='ones')": (
        "Conv1d(input_channels=2, output_channels=3, kernel_size=(1, 3), stride=(1, 1), pad_mode=same, padding=(0, "
        "0, 0, 0), dilation=(1, 1), group=1, has_bias=False, weight_init=ones, bias_init=None, format=NCHW)"
    ),
    "nn.BatchNorm2d(3, momentum=0.997)": (
        "BatchNorm2d(num_features=3, eps=1e-05, momentum=0.997, gamma=Parameter (name=gamma, shape=(3,), "
        "dtype=Float32, requires_grad=True), beta=Parameter (name=beta, shape=(3,), dtype=Float32, "
        "requires_grad=True), moving_mean=Parameter (name=mean, shape=(3,), dtype=Float32, requires_grad=False), "
        "moving_variance=Parameter (name=variance, shape=(3,), dtype=Float32, requires_grad=False))"
    ),
    "nn.LayerNorm((3,))": (
        "LayerNorm(normalized_shape=(3,), begin_norm_axis=-1, begin_params_axis=-1, gammaParameter (name=gamma, "
        "shape=(3,), dtype=Float32, requires_grad=True), beta=Parameter (name=beta, shape=(3,), dtype=Float32, "
        "requires_grad=True))"
    ),
    "nn.GroupNorm(2, 4)": "GroupNorm(num_groups=2, num_channels=4)",
    "nn.MaxPool2d((2, 3), (1, 1), 'same')": "MaxPool2d(kernel_size=(2, 3), stride=(1, 1), pad_mode=SAME)",
    "nn.MaxPool1d(2, 2)": "MaxPool1d(kernel_size=(1, 2), stride=(1, 2), pad_mode=VALID)",
    "nn.AvgPool1d(2, pad_mode='pad', padding=1)": "AvgPool1d(kernel_size=2, stride=1, pad_mode=PAD)",
    "nn.AdaptiveAvgPool2d(2)": "AdaptiveAvgPool2d()",
    "nn.Dropout()": "Dropout(keep_prob=0.5)",
    "nn.Dropout(p=0.2)": "Dropout(p=0.2)",
    "nn.Dropout2d(0.2)": "Dropout2d(p=0.8)",
    "nn.Embedding(4, 3)": (
        "Embedding(vocab_size=4, embedding_size=3, use_one_hot=False, embedding_table=Parameter "
        "(name=embedding_table, shape=(4, 3), dtype=Float32, requires_grad=True), dtype=Float32, padding_idx=None)"
    ),
    "nn.BiDense(2, 3, 4)": "BiDense(in1_channels=2, in2_channels=3, output_channels=4, has_bias=True)",
    "nn.Norm(1)": "Norm(axis=1, keep_dims=False)",
    "nn.LeakyReLU(0.3)": "LeakyReLU()",
    "nn.RNNCell(2, 3)": "RNNCell()",
    "nn.DenseBnAct(2, 3, activation='leakyrelu')": (
        "DenseBnAct(\n  (dense): Dense(input_channels=2, output_channels=3, has_bias=True)\n  (activation): "
        "LeakyReLU()\n)"
    ),
}


@pytest.mark.parametrize("text", PRINTED)
def test_printing(text):
    assert repr(eval(text)) == PRINTED[text]


def F(*shape):
    return Tensor(np.ones(shape, np.float32))


REFUSED = {
    TypeError: [
        "nn.Dense(3.0, 4)", "nn.Dense(True, 4)", "nn.Dense(3, 4, has_bias=1)", "nn.Dense(3, 4, activation=3)",
        "nn.Dense(3, 4, activation=nn.ReLU)", "nn.Dense(3, 4)(np.ones((2, 3), np.float32))", "nn.Dense(3, 4)()",
        "nn.Dense(3, 4)([1, 2, 3])", "nn.Dense(3, 4, weight_init=[1])", "nn.Conv2d(2, 2, 3.0)",
        "nn.Conv2d(2, 2, (3, 3, 3))", "nn.Conv2d(2, 2, 3, pad_mode=1)",
        "nn.Conv2d(2, 2, 3, pad_mode='pad', padding=1.5)", "nn.Conv1d(2, 2, (3,))", "nn.BatchNorm2d(3.0)",
        "nn.LayerNorm(3)", "nn.GroupNorm(2, 4, eps=1)", "nn.MaxPool2d(2.0)", "nn.MaxPool2d([2, 2])",
        "nn.MaxPool2d(2, pad_mode=1)", "nn.MaxPool1d((2,))", "nn.AdaptiveAvgPool1d(2.0)", "nn.AdaptiveAvgPool2d('a')",
        "nn.Dropout(1)", "nn.Dropout(p='a')", "nn.Dropout2d(1)", "nn.Embedding(3.0, 3)", "nn.Embedding(3, 2)(F(2))",
        "nn.Embedding(3, 2, padding_idx=1.0)", "nn.Pad([[1, 1]])", "nn.ConstantPad2d([1, 1], 0)", "nn.PReLU(1, w=1)",
        "nn.GELU(1)", "nn.Softmax(1.5)", "nn.ReLU(1)", "nn.ReLU()(3)", "nn.RNN(3, 2, dropout=1)",
        "nn.LSTM(3, 2)(F(4, 2, 3), F(1, 2, 2))", "nn.GRU(3, 2)(F(4, 2, 3), (F(1, 2, 2), F(1, 2, 2)))",
        "nn.LeakyReLU('a')(F(2))",
    ],
    ValueError: [
        "nn.Dense(0, 4)", "nn.Dense(-3, 4)", "nn.Dense(3, 4, weight_init=F(3, 4))",
        "nn.Dense(3, 4, weight_init='nope')", "nn.Dense(3, 4, bias_init=F(3))", "nn.Dense(3, 4)(F(2, 4))",
        "nn.Conv2d(2, 2, 0)", "nn.Conv2d(2, 2, 3, stride=0)", "nn.Conv2d(2, 2, 3, pad_mode='nope')",
        "nn.Conv2d(2, 2, 3, padding=1)", "nn.Conv2d(2, 2, 3, pad_mode='pad', padding=-1)",
        "nn.Conv2d(2, 2, 3, pad_mode='pad', padding=(1, 1))", "nn.Conv2d(2, 3, 3, group=2)",
        "nn.Conv2d(2, 2, 3)(F(2, 4, 4))", "nn.Conv2d(2, 2, 3)(F(1, 3, 4, 4))",
        "nn.Conv2d(2, 2, 3, pad_mode='valid')(F(1, 2, 2, 2))",
        "nn.Conv2dTranspose(2, 2, 3, output_padding=1)(F(1, 2, 3, 3))", "nn.BatchNorm2d(0)",
        "nn.BatchNorm2d(3, momentum=1.5)", "nn.BatchNorm2d(3, use_batch_statistics=1)", "nn.BatchNorm2d(3)(F(2, 3))",
        "nn.BatchNorm1d(3)(F(2, 4))", "nn.LayerNorm(())", "nn.LayerNorm((3,))(F(2, 4))", "nn.GroupNorm(2, 3)",
        "nn.GroupNorm(2, 4)(F(2, 6, 2, 2))", "nn.MaxPool2d(0)", "nn.MaxPool2d((2, 0))",
        "nn.MaxPool2d(2, pad_mode='nope')", "nn.MaxPool2d(2, padding=1)", "nn.MaxPool2d(5)(F(1, 1, 3, 3))",
        "nn.MaxPool2d(2)(F(2, 2))", "nn.AvgPool2d(2, pad_mode='pad', padding=1, divisor_override=0)",
        "nn.AvgPool2d(2, padding=1)", "nn.AdaptiveAvgPool1d(2)(F(1, 1, 5))", "nn.Dropout(0.0)", "nn.Dropout(p=1.0)",
        "nn.Dropout2d(1.5)", "nn.Flatten(3)(F(2, 3))", "nn.Embedding(3, 2, padding_idx=3)",
        "nn.Embedding(3, 2, embedding_table=F(2, 3))", "nn.Pad(((1, 1),), mode='nope')", "nn.Pad(((1, 1),))(F(2, 2))",
        "nn.Pad(((3, 3),), mode='REFLECT')(F(2))", "nn.ConstantPad1d((1, 1, 1), 0)", "nn.PReLU(2, w=[0.1])",
        "nn.Softmax(5)(F(2, 2))", "nn.Hardtanh(1.0, 0.0)", "nn.GLU()(F(2, 3))", "nn.RNN(3, 2, nonlinearity='a')",
        "nn.RNN(3, 2, dropout=1.0)", "nn.GRU(3, 2)(F(4, 2, 5))", "nn.MultiheadAttention(5, 2)",
        "nn.MultiheadAttention(4, 2)(F(2, 3, 4), F(2, 3, 4), F(2, 3, 4), attn_mask=F(5, 5))",
        "nn.TransformerEncoderLayer(4, 2, 6, activation='tanh')", "nn.BiDense(2, 3, 4)(F(2, 2), F(3, 3))",
        "nn.CentralCrop(2.0)", "nn.Range(1, 2, 0)", "nn.TimeDistributed(nn.ReLU(), 1)(F(2, 3))",
    ],
    KeyError: ["nn.Dense(3, 4, activation='nope')", "nn.get_activation('nope')"],
}  # fmt: skip


@pytest.mark.parametrize("kind, text", [(k, t) for k, texts in REFUSED.items() for t in texts])
def test_refused(kind, text):
    with pytest.raises(kind):
        eval(text)


INITIAL = {  # (layer, name of the argument, shape of the Tensor)
    "Dense": (lambda **kw: nn.Dense(2, 3, **kw), "weight_init", (3, 2)),
    "Conv2d": (lambda **kw: nn.Conv2d(2, 3, 1, **kw), "weight_init", (3, 2, 1, 1)),
    "Conv2d, bias": (lambda **kw: nn.Conv2d(2, 3, 1, has_bias=True, **kw), "bias_init", (3,)),
    "Conv1dTranspose": (lambda **kw: nn.Conv1dTranspose(2, 3, 1, **kw), "weight_init", (2, 3, 1)),
    "Conv3d": (lambda **kw: nn.Conv3d(2, 3, 1, **kw), "weight_init", (3, 2, 1, 1, 1)),
    "Embedding": (lambda **kw: nn.Embedding(3, 2, **kw), "embedding_table", (3, 2)),
    "LayerNorm": (lambda **kw: nn.LayerNorm((2,), **kw), "gamma_init", (2,)),
    "BatchNorm2d": (lambda **kw: nn.BatchNorm2d(2, **kw), "gamma_init", (2,)),
}


@pytest.mark.parametrize("name", INITIAL)
def test_a_layer_keeps_no_second_copy_of_its_weights(name):
    make, argument, shape = INITIAL[name]
    given = Tensor(np.random.default_rng(0).normal(size=shape).astype(np.float32))
    values, alive = given.asnumpy().copy(), weakref.ref(given)
    layer = make(**{argument: given})
    del given
    gc.collect()
    assert alive() is None
    assert any(p.size == values.size and (p.asnumpy().ravel() == values.ravel()).all() for p in layer.get_parameters())
    assert str(layer)


def test_messages_name_the_layer_and_the_users_line(mode):
    with pytest.raises(
        ValueError, match=r"For 'Dense', the argument 'in_channels' must be a positive int, but got -3\."
    ) as caught:
        nn.Dense(-3, 4)
    assert "test_layers.py" in str(caught.value)
    with pytest.raises(ValueError, match=r"For 'Conv2d'.*3 channels.*\(1, 4, 5, 5\)"):
        nn.Conv2d(3, 2, 3)(F(1, 4, 5, 5))
