"""Published collections of text, each in the folder layout in which it is distributed."""

import csv
import glob
import io
import json
import os
from typing import Any

import numpy as np

from ...core.docstrings import documented
from ...core.errors import fail
from ..rows import Rows
from ..samplers import Shuffle
from . import passages
from .base import Arrays, Source, folder, usage_of
from .text import read_text

_ARGS = f"""{passages.FOLDER}
usage: which part, "all" for all of them.  Default: None, for all.
{passages.ROWS}
{passages.SHUFFLE_TEXT}
{passages.SHARDS}"""
_SETUP = f"""{passages.TEXT_FILES}
>>> def first(data):
...     row = next(data.create_dict_iterator(num_epochs=1, output_numpy=True))
...     return {{name: value.tolist() for name, value in row.items()}}"""
shared = documented(
    rest="Args:\n    {args}\n\nRaises:\n    {raises}\n\n{setup}",
    args=_ARGS,
    raises=passages.raises("the folder does not exist, or ``usage`` is another word"),
    setup=_SETUP,
)


# ---------------------------------------------------------------- formats: (path) -> rows
def _comma_separated(path: str) -> list[tuple]:
    return [tuple(record) for record in csv.reader(io.StringIO(read_text("dataset", path), newline="")) if record]


def _lines(path: str) -> list[tuple]:
    return [(line.strip("\r"),) for line in read_text("dataset", path).split("\n") if line.strip("\r")]


def _sentences(separator: str):
    """Sentences of one word a line, with its tags; an empty line ends one."""

    def read(path: str) -> list[tuple]:
        rows, words = [], []
        for line in [*read_text("dataset", path).split("\n"), ""]:
            line = line.strip("\r")
            if line.strip():
                words.append(line.split(separator))
            elif words:
                rows.append(tuple(list(column) for column in zip(*words)))
                words = []
        return rows

    return read


_NO_ANSWER = 2**32 - 1  # as MindSpore marks it


def _questions(path: str) -> list[tuple]:
    rows: list[tuple] = []
    for article in json.loads(read_text("dataset", path))["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                answers = asked.get("answers") or [{"text": "", "answer_start": _NO_ANSWER}]
                starts = np.array([answer["answer_start"] for answer in answers], np.uint32)
                rows.append((paragraph["context"], asked["question"], [answer["text"] for answer in answers], starts))
    return rows


# ---------------------------------------------------------------- sources
class Corpus(Source):
    """The base: a subclass says which file each usage reads, how, and what the columns are called."""

    _files: dict[str, str]
    _read: Any = staticmethod(_comma_separated)
    _named: tuple[str, ...]
    _in_blocks = True

    def __init__(self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=Shuffle.GLOBAL,
                 num_shards=None, shard_id=None, cache=None):  # fmt: skip
        owner = type(self).__name__
        self.dataset_dir = folder(owner, dataset_dir)
        self.usage = usage_of(owner, usage, (*self._files, "all"))
        super().__init__(
            list(self._named), num_samples, num_parallel_workers, shuffle, None, num_shards, shard_id, cache
        )

    def _paths(self) -> list[str]:
        stems = self._files.values() if self.usage == "all" else [self._files[self.usage]]
        return [os.path.join(self.dataset_dir, stem) for stem in stems]

    def _load(self) -> Rows:
        owner, paths = type(self).__name__, [path for path in self._paths() if os.path.isfile(path)]
        if not paths:
            raise fail(RuntimeError, f"For '{owner}', there is none of these files: {self._paths()}.")
        rows: list[tuple] = []
        for path in paths:
            try:
                found = self._read(path)
            except (ValueError, KeyError, TypeError, csv.Error) as error:
                raise fail(RuntimeError, f"For '{owner}', the file {path} is damaged: {error!r}") from None
            if any(len(row) != len(self._named) for row in found):
                raise fail(
                    RuntimeError, f"For '{owner}', each record of {path} must have the fields {list(self._named)}."
                )
            rows += found
        columns = list(zip(*rows)) or [()] * len(self._named)
        return Arrays([[value if isinstance(value, np.ndarray) else np.array(value) for value in c] for c in columns])


class _WorkersLast(Corpus):
    """Collections whose fourth argument is ``shuffle``."""

    def __init__(self, dataset_dir, usage=None, num_samples=None, shuffle=Shuffle.GLOBAL, num_shards=None,
                 shard_id=None, num_parallel_workers=None, cache=None):  # fmt: skip
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, num_shards, shard_id, cache)


