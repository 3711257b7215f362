"""The class forms of MindSpore's ``ops.operations``: ``ReduceMean(keep_dims=True)(x, 1)``.

TABLE holds them all: the name of a function of ``ops`` for a class that is constructed without arguments, otherwise
``row(call, argument=default, ...)``, where ``call(p, *inputs)`` gets the instance ``p`` with the arguments of its
constructor as attributes (``...`` marks an argument without default); ``call`` may be the name of a
function too.  Calls that are more than an expression are in ``primitive_calls``.  The classes are made at the end of
the file.
"""

import inspect
import operator
from types import FunctionType
from typing import Any

import numpy as np

from ..core.docstrings import LazyDocstring, sections
from ..core.dtype import float32, int32, int64, to_dtype
from ..core.errors import fail
from ..core.forwarding import as_class, same_arguments
from ..core.op import to
from ..core.parameter import Parameter
from ..core.tensor import Tensor
from . import comm_exchange, comm_func as comm, optimizer_updates, primitive_calls as calls
from .arithmetic import div_no_nan, mul_no_nan
from .detection import nms_with_mask, roi_align
from .effects import result_of
from .elementwise import squared_magnitude
from .host import printed
from .image import check_valid, depth_to_space, resize_bilinear, resize_nearest_neighbor, space_to_depth
from .movement import shape_of
from .normalization import l2_loss, l2_normalize, layer_norm_statistics, lp_norm
from .pool import max_pool_with
from .primitive_base import CLASSES, Primitive
from .primitive_docstrings import ARGUMENTS, DOCSTRINGS
from .primitive_names import CALL_NAMES, by_place
from .quotients import trunc_quotient
from .random import Stream, drawn_from, uniform01

o: Any = None  # ops, which gives itself (__init__.py): its functions are looked up when they are called
updates: Any = optimizer_updates


def row(call, effect=None, prepare=None, **arguments):
    """One line of TABLE.  ``effect``: "mem" or "hidden", shown when printed; ``prepare`` changes the arguments."""
    return call, effect, prepare, arguments


_SEEDS = {"seed": 0, "seed2": 0}
_SCATTER = {"effect": "mem", "use_locking": False}
_GROUP = {"group": "hccl_world_group"}
_BOTH_GROUPS = {**_GROUP, "group_back": "hccl_world_group"}


