"""Attention and the Transformer (Vaswani et al. 2017, arXiv 1706.03762)."""

import copy
import math

from ... import ops
from ...core import checks
from ...core.docstrings import documented
from ...core.dtype import bool_, float32, uint8
from ...core.errors import fail
from ...core.initializer import HeUniform, Uniform, XavierNormal, XavierUniform, initializer
from ..cell import Cell
from ..container import CellList
from .activation import GELU, ReLU
from .dense import Dense
from .dropout import Dropout
from .normalization import LayerNorm
from .weights import cast_like, parameter


class MultiheadAttention(Cell):
    """``softmax(q k^T / sqrt(d) + mask) v`` in ``num_heads`` parts of ``d`` channels each, between linear maps
    (Vaswani et al. 2017, arXiv 1706.03762).

    Args:
        embed_dim: int, E, the channels of queries and results, a multiple of ``num_heads``.
        num_heads: int, how many parts.
        dropout: float, the probability to zero an attention weight in training.  Default: 0.0.
        has_bias: bool, whether the linear maps have biases.  Default: True.
        add_bias_kv: bool, whether a trained element is added to the sequences of keys and values.  Default: False.
        add_zero_attn: bool, whether an element of zeros is added to them.  Default: False.
        kdim: int, the channels of keys.  Default: None, as ``embed_dim``.
        vdim: int, the channels of values.  Default: None, as ``embed_dim``.
        batch_first: bool, whether sequences are (N, L, E) in place of (L, N, E).  Default: False.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        query: Tensor of floats, shape (L, N, E); like key and value without N, or with N first by ``batch_first``.
        key: Tensor of shape (S, N, kdim).
        value: Tensor of shape (S, N, vdim).
        key_padding_mask: Tensor of shape (N, S): True, or a number to add to the scores, for keys to leave out.
        need_weights: bool, whether to return the attention weights too.  Default: True.
        attn_mask: Tensor of shape (L, S) or (N * num_heads, L, S): the same for pairs of query and key.
        average_attn_weights: bool, whether the weights are averaged over the heads.  Default: True.

    Returns:
        tuple (result, weights), or (result,): result of shape (L, N, E), weights (N, L, S), or (N, num_heads, L, S) if
        not averaged.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``embed_dim`` is not a multiple of ``num_heads``, or shapes or types do not fit.

    >>> from minispore import nn, ops
    >>> x = ops.ones((5, 2, 4))
    >>> out, weights = nn.MultiheadAttention(4, 2)(x, x, x)
    >>> out.shape, weights.shape
    ((5, 2, 4), (2, 5, 5))
    """

    is_piece = True

    def __init__(self, embed_dim, num_heads, dropout=0.0, has_bias=True, add_bias_kv=False, add_zero_attn=False,
                 kdim=None, vdim=None, batch_first=False, dtype=float32):  # fmt: skip
        super().__init__()
        name = "MultiheadAttention"
        checks.positive_int(name, embed_dim=embed_dim)
        checks.positive_int(name, num_heads=num_heads)
        if embed_dim % num_heads:
            raise fail(
                ValueError,
                f"For '{name}', 'embed_dim' must be a multiple of 'num_heads', but got {embed_dim} and {num_heads}.",
            )
        dtype = float32 if dtype is None else dtype
        self.embed_dim, self.num_heads, self.head_dim = embed_dim, num_heads, embed_dim // num_heads
        self.kdim, self.vdim = (embed_dim if d is None else d for d in (kdim, vdim))
        self.dropout, self.batch_first, self.add_zero_attn, self.dtype = dropout, batch_first, add_zero_attn, dtype
        self.in_proj_weight = self.q_proj_weight = self.k_proj_weight = self.v_proj_weight = None
        self.in_proj_bias = self.bias_k = self.bias_v = None
        if self.kdim == self.vdim == embed_dim:
            self.in_proj_weight = parameter(name, "in_proj_weight", XavierUniform(), (3 * embed_dim, embed_dim), dtype)
        else:
            for what, channels in (("q", embed_dim), ("k", self.kdim), ("v", self.vdim)):
                weight = parameter(name, f"{what}_proj_weight", XavierUniform(), (embed_dim, channels), dtype)
                setattr(self, f"{what}_proj_weight", weight)
        if has_bias:
            self.in_proj_bias = parameter(name, "in_proj_bias", "zeros", (3 * embed_dim,), dtype)
        self.out_proj = _dense(embed_dim, embed_dim, dtype, has_bias)
        if add_bias_kv:
            self.bias_k = parameter(name, "bias_k", XavierNormal(), (1, 1, embed_dim), dtype)
            self.bias_v = parameter(name, "bias_v", XavierNormal(), (1, 1, embed_dim), dtype)

    def construct(
        self, query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True
    ):
        batched = self._check(query, key, value)
        time = 1 if self.batch_first and batched else 0
        q, k, v = self._project(query, key, value)
        if not batched:
            q, k, v = (ops.expand_dims(t, 1) for t in (q, k, v))
            key_padding_mask = None if key_padding_mask is None else ops.expand_dims(key_padding_mask, 0)
        extra = (self.bias_k is not None) + self.add_zero_attn
        masks = self._masks(key_padding_mask, attn_mask, q.shape[1 - time], q.shape[time], k.shape[time], extra)
        k, v = self._with_extra_positions(k, self.bias_k, time), self._with_extra_positions(v, self.bias_v, time)
        heads = [self._heads(t, time) for t in (q, k, v)]  # (N, heads, length, channels of a head)
        scores = ops.matmul(heads[0] * (1.0 / math.sqrt(self.head_dim)), ops.swapaxes(heads[1], -1, -2))
        for mask in masks:
            scores = ops.select(mask, -math.inf, scores) if mask.dtype is bool_ else scores + mask
        weights = ops.dropout(ops.softmax(scores, -1), self.dropout, self.training)
        mixed = ops.transpose(ops.matmul(weights, heads[2]), (0, 2, 1, 3) if time else (2, 0, 1, 3))
        out = self.out_proj(ops.reshape(mixed, mixed.shape[:2] + (self.embed_dim,)))
        if not batched:
            out = ops.squeeze(out, 1)
        if not need_weights:
            return (out,)
        weights = ops.mean(weights, 1) if average_attn_weights else weights
        return out, weights if batched else ops.squeeze(weights, 0)

    def _check(self, query, key, value) -> bool:
        """Whether the inputs have a batch axis."""
        for name, x, channels in (
            ("query", query, self.embed_dim),
            ("key", key, self.kdim),
            ("value", value, self.vdim),
        ):
            checks.tensor("MultiheadAttention", **{name: x})
            if x.ndim not in (2, 3) or x.ndim != query.ndim or x.shape[-1] != channels:
                raise fail(
                    ValueError,
                    f"For 'MultiheadAttention', query, key and value must all have 2 or 3 axes, and {name} "
                    f"{channels} channels, but "
                    f"got the shape {x.shape}.",
                )
        if key.shape[:-1] != value.shape[:-1]:
            raise fail(
                ValueError,
                f"For 'MultiheadAttention', key and value must agree in length and batch, but got {key.shape} and "
                f"{value.shape}.",
            )
        return query.ndim == 3

    def _project(self, query, key, value):
        """The projections of query, key and value; one matrix product where they are the same Tensor."""
        e, bias = self.embed_dim, cast_like(self.in_proj_bias, query)
        packed = cast_like(self.in_proj_weight, query)
        if packed is not None and query is key and key is value:
            return ops.split(ops.dense(query, packed, bias), e, -1)
        biases = (None,) * 3 if bias is None else ops.split(bias, e, 0)
        if packed is not None and key is value:
            both = ops.dense(key, packed[e:], None if bias is None else bias[e:])
            return [ops.dense(query, packed[:e], biases[0]), *ops.split(both, e, -1)]
        if packed is not None:
            weights = ops.split(packed, e, 0)
        else:
            weights = [cast_like(w, query) for w in (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)]
        return [ops.dense(x, w, b) for x, w, b in zip((query, key, value), weights, biases)]

    def _with_extra_positions(self, x, bias, time):
        """Appends ``bias`` (bias_k or bias_v) and, with ``add_zero_attn``, zeros to the sequence."""
        shape = tuple(1 if a == time else d for a, d in enumerate(x.shape))
        parts = [x]
        if bias is not None:
            parts.append(ops.broadcast_to(bias.astype(x.dtype), shape))
        if self.add_zero_attn:
            parts.append(ops.zeros(shape, x.dtype))
        return ops.concat(parts, time) if len(parts) > 1 else x

    def _heads(self, x, time):
        split = ops.reshape(x, x.shape[:2] + (self.num_heads, self.head_dim))
        return ops.transpose(split, (0, 2, 1, 3) if time else (1, 2, 0, 3))

    def _masks(self, padding, mask, n, length, keys, extra):
        """The masks in shapes that broadcast to (N, heads, L, S); the last ``extra`` keys are never masked."""
        found = []
        for name, m, shapes in (
            ("key_padding_mask", padding, [((n, keys), (n, 1, 1, keys))]),
            ("attn_mask", mask, [((length, keys), (1, 1, length, keys)),
                                 ((n * self.num_heads, length, keys), (n, self.num_heads, length, keys))]),
        ):  # fmt: skip
            if m is None:
                continue
            if m.dtype is uint8 and name == "attn_mask":
                m = m.astype(bool_)
            if m.dtype is not bool_ and not m.dtype.is_float:
                raise fail(ValueError, f"For 'MultiheadAttention', '{name}' must be bool or float, but got {m.dtype}.")
            shape = next((made for given, made in shapes if given == m.shape), None)
            if shape is None:
                wanted = " or ".join(str(given) for given, _ in shapes)
                raise fail(
                    ValueError, f"For 'MultiheadAttention', '{name}' must have the shape {wanted}, but got {m.shape}."
                )
            m = ops.reshape(m, shape)
            found.append(ops.concat([m, ops.zeros((*m.shape[:-1], extra), m.dtype)], -1) if extra else m)
        return found


