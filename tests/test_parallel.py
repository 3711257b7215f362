"""Several processes over MPI: each test starts one job of a program in tests/parallel_programs/."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PROGRAMS = Path(__file__).parent / "parallel_programs"
ROOT = Path(__file__).parent.parent
MPIEXEC = [str(Path(sys.executable).parent / "mpiexec")]
if Path(MPIEXEC[0]).with_name("ompi_info").exists():  # Open MPI: more ranks than processors, in a container
    MPIEXEC += ["--oversubscribe", "--bind-to", "none", "--allow-run-as-root"]
slow = pytest.mark.slow
LONG = 300  # seconds after which a job that hangs is ended


def environment(**more):
    made = {k: v for k, v in os.environ.items() if not k.startswith(("PMI_", "OMPI_COMM", "RANK_", "MINISPORE_NUM"))}
    return {**made, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "", **{k: str(v) for k, v in more.items()}}


def job(ranks, program, *arguments, **variables):
    """The finished job of ``ranks`` processes started by MPI's own mpiexec; (exit code, output, errors)."""
    command = [*MPIEXEC, "-n", str(ranks), sys.executable, str(PROGRAMS / program), *map(str, arguments)]
    done = subprocess.run(command, env=environment(**variables), capture_output=True, text=True, timeout=LONG)
    return done.returncode, done.stdout, done.stderr


def results(output):
    return [json.loads(s.partition("RESULT ")[2]) for s in output.splitlines() if "RESULT " in s]


def command_line(*arguments, **variables):
    done = subprocess.run([sys.executable, "-m", "minispore", *map(str, arguments)],
                          env=environment(**variables), capture_output=True, text=True, timeout=LONG)  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def line(program, text):
    """``file:number`` of the line of a program that has a text in it."""
    lines = (PROGRAMS / program).read_text().splitlines()
    return f"{program}:{next(k for k, one in enumerate(lines, 1) if text in one)}"


# ---------------------------------------------------------------- values
@slow
@pytest.mark.parametrize(("ranks", "shared"), [(2, 0), (4, 1)])
def test_collectives(ranks, shared):
    code, output, errors = job(ranks, "collectives.py", MINISPORE_SHARED_MEMORY=shared)
    assert code == 0, errors
    assert sorted(s for s in output.split("\n") if s.startswith("done")) == [f"done on rank {r}" for r in range(ranks)]


@slow
def test_any_number_of_ranks_gives_the_same_bits():
    """Also when each step of several ranks runs again with its tasks in other orders (any_order.py)."""
    found = {}
    for ranks, threads, *given in ((1, 2, "4,0"), (2, 1, 4, "orders"), (4, 1, 4, "orders")):
        code, output, errors = job(ranks, "same_bits.py", *given, MINISPORE_NUM_THREADS=threads)
        assert code == 0, errors
        found[ranks] = results(output)
    for name in ("mlp", "conv", "clipped"):
        assert len({found[ranks][0][name]["digest"] for ranks in (1, 2, 4)}) == 1
    in_pieces, whole = found[1]
    for name in ("mlp", "conv"):  # the whole batch at once: sums in another order
        for a, b in zip(whole[name]["weights"], in_pieces[name]["weights"]):
            assert np.abs(np.subtract(a, b)).max() < 1e-6 * np.abs(a).max()


@slow
def test_training(tmp_path):
    code, output, errors = job(2, "training.py", tmp_path)
    assert code == 0, errors
    first, second = sorted(results(output), key=lambda r: r["rank"])
    assert first["initial"] == second["initial"]
    assert first["dropout"] != second["dropout"]
    assert len(set(first["seen"]) | set(second["seen"])) == 30 and len(first["seen"]) == len(second["seen"]) == 15
    assert output.count("loss is") == 7 and output.count("per step time") == 2  # rank 0 alone
    assert sorted(os.listdir(tmp_path)) == ["net-1_5.ckpt", "net-2_2.ckpt", "parted"]
    for key in ("weights", "functional", "accuracy"):
        assert first[key] == second[key]
    for found in (first, second):
        assert found["steps"] == 7  # rank 1 asked for the end
        assert found["accuracy"] == found["expected accuracy"]
        assert found["overflow"] and found["held"] and found["scale"] == 4.0
        assert found["rows moved"] == [0, 1]
        assert "Ranks 0 and 1 part at 0.weight before the first step" in found["parted"]
        assert "Ranks 0 and 1 part at 2.weight after 2 steps" in found["parted in a loop of one's own"]
        assert "Ranks 0 and 1 part at 2.bias at the checkpoint after 9 steps" in found["parted at"]
    assert first["mended"] == second["mended"]


