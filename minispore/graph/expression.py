"""Op expressions as kernel source: names become variables, numbers get the type, functions the type's version."""

import ast
from functools import lru_cache

import numpy as np

# Storage type -> the type that arithmetic is done in.
COMPUTE = {"float16": "float32", "bfloat16": "float32", "bool": "bool"}
LOAD = {"bool": "{p}[{i}] != 0", "float16": "load_float16({p}, {i})", "bfloat16": "load_bfloat16({p}, {i})"}
STORE = {
    "bool": "{p}[{i}] = uint8({v})", "float16": "store_float16({p}, {i}, {v})", "bfloat16": "store_bfloat16({p}, {i}, {v})",
}  # fmt: skip
KEEP = STORE | {"bfloat16": "keep_bfloat16({p}, {i}, {v})"}  # of a value that has the type already
# Names that exist once per float type (graph/vector_math/), and those that take any type (graph/intrinsics.py).
ANY_TYPE = {"maximum", "minimum", "where", "isnan", "isinf", "sqrt", "fabs", "floordiv", "floormod", "fmod", "sign", "logical_not",
            "shift_left", "shift_right", "invert"}  # fmt: skip
OF_BOOLS = {
    ast.Add: ast.BitOr(),
    ast.Mult: ast.BitAnd(),
    ast.Sub: ast.BitXor(),
}  # what arithmetic on 0 and 1 leaves, as a bool


def compute_type(dtype: str) -> str:
    return COMPUTE.get(dtype, dtype)


def load(dtype: str, pointer: str, index: str) -> str:
    return LOAD.get(dtype, "{p}[{i}]").format(p=pointer, i=index)


def store(dtype: str, pointer: str, index: str, value: str, rounded: bool = False) -> str:
    return (KEEP if rounded else STORE).get(dtype, "{p}[{i}] = {v}").format(p=pointer, i=index, v=value)


class _Writer(ast.NodeTransformer):
    def __init__(self, names: dict[str, str], dtype: str):
        self.names, self.dtype = names, dtype

    def visit_Name(self, node):
        return ast.Name(self.names[node.id])

    def visit_Constant(self, node):
        if isinstance(node.value, bool) or self.dtype == "bool":
            return node
        return ast.Call(ast.Name(self.dtype), [node], [])

    def visit_BinOp(self, node):
        left, right = self.visit(node.left), self.visit(node.right)
        if self.dtype == "bool" and type(node.op) in OF_BOOLS:  # the memory of a bool holds 0 or 1
            return ast.Call(ast.Name("bool"), [ast.BinOp(left, OF_BOOLS[type(node.op)], right)], [])
        return ast.BinOp(left, node.op, right)

    def visit_UnaryOp(self, node):
        operand = self.visit(node.operand)
        return operand if self.dtype == "bool" and isinstance(node.op, ast.USub) else ast.UnaryOp(node.op, operand)

    def visit_Call(self, node):
        name = node.func.id
        if name == "philox":
            name = "philox_uint32"
        elif name == "pow" and "int" in self.dtype:
            name = "integer_power"
        elif name not in ANY_TYPE or (self.dtype.startswith("complex") and name != "where"):
            name = f"{name}_{self.dtype}"
        return ast.Call(ast.Name(name), [self.visit(a) for a in node.args], [])


@lru_cache(maxsize=4096)
def write(expression: str, args: tuple[str, ...], variables: tuple[str, ...], dtype: str) -> str:
    """``expression`` over ``variables``, computed in ``dtype``."""
    tree = ast.parse(expression, mode="eval").body
    return ast.unparse(ast.fix_missing_locations(_Writer(dict(zip(args, variables)), dtype).visit(tree)))


def typed(text: str, dtype: str) -> str:
    """``text`` converted to exactly this type."""
    return text if dtype == "bool" else f"{dtype}({text})"


def node_source(node, variables: tuple[str, ...]) -> str:
    """Source of an elementwise node's value from the variables that hold its inputs.

    16-bit floats are computed in float32 and rounded, as if each result had been stored.
    """
    name = node.outs[0].dtype.name
    text = _node_source(node, variables)
    if text in variables and node.inputs[variables.index(text)].dtype is node.outs[0].dtype:
        return text
    if name == "bfloat16" and node.op.types == "cast":
        return f"cast_bfloat16({text})"
    if (
        node.op.types != "cast"
        and is_exact(node.op.expression)
        and all(v.dtype.name in (name, "bool") for v in node.inputs)
    ):
        return text
    return f"round_{name}({text})" if name in ("float16", "bfloat16") else text


EXACT = {"maximum", "minimum", "where", "fabs", "sign", "isnan", "isinf", "floor", "ceil", "trunc", "rint"}
EXACT_PARTS = (
    ast.Expression, ast.Name, ast.Load, ast.Call, ast.UnaryOp, ast.USub, ast.Compare, ast.cmpop, ast.BoolOp, ast.boolop, ast.Constant, ast.IfExp,
)  # fmt: skip


