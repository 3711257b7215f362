"""Optimizers, one per file; what they share is in optimizer.py, groups.py and param_groups.py.

The formulas that other optimizers or update ops use too are in ``ops/optimizer_formulas.py``.
"""

from .adadelta import Adadelta
from .adafactor import AdaFactor
from .adagrad import Adagrad
from .adam import Adam, AdamOffload, AdamWeightDecay
from .adamax import AdaMax
from .adamw import AdamW
from .adan import Adan
from .asgd import ASGD
from .ftrl import FTRL
from .lamb import Lamb
from .lars import LARS
from .lazyadam import LazyAdam
from .lbfgs import LBFGS
from .lion import Lion
from .momentum import Momentum
from .muon import Muon
from .nadam import NAdam
from .optimizer import Optimizer, with_shared_docs
from .proximal_adagrad import ProximalAdagrad
from .radam import RAdam
from .rmsprop import RMSProp
from .rprop import Rprop
from .schedule_free import ScheduleFreeAdamW
from .sgd import SGD
from .thor import thor
from .wrapping import ExponentialMovingAverage, GradientAccumulation, GradientClipping

__all__ = [
    "ASGD", "FTRL", "LARS", "LBFGS", "SGD", "AdaFactor", "AdaMax", "Adadelta", "Adagrad", "Adam", "AdamOffload", "AdamW",
    "AdamWeightDecay", "Adan", "ExponentialMovingAverage", "GradientAccumulation", "GradientClipping", "Lamb",
    "LazyAdam", "Lion", "Momentum", "Muon", "NAdam", "Optimizer", "ProximalAdagrad", "RAdam", "RMSProp", "Rprop",
    "ScheduleFreeAdamW", "thor",
]  # fmt: skip
