"""NumPy: the yardstick of the eager addition. It trains nothing."""

from __future__ import annotations

import numpy as np
from runner import Add


class Adapter:
    def __init__(self, option: str, threads: int):
        self.version = np.__version__

    def add(self, array: np.ndarray) -> Add:
        return Add(array, array.copy(), wait=lambda result: result[0, 0])
