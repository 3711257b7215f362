"""``nn``: cells, layers, losses, optimizers, train steps."""

from importlib import import_module as _import_module

from ..core.registry import module_getattr as _module_getattr
from .cell import Cell, GraphCell
from .container import CellDict, CellList, SequentialCell, SequentialCell as Sequential
from .dynamic_lr import *  # noqa: F403
from .layer import *  # noqa: F403
from .learning_rate_schedule import *  # noqa: F403
from .learning_rate_schedule import LearningRateSchedule
from .loss import *  # noqa: F403
from .optim import *  # noqa: F403
from .rate_curve import learning_rates
from .schedules import *  # noqa: F403
from .transforms import *  # noqa: F403
from .utils import *  # noqa: F403
from .wrap import *  # noqa: F403

from . import transformer  # isort: skip

# imported last, because they use nn; MindSpore's guides write nn.optim_ex and nn.StepLR
from . import optim_ex as optim_ex  # isort: skip
from .optim_ex.verbose import *  # noqa: F403  # isort: skip


def __getattr__(name: str):
    if not name.startswith("_"):
        metrics = _import_module(".metrics", __name__)  # in MindSpore 1, metrics were names of nn: nn.Accuracy
        if name in metrics.__all__:
            return getattr(metrics, name)
    return _module_getattr(__name__)(name)


_HELPERS = {
    "cell_attributes",
    "cell_buffers",
    "cell_hooks",
    "cell_inputs",
    "cell_members",
    "container",
    "ensemble",
    "ensemble_function",
    "ensemble_state",
    "rate_curve",
    "schedules",
    "layer_primitives",
    "state_dict",
    "step_copy",
    "transforms",
}  # modules that are not for users


def __dir__():
    public = {name for name in globals() if not name.startswith("_")} - _HELPERS
    return sorted({*public, "metrics", *_import_module(".metrics", __name__).__all__})
