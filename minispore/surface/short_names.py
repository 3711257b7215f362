"""Names at the top of MindSpore that ask for generators or devices, and types of numbers of few bits."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from ..core import checks
from ..core.dtype import int64
from ..core.parameter import Parameter
from ..core.random import get_rng_state, get_seed, set_rng_state, set_seed
from ..core.tensor import Tensor
from ..ops.concatenation import stack
from ..ops.effects import assign
from .accepted import manual_seed  # noqa: F401  MindSpore has it here

QuantDtype = IntEnum(  # type: ignore[misc]
    "QuantDtype", {f"{kind}{n}": base + n - 1 for kind, base in (("INT", 0), ("UINT", 100)) for n in range(1, 17)}
)
QuantDtype.__doc__ = "Types of numbers of few bits, as arguments; nothing here computes with them."


class Generator:
    """Accepted: a seed and a position, which can be read, set and stepped.  Draws follow the seed of the program (``set_seed``).

    >>> import minispore as ms
    >>> generator = ms.Generator()
    >>> generator.manual_seed(5).initial_seed()
    5
    """

    def __init__(self):
        self._seed = Parameter(Tensor(0, int64), name="seed", requires_grad=False)
        self._offset = Parameter(Tensor(0, int64), name="offset", requires_grad=False)

    def manual_seed(self, seed):
        """Sets the seed."""
        checks.integer("Generator.manual_seed", seed=seed)
        return self.set_state(Tensor(np.array([seed, 0], np.int64)))

    def seed(self):
        """Sets a random seed, and returns it."""
        return self.manual_seed(np.random.SeedSequence().generate_state(1)[0].item()).initial_seed()

    def initial_seed(self):
        """The seed."""
        return int(self._seed)

    def get_state(self) -> Tensor:
        """The seed and the position."""
        return stack((self._seed, self._offset))

    def set_state(self, state):
        """Sets what ``get_state`` gave."""
        checks.tensor("Generator.set_state", state=state)
        assign(self._seed, state[0])
        assign(self._offset, state[1])
        return self

    def _step(self, step) -> tuple[Tensor, Tensor]:
        """(the seed, the position), which then moves on by ``step``."""
        at = self._offset + 0
        assign(self._offset, at + step)
        return self._seed + 0, at


class _OfTheProgram(Generator):
    """The generator of the program: its state is that of ``get_rng_state``."""

    def get_state(self) -> Tensor:
        """``get_rng_state``."""
        return get_rng_state()

    def set_state(self, state):
        """``set_rng_state``."""
        set_rng_state(state)
        return self

    def initial_seed(self):
        """The seed of the program."""
        return get_seed()

    def manual_seed(self, seed):
        """``set_seed``."""
        set_seed(seed)
        return self

    def _step(self, step):
        state = get_rng_state().asnumpy()
        seed, at = state[:2].tolist()
        state[1] += int(step)
        set_rng_state(Tensor(state))
        return Tensor(seed, int64), Tensor(at, int64)


default_generator = _OfTheProgram()


def seed():
    """Seeds the program with a random number, and returns it."""
    set_seed(drawn := Generator().seed())
    return drawn


def initial_seed():
    """The seed of the program."""
    return get_seed()


class Device(NamedTuple):
    """A device and its number."""

    device_target: str
    device_id: int

    def __repr__(self) -> str:
        return repr(tuple(self))


def get_current_device() -> Device:
    """The device and its number.

    >>> import minispore as ms
    >>> ms.get_current_device().device_target
    'CPU'
    """
    return Device("CPU", 0)


def set_recursion_limit(recursion_limit=1000) -> None:
    """Accepted and without effect: how deep calls of MindSpore's compiler may go.

    Args:
        recursion_limit: int above 0.  Default: 1000.

    Raises:
        TypeError: it is no int.
        ValueError: it is not positive.
    """
    checks.positive_int("set_recursion_limit", recursion_limit=recursion_limit)


def no_inline(fn=None):
    """Accepted: the function itself, which may stand in a graph by itself or within.

    Args:
        fn: function.  Default: None, for a decorator with parentheses.

    Returns:
        the function.
    """
    return fn if fn is not None else no_inline
