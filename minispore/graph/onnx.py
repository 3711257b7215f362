"""A traced inference graph as an ONNX model.

Elementwise ops translate themselves: the expression of the op is walked and each name in it has an ONNX operator.
All other ops have a function each, in ``onnx_forms``.
"""

import ast
import inspect
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from ..core.dtype import DType, bool_, int64
from ..core.errors import fail, located, not_installed
from ..core.ir import Graph
from ..core.op import Elementwise
from ..core.record import Node, Value, user_level
from ..core.tensor import Tensor
from .onnx_forms import FORMS
from .passes import optimise
from .trace import trace

OPSET, IR_VERSION = 18, 8
LARGEST = (1 << 31) - (1 << 20)  # bytes: what one protobuf message may hold


def to_onnx(net, inputs) -> bytes:
    """The serialised model of what ``net`` computes in evaluation mode for inputs of these shapes and types.

    Parameters are initializers under their names.

    Raises:
        NotImplementedError: an op has no form in ONNX; the message names it and the line.
        ValueError: the Parameters are too large for one ONNX file.
        ImportError: the package onnx is not installed.
    """
    needed("onnx")
    for x in inputs:
        if not isinstance(x, Tensor):
            raise fail(TypeError, f"For 'export', the inputs must be Tensors, but got {type(x).__name__}.")
    graph = _inference_graph(net, inputs)
    return model_of(graph, _input_names(net, len(graph.inputs)))


def model_of(graph: Graph, input_names: list[str]) -> bytes:
    """The serialised model of a traced graph, without its updates of Parameters."""
    onnx = needed("onnx")
    stored, graph = graph.updates, optimise(replace(graph, updates=()))
    model = Exporter(onnx, graph, input_names).model()
    if model.ByteSize() > LARGEST:
        raise fail(ValueError, f"For 'export', an ONNX file holds up to 2 GB, but this needs {model.ByteSize()} bytes.")
    onnx.checker.check_model(model)
    if stored:
        names = ", ".join(p.name for p, _ in stored)
        warnings.warn(
            f"export: an ONNX graph keeps no state; it does not change {names}.", UserWarning, stacklevel=user_level()
        )
    return model.SerializeToString()


def needed(package: str):
    """The package, or an ImportError that says how to get it."""
    import importlib

    try:
        return importlib.import_module(package)
    except ImportError:
        raise not_installed("ONNX", package, "'minispore[onnx]'") from None


def _inference_graph(net, inputs) -> Graph:
    """The graph with every cell in evaluation mode."""
    cells = [c for _, c in net.cells_and_names()] if hasattr(net, "cells_and_names") else []
    training = [c.training for c in cells]
    for c in cells:
        c.training = False
    try:
        graph, _, _ = trace(net, inputs, {})
    finally:
        for c, flag in zip(cells, training):
            c.training = flag
    return graph


def _input_names(net, count: int) -> list[str]:
    """The names of the arguments of ``construct``, where each is one input."""
    names = list(inspect.signature(getattr(net, "construct", net)).parameters)
    return names[:count] if len(names) >= count and "args" not in names else [f"input{k}" for k in range(count)]


