"""set_context and its kind: the mode of execution, and settings that mean something on other devices only."""

import warnings

from .errors import fail
from .record import Epoch

GRAPH_MODE = 0
PYNATIVE_MODE = 1

_settings: dict = {
    "mode": PYNATIVE_MODE, "device_target": "CPU", "device_id": 0, "save_graphs": 0, "save_graphs_path": ".",
    "max_call_depth": 1000, "enable_graph_kernel": False, "jit_level": "O0", "runtime_num_threads": 30,
    "deterministic": "OFF", "pynative_synchronize": False, "max_device_memory": "1024GB", "precompile_only": False,
}  # fmt: skip
_accepted = {
    "reserve_class_name_in_scope", "enable_compile_cache", "compile_cache_path", "op_timeout", "variable_memory_max_size",
    "ascend_config", "gpu_config", "jit_config", "jit_syntax_level", "enable_reduce_precision", "graph_kernel_flags",
    "graph_memory_max_size", "memory_optimize_level", "memory_offload", "mempool_block_size", "print_file_path",
    "inter_op_parallel_num", "env_config_path", "auto_tune_mode", "check_bprop", "enable_profiling", "profiling_options",
    "debug_level", "exec_order", "aoe_tune_mode", "aoe_config", "save_dump_path", "enable_dump", "enable_sparse",
    "auto_mixed_precision_mode", "check_nan", "grad_for_scalar", "disable_format_transform", "support_binary",
    "op_debug_option", "enable_debugger",
}  # fmt: skip
_warned_device = False


def set_context(**kwargs) -> None:
    """Sets how cells run; most used: ``mode=GRAPH_MODE`` (compiled) or ``PYNATIVE_MODE`` (op by op, the default).

    ``device_target`` "GPU" and "Ascend" are accepted with one warning: the step runs on the CPU.

    Raises:
        ValueError: an unknown setting, mode or device.

    >>> import minispore as ms
    >>> ms.set_context(mode=ms.GRAPH_MODE)
    >>> ms.get_context("mode") == ms.GRAPH_MODE
    True
    >>> ms.set_context(mode=ms.PYNATIVE_MODE)
    """
    for name in kwargs:
        if name not in _settings and name not in _accepted:
            raise fail(
                ValueError, f"For 'set_context', the keyword '{name}' is not one of: {', '.join(sorted(_settings))}."
            )
    if "mode" in kwargs and (kwargs["mode"] not in (0, 1) or isinstance(kwargs["mode"], bool)):
        raise fail(
            ValueError,
            f"For 'set_context', 'mode' must be GRAPH_MODE (0) or PYNATIVE_MODE (1), but got {kwargs['mode']!r}.",
        )
    if "device_target" in kwargs:
        _check_device(kwargs["device_target"])
    if "mode" in kwargs and kwargs["mode"] != _settings["mode"]:
        Epoch.now += 1
    _settings.update(kwargs)


def _check_device(target) -> None:
    global _warned_device
    if target not in ("CPU", "GPU", "Ascend", "Davinci"):
        raise fail(
            ValueError, f"For 'set_context', 'device_target' must be 'CPU', 'GPU' or 'Ascend', but got {target!r}."
        )
    if target != "CPU" and not _warned_device:
        _warned_device = True
        warnings.warn(f"device_target={target!r}: minispore runs every step on the CPU.", UserWarning, stacklevel=3)


def get_context(attr_key: str):
    """The present value of a setting.

    Raises:
        ValueError: there is no such setting.
    """
    if attr_key not in _settings:
        raise fail(
            ValueError, f"For 'get_context', there is no setting '{attr_key}'; known: {', '.join(sorted(_settings))}."
        )
    return _settings[attr_key]


def set_device(device_target: str, device_id: int | None = None) -> None:
    """The same as ``set_context(device_target=..., device_id=...)``."""
    set_context(device_target=device_target)
    if device_id is not None:
        set_context(device_id=device_id)


def is_graph_mode() -> bool:
    return _settings["mode"] == GRAPH_MODE


def set_auto_parallel_context(**kwargs) -> None:
    """Accepted and without effect: there is one CPU."""


def reset_auto_parallel_context() -> None:
    """Accepted and without effect: there is one CPU."""


class ParallelMode:
    """Names of MindSpore's parallel modes; here all mean one CPU."""

    STAND_ALONE = "stand_alone"
    DATA_PARALLEL = "data_parallel"
    HYBRID_PARALLEL = "hybrid_parallel"
    SEMI_AUTO_PARALLEL = "semi_auto_parallel"
    AUTO_PARALLEL = "auto_parallel"
