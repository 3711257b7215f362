"""The kinds of arguments that MindSpore's generated primitives take: asked of MindSpore 2.10, whose messages name them.

A letter for each kind: T a Tensor, N a number, b a bool, i an int, f a float, s a str, d a dtype, I ints in a list or tuple, F floats,
M numbers, L Tensors, A an array of NumPy; "?": None too.  An int is no float there, and a bool is no int.
"""

import functools
from typing import Any

import numpy as np

from ..core.call_plans import TENSORS
from ..core.dtype import DType, promote
from ..core.errors import fail
from ..core.number import Number
from ..core.tensor import Tensor

# the kinds of the inputs: the primitives
_INPUTS = {
    "T": """
        ACos Abs Acosh AdaptiveMaxPool2D Angle Any ArgMaxWithValue ArgMinWithValue Argmax Argmin Asin Asinh Atan Atanh
        AvgPool BesselI0 BesselI0e BesselI1 BesselI1e BesselJ0 BesselJ1 BesselK0 BesselK0e BesselK1 BesselK1e BesselY0
        BesselY1 BiasAddGrad BroadcastTo CeLU Ceil CheckNumerics Cholesky CholeskyInverse Conj Cos Cosh Cummax Cummin
        Diag Dropout Eig Elu Erf Erfc Erfinv Exp Expm1 FFTWithSize FastGeLU Flatten Floor GLU GeLU Geqrf HShrink
        HSigmoid HSwish Identity IsFinite IsInf IsNan L2Loss Lgamma Log Log1p LogMatrixDeterminant LogNormalReverse
        LogSoftmax LogicalNot Logit MatrixDeterminant MatrixExp Median NPUClearFloatStatusV2 NPUGetFloatStatusV2
        NanToNum Neg NonZero OnesLike Pdist Qr ReLU ReLU6 ReLUV3 Real Reciprocal ReduceStd ResizeNearestNeighbor
        ReverseV2 Rint Roll Rsqrt SiLU Sigmoid Sign Sin Sinc Sinh SoftShrink Softmax Sort Split Sqrt Square Squeeze
        Svd Tan Tanh TensorShape Trace Triu Trunc UniqueConsecutive ZerosLike
    """,
    "T T": """
        ACosGrad AbsGrad AcoshGrad AsinGrad AsinhGrad AtanGrad BatchMatMul BiasAdd Cdist CholeskyGrad Complex Cross
        EluGrad FastGeLUGrad GatherNd Gcd GluGrad GridSampler2D GridSampler3D HShrinkGrad HSigmoidGrad HSwishGrad
        IsClose LeftShift LogSoftmaxGrad LogitGrad MaskedSelect MatMul NextAfter PReLU Polar ReLU6Grad ReciprocalGrad
        ReluGrad ResizeBicubicGrad ResizeBilinearGrad ResizeLinear1DGrad RightShift RmsNorm RsqrtGrad SeluGrad
        SiLUGrad SigmoidGrad SmoothL1Loss SoftMarginLoss SoftShrinkGrad SqrtGrad TanhGrad Xlogy
    """,
    "T T T": """
        AdaptiveMaxPool2DGrad AvgPoolGrad Betainc GeLUGrad GridSampler2DGrad GridSampler3DGrad LayerNorm MaskedScatter
        MaskedSelectGrad NLLLoss PReLUGrad SmoothL1LossGrad SoftMarginLossGrad TensorScatterAdd TensorScatterElements
    """,
    "NT NT": """
        Add ApproximateEqual Atan2 Div DivNoNan FloorDiv FloorMod Greater GreaterEqual Hypot Maximum Minimum Mod Mul
        MulNoNan NotEqual Pow RealDiv SquaredDifference Sub TruncateDiv TruncateMod Xdivy
    """,
    "T ITi": "ReduceAny ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum",
    "T IT": "Reshape ResizeBicubic ResizeBilinearV2 ResizeLinear1D ResizeNearestNeighborV2",
    "T I? F?": "UpsampleNearest1D UpsampleNearest2D UpsampleNearest3D UpsampleTrilinear3D",
    "T NT": "Assign AssignAdd AssignSub Equal",
    "L": "AddN Concat Meshgrid",
    "T I": "ResizeNearestNeighborGrad Transpose TransposeView",
    "T T T?": "BinaryCrossEntropy Dense SearchSorted",
    "T T Ti": "Gather LinSpace UnsortedSegmentSum",
    "Tb Tb": "LogicalAnd LogicalOr LogicalXor",
    "ITi d?": "Ones Zeros",
    "NT NT T": "MaximumGrad MinimumGrad",
    "T I I? F?": "UpsampleNearest3DGrad UpsampleTrilinear3DGrad",
    "T T T T": "Addcdiv Addcmul",
    "T T T T T": "LayerNormGrad NLLLossGrad",
    "T T T T T T T T": "BatchNormGradGrad LayerNormGradGrad",
    "T Ti": "ExpandDims Round",
    "T i": "CumProd CumSum",
    "M d?": "TupleToTensor",
    "NT NT NT": "Range",
    "NT NT T T": "MaximumGradGrad",
    "NT NT s?": "DivMod",
    "NTb NTb": "LessEqual",
    "T IT IT": "Slice",
    "T IT IT IT": "StridedSlice",
    "T ITi?": "ReduceAll",
    "T Ii?": "CountNonZero",
    "T N N": "SoftplusExt",
    "T NT NT": "Select",
    "T NTb": "Less",
    "T T I": "ScatterNd",
    "T T IT IT IT": "TensorCopySlices",
    "T T NT": "MaskedFill",
    "T T T T T T": "BatchNormGrad",
    "T T T T?": "BinaryCrossEntropyGrad",
    "T T T Tf Tf Tf Tf Tf T": "AdamWeightDecay",
    "T T T? T?": "BCEWithLogitsLoss",
    "T T Tf": "Lerp",
    "T T f": "LerpScalar",
    "T Ti T": "GatherD",
    "T Ti T T": "OneHot",
    "T i T T": "GatherDGradV2",
    "T i i": "TransposeExtView",
    "Ti": "RandpermV2",
}

