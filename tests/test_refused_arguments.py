"""Arguments of kinds and types that MindSpore 2.10 refuses with a TypeError, and what it takes beside them: asked of it, call by call."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, mint, nn, ops
from minispore.ops.operations import _grad_ops
from minispore.scipy import linalg
from minispore.surface import call_forms, refusals

X = Tensor(np.arange(6, dtype=np.float32).reshape(2, 3))
N = Tensor(np.arange(6).reshape(2, 3), ms.int32)
B = Tensor([[True, False, True]])


def wrapped(call):
    """``call`` inside a Cell, which GRAPH mode traces."""

    class Net(nn.Cell):
        def construct(self, *args):
            return call(*args)

    return Net()


REFUSED = [
    ("ops.tanh(1.5)", "tanh"), ("ops.tanh([1.0, 2.0])", "tanh"), ("ops.tanh(X.asnumpy())", "tanh"), ("ops.add(X, 'a')", "add"),
    ("ops.add(X, [1, 2, 3])", "add"), ("ops.matmul(X, 2)", "matmul"), ("ops.abs([1, 2])", "abs"),
    ("ops.mean(X, 1.5)", "mean"), ("ops.mean(X, axis='a')", "axis"), ("ops.softmax(2.0)", "softmax"),
    ("ops.reshape(X, 6.0)", "reshape"), ("ops.reduce_max([1.0])", "reduce_max"), ("mint.tanh(2)", "tanh"), ("ops.logical_and(B, 2)", "logical_and"),
    ("ops.ReLU()([1.0])", "ReLU"), ("ops.CumSum()(X, 1.0)", "CumSum"), ("ops.CumSum()(X, True)", "CumSum"), ("ops.Cdist(2)(X, X)", "'p'"),
    ("ops.ReduceSum(keep_dims=1)(X)", "keep_dims"), ("ops.LogicalAnd()(B, 2)", "LogicalAnd"), ("ops.Add()(X, 1j)", "Add"),
    ("ops.Transpose()(X, (1, 0.0))", "Transpose"), ("ops.AddN()((X.asnumpy(), X.asnumpy()))", "AddN"), ("ops.Argmax(axis=())(X)", "axis"),
]  # fmt: skip

TAKEN = {
    "ops.add(X, 1)": [[1, 2, 3], [4, 5, 6]],
    "ops.add(2.0, X)": [[2, 3, 4], [5, 6, 7]],
    "ops.xlogy(N, 1.0)": [[0, 0, 0], [0, 0, 0]],
    "ops.clip(X, max=2.0)": [[0, 1, 2], [2, 2, 2]],
    "ops.mean(X, 1)": [1, 4],
    "ops.mean(X, (0, 1))": 2.5,
    "ops.reduce_max(X, 0)": [3, 4, 5],
    "ops.bucketize(X, [1.0, 3])": [[0, 0, 1], [1, 2, 2]],
    "ops.eye(2, dtype=ms.float64)": [[1, 0], [0, 1]],
    "ops.CumSum()(X, Tensor(1))": [[0, 1, 3], [3, 7, 12]],
    "ops.ReduceSum()(X, [0, 1])": 15,
    "ops.Transpose()(X, (1, np.int64(0)))": [[0, 3], [1, 4], [2, 5]],
    "ops.Add()(X, np.float32(1))": [[1, 2, 3], [4, 5, 6]],
    "ops.range(0.0, 1.0, 0.25)": [0, 0.25, 0.5, 0.75],
    "ops.pows(B, np.int64(2))": [[1, 0, 1]],
    "ops.fmax(B, np.float32(0.5))": [[1, 0.5, 1]],
    "ops.xdivy(N, np.float32(0.5))": [[0, 2, 4], [6, 8, 10]],
    "ops.gcd(Tensor([4], ms.uint8), Tensor([6], ms.int8))": [2],
    "B.pow(exponent=X)": [[1, 0, 1], [1, 0, 1]],
    "ops.pow(B, exponent=2)": [[1, 0, 1]],
    "ops.hypot(N[0], other=Tensor([0.0, 0.0, 0.0]))": [0, 1, 2],
    "Tensor([3.0]).broadcast_to(2)": [3, 3],
    "Tensor([3.0]).expand(2)": [3, 3],
    "Tensor([3.0]).tile(2)": [3, 3],
    "Tensor([1.0]).itemset(2.0)": [2],
    "mint.scatter(X[0], 0, Tensor([0, 2]), 5)": [5, 1, 5],
    "ops.ExpandDims()(X, 0)": [[[0, 1, 2], [3, 4, 5]]],
}


@pytest.mark.parametrize(("text", "named"), REFUSED)
def test_refused_in_both_modes(text, named):
    for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE):
        ms.set_context(mode=mode)
        with pytest.raises(TypeError, match=named):
            eval(text)
        with pytest.raises(TypeError, match=named):
            wrapped(lambda x: eval(text, {**globals(), "X": x}) if mode == ms.PYNATIVE_MODE else eval(text))(X)


@pytest.mark.parametrize("text", TAKEN)
def test_taken(text):
    np.testing.assert_allclose(eval(text).asnumpy(), TAKEN[text])


def test_a_kind_that_is_refused_stays_refused_however_often_it_comes():
    for _ in range(30):
        with pytest.raises(TypeError, match="softmax"):
            ops.softmax([1.0, 2.0])


def test_what_the_function_says_itself_comes_first():
    with pytest.raises(TypeError, match=r"one tuple: shape = \(2, 3\)"):
        ops.reshape(X, 2, 3)


def test_operators_and_the_package_itself_may_pass_more():
    assert (X + np.float32(1) + [1, 2, 3]).asnumpy()[0].tolist() == [2, 4, 6]
    assert (B + B).asnumpy().tolist() == [[True, False, True]]


@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint8"])
def test_means_of_integers_are_integers(mode, dtype):
    x = Tensor([1, 2, 4, 4], getattr(ms, dtype))
    for found in (ops.mean(x), x.mean(), mint.mean(x), wrapped(ops.mean)(x)):
        assert str(found.dtype).lower() == dtype and found.asnumpy() == 2
    assert ops.mean(Tensor([-1, -2], ms.int32)).asnumpy() == -1  # what follows the point is cut off
    assert mint.mean(x, dtype=ms.float32).asnumpy() == 2.75


def test_updates_return_tensors():
    ms.set_context(mode=ms.PYNATIVE_MODE)
    w, m = (Parameter(Tensor([1.0, 2.0]), name=n) for n in "wm")
    results = [
        ops.assign(w, Tensor([3.0, 4.0])), ops.assign_add(w, Tensor([1.0, 1.0])), ops.ScatterAdd()(w, Tensor([0], ms.int32), Tensor([1.0])),
        ops.ApplyMomentum()(w, m, 0.0, Tensor([1.0, 1.0]), 0.9),
    ]  # fmt: skip
    for found in results:
        assert not isinstance(found, Parameter)
    assert str(results[-1]) == "[5. 5.]" and w.asnumpy().tolist() == [5.0, 5.0]


def test_conjugates_and_texts():
    z = Tensor(np.array([[1 + 1j, 2j]], np.complex64))
    assert ops.adjoint(z).asnumpy().tolist() == [[1 - 1j], [-2j]] and z.H.asnumpy().tolist() == [[1 - 1j], [-2j]]
    sparse = ms.COOTensor(Tensor([[0, 1], [1, 2]], ms.int32), Tensor([1.0, 2.0]), (2, 4))
    assert str(sparse) == (
        "COOTensor(shape=[2, 4], dtype=Float32, indices=Tensor(shape=[2, 2], dtype=Int32, value=\n[[0 1]\n [1 2]]), "
        "values=Tensor(shape=[2], dtype=Float32, value=[ 1.00000000e+00  2.00000000e+00]))"
    )


def test_soft_labels_have_no_gradient_and_logits_that_of_mindspore(mode):
    logits, labels = Tensor([[0.0, 1.0, 2.0]]), Tensor([[1.0, 0.5, 0.5]])  # labels that do not add up to 1
    loss = nn.SoftmaxCrossEntropyWithLogits(reduction="sum")
    dx, dy = ms.grad(lambda x, y: loss(x, y), (0, 1))(logits, labels)
    e = np.exp([[0.0, 1.0, 2.0]])
    np.testing.assert_allclose(dx.asnumpy(), e / e.sum() - labels.asnumpy(), rtol=1e-6)
    assert dy.asnumpy().tolist() == [[0.0, 0.0, 0.0]]


@pytest.mark.quick
def test_the_table_is_of_names_that_there_are_and_has_one_form_for_each():
    listed = [name for names in call_forms.FORMS.values() for name in names.split()]
    assert len(set(listed)) == len(listed)
    homes = {"ops": (ops, ops.operations, _grad_ops), "mint": (mint,), "F": (mint.nn.functional,), "T": (Tensor,)}
    there = {n: homes[n.rpartition(".")[0] or "ops"] for n in refusals.OF_NAME}
    assert not [n for n, places in there.items() if not any(hasattr(place, n.rpartition(".")[2]) for place in places)]


def test_a_form_says_kinds_by_place_and_by_name_and_types():
    form = refusals.Form()
    form.add("T * Ti axis=i?")
    form.add("* *:i4,f2")
    assert form.places == {0: "T", 2: "Ti"} and form.named == {"axis": "i?"}
    assert form.types == {1: {"Int32", "Float16", "BFloat16"}}


def test_inputs_of_a_primitive_fit_each_other(mode):
    ones, flags = Tensor(np.ones((2, 2), np.float32)), Tensor([[True, False]])
    for primitive, inputs, error in (
        (ops.MatMul(), (ones, ones.astype(ms.int32)), TypeError), (ops.Sub(), (flags, flags), TypeError),
        (ops.operations.math_ops.AddV2(), (ones, ones[0]), ValueError), (ops.ReduceMean(), (flags,), RuntimeError),
        (ops.Dropout2D(), (ones,), ValueError), (ops.operations.Ger(), (ones[0], ones), ValueError),
    ):  # fmt: skip
        with pytest.raises(error, match=type(primitive).__name__):
            primitive(*inputs)
    assert ops.Sub()(flags, Tensor([[1, 1]])).asnumpy().tolist() == [[0, -1]]  # promoted first


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: ops.sum(X, (0, 0)), RuntimeError), (lambda: ops.var(X, (0, 0)), ValueError),
        (lambda: ops.addn(()), ValueError), (lambda: ops.addn((X, N)), TypeError),
        (lambda: ops.gather(X, Tensor([7]), 0), RuntimeError), (lambda: X[5], IndexError),
        (lambda: Parameter(N, name="n").set_data(1.5), TypeError),
        (lambda: ops.ScatterNdUpdate()(Parameter(X[0], name="x"), Tensor([0]), Tensor([1.0])), ValueError),
        (lambda: ops.ScatterAdd()(Parameter(N[0], name="n"), Tensor([0]), Tensor([1.0])), TypeError),
        (lambda: ops.Conv2D(1, 3, stride=0), ValueError), (lambda: ops.Conv2D(1, [3, 3]), TypeError),
        (lambda: ops.Conv2D(1, 3, mode=2), ValueError), (lambda: ops.Conv2D(1, 3, pad_mode="same", pad=3), ValueError),
        (lambda: linalg.eigh(Tensor(np.ones((2, 2, 2), np.float32))), ValueError),
    ],
)  # fmt: skip
def test_classes_of_errors(call, error):
    with pytest.raises(error):
        call()


def test_a_parameter_takes_updates_that_its_type_holds():
    p = Parameter(Tensor([1.0, 2.0]), name="p")
    assert ops.ScatterAdd()(p, Tensor([0], ms.int32), Tensor([1], ms.int32)).asnumpy().tolist() == [2, 2]
