"""Averages of gradients over devices: there is one device, so the gradients as they are."""

from ..cell import Cell


class DistributedGradReducer(Cell):
    """Gradients averaged over devices; there is one, so the gradients as they are.

    Args:
        parameters: Parameters; the others are accepted, without effect.
    """

    def __init__(self, parameters, mean=None, degree=None, fusion_type=1, group="hccl_world_group"):
        super().__init__(auto_prefix=False)

    def construct(self, grads):
        return grads


class PipelineGradReducer(DistributedGradReducer):
    """Accepted, without effect: the gradients as they are, since there is one CPU."""

    def __init__(self, parameters, scale_sense=1.0, opt_shard=None):
        super().__init__(parameters)
