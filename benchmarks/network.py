#!/usr/bin/env python3
"""Two ranks of one network, each in a network namespace of its own, with a link of a given speed between them.

Prints the time of a step by one rank alone (no communication), by two ranks whose gradients travel after the backward
pass, and by two whose gradients travel in buckets while it goes on. Needs Linux, root, `ip` and `tc`, and MPICH.
"""

from __future__ import annotations

import argparse
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter

SIZES = (784, 1024, 1024, 10)
BATCH = 64
STARTER = """#!/bin/bash
# stands in for ssh: HOST COMMAND..., where the last number of HOST names the namespace
while [[ "$1" == -* ]]; do shift; done
host=$1; shift
exec ip netns exec minispore${host##*.} sh -c "$*"
"""


def rank(cuts: list[int], steps: int) -> None:
    sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
    import numpy as np

    import minispore as ms
    from minispore import Tensor, nn
    from minispore.communication import get_rank, init
    from minispore.ops.collective import buckets

    init()
    ms.set_context(mode=ms.GRAPH_MODE)
    ms.set_auto_parallel_context(parallel_mode="data_parallel", gradients_mean=True, all_reduce_fusion_config=cuts)
    ms.set_seed(1)
    layers = [layer for a, b in zip(SIZES, SIZES[1:]) for layer in (nn.Dense(a, b), nn.ReLU())][:-1]
    net = nn.SequentialCell(*layers)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Momentum(net.trainable_params(), 0.1, 0.9))
    random = np.random.RandomState(get_rank())
    x, y = (Tensor(random.randn(BATCH, size).astype(np.float32)) for size in (SIZES[0], SIZES[-1]))
    for _ in range(3):
        step(x, y)
    times = []
    for _ in range(steps):
        start = perf_counter()
        step(x, y)
        times.append(perf_counter() - start)
    if get_rank() == 0:
        weights = net.trainable_params()
        last = sum(weights[k].size for k in buckets(weights, cuts)[-1])  # of the first layers
        total = sum(p.size for p in weights)
        print(f"RESULT {1000 * sorted(times)[len(times) // 2]:.3f} {4 * total} {4 * last}")


def run(*command: str) -> None:
    subprocess.run(command, check=True)


@contextmanager
def namespaces(mbit: int):
    """minispore1 and minispore2, joined by a link of ``mbit`` Mbit/s, with the addresses 10.97.0.1 and 10.97.0.2."""
    with ExitStack() as stack:
        for k in (1, 2):
            left = Path("/run/netns", f"minispore{k}")  # by a run that was killed
            if left.exists():
                run("ip", "netns", "del", left.name)
            run("ip", "netns", "add", f"minispore{k}")
            stack.callback(run, "ip", "netns", "del", f"minispore{k}")
        run("ip", "link", "add", "msv1", "type", "veth", "peer", "name", "msv2")
        for k in (1, 2):
            inside = ("ip", "netns", "exec", f"minispore{k}")
            run("ip", "link", "set", f"msv{k}", "netns", f"minispore{k}")
            run(*inside, "ip", "addr", "add", f"10.97.0.{k}/24", "dev", f"msv{k}")
            run(*inside, "ip", "link", "set", f"msv{k}", "up")
            run(*inside, "ip", "link", "set", "lo", "up")
            run(*inside, "tc", "qdisc", "add", "dev", f"msv{k}", "root", "tbf", "rate", f"{mbit}mbit", "burst", "128kb",
                "latency", "50ms")  # fmt: skip
        yield


def measured(command: list[str], env: dict[str, str]) -> tuple[float, int, int]:
    """(ms of a step, bytes of gradients, of which in the last bucket)"""
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    if not lines:
        sys.exit(done.stderr)
    _, time, size, last = lines[0].split()
    return float(time), int(size), int(last)


def missing() -> str:
    """What is not there for a link between namespaces."""
    return "" if os.geteuid() == 0 and shutil.which("ip") and shutil.which("tc") else "it needs root, ip and tc"


def compare(mbit: int, steps: int) -> tuple[str, float, float]:
    """Prints times; (what is compared, ratio, aim)."""
    env = os.environ | {"MINISPORE_NUM_THREADS": "1", "UCX_TLS": "tcp,self", "MPIR_CVAR_NOLOCAL": "1",
                        "MINISPORE_SHARED_MEMORY": "0"}  # fmt: skip
    own = [sys.executable, str(Path(__file__).resolve()), "--steps", str(steps), "--rank"]
    with tempfile.TemporaryDirectory() as folder, namespaces(mbit):
        starter = Path(folder) / "starter"
        starter.write_text(STARTER)
        starter.chmod(starter.stat().st_mode | stat.S_IXUSR)
        job = ["ip", "netns", "exec", "minispore1", str(Path(sys.executable).parent / "mpiexec"), "-n", "2",
               "-hosts", "10.97.0.1,10.97.0.2", "-localhost", "10.97.0.1", "-iface", "msv1", "-launcher", "ssh",
               "-launcher-exec", str(starter)]  # fmt: skip
        alone, size, _ = measured(own, env)
        at_once, _, _ = measured([*job, *own, "99"], env)
        buckets, _, last = measured([*job, *own], env)
    wire, tail = (n / (mbit * 1e6 / 8) * 1000 for n in (size, last))  # each rank sends half of the gradients twice
    print(
        f"{size / 1e6:.1f} MB of gradients over {mbit} Mbit/s: at least {wire:.1f} ms on the wire, {tail:.1f} of the last bucket"
    )
    print(f"  one rank alone                   {alone:9.3f} ms")
    print(f"  two ranks, one bucket            {at_once:9.3f} ms")
    print(f"  two ranks, buckets, overlap      {buckets:9.3f} ms", flush=True)
    bound = 1.25 * max(alone, wire) + tail
    return f"link of {mbit} Mbit/s: step / (1.25 max(compute, communication) + last bucket)", buckets / bound, 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mbit", type=int, default=1000, help="speed of the link (default: 1000)")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--rank", type=int, nargs="*", help=argparse.SUPPRESS)  # we are one of the ranks
    options = parser.parse_args()
    if options.rank is not None:
        return rank(options.rank, options.steps)
    if missing():
        sys.exit(f"skipped: {missing()}")
    what, ratio, aim = compare(options.mbit, options.steps)
    print(f"{what}: {ratio:.2f}, aim {aim:.2f}")


if __name__ == "__main__":
    main()