_CSV = {"train": "train.csv", "test": "test.csv"}


@shared
class AGNewsDataset(Corpus):
    r"""News in four classes (Zhang et al. 2015): columns index, title and description, str.

    {rest}
    >>> write("train.csv", '"3","A title","A text"\n')
    >>> first(ds.AGNewsDataset(folder, "train"))
    {'index': '3', 'title': 'A title', 'description': 'A text'}
    """

    _named = ("index", "title", "description")
    _files = _CSV


@shared
class AmazonReviewDataset(Corpus):
    r"""Reviews of products (Zhang et al. 2015): columns label, title and content, str.

    {rest}
    >>> write("train.csv", '"2","Good","Very good"\n')
    >>> first(ds.AmazonReviewDataset(folder, "train"))
    {'label': '2', 'title': 'Good', 'content': 'Very good'}
    """

    _named = ("label", "title", "content")
    _files = _CSV


@shared
class DBpediaDataset(Corpus):
    r"""Articles in 14 classes (Zhang et al. 2015): columns class, title and content, str.

    {rest}
    >>> write("train.csv", '1,"A name","An article"\n')
    >>> first(ds.DBpediaDataset(folder, "train"))
    {'class': '1', 'title': 'A name', 'content': 'An article'}
    """

    _named = ("class", "title", "content")
    _files = _CSV


@shared
class YahooAnswersDataset(Corpus):
    r"""Questions and answers in ten classes (Zhang et al. 2015): columns class, title, content and answer, str.

    {rest}
    >>> write("train.csv", '"1","Why","Why so","So"\n')
    >>> first(ds.YahooAnswersDataset(folder, "train"))
    {'class': '1', 'title': 'Why', 'content': 'Why so', 'answer': 'So'}
    """

    _named = ("class", "title", "content", "answer")
    _files = _CSV


@shared
class SogouNewsDataset(_WorkersLast):
    r"""News in five classes (Zhang et al. 2015): columns index, title and content, str.

    {rest}
    >>> write("train.csv", '"4","A title","A text"\n')
    >>> first(ds.SogouNewsDataset(folder, "train"))
    {'index': '4', 'title': 'A title', 'content': 'A text'}
    """

    _named = ("index", "title", "content")
    _files = _CSV


@shared
class YelpReviewDataset(_WorkersLast):
    r"""Reviews of places (Zhang et al. 2015): columns label and text, str.

    {rest}
    >>> write("train.csv", '"5","Nice"\n')
    >>> first(ds.YelpReviewDataset(folder, "train"))
    {'label': '5', 'text': 'Nice'}
    """

    _named = ("label", "text")
    _files = _CSV


@shared
class PennTreebankDataset(Corpus):
    r"""The Penn Treebank as Mikolov (2010) prepared it: one column text, the lines, str.

    {rest}
    >>> write("ptb.train.txt", "no it was n't\n")
    >>> first(ds.PennTreebankDataset(folder, "train"))
    {'text': "no it was n't"}
    """

    _named = ("text",)
    _files = {"train": "ptb.train.txt", "test": "ptb.test.txt", "valid": "ptb.valid.txt"}
    _read = staticmethod(_lines)


@shared
class WikiTextDataset(Corpus):
    r"""WikiText-2 and WikiText-103 (Merity et al. 2016): one column text, the lines, str.

    {rest}
    >>> write("wiki.train.tokens", " = A title = \n")
    >>> first(ds.WikiTextDataset(folder, "train"))
    {'text': ' = A title = '}
    """

    _named = ("text",)
    _files = {"train": "wiki.train.tokens", "test": "wiki.test.tokens", "valid": "wiki.valid.tokens"}
    _read = staticmethod(_lines)


@shared
class CoNLL2000Dataset(_WorkersLast):
    r"""Phrases of sentences (CoNLL-2000): columns word, pos_tag and chunk_tag, str, one element for each word.

    {rest}
    >>> write("train.txt", "He PRP B-NP\nran VBD B-VP\n")
    >>> first(ds.CoNLL2000Dataset(folder, "train"))
    {'word': ['He', 'ran'], 'pos_tag': ['PRP', 'VBD'], 'chunk_tag': ['B-NP', 'B-VP']}
    """

    _named = ("word", "pos_tag", "chunk_tag")
    _files = {"train": "train.txt", "test": "test.txt"}
    _read = staticmethod(_sentences(" "))


