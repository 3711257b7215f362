"""Containers of cells: SequentialCell, CellList, CellDict."""

from collections import OrderedDict

from ..core.errors import fail
from .cell import Cell


def _checked(owner: str, cell) -> Cell:
    if not isinstance(cell, Cell):
        raise fail(TypeError, f"For '{owner}', every element must be a Cell, but got {type(cell).__name__}.")
    return cell


class _IndexedCells(Cell):
    """The base of SequentialCell and CellList: child cells named 0, 1, 2, ..."""

    def __len__(self):
        return len(self._cells)

    def __iter__(self):
        return iter(list(self._cells.values()))

    def _position(self, index) -> int:
        if isinstance(index, bool) or not isinstance(index, int):
            raise fail(
                TypeError,
                f"For '{type(self).__name__}', an index must be an int or a slice, but got {type(index).__name__}.",
            )
        n = len(self._cells)
        if not -n <= index < n:
            raise fail(IndexError, f"For '{type(self).__name__}', the index must be in [{-n}, {n}), but got {index}.")
        return index % n

    def _replace(self, cells) -> None:
        """Replaces the children; with ``auto_prefix`` their Parameters are renamed."""
        self._cells.clear()
        for name, cell in cells:
            old = cell.__dict__.get("_name_in_parent")
            self._cells[name] = cell
            cell.__dict__["_name_in_parent"] = name
            if self._auto_prefix and old != name:
                cell.update_parameters_name(self._path() + name + ".")
        self._invalidate()

    def _path(self) -> str:
        return self.__dict__.get("_prefix", "")

    def update_parameters_name(self, prefix="", recurse=True) -> None:
        super().update_parameters_name(prefix, recurse)
        self.__dict__["_prefix"] = prefix

    def _renumber(self, cells):
        self._replace([(str(i), c) for i, c in enumerate(cells)])

    def __setitem__(self, index, cell):
        cells = list(self._cells.items())
        at = self._position(index)
        cells[at] = (cells[at][0], _checked(type(self).__name__, cell))
        self._replace(cells)

    def __delitem__(self, index):
        cells = list(self._cells.values())
        if isinstance(index, slice):
            del cells[index]
        else:
            del cells[self._position(index)]
        self._renumber(cells)

    def append(self, cell):
        """Adds a cell at the end; returns self."""
        name = str(len(self._cells))
        self._replace([*self._cells.items(), (name, _checked(type(self).__name__, cell))])
        return self

    def set_grad(self, requires_grad=True):
        return super().set_grad(requires_grad)


class SequentialCell(_IndexedCells):
    """Calls its cells one after the other.

    Args:
        args: cells, one list of cells, or one OrderedDict from names to cells.

    >>> import minispore as ms
    >>> net = SequentialCell(ms.nn.ReLU(), ms.nn.Flatten())
    >>> net(ms.Tensor([[[-1.0, 2.0]]])).shape
    (1, 2)
    """

    def __init__(self, *args):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], (list, tuple)):
            args = tuple(args[0])
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            self._replace([(name, _checked("SequentialCell", c)) for name, c in args[0].items()])
        else:
            self._renumber([_checked("SequentialCell", c) for c in args])

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(OrderedDict(list(self._cells.items())[index]))
        return list(self._cells.values())[self._position(index)]

    def construct(self, input_data):
        for cell in self._cells.values():
            input_data = cell(input_data)
        return input_data


class CellList(_IndexedCells):
    """A list of cells, to be called by the owner's construct.

    >>> import minispore as ms
    >>> layers = CellList([ms.nn.ReLU(), ms.nn.Tanh()])
    >>> len(layers), type(layers[-1]).__name__
    (2, 'Tanh')
    """

    is_list_of_cells = True

    def __init__(self, *args, **kwargs):
        super().__init__(kwargs.get("auto_prefix", True))
        if len(args) == 1:
            self.extend(args[0])

    def __getitem__(self, index):
        if isinstance(index, slice):
            made = type(self)()
            made.__dict__["_auto_prefix"] = False
            made._renumber(list(self._cells.values())[index])
            return made
        return list(self._cells.values())[self._position(index)]

    def extend(self, cells):
        """Adds a list of cells; returns self."""
        if not isinstance(cells, (list, tuple, CellList)):
            raise fail(TypeError, f"For 'CellList', a list of cells is needed, but got {type(cells).__name__}.")
        self._renumber([*self._cells.values(), *(_checked("CellList", c) for c in cells)])
        return self

    def insert(self, index, cell):
        """Puts a cell before ``index``."""
        cells = list(self._cells.values())
        n = len(cells)
        if not -n <= index <= n:
            raise fail(IndexError, f"For 'CellList', the index must be in [{-n}, {n}], but got {index}.")
        cells.insert(index, _checked("CellList", cell))
        self._renumber(cells)

    def construct(self, *inputs):
        raise NotImplementedError("A CellList is not called; call the cells in it.")


class CellDict(Cell):
    """Cells by key, to be called by the owner's construct.

    >>> import minispore as ms
    >>> d = CellDict([["act", ms.nn.ReLU()]])
    >>> list(d.keys())
    ['act']
    """

    def __init__(self, *args, **kwargs):
        super().__init__(kwargs.get("auto_prefix", True))
        if len(args) == 1:
            self.update(args[0])

    def __getitem__(self, key):
        return self._cells[key]

    def __setitem__(self, key, cell):
        if not isinstance(key, str):
            raise fail(TypeError, f"For 'CellDict', a key must be a str, but got {type(key).__name__}.")
        if not key or "." in key or key in dir(type(self)):
            raise fail(KeyError, f"For 'CellDict', {key!r} cannot be a key.")
        self._add_cell(key, _checked("CellDict", cell))
        self._invalidate()

    def __delitem__(self, key):
        del self._cells[key]
        self._invalidate()

    def __len__(self):
        return len(self._cells)

    def __iter__(self):
        return iter(self._cells)

    def __contains__(self, key):
        return key in self._cells

    def keys(self):
        return self._cells.keys()

    def values(self):
        return self._cells.values()

    def items(self):
        return self._cells.items()

    def clear(self) -> None:
        self._cells.clear()
        self._invalidate()

    def pop(self, key):
        """Takes a cell out and returns it."""
        cell = self._cells.pop(key)
        self._invalidate()
        return cell

    def update(self, cells) -> None:
        """Adds cells from a dict, a CellDict or pairs."""
        pairs = cells.items() if isinstance(cells, (dict, CellDict)) else cells
        for key, cell in pairs:
            self[key] = cell

    def construct(self, *inputs):
        raise NotImplementedError("A CellDict is not called; call the cells in it.")