# What the real MindSpore 2.10 gives for this program under msrun with two workers.
RECORD = {
    (0, True): (0.507753849029541, [[0.050812482833862305, 0.3841250538825989]], [-0.625]),
    (1, True): (1.5083006620407104, [[0.050812482833862305, 0.3841250538825989]], [-0.625]),
    (0, False): (0.09604999423027039, [[-0.4100000858306885, 0.3529999554157257]], [-0.8529999256134033]),
    (1, False): (0.12025003135204315, [[-0.4100000858306885, 0.3529999554157257]], [-0.8529999256134033]),
}
RECORDED_PROGRAM = """\
import numpy as np, mindspore as ms
from mindspore import nn, Tensor
from mindspore.communication import init, get_rank
ms.set_device("CPU"); init()
r = get_rank()
for mean in (True, False):
    ms.set_auto_parallel_context(parallel_mode=ms.ParallelMode.DATA_PARALLEL, gradients_mean=mean)
    net = nn.Dense(2, 1, weight_init="ones", bias_init="zeros")
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Momentum(net.trainable_params(), 0.1, 0.9))
    step.set_train()
    for k in range(3):
        l = step(Tensor(np.array([[r + 1.0, k], [0.5, r * k]], np.float32)), Tensor(np.array([[1.0], [r]], np.float32)))
    found = [r, mean, float(l.asnumpy()), net.weight.asnumpy().tolist(), net.bias.asnumpy().tolist()]
    import json, os
    print("RESULT", json.dumps([*found, os.environ["RANK_ID"], os.environ["RANK_SIZE"], os.environ["DEVICE_ID"]]), flush=True)
"""


@slow
def test_launch_runs_a_mindspore_program_as_mindspore_does(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(RECORDED_PROGRAM)
    code, output, errors = command_line(
        "launch", "--worker_num", 2, "--local_worker_num=2", "--master_port=8118", "--join=True", program
    )
    assert code == 0, errors
    found = results(output)
    assert len(found) == 4
    for rank, mean, loss, weight, bias, *names in found:
        expected_loss, expected_weight, expected_bias = RECORD[rank, mean]
        np.testing.assert_allclose(loss, expected_loss, rtol=1e-6)
        np.testing.assert_allclose(weight, expected_weight, rtol=1e-6)
        np.testing.assert_allclose(bias, expected_bias, rtol=1e-6)
        assert names == [str(rank), "2", str(rank)]


@slow
def test_a_script_of_a_course_runs_unchanged(tmp_path):
    code, output, errors = command_line("launch", "-n", 2, PROGRAMS / "course_script.py", tmp_path)
    assert code == 0, errors
    assert output.count("loss is") == 3 and output.count("Eval result: epoch") == 3  # of rank 0
    found = [s.partition("result ")[2] for s in output.splitlines() if "result " in s and "Eval" not in s]
    assert len(found) == 2 and found[0] == found[1]  # metrics of the data of both
    assert sorted(os.listdir(tmp_path)) == ["resnet-2_3.ckpt", "resnet-3_3.ckpt"]


@slow
def test_a_functional_script_runs_unchanged(tmp_path):
    import minispore as ms

    for ranks in (1, 2):
        code, output, errors = command_line("launch", "-n", ranks, PROGRAMS / "functional_script.py", tmp_path)
        assert code == 0, errors
        assert output.count("loss ") == 2  # of rank 0
    one, two = (ms.load_checkpoint(str(tmp_path / f"net_of_{n}.ckpt")) for n in (1, 2))
    for name, p in one.items():
        np.testing.assert_allclose(two[name].asnumpy(), p.asnumpy(), rtol=1e-5, atol=1e-6)


# ---------------------------------------------------------------- failures
@slow
@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("raise", ["ValueError: rank 1 has bad data", "failing.py"]),
        ("kill", []),
        ("exit", ["rank 1 ended while", "all_reduce (sum) of 4,000 bytes at", line("failing.py", "# the sum")]),
        ("interrupt", ["KeyboardInterrupt"]),
        ("shape", ["wait in different collectives", "rank 0: all_reduce (sum) of 16,000 bytes", "rank 1: all_reduce (sum) of 28 bytes"]),
    ],
)  # fmt: skip
def test_a_failure_of_one_rank_ends_all(how, said):
    code, output, errors = job(3, "failing.py", how)
    assert code != 0
    assert "came to its end" not in output
    for text in said:
        assert text in errors


@slow
def test_ranks_may_end_one_after_the_other():
    code, output, errors = job(3, "failing.py", "late")
    assert code == 0, errors
    assert output.count("came to its end") == 3


