"""What to write instead: names and keywords of other frameworks, and misspelt ones."""

import inspect
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

# attribute of another framework: what to write here
_ONE_DEVICE = "There is one device, the CPU: leave it out."
_NO_SUMS = "Gradients are returned by each step and do not add up: leave it out."
TENSOR = {
    "backward": "Gradients come from a function: ms.value_and_grad(forward, None, net.trainable_params())(x, y), or all of a step from nn.TrainOneStepCell.",
    "grad": "Gradients are returned, not stored: ms.grad(f)(x), or ms.value_and_grad.",
    "detach": "Write ops.stop_gradient(x).",
    "requires_grad": "ms.grad(f, grad_position) says which arguments count; a Parameter has requires_grad.",
    "cuda": _ONE_DEVICE,
    "is_cuda": _ONE_DEVICE,
    "is_leaf": "There are no leaves: a Parameter is trained, other Tensors are values.",
    "retain_grad": "Gradients are returned, not stored: ms.grad(f, grad_position) gives that of any argument.",
    "assign": "Write ops.assign(parameter, value), or x[...] = value.",
    "append": "A Tensor has a fixed shape: collect in a list, then ops.stack(list).",
    "extend": "A Tensor has a fixed shape: collect in a list, then ops.concat(list).",
    "eval": "It has its values already: x.asnumpy().",
    "set_shape": "Write x.reshape(shape).",
    "get_shape": "Write x.shape.",
    "get_device": _ONE_DEVICE,
    "pin_memory": _ONE_DEVICE,
    "share_memory_": "Write x.asnumpy(), whose memory is the Tensor's.",
}
# what is a value here, and a method elsewhere: what to write
PROPERTIES = {
    "shape": "the lengths of the axes: write x.shape, or x.shape[0] for one of them",
    "size": "the number of elements: write x.size; the length of an axis is x.shape[0]",
    "ndim": "the number of axes: write x.ndim",
    "dtype": "the type: write x.dtype, or x.astype(ms.float32) for another",
    "T": "the transposed Tensor: write x.T",
    "itemsize": "the bytes of an element: write x.itemsize",
    "nbytes": "the bytes of all elements: write x.nbytes",
    "strides": "the bytes between elements: write x.strides",
    "requires_grad": "a setting: write p.requires_grad = False",
    "learning_rate": "the rate: write optimizer.learning_rate",
    "training": "a setting: write net.set_train()",
}
_MODEL = (
    "Write ms.Model(net, loss_fn, optimizer, metrics={'accuracy'}), whose fit, train, eval and predict take batches."
)
CELL = {
    "parameters": "Write trainable_params(), or get_parameters() for all.",
    "named_parameters": "Write parameters_and_names().",
    "zero_grad": _NO_SUMS,
    "train": "Write set_train().",
    "eval": "Write set_train(False).",
    "modules": "Write cells_and_names(), which gives (name, cell).",
    "named_modules": "Write cells_and_names().",
    "children": "Write cells().",
    "named_children": "Write name_cells().",
    "forward": "The method is construct, and net(x) runs it.",
    "cuda": _ONE_DEVICE,
    "cpu": _ONE_DEVICE,
    "half": "Write to_float(ms.float16).",
    "float": "Write to_float(ms.float32).",
    "register_parameter": "Write self.name = ms.Parameter(...).",
    "add_module": "Write insert_child_to_cell(name, cell).",
    "requires_grad_": "Write: for p in net.get_parameters(): p.requires_grad = False.",
    "double": "Write to_float(ms.float64).",
    "buffers": "Write parameters_and_names(): running statistics are Parameters with requires_grad False.",
    "named_buffers": "Write parameters_and_names(): running statistics are Parameters with requires_grad False.",
    "share_memory": "Processes train by MPI: docs/parallel.md.",
    "fit": _MODEL,
    "predict": "Write net(x), or ms.Model(net).predict(x).",
    "evaluate": _MODEL,
    "add": "Write append(cell), of a nn.SequentialCell.",
    "layers": "Write cells().",
    "call": "The method is construct, and net(x) runs it.",
    "variables": "Write get_parameters().",
    "trainable_variables": "Write trainable_params().",
    "trainable_weights": "Write trainable_params().",
    "get_weights": "Write parameters_dict().",
    "set_weights": "Write ms.load_param_into_net(net, parameters).",
    "save": "Write ms.save_checkpoint(net, 'net.ckpt').",
    "save_weights": "Write ms.save_checkpoint(net, 'net.ckpt').",
    "load_weights": "Write ms.load_param_into_net(net, ms.load_checkpoint('net.ckpt')).",
    "in_features": "Write in_channels.",
    "out_features": "Write out_channels.",
    "kernel": "Write weight.",
}
MODEL = {
    "compile": "The loss, the optimizer and the metrics are given where it is made: ms.Model(net, loss_fn, optimizer, metrics={'accuracy'}).",
    "evaluate": "Write eval(dataset).",
    "summary": "Write net.summary(x).",
    "save": "Write ms.save_checkpoint(net, 'net.ckpt').",
    "load_weights": "Write ms.load_param_into_net(net, ms.load_checkpoint('net.ckpt')).",
    "parameters": "Write net.trainable_params().",
    "train_on_batch": "Write train(1, [(x, y)]), or step(x, y) of a nn.TrainOneStepCell.",
}
OPTIMIZER = {
    "step": "Write optimizer(gradients), with those of ms.value_and_grad; nn.TrainOneStepCell(net_with_loss, optimizer) does all of a step.",
    "zero_grad": _NO_SUMS,
    "minimize": "nn.TrainOneStepCell(net_with_loss, optimizer)(x, y) does a step.",
    "apply_gradients": "Write optimizer(gradients), in the order of its parameters.",
    "backward": "Gradients come from ms.value_and_grad, or all of a step from nn.TrainOneStepCell.",
    "lr": "Write learning_rate.",
    "get_last_lr": "Write get_lr().",
    "state": "Write parameters_dict(), or state_dict().",
}
SCHEDULE = {
    "step": "A schedule is called with the optimizer's own count of steps: leave it out.",
    "get_last_lr": "Write nn.learning_rates(optimizer, steps), or schedule(step).",
}
MODULES = {
    "minispore": {
        "no_grad": "Leave it out: nothing is recorded outside a gradient function, and ops.stop_gradient(x) cuts gradients inside one.",
        "optim": "Optimizers are in ms.nn, as nn.Adam; those with PyTorch's arguments in ms.experimental.optim.",
        "compile": "Write ms.jit.",
        "inference_mode": "Leave it out: nothing is recorded outside a gradient function.",
        "enable_grad": "Leave it out: a gradient function records what it needs.",
        "save": "Write ms.save_checkpoint(net, 'net.ckpt').",
        "device": _ONE_DEVICE,
        "cuda": _ONE_DEVICE,
        "is_available": _ONE_DEVICE,
        "backends": _ONE_DEVICE,
        "autograd": "Write ms.grad(f), ms.value_and_grad(f), ms.jacrev(f), or ms.Function for a gradient of one's own.",
        "utils": "Datasets are in ms.dataset; nn.utils has clip_grad_norm_ and its like.",
        "function": "Write ms.jit.",
        "GradientTape": "Gradients come from a function: ms.value_and_grad(forward, None, net.trainable_params())(x, y).",
        "Variable": "Write ms.Parameter(value, name='w').",
        "constant": "Write ms.Tensor(value).",
        "placeholder": "Leave it out: values are given to functions.",
        "Session": "Leave it out: results have their values.",
        "keras": "Layers are in ms.nn, and ms.Model has fit, eval and predict.",
        "layers": "Layers are in ms.nn.",
        "losses": "Losses are in ms.nn, as nn.MSELoss.",
        "optimizers": "Optimizers are in ms.nn, as nn.Adam.",
        "callbacks": "Callbacks are in ms.train, as ms.train.EarlyStopping.",
        "datasets": "Datasets are in ms.dataset.",
    },
    "minispore.nn": {
        "Module": "Write nn.Cell, with a method construct.",
        "ModuleList": "Write nn.CellList.",
        "ModuleDict": "Write nn.CellDict.",
        "Parameter": "Write ms.Parameter.",
        "ParameterList": "Write ms.ParameterTuple.",
        "functional": "Write ms.ops, or ms.mint.nn.functional for PyTorch's arguments.",
        "init": "Initializers are in ms.common.initializer; a layer takes weight_init='xavier_uniform'.",
        "lr_scheduler": "Schedules are in ms.nn, as nn.CosineDecayLR, and given to the optimizer as its learning_rate.",
        "BatchNorm": "Write nn.BatchNorm1d, BatchNorm2d or BatchNorm3d.",
        "BatchNormalization": "Write nn.BatchNorm1d, BatchNorm2d or BatchNorm3d.",
        "DataParallel": "Processes train by MPI: docs/parallel.md.",
    },
    "minispore.nn.optim": {
        "lr_scheduler": "Write ms.experimental.optim.lr_scheduler, for the optimizers of ms.experimental.optim."
    },
    "minispore.dataset": {
        "DataLoader": "Write ds.GeneratorDataset(source, column_names).batch(n); ms.Model takes a loader of PyTorch as it is.",
        "TensorDataset": "Write ds.NumpySlicesDataset((x, y), column_names=['x', 'y']).",
        "Dataset": "Any class with __getitem__ and __len__ does: ds.GeneratorDataset(source, column_names).",
        "random_split": "Write dataset.split([0.8, 0.2]).",
    },
    "minispore.numpy": {
        "load": "Write ms.Tensor(numpy.load(file)).",
        "save": "Write numpy.save(file, x.asnumpy()).",
        "float": "Write float32.",
        "array_equal": "Write (a == b).all().",
    },
    "minispore.train": {"TensorBoard": "Write ms.train.SummaryCollector(directory)."},
}
# keywords of other frameworks: the ones here, of which those are proposed that the function has
KEYWORDS = {
    "lr": ("learning_rate",), "betas": ("beta1", "beta2"), "bias": ("has_bias",), "in_features": ("in_channels",),
    "out_features": ("out_channels",), "num_embeddings": ("vocab_size",), "embedding_dim": ("embedding_size",),
    "padding_mode": ("pad_mode",), "elementwise_affine": ("begin_norm_axis", "begin_params_axis"), "affine": ("affine",),
    "label_smoothing": ("label_smoothing", "smooth_factor"), "amsgrad": ("use_amsgrad",), "nesterov": ("nesterov", "use_nesterov"),
    "normalized_shape": ("normalized_shape",), "kernel": ("kernel_size",), "strides": ("stride",), "units": ("out_channels",),
    "filters": ("out_channels",), "rate": ("p",), "epsilon": ("eps", "epsilon"), "alpha": ("learning_rate",), "decay": ("weight_decay",),
    "dim": ("axis",), "dims": ("axis",), "axis": ("dim", "dims"), "axes": ("axis", "dims"), "keepdim": ("keep_dims", "keepdims"),
    "keepdims": ("keepdim", "keep_dims"), "keep_dims": ("keepdim", "keepdims"), "scale": ("scale_factor",), "num_workers": ("num_parallel_workers",),
    "collate_fn": ("per_batch_map",), "drop_last": ("drop_remainder",), "epochs": ("epoch",), "dataset": ("train_dataset", "valid_dataset"),
    "max_norm": ("clip_norm",), "clip_norm": ("max_norm",), "eps": ("epsilon",), "p": ("ord",), "unbiased": ("ddof", "correction"), "correction": ("ddof",), "weights": ("weight",), "device": ("device_target",),
    "loss": ("loss_fn",), "x": ("train_dataset", "input", "input_x"), "data": ("train_dataset",), "validation_data": ("valid_dataset",), "reduce": ("reduction",),
    "size_average": ("reduction",), "filepath": ("prefix",), "learning_rate": ("lr",), "groups": ("group",), "in_channels": ("in_features",), "out_channels": ("out_features",),
}  # fmt: skip
NOT_NEEDED = {  # keywords of other frameworks that are left out here
    "device": _ONE_DEVICE,
    "inplace": "Results are new Tensors, whose memory a compiled step shares where it can: leave it out.",
    "pin_memory": _ONE_DEVICE,
    "retain_graph": "Nothing is kept between calls: leave it out.",
    "non_blocking": _ONE_DEVICE,
    "requires_grad": "ms.grad(f, grad_position) says which arguments count; a Parameter has requires_grad.",
}


