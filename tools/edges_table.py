"""Writes docs/edges.md: where we choose otherwise than PyTorch, and which edges of which functions are compared.

``python tools/edges_table.py`` writes the file; with ``--check`` it fails where the file is not what it would write.
It fails, too, where a differentiable op appears in no recorded function and has no reason in ``ELSEWHERE``.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

from edge_cases import CASES, LIBRARY, everything, function_of, inputs_of

from minispore import Tensor
from minispore.core.op import REGISTRY
from minispore.graph.trace import trace

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "tests" / "records"
TARGET = ROOT / "docs" / "edges.md"

ELSEWHERE = {  # differentiable ops without edges of their own
    **dict.fromkeys(
        (
            "complex_from_parts",
            "conjugate",
            "fourier",
            "fourier_half",
            "fourier_of_half",
            "imaginary_part",
            "real_part",
        ),
        "of complex numbers: tests/test_complex.py",
    ),
    **dict.fromkeys(("eig", "eigh", "lapack_solve"), "LAPACK computes it: tests/test_scipy.py"),
    **dict.fromkeys(
        ("inverse", "singular_values"), "of matrices from 24 rows on, by LAPACK: tests/test_larger_matrices.py"
    ),
    "again": "the identity, for recomputation: tests/test_custom_and_recompute.py",
    "assigned": "the identity, of an assignment: tests/test_assigned_parameters.py",
    "collective": "several processes take part: tests/test_parallel.py",
    "compiled_call": "holds a graph: tests/test_pynative_pieces.py",
    "cond": "holds graphs: tests/test_control_flow.py",
    "custom": "a function of the user: tests/test_custom_gradient.py",
    "for_examples": "the identity, of mapped branches: tests/test_control_flow_vmap.py",
    "loop": "holds a graph: tests/test_control_flow.py",
    "matmul_shown": "a product behind a mask, made by a rule: tests/test_masked_attention.py",
    "next_after": "a step to the next number, with the gradient 1 as in MindSpore: tests/test_outcomes.py",
    **dict.fromkeys(
        ("rounded_gelu", "rounded_silu", "rounded_tanh_gelu"),
        "`gelu` and `silu` of 16-bit floats: tests/test_nn_ops.py",
    ),
    "tanh_gelu": "`gelu` with tanh in the place of erf: tests/test_nn_ops.py",
    "shown_outside": "the identity, of a view from outside: tests/test_changes_from_outside.py",
}
HEAD = """# Edges

Zeros, ties, infinities, NaN, no elements, the ends of a type: `minispore/core/samples.py` makes these inputs for every function
in the table below, and `tests/test_op_edges.py` compares value, gradient and second derivative in both modes with what
{origin} recorded; tools/edge_expressions.py has those with further arguments. `tests/test_edge_values.py` has the answers that follow from a formula: products with factors 0,
float16 sums, determinants of any rank. This page is written by `tools/edges_table.py`.

## What holds everywhere

- **The gradient of a product** is the product of the other factors, at any number of zeros and for derivatives of any order:
  `prod`, `ReduceProd`, `cumprod`, products of segments and scattered products, `det`.
- **Ties.** `amax`, `amin`, `maximum`, `minimum`, `fmax`, `fmin` share the gradient equally; `max` and `min` along an axis name one
  position, the first, and it has the gradient (PyTorch, MindSpore).
- **An infinite gradient** goes where the result came from; elsewhere the gradient of an extreme, of a scattered extreme or of `sign`
  is 0, where a product with 0 would be NaN (PyTorch).
- **Sines, cosines and tangents** are those of libm at any angle, in compiled calls too.
- **A norm, a deviation, a length of 0** (`norm`, `std`, `hypot`, distances) has the gradient 0, as in PyTorch; JAX and MindSpore have NaN.
- **x ** 0** has the gradient 0 at 0, as in PyTorch; JAX and MindSpore have NaN, and with it a polynomial.
- **0 log(0)** (`xlogy`) is 0 and so is its gradient for the logarithm's argument; PyTorch, JAX and MindSpore have NaN there. For
  `input` 0 and `other` above 0 the gradient is `log(other)`, and of `xdivy` it is `1 / other` (TensorFlow and MindSpore: 0).
