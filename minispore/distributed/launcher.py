"""What the environment says about the processes of a job, before MPI is asked."""

import os
from typing import NamedTuple

# (ranks, rank, local rank, processes on this machine), by launcher
_LAUNCHERS = (
    ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"),
    ("MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_LOCAL_RANK", "MV2_COMM_WORLD_LOCAL_SIZE"),
    ("PMI_SIZE", "PMI_RANK", "MPI_LOCALRANKID", "MPI_LOCALNRANKS"),
    ("SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE"),
    ("SLURM_NTASKS", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_TASKS_PER_NODE"),
    ("MS_WORKER_NUM", "MS_NODE_ID", "MS_NODE_ID", "MS_LOCAL_WORKER_NUM"),
    ("RANK_SIZE", "RANK_ID", "DEVICE_ID", "LOCAL_WORLD_SIZE"),
)

_STEP = {"SLURM_STEP_ID", "SLURM_STEPID", "SLURM_MPI_TYPE"}  # what srun sets


class Launched(NamedTuple):
    """``size`` processes were started; this is number ``rank``.  ``by``: the variable that says so."""

    size: int
    rank: int
    local_rank: int
    local_size: int
    by: str


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    digits = text[: len(text) - len(text.lstrip("0123456789"))]  # Slurm writes 4(x2),3
    return int(digits) if digits else default


def _says_nothing(name: str) -> bool:
    """Slurm's number of tasks stands in the environment of a batch script too, which is one process: only ``srun`` has
    started as many."""
    return name == "SLURM_NTASKS" and not (_STEP & os.environ.keys() or _number("SLURM_PROCID", 0))


def launched() -> Launched:
    """What the launcher has put into the environment; one process where there is no sign of another."""
    for names in _LAUNCHERS:
        size = _number(names[0], 1)
        if size > 1 and not _says_nothing(names[0]):
            rank = _number(names[1], 0)
            return Launched(size, rank, _number(names[2], rank), _number(names[3], size), names[0])
    if "PMIX_RANK" in os.environ and "PMIX_NAMESPACE" in os.environ:  # it does not say how many
        rank = _number("PMIX_RANK", 0)
        return Launched(0, rank, rank, 0, "PMIX_RANK")
    return Launched(1, 0, 0, 1, "")
