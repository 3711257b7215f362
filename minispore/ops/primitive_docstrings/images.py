"""Written docstrings of primitive classes: images and boxes."""

DOCSTRINGS = {
    "ChannelShuffle": """Args:
    group (int): how many groups of channels.

>>> import minispore as ms
>>> print(ChannelShuffle(group=2)(ms.ops.arange(4.0).reshape(1, 4, 1, 1)).flatten())
[0. 2. 1. 3.]
""",
    "CheckValid": """Whether boxes are inside an image.

Args:
    boxes (Tensor): shape (n, 4); numbers; (left, top, right, bottom) of each.
    meta (Tensor): shape (3,); the image's height, width and the factor that both are multiplied by.

Returns:
    Tensor of shape (n,); bool.

>>> import minispore as ms
>>> boxes = ms.Tensor([[0.0, 0.0, 4.0, 4.0], [0.0, 0.0, 4.0, 40.0]])
>>> print(CheckValid()(boxes, ms.Tensor([8.0, 8.0, 1.0])))
[ True False]
""",
    "DepthToSpace": """Blocks of channels moved into height and width.

Args:
    block_size (int): the height and width of a block.
    x (Tensor): shape (N, C, H, W), C a multiple of ``block_size ** 2``; any type.

Returns:
    Tensor of shape (N, C / block_size ** 2, H * block_size, W * block_size); the type of ``x``.

>>> import minispore as ms
>>> print(DepthToSpace(2)(ms.ops.arange(4.0).reshape(1, 4, 1, 1)))
[[[[0. 1.]
   [2. 3.]]]]
""",
    "SpaceToDepth": """Blocks of height and width moved into channels.

Args:
    block_size (int): the height and width of a block.
    x (Tensor): shape (N, C, H, W), H and W multiples of ``block_size``; any type.

Returns:
    Tensor of shape (N, C * block_size ** 2, H / block_size, W / block_size); the type of ``x``.

>>> import minispore as ms
>>> print(SpaceToDepth(2)(ms.ops.arange(4.0).reshape(1, 1, 2, 2)).flatten())
[0. 1. 2. 3.]
""",
    "GridSampler2D": """Args:
    interpolation_mode (str): "bilinear" or "nearest".
""",
    "NMSWithMask": """Boxes that do not overlap much with a better one (non-maximum suppression).

Args:
    iou_threshold (float): how large the intersection over the union may be.
    boxes (Tensor): shape (n, 5); floats; (left, top, right, bottom, score) of each.

Returns:
    tuple of the boxes, the best first, their numbers, int32, and which of them stay, bool.

>>> import minispore as ms
>>> boxes = ms.Tensor([[0.0, 0.0, 2.0, 2.0, 0.5], [0.0, 0.0, 2.0, 1.9, 0.9], [5.0, 5.0, 6.0, 6.0, 0.1]])
>>> print(*NMSWithMask(0.5)(boxes)[1:])
[0 1 2] [ True False  True]
""",
    "ROIAlign": """The average of bilinear samples in the cells of regions of images.

He et al., "Mask R-CNN" (2017).

Args:
    pooled_height (int): how many cells a region is high.
    pooled_width (int): how many cells a region is wide.
    spatial_scale (float): what coordinates are multiplied by.
    sample_num (int): how many samples a cell has along each axis.
    roi_end_mode (int): 0: the right and bottom edges are the next pixel's; 1: they are as given.
    x (Tensor): shape (N, C, H, W); floats.
    rois (Tensor): shape (n, 5); floats; (image, left, top, right, bottom) of each region.

Returns:
    Tensor of shape (n, C, pooled_height, pooled_width); the type of ``x``.

>>> import minispore as ms
>>> ROIAlign(2, 2, 1.0)(ms.ops.ones((1, 3, 4, 4)), ms.Tensor([[0.0, 0.0, 0.0, 2.0, 2.0]])).shape
(1, 3, 2, 2)
""",
    "ResizeBilinear": """Images in another size, by bilinear interpolation.

Args:
    size (tuple[int] | list[int]): the new height and width.
    align_corners (bool): whether the centres of the corner pixels stay in their places.
    half_pixel_centers (bool): whether the pixels' centres lie at halves.
    x (Tensor): shape (N, C, H, W); floats.

Returns:
    Tensor of shape (N, C, *size) and the type of ``x``.

>>> import minispore as ms
>>> print(ResizeBilinear((1, 4))(ms.Tensor([[[[0.0, 2.0]]]])))
[[[[0. 1. 2. 2.]]]]
""",
    "ResizeBilinearV2": """Images in another size, by bilinear interpolation.

Args:
    align_corners (bool): whether the centres of the corner pixels stay in their places.
    half_pixel_centers (bool): whether the pixels' centres lie at halves.
    x (Tensor): shape (N, C, H, W); floats.
    size (tuple[int] | Tensor): the new height and width.

Returns:
    Tensor of shape (N, C, *size) and the type of ``x``.

>>> import minispore as ms
>>> print(ResizeBilinearV2()(ms.Tensor([[[[0.0, 2.0]]]]), (1, 4)))
[[[[0. 1. 2. 2.]]]]
""",
    "ResizeNearestNeighbor": """Images in another size, each pixel from the nearest one.

Args:
    size (tuple[int] | list[int]): the new height and width.
    align_corners (bool): whether the centres of the corner pixels stay in their places.
    half_pixel_centers (bool): whether the pixels' centres lie at halves.
    x (Tensor): shape (N, C, H, W); numbers.

Returns:
    Tensor of shape (N, C, *size) and the type of ``x``.

>>> import minispore as ms
>>> print(ResizeNearestNeighbor((1, 4))(ms.Tensor([[[[0.0, 2.0]]]])))
[[[[0. 0. 2. 2.]]]]
""",
    "ResizeNearestNeighborV2": """Images in another size, each pixel from the nearest one.

Args:
    align_corners (bool): whether the centres of the corner pixels stay in their places.
    half_pixel_centers (bool): whether the pixels' centres lie at halves.
    x (Tensor): shape (N, C, H, W); numbers.
    size (tuple[int] | Tensor): the new height and width.

Returns:
    Tensor of shape (N, C, *size) and the type of ``x``.

>>> import minispore as ms
>>> print(ResizeNearestNeighborV2()(ms.Tensor([[[[0.0, 2.0]]]]), (1, 4)))
[[[[0. 0. 2. 2.]]]]
""",
}
