"""Tokenizers that look words up in a vocabulary, that split where the script changes, and the words of Wikipedia's XML."""

import re
import unicodedata

import numpy as np

from ...core.errors import fail
from .. import checks
from ..transforms.base import Transform
from .strings import _strings
from .tokenizers import BasicTokenizer, _Tokenizer
from .transforms import _EachString
from .utils import NormalizeForm
from .vocab import Vocab


class UnicodeScriptTokenizer(_Tokenizer):
    """The parts of a string of one script each: Latin letters, Chinese characters, punctuation and digits, ...

    Args:
        keep_whitespace: bool, whether white space is a token too.  Default: False.
        with_offsets: bool, whether also to give where each token begins and ends, in bytes of UTF-8 (uint32).  Default:
            False.

    Inputs:
        value: a string.

    Returns:
        array of str; with ``with_offsets`` a tuple of it and two arrays of uint32.

    Raises:
        TypeError: an argument is not a bool.
        RuntimeError: the input is not one string.

    >>> from minispore.dataset import text
    >>> text.UnicodeScriptTokenizer()("To 北京!").tolist()
    ['To', '北京', '!']
    """

    def __init__(self, keep_whitespace=False, with_offsets=False):
        checks.boolean("UnicodeScriptTokenizer", keep_whitespace=keep_whitespace)
        super().__init__(with_offsets)
        self.keep_whitespace = keep_whitespace

    def _spans(self, text):
        kinds = [_script(character) for character in text]
        starts = [at for at in range(len(text)) if at == 0 or (kinds[at] or kinds[at - 1]) != kinds[at - 1]]
        spans = zip(starts, [*starts[1:], len(text)])
        return [span for span in spans if self.keep_whitespace or kinds[span[0]] != "space"]


def _script(character: str) -> str:
    """The script of a character by the first word of its name; "" for marks, which belong to what is before them."""
    if character.isspace():
        return "space"
    kind = unicodedata.category(character)
    if kind[0] == "M":
        return ""
    return unicodedata.name(character, "?").split()[0] if kind[0] == "L" else "common"


class WordpieceTokenizer(Transform):
    """Splits words into the longest parts that are in a vocabulary, from the left (Schuster and Nakajima 2012).

    Args:
        vocab: Vocab.
        suffix_indicator: str, what parts that do not begin a word have in front in the vocabulary.  Default: "##".
        max_bytes_per_token: int, longer words are unknown.  Default: 100.
        unknown_token: str, what an unknown word becomes; "" leaves it as it is.  Default: "[UNK]".
        with_offsets: bool, whether also to give where each token begins and ends, in bytes of UTF-8 (uint32).  Default:
            False.

    Inputs:
        value: array of str, or a string.

    Returns:
        array of str; with ``with_offsets`` a tuple of it and two arrays of uint32.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``vocab`` is None, ``max_bytes_per_token`` is negative.
        RuntimeError: the input are no strings, or have more than one axis.

    >>> from minispore.dataset import text
    >>> text.WordpieceTokenizer(text.Vocab.from_list(["mak", "##ing"]))("making").tolist()
    ['mak', '##ing']
    """

    def __init__(self, vocab, suffix_indicator="##", max_bytes_per_token=100, unknown_token="[UNK]", with_offsets=False):  # fmt: skip
        owner = type(self).__name__
        if vocab is None:
            raise fail(ValueError, f"For '{owner}', 'vocab' must be given.")
        checks.instance(owner, Vocab, vocab=vocab)
        checks.string(owner, suffix_indicator=suffix_indicator, unknown_token=unknown_token)
        checks.boolean(owner, with_offsets=with_offsets)
        checks.non_negative_int(owner, max_bytes_per_token=max_bytes_per_token)
        self.words, self.suffix, self.longest = set(vocab.vocab()), suffix_indicator, max_bytes_per_token
        self.unknown, self.with_offsets = unknown_token, with_offsets

    def _parts(self, word: str) -> list[tuple[str, int, int]]:
        """Tokens of a word with where they begin and end in it, in bytes."""
        whole = [(self.unknown or word, 0, len(word.encode()))]
        if len(word.encode()) > self.longest:
            return whole
        parts, begin = [], 0
        while begin < len(word):
            for end in range(len(word), begin, -1):
                part = (self.suffix if begin else "") + word[begin:end]
                if part in self.words:
                    parts.append((part, len(word[:begin].encode()), len(word[:end].encode())))
                    begin = end
                    break
            else:
                return whole
        return parts or [(word, 0, 0)]

    def _tokens(self, words: list[str], starts: list[int]):
        found = [
            (part, at + begin, at + end) for word, at in zip(words, starts) for part, begin, end in self._parts(word)
        ]
        tokens, *places = zip(*(found or [("", 0, 0)]))
        return (np.array(tokens), *np.array(places, np.uint32)) if self.with_offsets else np.array(tokens)

    def __call__(self, value):
        words = _strings(type(self).__name__, value)
        if words.ndim > 1:
            raise fail(
                RuntimeError,
                f"For '{type(self).__name__}', the input must have at most one axis, but got {words.shape}.",
            )
        return self._tokens(words.ravel().tolist(), [0] * words.size)


