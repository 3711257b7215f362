"""Writes numbers, images and histograms of a training as TensorBoard files."""

import os

import numpy as np

from ..core import checks
from ..core.errors import fail, not_installed
from ..ops.primitive_calls import summary_sinks

PLUGINS = ("scalar", "tensor", "image", "histogram", "graph", "train_lineage", "eval_lineage",
           "custom_lineage_data", "dataset_graph", "landscape")  # fmt: skip
_DEFAULT_EXPORT_OPTIONS = {"tensor_format": {"npy", None}}  # what each export option may be


def writer_class():
    """tensorboardX's SummaryWriter.

    Returns:
        class.

    Raises:
        ImportError: tensorboardX is not installed.
    """
    try:
        from tensorboardX import SummaryWriter
    except ImportError:
        raise not_installed("Writing summaries", "tensorboardX", "'minispore[tensorboard]'") from None
    return SummaryWriter


def check_export_options(owner: str, options) -> None:
    """Refuses what MindSpore does: all but ``{"tensor_format": "npy"}``.

    Args:
        owner: str, the class in messages.
        options: dict or None.

    Raises:
        TypeError: no dict.
        ValueError: another key or value.

    >>> check_export_options("SummaryRecord", {"tensor_format": "npy"})
    """
    given = {} if options is None else checks.instance(owner, dict, export_options=options)
    if any(value not in _DEFAULT_EXPORT_OPTIONS.get(name, ()) for name, value in given.items()):
        raise fail(ValueError, f"For '{owner}', 'export_options' may be {{'tensor_format': 'npy'}}, but got {given}.")


class SummaryRecord:
    """Writes event files for TensorBoard.

    ``add_value`` gathers values, ``record`` writes them with a step number.  While a record is open, the primitives
    ScalarSummary, HistogramSummary, TensorSummary and ImageSummary gather too, in PYNATIVE mode; a compiled step has
    no values to give them.

    Args:
        log_dir: path, the directory of the files; made if needed.
        file_prefix: str, accepted; TensorBoard fixes the beginning of the name.
        file_suffix: str, ends the name.  Default: "_MS".
        num_process: accepted, without effect.
        network: Cell, whose printed form is written as the text "network".  Default: None.
        max_file_size: accepted, without effect.
        raise_exception: bool, accepted, without effect.
        export_options: accepted, without effect.

    Raises:
        TypeError: an argument of the wrong type.
        ImportError: tensorboardX is not installed (the extra ``tensorboard``).

    >>> import tempfile
    >>> import minispore as ms
    >>> with tempfile.TemporaryDirectory() as directory, ms.SummaryRecord(directory) as summary:
    ...     summary.add_value("scalar", "loss", ms.Tensor(0.5))
    ...     summary.record(1)
    True
    """

    def __init__(self, log_dir, file_prefix="events", file_suffix="_MS", num_process=32, network=None,
                 max_file_size=None, raise_exception=False, export_options=None):  # fmt: skip
        checks.instance("SummaryRecord", (str, os.PathLike), log_dir=log_dir)
        if not os.fspath(log_dir):
            raise fail(ValueError, "For 'SummaryRecord', 'log_dir' must not be empty.")
        if max_file_size is not None:
            checks.instance("SummaryRecord", (int, float), max_file_size=max_file_size)
        checks.string("SummaryRecord", file_prefix=file_prefix)
        checks.string("SummaryRecord", file_suffix=file_suffix)
        for part in (file_prefix, file_suffix):
            if "/" in part:
                raise fail(
                    ValueError, f"For 'SummaryRecord', a part of a file's name must have no '/', but got {part!r}."
                )
        check_export_options("SummaryRecord", export_options)
        checks.boolean("SummaryRecord", raise_exception=raise_exception)
        self._log_dir, self._mode = os.path.realpath(log_dir), "train"
        self._values: dict = {}
        self._writer = writer_class()(self._log_dir, filename_suffix=file_suffix)
        summary_sinks.append(self._gather)
        if network is not None:
            self._writer.add_text("network", f"```\n{network!r}\n```")

    def __enter__(self):
        return self

    def __exit__(self, *err):
        self.close()

    @property
    def log_dir(self) -> str:
        """The directory of the files: a str."""
        return self._log_dir

    def set_mode(self, mode) -> None:
        """Sets what the values are of: "eval/" is put before the names where it is "eval".

        Args:
            mode: "train" or "eval".

        Raises:
            ValueError: neither.
        """
        if mode not in ("train", "eval"):
            raise fail(ValueError, f"For 'SummaryRecord.set_mode', 'mode' must be 'train' or 'eval', but got {mode!r}.")
        self._mode = mode

    def add_value(self, plugin, name, value) -> None:
        """Gathers a value for the next ``record``.

        Args:
            plugin: "scalar", "image" ((N, C, H, W)), "tensor" and "histogram"; MindSpore's others are accepted, and
                nothing is written for them.
            name: str.
            value: Tensor.

        Raises:
            ValueError: an unknown plugin, or an empty name.
            TypeError: a value that is not a Tensor.
        """
        if plugin not in PLUGINS:
            raise fail(ValueError, f"For 'add_value', 'plugin' must be one of {PLUGINS}, but got {plugin!r}.")
        if plugin not in WRITE:
            return
        if not name or not isinstance(name, str):
            raise fail(ValueError, f"For 'add_value', 'name' must be a str that is not empty, but got {name!r}.")
        checks.tensor("add_value", value=value)
        self._values[plugin, name] = value.asnumpy()

    def _gather(self, plugin, name, value) -> None:
        """Gathers the argument of a Summary primitive."""
        if not name or not isinstance(name, str):
            raise fail(
                TypeError,
                f"For 'SummaryRecord', the name of a value must be a str that is not empty, but got {name!r}.",
            )
        self.add_value(plugin, name, value)

    def record(self, step, train_network=None, plugin_filter=None) -> bool:
        """Writes what was gathered.

        Args:
            step: int from 0, the number of the step.
            train_network: accepted.
            plugin_filter: function of a plugin's name; only those for which it gives True are written.  Default: None.

        Returns:
            True.

        Raises:
            TypeError: ``step`` is not an int.
            ValueError: ``step`` is negative.
        """
        checks.non_negative_int("SummaryRecord.record", step=step)
        gathered, self._values = self._values, {}
        before = "" if self._mode == "train" else "eval/"
        for (plugin, name), array in gathered.items():
            if plugin_filter is None or plugin_filter(plugin):
                WRITE[plugin](self._writer, before + name, array, step)
        return True

    def flush(self) -> None:
        """Writes what is buffered to the disk."""
        self._writer.flush()

    def close(self) -> None:
        """Writes the rest and closes the files."""
        if self._gather in summary_sinks:
            summary_sinks.remove(self._gather)
        self._writer.close()


def _finite(array):
    return np.asarray(array, np.float32)[np.isfinite(np.asarray(array, np.float32))]


def _histogram(writer, name, array, step) -> None:
    values = _finite(array)
    if values.size:
        writer.add_histogram(name, values, step)


def _image(writer, name, array, step) -> None:
    image = np.asarray(array, np.float32)
    low, high = float(image.min()), float(image.max())
    if low < 0 or high > 1:  # TensorBoard expects values from 0 to 1
        image = (image - low) / max(high - low, 1e-12)
    writer.add_images(name, image, step)


WRITE = {
    "scalar": lambda writer, name, array, step: writer.add_scalar(name, float(np.asarray(array).mean()), step),
    "histogram": _histogram,
    "tensor": _histogram,
    "image": _image,
}


__all__ = ["SummaryRecord"]

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
