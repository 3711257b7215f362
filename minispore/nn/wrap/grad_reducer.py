"""Averages of gradients over devices: there is one device, so the gradients as they are."""

from ..cell import Cell


class DistributedGradReducer(Cell):
    """The mean of gradients over devices; there is one, so the gradients as they are.

    Args:
        parameters: Parameters; like all arguments accepted as MindSpore accepts it, without effect.
        mean: ignored.
        degree: ignored.
        fusion_type: ignored.
        group: ignored.

    Inputs:
        grads: tuple of Tensors.

    Returns:
        ``grads``.

    >>> from minispore import Tensor, nn
    >>> print(nn.DistributedGradReducer([])((Tensor([1.0]),))[0])
    [1.]
    """

    def __init__(self, parameters, mean=None, degree=None, fusion_type=1, group="hccl_world_group"):
        super().__init__(auto_prefix=False)

    def construct(self, grads):
        return grads


class PipelineGradReducer(DistributedGradReducer):
    """Accepted, without effect: the gradients as they are, since there is one CPU.

    Args:
        parameters: ignored.
        scale_sense: ignored.
        opt_shard: ignored.

    Inputs:
        grads: tuple of Tensors.

    Returns:
        ``grads``.

    >>> from minispore import Tensor, nn
    >>> print(nn.PipelineGradReducer([])((Tensor([1.0]),))[0])
    [1.]
    """

    def __init__(self, parameters, scale_sense=1.0, opt_shard=None):
        super().__init__(parameters)