@shared
class UDPOSDataset(_WorkersLast):
    r"""Parts of speech of English sentences (Universal Dependencies): columns word, universal and stanford, str, one
    element for each word.

    {rest}
    >>> write("en-ud-tag.v2.train.txt", "He\tPRON\tPRP\nran\tVERB\tVBD\n")
    >>> first(ds.UDPOSDataset(folder, "train"))
    {'word': ['He', 'ran'], 'universal': ['PRON', 'VERB'], 'stanford': ['PRP', 'VBD']}
    """

    _named = ("word", "universal", "stanford")
    _files = {"train": "en-ud-tag.v2.train.txt", "test": "en-ud-tag.v2.test.txt", "valid": "en-ud-tag.v2.dev.txt"}
    _read = staticmethod(_sentences("\t"))


@shared
class SQuADDataset(Corpus):
    r"""Questions on articles (Rajpurkar et al. 2016, 2018): columns context and question, str, text, str, and
    answer_start, uint32, one element for each answer.

    {rest}
    >>> asked = {"question": "What is red?", "answers": [{"text": "A rose", "answer_start": 0}]}
    >>> article = {"paragraphs": [{"context": "A rose is red.", "qas": [asked]}]}
    >>> write("train-v1.1.json", __import__("json").dumps({"data": [article]}))
    >>> first(ds.SQuADDataset(folder, "train"))
    {'context': 'A rose is red.', 'question': 'What is red?', 'text': ['A rose'], 'answer_start': [0]}
    """

    _named = ("context", "question", "text", "answer_start")
    _read = staticmethod(_questions)
    _files = {"train": "train-v1.1.json", "dev": "dev-v1.1.json"}

    def _paths(self):
        others = [path.replace("v1.1", "v2.0") for path in super()._paths()]
        return super()._paths() + others


@shared
class IMDBDataset(Source):
    """Reviews of films (Maas et al. 2011): columns text, str, and label, int32, 1 for a good one.

    The files are ``train/pos/*.txt``, ``train/neg``, ``test/pos`` and ``test/neg``.

    Args:
        dataset_dir: path of the folder with the files.
        usage: "train", "test" or "all".  Default: None, as "all".
        num_samples: int, at most so many rows.  Default: None, for all.
        num_parallel_workers: int, threads.  Default: None.
        shuffle: bool, whether in random order.  Default: None, as True unless there is a ``sampler``.
        sampler: Sampler, or row numbers, in place of the others.  Default: None.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.
        cache: accepted.

    Raises:
        {raises}

    {setup}
    >>> write("train/pos/0_9.txt", "A great film")
    >>> first(ds.IMDBDataset(folder, "train"))
    {'text': 'A great film', 'label': 1}
    """

    def __init__(self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
                 num_shards=None, shard_id=None, cache=None):  # fmt: skip
        self.dataset_dir = folder("IMDBDataset", dataset_dir)
        self.usage = usage_of("IMDBDataset", usage, ("train", "test", "all"))
        super().__init__(
            ["text", "label"], num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache
        )
        self._classes: list[int] = []

    def _load(self):
        texts, labels = [], []
        for part in ("train", "test") if self.usage == "all" else (self.usage,):
            for kind, label in (("pos", 1), ("neg", 0)):
                for path in sorted(glob.glob(os.path.join(glob.escape(self.dataset_dir), part, kind, "*.txt"))):
                    texts.append(np.array(read_text("IMDBDataset", path)))
                    labels.append(label)
        self._classes = labels
        return Arrays([texts, np.array(labels, np.int32)])

    def _labels(self):
        self._all()
        return self._classes


__all__ = [
    "AGNewsDataset",
    "AmazonReviewDataset",
    "CoNLL2000Dataset",
    "DBpediaDataset",
    "IMDBDataset",
    "PennTreebankDataset",
    "SQuADDataset",
    "SogouNewsDataset",
    "UDPOSDataset",
    "WikiTextDataset",
    "YahooAnswersDataset",
    "YelpReviewDataset",
]
