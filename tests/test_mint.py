"""mindspore.mint: PyTorch's signatures, compared with PyTorch itself."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, mint

torch = pytest.importorskip("torch")

X = np.array([[0.3, -1.2, 2.0], [1.5, 0.7, -0.4]], np.float32)
Y = np.array([[1.1, 0.35, -0.9], [0.5, 2.5, 1.3]], np.float32)
N = np.random.default_rng(0).normal(size=(2, 3, 4, 4)).astype(np.float32)
W = np.random.default_rng(1).normal(size=(4, 3, 3, 3)).astype(np.float32)
C = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
I = np.array([[0], [1]])

CALLS = [
    "m.sum(x, dim=1, keepdim=True)", "m.mean(x, 1)", "m.prod(x, 0)", "m.max(x, 1)", "m.max(x)", "m.max(x, y)",
    "m.min(x, 1, keepdim=True)", "m.any(x > 0, 1)", "m.all(x > 0)", "m.var(x, 1)", "m.std(x, 1, correction=0)",
    "m.logsumexp(x, 1)", "m.argmin(x, 1)", "m.argmax(x)", "m.amax(x, 1)", "m.count_nonzero(x)", "m.norm(x)",
    "m.median(x, 1)", "m.kthvalue(x, 2)", "m.sort(x, dim=1, descending=True)", "m.argsort(x)", "m.topk(x, 2)",
    "m.cumsum(x, 0)", "m.cumprod(x, 1)", "m.diff(x)", "m.cat([x, y], 1)", "m.stack([x, y], 1)", "m.split(x, 1)",
    "m.split(x, [1, 2], 1)", "m.chunk(x, 2, 1)", "m.flatten(c)", "m.flatten(c, 1)", "m.squeeze(c, 0)",
    "m.transpose(c, 0, 2)", "m.permute(c, (2, 0, 1))", "m.narrow(x, 1, 1, 2)", "m.select(x, 1, -1)",
    "m.unsqueeze(x, 1)", "m.repeat_interleave(x, 2, 0)", "m.diag(x)", "m.trace(x)", "m.gather(x, 1, i)",
    "m.index_select(x, 1, i[:, 0])", "m.scatter(x, 1, i, x[:, :1])", "m.scatter_add(x, 1, i, x[:, :1])",
    "m.index_add(x, 0, i[:, 0], y, alpha=2)", "m.add(x, y, alpha=3)", "m.sub(x, y, alpha=2)",
    "m.div(x, y, rounding_mode='floor')", "m.addcdiv(x, x, y, value=2)", "m.dot(x[0], y[0])", "m.matmul(x, y.T)",
    "m.softmax(x, 1)", "m.where(x > 0, x, y)", "m.meshgrid(x[0], y[0], indexing='ij')", "m.inverse(m.matmul(x, y.T))",
    "m.linalg.vector_norm(x, 3, dim=1)", "m.linalg.matrix_norm(x)", "m.linalg.norm(x)", "m.special.expm1(x)",
    "f.relu(x)", "f.gelu(x)", "f.gelu(x, approximate='tanh')", "f.silu(x)", "f.elu(x, 0.5)", "f.leaky_relu(x)",
    "f.hardtanh(x)", "f.threshold(x, 0.5, 7.0)", "f.glu(c)", "f.log_softmax(x, 1)", "f.normalize(x)",
    "f.linear(x, y)", "f.conv2d(n, w)", "f.conv2d(n, w, padding=1, stride=2)", "f.conv2d(n, w, padding='same')",
    "f.conv1d(c, w[:, :, 0])", "f.max_pool2d(n, 2)", "f.avg_pool2d(n, 3, 2, 1)", "f.avg_pool1d(c, 2)",
    "f.adaptive_avg_pool2d(n, 3)", "f.adaptive_max_pool2d(n, 3)", "f.adaptive_avg_pool1d(c, 3)", "f.unfold(n, 2)",
    "f.fold(f.unfold(n, 2), (4, 4), 2)", "f.pad(x, (1, 2))", "f.interpolate(n, (8, 8))", "f.layer_norm(x, (3,))",
    "f.group_norm(n, 3)", "f.one_hot(i[:, 0], 3)", "f.embedding(i, x)", "f.cross_entropy(x, i[:, 0])",
    "f.nll_loss(x, i[:, 0])", "f.mse_loss(x, y)", "f.l1_loss(x, y)", "f.smooth_l1_loss(x, y)",
    "f.binary_cross_entropy_with_logits(x, m.sigmoid(y))", "f.binary_cross_entropy(m.sigmoid(x), m.sigmoid(y))",
    "f.kl_div(x, m.softmax(y, 1), reduction='batchmean')", "f.kl_div(x, y, log_target=True, reduction='sum')",
]  # fmt: skip


def tensors(of):
    return [of(a) for a in (X, Y, N, W, C, I)]


def check(got, wanted):
    if isinstance(wanted, (list, tuple)):
        assert len(got) == len(wanted)
        for g, w in zip(got, wanted):
            check(g, w)
        return
    assert tuple(got.shape) == tuple(wanted.shape)
    np.testing.assert_allclose(got.asnumpy(), wanted.detach().numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("call", CALLS)
def test_values_of_torch(call):
    g = eval(f"lambda m, f, x, y, n, w, c, i: {call}")
    check(g(mint, mint.nn.functional, *tensors(Tensor)), g(torch, torch.nn.functional, *tensors(torch.tensor)))


def test_compiled_functions_give_the_same():
    for k in range(0, len(CALLS), 40):
        g = eval(f"lambda m, f, x, y, n, w, c, i: [{', '.join(CALLS[k : k + 40])}]")
        got = ms.jit(lambda *t, g=g: g(mint, mint.nn.functional, *t))(*tensors(Tensor))
        check(got, g(torch, torch.nn.functional, *tensors(torch.tensor)))


LAYERS = [
    ("Conv2d", "(3, 4, 3, padding=1, stride=2)", "n"), ("Conv1d", "(3, 4, 2)", "c"), ("Linear", "(3, 5)", "x"),
    ("ConvTranspose2d", "(3, 4, 3, stride=2)", "n"), ("BatchNorm2d", "(3)", "n"), ("GroupNorm", "(3, 3)", "n"),
    ("LayerNorm", "(3)", "x"), ("PReLU", "()", "x"), ("ReLU", "()", "x"), ("Softmax", "(1)", "x"),
    ("GELU", "(approximate='tanh')", "x"), ("AvgPool2d", "(2)", "n"), ("MaxPool2d", "(2, stride=1)", "n"),
    ("Flatten", "()", "c"), ("AdaptiveAvgPool2d", "(2)", "n"),
]  # fmt: skip


@pytest.mark.quick
@pytest.mark.parametrize("name, arguments, data", LAYERS)
def test_layers_have_torchs_arguments(name, arguments, data, mode):
    own = eval(f"mint.nn.{name}{arguments}")
    theirs = eval(f"torch.nn.{name}{arguments}").train()
    state = {k: v for k, v in theirs.state_dict().items() if k != "num_batches_tracked"}
    parameters = own.parameters_dict()
    assert set(parameters) == set(state)
    for key, parameter in parameters.items():
        parameter.set_data(Tensor(state[key].numpy()))
    own.set_train()
    x = dict(zip("xynwci", (X, Y, N, W, C, I)))[data]
    check(own(Tensor(x)), theirs(torch.tensor(x)))
    for key, parameter in parameters.items():  # running statistics have moved alike
        np.testing.assert_allclose(parameter.asnumpy(), theirs.state_dict()[key].numpy(), rtol=1e-4, atol=1e-5)


def test_losses_are_layers():
    target = Tensor(I[:, 0])
    assert float(mint.nn.CrossEntropyLoss(reduction="sum")(Tensor(X), target)) == pytest.approx(
        float(torch.nn.CrossEntropyLoss(reduction="sum")(torch.tensor(X), torch.tensor(I[:, 0]))), rel=1e-5
    )
    with pytest.raises(TypeError):
        mint.nn.AvgPool2d()


def test_optimizer_trains_a_linear_layer():
    net = mint.nn.Linear(3, 1)
    optimizer = mint.optim.AdamW(net.trainable_params(), lr=0.1)
    step = ms.value_and_grad(lambda x, y: mint.nn.functional.mse_loss(net(x), y), None, net.trainable_params())
    x, y = Tensor(X), Tensor(X.sum(1, keepdims=True))
    first = None
    for _ in range(60):
        loss, grads = step(x, y)
        optimizer(grads)
        first = float(loss) if first is None else first
    assert float(loss) < 0.05 * first


@pytest.mark.parametrize("args, more", [
    ((2,), {}), ((3, 2, 1, True), {}), ((3, 2, 1, False, False), {}), ((3, 2, 1), {"divisor_override": 5}),
    (((2, 3, 2),), {"ceil_mode": True}),
])  # fmt: skip
def test_avg_pool3d_takes_the_arguments_of_torch(args, more):
    torch = pytest.importorskip("torch")
    x = np.random.RandomState(0).randn(2, 3, 5, 4, 6).astype(np.float32)
    expected = torch.nn.AvgPool3d(*args, **more)(torch.tensor(x)).numpy()
    np.testing.assert_allclose(mint.nn.AvgPool3d(*args, **more)(ms.Tensor(x)).asnumpy(), expected, rtol=1e-5, atol=1e-6)


def test_layers_keep_their_arguments_as_attributes_which_count():
    layer = mint.nn.Dropout(0.5)
    assert (layer.p, layer.inplace) == (0.5, False)
    layer.p = 0.0
    np.testing.assert_array_equal(layer.set_train()(ms.ops.ones((3, 3))).asnumpy(), np.ones((3, 3)))
    table = mint.nn.Embedding(5, 3, padding_idx=1)
    assert (table.num_embeddings, table.embedding_dim, table.padding_idx) == (5, 3, 1)
    conv = mint.nn.Conv2d(2, 4, 3, padding=1)
    assert (conv.stride, conv.padding, conv.dilation, conv.transposed) == ((1, 1), (1, 1), (1, 1), False)


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({}, "weight bias running_mean running_var num_batches_tracked"),
        ({"affine": False}, "running_mean running_var num_batches_tracked"),
        ({"track_running_stats": False}, "weight bias"),
    ],
)
def test_batch_norm_has_the_parameters_of_torch_and_counts_batches(more, names, mode):
    torch = pytest.importorskip("torch")
    x = np.random.RandomState(0).randn(4, 3, 2, 2).astype(np.float32)
    layer, theirs = mint.nn.BatchNorm2d(3, **more), torch.nn.BatchNorm2d(3, **more)
    assert [p.name for p in layer.get_parameters()] == names.split() == list(theirs.state_dict())
    for training in (True, True, False):
        found, expected = layer.set_train(training)(ms.Tensor(x)), theirs.train(training)(torch.tensor(x))
        np.testing.assert_allclose(found.asnumpy(), expected.detach().numpy(), rtol=1e-4, atol=1e-5)
    if "track_running_stats" not in more:
        assert int(layer.num_batches_tracked) == 2


def test_layer_norm_without_weights_has_none():
    assert [p.name for p in mint.nn.LayerNorm(4, bias=False).get_parameters()] == ["weight"]
    bare = mint.nn.LayerNorm(4, elementwise_affine=False)
    assert not list(bare.get_parameters())
    x = np.random.RandomState(0).randn(2, 4).astype(np.float32)
    expected = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)
    np.testing.assert_allclose(bare(ms.Tensor(x)).asnumpy(), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("mode_of_image", ["nearest", "bilinear", "bicubic"])
def test_images_grow_by_factors_in_every_mode(mode_of_image):
    torch = pytest.importorskip("torch")
    x = np.random.RandomState(0).randn(1, 2, 3, 4).astype(np.float32)
    expected = torch.nn.functional.interpolate(torch.tensor(x), scale_factor=2.0, mode=mode_of_image).numpy()
    found = mint.nn.Upsample(scale_factor=2.0, mode=mode_of_image)(ms.Tensor(x))
    np.testing.assert_allclose(found.asnumpy(), expected, rtol=1e-4, atol=1e-5)


def test_a_condition_alone_gives_the_places_where_it_holds():
    rows, columns = mint.where(ms.Tensor([[True, False], [False, True]]))
    assert (rows.tolist(), columns.tolist()) == ([0, 1], [0, 1])


def test_avg_pool3d_is_the_mean_of_blocks():
    x = np.arange(64, dtype=np.float32).reshape(1, 1, 4, 4, 4)
    expected = x.reshape(1, 1, 2, 2, 2, 2, 2, 2).mean((3, 5, 7))
    np.testing.assert_allclose(mint.nn.functional.avg_pool3d(ms.Tensor(x), 2).asnumpy(), expected)
