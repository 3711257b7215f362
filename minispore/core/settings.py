"""The settings of ``set_context``: defaults, and what each may be, as in MindSpore 2.10."""

from typing import Any

from .errors import fail
from .hints import close, keyword

# with an effect here, or a default that scripts read
VALUES: dict = {
    "mode": 1, "device_target": "CPU", "device_id": 0, "save_graphs": 0, "save_graphs_path": ".",
    "max_call_depth": 1000, "enable_graph_kernel": False, "jit_level": "O0", "runtime_num_threads": 30,
    "deterministic": "OFF", "pynative_synchronize": False, "max_device_memory": "1024GB", "precompile_only": False, "check_nan": False, "check_bprop": False, "pynative_compile": True,
    "flush_denormals": True,
    "progress": True, "full_tracebacks": False,
    # without one:
    "reserve_class_name_in_scope": True, "enable_compile_cache": None, "compile_cache_path": "", "op_timeout": 900,
    "variable_memory_max_size": "0", "ascend_config": {}, "gpu_config": {}, "jit_config": {}, "jit_syntax_level": 2,
    "enable_reduce_precision": True, "graph_kernel_flags": "", "memory_optimize_level": "O0", "mempool_block_size": "1GB",
    "print_file_path": "", "inter_op_parallel_num": 0, "env_config_path": "", "enable_profiling": False,
    "profiling_options": "training_trace", "debug_level": 0, "exec_order": "bfs", "aoe_tune_mode": "", "aoe_config": {},
    "disable_format_transform": False, "enable_ge": False, "support_binary": False, "op_debug_option": "",
}  # fmt: skip
# taken with any value; of MindSpore 1, or gone since
FORMER = {
    "graph_memory_max_size", "memory_offload", "auto_tune_mode", "save_dump_path", "enable_dump", "enable_sparse",
    "auto_mixed_precision_mode", "grad_for_scalar", "enable_debugger", "enable_auto_mixed_precision",
    "enable_dynamic_memory", "enable_gpu_summary", "enable_ir_fusion", "enable_loop_sink", "enable_mem_reuse", "enable_task_sink",
}  # fmt: skip
_KINDS = {
    (bool,): ("enable_graph_kernel", "pynative_synchronize", "check_nan", "check_bprop", "pynative_compile", "flush_denormals",
              "progress", "full_tracebacks", "precompile_only", "reserve_class_name_in_scope", "enable_compile_cache",
              "enable_reduce_precision", "disable_format_transform", "support_binary", "enable_profiling", "enable_ge"),
    (int,): ("mode", "device_id", "max_call_depth", "runtime_num_threads", "op_timeout", "inter_op_parallel_num",
             "jit_syntax_level", "debug_level"),
    (bool, int): ("save_graphs",),
    (str,): ("device_target", "save_graphs_path", "deterministic", "max_device_memory", "compile_cache_path",
             "variable_memory_max_size", "graph_kernel_flags", "mempool_block_size", "print_file_path", "env_config_path",
             "profiling_options", "aoe_tune_mode"),
    (dict,): ("ascend_config", "gpu_config", "jit_config", "aoe_config"),
}  # fmt: skip
_KIND: dict[str, tuple] = {name: kinds for kinds, names in _KINDS.items() for name in names}
_LEAST = {"device_id": 0, "max_call_depth": 1, "runtime_num_threads": 0, "op_timeout": 0, "inter_op_parallel_num": 0}
_CHOICES = {
    "mode": (0, 1), "device_target": ("CPU", "GPU", "Ascend", "Davinci"), "deterministic": ("ON", "OFF"),
    "jit_syntax_level": (0, 1, 2), "debug_level": (0, 1), "exec_order": ("bfs", "dfs"), "aoe_tune_mode": ("online", "offline"),
    "memory_optimize_level": ("O0", "O1"),
}  # fmt: skip
JIT_CONFIG = {"jit_level": ("O0", "O1", "O2"), "infer_boost": ("on", "off")}


def check(name: str, value: Any) -> None:
    """Refuses a setting that is unknown, or a value that it may not have.

    Args:
        name: str.
        value: what the setting shall be; None for texts and dicts leaves the default.

    Raises:
        TypeError: a value of the wrong type.
        ValueError: an unknown setting; a value that is not among those it may have.

    >>> check("max_call_depth", 10)
    """
    if name in FORMER:
        return
    if name not in VALUES:
        raise fail(
            ValueError,
            f"For 'set_context', the keyword '{name}' is not one of: {', '.join(sorted(VALUES))}.{keyword(name, VALUES)}",
        )
    kinds: Any = _KIND.get(name, (object,))
    if value is None and name not in _CHOICES and kinds in ((str,), (dict,)):
        return
    if not isinstance(value, kinds):
        advice = " Write ms.GRAPH_MODE or ms.PYNATIVE_MODE." if name == "mode" else ""
        raise fail(
            TypeError,
            f"For 'set_context', '{name}' must be {' or '.join(k.__name__ for k in kinds)}, but got {value!r}.{advice}",
        )
    if value not in _CHOICES.get(name, (value,)):
        choices = _CHOICES[name]
        names = {"mode": "GRAPH_MODE (0) or PYNATIVE_MODE (1)", "device_target": "'CPU', 'GPU' or 'Ascend'"}
        raise fail(
            ValueError,
            f"For 'set_context', '{name}' must be {names.get(name, f'one of {choices}')}, but got {value!r}."
            + close(str(value), tuple(map(str, choices))),
        )
    if name in _LEAST and value < _LEAST[name]:
        raise fail(ValueError, f"For 'set_context', '{name}' must be at least {_LEAST[name]}, but got {value}.")
    if name == "save_graphs" and value > 3:
        raise fail(ValueError, f"For 'set_context', 'save_graphs' must be 0 to 3, but got {value}.")
    if name == "jit_config":
        for key, choice in value.items():
            if choice not in JIT_CONFIG.get(key, ()):
                raise fail(
                    ValueError, f"For 'set_context', 'jit_config' may have {JIT_CONFIG}, but got {key!r}: {choice!r}."
                )
