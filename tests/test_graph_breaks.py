"""Calls that need the value of a Tensor: compiled pieces around what Python runs, in GRAPH mode and under ``jit``."""

import json
import warnings
from importlib import util
from pathlib import Path

import numpy as np
import pytest
from value_functions import FUNCTIONS

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.core import tree

HERE = Path(__file__).parent / "records"
RECORDED = json.loads((HERE / "graph_breaks.json").read_text())
_spec = util.spec_from_file_location("graph_breaks_programs", HERE / "graph_breaks.py")
programs = util.module_from_spec(_spec)
_spec.loader.exec_module(programs)
pytestmark = pytest.mark.filterwarnings("ignore:.*is compiled in pieces")


def t(*values):
    return Tensor(np.array(values, np.float32))


def line_of(text):
    lines = Path(__file__).read_text().splitlines()
    return f"{__file__}:{1 + next(k for k, line in enumerate(lines) if text in line)}"


def check(found, expected):
    """Equal, with types and shapes; floats to the accuracy of float32."""
    if isinstance(expected, dict):
        assert found["dtype"] == expected["dtype"] and np.shape(found["value"]) == np.shape(expected["value"])
        np.testing.assert_allclose(found["value"], expected["value"], rtol=2e-5, atol=1e-6)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for x, y in zip(found, expected):
            check(x, y)
    else:
        assert type(found) is type(expected) and found == expected


# ---------------------------------------------------------------- what MindSpore gives
REFUSED = {name for name, record in RECORDED.items() if "raises" in record}
# MindSpore's GRAPH mode refuses these; the values are those of Python
LIKE_PYTHON = {
    "try_around_a_value",
    "dict_by_value",
    "branch_gives_strings",
    "list_filled_by_values",
    "a_shape_that_grows",
}


@pytest.mark.parametrize("name", sorted(RECORDED.keys() - REFUSED))
def test_values_and_gradients_are_those_of_mindspore(name, graph_mode):
    check(programs.plain(getattr(programs, name)()), RECORDED[name])


@pytest.mark.parametrize("name", sorted(LIKE_PYTHON & REFUSED))
def test_what_mindspore_refuses_runs_as_in_python(name, graph_mode, monkeypatch):
    found = programs.plain(getattr(programs, name)())
    monkeypatch.setattr(programs, "jit", lambda function: function)
    ms.set_context(mode=ms.PYNATIVE_MODE)
    check(found, programs.plain(getattr(programs, name)()))


@pytest.mark.parametrize("name", sorted(REFUSED - LIKE_PYTHON))
def test_errors_are_those_of_mindspore(name, graph_mode):
    assert programs.outcome(getattr(programs, name)) == RECORDED[name]


# ---------------------------------------------------------------- what Python gives
def shown(x):
    """Types and values, rounded to what two ways of computing in float32 agree on."""
    if isinstance(x, Tensor):
        return x.dtype, np.vectorize(lambda v: float(f"{v:.4g}"))(
            x.asnumpy().astype(np.float64)
        ).tolist() if x.size else x.shape
    if isinstance(x, (list, tuple)):
        return [shown(item) for item in x]
    if isinstance(x, dict):
        return {key: shown(value) for key, value in x.items()}
    return round(x, 3) if isinstance(x, float) else x


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_values_and_gradients_are_those_of_python(function):
    compiled = ms.jit(function)
    for values in ((1.0, 2.5), (-1.0, 0.5), (3.0, 0.0), (1.0, 2.5), (2.0, 3.0)):
        assert shown(compiled(t(*values))) == shown(function(t(*values)))

    def total(x):
        return sum((v.astype(ms.float32).sum() for v in tree.tensors(function(x))), x.sum())

    for values in ((1.0, 2.5), (3.0, 0.5)):
        ms.set_context(pynative_compile=False)
        expected = ms.grad(total)(t(*values))
        ms.set_context(pynative_compile=True)
        assert shown(ms.jit(ms.grad(total))(t(*values))) == shown(expected)


