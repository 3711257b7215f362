"""What the transforms know of a Cell; the class itself is ``nn.Cell``."""


class CellBase:
    """The base of ``nn.Cell``: it lets ``jit``, ``grad`` and ``vmap`` tell cells from other callables."""

    is_list_of_cells = False  # a CellList: vmap takes its members for an ensemble
    always_compiled = False  # by ``jit``: compiled in PYNATIVE mode too
    is_piece = False  # a part of the library that is compiled in PYNATIVE mode too, unless pynative_compile is off

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        own = cls.__module__.partition(".")[0] == __package__.partition(".")[0]
        if cls.is_piece and not own and "construct" in vars(cls):
            cls.is_piece = False  # what a user writes runs op by op in PYNATIVE mode

    def trainable_params(self, recurse=True) -> list:
        """The Parameters that an optimizer changes."""
        raise NotImplementedError
