"""What a compiled function gives back where MindSpore's own tests look closely: containers, texts of errors, their classes."""

import copy

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops


@pytest.mark.quick
def test_containers_among_the_arguments_come_back_themselves():
    @ms.jit
    def f(x, y):
        return x, (y["a"], 1), [x]

    numbers, named = [1, Tensor([1.0])], {"a": [Tensor([2.0])]}
    for _ in range(2):
        first, (second, _), (third,) = f(numbers, named)
        assert first is numbers and second is named["a"] and third is numbers


def test_a_changed_container_is_another_one():
    @ms.jit
    def f(x):
        x[0] = 9
        return x

    numbers = [1, 2]
    assert f(numbers) == [9, 2] and numbers == [1, 2]


class _Bounded(nn.Cell):
    def construct(self, x):
        if x > 10:
            raise ValueError(f"The input can not be {x}.")
        return x


@pytest.mark.quick
def test_the_text_of_a_raise_holds_the_value(mode):
    net = _Bounded()
    assert net(Tensor(3)) == 3
    for value in (11, 12):
        with pytest.raises(ValueError, match=f"The input can not be {value}."):
            net(Tensor(value))


def test_a_raise_with_values_changes_no_parameter():
    class Counts(nn.Cell):
        def __init__(self):
            super().__init__()
            self.count = ms.Parameter(Tensor(0), name="count")

        def construct(self, x):
            self.count += 1
            if x > self.count:
                raise RuntimeError("too large", x)
            return x

    net = Counts()
    ms.set_context(mode=ms.GRAPH_MODE)
    with pytest.raises(RuntimeError, match="value= 5"):
        net(Tensor(5))
    assert net.count == 0


