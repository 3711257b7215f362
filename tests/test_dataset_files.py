"""Files of images and text, written by the tests: read right, and refused when damaged."""

import gzip
import pickle
import struct

import numpy as np
import pytest

import minispore.dataset as ds
from minispore.dataset import text, vision


def columns(data, *names):
    made = list(data.create_dict_iterator(num_epochs=1, output_numpy=True))
    return [[row[name].tolist() for row in made] for name in names]


def write_mnist(folder, part, n, seed=0, opener=open, end=""):
    pixels = np.random.RandomState(seed).randint(0, 256, (n, 28, 28)).astype(np.uint8)
    with opener(folder / f"{part}-images-idx3-ubyte{end}", "wb") as file:
        file.write(struct.pack(">4i", 2051, n, 28, 28) + pixels.tobytes())
    with opener(folder / f"{part}-labels-idx1-ubyte{end}", "wb") as file:
        file.write(struct.pack(">2i", 2049, n) + bytes(range(n)))
    return pixels


@pytest.mark.parametrize("opener, end", [(open, ""), (gzip.open, ".gz")])
@pytest.mark.parametrize("kind", [ds.MnistDataset, ds.FashionMnistDataset])
def test_mnist(tmp_path, opener, end, kind):
    """Types, shapes, and test before train under "all" as MindSpore."""
    train = write_mnist(tmp_path, "train", 5, opener=opener, end=end)
    write_mnist(tmp_path, "t10k", 3, 1, opener=opener, end=end)
    row = next(kind(str(tmp_path), "train", shuffle=False).create_dict_iterator(num_epochs=1, output_numpy=True))
    assert row["image"].dtype == np.uint8 and row["label"].dtype == np.uint32 and row["label"].shape == ()
    assert np.array_equal(row["image"], train[0][..., None])
    assert columns(kind(str(tmp_path), shuffle=False), "label") == [[0, 1, 2, 0, 1, 2, 3, 4]]
    assert kind(str(tmp_path), "test").get_dataset_size() == 3
    assert columns(kind(str(tmp_path), "train", num_samples=2, shuffle=False), "label") == [[0, 1]]
    shards = [
        columns(kind(str(tmp_path), "train", num_shards=2, shard_id=i, shuffle=False), "label")[0] for i in (0, 1)
    ]
    assert shards == [[0, 2, 4], [1, 3, 0]]
    assert columns(kind(str(tmp_path), sampler=ds.PKSampler(2)), "label") == [[0, 0, 1, 1, 2, 2, 3, 4]]


IMAGES = "train-images-idx3-ubyte"


@pytest.mark.parametrize(
    "damage, message",
    [
        (lambda content: content[:-10], "must have 3936 bytes"),
        (lambda content: struct.pack(">i", 2052) + content[4:], "magic number 2051, but got 2052"),
        (lambda content: content[:2], "16 bytes of header"),
        (lambda content: struct.pack(">4i", 2051, 4, 28, 28) + content[16 : 16 + 4 * 784], "as many images as labels"),
        (lambda content: struct.pack(">4i", 2051, 4, 28, 28) + content[16:], "must have 3152 bytes"),
    ],
)
def test_damaged_mnist(tmp_path, damage, message):
    write_mnist(tmp_path, "train", 5)
    content = (tmp_path / IMAGES).read_bytes()
    (tmp_path / IMAGES).write_bytes(damage(content))
    with pytest.raises(RuntimeError, match=message):
        ds.MnistDataset(str(tmp_path), "train").get_dataset_size()


def test_truncated_gzip(tmp_path):
    write_mnist(tmp_path, "train", 5, opener=gzip.open, end=".gz")
    path = tmp_path / (IMAGES + ".gz")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(RuntimeError, match="cannot be read"):
        ds.MnistDataset(str(tmp_path), "train").get_dataset_size()


