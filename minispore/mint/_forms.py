"""What the functions of ``mint`` share: docstrings completed from those of ``ops``."""

from typing import Any

from .. import ops as _package
from ..core.forwarding import forwards

ops: Any = _package  # its functions are put together when it is imported


ADDED = "Tensor of the broadcast shape of the inputs; their common type."


COMMON = {
    "stable": "(bool): no effect: the order of equal elements is kept always.",
    "device": "(str): no effect: there is one device.",
    "generator": "(None): numbers come from the global generator.",
    "pin_memory": "(bool): no effect.",
    "compute_mode": "(str): no effect.",
    "output_size": "(int): the length that must come out; None for any.",
}


def like(function, args=None, **more):
    """A decorator: the docstring is completed from that of ``function``."""
    return forwards(function, args={**COMMON, **(args or {})}, **more)
