"""MindSpore's module paths whose contents have another home here: its path -> ours, both below the package.

Old versions' paths are among them: scripts for MindSpore 1 import from ``mindspore.vision`` or
``mindspore.train.parallel_utils``.
"""

MOVED = {
    "common.seed": "random",
    "communication._comm_helper": "communication.management",
    "dataset.core.config": "dataset.config",
    "dataset.engine.datasets_user_defined": "dataset.engine.datasets",
    "nn.grad.cell_grad": "nn.transforms",
    "nn.layer.container": "nn.container",
    "nn.layer.rnn_cells": "nn.layer.rnn",
    "nn.layer.rnns": "nn.layer.rnn",
    "nn.layer.thor_layer": "nn.optim.thor_layers",
    "nn.layer.timedistributed": "nn.layer.combined",
    "nn.layer.transformer": "nn.layer.attention",
    "nn.wrap.cell_wrapper": "nn.wrap",
    "ops.composite.base": "ops.composite",
    "ops.composite.multitype_ops.zeros_like_impl": "ops",
    **dict.fromkeys(("ops.function", "ops.auto_generate", "ops._utils"), "ops"),
    **{f"ops.function.{name}_func": "ops" for name in ("array", "clip", "linalg", "math", "nn", "random")},
    **dict.fromkeys(("ops.function.grad", "ops.function.grad.grad_func"), "grad"),
    "ops._primitive_cache": "ops.primitive",
    "ops.communication": "ops.operations",
    **{
        f"ops.operations.{name}_ops": "ops.operations"
        for name in ("_inner", "array", "comm", "image", "linalg", "math", "nn", "other", "random", "sparse")
    },
    **dict.fromkeys(
        ("parallel.shard", "parallel.algo_parameter_config", "parallel.checkpoint_transform"), "parallel"
    ),
    **{f"parallel.{name}": "parallel._utils" for name in ("_auto_parallel_context", "_cost_model_context", "_ps_context")},
    "profiler.profiling": "profiler",
    **{
        f"train.callback._{name}": "train.callback"
        for name in ("callback", "checkpoint", "early_stop", "history", "lambda_callback", "loss_monitor",
                     "lr_scheduler_callback", "on_request_exit", "reduce_lr_on_plateau", "summary_collector", "time_monitor")
    },
    "train.parallel_utils": "context",
    "train.train_thor": "train.thor",
    "train.train_thor.convert_utils": "train.thor",
}  # fmt: skip