- **NaN shows**: `median`, `sign`, `hardshrink`, `softshrink`, `amax`, `relu`, `tensor_scatter_max` and `unsorted_segment_max` (and `min`) of a NaN are NaN, where MindSpore's CPU drops it; `nanmedian` and its like leave it out.
- **floor_divide of infinities** is `floor(x / y)`, as in MindSpore: inf // 2 is inf and 1 // -inf is 0, where Python and NumPy
  have NaN and -1. Of finite numbers it is exact, as in NumPy. `fmod` and `remainder` are exact, as in C and NumPy; MindSpore's are not.
- **16-bit floats** are summed in float32: means, variances, norms and losses overflow only if the result itself does.
- **No elements**: sum 0, product 1, `any` False, `all` True, `logsumexp` -inf, mean NaN; an extreme or a median is a ValueError.
- **Convolution and pooling** treat each window by itself: a NaN or an infinity reaches the windows that see it, a padded zero counts
  like one of the image, the first of equal elements is the largest, and a batch of 0 gives 0 results. Two exceptions, where the
  result is NaN in place of an infinity, or beside one: 3x3 convolutions of many channels with stride 1 are computed by Winograd's
  formula, whose six inputs of four outputs are added and subtracted before they are multiplied (infinity minus infinity), as in other
  libraries that use it; and compiled gradients read a zero where the window leaves the image or the result, which an infinite
  weight or pixel turns into NaN. To leave such places out would cost every finite step a test in the innermost loop.
- **Singular matrices**: `inverse` and `matrix_solve` give infinities and NaN, as a division by 0 does (PyTorch and JAX raise or give the
  same, MindSpore gives zeros); `cholesky` of a matrix that is not positive definite is an error. Singular vectors of a singular value 0
  are an orthonormal completion; second derivatives of `pinv` hold where singular values are equal, too.
- **Order**: `sort`, `argsort`, `topk` are stable and place NaN last; the first of equal elements has the gradient.
- **Repeated indices**: gradients add up; of several rows written to one place the last counts, and has the gradient.
- **Losses**: certain and right costs 0 and has gradient 0, in `binary_cross_entropy` too (PyTorch, MindSpore); where every element is
  left out, a mean is NaN and its gradient 0 (PyTorch, MindSpore); a sum is 0. CTC: empty targets cost their blanks, too short inputs infinity.
- **Normalisations** of equal elements are 0 with the gradient of the formula with epsilon; a batch of one and an empty batch are allowed.
- **Integers**: sums and products are int64, of uint64 uint64; a shift by more than all bits, or by a negative number, is 0 (or the sign).
- A derivative *at* NaN, at -0.0 or at an infinity is compared where PyTorch has a number and we have one.

