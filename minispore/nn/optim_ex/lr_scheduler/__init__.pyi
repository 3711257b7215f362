# Written by tools/stubs from minispore.nn.optim_ex.lr_scheduler: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.optim_ex.lr_scheduler.adaptive import ReduceLROnPlateau as ReduceLROnPlateau, SequentialLR as SequentialLR
from minispore.nn.optim_ex.lr_scheduler.cycles import CosineAnnealingLR as CosineAnnealingLR, CosineAnnealingWarmRestarts as CosineAnnealingWarmRestarts, CyclicLR as CyclicLR, OneCycleLR as OneCycleLR
from minispore.nn.optim_ex.lr_scheduler.decay import ConstantLR as ConstantLR, ExponentialLR as ExponentialLR, LambdaLR as LambdaLR, LinearLR as LinearLR, MultiStepLR as MultiStepLR, MultiplicativeLR as MultiplicativeLR, PolynomialLR as PolynomialLR, StepLR as StepLR
from minispore.nn.optim_ex.lr_scheduler.scheduler import LRScheduler as LRScheduler

__all__ = ['ConstantLR', 'CosineAnnealingLR', 'CosineAnnealingWarmRestarts', 'CyclicLR', 'ExponentialLR', 'LRScheduler', 'LambdaLR', 'LinearLR', 'MultiStepLR', 'MultiplicativeLR', 'OneCycleLR', 'PolynomialLR', 'ReduceLROnPlateau', 'SequentialLR', 'StepLR']
