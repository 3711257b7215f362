"""Bessel functions and their derivatives, computed with 40 digits by mpmath: ``python bessel.py`` writes ``bessel.json``."""

import json
from pathlib import Path

try:
    import mpmath
except ImportError:  # only writing needs it; the tests read the file
    mpmath = None

POINTS = [1e-8, 0.01, 0.7, 1.999, 2.001, 5.0, 11.3, 24.99, 25.01, 29.9, 30.1, 77.0, 650.0, 1e6]


def functions():
    """{name: (order, scale, value)}: the function is ``exp(scale x) * value(order, x)``."""
    kinds = {"j": mpmath.besselj, "y": mpmath.bessely, "i": mpmath.besseli, "k": mpmath.besselk}
    for kind, value in kinds.items():
        for order in (0, 1):
            yield f"bessel_{kind}{order}", order, 0, value
            if kind in "ik":
                yield f"bessel_{kind}{order}e", order, -1 if kind == "i" else 1, value


def derivative(kind, order, x, value):
    if order == 0:
        return value(1, x) * (1 if kind == "i" else -1)
    return {"i": 1, "k": -1}.get(kind, 1) * value(0, x) - value(1, x) / x


if __name__ == "__main__":
    mpmath.mp.dps = 40
    rows = {}
    for name, order, scale, value in functions():
        found = []
        for point in POINTS:
            x = mpmath.mpf(point)
            f, slope = value(order, x), derivative(name[7], order, x, value)
            found.append([float(mpmath.exp(scale * x) * f), float(mpmath.exp(scale * x) * (slope + scale * f))])
        rows[name] = found
    text = json.dumps({"points": POINTS, **rows}).replace(']], "', ']],\n"')
    Path(__file__).with_suffix(".json").write_text(text + "\n")
