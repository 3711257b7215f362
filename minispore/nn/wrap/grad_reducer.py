"""Gradients summed or averaged over ranks."""

from ...core.context import get_auto_parallel_context
from ...core.errors import fail
from ...core.op import to
from ...core.parameter import Parameter
from ...core.record import STATE
from ...core.tensor import Tensor
from ...distributed.agree import after_step
from ...distributed.groups import members, world_rank, world_size
from ...ops.collective import GRADIENTS, buckets, collective, tree
from ...ops.sparse import RowTensor, dense
from ..cell import Cell

MODES = ("data_parallel", "hybrid_parallel")


def reduces() -> bool:
    """Whether train steps reduce their gradients over ranks: several processes, in a mode that is about data."""
    return get_auto_parallel_context("parallel_mode") in MODES and world_size() > 1


class DistributedGradReducer(Cell):
    """Gradients summed over ranks, and divided by their number where the mean is wanted.

    The sum goes over the ranks in a fixed order, so its bits depend neither on the MPI library nor on the time at which
    messages come.  Gradients travel in buckets, the last layers' first.  In one process they stay as they are.

    Args:
        parameters: the Parameters whose gradients come.  Those with ``layerwise_parallel`` differ between ranks by
            intent: their gradients stay.
        mean: bool, whether to divide.  Default: None, as ``set_auto_parallel_context(gradients_mean=...)`` says.
        degree: positive int, by what to divide.  Default: None, the number of ranks in the group.
        fusion_type: accepted, without effect; see ``all_reduce_fusion_config`` in ``set_auto_parallel_context``.
            Default: 1.
        group: str, the ranks.  Default: all.

    Inputs:
        grads: tuple of Tensors, one for each Parameter.

    Returns:
        tuple of Tensors of the same shapes.

    Raises:
        ValueError: ``degree`` is not a positive int; there is no such group.

    >>> from minispore import Tensor, nn
    >>> print(nn.DistributedGradReducer([])((Tensor([1.0]),))[0])
    [1.]
    """

    def __init__(self, parameters, mean=None, degree=None, fusion_type=1, group="hccl_world_group"):
        super().__init__(auto_prefix=False)
        self.ranks = members(group, "DistributedGradReducer")
        if degree is not None and (isinstance(degree, bool) or not isinstance(degree, int) or degree < 1):
            raise fail(
                ValueError, f"For 'DistributedGradReducer', 'degree' must be a positive int, but got {degree!r}."
            )
        self.mean = bool(get_auto_parallel_context("gradients_mean") if mean is None else mean)
        self.degree = len(self.ranks) if degree is None else degree
        self.__dict__["weights"] = list(parameters)
        self.layerwise = tuple(bool(getattr(p, "layerwise_parallel", False)) for p in self.weights)
        self.always_sums = False  # by one rank too, see GradientsOfPieces
        self.cuts = tuple(get_auto_parallel_context("all_reduce_fusion_config"))

    def construct(self, grads):
        if len(self.ranks) == 1 and not self.always_sums:
            return grads
        if STATE.recorder is None and len(self.ranks) == world_size():
            after_step([p for p in self.weights if isinstance(p, Parameter)])
        own = self.layerwise if len(self.layerwise) == len(grads) else (False,) * len(grads)
        out = list(grads)
        whole = [k for k, g in enumerate(grads) if not own[k] and not isinstance(g, RowTensor)]
        for k, total in zip(whole, summed([grads[k] for k in whole], self.ranks, self.cuts)):
            out[k] = self._scaled(total)
        for k, g in enumerate(grads):
            if isinstance(g, RowTensor) and not own[k]:
                indices, rows = (
                    collective("all_gather", [x], self.ranks, label=GRADIENTS)[0] for x in (g.indices, g.values)
                )
                out[k] = RowTensor(indices, self._scaled(rows), g.shape)
        return tuple(out)

    def _scaled(self, total: Tensor) -> Tensor:
        return total * to(Tensor(1.0 / self.degree), total.dtype) if self.mean else total


class GradientsOfPieces:
    """The gradients of a batch that is cut into pieces: the same bits for any number of ranks that divides their number.

    Each piece's gradients are computed by themselves, as a rank with that piece alone would, and rounded; sums go
    ((0 + 1) + (2 + 3)), first over the pieces of a rank, then over the ranks.
    """

    def __init__(self, weights, total: int, mean: bool):
        ranks = members(None, "gradient_pieces")
        if total % len(ranks):
            raise fail(
                ValueError,
                f"'gradient_pieces' must be a multiple of the number of ranks, {len(ranks)}, but got {total}.",
            )
        self.count = total // len(ranks)
        self.own = (world_rank(),)
        self.reducer = DistributedGradReducer(weights, mean=True, degree=total if mean else self.count)
        self.reducer.always_sums = True

    def __call__(self, step, inputs, further):
        """(mean loss, gradients) of ``step(*piece, *further)`` over the pieces of ``inputs``."""
        found = [step(*piece, *further) for piece in self._cut(inputs)]
        losses = [loss for loss, _ in found]
        grads = [summed([dense(g) for g in grads], self.own) for _, grads in found]
        total = [tree(list(of_one), lambda a, b: a + b) for of_one in zip(*grads)]
        loss = tree(losses, lambda a, b: a + b) * (1.0 / self.count) if self.count > 1 else losses[0]
        return loss, self.reducer(tuple(total))

    def _cut(self, inputs) -> list:
        n = self.count
        for x in inputs:
            if isinstance(x, Tensor) and (x.ndim == 0 or x.shape[0] % n):
                raise fail(
                    ValueError,
                    f"'gradient_pieces': the batch must be a multiple of the {n} pieces of a rank, but got {x.shape}.",
                )
        return [[x[k * (x.shape[0] // n) : (k + 1) * (x.shape[0] // n)] if isinstance(x, Tensor) else x for x in inputs]
                for k in range(n)]  # fmt: skip


def summed(grads, ranks, cuts=()) -> list:
    """The sums over ``ranks``, by buckets; with one rank the values, rounded to their type."""
    out = list(grads)
    for bucket in buckets(grads, cuts):
        for k, total in zip(bucket, collective("all_reduce", [grads[k] for k in bucket], ranks, label=GRADIENTS)):
            out[k] = total
    return out


class PipelineGradReducer(DistributedGradReducer):
    """``DistributedGradReducer``: there is no pipeline parallelism.

    Args:
        parameters: as there.
        scale_sense: ignored.
        opt_shard: ignored.

    Inputs:
        grads: tuple of Tensors, one for each Parameter.

    Returns:
        tuple of Tensors of the same shapes.

    >>> from minispore import Tensor, nn
    >>> print(nn.PipelineGradReducer([])((Tensor([1.0]),))[0])
    [1.]
    """

    def __init__(self, parameters, scale_sense=1.0, opt_shard=None):
        super().__init__(parameters)


__all__ = ["DistributedGradReducer", "PipelineGradReducer"]
