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

    def sync(self) -> None:
        """Accepted and without effect."""


class StubTensor(Tensor):
    """Accepted: older versions returned results in this class until they were computed; here each is a Tensor."""


_cell_graph_executor = _executor = _CellExecutor()
_pynative_executor = _PynativeExecutor()

__all__ = ["StubTensor", "_no_grad", "jit", "jit_class", "ms_class", "ms_function"]
