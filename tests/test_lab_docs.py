"""The code of the pages about optimizers runs from top to bottom."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("page", ["why_does_my_loss_not_fall", "hypergradients"])
def test_page_runs(page, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    space: dict = {"__name__": page}
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / f"{page}.md").read_text(), re.DOTALL)
    assert len(blocks) > 3
    for block in blocks:
        exec(compile(block, f"docs/{page}.md", "exec"), space)
