"""Tokenizers: a string becomes an array of strings."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.docstrings import documented
from ...core.errors import fail
from .. import checks
from ..transforms.base import Transform
from .strings import _pattern, _string, _strings
from .utils import NormalizeForm

_with_shared_docs = documented(
    tokens="""\
Inputs:
    value: a string.

Returns:
    array of str; with ``with_offsets`` a tuple of it and two arrays of uint32.

Raises:
    TypeError: ``with_offsets`` is not a bool.
    RuntimeError: the input is not one string.""",
)


class _Tokenizer(Transform):
    """Splits a string into an array of tokens; ``with_offsets``: also their start and end, in bytes of UTF-8 (uint32)."""

    def __init__(self, with_offsets=False):
        checks.boolean(type(self).__name__, with_offsets=with_offsets)
        self.with_offsets = with_offsets

    def _spans(self, text: str) -> list[tuple[int, int]]:
        raise NotImplementedError

    def __call__(self, value):
        text = _string(type(self).__name__, value)
        spans = self._spans(text) or [(0, 0)]
        tokens = np.array([text[begin:end] for begin, end in spans])
        if not self.with_offsets:
            return tokens
        offsets = [[len(text[:at].encode()) for at in side] for side in zip(*spans)]
        return (tokens, *np.array(offsets, np.uint32))


@_with_shared_docs
class WhitespaceTokenizer(_Tokenizer):
    """The parts of a string between white space.

    Args:
        with_offsets: bool, whether also to give where each token begins and ends, in bytes of UTF-8 (uint32).  Default:
            False.

    {tokens}

    >>> from minispore.dataset import text
    >>> text.WhitespaceTokenizer()("to be  or").tolist()
    ['to', 'be', 'or']
    """

    def _spans(self, text):
        return [found.span() for found in re.finditer(r"\S+", text)]


@_with_shared_docs
class UnicodeCharTokenizer(_Tokenizer):
    """The characters of a string.

    Args:
        with_offsets: bool, whether also to give where each token begins and ends, in bytes of UTF-8 (uint32).  Default:
            False.

    {tokens}

    >>> from minispore.dataset import text
    >>> text.UnicodeCharTokenizer()("abc").tolist()
    ['a', 'b', 'c']
    """

    def _spans(self, text):
        return [(at, at + 1) for at in range(len(text))]


@_with_shared_docs
class RegexTokenizer(_Tokenizer):
    """The parts of a string between matches of a pattern.

    Args:
        delim_pattern: str, the regular expression of what separates.
        keep_delim_pattern: str; matches that match this too are kept as tokens.  Default: "".
        with_offsets: bool, whether also to give where each token begins and ends, in bytes of UTF-8 (uint32).  Default:
            False.

    {tokens}

    >>> from minispore.dataset import text
    >>> text.RegexTokenizer("[ ,]", ",")("a,b c").tolist()
    ['a', ',', 'b', 'c']
    """

    def __init__(self, delim_pattern, keep_delim_pattern="", with_offsets=False):
        super().__init__(with_offsets)
        if delim_pattern is None:
            raise fail(ValueError, "For 'RegexTokenizer', 'delim_pattern' must be given.")
        checks.string("RegexTokenizer", delim_pattern=delim_pattern, keep_delim_pattern=keep_delim_pattern)
        self.delim = _pattern("RegexTokenizer", delim_pattern)
        self.keep = _pattern("RegexTokenizer", keep_delim_pattern) if keep_delim_pattern else None

    def _spans(self, text):
        spans, begin = [], 0
        for found in self.delim.finditer(text):
            if found.start() == found.end():
                continue
            if begin < found.start():
                spans.append((begin, found.start()))
            if self.keep is not None and self.keep.fullmatch(found.group()):
                spans.append(found.span())
            begin = found.end()
        return spans + ([(begin, len(text))] if begin < len(text) else [])


@_with_shared_docs
class BasicTokenizer(_Tokenizer):
    """Words, punctuation and Chinese characters one by one.

    Args:
        lower_case: bool, whether to take lower case, without accents; tokens that stay whole stay as they are.  Default:
            False.
        keep_whitespace: bool, whether white space is a token.  Default: False.
        normalization_form: NormalizeForm, of what is not taken in lower case.  Default: NormalizeForm.NONE.
        preserve_unused_token: bool, whether "[CLS]", "[UNK]" and their kind stay whole.  Default: True.
        with_offsets: bool, whether also to give where each token begins and ends, in bytes of UTF-8 (uint32).  Default:
            False.

    {tokens}

    >>> from minispore.dataset import text
    >>> text.BasicTokenizer()("Hello, [UNK]!").tolist()
    ['Hello', ',', '[UNK]', '!']
    """

    def __init__(self, lower_case=False, keep_whitespace=False, normalization_form=NormalizeForm.NONE,
                 preserve_unused_token=True, with_offsets=False):  # fmt: skip
        super().__init__(with_offsets)
        checks.boolean(
            "BasicTokenizer",
            lower_case=lower_case,
            keep_whitespace=keep_whitespace,
            preserve_unused_token=preserve_unused_token,
        )
        checks.instance("BasicTokenizer", NormalizeForm, normalization_form=normalization_form)
        self.lower_case, self.keep_whitespace, self.form = lower_case, keep_whitespace, normalization_form
        unused = r"\[(?:CLS|SEP|UNK|PAD|MASK|unused\d+)\]|" if preserve_unused_token else ""
        self.unused = re.compile(f"({unused[:-1]})") if unused else None
        self.pattern = re.compile(
            unused
            + r"[\u3400-\u9fff\uf900-\ufaff]|[^\w\s\u0300-\u036f]|_|(?:[^\W_\u3400-\u9fff\uf900-\ufaff]|[\u0300-\u036f])+|\s+"
        )

    def __call__(self, value):
        text = _string("BasicTokenizer", value)
        if self.lower_case:
            parts = self.unused.split(text) if self.unused else [text]  # every other one is a token to keep
            text = "".join(part if k % 2 else _folded(part) for k, part in enumerate(parts))
        elif self.form != NormalizeForm.NONE:
            text = unicodedata.normalize(self.form.name, text)
        return super().__call__("".join(" " if unicodedata.category(c) in ("Cc", "Cf") else c for c in text))

    def _spans(self, text):
        return [f.span() for f in self.pattern.finditer(text) if self.keep_whitespace or not f.group().isspace()]


def _folded(text: str) -> str:
    """In lower case, "ss" for the sharp s, and without accents."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))


class PythonTokenizer(Transform):
    """The tokens that a function of yours makes of a string.

    Args:
        tokenizer: function of a str.

    Inputs:
        value: array of str.

    Returns:
        array of what it gives.

    Raises:
        TypeError: ``tokenizer`` is not callable, or the input is no array.
        RuntimeError: the input are no strings.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.PythonTokenizer(str.split)(np.array("a b")).tolist()
    ['a', 'b']
    """

    def __init__(self, tokenizer: Callable[[str], Any]):
        if not callable(tokenizer):
            raise fail(
                TypeError, f"For 'PythonTokenizer', 'tokenizer' must be callable, but got {type(tokenizer).__name__}."
            )
        self.tokenizer = tokenizer

    def __call__(self, value):
        if not isinstance(value, np.ndarray):
            raise fail(TypeError, f"For 'PythonTokenizer', the input must be an array, but got {type(value).__name__}.")
        words = _strings("PythonTokenizer", np.char.decode(value) if value.dtype.kind == "S" else value)
        tokens = [self.tokenizer(word) for word in words.ravel().tolist()]
        made = np.array(tokens[0] if words.size == 1 else tokens)
        return (made if made.size else made.astype(str)).reshape(*words.shape, -1)
