"""MindSpore's ``.ckpt``: a protobuf message, read and written field by field.

    Checkpoint   1: repeated Value
    Value        1: tag (the name)   2: tensor
    Tensor       1: repeated dims    2: type, e.g. "Float32"   3: content, the bytes of the array

A Tensor above 512 MB is several Values in a row with one tag, whose contents are joined.  A str has the type "str",
dims [0] and UTF-32 content.  The file may end with "crc_num" and the CRC-32 of all before it in 10 bytes.

The four fields are handled here rather than by the protobuf package: it cannot hold more than 2 GB, copies
everything several times, and would be a dependency of the training loop for one message.
"""

import math
import zlib
from typing import IO

import numpy as np

from ...core.dtype import ALL, from_np, to_dtype

SLICE = 512 << 20  # bytes of one Value
TRAILER = b"crc_num"
BY_PRINTED = {t.printed: t for t in ALL}
VALUE, TAG, TENSOR, DIMS, TYPE, CONTENT = 0x0A, 0x0A, 0x12, 0x08, 0x12, 0x1A  # field number * 8 + kind
LENGTH_DELIMITED = 2


def looks_like(data: bytes) -> bool:
    """Whether the content of a file may be of this format.

    Args:
        data: bytes.

    Returns:
        bool.
    """
    return data[:1] == bytes([VALUE])


# ---------------------------------------------------------------- writing
def write(file: IO[bytes], entries: dict) -> None:
    """Writes entries.

    Args:
        file: binary file.
        entries: dict name -> NumPy array or str.
    """
    crc = 0
    for name, item in entries.items():
        if isinstance(item, str):
            kind, dims, content = "str", [0], memoryview(item.encode("utf-32-le") or bytes(4))
        else:
            kind, dims = from_np(item.dtype).printed, list(item.shape)
            content = np.ascontiguousarray(item).reshape(-1).view(np.uint8).data
        for begin in range(0, max(1, len(content)), SLICE):
            piece = content[begin : begin + SLICE]
            head = _value_head(name.encode(), dims, kind.encode(), len(piece))
            for part in (head, piece):
                file.write(part)
                crc = zlib.crc32(part, crc)
    file.write(TRAILER + crc.to_bytes(10, "big"))


def _value_head(tag: bytes, dims, kind: bytes, size: int) -> bytes:
    """The bytes of a Value up to its content."""
    tensor = b"".join(bytes([DIMS]) + _varint(d) for d in dims)
    tensor += bytes([TYPE]) + _varint(len(kind)) + kind + bytes([CONTENT]) + _varint(size)
    value = bytes([TAG]) + _varint(len(tag)) + tag + bytes([TENSOR]) + _varint(len(tensor) + size)
    return bytes([VALUE]) + _varint(len(value) + len(tensor) + size) + value + tensor


def _varint(n: int) -> bytes:
    """A protobuf varint: seven bits per byte, lowest first; the high bit is set where more follow."""
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


# ---------------------------------------------------------------- reading
def read(data: bytes) -> tuple[dict, bool]:
    """Reads entries.

    Args:
        data: bytes, the whole file.

    Returns:
        tuple (dict name -> NumPy array or str, whether a checksum was there).

    Raises:
        ValueError: it is not such a file.

    >>> import io
    >>> file = io.BytesIO()
    >>> write(file, {"w": np.array([1.0, 2.0], np.float32)})
    >>> read(file.getvalue())[0]["w"].tolist()
    [1.0, 2.0]
    """
    has_crc = data[-17:-10] == TRAILER
    body = memoryview(data)
    if has_crc:
        body = body[:-17]
        if zlib.crc32(body) != int.from_bytes(data[-10:], "big"):
            raise ValueError("its checksum (crc) does not fit its content")
    pieces: dict[str, tuple] = {}
    for field, value in _fields(body):
        if field != VALUE:
            raise ValueError(f"it has a field of an unknown kind (0x{field:x})")
        tag, dims, kind, content = _value(value)
        if tag in pieces:
            pieces[tag][2].append(content)
        else:
            pieces[tag] = (dims, kind, [content])
    return {tag: _assembled(tag, *piece) for tag, piece in pieces.items()}, has_crc


def _value(body) -> tuple:
    fields = dict(_fields(body))
    if TAG not in fields or TENSOR not in fields:
        raise ValueError("it has an entry without a name or a Tensor (such as a MapParameter)")
    dims, kind, content = [], None, None
    for field, value in _fields(fields[TENSOR]):
        if field == DIMS:
            dims.append(value)
        elif field == TYPE:
            kind = str(value, "utf-8")
        elif field == CONTENT:
            content = value
    if kind is None or content is None:
        raise ValueError("it has a Tensor without a type or content")
    return str(fields[TAG], "utf-8"), tuple(dims), kind, content


def _assembled(tag: str, dims: tuple, kind: str, contents: list):
    content = contents[0] if len(contents) == 1 else b"".join(contents)
    if kind == "str":
        return str(content, "utf-32-le").rstrip("\0")
    if kind not in BY_PRINTED:
        raise ValueError(f"'{tag}' is of the type {kind}, which minispore has not")
    array = np.frombuffer(content, to_dtype(BY_PRINTED[kind]).np)
    if dims == (0,) and array.size == 1:  # how some versions write a number
        dims = ()
    if array.size != math.prod(dims):
        raise ValueError(f"'{tag}' has the shape {dims}, but {array.size} elements")
    return array.reshape(dims)


def _fields(body):
    """(key, value) of each field: an int, or the bytes of a string or message."""
    at = 0
    while at < len(body):
        key, at = _read_varint(body, at)
        number, at = _read_varint(body, at)
        if key & 7 == 0:
            yield key, number
        elif key & 7 == LENGTH_DELIMITED:
            if at + number > len(body):
                raise ValueError("it ends in the middle of an entry")
            yield key, body[at : at + number]
            at += number
        else:
            raise ValueError(f"it has a field of an unknown kind (0x{key:x})")


def _read_varint(body, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        if at >= len(body):
            raise ValueError("it ends in the middle of an entry")
        byte = body[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
    raise ValueError("it has a number that is too long")
