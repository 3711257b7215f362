"""``export`` writes a net as ONNX for other runtimes, ``load`` runs such a file; both with a key where one is given."""

import os
import warnings

import numpy as np

from ..core import checks
from ..core.errors import fail
from ..core.record import user_level
from ..core.tensor import Tensor
from .checkpoint import encryption
from .checkpoint.atomic import atomic_file

EXPORTED = {"ONNX": ".onnx", "MINDIR": ".mindir"}


def export(net, *inputs, file_name, file_format, **kwargs):
    """Writes what a net computes for inputs of these shapes as an ONNX file, for other runtimes.

    Args:
        net: Cell in evaluation mode (``set_train(False)``), or a function.
        *inputs: Tensors; their shapes and types are those of the exported graph.  Or a data set with a column "image",
            which has the shape and type of one; what it does to images is not part of the file.
        file_name: path; ".onnx" or ".mindir" is added where it is missing.
        file_format: "ONNX"; or "MINDIR", which writes the same content under a name with ".mindir", so that scripts for
            MindSpore can ``load`` it here.  Unlike MindSpore, "MINDIR" is ONNX too, which MindSpore itself cannot load.
        **kwargs: ``enc_key`` (bytes) and ``enc_mode`` encrypt a "MINDIR" as ``save_checkpoint`` does; for both formats
            ``enc_mode`` may be a function of (bytes of the file, key) that returns what is written.  Others: accepted.

    Raises:
        TypeError: ``file_name`` is not a path.
        ValueError: another format (AIR is for Ascend); a wrong key or mode, or "ONNX" with a mode that is no function;
            ``custom_func`` with "ONNX".
        NotImplementedError: an op of the net has no form in ONNX; the message names it and the line.  Or ``custom_func``
            or ``obf_func`` is given.
        ImportError: the package onnx, or for a key cryptography, is not installed.

    >>> import os, tempfile
    >>> import minispore as ms
    >>> path = os.path.join(tempfile.mkdtemp(), "net")
    >>> ms.export(ms.nn.Dense(2, 1), ms.Tensor([[1.0, 2.0]]), file_name=path, file_format="ONNX")
    >>> os.path.exists(path + ".onnx")
    True
    """
    checks.instance("export", (str, os.PathLike), file_name=file_name)
    if file_format not in EXPORTED:
        raise fail(ValueError, f"For 'export', 'file_format' must be 'ONNX' or 'MINDIR', but got {file_format!r}.")
    _check_changes(file_format, kwargs)
    encrypt = _encryption(file_format, kwargs.get("enc_key"), kwargs.get("enc_mode", "AES-GCM"))
    from ..graph.onnx import to_onnx

    name, ending = os.fspath(file_name), EXPORTED[file_format]
    path = name if name.endswith(ending) else name + ending
    model = to_onnx(net, tuple(_input_like(x) for x in inputs))
    if file_format == "MINDIR":
        warnings.warn(
            f"{path} holds ONNX: minispore.load and ONNX runtimes read it, MindSpore does not.", stacklevel=user_level()
        )
    with atomic_file(os.path.realpath(path)) as file:
        file.write(encrypt(model))


def _check_changes(file_format: str, options: dict) -> None:
    """Refuses the options that would make another model."""
    if options.get("custom_func") is not None and file_format != "MINDIR":
        raise fail(ValueError, f"For 'export', 'custom_func' is for the format 'MINDIR', but got {file_format!r}.")
    for name in ("custom_func", "obf_func"):
        if options.get(name) is not None:
            raise fail(
                NotImplementedError,
                f"For 'export', '{name}' is not supported: the file holds ONNX, change it with the package onnx.",
            )


def _encryption(file_format: str, key, mode):
    """function(bytes of a model) -> bytes to write."""
    if key is None:
        return lambda model: model
    if callable(mode):
        if not isinstance(key, bytes):
            raise fail(ValueError, f"For 'export', 'enc_key' must be bytes, but got {type(key).__name__}.")
        return lambda model: mode(model, key)
    encryption.check("export", "enc", key, mode)
    if file_format == "ONNX":
        raise fail(
            ValueError,
            f"For 'export', 'enc_mode' for ONNX must be a function of (bytes, key), but got {mode!r}: other runtimes "
            "could not read the file. Take the format 'MINDIR'.",
        )
    return lambda model: encryption.encrypted(model, key, mode)


def _input_like(given):
    """An input; for a data set zeros with the shape and type of its column "image"."""
    if not hasattr(given, "get_col_names"):
        return given
    columns = given.get_col_names()
    if "image" not in columns:
        raise fail(
            RuntimeError, f"For 'export', a data set must have the column 'image', but it has the columns {columns}."
        )
    at = columns.index("image")
    return Tensor(np.zeros(given.output_shapes()[at], given.output_types()[at]))


def load(file_name, **kwargs):
    """An exported file as a callable, run by onnxruntime.

    Args:
        file_name: path of an ".onnx" or ".mindir" file that ``export`` wrote.
        **kwargs: ``dec_key`` and ``dec_mode``, the ``enc_key`` and ``enc_mode`` it was written with; a function for
            ``dec_mode`` is called with (path, key) and returns the bytes of the model.  Others: accepted.

    Returns:
        function of Tensors that gives a Tensor or a tuple of them.

    Raises:
        NotImplementedError: ``obf_func`` is given.
        ValueError: the file does not exist or is not one that ``export`` wrote (such as a MINDIR of MindSpore); it is
            encrypted and the key or the mode is missing or another one.
        ImportError: the package onnxruntime, or for a key cryptography, is not installed.

    >>> import os, tempfile
    >>> import minispore as ms
    >>> path = os.path.join(tempfile.mkdtemp(), "net.onnx")
    >>> ms.export(ms.nn.ReLU(), ms.Tensor([-1.0, 2.0]), file_name=path, file_format="ONNX")
    >>> print(ms.load(path)(ms.Tensor([-3.0, 4.0])))
    [0. 4.]
    """
    if not isinstance(file_name, (str, os.PathLike)):
        raise fail(ValueError, f"For 'load', 'file_name' must be a str, but got {type(file_name).__name__}.")
    name = os.fspath(file_name)
    if not name.endswith(tuple(EXPORTED.values())):
        raise fail(
            ValueError,
            f"For 'load', an .onnx or .mindir file is needed, but got {name!r}; for weights use load_checkpoint.",
        )
    if not os.path.isfile(name):
        raise fail(ValueError, f"For 'load', the file {name} does not exist.")
    if kwargs.get("obf_func") is not None:
        raise fail(NotImplementedError, "For 'load', 'obf_func' is not supported.")
    model = _decrypted(name, kwargs.get("dec_key"), kwargs.get("dec_mode", "AES-GCM"))
    from ..graph.onnx import OnnxModel

    return OnnxModel(name, model)


def _decrypted(path: str, key, mode) -> bytes | None:
    """The content of an encrypted model; None where nothing is encrypted."""
    if key is None:
        with open(path, "rb") as file:
            if encryption.looks_encrypted(file.read(4)):
                raise fail(ValueError, f"For 'load', the file {path} is encrypted: give 'dec_key' (and 'dec_mode').")
        return None
    if callable(mode):
        return mode(path, key)
    encryption.check("load", "dec", key, mode)
    with open(path, "rb") as file:
        data = file.read()
    try:
        return encryption.decrypted(data, key, mode)
    except ValueError as error:
        raise fail(
            ValueError, f"For 'load', the file {path} cannot be decrypted with 'dec_key' and {mode}: {error}."
        ) from None