def instead(table: dict[str, str], name: str) -> str:
    """`` Write ops.stop_gradient(x).`` for a name of another framework, or nothing."""
    return f" {table[name]}" if name in table else ""


def device(text: object) -> str:
    """`` There is one device, the CPU: leave it out.`` for the name of a device, or nothing."""
    is_device = isinstance(text, str) and text.partition(":")[0].lower() in (
        "cpu",
        "cuda",
        "gpu",
        "mps",
        "npu",
        "ascend",
    )
    return f" {_ONE_DEVICE}" if is_device else ""


def foreign(value) -> str:
    """What to do with an array of another library, or nothing."""
    library = type(value).__module__.partition(".")[0]
    if library in ("numpy", "builtins") or not hasattr(value, "__dlpack__"):
        return ""
    return f" of {library}: share its memory, ms.from_dlpack(x)"


def floats(argument: str) -> str:
    """What to do where floats are needed."""
    return f" Convert it: {argument}.astype(ms.float32)."


def integers(argument: str) -> str:
    """What to do where integers are needed."""
    return f" Convert it: {argument}.astype(ms.int32)."


def close(name: str, names: Iterable[str], cutoff: float = 0.75) -> str:
    """`` Did you mean 'x'?``, or nothing."""
    shown = [n for n in names if not n.startswith("_")]
    same = [n for n in shown if n.lower() == name.lower()]
    found = same or get_close_matches(name, shown, n=1, cutoff=cutoff)
    return f" Did you mean '{found[0]}'?" if found else ""