class Exporter:
    """Translates node after node; a value is known by its name in the ONNX graph."""

    def __init__(self, onnx, graph: Graph, inputs: list[str]):
        self.onnx, self.graph = onnx, graph
        self.nodes: list = []
        self.initializers: dict[str, np.ndarray] = {}
        self.taken = set(inputs)
        self.names: dict[int, str] = {}
        for name, value in zip(inputs, graph.inputs):
            self.names[id(value)] = name
        for p, value in graph.parameters:
            self.names[id(value)] = self.initializer(p._array(), p.name)
        for tensor, value in graph.captures:
            self.names[id(value)] = self.initializer(tensor._array(), "tensor")
        self.inputs = inputs

    def model(self):
        helper = self.onnx.helper
        for node in self.graph.nodes:
            self.translate(node)
        outputs = []
        for k, value in enumerate(self.graph.outputs):
            outputs.append(self.free("output" if len(self.graph.outputs) == 1 else f"output{k}"))
            self.nodes.append(helper.make_node("Identity", [self.name(value)], [outputs[-1]]))
        nodes, used = self.needed_nodes(outputs)
        graph = helper.make_graph(
            nodes, "minispore",
            [self.typed(name, value) for name, value in zip(self.inputs, self.graph.inputs)],
            [self.typed(name, value) for name, value in zip(outputs, self.graph.outputs)],
            [self.onnx.numpy_helper.from_array(array, name) for name, array in self.initializers.items() if name in used],
        )  # fmt: skip
        return helper.make_model(
            graph, producer_name="minispore", ir_version=IR_VERSION, opset_imports=[helper.make_opsetid("", OPSET)]
        )

    def needed_nodes(self, outputs: list[str]) -> tuple[list, set[str]]:
        """The nodes that the outputs depend on, and the names that they read."""
        used, nodes = set(outputs), []
        for node in reversed(self.nodes):
            if used.intersection(node.output):
                used.update(_reads(node))
                nodes.append(node)
        return nodes[::-1], used

    def translate(self, node: Node) -> None:
        constant = all(v.kind == "constant" for v in node.inputs)
        if constant and not node.op.random and node.op.name != "broadcast_to":
            outs = [self.constant(a) for a in node.op.evaluate(*[v.data for v in node.inputs], **node.attrs)]
        elif node.op.name in FORMS:
            made = FORMS[node.op.name](self, node, *[self.name(v) for v in node.inputs])
            outs = [made] if isinstance(made, str) else made
        elif isinstance(node.op, Elementwise):
            args = {a: (self.name(v), v.dtype) for a, v in zip(node.op.args, node.inputs)}
            outs = [self.expression(node, node.op.tree, args)[0]]
        else:
            raise self.unknown(node, node.op.name)
        for value, name in zip(node.outs, outs):
            self.names[id(value)] = name

    # ------------------------------------------------------------ graphs in graphs
    @contextmanager
    def nested(self) -> Iterator[list]:
        """Inside the block, emitted nodes go into the list that this yields."""
        outer, self.nodes = self.nodes, []
        try:
            yield self.nodes
        finally:
            self.nodes = outer

    def run(self, graph: Graph, inputs) -> list[str]:
        """Emits the nodes of a branch or body for inputs of these names; copies of its outputs."""
        self.names.update(zip(map(id, graph.inputs), inputs))
        for node in graph.nodes:
            self.translate(node)
        return [self.emit("Identity", self.name(v)) for v in graph.outputs]

    def subgraph(self, nodes: list, inputs: list, outputs: list):
        """A graph that a node holds; inputs and outputs from ``typed``."""
        return self.onnx.helper.make_graph(nodes, self.free("graph"), inputs, outputs)

    def unknown(self, node: Node, what: str) -> Exception:
        return located(
            NotImplementedError,
            f"For 'export', the op '{what}' has no form in ONNX (cell: {node.scope or 'none'}). Leave it out of the exported net.",
            node.location,
        )

    # ------------------------------------------------------------ pieces
    def emit(self, op: str, *inputs: str, outputs: int = 1, **attrs) -> Any:
        """One ONNX node; the name of its output, or the names."""
        names = [self.free(op) for _ in range(outputs)]
        self.nodes.append(self.onnx.helper.make_node(op, list(inputs), names, **attrs))
        return names[0] if outputs == 1 else names

    def free(self, name: str) -> str:
        found, k = name, 0
        while found in self.taken:
            k += 1
            found = f"{name}_{k}"
        self.taken.add(found)
        return found

    def name(self, value: Value) -> str:
        if value.kind == "constant" and id(value) not in self.names:
            self.names[id(value)] = self.constant(value.data)
        return self.names[id(value)]

    def initializer(self, array: np.ndarray, name: str) -> str:
        name = self.free(name)
        self.initializers[name] = np.array(array, order="C")
        return name

    def constant(self, array, dtype: DType = int64) -> str:
        """An initializer; for what is no array, of ``dtype``."""
        return self.initializer(array if isinstance(array, np.ndarray) else np.array(array, dtype.np), "constant")

    def typed(self, name: str, value: Value):
        return self.onnx.helper.make_tensor_value_info(name, self.code(value.dtype), value.shape)

    def code(self, dtype: DType) -> int:
        return self.onnx.helper.np_dtype_to_tensor_dtype(dtype.np)

    def cast(self, x: str, dtype: DType) -> str:
        return self.emit("Cast", x, to=self.code(dtype))

    # ------------------------------------------------------------ scalar expressions
    def expression(self, node: Node, tree, known: dict) -> tuple[str, DType]:
        """(name, type) of an expression over ``known`` names; numbers in it take the type of what they meet."""
        if isinstance(tree, ast.Name):
            return known[tree.id]
        symbol, parts = _symbol_and_parts(tree)
        found = {k: self.expression(node, p, known) for k, p in enumerate(parts) if not isinstance(p, ast.Constant)}
        dtype = found[max(found)][1]
        names = [found[k][0] if k in found else self.constant(p.value, dtype) for k, p in enumerate(parts)]
        kind = "bool" if dtype is bool_ else "float" if dtype.is_float else "int"
        op = OPERATORS.get(f"{symbol} {kind}") or OPERATORS.get(symbol)
        if op is None:
            raise self.unknown(node, symbol)
        if " " in op or "(" in op:  # an expression of others
            args = {a: (name, dtype) for a, name in zip("xyz", names)}
            return self.expression(node, _parsed(op), args)
        made = self.emit(op, *names)
        return made, bool_ if op in BOOLEAN else dtype


