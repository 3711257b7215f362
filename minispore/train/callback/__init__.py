"""Callbacks: functions called at the steps and epochs of ``Model.train``, ``fit`` and ``eval``."""

from .base import Callback, CallbackList as _CallbackManager, CallbackParams as _InternalCallbackParam, RunContext
from .checkpoint import BackupAndRestore, CheckpointConfig, ModelCheckpoint, OnRequestExit
from .control import EarlyStopping, LearningRateScheduler, ReduceLROnPlateau
from .monitor import CSVLogger, History, LambdaCallback, LossMonitor, ProgressBar, TimeMonitor
from .statistics import UpdateMonitor
from .summary import FlopsUtilizationCollector, SummaryCollector, SummaryLandscape, TrainFaultTolerance

__all__ = [
    "BackupAndRestore", "CSVLogger", "Callback", "CheckpointConfig", "EarlyStopping", "FlopsUtilizationCollector", "History",
    "LambdaCallback", "LearningRateScheduler", "LossMonitor", "ModelCheckpoint", "OnRequestExit", "ProgressBar",
    "ReduceLROnPlateau", "RunContext", "SummaryCollector", "SummaryLandscape", "TimeMonitor", "TrainFaultTolerance", "UpdateMonitor",
]  # fmt: skip

from ...core.boundary import publish as _publish  # isort: skip

_publish(globals())
