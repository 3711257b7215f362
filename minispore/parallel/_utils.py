"""What scripts ask before they write a train step for several processes."""

from ..core.context import get_auto_parallel_context, set_auto_parallel_context
from ..distributed.groups import world_rank, world_size


def _get_parallel_mode() -> str:
    return get_auto_parallel_context("parallel_mode")


def _get_device_num() -> int:
    return world_size()


def _get_global_rank() -> int:
    return world_rank()


def _get_gradients_mean() -> bool:
    return get_auto_parallel_context("gradients_mean")


_get_mirror_mean = _get_gradients_mean  # its name in older versions


def _get_pipeline_stages() -> int:
    return 1


def _get_enable_parallel_optimizer() -> bool:
    return get_auto_parallel_context("enable_parallel_optimizer")


def _get_full_batch() -> bool:
    return get_auto_parallel_context("full_batch")


def _get_grad_accumulation_shard() -> bool:
    return False


def _is_in_auto_parallel_mode() -> bool:
    return _get_parallel_mode() in ("semi_auto_parallel", "auto_parallel")


def _is_sharding_propagation() -> bool:
    return False


def _is_ps_mode() -> bool:
    return False


_is_role_pserver = _is_role_sched = _is_role_worker = _is_ps_mode  # there is no parameter server


def _reset_op_id() -> None:
    """Accepted and without effect."""


def _set_multi_subgraphs(multi_subgraphs=True) -> None:
    """Accepted and without effect."""


class _AutoParallelContext:
    """The settings behind MindSpore's ``auto_parallel_context()``: ``get_parallel_mode()`` and its kind answer."""

    def __getattr__(self, name):
        verb, _, setting = name.partition("_")
        if verb == "get":
            return lambda: get_auto_parallel_context(setting)
        if verb == "set":
            return lambda value: set_auto_parallel_context(**{setting: value})
        raise AttributeError(f"there is no setting method '{name}'")


def auto_parallel_context() -> _AutoParallelContext:
    """The settings of parallel training.

    Returns:
        an object whose ``get_...()`` methods give them.

    >>> auto_parallel_context().get_parallel_mode()
    'stand_alone'
    """
    return _AutoParallelContext()
