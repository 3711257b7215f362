"""Kernel source -> LLVM IR.

Kernel source is a small part of Python: numbers, typed pointers, ``for ... in range``, ``while``, ``if``, calls of the functions
in intrinsics.py and of device functions.  LLVM does the rest (machine_code.py); numba, whose rules for types these are, would take fifty times as long for the same text.
"""

import ast
import itertools
from collections.abc import Callable
from functools import cache
from typing import Any

from llvmlite import ir

from . import complex_math, intrinsics, kernel_types as kt
from .kernel_types import BOOL, INT64, Term, Type

BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.BitAnd: "&",
          ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>"}  # fmt: skip
COMPARED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
FLOAT_OPERATIONS = ("fadd", "fsub", "fmul", "fdiv", "frem", "fcmp")
LANES = 16  # of the vectors of a loop over elements that are computed together
BYTE_POINTERS = ir.IntType(8).as_pointer().as_pointer()
ENTRY = ir.FunctionType(
    ir.IntType(32), [BYTE_POINTERS, BYTE_POINTERS, INT64.ir.as_pointer(), INT64.ir, INT64.ir]
)  # of every kernel


@cache
def _library(with_complex: bool) -> dict[str, ast.FunctionDef]:
    text = intrinsics.LIBRARY + complex_math.library() if with_complex else intrinsics.LIBRARY
    return {f.name: f for f in ast.parse(text).body if isinstance(f, ast.FunctionDef)}


