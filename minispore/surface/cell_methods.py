"""Methods of Cell that few scripts call."""

import itertools

from ..core import checks
from ..core.dtype import DType, to_dtype
from ..core.errors import fail
from ..core.tensor import Tensor
from ..nn.cell import Cell
from ..nn.state_dict import PRE_HOOKS
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
    if not callable(hook):
        raise fail(TypeError, f"A hook must be a function, but got {type(hook).__name__}.")
    hooks = self.__dict__.setdefault(PRE_HOOKS, {})
    hooks[number := next(_numbers)] = hook
    return _Handle(hooks, number)


for _method in (update_cell_prefix, set_jit_config, set_data_parallel, to, register_state_dict_pre_hook):
    setattr(Cell, _method.__name__, _method)
