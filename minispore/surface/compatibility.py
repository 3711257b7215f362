"""Writes docs/compatibility.md from the code: ``python -m minispore.surface.compatibility > docs/compatibility.md``.

A name works, or is accepted (its docstring says so: "Accepted ..."), or is missing, as are those that are there for imports alone
(their docstrings say "Not supported ...").  Deliberate differences are
in docstrings after "Unlike MindSpore", and in DIFFERENCES where they concern several names.
"""

import inspect
import re
from importlib import import_module
from textwrap import fill
from types import ModuleType

from .names import Name, of_mindspore
from .paths import OURS

THEIRS = "mindspore"

TITLES = {1: "Used in at least 5 % of the projects", 2: "in 1 %", 3: "in some", 4: "in none of them"}

DIFFERENCES = [
    ("Compiled code", "In GRAPH mode a construct runs as Python while it is compiled. Errors, values and gradients are those of "
     "PYNATIVE mode. A line that needs the value of a Tensor, or sets an attribute of a Cell that construct has read "
     "before, is run by Python at each call, between compiled pieces, with one warning: docs/control_flow.md. Text (`print`, `try`, dicts by value) that MindSpore "
     "refuses there works as well."),
    ("Exact functions", "`tanh`, `sigmoid`, `exp` and their kind are correct to a few units in the last place in both modes; "
     "MindSpore's CPU kernels are off by up to 1e-4 for `tanh`."),
    ("Shapes that depend on values", "In GRAPH mode a line with `ops.nonzero`, `ops.unique`, `ops.masked_select` or a mask as an "
     "index runs op by op, between compiled pieces: a graph's shapes are known before it runs."),
    ("`ops.full`", "A float fills with a float; MindSpore 2.10 gives int64 ones for `full((2, 2), 1.5)`."),
    ("Random numbers", "The same seed gives the same numbers in both modes, for any number of threads; they are other "
     "numbers than MindSpore's."),
    ("Gradients of targets", "`nn.KLDivLoss`, `nn.SoftmaxCrossEntropyWithLogits` and `ops.ctc_loss` have the gradient that their formula "
     "has, with respect to every input; MindSpore gives zeros for labels, and for CTC the gradient through a softmax."),
    ("Update kernels", "The optimizers follow their documents where MindSpore's CPU kernels do not: there ApplyMomentum ignores "
     "`use_nesterov`, ApplyAdagrad ignores `update_slots`, and ApplyFtrl drops the sign of `l1`."),
    ("Weights changed between a loss and its gradient", "In PYNATIVE mode, where `set_grad` was called, `network(x)`, a change of a weight, and then "
     "`grad(network)(x)` run the network twice, and the gradient is that of the new weights; MindSpore runs it once and mixes the two."),
    ("`has_aux` with one output", "`grad(..., has_aux=True)` of a function with one output is a ValueError in both modes."),
    ("`nn.CellList` after a deletion", "Parameters are numbered by the new positions; MindSpore keeps one number of the old."),
    ("`nn.CellList(a, b)`", "Several arguments are a TypeError; MindSpore makes an empty list of them, and so `nn.CellDict`."),
    ("Frozen weights", "`requires_grad = False` freezes a weight from the next step on, in both modes: an optimizer leaves it as it is. In "
     "MindSpore's PYNATIVE mode its gradient is zero, while momentum and weight decay still move it; its GRAPH mode ignores the flag. What `grad` returns for it is as there."),
    ("Weight decay", "A weight decay that is changed while training takes effect in both modes."),
    ("`Optimizer.get_lr()` of groups", "Outside construct it gives one value for each group."),
    ("Devices", "`device_target=\"GPU\"` or `\"Ascend\"` is accepted with one warning; the step runs on the CPU. Settings that speak of "
     "devices are kept and without effect."),
    ("Products of two types", "`matmul`, `bmm`, `dense`, `einsum` and layers take two types of numbers, and compute in the wider one, as sums do; "
     "MindSpore's CPU kernels raise a TypeError: a script that is to run there, too, casts one of them."),
    ("float16", "Sums and matrix products of float16 and bfloat16 are computed in float32 and rounded once."),
    ("Edges", "The gradients of `norm`, `std`, `hypot` and distances at length 0, and of `x ** 0` at 0, are 0, where MindSpore has NaN; so is that "
     "of `xlogy` for the logarithm's argument where the factor is 0, and for `input` 0 it is `log(other)`, of `xdivy` `1 / other`, where MindSpore has 0. "
     "`sign` of NaN is NaN, where MindSpore has 0. `fmod` and `remainder` are exact. docs/edges.md has the rest."),
    ("Errors", "A step that raises, or is interrupted, leaves Parameters, moments, statistics and counters as they were. Wrong arguments "
     "raise a TypeError or ValueError that names the function and the user's line; tracebacks of uncaught errors leave out frames inside the package."),
    ("Progress", "`Model.train` and `Model.fit` show progress on stderr; `set_context(progress=False)` does not."),
    ("Complex numbers", "The gradient of a real loss by z = x + iy is dL/dx + i dL/dy for all ops; MindSpore 2.10 has none for complex products, powers and "
     "means, and for `cumprod`, `xdivy` and `polar` another one. Complex and other types mix in products too. `rfft` and `ihfft` of "
     "complex inputs, and of float64, give what their documents say, where MindSpore's rows are displaced."),
    ("Denormal numbers", "They are zero in compiled steps on x86, which `set_context(flush_denormals=False)` changes."),
    ("`bucket_batch_by_length`", "It measures the columns of `column_names`; MindSpore 2.10 measures the first column, whatever is named."),
    ("`ROIAlign`", "A region smaller than its cells has one sample in each cell, where MindSpore has NaN."),
    ("Comparison with arrays", "`Tensor([1, 2]) == np.array([1, 2])` compares element by element, as the reverse does, where MindSpore's is False."),
    ("Containers that are differentiated", "`grad` of a tuple, list or dict gives the gradients in its form; MindSpore leaves out what is not "
     "`mutable`, so that its result may be ()."),
    ("`ops.HookBackward`", "Its function is called in both modes; MindSpore's GRAPH mode ignores it."),
    ("One Parameter as argument and weight", "`grad(net, None, [w])(w)` counts both places, in both modes; MindSpore's GRAPH mode counts the second alone."),
    ("Writing to arguments", "`x[0] = ...` in a compiled function changes the caller's Tensor, as in PYNATIVE mode; MindSpore's "
     "GRAPH mode changes a copy."),
    ("`t += x` of a Tensor that an attribute holds", "`t` becomes a new Tensor in both modes; MindSpore's GRAPH mode changes the one that is held."),
    ("Lists of a Cell or a module that compiled code changes", "each call changes them, in both modes; MindSpore's GRAPH mode forgets items that are set or appended when the call ends."),
    ("Files", "MINDIR files of MindSpore and `MapParameter` are not read."),
    ("Parallel training", "Several processes train data parallel over MPI; tensor and pipeline parallelism are errors among several ranks."),
]  # fmt: skip


