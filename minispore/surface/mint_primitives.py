"""Primitives of MindSpore that are the kernels of ``mint``: an object without arguments that is called as the function of ``mint`` is.

``minispore.ops.auto_generate`` finds them here; public code takes them from there (``from mindspore.ops.auto_generate import SumExt``).
"""

import inspect
import operator
from importlib import import_module
from typing import Any

from .. import ops
from ..ops.primitive_classes import _class, row

o: Any = ops


def _mint(path: str):
    find = operator.attrgetter(path)

    def call(p, *args, **kwargs):
        function = find(import_module("minispore.mint"))
        kinds = [(q.name, q.kind) for q in inspect.signature(function).parameters.values()]
        count = sum(
            kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD) for _, kind in kinds
        )
        if all(kind is not inspect.Parameter.VAR_POSITIONAL for _, kind in kinds):  # a primitive takes all by position
            by_name = [name for name, kind in kinds if kind is inspect.Parameter.KEYWORD_ONLY]
            args, kwargs = args[:count], {**dict(zip(by_name, args[count:])), **kwargs}
        return function(*args, **kwargs)

    return row(call)


def _named(words: str) -> dict:
    """Pairs "Name=path"."""
    return {name: _mint(path) for name, _, path in (pair.partition("=") for pair in words.split())}


def _slice(p, input, dim, start, end, step):
    length = input.shape[dim]
    index = [slice(None)] * input.ndim
    index[dim] = slice(start, min(end, length), step)
    return input[tuple(index)]


def _swiglu(p, input, dim=-1):
    left, right = o.chunk(input, 2, dim)
    return o.silu(left) * right


def _one_hot(p, tensor, num_classes, on_value, off_value):
    return o.one_hot(tensor, num_classes, on_value, off_value, p.axis)


def _rotated(p, x, cos, sin, mode=0):
    """Each pair of halves (mode 0) or of neighbours (mode 1) turned by an angle."""
    if mode == 0:
        left, right = o.chunk(x, 2, -1)
        return x * cos + o.cat((-right, left), -1) * sin
    even, odd = x[..., ::2], x[..., 1::2]
    return x * cos + o.stack((-odd, even), -1).reshape(x.shape) * sin