# ---------------------------------------------------------------- what is compiled, and how often
def test_new_values_compile_nothing():
    @ms.jit
    def f(x):
        y = ops.relu(x) * 2
        k = float(y.max())
        n = int(y.sum())
        for _ in range(n % 3):
            y = y + k
        return y / k - n

    def expected(x):
        y = np.maximum(x, 0) * 2
        k, n = y.max(), int(y.sum())
        for _ in range(n % 3):
            y = y + k
        return y / k - n

    counts = []
    for step in range(6):
        x = np.array([step + 1.0, 2.5], np.float32)
        np.testing.assert_allclose(f(Tensor(x)).asnumpy(), expected(x), rtol=1e-6)
        counts.append(ms.graph.compile_stats()["traces"])
    assert len(set(counts[3:])) == 1  # by then each path through the loop has been taken


def test_the_lines_around_are_compiled():
    calls = []

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(2, 2, weight_init="ones", bias_init="zeros")

        def construct(self, x):
            calls.append("before")
            y = ops.exp(self.dense(x)) * 2
            k = int(x.max())
            calls.append(k)
            return ops.log(y) * k

    net = Net()
    compiled = ms.jit(net)
    before = ms.graph.compile_stats()
    outs = [compiled(t(k, 1.0).reshape(1, 2)).asnumpy() for k in (1, 2, 3)]
    after = ms.graph.compile_stats()
    for k, out in zip((1, 2, 3), outs):
        np.testing.assert_allclose(out, (np.log(2.0) + np.full((1, 2), k + 1.0)) * k, rtol=1e-6)
    assert after["pieces"] - before["pieces"] == 2 and after["breaks"] - before["breaks"] == 1
    assert calls == ["before", 1, "before", 2, "before", 3]  # what the trace did before it met the line was set back
    names = [c.name.split(", ")[1] for c in ms.inspect.compilations(compiled)]
    first = int(line_of("y = ops.exp(self.dense(x)) * 2").rpartition(":")[2])
    assert names == [f"line {first}", f"line {first + 3}"]


