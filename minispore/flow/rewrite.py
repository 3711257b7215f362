"""Rewrites the syntax tree of a function: control flow becomes calls of the helpers in run.py.

A branch becomes a function of the variables that it assigns to, and so does a loop body.  Where one branch of an ``if`` leaves
the function or the loop (``return``, ``break``, ``continue``), the statements after the ``if`` are moved into the other branch,
so that every path ends in one ``return``.  All nodes keep their line numbers: errors name the user's line.  For example

    if x > 0:                   def __then(y): y = 1; return (y,)
        y = 1           ->      def __other(y): y = 2; return (y,)
    else:                       (y,) = __flow__.if_(x > 0, __then, __other, ("y",), values of (y))
        y = 2
"""

import ast
from collections.abc import Iterable
from typing import Any

FLOW = "__flow__"  # the name of the module run.py in rewritten code
# methods that change a container in place: calling one counts as an assignment to the variable
MUTATORS = {"append", "extend", "insert", "pop", "remove", "clear", "update", "setdefault", "add", "reverse", "sort"}
MEMBERSHIP = (ast.In, ast.NotIn)
COMPARISONS = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne"}
PLAIN_CALLS = {  # calls of these stay as they are
    "range", "isinstance", "issubclass", "getattr", "hasattr", "print", "list",
    "tuple", "dict", "set", "bool", "str", "type", "id", "repr", "iter", "next", "locals", "sorted",
    "reversed", "ValueError", "TypeError", "RuntimeError", "AssertionError",
}  # fmt: skip
LOOKS_AT_TYPES = ("isinstance", "type", "callable", "id")
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
TRIES = tuple(getattr(ast, name) for name in ("Try", "TryStar") if hasattr(ast, name))
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class CannotRewrite(Exception):
    """The function uses something that cannot be rewritten; the text says what, for messages."""


def rewrite(function: ast.FunctionDef | ast.Lambda, class_name: str | None = None):
    """``function`` in rewritten form.  ``class_name``: of a method, for its private names.

    Raises:
        CannotRewrite: the function uses something that cannot be rewritten.
    """
    check_supported(function)
    if class_name:
        _Mangle(class_name).visit(function)
    expressions = _Expressions(_first_argument(function))
    if isinstance(function, ast.Lambda):
        function.body = expressions.visit(function.body)
        return function
    function.decorator_list = []  # the decorators have run already
    _function(function, expressions)
    return function


def check_supported(function) -> None:
    own = {id(node) for node in _own(function.body if isinstance(function.body, list) else [function.body])}
    for node in ast.walk(function):
        if id(node) in own and isinstance(
            node, (ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef)
        ):
            raise CannotRewrite("it is a generator or a coroutine")
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            raise CannotRewrite("it declares global or nonlocal names")
        if isinstance(node, ast.Name) and node.id in ("locals", "exec", "eval"):
            raise CannotRewrite(f"it uses {node.id}()")


def has_control_flow(function) -> bool:
    """Whether there is anything to rewrite: control flow, or calls of functions that may contain some."""
    kinds = (ast.If, ast.While, ast.For, ast.IfExp, ast.BoolOp, ast.Call, ast.Assert, ast.Raise, ast.AugAssign)
    return any(isinstance(n, kinds) or (isinstance(n, ast.UnaryOp) and isinstance(n.op, ast.Not))
               or (isinstance(n, ast.Compare) and (len(n.ops) > 1 or _compares_numbers(n) or isinstance(n.ops[0], MEMBERSHIP))) or (isinstance(n, (ast.Attribute, ast.Subscript)) and not isinstance(n.ctx, ast.Load)) for n in ast.walk(function))  # fmt: skip


def _compares_numbers(node: ast.Compare) -> bool:
    """``x is 3``, where ``x`` may be a number that the graph decides on; ``x is None`` needs no rewriting for that."""
    is_none = isinstance(node.comparators[0], ast.Constant) and node.comparators[0].value is None
    return isinstance(node.ops[0], (ast.Is, ast.IsNot)) and not is_none


def _first_argument(function) -> str | None:
    arguments = [*function.args.posonlyargs, *function.args.args]
    return arguments[0].arg if arguments else None


