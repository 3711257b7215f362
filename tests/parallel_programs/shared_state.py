"""Optimizers whose state is shared out: the same bits as with all of it, and checkpoints for any number of ranks.

Arguments: the folder, the checkpoint to go on from ("" for none), how many steps, the name to save under, whether in one
file; perhaps for how many steps from the start the digest is wanted in place of that.
"""

import hashlib
import json
import sys

import numpy as np

import minispore as ms
from minispore import Tensor, mint, nn
from minispore.communication import get_group_size, get_rank, init
from minispore.experimental import optim

folder, start, steps, name, integrated = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5] == "one"
init()
rank, size = get_rank(), get_group_size()
ms.set_context(mode=ms.GRAPH_MODE, deterministic="ON")
data = np.random.RandomState(0).randn(16, 20).astype(np.float32)
label = np.random.RandomState(1).randint(0, 5, 16).astype(np.int32)
part = slice(rank * 16 // size, (rank + 1) * 16 // size)
x, y = Tensor(data[part]), Tensor(label[part])


def trained(make, shared, scaled=False, count=3):
    """(digest of the weights, elements of the optimizer's state here, the step)"""
    ms.set_auto_parallel_context(
        parallel_mode="data_parallel", gradients_mean=True, enable_parallel_optimizer=shared, gradient_pieces=4
    )
    ms.set_seed(3)
    net = nn.SequentialCell(nn.Dense(20, 30), nn.ReLU(), nn.Dense(30, 25), nn.ReLU(), nn.Dense(25, 5))
    if scaled:
        ms.set_auto_parallel_context(gradient_pieces=1)
    optimizer = make(net.trainable_params())
    with_loss = nn.WithLossCell(net, nn.CrossEntropyLoss())
    if scaled:
        step = nn.TrainOneStepWithLossScaleCell(with_loss, optimizer, Tensor(8.0))
    else:
        step = nn.TrainOneStepCell(with_loss, optimizer)
    step.set_train()
    if start:
        missing, _ = ms.load_param_into_net(step, ms.load_checkpoint(f"{folder}/{start}"))
        assert not missing, missing
    for _ in range(count):
        step(x, y)
    digest = hashlib.sha256(b"".join(p.asnumpy().tobytes() for p in net.get_parameters())).hexdigest()
    return digest, sum(p.size for p in step.get_parameters()) - sum(p.size for p in net.get_parameters()), step


def adam(parameters):
    groups = [{"params": parameters[:1], "lr": 0.02}, {"params": parameters[1:]}]
    return nn.AdamWeightDecay(groups, 0.01, weight_decay=0.01)


result = {"rank": rank}
if not start and size > 1:
    for make, scaled in (
        (lambda p: nn.Momentum(p, 0.1, 0.9), False), (lambda p: nn.Lamb(p, 0.01), True), (adam, True),
        (lambda p: nn.Cautious(adam(p)), False),
        (lambda p: nn.LARS(nn.Momentum([{"params": p[::2], "lr": 0.02}, {"params": p[1::2]}], 0.1, 0.9, weight_decay=0.1)), False),
    ):  # fmt: skip
        whole, all_state, _ = trained(make, False, scaled)
        shared, own_state, _ = trained(make, True, scaled)
        assert whole == shared
        assert own_state < 0.6 * all_state, (own_state, all_state)
    ms.set_auto_parallel_context(enable_parallel_optimizer=True)
    for make in (nn.LBFGS, optim.Adam, mint.optim.AdamW):
        try:
            make(nn.Dense(2, 1).trainable_params())
        except ValueError as error:
            assert "cannot be shared out" in str(error)
        else:
            raise AssertionError(f"the state of {make} was shared out")
result["digest"], _, step = trained(adam, size > 1, count=steps)
ms.save_checkpoint(step, f"{folder}/{name}", integrated)
if sys.argv[6:]:
    start = ""
    result["digest"], _, _ = trained(adam, size > 1, count=int(sys.argv[6]))
print("RESULT", json.dumps(result), flush=True)
