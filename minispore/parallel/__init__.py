"""Names of MindSpore's automatic parallelism, which one process does not need: accepted, without effect."""

from ..context import ParallelMode


def set_algo_parameters(**kwargs) -> None:
    """Accepted and without effect: there is one CPU."""


def reset_algo_parameters() -> None:
    """Accepted and without effect: there is one CPU."""


def get_algo_parameters(attr_key):
    """None: nothing is set."""


def shard(fn, in_strategy, out_strategy=None, parameter_plan=None, device="CPU", level=0):
    """``fn``: there is one CPU."""
    return fn


def parameter_broadcast(net, layout, cur_rank=0, initial_rank=0) -> None:
    """Accepted and without effect: there is one CPU."""


def sync_pipeline_shared_parameters(net) -> None:
    """Accepted and without effect: there is one CPU."""


__all__ = [
    "ParallelMode", "get_algo_parameters", "parameter_broadcast", "reset_algo_parameters", "set_algo_parameters",
    "shard", "sync_pipeline_shared_parameters",
]  # fmt: skip
