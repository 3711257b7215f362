"""Primitives that MindSpore's own tests call (surface/gradient_primitives.py and its neighbours), against what the real one gave."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops

P = ops.operations
RECORDS = Path(__file__).parent / "records"


def loaded(name):
    spec = importlib.util.spec_from_file_location(name, RECORDS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


plain, CASES = loaded("rare_ops").plain, loaded("cpu_primitives").cases(ms)
RECORDED = json.loads((RECORDS / "cpu_primitives.json").read_text())


def same(found, wanted, close) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(same(*pair, close) for pair in zip(found, wanted))
        )
    return np.isclose(found, wanted, close, close, equal_nan=True) if isinstance(wanted, float) else found == wanted


@pytest.mark.parametrize("name", RECORDED)
def test_a_primitive_gives_what_mindspore_gives(name):
    found = plain(CASES[name]())
    close = 1e-2 if "float16" in str(RECORDED[name]) else 1e-4
    assert same(found, RECORDED[name], close), f"{found}, recorded {RECORDED[name]}"


COMPILED = [
    "SigmoidGrad", "MaximumGradInt32", "PReLUGrad", "NLLmean", "MaxPoolGradVALID", "MaxPool3DGradGradSAME", "AMP2", "LNGG", "BNGTrue",
    "MSel", "SSG", "CholG", "EinG", "C2Fs", "RBFalse", "todense2", "add2", "ddunion", "addmm", "fill2", "slice", "tdm", "segnSum",
    "im2col", "defog", "fmp2", "fap", "mpa", "amp3", "un3s", "hue", "crb", "tsol", "padv3t", "ams", "ctcg", "ctc2", "cnmsTrue", "beta", "uc",
]  # fmt: skip


@pytest.mark.parametrize("name", [n for n in COMPILED if n in RECORDED])
def test_in_a_compiled_cell_too(name):
    ms.set_context(mode=ms.GRAPH_MODE)
    assert same(plain(CASES[name]()), RECORDED[name], 1e-4)


def test_samplers_under_vmap_and_where_one_class_is_avoided(mode):
    sampler = P.UniformCandidateSampler(1, 3, True, 4, remove_accidental_hits=True)
    classes = Tensor(np.array([[[1]], [[2]]]), ms.int32)
    found, expected_true, expected = ops.vmap(sampler)(classes)
    assert found.shape == (2, 3) and expected_true.shape == (2, 1, 1) and expected.shape == (2, 3)
    assert sorted(found.asnumpy()[0].tolist()) == [0, 2, 3]
    np.testing.assert_allclose(expected_true.asnumpy(), 1 - 0.75**3, 1e-5)
    with pytest.raises(ValueError, match="num_sampled"):
        P.UniformCandidateSampler(1, 5, True, 4)(classes[0])


def test_the_loss_of_ctc_has_its_gradient(mode):
    x = np.random.default_rng(0).standard_normal((5, 1, 4))
    labels, steps, count = Tensor([[1, 2]], ms.int32), Tensor([5], ms.int32), Tensor([2], ms.int32)

    class Loss(nn.Cell):
        def construct(self, x):
            return P.CTCLossV2()(ops.log_softmax(x), labels, steps, count)[0]

    gradient = ms.grad(Loss())(Tensor(x, ms.float64)).asnumpy()
    change = np.zeros_like(x)
    change[1, 0, 2] = 1e-5
    values = [float(Loss()(Tensor(x + s * change, ms.float64))) for s in (1, -1)]
    np.testing.assert_allclose(gradient[1, 0, 2], (values[0] - values[1]) / 2e-5, 1e-4)
    np.testing.assert_allclose(gradient.sum(-1), 0, atol=1e-12)


def test_functions_of_primitives():
    found = ops.ctc_greedy_decoder(
        Tensor([[[0.1, 0.6, 0.3]], [[0.1, 0.7, 0.2]], [[0.1, 0.2, 0.7]]]), Tensor([3], ms.int32)
    )
    assert found[1].asnumpy().tolist() == [1] and found[2].asnumpy().tolist() == [1, 1]
    assert [x.shape for x in ops.uniform_candidate_sampler(Tensor([[1], [3]]), 1, 2, False, 4)] == [(2,), (2, 1), (2,)]
    assert ops.coalesce(Tensor([[0, 0], [1, 1]]), Tensor([1.0, 5.0]), Tensor([2, 2]))[1].asnumpy().tolist() == [6.0]


def test_an_update_under_vmap_reaches_the_parameter(mode):
    p = ms.Parameter(ops.zeros((3, 2)), name="p")
    found = ops.vmap(P.Assign(), in_axes=(0, 0))(p, ops.ones((3, 2)))  # the new value is one of the inputs
    assert found.asnumpy().tolist() == p.asnumpy().tolist() == [[1.0, 1.0]] * 3


def test_updates_are_for_floats(mode):
    p = ms.Parameter(Tensor([1, 2]), name="p")
    with pytest.raises(TypeError, match="'p' holds Int64"):
        P.ApplyGradientDescent()(p, Tensor(0.1), Tensor([1.0, 2.0]))


@pytest.mark.parametrize(
    ("aligned", "wanted"),
    [(False, [0.0775752, 0.1630888, 0.1450979, 0.6314021]), (True, [0.0601852, 0.2102872, 0.0725678, 0.6693791])],
)
def test_a_gradient_primitive_passes_its_arguments_on(aligned, wanted):
    """The numbers are those of MindSpore 2.10."""
    drawn = np.random.default_rng(0)
    x, grid = drawn.random((1, 1, 2, 3, 3)), drawn.random((1, 2, 2, 2, 3)) * 2 - 1
    inputs = [Tensor(a.astype(np.float32)) for a in (np.ones((1, 1, 2, 2, 2)), x, grid)]
    made = ops.operations._grad_ops.GridSampler3DGrad("bilinear", "zeros", aligned, (1, 1))
    np.testing.assert_allclose(made(*inputs)[0].asnumpy().ravel()[:4], wanted, rtol=1e-5)


def test_gradients_of_primitives_of_values():
    a, b, x = Tensor([0.5, 2.0]), Tensor([0.5, 3.0]), Tensor([0.2, 0.4])
    density = [1 / (np.pi * np.sqrt(0.2 * 0.8)), 12 * 0.4 * 0.6**2]  # of the beta distribution
    np.testing.assert_allclose(ms.grad(ops.operations.math_ops.Betainc(), 2)(a, b, x).asnumpy(), density, rtol=1e-5)
    where, other, shape = Tensor([[0, 1], [1, 2]]), Tensor([[0, 1], [1, 1]]), Tensor([3, 4])
    added = ops.operations.sparse_ops.SparseAdd()
    gradients = ms.grad(
        lambda u, v: added(where, u, shape, other, v, shape, Tensor(0.0))[1] * Tensor([2.0, 3.0, 5.0]), (0, 1)
    )
    assert [g.asnumpy().tolist() for g in gradients(Tensor([1.0, 2.0]), Tensor([3.0, 4.0]))] == [[2, 5], [2, 3]]


def test_questions_of_dynamic_shapes_have_answers(mode):
    f = ops.functional
    to_dynamic = ops.operations._inner_ops.ConvertToDynamic(is_dynamic_rank=True).add_prim_attr(
        "primitive_target", "CPU"
    )

    @ms.jit
    def asked(x):
        x = to_dynamic(x)
        unknown = f.is_sequence_value_unknown(x.shape) or f.is_sequence_shape_unknown(x.shape)
        return (
            x * 2,
            unknown,
            f.isconstant(x),
            f.isconstant((1, 2)),
            f.tuple_setitem((1, 2), 0, 5),
            f.make_dict(("a",), (1,)),
        )

    result, *rest = asked(Tensor([1.0]))
    assert result.asnumpy().tolist() == [2] and rest == [False, False, True, (5, 2), {"a": 1}]