# fmt: off
TABLE: dict = {
    **_named("""
        AcosExt=acos AcoshExt=acosh AddExt=add AddScalar=add Addbmm=addbmm AddcdivExt=addcdiv Addmm=addmm Addmv=addmv AnyExt=any
        Arange=arange ArgMaxExt=argmax ArgMinExt=argmin ArgSort=argsort AsinExt=asin AsinhExt=asinh Atan2Ext=atan2 AtanExt=atan Baddbmm=baddbmm
        BatchMatMulExt=bmm BincountExt=bincount BitwiseAndScalar=bitwise_and BitwiseAndTensor=bitwise_and BitwiseNot=bitwise_not
        BitwiseOrScalar=bitwise_or BitwiseOrTensor=bitwise_or BitwiseXorScalar=bitwise_xor BitwiseXorTensor=bitwise_xor Chunk=chunk ChunkView=chunk
        ClampScalar=clamp ClampTensor=clamp Clone=clone Copy=clone CumminExt=cummin CumsumExt=cumsum DiagExt=diag
        DivMods=div Divs=div Dot=dot Empty=empty EmptyLike=empty_like EqScalar=eq EqualExt=equal Exp2=exp2 FlattenExt=flatten
        FloorDivScalar=floor_divide FmodScalar=fmod FmodTensor=fmod Frac=frac FullLike=full_like GreaterEqualScalar=ge HistcExt=histc
        IndexAddExt=index_add IndexSelect=index_select KthValue=kthvalue LerpExt=lerp LessEqualScalar=le
        LinSpaceExt=linspace LinalgQr=linalg.qr LinalgVectorNorm=linalg.vector_norm Log10=log10 Log2=log2 LogAddExp=logaddexp LogAddExp2=logaddexp2
        LogSumExp=logsumexp MatMulExt=matmul Matmul=matmul MatrixInverseExt=inverse Max=max MaxDim=max MeanExt=mean MedianDim=median MedianExt=median
        Min=min MinDim=min Mm=mm Muls=mul Mv=mv Nansum=nansum Narrow=narrow NarrowView=narrow NonZeroExt=nonzero Norm=norm OnesLikeExt=ones_like
        Outer=outer PowScalarTensor=pow PowTensorScalar=pow ProdExt=prod RemainderScalarTensor=remainder RemainderTensorScalar=remainder
        RemainderTensorTensor=remainder RepeatInterleaveInt=repeat_interleave RepeatInterleaveTensor=repeat_interleave Scatter=scatter
        ScatterAddExt=scatter_add ScatterValue=scatter SelectExtView=select SelectV2=where SortExt=sort SplitTensor=split SplitTensorView=split
        SplitWithSize=split SplitWithSizeView=split Std=std StdMean=std_mean SubExt=sub SubScalar=sub SumExt=sum TExt=t Take=take TopkExt=topk
        TraceExt=trace TrilExt=tril TriuExt=triu Unique2=unique UnstackExtView=unbind Var=var VarMean=var_mean XLogYScalarOther=xlogy
        XLogYScalarSelf=xlogy ZerosLikeExt=zeros_like
        AdaptiveAvgPool1D=nn.functional.adaptive_avg_pool1d AdaptiveAvgPool2DExt=nn.functional.adaptive_avg_pool2d
        AdaptiveAvgPool3DExt=nn.functional.adaptive_avg_pool3d AvgPool1D=nn.functional.avg_pool1d AvgPool2D=nn.functional.avg_pool2d
        ConstantPadND=nn.functional.pad Conv1DExt=nn.functional.conv1d Conv2DExt=nn.functional.conv2d Conv3DExt=nn.functional.conv3d
        Conv1DPadding=nn.functional.conv1d Conv2DPadding=nn.functional.conv2d Conv3DPadding=nn.functional.conv3d Embedding=nn.functional.embedding
        GeluExt=nn.functional.gelu GroupNorm=nn.functional.group_norm Hardtanh=nn.functional.hardtanh LogSigmoid=nn.functional.logsigmoid
        LogSoftmaxExt=nn.functional.log_softmax MSELossExt=nn.functional.mse_loss MishExt=nn.functional.mish PixelShuffle=nn.functional.pixel_shuffle
        SeLUExt=nn.functional.selu Threshold=nn.functional.threshold
    """),
    "EluExt": row(lambda p, input: o.elu(input, p.alpha), alpha=1.0),
    "StackExt": row(lambda p, tensors: o.stack(tensors, p.dim), dim=0),
    "OneHotExt": row(_one_hot, axis=-1),
    "SliceExt": row(_slice), "SliceExtView": row(_slice),
    "AddcmulExt": row(lambda p, input, tensor1, tensor2, value=1: o.addcmul(input, tensor1, tensor2, value)),
    "DiagonalView": row(lambda p, input, offset=0, dim1=0, dim2=1: o.diagonal(input, offset, dim1, dim2)),
    "MaskedFillScalar": row(lambda p, input, mask, value: o.masked_fill(input, mask, value)),
    "IndexFillScalar": row(lambda p, input, dim, index, value: o.index_fill(input, dim, index, value)),
    "IndexFillTensor": row(lambda p, input, dim, index, value: o.index_fill(input, dim, index, value)),
    "Swiglu": row(_swiglu),
    "RotaryPositionEmbedding": row(_rotated),
    "ExpandDimsView": row(lambda p, input, dim: o.expand_dims(input, dim)),
    "BroadcastToView": row(lambda p, input, shape: o.broadcast_to(input, shape)),
    "ExpandAs": row(lambda p, input, other: o.broadcast_to(input, other.shape)),
    "View": row(lambda p, input, shape: input.view(shape)), "ViewAs": row(lambda p, input, other: input.view(other.shape)),
    "FillScalar": row(lambda p, size, fill_value, dtype=None: o.full(size, fill_value, dtype=dtype)),
    "FillTensor": row(lambda p, size, fill_value, dtype=None: o.full(size, fill_value, dtype=dtype)),
    "Contiguous": row(lambda p, input: input.contiguous()),
    "Detach": row(lambda p, input: o.stop_gradient(input)),
}
# fmt: on
CLASSES = {name: _class(name, entry) for name, entry in TABLE.items()}
globals().update(CLASSES)
__all__ = sorted(CLASSES)