def test_one_warning_names_the_line_and_the_remedy():
    @ms.jit
    def f(x):
        return x * x.max().item()  # the line of the warning

    with pytest.warns(RuntimeWarning, match="compiled in pieces") as caught:
        f(t(1.0, 2.0))
    assert line_of("# the line of the warning") in str(caught[0].message)
    assert "fullgraph=True" in str(caught[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for values in ((3.0,), (1.0, 5.0), (1.0, 2.0, 3.0)):  # other shapes, too
            np.testing.assert_allclose(f(t(*values)).asnumpy(), np.array(values) * max(values))


def test_fullgraph_makes_it_an_error():
    def f(x):
        return x * int(x.max())  # the line of the error

    class Net(nn.Cell):
        def construct(self, x):
            return f(x)

    for strict in (ms.jit(f, fullgraph=True), ms.jit(Net(), fullgraph=True), ms.jit(fullgraph=True)(f)):
        with pytest.raises(TypeError, match=r"int\(\) of a Tensor") as caught:
            strict(t(1.0, 2.0))
        assert line_of("# the line of the error") in str(caught.value)
    assert ms.jit(lambda x: x + 1, fullgraph=True)(t(1.0)).asnumpy().tolist() == [2.0]


def test_compiling_without_running_leaves_it_to_the_call(graph_mode):
    class Net(nn.Cell):
        def construct(self, x):
            return x * int(x.max())

    net = Net()
    net.compile(t(1.0, 2.0))
    assert net(t(1.0, 2.0)).asnumpy().tolist() == [2.0, 4.0]
    with pytest.raises(TypeError, match=r"int\(\) of a Tensor"):
        ms.jit(Net(), fullgraph=True).compile(t(1.0))


def test_it_cannot_be_shown_as_one_graph():
    @ms.jit
    def f(x):
        return x * int(x.max())

    with pytest.raises(TypeError, match="pieces.*compilations"):
        f.graph(t(1.0))


# ---------------------------------------------------------------- Python's part
def test_side_effects_happen_once_a_call_and_in_order(capsys):
    log = []

    @ms.jit
    def f(x):
        log.append("start")
        y = x * 2 + 1
        print("maximum", float(y.max()))
        log.append(int(y.sum()))
        z = ops.relu(y) - 1
        print("sum", z.sum())
        log.append("end")
        return z

    for k in range(3):
        f(t(k, 1.0))
    assert log == ["start", 4, "end", "start", 6, "end", "start", 8, "end"]
    assert capsys.readouterr().out.splitlines() == [
        line for k in range(3) for line in (f"maximum {max(2 * k, 2) + 1:.1f}", f"sum {2.0 * k + 2}")
    ]


def test_numpy_takes_part():
    def f(x):
        y = ops.exp(x)
        order = np.argsort(y.asnumpy())
        z = y[Tensor(order)] * 2
        return z - float(np.median(y.asnumpy()))

    for values in ((1.0, -1.0, 0.5), (0.1, 0.3, 0.2)):
        y = np.exp(np.array(values, np.float32))
        found = ms.jit(f)(t(*values)).asnumpy()
        np.testing.assert_allclose(found, np.sort(y) * 2 - np.median(y), rtol=1e-5)


def test_an_error_after_a_break_names_the_users_line_and_undoes_what_was_assigned(graph_mode):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.total = Parameter(Tensor(0.0), name="total")

        def construct(self, x):
            ops.assign_add(self.total, x.sum())
            k = int(self.total.value())
            if k > 5:
                raise ValueError(f"total is {k}")
            return x / k

    net = Net()
    assert net(t(1.0, 2.0)).asnumpy().tolist() == pytest.approx([1 / 3, 2 / 3])
    with pytest.raises(ValueError, match="total is 6"):
        net(t(1.0, 2.0))
    assert float(net.total) == 3.0
    assert net(t(1.0)).asnumpy().tolist() == [0.25]


def test_an_index_out_of_range_in_a_piece(graph_mode):
    @ms.jit
    def f(x, i):
        k = float(x.max())
        y = x[i] * k  # the line of the index
        return y + 1

    assert f(t(1.0, 2.0), Tensor([1])).asnumpy().tolist() == [5.0]
    with pytest.raises(IndexError) as caught:
        f(t(1.0, 2.0), Tensor([7]))
    assert line_of("# the line of the index") in str(caught.value)
    assert f(t(1.0, 3.0), Tensor([0])).asnumpy().tolist() == [4.0]


def test_an_exception_of_the_trace_that_user_code_catches():
    @ms.jit
    def f(x):
        y = x + 1
        try:
            k = int(y.sum())
        except (TypeError, RuntimeError):
            k = -100
        return y * k

    assert f(t(1.0, 2.0)).asnumpy().tolist() == [10.0, 15.0]
    assert f(t(1.0, 3.0)).asnumpy().tolist() == [12.0, 24.0]


def test_attributes_that_construct_sets(graph_mode):
    """As MindSpore's GRAPH mode, which counts them at each call."""

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.seen, self.kept = 0, None

        def construct(self, x):
            self.seen = self.seen + 1
            self.kept = x * 2
            return self.kept + 1

    net = Net()
    for k in (1, 2, 3):
        assert net(t(k)).asnumpy().tolist() == [2.0 * k + 1]
        assert net.seen == k and net.kept.asnumpy().tolist() == [2.0 * k]


class Attending(nn.Cell):
    def __init__(self, scale):
        super().__init__()
        self.scale, self.weights, self.size = scale, None, 0

    def construct(self, x):
        self.size = x.shape[0]
        self.weights = ops.softmax(x * self.scale)
        return self.weights * x


def test_attributes_that_construct_only_sets_do_not_break(graph_mode):
    """The attention weights of a network are read after a call; a list of them is set in an outer one."""

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.parts = nn.CellList([Attending(1.0), Attending(2.0)])

        def construct(self, x):
            self.all = [None] * 2
            for k, part in enumerate(self.parts):
                x = part(x)
                self.all[k] = part.weights
            return x

    def softmax(x):
        e = np.exp(x - x.max())
        return e / e.sum()

    net, xs = Net(), [np.array([1.0, 2.0], np.float32), np.array([0.5, 1.5, -1.0], np.float32)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for k in range(6):
            x = xs[k % 2] * (k + 1)
            net(Tensor(x))
            first = softmax(x)
            expected = [first, softmax(2 * first * x)]
            for part, inside, wanted in zip(net.parts, net.all, expected):
                np.testing.assert_allclose(part.weights.asnumpy(), wanted, rtol=1e-5)
                assert np.array_equal(inside.asnumpy(), part.weights.asnumpy()) and part.size == len(x)
            if k == 1:
                traced = ms.graph.compile_stats()["traces"]
        assert ms.graph.compile_stats()["traces"] == traced
        x = Tensor(xs[0])
        gradient = ms.grad(lambda x: net.parts[0](x).sum())(x)
        p = softmax(xs[0])
        np.testing.assert_allclose(gradient.asnumpy(), p + p * (xs[0] - (p * xs[0]).sum()), rtol=1e-5)
        np.testing.assert_allclose(net.parts[0].weights.asnumpy(), p, rtol=1e-5)


def test_compiled_code_that_reads_an_attribute_set_by_another_call(graph_mode):
    """It sees the present one, also where construct asks for it before it sets it."""
    net = Attending(1.0)
    doubled = ms.jit(lambda: net.weights.sum() * net.size)
    for x in (t(1.0, 2.0), t(3.0, 1.0), t(1.0, 2.0, 3.0)):
        net(x)
        assert float(doubled()) == pytest.approx(x.shape[0])

    class Cached(nn.Cell):
        def construct(self, x):
            if not hasattr(self, "mask"):
                self.mask = x * 2
            return x + self.mask

    cached = Cached()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert [float(cached(t(k))[0]) for k in (1.0, 2.0, 3.0)] == [3.0, 4.0, 5.0]


# ---------------------------------------------------------------- training
def test_what_a_number_refused_has_not_run_twice(graph_mode):
    """``k + 1`` needs the number k itself: that is met when the piece, which moves the statistics, is traced."""

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.norms = nn.CellList([nn.BatchNorm1d(2), nn.BatchNorm1d(2)])

        def construct(self, x):
            for k, norm in enumerate(self.norms):
                x = norm(x) * (k + 1)
                if float(x.max()) > 1e6:
                    x = x / 10
            return x

    net = Net().set_train()
    x = np.array([[1.0, 2.0], [3.0, 5.0]], np.float32)
    mean = np.zeros(2)
    for _ in range(3):
        net(Tensor(x))
        mean = 0.9 * mean + 0.1 * x.mean(0)
        np.testing.assert_allclose(net.norms[0].moving_mean.asnumpy(), mean, rtol=1e-5)


class Scaled(nn.Cell):
    """A net that asks for a value between two layers."""

    def __init__(self, whole):
        super().__init__()
        self.whole = whole
        weights = np.linspace(-1.0, 1.0, 12, dtype=np.float32).reshape(3, 4)
        self.first = nn.Dense(4, 3, Tensor(weights), bias_init="zeros")
        self.norm = nn.BatchNorm1d(3)
        self.second = nn.Dense(3, 1, Tensor(weights[:1, :3]), bias_init="zeros")

    def construct(self, x):
        y = ops.tanh(self.norm(self.first(x)))
        k = ops.floor(y.max() * 3) if self.whole else math_floor(y)
        return self.second(y * k)


def math_floor(y):
    return float(int(y.max().item() * 3))


@pytest.mark.parametrize("style", ["step", "functional"])
def test_training_equals_that_of_one_graph(style, graph_mode):
    losses, nets = [], []
    for whole in (True, False):
        net = Scaled(whole).set_train()
        optimizer = nn.Momentum(net.trainable_params(), 0.05, 0.9)
        loss = nn.MSELoss()
        if style == "step":
            step = nn.TrainOneStepCell(nn.WithLossCell(net, loss), optimizer)
        else:
            gradient = ms.value_and_grad(lambda x, y, net=net, loss=loss: loss(net(x), y), None, net.trainable_params())

            def step(x, y, gradient=gradient, optimizer=optimizer):
                value, grads = gradient(x, y)
                optimizer(grads)
                return value

        rng = np.random.RandomState(3)
        data = [rng.randn(8, 4).astype(np.float32) for _ in range(5)]
        losses.append([float(step(Tensor(x), Tensor(x[:, :1]))) for x in data])
        nets.append(net)
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-4)
    for a, b in zip(nets[0].get_parameters(), nets[1].get_parameters()):
        np.testing.assert_allclose(b.asnumpy(), a.asnumpy(), rtol=1e-4, atol=1e-6, err_msg=a.name)


def test_training_compiles_a_constant_number_of_pieces(graph_mode):
    net = Scaled(False).set_train()
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Momentum(net.trainable_params(), 0.05, 0.9))
    rng = np.random.RandomState(3)
    counts = []
    for _ in range(6):
        x = rng.randn(8, 4).astype(np.float32)
        step(Tensor(x), Tensor(x[:, :1]))
        stats = ms.graph.compile_stats()
        counts.append((stats["traces"], stats["executables"], stats["compiled"]))
    assert len(set(counts[1:])) == 1


@pytest.mark.parametrize("inside", [False, True])
def test_a_train_step_of_ones_own(inside, graph_mode):
    """A step that looks at the loss and the norm, around the gradient or inside of what is differentiated."""

    class Step(nn.Cell):
        def __init__(self):
            super().__init__(auto_prefix=False)
            weights = np.linspace(-1.0, 1.0, 12, dtype=np.float32).reshape(3, 4)
            self.net = nn.Dense(4, 3, Tensor(weights), bias_init="zeros")
            self.optimizer = nn.SGD(self.net.trainable_params(), 0.5)
            self.weights, self.norms = self.optimizer.parameters, []

        def construct(self, x, y):
            def forward(x, y):
                error = self.net(x) - y
                if inside:
                    return (error * error).mean() / max(1, int(ops.abs(error).max()))
                return (error * error).mean()

            loss, grads = ms.value_and_grad(forward, None, self.weights)(x, y)
            norm = float(ops.sqrt(sum((g * g).sum() for g in grads)))
            if norm > 0.5:
                grads = tuple([g * (0.5 / norm) for g in grads])
            self.norms.append(norm)
            self.optimizer(grads)
            return loss

    results = []
    for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE):
        ms.set_context(mode=mode)
        step, rng, traces = Step(), np.random.RandomState(1), []
        for _ in range(4):
            step(Tensor(rng.randn(8, 4).astype(np.float32)), Tensor(rng.randn(8, 3).astype(np.float32)))
            traces.append(ms.graph.compile_stats()["traces"])
        assert len(set(traces[1:])) == 1
        results.append((step.norms, step.net.weight.asnumpy()))
    np.testing.assert_allclose(results[1][0], results[0][0], rtol=1e-5)
    np.testing.assert_allclose(results[1][1], results[0][1], rtol=1e-5, atol=1e-6)


