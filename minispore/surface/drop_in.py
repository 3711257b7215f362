"""minispore as ``mindspore``: an import finder gives the modules of minispore under MindSpore's names."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from ..core.errors import fail
from . import elsewhere
from .paths import HOMES, OURS, THEIRS, VERSION, SameModule, hides

PAGE = "docs/compatibility.md"


def _exists(name: str) -> bool:
    try:
        import_module(f"{OURS}.{name}")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith((OURS, THEIRS)):
            raise  # the module exists, but something that it imports is not installed
        return False
    return True


def missing(name: str, near: ModuleType | None = None) -> str:
    """The error message for a missing ``name`` ("mindspore...."); ``near``: the module in which it was looked up.

    Args:
        name: str, with "mindspore.".
        near: the module it was looked for in.  Default: None.

    Returns:
        str.
    """
    candidates = [n for n in dir(near) if not n.startswith("_")] if near else []
    close = get_close_matches(name.rpartition(".")[2], candidates, n=1, cutoff=0.75)
    advice = f" Did you mean '{close[0]}'?" if close else ""
    return f"minispore does not have '{name}'.{advice} {PAGE} lists what works, what is ignored, and what is missing."


class _Alias(SameModule):
    def exec_module(self, module):
        super().exec_module(module)
        _alias_all()


class _Finder(MetaPathFinder):
    """Finds the modules below ``mindspore``; nothing else."""

    def find_spec(self, fullname, path=None, target=None):
        if not fullname.startswith(THEIRS + "."):
            return None
        name = fullname[len(THEIRS) + 1 :]
        if not _exists(name):
            parent = sys.modules.get(fullname.rpartition(".")[0])
            # importlib drops the error of ``from mindspore import x`` where its name is that of the module: here it stays
            said = fullname if "." in name else f"{OURS}.{name}"
            raise ModuleNotFoundError(missing(fullname, parent), name=said)
        module = sys.modules[f"{OURS}.{name}"]
        return ModuleSpec(fullname, _Alias(module), is_package=hasattr(module, "__path__"))

    def find_distributions(self, context=None):
        """For ``importlib.metadata.version("mindspore")``."""
        if getattr(context, "name", None) in (None, THEIRS):
            from .installed import MindSpore  # importlib.metadata takes time to load

            yield MindSpore()


class _Missing(MetaPathFinder):
    """The last finder: explains a failed ``from mindspore.nn import X``, for which Python looks for a module ``minispore.nn.X``."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname.startswith(OURS + ".") and fullname.rpartition(".")[0] in sys.modules:
            theirs = THEIRS + fullname[len(OURS) :]
            raise ModuleNotFoundError(missing(theirs, sys.modules[fullname.rpartition(".")[0]]), name=theirs)
        return None


def _alias_all() -> None:
    """Enters every loaded module of minispore in ``sys.modules`` under its MindSpore name, too.

    All of them, not only the imported one: importlib sets a module that a finder loads as an attribute of its parent, which would
    hide a function of the same name (``mindspore.jit``).  It does not do so for a module that is in ``sys.modules`` already.
    """
    loaded = {n[len(OURS) :]: m for n, m in list(sys.modules.items()) if n.partition(".")[0] == OURS and m is not None}
    moved = {f".{path}": loaded[f".{ours}"] for path, ours in HOMES.items() if f".{ours}" in loaded}
    for path, module in {**moved, **loaded}.items():
        if sys.modules.setdefault(THEIRS + path, module) is module:
            _explain_missing(module)
    for path in moved:  # for ``import mindspore.common.api as api``, which reads attributes
        parent, _, child = path.rpartition(".")
        owner, module = sys.modules.get(THEIRS + parent), sys.modules[THEIRS + path]
        if owner is not None and not hides(owner, child, module):
            vars(owner).setdefault(child, module)


def _explain_missing(module: ModuleType) -> None:
    """Makes the AttributeError for a missing ``module.name`` point to the compatibility page."""
    namespace = module.__dict__
    before = namespace.get("__getattr__")
    if getattr(before, "explains", False):
        return  # done already: the module has two paths

    def __getattr__(name: str):
        if before is not None:
            try:
                return before(name)
            except AttributeError:
                pass
        if name.startswith("__"):
            raise AttributeError(f"module '{module.__name__}' has no attribute '{name}'")
        value = elsewhere.found(module.__name__, name)
        if value is not None:
            return value
        theirs = THEIRS + module.__name__[len(OURS) :]
        raise AttributeError(missing(f"{theirs}.{name}", module))

    __getattr__.explains = True  # type: ignore[attr-defined]
    namespace["__getattr__"] = __getattr__


def install_as_mindspore() -> None:
    """Makes ``import mindspore`` (and modules below it) import minispore in this process.

    For notebooks and tests; ``minispore run script.py`` does it for a script.  ``mindspore.nn`` and ``minispore.nn`` are
    one module, so classes and settings are the same under both names; ``__version__`` is then that of MindSpore whose
    names are there, 2.10.0.  Calling it again changes nothing.

    Raises:
        RuntimeError: MindSpore itself is imported already.

    >>> import minispore
    >>> minispore.install_as_mindspore()            # doctest: +SKIP
    >>> from mindspore.common.initializer import Normal   # doctest: +SKIP
    """
    ours = sys.modules[OURS]
    there = sys.modules.get(THEIRS)
    if there is ours:
        return
    if there is not None:
        raise fail(
            RuntimeError,
            f"For 'install_as_mindspore', mindspore must not be imported yet, but it is, from {there.__file__}: "
            "call it before the first import of mindspore.",
        )
    sys.meta_path.insert(0, _Finder())
    sys.meta_path.append(_Missing())
    vars(ours).update(__version__=VERSION, __name__=THEIRS)
    _alias_all()
