"""SummaryCollector, which writes TensorBoard files, and callbacks that have no effect on a CPU."""

import os
import re
import warnings
from typing import Any

import numpy as np

from ...core import checks
from ...core.errors import fail
from ...core.record import user_level
from ...core.tensor import Tensor
from ...nn.optim.optimizer import Optimizer
from ..summary import SummaryRecord, check_export_options
from .base import Callback

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
    _DEFAULT_SPECIFIED_DATA: dict[str, Any] = {
        "collect_metric": True, "collect_graph": True, "collect_train_lineage": True, "collect_eval_lineage": True,
        "collect_input_data": True, "collect_dataset_graph": True, "histogram_regular": None, "collect_landscape": {},
    }  # fmt: skip

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
        _check_rest(custom_lineage_data, collect_tensor_freq, max_file_size, export_options)
        self._lineage = custom_lineage_data or {}
        self._collect_specified_data = self._process_specified_data(collect_specified_data, keep_default_action)
        self._is_parse_loss_success = True
        self._temp_optimizer: Any = None  # the optimizer once it was looked for, "Failed" where there is none
        self._record: SummaryRecord | None = None

    def __enter__(self):
        self._record = SummaryRecord(self._dir).__enter__()
        return self

    def __exit__(self, *err):
        if self._record is not None:
            self._record.close()

    def _process_specified_data(self, specified_data, action: bool) -> dict:
        """What is collected: what was asked for, beside the defaults where ``action`` keeps those."""
        owner, known = "SummaryCollector", self._DEFAULT_SPECIFIED_DATA
        given = {} if specified_data is None else checks.instance(owner, dict, collect_specified_data=specified_data)
        for name, value in given.items():
            checks.string(owner, collect_specified_data=name)
            if name in known:
                kinds = {"histogram_regular": (str, type(None)), "collect_landscape": (dict, bool)}
                checks.instance(owner, kinds.get(name, bool), **{name: value})
        if set(given) - set(known):
            raise fail(
                ValueError,
                f"For '{owner}', 'collect_specified_data' knows {sorted(known)}, but got {sorted(set(given) - set(known))}.",
            )
        try:
            re.compile(given.get("histogram_regular") or "")
        except re.error as error:
            raise fail(ValueError, f"For '{owner}', 'histogram_regular' is no regular expression: {error}.") from None
        return {**known, **given} if action else dict(given)

    def _check_callbacks(self, cb_params) -> None:
        if sum(isinstance(callback, SummaryCollector) for callback in cb_params.list_callback) > 1:
            raise fail(
                ValueError, "For 'SummaryCollector', there is more than one SummaryCollector instance in callback list."
            )

    def begin(self, run_context):
        params = run_context.original_args()
        self._check_callbacks(params)
        self._record.set_mode(params.mode)
        writer = self._record._writer
        if self._collect_specified_data.get("collect_graph") and params.mode == "train":
            writer.add_text("network", f"```\n{params.network!r}\n```")
        for name, value in self._lineage.items():
            writer.add_text(f"lineage/{name}", str(value))
        self._collect_dataset_graph(params)

    def step_end(self, run_context):
        params = run_context.original_args()
        if params.mode != "train":
            return
        step = params.cur_step_num
        if step != 1 and step % self._every:
            return
        self._collect_metric(params)
        self._collect_input_data(params)
        self._collect_histogram(params)
        self._record.record(step)

    def end(self, run_context):
        params = run_context.original_args()
        for name, value in (params.get("metrics") or {}).items():
            self._add_scalar(name, value)
        self._record.record(params.cur_step_num)
        self._record.flush()

    def on_train_epoch_end(self, run_context):
        params = run_context.original_args()
        if self._collect_specified_data.get("collect_metric"):
            for name, value in (params.get("eval_results") or {}).items():
                self._add_scalar(f"eval/{name}", value)
            self._record.record(params.cur_step_num)

    def _add_scalar(self, name, value) -> None:
        if isinstance(value, Tensor):
            self._record.add_value("scalar", name, value)
        elif isinstance(value, (int, float)) or getattr(value, "ndim", None) == 0:
            self._record.add_value("scalar", name, Tensor(float(value)))

    def _collect_metric(self, cb_params) -> None:
        if not self._collect_specified_data.get("collect_metric"):
            return
        loss = self._get_loss(cb_params)
        if loss is not None:
            self._add_scalar("loss/auto", loss)
        rate = getattr(getattr(cb_params, "optimizer", None), "learning_rate", None)
        if isinstance(rate, Tensor) and rate.size == 1:
            self._add_scalar("learning_rate/auto", rate)

    def _get_loss(self, cb_params) -> Tensor | None:
        """The mean of the first output; None, now and later, where that is no number."""
        output = cb_params.net_outputs
        first = output[0] if isinstance(output, (tuple, list)) and output else output
        self._is_parse_loss_success = self._is_parse_loss_success and isinstance(first, (int, float, Tensor))
        if not self._is_parse_loss_success:
            return None
        return Tensor(np.mean(first.asnumpy() if isinstance(first, Tensor) else first))

    def _get_optimizer(self, cb_params) -> Any:
        """The optimizer of a training, or the first one in its network; None, now and later, where there is none."""
        if self._temp_optimizer is None:
            network = None
            if cb_params.optimizer is None:
                network = cb_params.train_network if cb_params.mode == "train" else cb_params.eval_network
            cells = [] if network is None else [cell for _, cell in network.cells_and_names()]
            found = [cb_params.optimizer, *cells, *(getattr(cell, "optimizer", None) for cell in cells)]
            self._temp_optimizer = next((o for o in found if isinstance(o, Optimizer)), "Failed")
        return None if self._temp_optimizer == "Failed" else self._temp_optimizer

    def _collect_input_data(self, cb_params) -> None:
        wanted, batch = self._collect_specified_data, getattr(cb_params, "train_dataset_element", None)
        if not wanted.get("collect_input_data"):
            return
        columns = [batch] if isinstance(batch, Tensor) else list(batch or ())
        images = [x for x in columns if isinstance(x, Tensor) and x.ndim == 4 and x.shape[1] in (1, 3)]
        wanted["collect_input_data"] = bool(images)
        for k, image in enumerate(images):
            self._record.add_value("image", f"input_data/{k or 'auto'}", image)

    def _collect_dataset_graph(self, cb_params) -> None:
        if self._collect_specified_data.get("collect_dataset_graph") and cb_params.mode == "train":
            self._record.add_value("dataset_graph", "train_dataset", repr(cb_params.train_dataset))

    def _collect_histogram(self, cb_params) -> None:
        if "histogram_regular" not in self._collect_specified_data:
            return
        optimizer, pattern = self._get_optimizer(cb_params), self._collect_specified_data["histogram_regular"]
        parameters = [] if optimizer is None else list(optimizer.parameters)
        if pattern is None:
            chosen = parameters[:FIRST_PARAMETERS]
        else:
            chosen = [p for p in parameters if re.match(pattern, p.name)]
        for parameter in chosen:
            self._record.add_value("histogram", f"{parameter.name}/auto", parameter)


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
