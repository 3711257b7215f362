"""Containers of cells: SequentialCell, CellList, CellDict."""

from collections import OrderedDict
from inspect import isfunction, isgenerator

from ..core.errors import fail
from ..core.record import STATE
from ..core.tensor import Tensor
from ..flow.branches import selected
from ..flow.conditions import is_symbolic
from ..ops.effects import check_bounds
from .cell import Cell
from .cell_members import checked_prefix


def _checked(owner: str, cell) -> Cell:
    if not isinstance(cell, Cell):
        got = (
            f"the class {cell.__name__}: make one, {cell.__name__}(...)"
            if isinstance(cell, type)
            else type(cell).__name__
        )
        got += ": unpack it, *cells" if isgenerator(cell) else ""
        got += f" {cell.__name__}: use a layer, such as nn.ReLU()" if isfunction(cell) else ""
        raise fail(TypeError, f"For '{owner}', every element must be a Cell, but got {got}.")
    return cell


def _path_of(container) -> str | None:
    """The prefix before a cell's key in the names of its Parameters; None where no cell has any.

    It is read from the names of the first two cells, as MindSpore does, since names in checkpoints depend on it: where the
    first name has the key several times ("0.blocks.0.weight"), the second name decides, and without one it is the last.
    """
    firsts = [
        (key, next(iter(cell.get_parameters())).name.split("."))
        for key, cell in container._cells.items()
        if next(iter(cell.get_parameters()), None) is not None
    ][:2]
    if not firsts:
        return None
    key, parts = firsts[0]
    places = [place for place, part in enumerate(parts) if part == key]
    agreed = [p for p in places if len(firsts) > 1 and firsts[1][1][p : p + 1] == [firsts[1][0]]]
    place = agreed[0] if agreed else places[-1] if places else 0
    return "".join(f"{part}." for part in parts[:place])


def _is_value_of_graph(index: Tensor) -> bool:
    """Whether an index is computed by a compiled call; elsewhere only ints are indices, as in MindSpore."""
    return is_symbolic(index) or STATE.in_pieces is not None


class _IndexedCells(Cell):
    """The base of SequentialCell and CellList: child cells named 0, 1, 2, ..."""

    def __len__(self):
        return len(self._cells)

    def __iter__(self):
        return iter(list(self._cells.values()))

    def _at(self, index):
        """The cell at a place that a Tensor says: in a graph all are alternatives, of which a call runs one."""
        if is_symbolic(index):
            cells = list(self._cells.values())
            return selected(cells, check_bounds(index.reshape(()), len(cells), type(self).__name__, negative=True))
        return list(self._cells.values())[self._position(int(index))]

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
        path = _path_of(self) or ""  # an empty container has none, whatever it is an attribute of
        self._cells.clear()
        for name, cell in cells:
            old = cell.__dict__.get("_name_in_parent")
            self._cells[name] = cell
            cell.__dict__["_name_in_parent"] = name
            if self._auto_prefix and old != name:
                cell.update_parameters_name(path + name + ".")
        self._invalidate()

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
        """Adds a cell at the end.

        Args:
            cell: Cell.

        Returns:
            the container itself.

        Raises:
            TypeError: ``cell`` is not a Cell.

        >>> from minispore import nn
        >>> len(nn.CellList([nn.ReLU()]).append(nn.Tanh()))
        2
        """
        name = str(len(self._cells))
        self._replace([*self._cells.items(), (name, _checked(type(self).__name__, cell))])
        return self

    def set_grad(self, requires_grad=True):
        return super().set_grad(requires_grad)


