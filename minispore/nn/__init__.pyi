# Written by tools/stubs from minispore.nn: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import cell as cell, dynamic_lr as dynamic_lr, layer as layer, learning_rate_schedule as learning_rate_schedule, loss as loss, metrics as metrics, optim as optim, optim_ex as optim_ex, transformer as transformer, utils as utils, wrap as wrap
from minispore.nn.cell import Cell as Cell, GraphCell as GraphCell
from minispore.nn.container import CellDict as CellDict, CellList as CellList, SequentialCell as Sequential, SequentialCell as SequentialCell
from minispore.nn.dynamic_lr import cosine_decay_lr as cosine_decay_lr, exponential_decay_lr as exponential_decay_lr, inverse_decay_lr as inverse_decay_lr, natural_exp_decay_lr as natural_exp_decay_lr, piecewise_constant_lr as piecewise_constant_lr, polynomial_decay_lr as polynomial_decay_lr, warmup_lr as warmup_lr
from minispore.nn.layer.activation import CELU as CELU, ELU as ELU, FastGelu as FastGelu, GELU as GELU, HShrink as HShrink, HSigmoid as HSigmoid, HSwish as HSwish, Hardtanh as Hardtanh, LeakyReLU as LeakyReLU, LogSigmoid as LogSigmoid, Mish as Mish, PReLU as PReLU, PReLUExt as PReLUExt, RReLU as RReLU, ReLU as ReLU, ReLU6 as ReLU6, SeLU as SeLU, SiLU as SiLU, Sigmoid as Sigmoid, SoftShrink as SoftShrink, Softsign as Softsign, Tanh as Tanh, Tanhshrink as Tanhshrink, Threshold as Threshold, get_activation as get_activation
from minispore.nn.layer.adaptive_pooling import AdaptiveAvgPool1d as AdaptiveAvgPool1d, AdaptiveAvgPool2d as AdaptiveAvgPool2d, AdaptiveAvgPool3d as AdaptiveAvgPool3d, AdaptiveMaxPool1d as AdaptiveMaxPool1d, AdaptiveMaxPool2d as AdaptiveMaxPool2d, AdaptiveMaxPool3d as AdaptiveMaxPool3d
from minispore.nn.layer.attention import MultiheadAttention as MultiheadAttention, Transformer as Transformer, TransformerDecoder as TransformerDecoder, TransformerDecoderLayer as TransformerDecoderLayer, TransformerEncoder as TransformerEncoder, TransformerEncoderLayer as TransformerEncoderLayer
from minispore.nn.layer.basic import ClipByNorm as ClipByNorm, Flatten as Flatten, Identity as Identity, L1Regularizer as L1Regularizer, Norm as Norm, OneHot as OneHot, Roll as Roll, Tril as Tril, Triu as Triu, Unflatten as Unflatten, Unfold as Unfold, Upsample as Upsample
from minispore.nn.layer.combined import Conv2dBnAct as Conv2dBnAct, DenseBnAct as DenseBnAct, TimeDistributed as TimeDistributed
from minispore.nn.layer.conv import Conv1d as Conv1d, Conv1dTranspose as Conv1dTranspose, Conv2d as Conv2d, Conv2dTranspose as Conv2dTranspose, Conv3d as Conv3d, Conv3dTranspose as Conv3dTranspose
from minispore.nn.layer.dense import BiDense as BiDense, Dense as Dense, Linear as Linear
from minispore.nn.layer.dropout import Dropout as Dropout, Dropout1d as Dropout1d, Dropout2d as Dropout2d, Dropout2dExt as Dropout2dExt, Dropout3d as Dropout3d, DropoutExt as DropoutExt
from minispore.nn.layer.embedding import Embedding as Embedding, EmbeddingExt as EmbeddingExt, EmbeddingLookup as EmbeddingLookup, MultiFieldEmbeddingLookup as MultiFieldEmbeddingLookup
from minispore.nn.layer.image import CentralCrop as CentralCrop, ChannelShuffle as ChannelShuffle, PixelShuffle as PixelShuffle, PixelUnshuffle as PixelUnshuffle, ResizeBilinear as ResizeBilinear
from minispore.nn.layer.image_quality import ImageGradients as ImageGradients, MSSSIM as MSSSIM, PSNR as PSNR, SSIM as SSIM
from minispore.nn.layer.math import CosineSimilarity as CosineSimilarity, DiGamma as DiGamma, IGamma as IGamma, LBeta as LBeta, LGamma as LGamma, MatDet as MatDet, MatInverse as MatInverse, MatMul as MatMul, MatrixDiag as MatrixDiag, MatrixDiagPart as MatrixDiagPart, MatrixSetDiag as MatrixSetDiag, Moments as Moments, Range as Range, ReduceLogSumExp as ReduceLogSumExp
from minispore.nn.layer.normalization import BatchNorm1d as BatchNorm1d, BatchNorm2d as BatchNorm2d, BatchNorm3d as BatchNorm3d, GroupNorm as GroupNorm, InstanceNorm1d as InstanceNorm1d, InstanceNorm2d as InstanceNorm2d, InstanceNorm3d as InstanceNorm3d, LayerNorm as LayerNorm, LayerNormExt as LayerNormExt, SyncBatchNorm as SyncBatchNorm
from minispore.nn.layer.padding import ConstantPad1d as ConstantPad1d, ConstantPad2d as ConstantPad2d, ConstantPad3d as ConstantPad3d, Pad as Pad, ReflectionPad1d as ReflectionPad1d, ReflectionPad2d as ReflectionPad2d, ReflectionPad3d as ReflectionPad3d, ReplicationPad1d as ReplicationPad1d, ReplicationPad2d as ReplicationPad2d, ReplicationPad3d as ReplicationPad3d, ZeroPad2d as ZeroPad2d
from minispore.nn.layer.rnn import GRU as GRU, GRUCell as GRUCell, LSTM as LSTM, LSTMCell as LSTMCell, RNN as RNN, RNNCell as RNNCell
from minispore.nn.layer.softmax import GLU as GLU, LRN as LRN, LogSoftmax as LogSoftmax, LogSoftmaxExt as LogSoftmaxExt, Softmax as Softmax, Softmax2d as Softmax2d, Softmin as Softmin
from minispore.nn.layer.sparse import SparseTensorDenseMatmul as SparseTensorDenseMatmul, SparseToDense as SparseToDense
from minispore.nn.layer.unpooling import FractionalMaxPool2d as FractionalMaxPool2d, FractionalMaxPool3d as FractionalMaxPool3d, MaxUnpool1d as MaxUnpool1d, MaxUnpool2d as MaxUnpool2d, MaxUnpool3d as MaxUnpool3d
from minispore.nn.layer.window_pooling import AvgPool1d as AvgPool1d, AvgPool2d as AvgPool2d, AvgPool3d as AvgPool3d, LPPool1d as LPPool1d, LPPool2d as LPPool2d, MaxPool1d as MaxPool1d, MaxPool2d as MaxPool2d, MaxPool3d as MaxPool3d
from minispore.nn.learning_rate_schedule import CosineDecayLR as CosineDecayLR, ExponentialDecayLR as ExponentialDecayLR, InverseDecayLR as InverseDecayLR, LambdaDecayLR as LambdaDecayLR, LearningRateSchedule as LearningRateSchedule, NaturalExpDecayLR as NaturalExpDecayLR, PolynomialDecayLR as PolynomialDecayLR, WarmUpLR as WarmUpLR
from minispore.nn.loss.base import LossBase as LossBase
from minispore.nn.loss.classification import BCELoss as BCELoss, BCEWithLogitsLoss as BCEWithLogitsLoss, CTCLoss as CTCLoss, CrossEntropyLoss as CrossEntropyLoss, FocalLoss as FocalLoss, KLDivLoss as KLDivLoss, MultiLabelSoftMarginLoss as MultiLabelSoftMarginLoss, MultiMarginLoss as MultiMarginLoss, MultilabelMarginLoss as MultilabelMarginLoss, NLLLoss as NLLLoss, SoftmaxCrossEntropyWithLogits as SoftmaxCrossEntropyWithLogits
from minispore.nn.loss.metric import CosineEmbeddingLoss as CosineEmbeddingLoss, HingeEmbeddingLoss as HingeEmbeddingLoss, MarginRankingLoss as MarginRankingLoss, SoftMarginLoss as SoftMarginLoss, TripletMarginLoss as TripletMarginLoss, TripletMarginWithDistanceLoss as TripletMarginWithDistanceLoss
from minispore.nn.loss.overlap import DiceLoss as DiceLoss, MultiClassDiceLoss as MultiClassDiceLoss
from minispore.nn.loss.regression import GaussianNLLLoss as GaussianNLLLoss, HuberLoss as HuberLoss, L1Loss as L1Loss, L1LossExt as L1LossExt, MAELoss as MAELoss, MSELoss as MSELoss, PoissonNLLLoss as PoissonNLLLoss, RMSELoss as RMSELoss, SmoothL1Loss as SmoothL1Loss
from minispore.nn.loss.sampled_softmax import SampledSoftmaxLoss as SampledSoftmaxLoss
from minispore.nn.metrics import get_metric_fn as get_metric_fn, names as names
from minispore.nn.metrics.classification import Accuracy as Accuracy, F1 as F1, Fbeta as Fbeta, Precision as Precision, Recall as Recall, Top1CategoricalAccuracy as Top1CategoricalAccuracy, Top5CategoricalAccuracy as Top5CategoricalAccuracy, TopKCategoricalAccuracy as TopKCategoricalAccuracy
from minispore.nn.metrics.confusion import ConfusionMatrix as ConfusionMatrix, ConfusionMatrixMetric as ConfusionMatrixMetric
from minispore.nn.metrics.curve import ROC as ROC, auc as auc
from minispore.nn.metrics.error import Loss as Loss, MAE as MAE, MSE as MSE
from minispore.nn.metrics.metric import Metric as Metric, rearrange_inputs as rearrange_inputs
from minispore.nn.metrics.occlusion import OcclusionSensitivity as OcclusionSensitivity
from minispore.nn.metrics.similarity import Dice as Dice
from minispore.nn.metrics.surface import HausdorffDistance as HausdorffDistance, MeanSurfaceDistance as MeanSurfaceDistance, RootMeanSquareDistance as RootMeanSquareDistance
from minispore.nn.metrics.text import BleuScore as BleuScore, Perplexity as Perplexity
from minispore.nn.optim.adabelief import AdaBelief as AdaBelief
from minispore.nn.optim.adadelta import Adadelta as Adadelta
from minispore.nn.optim.adafactor import AdaFactor as AdaFactor
from minispore.nn.optim.adagrad import Adagrad as Adagrad
from minispore.nn.optim.adam import Adam as Adam, AdamOffload as AdamOffload, AdamWeightDecay as AdamWeightDecay
from minispore.nn.optim.adamax import AdaMax as AdaMax
from minispore.nn.optim.adamw import AdamW as AdamW
from minispore.nn.optim.adan import Adan as Adan
from minispore.nn.optim.ademamix import AdEMAMix as AdEMAMix
from minispore.nn.optim.adopt import ADOPT as ADOPT
from minispore.nn.optim.asgd import ASGD as ASGD
from minispore.nn.optim.averaging import averaged_weights as averaged_weights
from minispore.nn.optim.cautious import Cautious as Cautious
from minispore.nn.optim.ftrl import FTRL as FTRL
from minispore.nn.optim.grokfast import Grokfast as Grokfast
from minispore.nn.optim.lamb import Lamb as Lamb
from minispore.nn.optim.lars import LARS as LARS
from minispore.nn.optim.lazyadam import LazyAdam as LazyAdam
from minispore.nn.optim.lbfgs import LBFGS as LBFGS
from minispore.nn.optim.lion import Lion as Lion
from minispore.nn.optim.lion_variants import RefinedLion as RefinedLion, Tiger as Tiger
from minispore.nn.optim.lookahead import Lookahead as Lookahead
from minispore.nn.optim.mars import MARS as MARS
from minispore.nn.optim.momentum import Momentum as Momentum
from minispore.nn.optim.muon import Muon as Muon, muon_groups as muon_groups
from minispore.nn.optim.nadam import NAdam as NAdam
from minispore.nn.optim.optimizer import Optimizer as Optimizer
from minispore.nn.optim.parameter_free import DAdaptAdam as DAdaptAdam, Prodigy as Prodigy
from minispore.nn.optim.proximal_adagrad import ProximalAdagrad as ProximalAdagrad
from minispore.nn.optim.radam import RAdam as RAdam
from minispore.nn.optim.rmsprop import RMSProp as RMSProp
from minispore.nn.optim.rprop import Rprop as Rprop
from minispore.nn.optim.sam import SAM as SAM
from minispore.nn.optim.schedule_free import ScheduleFreeAdamW as ScheduleFreeAdamW
from minispore.nn.optim.schedule_free_any import ScheduleFree as ScheduleFree, ScheduleFreeSGD as ScheduleFreeSGD
from minispore.nn.optim.scheduled import Scheduled as Scheduled
from minispore.nn.optim.sgd import SGD as SGD
from minispore.nn.optim.shampoo import SOAP as SOAP, Shampoo as Shampoo
from minispore.nn.optim.sophia import SophiaG as SophiaG, SophiaH as SophiaH
from minispore.nn.optim.statistics import UpdateStatistics as UpdateStatistics
from minispore.nn.optim.swa import StochasticWeightAverage as StochasticWeightAverage
from minispore.nn.optim.thor import thor as thor
from minispore.nn.optim.wrapping import ExponentialMovingAverage as ExponentialMovingAverage, GradientAccumulation as GradientAccumulation, GradientClipping as GradientClipping
from minispore.nn.optim_ex.lr_scheduler.scheduler import LRScheduler as LRScheduler
from minispore.nn.optim_ex.verbose import ConstantLR as ConstantLR, CosineAnnealingLR as CosineAnnealingLR, CosineAnnealingWarmRestarts as CosineAnnealingWarmRestarts, CyclicLR as CyclicLR, ExponentialLR as ExponentialLR, LambdaLR as LambdaLR, LinearLR as LinearLR, MultiStepLR as MultiStepLR, MultiplicativeLR as MultiplicativeLR, OneCycleLR as OneCycleLR, PolynomialLR as PolynomialLR, ReduceLROnPlateau as ReduceLROnPlateau, SequentialLR as SequentialLR, StepLR as StepLR
from minispore.nn.rate_curve import learning_rates as learning_rates
from minispore.nn.schedules import ConstantSchedule as ConstantSchedule, CosineRestartsSchedule as CosineRestartsSchedule, CosineSchedule as CosineSchedule, CyclicSchedule as CyclicSchedule, ExponentialSchedule as ExponentialSchedule, InverseSqrtSchedule as InverseSqrtSchedule, LambdaSchedule as LambdaSchedule, LinearSchedule as LinearSchedule, OneCycleSchedule as OneCycleSchedule, PolynomialSchedule as PolynomialSchedule, Schedule as Schedule, SequentialSchedule as SequentialSchedule, TrapezoidSchedule as TrapezoidSchedule, WarmUp as WarmUp
from minispore.nn.transforms import Jvp as Jvp, Vjp as Vjp
from minispore.nn.utils import no_init_parameters as no_init_parameters
from minispore.nn.wrap.cell_wrapper import ForwardValueAndGrad as ForwardValueAndGrad, GradAccumulationCell as GradAccumulationCell, MicroBatchInterleaved as MicroBatchInterleaved, ParameterUpdate as ParameterUpdate, PipelineCell as PipelineCell, TrainOneStepCell as TrainOneStepCell, VirtualDatasetCellTriple as VirtualDatasetCellTriple, WithEvalCell as WithEvalCell, WithGradCell as WithGradCell, WithLossCell as WithLossCell
from minispore.nn.wrap.grad_reducer import DistributedGradReducer as DistributedGradReducer, PipelineGradReducer as PipelineGradReducer
from minispore.nn.wrap.loss_scale import DynamicLossScaleUpdateCell as DynamicLossScaleUpdateCell, FixedLossScaleUpdateCell as FixedLossScaleUpdateCell, TrainOneStepWithLossScaleCell as TrainOneStepWithLossScaleCell

