# Written by tools/stubs from minispore.train.callback: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.train.callback.base import Callback as Callback, RunContext as RunContext
from minispore.train.callback.checkpoint import BackupAndRestore as BackupAndRestore, CheckpointConfig as CheckpointConfig, ModelCheckpoint as ModelCheckpoint, OnRequestExit as OnRequestExit
from minispore.train.callback.control import EarlyStopping as EarlyStopping, LearningRateScheduler as LearningRateScheduler, ReduceLROnPlateau as ReduceLROnPlateau
from minispore.train.callback.loggers import AimLogger as AimLogger, MLflowLogger as MLflowLogger, WandbLogger as WandbLogger
from minispore.train.callback.members import MemberMonitor as MemberMonitor
from minispore.train.callback.monitor import CSVLogger as CSVLogger, History as History, LambdaCallback as LambdaCallback, LossMonitor as LossMonitor, ProgressBar as ProgressBar, TimeMonitor as TimeMonitor
from minispore.train.callback.statistics import UpdateMonitor as UpdateMonitor
from minispore.train.callback.summary import FlopsUtilizationCollector as FlopsUtilizationCollector, SummaryCollector as SummaryCollector, SummaryLandscape as SummaryLandscape, TrainFaultTolerance as TrainFaultTolerance

__all__ = ['AimLogger', 'BackupAndRestore', 'CSVLogger', 'Callback', 'CheckpointConfig', 'EarlyStopping', 'FlopsUtilizationCollector', 'History', 'LambdaCallback', 'LearningRateScheduler', 'LossMonitor', 'MLflowLogger', 'MemberMonitor', 'ModelCheckpoint', 'OnRequestExit', 'ProgressBar', 'ReduceLROnPlateau', 'RunContext', 'SummaryCollector', 'SummaryLandscape', 'TimeMonitor', 'TrainFaultTolerance', 'UpdateMonitor', 'WandbLogger']
