"""MindSpore's ``mindrecord`` beside its reader and writer: pages of records by category, and converters of public data."""

import csv
import io
import json
import os
from typing import Any

import numpy as np

from ...core.errors import fail
from ...dataset import checks
from ...dataset.mindrecord import FileWriter
from ...dataset.mindrecord.errors import ERRORS
from ...dataset.mindrecord.file import check_reading, opened, values_of
from ...dataset.sources.images import read_idx, read_pickle


class MindPage:
    """Reads the records that agree in a column, some at a time.

    Args:
        file_name: path, or a list of them.
        num_consumer: accepted.  Default: 4.

    Raises:
        ParamValueError: another type of argument.
        RuntimeError: a file does not exist, or is damaged.
    """

    def __init__(self, file_name, num_consumer=4):
        check_reading("MindPage", file_name, num_consumer)
        self._files = opened("MindPage", file_name)
        first = self._files[0]
        plain = [
            name for name, field in sorted(first.schema.items()) if "shape" not in field and field["type"] != "bytes"
        ]
        self._fields, self._field = list(first.index) or plain, None
        self._found: dict[str, list[tuple[Any, int]]] = {}

    @property
    def candidate_fields(self) -> list[str]:
        """The columns that records can be chosen by."""
        return list(self._fields)

    @property
    def category_field(self) -> str | None:
        """The column that they are chosen by."""
        return self._field

    @category_field.setter
    def category_field(self, category_field):
        if not category_field or not isinstance(category_field, str):
            raise fail(
                ERRORS["ParamTypeError"], f"For 'MindPage', 'category_field' must be a str, but got {category_field!r}."
            )
        if category_field not in self._fields:
            raise fail(
                ERRORS["MRMDefineCategoryError"], f"For 'MindPage', 'category_field' must be one of {self._fields}, but got "
                f"'{category_field}'.",
            )  # fmt: skip
        self._field = category_field
        places: dict[Any, list] = {}
        for file in self._files:
            for number in range(len(file)):
                places.setdefault(file.read(number)[category_field].item(), []).append((file, number))
        self._found = {str(value): places[value] for value in sorted(places)}

    def _chosen(self) -> dict[str, list[tuple[Any, int]]]:
        if self._field is None:
            raise fail(RuntimeError, "For 'MindPage', 'category_field' must be set first.")
        return self._found

    def read_category_info(self) -> str:
        """The values of the column and how many records each has, as JSON."""
        found = [
            {"count": len(places), "id": k, "name": name} for k, (name, places) in enumerate(self._chosen().items())
        ]
        return json.dumps({"categories": found, "key": f"{self._field}_0"}, separators=(",", ":"))

    def read_at_page_by_id(self, category_id, page, num_row) -> list[dict]:
        """The records of the ``category_id``-th value.

        Args:
            category_id: int from 0.
            page: int from 0, how many times ``num_row`` records to leave out.
            num_row: int above 0.

        Returns:
            list of dicts.
        """
        _check_place(category_id=(category_id, 0), page=(page, 0), num_row=(num_row, 1))
        names = list(self._chosen())
        if category_id >= len(names):
            raise fail(
                RuntimeError, f"For 'MindPage', 'category_id' must be in [0, {len(names) - 1}], but got {category_id}."
            )
        return self._page(names[category_id], page, num_row)

    def read_at_page_by_name(self, category_name, page, num_row) -> list[dict]:
        """The records of a value.

        Args:
            category_name: str.
            page: int from 0, how many times ``num_row`` records to leave out.
            num_row: int above 0.

        Returns:
            list of dicts.
        """
        if not isinstance(category_name, str):
            raise fail(
                ERRORS["ParamValueError"], f"For 'MindPage', 'category_name' must be a str, but got {category_name!r}."
            )
        _check_place(page=(page, 0), num_row=(num_row, 1))
        if category_name not in self._chosen():
            raise fail(RuntimeError, f"For 'MindPage', there is no record whose '{self._field}' is '{category_name}'.")
        return self._page(category_name, page, num_row)

    def _page(self, name: str, page: int, count: int) -> list[dict]:
        places = self._chosen()[name][page * count : (page + 1) * count]
        if not places:
            raise fail(RuntimeError, f"For 'MindPage', there is no page {page} of {count} records of '{name}'.")
        return [values_of(file.schema, file.read(number)) for file, number in places]


def _check_place(**given: tuple[Any, int]) -> None:
    for name, (value, least) in given.items():
        if not isinstance(value, int) or value < least:
            raise fail(
                ERRORS["ParamValueError"],
                f"For 'MindPage', '{name}' must be an int of at least {least}, but got {value!r}.",
            )


# ---------------------------------------------------------------- converters
def _write(name: str, schema: dict, index: list[str], rows: list[dict], partitions: int = 1) -> None:
    writer = FileWriter(name, partitions)
    writer.add_schema(schema, "converted")
    writer.add_index(index)
    writer.write_raw_data(rows)
    writer.commit()


def _jpeg(image: np.ndarray) -> bytes:
    from PIL import Image

    Image.fromarray(image).save(content := io.BytesIO(), "jpeg", quality=95)
    return content.getvalue()


