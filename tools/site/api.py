"""The pages of the API reference: every public name, grouped as users look for it.

``pages()`` needs nothing but minispore, so that a test can compare it with what ``dir`` shows without the tools of the site.
"""

import inspect
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

PACKAGE = "minispore"

# Public modules; a name that is in several of them is described in the first and referred to from the others.
MODULES = [
    "nn", "ops", "", "dataset", "dataset.transforms", "dataset.vision", "dataset.text", "train", "train.callback", "train.estimators",
    "amp", "common.initializer", "communication", "communication.comm_func", "parallel", "inspect", "debug", "extend", "mint", "mint.nn",
    "mint.nn.functional", "mint.linalg", "mint.special", "mint.optim", "mint.distributed", "numpy", "numpy.random", "experimental.optim",
    "experimental.optim.lr_scheduler", "mindrecord", "hal", "runtime", "profiler", "graph",
]  # fmt: skip

# (page, title, public module, pattern of the module in which the object is defined): the first that fits is its page.
FAMILIES = [
    ("cell", "Cell and containers", "nn", r"nn\.(cell|container|transforms)$"),
    ("layers", "Layers: basic", "nn", r"nn\.layer\.(basic|combined|sparse)$"),
    ("layers-activation", "Layers: activations", "nn", r"nn\.layer\.(activation|softmax)"),
    ("layers-conv", "Layers: convolution, pooling, padding, images", "nn", r"nn\.layer\.(conv|pooling|window_pooling|adaptive_pooling|unpooling|padding|image)"),
    ("layers-normalization", "Layers: normalization", "nn", r"nn\.layer\.normalization"),
    ("layers-sequence", "Layers: recurrent, attention, embedding", "nn", r"nn\.layer\.(rnn|attention|embedding)"),
    ("layers-math", "Layers: mathematics", "nn", r"nn\.layer\."),
    ("losses", "Losses", "nn", r"nn\.loss\."),
    ("optimizers", "Optimizers", "nn", r"nn\.optim\."),
    ("schedules", "Learning rates and schedules", "nn", r"nn\.(schedules|learning_rate_schedule|dynamic_lr|rate_curve|optim_ex)"),
    ("metrics", "Metrics", "nn", r"nn\.metrics"),
    ("train-steps", "Train steps and wrappers", "nn", r""),
    ("ops-arithmetic", "ops: arithmetic and elementwise functions", "ops", r"ops\.(arithmetic|elementwise|quotients|special|clipping|comparison|aliases)$"),
    ("ops-activation", "ops: activations, normalization, losses", "ops", r"ops\.(activation|rectifiers|softmax|normalization|loss_.*|ctc)$"),
    ("ops-reduction", "ops: reductions, statistics, sorting", "ops", r"ops\.(reduction|arg_reduction|statistics|cumulative|sorting|norms)$"),
    ("ops-linalg", "ops: products and linear algebra", "ops", r"ops\.(products|linalg|matrix|contraction|factorisations|determinants)$"),
    ("ops-shape", "ops: shapes, joining, gathering, scattering", "ops", r"ops\.(movement|slicing|joining|concatenation|repeating|padding|gathering|scattering|segments|parameter_scatter|index_updates|patches|dynamic|histograms)$"),
    ("ops-conv", "ops: convolution, pooling, images", "ops", r"ops\.(conv|pool|image)$"),
    ("ops-creation", "ops: creation, conversion, random numbers", "ops", r"ops\.(creation|casting|queries|conversions|random)$"),
    ("transforms", "Transforms: derivatives, mapping, compilation", "ops", r"transforms\."),
    ("control-flow", "Control flow", "ops", r"flow\."),
    ("primitives-a", "Primitives, A to D", "ops", r"^primitive [A-D]"),
    ("primitives-e", "Primitives, E to M", "ops", r"^primitive [E-M]"),
    ("primitives-n", "Primitives, N to R", "ops", r"^primitive [N-R]"),
    ("primitives-s", "Primitives, S to Z", "ops", r"^primitive"),
    ("ops-more", "ops: updates, custom ops, the rest", "ops", r""),
    ("tensor", "Tensor, Parameter, types", "", r"(core\.(tensor|parameter|dtype|dlpack)|ops\.sparse.*)$|^constant"),
    ("transforms", "", "", r"transforms\.|nn\.ensemble"),
    ("metrics", "", "", r"nn\.metrics"),
    ("train", "Training: Model, callbacks, checkpoints, precision", "", r"train\."),
    ("distributed", "Several processes", "", r"parallel|distributed|communication"),
    ("inspect", "Inspection and debugging", "", r"inspect\.|profiler"),
    ("settings", "Settings, random state, initializers", "", r""),
    ("datasets", "Datasets", "dataset", r""),
    ("datasets-transforms", "Datasets: transforms, vision, text", r"dataset\..*", r""),
    ("train", "", r"train|train\.callback|train\.estimators|amp|mindrecord", r""),
    ("settings", "", r"common\.initializer|hal|runtime|graph", r""),
    ("distributed", "", r"communication|communication\.comm_func|parallel|mint\.distributed", r""),
    ("inspect", "", r"inspect|debug|profiler", r""),
    ("extend", "Operators of your own: minispore.extend", "extend", r""),
    ("mint", "minispore.mint", "mint", r""),
    ("mint-nn", "minispore.mint.nn, functional, linalg, special, optim", r"mint\..*", r""),
    ("numpy", "minispore.numpy", r"numpy|numpy\.random", r""),
    ("experimental", "experimental.optim", r"experimental\..*", r""),
]  # fmt: skip
LAYOUT = [
    ("Networks", ["cell", "layers", "layers-activation", "layers-conv", "layers-normalization", "layers-sequence", "layers-math", "losses", "metrics"]),
    ("Training", ["optimizers", "schedules", "train-steps", "train", "experimental", "distributed"]),
    ("Tensors", ["tensor", "tensor-methods"]),
    ("Functions", ["ops-arithmetic", "ops-activation", "ops-reduction", "ops-linalg", "ops-shape", "ops-conv", "ops-creation", "ops-more",
                   "primitives-a", "primitives-e", "primitives-n", "primitives-s", "mint", "mint-nn", "numpy"]),
    ("Compilation", ["transforms", "control-flow", "inspect", "extend", "settings"]),
    ("Data", ["datasets", "datasets-transforms"]),
]  # fmt: skip
TITLES = {page: title for page, title, *_ in FAMILIES if title} | {"tensor-methods": "Tensor: methods and attributes"}
HIDDEN_MEMBERS = {"construct", "mro"}  # what a call runs; type's own


