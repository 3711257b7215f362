"""Names that examples of MindSpore 2.10's documents use, with what the real one gave for the same calls."""

import subprocess
import sys

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, mint, nn, ops
from minispore.dataset import text
from minispore.mindrecord import FileReader, FileWriter

X = Tensor(np.arange(6).reshape(2, 3), ms.float32)


def both_modes(function, *args):
    """What the function gives op by op; that of the compiled one must be equal."""
    found, compiled = function(*args), ms.jit(function)(*args)
    np.testing.assert_array_equal(found.asnumpy(), compiled.asnumpy())
    assert found.dtype == compiled.dtype
    return found.asnumpy().tolist()


# ---------------------------------------------------------------- Tensors
def test_bytes_are_seen_as_another_type():
    x = Tensor([[1, 2], [3, 4]], ms.int64)
    assert both_modes(lambda x: x.view(ms.int32), x) == [[1, 0, 2, 0], [3, 0, 4, 0]]
    assert both_modes(lambda x: x.view(ms.int64), Tensor([1, 2, 3, 4], ms.int32)) == [8589934593, 17179869187]
    assert both_modes(lambda x: x.view(-1), x) == [1, 2, 3, 4]
    assert x.view(shape=(1, 4)).shape == x.view([1, 4]).shape == (1, 4)
    with pytest.raises(ValueError, match="no whole number"):
        Tensor([1, 2, 3], ms.int32).view(ms.int64)
    with pytest.raises(ValueError, match="without axes"):
        Tensor(1, ms.int32).view(ms.int16)


def test_choose():
    choices = [[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23], [30, 31, 32, 33]]
    assert both_modes(lambda x: x.choose(choices), Tensor([2, 3, 1, 0])) == [20, 31, 12, 3]
    assert both_modes(lambda x: x.choose([[1, 2], [3, 4]]), Tensor([4, -1])) == [3, 2]
    assert both_modes(lambda x: x.choose([[1, 2], [3, 4]], mode="wrap"), Tensor([4, -1])) == [1, 4]
    assert both_modes(lambda x: x.choose([10, 20]), Tensor([[1, 0], [0, 1]])) == [[20, 10], [10, 20]]
    assert Tensor([1, 0]).choose(Tensor([[1.0, 2.0], [3.0, 4.0]])).asnumpy().tolist() == [3, 2]
    with pytest.raises(ValueError, match="mode"):
        Tensor([1]).choose([1, 2], mode="other")


def test_layout_in_memory():
    turned = ops.transpose(X, (1, 0))
    assert not turned.is_contiguous() and not X[:, 1].is_contiguous() and not X.broadcast_to((2, 2, 3)).is_contiguous()
    assert turned.contiguous().is_contiguous() and (turned.contiguous() == turned).all()
    assert X.contiguous() is X and X.reshape(3, 2).is_contiguous() and X.expand_dims(0).is_contiguous()
    assert ms.grad(lambda x: (x.T.contiguous() ** 2).sum())(X).asnumpy().tolist() == [[0, 2, 4], [6, 8, 10]]


def test_small_names_of_tensors_and_parameters():
    x = Tensor([1, 2, 3], ms.int16)
    assert Tensor.convert_bytes_to_tensor(x.get_bytes(), (3,), ms.int16).asnumpy().tolist() == [1, 2, 3]
    assert Parameter(Tensor([1.0]), name="a").inited_param is None
    assert mint.item(Tensor([1.5])) == 1.5
    with pytest.raises(TypeError, match="Tensor"):
        mint.item(3)


# ---------------------------------------------------------------- functions
def test_subtract_with_a_factor():
    assert ops.subtract(Tensor([4.0, 5.0]), Tensor([1.0, 2.0]), alpha=2).asnumpy().tolist() == [2, 1]
    assert ops.subtract(Tensor([4, 5]), 2, alpha=2).asnumpy().tolist() == [0, 1]


def test_forms_of_mint_under_their_names_in_ops():
    functions, made = ops.function, ops.auto_generate
    assert functions.math_func.amax_ext(X, dim=1, keepdim=True).asnumpy().tolist() == [[2], [5]]
    assert [part.shape for part in functions.array_func.chunk_view(X, 2)] == [(1, 3), (1, 3)]
    assert functions.array_func.unsqueeze_view(X, 0).shape == (1, 2, 3)
    assert functions.nn_func.glu_ext(Tensor([[0.0, 0.0]])).asnumpy().tolist() == [[0]]
    assert functions.nn_func.avg_pool2d_ext(ops.ones((1, 1, 4, 4)), kernel_size=2, stride=1).shape == (1, 1, 3, 3)
    assert made.select_ext_view(X, 0, 1).asnumpy().tolist() == [3, 4, 5]
    assert made.transpose_ext_view(X, 0, 1).shape == (3, 2)
    assert made.narrow_view(X, 1, 1, 2).asnumpy().tolist() == [[1, 2], [4, 5]]
    assert [t.asnumpy().tolist() for t in made.kthvalue(X, 2, 1, False)] == [[1, 4], [1, 1]]
    assert made.linalg_qr(ops.ones((2, 2)))[1].shape == (2, 2)
    with pytest.raises(AttributeError, match="nonsense_ext"):
        ops.nonsense_ext  # noqa: B018


