"""Optimizers whose state is shared out over ranks (ZeRO's first stage: Rajbhandari et al. 2020, arXiv:1910.02054).

With ``set_auto_parallel_context(enable_parallel_optimizer=True)`` in data-parallel training, each Parameter has a rank
that owns it: only that rank keeps its state and updates it, and all get the new value.  Any optimizer can be shared
out: each rank makes one of the same kind of the Parameters that it owns.  Parameters that cannot be spread, for there
are fewer of a type than ranks, are updated by all.
"""

from typing import Any

from ... import ops
from ...core.context import get_auto_parallel_context
from ...core.errors import fail
from ...core.op import to
from ...core.tensor import Tensor
from ...distributed import WORLD
from ...ops.collective import GRADIENTS, collective, tree
from ...ops.sparse import dense
from . import param_groups
from .around import Wrapping
from .optimizer import Optimizer

MODES = ("data_parallel", "hybrid_parallel")


def owners(parameters, size: int) -> list[int | None]:
    """The rank that owns each Parameter; None: all.  The largest first, each to the rank that has least so far."""
    found: list[int | None] = [None] * len(parameters)
    loads = [0] * size
    for dtype in {p.dtype.name: p.dtype for p in parameters}.values():
        of_type = [k for k, p in enumerate(parameters) if p.dtype is dtype]
        if len(of_type) < size:
            continue
        for k in sorted(of_type, key=lambda k: (-parameters[k].size, k)):
            rank = found[k] = loads.index(min(loads))
            loads[rank] += parameters[k].size * dtype.itemsize
    return found


class SharedOptimizer(Wrapping):
    """Stands for an optimizer of all Parameters; ``opt`` is that of the Parameters that this rank updates.

    What is asked of it, such as ``param_groups`` and rates, is that of ``opt``; ``parameters`` are all.
    """

    shares_state = True

    def __init__(self, own: Optimizer, parameters, owner: list[int | None]):
        super().__init__(own)
        self.parameters = parameters
        self.__dict__.update(owner=owner, mine=_mine(owner), ranks=tuple(range(WORLD.size)))

    def construct(self, gradients):
        """Takes the gradients of all Parameters, already reduced, or what ``reduced`` gave; updates all Parameters."""
        whole = len(gradients) == len(self.parameters)
        self.opt(tuple(gradients[k] for k in self.mine) if whole else tuple(gradients))
        for of_rank in self._spread():
            counts = tuple(sum(self.parameters[k].size for k in ks) for ks in of_rank)
            flat = collective(
                "all_gather_uneven",
                [self.parameters[k] for k in of_rank[WORLD.rank]],
                self.ranks,
                sizes=counts,
                label="weights",
            )[0]
            at = 0
            for k in (k for ks in of_rank for k in ks):
                p = self.parameters[k]
                ops.assign(p, flat[at : at + p.size].reshape(p.shape))
                at += p.size
        return (True,) * len(self.parameters)

    def reduced(self, gradients, degree: int | None) -> tuple:
        """The sums over ranks, divided by ``degree``, of the gradients of the Parameters that this rank updates."""
        found: dict[int, Tensor] = {}
        gradients = [dense(g) for g in gradients]
        everywhere = [k for k, r in enumerate(self.owner) if r is None]
        for dtype in sorted({gradients[k].dtype.name for k in everywhere}):
            alike = [k for k in everywhere if gradients[k].dtype.name == dtype]
            found.update(
                zip(alike, collective("all_reduce", [gradients[k] for k in alike], self.ranks, label=GRADIENTS))
            )
        for of_rank in self._spread():
            counts = tuple(sum(gradients[k].size for k in ks) for ks in of_rank)
            ours = counts[WORLD.rank]
            sizes = (counts, (ours,) * len(self.ranks))
            sent = [gradients[k] for ks in of_rank for k in ks]
            flat = collective("all_to_all", sent, self.ranks, sizes=sizes, label=GRADIENTS)[0]
            total = tree([flat[r * ours : (r + 1) * ours] for r in self.ranks], lambda a, b: a + b)
            at = 0
            for k in of_rank[WORLD.rank]:
                n = gradients[k].size
                found[k] = total[at : at + n].reshape(gradients[k].shape)
                at += n
        if degree is not None:
            found = {k: g * to(Tensor(1.0 / degree), g.dtype) for k, g in found.items()}
        return tuple(found[k] for k in self.mine)

    def _spread(self):
        """For each type: the Parameters that each rank owns, as a list of lists."""
        for dtype in {p.dtype.name: p.dtype for p in self.parameters}.values():
            of_rank = [
                [k for k, r in enumerate(self.owner) if r == rank and self.parameters[k].dtype is dtype]
                for rank in self.ranks
            ]
            if any(of_rank):
                yield of_rank


