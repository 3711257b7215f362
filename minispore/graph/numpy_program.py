"""Nodes written down as one Python function of NumPy calls, which gives the bits that the ops give one by one."""

import ast
from collections.abc import Callable, Sequence
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from ..core.numeric import NAMES
from ..core.op import FIXED_RESULTS, REGISTRY, Elementwise, Library, Reduction, View, evaluate
from ..core.record import Node, Value
from ..ops.slicing import slice_key

CAST = REGISTRY["cast"]
# type rules of ops that compare and choose, of which NumPy has no warnings
COMPARING = {"compare", "logical", "test", "select"}


class Writer:
    """Lines for nodes, over variables: ``names`` has that of each Value by its id, ``scope`` what the lines refer to."""

    def __init__(self) -> None:
        self.scope: dict = {**NAMES, "_asarray": np.asarray, "_evaluate": evaluate}
        self.names: dict[int, str] = {}
        self.lines: list[str] = []
        self.may_warn = False  # whether NumPy may warn of an overflow or the like

    def constant(self, x) -> str:
        name = f"_c{len(self.scope)}"
        self.scope[name] = x
        return name

    def name_of(self, v: Value) -> str:
        if v.kind == "constant" and id(v) not in self.names:
            self.names[id(v)] = self.constant(v.data)
        return self.names[id(v)]

    def write(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            expression = self._short(node) or self._call(node)
            for v in node.outs:
                self.names[id(v)] = f"_v{len(self.names)}"
            outs = ", ".join([self.names[id(v)] for v in node.outs])
            self.lines.append(f"    {outs} = {expression}")

    def function(self, name: str, parameters: Sequence[str], result: str, file: str = "<expression>"):
        """The function of arrays ``parameters`` that runs the lines and returns what the expression ``result`` says."""
        text = "\n".join([f"def {name}({', '.join(parameters)}):", *self.lines, f"    return {result}"])
        module = compile(text, file, "exec")
        code = next(c for c in module.co_consts if isinstance(c, CodeType))
        read = {n: self.scope[n] for n in code.co_names if n in self.scope}  # thousands of functions may be kept
        return FunctionType(code, read, name)

    def _call(self, node: Node) -> str:
        """What the op says, as an expression."""
        op, given = node.op, [self.name_of(v) for v in node.inputs]
        self.may_warn = True
        if isinstance(op, Library) and not any([v.size >= op.compiled_from or v.dtype.is_complex for v in node.inputs]):
            call = f"{self.constant(op._numpy)}({', '.join([*given, *self._keywords(node.attrs)])})"
        else:
            call = f"_evaluate({self.constant(op)}, [{', '.join(given)}], {self.constant(node.attrs)})"
        return f"{call}[0]" if len(node.outs) == 1 else call

    def _keywords(self, attrs: dict) -> list[str]:
        return [f"{name}={self.constant(value)}" for name, value in attrs.items()]

    def _short(self, node: Node) -> str | None:
        """What NumPy has to compute for the node, as an expression; None: it follows from more than types and attributes."""
        op = node.op
        if isinstance(op, View):
            return self._viewed(node)
        if any([v.size >= op.compiled_from for v in node.inputs]):
            return None
        if isinstance(op, Reduction):
            return self._folded(node)
        if op is CAST:
            return self._converted(node)
        if (
            isinstance(op, Elementwise)
            and isinstance(op.tree, ast.Name)
            and len(node.inputs) == 1
            and op.types == "same"
        ):
            return f"{self.name_of(node.inputs[0])}.copy()"
        if isinstance(op, Elementwise) and _is_one_expression(node):
            self.may_warn |= op.types not in COMPARING
            return self._array(node, self._inlined(node))
        return None

    def _inlined(self, node: Node) -> str:
        """The op's expression over the variables of the inputs."""
        op, dtype = node.op, node.inputs[-1].dtype.np
        names = dict(zip(op.args, [self.name_of(v) for v in node.inputs]))
        body = _Renamed(names, self.constant, dtype).visit(ast.parse(op.expression, mode="eval").body)
        return ast.unparse(body)

    @staticmethod
    def _array(node: Node, text: str) -> str:
        """Of a node without axes, for which NumPy gives a scalar, an array: NumPy is faster with it."""
        return text if node.outs[0].shape else f"_asarray({text})"

    def _viewed(self, node: Node) -> str:
        given = self.name_of(node.inputs[0])
        if node.op.name == "reshape":
            return f"{given}.reshape({self.constant(node.attrs['shape'])})"
        if node.op.name == "transpose":
            return f"{given}.transpose({self.constant(node.attrs['perm'])})"
        if node.op.name == "slice":
            return self._array(node, f"{given}[{self.constant(slice_key(**node.attrs))}]")
        return f"{self.constant(node.op._numpy)}({', '.join([given, *self._keywords(node.attrs)])})"

    def _folded(self, node: Node) -> str | None:
        x = node.inputs[0]
        kinds = "fdilqbBHILQ?" if node.op.start in ("lowest", "highest") else "fd"  # sums of others change the type
        if x.dtype.np.char not in kinds or x.size == 0:
            return None
        self.may_warn |= node.op.start not in ("lowest", "highest")
        return f"{self.constant(node.op.numpy)}({self.name_of(x)}, {node.attrs['axis']!r}, None, None, True)"

    def _converted(self, node: Node) -> str | None:
        old, new, given = node.inputs[0].dtype.np, node.attrs["dtype"].np, self.name_of(node.inputs[0])
        if new.char == "?" and old.char in "fdilqhbBHILQ?":
            return f"{given}.astype({self.constant(new)})"
        if (new.char in "fd" and old.char in "fdilqhbBHILQ?") or (new.kind in "iu" and old.kind in "iub"):
            self.may_warn = True
            return f"{given}.astype({self.constant(new)})"
        return None


def _is_one_expression(node: Node) -> bool:
    """Whether NumPy's value of the op's expression is the result."""
    op, out = node.op, node.outs[0]
    if isinstance(op.tree, ast.Name) or any([v.dtype.np.char not in "fdilqhbBHILQ?" for v in node.inputs]):
        return False
    if not op.reads_all:
        read = {n.id for n in ast.walk(op.tree) if isinstance(n, ast.Name)}
        shapes = [v.shape for name, v in zip(op.args, node.inputs) if name in read]
        if not shapes or np.broadcast_shapes(*shapes) != out.shape:
            return False
    if op.types in FIXED_RESULTS:
        return op.types != "bits"
    taken = node.inputs[1:] if op.types == "select" else node.inputs
    if op.types not in ("same", "float", "select") or any([v.dtype is not out.dtype for v in taken]):
        return False
    return out.dtype.np.char in "fd" or op.types == "select" or (out.dtype.np.kind in "iu" and _keeps_integers(op.tree))


def _keeps_integers(tree: ast.expr) -> bool:
    """Whether NumPy computes the expression in the type of integer inputs."""
    kept = (ast.BinOp, ast.Name, ast.Load, ast.Add, ast.Sub, ast.Mult)
    return all([isinstance(n, kept) for n in ast.walk(tree)])


class _Renamed(ast.NodeTransformer):
    """Puts other names in, and in place of numbers arrays without axes: NumPy takes them in half the time."""

    def __init__(self, names: dict[str, str], constant: Callable[[Any], str], dtype: np.dtype):
        self.names, self.constant, self.dtype = names, constant, dtype

    def visit_Name(self, node):
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_Constant(self, node):
        if self.dtype.char in "fd" and type(node.value) in (int, float):
            return ast.Name(self.constant(np.asarray(node.value, self.dtype)), ast.Load())
        return node

    def visit_BinOp(self, node):
        if isinstance(node.op, ast.Pow) and isinstance(
            node.right, ast.Constant
        ):  # NumPy has functions for some exponents
            return ast.BinOp(self.visit(node.left), node.op, node.right)
        return self.generic_visit(node)
