"""Rank 1 fails in the way that the argument names, in the fourth step; the others wait for it in a sum."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

import minispore as ms
from minispore import Tensor, ops
from minispore.communication import get_rank, init

init()
rank, how = get_rank(), sys.argv[1]
SIZE = 4000 if how != "exit" else 1000  # more travel in another way than few
summed = ms.jit(lambda x: ops.AllReduce()(x * 2.0))  # the sum


def ones(n):
    return Tensor(np.ones(n, np.float32))


if how.startswith("swap"):
    a, b = ones(4), ones(4) * 10
    if rank == 0:
        swapped = lambda a, b: (ops.AllReduce()(a), ops.AllReduce()(b))  # in order
    else:
        swapped = lambda a, b: (ops.AllReduce()(b), ops.AllReduce()(a))[::-1]  # swapped
    if how == "swap":
        swapped = ms.jit(swapped)
    try:
        swapped(a, b)
    except RuntimeError as error:
        print(f"rank {rank} got {error}", flush=True)
    folder = Path(sys.argv[2])
    (folder / str(rank)).touch()
    while not (folder / str(1 - rank)).exists():  # the end of one rank is the end of all: first both say what they got
        time.sleep(0.01)
    sys.exit(0)
if how == "late":  # another rank comes to its end long after this one
    time.sleep(0.5 * rank)
for step in range(0 if how == "late" else 5):
    if step == 3 and rank == 1:
        if how == "raise":
            raise ValueError("rank 1 has bad data")
        if how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "sleep":
            time.sleep(1000)  # never comes
        if how == "exit":
            sys.exit(0)
        if how == "shape":
            summed(ones(7))
        if how == "interrupt":
            os.kill(os.getpid(), signal.SIGINT)
    summed(ones(SIZE))
print(f"rank {rank} came to its end", flush=True)
