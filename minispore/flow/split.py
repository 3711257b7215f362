"""Splits the syntax tree of a function at lines that Python has to run: the statements between them become functions of their own.

A *stretch* is a run of statements that ask for no value.  It becomes a function from the local variables that it reads to those
that are read after it, and the statements a call of it (pieces.py), which is compiled.  For example, where line 3 needs a value,

    1  y = self.dense(x)              (y,) = __pieces__[0](x)
    2  y = ops.relu(y)          ->
    3  k = int(y.max())               k = int(y.max())
    4  return y * k                   return __pieces__[1](y, k)

``if``, ``for``, ``while``, ``with`` and ``try`` that hold such a line are run by Python, and the blocks inside are split in turn.
"""

import ast
import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .rewrite import (
    FLOW,
    MUTATORS,
    PLAIN_CALLS,
    SCOPES,
    TRIES,
    _assigned,
    _call,
    _first_argument,
    _lambda,
    _leaves,
    _loads,
    _located,
    _Mangle,
    _name,
    _own,
    _stored,
    _tuple,
    inner_functions,
)  # fmt: skip

PIECES = "__pieces__"
RESULT = "__result"
COMPOUND = (ast.If, ast.For, ast.While, ast.With, *TRIES, ast.Match)
UNSPLIT = (
    ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef,
)  # fmt: skip


@dataclass
class Stretch:
    """A run of statements as a function of ``inputs``; ``from_python``: the inputs whose values Python computes anew at each call."""

    node: ast.FunctionDef
    inputs: list[str]
    outputs: list[str]
    from_python: frozenset[str] = frozenset()
    lines: tuple[int, int] = (0, 0)


@dataclass
class Split:
    """A function whose stretches are calls; ``fixed``: the name of the instance, which each stretch takes first, if any."""

    node: ast.FunctionDef
    fixed: str | None
    stretches: list[Stretch] = field(default_factory=list)


def split(
    function: ast.FunctionDef, marked: set[int], class_name: str | None, fixed: str | None, from_python=frozenset()
):
    """``function`` split at the ``marked`` lines; None where it cannot be.

    ``fixed``: the first parameter, where it is bound to an instance.  ``from_python``: parameters that Python computes at each call.
    """
    own = list(_own(function.body))
    if any(isinstance(n, UNSPLIT) for n in own) or any(
        isinstance(n, ast.Name) and n.id in ("locals", "exec", "eval", "vars", "globals") for n in own
    ):
        return None
    if class_name:
        _Mangle(class_name).visit(function)
    function = _Super(_first_argument(function)).visit(function)
    function.decorator_list = []
    return _Splitter(function, marked, fixed, frozenset(from_python)).split()


class _Super(ast.NodeTransformer):
    """``super()`` with its arguments, which a part of the function would not find."""

    def __init__(self, first: str | None):
        self.first = first

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args and self.first:
            node.args = [ast.copy_location(_name(n), node) for n in ("__class__", self.first)]
        return node


def _attribute_changed(n: ast.AST, first: str | None) -> str:
    """The attribute of the variable ``first`` that a node sets, or in which it changes something; or none."""
    if isinstance(n, (ast.Attribute, ast.Subscript)) and not isinstance(n.ctx, ast.Load):
        place: ast.AST = n
    elif isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr in MUTATORS:
        place = n.func.value
    else:
        return ""
    while isinstance(place, (ast.Attribute, ast.Subscript)):
        if isinstance(place, ast.Attribute) and getattr(place.value, "id", None) == first:
            return place.attr
        place = place.value
    return ""


