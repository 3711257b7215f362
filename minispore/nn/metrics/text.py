"""Metrics of language models: perplexity, and BLEU of translations."""

import math
from collections import Counter

import numpy as np

from ...core import checks
from ...core.errors import fail
from .metric import MeanMetric, Metric, rearrange_inputs


class Perplexity(MeanMetric):
    """``exp`` of the mean of ``-log p`` of the right words.

    Args:
        ignore_label: int; samples with this label do not count.  Default: None.

    Inputs:
        prediction: Tensor, list or array of probabilities, shape (..., C).
        label: class numbers, one for each row of C.

    Returns:
        float.

    Raises:
        TypeError: ``ignore_label`` is not an int.
        RuntimeError: numbers of labels and rows differ; ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> round(nn.Perplexity()(Tensor([[0.2, 0.5], [0.3, 0.1], [0.9, 0.6]]), Tensor([1, 0, 1])), 4)
    2.2314
    """

    def __init__(self, ignore_label=None):
        super().__init__()
        checks.instance("Perplexity", (int, type(None)), ignore_label=ignore_label)
        self.ignore_label = ignore_label

    @rearrange_inputs
    def update(self, *inputs):
        prediction, label = self._pair(inputs)
        rows = prediction.reshape(-1, prediction.shape[-1])
        if label.size != len(rows):
            raise fail(
                RuntimeError,
                f"For 'Perplexity.update', a prediction of shape {prediction.shape} needs {len(rows)} labels, but got {label.size}.",
            )
        label = label.reshape(-1).astype(int)
        counted = np.ones(label.size, bool) if self.ignore_label is None else label != self.ignore_label
        right = rows[counted, label[counted]]
        self._sum -= float(np.log(np.maximum(1e-10, right)).sum())
        self._total += right.size

    def eval(self):
        return math.exp(super().eval())


class BleuScore(Metric):
    """BLEU (Papineni et al. 2002) of a corpus: the geometric mean of clipped n-gram precisions times a length penalty.

    Args:
        n_gram: int, the longest n-grams, 1 to 4.  Default: 4.
        smooth: bool, whether 1 is added to the counts.  Default: False.

    Inputs:
        candidates: list of sentences, each a list of words.
        references: list of the same length, for each candidate a list of sentences.

    Returns:
        float in [0, 1].

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``n_gram`` out of range; lists of different lengths.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import nn
    >>> words = "i have a pen on my desk".split()
    >>> round(nn.BleuScore()([words], [["i have a pen in my desk".split()]]), 6)
    0.488923
    """

    def __init__(self, n_gram=4, smooth=False):
        super().__init__()
        checks.integer("BleuScore", n_gram=n_gram)
        if not 1 <= n_gram <= 4:
            raise fail(ValueError, f"For 'BleuScore', 'n_gram' must be from 1 to 4, but got {n_gram}.")
        checks.boolean("BleuScore", smooth=smooth)
        self.n_gram, self.smooth = n_gram, smooth
        self.clear()

    def clear(self):
        self._found, self._total = np.zeros(self.n_gram), np.zeros(self.n_gram)
        self._length = self._reference_length = 0

    @rearrange_inputs
    def update(self, *inputs):
        self._count(inputs, 2, "candidates, references")
        candidates, references = inputs
        if len(candidates) != len(references):
            raise fail(
                ValueError,
                f"For 'BleuScore.update', each candidate needs references, but got {len(candidates)} and {len(references)}.",
            )
        for candidate, group in zip(candidates, references):
            self._length += len(candidate)
            self._reference_length += min((len(r) for r in group), key=lambda n: abs(len(candidate) - n))
            for n in range(1, self.n_gram + 1):
                have = _ngram_counts(candidate, n)
                most: Counter = Counter()
                for reference in group:
                    most |= _ngram_counts(reference, n)
                self._found[n - 1] += (have & most).total()
                self._total[n - 1] += have.total()

    def eval(self):
        self._require(self._length)
        if not self._found.all():
            return 0.0
        extra = 1 if self.smooth else 0
        mean = np.exp(np.log((self._found + extra) / (self._total + extra)).mean())
        return float(mean * np.exp(min(0.0, 1 - self._reference_length / self._length)))


def _ngram_counts(words, n: int) -> Counter:
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