def test_wrong_folders(tmp_path):
    for kind in (ds.MnistDataset, ds.Cifar10Dataset, ds.ImageFolderDataset):
        with pytest.raises(ValueError, match="does not exist"):
            kind(str(tmp_path / "nowhere"))
        with pytest.raises(RuntimeError, match=str(tmp_path)):
            kind(str(tmp_path)).get_dataset_size()
    with pytest.raises(ValueError, match="usage"):
        ds.MnistDataset(str(tmp_path), "validation")
    with pytest.raises(TypeError):
        ds.MnistDataset(3)


# ---------------------------------------------------------------- CIFAR
def test_cifar_binary(tmp_path):
    record = np.arange(3072, dtype=np.uint16).astype(np.uint8)
    (tmp_path / "data_batch_1.bin").write_bytes(b"".join(bytes([label]) + record.tobytes() for label in (7, 8)))
    (tmp_path / "test_batch.bin").write_bytes(bytes([9]) + record.tobytes())
    rows = list(ds.Cifar10Dataset(str(tmp_path), shuffle=False).create_dict_iterator(num_epochs=1, output_numpy=True))
    assert [int(row["label"]) for row in rows] == [7, 8, 9] and rows[0]["label"].dtype == np.uint32
    assert np.array_equal(rows[0]["image"], record.reshape(3, 32, 32).transpose(1, 2, 0))
    (tmp_path / "test_batch.bin").write_bytes(b"123")
    with pytest.raises(RuntimeError, match="records of 3073 bytes"):
        ds.Cifar10Dataset(str(tmp_path), "test").get_dataset_size()


@pytest.mark.parametrize("protocol", [2, 4])
def test_cifar_pickles(tmp_path, protocol):
    pixels = np.random.RandomState(0).randint(0, 256, (3, 3072)).astype(np.uint8)
    batch = {b"data": pixels, b"coarse_labels": [1, 2, 3], b"fine_labels": [4, 5, 6], b"filenames": [b"a"] * 3}
    (tmp_path / "train").write_bytes(pickle.dumps(batch, protocol))
    data = ds.Cifar100Dataset(str(tmp_path), "train", shuffle=False)
    assert data.get_col_names() == ["image", "coarse_label", "fine_label"]
    image, coarse, fine = columns(data, "image", "coarse_label", "fine_label")
    assert coarse == [1, 2, 3] and fine == [4, 5, 6]
    assert np.array_equal(image, pixels.reshape(3, 3, 32, 32).transpose(0, 2, 3, 1))


class Harmful:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def test_nothing_in_a_pickle_is_executed(tmp_path):
    victim = tmp_path / "written"
    (tmp_path / "test_batch").write_bytes(pickle.dumps({"data": Harmful(str(victim)), "labels": [1]}))
    with pytest.raises(RuntimeError, match="which is no data"):
        ds.Cifar10Dataset(str(tmp_path), "test").get_dataset_size()
    assert not victim.exists()
    (tmp_path / "test_batch").write_bytes(b"nonsense")
    with pytest.raises(RuntimeError, match="not a batch of CIFAR"):
        ds.Cifar10Dataset(str(tmp_path), "test").get_dataset_size()


# ---------------------------------------------------------------- folders of images
@pytest.fixture
def folders(tmp_path):
    Image = pytest.importorskip("PIL.Image")
    for label, name in enumerate(("ant", "cat", "dog")):
        (tmp_path / name).mkdir()
        for number in range(2):
            Image.fromarray(np.full((4, 5, 3), 10 * label + number, np.uint8)).save(tmp_path / name / f"{number}.png")
    (tmp_path / "cat" / "readme.txt").write_text("no image")
    return tmp_path


