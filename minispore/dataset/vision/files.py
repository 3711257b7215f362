"""Image files: reading and writing, encoding, and what an image measures."""

import io
import os
from enum import IntEnum
from typing import Any

import numpy as np

from ...core.errors import fail
from ...core.tensor import Tensor
from .. import checks
from .base import is_pil, pillow, size_of


class ImageReadMode(IntEnum):
    """The channels that ``read_image`` gives.

    >>> ImageReadMode.COLOR.value
    2
    """

    UNCHANGED = 0
    GRAYSCALE = 1
    COLOR = 2


def _image(owner: str, image: Any) -> np.ndarray:
    checks.instance(owner, (np.ndarray, Tensor), image=image)
    array = image.asnumpy() if isinstance(image, Tensor) else image
    if (
        array.dtype != np.uint8
        or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (1, 3)))
        or not array.size
    ):
        raise fail(
            RuntimeError,
            f"For '{owner}', the image must be uint8 (H, W), (H, W, 1) or (H, W, 3), but got {array.dtype} {array.shape}.",
        )
    return array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array


def _encoded(owner: str, image: Any, kind: str, low: int, high: int, **option: int) -> np.ndarray:
    checks.integer(owner, **{"quality" if name == "quality" else "compression_level": n for name, n in option.items()})
    array = _image(owner, image)
    for value in option.values():
        if not low <= value <= high:
            raise fail(RuntimeError, f"For '{owner}', {value} must be in [{low}, {high}].")
    buffer = io.BytesIO()
    pillow(owner).fromarray(np.ascontiguousarray(array)).save(buffer, kind, **option)
    return np.frombuffer(buffer.getvalue(), np.uint8).copy()


def encode_jpeg(image, quality=75) -> np.ndarray:
    """The bytes of an image as a JPEG file.

    Args:
        image: array or Tensor (H, W), (H, W, 1) or (H, W, 3) of uint8.
        quality: int from 1 to 100.  Default: 75.

    Returns:
        array of uint8.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: another type or shape of the image, ``quality`` out of range.

    >>> import numpy as np
    >>> encode_jpeg(np.zeros((2, 2, 3), np.uint8))[:2].tolist()
    [255, 216]
    """
    return _encoded("encode_jpeg", image, "JPEG", 1, 100, quality=quality)


def encode_png(image, compression_level=6) -> np.ndarray:
    """The bytes of an image as a PNG file.

    Args:
        image: array or Tensor (H, W), (H, W, 1) or (H, W, 3) of uint8.
        compression_level: int from 0 to 9.  Default: 6.

    Returns:
        array of uint8.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: another type or shape of the image, ``compression_level`` out of range.

    >>> import numpy as np
    >>> bytes(encode_png(np.zeros((2, 2, 3), np.uint8))[1:4])
    b'PNG'
    """
    return _encoded("encode_png", image, "PNG", 0, 9, compress_level=compression_level)


def _measured(owner: str, image: Any) -> np.ndarray:
    if not isinstance(image, np.ndarray) and not is_pil(image):
        raise fail(
            TypeError, f"For '{owner}', the image must be an array or a Pillow image, but got {type(image).__name__}."
        )
    array = np.asarray(image)
    if array.ndim < 2:
        raise fail(RuntimeError, f"For '{owner}', the image must have at least two axes, but got {array.shape}.")
    return array


def get_image_num_channels(image) -> int:
    """The number of channels.

    Args:
        image: array (H, W) or (..., H, W, C), or Pillow image.

    Returns:
        int.

    Raises:
        TypeError: something else.
        RuntimeError: fewer axes.

    >>> import numpy as np
    >>> get_image_num_channels(np.zeros((4, 5, 3)))
    3
    """
    array = _measured("get_image_num_channels", image)
    return 1 if array.ndim == 2 else array.shape[-1]


def get_image_size(image) -> list[int]:
    """The height and the width.

    Args:
        image: array (H, W) or (..., H, W, C), or Pillow image.

    Returns:
        list of two ints.

    Raises:
        TypeError: something else.
        RuntimeError: fewer axes.

    >>> import numpy as np
    >>> get_image_size(np.zeros((4, 5, 3)))
    [4, 5]
    """
    return list(size_of(_measured("get_image_size", image)))


