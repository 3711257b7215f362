"""How a function that lists the rows of public data becomes a source of rows (``collections.py``)."""

import inspect
import os
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.errors import fail
from ...dataset import checks
from ...dataset.rows import Rows
from ...dataset.samplers import Shuffle
from ...dataset.sources.base import Read, Source, folder
from ...dataset.vision import Decode


class Picture(str):
    """The path of an image that is read when its row is."""


class Text(str):
    """A word of a row."""


class Given:
    """The arguments of a source, as attributes."""

    def __init__(self, values: dict[str, Any]):
        vars(self).update(values)
        self.dataset_dir: str = values.get("dataset_dir", "")

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def path(self, *parts: str) -> str:
        """A path within the folder of the data."""
        return os.path.join(self.dataset_dir, *parts)


_TAIL = ("sampler", "num_shards", "shard_id", "cache")


def _signature(function: Callable, sampled: bool, cached: bool) -> inspect.Signature:
    """The function's arguments, then those of all sources; the function's own keyword-only ones come after ``shuffle``."""
    Named, own = inspect.Parameter, list(inspect.signature(function).parameters.values())[1:]
    positional = [p for p in own if p.kind is p.POSITIONAL_OR_KEYWORD]
    late = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in own if p.kind is p.KEYWORD_ONLY]
    make = lambda name, default=None: Named(name, Named.POSITIONAL_OR_KEYWORD, default=default)
    common = [make("num_samples"), make("num_parallel_workers"), make("shuffle", None if sampled else Shuffle.GLOBAL)]
    tail = [make(name) for name in _TAIL if (sampled or name != "sampler") and (cached or name != "cache")]
    return inspect.Signature([*positional, *common, *late, *tail])


def source(
    columns: Any,
    *,
    sampled=True,
    cached=True,
    label: int | None = None,
    counted=False,
    prepare: Callable | None = None,
    **words,
):
    """A class of sources, of a function that lists rows.

    Args:
        columns: str, names with spaces between, or function of the arguments that gives them.
        sampled: bool, whether there is an argument ``sampler``.  Default: True.
        cached: bool, whether there is an argument ``cache``.  Default: True.
        label: int, which column is the class of a row.  Default: None, for none.
        counted: bool, whether ``num_classes`` counts them.  Default: False.
        prepare: function of the arguments that checks them further.  Default: None.
        **words: tuple of the words that an argument may be; the first one stands for None.

    Returns:
        function of a function.
    """

    def made(function):
        signature, owner = _signature(function, sampled, cached), function.__name__

        def __init__(self, *args, **kwargs):
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError as error:
                raise fail(TypeError, f"For '{owner}', the arguments do not fit: {error}.") from None
            bound.apply_defaults()
            values = dict(bound.arguments)
            if "dataset_dir" in values:
                values["dataset_dir"] = folder(owner, values["dataset_dir"])
            _check_words(owner, values, words)
            given = Given(values)
            if prepare is not None:
                prepare(given)
            names = columns.split() if isinstance(columns, str) else columns(given)
            shared: list[Any] = [
                values.get(name) for name in ("num_samples", "num_parallel_workers", "shuffle", *_TAIL)
            ]
            Source.__init__(self, names, *shared)
            own = {name: value for name, value in values.items() if name in inspect.signature(function).parameters}
            vars(self).update(own)
            self._given = given

        def _load(self) -> Rows:
            try:
                listed = list(function(self._given, **{name: getattr(self._given, name) for name in taken}))
            except (OSError, KeyError, ValueError, TypeError, IndexError) as error:
                raise fail(RuntimeError, f"For '{owner}', the files are missing or damaged: {error!r}") from None
            decode = bool(getattr(self._given, "decode", False))
            self._kinds = None if label is None else [int(row[label]) for row in listed]
            return Read(len(listed), lambda number: tuple(_value(owner, item, decode) for item in listed[number]))

        def _labels(self):
            self._all()
            return np.array(self._kinds)

        taken = list(inspect.signature(function).parameters)[1:]
        members = {"__init__": __init__, "_load": _load, "__doc__": function.__doc__, "__module__": "minispore.dataset"}
        members["_in_blocks"] = not sampled
        if label is not None:
            members["_labels"] = _labels
        if counted:
            members["num_classes"] = lambda self: len(set(_labels(self).tolist()))
        return type(owner, (Source,), members)

    return made


def _check_words(owner: str, values: dict, words: dict) -> None:
    for name, allowed in words.items():
        if values[name] is None and allowed[0] is not None:
            values[name] = allowed[0]
        checks.one_of(owner, [word for word in allowed if word is not None], **{name: values[name]})
    if values.get("decode") is not None:
        checks.boolean(owner, decode=values["decode"])


def _value(owner: str, item: Any, decode: bool) -> Any:
    if isinstance(item, Picture):
        try:
            content = np.fromfile(item, np.uint8)
            return Decode()(content) if decode else content
        except Exception as error:
            raise fail(RuntimeError, f"For '{owner}', the image {item} cannot be read: {error}") from None
    if callable(item):
        return item()
    return np.array(str(item)) if isinstance(item, str) else item


def label(number: Any) -> np.ndarray:
    """The number of a class."""
    return np.array(number, np.uint32)


def lines(path: str) -> list[str]:
    """The lines of a file that are not empty."""
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\r\n") for line in file if line.strip()]


def folders(path: str) -> list[str]:
    """The names of the folders in a folder, in order."""
    return sorted(name for name in os.listdir(path) if os.path.isdir(os.path.join(path, name)))


def files(path: str, *ends: str) -> list[str]:
    """The paths of the files in a folder, in order."""
    found = sorted(os.listdir(path))
    return [os.path.join(path, name) for name in found if not ends or name.lower().endswith(ends)]
