"""``nn``: cells, layers, losses, optimizers, train steps."""

from .cell import Cell, GraphCell
from .container import CellDict, CellList, SequentialCell
