"""The recorded edges as functions of minispore and their inputs: for tests/test_op_edges.py and tools/edges_table.py."""

import functools
import json
import math
import pathlib
import re

import numpy as np

import minispore as ms
from minispore import Tensor, mint, nn, ops
from minispore.core.samples import edge_points

RECORDS = pathlib.Path(__file__).parent.parent / "tests" / "records"
CASES = json.loads((RECORDS / "edges.json").read_text())["cases"]
LIBRARY = json.loads((RECORDS / "edges_library.json").read_text())["cases"]
CHOICES = json.loads((RECORDS / "edges_choices.json").read_text())


INDICES = ("indices", "segment_ids")


def function_of(case):
    """The function of minispore, applied to the arrays of the case and its further arguments."""
    if not re.fullmatch(r"\w+\.\w+(\(\))?", case["function"]):
        return expression_of(case["function"])
    module, name = case["function"].split(".")
    found = getattr({"ops": ops, "mint": mint}[module], name.removesuffix("()"))
    found = found() if name.endswith("()") else found
    more = {k: Tensor(np.array(v, np.int32)) if k in INDICES else tuple(v) if isinstance(v, list) else v
            for k, v in case["arguments"].items()}  # fmt: skip
    if "indices" in more:
        return lambda x, u: found(x, more["indices"], u)
    if "segment_ids" in more:
        return lambda x: found(x, more["segment_ids"], more["num_segments"])
    if name.endswith("()"):
        return lambda x: found(x, *more.values())

    def call(*inputs):
        out = found(*inputs, **more)
        return out[0] if isinstance(out, tuple) else out

    return call


@functools.cache
def expression_of(text):
    """A function of the inputs that an expression calls x, y and z (tools/edge_expressions.py)."""
    known = {
        "ops": ops, "mint": mint, "nn": nn, "index": lambda v: Tensor(np.array(v, np.int32)), "mask": lambda v: Tensor(np.array(v)),
        "number": lambda v: Tensor(np.array(v, np.float64)),
    }  # fmt: skip
    return eval("lambda x, y=None, z=None: " + text, known)


def inputs_of(case):
    if case["edge"] == "points":
        return edge_points(case["inputs"])
    return [np.array(a, np.float64).reshape(s) for a, s in zip(case["arrays"], case["shapes"])]


def everything(case):
    """A function that gives the value, the gradients and the second derivatives, as the record has them."""
    function, plain = function_of(case), case["edge"] == "points"

    def weighed(x):
        if plain:
            return x.sum()
        w = np.cos(0.7 * np.arange(math.prod(x.shape)) + 0.3).reshape(x.shape)
        return (x * Tensor(w)).sum()

    def run(*inputs):
        places = tuple(range(len(inputs)))
        out = [function(*inputs)]
        if "gradient" in case:
            first = ms.grad(lambda *t: weighed(function(*t)), places)
            out += first(*inputs) if len(places) > 1 else [first(*inputs)]
        if "second" in case:
            for k in places:

                def of_one(*t, k=k):
                    g = ms.grad(lambda *t: weighed(function(*t)), places)(*t)
                    return weighed(g[k] if len(places) > 1 else g)

                second = ms.grad(of_one, places)(*inputs)
                out += second if len(places) > 1 else [second]
        return tuple(out)

    return run
