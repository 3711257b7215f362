"""Idioms of hand-written train steps and Cells; what is asserted is what MindSpore 2.10 answers."""

import importlib

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.dataset import GeneratorDataset


@pytest.fixture(params=[ms.PYNATIVE_MODE, ms.GRAPH_MODE], ids=["pynative", "graph"])
def mode(request):
    ms.set_context(mode=request.param)


def t(*values):
    return Tensor(list(values), ms.float32)


def test_identity_of_a_tuple(mode):
    functional = importlib.import_module("minispore.ops.functional")

    class Step(nn.Cell):
        def __init__(self):
            super().__init__()
            self.grad_reducer = functional.identity

        def construct(self, x, y):
            return self.grad_reducer((x, [y, 2]))

    x, (y, two) = Step()(t(1.0), t(2.0))
    assert (x.item(), y.item(), two) == (1.0, 2.0, 2)


def test_functions_by_type_with_control_flow(mode):
    chosen = ops.MultitypeFuncGraph("chosen")

    @chosen.register("Tensor", "Tensor")
    def _of_tensors(a, b):
        if a.sum() > 0:
            return a * b
        return a - b

    @chosen.register("Tensor", "Number")
    def _of_number(a, b):
        s = a
        for _ in range(3):
            s = s + b
        while s.sum() < 20:
            s = s * 2
        return s

    class Net(nn.Cell):
        def construct(self, a, b):
            return chosen(a, b), chosen(a, 2), chosen(-a, b), ops.HyperMap()(chosen, (a, -a), (b, b))

    first, second, third, (fourth, fifth) = Net()(t(3.0), t(2.0))
    assert [x.item() for x in (first, second, third, fourth, fifth)] == [6.0, 36.0, -5.0, 6.0, -5.0]


def test_protected_names_of_optimizers():
    weights = [Parameter(t(1.0), name="w")]
    decay = nn.ExponentialDecayLR(0.1, 0.9, 2)
    for optimizer, expected in (
        (nn.Momentum(weights, 0.1, 0.9), False),
        (nn.Momentum(weights, [0.1, 0.2], 0.9), True),
        (nn.Momentum(weights, decay, 0.9), True),
        (nn.SGD(weights, 0.1, weight_decay=0.1), False),
    ):
        assert optimizer._is_dynamic_lr_or_weight_decay() is expected


class WithBuffers(nn.Cell):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", t(1.0))
        self.register_buffer("scratch", t(5.0), persistent=False)
        self.dense = nn.Dense(1, 1)

    def construct(self, x):
        return x * self.mean


def test_buffers(mode):
    net = nn.SequentialCell(WithBuffers())
    assert [name for name, _ in net.named_buffers()] == ["0.mean", "0.scratch"]
    assert [b.item() for b in net.buffers()] == [1.0, 5.0] and list(net.buffers(recurse=False)) == []
    assert net.get_buffer("0.mean") is net[0].mean
    assert list(net.state_dict()) == ["0.mean", "0.dense.weight", "0.dense.bias"]
    assert len(net.trainable_params()) == 2
    assert net(t(2.0)).item() == 2.0
    state = dict(net.state_dict())
    state["0.mean"] = t(7.0)
    net.load_state_dict(state)
    assert net(t(2.0)).item() == 14.0
    with pytest.raises(RuntimeError, match="the dict has no 0.mean"):
        net.load_state_dict({k: v for k, v in state.items() if k != "0.mean"})


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("a.b", t(1.0), KeyError), ("construct", t(1.0), KeyError), (1, t(1.0), TypeError), ("x", 1, TypeError),
    ],
)  # fmt: skip
def test_wrong_buffers(name, value, error):
    with pytest.raises(error, match="register_buffer"):
        nn.Cell().register_buffer(name, value)


def test_a_buffer_is_not_replaced():
    net = WithBuffers()
    with pytest.raises(TypeError, match="'mean' of 'WithBuffers' is a buffer"):
        net.mean = t(2.0)
    with pytest.raises(AttributeError, match="has no buffer 'other'"):
        net.get_buffer("other")