# fmt: off
TABLE: dict = {
    # ------------------------------------------------ elementwise
    "Abs": "abs", "Neg": "neg", "Sign": "sign", "Square": "square", "Sqrt": "sqrt", "Rsqrt": "rsqrt", "Exp": "exp",
    "Expm1": "expm1", "Log": "log", "Log1p": "log1p", "Reciprocal": "reciprocal", "Inv": row(calls.in_floats("reciprocal")),
    "Floor": "floor", "Ceil": "ceil", "Trunc": "trunc", "Rint": "elementwise.rint", "Sin": "sin", "Cos": "cos", "Tan": "tan",
    "Asin": "asin", "ACos": "acos", "Atan": "atan", "Sinh": "sinh", "Cosh": "cosh", "Tanh": "tanh", "Asinh": "asinh",
    "Acosh": "acosh", "Atanh": "atanh", "Erf": "erf", "Erfc": "erfc", "Erfinv": "erfinv", "Sinc": "sinc",
    "Add": "add", "TensorAdd": "add", "Sub": "sub", "Mul": "mul", "Div": "div", "RealDiv": row(calls.real_div),
    "DivNoNan": row(lambda p, x, y: div_no_nan(x, y)), "MulNoNan": row(lambda p, x, y: mul_no_nan(x, y)),
    "FloorDiv": "floor_div", "FloorMod": "floor_mod", "Mod": "fmod", "TruncateMod": "fmod",
    "TruncateDiv": row(lambda p, x, y: trunc_quotient(x, y)), "Pow": "pow", "Atan2": "atan2",
    "Maximum": "maximum", "Minimum": "minimum", "Fmax": "fmax", "Fmin": "fmin", "Hypot": "hypot", "Xlogy": "xlogy",
    "Xdivy": "xdivy", "Heaviside": "heaviside", "Addcmul": "addcmul", "Addcdiv": row(lambda p, input, tensor1, tensor2, value: to(o.addcdiv(input, tensor1, tensor2, value=value), input.dtype)), "Lerp": "lerp",
    "AddN": "addn", "AccumulateNV2": "addn", "SquaredDifference": row(lambda p, x, y: squared_magnitude(o.sub(x, y))),
    "Round": row(lambda p, input, decimals=0: o.round(input, decimals=decimals)),
    "Equal": "equal", "NotEqual": "not_equal", "Less": "less", "LessEqual": "less_equal", "Greater": "greater",
    "GreaterEqual": "greater_equal", "LogicalAnd": "logical_and", "LogicalOr": "logical_or",
    "LogicalNot": "logical_not", "LogicalXor": "logical_xor", "BitwiseAnd": "bitwise_and", "BitwiseOr": "bitwise_or",
    "BitwiseXor": "bitwise_xor", "Invert": "invert", "LeftShift": "bitwise_left_shift",
    "RightShift": "bitwise_right_shift", "IsNan": "isnan", "IsInf": "isinf", "IsFinite": "isfinite",
    "IsClose": row(lambda p, x, y: o.isclose(x, y, p.rtol, p.atol, p.equal_nan),
                   rtol=1e-05, atol=1e-08, equal_nan=False),
    "ApproximateEqual": row(lambda p, x, y: o.abs(x - y) < p.tolerance, prepare=calls.checked_tolerance, tolerance=1e-05),
    "Select": "select", "MaskedFill": "masked_fill", "Identity": "identity", "Cast": "cast", "Fills": "full_like",
    "NanToNum": row(lambda p, x: o.nan_to_num(x, p.nan, p.posinf, p.neginf), nan=None, posinf=None, neginf=None),
    # ------------------------------------------------ activations
    "ReLU": "relu", "ReLU6": "relu6", "Sigmoid": "sigmoid", "Softplus": "softplus", "Softsign": "softsign",
    "SeLU": "selu", "Mish": "mish", "HSwish": row(calls.in_floats("hardswish")), "HSigmoid": row(calls.in_floats("hardsigmoid")), "PReLU": "prelu",
    "FastGeLU": "fast_gelu", "FastGelu": "fast_gelu", "GeLU": row(lambda p, x: o.gelu(x, "tanh")),
    "Gelu": row(lambda p, x: o.gelu(x, "tanh")), "Elu": row(lambda p, x: o.elu(x, p.alpha), alpha=1.0),
    "CeLU": row(lambda p, x: o.celu(x, p.alpha), alpha=1.0), "GLU": row(lambda p, x: o.glu(x, p.axis), axis=-1),
    "HShrink": row(lambda p, x: o.hardshrink(x, p.lambd), lambd=0.5),
    "SoftShrink": row(lambda p, x: o.softshrink(x, p.lambd), lambd=0.5),
    "Logit": row(lambda p, x: o.logit(x, p.eps), eps=-1.0),
    "Softmax": row(lambda p, x: o.softmax(x, p.axis[0]), prepare=calls.as_tuple("axis"), axis=-1),
    "LogSoftmax": row(lambda p, x: o.log_softmax(x, p.axis), axis=-1),
    # ------------------------------------------------ reductions
    "ReduceSum": row(calls.reduce("sum"), keep_dims=False, skip_mode=False),
    "ReduceMean": row(calls.reduce("mean"), keep_dims=False),
    "ReduceMax": row(calls.reduce("amax"), keep_dims=False),
    "ReduceMin": row(calls.reduce("amin"), keep_dims=False),
    "ReduceProd": row(calls.reduce("prod"), keep_dims=False),
    "ReduceAll": row(calls.reduce("all"), keep_dims=False),
    "ReduceAny": row(calls.reduce("any"), keep_dims=False),
    "ReduceStd": row(lambda p, x: o.std_mean(x, p.axis or None, int(p.unbiased), p.keep_dims),
                     prepare=calls.as_tuple("axis"), axis=(), unbiased=True, keep_dims=False),
    "Argmax": row(lambda p, x: to(o.argmax(x, p.axis), to_dtype(p.output_type)), axis=-1, output_type=int32),
    "Argmin": row(lambda p, x: to(o.argmin(x, p.axis), to_dtype(p.output_type)), axis=-1, output_type=int32),
    "ArgMaxWithValue": row(calls.value_and_index("amax", "argmax"), axis=0, keep_dims=False),
    "ArgMinWithValue": row(calls.value_and_index("amin", "argmin"), axis=0, keep_dims=False),
    "CumSum": row(calls.scan("cumsum", 0), exclusive=False, reverse=False),
    "CumProd": row(calls.scan("cumprod", 1), exclusive=False, reverse=False),
    "Cummax": row(lambda p, x: o.cummax(x, p.axis), axis=...),
    "Cummin": row(lambda p, x: o.cummin(x, p.axis), axis=...),
    "LpNorm": row(lambda p, x: lp_norm(x, p.axis, p.p, p.keep_dims, p.epsilon), axis=..., p=2, keep_dims=False,
                  epsilon=1e-12),
    "SquareSumAll": row(lambda p, x, y: (o.sum(o.square(x)), o.sum(o.square(y)))),
    "L2Loss": row(lambda p, x: l2_loss(x)),
    "CountNonZero": row(lambda p, x: o.count_nonzero(x, () if p.dims is None else p.dims), dims=None),
    # ------------------------------------------------ products
    "MatMul": row(calls.matmul, transpose_a=False, transpose_b=False),
    "BatchMatMul": row(calls.batch_matmul, transpose_a=False, transpose_b=False), "Dense": "dense", "Ger": "ger",
    "Einsum": row(lambda p, operands: o.einsum(p.equation, *operands), equation=...), "Trace": "trace",
    "Cross": row(lambda p, x, y: o.cross(x, y, None if p.dim == -65530 else p.dim), dim=-65530),
    "Cdist": row(lambda p, x, y: o.cdist(x, y, p.p), p=2.0),
    "MatrixInverse": row(calls.inverse, adjoint=False),
    # ------------------------------------------------ shapes
    "Reshape": "reshape", "Transpose": "transpose", "ExpandDims": "expand_dims", "Tile": "tile", "Slice": "slice",
    "Squeeze": row(lambda p, x: o.squeeze(x, p.axis or None), prepare=calls.as_tuple("axis"), axis=()),
    "Flatten": row(lambda p, x: o.flatten(x) if x.ndim != 1 else o.expand_dims(x, 1)), "BroadcastTo": row(lambda p, x: o.broadcast_to(x, p.shape), shape=...),
    "Concat": row(lambda p, xs: o.concat(xs, p.axis), axis=0), "Stack": row(lambda p, xs: o.stack(xs, p.axis), axis=0),
    "Pack": row(lambda p, xs: o.stack(xs, p.axis), axis=0), "Split": row(calls.split, axis=0, output_num=1),
    "Unstack": row(lambda p, x: o.unbind(x, p.axis), axis=0, num=None),
    "Unpack": row(lambda p, x: o.unbind(x, p.axis), axis=0, num=None),
    "StridedSlice": row(
        lambda p, x, begin, end, strides: o.strided_slice(x, begin, end, strides, *p.attrs.values()),
        begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0),
    "Pad": row(calls.pad, paddings=...), "MirrorPad": row(calls.mirror_pad, mode="REFLECT"),
    "ReverseV2": row(lambda p, x: o.flip(x, p.axis), axis=...),
    "Roll": row(lambda p, x: o.roll(x, p.shifts, p.dims), shifts=..., dims=None),
    "ReverseSequence": row(lambda p, x, n: o.reverse_sequence(x, n, p.seq_dim, p.batch_dim), seq_dim=..., batch_dim=0),
    "Meshgrid": row(lambda p, xs: o.meshgrid(*xs, indexing=p.indexing), indexing="xy"),
    "Shape": "shape", "Rank": "rank", "Size": "size", "DType": "dtype", "TypeAs": row(lambda p, x, y: to(x, y.dtype)),
    "TensorShape": row(lambda p, x: Tensor(x.shape, int64)), "DynamicShape": row(lambda p, x: Tensor(x.shape, int64)),
    "IdentityN": row(lambda p, xs: tuple(o.identity(x) for x in xs)), "InvertPermutation": row(calls.invert_permutation),
    # ------------------------------------------------ creation
    "Zeros": "zeros", "Ones": "ones", "ZerosLike": "zeros_like", "OnesLike": "ones_like", "Fill": "fill", "Eye": "eye",
    "LinSpace": row(lambda p, start, stop, num: to(o.linspace(start, stop, num), start.dtype)), "Range": row(lambda p, start, end, step: o.range(start, end, step), maxlen=1000000),
    "Diag": "diag", "DiagPart": "diagonal", "Tril": row(lambda p, x: o.tril(x, p.diagonal), diagonal=0),
    "Triu": row(lambda p, x: o.triu(x, p.diagonal), diagonal=0),
    "TrilIndices": row(lambda p: o.tril_indices(p.row, p.col, p.offset, dtype=p.dtype),
                       row=..., col=..., offset=0, dtype=int32),
    "TriuIndices": row(lambda p: o.triu_indices(p.row, p.col, p.offset, dtype=p.dtype),
                       row=..., col=..., offset=0, dtype=int32),
    "OneHot": row(lambda p, x, depth, on, off: o.one_hot(x, depth, on, off, p.axis), axis=-1),
    "ScalarToTensor": "scalar_to_tensor", "ScalarToArray": "scalar_to_array", "TupleToArray": "tuple_to_array",
    # ------------------------------------------------ random
    "Dropout": row(calls.dropout, "hidden", keep_prob=0.5, Seed0=0, Seed1=0),
    "Dropout2D": row(calls.channel_dropout, "hidden", keep_prob=0.5),
    "Dropout3D": row(calls.channel_dropout, "hidden", keep_prob=0.5),
    "StandardNormal": row(lambda p, shape: o.standard_normal(shape), "hidden", **_SEEDS),
    "UniformReal": row(lambda p, shape: uniform01(shape_of(shape)), "hidden", **_SEEDS),
    "UniformInt": row(lambda p, shape, low, high: o.randint(int(low), int(high), shape, dtype=int32),
                      "hidden", **_SEEDS),
    "TruncatedNormal": row(calls.truncated_normal, "hidden", dtype=float32, **_SEEDS),
    "Randperm": row(calls.permutation, max_length=1, pad=-1, dtype=int32),
    "Bernoulli": row(calls.bernoulli, "hidden", seed=-1, offset=0),
    "RandomShuffle": row(lambda p, x: o.shuffle(x), "hidden", **_SEEDS),
    "RandomChoiceWithMask": row(calls.random_choice, "hidden", count=256, **_SEEDS),
    "Multinomial": row(lambda p, x, n: to(o.multinomial(x, n), to_dtype(p.dtype)), "hidden", **_SEEDS, dtype=int32),
    # ------------------------------------------------ indices
    "Gather": row(lambda p, x, index, axis: o.gather(x, index, axis, p.batch_dims), batch_dims=0),
    "GatherV2": "gather", "SparseGatherV2": "sparse.sparse_gather", "GatherD": "gather_elements", "GatherNd": "gather_nd",
    "MaskedSelect": "masked_select",
    "NonZero": "nonzero", "Unique": "unique",
    "TopK": row(lambda p, x, k: o.topk(x, int(k), sorted=p.sorted), sorted=True),
    "UniqueConsecutive": row(lambda p, x: o.unique_consecutive(x, p.return_inverse, p.return_counts, p.dim),
                             return_inverse=False, return_counts=False, dim=None),
    "Sort": row(lambda p, x: o.sort(x, p.axis, p.descending), axis=-1, descending=False),
    "InTopK": row(lambda p, x, y: o.intopk(x, y, p.k), k=...), "EmbeddingLookup": row(calls.embedding_lookup),
    "SearchSorted": row(lambda p, x, v, sorter=None: o.searchsorted(
        x, v, out_int32=to_dtype(p.dtype) is int32, right=p.right, sorter=sorter), dtype=int64, right=False),
    "Bucketize": row(lambda p, x: o.bucketize(x, p.boundaries, right=True), boundaries=...), "Bincount": row(calls.bincount),
    "ScatterNd": "scatter_nd", "TensorScatterUpdate": "tensor_scatter_update", "TensorScatterAdd": "tensor_scatter_add",
    "TensorScatterSub": "tensor_scatter_sub", "TensorScatterMul": "tensor_scatter_mul",
    "TensorScatterDiv": "tensor_scatter_div", "TensorScatterMax": "tensor_scatter_max",
    "TensorScatterMin": "tensor_scatter_min", "TensorScatterElements": row(
        lambda p, x, index, v: o.tensor_scatter_elements(x, index, v, p.axis, p.reduction), axis=0, reduction="none"),
    "UnsortedSegmentSum": "unsorted_segment_sum", "UnsortedSegmentMax": "unsorted_segment_max",
    "UnsortedSegmentMin": "unsorted_segment_min", "UnsortedSegmentProd": "unsorted_segment_prod",
    "IndexAdd": row(lambda p, x, index, y: o.index_add(x, index, y, p.axis), "mem",
                    axis=..., use_lock=True, check_index_bound=True),
    "IndexFill": row(lambda p, x, dim, index, value: o.index_fill(x, int(dim), index, value)),
    "ScatterUpdate": row("scatter_update", "mem", use_locking=True),
    "ScatterAdd": row("scatter_add", **_SCATTER), "ScatterSub": row("parameter_scatter.scatter_sub", **_SCATTER),
    "ScatterMul": row("scatter_mul", **_SCATTER), "ScatterDiv": row("scatter_div", **_SCATTER),
    "ScatterMax": row("scatter_max", **_SCATTER), "ScatterMin": row("scatter_min", **_SCATTER),
    "ScatterNdUpdate": row("scatter_nd_update", "mem", use_locking=True),
    "ScatterNdAdd": row("scatter_nd_add", **_SCATTER), "ScatterNdSub": row("scatter_nd_sub", **_SCATTER),
    # ------------------------------------------------ linear algebra, special functions
    "MatrixDeterminant": row(calls.determinant), "LogMatrixDeterminant": row(calls.log_determinant), "MatrixExp": "matrix_exp",
    "MatrixPower": row(lambda p, x: o.matrix_power(x, p.n), n=...), "MatrixBandPart": "matrix_band_part",
    "MatrixSolve": row(calls.matrix_solve, adjoint=False),
    "Cholesky": row(lambda p, x: o.cholesky(x, p.upper), upper=False),
    "CholeskyInverse": row(lambda p, x: o.cholesky_inverse(x, p.upper), upper=False),
    "CholeskySolve": row(lambda p, x, y: o.cholesky_solve(x, y, p.upper), upper=False),
    "Qr": row(lambda p, x: o.qr(x, "complete" if p.full_matrices else "reduced"), full_matrices=False),
    "Svd": row(calls.svd, full_matrices=False, compute_uv=True),
    "Geqrf": "geqrf", "Orgqr": "orgqr",
    "Ormqr": row(lambda p, x, tau, y: o.ormqr(x, tau, y, p.left, p.transpose), left=True, transpose=False),
    "LuSolve": "lu_solve", "LuUnpack": row(lambda p, x, pivots: o.lu_unpack(x, pivots, p.unpack_data, p.unpack_pivots),
                                           unpack_data=True, unpack_pivots=True),
    "FillDiagonal": row(lambda p, x: x.fill_diagonal(p.fill_value, p.wrap), fill_value=..., wrap=False),
    "Lgamma": "lgamma", "Digamma": "digamma", "Polygamma": "polygamma", "Zeta": "zeta", "Igamma": "igamma",
    "Igammac": "igammac", "BesselI0": "bessel_i0", "BesselI0e": "bessel_i0e", "BesselI1": "bessel_i1",
    "BesselI1e": "bessel_i1e", "Mvlgamma": row(lambda p, x: o.mvlgamma(x, p.p), p=...), "Gcd": "gcd", "Lcm": "lcm",
    "NextAfter": "nextafter", "Real": "real", "Imag": "imag", "Conj": "conj", "Angle": "angle", "Polar": "polar",
    "Complex": "complex.complex_of_parts", "ComplexAbs": "complex.complex_abs",
    "CumulativeLogsumexp": row(calls.scan("logcumsumexp", None), exclusive=False, reverse=False),
    "UnravelIndex": "joining.unravel_index", "TransposeView": "transpose",
    # ------------------------------------------------ layers
    "BiasAdd": row(calls.bias_add, data_format="NCHW"), "Conv2D": row(
        calls.conv2d, out_channel=..., kernel_size=..., mode=1, pad_mode="valid", pad=0, stride=1, dilation=1, group=1,
        data_format="NCHW", prepare=calls.checked_conv2d),
    **dict.fromkeys(("Conv2DTranspose", "Conv2DBackpropInput"), row(
        calls.conv2d_transpose, out_channel=..., kernel_size=..., pad_mode="valid", pad=0, pad_list=None, mode=1, stride=1,
        dilation=1, group=1, data_format="NCHW")),
    "MaxPool": row(calls.max_pool, kernel_size=1, strides=1, pad_mode="valid", data_format="NCHW"),
    "AvgPool": row(calls.avg_pool, kernel_size=1, strides=1, pad_mode="valid", data_format="NCHW"),
    "MaxPoolWithArgmax": row(lambda p, x: max_pool_with(x, p.kernel_size, p.strides, p.pad_mode.lower(), name=p.name),
                             kernel_size=1, strides=1, pad_mode="valid", data_format="NCHW"),
    "AdaptiveAvgPool2D": row(lambda p, x: o.adaptive_avg_pool2d(x, p.output_size), output_size=...),
    "AdaptiveMaxPool2D": row(lambda p, x: o.adaptive_max_pool2d(x, p.output_size, True), output_size=...),
    "LayerNorm": row(lambda p, x, gamma, beta: layer_norm_statistics(
        x, gamma, beta, p.begin_norm_axis, p.begin_params_axis, p.epsilon),
        begin_norm_axis=1, begin_params_axis=1, epsilon=1e-07),
    "BatchNorm": row(calls.batch_norm, "mem", is_training=False, epsilon=1e-05, momentum=0.1, data_format="NCHW"),
    "RmsNorm": row(lambda p, x, gamma: o.rms_norm(x, gamma, p.epsilon), epsilon=1e-06),
    "L2Normalize": row(lambda p, x: l2_normalize(x, p.axis[0], p.epsilon), prepare=calls.one_axis, axis=0, epsilon=0.0001),
    "LRN": row(lambda p, x: o.lrn(x, p.depth_radius, p.bias, p.alpha, p.beta, p.norm_region),
               depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, norm_region="ACROSS_CHANNELS"),
    # ------------------------------------------------ losses
    "SoftmaxCrossEntropyWithLogits": row(calls.softmax_cross_entropy),
    "SparseSoftmaxCrossEntropyWithLogits": row(calls.sparse_softmax_cross_entropy, is_grad=False),
    "SigmoidCrossEntropyWithLogits": row(lambda p, x, y: o.binary_cross_entropy_with_logits(x, y, reduction="none")),
    "BinaryCrossEntropy": row(lambda p, x, y, weight=None: o.binary_cross_entropy(x, y, weight, p.reduction),
                              reduction="mean"),
    "BCEWithLogitsLoss": row(lambda p, x, y, weight=None, pos_weight=None: o.binary_cross_entropy_with_logits(
        x, y, weight, pos_weight, p.reduction), reduction="mean"),
    "NLLLoss": row(calls.nll_loss, reduction="mean", ignore_index=-100),
    "CTCLoss": row(calls.ctc_loss, preprocess_collapse_repeated=False, ctc_merge_repeated=True,
                   ignore_longer_outputs_than_inputs=False),
    "KLDivLoss": row(lambda p, x, y: o.kl_div(x, y, p.reduction), reduction="mean"),
    "SmoothL1Loss": row(lambda p, x, y: o.smooth_l1_loss(x, y, p.beta, p.reduction), beta=1.0, reduction="none"),
    "SoftMarginLoss": row(lambda p, x, y: o.soft_margin_loss(x, y, p.reduction), reduction="mean"),
    "MultiMarginLoss": row(lambda p, x, y, weight=None: o.multi_margin_loss(x, y, p.p, p.margin, weight, p.reduction),
                           p=1, margin=1.0, reduction="mean"),
    "TripletMarginLoss": row(lambda p, a, x, y, margin: o.triplet_margin_loss(
        a, x, y, margin, p.p, p.eps, p.swap, p.reduction), p=2, swap=False, eps=1e-06, reduction="mean"),
    # ------------------------------------------------ images and boxes
    "ResizeNearestNeighbor": row(lambda p, x: resize_nearest_neighbor(x, p.size, p.align_corners, p.half_pixel_centers),
                                 size=..., align_corners=False, half_pixel_centers=False),
    "ResizeNearestNeighborV2": row(
        lambda p, x, size: resize_nearest_neighbor(x, size, p.align_corners, p.half_pixel_centers),
        align_corners=False, half_pixel_centers=False),
    "ResizeBilinear": row(lambda p, x: resize_bilinear(x, p.size, p.align_corners, p.half_pixel_centers),
                          size=..., align_corners=False, half_pixel_centers=False),
    "ResizeBilinearV2": row(lambda p, x, size: resize_bilinear(x, size, p.align_corners, p.half_pixel_centers),
                            align_corners=False, half_pixel_centers=False),
    "DepthToSpace": row(lambda p, x: depth_to_space(x, p.block_size), block_size=...),
    "SpaceToDepth": row(lambda p, x: space_to_depth(x, p.block_size), block_size=...),
    "ChannelShuffle": row(lambda p, x: o.channel_shuffle(x, p.group), group=...),
    "BoundingBoxEncode": row(lambda p, anchors, truth: o.bounding_box_encode(anchors, truth, p.means, p.stds),
                             means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0)),
    "BoundingBoxDecode": row(lambda p, anchors, deltas: o.bounding_box_decode(
        anchors, deltas, p.max_shape, p.means, p.stds, p.wh_ratio_clip),
        max_shape=..., means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0), wh_ratio_clip=0.016),
    "NMSWithMask": row(lambda p, boxes: nms_with_mask(boxes, p.iou_threshold), iou_threshold=0.5),
    "ROIAlign": row(lambda p, x, rois: roi_align(
        x, rois, p.pooled_height, p.pooled_width, p.spatial_scale, p.sample_num, p.roi_end_mode),
        pooled_height=..., pooled_width=..., spatial_scale=..., sample_num=2, roi_end_mode=1),
    "CropAndResize": row(lambda p, x, boxes, index, size: o.crop_and_resize(
        x, boxes, index, size, p.method, p.extrapolation_value), method="bilinear", extrapolation_value=0.0),
    "GridSampler2D": row(lambda p, x, grid: o.grid_sample(
        x, grid, p.interpolation_mode, p.padding_mode, p.align_corners),
        interpolation_mode="bilinear", padding_mode="zeros", align_corners=False),
    "IOU": row(lambda p, anchors, truth: o.iou(anchors, truth, p.mode), mode="iou"),
    "CheckValid": row(lambda p, boxes, meta: check_valid(boxes, meta)),
    # ------------------------------------------------ updates of Parameters
    "Assign": row("assign", "mem"),
    "AssignAdd": row("assign_add", "mem"),
    "AssignSub": row("assign_sub", "mem"),
    "ApplyGradientDescent": row("optimizer_updates.gradient_descent", "mem"),
    "ApplyProximalGradientDescent": row("optimizer_updates.proximal_gradient_descent", "mem"),
    "ApplyMomentum": row(calls.passing("optimizer_updates.momentum", "use_nesterov", "gradient_scale"), "mem",
                         use_nesterov=False, use_locking=False, gradient_scale=1.0),
    "ApplyKerasMomentum": row(calls.passing("optimizer_updates.keras_momentum", "use_nesterov"), "mem",
                              use_locking=False, use_nesterov=False),
    "SGD": row(calls.passing("optimizer_updates.sgd", "dampening", "weight_decay", "nesterov"), "mem",
               dampening=0.0, weight_decay=0.0, nesterov=False),
    "Adam": row(calls.passing("optimizer_updates.adam", "use_nesterov"), "mem", use_locking=False, use_nesterov=False),
    "AdamWeightDecay": row("optimizer_updates.adam_weight_decay", **_SCATTER),
    "ApplyAdamWithAmsgrad": row(
        calls.passing("optimizer_updates.adam_with_amsgrad", "beta1", "beta2", "epsilon"), "mem",
        beta1=0.9, beta2=0.999, epsilon=1e-08, use_locking=False),
    "ApplyAdaMax": row("optimizer_updates.ada_max", "mem"),
    "ApplyRMSProp": row("optimizer_updates.rms_prop", **_SCATTER),
    "ApplyCenteredRMSProp": row("optimizer_updates.centered_rms_prop", **_SCATTER),
    "ApplyAdagrad": row(calls.passing("optimizer_updates.adagrad", "update_slots"), "mem", update_slots=True),
    "ApplyAdagradV2": row(calls.passing("optimizer_updates.adagrad_v2", "epsilon", "update_slots"), "mem",
                          epsilon=..., update_slots=True),
    "ApplyAdagradDA": row("optimizer_updates.adagrad_da", **_SCATTER),
    "ApplyAdadelta": row("optimizer_updates.adadelta", "mem"),
    "ApplyProximalAdagrad": row("optimizer_updates.proximal_adagrad", **_SCATTER),
    "ApplyFtrl": row("optimizer_updates.ftrl", **_SCATTER),
    "ApplyAddSign": row("optimizer_updates.add_sign", "mem"),
    "ApplyPowerSign": row("optimizer_updates.power_sign", "mem"),
    # of few rows: (the Parameters, coefficients, the gradient of these rows, indices)
    "SparseApplyAdagrad": row(calls.of_rows(lambda p, var, accum, grad: updates.adagrad(
        var, accum, p.lr, grad, p.update_slots)), "mem", lr=..., update_slots=True, use_locking=False),
    "SparseApplyAdagradV2": row(calls.of_rows(calls.sparse_adagrad_v2), "mem",
        lr=..., epsilon=..., use_locking=False, update_slots=True),
    "SparseApplyProximalAdagrad": row(calls.of_rows("proximal_adagrad"), **_SCATTER),
    "FusedSparseProximalAdagrad": row(calls.of_rows("proximal_adagrad"), **_SCATTER),
    "SparseApplyFtrl": row(calls.of_rows(calls.ftrl), "mem", lr=..., l1=..., l2=..., lr_power=..., use_locking=False),
    "FusedSparseFtrl": row(calls.of_rows(calls.ftrl), "mem", lr=..., l1=..., l2=..., lr_power=..., use_locking=False),
    "SparseApplyAdadelta": row(calls.of_rows(lambda p, var, accum, steps, lr, rho, grad: updates.adadelta(
        var, accum, steps, lr, rho, p.epsilon, grad)), "mem", epsilon=..., use_locking=False),
    "SparseApplyRMSProp": row(calls.of_rows(lambda p, var, ms, mom, lr, grad: updates.rms_prop(
        var, ms, mom, lr, grad, p.rho, p.momentum, p.epsilon)), "mem",
        rho=..., momentum=..., epsilon=..., use_locking=False),
    "FusedSparseLazyAdam": row(calls.of_rows(calls.adam), "mem", use_locking=False, use_nesterov=False),
    "FusedSparseAdam": row(calls.adam_of_rows, "mem", use_locking=False, use_nesterov=False),
    "LARSUpdate": row(calls.passing("optimizer_updates.lars_update", "epsilon", "hyperpara", "use_clip"),
                      epsilon=1e-05, hyperpara=0.001, use_clip=False),
    # ------------------------------------------------ others
    "InplaceAdd": row(lambda p, x, v: o.inplace_add(x, v, p.indices), indices=...),
    "InplaceSub": row(lambda p, x, v: o.inplace_sub(x, v, p.indices), indices=...),
    "InplaceUpdate": row(lambda p, x, v: o.inplace_update(x, v, p.indices), indices=...),
    "Eps": row(lambda p, x: o.full_like(x, float(np.finfo(x.dtype.np).eps))),
    "ControlDepend": row("control_depend", depend_mode=0),
    "Depend": "depend", "StopGradient": "stop_gradient", "Print": row(lambda p, *args: printed(*args, each=True)), "FloatStatus": row(calls.float_status),
    "Partial": "partial", "HookBackward": row(calls.hook_backward, prepare=calls.checked_hook, hook_fn=..., cell_id=""),
    "InsertGradientOf": row(lambda p, x: calls.hooked(x, p.f), f=...), "NPUAllocFloatStatus": row(calls.needs_npu),
    "NPUGetFloatStatus": row(calls.needs_npu), "NPUClearFloatStatus": row(calls.needs_npu),
    "ScalarSummary": row(calls.summary("scalar")), "TensorSummary": row(calls.summary("tensor")),
    "ImageSummary": row(calls.summary("image")), "HistogramSummary": row(calls.summary("histogram")),
    # ------------------------------------------------ between ranks; their ranks are those of members of the group
    "AllReduce": row(lambda p, x: comm.all_reduce(x, p.op, p.group)[0], op="sum", **_GROUP),
    "AllGather": row(lambda p, x: comm.all_gather_into_tensor(x, p.group)[0], **_GROUP),
    "ReduceScatter": row(lambda p, x: comm.reduce_scatter_tensor(x, p.op, p.group)[0], op="sum", **_GROUP),
    "Reduce": row(lambda p, x: comm.reduce(x, calls.world_rank(p, p.dest_rank), p.op, p.group), dest_rank=..., op="sum", **_GROUP),
    "Broadcast": row(calls.broadcast, root_rank=..., **_GROUP),
    "CollectiveScatter": row(lambda p, x: comm.scatter_tensor(x, calls.world_rank(p, p.src_rank), p.group), src_rank=0, **_GROUP),
    "CollectiveGather": row(lambda p, x: comm.gather_into_tensor(x, calls.world_rank(p, p.dest_rank), p.group), dest_rank=..., **_GROUP),
    "Barrier": row(lambda p: comm.barrier(p.group), **_GROUP),
    "AlltoAll": row(lambda p, x: comm_exchange.blocks_exchanged(x, p.split_count, p.split_dim, p.concat_dim, p.group),
                    split_count=..., split_dim=..., concat_dim=..., **_GROUP),
    "NeighborExchange": row(lambda p, xs: comm_exchange.neighbours_exchanged(xs, p.send_rank_ids, p.recv_rank_ids, p.recv_shapes, p.recv_type, p.group),
                            send_rank_ids=..., recv_rank_ids=..., recv_shapes=..., send_shapes=..., recv_type=..., **_GROUP),
    "Send": row(lambda p, x: comm.send(x, calls.world_rank(p, p.dest_rank), p.group, p.sr_tag), sr_tag=..., dest_rank=..., **_BOTH_GROUPS),
    "Receive": row(lambda p, x=None: comm.recv(o.zeros(tuple(p.shape), p.dtype), calls.world_rank(p, p.src_rank), p.group, p.sr_tag),
                   sr_tag=..., src_rank=..., shape=..., dtype=..., **_BOTH_GROUPS),
}
# fmt: on


