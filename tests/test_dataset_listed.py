"""Sources of public data that few scripts use (surface/dataset/collections.py), on small files of their layouts."""

import json
import os

import numpy as np
import pytest

import minispore as ms
import minispore.dataset as ds
from minispore.dataset import vision


@pytest.fixture
def home(tmp_path):
    """Writes files in a new folder: texts, bytes, and images whose dots are their number."""

    class Home(str):
        drawn = 0

        def draw(self, name):
            self.drawn += 1
            self.write(name, "")
            vision.ToPIL()(np.full((4, 5, 3), self.drawn, np.uint8)).save(os.path.join(self, name))

        def write(self, name, content):
            path = os.path.join(self, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(
                path,
                "wb" if isinstance(content, bytes) else "w",
                encoding=None if isinstance(content, bytes) else "utf-8",
            ) as file:
                file.write(content)

    return Home(tmp_path)


def rows(data, shown="image"):
    """Rows with images as the number of their first dot."""
    found = data.create_dict_iterator(num_epochs=1, output_numpy=True)
    return [[int(v.flat[0]) if shown in k else v.tolist() for k, v in row.items()] for row in found]


def test_folders_of_classes(home):
    for kind in ("002.flag", "001.ak", "010.cat"):
        home.draw(f"{kind}/1.png")
    data = ds.Caltech256Dataset(home, shuffle=False, decode=True)
    assert rows(data) == [[2, 0], [1, 1], [3, 2]] and data.num_classes() == 3
    assert [row["image"].dtype for row in ds.Caltech256Dataset(home).create_dict_iterator(output_numpy=True)] == [
        np.uint8
    ] * 3
    assert rows(ds.Caltech256Dataset(home, sampler=ds.PKSampler(1), decode=True)) == [[2, 0], [1, 1], [3, 2]]


def test_images_of_lists(home):
    for name in ("images/pie/1.png", "images/apple/2.png"):
        home.draw(name)
        os.rename(os.path.join(home, name), os.path.join(home, name.replace("png", "jpg")))
    home.write("meta/train.txt", "pie/1\n")
    home.write("meta/test.txt", "apple/2\n")
    assert rows(ds.Food101Dataset(home, decode=True, shuffle=False)) == [[1, "pie"], [2, "apple"]]
    assert rows(ds.Food101Dataset(home, "test", decode=True)) == [[2, "apple"]]
    with pytest.raises(ValueError, match="usage"):
        ds.Food101Dataset(home, "val")


def test_faces_and_pairs_of_them(home):
    for name in ("Ann/Ann_0001.jpg", "Ann/Ann_0002.jpg", "Bob/Bob_0001.jpg"):
        home.draw(f"lfw_funneled/{name}")
    home.write("lfw-names.txt", "Ann\t2\nBob\t1\n")
    home.write("peopleDevTrain.txt", "1\nAnn\t2\n")
    home.write("peopleDevTest.txt", "1\nBob\t1\n")
    home.write("pairsDevTest.txt", "1\nAnn\t1\t2\nAnn\t2\tBob\t1\n")
    assert [row[1] for row in rows(ds.LFWDataset(home, shuffle=False))] == [0, 0, 1]
    assert rows(ds.LFWDataset(home, "pairs", "test", shuffle=False, decode=True)) == [[1, 2, 1], [2, 3, 0]]


def test_road_scenes(home):
    home.draw("data_object_image_2/training/image_2/0.png")
    home.write(
        "data_object_label_2/training/label_2/0.txt",
        "Van 0.5 2 -1.5 1 2 3 4 5 6 7 8 9 10 11\nCar 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
    )
    ((_, kinds, truncated, occluded, alpha, box, *_, turn),) = rows(ds.KITTIDataset(home))
    assert kinds == [[1], [0]] and truncated[0] == [0.5] and occluded[0] == [2] and alpha[0] == [-1.5]
    assert box[0] == [1, 2, 3, 4] and turn[0] == [11]


def test_files_of_numbers(home):
    head = lambda *numbers: b"".join(n.to_bytes(4, "big") for n in numbers)
    dots = (np.arange(2 * 784) % 256).astype(np.uint8)
    home.write("qmnist-train-images-idx3-ubyte", head(2051, 2, 28, 28) + dots.tobytes())
    home.write("qmnist-train-labels-idx2-int", head(3074, 2, 8, *range(16)))
    (first, second) = ds.QMnistDataset(home, "train", shuffle=False).create_dict_iterator(output_numpy=True)
    assert np.array_equal(np.stack([first["image"], second["image"]]).ravel(), dots) and [
        first["label"],
        second["label"],
    ] == [0, 8]
    assert rows(ds.QMnistDataset(home, "train", False, shuffle=False))[1][1] == list(range(8, 16))
    picture = np.arange(3 * 96 * 96, dtype=np.int64).astype(np.uint8)
    home.write("train_X.bin", picture.tobytes())
    home.write("train_y.bin", bytes([10]))
    (row,) = ds.STL10Dataset(home, "train").create_dict_iterator(output_numpy=True)
    assert np.array_equal(row["image"], picture.reshape(3, 96, 96).T) and row["label"] == 9
    home.write("usps", "3 " + " ".join(f"{k}:{-1 + 2 * (k - 1) / 255}" for k in range(1, 257)) + "\n")
    (row,) = ds.USPSDataset(home, "train").create_dict_iterator(output_numpy=True)
    assert np.abs(row["image"].ravel().astype(int) - np.arange(256)).max() <= 1 and row["label"] == 2
    home.write("semeion.data", " ".join(["1.0"] + ["0.0"] * 255 + ["0"] * 9 + ["1"]) + "\n")
    ((image, kind),) = rows(ds.SemeionDataset(home))
    assert (image, kind) == (1, 9)


def test_texts(home):
    lines = [{"sentence1": "a", "sentence2": "b", "label": "1"}, {"sentence1": "c", "sentence2": "d", "label": "0"}]
    home.write("a.json", "".join(json.dumps(line) + "\n" for line in lines))
    data = ds.CLUEDataset(os.path.join(home, "a.json"), shuffle=False)
    assert data.get_col_names() == ["label", "sentence1", "sentence2"] and rows(data) == [
        ["1", "a", "b"],
        ["0", "c", "d"],
    ]
    home.write("train.tsv", "sentence\tlabel\nfine \t1\n")
    assert rows(ds.SST2Dataset(home)) == [["fine ", "1"]]
    home.write("enwik9", "one\n\ntwo\n")
    assert rows(ds.EnWik9Dataset(home, shuffle=False)) == [["one"], [""], ["two"]]
    with pytest.raises(ValueError):
        ds.CLUEDataset(os.path.join(home, "a.json"), "XYZ")


def test_made_up_images_are_the_same_each_time():
    data = [
        list(ds.FakeImageDataset(50, (4, 5, 3), 10, 7, shuffle=False).create_tuple_iterator(output_numpy=True))
        for _ in range(2)
    ]
    assert all(np.array_equal(x[0], y[0]) and x[1] == y[1] for x, y in zip(*data)) and len(data[0]) == 50
    assert np.unique([kind for _, kind in data[0]]).tolist() == list(range(10))
    kinds = [row[1] for row in rows(ds.FakeImageDataset(50, (2, 2, 3), sampler=ds.PKSampler(3)))]
    assert kinds == np.repeat(np.arange(10), 3).tolist()
    for wrong, error in (
        ((-1,), ValueError),
        (("1",), TypeError),
        ((5, (2, 2)), ValueError),
        ((5, ("1", 2, 3)), TypeError),
    ):
        with pytest.raises(error):
            ds.FakeImageDataset(*wrong)


def test_random_rows_of_a_schema():
    schema = ds.Schema()
    schema.add_column("image", ms.uint8, [2, 3])
    schema.add_column("label", ms.float32, [1])
    data = ds.RandomDataset(schema=schema, num_samples=5).repeat(2)
    found = [(row["image"].shape, row["label"].dtype) for row in data.create_dict_iterator(output_numpy=True)]
    assert found == [((2, 3), np.float32)] * 10
    with pytest.raises(RuntimeError):
        ds.RandomDataset(-1)
    assert ds.RandomDataset(3, columns_list=["a", "b"]).get_col_names() == ["c0", "c1"]


@pytest.mark.parametrize(
    "arguments",
    [{"num_shards": 2}, {"shard_id": 0}, {"sampler": ds.SequentialSampler(), "shuffle": False}],
)
def test_arguments_that_do_not_go_together(arguments):
    with pytest.raises(RuntimeError):
        ds.FakeImageDataset(5, **arguments)
