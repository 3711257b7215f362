"""``mint.special``."""

from ..ops.arithmetic import sinc
from ..ops.elementwise import erfc, exp2, expm1, log1p, round
from .nn.functional import log_softmax

__all__ = ["erfc", "exp2", "expm1", "log1p", "log_softmax", "round", "sinc"]
