"""Exported graphs, run by onnxruntime, give what the net gives."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.core import tree
from minispore.core.op import REGISTRY, Elementwise
from minispore.flow.cond_op import choose
from minispore.flow.loop_op import repeat
from minispore.train import serialization as io

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")


def f(*shape, seed=0):
    return Tensor(np.random.default_rng(seed).normal(size=shape).astype(np.float32))


@pytest.fixture
def agrees(tmp_path):
    """Exports, checks and runs; compares with the net in evaluation mode."""

    def check(net, *inputs, rtol=2e-5, atol=1e-5):
        path = str(tmp_path / "net.onnx")
        io.export(net, *inputs, file_name=path, file_format="ONNX")
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        if isinstance(net, nn.Cell):
            net.set_train(False)
        expected, got = net(*inputs), io.load(path)(*inputs)
        expected, got = tree.tensors(expected), tree.tensors(got)
        assert len(expected) == len(got)
        for a, b in zip(expected, got):
            assert a.shape == b.shape and a.dtype == b.dtype
            half = a.dtype == ms.float16  # onnxruntime may round less often
            np.testing.assert_allclose(b.asnumpy(), a.asnumpy(), rtol=1e-3 if half else rtol, atol=atol)
        return model

    return check


class LeNet(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, pad_mode="valid"), nn.Conv2d(6, 16, 5, pad_mode="valid")
        self.pool, self.relu, self.flatten = nn.MaxPool2d(2, 2), nn.ReLU(), nn.Flatten()
        self.fc1, self.fc2, self.drop = nn.Dense(256, 32), nn.Dense(32, 10), nn.Dropout(p=0.5)

    def construct(self, image):
        x = self.pool(self.relu(self.conv2(self.pool(self.relu(self.conv1(image))))))
        return self.fc2(self.drop(self.relu(self.fc1(self.flatten(x)))))


class Block(nn.Cell):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride=2, pad_mode="pad", padding=1, has_bias=True)
        self.skip = nn.Conv2d(channels, channels, 1, stride=2)
        self.bn1, self.bn2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)
        self.pool = nn.AvgPool2d(2, 1, pad_mode="same")

    def construct(self, x):
        y = self.bn2(self.conv2(ops.relu(self.bn1(self.conv1(x)))))
        return ops.mean(self.pool(ops.relu(y + self.skip(x))), (2, 3))


class Attention(nn.Cell):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 16)
        self.layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, activation="gelu")
        self.norm, self.head = nn.LayerNorm((16,)), nn.Dense(16, 11)

    def construct(self, ids):
        return ops.softmax(self.head(self.norm(self.layer(self.embed(ids)))), -1)


def shaken(net):
    """Statistics and weights that are not 0 and 1."""
    for k, p in enumerate(net.get_parameters()):
        noise = np.random.default_rng(k).normal(size=p.shape).astype(p.dtype.np)
        p.set_data(Tensor(np.abs(noise) + 0.5 if "variance" in p.name else noise * 0.3))
    return net


@pytest.mark.quick
def test_lenet(agrees):
    model = agrees(shaken(LeNet()), f(2, 1, 28, 28))
    graph = model.graph
    assert [i.name for i in graph.input] == ["image"] and [o.name for o in graph.output] == ["output"]
    assert {"conv1.weight", "fc1.bias", "fc2.weight"} <= {i.name for i in graph.initializer}
    assert [n.op_type for n in graph.node].count("Conv") == 2
    assert model.opset_import[0].version >= 18


def test_residual_block_with_batch_norm(agrees):
    agrees(shaken(Block(4)), f(2, 4, 9, 8), rtol=1e-4)


def test_transformer(agrees):
    agrees(shaken(Attention()), Tensor(np.array([[1, 2, 10, 4], [5, 0, 3, 3]], np.int32)), rtol=1e-4)


@pytest.mark.parametrize("cell", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_layers(agrees, cell):
    agrees(shaken(cell(3, 5, num_layers=2, bidirectional=True, batch_first=True)), f(2, 4, 3))


@pytest.mark.parametrize("net, shape", [
    (lambda: nn.Conv2d(4, 6, (3, 2), stride=(2, 1), dilation=(1, 2), group=2, pad_mode="same"), (1, 4, 7, 8)),
    (lambda: nn.Conv1d(3, 4, 3), (2, 3, 9)),
    (lambda: nn.Conv2dTranspose(3, 4, 3, stride=2, pad_mode="same"), (2, 3, 5, 4)),
    (lambda: nn.Conv2dTranspose(3, 4, 3, stride=2, pad_mode="pad", padding=1, output_padding=1), (2, 3, 5, 4)),
    (lambda: nn.MaxPool2d(3, 2, pad_mode="pad", padding=1, ceil_mode=True), (2, 3, 8, 7)),
    (lambda: nn.MaxPool2d(3, 2, pad_mode="pad", padding=1, return_indices=True), (2, 3, 8, 7)),
    (lambda: nn.AvgPool2d(3, 2, pad_mode="pad", padding=1, ceil_mode=True), (2, 3, 8, 7)),
    (lambda: nn.AdaptiveAvgPool2d((2, 3)), (2, 3, 8, 9)),
    (lambda: nn.GroupNorm(2, 4), (2, 4, 3, 3)),
    (lambda: nn.SequentialCell(nn.Dense(5, 4), nn.Tanh(), nn.Dense(4, 3, activation="sigmoid")), (7, 5)),
    (lambda: nn.PReLU(4), (2, 4, 3)),
    (lambda: nn.Pad(((0, 1), (2, 0)), "CONSTANT"), (3, 4)),
    (lambda: nn.Pad(((0, 1), (2, 0)), "REFLECT"), (3, 4)),
])  # fmt: skip
def test_layers(agrees, net, shape):
    agrees(shaken(net()), f(*shape))


@pytest.mark.parametrize("function", [
    lambda x: x[1:, ::-1],
    lambda x: ops.flip(x, (0,)),
    lambda x: ops.concat((x, x * 2), 1),
    lambda x: ops.stack((x, x)).swapaxes(0, 2),
    lambda x: ops.where(x > 0, x, -1.0),
    lambda x: ops.clamp(x, -0.5, 0.5),
    lambda x: ops.pad(x, (1, 2), value=3.0),
    lambda x: ops.cumsum(x, 1),
    lambda x: ops.topk(x, 2),
    lambda x: ops.sort(x),
    lambda x: ops.argmax(x, 1),
    lambda x: ops.max(x, 0),
    lambda x: ops.one_hot(ops.argmax(x, 1), 5),
    lambda x: ops.prod(x, 1),
    lambda x: ops.std(x, 0),
    lambda x: ops.logsumexp(x, 1),
    lambda x: ops.norm(x),
    lambda x: ops.tril(x),
    lambda x: ops.gather(x, Tensor([2, 0, -1]), 1),
    lambda x: ops.gather_elements(x, 1, Tensor(np.arange(20 * x.shape[0]).reshape(-1, 20) % x.shape[1])),
    lambda x: ops.index_add(x, Tensor([0, 2], ms.int32), ops.ones((2, 4)), 0),
    lambda x: ops.tensor_scatter_update(x, Tensor([[0, 1]]), Tensor([9.0])),
    lambda x: ops.floor_mod(x, 0.7),
    lambda x: ops.cast(x * 10, ms.int32) // 3,
    lambda x: ops.cast(x * 10, ms.int32) % 3,
    lambda x: (x > 0) & (x < 1),
    lambda x: (x > 0) != (x < 1),
    lambda x: ops.isnan(ops.log(x)),
    lambda x: ops.cast(x, ms.float16) * 3,
    lambda x: ops.einsum("ij,kj->ik", x, x),
    lambda x: (x.sum(), x.mean(0), x + ops.arange(4)),
    lambda x: ops.interpolate(x.reshape(1, 1, 3, 4), size=(6, 7), mode="bilinear"),
    lambda x: ops.adaptive_max_pool2d(x.reshape(1, 1, 3, 4), (2, 3), True),
])  # fmt: skip
def test_functions(agrees, function):
    agrees(function, f(3, 4))


ELEMENTWISE = [op for op in REGISTRY.values() if isinstance(op, Elementwise) and op.name not in ("cast", "random_bits")]
WITHOUT_FORM = {"atan2", "bitwise_left_shift", "bitwise_right_shift"}


@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
def test_elementwise_ops(agrees, op):
    """Each op that has samples; those without a form say so."""
    if not op.samples:
        pytest.skip("tested through the function that uses it")
    for samples in op.samples:
        inputs = [Tensor(sample.make(k)) for k, sample in enumerate(samples)]
        if op.name in WITHOUT_FORM:
            with pytest.raises(NotImplementedError, match="has no form in ONNX"):
                agrees(lambda *xs: op(*xs), *inputs)
        else:
            agrees(lambda *xs: op(*xs), *inputs, rtol=1e-4)


class Branching(nn.Cell):
    def construct(self, x):
        if x.sum() > 0:
            y = x * 2
        else:
            y = x - 5
        while y.sum() < 30:
            y = y * y + 1
        return y


def test_python_branches_and_loops_are_part_of_the_graph(tmp_path, graph_mode):
    net, path = Branching(), str(tmp_path / "net")
    io.export(net, Tensor([1.0, 2.0]), file_name=path, file_format="ONNX")
    model = io.load(path + ".onnx")
    for x in ([1.0, 2.0], [-1.0, -2.0], [50.0, 3.0]):
        np.testing.assert_allclose(model(Tensor(x)).asnumpy(), net(Tensor(x)).asnumpy(), rtol=1e-6)


@pytest.mark.parametrize("reverse", [False, True])
def test_scans(agrees, reverse):
    def scan(x):
        (last,), (rows, shifted) = repeat(
            [x[0] * 0], lambda s, r: ([s[0] * 0.5 + r[0]], [s[0] * 2, r[0] + 1.0]), xs=[x], length=3, reverse=reverse
        )
        return last, rows, shifted

    agrees(ms.jit(scan), f(3, 4))


@pytest.mark.parametrize("index", [0, 1, 2, 9])
def test_choices(agrees, index):
    branches = [lambda x: [x * 2, x.sum()], lambda x: [x - 1, x.max()], lambda x: [-x, x.mean()]]

    def pick(x, k):
        return choose(k, [lambda b=b: b(x) for b in branches])

    agrees(ms.jit(pick), f(2, 3), Tensor(index))


class Wrapped(nn.Cell):
    def __init__(self, table):
        super().__init__()
        self.table, self.scale, self.count = table, Parameter(Tensor([2.0]), name="scale"), 3

    def construct(self, x):
        return x * self.scale + self.table, self.count * x


def test_products_in_bfloat16_are_those_of_float32_in_the_file(agrees):
    """A runtime need not have them, and the file is that of any processor."""
    net = nn.Dense(64, 96, has_bias=False).to_float(ms.bfloat16)
    model = agrees(InFloat32(net), f(80, 64), rtol=2**-7)
    assert "MatMul" in [n.op_type for n in model.graph.node]


class InFloat32(nn.Cell):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def construct(self, x):
        return self.inner(x).astype(ms.float32)


def test_captured_tensors_and_several_outputs(agrees):
    model = agrees(Wrapped(f(3, 4, seed=5)), f(3, 4))
    assert [o.name for o in model.graph.output] == ["output0", "output1"]


def test_the_net_stays_as_it_was(tmp_path):
    net = LeNet().set_train()
    net.pool.set_train(False)
    before = {p.name: p.asnumpy() for p in net.get_parameters()}
    io.export(net, f(1, 1, 28, 28), file_name=str(tmp_path / "net"), file_format="ONNX")
    assert [p.name for p in tmp_path.iterdir()] == ["net.onnx"]
    assert net.training and net.drop.training and not net.pool.training
    assert all(np.array_equal(p.asnumpy(), before[p.name]) for p in net.get_parameters())


def test_an_op_without_a_form_names_itself_and_the_line(tmp_path):
    class Noisy(nn.Cell):
        def construct(self, x):
            return x + ops.rand_like(x)  # the place

    with pytest.raises(NotImplementedError, match=r"(?s)'(philox|random_bits)'.*test_onnx.py:\d+.*the place"):
        io.export(Noisy(), f(2, 3), file_name=str(tmp_path / "x"), file_format="ONNX")
    assert not list(tmp_path.iterdir())


def test_state_changes_are_reported(tmp_path):
    class Counting(nn.Cell):
        def __init__(self):
            super().__init__()
            self.calls = Parameter(Tensor([0.0]), name="calls")

        def construct(self, x):
            ops.assign_add(self.calls, Tensor([1.0]))
            return x * 2

    net = Counting()
    with pytest.warns(UserWarning, match="calls"):
        io.export(net, f(2), file_name=str(tmp_path / "x"), file_format="ONNX")
    assert net.calls.asnumpy() == [0.0]


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(ImportError, match=r"minispore\[onnx\]"):
        io.export(LeNet(), f(1, 1, 28, 28), file_name=str(tmp_path / "x"), file_format="ONNX")


def test_scripts_that_export_a_mindir_load_it_again(tmp_path):
    net = nn.SequentialCell(nn.Dense(3, 4), nn.ReLU(), nn.Dense(4, 2))
    x = ms.Tensor(np.random.RandomState(0).randn(2, 3), ms.float32)
    with pytest.warns(UserWarning, match="MindSpore does not"):
        ms.export(net, x, file_name=str(tmp_path / "net"), file_format="MINDIR")
    model = nn.GraphCell(ms.load(str(tmp_path / "net.mindir")))
    np.testing.assert_allclose(model(x).asnumpy(), net(x).asnumpy(), rtol=1e-5, atol=1e-6)
    (tmp_path / "other.mindir").write_bytes(b"\x0a\x050.1.0 of MindSpore")
    with pytest.raises(ValueError, match="cannot be run"):
        ms.load(str(tmp_path / "other.mindir"))
    with pytest.raises(TypeError, match="what load returned"):
        nn.GraphCell(3)
