"""Vocabulary look-up, and transforms of strings; the tokenizers stand in tokenizers.py."""

import re
import unicodedata

import numpy as np

from ...core.errors import fail
from .. import checks
from ..samplers import check_count
from ..transforms.array import numpy_type, tensor_of
from ..transforms.base import Transform
from .strings import _pattern, _strings
from .tokenizers import (  # noqa: F401  MindSpore has them here
    BasicTokenizer,
    PythonTokenizer,
    RegexTokenizer,
    UnicodeCharTokenizer,
    WhitespaceTokenizer,
    _folded,
)
from .utils import NormalizeForm
from .vocab import Vocab


class Lookup(Transform):
    """Words to their numbers.

    Args:
        vocab: Vocab.
        unknown_token: str that stands for words that are not in the vocabulary.  Default: None.
        data_type: the type of the numbers.  Default: int32.

    Inputs:
        value: array of strings, any shape.

    Returns:
        array of ``data_type``, of the same shape.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: ``unknown_token`` is not in the vocabulary.
        RuntimeError: a word is not there, and there is no ``unknown_token``.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.Lookup(text.Vocab.from_list(["a", "b"]))(np.array(["b", "a"])).tolist()
    [1, 0]
    """

    def __init__(self, vocab, unknown_token=None, data_type=np.int32):
        checks.instance("Lookup", Vocab, vocab=vocab)
        self.ids, self.dtype = vocab.vocab(), numpy_type("Lookup", data_type)
        if unknown_token is not None and checks.string("Lookup", unknown_token=unknown_token) not in self.ids:
            raise fail(
                RuntimeError, f"For 'Lookup', 'unknown_token' must be in the vocabulary, but got '{unknown_token}'."
            )
        self.unknown = None if unknown_token is None else self.ids[unknown_token]

    def __call__(self, value):
        words = _strings("Lookup", value)
        numbers = [self.ids.get(word, self.unknown) for word in words.ravel().tolist()]
        if None in numbers:
            word = words.ravel()[numbers.index(None)]
            raise fail(
                RuntimeError,
                f"For 'Lookup', token: \"{word}\" doesn't exist in vocab and no unknown token is specified.",
            )
        return np.array(numbers, self.dtype).reshape(words.shape)


class _EachString(Transform):
    """Applies a change to every string."""

    def _change(self, text: str) -> str:
        raise NotImplementedError

    def __call__(self, value):
        words = _strings(type(self).__name__, value)
        return np.array([self._change(word) for word in words.ravel().tolist()]).reshape(words.shape)


class CaseFold(_EachString):
    """Lower case, as Unicode folds it.

    Inputs:
        value: array of strings.

    Returns:
        array of strings of the same shape.

    Raises:
        RuntimeError: the input holds no strings.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.CaseFold()(np.array(["Ab"])).tolist()
    ['ab']
    """

    def _change(self, text):
        return unicodedata.normalize("NFKC", text).casefold()


class NormalizeUTF8(_EachString):
    r"""A normal form of Unicode.

    Args:
        normalize_form: NormalizeForm.  Default: NormalizeForm.NFKC.

    Inputs:
        value: array of strings.

    Returns:
        array of strings of the same shape.

    Raises:
        TypeError: ``normalize_form`` is not a NormalizeForm.
        RuntimeError: the input holds no strings.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.NormalizeUTF8()(np.array(["\ufb01"])).tolist()
    ['fi']
    """

    def __init__(self, normalize_form=NormalizeForm.NFKC):
        checks.instance("NormalizeUTF8", NormalizeForm, normalize_form=normalize_form)
        self.form = normalize_form

    def _change(self, text):
        return text if self.form == NormalizeForm.NONE else unicodedata.normalize(self.form.name, text)


