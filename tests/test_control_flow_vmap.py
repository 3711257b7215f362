"""vmap and Jacobians over branches and loops: each example goes its own way."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.flow.cond_op import choose

ROWS = np.array([[1.0, 2.0], [-1.0, 0.4], [0.2, 0.3], [4.0, 5.0]], np.float32)


def branch(x):
    if x.sum() > 0:
        return x * 3.0
    return x * x


def loop(x):
    x = ops.abs(x)
    n = 0
    while x.sum() < 20.0:
        x = x * 2.0 + 0.1
        n += 1
    return x * n


def loop_and_branch(x):
    total = x * 0.0
    for i in range(8):
        if x.sum() > 6.0:
            break
        x = x * 1.5 + i * 0.2
        total = total + ops.sin(x)
    return total


def scanned(x):
    last, rows = ops.scan(lambda s, v: (s * v + x.sum(), s + v), ops.zeros(()), x)
    return rows * last


@pytest.mark.parametrize("f", [branch, loop, loop_and_branch, scanned], ids=lambda f: f.__name__)
def test_vmap_is_the_stack_of_the_examples(mode, f):
    rows = Tensor(ROWS)
    wanted = np.stack([f(Tensor(r)).asnumpy() for r in ROWS])
    np.testing.assert_allclose(ms.vmap(f)(rows).asnumpy(), wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("f", [branch, loop, loop_and_branch, scanned], ids=lambda f: f.__name__)
def test_vmap_of_grad_and_grad_of_vmap(mode, f):
    rows = Tensor(ROWS)
    ms.set_context(mode=ms.PYNATIVE_MODE)
    wanted = np.stack([ms.grad(f)(Tensor(r)).asnumpy() for r in ROWS])
    ms.set_context(mode=ms.GRAPH_MODE if mode == "graph" else ms.PYNATIVE_MODE)
    np.testing.assert_allclose(ms.vmap(ms.grad(f))(rows).asnumpy(), wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ms.grad(ms.vmap(f))(rows).asnumpy(), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("f", [branch, loop, scanned], ids=lambda f: f.__name__)
def test_jacobians(mode, f):
    x = Tensor(ROWS[0])
    eye = np.eye(2, dtype=np.float32)
    wanted = np.stack([ms.grad(lambda v: (f(v) * Tensor(e)).sum())(x).asnumpy() for e in eye])
    np.testing.assert_allclose(ms.jacrev(f)(x).asnumpy(), wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ms.jacfwd(f)(x).asnumpy(), wanted, rtol=1e-4, atol=1e-5)


# ---------------------------------------------------------------- what a branch or a turn is not for does not count
def loops_in_a_branch(x):
    """The loops would not end for x <= 0."""
    if x > 0:
        y = x * 1.0
        while y < 50:
            z = y
            while z < 100:
                z = z * 2.0
            y = y + z * 0.1 + x
        return y * x
    return x * 3.0


def loop_in_a_loop(x):
    """The inner loop would not end for y <= 0, where examples are that are done."""
    y, s = x * 1.0, x * 0.0
    while y > 0.5:
        z = y
        while z < 4.0:
            z = z * (1.0 + y)
        s = s + z * x
        y = y - 1.0
    return s * x


def counted_in_a_branch(x):
    s = x * x
    if x > 0.7:
        for i in range(ops.cast(x, ms.int64)):
            while s < 8 * i:
                s = s + x * i
    return s * x


def checked_in_a_branch(x):
    if x > -1:
        if x < 1:
            assert x < 1, "not below 1"
            if x > 10:
                raise ValueError("above 10")
            return TABLE[ops.cast(ops.abs(x) * 4, ms.int64)] * x * x
        return x * x * 2.0
    return x * x


def root_in_a_branch(x):
    if x > 0:
        return ops.sqrt(x) * x
    return x * 2.0


def secant(x):
    """Where it is done, the next quotient would be 0 / 0."""
    a, b, n = x * 1.0, x + 1.0, 0
    while ops.abs(b - a) > 1e-3 and n < 20:
        fa, fb = a * a - (2.0 + x * x), b * b - (2.0 + x * x)
        a, b, n = b, b - fb * (b - a) / (fb - fa), n + 1
    return b


TABLE = Tensor(np.array([1.0, 3.0, -2.0, 0.5, 7.0], np.float32))
APART = [
    (loops_in_a_branch, (0.5, 1.0, -0.5, 0.0, 3.0)),
    (loop_in_a_loop, (0.5, 1.0, -0.5, 0.0, 2.6)),
    (counted_in_a_branch, (0.5, 1.0, -0.5, 0.0, 3.0)),
    (checked_in_a_branch, (0.5, -0.25, 3.0, 20.0, -30.0)),
    (root_in_a_branch, (0.5, 1.0, -0.5, 0.0, 3.0)),
    (secant, (1.0, -2.0, 0.25, 3.0)),
]


@pytest.mark.parametrize(("f", "values"), APART, ids=[f.__name__ for f, _ in APART])
def test_branches_and_turns_are_for_their_examples_alone(mode, f, values):
    x = Tensor(np.array(values, np.float32))
    slope = ms.grad(f)
    ms.set_context(mode=ms.PYNATIVE_MODE)
    wanted = [[g(Tensor(np.float32(v))).asnumpy() for v in values] for g in (f, slope, ms.grad(slope))]
    ms.set_context(mode=ms.GRAPH_MODE if mode == "graph" else ms.PYNATIVE_MODE)

    def second_of_all(x):
        return ms.grad(lambda x: ms.vmap(slope)(x).sum())(x)

    for got, expected in zip((ms.vmap(f), ms.vmap(slope), second_of_all), wanted):
        np.testing.assert_allclose(got(x).asnumpy(), expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(ms.grad(lambda x: ms.vmap(f)(x).sum())(x).asnumpy(), wanted[1], rtol=1e-3, atol=1e-4)


def test_errors_of_the_examples_in_a_branch_are_raised(mode):
    for value, error in ((1.5, "index"), (-12.0, "index")):
        with pytest.raises(IndexError, match=error):
            ms.vmap(lambda x: ops.cond(x < 5, lambda: TABLE[ops.cast(ops.abs(x) * 4, ms.int64)], lambda: x))(
                Tensor(np.array([0.5, value, 100.0], np.float32))
            )


def test_an_index_without_a_branch_is_that_of_the_nearest(mode):
    branches = [lambda x: x + 10.0, lambda x: x * 2.0, lambda x: x * x]
    index = np.array([-(2**40), -1, 0, 1, 2, 3, 2**40])
    x = np.arange(2, 9).astype(np.float32)
    wanted = [branches[min(max(k, 0), 2)](v) for k, v in zip(index, x)]

    def by_switch(k, v):
        return ops.switch_case(k, branches, v)

    def by_one_node(k, v):
        return choose(k, [lambda b=b: [b(v)] for b in branches])[0]

    for f in (by_switch, by_one_node):
        got = ms.jit(f) if f is by_one_node else f
        for k, v, w in zip(index, x, wanted):
            assert got(Tensor(k), Tensor(v)).asnumpy() == w
        np.testing.assert_array_equal(ms.vmap(f)(Tensor(index), Tensor(x)).asnumpy(), wanted)
        slopes = np.where(index <= 0, 1.0, np.where(index == 1, 2.0, 2 * x))
        np.testing.assert_array_equal(ms.vmap(ms.grad(f, 1))(Tensor(index), Tensor(x)).asnumpy(), slopes)
        of_all = ms.grad(lambda x, f=f: ms.vmap(f)(Tensor(index), x).sum())
        np.testing.assert_array_equal(of_all(Tensor(x)).asnumpy(), slopes)


def test_constants_in_a_branch_that_does_not_run(mode):
    """What does not run does not fail and need not end, though its operands are known while it is traced."""

    @ms.jit
    def f(x):
        if x > 0:
            y = TABLE[Tensor([7])].sum()
            return y + ops.while_loop(lambda s: s < 1, lambda s: s * 0, ops.zeros(()))
        return x

    assert f(Tensor(-1.0)).asnumpy() == -1.0
    assert ms.vmap(f)(Tensor([-1.0, -2.0])).asnumpy().tolist() == [-1.0, -2.0]
