"""Python control flow over Tensor values: what compiled code gives is what Python gives, gradients included."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops


def t(*values):
    return Tensor(np.array(values, np.float32))


def absolute_by_if(x):
    if x.sum() > 0:
        y = x
    else:
        y = -x
    return y * 2.0


def early_return(x):
    if x[0] > 0:
        return x * 3.0
    if x[1] > 0:
        return x * x
    return x - 1.0


def return_in_one_branch_then_more(x):
    y = x * 2.0
    if x[0] > 0:
        if x[1] > 0:
            return y
        y = y + 1.0
    else:
        y = y * x
    y = y + x
    if y.sum() > 3:
        y = y * 0.5
    return y


def variable_of_one_branch(x):
    if x.sum() > 0:
        extra = x * 2.0
        y = extra + 1.0
    else:
        y = x
    return y


def number_in_branches(x):
    k = 1.0
    if x.sum() > 0:
        k = 3.0
    return x * k


def elif_chain(x):
    s = x.sum()
    if s > 10:
        y = x * 10.0
    elif s > 1:
        y = x * 5.0
    elif s > 0:
        y = x * 2.0
    else:
        y = -x
    return y


def while_with_counter(x):
    n = 0
    while x.sum() < 20.0:
        x = x * 2.0
        n += 1
    return x * n


def while_true_break(x):
    steps = 0
    while True:
        x = x * 1.5
        steps = steps + 1
        if x.sum() > 10.0:
            break
        if steps >= 6:
            break
    return x + steps


def while_with_continue(x):
    i = 0
    total = x * 0.0
    while i < 6:
        i += 1
        if x.sum() * i < 4.0:
            continue
        total = total + x * i
    return total


def nested_whiles(x):
    total = x * 0.0
    while total.sum() < 30.0:
        y = x
        while y.sum() < 4.0:
            y = y * 1.7
        total = total + y
    return total


def for_with_tensor_break(x):
    for i in range(20):
        x = x * 1.2 + 0.1 * i
        if x.sum() > 10.0:
            break
    return x


def for_with_tensor_return(x):
    for _ in range(4):
        x = x * 2.0
        if x.sum() > 10.0:
            return x * 100.0
    return x


def for_else(x):
    for _ in range(3):
        x = x + 1.0
        if x.sum() > 100.0:
            break
    else:
        x = x * 7.0
    return x


def for_over_rows(x):
    rows = x.reshape(2, 1)
    total = x[0] * 0.0
    for row in rows:
        if row[0] > 0:
            total = total + row.sum() ** 2
    return total


def boolean_operators(x):
    if x[0] > 0 and not x[1] > 5.0:
        return x * 2.0
    if x[0] < -1.0 or x[1] < -1.0:
        return x * 3.0
    return x


def chained_comparison(x):
    if 0 < x.sum() < 5:
        return x * 2.0
    return x * 4.0


def ternaries(x):
    a = x * 2.0 if x[0] > 0 else x * 3.0
    return a if a.sum() > 1 else (a + 1.0 if a.sum() > -1 else a - 1.0)


def lists_in_branches(x):
    parts = [x]
    if x.sum() > 0:
        parts.append(x * 2.0)
    else:
        parts.append(x * x)
    return sum(p.sum() for p in parts)


def item_assignment(x):
    y = x * 1.0
    if x.sum() > 0:
        y[0] = 5.0
    else:
        y[1] = x[0] * 2.0
    return y


def helper(x, k):
    if x.sum() > k:
        return x * k
    return x / k


def calls_helpers(x):
    inner = lambda v: v if v.sum() > 0 else -v
    return helper(x, 2.0) + inner(x)


def branch_in_loop(x):
    y = x
    for i in range(3):
        if y.sum() > 0:
            y = y * 0.5 - 0.3
        else:
            y = y * y + i
    return y


def loop_in_branch(x):
    if x.sum() > 0:
        while x.sum() < 9.0:
            x = x * 2.0
    else:
        for _ in range(2):
            x = x * x
    return x


def plain_python(x, flag=True, n=3):
    y = x
    while n > 0 and flag:
        n -= 1
        if n == 1:
            continue
        y = y + x
    return y if flag else -y


PROGRAMS = [
    absolute_by_if, early_return, return_in_one_branch_then_more, variable_of_one_branch, number_in_branches, elif_chain,
    while_with_counter, while_true_break, while_with_continue, nested_whiles, for_with_tensor_break, for_with_tensor_return,
    for_else, for_over_rows, boolean_operators, chained_comparison, ternaries, lists_in_branches, item_assignment,
    calls_helpers, branch_in_loop, loop_in_branch, plain_python,
]  # fmt: skip
POSITIVE = {while_with_counter, while_true_break, nested_whiles, loop_in_branch, while_with_continue}
INPUTS = [(1.0, 2.0), (0.3, 0.4), (-1.0, -2.5), (2.0, -1.0), (-2.0, 6.0), (8.0, 9.0)]


@pytest.mark.quick
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_compiled_control_flow_is_pythons(program):
    compiled = ms.jit(program)
    gradient = ms.jit(ms.grad(program))
    for values in INPUTS:
        if program in POSITIVE and sum(values) <= 0.5:
            continue
        x = t(*values)
        expected, expected_gradient = program(x), ms.grad(program)(x)
        np.testing.assert_allclose(compiled(x).asnumpy(), expected.asnumpy(), rtol=1e-5, err_msg=str(values))
        np.testing.assert_allclose(
            gradient(x).asnumpy(), expected_gradient.asnumpy(), rtol=1e-4, atol=1e-5, err_msg=str(values)
        )


def test_one_trace_serves_all_values():
    compiled = ms.jit(return_in_one_branch_then_more)
    compiled(t(1, 1))
    before = ms.graph.compile_stats()["traces"]
    for values in INPUTS:
        compiled(t(*values))
    assert ms.graph.compile_stats()["traces"] == before


# ---------------------------------------------------------------- the explicit forms
def in_both_ways(function, *args):
    """(eager result and gradient, compiled result and gradient)"""
    found = []
    for wrap in (lambda f: f, ms.jit):
        value = wrap(function)(*args)
        g = wrap(ms.grad(function))(*args)
        found.append((value.asnumpy(), g.asnumpy()))
    return found


@pytest.mark.parametrize("values", [(1, 2), (-1, -2)])
def test_cond(values):
    def f(x, w):
        a, b = ops.cond(x.sum() > 0, lambda v: (v * w, v + 1.0), lambda v: (v * v, v - 1.0), x)
        return (a * b).sum()

    eager, compiled = in_both_ways(f, t(*values), t(3, 4))
    np.testing.assert_allclose(compiled[0], eager[0], rtol=1e-6)
    np.testing.assert_allclose(compiled[1], eager[1], rtol=1e-6)


@pytest.mark.parametrize("index", [-3, 0, 1, 2, 7])
def test_switch_case_clips_its_index(index):
    def f(x, i):
        return ops.switch_case(i, [ops.sin, ops.cos, ops.exp], x).sum()

    x = t(0.3, 0.7)
    wanted = [np.sin, np.cos, np.exp][min(max(index, 0), 2)](x.asnumpy()).sum()
    for wrap in (lambda f: f, ms.jit):
        np.testing.assert_allclose(wrap(f)(x, Tensor(index)).asnumpy(), wanted, rtol=1e-5)


def test_while_loop_of_a_million_turns_stays_in_the_native_call():
    @ms.jit
    def f(n):
        return ops.while_loop(lambda s: s[0] < n, lambda s: (s[0] + 1, s[1] + 0.5), (0, Tensor(0.0, ms.float64)))

    k, total = f(Tensor(1_000_000))
    assert int(k) == 1_000_000 and float(total) == 500_000.0
    assert len(f(Tensor(3))) == 2


def test_gradient_of_a_long_while_loop():
    def f(x):
        return ops.while_loop(lambda s: s[0] < 1000, lambda s: (s[0] + 1, s[1] * 1.001), (0, x))[1].sum()

    np.testing.assert_allclose(ms.jit(ms.grad(f))(t(1, 2)).asnumpy(), [1.001**1000] * 2, rtol=1e-3)


def test_fori_loop_with_tensor_bounds():
    def f(x, n):
        return ops.fori_loop(0, n, lambda i, v: v * 2.0 + i, x).sum()

    eager, compiled = in_both_ways(f, t(1, 2), Tensor(5))
    np.testing.assert_allclose(compiled[0], eager[0])
    np.testing.assert_allclose(compiled[1], [32, 32])


@pytest.mark.parametrize("reverse", [False, True])
def test_scan_against_a_written_loop(reverse):
    rng = np.random.RandomState(0)
    xs, w, h = (Tensor(rng.randn(*s).astype(np.float32) * 0.5) for s in [(5, 2, 3), (3, 3), (2, 3)])

    def by_scan(xs, w, h):
        def step(h, x):
            h = ops.tanh(x + h @ w)
            return h, (h * 2.0, h.sum())

        last, (rows, sums) = ops.scan(step, h, xs, reverse=reverse)
        return (last * last).sum() + (rows * xs).sum() + (sums * sums).sum()

    def by_hand(xs, w, h):
        total = 0.0
        for k in range(5)[:: -1 if reverse else 1]:
            h = ops.tanh(xs[k] + h @ w)
            total = total + (h * 2.0 * xs[k]).sum() + h.sum() ** 2
        return total + (h * h).sum()

    wanted = ms.grad(by_hand, (0, 1, 2))(xs, w, h)
    for wrap in (lambda f: f, ms.jit):
        np.testing.assert_allclose(wrap(by_scan)(xs, w, h).asnumpy(), by_hand(xs, w, h).asnumpy(), rtol=1e-4)
        for a, b in zip(wrap(ms.grad(by_scan, (0, 1, 2)))(xs, w, h), wanted):
            np.testing.assert_allclose(a.asnumpy(), b.asnumpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("reverse", [False, True])
def test_states_that_are_results_too_are_written_once(reverse, graph_mode):
    """A stack of the states is the result as well, by itself, in two results, and beside the states that a gradient reads."""
    xs = np.random.default_rng(3).standard_normal((7, 2, 3)).astype(np.float32)
    expected, h = [], np.zeros((2, 3), np.float32)
    for x in xs[::-1] if reverse else xs:
        h = np.tanh(x - 0.5 * h)
        expected.append(h)
    expected = np.stack(expected[::-1] if reverse else expected)

    def rows(xs):
        def turn(h, x):
            new = ops.tanh(x - 0.5 * h)
            return new, (new, new)

        last, (first, second) = ops.scan(turn, ops.zeros((2, 3)), xs, reverse=reverse)
        return last, ops.concat((first * 2.0, second), 0), first

    last, joined, alone = ms.jit(rows)(Tensor(xs))
    np.testing.assert_allclose(last.asnumpy(), h, 1e-6)
    np.testing.assert_allclose(joined.asnumpy(), np.concatenate((2 * expected, expected)), 1e-6)
    np.testing.assert_allclose(alone.asnumpy(), expected, 1e-6)
    total = lambda xs: (rows(xs)[1] ** 2).sum()
    gradient = ms.jit(ms.grad(total))(Tensor(xs)).asnumpy()
    back, wanted = np.zeros((2, 3)), np.zeros_like(xs)  # d(4 y^2 + y^2)/dy is 10 y
    order = range(7) if reverse else range(6, -1, -1)
    for t in order:
        inner = (10 * expected[t] + back) * (1 - expected[t] ** 2)
        wanted[t], back = inner, -0.5 * inner
    np.testing.assert_allclose(gradient, wanted, 1e-4, 1e-5)


@pytest.mark.quick
def test_second_derivatives_through_loops():
    def f(x):
        return ops.while_loop(lambda v: v.sum() < 50.0, lambda v: v * v, x).sum()

    def second(x):
        return ms.grad(lambda v: ms.grad(f)(v).sum())(x)

    x = t(1.5, 2.0)
    np.testing.assert_allclose(ms.jit(second)(x).asnumpy(), second(x).asnumpy(), rtol=1e-4)


@pytest.mark.quick
def test_parameters_change_in_branches_and_loops(mode):
    class Counter(nn.Cell):
        def __init__(self):
            super().__init__()
            self.seen = ms.Parameter(Tensor(0.0), name="seen")
            self.positive = ms.Parameter(Tensor(0.0), name="positive")

        def construct(self, x):
            self.seen += 1.0
            if x.sum() > 0:
                self.positive += 1.0
                n = 0
                while n < 3:
                    ops.assign(self.seen, self.seen * 2.0)
                    n += 1
            return x * self.seen

    c = Counter()
    results = [c(t(*v)).asnumpy().tolist() for v in [(1, 1), (-1, -1), (2, 2)]]
    assert results == [[8.0, 8.0], [-9.0, -9.0], [160.0, 160.0]]
    assert float(c.positive) == 2.0 and float(c.seen) == 80.0


def test_dropout_in_a_loop_draws_new_numbers_each_turn(graph_mode):
    def f(x):
        def step(v, _):
            return v, ops.dropout(v, 0.5)

        return ops.scan(step, x, None, length=4)[1]

    rows = ms.jit(f)(Tensor(np.ones((1, 64), np.float32))).asnumpy()
    assert len({r.tobytes() for r in rows}) == 4


# ---------------------------------------------------------------- errors name the place and the remedy
def line_of(function, text):
    import inspect

    lines, first = inspect.getsourcelines(function)
    return f"{__file__}:{first + next(k for k, line in enumerate(lines) if text in line)}"


def test_branches_of_different_shape_run_op_by_op_and_name_both_sites():
    def f(x):
        if x.sum() > 0:
            y = x * 2.0
        else:
            y = x.sum()
        return y + 1.0

    with pytest.warns(RuntimeWarning, match="runs op by op") as caught:
        assert ms.jit(f)(t(1, 2)).asnumpy().tolist() == [3.0, 5.0]
    assert f(t(-1, -2)).item() == -2.0
    message = str(caught[0].message)
    assert "'y'" in message and "(2,)" in message and "()" in message
    assert line_of(f, "y = x * 2.0") in message and line_of(f, "y = x.sum()") in message


def larger(x):
    if x.sum() > 0:
        y = ops.concat((x, x))
    else:
        y = x
    return y


def returned_early(x):
    if x.sum() > 0:
        return ops.concat((x, x))
    return x


def none_before(x):
    y = None
    if x.sum() > 0:
        y = ops.concat((x, x))
    return y


def unused(x):
    if x.sum() > 0:
        y = ops.concat((x, x))
    else:
        y = x
    del y
    return x * 2


def text(x):
    if x.sum() > 0:
        s = "a"
    else:
        s = "b"
    return x, s


@pytest.mark.parametrize("function", [larger, returned_early, none_before, unused, text])
@pytest.mark.filterwarnings("ignore:.*runs op by op")
def test_results_of_branches_that_differ_are_those_of_python(function):
    for x in (t(1, 2), t(-1, -2)):
        found, expected = ms.jit(function)(x), function(x)
        assert str(found) == str(expected)


def of_two_types(x):
    if x.sum() > 0:
        y = x
    else:
        y = x.astype(ms.int32)
    return y


def of_two_structures(x):
    if x.sum() > 0:
        y = x
    else:
        y = (x, x)
    return y


def in_one_branch(x):
    if x.sum() > 0:
        y = x
    return y


@pytest.mark.parametrize(
    ("function", "error"),
    [(of_two_types, TypeError), (of_two_structures, TypeError), (in_one_branch, UnboundLocalError)],
)
def test_nothing_undefined_is_returned(function, error):
    with pytest.raises(error, match="The variable 'y'"):
        ms.jit(function)(t(1, 2))


def test_returned_branches_of_different_type():
    def f(x):
        if x.sum() > 0:
            return x
        return x.astype(ms.float16)

    with pytest.raises(TypeError, match="Float16.*Float32|Float32.*Float16"):
        ms.jit(f)(t(1, 2))


def test_variable_of_one_branch_only():
    def f(x):
        if x.sum() > 0:
            z = x
        return z

    with pytest.raises(NameError, match="'z'.*one branch"):
        ms.jit(f)(t(1, 2)).asnumpy()


def test_loop_that_changes_a_shape():
    def f(x):
        while x.sum() < 10:
            x = ops.concat([x, x])
        return x

    with pytest.raises(ValueError, match=r"'x'.*\(2,\).*\(4,\)"):
        ms.jit(f, fullgraph=True)(t(1, 2))
    with pytest.warns(RuntimeWarning, match=r"'x'.*\(2,\).*\(4,\)"):
        assert ms.jit(f)(t(1, 2)).asnumpy().tolist() == [1.0, 2.0] * 4


def test_without_source_the_error_says_so():
    space = {}
    exec("def f(x):\n    if x.sum() > 0:\n        return x\n    return -x\n", space)
    with pytest.raises(TypeError, match="source"):
        ms.jit(space["f"], fullgraph=True)(t(1, 2))
    with pytest.warns(RuntimeWarning, match="source"):
        assert ms.jit(space["f"])(t(-1, -2)).asnumpy().tolist() == [1.0, 2.0]


def test_the_error_in_a_branch_names_the_users_line():
    def f(x):
        if x.sum() > 0:
            y = x @ x.reshape(1, 2)
        else:
            y = x
        return y

    with pytest.raises(ValueError) as error:
        ms.jit(f)(t(1, 2))
    assert line_of(f, "x @ x") in str(error.value)


def test_a_scan_whose_turns_are_shared_between_threads():
    """Big enough that calls are split: what one turn leaves to the next must not be overtaken."""
    from minispore.graph import build

    before = build.threads()
    rng = np.random.RandomState(0)
    xs, w, h = (Tensor(rng.randn(*s).astype(np.float32) * 0.1) for s in [(3, 32, 128), (128, 512), (32, 128)])

    def cell(h, x, w):
        g = (x + h) @ w
        return ops.tanh(g[:, :128]) * ops.sigmoid(g[:, 128:256]) + ops.sin(g[:, 256:384]) * g[:, 384:]

    def by_scan(xs, w, h):
        return (ops.scan(lambda h, x: (cell(h, x, w), None), h, xs)[0] ** 2).sum()

    def by_hand(xs, w, h):
        for k in range(3):
            h = cell(h, xs[k], w)
        return (h**2).sum()

    wanted = ms.grad(by_hand, (0, 1, 2))(xs, w, h)
    try:
        for n in (1, 2, 4):
            build.set_threads(n)
            for a, b in zip(ms.jit(ms.grad(by_scan, (0, 1, 2)))(xs, w, h), wanted):
                np.testing.assert_allclose(a.asnumpy(), b.asnumpy(), rtol=1e-3, atol=1e-6)
    finally:
        build.set_threads(before)


def test_gradient_of_a_weight_in_a_loop_is_one_product_of_stacks(graph_mode):
    """And no stack holds a copy of the weight, or of its transpose, for each turn."""
    rng = np.random.default_rng(0)
    rows, w, start = (rng.normal(size=s).astype(np.float32) for s in ((5, 2, 4), (4, 4), (2, 4)))

    def total(rows, w, start, unroll):
        last, _ = ops.scan(lambda s, x: (ops.tanh(x + s @ w.T), None), start, rows, unroll=unroll)
        return (last * last).sum()

    def gradient(unroll):
        return ms.jit(ms.grad(lambda rows, w, start: total(rows, w, start, unroll), (0, 1, 2)))

    given = Tensor(rows), Tensor(w), Tensor(start)
    for found, expected in zip(gradient(1)(*given), gradient(8)(*given)):
        np.testing.assert_allclose(found.asnumpy(), expected.asnumpy(), rtol=1e-5, atol=1e-6)
    nodes = gradient(1).graph(*given).final.nodes
    _, backward = [n for n in nodes if n.op.name == "loop"]
    assert [n.op.name for n in nodes].count("matmul") == 1
    assert not any(v.shape[1:] == w.shape for v in backward.inputs)


def test_the_gradient_of_carried_values_that_reach_the_result_turns_later():
    """c gets b, which got the square of a one turn before: c = 3 a^2 after three turns."""

    def f(x):
        def turn(carried, row):
            a, b, c = carried
            return (a * 1.0, b + a * a, c + b), row

        return ops.scan(turn, (x, x * 0.0, x * 0.0), Tensor(np.zeros((3, 1))))[0][2].sum()

    assert ms.jit(ms.grad(f))(Tensor(np.array([2.0, 3.0]))).tolist() == [12.0, 18.0]


def test_two_variables_that_become_the_same_value(mode):
    @ms.jit
    def mixed(a, b, n):
        i = 0
        while i < n:
            c = a * 0.5 + b
            a, b, i = c, c, i + 1
        return a, b

    a, b = mixed(Tensor([1.0, 2.0]), Tensor([3.0, 4.0]), Tensor(3))
    assert a.tolist() == b.tolist() == [7.875, 11.25]


def test_an_unknown_name_in_a_branch_is_said_first():
    """Before the shape of the condition, and whichever branch is taken, as in MindSpore."""

    @ms.jit
    def f(x):
        if x > 0:
            x = x + never_defined  # noqa: F821
        return x

    for x in (Tensor([1.0, 2.0]), Tensor([-1.0])):
        with pytest.raises(NameError, match="never_defined"):
            f(x)