# ---------------------------------------------------------------- the classes
class _Signatures:
    """``inspect.signature`` of a primitive class: the constructor's; of an object: the call's."""

    def __init__(self, call, arguments):
        self.call, self.arguments = call, arguments

    def __set_name__(self, owner, name):
        self.owner = owner

    def __get__(self, instance, owner):
        if instance is None and owner is self.owner:
            required = inspect.Parameter("_", inspect.Parameter.POSITIONAL_OR_KEYWORD)
            given = {k: inspect.Parameter.empty if v is ... else v for k, v in self.arguments.items()}
            return inspect.Signature([required.replace(name=k, default=v) for k, v in given.items()])
        if instance is None:
            raise AttributeError("__signature__")
        if isinstance(self.call, str):
            return inspect.signature(operator.attrgetter(self.call)(o))
        signature = inspect.signature(self.call)
        return signature.replace(parameters=list(signature.parameters.values())[1:])


def _constructor(name, arguments, effect, prepare):
    names = tuple(arguments)

    def __init__(self, *args, **kwargs):
        given = dict(zip(names, args))
        unknown = [k for k in kwargs if k not in arguments or k in given]
        if len(args) > len(names) or unknown:
            what = f"unexpected '{unknown[0]}'" if unknown else f"{len(args)} given, at most {len(names)} taken"
            raise fail(TypeError, f"For '{name}', the arguments do not fit: {what}.")
        given.update(kwargs)
        missing = [k for k, default in arguments.items() if default is ... and k not in given]
        if missing:
            raise fail(TypeError, f"For '{name}', the argument '{missing[0]}' is missing.")
        given = {k: given.get(k, default) for k, default in arguments.items()}
        if prepare is not None:
            prepare(given)
        self.name = name
        self.attrs = given if effect is None else {**given, f"side_effect_{effect}": True}
        self.__dict__.update(given)

    return __init__