def _function(function: ast.FunctionDef, expressions: "_Expressions") -> None:
    a = function.args
    arguments = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
    expressions.own = {x.arg for x in arguments} | _assigned(function.body, set())
    expressions.inner = inner_functions(function.body, expressions.own)
    read_inside = {name for _, _, names in expressions.inner for name in names}  # at any time
    function.body = _Block(expressions, _InFunction()).block(function.body, read_inside)


def inner_functions(body, own: set[str]) -> list[tuple]:
    """(node, variables that it may be called by, variables of the function around that it reads and that are set later) of what is
    defined in a function."""
    nodes = list(_own(body))
    assigns = [n for n in nodes if isinstance(n, ast.Assign)]
    set_at: dict[str, int] = {}  # the last line that sets a variable
    for n in nodes:
        for name in _bound_by(n):
            set_at[name] = max(set_at.get(name, 0), getattr(n, "lineno", 0))
    found: list[tuple] = []
    for scope in [n for n in nodes if isinstance(n, SCOPES)]:
        names = {name for name in _loads([scope]) & own if set_at.get(name, 0) >= scope.lineno}
        if not names:
            continue
        called = set() if isinstance(scope, ast.Lambda) else {scope.name}
        before = -1
        while len(called) > before:
            before = len(called)
            for n in assigns:
                if _loads([n.value]) & called or any(x is scope for x in ast.walk(n.value)):
                    called |= {x for target in n.targets for x in _stored(target)}
        found.append((scope, called, names - called))
    return found


# ---------------------------------------------------------------- how a path through a block ends
class _InFunction:
    """In the body of the function: a path ends by returning the function's result."""

    in_loop = False

    def returned(self, value):
        return ast.Return(value or ast.Constant(None))

    def end(self):
        return self.returned(None)


class _InBranch(_InFunction):
    """In a branch that no path leaves early: it returns the variables that it assigned."""

    def __init__(self, names):
        self.names = names

    def end(self):
        return ast.Return(_tuple(self.names))


class _InLoopBody:
    """In a loop body: it returns (exit code, return value, variables); the codes are those of loops.py."""

    in_loop = True

    def __init__(self, names):
        self.names = names

    def _exit(self, code, value=None):
        value = value or _flow("NOT_RETURNED")
        return ast.Return(ast.Tuple([ast.Constant(code), value, _tuple(self.names)], ast.Load()))

    def end(self):
        return self._exit(0)

    def broken(self):
        return self._exit(1)

    def returned(self, value):
        return self._exit(2, value or ast.Constant(None))


