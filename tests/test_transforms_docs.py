"""The snippets of docs/transforms.md give what they show, in both modes."""

import doctest
from pathlib import Path


def test_snippets(mode):
    path = Path(__file__).parent.parent / "docs" / "transforms.md"
    failed, tried = doctest.testfile(str(path), module_relative=False)
    assert tried > 30 and failed == 0
