#!/usr/bin/env python3
"""Rows per second of two input pipelines: minispore.dataset beside torch's DataLoader with the same NumPy work.

cifar: 32x32x3 uint8, random crop with padding 4, random flip, scaling, normalisation, channels first, batches of 32.
mnist: 28x28 uint8 rows of an array, scaled, batches of 64.

Each turn is one epoch; turns alternate, and the ratio is the median of the ratios of neighbouring turns. `--work` does
so many milliseconds of NumPy products between two batches, as a training step would: what then is left of the pipeline
is the time that the step waits for its data.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np

import minispore as ms
import minispore.dataset as ds
from minispore.dataset import transforms, vision

MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)


def cifar_minispore(images: np.ndarray, labels: np.ndarray, workers: int) -> ds.Dataset:
    data = ds.NumpySlicesDataset((images, labels), ["image", "label"], shuffle=True)
    steps = [
        vision.RandomCrop(32, 4),
        vision.RandomHorizontalFlip(),
        vision.Rescale(1 / 255, 0.0),
        vision.Normalize(MEAN, STD),
        vision.HWC2CHW(),
    ]
    data = data.map(steps, ["image"], num_parallel_workers=workers)
    return data.map(transforms.TypeCast(ms.int32), ["label"]).batch(32, drop_remainder=True)


def mnist_minispore(images: np.ndarray, labels: np.ndarray, workers: int) -> ds.Dataset:
    data = ds.NumpySlicesDataset((images, labels), ["image", "label"], shuffle=True)
    return data.map(vision.Rescale(1 / 255, 0.0), ["image"], num_parallel_workers=workers).batch(
        64, drop_remainder=True
    )


def torch_loader(images: np.ndarray, labels: np.ndarray, change: Callable, batch: int, workers: int):
    import torch

    class Rows(torch.utils.data.Dataset):
        def __len__(self) -> int:
            return len(images)

        def __getitem__(self, index: int):
            return change(images[index]), int(labels[index])

    torch.set_num_threads(1)
    return torch.utils.data.DataLoader(Rows(), batch, shuffle=True, drop_last=True, num_workers=workers)


def cifar_row(image: np.ndarray) -> np.ndarray:
    padded = np.zeros((40, 40, 3), np.uint8)
    padded[4:36, 4:36] = image
    top, left = np.random.randint(0, 9, 2)
    image = padded[top : top + 32, left : left + 32]
    if np.random.rand() < 0.5:
        image = image[:, ::-1]
    scaled = image.astype(np.float32) * np.float32(1 / 255)
    return np.ascontiguousarray(((scaled - np.float32(MEAN)) / np.float32(STD)).transpose(2, 0, 1))


def mnist_row(image: np.ndarray) -> np.ndarray:
    return image.astype(np.float32) * np.float32(1 / 255)


def turn(batches: Iterator, work: float) -> float:
    """Seconds of an epoch, without the work."""
    a = np.ones((256, 256), np.float32)
    begin, worked = time.perf_counter(), 0.0
    for _ in batches:
        if work:
            start = time.perf_counter()
            while time.perf_counter() - start < work / 1000:
                a @ a
            worked += time.perf_counter() - start
    return time.perf_counter() - begin - worked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=8192)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--workers", type=int, default=1, help="minispore's threads")
    parser.add_argument("--torch-workers", type=int, nargs="*", default=[0, 2], help="torch's processes")
    parser.add_argument("--work", type=float, default=0.0, help="milliseconds of a step between batches")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, options.rows)
    problems = {
        "cifar": ((32, 32, 3), cifar_minispore, cifar_row, 32),
        "mnist": ((28, 28, 1), mnist_minispore, mnist_row, 64),
    }
    print(f"{'pipeline':9} {'loader':18} {'rows/s':>10} {'torch time / minispore time':>28}")
    for name, (shape, make, change, batch) in problems.items():
        images = rng.integers(0, 256, (options.rows, *shape), dtype=np.uint8)
        ours = make(images, labels, options.workers).create_tuple_iterator()
        peers = {n: torch_loader(images, labels, change, batch, n) for n in options.torch_workers}
        times: dict[str, list[float]] = {"minispore": [], **{f"torch, {n} workers": [] for n in peers}}
        turn(ours, 0)
        for _ in range(options.turns):
            times["minispore"].append(turn(ours, options.work))
            for n, loader in peers.items():
                times[f"torch, {n} workers"].append(turn(iter(loader), options.work))
        for loader_name, taken in times.items():
            ratio = statistics.median(t / own for t, own in zip(taken, times["minispore"]))
            print(f"{name:9} {loader_name:18} {options.rows / statistics.median(taken):10.0f} {ratio:28.2f}")


if __name__ == "__main__":
    main()
