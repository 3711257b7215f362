# Written by tools/stubs from minispore: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import communication as communication, dataset as dataset, experimental as experimental, extend as extend, graph as graph, inspect as inspect, mint as mint, nn as nn, numpy as numpy, ops as ops, parallel as parallel, train as train
from minispore.core import context as context, dtype as dtype
from minispore.core.context import ParallelMode as ParallelMode, get_auto_parallel_context as get_auto_parallel_context, get_context as get_context, get_offload_context as get_offload_context, get_ps_context as get_ps_context, reset_auto_parallel_context as reset_auto_parallel_context, reset_ps_context as reset_ps_context, set_auto_parallel_context as set_auto_parallel_context, set_context as set_context, set_deterministic as set_deterministic, set_device as set_device, set_memory as set_memory, set_offload_context as set_offload_context, set_ps_context as set_ps_context
from minispore.core.dlpack import from_dlpack as from_dlpack, to_dlpack as to_dlpack
from minispore.core.dtype import DType, dtype_to_nptype as dtype_to_nptype, dtype_to_pytype as dtype_to_pytype, pytype_to_dtype as pytype_to_dtype
from minispore.core.parameter import Parameter as Parameter, ParameterTuple as ParameterTuple
from minispore.core.random import get_rng_state as get_rng_state, get_seed as get_seed, set_rng_state as set_rng_state, set_seed as set_seed
from minispore.core.tensor import Tensor as Tensor, from_numpy as from_numpy, tensor as tensor
from minispore.dataset import mindrecord as mindrecord, vision as vision
from minispore.inspect import debug as debug
from minispore.inspect.layers import summary as summary
from minispore.nn.ensemble import ensemble as ensemble, sweep as sweep
from minispore.nn.metrics import get_metric_fn as get_metric_fn
from minispore.nn.metrics.classification import Accuracy as Accuracy, F1 as F1, Fbeta as Fbeta, Precision as Precision, Recall as Recall, Top1CategoricalAccuracy as Top1CategoricalAccuracy, Top5CategoricalAccuracy as Top5CategoricalAccuracy, TopKCategoricalAccuracy as TopKCategoricalAccuracy
from minispore.nn.metrics.confusion import ConfusionMatrix as ConfusionMatrix, ConfusionMatrixMetric as ConfusionMatrixMetric
from minispore.nn.metrics.curve import ROC as ROC, auc as auc
from minispore.nn.metrics.error import Loss as Loss, MAE as MAE, MSE as MSE
from minispore.nn.metrics.metric import Metric as Metric, rearrange_inputs as rearrange_inputs
from minispore.nn.metrics.occlusion import OcclusionSensitivity as OcclusionSensitivity
from minispore.nn.metrics.similarity import CosineSimilarity as CosineSimilarity, Dice as Dice
from minispore.nn.metrics.surface import HausdorffDistance as HausdorffDistance, MeanSurfaceDistance as MeanSurfaceDistance, RootMeanSquareDistance as RootMeanSquareDistance
from minispore.nn.metrics.text import BleuScore as BleuScore, Perplexity as Perplexity
from minispore.ops.primitive_base import constexpr as constexpr
from minispore.ops.sparse import RowTensor as RowTensor
from minispore.ops.sparse_tensor import COOTensor as COOTensor, CSRTensor as CSRTensor
from minispore.parallel import Layout as Layout, get_algo_parameters as get_algo_parameters, parameter_broadcast as parameter_broadcast, reset_algo_parameters as reset_algo_parameters, set_algo_parameters as set_algo_parameters, shard as shard, sync_pipeline_shared_parameters as sync_pipeline_shared_parameters
from minispore.surface import common as common, device_context as device_context, hal as hal, log as log, profiler as profiler, runtime as runtime
from minispore.surface.accepted import ExitByRequest as ExitByRequest, JitConfig as JitConfig, Symbol as Symbol, empty_cache as empty_cache, launch_blocking as launch_blocking, manual_seed as manual_seed, ms_memory_recycle as ms_memory_recycle, synchronize as synchronize
from minispore.surface.drop_in import install_as_mindspore as install_as_mindspore
from minispore.surface.profiler import Profiler as Profiler
from minispore.surface.run_check import run_check as run_check
from minispore.surface.streams import current_stream as current_stream
from minispore.train import amp as amp
from minispore.train.amp import build_train_network as build_train_network
from minispore.train.callback.base import Callback as Callback, RunContext as RunContext
from minispore.train.callback.checkpoint import BackupAndRestore as BackupAndRestore, CheckpointConfig as CheckpointConfig, ModelCheckpoint as ModelCheckpoint, OnRequestExit as OnRequestExit
from minispore.train.callback.control import EarlyStopping as EarlyStopping, LearningRateScheduler as LearningRateScheduler, ReduceLROnPlateau as ReduceLROnPlateau
from minispore.train.callback.monitor import History as History, LambdaCallback as LambdaCallback, LossMonitor as LossMonitor, TimeMonitor as TimeMonitor
from minispore.train.callback.summary import FlopsUtilizationCollector as FlopsUtilizationCollector, SummaryCollector as SummaryCollector, SummaryLandscape as SummaryLandscape, TrainFaultTolerance as TrainFaultTolerance
from minispore.train.checkpoint.conversion import ckpt_to_safetensors as ckpt_to_safetensors, safetensors_to_ckpt as safetensors_to_ckpt
from minispore.train.checkpoint.into_net import load_param_into_net as load_param_into_net
from minispore.train.checkpoint.loading import load_checkpoint as load_checkpoint, load_checkpoint_async as load_checkpoint_async, load_distributed_checkpoint as load_distributed_checkpoint
from minispore.train.checkpoint.saving import async_ckpt_thread_status as async_ckpt_thread_status, save_checkpoint as save_checkpoint
from minispore.train.dataset_helper import DatasetHelper as DatasetHelper, connect_network_with_dataset as connect_network_with_dataset, data_sink as data_sink
from minispore.train.exported import export as export, load as load
from minispore.train.loss_scale_manager import DynamicLossScaleManager as DynamicLossScaleManager, FixedLossScaleManager as FixedLossScaleManager, LossScaleManager as LossScaleManager
from minispore.train.model import Model as Model
from minispore.train.summary import SummaryRecord as SummaryRecord
from minispore.train.thor import ConvertModelUtils as ConvertModelUtils, ConvertNetUtils as ConvertNetUtils
from minispore.transforms.forward import jvp as jvp
from minispore.transforms.grad import get_grad as get_grad, grad as grad, value_and_grad as value_and_grad
from minispore.transforms.jacobian import jacfwd as jacfwd, jacrev as jacrev
from minispore.transforms.jit import jit as jit, jit as ms_function, jit_class as jit_class, jit_class as ms_class, lazy_inline as lazy_inline, mutable as mutable
from minispore.transforms.mapping import vmap as vmap
from minispore.transforms.numerical import check_grads as check_grads
from minispore.transforms.recompute import recompute as recompute
from minispore.transforms.reverse import vjp as vjp

