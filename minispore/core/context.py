"""set_context and similar functions: the mode of execution, and settings that matter on other devices only."""

import functools
import importlib.util
import os
import warnings

from .errors import fail
from .record import STATE, Epoch, user_level
from .registry import supplied
from .settings import VALUES, check

GRAPH_MODE = 0
PYNATIVE_MODE = 1
RELEASE, DEBUG = 0, 1  # what MindSpore's ``debug_level`` takes
STRICT, COMPATIBLE, LAX = 0, 1, 2  # values of the setting jit_syntax_level, which has no effect here

_settings: dict = dict(VALUES)
_warned_device = False


def set_context(**kwargs) -> None:
    """Sets how cells run.

    Args:
        **kwargs: settings by name, most used: ``mode``, GRAPH_MODE (compiled) or PYNATIVE_MODE (op by op, the default).
            ``device_target`` "GPU" and "Ascend" are accepted with one warning: the step runs on the CPU.
            ``save_graphs`` 1 to 3 writes what is compiled from then on, in more and more detail, below
            ``save_graphs_path``.  ``deterministic="ON"``: the bits of a compiled step do not depend on the number of
            threads.  ``check_nan=True``: a compiled step that yields NaN or infinity raises an error that
            names the op and line it came from.  ``check_bprop=True``: gradients that a ``bprop`` returns must have the
            types of its inputs.  MindSpore's other settings are accepted.

    ``pynative_compile=False``: in PYNATIVE mode the library's own optimizers, losses and layers run op by op by NumPy too,
    and so do ``jit`` functions inside a gradient.
    ``full_tracebacks=True``: tracebacks of uncaught errors keep the frames inside the package.
    ``progress=False``: ``Model.train`` and ``fit`` show nothing by themselves.

    ``flush_denormals=False``: compiled steps compute with denormal numbers (below 1.2e-38 in float32, 2.2e-308 in float64).
    By default they are zero there on x86 processors, as in XLA: when gradients vanish, computing with them makes a step
    up to twice as slow. NumPy, and so PYNATIVE mode op by op, always has them.

    Raises:
        ValueError: an unknown setting, mode or device.
        TypeError: a value of the wrong type.

    >>> import minispore as ms
    >>> ms.set_context(mode=ms.GRAPH_MODE)
    >>> ms.get_context("mode") == ms.GRAPH_MODE
    True
    >>> ms.set_context(mode=ms.PYNATIVE_MODE)
    """
    for name, value in kwargs.items():
        check(name, value)
    _warn_of_device(kwargs.get("device_target", "CPU"))
    if kwargs.get("save_graphs") is True:
        kwargs["save_graphs"] = 2
    if kwargs.get("enable_auto_mixed_precision"):
        warnings.warn(
            "enable_auto_mixed_precision=True of MindSpore 1 has no effect: use mindspore.amp.auto_mixed_precision.",
            UserWarning,
            stacklevel=user_level(),
        )
    if any(
        name in kwargs and kwargs[name] != _settings[name]
        for name in ("mode", "check_nan", "check_bprop", "deterministic")
    ):
        Epoch.now += 1
    _settings.update(
        {name: VALUES[name] if value is None and name in VALUES else value for name, value in kwargs.items()}
    )
    _settings.update(kwargs.get("jit_config") or {})


def _warn_of_device(target: str) -> None:
    global _warned_device
    if target != "CPU" and not _warned_device:
        _warned_device = True
        warnings.warn(
            f"device_target={target!r}: minispore runs every step on the CPU.", UserWarning, stacklevel=user_level()
        )


def get_context(attr_key: str):
    """The present value of a setting.

    Args:
        attr_key: str, its name.

    Returns:
        the value.

    Raises:
        ValueError: there is no such setting.

    >>> import minispore as ms
    >>> ms.get_context("device_target")
    'CPU'
    """
    if attr_key not in _settings:
        raise fail(
            ValueError, f"For 'get_context', there is no setting '{attr_key}'; known: {', '.join(sorted(_settings))}."
        )
    return _settings[attr_key]


def get_jit_config() -> dict:
    """What ``set_context(jit_config=...)`` was given.

    Returns:
        dict.

    >>> get_jit_config()
    {}
    """
    return _settings["jit_config"]


def set_deterministic(deterministic: bool) -> None:
    """Whether the bits of a compiled step are the same for any number of threads: ``set_context(deterministic="ON")``.

    Calls that threads share are then cut alike for any number of them.

    Args:
        deterministic: a bool.

    Raises:
        TypeError: ``deterministic`` is not a bool.

    >>> set_deterministic(True)
    >>> get_context("deterministic")
    'ON'
    >>> set_deterministic(False)
    """
    if not isinstance(deterministic, bool):
        raise fail(TypeError, f"For 'set_deterministic', a bool is needed, but got {type(deterministic).__name__}.")
    set_context(deterministic="ON" if deterministic else "OFF")


