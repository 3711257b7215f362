"""The types of Tensors that MindSpore's primitives take, where it refuses others: asked of MindSpore 2.10, whose messages name them."""

from ..core.errors import fail
from ..core.tensor import Tensor

_SHORT = {
    "b": "Bool", "bf": "BFloat16", "f2": "Float16", "f4": "Float32", "f8": "Float64", "i1": "Int8", "i2": "Int16", "i4": "Int32",
    "i8": "Int64", "u1": "UInt8", "u2": "UInt16", "u4": "UInt32", "u8": "UInt64", "c8": "Complex64", "c16": "Complex128",
}  # fmt: skip

# types: the primitives whose first input is one of them; "Name:1" for the input at place 1
_TAKEN = {
    "b c16 c8 f2 f4 f8 i1 i2 i4 i8 u2 u4 u8": """
        Real
    """,
    "c16 c8 f2 f4 f8 i2 i4 i8": """
        Diag Inv
    """,
    "b c16 c8 f2 f4 f8 i1 i2 i4 i8 u1": """
        Abs
    """,
    "i4 i8": """
        AdaptiveMaxPool3DGrad:2 BartlettWindow BlackmanWindow CSRSparseMatrixToDense CSRSparseMatrixToSparseTensor
        CSRSparseMatrixToSparseTensor:1 CSRSparseMatrixToSparseTensor:2 CSRSparseMatrixToSparseTensor:3 Col2Im:1 DataFormatDimMap
        DataFormatVecPermute FillV2 IndexFill:1 InplaceUpdateV2:1 MapUniform:1 MapUniform:2 MatrixBandPart:1 MatrixBandPart:2
        MaxPoolGradGradWithArgmax:2 MaxPoolGradWithArgmaxV2:2 MaxUnpool2D:1 MaxUnpool3D:1 MirrorPad:1 Multinomial:1 RandomPoisson Randperm
        ReverseSequence:1 SegmentMax:1 SegmentMean:1 SegmentMin:1 SegmentProd:1 SegmentSum:1 SparseCountSparseOutput:1 SparseMatrixAdd:1
        ScatterNdAdd:1 ScatterNdDiv:1 ScatterNdMax:1 ScatterNdMin:1 ScatterNdMul:1 ScatterNdSub:1 ScatterNdUpdate:1
        SparseMatrixMatMul SparseMatrixNNZ SparseMatrixSparseMatMul SparseMatrixTranspose SparseSegmentMeanWithNumSegments:1
        SparseTensorDenseAdd SparseToDense SparseToDenseV2 StandardLaplace StandardNormal SubAndFilter TensorScatterDiv:1
        TensorScatterElements:1 TensorScatterMax:1 TensorScatterMin:1 TensorScatterMul:1 TensorScatterSub:1 TensorScatterUpdate:1 TopK:1
        TraceGrad:1 TruncatedNormal UniformCandidateSampler UnravelIndex UnsortedSegmentMax:1 UnsortedSegmentMin:1 UnsortedSegmentProd:1
    """,
    "f2 f4 f8": """
        AdaptiveAvgPool2D AdaptiveAvgPool2DGrad AdjustHue AdjustSaturation AvgPool3D AvgPoolGradV1 BesselI0 BesselI0e BesselI1 BesselJ0
        BesselJ1 BesselK0 BesselK0e BesselK1 BesselK1e BesselY0 BesselY1 CeLU CheckNumerics Coalesce:1 Digamma Dropout DropoutGrad Eps Erf
        Erfc FloatStatus Floor Gelu Ger HSVToRGB IOU IsInf KLDivLoss KLDivLossGrad:1 L2Loss L2Normalize LogNormalReverse LogSpace Lstsq
        LuSolve LuSolve:1 MaxPool3D Mish MultiMarginLoss MultiMarginLossGrad MultilabelMarginLossGrad NonMaxSuppressionWithOverlaps
        ParameterizedTruncatedNormal Pdist PdistGrad RGBToHSV ReduceStd Rint Softplus SoftplusGrad Softsign Uniform
    """,
    "i8": """
        Coalesce EditDistance EditDistance:2 EditDistance:3 EditDistance:5 FractionalAvgPoolGrad LogUniformCandidateSampler
        MultiMarginLoss:1 MultiMarginLossGrad:2 SetSize SetSize:2 SparseCountSparseOutput SparseCountSparseOutput:2 SparseDenseCwiseAdd
        SparseDenseCwiseAdd:2 SparseDenseCwiseDiv SparseDenseCwiseDiv:2 SparseDenseCwiseMul SparseDenseCwiseMul:2 SparseFillEmptyRows
        SparseFillEmptyRowsGrad SparseReorder SparseReorder:2 SparseReshape SparseReshape:1 SparseReshape:2 SparseSliceGrad:1
        SparseSliceGrad:2 SparseSliceGrad:3 SparseSoftmax SparseSparseMaximum SparseSparseMaximum:2 SparseSparseMaximum:3
        SparseSparseMaximum:5 SparseSparseMinimum SparseSparseMinimum:2 SparseSparseMinimum:3 SparseSparseMinimum:5 SparseSplit
        SparseSplit:1 SparseSplit:3
    """,
    "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8": """
        AdaptiveMaxPool3D AdaptiveMaxPool3DGrad AdaptiveMaxPool3DGrad:1 ArgMaxWithValue ArgMinWithValue Argmax Argmin BatchToSpaceND
        BesselI1e Heaviside InplaceAdd InplaceSub MatrixDiagPartV3 MatrixDiagV3 MaxPoolGradWithArgmaxV2 MaxPoolWithArgmaxV2 MaxUnpool2D
        MaxUnpool3D MinimumGrad Multinomial ReLUV3 ReduceMax ReduceMin SpaceToBatchND SparseSparseMaximum:1 SparseSparseMinimum:1
        TensorScatterMax TensorScatterMin TensorScatterMul TensorScatterSub TopK
    """,
    "f2 f4": """
        AdjustContrastv2 AffineGrid ClipByNorm ClipByNorm:1 FastGeLU FastGelu InstanceNormV2Grad InstanceNormV2Grad:1 LRN
        LayerNormGradGrad LpNorm MaxPoolGradGradWithArgmax NMSWithMask NPUClearFloatStatus NPUGetFloatStatus NanToNum NonMaxSuppressionV3
        ROIAlign ROIAlign:1 ReLU6 SGD SGD:1 SGD:2 SGD:3 SGD:4 SGD:5 SoftmaxCrossEntropyWithLogits SquareSumAll
    """,
    "c16 c8 f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8": """
        ApplyCenteredRMSProp BatchToSpace Conj Lamb Neg PadV3Grad ScalarUsub SegmentMax SegmentMean SegmentMin SegmentProd SegmentSum
        SparseDenseCwiseAdd:1 SparseDenseCwiseDiv:1 SparseDenseCwiseMul:1 Square Trace TraceGrad TripletMarginLoss
    """,
    "f4 f8": """
        Bernoulli:1 Betainc CholeskySolve Complex CropAndResizeGradBoxes:2 CropAndResizeGradImage CropAndResizeGradImage:1 Igamma
        IgammaGradA Igammac Mvlgamma MvlgammaGrad NextAfter NuclearNorm Quantile Zeta
    """,
    "i4": """
        AdaptiveAvgPool3DGrad:1 AdaptiveMaxPool3D:1 Bincount Bincount:1 ConcatOffsetV1 NthElement:1 ResizeArea:1 ScaleAndTranslate:1
    """,
    "f4": """
        AdjustContrastv2:1 AdjustHue:1 AdjustSaturation:1 Fills:1 ResizeV2:1 ResizeV2:2 ResizeV2Grad:1 ResizeV2Grad:2
        ScaleAndTranslateGrad
    """,
    "c16 c8 f4 f8": """
        Eigh MatrixInverse MatrixSolveLs MatrixSolveLs:1 MatrixTriangularSolve Orgqr Ormqr SparseMatrixAdd:4 SparseMatrixMatMul:4
        TridiagonalSolve
    """,
    "f2 f4 f8 i1 i2 i4 i8 u1 u2": """
        CropAndResizeGradBoxes:1 ListDiff ListDiff:1 LowerBound NthElement ResizeArea UpperBound
    """,
    "f4 f8 i4 i8": """
        Bincount:2 FractionalAvgPoolGrad:1 FractionalMaxPoolGrad RangeV2 RangeV2:1 SparseCountSparseOutput:3
    """,
    "c16 c8 f2 f4 f8": """
        ACos Acosh Asin Asinh Atan Atanh Cos Cosh Expm1 Log Log1p MatrixSolve Renorm Rsqrt Sigmoid Sin Sinh Tan Tanh TridiagonalMatMul
        TridiagonalMatMul:1 TridiagonalMatMul:2 TridiagonalMatMul:3
    """,
    "b f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8": """
        AccumulateNV2 IsNan SparseToDense:1 TensorScatterElements Tril Triu
    """,
    "c8 f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8": """
        AdamWeightDecay AdamWeightDecay:1 ApplyRMSProp SpaceToBatch
    """,
    "f2 f4 f8 i1 i4 i8 u1": """
        Addcmul Addcmul:1 Addcmul:2 Addcmul:3
    """,
    "bf f2 f4 f8": """
        Ceil GeLU Softmax SoftplusExt
    """,
    "i1 i2 i4 i8 u1 u2 u4 u8": """
        HammingWindow Invert PopulationCount RightShift
    """,
    "f2 f4 f8 i4": """
        HistogramFixedWidth HistogramFixedWidth:1 InplaceUpdate Lgamma
    """,
    "f2 f4 f8 i1 i2 i4 i8 u1": """
        AdaptiveAvgPool3D AdaptiveAvgPool3DGrad LuUnpack
    """,
    "f2 f4 f8 i8": """
        Addcdiv Addcdiv:1 Addcdiv:2
    """,
    "f2 f4 f8 i4 i8": """
        Addcdiv:3 MinimumGradGrad RandomPoisson:1
    """,
    "i1 i2 i4 i8 u1 u2": """
        DenseToDenseSetOperation DenseToSparseSetOperation SetSize:1
    """,
    "f2 f4 f8 i1 i2 i4 i8": """
        Dropout2D Dropout3D HSwish ScaleAndTranslate
    """,
    "i1 i2 i4 i8": """
        MapUniform SparseGatherV2:1 SparseGatherV2:2
    """,
    "f2 f4 i2 u1": """
        CheckValid CheckValid:1
    """,
    "c16 c8": """
        ComplexAbs MatrixLogarithm
    """,
    "i2 i4 i8": """
        CumulativeLogsumexp:1 Expand:1
    """,
    "c16 c8 f2 f4 f8 i4 i8": """
        DiagPart Sign SparseTensorDenseMatmul:1
    """,
    "bf f2 f4": """
        HShrink SoftShrink
    """,
    "f2 f4 i4": """
        Histogram InplaceUpdateV2
    """,
    "b bf f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8": """
        IsFinite ReLU
    """,
    "f2 f4 f8 i1 i2 i8 u1 u2 u4 u8": """
        MaxPoolGradWithArgmax:1 MaxPoolWithArgmax
    """,
    "f4 f8 i2 i4 i8": """
        Median MedianGrad:1
    """,
    "b f4 f8 i1 i2 i4 i8 u1": """
        Bernoulli
    """,
    "f2 f4 i1 i4": """
        CollectiveScatter
    """,
    "b f2 f4 f8 i1 i2 i4 i8": """
        CompareAndBitpack
    """,
    "b bf c16 c8 f2 f4 f8 i8": """
        Exp
    """,
    "f2 f4 i1 i4 u1": """
        Expand
    """,
    "f2 f4 i1 i2 i4": """
        Fills
    """,
    "bf f2 f4 f8 i1 i2 i4 i8": """
        HSigmoid
    """,
    "c16 c8 f2 f4 f8 i1 i2 i4 i8 u1": """
        Im2Col
    """,
    "c16 c8 f2 f4 f8 i1 i4 i8": """
        InvGrad
    """,
    "f2 f4 i2 i4": """
        LARSUpdate
    """,
    "i1 i2 i4 i8 u1": """
        LuUnpack:1
    """,
    "f8": """
        MatrixSolveLs:2
    """,
    "i4 i8 u4 u8": """
        NonDeterministicInts
    """,
    "b f2 f4 f8 i1 i2 i4 i8 u1 u2": """
        RaggedTensorToSparse:1
    """,
    "b": """
        RandomChoiceWithMask
    """,
    "b c8 f2 f4 i1 i2 i4 i8": """
        ReduceScatter
    """,
    "f2 f4 f8 i1 i4": """
        SeLU
    """,
    "b c8 f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8": """
        SigmoidCrossEntropyWithLogits
    """,
    "b f2 f4 f8 i1 i2 i4 i8 u1": """
        Sort
    """,
    "f4 f8 i1 i2 i4 i8 u1 u2 u4 u8": """
        SparseAddmm:1
    """,
    "f2 f4 f8 i2 i4 i8 u2 u4 u8": """
        TensorScatterDiv
    """,
}