class _Converter:
    """Reads data of another form and writes MindRecord files."""

    source: str
    destination: str
    map_file: str
    image_dir: str

    def _checked(self, partition_number: Any, **paths: Any) -> None:
        owner = type(self).__name__
        checks.string(owner, **paths)
        if isinstance(partition_number, bool) or not isinstance(partition_number, int):
            raise fail(ValueError, f"For '{owner}', 'partition_number' must be an int, but got {partition_number!r}.")
        vars(self).update(paths)
        self.partition_number = partition_number

    def _exists(self, *paths: str) -> None:
        for path in paths:
            if not os.path.exists(path):
                raise fail(OSError, f"For '{type(self).__name__}', {path} does not exist.")

    def run(self, *args: Any) -> None:
        """The work of ``transform``."""
        raise NotImplementedError

    def transform(self, *args: Any) -> None:
        """Writes the files."""
        self.run(*args)


class CsvToMR(_Converter):
    """Tables with a line of names.

    Args:
        source: path of the CSV file.
        destination: path of the MindRecord file.
        columns_list: list of the columns wanted.  Default: None, for all.
        partition_number: int, how many files.  Default: 1.
    """

    def __init__(self, source, destination, columns_list=None, partition_number=1):
        self._checked(partition_number, source=source, destination=destination)
        self._exists(source)
        self.columns_list = (
            checks.instance("CsvToMR", list, columns_list=columns_list) if columns_list is not None else None
        )

    def run(self, *args):
        with open(self.source, newline="", encoding="utf-8") as file:
            table = list(csv.DictReader(file))
        names = self.columns_list or list(table[0])
        kinds = {name: _kind([row[name] for row in table]) for name in names}
        schema = {name: {"type": word} for name, (word, _) in kinds.items()}
        _write(
            self.destination,
            schema,
            names,
            [{n: kinds[n][1](row[n]) for n in names} for row in table],
            self.partition_number,
        )


def _kind(words: list[str]) -> tuple[str, type]:
    for word, kind in (("int64", int), ("float64", float)):
        try:
            for item in words:
                kind(item)
            return word, kind
        except ValueError:
            continue
    return "string", str


class MnistToMR(_Converter):
    """The files of MNIST, as ``<destination>_train.mindrecord`` and ``<destination>_test.mindrecord``.

    Args:
        source: path of the folder.
        destination: str, the begin of the names.
        partition_number: int, how many files.  Default: 1.
    """

    def __init__(self, source, destination, partition_number=1):
        self._checked(partition_number, source=source, destination=destination)
        self._exists(source)

    def run(self, *args):
        for part, begin in (("train", "train"), ("test", "t10k")):
            paths = [os.path.join(self.source, f"{begin}-{what}-ubyte.gz") for what in ("images-idx3", "labels-idx1")]
            images, labels = read_idx(paths[0], 2051), read_idx(paths[1], 2049)
            rows = [{"label": int(label), "data": _jpeg(image)} for image, label in zip(images, labels)]
            schema = {"label": {"type": "int64"}, "data": {"type": "bytes"}}
            _write(f"{self.destination}_{part}.mindrecord", schema, ["label"], rows, self.partition_number)


class ImageNetToMR(_Converter):
    """Folders of images, one for each class.

    Args:
        map_file: path of a file with the name of a folder and a label in each line.
        image_dir: path of the folders.
        destination: path of the MindRecord file.
        partition_number: int, how many files.  Default: 1.
    """

    def __init__(self, map_file, image_dir, destination, partition_number=1):
        self._checked(partition_number, map_file=map_file, image_dir=image_dir, destination=destination)

    def run(self, *args):
        self._exists(self.map_file, self.image_dir)
        rows: list[dict] = []
        with open(self.map_file, encoding="utf-8") as file:
            labels = dict(line.split() for line in file if line.strip())
        for name, label in labels.items():
            for image in sorted(os.listdir(os.path.join(self.image_dir, name))):
                with open(os.path.join(self.image_dir, name, image), "rb") as file:
                    rows.append({"label": int(label), "file_name": image, "data": file.read()})
        schema = {"label": {"type": "int64"}, "data": {"type": "bytes"}, "file_name": {"type": "string"}}
        _write(self.destination, schema, ["label", "file_name"], rows, self.partition_number)


class _CifarToMR(_Converter):
    """The files of CIFAR, as ``destination`` and ``<destination>_test``.

    Args:
        source: path of the folder.
        destination: path of the MindRecord file.
    """

    _parts: dict[str, list[str]]
    _labels: list[str]

    def __init__(self, source, destination):
        self._checked(1, source=source, destination=destination)
        self._exists(source)

    def run(self, fields=None):
        if fields is not None:
            checks.instance(type(self).__name__, list, fields=fields)
        for end, names in self._parts.items():
            rows: list[dict] = []
            for name in names:
                content = read_pickle(os.path.join(self.source, name))
                images = np.asarray(content["data"], np.uint8).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
                marks = zip(*(content[f"{label}s"] for label in self._labels))
                rows += [
                    {"id": len(rows) + k, **dict(zip(self._labels, map(int, kinds))), "data": _jpeg(image)}
                    for k, (image, kinds) in enumerate(zip(images, marks))
                ]
            schema = {name: {"type": "int64"} for name in ("id", *self._labels)} | {"data": {"type": "bytes"}}
            _write(self.destination + end, schema, ["id", *(fields or [])], rows)


class Cifar10ToMR(_CifarToMR):
    __doc__ = _CifarToMR.__doc__
    _parts = {"": [f"data_batch_{k}" for k in range(1, 6)], "_test": ["test_batch"]}
    _labels = ["label"]


class Cifar100ToMR(_CifarToMR):
    __doc__ = _CifarToMR.__doc__
    _parts = {"": ["train"], "_test": ["test"]}
    _labels = ["fine_label", "coarse_label"]
