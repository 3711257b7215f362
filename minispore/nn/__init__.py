"""``nn``: cells, layers, losses, optimizers, train steps."""

from .cell import Cell, GraphCell
from .container import CellDict, CellList, SequentialCell, SequentialCell as Sequential
from .dynamic_lr import *  # noqa: F403
from .layer import *  # noqa: F403
from .learning_rate_schedule import *  # noqa: F403
from .loss import *  # noqa: F403
from .optim import *  # noqa: F403
from .transforms import *  # noqa: F403
from .utils import *  # noqa: F403
from .wrap import *  # noqa: F403

from . import transformer  # isort: skip

# after nn itself, which they build on; MindSpore's guides write nn.optim_ex and nn.StepLR
from ..experimental import optim as optim_ex  # isort: skip
from ..experimental.optim.verbose import *  # noqa: F403  # isort: skip


def __getattr__(name: str):
    from ..train import metrics  # scripts for MindSpore 1 write nn.Accuracy

    if name in metrics.__all__:
        return getattr(metrics, name)
    if name in ("AvgPool1dExt", "AvgPool2dExt", "MaxPool2dExt"):
        from ..mint import nn as mint_nn

        return getattr(mint_nn, name.removesuffix("Ext"))
    from ..names import absent

    raise absent(__name__, name)