## Where we choose otherwise than PyTorch
"""


def choices() -> list[str]:
    found = ["| function | of | where | answer | why |", "|---|---|---|---|---|"]
    for c in json.loads((RECORDS / "edges_choices.json").read_text()):
        names = ", ".join(f"`{n.removeprefix('ops.')}`" for n in c["functions"])
        if c["answers"] is None:
            where, answer = c["edge"], "not compared"
        else:
            shown = c["answers"][:3]
            where = ", ".join("(" + ", ".join(f"{x:g}" for x in at) + ")" for at, _ in shown)
            where += ", ..." if len(c["answers"]) > 3 else ""
            answer = ", ".join("not compared" if a is None else f"{a:.6g}" for _, a in shown)
            answer += ", ..." if len(c["answers"]) > 3 else ""
        found.append(f"| {names} | {', '.join(c['of'])} | {where} | {answer} | {c['reason']} |")
    return found


def covered(cases) -> list[str]:
    by_function = defaultdict(dict)
    for c in cases:
        depth = "refused" if "error" in c else "second" if "second" in c else "gradient" if "gradient" in c else "value"
        by_function[c["function"]].setdefault(c["edge"], depth)
    mark = {"second": "2", "gradient": "1", "value": "0", "refused": "E"}
    plain = sorted(n for n, edges in by_function.items() if "points" in edges)
    found = ["", "## Which edges are compared", "", "By elements, at every combination of 0, -0, 1, -1, 1/2, 2, -3, 1e-300, "
             "-1e300, inf, -inf and NaN, up to the second derivative:", ""]  # fmt: skip
    found.append(", ".join(f"`{n.removeprefix('ops.')}`" for n in plain) + ".")
    edges = list(dict.fromkeys(c["edge"] for c in cases if c["edge"] != "points"))
    found += [
        "",
        "By arrays: up to the second derivative (2), the gradient (1), the value (0), or refused as by PyTorch (E).",
        "",
    ]
    found += ["| function | " + " | ".join(edges) + " |", "|---" * (len(edges) + 1) + "|"]
    for name in sorted(set(by_function) - set(plain)):
        row = [mark.get(by_function[name].get(e, ""), "") for e in edges]
        found.append(f"| `{name.removeprefix('ops.')}` | " + " | ".join(row) + " |")
    return found


def expressions() -> list[str]:
    found = ["", "Other functions, with further arguments: expressions of the inputs `x` and `y`.", ""]
    found += ["| expression | edges, up to the second derivative (2), the gradient (1), the value (0) |", "|---|---|"]
    rows = defaultdict(lambda: defaultdict(list))
    for c in LIBRARY:
        depth = "refused" if "error" in c else 2 if "second" in c else 1 if "gradient" in c else 0
        rows[c["function"]][depth].append(c["edge"])
    for name, depths in rows.items():
        shown = "; ".join(f"{', '.join(edges)} ({depth})" for depth, edges in depths.items())
        found.append(f"| `{name}` | {shown} |")
    return found


def elsewhere() -> list[str]:
    found = ["", "Every differentiable op is part of a function above, but for these:", ""]
    return found + [f"- `{name}`: {reason}." for name, reason in ELSEWHERE.items()]


def ops_of_cases() -> set[str]:
    """The ops that the recorded functions, and the derivatives of those of arrays, are made of."""
    found, done = set(), set()
    for case in [*CASES, *LIBRARY]:
        if "error" in case or case["function"] in done or not all(x.size for x in inputs_of(case)):
            continue
        done.add(case["function"])
        function = function_of(case) if case["edge"] == "points" else everything(case)
        graph = trace(function, [Tensor(x) for x in inputs_of(case)], {})[0]
        found |= {node.op.name for node in graph.nodes}
    return found


def without_edges() -> list[str]:
    """Differentiable ops of the package that no recorded function contains, and for which no reason is given."""
    found = ops_of_cases()
    ours = [name for name, op in sorted(REGISTRY.items()) if op.vjp is not None and is_ours(op)]
    return [name for name in ours if name not in found and name not in ELSEWHERE]


def is_ours(op) -> bool:
    """Whether the package defines the op, and not a user or an example."""
    parts = op.vjp if isinstance(op.vjp, tuple) else (op.vjp,)
    return any((getattr(p, "__module__", None) or "").startswith("minispore.") for p in parts)


def text() -> str:
    record = json.loads((RECORDS / "edges.json").read_text())
    origin = record["origin"].partition(", ")[0]
    return (
        "\n".join(
            [HEAD.replace("{origin}", origin), *choices(), *covered(record["cases"]), *expressions(), *elsewhere()]
        )
        + "\n"
    )


if __name__ == "__main__":
    if "--check" in sys.argv:
        missing = ", ".join(without_edges())
        if missing:
            sys.exit(f"no edges for {missing}: add a line to tools/edge_expressions.py, or a reason to ELSEWHERE")
        sys.exit("docs/edges.md is out of date: run tools/edges_table.py" if TARGET.read_text() != text() else 0)
    TARGET.write_text(text())
