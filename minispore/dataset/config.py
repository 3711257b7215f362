"""Settings of the data pipeline: seed, number of workers, prefetching."""

import os

from ..core import checks, random as _random
from ..core.errors import fail

_MAX_INT32 = 2**31 - 1
_seed: tuple[int, int | None] | None = None  # (seed given here, seed of mindspore.set_seed at that time)
_values = {
    "num_parallel_workers": min(8, os.cpu_count() or 1),
    "prefetch_size": 16,
    "monitor_sampling_interval": 1000,
    "callback_timeout": 60,
    "multiprocessing_timeout_interval": 300,
    "autotune_interval": 0,
    "auto_num_workers": False,
    "enable_shared_mem": True,
    "enable_autotune": False,
    "enable_watchdog": True,
    "fast_recovery": True,
    "numa_enable": False,
    "debug_mode": False,
    "auto_offload": False,
    "dynamic_shape": False,
}


def set_seed(seed: int) -> None:
    """Makes shuffling and random transforms repeatable.

    The order of epoch e is a function of (seed, e) alone, and the random choices for a row are a function of
    (seed, e, position of the row, operation): neither depends on the number of workers, nor on what was read before.
    ``mindspore.set_seed`` does the same; the later of the two calls counts. The numbers are not MindSpore's.

    Args:
        seed: int in [0, 2**32 - 1].

    Raises:
        TypeError: ``seed`` is not an int.
        ValueError: it is out of range.

    >>> import minispore.dataset as ds
    >>> ds.config.set_seed(3)
    >>> ds.config.get_seed()
    3
    """
    global _seed
    checks.integer("set_seed", seed=seed)
    if not 0 <= seed < 2**32:
        raise fail(ValueError, f"For 'set_seed', 'seed' must be in [0, {2**32 - 1}], but got {seed}.")
    _seed = seed, _random.get_seed()


def given_seed() -> int | None:
    """The seed the user has set here or with ``mindspore.set_seed``, whichever was later; or None."""
    general = _random.get_seed()
    if _seed is not None and _seed[1] == general:
        return _seed[0]
    return general


def get_seed() -> int:
    """The seed in use; 5489, as in MindSpore, stands for none: every iterator then shuffles differently.

    Returns:
        int.

    >>> import minispore.dataset as ds
    >>> ds.config.set_seed(7)
    >>> ds.config.get_seed()
    7
    """
    seed = given_seed()
    return 5489 if seed is None else seed


def _positive(name: str, value: int) -> None:
    _values[name] = checks.within(f"set_{name}", f"(0, {_MAX_INT32}]", value=checks.integer(f"set_{name}", value=value))


def set_num_parallel_workers(num: int) -> None:
    """Sets the number of threads of a pipeline whose nodes do not ask for more.

    Args:
        num: int above 0.

    Raises:
        TypeError: it is not an int.
        ValueError: it is out of range.

    >>> import minispore.dataset as ds
    >>> before = ds.config.get_num_parallel_workers()
    >>> ds.config.set_num_parallel_workers(2)
    >>> ds.config.get_num_parallel_workers()
    2
    >>> ds.config.set_num_parallel_workers(before)
    """
    _positive("num_parallel_workers", num)


def get_num_parallel_workers() -> int:
    """The default number of threads: the number of processors, at most 8.

    Returns:
        int.

    >>> import minispore.dataset as ds
    >>> ds.config.get_num_parallel_workers() >= 1
    True
    """
    return _values["num_parallel_workers"]


def set_prefetch_size(size: int) -> None:
    """Sets how many rows (or batches) are made ahead of the one being used, at most.

    Args:
        size: int above 0.

    Raises:
        TypeError: it is not an int.
        ValueError: it is not positive.
    """
    _positive("prefetch_size", size)


def get_prefetch_size() -> int:
    """How many rows (or batches) are made ahead, at most.

    Returns:
        int.

    >>> import minispore.dataset as ds
    >>> ds.config.set_prefetch_size(16)
    >>> ds.config.get_prefetch_size()
    16
    """
    return _values["prefetch_size"]


def __getattr__(name: str):
    """Getters and setters of MindSpore's other settings: they are kept and have no effect here."""
    verb, _, setting = name.partition("_")
    if setting in _values and verb == "get":
        return lambda: _values[setting]
    if setting in _values and verb == "set":
        return lambda value, *rest: _values.__setitem__(setting, value)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
