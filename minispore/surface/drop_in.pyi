# Written by tools/stubs from minispore.surface.drop_in: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from _frozen_importlib import ModuleSpec as ModuleSpec
from difflib import get_close_matches as get_close_matches
from importlib import import_module as import_module
from importlib.abc import MetaPathFinder as MetaPathFinder
from minispore.surface.paths import SameModule as SameModule, hides as hides
from typing import Any

__all__ = ['HOMES', 'MetaPathFinder', 'ModuleSpec', 'ModuleType', 'OURS', 'PAGE', 'SameModule', 'THEIRS', 'VERSION', 'annotations', 'get_close_matches', 'hides', 'import_module', 'install_as_mindspore', 'missing']

HOMES: Any
ModuleType: Any
OURS: str
PAGE: str
THEIRS: str
VERSION: str
annotations: Any

def install_as_mindspore() -> None: ...

def missing(name: str, near: Any = None) -> str: ...
