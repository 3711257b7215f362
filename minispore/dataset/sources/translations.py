"""Sentences in two languages: a file of each, line by line or in the tags of the IWSLT's talks."""

import os
import re
from typing import Any

import numpy as np

from ...core.docstrings import documented
from ...core.errors import fail
from .. import checks
from ..rows import Rows
from ..samplers import Shuffle
from .base import Arrays, Source, folder, usage_of
from .text import read_text

_shared = documented(
    common="""num_samples: int, at most so many rows.  Default: None, for all.
shuffle: bool or Shuffle, whether in random order.  Default: Shuffle.GLOBAL.
num_shards: int, of how many shards this is one.  Default: None.
shard_id: int, which one.  Default: None.
num_parallel_workers: int, threads.  Default: None.
cache: accepted.""",
    raises="""TypeError: an argument of the wrong type.
ValueError: the folder does not exist, or an argument is another word.
RuntimeError: when it is read: files are missing, or have different numbers of sentences.""",
)
_PARTS = ("train", "valid", "test", "all")
_SETS = ("dev2010", "tst2010", "tst2011", "tst2012", "tst2013", "tst2014")


def _tagged(path: str) -> list[str]:
    """The sentences of a talk: of an XML file those in ``<seg>``, of others the lines that begin with no tag."""
    lines = read_text("dataset", path).split("\n")
    if path.endswith(".xml"):
        found = [re.search(r"<seg[^>]*>(.*?)</seg>", line) for line in lines]
        return [match[1].strip() for match in found if match]
    return [line.strip() for line in lines if line.strip() and not line.startswith("<")]


def _plain(path: str) -> list[str]:
    return [line for line in read_text("dataset", path).split("\n") if line]


class _Translated(Source):
    """A source of pairs of files: subclasses have ``_pairs() -> [(path, path)]``."""

    _in_blocks = True
    _read: Any = staticmethod(_tagged)

    def __init__(self, dataset_dir, usage, pair, pairs, num_samples, shuffle, num_shards, shard_id, workers, cache):
        owner = type(self).__name__
        self.dataset_dir = folder(owner, dataset_dir)
        self.usage = usage_of(owner, usage, _PARTS)
        self.pair = tuple(checks.instance(owner, (list, tuple), language_pair=pair))
        if self.pair not in pairs:
            raise fail(ValueError, f"For '{owner}', 'language_pair' must be one of {list(pairs)}, but got {pair!r}.")
        super().__init__(["text", "translation"], num_samples, workers, shuffle, None, num_shards, shard_id, cache)

    def _pairs(self) -> list[tuple[str, str]]:
        raise NotImplementedError

    def _load(self) -> Rows:
        columns: tuple[list, list] = ([], [])
        for pair in self._pairs():
            found = [self._read(path) for path in pair if os.path.isfile(path)]
            if len(found) < 2 or len(found[0]) != len(found[1]):
                raise fail(
                    RuntimeError,
                    f"For '{type(self).__name__}', the files {list(pair)} must be there, with as many sentences each.",
                )
            for column, sentences in zip(columns, found):
                column += map(np.array, sentences)
        return Arrays(columns)


@_shared
class IWSLT2016Dataset(_Translated):
    """Talks and their translations (Cettolo et al. 2012): columns text and translation.

    Args:
        dataset_dir: path of the folder with the folder texts.
        usage: "train", "valid", "test" or "all".  Default: None, as "all".
        language_pair: two of "en", "ar", "cs", "de" and "fr", one of them "en".  Default: None, as ("de", "en").
        valid_set: "dev2010", "tst2010" ... "tst2014".  Default: None, as "tst2013".
        test_set: the same.  Default: None, as "tst2014".
        {common}

    Raises:
        {raises}

    >>> import tempfile
    >>> import minispore.dataset as ds
    >>> ds.IWSLT2016Dataset(tempfile.mkdtemp(), "train").get_col_names()
    ['text', 'translation']
    """

    def __init__(self, dataset_dir, usage=None, language_pair=None, valid_set=None, test_set=None, num_samples=None,
                 shuffle=Shuffle.GLOBAL, num_shards=None, shard_id=None, num_parallel_workers=None, cache=None):  # fmt: skip
        pairs = [pair for other in ("ar", "cs", "de", "fr") for pair in (("en", other), (other, "en"))]
        self.sets = {"valid": valid_set or "tst2013", "test": test_set or "tst2014"}
        for name, value in self.sets.items():
            checks.one_of("IWSLT2016Dataset", _SETS, **{f"{name}_set": value})
        super().__init__(
            dataset_dir, usage, language_pair or ("de", "en"), pairs, num_samples, shuffle, num_shards, shard_id,
            num_parallel_workers, cache,
        )  # fmt: skip

    def _pairs(self):
        both = "-".join(self.pair)
        home = os.path.join(self.dataset_dir, "texts", *self.pair, both)
        names = {"train": f"train.tags.{both}.{{}}"}
        names |= {part: f"IWSLT16.TED.{year}.{both}.{{}}.xml" for part, year in self.sets.items()}
        chosen = names.values() if self.usage == "all" else [names[self.usage]]
        return [tuple(os.path.join(home, name.format(language)) for language in self.pair) for name in chosen]


