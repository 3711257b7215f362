"""Saves a set of files twice; in the second save, a rank kills the ranks that are named at a chosen call.

Arguments: the folder, the rank, the function of os that it comes to ("replace" or "unlink"), "before" or "after" the call, and
"one" or "all".
"""

import os
import signal
import sys

import numpy as np

import minispore as ms
from minispore import Tensor, nn
from minispore.communication import get_rank, init
from minispore.distributed import WORLD

folder, killer, function, moment, whom = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]
init()
ms.set_auto_parallel_context(parallel_mode="data_parallel", enable_parallel_optimizer=True)
net = nn.SequentialCell(nn.Dense(3, 4), nn.Dense(4, 5))
step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Momentum(net.trainable_params(), 0.1, 0.9))


def save(version):
    for p in step.get_parameters():
        if p.ndim:
            p.set_data(Tensor(np.full(p.shape, version), p.dtype))
    ms.save_checkpoint(step, f"{folder}/net.ckpt", integrated_save=False)


save(1)
processes = WORLD.gather(os.getpid(), "here")
theirs = getattr(os, function)


def deadly(*args):
    done = theirs(*args) if moment == "after" else None
    for rank, process in enumerate(processes):
        if whom == "all" and rank != killer:
            os.kill(process, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
    return done


if get_rank() == killer:
    setattr(os, function, deadly)
save(2)
print("saved")