@slow
def test_a_rank_that_does_not_come_is_named():
    code, _, errors = job(3, "failing.py", "sleep", MINISPORE_COLLECTIVE_TIMEOUT=4)
    assert code != 0
    assert "in all_reduce (sum) of 16,000 bytes at" in errors and line("failing.py", "# the sum") in errors
    assert "rank 1 is at" in errors and line("failing.py", "# never comes") in errors


@slow
@pytest.mark.parametrize("how", ["swap", "swap in PYNATIVE"])
def test_swapped_collectives_are_one_error_on_all_ranks(tmp_path, how):
    code, output, _ = job(2, "failing.py", how, tmp_path)
    assert code != 0
    for rank in (0, 1):
        said = output.partition(f"rank {rank} got ")[2].partition("rank 0: ")
        assert "the ranks wait in different collectives" in said[0]
        first, _, second = said[2].partition("rank 1: ")
        assert line("failing.py", "# in order") in first and line("failing.py", "# swapped") in second


RESTARTED_PROGRAM = """\
import os, signal, sys
import numpy as np, minispore as ms
from minispore import Tensor, nn
from minispore.communication import init, get_rank
init()
ms.set_auto_parallel_context(parallel_mode="data_parallel", gradients_mean=True)
rank, path, attempt = get_rank(), sys.argv[1], os.environ["MINISPORE_RESTART"]
net = nn.Dense(2, 1, weight_init="ones", bias_init="zeros")
step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Momentum(net.trainable_params(), 0.1, 0.9))
begin = 0
if os.path.exists(path):
    saved = ms.load_checkpoint(path, net=step)
    begin = int(saved["step_num"].asnumpy())
for k in range(begin, 6):
    if k == 3 and rank == 1 and attempt == "0":
        os.kill(os.getpid(), signal.SIGKILL)
    rows = np.random.RandomState(k).randn(4, 3).astype(np.float32)[2 * rank : 2 * rank + 2]
    step(Tensor(rows[:, :2]), Tensor(rows[:, 2:]))
    if rank == 0:
        ms.save_checkpoint(step, path, append_dict={"step_num": k + 1})
print("attempt", attempt, "of rank", rank, "began at", begin, net.weight.asnumpy().ravel().tolist(), flush=True)
"""


@slow
def test_launch_restarts_from_the_last_checkpoint_with_a_file_for_each_rank(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(RESTARTED_PROGRAM)
    logs = tmp_path / "logs"
    code, _, errors = command_line(
        "launch", "-n", 2, "--restarts", 3, "--log_dir", logs, program, tmp_path / "net.ckpt"
    )
    assert code == 0, errors
    assert "restart 1 of 3" in errors and "restart 2 of 3" not in errors
    w, m = np.array([1.0, 1.0, 0.0]), np.zeros(3)
    for k in range(6):
        rows = np.random.RandomState(k).randn(4, 3)
        x = np.column_stack([rows[:, :2], np.ones(4)])
        m = 0.9 * m + 2 * x.T @ (x @ w - rows[:, 2]) / 4
        w = w - 0.1 * m
    for rank in (0, 1):
        said, _, found = (logs / f"worker_{rank}.log").read_text().splitlines()[-1].partition("[")
        assert said in (
            f"attempt 1 of rank {rank} began at {k} " for k in (2, 3)
        )  # rank 0 may have come to its third save
        np.testing.assert_allclose(json.loads("[" + found), w[:2], rtol=1e-5)


@pytest.mark.parametrize(
    "variables",
    [{"PMI_SIZE": 2}, {"OMPI_COMM_WORLD_SIZE": 2}, {"PMIX_RANK": 0, "PMIX_NAMESPACE": "a"}, {"RANK_SIZE": 4}, {"MS_WORKER_NUM": 2},
     {"SLURM_STEP_NUM_TASKS": 2}, {"SLURM_NTASKS": 2, "SLURM_STEP_ID": 0}],
    ids=lambda v: next(iter(v)),
)  # fmt: skip
def test_processes_without_mpi_are_an_error(monkeypatch, variables):
    from minispore.communication import init
    from minispore.communication.management import GlobalComm

    for name, value in variables.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    monkeypatch.setattr(GlobalComm, "INITED", False)
    with pytest.raises(RuntimeError, match=r"pip install 'minispore\[mpi\]'"):
        init()


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        # of srun -N 2 -n 6: rank 5 is the second of two on the second machine
        (
            {"SLURM_STEP_NUM_TASKS": 6, "SLURM_NTASKS": 6, "SLURM_PROCID": 5, "SLURM_LOCALID": 1, "SLURM_STEP_TASKS_PER_NODE": "4,2",
             "SLURM_STEP_ID": 0},
            (6, 5, 1, 4),
        ),
        ({"SLURM_NTASKS": 8, "SLURM_PROCID": 3, "SLURM_LOCALID": 3, "SLURM_TASKS_PER_NODE": "4(x2)", "SLURM_STEPID": 0}, (8, 3, 3, 4)),
        ({"SLURM_NTASKS": 8, "SLURM_PROCID": 0, "SLURM_TASKS_PER_NODE": "8"}, (1, 0, 0, 1)),  # the batch script itself
        ({"PMI_SIZE": 4, "PMI_RANK": 2, "MPI_LOCALRANKID": 0, "MPI_LOCALNRANKS": 2}, (4, 2, 0, 2)),
        ({"OMPI_COMM_WORLD_SIZE": 4, "OMPI_COMM_WORLD_RANK": 3, "OMPI_COMM_WORLD_LOCAL_RANK": 1, "OMPI_COMM_WORLD_LOCAL_SIZE": 2}, (4, 3, 1, 2)),
        ({}, (1, 0, 0, 1)),
    ],
    ids=["srun", "older srun", "sbatch", "MPICH", "Open MPI", "alone"],
)  # fmt: skip
def test_what_launchers_say(monkeypatch, variables, expected):
    from minispore.distributed.launcher import launched

    for name in [n for n in os.environ if n.startswith(("SLURM", "PMI", "OMPI_COMM", "MS_", "RANK_"))]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(value))
    assert launched()[:4] == expected