# the kinds of constructor arguments; a wrong one is an error when the primitive is called
_ATTRIBUTES = {
    "axis=i": "Concat Cummax Cummin GLU GluGrad LogSoftmax LogSoftmaxGrad OneHot",
    "align_corners=b half_pixel_centers=b": """
        ResizeBicubic ResizeBicubicGrad ResizeBilinearGrad ResizeBilinearV2 ResizeNearestNeighborGrad
        ResizeNearestNeighborV2
    """,
    "keep_dims=b": "ReduceAll ReduceAny ReduceMax ReduceMean ReduceMin ReduceProd",
    "reduction=s": "BCEWithLogitsLoss BinaryCrossEntropy BinaryCrossEntropyGrad SoftMarginLoss SoftMarginLossGrad",
    "lambd=bfi": "HShrink HShrinkGrad SoftShrink SoftShrinkGrad",
    "grad_x=b grad_y=b": "MaximumGrad MaximumGradGrad MinimumGrad",
    "align_corners=b": "UpsampleTrilinear3D UpsampleTrilinear3DGrad",
    "alpha=f": "CeLU Elu",
    "axis=Ii": "Softmax Squeeze",
    "axis=i keep_dims=b": "ArgMaxWithValue ArgMinWithValue",
    "axis=i output_type=d": "Argmax Argmin",
    "begin_norm_axis=i begin_params_axis=i": "LayerNormGrad LayerNormGradGrad",
    "beta=bfi reduction=s": "SmoothL1Loss SmoothL1LossGrad",
    "coordinate_transformation_mode=s": "ResizeLinear1D ResizeLinear1DGrad",
    "data_format=s": "BiasAdd BiasAddGrad",
    "eps=f": "Logit LogitGrad",
    "exclusive=b reverse=b": "CumProd CumSum",
    "interpolation_mode=s padding_mode=s align_corners=b": "GridSampler2D GridSampler3D",
    "interpolation_mode=s padding_mode=s align_corners=b output_mask=I": "GridSampler2DGrad GridSampler3DGrad",
    "is_training=b epsilon=f data_format=s": "BatchNormGrad BatchNormGradGrad",
    "pad_mode=s data_format=s": "AvgPool AvgPoolGrad",
    "reduction=s ignore_index=i": "NLLLoss NLLLossGrad",
    "transpose_a=b transpose_b=b": "BatchMatMul MatMul",
    "upper=b": "Cholesky CholeskyInverse",
    "axis=ITi unbiased=b keep_dims=b": "ReduceStd",
    "axis=Ti reduce=s": "TensorScatterElements",
    "axis=i output_num=i": "Split",
    "batch_dims=i": "Gather",
    "begin_mask=i end_mask=i ellipsis_mask=i new_axis_mask=i shrink_axis_mask=i": "StridedSlice",
    "begin_norm_axis=i begin_params_axis=i epsilon=f": "LayerNorm",
    "compute_v=b": "Eig",
    "diagonal=Ti": "Triu",
    "dim=i": "Cross",
    "dtype=d right=b": "SearchSorted",
    "epsilon=f": "RmsNorm",
    "full_matrices=b": "Qr",
    "full_matrices=b compute_uv=b": "Svd",
    "indexing=s": "Meshgrid",
    "keep_dims=b skip_mode=b": "ReduceSum",
    "keep_prob=f Seed0=i Seed1=i": "Dropout",
    "maxlen=i": "Range",
    "nan=bfi? posinf=bfi? neginf=bfi?": "NanToNum",
    "p=f": "Cdist",
    "return_inverse=b return_counts=b dim=i?": "UniqueConsecutive",
    "rtol=bfi atol=bfi equal_nan=b": "IsClose",
    "seed=Ti offset=Ti dtype=d": "RandpermV2",
    "shape=IT": "BroadcastTo",
    "shifts=Ii dims=Ii?": "Roll",
    "signal_ndim=i inverse=b real=b norm=s onesided=b signal_sizes=I": "FFTWithSize",
    "size=I align_corners=b half_pixel_centers=b": "ResizeNearestNeighbor",
    "use_locking=b": "AdamWeightDecay",
}

