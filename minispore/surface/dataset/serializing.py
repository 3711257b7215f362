"""Pipelines as JSON: every node, transform and sampler by its class and what it was made with."""

import base64
import json
from enum import Enum
from importlib import import_module
from typing import Any

import numpy as np

from ...core.dtype import DType
from ...core.errors import fail
from ...dataset import checks
from ...dataset.node import PipelineNode
from ...dataset.samplers import Sampler
from ...dataset.sources.schema import Schema
from ...dataset.text import Vectors, Vocab
from ...dataset.transforms.base import Transform

_HOME = __name__.partition(".")[0] + "."
_KINDS = (PipelineNode, Transform, Sampler, Schema)


def _encoded(value: Any) -> Any:
    if isinstance(value, Enum):
        return {"enum": [*_path(type(value)), value.name]}
    if value is None or isinstance(value, (bool, str)) or type(value) in (int, float):
        return value
    if isinstance(value, _KINDS):
        return _node(value)
    if isinstance(value, Vocab):
        return {"vocab": value.vocab()}
    if isinstance(value, Vectors):
        return {"vectors": [*_path(type(value)), _encoded(dict(value.table))]}
    if isinstance(value, list):
        return [_encoded(item) for item in value]
    if isinstance(value, (tuple, slice)):
        parts = value if isinstance(value, tuple) else (value.start, value.stop, value.step)
        return {type(value).__name__: [_encoded(item) for item in parts]}
    if isinstance(value, dict):
        return {"dict": [[_encoded(key), _encoded(item)] for key, item in value.items()]}
    if value is Ellipsis:
        return {"ellipsis": 0}
    if isinstance(value, DType):
        return {"type": str(value).lower()}
    if isinstance(value, type) and issubclass(value, (np.generic, bool, int, float)):
        return {"numpy type": np.dtype(value).name}
    if isinstance(value, np.dtype):
        return {"numpy type": value.name}
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biufcUS":
        array = np.asarray(value)
        return {"array": [array.dtype.str, list(array.shape), base64.b64encode(array.tobytes()).decode()]}
    raise fail(
        TypeError,
        f"For 'serialize', a pipeline must hold transforms and data only, but holds {type(value).__name__}, which JSON cannot.",
    )


def _path(kind: type) -> list[str]:
    return [kind.__module__.removeprefix(_HOME), kind.__qualname__]


def _node(node: Any) -> dict[str, Any]:
    args, kwargs = node.made_with
    made: dict[str, Any] = {"op_type": type(node).__name__.removesuffix("Dataset"), "class": _path(type(node))}
    made["args"] = [_encoded(arg) for arg in args]
    made["kwargs"] = {name: _encoded(value) for name, value in kwargs.items()}
    if isinstance(node, PipelineNode):
        made["children"] = [type(child).__name__.removesuffix("Dataset") for child in node.children]
    if isinstance(node, Sampler) and node.child_sampler is not None:
        made["child_sampler"] = _node(node.child_sampler)
    if isinstance(node, Schema):
        made["schema"] = _encoded(node.columns)
    return made


