"""Buffers of a Cell: Tensors that belong to its state and are no Parameters."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.errors import fail
from ..core.tensor import Tensor
from .cell_members import CellMembers


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
        self._buffers[name] = tensor, persistent
        self._invalidate()

    def named_buffers(self, name_prefix="", recurse=True) -> Iterator[tuple[str, Tensor]]:
        """Buffers with their attribute paths, each once.

        Args:
            name_prefix: str before each path.  Default: "".
            recurse: bool, whether those of child cells are among them.  Default: True.

        Yields:
            tuple (str, Tensor).
        """
        return ((path, tensor) for path, tensor, _ in self._all_buffers(name_prefix, recurse))

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

    def _all_buffers(self, prefix="", recurse=True) -> Iterator[tuple[str, Tensor, bool]]:
        seen: set[int] = set()
        for path, cell in self._cells_and_names(prefix, set()) if recurse else [(prefix, self)]:
            for name, (tensor, persistent) in cell._buffers.items():
                if tensor is not None and id(tensor) not in seen:
                    seen.add(id(tensor))
                    yield f"{path}.{name}" if path else name, tensor, persistent
