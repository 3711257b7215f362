"""Helper functions of MindSpore that its modules keep to themselves and public projects import all the same."""

import functools
from enum import Enum
from pathlib import Path
from typing import Any

from .. import nn, ops
from ..core.context import get_context
from ..core.dtype import float16, float32, int32
from ..core.parameter import Parameter
from ..core.random import get_seed
from ..core.tensor import Tensor
from ..nn.layer import rnn
from ..ops.higher_order import MultitypeFuncGraph
from ..train import amp
from ..train.callback import Callback, _CallbackManager, _InternalCallbackParam
from ..train.callback.base import loss_of
from ..train.checkpoint import into_net
from ..train.checkpoint.into_net import load_param_into_net
from ..train.summary import PLUGINS
from . import log
from .checkparam import check_value_type, twice

o: Any = ops


# ---------------------------------------------------------------- summaries
class _Listed(Enum):
    @classmethod
    def to_list(cls) -> list:
        """The values."""
        return [member.value for member in cls]


class ModeEnum(_Listed):
    """When a summary is collected."""

    TRAIN = "train"
    EVAL = "eval"


PluginEnum = _Listed("PluginEnum", {name.upper(): name for name in PLUGINS})  # type: ignore[call-arg]


# ---------------------------------------------------------------- files
def deprecated(version, substitute, use_substitute_name=False, module_prefix=""):
    """A decorator: the function warns, at its first call, that it is deprecated from ``version`` on."""

    def decorate(function):
        name = substitute if use_substitute_name and substitute else function.__name__
        instead = f", use '{module_prefix}{substitute}' in its place" if substitute else ""

        @functools.wraps(function)
        def warned(*args, **kwargs):
            if not told:
                told.append(name)
                log.warning(f"'{name}' is deprecated from version {version} on{instead}.")
            return function(*args, **kwargs)

        told: list[str] = []
        return warned

    return decorate


def _save_graph(network, file_name) -> None:
    """Writes the graph that was compiled last for calls of a Cell, as text; nothing before its first compiled call."""
    compiled = getattr(network._compiled, "compiled", None)
    kinds = compiled.entries.values() if compiled is not None else ()
    graphs = [entry.executable.graph for entries in kinds for entry in entries if entry.executable is not None]
    if graphs:
        Path(file_name).write_text(str(graphs[-1]), encoding="utf-8")


class FileSystem:
    """By what checkpoints are written and read."""

    def __init__(self):
        self.create = self.open = open
        self.create_args, self.open_args, self.backend = ("ab",), ("rb",), "basic"


def _register_basic_file_system(fs: FileSystem) -> bool:
    """Sets Python's ``open``."""
    vars(fs).update(vars(FileSystem()))
    return True


def _register_mindio_file_system(fs: FileSystem) -> bool:
    """MindIO, a product for Ascend servers, is never here."""
    return False


# ---------------------------------------------------------------- recurrent cells
def _products(inputs, hidden, w_ih, w_hh, b_ih, b_hh):
    return o.dense(inputs, w_ih, b_ih), o.dense(hidden, w_hh, b_hh)


def _rnn_tanh_cell(inputs, hidden, w_ih, w_hh, b_ih, b_hh):
    """One step of ``RNNCell`` with tanh."""
    given, kept = _products(inputs, hidden, w_ih, w_hh, b_ih, b_hh)
    return o.tanh(given + kept)


def _rnn_relu_cell(inputs, hidden, w_ih, w_hh, b_ih, b_hh):
    """One step of ``RNNCell`` with relu."""
    given, kept = _products(inputs, hidden, w_ih, w_hh, b_ih, b_hh)
    return o.relu(given + kept)


def _lstm_cell(inputs, hidden, w_ih, w_hh, b_ih, b_hh):
    """One step of ``LSTMCell``."""
    return rnn._lstm_step(o.dense(inputs, w_ih, b_ih), hidden, w_hh, b_hh)


def _gru_cell(inputs, hidden, w_ih, w_hh, b_ih, b_hh):
    """One step of ``GRUCell``."""
    return rnn._gru_step(o.dense(inputs, w_ih, b_ih), hidden, w_hh, b_hh)


def sequence_mask(lengths, maxlen):
    """(N, maxlen) of int32: 1 where a position lies within its sequence."""
    return (o.arange(maxlen) < o.expand_dims(lengths, -1)).astype(int32)


def select_by_mask(inputs, mask):
    """``inputs`` (T, N, C) where ``mask`` (N, T) is not 0, else 0."""
    return o.swapaxes(o.expand_dims(mask, -1), 0, 1).astype(inputs.dtype) * inputs


def get_hidden(output, seq_length):
    """The output at the last step of each sequence: (T, N, C) and (N,) to (N, C)."""
    rows = o.arange(output.shape[1])
    return output[seq_length.astype(rows.dtype) - 1, rows]


# ---------------------------------------------------------------- scaled losses
_grad_scale = MultitypeFuncGraph("grad_scale")
_grad_overflow = MultitypeFuncGraph("_grad_overflow")