def _together(count: int):
    lanes = min(count, LANES)
    return ("unroll.disable",), ("vectorize.width", lanes), ("interleave.count", count // lanes)


# What a loop is over -> what LLVM is told of it.
LOOPS: dict[str, Callable] = {
    "range": lambda count: [],
    "together": _together,
    "written_out": lambda count: [("unroll.full",)],
    "masked": lambda count: [("vectorize.predicate.enable", 1), ("vectorize.width", LANES), ("interleave.count", 1)],
}


class KernelError(Exception):
    """What kernel source may not contain."""


class _Again(Exception):
    """A type turned out to be wider than thought: the function is written once more."""


class Program:
    """The module of one kernel: its functions, and what names in its text stand for."""

    def __init__(self, text: str, name: str, fastmath, names: dict[str, Any]):
        self.module = ir.Module(name)
        self.fastmath = tuple(fastmath)
        self.reads_halves = "load_float16" in text
        self.names = dict(names)
        self.library = _library("complex" in text)
        self.functions = dict(self.library)
        self.made: dict[tuple, tuple[Any, list[Type]]] = {}  # (name, types of arguments) -> function, types of results
        for statement in ast.parse(text).body:
            if isinstance(statement, ast.FunctionDef):
                self.functions[statement.name] = statement
            elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                value = statement.value
                self.names[statement.targets[0].id] = (
                    self.names[value.id] if isinstance(value, ast.Name) else kt.literal(ast.literal_eval(value))
                )
        arguments = [kt.pointer(INT64), INT64, INT64]
        function, _ = self._written(self.functions.pop(name), name, arguments, lambda results: ENTRY, 2)
        self.symbol = function.name

    def end(self) -> str:
        """The text of the module, whose objects are freed with that: they refer to each other in circles."""
        text = str(self.module)
        for function in self.module.functions:
            _take_apart(function)
        vars(self.module).clear()
        return text

    def device(self, name: str, arguments: list[Type]):
        """(LLVM function, types of its results) of a device function for these types of arguments."""
        key = name, *arguments
        if key not in self.made:

            def signature(results: list[Type]):
                types = [t.ir for t in results]
                result = types[0] if len(types) == 1 else ir.LiteralStructType(types) if types else ir.VoidType()
                return ir.FunctionType(result, [t.ir for t in arguments])

            self.made[key] = self._written(self.functions[name], name, arguments, signature, 0)
        return self.made[key]

    def _written(self, definition, name, arguments, signature: Callable, skipped: int):
        """Writes a function, as often as it takes to know the types of its variables and results."""
        wide: dict[int, Type] = {}
        results: list[Type] = []
        while True:
            function = ir.Function(self.module, signature(results), self.module.get_unique_name(name))
            try:
                writer = _Writer(self, function, wide, results)
                writer.write(definition, arguments, skipped)
            except _Again:
                del self.module.globals[function.name]
                _take_apart(function)
                continue
            if skipped == 0:
                function.linkage = "internal"
                if any(isinstance(n, (ast.For, ast.While)) for n in ast.walk(definition)):
                    function.attributes.add("noinline")  # one large function would have too few registers for its loops
            function.attributes.add("nounwind")
            self._flag(function, ("contract",) if name in self.library else self.fastmath)
            return function, results

    def _flag(self, function, flags: tuple[str, ...]) -> None:
        """Gives float instructions without flags those of the kernel."""
        for block in function.blocks:
            for instruction in block.instructions:
                if instruction.opname in FLOAT_OPERATIONS:
                    if not instruction.flags:
                        instruction.flags = list(flags)
                elif instruction.opname == "call" and isinstance(instruction.type, (ir.FloatType, ir.DoubleType)):
                    instruction.fastmath.update(flags)


def _is_two(node) -> bool:
    return isinstance(node, ast.Constant) and node.value == 2


def _take_apart(function) -> None:
    """Frees the instructions of a function that is not needed any more, without waiting for the collector of garbage."""
    for block in function.blocks:
        for instruction in block.instructions:
            vars(instruction).clear()
        vars(block).clear()
    vars(function).clear()


class _Loop:
    """A loop that is being written; states: what ``_Writer.now`` was on the ways to its next turn and out of it."""

    def __init__(self, before: dict, following, end):
        self.before, self.following, self.end = dict(before), following, end
        self.continued: list[dict] = []
        self.left: list[dict] = []
        self.read: set[str] = set()  # variables of which a turn reads what was there before it


class _Writer:
    """Writes one function.

    A variable may have different types in different places.  Where ways with different types meet and it is read after that,
    the assignments that are seen there get the wider one (``wide``, by their number), and the function is written again.
    """

    def __init__(self, program: Program, function, wide: dict[int, Type], results: list[Type]):
        self.program, self.function, self.wide, self.results = program, function, wide, results
        self.entry = function.append_basic_block("entry")
        self.b = ir.IRBuilder(function.append_basic_block("begin"))
        self.slots: dict[tuple[str, Type], Any] = {}
        self.now: dict[
            str, tuple[frozenset[Type], frozenset[int]]
        ] = {}  # types of variables here, and by which assignments
        self.numbers = itertools.count()
        self.loops: list[_Loop] = []
        self.is_kernel = function.ftype is ENTRY

    def write(self, definition: ast.FunctionDef, arguments: list[Type], skipped: int) -> None:
        first = self.b.block
        for parameter, kind, value in zip(definition.args.args, arguments, self.function.args[skipped:], strict=True):
            self.assign(parameter.arg, Term(kind, value))
        self.statements(definition.body)
        if not self.b.block.is_terminated:
            self.leave([])
        ir.IRBuilder(self.entry).branch(first)

    def room(self, kind):
        """A place on the stack, made once for the whole function."""
        builder = ir.IRBuilder(self.entry)
        return builder.alloca(kind)

    # ------------------------------------------------------------ statements
    def statements(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if self.b.block.is_terminated:
                return
            method = getattr(self, f"do_{type(statement).__name__}", None)
            if method is None:
                raise KernelError(f"kernel source has no {type(statement).__name__}: {ast.unparse(statement)}")
            try:
                method(statement)
            except (TypeError, AttributeError, KeyError) as error:
                raise KernelError(f"{error}, in {ast.unparse(statement).splitlines()[0]!r}") from error

    def do_Pass(self, node) -> None: ...

    def do_Expr(self, node) -> None:
        if not isinstance(node.value, ast.Constant):
            self.value(node.value)

    def do_Assign(self, node) -> None:
        target, *others = node.targets
        if others:  # x = y = value
            value = self.one(node.value)
            for place in node.targets:
                self.put(place, value)
            return
        if not isinstance(target, ast.Tuple):
            self.put(target, self.one(node.value))
            return
        if isinstance(node.value, ast.Tuple):
            values = [self.one(e) for e in node.value.elts]
        else:
            values = self.value(node.value)
        for place, value in zip(target.elts, values, strict=True):
            self.put(place, value)

    def do_AugAssign(self, node) -> None:
        sign = BINARY[type(node.op)]
        if isinstance(node.target, ast.Name):
            old = self.one(node.target)
            self.assign(node.target.id, self.arithmetic(sign, old, self.one(node.value)))
            return
        kind, place = self.place(node.target)
        new = self.arithmetic(sign, Term(kind, self.b.load(place)), self.one(node.value))
        self.b.store(kt.convert(self.b, new, kind).ir, place)

    def put(self, target, value: Term) -> None:
        if isinstance(target, ast.Name):
            self.assign(target.id, value)
        else:
            kind, place = self.place(target)
            self.b.store(kt.convert(self.b, value, kind).ir, place)

    def place(self, node):
        """(type, address) of ``pointer[index]``."""
        if not isinstance(node, ast.Subscript):
            raise KernelError(f"cannot be assigned to: {ast.unparse(node)}")
        pointer, index = self.one(node.value), self.one(node.slice)
        if pointer.type.element is None:
            raise KernelError(f"not a pointer: {ast.unparse(node.value)}")
        # Of every second element vectors read all and part them, if LLVM knows that addresses grow; for other steps that is no gain.
        grows = isinstance(node.slice, ast.BinOp) and isinstance(node.slice.op, ast.Mult) and _is_two(node.slice.right)
        return pointer.type.element, self.b.gep(pointer.ir, [kt.convert(self.b, index, INT64).ir], inbounds=grows)

    def assign(self, name: str, value: Term) -> None:
        number = next(self.numbers)
        kind = self.wide.get(number, value.type)
        self.now[name] = frozenset([kind]), frozenset([number])
        self.b.store(kt.convert(self.b, value, kind).ir, self._slot(name, kind))

    def _slot(self, name: str, kind: Type):
        if (name, kind) not in self.slots:
            self.slots[name, kind] = self.room(kind.ir)
        return self.slots[name, kind]

    def _read(self, name: str) -> Term:
        types, numbers = self.now[name]
        if len(types) > 1:
            self._widen(types, numbers)
        for loop in self.loops:
            if name in loop.before and numbers & loop.before[name][1]:
                loop.read.add(name)
        (kind,) = types
        return Term(kind, self.b.load(self._slot(name, kind)))

    def _widen(self, types: frozenset[Type], numbers: frozenset[int]):
        """Gives the type that all have in common to the assignments with these numbers, when they are written again."""
        kind = kt.common(*sorted(types, key=lambda t: t.name))
        self.wide.update(dict.fromkeys(numbers, kind))
        raise _Again

    def _meet(self, states: list[dict]) -> None:
        """What variables may be where ways through the program meet."""
        met: dict = {}
        for state in states:
            for name, (types, numbers) in state.items():
                if name in met:
                    types, numbers = types | met[name][0], numbers | met[name][1]
                met[name] = types, numbers
        self.now = met

    def do_If(self, node) -> None:
        condition = self.condition(node.test)
        then = self.function.append_basic_block("then")
        end = self.function.append_basic_block("end")
        other = self.function.append_basic_block("else") if node.orelse else end
        self.b.cbranch(condition, then, other)
        before, after = self.now, []
        for block, body in ((then, node.body), (other, node.orelse)):
            self.now = dict(before)
            if block is not end:
                self.b.position_at_end(block)
                self.statements(body)
                if self.b.block.is_terminated:
                    continue
                self.b.branch(end)
            after.append(self.now)
        self._meet(after)
        self.b.position_at_end(end)
        if not after:
            self.b.unreachable()

    def do_While(self, node) -> None:
        head, body, end = (self.function.append_basic_block(n) for n in ("while", "body", "end"))
        self.b.branch(head)
        self.b.position_at_end(head)
        loop = _Loop(self.now, head, end)
        self.loops.append(loop)
        self.b.cbranch(self.condition(node.test), body, end)
        loop.left.append(dict(self.now))
        self.b.position_at_end(body)
        self._body(node.body, loop)
        self._meet(loop.left + loop.continued)
        self.b.position_at_end(end)

    def do_For(self, node) -> None:
        """Tested at its end, after a first test before it.

        ``for j in together(64)``: a loop over so many elements that all lie in vectors at once, so that a small array on the
        stack that it adds to can stay in registers. ``for j in written_out(8)``: one that LLVM writes out, so that it can
        vectorise the loop around it.
        """
        call = node.iter
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in LOOPS):
            raise KernelError(f"a loop over something else than a range: {ast.unparse(call)}")
        numbers = [kt.convert(self.b, self.one(a), INT64) for a in call.args]
        start, stop, step = {
            1: lambda: (kt.literal(0), numbers[0], kt.literal(1)),
            2: lambda: (*numbers, kt.literal(1)),
            3: lambda: numbers,
        }[len(numbers)]()
        body, following, end = (self.function.append_basic_block(n) for n in ("for", "next", "end"))
        before = self.b.block
        self.b.cbranch(self._goes_on(start.ir, stop.ir, step), body, end)
        loop = _Loop(self.now, following, end)
        loop.left.append(dict(self.now))
        self.loops.append(loop)
        self.b.position_at_end(body)
        count = self.b.phi(INT64.ir)
        count.add_incoming(start.ir, before)
        self.put(node.target, Term(INT64, count))
        self._body(node.body, loop)
        self._meet(loop.left + loop.continued)
        self.b.position_at_end(following)
        further = self.b.add(count, step.ir, flags=("nsw",))
        count.add_incoming(further, following)
        turn = self.b.cbranch(self._goes_on(further, stop.ir, step), body, end)
        hints = LOOPS[call.func.id](stop.literal)
        if hints:
            turn.set_metadata("llvm.loop", self._hints(hints))
        self.b.position_at_end(end)

    def _hints(self, hints):
        """What LLVM is told of a loop."""
        module = self.program.module
        made = ir.MDValue(module, [], name=str(len(module.metadata)))
        known = [
            module.add_metadata([f"llvm.loop.{name}", *map(ir.IntType(1 if name.endswith("enable") else 32), number)])
            for name, *number in hints
        ]
        made.operands = (made, *known)  # LLVM wants the node itself first
        return made

    def _body(self, body: list[ast.stmt], loop: "_Loop") -> None:
        """A loop's statements, and the way to its next turn."""
        self.statements(body)
        self.loops.pop()
        if not self.b.block.is_terminated:
            loop.continued.append(self.now)
            self.b.branch(loop.following)
        for state in loop.continued:
            for name in loop.read & state.keys():
                types, numbers = (a | b for a, b in zip(state[name], loop.before[name]))
                if len(types) > 1:  # what a turn reads may come from before the loop or from the turn before
                    self._widen(types, numbers)

    def _goes_on(self, number, stop, step: Term):
        up, down = self.b.icmp_signed("<", number, stop), None
        if step.literal is None or step.literal < 0:
            down = self.b.icmp_signed(">", number, stop)
        if step.literal is not None:
            return up if step.literal > 0 else down
        return self.b.select(self.b.icmp_signed(">", step.ir, INT64.ir(0)), up, down)

    def do_Continue(self, node) -> None:
        self.loops[-1].continued.append(dict(self.now))
        self.b.branch(self.loops[-1].following)

    def do_Break(self, node) -> None:
        self.loops[-1].left.append(dict(self.now))
        self.b.branch(self.loops[-1].end)

    def do_Return(self, node) -> None:
        if node.value is None:
            self.leave([])
        elif isinstance(node.value, ast.Tuple):
            self.leave([self.one(e) for e in node.value.elts])
        else:
            self.leave(self.value(node.value))

    def leave(self, values: list[Term]) -> None:
        if self.is_kernel:
            self.b.ret(ir.IntType(32)(0))
            return
        if values and not self.results:
            self.results[:] = [v.type for v in values]
            raise _Again
        wider = [kt.common(known, v.type) for known, v in zip(self.results, values, strict=True)]
        if wider != self.results:
            self.results[:] = wider
            raise _Again
        given = [kt.convert(self.b, v, known).ir for v, known in zip(values, self.results)]
        if not given:
            self.b.ret_void()
        elif len(given) == 1:
            self.b.ret(given[0])
        else:
            whole: Any = ir.Constant(self.function.ftype.return_type, ir.Undefined)
            for k, value in enumerate(given):
                whole = self.b.insert_value(whole, value, k)
            self.b.ret(whole)

    # ------------------------------------------------------------ expressions
    def one(self, node) -> Term:
        (value,) = self.value(node)
        return value

    def condition(self, node):
        return kt.convert(self.b, self.one(node), BOOL).ir

    def value(self, node) -> list[Term]:
        """The values of an expression: one, or what a function returns."""
        if isinstance(node, ast.Name):
            return [self._named(node.id)]
        if isinstance(node, ast.Constant):
            return [kt.literal(node.value)]
        if isinstance(node, ast.BinOp):
            left, right = self.one(node.left), self.one(node.right)
            return [self.arithmetic(BINARY[type(node.op)], left, right)]
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            kind, place = self.place(node)
            return [Term(kind, self.b.load(place))]
        if isinstance(node, ast.Attribute):
            return [self._part(node)]
        if isinstance(node, ast.Compare):
            return [self._compared(node)]
        if isinstance(node, ast.UnaryOp):
            return [self._unary(node)]
        if isinstance(node, ast.BoolOp):
            return [self._both_or_either(node)]
        if isinstance(node, ast.IfExp):
            return [self._one_of(node)]
        raise KernelError(f"kernel source has no {type(node).__name__}: {ast.unparse(node)}")

    def arithmetic(self, sign: str, x: Term, y: Term) -> Term:
        if sign == "/" and (x.type.is_complex or y.type.is_complex):
            kind = kt.of_arithmetic(x.type, y.type)
            return self.device(f"quotient_{kind.name}", [kt.convert(self.b, t, kind) for t in (x, y)])[0]
        return kt.arithmetic(self.b, sign, x, y)

    def _part(self, node) -> Term:
        """``z.real``, ``z.imag``."""
        number = self.one(node.value)
        if not (number.type.is_complex and node.attr in ("real", "imag")):
            raise KernelError(f"{number.type.name} has no {node.attr}: {ast.unparse(node)}")
        return kt.parts(self.b, number)[node.attr == "imag"]

    def _named(self, name: str) -> Term:
        if name in self.now:
            return self._read(name)
        found = self.program.names.get(name)
        if not isinstance(found, Term):
            raise KernelError(f"{name} has no value")
        return found

    def _call(self, node) -> list[Term]:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise KernelError(f"kernel source cannot call {ast.unparse(node.func)}")
        name, found = node.func.id, self.program.names.get(node.func.id)
        if isinstance(found, Type) and len(node.args) == 1 and isinstance(node.args[0], ast.BinOp):
            sign, *sides = BINARY[type(node.args[0].op)], node.args[0].left, node.args[0].right
            left, right = map(self.one, sides)
            made = kt.narrow(self.b, sign, left, right, found)
            return [made or kt.convert(self.b, self.arithmetic(sign, left, right), found)]
        arguments = [self.one(a) for a in node.args]
        if name in self.program.functions:
            return self.device(name, arguments)
        if isinstance(found, Type):
            (number,) = arguments
            return [kt.convert(self.b, number, found)]
        if found is None:
            raise KernelError(f"there is no function {name}")
        made = found(self, *arguments)
        return [] if made is None else [made]

    def device(self, name: str, arguments: list[Term]) -> list[Term]:
        function, results = self.program.device(name, [a.type for a in arguments])
        made = self.b.call(function, [a.ir for a in arguments])
        if len(results) == 1:
            return [Term(results[0], made)]
        return [Term(kind, self.b.extract_value(made, k)) for k, kind in enumerate(results)]

    def _compared(self, node) -> Term:
        """``a < b``, and ``a < b < c`` with each of them computed."""
        values = [self.one(v) for v in (node.left, *node.comparators)]
        made = None
        for x, sign, y in zip(values, node.ops, values[1:]):
            one = kt.compare(self.b, COMPARED[type(sign)], x, y)
            made = one if made is None else Term(BOOL, self.b.and_(made.ir, one.ir))
        assert made is not None
        return made

    def _unary(self, node) -> Term:
        x = self.one(node.operand)
        if isinstance(node.op, ast.USub):
            return kt.negative(self.b, x)
        if isinstance(node.op, ast.Invert):
            return kt.inverted(self.b, x)
        if isinstance(node.op, ast.Not):
            return Term(BOOL, self.b.not_(kt.convert(self.b, x, BOOL).ir))
        return x

    def _both_or_either(self, node) -> Term:
        """``and``, ``or``: as conditions; what follows is computed only where it decides."""
        end = self.function.append_basic_block("decided")
        decided = ir.Constant(BOOL.ir, int(isinstance(node.op, ast.Or)))
        ways = []
        for operand in node.values[:-1]:
            condition = self.condition(operand)
            ways.append((decided, self.b.block))
            following = self.function.append_basic_block("following")
            self.b.cbranch(condition, *((end, following) if isinstance(node.op, ast.Or) else (following, end)))
            self.b.position_at_end(following)
        ways.append((self.condition(node.values[-1]), self.b.block))
        self.b.branch(end)
        self.b.position_at_end(end)
        return Term(BOOL, self._phi(BOOL, ways))

    def _phi(self, kind: Type, ways):
        made = self.b.phi(kind.ir)
        for value, block in ways:
            made.add_incoming(value, block)
        return made

    def _one_of(self, node) -> Term:
        condition = self.condition(node.test)
        then, other, end = (self.function.append_basic_block(n) for n in ("then", "else", "end"))
        self.b.cbranch(condition, then, other)
        ends = []
        for block, expression in ((then, node.body), (other, node.orelse)):
            self.b.position_at_end(block)
            ends.append((self.one(expression), self.b.block))
        kind = kt.common(ends[0][0].type, ends[1][0].type)
        ways = []
        for value, block in ends:
            self.b.position_at_end(block)
            ways.append((kt.convert(self.b, value, kind).ir, block))
            self.b.branch(end)
        self.b.position_at_end(end)
        return Term(kind, self._phi(kind, ways))
