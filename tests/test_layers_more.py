"""Layers beyond the everyday ones, against torch, NumPy written out, and numbers that MindSpore 2.10 gave."""

from math import lgamma

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops


def draw(*shape, seed=0, low=-1.0, high=1.0):
    return np.random.RandomState(seed).uniform(low, high, shape).astype(np.float32)


def close(x, y, **tolerance):
    np.testing.assert_allclose(x.asnumpy(), y, **{"rtol": 1e-5, "atol": 1e-5, **tolerance})


# ---------------------------------------------------------------- convolution
@pytest.mark.parametrize(
    "arguments, theirs",
    [
        ({"stride": 2, "pad_mode": "pad", "padding": 1, "output_padding": 1}, {"stride": 2, "padding": 1, "output_padding": 1}),
        ({"pad_mode": "pad", "dilation": (2, 1, 1), "group": 2}, {"dilation": (2, 1, 1), "groups": 2}),
    ],
)  # fmt: skip
def test_conv3d_transpose_is_that_of_torch(arguments, theirs, mode):
    torch = pytest.importorskip("torch")
    x, w = draw(2, 4, 3, 4, 3), draw(4, 6 // arguments.get("group", 1), 3, 2, 3, seed=1)
    net = nn.Conv3dTranspose(4, 6, (3, 2, 3), weight_init=Tensor(w), has_bias=True, bias_init=0.5, **arguments)
    given, weight = torch.tensor(x, requires_grad=True), torch.tensor(w, requires_grad=True)
    wanted = torch.nn.functional.conv_transpose3d(given, weight, torch.full((6,), 0.5), **theirs)
    close(net(Tensor(x)), wanted.detach().numpy())
    factor = draw(*wanted.shape, seed=2)
    (wanted * torch.tensor(factor)).sum().backward()
    by_x, by_w = ms.grad(lambda x: (net(x) * Tensor(factor)).sum(), 0, weights=net.weight)(Tensor(x))
    close(by_x, given.grad.numpy(), atol=1e-4)
    close(by_w, weight.grad.numpy(), atol=1e-4)


def test_sizes_of_conv3d_transpose():
    x = ops.ones((1, 2, 3, 4, 5))
    assert nn.Conv3dTranspose(2, 3, (3, 2, 4), stride=(2, 3, 1))(x).shape == (1, 3, 6, 12, 5)
    assert nn.Conv3dTranspose(2, 3, (3, 2, 4), stride=(2, 3, 1), pad_mode="valid")(x).shape == (1, 3, 7, 12, 8)
    with pytest.raises(ValueError, match="output_padding"):
        nn.Conv3dTranspose(2, 3, 2, output_padding=1)(x)


# ---------------------------------------------------------------- pooling and back
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_max_unpool_undoes_max_pool(axes, mode):
    x = draw(2, 3, *(4, 6, 4)[:axes])
    pool = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)[axes - 1](2, 2, pad_mode="pad", return_indices=True)
    values, at = pool(Tensor(x))
    unpool = (nn.MaxUnpool1d, nn.MaxUnpool2d, nn.MaxUnpool3d)[axes - 1](2)
    back = unpool(values, at).asnumpy()
    assert back.shape == x.shape and np.count_nonzero(back) == values.size
    np.testing.assert_array_equal(back[back != 0], x[back != 0])


def test_max_unpool_of_another_size():
    out = nn.MaxUnpool1d(2)(Tensor([[2.0, 4.0]]), Tensor([[1, 2]]), (5,))
    assert out.asnumpy().tolist() == [[0, 2, 4, 0, 0]]
    with pytest.raises(ValueError, match="output_size"):
        nn.MaxUnpool1d(2)(Tensor([[2.0, 4.0]]), Tensor([[1, 2]]), (9,))
    with pytest.raises(ValueError, match="shape"):
        nn.MaxUnpool1d(2)(Tensor([[2.0, 4.0]]), Tensor([[1]]))


@pytest.mark.parametrize("axes", [2, 3])
def test_fractional_max_pool_is_that_of_torch(axes, mode):
    torch = pytest.importorskip("torch")
    x, samples = draw(2, 3, *(7, 8, 6)[:axes]), draw(2, 3, axes, seed=3, low=0, high=1)
    wanted, at = getattr(torch.nn.functional, f"fractional_max_pool{axes}d")(
        torch.tensor(x), 2, (3, 4, 3)[:axes], return_indices=True, _random_samples=torch.tensor(samples)
    )
    cell = (nn.FractionalMaxPool2d, nn.FractionalMaxPool3d)[axes - 2]
    net = cell(2, (3, 4, 3)[:axes], return_indices=True, _random_samples=Tensor(samples))
    values, index = net(Tensor(x))
    np.testing.assert_array_equal(values.asnumpy(), wanted.numpy())
    np.testing.assert_array_equal(index.asnumpy(), at.numpy())
    drawn = cell(2, output_ratio=0.5)(Tensor(x))
    assert drawn.shape == (2, 3, *(3, 4, 3)[:axes]) and np.isin(drawn.asnumpy(), x).all()
    with pytest.raises(ValueError, match="fit"):
        cell(2, 8)(Tensor(x))