class _Block:
    """Rewrites the statements of one block."""

    def __init__(self, expressions: "_Expressions", context):
        self.expressions, self.context = expressions, context

    def block(self, statements: list, live: set[str]) -> list:
        """``statements`` rewritten, ending in a ``return``.  ``live``: names that are read after the block."""
        out: list = []
        for k, s in enumerate(statements):
            rest = statements[k + 1 :]
            if isinstance(s, _Tail):
                return [*out, *_located([s.call()], statements[0])]
            if isinstance(s, ast.Return):
                value = None if s.value is None else self._expression(s.value)
                out.append(ast.copy_location(self.context.returned(value), s))
                return _located(out, s)
            if isinstance(s, ast.Break):
                return [*out, *_located([self.context.broken()], s)]
            if isinstance(s, ast.Continue):
                return [*out, *_located([self.context.end()], s)]
            if isinstance(s, ast.If) and _leaves(s):
                return [*out, *_located(self._leaving_if(s, rest, live), s)]
            after = _loads(rest) | live
            s = _without_assert(s)
            if isinstance(s, ast.If):
                out += _located(self._if(s, after), s)
            elif isinstance(s, (ast.While, ast.For)):
                made, more = self._loop(s, after)
                out += _located(made, s)
                if more:
                    return [*out, *self.block([*more, *rest], live)]
            else:
                out += _located(self._plain(s, after), s)
        end = self.context.end()
        last = statements[-1] if statements else None
        return [*out, *(_located([end], last) if last is not None else [end])]

    def _expression(self, node):
        return self.expressions.visit(node)

    def _assigned(self, statements) -> set[str]:
        return _assigned(statements, self.expressions.own)

    def _moved(self, statements) -> set[str]:
        """The variables that statements assign, which become the body of a function of their own.

        There they are variables of that function.  An inner function that was defined outside would still read the old ones.
        """
        assigned = self._assigned(statements)
        inside, reads = [n for n in _own(statements) if isinstance(n, SCOPES)], _loads(statements)
        for scope, called, names in self.expressions.inner:
            if names & assigned and called & reads and not any(n is scope for n in inside):
                name = min(names & assigned)
                raise CannotRewrite(f"a branch or loop sets '{name}' and calls '{min(called & reads)}', which reads it")
        return assigned

    def _plain(self, s, live) -> list:
        """A statement other than an ``if`` or a loop; ``with``, ``try`` and ``match`` stay statements."""
        if isinstance(s, ast.FunctionDef):
            if not _is_generator(s):
                _function(s, _Expressions(self.expressions.first))
            return [s]
        if isinstance(s, ast.Match):
            s.subject = self._expression(s.subject)
            for case in s.cases:
                case.body = self._python_block(case.body, live | _loads([s]))
            return [s]
        if isinstance(s, ast.ClassDef):
            return [s]
        if isinstance(s, TRIES) and self.context.in_loop and _leaves(s) and self._assigned(s.finalbody):
            raise CannotRewrite("it leaves a loop body from a try whose finally changes variables")
        if isinstance(s, (ast.With, *TRIES)):
            for field in ("body", "orelse", "finalbody"):
                setattr(s, field, self._python_block(getattr(s, field, []), live | _loads([s])))
            for handler in getattr(s, "handlers", []):
                handler.body = self._python_block(handler.body, live | _loads([s]))
            for item in getattr(s, "items", []):
                item.context_expr = self._expression(item.context_expr)
            return [s]
        return [self.expressions.visit(s)]

    def _python_block(self, statements, live) -> list:
        """A block inside ``with``, ``try`` or ``match``: an ``if`` that leaves it stays one, so its condition cannot be a Tensor."""
        out: list = []
        for k, s in enumerate(statements):
            after = _loads(statements[k + 1 :]) | live
            s = _without_assert(s)
            out += _located(self._python_statement(s, after), s)
        return out

    def _python_statement(self, s, live) -> list:
        if isinstance(s, ast.If):
            if not _leaves(s):
                return self._if(s, live)
            s.test = _call("python_condition", self._expression(s.test))
            s.body, s.orelse = self._python_block(s.body, live), self._python_block(s.orelse, live)
            return [s]
        if isinstance(s, (ast.While, ast.For)):
            if not any(isinstance(n, ast.Return) for n in _own(s.body)):
                made, more = self._loop(s, live)
                return [*made, *self._python_block(more, live)]
            if self.context.in_loop:
                raise CannotRewrite("it returns from a loop inside try, with or match, inside another loop")
            return [s]
        if isinstance(s, ast.Return):
            value = None if s.value is None else self._expression(s.value)
            return [ast.copy_location(self.context.returned(value), s)]
        if isinstance(s, ast.Break):
            return [self.context.broken()]
        if isinstance(s, ast.Continue):
            return [self.context.end()]
        return self._plain(s, live)

    # ------------------------------------------------------------ if
    def _if(self, s: ast.If, live: set[str]) -> list:
        """An ``if`` that no path leaves early: a call that returns the variables assigned in it."""
        assigned = sorted(self._moved([*s.body, *s.orelse]))
        names = [n for n in assigned if n in live]
        inner = _Block(self.expressions, _InBranch(names))
        then = _define("then", assigned, inner.block(s.body, live))
        other = _define("other", assigned, inner.block(s.orelse or [ast.Pass()], live))
        call = _call(
            "if_", self._expression(s.test), _name("__then"), _name("__other"), _names(names), _values(assigned)
        )
        return [then, other, _assign(names, call)]

    def _leaving_if(self, s: ast.If, rest: list, live: set[str]) -> list:
        """An ``if`` that a path leaves early: ``rest``, the statements after it, moves into the branches that go on."""
        bodies = [s.body, s.orelse]
        self._moved([*s.body, *s.orelse, *rest])
        go_on = [b for b in bodies if not _always_leaves(b)]
        out: list = []
        if len(go_on) == 2 and rest:  # both would hold a copy of the rest: make it a function that both call
            names = sorted(self._assigned(rest) | self._assigned([*s.body, *s.orelse]))
            function = self.expressions.fresh("rest")
            out.append(_define(function.removeprefix("__"), names, self.block(rest, live)))
            rest = [_Tail(function, names)]
        branches = [b if _always_leaves(b) else [*b, *rest] for b in bodies]
        assigned = sorted(self._assigned([*branches[0], *branches[1], *rest]))
        for label, b in zip(("then", "other"), branches):
            out.append(_define(label, assigned, self.block(b, live)))
        call = _call("choose", self._expression(s.test), _name("__then"), _name("__other"), _values(assigned))
        return [*out, ast.Return(call)]

    # ------------------------------------------------------------ loops
    def _loop(self, s, live: set[str]) -> tuple[list, list]:
        """(the loop as a call, the statements that must follow it: a ``return`` in the loop, its ``else``)"""
        returns = any(isinstance(n, ast.Return) for n in _own(s.body))
        assigned = self._moved(s.body) | (_stored(s.target) if isinstance(s, ast.For) else set())
        reads = _loads([s])
        names = sorted(n for n in assigned if n in live or n in reads or isinstance(s, ast.While))
        inner = _Block(self.expressions, _InLoopBody(names))
        code, value = (self.expressions.fresh(x) for x in ("code", "value"))
        if isinstance(s, ast.While):
            test = _define("test", names, [ast.Return(self._expression(s.test))])
            body = _define("body", names, inner.block(s.body, live | reads))
            call = _call("while_", _name("__test"), _name("__body"), _names(names), _values(names))
            made = [test, body]
        else:
            item = self.expressions.fresh("item")
            statements = _located([ast.Assign([s.target], _name(item)), *s.body], s)
            body = _define("body", [item, *names], inner.block(statements, live | reads))
            call = _call("for_", self._iterable(s.iter), _name("__body"), _names(names), _values(names))
            made = [body]
        targets = ast.Tuple(
            [_name(code, ast.Store()), _name(value, ast.Store()), _tuple(names, ast.Store())], ast.Store()
        )
        made.append(ast.Assign([targets], call))
        more: list = []
        if returns:
            more.append(ast.If(_call("is_return", _name(code)), [ast.Return(_name(value))], []))
        if s.orelse:
            more.append(ast.If(_call("is_complete", _name(code)), s.orelse, []))
        return made, _located(more, s)

    def _iterable(self, node):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
            return ast.Call(_flow("range_"), [self._expression(a) for a in node.args], [])
        return self._expression(node)


