"""From a traced graph to an executable: passes, fusion, lowering, machine code."""

from ..core.cycles import no_cycle_search
from ..core.ir import Graph
from ..core.record import Epoch
from ..core.registry import supplied
from ..distributed import WORLD
from ..flow.same import check_collectives
from . import lower_control  # noqa: F401  (it registers its rules)
from .compile import INTERPRETED
from .executable import Executable
from .fuse import Unit, fuse
from .lower import Builder
from .passes import optimise
from .runtime import default_threads
from .stats import phase

_threads: int | None = None


def threads() -> int:
    global _threads
    if _threads is None:
        _threads = default_threads()
    return _threads


def set_threads(n: int) -> None:
    """How many threads the steps compiled from now on may use."""
    global _threads
    _threads = 1 if INTERPRETED else max(1, int(n))
    Epoch.now += 1


def build(traced: Graph) -> Executable:
    """Passes, fusion, lowering, compilation."""
    with no_cycle_search():
        return _built(traced)


def _built(traced: Graph) -> Executable:
    agreeing = check_collectives(traced) if WORLD.size > 1 else []
    graph, units = fused(traced)
    with phase("lower"):
        builder = Builder(graph, units, threads())
        items = builder.run()
    made = executable_class()(graph, builder, items)
    made.traced, made.agreeing = traced, agreeing
    return made


def fused(traced: Graph) -> tuple[Graph, list[Unit]]:
    """The graph after the passes, and its units in order."""
    with phase("passes"):
        graph = optimise(traced)
    with phase("fuse"):
        return graph, fuse(graph)


def executable_class() -> type[Executable]:
    """Executable, or with ``check_nan`` or MINISPORE_DEBUG=5 the subclass that checks or times its calls."""
    return supplied("executable class")() or Executable
