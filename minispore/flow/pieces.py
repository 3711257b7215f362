"""Functions in pieces: what a call runs that cannot be one graph, because Python needs the value of a Tensor on some line.

The trace names the lines (``mark``).  ``in_pieces`` gives the form of a function in which Python runs these lines, and the
stretches between them (split.py) are compiled functions.  A stretch that cannot be one graph either is split in turn, so
a function is split as far as the values that it meets ask for, and no further.
"""

import ast
import copy
import types
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core import tree
from ..core.cache import cached
from ..core.cell_base import CellBase
from ..core.context import compiles_pieces
from ..core.errors import fail
from ..core.number import Varying
from ..core.record import STATE, Break
from ..core.registry import supplied
from ..core.tensor import Tensor
from .convert import HELPERS, compiled
from .rewrite import FLOW
from .sources import SOURCES, definition, is_users_file
from .split import PIECES, Stretch, lines_assigning, lines_reading, split
from .stores import was_there_before
from .variables import Undefined, check_defined

MOST_VALUES = 3  # of a number, each with code of its own; from then on it is an input, or Python computes with it
LINES: dict[str, set[int]] = {}  # file -> lines that Python has to run
_templates: dict[types.CodeType, "Template | None"] = {}
_users: dict[types.CodeType, bool] = {}  # whether a user wrote the function
_local: set[types.CodeType] = set()  # code of functions that functions in pieces define: each call makes new ones
_from_python: dict[types.CodeType, frozenset[str]] = {}  # of stretches: see ``Stretch.from_python``


def mark(lines) -> None:
    """Notes (file, line) pairs that Python has to run."""
    for file, line in lines:
        LINES.setdefault(file, set()).add(line)


def in_pieces(function):
    """The form of a user's function in which Python runs the marked lines; any other callable as it is."""
    if type(function) is types.MethodType:
        inner, instance = function.__func__, function.__self__
    else:
        inner, instance = function, None
    if type(inner) is not types.FunctionType or inner.__code__ in _local:
        return function
    template = _template(inner, instance is not None)
    owner = inner if instance is None else instance
    if template is None or not isinstance(getattr(owner, "__dict__", None), dict):
        return function
    return cached(function, "pieces", lambda: template.instance(inner, instance))


def is_made_anew(function) -> bool:
    """Whether each call of a function in pieces defines ``function``, so that nothing compiled for it would be found again."""
    return type(function) is types.FunctionType and function.__code__ in _local


def called_in_pieces(function):
    """What a line that Python runs calls in place of ``function``."""
    kind = type(function)
    if kind is types.FunctionType:
        inner = function
    elif kind is types.MethodType and type(function.__func__) is types.FunctionType:
        inner = function.__func__
    else:
        return function
    code = inner.__code__
    is_users = _users.get(code)
    if is_users is None:
        is_users = _users[code] = is_users_file(code.co_filename, inner.__module__ or "")
    if not is_users:
        return function

    def call(*args, **kwargs):
        tensors = any([type(x) is Tensor for x in args]) or any(
            isinstance(x, Tensor) for x in tree.leaves((args, kwargs))
        )
        return (in_pieces(function) if tensors else function)(*args, **kwargs)

    return call


def _template(function: types.FunctionType, is_method: bool) -> "Template | None":
    code = function.__code__
    if code not in _templates:
        _templates[code] = _made_template(function, is_method)
    return _templates[code]


def _made_template(function: types.FunctionType, is_method: bool) -> "Template | None":
    code = function.__code__
    if not is_users_file(code.co_filename, function.__module__ or ""):
        return None
    try:
        node = definition(function)
    except (OSError, TypeError, IndexError, SyntaxError):
        return None
    if node is None:
        return None
    if isinstance(node, ast.Lambda):
        body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node.body)]
        node = ast.copy_location(ast.FunctionDef("lambda_", node.args, body, []), node)
        if "type_params" in ast.FunctionDef._fields:  # required since Python 3.12
            setattr(node, "type_params", [])  # noqa: B010
    marked = LINES.get(code.co_filename, set())
    first, last = node.lineno, node.end_lineno or node.lineno
    marked = {line for line in marked if first <= line <= last}
    if code in SOURCES and not marked:  # a stretch without a line to split at
        return None
    parts = function.__qualname__.split(".")
    class_name = parts[-2] if len(parts) > 1 and parts[-2] != "<locals>" else None
    arguments = [*node.args.posonlyargs, *node.args.args]
    fixed = arguments[0].arg if is_method and arguments else None
    made = split(copy.deepcopy(node), marked, class_name, fixed, _from_python.get(code, frozenset()))
    if made is None:
        return None
    parts_code = [_plain(s.node, code) for s in made.stretches]
    for s, part in zip(made.stretches, parts_code):
        SOURCES[part], _from_python[part] = s.node, s.from_python
    whole = compiled(made.node, code, (PIECES,))
    _note_local(whole)
    return Template(whole, made.stretches, parts_code, made.fixed is not None)


def _plain(node: ast.FunctionDef, code: types.CodeType) -> types.CodeType:
    """The code of a stretch of the function of ``code``; of its own, so that equal ones are told apart."""
    made = compiled(copy.deepcopy(node), code)
    return made.replace(co_firstlineno=node.lineno)


def _note_local(code: types.CodeType) -> None:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _local.add(constant)
            _note_local(constant)