def test_adaptive_max_pool3d_gives_positions(mode):
    x = draw(2, 3, 4, 5, 6)
    values, at = nn.AdaptiveMaxPool3d((2, 3, 2), return_indices=True)(Tensor(x))
    flat = x.reshape(2, 3, -1)
    picked = np.take_along_axis(flat, at.asnumpy().reshape(2, 3, -1), 2).reshape(values.shape)
    np.testing.assert_array_equal(picked, values.asnumpy())
    np.testing.assert_array_equal(values.asnumpy()[:, :, 0, 0, 0], x[:, :, :2, :2, :3].max((2, 3, 4)))


# ---------------------------------------------------------------- images
def test_measures_of_images_have_mindspores_values(mode):
    x, y = (np.random.RandomState(s).uniform(0, 1, (1, 3, 24, 24)).astype(np.float32) for s in (52, 57))
    close(nn.PSNR()(Tensor(x), Tensor(y)), [7.591034])
    close(nn.SSIM()(Tensor(x), Tensor(y)), [-0.03954466])
    close(nn.SSIM(2.0, 5, 1.0, 0.02, 0.05)(Tensor(x), Tensor(y)), [0.02343091])
    levels = [np.floor(image * 255).astype(np.uint8) for image in (x, y)]
    close(nn.PSNR(255)(*map(Tensor, levels)), [7.5915475])


def test_similarity_over_scales(mode):
    x = draw(2, 1, 32, 32, low=0)
    measure = nn.MSSSIM(power_factors=(0.4, 0.6), filter_size=5)
    same, noisy = (measure(Tensor(x), Tensor(x + n * draw(*x.shape, seed=1))).asnumpy() for n in (0, 0.2))
    np.testing.assert_allclose(same, 1, rtol=1e-5)
    assert (noisy < 0.95).all() and (noisy > 0.1).all()
    names = [p.name for p in measure.get_parameters()]
    assert names == ["multi_convs_list.0.weight", "multi_convs_list.1.weight"] and not measure.trainable_params()
    with pytest.raises(ValueError, match="window"):
        nn.SSIM()(Tensor(x[:, :, :8]), Tensor(x[:, :, :8]))
    with pytest.raises(TypeError, match="one type"):
        nn.PSNR()(Tensor(x), Tensor(x).astype(ms.float16))


def test_resize_bilinear_of_mindspore_1(mode):
    torch = pytest.importorskip("torch")
    x = draw(1, 2, 4, 5)
    for corners in (False, True):
        wanted = torch.nn.functional.interpolate(torch.tensor(x), (7, 9), mode="bilinear", align_corners=corners)
        net = nn.ResizeBilinear(half_pixel_centers=not corners)
        close(net(Tensor(x), size=(7, 9), align_corners=corners), wanted.numpy())
    assert nn.ResizeBilinear()(Tensor(x), scale_factor=2).shape == (1, 2, 8, 10)
    with pytest.raises(ValueError, match="one of"):
        nn.ResizeBilinear()(Tensor(x))


# ---------------------------------------------------------------- losses
def test_ctc_loss_is_that_of_torch(mode):
    torch = pytest.importorskip("torch")
    x, target = draw(6, 2, 5), np.array([[1, 2, 2], [3, 1, 0]], np.int32)
    steps, sizes = np.array([6, 5], np.int32), np.array([3, 2], np.int32)
    given = torch.tensor(x, requires_grad=True)
    for reduction in ("none", "mean", "sum"):
        wanted = torch.nn.functional.ctc_loss(
            torch.log_softmax(given, -1), *map(torch.tensor, (target, steps, sizes)), reduction=reduction
        )
        net = nn.CTCLoss(reduction=reduction)

        def loss(x):
            return net(ops.log_softmax(x, -1), Tensor(target), Tensor(steps), Tensor(sizes))

        close(loss(Tensor(x)), wanted.detach().numpy())
    wanted.backward()
    close(ms.grad(loss)(Tensor(x)), given.grad.numpy())


