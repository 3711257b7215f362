"""Checkpoints as MindSpore's scripts use them: save_checkpoint, load_checkpoint, load_param_into_net, and ONNX export."""

import os
import re
import warnings

import numpy as np

from ..core import checks
from ..core.errors import fail
from ..core.op import wrap
from ..core.parameter import Parameter
from ..core.record import user_level
from ..core.registry import module_getattr as _module_getattr
from ..core.tensor import Tensor
from ..distributed import WORLD
from ..nn.cell import Cell
from .checkpoint import encryption, sharded
from .checkpoint.atomic import atomic_file
from .checkpoint.conversion import ckpt_to_safetensors, safetensors_to_ckpt
from .checkpoint.files import (
    FORMATS,
    path_and_format,
    read_file,
    save_in_background,
    saves,
    saving_now,
    wait_for_saving,
    write_file,
)

__all__ = [
    "async_ckpt_thread_status", "ckpt_to_safetensors", "export", "load", "load_checkpoint", "load_checkpoint_async",
    "load_distributed_checkpoint", "load_param_into_net", "safetensors_to_ckpt", "save_checkpoint",
]  # fmt: skip


# ---------------------------------------------------------------- saving
def save_checkpoint(
    save_obj, ckpt_file_name, integrated_save=True, async_save=False, append_dict=None, enc_key=None,
    enc_mode="AES-GCM", choice_func=None, crc_check=False, format=None, **kwargs,
):  # fmt: skip
    """Writes the values of Parameters to a file, which is complete or not changed at all.

    Args:
        save_obj: Cell (a net, an optimizer, a train step); list of Parameters or list of dicts ``{"name", "data"}``; or
            dict name -> Parameter, Tensor, array or str.
        ckpt_file_name: path.  ``.ckpt`` writes MindSpore's own format, ``.safetensors`` that one; another name
            gets the ending ``.ckpt``.
        integrated_save: bool, about state that ranks share out (``enable_parallel_optimizer``): gather all into this
            file; False: one file a rank beside it, and an index under this name.  All ranks call then.  Default: True.
        async_save: bool, "thread" or "process": whether the values are copied and written in the background.  Default:
            False.
        append_dict: dict of more entries: name -> int, float, bool, str, Tensor or Parameter.  Default: None.
        enc_key: bytes, 16, 24 or 32 of them, with which a ``.ckpt`` is encrypted as MindSpore does it; needs the package
            cryptography (``pip install minispore[encryption]``).  Default: None, nothing is encrypted.
        enc_mode: "AES-GCM", "AES-CBC" or "SM4-CBC" (16 bytes).
        choice_func: ``choice_func(name)`` says whether a Parameter of ``save_obj`` is written.  Default: None, for all.
        crc_check: bool, accepted; every file holds a checksum.
        format: "ckpt" or "safetensors", added to a name without it.  Default: None, the name decides.
        **kwargs: accepted.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an unknown format or ``async_save``, a wrong key or mode, a key for safetensors.
        IsADirectoryError: the path is a directory.
        OSError: the file cannot be written; an older one stays as it was.
        ImportError: a key without the package cryptography.

    >>> import os, tempfile
    >>> import minispore as ms
    >>> path = os.path.join(tempfile.mkdtemp(), "net.ckpt")
    >>> ms.save_checkpoint(ms.nn.Dense(3, 2), path, append_dict={"epoch_num": 7})
    >>> ms.load_checkpoint(path)["epoch_num"].asnumpy().item()
    7
    """
    encryption.check("save_checkpoint", "enc", enc_key, enc_mode)
    path, kind = _checked_target(save_obj, ckpt_file_name, format)
    if enc_key is not None and kind != "ckpt":
        raise fail(ValueError, "For 'save_checkpoint', 'enc_key' encrypts .ckpt files only; give the format 'ckpt'.")
    checks.boolean("save_checkpoint", integrated_save=integrated_save)
    _bools("save_checkpoint", crc_check=crc_check)
    checks.instance("save_checkpoint", (bool, str), async_save=async_save)
    if isinstance(async_save, str) and async_save not in ("process", "thread"):
        raise fail(
            ValueError, f"For 'save_checkpoint', 'async_save' must be 'process' or 'thread', but got {async_save!r}."
        )
    entries = {name: _content(data) for name, data in _chosen(save_obj, choice_func)}
    entries |= _appended(append_dict)
    saves(1)
    if not sharded.is_shared_out(save_obj):
        _write(path, kind, entries, async_save, enc_key, enc_mode)
    elif not integrated_save:
        sharded.write_set(path, lambda file, part: write_file(file, kind, part, enc_key, enc_mode), entries)
    else:
        gathered = sharded.gathered(entries)
        if WORLD.rank == 0:
            _write(path, kind, gathered, async_save, enc_key, enc_mode)


