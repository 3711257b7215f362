"""Errors: the exception's type, what was wrong, what was got, and the user's line. Bad input loses nothing."""

import linecache
import re

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, ParameterTuple, Tensor, nn, ops


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(4, 3)

    def construct(self, x):
        return self.fc(x)  # the line of a wrong shape


class Lookup(nn.Cell):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(5, 4)

    def construct(self, index):
        return self.table(index)  # the line of a wrong index


class Counts(nn.Cell):
    def construct(self, x):
        return x * int(x.sum())  # the line of a number


class Keeps(nn.Cell):
    def __init__(self):
        super().__init__()
        self.kept = Tensor([0.0, 0.0])

    def construct(self, x):
        self.kept = self.kept + x * 2.0  # the line of a kept Tensor
        return x


def ones(*shape):
    return Tensor(np.ones(shape, np.float32))


def loss_of(labels):
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    return loss(ones(2, 3), Tensor(np.array(labels, np.int32)))  # the line of a label


def line_with(text):
    lines = linecache.getlines(__file__)
    return next(
        k for k, line in enumerate(lines, 1) if text in line and "line_with" not in line and "CASES" not in line
    )


CASES = [
    (lambda: Net()(ones(2, 5)), ValueError, r"'in_channels' = 4.*\(2, 5\)", "the line of a wrong shape"),
    (lambda: Net()(), TypeError, "'Net'.*missing.*'x'", None),
    (lambda: Net()(ones(2, 4), 1), TypeError, "'Net'.*too many positional", None),
    (lambda: Net()(None), TypeError, "must be a Tensor, but got NoneType", "the line of a wrong shape"),
    (
        lambda: Lookup()(Tensor(np.array([7], np.int32))),
        IndexError,
        r"\[0, 5\), but got 7",
        "the line of a wrong index",
    ),
    (lambda: Lookup()(Tensor(np.array([-7], np.int32))), IndexError, r"but got -7", "the line of a wrong index"),
    (lambda: Lookup()(ones(1)), TypeError, "must be integers, but got Float32", "the line of a wrong index"),
    (lambda: loss_of([0, 5]), IndexError, r"\[0, 3\), but got 5", "the line of a label"),
    (lambda: loss_of([0, 1, 2]), ValueError, r"\(2,\).*\(3,\)", "the line of a label"),
    (lambda: nn.Dense(-3, 2), ValueError, "'in_channels' must be a positive int, but got -3", None),
    (lambda: ms.set_context(mode=7), ValueError, "'mode' must be GRAPH_MODE.*but got 7", None),
    (lambda: ms.set_context(moed=0), ValueError, "'moed' is not one of", None),
    (lambda: ms.set_context(device_target="TPU"), ValueError, "'device_target' must be.*'TPU'", None),
    (lambda: Parameter(True), ValueError, "got a bool", None),
    (lambda: Parameter(Tensor([1.0]), name=3), ValueError, "name of a Parameter must be a str", None),
    (lambda: ones(2, 3) + ones(2, 2), ValueError, r"'add'.*broadcast.*\(2, 3\) and \(2, 2\)", None),
    (lambda: ops.matmul(ones(2, 3), ones(2, 3)), ValueError, r"'matmul'.*\(2, 3\) and \(2, 3\)", None),
    (lambda: ones(2)[5], IndexError, "index 5 is out of bounds", None),
    (lambda: ones(2, 3).reshape(4), ValueError, r"'reshape'.*\(4,\).*\(2, 3\)", None),
    (lambda: ones(2).sum(axis=3), ValueError, "'axis' must be in", None),
    (lambda: Tensor("text"), TypeError, "must be a number, list", None),
    (lambda: Tensor(np.array(["a"])), TypeError, "numbers and booleans only", None),
]


@pytest.mark.quick
@pytest.mark.parametrize("call, kind, message, line", CASES, ids=[c[2][:30] for c in CASES])
def test_error_in_both_modes(call, kind, message, line, mode):
    with pytest.raises(kind, match=re.compile(message, re.S)) as caught:
        call()
    if line is not None:
        assert f"test_errors.py:{line_with(line)}" in str(caught.value)


