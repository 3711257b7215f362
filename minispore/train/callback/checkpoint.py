"""Callbacks that save and restore: checkpoints, a file on exit, a backup."""

import os
import re
import signal
import threading
import time
from pathlib import Path

from ...core import checks
from ...core.context import get_auto_parallel_context
from ...core.errors import fail
from ...core.random import get_rng_state, set_rng_state
from ...core.tensor import Tensor
from ...distributed import WORLD
from ...nn.optim.averaging import averaged_weights
from ..checkpoint import sharded
from ..checkpoint.files import wait_for_saving
from .base import Callback
from .monitor import step_in_epoch

BREAKPOINT = "_breakpoint"


class CheckpointConfig:
    """When ModelCheckpoint saves, and how many files it keeps.

    Args:
        save_checkpoint_steps: int, save after so many steps; None or 0: by time.  Default: 1.
        save_checkpoint_seconds: int, save after so many seconds, where steps are not given.  Default: 0.
        keep_checkpoint_max: int, keep so many files, the newest; None or 0: by time.  Default: 5.
        keep_checkpoint_per_n_minutes: int, keep one file for so many minutes, where no number is given; with neither,
            one file.  Default: 0.
        integrated_save: as in ``save_checkpoint``.  Default: True.
        async_save: as in ``save_checkpoint``.  Default: False.
        saved_network: Cell to save rather than the train network; where the optimizer averages, with the averages.
            Default: None.
        append_info: list of what to save with the Parameters: "epoch_num", "step_num", "rng_state" (what
            ``get_rng_state`` gives) and one dict of numbers, strings and Tensors.  Default: None.
        enc_key: as in ``save_checkpoint``.  Default: None.
        enc_mode: as in ``save_checkpoint``.
        exception_save: bool, whether to save a file ``..._breakpoint.ckpt`` when an error ends training.  Default:
            False.
        crc_check: as in ``save_checkpoint``.  Default: False.
        remove_redundancy: accepted: with one process nothing is redundant.
        format: "ckpt" (the default) or "safetensors".
        **kwargs: accepted.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: negative numbers; nothing that says when to save.

    >>> from minispore.train import CheckpointConfig
    >>> CheckpointConfig(save_checkpoint_steps=100, keep_checkpoint_max=3).keep_checkpoint_max
    3
    """

    def __init__(
        self, save_checkpoint_steps=1, save_checkpoint_seconds=0, keep_checkpoint_max=5,
        keep_checkpoint_per_n_minutes=0, integrated_save=True, async_save=False, saved_network=None, append_info=None,
        enc_key=None, enc_mode="AES-GCM", exception_save=False, crc_check=False, remove_redundancy=False,
        format="ckpt", **kwargs,
    ):  # fmt: skip
        from ...nn.cell import Cell

        counts = (save_checkpoint_steps, save_checkpoint_seconds, keep_checkpoint_max, keep_checkpoint_per_n_minutes)
        names = ("save_checkpoint_steps", "save_checkpoint_seconds", "keep_checkpoint_max",
                 "keep_checkpoint_per_n_minutes")  # fmt: skip
        for name, value in zip(names, counts):
            if value is not None:
                checks.non_negative_int("CheckpointConfig", **{name: value})
        if not any(counts):
            raise fail(ValueError, f"For 'CheckpointConfig', one of {', '.join(names)} must not be None or 0.")
        if saved_network is not None:
            checks.instance("CheckpointConfig", Cell, saved_network=saved_network)
        self.save_checkpoint_steps = save_checkpoint_steps
        self.save_checkpoint_seconds = None if save_checkpoint_steps else save_checkpoint_seconds
        self.keep_checkpoint_max = keep_checkpoint_max or (0 if keep_checkpoint_per_n_minutes else 1)
        self.keep_checkpoint_per_n_minutes = None if keep_checkpoint_max else keep_checkpoint_per_n_minutes
        self.integrated_save = checks.boolean("CheckpointConfig", integrated_save=integrated_save)
        checks.instance("CheckpointConfig", (bool, str), async_save=async_save)
        if not isinstance(async_save, bool) and async_save not in ("process", "thread"):
            raise fail(
                ValueError,
                f"For 'CheckpointConfig', 'async_save' must be a bool, 'process' or 'thread', but got {async_save!r}.",
            )
        self.async_save, self.saved_network = async_save, saved_network
        self.append_dict = _appended(append_info) or None
        self.enc_key = checks.by_value.instance("CheckpointConfig", (bytes, type(None)), enc_key=enc_key)
        self.enc_mode = checks.by_value.string("CheckpointConfig", enc_mode=enc_mode)
        self.exception_save = checks.boolean("CheckpointConfig", exception_save=exception_save)
        self.crc_check = checks.by_value.boolean("CheckpointConfig", crc_check=crc_check)
        self.format = checks.string("CheckpointConfig", format=format)

    def get_checkpoint_policy(self) -> dict:
        """The settings that decide when to save and what to keep, as a dict.

        Returns:
            dict.
        """
        names = ("save_checkpoint_steps", "save_checkpoint_seconds", "keep_checkpoint_max",
                 "keep_checkpoint_per_n_minutes", "saved_network")  # fmt: skip
        return {name: getattr(self, name) for name in names}


