"""The frameworks that can be compared: how each is imported, and the environment that it is measured in."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Framework:
    name: str
    package: str  # what must be importable; `--python PACKAGE=...` chooses the interpreter
    module: str  # of the Adapter
    option: str = ""
    problems: tuple[str, ...] = ()  # the only ones it takes part in; empty: all
    cache: dict[str, str] = field(default_factory=dict)  # environment for a cache on disk; {}: the directory
    env: dict[str, str] = field(default_factory=dict)
    convolution_env: dict[str, str] = field(default_factory=dict)  # for the networks with convolutions

    def takes(self, problem: str) -> bool:
        return not self.problems or problem in self.problems

    def environment(self, problem: str, cache: str = "") -> dict[str, str]:
        env = dict(self.env)
        if problem in ("lenet", "cnn", "resnet20"):
            env |= self.convolution_env
        if cache:
            env |= {name: value.format(cache) for name, value in self.cache.items()}
        return env

    def adapter(self, threads: int) -> Any:
        return importlib.import_module(self.module).Adapter(self.option or self.package, threads)


JAX_CACHE = {
    "JAX_COMPILATION_CACHE_DIR": "{}",
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}

FRAMEWORKS = {
    framework.name: framework
    for framework in [
        Framework("minispore", "minispore", "models_mindspore", cache={"MINISPORE_CACHE_DIR": "{}"}),
        Framework(
            "minispore-pynative",
            "minispore",
            "models_mindspore",
            "minispore:pynative",
            cache={"MINISPORE_CACHE_DIR": "{}"},
        ),
        Framework("torch", "torch", "models_torch"),
        Framework(
            "torch-channels-last", "torch", "models_torch", "channels last"
        ),  # networks.py alone tells them apart
        Framework("torch-compile", "torch", "models_torch_compiled", cache={"TORCHINDUCTOR_CACHE_DIR": "{}"}),
        Framework("jax", "jax", "models_jax", "tree", cache=JAX_CACHE, env={"JAX_PLATFORMS": "cpu"}),
        Framework("jax-flat", "jax", "models_jax", "flat", ("tinymlp",), env={"JAX_PLATFORMS": "cpu"}),
        Framework(
            "mindspore",
            "mindspore",
            "models_mindspore",
            env={"GLOG_v": "3"},  # errors only
            # its oneDNN takes a reference loop (30 to 70 times slower) for convolutions on CPUs with AVX-512
            convolution_env={"ONEDNN_MAX_CPU_ISA": "AVX2"},
            cache={"MS_COMPILER_CACHE_ENABLE": "1", "MS_COMPILER_CACHE_PATH": "{}"},
        ),
        Framework("numpy", "numpy", "models_numpy"),
    ]
}
DEFAULT = ["minispore", "torch", "jax", "mindspore"]
