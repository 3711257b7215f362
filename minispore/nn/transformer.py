"""``nn.transformer`` of MindSpore 1: encoders and decoders with the sizes of their inputs as arguments.

Masks here are 1 where a position may be seen and 0 where not, (N, L, S) each; sequences are (N, L, hidden_size).
"""

from collections.abc import Callable

from .. import ops
from ..core import checks
from ..core.docstrings import documented
from ..core.dtype import float32
from ..core.errors import fail
from .cell import Cell
from .container import CellList
from .layer.attention import TransformerDecoderLayer, TransformerEncoderLayer


class _Stack(Cell):
    """``num_layers`` layers one after the other; see ``TransformerEncoder``."""

    layer: Callable[..., Cell]

    def __init__(self, num_layers, hidden_size, ffn_hidden_size, num_heads, dropout, hidden_act, post_layernorm_residual,
                 param_init_type):  # fmt: skip
        super().__init__()
        name = type(self).__name__
        self.num_layers = checks.positive_int(name, num_layers=num_layers)
        self.num_heads = checks.positive_int(name, num_heads=num_heads)
        self.hidden_size = checks.positive_int(name, hidden_size=hidden_size)
        made_with = (hidden_size, num_heads, ffn_hidden_size, dropout, hidden_act, 1e-5, True)
        self.blocks = CellList(
            [self.layer(*made_with, not post_layernorm_residual, param_init_type) for _ in range(num_layers)]
        )

    def _hidden_positions(self, mask, like, keys):
        """The positions that may not be seen, one mask for each head."""
        if mask is None:
            return None
        shape = (like.shape[0], like.shape[1], keys)
        if mask.ndim not in (2, 3) or mask.shape != shape[3 - mask.ndim :]:
            raise fail(
                ValueError, f"For '{type(self).__name__}', a mask must have the shape {shape}, but got {mask.shape}."
            )
        hidden = ops.broadcast_to(mask == 0, shape)
        return ops.repeat_interleave(hidden, self.num_heads, 0)


_SIZES = """num_layers: int, how many layers.
hidden_size: int, the channels of a sequence.
ffn_hidden_size: int, the channels inside the feed-forward network."""
_OPTIONS = """num_heads: int, a divisor of ``hidden_size``.
attention_dropout_rate: accepted, without effect.
hidden_dropout_rate: float, the probability to zero an element in training.  Default: 0.1.
hidden_act: "gelu" (the default) or "relu".
post_layernorm_residual: bool, whether to normalise after each sum in place of before each block.  Default: False.
layernorm_compute_type: accepted, without effect.
softmax_compute_type: accepted, without effect.
param_init_type: the type of the Parameters.  Default: float32.
lambda_func: accepted, without effect.
offset: accepted, without effect.
use_past: False, the only choice.
moe_config: accepted, without effect.
parallel_config: accepted, without effect."""
_RAISES = """TypeError: an argument of the wrong type.
ValueError: an argument out of range, or shapes that do not fit.
NotImplementedError: ``use_past`` is True."""
_SHARED = {"sizes": _SIZES, "options": _OPTIONS, "raises": _RAISES}


