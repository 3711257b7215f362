"""Callbacks that log a training with other libraries: Weights & Biases, MLflow, Aim.  Each is imported when it is first needed."""

from importlib import import_module
from typing import Any

from ...core import checks
from ...core.errors import not_installed
from .base import Callback, epoch_values, loss_of, number


class _Logger(Callback):
    """Gathers what an epoch came to: mean loss, learning rates, metrics; every so many steps the loss of the step."""

    in_validation = False
    library = ""

    def __init__(self, every):
        self._every = checks.non_negative_int(type(self).__name__, every=every)
        self._sum, self._steps = 0.0, 0

    def _imported(self) -> Any:
        try:
            return import_module(self.library)
        except ImportError as error:
            raise not_installed(f"'{type(self).__name__}'", self.library, self.library) from error

    def on_train_epoch_begin(self, run_context):
        self._sum, self._steps = 0.0, 0

    def on_train_step_end(self, run_context):
        params = run_context.original_args()
        loss = number(loss_of(params.net_outputs))
        self._sum += loss
        self._steps += 1
        if self._every and params.cur_step_num % self._every == 0:
            self._log({"step_loss": loss}, params.cur_step_num)

    def on_train_epoch_end(self, run_context):
        params = run_context.original_args()
        values = epoch_values(params, self._sum / max(self._steps, 1))
        step = values.pop("step")
        self._log({name: float(value) for name, value in values.items() if _is_number(value)}, step)

    def _log(self, values: dict, step: int) -> None:
        raise NotImplementedError


def _is_number(value) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


class WandbLogger(_Logger):
    """Logs to a run of Weights & Biases: for each epoch loss, learning rate and metrics.

    Args:
        every (int): log the loss of every so many steps too, as "step_loss"; 0 for none. Default: 0.
        **options (object): those of ``wandb.init``: ``project``, ``name``, ``config``, ``dir``; ``mode="offline"`` writes files
            alone. A run that is open is used, and stays open.

    Raises:
        ImportError: when a training begins: wandb is not installed.

    >>> import minispore as ms
    >>> logger = ms.train.WandbLogger(project="digits", mode="offline")
    """

    library = "wandb"

    def __init__(self, every=0, **options):
        super().__init__(every)
        self._options, self._run, self._own = options, None, False

    def on_train_begin(self, run_context):
        wandb = self._imported()
        self._own = wandb.run is None
        self._run = wandb.init(**self._options) if self._own else wandb.run

    def _log(self, values, step):
        self._run.log(values, step=step)

    def on_train_end(self, run_context):
        if self._own:
            self._run.finish()


class MLflowLogger(_Logger):
    """Logs to a run of MLflow: for each epoch loss, learning rate and metrics.

    Args:
        experiment (str): its name; None for MLflow's present one. Default: None.
        tracking_uri (str): where to, such as "file:/path" or "sqlite:///runs.db"; None for MLflow's present one. Default: None.
        every (int): log the loss of every so many steps too, as "step_loss"; 0 for none. Default: 0.
        **options (object): those of ``mlflow.start_run``: ``run_name``, ``tags``. A run that is active is used, and stays active.

    Raises:
        ImportError: when a training begins: mlflow is not installed.

    >>> import minispore as ms
    >>> logger = ms.train.MLflowLogger("digits", "sqlite:///runs.db")
    """

    library = "mlflow"

    def __init__(self, experiment=None, tracking_uri=None, every=0, **options):
        super().__init__(every)
        self._experiment, self._uri, self._options, self._own = experiment, tracking_uri, options, False

    def on_train_begin(self, run_context):
        mlflow = self._imported()
        if self._uri is not None:
            mlflow.set_tracking_uri(self._uri)
        if self._experiment is not None:
            mlflow.set_experiment(self._experiment)
        self._own = mlflow.active_run() is None
        if self._own:
            mlflow.start_run(**self._options)

    def _log(self, values, step):
        self._imported().log_metrics(values, step=step)

    def on_train_end(self, run_context):
        if self._own:
            self._imported().end_run()


class AimLogger(_Logger):
    """Logs to a run of Aim: for each epoch loss, learning rate and metrics.

    Args:
        repo (str): the directory of the repository; None for the present one. Default: None.
        experiment (str): its name. Default: None.
        every (int): log the loss of every so many steps too, as "step_loss"; 0 for none. Default: 0.
        **options (object): those of ``aim.Run``.

    Raises:
        ImportError: when a training begins: aim is not installed.

    >>> import minispore as ms
    >>> logger = ms.train.AimLogger("runs", experiment="digits")
    """

    library = "aim"

    def __init__(self, repo=None, experiment=None, every=0, **options):
        super().__init__(every)
        self._options, self._run = {"repo": repo, "experiment": experiment, **options}, None

    def on_train_begin(self, run_context):
        self._run = self._imported().Run(**self._options)

    def _log(self, values, step):
        for name, value in values.items():
            self._run.track(value, name=name, step=step)

    def on_train_end(self, run_context):
        self._run.close()
