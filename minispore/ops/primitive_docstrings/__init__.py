"""What is written of the primitive classes; the rest of their docstrings is that of the functions that they call.

A text with a summary is a whole docstring; one without takes the place of the same parts of the function's.
Arguments of constructor and call stand together under ``Args:``.
"""

from . import arrays, communication, images, layers, math, others, updates

ARGUMENTS = {  # of constructors, where the function has no such argument
    "use_locking": "(bool): no effect: updates are never mixed.",
    "use_lock": "(bool): no effect: updates are never mixed.",
    "check_index_bound": "(bool): no effect: indices are checked always.",
    "seed": "(int): with one of the two not 0, the object's numbers follow from them alone, not from ``ms.set_seed``.",
    "seed2": "(int): likewise.",
    "data_format": '(str): "NCHW".',
}

DOCSTRINGS: dict[str, str] = {
    name: text
    for part in (math, arrays, layers, images, updates, communication, others)
    for name, text in part.DOCSTRINGS.items()
}

__all__ = ["ARGUMENTS", "DOCSTRINGS"]
