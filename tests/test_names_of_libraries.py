"""Names that public libraries for MindSpore import: their results."""

import numpy as np
import pytest

import minispore as ms
from minispore.dataset import text
from minispore.ops import auto_generate as kernels

X = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.mark.parametrize(
    "kernel, arguments, expected",
    [
        (kernels.SumExt(), (0, True, ms.float64), X.sum(0, keepdims=True)),
        (kernels.AddExt(), (X, 2), X * 3),
        (kernels.SubExt(), (X, 2), -X),
        (kernels.MeanExt(), (1,), X.mean(1)),
        (kernels.SliceExt(), (1, 0, 9, 2), X[:, ::2]),
        (kernels.ClampScalar(), (1, 3), X.clip(1, 3)),
        (kernels.CumsumExt(), (0,), X.cumsum(0)),
        (kernels.StackExt(1), None, np.stack([X, X], 1)),
        (kernels.gen_ops_prim.Swiglu(), (0,), X[:1] / (1 + np.exp(-X[:1])) * X[1:]),
        (kernels.Std(), (1, 0), X.std(1)),
    ],
)
@pytest.mark.parametrize("jit", [False, True])
def test_kernels_of_mint_are_primitives(kernel, arguments, expected, jit):
    def call(x):
        return kernel((x, x)) if arguments is None else kernel(x, *arguments)

    arguments = arguments and tuple(ms.Tensor(a) if isinstance(a, np.ndarray) else a for a in arguments)
    got = (ms.jit(call) if jit else call)(ms.Tensor(X))
    np.testing.assert_allclose(got.asnumpy(), expected, rtol=1e-6)
    assert isinstance(kernel, ms.ops.Primitive)


def test_methods_of_a_tensor_are_functions_there():
    turned = ms.Tensor(X).T
    assert kernels.contiguous(turned).is_contiguous() and not turned.is_contiguous()
    np.testing.assert_array_equal(kernels.gen_ops_def.contiguous(turned).asnumpy(), X.T)
    with pytest.raises((AttributeError, ImportError)):
        kernels.no_such_kernel  # noqa: B018


def test_parts_and_places():
    first, second = kernels.SplitWithSize()(ms.Tensor(X), (1, 2), 1)
    assert first.asnumpy().tolist() == X[:, :1].tolist() and second.asnumpy().tolist() == X[:, 1:].tolist()
    values, places = kernels.TopkExt()(ms.Tensor(X), 2)
    assert values.asnumpy().tolist() == [[2, 1], [5, 4]] and places.asnumpy().tolist() == [[2, 1], [2, 1]]


def test_rotations_keep_lengths():
    angles = np.tile([0.3, 1.1], 2).astype(np.float32)
    x = np.random.RandomState(0).randn(5, 4).astype(np.float32)
    turned = kernels.RotaryPositionEmbedding()(*map(ms.Tensor, (x, np.cos(angles), np.sin(angles)))).asnumpy()
    pairs = (x[:, :2] + 1j * x[:, 2:]) * np.exp(1j * angles[:2])
    np.testing.assert_allclose(turned, np.concatenate([pairs.real, pairs.imag], 1), rtol=1e-5)


def test_small_helpers():
    from minispore import _checkparam, context, hal
    from minispore.train._utils import check_value_type

    @_checkparam.args_type_check(rate=float)
    def train(rate=None, **kwargs):
        return rate

    assert train(0.5) == 0.5 and train() is None
    with pytest.raises(TypeError, match="rate"):
        train("0.5")
    check_value_type("n", 3, int)
    with pytest.raises(TypeError, match="n"):
        check_value_type("n", True, int)
    with pytest.raises(ValueError):
        _checkparam.check_str_by_regular("a b-", r"^\w+$")
    assert all(hasattr(context, name) for name in context.__all__) and "set_context" in context.__all__
    assert hal.get_device_name() == "CPU" and hal.get_device_capability() is None


def test_what_is_not_there_can_be_imported():
    with pytest.raises(NotImplementedError, match="jieba"):
        text.JiebaTokenizer("hmm", "mp", text.JiebaMode.MP)
    with pytest.raises(TypeError, match="mode"):
        text.JiebaTokenizer("hmm", "mp", 1)
    with pytest.raises(NotImplementedError, match="sentencepiece"):
        text.SentencePieceTokenizer("model", text.SPieceTokenizerOutType.INT)
    push = ms.ops.operations.PriorityReplayBufferPush(1)
    with pytest.raises(RuntimeError, match="no kernel"):
        push(ms.Tensor(X))


def test_deprecated_functions_warn_once_and_keep_their_name(monkeypatch):
    from minispore.surface import private_names

    told = []
    monkeypatch.setattr(private_names.log, "warning", told.append)

    @private_names.deprecated("2.0", "new", module_prefix="mindspore.")
    def old(x):
        return x + 1

    assert [old(1), old(2), old.__name__] == [2, 3, "old"]
    assert told == ["'old' is deprecated from version 2.0 on, use 'mindspore.new' in its place."]
