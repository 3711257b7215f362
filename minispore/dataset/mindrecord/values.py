"""The bytes of a record: packed integers, and MessagePack maps of numbers and strings."""

import struct
from typing import Any

import numpy as np


def pack_ints(values: np.ndarray) -> bytes:
    """Packs integers: their number (big-endian), two bits for the width of each (1, 2, 4 or 8 bytes), then each in its width.

    Args:
        values: array of ints.

    Returns:
        bytes.

    >>> pack_ints(np.array([1])).hex()
    '000000010001'
    """
    flat = values.reshape(-1).astype(np.int64)
    widths = sum((flat < -(1 << bits)) | (flat >= 1 << bits) for bits in (7, 15, 31)).astype(np.uint8)
    pairs = np.pad(widths, (0, -len(widths) % 4)).reshape(-1, 4) << np.array([6, 4, 2, 0], np.uint8)
    packed = b"".join(int(v).to_bytes(1 << w, "little", signed=True) for v, w in zip(flat, widths))
    return len(flat).to_bytes(4, "big") + pairs.sum(1).astype(np.uint8).tobytes() + packed


def unpack_ints(data: bytes) -> np.ndarray:
    """The int64 values in the output of ``pack_ints``.

    Args:
        data: bytes.

    Returns:
        array of int64, shape (n,).

    >>> unpack_ints(pack_ints(np.array([1, -300, 2**40]))).tolist()
    [1, -300, 1099511627776]
    """
    count = int.from_bytes(data[:4], "big")
    bits = np.frombuffer(data, np.uint8, -(-count // 4), 4)
    widths = 1 << (bits[:, None] >> np.array([6, 4, 2, 0], np.uint8) & 3).reshape(-1)[:count].astype(np.int64)
    starts = 4 + len(bits) + np.cumsum(widths) - widths
    source, out = np.frombuffer(data, np.uint8), np.empty(count, np.int64)
    for width in (1, 2, 4, 8):
        chosen = np.flatnonzero(widths == width)
        places = starts[chosen][:, None] + np.arange(width)
        out[chosen] = source[places].view(f"<i{width}").reshape(-1) if len(chosen) else 0
    return out


_SCALARS = {
    0xCA: ">f",
    0xCB: ">d",
    0xCC: ">B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: ">b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}
_LENGTHS = {0xD9: ">B", 0xDA: ">H", 0xDB: ">I", 0xDE: ">H", 0xDF: ">I"}


def unpack_map(data: bytes) -> dict:
    """Decodes a MessagePack map of numbers and strings.

    Args:
        data: bytes.

    Returns:
        dict.

    Raises:
        ValueError: it is no map, or holds values of other kinds.

    >>> unpack_map(pack_map({"a": 1}))
    {'a': 1}
    """
    value, end = _unpacked(data, 0)
    if not isinstance(value, dict) or end != len(data):
        raise ValueError("a record is no map")
    return value


def _unpacked(data: bytes, at: int) -> tuple[Any, int]:
    kind, at = data[at], at + 1
    if kind < 0x80 or kind >= 0xE0:
        return (kind if kind < 0x80 else kind - 0x100), at
    if kind in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[kind], at
    if kind in _SCALARS:
        return struct.unpack_from(_SCALARS[kind], data, at)[0], at + struct.calcsize(_SCALARS[kind])
    if kind in _LENGTHS:
        count, at = struct.unpack_from(_LENGTHS[kind], data, at)[0], at + struct.calcsize(_LENGTHS[kind])
    elif kind >> 4 == 8 or kind >> 5 == 5:
        count = kind & (0x0F if kind >> 4 == 8 else 0x1F)
    else:
        raise ValueError(f"a record has a value of an unknown kind (0x{kind:x})")
    if kind >> 4 != 8 and kind not in (0xDE, 0xDF):
        return data[at : at + count].decode(), at + count
    made = {}
    for _ in range(count):
        key, at = _unpacked(data, at)
        made[key], at = _unpacked(data, at)
    return made, at


def pack_map(values: dict) -> bytes:
    """A dict as a MessagePack map.

    Args:
        values: dict from str to int, float or str.

    Returns:
        bytes.
    """
    return struct.pack(">BH", 0xDE, len(values)) + b"".join(_packed(k) + _packed(v) for k, v in values.items())


def _packed(value) -> bytes:
    if isinstance(value, str):
        text = value.encode()
        return struct.pack(">BI", 0xDB, len(text)) + text
    return struct.pack(">Bd", 0xCB, value) if isinstance(value, float) else struct.pack(">Bq", 0xD3, value)