def set_device(device_target: str, device_id: int | None = None) -> None:
    """Sets the device: ``set_context(device_target=..., device_id=...)``.

    Args:
        device_target: "CPU"; "GPU" and "Ascend" are accepted with a warning.
        device_id: int.  Default: None, for no change.

    Raises:
        ValueError: an unknown device.

    >>> import minispore as ms
    >>> ms.set_device("CPU")
    """
    set_context(device_target=device_target)
    if device_id is not None:
        set_context(device_id=device_id)


def is_graph_mode() -> bool:
    """Whether cells are compiled: ``mode`` is GRAPH_MODE.

    Returns:
        bool.

    >>> from minispore.core.context import is_graph_mode
    >>> is_graph_mode()
    False
    """
    return _settings["mode"] == GRAPH_MODE


@functools.cache
def can_compile() -> bool:
    """Whether LLVM is there and compiles (MINISPORE_JIT=0 runs kernels as Python, to debug them).

    Returns:
        bool.

    >>> from minispore.core.context import can_compile
    >>> isinstance(can_compile(), bool)
    True
    """
    return os.environ.get("MINISPORE_JIT") != "0" and importlib.util.find_spec("llvmlite") is not None


def compiles_pieces() -> bool:
    """Whether pieces of what PYNATIVE mode runs are compiled: see ``pynative_compile`` of ``set_context``.

    Returns:
        bool.

    >>> from minispore.core.context import compiles_pieces
    >>> isinstance(compiles_pieces(), bool)
    True
    """
    return _settings["pynative_compile"] and can_compile() and not STATE.in_native_call


def flushes_denormals() -> bool:
    """Whether compiled steps take denormal numbers as zero: see ``flush_denormals`` of ``set_context``.

    Returns:
        bool.

    >>> from minispore.core.context import flushes_denormals
    >>> flushes_denormals()
    True
    """
    return _settings["flush_denormals"]


def set_auto_parallel_context(**kwargs) -> None:
    """Says how several processes train one network; keywords are those of MindSpore.

    What has an effect: ``parallel_mode`` ("stand_alone", "data_parallel" and "hybrid_parallel"), ``gradients_mean``
    (gradients are averaged over ranks rather than summed), ``parameter_broadcast`` (Parameters start as on rank 0),
    ``enable_parallel_optimizer`` (each rank keeps and updates a share of the optimizer's state),
    ``all_reduce_fusion_config`` (where the gradients are cut into buckets), and ``gradient_pieces``, which MindSpore does
    not have: the batch of all ranks together is cut into so many pieces, whose gradients are computed separately and summed
    as ((0 + 1) + (2 + 3)), so that 1, 2 and 4 ranks compute the same bits.  The others are kept for
    ``get_auto_parallel_context``.

    Args:
        **kwargs: MindSpore's settings by name.

    Raises:
        ValueError: an unknown parallel mode; ``gradient_pieces`` is not a positive int.
        RuntimeError: tensor or pipeline parallelism among several processes: there is data parallelism only.

    >>> import minispore as ms
    >>> ms.set_auto_parallel_context(parallel_mode="data_parallel")
    >>> ms.get_auto_parallel_context("parallel_mode")
    'data_parallel'
    >>> ms.reset_auto_parallel_context()
    """
    mode = kwargs.get("parallel_mode", ParallelMode.STAND_ALONE)
    if mode not in ParallelMode.MODE_LIST:
        raise fail(
            ValueError,
            f"For 'set_auto_parallel_context', 'parallel_mode' must be one of {ParallelMode.MODE_LIST}, but got {mode!r}.",
        )
    pieces = kwargs.get("gradient_pieces", 1)
    if isinstance(pieces, bool) or not isinstance(pieces, int) or pieces < 1:
        raise fail(
            ValueError,
            f"For 'set_auto_parallel_context', 'gradient_pieces' must be a positive int, but got {pieces!r}.",
        )
    check_data_parallel({**_parallel, **kwargs})
    _parallel.update(kwargs)


def check_data_parallel(settings=None) -> None:
    """Refuses settings that split a network over processes, where there are several.

    Args:
        settings: dict of the settings.  Default: None, those that are set.

    Raises:
        RuntimeError: tensor or pipeline parallelism is asked for.

    >>> from minispore.core.context import check_data_parallel
    >>> check_data_parallel()
    """
    settings = _parallel if settings is None else settings
    asked = [f"parallel_mode={settings['parallel_mode']!r}"] if "auto" in settings["parallel_mode"] else []
    asked += [f"pipeline_stages={settings['pipeline_stages']}"] if settings["pipeline_stages"] > 1 else []
    if asked and supplied("number of processes")() > 1:
        raise fail(
            RuntimeError,
            f"{asked[0]} splits a network over processes, which is not supported: use parallel_mode='data_parallel' (with "
            "enable_parallel_optimizer=True to share the optimizer's state).",
        )


