"""MindSpore's dropped package ``parallel._transformer``, as far as modules import from it that do not use it on one CPU.

Its settings are records, its checks of arguments let everything pass (the layers check their own).  Its layers say what to use
instead when they are made.
"""

from typing import Any

from ..core.errors import fail
from ..nn.layer.normalization import LayerNorm as _LayerNorm


class _Settings:
    """Named values; those of devices mean nothing on one CPU."""

    def __init__(self, *args: Any, **kwargs: Any):
        vars(self).update(kwargs)

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return 1


class OpParallelConfig(_Settings):
    """How many devices share an operator."""


class MoEParallelConfig(OpParallelConfig):
    """How many devices share the experts of a layer."""


class MoEConfig(_Settings):
    """How many experts a layer has: one."""


class TransformerOpParallelConfig(OpParallelConfig):
    """How many devices share a stack of layers."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"dp_mp_config": OpParallelConfig(), "recompute": False, **kwargs})


class _Dropped:
    def __init__(self, *args: Any, **kwargs: Any):
        name = type(self).__name__
        raise fail(NotImplementedError, f"'{name}' of mindspore.parallel._transformer was dropped by MindSpore; nn.MultiheadAttention, nn.TransformerEncoderLayer and nn.Dense take its place.")  # fmt: skip


class MultiHeadAttention(_Dropped):
    """Raises NotImplementedError."""


class FeedForward(_Dropped):
    """Raises NotImplementedError."""


class MoE(_Dropped):
    """Raises NotImplementedError."""


class _LayerInputCheck:
    """Checks that let everything pass."""

    @staticmethod
    def check_shape_equal(*args: Any) -> bool:
        return True


def _args_type_validator_check(**checks: Any):
    return lambda function: function


def _passes(*args: Any, **kwargs: Any) -> bool:
    return True


_valid_type_checks = _valid_value_checks = _check_input_dtype = _check_past_none_input_none = _passes
_check_config = _check_moe_config = _passes


def _get_lambda_func(total_layer=None):
    return lambda network, layer_id, offset, parallel_config, layers: None


default_dpmp_config = OpParallelConfig()
default_moe_config = MoEConfig(expert_num=1)
default_transformer_config = TransformerOpParallelConfig()

__all__ = [
    "FeedForward", "MoE", "MoEConfig", "MoEParallelConfig", "MultiHeadAttention", "OpParallelConfig", "TransformerOpParallelConfig",
    "_LayerNorm", "default_dpmp_config", "default_moe_config", "default_transformer_config",
]  # fmt: skip
