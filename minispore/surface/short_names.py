"""Names at the top of MindSpore that ask for generators or devices, and types of numbers of few bits."""

from enum import IntEnum

import numpy as np

from ..core.random import get_seed, set_seed
from ..core.tensor import Tensor

QuantDtype = IntEnum(  # type: ignore[misc]
    "QuantDtype", {f"{kind}{n}": base + n - 1 for kind, base in (("INT", 0), ("UINT", 100)) for n in range(1, 17)}
)
QuantDtype.__doc__ = "Types of numbers of few bits, as arguments; nothing here computes with them."


class Generator:
    """Accepted: a seed and a position, which can be read and set.  Draws follow the seed of the program (``set_seed``).

    >>> import minispore as ms
    >>> generator = ms.Generator()
    >>> generator.manual_seed(5).initial_seed()
    5
    """

    def __init__(self):
        self._state = [0, 0]

    def manual_seed(self, seed):
        """Sets the seed."""
        self._state = [seed, 0]
        return self

    def seed(self):
        """Sets a random seed, and returns it."""
        return self.manual_seed(np.random.SeedSequence().generate_state(1)[0].item()).initial_seed()

    def initial_seed(self):
        """The seed."""
        return self._state[0]

    def get_state(self) -> Tensor:
        """The seed and the position."""
        return Tensor(np.array(self._state, np.int64))

    def set_state(self, state) -> None:
        """Sets what ``get_state`` gave."""
        self._state = [number.item() for number in state.asnumpy()]


def seed():
    """Seeds the program with a random number, and returns it."""
    set_seed(drawn := Generator().seed())
    return drawn


def initial_seed():
    """The seed of the program."""
    return get_seed()


def get_current_device() -> tuple:
    """The device and its number: ("CPU", 0)."""
    return "CPU", 0