# Names that projects use and that stay missing: why.
REASONS = [
    ("`ops.CustomOpBuilder`", "It builds operators in C++ for MindSpore's own runtime; `ops.Custom` takes Python that is compiled."),
    ("`ops.concatcat`", "A name that MindSpore never had."),
    ("`compression.quant.QuantizationAwareTraining`, `dataset.GraphData`, `dataset.evaluate`", "Dropped by MindSpore before 2.10."),
]  # fmt: skip


def _found(path: str):
    """The object at a path like "mindspore.nn.Cell.shard"; raises AttributeError."""
    parts = path.split(".")[1:]
    here: object = import_module(OURS)
    for k, part in enumerate(parts):
        try:
            here = getattr(here, part)
        except AttributeError:
            if not isinstance(here, ModuleType) or k == len(parts) - 1:
                raise
            try:
                here = import_module(f"{here.__name__}.{part}")
            except ModuleNotFoundError:
                raise AttributeError(path) from None
    return here


def _member(module: str, name: str):
    """The object with this name in a module or class; properties and instance attributes are not evaluated."""
    owner = _found(module)
    if isinstance(owner, type):
        return inspect.getattr_static(owner, name, None) or getattr(owner, name, None) or _of_instance(owner, name)
    return _found(f"{module}.{name}")


def _of_instance(owner: type, name: str):
    """An attribute that ``__init__`` sets, of an instance made for this."""
    from .. import Parameter, Tensor, nn

    weight = Parameter(Tensor([1.0]), name="weight")
    made: dict = {nn.Cell: nn.Cell, nn.Optimizer: lambda: nn.SGD([weight]), Parameter: lambda: weight}
    return getattr(made[owner](), name) if owner in made else getattr(owner, name)


def _doc(found) -> str:
    return (inspect.getdoc(found) or "") if callable(found) or isinstance(found, property) else ""