class _Splitter:
    def __init__(self, function: ast.FunctionDef, marked: set[int], fixed: str | None, from_python: frozenset[str]):
        a = function.args
        arguments = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
        self.function, self.marked = function, marked
        self.parameters = {x.arg for x in arguments}
        assigned = _changed(function.body, self.parameters)
        self.fixed = fixed if fixed not in assigned else None
        self.locals = self.parameters | assigned
        self.own = (
            self.locals - self.parameters - _names_of_others(function)
        )  # containers that the function made itself
        self.from_python = set(from_python)
        # attributes of the instance that the function sets, or whose items it changes: they may be others at each call
        self.stored = {_attribute_changed(n, fixed) for n in ast.walk(function)} - {""}
        # variables that a function made here reads after they were set anew: it reads those of this function, not of a stretch
        self.read_inside = {name for _, _, names in inner_functions(function.body, self.locals) for name in names}
        self.in_loop = False  # in the body of a loop that Python runs
        self.made = Split(function, self.fixed)

    def split(self) -> Split:
        self.function.body = self.block(self.function.body, set(), set(self.parameters), outermost=True)
        from_python = frozenset(self.from_python)
        for stretch in self.made.stretches:
            stretch.from_python = from_python & frozenset(stretch.inputs)
        return self.made

    # ------------------------------------------------------------ blocks
    def block(self, statements: Sequence[ast.stmt], live: set[str], sure: set[str], outermost=False) -> list:
        """``statements``, with calls in place of the stretches among them.

        ``live``: names that are read after the block; ``sure``: names that have a value, to which those assigned are added.
        """
        out: list = []
        group: list[ast.stmt] = []
        for k, s in enumerate(statements):
            rest = statements[k:]
            if outermost and _leaves(s) and not any(self.is_marked(r) or self.must_run_in_python(r) for r in rest):
                return [*out, *self.stretch([*group, *rest], set(), sure, tail=True)]
            if isinstance(s, ast.Return) and s.value is not None and self.is_computed(s.value, s):
                value = ast.copy_location(ast.Assign([_name(RESULT, ast.Store())], s.value), s)
                out += self.stretch([*group, value], {RESULT}, sure)
                return [*out, *_located([ast.Return(_name(RESULT))], s)]
            if self.fits(s):
                group.append(s)
                continue
            out += self.stretch(group, _loads(rest) | live, sure)
            group = []
            out += self.python(s, _loads(statements[k + 1 :]) | live, sure)
        return out + self.stretch(group, live, sure)

    def is_marked(self, s) -> bool:
        return any(line in self.marked for line in range(s.lineno, (s.end_lineno or s.lineno) + 1))

    def fits(self, s) -> bool:
        """Whether a statement may be a part of a stretch."""
        leaves = isinstance(s, (ast.Return, ast.Break, ast.Continue)) or _leaves(s)
        return not (leaves or self.is_marked(s) or self.must_run_in_python(s))

    def is_computed(self, value: ast.expr, s: ast.Return) -> bool:
        """Whether the value that is returned is one that a stretch may compute."""
        return not (_is_trivial(value) or self.is_marked(s) or self.must_run_in_python(s))

    def must_run_in_python(self, s) -> bool:
        """Whether Python has to run a statement in any case: what it changes is seen outside, or it makes a function."""
        if isinstance(s, (*TRIES, ast.With, ast.Match, ast.Raise, ast.Import, ast.ImportFrom, ast.Delete)):
            return True
        if self.in_loop and _is_filling(s):  # a list that grows is another kind of argument in each iteration
            return True
        if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call) and getattr(s.value.func, "id", "") == "print":
            return True
        for n in ast.walk(s):
            if isinstance(n, (*SCOPES, ast.NamedExpr, *TRIES, ast.With, ast.Match)):
                return True
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.id in self.read_inside:
                return True
            if isinstance(n, (ast.Attribute, ast.Subscript)) and isinstance(n.ctx, (ast.Store, ast.Del)):
                if isinstance(n, ast.Attribute) or not self.is_own(n.value):
                    return True
            if isinstance(n, ast.Attribute) and n.attr in self.stored and getattr(n.value, "id", None) == self.fixed:
                return True
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr in MUTATORS:
                if not self.is_own(n.func.value) and not isinstance(n.func.value, ast.Call):
                    return True
        return False

    def is_own(self, node) -> bool:
        return isinstance(node, ast.Name) and node.id in self.own

    # ------------------------------------------------------------ stretches
    def stretch(self, group: list, live: set[str], sure: set[str], tail=False) -> list:
        """The call in place of a run of statements; what needs no compiler stays at both ends."""
        before: list = []
        after: list = []
        group = list(group)
        while group and _is_cheap(group[0]):
            before += self.python(group.pop(0), set(), sure)
        while group and _is_cheap(group[-1]) and not tail:
            after.insert(0, group.pop())
        if group:
            read_after = _loads(after) | live
            before += self.compiled(group, read_after, sure, tail)
        for s in after:
            before += self.python(s, set(), sure)
        return before

    def compiled(self, group: list, live: set[str], sure: set[str], tail: bool) -> list:
        definite: set[str] = set()
        reads: set[str] = set()
        for s in group:
            reads |= _loads([s]) - definite
            definite |= _surely_assigned(s)
        assigned = _changed(group, self.own) | ({RESULT} if RESULT in live else set())
        outputs = sorted(assigned & live)
        inputs = sorted(((reads | (set(outputs) - definite)) & self.locals) - {self.fixed})
        body = copy.deepcopy(group)
        if not tail:
            body += _located([ast.Return(_tuple(outputs))], group[-1])
        names = [self.fixed, *inputs] if self.fixed else inputs
        arguments = ast.arguments([], [ast.arg(n) for n in names], None, [], [], None, [])
        node = ast.FunctionDef("stretch", arguments, body, [])
        if "type_params" in ast.FunctionDef._fields:  # required since Python 3.12
            setattr(node, "type_params", [])  # noqa: B010
        ast.fix_missing_locations(ast.copy_location(node, group[0]))
        last = max(n.end_lineno or n.lineno for n in group)
        number = len(self.made.stretches)
        self.made.stretches.append(Stretch(node, inputs, outputs, lines=(group[0].lineno, last)))
        values = [_name(n) if n in sure else _call("value", _lambda(_name(n)), ast.Constant(n)) for n in inputs]
        call = ast.Call(ast.Subscript(_name(PIECES), ast.Constant(number), ast.Load()), values, [])
        sure |= definite
        if tail:
            return _located([ast.Return(call)], group[0])
        made = ast.Assign([_tuple(outputs, ast.Store())], call) if outputs else ast.Expr(call)
        return _located([made], group[0])

    # ------------------------------------------------------------ what Python runs
    def python(self, s, live: set[str], sure: set[str]) -> list:
        """A statement that Python runs: the calls in it may lead to pieces, and so may the blocks in it."""
        if isinstance(s, SCOPES):
            self.from_python |= {s.name} if hasattr(s, "name") else set()
            return [s]
        if isinstance(s, COMPOUND):
            return [self.compound(s, live, sure)]
        self.from_python |= _changed([s], self.own)
        _Calls().visit(s)
        sure |= _surely_assigned(s)
        return [ast.fix_missing_locations(s)]

    def compound(self, s, live: set[str], sure: set[str]):
        inside = live | _loads([s]) if isinstance(s, (ast.For, ast.While, *TRIES)) else live
        for name in ("test", "iter", "subject"):
            if hasattr(s, name):
                setattr(s, name, _Calls().visit(getattr(s, name)))
        for item in getattr(s, "items", []):
            item.context_expr = _Calls().visit(item.context_expr)
            if item.optional_vars is not None:
                self.from_python |= _stored(item.optional_vars)
        if isinstance(s, ast.For):
            self.from_python |= _stored(s.target)
        before, self.in_loop = self.in_loop, self.in_loop or isinstance(s, (ast.For, ast.While))
        blocks = [s, *getattr(s, "handlers", []), *getattr(s, "cases", [])]
        for block in blocks:
            if isinstance(block, (ast.ExceptHandler, ast.match_case)):
                self.from_python |= _changed([block], self.own)
            for name in ("body", "orelse", "finalbody"):
                statements = getattr(block, name, None)
                if statements:
                    known = set(sure) | (_stored(s.target) if isinstance(s, ast.For) and name == "body" else set())
                    setattr(block, name, self.block(statements, inside, known) or [ast.Pass()])
        self.in_loop = before
        return ast.fix_missing_locations(s)