def get_auto_parallel_context(attr_key: str):
    """What ``set_auto_parallel_context`` was given, or MindSpore's default.

    Args:
        attr_key: str, the name of a setting.

    Returns:
        the value.

    Raises:
        ValueError: there is no such setting.

    >>> import minispore as ms
    >>> ms.get_auto_parallel_context("device_num")
    1
    """
    if attr_key not in _parallel:
        raise fail(ValueError, f"For 'get_auto_parallel_context', there is no setting '{attr_key}'.")
    return _parallel[attr_key]


def reset_auto_parallel_context() -> None:
    """Restores the defaults.

    >>> import minispore as ms
    >>> ms.reset_auto_parallel_context()
    """
    _parallel.clear()
    _parallel.update(_DEFAULTS)


def set_memory(init_size="2GB", increase_size="2GB", max_size="1024GB", optimize_level="O0",
               huge_page_reserve_size="0GB") -> None:  # fmt: skip
    """Accepted and without effect: memory is allocated as a step needs it.

    Args:
        init_size: ignored.
        increase_size: ignored.
        max_size: ignored.
        optimize_level: ignored.
        huge_page_reserve_size: ignored.

    >>> import minispore as ms
    >>> ms.set_memory(max_size="4GB")
    """


def set_ps_context(**kwargs) -> None:
    """Accepted and without effect: there is no parameter server.

    Args:
        **kwargs: ignored.

    >>> import minispore as ms
    >>> ms.set_ps_context(enable_ps=False)
    """


def get_ps_context(attr_key):
    """Accepted as MindSpore accepts it; there is no parameter server.

    Args:
        attr_key: str, the name of a setting.

    Returns:
        False for switches ("enable..."), None for the rest.

    >>> import minispore as ms
    >>> ms.get_ps_context("enable_ps")
    False
    """
    return False if attr_key.startswith("enable") else None


def reset_ps_context() -> None:
    """Accepted and without effect: there is no parameter server.

    >>> import minispore as ms
    >>> ms.reset_ps_context()
    """


def set_offload_context(offload_config) -> None:
    """Accepted and without effect: all data are in the memory of the CPU.

    Args:
        offload_config: ignored.

    >>> import minispore as ms
    >>> ms.set_offload_context({"offload_path": "/tmp"})
    """


def get_offload_context() -> dict:
    """Accepted as MindSpore accepts it.

    Returns:
        an empty dict.

    >>> import minispore as ms
    >>> ms.get_offload_context()
    {}
    """
    return {}


class ParallelMode:
    """Names of MindSpore's parallel modes.

    >>> import minispore as ms
    >>> ms.ParallelMode.DATA_PARALLEL
    'data_parallel'
    """

    STAND_ALONE = "stand_alone"
    DATA_PARALLEL = "data_parallel"
    HYBRID_PARALLEL = "hybrid_parallel"
    SEMI_AUTO_PARALLEL = "semi_auto_parallel"
    AUTO_PARALLEL = "auto_parallel"
    MODE_LIST = [STAND_ALONE, DATA_PARALLEL, HYBRID_PARALLEL, SEMI_AUTO_PARALLEL, AUTO_PARALLEL]


_DEFAULTS: dict = {
    "parallel_mode": ParallelMode.STAND_ALONE, "device_num": 1, "global_rank": 0, "gradients_mean": False,
    "gradient_fp32_sync": True, "full_batch": False, "pipeline_stages": 1, "dataset_strategy": "data_parallel",
    "enable_parallel_optimizer": False, "auto_parallel_search_mode": "recursive_programming", "search_mode": "",
    "strategy_ckpt_save_file": "", "strategy_ckpt_load_file": "", "parallel_optimizer_config": {}, "comm_fusion": {}, "all_reduce_fusion_config": [],
    "grad_accumulation_step": 1, "optimizer_weight_shard_size": -1, "loss_repeated_mean": True,
    "parameter_broadcast": False, "gradient_pieces": 1,
}  # fmt: skip
_parallel = dict(_DEFAULTS)

__all__ = [
    "COMPATIBLE", "GRAPH_MODE", "LAX", "PYNATIVE_MODE", "ParallelMode", "STRICT", "get_auto_parallel_context", "get_context", "get_ps_context",
    "reset_auto_parallel_context", "set_auto_parallel_context", "set_context", "set_ps_context",
]  # fmt: skip
