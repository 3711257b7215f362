"""Cell: attributes and a ``construct``.  Parameters and child cells register by assignment."""

from __future__ import annotations

import inspect
import math
from collections import OrderedDict

from ..core import checks, context, notebook
from ..core.boundary import BOUNDARIES, PACKAGE_NAME, described, translated
from ..core.dtype import float16, to_dtype
from ..core.errors import GraphBreak, fail
from ..core.op import to
from ..core.record import STATE, Epoch
from ..core.tensor import Tensor
from ..core.tree import tensors
from ..flow import runnable
from ..flow.attributes import OUTPUTS
from ..transforms import forward_pass
from ..transforms.jit import Compilable
from .cell_buffers import _Buffer, register_cell_buffer_registration_hook  # noqa: F401  MindSpore has them here
from .cell_hooks import CellHooks
from .cell_inputs import check_declared, declared, positions

RECOMPUTE_ARGUMENTS = (
    "mode", "mp_comm_recompute", "parallel_optimizer_comm_recompute", "recompute_slice_activation", "use_reentrant",
    "output_recompute", "early_stop", "context_fn",
)  # fmt: skip
_MADE_AGAIN = "_compiled", "_accepted", "_gradient", "_kept"  # attributes that a copy makes for itself


class Cell(CellHooks):
    """The base of all networks, losses, optimizers and train steps.

    Assigning a Parameter or a Cell to an attribute registers it.  In GRAPH mode the outermost call is compiled: one
    native call runs everything that ``construct`` computes.

    Args:
        auto_prefix: bool, whether Parameters of child cells are named after the attribute path.  Default: True.
        flags: dict, kept for MindSpore's sake.  Default: None.

    Raises:
        AttributeError: a Parameter or Cell is assigned before ``super().__init__()``.
        TypeError: another value is assigned to the name of a Parameter or Cell.

    >>> from minispore import Parameter, Tensor, nn
    >>> class Scale(nn.Cell):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.k = Parameter(Tensor([2.0]), name="k")
    ...     def construct(self, x):
    ...         return x * self.k
    >>> print(Scale()(Tensor([3.0])))
    [6.]
    """

    def __init__(self, auto_prefix=True, flags=None):
        d = self.__dict__
        d["_cells"], d["_params"], d["_params_list"], d["_buffers"] = OrderedDict(), OrderedDict(), OrderedDict(), {}
        d["_names_in_tuples"] = {}  # name of a ParameterTuple: those of its members when it was assigned
        d["_own_order"] = {}  # names of Parameters and ParameterTuples in the order of assignment
        d["_emptied"] = set()  # names whose Cell was set to None: they stay those of Cells, as in MindSpore
        d["_training"], d["_version"], d["_compiled"], d["_hooks"] = False, 0, None, None
        d["_auto_prefix"] = auto_prefix
        d["_param_prefix"] = ""
        d["_compute_type"] = d["_output_type"] = None  # types of inputs (to_float) and of outputs (amp)
        d["_requires_grad"] = False
        d["_changes_when_run"] = True  # whether its last kept call changed Parameters; not known yet
        d["_recompute"] = False
        d["_flags"] = dict(flags or {})

    @property
    def cls_name(self) -> str:
        """The name of the class: a str."""
        return type(self).__name__

    @property
    def param_prefix(self) -> str:
        """The prefix of the names of the Parameters: a str."""
        return self._param_prefix

    @property
    def phase(self) -> str:
        """What the Cell was set to do last, in MindSpore's words: "train", also before ``set_train``, or "predict"."""
        return self.__dict__.get("_phase", "train")

    @phase.setter
    def phase(self, value: str) -> None:
        self.__dict__["_phase"] = value

    _updates_weights = False  # that of an optimizer: what holds one is a training step, not a network
    _names_are_distinct = False  # looked at in the first call
    bprop_debug = False  # kept for MindSpore's sake, without effect

    # ------------------------------------------------------------ calling
    def construct(self, *args, **kwargs):
        """What the cell computes; subclasses write it, to return a Tensor, or a tuple, list or dict of them.

        Args:
            *args: the inputs; the subclass names them, here they are not read.
            **kwargs: the inputs by name; not read either.

        Raises:
            AttributeError: the subclass has none.
        """
        reason = " It has a method 'forward': rename it." if hasattr(type(self), "forward") else ""
        raise AttributeError(f"For '{type(self).__name__}', the method 'construct' is not defined.{reason}")

    def __call__(self, *args, **kwargs):
        if not self._names_are_distinct:
            self._make_names_distinct()
        recorder = STATE.recorder
        try:
            if recorder is None:
                if (
                    context._settings["mode"] == 0
                    or self.always_compiled
                    or STATE.in_pieces is not None
                    or (self.is_piece and context.compiles_pieces())
                ) and not self._any_hooks():
                    return self._compilable()(args, kwargs)
                if self._requires_grad and (self._training or self._changes_when_run) and self._may_be_kept():
                    return forward_pass.kept_call(self, args, kwargs)
            elif (
                (self.always_compiled or self.is_piece or STATE.in_pieces is not None)
                and not recorder.symbolic
                and not self._any_hooks()
            ):
                return self._compilable().inside(args, kwargs)
            return self._run(*args, **kwargs)
        except Exception as error:
            if type(self).construct.__module__.startswith(PACKAGE_NAME):
                raise translated(error, type(self).__name__, self.construct, args, kwargs)  # noqa: B904
            raise

    BOUNDARIES.add(__call__.__code__)

    def _may_be_kept(self) -> bool:
        """Whether a gradient may take this call over that is made outside of recordings."""
        if STATE.no_grad or STATE.in_native_call or self._any_hooks():
            return False
        return not any(cell is not None and cell._updates_weights for cell in self._cells.values())

    def _compilable(self) -> Compilable:
        compilable = self._compiled
        if compilable is None:
            if "_cells" not in self.__dict__:
                raise AttributeError(f"For '{type(self).__name__}', super().__init__() was not called.")
            compilable = self.__dict__["_compiled"] = Compilable(
                self._run, type(self).__name__, fullgraph=self.must_be_one_graph
            )
        return compilable

    def _run(self, *args, **kwargs):
        """``construct`` with what surrounds it: the trace's record of the cell, number types, hooks."""
        recorder = STATE.recorder
        if recorder is not None:
            recorder.cells.setdefault(id(self), self)
            recorder.scopes.append(self._scope(recorder))
            if OUTPUTS in self.__dict__ and recorder.attributes is not None:
                recorder.attributes.enter(self)
        try:
            self._check_arguments(args, kwargs)
            if recorder is None or not recorder.symbolic:
                return self._run_construct(recorder, args, kwargs)
            place = len(recorder.calls)
            recorder.calls.append(None)  # until the outputs are known; calls inside stand behind it
            begun = None if self._any_hooks() else forward_pass.begin(recorder, self, args, kwargs)
            out = self._run_construct(recorder, args, kwargs)
            forward_pass.end(recorder, self, begun, out)
            types = [(t.shape, t.dtype) for t in tensors(out)]
            recorder.calls[place] = "/".join(recorder.scopes), self, types
            return out
        finally:
            self.__dict__.pop("_running", None)
            if recorder is not None:
                recorder.scopes.pop()

    def _run_construct(self, recorder, args, kwargs):
        if self._compute_type is not None:
            args, kwargs = self._cast_floats(args), {k: self._cast_floats(v) for k, v in kwargs.items()}
            self.__dict__["_running"] = True
        hooks = self._hooks
        return self._constructed(args, kwargs) if hooks is None else self._run_with_hooks(hooks, args, kwargs)

    def _constructed(self, args, kwargs):
        """What ``construct`` gives, with the gradient of the Cell's own ``bprop`` where it has one."""
        recorder = STATE.recorder
        if self._has_bprop and recorder is not None:
            return self._with_bprop(args)
        construct = runnable(self.construct)
        if self._recompute and recorder is not None:
            from ..transforms.recompute import recompute

            out = recompute(construct, *args, **kwargs)
        else:
            out = construct(*args, **kwargs)
        return out if self._output_type is None else self._cast_floats(out, self._output_type)

    def _scope(self, recorder) -> str:
        """The path of this cell below the one that calls it: "blocks/0" for an element of a list."""
        name = self.__dict__.get("_name_in_parent") or type(self).__name__
        if not recorder.symbolic:
            return name
        if not recorder.scopes:
            return recorder.name_of_outermost(self, name)
        paths = recorder.outermost.get(recorder.scopes[0], {})
        path, around = paths.get(id(self), ""), "".join(f"{s}/" for s in recorder.scopes[1:])
        return path[len(around) :] if path.startswith(around) and path != around else name

    @property
    def _has_bprop(self) -> bool:
        return getattr(type(self), "bprop", None) is not None

    def _with_bprop(self, args):
        from ..transforms.custom_gradient import call_with_bprop

        return call_with_bprop(self, args)

    def _check_arguments(self, args, kwargs) -> None:
        accepted = self.__dict__.get("_accepted")
        if accepted is None:
            signature = inspect.signature(self.construct)
            accepted = self.__dict__["_accepted"] = signature, *_by_position(signature)
            self._warn_of_plain_containers()
        signature, least, most = accepted
        if "_declared" in self.__dict__ and context.is_graph_mode():
            given = positions(self._input_names(signature), args) | kwargs
            check_declared(type(self).__name__, self._declared[2], given)
        if not kwargs and least <= len(args) <= most:
            return
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            given = described(self.construct, args, kwargs) if args or kwargs else "no arguments"
            raise fail(
                TypeError, f"For '{type(self).__name__}', construct{signature}: {error}; it was called with {given}."
            ) from None

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

    # ------------------------------------------------------------ flags
    @property
    def training(self) -> bool:
        """Whether this cell is in training (dropout, batch statistics); ``set_train`` sets the cells below too."""
        return self._training

    @training.setter
    def training(self, value) -> None:
        """Whether this cell is in training (dropout, batch statistics); ``set_train`` sets the cells below too."""
        self.__dict__["_training"] = bool(value)
        Epoch.now += 1

    def set_train(self, mode=True) -> Cell:
        """Sets this cell and all below it to training or evaluation, which dropout and batch statistics follow.

        Args:
            mode: bool.  Default: True.

        Returns:
            the Cell itself.

        Raises:
            TypeError: ``mode`` is not a bool.

        >>> from minispore import nn
        >>> nn.Dropout().set_train().training
        True
        """
        checks.boolean("set_train", mode=mode)
        for _, cell in self.cells_and_names():
            cell.__dict__["_training"] = mode
            cell.__dict__["_phase"] = "train" if mode else "predict"
        Epoch.now += 1
        return self

    @property
    def requires_grad(self) -> bool:
        """A flag that ``set_grad`` sets; gradients have the same values without it."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value) -> None:
        """A flag that ``set_grad`` sets; gradients have the same values without it."""
        self.__dict__["_requires_grad"] = value

    def set_grad(self, requires_grad=True) -> Cell:
        """Sets the flag ``requires_grad`` of this cell and all below it.

        In PYNATIVE mode a call of a Cell that has it and is in training, or changes Parameters, is kept, with its intermediate
        values and copies of the weights, until its next call or gradient: ``grad(net, ...)(x)`` after ``net(x)`` does not run the Cell again.

        Args:
            requires_grad: bool.  Default: True.

        Returns:
            the Cell itself.

        >>> from minispore import nn
        >>> nn.ReLU().set_grad().requires_grad
        True
        """
        for _, cell in self.cells_and_names():
            cell.__dict__["_requires_grad"] = requires_grad
        return self

    def to_float(self, dst_type) -> Cell:
        """Has the inputs and Parameters of this cell and all below it cast to another float type.

        Args:
            dst_type: float16, float32 or bfloat16.

        Returns:
            the Cell itself.

        Raises:
            ValueError: another type.

        >>> from minispore import float16, nn, ops
        >>> nn.Dense(2, 1).to_float(float16)(ops.ones((1, 2))).dtype
        mindspore.float16
        """
        dtype = to_dtype(dst_type) if not isinstance(dst_type, str) else None
        if dtype is None or not dtype.is_float or dtype.name == "float64":
            raise fail(
                ValueError, f"For 'to_float', the type must be float16, float32 or bfloat16, but got {dst_type!r}."
            )
        for _, cell in self.cells_and_names():
            cell.__dict__["_compute_type"] = dtype
            cell.__dict__["fp16"] = dtype is float16
            cell._invalidate()
        return self

    def add_flags(self, **flags) -> Cell:
        """Adds flags to this cell, kept for MindSpore's sake.

        Args:
            **flags: anything by name.

        Returns:
            the Cell itself.

        >>> from minispore import nn
        >>> nn.ReLU().add_flags(fp32=True).get_flags()
        {'fp32': True}
        """
        self._set_flags(flags)
        return self

    def _set_flags(self, flags: dict) -> None:
        self._flags.update(flags)
        for name, value in flags.items():
            setattr(self, name, value)

    def add_flags_recursive(self, **flags) -> Cell:
        """Adds flags to this cell and all below it, kept for MindSpore's sake.

        Args:
            **flags: anything by name.

        Returns:
            the Cell itself.
        """
        for _, cell in self.cells_and_names():
            cell._set_flags(flags)
        return self

    def get_flags(self) -> dict:
        """The flags that were added.

        Returns:
            dict.
        """
        return self._flags

    def set_comm_fusion(self, fusion_type, recurse=True) -> Cell:
        """Accepted and without effect: there is one CPU.

        Args:
            fusion_type: ignored.
            recurse: ignored.

        Returns:
            the Cell itself.
        """
        return self

    def set_boost(self, boost_type) -> Cell:
        """Accepted and without effect: MindSpore's shorter forms of layers.

        Args:
            boost_type: str, "less_bn".

        Returns:
            the Cell itself.

        Raises:
            ValueError: another value.
        """
        if boost_type != "less_bn":
            raise fail(ValueError, f"For 'set_boost', 'boost_type' must be 'less_bn', but got {boost_type!r:.60}.")
        return self

    def shard(self, in_strategy, out_strategy=None, parameter_plan=None) -> Cell:
        """Accepted and without effect: there is one CPU.

        Args:
            in_strategy: ignored.
            out_strategy: ignored.
            parameter_plan: ignored.

        Returns:
            the Cell itself.
        """
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
        """The number of a device: kept, without effect."""
        checks.non_negative_int("Cell", pipeline_stage=value)
        self.__dict__["_pipeline_stage"] = value

    def recompute(self, mode=True, **kwargs) -> None:
        """Has a compiled step compute the inner values of this cell again in the backward pass (see ``ms.recompute``).

        Args:
            mode: bool.  Default: True.
            **kwargs: bools, accepted without effect.

        Raises:
            TypeError: an argument that is no bool.
            ValueError: a name that is none of MindSpore's.

        >>> from minispore import nn
        >>> nn.Dense(2, 3).recompute()
        """
        for name, value in {"mode": mode, **kwargs}.items():
            if name not in RECOMPUTE_ARGUMENTS:
                raise fail(
                    ValueError, f"For 'recompute', the arguments are {', '.join(RECOMPUTE_ARGUMENTS)}; got '{name}'."
                )
            if name != "context_fn":
                checks.boolean("recompute", **{name: value})
        self.__dict__["_recompute"] = bool(mode)
        self._invalidate()

    def graph(self, *args, **kwargs):
        """What a call with these arguments compiles to, without running it.

        Args:
            *args: the inputs of a call.
            **kwargs: its inputs by name.

        Returns:
            ``minispore.inspect.Inspection``.

        >>> from minispore import Tensor, nn
        >>> print([n.op for n in nn.ReLU().graph(Tensor([1.0])).nodes])
        ['relu']
        """
        from ..inspect import graph

        return graph(self, *args, **kwargs)

    def summary(self, *inputs):
        """The layers with their output shapes, Parameters, operations and memory, for such inputs: see ``ms.summary``.

        Args:
            *inputs: the inputs of a call; a tuple of ints stands for a float32 Tensor of that shape.

        Returns:
            ``Summary``; ``print`` it to see a table.

        >>> import minispore as ms
        >>> ms.nn.Dense(4, 8).summary((32, 4)).trainable
        40
        """
        from ..inspect import summary

        return summary(self, *inputs)

    def compile(self, *args, **kwargs) -> None:
        """Compiles a call with these arguments without running it.

        Args:
            *args: the inputs of a call.
            **kwargs: its inputs by name.

        Raises:
            ValueError: two Parameters have one name.

        >>> from minispore import Tensor, nn
        >>> nn.ReLU().compile(Tensor([1.0]))
        """
        self.check_names()
        self.compile_and_run_prepare(args, kwargs)

    def compile_and_run_prepare(self, args, kwargs):
        """Compiles a call without running it: ``compile`` with its arguments as a tuple and a dict.

        Args:
            args: tuple of inputs.
            kwargs: dict of inputs by name.

        Returns:
            the executable; None where calls run in pieces (docs/control_flow.md), which are compiled when they run.
        """
        from ..graph.build import build
        from ..graph.trace import trace

        try:
            traced, _, _ = trace(self._run, args, kwargs, may_break=not self.must_be_one_graph)
        except GraphBreak:
            return None
        return build(traced)

    def set_inputs(self, *inputs, **kwargs) -> None:
        """Declares what ``construct`` is called with, before the first call.  In GRAPH mode calls are held against it, by a TypeError
        or ValueError; nothing is compiled for it.

        Args:
            *inputs: one for each argument: a Tensor, of which ``Tensor(shape=[None, 2], dtype=ms.float32)`` leaves sizes open and
                ``Tensor(shape=None, dtype=ms.float32)`` the shape; or a number or a container, which is not checked.
            **kwargs: the same by the name of the argument.

        Raises:
            ValueError: ``construct`` has no such argument.

        >>> import minispore as ms
        >>> net = ms.nn.ReLU()
        >>> net.set_inputs(ms.Tensor(shape=[None, 2], dtype=ms.float32))
        >>> net.get_inputs()[0].shape
        (-1, 2)
        """
        names = self._input_names(inspect.signature(self.construct))
        self.__dict__["_declared"] = inputs, kwargs, declared(type(self).__name__, names, inputs, kwargs)

    @staticmethod
    def _input_names(signature) -> list[str]:
        parameters = signature.parameters.values()
        return [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]

    def get_inputs(self):
        """What ``set_inputs`` declared.

        Returns:
            tuple; a dict if it was declared by names; None if it was not.
        """
        inputs, named, _ = self.__dict__.get("_declared", ((), {}, {}))
        return named or inputs or None

    def flatten_weights(self, fusion_size=0) -> None:
        """Accepted and without effect.

        Args:
            fusion_size: ignored.
        """

    # ------------------------------------------------------------ printing
    def extend_repr(self) -> str:
        """What stands in the parentheses when the cell is printed; subclasses may write it.

        Returns:
            str.

        >>> from minispore import nn
        >>> nn.Norm(axis=1).extend_repr()
        'axis=1, keep_dims=False'
        """
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

    def _repr_html_(self) -> str:
        """What notebooks show: the tree of cells, to fold and unfold, with the sizes of their Parameters."""
        return self._html("", is_open=True)

    def _html(self, name: str, is_open: bool) -> str:
        own = [(key, p) for key, p in self._params.items() if p is not None]
        children = [(key, cell) for key, cell in self._cells.items() if cell is not None]
        total = sum(p.size for p in self.get_parameters())
        label = f"{name}: " if name else ""
        title = f"{label}{type(self).__name__}({self.extend_repr()})" + (f", {total:,} parameters" if total else "")
        if not own and not children:
            return notebook.line(title)
        body = [cell._html(key, is_open=len(children) <= 12) for key, cell in children]
        body += [
            notebook.line(f"{key}: {p.dtype}{list(p.shape)}{'' if p.requires_grad else ', frozen'}") for key, p in own
        ]
        return notebook.folding(title, "".join(body), is_open and bool(children))

    def __deepcopy__(self, memo):
        import copy

        made = type(self).__new__(type(self))
        memo[id(self)] = made
        for key, value in self.__dict__.items():
            made.__dict__[key] = None if key in _MADE_AGAIN else copy.deepcopy(value, memo)
        return made

    def __getstate__(self):
        return {k: (None if k in _MADE_AGAIN else v) for k, v in self.__dict__.items()}

    def __setstate__(self, state):
        self.__dict__.update(state)


def _by_position(signature: inspect.Signature) -> tuple[int, float]:
    """The least and the largest number of arguments by position that a call without others may have."""
    kinds = [p for p in signature.parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needs_names = any(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in signature.parameters.values())
    takes_any = any(p.kind is p.VAR_POSITIONAL for p in signature.parameters.values())
    least = sum(p.default is p.empty for p in kinds)
    return least, -1 if needs_names else math.inf if takes_any else len(kinds)


class GraphCell(Cell):
    """A Cell that is compiled in every mode; or, with ``graph``, a Cell that calls what ``load`` returned.

    Args:
        graph: what ``load`` returned.  Default: None.
        params_init: None: the values of a loaded graph stand in its file.
        obf_random_seed: ignored.

    Inputs:
        *args: the inputs of the graph.

    Returns:
        what the graph returns.

    Raises:
        TypeError: ``graph`` cannot be called.
        ValueError: there is a ``params_init``.

    >>> from minispore import Tensor, nn, ops
    >>> print(nn.GraphCell(ops.square)(Tensor([3.0])))
    [9.]
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
