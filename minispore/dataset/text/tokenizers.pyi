# Written by tools/stubs from minispore.dataset.text.tokenizers: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.core.docstrings import documented as documented
from minispore.dataset.text.utils import NormalizeForm as NormalizeForm
from minispore.dataset.transforms.base import Transform as Transform
from numpy.typing import NDArray
from typing import Any

__all__ = ['BasicTokenizer', 'NormalizeForm', 'PythonTokenizer', 'RegexTokenizer', 'Transform', 'UnicodeCharTokenizer', 'WhitespaceTokenizer', 'documented']

class _Tokenizer(Transform):
    def __call__(self, value: Any) -> Any: ...
    def __init__(self, with_offsets: bool = False) -> None: ...
    with_offsets: Any

class BasicTokenizer(_Tokenizer):
    def __call__(self, value: str) -> NDArray[Any]: ...
    def __init__(self, lower_case: bool = False, keep_whitespace: bool = False, normalization_form: NormalizeForm = ..., preserve_unused_token: bool = True, with_offsets: bool = False) -> None: ...
    form: Any
    keep_whitespace: Any
    lower_case: Any
    pattern: Any
    unused: Any

class PythonTokenizer(Transform):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, tokenizer: Callable[..., Any]) -> None: ...
    tokenizer: Any

class RegexTokenizer(_Tokenizer):
    def __init__(self, delim_pattern: str, keep_delim_pattern: str = '', with_offsets: bool = False) -> None: ...
    delim: Any
    keep: Any

class UnicodeCharTokenizer(_Tokenizer):
    def __init__(self, with_offsets: bool = False) -> None: ...

class WhitespaceTokenizer(_Tokenizer):
    def __init__(self, with_offsets: bool = False) -> None: ...
