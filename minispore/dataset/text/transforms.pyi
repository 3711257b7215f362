# Written by tools/stubs from minispore.dataset.text.transforms: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Items
from minispore.dataset.samplers import check_count as check_count
from minispore.dataset.text.tokenizers import BasicTokenizer as BasicTokenizer, PythonTokenizer as PythonTokenizer, RegexTokenizer as RegexTokenizer, UnicodeCharTokenizer as UnicodeCharTokenizer, WhitespaceTokenizer as WhitespaceTokenizer
from minispore.dataset.text.utils import NormalizeForm as NormalizeForm
from minispore.dataset.text.vocab import Vocab as Vocab
from minispore.dataset.transforms.array import numpy_type as numpy_type, tensor_of as tensor_of
from minispore.dataset.transforms.base import Transform as Transform
from numpy.typing import NDArray
from typing import Any

__all__ = ['AddToken', 'BasicTokenizer', 'CaseFold', 'Lookup', 'Ngram', 'NormalizeForm', 'NormalizeUTF8', 'PythonTokenizer', 'RegexReplace', 'RegexTokenizer', 'SlidingWindow', 'ToNumber', 'Transform', 'Truncate', 'TruncateSequencePair', 'UnicodeCharTokenizer', 'Vocab', 'WhitespaceTokenizer', 'check_count', 'numpy_type', 'tensor_of']

class AddToken(Transform):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, token: str, begin: bool = True) -> None: ...
    begin: Any
    token: Any

class _EachString(Transform):
    def __call__(self, value: Any) -> Any: ...

class CaseFold(_EachString):
    ...

class Lookup(Transform):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, vocab: Vocab, unknown_token: str | None = None, data_type: DTypeLike = ...) -> None: ...
    dtype: Any
    ids: Any
    unknown: Any

class Ngram(Transform):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, n: int | Sequence[int], left_pad: Items = ..., right_pad: Items = ..., separator: str = ' ') -> None: ...
    left: Any
    lengths: Any
    right: Any
    separator: Any

class NormalizeUTF8(_EachString):
    def __init__(self, normalize_form: NormalizeForm = ...) -> None: ...
    form: Any

class RegexReplace(_EachString):
    def __init__(self, pattern: str, replace: str, replace_all: bool = True) -> None: ...
    count: Any
    pattern: Any
    replace: Any

class SlidingWindow(Transform):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, width: int, axis: int = 0) -> None: ...
    axis: Any
    width: Any

class ToNumber(Transform):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, data_type: DTypeLike) -> None: ...
    dtype: Any

class Truncate(Transform):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, max_seq_len: int) -> None: ...
    length: Any

class TruncateSequencePair(Transform):
    def __call__(self, first: Any, second: Any) -> tuple[Any, ...]: ...
    def __init__(self, max_length: int) -> None: ...
    length: Any
