# Written by tools/stubs from minispore.surface.boost: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.surface.boost.grad_accumulation import GradientAccumulation as GradientAccumulation

__all__ = ['GradientAccumulation']
