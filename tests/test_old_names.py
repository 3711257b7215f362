"""Imports that public MindSpore projects begin with, of its versions 1 and 2, in the drop-in; and what old names do."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops

ROOT = Path(__file__).parent.parent

# module: names, as projects import them
IMPORTS = """
: Tensor context nn ops Parameter ParameterTuple dtype log Model set_seed ms_function jit save_checkpoint vision mutable
: load_checkpoint load_param_into_net export float32 numpy RowTensor COOTensor CSRTensor DynamicLossScaleManager amp
: lazy_inline jit_class SummaryCollector Profiler ParallelMode run_check set_ps_context communication LossMonitor
: set_deterministic synchronize manual_seed Layout Symbol STRICT shard hal runtime experimental
log: info warning error debug critical get_level
context: ParallelMode set_context get_context set_auto_parallel_context GRAPH_MODE set_ps_context get_ps_context
common: set_seed Parameter ParameterTuple Tensor dtype initializer jit ms_function mutable
common.dtype: float32 float16 int8 int32 bool_ dtype_to_nptype pytype_to_dtype number_type float_type
common.initializer: initializer Normal Uniform TruncatedNormal One Zero Constant HeUniform HeNormal XavierUniform Tensor
common.initializer: Initializer _calculate_fan_in_and_fan_out _calculate_gain _assignment _init_random_normal _register
common.parameter: Parameter ParameterTuple
common.tensor: Tensor
common.api: ms_function jit jit_class ms_class _cell_graph_executor _executor _pynative_executor
common.seed: set_seed get_seed
common.sparse_tensor: RowTensor COOTensor CSRTensor RowTensorInner
communication: init get_rank get_group_size release GlobalComm create_group
communication.management: init get_rank get_group_size GlobalComm
communication._comm_helper: GlobalComm
ops: operations functional composite primitive constexpr GradOperation HyperMap MultitypeFuncGraph Primitive
ops: PrimitiveWithInfer PrimitiveWithCheck prim_attr_register ResizeBilinear clip_by_global_norm ReduceOp AllReduce
ops.operations: ReduceMean Concat Cast Dropout ResizeBilinear TensorAdd GatherV2 Pack Unpack ScalarSummary FloatStatus
ops.operations.nn_ops: Dropout
ops.operations.math_ops: MatMul
ops.operations.array_ops: Concat
ops.operations.comm_ops: AllReduce
ops.operations._inner_ops: Cast
ops.functional: cast reshape tuple_to_array stop_gradient depend partial grad jvp vjp vmap mixed_precision_cast
ops.composite: GradOperation HyperMap MultitypeFuncGraph clip_by_value normal uniform
ops.composite.base: GradOperation
ops.composite.multitype_ops.zeros_like_impl: zeros_like
ops.primitive: constexpr Primitive PrimitiveWithInfer PrimitiveWithCheck prim_attr_register _primexpr
ops.function: clip_by_norm
ops.function.math_func: matmul
ops.function.grad: grad
ops.auto_generate: Cast
ops._primitive_cache: _get_cache_prim
nn: Cell ResizeBilinear DistributedGradReducer LossBase Sequential Accuracy Loss get_activation optim layer wrap cell
nn: transformer PipelineCell MicroBatchInterleaved learning_rate_schedule dynamic_lr loss CTCLoss SSIM AvgPool2dExt
nn.cell: Cell GraphCell
nn.metrics: Accuracy Metric Loss Precision Recall
nn.loss: SoftmaxCrossEntropyWithLogits MSELoss
nn.loss.loss: _Loss LossBase
nn.optim: Adam Momentum AdamWeightDecay Optimizer Lamb thor LARS
nn.optim.optimizer: Optimizer
nn.optim.momentum: Momentum
nn.optim.adam: Adam
nn.learning_rate_schedule: LearningRateSchedule PolynomialDecayLR WarmUpLR
nn.dynamic_lr: cosine_decay_lr
nn.wrap: DistributedGradReducer TrainOneStepCell
nn.wrap.cell_wrapper: TrainOneStepCell PipelineCell _VirtualDatasetCell VirtualDatasetCellTriple
nn.wrap.grad_reducer: DistributedGradReducer PipelineGradReducer
nn.wrap.loss_scale: DynamicLossScaleUpdateCell TrainOneStepWithLossScaleCell
nn.layer: Dense Conv2d activation
nn.layer.basic: Dense Norm ClipByNorm check_dense_input_shape
nn.layer.activation: get_activation LeakyReLU
nn.layer.conv: Conv2d _Conv
nn.layer.normalization: BatchNorm2d _BatchNorm
nn.layer.container: SequentialCell CellList
nn.layer.embedding: EmbeddingLookup
nn.layer.rnns: LSTM
nn.layer.rnn_cells: LSTMCell
nn.layer.combined: Conv2dBnAct
nn.layer.transformer: TransformerEncoderLayer
nn.layer.timedistributed: TimeDistributed
nn.transformer: TransformerEncoder TransformerDecoder
nn.grad.cell_grad: Jvp
train: Model Callback ModelCheckpoint Accuracy amp save_checkpoint DatasetHelper
train.model: Model ParallelMode
train.callback: Callback LossMonitor RunContext _InternalCallbackParam _CallbackManager LambdaCallback History
train.callback._callback: Callback
train.callback._checkpoint: ModelCheckpoint CheckpointConfig
train.serialization: save_checkpoint load_checkpoint load_param_into_net export
train.loss_scale_manager: FixedLossScaleManager
train.amp: build_train_network
train.metrics: Accuracy
train.dataset_helper: DatasetHelper connect_network_with_dataset
train.summary.summary_record: SummaryRecord
train.parallel_utils: ParallelMode
train.train_thor: ConvertModelUtils
parallel: set_algo_parameters shard Layout
parallel._utils: _get_device_num _get_parallel_mode _get_gradients_mean _reset_op_id _is_in_auto_parallel_mode
parallel._auto_parallel_context: auto_parallel_context
parallel._ps_context: _is_role_pserver
parallel._cost_model_context: _set_multi_subgraphs
parallel.shard: Layout
parallel.checkpoint_transform: sync_pipeline_shared_parameters
_checkparam: Validator Rel check_int check_float_range INC_NEITHER
_extends: cell_attr_register
profiler: Profiler
profiler.profiling: Profiler
numpy: arange random
numpy.random: normal uniform rand
dataset: GeneratorDataset ImageFolderDatasetV2 ImageFolder engine config
dataset.vision: Inter c_transforms py_transforms transforms utils
dataset.vision.c_transforms: Resize Normalize HWC2CHW RandomCrop Decode
dataset.vision.py_transforms: ToTensor ToPIL Decode
dataset.vision.utils: Inter
dataset.transforms: c_transforms py_transforms transforms TypeCast
dataset.transforms.c_transforms: TypeCast Compose OneHot
dataset.transforms.vision.c_transforms: Resize
dataset.engine.datasets: Dataset
dataset.core.config: set_seed
vision: c_transforms py_transforms Decode
vision.c_transforms: Decode
vision.py_transforms: ToTensor
hal: synchronize device_count
runtime: synchronize
amp: auto_mixed_precision DynamicLossScaler all_finite
experimental.optim.lr_scheduler: StepLR
mint.nn.functional: relu
"""

SCRIPT = """
import sys
from minispore.drop_in import install_as_mindspore
install_as_mindspore()
failed = []
for line in sys.stdin:
    module, _, names = line.partition(":")
    path = "mindspore." + module if module else "mindspore"
    for statement in [f"import {path}", *(f"from {path} import {name}" for name in names.split())]:
        try:
            exec(statement, {})
        except Exception as error:
            failed.append(f"{statement}: {error}")