@dataclass
class Entry:
    """One public name: where users find it, what it is, and the name under which it is described, if that is another."""

    path: str
    item: object
    page: str
    same_as: str | None = None
    members: list["Entry"] = field(default_factory=list)


def public(module: ModuleType) -> dict[str, object]:
    """The names that ``dir`` shows, without modules and what was imported for the module itself."""
    names = getattr(module, "__all__", None) if module.__name__ not in SHOWN_BY_DIR else None
    found = {}
    for name in sorted(names or dir(module)):
        if name.startswith("_"):
            continue
        item = getattr(module, name)
        if not isinstance(item, ModuleType) and _ours(item):
            found[name] = item
    return found


SHOWN_BY_DIR = {PACKAGE, f"{PACKAGE}.nn", f"{PACKAGE}.ops"}  # their ``dir`` adds what is imported late


def _ours(item: object) -> bool:
    home = getattr(item, "__module__", None)
    return home is None or not isinstance(home, str) or home.startswith(PACKAGE) or not callable(item)


def _home(name: str, item: object) -> str:
    if getattr(item, "__module__", "") == f"{PACKAGE}.ops.primitive_classes":
        return f"primitive {name}"
    if not callable(item):
        return "constant"
    return getattr(item, "__module__", "")


def page_of(module: str, name: str, item: object) -> str:
    home = _home(name, item)
    return next(page for page, _, at, of in FAMILIES if re.fullmatch(at, module) and re.search(of, home))