def test_image_folder(folders):
    data = ds.ImageFolderDataset(str(folders), decode=True, shuffle=False)
    image, label = columns(data, "image", "label")
    assert label == [0, 0, 1, 1, 2, 2] and [pixels[0][0][0] for pixels in image] == [0, 1, 10, 11, 20, 21]
    assert data.output_shapes() == [[4, 5, 3], []] and data.output_types() == [np.uint8, np.int32]
    assert data.get_class_indexing() == {"ant": 0, "cat": 1, "dog": 2} and data.num_classes() == 3
    chosen = ds.ImageFolderDataset(str(folders), class_indexing={"dog": 7}, shuffle=False)
    assert columns(chosen, "label") == [[7, 7]]
    encoded = ds.ImageFolderDataset(str(folders), shuffle=False, num_parallel_workers=3)
    decoded = encoded.map(vision.Decode(), ["image"], num_parallel_workers=3)
    assert columns(decoded.batch(2), "image")[0][1][0][0][0] == [10, 10, 10]


def test_damaged_image(folders):
    (folders / "ant" / "9.png").write_bytes(b"nonsense")
    with pytest.raises(RuntimeError, match="9.png cannot be read"):
        columns(ds.ImageFolderDataset(str(folders), decode=True), "label")


# ---------------------------------------------------------------- text
def test_text_files(tmp_path):
    (tmp_path / "a.txt").write_bytes("hello wörld\r\n\nbye\n".encode())
    (tmp_path / "b.txt").write_text("end")
    data = ds.TextFileDataset(str(tmp_path / "*.txt"), shuffle=False)
    assert columns(data, "text") == [["hello wörld", "bye", "end"]]
    words = data.map(text.WhitespaceTokenizer(), ["text"])
    vocab = text.Vocab.from_dataset(words, special_tokens=["<unk>"])
    assert vocab.vocab() == {"<unk>": 0, "bye": 1, "end": 2, "hello": 3, "wörld": 4}
    assert columns(words.map(text.Lookup(vocab, "<unk>"), ["text"]), "text") == [[[3, 4], [1], [2]]]
    with pytest.raises(ValueError, match="match no file"):
        ds.TextFileDataset(str(tmp_path / "none.txt"))
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuntimeError, match="cannot be read as text"):
        columns(ds.TextFileDataset(str(tmp_path / "a.txt")), "text")


def test_csv(tmp_path):
    """Types of the defaults as MindSpore: int32, float32, str."""
    path = tmp_path / "a.csv"
    path.write_text('1,2.5,abc\n3,4.5,"d,e"\n')
    data = ds.CSVDataset(str(path), column_defaults=[0, 0.5, ""], column_names=["a", "b", "c"], shuffle=False)
    assert columns(data, "a", "b", "c") == [[1, 3], [2.5, 4.5], ["abc", "d,e"]]
    assert data.output_types()[:2] == [np.int32, np.float32]
    path.write_text("x,y\n1,2\n")
    assert columns(ds.CSVDataset(str(path)), "x", "y") == [["1"], ["2"]]
    with pytest.raises(RuntimeError, match="line 1 .* must have 1 fields, but got 2"):
        columns(ds.CSVDataset(str(path), column_names=["a"]), "a")
    with pytest.raises(RuntimeError, match="must have a number"):
        columns(ds.CSVDataset(str(path), column_defaults=[1, 1], column_names=["a", "b"]), "a")


def test_quotation_marks_in_csv(tmp_path):
    """MindSpore: lines and delimiters within them, "" for one; none within a field that does not begin with one."""
    path = tmp_path / "a.csv"
    path.write_text('"a\nb",c\n"d""e","f,g"\n', newline="")
    data = ds.CSVDataset(str(path), column_names=["a", "b"], column_defaults=[""], shuffle=False)
    assert columns(data, "a", "b") == [["a\nb", 'd"e'], ["c", "f,g"]]
    for wrong in ('a"b,c\n', '"ab,c\n', 'a,\\"b\n', "1,\n"):
        path.write_text(wrong)
        with pytest.raises(RuntimeError):
            columns(
                ds.CSVDataset(str(path), column_names=["a", "b"], column_defaults=["", 1 if wrong == "1,\n" else ""]),
                "a",
            )


