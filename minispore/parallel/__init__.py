"""Names of MindSpore's automatic parallelism, which one process does not need: accepted, without effect."""

from ..core.context import ParallelMode


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


class Layout:
    """How a Tensor is spread over devices: kept, without effect.  ``layout("dp", "None")`` names an axis for each of its axes."""

    def __init__(self, device_matrix, alias_name, rank_list=None):
        self.device_matrix, self.alias_name, self.rank_list = device_matrix, alias_name, rank_list
        self.tensor_map: tuple = ()

    def __call__(self, *alias_tensor_map):
        made = Layout(self.device_matrix, self.alias_name, self.rank_list)
        made.tensor_map = alias_tensor_map
        return made


__all__ = [
    "Layout", "ParallelMode", "get_algo_parameters", "parameter_broadcast", "reset_algo_parameters", "set_algo_parameters",
    "shard", "sync_pipeline_shared_parameters",
]  # fmt: skip

from ..core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)