__all__ = ['ADOPT', 'ASGD', 'Accuracy', 'AdEMAMix', 'AdaBelief', 'AdaFactor', 'AdaMax', 'Adadelta', 'Adagrad', 'Adam', 'AdamOffload', 'AdamW', 'AdamWeightDecay', 'Adan', 'AdaptiveAvgPool1d', 'AdaptiveAvgPool2d', 'AdaptiveAvgPool3d', 'AdaptiveMaxPool1d', 'AdaptiveMaxPool2d', 'AdaptiveMaxPool3d', 'AvgPool1d', 'AvgPool2d', 'AvgPool3d', 'BCELoss', 'BCEWithLogitsLoss', 'BatchNorm1d', 'BatchNorm2d', 'BatchNorm3d', 'BiDense', 'BleuScore', 'CELU', 'CTCLoss', 'Cautious', 'Cell', 'CellDict', 'CellList', 'CentralCrop', 'ChannelShuffle', 'ClipByNorm', 'ConfusionMatrix', 'ConfusionMatrixMetric', 'ConstantLR', 'ConstantPad1d', 'ConstantPad2d', 'ConstantPad3d', 'ConstantSchedule', 'Conv1d', 'Conv1dTranspose', 'Conv2d', 'Conv2dBnAct', 'Conv2dTranspose', 'Conv3d', 'Conv3dTranspose', 'CosineAnnealingLR', 'CosineAnnealingWarmRestarts', 'CosineDecayLR', 'CosineEmbeddingLoss', 'CosineRestartsSchedule', 'CosineSchedule', 'CosineSimilarity', 'CrossEntropyLoss', 'CyclicLR', 'CyclicSchedule', 'DAdaptAdam', 'Dense', 'DenseBnAct', 'DiGamma', 'Dice', 'DiceLoss', 'DistributedGradReducer', 'Dropout', 'Dropout1d', 'Dropout2d', 'Dropout2dExt', 'Dropout3d', 'DropoutExt', 'DynamicLossScaleUpdateCell', 'ELU', 'Embedding', 'EmbeddingExt', 'EmbeddingLookup', 'ExponentialDecayLR', 'ExponentialLR', 'ExponentialMovingAverage', 'ExponentialSchedule', 'F1', 'FTRL', 'FastGelu', 'Fbeta', 'FixedLossScaleUpdateCell', 'Flatten', 'FocalLoss', 'ForwardValueAndGrad', 'FractionalMaxPool2d', 'FractionalMaxPool3d', 'GELU', 'GLU', 'GRU', 'GRUCell', 'GaussianNLLLoss', 'GradAccumulationCell', 'GradientAccumulation', 'GradientClipping', 'GraphCell', 'Grokfast', 'GroupNorm', 'HShrink', 'HSigmoid', 'HSwish', 'Hardtanh', 'HausdorffDistance', 'HingeEmbeddingLoss', 'HuberLoss', 'IGamma', 'Identity', 'ImageGradients', 'InstanceNorm1d', 'InstanceNorm2d', 'InstanceNorm3d', 'InverseDecayLR', 'InverseSqrtSchedule', 'Jvp', 'KLDivLoss', 'L1Loss', 'L1LossExt', 'L1Regularizer', 'LARS', 'LBFGS', 'LBeta', 'LGamma', 'LPPool1d', 'LPPool2d', 'LRN', 'LRScheduler', 'LSTM', 'LSTMCell', 'Lamb', 'LambdaDecayLR', 'LambdaLR', 'LambdaSchedule', 'LayerNorm', 'LayerNormExt', 'LazyAdam', 'LeakyReLU', 'LearningRateSchedule', 'Linear', 'LinearLR', 'LinearSchedule', 'Lion', 'LogSigmoid', 'LogSoftmax', 'LogSoftmaxExt', 'Lookahead', 'Loss', 'LossBase', 'MAE', 'MAELoss', 'MARS', 'MSE', 'MSELoss', 'MSSSIM', 'MarginRankingLoss', 'MatDet', 'MatInverse', 'MatMul', 'MatrixDiag', 'MatrixDiagPart', 'MatrixSetDiag', 'MaxPool1d', 'MaxPool2d', 'MaxPool3d', 'MaxUnpool1d', 'MaxUnpool2d', 'MaxUnpool3d', 'MeanSurfaceDistance', 'Metric', 'MicroBatchInterleaved', 'Mish', 'Moments', 'Momentum', 'MultiClassDiceLoss', 'MultiFieldEmbeddingLookup', 'MultiLabelSoftMarginLoss', 'MultiMarginLoss', 'MultiStepLR', 'MultiheadAttention', 'MultilabelMarginLoss', 'MultiplicativeLR', 'Muon', 'NAdam', 'NLLLoss', 'NaturalExpDecayLR', 'Norm', 'OcclusionSensitivity', 'OneCycleLR', 'OneCycleSchedule', 'OneHot', 'Optimizer', 'PReLU', 'PReLUExt', 'PSNR', 'Pad', 'ParameterUpdate', 'Perplexity', 'PipelineCell', 'PipelineGradReducer', 'PixelShuffle', 'PixelUnshuffle', 'PoissonNLLLoss', 'PolynomialDecayLR', 'PolynomialLR', 'PolynomialSchedule', 'Precision', 'Prodigy', 'ProximalAdagrad', 'RAdam', 'RMSELoss', 'RMSProp', 'RNN', 'RNNCell', 'ROC', 'RReLU', 'Range', 'ReLU', 'ReLU6', 'Recall', 'ReduceLROnPlateau', 'ReduceLogSumExp', 'RefinedLion', 'ReflectionPad1d', 'ReflectionPad2d', 'ReflectionPad3d', 'ReplicationPad1d', 'ReplicationPad2d', 'ReplicationPad3d', 'ResizeBilinear', 'Roll', 'RootMeanSquareDistance', 'Rprop', 'SAM', 'SGD', 'SOAP', 'SSIM', 'SampledSoftmaxLoss', 'Schedule', 'ScheduleFree', 'ScheduleFreeAdamW', 'ScheduleFreeSGD', 'Scheduled', 'SeLU', 'Sequential', 'SequentialCell', 'SequentialLR', 'SequentialSchedule', 'Shampoo', 'SiLU', 'Sigmoid', 'SmoothL1Loss', 'SoftMarginLoss', 'SoftShrink', 'Softmax', 'Softmax2d', 'SoftmaxCrossEntropyWithLogits', 'Softmin', 'Softsign', 'SophiaG', 'SophiaH', 'SparseTensorDenseMatmul', 'SparseToDense', 'StepLR', 'StochasticWeightAverage', 'SyncBatchNorm', 'Tanh', 'Tanhshrink', 'Threshold', 'Tiger', 'TimeDistributed', 'Top1CategoricalAccuracy', 'Top5CategoricalAccuracy', 'TopKCategoricalAccuracy', 'TrainOneStepCell', 'TrainOneStepWithLossScaleCell', 'Transformer', 'TransformerDecoder', 'TransformerDecoderLayer', 'TransformerEncoder', 'TransformerEncoderLayer', 'TrapezoidSchedule', 'Tril', 'TripletMarginLoss', 'TripletMarginWithDistanceLoss', 'Triu', 'Unflatten', 'Unfold', 'UpdateStatistics', 'Upsample', 'VirtualDatasetCellTriple', 'Vjp', 'WarmUp', 'WarmUpLR', 'WithEvalCell', 'WithGradCell', 'WithLossCell', 'ZeroPad2d', 'auc', 'averaged_weights', 'cell', 'cosine_decay_lr', 'dynamic_lr', 'exponential_decay_lr', 'get_activation', 'get_metric_fn', 'inverse_decay_lr', 'layer', 'learning_rate_schedule', 'learning_rates', 'loss', 'metrics', 'muon_groups', 'names', 'natural_exp_decay_lr', 'no_init_parameters', 'optim', 'optim_ex', 'piecewise_constant_lr', 'polynomial_decay_lr', 'rearrange_inputs', 'thor', 'transformer', 'utils', 'warmup_lr', 'wrap']
