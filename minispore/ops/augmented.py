"""``x += y`` and its kind in compiled code: the Tensor itself changes and keeps its type, as in MindSpore's GRAPH mode.

Other names of it, and the caller's Tensor where ``x`` is an argument, change too; op by op the name gets a new Tensor. Where the result has another
shape, in bodies of branches and loops, and for a part of another Tensor, it does so here too. A Parameter changes wherever it stands; what its name
holds then passes the gradient on, while the Parameter is a leaf again.
"""

from ..core.op import REGISTRY, to
from ..core.record import STATE
from ..core.tensor import Tensor
from .effects import updated


def _parameter_of(tensor):
    """The Parameter that ``tensor`` is, or whose new value an update returned as ``tensor``; else None."""
    if tensor.is_parameter:
        return tensor
    view = tensor._view
    whole = (
        view is not None
        and view.base.is_parameter
        and view.op is REGISTRY["reshape"]
        and tensor.shape == view.base.shape
    )
    return view.base if whole else None


def _augmented(operator: str):
    plain = getattr(Tensor, f"__{operator}__")

    def change(self, other):
        recorder = STATE.recorder
        if recorder is None or not recorder.symbolic:
            return NotImplemented
        parameter = _parameter_of(self)
        if parameter is not None:
            new = plain(self, other)
            return (
                updated(parameter, to(new, self.dtype)) if isinstance(new, Tensor) and new.shape == self.shape else new
            )
        if recorder.parent is not None:
            return NotImplemented
        if self._view is not None or not (self.is_literal or self._recorder is recorder):
            return NotImplemented
        new = plain(self, other)
        if not isinstance(new, Tensor) or new.shape != self.shape:
            return new
        self._rebind(to(new, self.dtype))
        return self

    return change


for _operator in ("add", "sub", "mul", "truediv", "floordiv", "mod"):
    setattr(Tensor, f"__i{_operator}__", _augmented(_operator))

__all__: list[str] = []  # operators only