class _Tail(ast.Return):
    """The last statement of a branch: calls the function made of the statements after the ``if``."""

    def __init__(self, function, names):
        super().__init__(value=None)
        self.function, self.names = function, names

    def call(self):
        return ast.Return(ast.Call(_name(self.function), [_name(n) for n in self.names], []))


# ---------------------------------------------------------------- expressions
class _Expressions(ast.NodeTransformer):
    """Rewrites ``and``, ``or``, ``not``, ternaries, chained comparisons and calls."""

    def __init__(self, first: str | None):
        self.first, self._count = first, 0
        self.own: set[str] = set()  # the local variables of the function that is rewritten
        self.inner: list[tuple] = []  # the functions that are defined in it

    def fresh(self, name: str) -> str:
        self._count += 1
        return f"__{name}{self._count}"

    def visit_BoolOp(self, node):
        if _binds(node):
            return node
        first, *others = [self.visit(v) for v in node.values]
        name = "and_" if isinstance(node.op, ast.And) else "or_"
        return self._at(_call(name, first, *[_lambda(v) for v in others]), node)

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        return self._at(_call("not_", node.operand), node) if isinstance(node.op, ast.Not) else node

    def visit_IfExp(self, node):
        if _binds(node):
            return node
        test, a, b = (self.visit(v) for v in (node.test, node.body, node.orelse))
        return self._at(_call("if_expression", test, _lambda(a), _lambda(b)), node)

    def visit_Compare(self, node):
        self.generic_visit(node)
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            made = _call("is_", node.left, node.comparators[0])
            return self._at(_call("not_", made) if isinstance(node.ops[0], ast.IsNot) else made, node)
        if len(node.ops) == 1 and isinstance(node.ops[0], MEMBERSHIP):
            made = _call("in_", node.left, node.comparators[0])
            return self._at(_call("not_", made) if isinstance(node.ops[0], ast.NotIn) else made, node)
        if len(node.ops) < 2 or _binds(node) or any(type(o) not in COMPARISONS for o in node.ops):
            return node
        pairs = [
            ast.Tuple([ast.Constant(COMPARISONS[type(o)]), _lambda(c)], ast.Load())
            for o, c in zip(node.ops, node.comparators)
        ]
        return self._at(_call("compare", node.left, *pairs), node)

    def visit_Raise(self, node):
        self.generic_visit(node)
        if node.exc is not None:
            node.exc = self._at(_call("with_place", node.exc), node)
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name):
            if node.func.id == "super" and not node.args and self.first:
                node.args = [_name("__class__"), _name(self.first)]
                return self._at(node, node)
            if node.func.id in LOOKS_AT_TYPES and node.args:
                node.args[0] = self._at(_call("defined", node.args[0]), node.args[0])
            if node.func.id in PLAIN_CALLS:
                return node
        node.func = self._at(_call("call", node.func), node)
        return node

    def visit_Subscript(self, node):
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            node.value = self._at(_call("holder", node.value), node.value)
            return node
        if isinstance(node.slice, (ast.Constant, ast.Slice, ast.Tuple)):
            return node
        return self._at(_call("item", node.value, node.slice), node)

    def visit_Attribute(self, node):
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            node.value = self._at(_call("owner", node.value, ast.Constant(node.attr)), node.value)
        return node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if isinstance(node.target, (ast.Attribute, ast.Subscript)):
            call: Any = node.target.value
            call.args.append(ast.copy_location(ast.Constant(True), call))
        else:
            node.value = self._at(_call("augmented", _name(node.target.id), node.value), node.value)
        return node

    def visit_FunctionDef(self, node):
        return node

    visit_ClassDef = visit_FunctionDef

    @staticmethod
    def _at(new, old):
        _place(ast.copy_location(new, old))
        return new