_WORDS = {
    "T": "a Tensor", "N": "a number", "b": "a bool", "i": "an int", "f": "a float", "s": "a str", "d": "a dtype", "I": "ints in a tuple",
    "F": "floats in a tuple", "M": "numbers in a tuple", "L": "Tensors in a tuple", "A": "an array", "?": "None",
}  # fmt: skip
_ITEMS = {"I": "i", "F": "f", "M": "Nbif", "L": "T"}  # of lists and tuples
_REFUSED = (
    str,
    list,
    tuple,
    dict,
    set,
    np.ndarray,
    complex,
    type(None),
)  # where they do not fit; other objects are not looked at


@functools.cache
def plain(kinds: str) -> frozenset[type]:
    """The types of which every object is of one of the kinds: most arguments are found here, without ``fits``."""
    types = {
        "T": TENSORS,
        "N": (bool, int, float),
        "b": (bool,),
        "i": (int,),
        "f": (float,),
        "s": (str,),
        "d": (DType,),
        "?": (type(None),),
    }
    return frozenset(t for k in kinds for t in types.get(k, ()))


@functools.cache
def _of_items(kinds: str) -> tuple[str, frozenset[type]]:
    """The kinds of the items of lists and tuples, and the types that fit at once; "": no list fits."""
    items = "".join([_ITEMS[k] for k in kinds if k in _ITEMS])
    return items, plain(items) | {list, tuple, type(None)}


