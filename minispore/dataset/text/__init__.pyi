# Written by tools/stubs from minispore.dataset.text: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import transforms as transforms, utils as utils, vocab as vocab
from minispore.dataset.text.transforms import AddToken as AddToken, BasicTokenizer as BasicTokenizer, CaseFold as CaseFold, Lookup as Lookup, Ngram as Ngram, NormalizeUTF8 as NormalizeUTF8, PythonTokenizer as PythonTokenizer, RegexReplace as RegexReplace, RegexTokenizer as RegexTokenizer, SlidingWindow as SlidingWindow, ToNumber as ToNumber, Truncate as Truncate, TruncateSequencePair as TruncateSequencePair, UnicodeCharTokenizer as UnicodeCharTokenizer, WhitespaceTokenizer as WhitespaceTokenizer
from minispore.dataset.text.utils import NormalizeForm as NormalizeForm, to_bytes as to_bytes, to_str as to_str
from minispore.dataset.text.vocab import Vocab as Vocab

__all__ = ['AddToken', 'BasicTokenizer', 'CaseFold', 'Lookup', 'Ngram', 'NormalizeForm', 'NormalizeUTF8', 'PythonTokenizer', 'RegexReplace', 'RegexTokenizer', 'SlidingWindow', 'ToNumber', 'Truncate', 'TruncateSequencePair', 'UnicodeCharTokenizer', 'Vocab', 'WhitespaceTokenizer', 'to_bytes', 'to_str', 'transforms', 'utils', 'vocab']
