"""Buffers of a Cell: Tensors that belong to its state and are no Parameters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from ..core.errors import fail
from ..core.parameter import _Buffer  # noqa: F401  a Tensor that is a buffer of the cell that it is assigned to
from ..core.tensor import Tensor
from .cell_members import CellMembers

_numbers = itertools.count()
_registration_hooks: dict[int, Callable] = {}


class _RegistrationHandle:
    """Takes a hook of ``register_cell_buffer_registration_hook`` away."""

    def __init__(self, number: int):
        self.number = number

    def remove(self) -> None:
        """Takes the hook away; a second call changes nothing."""
        _registration_hooks.pop(self.number, None)


def register_cell_buffer_registration_hook(hook):
    """A function that every ``register_buffer`` of every cell calls.

    Args:
        hook: function of the cell, the name and the buffer; what it returns is registered instead, unless it is None.

    Returns:
        an object whose ``remove()`` takes the hook away.

    >>> from minispore import Tensor, nn
    >>> handle = nn.cell.register_cell_buffer_registration_hook(lambda cell, name, buffer: buffer * 2)
    >>> net = nn.ReLU()
    >>> net.register_buffer("mean", Tensor([0.5]))
    >>> handle.remove()
    >>> print(net.mean)
    [1.]
    """
    number = next(_numbers)
    _registration_hooks[number] = hook
    return _RegistrationHandle(number)


class CellBuffers(CellMembers):
    """The methods of ``Cell`` for buffers."""

    def register_buffer(self, name: str, tensor, persistent: bool = True) -> None:
        """Gives the cell a Tensor as part of its state, which no optimizer changes.

        Args:
            name: str, the attribute.
            tensor: Tensor, or None for an absent one.
            persistent: bool, whether it is in ``state_dict``.  Default: True.

        Raises:
            TypeError: the name is not a str, or ``tensor`` neither a Tensor nor None.
            KeyError: the name is empty, has a "." or is an attribute already.

        >>> from minispore import Tensor, nn
        >>> net = nn.ReLU()
        >>> net.register_buffer("mean", Tensor([0.5]))
        >>> list(net.state_dict())
        ['mean']
        """
        if not isinstance(name, str):
            raise fail(TypeError, f"For 'register_buffer', the name must be a str, but got {type(name).__name__}.")
        if not name or "." in name:
            raise fail(KeyError, f"For 'register_buffer', the name must not be empty or contain '.', but got {name!r}.")
        if hasattr(self, name) and name not in self._buffers:
            raise fail(KeyError, f"For 'register_buffer', '{type(self).__name__}' has an attribute '{name}' already.")
        if not isinstance(tensor, Tensor) and tensor is not None:
            raise fail(
                TypeError, f"For 'register_buffer', '{name}' must be a Tensor or None, but got {type(tensor).__name__}."
            )
        for hook in list(_registration_hooks.values()):
            changed = hook(self, name, tensor)
            tensor = tensor if changed is None else changed
        self._buffers[name] = tensor, persistent
        self._invalidate()

    def named_buffers(self, prefix="", recurse=True, remove_duplicate=True) -> Iterator[tuple[str, Tensor]]:
        """Buffers with their attribute paths.

        Args:
            prefix: str before each path.  Default: "".
            recurse: bool, whether those of child cells are among them.  Default: True.
            remove_duplicate: bool, whether a Tensor that has several names comes once.  Default: True.

        Yields:
            tuple (str, Tensor).
        """
        return ((path, tensor) for path, tensor, _ in self._all_buffers(prefix, recurse, remove_duplicate))

    def buffers(self, recurse=True) -> Iterator[Tensor]:
        """The buffers, each once.

        Args:
            recurse: bool, whether those of child cells are among them.  Default: True.

        Yields:
            Tensor.
        """
        return (tensor for _, tensor, _ in self._all_buffers("", recurse))

    def get_buffer(self, target: str) -> Tensor:
        """The buffer at a path.

        Args:
            target: str, such as "block.mean".

        Returns:
            Tensor.

        Raises:
            AttributeError: there is none.
        """
        path, _, name = target.rpartition(".")
        owner = dict(self._cells_and_names("", set())).get(path)
        if owner is None or name not in owner._buffers:
            raise fail(AttributeError, f"For 'get_buffer', '{type(self).__name__}' has no buffer '{target}'.")
        return owner._buffers[name][0]

    def _all_buffers(self, prefix="", recurse=True, once=True) -> Iterator[tuple[str, Tensor, bool]]:
        seen: set[int] = set()
        for path, cell in self._cells_and_names(prefix, set()) if recurse else [(prefix, self)]:
            for name, (tensor, persistent) in cell._buffers.items():
                if tensor is not None and not (once and id(tensor) in seen):
                    seen.add(id(tensor))
                    yield f"{path}.{name}" if path else name, tensor, persistent
