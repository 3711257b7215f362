"""``Cell.state_dict`` and ``Cell.load_state_dict``: Parameters by attribute path."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..core.errors import fail
from ..core.tensor import Tensor
from ..ops.effects import assign

EXTRA = "_extra_state"
PRE_HOOKS = "_state_dict_pre_hooks"
POST_HOOKS = "_state_dict_post_hooks"
LOAD_PRE_HOOKS = "_load_state_dict_pre_hooks"
LOAD_POST_HOOKS = "_load_state_dict_post_hooks"


class IncompatibleKeys(NamedTuple):
    """What ``Cell.load_state_dict`` returns.

    Attributes:
        missing_keys: list of names of the Cell that the dict has not.
        unexpected_keys: list of names of the dict that the Cell has not.

    >>> IncompatibleKeys([], [])
    <All keys matched successfully>
    """

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"_IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


def extra_owners(cell, base) -> list[tuple[str, Any]]:
    """The cells below ``cell``, it included, that define ``get_extra_state``.

    Args:
        cell: Cell.
        base: the class ``Cell``.

    Returns:
        list of (name of the extra state, Cell).
    """
    return [
        (f"{path}.{EXTRA}" if path else EXTRA, c)
        for path, c in cell.cells_and_names()
        if type(c).get_extra_state is not base.get_extra_state
    ]


def collect(cell, base, destination, prefix: str, keep_vars=False):
    """Fills a dict with Parameters, buffers and extra states: ``Cell.state_dict``.

    Args:
        cell: Cell.
        base: the class ``Cell``.
        destination: dict; None for a new OrderedDict.
        prefix: str before each name.
        keep_vars: bool, for hooks.  Default: False.

    Returns:
        dict from names to Parameters and states.
    """
    destination = OrderedDict() if destination is None else destination
    for path, c in list(cell.cells_and_names()):
        for hook in list(c.__dict__.get(PRE_HOOKS, {}).values()):
            hook(c, f"{prefix}{path}." if path else prefix, keep_vars)
    for name, owner in extra_owners(cell, base):
        destination[prefix + name] = owner.get_extra_state()
    members: list[tuple[str, Any]] = list(cell.parameters_and_names())
    buffers = [(name, tensor) for name, tensor, persistent in cell._all_buffers(once=False) if persistent]
    if buffers:  # those of a cell follow its own Parameters, before those of its children
        places = {path: place for place, (path, _) in enumerate(cell.cells_and_names())}
        members = sorted(members + buffers, key=lambda member: places.get(member[0].rpartition(".")[0], 0))
    destination.update((prefix + name, tensor) for name, tensor in members)
    for c, path, hook in _hooks(cell, POST_HOOKS, prefix):
        hook(c, destination, path, {})
    return destination


def _hooks(cell, kind: str, prefix=""):
    """(the Cell, its path with a dot, the hook) of all hooks of a kind below ``cell``, the inner ones first."""
    cells = [(c, f"{prefix}{path}." if path else prefix) for path, c in cell.cells_and_names()]
    return [(c, path, hook) for c, path in reversed(cells) for hook in list(c.__dict__.get(kind, {}).values())]


def load(cell, base, state, strict: bool) -> IncompatibleKeys:
    """Sets all values of a dict that belong to ``cell``, or none and raises: ``Cell.load_state_dict``.

    Args:
        cell: Cell.
        base: the class ``Cell``.
        state: dict from names to Tensors and states.
        strict: bool, whether names must match.

    Returns:
        IncompatibleKeys.

    Raises:
        TypeError: ``state`` is not a dict.
        RuntimeError: a value is no Tensor or of another shape; with ``strict``, names do not match.
    """
    if not isinstance(state, Mapping):
        raise fail(TypeError, f"For 'load_state_dict', 'state_dict' must be a dict, but got {type(state).__name__}.")
    before = _hooks(cell, LOAD_PRE_HOOKS)
    state = dict(state) if before else state
    problems: list[str] = []
    for c, path, hook in before:
        hook(c, state, path, {}, strict, [], [], problems)
    params, extras = dict(cell.parameters_and_names()), dict(extra_owners(cell, base))
    params.update((name, tensor) for name, tensor, persistent in cell._all_buffers(once=False) if persistent)
    missing = [name for name in (*extras, *params) if name not in state]
    unexpected = [name for name in state if name not in params and name not in extras]
    for name in params:
        data = state.get(name, params[name])
        if not isinstance(data, Tensor):
            problems.append(f"'{name}' must be a Tensor, but is {type(data).__name__}")
        elif data.shape != params[name].shape:
            problems.append(f"'{name}' has the shape {params[name].shape} in the Cell, but {data.shape} in the dict")
    keys = IncompatibleKeys(missing, unexpected)
    for c, _, hook in _hooks(cell, LOAD_POST_HOOKS):
        hook(c, keys)
    if strict and missing:
        problems.append(f"the dict has no {', '.join(missing)}")
    if strict and unexpected:
        problems.append(f"the Cell has no {', '.join(unexpected)}")
    if problems:
        raise fail(
            RuntimeError,
            f"For 'load_state_dict' of '{type(cell).__name__}', nothing was loaded: {'; '.join(problems)}.",
        )
    for name, p in params.items():
        if name in state:
            assign(p, state[name])
    for name, owner in extras.items():
        if name in state:
            owner.set_extra_state(state[name])
    return keys