def _dense(fan_in, fan_out, dtype, has_bias=True) -> Dense:
    weight_init, bias_init = HeUniform(math.sqrt(5)), Uniform(1 / math.sqrt(fan_in))
    return Dense(fan_in, fan_out, weight_init, bias_init, has_bias, dtype=dtype)


_NONLINEAR = {"relu": ops.relu, "gelu": ops.gelu}


def _nonlinearity(owner, given):
    """The activation of the feed-forward part, given as a ReLU or GELU cell or as a name."""
    for name, function in _NONLINEAR.items():
        if given is function or (isinstance(given, str) and given == name):
            return name
    if not isinstance(given, (ReLU, GELU)):
        raise fail(
            ValueError,
            f"For '{owner}', 'activation' must be a ReLU or GELU (name, cell, function), but got {given!r}.",
        )
    return given


class _Layer(Cell):
    """The base of encoder and decoder layers: residual blocks, normalised after the sum or (``norm_first``) before the
    block."""

    blocks = 2

    def __init__(
        self, d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, dtype
    ):
        super().__init__()
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, batch_first=batch_first, dtype=dtype)
        if self.blocks == 3:
            self.multihead_attn = MultiheadAttention(d_model, nhead, dropout, batch_first=batch_first, dtype=dtype)
        self.dense1 = _dense(d_model, dim_feedforward, dtype)
        self.dropout = Dropout(p=dropout)
        self.dense2 = _dense(dim_feedforward, d_model, dtype)
        for k in range(self.blocks):
            setattr(self, f"norm{k + 1}", LayerNorm((d_model,), epsilon=layer_norm_eps, dtype=dtype))
        for k in range(self.blocks):
            setattr(self, f"dropout{k + 1}", Dropout(p=dropout))
        self.activation = _nonlinearity(type(self).__name__, activation)
        self.norm_first = norm_first
        self.made_with = (
            d_model,
            nhead,
            dim_feedforward,
            dropout,
            self.activation,
            layer_norm_eps,
            batch_first,
            norm_first,
            dtype,
        )

    def _block(self, k, x, function):
        norm, dropout = getattr(self, f"norm{k}"), getattr(self, f"dropout{k}")
        if self.norm_first:
            return x + dropout(function(norm(x)))
        return norm(x + dropout(function(x)))

    def _feed_forward(self, x):
        bend = _NONLINEAR[self.activation] if isinstance(self.activation, str) else self.activation
        return self.dense2(self.dropout(bend(self.dense1(x))))