def test_two_parameters_of_one_name():
    def named():
        return Parameter(Tensor([1.0]), name="same")

    with pytest.raises(ValueError, match="'same' is there twice"):
        ParameterTuple([named(), named()])
    with pytest.raises(ValueError, match="same"):
        nn.Momentum([named(), named()], 0.1, 0.9)


def test_a_traced_tensor_as_a_number(graph_mode):
    with pytest.raises(TypeError, match="ops.where") as caught:
        ms.jit(Counts(), fullgraph=True)(ones(2))
    assert f"test_errors.py:{line_with('the line of a number')}" in str(caught.value)


def test_keeping_a_traced_tensor(graph_mode):
    with pytest.raises(RuntimeError, match="'kept'.*ops.assign") as caught:
        ms.jit(Keeps(), fullgraph=True)(ones(2))
    assert f"test_errors.py:{line_with('the line of a kept Tensor')}" in str(caught.value)


@pytest.mark.quick
def test_a_leaked_tensor_says_so(graph_mode):
    kept = None

    @ms.jit
    def leaks(x):
        nonlocal kept
        kept = x * 2.0
        return x

    leaks(ones(2))
    with pytest.raises(RuntimeError, match="inside .* call"):
        kept.asnumpy()
    with pytest.raises(RuntimeError, match="inside .* call"):
        kept + 1.0


@pytest.mark.quick
@pytest.mark.parametrize("bad", [ones(3, 5), Tensor(np.ones((3, 4), np.int32)), None, "x"])
def test_bad_input_to_a_train_step_changes_nothing(bad, mode):
    net = Net()
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)
    good = ones(3, 4), ones(3, 3)
    step(*good)
    before = {p.name: p.asnumpy() for p in step.get_parameters()}
    try:
        step(bad, ones(3, 3))
    except (TypeError, ValueError):
        for p in step.get_parameters():
            np.testing.assert_array_equal(p.asnumpy(), before[p.name])
    else:
        assert isinstance(bad, Tensor) and not bad.dtype.is_float  # whole numbers are taken as floats
    assert np.isfinite(float(step(*good)))


def test_nan_input_is_no_error(mode):
    assert np.isnan(Net()(Tensor(np.full((2, 4), np.nan, np.float32))).asnumpy()).all()


def test_random_garbage_never_crashes(mode):
    """Shapes and types drawn at random: every call gives a result or one of the documented exceptions."""
    rng = np.random.default_rng(0)
    shapes = [(), (0,), (1,), (3,), (2, 3), (3, 2), (2, 0, 3), (1, 3, 4, 4), (2, 3, 1)]
    types = [np.float32, np.float64, np.int32, np.int64, np.bool_, np.float16, np.uint8]
    functions = [
        lambda a, b: a + b, lambda a, b: a @ b, lambda a, b: ops.concat((a, b)), lambda a, b: ops.gather(a, b, 0),
        lambda a, b: ops.where(a > 0, a, b), lambda a, b: ops.softmax(a) * b, lambda a, b: a[b], lambda a, b: a.sum(-1) - b,
        lambda a, b: ops.one_hot(a, 3, 1.0, 0.0), lambda a, b: ops.max_pool2d(a, 2), lambda a, b: ops.conv2d(a, b),
        lambda a, b: a.reshape(b.shape), lambda a, b: ops.topk(a, 2), lambda a, b: ops.cumsum(a, 0),
    ]  # fmt: skip
    outcomes = {"result": 0, "error": 0}
    for trial in range(150):
        a, b = (
            Tensor((rng.normal(size=shapes[rng.integers(len(shapes))]) * 4).astype(types[rng.integers(len(types))]))
            for _ in range(2)
        )
        f = functions[trial % len(functions)]
        try:
            out = ms.jit(f)(a, b) if mode == "graph" else f(a, b)
            [t.asnumpy() for t in (out if isinstance(out, tuple) else (out,))]
            outcomes["result"] += 1
        except (TypeError, ValueError, IndexError, RuntimeError):
            outcomes["error"] += 1
    assert outcomes["result"] > 20 and outcomes["error"] > 20
