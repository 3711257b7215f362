"""One network trained by several processes, each on its part of every batch, with the same bits for 1, 2 and 4 of them.

    python examples/22_data_parallel.py                          one process
    minispore launch -n 4 examples/22_data_parallel.py           four (pip install 'minispore[mpi]')

Both print the same digest of the weights: each batch is cut into four pieces whose gradients are summed in one order,
whoever computes them.
"""

import argparse
import hashlib

import numpy as np

import minispore as ms
from minispore import Tensor, nn
from minispore.communication import get_group_size, get_rank, init

PIECES = 4


def spirals(random, samples):
    """Points (samples, 2) on three arms, and which arm each is on."""
    arm = random.randint(3, size=samples)
    radius = random.uniform(0.1, 1, size=samples)
    angle = 4 * radius + arm * 2 * np.pi / 3 + random.normal(0, 0.15, size=samples)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
    return points.astype(np.float32), arm.astype(np.int32)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=64, help="of all processes together")
    parser.add_argument("--short", action="store_true", help="50 steps, for CI")
    args = parser.parse_args(argv)
    init()
    rank, size = get_rank(), get_group_size()
    before = ms.get_context("deterministic"), ms.get_auto_parallel_context("parallel_mode")
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE, deterministic="ON")
    ms.set_auto_parallel_context(parallel_mode="data_parallel", gradients_mean=True, gradient_pieces=PIECES)
    ms.set_seed(1)
    steps = 50 if args.short else args.steps

    net = nn.SequentialCell(nn.Dense(2, 64), nn.Tanh(), nn.Dense(64, 64), nn.Tanh(), nn.Dense(64, 3))
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.CrossEntropyLoss()), nn.Adam(net.trainable_params(), 3e-3))
    step.set_train()
    random = np.random.RandomState(1)
    mine = slice(rank * args.batch // size, (rank + 1) * args.batch // size)
    losses = []
    for number in range(1, steps + 1):
        points, arms = spirals(random, args.batch)  # every process draws the whole batch, and takes its part
        losses.append(float(step(Tensor(points[mine]), Tensor(arms[mine]))))
        if rank == 0 and number % max(1, steps // 5) == 0:
            print(f"step {number:5}  loss of this process {losses[-1]:.4f}", flush=True)
    points, arms = spirals(random, 2000)
    right = (net(Tensor(points)).asnumpy().argmax(1) == arms).mean()
    digest = hashlib.sha256(b"".join(p.asnumpy().tobytes() for p in net.trainable_params())).hexdigest()[:16]
    if rank == 0:
        print(f"{size} process(es): accuracy {right:.3f}, weights {digest}", flush=True)
    ms.set_context(deterministic=before[0])
    ms.set_auto_parallel_context(parallel_mode=before[1], gradients_mean=False, gradient_pieces=1)
    return losses


if __name__ == "__main__":
    main()
