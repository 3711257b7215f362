"""Weights of a PyTorch model for a Cell of the same structure.

A Parameter's name in PyTorch is its attribute path in the Cell, with the last part renamed:

| minispore          | PyTorch        | layers                                    |
|--------------------|----------------|-------------------------------------------|
| `gamma`            | `weight`       | BatchNorm, LayerNorm, GroupNorm, ...      |
| `beta`             | `bias`         | the same                                  |
| `moving_mean`      | `running_mean` | BatchNorm                                 |
| `moving_variance`  | `running_var`  | BatchNorm                                 |
| `embedding_table`  | `weight`       | Embedding                                 |
| `w`                | `weight`       | PReLU                                     |
| `dense1`, `dense2` | `linear1`, `linear2` | TransformerEncoderLayer, TransformerDecoderLayer |

Where the state has the path itself and not the renamed one, the path is used.  All other names are equal (``weight`` and ``bias``
of Dense and Conv2d, ``weight_ih_l0`` of LSTM, ``in_proj_weight`` of MultiheadAttention), and so are the layouts, except that
kernels of Conv1d have one more axis, of length 1, here.
"""

import os

import numpy as np

from ...core.errors import fail
from ...core.op import wrap
from ...nn.cell import Cell
from .files import read_file

RENAMED = {
    "gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var",
    "embedding_table": "weight", "w": "weight",
}  # fmt: skip
CHILDREN = {"dense1": "linear1", "dense2": "linear2"}
TRANSFORMER_LAYERS = ("TransformerEncoderLayer", "TransformerDecoderLayer")


def torch_name_map(net: Cell) -> dict[str, str]:
    """The names of a net's Parameters in the PyTorch model of the same structure.

    Args:
        net: Cell.

    Returns:
        dict, name of each Parameter -> its name in PyTorch.

    >>> from minispore import nn
    >>> torch_name_map(nn.SequentialCell(nn.Dense(2, 2), nn.BatchNorm1d(2)))["1.moving_variance"]
    '1.running_var'
    """
    return {p.name: name for p, _, name in _paths(net)}


def _paths(net: Cell):
    """(Parameter, its path, its path in PyTorch)."""
    cells = {"": ""}  # {path of a cell: its path in PyTorch, ending in a dot}
    for path, cell in net.cells_and_names():
        renamed = CHILDREN if type(cell).__name__ in TRANSFORMER_LAYERS else {}
        for name in cell.name_cells():
            cells[f"{path}.{name}." if path else f"{name}."] = (
                cells[path and path + "."] + renamed.get(name, name) + "."
            )
    for path, p in net.parameters_and_names():
        before, dot, last = path.rpartition(".")
        yield p, path, cells.get(before + dot, before + dot) + RENAMED.get(last, last)


def load_torch_state(net: Cell, state, name_map: dict[str, str] | None = None) -> list[str]:
    """Gives a net the weights of a PyTorch model.

    Args:
        net: Cell.
        state: path of a ``.safetensors`` file, or dict name -> array or torch.Tensor (``model.state_dict()``).
        name_map: dict, name in ``net`` -> name in PyTorch, where ``torch_name_map`` does not say it.  Default: None.

    Returns:
        list of the names of ``state`` that were not used (``num_batches_tracked`` has no counterpart).

    Raises:
        KeyError: Parameters are not in ``state``.
        RuntimeError: a shape does not fit.  In both cases the net stays as it was.
        ValueError: the file is not safetensors.

    >>> from minispore import nn
    >>> net = nn.PReLU()
    >>> load_torch_state(net, {"weight": np.array([0.5], np.float32)})
    []
    >>> print(net.w.asnumpy())
    [0.5]
    """
    if isinstance(state, (str, os.PathLike)):
        state, _ = read_file(os.fspath(state))
    params = [p for _, p in net.parameters_and_names()]
    names = {p.name: path if path in state and name not in state else name for p, path, name in _paths(net)}
    names |= name_map or {}
    missing = [f"{p.name} ({names[p.name]})" for p in params if names[p.name] not in state]
    if missing:
        raise fail(
            KeyError,
            f"For 'load_torch_state', {len(missing)} Parameters are not in the state: {', '.join(missing[:10])}. Give their "
            "PyTorch names in 'name_map'. The net was not changed.",
        )
    new = [(p, _shaped(p, state[names[p.name]])) for p in params]
    for p, array in new:
        p.set_data(wrap(array))
    used = set(names.values())
    return [name for name in state if name not in used and not name.endswith("num_batches_tracked")]


def _shaped(p, data) -> np.ndarray:
    if hasattr(data, "detach"):  # a torch.Tensor
        data = data.detach().cpu().numpy()
    array = np.asarray(data)
    if array.shape != p.shape and [d for d in array.shape if d != 1] != [d for d in p.shape if d != 1]:
        raise fail(
            RuntimeError,
            f"For 'load_torch_state', '{p.name}' has the shape {p.shape} in the net, but {array.shape} in the state. "
            "The net was not changed.",
        )
    return array.reshape(p.shape).astype(p.dtype.np)