_LAYER_ARGS = """dim_feedforward: int, channels inside the feed-forward network.  Default: 2048.
dropout: float, the probability to zero an element in training.  Default: 0.1.
activation: "relu" (the default), "gelu", or the cell or function of one of them.
{more}layer_norm_eps: float, epsilon of the normalisations.  Default: 1e-5.
batch_first: bool, whether sequences are (N, L, E) in place of (L, N, E).  Default: False.
norm_first: bool, whether to normalise before each block in place of after its sum.  Default: False.
dtype: the type of the Parameters.  Default: float32."""
_CHANNELS = """d_model: int, E, the channels, a multiple of ``nhead``.
nhead: int, the heads of the attention."""
_TARGET = """tgt: Tensor of floats, shape (L, N, E).
memory: Tensor of floats, shape (S, N, E), what the encoder made.
tgt_mask: as ``attn_mask`` of ``MultiheadAttention``, for the attention of tgt to itself.  Default: None.
memory_mask: the same for its attention to the memory.  Default: None.
tgt_key_padding_mask: as ``key_padding_mask``, for tgt.  Default: None.
memory_key_padding_mask: the same for the memory.  Default: None."""
_SOURCE = """src: Tensor of floats, shape (L, N, E).
src_mask: as ``attn_mask`` of ``MultiheadAttention``.  Default: None.
src_key_padding_mask: as ``key_padding_mask``.  Default: None."""
_LAYER_RAISES = """TypeError: an argument of the wrong type.
ValueError: ``d_model`` is not a multiple of ``nhead``, another ``activation``, or shapes that do not fit."""


