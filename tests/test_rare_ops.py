"""Functions and primitives behind the wall (surface/functions.py, surface/primitives.py): values of the real MindSpore 2.10, gradients
by finite differences, and Taylor mode against derivatives written out."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

P = ops.operations
RECORDS = Path(__file__).parent / "records"
_spec = importlib.util.spec_from_file_location("rare_ops", RECORDS / "rare_ops.py")
rare = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(rare)
RECORDED = json.loads((RECORDS / "rare_ops.json").read_text())


def same(found, wanted) -> bool:
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(same, found, wanted))
    return np.isclose(found, wanted, 1e-4, 1e-5, equal_nan=True) if isinstance(wanted, float) else found == wanted


@pytest.mark.parametrize("name", RECORDED)
def test_a_rare_op_gives_what_mindspore_gives(name):
    found = rare.run(ms, name)[name]
    assert same(found, RECORDED[name]), f"{found}, recorded {RECORDED[name]}"


def f(*shape):
    return np.random.default_rng(0).standard_normal(shape)


GRADIENTS = {
    "bidense": (lambda x: ops.bidense(x, Tensor(f(2, 4)), Tensor(f(5, 3, 4))), f(2, 3)),
    "pdist": (lambda x: ops.pdist(x, 2.0), f(3, 4)),
    "multilabel_margin_loss": (lambda x: ops.multilabel_margin_loss(x, Tensor([[1, 2, -1, 3]], ms.int32)), f(1, 4)),
    "matrix_diag": (lambda x: ops.matrix_diag(x, (-1, 1), align="LEFT_RIGHT"), f(3, 3)),
    "matrix_diag_part": (lambda x: ops.matrix_diag_part(x, (-2, 2), 7.0), f(3, 4)),
    "space_to_batch_nd": (lambda x: ops.space_to_batch_nd(x, [2, 2], [[0, 0], [1, 1]]), f(1, 1, 2, 2)),
    "batch_to_space_nd": (lambda x: ops.batch_to_space_nd(x, [2, 2], [[0, 0], [1, 0]]), f(4, 1, 1, 2)),
    "RGBToHSV": (lambda x: P.RGBToHSV()(x), np.array([[[[0.25, 0.5, 0.4], [0.1, 0.9, 0.3]]]])),
    "LSTM": (lambda x: P.LSTM(2, 2, 1, True, True, 0.0)(x, Tensor(f(2, 1, 2)), Tensor(f(2, 1, 2)), Tensor(f(80, 1, 1)))[0], f(2, 1, 2)),
    "conv3d_transpose": (lambda x: ops.conv3d_transpose(x, Tensor(f(2, 1, 2, 2, 2)), "pad", 1, 2, 1, 2, 1), f(1, 2, 1, 2, 2)),
    "conv3d_transpose_weight": (lambda w: ops.conv3d_transpose(Tensor(f(1, 2, 1, 2, 2)), w), f(2, 1, 1, 2, 2)),
    "ResizeBicubic": (lambda x: P.ResizeBicubic(False, True)(x, (3, 5)), f(1, 1, 2, 3)),
    "Padding": (lambda x: P.Padding(3)(x), f(2, 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_of_rare_ops_equal_finite_differences(name, mode):
    function, x = GRADIENTS[name]

    def loss(x):
        out = function(x)
        return (out * Tensor(np.cos(np.arange(out.size)).reshape(out.shape))).sum()

    found = ms.grad(loss)(Tensor(x)).asnumpy()
    expected = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[at] = 1e-6
        expected[at] = (float(loss(Tensor(x + step))) - float(loss(Tensor(x - step)))) / 2e-6
    np.testing.assert_allclose(found, expected, 1e-5, 1e-6)


def test_jet_gives_the_derivatives_along_a_path(mode):
    """x(t) = 1 + t: the derivatives of sin(x) x, written out."""
    value, series = ops.jet(lambda x: ops.sin(x) * x, Tensor([1.0]), Tensor([[1.0], [0.0], [0.0]]))
    s, c = np.sin(1), np.cos(1)
    np.testing.assert_allclose(value.asnumpy(), [s], 1e-6)
    np.testing.assert_allclose(series.asnumpy()[:, 0], [s + c, 2 * c - s, -3 * s - c], 1e-5)


def test_jet_counts_the_curvature_of_the_path(mode):
    """x(t) = t^2 (its second derivative is 2): exp(x) has the second derivative 2 at 0."""
    _, series = ops.jet(ops.exp, Tensor([0.0]), Tensor([[0.0], [2.0]]))
    np.testing.assert_allclose(series.asnumpy()[:, 0], [0.0, 2.0], atol=1e-6)


def test_derivative_of_an_order(mode):
    value, third = ops.derivative(lambda x: ops.exp(2 * x), Tensor([0.5]), 3)
    np.testing.assert_allclose([float(value[0]), float(third[0])], [np.e, 8 * np.e], 1e-5)


def test_dynamic_rnn_is_the_recurrence_written_out(mode):
    draw = np.random.default_rng(0)
    x, w, b = draw.standard_normal((3, 2, 2)), draw.standard_normal((5, 12)), draw.standard_normal(12)
    h = c = np.zeros((2, 3))
    found = P.DynamicRNN(forget_bias=0.5)(*map(Tensor, (x, w, b)), None, Tensor(h[None]), Tensor(c[None]))

    def sigmoid(v):
        return 1 / (1 + np.exp(-v))

    for t in range(3):
        i, j, forget, out = np.split(np.concatenate([x[t], h], 1) @ w + b, 4, 1)
        c = sigmoid(forget + 0.5) * c + sigmoid(i) * np.tanh(j)
        h = sigmoid(out) * np.tanh(c)
        np.testing.assert_allclose(found[0][t].asnumpy(), h, 1e-6)
        np.testing.assert_allclose(found[2][t].asnumpy(), c, 1e-6)


@pytest.mark.parametrize("call", [lambda: P.CheckNumerics()(Tensor([np.nan])), lambda: P.Assert()(Tensor(False), [1])])
def test_checks_of_values_raise(call):
    with pytest.raises(RuntimeError):
        call()


def test_names_behind_the_wall_are_attributes_of_ops():
    assert ops.reduce_mean is ms.ops.functional.reduce_mean
    assert ops.Padding is P.Padding
    with pytest.raises(AttributeError, match="reduce_nothing"):
        ops.reduce_nothing  # noqa: B018


@pytest.mark.parametrize("layout", ["BSH", "SBH", "BSND", "BNSD"])
def test_flash_attention_is_the_formula_of_its_documentation(layout, mode):
    """MindSpore has no CPU kernel: NumPy written out.  Two heads of the keys serve four of the queries."""
    axes = {"BSH": (0, 2, 1, 3), "SBH": (2, 0, 1, 3), "BSND": (0, 2, 1, 3), "BNSD": (0, 1, 2, 3)}[layout]
    q, k, v = f(2, 4, 3, 5), f(2, 2, 6, 5), f(2, 2, 6, 5) * 2
    shift, mask = f(2, 4, 3, 6), np.arange(18).reshape(3, 6) % 4 == 0

    def given(x):
        x = np.transpose(x, axes).astype(np.float32)
        return Tensor(x.reshape(*x.shape[:2], -1) if layout.endswith("H") else x)

    def wanted(hidden, shift=0.0):
        scores = q @ k.repeat(2, 1).swapaxes(2, 3) * 0.3 + shift
        weights = np.exp(np.where(hidden, -np.inf, scores))
        return given(weights / weights.sum(-1, keepdims=True) @ v.repeat(2, 1)).asnumpy()

    tensors = [given(x) for x in (q, k, v)]
    later = np.arange(6) - np.arange(3)[:, None]
    for hidden, arguments in (
        (mask, {"attn_mask": Tensor(mask), "real_shift": Tensor(shift.astype(np.float32))}),
        (later > 0, {"sparse_mode": 2}), (later > 3, {"sparse_mode": 3}),
        (abs(later) > 1, {"pre_tokens": 1, "next_tokens": 1}),
    ):  # fmt: skip
        got = ops.flash_attention_score(*tensors, 4, scalar_value=0.3, input_layout=layout, **arguments)
        expected = wanted(hidden, shift if "real_shift" in arguments else 0.0)
        np.testing.assert_allclose(got.asnumpy(), expected, rtol=1e-4, atol=1e-5)
    with pytest.raises(ValueError, match="'prefix' must be None"):
        ops.flash_attention_score(*tensors, 4, input_layout=layout, prefix=(1, 1))
