"""What to write instead: names and keywords of other frameworks, and misspelt ones."""

import inspect
from collections.abc import Iterable
from difflib import get_close_matches

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
}
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
    "to": "For a type write to_float(ms.float16); there is one device, the CPU.",
    "half": "Write to_float(ms.float16).",
    "float": "Write to_float(ms.float32).",
    "register_parameter": "Write self.name = ms.Parameter(...).",
    "add_module": "Write insert_child_to_cell(name, cell).",
    "requires_grad_": "Write: for p in net.get_parameters(): p.requires_grad = False.",
}
OPTIMIZER = {
    "step": "Write optimizer(gradients), with those of ms.value_and_grad; nn.TrainOneStepCell(net_with_loss, optimizer) does all of a step.",
    "zero_grad": _NO_SUMS,
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
    },
    "minispore.nn": {
        "Module": "Write nn.Cell, with a method construct.",
        "ModuleList": "Write nn.CellList.",
        "ModuleDict": "Write nn.CellDict.",
        "Parameter": "Write ms.Parameter.",
        "ParameterList": "Write ms.ParameterTuple.",
        "functional": "Write ms.ops, or ms.mint.nn.functional for PyTorch's arguments.",
    },
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


def close(name: str, names: Iterable[str]) -> str:
    """`` Did you mean 'x'?``, or nothing."""
    found = get_close_matches(name, [n for n in names if not n.startswith("_")], n=1, cutoff=0.75)
    return f" Did you mean '{found[0]}'?" if found else ""


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
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return None
    known = [
        name for name, p in parameters.items() if p.kind not in (p.POSITIONAL_ONLY, p.VAR_POSITIONAL) and name != "self"
    ]
    name = next((name for name in given if name not in known), None)
    if name is None:
        return None
    takes = f" It takes: {', '.join(known)}." if known else ""
    return f"For '{owner}', there is no argument '{name}'.{keyword(name, known)}{takes}"