@documented(channels=_CHANNELS, args=_LAYER_ARGS, more="", inputs=_SOURCE, raises=_LAYER_RAISES)
class TransformerEncoderLayer(_Layer):
    """Self-attention and a feed-forward network, each with dropout, a residual sum and normalisation.

    Args:
        {channels}
        {args}

    Inputs:
        {inputs}

    Returns:
        Tensor of the shape and dtype of src.

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> nn.TransformerEncoderLayer(4, 2, dim_feedforward=8)(ops.ones((5, 2, 4))).shape
    (5, 2, 4)
    """

    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu", layer_norm_eps=1e-5,
                 batch_first=False, norm_first=False, dtype=float32):  # fmt: skip
        super().__init__(
            d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, dtype
        )

    def construct(self, src, src_mask=None, src_key_padding_mask=None):
        x = self._block(1, src, lambda x: self.self_attn(x, x, x, src_key_padding_mask, False, src_mask)[0])
        return self._block(2, x, self._feed_forward)


@documented(channels=_CHANNELS, args=_LAYER_ARGS, more="", inputs=_TARGET, raises=_LAYER_RAISES)
class TransformerDecoderLayer(_Layer):
    """Self-attention, attention to ``memory`` and a feed-forward network, each with dropout, a residual sum and
    normalisation.

    Args:
        {channels}
        {args}

    Inputs:
        {inputs}

    Returns:
        Tensor of the shape and dtype of tgt.

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> net = nn.TransformerDecoderLayer(4, 2, dim_feedforward=8)
    >>> net(ops.ones((3, 2, 4)), ops.ones((5, 2, 4))).shape
    (3, 2, 4)
    """

    blocks = 3

    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu", layer_norm_eps=1e-5,
                 batch_first=False, norm_first=False, dtype=float32):  # fmt: skip
        super().__init__(
            d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, dtype
        )

    def construct(
        self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None
    ):
        x = self._block(1, tgt, lambda x: self.self_attn(x, x, x, tgt_key_padding_mask, False, tgt_mask)[0])
        x = self._block(
            2, x, lambda x: self.multihead_attn(x, memory, memory, memory_key_padding_mask, False, memory_mask)[0]
        )
        return self._block(3, x, self._feed_forward)


class _Stack(Cell):
    """``num_layers`` copies of the given layer, with the same initial values."""

    def __init__(self, layer, num_layers, norm):
        super().__init__()
        made = type(layer)(*layer.made_with)
        self.layers = CellList([copy.deepcopy(made) for _ in range(num_layers)])
        self.num_layers, self.norm = num_layers, norm


@documented(inputs=_SOURCE)
class TransformerEncoder(_Stack):
    """Encoder layers on top of each other.

    Args:
        encoder_layer: TransformerEncoderLayer, what the layers are made like; all start with the same values.
        num_layers: int, how many.
        norm: Cell, applied to the result.  Default: None.

    Inputs:
        {inputs}

    Returns:
        Tensor of the shape and dtype of src.

    >>> from minispore import nn, ops
    >>> layer = nn.TransformerEncoderLayer(4, 2, dim_feedforward=8)
    >>> nn.TransformerEncoder(layer, 2)(ops.ones((5, 2, 4))).shape
    (5, 2, 4)
    """

    def __init__(self, encoder_layer, num_layers, norm=None):
        super().__init__(encoder_layer, num_layers, norm)

    def construct(self, src, src_mask=None, src_key_padding_mask=None):
        x = src
        for layer in self.layers:
            x = layer(x, src_mask, src_key_padding_mask)
        return x if self.norm is None else self.norm(x)