class RegexReplace(_EachString):
    """Matches of a pattern replaced.

    Args:
        pattern: str, a regular expression.
        replace: str.
        replace_all: bool, whether all matches or the first.  Default: True.

    Inputs:
        value: array of strings.

    Returns:
        array of strings of the same shape.

    Raises:
        RuntimeError: the input holds no strings.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.RegexReplace("[0-9]", "#")(np.array(["a12"])).tolist()
    ['a##']
    """

    def __init__(self, pattern, replace, replace_all=True):
        checks.string("RegexReplace", pattern=pattern, replace=replace)
        checks.boolean("RegexReplace", replace_all=replace_all)
        self.pattern, self.count = _pattern("RegexReplace", pattern), 0 if replace_all else 1
        self.replace = re.sub(r"\$(\d)", r"\\\1", replace.replace("\\", r"\\"))  # ICU's groups are $1

    def _change(self, text):
        return self.pattern.sub(self.replace, text, count=self.count)


class ToNumber(Transform):
    """Strings to numbers.

    Args:
        data_type: the type of the numbers.

    Inputs:
        value: array of strings, any shape.

    Returns:
        array of ``data_type``, of the same shape.

    Raises:
        TypeError: it is no type of numbers.
        RuntimeError: a string is no number of that type.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.ToNumber(np.int32)(np.array(["12", "-3"])).tolist()
    [12, -3]
    """

    def __init__(self, data_type):
        self.dtype = numpy_type("ToNumber", data_type)
        if self.dtype.kind not in "iuf":
            raise fail(TypeError, f"For 'ToNumber', 'data_type' must be a type of numbers, but got {self.dtype}.")

    def __call__(self, value):
        words = _strings("ToNumber", value)
        try:
            if self.dtype.kind in "iu":  # the number at the beginning counts, as in C
                digits = [re.match(r"\s*[+-]?\d+", word) for word in words.ravel().tolist()]
                return np.array([int(found[0] if found else "none") for found in digits], self.dtype).reshape(
                    words.shape
                )
            return words.astype(self.dtype)
        except (ValueError, OverflowError) as error:
            raise fail(RuntimeError, f"For 'ToNumber', a string is no {self.dtype}: {error}") from None


class Ngram(Transform):
    """All runs of n words.

    Args:
        n: int above 0, or a list of them.
        left_pad: (word, how many), put before, at most n - 1.  Default: ("", 0).
        right_pad: (word, how many), put after, at most n - 1.  Default: ("", 0).
        separator: str between words.  Default: " ".

    Inputs:
        value: array of strings, one dimension.

    Returns:
        array of strings, one dimension.

    Raises:
        ValueError: ``n`` is no such number.
        RuntimeError: the input holds no strings.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.Ngram(2)(np.array(["a", "b", "c"])).tolist()
    ['a b', 'b c']
    """

    def __init__(self, n, left_pad=("", 0), right_pad=("", 0), separator=" "):
        self.lengths = [n] if isinstance(n, int) else n
        if not isinstance(self.lengths, list) or not self.lengths:
            raise fail(ValueError, f"For 'Ngram', 'n' must be an int or a list of them, but got {n!r}.")
        for at, length in enumerate(self.lengths):  # MindSpore's name of each
            checks.integer("Ngram", **{f"gram[{at}]": length})
            checks.positive_int("Ngram", **{f"gram_{at}": length})
        for name, pad in (("left_pad", left_pad), ("right_pad", right_pad)):
            if not (isinstance(pad, tuple) and len(pad) == 2 and isinstance(pad[0], str) and isinstance(pad[1], int)):
                raise fail(ValueError, f"For 'Ngram', '{name}' must be a tuple (str, int), but got {pad!r}.")
            checks.non_negative_int("Ngram", **{name: pad[1]})
        checks.string("Ngram", separator=separator)
        self.left, self.right, self.separator = left_pad, right_pad, separator

    def __call__(self, value):
        given = _strings("Ngram", value)
        if given.ndim != 1:
            raise fail(RuntimeError, f"For 'Ngram', the input must have one axis, but got the shape {given.shape}.")
        words = given.tolist()
        made = []
        for n in self.lengths:
            row = [self.left[0]] * min(self.left[1], n - 1) + words + [self.right[0]] * min(self.right[1], n - 1)
            made += [self.separator.join(row[at : at + n]) for at in range(len(row) - n + 1)] or [""]
        return np.array(made)