def _appended(append_info) -> dict:
    """The dict to save with the Parameters; epoch and step numbers start at 0."""
    if append_info is None:
        return {}
    checks.instance("CheckpointConfig", list, append_info=append_info)
    result: dict = {}
    for item in append_info:
        checks.instance("CheckpointConfig", (str, dict), append_info=item)
        if isinstance(item, str):
            if item not in ("epoch_num", "step_num", "rng_state"):
                raise fail(
                    ValueError,
                    "For 'CheckpointConfig', a str in 'append_info' must be 'epoch_num', 'step_num' or 'rng_state', but got "
                    f"{item!r}.",
                )
            result[item] = get_rng_state() if item == "rng_state" else 0
            continue
        for key, value in item.items():
            if not isinstance(key, str) or not isinstance(value, (int, float, bool, str, Tensor)):
                raise fail(
                    TypeError,
                    "For 'CheckpointConfig', a dict in 'append_info' maps str to numbers, str and Tensors, but got "
                    f"{key!r}: {type(value).__name__}.",
                )
            result[key] = value
    if sum(isinstance(item, dict) for item in append_info) > 1:
        raise fail(TypeError, "For 'CheckpointConfig', 'append_info' may hold one dict, but got several.")
    return result


class ModelCheckpoint(Callback):
    """Saves the train network, optimizer state included, to ``directory/prefix-<epoch>_<step in epoch>.ckpt``.

    Where the directory has files of the prefix already, the prefix becomes ``prefix_1``, ``prefix_2``.  The last step
    of a training is saved in any case.

    Args:
        prefix: str, of the names; or a function of the callback's parameters that gives the whole name.  Default:
            "CKP".
        directory: path, made if needed; or such a function.  Default: None, for the working directory.
        config: CheckpointConfig.  Default: None, for one made without arguments.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a prefix with "/".

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> import os, tempfile
    >>> directory = tempfile.mkdtemp()
    >>> model.train(2, rows, callbacks=ms.train.ModelCheckpoint("net", directory))
    >>> sorted(os.listdir(directory))
    ['net-1_1.ckpt', 'net-2_1.ckpt']
    """

    in_validation = False

    def __init__(self, prefix="CKP", directory=None, config=None):
        if not callable(prefix):
            _check_prefix(prefix)
        if directory is not None and not callable(directory):
            checks.instance("ModelCheckpoint", (str, os.PathLike), directory=directory)
            if not os.fspath(directory):
                raise fail(ValueError, "For 'ModelCheckpoint', 'directory' must not be empty.")
        self._config = CheckpointConfig() if config is None else config
        checks.instance("ModelCheckpoint", CheckpointConfig, config=self._config)
        # rank 0 writes, unless each rank has a part of the optimizer's state
        self.on_rank_zero = not get_auto_parallel_context("enable_parallel_optimizer")
        self._given_prefix, self._given_directory = prefix, directory
        if not callable(directory):
            self._directory = _made(os.getcwd() if directory is None else directory)
        if not callable(prefix):
            self._prefix = prefix if callable(directory) else _free_prefix(self._directory, prefix, self._ending)
        self._append = dict(self._config.append_dict or {})
        self._before = {k: v for k, v in self._append.items() if k in ("epoch_num", "step_num")}
        self._saved: list[tuple[float, Path]] = []
        self._last_step, self._last_time = 0, time.monotonic()
        self._latest = ""

    @property
    def _ending(self) -> str:
        return "." + self._config.format

    @property
    def latest_ckpt_file_name(self) -> str:
        """The path of the file saved last: a str, "" before."""
        return self._latest

    def begin(self, run_context):
        self._last_step, self._last_time = 0, time.monotonic()

    def step_end(self, run_context):
        params = run_context.original_args()
        steps, seconds = self._config.save_checkpoint_steps, self._config.save_checkpoint_seconds
        due = params.cur_step_num >= self._last_step + steps if steps else False
        if seconds:
            due = time.monotonic() - self._last_time > seconds
            if not self.on_rank_zero and WORLD.size > 1:  # clocks differ
                due = any(WORLD.gather(due, "ModelCheckpoint"))
        if due:
            self._save(params)

    def end(self, run_context):
        params = run_context.original_args()
        if params.cur_step_num != self._last_step:
            self._save(params)
        if self._config.async_save:
            wait_for_saving()

    def save_after_error(self, params) -> None:
        """With ``exception_save``: saves the Parameters as they were after the last complete step.

        Args:
            params: CallbackParams.
        """
        if self._config.exception_save and params.get("cur_step_num") and "cur_epoch_num" in params:
            self._save(params, BREAKPOINT)

    def _save(self, params, suffix="") -> None:
        from ..checkpoint.saving import save_checkpoint

        config = self._config
        if callable(self._given_directory):
            self._directory = _made(self._given_directory(params))
        if callable(self._given_prefix):
            name = _check_prefix(self._given_prefix(params))
        else:
            name = f"{self._prefix}-{params.cur_epoch_num}_{step_in_epoch(params)}"
        path = Path(self._directory) / f"{name}{suffix}{self._ending}"
        for key, now in (("epoch_num", params.cur_epoch_num), ("step_num", params.cur_step_num)):
            if key in self._before:
                self._append[key] = self._before[key] + now
        if "rng_state" in self._append:
            self._append["rng_state"] = get_rng_state()
        # the train network, to be resumed, with the weights to train with; another one with those to use
        averaged = None if config.saved_network is None else params.get("optimizer")
        with averaged_weights(averaged):
            save_checkpoint(
                config.saved_network or params.train_network, str(path), config.integrated_save, config.async_save,
                self._append, config.enc_key, config.enc_mode, crc_check=config.crc_check, format=config.format,
            )  # fmt: skip
        self._last_step, self._last_time = params.cur_step_num, time.monotonic()
        self._latest = str(path)
        if not suffix and not callable(self._given_prefix):
            self._keep(path)

    def _keep(self, path: Path) -> None:
        """Adds a new file to the list of saved ones, and deletes those that the config does not keep."""
        config, now = self._config, time.monotonic()
        self._saved = [(when, p) for when, p in self._saved if p != path]
        if config.keep_checkpoint_max:
            count = max(0, len(self._saved) + 1 - config.keep_checkpoint_max)
            unwanted, self._saved = self._saved[:count], self._saved[count:]
        else:
            seconds = 60 * (config.keep_checkpoint_per_n_minutes or 0)
            young = [e for e in self._saved if now - e[0] < seconds]
            unwanted = young[1:]
            self._saved = [e for e in self._saved if e not in unwanted]
        for _, old in unwanted if WORLD.rank == 0 else ():
            sharded.remove(old)
        self._saved.append((now, path))