def test_text_transforms():
    """Values as MindSpore."""
    assert text.WhitespaceTokenizer(True)("a b  c")[1].tolist() == [0, 2, 5]
    assert text.WhitespaceTokenizer()("").tolist() == [""]
    assert text.UnicodeCharTokenizer()("ab c").tolist() == ["a", "b", " ", "c"]
    assert text.RegexReplace("[0-9]+", "#")("a12b3") == "a#b#"
    assert text.RegexTokenizer(r"\s+", "")("a b  c").tolist() == ["a", "b", "c"]
    assert text.BasicTokenizer(True)("Hello, World!").tolist() == ["hello", ",", "world", "!"]
    assert text.BasicTokenizer(True)("Stra\u00dfe [CLS] \u00c9t\u00e9").tolist() == ["strasse", "[CLS]", "ete"]
    assert text.BasicTokenizer(True, preserve_unused_token=False)("[CLS]").tolist() == ["[", "cls", "]"]
    assert text.BasicTokenizer(keep_whitespace=True)("a  b").tolist() == ["a", "  ", "b"]
    words = np.array(["a", "b", "c"])
    ngrams = text.Ngram([2, 3], ("_", 1), ("_", 1), "-")(words)
    assert ngrams.tolist() == ["_-a", "a-b", "b-c", "c-_", "_-a-b", "a-b-c", "b-c-_"]
    assert text.SlidingWindow(2)(words).tolist() == [["a", "b"], ["b", "c"]]
    assert [part.tolist() for part in text.TruncateSequencePair(3)(words, np.array(["d", "e"]))] == [["a", "b"], ["d"]]
    assert text.AddToken("T", False)(["a", "b"]).tolist() == ["a", "b", "T"]
    assert text.ToNumber(np.int32)(np.array(["1", "2"])).tolist() == [1, 2]
    assert text.to_str(text.to_bytes(words)).tolist() == ["a", "b", "c"]
    with pytest.raises(RuntimeError, match='"q" does'):
        text.Lookup(text.Vocab.from_list(["a", "b"]))("q")
    with pytest.raises(ValueError, match="twice"):
        text.Vocab.from_list(["a", "a"])


@pytest.mark.parametrize("files", [1, 2])
def test_saved_rows_are_read_back(tmp_path, files):
    """The types of the columns are those that MindSpore's save gives them."""
    given = {"a": np.arange(6, dtype=np.int64).reshape(3, 2), "b": np.array([1.5, 2, 3], np.float16), "c": ["x", "yy", "z"],
             "d": np.array([True, False, True])}  # fmt: skip
    path = str(tmp_path / "rows.mindrecord")
    ds.NumpySlicesDataset(given, shuffle=False).save(path, files)
    names = path if files == 1 else [f"{path}{k}" for k in range(files)]
    rows = list(ds.MindDataset(names, shuffle=False).create_dict_iterator(num_epochs=1, output_numpy=True))
    assert [[r[n].tolist() for r in rows] for n in "abcd"] == [
        [[0, 1], [2, 3], [4, 5]],
        [1.5, 2, 3],
        ["x", "yy", "z"],
        [1, 0, 1],
    ]
    assert [rows[0][n].dtype for n in "abd"] == [np.int64, np.float32, np.int32]
    with pytest.raises(RuntimeError, match="exist already"):
        ds.NumpySlicesDataset(given, shuffle=False).save(path, files)


def test_what_cannot_be_saved(tmp_path):
    path, rows = str(tmp_path / "rows.mindrecord"), ds.NumpySlicesDataset({"a": [1]}, shuffle=False)
    for call, kind, message in (
        (lambda: rows.save(3), TypeError, "file_name"), (lambda: rows.save(path, 0), ValueError, "num_files"),
        (lambda: rows.save(path, 1, "tfrecord"), ValueError, "file_type"),
        (lambda: ds.NumpySlicesDataset({"a": [1j]}).save(path), TypeError, "'a'"),
        (lambda: ds.NumpySlicesDataset({"a": np.array([2**63], np.uint64)}).save(path), ValueError, "int64"),
    ):  # fmt: skip
        with pytest.raises(kind, match=message):
            call()
    assert not list(tmp_path.iterdir())
