"""Methods of Tensor with several signatures return what MindSpore 2.10 returned (tools/record_overloads.py)."""

import json
import math
import pathlib
import sys

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops

ROOT = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from record_overloads import described, names  # noqa: E402

RECORDED = json.loads((ROOT / "tests" / "records" / "tensor_overloads.json").read_text())
# MindSpore 2.10 lacks the kernel on CPUs, and the next calls fail with it; or refuses what its documentation has.
MISSING = {k for k, v in RECORDED.items() if isinstance(v, dict) and "error" in v and v["error"] == "RuntimeError"}
WIDER = {
    "x.prod(1, keep_dims=True)",
    "x.prod(axis=1)",
    "x.prod(axis=1, keep_dims=True)",
    "v.diag(1)",
    "x.count_nonzero(dim=1)",
    "x.nansum(dim=1, keepdim=True)",
}
ANY_ORDER = {"x.topk(2, dim=1, largest=False, sorted=False)"}


def same(got, right):
    if isinstance(right, list):
        return isinstance(got, list) and len(got) == len(right) and all(map(same, got, right))
    return (
        isinstance(got, dict)
        and (got["type"], got["shape"]) == (right["type"], right["shape"])
        and np.allclose(got["values"], right["values"], rtol=1e-5, equal_nan=True)
    )


@pytest.mark.parametrize("call", sorted(RECORDED.keys() - MISSING - WIDER - ANY_ORDER))
def test_recorded(call):
    right, given = RECORDED[call], names(ms)
    if isinstance(right, dict) and "error" in right:
        with pytest.raises((TypeError, ValueError)):
            eval(call, given)
        return
    assert same(described(eval(call, given)), right)


@pytest.mark.parametrize("call", ["x.var(dim=1)", "x.var(1, keepdim=True)", "x.var(1, correction=1)", "x.roll(1, 0)"])
def test_like_numpy_where_mindspore_has_no_kernel(call):
    x = names(ms)["x"].asnumpy()
    right = {
        "x.var(dim=1)": x.var(1), "x.var(1, keepdim=True)": x.var(1, keepdims=True),
        "x.var(1, correction=1)": x.var(1, ddof=1), "x.roll(1, 0)": np.roll(x, 1, 0),
    }[call]  # fmt: skip
    np.testing.assert_allclose(eval(call, names(ms)).asnumpy(), right, rtol=1e-6)


@pytest.mark.parametrize("compiled", [False, True])
def test_two_signatures_in_a_compiled_call(compiled):
    run = ms.jit if compiled else lambda f: f
    x = names(ms)["x"]
    values, where = run(lambda x: x.max(1))(x)
    assert (values.shape, where.dtype) == ((2, 3), ms.int64)
    np.testing.assert_array_equal(run(lambda x: x.max((1, 2)))(x).asnumpy(), [3, 6])
    np.testing.assert_array_equal(run(lambda x: x.max(1, keepdims=True))(x).asnumpy(), values.asnumpy()[:, None])


@pytest.mark.parametrize("call", ["x.max(1, 2)", "x.max(dim=1, keepdims=True)", "x.max('a')", "x.max(1.0)", "x.max(axis=0, dim=1)",
                                  "x.argmax(axis=0, dim=1)", "x.select(dim=1)"])  # fmt: skip
def test_what_fits_no_signature(call):
    with pytest.raises(TypeError, match=r"Tensor\." + call[2 : call.index("(")]):
        eval(call, names(ms))


# ---------------------------------------------------------------- operators
@pytest.mark.parametrize("mode", [ms.PYNATIVE_MODE, ms.GRAPH_MODE])
@pytest.mark.parametrize("change", ["w - m * rates", "rates * m", "w * [m, m]", "ops.add(w, (m, 1.0))"])
def test_a_tuple_of_tensors_is_no_operand(mode, change):
    """An optimizer with groups that forgets to take its rate: an error, and no wrong step."""

    class Step(nn.Optimizer):
        def construct(self, gradients):
            for w, m in zip(self.parameters, gradients):
                ops.assign(w, eval(change, {"w": w, "m": m, "rates": self.get_lr(), "ops": ops}))
            return True

    ms.set_context(mode=mode)
    w = [Parameter(Tensor(np.ones(2, np.float32)), name=n) for n in "ab"]
    step = Step(0.1, [{"params": [w[0]], "lr": 0.5}, {"params": [w[1]]}])
    with pytest.raises(TypeError, match=r"(tuple|list) of 2 Tensors"):
        step(tuple(Tensor(np.ones(2, np.float32)) for _ in w))
    assert all((p.asnumpy() == 1).all() for p in w)


# ---------------------------------------------------------------- mixed types
def ones(*shape, dtype=np.float64):
    return Tensor(np.ones(shape, dtype))


F32 = np.float32
MIXED = {
    "matmul": lambda: ones(2, 2) @ ones(2, 2, dtype=F32),
    "bmm": lambda: ops.bmm(ones(1, 2, 2, dtype=F32), ones(1, 2, 2)),
    "mv": lambda: ops.mv(ones(2, 2), ones(2, dtype=F32)),
    "dense": lambda: ops.dense(ones(2, 2), ones(2, 2, dtype=F32)),
    "conv2d": lambda: ops.conv2d(ones(1, 1, 2, 2), ones(1, 1, 1, 1, dtype=F32)),
    "Dense": lambda: nn.Dense(2, 2)(ones(2, 2)),
    "Conv1d": lambda: nn.Conv1d(1, 1, 1)(ones(1, 1, 2)),
    "Conv2d": lambda: nn.Conv2d(1, 1, 1)(ones(1, 1, 2, 2)),
    "Conv2dTranspose": lambda: nn.Conv2dTranspose(1, 1, 1)(ones(1, 1, 2, 2)),
    "PReLU": lambda: nn.PReLU()(ones(2, 2)),
    "MultiheadAttention": lambda: nn.MultiheadAttention(2, 1)(*[ones(1, 1, 2)] * 3),
}


@pytest.mark.parametrize("mode", [ms.PYNATIVE_MODE, ms.GRAPH_MODE])
@pytest.mark.parametrize("name", MIXED)
def test_float64_meets_float32(mode, name):
    """MindSpore's TypeError, with the way out."""
    ms.set_context(mode=mode)
    with pytest.raises(TypeError, match=r"astype\(ms\.float32\)"):
        MIXED[name]()


def test_sixteen_bits_and_elements_still_mix():
    assert nn.Dense(2, 2)(ones(1, 2, dtype=np.float16)).dtype == ms.float16
    assert (ones(2) + ones(2, dtype=F32)).dtype == ms.float64
    assert nn.Dense(2, 2, dtype=ms.float64)(ones(1, 2)).dtype == ms.float64
    assert math.isclose(float(nn.MSELoss()(ones(2), ones(2, dtype=F32))), 0.0)