class _Calls(ast.NodeTransformer):
    """Calls of functions go through a helper that runs those of the user in pieces."""

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in (*PLAIN_CALLS, "super"):
            return node
        made = ast.copy_location(_call("in_pieces", node.func), node.func)
        node.func = ast.fix_missing_locations(made)
        return node

    def visit_FunctionDef(self, node):
        return node

    visit_ClassDef = visit_Lambda = visit_FunctionDef


# ---------------------------------------------------------------- statements
def _is_trivial(node) -> bool:
    """Whether an expression only names what is there."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(_is_trivial(x) for x in node.elts)
    if isinstance(node, ast.Attribute):
        return _is_trivial(node.value)
    if isinstance(node, ast.Dict):
        return not node.keys
    return isinstance(node, (ast.Name, ast.Constant))


def _names_what_is_there(node) -> bool:
    """Whether the value of an expression may be a container that was there before."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, (ast.Slice, ast.Tuple))
    if isinstance(node, (ast.Tuple, ast.List)):
        return any(map(_names_what_is_there, node.elts))
    if isinstance(node, (ast.IfExp, ast.BoolOp)):
        return any(map(_names_what_is_there, node.values if isinstance(node, ast.BoolOp) else (node.body, node.orelse)))
    return isinstance(node, (ast.Name, ast.Attribute))


