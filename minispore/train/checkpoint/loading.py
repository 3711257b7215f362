"""``load_checkpoint`` and its like: which file is read, and what of it."""

import os
import re
import warnings

from ...core import checks
from ...core.errors import fail
from ...core.op import wrap
from ...core.parameter import Parameter
from ...core.record import user_level
from . import encryption
from .files import FORMATS, read_file, wait_for_saving
from .into_net import load_param_into_net


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
    checks.by_value.boolean("load_checkpoint", crc_check=crc_check, remove_redundancy=remove_redundancy)
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
