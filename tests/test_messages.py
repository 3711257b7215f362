"""Mistakes that newcomers make, and what the messages tell them to do."""

import inspect
import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.train.callback.base import CallbackList

ROOT = Path(__file__).parent.parent
X = Tensor(np.ones((2, 3), np.float32))
Y = Tensor(np.ones((2, 2), np.float32))


def train_step(net, optimizer):
    return nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)


# ---------------------------------------------------------------- errors
def test_a_list_of_rates_that_is_too_short(mode):
    net = nn.Dense(3, 2)
    step = train_step(net, nn.SGD(net.trainable_params(), [0.1, 0.2]))
    step(X, Y), step(X, Y)
    before = net.weight.asnumpy()
    with pytest.raises(IndexError, match="list of learning rates has 2 values, but step 3 asked for the next"):
        step(X, Y)
    assert (net.weight.asnumpy() == before).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Adam(nn.Dense(3, 2).trainable_params(), lr=0.1), "Adam.*there is no argument .*lr.* Did you mean .*learning_rate"),
        (lambda: nn.Momentum(nn.Dense(3, 2).trainable_params(), lr=0.1, momentum=0.9), "'lr'. Did you mean 'learning_rate'"),
        (lambda: nn.AdamWeightDecay(nn.Dense(3, 2).trainable_params(), betas=(0.9, 0.99)), "Did you mean 'beta1' and 'beta2'"),
        (lambda: nn.Dense(3, 2, bias=False), "For 'Dense', there is no argument 'bias'. Did you mean 'has_bias'"),
        (lambda: nn.Conv2d(3, 2, 3, paddin=1), "For 'Conv2d', there is no argument 'paddin'. Did you mean 'padding'"),
        (lambda: nn.LSTM(3, 2, num_layer=2), "'num_layers'"),
        (lambda: nn.Embedding(num_embeddings=5, embedding_dim=2), "Did you mean 'vocab_size'"),
        (lambda: nn.SoftmaxCrossEntropyWithLogits(sprase=True), "Did you mean 'sparse'"),
        (lambda: nn.CosineDecayLR(0.0, 0.1, decay_step=9), "Did you mean 'decay_steps'"),
        (lambda: nn.ReLU(inplace=True), "For 'ReLU', there is no argument 'inplace'. .*leave it out"),
        (lambda: ops.mean(X, dim=0), "For 'mean', there is no argument 'dim'. Did you mean 'axis'"),
        (lambda: ops.argmax(X, axis=0), "Did you mean 'dim'"),
        (lambda: ops.mean(X, axis=0, keepdim=True), "Did you mean 'keep_dims'"),
        (lambda: X.var(unbiased=False), "For 'Tensor.var', there is no argument 'unbiased'. Did you mean 'ddof'"),
        (lambda: ops.randn(2, 3, device="cpu"), "one device, the CPU: leave it out"),
        (lambda: ms.Model(nn.Dense(3, 2), nn.MSELoss()).train(epochs=2, train_dataset=[]), "Did you mean 'epoch'"),
    ],
)  # fmt: skip
def test_an_unknown_keyword(make, message):
    with pytest.raises((TypeError, KeyError), match=message):
        make()


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: nn.ReLU(X), TypeError, r"the class was called with a Tensor: make a layer first, layer = nn.ReLU"),
        (lambda: nn.SequentialCell(nn.ReLU), TypeError, r"the class ReLU: make one, ReLU\("),
        (lambda: nn.SequentialCell(nn.Dense(3, 2), ops.relu), TypeError, r"function relu: use a layer, such as nn.ReLU\(\)"),
        (lambda: nn.SequentialCell(nn.Dense(2, 2) for _ in range(2)), TypeError, r"generator: unpack it, \*cells"),
        (lambda: nn.SGD(nn.Dense(3, 2), 0.1), TypeError, r"the Cell Dense: write net.trainable_params\(\)"),
        (lambda: nn.SGD(nn.Dense(3, 2).trainable_params(), "0.1"), ValueError, "must be a number, .*, but got str: '0.1'"),
        (lambda: nn.SGD([], 0.1), ValueError, "is requires_grad False for all, or the iterator used up[?] The arguments"),
        (lambda: nn.SGD([{"params": [], "learning_rate": 1.0}], 0.1), KeyError, "Did you mean 'lr'[?]"),
        (lambda: nn.SGD(nn.Dense(3, 2).trainable_params(), 0.1)(X.sum()), TypeError, "ms.value_and_grad gives beside the loss, but got Tensor"),
        (lambda: nn.Conv2d(3, 4, 3, padding=1), ValueError, "write pad_mode='pad'"),
        (lambda: nn.Dense(3, 2)((X, X)), TypeError, r"a tuple of 2: \(Tensor.*take one of its elements"),
        (lambda: nn.Dense(3, 2)([[1.0, 2.0, 3.0]]), TypeError, r"wrap it, Tensor\(...\)"),
        (lambda: nn.Embedding(4, 2)(Tensor([1.0])), TypeError, r"indices.astype\(ms.int32\)"),
        (lambda: nn.BCEWithLogitsLoss()(X, X.astype(ms.int32)), TypeError, r"target.astype\(ms.float32\)"),
        (lambda: nn.SoftmaxCrossEntropyWithLogits(sparse=True)(X, X), TypeError, "one-hot labels: sparse=False"),
        (lambda: X.to("cuda:0"), TypeError, "one device, the CPU"),
        (lambda: ops.zeros(2, 3), TypeError, r"A shape is one tuple, such as \(2, 3\)"),
        (lambda: ms.set_context(device="CPU"), ValueError, "Did you mean 'device_target'"),
        (lambda: ms.Model(nn.Dense(3, 2)).predict(np.ones((1, 3))), TypeError, r"ndarray: wrap it, Tensor\(array\)"),
        (lambda: ms.Model(nn.Dense(3, 2)).train(1, [(X, Y)]), TypeError, "without a 'loss_fn' gives all 2 columns .* network, loss_fn, optimizer"),
        (lambda: ms.Model(nn.Dense(3, 2), nn.MSELoss()).train(1, [(X, Y)], callbacks=ms.train.LossMonitor), TypeError, r"the class LossMonitor: make one"),
        (lambda: ms.dataset.NumpySlicesDataset([1]).map(ms.dataset.vision.Resize), TypeError, r"the class Resize: make one, Resize\("),
    ],
)  # fmt: skip
def test_what_to_write_instead(call, kind, message):
    with pytest.raises(kind, match=message) as caught:
        call()
    assert caught.value.args[0].count("\n  at ") == 1 and f"{__file__}:" in caught.value.args[0]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: ops.reshape(X, 2, 3), TypeError, r"It takes: input, shape\. A shape or order of axes is one tuple: shape = \(2, 3\)"),
        (lambda: ops.transpose(X, 1, 0), TypeError, r"one tuple: dims = \(1, 0\)"),
        (lambda: ops.concat(X, X), TypeError, r"but got Tensor: write \(a, b\)"),
        (lambda: ops.gather(X, Y), TypeError, "missing .*'axis'.* It takes: input_params, input_indices, axis"),
        (lambda: nn.Dense(3), TypeError, "missing .*'out_channels'.* It takes: in_channels, out_channels"),
        (lambda: ms.set_context(0), TypeError, "It takes none but keywords"),
        (lambda: ms.set_context(mode="GRAPH_MODE"), TypeError, "Write ms.GRAPH_MODE"),
        (lambda: ms.set_context(device_target="gpu"), ValueError, "Did you mean 'GPU'"),
        (lambda: ms.mint.max(X, axis=1), TypeError, "For 'max', there is no argument 'axis'. Did you mean 'dim'"),
        (lambda: nn.Dense(3, 2)(X, X), TypeError, r"too many positional arguments; it was called with x = Tensor\[Float32\]\(2, 3\), Tensor"),
        (lambda: nn.Dense(3, 2)(), TypeError, "it was called with no arguments"),
        (lambda: nn.CellList(nn.ReLU(), nn.ReLU()), TypeError, r"one list, \[a, b\], but got 2 arguments"),
        (lambda: nn.CellDict(nn.ReLU(), nn.ReLU()), TypeError, "one dict, .*, but got 2 arguments"),
        (lambda: nn.Conv2d(3, 4, 3, pad_mode="SAME"), ValueError, "Did you mean 'same'"),
        (lambda: nn.Dense(3, 2, activation="Relu"), KeyError, "Did you mean 'relu'"),
        (lambda: nn.MSELoss(size_average=True), TypeError, "Did you mean 'reduction'"),
        (lambda: nn.Adam(nn.Dense(3, 2).parameters_and_names(), 0.1), TypeError, r"but got tuple: write net.trainable_params\(\)"),
        (lambda: ms.mint.optim.Adam(nn.Dense(3, 2)), TypeError, r"the Cell Dense: write net.trainable_params\(\)"),
        (lambda: ms.mint.optim.Adam(nn.Dense(3, 2).trainable_params(), learning_rate=1), TypeError, "Did you mean 'lr'"),
        (lambda: ms.Model(nn.Dense(3, 2), loss=nn.MSELoss()), ValueError, "Did you mean 'loss_fn'"),
        (lambda: ms.Model(nn.Dense(3, 2), nn.MSELoss(), metrics=["acc"]), TypeError, "Write {'acc'}"),
        (lambda: ms.Model(nn.Dense(3, 2), nn.MSELoss(), metrics={"acuracy"}), KeyError, "Did you mean 'accuracy'"),
        (lambda: ms.Model(nn.Dense(3, 2), nn.MSELoss()).fit(x=X, y=Y), TypeError, "no argument 'x'. Did you mean 'train_dataset'"),
    ],
)  # fmt: skip
def test_calls_of_other_frameworks(call, kind, message):
    with pytest.raises(kind, match=message) as caught:
        call()
    assert caught.value.args[0].count("\n  at ") == 1 and f"{__file__}:" in caught.value.args[0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: X.reshap(6), "Did you mean 'reshape'"),
        (lambda: X.append(1), r"ops.stack\(list\)"),
        (lambda: nn.Dense(3, 2).fit(X, Y), r"Write ms.Model\(net, loss_fn, optimizer"),
        (lambda: nn.Dense(3, 2).trainable_variables, r"Write trainable_params\(\)"),
        (lambda: nn.SGD(nn.Dense(3, 2).trainable_params()).minimize(X), "nn.TrainOneStepCell"),
        (lambda: ms.Model(nn.Dense(3, 2)).compile(), "are given where it is made"),
        (lambda: ms.Model(nn.Dense(3, 2)).evaluate([]), r"Write eval\(dataset\)"),
        (lambda: ms.Model(nn.Dense(3, 2)).trian(1, []), "Did you mean 'train'"),
        (lambda: nn.Relu(), "Did you mean 'ReLU'"),
        (lambda: nn.Conv2D(1, 2, 3), "Did you mean 'Conv2d'"),
        (lambda: nn.init, "ms.common.initializer"),
        (lambda: ms.save, "Write ms.save_checkpoint"),
        (lambda: ms.cuda, "one device, the CPU"),
        (lambda: ms.GradientTape, "ms.value_and_grad"),
        (lambda: ms.dataset.DataLoader, "ds.GeneratorDataset"),
        (lambda: ms.numpy.load, r"numpy.load\(file\)"),
    ],
)
def test_attributes_of_other_frameworks(call, message):
    with pytest.raises(AttributeError, match=message):
        call()


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (
            "y = x.reshape(x.size(0), -1)",
            "x.size is no method but the number of elements: write x.size; the length of an axis is x.shape[0].",
        ),
        ("n = x.shape()", "x.shape is no method but the lengths of the axes"),
        ("t = net.weight.T()", "net.weight.T is no method but the transposed Tensor"),
        ("a = [1]\na.shape()", ""),
        ("size = 3\nsize(0)", ""),
    ],
)
def test_properties_that_are_called(line, hint, tmp_path, monkeypatch, capsys):
    """A number that is called knows nothing of its Tensor: who shows the error tells it."""
    from minispore.surface import tracebacks

    script = tmp_path / "script.py"
    script.write_text(f"import minispore as ms\nx, net = ms.Tensor([[1.0]]), ms.nn.Dense(1, 1)\n{line}\n")
    with pytest.raises((TypeError, AttributeError)) as caught:
        exec(compile(script.read_text(), str(script), "exec"), {})
    tracebacks.show(caught.type, caught.value, caught.value.__traceback__)
    said = capsys.readouterr().err
    assert (f"minispore: {hint}" in said) if hint else ("minispore: " not in said)


