"""Primitives of MindSpore for which its CPU backend has no kernel (quantisation, recurrent cells of NPUs, tables of keys, ...): modules that
import them load and their objects can be made; a call is a RuntimeError, as in MindSpore."""

from ..core.errors import fail
from ..ops.primitive_base import Primitive


class WithoutKernel(Primitive):
    """A primitive that takes any arguments and cannot be called."""

    def __init__(self, *args, **kwargs):
        super().__init__(type(self).__name__)
        for name, value in kwargs.items():
            self.add_prim_attr(name, value)

    def __call__(self, *args, **kwargs):
        raise fail(RuntimeError, f"For '{self.name}', there is no kernel for CPUs.")


__all__ = """
    ActULQClampMaxGrad ActULQClampMinGrad ActsULQ ActsULQInputGrad AllFinite AllGatherV AlltoAllV AlltoAllVC AntiQuant ArgminV2 AvgPoolGradGe
    AvgPoolGradVm AvgPoolV1 BNTrainingReduceGrad BNTrainingUpdateGrad BasicLSTMCell BasicLSTMCellCStateGrad BasicLSTMCellInputGrad
    BasicLSTMCellWeightGrad BatchDilatePolys BatchEnqueue BatchISendIRecv BatchNormFold BatchNormFold2 BatchNormFold2D BatchNormFold2Grad
    BatchNormFold2GradD BatchNormFold2GradReduce BatchNormFoldD BatchNormFoldGrad BatchNormFoldGradD BatchToSpaceNDV2 CellBackwardHook Centralization
    CholeskyTrsm ComputeAccidentalHits ConcatOffset ConfusionMulGrad CorrectionMul CorrectionMulGrad CorrectionMulGradReduce CudnnGRU CusBatchMatMul
    CusCholeskyTrsm CusFusedAbsMax1 CusImg2Col CusMatMulCube CusMatMulCubeDenseLeft CusMatMulCubeDenseRight CusMatMulCubeFraczLeftCast
    CusMatMulCubeFraczRightMul CusMatrixCombine CusTranspose02314 DSDGrad DSDMatmul DecodeImage DepthwiseConv2dNativeBackpropFilter
    DepthwiseConv2dNativeBackpropInput Dequant Dequeue DetTriangle Dilation2D Dilation2DBackpropFilter Dilation2DBackpropInput DropoutDoMask
    DropoutGenMask DynamicGRUV2 DynamicGRUV2Grad DynamicRNNGrad EmbeddingLookupCommGrad FFN FakeLearnedScaleQuantPerChannel
    FakeLearnedScaleQuantPerChannelGrad FakeLearnedScaleQuantPerChannelGradD FakeLearnedScaleQuantPerChannelGradDReduce FakeLearnedScaleQuantPerLayer
    FakeLearnedScaleQuantPerLayerGrad FakeLearnedScaleQuantPerLayerGradD FakeLearnedScaleQuantPerLayerGradDReduce FakeQuantParam FakeQuantPerChannel
    FakeQuantPerChannelGrad FakeQuantPerLayer FakeQuantPerLayerGrad FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsGradient
    FakeQuantWithMinMaxVarsPerChannel FakeQuantWithMinMaxVarsPerChannelGradient FusedBatchNorm FusedBatchNormEx FusedWeightScaleApplyMomentum GeSwitch
    GenerateEodMask GetGrad GetNext GetShape GetitemTensorIndexInfo GruGradData GruGradWeight IFMR InstanceNorm InstanceNormGrad IsSubClass
    KMeansCentroids KVCacheMgr LSTMGradData LSTMGradWeight LSTMV2 LambApplyOptimizerAssign LambApplyWeightAssign ListAppendAndInsertGrad LoadIm2Col Lu
    MapCacheIdx MapTensorErase MapTensorGet MapTensorGetData MapTensorGetGrad MapTensorGetKeys MapTensorGetValues MapTensorPut MatmulDDS MatmulDDSGrad
    MaxPoolV1 Merge MinMaxUpdatePerChannel MinMaxUpdatePerLayer Morph MoveTo NeighborExchangeV2 NeighborExchangeV2Grad NewIm2Col NonZeroWithValue
    NonZeroWithValueShape OCRDetectionPostHandle OCRDetectionPreHandle OCRFindContours OCRIdentifyPreHandle OCRRecognitionPreHandle
    PSROIPooling PSROIPoolingGrad
    PagedAttention PagedAttentionMask ReshapeAndCache DynamicQuantExt GroupedMatmulV4 KVCacheScatterUpdate QuantBatchMatmul
    QuantV2 WeightQuantBatchMatmul
    ParallelResizeBilinear ParallelResizeBilinearGrad PartitionedCall ProdForceSeA PsROIPooling PsROIPoolingGrad Pull Push Quant RNNTLoss
    RandomGammaGrad ReduceScatterV RefToEmbed ResizeAndClipPolys ScaleGrad ScatterNonAliasingAdd SelectView SequenceSliceGrad SetitemTensorIndexInfo
    ShapeMulGrad SliceGetItem SparseAddGrad SparseApplyFtrlV2 SparseMatrixOrderingAMD StackDestroy StackInit StackPop StackPush StringLength
    SyncBatchNorm SyncBatchNormGrad TensorReport TensorScatterElementsExt ThorIm2Col TransShape Unsqueeze UpdateThorGradient WKV WKVGrad WtsARQ
    EnvCreate EnvReset EnvStep MuxReceive MuxSend PriorityReplayBufferCreate PriorityReplayBufferDestroy PriorityReplayBufferPush
    PriorityReplayBufferSample PriorityReplayBufferUpdate ReservoirReplayBufferCreate ReservoirReplayBufferDestroy ReservoirReplayBufferPush
    ReservoirReplayBufferSample
""".split()


def __getattr__(name: str):
    if name not in __all__:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    globals()[name] = made = type(
        name, (WithoutKernel,), {"__module__": __name__, "__doc__": f"``{name}``: there is no kernel for CPUs."}
    )
    return made