# types that both operands of these are not of; where one has another type, the operands are promoted first
_NOT = {
    "b": """
        Add AddV2 ApproximateEqual AssignAdd AssignSub Atan2 BatchMatMul CumProd Cummax Cummin DivNoNan EqualCount Exp Fmax Fmin
        FloorMod Hypot MatMul Minimum Mod MulNoNan Pow RealDiv ReduceMean Round Sort SquaredDifference Sub TensorAdd TruncateDiv
        TruncateMod Unique Xdivy Xlogy
    """,
    "i1 u1": "ApproximateEqual EqualCount Fmax Fmin Gcd Hypot Lcm Round SquaredDifference Xdivy",
    "i2": "ApproximateEqual Fmax Fmin Hypot Lcm Round SquaredDifference TruncateMod Xdivy",
    "i4": "ApproximateEqual Hypot Xdivy",
    "i8": "ApproximateEqual Hypot TruncateMod Xdivy",
    "u2": """
        AddV2 ApproximateEqual EqualCount Fmax Fmin FloorMod Gcd Hypot IsClose Lcm MatMul Mod Round SquaredDifference TruncateMod Xdivy
    """,
    "u4 u8": """
        AddV2 ApproximateEqual EqualCount Fmax Fmin FloorMod Gcd Hypot IsClose Lcm MatMul Mod Round SquaredDifference Sub TruncateMod
        Unique Xdivy
    """,
    "c8 c16": "FloorMod Mod TruncateMod Unique",
}
# the first two inputs have one type
_OF_ONE_TYPE = frozenset(
    """BatchMatMul Cdist EqualCount Heaviside Igamma Igammac IsClose KLDivLoss LeftShift LowerBound Lstsq MatMul Polar
    SigmoidCrossEntropyWithLogits SoftmaxCrossEntropyWithLogits SquareSumAll UpperBound Zeta""".split()
)
# the first two inputs have one shape
_OF_ONE_SHAPE = dict.fromkeys(
    "AddV2 EqualCount KLDivLoss Polar SmoothL1Loss SquareSumAll Zeta".split(), ValueError
) | dict.fromkeys(("ApproximateEqual", "Complex"), RuntimeError)  # fmt: skip
# (place, number of axes): the primitives; "3+": or more
_AXES = {
    (0, "1"): "Ger ListDiff Unique", (1, "1"): "Ger ListDiff", (0, "2"): "Pdist", (0, "3+"): "AdjustHue AdjustSaturation",
    (0, "4"): "Dropout2D", (0, "5"): "AvgPool3D Dropout3D MaxPool3D",
}  # fmt: skip
_OF_ONE_INPUT = frozenset("CumProd Cummax Cummin Exp ReduceMean Round Sort Unique".split())
_RUNTIME = frozenset(
    ("ReduceMean", "Round", "Unique")
)  # whose errors are RuntimeErrors where others' are Type- or ValueErrors


