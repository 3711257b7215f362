"""Strings and bytes."""

from enum import IntEnum

import numpy as np

from ...core.errors import fail


class NormalizeForm(IntEnum):
    """The normal forms of Unicode."""

    NONE = 0
    NFC = 1
    NFKC = 2
    NFD = 3
    NFKD = 4


def _array(owner: str, array, kind: str) -> np.ndarray:
    if not isinstance(array, np.ndarray) or array.dtype.kind != kind:
        raise fail(
            TypeError,
            f"For '{owner}', the input must be an array of {'str' if kind == 'U' else 'bytes'}, but got {array!r}.",
        )
    return array


def to_bytes(array: np.ndarray, encoding: str = "utf8") -> np.ndarray:
    """An array of str as one of bytes.

    Args:
        array: array of str.
        encoding: str.  Default: "utf8".

    Returns:
        array of bytes, of the same shape.

    Raises:
        TypeError: it is not such an array.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.to_bytes(np.array(["a"]))
    array([b'a'], dtype='|S1')
    """
    return np.char.encode(_array("to_bytes", array, "U"), encoding)


def to_str(array: np.ndarray, encoding: str = "utf8") -> np.ndarray:
    """An array of bytes as one of str.

    Args:
        array: array of bytes.
        encoding: str.  Default: "utf8".

    Returns:
        array of str, of the same shape.

    Raises:
        TypeError: it is not such an array.

    >>> import numpy as np
    >>> from minispore.dataset import text
    >>> text.to_str(np.array([b"a"]))
    array(['a'], dtype='<U1')
    """
    return np.char.decode(_array("to_str", array, "S"), encoding)


from ...core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)