@_grad_scale.register("Tensor", "Tensor")
def tensor_grad_scale(scale, grad):
    """A gradient over the scale of its loss."""
    return grad * o.reciprocal(scale).astype(grad.dtype)


@_grad_overflow.register("Tensor")
def _tensor_grad_overflow(grad):
    return o.FloatStatus()(grad)


# ---------------------------------------------------------------- checks and small things
def _check_input_3d(input_shape):
    """Raises ValueError unless there are three axes."""
    if len(input_shape) != 3:
        raise ValueError(f"For 'Conv1d', the dimension of input must be 3d, but got {len(input_shape)}.")


def _check_input_4d(input_shape, param_name="input", func_name=None):
    """Raises ValueError unless there are four axes."""
    if len(input_shape) != 4:
        raise ValueError(f"For '{func_name}', the dimension of '{param_name}' must be 4d, but got {len(input_shape)}.")


def _check_input_dtype(input_dtype, param_name, allow_dtypes, cls_name):
    """Raises TypeError unless the type is among those allowed."""
    if input_dtype not in (allow_dtypes if isinstance(allow_dtypes, (list, tuple)) else (allow_dtypes,)):
        raise TypeError(f"For '{cls_name}', the '{param_name}' must be of {allow_dtypes}, but got {input_dtype}.")


def _check_is_tensor(param_name, input_data, cls_name):
    """Raises TypeError for something that is no Tensor."""
    if input_data is not None and not isinstance(input_data, Tensor):
        raise TypeError(f"For '{cls_name}', the '{param_name}' must be a Tensor, but got {type(input_data).__name__}.")


def _get_activation_fn(activation: str):
    """The function "relu" or "gelu"."""
    if activation not in ("relu", "gelu"):
        raise ValueError(f"The activation must be relu or gelu, but got {activation}.")
    return getattr(o, activation)


class Registry(dict):
    """Functions by name; ``get`` gives None for a missing one."""

    def register(self, name: str, function) -> None:
        """Enters a function under a name."""
        self[name] = function

    def get(self, name: str, default=None):
        """The function of a name: one that was entered, or that of ``ops``."""
        return super().get(name, getattr(ops, name, default))


tensor_operator_registry = tensor_operator_registry_for_mint = Registry()
_activation = nn.layer.activation._BY_NAME


def _deconv_output_length(is_valid, is_same, is_pad, input_length, filter_size, stride_size, dilation_size, padding):
    """The length of a transposed convolution's output along one axis."""
    window = filter_size + (filter_size - 1) * (dilation_size - 1)
    length = input_length * stride_size
    if is_valid:
        return length + max(window - stride_size, 0)
    if is_same:
        return length
    return length - padding + window - stride_size if is_pad else 0


_handle_loss = loss_of
cells_compile_cache: dict = {}  # what a compiled Cell was compiled for: scripts empty it


def _get_mode() -> int:
    """The mode of execution: GRAPH_MODE or PYNATIVE_MODE."""
    return get_context("mode")


def _get_graph_seed(op_seed, kernel_name) -> tuple[int, int]:
    """The seed of the program and that of an operator."""
    return get_seed() or 0, op_seed or 0


def type_size_in_bytes(dtype) -> int:
    """How many bytes an element takes."""
    return dtype.np.itemsize


class _GLU(nn.GLU):
    """``nn.GLU`` whose axis is named ``dim``."""

    def __init__(self, dim=-1):
        super().__init__(dim)


def _transfer_tensor_to_tuple(inputs):
    """A tuple of a Tensor alone; what is a tuple already."""
    return (inputs,) if isinstance(inputs, Tensor) else inputs


def _save_final_ckpt(function):
    """Accepted: the method as it is; MindSpore saves weights when a training of several machines ends with an exception."""
    return function


def _function_forbid_reuse(function):
    """Accepted: the function as it is; MindSpore compiles it anew where it is called again, for other random numbers."""
    return function


def _nothing(*args, **kwargs) -> None:
    """Accepted and without effect."""


class _StepSync(Callback):
    """Accepted and without effect: steps are done when they return."""


def _get_summary_tensor_data() -> dict:
    """No values: a compiled step gives none to the Summary primitives."""
    return {}


_set_training_dataset = _device_number_check = _nothing
_current: list = [None]  # the Cell that is trained


def _set_cur_net(net):
    """Notes the Cell that ``_checkpoint_cb_for_save_op`` writes to."""
    _current[0] = net


set_cur_net = _set_cur_net


def _checkpoint_cb_for_save_op(parameter_list) -> bool:
    """Gives the Parameters of the noted Cell the values of dicts with "name" and "data"; False where there is no Cell."""
    if _current[0] is None:
        return False
    load_param_into_net(_current[0], {x["name"]: Parameter(x["data"], name=x["name"]) for x in parameter_list})
    return True


def _get_parameter_broadcast() -> bool:
    """False: there is one device."""
    return False


def _make_directory(path: str) -> str:
    """The full path of a folder, which is made if there is none."""
    Path(path).mkdir(parents=True, exist_ok=True)
    return str(Path(path).resolve())


