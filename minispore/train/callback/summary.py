"""SummaryCollector, which writes TensorBoard files, and callbacks that have no effect on a CPU."""

import os
import re
import warnings

from ...core import checks
from ...core.errors import fail
from ...core.record import user_level
from ...core.tensor import Tensor
from ..summary import SummaryRecord, check_export_options
from .base import Callback, loss_of

KNOWN = {
    "collect_metric", "collect_graph", "collect_train_lineage", "collect_eval_lineage", "collect_input_data",
    "collect_dataset_graph", "histogram_regular", "collect_landscape",
}  # fmt: skip
FIRST_PARAMETERS = 5  # the number of Parameters whose histograms are written by default


def _check_rest(lineage, tensor_freq, max_file_size, export_options) -> None:
    """The arguments of SummaryCollector that change nothing here, checked as MindSpore does."""
    owner = "SummaryCollector"
    for name, value in checks.instance(owner, dict, custom_lineage_data={} if lineage is None else lineage).items():
        checks.string(owner, custom_lineage_data=name)
        checks.instance(owner, (int, str, float), custom_lineage_data=value)
    for name, value in {"collect_tensor_freq": tensor_freq, "max_file_size": max_file_size}.items():
        if value is not None:
            checks.positive_int(owner, **{name: value})
    check_export_options(owner, export_options)


class SummaryCollector(Callback):
    """Writes loss, learning rate, metrics, the first batch's images and histograms of Parameters for TensorBoard.

    Args:
        summary_dir: path, the directory of the files; made if needed.
        collect_freq: int, write after so many steps.  Default: 10.
        num_process: accepted, without effect.
        collect_specified_data: dict {name: bool} of "collect_metric" (loss, rate, metrics), "collect_input_data"
            (batches of images, shape (N, 1 or 3, H, W)), "collect_graph" (the network as text), and
            "histogram_regular": a regular expression of Parameters' names; the first five without one.  MindSpore's
            others are accepted. Default: None.
        keep_default_action: bool, whether to collect also what ``collect_specified_data`` does not name.  Default:
            True.
        custom_lineage_data: dict {name: number or str}, written as text.  Default: None.
        collect_tensor_freq: accepted, without effect.
        max_file_size: accepted, without effect.
        export_options: accepted, without effect.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: unknown names of data.
        ImportError: tensorboardX is not installed (the extra ``tensorboard``).

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
    >>> model.train(1, rows, callbacks=ms.train.SummaryCollector(directory))
    >>> len(os.listdir(directory))
    1
    """

    in_validation = False
    on_rank_zero = True

    def __init__(self, summary_dir, collect_freq=10, num_process=32, collect_specified_data=None,
                 keep_default_action=True, custom_lineage_data=None, collect_tensor_freq=None, max_file_size=None,
                 export_options=None):  # fmt: skip
        checks.instance("SummaryCollector", (str, os.PathLike), summary_dir=summary_dir)
        if not str(summary_dir):
            raise fail(ValueError, "For 'SummaryCollector', 'summary_dir' must not be empty.")
        if os.path.isfile(summary_dir):
            raise fail(NotADirectoryError, f"For 'SummaryCollector', 'summary_dir' is a file: {summary_dir}.")
        self._dir = summary_dir
        self._every = checks.positive_int("SummaryCollector", collect_freq=collect_freq)
        checks.boolean("SummaryCollector", keep_default_action=keep_default_action)
        given = {} if collect_specified_data is None else collect_specified_data
        for name, value in checks.instance("SummaryCollector", dict, collect_specified_data=given).items():
            checks.string("SummaryCollector", collect_specified_data=name)
            if name in KNOWN:
                allowed = (str, type(None)) if name == "histogram_regular" else bool
                checks.instance("SummaryCollector", allowed, **{name: value})
        if set(given) - KNOWN:
            raise fail(
                ValueError,
                f"For 'SummaryCollector', 'collect_specified_data' knows {sorted(KNOWN)}, but got {sorted(set(given) - KNOWN)}.",
            )
        _check_rest(custom_lineage_data, collect_tensor_freq, max_file_size, export_options)
        self._lineage = custom_lineage_data or {}
        self._wanted = {name: keep_default_action for name in KNOWN if name != "histogram_regular"}
        self._wanted.update({k: v for k, v in given.items() if k != "histogram_regular"})
        self._pattern = given.get("histogram_regular")
        try:
            re.compile(self._pattern or "")
        except re.error as error:
            raise fail(
                ValueError, f"For 'SummaryCollector', 'histogram_regular' is no regular expression: {error}."
            ) from None
        self._histograms = keep_default_action or self._pattern is not None
        self._record: SummaryRecord | None = None

    def __enter__(self):
        self._record = SummaryRecord(self._dir).__enter__()
        return self

    def __exit__(self, *err):
        if self._record is not None:
            self._record.close()

    def begin(self, run_context):
        params = run_context.original_args()
        self._record.set_mode(params.mode)
        writer = self._record._writer
        if self._wanted["collect_graph"] and params.mode == "train":
            writer.add_text("network", f"```\n{params.network!r}\n```")
        for name, value in self._lineage.items():
            writer.add_text(f"lineage/{name}", str(value))

    def step_end(self, run_context):
        params = run_context.original_args()
        if params.mode != "train":
            return
        step = params.cur_step_num
        if step != 1 and step % self._every:
            return
        if self._wanted["collect_metric"]:
            self._add_scalar("loss", loss_of(params.net_outputs))
            rate = getattr(params.get("optimizer"), "learning_rate", None)
            if isinstance(rate, Tensor) and rate.size == 1:
                self._add_scalar("learning_rate", rate)
        if self._wanted["collect_input_data"]:
            self._add_images(params.get("train_dataset_element"))
        if self._histograms:
            for p in self._chosen(params.network):
                self._record.add_value("histogram", p.name, p)
        self._record.record(step)

    def end(self, run_context):
        params = run_context.original_args()
        for name, value in (params.get("metrics") or {}).items():
            self._add_scalar(name, value)
        self._record.record(params.cur_step_num)
        self._record.flush()

    def on_train_epoch_end(self, run_context):
        params = run_context.original_args()
        if self._wanted["collect_metric"]:
            for name, value in (params.get("eval_results") or {}).items():
                self._add_scalar(f"eval/{name}", value)
            self._record.record(params.cur_step_num)

    def _add_scalar(self, name, value) -> None:
        if isinstance(value, Tensor):
            self._record.add_value("scalar", name, value)
        elif isinstance(value, (int, float)) or getattr(value, "ndim", None) == 0:
            self._record.add_value("scalar", name, Tensor(float(value)))

    def _add_images(self, batch) -> None:
        for k, x in enumerate(batch or ()):
            if isinstance(x, Tensor) and x.ndim == 4 and x.shape[1] in (1, 3):
                self._record.add_value("image", f"input_data/{k}", x)

    def _chosen(self, network):
        parameters = network.trainable_params()
        if self._pattern is None:
            return parameters[:FIRST_PARAMETERS]
        return [p for p in parameters if re.match(self._pattern, p.name)]


