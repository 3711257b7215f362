"""map, zip and HyperMap in compiled functions: the results and errors of MindSpore 2.10."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

T = Tensor([1.0, 2.0])


def added(a, b):
    return a + b


@ms.jit
def mapped(x, y):
    return map(added, x, y)


@ms.jit
def hyper(x, y):
    return ops.HyperMap()(added, x, y)


@ms.jit
def one_level(x, y):
    return ops.Map()(added, x, y)


@pytest.mark.parametrize("apply", [mapped, hyper, one_level])
def test_lists_give_lists_and_tuples_give_tuples(graph_mode, apply):
    for kind in (list, tuple):
        found = apply(kind((T, 1)), kind((T, 2)))
        assert type(found) is kind and found[0].tolist() == [2.0, 4.0] and int(found[1]) == 3


@pytest.mark.parametrize("apply", [mapped, hyper, one_level])
@pytest.mark.parametrize("x, y, said", [
    ([T], [T, T], "length.*list of 1, a list of 2|list.*same length"),
    ((T, T), (T, T, T), "length.*tuple of 2, a tuple of 3|tuple.*same length"),
    ([T, T], (T, T), "types of arguments in .*Map must be consistent"),
])  # fmt: skip
def test_sequences_of_other_kinds_or_lengths_are_an_error(graph_mode, apply, x, y, said):
    with pytest.raises(RuntimeError, match=said):
        apply(x, y)


def test_map_of_other_iterables_is_pythons(graph_mode):
    @ms.jit
    def f(x):
        return tuple(map(added, range(2), x)), tuple(map(added, np.array([1, 2]), (3, 4)))

    rows, numbers = f(T)
    assert [float(v) for v in rows] == [1.0, 3.0] and [int(v) for v in numbers] == [4, 6]

    @ms.jit
    def nothing(x):
        return map(added) is None, x

    @ms.jit
    def of_a_number(x):
        return map(added, 3, x)

    with pytest.raises(TypeError, match="at least two arguments"):
        nothing(T)
    with pytest.raises(RuntimeError, match="Map can only be applied to list, tuple"):
        of_a_number((T,))


def test_zip_is_a_tuple(graph_mode):
    """It has a length and elements, is joined to others, and stops at the end of the shortest."""

    @ms.jit
    def zipped(x):
        pairs = zip((1, 2, 3), [x, x + 1])
        return (
            len(pairs),
            pairs[1][0] * pairs[1][1],
            zip((1, 2), range(5)) + ((7, 8),),
            zip((), (1,)),
            isinstance(pairs, tuple),
        )

    length, product, joined, empty, is_tuple = zipped(T)
    assert (length, joined, empty, is_tuple) == (2, ((1, 0), (2, 1), (7, 8)), (), True)
    np.testing.assert_array_equal(product.asnumpy(), [4.0, 6.0])


def test_zip_of_nothing_and_of_a_scalar_is_an_error(graph_mode):
    @ms.jit
    def nothing():
        return tuple(zip())

    @ms.jit
    def scalar(x):
        return tuple(zip((1, 2), x))

    with pytest.raises(RuntimeError, match="zip operator must have at least 1 argument"):
        nothing()
    with pytest.raises(TypeError, match="Cannot iterate over a scalar tensor"):
        scalar(Tensor(1.0))


def test_hypermap_goes_into_dicts_where_it_is_compiled(graph_mode):
    found = hyper({"a": (T, {"c": T}), "b": T}, {"b": 3 * T, "a": (T, {"c": 2 * T})})
    assert found["a"][0].tolist() == [2.0, 4.0] and found["a"][1]["c"].tolist() == [3.0, 6.0]
    assert found["b"].tolist() == [4.0, 8.0]
    with pytest.raises(ValueError, match="same keys"):
        hyper({"a": T}, {"b": T})
    with pytest.raises(RuntimeError, match="same keys"):
        hyper({"a": T}, {"a": T, "b": T})
    with pytest.raises(RuntimeError, match="must be consistent"):
        hyper({"a": T}, [T])
    gradient = ms.grad(lambda x: ops.HyperMap()(ops.square, {"x": x})["x"])(T)
    assert gradient.tolist() == [2.0, 4.0]


def test_a_tensor_differs_from_what_holds_no_numbers(mode):
    """So that ``in``, ``count`` and ``index`` of lists of many things work."""
    x = Tensor([1, 2])
    for other in (
        ("a", "b"),
        ["a"],
        (1, (2, 3)),
        object(),
        int,
        ms.float32,
        range(2),
        b"x",
        np.array(["a"]),
        (),
        [],
        "a",
        None,
    ):
        assert (x == other) is False and (x != other) is True
    one = Tensor(7)
    assert ["a", ("b", 1), one, None].count(one) == 1 and [("b", "c"), "d", one].index(one) == 2
    assert (x == Tensor([1, 3])).tolist() == [True, False] and (x == 2).tolist() == [False, True]


def test_gradient_by_list_of_a_function_without_parameters_given(mode):
    w = ms.Parameter(Tensor([2.0]), name="w")
    frozen = ms.Parameter(Tensor([5.0]), name="frozen", requires_grad=False)

    def f(x):
        return w * x * frozen

    dx, dw = ops.GradOperation(get_all=True, get_by_list=True)(f)(Tensor([3.0]))
    assert dx[0].tolist() == [10.0]
    alone = ops.GradOperation(get_by_list=True)(f)(Tensor([3.0]))
    if ms.get_context("mode") == ms.GRAPH_MODE:
        assert dw == () and alone == ()
    else:
        assert [g.tolist() for g in dw] == [[15.0]] and [g.tolist() for g in alone] == [[15.0]]


def test_the_scope_of_a_cell_that_is_computed_again():
    cell = ms.nn.ReLU()
    assert cell.get_scope() is None
    cell.recompute()
    assert cell.get_scope() == "recompute_"


@ms.jit
def counted():
    pair, one = Tensor([1, 2]), Tensor(1)
    return (
        [Tensor([1, 2]), pair, Tensor([1, 3]), 4].count(pair),
        [1, one, [1, 2], "a", (1,), True].count(one),
        (pair, "a", (3, "b"), (3, "b")).count((3, "b")),
        [1, 2, 1].count(1),
    )


def test_count_compares_tensors_as_a_whole():
    assert counted() == (2, 1, 2, 2)


def test_map_of_a_list_and_a_tensor_is_refused():
    with pytest.raises(RuntimeError, match="The types of arguments in Map must be consistent"):
        mapped([T], T)


def test_enumerate_and_filter_are_sequences_in_compiled_code():
    """MindSpore 2.10: ((1, x[1]), 2, ((2, 4), (3, 5)), [2, 3]); op by op they are Python's."""

    class Net(ms.nn.Cell):
        def construct(self, x):
            pairs = enumerate(x)
            return pairs[1], len(pairs), enumerate((4, 5), 2), filter(lambda k: k > 1, (1, 2, 3))

    ms.set_context(mode=ms.GRAPH_MODE)
    (k, second), length, shifted, kept = Net()(Tensor([5.0, 6.0]))
    assert (k, float(second), length, shifted, kept) == (1, 6.0, 2, ((2, 4), (3, 5)), [2, 3])


@pytest.mark.parametrize("mode", [ms.GRAPH_MODE, ms.PYNATIVE_MODE])
def test_a_range_ends_at_a_whole_number(mode):
    class Net(ms.nn.Cell):
        def construct(self, x, n):
            for k in range(n):
                x = x + k
            return x

    ms.set_context(mode=mode)
    assert Net()(Tensor(1.0), Tensor(3)).item() == 4.0
    with pytest.raises(ValueError, match="integer"):
        Net()(Tensor(1.0), Tensor(3.0))
