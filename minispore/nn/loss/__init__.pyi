# Written by tools/stubs from minispore.nn.loss: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.loss.base import LossBase as LossBase
from minispore.nn.loss.classification import BCELoss as BCELoss, BCEWithLogitsLoss as BCEWithLogitsLoss, CTCLoss as CTCLoss, CrossEntropyLoss as CrossEntropyLoss, FocalLoss as FocalLoss, KLDivLoss as KLDivLoss, MultiLabelSoftMarginLoss as MultiLabelSoftMarginLoss, MultiMarginLoss as MultiMarginLoss, MultilabelMarginLoss as MultilabelMarginLoss, NLLLoss as NLLLoss, SoftmaxCrossEntropyWithLogits as SoftmaxCrossEntropyWithLogits
from minispore.nn.loss.metric import CosineEmbeddingLoss as CosineEmbeddingLoss, HingeEmbeddingLoss as HingeEmbeddingLoss, MarginRankingLoss as MarginRankingLoss, SoftMarginLoss as SoftMarginLoss, TripletMarginLoss as TripletMarginLoss, TripletMarginWithDistanceLoss as TripletMarginWithDistanceLoss
from minispore.nn.loss.overlap import DiceLoss as DiceLoss, MultiClassDiceLoss as MultiClassDiceLoss
from minispore.nn.loss.regression import GaussianNLLLoss as GaussianNLLLoss, HuberLoss as HuberLoss, L1Loss as L1Loss, L1LossExt as L1LossExt, MAELoss as MAELoss, MSELoss as MSELoss, PoissonNLLLoss as PoissonNLLLoss, RMSELoss as RMSELoss, SmoothL1Loss as SmoothL1Loss
from minispore.nn.loss.sampled_softmax import SampledSoftmaxLoss as SampledSoftmaxLoss

__all__ = ['BCELoss', 'BCEWithLogitsLoss', 'CTCLoss', 'CosineEmbeddingLoss', 'CrossEntropyLoss', 'DiceLoss', 'FocalLoss', 'GaussianNLLLoss', 'HingeEmbeddingLoss', 'HuberLoss', 'KLDivLoss', 'L1Loss', 'L1LossExt', 'LossBase', 'MAELoss', 'MSELoss', 'MarginRankingLoss', 'MultiClassDiceLoss', 'MultiLabelSoftMarginLoss', 'MultiMarginLoss', 'MultilabelMarginLoss', 'NLLLoss', 'PoissonNLLLoss', 'RMSELoss', 'SampledSoftmaxLoss', 'SmoothL1Loss', 'SoftMarginLoss', 'SoftmaxCrossEntropyWithLogits', 'TripletMarginLoss', 'TripletMarginWithDistanceLoss']