@pytest.mark.parametrize(
    "wrong, classes",
    [
        (lambda x: x / (x.shape[0] - 1) / (1 // (x.shape[0] - 1)), (ZeroDivisionError, ValueError)),
        (lambda x: {"a": x}["b"], (KeyError, ValueError)),
        (lambda x: x.shape[0](x), (TypeError, ValueError)),
        (lambda x: x.shape["a"], (TypeError, IndexError)),
    ],
)
def test_mistakes_have_the_classes_of_python_and_of_mindspore(wrong, classes):
    for kind in classes:
        with pytest.raises(kind):
            ms.jit(wrong)(Tensor([1.0]))


def test_an_error_that_the_user_raises_is_of_its_own_class_only():
    @ms.jit
    def f(x):
        raise KeyError("mine")

    with pytest.raises(KeyError) as found:
        f(Tensor([1.0]))
    assert type(found.value) is KeyError


def test_connectives_of_tensors_give_an_operand():
    @ms.jit
    def f(x, y):
        return x and y, x or y, not x

    for x in (0, 3):
        both, either, negated = f(Tensor([x]), Tensor([5]))
        np.testing.assert_array_equal(both.asnumpy(), [x and 5])
        np.testing.assert_array_equal(either.asnumpy(), [x or 5])
        np.testing.assert_array_equal(negated.asnumpy(), [not x])


def test_gradients_through_connectives():
    def f(x, y):
        return (x and y) * 2 + (x or y) * 3

    gradient = ms.jit(ops.grad(f, (0, 1)))
    assert [g.item() for g in gradient(Tensor([2.0]), Tensor([5.0]))] == [3.0, 2.0]
    assert [g.item() for g in gradient(Tensor([0.0]), Tensor([5.0]))] == [2.0, 3.0]


# ---------------------------------------------------------------- Cells, Parameters, settings
@pytest.mark.parametrize(
    "name, wrong, error",
    [
        ("comm_fusion", "a", TypeError), ("comm_fusion", -1, ValueError), ("layerwise_parallel", 1, TypeError),
        ("parallel_optimizer", None, TypeError), ("cache_enable", 1, TypeError), ("key", 1.0, TypeError), ("name", "x" * 1025, ValueError),
    ],
)  # fmt: skip
def test_attributes_of_a_parameter_are_checked(name, wrong, error):
    p = ms.Parameter(Tensor([1.0]), name="p")
    before = getattr(p, name)
    with pytest.raises(error, match=name):
        setattr(p, name, wrong)
    assert getattr(p, name) == before


def test_set_data_takes_tensors_and_numbers_only():
    p = ms.Parameter(Tensor([1, 2], ms.int32), name="p")
    for wrong in ([1, 2], np.ones(2), np.float32(1), None, "a", True):
        with pytest.raises(TypeError):
            p.set_data(wrong)
    assert p.set_data(Tensor([1.5, 2.5])).asnumpy().tolist() == [1, 2] and p.dtype is ms.int32


def test_a_cell_below_by_its_path():
    net = nn.SequentialCell(nn.SequentialCell(nn.Dense(2, 3)), nn.ReLU())
    assert net.get_sub_cell("0.0") is net[0][0] and net.get_sub_cell("") is net
    for wrong in ("0.1", "weight", "0.0.weight", "a"):
        with pytest.raises(AttributeError):
            net.get_sub_cell(wrong)


@pytest.mark.parametrize("wrong", [{"capture_mode": "bad"}, {"jit_level": "O9"}, {"dynamic": 3}])
def test_options_of_jit(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ms.jit(**wrong)


def test_symbols_say_which_lengths_fit(graph_mode):
    """MindSpore: a ValueError where a length is out of bounds, not so divisible, or differs where it must be the same."""
    group, side = ms.Symbol(max=16, min=4, divisor=8), ms.Symbol(unique=True)
    net = nn.Flatten()
    net.set_inputs(Tensor(shape=[group, side, side], dtype=ms.float32))
    assert copy.deepcopy(net)(ops.ones((16, 3, 3))).shape == (16, 9) and net(ops.ones((8, 2, 2))).shape == (8, 4)
    for shape in ((32, 2, 2), (10, 2, 2), (0, 2, 2), (8, 2, 3)):
        for one in (net, copy.deepcopy(net)):
            with pytest.raises(ValueError, match="set_inputs declares"):
                one(ops.ones(shape))


def test_a_symbol_is_any_length():
    length = ms.Symbol(max=8, unique=True)
    net = nn.Dense(2, 1, "ones", "zeros")
    net.set_inputs(Tensor(shape=[length, 2], dtype=ms.float32))
    for rows in (1, 3):
        assert net(ops.ones((rows, 2))).shape == (rows, 1)
    for wrong in ({"max": -1}, {"divisor": 0}, {"divisor": 3, "remainder": 5}):
        with pytest.raises(ValueError):
            ms.Symbol(**wrong)
    with pytest.raises(TypeError):
        ms.Symbol(unique=3)


def test_a_parameter_with_a_name_that_is_taken():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = ms.Parameter(Tensor([1.0]), name="w")

        def construct(self, p):
            return p + self.w

    ms.set_context(mode=ms.GRAPH_MODE)
    net = Net()
    assert net(ms.Parameter(Tensor([2.0]), name="v")).item() == 3 and net(net.w).item() == 2
    with pytest.raises(ValueError, match="'w'"):
        net(ms.Parameter(Tensor([2.0]), name="w"))


def test_slices_of_a_parameter():
    parts = [ms.Parameter(Tensor(np.full((n, 2), n, np.float32)), name="w", requires_grad=False) for n in (1, 2)]
    whole = ms.merge_sliced_parameter(parts)
    assert whole.name == "w" and not whole.requires_grad and whole.asnumpy().tolist() == [[1, 1], [2, 2], [2, 2]]
    for error, wrong in (
        (TypeError, 3), (TypeError, [1]), (ValueError, []), (ValueError, [parts[0], ms.Parameter(Tensor([1.0]), name="w")]),
        (ValueError, [parts[0], ms.Parameter(parts[0], name="v")]),
    ):  # fmt: skip
        with pytest.raises(error):
            ms.merge_sliced_parameter(wrong)


def test_the_list_of_checkpoint_files(tmp_path):
    import os

    from minispore.train.callback._checkpoint import CheckpointManager

    for age, name in enumerate(("net-2_1.ckpt", "net-1_1.ckpt", "net_2-1_1.ckpt", "net-1.txt")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    files = CheckpointManager()
    files.update_ckpoint_filelist(str(tmp_path), "net")
    assert files.ckpoint_num == 2
    files.keep_one_ckpoint_per_minutes(1, 1000)
    assert [os.path.basename(x) for x in files.ckpoint_filelist] == ["net-1_1.ckpt"]
    assert not (tmp_path / "net-2_1.ckpt").exists() and (tmp_path / "net_2-1_1.ckpt").exists()


# ---------------------------------------------------------------- attributes of other objects
class _State:
    def __init__(self):
        self.total = Tensor([0.0])

    def add(self, x):
        self.total = self.total + x
        return self.total


@pytest.mark.quick
def test_attributes_of_other_objects_are_set_at_each_call():
    state = _State()

    @ms.jit
    def f(x):
        y = state.add(x) * 2
        state.last = y
        return y + 1

    with pytest.warns(RuntimeWarning, match="in pieces"):
        assert f(Tensor([1.0])).item() == 3
    assert f(Tensor([2.0])).item() == 7
    assert state.total.item() == 3 and state.last.item() == 6


def test_attributes_of_an_object_among_the_arguments():
    @ms.jit
    def f(state, x):
        if x.sum() > 0:
            state.total = x
        else:
            state.total = -x
        return x

    state = _State()
    for value in (2.0, -3.0):
        f(state, Tensor([value]))
        assert state.total.item() == abs(value)


def test_objects_of_the_function_itself_break_nothing():
    @ms.jit(fullgraph=True)
    def f(x):
        state = _State()
        state.add(x)
        state.other = x * 3
        return state.total + state.other

    assert f(Tensor([2.0])).item() == 8 and f(Tensor([3.0])).item() == 12


def test_setting_an_attribute_of_an_outer_object_in_one_graph_is_an_error():
    state = _State()

    @ms.jit(fullgraph=True)
    def f(x):
        state.total = x * 2
        return x

    with pytest.raises(RuntimeError, match="'total'"):
        f(Tensor([1.0]))
    assert state.total.item() == 0


# ---------------------------------------------------------------- primitives and functions by type
def test_what_a_multitype_function_refuses():
    double = ops.MultitypeFuncGraph("double")

    @double.register("Tensor", "Number")
    def _of_tensor(x, n):
        return x * n

    for wrong in (("a", 1), (Tensor([1.0]),), (Tensor([1.0]), 2, 3)):
        with pytest.raises(ValueError, match="double"):
            double(*wrong)
    with pytest.raises(RuntimeError, match="Bad"):
        double.register("Bad")
    with pytest.raises(TypeError):
        ops.MultitypeFuncGraph(3)
    with pytest.raises(RuntimeError):
        ops.HyperMap(3)
    with pytest.raises(TypeError):
        ops.Map(3)


def test_settings_of_a_primitive_for_several_devices():
    relu = ops.ReLU()
    assert relu.set_device("CPU").set_stage(1).recompute().shard(((1,),)) is relu and relu.attrs["stage"] == 1
    for error, wrong in (
        (RuntimeError, lambda: relu.set_device("TPU")), (TypeError, lambda: relu.shard(3)), (TypeError, lambda: relu.recompute("a")),
        (ValueError, lambda: relu.place("other", 0)), (TypeError, lambda: relu.place("MS_WORKER", "a")),
    ):  # fmt: skip
        with pytest.raises(error):
            wrong()


def test_the_text_of_a_raise_in_a_gradient(mode):
    gradient = ops.grad(ms.jit(lambda x: _Bounded()(x) * x))
    assert gradient(Tensor(3.0)).item() == 6
    with pytest.raises(ValueError, match=r"The input can not be 11\.0"):
        gradient(Tensor(11.0))


def test_unary_plus(mode):
    x = Tensor([-1.0, 2.0])
    assert (+x).asnumpy().tolist() == ms.jit(lambda x: +x)(x).asnumpy().tolist() == [-1, 2]
    assert ms.jit(lambda n: (+n, -n))(ms.mutable(3)) == (3, -3)


def test_a_variable_without_a_value_is_an_unbound_local():
    @ms.jit
    def f(x):
        if x > 0:
            y = x
        return y

    with pytest.raises(UnboundLocalError, match="'y'"):
        f(Tensor(1.0))


def test_characters_of_names():
    cells = nn.CellDict({"a-1": nn.ReLU()})
    for wrong in ("a b", "a$", "é", "a:b"):
        with pytest.raises(ValueError, match="letters"):
            cells[wrong] = nn.ReLU()
        with pytest.raises(ValueError, match="letters"):
            nn.Dense(1, 1).update_parameters_name(wrong)
    assert list(cells) == ["a-1"]


def test_vmap_of_cells_that_are_not_alike():
    with pytest.raises(RuntimeError, match="cell 1 differs"):
        ops.vmap(nn.CellList([nn.ReLU(), nn.Tanh()]), 0)(Tensor([[1.0], [2.0]]))
    assert ops.vmap(nn.CellList([nn.Tanh(), nn.Tanh()]), 0)(Tensor([[0.0], [0.0]])).shape == (2, 1)


def test_a_container_with_a_changed_one_inside_is_given_back_as_it_became(mode):
    """Asked of MindSpore 2.10, whose GRAPH mode leaves a list of the caller as it was."""

    class Appends(nn.Cell):
        def construct(self, rows, named):
            rows[0].append(rows[1][0] * 2)
            named["inner"]["sum"] = rows[1][0] + 1
            return rows, named

    rows, named = Appends()([[Tensor([1.0])], [Tensor([3.0])]], {"inner": {}})
    assert [float(x) for x in rows[0]] == [1, 6] and float(named["inner"]["sum"]) == 4
