"""Cell: attributes and a ``construct``.  Parameters and child cells register by assignment."""

from __future__ import annotations

import inspect
import itertools
from collections import OrderedDict
from collections.abc import Callable, Iterator

from ..core import checks, context
from ..core.cell_base import CellBase
from ..core.dtype import float16, to_dtype
from ..core.errors import fail
from ..core.op import to
from ..core.parameter import DEFAULT_NAME, Parameter, ParameterTuple
from ..core.record import STATE, Epoch
from ..core.tensor import Tensor
from ..flow import runnable
from ..transforms.jit import Compilable


class Cell(CellBase):
    """The base of all networks, losses, optimizers and train steps.

    Assigning a Parameter or a Cell to an attribute registers it.  In GRAPH mode the outermost call is compiled: one
    native call runs everything that ``construct`` computes.

    Args:
        auto_prefix: whether Parameters of child cells are named after the attribute path.
        flags: kept for MindSpore's sake.

    >>> import minispore as ms
    >>> class Scale(ms.nn.Cell):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.k = ms.Parameter(ms.Tensor([2.0]), name="k")
    ...     def construct(self, x):
    ...         return x * self.k
    >>> print(Scale()(ms.Tensor([3.0])))
    [6.]
    """

    def __init__(self, auto_prefix=True, flags=None):
        d = self.__dict__
        d["_cells"], d["_params"], d["_params_list"] = OrderedDict(), OrderedDict(), OrderedDict()
        d["_own_order"] = {}  # names of Parameters and ParameterTuples as they were assigned
        d["_training"], d["_version"], d["_compiled"], d["_hooks"] = False, 0, None, None
        d["_auto_prefix"] = auto_prefix
        d["_param_prefix"] = ""
        d["_compute_type"] = d["_output_type"] = None  # to_float; what amp makes of a cell's floats afterwards
        d["_requires_grad"] = False
        d["_recompute"] = False
        d["_flags"] = dict(flags or {})

    # ------------------------------------------------------------ attributes
    def __getattr__(self, name):
        for store in ("_cells", "_params", "_params_list"):
            found = self.__dict__.get(store)
            if found is not None and name in found:
                item = found[name]
                if store == "_params" and self.__dict__.get("_running") and item is not None and item.dtype.is_float:
                    return to(item, self._compute_type)  # to_float: computed in that type, stored as it is
                return item
        raise AttributeError(f"The '{type(self).__name__}' object has no attribute '{name}'.")

    def __setattr__(self, name, value):
        d = self.__dict__
        cells = d.get("_cells")
        if STATE.recorder is not None and STATE.recorder.symbolic:
            if self._set_while_traced(name, value):
                return
        if isinstance(value, (Cell, Parameter, ParameterTuple)) and cells is None:
            raise AttributeError(
                f"For '{type(self).__name__}', call super().__init__() before assigning cells or Parameters."
            )
        if cells is not None:
            d["_version"] += 1
            Epoch.now += 1
            if isinstance(value, Parameter):
                self._drop(name, keep="_params")
                self._add_parameter(name, value)
                return
            if isinstance(value, ParameterTuple):
                self._drop(name, keep="_params_list")
                self._add_tuple(name, value)
                return
            if isinstance(value, Cell):
                self._drop(name, keep="_cells")
                self._add_cell(name, value)
                return
            if name in d["_params"]:
                if isinstance(value, Tensor):
                    d["_params"][name].set_data(value)
                    return
                if value is not None:
                    raise fail(
                        TypeError,
                        f"The attribute '{name}' of '{type(self).__name__}' is a Parameter and cannot become a {type(value).__name__}.",
                    )
                d["_params"][name] = None
                return
            if name in cells:
                if value is not None:
                    raise fail(
                        TypeError,
                        f"The attribute '{name}' of '{type(self).__name__}' is a Cell and cannot become a {type(value).__name__}.",
                    )
                del cells[name]
        object.__setattr__(self, name, value)

    def _set_while_traced(self, name, value) -> bool:
        params = self.__dict__.get("_params", {})
        if name in params and isinstance(value, Tensor):
            from ..ops.effects import assign

            if value is not params[name]:
                assign(params[name], value)
            return True
        if isinstance(value, Tensor) and value._data is None:
            raise fail(
                RuntimeError,
                f"Setting the attribute '{name}' of '{type(self).__name__}' inside construct, in a compiled call: the Tensor has "
                "no value outside that call. Keep state in a Parameter and change it with ops.assign.",
            )
        if self.__dict__.get("_cells") is not None and id(self) in STATE.recorder.cells and name not in ("_compiled",):
            if self.__dict__.get(name, _MISSING) is not value:
                raise fail(
                    RuntimeError,
                    f"Setting the attribute '{name}' of '{type(self).__name__}' inside construct, in a compiled call: construct runs "
                    "only when it is compiled, so the attribute would not change at later calls. Use a Parameter and ops.assign.",
                )
            return True
        return False

    def __delattr__(self, name):
        for store in ("_cells", "_params", "_params_list"):
            if name in self.__dict__.get(store, {}):
                del self.__dict__[store][name]
                self._touch()
                return
        object.__delattr__(self, name)
        self._touch()

    def _touch(self) -> None:
        self.__dict__["_version"] += 1
        Epoch.now += 1

    def _drop(self, name, keep) -> None:
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
        self._own_order[name] = None

    def _add_cell(self, name, value) -> None:
        self._cells[name] = value
        value.__dict__["_name_in_parent"] = name
        if self._auto_prefix:
            value.update_parameters_name(name + ".")

    def __dir__(self):
        return [*super().__dir__(), *self._cells, *self._params, *self._params_list]

    @property
    def cls_name(self) -> str:
        return type(self).__name__

    @property
    def param_prefix(self) -> str:
        return self._param_prefix

    @property
    def bprop_debug(self) -> bool:
        return False

    # ------------------------------------------------------------ calling
    def construct(self, *args, **kwargs):
        """What the cell computes; subclasses write it."""
        raise AttributeError(f"For '{type(self).__name__}', the method 'construct' is not defined.")

    def __call__(self, *args, **kwargs):
        recorder = STATE.recorder
        if recorder is None:
            if (
                context._settings["mode"] == 0 or self.always_compiled or (self.is_piece and context.compiles_pieces())
            ) and not self._any_hooks():
                return self._compilable()(args, kwargs)
        elif (self.always_compiled or self.is_piece) and not recorder.symbolic and not self._any_hooks():
            return self._compilable().inside(args, kwargs)
        return self._run(*args, **kwargs)

    def _compilable(self) -> Compilable:
        compilable = self._compiled
        if compilable is None:
            if "_cells" not in self.__dict__:
                raise AttributeError(f"For '{type(self).__name__}', super().__init__() was not called.")
            compilable = self.__dict__["_compiled"] = Compilable(self._run, type(self).__name__)
        return compilable

    def _run(self, *args, **kwargs):
        """``construct`` with what surrounds it: the trace's record of the cell, number types, hooks."""
        recorder = STATE.recorder
        if recorder is not None:
            recorder.cells.setdefault(id(self), self)
            recorder.scopes.append(self._scope(recorder))
        try:
            self._check_arguments(args, kwargs)
            if self._compute_type is not None:
                args, kwargs = self._cast_floats(args), {k: self._cast_floats(v) for k, v in kwargs.items()}
                self.__dict__["_running"] = True
            hooks = self._hooks
            if hooks is None:
                if self._has_bprop and recorder is not None:
                    return self._with_bprop(args)
                construct = runnable(self.construct)
                if self._recompute and recorder is not None:
                    from ..transforms.recompute import recompute

                    out = recompute(construct, *args, **kwargs)
                else:
                    out = construct(*args, **kwargs)
                return out if self._output_type is None else self._cast_floats(out, self._output_type)
            return self._run_with_hooks(hooks, args, kwargs)
        finally:
            self.__dict__.pop("_running", None)
            if recorder is not None:
                recorder.scopes.pop()

    def _scope(self, recorder) -> str:
        """The path of this cell below the one that calls it: "blocks/0" for an element of a list."""
        name = self.__dict__.get("_name_in_parent") or type(self).__name__
        if not recorder.symbolic:
            return name
        if not recorder.scopes:
            recorder.paths = {id(c): path.replace(".", "/") for path, c in self.cells_and_names()}
            return name
        path, around = recorder.paths.get(id(self), ""), "".join(f"{s}/" for s in recorder.scopes[1:])
        return path[len(around) :] if path.startswith(around) and path != around else name

    @property
    def _has_bprop(self) -> bool:
        return getattr(type(self), "bprop", None) is not None

    def _with_bprop(self, args):
        from ..transforms.custom_gradient import call_with_bprop

        return call_with_bprop(self, args)

    def _check_arguments(self, args, kwargs) -> None:
        signature = self.__dict__.get("_signature")
        if signature is None:
            signature = self.__dict__["_signature"] = inspect.signature(self.construct)
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            raise fail(TypeError, f"For '{type(self).__name__}', construct{signature}: {error}.") from None

    def _cast_floats(self, item, dtype=None):
        dtype = dtype or self._compute_type
        if isinstance(item, Tensor):
            return to(item, dtype) if item.dtype.is_float else item
        if isinstance(item, (tuple, list)):
            return type(item)(self._cast_floats(x, dtype) for x in item)
        return item

    def _state(self) -> tuple:
        """What a trace of this cell depended on besides its arguments."""
        return self._version, self._training

    # ------------------------------------------------------------ hooks (PYNATIVE)
    def _any_hooks(self) -> bool:
        return _hooked > 0 and any(c._hooks is not None for _, c in self.cells_and_names())

    def _run_with_hooks(self, hooks, args, kwargs):
        for hook, named, _ in list(hooks["pre"].values()):
            result = hook(self, args, kwargs) if named else hook(self, args)
            if result is None:
                continue
            if named:
                args, kwargs = result
            else:
                args = result if isinstance(result, tuple) else (result,)
        after = list(hooks["post"].values())
        out = None
        try:
            if (hooks["backward"] or hooks["backward_pre"]) and STATE.recorder is not None:
                from ..transforms.custom_gradient import call_with_backward_hooks

                out = call_with_backward_hooks(self, hooks, args, kwargs)
            else:
                out = runnable(self.construct)(*args, **kwargs)
            while after:
                hook, named, _ = after.pop(0)
                result = hook(self, args, kwargs, out) if named else hook(self, args, out)
                if result is not None:
                    out = result
            return out
        finally:
            for hook, named, always in after:  # none are left unless there was an error
                if always:
                    hook(self, args, kwargs, out) if named else hook(self, args, out)

    def _register(self, kind: str, function, prepend=False, with_kwargs=False, always=False) -> HookHandle:
        if not callable(function):
            raise fail(TypeError, f"A hook must be a function, but got {type(function).__name__}.")
        for label, given in (("prepend", prepend), ("with_kwargs", with_kwargs), ("always_call", always)):
            if not isinstance(given, bool):
                raise fail(TypeError, f"For a hook, '{label}' must be a bool, but got {type(given).__name__}.")
        global _hooked
        if self._hooks is None:
            self.__dict__["_hooks"] = {kind: OrderedDict() for kind in ("pre", "post", "backward", "backward_pre")}
            _hooked += 1
        handle = HookHandle(self, kind)
        plain = kind.startswith("backward")
        self._hooks[kind][handle.number] = function if plain else (function, with_kwargs, always)
        if prepend:
            self._hooks[kind].move_to_end(handle.number, last=False)
        self._touch()
        return handle

    def register_forward_pre_hook(self, hook_fn, *, prepend=False, with_kwargs=False) -> HookHandle:
        """``hook(cell, inputs)`` runs before construct and may return other inputs.  A call with hooks is not compiled.

        With ``with_kwargs`` it is ``hook(cell, args, kwargs)``, which may return another ``(args, kwargs)``; with
        ``prepend`` it runs before the hooks that are there.
        """
        return self._register("pre", hook_fn, prepend, with_kwargs)

    def register_forward_hook(self, hook_fn, *, prepend=False, with_kwargs=False, always_call=False) -> HookHandle:
        """``hook(cell, inputs, output)`` runs after construct and may return another output.

        With ``with_kwargs`` it is ``hook(cell, args, kwargs, output)``; with ``always_call`` it also runs, with None as output, where
        construct raises an error.  See ``register_forward_pre_hook``.
        """
        return self._register("post", hook_fn, prepend, with_kwargs, always_call)

    def register_backward_hook(self, hook_fn) -> HookHandle:
        """``hook(cell, grad_input, grad_output)`` runs in the backward pass and may return other gradients."""
        return self._register("backward", hook_fn)

    def register_backward_pre_hook(self, hook_fn) -> HookHandle:
        """``hook(cell, grad_output)`` runs before the backward pass of this cell and may return another gradient."""
        return self._register("backward_pre", hook_fn)

    # ------------------------------------------------------------ parameters
    def parameters_and_names(self, name_prefix="", expand=True) -> Iterator[tuple[str, Parameter]]:
        """(attribute path, Parameter) of this cell and, with ``expand``, of its children; each Parameter once."""
        seen: set[int] = set()
        for path, cell in self._cells_and_names(name_prefix, set()) if expand else [(name_prefix, self)]:
            for name, p in cell._own_parameters():
                if id(p) not in seen:
                    seen.add(id(p))
                    if name is None:
                        yield p.name, p
                    else:
                        yield (f"{path}.{name}" if path else name), p

    def _own_parameters(self):
        for name in self._own_order:
            p = self._params.get(name)
            if p is not None:
                yield name, p
            for member in self._params_list.get(name, ()):
                yield None, member

    def get_parameters(self, expand=True) -> Iterator[Parameter]:
        """The Parameters: this cell's own first, then those of its children."""
        for _, p in self.parameters_and_names(expand=expand):
            yield p

    def trainable_params(self, recurse=True) -> list[Parameter]:
        """Parameters with ``requires_grad``."""
        return [p for p in self.get_parameters(recurse) if p.requires_grad]

    def untrainable_params(self, recurse=True) -> list[Parameter]:
        return [p for p in self.get_parameters(recurse) if not p.requires_grad]

    def parameters_dict(self, recurse=True) -> OrderedDict:
        """Parameters by name."""
        return OrderedDict((p.name, p) for p in self.get_parameters(recurse))

    def parameters_broadcast_dict(self, recurse=True):
        return self.parameters_dict(recurse)

    def check_names(self) -> None:
        names = set()
        for p in self.get_parameters():
            if p.name in names:
                raise fail(ValueError, f"Two Parameters of '{type(self).__name__}' have the name '{p.name}'.")
            names.add(p.name)

    def update_parameters_name(self, prefix="", recurse=True) -> None:
        """Puts ``prefix`` before the names of all Parameters; inside, names are attribute paths."""
        checks.string("update_parameters_name", prefix=prefix)
        for name, p in self.parameters_and_names(expand=recurse):
            if p.__dict__.get("_tied"):
                continue
            p.name = prefix + name
        self._touch()

    def init_parameters_data(self, auto_parallel_mode=False):
        """Makes the data of Parameters that are not initialised yet; returns {old: new}, the same objects here."""
        return {p: p.init_data() for p in self.get_parameters()}

    def insert_param_to_cell(self, param_name, param, check_name_contain_dot=True) -> None:
        """Registers a Parameter under a name."""
        if not param_name:
            raise fail(KeyError, "For 'insert_param_to_cell', the name must not be empty.")
        if check_name_contain_dot and "." in param_name:
            raise fail(KeyError, f"For 'insert_param_to_cell', the name must not contain '.', but got '{param_name}'.")
        if not isinstance(param, Parameter) and param is not None:
            raise fail(TypeError, f"For 'insert_param_to_cell', a Parameter is needed, but got {type(param).__name__}.")
        if isinstance(param, Parameter) and not param.named:
            param.name = param_name
        self._params[param_name] = param
        self._own_order[param_name] = None
        self._touch()

    def insert_child_to_cell(self, child_name, child_cell) -> None:
        """Registers a child cell under a name."""
        if not isinstance(child_name, str):
            raise fail(
                TypeError, f"For 'insert_child_to_cell', the name must be a str, but got {type(child_name).__name__}."
            )
        if not child_name or "." in child_name:
            raise fail(
                KeyError,
                f"For 'insert_child_to_cell', the name must not be empty or contain '.', but got '{child_name}'.",
            )
        if not isinstance(child_cell, Cell):
            raise fail(TypeError, f"For 'insert_child_to_cell', a Cell is needed, but got {type(child_cell).__name__}.")
        self._cells[child_name] = child_cell  # as in MindSpore, its Parameters keep their names
        child_cell.__dict__["_name_in_parent"] = child_name
        self._touch()

    # ------------------------------------------------------------ state
    def state_dict(self, *args, destination=None, prefix="", keep_vars=False):
        """Attribute path -> Parameter, the objects themselves, and extra states; positions as the keywords.

        >>> import minispore as ms
        >>> list(ms.nn.Dense(2, 1).state_dict(prefix="head."))
        ['head.weight', 'head.bias']
        """
        from .state_dict import collect

        destination, prefix, *_ = (*args, *(destination, prefix, keep_vars)[len(args) :])
        return collect(self, Cell, destination, prefix)

    def load_state_dict(self, state_dict, strict: bool = True):
        """Sets the Parameters to the values of a dict like that of ``state_dict``, all or, raising, none.

        Returns (missing_keys, unexpected_keys), which without ``strict`` may be there.

        Raises:
            TypeError: ``state_dict`` is not a dict.
            RuntimeError: a value is no Tensor or of another shape; with ``strict``, names do not match.
        """
        from .state_dict import load

        return load(self, Cell, state_dict, strict)

    def get_extra_state(self):
        """What ``state_dict`` is to hold besides Parameters; a subclass that needs it defines it."""
        raise fail(RuntimeError, f"The Cell '{type(self).__name__}' has no extra state: define get_extra_state.")

    def set_extra_state(self, state) -> None:
        """Takes what ``get_extra_state`` gave."""
        raise fail(RuntimeError, f"The Cell '{type(self).__name__}' has no extra state: define set_extra_state.")

    # ------------------------------------------------------------ cells
    def cells(self):
        """The direct children."""
        return self.name_cells().values()

    def name_cells(self) -> OrderedDict:
        """The direct children by name, each once."""
        seen: set[int] = set()
        out: OrderedDict = OrderedDict()
        for name, cell in self._cells.items():
            if cell is not None and id(cell) not in seen:
                seen.add(id(cell))
                out[name] = cell
        return out

    def cells_and_names(self, cells=None, name_prefix="") -> Iterator[tuple[str, Cell]]:
        """(path, cell) of this cell ("") and all below it, parents before children."""
        return self._cells_and_names(name_prefix, set())

    def _cells_and_names(self, prefix, seen):
        if id(self) in seen:
            return
        seen.add(id(self))
        yield prefix, self
        for name, cell in self._cells.items():
            if cell is not None:
                yield from cell._cells_and_names(f"{prefix}.{name}" if prefix else name, seen)

    def apply(self, fn: Callable) -> Cell:
        """Calls ``fn`` on every cell below, children before parents, then on this one."""
        for cell in self.name_cells().values():
            cell.apply(fn)
        fn(self)
        return self

    # ------------------------------------------------------------ flags
    @property
    def training(self) -> bool:
        return self._training

    @training.setter
    def training(self, value) -> None:
        self.__dict__["_training"] = bool(value)
        Epoch.now += 1

    def set_train(self, mode=True) -> Cell:
        """Training (True) or evaluation of this cell and all below it: dropout, batch statistics.  Returns self."""
        checks.boolean("set_train", mode=mode)
        for _, cell in self.cells_and_names():
            cell.__dict__["_training"] = mode
        Epoch.now += 1
        return self

    @property
    def requires_grad(self) -> bool:
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value) -> None:
        self.__dict__["_requires_grad"] = value

    def set_grad(self, requires_grad=True) -> Cell:
        """Sets the flag ``requires_grad`` of this cell and all below it.  Returns self."""
        for _, cell in self.cells_and_names():
            cell.__dict__["_requires_grad"] = requires_grad
        return self

    def to_float(self, dst_type) -> Cell:
        """Inputs of this cell and all below it are cast to ``dst_type`` (float16, float32 or bfloat16).  Returns self."""
        dtype = to_dtype(dst_type)
        if not dtype.is_float or dtype.name == "float64":
            raise fail(ValueError, f"For 'to_float', the type must be float16, float32 or bfloat16, but got {dtype}.")
        for _, cell in self.cells_and_names():
            cell.__dict__["_compute_type"] = dtype
            cell.__dict__["fp16"] = dtype is float16
            cell._touch()
        return self

    def add_flags(self, **flags) -> Cell:
        self._flags.update(flags)
        return self

    def add_flags_recursive(self, **flags) -> Cell:
        for _, cell in self.cells_and_names():
            cell._flags.update(flags)
        return self

    def get_flags(self) -> dict:
        return self._flags

    def set_comm_fusion(self, fusion_type, recurse=True) -> Cell:
        """Accepted and without effect: there is one CPU."""
        return self

    def shard(self, in_strategy, out_strategy=None, parameter_plan=None) -> Cell:
        """Accepted and without effect: there is one CPU.  Returns self."""
        return self

    @property
    def parameter_layout_dict(self) -> dict:
        """How Parameters are split over devices: empty, there is one CPU."""
        return {}

    @property
    def pipeline_stage(self) -> int:
        """The number of a device: kept, without effect."""
        return self.__dict__.get("_pipeline_stage", 0)

    @pipeline_stage.setter
    def pipeline_stage(self, value) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise fail(TypeError, f"For 'pipeline_stage', an int is needed, but got {type(value).__name__}.")
        if value < 0:
            raise fail(ValueError, f"For 'pipeline_stage', the number must not be negative, but got {value}.")
        self.__dict__["_pipeline_stage"] = value

    def recompute(self, mode=True, **kwargs) -> None:
        """Has a compiled step compute the inner values of this cell again in the backward pass (see ``ms.recompute``)."""
        self.__dict__["_recompute"] = bool(mode)
        self._touch()

    def graph(self, *args, **kwargs):
        """What a call with these arguments compiles to, without running it: see ``minispore.inspect.Inspection``.

        >>> import minispore as ms
        >>> print([n.op for n in ms.nn.ReLU().graph(ms.Tensor([1.0])).nodes])
        ['relu']
        """
        from ..inspect import graph

        return graph(self, *args, **kwargs)

    def compile(self, *args, **kwargs) -> None:
        """Compiles for these arguments without running."""
        self.compile_and_run_prepare(args, kwargs)

    def compile_and_run_prepare(self, args, kwargs):
        from ..graph.trace import build, trace

        return build(trace(self._run, args, kwargs)[0])

    def set_inputs(self, *inputs, **kwargs) -> None:
        """Accepted: the types of inputs are seen at each call."""

    def flatten_weights(self, fusion_size=0) -> None:
        """Accepted and without effect."""

    # ------------------------------------------------------------ printing
    def extend_repr(self) -> str:
        """What stands in the parentheses when the cell is printed."""
        return ""

    def __repr__(self):
        extra = self.extend_repr()
        children = [(name, cell) for name, cell in self._cells.items() if cell is not None]
        text = type(self).__name__ + "("
        if children:
            lines = [extra] if extra else []
            lines += [f"({name}): " + repr(cell).replace("\n", "\n  ") for name, cell in children]
            text += "\n  " + "\n  ".join(lines) + "\n"
        else:
            text += extra
        return text + ")"

    def __deepcopy__(self, memo):
        import copy

        made = type(self).__new__(type(self))
        memo[id(self)] = made
        for key, value in self.__dict__.items():
            made.__dict__[key] = None if key in ("_compiled", "_signature") else copy.deepcopy(value, memo)
        return made

    def __getstate__(self):
        return {k: (None if k in ("_compiled", "_signature") else v) for k, v in self.__dict__.items()}

    def __setstate__(self, state):
        self.__dict__.update(state)