@documented(**_SHARED)
class TransformerEncoder(_Stack):
    """Layers of self-attention and a feed-forward network (Vaswani et al. 2017, arXiv 1706.03762).

    Args:
        batch_size: accepted; the input's shape counts.
        {sizes}
        seq_length: accepted; the input's shape counts.
        {options}

    Inputs:
        hidden_states: Tensor of floats, shape (N, L, hidden_size).
        attention_mask: Tensor of shape (N, L, L), 1 where a position may be seen and 0 where not.  Default: None.
        init_reset: ignored.
        batch_valid_length: ignored.

    Returns:
        tuple (Tensor of shape (N, L, hidden_size), a tuple of None for each layer).  Unlike MindSpore, keys and values
        of earlier calls are not kept.

    Raises:
        {raises}

    >>> from minispore import ops
    >>> net = TransformerEncoder(2, 1, hidden_size=4, ffn_hidden_size=8, seq_length=3, num_heads=2)
    >>> net(ops.ones((2, 3, 4)), ops.ones((2, 3, 3)))[0].shape
    (2, 3, 4)
    """

    layer = TransformerEncoderLayer

    def __init__(self, batch_size, num_layers, hidden_size, ffn_hidden_size, seq_length, num_heads,
                 attention_dropout_rate=0.1, hidden_dropout_rate=0.1, hidden_act="gelu", post_layernorm_residual=False,
                 layernorm_compute_type=float32, softmax_compute_type=float32, param_init_type=float32,
                 lambda_func=None, offset=0, use_past=False, moe_config=None, parallel_config=None):  # fmt: skip
        _refuse_past("TransformerEncoder", use_past)
        super().__init__(
            num_layers, hidden_size, ffn_hidden_size, num_heads, hidden_dropout_rate, hidden_act,
            post_layernorm_residual, param_init_type,
        )  # fmt: skip

    def construct(self, hidden_states, attention_mask=None, init_reset=True, batch_valid_length=None):
        x, hidden = hidden_states, self._hidden_positions(attention_mask, hidden_states, hidden_states.shape[1])
        for block in self.blocks:
            x = block(x, hidden)
        return x, (None,) * self.num_layers


@documented(**_SHARED)
class TransformerDecoder(_Stack):
    """Layers of self-attention, attention to an encoder's output and a feed-forward network.

    Args:
        {sizes}
        batch_size: accepted; the input's shape counts.
        src_seq_length: accepted; the input's shape counts.
        tgt_seq_length: accepted; the input's shape counts.
        {options}

    Inputs:
        hidden_states: Tensor of floats, shape (N, L, hidden_size).
        attention_mask: Tensor of shape (N, L, L), 1 where a position may be seen and 0 where not; or None.
        encoder_output: Tensor of floats, shape (N, S, hidden_size).
        memory_mask: Tensor of shape (N, L, S), as the other mask, for the encoder's output.  Default: None.
        init_reset: ignored.
        batch_valid_length: ignored.

    Returns:
        tuple (Tensor of shape (N, L, hidden_size), a tuple of None for each layer).  Unlike MindSpore, keys and values
        of earlier calls are not kept.

    Raises:
        {raises}

    >>> from minispore import ops
    >>> net = TransformerDecoder(1, 2, 4, 8, src_seq_length=5, tgt_seq_length=3, num_heads=2)
    >>> net(ops.ones((2, 3, 4)), None, ops.ones((2, 5, 4)))[0].shape
    (2, 3, 4)
    """

    layer = TransformerDecoderLayer

    def __init__(self, num_layers, batch_size, hidden_size, ffn_hidden_size, src_seq_length, tgt_seq_length, num_heads,
                 attention_dropout_rate=0.1, hidden_dropout_rate=0.1, post_layernorm_residual=False,
                 layernorm_compute_type=float32, softmax_compute_type=float32, param_init_type=float32,
                 hidden_act="gelu", lambda_func=None, use_past=False, offset=0, moe_config=None,
                 parallel_config=None):  # fmt: skip
        _refuse_past("TransformerDecoder", use_past)
        super().__init__(
            num_layers, hidden_size, ffn_hidden_size, num_heads, hidden_dropout_rate, hidden_act,
            post_layernorm_residual, param_init_type,
        )  # fmt: skip

    def construct(self, hidden_states, attention_mask, encoder_output=None, memory_mask=None, init_reset=True,
                  batch_valid_length=None):  # fmt: skip
        if encoder_output is None:
            raise fail(ValueError, "For 'TransformerDecoder', 'encoder_output' must be given.")
        x, seen = hidden_states, encoder_output.shape[1]
        own = self._hidden_positions(attention_mask, x, x.shape[1])
        memory = self._hidden_positions(memory_mask, x, seen)
        for block in self.blocks:
            x = block(x, encoder_output, own, memory)
        return x, (None,) * self.num_layers


def _refuse_past(owner, use_past) -> None:
    if use_past:
        raise fail(NotImplementedError, f"For '{owner}', use_past=True (kept keys and values) is not supported.")


__all__ = ["TransformerDecoder", "TransformerEncoder"]