def _not_by_name() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for types, names in _NOT.items():
        for name in names.split():
            found.setdefault(name, set()).update(_SHORT[short] for short in types.split())
    return {name: frozenset(types) for name, types in found.items()}


def _axes_by_name() -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for (place, number), names in _AXES.items():
        for name in names.split():
            found.setdefault(name, {})[place] = number
    return found


NOT, AXES = _not_by_name(), _axes_by_name()


def _by_name() -> dict[str, dict[int, frozenset[str]]]:
    found: dict = {}
    for types, names in _TAKEN.items():
        taken = frozenset(_SHORT[short] for short in types.split())
        if "Float16" in taken:
            taken |= {"BFloat16"}  # which is computed in float32, as float16 is
        for name, _, place in (entry.partition(":") for entry in names.split()):
            found.setdefault(name, {})[int(place or 0)] = taken
    return found


TAKEN = _by_name()


def _check_pair(name, args) -> None:
    """Raises where the inputs do not fit each other."""
    tensors = [x for x in args if isinstance(x, Tensor)]
    refused = NOT.get(name)
    alone = name in _OF_ONE_INPUT or len(tensors) > 1
    if refused and tensors and alone and all([repr(x.dtype) in refused for x in tensors[:2]]):
        error = RuntimeError if name in _RUNTIME and name != "Unique" else TypeError
        raise fail(error, f"For '{name}', inputs of {tensors[0].dtype} are not supported.")
    if len(args) > 1 and isinstance(args[0], Tensor) and isinstance(args[1], Tensor):
        x, y = args[:2]
        if name in _OF_ONE_TYPE and x.dtype is not y.dtype:
            raise fail(TypeError, f"For '{name}', the inputs must have one type, but got {x.dtype} and {y.dtype}.")
        if name in _OF_ONE_SHAPE and x.shape != y.shape:
            raise fail(
                _OF_ONE_SHAPE[name], f"For '{name}', the inputs must have one shape, but got {x.shape} and {y.shape}."
            )
    for place, number in AXES.get(name, {}).items():
        x = args[place] if place < len(args) else None
        if isinstance(x, Tensor) and (x.ndim < int(number[0]) or (x.ndim > int(number[0]) and "+" not in number)):
            wanted = number.replace("+", " or more")
            raise fail(
                RuntimeError if name in _RUNTIME else ValueError,
                f"For '{name}', input {place} must have {wanted} axes, but its shape is {x.shape}.",
            )


def checked(name, call):
    """``call``, after a look at the types and shapes of its inputs; itself where nothing is known of them."""
    places = tuple(TAKEN.get(name, {}).items())
    pair = name in NOT or name in _OF_ONE_TYPE or name in _OF_ONE_SHAPE or name in AXES
    if not places and not pair:
        return call

    def __call__(self, *args, **kwargs):
        for place, types in places:
            if place < len(args) and isinstance(args[place], Tensor) and repr(args[place].dtype) not in types:
                wanted = ", ".join(sorted(types))
                raise fail(
                    TypeError, f"For '{name}', input {place} must be a Tensor of {wanted}, but got {args[place].dtype}."
                )
        if pair:
            _check_pair(name, args)
        return call(self, *args, **kwargs)

    return __call__


__all__ = ["TAKEN", "checked"]