def _write(path: str, kind: str, entries: dict, async_save, key, mode) -> None:
    if async_save:
        entries = {name: data.copy() if isinstance(data, np.ndarray) else data for name, data in entries.items()}
        save_in_background(lambda: write_file(path, kind, entries, key, mode))
    else:
        wait_for_saving()
        write_file(path, kind, entries, key, mode)


def async_ckpt_thread_status() -> bool:
    """Whether a save in the background is going on.

    Returns:
        bool.

    >>> import minispore as ms
    >>> ms.async_ckpt_thread_status()
    False
    """
    return saving_now()


def _checked_target(save_obj, name, format) -> tuple[str, str]:
    if format is not None and format not in FORMATS:
        raise fail(ValueError, f"For 'save_checkpoint', 'format' must be 'safetensors' or 'ckpt', but got {format!r}.")
    checks.instance("save_checkpoint", (Cell, list, dict), save_obj=save_obj)
    if not isinstance(name, (str, os.PathLike)):
        raise fail(
            TypeError,
            f"For 'save_checkpoint', 'ckpt_file_name' must be a str, but got {type(name).__name__}: {name!r}.",
        )
    if os.path.isdir(os.path.abspath(name)):  # "" is the working directory, as in MindSpore
        raise fail(
            IsADirectoryError, f"For 'save_checkpoint', 'ckpt_file_name' {os.path.abspath(name)} is a directory."
        )
    path, kind = path_and_format(os.fspath(name), format)
    if not os.path.isdir(os.path.dirname(path)):
        raise fail(
            FileNotFoundError,
            f"For 'save_checkpoint', the directory {os.path.dirname(path)} does not exist; make it with os.makedirs.",
        )
    return path, kind


def _chosen(save_obj, choice_func):
    """(name, Parameter, Tensor, array or str) of each entry to save."""
    for name, data in _named(save_obj):
        if choice_func is None or choice_func(name):
            yield name, data


def _named(save_obj):
    if isinstance(save_obj, Cell):
        seen: set[str] = set()
        for _, p in save_obj.parameters_and_names():
            if p.name in seen:
                warnings.warn(
                    f"save_checkpoint: two Parameters have the name '{p.name}'; only the last is saved.",
                    UserWarning, stacklevel=user_level(),
                )  # fmt: skip
            seen.add(p.name)
            yield p.name, p
    elif isinstance(save_obj, dict):
        for name, data in save_obj.items():
            if not isinstance(name, str) or not isinstance(data, (Tensor, np.ndarray, str)):
                raise fail(
                    TypeError,
                    "For 'save_checkpoint', a dict must map str to Parameters, but got "
                    f"{type(name).__name__}: {type(data).__name__}.",
                )
            yield name, data
    else:
        for item in save_obj:
            if isinstance(item, Parameter):
                yield item.name, item
                continue
            if not isinstance(item, dict) or "name" not in item or "data" not in item:
                raise fail(
                    TypeError,
                    "For 'save_checkpoint', a list must hold Parameters, or dicts with the keys 'name' and 'data', but "
                    f"got {type(item).__name__}.",
                )
            if not isinstance(item["name"], str) or not isinstance(item["data"], Tensor):
                raise fail(
                    TypeError,
                    "For 'save_checkpoint', in a list of dicts 'name' must be a str and 'data' a Parameter or Tensor, but "
                    f"got {type(item['name']).__name__} and {type(item['data']).__name__}.",
                )
            yield item["name"], item["data"]


