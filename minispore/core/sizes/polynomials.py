"""Polynomials of atoms, which are names of integers: ``{("n",): 3, (): -1}`` is ``3*n - 1``."""

import math
from typing import Any

Terms = dict[tuple[str, ...], int]  # product of atoms -> its factor


def text_of(terms: Terms) -> str:
    parts = []
    for atoms in sorted(terms):
        factor = terms[atoms]
        product = "*".join(atoms)
        parts.append(product if factor == 1 and product else f"{factor}*{product}" if product else str(factor))
    return " + ".join(parts)


def value_of(terms: Terms, values: dict[str, Any]):
    return sum([factor * math.prod([values[a] for a in atoms]) for atoms, factor in terms.items()])


def least(terms: Terms, low: dict[str, int | None]) -> int | None:
    """A bound that all values have, if one is known; ``low``: what each atom is at least."""
    found = terms.get((), 0)
    for atoms, factor in terms.items():
        if atoms == ():
            continue
        product = factor
        for a in atoms:
            at_least = low[a]
            if at_least is None or at_least < 0 or factor < 0:
                return None
            product *= at_least
        found += product
    return found


def added(a: Terms, b: Terms) -> Terms:
    return {k: a.get(k, 0) + b.get(k, 0) for k in (*a, *b)}


def subtracted(a: Terms, b: Terms) -> Terms:
    return {k: a.get(k, 0) - b.get(k, 0) for k in (*a, *b)}


def multiplied(a: Terms, b: Terms) -> Terms:
    found: Terms = {}
    for x, m in a.items():
        for y, n in b.items():
            key = tuple(sorted(x + y))
            found[key] = found.get(key, 0) + m * n
    return found


def divided(a: Terms, b: Terms) -> Terms | None:
    """a / b, where it is a polynomial and b is a single product."""
    if len(b) != 1:
        return None
    ((below, divisor),) = b.items()
    found: Terms = {}
    for atoms, factor in a.items():
        rest = list(atoms)
        for x in below:
            if x not in rest:
                return None
            rest.remove(x)
        if factor % divisor:
            return None
        found[tuple(rest)] = factor // divisor
    return found


def remainder(a: Terms, b: Terms) -> Terms | None:
    """0, where a / b is a polynomial."""
    return None if divided(a, b) is None else {}
