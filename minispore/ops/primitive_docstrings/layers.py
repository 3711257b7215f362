"""Written docstrings of primitive classes: activations, layers, losses."""

DOCSTRINGS = {
    "MaxPool": """The maximum of each window of images.

Args:
    kernel_size (int | tuple[int]): the window: height and width.
    strides (int | tuple[int]): how far apart windows begin.
    pad_mode (str): "valid" (no padding) or "same" (as much as makes the output ``ceil(input / strides)`` long).
    data_format (str): "NCHW".
    x (Tensor): shape (N, C, H, W); floats.

Returns:
    Tensor of shape (N, C, H', W') and the type of ``x``.

>>> import minispore as ms
>>> print(MaxPool(kernel_size=2, strides=2)(ms.ops.arange(16.0).reshape(1, 1, 4, 4)))
[[[[ 5.  7.]
   [13. 15.]]]]
""",
    "AvgPool": """The average of each window of images.

Args:
    kernel_size (int | tuple[int]): the window: height and width.
    strides (int | tuple[int]): how far apart windows begin.
    pad_mode (str): "valid" (no padding) or "same" (as much as makes the output ``ceil(input / strides)`` long).
    data_format (str): "NCHW".
    x (Tensor): shape (N, C, H, W); floats.

Returns:
    Tensor of shape (N, C, H', W') and the type of ``x``.

>>> import minispore as ms
>>> print(AvgPool(kernel_size=2, strides=2)(ms.ops.arange(16.0).reshape(1, 1, 4, 4)))
[[[[ 2.5  4.5]
   [10.5 12.5]]]]
""",
    "MaxPoolWithArgmax": """The maximum of each window of images and its position.

Args:
    kernel_size (int | tuple[int]): the window: height and width.
    strides (int | tuple[int]): how far apart windows begin.
    pad_mode (str): "valid" (no padding) or "same" (as much as makes the output ``ceil(input / strides)`` long).
    data_format (str): "NCHW".
    x (Tensor): shape (N, C, H, W); floats.

Returns:
    tuple of the maxima, shape (N, C, H', W') and the type of ``x``, and their positions in the flattened image, int32.

>>> import minispore as ms
>>> print(*MaxPoolWithArgmax(kernel_size=2, strides=2)(ms.ops.arange(16.0).reshape(1, 1, 4, 4)))
[[[[ 5.  7.]
   [13. 15.]]]] [[[[ 5  7]
   [13 15]]]]
""",
    "BatchNorm": """Each channel normalised by the batch in training, by the given statistics otherwise; then scaled and shifted.

``(x - mean) / sqrt(variance + epsilon) * scale + bias`` (Ioffe and Szegedy, "Batch Normalization", 2015).

Args:
    is_training (bool): whether the statistics are those of the batch, which then move ``mean`` and ``variance``.
    epsilon (float): keeps the divisor away from 0.
    momentum (float): how much of the running statistics the batch replaces.
    data_format (str): "NCHW" or "NHWC": which axis holds the channels.
    x (Tensor): shape (N, C, ...); floats.
    scale (Tensor): shape (C,); floats.
    bias (Tensor): shape (C,); floats.
    mean (Parameter | Tensor): shape (C,); floats.
    variance (Parameter | Tensor): shape (C,); floats.

Returns:
    tuple of the result, in shape and type of ``x``, mean and variance, and these two again.

>>> import minispore as ms
>>> one, zero = ms.Tensor([1.0]), ms.Tensor([0.0])
>>> print(BatchNorm(epsilon=0.0)(ms.Tensor([[[[1.0, 3.0]]]]), one, zero, ms.Tensor([2.0]), one)[0])
[[[[-1.  1.]]]]
""",
    "CTCLoss": """Connectionist temporal classification: the loss of label sequences that are not aligned with the time steps.

Graves et al., "Connectionist Temporal Classification" (2006).

Args:
    preprocess_collapse_repeated (bool): False is supported only.
    ctc_merge_repeated (bool): True is supported only.
    ignore_longer_outputs_than_inputs (bool): False is supported only.
    x (Tensor): shape (T, N, C); floats; the logits; the last class is the blank.
    indices (Tensor): shape (n, 2); int64; (sequence, place) of each label.
    values (Tensor): shape (n,); int32; the labels.
    lengths (Tensor): shape (N,); int32; the number of time steps of each sequence.

Returns:
    tuple of the losses, shape (N,), and their gradient by ``x``, in the type of ``x``.

Raises:
    NotImplementedError: an argument is not the default.

>>> import minispore as ms
>>> x, at, label = ms.Tensor([[[0.0, 0.0]]]), ms.Tensor([[0, 0]]), ms.Tensor([0], ms.int32)
>>> print(CTCLoss()(x, at, label, ms.Tensor([1], ms.int32))[0])
[0.6931472]
""",
    "Conv2D": """The convolution of images (cross-correlation, as everywhere in deep learning).

Args:
    out_channel (int): no effect: the weight has them.
    kernel_size (int | tuple[int]): no effect: the weight has it.
    mode (int): 1.
    pad_mode (str): "valid" (no padding), "same" (the output is ``ceil(input / stride)`` long) or "pad".
    pad (int | tuple[int]): how many zeros surround each side, with "pad".
    stride (int | tuple[int]): how far apart windows begin.
    dilation (int | tuple[int]): how far apart the elements of a window are.
    group (int): how many groups of channels are convolved apart.
    data_format (str): "NCHW".
    x (Tensor): shape (N, C, H, W); floats.
    weight (Tensor): shape (O, C / group, KH, KW); the type of ``x``.

Returns:
    Tensor of shape (N, O, H', W') and the type of ``x``.

>>> import minispore as ms
>>> print(Conv2D(1, 2)(ms.ops.arange(9.0).reshape(1, 1, 3, 3), ms.ops.ones((1, 1, 2, 2))))
[[[[ 8. 12.]
   [20. 24.]]]]
""",
    "Conv2DTranspose": """The transpose of a convolution of images: the gradient of ``Conv2D`` by its input.

Args:
    out_channel (int): no effect: the weight has them.
    kernel_size (int | tuple[int]): no effect: the weight has it.
    pad_mode (str): "valid", "same" or "pad", as for the convolution.
    pad (int | tuple[int]): how many zeros surround each side, with "pad".
    pad_list (tuple[int]): no effect.
    mode (int): 1.
    stride (int | tuple[int]): how far apart windows begin.
    dilation (int | tuple[int]): how far apart the elements of a window are.
    group (int): how many groups of channels are convolved apart.
    data_format (str): "NCHW".
    g (Tensor): shape (N, O, H', W'); floats; the gradient of the convolution's output.
    weight (Tensor): shape (O, C / group, KH, KW); the type of ``g``.
    input_size (tuple[int] | Tensor): the shape of the convolution's input, (N, C, H, W).

Returns:
    Tensor of the shape ``input_size`` and the type of ``g``.

>>> import minispore as ms
>>> print(Conv2DTranspose(1, 2)(ms.ops.ones((1, 1, 2, 2)), ms.ops.ones((1, 1, 2, 2)), (1, 1, 3, 3)))
[[[[1. 2. 1.]
   [2. 4. 2.]
   [1. 2. 1.]]]]
""",
    "Conv2DBackpropInput": """The gradient of ``Conv2D`` by its input; another name of ``Conv2DTranspose``.

Args:
    out_channel (int): no effect: the weight has them.
    kernel_size (int | tuple[int]): no effect: the weight has it.
    pad_mode (str): "valid", "same" or "pad", as for the convolution.
    pad (int | tuple[int]): how many zeros surround each side, with "pad".
    pad_list (tuple[int]): no effect.
    mode (int): 1.
    stride (int | tuple[int]): how far apart windows begin.
    dilation (int | tuple[int]): how far apart the elements of a window are.
    group (int): how many groups of channels are convolved apart.
    data_format (str): "NCHW".
    g (Tensor): shape (N, O, H', W'); floats; the gradient of the convolution's output.
    weight (Tensor): shape (O, C / group, KH, KW); the type of ``g``.
    input_size (tuple[int] | Tensor): the shape of the convolution's input, (N, C, H, W).

Returns:
    Tensor of the shape ``input_size`` and the type of ``g``.

>>> import minispore as ms
>>> print(Conv2DBackpropInput(1, 2)(ms.ops.ones((1, 1, 2, 2)), ms.ops.ones((1, 1, 2, 2)), (1, 1, 3, 3)))
[[[[1. 2. 1.]
   [2. 4. 2.]
   [1. 2. 1.]]]]
""",
    "L2Normalize": """``x / sqrt(max(sum(x ** 2), epsilon))`` over one axis.

Args:
    axis (int | tuple[int] | list[int]): the axis.
    epsilon (float): the smallest sum of squares.
    x (Tensor): any shape; floats.

Returns:
    Tensor of the shape and type of ``x``.

Raises:
    TypeError: ``axis`` names several axes.

>>> import minispore as ms
>>> print(L2Normalize(axis=1)(ms.Tensor([[3.0, 4.0]])))
[[0.6 0.8]]
""",
    "LayerNorm": """The axes from one on normalised, then scaled and shifted.

``(x - mean) / sqrt(variance + epsilon) * gamma + beta`` (Ba et al., "Layer Normalization", 2016).

Args:
    begin_norm_axis (int): the first axis that mean and variance are over.
    begin_params_axis (int): the first axis of ``gamma`` and ``beta``.
    epsilon (float): keeps the divisor away from 0.
    x (Tensor): at least one axis; floats.
    gamma (Tensor): the shape of ``x`` from ``begin_params_axis`` on.
    beta (Tensor): the shape of ``gamma``.

Returns:
    tuple of the result, in shape and type of ``x``, the means and the variances.

>>> import minispore as ms
>>> print(LayerNorm(epsilon=0.0)(ms.Tensor([[1.0, 3.0]]), ms.ops.ones(2), ms.ops.zeros(2))[0])
[[-1.  1.]]
""",
    "NLLLoss": """The negative log likelihood: ``-weight[label] * logits[label]``.

Args:
    reduction (str): "mean" (the sum divided by the sum of the weights), "sum" or "none".
    ignore_index (int): a label whose elements do not count.
    logits (Tensor): shape (N, C); floats; logarithms of probabilities.
    labels (Tensor): shape (N,); int32; in [0, C).
    weight (Tensor): shape (C,); a factor for each class.

Returns:
    tuple of the loss, of shape (), with "none" (N,), and the sum of the weights.

>>> import minispore as ms
>>> logits, weight = ms.Tensor([[-1.0, -2.0]]), ms.Tensor([1.0, 1.0])
>>> print(*NLLLoss()(logits, ms.Tensor([1], ms.int32), weight))
2.0 1.0
""",
    "SigmoidCrossEntropyWithLogits": """``-(y * log(p) + (1 - y) * log(1 - p))`` of each element, with ``p = sigmoid(x)``, safe from overflow.

Args:
    x (Tensor): any shape; floats; the logits.
    y (Tensor): the shape of ``x``; floats in [0, 1].

Returns:
    Tensor of the shape and type of ``x``.

>>> import minispore as ms
>>> print(SigmoidCrossEntropyWithLogits()(ms.Tensor([0.0, 100.0]), ms.Tensor([1.0, 1.0])))
[0.6931472 0.       ]
""",
    "SoftmaxCrossEntropyWithLogits": """The cross entropy of ``softmax(logits)`` and probabilities for each row, and its gradient.

Args:
    logits (Tensor): shape (N, C); floats.
    labels (Tensor): shape (N, C); the type of ``logits``; probabilities.

Returns:
    tuple of the losses, shape (N,), and their gradient ``softmax(logits) - labels``, shape (N, C).

>>> import minispore as ms
>>> print(*SoftmaxCrossEntropyWithLogits()(ms.Tensor([[0.0, 0.0]]), ms.Tensor([[0.0, 1.0]])))
[0.6931472] [[ 0.5 -0.5]]
""",
    "SparseSoftmaxCrossEntropyWithLogits": """The mean cross entropy of ``softmax(logits)`` and class indices, or its gradient.

Args:
    is_grad (bool): whether the gradient by ``logits`` is given in place of the loss.
    logits (Tensor): shape (N, C); floats.
    labels (Tensor): shape (N,); int32 or int64; in [0, C).

Returns:
    Tensor of shape (), with ``is_grad`` (N, C); the type of ``logits``.

>>> import minispore as ms
>>> print(SparseSoftmaxCrossEntropyWithLogits()(ms.Tensor([[0.0, 0.0]]), ms.Tensor([1])))
0.6931472
""",
    "BiasAdd": """Each channel with its bias.

Args:
    data_format (str): "NCHW", "NHWC" or "NCDHW": which axis holds the channels.
    x (Tensor): shape (N, C, ...); numbers.
    bias (Tensor): shape (C,); the type of ``x``.

Returns:
    Tensor of the shape and type of ``x``.

>>> import minispore as ms
>>> print(BiasAdd()(ms.Tensor([[1.0, 2.0]]), ms.Tensor([10.0, 20.0])))
[[11. 22.]]
""",
    "GeLU": """``x * Phi(x)``, Phi the normal distribution function, in the approximation with tanh.

Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).

Args:
    x (Tensor): any shape; floats.

Returns:
    Tensor of the shape and type of ``x``.

>>> import minispore as ms
>>> print(GeLU()(ms.Tensor([-1.0, 0.0, 1.0])))
[-0.158808  0.        0.841192]
""",
    "Gelu": """``x * Phi(x)``, Phi the normal distribution function, in the approximation with tanh.

Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).

Args:
    x (Tensor): any shape; floats.

Returns:
    Tensor of the shape and type of ``x``.

>>> import minispore as ms
>>> print(Gelu()(ms.Tensor([-1.0, 0.0, 1.0])))
[-0.158808  0.        0.841192]
""",
    "TripletMarginLoss": """>>> import minispore as ms
>>> a, p, n = ms.Tensor([[0.0]]), ms.Tensor([[1.0]]), ms.Tensor([[1.5]])
>>> print(TripletMarginLoss()(a, p, n, ms.Tensor(1.0)))
0.49999994
""",
    "Softmax": """Returns:
    Tensor of the shape and type of ``x``.
""",
    "LogSoftmax": """Returns:
    Tensor of the shape and type of ``x``.
""",
    "AdaptiveMaxPool2D": """Returns:
    tuple of the maxima, of shape (N, C, H', W') or (C, H', W') with the lengths ``output_size`` and the type of ``x``, and their
    positions in the plane, int64.

>>> import minispore as ms
>>> maxima, positions = AdaptiveMaxPool2D((1, 2))(ms.Tensor([[[1.0, 2.0, 3.0, 4.0]]]))
>>> print(maxima, positions)
[[[2. 4.]]] [[[1 3]]]
""",
}