def test_second_derivatives_pass_through_pieces():
    def f(x):
        y = x * x
        k = float(y.max())
        return (y * x * k).sum()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        second = ms.jit(ms.grad(ms.grad(f)))(t(1.0, 2.0)).asnumpy()
    np.testing.assert_allclose(second, 6 * np.array([1.0, 2.0]) * 4, rtol=1e-5)


# ---------------------------------------------------------------- alternatives of a graph
def test_a_cell_by_index_is_one_graph_with_gradients(graph_mode):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            weights = [Tensor(np.full((2, 2), k, np.float32)) for k in (1, 2, 3)]
            self.blocks = nn.CellList([nn.Dense(2, 2, w, has_bias=False) for w in weights])

        def construct(self, x, i):
            return self.blocks[i](x).sum()

    net = Net()
    breaks = ms.graph.compile_stats()["breaks"]
    gradient = ms.value_and_grad(net, 0)
    for k in (0, 1, 2, -1):
        value, g = gradient(t(1.0, 2.0).reshape(1, 2), Tensor(k, ms.int32))
        scale = (1, 2, 3)[k]
        assert float(value) == 6.0 * scale and g.asnumpy().tolist() == [[2.0 * scale] * 2]
    assert ms.graph.compile_stats()["breaks"] == breaks
    with pytest.raises(IndexError, match=r"\[0, 3\), but got 3"):
        net(t(1.0, 2.0).reshape(1, 2), Tensor(3, ms.int32))


