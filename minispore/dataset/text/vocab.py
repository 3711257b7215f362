"""Vocab: words and their numbers."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks


class Vocab:
    """Words (tokens) and their numbers, from 0 on. Made by ``from_list``, ``from_dict``, ``from_file``,
    ``from_dataset``.

    >>> from minispore.dataset import text
    >>> vocab = text.Vocab.from_list(["a", "b"], special_tokens=["<pad>"])
    >>> vocab.tokens_to_ids(["b", "?"]), vocab.ids_to_tokens(0)
    ([2, -1], '<pad>')
    """

    def __init__(self):
        self._ids: dict[str, int] = {}
        self._tokens: dict[int, str] = {}

    @classmethod
    def from_dict(cls, word_dict: dict[str, int]) -> "Vocab":
        """A vocabulary with given numbers.

        Args:
            word_dict: dict {word: number}.

        Returns:
            Vocab.

        Raises:
            TypeError: not a dict of str.
            ValueError: a number is not an int from 0.

        >>> from minispore.dataset import text
        >>> len(text.Vocab.from_dict({"a": 0, "b": 5}))
        2
        """
        if not isinstance(word_dict, dict) or not all(isinstance(w, str) for w in word_dict):
            raise fail(TypeError, "For 'Vocab.from_dict', 'word_dict' must be a dict of str to int.")
        for number in word_dict.values():
            checks.non_negative_int("Vocab.from_dict", word_dict=number)
        made = cls()
        made._ids = dict(word_dict)
        made._tokens = {number: word for word, number in word_dict.items()}
        return made

    @classmethod
    def from_list(cls, word_list: Iterable[str], special_tokens=None, special_first=True) -> "Vocab":
        """A vocabulary of words in order.

        Args:
            word_list: iterable of str.
            special_tokens: list of str.  Default: None.
            special_first: bool, whether those come first.  Default: True.

        Returns:
            Vocab.

        Raises:
            TypeError: an argument of the wrong type, or a word is not a str.
            ValueError: a word occurs twice.

        >>> from minispore.dataset import text
        >>> text.Vocab.from_list(["a", "b"]).vocab()
        {'a': 0, 'b': 1}
        """
        if isinstance(word_list, str):
            raise fail(TypeError, f"For 'Vocab.from_list', 'word_list' must be a list of words, but got {word_list!r}.")
        checks.instance("Vocab.from_list", (list, tuple, type(None)), special_tokens=special_tokens)
        checks.boolean("Vocab.from_list", special_first=special_first)
        words, special = list(word_list), list(special_tokens or [])
        if not all(isinstance(word, str) for word in words + special):
            raise fail(TypeError, "For 'Vocab.from_list', the words must be str.")
        listed = special + words if special_first else words + special
        twice = [word for word, count in Counter(listed).items() if count > 1]
        if twice:
            raise fail(ValueError, f"For 'Vocab.from_list', no word may occur twice, but got {twice[:5]}.")
        return cls.from_dict({word: number for number, word in enumerate(listed)})

    @classmethod
    def from_file(cls, file_path, delimiter="", vocab_size=None, special_tokens=None, special_first=True) -> "Vocab":
        r"""The words at the beginnings of the lines of a file.

        Args:
            file_path: path.
            delimiter: str, up to which a word goes.  Default: "", for the whole line.
            vocab_size: int, at most so many.  Default: None, for all.
            special_tokens: list of str.  Default: None.
            special_first: bool, whether those come first.  Default: True.

        Returns:
            Vocab.

        Raises:
            RuntimeError: the file cannot be read, or a word occurs twice.

        >>> import os, tempfile
        >>> from minispore.dataset import text
        >>> path = os.path.join(tempfile.mkdtemp(), "words")
        >>> with open(path, "w") as file:
        ...     _ = file.write("a,7\nb,3\n")
        >>> text.Vocab.from_file(path, ",").vocab()
        {'a': 0, 'b': 1}
        """
        owner = "Vocab.from_file"
        checks.string(owner, file_path=file_path, delimiter=delimiter)
        if vocab_size is not None:
            checks.positive_int(owner, vocab_size=vocab_size)
        if special_tokens is not None:
            checks.instance(owner, (list, tuple), special_tokens=special_tokens)
        checks.boolean(owner, special_first=special_first)
        try:
            with open(file_path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        except OSError as error:
            raise fail(RuntimeError, f"For 'Vocab.from_file', the file {file_path} cannot be read: {error}") from None
        words = [line.split(delimiter)[0] if delimiter else line for line in lines]
        return cls._of(owner, words[:vocab_size], special_tokens, special_first)

    @classmethod
    def _of(cls, owner: str, words: list[str], special_tokens, special_first) -> "Vocab":
        try:
            return cls.from_list(words, special_tokens, special_first)
        except ValueError as error:
            raise fail(RuntimeError, f"For '{owner}', no word may occur twice: {error}") from None

    @classmethod
    def from_dataset(
        cls, dataset, columns=None, freq_range=None, top_k=None, special_tokens=None, special_first=True
    ) -> "Vocab":
        """The words in columns of a dataset, the most frequent first (equally frequent ones in alphabetical order).

        Args:
            dataset: Dataset.
            columns: str or list of str.  Default: None, for all.
            freq_range: (low, high), only words that occur so often; None for no bound.  Default: None.
            top_k: int, at most so many.  Default: None, for all.
            special_tokens: list of str.  Default: None.
            special_first: bool, whether those come first.  Default: True.

        Returns:
            Vocab.

        Raises:
            RuntimeError: a column does not hold words, or a special token occurs twice.

        >>> import minispore.dataset as ds
        >>> from minispore.dataset import text
        >>> text.Vocab.from_dataset(ds.NumpySlicesDataset({"word": ["b", "a", "b"]})).vocab()
        {'b': 0, 'a': 1}
        """
        if top_k is not None:
            checks.positive_int("Vocab.from_dataset", top_k=top_k)
        low, high = _freq_range(freq_range)
        counts: Counter = Counter()
        for row in dataset.create_tuple_iterator(columns, num_epochs=1, output_numpy=True):
            for column in row:
                if column.dtype.kind not in "US":
                    raise fail(
                        RuntimeError, f"For 'Vocab.from_dataset', columns must hold words, but one is {column.dtype}."
                    )
                counts.update(np.ravel(column).tolist())
        words = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        words_in_range = [
            word for word, count in words if (low is None or count >= low) and (high is None or count <= high)
        ]
        return cls._of("Vocab.from_dataset", words_in_range[:top_k], special_tokens, special_first)

    def vocab(self) -> dict[str, int]:
        """The words and their numbers.

        Returns:
            dict {word: number}.
        """
        return dict(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def tokens_to_ids(self, tokens) -> Any:
        """The numbers of words.

        Args:
            tokens: str or list of str.

        Returns:
            int or list of ints; -1 for a word that is not there.

        >>> from minispore.dataset import text
        >>> text.Vocab.from_list(["a", "b"]).tokens_to_ids(["b", "?"])
        [1, -1]
        """
        if isinstance(tokens, str):
            return self._ids.get(tokens, -1)
        checks.instance("Vocab.tokens_to_ids", (list, np.ndarray), tokens=tokens)
        for token in tokens:
            checks.string("Vocab.tokens_to_ids", tokens=token)
        numbers = [self._ids.get(str(token), -1) for token in tokens]
        return numbers[0] if len(numbers) == 1 else numbers

    def ids_to_tokens(self, ids) -> Any:
        """The words of numbers.

        Args:
            ids: int or list of ints.

        Returns:
            str (for a list of one too) or list of str; "" for a number that is not there.

        >>> from minispore.dataset import text
        >>> text.Vocab.from_list(["a", "b"]).ids_to_tokens([1, 0])
        ['b', 'a']
        """
        single = (
            isinstance(ids, int) or len(checks.instance("Vocab.ids_to_tokens", (int, list, np.ndarray), ids=ids)) == 1
        )
        for number in [ids] if isinstance(ids, int) else ids:
            checks.at_least(
                "Vocab.ids_to_tokens", 0, ids=checks.instance("Vocab.ids_to_tokens", (int, np.integer), ids=number)
            )
        words = [self._tokens.get(int(number), "") for number in np.ravel(ids)]
        return words[0] if single else words


def _freq_range(given: Any) -> tuple[int | None, int | None]:
    if given is None:
        return None, None
    numbers = isinstance(given, tuple) and all(n is None or isinstance(n, int) for n in given)
    if not numbers or len(given) != 2:
        wrong = ValueError if isinstance(given, tuple) else TypeError
        raise fail(wrong, f"For 'Vocab.from_dataset', 'freq_range' must be a tuple of two ints, but got {given!r}.")
    for number in given:
        if number is not None:
            checks.non_negative_int("Vocab.from_dataset", freq_range=number)
    if None not in given and given[0] > given[1]:
        raise fail(ValueError, f"For 'Vocab.from_dataset', 'freq_range' must be (low, high), but got {given}.")
    return given