def _reads(node) -> set[str]:
    """The names that an ONNX node reads, also in the graphs that it holds."""
    return set(node.input).union(*(_reads(n) for a in node.attribute for n in a.g.node))


@cache
def _parsed(expression: str):
    return ast.parse(expression, mode="eval").body


def _symbol_and_parts(tree) -> tuple[str, list]:
    if isinstance(tree, ast.Call):
        return tree.func.id, tree.args  # type: ignore[attr-defined]
    if isinstance(tree, ast.BinOp):
        return type(tree.op).__name__, [tree.left, tree.right]
    if isinstance(tree, ast.Compare):
        return type(tree.ops[0]).__name__, [tree.left, tree.comparators[0]]
    return type(tree.op).__name__, [tree.operand]


# What a name or sign of an op's expression is in ONNX: an operator, or an expression of such names.
OPERATORS = {
    "Add": "Add", "Sub": "Sub", "Mult": "Mul", "Div": "Div", "USub": "Neg", "BitAnd bool": "And", "BitOr bool": "Or",
    "BitXor bool": "Xor", "BitAnd": "BitwiseAnd", "BitOr": "BitwiseOr", "BitXor": "BitwiseXor", "Eq": "Equal",
    "NotEq": "logical_not(x == y)", "Lt": "Less", "LtE": "LessOrEqual", "Gt": "Greater", "GtE": "GreaterOrEqual",
    "Lt bool": "logical_not(x) & y", "LtE bool": "logical_not(x) | y", "Gt bool": "x & logical_not(y)",
    "GtE bool": "x | logical_not(y)", "logical_not": "Not", "invert": "BitwiseNot", "where": "Where", "isnan": "IsNaN", "isinf": "IsInf",
    "maximum": "Max", "minimum": "Min", "pow": "Pow", "sqrt": "Sqrt", "fabs": "Abs", "floor": "Floor", "ceil": "Ceil",
    "rint": "Round", "sign": "Sign", "exp": "Exp", "log": "Log", "erf": "Erf", "tanh": "Tanh", "sigmoid": "Sigmoid",
    "sin": "Sin", "cos": "Cos", "tan": "Tan", "asin": "Asin", "acos": "Acos", "atan": "Atan", "sinh": "Sinh",
    "cosh": "Cosh", "asinh": "Asinh", "acosh": "Acosh", "atanh": "Atanh",
    "expm1": "exp(x) - 1", "log1p": "log(x + 1)", "erfc": "1 - erf(x)", "exp2": f"exp(x * {math.log(2)})",
    "log2": f"log(x) * {1 / math.log(2)}", "log10": f"log(x) * {1 / math.log(10)}", "trunc": "sign(x) * floor(fabs(x))",
    "floormod int": "Mod", "floordiv int": "(x - floormod(x, y)) / y", "floordiv": "floor(x / y)",
    "floormod": "x - floor(x / y) * y", "fmod": "sign(x) * floormod(fabs(x), fabs(y))",
}  # fmt: skip
BOOLEAN = {"And", "Or", "Xor", "Not", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "IsNaN", "IsInf"}


# ---------------------------------------------------------------- running a file
class OnnxModel:
    """An ONNX file as a callable on Tensors, run by onnxruntime."""

    def __init__(self, path: str, content: bytes | None = None):
        runtime = needed("onnxruntime")
        try:
            self.session = runtime.InferenceSession(content or path, providers=["CPUExecutionProvider"])
        except Exception as error:  # of types of onnxruntime's own
            raise fail(
                ValueError, f"The file {path} cannot be run as ONNX; MindSpore's own MINDIR is none: {error}"
            ) from None
        self.input_names = [i.name for i in self.session.get_inputs()]

    def __call__(self, *inputs: Tensor):
        if len(inputs) != len(self.input_names):
            raise fail(TypeError, f"The model takes {len(self.input_names)} inputs, but got {len(inputs)}.")
        feeds = {name: np.ascontiguousarray(x.asnumpy()) for name, x in zip(self.input_names, inputs)}
        outputs = tuple(Tensor(a) for a in self.session.run(None, feeds))
        return outputs[0] if len(outputs) == 1 else outputs
