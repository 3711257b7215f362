"""Transforms of images, for ``map``.  They take arrays (H, W) or (H, W, C), or Pillow images, and return the same kind."""

from . import utils
from .augment import CutMixBatch, CutOut, Erase, MixUp, MixUpBatch, RandomErasing, RandomSelectSubpolicy, UniformAugment
from .boxes import (
    BoundingBoxAugment,
    RandomCropWithBBox,
    RandomHorizontalFlipWithBBox,
    RandomResizedCropWithBBox,
    RandomResizeWithBBox,
    RandomVerticalFlipWithBBox,
    ResizeWithBBox,
)
from .color import (
    AdjustBrightness,
    AdjustContrast,
    AdjustGamma,
    AdjustHue,
    AdjustSaturation,
    AdjustSharpness,
    AutoContrast,
    Equalize,
    GaussianBlur,
    Grayscale,
    HsvToRgb,
    Invert,
    Posterize,
    RgbToHsv,
    Solarize,
)
from .convert import (
    HWC2CHW,
    ConvertColor,
    Decode,
    LinearTransformation,
    Normalize,
    NormalizePad,
    Rescale,
    ToNumpy,
    ToPIL,
    ToTensor,
    ToType,
)
from .cropping import (
    CenterCrop,
    Crop,
    FiveCrop,
    RandomCrop,
    RandomCropDecodeResize,
    RandomResizedCrop,
    ResizedCrop,
    SlicePatches,
    TenCrop,
)
from .files import (
    ImageReadMode,
    encode_jpeg,
    encode_png,
    get_image_num_channels,
    get_image_size,
    read_file,
    read_image,
    write_file,
    write_jpeg,
    write_png,
)
from .geometry import (
    HorizontalFlip,
    Pad,
    PadToSize,
    RandomHorizontalFlip,
    RandomResize,
    RandomVerticalFlip,
    Resize,
    VerticalFlip,
)
from .policies import AutoAugment, AutoAugmentPolicy, RandAugment, TrivialAugmentWide
from .random_color import (
    RandomAdjustSharpness,
    RandomAutoContrast,
    RandomColor,
    RandomColorAdjust,
    RandomEqualize,
    RandomGrayscale,
    RandomInvert,
    RandomLighting,
    RandomPosterize,
    RandomSharpness,
    RandomSolarize,
)
from .utils import Border, ConvertMode, ImageBatchFormat, Inter, SliceMode
from .warping import Affine, Perspective, RandomAffine, RandomPerspective, RandomRotation, Rotate

from . import transforms  # isort: skip

from ...core.registry import module_getattr as _module_getattr  # isort: skip

__getattr__ = _module_getattr(__name__)

from ...core.boundary import publish as _publish  # isort: skip

_publish(globals())