import mindspore.vision, mindspore.dataset.vision, mindspore.ops.operations.nn_ops
assert mindspore.vision.Decode is mindspore.dataset.vision.Decode and mindspore.ops.operations.nn_ops is mindspore.ops.operations
print("\\n".join(failed))
"""


def test_imports_of_public_projects():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=IMPORTS.strip(), capture_output=True, text=True, cwd=ROOT, timeout=600
    )
    assert done.returncode == 0 and done.stdout.strip() == "", done.stdout + done.stderr


def test_old_names_without_the_drop_in():
    import minispore.vision as vision
    from minispore.common.api import _cell_graph_executor, ms_function
    from minispore.dataset import vision as new
    from minispore.vision.c_transforms import Decode

    assert vision.Resize is new.Resize and Decode is new.c_transforms.Decode and ms_function is ms.ms_function
    _cell_graph_executor.compile(nn.ReLU(), Tensor([1.0]))


# ---------------------------------------------------------------- what they do
def test_dropout_by_what_it_keeps():
    x = ops.ones((1000,))
    for net in (nn.Dropout(0.8), nn.Dropout(keep_prob=0.8), nn.Dropout(p=0.2)):
        out = net.set_train()(x).asnumpy()
        np.testing.assert_allclose(np.unique(out), [0, 1.25])
        assert 0.75 < (out != 0).mean() < 0.85
    out, mask = ops.operations.Dropout(keep_prob=0.8)(x)
    np.testing.assert_allclose(np.unique(out.asnumpy()), [0, 1.25])
    assert mask.shape == x.shape


def test_own_primitives_and_layers(mode):
    from minispore.ops import PrimitiveWithInfer, prim_attr_register
    from minispore.ops.primitive_base import _get_cache_prim
    from minispore.surface.extends import cell_attr_register

    class Scaled(PrimitiveWithInfer):
        @prim_attr_register
        def __init__(self, factor=2.0):
            self.init_prim_io_names(["x"], ["y"])

        def __call__(self, x):
            return x * self.factor

    class Layer(nn.Cell):
        @cell_attr_register
        def __init__(self, factor):
            super().__init__()
            self.scaled = Scaled(factor)

        def construct(self, x):
            return _get_cache_prim(ops.operations.ReLU)()(self.scaled(x))

    assert Layer(3.0)(Tensor([1.0, -1.0])).asnumpy().tolist() == [3, 0]
    assert repr(Scaled()) == "Prim[Scaled]<factor=2.0>"


def test_own_initializer_with_mindspores_helpers():
    from minispore.common.initializer import (
        Initializer,
        _assignment,
        _calculate_correct_fan,
        _calculate_gain,
        _init_random_uniform,
        _register,
        initializer,
    )

    @_register("test_kaiming")
    class Kaiming(Initializer):
        def _initialize(self, arr):
            bound = _calculate_gain("relu") * np.sqrt(3 / _calculate_correct_fan(arr.shape, "fan_in"))
            _assignment(arr, _init_random_uniform(-bound, bound, arr.shape))

    for init in (Kaiming(), "test_kaiming"):
        values = initializer(init, (8, 600)).init_data().asnumpy()
        assert np.abs(values).max() <= 0.1 < np.abs(values).max() * 1.02
    with pytest.raises(ValueError, match="mode"):
        _calculate_correct_fan((2, 2), "fan")


def test_settings_of_other_devices_are_accepted(recwarn):
    ms.set_context(device_id=3, enable_task_sink=True, enable_loop_sink=True, enable_mem_reuse=False)
    ms.set_ps_context(enable_ps=True)
    assert ms.get_ps_context("enable_ps") is False and not recwarn.list
    with pytest.warns(UserWarning, match="auto_mixed_precision"):
        ms.set_context(enable_auto_mixed_precision=True)
    ms.set_context(device_id=0)
    from minispore.parallel._utils import auto_parallel_context

    assert auto_parallel_context().get_device_num() == 1


def test_small_primitives_of_older_scripts():
    P, F, x = ops.operations, ops.functional, ms.Tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    rows = ms.Tensor([[1.0, 1.0], [2.0, 2.0]])
    assert P.InplaceAdd((0, 1))(x, rows).asnumpy().tolist() == [[1, 2], [4, 5], [4, 5]]
    assert P.InplaceSub((2, 0))(x, rows).asnumpy().tolist() == [[-2, -1], [2, 3], [3, 4]]
    assert P.InplaceUpdate((2, 1))(x, rows).asnumpy().tolist() == [[0, 1], [2, 2], [1, 1]]
    # MindSpore 2.10: Eps()(Tensor([1], t)) is 1.1920929e-07, 0.000977, 2.22044605e-16
    eps = {t: P.Eps()(ms.Tensor([1.0], t)).asnumpy().item() for t in (ms.float32, ms.float16, ms.float64)}
    assert eps == {ms.float32: 2.0**-23, ms.float16: 2.0**-10, ms.float64: 2.0**-52}
    assert F.neg_tensor(x).asnumpy().tolist() == (-x.asnumpy()).tolist()
    assert F.scalar_cast(3.7, ms.int32) == 3 and isinstance(F.scalar_cast(3, ms.float32), float)
    assert F.control_depend(x, rows) is rows and P.ControlDepend()(x, rows) is rows


def test_accepted_configurations():
    assert ms.JitConfig(jit_level="O1", own=3).jit_config_dict["own"] == 3
    assert ms.ms_class is ms.jit_class and issubclass(ms.ExitByRequest, Exception)
    register = nn.optim.optimizer.opt_init_args_register
    assert register(len) is len and ops.custom_info_register({"op_name": "x"})(len) is len
    info = ops.CustomRegOp("x").attr("a", "required", "int").dtype_format(ops.DataType.F16_Default).get_op_info()
    assert info["dtype_format"] == [(("F16", "Default"),)] and info["attr"][0]["name"] == "a"
    with pytest.raises(AttributeError, match="DataType"):
        _ = ops.DataType.F16


@pytest.mark.parametrize("name, arguments, expected", [  # what MindSpore 2.10 answers
    ("check_positive_int", (0, "a", "B"), ValueError),
    ("check_positive_int", (True, "a", "B"), TypeError),
    ("check_positive_int", (2, "a", "B"), 2),
    ("check_non_negative_int", (-1, "a", "B"), ValueError),
    ("check_int", (3, 3, "GE", "a", "B"), 3),
    ("check_int", (3, 4, "GE", "a", "B"), ValueError),
    ("check_is_float", (1, "a", "B"), TypeError),
    ("check_bool", (1, "a", "B"), TypeError),
    ("check_float_range", (1.0, 0.0, 1.0, "INC_LEFT", "a", "B"), ValueError),
    ("check_float_range", (0.0, 0.0, 1.0, "INC_LEFT", "a", "B"), 0.0),
    ("check_value_type", ("a", True, [int], "B"), TypeError),
    ("check_value_type", ("a", 1, [int, float], "B"), 1),
    ("check_string", ("x", ["y"], "a", "B"), ValueError),
    ("check_string", (1, ["y"], "a", "B"), ValueError),
    ("check_subclass", ("a", int, [float], "B"), TypeError),
])  # fmt: skip
def test_checks_of_mindspores_checkparam(name, arguments, expected):
    from minispore import _checkparam

    arguments = [getattr(_checkparam, a) if a in ("GE", "INC_LEFT") else a for a in arguments]
    for check in (getattr(_checkparam, name), getattr(_checkparam.Validator, name)):
        if isinstance(expected, type):
            with pytest.raises(expected, match="For 'B', the argument 'a' must"):
                check(*arguments)
        else:
            assert check(*arguments) == expected


def test_pairs_and_formats_of_checkparam():
    from minispore import _checkparam as check

    assert check.twice(3) == (3, 3) and check.twice((1, 2)) == (1, 2) and check.check_input_format("NCHW") == "NCHW"
    assert check.check_is_number(2.5, float) == 2.5
    for wrong in (0.5, "a", (1, 2, 3), (3.5, 4)):
        with pytest.raises(TypeError):
            check.twice(wrong)
    for kind, call in (
        (ValueError, lambda: check.check_input_format("rt")),
        (TypeError, lambda: check.check_is_number(True, int)),
        (ValueError, lambda: check.check_is_number(float("inf"), float)),
    ):
        with pytest.raises(kind):
            call()