def test_shapes_of_random_numbers_before_other_arguments():
    assert mint.randn((2, 3), ms.float16).shape == (2, 3) and mint.randn((2, 3), ms.float16).dtype == ms.float32
    assert mint.rand([2, 3]).shape == mint.randn(2, 3).shape == (2, 3)


def test_print_in_full(capsys):
    ops.print_("here:", Tensor([1, 2]))
    assert capsys.readouterr().out == "here:\nTensor(shape=[2], dtype=Int64, value= [1, 2])\n"


# ---------------------------------------------------------------- cells
def test_methods_of_cells(tmp_path):
    net = nn.SequentialCell(nn.Dense(2, 2), nn.ReLU(), nn.SequentialCell(nn.Dense(2, 3)))
    assert net.update_cell_prefix() is None
    assert [c.param_prefix for _, c in net.cells_and_names()] == ["", "0", "1", "2", "2.0"]
    assert net.to("cpu", ms.float16) is net and {p.dtype for p in net.get_parameters()} == {ms.float16}
    assert net(ops.ones((1, 2), ms.float16)).dtype == ms.float16
    assert net.to(dtype=ms.float32)[0].weight.dtype == ms.float32 and net.to("CPU") is net
    for wrong, error in (("GPU", ValueError), (5, TypeError), (ms.int32, TypeError)):
        with pytest.raises(error):
            net.to(wrong)
    net.set_jit_config(ms.JitConfig(jit_level="O1"))
    with pytest.raises(TypeError):
        net.set_jit_config(3)


def test_hooks_before_the_state_is_gathered():
    net, seen = nn.SequentialCell(nn.Dense(2, 1), nn.ReLU()), []
    first = net.register_state_dict_pre_hook(lambda cell, prefix, keep: seen.append((cell, prefix, keep)))
    net[0].register_state_dict_pre_hook(lambda cell, prefix, keep: setattr(cell, "more", Parameter(Tensor([1.0]))))
    assert list(net.state_dict()) == ["0.weight", "0.bias", "0.more"] and seen == [(net, "", False)]
    first.remove()
    first.remove()
    net.state_dict()
    assert len(seen) == 1
    with pytest.raises(TypeError, match="hook"):
        net.register_state_dict_pre_hook(3)


def test_padding_with_zeros():
    assert mint.nn.ZeroPad1d((1, 2))(Tensor([[1.0, 2.0]])).asnumpy().tolist() == [[0, 1, 2, 0, 0]]
    assert mint.nn.ZeroPad3d((1, 0, 0, 2, 0, 3))(ops.ones((1, 1, 1, 1, 1))).shape == (1, 1, 4, 3, 2)


# ---------------------------------------------------------------- devices, several processes
def test_streams_and_events():
    runtime = ms.runtime
    stream, other = runtime.Stream(), runtime.Stream()
    with runtime.StreamCtx(stream):
        assert runtime.current_stream() == stream != other
        event = stream.record_event()
        with runtime.StreamLimitCtx(other, 8, 8):
            assert runtime.current_stream() == stream
    other.wait_event(event)
    other.wait_stream(stream)
    assert (
        runtime.current_stream() == runtime.default_stream() == ms.current_stream() and event.query() and stream.query()
    )
    runtime.set_cur_stream(other)
    assert runtime.current_stream() == other
    runtime.set_cur_stream(runtime.default_stream())
    start, end = runtime.Event(enable_timing=True), runtime.Event(enable_timing=True)
    start.record()
    end.record()
    assert 0 <= start.elapsed_time(end) < 60000
    with pytest.raises(RuntimeError, match="enable_timing"):
        event.elapsed_time(end)
    with pytest.raises(TypeError):
        runtime.set_cur_stream(3)
    assert (
        runtime.memory_allocated() == runtime.max_memory_reserved() == runtime.memory_stats()["total_idle_memory"] == 0
    )
    assert runtime.set_cpu_affinity(True) is runtime.dispatch_threads_num(6) is None
    assert repr(ms.get_current_device()) == "('CPU', 0)" and ms.get_current_device().device_target == "CPU"