def _function_of(call):
    """The documented function that a row calls, None if there is none."""
    if isinstance(call, str):
        function = operator.attrgetter(call)(o)
        return function if isinstance(function, FunctionType) else None
    named = [c.cell_contents for c in call.__closure__ or () if isinstance(c.cell_contents, str)]
    updated = [getattr(updates, n, None) for n in named]
    names = (*named, *call.__code__.co_names)
    found = [getattr(o, n, None) for n in names] + [call.__globals__.get(n) for n in names]
    found = [operator.attrgetter(n)(o) for n in named if "." in n] + updated + found
    return next(
        (f for f in found if isinstance(f, FunctionType) and f is not to and "Args:" in (f.__doc__ or "")), None
    )


def _docstring(name, call, arguments) -> str:
    """What is written of the class; if that is no whole docstring, the rest from the function that it calls."""
    written = sections(DOCSTRINGS.get(name, ""))
    function = None if written.summary else _function_of(call)
    defaults = {k: v for k, v in arguments.items() if v is not ...}
    shown = ", ".join(f"{k}={defaults[k]!r}" if k in defaults else k for k in arguments)
    title = f"``{name}({shown})``: ``ops.{function.__name__}`` as an object." if function else f"``{name}({shown})``."
    known = list(inspect.signature(function).parameters) if function else []
    own = dict.fromkeys(arguments, "")
    if function:
        own.update(same_arguments(function, list(arguments), by_place=False))
    inputs = {k: k for k in known if k not in own.values()}
    if function is None:
        inputs = {k: "" for k in written.args if k not in own}
    elif not isinstance(call, str) and "inputs" not in (given := list(inspect.signature(call).parameters)[1:]):
        other = iter([k for k in inputs if k not in given])
        inputs = {k: k if k in inputs else next(other, "") for k in given}
    more = {k: ARGUMENTS[k] for k in arguments if k in ARGUMENTS and not own[k]}
    return as_class(function, title, name, own, inputs, written._replace(args=more | written.args), defaults)


