# Written by tools/stubs from minispore.dataset.text.subwords: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.dataset.text.tokenizers import BasicTokenizer as BasicTokenizer, _Tokenizer
from minispore.dataset.text.transforms import _EachString
from minispore.dataset.text.utils import NormalizeForm as NormalizeForm
from minispore.dataset.text.vocab import Vocab as Vocab
from minispore.dataset.transforms.base import Transform as Transform
from numpy.typing import NDArray
from typing import Any

__all__ = ['BasicTokenizer', 'BertTokenizer', 'FilterWikipediaXML', 'NormalizeForm', 'Transform', 'UnicodeScriptTokenizer', 'Vocab', 'WordpieceTokenizer']

class WordpieceTokenizer(Transform):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, vocab: Vocab, suffix_indicator: str = '##', max_bytes_per_token: int = 100, unknown_token: str = '[UNK]', with_offsets: bool = False) -> None: ...
    longest: Any
    suffix: Any
    unknown: Any
    with_offsets: Any
    words: Any

class BertTokenizer(WordpieceTokenizer):
    def __call__(self, value: str) -> NDArray[Any]: ...
    def __init__(self, vocab: Vocab, suffix_indicator: str = '##', max_bytes_per_token: int = 100, unknown_token: str = '[UNK]', lower_case: bool = False, keep_whitespace: bool = False, normalization_form: NormalizeForm = ..., preserve_unused_token: bool = True, with_offsets: bool = False) -> None: ...
    basic: Any

class FilterWikipediaXML(_EachString):
    ...

class UnicodeScriptTokenizer(_Tokenizer):
    def __init__(self, keep_whitespace: bool = False, with_offsets: bool = False) -> None: ...
    keep_whitespace: Any
