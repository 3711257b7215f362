"""What the functions of communication share: their docstrings, handles and checks."""

from ..core.docstrings import documented
from ..core.errors import fail
from ..core.tensor import Tensor
from ..distributed import WORLD
from ..distributed.groups import members
from .collective import collective
from .collective_lowering import FOLDS

with_communication_docs = documented(
    async_op="bool, whether to give a handle.  Default: False.",
    group="str, the name of a group.  Default: None, all processes.",
    op='str, how elements combine: "sum", "max", "min" or "prod".  Default: "sum".',
    src="int, the world rank that it comes from.  Default: 0.",
    dst="int, the world rank that gets it.  Default: 0.",
    handle_rest="{handle}\n\n{rest}",
    rest="""\
{raises}

>>> import minispore as ms
>>> from minispore.mint import distributed as dist""",
    handle="""\
Returns:
    CommHandle, or None without ``async_op``.""",
    raises="""\
Raises:
    TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
    RuntimeError: another rank failed, ended, or called something else.""",
)


class CommHandle:
    """What is still on its way; ``wait`` returns when it has arrived.

    Args:
        requests: the messages.  Default: none.
        site: where they are waited for.  Default: None.
        kept: memory that must stay until then.  Default: None.

    >>> from minispore.communication import comm_func
    >>> comm_func.CommHandle().wait()
    """

    def __init__(self, requests=(), site=None, kept=None):
        self._requests, self._site, self._kept = list(requests), site, kept

    def wait(self) -> None:
        """Waits."""
        if self._requests:
            WORLD.finish(self._requests, self._site)
            self._requests = []


def finished(async_op):
    return CommHandle() if async_op else None


def checked_tensor(owner: str, tensor, op: str = "sum"):
    if not isinstance(tensor, Tensor):
        raise fail(TypeError, f"For '{owner}', the input must be a Tensor, but got {type(tensor).__name__}.")
    if op not in FOLDS:
        raise fail(ValueError, f"For '{owner}', 'op' must be one of {sorted(FOLDS)}, but got {op!r}.")
    if tensor.dtype.name == "bool" and owner in ("all_reduce", "reduce", "reduce_scatter_tensor"):
        raise fail(TypeError, f"For '{owner}', the input must be numbers, but got bool.")
    return tensor


def one_tensor(what: str, owner: str, tensor, group, op="sum", root=0, sizes=None):
    ranks = members(group, owner)
    checked_tensor(owner, tensor, op)
    if len(ranks) == 1 and what != "all_to_all":
        return tensor
    return collective(what, [tensor], ranks, op, root, sizes)[0]


def checked_rank(rank, group, owner: str) -> int:
    if isinstance(rank, bool) or not isinstance(rank, int):
        raise fail(TypeError, f"For '{owner}', a rank must be an int, but got {type(rank).__name__}.")
    if rank not in members(group, owner):
        raise fail(ValueError, f"For '{owner}', rank {rank} is not in the group {members(group, owner)}.")
    return rank


__all__ = ["CommHandle"]
