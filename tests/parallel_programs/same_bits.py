"""Trains small networks on one global batch, each rank on its part; prints a digest of the weights, for each number of gradient pieces.

Arguments: the numbers of gradient pieces, such as 4,0 (0: the whole batch at once); whether each step also runs with its tasks in other orders.
"""

import hashlib
import json
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.communication import get_group_size, get_rank, init

sys.path.append(str(Path(__file__).parent.parent))
from any_order import in_any_order

orders = sys.argv[2:]
init()
rank, size = get_rank(), get_group_size()
ms.set_context(mode=ms.GRAPH_MODE, deterministic="ON")
BATCH = 16


class Clipped(nn.TrainOneStepCell):
    """Sums that are reduced, for a norm, before they are used."""

    def construct(self, *inputs):
        loss, grads = self.loss_and_grads(inputs)
        self.optimizer(ops.clip_by_global_norm(grads, 0.05))
        return loss


def mlp():
    return nn.SequentialCell(nn.Dense(20, 300), nn.ReLU(), nn.Dense(300, 80), nn.Tanh(), nn.Dense(80, 10))


def images():
    return nn.SequentialCell(
        nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3, 2), nn.ReLU(), nn.Flatten(), nn.Dense(8 * 36, 10)
    )


def trained() -> dict:
    ms.set_seed(3)
    rng = np.random.RandomState(0)
    nets = [("mlp", mlp(), (20,)), ("conv", images(), (3, 12, 12)), ("clipped", mlp(), (20,))]
    found = {}
    for name, net, shape in nets:
        optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9, weight_decay=1e-3)
        cell = Clipped if name == "clipped" else nn.TrainOneStepCell
        step = cell(nn.WithLossCell(net, nn.CrossEntropyLoss()), optimizer).set_train()
        part = slice(rank * BATCH // size, (rank + 1) * BATCH // size)
        for _ in range(4):
            data, label = rng.randn(BATCH, *shape).astype(np.float32), rng.randint(0, 10, BATCH).astype(np.int32)
            with in_any_order(("reversed", 1)) if orders else nullcontext():
                step(Tensor(data[part]), Tensor(label[part]))
        weights = [p.asnumpy() for p in net.trainable_params()]
        found[name] = {
            "digest": hashlib.sha256(b"".join(w.tobytes() for w in weights)).hexdigest(),
            "weights": [w.ravel()[:20].tolist() for w in weights],
        }
    return found


for pieces in map(int, sys.argv[1].split(",")):
    ms.set_auto_parallel_context(parallel_mode="data_parallel", gradients_mean=True, gradient_pieces=max(pieces, 1))
    found = trained()
    if rank == 0:
        print("RESULT", json.dumps(found))
