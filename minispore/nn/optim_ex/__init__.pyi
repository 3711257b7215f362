# Written by tools/stubs from minispore.nn.optim_ex: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import lr_scheduler as lr_scheduler
from minispore.nn.optim_ex.adadelta import Adadelta as Adadelta
from minispore.nn.optim_ex.adagrad import Adagrad as Adagrad
from minispore.nn.optim_ex.adam import Adam as Adam, AdamW as AdamW
from minispore.nn.optim_ex.adamax import Adamax as Adamax
from minispore.nn.optim_ex.asgd import ASGD as ASGD
from minispore.nn.optim_ex.nadam import NAdam as NAdam
from minispore.nn.optim_ex.optimizer import Optimizer as Optimizer
from minispore.nn.optim_ex.radam import RAdam as RAdam
from minispore.nn.optim_ex.rmsprop import RMSprop as RMSprop
from minispore.nn.optim_ex.rprop import Rprop as Rprop
from minispore.nn.optim_ex.sgd import SGD as SGD

__all__ = ['ASGD', 'Adadelta', 'Adagrad', 'Adam', 'AdamW', 'Adamax', 'NAdam', 'Optimizer', 'RAdam', 'RMSprop', 'Rprop', 'SGD', 'lr_scheduler']
