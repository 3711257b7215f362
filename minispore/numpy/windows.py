"""Windows of signals."""

import builtins
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core import checks
from ..core.dtype import float32
from .creation import _made

ops: Any = _ops  # its functions are put together when it is imported


def _window(name, coefficients, printed):
    def window(M):
        M = builtins.max(checks.integer(name, M=M), 0)
        n = np.arange(M)
        turns = sum(c * np.cos(2 * np.pi * k * n / builtins.max(M - 1, 1)) for k, c in enumerate(coefficients))
        return _made(turns if M > 1 else np.ones(M), float32)

    window.__name__, window.__module__ = name, __name__
    shown = " + ".join(f"{c} cos({2 * k} pi n / (M - 1))" if k else str(c) for k, c in enumerate(coefficients))
    window.__doc__ = f"""The {name} window: ``{shown}``.

    Args:
        M (int): how many points.

    Returns:
        Tensor of shape (M,); float32.

    >>> print({name}(5).asnumpy().round(4) + 0)
    {printed}
    """
    return window


hanning = _window("hanning", (0.5, -0.5), "[0.  0.5 1.  0.5 0. ]")
hamming = _window("hamming", (0.54, -0.46), "[0.08 0.54 1.   0.54 0.08]")
blackman = _window("blackman", (0.42, -0.5, 0.08), "[0.   0.34 1.   0.34 0.  ]")


def bartlett(M):
    """The triangular window with zeros at its ends.

    Args:
        M (int): how many points.

    Returns:
        Tensor of shape (M,); float32.

    >>> import minispore.numpy as mnp
    >>> print(mnp.bartlett(5))
    [0.  0.5 1.  0.5 0. ]
    """
    return _made(np.bartlett(M), float32)


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