@slow
def test_one_process_loads_no_mpi_and_adds_nothing_to_the_graph():
    program = """
import sys
import minispore as ms
from minispore import Tensor, nn, ops
from minispore.communication import get_group_size, get_rank, init
init()
ms.set_auto_parallel_context(parallel_mode="data_parallel", gradients_mean=True)
net = nn.Dense(2, 1)
step = ms.jit(nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.1)))
step(Tensor([[1.0, 2.0]]), Tensor([[1.0]]))
assert "mpi4py" not in sys.modules and (get_rank(), get_group_size()) == (0, 1)
print(ops.AllReduce()(Tensor([2.0])), ops.AllGather()(Tensor([3.0])))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, timeout=LONG
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[2.] [3.]\n"


def test_launch_says_what_is_missing(capsys, monkeypatch):
    from minispore.cli import launch
    from minispore.cli.arguments import parse

    def said(*words):
        options = parse(["launch", *words])
        assert options.function(options) == 2
        return " ".join(capsys.readouterr().err.split())

    assert "need to know the other machines" in said("-n", "4", "--local_worker_num", "2", "train.py")
    assert "no mpiexec" in said("-n", "2", "--mpiexec", "/nowhere/mpiexec", "train.py")
    monkeypatch.setattr(launch, "find_spec", lambda name: None)
    assert "pip install 'minispore[mpi]'" in said("-n", "2", "train.py")


# ---------------------------------------------------------------- state shared out over ranks
@slow
def test_shared_optimizer_state_goes_on_with_another_number_of_ranks(tmp_path):
    def run(ranks, *arguments):
        code, output, errors = job(ranks, "shared_state.py", tmp_path, *arguments)
        assert code == 0, errors
        (digest,) = {r["digest"] for r in results(output)}
        return digest

    run(4, "", 2, "a.ckpt", "shards")
    assert len(list(tmp_path.iterdir())) == 5  # an index and a file for each rank
    at_once = run(1, "a.ckpt", 2, "b.ckpt", "one", 6)
    assert (tmp_path / "b.ckpt").stat().st_size > 1000
    digest = run(2, "b.ckpt", 2, "a.ckpt", "shards")
    assert len(list(tmp_path.iterdir())) == 4  # the set of four files has given way to one of two
    assert digest == at_once


@slow
@pytest.mark.parametrize(
    ("killer", "at", "version"),
    [
        (1, ("replace", "before", "one"), 1),  # its part is not there
        (0, ("replace", "after", "all"), 1),  # a part is there, the index is the old one
        (0, ("unlink", "before", "all"), 2),  # the index is new, the files of the old set are still there
    ],
    ids=["part", "index", "removal"],
)
def test_a_kill_while_a_set_is_saved_leaves_the_old_or_the_new_one(tmp_path, killer, at, version):
    import minispore as ms

    code, output, _ = job(2, "killed_save.py", tmp_path, killer, *at)
    assert code != 0 and "saved" not in output
    found = ms.load_checkpoint(str(tmp_path / "net.ckpt"))
    values = {name: set(p.asnumpy().ravel().tolist()) for name, p in found.items() if p.ndim}
    assert {"0.weight", "1.bias", "moments.0.weight", "moments.1.bias"} <= set(values)
    assert all(seen == {version} for seen in values.values()), values