def test_shapes_with_open_sizes(mode):
    class Net(nn.Cell):
        def construct(self, x):
            return x * 2

    open_size = Tensor(shape=[None, 2], dtype=ms.float32)
    assert open_size.shape == (-1, 2) and open_size.dtype == ms.float32
    net = Net()
    net.set_inputs(open_size)
    for rows in (1, 2):
        assert net(ops.ones((rows, 2), ms.float32)).shape == (rows, 2)
    with pytest.raises(ValueError, match="a size is open"):
        open_size.asnumpy()
    with pytest.raises(ValueError, match="a size is open"):
        net(open_size)


def test_rows_that_are_generators():
    class Source:
        def __len__(self):
            return 2

        def __getitem__(self, k):
            return (np.float32(k + c) for c in range(2))

    found = [tuple(float(v) for v in row) for row in GeneratorDataset(Source(), ["a", "b"], shuffle=False)]
    assert found == [(0.0, 1.0), (1.0, 2.0)]


GENERATED = """
def construct(self, x, source, target, nodes):
    made = ms.ops.Zeros()((nodes,) + ms.ops.Shape()(x)[1:], x.dtype)
    return ms.ops.TensorScatterAdd()(made, ms.ops.Reshape()(target, (-1, 1)), ms.ops.Gather()(self.fc(x), source, 0))
"""


def test_a_construct_that_a_translator_of_graph_layers_puts_in_place(mode, tmp_path):
    """``__init__`` writes a file with the translated ``construct`` and binds it to the Cell: libraries of graph layers do so."""
    import types

    (tmp_path / "generated.py").write_text(GENERATED)
    space = {"ms": ms}
    exec(compile(GENERATED, str(tmp_path / "generated.py"), "exec"), space)

    class Layer(nn.Cell):
        def __init__(self):
            super().__init__()
            self.fc = nn.Dense(2, 2, weight_init="ones", has_bias=False)
            self.construct = types.MethodType(space["construct"], self)

        def construct(self, x, g):
            raise AssertionError("replaced")

    net = Layer()
    source, target = Tensor([0, 1, 2], ms.int32), Tensor([1, 1, 0], ms.int32)
    x = t(1.0, 2.0, 3.0, 4.0, 5.0, 6.0).reshape(3, 2)
    step = ms.value_and_grad(lambda x: net(x, source, target, 3).sum(), None, net.trainable_params())
    value, (gradient,) = step(x)
    assert float(value.asnumpy()) == 42.0 and gradient.asnumpy().tolist() == [[9.0, 12.0], [9.0, 12.0]]


def test_a_tensor_plus_or_minus_a_sequence_of_tensors(mode):
    """One Tensor is made of the sequence, as for bounds of a domain; other operators refuse it, as MindSpore does."""

    class Scaled(nn.Cell):
        def construct(self, x):
            low, high = (x[0].min(), x[1].min()), [x[0].max(), 3.0]
            return x - low, high - x, x + (x[0], x[1])

    lower, higher, doubled = Scaled()(t(1.0, 2.0, 3.0, 4.0).reshape(2, 2))
    assert lower.asnumpy().tolist() == [[0, -1], [2, 1]] and higher.asnumpy().tolist() == [[1, 1], [-1, -1]]
    assert doubled.asnumpy().tolist() == [[2, 4], [6, 8]]
    with pytest.raises(TypeError, match="tuple of 2 Tensors"):
        t(1.0) * (t(1.0), t(2.0))
    with pytest.raises(TypeError, match="tuple of 2 Tensors"):
        t(1.0) - (t(1.0), t(2.0, 3.0))
    with pytest.raises(TypeError, match="tuple of 2 Tensors"):
        t(1.0) - (t(1.0), Tensor([2]))