__all__ = ['Accuracy', 'BackupAndRestore', 'BleuScore', 'COMPATIBLE', 'COOTensor', 'CSRTensor', 'Callback', 'CheckpointConfig', 'ConfusionMatrix', 'ConfusionMatrixMetric', 'ConvertModelUtils', 'ConvertNetUtils', 'CosineSimilarity', 'DatasetHelper', 'Dice', 'DynamicLossScaleManager', 'EarlyStopping', 'ExitByRequest', 'F1', 'Fbeta', 'FixedLossScaleManager', 'FlopsUtilizationCollector', 'GRAPH_MODE', 'HausdorffDistance', 'History', 'JitConfig', 'LAX', 'LambdaCallback', 'Layout', 'LearningRateScheduler', 'Loss', 'LossMonitor', 'LossScaleManager', 'MAE', 'MSE', 'MeanSurfaceDistance', 'Metric', 'Model', 'ModelCheckpoint', 'OcclusionSensitivity', 'OnRequestExit', 'PYNATIVE_MODE', 'ParallelMode', 'Parameter', 'ParameterTuple', 'Perplexity', 'Precision', 'Profiler', 'ROC', 'Recall', 'ReduceLROnPlateau', 'RootMeanSquareDistance', 'RowTensor', 'RunContext', 'STRICT', 'SummaryCollector', 'SummaryLandscape', 'SummaryRecord', 'Symbol', 'Tensor', 'TimeMonitor', 'Top1CategoricalAccuracy', 'Top5CategoricalAccuracy', 'TopKCategoricalAccuracy', 'TrainFaultTolerance', 'amp', 'async_ckpt_thread_status', 'auc', 'bfloat16', 'bool_', 'build_train_network', 'byte', 'cdouble', 'cfloat', 'check_grads', 'ckpt_to_safetensors', 'common', 'communication', 'complex128', 'complex64', 'connect_network_with_dataset', 'constexpr', 'context', 'current_stream', 'data_sink', 'dataset', 'debug', 'device_context', 'double', 'dtype', 'dtype_to_nptype', 'dtype_to_pytype', 'empty_cache', 'ensemble', 'experimental', 'export', 'extend', 'float16', 'float32', 'float64', 'float_', 'from_dlpack', 'from_numpy', 'get_algo_parameters', 'get_auto_parallel_context', 'get_context', 'get_grad', 'get_metric_fn', 'get_offload_context', 'get_ps_context', 'get_rng_state', 'get_seed', 'grad', 'graph', 'hal', 'half', 'inspect', 'install_as_mindspore', 'int16', 'int32', 'int64', 'int8', 'int_', 'jacfwd', 'jacrev', 'jit', 'jit_class', 'jvp', 'launch_blocking', 'lazy_inline', 'load', 'load_checkpoint', 'load_checkpoint_async', 'load_distributed_checkpoint', 'load_param_into_net', 'log', 'long', 'manual_seed', 'mindrecord', 'mint', 'ms_class', 'ms_function', 'ms_memory_recycle', 'mutable', 'nn', 'numpy', 'ops', 'parallel', 'parameter_broadcast', 'profiler', 'pytype_to_dtype', 'rearrange_inputs', 'recompute', 'reset_algo_parameters', 'reset_auto_parallel_context', 'reset_ps_context', 'run_check', 'runtime', 'safetensors_to_ckpt', 'save_checkpoint', 'set_algo_parameters', 'set_auto_parallel_context', 'set_context', 'set_deterministic', 'set_device', 'set_memory', 'set_offload_context', 'set_ps_context', 'set_rng_state', 'set_seed', 'shard', 'short', 'single', 'summary', 'sweep', 'sync_pipeline_shared_parameters', 'synchronize', 'tensor', 'to_dlpack', 'train', 'uint16', 'uint32', 'uint64', 'uint8', 'value_and_grad', 'vision', 'vjp', 'vmap']

COMPATIBLE: int
GRAPH_MODE: int
LAX: int
PYNATIVE_MODE: int
STRICT: int
__version__: str
bfloat16: DType
bool_: DType
byte: DType
cdouble: DType
cfloat: DType
complex128: DType
complex64: DType
double: DType
float16: DType
float32: DType
float64: DType
float_: DType
half: DType
int16: DType
int32: DType
int64: DType
int8: DType
int_: DType
long: DType
short: DType
single: DType
uint16: DType
uint32: DType
uint64: DType
uint8: DType
