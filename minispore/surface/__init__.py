"""Compatibility with MindSpore: its module paths, names that have no meaning on one CPU, ``import mindspore``, the list of names.

The layers below do not import this one: it registers what it adds in core/registry.py and in the import system.
"""

from importlib import import_module

from ..core.registry import supplies
from . import cell_methods as _cell_methods, einops, methods as _methods, names, paths, tracebacks

_TYPES = (
    "Type", "Int", "TensorType", "number", "uint", "string", "list_", "tuple_", "type_none", "tensor_type", "ubyte", "ushort",
    "uintc", "uintp", "intc", "intp", "get_py_obj_dtype",
)  # fmt: skip
_TYPE_CLASSES = ("Number", "UInt", "Float", "BFloat", "Bool", "Complex", "String", "List", "Tuple", "Dict", "Function")

_RUNTIME = (
    "Event", "Stream", "StreamCtx", "StreamLimitCtx", "communication_stream", "default_stream", "dispatch_threads_num",
    "max_memory_allocated", "max_memory_reserved", "memory_allocated", "memory_reserved", "memory_stats", "reset_max_memory_allocated",
    "reset_max_memory_reserved", "reset_peak_memory_stats", "reset_stream_limit", "set_cpu_affinity", "set_cur_stream",
    "set_device_limit", "set_kernel_launch_capture", "set_kernel_launch_group", "set_stream_limit",
)  # fmt: skip

_SHORT = {  # types named as in Python and C
    "bool": "core.dtype:bool_", "int": "core.dtype:int32", "float": "core.dtype:float32", "long": "core.dtype:int64",
    "half": "core.dtype:float16", "double": "core.dtype:float64", "short": "core.dtype:int16",
    "QuantDtype": "surface.short_names",
}  # fmt: skip

_COLLECTIONS = tuple(
    f"{name}Dataset"
    for name in """Caltech101 Caltech256 CLUE DIV2K EMnist EnWik9 FakeImage Flickr Flowers102 Food101 KITTI LFW LSUN Omniglot PhotoTour
    Places365 QMnist Random RenderedSST2 SB SBU Semeion SST2 STL10 SUN397 SVHN USPS WIDERFace""".split()
)

_TOKENIZERS = (
    "JiebaMode", "JiebaTokenizer", "SPieceTokenizerLoadType", "SPieceTokenizerOutType", "SentencePieceModel", "SentencePieceTokenizer",
    "SentencePieceVocab",
)  # fmt: skip

# module: {attribute that is added to it at its first use: the module that defines it, with the name that it has there if it is another}
LATE = {
    "minispore": {
        "is_tensor": "ops",
        "run_check": "surface.run_check",
        "Profiler": "surface.profiler",
        **dict.fromkeys((*_TYPES, "Number", "frombuffer"), "surface.types"),
        **_SHORT,
        **dict.fromkeys(("Generator", "seed", "initial_seed", "get_current_device"), "surface.short_names"),
        "merge_sliced_parameter": "surface.sliced",
        **dict.fromkeys(("get_level", "get_log_config"), "surface.log"),
        **dict.fromkeys(_RUNTIME, "surface.runtime"),
        **dict.fromkeys(("set_recursion_limit", "no_inline"), "surface.short_names"),
        "_Function": "transforms.function",
        "_no_grad": "transforms.function",
    },
    "minispore.core.dtype": {**dict.fromkeys((*_TYPES, *_TYPE_CLASSES, "all_types"), "surface.types"), **_SHORT},
    "minispore.dataset": {
        **dict.fromkeys(("DatasetCache", "DebugHook"), "surface.dataset.accepted"),
        **dict.fromkeys(("serialize", "deserialize", "compare", "show"), "surface.dataset.serializing"),
        **dict.fromkeys(
            ("VisionBaseDataset", "TextBaseDataset", "AudioBaseDataset", "SourceDataset"), "surface.dataset.engine"
        ),
        "WaitedDSCallback": "surface.dataset.waiting",
        **dict.fromkeys(_COLLECTIONS, "surface.dataset.collections"),
    },
    **dict.fromkeys(
        ("minispore.dataset.text", "minispore.dataset.text.transforms", "minispore.dataset.text.utils"),
        dict.fromkeys(_TOKENIZERS, "surface.dataset.tokenizers"),
    ),
    "minispore.dataset.mindrecord": dict.fromkeys(
        ("MindPage", "CsvToMR", "MnistToMR", "ImageNetToMR", "Cifar10ToMR", "Cifar100ToMR"), "surface.dataset.records"
    ),
    "minispore.train": {"merge_sliced_parameter": "surface.sliced"},
    "minispore.train.callback": {
        **dict.fromkeys(("_set_cur_net", "_checkpoint_cb_for_save_op"), "surface.private_names"),
        "_CheckpointManager": "surface.sliced:CheckpointManager",
    },
    "minispore.ops": {
        "Tensor": "core.tensor",
        **dict.fromkeys(("AlltoAllV", "DropoutGenMask", "MoveTo", "RNNTLoss"), "surface.without_kernel"),
    },
    "minispore.mint.distributed": {"set_comm_ops_inplace": "surface.utils", "all_to_all_v_c": "ops.comm_func"},
    "minispore.mint": {"Tensor": "core.tensor", "conv2d": "mint.nn.functional", "item": "surface.functions"},
    "minispore.mint.nn": {
        "Cell": "nn",
        "GLU": "surface.private_names:_GLU",
        **dict.fromkeys(("ZeroPad1d", "ZeroPad3d"), "surface.layers"),
    },
    "minispore.nn": {
        **dict.fromkeys(("AvgPool1dExt", "AvgPool2dExt", "AvgPool3dExt", "MaxPool2dExt"), "mint.nn"),
        **dict.fromkeys(("DenseThor", "Conv2dThor"), "nn.optim.thor_layers"),
    },
    "minispore.train.amp": dict.fromkeys(("_grad_scale_map", "_grad_unscale_map"), "surface.private_names"),
    "minispore.train.serialization": {"_save_graph": "surface.private_names"},
}

_PRIMITIVES = (
    "primitives",
    "dense_primitives",
    "image_primitives",
    "value_primitives",
    "sparse_primitives",
    "rest_primitives",
)

_FUNCTIONS = ("functions", "attention", "sparse", "sampled", "bessel", "random_draws")

# module: those whose names are added to it
BEHIND = {
    "minispore.ops": (*_FUNCTIONS, *_PRIMITIVES),
    "minispore.ops.operations": ("attention", *_PRIMITIVES, "without_kernel"),
}


@supplies("late name")
def _late_name(module: str, name: str):
    home = LATE.get(module, {}).get(name)
    if home is None:
        found = paths.child(module, name)
        if found is None and module == "minispore.ops" and name.endswith(("_ext", "_view")):
            return import_module(f"{__name__}.auto_generate").form(name)
        for behind in BEHIND.get(module, ()) if found is None else ():
            more = import_module(f"{__name__}.{behind}")
            if name in more.__all__:
                import_module(f"{__name__}.boundaries").place_late(vars(more))
                return getattr(more, name)
        return found
    module, _, other = home.partition(":")
    return getattr(import_module(f"minispore.{module}"), other or name.removesuffix("Ext"))


@supplies("primitive of a kernel")
def _of_kernel(name: str):
    found = _late_name("minispore.ops.operations", name)
    if not isinstance(found, type):
        found = import_module(f"{__name__}.scipy_ops").KERNELS.get(name)
    return found


supplies("absent name")(names.absent)
paths.install()
tracebacks.install()
einops.install()
