"""Tokenizers of MindSpore that need a library and its model files, which are not here: modules that import them load, and making one is an error."""

from enum import IntEnum

from ...core.errors import fail
from ...dataset import checks

JiebaMode = IntEnum("JiebaMode", {"MIX": 0, "MP": 1, "HMM": 2})
SentencePieceModel = IntEnum("SentencePieceModel", {"UNIGRAM": 0, "BPE": 1, "CHAR": 2, "WORD": 3})
SPieceTokenizerOutType = IntEnum("SPieceTokenizerOutType", {"STRING": 0, "INT": 1})
SPieceTokenizerLoadType = IntEnum("SPieceTokenizerLoadType", {"FILE": 0, "MODEL": 1})


def _refused(owner: str, instead: str) -> Exception:
    return fail(
        NotImplementedError,
        f"For '{owner}', its library is not part of minispore: map a Python function over {instead} instead.",
    )


class SentencePieceVocab:
    """Not supported: vocabularies of SentencePiece.

    Raises:
        NotImplementedError: ``from_dataset`` and ``from_file`` are called.
    """

    @classmethod
    def from_dataset(cls, dataset, col_names, vocab_size, character_coverage, model_type, params):
        """Not supported."""
        raise _refused("SentencePieceVocab", "the package sentencepiece")

    @classmethod
    def from_file(cls, file_path, vocab_size, character_coverage, model_type, params):
        """Not supported."""
        raise _refused("SentencePieceVocab", "the package sentencepiece")


class SentencePieceTokenizer:
    """Not supported: tokens of SentencePiece.

    Args:
        mode: str or SentencePieceVocab.
        out_type: SPieceTokenizerOutType.

    Raises:
        TypeError: an argument of another type.
        NotImplementedError: else.
    """

    def __init__(self, mode, out_type):
        checks.instance("SentencePieceTokenizer", (str, SentencePieceVocab), mode=mode)
        checks.instance("SentencePieceTokenizer", SPieceTokenizerOutType, out_type=out_type)
        raise _refused("SentencePieceTokenizer", "the package sentencepiece")


class JiebaTokenizer:
    """Not supported: words of Chinese text.

    Args:
        hmm_path: str.
        mp_path: str.
        mode: JiebaMode.
        with_offsets: bool.

    Raises:
        TypeError: an argument of another type.
        NotImplementedError: else.
    """

    def __init__(self, hmm_path, mp_path, mode=JiebaMode.MIX, with_offsets=False):
        checks.string("JiebaTokenizer", hmm_path=hmm_path, mp_path=mp_path)
        checks.instance("JiebaTokenizer", JiebaMode, mode=mode)
        checks.boolean("JiebaTokenizer", with_offsets=with_offsets)
        raise _refused("JiebaTokenizer", "the package jieba")


__all__ = [
    "JiebaMode", "JiebaTokenizer", "SPieceTokenizerLoadType", "SPieceTokenizerOutType", "SentencePieceModel", "SentencePieceTokenizer",
    "SentencePieceVocab",
]  # fmt: skip
