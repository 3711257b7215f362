"""Gradients of whole networks in float64 are torch's: every kind of layer that the benchmarks build, in small networks."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import minispore as ms

torch = pytest.importorskip("torch")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from network_models import (  # noqa: E402
    Network,
    basic,
    block,
    bottleneck,
    dense_block,
    generator,
    inverted,
    language,
    resnet,
    transformer,
    unet,
)
from network_runners import minispore_runner, torch_runner  # noqa: E402
from network_zoo import ZOO, minispore_zoo, torch_zoo  # noqa: E402

END = [("mean",), ("dense", 8, 10)]
STEM = [*block(3, 4, 7, 2), ("pool", 3, 2, 1)]
NETWORKS = {
    "residual": Network(resnet((1, 1), basic, (4, 8), 1, STEM), 2, 16),
    "bottleneck": Network([*resnet((1, 1), bottleneck, (4, 8), 4, STEM)], 2, 16),
    "inverted, squeeze": Network(
        [*block(3, 4, 3, 2, act="swish"), *inverted(4, 8, 3, 5, 2, "swish", True), *END], 2, 12
    ),
    "inverted": Network([*block(3, 8, 3, act="relu6"), *inverted(8, 8, 2, 3, 1, "relu6", False), *END], 2, 8),
    "joined": Network([*block(3, 4, 3), *dense_block(4, 2, 2), *END], 2, 8),
    "u": Network([*unet([8, 8, 8], 3), *END], 2, 8),
    "generator": Network(generator(6, [8, 4]), 2, 1, 6),
    "patches": Network(transformer(("patches", 4, 8), 8, 2, 1), 2, 8),
    "encoder": Network(transformer(("embed", 20, 8), 8, 2, 2), 2, 5, words=20),
    "language": Network(language(20, 5, 8, 2, 1, 0.1), 2, 5, words=20, recipe=True),
    "lstm": Network([("embed", 20, 6), ("lstm", 6, 4, 2, True), ("words",), ("dense", 8, 10)], 3, 7, words=20),
    "gru": Network([("embed", 20, 6), ("gru", 6, 8, 1, False), ("words",), ("dense", 8, 10)], 3, 7, words=20),
    "conv1d": Network([("conv1d", 3, 8, 5, 2), ("relu",), ("series",), ("dense", 8, 10)], 2, 0, flat=(3, 20)),
}
OTHERS = ["KAN", "Swin", "VQ-VAE", "spatial transformer"]  # no chains of layers


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_in_float64(name):
    network = NETWORKS[name]
    ours = minispore_runner(ms, network, True, gradients=True)
    theirs = torch_runner(torch, network, False, True, None, gradients=True)
    compare(name, ours.read(ours.step()), theirs.read(theirs.step()))


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_gradients_of_other_structures_in_float64(name):
    network = replace(ZOO[name], batch=2)
    ours = minispore_zoo(ms, network, True, gradients=True)
    theirs = torch_zoo(torch, network, False, True, None, gradients=True)
    compare(name, ours.read(ours.step()), theirs.read(theirs.step()))


def compare(name, ours, theirs):
    assert sum(g.size for g in ours) == sum(g.size for g in theirs)
    scale = max(np.abs(g).max() for g in theirs)
    for g in ours:  # the order of the weights is the framework's own
        assert g.dtype == np.float64
        near = min(np.abs(g.ravel() - t.ravel()).max() for t in theirs if t.size == g.size)
        assert near < 1e-10 * scale, (name, g.shape)