class _Mangle(ast.NodeTransformer):
    """Mangles private names (``__x``) as Python does in the body of a class."""

    def __init__(self, class_name: str):
        self.prefix = "_" + class_name.lstrip("_")

    def _mangled(self, name: str) -> str:
        return self.prefix + name if name.startswith("__") and not name.endswith("__") else name

    def visit_Attribute(self, node):
        self.generic_visit(node)
        node.attr = self._mangled(node.attr)
        return node

    def visit_Name(self, node):
        node.id = self._mangled(node.id)
        return node

    def visit_arg(self, node):
        node.arg = self._mangled(node.arg)
        return node


# ---------------------------------------------------------------- names
def _own(statements: Iterable):
    """All nodes of a block except those inside functions and classes defined in it."""
    stack = list(statements)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, SCOPES):
            stack += ast.iter_child_nodes(node)


def _loads(statements) -> set[str]:
    """The names that are read."""
    names = set()
    for s in statements:
        if isinstance(s, _Tail):
            names |= set(s.names)
        for n in ast.walk(s):
            if isinstance(n, ast.Name) and isinstance(n.ctx, (ast.Load, ast.Del)):
                names.add(n.id)
            elif isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name):
                names.add(n.target.id)
    return names


def _stored(target) -> set[str]:
    return {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}


def _assigned(statements, own: set[str]) -> set[str]:
    """The names that a block assigns to, and those of the local variables ``own`` that it changes in place."""
    names: set[str] = set()
    inside_comprehensions = {
        id(n) for s in statements for c in ast.walk(s) if isinstance(c, COMPREHENSIONS)
        for g in c.generators for n in ast.walk(g.target)
    }  # fmt: skip
    for n in _own(statements):
        if id(n) not in inside_comprehensions:
            names.update(_bound_by(n))
        changed = _changed_by(n)
        if changed in own:
            names.add(changed)
    return names - {"self"}