def test_losses_that_compare_all_with_all(mode):
    column, flat = ops.ones((4, 1)), ops.ones(4)
    with pytest.warns(UserWarning, match=r"MSELoss.*\(4, 1\) and \(4,\) are broadcast") as caught:
        nn.MSELoss()(column, flat)
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="'l1_loss'.*make the shapes equal"):
        nn.L1Loss()(column, flat)


def test_a_step_of_a_network_without_a_loss(mode):
    net = nn.Dense(3, 2)
    step = nn.TrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.1))
    with pytest.warns(UserWarning, match=r"the shape \(2, 2\), whose sum is minimised.*nn.WithLossCell"):
        step(X)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        step(X)


def test_methods_of_callbacks_that_nobody_calls():
    class Keras(ms.train.Callback):
        def on_batch_end(self, run_context):
            pass

        def on_progress(self):
            pass

    with pytest.warns(
        UserWarning, match="'on_batch_end' of the callback 'Keras' is never called. Did you mean 'on_train_step_end'"
    ) as caught:
        CallbackList([Keras()])
    assert len(caught) == 1


def test_a_wrong_constructor_of_ones_own_keeps_its_error():
    class Net(nn.Dense):
        def __init__(self, width):
            super().__init__(width, len(width))

    with pytest.raises(TypeError, match="of type 'int' has no len|has no len"):
        Net(width=3)
    assert list(inspect.signature(nn.Dense).parameters)[:2] == ["in_channels", "out_channels"]


