"""minispore.extend is a promise: its names, their arguments, and what an op made with them can do."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, extend, ops
from minispore.extend import batch_rules, elementwise, kernel, library, method, reduction, samples, view

ROOT = Path(__file__).parent.parent

# A name may gain arguments at the end that have defaults; none of these may go or change its place.
PROMISE = {
    "Op": "name vjp samples smooth doc batch",
    "elementwise": "name expression args types vjp weak parameters doc more",
    "reduction": "name start combine numpy vjp more",
    "view": "name numpy infer strides vjp write_back more",
    "library": "name numpy infer lower vjp may_raise random in_place compiled_from planned_by more",
    "kernel": "function fastmath",
    "device": "function",
    "apply": "op tensors attrs",
    "as_tensor": "x",
    "to": "tensor dtype",
    "broadcast_shapes": "name shapes",
    "fail": "kind message",
    "method": "names operator",
    "samples": "f positive unit away i b spd",
    "batch_rules": "Same full fold unfold one_by_one",
}


@pytest.mark.quick
def test_names_and_arguments():
    assert set(extend.__all__) == set(PROMISE)
    for name, promised in PROMISE.items():
        thing = getattr(extend, name)
        if inspect.ismodule(thing):
            assert all(callable(getattr(thing, part)) for part in promised.split()), name
        else:
            assert list(inspect.signature(thing).parameters)[: len(promised.split())] == promised.split(), name


def test_examples_and_docs_use_nothing_private():
    """They import from MindSpore's paths and from ours that ``dir(minispore)`` shows."""
    hidden = []
    for file in [*ROOT.glob("examples/*.py"), *ROOT.glob("docs/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for module in re.findall(r"^\s*(?:>>> )?(?:from|import) minispore\.([\w.]+)", file.read_text(), re.MULTILINE):
            if module.split(".")[0] not in dir(ms) or "._" in f".{module}":
                hidden.append(f"{file.name}: {module}")
    assert hidden == []


# ---------------------------------------------------------------- ops made with it
softstep = elementwise(
    "test_softstep", "x / sqrt(1 + y * x * x)", "x y", types="float",
    vjp=(lambda g, out, x, y: g / (1 + y * x * x) ** 1.5, lambda g, out, x, y: -0.5 * g * x**3 / (1 + y * x * x) ** 1.5),
    samples=[(samples.f(2, 3), samples.positive(2, 3)), (samples.f(2, 3), samples.positive(3))],
)  # fmt: skip
method("test_softstep")(softstep)
total = reduction("test_total", "0.0", "acc + x", np.sum, vjp=lambda g, out, x, axis: g + 0.0 * x)
every_other = view(
    "test_every_other", lambda x: x[::2], lambda shape: ((shape[0] + 1) // 2, *shape[1:]),
    lambda strides, shape: (0, (2 * strides[0], *strides[1:])),
)  # fmt: skip


@kernel
def reverse_rows_kernel(x: "T*", out: "T*", n: int, lo, hi):
    for row in range(lo, hi):
        for k in range(n):
            out[row * n + k] = x[row * n + n - 1 - k]


def _lower(build, node):
    x = node.inputs[0]
    out = build.output(node)
    build.call(
        reverse_rows_kernel.bind(T=build.storage(x.dtype)),
        node,
        [build.dense(x), out, x.shape[1]],
        x.shape[0],
        writes=[out],
    )


def in_rows(op, size, tensors, batched, attrs):
    """The examples become more rows."""
    return [
        batch_rules.unfold(out, 0, size) for out in extend.apply(op, [batch_rules.fold(x, 0) for x in tensors], attrs)
    ]


reverse = library(
    "test_reverse", lambda x: (x[:, ::-1].copy(),), lambda x: [(x.shape, x.dtype)], _lower,
    vjp=(lambda g, out, x: reverse(g),), batch=in_rows,
)  # fmt: skip


def _type_of(value) -> ms.dtype:
    return {bool: ms.bool_, int: ms.int64, float: ms.float32}[type(value)]


filled = library(
    "test_filled", lambda x, value: (np.full(x.shape, value, ms.dtype_to_nptype(_type_of(value))),),
    lambda x, value: [(x.shape, _type_of(value))],
    lambda build, node: build.fill(build.output(node), node.attrs["value"]), compiled_from=1,
)  # fmt: skip


def both(function, *arrays):
    """The result in PYNATIVE mode, which must be that of a compiled call."""
    tensors = [Tensor(a) for a in arrays]
    eager, compiled = function(*tensors).asnumpy(), ms.jit(function)(*tensors).asnumpy()
    np.testing.assert_allclose(compiled, eager, rtol=1e-6, atol=1e-6)
    return eager


@pytest.mark.quick
def test_an_expression_with_two_inputs():
    x = np.linspace(-2, 2, 6, dtype=np.float32).reshape(2, 3)
    y = np.array([0.5, 1.0, 2.0], np.float32)
    np.testing.assert_allclose(both(softstep, x, y), x / np.sqrt(1 + y * x * x), rtol=1e-6)
    np.testing.assert_allclose(Tensor(x).test_softstep(Tensor(y)).asnumpy(), x / np.sqrt(1 + y * x * x), rtol=1e-6)
    ms.check_grads(softstep, (Tensor(x), Tensor(y)), order=2)


@pytest.mark.quick
def test_a_reduction_a_view_and_a_loop():
    x = np.arange(15, dtype=np.float32).reshape(5, 3)
    np.testing.assert_allclose(both(lambda t: total(t, (0,)), x), x.sum(0, keepdims=True))
    np.testing.assert_array_equal(both(every_other, x), x[::2])
    np.testing.assert_array_equal(both(reverse, x), x[:, ::-1])
    g = ms.grad(lambda t: (reverse(t) * Tensor(x)).sum())(Tensor(x)).asnumpy()
    np.testing.assert_array_equal(g, x[:, ::-1])
    batched = ms.vmap(reverse)(Tensor(np.stack([x, x + 1]))).asnumpy()
    np.testing.assert_array_equal(batched, np.stack([x, x + 1])[:, :, ::-1])


@pytest.mark.parametrize("how", ["one by one", "one graph"])
def test_attributes_that_are_equal_and_not_the_same(how):
    """True, 1 and 1.0 are equal numbers of three types, 0.0 and -0.0 have other bits: neither a kernel that is kept nor
    a node of the graph serves for another of them."""
    given = [True, 1, 1.0, 0.0, -0.0, 0]
    every = lambda x: [filled(x, value=v) for v in given]
    found = (ms.jit(every) if how == "one graph" else every)(Tensor(np.ones(3, np.float32)))
    assert [r.dtype for r in found] == [ms.bool_, ms.int64, ms.float32, ms.float32, ms.float32, ms.int64]
    for v, result in zip(given, found):
        np.testing.assert_array_equal(result.asnumpy(), np.full(3, v))
        assert np.signbit(result.asnumpy().astype(np.float64)).all() == np.signbit(np.float64(v))


def test_constants_with_other_signs_are_not_one():
    both_zeros = ms.jit(lambda x: (ops.copysign(x, 0.0), ops.copysign(x, -0.0)))(Tensor([1.0, -2.0]))
    np.testing.assert_array_equal(both_zeros[0].asnumpy(), [1.0, 2.0])
    np.testing.assert_array_equal(both_zeros[1].asnumpy(), [-1.0, -2.0])


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="'add' is defined already"):
        elementwise("add", "x + 1")