@dataclass
class Template:
    """A split function: its code, and the stretches with the code of each."""

    code: types.CodeType
    stretches: list[Stretch]
    parts: list[types.CodeType]
    takes_instance: bool  # whether the stretches do

    def instance(self, function: types.FunctionType, instance):
        """The split form of one function, or of the method of one ``instance``."""
        pieces = [
            Piece(stretch, _function(code, function), instance if self.takes_instance else None, function.__qualname__)
            for stretch, code in zip(self.stretches, self.parts)
        ]
        made: Any = _function(self.code, function, pieces)
        if instance is not None:
            made = types.MethodType(made, instance)

        def call(*args, **kwargs):
            out = made(*args, **kwargs)
            check_defined(out)
            return out

        return made if function.__code__ in SOURCES else call


def _function(code: types.CodeType, original: types.FunctionType, pieces=None) -> types.FunctionType:
    cells = dict(zip(original.__code__.co_freevars, original.__closure__ or ()))
    cells[FLOW], cells[PIECES] = HELPERS, types.CellType(pieces)
    closure = tuple(cells[name] for name in code.co_freevars)
    made = types.FunctionType(code, original.__globals__, original.__name__, original.__defaults__, closure)
    made.__kwdefaults__ = original.__kwdefaults__
    made.__qualname__, made.__module__ = original.__qualname__, original.__module__
    if pieces is None:
        made.__defaults__ = made.__kwdefaults__ = None
    return made


def is_stretch(function) -> bool:
    """Whether a function is a part of one in pieces."""
    return getattr(function, "__code__", None) in SOURCES


def named_from_outside(function, result, recorder) -> list[Break]:
    """The lines on which a stretch gives names to Tensors and containers that were there before it.

    A graph would return others that are equal.  Python runs these lines, so that a change under such a name is one of the thing itself.

    Args:
        function: any that has been traced.
        result: what it returned there.
        recorder: Recorder of the trace.
    """
    code = getattr(function, "__code__", None)
    node = None if code is None else SOURCES.get(code)
    value = node.body[-1].value if node is not None and isinstance(node.body[-1], ast.Return) else None
    if node is None or not isinstance(value, ast.Tuple) or type(result) is not tuple or len(result) != len(value.elts):
        return []
    names = [
        n.id for n, x in zip(value.elts, result) if isinstance(n, ast.Name) and _is_from_outside(x, recorder)
    ]  # fmt: skip
    lines = lines_assigning(node, names) if names else set()
    error = fail(RuntimeError, f"{', '.join(names)}: a name of what was there before the compiled call.")
    return [Break(error, [(code.co_filename, line)], number=True) for line in sorted(lines)]


def _is_from_outside(x, recorder) -> bool:
    if isinstance(x, Tensor):
        root = x._root()  # what is written to a view is written there
        return root._data is not None and not root.is_literal and root._recorder is not recorder
    if isinstance(x, tuple):
        return any(_is_from_outside(item, recorder) for item in x)
    return was_there_before(x, recorder)


class Piece:
    """One stretch of one function: compiled, or, where it turned out to need values itself, split in turn."""

    def __init__(self, stretch: Stretch, function: types.FunctionType, instance, name: str):
        self.inputs, self.from_python, self.node = stretch.inputs, stretch.from_python, stretch.node
        self.function: Any = function if instance is None else types.MethodType(function, instance)
        first, last = stretch.lines
        self.name = f"{name}, line {first}" if first == last else f"{name}, lines {first}-{last}"
        self.compiled: Any = None
        self.python: Any = None  # what runs in place of the compiled form
        self.unbound: dict[str, Undefined] = {}
        self.varying = set(stretch.from_python)  # numbers that are inputs
        self.values: dict[str, set] = {}  # of the other numbers

    def __call__(self, *values):
        if self.python is not None:
            return self.python(*values)
        recorder = STATE.recorder
        if recorder is not None and not compiles_pieces():
            return self.function(*values)
        given, unsuited = self._given(values)
        if unsuited:
            return self._leave_to_python(unsuited)(*values)
        if self.compiled is None:
            self.compiled = supplied("compiled form")(self.function, self.name, is_stretch=True)
        run = self.compiled if recorder is None else self.compiled.recorded
        try:
            return run(given, {})
        except Exception as error:
            if not getattr(error, "of_numbers", False):
                raise
        return self._leave_to_python([name for name, x in zip(self.inputs, given) if type(x) is Varying])(*values)

    def _given(self, values) -> tuple[list, list[str]]:
        """(the arguments of the compiled form, the names of those that it cannot take)."""
        given: list[Any] = []
        unsuited: list[str] = []
        for name, x in zip(self.inputs, values):
            kind = type(x)
            if kind is int or kind is float:
                if name in self.varying:
                    x = Varying(x)
                else:
                    known = self.values.setdefault(name, set())
                    known.add(x)
                    if len(known) > MOST_VALUES:
                        self.varying.add(name)
                        x = Varying(x)
            elif kind is Undefined:
                x = self.unbound.setdefault(name, x)
            elif kind is not Tensor and not self._is_suited(name, x):
                unsuited.append(name)
            given.append(x)
        return given, unsuited

    def _is_suited(self, name: str, x) -> bool:
        """Whether ``x`` may be an argument: code for each of its values is not made again and again."""
        from_python = name in self.from_python
        for leaf in tree.leaves(x):
            if isinstance(leaf, (Tensor, CellBase, bool, type(None))):
                continue
            if isinstance(leaf, np.ndarray) or from_python:
                return False
        return True

    def _leave_to_python(self, names):
        """The form in which Python runs the lines that read these variables, which it is from now on."""
        file = self.function.__code__.co_filename
        mark((file, line) for line in lines_reading(self.node, names))
        self.python = in_pieces(self.function)
        return self.python
