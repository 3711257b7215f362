"""Vocab: words and their numbers."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...core.errors import fail


class Vocab:
    """Words (tokens) and their numbers, from 0 on. Made by ``from_list``, ``from_dict``, ``from_file``, ``from_dataset``.

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
        """{word: number}."""
        if not isinstance(word_dict, dict) or not all(isinstance(w, str) for w in word_dict):
            raise fail(TypeError, "For 'Vocab.from_dict', 'word_dict' must be a dict of str to int.")
        if any(isinstance(n, bool) or not isinstance(n, int) or n < 0 for n in word_dict.values()):
            raise fail(ValueError, "For 'Vocab.from_dict', the numbers must be ints, none negative.")
        made = cls()
        made._ids = dict(word_dict)
        made._tokens = {number: word for word, number in word_dict.items()}
        return made

    @classmethod
    def from_list(cls, word_list: Iterable[str], special_tokens=None, special_first=True) -> "Vocab":
        """Words in order, with special ones before or after them.

        Raises:
            ValueError: a word occurs twice.
        """
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
        """The words at the beginnings of the lines of a file, up to ``delimiter``; at most ``vocab_size`` of them."""
        try:
            with open(file_path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        except OSError as error:
            raise fail(ValueError, f"For 'Vocab.from_file', the file {file_path} cannot be read: {error}") from None
        words = [line.split(delimiter)[0] if delimiter else line for line in lines]
        return cls.from_list(words[:vocab_size], special_tokens, special_first)

    @classmethod
    def from_dataset(
        cls, dataset, columns=None, freq_range=None, top_k=None, special_tokens=None, special_first=True
    ) -> "Vocab":
        """The words in columns of a dataset, the most frequent first (equally frequent ones in alphabetical order).

        ``freq_range`` (low, high): only words that occur so often; ``top_k``: at most so many.
        """
        counts: Counter = Counter()
        for row in dataset.create_tuple_iterator(columns, num_epochs=1, output_numpy=True):
            for column in row:
                counts.update(np.ravel(column).tolist())
        low, high = freq_range or (None, None)
        words = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        words_in_range = [
            word for word, count in words if (low is None or count >= low) and (high is None or count <= high)
        ]
        return cls.from_list(words_in_range[:top_k], special_tokens, special_first)

    def vocab(self) -> dict[str, int]:
        """{word: number}."""
        return dict(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def tokens_to_ids(self, tokens) -> Any:
        """The number of a word, or a list of them; -1 for a word that is not there."""
        if isinstance(tokens, str):
            return self._ids.get(tokens, -1)
        return [self._ids.get(str(token), -1) for token in tokens]

    def ids_to_tokens(self, ids) -> Any:
        """The word with a number, or a list of them; '' for a number that is not there."""
        single = isinstance(ids, (int, np.integer)) or len(ids) == 1
        words = [self._tokens.get(int(number), "") for number in np.ravel(ids)]
        return words[0] if single else words
