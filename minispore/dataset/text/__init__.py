"""Transforms of text, for ``map``: strings, and arrays of strings."""

from . import utils
from .subwords import BertTokenizer, FilterWikipediaXML, UnicodeScriptTokenizer, WordpieceTokenizer
from .tokenizers import (
    BasicTokenizer,
    PythonTokenizer,
    RegexTokenizer,
    UnicodeCharTokenizer,
    WhitespaceTokenizer,
)
from .transforms import (
    AddToken,
    CaseFold,
    Lookup,
    Ngram,
    NormalizeUTF8,
    RegexReplace,
    SlidingWindow,
    ToNumber,
    Truncate,
    TruncateSequencePair,
)
from .utils import NormalizeForm, to_bytes, to_str
from .vectors import CharNGram, FastText, GloVe, ToVectors, Vectors
from .vocab import Vocab

from ...core.registry import module_getattr as _module_getattr  # isort: skip

__getattr__ = _module_getattr(__name__)

from ...core.boundary import publish as _publish  # isort: skip

_publish(globals())
