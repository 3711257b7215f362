"""The kinds of arguments that MindSpore's functions take, where it refuses others with a TypeError: asked of MindSpore 2.10 by calls with
one argument of another kind.

Only users' calls are looked at: the package itself passes numbers and lists where that is shorter.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from .. import ops
from ..core.boundary import REFUSALS
from ..core.errors import fail
from ..core.registry import supplies
from ..core.tensor import Tensor
from ..ops.primitive_kinds import described, fits, plain, unkept

# the kinds of the arguments, by place or name: the functions, of ops where nothing else is said.  The letters are those of
# ops/primitive_kinds.py, further A an array of NumPy; "*": any
_KINDS = {
    "T": """
        F.linear F.relu F.silu abs acos acosh adaptive_max_pool1d arcsin arcsinh arctan arctanh bessel_i0 bessel_i0e
        bessel_i1 bessel_i1e bmm cartesian_prod ceil channel_shuffle combinations cos cosh cummax cummin cumprod cumsum
        deg2rad diag digamma dsplit erf erfc erfinv exp expm1 fast_gelu fliplr flipud floor gelu inv is_nonzero
        isfinite isinf isneginf isposinf lgamma log log10 log1p log2 log_softmax logcumsumexp logical_not logsigmoid
        masked_select matrix_power mint.cummax mint.flatten mish mm msort mvlgamma neg ones_like positive rad2deg rank
        ravel relu relu6 rsqrt selu sgn shape sigmoid sign signbit silu sin sinh size softmax softmin softsign sqrt
        square squeeze tan tanh trace trunc unfold
    """,
    "Tbif Tbif": """
        add arctan2 div float_power float_power_ext floor_div floor_mod fmax fmod ge greater hypot ldexp le maximum
        minimum mint.add mint.max mint.min mint.sub mul ne pow pows sub true_divide truncate_div xdivy xlogy
    """,
    "T T": "batch_dot bias_add cross dot expand_as gather_nd gcd ger kron lstsq matmul mint.allclose outer view_as",
    "* Tbif": "T.add_ T.div_ T.fill T.floor_divide_ T.mul_ T.remainder_ assign copysign full_like scalar_pow",
    "Tbif * Tbif": """
        scatter_nd_add scatter_nd_div scatter_nd_max scatter_nd_min scatter_nd_mul scatter_nd_sub scatter_nd_update
    """,
    "* T Tbif": "scatter_add scatter_div scatter_max scatter_min scatter_mul scatter_update",
    "* TbifIFL": "T.add T.searchsorted T.sub T.sub_",
    "* TiI": "T.logsumexp T.new_empty T.new_ones T.new_zeros T.repeat_interleave logsumexp",
    "* TiI?": "F.upsample T.all T.any T.mean T.sum interpolate",
    "T IL? dim=I?d norm=s? s=I?d": "fftn hfftn ifftn ihfftn irfftn rfftn",
    "T IL? dim=Id norm=s? s=I?d": "fft2 hfft2 ifft2 ihfft2 irfft2 rfft2",
    "T Ti? n=Ti? norm=s?": "fft hfft ifft ihfft irfft rfft",
    "* T": "T.copy_ T.expand_as T.isclose T.lstsq T.take",
    "Tbif": "approximate_equal cast isnan isnan_ext scalar_log",
    "TbifsIFL?": "adaptive_avg_pool1d exp2 inner matrix_norm zeros_like",
    "* iI": "T.split adaptive_avg_pool3d mint.split split",
    "T TI": "reshape reshape_",
    "T TIi": "broadcast_to tile",
    "T Tbif": "assign_add assign_sub eq less",
    "T TiI? dim=iI? keepdim=b": "mint.all mint.mean mint.sum sum",
    "T iI? bi axis=iI? ddof=bi keepdims=b": "std std_mean var var_mean",
    "TL": "atleast_1d atleast_2d atleast_3d clip_by_global_norm",
    "Tbi Tbi": "bitwise_left_shift bitwise_or bitwise_xor lcm",
    "* Ti": "T.diag T.topk mint.chunk",
    "* Ti?": "T.argmax T.argmin T.prod",
    "L": "addn cat mint.cat",
    "T I": "mint.permute permute transpose",
    "T Ti": "expand_dims mint.any unsqueeze",
    "T Ti T": "gather_d gather_elements mint.gather",
    "Tb Tb": "logical_and logical_or logical_xor",
    "upper=b": "cholesky cholesky_inverse cholesky_solve",
    "* * T? pos_weight=T? reduction=s weight=T?": "F.binary_cross_entropy_with_logits binary_cross_entropy_with_logits",
    "* * T? reduction=s weight=T?": "F.binary_cross_entropy binary_cross_entropy",
    "* I": "flip reverse",
    "* i": "T.chunk chunk",
    "* i?": "T.argmin_with_value T.cumsum",
    "* iI?": "T.max T.min",
    "T T T value=TifIFLA": "addcdiv addcmul",
    "T Tbi append=T? prepend=T?": "diff_ext mint.diff",
    "T Tbif Tbif": "select where",
    "T Tbif? Tbif?": "clamp clip",
    "T TiI axis=iI": "reduce_max reduce_min",
    "T TiI dim=iI keepdim=b": "mint.amax mint.amin",
    "T TiI? axis=iI? keep_dims=b": "all any",
    "T TiI? axis=iI? keepdims=b": "amax amin",
    "T TiIL? axis=iI? keep_dims=b": "mean prod",
    "T bif lambd=bif": "hardshrink softshrink",
    "T descending=b": "argsort sort",
    "T keepdims=b": "median nanmedian",
    "T periodic=b": "bartlett_window blackman_window",
    "T reduction=s": "F.smooth_l1_loss smooth_l1_loss",
    "Tbi Tbif": "bitwise_and bitwise_right_shift",
    "TbifsIFL? i? axis=i?": "max min",
    "Ti d=Tf": "fftfreq rfftfreq",
    "TiI dtype=?d": "ones zeros",
    "i i i dtype=d offset=i": "tril_indices triu_indices",
    "p=f": "cdist mint.cdist",
    "pad_mode=s": "conv1d conv2d",
    "* * T full=b": "gaussian_nll_loss",
    "* * T?": "nll_loss",
    "* * T? Ti ignore_index=i reduction=s weight=T?": "F.nll_loss",
    "* * T? margin=f": "margin_ranking_loss",
    "* * iIF? axis=iI? keepdims=b": "vector_norm",
    "* * iIF? dim=iI?": "norm",
    "* T T": "T.addbmm",
    "* T T alpha=bif beta=bif": "addmm",
    "* T Ti offset=i": "diagonal_scatter",
    "* TIFL": "T.choose",
    "* TbifAIFL": "scalar_add scalar_div scalar_sub",
    "* Ti * T": "scatter",
    "* Ti Ti": "matrix_band_part",
    "* Ti axis=i": "stack",
    "* Ti bias=T? eps=f weight=T?": "group_norm",
    "* Ti off_value=iI on_value=iI": "one_hot",
    "* Ti offset=Ti": "T.trace",
    "* Ti offset=i": "T.diagonal",
    "* Ti? axis=i?": "argmin",
    "* Ti? dim=i? keepdim=b": "argmax",
    "* TiI bias=T? eps=f weight=T?": "layer_norm",
    "* TiIL": "count_nonzero",
    "* TsI value=TbifF?": "pad",
    "* biI? axis=biI? keepdims=b": "T.ptp",
    "* bif iI ceil_mode=b": "lp_pool2d",
    "* i T": "T.index_select",
    "* i? axis=i? keep_dims=b": "T.argmax_with_value",
    "* ibfI Tbif": "T.itemset",
    "* iI? align_corners=b? recompute_scale_factor=Tb?": "upsample",
    "* iI? bi": "T.var",
    "* iI? i": "T.std",
    "* if if max_val=if min_val=if": "hardtanh",
    "I Tbif": "full",
    "IF": "tuple_reversed",
    "T * Ti Ti": "mint.narrow",
    "T T T": "block_diag",
    "T T T Ti reduction=s": "tensor_scatter_elements",
    "T T T alpha=bif beta=bif": "baddbmm",
    "T T Ti batch_dims=Ti": "gather",
    "T T Tif": "lerp",
    "T T atol=bif equal_nan=b rtol=bif": "isclose",
    "T T axis=i": "vecdot",
    "T T i": "intopk",
    "T T i p=i": "dist",
    "T T out_int32=b right=b": "searchsorted",
    "T TbifA Tbif beta=Tbif threshold=Tbif": "softplus",
    "T TbifIFLA? right=b": "bucketize",
    "T Tf alpha=f": "celu",
    "T Tf? eps=f?": "logit",
    "T Ti T Tbif": "mint.scatter",
    "T Ti diagonal=Ti": "triu",
    "T Ti offset=i": "diagonal",
    "T Ti sorted=b": "top_k",
    "T Ti? dim=i? keepdim=b": "mint.prod",
    "T TiI": "mint.squeeze",
    "T TiI?": "mint.nansum",
    "T TiIL axis=iI": "reduce_mean",
    "T TiIL? axis=iI? keepdims=b": "nansum",
    "T TiILA? keepdims=b": "nanmean",
    "T alpha=Tf": "elu",
    "T axis=Ti? keepdims=b": "aminmax",
    "T bi T": "index_select",
    "T bi offset=bi": "diagflat",
    "T bias=T?": "dense",
    "T bif": "soft_shrink",
    "T bif? bif? bif? nan=bif? neginf=bif? posinf=bif?": "nan_to_num",
    "T ceil_mode=b count_include_pad=b": "avg_pool1d",
    "T i append=T? n=i prepend=T?": "diff",
    "T i bif bins=i": "histc",
    "T i diagonal=i": "tril",
    "T i offset=i": "diag_embed",
    "T iA i axis=i": "repeat_elements",
    "T iA? maxlen=i?": "sequence_mask",
    "T iI": "adaptive_avg_pool2d",
    "T iI iI iIF ceil_mode=b count_include_pad=b divisor_override=i": "avg_pool2d",
    "T iI return_indices=b": "adaptive_max_pool2d",
    "T iIF TiIF? iIF ceil_mode=b": "max_pool2d",
    "T indexing=s": "meshgrid",
    "T order=s": "flatten",
    "T step=Tbi": "slice_scatter",
    "T? * Tbif? weight=Tbif?": "multilabel_soft_margin_loss",
    "Tbif Tbif dim=iI? eps=Tbif?": "cosine_similarity",
    "TbifA": "scalar_usub",
    "TbifA TbifA": "scalar_ge scalar_gt scalar_le scalar_lt scalar_mod",
    "TbifIFL TbifA TbifA norm_type=Tbif": "clip_by_norm",
    "TbifIFLA? TbifIFLA? Ti": "linspace",
    "TbifsIFL? TbifsIFL?": "zeta",
    "TbifsIFL? Ti largest=b sorted=b": "topk",
    "TbifsIFL? TiI": "repeat_interleave",
    "TbifsIFL? bif": "lp_pool1d",
    "TbifsIFL? margin=bif": "hinge_embedding_loss",
    "TbifsIFLA TbifsIFLA": "scalar_mul",
    "Tif Tif Tif maxlen=Ti": "range",
    "Ti Ti? dtype=?d": "eye",
    "Tif Tif? Tif end=Tif? start=Tif step=Tif": "arange",
    "adjoint=b": "matrix_solve",
    "alpha=f beta=f bias=f": "lrn",
    "as_tuple=b": "nonzero",
    "atol=Tbif? hermitian=b rtol=Tbif?": "pinv",
    "bif dtype=d": "scalar_to_tensor",
    "compute_uv=Tb full_matrices=b": "svd",
    "const_arg=b": "T.set_const_arg",
    "decimals=i": "round",
    "divisor_override=i": "avg_pool3d",
    "dx=f": "trapz",
    "i alpha=f beta=f periodic=b": "hamming_window",
    "i beta=bifsIFLA periodic=b": "kaiser_window",
    "i i i": "make_range",
    "i periodic=b": "hann_window",
    "ignore_index=i label_smoothing=f": "cross_entropy",
    "indexing=s?": "mint.meshgrid",
    "margin=bi p=i weight=T?": "multi_margin_loss",
    "mode=d": "qr",
    "return_counts=b return_inverse=b": "unique_consecutive",
}


def _entries(table: dict[str, str]) -> dict[str, str]:
    return {name if "." in name else f"ops.{name}": key for key, names in table.items() for name in names.split()}


KINDS = _entries(_KINDS)


@supplies("refusals")
def refuse_in(home: str, names: Mapping[str, Any]) -> None:
    """Notes in ``REFUSALS`` what the functions refuse that a module has by their names: "ops", "mint", "F" for its functional, or
    "T" for methods of Tensors."""
    for name, function in names.items():
        key = f"{home}.{name}"
        if key in KINDS and callable(function) and function not in REFUSALS:
            REFUSALS[function] = _refusal(f"Tensor.{name}" if home == "T" else name, function, KINDS[key].split())


def refuse_in_all() -> None:
    """That, for the functions that are imported with the package; mint asks for its own."""
    refuse_in("ops", vars(ops))
    refuse_in("T", vars(Tensor))


def _refusal(name: str, function, words: list[str]) -> Callable:
    """(args, kwargs) -> the TypeError of a call of ``function``, or None."""
    places = [(i, w, plain(w)) for i, w in enumerate(words) if w != "*" and "=" not in w]
    named = dict(w.split("=") for w in words if "=" in w)
    try:
        parameters = [
            p.name for p in inspect.signature(function).parameters.values() if p.kind == p.POSITIONAL_OR_KEYWORD
        ]
    except ValueError:
        parameters = []
    for place, kinds, _ in places:
        if place < len(parameters):
            named.setdefault(parameters[place], kinds)

    def refusal(args, kwargs):
        for place, kinds, known in places:
            if place < len(args):
                value = args[place]
                if type(value) not in known and not fits(kinds, value):
                    argument = f"'{parameters[place]}'" if place < len(parameters) else f"argument {place}"
                    return _error(name, argument, kinds, value)
        for argument, value in kwargs.items():
            if argument in named and not fits(named[argument], value):
                return _error(name, f"'{argument}'", named[argument], value)
        return unkept(name, args)

    return refusal


def _error(name: str, argument: str, kinds: str, value) -> Exception:
    return fail(
        TypeError,
        f"For '{name}', {argument} must be {described(kinds)}, but got {type(value).__name__}: {value!r:.60}.",
    )


__all__ = ["KINDS", "refuse_in", "refuse_in_all"]