def _content(data):
    if isinstance(data, str):
        return data
    return data._array() if isinstance(data, Tensor) else Tensor(data)._array()


def _appended(append_dict) -> dict:
    if append_dict is None:
        return {}
    checks.instance("save_checkpoint", dict, append_dict=append_dict)
    for name, value in append_dict.items():
        if not isinstance(name, str) or not isinstance(value, (int, float, bool, str, Tensor, np.ndarray, np.generic)):
            raise fail(
                TypeError,
                "For 'save_checkpoint', 'append_dict' must map str to int, float, bool, str, Tensor or Parameter, but "
                f"got {type(name).__name__}: {type(value).__name__}.",
            )
    return {name: _content(value) for name, value in append_dict.items()}


# ---------------------------------------------------------------- loading
def load_checkpoint(
    ckpt_file_name, net=None, strict_load=False, filter_prefix=None, dec_key=None, dec_mode="AES-GCM",
    specify_prefix=None, choice_func=None, crc_check=False, remove_redundancy=False, format="ckpt",
):  # fmt: skip
    """Reads a checkpoint.  The content of the file says which format it has.

    Args:
        ckpt_file_name: path of a file of minispore or MindSpore, or a safetensors file of anyone.
        net: Cell that is to take the values, by ``load_param_into_net``.  Default: None.
        strict_load: bool, as in ``load_param_into_net``.  Default: False.
        filter_prefix: str or list of str; names that start with one are left out.  Default: None.
        dec_key: bytes with which the file was encrypted; needs the package cryptography.  Default: None, it is not.
        dec_mode: "AES-GCM", "AES-CBC" or "SM4-CBC", the mode it was encrypted in.
        specify_prefix: str or list of str; only names that start with one are read.  Default: None.
        choice_func: ``choice_func(name)`` says whether a name is read, where no prefixes are given.  Default: None.
        crc_check: bool, whether to warn when the file holds no checksum; one that is there is compared in any case.
            Default: False.
        remove_redundancy: bool, for several devices only.  Default: False.
        format: "ckpt" or "safetensors"; accepted.

    Returns:
        dict name -> Parameter (or str).

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: no such file; a damaged, cut off, encrypted or foreign one; a wrong key or mode; nothing is left after the choice.
        RuntimeError: a shape or type does not fit ``net``, which then stays as it was.

    >>> import os, tempfile
    >>> import minispore as ms
    >>> path = os.path.join(tempfile.mkdtemp(), "net.ckpt")
    >>> ms.save_checkpoint(ms.nn.Dense(3, 2), path)
    >>> list(ms.load_checkpoint(path, filter_prefix="bias"))
    ['weight']
    """
    if format not in FORMATS:
        raise fail(ValueError, f"For 'load_checkpoint', 'format' must be 'ckpt' or 'safetensors', but got {format!r}.")
    encryption.check("load_checkpoint", "dec", dec_key, dec_mode)
    _bools("load_checkpoint", crc_check=crc_check, remove_redundancy=remove_redundancy)
    if choice_func is not None and not callable(choice_func):
        raise fail(ValueError, f"For 'load_checkpoint', 'choice_func' must be a function, but got {choice_func!r:.60}.")
    specified, filtered = _prefixes("specify_prefix", specify_prefix), _prefixes("filter_prefix", filter_prefix)
    path = _existing(ckpt_file_name)
    entries, has_checksum = read_file(path, dec_key, dec_mode)
    if crc_check and not has_checksum:
        warnings.warn(f"load_checkpoint: {path} holds no checksum (crc).", UserWarning, stacklevel=user_level())

    def wanted(name: str) -> bool:
        if specified or filtered:
            return (not specified or name.startswith(specified)) and not (filtered and name.startswith(filtered))
        try:
            return choice_func is None or bool(choice_func(name))
        except Exception as error:  # a ValueError whatever the function raises, as MindSpore's
            raise fail(ValueError, f"For 'load_checkpoint', 'choice_func' raised for {name!r}: {error!r}.") from error

    found = {
        name: data if isinstance(data, str) else Parameter(wrap(data), name=name)
        for name, data in entries.items()
        if wanted(name)
    }
    if not found:
        raise fail(
            ValueError,
            f"For 'load_checkpoint', nothing is left of {path}: it holds {len(entries)} entries, and 'filter_prefix', "
            "'specify_prefix' or 'choice_func' leave all of them out.",
        )
    if net is not None:
        load_param_into_net(net, found, strict_load, remove_redundancy)
    return found


