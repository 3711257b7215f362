"""What a training step was compiled to: its graph, its kernels, where the time and the memory go.

A small LeNet on noise; the step is what is looked at.  Writes a page that shows all of it, and a trace of the kernels
for ui.perfetto.dev.

    python examples/12_look_inside.py
    python examples/12_look_inside.py --pictures docs/images     # the pictures of docs/inspect.md; needs playwright
"""

import argparse
import shutil
from pathlib import Path

import numpy as np

import minispore as ms
from minispore import Tensor, nn


class LeNet(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, pad_mode="valid")
        self.conv2 = nn.Conv2d(6, 16, 5, pad_mode="valid")
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.flatten = nn.Flatten()
        self.fc1, self.fc2, self.fc3 = nn.Dense(256, 120), nn.Dense(120, 84), nn.Dense(84, 10)

    def construct(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        x = self.relu(self.fc1(self.flatten(x)))
        return self.fc3(self.relu(self.fc2(x)))


def train_step():
    ms.set_seed(0)
    net = LeNet()
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    return nn.TrainOneStepCell(nn.WithLossCell(net, loss), nn.Momentum(net.trainable_params(), 0.05, 0.9)).set_train()


def take_pictures(page: Path, to: Path) -> None:
    """Two pictures of the page: as it opens, and with a node of the fused update selected."""
    from playwright.sync_api import sync_playwright

    to.mkdir(parents=True, exist_ok=True)
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, colours in (("page", "light"), ("node", "dark")):
            view = window.new_page(viewport={"width": 1200, "height": 740}, color_scheme=colours)
            view.goto(page.resolve().as_uri())
            if name == "node":
                view.fill("#search", "conv2.weight update")
                view.keyboard.press("Enter")  # the Cells of its update
                view.locator("#panel [data-fold]").click()
                view.locator("#panel td button").first.click()
            view.wait_for_timeout(300)
            view.screenshot(path=to / f"{name}.png")
        window.close()


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mode", choices=("graph", "pynative"), default="graph")
    parser.add_argument("--short", action="store_true", help="no page: only a few steps and the profile")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "output")
    parser.add_argument("--pictures", type=Path, help="a directory for pictures of the page")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)

    random = np.random.default_rng(0)
    x = Tensor(random.normal(size=(32, 1, 28, 28)).astype(np.float32))
    y = Tensor(random.integers(0, 10, 32).astype(np.int32))
    step = train_step()
    losses = [float(step(x, y)) for _ in range(3)]

    graph = step.graph(x, y)  # the same in both modes: what GRAPH_MODE runs
    print(graph.find("conv1"))
    profile = graph.profile(x, y, steps=2 if args.short else 50)
    print(profile)
    if not args.short:
        args.out.mkdir(exist_ok=True)
        page = args.out / "step.html"
        graph.to_html(page)
        profile.to_trace(args.out / "step.trace.json")
        print(f"\nwritten: {page}, and step.trace.json beside it")
        if args.pictures:
            take_pictures(page, args.pictures)
    return losses


if __name__ == "__main__":
    main()
