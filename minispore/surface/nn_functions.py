"""MindSpore's module ``ops.function.nn_func``: the functions of ``ops``, and what public projects import from there besides."""

from typing import Any

from .. import ops
from ..core.dtype import bool_, float32
from ..core.errors import fail
from . import names
from .private_names import _in_projection, _in_projection_packed

o: Any = ops


# ---------------------------------------------------------------- sizes of resized images
def _interploate_ext_make_tuple(input, value):
    """One value for each axis of an image; a tuple as it is."""
    return value if isinstance(value, (list, tuple)) else (value,) * (input.ndim - 2)


def _interpolate_ext_scale_factor_convert_size(input, scale_factor):
    """The size of an image times factors, rounded down."""
    return tuple(int(size * factor) for size, factor in zip(input.shape[2:], scale_factor, strict=False))


def pad_ext(input, pad, mode="constant", value=None):
    """``ops.pad`` by another name."""
    return o.pad(input, tuple(pad), mode, value)


# ---------------------------------------------------------------- attention
def linear(x, w, b):
    """``x @ w.T + b``; without b where it is None."""
    return o.dense(x, w, b)


def _inner_dropout(x, p, training):
    return o.dropout(x, p, training)


def _inner_pad(x, padding, value=None):
    """``ops.pad`` that takes bool too."""
    return (
        o.pad(x.astype(float32), padding, value=value).astype(x.dtype)
        if x.dtype == bool_
        else o.pad(x, padding, value=value)
    )


def _check_qkv_shape(query_ndim, key_ndim, value_ndim) -> bool:
    """Whether there is an axis of items: three axes, two without; ValueError where the inputs differ."""
    if query_ndim not in (2, 3) or not query_ndim == key_ndim == value_ndim:
        raise fail(
            ValueError,
            f"query, key and value must all have 2 or 3 axes, but got {query_ndim}, {key_ndim}, {value_ndim}.",
        )
    return query_ndim == 3


def _check_kpm_shape(query_ndim, kmp_ndim) -> None:
    if kmp_ndim != query_ndim - 1:
        raise fail(
            ValueError,
            f"'key_padding_mask' must have {query_ndim - 1} axes beside a query of {query_ndim}, but got {kmp_ndim}.",
        )


def _check_attn_mask_shape(query_ndim, query_shape, key_shape, attn_mask_ndim, attn_mask_shape, num_heads) -> None:
    wanted = (num_heads, query_shape[0], key_shape[0])
    if attn_mask_ndim not in (2, 3) or (query_ndim == 2 and attn_mask_ndim == 3 and tuple(attn_mask_shape) != wanted):
        raise fail(
            ValueError, f"'attn_mask' must have two axes or be of the shape {wanted}, but got {tuple(attn_mask_shape)}."
        )


def _added(mask, dtype):
    """A mask as numbers to add to scores: -inf where a bool mask is True."""
    return o.zeros(mask.shape, dtype).masked_fill(mask, float("-inf")) if mask.dtype == bool_ else mask.astype(dtype)


def _all_masks(attn_mask, key_padding_mask, extra, heads, shape, dtype):
    """The sum of both masks, of a shape that broadcasts to (items, heads, queries, keys); None without any.  The ``extra`` last keys are seen."""
    items, _, keys = shape
    masks = []
    if attn_mask is not None:
        mask = o.pad(_added(attn_mask, dtype), (0, extra))
        masks.append(mask if mask.ndim == 2 else mask.reshape(items, heads, *mask.shape[1:]))
    if key_padding_mask is not None:
        masks.append(o.pad(_added(key_padding_mask, dtype), (0, extra)).reshape(items, 1, 1, keys))
    return sum(masks[1:], masks[0]) if masks else None


def multi_head_attention_forward(
    query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v, add_zero_attn, dropout_p,
    out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, attn_mask=None, use_separate_proj_weight=False,
    q_proj_weight=None, k_proj_weight=None, v_proj_weight=None, static_k=None, static_v=None, average_attn_weights=True,
    is_causal=False, k_is_v=False, q_is_k=False, dtype=float32,
):  # fmt: skip
    """Attention of many heads, with its weights as arguments: the function behind ``nn.MultiheadAttention``.

    Returns:
        tuple, (queries, items, size) and the attention (items, queries, keys), a mean over the heads or (items, heads, queries, keys).
    """
    batched = _check_qkv_shape(query.ndim, key.ndim, value.ndim)
    if key_padding_mask is not None:
        _check_kpm_shape(query.ndim, key_padding_mask.ndim)
    if attn_mask is not None:
        _check_attn_mask_shape(query.ndim, query.shape, key.shape, attn_mask.ndim, attn_mask.shape, num_heads)
    if not batched:
        query, key, value = (o.expand_dims(x, 1) for x in (query, key, value))
        key_padding_mask = None if key_padding_mask is None else o.expand_dims(key_padding_mask, 0)
    queries, items, size = query.shape
    if size != embed_dim_to_check or size % num_heads:
        raise fail(
            ValueError, f"the size {embed_dim_to_check}, divisible by {num_heads} heads, is needed, but got {size}."
        )
    if use_separate_proj_weight:
        biases = (None,) * 3 if in_proj_bias is None else o.chunk(in_proj_bias, 3)
        q, k, v = _in_projection(query, key, value, q_proj_weight, k_proj_weight, v_proj_weight, *biases)
    else:
        q, k, v = _in_projection_packed(query, key, value, in_proj_weight, in_proj_bias, k_is_v, q_is_k)
    before = k.shape[0]
    if bias_k is not None and bias_v is not None:
        k, v = (o.cat((x, o.tile(b, (1, items, 1)))) for x, b in ((k, bias_k), (v, bias_v)))

    def split(x):
        return x.reshape(x.shape[0], items, num_heads, size // num_heads).transpose(1, 2, 0, 3)

    q = split(q)
    k, v = split(k) if static_k is None else static_k, split(v) if static_v is None else static_v
    if static_k is not None:
        k, v = (x.reshape(items, num_heads, *x.shape[1:]) for x in (k, v))
    if add_zero_attn:
        k, v = (o.pad(x, (0, 0, 0, 1)) for x in (k, v))
    keys = k.shape[2]
    mask = _all_masks(
        attn_mask,
        key_padding_mask,
        keys - before if static_k is None else 0,
        num_heads,
        (items, queries, keys),
        q.dtype,
    )
    scores = o.matmul(q, k.swapaxes(-1, -2)) * (size // num_heads) ** -0.5
    weights = o.dropout(o.softmax(scores if mask is None else scores + mask, -1), dropout_p, training)
    mixed = o.matmul(weights, v).transpose(2, 0, 1, 3).reshape(queries, items, size)
    found = o.dense(mixed, out_proj_weight, out_proj_bias)
    shown = weights.mean(1) if average_attn_weights else weights
    return (found, shown) if batched else (found.squeeze(1), shown.squeeze(0))


def __getattr__(name: str):
    if not name.startswith("__"):
        found = getattr(ops, name, None)
        if found is not None:
            return found
    raise names.absent(__name__, name)
