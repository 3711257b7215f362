"""``mindspore.nn.probability``: distributions.  Its bijectors are not here: no public project that was counted uses them."""

from . import distribution

__all__ = ["distribution"]