def _check_prefix(prefix) -> str:
    if not isinstance(prefix, str) or "/" in prefix:
        raise fail(ValueError, f"For 'ModelCheckpoint', 'prefix' must be a str without '/', but got {prefix!r}.")
    return prefix


def _made(directory) -> str:
    path = Path(directory).absolute()
    path.mkdir(parents=True, exist_ok=True)
    return str(path)


def _free_prefix(directory, prefix, ending) -> str:
    """``prefix`` or, where files in the directory use it, ``prefix_<n>`` with the next free number."""
    pattern = re.compile(re.escape(prefix) + r"(?:_(\d+))?-\d+_\d+" + re.escape(ending))
    found = [pattern.fullmatch(name) for name in os.listdir(directory)]
    numbers = [int(m.group(1) or 0) + 1 for m in found if m]
    return f"{prefix}_{max(numbers)}" if numbers else prefix


class OnRequestExit(Callback):
    """On a signal, ends training (or evaluation) after the current step and saves ``directory/rank_0/<file_name>_train.ckpt``.

    If that file is there when training begins, it is loaded.

    Args:
        save_ckpt: bool, whether to save, and load.  Default: True.
        save_mindir: bool, whether to export the network too, as ``<file_name>_train.mindir``.  Default: True.
        file_name: str.  Default: "Net".
        directory: path.  Default: "./".
        config_file: path of a JSON file; ``{"GracefulExit": 1}`` in it asks for the end as the signal does.  Default:
            None.
        sig: int, the signal.  Default: SIGTERM.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: SIGKILL, which cannot be caught.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> import os, signal, tempfile
    >>> leave = ms.train.OnRequestExit(save_mindir=False, directory=tempfile.mkdtemp())
    >>> ask = ms.train.LambdaCallback(on_train_step_end=lambda context: os.kill(os.getpid(), signal.SIGTERM))
    >>> model.train(5, rows, callbacks=[ask, leave])
    >>> leave.exit
    True
    """

    in_validation = False

    def __init__(self, save_ckpt=True, save_mindir=True, file_name="Net", directory="./", config_file=None,
                 sig=signal.SIGTERM):  # fmt: skip
        self.save_ckpt, self.save_mindir = (
            checks.by_value.boolean("OnRequestExit", save_ckpt=save_ckpt),
            checks.by_value.boolean("OnRequestExit", save_mindir=save_mindir),
        )
        self.sig, self.config_file = checks.integer("OnRequestExit", sig=sig), config_file
        checks.string("OnRequestExit", file_name=file_name)
        if sig == getattr(signal, "SIGKILL", None):
            raise fail(ValueError, "For 'OnRequestExit', SIGKILL cannot be caught: give another signal.")
        self._path = Path(directory) / "rank_0" / file_name
        self.exit, self._former = False, None

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():  # only the main thread can install a signal handler
            self._former = signal.signal(self.sig, self._asked)
        return self

    def __exit__(self, *err):
        if self._former is not None:
            signal.signal(self.sig, self._former)
            self._former = None

    def _asked(self, number, frame) -> None:
        self.exit = True

    def _asked_by_file(self) -> bool:
        import json

        try:
            return json.loads(Path(self.config_file).read_text("utf-8")).get("GracefulExit") == 1
        except (OSError, ValueError, AttributeError):
            return False

    def begin(self, run_context):
        self.exit = False
        params = run_context.original_args()
        network = params.get("train_network") or params.eval_network
        if self.save_ckpt:
            for path in (self._file(params), Path(f"{self._path}_train.ckpt")):
                if path.is_file():
                    from ..checkpoint.loading import load_checkpoint

                    load_checkpoint(str(path), net=network)
                    return

    def _file(self, params) -> Path:
        return Path(f"{self._path}_{params.mode}.ckpt")

    def step_end(self, run_context):
        if self.config_file is not None and not self.exit:
            self.exit = self._asked_by_file()
        if self.exit:
            run_context.request_stop()

    def end(self, run_context):
        from ..serialization import export, save_checkpoint

        if not self.exit or WORLD.rank:
            return
        params = run_context.original_args()
        network, batch = params.get(f"{params.mode}_network"), params.get(f"{params.mode}_dataset_element")
        path = self._file(params)
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.save_ckpt:
            save_checkpoint(network, str(path))
        if self.save_mindir and batch is not None:
            export(network, *batch, file_name=str(path.with_suffix("")), file_format="MINDIR")


