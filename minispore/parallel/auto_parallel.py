"""``AutoParallel``: a network that MindSpore would cut into parts for several devices."""

from typing import Any

from ..core.errors import fail
from ..nn.cell import Cell

_MODES = ("semi_auto", "sharding_propagation", "recursive_programming")
_SETTINGS = (
    "dataset_strategy", "disable_strategy_file_only_for_trainable_params", "enable_fp32_communication", "enable_gradients_mean",
    "hsdp", "load_operator_strategy_file", "load_param_strategy_file", "pipeline", "print_local_norm", "no_init_parameters_in_compile",
    "save_operator_strategy_file", "save_param_strategy_file", "set_group_ckpt_save_file", "transformer_opt", "comm_fusion",
    "disable_loss_repeated_mean",
)  # fmt: skip


class AutoParallel(Cell):
    """Calls the network: there is one CPU, so nothing is cut.

    Its settings (``hsdp``, ``pipeline``, ``dataset_strategy`` and so on) are accepted, without effect.

    Args:
        network (Cell): the network.
        parallel_mode (str): "semi_auto", "sharding_propagation" or "recursive_programming". Default: "semi_auto".

    Inputs:
        what the network takes.

    Returns:
        what the network returns.

    Raises:
        TypeError: ``network`` is not a Cell.
        ValueError: another ``parallel_mode``.

    >>> from minispore import Tensor, nn
    >>> from minispore.parallel.auto_parallel import AutoParallel
    >>> net = AutoParallel(nn.ReLU())
    >>> net.pipeline(stages=2)
    >>> print(net(Tensor([-1.0, 2.0])))
    [0. 2.]
    """

    def __init__(self, network, parallel_mode="semi_auto"):
        super().__init__(auto_prefix=False)
        if not isinstance(network, Cell):
            raise fail(TypeError, f"For 'AutoParallel', 'network' must be a Cell, but got {type(network).__name__}.")
        if parallel_mode not in _MODES:
            raise fail(
                ValueError, f"For 'AutoParallel', 'parallel_mode' must be one of {_MODES}, but got {parallel_mode!r}."
            )
        self.network = network
        self._parallel_mode = parallel_mode

    def construct(self, *args: Any, **kwargs: Any):
        return self.network(*args, **kwargs)


def _accepted(name: str):
    def setting(self, *args, **kwargs) -> None:
        pass

    setting.__name__, setting.__qualname__ = name, f"AutoParallel.{name}"
    setting.__doc__ = "Accepted and without effect: there is one CPU."
    return setting


for _name in _SETTINGS:
    setattr(AutoParallel, _name, _accepted(_name))
