"""Training: ``Model``, callbacks, metrics, checkpoints.  Submodules are imported at their first use."""

from importlib import import_module
from typing import TYPE_CHECKING

from ..core.registry import module_getattr

if TYPE_CHECKING:
    from ..nn.metrics import *  # noqa: F403
    from .amp import build_train_network
    from .callback import *  # noqa: F403
    from .dataset_helper import *  # noqa: F403
    from .loss_scale_manager import *  # noqa: F403
    from .model import Model
    from .rate_finder import lr_find
    from .serialization import *  # noqa: F403
    from .summary import SummaryRecord
    from .thor import *  # noqa: F403

_NAMED = {"Model": ".model", "lr_find": ".rate_finder", "SummaryRecord": ".summary", "build_train_network": ".amp"}
_LISTED = (".callback", ".metrics", ".loss_scale_manager", ".dataset_helper", ".serialization", ".thor")
_SUBMODULES = {"amp", "callback", "checkpoint", "dataset_helper", "loss_scale_manager", "metrics", "model",
               "serialization", "summary", "thor"}  # fmt: skip


def __getattr__(name: str):
    if name == "__all__":
        return [n for n in __dir__() if n not in _SUBMODULES]
    if name in _SUBMODULES:
        return import_module(f".{name}", __name__)
    if not name.startswith("_"):
        for module in [_NAMED[name]] if name in _NAMED else _LISTED:
            found = import_module(module, __name__)
            if module in _NAMED.values() or name in getattr(found, "__all__", ()):
                return getattr(found, name)
    return module_getattr(__name__)(name)


def __dir__():
    return sorted({*_NAMED, *_SUBMODULES, *(n for m in _LISTED for n in import_module(m, __name__).__all__)})