@_shared
class IWSLT2017Dataset(_Translated):
    """Talks and their translations among five languages: columns text and translation.

    Args:
        dataset_dir: path of the folder with the folder texts.
        usage: "train", "valid", "test" or "all".  Default: None, as "all".
        language_pair: two of "de", "en", "it", "nl" and "ro".  Default: None, as ("de", "en").
        {common}

    Raises:
        {raises}

    >>> import tempfile
    >>> import minispore.dataset as ds
    >>> ds.IWSLT2017Dataset(tempfile.mkdtemp(), "train").get_col_names()
    ['text', 'translation']
    """

    def __init__(self, dataset_dir, usage=None, language_pair=None, num_samples=None, shuffle=Shuffle.GLOBAL,
                 num_shards=None, shard_id=None, num_parallel_workers=None, cache=None):  # fmt: skip
        languages = ("de", "en", "it", "nl", "ro")
        pairs = [(one, two) for one in languages for two in languages if one != two]
        super().__init__(
            dataset_dir, usage, language_pair or ("de", "en"), pairs, num_samples, shuffle, num_shards, shard_id,
            num_parallel_workers, cache,
        )  # fmt: skip

    def _pairs(self):
        both, folder_ = "-".join(self.pair), "DeEnItNlRo"
        home = os.path.join(self.dataset_dir, "texts", folder_, folder_, f"{folder_}-{folder_}")
        names = {
            "train": f"train.tags.{both}.{{}}",
            "valid": f"IWSLT17.TED.dev2010.{both}.{{}}.xml",
            "test": f"IWSLT17.TED.tst2010.{both}.{{}}.xml",
        }
        chosen = names.values() if self.usage == "all" else [names[self.usage]]
        return [tuple(os.path.join(home, name.format(language)) for language in self.pair) for name in chosen]


@_shared
class Multi30kDataset(_Translated):
    """Descriptions of pictures in English and German (Elliott et al. 2016): columns text and translation.

    Args:
        dataset_dir: path of the folder with the folders training, validation and mmt16_task1_test.
        usage: "train", "valid", "test" or "all".  Default: None, as "all".
        language_pair: ("en", "de") or ("de", "en").  Default: None, as ("en", "de").
        {common}

    Raises:
        {raises}

    >>> import tempfile
    >>> import minispore.dataset as ds
    >>> ds.Multi30kDataset(tempfile.mkdtemp(), "train").get_col_names()
    ['text', 'translation']
    """

    _read = staticmethod(_plain)

    def __init__(self, dataset_dir, usage=None, language_pair=None, num_samples=None, num_parallel_workers=None,
                 shuffle=None, num_shards=None, shard_id=None, cache=None):  # fmt: skip
        super().__init__(
            dataset_dir, usage, language_pair or ("en", "de"), [("en", "de"), ("de", "en")], num_samples, shuffle,
            num_shards, shard_id, num_parallel_workers, cache,
        )  # fmt: skip

    def _pairs(self):
        homes = {"test": ("mmt16_task1_test", "test"), "train": ("training", "train"), "valid": ("validation", "val")}
        chosen = homes.values() if self.usage == "all" else [homes[self.usage]]
        return [
            tuple(os.path.join(self.dataset_dir, home, f"{name}.{language}") for language in self.pair)
            for home, name in chosen
        ]
