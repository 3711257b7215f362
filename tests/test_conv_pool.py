"""Convolution and pooling: values and gradients beside PyTorch's, both modes, derivatives of derivatives, errors."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.ops import conv
from minispore.ops.conv import conv2d_input_grad

# (N, C, H, W), filters, window, stride, (top, bottom, left, right), dilation, groups
CONVOLUTIONS = {
    "plain": ((2, 3, 5, 6), 4, (3, 2), (1, 1), (1, 1, 0, 1), (1, 1), 1),
    "stride dilation group": ((2, 4, 7, 6), 6, (2, 3), (2, 3), (0, 1, 2, 1), (2, 1), 2),
    "stride leaves rows over": ((1, 2, 8, 9), 3, (3, 3), (3, 2), (0, 0, 0, 0), (1, 1), 1),
    "stride beyond window": ((1, 2, 9, 9), 3, (2, 2), (3, 4), (1, 0, 0, 1), (1, 1), 1),
    "1x1": ((2, 5, 4, 3), 6, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "1x1 group": ((2, 6, 4, 3), 4, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 2),
    "1x1 padded": ((2, 5, 4, 3), 6, (1, 1), (1, 1), (1, 0, 0, 2), (1, 1), 1),
    "1x1 stride": ((2, 5, 5, 4), 6, (1, 1), (2, 2), (0, 0, 0, 0), (1, 1), 1),
    "1x1 stride, group": ((3, 6, 7, 8), 4, (1, 1), (3, 2), (0, 0, 0, 0), (1, 1), 2),
    "1x1 large planes": ((2, 5, 17, 19), 6, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "1x1 large planes, group": ((3, 4, 17, 19), 6, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 2),
    "1x1 of one element": ((1, 5, 1, 1), 6, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "1x1 shared by threads": ((4, 64, 9, 9), 48, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "1x1 large planes, shared by threads": ((4, 32, 18, 18), 48, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "tiles, results at once, rows": ((2, 3, 30, 64), 24, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
    "tiles, results at once, last vector overlaps": ((2, 3, 13, 53), 25, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
    "tiles, results at once, strips": ((2, 2, 29, 15), 36, (3, 5), (1, 1), (1, 1, 2, 2), (1, 1), 1),
    "tiles, results at once, stride": ((2, 3, 41, 100), 20, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 1),
    "depthwise": ((2, 6, 7, 7), 6, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 6),
    "depthwise stride": ((2, 4, 7, 8), 8, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 4),
    "depthwise multiplier": ((2, 3, 6, 5), 6, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 3),
    "depthwise 5x5 stride": ((2, 4, 11, 10), 4, (5, 5), (2, 2), (2, 2, 2, 2), (1, 1), 4),
    "depthwise dilation": ((1, 3, 9, 12), 3, (3, 2), (1, 1), (2, 1, 0, 2), (2, 3), 3),
    "depthwise stride dilation": ((2, 3, 13, 12), 6, (3, 4), (3, 2), (1, 0, 2, 3), (2, 3), 3),
    "depthwise stride beyond window": ((1, 3, 9, 9), 3, (2, 2), (3, 4), (1, 0, 0, 1), (1, 1), 3),
    "depthwise stride beyond image": ((1, 3, 4, 2), 3, (1, 2), (5, 4), (0, 1, 0, 0), (1, 1), 3),
    "depthwise, more padding than window": ((1, 2, 4, 4), 2, (3, 3), (1, 1), (4, 3, 5, 4), (1, 1), 2),
    "depthwise row": ((2, 3, 1, 40), 3, (1, 7), (1, 1), (0, 0, 3, 3), (1, 1), 3),
    "depthwise strips": ((1, 2, 40, 150), 2, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 2),
    "depthwise shared by threads": ((4, 32, 16, 16), 32, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 32),
    "depthwise bunches": ((37, 5, 6, 7), 5, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 5),
    "depthwise bunches stride": ((37, 5, 8, 7), 5, (3, 5), (2, 3), (1, 1, 2, 1), (1, 1), 5),
    "lanes, 5x5": ((2, 35, 7, 7), 35, (5, 5), (1, 1), (2, 2, 2, 2), (1, 1), 35),
    "lanes, multiplier stride": ((3, 18, 9, 6), 36, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 18),
    "lanes, two channels": ((2, 40, 8, 5), 20, (3, 2), (1, 2), (1, 1, 0, 1), (1, 1), 20),
    "lanes, rows, stride dilation": ((1, 17, 70, 61), 17, (3, 3), (2, 2), (2, 2, 2, 2), (2, 2), 17),
    "lanes, rows of bunches": ((3, 24, 40, 37), 24, (7, 5), (1, 1), (3, 3, 2, 2), (1, 1), 24),
    "lanes, stride beyond image": ((2, 9, 4, 2), 9, (1, 2), (5, 4), (0, 1, 0, 0), (1, 1), 9),
    "lanes, more padding than window": ((2, 8, 4, 4), 8, (3, 3), (1, 1), (4, 3, 5, 4), (1, 1), 8),
    "lanes, few pixels": ((5, 33, 2, 1), 33, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 33),
    "lanes, short planes side by side": ((3, 40, 2, 2), 40, (5, 5), (1, 1), (2, 2, 2, 2), (1, 1), 40),
    "lanes, short planes to the end": ((1, 33, 3, 1), 33, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 33),
    "lanes, large window": ((2, 17, 15, 14), 17, (13, 11), (1, 1), (6, 6, 5, 5), (1, 1), 17),
    "lanes, large window, large image": ((1, 16, 50, 39), 16, (9, 8), (1, 1), (4, 4, 4, 3), (1, 1), 16),
    "lanes, large window, stride dilation": ((2, 9, 21, 18), 9, (9, 7), (2, 2), (8, 9, 6, 5), (2, 2), 9),
    "lanes, window larger than image": ((2, 16, 4, 3), 16, (15, 9), (1, 1), (7, 7, 4, 4), (1, 1), 16),
    "lanes, several blocks at a time": ((3, 600, 4, 4), 600, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 600),
    "lanes, several blocks, stride": ((2, 595, 5, 5), 595, (5, 5), (2, 2), (2, 2, 2, 2), (1, 1), 595),
    "planes, several channels at a time": ((3, 70, 7, 7), 70, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 70),
    "planes, several channels, 5x5": ((3, 23, 15, 32), 23, (5, 5), (1, 1), (2, 2, 2, 2), (1, 1), 23),
    "planes, stride, narrow": ((3, 40, 8, 9), 40, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 40),
    "planes, 5x5": ((2, 5, 14, 30), 5, (5, 5), (1, 1), (2, 2, 2, 2), (1, 1), 5),
    "planes, narrow": ((3, 21, 9, 7), 21, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 21),
    "planes, edges, dilation": ((2, 3, 21, 38), 3, (3, 4), (1, 1), (2, 3, 4, 1), (1, 3), 3),
    "planes, blocks of rows": ((1, 2, 70, 93), 2, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 2),
    "planes, stride": ((2, 3, 45, 47), 3, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 3),
    "planes, stride, even window": ((2, 2, 33, 30), 2, (4, 2), (2, 2), (0, 2, 2, 3), (1, 1), 2),
    "planes, stride, odd columns": ((3, 2, 14, 35), 2, (3, 3), (2, 2), (1, 0, 0, 1), (1, 1), 2),
    "planes, stride, row": ((2, 2, 13, 18), 2, (1, 3), (2, 2), (0, 0, 4, 1), (1, 1), 2),
    "planes, more padding than window": ((1, 2, 9, 18), 2, (3, 2), (1, 1), (4, 3, 5, 4), (1, 1), 2),
    "planes, rows beyond": ((2, 3, 3, 17), 3, (5, 1), (1, 1), (0, 3, 0, 0), (1, 1), 3),
    "two channels a group": ((2, 6, 7, 8), 6, (3, 3), (2, 1), (1, 1, 1, 1), (1, 1), 3),
    "tiles, dilated, as many elements as the image": ((3, 2, 2, 2), 2, (2, 2), (2, 2), (0, 1, 0, 1), (2, 2), 1),
    "tiles, the image is not seen": ((2, 3, 1, 2), 5, (2, 2), (2, 2), (1, 1, 1, 1), (2, 2), 1),
    "more padding than window": ((1, 2, 4, 4), 3, (3, 3), (1, 1), (4, 3, 5, 4), (1, 1), 1),
    "shrinks": ((3, 4, 9, 9), 5, (5, 5), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "by fours": ((2, 16, 8, 9), 16, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
    "by fours, rows over": ((3, 17, 7, 10), 19, (3, 2), (1, 1), (1, 1, 0, 1), (1, 2), 1),
    "by fours, spans": ((10, 40, 6, 5), 33, (3, 3), (1, 1), (2, 0, 1, 1), (1, 1), 1),
    "by fours, large": ((5, 34, 12, 11), 36, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
    "by fours, parts of the filters": ((4, 16, 16, 16), 150, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
    "by fours, groups": ((5, 32, 11, 8), 32, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 2),
    "by fours, bunches": ((37, 16, 4, 4), 16, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
    "few pixels": ((3, 40, 5, 6), 33, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
    "few pixels, one image": ((1, 40, 7, 6), 33, (3, 2), (1, 1), (1, 0, 2, 1), (1, 1), 1),
    "few pixels, stride dilation group": ((3, 66, 9, 12), 70, (3, 2), (2, 3), (2, 0, 1, 2), (2, 3), 2),
    "few pixels, more padding than window": ((2, 36, 4, 3), 36, (3, 3), (2, 1), (4, 3, 5, 4), (1, 1), 1),
    "few pixels, stride beyond image": ((2, 36, 5, 3), 36, (2, 2), (7, 4), (1, 0, 0, 1), (1, 1), 1),
    "strips": ((1, 48, 33, 60), 20, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
    "wide": ((1, 3, 5, 300), 17, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
    "tiles, strips, stride": ((2, 5, 33, 40), 20, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 1),
    "tiles, spans of channels": ((2, 70, 18, 17), 9, (3, 3), (2, 1), (1, 1, 1, 1), (1, 1), 1),
    "tiles, images side by side": ((7, 12, 6, 5), 50, (5, 5), (2, 2), (2, 2, 2, 2), (1, 1), 1),
    "tiles, many channels": ((3, 130, 12, 10), 260, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1),
    "planes, 7x7": ((2, 9, 12, 22), 9, (7, 7), (1, 1), (3, 3, 3, 2), (1, 1), 9),
    "planes, 5x5 by two": ((2, 9, 15, 30), 9, (5, 5), (2, 2), (2, 2, 2, 2), (1, 1), 9),
    "tiles, columns of one copy": ((2, 18, 20, 29), 8, (3, 3), (1, 1), (1, 2, 0, 1), (1, 1), 1),
    "tiles, columns of one copy, stride": ((2, 12, 31, 45), 8, (3, 5), (2, 2), (1, 1, 2, 1), (1, 1), 1),
    "tiles, columns of one copy, strips": ((1, 20, 50, 64), 8, (5, 3), (1, 1), (2, 2, 4, 4), (1, 4), 1),
    "tiles, one channel in a group": ((4, 3, 20, 20), 60, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 3),
    "tiles, 1x1": ((3, 40, 12, 18), 50, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "tiles, 1x1, pixels of several images": ((9, 50, 7, 7), 40, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "tiles, 1x1, panels that are fetched ahead": ((2, 176, 25, 32), 36, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "tiles, 1x1, panels that are copied": ((2, 336, 20, 20), 600, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "tiles, 1x1, large image with a stride": ((2, 64, 55, 49), 33, (1, 1), (2, 2), (0, 0, 0, 0), (1, 1), 1),
    "tiles, 1x1, large image with a long stride": ((3, 40, 61, 50), 33, (1, 1), (1, 3), (0, 0, 0, 0), (1, 1), 1),
    "tiles, 1x1, more channels than filters": ((5, 200, 9, 20), 24, (1, 1), (2, 2), (0, 0, 0, 0), (1, 1), 1),
    "whole image": ((3, 5, 4, 6), 7, (4, 6), (1, 1), (0, 0, 0, 0), (1, 1), 1),
    "whole image, group": ((2, 6, 3, 3), 4, (3, 3), (1, 1), (0, 0, 0, 0), (1, 1), 2),
    "tiles, filters in lanes": ((3, 20, 11, 9), 64, (3, 5), (2, 2), (1, 1, 2, 2), (1, 1), 1),
    "tiles, rows without taps": ((2, 24, 9, 7), 40, (2, 2), (3, 3), (0, 0, 0, 0), (1, 1), 1),
    "tiles, window beyond image": ((9, 20, 5, 4), 40, (7, 5), (1, 1), (3, 3, 2, 2), (1, 1), 1),
    "tiles, edge, stride dilation group": ((6, 36, 7, 6), 70, (3, 5), (2, 1), (1, 1, 4, 4), (1, 2), 2),
    "tiles, window spread beyond image": ((1, 20, 25, 27), 33, (3, 3), (1, 1), (14, 14, 14, 14), (14, 14), 1),
    "tiles, taps that see nothing": ((5, 20, 4, 4), 32, (3, 3), (1, 1), (6, 6, 6, 6), (6, 6), 1),
    "split between threads": ((8, 6, 14, 14), 16, (5, 5), (1, 1), (0, 0, 0, 0), (1, 1), 1),
}


def _arrays(case, dtype):
    shape, filters, window, _, _, _, groups = case
    rng = np.random.default_rng(3)
    x = rng.standard_normal(shape).astype(dtype)
    return x, rng.standard_normal((filters, shape[1] // groups, *window)).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_convolution_and_gradients_equal_pytorch(name, dtype, mode):
    torch = pytest.importorskip("torch")
    case = CONVOLUTIONS[name]
    *_, stride, pad, dilation, groups = case
    x, w = _arrays(case, dtype)
    tx, tw = torch.tensor(x, requires_grad=True), torch.tensor(w, requires_grad=True)
    padded = torch.nn.functional.pad(tx, (pad[2], pad[3], pad[0], pad[1]))
    expected = torch.nn.functional.conv2d(padded, tw, None, stride, 0, dilation, groups)
    g = np.random.default_rng(4).standard_normal(tuple(expected.shape)).astype(dtype)
    expected.backward(torch.tensor(g))

    def loss(x, w, g):
        out = ops.conv2d(x, w, None, stride, "pad", pad, dilation, groups)
        return (out * g).sum(), out

    grads, (out,) = ms.grad(loss, (0, 1), has_aux=True)(Tensor(x), Tensor(w), Tensor(g))
    for found, wanted in zip((out, *grads), (expected.detach(), tx.grad, tw.grad)):
        wanted = wanted.numpy()
        assert found.shape == wanted.shape and found.asnumpy().dtype == dtype
        tolerance = (3e-5 if dtype == np.float32 else 1e-12) * max(1.0, abs(wanted).max())
        np.testing.assert_allclose(found.asnumpy(), wanted, rtol=0, atol=tolerance)


@pytest.mark.parametrize(
    "name", [name for name in CONVOLUTIONS if name.startswith(("tiles", "by fours", "few", "lanes", "planes"))]
)
def test_compiled_convolutions_equal_sums_in_float64(name, graph_mode):
    shape, filters, window, stride, pad, dilation, group = CONVOLUTIONS[name]
    rng = np.random.default_rng(3)
    x, w = rng.standard_normal(shape), rng.standard_normal((filters, shape[1] // group, *window))
    how = {"stride": stride, "pad": pad, "dilation": dilation, "group": group}
    (y,) = conv._conv_numpy(x, w, **how)
    g = rng.standard_normal(y.shape)
    (dx,) = conv._input_grad_numpy(g, w, x_shape=x.shape, **how)
    (dw,) = conv._weight_grad_numpy(x, g, w_shape=w.shape, **how)
    xs, ws, gs = (Tensor(a.astype(np.float32)) for a in (x, w, g))
    found = [
        ms.jit(lambda x, w: conv._conv(x, w, **how))(xs, ws),
        ms.jit(lambda g, w: conv._input_grad(g, w, x_shape=x.shape, **how))(gs, ws),
        ms.jit(lambda x, g: conv._weight_grad(x, g, w_shape=w.shape, **how))(xs, gs),
    ]
    for got, want in zip(found, (y, dx, dw)):
        np.testing.assert_allclose(got.asnumpy(), want, rtol=0, atol=3e-6 * abs(want).max())


@pytest.mark.parametrize("images", [0, 1, 3])
@pytest.mark.parametrize("group", [1, 12])
def test_convolutions_of_no_image_and_of_one(images, group, graph_mode):
    rng = np.random.default_rng(5)
    x, w = rng.standard_normal((images, 12, 5, 4)), rng.standard_normal((24, 12 // group, 3, 3))
    how = {"stride": (1, 2), "pad": (1, 1, 1, 1), "dilation": (1, 1), "group": group}
    (y,) = conv._conv_numpy(x, w, **how)
    xs, ws, gs = (Tensor(a.astype(np.float32)) for a in (x, w, y))
    dx = ms.jit(lambda g, w: conv._input_grad(g, w, x_shape=x.shape, **how))(gs, ws).asnumpy()
    dw = ms.jit(lambda x, g: conv._weight_grad(x, g, w_shape=w.shape, **how))(xs, gs).asnumpy()
    np.testing.assert_allclose(ms.jit(lambda x, w: conv._conv(x, w, **how))(xs, ws).asnumpy(), y, rtol=0, atol=3e-5)
    np.testing.assert_allclose(dx, conv._input_grad_numpy(y, w, x_shape=x.shape, **how)[0], rtol=0, atol=1e-4)
    np.testing.assert_allclose(dw, conv._weight_grad_numpy(x, y, w_shape=w.shape, **how)[0], rtol=0, atol=1e-4)


def test_infinity_stays_in_its_channel(graph_mode):
    """Channels and images lie in the lanes of one vector."""
    x = np.ones((2, 9, 6, 5), np.float32)
    x[1, 4, 2, 3] = np.inf
    w = Tensor(np.ones((9, 1, 3, 3), np.float32))
    layer = lambda x, w: ops.conv2d(x, w, pad_mode="pad", padding=1, groups=9)
    dw = ms.jit(ms.grad(lambda w: layer(Tensor(x), w).sum()))(w).asnumpy()
    y = ms.jit(layer)(Tensor(x), w).asnumpy()
    seen = np.zeros(y.shape, bool)
    seen[1, 4, 1:4, 2:5] = True
    np.testing.assert_array_equal(np.isinf(y), seen)
    assert not np.isnan(y).any()
    np.testing.assert_array_equal(~np.isfinite(dw), np.arange(9)[:, None, None, None] == 4 + np.zeros(dw.shape))


def test_infinity_reaches_the_windows_that_see_it(graph_mode):
    x = np.ones((2, 5, 33, 40), np.float32)
    x[1, 2, 20, 39] = np.inf
    w = Tensor(np.ones((20, 5, 3, 3), np.float32))
    y = ms.jit(lambda x: ops.conv2d(x, w, stride=2, pad_mode="pad", padding=1))(Tensor(x)).asnumpy()
    seen = np.zeros(y.shape, bool)
    seen[1, :, 10, 19] = True  # rows 19 to 21, columns 37 to 39
    np.testing.assert_array_equal(np.isinf(y), seen)
    assert not np.isnan(y).any()


@pytest.mark.parametrize("name", ["plain", "stride dilation group", "1x1", "depthwise", "by fours"])
def test_second_derivatives_equal_pytorch(name, mode):
    torch = pytest.importorskip("torch")
    case = CONVOLUTIONS[name]
    *_, stride, pad, dilation, groups = case
    x, w = _arrays(case, np.float64)

    def theirs(x, w):
        padded = torch.nn.functional.pad(x, (pad[2], pad[3], pad[0], pad[1]))
        return (torch.nn.functional.conv2d(padded, w, None, stride, 0, dilation, groups) ** 3).sum()

    tx, tw = torch.tensor(x, requires_grad=True), torch.tensor(w, requires_grad=True)
    first = torch.autograd.grad(theirs(tx, tw), (tx, tw), create_graph=True)
    second = torch.autograd.grad((first[0] ** 2).sum() + (first[1] ** 2).sum(), (tx, tw))

    def ours(x, w):
        y = ops.conv2d(x, w, None, stride, "pad", pad, dilation, groups)
        return (y * y * y).sum()

    def squares(x, w):
        a, b = ms.grad(ours, (0, 1))(x, w)
        return (a * a).sum() + (b * b).sum()

    for found, wanted in zip(ms.grad(squares, (0, 1))(Tensor(x), Tensor(w)), second):
        np.testing.assert_allclose(found.asnumpy(), wanted.numpy(), rtol=1e-8, atol=1e-8 * float(abs(wanted).max()))


def test_input_gradient_equals_finite_differences():
    x, w = _arrays(CONVOLUTIONS["stride dilation group"], np.float64)

    def f(x):
        return float((ops.conv2d(Tensor(x), Tensor(w), None, (2, 3), "pad", (0, 1, 2, 1), (2, 1), 2) ** 2).sum())

    found = ms.grad(lambda t: (ops.conv2d(t, Tensor(w), None, (2, 3), "pad", (0, 1, 2, 1), (2, 1), 2) ** 2).sum())(
        Tensor(x)
    )
    for at in ((0, 0, 0, 0), (1, 3, 6, 5), (0, 2, 3, 1)):
        up, down = x.copy(), x.copy()
        up[at] += 1e-6
        down[at] -= 1e-6
        assert found.asnumpy()[at] == pytest.approx((f(up) - f(down)) / 2e-6, rel=1e-6, abs=1e-6)


def test_products_at_points_are_nearly_as_exact_as_sums(graph_mode):
    rng = np.random.default_rng(5)
    x, w = rng.standard_normal((4, 64, 16, 16)), rng.standard_normal((64, 64, 3, 3))
    exact = ops.conv2d(Tensor(x), Tensor(w), None, 1, "pad", 1).asnumpy()
    x, w = Tensor(x.astype(np.float32)), Tensor(w.astype(np.float32))
    found = ms.jit(lambda x, w: ops.conv2d(x, w, None, 1, "pad", 1))(x, w).asnumpy()
    assert np.abs(found - exact).max() / exact.std() < 1e-5


def test_constants_of_two_convolutions_are_kept_apart(graph_mode):
    x, w = _arrays(CONVOLUTIONS["by fours"], np.float32)
    expected = ops.conv2d(Tensor(x), Tensor(w), None, 1, "pad", 1).asnumpy()
    for _ in range(20):
        twice = ms.jit(lambda x, w: ops.conv2d(x, w, None, 1, "pad", 1) + 0.5 * ops.conv2d(x, w, None, 1, "same"))
        np.testing.assert_allclose(twice(Tensor(x), Tensor(w)).asnumpy(), 1.5 * expected, rtol=1e-4, atol=1e-4)


def test_pad_modes_and_bias(mode):
    x = Tensor(np.arange(20, dtype=np.float32).reshape(1, 1, 4, 5))
    w, b = ops.ones((2, 1, 2, 2)), Tensor([1.0, 10.0])
    assert ops.conv2d(x, w).shape == (1, 2, 3, 4)
    assert ops.conv2d(x, w, pad_mode="same", stride=2).shape == (1, 2, 2, 3)
    same = ops.conv2d(x, w, b, pad_mode="same").asnumpy()
    assert same.shape == (1, 2, 4, 5)
    assert same[0, 0, 3, 4] == 19 + 1 and same[0, 1, 0, 0] == 0 + 1 + 5 + 6 + 10  # the odd padding is at the end
    assert ops.conv2d(x, w, pad_mode="pad", padding=(1, 2, 0, 3)).shape == (1, 2, 6, 7)
    assert ops.conv2d(x, w, pad_mode="pad", padding=(1, 0)).shape == (1, 2, 5, 4)


def test_half_precision_is_summed_in_float32(mode):
    x, w = _arrays(CONVOLUTIONS["plain"], np.float32)
    out = ops.conv2d(Tensor(x.astype(np.float16)), Tensor(w.astype(np.float16)))
    assert out.dtype == ms.float16
    np.testing.assert_allclose(out.asnumpy(), ops.conv2d(Tensor(x), Tensor(w)).asnumpy(), rtol=2e-2, atol=2e-2)


def test_empty_batch(mode):
    x, w = Tensor(np.zeros((0, 3, 5, 5), np.float32)), Tensor(np.ones((2, 3, 3, 3), np.float32))
    assert ops.conv2d(x, w).shape == (0, 2, 3, 3)
    grad = ms.grad(lambda w: ops.conv2d(x, w).sum())(w)
    assert grad.shape == w.shape and not grad.asnumpy().any()


def test_one_and_three_dimensions(mode):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(6)
    x, w = rng.standard_normal((2, 4, 9)), rng.standard_normal((6, 2, 3))
    found = ops.conv1d(Tensor(x), Tensor(w), None, 2, "pad", 1, 2, 2).asnumpy()
    np.testing.assert_allclose(found, torch.conv1d(torch.tensor(x), torch.tensor(w), None, 2, 1, 2, 2), atol=1e-12)
    x, w, b = rng.standard_normal((2, 4, 5, 6, 7)), rng.standard_normal((6, 2, 3, 2, 3)), rng.standard_normal(6)
    found = ops.conv3d(Tensor(x), Tensor(w), Tensor(b), (2, 1, 2), "pad", (1, 0, 1), 1, 2).asnumpy()
    theirs = torch.conv3d(torch.tensor(x), torch.tensor(w), torch.tensor(b), (2, 1, 2), (1, 0, 1), 1, 2)
    np.testing.assert_allclose(found, theirs, atol=1e-12)


def test_transposed_convolution_equals_pytorch(mode):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(7)
    x, w, b = rng.standard_normal((2, 4, 5, 4)), rng.standard_normal((4, 3, 3, 2)), rng.standard_normal(6)
    found = ops.conv_transpose2d(Tensor(x), Tensor(w), Tensor(b), 2, (1, 0), 1, 2, (2, 1)).asnumpy()
    theirs = torch.nn.functional.conv_transpose2d(
        torch.tensor(x), torch.tensor(w), torch.tensor(b), 2, (1, 0), 1, 2, (2, 1)
    )
    np.testing.assert_allclose(found, theirs, atol=1e-12)


@pytest.mark.parametrize("pad", [0, 1, 3])
def test_output_padding_as_long_as_the_stride(pad, mode):
    rng = np.random.default_rng(8)
    x, w = rng.standard_normal((2, 3, 5, 4)), rng.standard_normal((3, 2, 3, 3))
    whole = np.zeros((2, 2, 5 + 7, 4 + 7))  # 6 more than the input for the window, one for the output's padding
    for i in range(3):
        for j in range(3):
            whole[:, :, 3 * i : 3 * i + 5, 3 * j : 3 * j + 4] += np.einsum("nchw,co->nohw", x, w[:, :, i, j])
    whole = np.pad(whole, ((0, 0), (0, 0), (0, 1), (0, 1)))
    want = whole[:, :, pad : 5 + 6 - pad + 2, pad : 4 + 6 - pad + 2]
    call = lambda x: ops.conv_transpose2d(x, Tensor(w), None, 1, pad, 2, 1, 3)
    np.testing.assert_allclose(call(Tensor(x)).asnumpy(), want, atol=1e-12)
    g, d = rng.standard_normal(want.shape), rng.standard_normal(x.shape)
    found = ms.grad(lambda x: (call(x) * Tensor(g)).sum())(Tensor(x)).asnumpy()
    np.testing.assert_allclose((found * d).sum(), (call(Tensor(d)).asnumpy() * g).sum(), atol=1e-12)  # it is linear


X, W = np.ones((2, 4, 8, 9), np.float32), np.ones((6, 4, 3, 3), np.float32)
ERRORS = [
    (RuntimeError, (X, np.ones((6, 3, 3, 3), np.float32)), {}),
    (ValueError, (X, W), {"pad_mode": "foo"}),
    (ValueError, (X, W), {"stride": 0}),
    (ValueError, (X, W), {"stride": (1, 2, 3)}),
    (TypeError, (X, W), {"stride": 1.5}),
    (ValueError, (X, W), {"padding": 1}),
    (ValueError, (X, W), {"pad_mode": "pad", "padding": -1}),
    (ValueError, (X, W), {"dilation": 0}),
    (ValueError, (X, W), {"groups": 3}),
    (ValueError, (X, W), {"groups": 0}),
    (ValueError, (X[0], W), {}),
    (ValueError, (X, W[0]), {}),
    (ValueError, (X[:, :, :2, :2], W), {}),
    (TypeError, (X, W.astype(np.float64)), {}),
    (TypeError, (X.astype(np.int32), W.astype(np.int32)), {}),
    (ValueError, (X, W, np.ones(5, np.float32)), {}),
    (ValueError, (X, W, np.ones((6, 1), np.float32)), {}),
]


@pytest.mark.parametrize("kind, arrays, kwargs", ERRORS)
def test_errors_are_those_of_mindspore(kind, arrays, kwargs, mode):
    with pytest.raises(kind, match="For 'conv2d'"):
        ops.conv2d(*[Tensor(a) for a in arrays], **kwargs)


def test_inputs_must_be_tensors():
    with pytest.raises(TypeError, match="'input' must be a Tensor"):
        ops.conv2d(X, Tensor(W))
    with pytest.raises(TypeError, match="'bias' must be a Tensor"):
        ops.conv2d(Tensor(X), Tensor(W), 1.0)


def test_gradient_functions_check_shapes():
    with pytest.raises(ValueError, match="no convolution takes"):
        conv2d_input_grad(Tensor(X), Tensor(W), (2, 4, 5, 5))


# (shape, kernel, stride, padding)
POOLS = [
    ((2, 3, 6, 8), 2, 2, 0),
    ((2, 3, 7, 8), (3, 2), (2, 1), (1, 0)),
    ((1, 2, 5, 5), 3, 1, 1),
    ((2, 3, 7, 7), 2, 3, 0),
]


@pytest.mark.parametrize("shape, kernel, stride, padding", POOLS)
def test_max_pool_equals_pytorch(shape, kernel, stride, padding, mode):
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(8).standard_normal(shape)
    tx = torch.tensor(x, requires_grad=True)
    values, places = torch.nn.functional.max_pool2d(tx, kernel, stride, padding, return_indices=True)
    (values**2).sum().backward()
    found, at = ops.max_pool2d(Tensor(x), kernel, stride, padding, return_indices=True)
    np.testing.assert_array_equal(found.asnumpy(), values.detach())
    np.testing.assert_array_equal(at.asnumpy(), places)
    grad = ms.grad(lambda x: (ops.max_pool2d(x, kernel, stride, padding) ** 2).sum())(Tensor(x))
    np.testing.assert_allclose(grad.asnumpy(), tx.grad, rtol=1e-12)


LONG_ROWS = [  # rows that are read as they lie, and kernels of one row
    ((1, 2, 1, 150), (1, 3), (1, 2), (0, 0), 1),
    ((1, 2, 1, 151), (1, 2), (1, 2), (0, 1), 1),
    ((2, 1, 1, 50), (1, 5), (1, 3), (0, 2), 2),
    ((1, 1, 9, 120), 3, 2, 1, 1),
    ((1, 2, 8, 101), (2, 4), (1, 1), (1, 2), (2, 3)),
    ((1, 1, 12, 133), (5, 6), (3, 2), (2, 3), 1),
    ((1, 1, 4, 110), (1, 1), (2, 2), 0, 1),
]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("shape, kernel, stride, padding, dilation", LONG_ROWS)
def test_pools_of_long_rows_are_those_of_each_window(shape, kernel, stride, padding, dilation, kind, mode):
    both = lambda v: v if isinstance(v, tuple) else (v, v)
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = map(both, (kernel, stride, padding, dilation))
    x = np.random.default_rng(11).standard_normal(shape).astype(kind)
    x[..., 7], x[..., -1, 20], x[..., 30] = np.nan, np.inf, -np.inf
    wide = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=-np.inf)
    places = [np.arange(0, wide.shape[a] - d * (k - 1), s) for a, k, s, d in ((2, kh, sh, dh), (3, kw, sw, dw))]
    windows = lambda wide: np.stack(
        [wide[:, :, (places[0] + a * dh)[:, None], places[1] + b * dw] for a in range(kh) for b in range(kw)]
    )
    found = ms.jit(lambda x: ops.max_pool2d(x, kernel, stride, padding, dilation))(Tensor(x))
    np.testing.assert_array_equal(found.asnumpy(), windows(wide).max(0))
    if dilation == 1:
        x[np.isinf(x)] = 3.0
        wide = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
        found = ms.jit(lambda x: ops.avg_pool2d(x, kernel, stride, padding))(Tensor(x))
        np.testing.assert_allclose(found.asnumpy(), windows(wide).mean(0), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("shape, kernel, stride, padding", [p for p in POOLS if not isinstance(p[3], tuple)])
def test_avg_pool_equals_pytorch(shape, kernel, stride, padding, mode):
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(9).standard_normal(shape)
    tx = torch.tensor(x, requires_grad=True)
    expected = torch.nn.functional.avg_pool2d(tx, kernel, stride, padding)
    (expected**2).sum().backward()
    np.testing.assert_allclose(
        ops.avg_pool2d(Tensor(x), kernel, stride, padding).asnumpy(), expected.detach(), rtol=1e-12
    )
    grad = ms.grad(lambda x: (ops.avg_pool2d(x, kernel, stride, padding) ** 2).sum())(Tensor(x))
    np.testing.assert_allclose(grad.asnumpy(), tx.grad, rtol=1e-10, atol=1e-12)


def test_second_derivative_through_pools(mode):
    x = Tensor(np.random.default_rng(10).standard_normal((1, 2, 4, 4)))

    def squares(pool):
        return lambda x: (ms.grad(lambda x: (pool(x) ** 3).sum())(x) ** 2).sum()

    found = ms.grad(squares(lambda x: ops.max_pool2d(x, 2, 2)))(x).asnumpy()
    value = x.asnumpy()
    largest = value == value.reshape(1, 2, 2, 2, 2, 2).max((3, 5), keepdims=True).repeat(2, 3).repeat(2, 5).reshape(
        value.shape
    )
    np.testing.assert_allclose(found, np.where(largest, 36 * value**3, 0), rtol=1e-9, atol=1e-12)  # d/dx (3 x^2)^2


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 5, pad_mode="valid", has_bias=True)
        self.pool = nn.MaxPool2d(2, 2)

    def construct(self, x):
        return self.pool(ops.relu(self.conv(x))).sum()


def test_a_cell_gives_the_same_in_both_modes():
    net, x = Net(), Tensor(np.random.default_rng(11).standard_normal((8, 1, 16, 16)).astype(np.float32))
    step = ms.value_and_grad(net, None, net.trainable_params())
    eager = step(x)
    ms.set_context(mode=ms.GRAPH_MODE)
    graph = step(x)
    np.testing.assert_allclose(graph[0].asnumpy(), eager[0].asnumpy(), rtol=1e-5)
    for a, b in zip(graph[1], eager[1]):
        np.testing.assert_allclose(a.asnumpy(), b.asnumpy(), rtol=1e-4, atol=1e-3)


# (planes, window, stride, (top, bottom, left, right), dilation): frames of one plane and of many, phases, no phases, large windows
WINDOWS = {
    "3x3": ((2, 3, 9, 11), (3, 3), (1, 1), (1, 1, 1, 1), (1, 1)),
    "3x3 stride": ((5, 7, 13, 12), (3, 3), (2, 2), (1, 1, 1, 1), (1, 1)),
    "many planes": ((40, 9, 7, 7), (3, 3), (2, 2), (0, 0, 0, 0), (1, 1)),
    "long stride": ((2, 3, 14, 13), (2, 3), (3, 4), (1, 0, 0, 2), (1, 1)),
    "dilation": ((2, 2, 17, 15), (3, 2), (2, 2), (2, 1, 1, 2), (3, 2)),
    "more than the plane": ((3, 2, 3, 2), (5, 6), (1, 2), (2, 2, 3, 3), (1, 1)),
    "whole plane": ((6, 5, 4, 6), (4, 6), (4, 6), (0, 0, 0, 0), (1, 1)),
    "a row": ((2, 3, 1, 70), (1, 4), (1, 3), (0, 0, 2, 1), (1, 1)),
    "large planes": ((1, 2, 70, 90), (3, 2), (2, 2), (0, 1, 1, 0), (1, 1)),
}


def windows_written_out(x, window, stride, pad, dilation):
    """For each window (maximum, position, sum), where the first of equal elements counts, and the last NaN."""
    height, width = x.shape[2:]
    out = [
        (x.shape[2 + a] + pad[2 * a] + pad[2 * a + 1] - dilation[a] * (window[a] - 1) - 1) // stride[a] + 1
        for a in (0, 1)
    ]
    values, places, sums = (np.zeros((*x.shape[:2], *out), t) for t in (x.dtype, np.int32, x.dtype))
    for r, c in np.ndindex(*out):
        rows, columns = (
            [
                k
                for k in (i * stride[a] - pad[2 * a] + j * dilation[a] for j in range(window[a]))
                if 0 <= k < x.shape[2 + a]
            ]
            for a, i in ((0, r), (1, c))
        )
        for n, k in np.ndindex(*x.shape[:2]):
            at, best = None, -np.inf
            for y in rows:
                for z in columns:
                    v = x[n, k, y, z]
                    if v > best or np.isnan(v):
                        at, best = y * width + z, v
                    sums[n, k, r, c] += v
            if at is None:
                corner = r * stride[0] - pad[0], c * stride[1] - pad[2]
                at = min(max(corner[0], 0), height - 1) * width + min(max(corner[1], 0), width - 1)
            values[n, k, r, c], places[n, k, r, c] = best, at
    return values, places, sums


@pytest.mark.parametrize("name", WINDOWS)
def test_windows_equal_those_written_out(name, mode):
    from minispore.ops.pool import max_pool, sum_pool

    shape, window, stride, pad, dilation = WINDOWS[name]
    rng = np.random.default_rng(len(name))
    whole = rng.integers(-4, 5, shape).astype(np.float32)  # many are equal, and sums are exact
    awkward = whole.copy()
    awkward.flat[:: whole.size // 11] = np.nan
    awkward[0, 0] = -np.inf
    at = {"kernel": window, "stride": stride, "pad": pad, "dilation": dilation}
    for x in (whole, awkward):
        values, places, sums = windows_written_out(x, **{"window" if k == "kernel" else k: v for k, v in at.items()})
        both = ms.jit(lambda x: max_pool(x, **at, out_hw=values.shape[2:]))
        alone = ms.jit(lambda x: max_pool(x, **at, out_hw=values.shape[2:])[0])
        for found, wanted in zip((*both(Tensor(x)), alone(Tensor(x))), (values, places, values)):
            np.testing.assert_array_equal(found.asnumpy(), wanted)
    if dilation == (1, 1):
        values, _, sums = windows_written_out(whole, window, stride, pad, dilation)
        added = ms.jit(lambda x: sum_pool(x, kernel=window, stride=stride, pad=pad, hw=values.shape[2:]))
        np.testing.assert_array_equal(added(Tensor(whole)).asnumpy(), sums)