def entries() -> list[Entry]:
    """All public names in the order of MODULES."""
    found, first = [], {}
    for module in MODULES:
        path = f"{PACKAGE}.{module}".rstrip(".")
        for name, item in public(import_module(path)).items():
            here = Entry(f"{path}.{name}", item, page_of(module, name, item))
            if callable(item):
                here.same_as = first.setdefault(id(item), here.path)
                here.same_as = here.same_as if here.same_as != here.path else None
            found.append(here)
    primary = {e.path for e in found}
    for e in found:
        if inspect.isclass(e.item) and not e.same_as:
            e.members = _members(e, first, primary)
    return found


def _members(entry: Entry, first: dict, primary: set) -> list[Entry]:
    """Methods and properties that the class defines, or bases that no other entry covers; of Tensor all, on a page of their own."""
    cls, whole = entry.item, entry.path == f"{PACKAGE}.Tensor"
    covered = {base for b in cls.__mro__[1:] if id(b) in first for base in b.__mro__}
    bases = [b for b in cls.__mro__ if b.__module__.startswith(PACKAGE) and b not in covered]
    names = set(dir(cls)) if whole else {name for base in bases for name in vars(base)}
    found = []
    for name in sorted(names):
        raw = inspect.getattr_static(cls, name)
        if name.startswith("_") or name in HIDDEN_MEMBERS or inspect.isclass(raw):
            continue
        item = getattr(cls, name) if isinstance(raw, classmethod | staticmethod) else raw
        if callable(item) or isinstance(item, property):
            same = first.get(id(item))
            if isinstance(item, property) and not item.__doc__ and not whole:
                continue
            page = "tensor-methods" if whole else entry.page
            found.append(Entry(f"{entry.path}.{name}", item, page, same if same in primary else None))
    return found


def pages() -> dict[str, list[Entry]]:
    """The entries of each page, in the order of the layout."""
    found: dict[str, list[Entry]] = {page: [] for _, row in LAYOUT for page in row}
    for entry in entries():
        found[entry.page].append(entry)
        if entry.path == f"{PACKAGE}.Tensor":
            found["tensor-methods"] += entry.members
            entry.members = []
    return found


def signature(item: object, method: bool = False) -> str:
    """Names and defaults of the arguments, without types: these are in the text."""
    try:
        found = inspect.signature(item)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return "(...)"
    parameters = [p.replace(annotation=p.empty, default=_shown(p.default)) for p in found.parameters.values()]
    if method and parameters and parameters[0].name == "self":
        parameters = parameters[1:]
    return str(found.replace(parameters=parameters, return_annotation=found.empty))


class _Shown:
    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _shown(default: object) -> object:
    if default is inspect.Parameter.empty:
        return default
    text = getattr(default, "__name__", None) or repr(default)
    return _Shown("..." if "<" in text or "\n" in text or len(text) > 60 else text)


@cache
def _text(file: Path) -> str:
    return file.read_text()


def place(item: object, name: str) -> tuple[Path, int] | None:
    """File and line of a definition: of ``def`` or ``class``, or of the line that makes the op."""
    while hasattr(item, "__wrapped__"):
        item = item.__wrapped__
    item = item.fget if isinstance(item, property) else item
    root = Path(import_module(PACKAGE).__file__).parent
    home = getattr(item, "__module__", None)
    if not isinstance(home, str) or not home.startswith(PACKAGE):
        return None
    file, line = Path(import_module(home).__file__), 1
    code = getattr(item, "__code__", None)
    if code is not None and code.co_filename == str(file):
        line = code.co_firstlineno
    else:  # a class, or made by a function of another module
        own = re.escape(getattr(item, "__name__", name))
        row = re.search(rf"^(class |def )?{own}\b", _text(file), re.M) or re.search(rf"[\"']{own}[\"']", _text(file))
        line = _text(file)[: row.start()].count("\n") + 1 if row else 1
    return file.relative_to(root.parent), line
