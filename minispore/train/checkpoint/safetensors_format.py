"""The safetensors format: the length of a header (8 bytes, little-endian), the header as JSON, the bytes of all arrays.

The header maps each name to ``{"dtype", "shape", "data_offsets"}``, and ``"__metadata__"`` to strings.  Nothing in such
a file is code.  Texts of a checkpoint and its checksums are metadata: ``crc_num``, as MindSpore writes it, of names and bytes,
and ``header_crc`` of the rest of the header, with shapes, types and texts.
"""

import json
import math
import zlib
from typing import IO

import numpy as np

from ...core.dtype import BY_NAME, from_np, to_dtype
from ...core.errors import fail

NAMES = {
    "BOOL": "bool", "U8": "uint8", "I8": "int8", "U16": "uint16", "I16": "int16", "U32": "uint32", "I32": "int32",
    "U64": "uint64", "I64": "int64", "F16": "float16", "BF16": "bfloat16", "F32": "float32", "F64": "float64",
    "C64": "complex64",
}  # fmt: skip
CODES = {name: code for code, name in NAMES.items()}
LONGEST_HEADER = 100_000_000
HEADER = "header_crc"
TEXT = "text:"  # prefix of the names of strings in the metadata


def looks_like(data: bytes) -> bool:
    """Whether the content of a file may be of this format.

    Args:
        data: bytes.

    Returns:
        bool.
    """
    return data[8:9] == b"{" and int.from_bytes(data[:8], "little") <= LONGEST_HEADER


def write(file: IO[bytes], entries: dict) -> None:
    """Writes entries.

    Args:
        file: binary file.
        entries: dict name -> NumPy array or str.
    """
    arrays = {k: np.ascontiguousarray(v).reshape(np.shape(v)) for k, v in entries.items() if not isinstance(v, str)}
    metadata = {"format": "ms", "crc_num": str(checksum(arrays))}
    metadata |= {TEXT + k: v for k, v in entries.items() if isinstance(v, str)}
    # sorted by item size, so that each offset is a multiple of it
    laid_out = sorted(arrays, key=lambda name: -arrays[name].itemsize)
    header: dict = {"__metadata__": metadata}
    end = 0
    for name in laid_out:
        begin, end = end, end + arrays[name].nbytes
        dtype = from_np(arrays[name].dtype)
        if dtype.name not in CODES:
            raise fail(
                TypeError, f"The safetensors format has no type for {dtype}, which {name} has; write a .ckpt file."
            )
        code = CODES[dtype.name]
        header[name] = {"dtype": code, "shape": list(arrays[name].shape), "data_offsets": [begin, end]}
    metadata[HEADER] = _header_checksum(header)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    file.write(len(text).to_bytes(8, "little") + text)
    for name in laid_out:
        file.write(_bytes(arrays[name]))


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
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 or size > len(data) - 8:
        raise ValueError("it ends in the middle of its header")
    header, metadata = _header(data[8 : 8 + size])
    body = memoryview(data)[8 + size :]
    arrays = {name: _array(name, entry, body) for name, entry in header.items()}
    _check_coverage([entry["data_offsets"] for entry in header.values()], len(body))
    if "crc_num" in metadata and str(checksum(arrays)) != metadata["crc_num"]:
        raise ValueError("its checksum (crc) does not fit its content")
    return arrays | {k[len(TEXT) :]: v for k, v in metadata.items() if k.startswith(TEXT)}, "crc_num" in metadata


def _header(text: bytes) -> tuple[dict, dict]:
    """(the entries of the arrays, the metadata), verified by their checksum if there is one; texts have one."""
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("its header is not valid JSON") from None
    metadata = header.get("__metadata__", {}) if isinstance(header, dict) else None
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise ValueError("its header is not a map, or its metadata are not a map of strings")
    given = metadata.pop(HEADER, None)
    if given is None and any(k.startswith(TEXT) for k in metadata):
        raise ValueError("its texts have no checksum")
    if given is not None and given != _header_checksum(header):
        raise ValueError("the checksum of its header does not fit")
    header.pop("__metadata__", None)
    return header, metadata


def _header_checksum(header: dict) -> str:
    return str(zlib.crc32(json.dumps(header, sort_keys=True).encode()))


def _array(name: str, entry, body):
    try:
        code, shape, (begin, end) = entry["dtype"], tuple(entry["shape"]), entry["data_offsets"]
        if len(shape) > 64:
            raise ValueError("more axes than an array can have")
        count = math.prod(shape)
        numbers = [*shape, begin, end]
    except (TypeError, KeyError, ValueError):
        raise ValueError(f"its header describes '{name}' in an unknown way") from None
    if code not in NAMES:
        raise ValueError(f"'{name}' is of the type {code}, which minispore does not have")
    dtype = to_dtype(BY_NAME[NAMES[code]]).np
    if not all(type(n) is int and n >= 0 for n in numbers) or end - begin != count * dtype.itemsize:
        raise ValueError(f"its header gives '{name}' the shape {list(shape)}, but the bytes {begin} to {end}")
    if end > len(body):
        raise ValueError(f"it ends before '{name}' does")
    return np.frombuffer(body[begin:end], dtype).reshape(shape)


def _check_coverage(ranges, size: int) -> None:
    at = 0
    for begin, end in sorted(ranges):
        if begin != at:
            raise ValueError(f"its arrays overlap or leave a hole at byte {at}")
        at = end
    if at != size:
        raise ValueError(f"it holds {size} bytes of data, but its header describes {at}")


def checksum(arrays: dict) -> int:
    """CRC-32 over names and bytes in alphabetical order, as MindSpore computes it.

    Args:
        arrays: dict name -> NumPy array.

    Returns:
        int.
    """
    crc = 0
    for name in sorted(arrays):
        crc = zlib.crc32(_bytes(arrays[name]), zlib.crc32(name.encode(), crc))
    return crc


def _bytes(array):
    return array.reshape(-1).view(np.uint8).data
