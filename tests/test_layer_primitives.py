"""Layers have the Primitives that subclasses written for MindSpore call from a ``construct`` of their own."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn


@pytest.fixture(params=[ms.PYNATIVE_MODE, ms.GRAPH_MODE], ids=["pynative", "graph"])
def mode(request):
    ms.set_context(mode=request.param)


class Dense(nn.Dense):
    def construct(self, x):
        return self.bias_add(self.matmul(x, self.weight), self.bias)


class Conv1d(nn.Conv1d):
    def construct(self, x):
        return self.bias_add(self.squeeze(self.conv2d(self.expand_dims(x, 2), self.weight)).expand_dims(2), self.bias).squeeze(2)  # fmt: skip


class Conv2d(nn.Conv2d):
    def construct(self, x):
        return self.bias_add(self.conv2d(x, self.weight), self.bias)


class Conv2dTranspose(nn.Conv2dTranspose):
    def construct(self, x):
        n, _, h, w = self.shape(x)
        return self.bias_add(self.conv2d_transpose(x, self.weight, (n, self.out_channels, h, w)), self.bias)


class LayerNorm(nn.LayerNorm):
    def construct(self, x):
        return self.layer_norm(x, self.gamma, self.beta)[0]


class BatchNorm2d(nn.BatchNorm2d):
    def construct(self, x):
        return self.bn_infer(x, self.gamma, self.beta, self.moving_mean, self.moving_variance)[0]


class MaxPool2d(nn.MaxPool2d):
    def construct(self, x):
        return self.max_pool(x)


class AvgPool2d(nn.AvgPool2d):
    def construct(self, x):
        return self.avg_pool(x)


class Softmax(nn.Softmax):
    def construct(self, x):
        return self.softmax(x)


class HSwish(nn.HSwish):
    def construct(self, x):
        return self.hswish(x)


CASES = [
    (Dense, (3, 4), (2, 3)), (Conv1d, (3, 4, 3, 1, "same", 0, 1, 1, True), (2, 3, 5)),
    (Conv2d, (3, 4, 3, 2, "pad", 1, 1, 1, True), (2, 3, 5, 5)), (Conv2d, (4, 4, 3, 1, "same", 0, 1, 2, True), (2, 4, 5, 5)),
    (Conv2dTranspose, (3, 4, 3, 1, "same", 0, 0, 1, 1, True), (2, 3, 5, 5)), (LayerNorm, ((3,),), (2, 3)),
    (BatchNorm2d, (3,), (2, 3, 4, 4)), (MaxPool2d, (2, 2), (2, 3, 4, 4)), (AvgPool2d, (2, 2), (2, 3, 4, 4)), (Softmax, (), (2, 3)),
    (HSwish, (), (2, 3)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "arguments", "shape"), CASES, ids=lambda x: getattr(x, "__name__", ""))
def test_a_construct_of_the_parents_primitives(kind, arguments, shape, mode):
    """It gives what the parent's own construct gives."""
    net, parent = kind(*arguments), kind.__mro__[1](*arguments)
    for p, q in zip(net.get_parameters(), parent.get_parameters()):
        value = np.random.default_rng(0).uniform(0.5, 1.5, p.shape).astype(np.float32)
        p.set_data(Tensor(value)), q.set_data(Tensor(value))
    net.set_train(False), parent.set_train(False)
    x = Tensor(np.random.default_rng(1).normal(size=shape).astype(np.float32))
    np.testing.assert_allclose(net(x).asnumpy(), parent(x).asnumpy(), rtol=1e-5, atol=1e-6)


def test_primitives_are_kept_and_may_be_replaced():
    layer = nn.LayerNorm((3,))
    assert layer.layer_norm is layer.layer_norm and type(layer.layer_norm).__name__ == "LayerNorm"
    layer.layer_norm = "mine"
    assert layer.layer_norm == "mine"
    with pytest.raises(AttributeError, match="no attribute 'conv2d'"):
        _ = layer.conv2d


SAMPLED = ["mobilenet_v2_035_128", "shufflenet_v1_g3_05", "squeezenet1_0", "ghostnet_050", "pvt_v2_b0"]
MINDCV = f"""
import mindcv, mindspore as ms, numpy as np
from mindspore import nn
for name in {SAMPLED}:
    net = mindcv.create_model(name, num_classes=10).set_train(False)
    y = net(ms.Tensor(np.random.default_rng(0).normal(size=(1, 3, 128, 128)).astype(np.float32)))
    assert y.shape == (1, 10) and np.isfinite(y.asnumpy()).all(), name
net = mindcv.create_model("mobilenet_v2_035_128", num_classes=10).set_train(True)
step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.CrossEntropyLoss()), nn.SGD(net.trainable_params(), 0.01))
x, labels = ms.ops.ones((2, 3, 64, 64), ms.float32), ms.Tensor([1, 2], ms.int32)
assert np.isfinite(step(x, labels).asnumpy())
print("models:", len(mindcv.list_models()))
"""


@pytest.mark.skipif(importlib.util.find_spec("mindcv") is None, reason="mindcv is not installed")
def test_mindcv(tmp_path):
    """Models of mindcv 0.3.0 are built, run and trained, unchanged."""
    script = tmp_path / "models.py"
    script.write_text(MINDCV)
    done = subprocess.run(
        [sys.executable, "-m", "minispore", "run", str(script)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "models: 275" in done.stdout