def test_swapped_arguments():
    net = nn.Dense(3, 2)
    optimizer = nn.SGD(net.trainable_params(), 0.1)
    with pytest.raises(TypeError, match="'TrainOneStepCell'.* but got SGD and WithLossCell: the two are swapped"):
        nn.TrainOneStepCell(optimizer, nn.WithLossCell(net, nn.MSELoss()))
    with pytest.raises(TypeError, match="a network and an optimizer, but got Dense and Dense"):
        nn.TrainOneStepCell(net, net)


class ReturnsNothing(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(3, 2)

    def construct(self, x):
        self.dense(x)


def test_a_construct_that_returns_nothing(mode):
    with pytest.raises(TypeError, match="construct of 'ReturnsNothing' returned None: it needs a 'return'"):
        nn.WithLossCell(ReturnsNothing(), nn.MSELoss())(X, Y)
    with pytest.raises(TypeError, match="'MSELoss'.*NoneType.*without 'return'"):
        nn.MSELoss()(ReturnsNothing()(X), Y)


def test_a_loss_that_returns_nothing(mode):
    net = ReturnsNothing()
    optimizer = nn.SGD(net.trainable_params(), 0.1)
    with pytest.raises(TypeError, match="construct of 'ReturnsNothing' must return .* is a return missing"):
        nn.TrainOneStepCell(net, optimizer)(X)

    def forward(x):
        net(x)

    with pytest.raises(TypeError, match="function 'forward' must return"):
        ms.value_and_grad(forward, None, optimizer.parameters)(X)
    with pytest.raises(TypeError, match=r"got <class 'method'>, which is to be called: trainable_params\(\)"):
        nn.SGD(net.trainable_params, 0.1)


def test_forward_in_place_of_construct():
    class Net(nn.Cell):
        def forward(self, x):
            return x

    with pytest.raises(AttributeError, match="'construct' is not defined. It has a method 'forward': rename it"):
        Net()(X)


@pytest.mark.parametrize(
    ("habit", "message"),
    [
        (lambda net, optimizer: net(X).sum().backward(), "ms.value_and_grad"),
        (lambda net, optimizer: X.detach(), "ops.stop_gradient"),
        (lambda net, optimizer: X.grad, "ms.grad"),
        (lambda net, optimizer: X.cuda(), "one device"),
        (lambda net, optimizer: net.cuda(), "one device"),
        (lambda net, optimizer: net.parameters(), "trainable_params"),
        (lambda net, optimizer: net.train(), "set_train"),
        (lambda net, optimizer: net.eval(), r"set_train\(False\)"),
        (lambda net, optimizer: net.wieght, "Did you mean 'weight'"),
        (lambda net, optimizer: optimizer.zero_grad(), "do not add up"),
        (lambda net, optimizer: optimizer.step(), r"optimizer\(gradients\)"),
        (lambda net, optimizer: ms.no_grad(), "Leave it out"),
        (lambda net, optimizer: nn.Module, "nn.Cell"),
        (lambda net, optimizer: nn.Dens, "Did you mean 'Dense'"),
        (lambda net, optimizer: ms.cat, "Write ms.ops.cat"),
        (lambda net, optimizer: ms.Dense, "Write ms.nn.Dense"),
        (lambda net, optimizer: nn.ExponentialDecayLR(0.1, 0.9, 5).step(), "optimizer's own count of steps"),
        (lambda net, optimizer: ms.train.RunContext({}).loss, r"original_args\(\).net_outputs"),
    ],
)
def test_habits_of_other_frameworks(habit, message):
    net = nn.Dense(3, 2)
    with pytest.raises(AttributeError, match=message):
        habit(net, nn.SGD(net.trainable_params(), 0.1))


def test_probing_for_attributes_still_works():
    assert not hasattr(X, "detach") and not hasattr(nn.ReLU(), "parameters") and getattr(ms, "no_grad", None) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.Embedding(5, 2)(Tensor([[1, 2], [7, 0]], ms.int32)), r"'Embedding'.*got 7 at position \(1, 0\)"),
        (lambda: nn.SoftmaxCrossEntropyWithLogits(sparse=True)(X, Tensor([0, 5], ms.int32)), "got 5 at position 1"),
        (lambda: nn.CrossEntropyLoss()(X, Tensor([0, 5], ms.int32)), "got 5 at position 1"),
        (lambda: ops.gather(X, Tensor(9, ms.int32), 0), "but got 9[.]"),
    ],
)
def test_where_an_index_is_out_of_range(call, message, mode):
    with pytest.raises(IndexError, match=message):
        call()