def fits(kinds: str, value: Any) -> bool:
    """Whether a value is of one of the kinds.

    >>> fits("Ti", 3), fits("Ti", 3.0), fits("I", (1, 2)), fits("I", (1, 2.0))
    (True, False, True, False)
    """
    if isinstance(value, (list, tuple)):
        items, known = _of_items(kinds)
        if not items or known.issuperset(map(type, value)):
            return items != ""
        return all([isinstance(x, (list, tuple, type(None))) or fits(items, x) for x in value])
    if isinstance(value, Tensor):
        return "T" in kinds or (value.size == 1 and _is_number_of(kinds, value.dtype.np.kind))
    if isinstance(value, (bool, np.bool_)):
        return "b" in kinds or "N" in kinds
    if isinstance(value, (int, float, np.integer, np.floating)):
        return _is_number_of(kinds, "i" if isinstance(value, (int, np.integer)) else "f")
    if isinstance(value, complex):
        return set("bif") <= set(kinds)
    if value is None:
        return "?" in kinds
    if isinstance(value, str):
        return "s" in kinds
    if isinstance(value, DType):
        return "d" in kinds
    if isinstance(value, np.ndarray):
        return "A" in kinds
    return type(value) is Number or not isinstance(value, _REFUSED)


def _is_number_of(kinds: str, kind: str) -> bool:
    """``kind``: NumPy's letter of a type."""
    return "N" in kinds or {"b": "b", "f": "f", "i": "i", "u": "i"}.get(kind, "N") in kinds


def described(kinds: str) -> str:
    """``"Ti"`` -> "a Tensor or an int"."""
    return " or ".join(_WORDS[k] for k in kinds)


def _table(rows: dict[str, str]) -> dict[str, list[str]]:
    return {name: kinds.split() for kinds, names in rows.items() for name in names.split()}


INPUTS = _table(_INPUTS)
_NAMED = {name: [tuple(a.split("=")) for a in attributes] for name, attributes in _table(_ATTRIBUTES).items()}


def unfit(name: str, given: dict) -> list[tuple[str, str]]:
    """(attribute, kinds) of the constructor arguments of a primitive that are of no kind it takes."""
    return [
        (k, kinds)
        for k, kinds in _NAMED.get(name, ())
        if k in given and type(given[k]) not in plain(kinds) and not fits(kinds, given[k])
    ]


_KEEPING = frozenset(("Assign", "AssignAdd", "AssignSub", "assign", "assign_add", "assign_sub"))


def unkept(name: str, args) -> Exception | None:
    """The error of an update with a Tensor whose common type with the variable is not the variable's; None where nothing is wrong."""
    if name not in _KEEPING or len(args) < 2 or not (isinstance(args[0], Tensor) and isinstance(args[1], Tensor)):
        return None
    mine, given = args[0].dtype, args[1].dtype
    if given is mine or promote(given, mine) is mine:
        return None
    return fail(
        TypeError, f"For '{name}', {given} cannot be put into a variable of {mine}: convert it with .astype first."
    )


def of_kinds(name, call):
    """``call`` of a primitive, after a look at the kinds of its inputs, and at the attributes that its constructor found ``unfit``; itself
    where nothing is known of them."""
    inputs, keeping = [(plain(kinds), kinds) for kinds in INPUTS.get(name, ())], name in _KEEPING
    if not inputs and name not in _NAMED:
        return call

    def __call__(self, *args, **kwargs):
        for (known, kinds), value in zip(inputs, args):
            if type(value) not in known and not fits(kinds, value):
                place = next(i for i, ((_, k), x) in enumerate(zip(inputs, args)) if not fits(k, x))
                raise _refused(name, f"input {place}", kinds, value)
        wrong = unkept(name, args) if keeping else None
        if wrong is not None:
            raise wrong
        if "_unfit" in self.__dict__:
            for attribute, kinds in unfit(name, self.__dict__):
                raise _refused(name, f"'{attribute}'", kinds, self.__dict__[attribute])
        return call(self, *args, **kwargs)

    return __call__


def _refused(name: str, what: str, kinds: str, value) -> Exception:
    return fail(
        TypeError, f"For '{name}', {what} must be {described(kinds)}, but got {type(value).__name__}: {value!r:.60}."
    )


__all__ = ["INPUTS", "described", "fits", "of_kinds", "plain", "unfit", "unkept"]
