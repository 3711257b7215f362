"""What scripts written for MindSpore rely on in data sets: its sentences, its classes of errors, its rounding.

What is expected is what MindSpore 2.10 gave for the same calls.
"""

import numpy as np
import pytest

import minispore as ms
import minispore.dataset as ds
from minispore.dataset import text, vision


def pairs():
    return ds.NumpySlicesDataset({"x": [1, 2, 3, 4], "y": [1.0, 2.0, 3.0, 4.0]}, shuffle=False)


def rows(data, **given):
    return [tuple(row) for row in data.create_tuple_iterator(num_epochs=1, output_numpy=True, **given)]


# ---------------------------------------------------------------- refusals of arguments
REFUSED = {
    "a string for a number": (
        lambda: ds.NumpySlicesDataset([1], num_samples="2"),
        TypeError,
        r"Argument num_samples with value 2 is not of type \[<class 'int'>\], but got <class 'str'>",
    ),
    "a number outside": (
        lambda: vision.Posterize(9),
        ValueError,
        r"Input bits is not within the required interval of \[0, 8\]",
    ),
    "a number for a bool": (
        lambda: ds.audio.LFilter([1.0], [1.0], clamp=1),
        TypeError,
        r"Argument clamp with value 1 is not of type \[<class 'bool'>\]",
    ),
    "a rate of zero": (
        lambda: ds.audio.BandBiquad(0, 200.0),
        ValueError,
        r"Input sample_rate is not within the required interval of \[-2147483648, 0\) and \(0, 2147483647\]",
    ),
    "a rate of more than 32 bits": (
        lambda: ds.audio.BandBiquad(441324343243242342345300, 200.0),
        ValueError,
        r"Input sample_rate is not within the required interval of \[-2147483648, 0\) and \(0, 2147483647\]",
    ),
    "no epochs": (lambda: pairs().create_tuple_iterator(num_epochs=0), RuntimeError, "num_epochs"),
    "frequencies before the words are read": (
        lambda: text.Vocab.from_dataset(ds.NumpySlicesDataset(["a"]), freq_range=(3, 1)),
        ValueError,
        "freq",
    ),
    "a number of words of zero": (
        lambda: text.Vocab.from_dataset(ds.NumpySlicesDataset(["a"]), top_k=-1),
        ValueError,
        "top_k",
    ),
    "floats to decode": (lambda: vision.Decode()(np.zeros(9, np.float32)), RuntimeError, "."),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_arguments_are_refused_with_the_fixed_sentences(case):
    make, kind, sentence = REFUSED[case]
    with pytest.raises(kind, match=sentence):
        make()


def test_values_of_another_type_than_declared_are_an_error():
    def data(declared):
        return ds.GeneratorDataset([(np.array(1),)], ["a"], column_types=[declared], shuffle=False)

    assert rows(data(ms.int64)) == [(1,)]
    with pytest.raises(RuntimeError, match="should be same with specified column_types"):
        rows(data(ms.int32))


# ---------------------------------------------------------------- pipelines
def test_columns_that_a_map_with_callbacks_leaves_alone_can_be_batched():
    class Count(ds.DSCallback):
        def __init__(self):
            super().__init__(step_size=1)
            self.steps = 0

        def ds_step_begin(self, ds_run_context):
            self.steps += 1

    count = Count()
    data = pairs().map(lambda x: x * 10, "x", callbacks=count).batch(2)
    (x0, y0), (x1, y1) = rows(data)
    assert [x0.tolist(), y0.tolist(), x1.tolist(), y1.tolist()] == [[10, 20], [1.0, 2.0], [30, 40], [3.0, 4.0]]
    assert count.steps == 4


def test_a_data_set_for_a_device_queue_knows_its_columns_and_is_not_read_in_python():
    queue = pairs().batch(2).device_que()
    assert queue.get_col_names() == ["x", "y"]
    assert queue.get_dataset_size() == 2
    for read in (queue.output_shapes, queue.output_types):
        with pytest.raises(RuntimeError):
            read()
    with pytest.raises(RuntimeError):
        queue.create_tuple_iterator(num_epochs=1)


def test_iterators_name_their_columns():
    assert pairs().create_tuple_iterator(num_epochs=1).get_col_names() == ["x", "y"]


# ---------------------------------------------------------------- images
def test_enhancements_of_arrays_round_half_to_even():
    image = np.array([[[0, 1, 2], [3, 4, 5], [6, 7, 200]]], np.uint8)
    assert vision.AdjustBrightness(1.5)(image).ravel().tolist() == [0, 2, 3, 4, 6, 8, 9, 10, 255]
    assert vision.AdjustContrast(0.5)(image).ravel().tolist() == [6, 6, 6, 7, 8, 8, 8, 9, 106]
    assert vision.AdjustSaturation(0.5)(image).ravel().tolist() == [0, 1, 2, 4, 4, 4, 18, 18, 114]
    values = np.array([[[10], [47], [100], [200]]], np.uint8)
    assert vision.AdjustGamma(2.0, 1.5)(values).ravel().tolist() == [0, 13, 59, 236]


def test_a_grey_image_is_filled_with_the_first_of_three_colours():
    grey = np.full((1, 1, 1), 9, np.uint8)
    assert vision.Pad(1, (1, 2, 3))(grey)[..., 0].tolist() == [[1, 1, 1], [1, 9, 1], [1, 1, 1]]
    assert vision.PadToSize((1, 2), 0, (1, 2, 3))(grey).ravel().tolist() == [9, 1]
    assert vision.Affine(0, [1, 0], 1.0, 0.0, fill_value=(1, 2, 3))(grey).ravel().tolist() == [1]


def test_no_bits_leave_a_black_image():
    assert vision.Posterize(0)(np.array([[7, 255]], np.uint8)).tolist() == [[0, 0]]


def test_colours_of_grey_need_one_channel():
    with pytest.raises(RuntimeError):
        vision.ConvertColor(vision.ConvertMode.COLOR_GRAY2BGR)(np.zeros((2, 2, 3), np.uint8))


def test_map_replaces_a_column_of_the_name_of_a_result():
    """Where there are as many results as inputs; where there are more or fewer it is not clear which column would go."""
    rows = ds.NumpySlicesDataset({"a": np.arange(2), "b": np.arange(2.0), "c": np.arange(2) + 5}, shuffle=False)

    def values(mapped):
        assert mapped.get_col_names() == list(next(mapped.create_dict_iterator(output_numpy=True)))
        return [{name: x.tolist() for name, x in row.items()} for row in mapped.create_dict_iterator(output_numpy=True)]

    assert values(rows.map(lambda a: a + 3, "a", "b")) == [{"b": 3, "c": 5}, {"b": 4, "c": 6}]
    assert values(rows.map(lambda c: c, "c", "a")) == [{"b": 0.0, "a": 5}, {"b": 1.0, "a": 6}]
    assert values(rows.map(lambda a, b: (a, b), ["a", "b"], ["b", "c"])) == [{"b": 0, "c": 0.0}, {"b": 1, "c": 1.0}]
    assert values(rows.map(lambda a: a, "a", "b").batch(2)) == [{"b": [0, 1], "c": [5, 6]}]
    with pytest.raises(RuntimeError, match="columns of the result must differ"):
        rows.map(lambda a: (a, a), "a", ["b", "q"])
