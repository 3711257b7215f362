"""``mint.special``."""

from ..ops.elementwise import erfc, exp2, expm1, log1p, round
from ..ops.math import sinc
from .nn.functional import log_softmax

__all__ = ["erfc", "exp2", "expm1", "log1p", "log_softmax", "round", "sinc"]
