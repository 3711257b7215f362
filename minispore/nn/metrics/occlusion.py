"""Occlusion sensitivity: which parts of an image a classifier depends on."""

import numpy as np

from ...core.errors import fail
from ...core.tensor import Tensor
from .metric import Metric, rearrange_inputs


class OcclusionSensitivity(Metric):
    """How much the score of a class falls when the neighbourhood of each pixel is covered (Zeiler & Fergus 2014, arXiv
    1311.2901).

    Args:
        pad_val: float, what covers.  Default: 0.0.
        margin: int, or a list of one for each axis: how far the cover reaches before a position, and to one less after
            it.  Default: 2.
        n_batch: int, how many covered images the model sees at once.  Default: 128.
        b_box: list [c0, c1, h0, h1, w0, w1], the first and last position of each axis but the first; -1 for the edge.
            Default: None, for all.

    Inputs:
        model: Cell that gives scores (N, classes).
        image: Tensor of shape (1, C, H, W).
        label: int or Tensor of one, the class.

    Returns:
        array, the score of the whole image minus that of the covered one at each position, of the last ``update``.

    Raises:
        TypeError: an argument of the wrong type, or the model is not a Cell.
        ValueError: a box that does not fit.
        RuntimeError: more than one image, or ``eval`` before ``update``.

    >>> from minispore import nn, ops
    >>> score = nn.OcclusionSensitivity(margin=1)(nn.Flatten(), ops.ones((1, 1, 1, 3)), [2])
    >>> print(score)
    [0. 0. 1.]
    """

    def __init__(self, pad_val=0.0, margin=2, n_batch=128, b_box=None):
        super().__init__()
        for name, value, kinds in (
            ("pad_val", pad_val, float),
            ("margin", margin, (int, list)),
            ("n_batch", n_batch, int),
            ("b_box", b_box, (list, type(None))),
        ):
            if not isinstance(value, kinds):
                raise fail(TypeError, f"For 'OcclusionSensitivity', '{name}' must not be a {type(value).__name__}.")
        self.pad_val, self.margin, self.n_batch, self.b_box = pad_val, margin, n_batch, b_box
        self.clear()

    def clear(self):
        self._fall = None

    @rearrange_inputs
    def update(self, *inputs):
        from ..cell import Cell

        self._count(inputs, 3, "model, image, label")
        model, image, label = (
            inputs[0],
            self._convert_data(inputs[1]),
            int(self._convert_data(inputs[2]).reshape(-1)[0]),
        )
        if not isinstance(model, Cell):
            raise fail(
                TypeError,
                f"For 'OcclusionSensitivity.update', the model must be a Cell, but got {type(model).__name__}.",
            )
        if image.shape[0] != 1:
            raise fail(
                RuntimeError, f"For 'OcclusionSensitivity.update', one image is needed, but got {image.shape[0]}."
            )
        sizes = np.array(image.shape[1:])
        first, last = self._box(sizes)
        margin = np.broadcast_to(self.margin, sizes.shape)
        shape = tuple(last - first + 1)
        positions = np.argwhere(np.ones(shape, bool)) + first
        scores = []
        for start in range(0, len(positions), self.n_batch):
            part = positions[start : start + self.n_batch]
            batch = np.repeat(image, len(part), axis=0)
            for covered, at in zip(batch, part):
                covered[tuple(map(slice, np.maximum(at - margin, 0), at + margin))] = self.pad_val
            scores.append(model(Tensor(batch)).asnumpy()[:, label])
        whole = model(Tensor(image)).asnumpy()[0, label]
        self._fall = np.squeeze(whole - np.concatenate(scores).reshape(shape))

    def _box(self, sizes):
        if self.b_box is None:
            return np.zeros_like(sizes), sizes - 1
        if len(self.b_box) != 2 * len(sizes):
            raise fail(
                ValueError,
                f"For 'OcclusionSensitivity', 'b_box' needs two numbers for each of {len(sizes)} axes, but got {self.b_box}.",
            )
        first, last = np.array(self.b_box[::2]), np.array(self.b_box[1::2])
        first = np.maximum(first, 0)
        last = np.where(last < 0, sizes - 1, last)
        if (last >= sizes).any() or (first > last).any():
            raise fail(
                ValueError,
                f"For 'OcclusionSensitivity', 'b_box' {self.b_box} does not fit an image of shape {tuple(sizes)}.",
            )
        return first, last

    def eval(self):
        self._require(self._fall is not None)
        return self._fall