class BertTokenizer(WordpieceTokenizer):
    """``BasicTokenizer``, then ``WordpieceTokenizer`` (Devlin et al. 2018).

    Args:
        vocab: Vocab.
        suffix_indicator: str, what parts that do not begin a word have in front in the vocabulary.  Default: "##".
        max_bytes_per_token: int, longer words are unknown.  Default: 100.
        unknown_token: str, what an unknown word becomes; "" leaves it as it is.  Default: "[UNK]".
        lower_case: bool, whether to fold upper case and to take accents off.  Default: False.
        keep_whitespace: bool, whether white space is a token too.  Default: False.
        normalization_form: NormalizeForm, if not ``lower_case``.  Default: NormalizeForm.NONE.
        preserve_unused_token: bool, whether [CLS], [SEP], [UNK], [PAD], [MASK], [unused0] ... stay whole.  Default: True.
        with_offsets: bool, whether also to give where each token begins and ends, in bytes of UTF-8 (uint32).  Default:
            False.

    Inputs:
        value: a string.

    Returns:
        array of str; with ``with_offsets`` a tuple of it and two arrays of uint32.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``vocab`` is None, ``max_bytes_per_token`` is negative.
        RuntimeError: the input is not one string.

    >>> from minispore.dataset import text
    >>> text.BertTokenizer(text.Vocab.from_list(["i", "mak", "##ing"]), lower_case=True)("I, making").tolist()
    ['i', '[UNK]', 'mak', '##ing']
    """

    def __init__(self, vocab, suffix_indicator="##", max_bytes_per_token=100, unknown_token="[UNK]", lower_case=False,
                 keep_whitespace=False, normalization_form=NormalizeForm.NONE, preserve_unused_token=True,
                 with_offsets=False):  # fmt: skip
        super().__init__(vocab, suffix_indicator, max_bytes_per_token, unknown_token, with_offsets)
        self.basic = BasicTokenizer(lower_case, keep_whitespace, normalization_form, preserve_unused_token, True)

    def __call__(self, value):
        words, starts, _ = self.basic(value)
        return self._tokens(words.tolist(), starts.tolist())


_DIGITS = "zero one two three four five six seven eight nine".split()


class FilterWikipediaXML(_EachString):
    """The words of a page of Wikipedia's XML dump in the letters a to z, without tags; digits become words.

    Inputs:
        value: array of str of any shape.

    Returns:
        array of str of the same shape.

    Raises:
        RuntimeError: the input are no strings.

    >>> from minispore.dataset import text
    >>> text.FilterWikipediaXML()("<page>2 Worlds, 10 WORDS!").tolist()
    'two worlds one zero words'
    """

    def _change(self, text):
        text = re.sub(r"&(amp|lt|gt);", " ", re.sub(r"<.*>", "", text)).lower()
        text = re.sub(r"[0-9]", lambda found: f" {_DIGITS[int(found[0])]} ", text)
        return re.sub(r"[^a-z]+", " ", text).strip()