def test_short_names_at_the_top():
    found = [getattr(ms, name) for name in ("bool", "int", "float", "long", "half", "double", "short")]
    assert found == [ms.bool_, ms.int32, ms.float32, ms.int64, ms.float16, ms.float64, ms.int16]
    assert ms.QuantDtype.INT8 == 7 and ms.QuantDtype.UINT1 == 100 and ms.get_current_device() == ("CPU", 0)
    generator = ms.Generator().manual_seed(5)
    state = generator.get_state()
    generator.seed()
    generator.set_state(state)
    assert generator.initial_seed() == 5
    with ms._no_grad():
        assert float(ms.mint.clip(t(3.0), 0.0, 1.0)) == 1.0
    values, inverse, counts = ms.mint.unique(t(3.0, 1.0, 3.0), return_inverse=True, return_counts=True)
    assert (values.asnumpy().tolist(), inverse.asnumpy().tolist(), counts.asnumpy().tolist()) == (
        [1, 3],
        [1, 0, 1],
        [1, 2],
    )
    for module in ("numpy", "train", "dataset.engine"):
        assert len(importlib.import_module(f"minispore.{module}").__all__) > 10
    assert isinstance(ms.dataset.ImageFolderDataset, type) and issubclass(
        ms.dataset.ImageFolderDataset, ms.dataset.VisionBaseDataset
    )


def test_helpers_that_train_loops_of_libraries_import(mode):
    private = importlib.import_module("minispore.surface.private_names")
    net = nn.SequentialCell(nn.Dense(2, 2), nn.BatchNorm1d(2)).to_float(ms.float16)
    private._do_keep_batchnorm_fp32(net)
    loss = private._add_loss_network(net, nn.MSELoss(), private._config_level["O2"]["cast_model_type"])
    assert loss(Tensor(np.ones((3, 2), np.float32)), Tensor(np.ones((3, 2), np.float32))).dtype == ms.float32
    x, w = t(1.0, 2.0).reshape(1, 2), Tensor(np.arange(12, dtype=np.float32).reshape(6, 2))
    packed = private._in_projection_packed(x, x, x, w, None, True, True)
    apart = private._in_projection(x, x, x, w[:2], w[2:4], w[4:])
    assert [p.asnumpy().tolist() for p in packed] == [a.asnumpy().tolist() for a in apart]


def test_inputs_that_are_declared_hold_in_graph_mode(mode):
    graph = ms.get_context("mode") == ms.GRAPH_MODE
    x = Tensor(np.ones((2, 3), np.float32))
    for want, error in (
        (Tensor(shape=[None, 3], dtype=ms.float32), None), (Tensor(shape=None, dtype=ms.float32), None), (x, None),
        (Tensor(shape=[None, 4], dtype=ms.float32), ValueError), (Tensor(shape=[None], dtype=ms.float32), ValueError),
        (Tensor(shape=[None, 3], dtype=ms.int32), TypeError), ("a", TypeError), (None, TypeError),
    ):  # fmt: skip
        net = nn.ReLU()
        net.set_inputs(want)
        assert error is not None or net.get_inputs()[0] is want
        if error is None or not graph:
            assert net(x).shape == (2, 3)
        else:
            with pytest.raises(error, match="set_inputs"):
                net(x)
    with pytest.raises(ValueError, match="no argument 'foo'"):
        nn.ReLU().set_inputs(foo=x)


def test_the_manager_of_callbacks_is_a_callback():
    from minispore.train.callback import Callback, RunContext, _CallbackManager

    called = []

    class Old(Callback):
        def begin(self, run_context):
            called.append("begin")

        def step_end(self, run_context):
            called.append("step_end")

        def __enter__(self):
            called.append("enter")
            return self

        def __exit__(self, *error):
            called.append("exit")

    class Mine(_CallbackManager):
        def on_train_step_end(self, run_context):
            called.append("mine")
            super().on_train_step_end(run_context)

    with Mine([Old()]) as manager:
        assert isinstance(manager, Callback) and len(manager._callbacks) == 1
        context = RunContext({})
        manager.begin(context)
        manager.step_end(context)
        manager.on_train_step_end(context)
        manager.on_eval_end(context)
    assert called == ["enter", "begin", "step_end", "mine", "step_end", "exit"]


