"""MindSpore's ``common.api``: jit, and the executors that some scripts use."""

from ...core.tensor import Tensor
from ...transforms.function import _no_grad
from ...transforms.jit import jit, jit_class, ms_function

ms_class = jit_class  # its name in MindSpore 1


class _CellExecutor:
    """``compile(net, *inputs)`` compiles a Cell for inputs of these shapes and types without running it."""

    def compile(self, obj, *args, **kwargs) -> None:
        obj.check_names()
        obj.compile(*args)


class _MindsporeFunctionExecutor:
    """Accepted as a base class: debuggers of older versions put a subclass of it in place, which is not asked here."""


class _PynativeExecutor:
    """Accepted: PYNATIVE mode is synchronous, so there is nothing to wait for."""

    def __init__(self):
        self._enabled = True

    def sync(self) -> None:
        """Accepted and without effect."""

    def enable_grad(self) -> bool:
        """What ``set_enable_grad`` set: True at first."""
        return self._enabled

    def set_enable_grad(self, flag) -> None:
        """Accepted: kept for ``enable_grad``. Write ``no_grad`` to leave out gradients."""
        self._enabled = flag

    def requires_grad(self) -> bool:
        """Whether operations are being recorded for a gradient outside of transformed functions: never."""
        return False


class StubTensor(Tensor):
    """Accepted: older versions returned results in this class until they were computed; here each is a Tensor."""


_cell_graph_executor = _executor = _CellExecutor()
_pynative_executor = _PynativeExecutor()

__all__ = ["StubTensor", "_no_grad", "jit", "jit_class", "ms_class", "ms_function"]
