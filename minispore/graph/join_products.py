"""A pass: a sum of matrix products is one product of longer matrices.

``x1 @ y1 + x2 @ y2`` is ``concat(x1, x2; columns) @ concat(y1, y2; rows)``.  The gradient of a weight that is used in every
step of a recurrent network is such a sum, with a term for each step: many products of few columns, whose results are as
large as the weight and have to be added.
"""

from collections import Counter

from ..core.ir import Graph
from ..core.op import REGISTRY
from ..core.record import Node, Value

MOST_COPIES = 4  # terms are joined where their matrices have at most so many times the elements of the result


def join_products(graph: Graph, record) -> Graph:
    """Joins the products of each sum whose terms nothing else reads."""
    record.became.update([(id(v), v) for node in graph.nodes for v in node.outs])
    if not any(_is_sum(node) and any(map(_is_product, node.inputs)) for node in graph.nodes):
        return graph
    uses = Counter([id(v) for node in graph.nodes for v in node.inputs])
    uses.update(id(v) for v in graph.roots())
    inner = {id(v) for node in graph.nodes if _is_sum(node) for v in node.inputs if _is_term_of(v, node, uses)}
    nodes: list[Node] = []
    became = record.became
    for node in graph.nodes:
        new = node if all(became.get(id(v), v) is v for v in node.inputs) else node.reading(
            tuple(became.get(id(v), v) for v in node.inputs))  # fmt: skip
        if _is_sum(node) and id(node.outs[0]) not in inner:
            made = _joined(node, uses, became)
            if made:
                record.fired.append(("join_products", node, made[-1].outs[0]))
                nodes += made
                became[id(node.outs[0])] = made[-1].outs[0]
                continue
        nodes.append(new)
        became.update((id(a), b) for a, b in zip(node.outs, new.outs))
    if not record.fired:
        return graph
    return Graph(
        graph.inputs, graph.captures, graph.parameters, tuple(nodes), tuple(became.get(id(v), v) for v in graph.outputs),
        tuple((p, became.get(id(v), v)) for p, v in graph.updates), graph.calls,
    )  # fmt: skip


def _is_sum(node: Node) -> bool:
    v = node.outs[0]
    return node.op.name == "add" and len(v.shape) == 2 and v.dtype.is_float and v.dtype.itemsize >= 4


def _is_product(v: Value) -> bool:
    return v.node is not None and v.node.op.name == "matmul"


def _is_term_of(v: Value, node: Node, uses) -> bool:
    """Whether ``v`` is a sum that only ``node``, another sum of its type, reads."""
    out = node.outs[0]
    return v.node is not None and _is_sum(v.node) and uses[id(v)] == 1 and (v.shape, v.dtype) == (out.shape, out.dtype)


def _joined(root: Node, uses, became) -> list[Node]:
    """The nodes that compute the sum ``root`` with one product; empty where there is nothing to join."""
    terms: list[Value] = []
    stack = list(reversed(root.inputs))
    while stack:
        v = stack.pop()
        if v.node is not None and _is_term_of(v, root, uses):
            stack += reversed(v.node.inputs)
        else:
            terms.append(v)
    candidates = [v for v in terms if _is_product(v) and uses[id(v)] == 1]
    products = [v.node for v in candidates if v.node is not None and len(candidates) > 1 and _is_short(v)]
    joined = {id(p) for p in products}
    others = [became.get(id(v), v) for v in terms if id(v.node) not in joined]
    if len(products) < 2 or any(v.shape not in ((), root.outs[0].shape) for v in others):
        return []
    products.sort(key=_age)
    nodes: list[Node] = []
    columns = _side_by_side([became.get(id(p.inputs[0]), p.inputs[0]) for p in products], 1, root, nodes)
    rows = _side_by_side([became.get(id(p.inputs[1]), p.inputs[1]) for p in products], 0, root, nodes)
    total = _add_node(nodes, products[0].op, (columns, rows), {}, root)
    for v in others:
        total = _add_node(nodes, root.op, (total, v), {}, root)
    return nodes


def _is_short(v: Value) -> bool:
    """Whether copies of the product's two matrices cost less than adding its result to a sum."""
    assert v.node is not None
    (m, n), k = v.shape, v.node.inputs[0].shape[-1]
    return len(v.node.inputs[0].shape) == 2 and 0 < k * (m + n) <= MOST_COPIES * m * n


def _age(product: Node) -> int:
    """When the older of the two matrices was made: terms are put in the order of the forward computation."""
    return min(v.node.id if v.node is not None else -1 for v in product.inputs)


def _side_by_side(parts: list[Value], axis: int, like: Node, nodes: list[Node]) -> Value:
    """The concatenation; of matrices that are all transposed, the transposed concatenation of what they show."""
    if all(v.node is not None and v.node.op.name == "transpose" and v.node.attrs["perm"] == (1, 0) for v in parts):
        sources = tuple(v.node.inputs[0] for v in parts if v.node is not None)
        joint = _add_node(nodes, REGISTRY["concat"], sources, {"axis": 1 - axis}, like)
        return _add_node(nodes, REGISTRY["transpose"], (joint,), {"perm": (1, 0)}, like)
    return _add_node(nodes, REGISTRY["concat"], tuple(parts), {"axis": axis}, like)


def _add_node(nodes: list[Node], op, inputs, attrs, like: Node) -> Value:
    nodes.append(Node(op, tuple(inputs), attrs, op.infer(*inputs, **attrs), like.location, like.scope, like.forward))
    return nodes[-1].outs[0]
