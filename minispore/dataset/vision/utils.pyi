# Written by tools/stubs from minispore.dataset.vision.utils: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from enum import Enum as Enum, IntEnum as IntEnum

__all__ = ['Border', 'ConvertMode', 'Enum', 'ImageBatchFormat', 'IntEnum', 'Inter', 'SliceMode']

class Border(str, Enum):
    CONSTANT = 'constant'
    EDGE = 'edge'
    REFLECT = 'reflect'
    SYMMETRIC = 'symmetric'

class ConvertMode(IntEnum):
    COLOR_BGR2BGRA = 0
    COLOR_RGB2RGBA = 0
    COLOR_BGRA2BGR = 1
    COLOR_RGBA2RGB = 1
    COLOR_BGR2RGBA = 2
    COLOR_RGB2BGRA = 2
    COLOR_RGBA2BGR = 3
    COLOR_BGRA2RGB = 3
    COLOR_BGR2RGB = 4
    COLOR_RGB2BGR = 4
    COLOR_BGRA2RGBA = 5
    COLOR_RGBA2BGRA = 5
    COLOR_BGR2GRAY = 6
    COLOR_RGB2GRAY = 7
    COLOR_GRAY2BGR = 8
    COLOR_GRAY2RGB = 8
    COLOR_GRAY2BGRA = 9
    COLOR_GRAY2RGBA = 9
    COLOR_BGRA2GRAY = 10
    COLOR_RGBA2GRAY = 11

class ImageBatchFormat(IntEnum):
    NHWC = 0
    NCHW = 1

class Inter(IntEnum):
    NEAREST = 0
    ANTIALIAS = 1
    BILINEAR = 2
    LINEAR = 2
    BICUBIC = 3
    CUBIC = 3
    AREA = 4
    PILCUBIC = 5

class SliceMode(IntEnum):
    PAD = 0
    DROP = 1
