"""Special functions, statistics, stacks and splits, patches and boxes against PyTorch, NumPy and MindSpore."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

torch = pytest.importorskip("torch")
special = torch.special
X = np.array([-2.5, -0.3, 0.2, 0.5, 1.0, 1.5, 2.0, 7.3, 40.0])
POSITIVE = np.array([0.2, 0.5, 1.0, 2.5, 30.0])
A, T = np.array([0.3, 1.0, 2.5, 10.0, 5.0]), np.array([0.1, 2.0, 8.0, 3.0, 0.0])
M = np.random.default_rng(1).normal(size=(2, 3))
N = np.random.default_rng(2).normal(size=(2, 3, 4, 4))

UNARY = {
    "lgamma": (ops.lgamma, torch.lgamma, X), "digamma": (ops.digamma, torch.digamma, X),
    "trigamma": (lambda x: ops.polygamma(1, x), lambda x: torch.polygamma(1, x), X),
    "polygamma3": (lambda x: ops.polygamma(3, x), lambda x: torch.polygamma(3, x), POSITIVE),
    "zeta": (lambda x: ops.zeta(x + 1.5, x), lambda x: special.zeta(x + 1.5, x), POSITIVE),
    "mvlgamma": (lambda x: ops.mvlgamma(x + 1.0, 3), lambda x: torch.mvlgamma(x + 1.0, 3), POSITIVE),
    "bessel_i0": (ops.bessel_i0, special.i0, X), "bessel_i1": (ops.bessel_i1, special.i1, X),
    "bessel_i0e": (ops.bessel_i0e, special.i0e, X), "bessel_i1e": (ops.bessel_i1e, special.i1e, X),
}  # fmt: skip


@pytest.mark.parametrize("name", UNARY)
def test_special_functions(name):
    ours, theirs, x = UNARY[name]
    wanted = theirs(torch.tensor(x)).numpy()
    for got in (ours(Tensor(x)), ms.jit(ours)(Tensor(x))):
        np.testing.assert_allclose(got.asnumpy(), wanted, rtol=1e-8, atol=1e-12)
    assert ours(Tensor(x.astype(np.float32))).dtype is ms.float32


def test_polygamma_of_numbers_below_0():
    x = np.array([-0.5, -2.3, -7.9])
    for order in range(1, 7):
        factor = (-1) ** order * float(np.prod(np.arange(1, order + 1)))
        steps = np.array([sum(factor / (v + k) ** (order + 1) for k in range(9)) for v in x])  # to numbers above 0
        wanted = torch.polygamma(order, torch.tensor(x + 9)).numpy() - steps
        np.testing.assert_allclose(ops.polygamma(order, Tensor(x)).asnumpy(), wanted, rtol=1e-9)
    assert ops.polygamma(3, Tensor([-1.0])).item() == np.inf and np.isnan(ops.polygamma(2, Tensor([0.0])).item())


def test_derivative_of_lgamma_is_digamma():
    got = ms.grad(lambda x: ops.lgamma(x).sum())(Tensor(X)).asnumpy()
    np.testing.assert_allclose(got, torch.digamma(torch.tensor(X)).numpy(), rtol=1e-10)


def test_poles():
    assert ops.lgamma(Tensor([0.0, -1.0])).asnumpy().tolist() == [np.inf, np.inf]
    assert np.isnan(ops.digamma(Tensor([-2.0])).asnumpy()).all()


def test_incomplete_gamma(mode):
    a, x = torch.tensor(A), torch.tensor(T)
    np.testing.assert_allclose(ops.igamma(Tensor(A), Tensor(T)).asnumpy(), special.gammainc(a, x).numpy(), atol=1e-13)
    np.testing.assert_allclose(ops.igammac(Tensor(A), Tensor(T)).asnumpy(), special.gammaincc(a, x).numpy(), atol=1e-13)
    got = ms.grad(lambda p, q: ops.igamma(p, q).sum(), (0, 1))(Tensor(A[:4]), Tensor(T[:4]))
    h = 1e-6
    for k, g in enumerate(got):
        up, down = [a[:4].clone(), x[:4].clone()], [a[:4].clone(), x[:4].clone()]
        up[k] += h
        down[k] -= h
        difference = (special.gammainc(*up) - special.gammainc(*down)) / (2 * h)
        np.testing.assert_allclose(g.asnumpy(), difference.numpy(), atol=1e-8)


def test_integers_and_neighbours(mode):
    assert ops.gcd(Tensor([4, 9, -6, 0]), Tensor(6)).asnumpy().tolist() == [2, 3, 6, 6]
    assert ops.lcm(Tensor([4, 0]), Tensor([6, 5])).asnumpy().tolist() == [12, 0]
    x, y = np.array([1.0, 0.0, -1.0, 2.0], np.float32), np.array([2.0, -1.0, 5.0, 2.0], np.float32)
    np.testing.assert_array_equal(ops.nextafter(Tensor(x), Tensor(y)).asnumpy(), np.nextafter(x, y))


# ---------------------------------------------------------------- statistics, stacks, splits
W = M.copy()
W[0, 1] = np.nan
PAIRS = {
    "nansum": (lambda: ops.nansum(Tensor(W), 1), lambda: np.nansum(W, 1)),
    "nanmean": (lambda: ops.nanmean(Tensor(W), 0, True), lambda: np.nanmean(W, 0, keepdims=True)),
    "quantile": (lambda: ops.quantile(Tensor(M), Tensor([0.1, 0.6], ms.float64), 1), lambda: np.quantile(M, [0.1, 0.6], 1)),
    "quantile_nan": (lambda: ops.quantile(Tensor(W), 0.5, 1), lambda: np.quantile(W, 0.5, 1)),
    "nanquantile": (lambda: ops.nanquantile(Tensor(W), 0.3), lambda: np.nanquantile(W, 0.3)),
    "nanmedian": (lambda: ops.nanmedian(Tensor(W), 1)[0], lambda: torch.nanmedian(torch.tensor(W), 1)[0].numpy()),
    "cov": (lambda: ops.cov(Tensor(M)), lambda: np.cov(M)),
    "cov_weights": (lambda: ops.cov(Tensor(M), aweights=Tensor([1.0, 2.0, 0.5])), lambda: np.cov(M, aweights=[1, 2, 0.5])),
    "hstack": (lambda: ops.hstack((Tensor(M), Tensor(M))), lambda: np.hstack((M, M))),
    "dstack": (lambda: ops.dstack((Tensor(M), Tensor(M))), lambda: np.dstack((M, M))),
    "column_stack": (lambda: ops.column_stack((Tensor(M[0]), Tensor(M[1]))), lambda: np.column_stack(M)),
    "vstack": (lambda: ops.vstack((Tensor(M), Tensor(M[0]))), lambda: np.vstack((M, M[0]))),
    "moveaxis": (lambda: ops.moveaxis(Tensor(N), (0, 1), (2, -1)), lambda: np.moveaxis(N, (0, 1), (2, -1))),
    "kron": (lambda: ops.kron(Tensor(M), Tensor(M[0])), lambda: np.kron(M, M[0])),
    "trapz": (lambda: ops.trapz(Tensor(M), dx=2.0, dim=0), lambda: (M[0] + M[1])),
    "tensor_split": (lambda: ops.tensor_split(Tensor(N), 3, 2)[0], lambda: np.array_split(N, 3, 2)[0]),
    "cartesian_prod": (lambda: ops.cartesian_prod(Tensor(M[0]), Tensor(M[1])),
                       lambda: torch.cartesian_prod(*torch.tensor(M)).numpy()),
    "combinations": (lambda: ops.combinations(Tensor(M[0])), lambda: torch.combinations(torch.tensor(M[0])).numpy()),
    "vander": (lambda: ops.vander(Tensor(M[0])), lambda: np.vander(M[0])),
    "batch_dot": (lambda: ops.batch_dot(Tensor(N[:, 0]), Tensor(N[:, 1])), lambda: N[:, 0] @ N[:, 1]),
    "unravel_index": (lambda: ops.UnravelIndex()(Tensor([5, 3]), Tensor([2, 3])), lambda: np.array([[1, 1], [2, 0]])),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_values(name, mode):
    ours, wanted = PAIRS[name]
    np.testing.assert_allclose(ours().asnumpy(), wanted(), rtol=1e-6, atol=1e-7)


# ---------------------------------------------------------------- patches
F = torch.nn.functional
GRID = np.random.default_rng(5).uniform(-1.3, 1.3, (2, 3, 5, 2))
PATCHES = {
    "unfold": (lambda x: ops.unfold(x, (2, 3), 1, 1, 2), lambda x: F.unfold(x, (2, 3), 1, 1, 2)),
    "fold": (lambda x: ops.fold(ops.unfold(x, 2, 2, 1), (4, 4), 2, 2, 1), lambda x: F.fold(F.unfold(x, 2, 2, 1), (4, 4), 2, 2, 1)),
    "adaptive_avg_pool1d": (lambda x: ops.adaptive_avg_pool1d(x[0], 3), lambda x: F.adaptive_avg_pool1d(x[0], 3)),
    "adaptive_max_pool1d": (lambda x: ops.adaptive_max_pool1d(x[0], 3), lambda x: F.adaptive_max_pool1d(x[0], 3)),
    "lp_pool2d": (lambda x: ops.lp_pool2d(x * x, 3, 2, 1), lambda x: F.lp_pool2d(x * x, 3, 2, 1)),
    "lp_pool1d": (lambda x: ops.lp_pool1d(x[0] ** 2, 2, 3), lambda x: F.lp_pool1d(x[0] ** 2, 2, 3)),
    "max_unpool2d": (lambda x: ops.max_unpool2d(*ops.max_pool2d(x, 2, return_indices=True), 2),
                     lambda x: F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2)),
    **{f"grid_sample-{mode}-{outside}-{corners}": (
        lambda x, m=mode, o=outside, c=corners: ops.grid_sample(x, Tensor(GRID), m, o, c),
        lambda x, m=mode, o=outside, c=corners: F.grid_sample(x, torch.tensor(GRID), m, o, c))
       for mode, outside, corners in (
           ("bilinear", "zeros", False), ("bilinear", "border", True), ("bilinear", "reflection", False),
           ("nearest", "zeros", False), ("nearest", "reflection", True))},
}  # fmt: skip


@pytest.mark.parametrize("name", PATCHES)
def test_patches_and_their_gradient(name):
    ours, theirs = PATCHES[name]
    x = torch.tensor(N, requires_grad=True)
    wanted = theirs(x)
    for got in (ours(Tensor(N)), ms.jit(ours)(Tensor(N))):
        np.testing.assert_allclose(got.asnumpy(), wanted.detach().numpy(), rtol=1e-6, atol=1e-6)
    weights = np.cos(np.arange(wanted.numel())).reshape(wanted.shape)
    (gradient,) = torch.autograd.grad((wanted * torch.tensor(weights)).sum(), x)
    got = ms.grad(lambda t: (ours(t) * Tensor(weights)).sum())(Tensor(N))
    np.testing.assert_allclose(got.asnumpy(), gradient.numpy(), rtol=1e-6, atol=1e-6)


def test_affine_grid():
    theta = np.arange(12.0).reshape(2, 2, 3)
    for corners in (True, False):
        wanted = F.affine_grid(torch.tensor(theta), (2, 1, 3, 4), align_corners=corners).numpy()
        np.testing.assert_allclose(ops.affine_grid(Tensor(theta), (2, 1, 3, 4), corners).asnumpy(), wanted, atol=1e-9)


# ---------------------------------------------------------------- boxes: values of MindSpore 2.10
IMAGE = np.arange(16, dtype=np.float32)


def test_roi_align(mode):
    features, rois = Tensor(IMAGE.reshape(1, 1, 4, 4)), Tensor([[0, 0.2, 0.3, 5, 6]])
    got = ops.ROIAlign(2, 2, 0.5, 2)(features, rois).asnumpy().ravel()
    np.testing.assert_allclose(got, [4.775, 6.225, 11.3125, 12.7625], rtol=1e-5)
    got = ops.ROIAlign(2, 2, 0.5, 2, 0)(features, rois).asnumpy().ravel()
    np.testing.assert_allclose(got, [4.15, 5.35, 9.85, 11.05], rtol=1e-5)
    point = Tensor([[0, 0.2, 0.3, 0.2, 0.3]])  # by roi_end_mode 1 it is half an element long
    got = ops.ROIAlign(2, 2, 0.5, 2)(Tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), point).asnumpy().ravel()
    np.testing.assert_allclose(got, [1.775, 2.025, 2.275, 2.525], rtol=1e-5)


def test_crop_and_resize(mode):
    got = ops.CropAndResize()(Tensor(IMAGE.reshape(1, 4, 4, 1)), Tensor([[0, 0, 0.5, 0.8]]), Tensor([0]), (2, 2))
    np.testing.assert_allclose(got.asnumpy().ravel(), [0.0, 2.4, 6.0, 8.4], rtol=1e-5)


def test_nms_with_mask(mode):
    boxes = [[100, 100, 200, 200, 0.9], [101, 101, 199, 200, 0.8], [0, 0, 10, 10, 0.95]]
    ordered, index, kept = ops.NMSWithMask(0.5)(Tensor(boxes, ms.float32))
    np.testing.assert_allclose(ordered.asnumpy()[:, 4], [0.95, 0.9, 0.8], rtol=1e-6)
    assert index.asnumpy().tolist() == [0, 1, 2] and kept.asnumpy().tolist() == [True, True, False]


# ---------------------------------------------------------------- sequences
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_ctc_loss(reduction, mode):
    """Loss and gradient of PyTorch, with repeated labels and lengths that differ."""
    x = np.random.default_rng(0).normal(size=(7, 3, 5))
    targets, lengths, sizes = np.array([[1, 2, 2], [3, 3, 0], [4, 1, 2]]), np.array([7, 5, 6]), np.array([3, 2, 1])
    t = torch.tensor(x, requires_grad=True)
    arguments = [torch.tensor(a) for a in (targets, lengths, sizes)]
    wanted = F.ctc_loss(t.log_softmax(-1), *arguments, reduction=reduction)
    (gradient,) = torch.autograd.grad(wanted.sum(), t)

    def loss(x):
        given = [Tensor(a) for a in (targets, lengths, sizes)]
        return ops.ctc_loss(ops.log_softmax(x), *given, reduction=reduction)[0]

    np.testing.assert_allclose(loss(Tensor(x)).asnumpy(), wanted.detach().numpy(), rtol=1e-10)
    got = ms.grad(lambda x: loss(x).sum())(Tensor(x))
    np.testing.assert_allclose(got.asnumpy(), gradient.numpy(), atol=1e-12)


def test_impossible_targets():
    x = ops.log_softmax(ops.zeros((2, 1, 3)))
    given = Tensor([[1, 1]]), Tensor([2]), Tensor([2])  # two equal labels need a blank between them
    assert float(ops.ctc_loss(x, *given, reduction="sum")[0]) == np.inf
    assert float(ops.ctc_loss(x, *given, reduction="sum", zero_infinity=True)[0]) == 0


def test_ctc_primitive(mode):
    """MindSpore 2.10: CTCLoss()(log(p), [[0, 0]], [0], [2])."""
    x = Tensor(np.log(np.array([[[0.2, 0.3, 0.5]], [[0.1, 0.6, 0.3]]], np.float32)))
    loss, gradient = ops.CTCLoss()(x, Tensor([[0, 0]]), Tensor([0]), Tensor([2]))
    np.testing.assert_allclose(loss.asnumpy(), [2.0402207], rtol=1e-5)
    wanted = [[[-0.41538453, 0.3, 0.11538458]], [[-0.4384616, 0.6, -0.1615384]]]
    np.testing.assert_allclose(gradient.asnumpy(), wanted, atol=1e-6)


# ---------------------------------------------------------------- methods of Tensor, small primitives
def test_tensor_methods():
    x = Tensor([[2.0, 1.0], [1.0, 3.0]])
    assert x.stride() == [2, 1] and x.stride(1) == 1 and x.nelement() == 4 and x.device == "CPU"
    assert x.type() == "Float32" and x.type(ms.float16).dtype is ms.float16
    assert x.resize(2, 3).asnumpy().tolist() == [[2, 1, 1], [3, 0, 0]]
    assert x.reshape_as(Tensor([1, 2, 3, 4])).shape == (4,)
    assert x.itemset((0, 0), 5.0).asnumpy()[0, 0] == 5 and x.asnumpy()[0, 0] == 2
    assert float(x.ptp()) == 2 and x.argmax_with_value(0)[1].asnumpy().tolist() == [0, 1]
    assert x.clamp_(0, 2) is x and x.asnumpy().max() == 2
    assert x.real().asnumpy().tolist() == x.asnumpy().tolist() and not ops.imag(x).asnumpy().any()


def test_hooks_change_the_gradient(mode):
    def loss(x):
        return ops.HookBackward(lambda grads: grads[0] * 3.0)(x * x).sum()  # a tuple, as in MindSpore

    np.testing.assert_allclose(ms.grad(loss)(Tensor([1.0, 2.0])).asnumpy(), [6.0, 12.0])


def test_random_permutation(mode):
    order = ops.randperm(20).asnumpy()
    assert sorted(order) == list(range(20))
    padded = ops.Randperm(5, pad=-1)(3).asnumpy()
    assert sorted(padded[:3]) == [0, 1, 2] and padded[3:].tolist() == [-1, -1]


def test_constexpr_runs_on_python_values():
    @ops.constexpr
    def double(n):
        return 2 * n

    assert ms.jit(lambda x: x * double(3))(Tensor([1.0])).asnumpy().tolist() == [6.0]