class _NotHere(Callback):
    """Accepted: has no meaning on one CPU, does nothing, and warns once."""

    _instead = ""

    def __init__(self, *args, **kwargs):
        name = type(self).__name__
        if name not in _said:
            _said.add(name)
            warnings.warn(f"{name} does nothing on one CPU. {self._instead}", stacklevel=user_level())


_said: set[str] = set()


class FlopsUtilizationCollector(_NotHere):
    """Accepted, and does nothing: it measures devices.  ``TimeMonitor`` prints the time of a step.

    Args:
        *args: ignored.
        **kwargs: ignored.

    >>> import minispore as ms
    >>> issubclass(ms.FlopsUtilizationCollector, ms.Callback)
    True
    """

    _instead = "TimeMonitor prints the time of a step."


class TrainFaultTolerance(_NotHere):
    """Accepted, and does nothing: it watches clusters.  ``CheckpointConfig(exception_save=True)`` saves on errors.

    Args:
        *args: ignored.
        **kwargs: ignored.

    >>> import minispore as ms
    >>> issubclass(ms.TrainFaultTolerance, ms.Callback)
    True
    """

    _instead = "CheckpointConfig(exception_save=True) saves on errors, BackupAndRestore after each epoch."


class SummaryLandscape(_NotHere):
    """Accepted, and does nothing: loss landscapes are not drawn.

    Args:
        *args: ignored.
        **kwargs: ignored.

    >>> import minispore as ms
    >>> issubclass(ms.SummaryLandscape, ms.Callback)
    True
    """
