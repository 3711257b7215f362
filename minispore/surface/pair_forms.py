"""What MindSpore's primitives ask of their inputs together: types of both that have no kernel, one type, one shape, numbers of axes.

They were asked of MindSpore 2.10.  ``refusals.py`` compares users' calls with them.
"""

from collections.abc import Callable
from typing import Any

from ..core.errors import fail
from ..core.tensor import Tensor

# types: primitives that have no kernel where the first two inputs are of these; with another type beside, they are promoted first
_NO_KERNEL = {
    "Bool": """
        Add AddV2 ApproximateEqual AssignAdd AssignSub Atan2 BatchMatMul CumProd Cummax Cummin DivNoNan EqualCount Exp FloorMod Fmax Fmin
        Hypot MatMul Minimum Mod MulNoNan Pow RealDiv ReduceMean Round SmoothL1Loss Sort SquaredDifference Sub TensorAdd TruncateDiv
        TruncateMod Unique Xdivy Xlogy
    """,
    "Int8 UInt8": """
        ApproximateEqual Atan2 DivNoNan EqualCount Fmax Fmin Gcd Hypot Lcm Round SmoothL1Loss SquaredDifference Xdivy Xlogy
    """,
    "Int16": """
        ApproximateEqual Atan2 DivNoNan Fmax Fmin Hypot Lcm Round SmoothL1Loss SquaredDifference TruncateMod Xdivy Xlogy
    """,
    "Int32": "ApproximateEqual Atan2 DivNoNan Hypot SmoothL1Loss Xdivy Xlogy",
    "Int64": "ApproximateEqual Atan2 DivNoNan Exp Hypot SmoothL1Loss TruncateMod Xdivy Xlogy",
    "UInt16": """
        AddV2 ApproximateEqual Atan2 DivNoNan EqualCount FloorMod Fmax Fmin Gcd Hypot IsClose Lcm MatMul Mod Round SmoothL1Loss
        SquaredDifference TruncateMod Xdivy Xlogy
    """,
    "UInt32 UInt64": """
        AddV2 ApproximateEqual Atan2 DivNoNan EqualCount FloorMod Fmax Fmin Gcd Hypot IsClose Lcm MatMul Mod Round SmoothL1Loss
        SquaredDifference Sub TruncateMod Unique Xdivy Xlogy
    """,
    "Complex64 Complex128": "EqualCount FloorMod Mod TruncateMod Unique",
    "Float64": "EqualCount",
}
_ONE_TYPE = frozenset(
    """BatchMatMul Cdist EqualCount Ger Heaviside Igamma Igammac IsClose KLDivLoss LeftShift LowerBound Lstsq MatMul Polar RightShift
    SigmoidCrossEntropyWithLogits SoftmaxCrossEntropyWithLogits SquareSumAll UpperBound Zeta""".split()
)
_ONE_SHAPE = dict.fromkeys("AddV2 EqualCount KLDivLoss Polar SmoothL1Loss SquareSumAll Zeta".split(), ValueError) | dict.fromkeys(
    ("ApproximateEqual", "Complex"), RuntimeError
)  # fmt: skip
# (place, number of axes, "+": or more): primitives
_AXES = {
    (0, "1"): "Ger ListDiff Unique", (1, "1"): "Ger ListDiff", (0, "2"): "LowerBound Pdist SoftmaxCrossEntropyWithLogits UpperBound",
    (0, "1+"): "Argmax Argmin",
    (0, "3+"): "AdjustHue AdjustSaturation", (0, "4"): "Dropout2D", (0, "5"): "AvgPool3D Dropout3D MaxPool3D",
}  # fmt: skip
_ONE_INPUT = frozenset("CumProd Cummax Cummin Exp ReduceMean Round Sort Unique".split())
_RUNTIME_ERRORS = {
    "kernel": frozenset(("ReduceMean", "Round")),
    "axes": frozenset(("Unique",)),
}  # where others' are Type- or ValueErrors


def _by_name() -> tuple[dict[str, set[str]], dict[str, list[tuple[int, str]]]]:
    types: dict[str, set[str]] = {}
    axes: dict[str, list[tuple[int, str]]] = {}
    for of, names in _NO_KERNEL.items():
        for name in names.split():
            types.setdefault(name, set()).update(of.split())
    for place_and_number, names in _AXES.items():
        for name in names.split():
            axes.setdefault(name, []).append(place_and_number)
    return types, axes


_TYPES_OF, _AXES_OF = _by_name()


def of_inputs(name: str) -> Callable[[tuple[Any, ...]], Exception | None] | None:
    """The inputs of a call -> the error, or None; None where nothing is asked."""
    tables: list[tuple[Any, Callable]] = [
        (_TYPES_OF, _kernel),
        (_ONE_TYPE, _type),
        (_ONE_SHAPE, _shape),
        (_AXES_OF, _axes),
    ]
    asked = [check(name, known[name] if isinstance(known, dict) else None) for known, check in tables if name in known]
    return (lambda inputs: next((e for e in (a(inputs) for a in asked) if e is not None), None)) if asked else None


def _kernel(name: str, types):
    least = 1 if name in _ONE_INPUT else 2
    error = RuntimeError if name in _RUNTIME_ERRORS["kernel"] else TypeError

    def check(inputs):
        first = [x.dtype for x in inputs if isinstance(x, Tensor)][:2]
        if len(first) >= least and types.issuperset(map(str, first)):
            return fail(error, f"For '{name}', inputs of {first[0]} are not supported.")
        return None

    return check


def _pair(inputs):
    return len(inputs) > 1 and isinstance(inputs[0], Tensor) and isinstance(inputs[1], Tensor)


def _type(name: str, _):
    def check(inputs):
        if not _pair(inputs) or inputs[0].dtype is inputs[1].dtype:
            return None
        return fail(
            TypeError, f"For '{name}', the inputs must have one type, but got {inputs[0].dtype} and {inputs[1].dtype}."
        )

    return check


def _shape(name: str, error: type[Exception]):
    def check(inputs):
        if not _pair(inputs) or inputs[0].shape == inputs[1].shape:
            return None
        return fail(
            error, f"For '{name}', the inputs must have one shape, but got {inputs[0].shape} and {inputs[1].shape}."
        )

    return check


def _axes(name: str, places: list[tuple[int, str]]):
    error = RuntimeError if name in _RUNTIME_ERRORS["axes"] else ValueError

    def check(inputs):
        for place, number in places:
            x = inputs[place] if place < len(inputs) else None
            if isinstance(x, Tensor) and (x.ndim < int(number[0]) or (x.ndim > int(number[0]) and "+" not in number)):
                wanted = f"{number[0]} or more" if "+" in number else number
                return fail(error, f"For '{name}', input {place} must have {wanted} axes, but its shape is {x.shape}.")
        return None

    return check


__all__ = ["of_inputs"]
