# Written by tools/stubs from minispore.nn.wrap: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.wrap.cell_wrapper import ForwardValueAndGrad as ForwardValueAndGrad, GradAccumulationCell as GradAccumulationCell, MicroBatchInterleaved as MicroBatchInterleaved, ParameterUpdate as ParameterUpdate, PipelineCell as PipelineCell, TrainOneStepCell as TrainOneStepCell, VirtualDatasetCellTriple as VirtualDatasetCellTriple, WithEvalCell as WithEvalCell, WithGradCell as WithGradCell, WithLossCell as WithLossCell
from minispore.nn.wrap.grad_reducer import DistributedGradReducer as DistributedGradReducer, PipelineGradReducer as PipelineGradReducer
from minispore.nn.wrap.loss_scale import DynamicLossScaleUpdateCell as DynamicLossScaleUpdateCell, FixedLossScaleUpdateCell as FixedLossScaleUpdateCell, TrainOneStepWithLossScaleCell as TrainOneStepWithLossScaleCell

__all__ = ['DistributedGradReducer', 'DynamicLossScaleUpdateCell', 'FixedLossScaleUpdateCell', 'ForwardValueAndGrad', 'GradAccumulationCell', 'MicroBatchInterleaved', 'ParameterUpdate', 'PipelineCell', 'PipelineGradReducer', 'TrainOneStepCell', 'TrainOneStepWithLossScaleCell', 'VirtualDatasetCellTriple', 'WithEvalCell', 'WithGradCell', 'WithLossCell']