def test_a_checkpoint_of_another_network():
    given = {"weight": Parameter(Tensor(np.ones((2, 4), np.float32))), "head.bias": Parameter(Tensor([1.0]))}
    with pytest.raises(RuntimeError, match="'weight' has the shape.* Not in the dict: bias. Not in the net: head.bias"):
        ms.load_param_into_net(nn.Dense(3, 2), given, strict_load=True)
    given["weight"] = Parameter(Tensor(np.ones((2, 3), np.float32)))
    with pytest.warns(UserWarning, match="Not in the dict: bias. Not in the net: head.bias") as caught:
        ms.load_param_into_net(nn.Dense(3, 2), given, strict_load=True)
    assert caught[0].filename == __file__


# ---------------------------------------------------------------- warnings
class Listed(nn.Cell):
    def __init__(self, held):
        super().__init__()
        self.held = held

    def construct(self, x):
        return x * 2


@pytest.mark.parametrize(
    ("held", "better"),
    [
        (lambda: [nn.ReLU(), nn.ReLU()], "CellList"),
        (lambda: {"a": nn.ReLU()}, "CellDict"),
        (lambda: [Parameter(Tensor([1.0]), name="w")], "ParameterTuple"),
    ],
)
def test_cells_in_a_plain_container(held, better, mode):
    net = Listed(held())
    with pytest.warns(UserWarning, match=f"'held' are not registered: .*Use .*{better}") as caught:
        net(X)
    assert len(caught) == 1 and caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net(X)  # once
        Listed(nn.CellList(held()) if better == "CellList" else [1, 2])(X)