# ---------------------------------------------------------------- checkpoints
def _update_param(param, new_param, strict_load) -> None:
    """Gives one Parameter the value of another, as ``load_param_into_net`` does."""
    param.set_data(Tensor(into_net._fitting(param, new_param, strict_load, "")))


def _load_dismatch_prefix_params(net, parameter_dict, param_not_load, strict_load) -> None:
    """Gives the Parameters in a list of names the values of such names behind a prefix, and takes those names out of the list."""
    found = into_net._below_prefixes(param_not_load, parameter_dict)
    for _, p in net.parameters_and_names():
        if p.name in found:
            _update_param(p, parameter_dict[found[p.name]], strict_load)
            param_not_load.remove(p.name)


# ---------------------------------------------------------------- mixed precision
def _scaled(scale, grads, by):
    """Each Tensor of a nest times or divided by the scale, in its own type."""
    if isinstance(grads, (list, tuple)):
        return tuple(_scaled(scale, g, by) for g in grads)
    return by(grads, scale.astype(grads.dtype))


def _grad_scale_map(scale, grads):
    """Gradients times the scale."""
    return _scaled(scale, grads, o.mul)


def _grad_unscale_map(scale, grads):
    """Gradients divided by the scale."""
    return _scaled(scale, grads, lambda g, s: g * o.reciprocal(s))


def _auto_black_list(network, black_list, dtype):
    """A network that computes in a type of half precision, but for the layers in a list."""
    amp._lower_but_black(network, tuple(black_list), dtype)
    return network


def _auto_mixed_precision_rewrite(network, dtype, *, white_list=None, black_list=None):
    """The layers and operators of one list in a type of half precision, or all but those of the other."""
    if (white_list is None) == (black_list is None):
        raise ValueError("For '_auto_mixed_precision_rewrite', give one of 'white_list' and 'black_list'.")
    if white_list is not None:
        amp._lower_white(network, tuple(white_list), dtype)
    else:
        amp._lower_but_black(network, tuple(black_list), dtype)
    return network


def _do_keep_batchnorm_fp32(network) -> None:
    """Batch normalisations of a network compute in float32."""
    for _, cell in network.cells_and_names():
        if isinstance(cell, nn.layer.normalization._BatchNorm):
            cell.to_float(float32)


def _add_loss_network(network, loss_fn, cast_model_type):
    """A network with its loss, which is computed in float32."""
    return (amp._WithLossIn32 if cast_model_type == float16 else nn.WithLossCell)(network, loss_fn)


_config_level = {
    level: {
        "keep_batchnorm_fp32": level == "O2", "cast_model_type": float16 if level in ("O2", "O3") else float32,
        "loss_scale_manager": amp.DynamicLossScaleManager() if level == "O2" else None,
    }
    for level in amp.LEVELS
}  # fmt: skip
AMP_WHITE_LIST, AMP_BLACK_LIST = amp.get_white_list(), amp.get_black_list()


# ---------------------------------------------------------------- attention
def _in_projection(q, k, v, w_q, w_k, w_v, b_q=None, b_k=None, b_v=None):
    """Queries, keys and values by a matrix each."""
    return o.dense(q, w_q, b_q), o.dense(k, w_k, b_k), o.dense(v, w_v, b_v)


def _in_projection_packed(q, k, v, w, b, k_is_v, q_is_k):
    """Queries, keys and values by the three parts of one matrix."""
    if k_is_v and q_is_k:
        return o.split(o.dense(q, w, b), q.shape[-1], -1)
    biases = (None,) * 3 if b is None else o.chunk(b, 3)
    return tuple(o.dense(x, part, bias) for x, part, bias in zip((q, k, v), o.chunk(w, 3), biases, strict=True))


__all__ = [
    "_save_graph", "FileSystem", "_register_basic_file_system", "_register_mindio_file_system",
    "AMP_BLACK_LIST", "AMP_WHITE_LIST", "_checkpoint_cb_for_save_op", "_CallbackManager", "_InternalCallbackParam", "_add_loss_network", "_config_level",
    "_device_number_check", "_do_keep_batchnorm_fp32", "_get_parameter_broadcast", "_get_summary_tensor_data", "_in_projection", "_in_projection_packed",
    "_make_directory", "check_value_type", "_save_final_ckpt", "_set_cur_net", "_set_training_dataset", "_transfer_tensor_to_tuple", "set_cur_net", "twice",
    "Registry", "_activation", "_deconv_output_length", "_check_input_3d", "_check_input_4d", "_check_input_dtype", "_check_is_tensor", "_get_activation_fn",
    "_grad_overflow", "_grad_scale", "_grad_scale_map", "_grad_unscale_map", "_gru_cell", "_handle_loss", "_lstm_cell", "_rnn_relu_cell", "_rnn_tanh_cell", "get_hidden",
    "_auto_black_list", "_auto_mixed_precision_rewrite", "_function_forbid_reuse", "_load_dismatch_prefix_params", "_update_param", "cells_compile_cache", "_StepSync", "_get_graph_seed", "_get_mode", "select_by_mask", "sequence_mask", "tensor_grad_scale", "tensor_operator_registry", "tensor_operator_registry_for_mint",
    "type_size_in_bytes",
]  # fmt: skip
