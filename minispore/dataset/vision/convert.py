"""Conversions: from files to images, and from images to the arrays that a network takes."""

import io
from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from ..transforms.array import numpy_type
from ..transforms.base import Elementwise, Transform
from .base import BlockTransform, ImageTransform, is_pil, pillow, rounded, with_image_docs
from .utils import ConvertMode


class Decode(Transform):
    """The bytes of an image file to RGB pixels, by Pillow.

    Args:
        to_pil: bool, whether to give a Pillow image in place of an array.  Default: False.

    Inputs:
        image: array (n,) of uint8, the bytes of the file.

    Returns:
        array (H, W, 3) of uint8, or Pillow image.

    Raises:
        TypeError: ``to_pil`` is not a bool, or the input not one-dimensional.
        RuntimeError: the bytes are no image that Pillow can read (ValueError with ``to_pil``).

    >>> import io
    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> file = io.BytesIO()
    >>> vision.ToPIL()(np.zeros((4, 5, 3), np.uint8)).save(file, "PNG")
    >>> vision.Decode()(np.frombuffer(file.getvalue(), np.uint8)).shape
    (4, 5, 3)
    """

    def __init__(self, to_pil=False):
        checks.boolean("Decode", to_pil=to_pil)
        self.to_pil = to_pil

    def __call__(self, image):
        if not isinstance(image, np.ndarray):
            raise fail(
                TypeError,
                f"For 'Decode', the input must be an array of the file's bytes, but got {type(image).__name__}.",
            )
        if image.ndim != 1 or image.dtype.kind not in "iuS":
            undecodable = ValueError if self.to_pil else RuntimeError  # floats are taken for the bytes of a file
            raise fail(
                TypeError if image.ndim != 1 else undecodable,
                f"For 'Decode', the input must be bytes in one dimension, but got {image.dtype} {image.shape}.",
            )
        Image = pillow("Decode")
        try:
            decoded = Image.open(io.BytesIO(image.tobytes())).convert("RGB")
        except Exception as error:  # Pillow's decoders raise errors of many kinds
            kind = ValueError if self.to_pil else RuntimeError
            raise fail(kind, f"For 'Decode', the image cannot be decoded: {error}") from None
        return decoded if self.to_pil else np.array(decoded)


class ToPIL(Transform):
    """Pixels to a Pillow image.

    Inputs:
        image: array (H, W) or (H, W, C) of uint8, or Pillow image.

    Returns:
        Pillow image.

    Raises:
        TypeError: the input is neither, or of a type that Pillow has not.
        ValueError: other than 2 or 3 dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.ToPIL()(np.zeros((4, 5, 3), np.uint8)).size
    (5, 4)
    """

    def __call__(self, image):
        if is_pil(image):
            return image
        if not isinstance(image, np.ndarray):
            raise fail(
                TypeError, f"For 'ToPIL', the input must be an array or a Pillow image, but got {type(image).__name__}."
            )
        if image.ndim not in (2, 3):
            raise fail(ValueError, f"For 'ToPIL', the image must have 2 or 3 dimensions, but got {image.ndim}.")
        if image.ndim == 3 and image.shape[2] == 1:
            image = image[..., 0]
        try:
            return pillow("ToPIL").fromarray(np.ascontiguousarray(image))
        except (TypeError, KeyError):
            raise fail(
                TypeError, f"For 'ToPIL', {image.dtype} {image.shape} is no image that Pillow has: use uint8."
            ) from None


class ToNumpy(Transform):
    """A Pillow image to an array.

    Inputs:
        image: Pillow image.

    Returns:
        array (H, W) or (H, W, C).

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.ToNumpy()(vision.ToPIL()(np.zeros((4, 5, 3), np.uint8))).shape
    (4, 5, 3)
    """

    def __call__(self, image):
        return np.array(image)


class ToType(Elementwise):
    """Converts to a data type.

    Args:
        data_type: the type, of mindspore's or NumPy's.

    Inputs:
        image: array of any shape.

    Returns:
        array of the same shape and that type.

    Raises:
        TypeError: it names no type.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.ToType(np.float32)(np.zeros((4, 5, 3), np.uint8)).dtype
    dtype('float32')
    """

    def __init__(self, data_type):
        self.dtype = numpy_type(type(self).__name__, data_type)

    def __call__(self, image):
        return np.asarray(image).astype(self.dtype)


@with_image_docs
class Rescale(BlockTransform):
    """``image * rescale + shift``, in float32.

    Args:
        rescale: number.
        shift: number.

    Inputs:
        image: array of 1 to 5 dimensions, or Pillow image.

    Returns:
        array of float32, of the same shape.

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Rescale(0.5, 1.0)(np.full((1, 1, 3), 4, np.uint8))
    array([[[3., 3., 3.]]], dtype=float32)
    """

    ranks = (1, 2, 3, 4, 5)
    keeps_pil = False

    def __init__(self, rescale, shift):
        checks.within("Rescale", "[-16777216, 16777216]", rescale=rescale, shift=shift)
        self.rescale, self.shift = np.float32(rescale), np.float32(shift)

    def _apply(self, array):
        made = np.multiply(array, self.rescale, dtype=np.float32)
        if self.shift:
            made += self.shift
        return made

    def block(self, column, drawn):
        return self._apply(column)


