"""Losses."""

from . import loss as _loss, sampled_softmax as _sampled_softmax
from .loss import *  # noqa: F403
from .sampled_softmax import *  # noqa: F403

__all__ = [*_loss.__all__, *_sampled_softmax.__all__]  # without it, nn.loss would become the module loss.loss
