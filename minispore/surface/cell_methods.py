"""Methods of Cell that few scripts call."""

import itertools

from ..core import checks
from ..core.dtype import DType, to_dtype
from ..core.errors import fail
from ..core.parameter import Parameter
from ..core.tensor import Tensor
from ..nn.cell import Cell
from ..nn.state_dict import LOAD_POST_HOOKS, LOAD_PRE_HOOKS, POST_HOOKS, PRE_HOOKS
from .accepted import JitConfig

_numbers = itertools.count()


def update_cell_prefix(self) -> None:
    """Sets ``param_prefix`` of the cells below this one to their attribute paths.

    >>> from minispore import nn
    >>> net = nn.SequentialCell(nn.Dense(2, 2))
    >>> net.update_cell_prefix()
    >>> net[0].param_prefix
    '0'
    """
    for path, cell in self.cells_and_names():
        cell.__dict__["_param_prefix"] = path


def set_jit_config(self, jit_config) -> None:
    """Accepted and without effect: how MindSpore is to compile the Cell.

    Args:
        jit_config: JitConfig.

    Raises:
        TypeError: another type.

    >>> import minispore as ms
    >>> ms.nn.ReLU().set_jit_config(ms.JitConfig())
    """
    checks.instance("Cell.set_jit_config", JitConfig, jit_config=jit_config)


def set_data_parallel(self) -> None:
    """Accepted and without effect: there is one device.

    >>> import minispore as ms
    >>> ms.nn.ReLU().set_data_parallel()
    """


def to(self, *args, device=None, dtype=None, non_blocking=False):
    """Has the Parameters of this cell and all below it converted to another float type.

    Args:
        *args: the device "CPU", the type, or both, in this order; or a Tensor, whose type is taken.
        device: "CPU" or None: there is one device.  Default: None.
        dtype: a float or complex type.  Default: None, for the types that are there.
        non_blocking: ignored.  Default: False.

    Returns:
        the Cell itself.

    Raises:
        TypeError: arguments of other types, or a type that is none of floats.
        ValueError: another device.

    >>> import minispore as ms
    >>> ms.nn.Dense(2, 2).to(ms.float16).weight.dtype
    mindspore.float16
    """
    for given in args:
        if isinstance(given, str):
            device = given
        elif isinstance(given, (DType, Tensor)):
            dtype = given.dtype if isinstance(given, Tensor) else given
        elif given is not None and not isinstance(given, bool):
            raise fail(TypeError, f"For 'Cell.to', a device or a type is needed, but got {type(given).__name__}.")
    if device is not None and str(device).lower() != "cpu":
        raise fail(ValueError, f"For 'Cell.to', there is one device, the CPU, but got {device!r}.")
    if dtype is None:
        return self
    kind = to_dtype(dtype)
    if not kind.is_inexact:
        raise fail(TypeError, f"For 'Cell.to', 'dtype' must be a float or complex type, but got {kind}.")
    for p in self.get_parameters():
        if p.dtype.is_inexact:
            p.set_dtype(kind)
    return self


class _Handle:
    """What ``register_state_dict_pre_hook`` returns; ``remove()`` takes the hook away."""

    def __init__(self, hooks: dict, number: int):
        self._hooks, self._number = hooks, number

    def remove(self) -> None:
        """Takes the hook away; a second call changes nothing."""
        self._hooks.pop(self._number, None)


def _registered(cell, kind: str, hook) -> _Handle:
    if not callable(hook):
        raise fail(TypeError, f"A hook must be a function, but got {type(hook).__name__}.")
    hooks = cell.__dict__.setdefault(kind, {})
    hooks[number := next(_numbers)] = hook
    return _Handle(hooks, number)


def register_state_dict_pre_hook(self, hook) -> _Handle:
    """Has ``hook(cell, prefix, keep_vars)`` run before ``state_dict`` gathers what this cell has.

    Args:
        hook: function.

    Returns:
        a handle, whose ``remove()`` takes the hook away.

    Raises:
        TypeError: ``hook`` is no function.

    >>> import minispore as ms
    >>> net = ms.nn.ReLU()
    >>> handle = net.register_state_dict_pre_hook(lambda cell, prefix, keep_vars: print("before"))
    >>> _ = net.state_dict()
    before
    >>> handle.remove()
    """
    return _registered(self, PRE_HOOKS, hook)


def register_state_dict_post_hook(self, hook) -> _Handle:
    """Has ``hook(cell, state_dict, prefix, local_metadata)`` run on what ``state_dict`` has gathered, which it may change.

    Args:
        hook: function.

    Returns:
        a handle, whose ``remove()`` takes the hook away.

    Raises:
        TypeError: ``hook`` is no function.

    >>> import minispore as ms
    >>> net = ms.nn.Dense(1, 1)
    >>> handle = net.register_state_dict_post_hook(lambda cell, state, prefix, metadata: state.pop("bias") and None)
    >>> list(net.state_dict())
    ['weight']
    """
    return _registered(self, POST_HOOKS, hook)


def register_load_state_dict_pre_hook(self, hook) -> _Handle:
    """Has a hook run before ``load_state_dict`` looks at the dict, a copy of which it may change.

    Args:
        hook: function ``hook(cell, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)``; what it adds
            to ``error_msgs`` is an error.

    Returns:
        a handle, whose ``remove()`` takes the hook away.

    Raises:
        TypeError: ``hook`` is no function.

    >>> import minispore as ms
    >>> net = ms.nn.Dense(1, 1, has_bias=False)
    >>> handle = net.register_load_state_dict_pre_hook(lambda cell, state, *others: state.pop("old"))
    >>> net.load_state_dict({"weight": ms.Tensor([[2.0]]), "old": 3})
    <All keys matched successfully>
    """
    return _registered(self, LOAD_PRE_HOOKS, hook)