_MISSING = object()
_hook_numbers = itertools.count()
_hooked = 0  # how many cells have had hooks: while none has, calls do not look for them


class HookHandle:
    """What a hook's registration returns; ``remove()`` takes the hook away."""

    def __init__(self, cell: Cell, kind: str):
        self.cell, self.kind, self.number = cell, kind, next(_hook_numbers)

    def remove(self) -> None:
        hooks = self.cell._hooks
        if hooks is not None:
            hooks[self.kind].pop(self.number, None)
            if not any(hooks.values()):
                global _hooked
                self.cell.__dict__["_hooks"] = None
                _hooked -= 1
            self.cell._touch()


class GraphCell(Cell):
    """A Cell that is compiled in every mode; or, with ``graph``, a Cell that calls what ``load`` returned.

    Raises:
        TypeError: ``graph`` cannot be called.
        ValueError: there is a ``params_init``: the values of a loaded graph stand in its file.
    """

    always_compiled = True

    def __init__(self, graph=None, params_init=None, obf_random_seed=None):
        super().__init__(auto_prefix=True)
        if graph is not None and not callable(graph):
            raise fail(
                TypeError, f"For 'GraphCell', 'graph' must be what load returned, but got {type(graph).__name__}."
            )
        if params_init:
            raise fail(
                ValueError, "For 'GraphCell', 'params_init' must be None: load the values into the net, and export it."
            )
        self.__dict__["graph"] = graph

    def __call__(self, *args, **kwargs):
        return super().__call__(*args, **kwargs) if self.graph is None else self.graph(*args)
