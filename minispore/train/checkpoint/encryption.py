"""Encrypted checkpoints, as MindSpore writes them, by the package cryptography (``pip install minispore[encryption]``).

A file is a row of blocks, each of at most 64 MiB of the plain file::

    AES-GCM             0x7F3A5ED8   tag (16 bytes)   length of the rest   16   IV   length of the text   text
    AES-CBC, SM4-CBC    0x7F3A5ED9 and 0x7F3A5EDA     length of the rest   16   IV   length of the text   text, padded by PKCS #7

with numbers of 4 bytes, the lowest first.
"""

import os
import struct
from typing import Any

from ...core.errors import fail, not_installed

MAGIC = {"AES-GCM": 0x7F3A5ED8, "AES-CBC": 0x7F3A5ED9, "SM4-CBC": 0x7F3A5EDA}
BLOCK = 64 << 20
IV = TAG = 16
_KEYS = {"AES": (16, 24, 32), "SM4": (16,)}


def looks_encrypted(data: bytes) -> bool:
    """Whether the content of a file may be an encrypted checkpoint.

    Args:
        data: bytes.

    Returns:
        bool.
    """
    return data[:4] in [struct.pack("<I", magic) for magic in MAGIC.values()]


def check(owner: str, argument: str, key, mode) -> None:
    """Raises what MindSpore raises for a wrong key or mode.

    Args:
        owner: str, the function's name.
        argument: str, "enc" or "dec", with which the names of the arguments begin.
        key: bytes or None.
        mode: str.

    Raises:
        ValueError: one is of another kind.
        ImportError: the package cryptography is missing.
    """
    if not isinstance(key, (bytes, type(None))):
        raise fail(ValueError, f"For '{owner}', '{argument}_key' must be None or bytes, but got {type(key).__name__}.")
    if not isinstance(mode, str):
        raise fail(ValueError, f"For '{owner}', '{argument}_mode' must be a str, but got {type(mode).__name__}.")
    if key is None:
        return
    if mode not in MAGIC:
        raise fail(ValueError, f"For '{owner}', '{argument}_mode' must be one of {list(MAGIC)}, but got {mode!r}.")
    if len(key) not in _KEYS[mode[:3]]:
        lengths = " or ".join(map(str, _KEYS[mode[:3]]))
        raise fail(
            ValueError, f"For '{owner}', '{argument}_key' must have {lengths} bytes for {mode}, but got {len(key)}."
        )
    _package(owner, argument)


def _package(owner: str, argument: str) -> Any:
    try:
        from cryptography.hazmat.primitives import ciphers, padding
    except ImportError:
        raise not_installed(f"For '{owner}', '{argument}_key'", "cryptography", "'minispore[encryption]'") from None
    return ciphers, padding


def _cipher(ciphers, key: bytes, mode: str, iv: bytes, tag: bytes | None = None):
    algorithm, chain = mode.split("-")
    # of the 16 bytes OpenSSL takes the first 12, as MindSpore does not say how many there are
    chained = ciphers.modes.GCM(iv[:12], tag) if chain == "GCM" else ciphers.modes.CBC(iv)
    return ciphers.Cipher(getattr(ciphers.algorithms, algorithm)(key), chained)


def encrypted(data: bytes, key: bytes, mode: str) -> bytes:
    """An encrypted checkpoint.

    Args:
        data: bytes, the plain one.
        key: bytes.
        mode: str, "AES-GCM", "AES-CBC" or "SM4-CBC".

    Returns:
        bytes.
    """
    ciphers, padding = _package("save_checkpoint", "enc")
    out = []
    for begin in range(0, len(data), BLOCK):
        iv, plain = os.urandom(IV), data[begin : begin + BLOCK]
        if mode != "AES-GCM":
            padder = padding.PKCS7(128).padder()
            plain = padder.update(plain) + padder.finalize()
        work = _cipher(ciphers, key, mode, iv).encryptor()
        text = work.update(plain) + work.finalize()
        tag = work.tag if mode == "AES-GCM" else b""
        rest = struct.pack("<I", IV) + iv + struct.pack("<I", len(text)) + text
        out += [struct.pack("<I", MAGIC[mode]), tag, struct.pack("<I", len(rest)), rest]
    return b"".join(out)


def decrypted(data: bytes, key: bytes, mode: str) -> bytes:
    """The plain content of an encrypted checkpoint.

    Args:
        data: bytes, what ``encrypted`` gave.
        key: bytes.
        mode: str, the mode it was encrypted in.

    Returns:
        bytes.

    Raises:
        ValueError: another key or mode, or the content is damaged.
    """
    ciphers, padding = _package("load_checkpoint", "dec")
    out, at, tag_size = [], 0, TAG if mode == "AES-GCM" else 0
    while at < len(data):
        head = data[at : at + 4 + tag_size + 4]
        if len(head) < 8 + tag_size or head[:4] != struct.pack("<I", MAGIC[mode]):
            raise ValueError("it is not encrypted in this mode")
        (size,) = struct.unpack("<I", head[-4:])
        rest = data[at + len(head) : at + len(head) + size]
        if len(rest) < size or size < 8 + IV or struct.unpack("<I", rest[:4])[0] != IV:
            raise ValueError("it is cut off or damaged")
        iv, text = rest[4 : 4 + IV], rest[8 + IV :]
        if struct.unpack("<I", rest[4 + IV : 8 + IV])[0] != len(text):
            raise ValueError("it is damaged")
        out.append(_plain(ciphers, padding, key, mode, iv, head[4 : 4 + tag_size], text))
        at += len(head) + size
    return b"".join(out)


def _plain(ciphers, padding, key, mode, iv, tag, text) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        work = _cipher(ciphers, key, mode, iv, tag or None).decryptor()
        plain = work.update(text) + work.finalize()
        if mode == "AES-GCM":
            return plain
        unpadder = padding.PKCS7(128).unpadder()
        return unpadder.update(plain) + unpadder.finalize()
    except (InvalidTag, ValueError):
        raise ValueError("the key is another one, or it is damaged") from None
