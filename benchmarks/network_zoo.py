"""More networks for networks.py (--zoo): each kind of kernel or structure that its list lacks once, written once for minispore and torch.

`network_zoo_member.py` says what a network consists of, `network_zoo_layers.py` has the layers of both frameworks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from network_zoo_backbones import BACKBONES
from network_zoo_images import IMAGES
from network_zoo_language import LANGUAGE
from network_zoo_layers import MinisporeLayers, TorchLayers
from network_zoo_member import Member
from network_zoo_others import OTHERS
from network_zoo_planes import PLANES
from network_zoo_relations import RELATIONS
from network_zoo_sequences import SEQUENCES
from runner import Runner

FURTHER: dict[str, Member] = BACKBONES | LANGUAGE | RELATIONS
ZOO: dict[str, Member] = IMAGES | PLANES | SEQUENCES | OTHERS | FURTHER


def mean_size(answers: Any, magnitude: Any) -> float:
    answers = answers if isinstance(answers, tuple) else (answers,)
    return float(np.mean([magnitude(x) for x in answers]))


def minispore_zoo(ms: Any, member: Member, training: bool, gradients: bool = False) -> Runner:
    """``gradients``: the step gives those of all weights, in float64."""
    ms.set_context(mode=ms.GRAPH_MODE)
    lib = MinisporeLayers(ms, ms.float64 if gradients else ms.float32)
    answer = member.build(lib)
    inputs, targets = ([lib.tensor(x) for x in arrays] for arrays in member.arrays())
    count = len(inputs)

    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.inner = ms.nn.CellList(lib.cells)
            if lib.weights:
                self.weights = ms.ParameterTuple(lib.weights)

        def construct(self, *batch):
            if training:
                return member.loss(lib, answer(*batch[:count]), *batch[count:])
            return answer(*batch)

    net = Net()
    if gradients:
        for p in net.get_parameters():
            p.set_dtype(ms.float64)
        net.set_train()
        compute = ms.value_and_grad(net, None, net.trainable_params())
        return Runner(lambda: compute(*inputs, *targets)[1], read=lambda found: [g.asnumpy() for g in found])
    if not training:
        net.set_train(False)
        return Runner(lambda: net(*inputs), read=lambda out: mean_size(out, lambda x: np.abs(x.asnumpy()).mean()))
    train = ms.nn.TrainOneStepCell(net, ms.nn.Momentum(net.trainable_params(), 0.0, 0.9))
    train.set_train()
    return Runner(
        lambda: train(*inputs, *targets), lambda loss: float(loss.asnumpy()), lambda: train.graph(*inputs, *targets)
    )


def torch_zoo(
    torch: Any, member: Member, channels_last: bool, training: bool, compiler: Any, gradients: bool = False
) -> Runner:
    lib = TorchLayers(torch, torch.float64 if gradients else torch.float32, channels_last)
    answer = member.build(lib)
    inputs, targets = ([lib.tensor(x) for x in arrays] for arrays in member.arrays())
    if channels_last:
        inputs = [x.to(memory_format=torch.channels_last) if x.ndim == 4 else x for x in inputs]
    net = torch.nn.ModuleList(lib.cells).train(training)
    weights = [*net.parameters(), *lib.weights]
    loss_of = lambda inputs, targets: member.loss(lib, answer(*inputs), *targets)
    if gradients:
        compute = lambda: torch.autograd.grad(loss_of(inputs, targets), weights)
        return Runner(compute, read=lambda found: [g.numpy() for g in found])
    if not training:
        compiled = compiler(lambda *inputs: answer(*inputs))

        def answered():
            with torch.inference_mode():
                return compiled(*inputs)

        return Runner(answered, read=lambda out: mean_size(out, lambda x: float(x.abs().mean())))
    update = torch.optim.SGD(weights, lr=0.0, momentum=0.9, fused=True)
    compiled = compiler(loss_of)

    def step():
        loss = compiled(inputs, targets)
        update.zero_grad()
        loss.backward()
        update.step()
        return loss.detach()

    return Runner(step, read=float)