# ---------------------------------------------------------------- branches whose results differ
def text_of_a_branch(x):
    if x.sum() > 0:
        how = "sum"
    else:
        how = "mean"
    return x.sum() if how == "sum" else x.mean()


def kind_of_a_branch(x):
    if x.sum() > 0:
        y = x
    else:
        y = None
    return x + 1 if isinstance(y, Tensor) else x - 1


def printed(x):
    if x.sum() > 0:
        y = x
    else:
        y = ops.concat((x, x))
    print(y)
    return x


def called_with(x):
    if x.sum() > 0:
        y = x
    else:
        y = ops.concat((x, x))
    return [shape_of(y)]


def shape_of(y):
    return y.shape


@pytest.mark.parametrize("function", [text_of_a_branch, kind_of_a_branch, printed, called_with])
def test_a_variable_on_which_branches_differ_is_pythons(function, capsys):
    compiled = ms.jit(function)
    for x in (t(1.0, 2.0), t(-1.0, 0.5), t(3.0, 2.0)):
        found = compiled(x), capsys.readouterr().out
        assert str(found) == str((function(x), capsys.readouterr().out))


def test_a_layer_that_is_chosen_by_a_value_and_changes_the_shape():
    """The two results have no common shape, so Python chooses where the layer was chosen."""

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.narrow, self.wide = nn.Dense(3, 2, weight_init="ones", bias_init="zeros"), nn.ReLU()

        def construct(self, x):
            if x.sum() > 3:
                layer = self.narrow
            else:
                layer = self.wide
            return layer(x) * 2

    ms.set_context(mode=ms.GRAPH_MODE)
    net = Net()
    assert net(t(1.0, 2.0, 3.0)).asnumpy().tolist() == [12.0, 12.0] and net(t(1.0, 0.0, -3.0)).asnumpy().tolist() == [
        2.0,
        0.0,
        0.0,
    ]
    assert ms.grad(net)(t(1.0, 2.0, 3.0)).asnumpy().tolist() == [4.0, 4.0, 4.0]


