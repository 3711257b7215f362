"""Settings of the data pipeline: seed, number of workers, prefetching."""

import functools
import json
import os
from enum import IntEnum
from typing import Any

from ..core import random as _random
from ..core.errors import fail
from . import checks

_MAX_INT32 = 2**31 - 1
_seed: tuple[int, int | None] | None = None  # (seed given here, seed of mindspore.set_seed at that time)
_values: dict[str, Any] = {
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
    "sending_batches": 0,
    "video_backend": None,
    "multiprocessing_start_method": "fork",
    "error_samples_mode": None,
}
_WORDS = {"video_backend": ("CPU", "Ascend"), "multiprocessing_start_method": ("fork", "spawn")}
_FROM = {"autotune_interval": 0, "sending_batches": -_MAX_INT32 - 1}  # the least of those that may be 0


def _most_workers() -> int:
    """The most threads that can be asked for. MindSpore allows as many as there are processors; scripts that were written
    for a larger machine run here, too."""
    return max(128, os.cpu_count() or 1)


class ErrorSamplesMode(IntEnum):
    """What becomes of rows that a transform cannot do; rows raise here, whichever it is.

    >>> ErrorSamplesMode.RETURN.value
    0
    """

    RETURN = 0
    REPLACE = 1
    SKIP = 2


def load(file: str) -> None:
    """Takes settings from a JSON file, as MindSpore writes them: ``{"numParallelWorkers": 4, "seed": 1, ...}``.

    Args:
        file: str, the path.

    Raises:
        TypeError: it is not a str.
        RuntimeError: the file cannot be read, or is no JSON object, or a value is not allowed.

    >>> import minispore.dataset as ds
    >>> ds.config.load("nothing.json")
    Traceback (most recent call last):
    RuntimeError: For 'load', the file nothing.json cannot be read...
    """
    checks.string("load", file=file)
    try:
        with open(file, encoding="utf-8") as opened:
            given = json.load(opened)
        names = {"".join(word.title() for word in name.split("_")).lower(): name for name in (*_values, "seed")}
        for name, value in given.items():
            known = names.get({"workers": "numparallelworkers"}.get(name.lower(), name.lower()))
            if known is not None:
                set_seed(value) if known == "seed" else _set(known, value)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise fail(RuntimeError, f"For 'load', the file {file} cannot be read: {error}") from None


def _set(name: str, value, *rest) -> None:
    before, owner = _values[name], f"set_{name}"
    if name == "enable_autotune" and rest and rest[0] is not None and not checks.string(owner, filepath_prefix=rest[0]):
        raise fail(RuntimeError, f"For '{owner}', 'filepath_prefix' must not be empty.")
    if name == "error_samples_mode":
        checks.instance(owner, ErrorSamplesMode, value=value)
    elif name in _WORDS:
        checks.one_of(owner, _WORDS[name], value=value)
    elif isinstance(before, bool):
        checks.boolean(owner, value=value)
    else:
        most = _most_workers() if name == "num_parallel_workers" else _MAX_INT32
        checks.within(owner, f"[{_FROM.get(name, 1)}, {most}]", value=checks.integer(owner, value=value))
    _values[name] = value


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
    _set(name, value)


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
        return functools.partial(_set, setting)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