def _with_seeds(call, names):
    """``call`` of an object that draws numbers of its own where one of its seeds is not 0."""

    def __call__(self, *args, **kwargs):
        seeds = tuple(getattr(self, k) for k in names)
        if seeds != self.__dict__.get("_seeds"):
            self._seeds, self._stream = seeds, Stream(*seeds) if any(seeds) else None
        return drawn_from(self._stream, call, self, *args, **kwargs)

    return __call__


def _as_wide(x, weight):
    """``x`` in the type of ``weight``, where it is an array of floats of fewer bits."""
    if not isinstance(x, Tensor) or isinstance(x, Parameter) or x.ndim != weight.ndim or not x.dtype.is_float:
        return x
    return to(x, weight.dtype) if x.dtype.np.itemsize < weight.dtype.np.itemsize else x


def _of_floats(name, call):
    """``call`` of an update, which is for weights of floats; gradients of fewer bits are converted to their type first."""

    def __call__(self, *args, **kwargs):
        for x in args:
            if isinstance(x, Parameter) and not x.dtype.is_float:
                raise fail(TypeError, f"For '{name}', a Parameter must hold floats, but '{x.name}' holds {x.dtype}.")
        return call(self, *[_as_wide(x, args[0]) for x in args], **kwargs)

    return __call__


