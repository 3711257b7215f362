"""raise, assert, match, try and changes in place in compiled functions: what Python does, or an error that says why not."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops


def t(*values):
    return Tensor(np.array(values, np.float32))


class Guarded(nn.Cell):
    def __init__(self):
        super().__init__()
        self.calls = ms.Parameter(Tensor(0.0), name="calls")

    def construct(self, x):
        ops.assign(self.calls, self.calls + 1.0)
        assert x.sum() > -100, "far too small"
        if x[0] > 100:
            raise ValueError("too large", 100)
        elif x[0] > 50:
            y = x * 3.0
        else:
            y = x * 2.0
        while y.sum() < 30:
            y = y * 2.0
            if y[0] == 12.0:
                raise KeyError("twelve")
        return y


def test_raise_and_assert_that_hang_on_tensors(mode):
    cell = Guarded()
    assert cell(t(1, 1)).asnumpy().tolist() == [16.0, 16.0]
    assert ms.grad(cell)(t(60, 1)).asnumpy().tolist() == [3.0, 3.0]
    assert float(cell.calls) == 2.0
    for values, kind, args in [
        ((-200, 1), AssertionError, ("far too small",)),
        ((200, 1), ValueError, ("too large", 100)),
        ((3, 1), KeyError, ("twelve",)),
    ]:
        with pytest.raises(kind) as error:
            cell(t(*values))
        first, *others = error.value.args
        assert (first.split("\n")[0], *others) == args  # pytest adds lines to what assert says
    if mode == "graph":
        assert float(cell.calls) == 2.0  # a step that fails changes nothing
    assert cell(t(1, 1)).asnumpy().tolist() == [16.0, 16.0]


def test_assert_of_mapped_examples():
    def f(x):
        assert x > 0, "not positive"
        return x * 2.0

    assert ms.vmap(f)(t(1, 2)).asnumpy().tolist() == [2.0, 4.0]
    with pytest.raises(AssertionError, match="not positive"):
        ms.vmap(f)(t(1, -2))


def test_errors_of_ops_in_a_branch_are_errors_of_the_trace():
    def f(x):
        if x.sum() > 0:
            x = x.reshape(3)
        return x

    with pytest.raises(ValueError, match="reshape"):
        ms.jit(f)(t(-1, -2))


def double(x):
    return x * 2.0


def test_a_function_or_cell_chosen_by_a_tensor(mode):
    class Chooser(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(2, 2, weight_init="ones", bias_init="zeros")

        def construct(self, x):
            f = self.dense if x.sum() > 0 else double
            return f(x).sum()

    net = Chooser()
    for x, wanted in [(t(1, 2), [2.0, 2.0]), (t(-1, -2), [2.0, 2.0])]:
        assert ms.grad(net)(x.reshape(1, 2)).asnumpy().tolist() == [wanted]
    assert float(net(t(1, 2).reshape(1, 2))) == 6.0 and float(net(t(-1, -2).reshape(1, 2))) == -6.0


def alias(x):
    y = x * 1.0
    z = y
    if x.sum() > 0:
        z[0] = 9.0
    return y + z


def item_of_a_list(x):
    rows = [x * 1.0, x * 2.0]
    if x.sum() > 0:
        rows[1][0] = x[1]
    return rows[0] * rows[1]


def by_closure(x):
    y = x * 1.0

    def put(k):
        y[k] = x[k] * 5.0

    if x.sum() > 0:
        put(0)
    else:
        put(1)
    return y * y


def made_here(x):
    kept = Tensor(np.zeros(2, np.float32))
    if x.sum() > 0:
        kept[0] = x[0]
    n = 0
    while n * x.sum() < 5 and n < 3:
        kept[1] = kept[1] + x[1]
        n += 1
    return kept * x


@pytest.mark.parametrize("program", [alias, item_of_a_list, by_closure, made_here], ids=lambda f: f.__name__)
def test_changes_in_place_inside_branches(program):
    compiled, gradient = ms.jit(program), ms.jit(ms.grad(program))
    for x in (t(1, 2), t(-1, -2)):
        np.testing.assert_allclose(compiled(x).asnumpy(), program(x).asnumpy(), rtol=1e-6)
        np.testing.assert_allclose(gradient(x).asnumpy(), ms.grad(program)(x).asnumpy(), rtol=1e-6)


def test_match_try_and_with_on_python_values():
    def f(x, how):
        for k in range(4):
            try:
                if k == 1:
                    continue
                match how:
                    case "twice":
                        x = x * 2.0
                    case ("add", value):
                        x = x + value
                    case _:
                        break
            except ValueError:
                x = -x
        if x.sum() > 20:
            x = -x
        return x

    for how in ("twice", ("add", 3.0), None):
        for x in (t(1, 2), t(-3, -2)):
            assert ms.jit(f)(x, how).asnumpy().tolist() == f(x, how).asnumpy().tolist()


def test_what_cannot_be_converted_says_so():
    def leaves_try(x):
        try:
            if x.sum() > 0:
                return x
        finally:
            x = x + 1.0
        return x

    with pytest.raises(TypeError, match="leave.*'try'.*set a variable"):
        ms.jit(leaves_try, fullgraph=True)(t(1, 2))

    def finally_counts(x):
        for _ in range(3):
            try:
                break
            finally:
                x = x + 1.0
        return x if x.sum() > 0 else -x

    with pytest.raises(TypeError, match="a try whose finally changes variables"):
        ms.jit(finally_counts, fullgraph=True)(t(1, 2))
    for function in (leaves_try, finally_counts):
        with pytest.warns(RuntimeWarning, match=r"leave.*'try'|a try whose finally changes variables"):
            compiled = ms.jit(function)
            assert str(compiled(t(1, 2))) == str(function(t(1, 2)))
        assert str(compiled(t(-3, -2))) == str(function(t(-3, -2)))

    def calls_itself(x):
        return x if x.sum() > 100 else calls_itself(x * 2.0)

    with pytest.raises(RecursionError, match="while loop"):
        ms.jit(calls_itself, fullgraph=True)(t(1, 2))
    with pytest.warns(RuntimeWarning, match="while loop"):
        assert ms.jit(calls_itself)(t(1, 2)).asnumpy().tolist() == [64.0, 128.0]

    def grows(x):
        rows = []
        while x.sum() < 10:
            x = x * 2.0
            rows.append(x)
        return rows

    with pytest.raises(
        TypeError, match="'rows' is a list of 0 items before an iteration and a list of 1 items"
    ) as error:
        ms.jit(grows, fullgraph=True)(t(1, 2))
    assert "while x.sum() < 10" in str(error.value)
    with pytest.warns(RuntimeWarning, match="'rows' is a list of 0 items"):
        assert str(ms.jit(grows)(t(1, 2))) == str(grows(t(1, 2)))


def test_a_construct_with_jit_is_called_like_any_other(mode):
    class Inner(nn.Cell):
        @ms.jit
        def construct(self, x):
            return x * 2.0 if x.sum() > 0 else -x

    class Outer(nn.Cell):
        def __init__(self):
            super().__init__()
            self.inner = Inner()

        def construct(self, x):
            return self.inner(x) + 1.0

    assert Outer()(t(1, 2)).asnumpy().tolist() == [3.0, 5.0]
    assert ms.grad(Outer())(t(-1, -2)).asnumpy().tolist() == [-1.0, -1.0]


def test_gradients_take_integers_for_numbers(mode):
    """As MindSpore does: the values are those of MindSpore 2.10."""

    class Net(nn.Cell):
        def construct(self, x, y):
            while x < y:
                x = x * 3 if x > 3 else x * 2 + y
            return x * y

    for gradient in (ops.GradOperation(get_all=True)(Net()), ms.grad(Net(), (0, 1))):
        gx, gy = gradient(Tensor(2, ms.int32), Tensor(20, ms.int32))
        assert (int(gx), int(gy), gx.dtype) == (40, 44, ms.int32)


def test_lambdas_on_one_line_are_told_apart():
    a, b, c = (
        (lambda x: x if x.sum() > 0 else -x),
        (lambda x: x if x.sum() < 0 else x * 2.0),
        (lambda x: x if x.sum() > 0 else -x),
    )
    for f in (a, b, c):
        for x in (t(1, 2), t(-1, -2)):
            assert ms.jit(f)(x).asnumpy().tolist() == f(x).asnumpy().tolist()
    long = ops.cond(
        Tensor(True), lambda x: x if x.sum() > 0 else -x, lambda x: x, t(-1, -2)
    )  # fmt: skip
    assert long.asnumpy().tolist() == [1.0, 2.0]


def test_is_of_a_number_that_the_graph_decides_on(graph_mode):
    """It is compared by value and kind; the results are those of MindSpore 2.10."""

    @ms.jit
    def f(x):
        turns = 0
        while turns < x:
            turns = turns + 1
        half = 0.5
        if x > 1:
            half = 1.5
        positive = True
        if x < 0:
            positive = False
        two, three, real, more = 2, 3, 3.0, 1.5
        kinds = turns is real, positive is True, turns is None
        return turns is three, turns is not three, two is turns, half is more, *kinds

    assert [bool(v) for v in f(Tensor(3))] == [True, False, False, True, False, True, False]
    assert [bool(v) for v in f(Tensor(-2))] == [False, True, False, False, False, False, False]


def test_a_variable_of_a_loop_that_may_make_no_turn_has_no_value_after_it(mode):
    @ms.jit
    def last(x):
        i = 0
        while i < x.sum():
            doubled = x * 2
            i += 1
        return doubled

    @ms.jit
    def inside(x):
        total, i = x, 0
        while i < x.sum():
            doubled = x * 2
            total = total + doubled
            i += 1
        return total

    with pytest.raises(UnboundLocalError, match="doubled"):
        last(Tensor([-1.0, -2.0]))
    assert inside(Tensor([1.0, 1.0])).asnumpy().tolist() == [5.0, 5.0]
    assert inside(Tensor([-1.0, -1.0])).asnumpy().tolist() == [-1.0, -1.0]
