"""Libraries that are written for MindSpore, unchanged; skipped where they are not installed (tools/check_libraries.py installs them)."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from minispore import Tensor, ops

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "tools" / "check_libraries.py"
PROGRAMS = ["mindocr_recognises", "mindocr_detects", "mindyolo_trains", "mindquantum_trains", "troubleshooter_watches",
            "mindflow_trains", "mindearth_trains", "mindaudio_trains", "mindchemistry_trains"]  # fmt: skip


def installed(library: str) -> bool:
    folder = os.environ.get("MINDSPORE_LIBRARIES")
    return bool(folder and (Path(folder) / library).is_dir()) or importlib.util.find_spec(library) is not None


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["--pynative", "--graph"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_losses_of_a_library_equal_the_real_ones(name, mode):
    if not installed(name.partition("_")[0]):
        pytest.skip("not installed")
    flags = ["--graph"] if mode == "--graph" else []
    done = subprocess.run([sys.executable, str(TOOL), *flags, name], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_was_recorded_of_libraries_is_whole():
    recorded = json.loads((ROOT / "tests" / "records" / "libraries.json").read_text())
    assert sorted(recorded) == sorted(PROGRAMS)
    assert all(np.isfinite(losses).all() and losses[2] < losses[0] for losses in recorded.values())


NAMES = """
mindspore.nn.layer.basic Pad
mindspore.nn.layer.rnn_cells RNNCellBase
mindspore.nn.layer.rnn_cells _gru_cell
mindspore.nn.layer.rnns sequence_mask
mindspore.nn.layer.activation _activation
mindspore.nn.layer.conv _check_input_3d
mindspore.nn.layer.conv _deconv_output_length
mindspore.nn.wrap.loss_scale _grad_scale
mindspore.nn.wrap.grad_reducer get_group_size
mindspore.nn.loss.loss constexpr
mindspore.common RowTensor
mindspore.common.mutable mutable
mindspore.common.tensor tensor_operator_registry
mindspore.train.callback._callback _handle_loss
mindspore.ops.function.math_func MatMul
mindspore.ops.function.vmap_func vmap
mindspore.numpy.math_ops add
mindspore.parallel._transformer.op_parallel_config OpParallelConfig
mindspore.dataset.engine.datasets_vision MnistDataset
mindspore.log _LogActionOnce
mindspore.log _get_logger
mindspore.context _get_mode
mindspore.common.api _function_forbid_reuse
mindspore.train.amp _auto_black_list
mindspore.train.model _StepSync
mindspore.train.model connect_network_with_dataset
mindspore.train._utils _make_directory
mindspore.ops.function.nn_func _check_qkv_shape
mindspore.ops.function.nn_func relu
mindspore.ops.operations.nn_ops FlashAttentionScore
mindspore.ops.auto_generate DynamicQuantExt
mindspore._c_expression.amp AmpLevel
mindspore.mint Tensor
mindspore.mint.nn Cell
mindspore.version __version__
mindspore._c_expression MSContext
""".split("\n")[1:-1]


def test_names_are_found_in_the_files_in_which_mindspore_has_them():
    """In a process of its own: ``from mindspore... import name`` of what a file of ours does not define itself."""
    lines = [f"from {line.split()[0]} import {line.split()[1]}" for line in NAMES]
    lines += ["import importlib.metadata", "assert importlib.metadata.version('mindspore') == '2.10.0'"]
    lines += ["import mindspore.nn.layer.basic as basic", "assert not hasattr(basic, 'nothing_of_the_kind')"]
    program = "import minispore\nminispore.install_as_mindspore()\n" + "\n".join(lines)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_steps_of_recurrent_cells_equal_those_of_the_cells():
    from minispore import nn
    from minispore.surface import private_names

    draw = np.random.default_rng(0)
    x, h, c = (Tensor(draw.standard_normal((2, n)).astype(np.float32)) for n in (3, 4, 4))
    for cell, step, state in (
        (nn.RNNCell(3, 4), private_names._rnn_tanh_cell, h),
        (nn.RNNCell(3, 4, nonlinearity="relu"), private_names._rnn_relu_cell, h),
        (nn.GRUCell(3, 4), private_names._gru_cell, h),
        (nn.LSTMCell(3, 4), private_names._lstm_cell, (h, c)),
    ):
        wanted = cell(x, state)
        found = step(x, state, cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh)
        pairs = zip(wanted, found, strict=True) if isinstance(wanted, tuple) else [(wanted, found)]
        for a, b in pairs:
            np.testing.assert_allclose(b.asnumpy(), a.asnumpy(), rtol=1e-6, atol=1e-6)


def test_a_subclass_of_the_base_of_recurrent_cells_has_as_many_gates_as_it_says():
    from minispore.nn.layer.rnn import RNNCellBase

    assert RNNCellBase(3, 4, True, 5).weight_ih.shape == (20, 3)


def test_tensordump_writes_each_value_in_both_modes(tmp_path, mode):
    from minispore import jit

    function = jit(lambda x: (ops.tensordump(str(tmp_path / "seen" / "x.npy"), x * 2), x + 1)[1])
    for k in range(2):
        function(Tensor(np.full(3, k, np.float32)))
    files = sorted((tmp_path / "seen").glob("x_float32_*.npy"), key=lambda f: int(f.stem.rpartition("_")[2]))
    assert [np.load(f).tolist() for f in files] == [[0.0] * 3, [2.0] * 3]
    with pytest.raises(TypeError, match="file_name"):
        ops.tensordump(1, Tensor([1.0]))


def test_attention_with_its_weights_as_arguments_equals_the_layer(mode):
    from minispore import nn
    from minispore.surface import nn_functions

    draw = np.random.default_rng(0)
    layer = nn.MultiheadAttention(8, 2).set_train(False)
    for p in layer.get_parameters():
        p.set_data(Tensor(draw.standard_normal(p.shape).astype(np.float32)))
    q, k = (Tensor(draw.standard_normal((n, 3, 8)).astype(np.float32)) for n in (4, 5))
    unseen = Tensor(np.arange(5) > np.array([[4], [2], [3]]))
    later = Tensor(np.triu(np.ones((4, 5), bool), 2))
    weights = [layer.in_proj_weight, layer.in_proj_bias, None, None]
    closing = [layer.out_proj.weight, layer.out_proj.bias]
    found = nn_functions.multi_head_attention_forward(
        q,
        k,
        k,
        8,
        2,
        *weights,
        False,
        0.0,
        *closing,
        training=False,
        key_padding_mask=unseen,
        attn_mask=later,
        k_is_v=True,
    )
    for a, b in zip(found, layer(q, k, k, key_padding_mask=unseen, attn_mask=later), strict=True):
        np.testing.assert_allclose(a.asnumpy(), b.asnumpy(), rtol=1e-5, atol=1e-5)
    single = nn_functions.multi_head_attention_forward(
        q[:, 0],
        k[:, 0],
        k[:, 0],
        8,
        2,
        *weights,
        False,
        0.0,
        *closing,
        training=False,
        key_padding_mask=unseen[0],
        k_is_v=True,
    )[0]
    np.testing.assert_allclose(
        single.asnumpy(), layer(q, k, k, key_padding_mask=unseen)[0][:, 0].asnumpy(), rtol=1e-5, atol=1e-5
    )
    with pytest.raises(ValueError, match="key_padding_mask"):
        nn_functions._check_kpm_shape(3, 1)


def test_the_primitive_of_flash_attention_gives_its_result_last(mode):
    x = Tensor(np.random.default_rng(0).standard_normal((2, 3, 8)).astype(np.float32))
    made = ops.operations.FlashAttentionScore(2, scale_value=0.5)(x, x, x)
    assert len(made) == 4
    np.testing.assert_array_equal(made[3].asnumpy(), ops.flash_attention_score(x, x, x, 2, scalar_value=0.5).asnumpy())


def test_weights_behind_a_prefix_are_loaded_and_leave_the_list():
    from minispore import Parameter, nn
    from minispore.surface import private_names

    net, left = nn.Dense(2, 1), ["weight", "bias"]
    given = {"net.weight": Parameter(Tensor([[1.0, 2.0]]), name="net.weight")}
    private_names._load_dismatch_prefix_params(net, given, left, True)
    assert net.weight.asnumpy().tolist() == [[1.0, 2.0]] and left == ["bias"]


def test_the_length_of_a_transposed_convolution_is_that_of_the_layer():
    from minispore import nn
    from minispore.surface.private_names import _deconv_output_length

    for mode, padding in (("valid", 0), ("same", 0), ("pad", 1)):
        for window, stride, dilation in ((3, 2, 1), (3, 1, 2), (2, 2, 1)):
            layer = nn.Conv2dTranspose(1, 1, window, stride, pad_mode=mode, padding=padding, dilation=dilation)
            wanted = layer(Tensor(np.zeros((1, 1, 5, 5), np.float32))).shape[-1]
            found = _deconv_output_length(
                mode == "valid", mode == "same", mode == "pad", 5, window, stride, dilation, 2 * padding
            )
            assert found == wanted, (mode, window, stride, dilation)
