"""Optimizers, one per file; what they share is in optimizer.py, groups.py and param_groups.py.

The formulas that other optimizers or update ops use too are in ``ops/optimizer_formulas.py``.
"""

from .adabelief import AdaBelief
from .adadelta import Adadelta
from .adafactor import AdaFactor
from .adagrad import Adagrad
from .adam import Adam, AdamOffload, AdamWeightDecay
from .adamax import AdaMax
from .adamw import AdamW
from .adan import Adan
from .ademamix import AdEMAMix
from .adopt import ADOPT
from .asgd import ASGD
from .averaging import averaged_weights
from .cautious import Cautious
from .ftrl import FTRL
from .grokfast import Grokfast
from .lamb import Lamb
from .lars import LARS
from .lazyadam import LazyAdam
from .lbfgs import LBFGS
from .lion import Lion
from .lion_variants import RefinedLion, Tiger
from .lookahead import Lookahead
from .mars import MARS
from .momentum import Momentum
from .muon import Muon, muon_groups
from .nadam import NAdam
from .optimizer import Optimizer, with_shared_docs
from .parameter_free import DAdaptAdam, Prodigy
from .proximal_adagrad import ProximalAdagrad
from .radam import RAdam
from .rmsprop import RMSProp
from .rprop import Rprop
from .sam import SAM
from .schedule_free import ScheduleFreeAdamW
from .schedule_free_any import ScheduleFree, ScheduleFreeSGD
from .scheduled import Scheduled
from .sgd import SGD
from .shampoo import SOAP, Shampoo
from .sophia import SophiaG, SophiaH
from .statistics import UpdateStatistics
from .swa import StochasticWeightAverage
from .thor import thor
from .wrapping import ExponentialMovingAverage, GradientAccumulation, GradientClipping

from . import shared as _shared  # isort: skip  (new optimizers may be shared out over ranks)

__all__ = [
    "ADOPT", "ASGD", "FTRL", "LARS", "LBFGS", "MARS", "SAM", "SGD", "SOAP", "AdEMAMix", "AdaBelief", "AdaFactor",
    "AdaMax", "Adadelta", "Adagrad", "Adam", "AdamOffload", "AdamW", "AdamWeightDecay", "Adan", "Cautious",
    "DAdaptAdam", "ExponentialMovingAverage", "GradientAccumulation", "GradientClipping", "Grokfast", "Lamb",
    "LazyAdam", "Lion", "Lookahead", "Momentum", "Muon", "NAdam", "Optimizer", "Prodigy", "ProximalAdagrad",
    "RAdam", "RMSProp", "RefinedLion", "Rprop", "ScheduleFree", "ScheduleFreeAdamW", "ScheduleFreeSGD", "Scheduled", "Shampoo",
    "SophiaG", "SophiaH", "StochasticWeightAverage", "Tiger", "UpdateStatistics", "averaged_weights", "muon_groups", "thor",
]  # fmt: skip
