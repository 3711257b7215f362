"""Written docstrings of primitive classes: effects, summaries."""

DOCSTRINGS = {
    "ControlDepend": """Accepted: an order of two operations; they run in the order of the program always.

Args:
    depend_mode (int): no effect.
    src (Any): what comes first.
    dst (Any): what comes then.

Returns:
    Any, ``dst``.

>>> import minispore as ms
>>> print(ControlDepend()(ms.Tensor(1.0), ms.Tensor(2.0)))
2.0
""",
    "Eps": """The smallest number that added to 1 changes it, everywhere.

Args:
    x (Tensor): any shape; floats.

Returns:
    Tensor of the shape and type of ``x``.

>>> import minispore as ms
>>> print(Eps()(ms.Tensor([1.0, 2.0])))
[1.1920929e-07 1.1920929e-07]
""",
    "FloatStatus": """Whether a Tensor holds NaN or an infinite number.

Args:
    x (Tensor): any shape; floats.

Returns:
    Tensor of shape (1,); float32; 1 if it does, else 0.

>>> import minispore as ms
>>> print(FloatStatus()(ms.Tensor([1.0, float("inf")])))
[1.]
""",
    "ScalarSummary": """Records a number for the summary that is being collected; nothing if there is none or the step is compiled.

Args:
    name (str): what it is called.
    value (Tensor): one number.

>>> import minispore as ms
>>> ScalarSummary()("loss", ms.Tensor(0.5))
""",
    "TensorSummary": """Records a Tensor for the summary that is being collected; nothing if there is none or the step is compiled.

Args:
    name (str): what it is called.
    value (Tensor): any shape; numbers.

>>> import minispore as ms
>>> TensorSummary()("weights", ms.Tensor([0.5, 1.0]))
""",
    "ImageSummary": """Records images for the summary that is being collected; nothing if there is none or the step is compiled.

Args:
    name (str): what they are called.
    value (Tensor): shape (N, C, H, W); numbers.

>>> import minispore as ms
>>> ImageSummary()("images", ms.ops.ones((1, 3, 2, 2)))
""",
    "HistogramSummary": """Records the distribution of a Tensor for the summary that is being collected; nothing if there is none or the step is
compiled.

Args:
    name (str): what it is called.
    value (Tensor): any shape; numbers.

>>> import minispore as ms
>>> HistogramSummary()("weights", ms.Tensor([0.5, 1.0]))
""",
    "HookBackward": """Its inputs; their gradients pass through a function.

Args:
    hook_fn (Callable): called with the tuple of gradients; what it returns, unless that is None, takes their place.
    cell_id (str): no effect.
    xs (Tensor): one or more Tensors.

Returns:
    Tensor, or a tuple of them.

>>> import minispore as ms
>>> double = HookBackward(lambda gradients: (gradients[0] * 2,))
>>> print(ms.grad(lambda x: double(x) * 3)(ms.Tensor(1.0)))
6.0
""",
    "InsertGradientOf": """Its input; the gradient passes through a function.

Args:
    f (Callable): called with the gradient; what it returns, unless that is None, takes its place.
    x (Tensor): any shape; floats.

Returns:
    Tensor, ``x``.

>>> import minispore as ms
>>> clip = InsertGradientOf(lambda gradient: ms.ops.clamp(gradient, -1, 1))
>>> print(ms.grad(lambda x: clip(x) * 3)(ms.Tensor(1.0)))
1.0
""",
    "NPUAllocFloatStatus": """The float status of an NPU, which a CPU has not: use FloatStatus or ``ops.isfinite``.

Raises:
    RuntimeError: it is called.

>>> import minispore as ms
>>> NPUAllocFloatStatus()()
Traceback (most recent call last):
    ...
RuntimeError: For 'NPUAllocFloatStatus', an NPU is needed...
""",
    "NPUGetFloatStatus": """The float status of an NPU, which a CPU has not: use FloatStatus or ``ops.isfinite``.

Raises:
    RuntimeError: it is called.

>>> import minispore as ms
>>> NPUGetFloatStatus()()
Traceback (most recent call last):
    ...
RuntimeError: For 'NPUGetFloatStatus', an NPU is needed...
""",
    "NPUClearFloatStatus": """The float status of an NPU, which a CPU has not: use FloatStatus or ``ops.isfinite``.

Raises:
    RuntimeError: it is called.

>>> import minispore as ms
>>> NPUClearFloatStatus()()
Traceback (most recent call last):
    ...
RuntimeError: For 'NPUClearFloatStatus', an NPU is needed...
""",
    "Partial": """A function with some of its arguments.

Args:
    func (Callable): the function.
    args (Any): its first arguments.
    kwargs (Any): arguments by their names.

Returns:
    Callable: it takes the other arguments.

>>> import minispore as ms
>>> Partial()(max, 3)(2)
3
""",
    "Print": """Prints its inputs, one in a line, also from a compiled step; each with its shape and type if it is a Tensor.

Args:
    args (Tensor | str | Any): what is printed.

>>> import minispore as ms
>>> Print()("loss", ms.Tensor([1.0]))
loss
Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00])
""",
}
