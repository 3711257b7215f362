"""Written docstrings of primitive classes: shapes, creation, random numbers, indices."""

DOCSTRINGS = {
    "Bernoulli": """Args:
    seed (int): of the numbers, which are then the same in each call; -1: they follow ``ms.set_seed``.
    offset (int): a second seed.

>>> import minispore as ms
>>> print(Bernoulli()(ms.Tensor([1, 2, 3]), ms.Tensor([0.0, 1.0, 1.0])))
[0 1 1]
""",
    "Dropout": """Elements zeroed at random, the others divided by the probability to stay.

Args:
    keep_prob (float): the probability that an element stays.
    Seed0 (int): with one of the two not 0, the object's numbers follow from them alone.
    Seed1 (int): likewise.
    x (Tensor): any shape; floats.

Returns:
    tuple of the result and the mask (1 where an element stays), both in shape and type of ``x``.

>>> import minispore as ms
>>> out, mask = Dropout(keep_prob=1.0)(ms.Tensor([1.0, 2.0]))
>>> print(out, mask)
[1. 2.] [1. 1.]
""",
    "Dropout2D": """Whole channels of images zeroed at random, the others divided by the probability to stay.

Args:
    keep_prob (float): the probability that a channel stays.
    x (Tensor): shape (N, C, H, W); floats.

Returns:
    tuple of the result, in shape and type of ``x``, and the mask, bool.

>>> import minispore as ms
>>> out, mask = Dropout2D(keep_prob=1.0)(ms.ops.ones((1, 2, 1, 1)))
>>> print(out.flatten(), mask.flatten())
[1. 1.] [ True  True]
""",
    "Dropout3D": """Whole channels of volumes zeroed at random, the others divided by the probability to stay.

Args:
    keep_prob (float): the probability that a channel stays.
    x (Tensor): shape (N, C, D, H, W); floats.

Returns:
    tuple of the result, in shape and type of ``x``, and the mask, bool.

>>> import minispore as ms
>>> out, mask = Dropout3D(keep_prob=1.0)(ms.ops.ones((1, 2, 1, 1, 1)))
>>> print(out.flatten(), mask.flatten())
[1. 1.] [ True  True]
""",
    "IdentityN": """Each Tensor of a tuple as it is.

Args:
    xs (tuple[Tensor] | list[Tensor]): Tensors of any shape and type.

Returns:
    tuple of Tensors.

>>> import minispore as ms
>>> print(*IdentityN()((ms.Tensor([1]), ms.Tensor([2.0]))))
[1] [2.]
""",
    "InvertPermutation": """The inverse of an order: ``out[x[i]] = i``.

Args:
    x (tuple[int] | Tensor): the numbers 0 to n - 1 in some order.

Returns:
    tuple of ints, or Tensor in the type of ``x`` if that is one.

Raises:
    ValueError: ``x`` is not such an order.

>>> import minispore as ms
>>> InvertPermutation()((2, 0, 1))
(1, 2, 0)
""",
    "MirrorPad": """A Tensor with its mirror image around it.

Args:
    mode (str): "REFLECT" (the element at the edge is not repeated) or "SYMMETRIC" (it is).
    x (Tensor): any shape; numbers.
    paddings (Tensor | tuple[tuple[int]]): for each axis how many elements come before and behind.

Returns:
    Tensor of a larger shape; the type of ``x``.

>>> import minispore as ms
>>> print(MirrorPad()(ms.Tensor([1, 2, 3]), ms.Tensor([[1, 2]])))
[2 1 2 3 2 1]
""",
    "Pad": """A Tensor with zeros around it.

Args:
    paddings (tuple[tuple[int]]): for each axis how many zeros come before and behind.
    x (Tensor): any shape; numbers.

Returns:
    Tensor of a larger shape; the type of ``x``.

>>> import minispore as ms
>>> print(Pad(((1, 2),))(ms.Tensor([1, 2])))
[0 1 2 0 0]
""",
    "Multinomial": """Args:
    seed (int): with one of the two not 0, the object's numbers follow from them alone, not from ``ms.set_seed``.
    seed2 (int): likewise.
    dtype (dtype): the type of the result, int32 or int64.

Returns:
    Tensor of shape (*, n); ``dtype``.
""",
    "RandomChoiceWithMask": """Random positions where a mask holds.

Args:
    count (int): how many; missing ones are zeros.
    seed (int): with one of the two not 0, the object's numbers follow from them alone, not from ``ms.set_seed``.
    seed2 (int): likewise.
    mask (Tensor): at least one axis; bool.

Returns:
    tuple of the positions, shape (count, ndim), int32, and which of them are real, shape (count,), bool.

>>> import minispore as ms
>>> positions, real = RandomChoiceWithMask(count=2)(ms.Tensor([False, True]))
>>> print(positions.flatten(), real)
[1 0] [ True False]
""",
    "Randperm": """0 to n - 1 in a random order, filled up to a fixed length.

Args:
    max_length (int): the length of the result.
    pad (int): what it is filled up with.
    dtype (dtype): the type of the result.
    n (int | Tensor): how many numbers.

Returns:
    Tensor of shape (max_length,); ``dtype``.

Raises:
    ValueError: ``n`` is negative or above ``max_length``.

>>> import minispore as ms
>>> print(Randperm(max_length=3)(1))
[ 0 -1 -1]
""",
    "ScatterNdUpdate": """Args:
    use_locking (bool): no effect.
""",
    "ScatterNdAdd": """Args:
    use_locking (bool): no effect.
""",
    "ScatterNdSub": """Args:
    use_locking (bool): no effect.
""",
    "SearchSorted": """Args:
    sorter (Tensor): the order that sorts ``x``, if that is not sorted. Default: None.
    dtype (dtype): the type of the result, int32 or int64.

Returns:
    Tensor of the shape of ``v``; ``dtype``.

Raises:
    ValueError: the leading axes of ``x`` and ``v`` differ.

>>> import minispore as ms
>>> print(SearchSorted()(ms.Tensor([1.0, 3.0, 5.0]), ms.Tensor([3.0, 4.0])))
[1 2]
""",
    "SparseGatherV2": """``ops.gather`` whose gradient by ``params``, a Parameter, is that of few rows.

Args:
    params (Tensor | Parameter): at least one axis; any type.
    indices (Tensor): any shape; integers.
    axis (int): the axis.

Returns:
    Tensor of the shape of ``params`` with that of ``indices`` in place of the axis; the type of ``params``.

>>> import minispore as ms
>>> print(SparseGatherV2()(ms.Tensor([1.0, 2.0, 3.0]), ms.Tensor([2, 0]), 0))
[3. 1.]
""",
    "EmbeddingLookup": """Rows at ``indices - offset``; zeros for those that are outside.

Args:
    params (Tensor): at least one axis; any type.
    indices (Tensor): any shape; integers.
    offset (int): the number of the first row of ``params``.

Returns:
    Tensor of the shape of ``indices`` and then that of a row; the type of ``params``.

>>> import minispore as ms
>>> print(EmbeddingLookup()(ms.Tensor([[1.0], [2.0]]), ms.Tensor([4, 5, 6]), 4).flatten())
[1. 2. 0.]
""",
    "Split": """Equal parts along an axis.

Args:
    axis (int): the axis.
    output_num (int): how many parts.
    x (Tensor): at least one axis; any type.

Returns:
    tuple of ``output_num`` Tensors; the type of ``x``.

Raises:
    ValueError: the length of the axis is no multiple of ``output_num``.

>>> import minispore as ms
>>> print(*Split(0, 2)(ms.Tensor([1, 2, 3, 4])))
[1 2] [3 4]
""",
    "StandardNormal": """Args:
    shape (tuple[int] | Tensor): the shape.

Returns:
    Tensor of the shape ``shape``; float32.
""",
    "TruncatedNormal": """Standard normal numbers in [-2, 2].

Args:
    dtype (dtype): the type of the result.
    seed (int): with one of the two not 0, the object's numbers follow from them alone, not from ``ms.set_seed``.
    seed2 (int): likewise.
    shape (tuple[int] | Tensor): the shape.

Returns:
    Tensor of the shape ``shape``; ``dtype``.

>>> import minispore as ms
>>> bool(TruncatedNormal()((100,)).abs().max() <= 2)
True
""",
    "UniformReal": """Uniform numbers in [0, 1).

Args:
    seed (int): with one of the two not 0, the object's numbers follow from them alone, not from ``ms.set_seed``.
    seed2 (int): likewise.
    shape (tuple[int] | Tensor): the shape.

Returns:
    Tensor of the shape ``shape``; float32.

>>> import minispore as ms
>>> UniformReal()((2, 3)).shape
(2, 3)
""",
    "UniformInt": """Uniform integers in [low, high).

Args:
    seed (int): with one of the two not 0, the object's numbers follow from them alone, not from ``ms.set_seed``.
    seed2 (int): likewise.
    shape (tuple[int] | Tensor): the shape.
    low (int | Tensor): the smallest number.
    high (int | Tensor): the bound, which is never drawn.

Returns:
    Tensor of the shape ``shape``; int32.

>>> import minispore as ms
>>> print(UniformInt()((2,), 3, 4))
[3 3]
""",
    "Unstack": """Args:
    num (int): no effect: the length of the axis.

>>> import minispore as ms
>>> print(*Unstack()(ms.Tensor([[1, 2], [3, 4]])))
[1 2] [3 4]
""",
    "Unpack": """Args:
    num (int): no effect: the length of the axis.

>>> import minispore as ms
>>> print(*Unpack()(ms.Tensor([[1, 2], [3, 4]])))
[1 2] [3 4]
""",
    "DynamicShape": """The shape as a Tensor.

Args:
    x (Tensor): any shape; any type.

Returns:
    Tensor of shape (ndim,); int64.

>>> import minispore as ms
>>> print(DynamicShape()(ms.ops.ones((2, 3))))
[2 3]
""",
    "TensorShape": """The shape as a Tensor.

Args:
    x (Tensor): any shape; any type.

Returns:
    Tensor of shape (ndim,); int64.

>>> import minispore as ms
>>> print(TensorShape()(ms.ops.ones((2, 3))))
[2 3]
""",
    "TypeAs": """``x`` in the type of ``y``.

Args:
    x (Tensor): any shape; any type.
    y (Tensor): any shape; any type.

Returns:
    Tensor of the shape of ``x`` and the type of ``y``.

>>> import minispore as ms
>>> TypeAs()(ms.Tensor([1.5]), ms.Tensor([1])).dtype
mindspore.int64
""",
    "Meshgrid": """Args:
    xs (tuple[Tensor]): vectors of one type.

>>> import minispore as ms
>>> print(*Meshgrid()((ms.Tensor([1, 2]), ms.Tensor([5, 6]))))
[[1 2]
 [1 2]] [[5 5]
 [6 6]]
""",
    "OneHot": """1 (or another value) at the index along a new axis, 0 elsewhere.

Args:
    axis (int): where the new axis comes; -1: last.
    x (Tensor): any shape; integers.
    depth (int): the length of the new axis.
    on (Tensor): what stands at the index.
    off (Tensor): what stands elsewhere.

Returns:
    Tensor with one axis more than ``x``; the type of ``on``.

>>> import minispore as ms
>>> print(OneHot()(ms.Tensor([0, 2]), 3, ms.Tensor(1.0), ms.Tensor(0.0)))
[[1. 0. 0.]
 [0. 0. 1.]]
""",
    "Flatten": """The axes after the first as one.

Args:
    x (Tensor): at least one axis; any type.

Returns:
    Tensor of two axes; the type of ``x``.

>>> import minispore as ms
>>> Flatten()(ms.ops.zeros((2, 3, 4))).shape
(2, 12)
""",
    "TopK": """Raises:
    TypeError: ``k`` is not an int.
    ValueError: ``k`` is out of range.
""",
}
