"""The Primitives that MindSpore's layers keep as attributes: ``nn.LayerNorm.layer_norm``, ``nn.Conv2d.conv2d``.

Layers here compute with functions, so they have no use for these objects; subclasses written for MindSpore, which override
``construct`` and call the parent's Primitive, have.  The table says how each is made from the layer's attributes; it is made
when it is first read.
"""

from .. import ops


def _plain(**attributes: str) -> dict:
    """Primitives without arguments, by the name of the attribute."""
    return {attribute: lambda c, name=name: getattr(ops, name)() for attribute, name in attributes.items()}


def _bias_add(c):
    return ops.BiasAdd("NCHW" if c.data_format in ("NCHW", "NCDHW") else c.data_format)


def _conv2d(c):
    pads = c.pads if c.pad_mode == "pad" else 0
    return ops.Conv2D(c.out_channels, c.kernel_size, 1, c.pad_mode, pads, c.stride, c.dilation, c.group, c.data_format)


def _conv2d_transpose(c):
    pads = c.pads if c.pad_mode == "pad" else 0
    return ops.Conv2DTranspose(
        c.in_channels, c.kernel_size, c.pad_mode, pads, None, 1, c.stride, c.dilation, c.group, c.data_format
    )


def _norm(training: bool):
    return lambda c: ops.BatchNorm(training, c.eps, c.momentum)


def _pool2d(name: str):
    return lambda c: getattr(ops, name)(c.kernel, c.step, c.pad_mode.lower())


_LOSS = {
    "reduce_mean": lambda c: ops.ReduceMean(),
    "reduce_sum": lambda c: ops.ReduceSum(),
    **_plain(mul="Mul", cast="Cast"),
}
_IN_1D = {"expand_dims": lambda c: ops.ExpandDims(), "squeeze": lambda c: ops.Squeeze(2)}

PRIMITIVES: dict[str, dict] = {  # class: {attribute: (layer) -> Primitive}; subclasses have those of their base
    "Dense": {
        "matmul": lambda c: ops.MatMul(transpose_b=True),
        **_plain(bias_add="BiasAdd", reshape="Reshape", shape_op="Shape"),
    },
    "BiDense": _plain(matmul="MatMul", bias_add="BiasAdd"),
    "Conv1d": {"conv2d": _conv2d, **_IN_1D},
    "Conv2d": {"conv2d": _conv2d},
    "Conv2dTranspose": {"conv2d_transpose": _conv2d_transpose},
    "Conv1dTranspose": {"conv2d_transpose": _conv2d_transpose, **_IN_1D},
    "_Conv": {"bias_add": _bias_add, **_plain(shape="Shape")},
    "_ConvTranspose": {"bias_add": _bias_add, **_plain(shape="Shape")},
    "LayerNorm": {"layer_norm": lambda c: ops.LayerNorm(c.begin_norm_axis, c.begin_params_axis, c.epsilon)},
    "_BatchNorm": {
        "bn_train": _norm(True),
        "bn_infer": _norm(False),
        "reduce_mean": lambda c: ops.ReduceMean(keep_dims=True),
        **_plain(shape="Shape", reshape="Reshape", square="Square", sqrt="Sqrt", cast="Cast", dtype="DType",
                 sub_mean="Sub", sub_var="Sub", mul_mean="Mul", mul_var="Mul", assign_sub_mean="AssignSub",
                 assign_sub_var="AssignSub"),
    },
    "Dropout": {"dropout": lambda c: ops.Dropout(1.0 - c.p if c.p is not None else c.keep_prob)},
    "Embedding": {
        "concat": lambda c: ops.Concat(),
        **_plain(expand="ExpandDims", reshape_flat="Reshape", gather="Gather", one_hot="OneHot", array_mul="MatMul",
                 reshape="Reshape", get_shp="Shape"),
    },
    "MaxPool2d": {"max_pool": _pool2d("MaxPool")},
    "AvgPool2d": {"avg_pool": _pool2d("AvgPool")},
    "AdaptiveAvgPool2d": {"adaptive_avgpool2d": lambda c: ops.AdaptiveAvgPool2D(c.output_size)},
    "Pad": {"pad": lambda c: ops.Pad(c.paddings)},
    "Norm": {
        "reduce_sum": lambda c: ops.ReduceSum(keep_dims=True),
        "squeeze": lambda c: ops.Squeeze(c.axis),
        **_plain(sqrt="Sqrt"),
    },
    "Softmax": {"softmax": lambda c: ops.Softmax(c.axis)},
    "LogSoftmax": {"log_softmax": lambda c: ops.LogSoftmax(c.axis)},
    "ELU": {"elu": lambda c: ops.Elu(c.alpha)},
    "CELU": {"celu": lambda c: ops.CeLU(c.alpha)},
    "HShrink": {"hshrink": lambda c: ops.HShrink(c.lambd)},
    "SoftShrink": {"softshrink": lambda c: ops.SoftShrink(c.lambd)},
    **{
        layer: _plain(**{attribute: primitive})
        for layer, attribute, primitive in (
            ("ReLU", "relu", "ReLU"), ("ReLU6", "relu6", "ReLU6"), ("FastGelu", "fast_gelu", "FastGeLU"),
            ("Sigmoid", "sigmoid", "Sigmoid"), ("Tanh", "tanh", "Tanh"), ("HSwish", "hswish", "HSwish"),
            ("HSigmoid", "hsigmoid", "HSigmoid"), ("Mish", "mish", "Mish"), ("Softsign", "softsign", "Softsign"),
            ("SeLU", "selu", "SeLU"), ("PReLU", "prelu", "PReLU"),
        )
    },
    "LossBase": _LOSS,
    "SmoothL1Loss": {"smooth_l1_loss": lambda c: ops.SmoothL1Loss(c.beta, c.reduction)},
    "SoftmaxCrossEntropyWithLogits": {
        "softmax_cross_entropy": lambda c: ops.SoftmaxCrossEntropyWithLogits(),
        "sparse_softmax_cross_entropy": lambda c: ops.SparseSoftmaxCrossEntropyWithLogits(),
        "one_hot": lambda c: ops.OneHot(),
    },
}  # fmt: skip


def primitive_of(cell, name: str):
    """The Primitive that a layer of MindSpore has as an attribute.

    Args:
        cell: Cell.
        name: str, the attribute.

    Returns:
        Primitive, the same at each call; None if there is none.
    """
    kept = cell.__dict__.setdefault("_primitives", {})
    if name not in kept:
        found = (PRIMITIVES.get(c.__name__, {}).get(name) for c in type(cell).__mro__ if c.__module__.startswith(_OURS))
        make = next((f for f in found if f is not None), None)
        if make is None:
            return None
        kept[name] = make(cell)
    return kept[name]


_OURS = __package__ + "."
