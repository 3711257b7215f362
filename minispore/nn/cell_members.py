"""The Parameters and child cells of a Cell: listing, naming, adding, saving and loading them."""

from __future__ import annotations

import re
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from ..core import checks
from ..core.cell_base import CellBase, is_own
from ..core.errors import fail
from ..core.parameter import Parameter
from ..core.record import user_level
from .cell_attributes import CellAttributes
from .state_dict import collect, load

if TYPE_CHECKING:
    from .cell import Cell

C = TypeVar("C", bound="CellMembers")


def checked_prefix(owner: str, prefix: str) -> str:
    """``prefix``; a ValueError where a character of it cannot be in the name of a Parameter.

    Args:
        owner: str, the function or class that is called.
        prefix: str.

    Returns:
        str.
    """
    if not re.fullmatch(r"[\w.\-]*", prefix, re.ASCII):
        raise fail(ValueError, f"For '{owner}', {prefix!r} may hold letters, digits, '_', '-' and '.' only.")
    return prefix


class CellMembers(CellAttributes):
    """The methods of ``Cell`` that list, name, save and load its Parameters and child cells."""

    # ------------------------------------------------------------ parameters
    def parameters_and_names(self, name_prefix="", expand=True) -> Iterator[tuple[str, Parameter]]:
        """Parameters with their attribute paths, each once.

        Args:
            name_prefix: str before each path.  Default: "".
            expand: bool, whether those of child cells are among them.  Default: True.

        Yields:
            tuple (str, Parameter).

        >>> from minispore import nn
        >>> net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU())
        >>> [name for name, p in net.parameters_and_names()]
        ['0.weight', '0.bias']
        """
        seen: set[int] = set()
        for path, cell in self._cells_and_names(name_prefix, set()) if expand else [(name_prefix, self)]:
            for name, p in cell._own_parameters():
                if id(p) not in seen:
                    seen.add(id(p))
                    yield (f"{path}.{name}" if path else name), p

    def _own_parameters(self):
        direct = [
            name for name in self._params if name not in self._own_order
        ]  # ``cell._params[name] = p``, as hooks do
        for name in (*self._own_order, *direct):
            p = self._params.get(name)
            if p is not None:
                yield name, p
            yield from zip(self._names_in_tuples.get(name, ()), self._params_list.get(name, ()))

    def get_parameters(self, expand=True) -> Iterator[Parameter]:
        """The Parameters: this cell's own first, then those of its children.

        Args:
            expand: bool, whether those of child cells are among them.  Default: True.

        Yields:
            Parameter.

        >>> from minispore import nn
        >>> net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU())
        >>> [p.shape for p in net.get_parameters()]
        [(3, 2), (3,)]
        """
        for _, p in self.parameters_and_names(expand=expand):
            yield p

    def _warn_of_plain_containers(self) -> None:
        """Says which attributes are lists or dicts of Cells or Parameters that nothing has registered."""
        if is_own(type(self)):
            return
        for name, item in vars(self).items():
            held = item.values() if type(item) is dict else item if type(item) in (list, tuple) else ()
            lost = [x for x in held if isinstance(x, (CellBase, Parameter))]
            if lost and not name.startswith("_"):
                known = {id(x) for x in self.get_parameters()} | {id(c) for _, c in self.cells_and_names()}
                if any(id(x) not in known for x in lost):
                    cells, form = isinstance(lost[0], CellBase), type(item).__name__
                    better = ("nn.CellDict" if form == "dict" else "nn.CellList") if cells else "ms.ParameterTuple"
                    warnings.warn(
                        f"For '{type(self).__name__}', the {'Cells' if cells else 'Parameters'} in the {form} '{name}' are not registered: "
                        f"trainable_params(), set_train() and checkpoints do not see them. Use {better}.",
                        UserWarning, stacklevel=user_level(),
                    )  # fmt: skip

    def trainable_params(self, recurse=True) -> list[Parameter]:
        """The Parameters with ``requires_grad``.

        Args:
            recurse: bool, whether those of child cells are among them.  Default: True.

        Returns:
            list of Parameters.

        >>> from minispore import nn
        >>> [p.name for p in nn.BatchNorm2d(3).trainable_params()]
        ['gamma', 'beta']
        """
        return [p for p in self.get_parameters(recurse) if p.requires_grad]

    def untrainable_params(self, recurse=True) -> list[Parameter]:
        """The Parameters without ``requires_grad``.

        Args:
            recurse: bool, whether those of child cells are among them.  Default: True.

        Returns:
            list of Parameters.

        >>> from minispore import nn
        >>> [p.name for p in nn.BatchNorm2d(3).untrainable_params()]
        ['mean', 'variance']
        """
        return [p for p in self.get_parameters(recurse) if not p.requires_grad]

    def parameters_dict(self, recurse=True) -> OrderedDict:
        """The Parameters by name.

        Args:
            recurse: bool, whether those of child cells are among them.  Default: True.

        Returns:
            OrderedDict from str to Parameter.

        >>> from minispore import nn
        >>> net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU())
        >>> list(net.parameters_dict())
        ['0.weight', '0.bias']
        """
        return OrderedDict((p.name, p) for p in self.get_parameters(recurse))

    def parameters_broadcast_dict(self, recurse=True):
        """The Parameters by name: ``parameters_dict``, since there is one device.

        Args:
            recurse: bool, whether those of child cells are among them.  Default: True.

        Returns:
            OrderedDict from str to Parameter.
        """
        return self.parameters_dict(recurse)

    def get_sub_cell(self, target):
        """The Cell at an attribute path below this one.

        Args:
            target: str, such as "blocks.0"; "" is this Cell.

        Returns:
            Cell.

        Raises:
            AttributeError: there is no such attribute, or it is not a Cell.

        >>> from minispore import nn
        >>> type(nn.SequentialCell(nn.Dense(2, 3), nn.ReLU()).get_sub_cell("1")).__name__
        'ReLU'
        """
        found = self
        for name in target.split(".") if target else ():
            cells = found.name_cells()
            if name not in cells:
                raise fail(
                    AttributeError, f"The '{type(found).__name__}' has no Cell '{name}'; of the path '{target}'."
                )
            found = cells[name]
        return found

    def check_names(self) -> None:
        """Raises if two Parameters have one name.

        Raises:
            ValueError: a name is there twice.

        >>> from minispore import nn
        >>> net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU())
        >>> net.check_names()
        """
        names = set()
        for p in self.get_parameters():
            if p.name in names:
                raise fail(ValueError, f"Two Parameters of '{type(self).__name__}' have the name '{p.name}'.")
            names.add(p.name)

    def _make_names_distinct(self) -> None:
        """At the first call of a cell: where two of its Parameters have one name, all get their attribute paths.

        A cell that is put into a container which gives no prefixes leaves such names behind; an optimizer that is made
        after the first call then sees distinct ones, as in MindSpore.
        """
        if "_cells" not in self.__dict__:  # the call says so
            return
        names = [p.name for p in self.get_parameters()]
        if len(set(names)) < len(names):
            self.update_parameters_name()
        for _, cell in self.cells_and_names():  # those inside have no more names in common than the whole
            cell.__dict__["_names_are_distinct"] = True

    def update_parameters_name(self, prefix="", recurse=True) -> None:
        """Puts a prefix before the names of all Parameters; what follows are attribute paths.

        Args:
            prefix: str.  Default: "".
            recurse: bool, whether those of child cells change too.  Default: True.

        Raises:
            TypeError: ``prefix`` is not a str.
            ValueError: it has other characters than letters, digits, "_", "-" and ".".

        >>> from minispore import nn
        >>> net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU())
        >>> net.update_parameters_name("head.")
        >>> list(net.parameters_dict())
        ['head.0.weight', 'head.0.bias']
        """
        checked_prefix("update_parameters_name", checks.string("update_parameters_name", prefix=prefix))
        for name, p in self.parameters_and_names(expand=recurse):
            if p.__dict__.get("_tied"):
                continue
            p.name = prefix + name
        self._invalidate()

    def init_parameters_data(self, auto_parallel_mode=False):
        """Makes the data of Parameters that are not initialised yet.

        Args:
            auto_parallel_mode: ignored.

        Returns:
            dict {old Parameter: new one}, the same objects here.

        >>> from minispore import nn
        >>> with nn.utils.no_init_parameters():
        ...     net = nn.Dense(2, 3)
        >>> _ = net.init_parameters_data()
        >>> net.weight.has_init
        False
        """
        return {p: p.init_data() for p in self.get_parameters()}

    def insert_param_to_cell(self, param_name, param, check_name_contain_dot=True) -> None:
        """Registers a Parameter under a name.

        Args:
            param_name: str.
            param: Parameter or None.
            check_name_contain_dot: bool, whether a "." in the name is an error.  Default: True.

        Raises:
            KeyError: the name is empty, has a "." or is that of another attribute.
            TypeError: ``param`` is neither a Parameter nor None.

        >>> from minispore import Parameter, Tensor, nn
        >>> net = nn.ReLU()
        >>> net.insert_param_to_cell("k", Parameter(Tensor([1.0])))
        >>> net.k.name
        'k'
        """
        if not param_name:
            raise fail(KeyError, "For 'insert_param_to_cell', the name must not be empty.")
        if check_name_contain_dot and "." in param_name:
            raise fail(KeyError, f"For 'insert_param_to_cell', the name must not contain '.', but got '{param_name}'.")
        if not isinstance(param, Parameter) and param is not None:
            raise fail(TypeError, f"For 'insert_param_to_cell', a Parameter is needed, but got {type(param).__name__}.")
        if param_name not in self._params and (param_name in self._cells or hasattr(self, param_name)):
            raise fail(KeyError, f"For 'insert_param_to_cell', '{param_name}' is an attribute of the Cell already.")
        if isinstance(param, Parameter) and not param.named:
            param.name = param_name
        self._params[param_name] = param
        self._own_order[param_name] = None
        self._invalidate()

    def insert_child_to_cell(self, child_name, child_cell) -> None:
        """Registers a child cell under a name; its Parameters keep their names, as in MindSpore.

        Args:
            child_name: str.
            child_cell: Cell, or None for a place without one.

        Raises:
            TypeError: the name is not a str, or ``child_cell`` neither a Cell nor None.
            KeyError: the name is empty, has a "." or is that of another attribute.

        >>> from minispore import nn
        >>> net = nn.Cell()
        >>> net.insert_child_to_cell("act", nn.ReLU())
        >>> net.act
        ReLU()
        """
        checks.string("insert_child_to_cell", child_name=child_name)
        if not child_name or "." in child_name:
            raise fail(
                KeyError,
                f"For 'insert_child_to_cell', the name must not be empty or contain '.', but got '{child_name}'.",
            )
        if child_name in self._params or (hasattr(self, child_name) and child_name not in self._cells):
            raise fail(KeyError, f"For 'insert_child_to_cell', '{child_name}' is an attribute of the Cell already.")
        if child_cell is None:
            return setattr(self, child_name, None)
        if not isinstance(child_cell, CellBase):
            raise fail(TypeError, f"For 'insert_child_to_cell', a Cell is needed, but got {type(child_cell).__name__}.")
        self._cells[child_name] = child_cell  # as in MindSpore, the names of its Parameters do not change
        child_cell.__dict__["_name_in_parent"] = child_name
        self._invalidate()

    # ------------------------------------------------------------ state
    def state_dict(self, *args, destination=None, prefix="", keep_vars=False):
        """The Parameters, the objects themselves, and extra states by attribute path.

        Args:
            *args: destination, prefix and keep_vars by position, as in PyTorch.
            destination: dict to fill.  Default: None, for a new one.
            prefix: str before each name.  Default: "".
            keep_vars: bool, which hooks before it get, and of no other effect.  Default: False.

        Returns:
            OrderedDict from str to Parameter (or extra state).

        >>> from minispore import nn
        >>> list(nn.Dense(2, 1).state_dict(prefix="head."))
        ['head.weight', 'head.bias']
        """
        destination, prefix, *_ = (*args, *(destination, prefix, keep_vars)[len(args) :])
        return collect(self, CellMembers, destination, prefix, keep_vars)

    def load_state_dict(self, state_dict, strict: bool = True):
        """Sets the Parameters to the values of a dict like that of ``state_dict``, all or, raising, none.

        Args:
            state_dict: dict from attribute paths to Tensors.
            strict: bool, whether names must match.  Default: True.

        Returns:
            IncompatibleKeys: (missing_keys, unexpected_keys), which without ``strict`` may be there.

        Raises:
            TypeError: ``state_dict`` is not a dict.
            RuntimeError: a value is no Tensor or of another shape; with ``strict``, names do not match.

        >>> from minispore import nn
        >>> first, second = nn.Dense(2, 1), nn.Dense(2, 1)
        >>> second.load_state_dict(first.state_dict())
        <All keys matched successfully>
        """
        return load(self, CellMembers, state_dict, strict)

    def get_extra_state(self):
        """What ``state_dict`` is to hold besides Parameters; a subclass that needs it defines it.

        Returns:
            anything.

        Raises:
            RuntimeError: the subclass has none.
        """
        raise fail(RuntimeError, f"The Cell '{type(self).__name__}' has no extra state: define get_extra_state.")

    def set_extra_state(self, state) -> None:
        """Takes what ``get_extra_state`` gave; a subclass that needs it defines it.

        Args:
            state: what was given.

        Raises:
            RuntimeError: the subclass has none.
        """
        raise fail(RuntimeError, f"The Cell '{type(self).__name__}' has no extra state: define set_extra_state.")

    # ------------------------------------------------------------ cells
    def cells(self):
        """The direct children, each once.

        Returns:
            a view of Cells.

        >>> from minispore import nn
        >>> net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU())
        >>> len(net.cells())
        2
        """
        return self.name_cells().values()

    def name_cells(self) -> OrderedDict:
        """The direct children by name, each once.

        Returns:
            OrderedDict from str to Cell.

        >>> from minispore import nn
        >>> net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU())
        >>> list(net.name_cells())
        ['0', '1']
        """
        seen: set[int] = set()
        out: OrderedDict = OrderedDict()
        for name, cell in self._cells.items():
            if cell is not None and id(cell) not in seen:
                seen.add(id(cell))
                out[name] = cell
        return out

    def cells_and_names(self, cells=None, name_prefix="") -> Iterator[tuple[str, Cell]]:
        """This cell and all below it with their paths, parents before children.

        Args:
            cells: set of Cells that are left out with all below them; those that are yielded are added to it.  Default:
                None, none is left out.
            name_prefix: str, what each path begins with.  Default: "".

        Yields:
            tuple (str, Cell); the path of this cell is ``name_prefix``.

        Raises:
            TypeError: ``cells`` is not a set, or ``name_prefix`` no str.

        >>> from minispore import nn
        >>> net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU())
        >>> [(path, type(cell).__name__) for path, cell in net.cells_and_names()]
        [('', 'SequentialCell'), ('0', 'Dense'), ('1', 'ReLU')]
        """
        checks.instance("cells_and_names", str, name_prefix=name_prefix)
        checks.instance("cells_and_names", (set, type(None)), cells=cells)
        return self._cells_and_names(name_prefix, set() if cells is None else cells)

    def _cells_and_names(self, prefix, seen):
        if self in seen:
            return
        seen.add(self)
        yield prefix, self
        for name, cell in self._cells.items():
            if cell is not None:
                yield from cell._cells_and_names(f"{prefix}.{name}" if prefix else name, seen)

    def apply(self: C, fn: Callable) -> C:
        """Calls a function on every cell below, children before parents, then on this one.

        Args:
            fn: function of a Cell.

        Returns:
            the Cell itself.

        >>> from minispore import nn
        >>> net = nn.SequentialCell(nn.Dense(2, 3), nn.ReLU())
        >>> _ = net.apply(lambda cell: print(type(cell).__name__))
        Dense
        ReLU
        SequentialCell
        """
        for cell in self.name_cells().values():
            cell.apply(fn)
        fn(self)
        return self
