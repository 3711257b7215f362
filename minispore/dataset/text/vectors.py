"""Pre-trained vectors of words, read from text files."""

import os
import re
from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from ..transforms.base import Transform
from .strings import _strings


class Vectors:
    """Words with their vectors; made by ``from_file``.

    >>> import os, tempfile
    >>> from minispore.dataset import text
    >>> path = os.path.join(tempfile.mkdtemp(), "vectors.txt")
    >>> _ = open(path, "w").write("ok 0.5 1.5\\n")
    >>> text.ToVectors(text.Vectors.from_file(path))("ok")
    array([0.5, 1.5], dtype=float32)
    """

    _names = ""  # a pattern that the file's name must match

    def __init__(self, table: dict[str, np.ndarray] | None = None):
        self.table = table or {}
        self.dim = len(next(iter(self.table.values()))) if self.table else 0

    @classmethod
    def from_file(cls, file_path: str, max_vectors: int | None = None) -> "Vectors":
        """Reads a file with one word in a line, and its numbers, between spaces; a first line of two numbers is left out.

        Args:
            file_path: str.
            max_vectors: int, at most so many.  Default: None, for all; 0 too.

        Returns:
            Vectors.

        Raises:
            TypeError: an argument of the wrong type.
            ValueError: ``max_vectors`` is negative.
            RuntimeError: the file cannot be read, has another name than such files have, or is empty; vectors of
                different lengths, numbers that are none.
        """
        owner = f"{cls.__name__}.from_file"
        checks.string(owner, file_path=file_path)
        if max_vectors is not None:
            checks.non_negative_int(owner, max_vectors=max_vectors)
        if not re.fullmatch(cls._names or ".*", os.path.basename(file_path)):
            raise fail(RuntimeError, f"For '{owner}', the file's name must be like {cls._names}, but got {file_path}.")
        try:
            with open(file_path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        except OSError as error:
            raise fail(RuntimeError, f"For '{owner}', the file {file_path} cannot be read: {error}") from None
        return cls(_table(owner, lines, max_vectors or len(lines)))

    def lookup(self, word: str, lower: bool = False) -> np.ndarray | None:
        """The vector of a word.

        Args:
            word: str.
            lower: bool, whether to look for it in lower case if it is not there as it is.

        Returns:
            array of float32; None if there is none.

        >>> from minispore.dataset import text
        >>> text.Vectors().lookup("word")
        """
        found = self.table.get(word)
        return self.table.get(word.lower()) if found is None and lower else found


def _table(owner: str, lines: list[str], most: int) -> dict[str, np.ndarray]:
    rows = [line.split() or [""] for line in lines]
    if rows and len(rows[0]) == 2:
        rows = rows[1:]  # how many there are, and of how many numbers
    table: dict[str, np.ndarray] = {}
    for word, *numbers in rows[:most]:
        try:
            vector = np.array(numbers, np.float32)
        except ValueError as error:
            raise fail(RuntimeError, f"For '{owner}', the vector of {word!r} must be numbers: {error}") from None
        if len(vector) != len(next(iter(table.values()), vector)) or len(vector) < 2:
            raise fail(
                RuntimeError, f"For '{owner}', all vectors must have one length of at least 2, but not {word!r}."
            )
        table.setdefault(word, vector)
    if not table:
        raise fail(RuntimeError, f"For '{owner}', the file must have vectors, but got none.")
    return table


class GloVe(Vectors):
    """GloVe's vectors (Pennington et al. 2014); the file's name begins with ``glove.6B.`` and ends in ``.txt``.

    >>> from minispore.dataset import text
    >>> issubclass(text.GloVe, text.Vectors)
    True
    """

    _names = r"glove\.6B\..*\.txt"


class FastText(Vectors):
    """fastText's vectors (Bojanowski et al. 2016); the file's name ends in ``.vec``.

    >>> from minispore.dataset import text
    >>> issubclass(text.FastText, text.Vectors)
    True
    """

    _names = r".*\.vec"


class CharNGram(Vectors):
    """Vectors of runs of characters (Hashimoto et al. 2016); a word's is the mean of those of its runs of 2, 3 and 4.

    >>> from minispore.dataset import text
    >>> issubclass(text.CharNGram, text.Vectors)
    True
    """

    def lookup(self, word, lower=False):
        """The mean of the vectors of the runs of a word.

        Args:
            word: str.
            lower: bool, whether to take it in lower case.

        Returns:
            array of float32; None if it has no known run.
        """
        padded = ["#BEGIN#", *(word.lower() if lower else word), "#END#"]
        runs = [f"{n}gram-{''.join(padded[at : at + n])}" for n in (2, 3, 4) for at in range(len(padded) - n + 1)]
        found = [self.table[run] for run in runs if run in self.table]
        return (np.sum(found, 0) / np.float32(len(found))).astype(np.float32) if found else None


class ToVectors(Transform):
    """The vector of a word.

    Args:
        vectors: Vectors.
        unk_init: list of numbers, for words without a vector.  Default: None, for zeros.
        lower_case_backup: bool, whether to look in lower case for what is not there as it is.  Default: False.

    Inputs:
        value: a string, or an array of strings.

    Returns:
        array of float32, a row for each of several strings.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: ``unk_init`` has another length than the vectors; the input are no strings.

    >>> from minispore.dataset import text
    >>> text.ToVectors(text.Vectors({"ok": np.ones(2, np.float32)}), [0, 5])("what")
    array([0., 5.], dtype=float32)
    """

    def __init__(self, vectors: Vectors, unk_init: Any = None, lower_case_backup: bool = False):
        checks.instance("ToVectors", Vectors, vectors=vectors)
        if unk_init is not None:
            checks.instance("ToVectors", (list, tuple), unk_init=unk_init)
            for number in unk_init:
                checks.number("ToVectors", unk_init=number)
        checks.boolean("ToVectors", lower_case_backup=lower_case_backup)
        self.vectors, self.lower = vectors, lower_case_backup
        self.unknown = np.zeros(vectors.dim, np.float32) if not unk_init else np.array(unk_init, np.float32)

    def __call__(self, value):
        if len(self.unknown) != self.vectors.dim:
            raise fail(
                RuntimeError,
                f"For 'ToVectors', 'unk_init' must have {self.vectors.dim} numbers, but got {len(self.unknown)}.",
            )
        words = _strings("ToVectors", value)
        found = [self.vectors.lookup(word, self.lower) for word in words.ravel().tolist()]
        made = np.stack([self.unknown if vector is None else vector for vector in found])
        return made[0] if words.size == 1 else made