@lru_cache(maxsize=4096)
def is_exact(expression: str) -> bool:
    """Whether the result is an operand, one but for its sign, or an integer near one: no 16-bit float has to be rounded to it."""
    for part in ast.walk(ast.parse(expression, mode="eval")):
        if not isinstance(part, EXACT_PARTS):
            return False
        if isinstance(part, ast.Call) and not (isinstance(part.func, ast.Name) and part.func.id in EXACT):
            return False
        if isinstance(part, ast.Constant) and part.value not in (0, 1):
            return False
    return True


def integer_of_float(x: str, result: str, source: str) -> str:
    """Source of a float's conversion to an integer type, which goes through the type that C takes on x86 (core/numeric.py).

    What is out of range, and NaN, gives the same numbers there: the smallest of that type.  They are named, because LLVM
    leaves open what such a conversion gives.
    """
    if result == "uint64":
        half = f"{source}(9223372036854775808.0)"
        upper = integer_of_float(f"({x} - {half})", "int64", source)
        return f"(uint64({upper}) ^ uint64(9223372036854775808) if {x} >= {half} else uint64({integer_of_float(x, 'int64', source)}))"
    bits = 64 if result in ("int64", "uint32") else 32
    bound, lowest = f"{source}({2.0 ** (bits - 1)!r})", f"int{bits}({-(2 ** (bits - 1))})"
    return f"{result}(int{bits}({x}) if -{bound} <= {x} and {x} < {bound} else {lowest})"


def _node_source(node, variables: tuple[str, ...]) -> str:
    op = node.op
    result = compute_type(node.outs[0].dtype.name)
    if op.types == "cast":
        source = compute_type(node.inputs[0].dtype.name)
        if result == "bool":
            return f"{variables[0]} != {source}(0)" if source != "bool" else variables[0]
        if source == "bool":
            return f"{result}({variables[0]})"
        if source.startswith("complex") and not result.startswith("complex"):
            variables, source = (f"real_{source}({variables[0]})",), "float32" if source == "complex64" else "float64"
        if result.startswith("complex") and not source.startswith("complex"):
            return f"{result}({'float32' if result == 'complex64' else 'float64'}({variables[0]}))"
        if "int" in result and "float" in source:
            return integer_of_float(variables[0], result, source)
        return f"{result}({variables[0]})"
    if op.types == "bits":
        return f"uint32(philox_uint32(int64({variables[0]}), int64({variables[1]}), int64({variables[2]})))"
    operand = compute_type(node.inputs[-1].dtype.name)
    text = write(op.expression, op.args, variables, operand)
    return typed(text, result)


def start(node) -> str:
    """Source of what a reduction begins with."""
    dtype = compute_type(node.outs[0].dtype.name)
    first = node.op.start
    if first in ("lowest", "highest"):
        if "float" in dtype:
            return f"{dtype}({'-inf' if first == 'lowest' else 'inf'})"
        if dtype == "bool":
            return str(first == "highest")
        info = np.iinfo(dtype)
        return f"{dtype}({info.min if first == 'lowest' else info.max})"
    return f"{dtype}({first})" if dtype != "bool" else str(bool(int(first)))


def combine(node, acc: str, x: str) -> str:
    """Source of a reduction's accumulator with one more element."""
    dtype = compute_type(node.outs[0].dtype.name)
    text = write(node.op.combine, ("acc", "x"), ("ACC__", "X__"), dtype).replace("ACC__", acc).replace("X__", x)
    return f"{dtype}({text})" if dtype != "bool" else text


# ---------------------------------------------------------------- a reduction along a loop
def _is_extreme_of_floats(node) -> bool:
    return node.op.start in ("lowest", "highest") and "float" in node.outs[0].dtype.name


def begin(node, acc: str) -> list[str]:
    """Lines before a loop that reduces to the variable ``acc``.

    Of extremes of floats, whether a NaN was there is noted beside: with it in the same operation, LLVM needs three instructions
    for each of the steps by which it reduces a vector at the end.
    """
    return [f"{acc} = {start(node)}", *([f"{acc}_nan = False"] if _is_extreme_of_floats(node) else [])]


def add(node, acc: str, x: str) -> list[str]:
    if not _is_extreme_of_floats(node):
        return [f"{acc} = {combine(node, acc, x)}"]
    beyond = "greater_of" if node.op.start == "lowest" else "lesser_of"
    return [f"{acc} = {beyond}({acc}, {x})", f"{acc}_nan = {acc}_nan | isnan({x})"]


def finish(node, acc: str) -> list[str]:
    return [f"{acc} = nan_where({acc}_nan, {acc})"] if _is_extreme_of_floats(node) else []
