"""Names of MindSpore's automatic parallelism, which one process does not need: accepted, without effect."""

import math

from ..core import checks
from ..core.context import ParallelMode
from ..core.errors import fail


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


_ALGO_PARAMETERS = {
    "fully_use_devices": False, "elementwise_op_strategy_follow": False, "enable_algo_approxi": False, "algo_approxi_epsilon": 0.1,
    "tensor_slice_align_enable": False, "tensor_slice_align_size": 16,
}  # fmt: skip


def get_algo_parameters(attr_key):
    """A setting of automatic parallelism: MindSpore's default, as nothing is set.

    Args:
        attr_key: str.

    Returns:
        bool, int or float.

    Raises:
        ValueError: there is no such setting.

    >>> import minispore as ms
    >>> ms.parallel.get_algo_parameters("fully_use_devices")
    False
    """
    return _ALGO_PARAMETERS[checks.one_of("get_algo_parameters", tuple(_ALGO_PARAMETERS), attr_key=attr_key)]


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
        made._numbered()
        return made

    def _numbered(self) -> tuple:
        """For each axis the number of its device axis, counted from the last one; -1: the axis is not divided."""
        last = len(self.alias_name) - 1

        def number(name):
            if isinstance(name, (tuple, list)):
                return tuple(map(number, name))
            if name == "None":
                return -1
            if name not in self.alias_name:
                raise fail(ValueError, f"For 'Layout', the axis {name!r} is not among {self.alias_name}.")
            return last - self.alias_name.index(name)

        return tuple(map(number, self.tensor_map))

    def to_dict(self) -> dict:
        """The layout as MindSpore writes it.

        Returns:
            dict.

        Raises:
            ValueError: no axes were given yet, by a call.

        >>> import minispore as ms
        >>> ms.parallel.Layout((2, 1), ("dp", "mp"))("dp", "None").to_dict()["tensor_map"]
        (1, -1)
        """
        if not self.tensor_map:
            raise fail(
                ValueError, "For 'Layout.to_dict', call the layout first, with a name for each axis of the Tensor."
            )
        ranks = list(range(math.prod(self.device_matrix))) if self.rank_list is None else self.rank_list
        return {
            "device_matrix": self.device_matrix,
            "tensor_map": self._numbered(),
            "interleaved_parallel": "interleaved_parallel" in self.alias_name,
            "alias_name": self.alias_name,
            "rank_list": ranks,
        }


__all__ = [
    "Layout", "ParallelMode", "get_algo_parameters", "parameter_broadcast", "reset_algo_parameters", "set_algo_parameters",
    "shard", "sync_pipeline_shared_parameters",
]  # fmt: skip

from ..core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