def _named(path: list[str], kinds: tuple) -> Any:
    """A class of the package by its path; nothing else, whatever the file says."""
    module, name = path
    found = getattr(import_module(_HOME + module), name, None) if module.partition(".")[0] == "dataset" else None
    if not (isinstance(found, type) and issubclass(found, kinds)):
        raise fail(ValueError, f"For 'deserialize', {module}.{name} is no part of a pipeline.")
    return found


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return [_decoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "op_type" in value:
        return _made(value)
    kind, inside = next(iter(value.items()))
    if kind == "array":
        return np.frombuffer(base64.b64decode(inside[2]), np.dtype(inside[0])).reshape(inside[1]).copy()
    if kind == "enum":
        return _named(inside[:2], (Enum,))[inside[2]]
    if kind == "vectors":
        return _named(inside[:2], (Vectors,))(_decoded(inside[2]))
    if kind == "vocab":
        return Vocab.from_dict(inside)
    if kind == "type":
        from ...core import dtype

        return getattr(dtype, "bool_" if inside == "bool" else inside)
    simple: dict[Any, Any] = {
        "tuple": tuple,
        "slice": lambda parts: slice(*parts),
        "dict": dict,
        "numpy type": np.dtype,
    }
    return Ellipsis if kind == "ellipsis" else simple[kind](_decoded(inside))


def _made(value: dict[str, Any]) -> Any:
    kind = _named(value["class"], _KINDS)
    node = kind(*_decoded(value["args"]), **{name: _decoded(item) for name, item in value["kwargs"].items()})
    if "child_sampler" in value:
        node.add_child(_made(value["child_sampler"]))
    if "schema" in value:
        node.columns = _decoded(value["schema"])
    return node


def serialize(dataset, json_filepath="") -> dict[str, Any]:
    """A pipeline as a dict that JSON can hold, and in a file if one is named.

    Args:
        dataset: Dataset.
        json_filepath: str, the file; "" (the default) for none.

    Returns:
        dict.

    Raises:
        TypeError: no dataset, or one with functions, which JSON cannot hold.
        OSError: the file cannot be written.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset([1, 2, 3], shuffle=False).batch(2)
    >>> ds.serialize(data)["op_type"], ds.deserialize(ds.serialize(data)).get_dataset_size()
    ('Batch', 2)
    """
    checks.instance("serialize", PipelineNode, dataset=dataset)
    made = _node(dataset)
    if checks.string("serialize", json_filepath=json_filepath):
        with open(json_filepath, "w", encoding="utf-8") as file:
            json.dump(made, file, indent=2)
    return made


def deserialize(input_dict=None, json_filepath=None) -> Any:
    """The pipeline that ``serialize`` was given; of the file if both are given.

    Args:
        input_dict: dict.  Default: None.
        json_filepath: str.  Default: None.

    Returns:
        Dataset; None if neither is given.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not what ``serialize`` writes.

    >>> import minispore.dataset as ds
    >>> ds.deserialize({"op_type": "Batch"})
    Traceback (most recent call last):
    ValueError: For 'deserialize', this is not what 'serialize' gives...
    """
    if json_filepath:
        with open(checks.string("deserialize", json_filepath=json_filepath), encoding="utf-8") as file:
            try:
                input_dict = json.load(file)
            except ValueError as error:
                raise fail(ValueError, f"For 'deserialize', {json_filepath} is no JSON: {error}") from None
    if input_dict is None:
        return None
    try:
        return _made(input_dict)
    except (KeyError, TypeError, IndexError, ImportError, AttributeError) as error:
        raise fail(ValueError, f"For 'deserialize', this is not what 'serialize' gives: {error!r}") from None


def compare(pipeline1, pipeline2) -> bool:
    """Whether two pipelines are the same operations with the same arguments.

    Args:
        pipeline1: Dataset.
        pipeline2: Dataset.

    Returns:
        bool.

    Raises:
        TypeError: no datasets, or with functions.

    >>> import minispore.dataset as ds
    >>> one, two = (ds.NumpySlicesDataset([1, 2, 3]).batch(size) for size in (1, 2))
    >>> ds.compare(one, one), ds.compare(one, two)
    (True, False)
    """
    return serialize(pipeline1) == serialize(pipeline2)


def show(dataset, indentation=2) -> None:
    """Prints what ``serialize`` gives.

    Args:
        dataset: Dataset.
        indentation: int, spaces.  Default: 2.

    Raises:
        TypeError: no dataset, or one with functions.

    >>> import minispore.dataset as ds
    >>> ds.show(ds.NumpySlicesDataset([1]))     # doctest: +ELLIPSIS
    {
      "op_type": "NumpySlices",
    ...
    """
    print(json.dumps(serialize(dataset), indent=checks.non_negative_int("show", indentation=indentation)))
