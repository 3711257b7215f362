"""Attributes of a Cell: Parameters and child cells are registered when they are assigned."""

from __future__ import annotations

from typing import Any

from ..core import hints
from ..core.cell_base import CellBase
from ..core.errors import fail, graph_break
from ..core.in_type import TupleInType, in_type
from ..core.parameter import DEFAULT_NAME, Parameter, ParameterTuple
from ..core.record import STATE, Epoch
from ..core.tensor import Tensor
from ..flow.attributes import MISSING
from ..ops.effects import assign
from .layer_primitives import primitive_of


class CellAttributes(CellBase):
    """Where the attributes of a Cell are kept: Parameters, child cells and ParameterTuples in a dict of their own each.

    Every change counts ``_version`` up, so that a compiled call of the Cell is traced again.
    """

    _tuple_type: Any = TupleInType  # what a running Cell with a compute type sees of a ParameterTuple

    def __getattr__(self, name):
        for store in ("_cells", "_params", "_params_list"):
            found = self.__dict__.get(store)
            if found is not None and name in found:
                item = found[name]
                if store == "_params" and "_parameter_hooks" in self.__dict__:
                    item = self._through_hook(name, item)
                if item is None or store == "_cells" or not self.__dict__.get("_running"):
                    return item
                # to_float: used in the compute type, stored in its own
                return (in_type if store == "_params" else self._tuple_type)(item, self._compute_type)
        buffers = self.__dict__.get("_buffers")
        if buffers and name in buffers:
            return buffers[name][0]
        if not name.startswith("_"):
            primitive = primitive_of(self, name)
            if primitive is not None:
                return primitive
        if STATE.recorder is not None and STATE.recorder.attributes is not None:  # missing while a graph is traced?
            value = STATE.recorder.attributes.ask(self, name)
            if value is not MISSING:
                return value
        if "_cells" not in self.__dict__ and not name.startswith("__"):
            raise AttributeError(
                f"For '{type(self).__name__}', super().__init__() was not called: call it first in __init__."
            )
        raise AttributeError(f"The '{type(self).__name__}' object has no attribute '{name}'.{self._hint(name)}")

    def _through_hook(self, name: str, parameter):
        """What the hook of a Parameter gives for it, where a graph is traced (``register_parameter_forward_hook``)."""
        hook = self.__dict__["_parameter_hooks"].get(name)
        if hook is None or STATE.recorder is None or not STATE.recorder.symbolic:
            return parameter
        return hook(parameter)

    def _hint(self, name: str) -> str:
        """What to write instead of an attribute that is not there."""
        if name.startswith("__"):  # Python asks for these, and goes on without
            return ""
        known = [*self.__dict__.get("_cells", ()), *self.__dict__.get("_params", ()), *vars(self)]
        return hints.instead(hints.CELL, name) or hints.close(name, known)

    def __setattr__(self, name, value):
        d = self.__dict__
        if STATE.recorder is not None and STATE.recorder.symbolic and self._set_while_traced(name, value):
            return
        if "_cells" in d:
            d["_version"] += 1
            Epoch.now += 1
            if self._register_member(name, value) or self._set_member(name, value):
                return
        elif isinstance(value, (CellBase, Parameter, ParameterTuple)):
            raise AttributeError(
                f"For '{type(self).__name__}', call super().__init__() before assigning cells or Parameters."
            )
        object.__setattr__(self, name, value)

    def _register_member(self, name: str, value) -> bool:
        """Registers a Cell, a Parameter or several; False for all else."""
        other = "_params" if isinstance(value, CellBase) else "_cells"
        was_cell = isinstance(value, Parameter) and name in self.__dict__["_emptied"]
        if isinstance(value, (CellBase, Parameter)) and (was_cell or name in self.__dict__[other]):
            kinds = ("Cell", "Parameter") if other == "_params" else ("Parameter", "Cell")
            raise fail(
                KeyError,
                f"The attribute '{name}' of '{type(self).__name__}' cannot become a {kinds[0]}: it was a {kinds[1]}. "
                "Delete it first, or take another name.",
            )
        for kind, registry, add in (
            (Parameter, "_params", self._add_parameter), (ParameterTuple, "_params_list", self._add_tuple),
            (CellBase, "_cells", self._add_cell),
        ):  # fmt: skip
            if isinstance(value, kind):
                self._unregister_elsewhere(name, keep=registry)
                add(name, value)
                return True
        return False

    def _set_member(self, name: str, value) -> bool:
        """Assigns a value to the name of a buffer, a Parameter or a Cell; False where it is left to Python."""
        params, cells = self.__dict__["_params"], self.__dict__["_cells"]
        if isinstance(value, Tensor) and value.is_buffer and name not in params:
            self.register_buffer(name, value, value.is_persistent)
            return True
        if name in self.__dict__["_buffers"]:
            raise self._member_error(name, "buffer", "another object; change its values with ops.assign.")
        if name in params:
            if isinstance(value, Tensor):
                params[name].set_data(value)
            elif value is None:
                params[name] = None
            else:
                remedy = f"give a Tensor, {name}.set_data(Tensor(...))."
                raise self._member_error(name, "Parameter", f"a {type(value).__name__}: {remedy}")
            return True
        if name in cells or name in self.__dict__["_emptied"]:
            if value is not None:
                remedy = f"Delete it first (del cell.{name}), or take another name."
                raise self._member_error(name, "Cell", f"a {type(value).__name__}. {remedy}")
            cells.pop(name, None)
            self.__dict__["_emptied"].add(name)
        return False

    def _member_error(self, name: str, what: str, other: str) -> Exception:
        return fail(
            TypeError, f"The attribute '{name}' of '{type(self).__name__}' is a {what} and cannot become {other}"
        )

    def _set_while_traced(self, name, value) -> bool:
        """Assignment inside a trace: changes a Parameter, breaks the graph for other state; False: assign as outside a trace."""
        params = self.__dict__.get("_params", {})
        if name in params and isinstance(value, (Tensor, bool, int, float)):
            if value is not params[name]:
                assign(params[name], value)
            return True
        if params.get(name) is not None and value is None:
            raise self._member_error(
                name, "Parameter", f"None inside construct: give a Tensor, {name}.set_data(Tensor(...))."
            )
        unknown = isinstance(value, Tensor) and value._data is None
        if (unknown or id(self) in STATE.recorder.cells) and self._becomes_output(name, value):
            return True
        if unknown:
            raise graph_break(
                RuntimeError,
                f"Setting the attribute '{name}' of '{type(self).__name__}' inside construct, in a compiled call: the Tensor has "
                "no value outside that call. Keep state in a Parameter and change it with ops.assign.",
            )
        if self.__dict__.get("_cells") is not None and id(self) in STATE.recorder.cells and name not in ("_compiled",):
            if self.__dict__.get(name, MISSING) is not value:
                raise graph_break(
                    RuntimeError,
                    f"Setting the attribute '{name}' of '{type(self).__name__}' inside construct, in a compiled call: construct runs "
                    "only when it is compiled, so the attribute would not change at later calls. Use a Parameter and ops.assign.",
                )
            return True
        return False

    def _becomes_output(self, name, value) -> bool:
        """Whether each call of what is being compiled will set the attribute."""
        recorder = STATE.recorder
        if recorder.parent is not None or recorder.attributes is None or name.startswith("_compiled"):
            return False
        if isinstance(value, (CellBase, Parameter, ParameterTuple)) or "_cells" not in self.__dict__:
            return False
        if any(name in self.__dict__[store] for store in ("_cells", "_params", "_params_list", "_buffers", "_emptied")):
            return False
        return recorder.attributes.take(self, name, value)

    def __delattr__(self, name):
        self.__dict__["_emptied"].discard(name)
        for store in ("_cells", "_params", "_params_list", "_buffers"):
            if name in self.__dict__.get(store, {}):
                del self.__dict__[store][name]
                self._invalidate()
                return
        object.__delattr__(self, name)
        self._invalidate()

    def _invalidate(self) -> None:
        """Makes the next compiled call trace this cell again."""
        self.__dict__["_version"] += 1
        Epoch.now += 1

    def _unregister_elsewhere(self, name, keep) -> None:
        """Removes ``name`` from all stores but ``keep``."""
        self.__dict__.pop(name, None)
        for store in ("_cells", "_params", "_params_list"):
            if store != keep:
                self.__dict__[store].pop(name, None)

    def _add_parameter(self, name, value) -> None:
        if not value.named or value.name == DEFAULT_NAME:
            value.name = name
        self._params[name] = value
        self._own_order[name] = None

    def _add_tuple(self, name, value) -> None:
        for p in value:
            if not p.named:
                p.name = name
        self._params_list[name] = value
        # their paths below this cell, whatever they are called later
        self._names_in_tuples[name] = [p.name for p in value]
        self._own_order[name] = None

    def _add_cell(self, name, value) -> None:
        self._emptied.discard(name)
        self._cells[name] = value
        value.__dict__["_name_in_parent"] = name
        if self._auto_prefix:
            value.update_parameters_name(name + ".")

    def __dir__(self):
        return [*super().__dir__(), *self._cells, *self._params, *self._params_list, *self._buffers]
