# Written by tools/stubs from minispore.surface.dataset.vision_py_transforms: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from enum import Enum as Enum, IntEnum as IntEnum
from minispore._types import Items
from minispore.core.dtype import to_dtype as to_dtype
from minispore.dataset.draws import Draws as Draws, draws as draws
from minispore.dataset.remembered import Remembered as Remembered
from minispore.dataset.transforms.array import Concatenate as Concatenate, Duplicate as Duplicate, Fill as Fill, Mask as Mask, OneHot as OneHot, PadEnd as PadEnd, Plugin as Plugin, Relational as Relational, Slice as Slice, TypeCast as TypeCast, Unique as Unique, numpy_type as numpy_type, tensor_of as tensor_of
from minispore.dataset.transforms.base import Compose as Compose, Elementwise as Elementwise, RandomApply as RandomApply, RandomChoice as RandomChoice, RandomOrder as RandomOrder, Transform as Transform, apply_all as apply_all, check_transforms as check_transforms
from minispore.dataset.vision.as_opencv import bytes_of_hsv as bytes_of_hsv, hsv_of_bytes as hsv_of_bytes, whole_weights as whole_weights
from minispore.dataset.vision.augment import CutMixBatch as CutMixBatch, CutOut as CutOut, Erase as Erase, MixUp as MixUp, MixUpBatch as MixUpBatch, RandomErasing as RandomErasing, RandomSelectSubpolicy as RandomSelectSubpolicy, UniformAugment as UniformAug, UniformAugment as UniformAugment
from minispore.dataset.vision.base import BlockTransform as BlockTransform, ImageTransform as ImageTransform, Sometimes as Sometimes, axes as axes, check_pair as check_pair, check_range as check_range, check_size as check_size, check_square as check_square, is_pil as is_pil, pillow as pillow, rounded as rounded, size_of as size_of, to_kind as to_kind, whole as whole, window as window
from minispore.dataset.vision.boxes import BoundingBoxAugment as BoundingBoxAugment, RandomCropWithBBox as RandomCropWithBBox, RandomHorizontalFlipWithBBox as RandomHorizontalFlipWithBBox, RandomResizeWithBBox as RandomResizeWithBBox, RandomResizedCropWithBBox as RandomResizedCropWithBBox, RandomVerticalFlipWithBBox as RandomVerticalFlipWithBBox, ResizeWithBBox as ResizeWithBBox
from minispore.dataset.vision.color import AdjustBrightness as AdjustBrightness, AdjustContrast as AdjustContrast, AdjustGamma as AdjustGamma, AdjustHue as AdjustHue, AdjustSaturation as AdjustSaturation, AdjustSharpness as AdjustSharpness, AutoContrast as AutoContrast, Equalize as Equalize, GaussianBlur as GaussianBlur, Grayscale as Grayscale, HsvToRgb as HsvToRgb, Invert as Invert, PillowTransform as PillowTransform, Posterize as Posterize, RgbToHsv as RgbToHsv, Solarize as Solarize
from minispore.dataset.vision.convert import ConvertColor as ConvertColor, Decode as _Decode, HWC2CHW as HWC2CHW, LinearTransformation as LinearTransformation, Normalize as _Normalize, NormalizePad as NormalizePad, Rescale as Rescale, ToNumpy as ToNumpy, ToPIL as ToPIL, ToTensor as ToTensor, ToType as ToType
from minispore.dataset.vision.cropping import CenterCrop as CenterCrop, Crop as Crop, FiveCrop as FiveCrop, RandomCrop as RandomCrop, RandomCropDecodeResize as RandomCropDecodeResize, RandomResizedCrop as RandomResizedCrop, ResizedCrop as ResizedCrop, SlicePatches as SlicePatches, TenCrop as TenCrop, random_rectangle as random_rectangle
from minispore.dataset.vision.geometry import HorizontalFlip as HorizontalFlip, Pad as Pad, PadToSize as PadToSize, RandomHorizontalFlip as RandomHorizontalFlip, RandomResize as RandomResize, RandomVerticalFlip as RandomVerticalFlip, Resize as Resize, VerticalFlip as VerticalFlip, of_channels as of_channels, pad_image as pad_image, pil_filter as pil_filter
from minispore.dataset.vision.random_color import RandomAdjustSharpness as RandomAdjustSharpness, RandomAutoContrast as RandomAutoContrast, RandomColor as RandomColor, RandomColorAdjust as RandomColorAdjust, RandomEqualize as RandomEqualize, RandomGrayscale as RandomGrayscale, RandomInvert as RandomInvert, RandomLighting as RandomLighting, RandomPosterize as RandomPosterize, RandomSharpness as RandomSharpness, RandomSolarize as RandomSolarize
from minispore.dataset.vision.resample import resize as resize, warp as warp
from minispore.dataset.vision.utils import Border as Border, ConvertMode as ConvertMode, ImageBatchFormat as ImageBatchFormat, Inter as Inter, SliceMode as SliceMode
from minispore.dataset.vision.warping import Affine as Affine, Perspective as Perspective, RandomAffine as RandomAffine, RandomPerspective as RandomPerspective, RandomRotation as RandomRotation, Rotate as Rotate
from typing import Any

