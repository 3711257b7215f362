"""Descriptions of columns: their names, types and shapes."""

import json
import os
from typing import Any

import numpy as np

from ...core.dtype import DType
from ...core.errors import fail
from .. import checks
from ..remembered import Remembered

TYPES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64", "string",
)  # fmt: skip


class Schema(Remembered):
    """Names, types and shapes of columns, for ``TFRecordDataset``.

    Args:
        schema_file (str): path of a JSON file with "columns", and perhaps "datasetType" and "numRows". Default: None.

    Attributes:
        columns: list of dicts with "name", "type", "rank" and, where it is known, "shape".
        num_rows: int, how many rows there are; 0 for all.

    Raises:
        RuntimeError: the file is not such a description.

    >>> import minispore as ms
    >>> import minispore.dataset as ds
    >>> schema = ds.Schema()
    >>> schema.add_column("label", ms.int32, [1])
    >>> schema.columns
    [{'name': 'label', 'type': 'int32', 'rank': 1, 'shape': [1]}]
    """

    def __init__(self, schema_file=None):
        self.columns: list[dict[str, Any]] = []
        self._open: set[str] = set()  # columns that were described without a shape
        self.dataset_type, self.num_rows = "", 0
        if schema_file is not None:
            if not os.path.isfile(checks.instance("Schema", (str, os.PathLike), schema_file=schema_file)):
                raise fail(ValueError, f"For 'Schema', there is no file {schema_file}.")
            try:
                with open(os.fspath(schema_file), encoding="utf-8") as file:
                    content = json.load(file)
            except (OSError, ValueError) as error:
                raise fail(RuntimeError, f"For 'Schema', the file {schema_file} cannot be read: {error}") from None
            self.from_json(content)

    def add_column(self, name: str, de_type, shape=None) -> None:
        """Adds a column.

        Args:
            name (str): its name.
            de_type (Union[str, dtype]): "int8" ... "float64", "bool", "string", or a dtype.
            shape (list[int]): the sizes, -1 for one that is not known. Default: None, for one unknown size.

        Raises:
            TypeError: an argument of the wrong type, or an unknown type of column.
        """
        if not checks.string("add_column", name=name):
            raise fail(TypeError, "For 'add_column', 'name' must not be empty.")
        kind = de_type.name if isinstance(de_type, DType) else "string" if str(de_type) == "String" else de_type
        if kind not in TYPES:
            raise fail(
                TypeError, f"For 'add_column', 'de_type' must be a dtype or one of {TYPES}, but got {de_type!r}."
            )
        column: dict[str, Any] = {"name": name, "type": kind, "rank": 1 if shape is None else len(shape)}
        if shape is not None:
            checks.instance("add_column", list, shape=shape)
            column["shape"] = [int(checks.instance("add_column", (int, np.integer), shape=size)) for size in shape]
        self.columns.append(column)

    def parse_columns(self, columns) -> None:
        """Replaces the columns.

        Args:
            columns (Union[list[dict], dict]): dicts with "name", "type" and "shape", or a dict {name: such a dict}.

        Raises:
            RuntimeError: another type, or a name or a type is missing.
        """
        if isinstance(columns, dict):
            columns = [{**given, "name": name} for name, given in columns.items()]
        if not isinstance(columns, list):
            raise fail(RuntimeError, f"For 'parse_columns', 'columns' must be a list or a dict, but got {columns!r}.")
        self.columns, self._open = [], set()
        for given in columns:
            for key in ("name", "type"):
                if key not in given:
                    raise fail(RuntimeError, f"For 'parse_columns', a column has no '{key}': {given}.")
            rank = given.get("rank")
            self.add_column(given["name"], given["type"], given.get("shape", [-1] * rank if rank else []))
            if rank and "shape" not in given:  # so many axes of any lengths: the values as they are
                del self.columns[-1]["shape"]
                self._open.add(given["name"])

    def from_json(self, json_obj: dict) -> None:
        """Takes over the content of a description.

        Args:
            json_obj (dict): with "columns".

        Raises:
            RuntimeError: there are no columns.
        """
        if not isinstance(json_obj, dict) or not json_obj.get("columns"):
            raise fail(RuntimeError, "For 'from_json', 'json_obj' must be a dict with 'columns'.")
        unknown = sorted(set(json_obj) - {"columns", "datasetType", "numRows"})
        if unknown:
            raise fail(RuntimeError, f"For 'from_json', there are unknown fields: {unknown}.")
        self.parse_columns(json_obj["columns"])
        self.dataset_type = json_obj.get("datasetType", "")
        self.num_rows = int(json_obj.get("numRows", 0))
        if self.num_rows < 0:
            raise fail(ValueError, f"For 'from_json', 'numRows' must not be negative, but got {self.num_rows}.")

    def to_json(self) -> str:
        """The description as JSON.

        Returns:
            str.
        """
        unknown = {"rank": 0, "shape": []}  # as MindSpore writes it
        columns = [{**column, **unknown} if column["name"] in self._open else column for column in self.columns]
        content: dict[str, Any] = {"columns": [dict(sorted(column.items())) for column in columns]}
        if self.dataset_type:
            content["datasetType"] = self.dataset_type
        if self.num_rows:
            content["numRows"] = self.num_rows
        return json.dumps(content, indent=2)

    __str__ = to_json


__all__ = ["Schema"]