class BackupAndRestore(Callback):
    """Saves Parameters and random state to ``backup_dir/backup.ckpt`` after epochs; a training that was interrupted loads it.

    Args:
        backup_dir: path, made if needed.
        save_freq: "epoch" (the default), or an int, the number of epochs.
        delete_checkpoint: bool, whether to remove the file when training ends well.  Default: True.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a number that is not positive.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> import os, tempfile
    >>> directory = tempfile.mkdtemp()
    >>> model.train(1, rows, callbacks=ms.train.BackupAndRestore(directory, delete_checkpoint=False))
    >>> os.listdir(directory)
    ['backup.ckpt']
    """

    in_validation = False

    def __init__(self, backup_dir, save_freq="epoch", delete_checkpoint=True):
        self.save_freq = 1 if save_freq == "epoch" else checks.positive_int("BackupAndRestore", save_freq=save_freq)
        self.delete_checkpoint = checks.boolean("BackupAndRestore", delete_checkpoint=delete_checkpoint)
        self.backup_file = Path(_made(backup_dir)) / "backup.ckpt"

    def on_train_begin(self, run_context):
        from ..checkpoint.loading import load_checkpoint

        if self.backup_file.is_file():
            state = load_checkpoint(str(self.backup_file), net=run_context.original_args().train_network)
            if "rng_state" in state:
                set_rng_state(state["rng_state"])

    def on_train_epoch_end(self, run_context):
        from ..checkpoint.saving import save_checkpoint

        params = run_context.original_args()
        if WORLD.rank == 0 and params.cur_epoch_num % self.save_freq == 0:
            save_checkpoint(params.train_network, str(self.backup_file), append_dict={"rng_state": get_rng_state()})

    def on_train_end(self, run_context):
        if self.delete_checkpoint and WORLD.rank == 0:
            self.backup_file.unlink(missing_ok=True)
