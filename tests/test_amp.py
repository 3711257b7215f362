"""Mixed precision: what computes in which type, train steps with loss scaling, scalers by hand."""

import numpy as np
import pytest
from small_training import Rows, net, rows, weights

import minispore as ms
from minispore import nn
from minispore.train import amp

TYPES = (ms.float16, ms.bfloat16)


class Probe(nn.Cell):
    """Notes the type of what passes."""

    def construct(self, x):
        self.__dict__.setdefault("seen", set()).add(x.dtype)
        return x


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dense, self.norm, self.act, self.head = nn.Dense(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Dense(4, 2)
        self.multiply = ms.ops.MatMul()
        self.probe = nn.CellList([Probe() for _ in range(4)])

    def construct(self, x):
        a = self.probe[0](self.dense(x))
        b = self.probe[1](self.norm(a))
        c = self.probe[2](self.act(b))
        d = self.probe[3](self.multiply(c, ms.ops.ones((4, 2), c.dtype)))
        return d, self.head(c)

    def seen(self):
        return [p.seen.pop() for p in self.probe]


X = np.random.RandomState(0).randn(6, 3).astype(np.float32)


def run(network, dtype):
    """What the network returns, and the types inside; the probes take any type."""
    for probe in network.probe:
        probe.__dict__["_compute_type"] = None
        probe.__dict__["_output_type"] = None
    network.set_train(False)
    return [o for o in network(ms.Tensor(X))], network.seen()


@pytest.mark.parametrize("dtype", TYPES)
def test_which_cells_compute_in_half_precision(dtype):
    full = ms.float32
    for level, inside in (
        ("O0", [full, full, full, full]),
        ("O1", [full, full, full, full]),  # each listed cell returns float32 again
        ("O2", [dtype, dtype, dtype, dtype]),
        ("O3", [dtype, dtype, dtype, dtype]),
    ):
        network = Net()
        names = [p.name for p in network.get_parameters()]
        assert amp.auto_mixed_precision(network, level, dtype) is network
        out, seen = run(network, dtype)
        assert seen == inside, level
        assert [o.dtype for o in out] == [full, full]
        assert {p.dtype for p in network.get_parameters()} == {full} and [
            p.name for p in network.get_parameters()
        ] == names


def test_normalisation_stays_in_float32_at_o2_only(mode):
    """A mean of 1000 and a spread of 0.01: float16 cannot tell the samples apart."""
    x = np.array([[1000.0, 0.0], [1000.25, 1.0]], np.float32)
    outs = {}
    for level in ("O0", "O2", "O3"):
        network = nn.SequentialCell(nn.BatchNorm1d(2, moving_mean_init=1000.125, moving_var_init=0.0625))
        amp.auto_mixed_precision(network, level)
        outs[level] = network.set_train(False)(ms.Tensor(x)).asnumpy()[:, 0]
    assert outs["O0"][0] == pytest.approx(-0.5, abs=1e-3)
    # the input itself has been rounded: 1000.25 is 1000.0 in float16
    assert outs["O2"].tolist() == pytest.approx([-0.5, -0.5], abs=1e-3)
    assert outs["O3"].tolist() == pytest.approx([0.0, 0.0], abs=1e-3)  # the mean has been rounded too


@pytest.mark.parametrize("dtype", TYPES)
def test_products_are_rounded_as_if_stored(dtype, mode):
    np_type = np.float16 if dtype is ms.float16 else pytest.importorskip("ml_dtypes").bfloat16
    network = nn.Dense(3, 2, has_bias=False)
    w = network.weight.asnumpy()
    amp.auto_mixed_precision(network, "O1", dtype)
    got = network(ms.Tensor(X)).asnumpy()
    rounded = X.astype(np_type).astype(np.float32) @ w.astype(np_type).astype(np.float32).T
    np.testing.assert_array_equal(got, got.astype(np_type).astype(np.float32))
    np.testing.assert_allclose(got, rounded, rtol=float(2.0 ** (-10 if np_type is np.float16 else -7)))


def test_own_lists():
    half, full = ms.float16, ms.float32
    white = Net()
    assert amp.custom_mixed_precision(white, white_list=[nn.Tanh]) is white
    assert white.act._compute_type is half and white.dense._compute_type is None
    assert run(white, half)[1] == [full] * 4
    listed = Net()
    amp.custom_mixed_precision(listed, white_list=[ms.ops.MatMul])
    exact, lowered = (run(n, half)[0][0].asnumpy() for n in (Net(), listed))
    assert lowered.dtype == np.float32 and (lowered == lowered.astype(np.float16)).all()
    assert not (exact == exact.astype(np.float16)).all()
    black = Net()
    amp.custom_mixed_precision(black, black_list=[nn.BatchNorm1d, nn.Tanh])
    assert black.act._compute_type is full and black.dense._compute_type is half
    assert nn.Dense in amp.get_white_list() and ms.ops.MatMul in amp.get_white_list()
    assert nn.LayerNorm in amp.get_black_list() and amp.get_black_list() is not amp.get_black_list()


def test_a_lowered_network_can_be_copied_and_goes_on_lowered():
    import copy

    network = amp.auto_mixed_precision(nn.SequentialCell(nn.Dense(3, 2)), "O3")
    other = copy.deepcopy(network)
    np.testing.assert_array_equal(other(ms.Tensor(X)).asnumpy(), network(ms.Tensor(X)).asnumpy())
    assert other[0]._compute_type is ms.float16


@pytest.mark.parametrize("level", ["O0", "O1", "O2", "O3", "auto"])
def test_training_at_every_level(level, mode):
    network = net()
    opt = nn.SGD(network.trainable_params(), 0.1)
    scaling = {"loss_scale_manager": ms.DynamicLossScaleManager(2**8)} if level == "O2" else {}
    step = amp.build_train_network(network, opt, nn.MSELoss(), level, **scaling)
    losses = []
    for _ in range(3):
        for row in rows().create_tuple_iterator():
            out = step(*row)
            losses.append(float((out[0] if isinstance(out, tuple) else out).asnumpy()))
    # MindSpore 2.10 in float32: 2.963843822479248, ..., 1.2558494806289673
    rtol = 1e-5 if level == "O0" else 5e-3
    np.testing.assert_allclose([losses[0], losses[-1]], [2.963843822479248, 1.2558494806289673], rtol=rtol)
    assert isinstance(step, nn.TrainOneStepWithLossScaleCell) == (level == "O2")
    assert {p.dtype for p in network.get_parameters()} == {ms.float32}


def test_dynamic_loss_scale_in_model(mode):
    class Overflow(nn.Cell):
        """Its gradient overflows where the label is large."""

        def construct(self, out, label):
            return ((out - label) ** 2).mean() * ms.ops.exp(label.max() - 1)

    x, y = rows(12).columns
    y = y.clip(-1, 1)
    y[4:8] += 200.0

    network, scales = net(), []
    manager = ms.DynamicLossScaleManager(2**10, 2, 2)
    model = ms.Model(network, Overflow(), nn.SGD(network.trainable_params(), 0.01), loss_scale_manager=manager)

    class Watch(ms.Callback):
        def on_train_step_begin(self, run_context):
            self.before = weights(network)

        def on_train_step_end(self, run_context):
            _, overflow, scale = run_context.original_args().net_outputs
            same = all((self.before[k] == v).all() for k, v in weights(network).items())
            scales.append((bool(overflow.asnumpy()), float(scale.asnumpy()), same))

    model.train(1, Rows(x, y), callbacks=Watch())
    assert [(o, s) for o, s, _ in scales] == [(False, 1024.0), (True, 1024.0), (False, 512.0)]
    assert [same for *_, same in scales] == [False, True, False]
    assert manager.get_loss_scale() == 512.0


def test_fixed_loss_scale_without_dropping_equals_no_scale(mode):
    plain, scaled = net(), net()
    ms.Model(plain, nn.MSELoss(), nn.Momentum(plain.trainable_params(), 0.1, 0.9)).train(2, rows())
    opt = nn.Momentum(scaled.trainable_params(), 0.1, 0.9, loss_scale=128.0)
    manager = ms.FixedLossScaleManager(128.0, drop_overflow_update=False)
    ms.Model(scaled, nn.MSELoss(), opt, loss_scale_manager=manager).train(2, rows())
    for name, value in weights(plain).items():
        np.testing.assert_allclose(weights(scaled)[name], value, rtol=1e-5, atol=1e-6)


def test_loss_scale_managers_count():
    manager = ms.DynamicLossScaleManager(2**10, 2, 2)
    seen = []
    for overflow in (False, False, True, False, False, False):
        manager.update_loss_scale(overflow)
        seen.append(manager.get_loss_scale())
    assert seen == [1024, 2048, 1024, 1024, 2048, 2048]  # MindSpore 2.10
    for error, make in ((ValueError, lambda: ms.FixedLossScaleManager(0)), (ValueError, lambda: ms.DynamicLossScaleManager(0.5)),
                        (ValueError, lambda: ms.DynamicLossScaleManager(2, -1)),
                        (ValueError, lambda: ms.DynamicLossScaleManager(2, 2, 0)),
                        (TypeError, lambda: ms.DynamicLossScaleManager(2, 2, 1.5))):  # fmt: skip
        with pytest.raises(error):
            make()


def test_scalers_by_hand(mode):
    scaler = amp.DynamicLossScaler(1024, 2, 2)
    seen = []
    adjust = ms.jit(lambda finite: scaler.adjust(finite)) if mode == "graph" else scaler.adjust
    for finite in (True, True, False, True, True, True):
        adjust(ms.Tensor(finite))
        seen.append((float(scaler.scale_value.asnumpy()), int(scaler.counter.asnumpy())))
    assert seen == [(1024, 1), (2048, 0), (1024, 0), (1024, 1), (2048, 0), (2048, 1)]
    loss, grads = scaler.scale(ms.Tensor([1.5])), scaler.unscale((ms.Tensor([2048.0]), ms.Tensor([4096.0], ms.float16)))
    assert loss.asnumpy() == [3072.0] and [g.asnumpy()[0] for g in grads] == [1.0, 2.0]
    assert grads[1].dtype == ms.float16
    static = amp.StaticLossScaler(8.0)
    assert static.adjust(ms.Tensor(False)) is False and static.scale(ms.Tensor([1.0])).asnumpy() == [8.0]
    for error, make in ((ValueError, lambda: amp.StaticLossScaler(0.0)), (ValueError, lambda: amp.DynamicLossScaler(0, 2, 1)),
                        (TypeError, lambda: amp.DynamicLossScaler(8, 0.5, 1)),
                        (ValueError, lambda: amp.DynamicLossScaler(8, 2, 0))):  # fmt: skip
        with pytest.raises(error):
            make()


def test_a_scale_of_at_least_one_and_a_count_that_begins_anew_after_an_overflow(mode):
    scaler = amp.DynamicLossScaler(2, 4, 3)
    adjust = ms.jit(lambda finite: scaler.adjust(finite)) if mode == "graph" else scaler.adjust
    seen = []
    for finite in (True, True, False, True, True, True):
        adjust(ms.Tensor(finite))
        seen.append((float(scaler.scale_value.asnumpy()), int(scaler.counter.asnumpy())))
    assert seen == [(2, 1), (2, 2), (1, 0), (1, 1), (1, 2), (4, 0)]


def test_all_finite(mode):
    finite = ms.jit(amp.all_finite) if mode == "graph" else amp.all_finite
    one = ms.Tensor([1.0])
    assert [bool(finite(x).asnumpy()) for x in ((one,), [one, one], (one, ms.Tensor([np.inf])), (ms.Tensor([np.nan]), one))] == [
        True, True, False, False]  # fmt: skip
    assert bool(amp.all_finite((one,), amp.init_status()).asnumpy())


@pytest.mark.parametrize(
    ("error", "make"),
    [
        (ValueError, lambda: amp.auto_mixed_precision(net(), "O9")),
        (TypeError, lambda: amp.auto_mixed_precision(3, "O1")),
        (ValueError, lambda: amp.auto_mixed_precision(net(), "O1", ms.float32)),
        (ValueError, lambda: amp.custom_mixed_precision(net())),
        (ValueError, lambda: amp.custom_mixed_precision(net(), white_list=[nn.Tanh], black_list=[nn.Tanh])),
        (TypeError, lambda: amp.custom_mixed_precision(net(), white_list=[3])),
        (TypeError, lambda: amp.custom_mixed_precision(net(), white_list=3)),
        (TypeError, lambda: amp.custom_mixed_precision(3, white_list=[nn.Tanh])),
        (ValueError, lambda: amp.custom_mixed_precision(net(), white_list=[nn.Tanh], dtype=ms.float32)),
        (ValueError, lambda: amp.build_train_network(net(), nn.SGD(net().trainable_params()), level="O7")),
        (ValueError, lambda: amp.build_train_network(net(), nn.SGD(net().trainable_params()), foo=1)),
        (TypeError, lambda: amp.build_train_network(net(), 3)),
        (TypeError, lambda: amp.build_train_network(net(), nn.SGD(net().trainable_params()), loss_scale_manager=3)),
    ],
)
def test_refusals(error, make):
    with pytest.raises(error):
        make()