def test_communication_of_one_process():
    script = (
        "from minispore.ops.communication import *\nfrom minispore.ops.communication import set_comm_ops_inplace, all_to_all_v_c\n"
        "from minispore.ops.communication import P2POp, isend\n"
        "assert is_available() and not is_initialized()\ninit_process_group()\nassert is_initialized()\n"
        "assert (get_rank(), get_world_size()) == (0, 1)\nset_comm_ops_inplace(True)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_layouts():
    layout = ms.parallel.Layout((2, 2, 2), ("dp", "sp", "mp"))
    assert layout("dp", "mp").to_dict() == {
        "device_matrix": (2, 2, 2), "tensor_map": (2, 0), "interleaved_parallel": False, "alias_name": ("dp", "sp", "mp"),
        "rank_list": [0, 1, 2, 3, 4, 5, 6, 7],
    }  # fmt: skip
    assert layout(("dp", "sp"), "None").to_dict()["tensor_map"] == ((2, 1), -1)
    with pytest.raises(ValueError, match="call the layout"):
        layout.to_dict()
    with pytest.raises(ValueError, match="'x'"):
        layout("x")
    assert ms.parallel.get_algo_parameters("tensor_slice_align_size") == 16
    with pytest.raises(ValueError, match="attr_key"):
        ms.parallel.get_algo_parameters("x")


def test_dlpack():
    from minispore.utils.dlpack import from_dlpack, to_dlpack

    found = from_dlpack(to_dlpack(X))
    assert found.dtype == ms.float32 and (found == X).all()
    assert from_dlpack(np.array([1, 2])).asnumpy().tolist() == [1, 2]
    with pytest.raises(TypeError):
        from_dlpack([1])
    assert from_dlpack is ms.from_dlpack


# ---------------------------------------------------------------- the rest
def test_settings():
    assert ms.get_level() == "2" and ms.get_log_config() == {"GLOG_v": "2", "GLOG_logtostderr": "1"}
    assert (ms.context.RELEASE, ms.context.DEBUG) == (0, 1)
    assert ms.no_inline(len) is len and ms.set_recursion_limit(10000) is None
    thor = nn.DenseThor(3, 4, weight_init="ones")
    assert thor(Tensor([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]])).asnumpy().tolist() == [[6] * 4, [12] * 4]
    assert nn.Conv2dThor(1, 1, 1, weight_init="ones")(ops.ones((1, 1, 2, 2))).shape == (1, 1, 2, 2)


def test_options_of_the_profiler(tmp_path):
    from minispore.profiler import AicoreMetrics, Profiler, ProfilerActivity, ProfilerLevel, schedule

    assert AicoreMetrics.AiCoreNone.value == "None" and [a.name for a in ProfilerActivity] == ["NPU", "GPU", "CPU"]
    with Profiler(
        output_path=str(tmp_path), profiler_level=ProfilerLevel.Level0, schedule=schedule(wait=1, active=2)
    ) as profiler:
        profiler.add_metadata("a", "b")
        profiler.add_metadata_json("a", "{}")
        profiler.step()
    with pytest.raises(TypeError):
        profiler.add_metadata("a", 3)
    with pytest.raises(ValueError):
        schedule(wait=1, active=0)


def test_gradients_times_a_scale():
    from minispore.amp import _grad_scale_map, _grad_unscale_map

    grads = (Tensor([1.0, 2.0]), Tensor([3], ms.int32))
    scaled = _grad_scale_map(Tensor(2.0), grads)
    assert [t.asnumpy().tolist() for t in scaled] == [[2, 4], [6]] and scaled[1].dtype == ms.int32
    assert _grad_unscale_map(Tensor(2.0), grads[0]).asnumpy().tolist() == [0.5, 1]


def test_sequences_become_arrays():
    first, second = text.TruncateSequencePair(4)(["1", "2", "3"], ["4", "5"])
    assert first.tolist() == ["1", "2"] and second.tolist() == ["4", "5"]


@pytest.mark.parametrize("shards", [1, 2])
def test_records_are_appended(tmp_path, shards):
    path = str(tmp_path / "a.mindrecord")
    rows = [{"name": f"{k}.jpg", "label": k, "data": bytes(range(k)), "v": np.full(2, k, np.float32)} for k in range(7)]
    writer = FileWriter(path, shards)
    types = {"name": {"type": "string"}, "label": {"type": "int32"}, "data": {"type": "bytes"}}
    writer.add_schema({**types, "v": {"type": "float32", "shape": [-1]}}, "a test")
    writer.add_index(["label"])
    writer.write_raw_data(rows[:3])
    writer.commit()
    first = path if shards == 1 else f"{path}0"
    more = FileWriter.open_for_append(first)
    more.write_raw_data(rows[3:5])
    assert FileReader(first).len() == 3  # until commit the files are what they were
    more.write_raw_data(rows[5:])
    more.commit()
    there = sorted(FileReader(first).get_next(), key=lambda row: int(row["label"]))
    assert [(str(r["name"]), int(r["label"]), bytes(r["data"]), r["v"].tolist()) for r in there] == [
        (r["name"], r["label"], r["data"], r["v"].tolist()) for r in rows
    ]
    with pytest.raises(RuntimeError, match="does not exist"):
        FileWriter.open_for_append(str(tmp_path / "b"))


def test_a_parameter_put_into_the_dict_of_a_cell_by_a_hook_is_one_of_its_own():
    net = nn.Dense(2, 1)
    net.register_state_dict_pre_hook(lambda cell, prefix, keep: cell._params.update(more=Parameter(Tensor([1.0]))))
    assert list(net.state_dict()) == ["weight", "bias", "more"] and len(net.trainable_params()) == 3
