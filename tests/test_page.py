"""The page in a browser: what a reader clicks on works, for any kind of graph."""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.inspect.page.data import data

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Block(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(6, 6)
        self.relu = nn.ReLU()

    def construct(self, x):
        return self.relu(self.fc(self.relu(x))) + x


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.blocks = nn.SequentialCell([Block() for _ in range(3)])
        self.head = nn.Dense(6, 3)

    def construct(self, x):
        return self.head(self.blocks(x))  # the line of the head


def powers(x):
    while x.sum() < 100.0:
        x = x * 2.0
    return x


@pytest.fixture(scope="module")
def step():
    ms.set_context(mode=ms.GRAPH_MODE)
    net = Net()
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    cell = nn.TrainOneStepCell(nn.WithLossCell(net, loss), nn.Momentum(net.trainable_params(), 0.1, 0.9)).set_train()
    rng = np.random.default_rng(0)
    x, y = Tensor(rng.normal(size=(16, 6)).astype(np.float32)), Tensor(rng.integers(0, 3, 16).astype(np.int32))
    g = cell.graph(x, y)
    g.profile(x, y, steps=3)
    ms.set_context(mode=ms.PYNATIVE_MODE)
    return g


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    with playwright.sync_playwright() as p:
        launched = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def load(browser, tmp_path):
    """Opens the page of an Inspection; fails at the end if it complained or asked for anything but itself."""
    pages, troubles = [], []

    def load(g, where="page.html", **size):
        g.to_html(tmp_path / where)
        page = browser.new_page(viewport={"width": 1400, "height": 900, **size})
        page.on("console", lambda m: troubles.append(m.text))
        page.on("pageerror", lambda e: troubles.append(str(e)))
        page.on("request", lambda r: r.url.startswith(("file:", "data:")) or troubles.append(r.url))
        page.goto(f"file://{tmp_path / where}")
        pages.append(page)
        return page

    yield load
    for page in pages:
        page.close()
    assert troubles == []


def place(page, item, corner=False):
    """Where a box is on the screen: its middle, or its triangle."""
    x, y, w, h, left, top, k = page.evaluate(
        """(id) => { const g = minispore.graph, s = g.screen(minispore.scene.byId.get(id)), b = g.canvas.getBoundingClientRect();
        return [s.x, s.y, s.w, s.h, b.left, b.top, g.k]; }""",
        item,
    )
    return (left + x + 14 * k, top + y + 15 * k) if corner else (left + x + w / 2, top + y + h / 2)


def shown(page):
    return page.evaluate("minispore.scene.visible.filter(b => !(b.children && b.open)).map(b => b.id)")


def test_the_data_is_what_the_inspection_says(step):
    d = json.loads(re.search(r'<script id="data"[^>]*>(.*?)</script>', step.to_html(), re.S)[1])
    assert [n["name"] for n in d["nodes"]] == [n.name for n in step.all_nodes]
    assert [k["name"] for k in d["kernels"]] == [k.name for k in step.kernels]
    assert [[d["code"][i] for i in k["code"]] for k in d["kernels"]] == [k.source.splitlines() for k in step.kernels]
    assert max(d["memory"]["live"]) == step.memory.peak
    head = next(n for n in d["nodes"] if n["op"] == "matmul" and n["scope"].endswith("head"))
    assert d["sources"][__file__][str(head["line"])].endswith("# the line of the head")
    groups = {n["name"]: n.get("group") for n in d["nodes"] if n["section"] == "update"}
    for parameter in ("head.weight", "moments.head.weight"):
        assert groups[step.updates[parameter]] == "head.weight"


def test_the_data_can_end_no_script(graph_mode):
    def f(x):
        return x * 2.0  # </script><script>alert(1)</script><!--

    html = ms.inspect.graph(f, Tensor([1.0])).to_html()
    assert html.count("</script>") == 2 and "<!--" not in html
    assert "alert(1)" in html


def test_it_asks_for_nothing_but_itself(step):
    html = re.sub(r'<script id="data".*?</script>', "", step.to_html(), flags=re.S)
    assert not re.findall(
        r"""(?:src|href)=["'](?!#|data:)|@import|url\((?!["']?data:)|\bfetch\(|XMLHttpRequest""", html
    )
    assert "{" in re.search(r"<style>(.*?)</style>", html, re.S)[1] and "minispore" in html


@pytest.fixture
def opened(tmp_path):
    """What Chromium makes of a page at an address, without any package: (its DOM, what it logged)."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here")

    def opened(html, at=""):
        (tmp_path / "page.html").write_text(html, encoding="utf-8")
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=3000",
                   f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", f"file://{tmp_path / 'page.html'}{at}"]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
        return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]

    return opened


def test_links_open_what_they_name_in_a_browser_alone(step, opened):
    node, kernel = step.backward[3], step.kernels[2]
    for at, head in (
        ("", "<h2>TrainOneStepCell"),
        (f"#{node.name.replace('%', '%25')}", f"<h2>{node.op} <small>{node.name}"),
        (f"#kernel:{kernel.index}", f"<h2>{kernel.name} <small>"),
    ):
        dom, logged = opened(step.to_html(), at)
        assert head in re.search(r'<aside id="panel".*?</aside>', dom, re.S)[0] and logged == []
    broken = step.to_html().replace('id="panel"', 'id="elsewhere"')
    assert opened(broken)[1] != []  # a page that fails is seen to fail


def test_loads_and_shows_itself(step, load):
    page = load(step)
    assert page.title().startswith("TrainOneStepCell")
    assert page.locator("#panel h2").inner_text() == "TrainOneStepCell"
    assert "median of 3 steps" in page.locator("#panel").inner_text()
    assert page.evaluate("minispore.ready") < 5000
    drawn = page.evaluate(
        """() => { const c = minispore.graph.canvas, d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        return new Set(new Uint32Array(d.buffer)).size; }"""
    )
    assert drawn > 50  # colours: something is there


def test_boxes_of_one_cell_do_not_overlap(step, load):
    page = load(step)
    page.click("#unfold")
    overlaps = page.evaluate(
        """() => { let n = 0; const v = minispore.scene.visible;
        for (const a of v) for (const b of v) if (a !== b && a.parent === b.parent && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h) n++;
        for (const a of v) { const p = a.parent; if (p.kind !== "root" && (a.x < p.x || a.y < p.y || a.x + a.w > p.x + p.w || a.y + a.h > p.y + p.h)) n++; }
        return n; }"""
    )
    assert overlaps == 0
    names = {n.name for n in step.all_nodes}
    assert names <= set(shown(page))


def test_folding(step, load):
    page = load(step)
    page.click("#fold")
    assert not any(i.startswith("%") for i in shown(page))
    cell = next(i for i in shown(page) if i.startswith("cell:forward"))
    page.mouse.click(*place(page, cell, corner=True))
    assert cell not in shown(page)
    page.mouse.click(*place(page, cell, corner=True))
    assert cell in shown(page)
    page.mouse.dblclick(*place(page, cell))
    assert cell not in shown(page)


def test_a_cell_called_twice_is_two_boxes_in_order(step, load):
    """Drawn as one box, relu -> fc -> relu would go round in a circle."""
    page = load(step)
    page.click("#unfold")
    boxes = page.evaluate(
        """() => Object.fromEntries(minispore.scene.visible.filter(b => b.id.startsWith("cell:forward") && b.parent.label === "1")
        .map(b => [b.label, b.y]))"""
    )
    assert sorted(boxes, key=boxes.get) == ["relu", "fc", "relu #2"]
    backward = page.evaluate(
        """() => Object.fromEntries(minispore.scene.visible.filter(b => b.id.startsWith("cell:backward") && b.parent.label === "1")
        .map(b => [b.label, b.y]))"""
    )
    assert sorted(backward, key=backward.get) == ["relu", "fc", "relu #2"]  # beside the forward pass, from below


def test_search_unfolds_and_clicks_tell(step, load):
    page = load(step)
    page.click("#fold")
    page.keyboard.press("/")
    page.keyboard.type("matmul head")
    node = next(n for n in step.forward if n.op == "matmul" and n.scope.endswith("head"))
    assert page.locator("#results li").count() >= 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    found = page.evaluate("minispore.graph.selected.id")
    assert found == node.name and found in shown(page)
    text = page.locator("#panel").inner_text()
    for piece in (node.types[0], step.kernels[node.kernels[0]].name, "bytes", "buffer"):
        assert piece in text
    assert page.locator("#panel .source .here").inner_text().endswith("# the line of the head")
    assert "def " in page.locator("#panel pre.code").first.inner_text()
    assert page.evaluate("decodeURIComponent(location.hash)") == "#" + node.name
    other = next(n for n in step.nodes if node.name in n.operands)
    page.evaluate("id => minispore.go(id)", other.name)
    page.wait_for_timeout(50)
    page.mouse.click(*place(page, other.name))
    assert page.locator("#panel h2").inner_text() == f"{other.op} {other.name}"
    page.click(f'#panel [data-go="{node.name}"]')
    assert page.evaluate("minispore.graph.selected.id") == node.name


def test_a_fused_update_is_told_by_its_parameter(step, load):
    page = load(step)
    page.fill("#search", "head.weight")
    page.locator("#results li", has_text="update Cell").first.click()
    text = page.locator("#panel").inner_text()
    kernel = next(k for k in step.kernels if any("moments.head.weight" in w for w in k.writes))
    assert f"[{kernel.index}] {kernel.name}" in text


def test_deep_links(step, load):
    node = step.backward[3]
    page = load(step)
    url = page.url.split("#")[0]
    page.goto(url + "#" + node.name.replace("%", "%25"))
    assert page.evaluate("minispore.graph.selected.id") == node.name
    page.goto(url + "#kernel:2")
    assert page.locator("#panel h2").inner_text() == f"{step.kernels[2].name} kernel call 2"


def test_timeline_and_memory(step, load):
    page = load(step)
    page.select_option("#axis", "calls")
    box = page.locator("#charts").bounding_box()
    x = page.evaluate("minispore.charts.px((minispore.charts.ends[3] + minispore.charts.ends[4]) / 2)")
    page.mouse.click(box["x"] + x, box["y"] + 20)
    assert page.locator("#panel h2").inner_text() == f"{step.kernels[3].name} kernel call 3"
    buffer = max((b for b in step.memory.buffers if b.name.startswith("%")), key=lambda b: b.nbytes)
    at = page.evaluate(
        """([first, last, middle]) => { const c = minispore.charts; return [(c.px(c.ends[first]) + c.px(c.ends[last + 1])) / 2, c.py(middle)]; }""",
        [buffer.first, buffer.last, buffer.offset + buffer.nbytes / 2],
    )
    page.mouse.move(box["x"] + at[0], box["y"] + at[1])
    assert buffer.name in page.locator("#tip").inner_text()
    page.mouse.click(box["x"] + at[0], box["y"] + at[1])
    assert page.evaluate("minispore.graph.selected.id") == buffer.name.split(" ")[0].split(".")[0]


def test_pan_zoom_and_keys(step, load):
    page = load(step)
    box = page.locator("#graph").bounding_box()
    before = page.evaluate("[minispore.graph.x, minispore.graph.y, minispore.graph.k]")
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 65, box["y"] + 45, steps=4)
    page.mouse.up()
    after = page.evaluate("[minispore.graph.x, minispore.graph.y, minispore.graph.k]")
    assert np.allclose(np.subtract(after, before), [60, 40, 0])
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(50)
    assert page.evaluate("minispore.graph.k") > after[2]
    page.locator("#graph").focus()
    page.keyboard.press("ArrowDown")
    first = page.evaluate("minispore.graph.selected.id")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("minispore.graph.selected.id") != first
    page.keyboard.press("Escape")
    assert page.evaluate("minispore.graph.selected") is None
    page.click("#theme")
    page.select_option("#colour", "time")


def test_bodies_of_loops_unfold(load, graph_mode):
    g = ms.inspect.graph(ms.grad(lambda x: ops.sin(powers(x)).sum()), Tensor([1.0, 2.0]))
    page = load(g)
    loop = next(n for n in g.nodes if n.graphs)
    page.click("#fold")
    assert loop.name in shown(page)
    page.mouse.dblclick(*place(page, loop.name))
    assert loop.name not in shown(page)
    body = f"{loop.name}|body"
    assert body in shown(page)
    page.mouse.dblclick(*place(page, body))
    inner = next(n for n in g.all_nodes if n.op == "mul" and n.name.startswith(loop.name + "a/"))
    page.mouse.click(*place(page, inner.name))
    assert inner.source in page.locator("#panel").inner_text()


def test_cells_are_told_by_path_and_class(step, load):
    page = load(step)
    page.fill("#search", "fc")
    hits = page.locator("#results li").all_inner_texts()
    cells = [hit for hit in hits if "forward Cell" in hit]
    assert len(cells) == 3 and len(set(cells)) == 3  # three of the name "fc"
    assert all(f"blocks/{k}/fc Dense" in " ".join(hit.split()) for k, hit in enumerate(sorted(cells)))
    types = dict(
        page.evaluate(
            "[...minispore.scene.byId.values()].filter(b => b.kind === 'cell').map(b => [b.section + ' ' + pathOf(b), b.type])"
        )
    )
    inside = {
        key.rpartition("blocks/")[2]: kind
        for key, kind in types.items()
        if key.startswith("forward") and "blocks/" in key
    }
    assert inside["0"] == inside["2"] == "Block" and inside["1/fc"] == "Dense"
    assert not any(
        kind.lower() == key.rpartition("/")[2].lower() for key, kind in types.items()
    )  # "relu" is not told twice


def test_a_narrow_screen_gives_its_width_to_the_graph(step, load):
    page = load(step, width=420, height=800)
    graph, panel, charts = (page.locator(part).bounding_box() for part in ("#graph", "#panel", "#charts"))
    assert graph["width"] >= 400 and graph["height"] > 250
    assert panel["y"] >= graph["y"] + graph["height"] and charts["y"] >= panel["y"] + panel["height"]
    assert charts["y"] + charts["height"] <= 800 and page.evaluate("document.documentElement.scrollWidth") <= 420


def test_a_deep_graph_is_laid_in_columns_with_a_map(load, graph_mode):
    """1,200 operations one after the other: a page and not a ribbon, each box in its place, and a map to go by."""

    def deep(x):
        for _ in range(400):
            x = ops.sin(ops.abs(ops.cos(x)))
        return x

    g = ms.inspect.graph(deep, Tensor([1.0, 2.0]))
    page = load(g)
    page.click("#unfold")
    wide, high = page.evaluate("[minispore.scene.w, minispore.scene.h]")
    assert len(g.nodes) == 1200 and 0.4 < wide / high < 2.5
    boxes = page.evaluate(
        "minispore.scene.visible.filter(b => b.kind === 'node').map(b => [b.x, b.y, b.x + b.w, b.y + b.h])"
    )
    assert len(boxes) == 1200
    left, top, right, bottom = np.array(boxes).T
    meet = (left[:, None] < right) & (left < right[:, None]) & (top[:, None] < bottom) & (top < bottom[:, None])
    assert meet.sum() == 1200  # each with itself alone
    page.wait_for_function("!document.getElementById('map').hidden")
    box, before = page.locator("#map").bounding_box(), page.evaluate("[minispore.graph.x, minispore.graph.y]")
    page.mouse.click(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
    after = page.evaluate("[minispore.graph.x, minispore.graph.y]")
    assert after[0] < before[0]  # the last column is in view
    page.click("#fit")
    page.wait_for_function("document.getElementById('map').hidden")


def test_small_graphs_and_screens(load, graph_mode):
    for k, (f, x) in enumerate([(lambda x: x, Tensor([1.0])), (lambda: ops.ones((2,)), None)]):
        load(ms.inspect.graph(f, *([] if x is None else [x])), f"{k}.html", width=500, height=400)


def test_notebooks_show_it(step, browser):
    html = step._repr_html_()
    assert html.startswith("<iframe srcdoc=") and html.count("<iframe") == 1
    page = browser.new_page()
    troubles = []
    page.on("console", lambda m: troubles.append(m.text))
    page.on("pageerror", lambda e: troubles.append(str(e)))
    page.set_content(f"<body>{html}</body>")
    inner = page.frame_locator("iframe")
    inner.locator("#panel h2").wait_for()
    assert inner.locator("#panel h2").inner_text() == "TrainOneStepCell"
    inner.locator("#search").fill("head")
    assert inner.locator("#results li").count() > 1
    inner.locator("#results li").first.click()
    page.close()
    assert troubles == []


def test_data_needs_no_profile(graph_mode):
    d = data(ms.inspect.graph(lambda x: ops.relu(x), Tensor([1.0])))
    assert d["profile"] is None and json.dumps(d)
