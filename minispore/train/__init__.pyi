# Written by tools/stubs from minispore.train: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import amp as amp, callback as callback, checkpoint as checkpoint, dataset_helper as dataset_helper, loss_scale_manager as loss_scale_manager, model as model, serialization as serialization, summary as summary, thor as thor
from minispore.nn import metrics as metrics
from minispore.nn.metrics import get_metric_fn as get_metric_fn, names as names
from minispore.nn.metrics.classification import Accuracy as Accuracy, F1 as F1, Fbeta as Fbeta, Precision as Precision, Recall as Recall, Top1CategoricalAccuracy as Top1CategoricalAccuracy, Top5CategoricalAccuracy as Top5CategoricalAccuracy, TopKCategoricalAccuracy as TopKCategoricalAccuracy
from minispore.nn.metrics.confusion import ConfusionMatrix as ConfusionMatrix, ConfusionMatrixMetric as ConfusionMatrixMetric
from minispore.nn.metrics.curve import ROC as ROC, auc as auc
from minispore.nn.metrics.error import Loss as Loss, MAE as MAE, MSE as MSE
from minispore.nn.metrics.metric import Metric as Metric, rearrange_inputs as rearrange_inputs
from minispore.nn.metrics.occlusion import OcclusionSensitivity as OcclusionSensitivity
from minispore.nn.metrics.similarity import CosineSimilarity as CosineSimilarity, Dice as Dice
from minispore.nn.metrics.surface import HausdorffDistance as HausdorffDistance, MeanSurfaceDistance as MeanSurfaceDistance, RootMeanSquareDistance as RootMeanSquareDistance
from minispore.nn.metrics.text import BleuScore as BleuScore, Perplexity as Perplexity
from minispore.train.amp import build_train_network as build_train_network
from minispore.train.callback.base import Callback as Callback, RunContext as RunContext
from minispore.train.callback.checkpoint import BackupAndRestore as BackupAndRestore, CheckpointConfig as CheckpointConfig, ModelCheckpoint as ModelCheckpoint, OnRequestExit as OnRequestExit
from minispore.train.callback.control import EarlyStopping as EarlyStopping, LearningRateScheduler as LearningRateScheduler, ReduceLROnPlateau as ReduceLROnPlateau
from minispore.train.callback.loggers import AimLogger as AimLogger, MLflowLogger as MLflowLogger, WandbLogger as WandbLogger
from minispore.train.callback.members import MemberMonitor as MemberMonitor
from minispore.train.callback.monitor import CSVLogger as CSVLogger, History as History, LambdaCallback as LambdaCallback, LossMonitor as LossMonitor, ProgressBar as ProgressBar, TimeMonitor as TimeMonitor
from minispore.train.callback.statistics import UpdateMonitor as UpdateMonitor
from minispore.train.callback.summary import FlopsUtilizationCollector as FlopsUtilizationCollector, SummaryCollector as SummaryCollector, SummaryLandscape as SummaryLandscape, TrainFaultTolerance as TrainFaultTolerance
from minispore.train.checkpoint.conversion import ckpt_to_safetensors as ckpt_to_safetensors, safetensors_to_ckpt as safetensors_to_ckpt
from minispore.train.checkpoint.into_net import load_param_into_net as load_param_into_net
from minispore.train.checkpoint.loading import load_checkpoint as load_checkpoint, load_checkpoint_async as load_checkpoint_async, load_distributed_checkpoint as load_distributed_checkpoint
from minispore.train.checkpoint.saving import async_ckpt_thread_status as async_ckpt_thread_status, save_checkpoint as save_checkpoint
from minispore.train.dataset_helper import DatasetHelper as DatasetHelper, connect_network_with_dataset as connect_network_with_dataset, data_sink as data_sink
from minispore.train.exported import export as export, load as load
from minispore.train.loss_scale_manager import DynamicLossScaleManager as DynamicLossScaleManager, FixedLossScaleManager as FixedLossScaleManager, LossScaleManager as LossScaleManager
from minispore.train.model import Model as Model
from minispore.train.rate_finder import lr_find as lr_find
from minispore.train.summary import SummaryRecord as SummaryRecord
from minispore.train.thor import ConvertModelUtils as ConvertModelUtils, ConvertNetUtils as ConvertNetUtils

__all__ = ['Accuracy', 'AimLogger', 'BackupAndRestore', 'BleuScore', 'CSVLogger', 'Callback', 'CheckpointConfig', 'ConfusionMatrix', 'ConfusionMatrixMetric', 'ConvertModelUtils', 'ConvertNetUtils', 'CosineSimilarity', 'DatasetHelper', 'Dice', 'DynamicLossScaleManager', 'EarlyStopping', 'F1', 'Fbeta', 'FixedLossScaleManager', 'FlopsUtilizationCollector', 'HausdorffDistance', 'History', 'LambdaCallback', 'LearningRateScheduler', 'Loss', 'LossMonitor', 'LossScaleManager', 'MAE', 'MLflowLogger', 'MSE', 'MeanSurfaceDistance', 'MemberMonitor', 'Metric', 'Model', 'ModelCheckpoint', 'OcclusionSensitivity', 'OnRequestExit', 'Perplexity', 'Precision', 'ProgressBar', 'ROC', 'Recall', 'ReduceLROnPlateau', 'RootMeanSquareDistance', 'RunContext', 'SummaryCollector', 'SummaryLandscape', 'SummaryRecord', 'TimeMonitor', 'Top1CategoricalAccuracy', 'Top5CategoricalAccuracy', 'TopKCategoricalAccuracy', 'TrainFaultTolerance', 'UpdateMonitor', 'WandbLogger', 'amp', 'async_ckpt_thread_status', 'auc', 'build_train_network', 'callback', 'checkpoint', 'ckpt_to_safetensors', 'connect_network_with_dataset', 'data_sink', 'dataset_helper', 'export', 'get_metric_fn', 'load', 'load_checkpoint', 'load_checkpoint_async', 'load_distributed_checkpoint', 'load_param_into_net', 'loss_scale_manager', 'lr_find', 'metrics', 'model', 'names', 'rearrange_inputs', 'safetensors_to_ckpt', 'save_checkpoint', 'serialization', 'summary', 'thor']
