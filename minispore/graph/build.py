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
from .fuse import fuse
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
    graph, builder, items = lowered(traced)
    made = executable_class()(graph, builder, items)
    made.traced, made.agreeing = traced, agreeing
    return made


def lowered(traced: Graph) -> tuple[Graph, Builder, list]:
    """The graph after the passes, and the calls that it becomes, with the Builder that made them."""
    with phase("passes"):
        graph = optimise(traced)
    with phase("fuse"):
        units = fuse(graph)
    with phase("lower"):
        builder = Builder(graph, units, threads())
        items = builder.run()
    return graph, builder, items


def executable_class() -> type[Executable]:
    """Executable, or with ``check_nan`` or MINISPORE_DEBUG=5 the subclass that checks or times its calls."""
    return supplied("executable class")() or Executable