class SequentialCell(_IndexedCells):
    """Calls its cells one after the other: those it was made of, and those appended or set by index.

    As in MindSpore, a Cell added by ``insert_child_to_cell`` or as an attribute is registered, but not called.

    Args:
        *args: Cells, one list of Cells, or one OrderedDict from names to Cells.

    Inputs:
        input_data: the input of the first.

    Returns:
        what the last returns.

    Raises:
        TypeError: an element is not a Cell.

    >>> from minispore import Tensor, nn
    >>> net = nn.SequentialCell(nn.ReLU(), nn.Flatten())
    >>> net(Tensor([[[-1.0, 2.0]]])).shape
    (1, 2)
    >>> len(net), net[0]
    (2, ReLU())
    """

    def __init__(self, *args):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], (list, tuple)):
            args = tuple(args[0])
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            for name in args[0]:
                if not name or "." in name:
                    raise fail(
                        KeyError, f"For 'SequentialCell', a name must not be empty or contain '.', but got '{name}'."
                    )
            self._replace([(name, _checked("SequentialCell", c)) for name, c in args[0].items()])
        else:
            self._renumber([_checked("SequentialCell", c) for c in args])

    def __getitem__(self, index):
        if isinstance(index, Tensor) and _is_value_of_graph(index):
            return self._at(index)
        if isinstance(index, slice):
            return type(self)(OrderedDict(list(self._cells.items())[index]))
        return list(self._cells.values())[self._position(index)]

    def _replace(self, cells) -> None:
        super()._replace(cells)
        self.__dict__["_called"] = tuple(self._cells)  # as in MindSpore, cells set as attributes later are not called

    @property
    def cell_list(self) -> list:
        """The cells that are called, in their order; a list of some of them that is assigned calls those alone."""
        return [self._cells[name] for name in self._called if name in self._cells]

    @cell_list.setter
    def cell_list(self, cells) -> None:
        names = {id(cell): name for name, cell in self._cells.items()}
        self.__dict__["_called"] = tuple(names[id(cell)] for cell in cells if id(cell) in names)
        self._invalidate()

    def construct(self, input_data):
        for name in self._called:
            if name in self._cells:
                input_data = self._cells[name](input_data)
        return input_data


class CellList(_IndexedCells):
    """A list of cells, to be called by the owner's construct; Parameters are registered, names count the cells.

    Args:
        *args: nothing, or one list of Cells.
        **kwargs: ``auto_prefix``: bool, whether Parameters are named after the path.  Default: True.

    Raises:
        TypeError: an element is not a Cell.
        NotImplementedError: the list itself is called.

    >>> from minispore import nn
    >>> layers = nn.CellList([nn.ReLU(), nn.Tanh()])
    >>> len(layers), type(layers[-1]).__name__
    (2, 'Tanh')
    """

    is_list_of_cells = True

    def __init__(self, *args, **kwargs):
        super().__init__(kwargs.get("auto_prefix", True))
        if len(args) > 1:
            raise fail(TypeError, f"For 'CellList', the Cells are one list, [a, b], but got {len(args)} arguments.")
        if len(args) == 1:
            self.extend(args[0])

    def __getitem__(self, index):
        if isinstance(index, Tensor) and _is_value_of_graph(index):
            return self._at(index)
        if isinstance(index, slice):
            made = type(self)()
            made.__dict__["_auto_prefix"] = False
            made._renumber(list(self._cells.values())[index])
            return made
        return list(self._cells.values())[self._position(index)]

    def extend(self, cells):
        """Adds cells at the end.

        Args:
            cells: list, tuple or CellList.

        Returns:
            the list itself.

        Raises:
            TypeError: ``cells`` is no list, or an element not a Cell.

        >>> from minispore import nn
        >>> len(nn.CellList([nn.ReLU()]).extend([nn.Tanh()]))
        2
        """
        if not isinstance(cells, (list, tuple, CellList)):
            raise fail(TypeError, f"For 'CellList', a list of cells is needed, but got {type(cells).__name__}.")
        self._renumber([*self._cells.values(), *(_checked("CellList", c) for c in cells)])
        return self

    def __iadd__(self, cells):
        return self.extend(cells)

    def insert(self, index, cell):
        """Puts a cell before ``index``.

        Args:
            index: int in [-n, n].
            cell: Cell.

        Raises:
            IndexError: ``index`` is out of range.
            TypeError: ``cell`` is not a Cell.

        >>> from minispore import nn
        >>> layers = nn.CellList([nn.ReLU()])
        >>> layers.insert(0, nn.Tanh())
        >>> layers[0]
        Tanh()
        """
        cells = list(self._cells.values())
        n = len(cells)
        if not -n <= index <= n:
            raise fail(IndexError, f"For 'CellList', the index must be in [{-n}, {n}], but got {index}.")
        cells.insert(index, _checked("CellList", cell))
        self._renumber(cells)

    def construct(self, *inputs):
        raise NotImplementedError("A CellList is not called; call the cells in it.")