class SlidingWindow(Transform):
    """All runs of elements along an axis: one more dimension.

    Args:
        width: int above 0, how many elements.
        axis: int.  Default: 0.

    Inputs:
        value: array.

    Returns:
        array of the same type.

    Raises:
        ValueError: ``width`` is no such number.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.SlidingWindow(2)(np.array([1, 2, 3])).tolist()
    [[1, 2], [2, 3]]
    """

    def __init__(self, width, axis=0):
        check_count("SlidingWindow", "width", width, 1, none=False)
        checks.integer("SlidingWindow", axis=axis)
        self.width, self.axis = width, axis

    def __call__(self, value):
        array = tensor_of("SlidingWindow", value)
        if array.ndim != 1 or self.axis not in (0, -1):
            raise fail(
                RuntimeError,
                f"For 'SlidingWindow', the input must have one axis, 'axis' 0, but got the shape {array.shape}, axis {self.axis}.",
            )
        if self.width > len(array):
            return array[:0]
        runs = np.lib.stride_tricks.sliding_window_view(array, self.width, self.axis)
        return np.moveaxis(runs, -1, self.axis + 1 if self.axis >= 0 else array.ndim + self.axis + 1).copy()


class Truncate(Transform):
    """At most the first elements (of the last axis).

    Args:
        max_seq_len: int.

    Inputs:
        value: array.

    Returns:
        array of the same type.

    Raises:
        TypeError: ``max_seq_len`` is not an int.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.Truncate(2)(np.array(["a", "b", "c"])).tolist()
    ['a', 'b']
    """

    def __init__(self, max_seq_len):
        check_count("Truncate", "max_seq_len", max_seq_len, 1, none=False)
        self.length = max_seq_len

    def __call__(self, value):
        array = tensor_of("Truncate", value)
        if array.ndim not in (1, 2):
            raise fail(RuntimeError, f"For 'Truncate', the input must have one or two axes, but got {array.shape}.")
        return array[..., : self.length]


class TruncateSequencePair(Transform):
    """Two sequences of limited length together: the longer one loses its end first.

    Args:
        max_length: int, the most elements of both.

    Inputs:
        first: array.
        second: array.

    Returns:
        tuple of two arrays.

    Raises:
        TypeError: ``max_length`` is not an int.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> [a.tolist() for a in text.TruncateSequencePair(3)(np.array([1, 2, 3]), np.array([4]))]
    [[1, 2], [4]]
    """

    def __init__(self, max_length):
        checks.integer("TruncateSequencePair", max_length=max_length)
        self.length = max_length

    def __call__(self, first, second):
        a, b = len(first), len(second)
        while a + b > self.length:
            a, b = (a - 1, b) if a > b else (a, b - 1)
        return np.asarray(first)[:a], np.asarray(second)[:b]


class AddToken(Transform):
    """One more word.

    Args:
        token: str.
        begin: bool, whether at the beginning, else at the end.  Default: True.

    Inputs:
        value: array of strings.

    Returns:
        array of strings, one longer along the last axis.

    Raises:
        TypeError: ``token`` is not a str.
        RuntimeError: the input holds no strings.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.AddToken("<s>")(np.array(["a"])).tolist()
    ['<s>', 'a']
    """

    def __init__(self, token, begin=True):
        checks.string("AddToken", token=token)
        checks.boolean("AddToken", begin=begin)
        self.token, self.begin = token, begin

    def __call__(self, value):
        words = _strings("AddToken", value)
        if words.ndim not in (1, 2):
            raise fail(RuntimeError, f"For 'AddToken', the input must have one or two axes, but got {words.shape}.")
        return np.insert(words.astype(object), 0 if self.begin else words.shape[-1], self.token, -1).astype(str)


from ...core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)