def test_numbers_that_python_computed_are_numbers_for_the_caller():
    """Of a call in pieces: one that stood there before the break, and one that a value of a Tensor gave."""

    class Net(nn.Cell):
        def construct(self, x):
            count, halves = 1, {"half": 0.5}
            total = int(x.sum())
            return x * 2.0, count, count + total, halves

    ms.set_context(mode=ms.GRAPH_MODE)
    for values, total in (((1, 2), 3), ((4, 5), 9)):
        y, count, more, halves = Net()(t(*values))
        np.testing.assert_array_equal(y.asnumpy(), np.multiply(values, 2.0))
        assert (count, more, halves) == (1, 1 + total, {"half": 0.5})
        assert type(count) is type(more) is int and type(halves["half"]) is float


def test_a_number_returned_from_within_a_loop_is_a_number():
    class Net(nn.Cell):
        def construct(self, x, y):
            count, turns = 1, x.sum() * 0
            while turns < 3:
                turns = turns + 1
                if y.sum() > 0:
                    count += 1
                if x.sum() > 0:
                    return x, count
            return y, count

    ms.set_context(mode=ms.GRAPH_MODE)
    for x, y, wanted in ((1, 1, 2), (1, -1, 1), (-1, 1, 4), (-1, -1, 1)):
        count = Net()(t(x), t(y))[1]
        assert type(count) is int and count == wanted