def test_a_list_of_registered_cells_is_no_mistake():
    class Net(Listed):
        def __init__(self):
            super().__init__(None)
            self.dense = nn.Dense(3, 2)
            self.order, self.weights = [self.dense], list(self.dense.trainable_params())

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Net()(X)


def test_side_effects_name_the_users_lines():
    seen = []

    @ms.jit
    def remembering(x):
        seen.append(1)
        return x * 2

    with pytest.warns(
        RuntimeWarning, match=rf"remembering is compiled in pieces: {__file__}:\d+ runs.*A list from outside"
    ) as caught:
        remembering(X)
    assert caught[0].filename == __file__


# ---------------------------------------------------------------- names, tracebacks
def test_pytest_shows_the_users_frames(monkeypatch, mode):
    monkeypatch.delenv("MINISPORE_VERIFY")
    with pytest.raises(ValueError, match="'Dense'") as caught:
        nn.SequentialCell(nn.Dense(3, 2))(Y)
    shown = caught.traceback.filter(caught)
    assert len(caught.traceback) > 3 and {str(entry.path) for entry in shown} == {__file__}
    ms.set_context(full_tracebacks=True)
    try:
        assert len(caught.traceback.filter(caught)) > 3
    finally:
        ms.set_context(full_tracebacks=False)