class Normalize(BlockTransform):
    """``(image - mean) / std`` for each channel, in float32.

    Args:
        mean: list or tuple of one number for each channel, or of one for all, in [0, 255].
        std: the same, in (0, 255].
        is_hwc: bool, whether the channels are last (True, the default) or, as ``ToTensor`` leaves them, first.

    Inputs:
        image: array (H, W), (H, W, C) or (C, H, W), or Pillow image.

    Returns:
        array of float32, of the same shape.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: different lengths, or numbers out of range.
        RuntimeError: the image has other channels.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Normalize([1, 2, 3], [1, 2, 4])(np.full((1, 1, 3), 5, np.uint8))
    array([[[4. , 1.5, 0.5]]], dtype=float32)
    """

    keeps_pil = False

    def __init__(self, mean, std, is_hwc=True):
        for name, values in (("mean", mean), ("std", std)):
            checks.instance("Normalize", (list, tuple, np.ndarray), **{name: values})
        if len(mean) != len(std):
            raise fail(
                ValueError,
                f"For 'Normalize', 'mean' and 'std' must be of one length, but got {len(mean)} and {len(std)}.",
            )
        for name, values in (("mean", mean), ("std", std)):
            for value in values:
                checks.within("Normalize", "[0, 255]" if name == "mean" else "(0, 255]", **{name: value})
        checks.boolean("Normalize", is_hwc=is_hwc)
        self.mean, self.std, self.is_hwc = np.array(mean, np.float32), np.array(std, np.float32), is_hwc

    def _apply(self, array):
        channels = 1 if array.ndim == 2 else array.shape[-1 if self.is_hwc else -3]
        if len(self.mean) not in (1, channels):
            raise fail(
                RuntimeError,
                f"For 'Normalize', the image must have {len(self.mean)} channels as 'mean' and 'std', but got the shape {array.shape}.",
            )
        mean, std = self.mean, self.std
        if not self.is_hwc and array.ndim > 2:
            mean, std = mean[:, None, None], std[:, None, None]
        elif len(mean) > 1 and array.flags.c_contiguous:  # whole rows: long loops in NumPy
            width = array.shape[-2]
            rows = array.reshape(*array.shape[:-2], width * channels)
            mean, std = np.tile(mean, width), np.tile(std, width)
            return self._normalized(rows, mean, std).reshape(array.shape)
        return self._normalized(array, mean, std)

    @staticmethod
    def _normalized(array: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
        made = np.subtract(array, mean, dtype=np.float32)
        made /= std
        return made

    def block(self, column, drawn):
        return self._apply(column) if column.ndim == 4 else None


@with_image_docs
class NormalizePad(Normalize):
    """``Normalize`` with a fourth channel of zeros.

    Args:
        mean: list or tuple of numbers, as in ``Normalize``.
        std: list or tuple of numbers, as in ``Normalize``.
        dtype: "float32" (the default) or "float16".
        is_hwc: bool, whether the channels are last (True, the default) or first.

    Inputs:
        image: array (H, W, 3) or (3, H, W), or Pillow image.

    Returns:
        array of ``dtype``, shape (H, W, 4) or (4, H, W).

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.NormalizePad([1, 2, 3], [1, 2, 4])(np.full((1, 1, 3), 5, np.uint8))
    array([[[4. , 1.5, 0.5, 0. ]]], dtype=float32)
    """

    def __init__(self, mean, std, dtype="float32", is_hwc=True):
        checks.one_of("NormalizePad", ("float32", "float16"), dtype=dtype)
        super().__init__(mean, std, is_hwc)
        self.dtype = dtype

    def _apply(self, array):
        made = super()._apply(array).astype(self.dtype)
        axis = -1 if self.is_hwc else -3
        return np.concatenate([made, np.zeros_like(np.take(made, [0], axis))], axis)


class HWC2CHW(BlockTransform):
    """The channels first.

    Inputs:
        image: array (H, W, C) or (H, W), or Pillow image.

    Returns:
        array (C, H, W) of the same dtype; (H, W) stays.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.HWC2CHW()(np.zeros((4, 5, 3), np.uint8)).shape
    (3, 4, 5)
    """

    types = "uint8 uint16 uint32 uint64 int8 int16 int32 int64 float32 float64 bool"
    ranks = (2, 3)
    keeps_pil = False

    def _apply(self, array):
        return array if array.ndim == 2 else np.moveaxis(array, -1, -3)

    def block(self, column, drawn):
        return self._apply(column) if column.ndim == 4 else column if column.ndim == 3 else None


class ToTensor(BlockTransform):
    """The channels first, and the numbers divided by 255.

    Args:
        output_type: the type of the result.  Default: float32.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array (C, H, W) of ``output_type``.

    Raises:
        TypeError: the input is neither an array nor a Pillow image, or there is no such type.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.ToTensor()(np.full((4, 5, 3), 255, np.uint8)).shape
    (3, 4, 5)
    """

    ranks = (2, 3)
    keeps_pil = False

    def __init__(self, output_type=np.float32):
        self.dtype = numpy_type("ToTensor", output_type)

    def _apply(self, array):
        made = np.multiply(array, np.float32(1 / 255), dtype=np.float32).astype(self.dtype, copy=False)
        return made[None] if array.ndim == 2 else np.moveaxis(made, -1, -3)

    def block(self, column, drawn):
        return self._apply(column) if column.ndim == 4 else None


_CONVERT: dict[int, Any] = {  # the input channels (None: an opaque alpha channel), or the weights of grey
    0: (0, 1, 2, None), 1: (0, 1, 2), 2: (2, 1, 0, None), 3: (2, 1, 0), 4: (2, 1, 0), 5: (2, 1, 0, 3),
    8: (0, 0, 0), 9: (0, 0, 0, None),
}  # fmt: skip
_GREY = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


class ConvertColor(ImageTransform):
    """Another order or number of channels.

    Args:
        convert_mode: ConvertMode.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array (H, W) for grey, else (H, W, C'), of the same dtype.

    Raises:
        TypeError: ``convert_mode`` is not a ConvertMode.
        RuntimeError: the mode does not suit the number of channels.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> x = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    >>> vision.ConvertColor(vision.ConvertMode.COLOR_RGB2BGR)(x)[0, 0]
    array([2, 1, 0], dtype=uint8)
    """

    types = "uint8 uint16 float32 bool"
    keeps_pil = False

    def __init__(self, convert_mode):
        checks.instance("ConvertColor", ConvertMode, convert_mode=convert_mode)
        self.mode = convert_mode

    def _apply(self, array):
        channels = 1 if array.ndim == 2 else array.shape[2]
        wanted = _CONVERT.get(self.mode)
        if wanted is None:
            weights = _GREY if self.mode in (ConvertMode.COLOR_RGB2GRAY, ConvertMode.COLOR_RGBA2GRAY) else _GREY[::-1]
            if channels < 3:
                raise fail(
                    RuntimeError, f"For 'ConvertColor', {self.mode.name} needs 3 channels, but got {array.shape}."
                )
            return rounded(array[..., :3] @ weights, array.dtype)
        last = max(c for c in wanted if c is not None)
        if last >= channels or last < 1 < channels:
            raise fail(RuntimeError, f"For 'ConvertColor', {self.mode.name} does not suit the shape {array.shape}.")
        image = array[..., None] if array.ndim == 2 else array
        opaque = np.full(image.shape[:2], np.iinfo(array.dtype).max if array.dtype.kind in "iu" else 255, array.dtype)
        return np.stack([opaque if c is None else image[..., c] for c in wanted], -1)


class LinearTransformation(Transform):
    """``(flattened image - mean_vector) @ transformation_matrix``, in the image's shape: whitening, for one.

    Args:
        transformation_matrix: array (n, n).
        mean_vector: array (n,).

    Inputs:
        image: array of n numbers, any shape.

    Returns:
        array of the same shape.

    Raises:
        TypeError: the input is not an array.
        ValueError: sizes that do not fit.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.LinearTransformation(np.eye(3) * 2, np.ones(3))(np.array([[[1.0, 2.0, 3.0]]]))
    array([[[0., 2., 4.]]])
    """

    def __init__(self, transformation_matrix, mean_vector):
        checks.instance(
            "LinearTransformation", np.ndarray, transformation_matrix=transformation_matrix, mean_vector=mean_vector
        )
        self.matrix, self.mean = np.asarray(transformation_matrix), np.asarray(mean_vector)
        if self.matrix.ndim != 2 or self.matrix.shape[0] != self.matrix.shape[1]:
            raise fail(
                ValueError, f"For 'LinearTransformation', the matrix must be square, but got {self.matrix.shape}."
            )
        if self.mean.shape != self.matrix.shape[:1]:
            raise fail(ValueError, f"For 'LinearTransformation', 'mean_vector' must have {len(self.matrix)} numbers.")

    def __call__(self, image):
        if not isinstance(image, np.ndarray):
            raise fail(
                TypeError, f"For 'LinearTransformation', the input must be an array, but got {type(image).__name__}."
            )
        if image.size != len(self.mean):
            raise fail(
                ValueError,
                f"For 'LinearTransformation', the image must have {len(self.mean)} numbers, but got the shape {image.shape}.",
            )
        return ((image.reshape(-1) - self.mean) @ self.matrix).reshape(image.shape)
