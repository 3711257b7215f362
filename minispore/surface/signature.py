"""``mindspore.ops.signature``: what MindSpore's primitives say of their inputs.  Nothing here reads it: ops have their rules with their definition.

>>> from minispore.ops import signature as sig
>>> sig.make_sig("x", dtype=sig.sig_dtype.T).name
'x'
"""

from enum import Enum
from typing import Any, NamedTuple

sig_rw = Enum("sig_rw", ["RW_READ", "RW_WRITE", "RW_REF", "RW_EMPTY_DEFAULT_VALUE"])
sig_kind = Enum(
    "sig_kind",
    [
        "KIND_POSITIONAL_KEYWORD",
        "KIND_VAR_POSITIONAL",
        "KIND_KEYWORD_ONLY",
        "KIND_VAR_KEYWARD",
        "KIND_EMPTY_DEFAULT_VALUE",
    ],
)
sig_dtype = Enum("sig_dtype", "T T1 T2 T3 T4 T5 T6 T7 T8 T9 T_EMPTY_DEFAULT_VALUE")


class Signature(NamedTuple):
    """What a primitive says of one input.

    Attributes:
        name: str.
        rw: a ``sig_rw``: whether it is read or written.
        kind: a ``sig_kind``: how it is passed.
        default: its value where it is not passed.
        dtype: a ``sig_dtype``: inputs with the same one are brought to one type.

    >>> Signature("x").rw.name
    'RW_READ'
    """

    name: str
    rw: Any = sig_rw.RW_READ
    kind: Any = sig_kind.KIND_POSITIONAL_KEYWORD
    default: Any = None
    dtype: Any = sig_dtype.T_EMPTY_DEFAULT_VALUE


def make_sig(
    name="var",
    rw=Signature._field_defaults["rw"],
    kind=Signature._field_defaults["kind"],
    default=None,
    dtype=Signature._field_defaults["dtype"],
):
    """A ``Signature`` of these.

    Args:
        name: str.  Default: "var".
        rw: a ``sig_rw``.  Default: ``RW_READ``.
        kind: a ``sig_kind``.  Default: ``KIND_POSITIONAL_KEYWORD``.
        default: any value.  Default: None.
        dtype: a ``sig_dtype``.  Default: ``T_EMPTY_DEFAULT_VALUE``.

    Returns:
        Signature.

    >>> make_sig("x", sig_rw.RW_WRITE).rw.name
    'RW_WRITE'
    """
    return Signature(name, rw, kind, default, dtype)


__all__ = ["Signature", "make_sig", "sig_dtype", "sig_kind", "sig_rw"]
