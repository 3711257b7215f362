"""Where MindSpore keeps sources, operations, samplers and iterators: the same objects under its module names."""

from ..samplers import *  # noqa: F403
from . import datasets, iterators, samplers
from .datasets import *  # noqa: F403
from .iterators import DictIterator, TupleIterator
