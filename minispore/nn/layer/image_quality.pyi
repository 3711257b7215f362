# Written by tools/stubs from minispore.nn.layer.image_quality: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['ImageGradients', 'MSSSIM', 'PSNR', 'SSIM']

class ImageGradients(Cell):
    def construct(self, images: Tensor) -> tuple[Any, ...]: ...

class _Similarity(Cell):
    def __init__(self, max_val: Any) -> None: ...
    max_val: Any

class _Structural(_Similarity):
    def __init__(self, max_val: Any, filter_size: Any, filter_sigma: Any, k1: Any, k2: Any) -> None: ...
    filter_size: Any
    k1: Any
    k2: Any
    window: Any

class MSSSIM(_Structural):
    def __init__(self, max_val: Number = ..., power_factors: Sequence[float] | Sequence[Number] = ..., filter_size: int = 11, filter_sigma: float = ..., k1: float = ..., k2: float = ...) -> None: ...
    def construct(self, img1: Tensor, img2: Tensor) -> Tensor: ...
    multi_convs_list: Any
    power_factors: Any

class PSNR(_Similarity):
    def __init__(self, max_val: Number = ...) -> None: ...
    def construct(self, img1: Tensor, img2: Tensor) -> Tensor: ...

class SSIM(_Structural):
    def __init__(self, max_val: Number = ..., filter_size: int = 11, filter_sigma: float = ..., k1: float = ..., k2: float = ...) -> None: ...
    def construct(self, img1: Tensor, img2: Tensor) -> Tensor: ...
    conv: Any