def _bools(owner: str, **given) -> None:
    """Raises a ValueError, as MindSpore does for these, where one is no bool."""
    for name, value in given.items():
        if not isinstance(value, bool):
            raise fail(
                ValueError, f"For '{owner}', '{name}' must be a bool, but got {type(value).__name__}: {value!r:.60}."
            )


def _existing(name) -> str:
    """The path of an existing file: as given, or with its extension removed or exchanged."""
    if not isinstance(name, (str, os.PathLike)):
        raise fail(TypeError, f"For 'load_checkpoint', 'ckpt_file_name' must be a str, but got {type(name).__name__}.")
    path = os.path.realpath(name)
    wait_for_saving()
    if os.path.isfile(path):
        return path
    stem = re.sub(r"\.(ckpt|safetensors)$", "", path)
    for other in (f"{stem}.{kind}" for kind in FORMATS):
        if os.path.isfile(other):
            if stem != path:
                warnings.warn(
                    f"load_checkpoint: {path} does not exist; reading {other}.", UserWarning, stacklevel=user_level()
                )
            return other
    raise fail(ValueError, f"For 'load_checkpoint', the file {path} does not exist.")


def _prefixes(argument: str, given) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, (str, list, tuple)):
        raise fail(
            TypeError,
            f"For 'load_checkpoint', '{argument}' must be a str or a list or tuple of them, but got {type(given).__name__}.",
        )
    given = (given,) if isinstance(given, str) else tuple(given)
    for prefix in given:
        if not isinstance(prefix, str):
            raise fail(
                TypeError, f"For 'load_checkpoint', '{argument}' must hold str, but got {type(prefix).__name__}."
            )
    if not given or "" in given:
        raise fail(ValueError, f"For 'load_checkpoint', '{argument}' must not be empty, but got {given}.")
    return given


def load_checkpoint_async(
    ckpt_file_name, net=None, strict_load=False, filter_prefix=None, dec_key=None, dec_mode="AES-GCM",
    specify_prefix=None, choice_func=None,
):  # fmt: skip
    """``load_checkpoint`` in a thread.

    Args:
        ckpt_file_name: as in ``load_checkpoint``, like all that follow.
        net: Cell.  Default: None.
        strict_load: bool.  Default: False.
        filter_prefix: str or list of str.  Default: None.
        dec_key: bytes or None.
        dec_mode: str.
        specify_prefix: str or list of str.  Default: None.
        choice_func: function of a name.  Default: None.

    Returns:
        concurrent.futures.Future, whose ``result()`` gives the dict, or raises.

    >>> import os, tempfile
    >>> import minispore as ms
    >>> path = os.path.join(tempfile.mkdtemp(), "net.ckpt")
    >>> ms.save_checkpoint(ms.nn.Dense(3, 2), path)
    >>> list(ms.load_checkpoint_async(path).result())
    ['weight', 'bias']
    """
    from concurrent.futures import ThreadPoolExecutor

    executor = ThreadPoolExecutor(1)
    future = executor.submit(
        load_checkpoint, ckpt_file_name, net, strict_load, filter_prefix, dec_key, dec_mode, specify_prefix, choice_func
    )
    executor.shutdown(wait=False)
    return future


