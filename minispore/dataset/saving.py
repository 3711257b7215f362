"""``Dataset.save``: the rows of a pipeline as MindRecord files."""

from typing import Any

import numpy as np

from ..core.errors import fail
from . import checks
from .mindrecord import FileWriter

_AT_ONCE = 1000  # rows that are in memory together


def _type_of(name: str, array: np.ndarray) -> str:
    """The type of MindRecord that holds a column; it has no smaller ones."""
    kind = array.dtype.kind
    if kind in "US":
        return "string" if kind == "U" else "bytes"
    if kind == "b" or (kind in "iu" and np.can_cast(array.dtype, np.int32)):
        return "int32"
    if kind in "iu":
        return "int64"
    if kind == "f":
        return "float64" if array.dtype.itemsize == 8 else "float32"
    raise fail(TypeError, f"For 'save', the column '{name}' holds {array.dtype}, which MindRecord files do not.")


def _schema_of(row: dict) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for name, value in row.items():
        array = np.asarray(value)
        found[name] = {"type": _type_of(name, array)}
        if array.ndim and array.dtype.kind in "US":
            raise fail(TypeError, f"For 'save', the column '{name}' holds {array.ndim}-d arrays of strings.")
        if array.ndim:
            found[name]["shape"] = [-1, *array.shape[1:]]
    return found


def _fitted(schema: dict, row: dict) -> dict[str, Any]:
    out = {}
    for name, field in schema.items():
        value = np.asarray(row[name])
        if field["type"] in ("string", "bytes"):
            out[name] = value.item()
            continue
        wide = value.astype(field["type"])
        if value.dtype.kind == "u" and (wide < 0).any():
            raise fail(ValueError, f"For 'save', the column '{name}' holds a number beyond the range of int64.")
        out[name] = wide if wide.ndim else wide.item()
    return out


def save(dataset, file_name: str, num_files: int, file_type: str) -> None:
    """Writes one epoch of ``dataset``."""
    checks.string("save", file_name=file_name)
    checks.one_of("save", ("mindrecord",), file_type=file_type)
    if not 1 <= checks.integer("save", num_files=num_files) <= 1000:
        raise fail(ValueError, f"For 'save', 'num_files' must be from 1 to 1000, but got {num_files}.")
    writer = FileWriter(file_name, num_files)
    schema: dict[str, dict] = {}
    waiting: list[dict] = []
    for row in dataset.create_dict_iterator(num_epochs=1, output_numpy=True):
        if not schema:
            schema = _schema_of(row)
            writer.add_schema(schema)
        waiting.append(_fitted(schema, row))
        if len(waiting) == _AT_ONCE:
            writer.write_raw_data(waiting)
            waiting = []
    if not schema:
        raise fail(RuntimeError, "For 'save', the dataset has no rows.")
    writer.write_raw_data(waiting)
    writer.commit()