def _names_of_others(function: ast.FunctionDef) -> set[str]:
    """The variables that may name containers which the function has not made."""
    names: set[str] = set()
    for n in _own(function.body):
        if isinstance(n, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and _names_what_is_there(n.value):
            for target in n.targets if isinstance(n, ast.Assign) else (n.target,):
                names |= _names_of(target)
            names |= _names_of(n.value)  # two names of one
        elif isinstance(n, ast.For):
            names |= _stored(n.target)
    return names


def _is_cheap(s) -> bool:
    if isinstance(s, ast.Pass):
        return True
    if isinstance(s, ast.Expr):
        return isinstance(s.value, ast.Constant) or _is_filling(s)
    return isinstance(s, ast.Assign) and _is_trivial(s.value) and all(_is_trivial(t) for t in s.targets)


def _is_filling(s) -> bool:
    """Whether a statement puts values that are there into a container."""
    call = s.value if isinstance(s, ast.Expr) else None
    return (
        isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in MUTATORS
        and isinstance(call.func.value, ast.Name) and all(_is_trivial(a) for a in call.args)
    )  # fmt: skip


def _changed(statements, own: set[str]) -> set[str]:
    """The names that a block assigns to, and those of the variables ``own`` that it changes in place."""
    stored = {n.id for n in _own(statements) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return _assigned(statements, own) | (stored & {"self"})


def _surely_assigned(s) -> set[str]:
    """The names that a simple statement assigns to."""
    if isinstance(s, ast.Assign):
        found: set[str] = set()
        for target in s.targets:
            found |= _names_of(target)
        return found
    if isinstance(s, (ast.AugAssign, ast.AnnAssign)) and (isinstance(s, ast.AugAssign) or s.value is not None):
        return _names_of(s.target)
    return set()


def _names_of(target) -> set[str]:
    if isinstance(target, ast.Name):
        return {target.id}
    if isinstance(target, (ast.Tuple, ast.List)):
        return set().union(*[_names_of(t) for t in target.elts])
    return _names_of(target.value) if isinstance(target, ast.Starred) else set()


def lines_reading(node: ast.FunctionDef, names: Iterable[str]) -> set[int]:
    """The lines of a function on which one of these variables is read."""
    names = set(names)
    return {
        n.lineno for s in node.body for n in ast.walk(s)
        if (isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in names)
        or (isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name) and n.target.id in names)
    }  # fmt: skip


def lines_assigning(node: ast.FunctionDef, names: Iterable[str]) -> set[int]:
    """The lines of a function on which one of these variables is assigned to."""
    names = set(names)
    return {
        n.lineno for n in _own(node.body) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.id in names
    }


__all__ = ["FLOW", "PIECES", "Split", "Stretch", "lines_assigning", "lines_reading", "split"]
