"""Names of MindSpore's automatic parallelism, which one process does not need: accepted, without effect."""

from ..core.context import ParallelMode


def set_algo_parameters(**kwargs) -> None:
    """Accepted and without effect: there is one CPU.

    Args:
        **kwargs: ignored.

    >>> import minispore as ms
    >>> ms.parallel.set_algo_parameters(fully_use_devices=False)
    """


def reset_algo_parameters() -> None:
    """Accepted and without effect: there is one CPU.

    >>> import minispore as ms
    >>> ms.parallel.reset_algo_parameters()
    """


def get_algo_parameters(attr_key):
    """A setting of automatic parallelism: None, as nothing is set.

    Args:
        attr_key: str.

    >>> import minispore as ms
    >>> ms.parallel.get_algo_parameters("fully_use_devices")
    """


def shard(fn, in_strategy, out_strategy=None, parameter_plan=None, device="CPU", level=0):
    """Gives the function back: there is one CPU.

    Args:
        fn: function or Cell.
        in_strategy: ignored.
        out_strategy: ignored.
        parameter_plan: ignored.
        device: ignored.
        level: ignored.

    Returns:
        ``fn``.

    >>> import minispore as ms
    >>> ms.parallel.shard(len, ()) is len
    True
    """
    return fn


def parameter_broadcast(net, layout, cur_rank=0, initial_rank=0) -> None:
    """Accepted and without effect: there is one CPU.

    Args:
        net: ignored.
        layout: ignored.
        cur_rank: ignored.
        initial_rank: ignored.

    >>> import minispore as ms
    >>> ms.parameter_broadcast(ms.nn.Dense(2, 3), {})
    """


def sync_pipeline_shared_parameters(net) -> None:
    """Accepted and without effect: there is one CPU.

    Args:
        net: ignored.

    >>> import minispore as ms
    >>> ms.sync_pipeline_shared_parameters(ms.nn.Dense(2, 3))
    """


class Layout:
    """How a Tensor is spread over devices: kept, without effect.  ``layout("dp", "None")`` names an axis for each of
    its axes.

    Args:
        device_matrix: tuple of ints.
        alias_name: tuple of str.
        rank_list: list of ints.  Default: None.

    >>> import minispore as ms
    >>> ms.parallel.Layout((1, 1), ("dp", "mp"))("dp", "None").tensor_map
    ('dp', 'None')
    """

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

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
