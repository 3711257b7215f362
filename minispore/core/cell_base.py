"""What the transforms know of a Cell; the class itself is ``nn.Cell``."""


class CellBase:
    """The base of ``nn.Cell``: it lets ``jit``, ``grad`` and ``vmap`` tell cells from other callables."""

    is_list_of_cells = False  # a CellList: vmap takes its members for an ensemble
    always_compiled = False  # by ``jit``: compiled in PYNATIVE mode too

    def trainable_params(self, recurse=True) -> list:
        """The Parameters that an optimizer changes."""
        raise NotImplementedError