def register_load_state_dict_post_hook(self, hook) -> _Handle:
    """Has ``hook(cell, incompatible_keys)`` run before ``load_state_dict`` judges the names, whose lists it may change.

    Args:
        hook: function.

    Returns:
        a handle, whose ``remove()`` takes the hook away.

    Raises:
        TypeError: ``hook`` is no function.

    >>> import minispore as ms
    >>> net = ms.nn.Dense(1, 1)
    >>> handle = net.register_load_state_dict_post_hook(lambda cell, keys: keys.missing_keys.clear())
    >>> net.load_state_dict({"weight": ms.Tensor([[2.0]])})
    <All keys matched successfully>
    """
    return _registered(self, LOAD_POST_HOOKS, hook)


def register_parameter_forward_hook(self, hook) -> None:
    """Has compiled code read, in place of Parameters of this cell and those below it, what a function gives for them.

    Args:
        hook: function of a Parameter, for all of them; or a list of dicts, each with "params", a list of Parameters, and "hook", the
            function for these.

    Raises:
        TypeError: a function or a Parameter is something else.
        ValueError: a dict has other keys.

    >>> import minispore as ms
    >>> net = ms.nn.Dense(1, 1, weight_init="ones", has_bias=False)
    >>> net.register_parameter_forward_hook(lambda weight: weight * 10)
    >>> ms.set_context(mode=ms.GRAPH_MODE)
    >>> print(net(ms.Tensor([[2.0]])))
    [[20.]]
    """
    groups = hook if isinstance(hook, list) else [{"params": list(self.get_parameters()), "hook": hook}]
    hooks = {}
    for group in groups:
        if not isinstance(group, dict) or set(group) != {"params", "hook"}:
            raise fail(
                ValueError,
                f"For 'register_parameter_forward_hook', each dict needs 'params' and 'hook', but got {group!r}.",
            )
        if not callable(group["hook"]):
            raise fail(TypeError, f"A hook must be a function, but got {type(group['hook']).__name__}.")
        for p in group["params"]:
            checks.instance("register_parameter_forward_hook", Parameter, params=p)
            hooks[id(p)] = group["hook"]
    for _, cell in self.cells_and_names():
        found = {name: hooks[id(p)] for name, p in cell._params.items() if id(p) in hooks}
        if found:
            cell.__dict__.setdefault("_parameter_hooks", {}).update(found)
            cell._invalidate()


def compile_and_run(self, *args, **kwargs):
    """Calls the cell.

    Args:
        *args: its arguments.
        **kwargs: those by name.

    Returns:
        its result.

    >>> import minispore as ms
    >>> print(ms.nn.ReLU().compile_and_run(ms.Tensor([-1.0])))
    [0.]
    """
    return self(*args, **kwargs)


def run_construct(self, cast_inputs, kwargs):
    """Calls the cell.

    Args:
        cast_inputs: tuple of its arguments.
        kwargs: dict of those by name.

    Returns:
        its result.

    >>> import minispore as ms
    >>> print(ms.nn.ReLU().run_construct((ms.Tensor([-1.0]),), {}))
    [0.]
    """
    return self(*cast_inputs, **kwargs)


def get_scope(self) -> str | None:
    """ "recompute_" for a cell of which ``recompute()`` was called, else None: cells have no scope before they are compiled.

    >>> import minispore as ms
    >>> ms.nn.ReLU().get_scope()
    """
    return "recompute_" if self._recompute else None


def update_cell_type(self, cell_type) -> None:
    """Sets the attribute ``cell_type``, which nothing here reads.

    Args:
        cell_type: str.

    >>> import minispore as ms
    >>> net = ms.nn.ReLU()
    >>> net.update_cell_type("second-order")
    >>> net.cell_type
    'second-order'
    """
    self.__dict__["cell_type"] = cell_type


def set_broadcast_flag(self, mode=True):
    """Sets the flag ``broadcast_flag``, which nothing here reads.

    Args:
        mode: bool.  Default: True.

    Returns:
        the Cell itself.

    >>> import minispore as ms
    >>> ms.nn.ReLU().set_broadcast_flag().get_flags()
    {'broadcast_flag': True}
    """
    return self.add_flags_recursive(broadcast_flag=mode)


def cast_inputs(self, inputs, dst_type) -> None:
    """Accepted and without effect, as in MindSpore.

    Args:
        inputs: ignored.
        dst_type: ignored.

    >>> import minispore as ms
    >>> ms.nn.ReLU().cast_inputs((), ms.float16)
    """


def remove_redundant_parameters(self) -> None:
    """Accepted and without effect, as in MindSpore.

    >>> import minispore as ms
    >>> ms.nn.ReLU().remove_redundant_parameters()
    """


for _method in (
    update_cell_prefix, set_jit_config, set_data_parallel, to, register_state_dict_pre_hook, register_state_dict_post_hook,
    register_load_state_dict_pre_hook, register_load_state_dict_post_hook, register_parameter_forward_hook, compile_and_run, run_construct,
    get_scope, update_cell_type, set_broadcast_flag, cast_inputs, remove_redundant_parameters,
):  # fmt: skip
    setattr(Cell, _method.__name__, _method)
Cell.cell_type = None  # type: ignore[attr-defined]
Cell.exist_names = property(lambda self: self.__dict__.setdefault("_exist_names", set()))  # type: ignore[attr-defined]