__all__ = ['AdjustBrightness', 'AdjustContrast', 'AdjustGamma', 'AdjustHue', 'AdjustSaturation', 'AdjustSharpness', 'Affine', 'AutoContrast', 'BlockTransform', 'Border', 'BoundingBoxAugment', 'CenterCrop', 'Compose', 'Concatenate', 'ConvertColor', 'ConvertMode', 'Crop', 'CutMixBatch', 'CutOut', 'Cutout', 'Decode', 'Draws', 'Duplicate', 'Elementwise', 'Enum', 'Equalize', 'Erase', 'Fill', 'FiveCrop', 'GaussianBlur', 'Grayscale', 'HWC2CHW', 'HorizontalFlip', 'HsvToRgb', 'ImageBatchFormat', 'ImageTransform', 'IntEnum', 'Inter', 'Invert', 'LinearTransformation', 'Mask', 'MixUp', 'MixUpBatch', 'Normalize', 'NormalizePad', 'OneHot', 'Pad', 'PadEnd', 'PadToSize', 'Perspective', 'PillowTransform', 'Plugin', 'Posterize', 'RandomAdjustSharpness', 'RandomAffine', 'RandomApply', 'RandomAutoContrast', 'RandomChoice', 'RandomColor', 'RandomColorAdjust', 'RandomCrop', 'RandomCropDecodeResize', 'RandomCropWithBBox', 'RandomEqualize', 'RandomErasing', 'RandomGrayscale', 'RandomHorizontalFlip', 'RandomHorizontalFlipWithBBox', 'RandomInvert', 'RandomLighting', 'RandomOrder', 'RandomPerspective', 'RandomPosterize', 'RandomResize', 'RandomResizeWithBBox', 'RandomResizedCrop', 'RandomResizedCropWithBBox', 'RandomRotation', 'RandomSelectSubpolicy', 'RandomSharpness', 'RandomSolarize', 'RandomVerticalFlip', 'RandomVerticalFlipWithBBox', 'Relational', 'Remembered', 'Rescale', 'Resize', 'ResizeWithBBox', 'ResizedCrop', 'RgbToHsv', 'Rotate', 'Slice', 'SliceMode', 'SlicePatches', 'Solarize', 'Sometimes', 'TenCrop', 'ToNumpy', 'ToPIL', 'ToTensor', 'ToType', 'Transform', 'TypeCast', 'UniformAug', 'UniformAugment', 'Unique', 'VerticalFlip', 'apply_all', 'axes', 'bytes_of_hsv', 'check_pair', 'check_range', 'check_size', 'check_square', 'check_transforms', 'draws', 'hsv_of_bytes', 'is_pil', 'numpy_type', 'of_channels', 'pad_image', 'pil_filter', 'pillow', 'random_rectangle', 'resize', 'rounded', 'size_of', 'tensor_of', 'to_dtype', 'to_kind', 'warp', 'whole', 'whole_weights', 'window', 'with_image_docs']

class Cutout(CutOut):
    def __init__(self, length: int, num_patches: int = 1, is_hwc: bool = False) -> None: ...

class Decode(_Decode):
    def __init__(self, to_pil: bool = True) -> None: ...

class Normalize(_Normalize):
    def __init__(self, mean: Items, std: Items, is_hwc: bool = False) -> None: ...

def with_image_docs(target: Any) -> Any: ...
