"""MindSpore's module ``_c_expression.amp``: kept for scripts that set it, without effect; ``minispore.amp`` sets precisions."""

from enum import IntEnum

AmpLevel = IntEnum("AmpLevel", [(f"Amp{level}", k) for k, level in enumerate(("O0", "O1", "O2", "O3", "Auto"))])  # type: ignore[misc]


def create_amp_strategy(*given) -> tuple:
    """Accepted: the settings as they are."""
    return given
