"""Random state: a seed and a counter.  Every draw is a pure function of (seed, counter, position).

The counter is a Parameter: a compiled step reads it and stores the advanced value, like any update.  So one seed gives the same
numbers in both modes and for any number of threads, and each call of a compiled step draws other numbers.
"""

from typing import Any

import numpy as np

from .errors import fail
from .parameter import Parameter
from .tensor import Tensor

SEED = Parameter(Tensor(np.array(0, np.int64)), name="random_seed", requires_grad=False)
COUNTER = Parameter(Tensor(np.array(0, np.int64)), name="random_counter", requires_grad=False)
GIVEN = Parameter(Tensor(np.array(0, np.int64)), name="random_given", requires_grad=False)  # by set_seed, else 0
_user_seed: int | None = None
_weights_by_numpy = True  # until set_seed, or until ranks agree on a seed: np.random.seed settles initial values


def set_seed(seed: int) -> None:
    """Seeds initial values, dropout, random ops, and NumPy's global generator.

    Args:
        seed: int from 0.

    Raises:
        TypeError: ``seed`` is not an int.
        ValueError: it is negative.

    >>> import minispore as ms
    >>> ms.set_seed(1)
    >>> a = ms.ops.rand(3)
    >>> ms.set_seed(1)
    >>> bool((a == ms.ops.rand(3)).all())
    True
    """
    global _user_seed, _weights_by_numpy
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise fail(TypeError, f"For 'set_seed', 'seed' must be an int, but got {type(seed).__name__}.")
    if seed < 0:
        raise fail(ValueError, f"For 'set_seed', 'seed' must not be negative, but got {seed}.")
    _user_seed, _weights_by_numpy = int(seed), False
    SEED._data[...] = GIVEN._data[...] = seed
    COUNTER._data[...] = 0
    np.random.seed(int(seed) % 2**32)


def get_seed() -> int | None:
    """The seed given to ``set_seed``.

    Returns:
        int, or None.

    >>> import minispore as ms
    >>> ms.set_seed(7)
    >>> ms.get_seed()
    7
    """
    return _user_seed


def get_rng_state() -> Tensor:
    """The state of all that ``set_seed`` seeds (our draws and NumPy's global generator), for checkpoints.

    Returns:
        Tensor of shape (629,), int64.

    >>> import minispore as ms
    >>> ms.get_rng_state().shape
    (629,)
    """
    _seed_before_first_draw()
    _, key, position, has_spare, spare = np.random.get_state(legacy=True)
    ours = [int(SEED._data), int(COUNTER._data), position, int(has_spare) + 2 * _weights_by_numpy]
    return Tensor(np.concatenate([ours, np.array([spare]).view(np.int64), key]).astype(np.int64))


def set_rng_state(state: Tensor) -> None:
    """Restores a state that ``get_rng_state`` returned: the same draws follow again.

    Args:
        state: Tensor of shape (629,), int64.

    Raises:
        ValueError: it is not such a state.

    >>> import minispore as ms
    >>> state = ms.get_rng_state()
    >>> a = ms.ops.rand(3)
    >>> ms.set_rng_state(state)
    >>> bool((a == ms.ops.rand(3)).all())
    True
    """
    global _user_seed, _weights_by_numpy
    if not isinstance(state, Tensor) or state.shape != (629,) or state.dtype.name != "int64":
        raise fail(ValueError, "For 'set_rng_state', 'state' must be what get_rng_state returned.")
    seed, counter, position, flags, spare, *key = state.asnumpy()
    np.random.set_state(
        ("MT19937", np.array(key, np.uint32), int(position), int(flags) & 1, float(spare.view(np.float64)))
    )
    _user_seed, _weights_by_numpy = int(seed), bool(flags & 2)
    SEED._data[...] = GIVEN._data[...] = seed
    COUNTER._data[...] = counter


def share_seed(agreed) -> None:
    """Without ``set_seed``, takes over the seed of rank 0.

    Args:
        agreed: ``agreed(value)`` is rank 0's value, on all ranks.

    >>> from minispore.core.random import share_seed
    >>> share_seed(lambda value: value)
    """
    global _weights_by_numpy
    _seed_before_first_draw()
    by_user, seed, counter = agreed((_user_seed is not None, int(SEED._data), int(COUNTER._data)))
    if _user_seed is None and not by_user:
        SEED._data[...], COUNTER._data[...] = seed, counter
        _weights_by_numpy = False


def _seed_before_first_draw() -> None:
    """Without ``set_seed``, the seed is drawn from the operating system when it is first needed."""
    if _user_seed is None and int(COUNTER._data) == 0:
        entropy: Any = np.random.SeedSequence().entropy
        SEED._data[...] = entropy % 2**62
        COUNTER._data[...] = 1


def host_generator() -> np.random.Generator:
    """A NumPy generator for initial values; each call gives an independent one that follows from the seed.

    Without ``set_seed`` the seed of each is a draw from NumPy's global generator, as in MindSpore: ``np.random.seed``
    makes initial values repeatable.

    Returns:
        numpy.random.Generator.

    >>> from minispore import set_seed
    >>> from minispore.core.random import host_generator
    >>> set_seed(1)
    >>> host_generator().random() == host_generator().random()
    False
    """
    _seed_before_first_draw()
    key: tuple[int, ...] = (int(SEED._data), int(COUNTER._data))
    COUNTER._data[...] += 1
    if _weights_by_numpy:
        key = (int(np.random.randint(1, 1 << 63, dtype=np.int64)),)
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(key)))
