# Written by tools/stubs from minispore.nn.optim: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.optim.adabelief import AdaBelief as AdaBelief
from minispore.nn.optim.adadelta import Adadelta as Adadelta
from minispore.nn.optim.adafactor import AdaFactor as AdaFactor
from minispore.nn.optim.adagrad import Adagrad as Adagrad
from minispore.nn.optim.adam import Adam as Adam, AdamOffload as AdamOffload, AdamWeightDecay as AdamWeightDecay
from minispore.nn.optim.adamax import AdaMax as AdaMax
from minispore.nn.optim.adamw import AdamW as AdamW
from minispore.nn.optim.adan import Adan as Adan
from minispore.nn.optim.ademamix import AdEMAMix as AdEMAMix
from minispore.nn.optim.adopt import ADOPT as ADOPT
from minispore.nn.optim.asgd import ASGD as ASGD
from minispore.nn.optim.averaging import averaged_weights as averaged_weights
from minispore.nn.optim.cautious import Cautious as Cautious
from minispore.nn.optim.ftrl import FTRL as FTRL
from minispore.nn.optim.grokfast import Grokfast as Grokfast
from minispore.nn.optim.lamb import Lamb as Lamb
from minispore.nn.optim.lars import LARS as LARS
from minispore.nn.optim.lazyadam import LazyAdam as LazyAdam
from minispore.nn.optim.lbfgs import LBFGS as LBFGS
from minispore.nn.optim.lion import Lion as Lion
from minispore.nn.optim.lion_variants import RefinedLion as RefinedLion, Tiger as Tiger
from minispore.nn.optim.lookahead import Lookahead as Lookahead
from minispore.nn.optim.mars import MARS as MARS
from minispore.nn.optim.momentum import Momentum as Momentum
from minispore.nn.optim.muon import Muon as Muon, muon_groups as muon_groups
from minispore.nn.optim.nadam import NAdam as NAdam
from minispore.nn.optim.optimizer import Optimizer as Optimizer
from minispore.nn.optim.parameter_free import DAdaptAdam as DAdaptAdam, Prodigy as Prodigy
from minispore.nn.optim.proximal_adagrad import ProximalAdagrad as ProximalAdagrad
from minispore.nn.optim.radam import RAdam as RAdam
from minispore.nn.optim.rmsprop import RMSProp as RMSProp
from minispore.nn.optim.rprop import Rprop as Rprop
from minispore.nn.optim.sam import SAM as SAM
from minispore.nn.optim.schedule_free import ScheduleFreeAdamW as ScheduleFreeAdamW
from minispore.nn.optim.schedule_free_any import ScheduleFree as ScheduleFree, ScheduleFreeSGD as ScheduleFreeSGD
from minispore.nn.optim.scheduled import Scheduled as Scheduled
from minispore.nn.optim.sgd import SGD as SGD
from minispore.nn.optim.shampoo import SOAP as SOAP, Shampoo as Shampoo
from minispore.nn.optim.sophia import SophiaG as SophiaG, SophiaH as SophiaH
from minispore.nn.optim.statistics import UpdateStatistics as UpdateStatistics
from minispore.nn.optim.swa import StochasticWeightAverage as StochasticWeightAverage
from minispore.nn.optim.thor import thor as thor
from minispore.nn.optim.wrapping import ExponentialMovingAverage as ExponentialMovingAverage, GradientAccumulation as GradientAccumulation, GradientClipping as GradientClipping

__all__ = ['ADOPT', 'ASGD', 'AdEMAMix', 'AdaBelief', 'AdaFactor', 'AdaMax', 'Adadelta', 'Adagrad', 'Adam', 'AdamOffload', 'AdamW', 'AdamWeightDecay', 'Adan', 'Cautious', 'DAdaptAdam', 'ExponentialMovingAverage', 'FTRL', 'GradientAccumulation', 'GradientClipping', 'Grokfast', 'LARS', 'LBFGS', 'Lamb', 'LazyAdam', 'Lion', 'Lookahead', 'MARS', 'Momentum', 'Muon', 'NAdam', 'Optimizer', 'Prodigy', 'ProximalAdagrad', 'RAdam', 'RMSProp', 'RefinedLion', 'Rprop', 'SAM', 'SGD', 'SOAP', 'ScheduleFree', 'ScheduleFreeAdamW', 'ScheduleFreeSGD', 'Scheduled', 'Shampoo', 'SophiaG', 'SophiaH', 'StochasticWeightAverage', 'Tiger', 'UpdateStatistics', 'averaged_weights', 'muon_groups', 'thor']