def load_param_into_net(net, parameter_dict, strict_load=False, remove_redundancy=False):
    """Gives the Parameters of a net the values of equal name.  All of them are checked before any is changed.

    Args:
        net: Cell: a net, an optimizer, a train step.  A compiled one uses the values at its next call.
        parameter_dict: dict name -> Parameter, as ``load_checkpoint`` returns it.
        strict_load: bool, whether names and number types must be equal.  Otherwise a prefix that the names of the dict
            have before those of the net is left out, and floats become floats, integers integers of the net's type.
            Default: False.
        remove_redundancy: bool, for several devices only.  Default: False.

    Returns:
        tuple of two lists: names of the net that were not found, names of the dict that were not used.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: a shape or type does not fit; the net stays as it was.

    >>> import minispore as ms
    >>> net = ms.nn.Dense(2, 1)
    >>> given = {"bias": ms.Parameter(ms.Tensor([3.0])), "other": ms.Parameter(ms.Tensor([1.0]))}
    >>> ms.load_param_into_net(net, given, strict_load=True)
    (['weight'], ['other'])
    >>> print(net.bias.asnumpy())
    [3.]
    """
    _check_load_arguments(net, parameter_dict, strict_load, remove_redundancy)
    given = {name: data for name, data in parameter_dict.items() if isinstance(data, Parameter)}
    params = [p for _, p in net.parameters_and_names()]
    source = {p.name: p.name for p in params if p.name in given}
    missing = [p.name for p in params if p.name not in source]
    if not strict_load:
        source |= _below_prefixes(missing, given)
    missing = [name for name in missing if name not in source]
    used = set(source.values())
    unused = [name for name in parameter_dict if name not in used]
    lists = f"{_listed('Not in the dict', missing)}{_listed('Not in the net', unused)}"
    new = [(p, _fitting(p, given[source[p.name]], strict_load, lists)) for p in params if p.name in source]
    for p, array in new:
        p.set_data(wrap(array))
    if missing:
        warnings.warn(
            f"load_param_into_net: {len(missing)} Parameters of the net are not in the dict and keep their values.{lists}",
            UserWarning, stacklevel=user_level(),
        )  # fmt: skip
    return missing, unused


def _listed(title: str, names: list[str]) -> str:
    shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    return f" {title}: {shown}." if names else ""


def _check_load_arguments(net, parameter_dict, strict_load, remove_redundancy) -> None:
    checks.instance("load_param_into_net", Cell, net=net)
    checks.instance("load_param_into_net", dict, parameter_dict=parameter_dict)
    for name, data in parameter_dict.items():
        if not isinstance(name, str) or not isinstance(data, (Parameter, str, list)):
            raise fail(
                TypeError,
                "For 'load_param_into_net', 'parameter_dict' must map str to Parameters, but got "
                f"{type(name).__name__}: {type(data).__name__}.",
            )
    checks.boolean("load_param_into_net", strict_load=strict_load)
    _bools("load_param_into_net", remove_redundancy=remove_redundancy)
    if remove_redundancy:
        raise fail(
            ValueError, "For 'load_param_into_net', 'remove_redundancy' is for several devices, but there is one."
        )


def _below_prefixes(missing, given) -> dict[str, str]:
    """{missing name: prefix + name}; a prefix is taken from an unused name that ends like a missing one."""
    found: dict[str, str] = {}
    left = list(missing)
    while prefix := next((d.removesuffix(name) for name in left for d in given if d.endswith(name)), None):
        found |= {name: prefix + name for name in left if prefix + name in given}
        left = [name for name in left if name not in found]
    return found


def _fitting(p: Parameter, given: Parameter, strict: bool, lists: str) -> np.ndarray:
    """The value converted to the shape and type of ``p``; raises a RuntimeError where that is not possible."""
    array, shape, dtype = given._array(), p.shape, p.dtype
    ones_behind = array.shape[: len(shape)] == shape and all(d == 1 for d in array.shape[len(shape) :])
    if array.shape != shape and not ones_behind:
        raise fail(
            RuntimeError,
            f"For 'load_param_into_net', '{p.name}' has the shape {shape} in the net, but {array.shape} in the dict. "
            f"The net was not changed.{lists}",
        )
    if given.dtype != dtype:
        kinds = {(t.is_float, t.is_int and t.name[0] == "i") for t in (dtype, given.dtype)}
        if strict or len(kinds) > 1 or kinds == {(False, False)}:
            raise fail(
                RuntimeError,
                f"For 'load_param_into_net', '{p.name}' is {dtype} in the net, but {given.dtype} in the dict"
                + (" (strict_load=True takes equal types only)" if strict else "") + f". The net was not changed.{lists}",
            )  # fmt: skip
        with np.errstate(over="ignore"):
            array = array.astype(dtype.np)
    return array.reshape(shape)


