"""One rank of a job of data_parallel.py: `data_parallel_rank.py FRAMEWORK PROBLEM`.

Rank 0 reads numbers of steps from stdin, all ranks take them, and rank 0 answers with the seconds, as JSON.  0 is the end.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
from data import Problem, images, problem


def part_of(name: str, rank: int, ranks: int) -> Problem:
    """The problem with one rank's share of each batch; "mlp_big" is the perceptron on batches of 512."""
    whole = problem("mlp" if name == "mlp_big" else name)
    if name == "mlp_big":
        whole = replace(whole, batches=images(512, 784, classes=10))

    def share(x):
        return x[rank * len(x) // ranks : (rank + 1) * len(x) // ranks]

    return replace(whole, batches=[(share(x), share(y)) for x, y in whole.batches])


def minispore(name: str):
    """(rank, agree on a number, the runner)"""
    sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
    from models_mindspore import Adapter

    import minispore as ms
    from minispore.communication import comm_func, get_group_size, get_rank, init

    init()
    rank = get_rank()
    ms.set_auto_parallel_context(parallel_mode="data_parallel", gradients_mean=True)
    runner = Adapter("minispore", int(os.environ["MINISPORE_NUM_THREADS"])).build(part_of(name, rank, get_group_size()))
    return rank, lambda n: int(comm_func.broadcast(ms.Tensor(np.array([n])), 0).asnumpy()[0]), runner


def torch(name: str):
    import models_torch
    import torch
    import torch.distributed as dist
    import torch.nn.functional as F
    from runner import Runner
    from torch.nn.parallel import DistributedDataParallel

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    dist.init_process_group("gloo")
    rank = dist.get_rank()
    own = part_of(name, rank, dist.get_world_size())
    net, params = models_torch.initialised(own)
    update = models_torch.optimizer(own, params)
    parallel = DistributedDataParallel(net)
    batches = models_torch.cycle(models_torch.prepared(own))

    def step():
        x, y = next(batches)
        loss = F.cross_entropy(parallel(x), y)
        update.zero_grad()
        loss.backward()
        update.step()
        return loss.detach()

    def agree(n):
        t = torch.tensor([n])
        dist.broadcast(t, 0)
        return int(t)

    return rank, agree, Runner(step, read=float)


def main() -> None:
    rank, agree, runner = {"minispore": minispore, "torch": torch}[sys.argv[1]](sys.argv[2])
    while True:
        count = agree(int(sys.stdin.readline() or 0) if rank == 0 else 0)
        if count == 0:
            return
        start = perf_counter()
        seconds = runner.seconds(count)
        agree(0)  # all are done
        if rank == 0:
            print(json.dumps({"wall": perf_counter() - start, "loss": runner.losses(0), "own": seconds}), flush=True)


if __name__ == "__main__":
    main()
