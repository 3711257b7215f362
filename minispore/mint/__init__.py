"""``mindspore.mint``: the ops under PyTorch's names and signatures (``dim``, ``keepdim``).

A name whose ``ops`` function takes the same arguments is that function; the others are the thin functions below.

>>> import minispore as ms
>>> from minispore import mint
>>> print(mint.sum(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), dim=1, keepdim=True))
[[3.]
 [7.]]
"""

from ..ops.comparison import allclose
from ..ops.elementwise import invert as bitwise_not
from . import distributed, linalg, nn, optim, special
from ._arithmetic import (
    add,
    addcdiv,
    arcsin,
    bmm,
    cdist,
    dot,
    equal,
    frac,
    isnan,
    mv,
    real,
    softmax,
    sqrt,
    sub,
    trace,
    triangular_solve,
    vdot,
)
from ._arrays import (
    cat,
    chunk,
    clone,
    concat,
    diag,
    diff,
    flatten,
    gather,
    index_add,
    index_select,
    meshgrid,
    narrow,
    permute,
    repeat_interleave,
    scatter,
    scatter_add,
    select,
    split,
    squeeze,
    stack,
    transpose,
    unique,
    where,
)
from ._creation import (
    bernoulli,
    empty,
    empty_like,
    linspace,
    multinomial,
    normal,
    ones,
    rand,
    rand_like,
    randint,
    randint_like,
    randn,
    randn_like,
    randperm,
)
from ._forms import ops as _ops
from ._reductions import (
    all,
    amax,
    amin,
    any,
    argmin,
    argsort,
    count_nonzero,
    cummax,
    cummin,
    cumsum,
    kthvalue,
    logsumexp,
    max,
    mean,
    median,
    min,
    nansum,
    norm,
    prod,
    sort,
    std,
    std_mean,
    sum,
    topk,
    var,
    var_mean,
)

_SAME = """
abs acos acosh addbmm addmm addmv arange arccos arccosh arcsinh arctan arctan2 arctanh argmax asin asinh atan
atan2 atanh baddbmm bincount bitwise_and bitwise_or bitwise_xor broadcast_to ceil clamp cos cosh cross cumprod div
divide dstack einsum eq erf erfc erfinv exp exp2 expm1 eye flip float_power floor floor_divide fmod full
full_like gcd ge greater greater_equal gt histc hstack imag inverse isclose isfinite isinf isneginf le lerp less
less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor lt masked_select
matmul maximum minimum mm mul nan_to_num ne neg negative nonzero not_equal ones_like outer polar pow
ravel reciprocal remainder reshape roll round rsqrt searchsorted sigmoid sign sin sinc sinh
square swapaxes t take tan tanh tile tril triu trunc unbind unique_consecutive unsqueeze xlogy zeros zeros_like
"""
globals().update({name: getattr(_ops, name) for name in _SAME.split()})
clip = _ops.clamp

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip
from ..core.registry import module_getattr as _module_getattr, supplied as _supplied  # noqa: E402  # isort: skip

_supplied("refusals")("mint", globals())
_supplied("refusals")("F", vars(nn.functional))
for _names in (vars(linalg), vars(special), vars(nn.functional), globals()):
    _publish(_names, plans=True)
for _names in (vars(nn), vars(optim)):
    _publish(_names)

__getattr__ = _module_getattr(__name__)