def load_distributed_checkpoint(
    network, checkpoint_filenames=None, predict_strategy=None, train_strategy_filename=None, strict_load=False,
    dec_key=None, dec_mode="AES-GCM", format="ckpt", unified_safetensors_dir=None, dst_safetensors_dir=None,
    rank_id=None, output_format="safetensors", name_map=None, max_process_num=64, return_param_dict=False,
):  # fmt: skip
    """Loads the files of a checkpoint that together hold each Parameter once and whole, as one device writes them.

    Args:
        network: Cell; None with ``return_param_dict``.
        checkpoint_filenames: list of paths.  Default: None.
        predict_strategy: accepted, as for several devices.
        train_strategy_filename: accepted.
        strict_load: bool, as in ``load_param_into_net``.  Default: False.
        dec_key: as in ``load_checkpoint``.  Default: None.
        dec_mode: as in ``load_checkpoint``.
        format: accepted; each file says it.
        unified_safetensors_dir: a directory of safetensors files, in place of paths.  Default: None.
        dst_safetensors_dir: None: no files are written; ``return_param_dict`` and ``save_checkpoint`` do.
        rank_id: accepted.
        output_format: accepted.
        name_map: dict, name in the files -> name in the net.  Default: None.
        max_process_num: accepted.
        return_param_dict: bool, whether to return the dict in place of loading it.  Default: False.

    Returns:
        dict name -> Parameter with ``return_param_dict``, else None.

    Raises:
        TypeError: ``unified_safetensors_dir`` is not a path.
        ValueError: no files; no such directory; a Parameter is in two files (slices of several devices are not joined).
        NotImplementedError: ``dst_safetensors_dir`` is given.

    >>> import os, tempfile
    >>> import minispore as ms
    >>> path = os.path.join(tempfile.mkdtemp(), "net.ckpt")
    >>> net = ms.nn.Dense(3, 2)
    >>> ms.save_checkpoint(net, path)
    >>> ms.load_distributed_checkpoint(net, [path])
    """
    if dst_safetensors_dir is not None:
        raise fail(
            NotImplementedError,
            "For 'load_distributed_checkpoint', 'dst_safetensors_dir' is not supported: take 'return_param_dict=True' and "
            "write the dict with 'save_checkpoint(..., format=\"safetensors\")'.",
        )
    if unified_safetensors_dir is not None:
        checks.instance(
            "load_distributed_checkpoint", (str, os.PathLike), unified_safetensors_dir=unified_safetensors_dir
        )
        if not os.path.isdir(unified_safetensors_dir):
            raise fail(
                ValueError,
                f"For 'load_distributed_checkpoint', 'unified_safetensors_dir' must be a directory, but got {unified_safetensors_dir!r}.",
            )
        names = sorted(n for n in os.listdir(unified_safetensors_dir) if n.endswith(".safetensors"))
        checkpoint_filenames = [os.path.join(unified_safetensors_dir, n) for n in names]
    if not checkpoint_filenames:
        raise fail(ValueError, "For 'load_distributed_checkpoint', no checkpoint files are given.")
    found: dict = {}
    for path in checkpoint_filenames:
        for name, data in load_checkpoint(path, dec_key=dec_key, dec_mode=dec_mode).items():
            name = (name_map or {}).get(name, name)
            if name in found:
                raise fail(
                    ValueError,
                    f"For 'load_distributed_checkpoint', '{name}' is in several files: slices of several devices are not "
                    "joined here.",
                )
            found[name] = data
    if return_param_dict:
        return found
    load_param_into_net(network, found, strict_load)
    return None


# ---------------------------------------------------------------- other formats
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


from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())


__getattr__ = _module_getattr(__name__)  # names of the surface
