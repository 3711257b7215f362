"""Callbacks: functions called at the steps and epochs of ``Model.train``, ``fit`` and ``eval``."""

from .base import Callback, CallbackManager as _CallbackManager, CallbackParams as _InternalCallbackParam, RunContext
from .checkpoint import BackupAndRestore, CheckpointConfig, ModelCheckpoint, OnRequestExit
from .control import EarlyStopping, LearningRateScheduler, ReduceLROnPlateau
from .loggers import AimLogger, MLflowLogger, WandbLogger
from .members import MemberMonitor
from .monitor import CSVLogger, History, LambdaCallback, LossMonitor, ProgressBar, TimeMonitor
from .statistics import UpdateMonitor
from .summary import FlopsUtilizationCollector, SummaryCollector, SummaryLandscape, TrainFaultTolerance

__all__ = [
    "AimLogger", "BackupAndRestore", "CSVLogger", "Callback", "CheckpointConfig", "EarlyStopping", "FlopsUtilizationCollector", "History",
    "LambdaCallback", "LearningRateScheduler", "LossMonitor", "MLflowLogger", "MemberMonitor", "ModelCheckpoint", "OnRequestExit", "ProgressBar",
    "ReduceLROnPlateau", "RunContext", "SummaryCollector", "SummaryLandscape", "TimeMonitor", "TrainFaultTolerance", "UpdateMonitor",
    "WandbLogger",
]  # fmt: skip

from ...core.boundary import publish as _publish  # isort: skip
from ...core.registry import module_getattr as _module_getattr  # isort: skip

_publish(globals())
__getattr__ = _module_getattr(__name__)