def _without_parameters(call):
    """``call`` of an update, whose results are Tensors."""

    def __call__(self, *args, **kwargs):
        found = call(self, *args, **kwargs)
        if isinstance(found, tuple):
            return tuple([result_of(x) if isinstance(x, Parameter) else x for x in found])
        return result_of(found) if isinstance(found, Parameter) else found

    return __call__


def _by_name(call, names):
    """``call`` that takes arguments under MindSpore's names, too."""

    def __call__(self, *args, **kwargs):
        if kwargs:
            args, kwargs = by_place(names, args, kwargs)
        return call(self, *args, **kwargs)

    return __call__


def _own(call, method):
    """``method``, or where it is ``call`` itself, which other classes may have too, a method that calls it."""
    if method is not call:
        return method

    def __call__(self, *args, **kwargs):
        return call(self, *args, **kwargs)

    return __call__


def _class(name, entry):
    call, effect, prepare, arguments = row(entry) if isinstance(entry, str) else entry
    if isinstance(call, str):
        function = operator.attrgetter(call)

        def __call__(self, *args, **kwargs):
            return function(o)(*args, **kwargs)

    else:
        __call__ = call

    if effect == "mem":
        __call__ = _without_parameters(__call__)
    if name.startswith(("Apply", "Adam")):
        __call__ = _of_floats(name, __call__)
    seeds = [k for k in ("seed", "seed2", "Seed0", "Seed1") if k in arguments]
    if len(seeds) == 2:
        __call__ = _with_seeds(__call__, seeds)
    if name in CALL_NAMES:
        __call__ = _by_name(__call__, CALL_NAMES[name])
    members = {
        "__init__": _constructor(name, arguments, effect, prepare),
        "__call__": _own(call, __call__),
        "__module__": __name__,
        "__signature__": _Signatures(call, arguments),
        "__doc__": LazyDocstring(lambda: _docstring(name, call, arguments)),
    }
    return type(name, (Primitive,), members)


CLASSES.update({name: _class(name, entry) for name, entry in TABLE.items()})
globals().update(CLASSES)

__all__ = list(CLASSES)