def test_multilabel_margin_loss_is_that_of_torch(mode):
    torch = pytest.importorskip("torch")
    x, target = draw(2, 4), np.array([[1, 2, -1, 0], [3, -1, 1, 2]], np.int32)
    given = torch.tensor(x, requires_grad=True)
    for reduction in ("none", "sum", "mean"):
        wanted = torch.nn.functional.multilabel_margin_loss(given, torch.tensor(target).long(), reduction=reduction)
        net = nn.MultilabelMarginLoss(reduction)
        close(net(Tensor(x), Tensor(target)), wanted.detach().numpy())
    wanted.backward()
    close(ms.grad(net)(Tensor(x), Tensor(target)), given.grad.numpy())


def test_sampled_softmax_loss(mode):
    w, b, x = draw(7, 4), draw(7), draw(3, 4, seed=1)
    labels, drawn = np.array([[0], [1], [3]]), np.array([0, 1, 2, 5])
    expected = draw(3, 1, seed=2, low=0.1), draw(4, seed=3, low=0.1)
    expected = [np.abs(e) for e in expected]
    true = (x * w[labels[:, 0]]).sum(1, keepdims=True) + b[labels] - np.log(expected[0])
    logits = np.concatenate([true, x @ w[drawn].T + b[drawn] - np.log(expected[1])], 1)
    wanted = -(logits[:, 0] - np.log(np.exp(logits).sum(1)))
    net = nn.SampledSoftmaxLoss(4, 7, sampled_values=(Tensor(drawn), *map(Tensor, expected)))
    inputs = [Tensor(w), Tensor(b), Tensor(labels), Tensor(x)]
    close(net(*inputs), wanted)
    # all classes drawn and the true ones taken out: the whole softmax
    full = x @ w.T + b
    wanted = -(full[np.arange(3), labels[:, 0]] - np.log(np.exp(full).sum(1)))
    close(nn.SampledSoftmaxLoss(7, 7)(*inputs), wanted)
    with pytest.raises(ValueError, match="num_sampled"):
        nn.SampledSoftmaxLoss(8, 7)


# ---------------------------------------------------------------- tables and matrices
@pytest.mark.parametrize("operator", ["SUM", "MEAN", "MAX"])
def test_multi_field_embedding_lookup(operator, mode):
    at = np.array([[2, 4, 6, 0, 0], [1, 3, 5, 0, 0]], np.int32)
    weights = np.array([[1, 2, -1, 0, 0], [1, 1, 3, 0, 0]], np.float32)
    fields = np.array([[0, 1, 1, 0, 0], [0, 0, 0, 0, 0]], np.int32)
    table = draw(10, 2)
    wanted = np.zeros((2, 2, 2), np.float32)
    for n in range(2):
        for f in range(2):
            chosen = (fields[n] == f) & (weights[n] != 0)
            if chosen.any():
                rows = table[at[n][chosen]] * weights[n][chosen, None]
                total = np.abs(weights[n][chosen]).sum()
                wanted[n, f] = {"SUM": rows.sum(0), "MEAN": rows.sum(0) / total, "MAX": rows.max(0)}[operator]
    net = nn.MultiFieldEmbeddingLookup(10, 2, 2, param_init=Tensor(table), operator=operator)
    close(net(Tensor(at), Tensor(weights), Tensor(fields)), wanted)


def test_functions_as_cells(mode):
    a, x = draw(3, 4, low=0.5, high=2), draw(3, 4, seed=1, low=0.5, high=2)
    beta = [[lgamma(p) + lgamma(q) - lgamma(p + q) for p, q in zip(*rows)] for rows in zip(a, x)]
    close(nn.LBeta()(Tensor(a), Tensor(x)), beta, rtol=1e-4, atol=1e-5)
    close(nn.IGamma()(Tensor([1.0, 1.0]), Tensor([0.5, 2.0])), 1 - np.exp([-0.5, -2.0]), rtol=1e-4)
    m = draw(2, 3, 3) + 3 * np.eye(3, dtype=np.float32)
    close(nn.MatInverse()(Tensor(m)), np.linalg.inv(m), rtol=1e-4)
    close(nn.MatDet()(Tensor(m)), np.linalg.det(m), rtol=1e-4)
    diagonal = draw(2, 3, seed=1)
    close(nn.MatrixDiag()(Tensor(diagonal)), diagonal[:, :, None] * np.eye(3))
    changed = nn.MatrixSetDiag()(Tensor(m), Tensor(diagonal))
    close(nn.MatrixDiagPart()(changed), diagonal)
    close(changed * (1 - ops.eye(3)), m * (1 - np.eye(3)))


