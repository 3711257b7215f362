# Written by tools/stubs from minispore.mint.special: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.mint.nn.functional import log_softmax as log_softmax
from minispore.ops.arithmetic import sinc as sinc
from minispore.ops.elementwise import erfc as erfc, exp2 as exp2, expm1 as expm1, log1p as log1p, round as round

__all__ = ['erfc', 'exp2', 'expm1', 'log1p', 'log_softmax', 'round', 'sinc']