def attribute(cls: type, name: str) -> str:
    """`` Did you mean 'reshape'?`` for an attribute that a class does not have, or nothing."""
    return "" if name.startswith("_") else _close_attribute(cls, name)


@lru_cache(maxsize=512)  # programs ask with hasattr
def _close_attribute(cls: type, name: str) -> str:
    return close(name, dir(cls), 0.8)


def keyword(name: str, known: Iterable[str]) -> str:
    """`` Did you mean 'learning_rate'?`` for a keyword that a function does not have, or nothing."""
    known = list(known)
    found = [k for k in KEYWORDS.get(name, ()) if k in known]
    if not found:
        return instead(NOT_NEEDED, name) or close(name, known)
    return f" Did you mean {' and '.join(map(repr, found))}?"


def unknown_keyword(owner: str, function, given: Iterable[str]) -> str | None:
    """The message for the first keyword that ``function`` does not take: None if it takes all of them."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):  # it tells no signature
        return None
    if _takes_keywords(parameters):
        return None
    known = _named(parameters)
    name = next((name for name in given if name not in known), None)
    if name is None:
        return None
    takes = f" It takes: {', '.join(known)}." if known else ""
    return f"For '{owner}', there is no argument '{name}'.{keyword(name, known)}{takes}"


def _named(parameters: Mapping[str, inspect.Parameter]) -> list[str]:
    return [n for n, p in parameters.items() if p.kind not in (p.POSITIONAL_ONLY, p.VAR_POSITIONAL) and n != "self"]


def _takes_keywords(parameters: Mapping[str, inspect.Parameter]) -> bool:
    return any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def unfitting_call(function, args: tuple, kwargs: dict) -> str:
    """What ``function`` takes, for a call with too few or too many arguments; nothing if they fit it."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return ""
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        parameters = signature.parameters
        known = [n for n, p in parameters.items() if n != "self" and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
        takes = (
            f" It takes: {', '.join(known)}."
            if known
            else " It takes none but keywords."
            if _takes_keywords(parameters)
            else " It takes none."
        )
        args = args["self" in parameters :]
        rest = args[max(len(known) - 1, 0) :]  # where the last one is a shape: reshape(x, 2, 3)
        if len(args) > len(known) > 0 and all(type(n) is int for n in rest):
            takes += f" A shape or order of axes is one tuple: {known[-1]} = {tuple(rest)}."
        return takes
    return ""