def test_sparse_matrix_layers(mode):
    at, values, dense = np.array([[0, 1], [2, 0], [0, 1]]), np.array([1.0, 2.0, 3.0], np.float32), draw(4, 2)
    full = np.zeros((3, 4), np.float32)
    np.add.at(full, tuple(at.T), values)
    given = Tensor(at), Tensor(values), (3, 4)
    close(nn.SparseTensorDenseMatmul()(*given, Tensor(dense)), full @ dense)
    other = draw(2, 3)
    close(nn.SparseTensorDenseMatmul(adjoint_st=True, adjoint_dt=True)(*given, Tensor(other)), full.T @ other.T)
    with pytest.raises(ValueError, match="fit"):
        nn.SparseTensorDenseMatmul()(*given, Tensor(other))


# ---------------------------------------------------------------- cells
def test_cells_that_take_a_batch_in_parts(mode):
    net = nn.Dense(3, 2)
    x = Tensor(draw(4, 3))
    parts = net(x[:2]) + net(x[2:])
    for cell in (nn.PipelineCell(net, 2), nn.MicroBatchInterleaved(net, 2)):
        close(cell(x), parts.asnumpy())
    with pytest.raises(ValueError, match="multiple"):
        nn.PipelineCell(net, 3)(x)
    close(nn.PipelineGradReducer(net.trainable_params())((x,))[0], x.asnumpy())


def test_backward_pre_hook_changes_the_gradient_that_enters():
    net = nn.ReLU()
    handle = net.register_backward_pre_hook(lambda cell, grads: grads[0] * 2)
    seen = []
    net.register_backward_hook(lambda cell, into, out: seen.append(out[0].asnumpy().tolist()))
    x = Tensor([1.0, -2.0])
    assert ms.grad(lambda x: net(x).sum())(x).asnumpy().tolist() == [2, 0] and seen == [[2, 2]]
    handle.remove()
    assert ms.grad(lambda x: net(x).sum())(x).asnumpy().tolist() == [1, 0]


def test_settings_of_cells_that_mean_nothing_on_one_cpu():
    net = nn.Dense(2, 2)
    assert net.shard(((1, 1),)) is net and net.parameter_layout_dict == {} and net.pipeline_stage == 0
    net.pipeline_stage = 1
    assert net.pipeline_stage == 1
    with pytest.raises(ValueError, match="negative"):
        net.pipeline_stage = -1


def test_transformer_of_mindspore_1_sees_what_its_masks_allow(mode):
    sizes = {"batch_size": 2, "num_layers": 2, "hidden_size": 8, "ffn_hidden_size": 16, "num_heads": 2}
    encoder = nn.transformer.TransformerEncoder(seq_length=5, hidden_dropout_rate=0.0, **sizes)
    x, causal = draw(2, 5, 8), np.tril(np.ones((2, 5, 5), np.float32))
    changed = x.copy()
    changed[:, 3:] += 1
    first, second = (encoder(Tensor(v), Tensor(causal))[0].asnumpy() for v in (x, changed))
    np.testing.assert_allclose(first[:, :3], second[:, :3], atol=1e-6)
    assert np.abs(first[:, 3:] - second[:, 3:]).max() > 0.1
    decoder = nn.transformer.TransformerDecoder(src_seq_length=5, tgt_seq_length=3, **sizes).set_train(False)
    target, only_two = draw(2, 3, 8, seed=1), np.ones((2, 3, 5), np.float32)
    only_two[:, :, 2:] = 0
    own = Tensor(np.ones((2, 3, 3), np.float32))
    outs = [decoder(Tensor(target), own, Tensor(v), Tensor(only_two))[0].asnumpy() for v in (first, second)]
    np.testing.assert_allclose(*outs, atol=1e-5)
    with pytest.raises(ValueError, match="mask"):
        encoder(Tensor(x), Tensor(causal[:, :3]))


@pytest.mark.parametrize("layer, shape", [(nn.DropoutExt, (50,)), (nn.Dropout2dExt, (2, 9, 2, 2))])
def test_dropout_in_place(layer, shape):
    """The input is what is returned, and changed; in evaluation it is not."""
    ms.set_context(mode=ms.PYNATIVE_MODE)
    x = Tensor(np.ones(shape, np.float32))
    assert layer(0.5, inplace=True).set_train(False)(x) is x and (x.asnumpy() == 1).all()
    layer(0.5).set_train()(x)
    assert (x.asnumpy() == 1).all()
    out = layer(0.5, inplace=True).set_train()(x)
    assert set(x.asnumpy().ravel()) == {0, 2}
    np.testing.assert_array_equal(out.asnumpy(), x.asnumpy())
