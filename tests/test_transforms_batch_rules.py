"""Each op's batch rule: what ``vmap`` gives for stacked samples equals the stack of what the op gives for each."""

import itertools

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor
from minispore.core.op import REGISTRY, apply
from minispore.flow.batching import LOOP_WARNING

SIZE = 3
CASES = [(name, k) for name, op in sorted(REGISTRY.items()) for k in range(len(op.samples)) if op.samples[k]]
COMPILED = (
    "conv2d",
    "conv2d_input_grad",
    "conv2d_weight_grad",
    "gather_rows",
    "matmul",
    "max_pool",
    "argsort",
    "scatter_rows",
)


def samples(name, k, seed):
    op = REGISTRY[name]
    *inputs, attrs = op.samples[k] if isinstance(op.samples[k][-1], dict) else (*op.samples[k], {})
    return op, [s.make(11 * k + j + 100 * seed, np.float64) for j, s in enumerate(inputs)], attrs


def mapped_and_separate(name, k, batched):
    """(results of vmap, the same for each example by itself) where only the inputs ``batched`` have examples."""
    op, first, attrs = samples(name, k, 0)
    others = [samples(name, k, seed)[1] for seed in range(SIZE)]
    arrays = [np.stack([o[j] for o in others]) if b else first[j] for j, b in enumerate(batched)]
    function = ms.vmap(lambda *xs: tuple(apply(op, xs, attrs)), in_axes=tuple(0 if b else None for b in batched))
    got = function(*[Tensor(a) for a in arrays])
    separate = [op.evaluate(*[a[e] if b else a for a, b in zip(arrays, batched)], **attrs) for e in range(SIZE)]
    return [g.asnumpy() for g in got], [np.stack(outs) for outs in zip(*separate)]


def choices(name, k):
    """Every way to give some of the inputs examples."""
    n = len(samples(name, k, 0)[1])
    found = [c for c in itertools.product((True, False), repeat=n) if any(c)]
    return found if n <= 3 else [(True,) * n]


def check(name, k):
    for batched in choices(name, k):
        for got, expected in zip(*mapped_and_separate(name, k, batched)):
            assert got.shape == expected.shape and got.dtype == expected.dtype
            np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.quick
@pytest.mark.parametrize("name, k", CASES, ids=[f"{n}-{k}" for n, k in CASES])
def test_vmap_is_a_stack_of_separate_calls(name, k):
    check(name, k)


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_vmap_is_a_stack_of_separate_calls(name, graph_mode):
    check(name, 0)


def test_an_op_without_a_rule_runs_once_for_each_example_and_says_so():
    op = REGISTRY["matmul"]
    rule, op.batch = op.batch, None
    try:
        x, y = np.random.default_rng(0).normal(size=(2, LOOP_WARNING, 2, 2))
        with pytest.warns(UserWarning, match="'matmul' has no batch rule"):
            got = ms.vmap(ms.ops.matmul)(Tensor(x), Tensor(y))
        np.testing.assert_allclose(got.asnumpy(), x @ y, rtol=1e-12)
    finally:
        op.batch = rule
