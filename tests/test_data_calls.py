"""Data transforms, tokenizers and pipelines against the real MindSpore 2.10 (records/data_calls.json): results, and the classes of
errors for wrong arguments; then what it has no answer for: pipelines through JSON, callbacks in step with a training."""

import filecmp
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
import minispore.dataset as ds
from minispore import nn
from minispore.dataset import text, transforms, vision

RECORDS = Path(__file__).parent / "records"
_spec = importlib.util.spec_from_file_location("data_calls", RECORDS / "data_calls.py")
data_calls = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(data_calls)
RECORDED = json.loads((RECORDS / "data_calls.json").read_text())


def same(found, wanted, within) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(found, list) and len(found) == len(wanted) and all(same(*p, within) for p in zip(found, wanted))
        )
    if isinstance(wanted, dict):
        return list(found) == list(wanted) and all(same(found[key], wanted[key], within) for key in wanted)
    if isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        return isinstance(found, (int, float)) and abs(found - wanted) <= within + 1e-4 * abs(wanted)
    return found == wanted


def test_results():
    found = json.loads(json.dumps(data_calls.values(ds)))
    assert list(found) == list(RECORDED["values"])
    wrong = {
        name: (found[name], wanted)
        for name, wanted in RECORDED["values"].items()
        if not same(
            found[name], wanted, 1 if isinstance(wanted, list) and wanted[0] == "uint8" else 1e-5
        )  # a level of grey
    }
    assert not wrong


def test_classes_of_errors_for_arguments():
    assert data_calls.arguments(ds) == RECORDED["arguments"]


PIPELINES = {
    "samplers": lambda home: ds.ImageFolderDataset(str(home), sampler=_nested(), decode=True).map(
        [vision.RandomCrop(3, [1, 1, 1, 1], padding_mode=vision.Border.EDGE), vision.HWC2CHW()], ["image"]
    ),
    "batches": lambda home: (
        ds.NumpySlicesDataset({"x": np.arange(6), "y": np.ones((6, 2), np.float32)}, shuffle=False)
        .map(transforms.TypeCast(ms.int8), "x")
        .map(transforms.Slice(slice(0, 1)), "y")
        .rename("x", "z")
        .batch(2, True)
        .repeat(2)
    ),
    "zip": lambda home: ds.zip((ds.NumpySlicesDataset([1, 2, 3]).shuffle(3), ds.NumpySlicesDataset({"b": [4, 5]}))),
    "text": lambda home: ds.TextFileDataset(str(home / "a.txt"), shuffle=ds.Shuffle.FILES).map(
        [text.WhitespaceTokenizer(), text.Lookup(text.Vocab.from_list(["to", "be"]), "to")], ["text"]
    ),
}


def _nested():
    sampler = ds.WeightedRandomSampler([1.0, 0.5, 0.2], 3)
    sampler.add_child(ds.SequentialSampler())
    return sampler


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_through_json(name, tmp_path):
    for number in range(3):
        (tmp_path / "a").mkdir(exist_ok=True)
        vision.write_png(str(tmp_path / "a" / f"{number}.png"), np.full((4, 5, 3), number * 50, np.uint8))
    (tmp_path / "a.txt").write_text("to be\nor not\n")
    ms.set_seed(1)
    data = PIPELINES[name](tmp_path)
    ds.serialize(data, str(tmp_path / "one.json"))
    again = ds.deserialize(json_filepath=str(tmp_path / "one.json"))
    ds.serialize(again, str(tmp_path / "two.json"))
    assert filecmp.cmp(tmp_path / "one.json", tmp_path / "two.json", False) and ds.compare(data, again)
    kept = ds.deserialize(ds.serialize(data))
    rows = [list(made.create_dict_iterator(num_epochs=1, output_numpy=True)) for made in (data, again, kept)]
    assert len(rows[0]) == len(rows[1]) == len(rows[2]) == data.get_dataset_size() > 0
    for one, two, three in zip(*rows):
        for column in one:
            assert np.array_equal(one[column], two[column]) and np.array_equal(one[column], three[column])


def test_what_json_cannot_hold_and_what_no_pipeline_is(tmp_path):
    with pytest.raises(TypeError, match="function"):
        ds.serialize(ds.NumpySlicesDataset([1]).map(lambda x: x))
    for given in (
        {},
        {"op_type": "x", "class": ["core.tensor", "Tensor"], "args": [], "kwargs": {}},
        {"op_type": "x", "class": ["os", "system"]},
    ):
        with pytest.raises(ValueError, match="deserialize"):
            ds.deserialize(given)
    assert ds.deserialize() is None
    with pytest.raises(OSError):
        ds.deserialize(json_filepath=str(tmp_path / "nothing.json"))


def test_callbacks_around_rows():
    seen = []

    class Notes(ds.DSCallback):
        def ds_begin(self, context):
            seen.append(("begin", *context))

        def ds_epoch_begin(self, context):
            seen.append(("epoch", *context))

        def ds_step_begin(self, context):
            seen.append(("step", *context))

        def ds_epoch_end(self, context):
            seen.append(("end", *context))

    data = ds.NumpySlicesDataset([5, 6, 7], shuffle=False).map(lambda x: x, callbacks=[Notes(2)])
    rows = data.create_tuple_iterator(num_epochs=2)
    assert [[int(x) for (x,) in rows] for _ in range(2)] == [[5, 6, 7]] * 2
    assert seen == [
        ("begin", 0, 0, 0), ("epoch", 1, 0, 0), ("step", 1, 1, 1), ("step", 1, 3, 3), ("end", 1, 3, 3),
        ("epoch", 2, 0, 3), ("step", 2, 1, 4), ("step", 2, 3, 6), ("end", 2, 3, 6),
    ]  # fmt: skip


def test_a_callback_that_waits_for_the_training():
    """Each row after the first is made when the steps before it are done: it knows their number."""
    steps = []

    class Follows(ds.WaitedDSCallback):
        def sync_step_begin(self, train_run_context, ds_run_context):
            steps.append((train_run_context.original_args().cur_step_num, ds_run_context.cur_step_num))

    follows = Follows()
    data = ds.NumpySlicesDataset({"x": np.ones((3, 2), np.float32), "y": np.ones((3, 1), np.float32)}, shuffle=False)
    data = data.map(lambda x: x, "x", callbacks=follows).batch(1)
    net = nn.Dense(2, 1)
    model = ms.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
    model.train(2, data, callbacks=follows, dataset_sink_mode=False)
    assert steps == [(n, n + 1) for n in range(1, 6)]