def read_file(filename) -> np.ndarray:
    """The bytes of a file.

    Args:
        filename: str.

    Returns:
        array of uint8.

    Raises:
        TypeError: ``filename`` is no str.
        RuntimeError: there is no such file.

    >>> read_file(__file__).dtype
    dtype('uint8')
    """
    if not os.path.isfile(checks.string("read_file", filename=filename)):
        raise fail(RuntimeError, f"For 'read_file', there is no file {filename}.")
    return np.fromfile(filename, np.uint8)


def read_image(filename, mode=ImageReadMode.UNCHANGED) -> np.ndarray:
    """The pixels of an image file.

    Args:
        filename: str.
        mode: ImageReadMode, whether to convert to grey or to RGB.  Default: ImageReadMode.UNCHANGED.

    Returns:
        array (H, W, C).

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: there is no such file, or it is no image.

    >>> read_image("nothing.png")
    Traceback (most recent call last):
    RuntimeError: For 'read_image', there is no file nothing.png...
    """
    if not os.path.isfile(checks.string("read_image", filename=filename)):
        raise fail(RuntimeError, f"For 'read_image', there is no file {filename}.")
    checks.instance("read_image", ImageReadMode, mode=mode)
    try:
        with pillow("read_image").open(filename) as image:
            if mode == ImageReadMode.UNCHANGED and image.mode == "P":
                image = image.convert("RGB")
            kind = {ImageReadMode.GRAYSCALE: "L", ImageReadMode.COLOR: "RGB"}.get(mode, image.mode)
            array = np.array(image.convert(kind))
    except Exception as error:  # Pillow's decoders raise errors of many kinds
        raise fail(RuntimeError, f"For 'read_image', {filename} cannot be decoded: {error}") from None
    return array[..., None] if array.ndim == 2 else array


def write_file(filename, data) -> None:
    """Writes bytes to a file.

    Args:
        filename: str.
        data: array or Tensor of uint8 with one axis.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: other data, or the file cannot be written.

    >>> import os, tempfile
    >>> import numpy as np
    >>> write_file(os.path.join(tempfile.mkdtemp(), "a"), np.zeros(3, np.uint8))
    """
    checks.string("write_file", filename=filename)
    checks.instance("write_file", (np.ndarray, Tensor), data=data)
    array = data.asnumpy() if isinstance(data, Tensor) else data
    if array.dtype != np.uint8 or array.ndim != 1 or not array.size:
        raise fail(
            RuntimeError, f"For 'write_file', the data must be uint8 in one axis, but got {array.dtype} {array.shape}."
        )
    try:
        array.tofile(filename)
    except OSError as error:
        raise fail(RuntimeError, f"For 'write_file', {filename} cannot be written: {error}") from None


def write_jpeg(filename, image, quality=75) -> None:
    """Writes an image to a JPEG file.

    Args:
        filename: str.
        image: array or Tensor (H, W), (H, W, 1) or (H, W, 3) of uint8.
        quality: int from 1 to 100.  Default: 75.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: another image, ``quality`` out of range, or the file cannot be written.

    >>> import os, tempfile
    >>> import numpy as np
    >>> write_jpeg(os.path.join(tempfile.mkdtemp(), "a.jpg"), np.zeros((2, 2), np.uint8))
    """
    checks.string("write_jpeg", filename=filename)
    write_file(filename, _encoded("write_jpeg", image, "JPEG", 1, 100, quality=quality))


def write_png(filename, image, compression_level=6) -> None:
    """Writes an image to a PNG file.

    Args:
        filename: str.
        image: array or Tensor (H, W), (H, W, 1) or (H, W, 3) of uint8.
        compression_level: int from 0 to 9.  Default: 6.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: another image, ``compression_level`` out of range, or the file cannot be written.

    >>> import os, tempfile
    >>> import numpy as np
    >>> write_png(os.path.join(tempfile.mkdtemp(), "a.png"), np.zeros((2, 2), np.uint8))
    """
    checks.string("write_png", filename=filename)
    write_file(filename, _encoded("write_png", image, "PNG", 0, 9, compress_level=compression_level))