def status(module: str, name: str) -> str:
    """Whether a name of MindSpore is there.

    Args:
        module: str, such as "mindspore.nn"; or a class.
        name: str.

    Returns:
        "works", "accepted" or "missing".

    >>> status("mindspore.nn", "Dense"), status("mindspore.nn.Cell", "shard"), status("mindspore.nn", "Nothing")
    ('works', 'accepted', 'missing')
    >>> status("mindspore.dataset.text", "JiebaTokenizer")  # can be imported, and raises NotImplementedError when it is made
    'missing'
    """
    try:
        found = _member(module, name)
    except (AttributeError, ImportError):
        return "missing"
    said = re.match(r"Accepted\b|Not supported\b", _doc(found))
    return {"Accepted": "accepted", "Not supported": "missing"}[said[0]] if said else "works"


def unlike(found) -> str | None:
    """The rest of the sentence that begins with "Unlike MindSpore" in a docstring.

    Args:
        found: anything.

    Returns:
        str or None.
    """
    difference = re.search(r"Unlike MindSpore,?\s+(.+?[.])(\s|$)", _doc(found), re.DOTALL)
    return " ".join(difference[1].split()) if difference else None


def stated() -> dict[str, list[str]]:
    """The differences that docstrings state: {what is said: the names of MindSpore's that it is said of}.

    Returns:
        dict.

    >>> stated()["each row is cut by its own length."]
    ['mindspore.nn.EmbeddingLookup']
    """
    found: dict[str, list[str]] = {}
    for module, names in of_mindspore().items():
        for name in names:
            try:
                said = unlike(_member(module, name.name))
            except (AttributeError, ImportError):
                continue
            if said:
                found.setdefault(said, []).append(f"{module}.{name.name}")
    return found


def _paragraph(title: str, names: list[Name], mark: str) -> str:
    listed = ", ".join(f"`{n.name}`" + (" (dropped)" if n.dropped else "") for n in names)
    return fill(f"**{title}** ({mark}): {listed}.", 118, break_long_words=False, break_on_hyphens=False)


def _section(module: str, names: list[Name]) -> tuple[str, dict]:
    """The section of a module, and the counts of its names: {tier: [works, accepted, missing]}."""
    kinds = {n.name: status(module, n.name) for n in names}
    counts = {tier: [0, 0, 0] for tier in TITLES}
    for n in names:
        counts[n.tier][("works", "accepted", "missing").index(kinds[n.name])] += 1
    lines = [f"## `{module}`"]
    for kind, title in (("missing", "Missing"), ("accepted", "Accepted, without effect"), ("works", "Works")):
        for used, mark in (((1, 2, 3), "used in projects"), ((4,), "the rest")):
            chosen = [n for n in names if kinds[n.name] == kind and n.tier in used]
            if chosen:
                lines.append(_paragraph(title, chosen, mark))
    return "\n\n".join(lines), counts


def page() -> str:
    """The text of docs/compatibility.md.

    Returns:
        str.
    """
    sections, table = [], []
    total = {tier: [0, 0, 0] for tier in TITLES}
    for module, names in of_mindspore().items():
        text, counts = _section(module, names)
        sections.append(text)
        for tier, numbers in counts.items():
            total[tier] = [a + b for a, b in zip(total[tier], numbers)]
    notes = [f"- {', '.join(f'`{path}`' for path in paths)}: {said}" for said, paths in stated().items()]
    for tier, (works, accepted, missing) in total.items():
        table.append(f"| {TITLES[tier]} | {works} | {accepted} | {missing} |")
    differences = [fill(f"- {name}: {text}", 118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False) for name, text in DIFFERENCES]  # fmt: skip
    reasons = [fill(f"- {name}: {text}", 118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False) for name, text in REASONS]  # fmt: skip
    notes = [fill(n, 118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False) for n in notes]
    return "\n\n".join(
        [
            "# Compatibility with MindSpore 2.10",
            "Written by `python -m minispore.surface.compatibility > docs/compatibility.md`; a test compares the two.",
            "What is listed are MindSpore's public names, ordered by how many of some 230 public projects use them. A name "
            "works when it is there with MindSpore's arguments, values and errors. One that speaks of devices, clusters or "
            "MindSpore's compiler is accepted and does nothing. A missing one raises an AttributeError that points here, or, if it can be "
            "imported for the sake of files that do, a NotImplementedError when it is called. "
            "\"Dropped\" names are of older versions, which MindSpore 2.10 itself no longer has.",
            "\n".join(["| Names | work | accepted | missing |", "|---|---|---|---|", *table]),
            "## Differences on purpose",
            "\n".join([*differences, *notes]),
            "## Names that stay missing",
            "\n".join(reasons),
            *sections,
        ]
    ) + "\n"  # fmt: skip


if __name__ == "__main__":
    print(page(), end="")