def test_tensors_of_an_optimizer_of_ones_own_have_names_in_graphs():
    class Descent(nn.Optimizer):
        def __init__(self, params, learning_rate, momentum):
            super().__init__(learning_rate, params)
            self.slowness = Tensor(momentum, ms.float32)

        def construct(self, gradients):
            for w, g in zip(self.parameters, gradients):
                ops.assign(w, w - self.get_lr() * g * self.slowness)
            return True

    net = nn.Dense(3, 2)
    text = str(train_step(net, Descent(net.trainable_params(), 0.1, 0.9)).graph(X, Y))
    assert "optimizer.slowness" in text and "capture" not in text.replace("captured", "")


SCRIPT = """
import minispore as ms
from minispore import Tensor, nn, ops

class Net(nn.Cell):
    def construct(self, x):
        return inner(x)

def inner(x):
    return {failure}

{setting}
Net()(Tensor([1.0]))
"""


@pytest.mark.parametrize("failure", ["ops.reshape(x, (2, 2))", "1 / 0"])
def test_tracebacks_of_scripts_have_the_users_frames(tmp_path, failure):
    def run(setting="", **env):
        path = tmp_path / "script.py"
        path.write_text(SCRIPT.format(failure=failure, setting=setting))
        env = {**os.environ, "PYTHONPATH": str(ROOT), **env}
        done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, env=env)
        assert done.returncode == 1
        return done.stderr

    package, short = str(ROOT / "minispore"), run()
    assert package not in short and "in construct" in short and "in inner" in short and "in <module>" in short
    assert package in run(MINISPORE_DEBUG="1") and package in run("ms.set_context(full_tracebacks=True)")


def test_an_index_error_names_the_line_of_its_own_call(mode):
    """Not that of the first call, for which the step was compiled; a line inside a construct is that line."""

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.table = nn.Embedding(4, 2)

        def construct(self, x):
            return self.table(x) * 2.0  # the line of the lookup

    layer, net = nn.Embedding(4, 2), Net()
    good, bad = Tensor([1, 2], ms.int32), Tensor([1, 9], ms.int32)
    layer(good), net(good)
    with pytest.raises(IndexError, match=r"at position 1.\n  at .*: layer\(bad\)  # the second call"):
        layer(bad)  # the second call
    with pytest.raises(IndexError, match=r"at position 1.\n  at .*the line of the lookup"):
        net(bad)


def test_a_type_whose_package_is_not_installed(monkeypatch):
    monkeypatch.setattr(ms.bfloat16, "np", None)
    with pytest.raises(ImportError, match=r"pip install 'minispore\[bfloat16\]'\n  at .*a line of the user"):
        Tensor([1.0], ms.bfloat16)  # a line of the user