def _bound_by(n) -> Iterable[str]:
    """The names that one node of a syntax tree assigns to."""
    if isinstance(n, _Tail):
        return n.names
    if isinstance(n, ast.Name):
        return [n.id] if isinstance(n.ctx, ast.Store) else []
    if isinstance(n, (ast.FunctionDef, ast.ClassDef)):
        return [n.name]
    if isinstance(n, (ast.Import, ast.ImportFrom)):
        return [(a.asname or a.name).split(".")[0] for a in n.names]
    if isinstance(n, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return [n.name] if n.name else []
    if isinstance(n, ast.MatchMapping):
        return [n.rest] if n.rest else []
    return []


def _changed_by(n) -> str:
    """The name of the variable that one node of a syntax tree changes in place, ``x[0] = ...`` or ``x.append(...)``; or none."""
    place = None
    if isinstance(n, ast.Subscript) and isinstance(n.ctx, (ast.Store, ast.Del)):
        place = n.value
    elif isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr in MUTATORS:
        place = n.func.value
    return place.id if isinstance(place, ast.Name) else ""


def _without_assert(s):
    """``assert test, message`` as an ``if`` with a ``raise``."""
    if not isinstance(s, ast.Assert):
        return s
    error = ast.Call(_name("AssertionError"), [s.msg] if s.msg is not None else [], [])
    return _located([ast.If(ast.UnaryOp(ast.Not(), s.test), [ast.Raise(error)], [])], s)[0]


def _leaves(s) -> bool:
    """Whether a path of ``s`` leaves the function, or the loop around it."""
    stack = [(c, False) for c in ast.iter_child_nodes(s)]
    while stack:
        node, in_loop = stack.pop()
        if isinstance(node, ast.Return) or (isinstance(node, (ast.Break, ast.Continue)) and not in_loop):
            return True
        if not isinstance(node, SCOPES):
            inside = in_loop or isinstance(node, (ast.While, ast.For))
            stack += [(c, inside) for c in ast.iter_child_nodes(node)]
    return False


def _always_leaves(statements) -> bool:
    for s in statements:
        if isinstance(s, (ast.Return, ast.Break, ast.Continue, ast.Raise)):
            return True
        if isinstance(s, ast.If) and _always_leaves(s.body) and _always_leaves(s.orelse):
            return True
    return False


def _is_generator(function) -> bool:
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in _own(function.body))


def _binds(node) -> bool:
    """Whether an expression assigns to a name (``:=``): in a lambda the name would be local to it."""
    return any(isinstance(n, ast.NamedExpr) for n in ast.walk(node))


# ---------------------------------------------------------------- building blocks
def _name(name: str, ctx=None):
    return ast.Name(name, ctx or ast.Load())


def _tuple(names, ctx=None):
    return ast.Tuple([_name(n, ctx) for n in names], ctx or ast.Load())


def _flow(name: str):
    return ast.Attribute(_name(FLOW), name, ast.Load())


def _call(name: str, *args):
    return ast.Call(_flow(name), list(args), [])


def _names(names):
    return ast.Tuple([ast.Constant(n) for n in names], ast.Load())


def _lambda(body):
    return ast.Lambda(ast.arguments([], [], None, [], [], None, []), body)


def _values(names):
    """The values of the variables, ``Undefined`` for those not assigned yet."""
    return ast.Tuple([_call("value", _lambda(_name(n)), ast.Constant(n)) for n in names], ast.Load())


def _define(label: str, names, body):
    arguments = ast.arguments([], [ast.arg(n) for n in names], None, [], [], None, [])
    made = ast.FunctionDef(f"__{label}", arguments, body or [ast.Pass()], [])
    if "type_params" in ast.FunctionDef._fields:  # required since Python 3.12
        setattr(made, "type_params", [])  # noqa: B010
    return made


def _assign(names, call):
    return ast.Assign([_tuple(names, ast.Store())], call) if names else ast.Expr(call)


def _located(statements: list, like) -> list:
    """Gives new nodes the line of the node that they replace."""
    for s in statements:
        if not hasattr(s, "lineno"):
            ast.copy_location(s, like)
            if hasattr(like, "lineno"):  # one line only: in tracebacks, Python names the last line of a longer call
                s.end_lineno, s.end_col_offset = s.lineno, s.col_offset
        _place(s)
    return statements


def _place(node, like=None) -> None:
    """Gives the nodes made inside of ``node`` its line, down to those that have one: what is below them is theirs (convert.py)."""
    like = like or node
    for child in ast.iter_child_nodes(node):
        if "lineno" not in child._attributes:
            _place(child, like)
        elif not hasattr(child, "lineno"):
            _place(ast.copy_location(child, like))
