"""``x += y`` and its kind in compiled code: the Tensor itself changes and keeps its type, as in MindSpore's GRAPH mode.

Other names of it, and the caller's Tensor where ``x`` is an argument, change too; op by op the name gets a new Tensor. Where the result has another
shape, in bodies of branches and loops, and for a part of another Tensor, it does so here too.
"""

from ..core.op import to
from ..core.record import STATE
from ..core.tensor import Tensor
from .effects import assign


def _augmented(operator: str):
    plain = getattr(Tensor, f"__{operator}__")

    def change(self, other):
        recorder = STATE.recorder
        if recorder is None or not recorder.symbolic or recorder.parent is not None:
            return NotImplemented
        if self._view is not None or not (self.is_parameter or self.is_literal or self._recorder is recorder):
            return NotImplemented
        new = plain(self, other)
        if not isinstance(new, Tensor) or new.shape != self.shape:
            return new
        if self.is_parameter:
            return assign(self, to(new, self.dtype))
        self._rebind(to(new, self.dtype))
        return self

    return change


for _operator in ("add", "sub", "mul", "truediv", "floordiv", "mod"):
    setattr(Tensor, f"__i{_operator}__", _augmented(_operator))

__all__: list[str] = []  # operators only