def _mine(owner) -> list[int]:
    return [k for k, r in enumerate(owner) if r in (None, WORLD.rank)]


def _own_part(whole: Optimizer, owner) -> Optimizer:
    """An optimizer of the same kind, of the Parameters that this rank updates."""
    chosen = {id(whole.parameters[k]) for k in _mine(owner)}
    return whole._copy_for(_only(whole._given(), chosen))


def _around_own_part(made: Wrapping) -> Wrapping:
    """The same around the own part of the optimizer inside."""
    args, kwargs = made._arguments
    inside = made.opt.opt
    return type(made)(
        *(inside if a is made.opt else a for a in args),
        **{k: inside if a is made.opt else a for k, a in kwargs.items()},
    )


def _only(given, chosen: set[int]):
    """Parameters, or groups of them, without those that are not chosen."""
    if not all(isinstance(g, dict) for g in given):
        return [p for p in given if id(p) in chosen]
    found = []
    for group in given:
        key = "order_params" if "order_params" in group else "params"
        kept = [p for p in group[key] if id(p) in chosen]
        if kept:
            found.append({**group, key: kept})
    return found


def is_wanted() -> bool:
    """Whether new optimizers are to share out their state."""
    settings = get_auto_parallel_context
    return WORLD.size > 1 and settings("enable_parallel_optimizer") and settings("parallel_mode") in MODES


def share_out(made: Optimizer) -> Optimizer:
    """What stands for a new optimizer: one whose state is shared out, where that is asked for; else itself."""
    if not is_wanted():
        return made
    if isinstance(made, Wrapping) and not made.by_parameter:  # the one inside is shared out
        return made
    param_groups.sharing = False  # the own part is made as it is
    try:
        if isinstance(made, Wrapping):
            _check_directly_around(made)
            return _shared(made, _around_own_part(made), made.opt.owner)
        _check_divisible(made)
        owner = owners(made.parameters, WORLD.size)
        return _shared(made, _own_part(made, owner), owner)
    finally:
        param_groups.sharing = True


def _shared(made: Optimizer, own: Optimizer, owner) -> Optimizer:
    kind: Any = type(
        f"Shared{type(made).__name__}", (SharedOptimizer, type(made)), {"__doc__": SharedOptimizer.__doc__}
    )
    shared = kind.__new__(kind)
    shared.__init__(own, made.parameters, owner)
    return shared


def _check_divisible(made: Optimizer) -> None:
    if not made.divisible:
        raise fail(
            ValueError,
            f"enable_parallel_optimizer: {type(made).__name__} needs all Parameters together, so its state cannot be shared out "
            "over ranks.",
        )


def _check_directly_around(made: Wrapping) -> None:
    if not isinstance(made.opt, SharedOptimizer):
        name, inside = type(made).__name__, type(made.opt).__name__
        raise fail(
            ValueError,
            f"enable_parallel_optimizer: {name} works on each Parameter's own update, so it must stand directly around the optimizer, "
            f"but got {inside}: write {inside}({name}(...)).",
        )


param_groups.share_out = share_out