@documented(inputs=_TARGET)
class TransformerDecoder(_Stack):
    """Decoder layers on top of each other.

    Args:
        decoder_layer: TransformerDecoderLayer, what the layers are made like; all start with the same values.
        num_layers: int, how many.
        norm: Cell, applied to the result.  Default: None.

    Inputs:
        {inputs}

    Returns:
        Tensor of the shape and dtype of tgt.

    >>> from minispore import nn, ops
    >>> layer = nn.TransformerDecoderLayer(4, 2, dim_feedforward=8)
    >>> nn.TransformerDecoder(layer, 2)(ops.ones((3, 2, 4)), ops.ones((5, 2, 4))).shape
    (3, 2, 4)
    """

    def __init__(self, decoder_layer, num_layers, norm=None):
        super().__init__(decoder_layer, num_layers, norm)

    def construct(
        self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None
    ):
        x = tgt
        for layer in self.layers:
            x = layer(x, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)
        return x if self.norm is None else self.norm(x)


@documented(
    args=_LAYER_ARGS,
    more="""custom_encoder: Cell in the place of the encoder.  Default: None.
custom_decoder: Cell in the place of the decoder.  Default: None.
""",
)
class Transformer(Cell):
    """An encoder and a decoder (Vaswani et al. 2017, arXiv 1706.03762), with normalisation after each.

    Args:
        d_model: int, E, the channels, a multiple of ``nhead``.  Default: 512.
        nhead: int, the heads of the attention.  Default: 8.
        num_encoder_layers: int.  Default: 6.
        num_decoder_layers: int.  Default: 6.
        {args}

    Inputs:
        src: Tensor of floats, shape (S, N, E).
        tgt: Tensor of floats, shape (L, N, E).
        src_mask: as ``attn_mask`` of ``MultiheadAttention``, of src to itself.  Default: None.
        tgt_mask: of tgt to itself.  Default: None.
        memory_mask: of tgt to what the encoder made.  Default: None.
        src_key_padding_mask: as ``key_padding_mask``, for src.  Default: None.
        tgt_key_padding_mask: for tgt.  Default: None.
        memory_key_padding_mask: for what the encoder made.  Default: None.

    Returns:
        Tensor of the shape and dtype of tgt.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``d_model`` is not a multiple of ``nhead``, another ``activation``, or shapes that do not fit.

    >>> from minispore import nn, ops
    >>> net = nn.Transformer(4, 2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=8)
    >>> net(ops.ones((5, 2, 4)), ops.ones((3, 2, 4))).shape
    (3, 2, 4)
    """

    def __init__(self, d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048,
                 dropout=0.1, activation="relu", custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-5,
                 batch_first=False, norm_first=False, dtype=float32):  # fmt: skip
        super().__init__()
        options = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, dtype)

        def norm():
            return LayerNorm((d_model,), epsilon=layer_norm_eps, dtype=dtype)

        self.encoder = custom_encoder or TransformerEncoder(
            TransformerEncoderLayer(*options), num_encoder_layers, norm()
        )
        self.decoder = custom_decoder or TransformerDecoder(
            TransformerDecoderLayer(*options), num_decoder_layers, norm()
        )
        for p in self.get_parameters():
            if p.ndim > 1:
                p.set_data(initializer(XavierUniform(), p.shape, p.dtype))
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first

    def construct(self, src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None,
                  tgt_key_padding_mask=None, memory_key_padding_mask=None):  # fmt: skip
        batch = 0 if self.batch_first else 1
        if src.ndim == 3 and tgt.ndim == 3 and src.shape[batch] != tgt.shape[batch]:
            raise fail(
                ValueError,
                f"For 'Transformer', 'src' and 'tgt' must have one batch size, but got the shapes {src.shape} and "
                f"{tgt.shape}.",
            )
        if src.shape[-1] != self.d_model or tgt.shape[-1] != self.d_model:
            raise fail(
                ValueError,
                f"For 'Transformer', 'src' and 'tgt' must have {self.d_model} channels, but got the shapes "
                f"{src.shape} and {tgt.shape}.",
            )
        memory = self.encoder(src, src_mask, src_key_padding_mask)
        return self.decoder(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)


__all__ = [
    "MultiheadAttention", "Transformer", "TransformerDecoder", "TransformerDecoderLayer", "TransformerEncoder",
    "TransformerEncoderLayer",
]  # fmt: skip
