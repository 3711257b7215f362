"""What notebooks show, and the tutorial notebook."""

import os
import re
from pathlib import Path

import numpy as np
import pytest
from shown import alike

import minispore as ms
from minispore import Tensor, nn

ROOT = Path(__file__).parent.parent


def words(html: str) -> str:
    """The text of a piece of HTML."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


def balanced(html: str) -> bool:
    opened = re.findall(r"<(\w+)[ >]", html)
    return sorted(opened) == sorted(re.findall(r"</(\w+)>", html))


def test_tensors():
    html = Tensor([[1.0, 2.5]])._repr_html_()
    assert words(html) == "Tensor: Float32[1, 2] [[1. 2.5]]" and balanced(html)
    assert "..." in Tensor(np.zeros((500, 500), np.float32))._repr_html_()
    assert words(nn.Dense(1, 1, weight_init="ones").weight._repr_html_()) == "Parameter weight: Float32[1, 1] [[1.]]"


def test_cells_are_a_tree():
    net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU(), nn.SequentialCell(nn.Dense(8, 2)))
    net[0].bias.requires_grad = False
    html = net._repr_html_()
    text = words(html)
    assert balanced(html) and html.count("<details") == 4
    assert (
        text.startswith("SequentialCell(), 58 parameters 0: Dense(")
        and "bias: Float32[8], frozen" in text
        and "1: ReLU()" in text
    )

    class Marked(nn.Cell):
        def extend_repr(self):
            return "<b>"

    assert "&lt;b&gt;" in Marked()._repr_html_()


def test_optimizers_show_rates_now(mode):
    net = nn.Dense(4, 8)
    groups = [
        {"params": [net.weight], "lr": nn.ExponentialDecayLR(0.1, 0.5, 1), "weight_decay": 0.01},
        {"params": [net.bias]},
    ]
    optimizer = nn.Momentum(groups, learning_rate=0.05, momentum=0.9)
    optimizer((ms.ops.ones((8, 4)), ms.ops.ones(8)))
    html = optimizer._repr_html_()
    text = words(html)
    assert balanced(html) and text.startswith("Momentum, step 1")
    assert "0 1 32 0.05 ExponentialDecayLR 0.01" in text and "1 1 8 0.05 fixed 0.0" in text


def test_what_belongs_to_a_graph(graph_mode):
    net = nn.SequentialCell(nn.Dense(4, 8), nn.ReLU())
    g = net.graph(ms.ops.ones((2, 4)))
    shown = [
        g.kernels._repr_html_(),
        g.memory._repr_html_(),
        g.profile(steps=2)._repr_html_(),
        net.summary((2, 4))._repr_html_(),
    ]
    for html, word in zip(shown, ("gemm", "arena", "share", "Parameters: 40")):
        assert balanced(html) and word in words(html)


def test_datasets_without_reading_a_row():
    def rows():
        raise AssertionError("a row was read")
        yield

    data = ms.dataset.NumpySlicesDataset({"x": np.zeros((10, 3)), "y": np.zeros(10)}, shuffle=False).batch(4)
    assert words(data._repr_html_()) == "NumpySlices &gt; Batch: 3 rows of x, y"
    assert "of data" in ms.dataset.GeneratorDataset(rows, ["data"])._repr_html_()


def test_pictures():
    gradient = np.arange(64 * 64).reshape(64, 64)
    image = ms.inspect.picture(Tensor(gradient, ms.float32))
    assert image.size == (128, 128) and image.getpixel((0, 0)) == 0 and image.getpixel((127, 127)) == 255
    red = np.zeros((3, 200, 300), np.uint8)
    red[0] = 200
    assert ms.inspect.picture(red).getpixel((5, 5)) == (200, 0, 0) and ms.inspect.picture(red).size == (300, 200)
    with pytest.raises(ValueError, match=r"'picture'.* but got \(2, 4, 4\)"):
        ms.inspect.picture(np.zeros((2, 4, 4)))


@pytest.fixture
def execute(tmp_path, monkeypatch):
    """Runs a notebook in a kernel of its own and returns it."""
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))

    def run(notebook, **options):
        client = nbclient.NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}, **options
        )
        return client.execute()

    return run


def text(cell) -> str:
    """What a cell printed or showed as text, but for what has its own form in notebooks, and numbers of calls and values.

    How many calls there are before one depends on the processor.
    """
    outputs = [o for o in cell.get("outputs", ()) if "text/html" not in o.get("data", ())]
    shown = "".join(o.get("text") or o["data"]["text/plain"] for o in outputs)
    return re.sub(r"(?<=^\[)\d+(?=\] )|(?<=%)\d+", "0", shown, flags=re.MULTILINE)


@pytest.mark.slow
def test_the_tutorial_runs_and_shows_what_it_holds(execute):
    nbformat = pytest.importorskip("nbformat")
    path = ROOT / "examples" / "00_tutorial.ipynb"
    held, run = nbformat.read(path, 4), execute(nbformat.read(path, 4))
    for before, after in zip(held.cells, run.cells):
        advice = "jupyter execute --inplace examples/00_tutorial.ipynb"
        assert alike(text(before), text(after)), f"{before.source}\nshows now\n{text(after)}\n{advice}"
    kinds = [kind for cell in run.cells for output in cell.get("outputs", ()) for kind in output.get("data", ())]
    assert kinds.count("text/html") >= 6 and "image/png" in kinds


@pytest.mark.slow
def test_tracebacks_in_a_notebook_have_the_users_frames(execute):
    nbformat = pytest.importorskip("nbformat")
    code = ["import minispore as ms", "def f(x):\n    return ms.ops.reshape(x, (2, 2))\nms.jit(f)(ms.Tensor([1.0]))",
            "ms.set_context(full_tracebacks=True)\nms.jit(f)(ms.Tensor([1.0]))"]  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in code])
    _, short, full = execute(notebook, allow_errors=True).cells
    (short,), (full,) = (
        ("\n".join(o["traceback"]) for o in short.outputs if o.output_type == "error"),
        ("\n".join(o["traceback"]) for o in full.outputs),
    )
    assert "reshape" in short and "minispore/" not in short and "minispore/" in full
