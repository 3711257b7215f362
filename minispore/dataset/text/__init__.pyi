# Written by tools/stubs from minispore.dataset.text: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import strings as strings, subwords as subwords, tokenizers as tokenizers, transforms as transforms, utils as utils, vectors as vectors, vocab as vocab
from minispore.dataset.text.subwords import BertTokenizer as BertTokenizer, FilterWikipediaXML as FilterWikipediaXML, UnicodeScriptTokenizer as UnicodeScriptTokenizer, WordpieceTokenizer as WordpieceTokenizer
from minispore.dataset.text.tokenizers import BasicTokenizer as BasicTokenizer, PythonTokenizer as PythonTokenizer, RegexTokenizer as RegexTokenizer, UnicodeCharTokenizer as UnicodeCharTokenizer, WhitespaceTokenizer as WhitespaceTokenizer
from minispore.dataset.text.transforms import AddToken as AddToken, CaseFold as CaseFold, Lookup as Lookup, Ngram as Ngram, NormalizeUTF8 as NormalizeUTF8, RegexReplace as RegexReplace, SlidingWindow as SlidingWindow, ToNumber as ToNumber, Truncate as Truncate, TruncateSequencePair as TruncateSequencePair
from minispore.dataset.text.utils import NormalizeForm as NormalizeForm, to_bytes as to_bytes, to_str as to_str
from minispore.dataset.text.vectors import CharNGram as CharNGram, FastText as FastText, GloVe as GloVe, ToVectors as ToVectors, Vectors as Vectors
from minispore.dataset.text.vocab import Vocab as Vocab

__all__ = ['AddToken', 'BasicTokenizer', 'BertTokenizer', 'CaseFold', 'CharNGram', 'FastText', 'FilterWikipediaXML', 'GloVe', 'Lookup', 'Ngram', 'NormalizeForm', 'NormalizeUTF8', 'PythonTokenizer', 'RegexReplace', 'RegexTokenizer', 'SlidingWindow', 'ToNumber', 'ToVectors', 'Truncate', 'TruncateSequencePair', 'UnicodeCharTokenizer', 'UnicodeScriptTokenizer', 'Vectors', 'Vocab', 'WhitespaceTokenizer', 'WordpieceTokenizer', 'strings', 'subwords', 'to_bytes', 'to_str', 'tokenizers', 'transforms', 'utils', 'vectors', 'vocab']
