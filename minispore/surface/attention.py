"""``ops.flash_attention_score``, for which MindSpore has no CPU kernel: the formula of its documentation; and its primitive."""

from typing import Any

from .. import ops
from ..core.dtype import bool_, float32
from ..core.errors import fail
from ..core.op import to
from ..core.tensor import Tensor
from ..ops.primitive_base import Primitive

o: Any = ops  # functions that modules of ops put there by name

_FAR = 2147483647
_HEADS = {
    "BNSD": (0, 1, 2, 3),
    "BSND": (0, 2, 1, 3),
    "BSH": (0, 2, 1, 3),
    "SBH": (1, 2, 0, 3),
}  # the axes of (B, N, S, D) there


def _split(x, layout, heads):
    if layout in ("BSH", "SBH"):
        x = o.reshape(x, (*x.shape[:2], heads, x.shape[2] // heads))
    return o.transpose(x, _HEADS[layout])


def _joined(x, layout):
    axes = _HEADS[layout]
    x = o.transpose(x, tuple(axes.index(k) for k in range(4)))
    return o.reshape(x, (*x.shape[:2], -1)) if layout in ("BSH", "SBH") else x


def _hidden(rows, columns, mask, mode, before, after):
    """Which elements do not count: (S1, S2), or what the mask broadcasts to; None for none."""
    if mode in (2, 3, 4) or (mode == 0 and (before, after) != (_FAR, _FAR)):
        moved = columns - rows if mode in (3, 4) else 0  # the lower right corner is the diagonal's end
        before, after = (_FAR, 0) if mode in (2, 3) else (before, after)
        away = o.expand_dims(o.arange(columns), 0) - o.expand_dims(o.arange(rows), 1) - moved
        outside = o.logical_or(away > after, away < -before)
        return outside if mode or mask is None else o.logical_or(outside, to(mask, bool_))
    return None if mask is None else to(mask, bool_)


def flash_attention_score(query, key, value, head_num, real_shift=None, drop_mask=None, padding_mask=None, attn_mask=None,
                          prefix=None, actual_seq_qlen=None, actual_seq_kvlen=None, keep_prob=1.0, scalar_value=1.0,
                          pre_tokens=_FAR, next_tokens=_FAR, inner_precise=0, input_layout="BSH", sparse_mode=0):  # fmt: skip
    """``dropout(softmax(mask(scalar_value * query @ key.T + real_shift)), keep_prob) @ value`` for each of ``head_num`` heads.

    ``input_layout`` says where the batch B, the sequence S, the heads N and their width D are: "BSH" (H = N * D), "SBH", "BSND" or
    "BNSD"; ``key`` and ``value`` may have fewer heads.  ``attn_mask`` is True or 1 where an element does not count; ``sparse_mode`` is 0
    or 1 (the mask), 2 or 3 (what lies after the diagonal from the upper left, or to the lower right corner, does not count) or 4 (nor
    what is outside of ``pre_tokens`` and ``next_tokens``).  ``inner_precise`` has no effect.
    """
    if input_layout not in _HEADS or sparse_mode not in range(5):
        raise fail(
            ValueError,
            f"For 'flash_attention_score', 'input_layout' must be in {list(_HEADS)} and 'sparse_mode' in [0, 4], but got "
            f"{input_layout!r} and {sparse_mode}.",
        )
    without = {"drop_mask": drop_mask, "padding_mask": padding_mask, "prefix": prefix, "actual_seq_qlen": actual_seq_qlen,
               "actual_seq_kvlen": actual_seq_kvlen}  # fmt: skip
    for name, given in without.items():
        if given is not None:
            raise fail(ValueError, f"For 'flash_attention_score', '{name}' must be None here.")
    q = _split(query, input_layout, head_num)
    heads = key.shape[_HEADS[input_layout][1]] if "N" in input_layout else key.shape[2] // q.shape[3]
    k, v = (o.repeat_interleave(_split(x, input_layout, heads), head_num // heads, 1) for x in (key, value))
    scores = to(o.matmul(q, o.swapaxes(k, -1, -2)), float32) * scalar_value
    if real_shift is not None:
        scores = scores + to(real_shift, float32)
    hidden = _hidden(q.shape[2], k.shape[2], attn_mask, sparse_mode, pre_tokens, next_tokens)
    if hidden is not None:
        scores = o.masked_fill(scores, hidden, Tensor(-1e30, float32))
    weights = to(o.softmax(scores, -1), query.dtype)
    if keep_prob < 1:
        weights = o.dropout(weights, 1 - keep_prob)
    return _joined(o.matmul(weights, v), input_layout)


class FlashAttentionScore(Primitive):
    """``flash_attention_score`` as a primitive; a call gives four values, of which the last is the result and the others are None."""

    def __init__(self, head_num=1, keep_prob=1.0, scale_value=1.0, pre_tokens=_FAR, next_tokens=_FAR, inner_precise=0,
                 input_layout="BSH", sparse_mode=0):  # fmt: skip
        super().__init__("FlashAttentionScore")
        self.before = (head_num,)
        self.behind = (keep_prob, scale_value, pre_tokens, next_tokens, inner_precise, input_layout, sparse_mode)

    def __call__(self, query, key, value, real_shift=None, drop_mask=None, padding_mask=None, attn_mask=None, prefix=None,
                 actual_seq_qlen=None, actual_seq_kvlen=None):  # fmt: skip
        masks = (real_shift, drop_mask, padding_mask, attn_mask, prefix, actual_seq_qlen, actual_seq_kvlen)
        return None, None, None, flash_attention_score(query, key, value, *self.before, *masks, *self.behind)


__all__ = ["FlashAttentionScore", "flash_attention_score"]