class CellDict(Cell):
    """Cells by key, to be called by the owner's construct; used like a dict.

    Args:
        *args: nothing, or one dict, CellDict or list of pairs (key, Cell).
        **kwargs: ``auto_prefix``: bool, whether Parameters are named after the path.  Default: True.

    Raises:
        TypeError: a key is not a str, or a value not a Cell.
        KeyError: a key that is empty, has a "." or is the name of a method.
        ValueError: a key with other characters than letters, digits, "_" and "-".
        NotImplementedError: the dict itself is called.

    >>> from minispore import nn
    >>> d = nn.CellDict([["act", nn.ReLU()]])
    >>> list(d.keys()), d["act"]
    (['act'], ReLU())
    """

    def __init__(self, *args, **kwargs):
        super().__init__(kwargs.get("auto_prefix", True))
        if len(args) > 1:
            raise fail(
                TypeError, f"For 'CellDict', the Cells are one dict, {{'a': cell}}, but got {len(args)} arguments."
            )
        if len(args) == 1:
            self.update(args[0])

    def __getitem__(self, key):
        return self._cells[self._known(key)]

    def _known(self, key):
        if key not in self._cells:
            raise fail(KeyError, f"For 'CellDict', there is no {key!r}; the keys are {list(self._cells)}.")
        return key

    def __setitem__(self, key, cell):
        if not isinstance(key, str):
            raise fail(TypeError, f"For 'CellDict', a key must be a str, but got {type(key).__name__}.")
        if not key or "." in key or key in dir(type(self)):
            raise fail(KeyError, f"For 'CellDict', {key!r} cannot be a key.")
        checked_prefix("CellDict", key)
        path = _path_of(self)
        self._add_cell(key, _checked("CellDict", cell))
        if self._auto_prefix and path:
            cell.update_parameters_name(f"{path}{key}.")
        self._invalidate()

    def __delitem__(self, key):
        del self._cells[self._known(key)]
        self._invalidate()

    def __len__(self):
        return len(self._cells)

    def __iter__(self):
        return iter(self._cells)

    def __contains__(self, key):
        return key in self._cells

    def keys(self):
        """The keys, as of a dict.

        Returns:
            a view of str.
        """
        return self._cells.keys()

    def values(self):
        """The cells, as of a dict.

        Returns:
            a view of Cells.
        """
        return self._cells.values()

    def items(self):
        """Pairs of key and cell, as of a dict.

        Returns:
            a view of (str, Cell).
        """
        return self._cells.items()

    def clear(self) -> None:
        """Takes all cells out."""
        self._cells.clear()
        self._invalidate()

    def pop(self, key):
        """Takes a cell out.

        Args:
            key: str.

        Returns:
            Cell.

        Raises:
            KeyError: there is no such key.

        >>> from minispore import nn
        >>> nn.CellDict({"act": nn.ReLU()}).pop("act")
        ReLU()
        """
        cell = self._cells.pop(self._known(key))
        self._invalidate()
        return cell

    def update(self, cells) -> None:
        """Adds cells.

        Args:
            cells: dict, CellDict or list of pairs (key, Cell).

        Raises:
            TypeError: a key is not a str, or a value not a Cell.
            KeyError: a key that cannot be one.

        >>> from minispore import nn
        >>> d = nn.CellDict()
        >>> d.update({"act": nn.ReLU()})
        >>> len(d)
        1
        """
        pairs = cells.items() if isinstance(cells, (dict, CellDict)) else cells
        for key, cell in pairs:
            self[key] = cell

    def construct(self, *inputs):
        raise NotImplementedError("A CellDict is not called; call the cells in it.")