def test_pythons_max_and_min_of_tensors(mode, recwarn):
    class Net(nn.Cell):
        def construct(self, x, y):
            both = max(x, y) * x + min(x * x, 0.5)
            return both + max(0, y - 5) + max([x, y]) + max(x, y, 2.0) + min(ops.stack([x, y]))

    x, y = Tensor(1.0), Tensor(3.0)
    assert Net()(x, y).item() == 10.5
    assert [g.item() for g in ms.grad(Net(), (0, 1))(x, y)] == [4.0, 3.0]  # by hand
    assert not recwarn  # in one piece


def test_a_rate_by_max_of_a_constant_and_the_step(mode, recwarn):
    class Decay(nn.learning_rate_schedule.LearningRateSchedule):
        def construct(self, step):
            return 0.5 * (1.0 - max(Tensor(0.0), ops.cast(step, ms.float32) - 1) / 2)

    weight = Parameter(Tensor([1.0]), name="weight")
    optimizer = nn.SGD([weight], Decay())
    for _ in range(3):
        optimizer((t(1.0),))
    assert weight.item() == 1.0 - 0.5 - 0.5 - 0.25
    assert not recwarn


def test_data_of_a_tensor_and_of_a_parameter_is_assigned():
    weight, tensor = Parameter(t(1.0, 2.0), name="weight"), t(1.0, 2.0)
    same = weight
    weight.data = t(3.0, 4.0)
    assert (same.asnumpy().tolist(), same.name, same.requires_grad) == ([3.0, 4.0], "weight", True)
    weight.data = weight.data * 2
    weight.data += 1
    assert same.asnumpy().tolist() == [7.0, 9.0]
    weight.data = Tensor([[3.0, 4.0, 5.0]])
    assert same.shape == (1, 3)
    tensor.data = t(5.0, 6.0)
    assert tensor.asnumpy().tolist() == [5.0, 6.0]
    with pytest.raises(TypeError, match="a Tensor is needed"):
        weight.data = "3"


def test_the_list_of_parallel_modes():
    modes = importlib.import_module("minispore.context").ParallelMode
    assert modes.MODE_LIST == ["stand_alone", "data_parallel", "hybrid_parallel", "semi_auto_parallel", "auto_parallel"]


def test_a_sequential_cell_calls_what_it_was_made_of(mode):
    made = nn.SequentialCell([nn.Dense(2, 2, "ones", "zeros")])
    x = Tensor([[-1.0, -2.0]])
    made.insert_child_to_cell("relu", nn.ReLU())
    made.tanh = nn.Tanh()
    assert (made(x).asnumpy().tolist(), len(made)) == ([[-3.0, -3.0]], 3)

    class Named(nn.SequentialCell):
        def __init__(self):
            super().__init__()
            self.relu = nn.ReLU()

    assert Named()(x).asnumpy().tolist() == [[-1.0, -2.0]]
    made = nn.SequentialCell(nn.ReLU())
    made.append(nn.Dense(2, 2, "ones", "ones"))
    assert made(-x).asnumpy().tolist() == [[4.0, 4.0]]


def test_a_buffer_that_is_assigned():
    from minispore.nn.cell import _Buffer

    net, shared = nn.Cell(), _Buffer(t(3.0), persistent=False)
    net.mean, net.again = shared, shared
    assert [name for name, _ in net.named_buffers()] == ["mean"]
    assert [name for name, _ in net.named_buffers("a", remove_duplicate=False)] == ["a.mean", "a.again"]
    assert list(net.state_dict()) == []
    with pytest.raises(TypeError, match="_Buffer"):
        _Buffer(1.0)
